/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trace of one message: which steps, when, and that it ends where most mail ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

#define TWO_RUNGS "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2"

struct row {
	const char *records, *down[3], *sender, *steps;
};

static const struct row rows[] = {
	{ TWO_RUNGS, { NULL }, "rfc5321", "0 a accepted" },
	{ TWO_RUNGS, { "a.example.com" }, "rfc5321", "0 a refused, 0 b accepted" },
	{ TWO_RUNGS, { "a.example.com=timeout" }, "postfix", "0 a timeout, 30 b accepted" },
	{ TWO_RUNGS, { "a.example.com=mute" }, "exim", "0 a mute, 300 b accepted" },
	{ TWO_RUNGS, { "a.example.com" }, "opensmtpd", "0 a refused, 2 b accepted" },
	{ TWO_RUNGS, { "a.example.com=tls-fail" }, "exim", "0 a tls-fail, 0 a accepted" },
	{ TWO_RUNGS, { "a.example.com=starttls-4xx" }, "postfix", "0 a accepted" },
	{ TWO_RUNGS, { "a.example.com=nxdomain" }, "postfix", "0 a nxdomain, 0 b accepted" },
	{ TWO_RUNGS, { "a.example.com=dns-timeout" }, "exim", "0 a dns-timeout, 4 b accepted" },
	{ TWO_RUNGS, { "a.example.com=dns-timeout" }, "qmail", "0 a dns-timeout, 10 b accepted" },
	{ TWO_RUNGS, { "a.example.com=rcpt-5xx" }, "exim", "0 a rcpt-5xx, 0 - bounced" },
	{ TWO_RUNGS, { "example.com=nxdomain" }, "postfix", "0 - nxdomain, 0 - bounced" },
	{ TWO_RUNGS, { "a.example.com", "b.example.com" }, "postfix",
		"0 a refused, 0 b refused, 0 - queued, 300 - queued, 600 - queued, 1200 - queued, 2400 - queued, 4800 - queued, "
		"432000 - expired" },
	{ TWO_RUNGS, { "a.example.com=tls-fail", "b.example.com" }, "postfix", "0 a tls-fail, 0 b refused, 0 - queued, 300 a accepted" },
	{ "@ MX 10 a; @ MX 20 b; a A 127.0.0.1; b A 192.0.2.2", { NULL }, "postfix", "0 - own-address, 0 - bounced" },
	{ "@ MX 10 a; @ MX 20 b; a A 127.0.0.1; b A 192.0.2.2", { NULL }, "sendmail", "0 a own-address, 0 b accepted" },
	{ "@ MX 0 .", { NULL }, "exim", "0 - null-mx, 0 - bounced" },
};

static void add_step(struct str *out, const struct sim_step *step)
{
	char text[DNAME_TEXT_MAX] = "-";

	if (step->host.len)
		dname_text(&step->host, text);
	text[strcspn(text, ".")] = '\0';
	str_addf(out, "%s%.0f %s %s", out->len ? ", " : "", step->at_s, text, step->code);
}

static void trace__tells__each_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct sim_result result = { 0 };
		struct str got;

		world_init_records(&world, rows[i].records);
		for (size_t j = 0; j < 3 && rows[i].down[j]; j++)
			world_mark(&world, rows[i].down[j]);
		failover_run(&world.in, sender_find(rows[i].sender), &result);
		str_init(&got, 0);
		for (size_t j = 0; j < result.n_step; j++) {
			const struct sim_step *step = &result.step[j];

			add_step(&got, step);
			assert_true(step->result.id && step->result.id[0] && step->rule[0] && step->source[0]);
		}
		assert_string_equal(got.s, rows[i].steps);
		str_release(&got);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* Every set of states of two equals and a backup: what the trace says of the first attempt is what happens most. */
static void trace__ends__where_most_mail_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < SIM_STATES; i++) {
		for (size_t j = 0; j < SIM_STATES; j++) {
			struct world world;
			char text[100];

			world_init_records(&world, "@ MX 10 a; @ MX 10 b; @ MX 20 c; a A 192.0.2.1; b A 192.0.2.2; c A 192.0.2.3");
			snprintf(text, sizeof text, "a.example.com=%s", sim_states[i].name);
			world_mark(&world, text);
			snprintf(text, sizeof text, "b.example.com=%s", sim_states[j].name);
			world_mark(&world, text);
			for (size_t s = 0; senders[s]; s++) {
				struct sim_result result = { 0 };
				const char *most = "queued", *code;
				double share = 0;

				failover_run(&world.in, senders[s], &result);
				for (size_t k = 0; k < result.first.n; k++)
					share = result.first.share[k].share > share ? result.first.share[k].share : share;
				if (share > 0)
					most = "accepted";
				if (result.first.bounced > share + 1e-9)
					most = "bounced";
				if (result.first.deferred > share + 1e-9 && result.first.deferred > result.first.bounced + 1e-9)
					most = "queued";
				if (result.first.unknown > share + 1e-9 && result.first.unknown > result.first.bounced + 1e-9 &&
					result.first.unknown > result.first.deferred + 1e-9)
					most = "unknown";
				code = "";
				for (size_t k = 0; k < result.n_step; k++) {
					if (strcmp(result.step[k].code, "queued") == 0 || strcmp(result.step[k].code, "accepted") == 0 ||
						strcmp(result.step[k].code, "bounced") == 0 ||
						strcmp(result.step[k].code, "unknown") == 0) {
						code = result.step[k].code;
						break;
					}
				}
				assert_string_equal(code, most);
				sim_result_release(&result);
			}
			world_release(&world);
		}
	}
}

enum { NONE, USED, USELESS, LOST, ASKING, BOGUS };

/* As Postfix 3.7 does at its level "dane": nothing goes in the clear where TLSA records stand on signatures, of use or not; where they are
 * of use, nor to a certificate that fits none. */
static const struct {
	int tlsa;
	enum dnssec set, host;
	const char *down, *sender, *steps;
} dane_rows[] = {
	{ USELESS, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "dane", "0 a no-starttls, 0 b accepted" },
	{ USELESS, DNSSEC_SECURE, DNSSEC_SECURE, "starttls-4xx", "dane", "0 a starttls-4xx, 0 b accepted" },
	{ USELESS, DNSSEC_SECURE, DNSSEC_SECURE, "tls-fail", "dane-clear", "0 a tls-fail, 0 b accepted" },
	{ USELESS, DNSSEC_SECURE, DNSSEC_SECURE, "tlsa-mismatch", "dane", "0 a accepted" },
	{ USELESS, DNSSEC_SECURE, DNSSEC_SECURE, "up", "dane", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "dane", "0 a no-starttls, 0 b accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "tlsa-mismatch", "dane", "0 a tlsa-mismatch, 0 b accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "up", "dane", "0 a accepted" },
	{ USED, DNSSEC_INSECURE, DNSSEC_SECURE, "no-starttls", "dane", "0 a unknown" },
	{ USED, DNSSEC_SECURE, DNSSEC_INSECURE, "tlsa-mismatch", "dane", "0 a accepted" },
	{ USED, DNSSEC_UNCHECKED, DNSSEC_SECURE, "no-starttls", "dane", "0 a unknown" },
	{ NONE, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "dane", "0 a accepted" },
	{ NONE, DNSSEC_UNCHECKED, DNSSEC_SECURE, "no-starttls", "dane", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "cert-invalid", "dane", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_BOGUS, "up", "dane", "0 a unknown" },
	{ BOGUS, DNSSEC_SECURE, DNSSEC_SECURE, "up", "dane", "0 a unknown" },
	{ BOGUS, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "dane", "0 a unknown" },
	{ BOGUS, DNSSEC_INSECURE, DNSSEC_SECURE, "up", "dane", "0 a accepted" },
	{ BOGUS, DNSSEC_SECURE, DNSSEC_SECURE, "up", "postfix", "0 a accepted" },
	{ LOST, DNSSEC_SECURE, DNSSEC_SECURE, "up", "dane", "0 a unknown" },
	{ LOST, DNSSEC_SECURE, DNSSEC_SECURE, "up", "postfix", "0 a accepted" },
	{ LOST, DNSSEC_PENDING, DNSSEC_SECURE, "up", "dane", "0 a unknown" },
	{ LOST, DNSSEC_SECURE, DNSSEC_PENDING, "up", "dane", "0 a unknown" },
	{ LOST, DNSSEC_INSECURE, DNSSEC_SECURE, "up", "dane", "0 a accepted" },
	{ LOST, DNSSEC_SECURE, DNSSEC_INSECURE, "up", "dane", "0 a accepted" },
	{ LOST, DNSSEC_SECURE, DNSSEC_UNCHECKED, "up", "dane", "0 a accepted" },
	{ ASKING, DNSSEC_SECURE, DNSSEC_PENDING, "up", "dane", "0 a unknown" },
	{ ASKING, DNSSEC_PENDING, DNSSEC_PENDING, "up", "dane", "0 a unknown" },
	{ ASKING, DNSSEC_INSECURE, DNSSEC_PENDING, "up", "dane", "0 a accepted" },
	{ ASKING, DNSSEC_SECURE, DNSSEC_INSECURE, "up", "dane", "0 a accepted" },
	{ ASKING, DNSSEC_SECURE, DNSSEC_PENDING, "no-starttls", "dane", "0 a unknown" },
	{ ASKING, DNSSEC_SECURE, DNSSEC_PENDING, "refused", "dane", "0 a refused, 0 b accepted" },
	{ ASKING, DNSSEC_SECURE, DNSSEC_PENDING, "up", "postfix", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "postfix", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "tlsa-mismatch", "exim", "0 a accepted" },
	{ USED, DNSSEC_SECURE, DNSSEC_SECURE, "no-starttls", "exchange-online", "0 a no-starttls, 0 b accepted" },
};

static void trace__dane__keeps_to_tls(void **state)
{
	static const enum answer answers[] = { ANSWER_NODATA, ANSWER_DATA, ANSWER_DATA, ANSWER_SERVFAIL, ANSWER_PENDING, ANSWER_DATA };
	struct sender dane = *sender_find("postfix"), clear = *sender_find("exim");

	(void)state;
	dane.dane = clear.dane = true;
	for (size_t i = 0; i < sizeof dane_rows / sizeof *dane_rows; i++) {
		const struct sender *sender = !strcmp(dane_rows[i].sender, "dane")         ? &dane
					      : !strcmp(dane_rows[i].sender, "dane-clear") ? &clear
											   : sender_find(dane_rows[i].sender);
		struct sim_result result = { 0 };
		struct tlsa_facts *tlsa;
		struct world world;
		struct dname host;
		struct str got;
		char mark[64];

		world_init_records(&world, TWO_RUNGS);
		assert_true(dname_parse(&host, "a.example.com", NULL));
		tlsa = facts_tlsa_add(&world.facts, &host);
		world.facts.dnssec = dane_rows[i].set;
		tlsa->dnssec = dane_rows[i].tlsa == BOGUS ? DNSSEC_BOGUS : DNSSEC_SECURE;
		tlsa->host_dnssec = dane_rows[i].host;
		tlsa->answer = answers[dane_rows[i].tlsa];
		tlsa->n = tlsa->answer == ANSWER_DATA;
		tlsa->tlsa[0] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = dane_rows[i].tlsa == USELESS ? 31 : 32 };
		snprintf(mark, sizeof mark, "a.example.com=%s", dane_rows[i].down);
		if (strcmp(dane_rows[i].down, "up") != 0)
			world_mark(&world, mark);
		failover_run(&world.in, sender, &result);
		str_init(&got, 0);
		for (size_t j = 0; j < result.n_step; j++)
			add_step(&got, &result.step[j]);
		assert_string_equal(got.s, dane_rows[i].steps);
		str_release(&got);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* The policy of the domain: one line a pattern. */
static void set_policy(struct facts *facts, const char *policy)
{
	static const struct {
		const char *word;
		enum answer txt;
	} words[] = { { "unasked", ANSWER_UNASKED }, { "asking", ANSWER_PENDING }, { "lost", ANSWER_SERVFAIL }, { "none", ANSWER_NODATA } };
	struct sts_facts *sts = &facts->sts;

	sts->txt = ANSWER_DATA;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(policy, words[i].word) == 0)
			sts->txt = words[i].txt;
	if (sts->txt != ANSWER_DATA)
		return;
	sts->n_record = 1;
	sts->txt_valid = true;
	sts->fetch = strcmp(policy, "unread") == 0 ? STS_FETCH_UNREACHABLE : STS_FETCH_OK;
	sts->policy.mode = strncmp(policy, "testing", 7) == 0 ? STS_TESTING : STS_ENFORCE;
	sts->policy.problems = strncmp(policy, "faulty", 6) == 0 ? STS_MX_NAME : 0;
	sts->policy.n_mx = 1;
	sts->policy.mx[0].wildcard = strchr(policy, '*') != NULL;
	assert_true(dname_parse(&sts->policy.mx[0].name,
		strchr(policy, '*')   ? "example.com"
		: strchr(policy, 'x') ? "x.example.com"
				      : "b.example.com",
		NULL));
}

/* A sender that keeps to MTA-STS leaves out what the policy does not list and what has no TLS with a valid certificate; it waits where
 * nothing is left. */
static void trace__mta_sts__keeps_to_the_policy(void **state)
{
	static const struct {
		const char *policy, *down, *sender, *steps;
	} cases[] = {
		{ "enforce", "up", "gmail", "0 a unlisted, 0 b accepted" },
		{ "enforce", "greeting-5xx", "gmail", "0 a unlisted, 0 b accepted" },
		{ "enforce", "timeout", "gmail", "0 a unlisted, 0 b accepted" },
		{ "enforce", "unknown", "gmail", "0 a unlisted, 0 b accepted" },
		{ "enforce", "up", "exchange-online", "0 a unlisted, 0 b accepted" },
		{ "enforce", "up", "postfix", "0 a accepted" },
		/* measured */
		{ "enforce", "up", "courier", "0 a unlisted, 0 b accepted" },
		{ "enforce x", "up", "courier", "0 a unlisted, 0 b unlisted, 0 - bounced" },
		{ "enforce x", "refused", "courier", "0 a unlisted, 0 b unlisted, 0 - bounced" },
		{ "enforce *", "no-starttls", "courier", "0 a no-starttls, 0 b accepted" },
		{ "enforce *", "cert-invalid", "courier", "0 a cert-invalid, 0 b accepted" },
		{ "testing x", "up", "courier", "0 a accepted" },
		{ "enforce *", "up", "gmail", "0 a accepted" },
		{ "enforce *", "no-starttls", "gmail", "0 a no-starttls, 0 b accepted" },
		{ "enforce *", "starttls-4xx", "gmail", "0 a starttls-4xx, 0 b accepted" },
		{ "enforce *", "tls-fail", "gmail", "0 a tls-fail, 0 b accepted" },
		{ "enforce *", "cert-invalid", "gmail", "0 a cert-invalid, 0 b accepted" },
		{ "enforce *", "cert-invalid", "exchange-online", "0 a cert-invalid, 0 b accepted" },
		{ "enforce *", "tlsa-mismatch", "gmail", "0 a unknown" },
		{ "enforce *", "cert-invalid", "postfix", "0 a accepted" },
		{ "enforce *", "greeting-5xx", "gmail", "0 a greeting-5xx, 0 - bounced" },
		{ "testing", "up", "gmail", "0 a accepted" },
		{ "testing", "no-starttls", "gmail", "0 a accepted" },
		{ "none", "cert-invalid", "gmail", "0 a accepted" },
		{ "unasked", "up", "gmail", "0 a accepted" },
		{ "unasked", "no-starttls", "gmail", "0 a unknown" },
		{ "asking", "up", "gmail", "0 a unknown" },
		{ "asking", "up", "postfix", "0 a accepted" },
		{ "lost", "up", "gmail", "0 a unknown" },
		{ "lost", "cert-invalid", "gmail", "0 a unknown" },
		{ "lost", "refused", "gmail", "0 a refused, 0 b unknown" },
		{ "unread", "up", "gmail", "0 a unknown" },
		{ "unread", "greeting-5xx", "gmail", "0 a unknown" },
		{ "unread", "refused", "gmail", "0 a refused, 0 b unknown" },
		{ "unread", "up", "exim", "0 a accepted" },
		{ "faulty", "up", "gmail", "0 a unknown" },
		{ "faulty *", "up", "gmail", "0 a accepted" },
		{ "faulty *", "cert-invalid", "gmail", "0 a unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim_result result = { 0 };
		struct world world;
		struct str got;
		char mark[64];

		world_init_records(&world, TWO_RUNGS);
		set_policy(&world.facts, cases[i].policy);
		world.facts.dnssec = DNSSEC_INSECURE;
		snprintf(mark, sizeof mark, "a.example.com=%s", cases[i].down);
		if (strcmp(cases[i].down, "up") != 0)
			world_mark(&world, mark);
		failover_run(&world.in, sender_find(cases[i].sender), &result);
		str_init(&got, 0);
		for (size_t j = 0; j < result.n_step; j++)
			add_step(&got, &result.step[j]);
		assert_string_equal(got.s, cases[i].steps);
		str_release(&got);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* Where the set is signed and the host has TLSA records, or nobody knows, a sender with both is not foretold. */
static void trace__mta_sts_beside_dane__is_not_known(void **state)
{
	static const struct {
		const char *policy, *down;
		enum dnssec set;
		const char *code;
	} cases[] = {
		{ "enforce", "b.example.com=refused", DNSSEC_INSECURE, "unlisted" },
		{ "enforce", "b.example.com=refused", DNSSEC_SECURE, "unknown" },
		{ "enforce", "b.example.com=refused", DNSSEC_UNCHECKED, "unknown" },
		{ "enforce *", "a.example.com=cert-invalid", DNSSEC_SECURE, "unknown" },
		/* both want TLS */
		{ "enforce *", "a.example.com=no-starttls", DNSSEC_UNCHECKED, "no-starttls" },
		{ "enforce *", "a.example.com=starttls-4xx", DNSSEC_UNCHECKED, "starttls-4xx" },
		{ "enforce *", "a.example.com=tls-fail", DNSSEC_UNCHECKED, "tls-fail" },
	};

	struct sender both[] = { *sender_find("exchange-online"), *sender_find("gmail") }; /* this one would go on in the clear */

	(void)state;
	both[1].dane = true;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		struct sim_result result = { 0 };
		struct world world;

		world_init_records(&world, TWO_RUNGS);
		set_policy(&world.facts, cases[i / 2].policy);
		world_mark(&world, cases[i / 2].down);
		world.facts.dnssec = cases[i / 2].set;
		failover_run(&world.in, &both[i % 2], &result);
		assert_string_equal(result.step[0].code, cases[i / 2].code);
		sim_result_release(&result);
		world_release(&world);
	}
}

/* Nothing is left: the message waits, and is returned only at the end of its life. */
static void trace__mta_sts__defers(void **state)
{
	static const struct {
		const char *policy, *down, *sender;
		unsigned connections;
	} cases[] = {
		{ "enforce", "b.example.com=no-starttls", "gmail", 1 },
		{ "enforce", "b.example.com=no-starttls", "courier", 1 },
		{ "enforce", "b.example.com=refused", "courier", 1 },
		{ "enforce x", "b.example.com=refused", "gmail", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim_result result = { 0 };
		struct world world;

		world_init_records(&world, TWO_RUNGS);
		set_policy(&world.facts, cases[i].policy);
		world_mark(&world, cases[i].down);
		failover_run(&world.in, sender_find(cases[i].sender), &result);
		assert_true(result.first.deferred == 1 && result.first.bounced == 0);
		assert_string_equal(result.step[2].code, "queued");
		assert_int_equal(result.connections_max, cases[i].connections);
		sim_result_release(&result);
		world_release(&world);
	}
}

#define WAITS ", 0 - queued, 1800 - queued, 3600 - queued, 10800 - queued, 18000 - queued, 25200 - queued, 432000 - expired"

/* Of more groups than are looked through, orders are drawn; of more visits than are told, the rest is counted. */
static void trace__of_very_many__ends_all_the_same(void **state)
{
	static const struct {
		unsigned n;
		const char *down, *end;
	} cases[] = {
		{ 256, "v4", "263: 0 h255 refused" WAITS },
		{ 257, "v4", "264: 0 h256 refused" WAITS },
		{ 400, "v4", "407: 0 h399 refused" WAITS },
		{ 401, "v4", "408: 0 - more" WAITS },
		{ 300, "v4=rcpt-5xx", "2: 0 h0 rcpt-5xx, 0 - bounced" },
		{ 300, NULL, "1: 0 h0 accepted" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world world;
		struct sim_result result = { 0 };
		struct str records, got;
		char words[300];

		str_init(&records, 0);
		str_init(&got, 0);
		for (unsigned k = 0; k < cases[i].n; k++)
			str_addf(&records, "%s@ MX %u h%u; h%u A 192.0.%u.%u", k ? "; " : "", k + 1, k, k, k / 200, k % 200);
		world_init_records(&world, records.s);
		if (cases[i].down)
			world_mark(&world, cases[i].down);
		failover_run(&world.in, sender_find("rfc5321"), &result);
		for (size_t j = result.n_step > 8 ? result.n_step - 8 : 0; j < result.n_step; j++)
			add_step(&got, &result.step[j]);
		snprintf(words, sizeof words, "%zu: %s", result.n_step, got.s);
		assert_string_equal(words, cases[i].end);
		str_release(&records);
		str_release(&got);
		sim_result_release(&result);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trace__tells__each_step),
		cmocka_unit_test(trace__dane__keeps_to_tls),
		cmocka_unit_test(trace__mta_sts__keeps_to_the_policy),
		cmocka_unit_test(trace__mta_sts_beside_dane__is_not_known),
		cmocka_unit_test(trace__mta_sts__defers),
		cmocka_unit_test(trace__ends__where_most_mail_does),
		cmocka_unit_test(trace__of_very_many__ends_all_the_same),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
