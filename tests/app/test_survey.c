/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which zones a survey finds for the targets of a set, and their name servers, in worlds of zone text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "core/server.h"

#define SOA " SOA ns hostmaster 1 3600 900 604800 300\n"

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
}

static void add_zone(struct app *app, const char *origin, const char *records)
{
	char text[1024];

	snprintf(text, sizeof(text), "$ORIGIN %s.\n$TTL 3600\n@" SOA "%s", origin, records);
	assert_true(zoneworld_add(app->world, origin, text, strlen(text), NULL));
}

#define NEEDS (NEEDS_HOSTS | NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC)

static void look(struct app *app, const char *domain, struct facts *facts)
{
	struct survey *survey;
	struct dname name;

	assert_true(dname_parse(&name, domain, NULL));
	facts_init(facts, &name);
	survey = survey_start(app, &(struct survey_want){ facts, NULL, NEEDS }, moved, NULL);
	assert_true(survey_finding(survey, NEEDS_TARGET_ZONES | NEEDS_ZONE));
	survey_wait(app, survey, 5000);
	assert_false(survey_running(survey));
	survey_free(survey);
}

/* "exempel.com: ns1.exempel.com ns2.exempel.com": the zone that name lies in and its servers; "" when unknown */
static void told(const struct facts *facts, const char *name, const char *wanted)
{
	char text[DNAME_TEXT_MAX];
	const struct zone_facts *zone;
	struct dname parsed;
	struct str seen;

	assert_true(dname_parse(&parsed, name, NULL));
	zone = facts_zone_of(facts, &parsed);
	str_init(&seen, 0);
	if (zone) {
		str_addf(&seen, "%s:", dname_text(&zone->apex, text));
		for (size_t i = 0; i < zone->n_ns; i++)
			str_addf(&seen, " %s", dname_text(&zone->name_server[i], text));
		assert_true(answer_is_final(zone->ns));
	}
	assert_string_equal(seen.s, wanted);
	str_release(&seen);
}

static void open_world(struct app *app)
{
	struct app_options options = { .demo = true };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(app, &options, NULL));
}

static void survey__finds__the_zones_of_the_targets(void **state)
{
	struct facts facts;
	struct app app;

	(void)state;
	open_world(&app);
	look(&app, "exempel.com", &facts);
	told(&facts, "mejlserver1.exempel.com", "exempel.com: ns1.exempel.com ns2.exempel.com");
	/* an alias: the zone of its own name, not of what it points to */
	told(&facts, "reserv.exempel.net", "exempel.net: ns1.exempel.com ns2.exempel.com");
	assert_int_equal(facts.n_zone, 2);
	facts_release(&facts);
	app_close(&app);
}

/* mx1 and mx3 are zones by themselves, mx2 between them is not; what no zone tells stays unknown. */
static void survey__finds__zones_below_and_leaves_out_the_unknown(void **state)
{
	struct facts facts;
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example",
		"@ NS ns\n@ MX 10 mx1\n@ MX 20 mx2\n@ MX 30 mx3\n@ MX 40 a.djup.under.lab.example.\n@ MX 50 mx.nowhere.example.\n"
		"ns A 192.0.2.1\nmx1 NS ns.mx1\nmx2 A 192.0.2.4\nmx3 NS ns.mx3\na.djup.under CNAME mx.host.example.\n");
	add_zone(&app, "mx1.lab.example", "@ NS ns\n@ NS a.gtm.example.\n@ A 192.0.2.3\nns A 192.0.2.2\n");
	add_zone(&app, "mx3.lab.example", "@ NS ns\n@ A 192.0.2.6\nns A 192.0.2.5\n");
	look(&app, "lab.example", &facts);
	told(&facts, "mx1.lab.example", "mx1.lab.example: a.gtm.example ns.mx1.lab.example");
	told(&facts, "mx2.lab.example", "lab.example: ns.lab.example");
	told(&facts, "mx3.lab.example", "mx3.lab.example: ns.mx3.lab.example");
	told(&facts, "a.djup.under.lab.example", "lab.example: ns.lab.example");
	told(&facts, "mx.nowhere.example", "");
	assert_int_equal(facts.n_zone, 3);
	facts_release(&facts);
	app_close(&app);
}

/* The domain takes its mail itself, as an implicit MX: its own zone is found by the delegation alone. */
static void survey__finds__the_own_zone_of_a_domain_within(void **state)
{
	struct facts facts;
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example", "@ NS ns\nns A 192.0.2.1\npost A 192.0.2.4\n");
	look(&app, "post.lab.example", &facts);
	told(&facts, "post.lab.example", "lab.example: ns.lab.example");
	assert_int_equal(facts.n_zone, 1);
	facts_release(&facts);
	app_close(&app);
}

/* Nobody asks the servers that a zone file names, nor the parent: they neither answer nor agree. */
static void survey__asks__no_server_of_a_zone_file(void **state)
{
	struct facts facts;
	struct app app;

	(void)state;
	open_world(&app);
	app.demo = false; /* whose zones have servers */
	look(&app, "exempel.com", &facts);
	assert_int_equal(facts.n_server, 2);
	for (size_t i = 0; i < facts.n_server; i++) {
		assert_int_equal(facts.server[i].addr.family, 4);
		assert_int_equal(server_state(&facts.server[i]), SERVER_NOT_ASKED);
	}
	assert_int_equal(facts.parent_ns, ANSWER_UNASKED);
	assert_int_equal(facts.delegated, FACT_UNKNOWN);
	facts_release(&facts);
	app_close(&app);
}

/* RFC 4592: which names a wildcard would answer for, and whether it does now. */
static void survey__tells__what_a_wildcard_does(void **state)
{
	static const struct {
		const char *domain;
		enum fact wildcard, synthesised;
		bool mx;
		const char *star; /* "" where the answers do not tell where it stands */
	} rows[] = {
		{ "lab.example", FACT_NO, FACT_NO, false, "" },                      /* the apex */
		{ "nosuch.lab.example", FACT_YES, FACT_YES, true, "*.lab.example" }, /* made by it */
		{ "host.lab.example", FACT_YES, FACT_NO, true, "*.lab.example" },    /* exists by itself, without MX */
		{ "mail.lab.example", FACT_YES, FACT_NO, true, "*.lab.example" },    /* has another set */
		{ "x.ent.lab.example", FACT_NO, FACT_NO, false, "" },                /* the name above it exists: nothing is made below */
		{ "a.ent.lab.example", FACT_YES, FACT_NO, true, "*.lab.example" },   /* nothing else is */
		{ "out.lab.example", FACT_YES, FACT_NO, true, "*.lab.example" },     /* an alias of what is in no zone */
		{ "cut.lab.example", FACT_UNKNOWN, FACT_UNKNOWN, false, "" },        /* delegated: that zone was not given */
		{ "deep.nosuch.lab.example", FACT_YES, FACT_YES, true, "*.lab.example" }, { "plain.example", FACT_NO, FACT_NO, false, "" },
		{ "www.plain.example", FACT_NO, FACT_NO, false, "" }, { "*.lab.example", FACT_NO, FACT_NO, false, "" },
		{ "outside.example", FACT_UNKNOWN, FACT_UNKNOWN, false, "" }, /* in no zone: nobody was asked */
	};
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example",
		"@ NS ns\nns A 192.0.2.1\n* MX 10 ns\nhost A 192.0.2.2\nmail MX 20 ns\na.ent A 192.0.2.3\nout CNAME mx.elsewhere.example.\ncut NS ns.cut\n");
	add_zone(&app, "plain.example", "@ NS ns.lab.example.\nwww A 192.0.2.1\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[DNAME_TEXT_MAX] = "";
		struct facts facts;

		look(&app, rows[i].domain, &facts);
		assert_int_equal(facts.wildcard, rows[i].wildcard);
		assert_int_equal(facts.synthesised, rows[i].synthesised);
		assert_int_equal(facts.wildcard_mx, rows[i].mx);
		assert_int_equal(facts.wildcard_set.n, rows[i].mx);
		if (facts.wildcard_name.len)
			dname_text(&facts.wildcard_name, text);
		assert_string_equal(text, rows[i].star);
		facts_release(&facts);
	}
	app_close(&app);
}

/* A name outside the files, below a cut whose zone was not given, reserved or numeric: nobody was asked, and no lookup fails. */
static void survey__asks__nobody_for_names_outside_the_zone_files(void **state)
{
	static const struct {
		const char *host;
		enum answer answer;
		size_t n_alias;
	} rows[] = {
		{ "mx.zoho.com", ANSWER_UNASKED, 0 },
		{ "mx.below.lab.example", ANSWER_UNASKED, 0 },
		{ "mx.test", ANSWER_UNASKED, 0 },
		{ "10.0.0.1", ANSWER_UNASKED, 0 },
		{ "out.lab.example", ANSWER_UNASKED, 1 }, /* the alias itself stands in the file */
		{ "gone.lab.example", ANSWER_NXDOMAIN, 0 },
		{ "ns.lab.example", ANSWER_DATA, 0 },
	};
	struct facts facts;
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example",
		"@ NS ns\nns A 192.0.2.1\nbelow NS ns.below\nns.below A 192.0.2.2\nout CNAME mx.zoho.com.\n"
		"@ MX 10 mx.zoho.com.\n@ MX 10 mx.below\n@ MX 10 mx.test.\n@ MX 10 10.0.0.1.\n@ MX 10 out\n@ MX 10 gone\n@ MX 10 ns\n");
	look(&app, "lab.example", &facts);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct host_facts *host;
		struct dname name;

		assert_true(dname_parse(&name, rows[i].host, NULL));
		host = facts_host(&facts, &name);
		assert_non_null(host);
		assert_int_equal(host->a, rows[i].answer);
		assert_int_equal(host->n_alias, rows[i].n_alias);
	}
	facts_release(&facts);
	look(&app, "below.lab.example", &facts);
	assert_int_equal(facts.mx, ANSWER_UNASKED);
	facts_release(&facts);
	look(&app, "other.example", &facts);
	assert_int_equal(facts.mx, ANSWER_UNASKED);
	facts_release(&facts);
	app_close(&app);
}

/* RFC 6672: what lies below a DNAME is another name's; the DNAME's owner itself is not. */
static void survey__tells__what_lies_below_a_dname(void **state)
{
	static const struct {
		const char *domain;
		enum fact below;
		enum answer mx;
	} rows[] = {
		{ "post.old.lab.example", FACT_YES, ANSWER_DATA },
		{ "no.old.lab.example", FACT_YES, ANSWER_NXDOMAIN },
		{ "old.lab.example", FACT_NO, ANSWER_NODATA },
		{ "lab.example", FACT_NO, ANSWER_NODATA },
		{ "other.example", FACT_UNKNOWN, ANSWER_UNASKED },
	};
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example", "@ NS ns\nns A 192.0.2.1\nold DNAME new\npost.new MX 10 ns\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[DNAME_TEXT_MAX] = "";
		struct facts facts;

		look(&app, rows[i].domain, &facts);
		assert_int_equal(facts.mx, rows[i].mx);
		assert_int_equal(facts.below_dname, rows[i].below);
		if (facts.dname_owner.len)
			dname_text(&facts.dname_owner, text);
		assert_string_equal(text, rows[i].below == FACT_YES ? "old.lab.example" : "");
		facts_release(&facts);
	}
	app_close(&app);
}

/* Mail of a domain without a record goes to its own address: that is asked for before anybody is told that there is none. */
static void survey__asks__for_the_own_address_of_an_emptied_set(void **state)
{
	struct survey *survey;
	struct facts facts;
	struct dname name;
	struct mxset none;
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example", "@ NS ns\n@ MX 10 ns\n@ A 192.0.2.9\nns A 192.0.2.1\n");
	assert_true(dname_parse(&name, "lab.example", NULL));
	mxset_init(&none);
	facts_init(&facts, &name);
	survey = survey_start(&app, &(struct survey_want){ &facts, &none, NEEDS }, moved, NULL);
	survey_wait(&app, survey, 5000);
	survey_free(survey);
	assert_non_null(facts_host(&facts, &name));
	assert_int_equal(facts_host(&facts, &name)->n_addr, 1);
	facts_release(&facts);
	look(&app, "lab.example", &facts); /* not where it has records and keeps them */
	assert_null(facts_host(&facts, &name));
	facts_release(&facts);
	app_close(&app);
}

/* A target that does not exist may have lost its final dot: the name that was meant is asked for too. */
static void survey__asks__for_the_name_without_the_zone(void **state)
{
	struct facts facts;
	struct dname name;
	struct app app;

	(void)state;
	open_world(&app);
	add_zone(&app, "lab.example", "@ NS ns\n@ MX 10 mx.backup.example\n@ MX 20 gone\n@ MX 30 a.gone.lab.example\nns A 192.0.2.1\n");
	add_zone(&app, "backup.example", "@ NS ns.lab.example.\nmx A 192.0.2.7\n");
	look(&app, "lab.example", &facts);
	assert_true(dname_parse(&name, "mx.backup.example", NULL));
	assert_non_null(facts_host(&facts, &name));
	assert_int_equal(facts_host(&facts, &name)->n_addr, 1);
	assert_true(dname_parse(&name, "gone", NULL)); /* no name by itself */
	assert_null(facts_host(&facts, &name));
	facts_release(&facts);
	app_close(&app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survey__finds__the_zones_of_the_targets),
		cmocka_unit_test(survey__finds__zones_below_and_leaves_out_the_unknown),
		cmocka_unit_test(survey__finds__the_own_zone_of_a_domain_within),
		cmocka_unit_test(survey__asks__no_server_of_a_zone_file),
		cmocka_unit_test(survey__tells__what_a_wildcard_does),
		cmocka_unit_test(survey__asks__for_the_own_address_of_an_emptied_set),
		cmocka_unit_test(survey__asks__nobody_for_names_outside_the_zone_files),
		cmocka_unit_test(survey__tells__what_lies_below_a_dname),
		cmocka_unit_test(survey__asks__for_the_name_without_the_zone),
	};

	return cmocka_run_group_tests_name("survey", tests, NULL, NULL);
}
