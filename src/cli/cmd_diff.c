/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/conflict.h"
#include "cli/subject.h"
#include "cli/paint.h"
#include "cli/print.h"
#include "core/change.h"
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

static const char *where(const struct plan *plan, const struct mxset *live)
{
	if (mxset_equal(live, &plan->base))
		return "base";
	return mxset_equal(live, &plan->want) ? "want" : "other";
}

static void diff_text(const struct plan *plan, const struct mxset *live, const struct changes *changes)
{
	char text[DNAME_TEXT_MAX];

	printf("%s\n", dname_show(&plan->domain, text));
	for (size_t i = 0; i < changes->n; i++) {
		struct msg msg;

		change_msg(&changes->change[i], &msg);
		fputs("  ", stdout);
		print_msg(stdout, &msg);
	}
	if (changes->n == 0)
		print(stdout, N_("  The plan changes nothing."));
	if (mxset_equal(live, &plan->base)) {
		print(stdout, N_("Live is what the plan begins from."));
	} else if (mxset_equal(live, &plan->want)) {
		print(stdout, N_("Live is already what the plan wants."));
	} else {
		struct threeway three = { 0 };

		threeway_build(&three, &plan->base, live, &plan->want);
		print(stdout, N_("Live is not what the plan begins from:"));
		conflict_print(&three, stdout);
		threeway_release(&three);
	}
}

/* Whether the plan still fits what is live. */
static bool diff_one(struct call *call, const struct plan *plan, json_t *all, bool *fits, struct err *err)
{
	struct subject_base base = { 0 };
	struct changes changes = { 0 };
	bool ok = subject_read_base(call, &plan->domain, plan->account, &base, err);

	if (ok) {
		const char *live = where(plan, &base.set);

		changes_between(&changes, &plan->base, &plan->want);
		if (all)
			json_array_append_new(
				all, json_pack("{s:o, s:s, s:o, s:s, s:o}", "domain", json_name(&plan->domain), "plan", plan->id, "changes",
					     changes_json(&changes), "live", live, "live_set", mxset_to_json(&base.set)));
		else
			diff_text(plan, &base.set, &changes);
		*fits = *fits && *live != 'o';
	}
	changes_release(&changes);
	subject_base_release(&base);
	return ok;
}

static int run(struct call *call, struct err *err)
{
	struct plans plans = { 0 };
	json_t *all = call->json ? json_array() : NULL;
	bool fits = true, ok = subject_plans(call->operand[0], &plans, err);

	for (size_t i = 0; ok && i < plans.n; i++)
		ok = diff_one(call, &plans.plan[i], all, &fits, err);
	if (ok && all)
		print_json(json_array_size(all) == 1 ? json_incref(json_array_get(all, 0)) : json_pack("{s:O}", "plans", all));
	json_decref(all);
	plans_release(&plans);
	if (!ok)
		return -1;
	return fits ? 0 : err_exit_status(ERR_CONFLICT);
}

const struct command cmd_diff = {
	.name = "diff",
	.operands = "PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("say what a plan would change"),
	.text = N_(
		"Says in words what the plan changes, and whether what is live now is still what the plan begins from. If it is not, the plan "
		"could not be pushed: the three-way picture is shown and the exit status is 6."),
	.run = run,
};
