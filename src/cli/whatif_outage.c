/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An outage over time: for each sender asked for, and summed over the mix when all are. */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "cli/whatif.h"
#include "show/outage.h"
#include "sim/outage/outage.h"
#include "base/banned.h"

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
	return outage_events(results, outages->n, event, outages->n * OUTAGE_EVENTS);
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
							     unless(!stream_shares_known(s), s->first.share[i].share)));
	return json_pack("{s:o, s:f, s:f, s:f, s:{s:o}, s:{s:o, s:o, s:o}, s:f, s:b, s:b}", "hosts", hosts, "deferred", s->first.deferred,
		"bounced", s->first.bounced, "untried", s->untried, "connections", "mean", unless(stream_is_open(s), s->connections_mean),
		"delay_s", "median", unless(stream_is_open(s), s->delay_median_s), "p95", unless(stream_is_open(s), s->delay_p95_s), "max",
		unless(stream_is_open(s), s->delay_max_s), "used_again_after_s", s->used_again_s, "crowded", (int)s->crowded,
		"shares_by_speed", (int)s->by_speed);
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
	struct outage_event *event = mem_alloc((outages->n * OUTAGE_EVENTS + 1) * sizeof(*event));
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

/* Titles stand above what is known. */
static void add_stream(const struct outage_result *one, void *to)
{
	struct document *document = to;

	if (!one->unknown && !document->n)
		outage_stream_titles(document);
	outage_stream_row(one, document);
}

static void add_table(const struct outages *outages, struct document *document)
{
	outage_titles(document);
	for (size_t i = 0; i < outages->n; i++)
		outage_result_row(&outages->result[i], document);
	if (!outages->sum.n_point)
		return;
	outage_result_row(&outages->sum, document);
	outage_mix_document(outages->whatif->mix.source, document);
}

static void add_events(const struct outages *outages, struct document *document)
{
	const struct outage_result *results[MIX_SENDERS];

	for (size_t i = 0; i < outages->n; i++)
		results[i] = &outages->result[i];
	outage_events_told(results, outages->n, document);
}

void whatif_outage_print(const struct whatif *whatif)
{
	static const struct print_form form = { .indent = { 1, 2, 4 } };
	struct document document = print_begin(0), streams = print_begin(0);
	struct outages *outages;
	struct str length;

	if (!whatif->outage_s)
		return;
	outages = mem_alloc(sizeof(*outages));
	run_all(outages, whatif, add_stream, &streams);
	str_init(&length, 0);
	text_duration(&length, whatif->outage_s);
	str_addf(document_heading(&document), _("An outage of %s, mail arriving all the while"), length.s);
	str_release(&length);
	document.depth++;
	add_table(outages, &document);
	document.depth--;
	print_document_as(&document, stdout, &form);
	for (size_t i = 0; i < outages->n; i++)
		if (!outages->result[i].unknown)
			outage_stream_limits(&outages->result[i].stream, &streams);
	add_events(outages, &streams);
	print_document_as(&streams, stdout, &form);
	release(outages);
}
