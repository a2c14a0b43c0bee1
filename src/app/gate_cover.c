/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates on what protects the mail on its way, and lets it go nowhere else: MTA-STS and DANE. */
#include "app/gate_private.h"

#include "base/i18n.h"
#include "base/text.h"
#include "check/dane.h"
#include "base/banned.h"

/* The next host that the plan brings, from *i on; NULL: no more. */
static const struct dname *next_new(const struct plan *plan, size_t *i)
{
	while (*i < plan->want.n) {
		const struct mx *mx = &plan->want.mx[(*i)++];

		if (gate_is_host(mx) && mxset_find(&plan->base, &mx->host) == plan->base.n)
			return &mx->host;
	}
	return NULL;
}

static const struct dname *first_unnamed(const struct gate_input *in)
{
	const struct dname *host;
	size_t i = 0;

	while ((host = next_new(in->plan, &i)) != NULL)
		if (!sts_covers(&in->facts->sts.policy, host))
			return host;
	return NULL;
}

/* Without MX records the domain's own address takes the mail. */
static bool leads_to_itself(const struct gate_input *in)
{
	const struct plan *plan = in->plan;

	return plan->base.n && !plan->want.n && gate_has_address(in->facts, &plan->domain) != GATE_NO;
}

static void ask_itself(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct sts_facts *sts = &in->facts->sts;
	const struct dname *domain = &in->plan->domain;
	bool told = sts_binds(sts) == FACT_YES;
	char text[DNAME_TEXT_MAX];

	dname_show(domain, text);
	if (told && (sts->policy.mode != STS_ENFORCE || sts_covers(&sts->policy, domain)))
		return;
	if (told && !sts->policy.more)
		msg_set(gate_add(out, row->id, GATE_NO),
			N_("the MTA-STS policy (enforce) does not name %s itself, whose own address would take the mail"), text);
	else
		msg_set(gate_add(out, row->id, GATE_UNKNOWN),
			N_("whether an MTA-STS policy keeps senders away from %s itself, whose own address would take the mail, is not known"),
			text);
}

static const char *why_unknown(const struct sts_facts *sts)
{
	if (!sts->n_record)
		return N_("whether there is an MTA-STS policy that does not name %s, which the plan adds, is not known");
	if (!sts_is_read(sts))
		return N_("whether the MTA-STS policy names %s, which the plan adds, is not known: the policy could not be read");
	if (sts->policy.mode == STS_MODE_UNKNOWN)
		return N_(
			"whether senders keep away from %s, which the plan adds, is not known: the MTA-STS policy has no mode that is known");
	return N_("whether the MTA-STS policy names %s, which the plan adds, is not known: it has more lines than were read");
}

/* Senders that honour MTA-STS skip a host that the policy does not name; that it does not is what sts-order finds. */
void gate_ask_sts(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct sts_facts *sts = &in->facts->sts;
	enum fact binds = sts->txt == ANSWER_UNASKED && !sts->n_record ? FACT_NO : sts_binds(sts);
	const struct dname *host;
	char text[DNAME_TEXT_MAX];
	struct msg *msg;
	size_t i = 0;

	if (in->stood || in->undo || binds == FACT_NO)
		return;
	if (leads_to_itself(in))
		ask_itself(row, in, out);
	if (binds == FACT_YES && !sts->policy.more)
		return;
	host = binds == FACT_YES ? first_unnamed(in) : next_new(in->plan, &i);
	if (!host)
		return;
	msg = gate_add(out, row->id, GATE_UNKNOWN);
	*msg = (struct msg){ .id = why_unknown(sts) };
	text_copy(msg->arg[0], sizeof(msg->arg[0]), dname_show(host, text));
}

/* ---- DANE ---- */

/* Why the host may not come yet; GATE_YES: it may. That the lookup fails where the addresses are signed is what tlsa-servfail finds. */
static enum gate_answer dane_of(const struct facts *facts, enum fact covers, const struct dname *host, const char **why)
{
	const struct tlsa_facts *row = facts_tlsa(facts, host);
	enum fact guards = tlsa_guards(row);

	if (guards == FACT_NO && covers == FACT_YES) {
		*why = N_("all servers are protected by DANE now, and %s, which the plan adds, is not");
		return GATE_NO;
	}
	if (guards == FACT_NO && covers == FACT_UNKNOWN) {
		*why = N_("whether all servers are protected by DANE now is not known, and %s, which the plan adds, is not");
		return GATE_UNKNOWN;
	}
	if (guards == FACT_UNKNOWN && gate_has_address(facts, host) == GATE_YES && row &&
		(row->answer == ANSWER_PENDING || answer_is_soft(row->answer)) &&
		!(row->answer == ANSWER_SERVFAIL && row->host_dnssec == DNSSEC_SECURE)) {
		*why = N_("whether senders that use DANE deliver to %s, which the plan adds, is not known: its TLSA records are not known");
		return GATE_UNKNOWN;
	}
	return GATE_YES;
}

void gate_ask_dane(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	enum fact covers = dane_covers(in->facts, &in->plan->base);
	const struct dname *host;
	char text[DNAME_TEXT_MAX];
	size_t i = 0;

	while (!in->stood && !in->undo && (host = next_new(in->plan, &i)) != NULL) {
		const char *why = NULL;
		enum gate_answer answer = dane_of(in->facts, covers, host, &why);

		if (answer != GATE_YES) {
			struct msg *msg = gate_add(out, row->id, answer);

			*msg = (struct msg){ .id = why };
			text_copy(msg->arg[0], sizeof(msg->arg[0]), dname_show(host, text));
			return;
		}
	}
}
