/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every sender does with many sets, number by number and word by word: tests/golden/sim/worlds has a world a line and below it
 * what comes of it. "== records | marks": attempts, the trace, an outage and the single failures; "-- ": the first attempts alone;
 * ">> records | draft | TTL": the cut-over. "senders" has all their values, rules and schedules. With MXLADDER_GOLDEN in the
 * environment the files are written anew; look at the difference before it is committed.
 */
#include "move.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/attempt/why.h"
#include "sim/matrix/matrix.h"
#include "sim/outage/outage.h"

#define LINE 4096
#define NONE 0.00005

static void add_outcome(struct str *out, const struct sim_outcome *outcome)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

	for (size_t i = 0; i < outcome->n; i++) {
		const struct sim_share *share = &outcome->share[i];

		if (share->share < NONE)
			continue;
		str_addf(out, " %s@%u %.3f", dname_show(&share->host, host), (unsigned)share->preference, share->share);
		for (size_t k = 0; share->n_addr > 1 && k < share->n_addr; k++)
			str_addf(out, " [%s %.3f]", addr_text(&share->addr[k].addr, addr), share->addr[k].share);
	}
	str_addf(out, " w %.3f b %.3f ? %.3f", outcome->deferred, outcome->bounced, outcome->unknown);
}

static void add_steps(struct str *out, const struct sim_result *r)
{
	char host[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

	for (size_t i = 0; i < r->n_step && i < 12; i++) {
		const struct sim_step *step = &r->step[i];

		str_addf(out, "    %.0f %s %s %s: ", step->at_s, step->host.len ? dname_show(&step->host, host) : "-",
			step->addr.family ? addr_text(&step->addr, addr) : "-", step->code ? step->code : "-");
		msg_format(&step->result, NULL, out);
		str_addf(out, " (%s; %s; %s)\n", step->rule ? step->rule : "-", step->source ? step->source : "-",
			sender_sure_name(step->sure));
	}
}

static void add_attempts(struct str *out, const struct world *world, const struct sender *sender, bool whole)
{
	struct sim_result r = { 0 };

	failover_run(&world->in, sender, &r);
	str_addf(out, "  %s:", sender->name);
	add_outcome(out, &r.first);
	str_addf(out, " | %.3f of %u%s\n", r.connections_mean, r.connections_max, r.exact ? "" : " sampled");
	if (whole) {
		str_add(out, "   end:");
		add_outcome(out, &r.final);
		str_addf(out, " | %.0f %.0f %.0f %.0f\n", r.delay_min_s, r.delay_median_s, r.delay_p95_s, r.delay_max_s);
		add_steps(out, &r);
	}
	sim_result_release(&r);
}

static void add_outage(struct str *out, const struct world *world, const struct sender *sender)
{
	struct outage_input input = { .in = &world->in, .length_s = 3 * 3600, .starts_s = 9 * 3600 };
	const struct outage_result *results[1];
	struct outage_event event[8];
	struct outage_result r = { 0 };
	size_t n;

	for (size_t h = 0; h < 24; h++)
		input.per_hour[h] = h == 10 ? 120 : 240;
	outage_run(&input, sender, &r);
	results[0] = &r;
	if (r.unknown) {
		str_add(out, "   outage: unknown\n");
		return;
	}
	str_addf(out, "   outage: %.2f %.3f %.3f %.3f %.3f %.3f %.3f | %.0f %.0f %.0f, %.0f | %.0f %.0f |", r.messages, r.at_once, r.late,
		r.warned, r.returned_at_once, r.returned_late, r.queued_at_end, r.late_median_s, r.late_p95_s, r.late_max_s,
		r.empty_after_s, r.first_return_s, r.first_warning_s);
	add_outcome(out, &r.stream.first);
	str_addf(out, " | %.3f %.2f %.0f %.0f %.0f %.0f\n", r.stream.untried, r.stream.connections_mean, r.stream.delay_median_s,
		r.stream.delay_p95_s, r.stream.opens_s, r.stream.used_again_s);
	for (size_t i = 0; i < r.n_point; i += 120)
		str_addf(out, "    %.0f %.1f %.1f %.1f %.1f\n", r.point[i].t_s, r.point[i].arrived, r.point[i].delivered,
			r.point[i].returned, r.point[i].warned);
	n = outage_events(results, 1, event, 8);
	for (size_t i = 0; i < n; i++) {
		str_addf(out, "    %.0f ", event[i].at_s);
		msg_format(&event[i].text, NULL, out);
		str_add(out, "\n");
	}
	outage_result_release(&r);
}

static void add_matrix(struct str *out, const struct world *world)
{
	struct matrix_cut cut[6];
	struct matrix matrix;
	size_t n;

	matrix_init(&matrix, &world->in, sender_find("postfix"), 1);
	while (matrix_step(&matrix, 100))
		;
	for (size_t i = 0; i < matrix.n_row; i++) {
		const struct matrix_row *row = matrix_at(&matrix, i);

		str_add(out, "  - ");
		matrix_text(&matrix, row->failure, row->n, out);
		str_addf(out, ": %.3f %.3f %.3f %.3f %.3f%s\n", row->now, row->late, row->bounced, row->lost, row->unknown,
			row->repeats ? " as another" : "");
	}
	n = matrix_cutsets(&matrix, cut, 6);
	for (size_t i = 0; i < n; i++) {
		struct cut_words words;

		matrix_cutset_words(&matrix, &cut[i], &words);
		str_add(out, "  * ");
		msg_format(&words.why, NULL, out);
		str_addf(out, " %.3f\n", words.unknown);
	}
	matrix_release(&matrix);
}

static void add_world(struct str *out, char *records, char *marks, bool whole)
{
	struct world world;

	world_init_records(&world, records);
	world_zone(&world, "example.com", "ns1.example.com ns2.example.net");
	for (char *mark = strtok(marks, ";"); mark; mark = strtok(NULL, ";"))
		world_mark(&world, mark);
	for (size_t i = 0; senders[i]; i++) {
		add_attempts(out, &world, senders[i], whole);
		if (whole)
			add_outage(out, &world, senders[i]);
	}
	if (whole)
		add_matrix(out, &world);
	world_release(&world);
}

static void add_msgs(struct str *out, const char *before, const struct msg *msg, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!msg[i].id)
			continue;
		str_add(out, before);
		msg_format(&msg[i], NULL, out);
		str_add(out, "\n");
	}
}

static void add_plan(struct str *out, const char *name, const struct cutover_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++) {
		str_addf(out, "  %s %s %+ld %u ", name, cutover_step_name(plan->step[i].kind), (long)(plan->step[i].at - NOW),
			(unsigned)plan->step[i].ttl_s);
		msg_format(&plan->step[i].text, NULL, out);
		str_add(out, "\n");
	}
}

static void add_move(struct str *out, const char *live, const char *draft, uint32_t ttl_s)
{
	char name[DNAME_TEXT_MAX];
	struct move move;
	const struct cutover *r = &move.result;

	move_begin(&move, live, draft, ttl_s);
	move_run(&move);
	str_addf(out, "  %s hold %u%s%s drained %+ld tail %+ld off %+ld\n", cutover_kind_name(r->kind), (unsigned)r->hold_s,
		r->negative ? " negative" : "", r->hold_assumed ? " assumed" : "", (long)(r->drained_at - NOW), (long)(r->tail_at - NOW),
		r->off_at ? (long)(r->off_at - NOW) : 0L);
	str_addf(out, "  %.3f %.3f %.3f %.3f %.3f ? %.3f %.3f\n", r->to_old, r->lost, r->waits, r->nameless, r->fails, r->unknown,
		r->unknown_off);
	for (size_t i = 0; i < r->n_host; i++)
		str_addf(out, "  host %s %s %.3f %+ld\n", dname_show(&r->host[i].host, name), cutover_off_name(r->host[i].off),
			r->host[i].share, r->host[i].off_at ? (long)(r->host[i].off_at - NOW) : 0L);
	for (size_t i = 0; i < r->n_sender; i++) {
		const struct cutover_sender *s = &r->sender[i];

		str_addf(out, "  %s %.3f: %.3f %.3f %.3f %.3f %.3f ? %.3f %.3f\n", s->sender->name, s->weight, s->to_old, s->bounced,
			s->waits, s->for_ever, s->nameless, s->unknown, s->unknown_off);
	}
	for (size_t i = 0; i < r->n_point; i += 12)
		str_addf(out, "  at %.0f: %.3f %.3f %.3f %.3f %.3f\n", r->point[i].t_s, r->point[i].old, r->point[i].to_old,
			r->point[i].lost, r->point[i].waits, r->point[i].planned);
	add_plan(out, "direct", &r->direct);
	add_plan(out, "staged", &r->staged);
	add_msgs(out, "  none: ", &r->no_stages, 1);
	add_msgs(out, "  gain: ", &r->gain, 1);
	add_msgs(out, "  warning: ", r->warning, r->n_warning);
	add_msgs(out, "  basis: ", r->basis, r->n_basis);
	move_end(&move);
}

static void add_line(struct str *out, const char *line)
{
	char copy[LINE], *second, *third;

	str_add(out, line);
	assert_true(strlen(line) < sizeof copy);
	memcpy(copy, line, strlen(line) + 1);
	copy[strcspn(copy, "\n")] = '\0';
	second = strstr(copy, " | ");
	assert_non_null(second);
	*second = '\0';
	second += 3;
	third = strstr(second, " | ");
	if (line[0] == '>') {
		assert_non_null(third);
		*third = '\0';
		add_move(out, copy + 3, second, (uint32_t)strtoul(third + 3, NULL, 10));
	} else {
		add_world(out, copy + 3, second, line[0] == '=');
	}
}

static const char *path_of(char path[512], const char *name)
{
	const char *top = getenv("top_srcdir");

	snprintf(path, 512, "%s/tests/golden/sim/%s", top ? top : ".", name);
	return path;
}

static void keep(const char *name, const struct str *seen)
{
	char path[512];
	FILE *file = fopen(path_of(path, name), "w");

	assert_non_null(file);
	fputs(seen->s, file);
	fclose(file);
}

/* The first line that differs is told: the whole would be too long. */
static void compare(const struct str *seen, const struct str *wanted)
{
	size_t at = 0, from = 0;

	for (; seen->s[at] && seen->s[at] == wanted->s[at]; at++)
		from = seen->s[at] == '\n' ? at + 1 : from;
	if (seen->s[at] != wanted->s[at])
		fail_msg("seen: %.*s\nwanted: %.*s", (int)strcspn(seen->s + from, "\n"), seen->s + from,
			(int)strcspn(wanted->s + from, "\n"), wanted->s + from);
}

static void worlds__come_out__as_they_did(void **state)
{
	char path[512], line[LINE];
	struct str seen, wanted;
	FILE *file = fopen(path_of(path, "worlds"), "r");

	(void)state;
	assert_non_null(file);
	str_init(&seen, 0);
	str_init(&wanted, 0);
	while (fgets(line, sizeof line, file)) {
		str_add(&wanted, line);
		if (strncmp(line, "== ", 3) == 0 || strncmp(line, "-- ", 3) == 0 || strncmp(line, ">> ", 3) == 0)
			add_line(&seen, line);
	}
	fclose(file);
	if (getenv("MXLADDER_GOLDEN"))
		keep("worlds", &seen);
	else
		compare(&seen, &wanted);
	str_release(&seen);
	str_release(&wanted);
}

static void add_sender(struct str *out, const struct sender *sender)
{
	struct why_row why[WHY_ROWS];
	size_t n = why_sender(sender, why);
	uint64_t at_s = 0, after_s = 0;

	str_addf(out, "%s \"%s\" %s %s %.3f\n", sender->name, sender->title, sender_sure_name(sender_sureness(sender)),
		sender_sure_name(sender_sureness_over_time(sender)), sender->common);
	for (size_t i = 0; i < SENDER_GROUPS; i++)
		str_addf(out, "  %s: %s, %s\n", why_group_title((enum sender_group)i), sender->source[i].text,
			sender_sure_label(sender->source[i].sure));
	for (size_t i = 0; i < sender_field_count(); i++) {
		struct sender_field field = sender_field_at(i);

		str_addf(out, "  %s = ", field.name);
		sender_field_text(sender, i, out);
		str_addf(out, " (%s) %s %d\n", field.values, field.help, (int)field.group);
	}
	for (size_t i = 0; i < n; i++) {
		str_addf(out, "  %d %d ", (int)why[i].group, (int)why[i].state);
		msg_format(&why[i].text, NULL, out);
		str_add(out, "\n");
	}
	for (unsigned k = 1; k < 16; k++) {
		at_s = sender_attempt_s(sender, k, at_s);
		after_s = sender_attempt_after(sender, k, after_s, 130);
		str_addf(out, "  attempt %u: %llu %llu\n", k, (unsigned long long)at_s, (unsigned long long)after_s);
	}
}

static void senders__are__as_they_were(void **state)
{
	static char wanted[1 << 17];
	char path[512];
	struct str seen, old;
	FILE *file;

	(void)state;
	str_init(&seen, 0);
	for (size_t i = 0; senders[i]; i++)
		add_sender(&seen, senders[i]);
	if (getenv("MXLADDER_GOLDEN")) {
		keep("senders", &seen);
	} else {
		file = fopen(path_of(path, "senders"), "r");
		assert_non_null(file);
		wanted[fread(wanted, 1, sizeof wanted - 1, file)] = '\0';
		fclose(file);
		str_init(&old, 0);
		str_add(&old, wanted);
		compare(&seen, &old);
		str_release(&old);
	}
	str_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(senders__are__as_they_were),
		cmocka_unit_test(worlds__come_out__as_they_did),
	};

	return cmocka_run_group_tests_name("worlds", tests, NULL, NULL);
}
