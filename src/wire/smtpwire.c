/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/smtpwire.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

void smtpwire_begin(struct smtpwire *wire, struct smtp_facts *facts, const char *name)
{
	*wire = (struct smtpwire){ .facts = facts, .name = name, .stage = SMTPWIRE_GREETING };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "250", "250-..." or "250 ..." with a first digit that RFC 5321 knows; 0: none of these. */
static uint16_t code_of(const char *line)
{
	if (line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2]))
		return 0;
	if (line[3] != '\0' && line[3] != ' ' && line[3] != '-')
		return 0;
	return (uint16_t)((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
}

/* The answer that an intrusive probe waits for, or NULL. */
static struct smtp_answer *answer_of(struct smtpwire *wire)
{
	if (wire->stage == SMTPWIRE_MAIL)
		return &wire->facts->mail;
	return wire->stage == SMTPWIRE_RCPT ? &wire->facts->rcpt[wire->rcpt] : NULL;
}

static void keep_text(char out[SMTP_TEXT], const char *line)
{
	snprintf(out, SMTP_TEXT, "%.*s", SMTP_TEXT - 1, line[3] ? line + 4 : "");
}

/* ---- what EHLO offers ---- */

static void read_size(struct smtp_facts *facts, const char *text)
{
	uint64_t size = 0;

	for (; is_digit(*text); text++) {
		if (size > UINT64_MAX / 10 - 1)
			return;
		size = size * 10 + (uint64_t)(*text - '0');
	}
	if (*text == '\0')
		facts->size = size;
}

static void read_offer(struct smtpwire *wire, const char *text)
{
	size_t len = strcspn(text, " ");

	for (size_t i = 0; i < SMTP_OFFERS; i++) {
		const char *name = smtp_offer_name(1u << i);

		if (strlen(name) != len || strncasecmp(name, text, len) != 0)
			continue;
		wire->offers |= 1u << i;
		if (1u << i == SMTP_SIZE && text[len])
			read_size(wire->facts, text + len + 1);
	}
}

/* ---- what a whole reply leads to ---- */

static enum smtpwire_step say(struct smtpwire *wire, enum smtpwire_stage next, struct str *out)
{
	static const char *const words[] = { [SMTPWIRE_EHLO] = "EHLO ",
		[SMTPWIRE_HELO] = "HELO ",
		[SMTPWIRE_STARTTLS] = "STARTTLS",
		[SMTPWIRE_SECURED] = "EHLO ",
		[SMTPWIRE_MAIL] = "MAIL FROM:<>",
		[SMTPWIRE_RCPT] = "RCPT TO:<",
		[SMTPWIRE_RSET] = "RSET",
		[SMTPWIRE_QUIT] = "QUIT" };

	wire->stage = next;
	wire->began = false;
	wire->code = 0;
	wire->lines = 0;
	wire->offers = 0;
	str_add(out, words[next]);
	if (next == SMTPWIRE_EHLO || next == SMTPWIRE_HELO || next == SMTPWIRE_SECURED)
		str_add(out, wire->name);
	if (next == SMTPWIRE_RCPT)
		str_addf(out, "%s>", wire->trial->rcpt[wire->rcpt]);
	str_add(out, "\r\n");
	return next == SMTPWIRE_QUIT ? SMTPWIRE_BYE : SMTPWIRE_READ;
}

static enum smtpwire_step quit(struct smtpwire *wire, struct str *out)
{
	return say(wire, SMTPWIRE_QUIT, out);
}

/* What is known without naming a recipient is known. Of a server that speaks unasked no answer can be told from the next. */
static enum smtpwire_step known(struct smtpwire *wire, struct str *out)
{
	if (!wire->trial || (wire->facts->odd & SMTP_ODD_EARLY))
		return quit(wire, out);
	wire->facts->tried = true;
	return say(wire, SMTPWIRE_MAIL, out);
}

/* Is the reply a refusal for now? */
static bool is_soft(const struct smtpwire *wire)
{
	return wire->code / 100 == 4;
}

static bool is_hard(const struct smtpwire *wire)
{
	return wire->code / 100 == 5;
}

/* Notes a reply that could not be read, broke off or came too late, at the place where the talk is. */
static void spoil(struct smtpwire *wire, unsigned odd)
{
	struct smtp_facts *facts = wire->facts;

	if (wire->stage == SMTPWIRE_QUIT)
		return;
	facts->odd |= odd;
	if (wire->stage == SMTPWIRE_GREETING)
		facts->seen = SMTP_GREETS_ODD;
	else if (wire->stage == SMTPWIRE_EHLO || wire->stage == SMTPWIRE_HELO)
		facts->seen = SMTP_EHLO_ODD;
	else if (wire->stage == SMTPWIRE_STARTTLS)
		facts->tls = SMTP_TLS_ODD;
}

static enum smtpwire_step greeted(struct smtpwire *wire, struct str *out)
{
	if (wire->code == 220)
		return say(wire, SMTPWIRE_EHLO, out);
	if (is_soft(wire))
		wire->facts->seen = SMTP_GREETS_4XX;
	else if (is_hard(wire))
		wire->facts->seen = SMTP_GREETS_5XX;
	else
		spoil(wire, SMTP_ODD_CODE);
	return quit(wire, out);
}

static enum smtpwire_step introduced(struct smtpwire *wire, struct str *out)
{
	struct smtp_facts *facts = wire->facts;

	if (wire->code == 250) {
		facts->seen = SMTP_READY;
		facts->offers = wire->offers;
		facts->helo = wire->stage == SMTPWIRE_HELO;
		if (facts->offers & SMTP_STARTTLS)
			return say(wire, SMTPWIRE_STARTTLS, out);
		facts->tls = SMTP_TLS_NOT_OFFERED;
		return known(wire, out);
	} else if (is_hard(wire) && wire->stage == SMTPWIRE_EHLO) {
		return say(wire, SMTPWIRE_HELO, out);
	} else if (is_soft(wire)) {
		facts->seen = SMTP_EHLO_4XX;
	} else if (is_hard(wire)) {
		facts->seen = SMTP_EHLO_5XX;
	} else {
		spoil(wire, SMTP_ODD_CODE);
	}
	return quit(wire, out);
}

static enum smtpwire_step starttls_answered(struct smtpwire *wire, struct str *out)
{
	if (wire->code == 220)
		return SMTPWIRE_TLS;
	if (is_soft(wire))
		wire->facts->tls = SMTP_TLS_4XX;
	else if (is_hard(wire))
		wire->facts->tls = SMTP_TLS_5XX;
	else
		spoil(wire, SMTP_ODD_CODE);
	return quit(wire, out);
}

/* Within TLS the offers may differ: these are the ones that count. */
static enum smtpwire_step secured_answered(struct smtpwire *wire, struct str *out)
{
	struct smtp_facts *facts = wire->facts;

	if (wire->code != 250)
		spoil(wire, SMTP_ODD_CODE);
	else
		facts->offers = wire->offers | SMTP_STARTTLS;
	if (wire->offers & SMTP_STARTTLS)
		facts->odd |= SMTP_ODD_AGAIN;
	return wire->code == 250 ? known(wire, out) : quit(wire, out);
}

/* ---- recipients, where a trial names some ---- */

static enum smtp_taken taken_by(const struct smtpwire *wire)
{
	if (wire->code == 250 || (wire->code == 251 && wire->stage == SMTPWIRE_RCPT))
		return SMTP_TAKEN;
	if (is_soft(wire))
		return SMTP_TAKEN_4XX;
	return is_hard(wire) ? SMTP_TAKEN_5XX : SMTP_TAKEN_UNKNOWN;
}

/* Takes an answer of the trial. After 421 the server hangs up. */
static enum smtpwire_step trial_answered(struct smtpwire *wire, struct str *out)
{
	struct smtp_answer *answer = answer_of(wire);

	answer->taken = taken_by(wire);
	if (answer->taken == SMTP_TAKEN_UNKNOWN)
		spoil(wire, SMTP_ODD_CODE);
	if (answer->taken == SMTP_TAKEN_UNKNOWN || wire->code == 421)
		return quit(wire, out);
	if (wire->stage == SMTPWIRE_RCPT)
		return say(wire, SMTPWIRE_RSET, out);
	return answer->taken == SMTP_TAKEN ? say(wire, SMTPWIRE_RCPT, out) : quit(wire, out);
}

static enum smtpwire_step reset_answered(struct smtpwire *wire, struct str *out)
{
	if (wire->code != 250 || wire->rcpt + 1 == SMTP_RCPTS)
		return quit(wire, out);
	wire->rcpt++;
	return say(wire, SMTPWIRE_MAIL, out);
}

static enum smtpwire_step replied(struct smtpwire *wire, struct str *out)
{
	switch (wire->stage) {
	case SMTPWIRE_GREETING:
		return greeted(wire, out);
	case SMTPWIRE_EHLO:
	case SMTPWIRE_HELO:
		return introduced(wire, out);
	case SMTPWIRE_STARTTLS:
		return starttls_answered(wire, out);
	case SMTPWIRE_SECURED:
		return secured_answered(wire, out);
	case SMTPWIRE_MAIL:
	case SMTPWIRE_RCPT:
		return trial_answered(wire, out);
	case SMTPWIRE_RSET:
		return reset_answered(wire, out);
	case SMTPWIRE_QUIT:
		break;
	}
	return SMTPWIRE_OVER;
}

/* ---- lines ---- */

static enum smtpwire_step spoiled(struct smtpwire *wire, unsigned odd)
{
	spoil(wire, odd);
	return SMTPWIRE_OVER;
}

static void keep_first(struct smtpwire *wire, uint16_t code)
{
	struct smtp_answer *answer = answer_of(wire);

	wire->code = code;
	if (wire->stage == SMTPWIRE_RSET)
		return;
	*(answer ? &answer->code : &wire->facts->code) = code;
	keep_text(answer ? answer->reply : wire->facts->reply, wire->line);
	if (wire->stage == SMTPWIRE_GREETING)
		keep_text(wire->facts->banner, wire->line);
}

/* A whole line, its end cut off. */
static enum smtpwire_step line_ended(struct smtpwire *wire, struct str *out)
{
	uint16_t code = code_of(wire->line);

	if (wire->stage == SMTPWIRE_QUIT)
		return SMTPWIRE_OVER;
	if (!code)
		return spoiled(wire, SMTP_ODD_NO_CODE);
	if (wire->lines == 0)
		keep_first(wire, code);
	else if (code != wire->code)
		return spoiled(wire, SMTP_ODD_MIXED);
	else if (wire->stage == SMTPWIRE_EHLO || wire->stage == SMTPWIRE_SECURED)
		read_offer(wire, wire->line[3] ? wire->line + 4 : "");
	wire->lines++;
	if (wire->line[3] != '-')
		return replied(wire, out);
	return wire->lines < SMTPWIRE_LINES ? SMTPWIRE_READ : spoiled(wire, SMTP_ODD_MANY);
}

static enum smtpwire_step take_byte(struct smtpwire *wire, char c, struct str *out)
{
	wire->began = true;
	if (c != '\n') {
		if (wire->n_line == SMTPWIRE_LINE)
			return spoiled(wire, SMTP_ODD_LONG);
		wire->line[wire->n_line++] = c ? c : '?'; /* a zero byte would hide what follows it */
		return SMTPWIRE_READ;
	}
	if (wire->n_line && wire->line[wire->n_line - 1] == '\r')
		wire->n_line--;
	else
		wire->facts->odd |= wire->stage == SMTPWIRE_QUIT ? 0 : SMTP_ODD_BARE_LF;
	wire->line[wire->n_line] = '\0';
	wire->n_line = 0;
	return line_ended(wire, out);
}

/* An answer that came too early may be that to another question: none of them counts. */
static enum smtpwire_step doubted(struct smtpwire *wire)
{
	wire->facts->mail = (struct smtp_answer){ 0 };
	for (size_t i = 0; i < SMTP_RCPTS; i++)
		wire->facts->rcpt[i] = (struct smtp_answer){ 0 };
	return SMTPWIRE_OVER;
}

/* What follows a whole reply was not asked for. Before TLS it is thrown away: within TLS it must not count as said there. */
enum smtpwire_step smtpwire_feed(struct smtpwire *wire, const char *bytes, size_t n, struct str *out)
{
	enum smtpwire_step step = SMTPWIRE_READ;

	for (size_t i = 0; i < n; i++) {
		enum smtpwire_stage stage = wire->stage;

		step = take_byte(wire, bytes[i], out);
		if (i + 1 < n && stage != SMTPWIRE_QUIT && (wire->stage != stage || step == SMTPWIRE_TLS))
			wire->facts->odd |= SMTP_ODD_EARLY;
		if (wire->facts->tried && (wire->facts->odd & SMTP_ODD_EARLY) && wire->stage != SMTPWIRE_QUIT)
			return doubted(wire);
		if (step == SMTPWIRE_TLS || step == SMTPWIRE_OVER)
			return step;
	}
	return wire->stage == SMTPWIRE_QUIT ? SMTPWIRE_BYE : step;
}

enum smtpwire_step smtpwire_secured(struct smtpwire *wire, struct str *out)
{
	wire->facts->tls = SMTP_TLS_UP;
	return say(wire, SMTPWIRE_SECURED, out);
}

enum smtpwire_step smtpwire_unsecured(struct smtpwire *wire)
{
	wire->facts->tls = SMTP_TLS_BROKEN;
	return SMTPWIRE_OVER;
}

/* A greeting of which nothing came is another thing than one that broke off. */
void smtpwire_closed(struct smtpwire *wire)
{
	if (wire->stage == SMTPWIRE_GREETING && !wire->began)
		wire->facts->seen = SMTP_DROPPED;
	else
		spoil(wire, SMTP_ODD_CLOSED);
}

void smtpwire_late(struct smtpwire *wire)
{
	if (wire->stage == SMTPWIRE_GREETING && !wire->began)
		wire->facts->seen = SMTP_MUTE;
	else
		spoil(wire, SMTP_ODD_LATE);
}
