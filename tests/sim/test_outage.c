/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "sim/outage/outage.h"
#include "world.h"

#define HOUR 3600u
#define DAY 86400u
#define ONE "@ MX 10 a; a A 192.0.2.1"

static void run(struct outage_result *result, const char *sender, const char *down, uint32_t length_s)
{
	struct world world;
	struct outage_input input = { .in = &world.in, .length_s = length_s };

	world_init_records(&world, ONE);
	world_mark(&world, down);
	outage_run(&input, sender_find(sender), result);
	world_release(&world);
}

static void outage__ends__for_every_sender(void **state)
{
	static const struct {
		const char *sender;
		uint32_t length_s;
		double returned, warned, empties_s;
	} rows[] = {
		/* Exim tries a server that has failed for 16 h each six hours: next at 41.4 h, and warns until then of what has waited for
		 * 24 h; nothing is lost while the outage is shorter than the sender's patience */
		{ "postfix", 36 * HOUR, 0, 0, 4200 },
		{ "sendmail", 36 * HOUR, 0, 32.0 / 36, 600 },
		{ "exim", 36 * HOUR, 0, (41.4 - 24) / 36, 21600 },
		{ "exim", 6 * DAY, 1, 3.1 / 6, 0 },
		{ "exchange-online", 36 * HOUR, 12.0 / 36, 32.0 / 36, 3600 },
		{ "opensmtpd", 6 * DAY, 2.0 / 6, 1 - 4.0 / 144, 24000 },
		{ "qmail", 6 * DAY, 0, 0, 30400 },
		{ "postfix", 10 * DAY, 0.5, 0, 4200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outage_result result = { 0 };

		run(&result, rows[i].sender, "a.example.com", rows[i].length_s);
		/* a sender gives up at an attempt, so within one wait of its schedule */
		assert_true(fabs(result.returned_late + result.returned_at_once - rows[i].returned) < 0.06);
		assert_true(result.at_once < 1e-9 && (result.returned_at_once < 1e-9 || rows[i].returned >= 1));
		assert_true(fabs(result.warned - rows[i].warned) < 0.06);
		assert_true(result.empty_after_s <= rows[i].empties_s && (result.empty_after_s > 0 || rows[i].empties_s <= 0));
		assert_true(fabs(result.late + result.returned_late + result.returned_at_once - 1) < 1e-6);
		assert_int_equal(result.first_return_s >= 0, rows[i].returned > 0);
		outage_result_release(&result);
	}
}

static void outage__counts__what_is_refused(void **state)
{
	struct outage_result result = { 0 };

	(void)state;
	run(&result, "postfix", "a.example.com=rcpt-5xx", HOUR);
	assert_true(fabs(result.returned_at_once - 1) < 1e-9);
	assert_true(result.empty_after_s < 1e-9 && result.queued_at_end < 1e-9);
	run(&result, "postfix", "a.example.com=tls-fail", DAY);
	/* in the clear at the first look at the queue after five minutes */
	assert_true(fabs(result.late - 1) < 1e-6);
	assert_true(result.late_max_s <= 600 && result.late_max_s > 550 && result.queued_at_end < 0.01);
	run(&result, "postfix", "a.example.com=starttls-4xx", DAY);
	assert_true(fabs(result.at_once - 1) < 1e-9);
	outage_result_release(&result);
}

/* Courier leaves a domain alone after a failed attempt, with what the other server would take; Exchange goes on where it
 * remembers that the first of a host's addresses is dead. */
static void outage__counts__what_is_remembered(void **state)
{
	static const struct {
		const char *sender, *down, *records;
		double least, most;
	} rows[] = {
		{ "courier", "a.example.com=greeting-4xx", "@ MX 10 a; @ MX 10 b; a A 192.0.2.1; b A 192.0.2.2", 0.05, 0.4 },
		{ "exchange-online", "2001:db8::1=greeting-5xx", "@ MX 10 a; a A 192.0.2.1; a AAAA 2001:db8::1", 0.7, 0.999 },
		{ "exim", "v4=greeting-4xx", "@ MX 10 a; @ MX 10 b; a A 192.0.2.1; b AAAA 2001:db8::1", 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outage_result result = { 0 };
		struct world world;
		struct outage_input input = { .in = &world.in, .length_s = DAY };
		double taken = 0;

		world_init_records(&world, rows[i].records);
		world_mark(&world, rows[i].down);
		for (size_t h = 0; h < 24; h++)
			input.per_hour[h] = 60;
		outage_run(&input, sender_find(rows[i].sender), &result);
		for (size_t k = 0; k < result.stream.first.n; k++)
			taken += result.stream.first.share[k].share;
		assert_true(fabs(result.at_once - taken) < 1e-6);
		assert_true(taken >= rows[i].least - 1e-9 && taken <= rows[i].most + 1e-9);
		outage_result_release(&result);
		world_release(&world);
	}
}

static void outage__points__add_up(void **state)
{
	(void)state;
	for (size_t s = 0; senders[s]; s++) {
		struct outage_result result = { 0 };
		const struct outage_point *last;

		run(&result, senders[s]->name, "a.example.com=timeout", 2 * DAY);
		last = &result.point[result.n_point - 1];
		assert_true(fabs(last->arrived - 2 * DAY) < 1e-3);
		assert_true(fabs(last->arrived - last->delivered - last->returned) < 1);
		assert_true(fabs(last->late - result.late * result.messages) < 1);
		for (size_t i = 1; i < result.n_point; i++) {
			assert_true(result.point[i].arrived + 1e-6 >= result.point[i].delivered + result.point[i].returned);
			assert_true(result.point[i].arrived >= result.point[i - 1].arrived);
		}
		outage_result_release(&result);
	}
}

static void outage__follows__the_daily_curve(void **state)
{
	struct world world;
	struct outage_input input = { .in = &world.in, .length_s = DAY };
	struct outage_result result = { 0 };

	(void)state;
	world_init_records(&world, ONE);
	world_mark(&world, "a.example.com");
	input.per_hour[9] = 600;
	outage_run(&input, sender_find("postfix"), &result);
	assert_true(fabs(result.messages - 600) < 5);
	input.starts_s = 10 * HOUR;
	input.length_s = HOUR;
	outage_run(&input, sender_find("postfix"), &result);
	assert_true(result.messages < 1e-9);
	outage_result_release(&result);
	world_release(&world);
}

static void outage_add__weighs(void **state)
{
	struct world world;
	struct outage_input input = { .in = &world.in, .length_s = 36 * HOUR, .horizon_s = 60.0 * HOUR };
	struct outage_result postfix = { 0 }, exchange = { 0 }, sum = { 0 };

	(void)state;
	world_init_records(&world, ONE);
	world_mark(&world, "a.example.com");
	outage_run(&input, sender_find("postfix"), &postfix);
	outage_run(&input, sender_find("exchange-online"), &exchange);
	outage_add(&sum, &postfix, 0.25);
	outage_add(&sum, &exchange, 0.75);
	outage_add(&sum, &postfix, 0);
	assert_true(fabs(sum.returned_late - 0.75 * exchange.returned_late) < 1e-9 && sum.returned_late > 0.1);
	assert_true(fabs(sum.first_return_s - exchange.first_return_s) < 1e-9);
	for (size_t i = 0; i < sum.n_point; i++) {
		assert_true(fabs(sum.point[i].t_s - postfix.point[i].t_s) < 1e-9);
		assert_true(fabs(sum.point[i].arrived - postfix.point[i].arrived) < 1e-3);
		assert_true(fabs(sum.point[i].late - 0.25 * postfix.point[i].late - 0.75 * exchange.point[i].late) < 1e-3);
		assert_true(fabs(sum.point[i].returned - 0.75 * exchange.point[i].returned) < 1e-3);
	}
	assert_true(fabs(sum.point[sum.n_point - 1].t_s - 60.0 * HOUR) < 1e-6);
	outage_result_release(&postfix);
	outage_result_release(&exchange);
	outage_result_release(&sum);
	world_release(&world);
}

/* What is not delivered with everything up is not delivered after the end. */
static void outage__goes_on__where_nothing_is_delivered(void **state)
{
	static const char *const records[] = { "@ MX 0 .", "@ MX 10 a" };

	(void)state;
	for (size_t r = 0; r < 2; r++) {
		for (size_t s = 0; senders[s]; s++) {
			struct outage_result result = { 0 };
			struct world world;
			struct outage_input input = { .in = &world.in, .length_s = DAY };

			world_init_records(&world, records[r]);
			outage_run(&input, senders[s], &result);
			assert_true(result.at_once + result.late < 1e-9);
			assert_true(fabs(result.returned_at_once + result.returned_late - 1) < 1e-6);
			world_release(&world);
			outage_result_release(&result);
		}
	}
}

/* A lookup that is not answered yet: nothing is told. */
static void outage__tells_nothing__where_nothing_is_known(void **state)
{
	struct world world;
	struct outage_input input = { .in = &world.in, .length_s = HOUR };
	struct outage_result result = { 0 };

	(void)state;
	world_init_records(&world, ONE);
	world.facts.mx = ANSWER_PENDING;
	world.facts.live.n = 0;
	outage_run(&input, sender_find("postfix"), &result);
	assert_true(result.unknown && result.late + result.at_once + result.messages < 1e-9);
	outage_result_release(&result);
	world_release(&world);
}

/* Whole outages of both servers, measured: one message in 20 s. The programs were started just before the servers were stopped, so
 * it is known when they looked at their queues: Postfix some seconds after each full five minutes, Sendmail (and its runs of ten
 * minutes) one second before. Within a tenth, or one step of the sender's schedule at that age. */
static const struct {
	const char *sender;
	uint32_t length_s;
	bool goes_on; /* mail comes after the end, too */
	size_t phase;
	double median_s, empty_s, step_s;
} measured[] = {
	{ "exim", 300, true, 0, 762, 604, 900 },
	{ "exim", 1200, true, 0, 1211, 604, 900 },
	{ "exim", 2400, true, 0, 1550, 370, 900 },
	{ "exim", 2400, false, 0, 2410, 1220, 900 },
	{ "exim", 10800, true, 0, 6370, 940, 900 },
	{ "postfix", 1200, true, 0, 759, 304, 300 },
	{ "postfix", 2400, true, 0, 1210, 910, 300 },
	{ "sendmail", 1200, true, OUTAGE_PHASES - 1, 1210, 603, 60 },
	{ "opensmtpd", 300, true, 0, 400, 380, 40 },
	{ "opensmtpd", 1200, true, 0, 1600, 1181, 40 },
};

static bool fits(double told, double seen, double step_s)
{
	return fabs(told - seen) <= fmax(seen / 10, step_s);
}

static void outage__agrees__with_whole_outages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof measured / sizeof *measured; i++) {
		struct outage_result r = { 0 };
		struct world world;
		struct outage_input input = { .in = &world.in, .length_s = measured[i].length_s };
		const struct outage_phase *phase = &r.phase[measured[i].phase];

		world_init_records(&world, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2");
		world_mark(&world, "a.example.com");
		world_mark(&world, "b.example.com");
		for (size_t h = 0; h < 24; h++)
			input.per_hour[h] = measured[i].goes_on || h == 0 ? 180 : 0;
		input.starts_s = measured[i].goes_on ? 0 : HOUR - measured[i].length_s;
		outage_run(&input, sender_find(measured[i].sender), &r);
		print_message("# %s %u: median %.0f of %.0f (%.0f-%.0f), measured %.0f; empty %.0f of %.0f (%.0f-%.0f), measured %.0f\n",
			measured[i].sender, measured[i].length_s, phase->late_median_s, r.late_median_s, r.late_median_range_s[0],
			r.late_median_range_s[1], measured[i].median_s, phase->empty_after_s, r.empty_after_s, r.empty_after_range_s[0],
			r.empty_after_range_s[1], measured[i].empty_s);
		assert_true(fabs(r.late - 1) < 1e-6);
		assert_int_equal(r.n_phase, r.sender->retry_grid_s ? OUTAGE_PHASES : 1);
		assert_true(fits(phase->late_median_s, measured[i].median_s, measured[i].step_s));
		assert_true(fits(phase->empty_after_s, measured[i].empty_s, measured[i].step_s));
		for (size_t k = 0; k < r.n_phase; k++) {
			assert_true(r.phase[k].late_median_s >= r.late_median_range_s[0] - 1e-9);
			assert_true(r.phase[k].late_median_s <= r.late_median_range_s[1] + 1e-9);
			assert_true(r.phase[k].empty_after_s >= r.empty_after_range_s[0] - 1e-9);
			assert_true(r.phase[k].empty_after_s <= r.empty_after_range_s[1] + 1e-9);
		}
		outage_result_release(&r);
		world_release(&world);
	}
}

/* An outage as long as a retry time is one case of many: results for neighbours lie beside each other. */
static void outage__does_not_jump__at_round_numbers(void **state)
{
	static const uint32_t round_s[] = { 900, 1800, 2700, 3600, 7200 };

	(void)state;
	for (size_t s = 0; senders[s]; s++) {
		for (size_t i = 0; i < sizeof round_s / sizeof *round_s; i++) {
			struct outage_result r[3] = { { 0 } };
			double step_s = 0;

			for (int k = 0; k < 3; k++)
				run(&r[k], senders[s]->name, "a.example.com", round_s[i] + 60 * (uint32_t)(k - 1));
			/* one more attempt at the most: the wait that follows the outage */
			for (uint64_t n = 1, at_s = 0, to_s; at_s <= round_s[i] + 60; n++, at_s = to_s) {
				to_s = sender_attempt_s(senders[s], (unsigned)n, at_s);
				step_s = (double)(to_s - at_s);
			}
			assert_true(r[1].late_median_s >= fmin(r[0].late_median_s, r[2].late_median_s) - step_s - 61);
			assert_true(r[1].late_median_s <= fmax(r[0].late_median_s, r[2].late_median_s) + step_s + 61);
			for (int k = 0; k < 3; k++)
				outage_result_release(&r[k]);
		}
	}
}

/* Of a mix nothing is known in whole where one of its parts is not; a part of no weight is none. */
static void sum__is_unknown__where_one_is(void **state)
{
	static struct outage_result sum, one;

	(void)state;
	one.unknown = true;
	outage_add(&sum, &one, 0);
	assert_false(sum.unknown);
	outage_add(&sum, &one, 0.5);
	assert_true(sum.unknown);
	assert_int_equal(sum.n_point, 0);
	one.unknown = false;
	outage_add(&sum, &one, 0.5);
	assert_true(sum.unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outage__ends__for_every_sender),
		cmocka_unit_test(outage__agrees__with_whole_outages),
		cmocka_unit_test(outage__does_not_jump__at_round_numbers),
		cmocka_unit_test(outage__counts__what_is_refused),
		cmocka_unit_test(outage__counts__what_is_remembered),
		cmocka_unit_test(outage__points__add_up),
		cmocka_unit_test(outage__follows__the_daily_curve),
		cmocka_unit_test(outage_add__weighs),
		cmocka_unit_test(outage__goes_on__where_nothing_is_delivered),
		cmocka_unit_test(outage__tells_nothing__where_nothing_is_known),
		cmocka_unit_test(sum__is_unknown__where_one_is),
	};

	return cmocka_run_group_tests_name("outage", tests, NULL, NULL);
}
