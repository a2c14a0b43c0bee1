/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers read as facts, record by record, without anybody being asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/reading.h"
#include "../core/sets.h"
#include "../core/names.h"

static struct facts facts;
static struct dns_answer answer;
static struct dns_reply reply;

static void fresh(const char *name, enum dns_type type)
{
	dns_answer_release(&answer);
	answer = (struct dns_answer){ .is_response = true, .has_question = true, .question = { name_of(name), type } };
	reply = (struct dns_reply){ .failed = ANSWER_DATA, .answer = &answer };
}

static struct dns_record *add(enum dns_section section, const char *owner, enum dns_type type, uint32_t ttl_s)
{
	struct dns_record *record = dns_answer_add(&answer);

	record->section = section;
	record->owner = name_of(owner);
	record->type = type;
	record->ttl_s = ttl_s;
	return record;
}

static int begin(void **state)
{
	(void)state;
	facts_init(&facts, (struct dname[]){ name_of("exempel.com") });
	fresh("exempel.com", DNS_MX);
	return 0;
}

static int end(void **state)
{
	(void)state;
	facts_release(&facts);
	dns_answer_release(&answer);
	answer = (struct dns_answer){ 0 };
	return 0;
}

/* ---- the set ---- */

static void add_mx(const char *owner, uint32_t ttl_s, uint32_t preference, const char *host)
{
	struct dns_record *record = add(SECTION_ANSWER, owner, DNS_MX, ttl_s);

	record->mx.preference = preference;
	record->mx.host = name_of(host);
}

static void add_soa(enum dns_section section, uint32_t ttl_s, uint32_t minimum_s)
{
	add(section, "exempel.com", DNS_SOA, ttl_s)->soa.minimum_s = minimum_s;
}

static void set__is_read__at_the_end_of_aliases(void **state)
{
	struct dname final;
	char text[4096];

	(void)state;
	add(SECTION_ANSWER, "exempel.com", DNS_CNAME, 60)->target = name_of("other.com");
	add_mx("other.com", 300, 10, "a.other.com");
	add_mx("other.com", 200, 20, "b.other.com");
	add_mx("third.com", 100, 30, "c.other.com");
	reading_mx(&facts, &reply, &final);
	assert_true(dname_equal(&final, (struct dname[]){ name_of("other.com") }));
	assert_int_equal(facts.cached.mx, ANSWER_DATA);
	assert_string_equal(set_text(&facts.cached.set, text), "200 10 a.other.com 20 b.other.com");
	assert_int_equal(facts.cached.ttl_max_s, 300);
	assert_int_equal(facts.n_alias, 1);
	assert_true(dname_equal(&facts.alias[0], &final));
	assert_string_equal(facts.mx_reason, "");
	assert_int_equal(facts.negative_ttl_s, 0);
}

static void ttl__is_its_own__with_authority_or_in_a_zone_file(void **state)
{
	static const struct {
		enum fact_source source;
		bool aa, answered, own;
	} rows[] = {
		{ SOURCE_RESOLVER, false, true, false },
		{ SOURCE_RESOLVER, true, true, true },
		{ SOURCE_RESOLVER, true, false, false },
		{ SOURCE_SERVER, false, true, false },
		{ SOURCE_ZONE, false, true, true },
		{ SOURCE_ZONE, false, false, true },
	};
	struct dname final;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		facts.source = rows[i].source;
		answer.aa = rows[i].aa;
		reply.answer = rows[i].answered ? &answer : NULL;
		reply.failed = rows[i].answered ? ANSWER_DATA : ANSWER_TIMEOUT;
		assert_int_equal(reading_tells_ttl(&facts, &reply), rows[i].own);
		reading_mx(&facts, &reply, &final);
		assert_int_equal(facts.cached.exact, rows[i].own);
	}
}

/* What counts down is what a cache says; with authority it is the zone's own. */
static void negative_ttl__is_the_lower_of_two(void **state)
{
	static const struct {
		bool aa;
		uint32_t ttl_s, minimum_s, left_s, kept_s;
	} rows[] = {
		{ false, 100, 300, 100, 300 },
		{ false, 300, 100, 100, 100 },
		{ true, 100, 300, 100, 100 },
		{ true, 300, 100, 100, 100 },
	};
	struct dname final;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fresh("exempel.com", DNS_MX);
		answer.aa = rows[i].aa;
		add_soa(SECTION_ANSWER, 7, 7);
		add(SECTION_AUTHORITY, "exempel.com", DNS_NS, 8);
		add_soa(SECTION_AUTHORITY, rows[i].ttl_s, rows[i].minimum_s);
		reading_mx(&facts, &reply, &final);
		assert_int_equal(facts.cached.mx, ANSWER_NODATA);
		assert_int_equal(facts.cached.negative_s, rows[i].left_s);
		assert_int_equal(facts.negative_ttl_s, rows[i].kept_s);
	}
	/* with records, there is no such TTL */
	facts.negative_ttl_s = facts.cached.negative_s = 0;
	fresh("exempel.com", DNS_MX);
	add_mx("exempel.com", 60, 10, "a.exempel.com");
	add_soa(SECTION_AUTHORITY, 100, 300);
	reading_mx(&facts, &reply, &final);
	assert_int_equal(facts.cached.negative_s, 0);
	assert_int_equal(facts.negative_ttl_s, 0);
}

/* A server that was named and is no authority tells nothing by an empty answer, but a resolver does. */
static void empty_answer__of_a_lame_server__is_none(void **state)
{
	static const struct {
		enum fact_source source;
		bool aa, authority, in_answer;
		enum answer is;
	} rows[] = {
		{ SOURCE_SERVER, false, false, false, ANSWER_BROKEN },
		{ SOURCE_SERVER, false, false, true, ANSWER_BROKEN },
		{ SOURCE_SERVER, true, false, false, ANSWER_NODATA },
		{ SOURCE_SERVER, false, true, false, ANSWER_NODATA },
		{ SOURCE_RESOLVER, false, false, false, ANSWER_NODATA },
	};
	struct dname final;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		fresh("exempel.com", DNS_MX);
		facts.source = rows[i].source;
		answer.aa = rows[i].aa;
		if (rows[i].authority)
			add_soa(SECTION_AUTHORITY, 60, 60);
		add(SECTION_AUTHORITY, "exempel.com", DNS_NS, 60);
		if (rows[i].in_answer)
			add_soa(SECTION_ANSWER, 60, 60);
		reading_mx(&facts, &reply, &final);
		assert_int_equal(facts.cached.mx, rows[i].is);
	}
}

static void failure__is_told__with_its_code(void **state)
{
	struct dname final;

	(void)state;
	answer.rcode = 5;
	reading_mx(&facts, &reply, &final);
	assert_int_equal(facts.cached.mx, ANSWER_REFUSED);
	assert_string_equal(facts.mx_reason, "rcode 5");
	facts.mx_reason[0] = '\0';
	answer.rcode = 2;
	reading_mx(&facts, &reply, &final);
	assert_int_equal(facts.cached.mx, ANSWER_SERVFAIL);
	assert_string_equal(facts.mx_reason, "");
	reply = (struct dns_reply){ .failed = ANSWER_TIMEOUT };
	reading_mx(&facts, &reply, &final);
	assert_int_equal(facts.cached.mx, ANSWER_TIMEOUT);
	assert_true(dname_equal(&final, &facts.domain));
}

/* A zone world that does not have the name: nobody was asked, but the chain up to there is known. */
static void chain__is_known__where_it_leaves_the_zone_files(void **state)
{
	const struct dns_question question = { facts.domain, DNS_MX };
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias = 7;

	(void)state;
	add(SECTION_ANSWER, "exempel.com", DNS_CNAME, 60)->target = name_of("other.com");
	reply.failed = ANSWER_UNASKED;
	assert_int_equal(reading_answer(&question, &reply, alias, &n_alias, &final), ANSWER_UNASKED);
	assert_int_equal(n_alias, 1);
	assert_true(dname_equal(&final, (struct dname[]){ name_of("other.com") }));
	reply.failed = ANSWER_TIMEOUT; /* what came before does not count */
	assert_int_equal(reading_answer(&question, &reply, alias, &n_alias, &final), ANSWER_TIMEOUT);
	assert_int_equal(n_alias, 0);
	assert_true(dname_equal(&final, &facts.domain));
	reply = (struct dns_reply){ .failed = ANSWER_UNASKED };
	assert_int_equal(reading_answer(&question, &reply, alias, &n_alias, &final), ANSWER_UNASKED);
	assert_int_equal(n_alias, 0);
}

/* ---- an exchange ---- */

static void add_addr(const char *owner, uint32_t ttl_s, const char *text)
{
	struct addr addr;

	assert_true(addr_parse(&addr, text));
	add(SECTION_ANSWER, owner, addr.family == 4 ? DNS_A : DNS_AAAA, ttl_s)->addr = addr;
}

static const char *addresses(const struct host_facts *row)
{
	static char text[2000];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < row->n_addr; i++) {
		char one[ADDR_TEXT_MAX];

		at += (size_t)snprintf(text + at, sizeof(text) - at, " %s", addr_text(&row->addr[i], one));
	}
	return text;
}

static enum answer read_host(struct host_facts *row, enum dns_type type)
{
	const struct dns_question question = { name_of("a.exempel.com"), type };
	struct dname final;

	return reading_host(row, &question, &reply, &final);
}

static void addresses__stand_in_order__whichever_came_first(void **state)
{
	struct host_facts row = { .a = ANSWER_PENDING };

	(void)state;
	fresh("a.exempel.com", DNS_AAAA);
	add_addr("a.exempel.com", 90, "2001:db8::2");
	add_addr("a.exempel.com", 60, "2001:db8::1");
	assert_int_equal(read_host(&row, DNS_AAAA), ANSWER_DATA);
	assert_int_equal(row.aaaa, ANSWER_DATA);
	assert_int_equal(row.a, ANSWER_PENDING);
	assert_int_equal(row.aaaa_ttl_s, 60);
	assert_int_equal(row.a_ttl_s, 0);
	fresh("a.exempel.com", DNS_A);
	add_addr("a.exempel.com", 30, "192.0.2.9");
	add_addr("a.exempel.com", 40, "192.0.2.10");
	add_addr("a.exempel.com", 50, "10.9.9.9");
	add(SECTION_AUTHORITY, "exempel.com", DNS_NS, 5);
	assert_int_equal(read_host(&row, DNS_A), ANSWER_DATA);
	assert_int_equal(row.a, ANSWER_DATA);
	assert_int_equal(row.a_ttl_s, 30);
	assert_int_equal(row.aaaa_ttl_s, 60);
	assert_string_equal(addresses(&row), " 10.9.9.9 192.0.2.9 192.0.2.10 2001:db8::1 2001:db8::2");
	assert_int_equal(row.n_alias, 0);
}

static void host__that_is_an_alias__keeps_its_chain(void **state)
{
	struct host_facts row = { .a = ANSWER_PENDING };

	(void)state;
	fresh("a.exempel.com", DNS_A);
	add(SECTION_ANSWER, "a.exempel.com", DNS_CNAME, 20)->target = name_of("b.exempel.com");
	add(SECTION_ANSWER, "b.exempel.com", DNS_CNAME, 90)->target = name_of("c.exempel.com");
	add_addr("c.exempel.com", 40, "192.0.2.1");
	add_addr("d.exempel.com", 40, "192.0.2.2");
	read_host(&row, DNS_A);
	assert_string_equal(addresses(&row), " 192.0.2.1");
	assert_int_equal(row.n_alias, 2);
	assert_true(dname_equal(&row.alias[0], (struct dname[]){ name_of("b.exempel.com") }));
	assert_true(dname_equal(&row.alias[1], (struct dname[]){ name_of("c.exempel.com") }));
	assert_int_equal(row.a_ttl_s, 20);
	/* the other type's answer has no chain: what is known stays */
	reply = (struct dns_reply){ .failed = ANSWER_TIMEOUT };
	read_host(&row, DNS_AAAA);
	assert_int_equal(row.aaaa, ANSWER_TIMEOUT);
	assert_int_equal(row.aaaa_ttl_s, 0);
	assert_int_equal(row.n_alias, 2);
}

static void answer__without_addresses__has_no_time(void **state)
{
	struct host_facts row = { .a_ttl_s = 77 };

	(void)state;
	fresh("a.exempel.com", DNS_A);
	add_soa(SECTION_AUTHORITY, 60, 60);
	assert_int_equal(read_host(&row, DNS_A), ANSWER_NODATA);
	assert_int_equal(row.a, ANSWER_NODATA);
	assert_int_equal(row.a_ttl_s, 0);
	assert_int_equal(row.n_addr, 0);
}

static void addresses__that_have_no_room__are_counted(void **state)
{
	struct host_facts row = { .a = ANSWER_PENDING };
	char text[40];

	(void)state;
	fresh("a.exempel.com", DNS_A);
	for (int i = 0; i < FACTS_ADDRESSES + 2; i++) {
		snprintf(text, sizeof(text), "192.0.2.%d", i + 1);
		add_addr("a.exempel.com", 60, text);
	}
	read_host(&row, DNS_A);
	assert_int_equal(row.n_addr, FACTS_ADDRESSES);
	assert_int_equal(row.more, 2);
	assert_string_equal(addr_text(&row.addr[FACTS_ADDRESSES - 1], text), "192.0.2.32");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(set__is_read__at_the_end_of_aliases, begin, end),
		cmocka_unit_test_setup_teardown(ttl__is_its_own__with_authority_or_in_a_zone_file, begin, end),
		cmocka_unit_test_setup_teardown(negative_ttl__is_the_lower_of_two, begin, end),
		cmocka_unit_test_setup_teardown(empty_answer__of_a_lame_server__is_none, begin, end),
		cmocka_unit_test_setup_teardown(failure__is_told__with_its_code, begin, end),
		cmocka_unit_test_setup_teardown(chain__is_known__where_it_leaves_the_zone_files, begin, end),
		cmocka_unit_test_setup_teardown(addresses__stand_in_order__whichever_came_first, begin, end),
		cmocka_unit_test_setup_teardown(host__that_is_an_alias__keeps_its_chain, begin, end),
		cmocka_unit_test_setup_teardown(answer__without_addresses__has_no_time, begin, end),
		cmocka_unit_test_setup_teardown(addresses__that_have_no_room__are_counted, begin, end),
	};

	return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
