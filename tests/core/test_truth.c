/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "told.h"

static void truth__look__tells_the_three_apart(void **state)
{
	static const struct {
		char held;
		const char *servers;
		char cached;
		enum truth_source live;
		const char *set;
		bool ttl_known;
		size_t answered, agree;
		enum truth_cache cache;
		uint32_t left_s;
	} rows[] = {
		/* nobody knows */
		{ '-', "", '-', TRUTH_UNKNOWN, "none", false, 0, 0, CACHE_UNKNOWN, 0 },
		{ '-', "", '.', TRUTH_UNKNOWN, "none", false, 0, 0, CACHE_UNKNOWN, 0 },
		{ '-', "", '!', TRUTH_UNKNOWN, "none", false, 0, 0, CACHE_UNKNOWN, 0 },
		{ '!', "!!", '!', TRUTH_UNKNOWN, "none", false, 0, 0, CACHE_UNKNOWN, 0 },
		/* only a cache: its TTL counts down, so the set's is not known */
		{ '-', "", 'A', TRUTH_CACHED, "A, TTL unknown", false, 0, 0, CACHE_SAME, 400 },
		{ '-', "!", 'A', TRUTH_CACHED, "A, TTL unknown", false, 0, 0, CACHE_SAME, 400 },
		{ '!', "!", 'A', TRUTH_CACHED, "A, TTL unknown", false, 0, 0, CACHE_SAME, 400 },
		{ '.', "..", 'A', TRUTH_CACHED, "A, TTL unknown", false, 0, 0, CACHE_SAME, 400 },
		{ '-', "", '0', TRUTH_CACHED, "none", false, 0, 0, CACHE_SAME, 0 },
		{ '-', "", 'X', TRUTH_CACHED, "none", false, 0, 0, CACHE_SAME, 0 },
		/* an answer without authority is no server's */
		{ '-', "bb", 'A', TRUTH_CACHED, "A, TTL unknown", false, 0, 0, CACHE_SAME, 400 },
		/* servers, asked directly */
		{ '-', "AA", 'A', TRUTH_SERVED, "A", true, 2, 2, CACHE_SAME, 400 },
		{ '-', "A!", 'A', TRUTH_SERVED, "A", true, 1, 1, CACHE_SAME, 400 },
		{ '-', "A.", 'B', TRUTH_SERVED, "A", true, 1, 1, CACHE_DIFFERS, 400 },
		{ '-', "AA", 'B', TRUTH_SERVED, "A", true, 2, 2, CACHE_DIFFERS, 400 },
		{ '-', "AA", '!', TRUTH_SERVED, "A", true, 2, 2, CACHE_UNKNOWN, 0 },
		{ '-', "00", 'A', TRUTH_SERVED, "none", false, 2, 2, CACHE_DIFFERS, 400 },
		{ '!', "AA", 'B', TRUTH_SERVED, "A", true, 2, 2, CACHE_DIFFERS, 400 },
		/* servers that contradict each other: what a cache has is all that is known, and not its TTL */
		{ '-', "AB", 'A', TRUTH_CACHED, "A, TTL unknown", false, 2, 1, CACHE_SAME, 400 },
		{ '-', "AT", 'A', TRUTH_CACHED, "A, TTL unknown", false, 2, 2, CACHE_SAME, 400 },
		{ '-', "AB", '!', TRUTH_UNKNOWN, "none", false, 2, 0, CACHE_UNKNOWN, 0 },
		{ '-', "A0", 'B', TRUTH_CACHED, "B, TTL unknown", false, 2, 0, CACHE_SAME, 400 },
		/* held */
		{ 'A', "", '-', TRUTH_HELD, "A", true, 0, 0, CACHE_UNKNOWN, 0 },
		{ 'A', "AA", 'A', TRUTH_HELD, "A", true, 2, 2, CACHE_SAME, 400 },
		{ 'A', "AB", 'B', TRUTH_HELD, "A", true, 2, 1, CACHE_DIFFERS, 400 },
		{ 'A', "BB", 'B', TRUTH_HELD, "A", true, 2, 0, CACHE_DIFFERS, 400 },
		{ 'A', "TT", 'T', TRUTH_HELD, "A", true, 2, 0, CACHE_SAME, 400 },
		{ 'A', "!!", '!', TRUTH_HELD, "A", true, 0, 0, CACHE_UNKNOWN, 0 },
		{ 'N', "NN", 'N', TRUTH_HELD, "N", true, 2, 2, CACHE_SAME, 400 },
		{ '0', "00", '0', TRUTH_HELD, "none", false, 2, 2, CACHE_SAME, 0 },
		{ '0', "AA", 'A', TRUTH_HELD, "none", false, 2, 0, CACHE_DIFFERS, 400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;
		struct truth truth;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		truth_look(&truth, &facts, NOW);
		assert_int_equal(truth.live, rows[i].live);
		assert_string_equal(short_set(&facts.live), rows[i].set);
		assert_int_equal(truth.ttl_known, rows[i].ttl_known);
		assert_int_equal(truth.answered, rows[i].answered);
		assert_int_equal(truth.agree, rows[i].agree);
		assert_int_equal(truth.cache, rows[i].cache);
		assert_int_equal(truth.cache_left_s, rows[i].left_s);
		facts_release(&facts);
	}
}

static void truth__base__is_what_is_held_else_served_else_cached(void **state)
{
	static const struct {
		char held;
		const char *servers;
		char cached;
		const char *base; /* NULL: not known */
		enum truth_source source;
	} rows[] = {
		{ 'A', "BB", 'B', "A", TRUTH_HELD },
		{ '0', "BB", 'B', "none", TRUTH_HELD },
		{ '-', "AA", 'B', "A", TRUTH_SERVED },
		{ '!', "AA", 'B', "A", TRUTH_SERVED },
		{ '-', "AB", 'B', "B, TTL unknown", TRUTH_CACHED },
		{ '-', "", 'B', "B, TTL unknown", TRUTH_CACHED },
		{ '-', "", '0', "none", TRUTH_CACHED },
		{ '-', "", 'X', "none", TRUTH_CACHED },
		{ '-', "", '!', NULL, TRUTH_UNKNOWN },
		{ '.', ".", '.', NULL, TRUTH_UNKNOWN },
		{ '-', "AB", '!', NULL, TRUTH_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;
		const struct mxset *base;
		enum truth_source source;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		base = truth_base(&facts, &source);
		assert_int_equal(source, rows[i].source);
		if (rows[i].base)
			assert_string_equal(short_set(base), rows[i].base);
		else
			assert_null(base);
		facts_release(&facts);
	}
}

static void truth__moved__never_by_a_cache(void **state)
{
	static const struct {
		const char *base;
		char held;
		const char *servers;
		char cached;
		bool moved;
	} rows[] = {
		{ "3600 10 a.x 20 b.x", '-', "", 'B', false }, /* a resolver alone tells nothing of a move */
		{ "3600 10 a.x 20 b.x", '-', "!!", 'B', false },
		{ "3600 10 a.x 20 b.x", 'A', "BB", 'B', false },
		{ "3600 10 a.x 20 b.x", 'A', "", 'B', false },
		{ "3600 10 a.x 20 b.x", 'B', "AA", 'A', true },
		{ "3600 10 a.x 20 b.x", 'T', "AA", 'A', true },
		{ "4294967295 10 a.x 20 b.x", 'T', "AA", 'A', false }, /* a TTL that was not known is learnt */
		{ "3600 10 a.x 20 b.x", '0', "AA", 'A', true },
		{ "3600 10 a.x 20 b.x", '-', "BB", 'A', true },
		{ "3600 10 a.x 20 b.x", '-', "AB", 'A', false }, /* the servers contradict each other */
		{ "3600 10 a.x 20 b.x", '-', "AA", 'B', false },
		{ "3600 10 a.x 20 b.x", '!', "BB", 'B', false }, /* the account could not be read: it alone would know */
		{ "3600 10 a.x 20 b.x", '.', "BB", 'B', false },
		{ "0", '-', "00", 'A', false },
		{ "0", '-', "AA", '0', true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 };
		struct facts facts;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		set_from(&base, rows[i].base);
		assert_int_equal(truth_moved(&facts, &base), rows[i].moved);
		assert_int_equal(truth_stands(&facts, &base) == FACT_NO, rows[i].moved);
		mxset_release(&base);
		facts_release(&facts);
	}
}

/* That nobody told another set is not that it still is the base. */
static void truth__stands__only_where_somebody_told(void **state)
{
	static const struct {
		enum fact_source source;
		char held;
		const char *servers;
		char cached;
		enum fact stands;
	} rows[] = {
		{ SOURCE_RESOLVER, 'A', "BB", 'B', FACT_YES },
		{ SOURCE_RESOLVER, 'B', "AA", 'A', FACT_NO },
		{ SOURCE_RESOLVER, '!', "AA", 'A', FACT_UNKNOWN },
		{ SOURCE_RESOLVER, '-', "AA", 'B', FACT_YES },
		{ SOURCE_RESOLVER, '-', "BB", 'A', FACT_NO },
		{ SOURCE_RESOLVER, '-', "AB", 'A', FACT_UNKNOWN },
		{ SOURCE_RESOLVER, '-', "", 'A', FACT_UNKNOWN },
		{ SOURCE_RESOLVER, '-', "!!", 'B', FACT_UNKNOWN },
		{ SOURCE_ZONE, '-', "", 'A', FACT_YES },
		{ SOURCE_ZONE, '-', "", 'B', FACT_NO },
		{ SOURCE_SERVER, '-', "", '!', FACT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 };
		struct facts facts;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		facts.source = rows[i].source;
		if (rows[i].source != SOURCE_RESOLVER)
			facts.cached.set.ttl_s = 3600;
		set_from(&base, letter_sets['A']);
		assert_int_equal(truth_stands(&facts, &base), rows[i].stands);
		mxset_release(&base);
		facts_release(&facts);
	}
}

static void truth__look__lets_the_cache_run_out(void **state)
{
	static const struct {
		int64_t at;
		enum truth_cache cache;
		uint32_t left_s;
	} rows[] = {
		{ NOW - 100, CACHE_DIFFERS, 500 },
		{ NOW, CACHE_DIFFERS, 400 },
		{ NOW + 399, CACHE_DIFFERS, 1 },
		{ NOW + 400, CACHE_UNKNOWN, 0 },
		{ NOW + 100000, CACHE_UNKNOWN, 0 },
	};
	struct facts facts;

	(void)state;
	told(&facts, 'A', "AA", 'B');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct truth truth;

		truth_look(&truth, &facts, rows[i].at);
		assert_int_equal(truth.cache, rows[i].cache);
		assert_int_equal(truth.cache_left_s, rows[i].left_s);
	}
	facts_release(&facts);
}

/* A zone file, or the one server that was named, is the set; an answer that failed tells of no move. */
static void truth__moved__by_the_source_that_was_named(void **state)
{
	static const struct {
		enum fact_source source;
		const char *servers;
		char cached;
		bool moved;
	} rows[] = {
		{ SOURCE_ZONE, "", 'A', false },
		{ SOURCE_ZONE, "", 'B', true },
		{ SOURCE_ZONE, "AA", '0', true },
		{ SOURCE_ZONE, "AA", 'X', true },
		{ SOURCE_ZONE, "BB", '!', false },
		{ SOURCE_ZONE, "BB", '-', false },
		{ SOURCE_SERVER, "", 'B', true },
		{ SOURCE_SERVER, "", 'A', false },
		{ SOURCE_RESOLVER, "AA", 'B', false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 };
		struct facts facts;

		told(&facts, '-', rows[i].servers, rows[i].cached);
		facts.source = rows[i].source;
		facts.cached.set.ttl_s = 3600;
		set_from(&base, letter_sets['A']);
		assert_int_equal(truth_moved(&facts, &base), rows[i].moved);
		mxset_release(&base);
		facts_release(&facts);
	}
}

/* What was not told is no disagreement, what is awaited is counted, and a set from elsewhere is no server's. */
static void truth__look__counts_the_servers(void **state)
{
	static const struct {
		const char *servers;
		size_t rows, answered, pending;
		bool disagree;
	} rows[] = {
		{ "", 0, 0, 0, false },
		{ "AA", 2, 2, 0, false },
		{ "A.", 2, 1, 1, false },
		{ "..", 2, 0, 2, false },
		{ "A!", 2, 1, 0, false },
		{ "AT", 2, 2, 0, true },
		{ "A0", 2, 2, 0, true },
		{ "0X", 2, 2, 0, true },
		{ "AB", 2, 2, 0, true },
		{ "Ab", 2, 1, 0, false },
		{ "ABA", 3, 3, 0, true },
	};
	struct facts facts;
	struct truth truth;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		told(&facts, '-', rows[i].servers, '!');
		truth_look(&truth, &facts, NOW);
		assert_int_equal(truth.servers, rows[i].rows);
		assert_int_equal(truth.answered, rows[i].answered);
		assert_int_equal(truth.pending, rows[i].pending);
		assert_int_equal(truth.disagree, rows[i].disagree);
		facts_release(&facts);
	}
	told(&facts, '-', "AB", '!');
	facts.server[1].elsewhere = true;
	truth_settle(&facts);
	truth_look(&truth, &facts, NOW);
	assert_int_equal(truth.answered, 1);
	assert_false(truth.disagree);
	assert_int_equal(truth.live, TRUTH_SERVED);
	facts_release(&facts);
}

/* What a cache said of no records lives by the negative time that came with it. */
static void truth__look__lets_a_negative_answer_run_out(void **state)
{
	static const struct {
		char held;
		int64_t at;
		enum truth_cache cache;
		uint32_t left_s;
	} rows[] = {
		{ 'A', NOW - 100, CACHE_DIFFERS, 300 },
		{ 'A', NOW + 199, CACHE_DIFFERS, 1 },
		{ 'A', NOW + 200, CACHE_UNKNOWN, 0 },
		{ '0', NOW + 199, CACHE_SAME, 1 },
		{ '0', NOW + 200, CACHE_SAME, 0 },
		{ 'A', NOW - 200, CACHE_DIFFERS, 300 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;
		struct truth truth;

		told(&facts, rows[i].held, "", '0');
		facts.cached.negative_s = 300;
		truth_look(&truth, &facts, rows[i].at);
		assert_int_equal(truth.cache, rows[i].cache);
		assert_int_equal(truth.cache_left_s, rows[i].left_s);
		facts.cached.negative_s = 0;
		truth_look(&truth, &facts, facts.cached.at);
		assert_int_equal(truth.cache, rows[i].held == 'A' ? CACHE_DIFFERS : CACHE_SAME);
		facts_release(&facts);
	}
}

/* A server agrees with what is known, by its records and by the TTL where it is known. */
static void truth__agrees__with_a_set_that_is_known(void **state)
{
	static const struct {
		char held, server, cached;
		bool agrees;
	} rows[] = {
		{ 'A', 'A', '-', true },
		{ 'A', 'T', '-', false },
		{ 'A', '0', '-', false },
		{ '0', '0', '-', true },
		{ '0', 'X', '-', true },
		{ '0', 'A', '-', false },
		{ '-', 'a', 'A', true },
		{ '-', 'a', '!', false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char servers[2] = { rows[i].server, '\0' };
		struct facts facts;

		told(&facts, rows[i].held, servers, rows[i].cached);
		assert_int_equal(truth_agrees(&facts, &facts.server[0]), rows[i].agrees);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth__look__tells_the_three_apart),
		cmocka_unit_test(truth__base__is_what_is_held_else_served_else_cached),
		cmocka_unit_test(truth__moved__never_by_a_cache),
		cmocka_unit_test(truth__stands__only_where_somebody_told),
		cmocka_unit_test(truth__look__lets_the_cache_run_out),
		cmocka_unit_test(truth__moved__by_the_source_that_was_named),
		cmocka_unit_test(truth__look__counts_the_servers),
		cmocka_unit_test(truth__look__lets_a_negative_answer_run_out),
		cmocka_unit_test(truth__agrees__with_a_set_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
