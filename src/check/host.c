/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hosts that the targets name: what their lookups give. */
#include <string.h>

#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

/* Is it known that the name at the end of an alias leads nowhere? */
static bool leads_nowhere(const struct host_facts *host)
{
	return !host->n_addr && answer_known(host->a) == KNOWN && answer_known(host->aaaa) == KNOWN;
}

static void cname_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct dname *last;
	struct finding *finding;

	last = &host->alias[host->n_alias - 1];
	finding = findings_add(out, check, mx);
	msg_set(&finding->text, N_("%s is an alias (of %s)"), mx_host_show(mx, text), dname_show(last, other));
	if (!leads_nowhere(host) && host->a != ANSWER_BROKEN && target_find(in, last) == in->set->n)
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(last, other));
	else
		finding_fix_remove(finding, in);
}

/* An alias is one wherever it leads. */
static void cname_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct unknown unknown = { 0 };

	for (size_t i = 0; i < in->set->n; i++) {
		const struct host_facts *host;
		enum known known = record_known(in, i, &host);

		if (!record_is_new(in, i))
			continue;
		if (host && host->n_alias)
			cname_host(check, in, &in->set->mx[i], host, out);
		else
			unknown_count(&unknown, known, &in->set->mx[i].host);
	}
	unknown_skip(&unknown, check, out);
}

const struct check check_target_cname = {
	.id = "target-cname",
	.level = LEVEL_ERROR,
	.title = N_("A target must not be an alias"),
	.why = N_(
		"A target must lead to an address without a CNAME. Some senders refuse an alias, and a server cannot find itself in the list by it, so mail may loop."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = cname_run,
};

#define SURELY_A_NAME 3 /* labels: nobody names a host of his own zone like that */

/* In a zone file and in some panels a name without its final dot gets the zone's name added. */
static bool undotted(const struct check_input *in, const struct mx *mx, struct finding *finding)
{
	char text[DNAME_TEXT_MAX], other[DNAME_TEXT_MAX];
	const struct host_facts *known;
	struct dname meant;
	struct addr addr;

	if (!facts_undotted(in->facts, &mx->host, &meant))
		return false;
	known = facts_host(in->facts, &meant);
	mx_host_show(mx, text);
	dname_show(&meant, other);
	if (addr_parse(&addr, other)) {
		msg_set(&finding->text,
			N_("%s does not exist: it is the address %s with the zone's name behind it, and a target must be a name"), text,
			other);
		return true;
	}
	if (known && known->n_addr) {
		msg_set(&finding->text, N_("%s does not exist, but %s does: is its final dot missing?"), text, other);
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), dname_text(&meant, other));
		return true;
	}
	if (dname_labels(&meant) < SURELY_A_NAME || (known && answer_is_final(known->a)))
		return false;
	msg_set(&finding->text, N_("%s does not exist: is the final dot of %s missing?"), text, other);
	return true;
}

/* A letter that is wrong in the name of a hoster's server. */
static bool misspelt(const struct check_input *in, const struct mx *mx, struct finding *finding)
{
	char text[DNAME_TEXT_MAX], meant[DNAME_TEXT_MAX];
	const struct preset *of = record_hoster(in, (size_t)(mx - in->set->mx)) ? NULL : preset_like(&mx->host, meant);
	struct dname other;

	if (!of || !dname_parse(&other, meant, NULL))
		return false;
	msg_set(&finding->text, N_("%s does not exist, but %s is a server of %s: is there a typing error?"), mx_host_show(mx, text), meant,
		preset_owner(of)->title);
	if (target_find(in, &other) == in->set->n)
		finding_fix(finding, "rename %s %s", mx_host_text(mx, text), meant);
	return true;
}

static void nxdomain_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	if (host->n_addr || (host->a != ANSWER_NXDOMAIN && host->aaaa != ANSWER_NXDOMAIN) || target_is_explained(in, mx))
		return;
	finding = findings_add(out, check, mx);
	finding_fix_remove(finding, in);
	if (!host->n_alias && (undotted(in, mx, finding) || misspelt(in, mx, finding)))
		return;
	msg_set(&finding->text, host->n_alias ? N_("%s is an alias of a name that does not exist") : N_("%s does not exist"),
		mx_host_show(mx, text));
}

static void nxdomain_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, nxdomain_host, out);
}

const struct check check_target_nxdomain = {
	.id = "target-nxdomain",
	.level = LEVEL_ERROR,
	.title = N_("A target must exist"),
	.why = N_(
		"Senders skip a target that does not exist. When it is the only one, mail is returned; and whoever registers the name gets the mail."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = nxdomain_run,
};

static void bare_host(
	const struct check *check, const struct check_input *in, const struct mx *mx, const struct host_facts *host, struct findings *out)
{
	char text[DNAME_TEXT_MAX];
	struct finding *finding;

	if (host->n_addr || host->a != ANSWER_NODATA || host->aaaa != ANSWER_NODATA)
		return;
	finding = findings_add(out, check, mx);
	msg_set(&finding->text, N_("%s has no address"), mx_host_show(mx, text));
	finding_fix_remove(finding, in);
}

static void bare_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_host(check, in, bare_host, out);
}

const struct check check_target_no_address = {
	.id = "target-no-address",
	.level = LEVEL_ERROR,
	.title = N_("A target must have an address"),
	.why = N_("A target without A and AAAA records cannot be reached. Senders skip it, and return the mail when it is the only one."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = bare_run,
};

/* Did the name server fail? ANSWER_UNREACHABLE does not count: that is the network of this machine. */
static bool ends(enum answer answer, bool slow)
{
	if (slow)
		return answer == ANSWER_TIMEOUT;
	return answer == ANSWER_SERVFAIL || answer == ANSWER_REFUSED || answer == ANSWER_BROKEN;
}

/* A finding for each host of which a lookup is silent, or fails otherwise. */
static void each_lookup(const struct check *check, const struct check_input *in, bool slow, struct findings *out)
{
	struct unknown unknown = { 0 };
	char name[DNAME_TEXT_MAX];

	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host;

		if (!record_is_new(in, i))
			continue;
		host = facts_host(in->facts, &mx->host);
		if (host && (ends(host->a, slow) || ends(host->aaaa, slow)))
			msg_set(&findings_add(out, check, mx)->text,
				slow ? N_("the lookup of %s is not answered in time") : N_("the lookup of %s fails"),
				mx_host_show(mx, name));
		else if (!host || host->a == ANSWER_UNASKED || host->a == ANSWER_UNREACHABLE)
			unknown_count(&unknown, KNOWN_NOT, &mx->host);
		else if (host->a == ANSWER_PENDING || host->aaaa == ANSWER_PENDING)
			unknown_count(&unknown, KNOWN_LATER, &mx->host);
	}
	unknown_skip(&unknown, check, out);
}

static void servfail_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_lookup(check, in, false, out);
}

const struct check check_target_servfail = {
	.id = "target-servfail",
	.level = LEVEL_WARNING,
	.title = N_("It must be possible to look a target up"),
	.why = N_(
		"Senders leave out a server whose lookup fails. When it is the only one, or the others do not exist, mail waits; Courier returns it."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = servfail_run,
};

static void slow_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	each_lookup(check, in, true, out);
}

const struct check check_slow_name = {
	.id = "slow-name",
	.level = LEVEL_WARNING,
	.title = N_("The lookup of a target should be answered soon"),
	.why = N_(
		"A name that does not exist is skipped at once, but a silent lookup is waited for. Measured with a resolver library that gives up after 2 seconds, it took Postfix and Exim some 4 seconds with each message and Sendmail 12; as that library comes, it gives up after 10. OpenSMTPD holds all mail of the domain, whatever other servers there are."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = slow_run,
};
