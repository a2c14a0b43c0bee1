/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that a sender keeps away from for their TLSA records (RFC 7672) or the domain's MTA-STS policy (RFC 8461). */
#include "sim/attempt/attempt.h"

#include "base/i18n.h"

#include "base/banned.h"

/* Is the lookup of the records not over, or did it fail here, or the validation? A sender that cannot have them keeps away where all is
 * signed (RFC 7672 section 2.1), and others' lookups may not fail. */
static bool is_open(const struct facts *facts, const struct tlsa_facts *tlsa)
{
	if (!tlsa || facts->dnssec == DNSSEC_INSECURE)
		return false;
	if (tlsa->answer == ANSWER_PENDING)
		return tlsa->host_dnssec != DNSSEC_INSECURE;
	if (tlsa->host_dnssec == DNSSEC_BOGUS || (tlsa->answer == ANSWER_DATA && tlsa->dnssec == DNSSEC_BOGUS))
		return true;
	return answer_is_soft(tlsa->answer) && (tlsa->host_dnssec == DNSSEC_SECURE || tlsa->host_dnssec == DNSSEC_PENDING);
}

/* Of an alias, records at its end count before its own (RFC 7672 section 2.2.3). Where only its own name has some, Postfix 3.7 goes by them
 * and Exim 4.96 does not (measured: tests/scripts/lab_dane.py). */
static enum fact of_alias(const struct facts *facts, const struct dname *host, enum fact at)
{
	const struct host_facts *known = facts_host(facts, host);
	const struct tlsa_facts *tlsa = facts_tlsa(facts, host);

	if (!known || !known->n_alias || facts->dnssec == DNSSEC_INSECURE)
		return at;
	if (!tlsa || tlsa->end == ANSWER_UNASKED)
		return at == FACT_NO ? FACT_UNKNOWN : at;
	if (tlsa->end == ANSWER_DATA) /* and where the way there is not signed? */
		return tlsa->own == ANSWER_DATA && tlsa->host_dnssec == DNSSEC_INSECURE ? FACT_UNKNOWN : at;
	return tlsa->own == ANSWER_DATA && tlsa->dnssec != DNSSEC_INSECURE ? FACT_UNKNOWN : at;
}

/* Do the host's TLSA records keep a sender that goes by them from a server in this state? */
static enum fact dane_refuses(const struct facts *facts, const struct dname *host, enum sim_state state)
{
	const struct tlsa_facts *tlsa = facts_tlsa(facts, host);
	enum fact wants = of_alias(facts, host, state == SIM_TLSA_MISMATCH ? tlsa_guards(tlsa) : tlsa_wants_tls(tlsa));

	if (state == SIM_UP)
		return is_open(facts, tlsa) ? FACT_UNKNOWN : FACT_NO;
	if (state < SIM_NO_STARTTLS || state > SIM_TLSA_MISMATCH || wants == FACT_NO)
		return FACT_NO;
	/* Postfix goes by them also where the set is not signed, others do not. */
	return facts->dnssec == DNSSEC_SECURE ? wants : FACT_UNKNOWN;
}

/* Does the policy keep a sender that holds to it from such a server? The policy is that which is served now. */
static enum fact policy_refuses(const struct facts *facts, const struct attempt_row *row, enum sim_state state)
{
	enum fact tls = FACT_NO;

	if (row->allowed == FACT_NO)
		return FACT_YES;
	if (state >= SIM_NO_STARTTLS && state <= SIM_CERT_INVALID)
		tls = sts_enforces(&facts->sts);
	if (state == SIM_TLSA_MISMATCH && tls == FACT_YES) /* whether it is valid is not told */
		tls = FACT_UNKNOWN;
	return tls == FACT_NO && row->allowed == FACT_UNKNOWN ? FACT_UNKNOWN : tls;
}

/* Where TLSA records count, a sender with DANE needs no policy: what it does with one that says otherwise is not known. */
static bool is_rivalled(const struct facts *facts, const struct dname *host, enum sim_state state)
{
	if (state >= SIM_NO_STARTTLS && state <= SIM_TLS_FAIL) /* both want TLS */
		return false;
	return facts->dnssec != DNSSEC_INSECURE && of_alias(facts, host, tlsa_guards(facts_tlsa(facts, host))) != FACT_NO;
}

void refuse_look(const struct attempt *attempt, struct endpoint *endpoint)
{
	const struct sender *sender = attempt->sender;
	const struct facts *facts = attempt->in->facts;
	const struct attempt_row *row = &attempt->row[endpoint->row];
	enum fact policy = sender->sts ? policy_refuses(facts, row, endpoint->state) : FACT_NO;
	enum fact dane = sender->dane ? dane_refuses(facts, &row->host, endpoint->state) : FACT_NO;

	if (policy == FACT_YES && sender->dane && is_rivalled(facts, &row->host, endpoint->state))
		policy = FACT_UNKNOWN;
	endpoint->by_policy = policy == FACT_YES || (policy == FACT_UNKNOWN && dane != FACT_YES);
	endpoint->refuses = endpoint->by_policy ? policy : dane;
	endpoint->unlisted = policy == FACT_YES && row->allowed == FACT_NO;
	if (endpoint->unlisted)
		endpoint->state = SIM_UP;
}

void refuse_all(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		if (!attempt->endpoint[i].unlisted)
			return;
	for (size_t i = 0; attempt->sender->sts_bounces && i < attempt->n_endpoint; i++)
		attempt->endpoint[i].out = OUT_NEXT_ELSE_BOUNCE;
}

enum sender_out refuse_out(const struct attempt *attempt, const struct endpoint *endpoint, enum sender_out out)
{
	bool sends = out == OUT_OK || out == OUT_CLEAR_SAME;

	if (endpoint->unlisted)
		return OUT_NEXT;
	if (endpoint->refuses == FACT_YES && sends)
		return OUT_NEXT;
	/* a host that may be left out without a connection is no reason to return or keep the message */
	if (endpoint->refuses == FACT_UNKNOWN &&
		(sends || (out != OUT_NEXT && endpoint->by_policy && attempt->row[endpoint->row].allowed != FACT_YES)))
		return OUT_UNKNOWN;
	return out;
}

const char *refuse_rule(const struct attempt *attempt, const struct endpoint *endpoint)
{
	if (endpoint->out == OUT_OK && endpoint->state == SIM_TLSA_MISMATCH)
		return N_("TLSA records keep this sender from nothing here.");
	if (endpoint->out == OUT_OK && endpoint->state == SIM_CERT_INVALID)
		return N_("This sender takes any certificate here.");
	if (endpoint->out != OUT_NEXT || endpoint->refuses != FACT_YES || attempt->sender->out[endpoint->state] == OUT_NEXT)
		return NULL;
	return endpoint->by_policy
		       ? N_("This sender keeps to MTA-STS: it sends nothing here. The next server is tried; after the last the message waits.")
		       : N_("This sender goes by DANE: it sends nothing here. The next server is tried; after the last the message waits.");
}

static const char *unknown_text(const struct endpoint *endpoint)
{
	if (endpoint->refuses != FACT_UNKNOWN)
		return N_("The address of this server is not known.");
	return endpoint->by_policy ? N_("Whether the MTA-STS policy keeps this sender away is not known.")
				   : N_("Whether TLSA records keep this sender away is not known.");
}

void refuse_tell(const struct endpoint *endpoint, const char **code, const char **text)
{
	if (endpoint->out == OUT_UNKNOWN && endpoint->state != SIM_UNKNOWN) {
		*code = "unknown";
		*text = unknown_text(endpoint);
	} else if (endpoint->unlisted) {
		*code = "unlisted";
		*text = N_("The MTA-STS policy does not list this host.");
	}
}
