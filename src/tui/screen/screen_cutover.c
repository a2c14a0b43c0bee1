/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut-over to the draft: how caches drain, when old servers may go, dated steps, what early haste would cost. */
#include "base/i18n.h"
#include "show/cutover.h"
#include "tui/screen/chart.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
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

/* ---- the screen ---- */

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct cutover *cutover = session_cutover(scene->session, scene->now);

	(void)screen;
	if (cutover_nothing(cutover)) {
		str_add(document_sentence(document, ROLE_TEXT, ""), cutover_nothing(cutover));
		return;
	}
	cutover_document(cutover, scene->ascii, document);
	cutover_curve(cutover, document);
}

/* Returns whether there is room for words below it, or beside what it took. */
static bool draw_curves(const struct screen *screen, const struct cutover *cutover, struct canvas *canvas, struct area *area)
{
	int rows = area->bottom - area->top, chart = rows * CHART_SHARE / 100;

	if (rows < ROOM_FOR_BOTH)
		return !screen->pane || draw_chart(canvas, cutover, *area) == area->top;
	area->top = draw_chart(canvas, cutover, (struct area){ area->top, area->top + (chart < CHART_MOST ? chart : CHART_MOST) });
	frame_rule(canvas, area->top++);
	return true;
}

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	static const enum action one_pane[] = { ACTION_PANE, ACTION_NONE };
	const struct cutover *cutover = session_cutover(scene->session, scene->now);
	const char *nothing = cutover_nothing(cutover);
	struct area area = frame_area(canvas);
	struct scene here = *scene;
	struct document document;

	here.unfit = nothing || area.bottom - area.top >= ROOM_FOR_BOTH ? one_pane : NULL;
	frame_draw(canvas, &here, screen->class, _("CUT-OVER"));
	if (!nothing && !draw_curves(screen, cutover, canvas, &area))
		return;
	document_begin(&document);
	if (nothing)
		str_add(document_sentence(&document, ROLE_TEXT, ""), nothing);
	else
		cutover_document(cutover, scene->ascii, &document);
	screen->list.page = area.bottom - area.top - 1;
	lay_page(&document, canvas, area.top, area.bottom, &screen->scroll);
	document_release(&document);
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

const struct screen_class screen_cutover = { "cutover", IN_CUTOVER, draw, act, NULL, tell, NULL };
