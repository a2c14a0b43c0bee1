/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/home.h"

#include <string.h>

#include "base/i18n.h"
#include "show/answers.h"
#include "show/findings.h"
#include "show/host.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define WIDE 96 /* columns that two panes beside each other need */
#define HIGH 18 /* ... and rows, of the whole screen */
#define LEAST 3 /* rows of the pane below the ladder */

struct box {
	int x, y, width, height;
};

enum home_pane home_about(const struct screen *screen)
{
	return screen->pane == HOME_ONE ? (enum home_pane)screen->about : (enum home_pane)screen->pane;
}

const struct finding *home_finding(const struct home *home)
{
	const struct findings *findings = session_findings(home->scene->session);
	int at = home->screen->beside[0].selected;

	return at >= 0 && (size_t)at < findings->n ? &findings->finding[at] : NULL;
}

const struct mx *home_mx(const struct home *home)
{
	int at = home->screen->list.selected;

	return at >= 0 && (size_t)at < home->rows->n ? &home->rows->row[at].mx : NULL;
}

/* ---- what is in a pane ---- */

static void fill_one(const struct home *home, struct document *document)
{
	const struct scene *scene = home->scene;
	const struct finding *finding = home_finding(home);
	const struct mx *mx = home_mx(home);
	const struct facts *facts = session_facts(scene->session);

	switch (home_about(home->screen)) {
	case HOME_FINDINGS:
		if (finding)
			finding_document(finding, document);
		break;
	case HOME_ANSWERS:
		if (answers_rows(facts))
			answers_one(facts, (size_t)home->screen->beside[1].selected, scene->now, scene->ascii, document);
		break;
	default:
		if (mx)
			host_document(&(struct host_view){ scene->session, mx, scene->now, scene->ascii }, document);
	}
}

static void fill_answers(const struct home *home, struct document *document)
{
	const struct facts *facts = session_facts(home->scene->session);

	answers_document(facts, home->scene->now, home->scene->ascii, document);
	if (!answers_rows(facts))
		str_add(document_sentence(document, ROLE_DIM, "·"), _("nobody was asked yet"));
}

/* Whole where that fits; each then takes two rows or more. */
static void lay_findings(const struct home *home, const struct box *box, struct document *document, struct lay *lay)
{
	size_t least = 2 * session_findings(home->scene->session)->n;

	for (int full = (size_t)box->height >= least; full >= 0; full--) {
		document_begin(document);
		findings_document(home->scene->session, full, document);
		lay_document(lay, document, box->width - 2);
		if (lay->height <= box->height || !full)
			return;
		lay_release(lay);
		document_release(document);
	}
}

static void lay_pane(const struct home *home, enum home_pane pane, const struct box *box, struct document *document, struct lay *lay)
{
	if (pane == HOME_FINDINGS) {
		lay_findings(home, box, document, lay);
		return;
	}
	document_begin(document);
	if (pane == HOME_ONE)
		fill_one(home, document);
	else
		fill_answers(home, document);
	lay_document(lay, document, box->width - 2);
}

static int pane_height(const struct home *home, enum home_pane pane, int width)
{
	const struct box box = { .width = width };
	struct document document;
	struct lay lay;
	int height;

	lay_pane(home, pane, &box, &document, &lay);
	height = lay.height;
	lay_release(&lay);
	document_release(&document);
	return height;
}

/* What the list's cursor is on is seen, with all of its rows where they fit. */
static void scroll_to(struct list *list, const struct lay *lay, int height)
{
	int from = lay_find(lay, list->selected), to = lay_find(lay, list->selected + 1);

	list->page = height > 2 ? height - 1 : 1;
	to = to < 0 ? lay->height : to;
	if (list->top < to - height)
		list->top = to - height;
	if (list->top > from)
		list->top = from;
	if (list->top < 0)
		list->top = 0;
}

static void draw_text(const struct home *home, enum home_pane pane, struct canvas *canvas, const struct box *box)
{
	struct screen *screen = home->screen;
	struct list *list = pane == HOME_FINDINGS ? &screen->beside[0] : &screen->beside[1];
	struct canvas inner;
	struct document document;
	struct lay lay;
	bool focus = screen->pane == (int)pane;
	int scroll = screen->scroll;

	canvas_init(&inner, box->width - 2, box->height);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	lay_pane(home, pane, box, &document, &lay);
	if (pane != HOME_ONE) {
		scroll_to(list, &lay, box->height);
		scroll = list->top;
	} else {
		scroll = scroll > lay.height - box->height ? lay.height - box->height : scroll;
		screen->scroll = scroll = scroll < 0 ? 0 : scroll;
	}
	lay_draw(&lay, &inner, scroll, focus && pane != HOME_ONE ? list->selected : -1);
	canvas_paste(canvas, &inner, box->x + 1, box->y);
	for (int y = 0; y < box->height && pane == HOME_FINDINGS; y++)
		canvas_hit(canvas, &(struct hit){ box->x, box->y + y, box->width, ACTION_FINDINGS, -1 });
	if (focus)
		canvas_cursor(canvas, box->x + 1, box->y + (pane == HOME_ONE ? 0 : lay_find(&lay, list->selected) - scroll), false);
	if (lay.height - scroll > box->height && box->height > 0) { /* there is more below */
		struct pen pen = pen_at(canvas, box->x + box->width - 1, box->y + box->height - 1);
		pen_put(&pen, ROLE_DIM, "↓");
	}
	canvas_release(&inner);
	lay_release(&lay);
	document_release(&document);
}

static void draw_ladder(const struct home *home, struct canvas *canvas, const struct box *box)
{
	const struct scene *scene = home->scene;
	struct canvas inner;
	struct ladder_view view = {
		.rows = home->rows,
		.facts = session_facts(scene->session),
		.list = &home->screen->list,
		.marks = session_marks(scene->session),
		.down = true,
		.down_words = home->top_rule < 0,
		.down_mix = home->screen->mix,
		.focus = home->screen->pane == HOME_LADDER,
		.result = home->rows->n ? session_calm(scene->session, session_sender(scene->session), !session_drafting(scene->session))
					: NULL,
	};

	canvas_init(&inner, box->width, box->height);
	inner.ascii = canvas->ascii;
	inner.few_signs = canvas->few_signs;
	ladder_draw(&inner, (struct area){ 0, box->height }, scene, &view);
	canvas_paste(canvas, &inner, box->x, box->y);
	if (view.focus && inner.cursor_x >= 0)
		canvas_cursor(canvas, box->x + inner.cursor_x, box->y + inner.cursor_y, false);
	canvas_release(&inner);
}

static void draw_pane(const struct home *home, enum home_pane pane, const struct box *box)
{
	if (box->height < 1 || box->width < 4)
		return;
	if (pane == HOME_LADDER)
		draw_ladder(home, home->canvas, box);
	else
		draw_text(home, pane, home->canvas, box);
}

/* ---- where panes stand ---- */

static void rule(const struct home *home, int x, int y, int right)
{
	struct pen pen = pen_until(home->canvas, x, y, right);

	pen_fill(&pen, ROLE_RULE, "─", right - x);
}

static void joint(const struct home *home, int x, int y, const char *symbol)
{
	struct pen pen = pen_at(home->canvas, x, y);

	if (y >= 0)
		pen_put(&pen, ROLE_RULE, symbol);
}

static void draw_only(const struct home *home, enum home_pane pane)
{
	struct box box = { 0, home->area.top, home->canvas->width, home->area.bottom - home->area.top };

	if (home->top_rule >= 0) {
		home_title(home, pane, 1, home->top_rule, home->canvas->width);
	} else if (pane != HOME_LADDER) {
		home_title(home, pane, 0, box.y++, home->canvas->width);
		box.height--;
	}
	draw_pane(home, pane, &box);
}

static int ladder_rows_wanted(const struct home *home, int rest)
{
	int height = ladder_height(home->rows, true);

	if (height > rest - LEAST)
		height = ladder_height(home->rows, false);
	if (height > rest - LEAST)
		height = rest - LEAST > 1 ? rest - LEAST : 1;
	return height;
}

/* The ladder, and another pane below it. */
static void draw_two(const struct home *home)
{
	enum home_pane below = home->screen->pane == HOME_LADDER ? HOME_FINDINGS : (enum home_pane)home->screen->pane;
	int width = home->canvas->width, rows = home->area.bottom - home->area.top;
	struct box upper = { 0, home->area.top, width, ladder_rows_wanted(home, rows - 1) };
	struct box lower = { 0, home->area.top + upper.height + 1, width, rows - upper.height - 1 };

	home_title(home, HOME_LADDER, 1, home->top_rule, width);
	draw_pane(home, HOME_LADDER, &upper);
	rule(home, 0, lower.y - 1, width);
	home_title(home, below, 1, lower.y - 1, width);
	draw_pane(home, below, &lower);
}

static void draw_four(const struct home *home)
{
	int width = home->canvas->width, rows = home->area.bottom - home->area.top, right = width * 2 / 5 - 2;
	int left = width - right - 1, mid_left, mid_right, answers;

	mid_left = home->area.top + ladder_rows_wanted(home, rows - 1);
	answers = pane_height(home, HOME_ANSWERS, right);
	answers = answers < rows / 3 ? (answers < LEAST ? LEAST : answers) : rows / 3;
	mid_right = home->area.bottom - answers - 1;
	struct box box[HOME_PANES] = {
		[HOME_LADDER] = { 0, home->area.top, left, mid_left - home->area.top },
		[HOME_ONE] = { left + 1, home->area.top, right, mid_right - home->area.top },
		[HOME_FINDINGS] = { 0, mid_left + 1, left, home->area.bottom - mid_left - 1 },
		[HOME_ANSWERS] = { left + 1, mid_right + 1, right, answers },
	};
	rule(home, 0, mid_left, left);
	rule(home, left + 1, mid_right, width);
	for (int y = home->area.top; y < home->area.bottom; y++)
		joint(home, left, y, y == mid_left && y == mid_right ? "┼" : y == mid_left ? "┤" : y == mid_right ? "├" : "│");
	joint(home, left, home->top_rule, "┬");
	joint(home, left, home->bottom_rule, "┴");
	for (int pane = HOME_LADDER; pane < HOME_PANES; pane++) {
		home_title(home, (enum home_pane)pane, box[pane].x + 1, box[pane].y - 1, box[pane].x + box[pane].width);
		draw_pane(home, (enum home_pane)pane, &box[pane]);
	}
}

/* What the answer means stands above all panes. */
static void put_answer(struct home *home)
{
	int n = home->draw_answer(home->canvas, home->scene, home->area);

	home->area.top += n;
	if (!n || home->top_rule < 0)
		return;
	home->top_rule = home->area.top++;
	rule(home, 0, home->top_rule, home->canvas->width);
}

void home_draw(const struct home *home)
{
	struct home here = *home;
	const struct canvas *canvas = home->canvas;
	struct screen *screen = home->screen;
	bool only = screen->zoomed || frame_is_small(canvas);

	list_fit(&screen->beside[0], (int)session_findings(home->scene->session)->n, screen->beside[0].page);
	list_fit(&screen->beside[1], (int)answers_rows(session_facts(home->scene->session)), screen->beside[1].page);
	if (screen->pane == HOME_LADDER || !only)
		put_answer(&here);
	if (only)
		draw_only(&here, (enum home_pane)screen->pane);
	else if (canvas->width >= WIDE && canvas->height >= HIGH)
		draw_four(&here);
	else
		draw_two(&here);
}

bool home_opens(const struct screen *screen, const struct scene *scene)
{
	if (home_about(screen) == HOME_FINDINGS)
		return (size_t)screen->beside[0].selected < session_findings(scene->session)->n;
	return screen->pane == HOME_ANSWERS && answers_rows(session_facts(scene->session));
}

/* From a row of who answers to that answer, and back. */
static bool open_answer(struct screen *screen, const struct scene *scene, enum action action)
{
	if (action == ACTION_EDIT && screen->pane == HOME_ANSWERS && answers_rows(session_facts(scene->session))) {
		screen->pane = HOME_ONE;
		screen->about = HOME_ANSWERS;
		screen->opened = true;
		screen->scroll = 0;
		return true;
	}
	if (!screen->opened || (action != ACTION_EDIT && action != ACTION_BACK))
		return false;
	screen->opened = false;
	screen->pane = HOME_ANSWERS;
	return true;
}

bool home_act(struct screen *screen, const struct scene *scene, enum action action)
{
	struct list *list = screen->pane == HOME_FINDINGS ? &screen->beside[0] : screen->pane == HOME_ANSWERS ? &screen->beside[1] : NULL;

	if (open_answer(screen, scene, action))
		return true;
	if (action == ACTION_PANE) {
		screen->opened = false;
		screen->pane = (screen->pane + 1) % HOME_PANES;
		screen->about = screen->pane == HOME_ONE ? screen->about : screen->pane;
		return true;
	}
	if (action == ACTION_ZOOM || action == ACTION_UNZOOM) {
		screen->zoomed = action == ACTION_ZOOM;
		return true;
	}
	if (screen->pane == HOME_ONE)
		return lines_scroll(&screen->scroll, 5, action);
	if (!list)
		return false;
	list->n =
		screen->pane == HOME_FINDINGS ? (int)session_findings(scene->session)->n : (int)answers_rows(session_facts(scene->session));
	if (!list_move(list, action))
		return false;
	screen->scroll = 0;
	return true;
}
