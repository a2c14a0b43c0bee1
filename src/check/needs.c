/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/needs.h"

#include "base/i18n.h"
#include "check/rules.h"
#include "core/facts/smtp.h"
#include "core/server.h"
#include "base/banned.h"

static enum known worse(enum known a, enum known b)
{
	return a > b ? a : b;
}

static enum known servers_known(const struct check_input *in)
{
	struct server_count count;

	servers_count(in->facts, NULL, &count);
	if (count.by_state[SERVER_PENDING])
		return KNOWN_LATER;
	return count.by_state[SERVER_ANSWERS] ? KNOWN : KNOWN_NOT;
}

static enum known parent_known(const struct check_input *in)
{
	if (in->facts->delegated != FACT_UNKNOWN)
		return KNOWN;
	return in->facts->parent_ns == ANSWER_PENDING ? KNOWN_LATER : KNOWN_NOT;
}

static enum known dnssec_known(const struct check_input *in)
{
	if (in->facts->dnssec == DNSSEC_PENDING)
		return KNOWN_LATER;
	return in->facts->dnssec == DNSSEC_UNCHECKED ? KNOWN_NOT : KNOWN;
}

static enum known zone_known(const struct check_input *in, size_t i)
{
	const struct dname *host = &in->set->mx[i].host;
	const struct registered_facts *registered = facts_registered(in->facts, host);

	if (registered && registered->ns == ANSWER_PENDING)
		return KNOWN_LATER;
	return facts_zone_of(in->facts, host) ? KNOWN : KNOWN_NOT;
}

static enum known names_known(const struct check_input *in, size_t i)
{
	const struct host_facts *host = record_host(in, i);
	enum known known = KNOWN;

	for (size_t k = 0; host && k < host->n_addr; k++) {
		const struct ptr_facts *ptr = facts_ptr(in->facts, &host->addr[k]);

		known = worse(known, ptr ? answer_known(ptr->ptr) : KNOWN_NOT);
	}
	return known;
}

static enum known lists_known(const struct check_input *in, size_t i)
{
	const struct host_facts *host = record_host(in, i);
	const struct facts *facts = in->facts;
	enum known known = facts->n_listed ? KNOWN : KNOWN_NOT;

	for (size_t n = 0; n < facts->n_listed; n++)
		for (size_t k = 0; host && k < host->n_addr; k++)
			if (addr_equal(&facts->listed[n].addr, &host->addr[k]) && facts->listed[n].listed == FACT_UNKNOWN)
				known = worse(known, facts->listed[n].answer == ANSWER_PENDING ? KNOWN_LATER : KNOWN_NOT);
	return known;
}

/* A failure that the name's servers cause is an answer: senders that use DANE then keep away. */
static enum known tlsa_known(const struct check_input *in, size_t i)
{
	const struct tlsa_facts *tlsa = record_tlsa(in, i);

	if (!tlsa)
		return KNOWN_NOT;
	return tlsa->answer == ANSWER_SERVFAIL ? KNOWN : answer_known(tlsa->answer);
}

/* A server that a probe could not reach from here is known as far as it can be: the checks say so. */
static enum known probes_known(const struct check_input *in, size_t i)
{
	const struct host_facts *host = record_host(in, i);

	for (size_t k = 0; in->facts->n_smtp && host && k < host->n_addr; k++) {
		const struct smtp_facts *row = facts_smtp(in->facts, &in->set->mx[i].host, &host->addr[k]);

		if (row && row->seen == SMTP_PENDING)
			return KNOWN_LATER;
	}
	return in->facts->probed ? KNOWN : KNOWN_NOT;
}

static enum known recipients_known(const struct check_input *in, size_t i)
{
	return in->facts->intrusive ? probes_known(in, i) : KNOWN_NOT;
}

/* What is known of the targets together: the least that is known of one. */
static enum known each_target(const struct check_input *in, enum known (*known_of)(const struct check_input *in, size_t i))
{
	enum known known = KNOWN;

	for (size_t i = 0; i < in->set->n && known != KNOWN_LATER; i++)
		if (record_is_name(in, i))
			known = worse(known, known_of(in, i));
	return known;
}

static enum known policy_known(const struct check_input *in)
{
	const struct sts_facts *sts = &in->facts->sts;
	enum known known = answer_known(sts->txt);

	if (known != KNOWN || !sts->n_record)
		return known;
	return sts->fetch == STS_FETCH_PENDING ? KNOWN_LATER : sts->fetch == STS_FETCH_UNASKED ? KNOWN_NOT : KNOWN;
}

static enum known spf_known(const struct check_input *in)
{
	const struct spf_facts *spf = &in->facts->spf;
	enum known known = answer_known(spf->txt);

	if (known != KNOWN)
		return known;
	return spf->result == SPF_UNKNOWN ? KNOWN_LATER : spf->result == SPF_TEMPERROR ? KNOWN_NOT : KNOWN;
}

static enum known need_known(const struct check_input *in, enum need need)
{
	switch (need) {
	case NEEDS_MX:
		return answer_known(in->facts->mx);
	case NEEDS_HOSTS:
	case NEEDS_STAR: /* the checks that look at these two say what they did not see */
	case NEEDS_PAST:
		return KNOWN;
	case NEEDS_SERVERS:
		return servers_known(in);
	case NEEDS_PARENT:
		return parent_known(in);
	case NEEDS_TARGET_ZONES:
		return each_target(in, zone_known);
	case NEEDS_DNSSEC:
		return dnssec_known(in);
	case NEEDS_PTR:
		return each_target(in, names_known);
	case NEEDS_TLSA:
		return each_target(in, tlsa_known);
	case NEEDS_STS_TXT:
		return answer_known(in->facts->sts.txt);
	case NEEDS_STS_POLICY:
		return policy_known(in);
	case NEEDS_TLSRPT:
		return answer_known(in->facts->tlsrpt.txt);
	case NEEDS_SPF:
		return spf_known(in);
	case NEEDS_DMARC:
		return answer_known(in->facts->dmarc.txt);
	case NEEDS_DS:
		return answer_known(in->facts->ds.ds);
	case NEEDS_ZONE:
		return in->facts->zone.len ? KNOWN : in->facts->child_ns == ANSWER_PENDING ? KNOWN_LATER : KNOWN_NOT;
	case NEEDS_NAME:
		return in->facts->wildcard != FACT_UNKNOWN ? KNOWN : KNOWN_NOT;
	case NEEDS_DNSBL:
		return each_target(in, lists_known);
	case NEEDS_SMTP:
		return each_target(in, probes_known);
	case NEEDS_RCPT:
		return each_target(in, recipients_known);
	}
	return KNOWN_NOT;
}

static const char *reason(enum need need)
{
	switch (need) {
	case NEEDS_MX:
	case NEEDS_HOSTS:
	case NEEDS_STAR:
	case NEEDS_PAST:
		break;
	case NEEDS_SERVERS:
		return N_("no name server of the zone told its set");
	case NEEDS_PARENT:
		return N_("what the parent zone's servers say is not known");
	case NEEDS_TARGET_ZONES:
		return N_("the zones of the targets are not all known");
	case NEEDS_DNSSEC:
		return N_("nothing was validated");
	case NEEDS_PTR:
		return N_("the names of the targets' addresses are not all known");
	case NEEDS_TLSA:
		return N_("the targets' TLSA records are not all known");
	case NEEDS_STS_TXT:
		return N_("the MTA-STS record is not known");
	case NEEDS_STS_POLICY:
		return N_("the MTA-STS policy is not known");
	case NEEDS_TLSRPT:
		return N_("the TLS reporting record is not known");
	case NEEDS_SPF:
		return N_("the SPF record, or one that it includes, is not known");
	case NEEDS_DMARC:
		return N_("the DMARC record is not known");
	case NEEDS_DNSBL:
		return N_("no block list was asked, or one of them did not answer");
	case NEEDS_SMTP:
		return N_("probing is off");
	case NEEDS_RCPT:
		return N_("no intrusive probe was made");
	case NEEDS_DS:
		return N_("the DS records of the zone are not known");
	case NEEDS_ZONE:
		return N_("the zone of the domain is not known");
	case NEEDS_NAME:
		return N_("it is not known how the domain's name stands in its zone");
	}
	return NULL;
}

static bool is_missing(const struct check_input *in, enum need need, enum known known, struct msg *why)
{
	char text[DNAME_TEXT_MAX];

	if (known == KNOWN)
		return false;
	if (known == KNOWN_LATER)
		msg_set(why, N_("not answered yet"));
	else if (need == NEEDS_MX)
		msg_set(why, N_("the MX records of %s are not known"), dname_show(in->domain, text));
	else
		*why = (struct msg){ .id = reason(need) };
	return true;
}

bool needs_missing(const struct check_input *in, unsigned needs, struct needs_seen *seen, struct msg *why)
{
	for (unsigned at = 0; at < NEEDS_BITS; at++) {
		unsigned bit = 1u << at;

		if (!(needs & bit))
			continue;
		if (!(seen->looked & bit)) {
			seen->looked |= bit;
			seen->known[at] = need_known(in, (enum need)bit);
		}
		if (is_missing(in, (enum need)bit, seen->known[at], why))
			return true;
	}
	return false;
}
