/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A chart of shares over time, in text: up to four series of values 0..1, percent upwards, durations or dates along, upright lines with a
 * word where something happens, and a legend in words. A series is a curve, or a layer of bars that stand on each other. Each has its own
 * symbol, not just a colour; where curves meet they take turns. Knows nothing of mail. Borrows points and names, which must be translated
 * and escaped.
 */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include <stdint.h>

#include "tui/term/canvas.h"

#define CHART_SERIES 4
#define CHART_MARKERS 6

struct chart_point {
	double t_s, value;
}; /* a straight line leads to the next; two of one time are a jump */

struct chart_series {
	const char *name;
	enum role role;
	bool filled; /* bars, behind the curves, on those of the filled series before it */
	size_t n;
	const struct chart_point *point; /* by time; before the first and after the last nothing is drawn */
};

struct chart_marker {
	double t_s; /* outside the chart: left out */
	const char *label;
	enum role role;
};

struct chart {
	double from_s, to_s; /* the time along */
	int64_t zero_at;     /* seconds since 1970 of 0 s: the axis shows dates, UTC. 0: it shows durations */
	size_t n_series;
	struct chart_series series[CHART_SERIES];
	size_t n_marker;
	struct chart_marker marker[CHART_MARKERS];
};

struct chart_box {
	int left, top, right, bottom;
}; /* columns left .. right - 1, rows top .. bottom - 1 */

/* Fills the box, legend below. Returns the first row below it; box->top, and nothing is drawn, where there is no room for a chart. */
int chart_draw(const struct chart *chart, struct canvas *canvas, const struct chart_box *box);
double chart_value(const struct chart_series *series, double t_s); /* -1: nothing there. Of a jump what comes after it */

#endif
