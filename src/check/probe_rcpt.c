/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which recipients mail servers take, as intrusive probes heard: no message was sent, so what a server does after DATA is not known. */
#include "check/probe.h"

#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "base/banned.h"

/* Where no intrusive probe was made, what was met says nothing of recipients. */
static void each_tried(const struct check *check, const struct check_input *in, probe_fn fn, struct findings *out)
{
	if (in->facts->intrusive)
		probe_each(check, in, fn, out);
}

/* Why an answer tells nothing. */
static void skip_row(const struct check *check, const struct smtp_facts *row, const struct smtp_answer *answer, struct findings *out)
{
	struct msg *why = findings_skip(out, check);
	char text[PROBE_WHO_MAX];

	probe_who(row, text);
	if (!row->tried)
		msg_set(why, N_("%s was not asked for recipients, because the talk did not come so far"), text);
	else if (answer->code)
		msg_set(why, N_("what %s answers does not tell: %u %s"), text, answer->code, answer->reply);
	else if (row->mail.taken != SMTP_TAKEN && row->mail.code)
		msg_set(why, N_("%s does not take the empty sender: %u %s"), text, row->mail.code, row->mail.reply);
	else
		msg_set(why, N_("%s gave no answer that can be read"), text);
}

/* ---- for strangers ---- */

/* A server that refuses the postmaster too may refuse the machine that asks, and nobody else. */
static void relay_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	const struct smtp_answer *answer = &row->rcpt[SMTP_RCPT_STRANGER];
	char text[PROBE_WHO_MAX], from[ADDR_TEXT_MAX];

	(void)in;
	if (answer->taken == SMTP_TAKEN)
		msg_set(&findings_add(out, check, mx)->text, N_("%s takes a recipient of a domain that is not its own, from %s: %u %s"),
			probe_who(row, text), addr_text(&row->from, from), answer->code, answer->reply);
	else if (answer->taken != SMTP_TAKEN_5XX || row->rcpt[SMTP_RCPT_POSTMASTER].taken == SMTP_TAKEN_5XX)
		skip_row(check, row, answer, out);
}

static void relay_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tried(check, in, relay_row, out);
}

const struct check check_open_relay = {
	.id = "open-relay",
	.level = LEVEL_ERROR,
	.title = N_("A mail server must not relay for strangers"),
	.why = N_(
		"A server that carries anybody's mail to anywhere is found by spammers within hours, and then by block lists. It is none where the machine that asked may relay there, or where the server refuses only once the message has come: none was sent."),
	.reference = "RFC 5321 §7.9",
	.needs = NEEDS_HOSTS | NEEDS_SMTP | NEEDS_RCPT,
	.run = relay_run,
};

/* ---- a backup beside a server that is tried before it ---- */

typedef bool (*row_is)(const struct smtp_facts *row, enum smtp_rcpt rcpt);

/* An address of a host with a better preference, of which this is so; or NULL. */
static const struct smtp_facts *better(const struct check_input *in, const struct mx *mx, row_is is, enum smtp_rcpt rcpt)
{
	for (size_t i = 0; i < in->set->n && in->set->mx[i].preference < mx->preference; i++) {
		const struct host_facts *host = record_is_name(in, i) ? record_host(in, i) : NULL;

		for (size_t k = 0; host && k < host->n_addr; k++) {
			const struct smtp_facts *row = facts_smtp(in->facts, &host->host, &host->addr[k]);

			if (row && smtp_is_final(row->seen) && is(row, rcpt))
				return row;
		}
	}
	return NULL;
}

/* A server that refuses the postmaster too may refuse the machine that asks, not the recipient. */
static bool refuses_him(const struct smtp_facts *row, enum smtp_rcpt rcpt)
{
	return row->rcpt[rcpt].taken == SMTP_TAKEN_5XX && row->rcpt[SMTP_RCPT_POSTMASTER].taken == SMTP_TAKEN;
}

static bool does_not_tell(const struct smtp_facts *row, enum smtp_rcpt rcpt)
{
	return row->rcpt[rcpt].taken != SMTP_TAKEN && !refuses_him(row, rcpt);
}

static void backscatter_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	const struct smtp_facts *first = better(in, mx, refuses_him, SMTP_RCPT_MADE_UP);
	const struct smtp_answer *answer = &row->rcpt[SMTP_RCPT_MADE_UP];
	char text[PROBE_WHO_MAX], other[PROBE_WHO_MAX];

	if (answer->taken == SMTP_TAKEN && first) {
		msg_set(&findings_add(out, check, mx)->text, N_("%s takes an address that nobody has, and %s refuses it: %u %s"),
			probe_who(row, text), probe_who(first, other), first->rcpt[SMTP_RCPT_MADE_UP].code,
			first->rcpt[SMTP_RCPT_MADE_UP].reply);
		return;
	}
	if (answer->taken == SMTP_TAKEN)
		first = better(in, mx, does_not_tell, SMTP_RCPT_MADE_UP);
	if (first && answer->taken == SMTP_TAKEN)
		skip_row(check, first, &first->rcpt[SMTP_RCPT_MADE_UP], out);
	else if (first && answer->taken != SMTP_TAKEN_5XX)
		skip_row(check, row, answer, out);
}

static void backscatter_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tried(check, in, backscatter_row, out);
}

const struct check check_backscatter = {
	.id = "backscatter",
	.level = LEVEL_WARNING,
	.title = N_("A backup should refuse whom the first server refuses"),
	.why = N_(
		"A backup that takes mail for addresses that do not exist has to return it, mostly to people whose address a spammer used, or to drop it unsaid. Give it the list of recipients, or let it ask the first server. What it does after DATA was not tried."),
	.reference = "RFC 5321 §3.6.2, §6.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP | NEEDS_RCPT,
	.run = backscatter_run,
};

/* ---- greylisting ---- */

/* Does a reply say that it is for greylisting? A refusal for now by itself may be for anything. */
static bool names_greylisting(const char *reply)
{
	static const char *const words[] = { "greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list" };

	for (; *reply; reply++)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (strncasecmp(reply, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

static bool greylists(const struct smtp_facts *row, enum smtp_rcpt rcpt)
{
	return row->rcpt[rcpt].taken == SMTP_TAKEN_4XX && names_greylisting(row->rcpt[rcpt].reply);
}

/* Might the server put off other senders? It did so now, gave no clear answer, or refused even the postmaster. */
static bool may_put_off(const struct smtp_facts *row, enum smtp_rcpt rcpt)
{
	return row->rcpt[rcpt].taken == SMTP_TAKEN_4XX || row->rcpt[rcpt].taken == SMTP_TAKEN_UNKNOWN ||
	       row->rcpt[SMTP_RCPT_POSTMASTER].taken == SMTP_TAKEN_5XX;
}

/* Looks at the postmaster and at a made-up recipient: greylists often spare the postmaster. */
static void leak_row(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct smtp_facts *row, struct findings *out)
{
	static const enum smtp_rcpt of[] = { SMTP_RCPT_POSTMASTER, SMTP_RCPT_MADE_UP };
	char text[PROBE_WHO_MAX], other[PROBE_WHO_MAX];
	const struct smtp_facts *first = NULL;

	for (size_t i = 0; i < 2 && !first; i++) {
		first = row->rcpt[of[i]].taken == SMTP_TAKEN ? better(in, mx, greylists, of[i]) : NULL;
		if (!first)
			continue;
		msg_set(&findings_add(out, check, mx)->text, N_("%s takes at once what %s greylists: %u %s"), probe_who(row, text),
			probe_who(first, other), first->rcpt[of[i]].code, first->rcpt[of[i]].reply);
		return;
	}
	for (size_t i = 0; i < 2 && !first; i++) {
		first = row->rcpt[of[i]].taken == SMTP_TAKEN ? better(in, mx, may_put_off, of[i]) : NULL;
		if (first)
			skip_row(check, first, &first->rcpt[of[i]], out);
	}
}

static void leak_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tried(check, in, leak_row, out);
}

const struct check check_greylist_leak = {
	.id = "greylist-leak",
	.level = LEVEL_WARNING,
	.title = N_("A backup should greylist where the first server does"),
	.why = N_(
		"Who is put off by the first server goes to the backup at once, as Postfix, Exim and Sendmail do, and is taken there: the greylist then delays honest mail and keeps nobody out. Greylist on all servers, with one memory, or on none."),
	.reference = "RFC 6647 §4.1",
	.needs = NEEDS_HOSTS | NEEDS_SMTP | NEEDS_RCPT,
	.run = leak_run,
};
