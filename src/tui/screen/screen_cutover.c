/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut-over to the draft: how caches drain, when old servers may go, dated steps, what early haste would cost. */
#include "base/i18n.h"
#include "base/text.h"
#include "tui/screen/chart.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

#define ROOM_FOR_BOTH 17 /* rows: chart above, text below; else one of them */
#define CHART_SHARE 55   /* percent of the rows, of the chart then */
#define CHART_MOST 18
#define NARROW 60 /* cells: the legend has shorter words */

/* ---- the curves ---- */

static void add_series(struct chart *chart, const char *name, enum role role, const struct chart_point *point, size_t n)
{
	chart->series[chart->n_series] = (struct chart_series){ name, role, chart->n_series == 0, n, point };
	chart->n_series++;
}

static int draw_chart(struct canvas *canvas, const struct cutover *cutover, struct area area)
{
	struct chart_point point[CHART_SERIES][CUTOVER_POINTS];
	size_t n = cutover->n_point;
	bool goes = cutover->off_at == cutover->tail_at, narrow = canvas->width < NARROW;
	struct chart chart = {
		.to_s = (double)(cutover->tail_at - cutover->at),
		.zero_at = cutover->at,
		.n_marker = cutover->tail_at > cutover->drained_at ? 2 : 1,
		.marker = { { (double)(cutover->drained_at - cutover->at), _("drained by the TTL"), ROLE_INFO },
			{ (double)(cutover->tail_at - cutover->at), goes ? _("old may go") : _("stretched drained"), ROLE_OK } },
	};

	for (size_t i = 0; i < n; i++) {
		const struct cutover_point *p = &cutover->point[i];

		point[0][i] = (struct chart_point){ p->t_s, p->old };
		point[1][i] = (struct chart_point){ p->t_s, p->to_old };
		point[2][i] = (struct chart_point){ p->t_s, p->lost + p->waits };
		point[3][i] = (struct chart_point){ p->t_s, p->planned };
	}
	add_series(&chart, narrow ? _("old answers") : _("caches with the old set"), ROLE_BAR, point[0], n);
	if (cutover->kind == CUTOVER_DROPS) {
		if (cutover_tells(cutover))
			add_series(&chart, _("mail to old servers"), ROLE_NOTICE, point[1], n);
		if (cutover_tells_off(cutover))
			add_series(&chart, narrow ? _("late or lost if off") : _("late or lost, if they are off then"), ROLE_ERROR,
				point[2], n);
		if (cutover->staged.n && cutover_tells(cutover))
			add_series(&chart, narrow ? _("step by step") : _("mail to old servers, step by step"), ROLE_OK, point[3], n);
	}
	return chart_draw(&chart, canvas, &(struct chart_box){ 1, area.top, canvas->width - 1, area.bottom });
}

/* ---- the words ---- */

static void add_dated(struct lines *lines, enum role role, int64_t at, const char *text)
{
	struct str time;

	str_init(&time, 0);
	text_time(&time, at);
	lines_headed(lines, role, 2, time.s, text);
	str_release(&time);
}

/* The one thing to know. */
static void add_verdict(struct lines *lines, const struct cutover *cutover)
{
	struct str text, time;

	str_init(&text, 0);
	str_init(&time, 0);
	text_time(&time, cutover->off_at);
	if (!cutover->off_at)
		str_add(&text, _("No server goes, so none has to be kept for old answers."));
	else if (cutover->off_at == cutover->at)
		str_add(&text, _("The old servers may be switched off as soon as the draft is served."));
	else if (cutover->kind == CUTOVER_DROPS)
		str_addf(&text, _("Keep the old servers until %s."), time.s);
	else
		str_addf(&text, _("Keep the old names' address records until %s."), time.s);
	lines_headed(lines, cutover->off_at > cutover->at ? ROLE_WARNING : ROLE_OK, 0, cutover->off_at > cutover->at ? "▲" : "✔", text.s);
	str_release(&text);
	str_release(&time);
}

static void add_warnings(struct lines *lines, const struct cutover *cutover)
{
	struct str text;

	for (size_t i = 0; i < cutover->n_warning; i++) {
		str_init(&text, 0);
		translate_msg(&text, &cutover->warning[i]);
		lines_headed(lines, ROLE_WARNING, 0, "▲", text.s);
		str_release(&text);
	}
}

/* known: its share of the mail may be told. */
static void host_msg(const struct cutover_host *host, bool known, bool ascii, struct msg *msg)
{
	int share = (int)(host->share * 100 + 0.5);
	char name[DNAME_TEXT_MAX];

	if (ascii)
		dname_text(&host->host, name);
	else
		dname_show(&host->host, name);
	switch (host->off) {
	case OFF_DRAINED:
		if (known)
			msg_set(msg, N_("%s may be switched off; until then %d %% of the mail of old answers goes there and nowhere else"),
				name, share);
		else
			msg_set(msg, N_("%s may be switched off; until then mail of old answers goes there and nowhere else"), name);
		break;
	case OFF_OTHERS:
		if (known)
			msg_set(msg,
				N_("%s may be switched off: its %d %% of the mail of old answers goes to servers that stay, after a failed attempt"),
				name, share);
		else
			msg_set(msg,
				N_("%s may be switched off: its mail of old answers goes to servers that stay, after a failed attempt"),
				name);
		break;
	case OFF_UNUSED:
		msg_set(msg, N_("%s may be switched off: no sender tries it first"), name);
		break;
	case OFF_NAME:
		msg_set(msg, N_("the address records of %s may go: the server stays under another name"), name);
		break;
	case OFF_UNKNOWN:
		msg_set(msg,
			N_("no mail of old answers goes to %s any more; what would become of it before cannot be told, as addresses are not known"),
			name);
		break;
	}
}

static void add_host(struct lines *lines, const struct cutover_host *host, bool known, bool ascii)
{
	struct msg msg = { 0 };
	struct str text;

	host_msg(host, known, ascii, &msg);
	str_init(&text, 0);
	translate_msg(&text, &msg);
	add_dated(lines, host->off_at ? ROLE_HOST : ROLE_TEXT, host->off_at, text.s);
	str_release(&text);
}

static void add_moments(struct lines *lines, const struct cutover *cutover, bool ascii)
{
	lines_add(lines, ROLE_HEADING, 0, _("When, if you push the draft now"));
	add_dated(lines, ROLE_TEXT, cutover->at, _("every name server has the draft (assumed)"));
	add_dated(lines, ROLE_TEXT, cutover->drained_at, _("caches that keep to the TTL have it"));
	if (cutover->tail_at > cutover->drained_at)
		add_dated(lines, ROLE_TEXT, cutover->tail_at, _("caches that stretch the TTL have it (assumed)"));
	for (size_t i = 0; i < cutover->n_host; i++)
		add_host(lines, &cutover->host[i], cutover_tells(cutover), ascii);
}

static void add_plan(struct lines *lines, const char *title, const struct cutover_plan *plan)
{
	lines_gap(lines);
	lines_add(lines, ROLE_HEADING, 0, title);
	for (size_t i = 0; i < plan->n; i++) {
		const struct cutover_step *step = &plan->step[i];
		struct str text;

		str_init(&text, 0);
		translate_msg(&text, &step->text);
		add_dated(lines, step->kind == MOVE_WAIT ? ROLE_DIM : ROLE_TEXT, step->at, text.s);
		str_release(&text);
	}
}

static void add_text(struct lines *lines, const struct cutover *cutover, bool ascii)
{
	add_verdict(lines, cutover);
	add_warnings(lines, cutover);
	lines_gap(lines);
	add_moments(lines, cutover, ascii);
	add_plan(lines, _("In one go"), &cutover->direct);
	if (cutover->staged.n)
		add_plan(lines, _("Step by step, for a short change"), &cutover->staged);
	lines_msg(lines, ROLE_NOTICE, 2, cutover->staged.n ? &cutover->gain : &cutover->no_stages);
	lines_gap(lines);
	lines_add(lines, ROLE_HEADING, 0, _("Where the numbers are from"));
	for (size_t i = 0; i < cutover->n_basis; i++)
		lines_msg(lines, ROLE_DIM, 2, &cutover->basis[i]);
}

/* ---- the screen ---- */

/* Why there is nothing to draw, or NULL. */
static const char *nothing(const struct cutover *cutover)
{
	if (!cutover)
		return _("There is nothing to cut over: the draft changes nothing.");
	if (cutover->kind == CUTOVER_NOTHING)
		return _("There is nothing to cut over: what is live is the draft already.");
	if (cutover->kind == CUTOVER_UNKNOWN)
		return _("What is live is not known, so there is nothing to cut over from.");
	return NULL;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	struct area area = frame_draw(canvas, scene, screen->class, _("CUT-OVER"));
	const struct cutover *cutover = session_cutover(scene->session, scene->now);
	struct lines lines = { .width = canvas->width - 2 };
	int rows = area.bottom - area.top, chart = rows * CHART_SHARE / 100;
	bool both = rows >= ROOM_FOR_BOTH;

	if (nothing(cutover)) {
		lines_add(&lines, ROLE_TEXT, 0, nothing(cutover));
	} else {
		if (both)
			area.top = draw_chart(
				canvas, cutover, (struct area){ area.top, area.top + (chart < CHART_MOST ? chart : CHART_MOST) });
		else if (screen->pane && draw_chart(canvas, cutover, area) > area.top)
			return;
		if (both)
			frame_rule(canvas, area.top++);
		add_text(&lines, cutover, scene->ascii);
	}
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	(void)scene;
	if (lines_scroll(&screen->scroll, screen->list.page, action))
		reaction->kind = REACT_DONE;
	if (action == ACTION_PANE) {
		screen->pane = !screen->pane;
		reaction->kind = REACT_DONE;
	}
}

const struct screen_class screen_cutover = { "cutover", IN_CUTOVER, draw, act, NULL, NULL };
