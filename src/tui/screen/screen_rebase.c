/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rebase before it is done: who has what, record by record and the TTL, and what comes of it. */
#include "base/i18n.h"
#include "base/text.h"
#include "show/rebase.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "base/banned.h"

#define CELL 9        /* columns of one side, at least */
#define CELL_NARROW 7 /* where there is little room */

static bool is_wide(const struct canvas *canvas)
{
	return canvas->width >= 60;
}

/* The first cell to draw. In little room the base is left out, so that names and choices can be told apart. */
static int first_cell(const struct canvas *canvas)
{
	return is_wide(canvas) ? REBASE_BASE : REBASE_THEIRS;
}

/* A title is read whole in every language. */
static int step_of(const struct canvas *canvas, const struct document_cell *title)
{
	int width = (int)text_width(title->text.s) + 1, least = is_wide(canvas) ? CELL : CELL_NARROW;

	return width > least ? width : least;
}

static void put_cell(struct pen *pen, const struct document_cell *cell)
{
	pen_put(pen, cell->role, cell->symbol);
	pen_put(pen, cell->role, *cell->symbol && cell->text.len ? " " : "");
	pen_put(pen, cell->role, cell->text.s);
}

/* Draws a row below its titles, or the titles themselves (row NULL): both sides at the right, the verdict where there is room. Returns
 * the column where they begin. */
static int draw_cells(struct canvas *canvas, int y, const struct document_cell *titles, const struct document_cell *row)
{
	int from = canvas->width - (is_wide(canvas) ? 10 : 0), at;

	for (int i = first_cell(canvas); i <= REBASE_RESULT; i++)
		from -= step_of(canvas, &titles[i]);
	at = from;
	for (int i = first_cell(canvas); i <= REBASE_RESULT; i++) {
		struct pen pen = pen_until(canvas, at, y, at + step_of(canvas, &titles[i]) - 1);

		put_cell(&pen, &row[i]);
		at += step_of(canvas, &titles[i]);
	}
	if (is_wide(canvas)) {
		struct pen pen = pen_at(canvas, at, y);

		put_cell(&pen, &row[REBASE_VERDICT]);
	}
	return from;
}

static void draw_row(struct canvas *canvas, int y, const struct document_cell *titles, const struct document_cell *row, bool selected)
{
	struct pen pen = pen_until(canvas, 0, y, draw_cells(canvas, y, titles, row) - 1);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&pen, ROLE_ERROR, row->symbol);
	pen_to(&pen, 3);
	pen_put(&pen, ROLE_TEXT, row->text.s);
}

static void draw_table(struct screen *screen, const struct document *table, struct canvas *canvas, struct area area)
{
	const struct document_cell *titles = table->cell;

	draw_cells(canvas, area.top++, titles, titles);
	list_fit(&screen->list, (int)table->n - 1, area.bottom - area.top);
	for (int i = screen->list.top; i < screen->list.n && area.top < area.bottom; i++, area.top++) {
		bool selected = i == screen->list.selected;

		draw_row(canvas, area.top, titles, &table->cell[table->part[i + 1].first], selected);
		if (selected)
			frame_select(canvas, 3, area.top);
		canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, i });
	}
}

static void build(const struct scene *scene, struct document *sentence, struct document *table)
{
	struct str side, rebase;
	struct rebase_view view;

	str_init(&side, 0);
	str_init(&rebase, 0);
	scene_way(scene, ACTION_SIDE, &side);
	scene_way(scene, ACTION_REBASE, &rebase);
	view = (struct rebase_view){ scene->session, side.s, rebase.s, scene->ascii };
	rebase_sentence(&view, sentence);
	rebase_table(&view, table);
	str_release(&side);
	str_release(&rebase);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	(void)screen;
	build(scene, document, document);
}

static bool is_clash(const struct session_rebase *rebase, size_t row)
{
	return (row < rebase->merge.n ? rebase->merge.row[row].how : rebase->merge.ttl) == MERGE_CLASH;
}

/* No side to take on this row; no rebase while a side is to be chosen. */
static void find_unfit(const struct screen *screen, const struct scene *scene, enum action unfit[3])
{
	const struct session_rebase *rebase = session_rebase_look(scene->session);
	bool clash = is_clash(rebase, screen->list.selected > 0 ? (size_t)screen->list.selected : 0);

	if (!rebase->possible || !clash)
		*unfit++ = ACTION_SIDE;
	if (!rebase->possible || merge_undecided(&rebase->merge))
		*unfit++ = ACTION_REBASE;
	*unfit = ACTION_NONE;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct document sentence, table;
	struct scene here = *scene;
	enum action unfit[3];
	struct area area;

	find_unfit(screen, scene, unfit);
	here.unfit = unfit;
	area = frame_draw(canvas, &here, screen->class, _("REBASE"));
	document_begin(&sentence);
	document_begin(&table);
	build(scene, &sentence, &table);
	area.top = lay_top(&sentence, canvas, area.top, area.bottom);
	if (table.n && area.bottom - area.top >= 2)
		draw_table(screen, &table, canvas, area);
	document_release(&sentence);
	document_release(&table);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	const struct session_rebase *rebase = session_rebase_look(scene->session);
	size_t row = screen->list.selected > 0 ? (size_t)screen->list.selected : 0;

	if (list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
	} else if (action == ACTION_REBASE) {
		reaction->kind = REACT_REBASE;
	} else if (action == ACTION_SIDE && rebase->possible && is_clash(rebase, row)) {
		reaction->kind = REACT_SIDE;
		reaction->row = row;
	} else if (action == ACTION_SIDE) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("Only one side changed this: there is nothing to choose."));
	}
}

const struct screen_class screen_rebase = { "rebase", IN_REBASE, draw, act, NULL, tell, NULL };
