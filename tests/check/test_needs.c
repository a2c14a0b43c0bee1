/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What "not checked" says, need by need: nothing where the facts tell, "later" while they are on their way. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "check/lint.h"
#include "check/needs.h"
#include "scene.h"
#include "../core/names.h"

static struct scene scene;

static int open_scene(void **state)
{
	(void)state;
	scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 5.9.0.1|mx2.exempel.com 5.9.0.2 2a01:4f8::2");
	return 0;
}

static int close_scene(void **state)
{
	(void)state;
	scene_close(&scene);
	return 0;
}

/* wanted "": nothing is missing. */
static void missing(enum need need, const char *wanted)
{
	struct needs_seen seen = { 0 };
	struct msg why = { 0 };
	struct str text;

	str_init(&text, 0);
	assert_int_equal(needs_missing(&scene.in, need, &seen, &why), *wanted != '\0');
	if (why.id)
		msg_format(&why, NULL, &text);
	assert_string_equal(text.s ? text.s : "", wanted);
	str_release(&text);
}

/* One answer at a time: what each kind of it means for a need that hangs on one question. */
static void each_answer(enum need need, enum answer *answer, const char *unknown)
{
	for (int kind = ANSWER_UNASKED; kind < ANSWER_KINDS; kind++) {
		bool tells = kind == ANSWER_DATA || kind == ANSWER_NODATA || kind == ANSWER_NXDOMAIN;

		*answer = (enum answer)kind;
		missing(need, tells ? "" : kind == ANSWER_PENDING ? "not answered yet" : unknown);
	}
	*answer = ANSWER_NODATA;
}

static void needs__of_one_question(void **state)
{
	(void)state;
	each_answer(NEEDS_MX, &scene.facts.mx, "the MX records of exempel.com are not known");
	each_answer(NEEDS_STS_TXT, &scene.facts.sts.txt, "the MTA-STS record is not known");
	each_answer(NEEDS_STS_POLICY, &scene.facts.sts.txt, "the MTA-STS policy is not known");
	each_answer(NEEDS_TLSRPT, &scene.facts.tlsrpt.txt, "the TLS reporting record is not known");
	each_answer(NEEDS_DMARC, &scene.facts.dmarc.txt, "the DMARC record is not known");
	scene.facts.spf.result = SPF_NONE;
	each_answer(NEEDS_SPF, &scene.facts.spf.txt, "the SPF record, or one that it includes, is not known");
}

static void needs__policy_and_spf(void **state)
{
	(void)state;
	scene.facts.sts.txt = scene.facts.spf.txt = ANSWER_DATA;
	missing(NEEDS_STS_POLICY, "");
	scene.facts.sts.n_record = 1;
	missing(NEEDS_STS_POLICY, "the MTA-STS policy is not known");
	scene.facts.sts.fetch = STS_FETCH_PENDING;
	missing(NEEDS_STS_POLICY, "not answered yet");
	scene.facts.sts.fetch = STS_FETCH_NO_ADDRESS;
	missing(NEEDS_STS_POLICY, "");
	missing(NEEDS_SPF, "not answered yet");
	scene.facts.spf.result = SPF_TEMPERROR;
	missing(NEEDS_SPF, "the SPF record, or one that it includes, is not known");
	scene.facts.spf.result = SPF_PERMERROR;
	missing(NEEDS_SPF, "");
}

static void needs__of_each_target(void **state)
{
	const struct dname first = name_of("mx1.exempel.com"), second = name_of("mx2.exempel.com");

	(void)state;
	missing(NEEDS_HOSTS, "");
	missing(NEEDS_TLSA, "the targets' TLSA records are not all known");
	facts_tlsa_add(&scene.facts, &first)->answer = ANSWER_SERVFAIL; /* what senders get too */
	missing(NEEDS_TLSA, "the targets' TLSA records are not all known");
	facts_tlsa_add(&scene.facts, &second)->answer = ANSWER_PENDING;
	missing(NEEDS_TLSA, "not answered yet");
	facts_tlsa_add(&scene.facts, &second)->answer = ANSWER_TIMEOUT;
	missing(NEEDS_TLSA, "the targets' TLSA records are not all known");
	facts_tlsa_add(&scene.facts, &second)->answer = ANSWER_NODATA;
	missing(NEEDS_TLSA, "");
	assert_int_equal(scene.facts.n_tlsa, 2);

	for (size_t h = 0; h < scene.facts.n_host; h++) {
		const struct host_facts *host = &scene.facts.host[h];

		for (size_t i = 0; i < host->n_addr; i++) {
			missing(NEEDS_PTR, "the names of the targets' addresses are not all known");
			facts_ptr_add(&scene.facts, &host->addr[i])->ptr = ANSWER_PENDING;
			missing(NEEDS_PTR, "not answered yet");
			facts_ptr_add(&scene.facts, &host->addr[i])->ptr = i ? ANSWER_NXDOMAIN : ANSWER_DATA;
		}
	}
	missing(NEEDS_PTR, "");
	assert_int_equal(scene.facts.n_ptr, 3);

	missing(NEEDS_TARGET_ZONES, "the zones of the targets are not all known");
	facts_registered_add(&scene.facts, &scene.domain)->ns = ANSWER_PENDING;
	missing(NEEDS_TARGET_ZONES, "not answered yet");
	facts_registered_add(&scene.facts, &scene.domain)->ns = ANSWER_DATA;
	missing(NEEDS_TARGET_ZONES, "the zones of the targets are not all known");
	facts_zone_add(&scene.facts, &scene.domain);
	missing(NEEDS_TARGET_ZONES, "");
}

static void needs__of_block_lists(void **state)
{
	static const char unknown[] = "no block list was asked, or one of them did not answer";
	struct listed_facts *row;

	(void)state;
	missing(NEEDS_DNSBL, unknown);
	row = facts_listed_add(&scene.facts, &scene.facts.host[1].addr[1], "bl.example");
	row->answer = ANSWER_PENDING;
	missing(NEEDS_DNSBL, "not answered yet");
	row->answer = ANSWER_TIMEOUT;
	missing(NEEDS_DNSBL, unknown);
	row->answer = ANSWER_DATA;
	missing(NEEDS_DNSBL, unknown);
	row->listed = FACT_YES;
	missing(NEEDS_DNSBL, "");
	row = facts_listed_add(&scene.facts, &scene.facts.host[1].addr[1], "other.example");
	assert_int_equal(scene.facts.n_listed, 2);
	missing(NEEDS_DNSBL, unknown);
	row->listed = FACT_NO;
	missing(NEEDS_DNSBL, "");
	assert_ptr_equal(facts_listed_add(&scene.facts, &scene.facts.host[1].addr[1], "other.example"), row);
}

/* A finding for each listing of a target's own address, and none for what is not a listing. */
static void dnsbl__tells_what_is_listed(void **state)
{
	const struct check *check = check_find("dnsbl");
	struct listed_facts *row;
	struct findings out = { 0 };
	struct addr other;
	struct str text;

	(void)state;
	str_init(&text, 0);
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 0);
	assert_true(addr_parse(&other, "5.9.0.77"));
	facts_listed_add(&scene.facts, &other, "bl.example")->listed = FACT_YES; /* no target's */
	facts_listed_add(&scene.facts, &scene.facts.host[0].addr[0], "bl.example")->listed = FACT_NO;
	facts_listed_add(&scene.facts, &scene.facts.host[1].addr[0], "bl.example")->listed = FACT_UNKNOWN;
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 0);
	row = facts_listed_add(&scene.facts, &scene.facts.host[1].addr[1], "other.example");
	row->listed = FACT_YES;
	assert_true(addr_parse(&row->code, "127.0.0.4"));
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.finding[0].level, LEVEL_NOTICE);
	assert_int_equal(out.finding[0].mx.preference, 20);
	msg_format(&out.finding[0].text, NULL, &text);
	assert_string_equal(text.s, "the address 2a01:4f8::2 of mx2.exempel.com is on the block list other.example (127.0.0.4)");
	facts_listed_add(&scene.facts, &scene.facts.host[1].addr[0], "bl.example")->listed = FACT_YES;
	findings_release(&out);
	check->run(check, &scene.in, &out);
	assert_int_equal(out.n, 2);
	str_release(&text);
	findings_release(&out);
}

static void needs__of_servers_and_parent(void **state)
{
	const struct dname ns = name_of("ns.exempel.com");
	struct addr addr;
	struct server_facts *server;

	(void)state;
	missing(NEEDS_SERVERS, "no name server of the zone told its set");
	assert_true(addr_parse(&addr, "192.0.2.53"));
	server = facts_server_add(&scene.facts, &ns, &addr);
	server->mx = ANSWER_PENDING;
	missing(NEEDS_SERVERS, "not answered yet");
	server->mx = ANSWER_TIMEOUT;
	missing(NEEDS_SERVERS, "no name server of the zone told its set");
	server->mx = ANSWER_DATA;
	server->authoritative = true;
	missing(NEEDS_SERVERS, "");

	missing(NEEDS_PARENT, "what the parent zone's servers say is not known");
	scene.facts.parent_ns = ANSWER_PENDING;
	missing(NEEDS_PARENT, "not answered yet");
	scene.facts.delegated = FACT_NO;
	missing(NEEDS_PARENT, "");

	missing(NEEDS_DNSSEC, "not answered yet");
	scene.facts.dnssec = DNSSEC_UNCHECKED;
	missing(NEEDS_DNSSEC, "nothing was validated");
	scene.facts.dnssec = DNSSEC_BOGUS;
	missing(NEEDS_DNSSEC, "");
	missing(NEEDS_SMTP, "probing is off");
}

static void needs__first_of_several(void **state)
{
	struct msg why = { 0 };

	(void)state;
	scene.facts.delegated = FACT_YES;
	scene.facts.spf.txt = ANSWER_TIMEOUT;
	assert_false(needs_missing(&scene.in, 0, &(struct needs_seen){ 0 }, &why));
	assert_false(needs_missing(&scene.in, NEEDS_MX | NEEDS_PARENT, &(struct needs_seen){ 0 }, &why));
	assert_true(needs_missing(&scene.in, NEEDS_PARENT | NEEDS_SPF | NEEDS_SMTP, &(struct needs_seen){ 0 }, &why));
	assert_string_equal(why.id, "the SPF record, or one that it includes, is not known");
}

/* One row a check that lacks what it needs, and none for one that said it itself. */
static void needs__rows_of_a_run(void **state)
{
	struct findings out = { 0 };
	size_t undelegated = 0, spof = 0;

	(void)state;
	mxset_remove(&scene.set, 1);
	scene.facts.host[0].a = ANSWER_PENDING;
	lint_run(&scene.in, &out);
	for (size_t i = 0; i < out.n_skip; i++) {
		undelegated += !strcmp(out.skip[i].id, "undelegated");
		spof += !strcmp(out.skip[i].id, "spof");
	}
	assert_int_equal(undelegated, 1);
	assert_int_equal(spof, 1);
	findings_clear(&out);
	scene.facts.delegated = FACT_YES;
	lint_run(&scene.in, &out);
	for (size_t i = 0; i < out.n_skip; i++)
		assert_string_not_equal(out.skip[i].id, "undelegated");
	findings_release(&out);
	assert_int_equal(lint_needs_at(LEVEL_ERROR) & NEEDS_HOSTS, NEEDS_HOSTS);
	assert_int_equal(lint_needs_at(LEVEL_ERROR) & NEEDS_DNSBL, 0); /* notices */
	assert_int_equal(lint_needs_at(LEVEL_NOTICE) & NEEDS_DNSBL, NEEDS_DNSBL);
	assert_int_equal(lint_needs_at(LEVEL_INFO), lint_needs());
	assert_true((lint_needs() & (NEEDS_HOSTS | NEEDS_MX | NEEDS_PARENT)) == (NEEDS_HOSTS | NEEDS_MX | NEEDS_PARENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(needs__of_one_question, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__policy_and_spf, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__of_each_target, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__of_block_lists, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(dnsbl__tells_what_is_listed, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__of_servers_and_parent, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__first_of_several, open_scene, close_scene),
		cmocka_unit_test_setup_teardown(needs__rows_of_a_run, open_scene, close_scene),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
