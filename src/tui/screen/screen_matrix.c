/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The game-day matrix: every failure alone or in pairs, worst first, and in words what stops the mail. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

#define SOME 0.0005 /* a share below this is none */
#define BAR 14
#define WIDE 90   /* columns from which the bar is shown */
#define MIDDLE 60 /* ... from which every share is shown, and the state in a word */

struct fall { /* where the columns of a row stand; -1: left out */
	int what, bar, now, late, unknown, lost, end;
};

static const char *const outcome_names[] = { N_("delivered"), N_("late"), N_("lost"), N_("bounced"), N_("unknown") };

/* What is not known has a column where there is any. */
static struct fall columns(int width, const struct matrix *matrix)
{
	struct fall at = { .what = 4, .bar = -1, .now = -1, .late = -1, .unknown = -1, .lost = width - 10, .end = width - 1 };

	if (width < MIDDLE)
		return at;
	for (size_t i = 0; i < sizeof(outcome_names) / sizeof(*outcome_names); i++) {
		int word = (int)text_width(_(outcome_names[i])) + 5;

		at.what = word > at.what ? word : at.what;
	}
	if (matrix->unknown > SOME)
		at.unknown = at.lost - (int)text_width(_("unknown")) - 2;
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

/* Pairs that do no more than one of the two, and what only repeats another row, are folded away. */
static bool shown(const struct matrix_row *row)
{
	return !row->no_worse && !row->repeats;
}

static const struct matrix_row *row_at(const struct matrix *matrix, int at, int *count)
{
	const struct matrix_row *found = NULL;
	int n = 0;

	for (size_t i = 0; i < matrix->n_row; i++)
		if (shown(matrix_at(matrix, i)) && n++ == at)
			found = matrix_at(matrix, i);
	*count = n;
	return found;
}

/* ---- one failure ---- */

static enum role row_role_of(const struct matrix_row *row)
{
	return row->lost > SOME ? ROLE_ERROR : row->late > SOME || row->unknown > SOME ? ROLE_WARNING : ROLE_OK;
}

static const char *row_symbol(const struct matrix_row *row)
{
	return row->lost > SOME ? "✖" : row->unknown > SOME ? "?" : row->late > SOME ? "▲" : "✔";
}

static const char *row_word(const struct matrix_row *row)
{
	return _(outcome_names[row->bounced > SOME ? 3 : row->lost > SOME ? 2 : row->unknown > SOME ? 4 : row->late > SOME]);
}

static void add_thing(struct str *out, const struct mark *mark, bool ascii)
{
	struct str text;

	if (mark->kind == MARK_HOST) {
		translate_name(out, &mark->name, ascii);
		return;
	}
	str_init(&text, 0);
	if (mark->kind == MARK_ZONE) {
		translate_name(&text, &mark->name, ascii);
		str_addf(out, _("zone %s"), text.s);
	} else {
		mark_text(mark, &text);
		text_escape(out, text.s, text.len);
	}
	str_release(&text);
}

static void add_things(struct str *out, const struct matrix *matrix, const struct matrix_row *row, bool ascii)
{
	for (size_t i = 0; i < row->n; i++) {
		str_add(out, i ? " + " : "");
		add_thing(out, &matrix->failure[row->failure[i]], ascii);
	}
}

/* A little is not nothing, and nearly all is not all. */
static void share_text(struct str *out, double share)
{
	int percent = (int)(share * 100 + 0.5);

	if (share > SOME && percent == 0)
		str_add(out, "<1 %");
	else if (share < 1 - SOME && percent == 100)
		str_add(out, ">99 %");
	else
		str_addf(out, "%d %%", percent);
}

static void put_share(struct pen cell, enum role role, double share)
{
	struct str text;

	str_init(&text, 0);
	share_text(&text, share);
	pen_right(&cell, role, text.s);
	str_release(&text);
}

static void put_bar(struct canvas *canvas, int x, int y, const struct matrix_row *row)
{
	struct pen pen = pen_until(canvas, x, y, x + BAR);
	int now = (int)(row->now * BAR + 0.5), late = (int)((row->now + row->late) * BAR + 0.5) - now;

	pen_fill(&pen, ROLE_BAR, "█", now);
	pen_fill(&pen, ROLE_WARNING, "▒", late);
	pen_fill(&pen, ROLE_DIM, "·", BAR);
}

static void draw_row(struct canvas *canvas, const struct scene *scene, const struct matrix_row *row, int y, bool selected)
{
	struct fall at = columns(canvas->width, session_matrix(scene->session));
	int after = at.unknown >= 0 ? at.unknown : at.lost; /* "late" */
	struct pen pen = pen_until(canvas, 0, y, at.what - 1), what = pen_until(canvas, at.what, y, canvas->width);
	struct str text;

	what.right = at.bar >= 0 ? at.bar - 1 : at.now >= 0 ? at.now - 1 : at.lost;
	pen_put(&pen, selected ? ROLE_KEY : ROLE_TEXT, selected ? "▸" : " ");
	pen_put(&pen, row_role_of(row), row_symbol(row));
	if (at.now >= 0)
		pen_putf(&pen, row_role_of(row), " %s", row_word(row));
	str_init(&text, 0);
	add_things(&text, session_matrix(scene->session), row, scene->ascii);
	pen_put(&what, selected ? ROLE_SELECTED : ROLE_TEXT, text.s);
	str_release(&text);
	if (at.bar >= 0)
		put_bar(canvas, at.bar, y, row);
	if (at.now >= 0) {
		put_share(pen_until(canvas, at.now, y, at.late), ROLE_TEXT, row->now);
		put_share(pen_until(canvas, at.late, y, after), ROLE_TEXT, row->late);
	}
	if (at.unknown >= 0)
		put_share(pen_until(canvas, at.unknown, y, at.lost), row->unknown > SOME ? ROLE_WARNING : ROLE_TEXT, row->unknown);
	put_share(pen_until(canvas, at.lost, y, at.end), row->lost > SOME ? ROLE_ERROR : ROLE_TEXT, row->lost);
}

/* ---- the list ---- */

static void draw_heads(struct canvas *canvas, const struct matrix *matrix, int y)
{
	struct fall at = columns(canvas->width, matrix);
	const struct {
		int from, to;
		const char *word;
	} heads[] = {
		{ at.now, at.late, N_("at once") },
		{ at.late, at.unknown >= 0 ? at.unknown : at.lost, N_("late") },
		{ at.unknown, at.lost, N_("unknown") },
		{ at.lost, at.end, N_("lost") },
	};
	struct pen pen = pen_until(canvas, at.what, y, at.now >= 0 ? at.now : at.lost);

	pen_put(&pen, ROLE_HEADING, _("What fails"));
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct pen cell = pen_until(canvas, heads[i].from, y, heads[i].to);

		if (heads[i].from >= 0)
			pen_right(&cell, ROLE_DIM, _(heads[i].word));
	}
}

/* How far it has come, or what was folded away. */
static void draw_foot(struct canvas *canvas, const struct scene *scene, int y, int shown_rows)
{
	const struct matrix *matrix = session_matrix(scene->session);
	size_t total = matrix_total(matrix), folded = matrix->n_row - (size_t)shown_rows;
	struct pen pen = pen_at(canvas, 1, y);

	if (session_matrix_running(scene->session))
		pen_putf(&pen, ROLE_PENDING, _("… %zu of %zu failures tried"), matrix->n_row, total);
	else if (matrix->n_row < total)
		pen_putf(&pen, ROLE_WARNING, _("▲ stopped: %zu of %zu failures tried"), matrix->n_row, total);
	else if (folded)
		pen_putf(
			&pen, ROLE_DIM, ngettext("%zu more failure adds nothing new", "%zu more failures add nothing new", folded), folded);
}

static void draw_list(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	const struct matrix *matrix = session_matrix(scene->session);
	int n, rows = area.bottom - area.top - 2;

	row_at(matrix, -1, &n);
	draw_heads(canvas, matrix, area.top++);
	list_fit(&screen->list, n, rows);
	for (int i = 0, y = area.top; i < rows && screen->list.top + i < n; i++, y++) {
		int at = screen->list.top + i;
		bool selected = at == screen->list.selected;

		draw_row(canvas, scene, row_at(matrix, at, &n), y, selected);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, ACTION_NONE, at });
		if (selected)
			canvas_cursor(canvas, 0, y, false);
	}
	draw_foot(canvas, scene, area.bottom - 1, n);
}

/* ---- what stops the mail, and on a narrow screen the selected row in full ---- */

static void tell_row(struct lines *lines, const struct scene *scene, const struct matrix_row *row)
{
	struct str text, share[4];
	const double shares[4] = { row->now, row->late, row->lost, row->unknown };

	str_init(&text, 0);
	add_things(&text, session_matrix(scene->session), row, scene->ascii);
	lines_add(lines, ROLE_SELECTED, 0, text.s);
	for (size_t i = 0; i < 4; i++) {
		str_init(&share[i], 0);
		share_text(&share[i], shares[i]);
	}
	if (row->unknown > SOME)
		lines_addf(lines, row_role_of(row), 0, _("%s %s: at once %s, late %s, lost %s, unknown %s"), row_symbol(row), row_word(row),
			share[0].s, share[1].s, share[2].s, share[3].s);
	else
		lines_addf(lines, row_role_of(row), 0, _("%s %s: at once %s, late %s, lost %s"), row_symbol(row), row_word(row), share[0].s,
			share[1].s, share[2].s);
	for (size_t i = 0; i < 4; i++)
		str_release(&share[i]);
	str_release(&text);
}

static const char *cuts_heading(bool marked, bool unknown)
{
	if (unknown)
		return marked ? _("What stops the mail to the servers that are known, beside what is marked")
			      : _("What stops the mail to the servers that are known");
	return marked ? _("What stops the mail, beside what is marked") : _("What stops the mail");
}

static void add_cuts(struct lines *lines, const struct scene *scene)
{
	const struct cut_words *words;
	size_t n = session_matrix_cutsets(scene->session, &words);
	bool unknown = false;

	for (size_t i = 0; i < n; i++)
		unknown |= words[i].unknown > 0;
	if (n)
		lines_add(lines, ROLE_HEADING, 0, cuts_heading(session_marks(scene->session)->n > 0, unknown));
	for (size_t i = 0; i < n; i++) {
		struct str text;

		str_init(&text, 0);
		translate_msg(&text, &words[i].why);
		lines_headed(lines, ROLE_TEXT, 0, "●", text.s);
		str_release(&text);
		if (words[i].unknown > 0)
			lines_msg(lines, ROLE_WARNING, 2, &words[i].rest);
	}
}

static void build_text(struct lines *lines, const struct screen *screen, const struct scene *scene)
{
	const struct matrix *matrix = session_matrix(scene->session);
	const struct matrix_row *row;
	int count;

	row = row_at(matrix, screen->list.selected, &count);
	if (lines->width < MIDDLE && row)
		tell_row(lines, scene, row);
	if (matrix_stopped(matrix))
		lines_add(lines, ROLE_ERROR, 0, _("What is marked stops the mail already."));
	add_cuts(lines, scene);
}

static void draw_parts(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	struct lines lines = { .width = canvas->width - 2 };
	bool small = frame_is_small(canvas);
	int height = area.bottom - area.top, below;

	build_text(&lines, screen, scene);
	below = (int)lines.n < height / 2 ? (int)lines.n : height / 2;
	screen->pane = screen->pane && (small || (int)lines.n > below); /* where both fit, both are shown */
	if (screen->pane)
		below = height;
	if (below < height)
		draw_list(screen, scene, canvas, (struct area){ area.top, area.bottom - below - !small });
	if (below && below < height && !small)
		frame_rule(canvas, area.bottom - below - 1);
	lines_draw(&lines, canvas, area.bottom - below, area.bottom, &screen->scroll);
	lines_release(&lines);
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
	const struct matrix *matrix = session_matrix(scene->session);
	struct area area;
	struct str title;

	str_init(&title, 0);
	title_of(screen, scene, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	if (matrix && matrix->n_failure) {
		draw_parts(screen, scene, canvas, area);
	} else {
		struct pen pen = pen_at(canvas, 1, area.top);

		pen_put(&pen, ROLE_TEXT, _("there is no mail server that could fail"));
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
		row = row_at(matrix, screen->list.selected, &n);
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

const struct screen_class screen_matrix = { "matrix", IN_MATRIX, draw, act, NULL, NULL };
