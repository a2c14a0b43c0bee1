/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the records in the answer: who takes it, and what is left of it behind a resolver that turns its answers. */
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

#define THREE "@ MX 10 c; @ MX 10 a; @ MX 10 b; a A 198.18.1.1; b A 198.18.1.2; c A 198.18.1.3"
#define LATE "@ MX 20 x; @ MX 10 a; @ MX 10 b; @ MX 10 c; x A 198.18.1.9; a A 198.18.1.1; b A 198.18.1.2; c A 198.18.1.3"
#define BACKUPS "@ MX 20 d; @ MX 10 a; @ MX 20 b; @ MX 20 c; a A 198.18.1.1; b A 198.18.1.2; c A 198.18.1.3; d A 198.18.1.4"
#define DUAL "@ MX 10 b; @ MX 10 a; a A 198.18.1.1; a AAAA 2001:db8::1; b A 198.18.1.2; b A 198.18.2.2"
#define MANY "@ MX 10 a; a A 198.18.1.9; a A 198.18.1.1; a A 198.18.1.5"

struct row {
	const char *records, *down[3], *sender;
	enum fact_source source;
	const char *shares; /* "b .5" by host, or by address */
	double deferred, connections;
};

static const struct row rows[] = {
	/* a server or a zone: as the records stand there */
	{ THREE, { NULL }, "dma", SOURCE_ZONE, "c 1 a 0 b 0", 0, 1 },
	{ THREE, { NULL }, "opensmtpd", SOURCE_SERVER, "c 1 a 0 b 0", 0, 1 },
	{ THREE, { "c" }, "dma", SOURCE_SERVER, "a 1 b 0 c 0", 0, 2 },
	{ THREE, { "c" }, "opensmtpd", SOURCE_ZONE, "a 0 b 1 c 0", 0, 2 },
	{ THREE, { "c", "b" }, "opensmtpd", SOURCE_ZONE, "a 1 b 0 c 0", 0, 3 },
	{ THREE, { "c=nxdomain" }, "opensmtpd", SOURCE_ZONE, "a 0 b 1 c 0", 0, 1 },
	{ THREE, { "c=nxdomain", "b" }, "opensmtpd", SOURCE_ZONE, "a 1 c 0", 0, 2 },
	{ LATE, { NULL }, "opensmtpd", SOURCE_ZONE, "a 0 b 0 c 1", 0, 1 },
	{ LATE, { NULL }, "dma", SOURCE_ZONE, "a 1 b 0 c 0", 0, 1 },
	{ THREE, { "c=rcpt-4xx" }, "opensmtpd", SOURCE_ZONE, "a 0 b 0 c 0", 1, 1 },
	{ THREE, { "c=rcpt-4xx" }, "dma", SOURCE_ZONE, "a 1 b 0 c 0", 0, 2 },
	{ THREE, { "a=rcpt-4xx" }, "opensmtpd", SOURCE_ZONE, "c 1", 0, 1 },
	{ BACKUPS, { "a" }, "dma", SOURCE_ZONE, "d 1", 0, 2 },
	{ BACKUPS, { "a", "d" }, "dma", SOURCE_ZONE, "b 1", 0, 3 },
	{ BACKUPS, { "a", "d" }, "opensmtpd", SOURCE_ZONE, "c 1", 0, 3 },
	{ DUAL, { NULL }, "opensmtpd", SOURCE_ZONE, "b 1 198.18.1.2 1", 0, 1 },
	{ DUAL, { NULL }, "dma", SOURCE_ZONE, "a 1 2001:db8::1 1", 0, 1 },
	{ DUAL, { "2001:db8::1" }, "dma", SOURCE_ZONE, "198.18.1.2 1", 0, 2 },
	{ MANY, { NULL }, "sendmail", SOURCE_ZONE, "198.18.1.9 1 198.18.1.1 0", 0, 1 },
	{ MANY, { "198.18.1.9" }, "dma", SOURCE_ZONE, "198.18.1.1 1 198.18.1.5 0", 0, 2 },
	{ THREE, { NULL }, "postfix", SOURCE_ZONE, "a .333333333333 b .333333333333 c .333333333333", 0, 1 },
	/* a resolver turns its answers: evenly, by host */
	{ THREE, { NULL }, "dma", SOURCE_RESOLVER, "a .333333333333 b .333333333333 c .333333333333", 0, 1 },
	{ THREE, { NULL }, "opensmtpd", SOURCE_RESOLVER, "a .333333333333 b .333333333333 c .333333333333", 0, 1 },
	{ THREE, { "c" }, "dma", SOURCE_RESOLVER, "a .5 b .5 c 0", 0, 4 / 3. },
	{ THREE, { "c" }, "opensmtpd", SOURCE_RESOLVER, "a .5 b .5 c 0", 0, 4 / 3. },
	{ THREE, { "c=rcpt-4xx" }, "opensmtpd", SOURCE_RESOLVER, "a .333333333333 b .333333333333 c 0", 1 / 3., 1 },
	{ BACKUPS, { "a", "d" }, "opensmtpd", SOURCE_RESOLVER, "b .5 c .5", 0, 7 / 3. },
	{ DUAL, { NULL }, "opensmtpd", SOURCE_RESOLVER, "a .5 b .5 2001:db8::1 .5 198.18.1.2 .25 198.18.2.2 .25", 0, 1 },
	{ DUAL, { NULL }, "dma", SOURCE_RESOLVER, "a 1 2001:db8::1 1", 0, 1 },
	{ DUAL, { "2001:db8::1" }, "dma", SOURCE_RESOLVER, "a .5 198.18.1.1 .5 198.18.1.2 .25 198.18.2.2 .25", 0, 2 },
	{ MANY, { NULL }, "sendmail", SOURCE_RESOLVER, "198.18.1.9 .333333333333 198.18.1.1 .333333333333", 0, 1 },
};

static void mark_down(struct world *world, const char *const *down)
{
	for (size_t i = 0; i < 3 && down[i]; i++) {
		char text[100];
		size_t len = strcspn(down[i], "=");

		if (strpbrk(down[i], ".:"))
			snprintf(text, sizeof text, "%s", down[i]);
		else
			snprintf(text, sizeof text, "%.*s.example.com%s", (int)len, down[i], down[i] + len);
		world_mark(world, text);
	}
}

static double share_of(const struct sim_outcome *outcome, const char *what)
{
	char host[100];

	if (strpbrk(what, ".:"))
		return world_address(outcome, what);
	snprintf(host, sizeof host, "%s.example.com", what);
	return world_host(outcome, host);
}

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-9;
}

static bool row_holds(const struct row *row)
{
	struct world world;
	struct sim_result result = { 0 };
	char shares[200], *save = NULL;
	bool good = true;

	world_init_records(&world, row->records);
	world.facts.source = row->source;
	mark_down(&world, row->down);
	failover_run(&world.in, sender_find(row->sender), &result);
	snprintf(shares, sizeof shares, "%s", row->shares);
	for (char *what = strtok_r(shares, " ", &save); what; what = strtok_r(NULL, " ", &save))
		good &= near(share_of(&result.first, what), strtod(strtok_r(NULL, " ", &save), NULL));
	good &= near(result.first.deferred, row->deferred) && near(result.connections_mean, row->connections) && result.exact;
	if (!good)
		print_message("# %s by %s, %s: deferred %g, %g connections\n", row->records, row->sender, row->shares,
			result.first.deferred, result.connections_mean);
	sim_result_release(&result);
	world_release(&world);
	return good;
}

static void failover__takes__the_order_of_the_answer(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wrong += !row_holds(&rows[i]);
	assert_int_equal(wrong, 0);
}

/* A draft keeps the order that its records have now, also where it came back from a file; what is new comes last. */
static void failover__keeps__the_order_in_a_draft(void **state)
{
	static const struct {
		const char *host;
		uint32_t preference;
	} records[] = {
		{ "aa.example.com", 10 },
		{ "b.example.com", 10 },
		{ "c.example.com", 10 },
	};
	struct world world;
	struct mxset draft = { 0 };
	struct sim_result result = { 0 };

	(void)state;
	world_init_records(&world, THREE "; aa A 198.18.1.9");
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct mx mx;

		mx_set(&mx, records[i].preference, records[i].host);
		mxset_add(&draft, &mx);
	}
	world.in.set = &draft;
	world.in.is_draft = true;
	failover_run(&world.in, sender_find("dma"), &result);
	assert_true(near(world_host(&result.first, "c.example.com"), 1));
	world_mark(&world, "c.example.com");
	failover_run(&world.in, sender_find("dma"), &result);
	assert_true(near(world_host(&result.first, "b.example.com"), 1));
	sim_result_release(&result);
	mxset_release(&draft);
	world_release(&world);
}

/* Whatever order a resolver happened to answer in: the same outcome. */
static void failover__does_not_care__how_a_resolver_turned(void **state)
{
	static const char *const one = "@ MX 10 a; @ MX 10 b; @ MX 10 c; a A 198.18.1.1; b A 198.18.1.2; b A 198.18.2.2; c A 198.18.1.3";
	static const char *const two = "@ MX 10 b; @ MX 10 c; @ MX 10 a; a A 198.18.1.1; b A 198.18.2.2; b A 198.18.1.2; c A 198.18.1.3";

	(void)state;
	for (size_t s = 0; senders[s]; s++) {
		struct world a, b;
		struct sim_result x = { 0 }, y = { 0 };

		world_init_records(&a, one);
		world_init_records(&b, two);
		a.facts.source = b.facts.source = SOURCE_RESOLVER;
		world_mark(&a, "198.18.2.2=rcpt-4xx");
		world_mark(&b, "198.18.2.2=rcpt-4xx");
		failover_run(&a.in, senders[s], &x);
		failover_run(&b.in, senders[s], &y);
		assert_true(x.exact && y.exact);
		for (size_t i = 0; i < x.first.n; i++) {
			for (size_t j = 0; j < x.first.share[i].n_addr; j++) {
				char text[ADDR_TEXT_MAX];

				addr_text(&x.first.share[i].addr[j].addr, text);
				assert_true(addr_equal(&x.first.share[i].addr[j].addr, &y.first.share[i].addr[j].addr));
				assert_true(near(world_address(&x.first, text), world_address(&y.first, text)));
			}
		}
		assert_true(near(x.first.deferred, y.first.deferred) && near(x.connections_mean, y.connections_mean));
		sim_result_release(&x);
		sim_result_release(&y);
		world_release(&a);
		world_release(&b);
	}
}

/* The step that delivers says which order it was. */
static void trace__tells__the_order(void **state)
{
	static const struct {
		const char *sender;
		enum fact_source source;
		const char *word;
	} cases[] = {
		{ "dma", SOURCE_ZONE, "in the order of the answer" },
		{ "dma", SOURCE_RESOLVER, "resolvers turn it" },
		{ "opensmtpd", SOURCE_SERVER, "in the order of the answer" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world world;
		struct sim_result result = { 0 };

		world_init_records(&world, THREE);
		world.facts.source = cases[i].source;
		failover_run(&world.in, sender_find(cases[i].sender), &result);
		assert_true(result.n_step > 0);
		assert_non_null(strstr(result.step[0].rule, cases[i].word));
		sim_result_release(&result);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failover__takes__the_order_of_the_answer),
		cmocka_unit_test(failover__keeps__the_order_in_a_draft),
		cmocka_unit_test(failover__does_not_care__how_a_resolver_turned),
		cmocka_unit_test(trace__tells__the_order),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
