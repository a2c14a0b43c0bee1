/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/facts/smtp.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

struct smtp_facts *facts_smtp(const struct facts *facts, const struct dname *host, const struct addr *addr)
{
	for (size_t i = 0; i < facts->n_smtp; i++)
		if (addr_equal(&facts->smtp[i].addr, addr) && dname_equal(&facts->smtp[i].host, host))
			return &facts->smtp[i];
	return NULL;
}

struct smtp_facts *facts_smtp_add(struct facts *facts, const struct dname *host, const struct addr *addr)
{
	struct smtp_facts *row = facts_smtp(facts, host, addr);

	if (row)
		return row;
	facts->smtp = mem_grow(facts->smtp, facts->n_smtp, &facts->cap_smtp, sizeof(*facts->smtp));
	row = &facts->smtp[facts->n_smtp++];
	*row = (struct smtp_facts){ .host = *host, .addr = *addr };
	return row;
}

bool smtp_is_final(enum smtp_seen seen)
{
	return seen != SMTP_UNASKED && seen != SMTP_PENDING;
}

bool smtp_connected(enum smtp_seen seen)
{
	return seen >= SMTP_DROPPED;
}

enum fact smtp_reach(const struct facts *facts, uint8_t family)
{
	for (size_t i = 0; i < facts->n_smtp; i++) {
		const struct smtp_facts *row = &facts->smtp[i];

		if (row->addr.family == family && (smtp_connected(row->seen) || row->seen == SMTP_REFUSED))
			return FACT_YES;
	}
	return FACT_UNKNOWN;
}

enum smtp_cert_state smtp_cert_state(const struct smtp_facts *row)
{
	const struct smtp_tls_facts *cert = &row->cert;

	if (row->tls != SMTP_TLS_UP || cert->n_chain == 0)
		return SMTP_CERT_NONE;
	if (row->at > cert->not_after)
		return SMTP_CERT_EXPIRED;
	if (row->at < cert->not_before)
		return SMTP_CERT_EARLY;
	if (cert->trust == SMTP_SELF_SIGNED)
		return SMTP_CERT_SELF_SIGNED;
	if (cert->trust == SMTP_UNTRUSTED)
		return SMTP_CERT_UNTRUSTED;
	if (cert->names_host != FACT_YES)
		return SMTP_CERT_OTHER_NAME;
	return cert->trust == SMTP_TRUSTED ? SMTP_CERT_GOOD : SMTP_CERT_UNJUDGED;
}

const char *smtp_seen_text(enum smtp_seen seen)
{
	static const char *const texts[] = { [SMTP_UNASKED] = N_("not asked"),
		[SMTP_PENDING] = N_("not answered yet"),
		[SMTP_REFUSED] = N_("refuses the connection"),
		[SMTP_SILENT] = N_("no answer"),
		[SMTP_UNREACHABLE] = N_("not reachable from here"),
		[SMTP_DROPPED] = N_("hangs up"),
		[SMTP_MUTE] = N_("does not greet"),
		[SMTP_GREETS_4XX] = N_("refuses for now (greeting)"),
		[SMTP_GREETS_5XX] = N_("refuses for good (greeting)"),
		[SMTP_GREETS_ODD] = N_("an odd greeting"),
		[SMTP_EHLO_4XX] = N_("refuses for now (EHLO)"),
		[SMTP_EHLO_5XX] = N_("refuses for good (EHLO)"),
		[SMTP_EHLO_ODD] = N_("an odd reply to EHLO"),
		[SMTP_READY] = N_("answers") };

	return texts[seen];
}

const char *smtp_tls_text(enum smtp_tls tls)
{
	static const char *const texts[] = { [SMTP_TLS_UNKNOWN] = "",
		[SMTP_TLS_NOT_OFFERED] = N_("not offered"),
		[SMTP_TLS_4XX] = N_("refused for now"),
		[SMTP_TLS_5XX] = N_("refused for good"),
		[SMTP_TLS_ODD] = N_("an odd reply"),
		[SMTP_TLS_BROKEN] = N_("fails"),
		[SMTP_TLS_UP] = N_("works") };

	return texts[tls];
}

const char *smtp_cert_text(enum smtp_cert_state state)
{
	static const char *const texts[] = { [SMTP_CERT_NONE] = "",
		[SMTP_CERT_GOOD] = N_("valid"),
		[SMTP_CERT_EXPIRED] = N_("expired"),
		[SMTP_CERT_EARLY] = N_("not valid yet"),
		[SMTP_CERT_SELF_SIGNED] = N_("self-signed"),
		[SMTP_CERT_UNTRUSTED] = N_("not trusted"),
		[SMTP_CERT_OTHER_NAME] = N_("for another name"),
		[SMTP_CERT_UNJUDGED] = N_("not judged: no authorities here") };

	return texts[state];
}

const char *smtp_cert_name(enum smtp_cert_state state)
{
	static const char *const names[] = { [SMTP_CERT_NONE] = "none",
		[SMTP_CERT_GOOD] = "good",
		[SMTP_CERT_EXPIRED] = "expired",
		[SMTP_CERT_EARLY] = "not-yet-valid",
		[SMTP_CERT_SELF_SIGNED] = "self-signed",
		[SMTP_CERT_UNTRUSTED] = "untrusted",
		[SMTP_CERT_OTHER_NAME] = "other-name",
		[SMTP_CERT_UNJUDGED] = "unjudged" };

	return names[state];
}

const char *smtp_seen_name(enum smtp_seen seen)
{
	static const char *const names[] = { [SMTP_UNASKED] = "not-asked",
		[SMTP_PENDING] = "not-asked",
		[SMTP_REFUSED] = "refused",
		[SMTP_SILENT] = "timeout",
		[SMTP_UNREACHABLE] = "unreachable",
		[SMTP_DROPPED] = "drop",
		[SMTP_MUTE] = "mute",
		[SMTP_GREETS_4XX] = "greeting-4xx",
		[SMTP_GREETS_5XX] = "greeting-5xx",
		[SMTP_GREETS_ODD] = "greeting-odd",
		[SMTP_EHLO_4XX] = "ehlo-4xx",
		[SMTP_EHLO_5XX] = "ehlo-5xx",
		[SMTP_EHLO_ODD] = "ehlo-odd",
		[SMTP_READY] = "ready" };

	return names[seen];
}

const char *smtp_tls_name(enum smtp_tls tls)
{
	static const char *const names[] = { [SMTP_TLS_UNKNOWN] = "unknown",
		[SMTP_TLS_NOT_OFFERED] = "not-offered",
		[SMTP_TLS_4XX] = "starttls-4xx",
		[SMTP_TLS_5XX] = "starttls-5xx",
		[SMTP_TLS_ODD] = "starttls-odd",
		[SMTP_TLS_BROKEN] = "tls-fail",
		[SMTP_TLS_UP] = "up" };

	return names[tls];
}

const char *smtp_trust_name(enum smtp_trust trust)
{
	static const char *const names[] = { [SMTP_TRUST_UNKNOWN] = "unknown",
		[SMTP_TRUSTED] = "trusted",
		[SMTP_SELF_SIGNED] = "self-signed",
		[SMTP_UNTRUSTED] = "untrusted" };

	return names[trust];
}

static size_t place_of(unsigned bit)
{
	size_t place = 0;

	while (bit > 1u << place)
		place++;
	return place;
}

const char *smtp_odd_name(unsigned bit)
{
	static const char *const names[SMTP_ODDS] = { "no-code", "unexpected-code", "endless-line", "endless-reply", "mixed-codes",
		"closed", "late", "bare-lf", "early", "starttls-again" };

	return names[place_of(bit)];
}

const char *smtp_offer_name(unsigned bit)
{
	static const char *const names[SMTP_OFFERS] = { "SIZE", "8BITMIME", "SMTPUTF8", "STARTTLS", "PIPELINING", "ENHANCEDSTATUSCODES",
		"DSN", "CHUNKING", "REQUIRETLS" };

	return names[place_of(bit)];
}

/* ---- intrusive probes ---- */

bool smtp_trial_make(struct smtp_trial *trial, const struct dname *domain, uint64_t number)
{
	static const char *const strangers[] = { "example.org", "example.net" };
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char name[DNAME_TEXT_MAX];
	struct dname stranger;

	dname_text(domain, name);
	if (dname_is_root(domain) || strspn(name, plain) != strlen(name) || !dname_parse(&stranger, strangers[0], NULL))
		return false;
	snprintf(trial->rcpt[SMTP_RCPT_POSTMASTER], SMTP_ADDRESS, "postmaster@%.253s", name);
	snprintf(trial->rcpt[SMTP_RCPT_MADE_UP], SMTP_ADDRESS, "mxladder-probe-%016llx@%.253s", (unsigned long long)number, name);
	snprintf(trial->rcpt[SMTP_RCPT_STRANGER], SMTP_ADDRESS, "mxladder-probe-%016llx@%s", (unsigned long long)number,
		strangers[dname_under(domain, &stranger)]);
	return true;
}

const char *smtp_taken_text(enum smtp_taken taken)
{
	static const char *const texts[] = { [SMTP_TAKEN_UNKNOWN] = N_("not known"),
		[SMTP_TAKEN] = N_("taken"),
		[SMTP_TAKEN_4XX] = N_("refused for now"),
		[SMTP_TAKEN_5XX] = N_("refused for good") };

	return texts[taken];
}

const char *smtp_taken_name(enum smtp_taken taken)
{
	static const char *const names[] = {
		[SMTP_TAKEN_UNKNOWN] = NULL, [SMTP_TAKEN] = "accepted", [SMTP_TAKEN_4XX] = "refused-4xx", [SMTP_TAKEN_5XX] = "refused-5xx"
	};

	return names[taken];
}
