/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who told the set, and who tells otherwise, printed from facts: what no zone file can play. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/print.h"
#include "cli/print_servers.h"
#include "cli/print_truth.h"
#include "show/set.h"
#include "cli/print_document.h"
#include "show/served.h"
#include "said.h"

#define NOW 1900000000

static void add(struct mxset *set, uint32_t ttl_s, uint32_t preference, const char *host)
{
	struct mx mx;

	set->ttl_s = ttl_s;
	mx_set(&mx, preference, host);
	mxset_add(set, &mx);
}

static void start(struct facts *facts)
{
	struct dname domain;

	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(facts, &domain);
	facts->observed_at = NOW;
}

static void source__is_named(void **state)
{
	static const struct {
		enum fact_source source;
		const char *name, *wanted;
	} rows[] = {
		{ SOURCE_PROVIDER, "x", "held by account lab" },
		{ SOURCE_SERVER, "x", "served" },
		{ SOURCE_ZONE, "a.zone", "a.zone" },
		{ SOURCE_RESOLVER, "192.0.2.53", "cached by 192.0.2.53" },
		{ SOURCE_RESOLVER, "a\033b", "cached by a\\x1bb" },
		{ SOURCE_RESOLVER, "", "cached" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts;
		struct str text;

		start(&facts);
		str_init(&text, 0);
		snprintf(facts.held.account, sizeof(facts.held.account), "lab");
		snprintf(facts.source_name, sizeof(facts.source_name), "%s", rows[i].name);
		facts.live_source = rows[i].source;
		set_source(&facts, &text);
		assert_string_equal(text.s, rows[i].wanted);
		str_release(&text);
		facts_release(&facts);
	}
}

static void plan__stands__by_what_is_there(void **state)
{
	static const struct {
		uint32_t live; /* preference of the one host; 0: nobody told */
		enum truth_source source;
		enum plan_stand stand;
	} rows[] = {
		{ 10, TRUTH_HELD, STAND_BASE },
		{ 20, TRUTH_HELD, STAND_WANT },
		{ 30, TRUTH_HELD, STAND_OTHER },
		{ 10, TRUTH_SERVED, STAND_BASE },
		{ 30, TRUTH_SERVED, STAND_OTHER },
		{ 10, TRUTH_CACHED, STAND_BASE },
		{ 20, TRUTH_CACHED, STAND_WANT },
		{ 30, TRUTH_CACHED, STAND_UNKNOWN },
		{ 10, TRUTH_UNKNOWN, STAND_UNKNOWN },
		{ 0, TRUTH_HELD, STAND_UNKNOWN },
	};
	struct plan plan;

	(void)state;
	plan_init(&plan);
	add(&plan.base, 3600, 10, "a.example");
	add(&plan.want, 3600, 20, "a.example");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mxset live = { 0 };

		add(&live, 3600, rows[i].live, "a.example");
		assert_int_equal(plan_stand(&plan, rows[i].live ? &live : NULL, rows[i].source), rows[i].stand);
		mxset_release(&live);
	}
	plan_release(&plan);
	assert_string_equal(plan_stand_name(STAND_BASE), "base");
	assert_string_equal(plan_stand_name(STAND_WANT), "want");
	assert_string_equal(plan_stand_name(STAND_OTHER), "other");
	assert_string_equal(plan_stand_name(STAND_UNKNOWN), "unknown");
}

static void stand__is_a_sentence(void **state)
{
	static const struct {
		enum plan_stand stand;
		enum truth_source source;
		const char *named, *wanted;
	} rows[] = {
		{ STAND_BASE, TRUTH_HELD, "", "The provider holds what the plan begins from.\n" },
		{ STAND_WANT, TRUTH_HELD, "", "The provider holds already what the plan wants.\n" },
		{ STAND_OTHER, TRUTH_HELD, "", "The provider does not hold what the plan begins from.\n" },
		{ STAND_BASE, TRUTH_SERVED, "", "The name servers serve what the plan begins from.\n" },
		{ STAND_WANT, TRUTH_SERVED, "", "The name servers serve already what the plan wants.\n" },
		{ STAND_OTHER, TRUTH_SERVED, "", "The name servers do not serve what the plan begins from.\n" },
		{ STAND_BASE, TRUTH_CACHED, "",
			"A resolver's cache has what the plan begins from; nobody who knows it better could be asked.\n" },
		{ STAND_WANT, TRUTH_CACHED, "",
			"A resolver's cache has already what the plan wants; nobody who knows it better could be asked.\n" },
		{ STAND_BASE, TRUTH_SERVED, "a.zone", "a.zone has what the plan begins from.\n" },
		{ STAND_WANT, TRUTH_SERVED, "a.zone", "a.zone has already what the plan wants.\n" },
		{ STAND_OTHER, TRUTH_SERVED, "a.zone", "a.zone does not have what the plan begins from.\n" },
		{ STAND_UNKNOWN, TRUTH_CACHED, "a.zone",
			"Whether the set is still what the plan begins from is not known: no provider and no name server told it.\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		listen_to_stdout();
		print_stand(rows[i].stand, rows[i].source, rows[i].named);
		said(rows[i].wanted);
	}
}

static void held__is_told_in_json(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	json_is(print_held_json(&facts), "null");
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	facts.held.at = NOW;
	facts.held.mx = ANSWER_NODATA;
	json_is(print_held_json(&facts), "{\"account\":\"lab\",\"at\":\"2030-03-17T17:46:40Z\",\"records\":[],\"ttl\":null}");
	facts.held.mx = ANSWER_DATA;
	add(&facts.held.set, 300, 10, "a.example");
	json_is(print_held_json(&facts),
		"{\"account\":\"lab\",\"at\":\"2030-03-17T17:46:40Z\",\"records\":[{\"host\":\"a.example\",\"preference\":10}],\"ttl\":300}");
	facts_release(&facts);
}

/* A resolver has the old set, the provider the new one. */
static void cache__that_differs__is_told(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	facts.source = SOURCE_RESOLVER;
	facts.live_source = SOURCE_PROVIDER;
	facts.mx = facts.held.mx = facts.cached.mx = ANSWER_DATA;
	facts.held.at = facts.cached.at = NOW;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	add(&facts.held.set, 3600, 20, "b.example");
	add(&facts.live, 3600, 20, "b.example");
	add(&facts.cached.set, 7322, 10, "a.example");
	add(&facts.cached.set, 7322, 30, "c.example");
	listen_to_stdout();
	print_truth(&facts, NOW);
	said(" The cache of the system's resolver has another set, for 2h2m: 10 a.example, 30 c.example\n");
	snprintf(facts.source_name, sizeof(facts.source_name), "192.0.2.53");
	listen_to_stdout();
	print_truth(&facts, NOW + 3800);
	said(" The cache of 192.0.2.53 has another set, for 58m42s: 10 a.example, 30 c.example\n");
	json_is(print_cached_json(&facts, NOW + 22),
		"{\"records\":[{\"host\":\"a.example\",\"preference\":10},{\"host\":\"c.example\",\"preference\":30}],\"resolver\":\"192.0.2.53\","
		"\"same\":false,\"ttl_left\":7300}");
	facts.source = SOURCE_ZONE;
	json_is(print_cached_json(&facts, NOW), "null");
	facts_release(&facts);
}

static void name__is_told_in_sentences(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	listen_to_stdout();
	print_name(stdout, &facts);
	said("");
	facts.delegated = FACT_NO;
	facts.below_dname = FACT_YES;
	facts.wildcard = FACT_YES;
	listen_to_stdout();
	print_name(stdout, &facts);
	said(" The zone is not delegated: its parent names no server for it, so nobody finds what it holds.\n"
	     " The name lies below a DNAME: no record can stand at it (RFC 6672).\n"
	     " A wildcard would answer for this name, if nothing stood at it or below it.\n");
	facts.delegated = FACT_YES;
	facts.below_dname = FACT_NO;
	facts.synthesised = FACT_YES;
	listen_to_stdout();
	print_name(stdout, &facts);
	said(" These records are a wildcard's; a record of the name's own takes their place.\n");
	json_is(print_name_json(&facts),
		"{\"below_cut\":null,\"below_dname\":false,\"delegated\":true,\"held_zone\":null,\"synthesised\":true,"
		"\"wildcard\":true,\"zone\":null}");
	facts_release(&facts);
}

static void served__is_a_table(void **state)
{
	struct served served = { 0 };
	struct document document = print_begin(1);
	struct served_row *row;
	struct dns_endpoint at = { .port = 5353 };
	struct dname name;

	(void)state;
	assert_true(addr_parse(&at.addr, "192.0.2.53"));
	assert_true(dname_parse(&name, "ns1.example", NULL));
	row = served_add(&served, &name, &at);
	row->has_serial = true;
	row->serial = 4294967295u;
	served_add(&served, &name, &(struct dns_endpoint){ 0 })->state = SERVER_NO_ADDRESS;
	served_add(&served, NULL, &at);
	listen_to_stdout();
	served_document(&served, 0, false, &document);
	print_document(&document, stdout);
	said("  ns1.example  192.0.2.53:5353  not asked                serial 4294967295\n"
	     "  ns1.example                   its name has no address\n"
	     "               192.0.2.53:5353  not asked\n");
	served_release(&served);
	document = print_begin(0);
	drain_document(&(struct drain){ 0 }, 0, 0, 0, &document);
	assert_int_equal(document.n, 0);
	document_release(&document);
}

static void titles__are_printed__above_what_is_there(void **state)
{
	static const char *const titles[] = { "host", "base", "none", "mine" }, *const row[] = { "mx1", "10", "", "2" };
	struct document document = print_begin(1);

	(void)state;
	document_titles(&document);
	for (size_t i = 0; i < 4; i++)
		document_put(&document, ROLE_DIM, 0, titles[i]);
	document_row(&document);
	for (size_t i = 0; i < 4; i++)
		document_put(&document, ROLE_TEXT, 0, row[i]);
	listen_to_stdout();
	print_document(&document, stdout);
	said("  host  base  mine\n  mx1   10    2\n");
}

/* Indented by depth, sentences broken, numbers at the right; what is deeper than the form stands as its deepest. */
static void document__is_printed__in_a_form(void **state)
{
	struct document document = print_begin(0);

	(void)state;
	str_add(document_sentence(&document, ROLE_TEXT, ""), "one two three");
	document.depth = 1;
	for (int i = 0; i < 2; i++) {
		document_row(&document);
		document_put(&document, ROLE_TEXT, 0, "a");
		document_put(&document, ROLE_TEXT, 0, "");
		str_add(document_number(&document, ROLE_TEXT, 0), i ? "5" : "100");
	}
	document.depth = 9;
	str_add(document_sentence(&document, ROLE_TEXT, ""), "four five");
	str_add(document_heading(&document), "six seven eight");
	listen_to_stdout();
	print_document_as(&document, stdout, &(struct print_form){ { 0, 1, 2, 3, 4 }, 10 });
	said("one two\nthree\n a  100\n a    5\n    four\n    five\n    six seven eight:\n");
}

/* What is left in a cache: to the minute from an hour on. */
static void left__is_told_to_the_minute(void **state)
{
	static const struct {
		uint32_t left_s;
		const char *wanted;
	} rows[] = { { 3599, "59m59s" }, { 3600, "1h" }, { 3659, "1h" }, { 3660, "1h1m" }, { 0, "0s" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text;

		str_init(&text, 0);
		translate_left(&text, rows[i].left_s);
		assert_string_equal(text.s, rows[i].wanted);
		str_release(&text);
	}
}

static void ttl__that_nobody_tells__is_said(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	facts.source = SOURCE_RESOLVER;
	facts.live_source = SOURCE_RESOLVER;
	facts.mx = facts.cached.mx = ANSWER_DATA;
	facts.cached.at = NOW;
	add(&facts.cached.set, 7322, 10, "a.example");
	add(&facts.live, MX_TTL_UNKNOWN, 10, "a.example");
	listen_to_stdout();
	print_truth(&facts, NOW);
	said(" Only a resolver's cache told this set, and keeps it for 2h2m: the set's own TTL is not known.\n");
	facts.live.ttl_s = 300;
	listen_to_stdout();
	print_truth(&facts, NOW);
	said("");
	facts.live_source = SOURCE_PROVIDER;
	facts.held.mx = ANSWER_DATA;
	facts.held.ttl_guessed = true;
	facts.held.at = NOW;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	add(&facts.held.set, 300, 10, "a.example");
	listen_to_stdout();
	print_truth(&facts, NOW);
	said(" The provider does not tell the TTL of a record that leaves it to the zone.\n");
	json_is(print_held_json(&facts),
		"{\"account\":\"lab\",\"at\":\"2030-03-17T17:46:40Z\",\"records\":[{\"host\":\"a.example\",\"preference\":10}],\"ttl\":null}");
	facts_release(&facts);
}

static void name__in_another_zone__is_told(void **state)
{
	struct facts facts;

	(void)state;
	start(&facts);
	assert_true(dname_parse(&facts.zone, "del.exempel.com", NULL));
	assert_true(dname_parse(&facts.held.zone, "exempel.com", NULL));
	assert_true(dname_parse(&facts.wildcard_name, "*.del.exempel.com", NULL));
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	facts.held.mx = ANSWER_DATA;
	facts.synthesised = FACT_YES;
	listen_to_stdout();
	print_name(stdout, &facts);
	said(" The name lies in the zone del.exempel.com, which is delegated away from exempel.com: what account lab holds for it is not seen.\n"
	     " These records are those of the wildcard *.del.exempel.com; a record of the name's own takes their place.\n");
	json_is(print_name_json(&facts),
		"{\"below_cut\":true,\"below_dname\":null,\"delegated\":null,\"held_zone\":\"exempel.com\",\"synthesised\":true,"
		"\"wildcard\":null,\"zone\":\"del.exempel.com\"}");
	facts_release(&facts);
}

static void servers__are_told_in_json(void **state)
{
	struct facts facts;
	struct server_facts *server;
	struct dname name;
	struct addr addr;

	(void)state;
	start(&facts);
	facts.mx = ANSWER_DATA;
	facts.live_source = SOURCE_SERVER;
	add(&facts.live, 300, 10, "a.example");
	assert_true(dname_parse(&name, "ns1.example", NULL));
	assert_true(addr_parse(&addr, "192.0.2.53"));
	server = facts_server_add(&facts, &name, &addr);
	server->mx = ANSWER_DATA;
	server->authoritative = true;
	server->soa = ANSWER_DATA;
	server->serial = 4294967295u;
	add(&server->set, 300, 10, "b.example");
	json_is(print_servers_json(&facts),
		"[{\"address\":\"192.0.2.53\",\"agrees\":false,\"matches\":false,\"records\":[{\"host\":\"b.example\",\"preference\":10}],"
		"\"serial\":4294967295,\"server\":\"ns1.example\",\"state\":\"answers\",\"ttl\":300}]");
	facts.mx = ANSWER_TIMEOUT; /* there is nothing to agree with */
	server->soa = ANSWER_TIMEOUT;
	json_is(print_servers_json(&facts),
		"[{\"address\":\"192.0.2.53\",\"agrees\":null,\"matches\":null,\"records\":[{\"host\":\"b.example\",\"preference\":10}],"
		"\"serial\":null,\"server\":\"ns1.example\",\"state\":\"answers\",\"ttl\":300}]");
	server->elsewhere = true;
	json_is(print_servers_json(&facts),
		"[{\"address\":\"192.0.2.53\",\"agrees\":null,\"matches\":null,\"records\":null,\"serial\":null,\"server\":\"ns1.example\","
		"\"state\":\"answers\",\"ttl\":null}]");
	facts_release(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(source__is_named),
		cmocka_unit_test(plan__stands__by_what_is_there),
		cmocka_unit_test(stand__is_a_sentence),
		cmocka_unit_test(held__is_told_in_json),
		cmocka_unit_test(cache__that_differs__is_told),
		cmocka_unit_test(name__is_told_in_sentences),
		cmocka_unit_test(served__is_a_table),
		cmocka_unit_test(document__is_printed__in_a_form),
		cmocka_unit_test(titles__are_printed__above_what_is_there),
		cmocka_unit_test(left__is_told_to_the_minute),
		cmocka_unit_test(ttl__that_nobody_tells__is_said),
		cmocka_unit_test(name__in_another_zone__is_told),
		cmocka_unit_test(servers__are_told_in_json),
	};

	return cmocka_run_group_tests_name("truth_print", tests, NULL, NULL);
}
