/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the live set is, and whose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "told.h"

static void truth__settle__takes_an_authoritative_answer_for_exact(void **state)
{
	struct facts facts;
	struct truth truth;

	(void)state;
	told(&facts, '-', "", 'A');
	facts.cached.exact = true;
	facts.cached.set.ttl_s = 3600;
	truth_settle(&facts);
	truth_look(&truth, &facts, NOW);
	assert_string_equal(short_set(&facts.live), "A");
	assert_true(truth.ttl_known);
	facts.source = SOURCE_ZONE;
	truth_settle(&facts);
	truth_look(&truth, &facts, NOW);
	assert_int_equal(truth.live, TRUTH_HELD);
	assert_int_equal(truth.cache, CACHE_UNKNOWN);
	facts_release(&facts);
}

/* A TTL that the provider does not tell is nobody's: it is not shown, no server differs by it, and a draft begins from the usual one. */
static void truth__settle__shows_no_ttl_that_was_guessed(void **state)
{
	enum truth_source source;
	struct facts facts;

	(void)state;
	facts_init(&facts, &(struct dname){ 0 });
	facts.held.mx = ANSWER_DATA;
	set_from(&facts.held.set, "3600 10 mx1.exempel.com");
	truth_settle(&facts);
	assert_int_equal(facts.live.ttl_s, 3600);
	facts.held.ttl_guessed = true;
	truth_settle(&facts);
	assert_int_equal(facts.live.ttl_s, MX_TTL_UNKNOWN);
	assert_int_equal(facts.live.n, 1);
	assert_int_equal(facts.live_source, SOURCE_PROVIDER);
	assert_int_equal(truth_base(&facts, &source)->ttl_s, 3600);
	assert_int_equal(source, TRUTH_HELD);
	facts_release(&facts);
}

/* What is read at an alias is the other name's set; the provider holds none at this one. */
static void truth__settle__follows_an_alias_and_drafts_from_what_is_held(void **state)
{
	enum truth_source source;
	struct facts facts;

	(void)state;
	told(&facts, '0', "AA", 'A');
	facts.n_alias = 1;
	truth_settle(&facts);
	assert_string_equal(short_set(&facts.live), "A");
	assert_int_equal(facts.live_source, SOURCE_SERVER);
	assert_int_equal(truth_base(&facts, &source)->n, 0);
	facts_release(&facts);
}

/* The account has no record at the name, yet the wildcard's are read there: they are another name's, as an alias's are. */
static void truth__settle__knows_a_wildcards_records(void **state)
{
	static const struct {
		char held, cached, star;
		enum fact wildcard;
		const char *zone, *held_zone;
		enum fact synthesised;
		enum fact_source live;
		size_t n;
		enum fact before; /* what the DNS told of it */
		bool alias;
	} rows[] = {
		{ '0', 'A', 'A', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2, FACT_UNKNOWN, false },
		{ '0', 'A', 'T', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2, FACT_UNKNOWN,
			false }, /* the TTL of a cache tells nothing */
		{ '0', 'A', 'B', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false }, /* an old set of its own */
		{ '0', 'A', '0', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false },
		{ '0', 'A', 'A', FACT_UNKNOWN, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false },
		{ '0', 'A', 'A', FACT_YES, "x", "y", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false }, /* another zone */
		{ 'B', 'A', 'A', FACT_YES, "x", "x", FACT_NO, SOURCE_PROVIDER, 1, FACT_UNKNOWN,
			false }, /* its own by now; the cache is old */
		{ 'B', 'A', 'A', FACT_YES, "x", "y", FACT_UNKNOWN, SOURCE_PROVIDER, 1, FACT_UNKNOWN, false },
		{ '!', 'A', 'A', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_RESOLVER, 2, FACT_UNKNOWN, false },
		{ '0', 'X', 'A', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false },
		{ '0', 'A', 'A', FACT_NO, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false },
		{ '0', 'A', 'A', FACT_YES, "", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0, FACT_UNKNOWN, false },
		/* The DNS told it already; only the account's own records weigh more. */
		{ '0', 'A', '0', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2, FACT_YES, false },
		{ '0', 'A', 'A', FACT_YES, "x", "x", FACT_NO, SOURCE_PROVIDER, 0, FACT_NO, false },
		{ 'B', 'A', 'A', FACT_YES, "x", "x", FACT_NO, SOURCE_PROVIDER, 1, FACT_YES, false },
		{ 'B', 'A', 'A', FACT_YES, "x", "y", FACT_YES, SOURCE_PROVIDER, 1, FACT_YES, false },
		{ '!', 'A', 'A', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2, FACT_YES, false },
		/* What is read at an alias is the other name's, wildcard or not. */
		{ '0', 'A', 'A', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_RESOLVER, 2, FACT_UNKNOWN, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum truth_source source;
		struct facts facts;

		told(&facts, rows[i].held, "", rows[i].cached);
		facts.wildcard = rows[i].wildcard;
		facts.wildcard_mx = tell(rows[i].star, &facts.wildcard_set) == ANSWER_DATA;
		facts.synthesised = rows[i].before;
		facts.n_alias = rows[i].alias;
		assert_int_equal(dname_parse(&facts.zone, rows[i].zone, NULL), *rows[i].zone != '\0');
		assert_true(dname_parse(&facts.held.zone, rows[i].held_zone, NULL));
		truth_settle(&facts);
		assert_int_equal(facts.synthesised, rows[i].synthesised);
		assert_int_equal(facts.live_source, rows[i].live);
		assert_int_equal(facts.live.n, rows[i].n);
		if (rows[i].held == '0')
			assert_int_equal(truth_base(&facts, &source)->n, 0);
		facts_release(&facts);
	}
}

/* What follows from the live set is told of the same source. */
static void truth__settle__tells_the_rest_of_the_same_source(void **state)
{
	static const struct {
		char held;
		const char *servers;
		char cached;
		enum answer mx;
		enum fact_source source;
		int64_t at;
		uint32_t ttl_max_s;
		bool null_mx, implicit;
	} rows[] = {
		{ 'A', "AA", 'A', ANSWER_DATA, SOURCE_PROVIDER, NOW, 1, false, false },
		{ '0', "AA", 'A', ANSWER_NODATA, SOURCE_PROVIDER, NOW, 1, false, true },
		{ '0', "XX", 'A', ANSWER_NXDOMAIN, SOURCE_PROVIDER, NOW, 1, false, false },
		{ 'A', "XX", 'X', ANSWER_DATA, SOURCE_PROVIDER, NOW, 1, false, false },
		{ '-', "NN", 'A', ANSWER_DATA, SOURCE_SERVER, NOW - 100, 2, true, false },
		{ '-', "00", 'A', ANSWER_NODATA, SOURCE_SERVER, NOW - 100, 2, false, true },
		{ '-', "", 'N', ANSWER_DATA, SOURCE_RESOLVER, NOW - 100, 3, true, false },
		{ '-', "", '!', ANSWER_TIMEOUT, SOURCE_RESOLVER, NOW - 100, 3, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		facts.held.ttl_max_s = 1;
		for (size_t k = 0; k < facts.n_server; k++)
			facts.server[k].ttl_max_s = 2;
		facts.cached.ttl_max_s = 3;
		truth_settle(&facts);
		assert_int_equal(facts.mx, rows[i].mx);
		assert_int_equal(facts.live_source, rows[i].source);
		assert_int_equal(facts.observed_at, rows[i].at);
		assert_int_equal(facts.ttl_max_s, rows[i].ttl_max_s);
		assert_int_equal(facts.null_mx, rows[i].null_mx);
		assert_int_equal(facts.implicit, rows[i].implicit);
		facts_release(&facts);
	}
}

/* Who names one server wants to see its set, also where the account could be read. */
static void truth__settle__shows_the_server_that_was_named(void **state)
{
	static const struct {
		enum fact_source source;
		char cached;
		enum fact_source live;
		size_t n;
	} rows[] = {
		{ SOURCE_SERVER, 'A', SOURCE_SERVER, 2 },
		{ SOURCE_SERVER, '0', SOURCE_SERVER, 0 },
		{ SOURCE_SERVER, '!', SOURCE_PROVIDER, 1 },
		{ SOURCE_RESOLVER, 'A', SOURCE_PROVIDER, 1 },
		{ SOURCE_ZONE, 'A', SOURCE_PROVIDER, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;

		told(&facts, 'B', "", rows[i].cached);
		facts.source = rows[i].source;
		truth_settle(&facts);
		assert_int_equal(facts.live_source, rows[i].live);
		assert_int_equal(facts.live.n, rows[i].n);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth__settle__takes_an_authoritative_answer_for_exact),
		cmocka_unit_test(truth__settle__shows_no_ttl_that_was_guessed),
		cmocka_unit_test(truth__settle__follows_an_alias_and_drafts_from_what_is_held),
		cmocka_unit_test(truth__settle__knows_a_wildcards_records),
		cmocka_unit_test(truth__settle__tells_the_rest_of_the_same_source),
		cmocka_unit_test(truth__settle__shows_the_server_that_was_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
