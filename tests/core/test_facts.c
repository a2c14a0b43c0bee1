/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/facts.h"

static void addr_parse__turns_back__as_rfc_5952(void **state)
{
	static const struct {
		const char *given, *text;
	} rows[] = {
		{ "192.0.2.10", "192.0.2.10" },
		{ "2001:DB8::10", "2001:db8::10" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	static const char *const bad[] = { "", "192.0.2", "192.0.2.256", "192.0.2.10:53", "[::1]", "fe80::1%lo", "1:2", " ::1",
		"mx.example", "192.0.2.1 " };
	struct addr addr = { 0 };
	char out[ADDR_TEXT_MAX];

	(void)state;
	assert_string_equal(addr_text(&addr, out), "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(addr_parse(&addr, rows[i].given));
		assert_string_equal(addr_text(&addr, out), rows[i].text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(addr_parse(&addr, bad[i]));
}

static void addr_in__compares__leading_bits(void **state)
{
	static const struct {
		const char *addr, *net;
		unsigned bits;
		bool in;
	} rows[] = {
		{ "192.0.2.10", "192.0.2.0", 24, true },
		{ "192.0.3.10", "192.0.2.0", 24, false },
		{ "192.0.2.129", "192.0.2.128", 25, true },
		{ "192.0.2.127", "192.0.2.128", 25, false },
		{ "192.0.2.10", "192.0.2.10", 32, true },
		{ "192.0.2.11", "192.0.2.10", 32, false },
		{ "192.0.2.11", "0.0.0.0", 0, true },
		{ "192.0.2.11", "192.0.2.0", 33, false },
		{ "192.0.2.11", "192.0.2.11", 33, false },
		{ "::1", "::1", 129, false },
		{ "2001:db8::1", "2001:db8::", 32, true },
		{ "2001:db8:8000::1", "2001:db8::", 33, false },
		{ "::1", "::1", 128, true },
		{ "::1", "0.0.0.0", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct addr addr, net;

		assert_true(addr_parse(&addr, rows[i].addr));
		assert_true(addr_parse(&net, rows[i].net));
		assert_int_equal(addr_in(&addr, &net, rows[i].bits), rows[i].in);
		assert_int_equal(addr_equal(&addr, &net), strcmp(rows[i].addr, rows[i].net) == 0);
	}
}

static void facts_copy__owns__all_of_its_own(void **state)
{
	struct facts facts = { 0 }, copy = { 0 };
	struct dname domain, host;
	struct addr addr;
	struct mx mx;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_true(dname_parse(&host, "mx.exempel.com", NULL));
	assert_true(addr_parse(&addr, "192.0.2.1"));
	facts_init(&facts, &domain);
	assert_null(facts_host(&facts, &host));
	for (int i = 0; i < 20; i++) {
		char name[32];
		struct dname other;

		snprintf(name, sizeof(name), "h%d.exempel.com", i);
		assert_true(dname_parse(&other, name, NULL));
		facts_host_add(&facts, &other)->a = ANSWER_DATA;
		mx_set(&mx, 10, name);
		mxset_add(&facts_server_add(&facts, &other, &addr)->set, &mx);
	}
	assert_int_equal(facts_host_add(&facts, &host)->a, ANSWER_UNASKED);
	assert_ptr_equal(facts_host_add(&facts, &host), facts_host(&facts, &host));
	assert_int_equal(facts.n_host, 21);
	mxset_add(&facts.live, &mx);
	mx_set(&mx, 20, "held.exempel.com");
	mxset_add(&facts.held.set, &mx);
	mx_set(&mx, 30, "cached.exempel.com");
	mxset_add(&facts.cached.set, &mx);
	mx_set(&mx, 40, "wildcard.exempel.com");
	mxset_add(&facts.wildcard_set, &mx);
	facts_copy(&copy, &facts);
	facts_release(&facts);
	assert_int_equal(copy.n_host, 21);
	assert_int_equal(copy.n_server, 20);
	assert_int_equal(copy.server[19].set.n, 1);
	assert_int_equal(copy.live.n, 1);
	assert_int_equal(copy.held.set.mx[0].preference, 20);
	assert_int_equal(copy.cached.set.mx[0].preference, 30);
	assert_int_equal(copy.wildcard_set.mx[0].preference, 40);
	assert_non_null(facts_host(&copy, &host));
	facts_copy(&copy, &facts);
	assert_int_equal(copy.n_host, 0);
	facts_release(&copy);
}

/* As many as make the slots grow several times; two of them differ in the last byte alone, or in the family. */
static void name(struct dname *made, const char *text)
{
	assert_true(dname_parse(made, text, NULL));
}

/* Of a look, whatever the one before found; and of more than that, once somebody asked for it. */
static void facts_reset__leaves__nothing_of_before(void **state)
{
	struct facts facts, fresh;
	struct dname domain, host;
	struct host_facts *row;

	(void)state;
	name(&domain, "one.example");
	name(&host, "mx.one.example");
	facts_init(&facts, &domain);
	for (unsigned all = 0; all < 2; all++) {
		facts.asked = NEEDS_MX | NEEDS_HOSTS | (all ? NEEDS_SPF : 0);
		row = facts_host_add(&facts, &host);
		assert_true(row->a == ANSWER_UNASKED && row->aaaa == ANSWER_UNASKED && !row->a_ttl_s && !row->aaaa_ttl_s && !row->tlsa);
		assert_true(!row->n_alias && !row->n_addr && !row->more && dname_equal(&row->host, &host));
		memset(&row->a, 0xff, sizeof(*row) - offsetof(struct host_facts, a));
		facts.mx = ANSWER_DATA;
		facts.n_alias = 1;
		facts.null_mx = facts.implicit = true;
		facts.spf.txt = all ? ANSWER_DATA : ANSWER_UNASKED;
		facts.wildcard_mx = all;
		mxset_append(&facts.live, &(struct mx){ .preference = 1, .host = host });
		mxset_append(&facts.cached.set, &(struct mx){ .preference = 1, .host = host });
		name(&domain, "two.example");
		facts_reset(&facts, &domain);
		facts_init(&fresh, &domain);
		assert_null(facts_host(&facts, &host));
		assert_int_equal(facts.live.n + facts.cached.set.n + facts.n_host, 0);
		fresh.host = facts.host;
		fresh.cap_host = facts.cap_host;
		fresh.host_slot = facts.host_slot;
		fresh.n_slot = facts.n_slot;
		fresh.live = facts.live;
		fresh.cached.set = facts.cached.set;
		assert_memory_equal(&facts, &fresh, offsetof(struct facts, alias));
		assert_memory_equal(&facts.held, &fresh.held, sizeof(facts) - offsetof(struct facts, held));
	}
	facts_release(&facts);
}

/* Few are found without their slots, many by them, however many there were before. */
static void facts_host__finds__few_and_many(void **state)
{
	static const size_t counts[] = { 3, 8, 9, 30, 9, 8, 10 };
	struct facts facts;
	struct dname domain, host;

	(void)state;
	name(&domain, "one.example");
	facts_init(&facts, &domain);
	for (size_t i = 0; i < 40; i++) { /* slots that were not emptied would be full by then */
		for (size_t k = 0; k < counts[i % (sizeof(counts) / sizeof(*counts))]; k++) {
			char text[32];

			snprintf(text, sizeof(text), "h%zu.example", 7 * i + k);
			name(&host, text);
			assert_null(facts_host(&facts, &host));
			facts_host_add(&facts, &host);
			assert_true(dname_equal(&facts.host[k].host, &host));
			for (size_t before = 0; before <= k; before++)
				assert_ptr_equal(facts_host(&facts, &facts.host[before].host), &facts.host[before]);
		}
		facts.asked = NEEDS_MX | NEEDS_HOSTS;
		facts_reset(&facts, &domain);
	}
	facts_release(&facts);
}

static void host_facts_size__ends__behind_what_is_said(void **state)
{
	struct host_facts row = { .n_addr = 2 };

	(void)state;
	assert_int_equal(host_facts_size(&row), (size_t)((uint8_t *)&row.addr[2] - (uint8_t *)&row));
	row.n_alias = 1;
	assert_int_equal(host_facts_size(&row), (size_t)((uint8_t *)&row.alias[1] - (uint8_t *)&row));
}

static void facts_ptr__finds__each_address(void **state)
{
	struct facts facts = { 0 }, copy = { 0 };
	struct dname domain;
	struct addr addr;
	char text[32];

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(&facts, &domain);
	assert_true(addr_parse(&addr, "192.0.2.1"));
	assert_null(facts_ptr(&facts, &addr));
	for (unsigned i = 0; i < 600; i++) {
		snprintf(text, sizeof(text), i % 2 ? "2001:db8::%x" : "10.0.%u.%u", i % 2 ? i : i >> 8, i & 255);
		assert_true(addr_parse(&addr, text));
		assert_null(facts_ptr(&facts, &addr));
		facts_ptr_add(&facts, &addr)->n = i;
		assert_ptr_equal(facts_ptr_add(&facts, &addr), facts_ptr(&facts, &addr));
	}
	assert_int_equal(facts.n_ptr, 600);
	facts_copy(&copy, &facts);
	facts_release(&facts);
	assert_null(facts_ptr(&facts, &addr));
	for (unsigned i = 0; i < 600; i++) {
		snprintf(text, sizeof(text), i % 2 ? "2001:db8::%x" : "10.0.%u.%u", i % 2 ? i : i >> 8, i & 255);
		assert_true(addr_parse(&addr, text));
		assert_int_equal(facts_ptr(&copy, &addr)->n, i);
	}
	addr.bytes[15] ^= 1;
	assert_null(facts_ptr(&copy, &addr));
	facts_release(&copy);
}

static void facts_zone__knows__who_answers(void **state)
{
	static const char *const servers[] = { "ns2.exempel.net", "ns1.exempel.net", "ns2.exempel.net" };
	struct facts facts = { 0 }, copy = { 0 };
	struct dname outer, inner, host, name;
	struct zone_facts *zone;

	(void)state;
	assert_true(dname_parse(&outer, "exempel.net", NULL) && dname_parse(&inner, "inre.exempel.net", NULL));
	assert_true(dname_parse(&host, "mx.inre.exempel.net", NULL));
	facts_init(&facts, &outer);
	assert_null(facts_zone_of(&facts, &host));
	zone = facts_zone_add(&facts, &outer);
	assert_int_equal(zone->ns, ANSWER_UNASKED);
	for (size_t i = 0; i < 3; i++) {
		assert_true(dname_parse(&name, servers[i], NULL));
		zone_facts_add_ns(zone, &name);
	}
	assert_int_equal(zone->n_ns, 2);
	assert_true(dname_cmp(&zone->name_server[0], &zone->name_server[1]) < 0);
	assert_ptr_equal(facts_zone_of(&facts, &host), zone);
	facts_zone_add(&facts, &inner);
	assert_true(dname_equal(&facts_zone_of(&facts, &host)->apex, &inner));
	assert_int_equal(facts_zone_add(&facts, &outer)->n_ns, 2);
	facts_copy(&copy, &facts);
	facts_release(&facts);
	assert_int_equal(copy.n_zone, 2);
	assert_int_equal(facts_zone_of(&copy, &outer)->n_ns, 2);
	facts_release(&copy);
}

static void facts_zone__keeps__no_more_than_it_says(void **state)
{
	struct facts facts = { 0 };
	struct zone_facts *zone = NULL;
	struct dname name;
	char text[40];

	(void)state;
	assert_true(dname_parse(&name, "exempel.com", NULL));
	facts_init(&facts, &name);
	for (int i = 0; i <= FACTS_ZONES; i++) {
		snprintf(text, sizeof(text), "z%d.exempel.com", i);
		assert_true(dname_parse(&name, text, NULL));
		zone = facts_zone_add(&facts, &name);
		assert_int_equal(zone != NULL, i < FACTS_ZONES);
	}
	zone = &facts.zones[0];
	for (int i = 0; i < FACTS_NS + 3; i++) {
		snprintf(text, sizeof(text), "ns%d.exempel.com", i);
		assert_true(dname_parse(&name, text, NULL));
		zone_facts_add_ns(zone, &name);
	}
	assert_int_equal(zone->n_ns, FACTS_NS);
	assert_int_equal(zone->more, 3);
	facts_release(&facts);
}

static void answer_name__knows__every_kind(void **state)
{
	(void)state;
	for (int a = 0; a < ANSWER_KINDS; a++) {
		assert_non_null(answer_name((enum answer)a));
		if (answer_is_soft((enum answer)a))
			assert_true(answer_is_final((enum answer)a));
	}
	assert_true(answer_is_soft(ANSWER_SERVFAIL) && answer_is_soft(ANSWER_TIMEOUT));
	assert_false(answer_is_soft(ANSWER_NXDOMAIN) || answer_is_soft(ANSWER_NODATA) || answer_is_soft(ANSWER_DATA));
	assert_false(answer_is_final(ANSWER_PENDING) || answer_is_final(ANSWER_UNASKED));
	assert_string_equal(dnssec_name(DNSSEC_PENDING), "unchecked");
	assert_string_equal(dnssec_name(DNSSEC_SECURE), "secure");
	assert_string_equal(dnssec_name(DNSSEC_INSECURE), "insecure");
	assert_string_equal(dnssec_name(DNSSEC_BOGUS), "bogus");
	assert_string_equal(fact_source_name(SOURCE_PROVIDER), "provider");
}

static void facts_below_cut__needs__both_zones(void **state)
{
	static const struct {
		const char *seen, *held;
		enum fact cut;
	} rows[] = {
		{ "a.x", "x", FACT_YES },
		{ "x", "x", FACT_NO },
		{ "x", "a.x", FACT_NO },
		{ "y", "x", FACT_NO },
		{ "", "x", FACT_UNKNOWN },
		{ "a.x", "", FACT_UNKNOWN },
	};
	struct facts facts;
	struct dname name;

	(void)state;
	assert_true(dname_parse(&name, "b.a.x", NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		facts_init(&facts, &name);
		if (*rows[i].seen)
			assert_true(dname_parse(&facts.zone, rows[i].seen, NULL));
		if (*rows[i].held)
			assert_true(dname_parse(&facts.held.zone, rows[i].held, NULL));
		assert_int_equal(facts_below_cut(&facts), rows[i].cut);
		facts_release(&facts);
	}
}

static void facts_dnssec_reason__is__of_what_is_said(void **state)
{
	struct facts facts = { .unchecked_reason = "no anchor", .bogus_reason = "a signature is over" };

	(void)state;
	facts.dnssec = DNSSEC_SECURE;
	assert_null(facts_dnssec_reason(&facts));
	facts.dnssec = DNSSEC_UNCHECKED;
	assert_string_equal(facts_dnssec_reason(&facts), "no anchor");
	facts.dnssec = DNSSEC_BOGUS;
	assert_string_equal(facts_dnssec_reason(&facts), "a signature is over");
	facts.bogus_reason[0] = '\0';
	assert_null(facts_dnssec_reason(&facts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addr_parse__turns_back__as_rfc_5952),
		cmocka_unit_test(addr_in__compares__leading_bits),
		cmocka_unit_test(facts_copy__owns__all_of_its_own),
		cmocka_unit_test(facts_reset__leaves__nothing_of_before),
		cmocka_unit_test(facts_host__finds__few_and_many),
		cmocka_unit_test(host_facts_size__ends__behind_what_is_said),
		cmocka_unit_test(facts_ptr__finds__each_address),
		cmocka_unit_test(facts_zone__knows__who_answers),
		cmocka_unit_test(facts_zone__keeps__no_more_than_it_says),
		cmocka_unit_test(answer_name__knows__every_kind),
		cmocka_unit_test(facts_dnssec_reason__is__of_what_is_said),
		cmocka_unit_test(facts_below_cut__needs__both_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
