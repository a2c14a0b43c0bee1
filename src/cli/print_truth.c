/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_truth.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/print_document.h"
#include "show/set.h"
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

void print_truth(const struct facts *facts, int64_t now)
{
	struct document document = print_begin(0);

	set_truth(facts, now, &document);
	print_document_as(&document, stdout, &(struct print_form){ .indent = { 1 } });
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
