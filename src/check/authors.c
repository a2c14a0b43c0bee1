/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may send in the domain's name: SPF, DMARC, and a domain that takes no mail. */
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

static bool spf_is_known(const struct spf_facts *spf)
{
	return spf->result == SPF_NONE || spf->result == SPF_OK || spf->result == SPF_PERMERROR;
}

static bool dmarc_is_known(const struct dmarc_facts *dmarc)
{
	return dmarc->txt == ANSWER_DATA || dmarc->txt == ANSWER_NODATA || dmarc->txt == ANSWER_NXDOMAIN;
}

static bool has_addresses(const struct check_input *in)
{
	const struct host_facts *own = facts_host(in->facts, in->domain);

	return own && own->n_addr;
}

/* ---- SPF ---- */

static const char *spf_fault(unsigned problems)
{
	static const struct {
		enum spf_problem problem;
		const char *text;
	} rows[] = {
		{ SPF_TWO_RECORDS, N_("more than one SPF record stands there, and none counts") },
		{ SPF_SYNTAX, N_("the SPF record cannot be read") },
		{ SPF_LOOP, N_("the SPF record includes itself") },
		{ SPF_INCLUDE_NONE, N_("the SPF record includes a domain that has none") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (problems & rows[i].problem)
			return rows[i].text;
	return NULL;
}

/* Below the zone's apex, a name that has MX records and no SPF record has a check of its own. */
static bool is_sub(const struct check_input *in)
{
	return in->zone && in->zone->len && !dname_equal(in->domain, in->zone);
}

/* Does the set itself have too many records for "mx", so that too-many tells it, or did it until this draft? */
static bool own_mx_limit(const struct check_input *in)
{
	return in->facts->spf.has_mx &&
	       (set_hosts(in) > SPF_MX_MAX || (in->is_draft && in->facts->live.n > SPF_MX_MAX && in->set->n <= SPF_MX_MAX));
}

static void spf_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct spf_facts *spf = &in->facts->spf;
	const char *fault = spf_fault(spf->problems);
	char text[DNAME_TEXT_MAX];

	if (!spf->n_record && spf->nearly) {
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a TXT record of %s means to be its SPF record and is none: it must begin with \"v=spf1\" and a blank"),
			dname_show(in->domain, text));
		return;
	}
	if (!spf_is_known(spf))
		return;
	if (!spf->n_record && !is_sub(in) && !mxset_is_null(in->set) && (in->set->n || has_addresses(in)))
		msg_set(&findings_add(out, check, NULL)->text, N_("%s has no SPF record"), dname_show(in->domain, text));
	else if (fault)
		findings_add(out, check, NULL)->text = (struct msg){ .id = fault };
	else if ((spf->problems & SPF_MX_LIMIT) && !own_mx_limit(in))
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the SPF record says \"mx\" of a domain that has more than 10 MX records"));
	else if (spf->problems & SPF_LOOKUPS)
		msg_set(&findings_add(out, check, NULL)->text, N_("the SPF record needs more than 10 lookups"));
	else if (spf->problems & SPF_VOID)
		msg_set(&findings_add(out, check, NULL)->text, N_("more than 2 lookups of the SPF record find nothing"));
	else if (spf->all == '+')
		msg_set(&findings_add(out, check, NULL)->text, N_("the SPF record lets everybody send (+all)"));
	else if (spf->open_end && !mxset_is_null(in->set)) /* nomail-trio asks for -all */
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the SPF record ends without \"all\" or a redirect: it says nothing of other servers than those it names"));
}

const struct check check_spf = {
	.id = "spf",
	.level = LEVEL_NOTICE,
	.title = N_("One SPF record should tell who may send"),
	.why = N_(
		"Google, Yahoo and Microsoft want one. Beyond its limits of 10 lookups and 2 that find nothing, receivers take it for an error. Only \"all\" at its end, or a redirect, says what holds for all other servers."),
	.reference = "RFC 7208 §4.6.4, §4.7",
	.needs = NEEDS_SPF,
	.run = spf_run,
};

static void sub_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct spf_facts *spf = &in->facts->spf;
	char text[DNAME_TEXT_MAX];

	if (is_sub(in) && in->set->n && !mxset_is_null(in->set) && spf->result == SPF_NONE && !spf->n_record && !spf->nearly)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s has MX records, but no SPF record: none is inherited from above"),
			dname_show(in->domain, text));
}

const struct check check_sub_mx = {
	.id = "sub-mx",
	.level = LEVEL_NOTICE,
	.title = N_("A subdomain that takes mail should tell who may send"),
	.why = N_("SPF is looked up at the very name in the address. The record of the domain above does not count there."),
	.reference = "RFC 7208 §4.4",
	.needs = NEEDS_SPF,
	.run = sub_run,
};

static bool addresses_known(const struct check_input *in, const struct mxset *set)
{
	const struct host_facts *host;

	for (size_t i = 0; i < set->n; i++)
		if (host_known(in, &set->mx[i].host, &host) != KNOWN)
			return false;
	return true;
}

static bool has_address(const struct facts *facts, const struct mxset *set, const struct addr *addr)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct host_facts *host = facts_host(facts, &set->mx[i].host);

		for (size_t k = 0; host && k < host->n_addr; k++)
			if (addr_equal(&host->addr[k], addr))
				return true;
	}
	return false;
}

/* Do all known addresses of the other set's hosts belong to this one's? */
static bool covers(const struct facts *facts, const struct mxset *set, const struct mxset *other)
{
	for (size_t i = 0; i < other->n; i++) {
		const struct host_facts *host = facts_host(facts, &other->mx[i].host);

		for (size_t k = 0; host && k < host->n_addr; k++)
			if (!has_address(facts, set, &host->addr[k]))
				return false;
	}
	return true;
}

#define COMPARED 64 /* records: beyond it, only names are compared */

static void spf_mx_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct mxset *live = &in->facts->live;
	bool old_known, new_known, less, more;

	if (!in->is_draft || !in->facts->spf.has_mx || !spf_is_known(&in->facts->spf) || mxset_same_records(live, in->set) ||
		live->n > COMPARED || in->set->n > COMPARED)
		return;
	old_known = addresses_known(in, live);
	new_known = addresses_known(in, in->set);
	less = new_known && !covers(in->facts, in->set, live); /* a host that is not known yet may have the old address */
	more = old_known && !covers(in->facts, live, in->set);
	if (!(old_known && new_known) && !less && !more)
		msg_set(findings_skip(out, check), N_("the addresses of the old and the new servers are not all known"));
	else if (less && more)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the SPF record says \"mx\": with this set other servers may send, and the old ones may not"));
	else if (less || more)
		msg_set(&findings_add(out, check, NULL)->text,
			less ? N_("the SPF record says \"mx\": with this set servers that may send now may not any more")
			     : N_("the SPF record says \"mx\": with this set more servers may send"));
}

const struct check check_spf_mx = {
	.id = "spf-mx",
	.level = LEVEL_WARNING,
	.title = N_("A change of the set should not change who may send"),
	.why = N_(
		"\"mx\" in an SPF record stands for the addresses of the set. Receivers may then refuse mail that an old server still sends."),
	.reference = "RFC 7208 §5.4",
	.needs = NEEDS_SPF,
	.run = spf_mx_run,
};

/* The last two labels. */
static bool same_house(const struct dname *a, const struct dname *b)
{
	struct dname one = *a, other = *b;

	while (dname_labels(&one) > 2)
		dname_parent(&one, &one);
	while (dname_labels(&other) > 2)
		dname_parent(&other, &other);
	return dname_equal(&one, &other);
}

static bool is_of_owner(const struct preset *owner, const struct dname *name)
{
	for (const struct preset *p = presets; p->name; p++) {
		struct dname own;

		if (!preset_same_owner(p, owner))
			continue;
		if (p->spf && dname_parse(&own, p->spf, NULL) && same_house(&own, name))
			return true;
		for (size_t i = 0; i < PRESET_UNDER && p->under[i]; i++)
			if (dname_parse(&own, p->under[i], NULL) && same_house(&own, name))
				return true;
	}
	return false;
}

bool spf_names_hoster(const struct spf_facts *spf, const struct preset *row)
{
	for (size_t i = 0; i < spf->n_name; i++)
		if (is_of_owner(row, &spf->name[i]))
			return true;
	return false;
}

static void include_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct spf_facts *spf = &in->facts->spf;
	const struct preset *row = set_hoster(in);

	if (!row || row->kind != PRESET_MAILBOX || !row->spf || spf->result != SPF_OK || spf->more)
		return;
	if (spf_names_hoster(spf, row))
		return;
	msg_set(&findings_add(out, check, NULL)->text, N_("the SPF record does not include %s, which %s sends by"), row->spf,
		preset_owner(row)->title);
}

const struct check check_spf_include = {
	.id = "spf-include",
	.level = LEVEL_NOTICE,
	.title = N_("The SPF record should let the hoster send"),
	.why = N_(
		"Who writes from a mailbox sends by the hoster's servers. Receivers may refuse that, or put it with the spam, where SPF does not name them."),
	.reference = "mxladder list presets",
	.needs = NEEDS_SPF,
	.run = include_run,
};

/* ---- DMARC ---- */

static const char *policy_word(enum dmarc_policy policy)
{
	return policy == DMARC_REJECT ? "reject" : policy == DMARC_QUARANTINE ? "quarantine" : "none";
}

/* A policy that not all receivers apply as it stands there. */
static void tell_half(const struct check *check, const struct dmarc_facts *dmarc, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	if (dmarc->policy < DMARC_QUARANTINE)
		return;
	if (dmarc->testing)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the DMARC record at _dmarc.%s is in test mode (t=y): receivers that know it take \"%s\" for \"%s\""),
			dname_show(&dmarc->at, text), policy_word(dmarc->policy), policy_word(dmarc->policy - 1));
	else if (dmarc->spared)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the DMARC record at _dmarc.%s says pct=%u: older receivers apply its policy to %u %% of the mail, others to all"),
			dname_show(&dmarc->at, text), 100 - dmarc->spared, 100 - dmarc->spared);
}

/* A record that nobody finds, or takes for one. */
static bool tell_lost(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct dname *twice = &in->facts->doubled[DOUBLED_DMARC];
	bool nearly = in->facts->dmarc.nearly;
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	if (in->facts->dmarc.at.len || (!nearly && !twice->len && !in->facts->spf.holds_dmarc))
		return false;
	dname_show(in->domain, text);
	if (nearly)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a record at _dmarc.%s means to be one of DMARC and is none: it must begin with \"v=DMARC1;\""), text);
	else if (twice->len)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("no DMARC record stands at _dmarc.%s, but one at %s: the zone's name was put behind a name that has it already"),
			text, dname_show(twice, other));
	else
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a DMARC record stands at %s itself, where nobody looks for it: it belongs to _dmarc.%s"), text, text);
	return true;
}

static void dmarc_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct dmarc_facts *dmarc = &in->facts->dmarc;
	char text[DNAME_TEXT_MAX];

	if (tell_lost(check, in, out))
		return;
	if (!dmarc_is_known(dmarc) && !dmarc->at.len)
		return;
	if (!dmarc->at.len && (mxset_is_null(in->set) || (!in->set->n && !has_addresses(in))))
		return; /* nomail-trio asks for more; and what is not there is forged by nobody */
	if (!dmarc->at.len)
		msg_set(&findings_add(out, check, NULL)->text, N_("neither %s nor a domain above it has a DMARC record"),
			dname_show(in->domain, text));
	else if (dmarc->n_record > 1)
		msg_set(&findings_add(out, check, NULL)->text, N_("%zu DMARC records stand at _dmarc.%s, and none counts"), dmarc->n_record,
			dname_show(&dmarc->at, text));
	else if (!dmarc->valid)
		msg_set(&findings_add(out, check, NULL)->text, N_("the DMARC record at _dmarc.%s cannot be read"),
			dname_show(&dmarc->at, text));
	else
		tell_half(check, dmarc, out);
}

const struct check check_dmarc = {
	.id = "dmarc",
	.level = LEVEL_NOTICE,
	.title = N_("One DMARC record should say what to do with forged mail"),
	.why = N_(
		"Google and Yahoo want one of those who send much. Without it receivers decide by themselves, and nobody is told of forgeries. With t=y, or pct below 100, they do not all do what it says."),
	.reference = "RFC 9989 §4.7",
	.needs = NEEDS_DMARC,
	.run = dmarc_run,
};

/* ---- a domain that takes no mail ---- */

static void sends_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct spf_facts *spf = &in->facts->spf;
	char text[DNAME_TEXT_MAX];

	if (mxset_is_null(in->set) && spf_is_known(spf) && (spf->authorises || (spf->has_a && has_addresses(in))))
		msg_set(&findings_add(out, check, NULL)->text, N_("%s takes no mail, but its SPF record lets servers send"),
			dname_show(in->domain, text));
}

const struct check check_null_but_sends = {
	.id = "null-but-sends",
	.level = LEVEL_WARNING,
	.title = N_("A domain that takes no mail should send none"),
	.why = N_("Some receivers refuse mail from an address that no answer and no bounce can reach."),
	.reference = "RFC 7505 §4.2",
	.needs = NEEDS_SPF,
	.run = sends_run,
};

static void trio_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct spf_facts *spf = &in->facts->spf;
	const struct dmarc_facts *dmarc = &in->facts->dmarc;
	bool open = spf_is_known(spf) && !spf->exactly_none;
	bool lenient = dmarc_is_known(dmarc) && !(dmarc->at.len && dmarc->valid && dmarc->policy == DMARC_REJECT);

	if (!mxset_is_null(in->set) || (spf_is_known(spf) && (spf->authorises || (spf->has_a && has_addresses(in)))))
		return; /* null-but-sends says more */
	if (open)
		msg_set(&findings_add(out, check, NULL)->text, N_("the domain takes no mail, but no SPF record says just \"v=spf1 -all\""));
	if (lenient)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the domain takes no mail, but no DMARC policy of reject is in force for it"));
}

const struct check check_nomail_trio = {
	.id = "nomail-trio",
	.level = LEVEL_NOTICE,
	.title = N_("A domain without mail should say so three times"),
	.why = N_("The null MX keeps mail from coming in. That nobody may send in its name, SPF (-all) and DMARC (p=reject) have to say."),
	.reference = "RFC 7505 §4.2",
	.needs = NEEDS_SPF | NEEDS_DMARC,
	.run = trio_run,
};

bool set_should_be_null(const struct check_input *in)
{
	return !in->set->n && in->facts->spf.exactly_none && in->facts->spf.result == SPF_OK && has_addresses(in);
}

static void should_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	if (!set_should_be_null(in))
		return;
	finding = findings_add(out, check, NULL);
	msg_set(&finding->text, N_("%s sends no mail (SPF -all) and has no MX record, but an address: mail still goes there"),
		dname_show(in->domain, text));
	if (!in->facts->n_alias && in->facts->below_dname != FACT_YES)
		finding_fix(finding, "null-mx");
}

const struct check check_should_be_null = {
	.id = "should-be-null",
	.level = LEVEL_NOTICE,
	.title = N_("A domain without mail should have a null MX"),
	.why = N_("Without it senders try the domain's own address for days. A null MX tells them at once that nothing is taken."),
	.reference = "RFC 7505 §1",
	.needs = NEEDS_SPF | NEEDS_HOSTS,
	.run = should_run,
};
