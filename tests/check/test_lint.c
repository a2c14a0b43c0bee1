/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "check/lint.h"

#define WORLD "mx1.exempel.com 5.9.0.1|mx2.exempel.com 5.9.1.2|r.exempel.net ->b.exempel.net 5.9.2.3|gone.exempel.com !"

/* The table: unique ids, texts, and the 24 of the first catalogue in it. */
static void checks__table__is_whole(void **state)
{
	static const char *const catalogue[] = { "pref-range", "target-empty", "target-ip", "target-length", "target-ldh", "numeric-tld",
		"zone-doubled", "pasted-url", "single-label", "reserved-tld", "dup-host", "dup-record", "null-mixed", "null-pref",
		"implicit-mx", "undeliverable", "ttl-mixed", "cname-clash", "target-cname", "target-nxdomain", "target-no-address",
		"special-address", "same-address", "spof" };

	(void)state;
	for (size_t i = 0; checks[i]; i++) {
		assert_true(checks[i]->id[0] && checks[i]->title[0] && checks[i]->why[0] && checks[i]->reference[0]);
		assert_true(checks[i]->level < LEVEL_COUNT && checks[i]->run);
		/* a title is a rule, and never reads as a fact */
		assert_true(strstr(checks[i]->title, " must ") || strstr(checks[i]->title, " should ") ||
			    strncmp(checks[i]->title, "No record may ", 14) == 0 || strncmp(checks[i]->title, "No alias may ", 13) == 0);
		assert_int_equal(strspn(checks[i]->id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(checks[i]->id));
		assert_ptr_equal(check_find(checks[i]->id), checks[i]);
	}
	for (size_t i = 0; i < sizeof(catalogue) / sizeof(*catalogue); i++)
		assert_non_null(check_find(catalogue[i]));
	assert_null(check_find("no-such-check"));
}

static void lint__run__unknown_set_is_not_empty(void **state)
{
	struct findings out = { 0 };
	struct scene scene;
	struct str text;
	size_t n = 0;

	(void)state;
	scene_open(&scene, "", "");
	scene.facts.mx = ANSWER_PENDING;
	lint_run(&scene.in, &out);
	assert_int_equal(out.n, 0);
	while (checks[n])
		n++;
	assert_int_equal(out.n_skip, n + 2); /* and the servers, and DNSSEC */
	assert_string_equal(out.skip[0].reason.id, "not answered yet");
	scene.facts.mx = ANSWER_SERVFAIL;
	lint_run(&scene.in, &out);
	str_init(&text, 0);
	msg_format(&out.skip[0].reason, NULL, &text);
	assert_string_equal(text.s, "the MX records of exempel.com are not known");
	str_release(&text);
	findings_release(&out);
	scene_close(&scene);
}

/* The reasons of what is not looked at, in order: "servers: ...|dnssec: ..." */
static void unseen(const struct scene *scene, const char *wanted)
{
	struct findings out = { 0 };
	struct str text;

	lint_run(&scene->in, &out);
	str_init(&text, 0);
	for (size_t i = 0; i < out.n_skip; i++) {
		if (strcmp(out.skip[i].id, "servers") != 0 && strcmp(out.skip[i].id, "dnssec") != 0)
			continue;
		str_addf(&text, "%s%s: ", text.len ? "|" : "", out.skip[i].id);
		msg_format(&out.skip[i].reason, NULL, &text);
	}
	assert_string_equal(text.s, wanted);
	str_release(&text);
	findings_release(&out);
}

static void lint__run__lists_what_no_check_saw(void **state)
{
	static const char *const addresses[] = { "192.0.2.1", "192.0.2.2", "2001:db8::1" };
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1");
	scene.facts.dnssec = DNSSEC_UNCHECKED;
	unseen(&scene, "servers: no name server of the zone is known|dnssec: nothing was validated");
	scene.facts.unchecked_reason = "zone files carry no chain of trust";
	unseen(&scene, "servers: no name server of the zone is known|dnssec: zone files carry no chain of trust");
	scene.facts.dnssec = DNSSEC_PENDING;
	unseen(&scene, "servers: no name server of the zone is known|dnssec: not answered yet");
	scene.facts.dnssec = DNSSEC_BOGUS; /* was looked at */
	for (size_t i = 0; i < 3; i++) {
		char text[8] = "ns1";
		struct server_facts *server;
		struct dname name;
		struct addr addr;

		text[2] = (char)('1' + i);
		assert_true(dname_parse(&name, text, NULL));
		assert_true(addr_parse(&addr, addresses[i]));
		server = facts_server_add(&scene.facts, &name, &addr);
		server->authoritative = true;
	}
	unseen(&scene, "servers: no name server was asked");
	scene.facts.server[0].mx = ANSWER_DATA;
	unseen(&scene, "servers: some name servers were not asked");
	scene.facts.server[1].mx = ANSWER_PENDING;
	scene.facts.server[2].mx = ANSWER_UNREACHABLE;
	unseen(&scene, "servers: ns3 (2001:db8::1) cannot be reached from here|servers: not answered yet");
	scene.facts.server[1].mx = ANSWER_TIMEOUT;
	unseen(&scene, "servers: no answer from ns2 (192.0.2.2)|servers: ns3 (2001:db8::1) cannot be reached from here");
	scene.facts.server[1].mx = scene.facts.server[2].mx = ANSWER_NODATA;
	unseen(&scene, "");
	scene_close(&scene);
}

static void lint__run__nxdomain_is_undeliverable(void **state)
{
	struct findings out = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "", "");
	scene.facts.mx = ANSWER_NXDOMAIN;
	lint_run(&scene.in, &out);
	assert_int_equal(out.n, 1);
	assert_string_equal(out.finding[0].check->id, "undeliverable");
	findings_release(&out);
	/* who says so: the resolver, or the zone's own servers */
	scene.facts.source = SOURCE_RESOLVER;
	scene_says("undeliverable", &scene, "error: the resolver says that exempel.com does not exist");
	scene.facts.source = SOURCE_ZONE;
	scene_says("undeliverable", &scene, "error: exempel.com does not exist");
	scene_close(&scene);
}

static void lint__run__order(void **state)
{
	struct findings out = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene, "5 mx1.exempel.com|10 gone.exempel.com|20 mx1.exempel.com|30 r.exempel.net", WORLD);
	lint_run(&scene.in, &out);
	assert_int_equal(out.n, 5);
	assert_string_equal(out.finding[0].check->id, "target-nxdomain");
	assert_string_equal(out.finding[1].check->id, "target-cname");
	assert_string_equal(out.finding[2].check->id, "dup-host");
	assert_string_equal(out.finding[3].check->id, "two-host-senders");
	assert_string_equal(out.finding[4].check->id, "v4-only");
	assert_int_equal(findings_count(&out, LEVEL_ERROR, false), 2);
	assert_int_equal(findings_count(&out, LEVEL_INFO, false), 5);
	assert_int_equal(findings_count(&out, LEVEL_INFO, true), 0);
	findings_release(&out);
	scene_close(&scene);
}

static const struct {
	const char *draft, *introduced; /* id of the one finding that is introduced, or NULL */
	const char *old;                /* id of one that is there and is not */
} drafts[] = {
	{ "10 mx1.exempel.com|20 r.exempel.net|30 gone.exempel.com", "target-nxdomain", "target-cname" },
	{ "10 mx1.exempel.com|15 r.exempel.net", NULL, "target-cname" }, /* moved, not new */
	{ "10 mx1.exempel.com|70000 r.exempel.net", "pref-range", "target-cname" }, { "10 mx1.exempel.com|20 mx2.exempel.com", NULL, NULL },
	{ "10 mx1.exempel.com|20 \342\230\203.exempel.com", "target-ldh", NULL }, /* an error of a check that is milder */
};

static void lint__draft__marks_what_it_brings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(drafts) / sizeof(*drafts); i++) {
		struct findings out = { 0 }, errors = { 0 };
		struct scene live, draft;
		bool found_new = !drafts[i].introduced, found_old = !drafts[i].old;

		scene_open(&live, "10 mx1.exempel.com|20 r.exempel.net", WORLD);
		scene_open(&draft, drafts[i].draft, WORLD);
		draft.in.is_draft = true;
		draft.in.facts = live.in.facts;
		lint_draft(&live.in, &draft.in, &out);
		for (size_t k = 0; k < out.n; k++) {
			const struct finding *f = &out.finding[k];

			found_new = found_new || (f->introduced && strcmp(f->check->id, drafts[i].introduced) == 0);
			found_old = found_old || (!f->introduced && strcmp(f->check->id, drafts[i].old) == 0);
			if (f->level == LEVEL_ERROR && f->introduced)
				assert_non_null(drafts[i].introduced);
			if (k && f->introduced)
				assert_true(out.finding[k - 1].introduced);
		}
		assert_true(found_new && found_old);
		lint_errors(&live.in, &draft.in, &errors);
		assert_int_equal(findings_count(&errors, LEVEL_ERROR, true), findings_count(&out, LEVEL_ERROR, true));
		assert_int_equal(errors.n > 0, findings_count(&out, LEVEL_ERROR, false) > 0);
		findings_release(&errors);
		findings_release(&out);
		scene_close(&live);
		scene_close(&draft);
	}
}

/* What the live set has and the draft has not; nothing that is said of the live answer alone, or that was not looked at in the draft. */
static void lint__cured__is_what_the_draft_mends(void **state)
{
	static const struct {
		const char *live, *draft, *world, *cured;
	} rows[] = {
		{ "10 mx1.exempel.com|20 r.exempel.net", "10 mx1.exempel.com|20 mx2.exempel.com", WORLD, "target-cname" },
		{ "10 mx1.exempel.com|20 r.exempel.net", "10 mx1.exempel.com|30 r.exempel.net", WORLD, "" },
		{ "10 mx1.exempel.com|20 gone.exempel.com", "10 mx1.exempel.com|20 mx2.exempel.com", WORLD, "target-nxdomain" },
		{ "10 mx1.exempel.com|20 gone.exempel.com", "10 mx1.exempel.com|20 gone.exempel.com", WORLD, "" },
		/* the draft's host is still asked for: whether addresses are shared is not known */
		{ "10 mx1.exempel.com|20 same.exempel.com", "10 mx1.exempel.com|20 late.exempel.com",
			"mx1.exempel.com 5.9.0.1|same.exempel.com 5.9.0.1|late.exempel.com ~", "" },
		{ "10 mx1.exempel.com|20 same.exempel.com", "10 mx1.exempel.com|20 mx2.exempel.com",
			"mx1.exempel.com 5.9.0.1|same.exempel.com 5.9.0.1|mx2.exempel.com 5.9.1.2", "same-address" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct findings left = { 0 }, cured = { 0 };
		struct scene live, draft;
		struct str text;

		scene_open(&live, rows[i].live, rows[i].world);
		scene_open(&draft, rows[i].draft, rows[i].world);
		live.facts.synthesised = FACT_YES; /* said of the live answer alone */
		live.facts.wildcard_name = live.domain;
		draft.in.is_draft = true;
		lint_draft(&live.in, &draft.in, &left);
		lint_cured(&live.in, &left, &cured);
		str_init(&text, 0);
		for (size_t k = 0; k < cured.n; k++)
			str_addf(&text, "%s%s", text.len ? "|" : "", cured.finding[k].check->id);
		assert_string_equal(text.s, rows[i].cured);
		str_release(&text);
		findings_release(&left);
		findings_release(&cured);
		scene_close(&live);
		scene_close(&draft);
	}
}

/* What is found of a host is not told as unchecked too: an alias is one wherever it leads. */
static void target_cname__of_an_alias_into_the_unknown__is_checked(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 r.exempel.net|20 mx2.exempel.com", "r.exempel.net ->b.exempel.net ?|mx2.exempel.com 5.9.0.1");
	scene_says("target-cname", &scene, "error: r.exempel.net is an alias (of b.exempel.net)");
	scene_close(&scene);
	scene_open(&scene, "10 r.exempel.net|20 mx2.exempel.com", "r.exempel.net ->b.exempel.net 5.9.0.1|mx2.exempel.com ?");
	scene_says("target-cname", &scene,
		"error: r.exempel.net is an alias (of b.exempel.net)|- the addresses of mx2.exempel.com are not known");
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks__table__is_whole),
		cmocka_unit_test(lint__run__unknown_set_is_not_empty),
		cmocka_unit_test(lint__run__lists_what_no_check_saw),
		cmocka_unit_test(lint__run__nxdomain_is_undeliverable),
		cmocka_unit_test(lint__run__order),
		cmocka_unit_test(lint__draft__marks_what_it_brings),
		cmocka_unit_test(lint__cured__is_what_the_draft_mends),
		cmocka_unit_test(target_cname__of_an_alias_into_the_unknown__is_checked),
	};

	return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
