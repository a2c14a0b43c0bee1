/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rebase before it is done: who has what, record by record and the TTL, and what comes of it. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

#define CELLS 4
#define CELL 9        /* columns of one side, at least */
#define CELL_NARROW 7 /* where there is little room */

static const char *const heads[CELLS] = { N_("base"), N_("theirs"), N_("mine"), N_("result") };

/* "10", "10 +1" for a host with one more record, "-" where it does not stand. */
static void cell_text(struct str *out, const struct merge_cell *cell)
{
	if (!cell->n)
		str_add(out, "-");
	else if (cell->n == 1)
		str_addf(out, "%u", cell->preference);
	else
		str_addf(out, "%u +%zu", cell->preference, cell->n - 1);
}

static bool takes_theirs(enum merge_how how, enum merge_side side)
{
	return how == MERGE_THEIRS || (how == MERGE_CLASH && side == SIDE_THEIRS);
}

static const char *verdict(enum merge_how how, enum merge_side side)
{
	switch (how) {
	case MERGE_MINE:
		return _("mine");
	case MERGE_THEIRS:
		return _("theirs");
	case MERGE_BOTH:
		return _("both");
	case MERGE_CLASH:
		return side == SIDE_OPEN ? _("✖ choose") : side == SIDE_MINE ? _("● mine") : _("● theirs");
	default:
		return "";
	}
}

static enum role verdict_role(enum merge_how how, enum merge_side side)
{
	if (how == MERGE_CLASH)
		return side == SIDE_OPEN ? ROLE_ERROR : ROLE_WARNING;
	return how == MERGE_MINE ? ROLE_CHANGED : how == MERGE_THEIRS ? ROLE_NOTICE : ROLE_TEXT;
}

struct table_row {
	struct str name, cell[CELLS]; /* base, theirs, mine, result */
	enum merge_how how;
	enum merge_side side;
};

/* Nobody has chosen yet: the result is not known. */
static bool is_open(const struct table_row *row)
{
	return row->how == MERGE_CLASH && row->side == SIDE_OPEN;
}

static void row_init(struct table_row *row)
{
	str_init(&row->name, 0);
	for (size_t i = 0; i < CELLS; i++)
		str_init(&row->cell[i], 0);
}

static void row_release(struct table_row *row)
{
	str_release(&row->name);
	for (size_t i = 0; i < CELLS; i++)
		str_release(&row->cell[i]);
}

static void host_row(struct table_row *row, const struct merge_row *merged, bool ascii)
{
	translate_mx(&row->name, &merged->mx, ascii);
	cell_text(&row->cell[0], &merged->base);
	cell_text(&row->cell[1], &merged->theirs);
	cell_text(&row->cell[2], &merged->mine);
	row->how = merged->how;
	row->side = merged->side;
	if (is_open(row))
		str_add(&row->cell[3], "?");
	else
		cell_text(&row->cell[3], takes_theirs(merged->how, merged->side) ? &merged->theirs : &merged->mine);
}

static void ttl_cell(struct str *out, const struct mxset *set)
{
	if (set->n)
		translate_ttl(out, set->ttl_s);
	else
		str_add(out, "-");
}

static void ttl_row(struct table_row *row, const struct draft *draft, const struct session_rebase *rebase)
{
	str_add(&row->name, _("TTL"));
	ttl_cell(&row->cell[0], &draft->base);
	ttl_cell(&row->cell[1], &rebase->theirs);
	ttl_cell(&row->cell[2], &draft->want);
	row->how = rebase->merge.ttl;
	row->side = rebase->merge.ttl_side;
	if (is_open(row))
		str_add(&row->cell[3], "?");
	else
		ttl_cell(&row->cell[3], &rebase->result);
}

static bool is_wide(const struct canvas *canvas)
{
	return canvas->width >= 60;
}

/* Where there is little room, the base is left out: names and what is chosen between must be told apart. */
static int first_cell(const struct canvas *canvas)
{
	return is_wide(canvas) ? 0 : 1;
}

/* A head is read whole in every language. */
static int step_of(const struct canvas *canvas, int i)
{
	int head = (int)text_width(_(heads[i])) + 1, least = is_wide(canvas) ? CELL : CELL_NARROW;

	return head > least ? head : least;
}

static int cells_at(const struct canvas *canvas)
{
	int at = canvas->width - (is_wide(canvas) ? 10 : 0);

	for (int i = first_cell(canvas); i < CELLS; i++)
		at -= step_of(canvas, i);
	return at;
}

static void draw_cells(struct canvas *canvas, int y, const struct table_row *row, enum role role)
{
	int at = cells_at(canvas);
	enum role last = role == ROLE_HEADING ? role : verdict_role(row->how, row->side);
	struct pen pen = pen_at(canvas, at, y);

	for (int i = first_cell(canvas); i < CELLS; i++) {
		struct pen cell = pen_until(canvas, at, y, at + step_of(canvas, i) - 1);

		pen_put(&cell, i == CELLS - 1 ? last : role, row->cell[i].s);
		at += step_of(canvas, i);
	}
	pen_to(&pen, at);
	if (is_wide(canvas))
		pen_put(&pen, last, verdict(row->how, row->side));
}

static void draw_row(struct canvas *canvas, int y, const struct table_row *row, bool selected)
{
	struct pen pen = pen_until(canvas, 0, y, cells_at(canvas) - 1);
	bool open = is_open(row);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&pen, open ? ROLE_ERROR : ROLE_TEXT, open ? "✖ " : "  ");
	pen_put(&pen, selected ? ROLE_SELECTED : ROLE_TEXT, row->name.s);
	draw_cells(canvas, y, row, ROLE_TEXT);
}

static void draw_heads(struct canvas *canvas, int y)
{
	struct table_row row = { .how = MERGE_SAME };

	row_init(&row);
	for (size_t i = 0; i < CELLS; i++)
		str_add(&row.cell[i], _(heads[i]));
	draw_cells(canvas, y, &row, ROLE_HEADING);
	row_release(&row);
}

static void add_sentences(struct lines *lines, const struct scene *scene, const struct session_rebase *rebase)
{
	size_t open = merge_undecided(&rebase->merge);
	struct str text;

	str_init(&text, 0);
	if (!rebase->possible) {
		translate_err(&text, &rebase->err);
		lines_add(lines, ROLE_ERROR, 0, text.s);
	} else if (open) {
		scene_way(scene, ACTION_SIDE, &text);
		lines_addf(lines, ROLE_ERROR, 0,
			ngettext("Both sides changed %zu row, and not alike: %s takes a side.",
				"Both sides changed %zu rows, and not alike: %s takes a side.", open),
			open, text.s);
	} else {
		scene_way(scene, ACTION_REBASE, &text);
		lines_addf(lines, ROLE_NOTICE, 0, _("%s does it: what others changed stays, your edits come on top."), text.s);
	}
	str_release(&text);
}

static int draw_sentences(struct canvas *canvas, const struct scene *scene, const struct session_rebase *rebase, struct area area)
{
	struct lines lines = { .width = canvas->width - 2 };
	int scroll = 0, n;

	add_sentences(&lines, scene, rebase);
	lines_draw(&lines, canvas, area.top, area.bottom, &scroll);
	n = (int)lines.n;
	lines_release(&lines);
	return n < area.bottom - area.top ? n : area.bottom - area.top;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("REBASE"));
	const struct session_rebase *rebase = session_rebase_look(scene->session);
	size_t n = rebase->possible ? rebase->merge.n + 1 : 0;

	area.top += draw_sentences(canvas, scene, rebase, area);
	if (!n || area.bottom - area.top < 2)
		return;
	draw_heads(canvas, area.top++);
	list_fit(&screen->list, (int)n, area.bottom - area.top);
	for (int i = screen->list.top; i < (int)n && area.top < area.bottom; i++, area.top++) {
		struct table_row row = { .how = MERGE_SAME };
		bool selected = i == screen->list.selected;

		row_init(&row);
		if ((size_t)i < rebase->merge.n)
			host_row(&row, &rebase->merge.row[i], scene->ascii);
		else
			ttl_row(&row, session_draft(scene->session), rebase);
		draw_row(canvas, area.top, &row, selected);
		if (selected)
			canvas_cursor(canvas, 3, area.top, false);
		canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, i });
		row_release(&row);
	}
}

static bool is_clash(const struct session_rebase *rebase, size_t row)
{
	return (row < rebase->merge.n ? rebase->merge.row[row].how : rebase->merge.ttl) == MERGE_CLASH;
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

const struct screen_class screen_rebase = { "rebase", IN_REBASE, draw, act, NULL, NULL };
