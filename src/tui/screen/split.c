/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/split.h"

#include "tui/screen/lines.h"
#include "base/banned.h"

static int max(int a, int b)
{
	return a > b ? a : b;
}

/* The selected item is seen, with all of its rows where they fit. */
static int scroll_to(const struct list *list, const struct lay *lay, int scroll, int height)
{
	int from = lay_find(lay, list->selected), next = lay_find(lay, list->selected + 1), to = next < 0 ? lay->height : next;

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
	for (int item = 0; item < list->n; item++) {
		int y = lay_find(lay, item) - list->top;

		if (y < 0 || y >= area.bottom - area.top)
			continue;
		canvas_hit(canvas, &(struct hit){ 0, area.top + y, canvas->width, ACTION_NONE, item });
		if (item == list->selected) {
			struct pen pen = pen_at(canvas, 0, area.top + y);

			pen_put(&pen, ROLE_KEY, "▸");
			canvas_cursor(canvas, 1, area.top + y, false);
		}
	}
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
	struct list *list = &screen->list;
	int scroll = list->top, half = (area.bottom - area.top) / 2, none = 0;
	struct area upper = area;
	struct lay lay = { 0 };

	if (alone(screen, &split->below, canvas, area))
		return;
	lay_document(&lay, &split->rows, canvas->width - 2);
	upper.bottom = area.top + (lay.height < half ? lay.height : half);
	list_fit(list, split->n, max(upper.bottom - upper.top, 1));
	list->top = scroll_to(list, &lay, scroll, upper.bottom - upper.top);
	paste(canvas, &lay, upper, list->top, list->selected);
	add_hits(canvas, &lay, upper, list);
	lay_release(&lay);
	area.top = upper.bottom;
	if (split->n && !frame_is_small(canvas))
		frame_rule(canvas, area.top++);
	lay_page(&split->below, canvas, area.top, area.bottom, &none);
}
