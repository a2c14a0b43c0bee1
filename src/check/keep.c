/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the set is kept, whether a provider can store it, and whether it leaves mail somewhere to go. */
#include "base/i18n.h"
#include "check/checks.h"
#include "check/rules.h"
#include "base/banned.h"

#define DAY 86400u
#define WEEK (7 * DAY)
#define MINUTE 60u

/* Is there a set whose TTL is known? Adds one "not checked" row where only a cache told it. */
static bool has_ttl(const struct check *check, const struct check_input *in, struct findings *out)
{
	if (in->set->n && in->set->ttl_s == MX_TTL_UNKNOWN)
		msg_set(findings_skip(out, check), N_("the TTL of the set is not known: only a cache told it"));
	return in->set->n && in->set->ttl_s != MX_TTL_UNKNOWN;
}

static void long_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	uint32_t ttl = in->set->ttl_s;
	char text[TEXT_SPAN_MAX];

	if (!has_ttl(check, in, out) || ttl <= DAY || mxset_is_null(in->set))
		return;
	msg_set(&findings_add(out, check, NULL)->text,
		ttl > WEEK ? N_("the set is kept for %s, over a week; many resolvers cut that to a week or a day")
			   : N_("the set is kept for %s, over a day"),
		text_span(ttl, text));
}

const struct check check_ttl_long = {
	.id = "ttl-long",
	.level = LEVEL_WARNING,
	.title = N_("The set should be kept for a day at most"),
	.why = N_(
		"When a server is lost, senders go on using the old set for as long as it is kept, and nobody can shorten what is already in caches."),
	.reference = "RFC 8767 §4",
	.run = long_run,
};

static void short_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	uint32_t ttl = in->set->ttl_s;
	char text[TEXT_SPAN_MAX];

	if (!has_ttl(check, in, out) || ttl >= MINUTE)
		return;
	if (ttl)
		msg_set(&findings_add(out, check, NULL)->text, N_("the set is kept for %s only"), text_span(ttl, text));
	else
		msg_set(&findings_add(out, check, NULL)->text, N_("the TTL is 0: no cache keeps the set"));
}

const struct check check_ttl_short = {
	.id = "ttl-short",
	.level = LEVEL_WARNING,
	.title = N_("The set should be kept for a minute at least"),
	.why = N_("Each delivery then asks the name servers anew. When they are down for a moment, no cache helps, and mail waits."),
	.reference = "RFC 1035 §3.2.1",
	.run = short_run,
};

static void auto_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct facts *facts = in->facts;
	char text[TEXT_SPAN_MAX];

	if (in->is_draft || facts->live_source != SOURCE_PROVIDER || !facts->held.ttl_automatic || !in->set->n)
		return;
	if (facts->held.ttl_guessed || in->set->ttl_s == MX_TTL_UNKNOWN)
		msg_set(&findings_add(out, check, NULL)->text, N_("account %s leaves the TTL to the provider, which does not tell it"),
			facts->held.account);
	else
		msg_set(&findings_add(out, check, NULL)->text, N_("account %s leaves the TTL to the provider: that is %s now"),
			facts->held.account, text_span(in->set->ttl_s, text));
}

const struct check check_ttl_auto = {
	.id = "ttl-auto",
	.level = LEVEL_INFO,
	.title = N_("It should be known that the provider chooses the TTL"),
	.why = N_("The provider may change it for all its customers. A push that sets a TTL ends that; one that keeps it leaves it so."),
	.reference = "mxladder list providers",
	.run = auto_run,
};

/* ---- what the provider stores ---- */

/* Does the draft bring this TTL? A fault that the live set has already is not the draft's. */
static bool new_ttl(const struct check_input *in)
{
	const struct mxset *live = &in->facts->live;

	return in->store && in->is_draft && in->set->n && in->set->ttl_s != MX_TTL_UNKNOWN && (!live->n || live->ttl_s != in->set->ttl_s);
}

static bool is_listed(const uint32_t *ttls, uint32_t ttl)
{
	while (ttls && *ttls && *ttls != ttl)
		ttls++;
	return !ttls || *ttls;
}

static void floor_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct check_store *store = in->store;
	char limit[TEXT_SPAN_MAX], has[TEXT_SPAN_MAX];
	uint32_t ttl = in->set->ttl_s;

	if (!new_ttl(in))
		return;
	if (ttl < store->ttl_min_s)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s stores no TTL below %s, and the set has %s"), store->title,
			text_span(store->ttl_min_s, limit), text_span(ttl, has));
	else if (store->ttl_max_s && ttl > store->ttl_max_s)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s stores no TTL above %s, and the set has %s"), store->title,
			text_span(store->ttl_max_s, limit), text_span(ttl, has));
	else if (!is_listed(store->ttls, ttl))
		msg_set(&findings_add(out, check, NULL)->text, N_("%s stores certain TTLs alone, and %s is none of them"), store->title,
			text_span(ttl, has));
}

const struct check check_ttl_floor = {
	.id = "ttl-floor",
	.level = LEVEL_ERROR,
	.title = N_("The provider must be able to store the TTL"),
	.why = N_("The provider would refuse this draft, or would store it with another TTL."),
	.reference = "mxladder list providers",
	.run = floor_run,
};

static void null_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct mxset *live = &in->facts->live;
	bool has = false, had = false;

	for (size_t i = 0; i < in->set->n; i++)
		has = has || dname_is_root(&in->set->mx[i].host);
	for (size_t i = 0; i < live->n; i++)
		had = had || dname_is_root(&live->mx[i].host);
	if (in->store && in->is_draft && has && !had && !in->store->takes_null)
		msg_set(&findings_add(out, check, NULL)->text,
			N_("a null MX is not written at %s: it refuses one, or is not known to take one"), in->store->title);
}

const struct check check_cap_null = {
	.id = "cap-null",
	.level = LEVEL_ERROR,
	.title = N_("The provider must be able to store a null MX"),
	.why = N_("The provider would refuse this draft."),
	.reference = "mxladder list providers",
	.run = null_run,
};

static void count_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	const struct check_store *store = in->store;

	if (store && in->is_draft && store->records_max && in->set->n > store->records_max && in->set->n > in->facts->live.n)
		msg_set(&findings_add(out, check, NULL)->text, N_("%s stores at most %zu records of a name, and the set has %zu"),
			store->title, store->records_max, in->set->n);
}

const struct check check_cap_count = {
	.id = "cap-count",
	.level = LEVEL_ERROR,
	.title = N_("The provider must be able to store so many records"),
	.why = N_("The provider would refuse this draft."),
	.reference = "mxladder list providers",
	.run = count_run,
};

/* ---- a rung that takes mail stays ---- */

static void last_run(const struct check *check, const struct check_input *in, struct findings *out)
{
	struct unknown unknown = { 0 };
	char text[DNAME_TEXT_MAX];

	if (!in->is_draft || !in->set->n || mxset_is_null(in->set))
		return; /* without a record: undeliverable, implicit-mx */
	for (size_t i = 0; i < in->set->n; i++) {
		const struct mx *mx = &in->set->mx[i];
		const struct host_facts *host = NULL;
		enum known known;

		if (target_is_address(mx))
			return; /* some senders deliver to it, as target-ip says */
		if (!target_is_name(mx))
			continue;
		known = host_known(in, &mx->host, &host);
		if (host && host->n_addr)
			return;
		unknown_count(&unknown, known, &mx->host);
	}
	unknown_skip(&unknown, check, out);
	if (!unknown.n)
		msg_set(&findings_add(out, check, NULL)->text, N_("no server of this set can take the mail of %s: none has an address"),
			dname_show(in->domain, text));
}

const struct check check_last_mx = {
	.id = "last-mx",
	.level = LEVEL_ERROR,
	.title = N_("A change must leave a server that takes the mail"),
	.why = N_(
		"Where MX records stand and none can be used, senders return the mail or hold it; they do not fall back to the domain's own address."),
	.reference = "RFC 5321 §5.1",
	.needs = NEEDS_HOSTS,
	.run = last_run,
};
