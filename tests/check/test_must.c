/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demands: how each is written, and when it is met, not met, or cannot be told. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "check/lint.h"
#include "check/musts.h"
#include "scene.h"

/* ---- writing ---- */

static void must_parse__reads__each_form(void **state)
{
	static const struct {
		const char *text, *canonical;
	} rows[] = {
		{ "survives any one", "survives any one" },
		{ "Survives  any\tpair", "survives any pair" },
		{ "survives any pair of hosts", "survives any pair of hosts" },
		{ "survives any one of networks", "survives any one of networks" },
		{ "ttl <= 1h", "ttl <= 1h" },
		{ "ttl <= 60m", "ttl <= 1h" },
		{ "ttl >= 90", "ttl >= 1m30s" },
		{ "ttl <= 0", "ttl <= 0s" },
		{ "ttl >= 2147483647", "ttl >= 24855d3h14m7s" },
		{ "two networks", "2 networks" },
		{ "one network", "1 network" },
		{ "3 hosts", "3 hosts" },
		{ "1 host", "1 host" },
		{ "six hosts", "6 hosts" },
		{ "99 networks", "99 networks" },
		{ "mta-sts enforce", "mta-sts enforce" },
		{ "MTA-STS testing", "mta-sts testing" },
		{ "hoster google", "hoster google" },
		{ "dnssec", "dnssec" },
		{ "no target-cname", "no target-cname" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct must must;
		struct str text;

		str_init(&text, 0);
		if (!must_parse(&must, rows[i].text, NULL))
			fail_msg("%s", rows[i].text);
		must_text(&must, &text);
		assert_string_equal(text.s, rows[i].canonical);
		/* and what was written is read again as the same */
		assert_true(must_parse(&must, text.s, NULL));
		str_release(&text);
	}
}

static void refuses(const char *given, const char *what, const char *hint)
{
	struct must must = { .number = 77 };
	struct err err = { 0 };
	struct str text;

	str_init(&text, 0);
	if (must_parse(&must, given, &err))
		fail_msg("%s", given);
	assert_int_equal(err.code, ERR_USAGE);
	assert_int_equal(must.number, 77);
	err_format(&err, NULL, &text);
	assert_string_equal(text.s, what);
	str_clear(&text);
	msg_format(&err.hint, NULL, &text);
	assert_string_equal(text.s, hint);
	str_release(&text);
}

static void must_parse__refuses__what_it_cannot_judge(void **state)
{
	static const char *const bad[] = { "", "survives", "survives any", "survives any three", "survives every one",
		"survives any one of", "survives any one of zones", "survives any one for hosts", "survives any one of hosts today", "ttl",
		"ttl <= ", "ttl < 1h", "ttl = 1h", "ttl <= soon", "ttl >= 1h today", "TTL<=1h", "ttl <= 2147483648", "0 hosts",
		"zero hosts", "100 hosts", "2x hosts", "hosts", "two servers", "two networks today", "mta-sts", "mta-sts none",
		"mta-sts enforce now", "dnssec secure", "hoster", "hoster google now", "no", "no target-cname today", "exists" };
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof(text), "\"%s\" is no demand that can be judged", bad[i]);
		refuses(bad[i], text,
			"These can: survives any one|pair [of hosts|networks]; ttl <= DURATION; ttl >= DURATION; NUMBER hosts; NUMBER networks; "
			"mta-sts enforce|testing; hoster NAME; dnssec; no CHECK.");
	}
	refuses("hoster gogle", "no mail hoster is known as \"gogle\"", "mxladder list presets shows them.");
	refuses("no target-cnam", "there is no check \"target-cnam\"", "mxladder list checks shows them.");
}

static void must_parse__takes__a_line_of_199_bytes(void **state)
{
	char line[201];
	struct must must;

	(void)state;
	memset(line, ' ', sizeof(line));
	memcpy(line, "dnssec", 6);
	line[200] = '\0';
	assert_false(must_parse(&must, line, NULL));
	line[199] = '\0';
	assert_true(must_parse(&must, line, NULL));
}

/* ---- judging ---- */

static enum must_answer no_survivor(const struct must *must, const struct check_input *in, struct msg *why)
{
	(void)in;
	msg_set(why, "%lu down", (unsigned long)must->number);
	return must->loss == MUST_LOSS_HOSTS ? MUST_UNKNOWN : must->loss == MUST_LOSS_NETWORKS ? MUST_MET : MUST_NOT_MET;
}

/* "met", "not met: why", "unknown: why" */
static void says(const struct scene *scene, const char *demand, const char *wanted)
{
	struct must_input input = { .in = &scene->in, .survives = no_survivor };
	struct msg why = { 0 };
	enum must_answer answer;
	struct must must;
	struct str text;

	assert_true(must_parse(&must, demand, NULL));
	answer = must_judge(&must, &input, &why);
	str_init(&text, 0);
	str_add(&text, must_answer_name(answer));
	if (why.id) {
		str_add(&text, ": ");
		msg_format(&why, NULL, &text);
	}
	if (strcmp(text.s, wanted) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", demand, text.s, wanted);
	str_release(&text);
}

static void must_judge__tells_nothing__of_a_set_that_is_not_known(void **state)
{
	static const char *const demands[] = { "ttl <= 1h", "ttl >= 1", "one host", "one network", "mta-sts testing", "hoster google",
		"dnssec", "no target-cname", "survives any one" };
	struct scene scene;

	(void)state;
	scene_open(&scene, "", "");
	for (size_t i = 0; i < sizeof demands / sizeof *demands; i++) {
		scene.facts.mx = ANSWER_SERVFAIL;
		says(&scene, demands[i], "unknown: the MX records of exempel.com are not known");
		scene.facts.mx = ANSWER_PENDING;
		says(&scene, demands[i], "unknown: not answered yet");
	}
	/* a draft is known whatever the live set is */
	scene.in.is_draft = true;
	says(&scene, "ttl <= 1h", "not met: there are no MX records that could have a TTL");
	scene_close(&scene);
}

static void ttl__is_judged__where_it_is_known(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "");
	says(&scene, "ttl <= 1h", "met");
	says(&scene, "ttl <= 59m59s", "not met: the TTL of the set is 1h");
	says(&scene, "ttl >= 1h", "met");
	says(&scene, "ttl >= 3601", "not met: the TTL of the set is 1h");
	/* of records that differ: the highest must be low enough, the lowest high enough */
	scene.facts.ttl_max_s = 7200;
	says(&scene, "ttl <= 1h", "not met: the TTL of the set is 2h");
	says(&scene, "ttl <= 2h", "met");
	says(&scene, "ttl >= 2h", "not met: the TTL of the set is 1h");
	/* a draft has one TTL */
	scene.in.is_draft = true;
	says(&scene, "ttl <= 1h", "met");
	scene.in.is_draft = false;
	scene.facts.live_source = SOURCE_PROVIDER;
	scene.facts.held.ttl_guessed = true;
	says(&scene, "ttl <= 2h", "unknown: the TTL of the set is not known: only a cache told it, or the provider does not");
	scene.facts.live_source = SOURCE_SERVER;
	says(&scene, "ttl <= 2h", "met");
	scene.set.ttl_s = MX_TTL_UNKNOWN;
	says(&scene, "ttl <= 2h", "unknown: the TTL of the set is not known: only a cache told it, or the provider does not");
	says(&scene, "ttl >= 1", "unknown: the TTL of the set is not known: only a cache told it, or the provider does not");
	scene_close(&scene);
	scene_open(&scene, "", "");
	says(&scene, "ttl <= 1h", "not met: there are no MX records that could have a TTL");
	says(&scene, "ttl >= 1h", "not met: there are no MX records that could have a TTL");
	scene_close(&scene);
}

static void hosts_and_networks__are_counted(void **state)
{
	static const struct {
		const char *records, *world, *demand, *says;
	} rows[] = {
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example 9.9.8.9", "two hosts", "met" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example", "two hosts", "not met: 1 host of the set has an address" },
		{ "10 a.example|20 a.example", "a.example 9.9.9.9", "two hosts", "not met: 1 host of the set has an address" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example 9.9.8.9", "three hosts",
			"not met: 2 hosts of the set have an address" },
		{ "10 a.example|20 b.example", "a.example !|b.example !", "one host", "not met: 0 hosts of the set have an address" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example ?", "two hosts",
			"unknown: the addresses of b.example are not all known" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example ~", "two hosts",
			"unknown: the addresses of b.example are not all known" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9", "two hosts", "unknown: the addresses of b.example are not all known" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example ?", "one host", "met" },
		{ "", "", "one host", "not met: 0 hosts of the set have an address" },
		{ "0 .", "", "one host", "not met: 0 hosts of the set have an address" },
		{ "10 9.9.9.9", "", "one host", "not met: 0 hosts of the set have an address" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example 9.9.8.9", "two networks", "met" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example 9.9.9.1", "two networks",
			"not met: the hosts lie in 1 network of one IP version (/24, /48)" },
		{ "10 a.example", "a.example 9.9.9.9 9.9.8.9", "two networks", "met" },
		{ "10 a.example", "a.example 9.9.9.9 2a01:1:1::1", "two networks",
			"not met: the hosts lie in 1 network of one IP version (/24, /48)" },
		{ "10 a.example|20 b.example", "a.example 2a01:1:1::1|b.example 2a01:1:1:1::1", "two networks",
			"not met: the hosts lie in 1 network of one IP version (/24, /48)" },
		{ "10 a.example|20 b.example", "a.example 2a01:1:1::1|b.example 2a01:1:2::1", "two networks", "met" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9 9.9.8.9|b.example 9.9.9.1", "three networks",
			"not met: the hosts lie in 2 networks of one IP version (/24, /48)" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example *", "two networks",
			"unknown: the addresses of b.example are not all known" },
		{ "10 a.example|20 b.example", "a.example 9.9.9.9|b.example *", "one network", "met" },
		{ "", "", "one network", "not met: the hosts lie in 0 networks of one IP version (/24, /48)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_open(&scene, rows[i].records, rows[i].world);
		says(&scene, rows[i].demand, rows[i].says);
		scene_close(&scene);
	}
}

static void networks__of_addresses_that_were_not_kept__are_not_known(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 a.example", "a.example 9.9.9.9");
	scene.facts.host[0].more = 1;
	says(&scene, "two networks", "unknown: the addresses of a.example are not all known");
	says(&scene, "one network", "met");
	scene_close(&scene);
}

static void mta_sts__is_judged__by_what_senders_can_fetch(void **state)
{
	static const struct {
		struct sts_facts sts;
		const char *enforce, *testing;
	} rows[] = {
		{ { .txt = ANSWER_UNASKED }, "unknown: the MTA-STS record is not known", "unknown: the MTA-STS record is not known" },
		{ { .txt = ANSWER_TIMEOUT }, "unknown: the MTA-STS record is not known", "unknown: the MTA-STS record is not known" },
		{ { .txt = ANSWER_PENDING }, "unknown: not answered yet", "unknown: not answered yet" },
		{ { .txt = ANSWER_NXDOMAIN }, "not met: there is no MTA-STS record", "not met: there is no MTA-STS record" },
		{ { .txt = ANSWER_DATA }, "not met: there is no MTA-STS record", "not met: there is no MTA-STS record" },
		{ { .txt = ANSWER_DATA, .n_record = 2, .fetch = STS_FETCH_OK, .policy = { .mode = STS_ENFORCE } },
			"not met: the MTA-STS record is not valid", "not met: the MTA-STS record is not valid" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_UNASKED },
			"unknown: the MTA-STS policy is not known", "unknown: the MTA-STS policy is not known" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK, .policy = { .mode = STS_ENFORCE } }, "met",
			"met" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_TYPE, .policy = { .mode = STS_ENFORCE } },
			"met", "met" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK, .policy = { .mode = STS_TESTING } },
			"not met: the MTA-STS policy only tests", "met" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK, .policy = { .mode = STS_NONE } },
			"not met: the MTA-STS policy is switched off", "not met: the MTA-STS policy is switched off" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK },
			"not met: the MTA-STS policy has no mode that senders know",
			"not met: the MTA-STS policy has no mode that senders know" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_STATUS },
			"not met: there is an MTA-STS record, but no policy that can be fetched",
			"not met: there is an MTA-STS record, but no policy that can be fetched" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_REDIRECT },
			"not met: there is an MTA-STS record, but no policy that can be fetched",
			"not met: there is an MTA-STS record, but no policy that can be fetched" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_NO_ADDRESS },
			"not met: there is an MTA-STS record, but no policy that can be fetched",
			"not met: there is an MTA-STS record, but no policy that can be fetched" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_TOO_LARGE },
			"not met: there is an MTA-STS record, but no policy that can be fetched",
			"not met: there is an MTA-STS record, but no policy that can be fetched" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_CERTIFICATE },
			"unknown: the MTA-STS policy could not be fetched from here",
			"unknown: the MTA-STS policy could not be fetched from here" },
		{ { .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_UNREACHABLE },
			"unknown: the MTA-STS policy could not be fetched from here",
			"unknown: the MTA-STS policy could not be fetched from here" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_open(&scene, "10 mx.exempel.com", "");
		scene.facts.sts = rows[i].sts;
		says(&scene, "mta-sts enforce", rows[i].enforce);
		says(&scene, "mta-sts testing", rows[i].testing);
		scene_close(&scene);
	}
}

static void hoster__has_every_host(void **state)
{
	static const struct {
		const char *records, *says;
	} rows[] = {
		{ "1 smtp.google.com", "met" },
		{ "1 aspmx.l.google.com|5 alt1.aspmx.l.google.com", "met" },
		{ "1 smtp.google.com|20 mx.exempel.com", "not met: mx.exempel.com is not known as a mail server of Google Workspace" },
		{ "10 mx.exempel.com", "not met: mx.exempel.com is not known as a mail server of Google Workspace" },
		{ "10 9.9.9.9", "not met: 9.9.9.9 is not known as a mail server of Google Workspace" },
		{ "", "not met: the set names no mail server of Google Workspace" },
		{ "0 .", "not met: . is not known as a mail server of Google Workspace" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_open(&scene, rows[i].records, "");
		says(&scene, "hoster google", rows[i].says);
		scene_close(&scene);
	}
}

static void dnssec__is_what_was_validated(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx.exempel.com", "");
	scene.facts.dnssec = DNSSEC_SECURE;
	says(&scene, "dnssec", "met");
	scene.facts.dnssec = DNSSEC_INSECURE;
	says(&scene, "dnssec", "not met: the MX answer is not signed");
	scene.facts.dnssec = DNSSEC_BOGUS;
	says(&scene, "dnssec", "not met: the MX answer fails its validation");
	scene.facts.dnssec = DNSSEC_PENDING;
	says(&scene, "dnssec", "unknown: not answered yet");
	scene.facts.dnssec = DNSSEC_UNCHECKED;
	says(&scene, "dnssec", "unknown: nothing was validated");
	scene.facts.unchecked_reason = "zone files carry no chain of trust";
	says(&scene, "dnssec", "unknown: zone files carry no chain of trust");
	scene_close(&scene);
}

static void no_check__is_met__where_it_looked_and_found_nothing(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 a.example", "a.example ->b.example 9.9.9.9");
	says(&scene, "no target-cname", "not met: a.example is an alias (of b.example)");
	says(&scene, "no dup-host", "met");
	says(&scene, "no port25", "unknown: probing is off");
	scene_close(&scene);
	scene_open(&scene, "10 a.example", "a.example ?");
	says(&scene, "no target-cname", "unknown: the addresses of a.example are not known");
	scene_close(&scene);
}

static void survives__asks__who_can_tell(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 a.example", "");
	says(&scene, "survives any one", "not met: 1 down");
	says(&scene, "survives any pair", "not met: 2 down");
	says(&scene, "survives any pair of hosts", "unknown: 2 down");
	scene_close(&scene);
	scene_open(&scene, "0 .", "");
	says(&scene, "survives any one", "not met: the null MX takes no mail at all");
	scene_close(&scene);
}

static void must_needs__are_what_is_judged_by(void **state)
{
	static const struct {
		const char *text;
		unsigned needs;
	} rows[] = {
		{ "survives any one", NEEDS_HOSTS | NEEDS_TARGET_ZONES },
		{ "ttl <= 1h", NEEDS_MX },
		{ "ttl >= 1h", NEEDS_MX },
		{ "one host", NEEDS_HOSTS },
		{ "one network", NEEDS_HOSTS },
		{ "mta-sts enforce", NEEDS_STS_TXT | NEEDS_STS_POLICY },
		{ "hoster google", NEEDS_MX },
		{ "dnssec", NEEDS_DNSSEC },
		{ "no cert", NEEDS_SMTP },
	};
	struct must must;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(must_parse(&must, rows[i].text, NULL));
		assert_int_equal(must_needs(&must), strncmp(rows[i].text, "no ", 3) ? rows[i].needs : check_find("cert")->needs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(must_parse__reads__each_form),
		cmocka_unit_test(must_parse__refuses__what_it_cannot_judge),
		cmocka_unit_test(must_parse__takes__a_line_of_199_bytes),
		cmocka_unit_test(must_judge__tells_nothing__of_a_set_that_is_not_known),
		cmocka_unit_test(ttl__is_judged__where_it_is_known),
		cmocka_unit_test(hosts_and_networks__are_counted),
		cmocka_unit_test(networks__of_addresses_that_were_not_kept__are_not_known),
		cmocka_unit_test(mta_sts__is_judged__by_what_senders_can_fetch),
		cmocka_unit_test(hoster__has_every_host),
		cmocka_unit_test(dnssec__is_what_was_validated),
		cmocka_unit_test(no_check__is_met__where_it_looked_and_found_nothing),
		cmocka_unit_test(survives__asks__who_can_tell),
		cmocka_unit_test(must_needs__are_what_is_judged_by),
	};

	return cmocka_run_group_tests_name("must", tests, NULL, NULL);
}
