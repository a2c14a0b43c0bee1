/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "sim/sender/mix.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-12;
}

static double weight(const struct mix *mix, const char *name)
{
	for (size_t i = 0; senders[i]; i++) {
		if (strcmp(senders[i]->name, name) == 0)
			return mix->weight[i];
	}
	return -1;
}

static void mix_standard__follows_its_sources(void **state)
{
	struct mix mix;
	double sum = 0;

	(void)state;
	mix_standard(&mix, senders);
	for (size_t i = 0; i < MIX_SENDERS; i++)
		sum += mix.weight[i];
	assert_true(near(sum, 1));
	assert_true(near(weight(&mix, "gmail"), 0.285));
	assert_true(near(weight(&mix, "exchange-online"), 0.108));
	assert_true(near(weight(&mix, "exim") / weight(&mix, "postfix"), 55.73 / 37.70));
	assert_true(near(weight(&mix, "rfc5321"), 0));
	assert_non_null(mix.source);
}

static void mix_scale__refuses_nothing_at_all(void **state)
{
	struct mix mix = { 0 };

	(void)state;
	assert_false(mix_scale(&mix));
	mix.weight[3] = 7;
	assert_true(mix_scale(&mix));
	assert_true(near(mix.weight[3], 1));
}

static void traffic_parse__takes_one_or_24(void **state)
{
	static const struct {
		const char *text;
		double first, last;
	} good[] = {
		{ "60", 60, 60 },
		{ " 0.5 ", 0.5, 0.5 },
		{ "12.25", 12.25, 12.25 },
		{ "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24", 1, 24 },
		{ "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24\0,", 1, 24 }, /* nothing behind its end is read */
		{ "0, 0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0, 9 ", 0, 9 },
	};
	static const char *const bad[] = {
		"",
		"0",
		"-1",
		"1,2",
		"1 2",
		"1,",
		",1",
		"x",
		"1e3",
		"0x10",
		"nan",
		"inf",
		"99999999999999999999",
		".5",
		"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25",
		"1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,",
		"0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0",
	};
	double per_hour[24];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(traffic_parse(good[i].text, per_hour));
		assert_true(near(per_hour[0], good[i].first));
		assert_true(near(per_hour[23], good[i].last));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(traffic_parse(bad[i], per_hour));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mix_standard__follows_its_sources),
		cmocka_unit_test(mix_scale__refuses_nothing_at_all),
		cmocka_unit_test(traffic_parse__takes_one_or_24),
	};

	return cmocka_run_group_tests_name("mix", tests, NULL, NULL);
}
