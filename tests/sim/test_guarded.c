/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made-up domains with DANE and MTA-STS: what a sender does there, by reading RFC 7672 and RFC 8461. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "world.h"

#define TWO "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2"
#define ADMINS "@ MX 10 mx.one; @ MX 20 mx.two; mx.one A 192.0.2.1; mx.two A 192.0.2.2"
#define ALIAS "@ MX 10 a; @ MX 20 b; a CNAME real; real A 192.0.2.1; b A 192.0.2.2"
#define S DNSSEC_SECURE
#define I DNSSEC_INSECURE
#define B DNSSEC_BOGUS

struct row {
	const char *records;
	enum dnssec set;
	const char *policy; /* its mode, and its patterns below example.com; "": there is none */
	const char *tlsa;   /* "a=used": hosts whose records are there, signed; of an alias, by what was asked: end, own, neither */
	const char *down, *sender, *steps;
};

static const struct row rows[] = {
	/* two administrators */
	{ ADMINS, I, "enforce *.one", "", "", "gmail", "mx.one accepted" },
	{ ADMINS, I, "enforce *.one", "", "mx.one=refused", "gmail", "mx.one refused, mx.two unlisted, - queued" },
	{ ADMINS, I, "enforce *.one", "", "mx.one=refused", "postfix", "mx.one refused, mx.two accepted" },
	/* DANE at one of two servers: the other is taken as it comes */
	{ ADMINS, S, "", "mx.one=used mx.two=none", "mx.one=no-starttls", "exchange-online", "mx.one no-starttls, mx.two accepted" },
	{ ADMINS, S, "", "mx.one=used mx.two=none", "mx.one=tlsa-mismatch mx.two=no-starttls", "exchange-online",
		"mx.one tlsa-mismatch, mx.two accepted" },
	{ ADMINS, S, "", "mx.one=used mx.two=none", "mx.two=no-starttls", "gmail", "mx.one accepted" },
	{ ADMINS, S, "", "mx.one=used mx.two=used", "mx.one=tlsa-mismatch mx.two=no-starttls", "exchange-online",
		"mx.one tlsa-mismatch, mx.two no-starttls, - queued" },
	{ ADMINS, S, "", "mx.one=lost mx.two=none", "", "exchange-online", "mx.one unknown" },
	{ ADMINS, S, "", "mx.one=lost mx.two=none", "mx.one=refused", "exchange-online", "mx.one refused, mx.two accepted" },
	/* the records of an alias may stand at its end */
	{ ALIAS, S, "", "a=none", "a=no-starttls", "exchange-online", "a unknown" },
	{ ALIAS, S, "", "a=none", "a=tlsa-mismatch", "exchange-online", "a unknown" },
	{ ALIAS, I, "", "a=none", "a=no-starttls", "exchange-online", "a accepted" },
	{ ALIAS, S, "", "a=none", "", "exchange-online", "a accepted" },
	{ ALIAS, S, "", "a=used", "a=no-starttls", "exchange-online", "a no-starttls, b accepted" },
	{ ALIAS, S, "", "a=end", "a=tlsa-mismatch", "exchange-online", "a tlsa-mismatch, b accepted" },
	{ ALIAS, S, "", "a=end", "a=no-starttls", "exchange-online", "a no-starttls, b accepted" },
	{ ALIAS, S, "", "a=neither", "a=no-starttls", "exchange-online", "a accepted" },
	{ ALIAS, S, "", "a=half", "a=no-starttls", "exchange-online", "a unknown" },  /* the alias is signed, what it leads to is not */
	{ ALIAS, S, "", "a=own", "a=tlsa-mismatch", "exchange-online", "a unknown" }, /* Postfix and Exim differ */
	{ ALIAS, S, "", "a=own", "a=no-starttls", "exchange-online", "a unknown" },
	{ ALIAS, S, "", "a=own", "", "exchange-online", "a accepted" },
	{ ALIAS, S, "enforce b", "a=none", "", "exchange-online", "a unknown" },
	{ ALIAS, I, "enforce b", "a=none", "", "exchange-online", "a unlisted, b accepted" },
	{ ALIAS, I, "enforce real b", "", "", "gmail", "a unlisted, b accepted" }, /* the name of the record counts */
	/* STARTTLS stripped */
	{ TWO, S, "enforce a b", "a=used b=used", "a=no-starttls b=no-starttls", "exchange-online",
		"a no-starttls, b no-starttls, - queued" },
	{ TWO, S, "testing a b", "a=used b=none", "a=no-starttls", "gmail", "a accepted" },
	{ TWO, S, "testing a b", "a=used b=none", "a=no-starttls", "exchange-online", "a no-starttls, b accepted" },
	{ TWO, S, "enforce a b", "a=none b=none", "a=no-starttls", "exchange-online", "a no-starttls, b accepted" },
	{ TWO, S, "enforce a b", "a=used b=used", "a=cert-invalid", "exchange-online", "a unknown" }, /* DANE has it right */
	{ TWO, S, "enforce a b", "a=used b=used", "a=cert-invalid", "gmail", "a cert-invalid, b accepted" },
	/* policies that cannot be had, or say little */
	{ TWO, I, "expired a b", "", "", "gmail", "a unknown" },
	{ TWO, I, "expired a b", "", "a=refused", "gmail", "a refused, b unknown" },
	{ TWO, I, "expired a b", "", "", "postfix", "a accepted" },
	{ TWO, I, "more b", "", "", "gmail", "a unknown" },
	{ TWO, I, "more a", "", "", "gmail", "a accepted" },
	{ TWO, I, "none", "", "a=cert-invalid", "gmail", "a accepted" },
	{ TWO, S, "enforce c", "a=used b=used", "", "exchange-online", "a unknown" },
	/* patterns */
	{ "@ MX 10 a.b; a.b A 192.0.2.1", I, "enforce *", "", "", "courier", "a.b unlisted, - bounced" },
	{ "@ MX 10 a.b; a.b A 192.0.2.1", I, "enforce *.B", "", "", "gmail", "a.b accepted" },
	{ "@ MX 10 mx1; mx1 A 192.0.2.1", I, "enforce MX1", "", "", "gmail", "mx1 accepted" },
	{ "@ MX 10 xn--bcher-kva; xn--bcher-kva A 192.0.2.1", I, "enforce xn--BCHER-kva", "", "", "gmail", "xn--bcher-kva accepted" },
	/* without MX records, and with a null MX */
	{ "@ A 192.0.2.1", I, "enforce *", "", "", "courier", "@ unlisted, - bounced" },
	{ "@ A 192.0.2.1", I, "enforce @", "", "", "courier", "@ accepted" },
	{ "@ MX 0 .", I, "enforce a", "", "", "gmail", "- null-mx, - bounced" },
	{ "@ MX 0 .", I, "enforce a", "", "@=dns-timeout", "gmail", "- dns-timeout, - queued" },
	{ "@ MX 0 .", I, "enforce a", "", "@=servfail", "gmail", "- servfail, - queued" },
	{ "@ MX 0 .", I, "enforce a", "", "@=nxdomain", "gmail", "- nxdomain, - bounced" },
	{ "@ MX 0 .; @ MX 10 a; a A 192.0.2.1", I, "enforce a", "", "", "gmail", ". nxdomain, a accepted" },
	/* one host on two rungs, one address of two hosts, a host that does not exist */
	{ "@ MX 10 a; @ MX 20 b; @ MX 30 a; a A 192.0.2.1; b A 192.0.2.2", I, "enforce b", "", "", "gmail", "a unlisted, b accepted" },
	{ "@ MX 10 a; @ MX 20 b; @ MX 30 a; a A 192.0.2.1; b A 192.0.2.2", I, "enforce b", "", "b=refused", "gmail",
		"a unlisted, b refused, - queued" },
	{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", I, "enforce b", "", "", "gmail", "a unlisted, b accepted" },
	{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", I, "enforce b", "", "", "courier", "a unlisted, b accepted" },
	{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", I, "enforce b", "", "b=greeting-5xx", "gmail",
		"a unlisted, b greeting-5xx, - bounced" },
	{ "@ MX 10 a; @ MX 20 b; b A 192.0.2.2", I, "enforce a", "", "", "courier", "a nxdomain, b unlisted, - bounced" },
	/* the whole set does not validate */
	{ TWO, B, "", "", "", "exchange-online", "- bogus" },
	{ TWO, B, "", "", "", "gmail", "a accepted" },
};

/* A name below example.com. */
static void full_name(struct dname *name, const char *word)
{
	char text[100];

	snprintf(text, sizeof text, "%s%s", strcmp(word, "@") == 0 ? "" : word, strcmp(word, "@") == 0 ? "example.com" : ".example.com");
	assert_true(dname_parse(name, text, NULL));
}

static void set_policy(struct sts_facts *sts, const char *policy)
{
	char words[100], *save = NULL, *mode, *word;

	if (!*policy)
		return;
	snprintf(words, sizeof words, "%s", policy);
	mode = strtok_r(words, " ", &save);
	*sts = (struct sts_facts){ .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK };
	sts->policy.mode = strcmp(mode, "testing") == 0 ? STS_TESTING : strcmp(mode, "none") == 0 ? STS_NONE : STS_ENFORCE;
	sts->policy.more = strcmp(mode, "more") == 0;
	if (strcmp(mode, "expired") == 0)
		sts->fetch = STS_FETCH_CERTIFICATE;
	while ((word = strtok_r(NULL, " ", &save)) != NULL) {
		struct sts_pattern *pattern = &sts->policy.mx[sts->policy.n_mx++];

		pattern->wildcard = *word == '*';
		full_name(&pattern->name, pattern->wildcard ? word[1] ? word + 2 : "@" : word);
	}
}

/* "a=used b=none" */
static void set_tlsa(struct facts *facts, const char *tlsa)
{
	char words[100], *save = NULL;

	snprintf(words, sizeof words, "%s", tlsa);
	for (char *word = strtok_r(words, "= ", &save); word; word = strtok_r(NULL, "= ", &save)) {
		struct tlsa_facts *row;
		struct dname host;

		full_name(&host, word);
		row = facts_tlsa_add(facts, &host);
		word = strtok_r(NULL, "= ", &save);
		row->own = strstr("used own half", word) ? ANSWER_DATA : strcmp(word, "lost") == 0 ? ANSWER_SERVFAIL : ANSWER_NODATA;
		row->end = strstr("end half", word) ? ANSWER_DATA : strstr("own neither", word) ? ANSWER_NXDOMAIN : ANSWER_UNASKED;
		tlsa_settle(row);
		row->dnssec = row->host_dnssec = row->answer == ANSWER_NODATA ? DNSSEC_PENDING : DNSSEC_SECURE;
		if (strcmp(word, "half") == 0)
			row->dnssec = row->host_dnssec = DNSSEC_INSECURE;
		row->n = row->answer == ANSWER_DATA;
		row->tlsa[0] = (struct tlsa){ .usage = 3, .selector = 1, .matching = 1, .len = 32 };
	}
}

static void set_down(struct world *world, const char *down)
{
	char words[100], mark[100], *save = NULL;

	snprintf(words, sizeof words, "%s", down);
	for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		size_t host = strcspn(word, "=");

		snprintf(
			mark, sizeof mark, "%.*s%sexample.com%s", *word == '@' ? 0 : (int)host, word, *word == '@' ? "" : ".", word + host);
		world_mark(world, mark);
	}
}

/* "a refused, b accepted": the first attempt. */
static void add_steps(struct str *out, const struct sim_result *result)
{
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < result->n_step && result->step[i].at_s <= 0; i++) {
		const struct sim_step *step = &result->step[i];

		if (step->host.len)
			dname_text(&step->host, text);
		else
			strcpy(text, "-");
		if (strcmp(text, "example.com") == 0)
			strcpy(text, "@");
		else if (strstr(text, ".example.com"))
			*strstr(text, ".example.com") = '\0';
		str_addf(out, "%s%s %s", i ? ", " : "", text, step->code);
	}
}

static void run(const struct row *row, struct world *world, struct sim_result *result)
{
	*result = (struct sim_result){ 0 };
	world_init_records(world, row->records);
	world->facts.dnssec = row->set;
	set_policy(&world->facts.sts, row->policy);
	set_tlsa(&world->facts, row->tlsa);
	set_down(world, row->down);
	failover_run(&world->in, sender_find(row->sender), result);
}

static void sender__does__as_the_rules_have_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sim_result result;
		struct world world;
		struct str got;

		run(&rows[i], &world, &result);
		str_init(&got, 0);
		add_steps(&got, &result);
		if (strcmp(got.s, rows[i].steps) != 0)
			print_message("# %zu: %s %s %s %s\n", i, rows[i].records, rows[i].policy, rows[i].down, rows[i].sender);
		assert_string_equal(got.s, rows[i].steps);
		str_release(&got);
		sim_result_release(&result);
		world_release(&world);
	}
}

#define NEXT " The next server is tried; after the last the message waits."
#define FIRST "The first server that accepts gets the message."
#define ADDRESS "After this failure the next address is tried."
#define HOST "After this failure the next host is tried, not another address of this one."

/* What the first step says: what was met, and the rule. */
static void sender__says__why(void **state)
{
	static const struct {
		struct row row;
		const char *met, *rule; /* met: "": not looked at */
	} cases[] = {
		{ { TWO, S, "", "a=used", "a=tlsa-mismatch", "postfix", NULL }, "", "TLSA records keep this sender from nothing here." },
		{ { TWO, S, "", "a=used", "a=tlsa-mismatch", "exchange-online", NULL }, "",
			"This sender goes by DANE: it sends nothing here." NEXT },
		{ { TWO, S, "", "a=used", "a=refused", "exchange-online", NULL }, "", ADDRESS },
		{ { TWO, S, "", "a=used", "a=drop", "exchange-online", NULL }, "", HOST },
		{ { TWO, S, "", "a=used", "a=no-starttls", "postfix", NULL }, "", "Without TLS the message goes on in the clear." },
		{ { TWO, S, "", "a=used", "", "exchange-online", NULL }, "", FIRST },
		{ { TWO, S, "", "a=lost", "", "exchange-online", NULL }, "Whether TLSA records keep this sender away is not known.",
			"What nobody knows is not simulated." },
		{ { TWO, I, "enforce a b", "", "a=cert-invalid", "postfix", NULL }, "", "This sender takes any certificate here." },
		{ { TWO, I, "enforce a b", "", "a=cert-invalid", "gmail", NULL }, "",
			"This sender keeps to MTA-STS: it sends nothing here." NEXT },
		{ { TWO, I, "enforce b", "", "", "gmail", NULL }, "The MTA-STS policy does not list this host.",
			"This sender keeps to MTA-STS: it sends nothing here." NEXT },
		{ { TWO, I, "enforce c", "", "", "courier", NULL }, "The MTA-STS policy does not list this host.",
			"After this failure the next server is tried; if this was the last, the message is returned." },
		{ { TWO, I, "enforce b", "", "a=tls-fail", "exchange-online", NULL }, "The MTA-STS policy does not list this host.",
			"This sender keeps to MTA-STS: it sends nothing here." NEXT },
		{ { TWO, I, "enforce a b", "", "a=tls-fail", "exchange-online", NULL }, "", HOST },
		{ { TWO, I, "expired", "", "", "gmail", NULL }, "Whether the MTA-STS policy keeps this sender away is not known.",
			"What nobody knows is not simulated." },
		{ { TWO, I, "", "", "a=unknown", "gmail", NULL }, "", "What nobody knows is not simulated." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim_result result;
		struct world world;

		run(&cases[i].row, &world, &result);
		if (*cases[i].met)
			assert_string_equal(result.step[0].result.id, cases[i].met);
		assert_string_equal(result.step[0].rule, cases[i].rule);
		sim_result_release(&result);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sender__does__as_the_rules_have_it), cmocka_unit_test(sender__says__why) };

	return cmocka_run_group_tests_name("guarded", tests, NULL, NULL);
}
