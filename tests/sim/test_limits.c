/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an attempt ends though servers are left, in sets of many. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world.h"

/* Sanitizers keep what was freed, and shadows of it. */
#ifndef __has_feature /* clang's way to tell; gcc defines __SANITIZE_ADDRESS__ */
#define __has_feature(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define SANITIZERS 8
#else
#define SANITIZERS 1
#endif

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

/* hosts at one preference with an address each, of which there are fewer. */
static void many(struct world *world, unsigned hosts, unsigned addresses)
{
	struct str records;

	str_init(&records, 0);
	for (unsigned i = 0; i < hosts; i++)
		str_addf(&records, "@ MX 10 h%u; h%u A 198.18.%u.%u; ", i, i, i % addresses / 250, i % addresses % 250 + 1);
	world_init_records(world, records.s);
	str_release(&records);
}

/* An address counts once however many share it: Exim tries each of 100 once, though 200 hosts have them. */
static void limit__counts__every_repeat(void **state)
{
	struct world world;
	struct sim_result result = { 0 };

	(void)state;
	many(&world, 200, 100);
	world_mark(&world, "v4");
	failover_run(&world.in, sender_find("opensmtpd"), &result);
	assert_int_equal(result.connections_max, 8);
	failover_run(&world.in, sender_find("courier"), &result);
	assert_int_equal(result.connections_max, 100);
	assert_true(near(result.connections_mean, 100) && near(result.first.deferred, 1));
	sim_result_release(&result);
	world_release(&world);
}

/* Exim leaves a preference after five of its six addresses, one of which takes no connection: wherever it stands, the most are told. */
static void limit__counts__the_most_connections(void **state)
{
	static const char *const nowhere[] = { "aa", "z" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world world;
		struct sim_result result = { 0 };
		struct str records;

		str_init(&records, 0);
		str_addf(&records, "@ MX 10 %s; %s A 224.0.0.1; @ MX 20 y; y A 198.18.2.1", nowhere[i], nowhere[i]);
		for (char name = 'a'; name < 'f'; name++)
			str_addf(&records, "; @ MX 10 %c; %c A 198.18.1.%d", name, name, name);
		world_init_records(&world, records.s);
		world_mark(&world, "198.18.1.0/24");
		failover_run(&world.in, sender_find("exim"), &result);
		assert_true(near(world_host(&result.first, "y.example.com"), 1));
		assert_int_equal(result.connections_max, 6);
		assert_true(near(result.connections_mean, 5 + 1 / 6.));
		str_release(&records);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* Past the bound a sum is sampled, and says so with its error. */
static void limit__samples__what_is_too_much(void **state)
{
	struct world world;
	struct sim_result result = { 0 };

	(void)state;
	many(&world, 200, 160);
	for (unsigned i = 0; i < 159; i++) {
		char text[40];

		snprintf(text, sizeof text, "198.18.0.%u=timeout", i + 1);
		world_mark(&world, text);
	}
	failover_run(&world.in, sender_find("exim"), &result);
	assert_false(result.exact);
	assert_int_equal(result.samples, 20000);
	assert_true(result.stderr_share > 0.0005 && result.stderr_share < 0.005);
	assert_true(fabs(result.first.deferred - (1 - 5 / 160.)) < 0.03);
	sim_result_release(&result);
	world_release(&world);
}

/* So is an attempt to which other servers answer than before: its samples are counted by themselves. */
static void limit__samples__a_later_attempt_anew(void **state)
{
	struct sender late = *sender_find("exim");
	struct world world;
	struct sim_result result = { 0 };
	double sum;

	(void)state;
	late.clear_after_s = 600;
	many(&world, 200, 160);
	world.in.no_trace = true;
	for (unsigned i = 0; i < 159; i++) {
		char text[40];

		snprintf(text, sizeof text, "198.18.0.%u=%s", i + 1, i ? "timeout" : "tls-fail");
		world_mark(&world, text);
	}
	failover_run(&world.in, &late, &result);
	assert_false(result.exact);
	sum = result.final.deferred + result.final.bounced + result.final.unknown;
	for (size_t i = 0; i < result.final.n; i++)
		sum += result.final.share[i].share;
	assert_true(fabs(sum - 1) < 1e-6);
	sim_result_release(&result);
	world_release(&world);
}

/* No server can answer with more records than fit a message: nothing is delivered, and the reason is told. */
static void limit__refuses__what_fits_no_answer(void **state)
{
	struct world world;
	struct sim_result result = { 0 };

	(void)state;
	many(&world, 1, 1);
	for (unsigned i = 0; i < SIM_RECORDS_MAX; i++)
		mxset_add(&world.facts.live, &(struct mx){ .preference = 20, .host = world.facts.live.mx[0].host });
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(near(result.first.deferred, 1));
	assert_string_equal(result.step[0].code, "too-many");
	mxset_remove(&world.facts.live, SIM_RECORDS_MAX);
	failover_run(&world.in, sender_find("postfix"), &result);
	assert_true(near(world_host(&result.first, "h0.example.com"), 1));
	sim_result_release(&result);
	world_release(&world);
}

static long peak_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* What a child takes beyond its input, in kB, to run every sender over the world. */
static long taken_kb(const struct world *world)
{
	long taken = 0;
	int pipes[2], status;
	pid_t child;

	assert_int_equal(pipe(pipes), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		long before = peak_kb();

		for (size_t i = 0; senders[i]; i++) {
			struct sim_result result = { 0 };

			failover_run(&world->in, senders[i], &result);
			sim_result_release(&result);
		}
		taken = peak_kb() - before;
		_exit(write(pipes[1], &taken, sizeof taken) != sizeof taken);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(read(pipes[0], &taken, sizeof taken), sizeof taken);
	close(pipes[0]);
	close(pipes[1]);
	return taken;
}

/* 200 records of 160 addresses took 1.9 GB once, 300 of 200 for all senders 3.4 GB. */
static void limit__bounds__memory(void **state)
{
	static const struct {
		unsigned hosts, addresses;
	} worlds[] = { { 200, 160 }, { 300, 200 }, { 60, 60 }, { 1000, 1000 } };

	(void)state;
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		struct world world;
		long taken;

		many(&world, worlds[i].hosts, worlds[i].addresses);
		world_mark(&world, "v4=timeout");
		taken = taken_kb(&world);
		print_message("# %u hosts, %u addresses: %ld kB\n", worlds[i].hosts, worlds[i].addresses, taken);
		assert_true(taken < 64 * 1024 * SANITIZERS);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limit__balances__many_addresses),
		cmocka_unit_test(limit__ends__at_the_hard_limit),
		cmocka_unit_test(limit__overlaps__within_a_rung),
		cmocka_unit_test(limit__counts__every_repeat),
		cmocka_unit_test(limit__counts__the_most_connections),
		cmocka_unit_test(limit__samples__what_is_too_much),
		cmocka_unit_test(limit__samples__a_later_attempt_anew),
		cmocka_unit_test(limit__refuses__what_fits_no_answer),
		cmocka_unit_test(limit__bounds__memory),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
