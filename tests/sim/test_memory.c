/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sender remembers of an address that failed: whether, from when, until when, and how that grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sim/attempt/attempt.h"

static const struct sender failure = { .memory = MEMORY_FAILURE, .memory_s = 100, .life_s = 1000 },
			   capped = { .memory = MEMORY_FAILURE, .memory_s = 100, .memory_max_s = 60, .life_s = 1000 },
			   square = { .memory = MEMORY_FAILURE,
				   .memory_growth = GROWTH_SQUARE,
				   .memory_s = 100,
				   .memory_max_s = 1000,
				   .life_s = 1000 },
			   silence = { .memory = MEMORY_SILENCE, .memory_s = 100, .life_s = 1000 },
			   none = { .memory = MEMORY_NONE, .memory_s = 100 };

/* Two addresses, the second of which stands twice. */
struct desk {
	size_t slot[3];
	struct memory_entry entry[2];
	struct endpoint endpoint[3];
	struct memory memory;
	struct attempt attempt;
};

static void begin(struct desk *desk, const struct sender *sender, enum sim_state endpoint_state)
{
	*desk = (struct desk){ .slot = { 0, 1, 1 } };
	desk->memory = (struct memory){ .sender = sender, .n = 2, .slot = desk->slot, .entry = desk->entry };
	desk->attempt.endpoint = desk->endpoint;
	desk->attempt.n_endpoint = 3;
	for (size_t i = 0; i < 3; i++)
		desk->endpoint[i] = (struct endpoint){ .state = endpoint_state, .out = OUT_NEXT };
}

static bool fails(struct desk *desk, size_t endpoint, double at_s)
{
	return memory_failed(&desk->memory, &desk->attempt, endpoint, at_s);
}

static void failure__of_the_server__is_remembered(void **state)
{
	static const struct sender *const of[] = { &failure, &silence, &none };
	struct desk desk;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		for (int was = SIM_UP; was < SIM_UNKNOWN; was++) {
			bool server = was > SIM_UP && was <= SIM_CERT_INVALID;

			begin(&desk, of[i], (enum sim_state)was);
			assert_int_equal(fails(&desk, 0, 5), i == 0 ? server : i == 1 ? was == SIM_TIMEOUT : false);
			begin(&desk, of[i], (enum sim_state)was);
			desk.endpoint[0].is_self = true;
			assert_false(fails(&desk, 0, 5));
			begin(&desk, of[i], (enum sim_state)was);
			desk.endpoint[0].out = OUT_OK;
			assert_false(fails(&desk, 0, 5));
			desk.endpoint[0].out = OUT_CLEAR_SAME;
			assert_false(fails(&desk, 0, 5));
			assert_false(desk.entry[0].failed);
		}
}

static void address__is_left_alone__for_its_time(void **state)
{
	struct desk desk;

	(void)state;
	begin(&desk, &failure, SIM_REFUSED);
	assert_false(memory_dead(&desk.memory, 0, 10));
	assert_true(memory_next(&desk.memory, 0) <= 0);
	assert_true(fails(&desk, 2, 10));
	assert_false(memory_dead(&desk.memory, 0, 10));
	assert_false(memory_dead(&desk.memory, 1, 9));
	assert_true(memory_dead(&desk.memory, 1, 10) && memory_dead(&desk.memory, 2, 109));
	assert_false(memory_dead(&desk.memory, 1, 110));
	assert_int_equal(memory_next(&desk.memory, 10), 110);
	assert_int_equal(memory_next(&desk.memory, 110), 0);
	assert_int_equal(memory_opens(&desk.memory, 10), 0); /* the other is not */
	assert_true(fails(&desk, 0, 20));
	assert_int_equal(memory_next(&desk.memory, 20), 110);
	assert_int_equal(memory_opens(&desk.memory, 20), 110);
	assert_int_equal(memory_opens(&desk.memory, 110), 0);
	/* again while it is left alone: from the first moment on, and longer */
	assert_true(fails(&desk, 1, 60));
	assert_true(memory_dead(&desk.memory, 1, 10) && memory_dead(&desk.memory, 1, 159));
	assert_false(memory_dead(&desk.memory, 1, 160));
	/* and after that: from then on */
	assert_true(fails(&desk, 1, 160));
	assert_false(memory_dead(&desk.memory, 1, 159));
	assert_true(memory_dead(&desk.memory, 1, 160) && memory_dead(&desk.memory, 1, 259));
	assert_false(memory_dead(&desk.memory, 1, 260) || memory_expired(&desk.memory));
	begin(&desk, &capped, SIM_REFUSED);
	assert_true(fails(&desk, 0, 10));
	assert_true(memory_dead(&desk.memory, 0, 69));
	assert_false(memory_dead(&desk.memory, 0, 70));
}

static void time__grows__by_the_square(void **state)
{
	static const struct {
		double at_s, until_s;
		unsigned n;
	} rows[] = {
		{ 0, 100, 1 },
		{ 50, 450, 2 }, /* left alone all the same, failed again */
		{ 100, 1000, 3 },
		{ 900, 1900, 4 },  /* 1600, but for the most there is */
		{ 1900, 2900, 4 }, /* one is forgiven when the time is over */
		{ 5000, 6000, 4 },
	};
	struct desk desk;

	(void)state;
	begin(&desk, &square, SIM_REFUSED);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(fails(&desk, 0, rows[i].at_s));
		assert_int_equal(desk.entry[0].until_s, rows[i].until_s);
		assert_int_equal(desk.entry[0].n, rows[i].n);
	}
}

/* By the retry schedule and the age of the first failure; expired, when that is as old as a message may be. */
static void time__grows__by_the_schedule(void **state)
{
	static const struct sender schedule = { .memory = MEMORY_FAILURE,
		.memory_growth = GROWTH_RETRY,
		.retry = RETRY_SQUARE,
		.retry_min_s = 10,
		.memory_s = 7,
		.life_s = 1000 };
	static const struct {
		double at_s, until_s;
	} rows[] = { { 5, 15 }, { 15, 45 }, { 50, 95 } };
	struct desk desk;

	(void)state;
	begin(&desk, &schedule, SIM_REFUSED);
	for (size_t i = 0; i < 3; i++) {
		assert_true(fails(&desk, 0, rows[i].at_s));
		assert_int_equal(desk.entry[0].until_s, rows[i].until_s);
		assert_false(desk.entry[0].expired);
	}
	desk.entry[0].n = 100;
	assert_true(fails(&desk, 0, 1004));
	assert_false(desk.entry[0].expired);
	assert_true(fails(&desk, 0, 1005));
	assert_true(desk.entry[0].expired);
}

/* Of messages side by side: one that waited for a silent address is told before one that was refused meanwhile. */
static void first_failure__is_the_earliest__in_whatever_order_they_are_told(void **state)
{
	static const struct sender schedule = {
		.memory = MEMORY_FAILURE, .memory_growth = GROWTH_RETRY, .retry = RETRY_SQUARE, .retry_min_s = 10, .life_s = 1000
	};
	struct desk desk;

	(void)state;
	begin(&desk, &schedule, SIM_TIMEOUT);
	assert_true(fails(&desk, 0, 300));
	assert_int_equal(desk.entry[0].first_s, 300);
	assert_true(fails(&desk, 0, 2));
	assert_int_equal(desk.entry[0].first_s, 2);
	assert_int_equal(desk.entry[0].until_s, 42);
	assert_true(fails(&desk, 0, 302));
	assert_int_equal(desk.entry[0].first_s, 2);
}

/* notqmail: two timeouts at least two minutes apart. */
static void silence__counts__when_it_comes_twice(void **state)
{
	struct desk desk;

	(void)state;
	begin(&desk, &silence, SIM_TIMEOUT);
	assert_true(fails(&desk, 0, 10));
	assert_false(memory_dead(&desk.memory, 0, 10));
	assert_true(fails(&desk, 0, 129));
	assert_false(memory_dead(&desk.memory, 0, 129));
	assert_true(fails(&desk, 0, 130));
	assert_true(memory_dead(&desk.memory, 0, 130) && memory_dead(&desk.memory, 0, 229));
	assert_false(memory_dead(&desk.memory, 0, 230));
}

static void memory__is_expired__when_all_are(void **state)
{
	struct desk desk;

	(void)state;
	begin(&desk, &failure, SIM_REFUSED);
	assert_false(memory_expired(&desk.memory));
	desk.entry[0].expired = true;
	assert_false(memory_expired(&desk.memory));
	desk.entry[1].expired = true;
	assert_true(memory_expired(&desk.memory));
	desk.memory.n = 0;
	assert_false(memory_expired(&desk.memory));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failure__of_the_server__is_remembered),
		cmocka_unit_test(address__is_left_alone__for_its_time),
		cmocka_unit_test(time__grows__by_the_square),
		cmocka_unit_test(time__grows__by_the_schedule),
		cmocka_unit_test(first_failure__is_the_earliest__in_whatever_order_they_are_told),
		cmocka_unit_test(silence__counts__when_it_comes_twice),
		cmocka_unit_test(memory__is_expired__when_all_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
