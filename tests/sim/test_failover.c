/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First contact, final outcome, delay and trace, by cases and by properties. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define NEAR 1e-9
#define SEVEN "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; @ MX 10 g; "
#define ADDRS "a A 198.18.1.1; b A 198.18.1.2; c A 198.18.1.3; d A 198.18.1.4; e A 198.18.1.5; f A 198.18.1.6; g A 198.18.1.7"
#define SIX_AND_BACKUP "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; @ MX 20 g; " ADDRS
#define TWO_RUNGS "@ MX 10 a; @ MX 20 b; " ADDRS
#define EQUALS "@ MX 10 a; @ MX 10 b; @ MX 10 c; " ADDRS
#define DUAL "@ MX 10 a; @ MX 10 b; a A 198.18.1.1; a AAAA 2001:db8::1; b A 198.18.1.2"
#define DUAL3 "@ MX 10 a; @ MX 10 b; @ MX 10 c; a A 198.18.1.1; a AAAA 2001:db8::1; b A 198.18.1.2; c A 198.18.1.3"
#define TEN_ADDRESSES                                                                                                                      \
	"@ MX 10 a; a AAAA 2001:db8::1; a AAAA 2001:db8::2; a AAAA 2001:db8::3; a AAAA 2001:db8::4; "                                      \
	"a AAAA 2001:db8::5; a A 198.18.1.1; a A 198.18.1.2; a A 198.18.1.3; a A 198.18.1.4; a A 198.18.1.5"
#define NINE_DEAD "v6 198.18.1.1 198.18.1.2 198.18.1.3 198.18.1.4"
#define ALL -1 /* what the deferred, bounced and hosts leave over */

struct row {
	const char *records, *down, *sender, *hosts; /* "a .5 b .5" */
	double deferred, bounced, connections;
};

static const struct row rows[] = {
	{ TWO_RUNGS, "", "rfc5321", "a 1 b 0", 0, 0, 1 },
	{ TWO_RUNGS, "a", "rfc5321", "a 0 b 1", 0, 0, 2 },
	{ EQUALS, "", "rfc5321", "a .333333333333 b .333333333333 c .333333333333", 0, 0, 1 },
	/* six dead addresses hide the backup from Postfix for ever; Exim exempts the first of a later rung */
	{ SIX_AND_BACKUP, "a b c d e f", "postfix", "g 0", 1, 0, 5 },
	{ SIX_AND_BACKUP, "a b c d e f", "exim", "g 1", 0, 0, 6 },
	{ SIX_AND_BACKUP, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "exim", "g 1", 0, 0, 6 },
	{ SIX_AND_BACKUP, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "postfix", "g 0", 1, 0, 2 },
	{ SIX_AND_BACKUP, "a=rcpt-4xx b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx", "sendmail", "g 1", 0, 0, 7 },
	{ "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 20 d; @ MX 20 e; @ MX 20 f; @ MX 30 g; " ADDRS, "a b c d e f", "exim", "g 1", 0, 0, 6 },
	{ "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 20 d; @ MX 20 e; @ MX 20 f; @ MX 30 g; " ADDRS, "a b c d e f", "postfix", "g 0", 1, 0, 5 },
	{ "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 20 d; @ MX 20 e; @ MX 20 f; @ MX 30 g; " ADDRS, "a b c d e f", "opensmtpd", "g 1", 0, 0,
		7 },
	{ SEVEN ADDRS, "b=timeout c=timeout d=timeout e=timeout f=timeout g=timeout", "postfix", "a .714285714286", ALL, 0, 3.571428571 },
	{ SEVEN ADDRS, "b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx g=rcpt-4xx", "postfix", "a .285714285714", ALL, 0,
		1.857142857 },
	{ SEVEN ADDRS, "b=rcpt-4xx c=rcpt-4xx d=rcpt-4xx e=rcpt-4xx f=rcpt-4xx g=rcpt-4xx", "exim", "a .714285714286", ALL, 0,
		3.571428571 },
	/* IPv6 first over a rung, by one attempt of neighbour swaps */
	{ DUAL, "", "exim", "a 1 b 0", 0, 0, 1 },
	{ DUAL3, "", "exim", "a .666666666667 b .166666666667 c .166666666667", 0, 0, 1 },
	{ DUAL3, "", "postfix", "a .5 b .25 c .25", 0, 0, 1 },
	{ DUAL, "v6", "exim", "a .5 b .5", 0, 0, 2 },
	{ DUAL, "a", "exim", "a 0 b 1", 0, 0, 2.5 },
	{ DUAL, "2001:db8::1=timeout", "sendmail", "a .5 b .5", 0, 0, 1.5 },
	/* both families within five addresses */
	{ TEN_ADDRESSES, NINE_DEAD, "postfix", "a .5", ALL, 0, ALL },
	{ TEN_ADDRESSES, NINE_DEAD, "exim", "a 0", 1, 0, 5 },
	{ TEN_ADDRESSES, NINE_DEAD, "opensmtpd", "a 0", 1, 0, ALL },
	{ TEN_ADDRESSES, NINE_DEAD, "sendmail", "a 1", 0, 0, 10 },
	/* a permanent greeting: the last server decides in Exim and Sendmail */
	{ TWO_RUNGS, "a b=greeting-5xx", "exim", "b 0", 0, 1, 2 },
	{ TWO_RUNGS, "a=greeting-5xx b", "exim", "b 0", 1, 0, 2 },
	{ TWO_RUNGS, "a b=greeting-5xx", "postfix", "b 0", 1, 0, 2 },
	{ TWO_RUNGS, "a=ehlo-5xx b=ehlo-5xx", "sendmail", "b 0", 0, 1, 2 },
	{ TWO_RUNGS, "a=ehlo-5xx b=ehlo-5xx", "postfix", "b 0", 0, 1, 1 },
	{ TWO_RUNGS, "a=ehlo-5xx b=ehlo-5xx", "opensmtpd", "b 0", 1, 0, 2 },
	{ TWO_RUNGS, "a=tls-fail b", "postfix", "a 0", 1, 0, 2 },
	{ TWO_RUNGS, "a=tls-fail b", "exim", "a 1", 0, 0, 2 },
	{ TWO_RUNGS, "a=rcpt-4xx b=rcpt-5xx", "exim", "a 0", 0, 1, 2 },
	{ TWO_RUNGS, "a=rcpt-4xx b=rcpt-5xx", "opensmtpd", "a 0", 1, 0, 1 },
	/* Sendmail goes on by host, the others by address */
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.2.1; b A 198.18.1.2", "198.18.1.1=rcpt-4xx", "sendmail", "a 0 b 1", 0, 0, 2 },
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.2.1; b A 198.18.1.2", "198.18.1.1=rcpt-4xx", "postfix", "a 1 b 0", 0, 0, 1.5 },
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; a A 198.18.2.1; b A 198.18.1.2", "198.18.1.1=rcpt-4xx", "exim", "a 1 b 0", 0, 0, 1.5 },
	/* one address under two names */
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "postfix", "a 0", 1, 0, 2 },
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "exim", "a 0", 1, 0, 1 },
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "sendmail", "a 0", 1, 0, 2 },
	{ "@ MX 10 a; @ MX 20 b; a A 198.18.1.1; b A 198.18.1.1", "198.18.1.1=rcpt-4xx", "opensmtpd", "a 0", 1, 0, 1 },
	/* lookups */
	{ TWO_RUNGS, "a=nxdomain b=servfail", "postfix", "a 0", 1, 0, 0 },
	{ TWO_RUNGS, "a=nxdomain b=servfail", "courier", "a 0", 0, 1, 0 },
	{ EQUALS, "a=servfail", "exim", "b .5 c .5", 0, 0, 1 },
	{ TWO_RUNGS, "zone:example.com=nxdomain", "postfix", "a 0", 0, 1, 0 },
	{ TWO_RUNGS, "zone:example.com", "exim", "a 0", 1, 0, 0 },
	{ "@ MX 10 a; @ MX 20 b; a CNAME t.sub; t.sub A 198.18.1.1; b A 198.18.1.2", "zone:sub.example.com", "postfix", "a 0 b 1", 0, 0,
		1 },
	{ "@ A 198.18.1.9; @ AAAA 2001:db8::9", "", "postfix", "@ 1", 0, 0, 1 },
	{ "@ A 198.18.1.9", "@", "rfc5321", "@ 0", 1, 0, 1 },
	{ "@ A 198.18.1.9; @ MX 0 .", "", "rfc5321", "@ 0", 0, 1, 0 },
	{ "@ TXT nothing", "", "postfix", "@ 0", 0, 1, 0 },
	{ "@ MX 10 198.18.1.1.; @ MX 20 b; b A 198.18.1.2", "", "postfix", "b 0", 0, 0, 1 },
	{ "@ MX 10 198.18.1.1.; @ MX 20 b; b A 198.18.1.2", "", "exim", "b 1", 0, 0, 1 },
	/* the sender's own machine */
	{ "@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 198.18.1.1; b A 127.0.0.1; c A 198.18.1.3", "a", "postfix", "c 0", 1, 0, 1 },
	{ "@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 198.18.1.1; b A 127.0.0.1; c A 198.18.1.3", "a", "exim", "c 1", 0, 0, 2 },
	{ "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; b A 198.18.1.2", "", "courier", "b 1", 0, 0, 1 },
	{ "@ MX 10 a; @ MX 20 b; a A 127.0.0.1; b A 198.18.1.2", "", "courier", "b 0", 0, 1, 0 },
	{ "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; b A 198.18.1.2", "", "exim", "b 1", 0, 0, 1 },
	{ "@ MX 10 a; @ MX 20 b; a A 0.0.0.0; b A 198.18.1.2", "", "opensmtpd", "b 0", 1, 0, 0 },
	{ "@ MX 10 a; a A 0.0.0.0", "", "postfix", "a 0", 0, 1, 0 },
	/* qmail stops once a server has spoken */
	{ TWO_RUNGS, "a=greeting-4xx", "qmail", "b 0", 1, 0, 1 },
	{ TWO_RUNGS, "a", "qmail", "b 1", 0, 0, 2 },
};

static bool near(double a, double b)
{
	return fabs(a - b) < NEAR;
}

static void mark_all(struct world *world, const char *down)
{
	char words[400], *save = NULL;

	snprintf(words, sizeof words, "%s", down);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char text[500];
		bool bare = !strchr(word, '.') && !strchr(word, ':') && strcmp(word, "v6") != 0;
		const char *equals = strchr(word, '=');
		int len = equals ? (int)(equals - word) : (int)strlen(word);

		if (*word == '@')
			snprintf(text, sizeof text, "example.com%s", word + 1);
		else if (bare)
			snprintf(text, sizeof text, "%.*s.example.com%s", len, word, equals ? equals : "");
		else
			snprintf(text, sizeof text, "%s", word);
		world_mark(world, text);
	}
}

static double host_share(const struct sim_outcome *outcome, const char *name)
{
	char text[300];

	if (*name == '@')
		snprintf(text, sizeof text, "example.com");
	else
		snprintf(text, sizeof text, "%s.example.com", name);
	return world_host(outcome, text);
}

static bool row_holds(const struct row *row)
{
	struct world world;
	struct sim_result result = { 0 };
	char hosts[200], *save = NULL;
	double named = 0;
	bool good = true;

	world_init_records(&world, row->records);
	mark_all(&world, row->down);
	failover_run(&world.in, sender_find(row->sender), &result);
	snprintf(hosts, sizeof hosts, "%s", row->hosts);
	for (char *name = strtok_r(hosts, " ", &save); name; name = strtok_r(NULL, " ", &save)) {
		double want = strtod(strtok_r(NULL, " ", &save), NULL), got = host_share(&result.first, name);

		named += got;
		good &= near(got, want);
	}
	good &= near(result.first.deferred, row->deferred < 0 ? 1 - named - row->bounced : row->deferred);
	good &= near(result.first.bounced, row->bounced);
	good &= row->connections < 0 || fabs(result.connections_mean - row->connections) < 1e-6;
	good &= result.exact && result.n_step > 0;
	if (!good)
		print_message("# %s by %s: %s, deferred %g, bounced %g, %g connections\n", row->down, row->sender, row->hosts,
			result.first.deferred, result.first.bounced, result.connections_mean);
	sim_result_release(&result);
	world_release(&world);
	return good;
}

static void failover__gives_first_contact__by_mechanism(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wrong += !row_holds(&rows[i]);
	assert_int_equal(wrong, 0);
}

/* --- properties, over worlds made by chance --- */

static uint32_t chance(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

/* Up to 8 hosts on up to 3 rungs, some with two addresses or both families; marks by chance. */
static void random_world(struct world *world, uint64_t *seed)
{
	char records[2000] = "";
	size_t len = 0;
	uint32_t hosts = 1 + chance(seed, 8);

	for (uint32_t i = 0; i < hosts; i++) {
		len += (size_t)snprintf(
			records + len, sizeof records - len, "@ MX %u h%u; h%u A 198.18.1.%u; ", 10 * (1 + chance(seed, 3)), i, i, i + 1);
		if (chance(seed, 4) == 0)
			len += (size_t)snprintf(records + len, sizeof records - len, "h%u A 198.18.2.%u; ", i, i + 1);
		if (chance(seed, 3) == 0)
			len += (size_t)snprintf(records + len, sizeof records - len, "h%u AAAA 2001:db8::%u; ", i, i + 1);
	}
	world_init_records(world, records);
	for (uint32_t i = 0; i < hosts; i++) {
		char text[100];

		if (chance(seed, 2) == 0)
			continue;
		snprintf(text, sizeof text, "h%u.example.com=%s", i, sim_states[chance(seed, SIM_STATES)].name);
		world_mark(world, text);
	}
}

static double outcome_sum(const struct sim_outcome *outcome)
{
	double sum = outcome->deferred + outcome->bounced + outcome->unknown;

	for (size_t i = 0; i < outcome->n; i++)
		sum += outcome->share[i].share;
	return sum;
}

/* Mail at a host that every sender fails at, or the addresses of a host that do not add up. */
static bool wrong_share(const struct world *world, const struct sim_share *share)
{
	enum sim_state state = marks_host(&world->marks, &share->host);
	double sum = 0;

	for (size_t i = 0; i < share->n_addr; i++)
		sum += share->addr[i].share;
	if (!near(sum, share->share))
		return true;
	return share->share > 0 && state != SIM_UP && (state < SIM_NO_STARTTLS || state > SIM_CERT_INVALID);
}

static void failover__keeps__its_properties(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct world world;

		random_world(&world, &seed);
		for (size_t s = 0; senders[s]; s++) {
			struct sim_result result = { 0 };

			failover_run(&world.in, senders[s], &result);
			assert_true(fabs(outcome_sum(&result.first) - 1) < 1e-6);
			assert_true(fabs(outcome_sum(&result.final) - 1) < 1e-6);
			assert_true(result.final.deferred <= result.first.deferred + NEAR);
			assert_true(result.connections_mean <= result.connections_max + NEAR);
			assert_true(result.delay_min_s <= result.delay_median_s && result.delay_median_s <= result.delay_p95_s &&
				    result.delay_p95_s <= result.delay_max_s);
			for (size_t j = 0; j < result.first.n; j++) {
				assert_false(wrong_share(&world, &result.first.share[j]));
				assert_false(wrong_share(&world, &result.final.share[j]));
			}
			sim_result_release(&result);
		}
		world_release(&world);
	}
}

static double delivered(const struct world *world, const struct sender *sender)
{
	struct sim_result result = { 0 };
	double sum;

	failover_run(&world->in, sender, &result);
	sum = 1 - result.first.deferred - result.first.bounced;
	sim_result_release(&result);
	return sum;
}

/* One more server refused never brings more mail through: each order ends where it did, or later, or not. */
static void failover__never_gains__by_one_more_failure(void **state)
{
	uint64_t seed = 11;

	(void)state;
	for (int i = 0; i < 200; i++) {
		struct world world;

		random_world(&world, &seed);
		for (size_t s = 0; senders[s]; s++) {
			double before = delivered(&world, senders[s]);

			for (size_t h = 0; h < world.facts.live.n; h++) {
				struct mark mark = { .kind = MARK_HOST, .name = world.facts.live.mx[h].host, .state = SIM_REFUSED };

				if (marks_host(&world.marks, &mark.name) != SIM_UP)
					continue;
				marks_set(&world.marks, &mark);
				assert_true(delivered(&world, senders[s]) <= before + NEAR);
				mark.state = SIM_UP;
				marks_set(&world.marks, &mark);
			}
		}
		world_release(&world);
	}
}

/* But a worse failure may: what answers 4xx uses up Postfix's two conversations, what refuses does not; and what greets with
 * 5xx ends it for dma and Courier. */
static void failover__may_gain__by_a_worse_failure(void **state)
{
	static const struct {
		const char *sender, *mild;
	} gains[] = {
		{ "postfix", "rcpt-4xx" },
		{ "opensmtpd", "rcpt-4xx" },
		{ "qmail", "greeting-4xx" },
		{ "dma", "greeting-5xx" },
		{ "courier", "greeting-4xx" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof gains / sizeof *gains; i++) {
		struct world world;
		char text[100];
		double mild;

		world_init_records(&world, "@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 198.18.1.1; b A 198.18.1.2; c A 198.18.1.3");
		snprintf(text, sizeof text, "a.example.com=%s", gains[i].mild);
		world_mark(&world, text);
		snprintf(text, sizeof text, "b.example.com=%s", gains[i].mild);
		world_mark(&world, text);
		mild = delivered(&world, sender_find(gains[i].sender));
		world_mark(&world, "a.example.com=refused");
		world_mark(&world, "b.example.com=refused");
		assert_true(mild < 0.5 && delivered(&world, sender_find(gains[i].sender)) > 0.5);
		world_release(&world);
	}
}

/* The same hosts under other names, so that they stand in another order: a shuffling sender does not care. */
static void failover__shuffles__whatever_the_order(void **state)
{
	static const char *const one =
		"@ MX 10 a; @ MX 10 b; @ MX 10 c; a A 198.18.1.1; b A 198.18.1.2; b AAAA 2001:db8::2; c A 198.18.1.3";
	static const char *const two =
		"@ MX 10 c; @ MX 10 b; @ MX 10 a; c A 198.18.1.1; b AAAA 2001:db8::2; b A 198.18.1.2; a A 198.18.1.3";

	(void)state;
	for (size_t s = 0; senders[s]; s++) {
		struct world a, b;
		struct sim_result x = { 0 }, y = { 0 };

		if (senders[s]->order == ORDER_RESOLVER || senders[s]->order == ORDER_RESOLVER_LIFO)
			continue;
		world_init_records(&a, one);
		world_init_records(&b, two);
		world_mark(&a, "198.18.1.1=rcpt-4xx");
		world_mark(&b, "198.18.1.1=rcpt-4xx");
		failover_run(&a.in, senders[s], &x);
		failover_run(&b.in, senders[s], &y);
		assert_true(near(world_address(&x.first, "198.18.1.3"), world_address(&y.first, "198.18.1.3")));
		assert_true(near(world_address(&x.first, "2001:db8::2"), world_address(&y.first, "2001:db8::2")));
		assert_true(near(x.first.deferred, y.first.deferred));
		sim_result_release(&x);
		sim_result_release(&y);
		world_release(&a);
		world_release(&b);
	}
}

static void failover__samples__what_is_too_much(void **state)
{
	struct world world;
	struct sim_result a = { 0 }, b = { 0 };
	struct str records;

	(void)state;
	str_init(&records, 0);
	for (unsigned i = 0; i < 60; i++) {
		str_addf(&records, "@ MX 10 h%u; ", i);
		for (unsigned j = 0; j <= i % 12; j++)
			str_addf(&records, "h%u A 198.18.%u.%u; ", i, i, j + 1);
	}
	world_init_records(&world, records.s);
	for (unsigned i = 0; i < 59; i++) {
		char text[100];

		snprintf(text, sizeof text, "h%u.example.com=%s", i, i % 3 ? "refused" : i % 2 ? "timeout" : "mute");
		world_mark(&world, text);
	}
	failover_run(&world.in, sender_find("sendmail"), &a);
	failover_run(&world.in, sender_find("sendmail"), &b);
	assert_false(a.exact);
	assert_true(a.samples > 0 && a.stderr_share < 0.01);
	assert_true(fabs(outcome_sum(&a.first) - 1) < 1e-6);
	assert_true(near(world_host(&a.first, "h59.example.com"), world_host(&b.first, "h59.example.com")));
	str_release(&records);
	sim_result_release(&a);
	sim_result_release(&b);
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failover__gives_first_contact__by_mechanism),
		cmocka_unit_test(failover__keeps__its_properties),
		cmocka_unit_test(failover__never_gains__by_one_more_failure),
		cmocka_unit_test(failover__may_gain__by_a_worse_failure),
		cmocka_unit_test(failover__shuffles__whatever_the_order),
		cmocka_unit_test(failover__samples__what_is_too_much),
	};

	return cmocka_run_group_tests_name("failover", tests, NULL, NULL);
}
