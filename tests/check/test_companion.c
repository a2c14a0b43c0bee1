/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to change together with a set: each step, its order, its text and its waits, word by word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"

/* ---- MTA-STS ---- */

#define POLICY_WHY "why: Senders that honour MTA-STS skip a server that the policy does not name.\n"
#define ID_WHAT "what: When the policy is there, give the record _mta-sts.exempel.com a new id.\n"
#define ID_WHY                                                                                                                             \
	"why: By the id senders see that the policy has changed; one that looks too early would keep the old policy under the new id.\n"

static void sts__hoster_move__names_both_first_and_the_new_ones_alone_last(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, "3600 1 mx.hoster.example");
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com *.exempel.net");
	expect(&bench, true,
		"before - sts-policy\n"
		"what: Publish the MTA-STS policy with the old servers and the new ones, at "
		"https://mta-sts.exempel.com/.well-known/mta-sts.txt.\n" POLICY_WHY "version: STSv1\n"
		"mode: enforce\n"
		"mx: mx1.exempel.com\n"
		"mx: *.exempel.net\n"
		"mx: mx.hoster.example\n"
		"max_age: 604800\n"
		"before - sts-id 604800s\n" ID_WHAT ID_WHY "_mta-sts.exempel.com. IN TXT \"v=STSv1; id=20261126114500a;\"\n"
		"wait: Then wait 7d, the policy's max_age: for so long senders may go on with the policy that they have.\n"
		"change - mx 3600s\n"
		"what: Push the change of the MX set.\n"
		"wait: Then keep the old servers up for 1h, until the old set has run out of caches; some resolvers hold it up to a day longer.\n"
		"after - sts-tighten\n"
		"what: Publish the MTA-STS policy without the servers that are gone.\n"
		"why: Who can forge the DNS may lead mail to any server that the policy names.\n"
		"version: STSv1\n"
		"mode: enforce\n"
		"mx: mx.hoster.example\n"
		"max_age: 604800\n"
		"after - sts-tighten-id\n" ID_WHAT ID_WHY "_mta-sts.exempel.com. IN TXT \"v=STSv1; id=20261126114500b;\"\n");
	close_bench(&bench);
}

/* What changes, what the policy names, and which steps follow. */
static void sts__steps__follow_from_the_hosts_that_come_and_go(void **state)
{
	static const struct {
		const char *want, *mx, *steps;
	} rows[] = {
		/* nothing comes and nothing goes */
		{ BASE, "mx1.exempel.com *.exempel.net", "" },
		{ "60 5 mx2.exempel.net 10 mx1.exempel.com", "mx1.exempel.com *.exempel.net", "" },
		{ BASE, "mx1.exempel.com", "" },
		/* one host comes */
		{ BASE " 30 mx3.exempel.com", "mx1.exempel.com *.exempel.net",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n" },
		{ BASE " 30 mx3.exempel.com 40 mx3.exempel.com", "mx1.exempel.com *.exempel.net",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n" },
		/* a pattern stands for one label, no more */
		{ BASE " 30 mx3.exempel.net", "mx1.exempel.com *.exempel.net", "before + sts-policy 604800s\nchange - mx\n" },
		{ BASE " 30 a.mx3.exempel.net", "mx1.exempel.com *.exempel.net",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n" },
		{ BASE " 30 exempel.net", "mx1.exempel.com *.exempel.net", "before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n" },
		{ BASE " 30 mx3.exempel.com", "mx1.exempel.com *.exempel.net mx3.exempel.com",
			"before + sts-policy 604800s\nchange - mx\n" },
		/* one of two new ones is named */
		{ BASE " 30 mx3.exempel.com 30 mx4.exempel.com", "mx1.exempel.com *.exempel.net mx3.exempel.com",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n" },
		/* one goes: its pattern goes too, where no other host needs it */
		{ "3600 10 mx1.exempel.com", "mx1.exempel.com *.exempel.net",
			"change - mx 3600s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ "3600 10 mx2.exempel.net", "*.exempel.com *.exempel.net",
			"change - mx 3600s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ "3600 10 mx1.exempel.com 20 mx7.exempel.net", "mx1.exempel.com *.exempel.net",
			"before + sts-policy 604800s\nchange - mx 3600s\n" },
		{ "3600 10 mx1.exempel.com", "mx1.exempel.com", "" },
		{ "3600 10 mx1.exempel.com", "mx1.exempel.com mx9.exempel.org", "" },
		/* no name, no step */
		{ BASE " 30 192.0.2.1", "mx1.exempel.com *.exempel.net", "" },
		/* no server is left */
		{ "3600 0 .", "mx1.exempel.com *.exempel.net", "change - mx 3600s\nafter - sts-end\nafter - sts-end-id 604800s\n" },
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, BASE, rows[i].want);
		publish_policy(&bench, STS_ENFORCE, rows[i].mx);
		expect(&bench, false, rows[i].steps);
		publish_policy(&bench, STS_NONE, rows[i].mx);
		expect(&bench, false, "");
		bench.facts.sts = (struct sts_facts){ .txt = ANSWER_NODATA };
		expect(&bench, false, "");
		close_bench(&bench);
	}
}

static void sts__texts__keep_what_the_policy_has(void **state)
{
	struct sts_facts *sts;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, BASE " 30 mx3.exempel.com 40 b\303\274ro.exempel.com");
	sts = publish_policy(&bench, STS_ENFORCE, "mx2.exempel.net");
	expect_text(&bench, "sts-policy", /* the old server that was not named, too */
		"version: STSv1\nmode: enforce\nmx: mx2.exempel.net\nmx: mx1.exempel.com\nmx: mx3.exempel.com\nmx: xn--bro-hoa.exempel.com\n"
		"max_age: 604800\n");
	sts->policy.problems = STS_MX_ADDRESS | STS_LINE_ENDS; /* written anew it has them no more */
	expect_text(&bench, "sts-policy",
		"version: STSv1\nmode: enforce\nmx: mx2.exempel.net\nmx: mx1.exempel.com\nmx: mx3.exempel.com\nmx: xn--bro-hoa.exempel.com\n"
		"max_age: 604800\n");
	sts->policy.problems = 0;
	sts->policy.others = 1;
	expect_text(&bench, "sts-policy", "mx: mx1.exempel.com\nmx: mx3.exempel.com\nmx: xn--bro-hoa.exempel.com\n");
	expect(&bench, false, "before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n");
	sts->policy.others = 0;
	sts->policy.more = 1; /* what was not kept may name them */
	expect_text(&bench, "sts-policy", "mx: mx1.exempel.com\nmx: mx3.exempel.com\nmx: xn--bro-hoa.exempel.com\n");
	expect(&bench, false, "before ? sts-policy\nbefore - sts-id 604800s\nchange - mx\n");
	sts->policy.more = 0;
	sts->policy.problems = STS_TWICE;
	expect_text(&bench, "sts-policy", "mx: mx1.exempel.com\nmx: mx3.exempel.com\nmx: xn--bro-hoa.exempel.com\n");
	close_bench(&bench);

	open_bench(&bench, BASE, "3600 10 mx1.exempel.com");
	sts = publish_policy(&bench, STS_TESTING, "*.exempel.net mx9.exempel.com");
	expect_text(&bench, "sts-tighten", "version: STSv1\nmode: testing\nmx: mx1.exempel.com\nmax_age: 604800\n");
	sts->policy.others = 1;
	expect_text(&bench, "sts-tighten", "mx: *.exempel.net\nmx: mx9.exempel.com\n");
	close_bench(&bench);

	open_bench(&bench, BASE, "3600 0 .");
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com");
	expect_text(&bench, "sts-end", "version: STSv1\nmode: none\nmax_age: 86400\n");
	close_bench(&bench);
}

static void sts__waits__are_those_of_the_policy_and_its_record(void **state)
{
	static const struct {
		enum sts_mode mode;
		uint32_t max_age_s, ttl_s;
		bool ttl_known;
		unsigned problems;
		const char *wait; /* after the id */
	} rows[] = {
		{ STS_ENFORCE, 604800, 3600, true, 0,
			" 604800s\nwait: Then wait 7d, the policy's max_age: for so long senders may go on with the policy that they have.\n" },
		{ STS_ENFORCE, 604800, 604800, true, 0,
			" 604800s\nwait: Then wait 7d, the policy's max_age: for so long senders may go on with the policy that they have.\n" },
		{ STS_ENFORCE, 604800, 604801, true, 0,
			" 604801s\nwait: Then wait 7d1s, the record's TTL, until it has run out of caches.\n" },
		{ STS_ENFORCE, 604800, 999999, false, 0, /* of a cache: it says nothing */
			" 604800s\nwait: Then wait 7d, the policy's max_age: for so long senders may go on with the policy that they have.\n" },
		{ STS_ENFORCE, 0, 3600, true, STS_NO_MAX_AGE,
			" ?s\nwait: Then wait for as long as senders may hold the earlier policy; its max_age cannot be read.\n" },
		{ STS_ENFORCE, 0, 300, true, 0, " 300s\nwait: Then wait 5m, the record's TTL, until it has run out of caches.\n" },
		{ STS_TESTING, 604800, 3600, true, 0, " 3600s\nwait: Then wait 1h, the record's TTL, until it has run out of caches.\n" },
		{ STS_TESTING, 604800, 0, false, 0,
			" ?s\nwait: Then wait until the record has run out of caches; its TTL is not known.\n" },
	};
	char expected[800];
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, BASE " 30 mx3.exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct companion_input in = { &bench.base, &bench.want, &bench.facts, AT };
		struct sts_facts *sts = publish_policy(&bench, rows[i].mode, "mx1.exempel.com mx2.exempel.net");
		struct companions companions = { 0 };
		struct str text;

		sts->policy.max_age_s = rows[i].max_age_s;
		sts->policy.problems = rows[i].problems;
		sts->ttl_s = rows[i].ttl_s;
		sts->ttl_known = rows[i].ttl_known;
		companions_find(&companions, &in);
		assert_int_equal(companions.n, 3);
		str_init(&text, 0);
		describe(&companions.companion[1], true, &text);
		snprintf(expected, sizeof(expected),
			"before - sts-id%.*s" ID_WHAT ID_WHY "_mta-sts.exempel.com. IN TXT \"v=STSv1; id=20261126114500a;\"\n%s",
			(int)strcspn(rows[i].wait, "\n") + 1, rows[i].wait, strchr(rows[i].wait, '\n') + 1);
		assert_string_equal(text.s, expected);
		str_release(&text);
		companions_release(&companions);
	}
	close_bench(&bench);
}

static void sts__record__stands_where_it_was_found_under_an_id_of_its_own(void **state)
{
	struct sts_facts *sts;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, "3600 10 mx3.exempel.com");
	sts = publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx2.exempel.net");
	assert_true(dname_parse(&sts->owner, "exempel.sts.hoster.example", NULL));
	snprintf(sts->id, sizeof(sts->id), "20261126114500a");
	expect_text(&bench, "sts-id", "exempel.sts.hoster.example. IN TXT \"v=STSv1; id=20261126114500c;\"\n");
	expect_text(&bench, "sts-tighten-id", "exempel.sts.hoster.example. IN TXT \"v=STSv1; id=20261126114500b;\"\n");
	snprintf(sts->id, sizeof(sts->id), "20261126114500b");
	expect_text(&bench, "sts-id", "exempel.sts.hoster.example. IN TXT \"v=STSv1; id=20261126114500a;\"\n");
	expect_text(&bench, "sts-tighten-id", "exempel.sts.hoster.example. IN TXT \"v=STSv1; id=20261126114500d;\"\n");
	close_bench(&bench);
}

#define UNKNOWN_WHY "why: If there is a policy in enforce mode, senders that honour it skip a server that it does not name.\n"
#define CHANGE "change - mx\nwhat: Push the change of the MX set.\n"

static void sts__unknown_policy__is_said_and_never_made_up(void **state)
{
	static const enum answer in_vain[] = { ANSWER_UNASKED, ANSWER_PENDING, ANSWER_SERVFAIL, ANSWER_REFUSED, ANSWER_TIMEOUT,
		ANSWER_UNREACHABLE, ANSWER_BROKEN };
	struct sts_facts *sts;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, BASE " 30 mx3.exempel.com");
	sts = &bench.facts.sts;
	for (size_t i = 0; i < sizeof(in_vain) / sizeof(*in_vain); i++) {
		sts->txt = in_vain[i];
		expect(&bench, true,
			"before ? sts-policy\n"
			"what: Find out whether exempel.com has an MTA-STS policy: it has to name the new servers before the set "
			"does.\n" UNKNOWN_WHY
			"missing: The record that says so could not be looked up. These are the lines for the new servers alone.\n"
			"mx: mx3.exempel.com\n" CHANGE);
	}
	for (int fetch = STS_FETCH_UNASKED; fetch <= STS_FETCH_TOO_LARGE; fetch++) {
		sts = publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx2.exempel.net");
		sts->fetch = (enum sts_fetch)fetch;
		if (fetch == STS_FETCH_OK || fetch == STS_FETCH_TYPE)
			expect(&bench, false, "before - sts-policy\nbefore - sts-id 604800s\nchange - mx\n");
		else
			expect(&bench, true,
				"before ? sts-policy ?s\n"
				"what: Look at the MTA-STS policy of exempel.com: it has to name the new servers before the set "
				"does.\n" UNKNOWN_WHY
				"missing: The policy could not be read. These are the lines for the new servers alone.\n"
				"mx: mx3.exempel.com\n"
				"wait: Then wait for the policy's max_age, which is not known.\n" CHANGE);
	}
	publish_policy(&bench, STS_MODE_UNKNOWN, "mx1.exempel.com mx2.exempel.net mx3.exempel.com");
	expect(&bench, true,
		"before ? sts-policy ?s\n"
		"what: Look at the MTA-STS policy of exempel.com: it has to name the new servers before the set does.\n" UNKNOWN_WHY
		"missing: The policy has no mode that is known. These are the lines for the new servers alone.\n"
		"mx: mx3.exempel.com\n"
		"wait: Then wait for the policy's max_age, which is not known.\n" CHANGE);
	close_bench(&bench);
	/* where no host comes, none has to be named */
	open_bench(&bench, BASE, "3600 10 mx1.exempel.com");
	bench.facts.sts.txt = ANSWER_TIMEOUT;
	expect(&bench, false, "");
	close_bench(&bench);
}

/* Without MX records the domain's own address takes the mail, and is the server that a policy names. */
static void sts__the_domain_itself__is_a_server_where_it_takes_the_mail(void **state)
{
	static const struct {
		const char *base, *want;
		enum answer a, aaaa;
		const char *mx, *steps;
	} rows[] = {
		{ BASE, "3600", ANSWER_DATA, ANSWER_NODATA, "*.exempel.com *.exempel.net",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx 3600s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ BASE, "3600", ANSWER_DATA, ANSWER_NODATA, "exempel.com *.exempel.net mx1.exempel.com",
			"before + sts-policy 604800s\nchange - mx 3600s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ BASE, "3600", ANSWER_NODATA, ANSWER_NODATA, "*.exempel.com *.exempel.net",
			"change - mx 3600s\nafter - sts-end\nafter - sts-end-id 604800s\n" },
		{ BASE, "3600", ANSWER_TIMEOUT, ANSWER_NODATA, "*.exempel.com *.exempel.net",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx 3600s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ "3600", "3600 10 mx1.exempel.com", ANSWER_DATA, ANSWER_NODATA, "exempel.com",
			"before - sts-policy\nbefore - sts-id 604800s\nchange - mx 7200s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
		{ "3600", "3600 10 mx1.exempel.com", ANSWER_DATA, ANSWER_NODATA, "exempel.com *.exempel.com",
			"before + sts-policy 604800s\nchange - mx 7200s\nafter - sts-tighten\nafter - sts-tighten-id\n" },
	};
	struct host_facts *self;
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, rows[i].base, rows[i].want);
		publish_policy(&bench, STS_ENFORCE, rows[i].mx);
		bench.facts.mx = bench.base.n ? ANSWER_DATA : ANSWER_NODATA;
		bench.facts.negative_ttl_s = 7200;
		self = facts_host_add(&bench.facts, &bench.facts.domain);
		self->a = rows[i].a;
		self->aaaa = rows[i].aaaa;
		self->n_addr = rows[i].a == ANSWER_DATA;
		expect(&bench, false, rows[i].steps);
		close_bench(&bench);
	}
}

/* A name that does not exist yet takes no mail: nothing is kept up for it, and its set is known not to be there. */
static void change__of_a_name_that_does_not_exist__has_no_old_servers(void **state)
{
	static const enum answer own[] = { ANSWER_UNASKED, ANSWER_NXDOMAIN, ANSWER_NODATA };
	struct host_facts *self;
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		open_bench(&bench, "3600", "3600 10 mx1.exempel.com");
		publish_policy(&bench, STS_ENFORCE, "*.exempel.com");
		bench.facts.mx = i == 2 ? ANSWER_NODATA : ANSWER_NXDOMAIN;
		bench.facts.negative_ttl_s = 7200;
		if (own[i] != ANSWER_UNASKED) {
			self = facts_host_add(&bench.facts, &bench.facts.domain);
			self->a = self->aaaa = own[i];
		}
		expect(&bench, false, "before + sts-policy 604800s\nchange - mx\n");
		if (i == 2) { /* of one answer the name is known not to be there */
			self->aaaa = ANSWER_TIMEOUT;
			expect(&bench, false, "before + sts-policy 604800s\nchange - mx 7200s\n");
			self->a = ANSWER_NXDOMAIN;
			expect(&bench, false, "before + sts-policy 604800s\nchange - mx\n");
		}
		close_bench(&bench);
	}
}

/* ---- the change itself ---- */

static void change__is_seen__where_it_is_live_and_drains_by_the_old_ttl(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, "60 10 mx1.exempel.com 30 mx3.exempel.com");
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx2.exempel.net mx3.exempel.com");
	bench.facts.ttl_max_s = 9000; /* mixed TTLs: the highest counts */
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx 9000s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	bench.base.ttl_s = 7200; /* the live set is another one */
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx 7200s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	bench.base.ttl_s = MX_TTL_UNKNOWN;
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx ?s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	mxset_copy(&bench.facts.live, &bench.want);
	expect(&bench, false, "before + sts-policy 604800s\nchange + mx ?s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	bench.facts.mx = ANSWER_NODATA; /* and no record is served */
	mxset_release(&bench.facts.live);
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx ?s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	bench.facts.mx = ANSWER_TIMEOUT;
	expect(&bench, false, "before + sts-policy 604800s\nchange ? mx ?s\nafter - sts-tighten\nafter - sts-tighten-id\n");
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx3.exempel.com");
	expect(&bench, false, "before + sts-policy 604800s\nchange ? mx ?s\n");
	close_bench(&bench);
}

static void companion_when_name__is__a_word_each(void **state)
{
	(void)state;
	assert_string_equal(companion_when_name(COMPANION_BEFORE), "before");
	assert_string_equal(companion_when_name(COMPANION_CHANGE), "change");
	assert_string_equal(companion_when_name(COMPANION_AFTER), "after");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sts__hoster_move__names_both_first_and_the_new_ones_alone_last),
		cmocka_unit_test(sts__steps__follow_from_the_hosts_that_come_and_go),
		cmocka_unit_test(sts__texts__keep_what_the_policy_has),
		cmocka_unit_test(sts__waits__are_those_of_the_policy_and_its_record),
		cmocka_unit_test(sts__record__stands_where_it_was_found_under_an_id_of_its_own),
		cmocka_unit_test(sts__unknown_policy__is_said_and_never_made_up),
		cmocka_unit_test(sts__the_domain_itself__is_a_server_where_it_takes_the_mail),
		cmocka_unit_test(change__of_a_name_that_does_not_exist__has_no_old_servers),
		cmocka_unit_test(change__is_seen__where_it_is_live_and_drains_by_the_old_ttl),
		cmocka_unit_test(companion_when_name__is__a_word_each),
	};

	return cmocka_run_group_tests_name("companion", tests, NULL, NULL);
}
