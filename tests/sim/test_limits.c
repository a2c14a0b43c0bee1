/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an attempt ends though servers are left, in sets of many. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>

#include "world.h"

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

/* Three addresses of the family drawn first are tried and two of the other: one host of twelve is up. What is passed over once a
 * family has enough makes no more orders, so that these can be counted. */
static void limit__balances__many_addresses(void **state)
{
	static const char *const states[] = { "refused", "timeout", "mute", "greeting-4xx" };
	struct world world;
	struct sim_result result = { 0 };
	struct str records;

	(void)state;
	str_init(&records, 0);
	for (unsigned i = 0; i < 12; i++)
		str_addf(&records, "@ MX 10 h%u; h%u A 198.18.1.%u; h%u AAAA 2001:db8::%u; ", i, i, i + 1, i, i + 1);
	world_init_records(&world, records.s);
	for (unsigned i = 0; i < 11; i++) {
		char text[100];

		snprintf(text, sizeof text, "h%u.example.com=%s", i, states[i % 4]);
		world_mark(&world, text);
	}
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(result.exact);
	assert_true(near(result.first.deferred, 9.0 / 12 * 10 / 12));
	assert_true(near(world_address(&result.first, "198.18.1.12"), world_address(&result.first, "2001:db8::12")));
	str_release(&records);
	sim_result_release(&result);
	world_release(&world);
}

/* Exim makes fifty connections at the most, though the first server of each later rung is exempt from its limit of five;
 * Sendmail looks at a hundred hosts. */
static void limit__ends__at_the_hard_limit(void **state)
{
	static const struct {
		const char *sender;
		double connections;
	} limits[] = { { "exim", 50 }, { "sendmail", 100 } };

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct world world;
		struct sim_result result = { 0 };
		struct str records;

		str_init(&records, 0);
		for (unsigned k = 0; k < 120; k++)
			str_addf(&records, "@ MX %u h%u; h%u A 198.18.1.%u; ", k, k, k, k + 1);
		str_add(&records, "@ MX 200 good; good A 198.18.2.1");
		world_init_records(&world, records.s);
		world_mark(&world, "198.18.1.0/24");
		failover_run(&world.in, sender_find(limits[i].sender), &result);
		assert_true(near(result.connections_mean, limits[i].connections) && near(result.first.deferred, 1));
		failover_run(&world.in, sender_find("dma"), &result);
		assert_true(near(world_host(&result.first, "good.example.com"), 1));
		str_release(&records);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* OpenSMTPD opens the next connection of a rung two seconds after one that is not answered; across rungs it waits for all of them. */
static void limit__overlaps__within_a_rung(void **state)
{
	static const struct {
		const char *records, *down[2];
		double delay_s;
	} rows[] = {
		{ "@ MX 10 a; @ MX 10 b; a A 198.18.1.1; b A 198.18.1.2", { "a.example.com=timeout" }, 2 },
		{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.2", { "a.example.com=timeout" }, 132 },
		{ "@ MX 10 a; @ MX 10 c; @ MX 20 b; a A 198.18.1.1; c A 198.18.1.3; b A 198.18.1.2",
			{ "a.example.com=timeout", "c.example.com=mute" }, 304 },
		{ "@ MX 10 b; b A 198.18.1.2; b AAAA 2001:db8::1", { "2001:db8::1=timeout" }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct sim_result result = { 0 };

		world_init_records(&world, rows[i].records);
		for (size_t k = 0; k < 2 && rows[i].down[k]; k++)
			world_mark(&world, rows[i].down[k]);
		failover_run(&world.in, sender_find("opensmtpd"), &result);
		assert_true(near(world_host(&result.first, "b.example.com"), 1));
		assert_true(near(result.delay_max_s, rows[i].delay_s));
		sim_result_release(&result);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limit__balances__many_addresses),
		cmocka_unit_test(limit__ends__at_the_hard_limit),
		cmocka_unit_test(limit__overlaps__within_a_rung),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
