/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DANE: TLSA records of the targets, and the signatures that they stand on. */
#include <stdio.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/dane.h"
#include "check/issuer.h"
#include "check/rules.h"
#include "core/facts/smtp.h"
#include "base/banned.h"

typedef void (*tlsa_fn)(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out);

/* Calls fn for each host of which the TLSA records were asked for. */
static void each_tlsa(const struct check *check, const struct check_input *in, tlsa_fn fn, struct findings *out)
{
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct tlsa_facts *tlsa = record_is_new(in, i) ? record_tlsa(in, i) : NULL;

		if (tlsa)
			fn(check, in, mx, tlsa, out);
	}
}

static bool has_records(const struct tlsa_facts *tlsa)
{
	return tlsa && tlsa->answer == ANSWER_DATA && tlsa->n;
}

/* Zone files prove nothing, but where the parent's is among them, it tells that no key of the zone's can be trusted. */
static bool zone_is_unsigned(const struct facts *facts)
{
	return facts->source == SOURCE_ZONE && facts->dnssec == DNSSEC_UNCHECKED && facts->ds.ds == ANSWER_NODATA;
}

/* Which of the answers that DANE stands on is known not to be signed. */
static const char *unsigned_part(const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa)
{
	bool no_ds = zone_is_unsigned(in->facts);

	if (no_ds && dname_under(&mx->host, &in->facts->zone))
		return N_("%s has TLSA records that are not signed: they count for nothing");
	if (tlsa->host_dnssec == DNSSEC_INSECURE)
		return N_("%s has TLSA records, but its addresses are not signed: they count for nothing");
	if (tlsa->dnssec == DNSSEC_INSECURE)
		return N_("%s has TLSA records that are not signed: they count for nothing");
	if (!in->is_draft && (no_ds || in->facts->dnssec == DNSSEC_INSECURE))
		return N_("%s has TLSA records, but the MX set is not signed: who forges that leads mail past them");
	return NULL;
}

/* A sentence of a table, with the host in it; false where there is none. */
static bool set_text_of(struct msg *msg, const char *id, const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];

	if (!id)
		return false;
	*msg = (struct msg){ .id = id };
	snprintf(msg->arg[0], sizeof(msg->arg[0]), "%s", mx_host_show(mx, text));
	return true;
}

static void insecure_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out)
{
	struct msg msg;

	struct finding *finding;

	if (!has_records(tlsa) || !set_text_of(&msg, unsigned_part(in, mx, tlsa), mx))
		return;
	finding = findings_add(out, check, mx);
	finding->text = msg;
	if (!dname_under(&mx->host, in->domain) &&
		((tlsa->dnssec == DNSSEC_SECURE && tlsa->host_dnssec == DNSSEC_SECURE) || zone_is_unsigned(in->facts)))
		finding->level = LEVEL_INFO; /* whose server it is has done his part, for all whose mail it takes */
}

static void insecure_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tlsa(check, in, insecure_host, out);
}

const struct check check_tlsa_insecure = {
	.id = "tlsa-insecure",
	.level = LEVEL_WARNING,
	.title = N_("TLSA records must stand on signatures all the way"),
	.why = N_(
		"DANE protects mail only where the MX set, the server's addresses and its TLSA records are all signed with DNSSEC. Else senders do as if there were none; Postfix goes by them even if only the MX set is unsigned, but then the set can be forged."),
	.reference = "RFC 7672 §2.2",
	.needs = NEEDS_TLSA | NEEDS_DNSSEC,
	.run = insecure_run,
};

static void partial_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct mx *with = NULL, *without = NULL;
	char one[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct tlsa_facts *tlsa = record_is_name(in, i) ? record_tlsa(in, i) : NULL;

		if (has_records(tlsa) && !with)
			with = mx;
		else if (tlsa && (tlsa->answer == ANSWER_NODATA || tlsa->answer == ANSWER_NXDOMAIN) && !without)
			without = mx;
	}
	if (with && without)
		msg_set(&findings_add(out, check, without)->text, N_("%s has TLSA records, %s has none"), mx_host_show(with, one),
			mx_host_show(without, other));
}

const struct check check_tlsa_partial = {
	.id = "tlsa-partial",
	.level = LEVEL_WARNING,
	.title = N_("Either all servers should have TLSA records, or none"),
	.why = N_("Who can keep senders from the protected servers leads them to the one without, where a forged certificate goes unseen."),
	.reference = "RFC 7672 §2.2",
	.needs = NEEDS_TLSA,
	.run = partial_run,
};

static const char *record_fault(const struct tlsa *tlsa)
{
	if (tlsa->usage < 2)
		return N_("%s has a TLSA record of usage 0 or 1, which senders do not use for mail");
	if (tlsa->usage > 3 || tlsa->selector > 1 || tlsa->matching > 2)
		return N_("%s has a TLSA record of a kind that no sender knows");
	if ((tlsa->matching == 1 && tlsa->len != 32) || (tlsa->matching == 2 && tlsa->len != 64))
		return N_("%s has a TLSA record whose digest has the wrong length");
	if (!tlsa_is_usable(tlsa))
		return N_("%s has a TLSA record that should hold a whole certificate or key (matching type 0), and holds neither");
	return NULL;
}

static void usage_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out)
{
	struct msg msg;

	(void)in;
	for (size_t i = 0; has_records(tlsa) && i < tlsa->n; i++)
		if (set_text_of(&msg, record_fault(&tlsa->tlsa[i]), mx)) {
			findings_add(out, check, mx)->text = msg;
			return;
		}
}

static void usage_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tlsa(check, in, usage_host, out);
}

const struct check check_tlsa_usage = {
	.id = "tlsa-usage",
	.level = LEVEL_WARNING,
	.title = N_("TLSA records must be of a kind that mail uses"),
	.why = N_(
		"For mail, usages 2 and 3 count alone. A record that cannot be used protects nothing; where a server has no other, senders ask for TLS but accept any certificate."),
	.reference = "RFC 7672 §3.1",
	.needs = NEEDS_TLSA,
	.run = usage_run,
};

static void rollover_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	(void)in;
	if (has_records(tlsa) && tlsa->n == 1 && !tlsa->more && tlsa_is_usable(&tlsa->tlsa[0]))
		msg_set(&findings_add(out, check, mx)->text,
			N_("%s has one TLSA record: before its key changes, the new one must stand beside it"), mx_host_show(mx, text));
}

static void rollover_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tlsa(check, in, rollover_host, out);
}

const struct check check_tlsa_rollover = {
	.id = "tlsa-rollover",
	.level = LEVEL_INFO,
	.title = N_("The next key's TLSA record must come before the key"),
	.why = N_(
		"One record is right as long as the key stays. It has to be there twice its TTL before the server shows the new key, or senders hold the mail."),
	.reference = "RFC 7671 §8",
	.needs = NEEDS_TLSA,
	.run = rollover_run,
};

static void failing_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	(void)in;
	if (tlsa->answer == ANSWER_SERVFAIL && tlsa->host_dnssec == DNSSEC_SECURE)
		msg_set(&findings_add(out, check, mx)->text, N_("the lookup of the TLSA records of %s fails"), mx_host_show(mx, text));
}

static void failing_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tlsa(check, in, failing_host, out);
}

const struct check check_tlsa_servfail = {
	.id = "tlsa-servfail",
	.level = LEVEL_ERROR,
	.title = N_("It must be possible to look TLSA records up"),
	.why = N_(
		"Where the server's addresses are signed, senders that use DANE keep away from it as long as this lookup fails, though there may be no such record."),
	.reference = "RFC 7672 §2.1",
	.needs = NEEDS_TLSA,
	.run = failing_run,
};

#define READ_TLSA 12 /* Exchange Online reads no more of a host */

static void retired_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct tlsa_facts *tlsa, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	(void)in;
	for (size_t i = 0; has_records(tlsa) && i < tlsa->n; i++) {
		const struct issuer *issuer = issuer_retired(&tlsa->tlsa[i]);

		if (!issuer)
			continue;
		mx_host_show(mx, text);
		finding = findings_add(out, check, mx);
		finding->level = issuer->root ? LEVEL_NOTICE : check->level;
		msg_set(&finding->text,
			issuer->root ? N_("%s has a TLSA record of %s, a root: it fits only where the server sends the root itself")
				     : N_("%s has a TLSA record of %s, which signs no certificates any more"),
			text, issuer->name);
	}
	if (has_records(tlsa) && tlsa->n + tlsa->more > READ_TLSA) {
		finding = findings_add(out, check, mx);
		finding->level = LEVEL_NOTICE;
		msg_set(&finding->text, N_("%s has %zu TLSA records; Exchange Online reads 12 of a host"), mx_host_show(mx, text),
			tlsa->n + tlsa->more);
	}
}

static void retired_ca_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_tlsa(check, in, retired_host, out);
}

const struct check check_tlsa_retired_ca = {
	.id = "tlsa-retired-ca",
	.level = LEVEL_WARNING,
	.title = N_("A TLSA record should name an issuer that still signs"),
	.why = N_("The next certificate comes from another issuer. Where no other record fits it, senders that use DANE hold the mail."),
	.reference = "RFC 7671 §5.2.2",
	.needs = NEEDS_TLSA,
	.run = retired_ca_run,
};

/* ---- what signs the zone ---- */

static void sha1_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct ds_facts *ds = &in->facts->ds;
	char zone[DNAME_TEXT_MAX];
	struct finding *finding;
	bool dane = false;

	if (ds->ds != ANSWER_DATA || !ds->n || ds->more)
		return;
	for (size_t i = 0; i < ds->n; i++)
		if (ds->record[i].algorithm != 5 && ds->record[i].algorithm != 7)
			return;
	for (size_t i = 0; i < in->set->n && !dane; i++) {
		const struct tlsa_facts *tlsa = facts_tlsa(in->facts, &in->set->mx[i].host);

		dane = has_records(tlsa) && tlsa_any_usable(tlsa) != FACT_NO;
	}
	finding = findings_add(out, check, NULL);
	finding->level = dane ? LEVEL_WARNING : check->level;
	msg_set(&finding->text, N_("the zone %s is signed with SHA-1 alone (algorithm 5 or 7)"),
		dname_show(in->facts->zone.len ? &in->facts->zone : in->domain, zone));
}

const struct check check_dnssec_sha1 = {
	.id = "dnssec-sha1",
	.level = LEVEL_NOTICE,
	.title = N_("The zone should be signed with an algorithm of today"),
	.why = N_("Validators come to take such a zone for one that is not signed, and DANE is then silently off."),
	.reference = "RFC 9905 §2",
	.needs = NEEDS_DS,
	.run = sha1_run,
};

static void bogus_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	if (in->facts->dnssec == DNSSEC_BOGUS)
		msg_set(&findings_add(out, check, NULL)->text, N_("the MX records of %s fail validation: %s"), dname_show(in->domain, text),
			in->facts->bogus_reason);
}

const struct check check_dnssec_bogus = {
	.id = "dnssec-bogus",
	.level = LEVEL_ERROR,
	.title = N_("Signatures must be right"),
	.why = N_(
		"Senders whose resolvers validate cannot look the set up, and hold the mail. Compare the DS records at the parent with the zone's keys."),
	.reference = "RFC 4035 §5.5",
	.needs = NEEDS_DNSSEC,
	.run = bogus_run,
};

/* ---- what a whole set has ---- */

/* Are records there, or may they be? A lookup that fails at a signed host hides them. */
static bool may_have_records(const struct tlsa_facts *tlsa, enum fact guards)
{
	if (has_records(tlsa))
		return guards != FACT_NO;
	return tlsa && answer_is_soft(tlsa->answer) && tlsa->host_dnssec == DNSSEC_SECURE;
}

enum fact dane_covers(const struct facts *facts, const struct mxset *set)
{
	enum fact covers = facts->dnssec == DNSSEC_SECURE ? FACT_YES : facts->dnssec == DNSSEC_INSECURE ? FACT_NO : FACT_UNKNOWN;
	bool some = false;

	for (size_t i = 0; i < set->n && covers != FACT_NO; i++) {
		const struct tlsa_facts *tlsa = target_is_name(&set->mx[i]) ? facts_tlsa(facts, &set->mx[i].host) : NULL;
		enum fact guards = tlsa_guards(tlsa);

		some |= may_have_records(tlsa, guards);
		if (guards != FACT_YES)
			covers = guards;
	}
	return some ? covers : FACT_NO;
}

enum fact dane_fits(const struct facts *facts, const struct dname *host)
{
	enum fact fits = FACT_UNKNOWN;

	for (size_t i = 0; i < facts->n_smtp; i++) {
		if (!dname_equal(&facts->smtp[i].host, host) || facts->smtp[i].dane == FACT_UNKNOWN)
			continue;
		if (facts->smtp[i].dane == FACT_NO)
			return FACT_NO;
		fits = FACT_YES;
	}
	return fits;
}

/* ---- what a draft loses ---- */

/* Does DANE hold at this server, as far as is known? Unsigned records hold nowhere. */
static bool may_guard(const struct check_input *in, const struct mx *mx)
{
	const struct tlsa_facts *tlsa = target_is_name(mx) ? facts_tlsa(in->facts, &mx->host) : NULL;

	return in->facts->dnssec != DNSSEC_INSECURE && has_records(tlsa) && tlsa_guards(tlsa) != FACT_NO;
}

static size_t count_guarded(const struct check_input *in, const struct mxset *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n; i++)
		n += may_guard(in, &set->mx[i]);
	return n;
}

static bool lacks_tlsa(const struct check_input *in, const struct mx *mx)
{
	const struct tlsa_facts *tlsa = target_is_name(mx) ? facts_tlsa(in->facts, &mx->host) : NULL;

	return tlsa && (tlsa->answer == ANSWER_NODATA || tlsa->answer == ANSWER_NXDOMAIN ||
			       (has_records(tlsa) && tlsa_any_usable(tlsa) == FACT_NO));
}

/* What MTA-STS would lose, sts-mx-missing says; a signed name without TLSA records changes nothing for senders. */
static void downgrade_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct mxset *live = &in->facts->live;
	size_t had = in->is_draft ? count_guarded(in, live) : 0, lacking = 0;
	const struct mx *first = NULL;
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; had && i < in->set->n; i++)
		if (lacks_tlsa(in, &in->set->mx[i])) {
			first = first ? first : &in->set->mx[i];
			lacking++;
		}
	if (!first)
		return;
	if (had == live->n)
		msg_set(&findings_add(out, check, first)->text,
			N_("all servers have TLSA records for DANE now, and %s has none that count"), mx_host_show(first, text));
	else if (lacking == in->set->n)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("some servers have TLSA records for DANE now, and no server of the draft has any that count"));
}

const struct check check_security_downgrade = {
	.id = "security-downgrade",
	.level = LEVEL_WARNING,
	.title = N_("A change should keep the protection that there is"),
	.why = N_("Senders check the servers' certificates by DANE now. To a server without it they deliver without that check."),
	.reference = "RFC 7672 §1.3",
	.needs = NEEDS_TLSA,
	.run = downgrade_run,
};
