/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/facts/smtp.h"
#include "names.h"

/* A row belongs to a host and an address: each alone is not enough. */
static void facts_smtp__host_and_address__one_row(void **state)
{
	struct dname domain = name_of("example.com"), a = name_of("a.example.com"), b = name_of("b.example.com");
	struct addr one = addr_of("192.0.2.1"), two = addr_of("2001:db8::1");
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
		const char *text;
	} cases[] = {
		{ SMTP_UNASKED, "not-asked", false, false, FACT_UNKNOWN, "not asked" },
		{ SMTP_PENDING, "not-asked", false, false, FACT_UNKNOWN, "not answered yet" },
		{ SMTP_REFUSED, "refused", true, false, FACT_YES, "refuses the connection" },
		{ SMTP_SILENT, "timeout", true, false, FACT_UNKNOWN, "no answer" },
		{ SMTP_UNREACHABLE, "unreachable", true, false, FACT_UNKNOWN, "not reachable from here" },
		{ SMTP_DROPPED, "drop", true, true, FACT_YES, "hangs up" },
		{ SMTP_MUTE, "mute", true, true, FACT_YES, "does not greet" },
		{ SMTP_GREETS_4XX, "greeting-4xx", true, true, FACT_YES, "refuses for now (greeting)" },
		{ SMTP_GREETS_5XX, "greeting-5xx", true, true, FACT_YES, "refuses for good (greeting)" },
		{ SMTP_GREETS_ODD, "greeting-odd", true, true, FACT_YES, "an odd greeting" },
		{ SMTP_EHLO_4XX, "ehlo-4xx", true, true, FACT_YES, "refuses for now (EHLO)" },
		{ SMTP_EHLO_5XX, "ehlo-5xx", true, true, FACT_YES, "refuses for good (EHLO)" },
		{ SMTP_EHLO_ODD, "ehlo-odd", true, true, FACT_YES, "an odd reply to EHLO" },
		{ SMTP_READY, "ready", true, true, FACT_YES, "answers" },
	};
	struct dname host = name_of("a.example.com");
	struct addr one = addr_of("192.0.2.1");
	struct facts facts;

	(void)state;
	assert_int_equal(sizeof cases / sizeof *cases, SMTP_SEEN_KINDS);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(smtp_seen_name(cases[i].seen), cases[i].name);
		assert_string_equal(smtp_seen_text(cases[i].seen), cases[i].text);
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
	static const char *const tls_text[] = { "", "not offered", "refused for now", "refused for good", "an odd reply", "fails",
		"works" };
	static const char *const trust[] = { "unknown", "trusted", "self-signed", "untrusted" };
	static const char *const odd[] = { "no-code", "unexpected-code", "endless-line", "endless-reply", "mixed-codes", "closed", "late",
		"bare-lf", "early", "starttls-again" };
	static const char *const offer[] = { "SIZE", "8BITMIME", "SMTPUTF8", "STARTTLS", "PIPELINING", "ENHANCEDSTATUSCODES", "DSN",
		"CHUNKING", "REQUIRETLS" };

	(void)state;
	for (unsigned i = 0; i <= SMTP_TLS_UP; i++) {
		assert_string_equal(smtp_tls_name((enum smtp_tls)i), tls[i]);
		assert_string_equal(smtp_tls_text((enum smtp_tls)i), tls_text[i]);
	}
	for (unsigned i = 0; i <= SMTP_UNTRUSTED; i++)
		assert_string_equal(smtp_trust_name((enum smtp_trust)i), trust[i]);
	for (unsigned i = 0; i < SMTP_ODDS; i++)
		assert_string_equal(smtp_odd_name(1u << i), odd[i]);
	for (unsigned i = 0; i < SMTP_OFFERS; i++)
		assert_string_equal(smtp_offer_name(1u << i), offer[i]);
}

/* It is judged as of the moment of the probe; what weighs most is told. */
static void certificate__is_judged__by_what_weighs_most(void **state)
{
	static const struct {
		enum smtp_tls tls;
		size_t n_chain;
		int64_t at; /* the certificate is valid from 1000 to 2000 */
		enum smtp_trust trust;
		enum fact names_host;
		enum smtp_cert_state cert;
		const char *name, *text;
	} rows[] = {
		{ SMTP_TLS_BROKEN, 1, 1500, SMTP_TRUSTED, FACT_YES, SMTP_CERT_NONE, "none", "" },
		{ SMTP_TLS_UP, 0, 1500, SMTP_TRUSTED, FACT_YES, SMTP_CERT_NONE, "none", "" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_TRUSTED, FACT_YES, SMTP_CERT_GOOD, "good", "valid" },
		{ SMTP_TLS_UP, 2, 1000, SMTP_TRUSTED, FACT_YES, SMTP_CERT_GOOD, "good", "valid" },
		{ SMTP_TLS_UP, 2, 2000, SMTP_TRUSTED, FACT_YES, SMTP_CERT_GOOD, "good", "valid" },
		{ SMTP_TLS_UP, 1, 2001, SMTP_SELF_SIGNED, FACT_NO, SMTP_CERT_EXPIRED, "expired", "expired" },
		{ SMTP_TLS_UP, 1, 999, SMTP_UNTRUSTED, FACT_NO, SMTP_CERT_EARLY, "not-yet-valid", "not valid yet" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_SELF_SIGNED, FACT_NO, SMTP_CERT_SELF_SIGNED, "self-signed", "self-signed" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_UNTRUSTED, FACT_NO, SMTP_CERT_UNTRUSTED, "untrusted", "not trusted" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_TRUSTED, FACT_NO, SMTP_CERT_OTHER_NAME, "other-name", "for another name" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_TRUST_UNKNOWN, FACT_NO, SMTP_CERT_OTHER_NAME, "other-name", "for another name" },
		{ SMTP_TLS_UP, 1, 1500, SMTP_TRUST_UNKNOWN, FACT_YES, SMTP_CERT_UNJUDGED, "unjudged", "not judged: no authorities here" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct smtp_facts row = { .tls = rows[i].tls, .at = rows[i].at };

		row.cert.n_chain = rows[i].n_chain;
		row.cert.not_before = 1000;
		row.cert.not_after = 2000;
		row.cert.trust = rows[i].trust;
		row.cert.names_host = rows[i].names_host;
		assert_int_equal(smtp_cert_state(&row), rows[i].cert);
		assert_string_equal(smtp_cert_name(smtp_cert_state(&row)), rows[i].name);
		assert_string_equal(smtp_cert_text(smtp_cert_state(&row)), rows[i].text);
	}
}

static void smtp_trial__recipients__of_the_domain_and_a_stranger(void **state)
{
	static const struct {
		const char *domain, *rcpt[SMTP_RCPTS];
	} rows[] = {
		{ "Exempel.com", { "postmaster@exempel.com", "mxladder-probe-000000000000beef@exempel.com",
					 "mxladder-probe-000000000000beef@example.org" } },
		{ "xn--vxj-qla_1.se", { "postmaster@xn--vxj-qla_1.se", "mxladder-probe-000000000000beef@xn--vxj-qla_1.se",
					      "mxladder-probe-000000000000beef@example.org" } },
		/* their own domain is no stranger's */
		{ "example.org", { "postmaster@example.org", "mxladder-probe-000000000000beef@example.org",
					 "mxladder-probe-000000000000beef@example.net" } },
		{ "a.example.org", { "postmaster@a.example.org", "mxladder-probe-000000000000beef@a.example.org",
					   "mxladder-probe-000000000000beef@example.net" } },
		{ "a b.example", { NULL } },
		{ "a\\013\\010RSET.example", { NULL } },
		{ "a>b.example", { NULL } },
		{ "a\\@b.example", { NULL } },
		{ ".", { NULL } },
	};
	struct smtp_trial trial;
	struct dname domain;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(dname_parse(&domain, rows[i].domain, NULL));
		assert_int_equal(smtp_trial_make(&trial, &domain, 0xbeef), rows[i].rcpt[0] != NULL);
		for (size_t k = 0; rows[i].rcpt[0] && k < SMTP_RCPTS; k++)
			assert_string_equal(trial.rcpt[k], rows[i].rcpt[k]);
	}
}

static void smtp_taken__names(void **state)
{
	(void)state;
	assert_null(smtp_taken_name(SMTP_TAKEN_UNKNOWN));
	assert_string_equal(smtp_taken_name(SMTP_TAKEN), "accepted");
	assert_string_equal(smtp_taken_name(SMTP_TAKEN_4XX), "refused-4xx");
	assert_string_equal(smtp_taken_name(SMTP_TAKEN_5XX), "refused-5xx");
	assert_string_equal(smtp_taken_text(SMTP_TAKEN_UNKNOWN), "not known");
	assert_string_equal(smtp_taken_text(SMTP_TAKEN), "taken");
	assert_string_equal(smtp_taken_text(SMTP_TAKEN_4XX), "refused for now");
	assert_string_equal(smtp_taken_text(SMTP_TAKEN_5XX), "refused for good");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_smtp__host_and_address__one_row),
		cmocka_unit_test(facts_smtp__kinds__told_apart),
		cmocka_unit_test(facts_smtp__names__each_of_its_own),
		cmocka_unit_test(certificate__is_judged__by_what_weighs_most),
		cmocka_unit_test(smtp_trial__recipients__of_the_domain_and_a_stranger),
		cmocka_unit_test(smtp_taken__names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
