/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests/golden/sim/worlds leaves out, figure by figure: tests/golden/sim/figures has a scene a line ("== what | records |
 * marks | senders"), and below it all that is told: ranges, points of time, streams of mail, pairs of failures, drafts, senders that
 * no program is ("exim,parallel=1"). With MXLADDER_GOLDEN in the environment it is written anew.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "sim/attempt/stream.h"
#include "sim/matrix/matrix.h"
#include "sim/outage/outage.h"
#include "world.h"

#define LINE 4000
#define PARTS 5

/* What rounding leaves is nothing. */
static void add_number(struct str *out, const char *name, double value)
{
	str_addf(out, "%s%s %.6g", *name == '\n' ? "" : " ", name, fabs(value) < 1e-9 ? 0 : value);
}

static void add_msg(struct str *out, const struct msg *msg)
{
	str_add(out, "\n   ");
	msg_format(msg, NULL, out);
}

static void add_outcome(struct str *out, const char *name, const struct sim_outcome *outcome)
{
	str_addf(out, "\n %s:", name);
	for (size_t i = 0; i < outcome->n; i++) {
		char text[DNAME_TEXT_MAX];

		dname_text(&outcome->share[i].host, text);
		str_addf(out, " %u", outcome->share[i].preference);
		add_number(out, text, outcome->share[i].share);
		for (size_t j = 0; j < outcome->share[i].n_addr; j++) {
			char addr[ADDR_TEXT_MAX];

			addr_text(&outcome->share[i].addr[j].addr, addr);
			add_number(out, addr, outcome->share[i].addr[j].share);
		}
	}
	add_number(out, "deferred", outcome->deferred);
	add_number(out, "bounced", outcome->bounced);
	add_number(out, "unknown", outcome->unknown);
}

static void add_steps(struct str *out, const struct sim_result *result)
{
	for (size_t i = 0; i < result->n_step; i++) {
		const struct sim_step *step = &result->step[i];
		char host[DNAME_TEXT_MAX] = "-", addr[ADDR_TEXT_MAX] = "-";

		if (i > 9 && i + 2 < result->n_step)
			continue;
		if (step->host.len)
			dname_text(&step->host, host);
		if (step->addr.family)
			addr_text(&step->addr, addr);
		str_addf(out, "\n  %.0f %s %s %s %s: ", step->at_s, host, addr, step->code, sender_sure_name(step->sure));
		msg_format(&step->result, NULL, out);
		str_addf(out, " (%s; %s)", step->rule, step->source);
	}
}

static void tell_attempt(struct str *out, const struct sim_input *in, const struct sender *sender)
{
	struct sim_result result = { 0 };

	failover_run(in, sender, &result);
	add_outcome(out, "first", &result.first);
	add_outcome(out, "final", &result.final);
	add_number(out, "\n connections", result.connections_mean);
	add_number(out, "most", result.connections_max);
	add_number(out, "delay", result.delay_min_s);
	add_number(out, "median", result.delay_median_s);
	add_number(out, "p95", result.delay_p95_s);
	add_number(out, "max", result.delay_max_s);
	add_number(out, "gives up", (double)result.gives_up_after_s);
	str_addf(out, " %s", result.exact ? "exact" : "sampled");
	add_number(out, "samples", (double)result.samples);
	add_number(out, "error", result.stderr_share);
	add_number(out, "steps", (double)result.n_step);
	add_steps(out, &result);
	sim_result_release(&result);
}

static void add_stream(struct str *out, const struct stream_result *stream)
{
	add_outcome(out, "new mail", &stream->first);
	str_addf(out, "\n %s %s %s %s", stream->remembered ? "remembered" : "-", stream->crowded ? "crowded" : "-",
		stream->crowd_known ? "crowd known" : "-", stream->by_speed ? "by speed" : "-");
	add_number(out, "untried", stream->untried);
	add_number(out, "connections", stream->connections_mean);
	add_number(out, "median", stream->delay_median_s);
	add_number(out, "p95", stream->delay_p95_s);
	add_number(out, "max", stream->delay_max_s);
	add_number(out, "opens", stream->opens_s);
	add_number(out, "expires", stream->expires_s);
	add_number(out, "used again", stream->used_again_s);
}

static void add_points(struct str *out, const struct outage_result *result)
{
	for (size_t i = 0; i < result->n_point; i++) {
		const struct outage_point *point = &result->point[i];

		if (i % 30 != 29)
			continue;
		add_number(out, "\n  at", point->t_s);
		add_number(out, "arrived", point->arrived);
		add_number(out, "delivered", point->delivered);
		add_number(out, "returned", point->returned);
		add_number(out, "warned", point->warned);
	}
}

static void add_outage(struct str *out, const struct outage_result *result)
{
	str_addf(out, "\n %s", result->unknown ? "unknown" : "known");
	add_number(out, "length", result->length_s);
	add_number(out, "messages", result->messages);
	add_number(out, "at once", result->at_once);
	add_number(out, "late", result->late);
	add_number(out, "warned", result->warned);
	add_number(out, "returned at once", result->returned_at_once);
	add_number(out, "returned late", result->returned_late);
	add_number(out, "queued", result->queued_at_end);
	add_number(out, "median", result->late_median_s);
	add_number(out, "p95", result->late_p95_s);
	add_number(out, "max", result->late_max_s);
	add_number(out, "empty", result->empty_after_s);
	add_number(out, "median from", result->late_median_range_s[0]);
	add_number(out, "to", result->late_median_range_s[1]);
	add_number(out, "empty from", result->empty_after_range_s[0]);
	add_number(out, "to", result->empty_after_range_s[1]);
	add_number(out, "first return", result->first_return_s);
	add_number(out, "first warning", result->first_warning_s);
	add_number(out, "events", (double)result->events);
	for (size_t i = 0; i < result->n_phase; i++) {
		add_number(out, "\n  look", result->phase[i].look_s);
		add_number(out, "median", result->phase[i].late_median_s);
		add_number(out, "empty", result->phase[i].empty_after_s);
	}
	add_points(out, result);
}

/* Where mail goes, in a line. */
static void tell_shares(struct str *out, const struct sim_input *in, const struct sender *sender)
{
	struct sim_result result = { 0 };
	struct sim_input quick = *in;

	quick.no_trace = true;
	failover_run(&quick, sender, &result);
	for (size_t i = 0; i < result.first.n; i++) {
		str_addf(out, " %.4g", result.first.share[i].share);
		for (size_t k = 0; k < result.first.share[i].n_addr; k++)
			str_addf(out, "%s%.4g", k ? "," : ":", result.first.share[i].addr[k].share);
	}
	str_addf(out, " w %.4g/%.4g b %.4g/%.4g ? %.4g/%.4g", result.first.deferred, result.final.deferred, result.first.bounced,
		result.final.bounced, result.first.unknown, result.final.unknown);
	str_addf(out, " %.4g of %u, %.0f %.0f %.0f %.0f, %lu %.4g", result.connections_mean, result.connections_max, result.delay_min_s,
		result.delay_median_s, result.delay_p95_s, result.delay_max_s, result.samples, result.stderr_share);
	sim_result_release(&result);
}

/* "outage 7200": a message a second; "outage 7200 43200 10": from noon on, ten an hour, twice as many in each odd hour. */
static void tell_outage(struct str *out, const char *what, const struct sim_input *in, const struct sender *sender)
{
	struct outage_input input = { .in = in };
	static struct outage_result result, sum;
	const struct outage_result *results[] = { &result };
	struct outage_event event[8];
	unsigned length = 0, starts = 0, rate = 0;
	size_t n;

	assert_true(sscanf(what, "%*s %u %u %u", &length, &starts, &rate) >= 1);
	input.length_s = length;
	input.starts_s = starts;
	for (unsigned i = 0; i < 24; i++)
		input.per_hour[i] = rate * (1 + i % 2);
	input.horizon_s = strstr(what, "horizon") || rate ? outage_horizon_s(length) : 0;
	outage_run(&input, sender, &result);
	add_outage(out, &result);
	add_stream(out, &result.stream);
	n = outage_events(results, 1, event, 8);
	for (size_t i = 0; i < n; i++) {
		add_number(out, "\n  event", event[i].at_s);
		add_msg(out, &event[i].text);
	}
	if (rate) {
		outage_add(&sum, &result, 0);
		outage_add(&sum, &result, 0.25);
		outage_add(&sum, &result, 0.5);
		add_outage(out, &sum);
	}
	outage_result_release(&sum);
	outage_result_release(&result);
}

/* "stream 600 10" or "stream 600 0.01": so long, so many a second. */
static void tell_stream(struct str *out, const char *what, const struct sim_input *in, const struct sender *sender)
{
	struct stream_result result = { 0 };
	unsigned length = 0;
	double rate = 0;

	assert_int_equal(sscanf(what, "%*s %u %lf", &length, &rate), 2);
	stream_run(in, sender, length, rate, &result);
	add_stream(out, &result);
	stream_result_release(&result);
}

static void add_row(struct str *out, const struct matrix *matrix, const struct matrix_row *row)
{
	str_add(out, "\n  ");
	matrix_text(matrix, row->failure, row->n, out);
	str_addf(out, "%s%s:", row->no_worse ? " no-worse" : "", row->repeats ? " repeats" : "");
	add_number(out, "now", row->now);
	add_number(out, "late", row->late);
	add_number(out, "bounced", row->bounced);
	add_number(out, "lost", row->lost);
	add_number(out, "unknown", row->unknown);
	for (unsigned ignore = IGNORE_V4; ignore <= IGNORE_OWN_SERVERS; ignore *= 2)
		str_add(out, matrix_ignored(matrix, row, ignore) ? " i" : " -");
}

static void add_cuts(struct str *out, const struct matrix *matrix)
{
	struct matrix_cut cut[12];
	size_t n = matrix_cutsets(matrix, cut, 12), all, gone = matrix_gone(matrix, &all);

	str_addf(out, "\n %zu of %zu gone%s, %zu cuts", gone, all, matrix_stopped(matrix) ? ", stopped" : "", n);
	for (size_t i = 0; i < n; i++) {
		struct cut_words words;

		str_add(out, "\n  ");
		matrix_text(matrix, cut[i].failure, cut[i].n, out);
		matrix_cutset_words(matrix, &cut[i], &words);
		add_msg(out, &words.why);
		add_number(out, "unknown", words.unknown);
		if (words.rest.id)
			add_msg(out, &words.rest);
	}
}

static void tell_matrix(struct str *out, const char *what, const struct sim_input *in, const struct sender *sender)
{
	size_t repeats = 0, no_worse = 0;
	struct matrix matrix;
	double sum = 0;

	if (strstr(what, "begin"))
		matrix_begin(&matrix, in, sender, strstr(what, "pairs") ? 2 : 1);
	else
		matrix_init(&matrix, in, sender, strstr(what, "pairs") ? 2 : 1);
	str_add(out, matrix_ready(&matrix) ? " ready" : " not ready");
	while (matrix_step(&matrix, 7))
		;
	str_addf(out, "\n %zu failures, %zu rows of %zu, %zu run", matrix.n_failure, matrix.n_row, matrix_total(&matrix), matrix.n_run);
	add_number(out, "unknown", matrix.unknown);
	for (size_t i = 0; i < matrix.n_row; i++) {
		const struct matrix_row *row = matrix_at(&matrix, i);

		sum += (double)(i + 1) * (row->now + 2 * row->late + 3 * row->bounced + 4 * row->lost + 5 * row->unknown);
		repeats += row->repeats;
		no_worse += row->no_worse;
		if (i < 20 || i % 25 == 0)
			add_row(out, &matrix, row);
	}
	str_addf(out, "\n %zu repeat, %zu no worse", repeats, no_worse);
	add_number(out, "sum", sum);
	add_cuts(out, &matrix);
	matrix_release(&matrix);
}

static size_t cut(char *line, char *part[PARTS])
{
	size_t n = 0;

	for (char *at = line; n < PARTS && at; n++) {
		char *next = strchr(at, '|');

		if (next)
			*next++ = '\0';
		at += strspn(at, " ");
		for (char *end = at + strlen(at); end > at && (end[-1] == ' ' || end[-1] == '\n');)
			*--end = '\0';
		part[n] = at;
		at = next;
	}
	return n;
}

static void tell_one(struct str *out, const char *what, const struct sim_input *in, const struct sender *sender)
{
	if (strncmp(what, "outage", 6) == 0)
		tell_outage(out, what, in, sender);
	else if (strncmp(what, "stream", 6) == 0)
		tell_stream(out, what, in, sender);
	else if (strncmp(what, "matrix", 6) == 0)
		tell_matrix(out, what, in, sender);
	else if (strncmp(what, "shares", 6) == 0)
		tell_shares(out, in, sender);
	else
		tell_attempt(out, in, sender);
	str_add_char(out, '\n');
}

/* "all", or names, each maybe with fields: "exim,parallel=1,kept_idle=5s". */
static void tell(struct str *out, const char *what, const struct sim_input *in, char *names)
{
	char *rest = NULL;

	for (size_t s = 0; senders[s] && strcmp(names, "all") == 0; s++) {
		str_add(out, senders[s]->name);
		tell_one(out, what, in, senders[s]);
	}
	for (char *name = strtok_r(names, " ", &rest); name && strcmp(name, "all") != 0; name = strtok_r(NULL, " ", &rest)) {
		char *fields = NULL, *first;
		struct sender sender;

		str_add(out, name);
		first = strtok_r(name, ",", &fields);
		assert_non_null(sender_find(first));
		sender = *sender_find(first);
		for (char *field = strtok_r(NULL, ",", &fields); field; field = strtok_r(NULL, ",", &fields)) {
			char *value = strchr(field, '=');

			assert_non_null(value);
			*value++ = '\0';
			assert_true(sender_field_set(&sender, field, value, NULL));
		}
		tell_one(out, what, in, &sender);
	}
}

/* The set turned round, with a host first that nobody looked up. */
static void draft_of(struct world *world, struct mxset *draft)
{
	struct mx mx;

	mxset_init(draft);
	mx_set(&mx, 5, "n.example.com");
	mxset_add(draft, &mx);
	for (size_t i = world->facts.live.n; i-- > 0;) {
		mx = world->facts.live.mx[i];
		mx.preference = world->facts.live.mx[world->facts.live.n - 1 - i].preference;
		mxset_add(draft, &mx);
	}
	world->in.set = draft;
	world->in.is_draft = true;
}

/* "a b=timeout zone:example.com": marks; "v4only": what the sender has; "zone=example.net:ns1.example.net" is a zone that was found. */
static void mark_all(struct world *world, char *marks)
{
	char *rest = NULL;

	for (char *one = strtok_r(marks, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
		char *servers = strchr(one, ':');

		if (strncmp(one, "zone=", 5) == 0 && servers) {
			*servers++ = '\0';
			for (char *at = servers; *at; at++)
				*at = *at == ',' ? ' ' : *at;
			world_zone(world, one + 5, servers);
		} else if (strcmp(one, "v4only") == 0 || strcmp(one, "v6only") == 0) {
			world->in.families = one[1] == '4' ? SIM_IPV4 : SIM_IPV6;
		} else {
			world_mark(world, one);
		}
	}
}

static void add_scene(struct str *out, char *line)
{
	char *part[PARTS];

	str_add(out, line);
	assert_int_equal(cut(line, part), 4);
	if (strncmp(part[1], "made", 4) == 0) {
		uint64_t seed = strtoull(part[1] + 4, NULL, 10);
		struct made made;

		made_init(&made, &seed);
		tell(out, part[0] + 3, &made.in, part[3]);
		made_release(&made);
	} else {
		struct mxset draft = { 0 };
		struct world world;

		world_init_records(&world, part[1]);
		mark_all(&world, part[2]);
		if (strstr(part[0], "draft"))
			draft_of(&world, &draft);
		tell(out, part[0] + 3, &world.in, part[3]);
		mxset_release(&draft);
		world_release(&world);
	}
}

/* Line by line, so that what differs can be read. Returns what is left of what is told. */
static const char *same_line(const char *seen, const char *wanted)
{
	size_t n = strcspn(seen, "\n");

	if (strncmp(seen, wanted, n + 1) != 0)
		fail_msg("%.*s\nand not: %s", (int)n, seen, wanted);
	return seen + n + 1;
}

static void compare(FILE *file)
{
	char line[LINE];
	size_t scenes = 0;
	struct str seen;
	const char *at = "";

	str_init(&seen, 0);
	while (fgets(line, sizeof line, file)) {
		char copy[LINE];

		if (strncmp(line, "== ", 3) == 0) {
			assert_string_equal(at, "");
			str_clear(&seen);
			memcpy(copy, line, sizeof copy);
			add_scene(&seen, copy);
			at = seen.s;
			scenes++;
		}
		at = same_line(at, line);
	}
	assert_string_equal(at, "");
	assert_true(scenes > 0);
	str_release(&seen);
}

static void write_anew(const char *path, FILE *file)
{
	char line[LINE];
	struct str seen;

	str_init(&seen, 0);
	while (fgets(line, sizeof line, file)) {
		if (strncmp(line, "== ", 3) == 0)
			add_scene(&seen, line);
	}
	assert_non_null(freopen(path, "w", file));
	fputs(seen.s, file);
	str_release(&seen);
}

static void figures__of_every_scene(void **state)
{
	const char *top = getenv("top_srcdir");
	char path[512];
	FILE *file;

	(void)state;
	snprintf(path, sizeof path, "%s/tests/golden/sim/figures", top ? top : ".");
	file = fopen(path, "r");
	assert_non_null(file);
	if (getenv("MXLADDER_GOLDEN"))
		write_anew(path, file);
	else
		compare(file);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures__of_every_scene),
	};

	return cmocka_run_group_tests_name("figures", tests, NULL, NULL);
}
