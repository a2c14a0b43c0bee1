/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks of what probes met: where each speaks, word by word, and near misses where it keeps still. */
#include "scene.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/lint.h"
#include "core/facts/smtp.h"

#define AT 1767225600 /* 2026-01-01T00:00:00Z */
#define DAY 86400
#define TWO "10 mx1.exempel.com|20 mx2.exempel.com"
#define HOSTS "mx1.exempel.com 5.9.0.1 2a01::1|mx2.exempel.com 5.9.1.2"
#define UP " ready up"

static const char *one(const char *id)
{
	return id;
}

/* A word of a probe: what was seen, how TLS went, or a fault of the certificate. A row without "probe" was never made. */
static bool read_state(struct smtp_facts *row, const char *word)
{
	struct smtp_tls_facts *cert = &row->cert;

	for (int seen = SMTP_REFUSED; seen < SMTP_SEEN_KINDS; seen++)
		if (!strcmp(word, smtp_seen_name((enum smtp_seen)seen)))
			return (row->seen = (enum smtp_seen)seen, true);
	for (int tls = SMTP_TLS_UNKNOWN; tls <= SMTP_TLS_UP; tls++)
		if (!strcmp(word, smtp_tls_name((enum smtp_tls)tls)))
			return (row->tls = (enum smtp_tls)tls, true);
	for (int trust = SMTP_TRUST_UNKNOWN + 1; trust <= SMTP_UNTRUSTED; trust++)
		if (!strcmp(word, smtp_trust_name((enum smtp_trust)trust)))
			return (cert->trust = (enum smtp_trust)trust, true);
	return false;
}

/* "POSTMASTER/MADE-UP/STRANGER": taken, 4xx, grey, 5xx or none; or what the sender was answered, and a slash. */
static void read_tries(struct smtp_facts *row, const char *word)
{
	static const struct {
		const char *word;
		struct smtp_answer answer;
	} words[] = { { "taken", { SMTP_TAKEN, 250, "Ok" } }, { "4xx", { SMTP_TAKEN_4XX, 451, "later" } },
		{ "grey", { SMTP_TAKEN_4XX, 450, "you are GrayListed" } }, { "5xx", { SMTP_TAKEN_5XX, 550, "no such user" } },
		{ "none", { SMTP_TAKEN_UNKNOWN, 0, "" } } };

	row->tried = true;
	row->mail = words[0].answer;
	for (size_t i = 0; *word; i++, word += strcspn(word, "/"), word += *word == '/')
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (!strncmp(word, words[k].word, strlen(words[k].word)))
				*(strchr(word, '/') && !strchr(word, '/')[1] ? &row->mail : &row->rcpt[i]) = words[k].answer;
}

static void read_word(struct smtp_facts *row, const char *word)
{
	struct smtp_tls_facts *cert = &row->cert;
	long number = strchr(word, '=') ? strtol(strchr(word, '=') + 1, NULL, 10) : 0;

	if (read_state(row, word))
		return;
	if (!strcmp(word, "pending"))
		row->seen = SMTP_PENDING;
	else if (!strcmp(word, "other-name"))
		cert->names_host = FACT_NO;
	else if (!strcmp(word, "no-name"))
		cert->n_names = 0;
	else if (!strcmp(word, "no-roots"))
		cert->trust = SMTP_TRUST_UNKNOWN;
	else if (!strcmp(word, "no-utf8"))
		row->offers &= ~(unsigned)SMTP_SMTPUTF8;
	else if (!strcmp(word, "no-8bit"))
		row->offers &= ~(unsigned)SMTP_8BITMIME;
	else if (!strcmp(word, "dane"))
		row->dane = FACT_YES;
	else if (!strcmp(word, "no-dane"))
		row->dane = FACT_NO;
	else if (!strcmp(word, "static"))
		cert->forward = false;
	else if (!strcmp(word, "sha1"))
		cert->weak_signature = true;
	else if (!strncmp(word, "life=", 5))
		cert->not_before = cert->not_after - DAY * number;
	else if (!strncmp(word, "ends=", 5))
		cert->not_after = AT + number; /* seconds from the probe */
	else if (!strncmp(word, "begins=", 7))
		cert->not_before = AT + number;
	else if (!strncmp(word, "version=", 8))
		snprintf(cert->version, sizeof cert->version, "TLSv1.%ld", number), cert->number = (uint16_t)(0x0301 + number);
	else if (!strncmp(word, "bits=", 5))
		cert->key_bits = (uint16_t)number;
	else if (!strncmp(word, "size=", 5))
		row->size = (uint64_t)number;
	else if (!strncmp(word, "greeting=", 9))
		row->greeting_ms = (uint32_t)number;
	else if (strchr(word, '/'))
		read_tries(row, word);
	else if (!strncmp(word, "code=", 5))
		row->code = (uint16_t)number, snprintf(row->reply, sizeof row->reply, "busy");
	else
		fail_msg("no such word: %s", word);
}

/* "HOST ADDRESS WORD ..." */
static void saw(struct scene *scene, char *text)
{
	char *save = NULL, *host = strtok_r(text, " ", &save), *at = strtok_r(NULL, " ", &save), *word;
	struct dname name;
	struct addr addr;
	struct smtp_facts *row;

	assert_true(dname_parse(&name, host, NULL) && addr_parse(&addr, at));
	row = facts_smtp_add(&scene->facts, &name, &addr);
	row->at = AT;
	row->connect_ms = 2000;
	row->whole_ms = 32999;
	row->offers = SMTP_8BITMIME | SMTP_SMTPUTF8;
	snprintf(row->reason, sizeof row->reason, "No route to host");
	assert_true(addr_parse(&row->from, "198.51.100.7"));
	row->cert = (struct smtp_tls_facts){ .number = 0x0304, .forward = true, .rsa = true, .key_bits = 2048, .trust = SMTP_TRUSTED };
	row->cert.not_before = AT - 60 * DAY;
	row->cert.not_after = AT + 30 * DAY;
	row->cert.names_host = FACT_YES;
	row->cert.n_names = row->cert.n_chain = row->cert.n_linked = 1;
	snprintf(row->cert.name[0], SMTP_NAME, "mail.exempel.net");
	snprintf(row->cert.trust_reason, SMTP_TEXT, "unable to get local issuer certificate");
	snprintf(row->cert.cipher, sizeof row->cert.cipher, "AES128-SHA");
	while ((word = strtok_r(NULL, " ", &save)) != NULL)
		read_word(row, word);
}

static void saw_all(struct scene *scene, const char *text)
{
	char *copy = strdup(text), *save = NULL;

	assert_non_null(copy);
	scene->facts.probed = true;
	scene->facts.intrusive = strchr(text, '/') != NULL;
	for (char *part = strtok_r(copy, "|", &save); part; part = strtok_r(NULL, "|", &save))
		saw(scene, part);
	free(copy);
}

#define MX1 "mx1.exempel.com 5.9.0.1"
#define MX16 "|mx1.exempel.com 2a01::1"
#define MX2 "|mx2.exempel.com 5.9.1.2"
#define GOOD MX1 UP MX16 UP MX2 UP

/* What one check says of two hosts: "LEVEL: TEXT" a line; "-: TEXT" of what was not checked. "" : it keeps still. */
static const struct {
	const char *id, *saw, *says;
} rows[] = {
	{ "port25", GOOD, "" },
	{ "port25", MX1 " refused" MX16 UP MX2 UP, "warning: mx1.exempel.com (5.9.0.1) refuses the connection\n" },
	{ "port25", MX1 UP MX16 UP MX2 " timeout", "warning: mx2.exempel.com (5.9.1.2) did not answer for 32s\n" },
	{ "port25", MX1 " timeout" MX16 " refused" MX2 " refused",
		"error: mx1.exempel.com (5.9.0.1) did not answer for 32s\nerror: mx1.exempel.com (2a01::1) refuses the connection\n"
		"error: mx2.exempel.com (5.9.1.2) refuses the connection\n" },
	{ "port25", MX1 " refused" MX16 " unreachable" MX2 " refused",
		"warning: mx1.exempel.com (5.9.0.1) refuses the connection\nwarning: mx2.exempel.com (5.9.1.2) refuses the connection\n"
		"-: mx1.exempel.com (2a01::1) cannot be reached from here: No route to host\n" },
	{ "port25", MX1 " timeout" MX16 UP MX2 " timeout",
		"-: mx1.exempel.com (5.9.0.1) does not answer, and no server does over IPv4 from here: this network may let no mail out that way\n"
		"-: mx2.exempel.com (5.9.1.2) does not answer, and no server does over IPv4 from here: this network may let no mail out that way\n" },
	{ "port25", MX1 " refused" MX16 " refused" MX2 UP, "" }, /* nolisting says it */
	{ "port25", MX1 " refused" MX16 " refused" MX2 " pending",
		"warning: mx1.exempel.com (5.9.0.1) refuses the connection\nwarning: mx1.exempel.com (2a01::1) refuses the connection\n" },
	{ "port25", MX1 " mute" MX16 " drop" MX2 " greeting-5xx", "" },

	{ "greeting", GOOD, "" },
	{ "greeting", MX1 " drop" MX16 " mute" MX2 UP,
		"warning: mx1.exempel.com (5.9.0.1) hangs up before it greets\n"
		"warning: mx1.exempel.com (2a01::1) takes the connection, and did not greet for 30s\n" },
	{ "greeting", MX1 " greeting-4xx code=421" MX16 " greeting-5xx code=554" MX2 " greeting-odd",
		"warning: mx1.exempel.com (5.9.0.1) greets with a refusal for now: 421 busy\n"
		"warning: mx1.exempel.com (2a01::1) greets with a refusal for good: 554 busy\n"
		"warning: mx2.exempel.com (5.9.1.2) does not greet as a mail server does\n" },
	{ "greeting", MX1 " ehlo-4xx code=450" MX16 " ehlo-5xx code=550" MX2 " ehlo-odd",
		"warning: mx1.exempel.com (5.9.0.1) refuses EHLO for now: 450 busy\n"
		"warning: mx1.exempel.com (2a01::1) refuses EHLO and HELO for good: 550 busy\n"
		"warning: mx2.exempel.com (5.9.1.2) gives no reply to EHLO that can be read\n" },
	{ "greeting", MX1 UP " greeting=10000" MX16 UP " greeting=9999" MX2 UP,
		"notice: mx1.exempel.com (5.9.0.1) greets after 10s only\n" },
	{ "greeting", MX1 " refused" MX16 " timeout" MX2 " unreachable", "" },

	{ "starttls", GOOD, "" },
	{ "starttls", MX1 " ready not-offered" MX16 UP MX2 UP, "warning: mx1.exempel.com (5.9.0.1) offers no STARTTLS\n" },
	{ "starttls", MX1 " ready starttls-4xx code=454" MX16 " ready starttls-5xx code=502" MX2 " ready starttls-odd",
		"warning: mx1.exempel.com (5.9.0.1) offers STARTTLS, and refuses it then: 454 busy\n"
		"warning: mx1.exempel.com (2a01::1) offers STARTTLS, and refuses it then: 502 busy\n"
		"warning: mx2.exempel.com (5.9.1.2) offers STARTTLS, and gives no reply to it that can be read\n" },
	{ "starttls", MX1 " ready tls-fail" MX16 UP MX2 UP, "warning: the TLS handshake with mx1.exempel.com (5.9.0.1) fails\n" },
	{ "starttls", MX1 UP MX16 UP MX2 " ready not-offered", "" }, /* weak-backup says it */
	{ "starttls", MX1 " greeting-4xx" MX16 " refused" MX2 UP, "" },

	{ "cert", GOOD, "" },
	{ "cert", MX1 UP " ends=-1" MX16 UP " ends=0 life=5" MX2 UP " begins=1",
		"warning: the certificate of mx1.exempel.com (5.9.0.1) ended on 2025-12-31T23:59:59Z, by this machine's clock\n"
		"warning: the certificate of mx1.exempel.com (2a01::1) ends soon, on 2026-01-01T00:00:00Z\n"
		"warning: the certificate of mx2.exempel.com (5.9.1.2) begins on 2026-01-01T00:00:01Z only, by this machine's clock\n" },
	{ "cert", MX1 UP " self-signed" MX16 UP " untrusted" MX2 UP " other-name",
		"warning: the certificate of mx1.exempel.com (5.9.0.1) is signed by nobody but itself\n"
		"warning: the certificate of mx1.exempel.com (2a01::1) is not trusted: unable to get local issuer certificate\n"
		"warning: the certificate of mx2.exempel.com (5.9.1.2) is not for that name, but for mail.exempel.net\n" },
	{ "cert", MX1 UP " other-name no-name" MX16 UP MX2 UP, "warning: the certificate of mx1.exempel.com (5.9.0.1) names no host\n" },
	{ "cert", MX1 UP " self-signed dane" MX16 UP " ends=-1 dane" MX2 UP " other-name dane", "" },
	/* less than a tenth of its life, and no more than fourteen days */
	{ "cert", MX1 UP " ends=777599 life=90" MX16 UP " ends=777600 life=90" MX2 UP " ends=1209601 life=200",
		"warning: the certificate of mx1.exempel.com (5.9.0.1) ends soon, on 2026-01-09T23:59:59Z\n" },
	{ "cert", MX1 UP " ends=1209600 life=200" MX16 UP " ends=60000 life=6" MX2 UP,
		"warning: the certificate of mx1.exempel.com (5.9.0.1) ends soon, on 2026-01-15T00:00:00Z\n" },
	{ "cert", MX1 UP " no-roots" MX16 UP MX2 UP,
		"-: this machine has no authorities to judge the certificate of mx1.exempel.com (5.9.0.1) by\n" },
	{ "cert", MX1 UP " no-roots self-signed" MX16 UP MX2 UP,
		"warning: the certificate of mx1.exempel.com (5.9.0.1) is signed by nobody but itself\n" },
	{ "cert", MX1 " ready tls-fail self-signed" MX16 " ready not-offered" MX2 UP, "" },

	{ "tls-params", GOOD, "" },
	{ "tls-params", MX1 UP " version=0" MX16 UP " version=1" MX2 UP " version=2",
		"notice: mx1.exempel.com (5.9.0.1) chose TLSv1.0, though newer TLS was offered\n"
		"notice: mx1.exempel.com (2a01::1) chose TLSv1.1, though newer TLS was offered\n" },
	{ "tls-params", MX1 UP " static" MX16 UP " bits=2047" MX2 UP " sha1",
		"notice: mx1.exempel.com (5.9.0.1) chose AES128-SHA, whose keys open all that was recorded once the server's key is known\n"
		"notice: the key of mx1.exempel.com (2a01::1) has 2047 bits only\n"
		"notice: the certificate of mx2.exempel.com (5.9.1.2) is signed by way of MD5 or SHA-1\n" },
	{ "tls-params", MX1 UP " sha1 self-signed" MX16 " ready tls-fail version=0" MX2 UP, "" },

	{ "tlsa-mismatch", GOOD, "" },
	{ "tlsa-mismatch", MX1 UP " dane" MX16 UP MX2 UP " dane", "" },

	{ "nolisting", GOOD, "" },
	{ "nolisting", MX1 " refused" MX16 " refused" MX2 UP,
		"notice: mx1.exempel.com refuses every connection, and mx2.exempel.com answers: is that meant (nolisting)?\n" },
	{ "nolisting", MX1 " refused" MX16 " timeout" MX2 UP, "" },
	{ "nolisting", MX1 " refused" MX16 UP MX2 UP, "" },
	{ "nolisting", MX1 " refused" MX16 " refused" MX2 " refused", "" },

	{ "bad-first", GOOD, "" },
	{ "bad-first", MX1 " mute" MX16 " refused" MX2 UP,
		"warning: no server of preference 10 answers as it should now, and mx2.exempel.com does\n" },
	{ "bad-first", MX1 " greeting-4xx" MX16 " drop" MX2 UP,
		"warning: no server of preference 10 answers as it should now, and mx2.exempel.com does\n" },
	{ "bad-first", MX1 " refused" MX16 " refused" MX2 UP, "" },          /* nolisting says it */
	{ "bad-first", MX1 " greeting-4xx" MX16 " unreachable" MX2 UP, "" }, /* the other address may take it */
	{ "bad-first", MX1 " greeting-4xx" MX16 " ehlo-odd" MX2 UP, "" },
	{ "bad-first", MX1 " greeting-4xx" MX16 " ehlo-5xx" MX2 " refused", "" },

	{ "uneven-limits", GOOD, "" },
	{ "uneven-limits", MX1 UP " size=50000000" MX16 UP MX2 UP " size=10485760",
		"notice: mx1.exempel.com (5.9.0.1) says that it takes messages of up to 50000000 bytes, and mx2.exempel.com (5.9.1.2) of up to 10485760\n" },
	{ "uneven-limits", MX1 UP " size=500000" MX16 UP MX2 UP " size=1000000",
		"notice: mx1.exempel.com (5.9.0.1) says that it takes messages of up to 500000 bytes, and mx2.exempel.com (5.9.1.2) of up to 1000000\n" },
	{ "uneven-limits", MX1 UP " size=10000000" MX16 UP MX2 UP " size=10999999", "" },
	{ "uneven-limits", MX1 UP " size=10000000" MX16 UP MX2 UP, "" },
	{ "uneven-limits", MX1 UP " no-utf8" MX16 UP MX2 UP " no-8bit",
		"notice: mx1.exempel.com (5.9.0.1) offers 8BITMIME, and mx2.exempel.com (5.9.1.2) does not\n"
		"notice: mx2.exempel.com (5.9.1.2) offers SMTPUTF8, and mx1.exempel.com (5.9.0.1) does not\n" },
	{ "uneven-limits", MX1 " refused size=5000000" MX16 UP MX2 " mute no-utf8", "" },

	{ "weak-backup", GOOD, "" },
	{ "weak-backup", MX1 UP MX16 UP MX2 " ready not-offered",
		"warning: mx2.exempel.com, which is tried after mx1.exempel.com, has no working TLS, and that one has\n" },
	{ "weak-backup", MX1 UP MX16 UP MX2 " ready tls-fail",
		"warning: mx2.exempel.com, which is tried after mx1.exempel.com, has no working TLS, and that one has\n" },
	{ "weak-backup", MX1 " ready not-offered" MX16 UP MX2 UP, "" },
	{ "weak-backup", MX1 " ready not-offered" MX16 UP MX2 " ready not-offered", "" }, /* not at all of its addresses */
	{ "weak-backup", MX1 " ready not-offered" MX16 " refused" MX2 " ready not-offered", "" },
	{ "weak-backup", MX1 UP MX16 UP MX2 " refused", "" },

	{ "open-relay", MX1 UP " taken/taken/5xx" MX16 UP " 4xx/5xx/5xx" MX2 UP " taken/taken/5xx", "" },
	{ "open-relay", MX1 UP " taken/taken/5xx" MX16 UP " 5xx/5xx/5xx" MX2 UP " taken/taken/5xx", /* refuses us, maybe */
		"-: what mx1.exempel.com (2a01::1) answers does not tell: 550 no such user\n" },
	{ "open-relay", MX1 UP " taken/5xx/5xx" MX16 UP " 4xx/4xx/4xx" MX2 UP " taken/taken/taken",
		"error: mx2.exempel.com (5.9.1.2) takes a recipient of a domain that is not its own, from 198.51.100.7: 250 Ok\n"
		"-: what mx1.exempel.com (2a01::1) answers does not tell: 451 later\n" },
	{ "open-relay", MX1 UP " 4xx/" MX16 " refused" MX2 UP " taken/taken/none",
		"-: mx1.exempel.com (5.9.0.1) does not take the empty sender: 451 later\n"
		"-: mx1.exempel.com (2a01::1) was not asked for recipients, because the talk did not come so far\n"
		"-: mx2.exempel.com (5.9.1.2) gave no answer that can be read\n" },

	{ "backscatter", MX1 UP " taken/5xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/5xx/5xx", "" },
	{ "backscatter", MX1 UP " taken/taken/5xx" MX16 UP " taken/taken/5xx" MX2 UP " taken/taken/5xx",
		"" }, /* takes all for itself too */
	{ "backscatter", MX1 UP " taken/taken/5xx" MX16 UP " taken/taken/5xx" MX2 UP " taken/5xx/5xx", "" },
	{ "backscatter", MX1 UP " taken/5xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/taken/5xx",
		"warning: mx2.exempel.com (5.9.1.2) takes an address that nobody has, and mx1.exempel.com (5.9.0.1) refuses it: 550 no such user\n" },
	{ "backscatter", MX1 " refused" MX16 UP " taken/5xx/5xx" MX2 UP " 4xx/taken/5xx",
		"warning: mx2.exempel.com (5.9.1.2) takes an address that nobody has, and mx1.exempel.com (2a01::1) refuses it: 550 no such user\n" },
	{ "backscatter", MX1 UP " 5xx/5xx/5xx" MX16 UP " 5xx/5xx/5xx" MX2 UP " taken/taken/5xx", /* refuses us, maybe */
		"-: what mx1.exempel.com (5.9.0.1) answers does not tell: 550 no such user\n" },
	{ "backscatter", MX1 UP " taken/4xx/5xx" MX16 UP " taken/taken/5xx" MX2 UP " taken/taken/5xx",
		"-: what mx1.exempel.com (5.9.0.1) answers does not tell: 451 later\n" },
	{ "backscatter", MX1 " refused" MX16 " timeout" MX2 UP " taken/taken/5xx",
		"-: mx1.exempel.com (5.9.0.1) was not asked for recipients, because the talk did not come so far\n" },
	{ "backscatter", MX1 UP " taken/5xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/grey/5xx",
		"-: what mx2.exempel.com (5.9.1.2) answers does not tell: 450 you are GrayListed\n" },

	{ "greylist-leak", MX1 UP " taken/5xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/taken/5xx", "" },
	{ "greylist-leak", MX1 UP " grey/grey/5xx" MX16 UP " grey/grey/5xx" MX2 UP " grey/5xx/5xx", "" },
	{ "greylist-leak", MX1 UP " grey/grey/5xx" MX16 UP " grey/grey/5xx" MX2 UP " taken/5xx/5xx",
		"warning: mx2.exempel.com (5.9.1.2) takes at once what mx1.exempel.com (5.9.0.1) greylists: 450 you are GrayListed\n" },
	{ "greylist-leak", MX1 UP " taken/5xx/5xx" MX16 UP " taken/grey/5xx" MX2 UP " taken/taken/5xx",
		"warning: mx2.exempel.com (5.9.1.2) takes at once what mx1.exempel.com (2a01::1) greylists: 450 you are GrayListed\n" },
	{ "greylist-leak", MX1 UP " 4xx/4xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/5xx/5xx", /* it may be busy */
		"-: what mx1.exempel.com (5.9.0.1) answers does not tell: 451 later\n" },
	{ "greylist-leak", MX1 " refused" MX16 " mute" MX2 UP " taken/5xx/5xx",
		"-: mx1.exempel.com (5.9.0.1) was not asked for recipients, because the talk did not come so far\n" },
	{ "greylist-leak", MX1 " refused" MX16 " mute" MX2 UP " 4xx/5xx/5xx", "" },
	{ "greylist-leak", MX1 UP " 5xx/5xx/5xx" MX16 UP " taken/5xx/5xx" MX2 UP " taken/5xx/5xx",
		"-: what mx1.exempel.com (5.9.0.1) answers does not tell: 550 no such user\n" },
};

static void add_line(struct str *out, const char *level, const struct msg *msg)
{
	str_addf(out, "%s: ", level);
	msg_format(msg, &(struct msg_tongue){ one, NULL }, out);
	str_add_char(out, '\n');
}

static void says(const char *id, struct scene *scene, const char *text)
{
	const struct check *check = check_find(id);
	struct findings found = { 0 };
	struct str all;

	assert_non_null(check);
	str_init(&all, 0);
	check->run(check, &scene->in, &found);
	for (size_t i = 0; i < found.n; i++)
		add_line(&all, check_level_name(found.finding[i].level), &found.finding[i].text);
	for (size_t i = 0; i < found.n_skip; i++)
		add_line(&all, "-", &found.skip[i].reason);
	if (strcmp(all.s, text) != 0)
		fail_msg("%s said:\n%sand not:\n%s", id, all.s, text);
	str_release(&all);
	findings_release(&found);
}

static void probe__rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene scene;

		scene_open(&scene, TWO, HOSTS);
		saw_all(&scene, rows[i].saw);
		print_message("# %s, %s\n", rows[i].id, rows[i].saw);
		says(rows[i].id, &scene, rows[i].says);
		scene_close(&scene);
	}
}

/* A domain that promises TLS loses mail where it fails. */
static void probe__promised_tls__errors(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, TWO, HOSTS);
	saw_all(&scene, MX1 " ready not-offered" MX16 UP " self-signed" MX2 " ready not-offered");
	scene.facts.sts.policy.mode = STS_TESTING;
	says("starttls", &scene,
		"warning: mx1.exempel.com (5.9.0.1) offers no STARTTLS\nwarning: mx2.exempel.com (5.9.1.2) offers no STARTTLS\n");
	says("cert", &scene, "warning: the certificate of mx1.exempel.com (2a01::1) is signed by nobody but itself\n");
	scene.facts.sts.policy.mode = STS_ENFORCE;
	says("starttls", &scene,
		"error: mx1.exempel.com (5.9.0.1) offers no STARTTLS\nerror: mx2.exempel.com (5.9.1.2) offers no STARTTLS\n");
	says("cert", &scene, "error: the certificate of mx1.exempel.com (2a01::1) is signed by nobody but itself\n");
	scene_close(&scene);
}

static void probe__dane__by_what_is_signed(void **state)
{
	static const struct {
		enum dnssec dnssec;
		const char *tls, *match;
	} cases[] = {
		{ DNSSEC_SECURE, "error: mx1.exempel.com (5.9.0.1) offers no STARTTLS\n",
			"error: no TLSA record of mx1.exempel.com matches what 2a01::1 shows\n" },
		{ DNSSEC_UNCHECKED, "warning: mx1.exempel.com (5.9.0.1) offers no STARTTLS\n",
			"warning: no TLSA record of mx1.exempel.com matches what 2a01::1 shows\n" },
		{ DNSSEC_INSECURE, "warning: mx1.exempel.com (5.9.0.1) offers no STARTTLS\n", "" },
		{ DNSSEC_BOGUS, "warning: mx1.exempel.com (5.9.0.1) offers no STARTTLS\n", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene;
		struct tlsa_facts *tlsa;

		scene_open(&scene, TWO, HOSTS);
		saw_all(&scene, MX1 " ready not-offered" MX16 UP " no-dane" MX2 UP " no-dane");
		tlsa = facts_tlsa_add(&scene.facts, &scene.set.mx[0].host);
		tlsa->answer = ANSWER_DATA;
		tlsa->dnssec = cases[i].dnssec;
		says("starttls", &scene, cases[i].tls);
		says("tlsa-mismatch", &scene, cases[i].match);
		scene_close(&scene);
	}
}

/* What one address lacks, another of the same host may have: then it is not said of the host. */
static void weak_backup__looks_at__all_addresses(void **state)
{
	static const struct {
		const char *saw, *says;
	} cases[] = {
		{ "ready not-offered|mx2.exempel.com 5.9.0.3 ready up", "" },
		{ "ready up|mx2.exempel.com 5.9.0.3 ready tls-fail", "" },
		{ "ready not-offered|mx2.exempel.com 5.9.0.3 refused",
			"warning: mx2.exempel.com, which is tried after mx1.exempel.com, has no working TLS, and that one has\n" },
		{ "ready not-offered|mx2.exempel.com 5.9.0.3 ready tls-fail",
			"warning: mx2.exempel.com, which is tried after mx1.exempel.com, has no working TLS, and that one has\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scene scene;
		char text[200];

		scene_open(&scene, "10 mx1.exempel.com|20 mx2.exempel.com", "mx1.exempel.com 5.9.0.1|mx2.exempel.com 5.9.0.2 5.9.0.3");
		snprintf(text, sizeof text, "mx1.exempel.com 5.9.0.1 ready up|mx2.exempel.com 5.9.0.2 %s", cases[i].saw);
		saw_all(&scene, text);
		says("weak-backup", &scene, cases[i].says);
		scene_close(&scene);
	}
}

/* Two servers of one preference share the mail: a backup that refuses all is something else than one of them. */
static void probe__equals__no_nolisting(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, "10 mx1.exempel.com|10 mx2.exempel.com|20 mx3.exempel.com",
		"mx1.exempel.com 5.9.0.1|mx2.exempel.com 5.9.0.2|mx3.exempel.com 5.9.0.3");
	saw_all(&scene, "mx1.exempel.com 5.9.0.1 refused|mx2.exempel.com 5.9.0.2 refused|mx3.exempel.com 5.9.0.3" UP);
	says("nolisting", &scene, "");
	says("bad-first", &scene, "warning: no server of preference 10 answers as it should now, and mx3.exempel.com does\n");
	scene_close(&scene);
	scene_open(&scene, "10 mx1.exempel.com", "mx1.exempel.com 5.9.0.1");
	saw_all(&scene, "mx1.exempel.com 5.9.0.1 refused");
	says("nolisting", &scene, "");
	says("bad-first", &scene, "");
	says("port25", &scene, "error: mx1.exempel.com (5.9.0.1) refuses the connection\n");
	scene_close(&scene);
}

/* A host of which nothing is known may be the one that answers. */
static void probe__unknown_host__no_error(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, TWO, "mx1.exempel.com 5.9.0.1|mx2.exempel.com ?");
	saw_all(&scene, "mx1.exempel.com 5.9.0.1 refused");
	says("port25", &scene, "warning: mx1.exempel.com (5.9.0.1) refuses the connection\n");
	scene_close(&scene);
}

/* Off, under way, done. */
static void probe__not_probed__said(void **state)
{
	struct scene scene;
	struct findings found = { 0 };
	size_t off = 0, open = 0, done = 0;

	(void)state;
	scene_open(&scene, TWO, HOSTS);
	lint_run(&scene.in, &found);
	for (size_t i = 0; i < found.n_skip; i++)
		off += found.skip[i].reason.id && !strcmp(found.skip[i].reason.id, "probing is off");
	saw_all(&scene, MX1 UP MX16 " pending" MX2 UP);
	lint_run(&scene.in, &found);
	for (size_t i = 0; i < found.n_skip; i++) {
		const struct check *check = check_find(found.skip[i].id);

		open += check && (check->needs & NEEDS_SMTP) && !(check->needs & NEEDS_RCPT) &&
			!strcmp(found.skip[i].reason.id, "not answered yet");
	}
	saw_all(&scene, MX16 UP);
	lint_run(&scene.in, &found);
	for (size_t i = 0; i < found.n_skip; i++) {
		const struct check *check = check_find(found.skip[i].id);

		done += check && (check->needs & NEEDS_SMTP) && !(check->needs & (NEEDS_TLSA | NEEDS_RCPT));
	}
	assert_int_equal(off, 12); /* tlsa-mismatch lacks its records first */
	assert_int_equal(open, 9);
	assert_int_equal(done, 0);
	findings_release(&found);
	scene_close(&scene);
}

/* A probe that named nobody leaves the intrusive checks undone. */
static void probe__not_tried__said(void **state)
{
	struct scene scene;
	struct findings found = { 0 };
	size_t off = 0, left = 0;

	(void)state;
	scene_open(&scene, TWO, HOSTS);
	saw_all(&scene, MX1 UP MX16 UP MX2 UP);
	lint_run(&scene.in, &found);
	for (size_t i = 0; i < found.n_skip; i++)
		off += found.skip[i].reason.id && !strcmp(found.skip[i].reason.id, "no intrusive probe was made");
	assert_int_equal(off, 3);
	saw_all(&scene, MX1 " taken/5xx/5xx" MX16 " taken/5xx/5xx" MX2 " taken/5xx/5xx");
	lint_run(&scene.in, &found);
	for (size_t i = 0; i < found.n_skip; i++) {
		const struct check *check = check_find(found.skip[i].id);

		left += check && (check->needs & NEEDS_RCPT);
	}
	assert_int_equal(left, 0);
	findings_release(&found);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(probe__rows),
		cmocka_unit_test(probe__promised_tls__errors),
		cmocka_unit_test(probe__dane__by_what_is_signed),
		cmocka_unit_test(weak_backup__looks_at__all_addresses),
		cmocka_unit_test(probe__equals__no_nolisting),
		cmocka_unit_test(probe__unknown_host__no_error),
		cmocka_unit_test(probe__not_probed__said),
		cmocka_unit_test(probe__not_tried__said),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
