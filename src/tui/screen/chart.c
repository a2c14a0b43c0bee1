/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/banned.h"

#define SCALE 6 /* cells of "100 %" and the axis */
#define LEAST_WIDTH 24
#define LEAST_HEIGHT 3
#define LABEL_ROWS 2
#define TICK_CELLS 8 /* between two ticks, at least */
#define GAP 2
#define DAY_S 86400

static const char *const symbols[CHART_SERIES] = { "●", "○", "▲", "+" };
static const char *const layers[CHART_SERIES] = { "█", "▓", "▒", "░" }; /* from the topmost down */
static const char *const bars[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

struct plot {
	const struct chart *chart;
	struct canvas *canvas;
	char sign[CHART_SERIES][8]; /* of each series */
	size_t smooth;              /* the one in whole blocks, which has parts of them too */
	int left, right;            /* columns of the curves */
	int top, bottom;
	int row_of[CHART_MARKERS];    /* row of the marker's label; -1: in the legend; -2: outside */
	int column_of[CHART_MARKERS]; /* where the label begins */
};

double chart_value(const struct chart_series *series, double t_s)
{
	size_t i = 0, above = series->n; /* the first point after that time is one of these */

	while (i < above) {
		size_t middle = i + (above - i) / 2;

		if (series->point[middle].t_s > t_s)
			above = middle;
		else
			i = middle + 1;
	}
	if (!i)
		return -1;
	const struct chart_point *a = &series->point[i - 1];
	if (i == series->n)
		return a->t_s < t_s ? -1 : a->value;
	return a->value + (a[1].value - a->value) * (t_s - a->t_s) / (a[1].t_s - a->t_s);
}

static int column(const struct plot *plot, double t_s)
{
	const struct chart *chart = plot->chart;

	return plot->left + (int)((t_s - chart->from_s) / (chart->to_s - chart->from_s) * (plot->right - 1 - plot->left) + 0.5);
}

static double time_of(const struct plot *plot, int x)
{
	const struct chart *chart = plot->chart;

	return fmin(chart->from_s + (chart->to_s - chart->from_s) * (x - plot->left) / (plot->right - 1 - plot->left), chart->to_s);
}

static void put(const struct plot *plot, int x, int y, enum role role, const char *symbol)
{
	struct pen pen = pen_until(plot->canvas, x, y, x + 1);

	pen_put(&pen, role, symbol);
}

/* ---- curves ---- */

/* The row above the ground in which a value lies, from 0; -1: none. */
static int level(const struct plot *plot, const struct chart_series *series, int x)
{
	double value = x < plot->left ? -1 : chart_value(series, time_of(plot, x));
	int height = plot->bottom - plot->top, row;

	if (value < 0)
		return -1;
	row = (int)(value * height);
	return row < height ? row : height - 1;
}

static int eighths_of(const struct plot *plot, double value)
{
	return (int)(fmin(value, 1) * (plot->bottom - plot->top) * 8 + 0.5);
}

static void draw_layer(const struct plot *plot, int x, size_t series, const int eighths[2])
{
	bool smooth = plot->smooth == series;

	for (int row = eighths[0] / 8; row * 8 < eighths[1]; row++) {
		int part = eighths[1] - row * 8;

		if (smooth || part >= 4 || !row)
			put(plot, x, plot->bottom - 1 - row, plot->chart->series[series].role,
				smooth && part < 8 ? bars[part] : plot->sign[series]);
	}
}

/* The bars of a column: together as high as their sum. Only the topmost may end within a cell. One that fills half a cell has one, where
 * there is one for each; less of it is left out, for a whole cell would say too much, unless there is nothing else. */
static void draw_bars(const struct plot *plot, int x)
{
	const struct chart *chart = plot->chart;
	double value[CHART_SERIES] = { 0 }, sum = 0, below = 0;
	size_t top = 0;
	int n = 0, rows, eighths[2] = { 0, 0 };

	for (size_t i = 0; i < chart->n_series; i++) {
		bool seen;

		value[i] = chart->series[i].filled ? fmax(chart_value(&chart->series[i], time_of(plot, x)), 0) : 0;
		sum += value[i];
		seen = eighths_of(plot, value[i]) >= 4;
		top = seen || (!n && value[i] > 0) ? i : top;
		n += seen;
	}
	rows = (eighths_of(plot, sum) + 7) / 8;
	n += !n && sum > 0;
	for (size_t i = 0; i <= top && n; i++) {
		below += value[i];
		if (i < top && eighths_of(plot, value[i]) < 4)
			continue;
		n--;
		eighths[1] = n ? (eighths_of(plot, below) + 4) / 8 * 8 : eighths_of(plot, sum);
		if (eighths[1] < eighths[0] + (n ? 8 : 1))
			eighths[1] = eighths[0] + (n ? 8 : 1);
		if (n && eighths[1] > (rows - n) * 8)
			eighths[1] = rows > n ? (rows - n) * 8 : 0;
		draw_layer(plot, x, i, eighths);
		eighths[0] = eighths[1] > eighths[0] ? eighths[1] : eighths[0];
	}
}

/* The rows that the curve takes in this column, first and last: its own, and those that lead to it from the column before. */
static void rows_of(const struct plot *plot, const struct chart_series *series, int x, int rows[2])
{
	int here = series->filled ? -1 : level(plot, series, x);
	int before = here < 0 ? -1 : level(plot, series, x - 1);

	rows[0] = before >= 0 && before < here ? before + 1 : here;
	rows[1] = before > here ? before - 1 : here;
	if (here < 0 || (!here && chart_value(series, time_of(plot, x)) <= 0)) /* what is nothing is not drawn */
		rows[0]++;
}

static void draw_curves(const struct plot *plot, int x)
{
	const struct chart *chart = plot->chart;
	int rows[CHART_SERIES][2];

	for (size_t i = 0; i < chart->n_series; i++)
		rows_of(plot, &chart->series[i], x, rows[i]);
	for (int row = 0; row < plot->bottom - plot->top; row++) {
		size_t met[CHART_SERIES], n = 0;

		for (size_t i = 0; i < chart->n_series; i++)
			if (row >= rows[i][0] && row <= rows[i][1])
				met[n++] = i;
		if (n) {
			size_t one = met[(size_t)(x - plot->left) % n];
			put(plot, x, plot->bottom - 1 - row, chart->series[one].role, plot->sign[one]);
		}
	}
}

/* ---- upright lines ---- */

static bool inside(const struct chart *chart, const struct chart_marker *marker)
{
	return marker->t_s >= chart->from_s && marker->t_s <= chart->to_s;
}

static bool collides(const struct plot *plot, size_t n, int row, int from, int to)
{
	for (size_t i = 0; i < n; i++) {
		int x = plot->column_of[i];

		if (plot->row_of[i] == row && from < x + (int)text_width(plot->chart->marker[i].label) + GAP && to + GAP > x)
			return true;
	}
	return false;
}

/* A place for each label in the rows above the curves, beginning at its line or ending there. Returns the rows that are taken. */
static int place_labels(struct plot *plot, int rows)
{
	int taken = 0;

	for (size_t i = 0; i < plot->chart->n_marker; i++) {
		const struct chart_marker *marker = &plot->chart->marker[i];
		int width = (int)text_width(marker->label), x = inside(plot->chart, marker) ? column(plot, marker->t_s) : 0;

		plot->row_of[i] = inside(plot->chart, marker) ? -1 : -2;
		if (x + width > plot->right)
			x -= width - 1;
		for (int row = 0; row < rows && plot->row_of[i] == -1; row++)
			if (x >= plot->left && !collides(plot, i, row, x, x + width)) {
				plot->row_of[i] = row;
				taken = row + 1 > taken ? row + 1 : taken;
			}
		plot->column_of[i] = x;
	}
	return taken;
}

static void draw_markers(const struct plot *plot, int label_top)
{
	for (size_t i = 0; i < plot->chart->n_marker; i++) {
		const struct chart_marker *marker = &plot->chart->marker[i];
		int row = plot->row_of[i];

		if (row == -2)
			continue;
		for (int y = row < 0 ? plot->top : label_top + row + 1; y < plot->bottom; y++)
			put(plot, column(plot, marker->t_s), y, marker->role, "│");
	}
	for (size_t i = 0; i < plot->chart->n_marker; i++) {
		struct pen pen = pen_until(plot->canvas, plot->column_of[i], label_top + plot->row_of[i], plot->right);

		if (plot->row_of[i] >= 0)
			pen_put(&pen, plot->chart->marker[i].role, plot->chart->marker[i].label);
	}
}

/* ---- axes ---- */

static void draw_scale(const struct plot *plot)
{
	int height = plot->bottom - plot->top;

	for (int row = 0; row < height; row++) {
		struct pen pen = pen_until(plot->canvas, plot->left - SCALE, plot->bottom - 1 - row, plot->left);
		bool middle = height >= 5 && row == height / 2, end = row == 0 || row == height - 1;

		if (middle || end)
			pen_putf(&pen, ROLE_DIM, "%3d %%", middle ? 50 : row ? 100 : 0);
		pen_to(&pen, plot->left - 1);
		pen_put(&pen, ROLE_RULE, middle || end ? "┤" : "│");
	}
}

/* Seconds between two ticks: a round number that leaves room for the words. */
static double tick_step(const struct plot *plot)
{
	static const uint32_t steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600,
		DAY_S, 2 * DAY_S, 7 * DAY_S, 14 * DAY_S, 28 * DAY_S, 91 * DAY_S, 364 * DAY_S };
	double span = plot->chart->to_s - plot->chart->from_s, least = span * TICK_CELLS / (plot->right - plot->left);
	size_t i = 0, n = sizeof(steps) / sizeof(*steps);

	while (i < n - 1 && steps[i] < least)
		i++;
	return steps[i] < least ? ceil(least / steps[i]) * steps[i] : steps[i];
}

/* "6h", "-1d"; "18:00", and "11-24" at midnight. */
static void tick_text(struct str *out, const struct chart *chart, double t_s)
{
	int64_t at = (int64_t)(fabs(t_s) + 0.5);
	struct str time;

	if (!chart->zero_at) {
		str_add(out, t_s < -0.5 ? "-" : "");
		if (at)
			text_duration(out, (uint64_t)at);
		else
			str_add(out, "0");
		return;
	}
	at = chart->zero_at + (t_s < 0 ? -at : at);
	str_init(&time, 0);
	text_time(&time, at);
	/* From "2026-11-24T18:00:00Z". */
	if (at % DAY_S)
		str_add_bytes(out, time.s + time.len - 9, at % 60 ? 8 : 5);
	else
		str_add_bytes(out, time.s + time.len - 15, 5);
	str_release(&time);
}

static void draw_axis(const struct plot *plot)
{
	const struct chart *chart = plot->chart;
	double step = tick_step(plot), origin = chart->zero_at ? (double)chart->zero_at : 0;
	struct pen line = pen_until(plot->canvas, plot->left - 1, plot->bottom, plot->right);
	int next = plot->left - SCALE;

	pen_put(&line, ROLE_RULE, "└");
	pen_fill(&line, ROLE_RULE, "─", plot->right);
	for (int64_t i = (int64_t)ceil((chart->from_s + origin) / step); (double)i * step - origin <= chart->to_s; i++) {
		double t = (double)i * step - origin;
		struct str text;
		int x = column(plot, t), from, width;

		str_init(&text, 0);
		tick_text(&text, chart, t);
		width = (int)text_width(text.s);
		from = x + width > plot->right ? plot->right - width : x;
		put(plot, x, plot->bottom, ROLE_RULE, "┴");
		if (from >= next) {
			struct pen pen = pen_until(plot->canvas, from, plot->bottom + 1, plot->right);
			pen_put(&pen, ROLE_DIM, text.s);
			next = from + width + 1;
		}
		str_release(&text);
	}
	if (chart->zero_at) {
		struct pen pen = pen_until(plot->canvas, plot->left - SCALE, plot->bottom + 1, plot->right);
		pen_put(&pen, ROLE_DIM, "UTC");
	}
}

/* ---- legend ---- */

struct legend {
	struct canvas *canvas; /* NULL: only measured */
	struct chart_box box;
	int x, y;
};

static void legend_add(struct legend *legend, enum role role, const char *symbol, const char *name)
{
	int width = 2 + (int)text_width(name);

	if (legend->x > legend->box.left && legend->x + width > legend->box.right) {
		legend->x = legend->box.left;
		legend->y++;
	}
	if (legend->canvas) {
		struct pen pen = pen_until(legend->canvas, legend->x, legend->y, legend->box.right);
		pen_put(&pen, role, symbol);
		pen_put(&pen, ROLE_TEXT, " ");
		pen_put(&pen, ROLE_TEXT, name);
	}
	legend->x += width + GAP;
}

/* Returns its height. canvas NULL: it is measured only. */
static int draw_legend(const struct plot *plot, struct canvas *canvas, const struct chart_box *box)
{
	const struct chart *chart = plot->chart;
	struct legend legend = { canvas, *box, box->left, box->top };

	for (size_t i = 0; i < chart->n_series; i++)
		legend_add(&legend, chart->series[i].role, plot->sign[i], chart->series[i].name);
	for (size_t i = 0; i < chart->n_marker; i++)
		if (plot->row_of[i] == -1)
			legend_add(&legend, chart->marker[i].role, "│", chart->marker[i].label);
	return legend.y + 1 - box->top;
}

/* ---- all of it ---- */

/* The first letter of its name that no series before it has; 0: it has none in ASCII. */
static char letter_of(const struct plot *plot, size_t series)
{
	for (const char *s = plot->chart->series[series].name; *s; s++) {
		bool taken = !((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'));

		for (size_t i = 0; i < series; i++)
			taken |= plot->sign[i][0] == *s;
		if (!taken)
			return *s;
	}
	return '\0';
}

/* Layers that stand on each other are told apart by letters where there is only ASCII. */
static void make_signs(struct plot *plot)
{
	const struct chart *chart = plot->chart;
	size_t n = 0, layer = 0;

	for (size_t i = 0; i < chart->n_series; i++)
		n += chart->series[i].filled;
	for (size_t i = 0; i < chart->n_series; i++) {
		bool filled = chart->series[i].filled;
		char letter = plot->canvas->ascii && filled && n > 1 ? letter_of(plot, i) : '\0';

		snprintf(plot->sign[i], sizeof(plot->sign[i]), "%s", filled ? layers[n - 1 - layer] : symbols[i]);
		if (letter)
			snprintf(plot->sign[i], sizeof(plot->sign[i]), "%c", letter);
		layer += filled;
		plot->smooth = filled ? i : plot->smooth;
	}
}

int chart_draw(const struct chart *chart, struct canvas *canvas, const struct chart_box *box)
{
	struct plot plot = { .chart = chart, .canvas = canvas, .left = box->left + SCALE, .right = box->right };
	int rows = box->bottom - box->top, labels, legend;

	if (box->right - box->left < LEAST_WIDTH || chart->to_s <= chart->from_s)
		return box->top;
	make_signs(&plot);
	labels = place_labels(&plot, rows >= LEAST_HEIGHT + 3 + LABEL_ROWS ? LABEL_ROWS : 0);
	legend = draw_legend(&plot, NULL, box);
	if (rows - labels - 2 - legend < LEAST_HEIGHT) {
		labels = place_labels(&plot, 0);
		legend = draw_legend(&plot, NULL, box);
	}
	plot.top = box->top + labels;
	plot.bottom = box->bottom - 2 - legend;
	if (plot.bottom - plot.top < LEAST_HEIGHT)
		return box->top;
	draw_scale(&plot);
	for (int x = plot.left; x < plot.right; x++)
		draw_bars(&plot, x);
	draw_markers(&plot, box->top);
	for (int x = plot.left; x < plot.right; x++)
		draw_curves(&plot, x);
	draw_axis(&plot);
	draw_legend(&plot, canvas, &(struct chart_box){ box->left, plot.bottom + 2, box->right, box->bottom });
	return box->bottom;
}
