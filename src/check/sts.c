/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MTA-STS: a policy that goes with the set, and reports of what failed. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

static bool policy_names(const struct sts_policy *policy, const struct dname *host)
{
	return sts_covers(policy, host) || policy->more > 0; /* patterns that were not kept may fit */
}

static bool binds(const struct sts_policy *policy)
{
	return policy->mode == STS_ENFORCE || policy->mode == STS_TESTING;
}

static bool is_new(const struct check_input *in, const struct dname *host)
{
	return in->is_draft && mxset_find(&in->facts->live, host) == in->facts->live.n;
}

/* A finding for each host of the set that the policy does not name: the draft's new hosts, or all others. */
static void each_unnamed(const struct check *check, const struct check_input *in, bool new, struct findings *out)
{
	const struct sts_policy *policy = &in->facts->sts.policy;
	char text[DNAME_TEXT_MAX];

	if (!sts_is_read(&in->facts->sts) || !binds(policy))
		return;
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		struct finding *finding;

		if (!record_is_new(in, i) || is_new(in, &mx->host) != new || policy_names(policy, &mx->host))
			continue;
		finding = findings_add(out, check, mx);
		if (policy->mode == STS_TESTING)
			finding->level = LEVEL_WARNING;
		mx_host_show(mx, text);
		if (!new)
			msg_set(&finding->text,
				policy->mode == STS_ENFORCE ? N_("the MTA-STS policy (enforce) does not name %s")
							    : N_("the MTA-STS policy (testing) does not name %s"),
				text);
		else
			msg_set(&finding->text,
				N_("the MTA-STS policy must name %s first: change the policy, then its id, and wait until the TXT record has run out"),
				text);
	}
}

static void missing_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_unnamed(check, in, false, out);
}

const struct check check_sts_mx_missing = {
	.id = "sts-mx-missing",
	.level = LEVEL_ERROR,
	.title = N_("The MTA-STS policy must name every server"),
	.why = N_(
		"Senders that honour MTA-STS deliver to the servers that the policy names and to no other; the rest is as if it were down."),
	.reference = "RFC 8461 §4.1",
	.needs = NEEDS_STS_POLICY,
	.run = missing_run,
};

static void order_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_unnamed(check, in, true, out);
}

const struct check check_sts_order = {
	.id = "sts-order",
	.level = LEVEL_ERROR,
	.title = N_("A new server must stand in the MTA-STS policy before it stands in the set"),
	.why = N_(
		"Until old and new servers are both named, senders that honour MTA-STS skip the new ones, and hold the mail where there are no others."),
	.reference = "RFC 8461 §8.1",
	.needs = NEEDS_STS_POLICY,
	.run = order_run,
};

static void age_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct sts_policy *policy = &in->facts->sts.policy;
	char text[DNAME_TEXT_MAX], age[TEXT_SPAN_MAX];

	if (!sts_is_read(&in->facts->sts) || policy->mode != STS_ENFORCE || !policy->max_age_s)
		return;
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];

		if (!record_is_new(in, i) || !is_new(in, &mx->host) || !policy_names(policy, &mx->host))
			continue;
		msg_set(&findings_add(out, check, mx)->text,
			N_("senders may hold an earlier MTA-STS policy for up to %s, if they did not look since it changed: was %s in it already?"),
			text_span(policy->max_age_s, age), mx_host_show(mx, text));
		return;
	}
}

const struct check check_sts_maxage = {
	.id = "sts-maxage",
	.level = LEVEL_NOTICE,
	.title = N_("An earlier MTA-STS policy should have run out"),
	.why = N_(
		"A sender that cannot fetch the new policy goes on with the one that it has. Keep an old server up until that has run out."),
	.reference = "RFC 8461 §3.2",
	.needs = NEEDS_STS_POLICY,
	.run = age_run,
};

static void extra_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct sts_policy *policy = &in->facts->sts.policy;
	char text[DNAME_TEXT_MAX];

	if (!sts_is_read(&in->facts->sts) || !binds(policy) || in->is_draft)
		return; /* while hosts move, the policy names old and new ones */
	for (size_t i = 0; i < policy->n_mx; i++) {
		size_t k = 0;

		while (k < in->set->n && !sts_fits(&policy->mx[i], &in->set->mx[k].host))
			k++;
		if (k == in->set->n)
			msg_set(&findings_add(out, check, NULL)->text,
				policy->mx[i].wildcard ? N_("the MTA-STS policy names *.%s, which no server of the set fits")
						       : N_("the MTA-STS policy names %s, which is no server of the set"),
				dname_show(&policy->mx[i].name, text));
	}
}

const struct check check_sts_extra = {
	.id = "sts-extra",
	.level = LEVEL_NOTICE,
	.title = N_("The MTA-STS policy should name no other servers"),
	.why = N_(
		"What it names beside the set is of no use once a move is over, and lets an attacker who can change the DNS use that host."),
	.reference = "RFC 8461 §4.1",
	.needs = NEEDS_STS_POLICY,
	.run = extra_run,
};

/* ---- how it is written ---- */

static const char *policy_fault(unsigned problems)
{
	static const struct {
		enum sts_problem problem;
		const char *text;
	} rows[] = {
		{ STS_NO_VERSION, N_("the MTA-STS policy does not begin with \"version: STSv1\"") },
		{ STS_NO_MODE, N_("the MTA-STS policy has no mode that is known") },
		{ STS_NO_MAX_AGE, N_("the MTA-STS policy has no max_age up to 31557600 seconds") },
		{ STS_NO_MX, N_("the MTA-STS policy names no server") },
		{ STS_MX_ADDRESS, N_("the MTA-STS policy names an address in place of a server") },
		{ STS_MX_WILDCARD, N_("the MTA-STS policy has an asterisk that is not the whole first label") },
		{ STS_MX_NAME, N_("the MTA-STS policy has a pattern that is no name") },
		{ STS_LINE_ENDS, N_("the MTA-STS policy has line ends or blanks that may not be there") },
		{ STS_LINE, N_("the MTA-STS policy has a line that is no \"key: value\"") },
		{ STS_TWICE, N_("the MTA-STS policy says one thing twice") },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (problems & rows[i].problem)
			return rows[i].text;
	return NULL;
}

static void syntax_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct sts_facts *sts = &in->facts->sts;
	const char *fault = sts_is_read(sts) ? policy_fault(sts->policy.problems) : NULL;
	const struct dname *twice = &in->facts->doubled[DOUBLED_STS];
	char domain[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	if (sts->n_record > 1)
		msg_set(&findings_add(out, check, NULL)->text, N_("%zu MTA-STS records stand beside each other, and none counts"),
			sts->n_record);
	else if (!sts->n_record && sts->nearly)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a record at _mta-sts.%s means to be one of MTA-STS and is none: it must begin with \"v=STSv1;\""),
			dname_show(in->domain, domain));
	else if (!sts->n_record && twice->len)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("no MTA-STS record stands at _mta-sts.%s, but one at %s: the zone's name was put behind a name that has it already"),
			dname_show(in->domain, domain), dname_show(twice, other));
	else if (sts->n_record == 1 && !sts->txt_valid)
		msg_set(&findings_add(out, check, NULL)->text, N_("the MTA-STS record has no id of 1 to 32 letters and digits"));
	if (fault)
		findings_add(out, check, NULL)->text = (struct msg){ .id = fault };
}

const struct check check_sts_syntax = {
	.id = "sts-syntax",
	.level = LEVEL_WARNING,
	.title = N_("MTA-STS must be written as its standard has it"),
	.why = N_("Senders take a record or a policy that they cannot read for none, and protect the mail no longer."),
	.reference = "RFC 8461 §3",
	.needs = NEEDS_STS_TXT,
	.run = syntax_run,
};

/* Why the policy did not come, where that is no fault of this machine's. */
static bool fetch_fault(const struct sts_facts *sts, const char *domain, struct msg *msg)
{
	switch (sts->fetch) {
	case STS_FETCH_NO_ADDRESS:
		msg_set(msg, N_("the MTA-STS record stands, but mta-sts.%s has no address"), domain);
		return true;
	case STS_FETCH_UNREACHABLE:
		msg_set(msg, N_("the MTA-STS policy could not be fetched from here: mta-sts.%s was not reached"), domain);
		return true;
	case STS_FETCH_CERTIFICATE:
		msg_set(msg, N_("the MTA-STS policy could not be fetched: the certificate of mta-sts.%s was not accepted here (%s)"),
			domain, sts->reason);
		return true;
	case STS_FETCH_REDIRECT:
		msg_set(msg, N_("the MTA-STS policy could not be fetched: mta-sts.%s redirected, which is not followed"), domain);
		return true;
	case STS_FETCH_STATUS:
		msg_set(msg, N_("the MTA-STS policy could not be fetched: mta-sts.%s answered with status %ld"), domain, sts->status);
		return true;
	case STS_FETCH_TYPE:
		msg_set(msg, N_("the MTA-STS policy of mta-sts.%s does not come as text/plain"), domain);
		return true;
	case STS_FETCH_TOO_LARGE:
		msg_set(msg, N_("the MTA-STS policy of mta-sts.%s is larger than 64 KiB"), domain);
		return true;
	default:
		return false;
	}
}

static void fetch_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct sts_facts *sts = &in->facts->sts;
	char domain[DNAME_TEXT_MAX];
	struct finding *finding;
	struct msg fault;

	if (!sts->n_record || !fetch_fault(sts, dname_show(in->domain, domain), &fault))
		return;
	finding = findings_add(out, check, NULL);
	finding->text = fault;
	if (sts->fetch == STS_FETCH_UNREACHABLE)
		finding->level = LEVEL_NOTICE; /* it may be the way from here */
}

const struct check check_sts_fetch = {
	.id = "sts-fetch",
	.level = LEVEL_WARNING,
	.title = N_("The MTA-STS policy must be there to be fetched"),
	.why = N_(
		"A sender that knows no policy yet delivers without one; one that knows an old policy goes on with it until that runs out."),
	.reference = "RFC 8461 §3.3",
	.needs = NEEDS_STS_POLICY,
	.run = fetch_run,
};

static bool has_tlsa(const struct check_input *in)
{
	for (size_t i = 0; i < in->set->n; i++) {
		const struct tlsa_facts *tlsa = facts_tlsa(in->facts, &in->set->mx[i].host);

		if (tlsa && tlsa->answer == ANSWER_DATA)
			return true;
	}
	return false;
}

static void report_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct tlsrpt_facts *report = &in->facts->tlsrpt;
	const struct dname *twice = &in->facts->doubled[DOUBLED_TLSRPT];
	char domain[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];

	if (report->txt != ANSWER_DATA && report->txt != ANSWER_NODATA && report->txt != ANSWER_NXDOMAIN)
		return;
	if (report->n_record > 1)
		msg_set(&findings_add(out, check, NULL)->text, N_("%zu TLS reporting records stand beside each other, and none counts"),
			report->n_record);
	else if (report->n_record && !report->valid)
		msg_set(&findings_add(out, check, NULL)->text, N_("the TLS reporting record names no address for reports"));
	else if (!report->n_record && twice->len)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("no TLS reporting record stands at _smtp._tls.%s, but one at %s: the zone's name was put behind a name that has it already"),
			dname_show(in->domain, domain), dname_show(twice, other));
	else if (!report->n_record && (in->facts->sts.n_record || has_tlsa(in)))
		msg_set(&findings_add(out, check, NULL)->text,
			in->facts->sts.n_record ? N_("there is MTA-STS, but nobody is told when it fails")
						: N_("there are TLSA records for DANE, but nobody is told when it fails"));
}

const struct check check_tlsrpt = {
	.id = "tlsrpt",
	.level = LEVEL_NOTICE,
	.title = N_("Reports of TLS failures should be asked for"),
	.why = N_(
		"Senders that may not deliver without TLS hold the mail, and tell of it in these reports alone: a record at _smtp._tls names their address."),
	.reference = "RFC 8460 §3",
	.needs = NEEDS_TLSRPT,
	.run = report_run,
};
