/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/whatif_cutover.h"

#include <stdio.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "show/cutover.h"
#include "base/banned.h"

bool moving_parse(const struct call *call, struct moving *moving, struct err *err)
{
	const char *at = call_get(call, "--at");
	uint32_t later_s;

	moving->asked = call_has(call, "--cutover");
	moving->now = moving->at = loop_now();
	if (at && !moving->asked)
		return err_set(err, ERR_USAGE, N_("--at is of use with --cutover alone"));
	if (!at || text_parse_time(at, &moving->at))
		return true;
	if (!text_parse_duration(at, &later_s))
		return err_set(
			err, ERR_USAGE, N_("--at takes a time such as 2026-11-23T22:00:00Z, or a duration from now, not \"%s\""), at);
	moving->at = moving->now + later_s;
	return true;
}

static bool load_kept(struct call *call, const struct dname *domain, struct draft *draft, struct err *err)
{
	char name[DNAME_TEXT_MAX];
	struct plan kept;
	struct err why = { 0 };
	bool ok;

	plan_init(&kept);
	ok = store_draft_load(call->app.store, domain, &kept, draft, &why);
	plan_release(&kept);
	if (ok)
		return true;
	if (why.code != ERR_NONE) {
		*err = why;
		return false;
	}
	err_set(err, ERR_USAGE, N_("%s has no draft, so there is nothing to cut over"), dname_show(domain, name));
	err_hint(err, N_("Make one in the interface, or give a plan file: mxladder draft writes it."));
	return false;
}

bool moving_load(struct call *call, const struct dname *domain, const struct plan *plan, struct moving *moving, struct err *err)
{
	struct mxset none = { 0 };

	if (!moving->asked)
		return true;
	draft_init(&moving->draft, plan ? &plan->base : &none);
	if (plan)
		draft_set(&moving->draft, &plan->want);
	else if (!load_kept(call, domain, &moving->draft, err))
		return false;
	return draft_dirty(&moving->draft) || err_set(err, ERR_FALSE, N_("the draft changes nothing, so there is nothing to cut over"));
}

void moving_run(struct moving *moving, const struct facts *facts, const struct cutover_part *part, size_t n_part)
{
	struct cutover_input input = {
		.domain = &facts->domain,
		.facts = facts,
		.live = cutover_from(facts, &moving->draft.base),
		.draft = &moving->draft.want,
		.now = moving->now,
		.at = moving->at,
		.n_part = n_part,
		.part = part,
		.seed = 1,
	};

	if (moving->asked)
		cutover_run(&input, &moving->result);
}

void moving_release(struct moving *moving)
{
	if (moving->asked) {
		draft_release(&moving->draft);
		cutover_release(&moving->result);
	}
}

/* ---- JSON ---- */

static json_t *messages_json(const struct msg *msg, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_msg(&msg[i]));
	return list;
}

static json_t *plan_json(const struct cutover_plan *plan)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < plan->n; i++) {
		const struct cutover_step *step = &plan->step[i];
		bool waits = step->kind == MOVE_WAIT;

		json_array_append_new(
			steps, json_pack("{s:o, s:s, s:o, s:o, s:o}", "at", app_time_json(step->at), "step", cutover_step_name(step->kind),
				       "ttl", step->ttl_s && !waits ? json_integer(step->ttl_s) : json_null(), "wait_s",
				       waits ? json_integer(step->ttl_s) : json_null(), "text", json_msg(&step->text)));
	}
	return plan->n ? json_pack("{s:o, s:o, s:o, s:o}", "change_at", app_time_json(plan->change_at), "drained_at",
				 app_time_json(plan->drained_at), "tail_until", app_time_json(plan->tail_at), "steps", steps)
		       : (json_decref(steps), json_null());
}

/* A share that is not known is told as null. */
static json_t *share_json(bool known, double share)
{
	return known ? json_real(share) : json_null();
}

static json_t *points_json(const struct cutover *r)
{
	bool known = cutover_tells(r), off = cutover_tells_off(r);
	json_t *points = json_array();

	for (size_t i = 0; i < r->n_point; i++) {
		const struct cutover_point *p = &r->point[i];

		json_array_append_new(
			points, json_pack("{s:f, s:f, s:o, s:o, s:o, s:o}", "after_s", p->t_s, "old_answers", p->old, "mail_to_old",
					share_json(known, p->to_old), "bounced_if_off", share_json(off, p->lost), "waiting_if_off",
					share_json(off, p->waits), "mail_to_old_staged", share_json(known && r->staged.n, p->planned)));
	}
	return points;
}

static json_t *hosts_json(const struct cutover *r)
{
	json_t *hosts = json_array();

	for (size_t i = 0; i < r->n_host; i++) {
		const struct cutover_host *h = &r->host[i];

		json_array_append_new(hosts, json_pack("{s:o, s:s, s:o, s:o, s:s}", "host", json_name(&h->host), "reason",
						     cutover_off_name(h->off), "share", share_json(cutover_tells(r), h->share), "off_at",
						     app_time_json(h->off_at), "text", gettext(cutover_off_text(h->off))));
	}
	return hosts;
}

static void add_to(json_t *value, json_t *more)
{
	json_object_update(value, more);
	json_decref(more);
}

static json_t *senders_json(const struct cutover *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n_sender; i++) {
		const struct cutover_sender *s = &r->sender[i];

		bool known = cutover_sender_tells(s), off = cutover_sender_tells_off(s), returns = cutover_returns(r, s);
		json_t *row = json_pack("{s:s, s:f, s:o, s:o, s:o, s:o}", "sender", sender_name(s->sender), "weight", s->weight,
			"mail_to_old", share_json(known, s->to_old), "bounced_if_off", share_json(off, s->bounced), "waiting_if_off",
			share_json(off, s->waits), "bounced_without_names", share_json(off, s->nameless));

		add_to(row, json_pack("{s:o, s:f, s:f}", "returns", returns || off ? json_boolean(returns) : json_null(), "unknown",
				    s->unknown, "unknown_if_off", s->unknown_off));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *assumed_json(const struct cutover *r)
{
	return json_pack("{s:f, s:s, s:I, s:I, s:b}", "stretching_resolvers", r->assume.stretch_share, "stretching_resolvers_source",
		CUTOVER_SOURCE, "stretched_by_s", (json_int_t)r->assume.stretch_s, "short_ttl", (json_int_t)r->assume.short_ttl_s,
		"held_s_assumed", (int)r->hold_assumed);
}

json_t *moving_json(const struct moving *moving)
{
	const struct cutover *r = &moving->result;
	bool known = cutover_tells(r), off = cutover_tells_off(r);
	json_t *value;

	if (!moving->asked)
		return json_null();
	value = json_pack("{s:s, s:o, s:o, s:b, s:o, s:o, s:o}", "kind", cutover_kind_name(r->kind), "at", app_time_json(r->at), "held_s",
		r->kind == CUTOVER_UNKNOWN ? json_null() : json_integer((json_int_t)r->hold_s), "negative", (int)r->negative, "drained_at",
		app_time_json(r->drained_at), "tail_until", app_time_json(r->tail_at), "safe_to_retire_old_hosts_at",
		app_time_json(r->off_at));
	add_to(value, json_pack("{s:o, s:o, s:o, s:o, s:o}", "mail_to_old", share_json(known, r->to_old), "bounced_if_off",
			      share_json(off, r->lost), "waiting_if_off", share_json(off, r->waits), "bounced_without_names",
			      share_json(off, r->nameless), "not_delivered_anyway", share_json(known, r->fails)));
	add_to(value, json_pack("{s:f, s:f, s:b}", "unknown", r->kind == CUTOVER_UNKNOWN ? 1.0 : r->unknown, "unknown_if_off",
			      r->kind == CUTOVER_UNKNOWN ? 1.0 : r->unknown_off, "live_presumed", (int)r->presumed));
	add_to(value, json_pack("{s:o, s:o, s:o, s:o, s:o}", "points", points_json(r), "hosts", hosts_json(r), "senders", senders_json(r),
			      "at_once", plan_json(&r->direct), "staged", plan_json(&r->staged)));
	add_to(value, json_pack("{s:o, s:o, s:o, s:o}", "stages", json_msg(r->staged.n ? &r->gain : &r->no_stages), "warnings",
			      messages_json(r->warning, r->n_warning), "assumed", assumed_json(r), "sources",
			      messages_json(r->basis, r->n_basis)));
	return value;
}

/* ---- for people ---- */

void moving_print(const struct moving *moving)
{
	const struct cutover *r = &moving->result;
	struct document document = print_begin(0);

	if (!moving->asked)
		return;
	str_add(document_sentence(&document, ROLE_HEADING, ""), _("The cut-over to the draft"));
	document.depth++;
	if (cutover_nothing(r)) {
		str_add(document_sentence(&document, ROLE_TEXT, ""), cutover_nothing(r));
	} else {
		cutover_curve(r, &document);
		cutover_document(r, false, &document);
	}
	print_document_as(&document, stdout, &(struct print_form){ { 1, 2, 4 }, 100 });
}
