/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time: what waits, arrives late and comes back, as a chart of one sender or of the mix, and every sender below it. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/screen/chart.h"
#include "tui/screen/frame.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

#define ROOM_FOR_BOTH 17 /* rows: chart above, table below; else one of them */
#define CHART_MOST 16
#define NARROW 60 /* cells: the table has fewer columns, the legend shorter words */
#define WIDE 96
#define EVENTS (MIX_SENDERS * 4)

/* Row 0 is the mix. */
static const struct outage_result *row_result(const struct session_outage *outage, int row)
{
	return row > 0 && (size_t)row <= outage->n ? &outage->result[row - 1] : &outage->mix;
}

static const char *row_title(const struct session_outage *outage, int row)
{
	return row > 0 && (size_t)row <= outage->n ? sender_title(outage->result[row - 1].sender) : _("the mix of senders");
}

static void title_of(const struct session_outage *outage, struct str *out)
{
	str_addf(out, "%s  ", _("OUTAGE"));
	text_duration(out, outage->length_s);
	str_addf(out, " ▏%s", outage->all_down ? _("every server refuses") : _("what is marked is down"));
}

/* ---- the chart ---- */

static int draw_chart(struct canvas *canvas, const struct outage_result *r, struct area area)
{
	struct chart_point *point = mem_alloc((size_t)4 * (OUTAGE_POINTS + 1) * sizeof(*point)), *series[4];
	bool narrow = canvas->width < NARROW;
	double all = r->messages > 0 ? r->messages : 1;
	size_t n = r->n_point;
	struct chart chart = {
		.to_s = n ? r->point[n - 1].t_s : 1,
		.n_series = 4,
		.n_marker = 1,
		.marker = { { r->length_s, _("it ends"), ROLE_INFO } },
	};
	int below;

	if (r->unknown) {
		struct pen pen = pen_at(canvas, 1, area.top);

		pen_put(&pen, ROLE_WARNING, _("? unknown: mail comes to servers whose addresses are not known"));
		free(point);
		return area.top + 1;
	}
	for (size_t k = 0; k < 4; k++)
		series[k] = point + k * (OUTAGE_POINTS + 1);
	for (size_t i = 0; i < n; i++) {
		const struct outage_point *p = &r->point[i];

		series[0][i + 1] = (struct chart_point){ p->t_s, (p->arrived - p->delivered - p->returned) / all };
		series[1][i + 1] = (struct chart_point){ p->t_s, p->delivered / all };
		series[2][i + 1] = (struct chart_point){ p->t_s, p->returned / all };
		series[3][i + 1] = (struct chart_point){ p->t_s, p->warned / all };
	}
	chart.series[0] = (struct chart_series){ narrow ? _("waits") : _("waits in queues"), ROLE_WARNING, true, n + 1, series[0] };
	chart.series[1] = (struct chart_series){ _("delivered"), ROLE_OK, false, n + 1, series[1] };
	chart.series[2] = (struct chart_series){ _("returned"), ROLE_ERROR, false, n + 1, series[2] };
	chart.series[3] = (struct chart_series){ narrow ? _("warned") : _("its author warned"), ROLE_NOTICE, false, n + 1, series[3] };
	if (r->first_return_s >= 0)
		chart.marker[chart.n_marker++] = (struct chart_marker){ r->first_return_s, _("returns begin"), ROLE_ERROR };
	below = chart_draw(&chart, canvas, &(struct chart_box){ 1, area.top, canvas->width - 1, area.bottom });
	free(point);
	return below;
}

/* ---- the table ---- */

/* Where a column begins, counted from the right edge, by how wide the screen is; 0: there is no room for it. */
static const struct column {
	const char *word;
	int at[3];
} columns[] = {
	{ N_("at once"), { 0, 0, 71 } },
	{ N_("late"), { 18, 53, 62 } },
	{ N_("warned"), { 0, 0, 55 } },
	{ N_("returned"), { 9, 46, 46 } },
	{ N_("first return"), { 0, 36, 36 } },
	{ N_("empty after"), { 0, 23, 23 } },
	{ N_("shuns for"), { 0, 11, 11 } },
};

#define COLUMNS (sizeof(columns) / sizeof(*columns))

static int column_at(const struct canvas *canvas, size_t column)
{
	return columns[column].at[canvas->width < NARROW ? 0 : canvas->width < WIDE ? 1 : 2];
}

/* Where the columns begin. */
static int columns_from(const struct canvas *canvas)
{
	return canvas->width - (column_at(canvas, 0) ? column_at(canvas, 0) : column_at(canvas, 1));
}

static void put_cell(struct canvas *canvas, int y, size_t column, enum role role, const char *text)
{
	int at = column_at(canvas, column), next = 0;

	for (size_t i = column + 1; !next && i < COLUMNS; i++)
		next = column_at(canvas, i);
	if (at) {
		struct pen pen = pen_until(canvas, canvas->width - at, y, canvas->width - next - 1);
		if ((int)text_width(text) > pen.right - pen.x)
			pen_put(&pen, role, text);
		else
			pen_right(&pen, role, text);
	}
}

static void put_share(struct canvas *canvas, int y, size_t column, enum role role, double share)
{
	struct str text;

	str_init(&text, 0);
	str_addf(&text, share > 0 && share < 0.005 ? "<1 %%" : "%d %%", (int)(share * 100 + 0.5));
	put_cell(canvas, y, column, share > 0 ? role : ROLE_DIM, text.s);
	str_release(&text);
}

static void put_time(struct canvas *canvas, int y, size_t column, enum role role, double seconds)
{
	struct str text;

	str_init(&text, 0);
	if (seconds < 0)
		str_add(&text, "–");
	else
		text_duration_about(&text, seconds);
	put_cell(canvas, y, column, seconds < 0 ? ROLE_DIM : role, text.s);
	str_release(&text);
}

/* A range where the sender's own clock decides. */
static void put_empty(struct canvas *canvas, int y, size_t column, const struct outage_result *r)
{
	struct str text;

	if (r->late + r->returned_late <= 0 || !outage_range_matters(r->empty_after_s, r->empty_after_range_s)) {
		put_time(canvas, y, column, ROLE_TEXT, r->late + r->returned_late > 0 ? r->empty_after_s : -1);
		return;
	}
	str_init(&text, 0);
	text_duration_about(&text, r->empty_after_range_s[0]);
	str_add(&text, "–");
	text_duration_about(&text, r->empty_after_range_s[1]);
	put_cell(canvas, y, column, ROLE_TEXT, text.s);
	str_release(&text);
}

static void draw_shares(struct canvas *canvas, const struct outage_result *r, bool sender, int y)
{
	put_share(canvas, y, 0, ROLE_OK, r->at_once);
	put_share(canvas, y, 1, ROLE_WARNING, r->late);
	put_share(canvas, y, 2, ROLE_NOTICE, r->warned);
	put_share(canvas, y, 3, ROLE_ERROR, r->returned_at_once + r->returned_late);
	put_time(canvas, y, 4, ROLE_ERROR, r->first_return_s);
	put_empty(canvas, y, 5, r);
	put_time(canvas, y, 6, ROLE_TEXT, sender && r->stream.used_again_s > 1 ? r->stream.used_again_s : -1);
}

static void put_unknown(struct canvas *canvas, int y)
{
	struct pen pen = pen_until(canvas, columns_from(canvas), y, canvas->width - 1);

	pen_put(&pen, ROLE_WARNING, _("unknown"));
}

static void draw_row(struct canvas *canvas, const struct session_outage *outage, int row, int y)
{
	const struct outage_result *r = row_result(outage, row);
	bool returns = r->returned_at_once + r->returned_late > 0, late = r->late > 0;
	struct pen pen = pen_until(canvas, 2, y, columns_from(canvas) - 1);

	if (r->unknown)
		pen_put(&pen, ROLE_WARNING, "? ");
	else
		pen_put(&pen, returns ? ROLE_ERROR : late ? ROLE_WARNING : ROLE_OK, returns ? "✖ " : late ? "▲ " : "✔ ");
	pen_put(&pen, row ? ROLE_TEXT : ROLE_HEADING, row_title(outage, row));
	if (row && sender_sureness_over_time(r->sender) == SURE_ASSUMED)
		pen_put(&pen, ROLE_DIM, " ?");
	if (r->unknown)
		put_unknown(canvas, y);
	else
		draw_shares(canvas, r, row > 0, y);
}

static void draw_table(struct screen *screen, const struct session_outage *outage, struct canvas *canvas, struct area area)
{
	struct pen head = pen_at(canvas, 4, area.top);

	pen_put(&head, ROLE_HEADING, _("Sender"));
	for (size_t i = 0; i < COLUMNS; i++)
		put_cell(canvas, area.top, i, ROLE_DIM, _(columns[i].word));
	area.top++;
	list_fit(&screen->list, (int)outage->n + 1, area.bottom - area.top);
	for (int y = area.top; y < area.bottom && screen->list.top + y - area.top < screen->list.n; y++) {
		int row = screen->list.top + y - area.top;
		bool chosen = row == screen->list.selected;
		struct pen pen = pen_at(canvas, 0, y);

		draw_row(canvas, outage, row, y);
		pen_put(&pen, ROLE_KEY, chosen ? "▸" : " ");
		if (chosen)
			canvas_cursor(canvas, 0, y, false);
		canvas_hit(canvas, &(struct hit){ 0, y, canvas->width, 0, row });
	}
}

/* ---- in words ---- */

static bool any_unknown(const struct session_outage *outage)
{
	bool unknown = false;

	for (size_t i = 0; i < outage->n; i++)
		unknown |= outage->result[i].unknown;
	return unknown;
}

static void add_events(struct lines *lines, const struct session_outage *outage)
{
	const struct outage_result *results[MIX_SENDERS];
	struct outage_event *event = mem_alloc(EVENTS * sizeof(*event));
	size_t n;

	for (size_t i = 0; i < outage->n; i++)
		results[i] = &outage->result[i];
	n = outage_events(results, outage->n, event, EVENTS);
	if (any_unknown(outage))
		lines_add(lines, ROLE_WARNING, 0,
			_("Nothing is told of senders whose mail comes to servers with addresses that are not known."));
	else if (!n)
		lines_add(lines, ROLE_OK, 0, _("No sender warns its authors, returns mail or keeps any waiting."));
	for (size_t i = 0; i < n; i++)
		lines_msg(lines, ROLE_TEXT, 2, &event[i].text);
	free(event);
}

static void draw_text(struct screen *screen, const struct session_outage *outage, struct canvas *canvas, struct area area)
{
	struct lines lines = { .width = canvas->width - 2 };

	lines_add(&lines, ROLE_HEADING, 0, _("What happens when"));
	add_events(&lines, outage);
	lines_gap(&lines);
	lines_addf(&lines, ROLE_DIM, 0, _("The mix of senders is %s."), _(outage->mix_source));
	lines_add(&lines, ROLE_DIM, 0, _("What waits is tried again on each sender's schedule: w shows it, with its source."));
	screen->list.page = area.bottom - area.top - 1;
	lines_draw(&lines, canvas, area.top, area.bottom, &screen->scroll);
	lines_release(&lines);
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
		area.top = draw_chart(canvas, row_result(outage, screen->list.selected), (struct area){ area.top, area.top + chart });
		frame_rule(canvas, area.top++);
		if (screen->pane == PANE_CHART)
			screen->pane = PANE_WORDS;
	} else if (screen->pane == PANE_CHART && draw_chart(canvas, row_result(outage, screen->list.selected), area) > area.top) {
		return;
	}
	if (screen->pane == PANE_WORDS)
		draw_text(screen, outage, canvas, area);
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

const struct screen_class screen_outage = { "outage", IN_OUTAGE, draw, act, answer, NULL };
