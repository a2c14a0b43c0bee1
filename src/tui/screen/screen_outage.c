/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time: what arrives at once and late, comes back and waits, as a chart of one sender or of the mix, and every sender below
 * it. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "show/outage.h"
#include "tui/screen/chart.h"
#include "tui/screen/frame.h"
#include "tui/screen/lay.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

#define ROOM_FOR_BOTH 17 /* rows: chart above, table below; else one of them */
#define CHART_MOST 16
#define NARROW 60 /* cells: the table has fewer columns, the legend shorter words */
#define WIDE 96

static void title_of(const struct session_outage *outage, struct str *out)
{
	str_addf(out, "%s  ", _("OUTAGE"));
	text_duration(out, outage->length_s);
	str_addf(out, " ▏%s", outage->all_down ? _("every server refuses") : _("what is marked is down"));
}

/* ---- the chart ---- */

enum { LAYER_AT_ONCE, LAYER_LATE, LAYER_RETURNED, LAYER_WAITS, LAYERS };

/* What is settled lies below what is open: all of it is the mail that has come so far. */
static void add_layers(struct chart *chart, const struct outage_result *r, bool narrow, struct chart_point (*point)[OUTAGE_POINTS + 1])
{
	double all = r->messages > 0 ? r->messages : 1;

	for (size_t i = 0; i < r->n_point; i++) {
		const struct outage_point *p = &r->point[i];

		point[LAYER_AT_ONCE][i + 1] = (struct chart_point){ p->t_s, (p->delivered - p->late) / all };
		point[LAYER_LATE][i + 1] = (struct chart_point){ p->t_s, p->late / all };
		point[LAYER_RETURNED][i + 1] = (struct chart_point){ p->t_s, p->returned / all };
		point[LAYER_WAITS][i + 1] = (struct chart_point){ p->t_s, (p->arrived - p->delivered - p->returned) / all };
	}
	chart->n_series = LAYERS;
	chart->series[LAYER_AT_ONCE] = (struct chart_series){ _("at once"), ROLE_OK, true, r->n_point + 1, point[LAYER_AT_ONCE] };
	chart->series[LAYER_LATE] = (struct chart_series){ _("late"), ROLE_OK, true, r->n_point + 1, point[LAYER_LATE] };
	chart->series[LAYER_RETURNED] = (struct chart_series){ _("returned"), ROLE_ERROR, true, r->n_point + 1, point[LAYER_RETURNED] };
	chart->series[LAYER_WAITS] =
		(struct chart_series){ narrow ? _("waits") : _("waits in queues"), ROLE_PENDING, true, r->n_point + 1, point[LAYER_WAITS] };
}

static int draw_chart(struct canvas *canvas, const struct outage_result *r, struct area area)
{
	struct chart_point(*point)[OUTAGE_POINTS + 1];
	struct chart chart = {
		.to_s = r->n_point ? r->point[r->n_point - 1].t_s : 1,
		.n_marker = 1,
		.marker = { { r->length_s, _("it ends"), ROLE_INFO } },
	};
	int below;

	if (r->unknown) {
		struct pen pen = pen_at(canvas, 1, area.top);

		pen_put(&pen, ROLE_WARNING, _("? unknown: mail comes to servers whose addresses are not known"));
		return area.top + 1;
	}
	point = mem_alloc(LAYERS * sizeof(*point));
	add_layers(&chart, r, canvas->width < NARROW, point);
	if (r->first_warning_s >= 0)
		chart.marker[chart.n_marker++] = (struct chart_marker){ r->first_warning_s, _("warnings begin"), ROLE_NOTICE };
	if (r->first_return_s >= 0)
		chart.marker[chart.n_marker++] = (struct chart_marker){ r->first_return_s, _("returns begin"), ROLE_ERROR };
	below = chart_draw(&chart, canvas, &(struct chart_box){ 1, area.top, canvas->width - 1, area.bottom });
	free(point);
	return below;
}

/* ---- the table ---- */

/* Where a column begins, counted from the right edge, by how wide the screen is; 0: there is no room for it. */
static const int columns[OUTAGE_CELLS][3] = {
	[OUTAGE_AT_ONCE] = { 0, 0, 71 },
	[OUTAGE_LATE] = { 18, 53, 62 },
	[OUTAGE_LATE_MEDIAN] = { 0, 0, 0 },
	[OUTAGE_WARNED] = { 0, 0, 55 },
	[OUTAGE_RETURNED] = { 9, 46, 46 },
	[OUTAGE_FIRST_RETURN] = { 0, 36, 36 },
	[OUTAGE_EMPTY_AFTER] = { 0, 23, 23 },
	[OUTAGE_SHUNS_FOR] = { 0, 11, 11 },
};

static int column_at(const struct canvas *canvas, size_t column)
{
	return column < OUTAGE_CELLS ? columns[column][canvas->width < NARROW ? 0 : canvas->width < WIDE ? 1 : 2] : 0;
}

/* Where the columns begin. */
static int columns_from(const struct canvas *canvas)
{
	return canvas->width - (column_at(canvas, OUTAGE_AT_ONCE) ? column_at(canvas, OUTAGE_AT_ONCE) : column_at(canvas, OUTAGE_LATE));
}

static void put_cell(struct canvas *canvas, int y, size_t column, const struct document_cell *cell)
{
	int at = column_at(canvas, column), next = 0;
	const char *text = cell->text.len ? cell->text.s : "–";

	for (size_t i = column + 1; !next && i < OUTAGE_CELLS; i++)
		next = column_at(canvas, i);
	if (at) {
		struct pen pen = pen_until(canvas, canvas->width - at, y, canvas->width - next - 1);
		if ((int)text_width(text) > pen.right - pen.x)
			pen_put(&pen, cell->role, text);
		else
			pen_right(&pen, cell->role, text);
	}
}

/* Draws one row. A sender whose outcome is unknown has a single cell. */
static void draw_cells(struct canvas *canvas, int y, const struct document_cell *cells)
{
	struct pen pen = pen_until(canvas, columns_from(canvas), y, canvas->width - 1);

	if (!cells[OUTAGE_LATE].text.len) {
		pen_put(&pen, cells[OUTAGE_AT_ONCE].role, cells[OUTAGE_AT_ONCE].text.s);
		return;
	}
	for (size_t i = OUTAGE_AT_ONCE; i < OUTAGE_CELLS; i++)
		put_cell(canvas, y, i, &cells[i]);
}

static void draw_row(struct canvas *canvas, const struct session_outage *outage, int row, int y)
{
	struct pen pen = pen_until(canvas, 2, y, columns_from(canvas) - 1);
	struct document document;

	document_begin(&document);
	outage_row(outage, (size_t)row, &document);
	pen_putf(&pen, document.cell->role, "%s ", document.cell->symbol);
	pen_put(&pen, row ? ROLE_TEXT : ROLE_HEADING, document.cell->text.s);
	draw_cells(canvas, y, document.cell);
	document_release(&document);
}

static void draw_table(struct screen *screen, const struct session_outage *outage, struct canvas *canvas, struct area area)
{
	struct pen head = pen_at(canvas, 4, area.top);
	struct document titles;

	document_begin(&titles);
	outage_titles(&titles);
	pen_put(&head, titles.cell->role, titles.cell->text.s);
	draw_cells(canvas, area.top++, titles.cell);
	document_release(&titles);
	list_fit(&screen->list, (int)outage->n + 1, area.bottom - area.top);
	for (int y = area.top; y < area.bottom && screen->list.top + y - area.top < screen->list.n; y++) {
		int row = screen->list.top + y - area.top;
		bool chosen = row == screen->list.selected;
		struct pen pen = pen_at(canvas, 0, y);

		draw_row(canvas, outage, row, y);
		pen_put(&pen, ROLE_KEY, chosen ? "▸" : " ");
		if (chosen)
			frame_select(canvas, 0, y);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, 0, row });
	}
}

/* ---- in words ---- */

static void add_words(const struct scene *scene, const struct session_outage *outage, struct document *document)
{
	struct str why;

	str_init(&why, 0);
	scene_way(scene, ACTION_WHY, &why);
	outage_events_document(outage, document);
	outage_streams_document(outage, document);
	str_addf(document_sentence(document, ROLE_DIM, ""),
		_("What waits is tried again on each sender's schedule: %s shows it, with its source."), why.s);
	str_release(&why);
}

static void draw_text(
	struct screen *screen, const struct scene *scene, const struct session_outage *outage, struct canvas *canvas, struct area area)
{
	struct document document;

	document_begin(&document);
	add_words(scene, outage, &document);
	screen->list.page = area.bottom - area.top - 1;
	lay_page(&document, canvas, area.top, area.bottom, &screen->scroll);
	document_release(&document);
}

static void tell(const struct screen *screen, const struct scene *scene, struct document *document)
{
	const struct session_outage *outage = session_outage(scene->session, scene->now);

	(void)screen;
	outage_titles(document);
	for (size_t row = 0; row <= outage->n; row++) {
		document->item = (int)row;
		outage_row(outage, row, document);
	}
	document->item = -1;
	add_words(scene, outage, document);
}

/* ---- the screen: Tab goes from the table to the words; where there is room for one part only, from the table to the chart first ---- */

enum { PANE_TABLE, PANE_CHART, PANE_WORDS, PANES };

static void draw(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
	const struct session_outage *outage = session_outage(scene->session, scene->now);
	struct str title;
	struct area area;
	int rows, chart;

	str_init(&title, 0);
	title_of(outage, &title);
	area = frame_draw(canvas, scene, screen->class, title.s);
	str_release(&title);
	rows = area.bottom - area.top;
	chart = rows / 2 < CHART_MOST ? rows / 2 : CHART_MOST;
	if (rows >= ROOM_FOR_BOTH) {
		area.top = draw_chart(
			canvas, outage_row_result(outage, (size_t)screen->list.selected), (struct area){ area.top, area.top + chart });
		frame_rule(canvas, area.top++);
		if (screen->pane == PANE_CHART)
			screen->pane = PANE_WORDS;
	} else if (screen->pane == PANE_CHART &&
		   draw_chart(canvas, outage_row_result(outage, (size_t)screen->list.selected), area) > area.top) {
		return;
	}
	if (screen->pane == PANE_WORDS)
		draw_text(screen, scene, outage, canvas, area);
	else
		draw_table(screen, outage, canvas, area);
}

/* The lengths that + and - go through. */
static uint32_t other_length(uint32_t now_s, bool longer)
{
	static const uint32_t lengths[] = { 600, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 129600, 172800, 259200, 345600, 432000,
		604800, 864000, 1209600 };
	uint32_t shorter_s = now_s;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		if (lengths[i] > now_s)
			return longer ? lengths[i] : shorter_s;
		if (lengths[i] < now_s)
			shorter_s = lengths[i];
	}
	return longer ? now_s : shorter_s;
}

static void act(struct screen *screen, const struct scene *scene, enum action action, struct reaction *reaction)
{
	uint32_t length_s = session_outage_length(scene->session);
	int before = screen->list.selected;

	switch (action) {
	case ACTION_LONGER:
	case ACTION_SHORTER:
		reaction->kind = REACT_OUTAGE;
		reaction->length_s = other_length(length_s, action == ACTION_LONGER);
		return;
	case ACTION_LENGTH:
		reaction_ask(reaction, ASK_LENGTH, "");
		return;
	case ACTION_PANE:
		screen->pane = (screen->pane + 1) % PANES;
		screen->scroll = 0;
		reaction->kind = REACT_DONE;
		return;
	default:
		break;
	}
	if (screen->pane == PANE_WORDS ? lines_scroll(&screen->scroll, screen->list.page, action) : list_move(&screen->list, action))
		reaction->kind = REACT_DONE;
	if (screen->list.selected != before && screen->list.selected > 0) {
		reaction->kind = REACT_SENDER;
		reaction->sender = session_senders(scene->session)[screen->list.selected - 1];
	}
}

static void answer(struct screen *screen, const struct scene *scene, enum question_kind ask, const char *text, struct reaction *reaction)
{
	(void)screen;
	(void)scene;
	if (ask != ASK_LENGTH)
		return;
	reaction->kind = REACT_OUTAGE;
	if (!text_parse_duration(text, &reaction->length_s) || !reaction->length_s || reaction->length_s > OUTAGE_LONGEST_S) {
		reaction->kind = REACT_REFUSE;
		msg_set(&reaction->text, N_("A duration such as 36h or 4d, of a year at most."));
	}
}

const struct screen_class screen_outage = { "outage", IN_OUTAGE, draw, act, answer, tell, NULL };
