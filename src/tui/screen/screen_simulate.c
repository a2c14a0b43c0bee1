/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What if: the ladder with hosts marked down, one message's way, and every kind of sender beside each other. */
#include <limits.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/fuzzy.h"
#include "tui/screen/draw_ladder.h"
#include "tui/screen/lay.h"
#include "show/ladder.h"
#include "show/outcome.h"
#include "show/senders.h"
#include "show/sums.h"
#include "show/whatif.h"
#include "base/banned.h"

#define LEAST_TRACE 30 /* columns that the way of one message needs beside the senders */
#define GOOD_TRACE 34  /* ... and that it keeps beside the long bars of their shares */
#define BAR 12         /* cells of such a bar, where there is room */
#define BAR_LEAST 6

#define TITLE_ROOM 26 /* columns that the domain and who told the set take from the title */

/* What is marked, or where that is too much how many: the ladder says the rest. */
static void title_of(const struct scene *scene, int width, struct str *out)
{
	const char *sender = sender_title(session_sender(scene->session));
	const struct marks *marks = session_marks(scene->session);

	str_addf(out, "%s  ", _("WHAT IF"));
	whatif_marks(marks, out);
	if (marks->n && (int)(text_width(out->s) + text_width(sender)) > width - TITLE_ROOM) {
		str_clear(out);
		str_addf(out, "%s  ", _("WHAT IF"));
		str_addf(out, ngettext("%zu mark", "%zu marks", marks->n), marks->n);
	}
	str_addf(out, " ▏%s", sender);
}

/* ---- one message ---- */

static void draw_trace(struct canvas *canvas, const struct sim_result *result, struct area area, int right, bool ascii)
{
	struct document document;
	struct canvas inner;
	int scroll = 0;

	document_begin(&document);
	str_add(document_heading(&document), _("One message"));
	trace_document(result, ascii, &document);
	canvas_init(&inner, right, area.bottom - area.top);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	lay_page(&document, &inner, 0, inner.height, &scroll);
	canvas_paste(canvas, &inner, 0, area.top);
	canvas_release(&inner);
	document_release(&document);
}

/* ---- every sender ---- */

struct shown { /* those whose title holds the filter, which is of senders on this screen alone */
	size_t n;
	const struct sender *sender[MIX_SENDERS + 1]; /* ends with NULL */
};

static void shown_senders(const struct screen *screen, const struct scene *scene, struct shown *shown)
{
	const struct sender *const *list = session_senders(scene->session);
	const char *word = screen->class == &screen_simulate ? screen->filter : "";

	*shown = (struct shown){ 0 };
	for (size_t i = 0; list[i] && shown->n < MIX_SENDERS; i++)
		if (fuzzy_holds(sender_title(list[i]), word))
			shown->sender[shown->n++] = list[i];
}

static void add_senders(const struct screen *screen, const struct scene *scene, struct document *document)
{
	struct shown shown;

	shown_senders(screen, scene, &shown);
	if (shown.n)
		senders_document(scene->session, shown.sender, document);
	else
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No sender holds that word."));
}

static void fill_senders(const struct screen *screen, const struct scene *scene, struct document *document)
{
	document_begin(document);
	add_senders(screen, scene, document);
}

/* A number that is typed is a row of the ladder: the senders have none. */
static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	size_t first;

	ladder_whatif_document(scene->session, scene->ascii, document);
	first = document->n;
	add_senders(screen, scene, document);
	for (size_t i = first; i < document->n; i++)
		document->part[i].item = -1;
	str_add(document_heading(document), _("One message"));
	trace_document(session_result(scene->session, session_sender(scene->session)), scene->ascii, document);
}

/* Cells that the whole table needs. */
static int senders_width(const struct screen *screen, const struct scene *scene)
{
	struct document document;
	struct lay lay;
	int width = 0;

	fill_senders(screen, scene, &document);
	lay_document(&lay, &document, INT_MAX / 2);
	for (size_t i = 0; i < lay.n; i++) {
		int end = lay.spot[i].x + (int)text_width(lay.spot[i].text);

		width = end > width ? end : width;
	}
	lay_release(&lay);
	document_release(&document);
	return width;
}

/* What is delivered, behind each sender's row. */
static void draw_bars(const struct screen *screen, const struct scene *scene, struct pen at, const struct lay *lay, int bottom)
{
	int cells = at.right - at.x < BAR ? at.right - at.x : BAR;
	struct shown shown;

	shown_senders(screen, scene, &shown);
	for (size_t i = 0; i < shown.n; i++) {
		double share = outcome_delivered(&session_result(scene->session, shown.sender[i])->final);
		int y = at.y + lay_find(lay, (int)i), halves = (int)(share * cells * 2 + 0.5);
		struct pen pen = pen_until(at.canvas, at.x, y, at.x + cells);

		if (y >= bottom)
			return;
		pen_fill(&pen, ROLE_BAR, "█", halves / 2);
		pen_fill(&pen, ROLE_BAR, "▌", halves % 2);
		pen_fill(&pen, ROLE_DIM, "·", cells);
	}
}

/* Returns the first row below. */
static int draw_senders(const struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area, int x)
{
	struct canvas inner;
	struct document document;
	struct lay lay;
	int height = area.bottom - area.top;

	fill_senders(screen, scene, &document);
	lay_document(&lay, &document, canvas->width - x - 2);
	height = lay.height < height ? lay.height : height;
	canvas_init(&inner, canvas->width - x - 2, height);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	lay_draw(&lay, &inner, 0, -1);
	canvas_paste(canvas, &inner, x + 2, area.top);
	for (size_t i = 0; i < lay.n; i++) {
		struct pen pen = pen_at(canvas, x, area.top + lay.spot[i].y);

		if (lay.spot[i].role == ROLE_SELECTED && lay.spot[i].y < height)
			pen_put(&pen, ROLE_KEY, "▸");
	}
	x += 4 + senders_width(screen, scene);
	if (canvas->width - x > BAR_LEAST)
		draw_bars(screen, scene, pen_until(canvas, x, area.top, canvas->width - 1), &lay, area.bottom);
	canvas_release(&inner);
	lay_release(&lay);
	document_release(&document);
	return area.top + height;
}

static void draw_panes(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	const struct sim_result *result = session_result(scene->session, session_sender(scene->session));
	int wide = canvas->width - senders_width(screen, scene) - 4, middle = wide - BAR - 2;

	middle = middle < GOOD_TRACE ? wide - BAR_LEAST - 2 : middle;
	middle = middle < LEAST_TRACE ? wide : middle;
	middle = middle < canvas->width / 2 - 4 ? middle : canvas->width / 2 - 4;
	if (area.bottom - area.top < 2)
		return;
	if (middle < LEAST_TRACE) {
		if (!screen->pane)
			area.top = draw_senders(screen, scene, canvas, area, 0);
		if (screen->pane || area.bottom - area.top >= 4)
			draw_trace(canvas, result, area, canvas->width, scene->ascii);
		return;
	}
	draw_trace(canvas, result, area, middle - 1, scene->ascii);
	for (int y = area.top; y < area.bottom; y++) {
		struct pen pen = pen_at(canvas, middle, y);
		pen_put(&pen, ROLE_RULE, "│");
	}
	draw_senders(screen, scene, canvas, area, middle + 1);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct ladder_rows rows = { 0 };
	struct area area;
	struct str title;
	int height, rest;
	bool rule = !frame_is_small(canvas);

	str_init(&title, 0);
	title_of(scene, canvas->width, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	ladder_rows_build(&rows, NULL, session_set(scene->session));
	if (screen->focus.host.len && ladder_rows_find(&rows, &screen->focus) < rows.n)
		screen->list.selected = (int)ladder_rows_find(&rows, &screen->focus);
	rest = area.bottom - area.top - 4;
	height = ladder_height(&rows, rest > ladder_height(&rows, true));
	if (height > rest)
		height = rest > 1 ? rest : 1;
	struct ladder_view view = {
		.rows = &rows,
		.facts = session_facts(scene->session),
		.list = &screen->list,
		.marks = session_marks(scene->session),
		.what_if = true,
		.focus = true,
		.result = rows.n ? session_result(scene->session, session_sender(scene->session)) : NULL,
	};
	ladder_draw(canvas, (struct area){ area.top, area.top + height }, scene, &view);
	area.top += height;
	if (rule)
		frame_rule(canvas, area.top++);
	draw_panes(screen, scene, canvas, area);
	ladder_rows_release(&rows);
}

/* Steps through the senders that are shown; begins at the first or the last where the one in use is not shown. */
static void choose_sender(const struct screen *screen, const struct scene *scene, int step, struct reaction *reaction)
{
	struct shown shown;
	int n, at = step > 0 ? -1 : 0;

	shown_senders(screen, scene, &shown);
	n = (int)shown.n;
	for (int i = 0; i < n; i++)
		if (shown.sender[i] == session_sender(scene->session))
			at = i;
	reaction->kind = n ? REACT_SENDER : REACT_DONE;
	if (n)
		reaction->sender = shown.sender[(at + step + n) % n];
}

static void focus_selected(struct screen *screen, const struct scene *scene)
{
	struct ladder_rows rows = { 0 };

	ladder_rows_build(&rows, NULL, session_set(scene->session));
	if (screen->list.selected < (int)rows.n)
		screen->focus = rows.row[screen->list.selected].mx;
	ladder_rows_release(&rows);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	if (list_move(&screen->list, action)) {
		focus_selected(screen, scene);
		reaction->kind = REACT_DONE;
		return;
	}
	switch (action) {
	case ACTION_MARK:
		focus_selected(screen, scene);
		screen_ladder.act(screen, scene, action, reaction);
		break;
	case ACTION_SENDER_NEXT:
	case ACTION_SENDER_PREVIOUS:
		choose_sender(screen, scene, action == ACTION_SENDER_NEXT ? 1 : -1, reaction);
		break;
	case ACTION_PANE:
		screen->pane = !screen->pane;
		reaction->kind = REACT_DONE;
		break;
	default:
		break;
	}
}

const struct screen_class screen_simulate = { "simulate", IN_SIMULATE, draw, act, screen_mark_answer, tell, NULL };
