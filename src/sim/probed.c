/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/probed.h"

#include "base/banned.h"

/* Does whoever looks at the certificate turn it down? */
static bool is_invalid(enum smtp_cert_state state)
{
	return state != SMTP_CERT_NONE && state != SMTP_CERT_GOOD && state != SMTP_CERT_UNJUDGED;
}

/* The state for a handshake. A certificate is looked at by who keeps to MTA-STS, where the domain has it. One that ends in silence takes
 * time, and no sender's limit for it is known. */
static enum sim_state by_tls(const struct facts *facts, const struct smtp_facts *row)
{
	switch (row->tls) {
	case SMTP_TLS_UP:
		if (row->dane == FACT_NO)
			return SIM_TLSA_MISMATCH;
		return facts->sts.n_record && is_invalid(smtp_cert_state(row)) ? SIM_CERT_INVALID : SIM_UP;
	case SMTP_TLS_NOT_OFFERED:
		return SIM_NO_STARTTLS;
	case SMTP_TLS_4XX:
		return SIM_STARTTLS_4XX;
	case SMTP_TLS_BROKEN:
		return row->odd & SMTP_ODD_LATE ? SIM_UNKNOWN : SIM_TLS_FAIL;
	case SMTP_TLS_UNKNOWN:
	case SMTP_TLS_5XX:
	case SMTP_TLS_ODD:
		break;
	}
	return SIM_UNKNOWN;
}

/* The state for a refused recipient. A permanent refusal may be meant for the machine that asked, so it tells nothing of other mail. */
static enum sim_state by_recipient(const struct smtp_facts *row)
{
	enum smtp_taken taken = row->rcpt[SMTP_RCPT_POSTMASTER].taken;

	if (!row->tried)
		return SIM_UP;
	if (row->mail.taken == SMTP_TAKEN_4XX && taken == SMTP_TAKEN_UNKNOWN)
		return SIM_MAIL_4XX;
	if (taken == SMTP_TAKEN_4XX)
		return SIM_RCPT_4XX;
	return taken == SMTP_TAKEN ? SIM_UP : SIM_UNKNOWN;
}

/* Without TLS, or with a certificate that is not as it should be, the talk goes on for most senders. */
static enum sim_state by_talk(const struct facts *facts, const struct smtp_facts *row)
{
	enum sim_state tls = by_tls(facts, row), rcpt = by_recipient(row);
	bool goes_on = tls == SIM_NO_STARTTLS || tls == SIM_TLSA_MISMATCH || tls == SIM_CERT_INVALID;

	if (tls == SIM_UP || (goes_on && rcpt != SIM_UP))
		return rcpt;
	return tls;
}

enum sim_state probed_state(const struct facts *facts, const struct smtp_facts *row)
{
	switch (row ? row->seen : SMTP_UNASKED) {
	case SMTP_REFUSED:
		return SIM_REFUSED;
	case SMTP_SILENT:
		return smtp_reach(facts, row->addr.family) == FACT_YES ? SIM_TIMEOUT : SIM_UNKNOWN;
	case SMTP_DROPPED:
		return SIM_DROP;
	case SMTP_MUTE:
		return SIM_MUTE;
	case SMTP_GREETS_4XX:
		return SIM_GREETING_4XX;
	case SMTP_GREETS_5XX:
		return SIM_GREETING_5XX;
	case SMTP_EHLO_4XX:
		return SIM_EHLO_4XX;
	case SMTP_EHLO_5XX:
		return SIM_EHLO_5XX;
	case SMTP_READY:
		return by_talk(facts, row);
	case SMTP_UNASKED:
	case SMTP_PENDING:
	case SMTP_UNREACHABLE:
	case SMTP_GREETS_ODD:
	case SMTP_EHLO_ODD:
	case SMTP_SEEN_KINDS:
		break;
	}
	return SIM_UNKNOWN;
}

/* An address that two hosts have is one server; where it was met in two ways, nobody can tell which comes next. */
static enum sim_state address_state(const struct facts *facts, const struct dname *host, const struct addr *addr)
{
	enum sim_state state = probed_state(facts, facts_smtp(facts, host, addr));

	for (size_t i = 0; i < facts->n_smtp; i++)
		if (addr_equal(&facts->smtp[i].addr, addr) && probed_state(facts, &facts->smtp[i]) != state)
			return SIM_UNKNOWN;
	return state;
}

static void mark_host(struct marks *marks, const struct facts *facts, const struct dname *host)
{
	const struct host_facts *known = facts_host(facts, host);
	struct mark mark = { .kind = MARK_ADDRESS };

	for (size_t i = 0; known && i < known->n_addr; i++) {
		mark.addr = known->addr[i];
		mark.state = address_state(facts, host, &mark.addr);
		marks_set(marks, &mark);
	}
}

void marks_probed(struct marks *marks, const struct facts *facts, const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->mx[i].host.len)
			mark_host(marks, facts, &set->mx[i].host);
	if (set->n == 0)
		mark_host(marks, facts, &facts->domain);
}
