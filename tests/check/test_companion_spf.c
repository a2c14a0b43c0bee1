/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPF and reports that go with a change: each step and its text, word by word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"

#define OLD "3600 10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com" /* Fastmail */
#define NEW "3600 1 smtp.google.com"
#define LINE "exempel.com. IN TXT "
#define VERIFY                                                                                                                             \
	"why: Then see that each name server gives the new set, and that a message from elsewhere arrives: mxladder verify exempel.com.\n"
#define COUNT(n)                                                                                                                           \
	"missing: The lookups that the record needs now: " n                                                                               \
	". This term adds one, and those of what it includes; more than 10 are an error.\n"

static struct spf_facts *publish_spf(struct bench *bench, const char *record, const char *include)
{
	struct spf_facts *spf = &bench->facts.spf;

	*spf = (struct spf_facts){ .txt = ANSWER_DATA, .result = SPF_OK, .n_record = 1 };
	snprintf(spf->text, sizeof(spf->text), "%s", record);
	if (include)
		assert_true(dname_parse(&spf->name[spf->n_name++], include, NULL));
	return spf;
}

static void spf__move__lets_the_new_hoster_send_and_then_the_old_one_no_more(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, OLD, NEW);
	publish_spf(&bench, "v=spf1 include:spf.messagingengine.com -all", "spf.messagingengine.com");
	expect(&bench, true,
		"before - spf ?s\n"
		"what: Let Google Workspace send by the SPF record, with include:_spf.google.com.\n"
		"why: Compare that with what the hoster tells you. Receivers may refuse mail of servers that SPF does not name.\n" COUNT(
			"0") LINE
		"\"v=spf1 include:spf.messagingengine.com include:_spf.google.com -all\"\n"
		"wait: Send nothing by it until the earlier record has run out of caches; its TTL is not known here.\n"
		"change - mx 3600s\n"
		"what: Push the change of the MX set.\n"
		"why: Then see that each name server gives the new set, and that a message from elsewhere arrives: mxladder verify exempel.com.\n"
		"wait: Then keep the old servers up for 1h, until the old set has run out of caches; some resolvers hold it up to a day longer.\n"
		"after - spf-old\n"
		"what: Take Fastmail out of the SPF record, when nothing is sent by it any more.\n");
	close_bench(&bench);
}

static void spf__steps__follow_from_hosters_that_come_and_go(void **state)
{
	static const struct {
		const char *base, *want, *include, *steps;
	} rows[] = {
		{ OLD, NEW, "_spf.google.com", "before + spf\nchange - mx 3600s\n" },
		{ OLD, NEW, NULL, "before - spf ?s\nchange - mx 3600s\n" },
		{ OLD, NEW, "spf.messagingengine.com", "before - spf ?s\nchange - mx 3600s\nafter - spf-old\n" },
		{ BASE, NEW, NULL, "before - spf ?s\nchange - mx 3600s\n" },
		{ NEW, "3600 1 aspmx.l.google.com", NULL, "" }, /* the same hoster */
		{ OLD, BASE, "spf.messagingengine.com", "change - mx 3600s\nafter - spf-old\n" }, { OLD, BASE, NULL, "" },
		{ OLD, "3600 10 eu-smtp-inbound-1.mimecast.com", "spf.messagingengine.com", "" }, /* behind it, Fastmail goes on */
		{ BASE, BASE " 30 smtp.google.com", NULL, "before - spf ?s\nchange - mx\n" },
		{ BASE, "3600 1 aspmx.l.google.com 5 alt1.aspmx.l.google.com", NULL,
			"before - spf ?s\nchange - mx 3600s\n" }, /* told once */
		{ OLD, OLD " 30 mx1.exempel.com", "spf.messagingengine.com", "" },
		{ BASE, "3600 10 mx3.exempel.com", NULL, "" }, /* of no hoster that is known */
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, rows[i].base, rows[i].want);
		publish_spf(&bench, "v=spf1 -all", rows[i].include);
		expect(&bench, false, rows[i].steps);
		close_bench(&bench);
	}
}

/* For how long the earlier record may be in caches; what follows need not wait for it. */
static void spf__waits__for_the_records_own_ttl(void **state)
{
	struct spf_facts *spf;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, NEW);
	spf = publish_spf(&bench, "v=spf1 -all", NULL);
	spf->ttl_known = true;
	spf->ttl_s = 900;
	expect(&bench, false, "before - spf 900s\nchange - mx 3600s\n");
	spf->n_record = 0; /* then it is not one record's */
	expect(&bench, false, "before - spf ?s\nchange - mx 3600s\n");
	close_bench(&bench);
}

static void spf__record__keeps_what_it_has(void **state)
{
	static const struct {
		const char *record, *text;
	} rows[] = {
		{ "v=spf1 -all", LINE "\"v=spf1 include:_spf.google.com -all\"\n" },
		{ "v=spf1 mx ~ALL", LINE "\"v=spf1 mx include:_spf.google.com ~ALL\"\n" },
		{ "v=spf1 mx all", LINE "\"v=spf1 mx include:_spf.google.com all\"\n" },
		{ "v=spf1  a  -all x", LINE "\"v=spf1  a include:_spf.google.com  -all x\"\n" },
		{ "v=spf1 a:all.example", LINE "\"v=spf1 a:all.example include:_spf.google.com\"\n" },
		{ "v=spf1 -allow", LINE "\"v=spf1 -allow include:_spf.google.com\"\n" },
		{ "v=spf1", LINE "\"v=spf1 include:_spf.google.com\"\n" },
		{ "v=spf1 redirect=_spf.example", LINE "\"v=spf1 include:_spf.google.com redirect=_spf.example\"\n" },
		{ "v=spf1 x=\"\\ -all", LINE "\"v=spf1 x=\\\"\\\\ include:_spf.google.com -all\"\n" },
		{ "v=spf1 \x1b[m -all", "include:_spf.google.com\n" },
	};
	char longest[POLICY_TEXT_MAX], whole[2 * POLICY_TEXT_MAX];
	struct spf_facts *spf;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, NEW);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		publish_spf(&bench, rows[i].record, NULL);
		expect_text(&bench, "spf", rows[i].text);
	}
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "v=spf1 ", 7);
	longest[255] = '\0'; /* and the new term goes into a second string */
	publish_spf(&bench, longest, NULL);
	snprintf(whole, sizeof(whole), LINE "\"%s\" \" include:_spf.google.com\"\n", longest);
	expect_text(&bench, "spf", whole);
	longest[255] = 'a';
	longest[POLICY_TEXT_MAX - 1] = '\0'; /* cut, perhaps */
	spf = publish_spf(&bench, longest, NULL);
	expect_text(&bench, "spf", "include:_spf.google.com\n");
	for (int i = 0; i < 3; i++) {
		spf = publish_spf(&bench, "v=spf1 -all", NULL);
		spf->n_record = i == 0 ? 0 : i == 1 ? 2 : 1;
		spf->problems = i == 2 ? SPF_SYNTAX : 0;
		expect_text(&bench, "spf", "include:_spf.google.com\n");
	}
	close_bench(&bench);
}

#define WHAT "what: Let Google Workspace send by the SPF record, with include:_spf.google.com.\n"
#define WHY "why: Compare that with what the hoster tells you. Receivers may refuse mail of servers that SPF does not name.\n"
#define WAIT "wait: Send nothing by it until the earlier record has run out of caches; its TTL is not known here.\n"
#define CHANGE "change - mx\nwhat: Push the change of the MX set.\n"

static void spf__that_is_not_known__or_full__is_said(void **state)
{
	static const enum answer in_vain[] = { ANSWER_UNASKED, ANSWER_PENDING, ANSWER_SERVFAIL, ANSWER_TIMEOUT };
	struct spf_facts *spf;
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, BASE " 30 smtp.google.com");
	for (size_t i = 0; i < sizeof(in_vain) / sizeof(*in_vain); i++) {
		bench.facts.spf = (struct spf_facts){ .txt = in_vain[i], .result = i > 1 ? SPF_TEMPERROR : SPF_UNKNOWN };
		expect(&bench, true,
			"before ? spf ?s\n" WHAT WHY
			"missing: This is the new term alone: a whole record of now, to put it in, is not known here.\n"
			"include:_spf.google.com\n" WAIT CHANGE VERIFY);
	}
	spf = publish_spf(&bench, "v=spf1 mx -all", NULL);
	spf->more = 1; /* what was not kept may name it */
	expect(&bench, true,
		"before ? spf ?s\n" WHAT WHY COUNT("0") LINE "\"v=spf1 mx include:_spf.google.com -all\"\n" WAIT CHANGE VERIFY);
	spf = publish_spf(&bench, "v=spf1 mx -all", NULL);
	spf->lookups = 9;
	expect(&bench, true,
		"before - spf ?s\n" WHAT WHY COUNT("9") LINE "\"v=spf1 mx include:_spf.google.com -all\"\n" WAIT CHANGE VERIFY);
	spf->lookups = 10;
	expect(&bench, true,
		"before - spf ?s\n" WHAT WHY
		"missing: With it the record needs more than 10 lookups and counts for an error: another term has to go.\n" LINE
		"\"v=spf1 mx include:_spf.google.com -all\"\n" WAIT CHANGE VERIFY);
	publish_spf(&bench, "v=spf1 include:_spf.google.com -all", "_spf.google.com");
	expect(&bench, true, "before + spf\nwhat: The SPF record lets Google Workspace send.\n" CHANGE VERIFY);
	close_bench(&bench);
}

static void reports__are_asked_for__where_nobody_gets_them(void **state)
{
	struct bench bench;

	(void)state;
	open_bench(&bench, BASE, BASE " 30 mx3.exempel.com");
	bench.facts.tlsrpt.txt = ANSWER_NXDOMAIN;
	expect(&bench, false, "");
	publish_policy(&bench, STS_ENFORCE, "mx1.exempel.com mx2.exempel.net mx3.exempel.com");
	expect(&bench, true,
		"before - tlsrpt\nwhat: Ask for reports of TLS failures, with a TXT record at _smtp._tls.exempel.com.\n"
		"missing: Nobody but you knows the address: v=TLSRPTv1; rua=mailto:ADDRESS\n"
		"before + sts-policy 604800s\n"
		"what: The MTA-STS policy of exempel.com names the new servers.\n"
		"why: Senders that honour MTA-STS skip a server that the policy does not name.\n"
		"wait: Since when is not known here: for 7d from then on, the policy's max_age, senders may go on with an earlier one.\n" CHANGE);
	bench.facts.tlsrpt.n_record = 1;
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx\n");
	bench.facts.tlsrpt = (struct tlsrpt_facts){ .txt = ANSWER_TIMEOUT };
	expect(&bench, false, "before + sts-policy 604800s\nchange - mx\n");
	close_bench(&bench);

	open_bench(&bench, BASE, BASE " 30 smtp.google.com");
	publish_spf(&bench, "v=spf1 mx -all", NULL);
	bench.facts.dmarc.txt = ANSWER_NXDOMAIN;
	expect(&bench, true,
		"before - spf ?s\n" WHAT WHY COUNT("0") LINE
		"\"v=spf1 mx include:_spf.google.com -all\"\n" WAIT
		"before - dmarc\nwhat: Ask for reports of mail that fails, with a DMARC record at _dmarc.exempel.com.\n"
		"missing: Nobody but you knows the address: v=DMARC1; p=none; rua=mailto:ADDRESS\n" CHANGE VERIFY);
	bench.facts.dmarc.txt = ANSWER_SERVFAIL;
	expect(&bench, false, "before - spf ?s\nchange - mx\n");
	bench.facts.dmarc.txt = ANSWER_DATA;
	bench.facts.dmarc.at = bench.facts.domain;
	expect(&bench, false, "before - spf ?s\nchange - mx\n");
	publish_spf(&bench, "v=spf1 mx -all", "_spf.google.com");
	bench.facts.dmarc = (struct dmarc_facts){ .txt = ANSWER_NXDOMAIN };
	expect(&bench, false, "before + spf\nchange - mx\n");
	close_bench(&bench);
}

/* A server that goes stands in the record: who comes in its place may have to, too. */
static void spf__names_hosts__that_go(void **state)
{
	static const struct {
		const char *record, *want, *steps;
	} rows[] = {
		{ "v=spf1 a:mx1.exempel.com -all", "3600 10 mx3.exempel.com", "before ? spf-host\nchange - mx 3600s\n" },
		{ "v=spf1 ?a:MX1.exempel.com./24 -all", "3600 10 mx3.exempel.com", "before ? spf-host\nchange - mx 3600s\n" },
		{ "v=spf1 -all +A:mx2.exempel.net", "3600 10 mx3.exempel.com", "before ? spf-host\nchange - mx 3600s\n" },
		{ "v=spf1 a:mx1.exempel.com a:mx3.exempel.com -all", "3600 10 mx3.exempel.com", "" },
		{ "v=spf1 a:mx1.exempel.com.au a:xmx1.exempel.com include:mx1.exempel.com mx:mx1.exempel.com -all",
			"3600 10 mx3.exempel.com", "" },
		{ "v=spf1 a:mx1.exempel.com -all", BASE " 30 mx3.exempel.com", "" }, /* nobody goes */
		{ "v=spf1 a:mx1.exempel.com -all", "3600 20 mx2.exempel.net", "" },  /* nobody comes */
		{ "v=spf1 a:mx1.exempel.com -all", "3600 10 mx1.improvmx.com", "" }, /* a hoster has a term of its own */
		{ "", "3600 10 mx3.exempel.com", "" },
	};
	struct bench bench;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_bench(&bench, BASE, rows[i].want);
		publish_spf(&bench, rows[i].record, NULL);
		expect(&bench, false, rows[i].steps);
		close_bench(&bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spf__move__lets_the_new_hoster_send_and_then_the_old_one_no_more),
		cmocka_unit_test(spf__steps__follow_from_hosters_that_come_and_go),
		cmocka_unit_test(spf__waits__for_the_records_own_ttl),
		cmocka_unit_test(spf__record__keeps_what_it_has),
		cmocka_unit_test(spf__names_hosts__that_go),
		cmocka_unit_test(spf__that_is_not_known__or_full__is_said),
		cmocka_unit_test(reports__are_asked_for__where_nobody_gets_them),
	};

	return cmocka_run_group_tests_name("companion_spf", tests, NULL, NULL);
}
