/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/truth.h"
#include "sets.h"

#define NOW 1000000

/* What one of the three told: '-' not asked, '.' still asked, '!' failed, '0' no record, 'X' the name does not exist, or a set's letter. */
static const char *const sets[] = {
	['A'] = "3600 10 a.x 20 b.x", ['B'] = "45000 10 a.x", ['T'] = "7200 10 a.x 20 b.x", ['N'] = "3600 0 ."
};

static enum answer tell(char what, struct mxset *set)
{
	switch (what) {
	case '-':
		return ANSWER_UNASKED;
	case '.':
		return ANSWER_PENDING;
	case '!':
		return ANSWER_TIMEOUT;
	case '0':
		return ANSWER_NODATA;
	case 'X':
		return ANSWER_NXDOMAIN;
	default:
		set_from(set, sets[(unsigned char)what]);
		return ANSWER_DATA;
	}
}

/* servers: one character each; a small letter is a set that came without authority. */
static void told(struct facts *facts, char held, const char *servers, char cached)
{
	struct dname domain, name;

	assert_true(dname_parse(&domain, "x", NULL));
	assert_true(dname_parse(&name, "ns.x", NULL));
	facts_init(facts, &domain);
	facts->held.mx = tell(held, &facts->held.set);
	facts->held.at = NOW;
	facts->cached.mx = tell(cached, &facts->cached.set);
	facts->cached.set.ttl_s = facts->cached.set.n ? 500 : 0;
	facts->negative_ttl_s = 9000; /* of the zone: a cache's answer has less of it left */
	facts->cached.at = NOW - 100;
	facts->source = SOURCE_RESOLVER;
	for (; *servers; servers++) {
		bool lame = *servers >= 'a' && *servers <= 'z';
		struct server_facts *row =
			facts_server_add(facts, &name, &(struct addr){ .family = 4, .bytes = { 192, 0, 2, (uint8_t)facts->n_server } });

		row->mx = tell((char)(lame ? *servers - 'a' + 'A' : *servers), &row->set);
		row->authoritative = !lame;
	}
	truth_settle(facts);
}

static const char *short_set(const struct mxset *set)
{
	static const char letters[] = "ABTN";
	struct mxset other = { 0 };
	size_t found = 4;

	for (size_t i = 0; i < 4 && found == 4; i++) {
		set_from(&other, sets[(unsigned char)letters[i]]);
		if (mxset_equal(set, &other))
			found = i;
		other.ttl_s = MX_TTL_UNKNOWN;
		if (mxset_equal(set, &other))
			found = i + 10;
	}
	mxset_release(&other);
	switch (found) {
	case 0:
		return "A";
	case 1:
		return "B";
	case 2:
		return "T";
	case 3:
		return "N";
	case 10:
		return "A, TTL unknown";
	case 11:
		return "B, TTL unknown";
	case 12:
		return "T, TTL unknown";
	default:
		return set->n ? "?" : "none";
	}
}

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
	} rows[] = {
		{ 'A', "BB", 'B', "A" },
		{ '0', "BB", 'B', "none" },
		{ '-', "AA", 'B', "A" },
		{ '!', "AA", 'B', "A" },
		{ '-', "AB", 'B', "B, TTL unknown" },
		{ '-', "", 'B', "B, TTL unknown" },
		{ '-', "", '0', "none" },
		{ '-', "", 'X', "none" },
		{ '-', "", '!', NULL },
		{ '.', ".", '.', NULL },
		{ '-', "AB", '!', NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts facts;
		const struct mxset *base;
		enum truth_source source;

		told(&facts, rows[i].held, rows[i].servers, rows[i].cached);
		base = truth_base(&facts, &source);
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

/* What is read at an alias is the other name's set; the provider holds none at this one. */
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
	} rows[] = {
		{ '0', 'A', 'A', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2 },
		{ '0', 'A', 'T', FACT_YES, "x", "x", FACT_YES, SOURCE_RESOLVER, 2 },     /* the TTL of a cache tells nothing */
		{ '0', 'A', 'B', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0 }, /* an old set of its own */
		{ '0', 'A', '0', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0 },
		{ '0', 'A', 'A', FACT_UNKNOWN, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0 },
		{ '0', 'A', 'A', FACT_YES, "x", "y", FACT_UNKNOWN, SOURCE_PROVIDER, 0 }, /* another zone */
		{ 'B', 'A', 'A', FACT_YES, "x", "x", FACT_NO, SOURCE_PROVIDER, 1 },      /* its own by now; the cache is old */
		{ 'B', 'A', 'A', FACT_YES, "x", "y", FACT_UNKNOWN, SOURCE_PROVIDER, 1 },
		{ '!', 'A', 'A', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_RESOLVER, 2 },
		{ '0', 'X', 'A', FACT_YES, "x", "x", FACT_UNKNOWN, SOURCE_PROVIDER, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		enum truth_source source;
		struct facts facts;

		told(&facts, rows[i].held, "", rows[i].cached);
		facts.wildcard = rows[i].wildcard;
		facts.wildcard_mx = tell(rows[i].star, &facts.wildcard_set) == ANSWER_DATA;
		assert_true(dname_parse(&facts.zone, rows[i].zone, NULL));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truth__look__tells_the_three_apart),
		cmocka_unit_test(truth__base__is_what_is_held_else_served_else_cached),
		cmocka_unit_test(truth__moved__never_by_a_cache),
		cmocka_unit_test(truth__look__lets_the_cache_run_out),
		cmocka_unit_test(truth__settle__takes_an_authoritative_answer_for_exact),
		cmocka_unit_test(truth__settle__shows_no_ttl_that_was_guessed),
		cmocka_unit_test(truth__settle__follows_an_alias_and_drafts_from_what_is_held),
		cmocka_unit_test(truth__settle__knows_a_wildcards_records),
	};

	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
