/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gate_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "check/lint.h"
#include "base/banned.h"

struct msg *gate_add(struct gates *out, const char *id, enum gate_answer answer)
{
	out->gate = mem_grow(out->gate, out->n, &out->cap, sizeof(*out->gate));
	out->gate[out->n] = (struct gate){ .id = id, .answer = answer };
	return &out->gate[out->n++].reason;
}

/* ---- mail has somewhere to go ---- */

enum gate_answer gate_has_address(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *row = facts_host(facts, host);

	if (!row)
		return GATE_UNKNOWN;
	if (row->n_addr)
		return GATE_YES;
	if (row->a == ANSWER_NXDOMAIN || row->aaaa == ANSWER_NXDOMAIN)
		return GATE_NO;
	return row->a == ANSWER_NODATA && row->aaaa == ANSWER_NODATA ? GATE_NO : GATE_UNKNOWN;
}

bool gate_is_host(const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];
	struct addr addr;

	return mx->host.len && !dname_is_root(&mx->host) && !addr_parse(&addr, mx_host_text(mx, text));
}

/* What a target that is no host name takes: some senders deliver to an address, and nobody to anything else. */
static enum gate_answer of_no_host(const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];
	struct addr addr;

	return addr_parse(&addr, mx_host_text(mx, text)) ? GATE_UNKNOWN : GATE_NO;
}

/* The best answer among the hosts: one that takes mail is enough. */
static enum gate_answer any_usable(const struct gate_input *in)
{
	const struct mxset *want = &in->plan->want;
	enum gate_answer best = GATE_NO;

	for (size_t i = 0; i < want->n; i++) {
		enum gate_answer answer =
			gate_is_host(&want->mx[i]) ? gate_has_address(in->facts, &want->mx[i].host) : of_no_host(&want->mx[i]);

		if (answer == GATE_YES)
			return GATE_YES;
		if (answer == GATE_UNKNOWN)
			best = GATE_UNKNOWN;
	}
	return best;
}

static void ask_emptied(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct dname *domain = &in->plan->domain;
	enum gate_answer answer = gate_has_address(in->facts, domain);
	char text[DNAME_TEXT_MAX];

	dname_show(domain, text);
	if (answer == GATE_NO)
		msg_set(gate_add(out, row->id, answer), N_("without MX records nothing takes the mail of %s: the name has no address"),
			text);
	else if (answer == GATE_UNKNOWN)
		msg_set(gate_add(out, row->id, answer),
			N_("without MX records the mail of %s goes to the name's own address, and whether it has one is not known"), text);
}

static void ask_deliverable(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct plan *plan = in->plan;
	enum gate_answer answer;
	char text[DNAME_TEXT_MAX];

	if (in->undo || mxset_is_null(&plan->want) || mxset_same_records(&plan->base, &plan->want))
		return;
	if (!plan->want.n) {
		ask_emptied(row, in, out);
		return;
	}
	answer = any_usable(in);
	dname_show(&plan->domain, text);
	if (answer == GATE_NO)
		msg_set(gate_add(out, row->id, answer), N_("no host of the wanted set can take the mail of %s: none has an address"), text);
	else if (answer == GATE_UNKNOWN)
		msg_set(gate_add(out, row->id, answer), N_("whether any host of the wanted set can take the mail of %s is not known"),
			text);
}

/* ---- errors that the plan introduces ---- */

static bool is_listed(const struct gates *gates, const char *id)
{
	for (size_t i = 0; i < gates->n; i++)
		if (!strcmp(gates->gate[i].id, id))
			return true;
	return false;
}

static void ask_findings(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct facts *facts = in->facts;
	struct check_input before = { .domain = &in->plan->domain,
		.zone = facts->zone.len ? &facts->zone : NULL,
		.set = &in->plan->base,
		.facts = facts,
		.is_draft = true };
	struct check_input after = before;
	struct findings findings = { 0 };

	(void)row;
	if (in->stood || in->undo)
		return;
	after.set = &in->plan->want;
	lint_errors(&before, &after, &findings);
	for (size_t i = 0; i < findings.n; i++) {
		const struct finding *finding = &findings.finding[i];

		if (finding->introduced && finding->level == LEVEL_ERROR && !is_listed(out, finding->check->id) &&
			strcmp(finding->check->id, "last-mx") != 0) /* undeliverable asks the same */
			*gate_add(out, finding->check->id, GATE_NO) = finding->text;
	}
	findings_release(&findings);
}

/* A host that the plan brings, and of which nobody knows whether it exists. */
static void ask_new_hosts(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct plan *plan = in->plan;
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < plan->want.n && !in->stood && !in->undo; i++) {
		const struct mx *mx = &plan->want.mx[i];

		if (!gate_is_host(mx) || mxset_find(&plan->base, &mx->host) < plan->base.n ||
			gate_has_address(in->facts, &mx->host) != GATE_UNKNOWN || is_listed(out, row->id))
			continue;
		msg_set(gate_add(out, row->id, GATE_UNKNOWN), N_("whether %s, which the plan adds, has an address is not known"),
			mx_host_show(mx, text));
	}
}

/* ---- the zone is the one that is seen ---- */

static bool is_own_server(const struct provider_run *found, const struct dname *name)
{
	for (size_t i = 0; i < found->n_ns; i++)
		if (dname_equal(&found->ns[i], name))
			return true;
	return false;
}

/* Is one of the servers that the DNS names for the zone among those that the account's zone names? */
static enum gate_answer is_served(const struct gate_input *in)
{
	const struct zone_facts *zone = facts_zone_of(in->facts, &in->facts->zone);
	size_t n = 0;

	for (size_t i = 0; zone && dname_equal(&zone->apex, &in->facts->zone) && i < zone->n_ns; i++, n++)
		if (is_own_server(in->found, &zone->name_server[i]))
			return GATE_YES;
	for (size_t i = 0; i < in->facts->n_server; i++, n++)
		if (is_own_server(in->found, &in->facts->server[i].name))
			return GATE_YES;
	return n && in->found->n_ns && !in->found->ns_usual ? GATE_NO : GATE_UNKNOWN;
}

static void ask_zone(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct facts *facts = in->facts;
	const struct dname *planned = &in->plan->zone;
	char zone[DNAME_TEXT_MAX], apex[DNAME_TEXT_MAX], domain[DNAME_TEXT_MAX];
	enum gate_answer served;

	dname_show(planned, zone);
	if (!facts->zone.len || facts->source == SOURCE_SERVER) {
		msg_set(gate_add(out, row->id, GATE_UNKNOWN),
			N_("who answers for the zone %s is not known: nobody can tell whether the change would be seen"), zone);
		return;
	}
	if (!dname_equal(&facts->zone, planned) && dname_under(&facts->zone, planned))
		return; /* below a cut: that gate says so */
	if (!dname_equal(&facts->zone, planned) || facts->delegated == FACT_NO) {
		msg_set(gate_add(out, row->id, GATE_NO),
			N_("nobody delegates the zone %s: in the DNS, %s lies in %s, and nobody would see the change"), zone,
			dname_show(&in->plan->domain, domain), dname_show(&facts->zone, apex));
		return;
	}
	served = is_served(in);
	if (served == GATE_NO)
		msg_set(gate_add(out, row->id, served),
			N_("the zone %s of account %s names other name servers than the delegation: the change may be seen by nobody"),
			zone, in->plan->account);
	else if (served == GATE_UNKNOWN)
		msg_set(gate_add(out, row->id, served),
			N_("whether the zone %s of account %s is the one that is delegated is not known: its name servers could not be compared"),
			zone, in->plan->account);
}

static void ask_cut(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct dname *apex = &in->facts->zone;
	char domain[DNAME_TEXT_MAX], cut[DNAME_TEXT_MAX], zone[DNAME_TEXT_MAX];

	if (!apex->len || dname_equal(apex, &in->plan->zone) || !dname_under(apex, &in->plan->zone))
		return;
	msg_set(gate_add(out, row->id, GATE_NO), N_("%s lies in the zone %s, which is delegated away from %s: nobody would see the change"),
		dname_show(&in->plan->domain, domain), dname_show(apex, cut), dname_show(&in->plan->zone, zone));
}

static bool is_apex(const struct gate_input *in)
{
	return dname_equal(&in->plan->domain, &in->plan->zone);
}

static void ask_dname(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	char domain[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX];

	if (is_apex(in) || in->facts->below_dname == FACT_NO)
		return;
	dname_show(&in->plan->domain, domain);
	if (in->facts->below_dname == FACT_YES)
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s lies below the DNAME record of %s: what is published at it is not seen"),
			domain, dname_show(&in->facts->dname_owner, owner));
	else if (in->facts->zone.len)
		msg_set(gate_add(out, row->id, GATE_UNKNOWN), N_("whether %s lies below a DNAME record is not known"), domain);
}

/* A wildcard no longer answers for a name once the name has a record. */
static void ask_first(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct facts *facts = in->facts;
	char domain[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX] = "*";

	dname_show(&in->plan->domain, domain);
	if (facts->wildcard_name.len)
		dname_show(&facts->wildcard_name, owner);
	if (facts->synthesised == FACT_YES)
		msg_set(gate_add(out, row->id, GATE_NO),
			N_("the wildcard %s answers for %s: with a record of its own the name loses all that the wildcard gives it"), owner,
			domain);
	else if (facts->synthesised == FACT_UNKNOWN && facts->wildcard == FACT_YES)
		msg_set(gate_add(out, row->id, GATE_UNKNOWN),
			N_("whether the wildcard %s answers for %s is not known: if it does, the name loses with a record of its own all that the "
			   "wildcard gives it"),
			owner, domain);
	else if (facts->synthesised == FACT_UNKNOWN && facts->wildcard == FACT_UNKNOWN && facts->zone.len)
		msg_set(gate_add(out, row->id, GATE_UNKNOWN), N_("whether a wildcard answers for %s is not known"), domain);
}

/* A wildcard may answer for a name again once its last record is removed. */
static void ask_last(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct facts *facts = in->facts;
	char domain[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX] = "*";

	if (facts->wildcard == FACT_NO || gate_has_address(facts, &in->plan->domain) == GATE_YES)
		return;
	dname_show(&in->plan->domain, domain);
	if (facts->wildcard_name.len)
		dname_show(&facts->wildcard_name, owner);
	if (facts->wildcard == FACT_YES)
		msg_set(gate_add(out, row->id, facts->wildcard_mx ? GATE_NO : GATE_UNKNOWN),
			N_("without MX records the wildcard %s may answer for %s"), owner, domain);
	else if (facts->zone.len)
		msg_set(gate_add(out, row->id, GATE_UNKNOWN), N_("whether a wildcard answers for %s without MX records is not known"),
			domain);
}

static void ask_wildcard(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	bool first = !in->plan->base.n && in->plan->want.n, last = in->plan->base.n && !in->plan->want.n;

	if (is_apex(in) || in->undo)
		return;
	if (first)
		ask_first(row, in, out);
	else if (last)
		ask_last(row, in, out);
}

/* ---- what the provider stores ---- */

static uint32_t highest(const struct mxset *set)
{
	uint32_t preference = 0;

	for (size_t i = 0; i < set->n; i++)
		if (set->mx[i].preference > preference)
			preference = set->mx[i].preference;
	return preference;
}

static void ask_limits(const struct gate_row *row, const struct gate_input *in, struct gates *out)
{
	const struct provider *provider = in->found->account->provider;
	const struct provider_limits *limits = &in->found->limits;
	const struct mxset *base = &in->plan->base, *want = &in->plan->want;
	bool new_ttl = want->n && (!base->n || want->ttl_s != base->ttl_s);
	char limit[TEXT_SPAN_MAX], wants[TEXT_SPAN_MAX];

	if (new_ttl && limits->ttl_min_s && want->ttl_s < limits->ttl_min_s)
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s stores no TTL below %s, and the plan wants %s"), provider->title,
			text_span(limits->ttl_min_s, limit), text_span(want->ttl_s, wants));
	else if (new_ttl && limits->ttl_max_s && want->ttl_s > limits->ttl_max_s)
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s stores no TTL above %s, and the plan wants %s"), provider->title,
			text_span(limits->ttl_max_s, limit), text_span(want->ttl_s, wants));
	else if (limits->records_max && want->n > limits->records_max && want->n > base->n)
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s stores at most %zu records of a set, and the plan wants %zu"),
			provider->title, limits->records_max, want->n);
	else if (limits->preference_max && highest(want) > limits->preference_max)
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s stores no preference above %u, and the plan wants %u"), provider->title,
			(unsigned int)limits->preference_max, (unsigned int)highest(want));
	else if (mxset_is_null(want) && !mxset_is_null(base) && !(provider->caps & CAP_NULL_MX))
		msg_set(gate_add(out, row->id, GATE_NO), N_("%s stores no null MX"), provider->title);
}

/* ---- the list ---- */

const struct gate_row gate_rows[] = {
	{ "undeliverable", N_("Mail must have somewhere to go"), ask_deliverable },
	{ "introduced", N_("The plan must bring no error"), ask_findings },
	{ "unknown-host", N_("What is known of a new host must be enough"), ask_new_hosts },
	{ "mta-sts", N_("What the MTA-STS policy says of a new host must be known"), gate_ask_sts },
	{ "dane", N_("Where DANE protects the mail, it must protect it at a new host too"), gate_ask_dane },
	{ "wrong-zone", N_("The account's zone must be the one that is delegated"), ask_zone },
	{ "below-cut", N_("The name must not lie in a zone that is delegated away"), ask_cut },
	{ "below-dname", N_("The name must not lie below a DNAME record"), ask_dname },
	{ "wildcard", N_("The change must not change what a wildcard answers"), ask_wildcard },
	{ "provider-limits", N_("The provider must be able to store the set"), ask_limits },
	{ "policy", N_("The policy's demands must be met"), gate_ask_policy },
	{ NULL, NULL, NULL },
};

void gates_ask(const struct gate_input *in, struct gates *out)
{
	out->n = 0;
	for (const struct gate_row *row = gate_rows; row->id; row++)
		row->ask(row, in, out);
}

void gates_release(struct gates *gates)
{
	free(gates->gate);
	*gates = (struct gates){ 0 };
}

void gates_override(struct gates *gates, const char *id)
{
	if (gate_is_firm(id))
		return;
	for (size_t i = 0; i < gates->n; i++)
		if (!strcmp(gates->gate[i].id, id))
			gates->gate[i].overridden = true;
}

size_t gates_blocking(const struct gates *gates)
{
	size_t n = 0;

	for (size_t i = 0; i < gates->n; i++)
		n += !gates->gate[i].overridden;
	return n;
}

bool gate_id_exists(const char *id)
{
	for (const struct gate_row *row = gate_rows; row->id; row++)
		if (!strcmp(row->id, id))
			return row->ask != ask_findings && !gate_is_firm(id);
	return check_find(id) != NULL;
}

const char *gate_answer_name(enum gate_answer answer)
{
	static const char *const names[] = { [GATE_YES] = "yes", [GATE_NO] = "no", [GATE_UNKNOWN] = "unknown" };

	return names[answer];
}

bool gates_hold(const struct gates *gates, const struct dname *domain, struct err *err)
{
	const struct gate *first = NULL;
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < gates->n && !first; i++)
		if (!gates->gate[i].overridden)
			first = &gates->gate[i];
	if (!first)
		return true;
	err_set(err, ERR_BLOCKED, N_("the plan for %s is blocked"), dname_show(domain, text));
	if (err) {
		err->context[0] = err->what;
		err->what = first->reason;
	}
	if (gate_is_firm(first->id))
		err_hint(err, N_("Mend the plan; or change the policy, and have the plan approved anew."));
	else
		err_hint(err, N_("Mend the plan, or push in spite of it: --override %s=REASON."), first->id);
	return false;
}
