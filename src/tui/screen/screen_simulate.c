/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What if: the ladder with hosts marked down, one message's way, and every kind of sender beside each other. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen/draw_ladder.h"
#include "tui/screen/lines.h"
#include "show/outcome.h"
#include "show/translate.h"
#include "show/whatif.h"
#include "base/banned.h"

#define TWO_PANES 84

static void title_of(const struct scene *scene, struct str *out)
{
	str_addf(out, "%s  ", _("WHAT IF"));
	whatif_marks(session_marks(scene->session), out);
	str_addf(out, " ▏%s", sender_title(session_sender(scene->session)));
}

static void after(struct str *out, double seconds)
{
	text_duration(out, (uint64_t)(seconds + 0.5));
}

/* ---- one message ---- */

static void add_step(struct lines *lines, const struct sim_step *step, bool ascii)
{
	bool good = !strcmp(step->code, "accepted");
	char address[ADDR_TEXT_MAX];
	struct str text, said, at;

	str_init(&text, 0);
	str_init(&said, 0);
	str_init(&at, 0);
	after(&at, step->at_s);
	str_addf(&text, "%6s %s", at.s, good ? "✔" : "▲");
	if (step->host.len) {
		str_add(&text, " ");
		translate_name(&text, &step->host, ascii);
		lines_add(lines, good ? ROLE_OK : ROLE_WARNING, 0, text.s);
	}
	if (step->addr.family)
		str_addf(&said, "%s: ", addr_text(&step->addr, address));
	translate_msg(&said, &step->result);
	if (step->host.len)
		lines_add(lines, ROLE_TEXT, 9, said.s);
	else
		lines_headed(lines, ROLE_WARNING, 0, text.s, said.s);
	str_release(&text);
	str_release(&said);
	str_release(&at);
}

static void draw_trace(struct canvas *canvas, const struct sim_result *result, struct area area, int right, bool ascii)
{
	struct lines lines = { .width = right - 1 };
	int scroll = 0;

	lines_add(&lines, ROLE_HEADING, 0, _("One message"));
	for (size_t i = 0; i < result->n_step; i++)
		add_step(&lines, &result->step[i], ascii);
	lines_draw(&lines, canvas, area.top, area.bottom, &scroll);
	lines_release(&lines);
}

/* ---- every sender ---- */

static void worst_case(struct str *out, const struct sim_result *result)
{
	if (result->final.bounced > 0.0005) {
		outcome_percent(out, result->final.bounced);
		str_addf(out, " %s", _("bounced"));
	} else if (result->final.deferred > 0.0005) {
		outcome_percent(out, result->final.deferred);
		str_addf(out, " %s", _("never"));
	} else if (result->final.unknown > 0.0005) {
		outcome_percent(out, result->final.unknown);
		str_addf(out, " %s", _("unknown"));
	} else {
		str_add(out, "–");
	}
}

static void delay_range(struct str *out, const struct sim_result *result)
{
	if (result->final.bounced + result->final.deferred + result->final.unknown > 0.9995) {
		str_add(out, "–");
		return;
	}
	outcome_delay(out, result->delay_min_s, result->delay_max_s);
}

/* Cells of a sender's title: whole where there is room. */
static int name_width(int width)
{
	return width > 64 ? 26 : width > 50 ? 20 : 15;
}

static void draw_sender(struct canvas *canvas, const struct scene *scene, const struct sender *sender, int x, int y)
{
	const struct sim_result *result = session_result(scene->session, sender);
	bool chosen = sender == session_sender(scene->session);
	int width = canvas->width - x, name = name_width(width);
	struct pen pen = pen_at(canvas, x, y), cell = pen_until(canvas, x + 2, y, x + name);
	struct str text;
	double lost = result->final.bounced + result->final.deferred, unknown = result->final.unknown;

	str_init(&text, 0);
	pen_put(&pen, ROLE_KEY, chosen ? "▸" : " ");
	pen_put(&cell, chosen ? ROLE_SELECTED : ROLE_TEXT, sender_title(sender));
	if (sender_sureness(sender) == SURE_ASSUMED)
		pen_put(&cell, ROLE_DIM, " ?");
	pen_to(&pen, x + name + 1);
	outcome_percent(&text, lost + unknown > 0.0005 && lost + unknown < 0.01 ? 0.99 : 1 - lost - unknown);
	pen_putf(&pen,
		lost > 0.0005      ? ROLE_ERROR
		: unknown > 0.0005 ? ROLE_WARNING
				   : ROLE_OK,
		"%s %5s",
		lost > 0.0005      ? "✖"
		: unknown > 0.0005 ? "?"
				   : "✔",
		text.s);
	str_clear(&text);
	delay_range(&text, result);
	pen_to(&pen, x + name + 11);
	pen_put(&pen, ROLE_TEXT, text.s);
	str_clear(&text);
	worst_case(&text, result);
	if (pen.x < x + name + 23)
		pen_to(&pen, x + name + 23);
	else
		pen_put(&pen, ROLE_TEXT, " ");
	pen_put(&pen, ROLE_TEXT, text.s);
	str_release(&text);
}

/* Returns the first row below. */
static int draw_senders(struct canvas *canvas, const struct scene *scene, struct area area, int x)
{
	const struct sender *const *list = session_senders(scene->session);
	int name = name_width(canvas->width - x);
	const struct {
		const char *word;
		int from, to;
	} heads[] = {
		{ N_("All senders"), 2, name },
		{ N_("delivered"), name + 1, name + 10 },
		{ N_("delay"), name + 11, name + 22 },
		{ N_("worst case"), name + 23, canvas->width - x },
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct pen pen = pen_until(canvas, x + heads[i].from, area.top, x + heads[i].to);
		pen_put(&pen, i ? ROLE_DIM : ROLE_HEADING, _(heads[i].word));
	}
	area.top++;
	for (size_t i = 0; list[i] && area.top < area.bottom; i++)
		draw_sender(canvas, scene, list[i], x, area.top++);
	return area.top;
}

static void draw_panes(struct screen *screen, const struct scene *scene, struct canvas *canvas, struct area area)
{
	const struct sim_result *result = session_result(scene->session, session_sender(scene->session));
	int middle = canvas->width / 2 - 4;

	if (area.bottom - area.top < 2)
		return;
	if (canvas->width < TWO_PANES) {
		if (!screen->pane)
			area.top = draw_senders(canvas, scene, area, 0);
		if (screen->pane || area.bottom - area.top >= 4)
			draw_trace(canvas, result, area, canvas->width, scene->ascii);
		return;
	}
	draw_trace(canvas, result, area, middle - 1, scene->ascii);
	for (int y = area.top; y < area.bottom; y++) {
		struct pen pen = pen_at(canvas, middle, y);
		pen_put(&pen, ROLE_RULE, "│");
	}
	draw_senders(canvas, scene, area, middle + 1);
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct ladder_rows rows = { 0 };
	struct area area;
	struct str title;
	int height, rest;
	bool rule = !frame_is_small(canvas);

	str_init(&title, 0);
	title_of(scene, &title);
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
		.result = rows.n ? session_result(scene->session, session_sender(scene->session)) : NULL,
	};
	ladder_draw(canvas, (struct area){ area.top, area.top + height }, scene, &view);
	area.top += height;
	if (rule)
		frame_rule(canvas, area.top++);
	draw_panes(screen, scene, canvas, area);
	ladder_rows_release(&rows);
}

static void choose_sender(const struct scene *scene, int step, struct reaction *reaction)
{
	const struct sender *const *list = session_senders(scene->session);
	int n = 0, at = 0;

	for (; list[n]; n++)
		if (list[n] == session_sender(scene->session))
			at = n;
	reaction->kind = REACT_SENDER;
	reaction->sender = n ? list[(at + step + n) % n] : NULL;
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
		choose_sender(scene, action == ACTION_SENDER_NEXT ? 1 : -1, reaction);
		break;
	case ACTION_PANE:
		screen->pane = !screen->pane;
		reaction->kind = REACT_DONE;
		break;
	default:
		break;
	}
}

const struct screen_class screen_simulate = { "simulate", IN_SIMULATE, draw, act, screen_mark_answer, NULL };
