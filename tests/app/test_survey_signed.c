/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLSA records of signed, unsigned and broken zones, from a real name server through a real validating resolver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "io/scratch.h"
#include "../io/serve.h"

#define EXIT_SKIPPED 77

static struct serve rig;
static struct app app;
static char *dir;

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
}

static int start(void **state)
{
	static const char *const words[] = { "dnsrig.py", NULL };
	struct app_options options = { .timeout_ms = 90000 };
	char path[300], config[600], store[300];

	(void)state;
	if (!serve_start(&rig, words))
		return -1;
	dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	snprintf(config, sizeof(config), "[dns]\nresolver = 127.0.0.1:%d\nanchor_file = %s/anchor\n", rig.port, rig.dir);
	options.config = path;
	options.state_dir = store;
	return store_write_file(path, config, strlen(config), 0600, NULL) && app_open(&app, &options, NULL) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	app_close(&app);
	scratch_free(dir);
	serve_stop(&rig);
	return 0;
}

static void look(const char *domain, unsigned needs, struct facts *facts)
{
	struct survey *survey;
	struct dname name;

	assert_true(dname_parse(&name, domain, NULL));
	facts_init(facts, &name);
	survey = survey_start(&app, &(struct survey_want){ facts, NULL, needs }, moved, NULL);
	survey_wait(&app, survey, 120000);
	assert_false(survey_running(survey));
	survey_free(survey);
}

static void tlsa__of_signed_and_unsigned_zones(void **state)
{
	static const struct {
		const char *domain;
		unsigned needs; /* with TLSA records, whether the set is signed is found out in any case */
		enum dnssec dnssec;
	} rows[] = {
		{ "saker.exempel.org", NEEDS_TLSA | NEEDS_HOSTS | NEEDS_DNSSEC, DNSSEC_SECURE },
		{ "saker.exempel.org", NEEDS_TLSA, DNSSEC_SECURE },
		{ "osignerad.exempel.org", NEEDS_TLSA | NEEDS_HOSTS | NEEDS_DNSSEC, DNSSEC_INSECURE },
		{ "osignerad.exempel.org", NEEDS_TLSA, DNSSEC_INSECURE },
		{ "saker.exempel.org", NEEDS_HOSTS, DNSSEC_UNCHECKED }, /* nobody looked for any */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts;
		struct dname one, two;
		const struct tlsa_facts *row;
		char text[64];

		look(rows[i].domain, rows[i].needs, &facts);
		snprintf(text, sizeof(text), "mx1.%s", rows[i].domain);
		assert_true(dname_parse(&one, text, NULL));
		text[2] = '2';
		assert_true(dname_parse(&two, text, NULL));
		assert_int_equal(facts.dnssec, rows[i].dnssec);
		row = facts_tlsa(&facts, &one);
		if (!(rows[i].needs & NEEDS_TLSA)) {
			assert_null(row);
			facts_release(&facts);
			continue;
		}
		assert_non_null(row);
		assert_int_equal(row->answer, ANSWER_DATA);
		assert_int_equal(row->n, 1);
		assert_int_equal(row->tlsa[0].usage, 3);
		assert_int_equal(row->tlsa[0].len, 32);
		assert_false(row->ttl_known); /* a resolver told it */
		assert_int_equal(row->dnssec, rows[i].dnssec);
		assert_int_equal(row->host_dnssec, rows[i].dnssec);
		row = facts_tlsa(&facts, &two);
		assert_non_null(row);
		assert_int_equal(row->answer, ANSWER_NXDOMAIN);
		facts_release(&facts);
	}
}

/* What does not validate, a validating resolver does not give: the failure is what senders see. */
static void tlsa__of_a_broken_zone(void **state)
{
	struct facts facts;
	struct mxset also;
	struct survey *survey;
	struct dname name, host;

	(void)state;
	assert_true(dname_parse(&name, "saker.exempel.org", NULL));
	assert_true(dname_parse(&host, "mx1.trasig.exempel.org", NULL));
	mxset_init(&also);
	mxset_add(&also, &(struct mx){ .preference = 10, .host = host });
	facts_init(&facts, &name);
	survey = survey_start(&app, &(struct survey_want){ &facts, &also, NEEDS_TLSA }, moved, NULL);
	survey_wait(&app, survey, 120000);
	assert_false(survey_running(survey));
	survey_free(survey);
	assert_non_null(facts_tlsa(&facts, &host));
	assert_int_equal(facts_tlsa(&facts, &host)->answer, ANSWER_SERVFAIL);
	assert_int_equal(facts_tlsa(&facts, &host)->n, 0);
	assert_int_equal(facts_tlsa(&facts, &host)->host_dnssec, DNSSEC_BOGUS); /* looked at, for senders with DANE ask by that */
	facts_release(&facts);
	mxset_release(&also);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tlsa__of_signed_and_unsigned_zones),
		cmocka_unit_test(tlsa__of_a_broken_zone) };

	if (access("/usr/sbin/knotd", X_OK) != 0 || access("/usr/sbin/unbound", X_OK) != 0)
		return EXIT_SKIPPED;
	return cmocka_run_group_tests(tests, start, stop);
}
