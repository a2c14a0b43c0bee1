/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at the set's owner, and where it lies. */
#include "base/i18n.h"
#include "check/checks.h"
#include "base/banned.h"

/* A draft would put records where none can stand. */
static void clash_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	dname_show(in->domain, text);
	if (!in->is_draft || !in->set->n)
		return;
	if (in->facts->below_dname == FACT_YES)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s lies below %s, which is a DNAME: nothing can stand at it"), text,
			dname_show(&in->facts->dname_owner, other));
	else if (in->facts->n_alias)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s is an alias (CNAME) of %s: no MX record may stand beside it"), text,
			dname_show(&in->facts->alias[0], other));
}

const struct check check_cname_clash = {
	.id = "cname-clash",
	.level = LEVEL_ERROR,
	.title = N_("No alias may stand where the MX records stand"),
	.why = N_("A name that is an alias can hold nothing else. Servers drop one or the other, and mail follows the alias."),
	.reference = "RFC 2181 §10.1",
	.needs = NEEDS_MX,
	.run = clash_run,
};

/* An alias in place of the MX set is lawful where it is live, but is edited elsewhere. */
static void alias_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	dname_show(in->domain, text);
	if (in->is_draft && in->set->n)
		return; /* cname-clash says more */
	if (in->facts->below_dname == FACT_YES)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("%s lies below %s, which is a DNAME: its records are another name's, and are changed there"), text,
			dname_show(&in->facts->dname_owner, other));
	else if (in->facts->n_alias)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("%s is an alias (CNAME) of %s: these records are that name's, and are changed there"), text,
			dname_show(&in->facts->alias[0], other));
}

const struct check check_owner_alias = {
	.id = "owner-alias",
	.level = LEVEL_NOTICE,
	.title = N_("It should be known that the domain is an alias"),
	.why = N_(
		"Senders follow an alias, and mail arrives. But what is edited at this name has no effect, and who edits the other name moves this mail too."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_MX,
	.run = alias_run,
};

static void undelegated_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;
	char domain[DNAME_TEXT_MAX], seen[DNAME_TEXT_MAX], held[DNAME_TEXT_MAX];

	dname_show(in->domain, domain);
	dname_show(&facts->zone, seen);
	if (facts_below_cut(facts) == FACT_YES)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("%s lies in the zone %s, which is delegated away from %s, where account %s holds it: what stands there is not seen"),
			domain, seen, dname_show(&facts->held.zone, held), facts->held.account);
	else if (facts->delegated == FACT_NO)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the zone %s is not delegated: its parent names no server for it, so nobody finds what it holds"), seen);
}

const struct check check_undelegated = {
	.id = "undelegated",
	.level = LEVEL_WARNING,
	.title = N_("The zone that holds the set must be delegated"),
	.why = N_(
		"Senders find a set by the delegation alone. What a provider holds in a zone that its parent does not name, or names elsewhere, is never seen."),
	.reference = "RFC 1034 §4.2",
	.needs = NEEDS_PARENT,
	.run = undelegated_run,
};

static bool is_wildcard(const struct dname *name)
{
	return name->wire[0] == 1 && name->wire[1] == '*';
}

static void wildcard_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX], star[DNAME_TEXT_MAX];

	dname_show(in->domain, text);
	if (!in->set->n)
		return;
	if (is_wildcard(in->domain))
		msg_set(&findings_add(out, check, NULL)->text,
			N_("%s answers for names that hold nothing themselves: a name with any record of its own is not covered"), text);
	else if (!in->is_draft && in->facts->synthesised == FACT_YES && in->facts->wildcard_name.len)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("the records of %s are made from the wildcard %s: they end with the first record of its own"), text,
			dname_show(&in->facts->wildcard_name, star));
}

const struct check check_wildcard_mx = {
	.id = "wildcard-mx",
	.level = LEVEL_NOTICE,
	.title = N_("It should be known what a wildcard covers"),
	.why = N_(
		"A wildcard's records are given for names that do not exist. A name that has an address, a text or anything else gets no MX records from it."),
	.reference = "RFC 4592 §2.2.1",
	.needs = NEEDS_MX,
	.run = wildcard_run,
};

static void tld_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	char text[DNAME_TEXT_MAX];

	if (dname_labels(in->domain) < 2 && in->set->n && !mxset_is_null(in->set))
		msg_set(&findings_add(out, check, NULL)->text, N_("%s is a top-level domain, and has MX records"),
			dname_show(in->domain, text));
}

const struct check check_tld_root_mx = {
	.id = "tld-root-mx",
	.level = LEVEL_WARNING,
	.title = N_("A top-level domain should take no mail"),
	.why = N_("Most mail programs refuse an address without a dot behind the @, or add a domain of their own."),
	.reference = "RFC 7085",
	.run = tld_run,
};
