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

#include "app/gate_private.h"
#include "gate_scene.h"
#include "../core/sets.h"

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
		{ { BASE, "3600", .hosts = "mx1+" }, "undeliverable=unknown" }, /* nobody asked */
		{ { BASE, "3600", .hosts = "mx1+ @+" }, "" },
		{ { BASE, "3600 0 .", .hosts = "mx1+ @-" }, "" }, /* declared */
		{ { BASE, "3600", .hosts = "mx1+ @-", .undo = true }, "" },
		{ { BASE, "3600", .hosts = "mx1+ @-", .stood = true }, "undeliverable=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2-" }, "undeliverable=no target-no-address=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2?" }, "undeliverable=unknown unknown-host=unknown" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2-" }, "target-no-address=no" },
		{ { BASE, PAIR, .hosts = "mx1+ mx2?" }, "unknown-host=unknown" },
		{ { BASE, PAIR, .hosts = "mx1? mx2+" }, "" },
		{ { PAIR, BASE, .hosts = "mx1? mx2+" }, "undeliverable=unknown" },
		{ { BASE, "7200 10 mx1.exempel.com", .hosts = "mx1-" }, "" }, /* the TTL alone: no worse than it was */
		/* some senders deliver to an address in place of a name */
		{ { BASE, "3600 10 192.0.2.1", .hosts = "mx1+" }, "undeliverable=unknown target-ip=no" },
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
		/* nobody delegates it, another's servers, a lookup that fails */
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "com" }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .delegated = FACT_NO }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "ns.annan.example" }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .own_ns = "" }, "wrong-zone=unknown" },
		/* the zone's own records name servers as well as the delegation does; another zone's do not */
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "", .zone_ns = "ns1.exempel.com" }, "" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "", .zone_ns = "ns9.exempel.net" }, "wrong-zone=no" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "", .zone_ns = "com ns1.exempel.com" }, "wrong-zone=unknown" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "ns9.exempel.net", .zone_ns = "ns1.exempel.com" }, "" },
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

/* One family without a record is half an answer: the other may have one. A name that does not exist has neither. */
static void gate_has_address__says_no__of_both_families_alone(void **state)
{
	static const struct {
		enum answer a, aaaa;
		size_t n_addr;
		enum gate_answer is;
	} rows[] = {
		{ ANSWER_DATA, ANSWER_NODATA, 1, GATE_YES },
		{ ANSWER_SERVFAIL, ANSWER_DATA, 1, GATE_YES },
		{ ANSWER_NODATA, ANSWER_NODATA, 0, GATE_NO },
		{ ANSWER_NODATA, ANSWER_SERVFAIL, 0, GATE_UNKNOWN },
		{ ANSWER_TIMEOUT, ANSWER_NODATA, 0, GATE_UNKNOWN },
		{ ANSWER_NODATA, ANSWER_PENDING, 0, GATE_UNKNOWN },
		{ ANSWER_UNASKED, ANSWER_NODATA, 0, GATE_UNKNOWN },
		{ ANSWER_UNASKED, ANSWER_UNASKED, 0, GATE_UNKNOWN },
		{ ANSWER_NXDOMAIN, ANSWER_NXDOMAIN, 0, GATE_NO },
		{ ANSWER_NXDOMAIN, ANSWER_TIMEOUT, 0, GATE_NO },
		{ ANSWER_SERVFAIL, ANSWER_NXDOMAIN, 0, GATE_NO },
	};
	struct dname host, other;
	struct facts facts;

	(void)state;
	assert_true(dname_parse(&host, "mx1.exempel.com", NULL) && dname_parse(&other, "mx2.exempel.com", NULL));
	facts_init(&facts, &host);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct host_facts *row = facts_host_add(&facts, &host);

		row->a = rows[i].a;
		row->aaaa = rows[i].aaaa;
		row->n_addr = rows[i].n_addr;
		if (gate_has_address(&facts, &host) != rows[i].is)
			fail_msg("row %zu: %s", i, gate_answer_name(gate_has_address(&facts, &host)));
	}
	assert_int_equal(gate_has_address(&facts, &other), GATE_UNKNOWN);
	facts_release(&facts);
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

static void no_reason__lets_through__what_the_policy_demands(void **state)
{
	struct gate one = { .id = "policy", .answer = GATE_UNKNOWN };
	struct gates gates = { .n = 1, .gate = &one };
	struct dname domain;
	struct err err = { 0 };

	(void)state;
	gates_override(&gates, "policy");
	assert_int_equal(gates_blocking(&gates), 1);
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_false(gates_hold(&gates, &domain, &err));
	assert_string_equal(err.hint.id, "Mend the plan; or change the policy, and have the plan approved anew.");
	assert_true(gate_is_firm("policy"));
	assert_false(gate_is_firm("wrong-zone") || gate_is_firm("target-cname"));
	assert_false(gate_id_exists("policy"));
}

/* The policy's gate alone, of a plan from BASE to this set. */
static void expect_policy(const char *must, const struct scene *scene, const char *expected)
{
	struct provider_account account = { .provider = gate_vendor(scene), .name = "lab" };
	struct provider_run found = { .account = &account, .limits = account.provider->limits };
	struct musts musts = { 0 };
	struct gates gates = { 0 };
	struct facts facts;
	struct plan plan;
	struct str text;

	assert_true(musts_add_section(&musts, "domain", "exempel.com", 1, NULL));
	assert_true(musts_add_pair(&musts, "must", must, 2, NULL));
	build(scene, &plan, &facts, &found);
	gates_ask(&(struct gate_input){ &plan, &facts, &found, scene->stood, scene->undo, &musts }, &gates);
	str_init(&text, 0);
	for (size_t i = 0; i < gates.n; i++) {
		if (strcmp(gates.gate[i].id, "policy") != 0)
			continue;
		str_addf(&text, "%s: ", gate_answer_name(gates.gate[i].answer));
		msg_format(&gates.gate[i].reason, NULL, &text);
	}
	assert_string_equal(text.s ? text.s : "", expected);
	str_release(&text);
	gates_release(&gates);
	musts_release(&musts);
	facts_release(&facts);
	plan_release(&plan);
}

static void gate_policy__judges__the_wanted_set(void **state)
{
	struct scene scene = { "60 10 mx1.exempel.com", BASE, .hosts = "mx1+", .delegated = FACT_YES };

	(void)state;
	expect_policy("ttl <= 1h", &scene, "");
	expect_policy(
		"ttl <= 30m", &scene, "no: the policy demands \"ttl <= 30m\", which the plan does not meet: mxladder check PLAN says why");
	expect_policy("no starttls", &scene,
		"unknown: the policy demands \"no starttls\", which a probe alone can tell: push with --probe, or set probe = yes for the domain");
	expect_policy("dnssec", &scene,
		"unknown: the policy demands \"dnssec\", and whether the plan meets it is not known: mxladder check PLAN says why");
	/* that it stood before is no excuse; that a push is taken back is no push */
	scene.stood = true;
	expect_policy(
		"ttl <= 30m", &scene, "no: the policy demands \"ttl <= 30m\", which the plan does not meet: mxladder check PLAN says why");
	scene.undo = true;
	expect_policy("ttl <= 30m", &scene, "");
}

/* ---- in words ---- */

static void gates__say__what_is_wrong(void **state)
{
	static const char *const name = "ny.exempel.com";
	const struct {
		struct scene scene;
		const char *words;
	} rows[] = {
		{ { BASE, "3600", .hosts = "mx1+ @-" },
			"without MX records nothing takes the mail of exempel.com: the name has no address" },
		{ { BASE, "3600", .hosts = "mx1+ @?" },
			"without MX records the mail of exempel.com goes to the name's own address, and whether it has one is not known" },
		{ { BASE, NEW, .hosts = "mx1+ mx2-", .stood = true },
			"no host of the wanted set can take the mail of exempel.com: none has an address" },
		{ { BASE, NEW, .hosts = "mx1+ mx2?" }, "whether any host of the wanted set can take the mail of exempel.com is not known\n"
						       "whether mx2.exempel.com, which the plan adds, has an address is not known" },
		{ { BASE, "3600 10 mx1.exempel.com 20 mx2.exempel.com 30 mx3.exempel.com", .hosts = "mx1+ mx2? mx3?" },
			"whether mx2.exempel.com, which the plan adds, has an address is not known" }, /* once */
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "" },
			"who answers for the zone exempel.com is not known: nobody can tell whether the change would be seen" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .apex = "com" },
			"nobody delegates the zone exempel.com: in the DNS, exempel.com lies in com, and nobody would see the change" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "ns.annan.example" },
			"the zone exempel.com of account lab names other name servers than the delegation: the change may be seen by nobody" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "" },
			"whether the zone exempel.com of account lab is the one that is delegated is not known: its name servers could not be compared" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .domain = "a.b.exempel.com", .apex = "b.exempel.com", .below_dname = FACT_NO },
			"a.b.exempel.com lies in the zone b.exempel.com, which is delegated away from exempel.com: nobody would see the change" },
		{ { BASE, NEW, name, .hosts = "mx1+ mx2+", .below_dname = FACT_YES, .dname = "exempel.com" },
			"ny.exempel.com lies below the DNAME record of exempel.com: what is published at it is not seen" },
		{ { BASE, NEW, name, .hosts = "mx1+ mx2+" }, "whether ny.exempel.com lies below a DNAME record is not known" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES, .synthesised = FACT_YES,
			  .star = "*.exempel.com" },
			"the wildcard *.exempel.com answers for ny.exempel.com: with a record of its own the name loses all that the wildcard "
			"gives it" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO, .wildcard = FACT_YES },
			"whether the wildcard * answers for ny.exempel.com is not known: if it does, the name loses with a record of its own all "
			"that the wildcard gives it" },
		{ { "3600", NEW, name, .hosts = "mx2+", .below_dname = FACT_NO },
			"whether a wildcard answers for ny.exempel.com is not known" },
		{ { BASE, "3600", name, .hosts = "mx1+ @-", .below_dname = FACT_NO, .wildcard = FACT_YES, .wildcard_mx = true,
			  .stood = true, .star = "*.exempel.com" },
			"without MX records nothing takes the mail of ny.exempel.com: the name has no address\n"
			"without MX records the wildcard *.exempel.com may answer for ny.exempel.com" },
		{ { BASE, "3600", name, .hosts = "mx1+ @-", .below_dname = FACT_NO, .stood = true },
			"without MX records nothing takes the mail of ny.exempel.com: the name has no address\n"
			"whether a wildcard answers for ny.exempel.com without MX records is not known" },
		{ { BASE, "59 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "Vendor stores no TTL below 1m, and the plan wants 59s" },
		{ { BASE, "86401 10 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "Vendor stores no TTL above 1d, and the plan wants 1d1s" },
		{ { BASE, "3600 1 mx1.exempel.com 2 mx2.exempel.com 3 mx3.exempel.com 4 mx4.exempel.com", .hosts = "mx1+ mx2+ mx3+ mx4+" },
			"Vendor stores at most 3 records of a set, and the plan wants 4" },
		{ { "3600 1 mx1.exempel.com 2 mx2.exempel.com 3 mx3.exempel.com 4 mx4.exempel.com",
			  "3600 1 mx1.exempel.com 2 mx2.exempel.com 3 mx3.exempel.com 5 mx4.exempel.com", .hosts = "mx1+ mx2+ mx3+ mx4+" },
			"" }, /* it stores as many already */
		{ { BASE, "3600 255 mx2.exempel.com", .hosts = "mx1+ mx2+" }, "" },
		{ { BASE, "3600 256 mx2.exempel.com 7 mx1.exempel.com", .hosts = "mx1+ mx2+" },
			"Vendor stores no preference above 255, and the plan wants 256" },
		{ { BASE, "3600 0 .", .hosts = "mx1+", .no_null = true }, "Vendor stores no null MX" },
		{ { "3600 0 .", "7200 0 .", .hosts = "mx1+", .no_null = true }, "" },
		{ { BASE, NEW, .hosts = "mx1+ mx2+", .ns = "NS2.EXEMPEL.COM", .own_ns = "ns2.exempel.com" }, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect_words(&rows[i].scene, rows[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gate_undeliverable__blocks__what_leaves_no_way_in),
		cmocka_unit_test(gate_introduced__spares__what_stood_before),
		cmocka_unit_test(gate_wrong_zone__blocks__what_nobody_would_see),
		cmocka_unit_test(gate_names__block__below_a_dname_and_at_a_wildcard),
		cmocka_unit_test(gate_has_address__says_no__of_both_families_alone),
		cmocka_unit_test(gate_limits__block__what_the_provider_cannot_store),
		cmocka_unit_test(gates_override__lets_through__what_it_names_alone),
		cmocka_unit_test(no_reason__lets_through__what_the_policy_demands),
		cmocka_unit_test(gate_policy__judges__the_wanted_set),
		cmocka_unit_test(gates__say__what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
