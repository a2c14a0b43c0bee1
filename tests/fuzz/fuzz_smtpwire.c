/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what a mail server says, in portions that they choose themselves: nothing but EHLO, HELO, STARTTLS and QUIT is sent, and
 * with a trial MAIL, RCPT and RSET for its recipients. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/smtpwire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COMMANDS 5 /* EHLO, HELO or STARTTLS, EHLO, QUIT: never more */
#define PLAIN 4    /* of the words */
#define WORDS 9

static const struct smtp_trial trial = { { "postmaster@d", "made-up@d", "stranger@s" } };

static void check_sent(const struct str *out, bool tries)
{
	static const char *const words[WORDS] = { "EHLO me\r\n", "HELO me\r\n", "STARTTLS\r\n", "QUIT\r\n", "MAIL FROM:<>\r\n", "RSET\r\n",
		"RCPT TO:<postmaster@d>\r\n", "RCPT TO:<made-up@d>\r\n", "RCPT TO:<stranger@s>\r\n" };
	size_t n = 0, known = tries ? WORDS : PLAIN;

	for (const char *at = out->s; *at; n++) {
		size_t i = 0;

		while (i < known && strncmp(at, words[i], strlen(words[i])) != 0)
			i++;
		if (i == known)
			abort();
		at += strlen(words[i]);
	}
	if (n > COMMANDS + (tries ? 3 * SMTP_RCPTS : 0))
		abort();
}

static void check_facts(const struct smtp_facts *facts, bool over)
{
	if (!memchr(facts->reply, 0, sizeof facts->reply) || !memchr(facts->banner, 0, sizeof facts->banner))
		abort();
	for (size_t i = 0; i < SMTP_RCPTS; i++)
		if ((facts->rcpt[i].taken && !facts->tried) || !memchr(facts->rcpt[i].reply, 0, sizeof facts->rcpt[i].reply))
			abort();
	if (facts->tls != SMTP_TLS_UNKNOWN && facts->seen != SMTP_READY)
		abort();
	if (over && !smtp_is_final(facts->seen))
		abort();
	if ((facts->seen == SMTP_GREETS_ODD || facts->seen == SMTP_EHLO_ODD || facts->tls == SMTP_TLS_ODD) && !facts->odd)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_facts facts = { .seen = SMTP_PENDING };
	enum smtpwire_step step = SMTPWIRE_READ;
	struct smtpwire wire;
	struct str out;
	uint8_t choice = size ? data[0] : 0;

	str_init(&out, 4096);
	smtpwire_begin(&wire, &facts, "me");
	wire.trial = choice & 64 ? &trial : NULL;
	for (size_t at = 1, n; at < size && step != SMTPWIRE_OVER; at += n) {
		n = (choice & 15u) + 1u < size - at ? (choice & 15u) + 1u : size - at;
		step = smtpwire_feed(&wire, (const char *)data + at, n, &out);
		if (step == SMTPWIRE_TLS)
			step = choice & 16 ? smtpwire_secured(&wire, &out) : smtpwire_unsecured(&wire);
	}
	if (step != SMTPWIRE_OVER) {
		if (choice & 32)
			smtpwire_closed(&wire);
		else
			smtpwire_late(&wire);
	}
	check_sent(&out, choice & 64);
	check_facts(&facts, true);
	str_release(&out);
	return 0;
}
