/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The game-day matrix: every failure alone or in pairs, worst first, and in words what stops the mail. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "show/matrix.h"
#include "show/speech.h"
#include "tui/fuzzy.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define BAR 14
#define WIDE 90   /* columns from which the bar is shown */
#define MIDDLE 60 /* ... from which every share is shown, and the state in a word */

struct fall { /* where the columns of a row stand; -1: left out */
	int what, bar, now, late, unknown, lost, end;
};

/* Which columns there are; one for what is not known only where there is any. */
static struct fall columns(int width, const struct document *titles, bool unknown)
{
	static const char *const states[] = { N_("delivered"), N_("late"), N_("lost"), N_("bounced"), N_("unknown") };
	struct fall at = { .what = 4, .bar = -1, .now = -1, .late = -1, .unknown = -1, .lost = width - 10, .end = width - 1 };

	if (width < MIDDLE)
		return at;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		int word = (int)text_width(_(states[i])) + 5;

		at.what = word > at.what ? word : at.what;
	}
	if (unknown)
		at.unknown = at.lost - (int)text_width(titles->cell[MATRIX_UNKNOWN].text.s) - 2;
	at.late = (at.unknown >= 0 ? at.unknown : at.lost) - 7;
	at.now = at.late - 8;
	if (width >= WIDE)
		at.bar = at.now - BAR - 1;
	return at;
}

static unsigned depth_of(const struct screen *screen)
{
	return screen->depth == 1 ? 1 : 2;
}

static void add_row(const struct scene *scene, const struct matrix_row *row, struct document *document)
{
	matrix_row_document(session_matrix(scene->session), row, scene->ascii, document);
}

static bool shown(const struct screen *screen, const struct scene *scene, const struct matrix_row *row)
{
	struct str what;
	bool holds;

	if (!matrix_row_shown(row) || !*screen->filter)
		return matrix_row_shown(row);
	str_init(&what, 0);
	matrix_what(session_matrix(scene->session), row, scene->ascii, &what);
	holds = fuzzy_holds(what.s, screen->filter);
	str_release(&what);
	return holds;
}

static const struct matrix_row *row_at(const struct screen *screen, const struct scene *scene, int at, int *count)
{
	const struct matrix *matrix = session_matrix(scene->session);
	const struct matrix_row *found = NULL;
	int n = 0;

	for (size_t i = 0; i < matrix->n_row; i++)
		if (shown(screen, scene, matrix_at(matrix, i)) && n++ == at)
			found = matrix_at(matrix, i);
	*count = n;
	return found;
}

/* ---- one failure ---- */

static void put_bar(struct canvas *canvas, int x, int y, const struct matrix_row *row)
{
	struct pen pen = pen_until(canvas, x, y, x + BAR);
	int now = (int)(row->now * BAR + 0.5), late = (int)((row->now + row->late) * BAR + 0.5) - now;

	pen_fill(&pen, ROLE_BAR, "█", now);
	pen_fill(&pen, ROLE_WARNING, "▒", late);
	pen_fill(&pen, ROLE_DIM, "·", BAR);
}

/* What fails, and the shares, of the titles or of a row. */
static void draw_cells(struct canvas *canvas, const struct fall *at, const struct document_cell *cells, int y)
{
	const struct {
		int from, to;
		enum matrix_cell cell;
	} numbers[] = {
		{ at->now, at->late, MATRIX_NOW },
		{ at->late, at->unknown >= 0 ? at->unknown : at->lost, MATRIX_LATE },
		{ at->unknown, at->lost, MATRIX_UNKNOWN },
		{ at->lost, at->end, MATRIX_LOST },
	};
	struct pen what = pen_until(canvas, at->what, y, at->bar >= 0 ? at->bar - 1 : at->now >= 0 ? at->now - 1 : at->lost);

	pen_put(&what, cells[MATRIX_WHAT].role, cells[MATRIX_WHAT].text.s);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct pen pen = pen_until(canvas, numbers[i].from, y, numbers[i].to);

		if (numbers[i].from >= 0)
			pen_right(&pen, cells[numbers[i].cell].role, cells[numbers[i].cell].text.s);
	}
}

static void draw_row(struct canvas *canvas, const struct fall *at, const struct document_cell *cells, int y, bool selected)
{
	struct pen pen = pen_until(canvas, 0, y, at->what - 1);

	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&pen, cells[MATRIX_STATE].role, cells[MATRIX_STATE].symbol);
	if (at->now >= 0)
		pen_putf(&pen, cells[MATRIX_STATE].role, " %s", cells[MATRIX_STATE].text.s);
	draw_cells(canvas, at, cells, y);
}

/* ---- the list ---- */

static void draw_rows(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	const struct matrix *matrix = session_matrix(scene->session);
	int n, rows = area.bottom - area.top - 1, row = 0;
	const struct matrix_row **seen;
	struct document table;
	struct fall at;

	document_begin(&table);
	matrix_titles(&table);
	row_at(screen, scene, -1, &n);
	list_fit(&screen->list, n, rows);
	seen = mem_alloc((size_t)(rows > 0 ? rows : 1) * sizeof(*seen));
	for (size_t i = 0; i < matrix->n_row && row < screen->list.top + rows; i++)
		if (shown(screen, scene, matrix_at(matrix, i)) && row++ >= screen->list.top) {
			seen[table.n - 1] = matrix_at(matrix, i);
			add_row(scene, matrix_at(matrix, i), &table);
		}
	at = columns(canvas->width, &table, table.n > 1 && table.cell[MATRIX_CELLS + MATRIX_UNKNOWN].text.len);
	draw_cells(canvas, &at, table.cell, area.top++);
	for (size_t i = 1; i < table.n; i++, area.top++) {
		struct document_cell *cells = &table.cell[table.part[i].first];

		row = screen->list.top + (int)i - 1;
		draw_row(canvas, &at, cells, area.top, row == screen->list.selected);
		if (at.bar >= 0)
			put_bar(canvas, at.bar, area.top, seen[i - 1]);
		if (row == screen->list.selected)
			frame_select(canvas, 0, area.top);
		canvas_hit(canvas, &(struct hit){ 0, area.top, canvas->width, ACTION_NONE, row });
	}
	document_release(&table);
	free(seen);
}

static void add_rest(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct matrix *matrix = session_matrix(scene->session);
	size_t n = 0, found = 0;

	for (size_t i = 0; i < matrix->n_row; i++) {
		n += matrix_row_shown(matrix_at(matrix, i));
		found += shown(screen, scene, matrix_at(matrix, i));
	}
	if (n && !found)
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No failure holds that word."));
	matrix_rest(matrix, n, session_matrix_running(scene->session), document);
}

static void draw_list(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	struct document rest;

	document_begin(&rest);
	add_rest(screen, scene, &rest);
	draw_rows(screen, scene, canvas, (struct area){ area.top, area.bottom - 1 });
	lay_top(&rest, canvas, area.bottom - 1, area.bottom);
	document_release(&rest);
}

/* ---- what stops the mail, and on a narrow screen the selected row in full ---- */

/* The selected failure as it is spoken: with its shares in a sentence, not in columns. */
static void add_selected(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct matrix_row *row;
	struct document table;
	struct str text;
	int count;

	row = row_at(screen, scene, screen->list.selected, &count);
	if (!row)
		return;
	document_begin(&table);
	matrix_titles(&table);
	add_row(scene, row, &table);
	str_init(&text, 0);
	speech_add(&table, false, &text);
	text.s[text.len - 1] = '\0';
	str_add(document_sentence(document, table.cell[MATRIX_CELLS + MATRIX_STATE].role, table.cell[MATRIX_CELLS + MATRIX_STATE].symbol),
		text.s);
	document_release(&table);
	str_release(&text);
}

static void add_cuts(const struct scene *scene, struct document *document)
{
	const struct cut_words *words;
	size_t n = session_matrix_cutsets(scene->session, &words);

	matrix_cuts(session_matrix(scene->session), words, n, document);
}

static void draw_parts(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	bool small = frame_is_small(canvas);
	int height = area.bottom - area.top, below;
	struct document document;

	document_begin(&document);
	if (canvas->width < MIDDLE)
		add_selected(screen, scene, &document);
	add_cuts(scene, &document);
	below = lay_height(&document, canvas);
	screen->pane = screen->pane && (small || below > height / 2); /* where both fit, both are shown */
	below = screen->pane ? height : below < height / 2 ? below : height / 2;
	if (below < height)
		draw_list(screen, scene, canvas, (struct area){ area.top, area.bottom - below - !small });
	if (below && below < height && !small)
		frame_rule(canvas, area.bottom - below - 1);
	lay_page(&document, canvas, area.bottom - below, area.bottom, &screen->scroll);
	document_release(&document);
}

static const char nothing[] = N_("there is no mail server that could fail");

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct matrix *matrix = session_matrix(scene->session);

	if (!matrix || !matrix->n_failure) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _(nothing));
		return;
	}
	matrix_titles(document);
	for (size_t i = 0; i < matrix->n_row; i++)
		if (shown(screen, scene, matrix_at(matrix, i))) {
			document->item++;
			add_row(scene, matrix_at(matrix, i), document);
		}
	document->item = -1;
	add_rest(screen, scene, document);
	add_cuts(scene, document);
}

static void title_of(const struct screen *screen, const struct scene *scene, struct str *out)
{
	const struct marks *marks = session_marks(scene->session);

	str_addf(out, "%s  %s", _("GAME DAY"), depth_of(screen) > 1 ? _("every pair of failures") : _("every single failure"));
	if (marks->n)
		str_addf(out, ngettext(", beside %zu mark", ", beside %zu marks", marks->n), marks->n);
	str_addf(out, " ▏%s", sender_title(session_sender(scene->session)));
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	static const enum action of_rows[] = { ACTION_OPEN, ACTION_NONE };
	const struct matrix *matrix = session_matrix(scene->session);
	struct scene here = *scene;
	struct area area;
	struct str title;
	int n = 0;

	if (matrix)
		row_at(screen, scene, -1, &n);
	here.unfit = n ? NULL : of_rows;
	str_init(&title, 0);
	title_of(screen, scene, &title);
	area = frame_draw(canvas, &here, screen->class, title.s);
	str_release(&title);
	if (matrix && matrix->n_failure) {
		draw_parts(screen, scene, canvas, area);
	} else {
		struct pen pen = pen_at(canvas, 1, area.top);

		pen_put(&pen, ROLE_TEXT, _(nothing));
	}
}

/* ---- keys ---- */

static void choose_depth(struct screen *screen, unsigned depth, struct reaction *reaction)
{
	screen->depth = depth;
	screen->list = (struct list){ .n = screen->list.n, .page = screen->list.page };
	reaction->kind = REACT_MATRIX;
}

/* The row's failures become marks: the simulate screen then says why. */
static void apply(const struct screen *screen, const struct scene *scene, struct reaction *reaction)
{
	const struct matrix *matrix = session_matrix(scene->session);
	const struct matrix_row *row = NULL;
	int n;

	if (matrix)
		row = row_at(screen, scene, screen->list.selected, &n);
	reaction->kind = row ? REACT_MARKS : REACT_DONE;
	for (size_t i = 0; row && i < row->n; i++)
		reaction->marks[reaction->n_mark++] = matrix->failure[row->failure[i]];
	reaction->name = "simulate";
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (screen->pane ? lines_scroll(&screen->scroll, screen->list.page, action) : list_move(&screen->list, action)) {
		reaction->kind = REACT_DONE;
		return;
	}
	switch (action) {
	case ACTION_SINGLES:
	case ACTION_PAIRS:
		choose_depth(screen, action == ACTION_PAIRS ? 2 : 1, reaction);
		break;
	case ACTION_OPEN:
		apply(screen, scene, reaction);
		break;
	case ACTION_SENDER_NEXT:
	case ACTION_SENDER_PREVIOUS:
		screen_simulate.act(screen, scene, action, reaction);
		break;
	case ACTION_PANE:
		screen->pane = !screen->pane;
		screen->scroll = 0;
		reaction->kind = REACT_DONE;
		break;
	default:
		break;
	}
}

const struct screen_class screen_matrix = { "matrix", IN_MATRIX, draw, act, screen_filter_answer, tell, NULL };
