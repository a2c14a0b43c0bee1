/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/smtpwire.h"

#define TALK 14

/* What came ("<"), what must have been sent after it (">"), and what else happened: "tls", "broken", "closed", "late", "bye" (all is
 * known), "over". */
struct talk {
	const char *about;
	const char *talk[TALK];
	enum smtp_seen seen;
	enum smtp_tls tls;
	uint16_t code;
	unsigned odd, offers;
	uint64_t size;
	bool helo;
	const char *reply;
};

static const struct talk talks[] = {
	{ "all the way",
		{ "<220 mx ready\r\n", ">EHLO me\r\n", "<250-mx\r\n250-STARTTLS\r\n250 SIZE 10240000\r\n", ">STARTTLS\r\n", "<220 go\r\n",
			"tls", ">EHLO me\r\n", "<250-mx\r\n250-SIZE 20480000\r\n250 8BITMIME\r\n", ">QUIT\r\n", "bye", "<221 bye\r\n",
			"over" },
		SMTP_READY, SMTP_TLS_UP, 250, 0, SMTP_STARTTLS | SMTP_SIZE | SMTP_8BITMIME, 20480000, false, "mx" },
	{ "no TLS", { "<220 mx\r\n", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n", "bye" }, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0,
		false, "mx" },
	{ "all offers, in any case",
		{ "<220-a\r\n220-b\r\n220 c\r\n", ">EHLO me\r\n",
			"<250-mx\r\n250-size 7\r\n250-8bitMIME\r\n250-SmtpUtf8\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-DSN\r\n"
			"250-CHUNKING\r\n250-REQUIRETLS\r\n250-AUTH=LOGIN\r\n250 X-ODD one two\r\n",
			">QUIT\r\n", "bye" },
		SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0,
		SMTP_SIZE | SMTP_8BITMIME | SMTP_SMTPUTF8 | SMTP_PIPELINING | SMTP_ENHANCED | SMTP_DSN | SMTP_CHUNKING | SMTP_REQUIRETLS, 7,
		false, "mx" },
	{ "the first line of EHLO's reply offers nothing", { "<220 mx\r\n", ">EHLO me\r\n", "<250 STARTTLS\r\n", ">QUIT\r\n" }, SMTP_READY,
		SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0, false, "STARTTLS" },
	{ "an offer is a whole word", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250-STARTTLSX\r\n250 XDSN\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0, false, "mx" },
	{ "a size that is no number", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 SIZE 12k\r\n", ">QUIT\r\n" }, SMTP_READY,
		SMTP_TLS_NOT_OFFERED, 250, 0, SMTP_SIZE, 0, false, "mx" },
	{ "a size beyond all numbers", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 SIZE 99999999999999999999999\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, SMTP_SIZE, 0, false, "mx" },
	{ "codes alone", { "<220\r\n", ">EHLO me\r\n", "<250-\r\n250\r\n", ">QUIT\r\n" }, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0,
		false, "" },

	/* the greeting */
	{ "closes at once", { "closed" }, SMTP_DROPPED, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, false, "" },
	{ "never greets", { "late" }, SMTP_MUTE, SMTP_TLS_UNKNOWN, 0, 0, 0, 0, false, "" },
	{ "closes in its greeting", { "<220-mx", "closed" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_CLOSED, 0, 0, false, "" },
	{ "does not end its greeting", { "<220-mx\r\n", "late" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_LATE, 0, 0, false,
		"mx" },
	{ "a single byte", { "<2", "late" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_LATE, 0, 0, false, "" },
	{ "greets 421", { "<421 4.3.2 busy\r\n", ">QUIT\r\n", "bye" }, SMTP_GREETS_4XX, SMTP_TLS_UNKNOWN, 421, 0, 0, 0, false,
		"4.3.2 busy" },
	{ "greets 554", { "<554-no\r\n554 go away\r\n", ">QUIT\r\n", "bye" }, SMTP_GREETS_5XX, SMTP_TLS_UNKNOWN, 554, 0, 0, 0, false,
		"no" },
	{ "greets 250", { "<250 hello\r\n", ">QUIT\r\n" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 250, SMTP_ODD_CODE, 0, 0, false, "hello" },
	{ "greets 354", { "<354 hello\r\n", ">QUIT\r\n" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 354, SMTP_ODD_CODE, 0, 0, false, "hello" },
	{ "another protocol", { "<SSH-2.0-OpenSSH_9.2\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false,
		"" },
	{ "a code of four digits", { "<2200 x\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "a code of two digits", { "<22 x\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "a first digit too low", { "<120 x\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "a first digit too high", { "<620 x\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "a code with a colon", { "<220: x\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "an empty line", { "<\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 0, SMTP_ODD_NO_CODE, 0, 0, false, "" },
	{ "two codes in one greeting", { "<220-a\r\n421 b\r\n", "over" }, SMTP_GREETS_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_MIXED, 0, 0,
		false, "a" },
	{ "no CR", { "<220 mx\n", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n" }, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, SMTP_ODD_BARE_LF, 0,
		0, false, "mx" },
	{ "speaks before it is asked", { "<220 mx\r\n250 ", ">EHLO me\r\n", "<mx\r\n", ">QUIT\r\n" }, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250,
		SMTP_ODD_EARLY, 0, 0, false, "mx" },

	/* EHLO */
	{ "EHLO 421", { "<220 mx\r\n", ">EHLO me\r\n", "<421 later\r\n", ">QUIT\r\n" }, SMTP_EHLO_4XX, SMTP_TLS_UNKNOWN, 421, 0, 0, 0,
		false, "later" },
	{ "HELO alone", { "<220 mx\r\n", ">EHLO me\r\n", "<502 what\r\n", ">HELO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0, true, "mx" },
	{ "HELO 5xx too", { "<220 mx\r\n", ">EHLO me\r\n", "<550 no\r\n", ">HELO me\r\n", "<550 never\r\n", ">QUIT\r\n" }, SMTP_EHLO_5XX,
		SMTP_TLS_UNKNOWN, 550, 0, 0, 0, false, "never" },
	{ "HELO 4xx", { "<220 mx\r\n", ">EHLO me\r\n", "<550 no\r\n", ">HELO me\r\n", "<450 wait\r\n", ">QUIT\r\n" }, SMTP_EHLO_4XX,
		SMTP_TLS_UNKNOWN, 450, 0, 0, 0, false, "wait" },
	{ "EHLO 354", { "<220 mx\r\n", ">EHLO me\r\n", "<354 go\r\n", ">QUIT\r\n" }, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 354, SMTP_ODD_CODE, 0,
		0, false, "go" },
	{ "EHLO 220", { "<220 mx\r\n", ">EHLO me\r\n", "<220 mx\r\n", ">QUIT\r\n" }, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_CODE, 0,
		0, false, "mx" },
	{ "hangs up at EHLO", { "<220 mx\r\n", ">EHLO me\r\n", "closed" }, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_CLOSED, 0, 0,
		false, "mx" },
	{ "is silent at EHLO", { "<220 mx\r\n", ">EHLO me\r\n", "late" }, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN, 220, SMTP_ODD_LATE, 0, 0, false,
		"mx" },
	{ "hangs up at HELO", { "<220 mx\r\n", ">EHLO me\r\n", "<500 no\r\n", ">HELO me\r\n", "closed" }, SMTP_EHLO_ODD, SMTP_TLS_UNKNOWN,
		500, SMTP_ODD_CLOSED, 0, 0, false, "no" },

	/* STARTTLS */
	{ "STARTTLS 454", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<454 no key\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_4XX, 454, 0, SMTP_STARTTLS, 0, false, "no key" },
	{ "STARTTLS 502", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<502 what\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_5XX, 502, 0, SMTP_STARTTLS, 0, false, "what" },
	{ "STARTTLS 250", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<250 fine\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_ODD, 250, SMTP_ODD_CODE, SMTP_STARTTLS, 0, false, "fine" },
	{ "hangs up at STARTTLS", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "closed" }, SMTP_READY,
		SMTP_TLS_ODD, 250, SMTP_ODD_CLOSED, SMTP_STARTTLS, 0, false, "mx" },
	{ "is silent at STARTTLS", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "late" }, SMTP_READY,
		SMTP_TLS_ODD, 250, SMTP_ODD_LATE, SMTP_STARTTLS, 0, false, "mx" },
	{ "no handshake", { "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "broken" },
		SMTP_READY, SMTP_TLS_BROKEN, 220, 0, SMTP_STARTTLS, 0, false, "go" },
	{ "words put before TLS count for nothing",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n250-evil\r\n250 DSN\r\n",
			"tls", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_UP, 250, SMTP_ODD_EARLY, SMTP_STARTTLS, 0, false, "mx" },
	{ "STARTTLS within TLS",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "tls", ">EHLO me\r\n",
			"<250-mx\r\n250 STARTTLS\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_UP, 250, SMTP_ODD_AGAIN, SMTP_STARTTLS, 0, false, "mx" },
	{ "EHLO within TLS refused",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250-DSN\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "tls",
			">EHLO me\r\n", "<421 no\r\n", ">QUIT\r\n" },
		SMTP_READY, SMTP_TLS_UP, 421, SMTP_ODD_CODE, SMTP_STARTTLS | SMTP_DSN, 0, false, "no" },
	{ "hangs up within TLS",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "tls", ">EHLO me\r\n",
			"closed" },
		SMTP_READY, SMTP_TLS_UP, 220, SMTP_ODD_CLOSED, SMTP_STARTTLS, 0, false, "go" },

	/* after QUIT nothing matters */
	{ "hangs up at QUIT", { "<220 mx\r\n", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n", "closed" }, SMTP_READY, SMTP_TLS_NOT_OFFERED,
		250, 0, 0, 0, false, "mx" },
	{ "is silent at QUIT", { "<220 mx\r\n", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n", "late" }, SMTP_READY, SMTP_TLS_NOT_OFFERED, 250,
		0, 0, 0, false, "mx" },
	{ "babbles at QUIT", { "<220 mx\r\n", ">EHLO me\r\n", "<250 mx\r\n", ">QUIT\r\n", "<what\n", "over" }, SMTP_READY,
		SMTP_TLS_NOT_OFFERED, 250, 0, 0, 0, false, "mx" },
};

static enum smtpwire_step feed(struct smtpwire *wire, const char *text, size_t portion, struct str *out)
{
	enum smtpwire_step step = SMTPWIRE_READ;

	for (size_t len = strlen(text), n; len; text += n, len -= n) {
		n = portion && portion < len ? portion : len;
		step = smtpwire_feed(wire, text, n, out);
		if (n < len) /* within a line, or a reply */
			assert_int_equal(step, wire->stage == SMTPWIRE_QUIT ? SMTPWIRE_BYE : SMTPWIRE_READ);
	}
	return step;
}

static void one(struct smtpwire *wire, const char *what, size_t portion, enum smtpwire_step *step, struct str *out)
{
	if (*what == '<')
		*step = feed(wire, what + 1, portion, out);
	else if (*what == '>') {
		assert_string_equal(out->s, what + 1);
		str_clear(out);
	} else if (!strcmp(what, "closed"))
		smtpwire_closed(wire);
	else if (!strcmp(what, "late"))
		smtpwire_late(wire);
	else if (!strcmp(what, "bye"))
		assert_int_equal(*step, SMTPWIRE_BYE);
	else if (!strcmp(what, "over"))
		assert_int_equal(*step, SMTPWIRE_OVER);
	else if (!strcmp(what, "tls")) {
		assert_int_equal(*step, SMTPWIRE_TLS);
		*step = smtpwire_secured(wire, out);
		assert_int_equal(*step, SMTPWIRE_READ);
	} else {
		assert_string_equal(what, "broken");
		assert_int_equal(*step, SMTPWIRE_TLS);
		assert_int_equal(smtpwire_unsecured(wire), SMTPWIRE_OVER);
	}
}

/* portion: how many bytes come at once; 0: all of a line of the table. What comes too early is only seen in one portion. */
static void play(const struct talk *talk, size_t portion)
{
	struct smtp_facts facts = { .seen = SMTP_PENDING };
	struct smtpwire wire;
	enum smtpwire_step step = SMTPWIRE_READ;
	struct str out;

	str_init(&out, 0);
	smtpwire_begin(&wire, &facts, "me");
	for (size_t i = 0; i < TALK && talk->talk[i]; i++)
		one(&wire, talk->talk[i], portion, &step, &out);
	assert_string_equal(out.s, "");
	assert_int_equal(facts.seen, talk->seen);
	assert_int_equal(facts.tls, talk->tls);
	assert_int_equal(facts.code, talk->code);
	assert_int_equal(facts.odd, portion ? talk->odd & ~(unsigned)SMTP_ODD_EARLY : talk->odd);
	assert_int_equal(facts.offers, talk->offers);
	assert_int_equal(facts.size, talk->size);
	assert_int_equal(facts.helo, talk->helo);
	assert_string_equal(facts.reply, talk->reply);
	str_release(&out);
}

static void smtpwire_feed__talks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
		print_message("# %s\n", talks[i].about);
		play(&talks[i], 0);
	}
}

static void smtpwire_feed__byte_by_byte__same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
		if (strstr(talks[i].about, "put before TLS"))
			continue; /* there it matters what came with the reply */
		print_message("# %s\n", talks[i].about);
		play(&talks[i], 1);
	}
}

/* ---- recipients ---- */

static const struct smtp_trial trial = { { "postmaster@d", "made-up@d", "stranger@s" } };

#define BEGIN "<220 mx\r\n", ">EHLO me\r\n", "<250 mx\r\n", ">MAIL FROM:<>\r\n"
#define GIVES(taken, code, reply)                                                                                                          \
	{                                                                                                                                  \
		taken, code, reply                                                                                                         \
	}
#define NOTHING                                                                                                                            \
	{                                                                                                                                  \
		SMTP_TAKEN_UNKNOWN, 0, ""                                                                                                  \
	}
#define FINE GIVES(SMTP_TAKEN, 250, "ok")

static const struct {
	const char *about;
	const char *talk[32];
	bool tried;
	struct smtp_answer mail, rcpt[SMTP_RCPTS];
	unsigned odd;
} tries[] = {
	{ "each by itself, and no message",
		{ BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<251 forwards\r\n", ">RSET\r\n", "<250 ok\r\n", ">MAIL FROM:<>\r\n",
			"<250-a\r\n250 b\r\n", ">RCPT TO:<made-up@d>\r\n", "<450-4.2.0 Greylisted\r\n450 wait\r\n", ">RSET\r\n",
			"<250 ok\r\n", ">MAIL FROM:<>\r\n", "<250 ok\r\n", ">RCPT TO:<stranger@s>\r\n", "<554 no\r\n", ">RSET\r\n",
			"<250 ok\r\n", ">QUIT\r\n", "bye" },
		true, FINE,
		{ GIVES(SMTP_TAKEN, 251, "forwards"), GIVES(SMTP_TAKEN_4XX, 450, "4.2.0 Greylisted"), GIVES(SMTP_TAKEN_5XX, 554, "no") },
		0 },
	{ "the sender for now", { BEGIN, "<451 later\r\n", ">QUIT\r\n", "bye" }, true, GIVES(SMTP_TAKEN_4XX, 451, "later"),
		{ NOTHING, NOTHING, NOTHING }, 0 },
	{ "the sender for good", { BEGIN, "<550 no\r\n", ">QUIT\r\n", "bye" }, true, GIVES(SMTP_TAKEN_5XX, 550, "no"),
		{ NOTHING, NOTHING, NOTHING }, 0 },
	{ "251 is no answer to MAIL", { BEGIN, "<251 ok\r\n", ">QUIT\r\n", "bye" }, true, GIVES(SMTP_TAKEN_UNKNOWN, 251, "ok"),
		{ NOTHING, NOTHING, NOTHING }, SMTP_ODD_CODE },
	{ "252 takes nobody", { BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<252 maybe\r\n", ">QUIT\r\n", "bye" }, true, FINE,
		{ GIVES(SMTP_TAKEN_UNKNOWN, 252, "maybe"), NOTHING, NOTHING }, SMTP_ODD_CODE },
	{ "354 takes nobody", { BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<354 go\r\n", ">QUIT\r\n", "bye" }, true, FINE,
		{ GIVES(SMTP_TAKEN_UNKNOWN, 354, "go"), NOTHING, NOTHING }, SMTP_ODD_CODE },
	{ "421 ends it", { BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<421 enough\r\n", ">QUIT\r\n", "bye" }, true, FINE,
		{ GIVES(SMTP_TAKEN_4XX, 421, "enough"), NOTHING, NOTHING }, 0 },
	{ "hangs up", { BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "closed" }, true, FINE, { NOTHING, NOTHING, NOTHING },
		SMTP_ODD_CLOSED },
	{ "keeps still", { BEGIN, "late" }, true, NOTHING, { NOTHING, NOTHING, NOTHING }, SMTP_ODD_LATE },
	{ "no RSET, no more",
		{ BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<250 ok\r\n", ">RSET\r\n", "<502 what\r\n", ">QUIT\r\n", "bye" },
		true, FINE, { FINE, NOTHING, NOTHING }, 0 },
	{ "an answer too many: none counts",
		{ BEGIN, "<250 ok\r\n", ">RCPT TO:<postmaster@d>\r\n", "<250 ok\r\n250 ok\r\n", ">RSET\r\n", "over" }, true, NOTHING,
		{ NOTHING, NOTHING, NOTHING }, SMTP_ODD_EARLY },
	{ "speaks too early in its greeting: is not asked", { "<220 mx\r\n250 ", ">EHLO me\r\n", "<mx\r\n", ">QUIT\r\n", "bye" }, false,
		NOTHING, { NOTHING, NOTHING, NOTHING }, SMTP_ODD_EARLY },
	{ "within TLS, where there is one",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "tls", ">EHLO me\r\n",
			"<250 mx\r\n", ">MAIL FROM:<>\r\n", "<530 no\r\n", ">QUIT\r\n", "bye" },
		true, GIVES(SMTP_TAKEN_5XX, 530, "no"), { NOTHING, NOTHING, NOTHING }, 0 },
	{ "not in the clear where TLS is refused",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<454 no\r\n", ">QUIT\r\n", "bye" }, false,
		NOTHING, { NOTHING, NOTHING, NOTHING }, 0 },
	{ "not where EHLO within TLS is refused",
		{ "<220 mx\r\n", ">EHLO me\r\n", "<250-mx\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "tls", ">EHLO me\r\n",
			"<421 no\r\n", ">QUIT\r\n", "bye" },
		false, NOTHING, { NOTHING, NOTHING, NOTHING }, SMTP_ODD_CODE },
	{ "not where it greets with a refusal", { "<421 no\r\n", ">QUIT\r\n", "bye" }, false, NOTHING, { NOTHING, NOTHING, NOTHING }, 0 },
};

static void same_answer(const struct smtp_answer *a, const struct smtp_answer *b)
{
	assert_int_equal(a->taken, b->taken);
	assert_int_equal(a->code, b->code);
	assert_string_equal(a->reply, b->reply);
}

static void try_one(size_t n, size_t portion)
{
	struct smtp_facts facts = { .seen = SMTP_PENDING };
	struct smtpwire wire;
	enum smtpwire_step step = SMTPWIRE_READ;
	struct str out;

	print_message("# %s\n", tries[n].about);
	str_init(&out, 0);
	smtpwire_begin(&wire, &facts, "me");
	wire.trial = &trial;
	for (size_t i = 0; i < 32 && tries[n].talk[i]; i++)
		one(&wire, tries[n].talk[i], portion, &step, &out);
	assert_string_equal(out.s, "");
	assert_int_equal(facts.tried, tries[n].tried);
	assert_int_equal(facts.odd, tries[n].odd);
	if (facts.tried) {
		assert_int_equal(facts.seen, SMTP_READY); /* as without a trial */
		assert_int_equal(facts.code, 250);
		assert_string_equal(facts.reply, "mx");
	}
	same_answer(&facts.mail, &tries[n].mail);
	for (size_t i = 0; i < SMTP_RCPTS; i++)
		same_answer(&facts.rcpt[i], &tries[n].rcpt[i]);
	str_release(&out);
}

static void smtpwire_feed__trial__recipients_and_no_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		try_one(i, 0);
		if (!(tries[i].odd & SMTP_ODD_EARLY))
			try_one(i, 1);
	}
}

static enum smtpwire_step greeting_of(const char *head, char c, size_t n, const char *tail, struct smtp_facts *facts)
{
	struct smtpwire wire;
	struct str text, out;
	enum smtpwire_step step;

	str_init(&text, 0);
	str_init(&out, 0);
	str_add(&text, head);
	for (size_t i = 0; i < n; i++)
		str_add_char(&text, c);
	str_add(&text, tail);
	smtpwire_begin(&wire, facts, "me");
	step = smtpwire_feed(&wire, text.s, text.len, &out);
	assert_true(step != SMTPWIRE_OVER || out.len == 0);
	str_release(&text);
	str_release(&out);
	return step;
}

static void smtpwire_feed__long_line__bound(void **state)
{
	struct smtp_facts facts = { 0 };

	(void)state;
	/* CR counts, LF does not */
	assert_int_equal(greeting_of("220 ", 'x', SMTPWIRE_LINE - 5, "\r\n", &facts), SMTPWIRE_READ);
	assert_int_equal(facts.odd, 0);
	assert_int_equal(strlen(facts.banner), SMTP_TEXT - 1);
	assert_int_equal(greeting_of("220 ", 'x', SMTPWIRE_LINE - 4, "\r\n", &facts), SMTPWIRE_OVER);
	assert_int_equal(facts.odd, SMTP_ODD_LONG);
	assert_int_equal(facts.seen, SMTP_GREETS_ODD);
}

static void smtpwire_feed__many_lines__bound(void **state)
{
	struct smtp_facts facts = { 0 };
	struct smtpwire wire;
	struct str out;
	enum smtpwire_step step = SMTPWIRE_READ;

	(void)state;
	str_init(&out, 0);
	for (int last = 0; last < 2; last++) {
		facts = (struct smtp_facts){ 0 };
		smtpwire_begin(&wire, &facts, "me");
		for (int i = 0; i < SMTPWIRE_LINES - 1; i++)
			step = smtpwire_feed(&wire, "220-more\r\n", 10, &out);
		assert_int_equal(step, SMTPWIRE_READ);
		step = smtpwire_feed(&wire, last ? "220 that\r\n" : "220-more\r\n", 10, &out);
		assert_int_equal(step, last ? SMTPWIRE_READ : SMTPWIRE_OVER);
		assert_int_equal(facts.odd, last ? 0 : SMTP_ODD_MANY);
	}
	assert_string_equal(out.s, "EHLO me\r\n");
	str_release(&out);
}

static void smtpwire_feed__zero_byte__hides_nothing(void **state)
{
	struct smtp_facts facts = { 0 };
	struct smtpwire wire;
	struct str out;

	(void)state;
	str_init(&out, 0);
	smtpwire_begin(&wire, &facts, "me");
	assert_int_equal(smtpwire_feed(&wire, "220 a\0b\r\n", 9, &out), SMTPWIRE_READ);
	assert_string_equal(facts.banner, "a?b");
	assert_string_equal(out.s, "EHLO me\r\n");
	str_release(&out);
}

/* The greeting's first line stays, whatever is said later. */
static void smtpwire_feed__banner__kept(void **state)
{
	struct smtp_facts facts = { 0 };
	struct smtpwire wire;
	struct str out;

	(void)state;
	str_init(&out, 0);
	smtpwire_begin(&wire, &facts, "me");
	feed(&wire, "220-mx.example.com ESMTP\r\n220 no spam\r\n", 0, &out);
	feed(&wire, "250 hello\r\n", 0, &out);
	assert_string_equal(facts.banner, "mx.example.com ESMTP");
	assert_string_equal(facts.reply, "hello");
	str_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smtpwire_feed__talks),
		cmocka_unit_test(smtpwire_feed__byte_by_byte__same),
		cmocka_unit_test(smtpwire_feed__trial__recipients_and_no_message),
		cmocka_unit_test(smtpwire_feed__long_line__bound),
		cmocka_unit_test(smtpwire_feed__many_lines__bound),
		cmocka_unit_test(smtpwire_feed__zero_byte__hides_nothing),
		cmocka_unit_test(smtpwire_feed__banner__kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
