/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/split.h"

#include "tui/screen/lines.h"
#include "base/banned.h"

static int max(int a, int b)
{
	return a > b ? a : b;
}

static int end_of(const struct lay *lay, int item)
{
	int next = lay_find(lay, item + 1);

	return next < 0 ? lay->height : next;
}

static bool fit_together(const struct list *list, const struct lay *lay, int from, int to, int height)
{
	return from >= list->n || end_of(lay, to < list->n ? to : list->n - 1) - lay_find(lay, max(from, 0)) <= height;
}

/* So many items up or down that none is passed unseen. */
static int page_of(const struct list *list, const struct lay *lay, int height)
{
	int page = 1, at = list->selected;

	while (page < list->n && fit_together(list, lay, at + 1, at + page + 1, height) &&
		fit_together(list, lay, at - page - 1, at - 1, height))
		page++;
	return page;
}

/* The selected item is seen, with all of its rows where they fit; with the first one what stands above it, where that fits too. */
static int scroll_to(const struct list *list, const struct lay *lay, int height)
{
	int to = end_of(lay, list->selected), scroll = list->line;
	int from = list->selected || to > height ? lay_find(lay, list->selected) : 0;

	if (scroll < to - height)
		scroll = to - height;
	return max(from < scroll ? from : scroll, 0);
}

static void paste(struct canvas *canvas, const struct lay *lay, struct area area, int scroll, int selected)
{
	struct canvas inner;

	if (area.bottom <= area.top || canvas->width < 3)
		return;
	canvas_init(&inner, canvas->width - 1, area.bottom - area.top);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	lay_draw(lay, &inner, scroll, selected);
	canvas_paste(canvas, &inner, 1, area.top);
	canvas_release(&inner);
	if (lay->height - scroll > area.bottom - area.top) { /* there is more below */
		struct pen pen = pen_at(canvas, canvas->width - 1, area.bottom - 1);

		pen_put(&pen, ROLE_DIM, "↓");
	}
}

static void add_hits(struct canvas *canvas, const struct lay *lay, struct area area, const struct list *list)
{
	int first = lay_find(lay, list->selected) - list->line;

	for (int y = 0; y < area.bottom - area.top; y++) {
		int item = lay_at(lay, list->line + y);

		if (item >= 0)
			canvas_hit(canvas, &(struct hit){ 0, area.top + y, canvas->width, ACTION_NONE, item });
	}
	if (list->n && first >= 0 && first < area.bottom - area.top) {
		struct pen pen = pen_at(canvas, 0, area.top + first);

		pen_put(&pen, ROLE_KEY, "▸");
		canvas_cursor(canvas, 1, area.top + first, false);
	}
}

void split_items(const struct document *rows, int n, struct canvas *canvas, struct area area, struct list *list)
{
	int height = area.bottom - area.top;
	struct lay lay;

	lay_document(&lay, rows, canvas->width - 2);
	list_fit(list, n, list->page);
	list->page = page_of(list, &lay, height);
	list->line = scroll_to(list, &lay, height);
	paste(canvas, &lay, area, list->line, list->selected);
	add_hits(canvas, &lay, area, list);
	lay_release(&lay);
}

void split_begin(struct split *split)
{
	split->n = 0;
	document_begin(&split->rows);
	document_begin(&split->below);
}

void split_release(struct split *split)
{
	document_release(&split->rows);
	document_release(&split->below);
}

int split_rows(const struct split *split, const struct canvas *canvas)
{
	return lay_height(&split->rows, canvas);
}

bool split_fits(const struct document *below, const struct canvas *canvas, int rows)
{
	struct area area = frame_area(canvas);
	int half = (area.bottom - area.top) / 2;

	return lay_height(below, canvas) <= area.bottom - area.top - (rows < half ? rows : half) - !frame_is_small(canvas);
}

/* Draws what is said of the selected one alone, where it was asked for. */
static bool alone(struct screen *screen, const struct document *below, struct canvas *canvas, struct area area)
{
	if (!screen->pane)
		return false;
	screen->list.page = max(area.bottom - area.top - 2, 1);
	lay_page(below, canvas, area.top, area.bottom, &screen->scroll);
	return true;
}

void split_list(
	struct screen *screen, const struct scene *scene, struct canvas *canvas, const struct document *below, split_row_fn draw_row)
{
	struct area area = frame_area(canvas);
	int half = (area.bottom - area.top) / 2, rows = screen->list.n < half ? screen->list.n : half, none = 0;

	if (alone(screen, below, canvas, area))
		return;
	for (int i = 0; i < rows; i++, area.top++) {
		int row = screen->list.top + i;

		draw_row(screen, scene, canvas, row, area.top);
		if (row == screen->list.selected)
			frame_select(canvas, 1, area.top);
		canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, row });
	}
	if (!frame_is_small(canvas))
		frame_rule(canvas, area.top++);
	lay_page(below, canvas, area.top, area.bottom, &none);
}

bool split_act(struct screen *screen, const struct scene *scene, enum action action)
{
	if ((action == ACTION_PANE && !scene->spoken) || (screen->pane && action == ACTION_BACK)) {
		screen->pane = !screen->pane;
		screen->scroll = 0;
		return true;
	}
	return screen->pane ? lines_scroll(&screen->scroll, screen->list.page, action) : list_move(&screen->list, action);
}

void split_draw(const struct split *split, struct canvas *canvas, struct area area, struct screen *screen)
{
	int half = (area.bottom - area.top) / 2, rows = split_rows(split, canvas), none = 0;
	struct area upper = { area.top, area.top + (rows < half ? rows : half) };

	if (alone(screen, &split->below, canvas, area))
		return;
	split_items(&split->rows, split->n, canvas, upper, &screen->list);
	area.top = upper.bottom;
	if (split->n && !frame_is_small(canvas))
		frame_rule(canvas, area.top++);
	lay_page(&split->below, canvas, area.top, area.bottom, &none);
}
