/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_truth.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/paint.h"
#include "base/banned.h"

json_t *print_held_json(const struct facts *facts)
{
	const struct held_facts *held = &facts->held;
	struct str at;
	json_t *json;

	if (!truth_tells(held->mx))
		return json_null();
	str_init(&at, 0);
	text_time(&at, held->at);
	json = mxset_to_json(&held->set);
	json_object_set_new(json, "account", json_text(held->account));
	json_object_set_new(json, "at", json_text(at.s));
	if (!held->set.n || held->ttl_guessed)
		json_object_set_new(json, "ttl", json_null());
	str_release(&at);
	return json;
}

json_t *print_cached_json(const struct facts *facts, int64_t now)
{
	struct truth truth;
	json_t *json;

	if (facts->source != SOURCE_RESOLVER || !truth_tells(facts->cached.mx))
		return json_null();
	truth_look(&truth, facts, now);
	json = mxset_to_json(&facts->cached.set);
	json_object_del(json, "ttl");
	json_object_set_new(json, "resolver", facts->source_name[0] ? json_text(facts->source_name) : json_null());
	json_object_set_new(json, "ttl_left", truth_tells(facts->mx) ? json_integer(truth.cache_left_s) : json_null());
	json_object_set_new(json, "same", truth.cache == CACHE_UNKNOWN ? json_null() : json_boolean(truth.cache == CACHE_SAME));
	return json;
}

void print_source(struct str *out, const struct facts *facts)
{
	struct str name;

	str_init(&name, 0);
	text_escape(&name, facts->source_name, strlen(facts->source_name));
	switch (facts->live_source) {
	case SOURCE_PROVIDER:
		str_addf(out, _("held by account %s"), facts->held.account);
		break;
	case SOURCE_SERVER:
		if (facts->source == SOURCE_SERVER)
			str_addf(out, _("served by %s"), name.s);
		else
			str_add(out, _("served"));
		break;
	case SOURCE_ZONE:
		str_add(out, name.s);
		break;
	default:
		if (name.len)
			str_addf(out, _("cached by %s"), name.s);
		else
			str_add(out, _("cached"));
	}
	str_release(&name);
}

static void list_records(struct str *out, const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		str_addf(out, "%s%lu ", i ? ", " : "", (unsigned long)set->mx[i].preference);
		paint_mx(out, &set->mx[i]);
	}
}

static void print_cache(const struct facts *facts, const struct truth *truth)
{
	const char *by = facts->source_name[0] ? facts->source_name : _("the system's resolver");
	bool old = truth->agree && truth->agree == truth->answered;
	struct str left, records;

	str_init(&left, 0);
	str_init(&records, 0);
	translate_left(&left, truth->cache_left_s);
	list_records(&records, &facts->cached.set);
	if (!records.len)
		print(stdout, N_(" The cache of %s has no record, for %s."), by, left.s);
	else if (old)
		print(stdout, N_(" The cache of %s still has the old set, for %s: %s"), by, left.s, records.s);
	else
		print(stdout, N_(" The cache of %s has another set, for %s: %s"), by, left.s, records.s);
	str_release(&left);
	str_release(&records);
}

void print_truth(const struct facts *facts, int64_t now)
{
	struct truth truth;
	struct str left;

	truth_look(&truth, facts, now);
	if (truth.cache == CACHE_DIFFERS)
		print_cache(facts, &truth);
	if (truth.live == TRUTH_HELD && facts->held.ttl_guessed)
		print(stdout, N_(" The provider does not tell the TTL of a record that leaves it to the zone."));
	if (truth.live == TRUTH_CACHED && truth.disagree)
		print(stdout, N_(" The name servers do not agree with each other; this is what a resolver has."));
	if (truth.live == TRUTH_CACHED && facts->live.n && !truth.ttl_known) {
		str_init(&left, 0);
		translate_left(&left, truth.cache_left_s);
		print(stdout, N_(" Only a resolver's cache told this set, and keeps it for %s: the set's own TTL is not known."), left.s);
		str_release(&left);
	}
}

/* ---- a plan in them ---- */

enum plan_stand plan_stand(const struct plan *plan, const struct mxset *live, enum truth_source source)
{
	bool cached = source == TRUTH_CACHED;

	if (!live || source == TRUTH_UNKNOWN)
		return STAND_UNKNOWN;
	if (cached ? mxset_matches(live, &plan->base) || mxset_matches(&plan->base, live) : mxset_matches(&plan->base, live))
		return STAND_BASE;
	if (cached ? mxset_matches(live, &plan->want) : mxset_equal(&plan->want, live))
		return STAND_WANT;
	return cached ? STAND_UNKNOWN : STAND_OTHER;
}

const char *plan_stand_name(enum plan_stand stand)
{
	static const char *const names[] = { "base", "want", "other", "unknown" };

	return names[stand];
}

static void named_msg(enum plan_stand stand, const char *named, struct msg *msg)
{
	if (stand == STAND_BASE)
		msg_set(msg, N_("%s has what the plan begins from."), named);
	else if (stand == STAND_WANT)
		msg_set(msg, N_("%s has already what the plan wants."), named);
	else
		msg_set(msg, N_("%s does not have what the plan begins from."), named);
}

void print_stand(enum plan_stand stand, enum truth_source source, const char *named)
{
	static const char *const held[] = { N_("The provider holds what the plan begins from."),
		N_("The provider holds already what the plan wants."), N_("The provider does not hold what the plan begins from.") };
	static const char *const served[] = { N_("The name servers serve what the plan begins from."),
		N_("The name servers serve already what the plan wants."), N_("The name servers do not serve what the plan begins from.") };
	static const char *const cached[] = {
		N_("A resolver's cache has what the plan begins from; nobody who knows it better could be asked."),
		N_("A resolver's cache has already what the plan wants; nobody who knows it better could be asked.")
	};

	const char *const *sentences = source == TRUTH_HELD ? held : source == TRUTH_SERVED ? served : cached;
	struct msg msg = { 0 };

	if (stand == STAND_UNKNOWN)
		msg_set(&msg,
			N_("Whether the set is still what the plan begins from is not known: no provider and no name server told it."));
	else if (*named)
		named_msg(stand, named, &msg);
	else
		msg.id = sentences[stand];
	print_msg(stdout, &msg);
}
