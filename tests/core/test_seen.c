/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/seen.h"

#define APART_MS 10000

/* '+' a match, '-' another answer, each one `step` after the one before. */
static struct seen after(const char *answers, uint64_t step_ms)
{
	struct seen seen = { 0 };
	struct seen_clock now = { .ms = 5000, .at = 1000 };

	for (; *answers; answers++) {
		seen_answer(&seen, *answers == '+', &now, APART_MS);
		now.ms += step_ms;
		now.at += (int64_t)(step_ms / 1000);
	}
	return seen;
}

static void seen__counts__answers_that_lie_apart(void **state)
{
	static const struct {
		const char *answers;
		uint64_t step_ms;
		unsigned times;
		bool enough;
		int64_t since;
	} cases[] = {
		{ "", 10000, 0, false, 0 }, { "+", 10000, 1, false, 1000 }, { "++", 10000, 2, true, 1000 }, { "++", 9999, 1, false, 1000 },
		{ "+++", 5000, 2, true, 1000 }, { "++++", 5000, 2, true, 1000 }, { "+++++", 5000, 3, true, 1000 },
		{ "-++", 10000, 2, true, 1010 }, { "+-", 10000, 0, false, 0 }, { "+-+", 10000, 1, false, 1020 }, /* a flap starts over */
		{ "+-++", 10000, 2, true, 1020 }, { "++-", 10000, 0, false, 0 }, /* and still does at the end */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = after(cases[i].answers, cases[i].step_ms);

		assert_int_equal(seen.times, cases[i].times);
		assert_int_equal(seen_is_enough(&seen), cases[i].enough);
		assert_int_equal(seen.since, cases[i].since);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen__counts__answers_that_lie_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
