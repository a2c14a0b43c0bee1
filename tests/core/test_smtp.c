/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/facts/smtp.h"

static struct dname name(const char *text)
{
	struct dname name;

	assert_true(dname_parse(&name, text, NULL));
	return name;
}

static struct addr addr(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(&addr, text));
	return addr;
}

/* A row belongs to a host and an address: each alone is not enough. */
static void facts_smtp__host_and_address__one_row(void **state)
{
	struct dname domain = name("example.com"), a = name("a.example.com"), b = name("b.example.com");
	struct addr one = addr("192.0.2.1"), two = addr("2001:db8::1");
	struct facts facts, copy;

	(void)state;
	facts_init(&facts, &domain);
	facts_init(&copy, &domain);
	assert_null(facts_smtp(&facts, &a, &one));
	facts_smtp_add(&facts, &a, &one)->code = 220;
	facts_smtp_add(&facts, &b, &one)->code = 421;
	facts_smtp_add(&facts, &a, &two)->code = 554;
	assert_int_equal(facts.n_smtp, 3);
	assert_int_equal(facts_smtp_add(&facts, &a, &one)->code, 220);
	assert_int_equal(facts.n_smtp, 3);
	facts_copy(&copy, &facts);
	facts_smtp(&facts, &b, &one)->code = 0;
	assert_int_equal(facts_smtp(&copy, &b, &one)->code, 421);
	assert_int_equal(facts_smtp(&copy, &a, &two)->code, 554);
	assert_null(facts_smtp(&copy, &b, &two));
	facts_smtp_add(&copy, &b, &two)->code = 1;
	assert_int_equal(copy.n_smtp, 4);
	assert_int_equal(facts_smtp(&copy, &a, &one)->code, 220);
	facts_release(&facts);
	facts_release(&copy);
}

static void facts_smtp__kinds__told_apart(void **state)
{
	static const struct {
		enum smtp_seen seen;
		const char *name;
		bool final, connected;
		enum fact reach;
	} cases[] = {
		{ SMTP_UNASKED, "not-asked", false, false, FACT_UNKNOWN },
		{ SMTP_PENDING, "not-asked", false, false, FACT_UNKNOWN },
		{ SMTP_REFUSED, "refused", true, false, FACT_YES },
		{ SMTP_SILENT, "timeout", true, false, FACT_UNKNOWN },
		{ SMTP_UNREACHABLE, "unreachable", true, false, FACT_UNKNOWN },
		{ SMTP_DROPPED, "drop", true, true, FACT_YES },
		{ SMTP_MUTE, "mute", true, true, FACT_YES },
		{ SMTP_GREETS_4XX, "greeting-4xx", true, true, FACT_YES },
		{ SMTP_GREETS_5XX, "greeting-5xx", true, true, FACT_YES },
		{ SMTP_GREETS_ODD, "greeting-odd", true, true, FACT_YES },
		{ SMTP_EHLO_4XX, "ehlo-4xx", true, true, FACT_YES },
		{ SMTP_EHLO_5XX, "ehlo-5xx", true, true, FACT_YES },
		{ SMTP_EHLO_ODD, "ehlo-odd", true, true, FACT_YES },
		{ SMTP_READY, "ready", true, true, FACT_YES },
	};
	struct dname host = name("a.example.com");
	struct addr one = addr("192.0.2.1");
	struct facts facts;

	(void)state;
	assert_int_equal(sizeof cases / sizeof *cases, SMTP_SEEN_KINDS);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(smtp_seen_name(cases[i].seen), cases[i].name);
		assert_int_equal(smtp_is_final(cases[i].seen), cases[i].final);
		assert_int_equal(smtp_connected(cases[i].seen), cases[i].connected);
		facts_init(&facts, &host);
		facts_smtp_add(&facts, &host, &one)->seen = cases[i].seen;
		assert_int_equal(smtp_reach(&facts, 4), cases[i].reach);
		assert_int_equal(smtp_reach(&facts, 6), FACT_UNKNOWN);
		facts_release(&facts);
	}
}

static void facts_smtp__names__each_of_its_own(void **state)
{
	static const char *const tls[] = { "unknown", "not-offered", "starttls-4xx", "starttls-5xx", "starttls-odd", "tls-fail", "up" };
	static const char *const trust[] = { "unknown", "trusted", "self-signed", "untrusted" };
	static const char *const odd[] = { "no-code", "unexpected-code", "endless-line", "endless-reply", "mixed-codes", "closed", "late",
		"bare-lf", "early", "starttls-again" };
	static const char *const offer[] = { "SIZE", "8BITMIME", "SMTPUTF8", "STARTTLS", "PIPELINING", "ENHANCEDSTATUSCODES", "DSN",
		"CHUNKING", "REQUIRETLS" };

	(void)state;
	for (unsigned i = 0; i <= SMTP_TLS_UP; i++)
		assert_string_equal(smtp_tls_name((enum smtp_tls)i), tls[i]);
	for (unsigned i = 0; i <= SMTP_UNTRUSTED; i++)
		assert_string_equal(smtp_trust_name((enum smtp_trust)i), trust[i]);
	for (unsigned i = 0; i < SMTP_ODDS; i++)
		assert_string_equal(smtp_odd_name(1u << i), odd[i]);
	for (unsigned i = 0; i < SMTP_OFFERS; i++)
		assert_string_equal(smtp_offer_name(1u << i), offer[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_smtp__host_and_address__one_row),
		cmocka_unit_test(facts_smtp__kinds__told_apart),
		cmocka_unit_test(facts_smtp__names__each_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
