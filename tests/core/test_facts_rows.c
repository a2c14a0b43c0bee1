/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of facts: each kind is found by what it is of, made once, and a copy's are its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/facts.h"
#include "core/facts/smtp.h"
#include "names.h"

#define ROWS 20 /* more than the first room for them */

static struct dname nth_name(size_t i)
{
	char text[40];

	snprintf(text, sizeof(text), "h%zu.exempel.com", i);
	return name_of(text);
}

static struct addr nth_addr(size_t i)
{
	struct addr addr = { .family = 4, .bytes = { 192, 0, 2, (uint8_t)i } };

	return addr;
}

/* Each row holds what it was made for, and nothing else. */
static void fill(struct facts *facts)
{
	struct dname domain = name_of("exempel.com");

	facts_init(facts, &domain);
	for (size_t i = 0; i < ROWS; i++) {
		struct dname of = nth_name(i);
		struct addr at = nth_addr(i);
		struct ptr_facts *ptr = facts_ptr_add(facts, &at);
		struct listed_facts *listed = facts_listed_add(facts, &at, "list.example");
		struct tlsa_facts *tlsa = facts_tlsa_add(facts, &of);
		struct registered_facts *registered = facts_registered_add(facts, &of);

		assert_int_equal(ptr->ptr, ANSWER_UNASKED);
		assert_int_equal(listed->answer, ANSWER_UNASKED);
		assert_int_equal(tlsa->answer, ANSWER_UNASKED);
		assert_int_equal(registered->ns, ANSWER_UNASKED);
		ptr->n = listed->code.family = tlsa->n = (uint8_t)(100 + i);
		registered->exists = i % 2 ? FACT_YES : FACT_NO;
		facts_host_add(facts, &of)->n_addr = i;
		facts_smtp_add(facts, &of, &at)->code = (uint16_t)(200 + i);
		if (i < FACTS_ZONES)
			facts_zone_add(facts, &of)->more = i;
	}
}

/* Asked for again, the rows are the same ones. */
static void expect_rows(struct facts *facts)
{
	assert_int_equal(facts->n_ptr, ROWS);
	for (size_t i = 0; i < ROWS; i++) {
		struct dname of = nth_name(i);
		struct addr at = nth_addr(i);

		assert_int_equal(facts_ptr(facts, &at)->n, 100 + i);
		assert_true(addr_equal(&facts_ptr(facts, &at)->addr, &at));
		assert_int_equal(facts_tlsa(facts, &of)->n, 100 + i);
		assert_true(dname_equal(&facts_tlsa(facts, &of)->host, &of));
		assert_int_equal(facts_registered(facts, &of)->exists, i % 2 ? FACT_YES : FACT_NO);
		assert_ptr_equal(facts_ptr_add(facts, &at), &facts->ptr[i]);
		assert_ptr_equal(facts_listed_add(facts, &at, "list.example"), &facts->listed[i]);
		assert_int_equal(facts->listed[i].code.family, 100 + i);
		assert_string_equal(facts->listed[i].list, "list.example");
		assert_ptr_equal(facts_tlsa_add(facts, &of), &facts->tlsa[i]);
		assert_ptr_equal(facts_registered_add(facts, &of), &facts->registered[i]);
		assert_ptr_equal(facts_host(facts, &of), &facts->host[i]);
		assert_int_equal(facts->host[i].n_addr, i);
		assert_int_equal(facts->smtp[i].code, 200 + i);
		if (i < FACTS_ZONES)
			assert_int_equal(facts->zones[i].more, i);
	}
	assert_int_equal(facts->n_ptr, ROWS);
	assert_int_equal(facts->n_listed, ROWS);
	assert_int_equal(facts->n_tlsa, ROWS);
	assert_int_equal(facts->n_registered, ROWS);
}

static void rows__are_found__by_what_they_are_of(void **state)
{
	struct facts facts;
	struct dname other = name_of("exempel.net"), below = name_of("a.b.h3.exempel.com"), apex = name_of("exempel.com");
	struct addr nowhere = { .family = 6 }, third = nth_addr(3);

	(void)state;
	facts_init(&facts, &apex);
	assert_null(facts_ptr(&facts, &third));
	assert_null(facts_tlsa(&facts, &apex));
	assert_null(facts_registered(&facts, &apex));
	fill(&facts);
	expect_rows(&facts);
	assert_null(facts_ptr(&facts, &nowhere));
	assert_null(facts_tlsa(&facts, &other));
	assert_null(facts_registered(&facts, &other));
	/* a registered domain is found from what lies in it, and not from what it lies in */
	assert_ptr_equal(facts_registered(&facts, &below), &facts.registered[3]);
	assert_null(facts_registered(&facts, &apex));
	assert_null(facts_tlsa(&facts, &below));
	/* one address on another list is another row */
	assert_ptr_equal(facts_listed_add(&facts, &third, "other.example"), &facts.listed[ROWS]);
	assert_string_equal(facts.listed[ROWS].list, "other.example");
	assert_int_equal(facts.n_listed, ROWS + 1);
	facts_release(&facts);
	assert_int_equal(facts.n_ptr + facts.n_listed + facts.n_tlsa + facts.n_registered + facts.n_host + facts.n_smtp, 0);
}

/* TLSA records are found by the host's row, and without one, or where that came later, by themselves. */
static void tlsa__is_found__whichever_row_came_first(void **state)
{
	struct dname of[4] = { name_of("a.exempel.com"), name_of("b.exempel.com"), name_of("c.exempel.com"), name_of("d.exempel.com") };
	struct facts facts, copy = { 0 };

	(void)state;
	facts_init(&facts, &of[0]);
	facts_host_add(&facts, &of[0]);
	facts_tlsa_add(&facts, &of[1])->n = 1;
	facts_tlsa_add(&facts, &of[0])->n = 2;
	facts_host_add(&facts, &of[1]);
	facts_host_add(&facts, &of[2]);
	facts_tlsa_add(&facts, &of[3])->n = 3;
	assert_int_equal(facts_host(&facts, &of[0])->tlsa, 2);
	assert_int_equal(facts_host(&facts, &of[1])->tlsa, 0);
	facts_copy(&copy, &facts);
	assert_ptr_equal(facts_tlsa(&copy, &of[0]), &copy.tlsa[1]);
	assert_ptr_equal(facts_tlsa(&facts, &of[0]), &facts.tlsa[1]);
	assert_ptr_equal(facts_tlsa(&facts, &of[1]), &facts.tlsa[0]);
	assert_null(facts_tlsa(&facts, &of[2]));
	assert_ptr_equal(facts_tlsa(&facts, &of[3]), &facts.tlsa[2]);
	assert_ptr_equal(facts_tlsa_add(&facts, &of[0]), &facts.tlsa[1]);
	assert_int_equal(facts.n_tlsa, 3);
	facts_release(&copy);
	facts_release(&facts);
}

/* A copy has room for what it holds and for no more, and what is done to the one is not seen in the other. */
static void copy__has__rows_of_its_own(void **state)
{
	struct facts facts, copy = { 0 };
	struct dname of = nth_name(ROWS);
	struct addr at = nth_addr(ROWS);

	(void)state;
	fill(&facts);
	facts_copy(&copy, &facts);
	assert_int_equal(copy.cap_host, ROWS);
	assert_int_equal(copy.cap_zone, copy.n_zone);
	assert_int_equal(copy.cap_registered, ROWS);
	assert_int_equal(copy.cap_ptr, ROWS);
	assert_int_equal(copy.cap_listed, ROWS);
	assert_int_equal(copy.cap_tlsa, ROWS);
	assert_int_equal(copy.cap_smtp, ROWS);
	assert_ptr_not_equal(copy.host_slot, facts.host_slot);
	for (size_t i = 0; i < ROWS; i++) {
		facts.host[i].n_addr = facts.ptr[i].n = facts.tlsa[i].n = 0;
		facts.listed[i].code.family = 0;
		facts.registered[i].exists = FACT_UNKNOWN;
		facts.smtp[i].code = 0;
		facts.zones[i % facts.n_zone].more = 99;
	}
	expect_rows(&copy);
	facts_host_add(&copy, &of);
	facts_ptr_add(&copy, &at);
	facts_listed_add(&copy, &at, "list.example");
	facts_tlsa_add(&copy, &of);
	facts_registered_add(&copy, &of);
	facts_smtp_add(&copy, &of, &at);
	assert_null(facts_host(&facts, &of));
	assert_null(facts_ptr(&facts, &at));
	facts_release(&facts);
	assert_int_equal(facts_ptr(&copy, &at)->n, 0);
	assert_int_equal(copy.n_listed, ROWS + 1);
	assert_int_equal(copy.host[3].n_addr, 3);
	facts_release(&copy);
}

/* A copy of server rows has room for them and for no more. */
static void copy__keeps__each_servers_set(void **state)
{
	struct facts facts, copy = { 0 };
	struct dname domain = name_of("exempel.com");
	struct addr at = nth_addr(1);
	struct mx mx;

	(void)state;
	facts_init(&facts, &domain);
	for (unsigned i = 0; i < 3; i++) {
		mx_set(&mx, i, "mx.exempel.com");
		mxset_add(&facts_server_add(&facts, &domain, &at)->set, &mx);
	}
	facts_copy(&copy, &facts);
	assert_int_equal(copy.cap_server, 3);
	for (unsigned i = 0; i < 3; i++) {
		facts.server[i].set.mx[0].preference = 99;
		assert_int_equal(copy.server[i].set.mx[0].preference, i);
	}
	facts_release(&facts);
	facts_release(&copy);
}

/* ---- what follows from them ---- */

static void undotted__is__a_name_with_the_zone_behind_it(void **state)
{
	static const struct {
		const char *zone, *host, *meant; /* meant NULL: it was meant as it is */
	} rows[] = {
		{ "exempel.com", "mx.example.net.exempel.com", "mx.example.net" },
		{ "exempel.com", "mx.net.exempel.com", "mx.net" },
		{ "exempel.com", "mx1.exempel.com", NULL }, /* one label is a host of its own zone */
		{ "exempel.com", "exempel.com", NULL },
		{ "exempel.com", "mx.example.net", NULL },
		{ "exempel.com", "mx.example.net.a.exempel.com", "mx.example.net.a" },
		{ "a.exempel.com", "mx.example.net.a.exempel.com", "mx.example.net" },
		{ "", "mx.example.net.a.exempel.com", "mx.example.net" },
		{ "", "mx.a.exempel.com", NULL },
		{ "", "mx.example.net.exempel.com", NULL },
	};
	struct facts facts;
	struct dname domain = name_of("a.exempel.com"), meant, host, wanted;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		facts_init(&facts, &domain);
		facts.zone = name_of(rows[i].zone);
		host = name_of(rows[i].host);
		assert_int_equal(facts_undotted(&facts, &host, &meant), rows[i].meant != NULL);
		if (rows[i].meant) {
			wanted = name_of(rows[i].meant);
			assert_true(dname_equal(&meant, &wanted));
		}
		facts_release(&facts);
	}
}

static void domain__takes_itself__where_it_has_an_address(void **state)
{
	static const struct {
		bool implicit, row;
		size_t n_addr;
		enum answer a, aaaa;
		enum fact takes;
	} rows[] = {
		{ false, true, 1, ANSWER_DATA, ANSWER_DATA, FACT_NO },
		{ true, true, 1, ANSWER_DATA, ANSWER_TIMEOUT, FACT_YES },
		{ true, true, 0, ANSWER_NODATA, ANSWER_NODATA, FACT_NO },
		{ true, true, 0, ANSWER_NODATA, ANSWER_TIMEOUT, FACT_UNKNOWN },
		{ true, true, 0, ANSWER_SERVFAIL, ANSWER_NODATA, FACT_UNKNOWN },
		{ true, true, 0, ANSWER_UNASKED, ANSWER_UNASKED, FACT_UNKNOWN },
		{ true, false, 0, ANSWER_UNASKED, ANSWER_UNASKED, FACT_UNKNOWN },
	};
	struct dname domain = name_of("exempel.com");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts;
		struct host_facts *own;

		facts_init(&facts, &domain);
		facts.implicit = rows[i].implicit;
		if (rows[i].row) {
			own = facts_host_add(&facts, &domain);
			own->n_addr = rows[i].n_addr;
			own->a = rows[i].a;
			own->aaaa = rows[i].aaaa;
		}
		assert_int_equal(facts_takes_itself(&facts), rows[i].takes);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows__are_found__by_what_they_are_of),
		cmocka_unit_test(tlsa__is_found__whichever_row_came_first),
		cmocka_unit_test(copy__has__rows_of_its_own),
		cmocka_unit_test(copy__keeps__each_servers_set),
		cmocka_unit_test(undotted__is__a_name_with_the_zone_behind_it),
		cmocka_unit_test(domain__takes_itself__where_it_has_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
