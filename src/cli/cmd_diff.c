/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/push_kind.h"
#include "base/i18n.h"
#include "check/companion.h"
#include "cli/commands.h"
#include "cli/companions_json.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "cli/print_document.h"
#include "cli/print_truth.h"
#include "core/change.h"
#include "show/changes.h"
#include "show/companions.h"
#include "show/push.h"
#include "base/banned.h"

static json_t *mx_json(const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];

	return json_pack("{s:I, s:o}", "preference", (json_int_t)mx->preference, "host", json_text(mx_host_text(mx, text)));
}

static json_t *ttl_json(uint32_t ttl_s)
{
	return ttl_s == MX_TTL_UNKNOWN ? json_null() : json_integer(ttl_s);
}

static json_t *changes_json(const struct changes *changes)
{
	static const char *const kinds[] = { "ttl", "add", "prefer", "remove" };
	json_t *list = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct change *c = &changes->change[i];
		json_t *row = json_pack("{s:s}", "kind", kinds[c->kind]);
		struct msg msg;

		if (c->kind == CHANGE_TTL) {
			json_object_set_new(row, "before", ttl_json(c->ttl_before_s));
			json_object_set_new(row, "after", ttl_json(c->ttl_after_s));
		} else {
			json_object_set_new(row, "before", c->kind == CHANGE_ADD ? json_null() : mx_json(&c->before));
			json_object_set_new(row, "after", c->kind == CHANGE_REMOVE ? json_null() : mx_json(&c->after));
		}
		change_msg(c, &msg);
		json_object_set_new(row, "text", json_msg(&msg));
		json_array_append_new(list, row);
	}
	return list;
}

struct diffing {
	struct call *call;
	json_t *all;         /* NULL: text */
	bool other, unknown; /* of a plan: live is neither base nor want, or is not known */
	bool changes;        /* some plan has something left to change */
};

struct differences {
	struct changes changes;
	struct companions companions; /* what changes together with the set */
};

/* Would a push of this plan write? Where the set is as wanted, or another one, it ends before. */
static bool would_write(enum plan_stand stand)
{
	return stand != STAND_WANT && stand != STAND_OTHER;
}

static void diff_text(const struct plan *plan, const struct subject_base *base, const struct differences *differences)
{
	enum plan_stand stand = plan_stand(plan, &base->set, base->source);
	struct document document = print_begin(1);
	char text[DNAME_TEXT_MAX];

	printf("%s\n", dname_show(&plan->domain, text));
	if (!changes_document(&plan->base, &plan->want, &document))
		str_add(document_sentence(&document, ROLE_TEXT, ""), _("The plan changes nothing."));
	if (would_write(stand))
		push_kind_document(plan, NULL, &document);
	companions_document(&differences->companions, &document);
	print_document(&document, stdout);
	print_stand(stand, base->source, base->named);
	if (stand == STAND_OTHER) {
		struct threeway three = { 0 };

		document = print_begin(1);
		threeway_build(&three, &plan->base, &base->set, &plan->want);
		conflict_document(&three, false, &document);
		print_document(&document, stdout);
		threeway_release(&three);
	}
}

static json_t *diff_json(const struct plan *plan, const struct subject_base *base, const struct differences *differences)
{
	static const char *const sources[] = { "unknown", "held", "served", "cached" };
	enum plan_stand stand = plan_stand(plan, &base->set, base->source);
	struct push_kind kind;
	bool writes = would_write(stand) && push_kind(plan, NULL, &kind);

	return json_pack("{s:o, s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "domain", json_name(&plan->domain), "plan", plan->id, "changes",
		changes_json(&differences->changes), "live", plan_stand_name(stand), "live_source", sources[base->source], "live_set",
		mxset_to_json(&base->set), "kind", push_kind_json(writes ? &kind : NULL), "companions",
		companions_json(&differences->companions));
}

/* Whether the plan still fits what is live. */
static bool diff_one(struct diffing *d, const struct plan *plan, struct err *err)
{
	struct subject_base base = { 0 };
	struct differences differences = { 0 };
	struct subject_ask ask = { .domain = &plan->domain, .also = &plan->want, .depth = SUBJECT_HOSTS, .account = plan->account };
	struct facts facts;
	bool ok;

	if (!subject_probes(d->call, &plan->domain, "--probe", &ask.probe, err))
		return false;

	if (!mxset_same_records(&plan->base, &plan->want))
		ask.awaited = COMPANION_NEEDS;
	ok = subject_read_base(d->call, &ask, &base, &facts, err);
	if (ok) {
		enum plan_stand stand = plan_stand(plan, &base.set, base.source);

		changes_between(&differences.changes, &plan->base, &plan->want);
		companions_of_plan(&differences.companions, plan, &facts, loop_now());
		if (d->all)
			json_array_append_new(d->all, diff_json(plan, &base, &differences));
		else
			diff_text(plan, &base, &differences);
		d->other |= stand == STAND_OTHER;
		d->unknown |= stand == STAND_UNKNOWN;
		d->changes |= stand != STAND_WANT && differences.changes.n;
	}
	changes_release(&differences.changes);
	companions_release(&differences.companions);
	facts_release(&facts);
	subject_base_release(&base);
	return ok;
}

static int status_of(const struct diffing *d)
{
	if (d->other)
		return err_exit_status(ERR_CONFLICT);
	if (d->unknown)
		return err_exit_status(ERR_NETWORK);
	return d->changes && call_has(d->call, "--exit-code") ? err_exit_status(ERR_FALSE) : 0;
}

static int run(struct call *call, struct err *err)
{
	struct plans plans = { 0 };
	struct diffing d = { .call = call, .all = call->json ? json_array() : NULL };
	bool ok = subject_plans(call->operand[0], &plans, err);

	for (size_t i = 0; ok && i < plans.n; i++)
		ok = diff_one(&d, &plans.plan[i], err);
	if (ok && d.all)
		print_json(json_array_size(d.all) == 1 ? json_incref(json_array_get(d.all, 0)) : json_pack("{s:O}", "plans", d.all));
	json_decref(d.all);
	plans_release(&plans);
	return ok ? status_of(&d) : -1;
}

static const struct option_row options[] = {
	{ "--probe", 0, NULL, N_("connect to port 25 of the mail servers: for the TLSA records of new ones") },
	{ "--exit-code", 0, NULL, N_("exit 1 where the plan changes something, 0 where live is already so") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_diff = {
	.name = "diff",
	.operands = "PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("say what a plan would change"),
	.text = N_(
		"Says in words what the plan changes, and whether what is held now, or else served, is still what the plan begins from. If it "
		"is not, the plan could not be pushed: the three-way picture is shown and the exit status is 6. Where nobody who knows could "
		"be asked, and a resolver's cache has another set, that is said, and the exit status is 3.\n\n"
		"What has to change together with the set follows as steps in order, with text to copy, waits and dates. From one mail hoster "
		"to another: mxladder draft DOMAIN preset NAME | mxladder diff -"),
	.options = options,
	.run = run,
};
