/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates by rows of cases: what is known, and what each answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "app/gate.h"
#include "../core/sets.h"

static const struct provider vendor = {
	.name = "vendor", .title = "Vendor", .caps = CAP_NULL_MX, .limits = { .ttl_min_s = 60, .ttl_max_s = 86400, .records_max = 3 }
};
static const struct provider vendor_without_null = { .name = "vendor", .title = "Vendor" };

struct scene {
	const char *base, *want;
	const char *domain; /* NULL: exempel.com, which is the zone */
	const char *apex;   /* where the DNS has the name; "": not known; NULL: exempel.com */
	const char *hosts;  /* "mx1+ mx2- mx3?": has an address, has none, not known; "@" is the domain */
	const char *ns;     /* what the DNS names; NULL: ns1.exempel.com */
	const char *own_ns; /* what the account's zone names; NULL: ns1.exempel.com */
	enum fact delegated, wildcard, synthesised, below_dname;
	bool wildcard_mx, stood, undo, one_server, no_null;
};

static void add_host(struct facts *facts, const char *word)
{
	size_t len = strlen(word) - 1;
	char name[100];
	struct host_facts *row;
	struct dname host = facts->domain;

	snprintf(name, sizeof(name), "%.*s.exempel.com", (int)len, word);
	if (*word != '@')
		assert_true(dname_parse(&host, name, NULL));
	row = facts_host_add(facts, &host);
	row->a = word[len] == '+' ? ANSWER_DATA : word[len] == '-' ? ANSWER_NODATA : ANSWER_SERVFAIL;
	row->aaaa = word[len] == '?' ? ANSWER_TIMEOUT : ANSWER_NODATA;
	row->n_addr = word[len] == '+';
	assert_true(addr_parse(&row->addr[0], "9.9.9.9"));
}

static void build(const struct scene *scene, struct plan *plan, struct facts *facts, struct provider_run *found)
{
	char words[200], *save = NULL;
	struct dname ns;

	plan_init(plan);
	assert_true(dname_parse(&plan->domain, scene->domain ? scene->domain : "exempel.com", NULL));
	assert_true(dname_parse(&plan->zone, "exempel.com", NULL));
	set_from(&plan->base, scene->base);
	set_from(&plan->want, scene->want);
	facts_init(facts, &plan->domain);
	facts->mx = plan->base.n ? ANSWER_DATA : ANSWER_NODATA;
	facts->source = scene->one_server ? SOURCE_SERVER : SOURCE_RESOLVER;
	if (!scene->apex || *scene->apex)
		assert_true(dname_parse(&facts->zone, scene->apex ? scene->apex : "exempel.com", NULL));
	facts->delegated = scene->delegated;
	facts->wildcard = scene->wildcard;
	facts->synthesised = scene->synthesised;
	facts->below_dname = scene->below_dname;
	facts->wildcard_mx = scene->wildcard_mx;
	snprintf(words, sizeof(words), "%s", scene->hosts);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		add_host(facts, word);
	if (!scene->ns || *scene->ns) {
		assert_true(dname_parse(&ns, scene->ns ? scene->ns : "ns1.exempel.com", NULL));
		facts_server_add(facts, &ns, &(struct addr){ 0 })->at_child = true;
	}
	if (!scene->own_ns || *scene->own_ns) {
		assert_true(dname_parse(&found->ns[0], scene->own_ns ? scene->own_ns : "ns1.exempel.com", NULL));
		found->n_ns = 1;
	}
}

/* "id=no other=unknown" */
static void expect(const struct scene *scene, const char *expected)
{
	struct provider_account account = { .provider = scene->no_null ? &vendor_without_null : &vendor, .name = "lab" };
	struct provider_run found = { .account = &account, .limits = account.provider->limits };
	struct gates gates = { 0 };
	struct facts facts;
	struct plan plan;
	struct str text;

	build(scene, &plan, &facts, &found);
	gates_ask(&(struct gate_input){ &plan, &facts, &found, scene->stood, scene->undo }, &gates);
	str_init(&text, 0);
	for (size_t i = 0; i < gates.n; i++) {
		str_addf(&text, "%s%s=%s", i ? " " : "", gates.gate[i].id, gate_answer_name(gates.gate[i].answer));
		assert_non_null(gates.gate[i].reason.id);
		assert_true(gate_id_exists(gates.gate[i].id));
	}
	if (strcmp(text.s, expected) != 0)
		fail_msg("%s -> %s: \"%s\", not \"%s\"", scene->base, scene->want, text.s, expected);
	str_release(&text);
	gates_release(&gates);
	facts_release(&facts);
	plan_release(&plan);
}

#define BASE "3600 10 mx1.exempel.com"
#define NEW "3600 10 mx2.exempel.com"
#define PAIR "3600 10 mx1.exempel.com 20 mx2.exempel.com"

static void gate_undeliverable__blocks__what_leaves_no_way_in(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, NEW, .hosts = "mx1+ mx2+" }, "" },
		/* every MX of a domain without an address goes */
		{ { BASE, "3600", .hosts = "mx1+ @-" }, "undeliverable=no" },
		{ { BASE, "3600", .hosts = "mx1+ @?" }, "undeliverable=unknown" },
		{ { BASE, "3600", .hosts = "mx1+" }, "undeliverable=unknown" },                                 /* nobody asked */
		{ { BASE, "3600", .hosts = "mx1+ @+" }, "" }, { { BASE, "3600 0 .", .hosts = "mx1+ @-" }, "" }, /* declared */
		{ { BASE, "3600", .hosts = "mx1+ @-", .undo = true }, "" },
		{ { BASE, "3600", .hosts = "mx1+ @-", .stood = true }, "undeliverable=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2-" }, "undeliverable=no target-no-address=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2?" }, "undeliverable=unknown unknown-host=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2-" }, "target-no-address=no" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2?" }, "unknown-host=unknown" }, { { BASE, PAIR, .hosts = "mx1? mx2+" }, "" },
		{ { PAIR, BASE, .hosts = "mx1? mx2+" }, "undeliverable=unknown" },
		{ { BASE, "7200 10 mx1.exempel.com", .hosts = "mx1-" }, "" }, /* the TTL alone: no worse than it was */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

/* A set that stood before may have had its errors: a rollback brings none. */
static void gate_introduced__spares__what_stood_before(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, "3600 10 mx1.exempel.com 20 192.0.2.1", .hosts = "mx1+" }, "target-ip=no" },
		{ { BASE, "3600 10 mx1.exempel.com 20 192.0.2.1", .hosts = "mx1+", .stood = true }, "" },
		{ { BASE, "3600 10 mx1.exempel.com 20 192.0.2.1", .hosts = "mx1+", .undo = true }, "" },
		{ { "3600 20 192.0.2.1 10 mx1.exempel.com", "3600 20 192.0.2.1 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2?", .stood = true }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

static void gate_wrong_zone__blocks__what_nobody_would_see(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		/* nobody delegates it, another's servers, a look-up that fails */
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "com" }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .delegated = FACT_NO }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "ns.annan.example" }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .own_ns = "" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .delegated = FACT_YES }, "" },
		/* one server's word about itself is not the delegation */
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .one_server = true }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .domain = "a.b.exempel.com", .apex = "b.exempel.com", .below_dname = FACT_NO },
			"below-cut=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .domain = "a.b.exempel.com", .below_dname = FACT_NO }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

static void gate_names__block__below_a_dname_and_at_a_wildcard(void **state)
{
	static const char *const name = "ny.exempel.com";
	const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, NEW, name, .hosts = "mx1+ mx2+", .below_dname = FACT_YES }, "below-dname=no" },
		{ { BASE, NEW, name, .hosts = "mx1+ mx2+" }, "below-dname=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+" }, "" }, /* a zone's apex lies below none */
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_NO }, "" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO }, "wildcard=unknown" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES, .synthesised = FACT_YES },
			"wildcard=no" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES }, "wildcard=unknown" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES, .synthesised = FACT_NO }, "" },
		{ { BASE, "3600", name, .hosts = "mx1+ @+", .below_dname = FACT_NO, .wildcard = FACT_YES, .wildcard_mx = true }, "" },
		{ { BASE, "3600", name, .hosts = "mx1+ @-", .below_dname = FACT_NO, .wildcard = FACT_YES, .wildcard_mx = true },
			"undeliverable=no wildcard=no" },
		{ { BASE, NEW, name, .hosts = "mx1+ mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES, .synthesised = FACT_NO }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

static void gate_limits__block__what_the_provider_cannot_store(void **state)
{
	static const struct {
		struct scene scene;
		const char *expected;
	} rows[] = {
		{ { BASE, "60 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "" },
		{ { BASE, "59 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "provider-limits=no" },
		{ { BASE, "86400 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "" },
		{ { BASE, "86401 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "provider-limits=no" },
		{ { "30 10 mx1.exempel.com", "30 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "" }, /* it is stored so already */
		{ { BASE, "3600 1 mx1.exempel.com 2 mx2.exempel.com 3 mx3.exempel.com", .hosts = "mx1+ mx2+ mx3+" }, "" },
		{ { BASE, "3600 1 mx1.exempel.com 2 mx2.exempel.com 3 mx3.exempel.com 4 mx4.exempel.com", .hosts = "mx1+ mx2+ mx3+ mx4+" },
			"provider-limits=no" },
		{ { BASE, "3600 0 .", .hosts = "mx1+", .no_null = true }, "provider-limits=no" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(&rows[i].scene, rows[i].expected);
}

static void gates_override__lets_through__what_it_names_alone(void **state)
{
	struct gates gates = { 0 };
	struct gate two[] = { { .id = "wrong-zone", .answer = GATE_UNKNOWN }, { .id = "target-ip", .answer = GATE_NO } };
	struct dname domain;
	struct err err = { 0 };

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_true(gates_hold(&gates, &domain, &err));
	gates = (struct gates){ .n = 2, .gate = two };
	assert_false(gates_hold(&gates, &domain, &err));
	assert_int_equal(err.code, ERR_BLOCKED);
	assert_int_equal(err_exit_status(err.code), 1);
	assert_string_equal(err_code_name(err.code), "blocked");
	assert_string_equal(err.hint.arg[0], "wrong-zone");
	gates_override(&gates, "wrong-zone");
	assert_int_equal(gates_blocking(&gates), 1);
	assert_false(gates_hold(&gates, &domain, &err));
	assert_string_equal(err.hint.arg[0], "target-ip");
	gates_override(&gates, "target-ip");
	assert_true(gates_hold(&gates, &domain, &err));
	assert_true(gate_id_exists("below-cut") && gate_id_exists("target-cname"));
	assert_false(gate_id_exists("introduced") || gate_id_exists("") || gate_id_exists("wrong_zone"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gate_undeliverable__blocks__what_leaves_no_way_in),
		cmocka_unit_test(gate_introduced__spares__what_stood_before),
		cmocka_unit_test(gate_wrong_zone__blocks__what_nobody_would_see),
		cmocka_unit_test(gate_names__block__below_a_dname_and_at_a_wildcard),
		cmocka_unit_test(gate_limits__block__what_the_provider_cannot_store),
		cmocka_unit_test(gates_override__lets_through__what_it_names_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
