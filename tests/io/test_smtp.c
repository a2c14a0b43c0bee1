/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "io/smtp.h"
#include "serve.h"

#define DAY 86400
#define COARSE 50 /* ms that timers may be early by */
#define IN_TLS (SMTP_STARTTLS | SMTP_PIPELINING | SMTP_SIZE | SMTP_8BITMIME)
#define OFFERED (SMTP_STARTTLS | SMTP_PIPELINING | SMTP_SIZE | SMTP_SMTPUTF8)
#define IN_TLS_SIZE 20480000
#define OFFERED_SIZE 10240000

struct meeting { /* with address 127.1.1.N of smtpliar.py */
	unsigned n;
	enum smtp_seen seen;
	enum smtp_tls tls;
	uint16_t code;
	unsigned odd, offers;
	uint64_t size;
	enum smtp_trust trust;
	enum fact names_host;
};

static const struct meeting quick[] = {
	{ 1, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 2, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_SELF_SIGNED, FACT_YES },
	{ 3, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_NO },
	{ 4, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 5, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, SMTP_SIZE | SMTP_8BITMIME, 1000, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 6, SMTP_READY, SMTP_TLS_4XX, 454, 0, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 7, SMTP_READY, SMTP_TLS_BROKEN, 220, 0, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 8, SMTP_READY, SMTP_TLS_BROKEN, 220, SMTP_ODD_CLOSED, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 9, SMTP_GREETS_4XX, SMTP_TLS_UNKNOWN, 421, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 10, SMTP_GREETS_5XX, SMTP_TLS_UNKNOWN, 554, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 11, SMTP_DROPPED, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 13, SMTP_EHLO_4XX, SMTP_TLS_UNKNOWN, 421, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 14, SMTP_EHLO_5XX, SMTP_TLS_UNKNOWN, 550, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 15, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 16, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 17, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 18, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 20, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_CLOSED, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 21, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 23, SMTP_READY, SMTP_TLS_5XX, 502, 0, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 24, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 25, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 26, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 27, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 250, SMTP_REFUSED, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
};

/* These mean harm; each must end, and soon. */
static const struct meeting hostile[] = {
	{ 41, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_MANY, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 42, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_LONG, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 43, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, SMTP_SIZE, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 44, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 250, SMTP_ODD_MANY, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 45, SMTP_READY, SMTP_TLS_UP, 250, SMTP_ODD_EARLY, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 46, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 47, SMTP_READY, SMTP_TLS_UP, 250, 0, IN_TLS, IN_TLS_SIZE, SMTP_TRUSTED, FACT_YES },
	{ 49, SMTP_READY, SMTP_TLS_BROKEN, 220, 0, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 50, SMTP_READY, SMTP_TLS_BROKEN, 220, 0, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
};

/* These keep still, for as long as they are waited for; one says a byte now and then. */
static const struct meeting still[] = {
	{ 12, SMTP_MUTE, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 19, SMTP_READY, SMTP_TLS_BROKEN, 220, SMTP_ODD_LATE, OFFERED, OFFERED_SIZE, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 22, SMTP_SILENT, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
	{ 48, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_LATE, 0, 0, SMTP_TRUST_UNKNOWN, FACT_UNKNOWN },
};

static struct serve server;
static char ca_file[300], log_file[300];
static struct smtp_facts met[256]; /* by the address's last byte */

struct waiting {
	struct loop *loop;
	size_t n;
};

static void meet(void *data, const struct smtp_facts *facts)
{
	struct waiting *waiting = data;

	met[facts->addr.bytes[3]] = *facts;
	waiting->n--;
}

static const struct smtp_trial *trial; /* of the probes that follow; NULL: none */

static void probe_all(const struct meeting *meetings, size_t n, struct smtp_options options)
{
	struct waiting waiting = { loop_new(), n };
	struct smtp_prober *prober;
	struct dname host;
	struct addr addr;
	char text[40];

	options.port = (uint16_t)server.port;
	options.ca_file = ca_file;
	prober = smtp_prober_new(waiting.loop, &options, NULL);
	assert_non_null(prober);
	assert_true(dname_parse(&host, "mx.example.com", NULL));
	for (size_t i = 0; i < n; i++) {
		snprintf(text, sizeof text, "127.1.1.%u", meetings[i].n);
		assert_true(addr_parse(&addr, text));
		smtp_probe_start(prober, &host, &addr, trial, (struct smtp_then){ meet, &waiting });
	}
	assert_int_equal(waiting.n, n); /* nothing comes from within */
	loop_run(waiting.loop);         /* it ends where nothing is waited for any more */
	assert_int_equal(waiting.n, 0);
	smtp_prober_free(prober);
	loop_free(waiting.loop);
}

static void compare(const struct meeting *meetings, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct meeting *want = &meetings[i];
		const struct smtp_facts *facts = &met[want->n];

		if (facts->seen != want->seen || facts->tls != want->tls || facts->code != want->code || facts->odd != want->odd)
			fail_msg("127.1.1.%u: seen %d, TLS %d, code %u, odd %#x, \"%s\"", want->n, facts->seen, facts->tls, facts->code,
				facts->odd, facts->reason);
		if (facts->offers != want->offers || facts->size != want->size)
			fail_msg("127.1.1.%u: offers %#x, size %lu", want->n, facts->offers, (unsigned long)facts->size);
		if (facts->cert.trust != want->trust || facts->cert.names_host != want->names_host)
			fail_msg("127.1.1.%u: trust %d, names %d", want->n, facts->cert.trust, facts->cert.names_host);
		assert_int_equal(facts->from.family, smtp_connected(want->seen) ? 4 : 0);
		assert_true(facts->at > 1700000000);
	}
}

static void smtp_probe__each_manner__told(void **state)
{
	(void)state;
	probe_all(quick, sizeof quick / sizeof *quick, (struct smtp_options){ .name = "probe.example.net" });
	compare(quick, sizeof quick / sizeof *quick);
	assert_string_equal(met[9].reply, "4.3.2 too busy");
	assert_string_equal(met[10].reply, "no");
	assert_string_equal(met[1].banner, "mx.example.com ESMTP");
	assert_true(met[15].helo && !met[1].helo);
	assert_in_range(met[17].greeting_ms, 300 - COARSE, 20000);
	assert_in_range(met[17].whole_ms, met[17].greeting_ms, 40000);
	assert_string_equal(met[250].reason, "Connection refused");
	assert_string_equal(met[7].reason, "wrong version number");
	assert_string_equal(met[8].reason, "");
}

static void smtp_probe__certificates__looked_at(void **state)
{
	int64_t now = (int64_t)time(NULL);

	(void)state;
	assert_in_range(met[1].cert.not_after, now + 59 * DAY, now + 61 * DAY);
	assert_in_range(met[1].cert.not_before, now - DAY, now);
	assert_int_equal(met[4].cert.not_before, 1577836800); /* 2020-01-01 */
	assert_int_equal(met[4].cert.not_after, 1580515200);  /* 2020-02-01 */
	assert_in_range(met[27].cert.not_after, now + 2 * DAY, now + 3 * DAY);
	assert_int_equal(met[1].cert.n_names, 1);
	assert_string_equal(met[1].cert.name[0], "mx.example.com");
	assert_string_equal(met[3].cert.name[0], "mail.example.net");
	assert_string_equal(met[25].cert.name[0], "*.example.com");
	assert_string_equal(met[2].cert.trust_reason, "self-signed certificate");
	assert_string_equal(met[1].cert.trust_reason, "");
	assert_int_equal(met[1].cert.n_chain, 1);
	assert_int_equal(met[1].cert.n_linked, 1);
	assert_int_equal(met[24].cert.n_chain, 3);
	assert_int_equal(met[24].cert.n_linked, 3);
	assert_int_equal(met[24].cert.more_chain, 0);
	assert_int_equal(met[1].cert.number, 0x0304);
	assert_string_equal(met[1].cert.version, "TLSv1.3");
	assert_true(met[1].cert.forward && !met[1].cert.rsa && met[1].cert.key_bits == 256 && !met[1].cert.weak_signature);
	assert_int_equal(met[18].cert.number, 0x0301);
	assert_true(met[18].cert.rsa && met[18].cert.key_bits == 2048);
	assert_string_equal(met[26].cert.cipher, "AES128-SHA");
	assert_false(met[26].cert.forward);
	assert_int_equal(met[26].cert.number, 0x0303);
	/* the same key, another certificate */
	assert_memory_equal(met[1].cert.chain[0].key_sha256, met[2].cert.chain[0].key_sha256, SMTP_SHA256);
	assert_memory_equal(met[1].cert.chain[0].key_sha512, met[2].cert.chain[0].key_sha512, SMTP_SHA512);
	assert_memory_not_equal(met[1].cert.chain[0].sha256, met[2].cert.chain[0].sha256, SMTP_SHA256);
	assert_memory_not_equal(met[1].cert.chain[0].sha512, met[2].cert.chain[0].sha512, SMTP_SHA512);
}

static void smtp_probe__silence__ends(void **state)
{
	(void)state;
	probe_all(still, sizeof still / sizeof *still, (struct smtp_options){ .connect_ms = 800, .reply_ms = 1200 });
	compare(still, sizeof still / sizeof *still);
	assert_in_range(met[22].whole_ms, 800 - COARSE, 10000);
	assert_in_range(met[12].whole_ms, 1200 - COARSE, 10000);
}

/* Without a name that it was given: the machine's, where that is whole, else the address that the server sees. */
static bool named_itself(const char *manner, const char *address)
{
	FILE *file = fopen(log_file, "r");
	char text[400], wanted[400], host[256] = "";
	bool found = false;

	gethostname(host, sizeof host - 1);
	snprintf(wanted, sizeof wanted, "%s EHLO %s", manner, strchr(host, '.') ? host : address);
	while (file && fgets(text, sizeof text, file))
		found |= strncmp(text, wanted, strlen(wanted)) == 0;
	if (file)
		fclose(file);
	return found;
}

static void smtp_probe__hostile_servers__end(void **state)
{
	const struct smtp_tls_facts *cert = &met[47].cert;
	uint64_t began = loop_ms();

	(void)state;
	probe_all(hostile, sizeof hostile / sizeof *hostile, (struct smtp_options){ .reply_ms = 10000 });
	assert_true(loop_ms() - began < 9000); /* none is waited for */
	compare(hostile, sizeof hostile / sizeof *hostile);
	assert_string_equal(met[43].banner, "\x1b]0;owned\x07\x1b[2J\x9b"
					    "31m?\xff mx"); /* outside text, as it came; no zero byte ends it */
	assert_int_equal(met[46].cert.n_names, SMTP_NAMES);
	assert_int_equal(met[46].cert.more_names, 1001 - SMTP_NAMES);
	assert_int_equal(cert->n_names, 2);
	assert_string_equal(cert->name[0], "\x1b[31mevil.example.com");
	assert_string_equal(cert->name[1], "mx.example.com");
}

/* One line of what the server heard. */
static bool was_said(const char *line)
{
	FILE *file = fopen(log_file, "r");
	char text[400];
	bool found = false;

	while (file && fgets(text, sizeof text, file)) {
		text[strcspn(text, "\n")] = '\0';
		found |= strcmp(text, line) == 0;
	}
	if (file)
		fclose(file);
	return found;
}

/* Strict servers that know MAIL, RCPT and RSET in their order alone, and what each is told as. The last test: it says more than EHLO. */
static void smtp_probe__trial__recipients_told(void **state)
{
	static const struct {
		unsigned n;
		bool tried;
		uint16_t mail, rcpt[SMTP_RCPTS];
		const char *taken; /* "?+-~": not known, taken, for good, for now; sender first */
	} rows[] = {
		{ 1, true, 0, { 0, 0, 0 }, "????" }, /* knows no MAIL, and hangs up */
		{ 6, false, 0, { 0, 0, 0 }, "????" },
		{ 9, false, 0, { 0, 0, 0 }, "????" },
		{ 28, true, 250, { 250, 550, 554 }, "++--" },
		{ 29, true, 250, { 250, 250, 250 }, "++++" },
		{ 30, true, 250, { 250, 450, 554 }, "++~-" },
		{ 31, true, 250, { 554, 554, 554 }, "+---" },
		{ 32, true, 250, { 451, 451, 451 }, "+~~~" },
		{ 33, true, 250, { 250, 550, 554 }, "++--" }, /* in TLS */
		{ 34, true, 451, { 0, 0, 0 }, "~???" },
		{ 35, true, 550, { 0, 0, 0 }, "-???" },
		{ 36, true, 250, { 0, 0, 0 }, "+???" },
		{ 37, true, 250, { 354, 0, 0 }, "+???" },
		{ 38, true, 0, { 0, 0, 0 }, "????" },
		{ 39, true, 250, { 421, 0, 0 }, "+~??" },
	};
	static const char marks[] = "?+~-";
	struct meeting meetings[sizeof rows / sizeof *rows];
	struct smtp_trial told;
	struct dname domain;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL) && smtp_trial_make(&told, &domain, 1));
	trial = &told;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		meetings[i] = (struct meeting){ .n = rows[i].n };
	probe_all(meetings, sizeof rows / sizeof *rows, (struct smtp_options){ .name = "probe.example.net", .reply_ms = 5000 });
	trial = NULL;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct smtp_facts *facts = &met[rows[i].n];

		print_message("# 127.1.1.%u: %u %s\n", rows[i].n, facts->mail.code, facts->mail.reply);
		assert_int_equal(facts->tried, rows[i].tried);
		assert_int_equal(facts->mail.code, rows[i].mail);
		assert_int_equal(marks[facts->mail.taken], rows[i].taken[0]);
		for (size_t k = 0; k < SMTP_RCPTS; k++) {
			assert_int_equal(facts->rcpt[k].code, rows[i].rcpt[k]);
			assert_int_equal(marks[facts->rcpt[k].taken], rows[i].taken[1 + k]);
		}
	}
	assert_true(was_said("strict RCPT TO:<postmaster@exempel.com>"));
	assert_true(was_said("strict RCPT TO:<mxladder-probe-0000000000000001@exempel.com>"));
	assert_true(was_said("strict RCPT TO:<mxladder-probe-0000000000000001@example.org>"));
	assert_false(was_said("strict DATA"));
	assert_true(was_said("strict QUIT"));
}

static void meet_one(void *data, const struct smtp_facts *facts)
{
	(void)data;
	met[0] = *facts;
}

/* Over IPv6 too: where it asks from, and what it calls itself. */
static void smtp_probe__ipv6(void **state)
{
	struct waiting waiting = { loop_new(), 1 };
	struct smtp_options options = { .port = (uint16_t)server.port, .ca_file = ca_file };
	struct smtp_prober *prober = smtp_prober_new(waiting.loop, &options, NULL);
	struct dname host;
	struct addr addr;

	(void)state;
	assert_true(prober && dname_parse(&host, "mx.example.com", NULL) && addr_parse(&addr, "::1"));
	smtp_probe_start(prober, &host, &addr, NULL, (struct smtp_then){ meet_one, &waiting });
	loop_run(waiting.loop);
	assert_int_equal(met[0].seen, SMTP_READY);
	assert_int_equal(met[0].tls, SMTP_TLS_UP);
	assert_true(addr_equal(&met[0].addr, &addr) && addr_equal(&met[0].from, &addr));
	assert_true(named_itself("six", "[IPv6:::1]"));
	smtp_prober_free(prober);
	loop_free(waiting.loop);
}

/* Greeting, EHLO, STARTTLS, QUIT, and nothing else whatever the server says. */
static void smtp_probe__nothing_else_is_sent(void **state)
{
	FILE *file = fopen(log_file, "r");
	char line[400], manner[100], word[100];
	size_t n = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		assert_int_equal(sscanf(line, "%99s %99s", manner, word), 2);
		assert_true(!strcmp(word, "EHLO") || !strcmp(word, "HELO") || !strcmp(word, "STARTTLS") || !strcmp(word, "QUIT"));
		n++;
	}
	fclose(file);
	assert_true(n > 60);
	assert_true(was_said("good EHLO probe.example.net"));
	assert_true(was_said("good STARTTLS"));
	assert_true(was_said("good QUIT"));
	assert_true(was_said("helo HELO probe.example.net"));
	assert_true(named_itself("tls-mute", "[127."));
	assert_true(was_said("greeting-421 QUIT"));
	assert_false(was_said("greeting-421 EHLO probe.example.net"));
}

static void never(void *data, const struct smtp_facts *facts)
{
	(void)data;
	(void)facts;
	fail();
}

static void smtp_probe_cancel__no_callback(void **state)
{
	struct loop *loop = loop_new();
	struct smtp_prober *prober = smtp_prober_new(loop, &(struct smtp_options){ .port = (uint16_t)server.port }, NULL);
	struct dname host;
	struct addr addr;

	(void)state;
	assert_non_null(prober);
	assert_true(dname_parse(&host, "mx.example.com", NULL));
	assert_true(addr_parse(&addr, "127.1.1.1"));
	smtp_probe_cancel(smtp_probe_start(prober, &host, &addr, NULL, (struct smtp_then){ never, NULL }));
	smtp_probe_cancel(NULL);
	loop_run(loop);
	smtp_prober_free(prober);
	smtp_prober_free(NULL);
	loop_free(loop);
}

static void smtp_prober_new__no_roots__said(void **state)
{
	struct loop *loop = loop_new();
	struct err err = { 0 };

	(void)state;
	assert_null(smtp_prober_new(loop, &(struct smtp_options){ .ca_file = "/nonexistent/ca.pem" }, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_string_equal(err.what.arg[0], "/nonexistent/ca.pem");
	loop_free(loop);
}

static int start(void **state)
{
	const char *words[] = { "smtpliar.py", "--log", log_file, "--six", NULL };
	int fd;

	(void)state;
	snprintf(log_file, sizeof log_file, "%s/mxladder-smtp-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(log_file);
	if (fd < 0 || close(fd) != 0 || !serve_start(&server, words))
		return -1;
	snprintf(ca_file, sizeof ca_file, "%s/ca.pem", server.dir);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	serve_stop(&server);
	unlink(log_file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtp_probe__each_manner__told),
		cmocka_unit_test(smtp_probe__certificates__looked_at),
		cmocka_unit_test(smtp_probe__silence__ends),
		cmocka_unit_test(smtp_probe__hostile_servers__end),
		cmocka_unit_test(smtp_probe__ipv6),
		cmocka_unit_test(smtp_probe__nothing_else_is_sent),
		cmocka_unit_test(smtp_probe_cancel__no_callback),
		cmocka_unit_test(smtp_prober_new__no_roots__said),
		cmocka_unit_test(smtp_probe__trial__recipients_told),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
