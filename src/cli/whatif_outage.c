/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time: for each sender asked for, and summed over the mix when all are. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "cli/whatif.h"
#include "show/outcome.h"
#include "sim/outage/outage.h"
#include "base/banned.h"

#define EVENTS 60
#define COLUMNS 8

struct outages {
	const struct whatif *whatif;
	size_t n;
	struct outage_result result[MIX_SENDERS];
	struct outage_result sum; /* over the mix; n_point 0: not all senders were asked for */
};

/* Runs one sender after the other and calls `tell` for each. Shares by host are not kept: hosts may be thousands. */
static void run_all(struct outages *outages, const struct whatif *whatif, void (*tell)(const struct outage_result *one, void *to), void *to)
{
	struct outage_input input = { .in = whatif->in,
		.length_s = whatif->outage_s,
		.starts_s = whatif->starts_s,
		.horizon_s = outage_horizon_s(whatif->outage_s) };
	struct outage_result *one;

	outages->whatif = whatif;
	for (size_t i = 0; i < 24; i++)
		input.per_hour[i] = whatif->per_hour[i];
	for (size_t i = 0; whatif->senders[i]; i++) {
		if (!whatif_wants(whatif, whatif->senders[i]))
			continue;
		one = &outages->result[outages->n++];
		outage_run(&input, whatif->senders[i], one);
		if (!whatif->sender)
			outage_add(&outages->sum, one, whatif->mix.weight[i]);
		tell(one, to);
		sim_outcome_release(&one->stream.first);
	}
}

static void release(struct outages *outages)
{
	for (size_t i = 0; i < outages->n; i++)
		outage_result_release(&outages->result[i]);
	outage_result_release(&outages->sum);
	free(outages);
}

static size_t events_of(const struct outages *outages, struct outage_event *event)
{
	const struct outage_result *results[MIX_SENDERS];

	for (size_t i = 0; i < outages->n; i++)
		results[i] = &outages->result[i];
	return outage_events(results, outages->n, event, EVENTS);
}

/* ---- JSON ---- */

static json_t *points_json(const struct outage_result *result)
{
	json_t *points = json_array();

	for (size_t i = 0; i < result->n_point; i++) {
		const struct outage_point *point = &result->point[i];
		json_array_append_new(points, json_pack("{s:f, s:f, s:f, s:f, s:f}", "at_s", point->t_s, "arrived", point->arrived,
						      "delivered", point->delivered, "returned", point->returned, "warned", point->warned));
	}
	return points;
}

static json_t *moment_json(double seconds)
{
	return seconds < 0 ? json_null() : json_real(seconds);
}

/* What every row has, a sender's or the sum's. */
static json_t *counts_json(const struct outage_result *r)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:o, s:o, s:o}", "messages", r->messages, "at_once", r->at_once, "late",
		r->late, "warned", r->warned, "bounced_at_once", r->returned_at_once, "bounced_late", r->returned_late, "queued_at_end",
		r->queued_at_end, "empty_after_s", r->empty_after_s, "first_bounce_s", moment_json(r->first_return_s), "first_warning_s",
		moment_json(r->first_warning_s), "points", points_json(r));
}

/* Is it known how several hosts share the mail? Of one alone it is. */
static bool shares_known(const struct stream_result *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->first.n; i++)
		n += s->first.share[i].share > 0;
	return !s->crowded || n < 2;
}

/* Is it known how messages fare that wait for each other? */
static bool is_open(const struct stream_result *s)
{
	return s->crowded && !s->crowd_known;
}

static json_t *unless(bool unknown, double value)
{
	return unknown ? json_null() : json_real(value);
}

/* New mail while it lasts. */
static json_t *stream_json(const struct stream_result *s)
{
	json_t *hosts = json_array();

	for (size_t i = 0; i < s->first.n; i++)
		if (s->first.share[i].share > 0)
			json_array_append_new(hosts, json_pack("{s:o, s:o}", "host", json_name(&s->first.share[i].host), "share",
							     unless(!shares_known(s), s->first.share[i].share)));
	return json_pack("{s:o, s:f, s:f, s:f, s:{s:o}, s:{s:o, s:o, s:o}, s:f, s:b, s:b}", "hosts", hosts, "deferred", s->first.deferred,
		"bounced", s->first.bounced, "untried", s->untried, "connections", "mean", unless(is_open(s), s->connections_mean),
		"delay_s", "median", unless(is_open(s), s->delay_median_s), "p95", unless(is_open(s), s->delay_p95_s), "max",
		unless(is_open(s), s->delay_max_s), "used_again_after_s", s->used_again_s, "crowded", (int)s->crowded, "shares_by_speed",
		(int)s->by_speed);
}

/* What each phase of the sender's clock would bring; of one that has none, nothing. */
static json_t *phases_json(const struct outage_result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; r->n_phase > 1 && i < r->n_phase; i++)
		json_array_append_new(list, json_pack("{s:f, s:f, s:f}", "first_look_s", r->phase[i].look_s, "late_median_s",
						    r->phase[i].late_median_s, "empty_after_s", r->phase[i].empty_after_s));
	return list;
}

static json_t *one_outage(const struct outage_result *r)
{
	json_t *row;

	if (r->unknown)
		return json_pack("{s:s, s:b}", "sender", sender_name(r->sender), "unknown", 1);
	row = counts_json(r);
	json_object_set_new(row, "sender", json_string(sender_name(r->sender)));
	json_object_set_new(
		row, "late_s", json_pack("{s:f, s:f, s:f}", "median", r->late_median_s, "p95", r->late_p95_s, "max", r->late_max_s));
	json_object_set_new(row, "late_median_range_s", json_pack("[f, f]", r->late_median_range_s[0], r->late_median_range_s[1]));
	json_object_set_new(row, "empty_after_range_s", json_pack("[f, f]", r->empty_after_range_s[0], r->empty_after_range_s[1]));
	json_object_set_new(row, "phases", phases_json(r));
	json_object_set_new(row, "while_it_lasts", stream_json(&r->stream));
	json_object_set_new(row, "confidence", json_string(sender_sure_name(sender_sureness_over_time(r->sender))));
	return row;
}

static json_t *mix_json(const struct outages *outages)
{
	json_t *row, *weights;

	if (!outages->sum.n_point)
		return json_null();
	row = counts_json(&outages->sum);
	weights = json_object();
	for (size_t i = 0; outages->whatif->senders[i]; i++)
		if (outages->whatif->mix.weight[i] > 0)
			json_object_set_new(weights, sender_name(outages->whatif->senders[i]), json_real(outages->whatif->mix.weight[i]));
	json_object_set_new(row, "weights", weights);
	json_object_set_new(row, "source", json_string(gettext(outages->whatif->mix.source)));
	return row;
}

static json_t *events_json(const struct outages *outages)
{
	struct outage_event *event = mem_alloc(EVENTS * sizeof(*event));
	size_t n = events_of(outages, event);
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:f, s:o}", "at_s", event[i].at_s, "text", json_msg(&event[i].text)));
	free(event);
	return list;
}

static void put_outage(const struct outage_result *one, void *to)
{
	json_out_put(to, NULL, one_outage(one));
}

void whatif_outage_json(const struct whatif *whatif, struct json_out *out)
{
	struct outages *outages;

	if (!whatif->outage_s) {
		json_out_put(out, "outage", json_null());
		return;
	}
	outages = mem_alloc(sizeof(*outages));
	json_out_open(out, "outage", '{');
	json_out_put(out, "length_s", json_integer((json_int_t)whatif->outage_s));
	json_out_put(out, "starts_s", json_integer((json_int_t)whatif->starts_s));
	json_out_open(out, "senders", '[');
	run_all(outages, whatif, put_outage, out);
	json_out_close(out, ']');
	json_out_put(out, "mix", mix_json(outages));
	json_out_put(out, "events", events_json(outages));
	json_out_close(out, '}');
	release(outages);
}

/* ---- for people ---- */

static void add_duration(struct table *table, double seconds)
{
	if (seconds < 0)
		str_add(table_cell(table), "-");
	else
		text_duration_about(table_cell(table), seconds);
}

/* A range where the sender's own clock decides, and makes more than a tenth of difference. */
static void add_range(struct table *table, double seconds, const double range[2])
{
	struct str *cell;

	if (seconds < 0 || !outage_range_matters(seconds, range)) {
		add_duration(table, seconds);
		return;
	}
	cell = table_cell(table);
	text_duration_about(cell, range[0]);
	str_add(cell, "–");
	text_duration_about(cell, range[1]);
}

/* With a mark where it rests on assumptions. */
static void add_title(struct table *table, const struct sender *sender)
{
	str_addf(table_cell(table), "%s%s", sender_title(sender), sender_sureness_over_time(sender) == SURE_ASSUMED ? " ?" : "");
}

static void add_row(struct table *table, const struct outage_result *r)
{
	if (r->sender)
		add_title(table, r->sender);
	else
		table_add(table, _("the mix"));
	if (r->unknown) {
		for (size_t i = 1; i < COLUMNS; i++)
			table_add(table, i == 1 ? _("unknown") : "-");
		return;
	}
	outcome_share(table_cell(table), r->at_once);
	outcome_share(table_cell(table), r->late);
	add_range(table, r->late > 0 && r->sender ? r->late_median_s : -1, r->late_median_range_s);
	outcome_share(table_cell(table), r->warned);
	outcome_share(table_cell(table), r->returned_at_once + r->returned_late);
	add_duration(table, r->first_return_s);
	add_range(table, r->empty_after_s, r->empty_after_range_s);
}

static void print_table(const struct outages *outages)
{
	static const char *const heads[] = { N_("sender"), N_("first attempt"), N_("late"), N_("late, median"), N_("warned"),
		N_("returned"), N_("first return"), N_("queue empty after") };
	struct table table;

	table_init(&table, COLUMNS, 254u);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		table_add(&table, _(heads[i]));
	for (size_t i = 0; i < outages->n; i++)
		add_row(&table, &outages->result[i]);
	if (outages->sum.n_point)
		add_row(&table, &outages->sum);
	table_print(&table, stdout, "  ");
	if (outages->sum.n_point)
		print(stdout, N_("  the mix: %s"), gettext(outages->whatif->mix.source));
}

/* Connections and delay, where they are known. */
static void add_crowded(struct table *table, const struct stream_result *s, bool any)
{
	if (is_open(s)) {
		table_add(table, _("unknown"));
		table_add(table, _("unknown"));
		return;
	}
	str_addf(table_cell(table), "%.2f", s->connections_mean);
	add_duration(table, any ? s->delay_median_s : -1);
}

/* What a row above takes for granted, or cannot tell. */
static void print_limits(const struct stream_result *s)
{
	if (is_open(s))
		print(stdout, N_("  unknown: more messages come than %s delivers at the same time, so they wait for each other."),
			sender_title(s->sender));
	else if (s->crowded)
		print(stdout,
			N_("  %s: more messages come than it delivers at the same time (at most %u), so they wait for each other and share connections."),
			sender_title(s->sender), s->sender->parallel_max);
	if (s->by_speed)
		print(stdout,
			N_("  %s: it keeps connections open for mail that comes in a row, so a server that is slow to answer gets less. How fast the servers are is not known."),
			sender_title(s->sender));
}

/* "mx1.example.com 50 %, mx2.example.com 50 %" */
static void add_hosts(struct table *table, const struct stream_result *s, bool *any)
{
	struct str *hosts = table_cell(table);

	for (size_t i = 0; i < s->first.n; i++) {
		if (s->first.share[i].share < 0.0005)
			continue;
		str_add(hosts, *any ? ", " : "");
		paint_name(hosts, &s->first.share[i].host);
		if (shares_known(s)) {
			str_add_char(hosts, ' ');
			outcome_share(hosts, s->first.share[i].share);
		}
		*any = true;
	}
	if (!*any)
		str_add(hosts, "-");
}

/* Adds where new mail goes during the outage, by what the sender remembers. */
static void add_stream(const struct outage_result *one, void *to)
{
	const struct stream_result *s = &one->stream;
	struct table *table = to;
	bool any = false;

	if (one->unknown)
		return;
	add_title(table, s->sender);
	add_hosts(table, s, &any);
	outcome_share(table_cell(table), s->first.deferred);
	outcome_share(table_cell(table), s->untried);
	add_crowded(table, s, any);
}

static void begin_streams(struct table *table)
{
	table_init(table, 6, 60u);
	table_add(table, _("sender"));
	table_add(table, _("delivered by"));
	table_add(table, _("waits"));
	table_add(table, _("untried"));
	table_add(table, _("connections"));
	table_add(table, _("delay, median"));
}

static void print_streams(const struct outages *outages, struct table *table)
{
	print(stdout, N_(" New mail while it lasts"));
	table_print(table, stdout, "  ");
	for (size_t i = 0; i < outages->n; i++)
		if (!outages->result[i].unknown)
			print_limits(&outages->result[i].stream);
}

void whatif_outage_print(const struct whatif *whatif)
{
	struct outages *outages;
	struct outage_event *event;
	struct table streams;
	struct str length;
	size_t n;

	if (!whatif->outage_s)
		return;
	outages = mem_alloc(sizeof(*outages));
	event = mem_alloc(EVENTS * sizeof(*event));
	begin_streams(&streams);
	run_all(outages, whatif, add_stream, &streams);
	str_init(&length, 0);
	text_duration(&length, whatif->outage_s);
	print(stdout, N_(" An outage of %s, mail arriving all the while"), length.s);
	str_release(&length);
	print_table(outages);
	print_streams(outages, &streams);
	n = events_of(outages, event);
	for (size_t i = 0; i < n; i++) {
		fputs("  ", stdout);
		print_msg(stdout, &event[i].text);
	}
	free(event);
	release(outages);
}
