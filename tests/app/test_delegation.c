/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a survey finds on the network: the parent's word, the zone's own, each name server's set; and what it leaves unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "core/server.h"
#include "dnsd.h"
#include "io/dns_cache.h"
#include "../core/sets.h"

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver, *parent, *other, *one, *two;
	struct facts facts;
	struct survey *survey;
	unsigned changes, finished, ds, parent_told; /* the last two: what was told of them, a bit each */
	uint64_t took_ms;
};

#define ZONE "@ NS ns1\n@ NS ns2\nns1 A 127.0.0.10\nns2 A 127.0.0.11\n@ MX 10 mx1\nmx1 A 9.9.9.9\nwww A 9.9.9.8\n"

static void open_scene(struct scene *scene, const char *server)
{
	*scene = (struct scene){ .dir = NULL };
	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, server);
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->parent = dnsd_add(&scene->dnsd, "127.0.0.20", DNSD_ANSWERS);
	scene->other = dnsd_add(&scene->dnsd, "127.0.0.21", DNSD_ANSWERS);
	scene->one = dnsd_add(&scene->dnsd, "127.0.0.10", DNSD_ANSWERS);
	scene->two = dnsd_add(&scene->dnsd, "127.0.0.11", DNSD_ANSWERS);
	dnsd_zone(scene->one, "exempel.com.", ZONE);
	dnsd_zone(scene->two, "exempel.com.", ZONE);
	dnsd_zone(scene->resolver, "exempel.com.", ZONE);
	dnsd_zone(scene->resolver, "com.", "@ NS a.gtld\n@ NS b.gtld\na.gtld A 127.0.0.20\nb.gtld A 127.0.0.21\nexempel NS ns1.exempel\n");
	dnsd_zone(scene->parent, "com.", "@ NS a.gtld\n");
	dnsd_zone(scene->other, "com.", "@ NS a.gtld\n");
	dnsd_refer(scene->parent, "exempel.com", "ns1.exempel.com");
	dnsd_refer(scene->other, "exempel.com", "ns1.exempel.com");
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	open_scene(scene, NULL);
	*state = scene;
	return 0;
}

static void close_scene(struct scene *scene)
{
	survey_free(scene->survey);
	facts_release(&scene->facts);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
}

static int teardown(void **state)
{
	close_scene(*state);
	free(*state);
	return 0;
}

static void moved(void *data, bool finished)
{
	struct scene *scene = data;

	scene->changes++;
	scene->finished += finished;
	scene->ds |= 1u << scene->facts.ds.ds;
	scene->parent_told |= 1u << scene->facts.parent_ns;
}

#define NEEDS (NEEDS_HOSTS | NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC)

static void look(struct scene *scene, const char *domain)
{
	struct dname name;
	uint64_t begun = loop_ms();

	survey_free(scene->survey);
	facts_release(&scene->facts);
	scene->changes = scene->finished = scene->parent_told = 0;
	scene->dnsd.log[0] = '\0';
	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&scene->facts, &name);
	dns_cache_forget(scene->app.answers); /* the servers say something else now */
	scene->survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS }, moved, scene);
	assert_true(survey_running(scene->survey));
	assert_int_equal(scene->changes, 0);
	survey_wait(&scene->app, scene->survey, 15000);
	scene->took_ms = loop_ms() - begun;
	assert_false(survey_running(scene->survey));
	assert_int_equal(scene->finished, 1);
}

/* "ns1.exempel.com 127.0.0.10 answers parent child 7 3600 10 mx1.exempel.com" */
static void expect_servers(struct scene *scene, const char *expected)
{
	char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX], set[4096];
	struct str text;

	str_init(&text, 0);
	for (size_t i = 0; i < scene->facts.n_server; i++) {
		const struct server_facts *row = &scene->facts.server[i];

		str_addf(&text, "%s%s %s %s%s%s %u", i ? "\n" : "", dname_text(&row->name, name),
			row->addr.family ? addr_text(&row->addr, addr) : "-", server_state_name(server_state(row)),
			row->at_parent ? " parent" : "", row->at_child ? " child" : "", row->serial);
		if (server_state(row) == SERVER_ANSWERS)
			str_addf(&text, " %s", set_text(&row->set, set));
	}
	assert_string_equal(text.s, expected);
	str_release(&text);
}

static void expect_zone(const struct scene *scene, const char *zone, enum answer child, enum answer parent, enum fact delegated)
{
	char text[DNAME_TEXT_MAX];

	assert_string_equal(scene->facts.zone.len ? dname_text(&scene->facts.zone, text) : "", zone);
	assert_int_equal(scene->facts.child_ns, child);
	assert_int_equal(scene->facts.parent_ns, parent);
	assert_int_equal(scene->facts.delegated, delegated);
}

#define SET "3600 10 mx1.exempel.com"

static void survey__tells__what_parent_and_servers_say(void **state)
{
	struct scene *scene = *state;

	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_DATA, FACT_YES);
	assert_int_equal(scene->parent_told, 1u << ANSWER_PENDING | 1u << ANSWER_DATA);
	expect_servers(scene, "ns1.exempel.com 127.0.0.10 answers parent child 7 " SET "\nns2.exempel.com 127.0.0.11 answers child 7 " SET);
	assert_int_equal(scene->facts.source, SOURCE_RESOLVER);
	assert_string_equal(scene->facts.source_name, "127.0.0.53");
	assert_int_equal(scene->facts.dnssec, DNSSEC_UNCHECKED);
	assert_non_null(strstr(scene->facts.unchecked_reason, "anchor_file holds no trust anchor"));
	assert_int_equal(scene->facts.live_source, SOURCE_SERVER);
	assert_false(scene->facts.cached.exact);
	/* no question twice, and the parent's servers are asked for the delegation alone */
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.20 exempel.com NS\n"));
	assert_int_equal(scene->parent->asked, 1);
	assert_int_equal(scene->other->asked, 1);
	assert_int_equal(scene->one->asked, 2);
	assert_true(scene->took_ms < 10000);
}

/* Two of the parent's servers are asked at first, however many there are. */
static void parent__is_asked__at_two_servers(void **state)
{
	struct scene *scene = *state;
	const struct dnsd_server *third = dnsd_add(&scene->dnsd, "127.0.0.22", DNSD_ANSWERS);

	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "exempel.com.", ZONE);
	dnsd_zone(scene->resolver, "com.",
		"@ NS a.gtld\n@ NS b.gtld\n@ NS c.gtld\na.gtld A 127.0.0.20\nb.gtld A 127.0.0.21\nc.gtld A 127.0.0.22\n");
	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_DATA, FACT_YES);
	assert_int_equal(scene->parent->asked, 1);
	assert_int_equal(scene->other->asked, 1);
	assert_int_equal(third->asked, 0);
}

/* Two of the parent's servers are asked; where one does not help, the next is. */
static void parent__says__what_its_servers_say(void **state)
{
	static const struct {
		enum dnsd_how first, second;
		enum answer parent;
		enum fact delegated;
	} rows[] = {
		{ DNSD_SILENT, DNSD_ANSWERS, ANSWER_DATA, FACT_YES }, { DNSD_ANSWERS, DNSD_SILENT, ANSWER_DATA, FACT_YES },
		{ DNSD_REFUSES, DNSD_ANSWERS, ANSWER_DATA, FACT_YES }, { DNSD_REFUSES, DNSD_REFUSES, ANSWER_REFUSED, FACT_UNKNOWN },
		{ DNSD_FAILS, DNSD_FAILS, ANSWER_SERVFAIL, FACT_UNKNOWN }, { DNSD_SILENT, DNSD_SILENT, ANSWER_TIMEOUT, FACT_UNKNOWN },
		{ DNSD_LAME, DNSD_LAME, ANSWER_BROKEN, FACT_UNKNOWN }, /* no record, and no authority to say so */
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scene->parent->how = rows[i].first;
		scene->other->how = rows[i].second;
		look(scene, "exempel.com");
		if (scene->facts.parent_ns != rows[i].parent)
			print_message("# row %zu\n", i);
		expect_zone(scene, "exempel.com", ANSWER_DATA, rows[i].parent, rows[i].delegated);
		assert_int_equal(scene->facts.server[0].at_parent, rows[i].delegated == FACT_YES);
	}
}

static void parent__that_delegates__nothing(void **state)
{
	struct scene *scene = *state;

	/* no such name */
	scene->parent->n_referral = scene->other->n_referral = 0;
	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_NXDOMAIN, FACT_NO);
	/* the name is there, and no zone */
	dnsd_clear(scene->parent);
	dnsd_clear(scene->other);
	dnsd_zone(scene->parent, "com.", "@ NS a.gtld\nexempel TXT x\n");
	dnsd_zone(scene->other, "com.", "@ NS a.gtld\nexempel TXT x\n");
	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_NODATA, FACT_NO);
	/* a referral for another name is none for this zone */
	dnsd_refer(scene->parent, "com", "ns1.exempel.com");
	dnsd_refer(scene->other, "com", "ns1.exempel.com");
	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_BROKEN, FACT_UNKNOWN);
}

/* Then DS is not known either, and not pending for ever. */
static void look_for_ds(struct scene *scene)
{
	const struct dname name = scene->facts.domain;

	survey_free(scene->survey);
	facts_release(&scene->facts);
	facts_init(&scene->facts, &name);
	scene->ds = 0;
	dns_cache_forget(scene->app.answers);
	scene->survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS_DS }, moved, scene);
	survey_wait(&scene->app, scene->survey, 15000);
	assert_true(scene->ds >> ANSWER_PENDING & 1);
}

static void parent__without_a_way_there__is_unreachable(void **state)
{
	static const struct {
		const char *zone;
		enum answer parent;
	} rows[] = {
		{ "@ NS a.gtld\na.gtld A 192.0.2.1\na.gtld AAAA 2001:db8::1\nexempel NS ns1.exempel\n", ANSWER_UNREACHABLE },
		{ "@ NS a.gtld\na.gtld TXT x\nexempel NS ns1.exempel\n", ANSWER_UNREACHABLE },
		{ "@ NS a.gtld\n@ NS b.gtld\na.gtld A 192.0.2.1\nb.gtld A 192.0.2.1\nb.gtld A 127.0.0.21\nexempel NS ns1.exempel\n",
			ANSWER_DATA },
		/* the third is asked where two did not help */
		{ "@ NS a.gtld\n@ NS b.gtld\n@ NS c.gtld\na.gtld A 192.0.2.1\nb.gtld TXT x\nc.gtld A 127.0.0.21\nexempel NS ns1.exempel\n",
			ANSWER_DATA },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		dnsd_clear(scene->resolver);
		dnsd_zone(scene->resolver, "exempel.com.", ZONE);
		dnsd_zone(scene->resolver, "com.", rows[i].zone);
		look(scene, "exempel.com");
		expect_zone(scene, "exempel.com", ANSWER_DATA, rows[i].parent, rows[i].parent == ANSWER_DATA ? FACT_YES : FACT_UNKNOWN);
		look_for_ds(scene);
		assert_int_equal(scene->facts.ds.ds, rows[i].parent == ANSWER_DATA ? ANSWER_NXDOMAIN : ANSWER_UNREACHABLE);
	}
	/* nobody tells who serves the parent's zone */
	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "exempel.com.", ZONE);
	dnsd_zone(scene->resolver, "com.", "exempel NS ns1.exempel\n");
	look(scene, "exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_SERVFAIL, FACT_UNKNOWN);
}

static void zone__of_a_name_within__is_found_above(void **state)
{
	struct scene *scene = *state;

	look(scene, "www.exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_DATA, FACT_YES);
	assert_int_equal(scene->facts.mx, ANSWER_NODATA);
	assert_int_equal(scene->facts.negative_ttl_s, 300);
	assert_int_equal(scene->facts.n_server, 2);
	assert_int_equal(scene->facts.wildcard, FACT_NO);
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.10 exempel.com SOA\n"));
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.10 www.exempel.com MX\n"));
	look(scene, "a.b.exempel.com");
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_DATA, FACT_YES);
	assert_int_equal(scene->facts.mx, ANSWER_NXDOMAIN);
}

static void zone__that_no_answer_tells__is_unknown(void **state)
{
	static const struct {
		enum dnsd_how how;
		enum answer answer;
	} rows[] = { { DNSD_FAILS, ANSWER_SERVFAIL }, { DNSD_REFUSES, ANSWER_REFUSED }, { DNSD_SILENT, ANSWER_TIMEOUT } };
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scene->resolver->how = rows[i].how;
		look(scene, "exempel.com");
		expect_zone(scene, "", rows[i].answer, rows[i].answer, FACT_UNKNOWN);
		assert_int_equal(scene->facts.mx, rows[i].answer);
		assert_int_equal(scene->facts.n_server, 0);
		assert_string_equal(scene->facts.mx_reason, rows[i].how == DNSD_REFUSES ? "rcode 5" : "");
		assert_int_equal(scene->facts.wildcard, FACT_UNKNOWN);
		assert_int_equal(scene->facts.below_dname, FACT_UNKNOWN);
	}
}

/* A registry's own zone, or one that lacks the name: its servers are left alone. */
static void registry__is_left__alone(void **state)
{
	struct scene *scene = *state;

	look(scene, "nosuch.com");
	expect_zone(scene, "com", ANSWER_DATA, ANSWER_UNASKED, FACT_UNKNOWN);
	assert_int_equal(scene->facts.mx, ANSWER_NXDOMAIN);
	assert_int_equal(scene->facts.n_server, 0);
	assert_int_equal(scene->parent->asked, 0);
}

static void servers__that_do_not_answer__are_not_waited_for(void **state)
{
	struct scene *scene = *state;

	scene->app.timeout_ms = 20000;
	scene->two->how = DNSD_SILENT;
	look(scene, "exempel.com");
	/* the rest is known at once: 800 ms more, and no more */
	assert_true(scene->took_ms >= 600 && scene->took_ms < 12000);
	expect_servers(scene, "ns1.exempel.com 127.0.0.10 answers parent child 7 " SET "\nns2.exempel.com 127.0.0.11 silent child 0");
	/* a parent's server, while the other told: not even so long */
	scene->two->how = DNSD_ANSWERS;
	scene->other->how = DNSD_SILENT;
	for (int tries = 0; !tries || (scene->took_ms >= 600 && tries < 5); tries++) /* the machine may be busy */
		look(scene, "exempel.com");
	assert_true(scene->took_ms < 600);
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_DATA, FACT_YES);
	/* where none of them told, they are waited for, and no other is asked afterwards */
	scene->parent->how = DNSD_SILENT;
	look(scene, "exempel.com");
	assert_true(scene->took_ms >= 600 && scene->took_ms < 12000);
	expect_zone(scene, "exempel.com", ANSWER_DATA, ANSWER_TIMEOUT, FACT_UNKNOWN);
}

static void servers__are_told__apart(void **state)
{
	static const struct {
		enum dnsd_how how;
		const char *words;
	} rows[] = {
		{ DNSD_SILENT, "silent child 0" },
		{ DNSD_REFUSES, "refuses child 0" },
		{ DNSD_FAILS, "lame child 0" },
		{ DNSD_RESOLVES, "lame child 7" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char expected[300];

		scene->two->how = rows[i].how;
		look(scene, "exempel.com");
		snprintf(expected, sizeof(expected),
			"ns1.exempel.com 127.0.0.10 answers parent child 7 " SET "\nns2.exempel.com 127.0.0.11 %s", rows[i].words);
		expect_servers(scene, expected);
	}
	/* names without an address, with several, without a way there */
	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "com.", "@ NS a.gtld\na.gtld A 127.0.0.20\nexempel NS ns1.exempel\n");
	dnsd_zone(scene->resolver, "exempel.com.",
		"@ NS ns1\n@ NS ns3\n@ NS ns4\nns1 A 127.0.0.10\nns1 A 127.0.0.11\nns3 A 192.0.2.1\nns4 TXT x\n@ MX 10 mx1\nmx1 A 9.9.9.9\n");
	scene->two->how = DNSD_ANSWERS;
	look(scene, "exempel.com");
	expect_servers(scene, "ns1.exempel.com 127.0.0.10 answers parent child 7 " SET "\nns3.exempel.com 192.0.2.1 unreachable child 0\n"
			      "ns4.exempel.com - no-address child 0\nns1.exempel.com 127.0.0.11 answers parent child 7 " SET);
}

/* --server: that one alone is asked for the set; other names that are not its zone are left to the resolver. */
static void server__that_is_named__is_asked_alone(void **state)
{
	struct scene *scene = *state;

	close_scene(scene);
	open_scene(scene, "127.0.0.10");
	dnsd_zone(scene->resolver, "exempel.net.", "@ NS ns\nns A 9.9.9.7\nmx A 9.9.9.6\n");
	dnsd_clear(scene->one);
	dnsd_zone(scene->one, "exempel.com.", "@ NS ns1\n@ NS ns2\n@ MX 10 mx1\n@ MX 20 mx.exempel.net.\nmx1 A 9.9.9.9\n");
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.source, SOURCE_SERVER);
	assert_string_equal(scene->facts.source_name, "127.0.0.10");
	assert_string_equal(scene->facts.unchecked_reason, "one server was asked, not a resolver");
	assert_true(scene->facts.cached.exact);
	assert_int_equal(scene->facts.parent_ns, ANSWER_UNASKED);
	assert_int_equal(scene->facts.live.n, 2);
	assert_int_equal(facts_host(&scene->facts, &scene->facts.live.mx[1].host)->n_addr, 1);
	assert_int_equal(facts_host(&scene->facts, &scene->facts.live.mx[1].host)->a, ANSWER_DATA);
	assert_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com MX"));
	assert_int_equal(scene->two->asked, 0);
	assert_int_equal(scene->parent->asked, 0);
	/* nobody stands in for it: neither for an empty answer without authority, nor for a refusal */
	scene->one->how = DNSD_LAME;
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.mx, ANSWER_BROKEN);
	assert_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com MX"));
	/* what else is asked of the name, the resolver may know */
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.10 exempel.com NS"));
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com NS"));
	scene->one->how = DNSD_REFUSES;
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.mx, ANSWER_REFUSED);
	assert_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com MX"));
	assert_non_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com NS"));
	assert_int_equal(scene->facts.child_ns, ANSWER_DATA);
	/* unless it refuses too: that is told, and nobody asked again */
	scene->resolver->how = DNSD_REFUSES;
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.child_ns, ANSWER_REFUSED);
	scene->resolver->how = DNSD_RESOLVES;
	/* records without authority are an answer */
	scene->one->how = DNSD_RESOLVES;
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.child_ns, ANSWER_DATA);
	assert_null(strstr(scene->dnsd.log, "127.0.0.53 exempel.com NS"));
	/* a failure is the server's answer */
	scene->one->how = DNSD_FAILS;
	look(scene, "exempel.com");
	assert_int_equal(scene->facts.mx, ANSWER_SERVFAIL);
	assert_null(strstr(scene->dnsd.log, "127.0.0.53"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(survey__tells__what_parent_and_servers_say),
		TEST(parent__is_asked__at_two_servers),
		TEST(parent__says__what_its_servers_say),
		TEST(parent__that_delegates__nothing),
		TEST(parent__without_a_way_there__is_unreachable),
		TEST(zone__of_a_name_within__is_found_above),
		TEST(zone__that_no_answer_tells__is_unknown),
		TEST(registry__is_left__alone),
		TEST(servers__that_do_not_answer__are_not_waited_for),
		TEST(servers__are_told__apart),
		TEST(server__that_is_named__is_asked_alone),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
