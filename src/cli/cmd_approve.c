/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "app/approval.h"
#include "base/i18n.h"
#include "check/accept.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/print.h"
#include "core/meant.h"
#include "base/banned.h"

static bool wanted(const struct plan *plan, const struct dname *only)
{
	return only->len == 0 || dname_equal(&plan->domain, only);
}

static bool approve_all(struct call *call, struct plans *plans, const struct dname *only, struct err *err)
{
	char *name = subject_user_name(call), text[DNAME_TEXT_MAX];
	struct approver approver = { .by = name, .note = call_get(call, "--note"), .key_file = call_get(call, "--key") };
	const char *ticket = call_get(call, "--ticket"), *until = call_get(call, "--until");
	size_t done = 0;
	bool ok;

	if (!approver.key_file)
		approver.key_file = config_get(&call->app.config, "main", "", "sign_key");
	if (call_get(call, "--by"))
		approver.by = call_get(call, "--by");
	ok = !until || accept_parse_until(until, loop_now(), &approver.until, err);
	for (size_t i = 0; ok && i < plans->n; i++) {
		if (!wanted(&plans->plan[i], only))
			continue;
		ok = (!ticket || plan_set_ticket(&plans->plan[i], ticket, err)) &&
		     push_approve(&call->app, &plans->plan[i], &approver, err);
		done++;
	}
	free(name);
	if (ok && done == 0)
		ok = err_set(err, ERR_USAGE, N_("the file holds no plan for %s"), dname_show(only, text));
	return ok;
}

static void told(const struct call *call, const struct plans *plans, const struct dname *only)
{
	json_t *list = call->json ? json_array() : NULL;
	char text[DNAME_TEXT_MAX];

	for (size_t i = 0; i < plans->n; i++) {
		const struct plan *plan = &plans->plan[i];

		if (!wanted(plan, only))
			continue;
		if (list)
			json_array_append_new(list, json_pack("{s:o, s:s, s:i}", "domain", json_name(&plan->domain), "plan", plan->id,
							    "approvals", (int)plan->n_approval));
		else
			print(stderr, N_("Approved: %s, %s"), dname_show(&plan->domain, text), plan->id);
	}
	if (list)
		print_json(json_pack("{s:o}", "approved", list));
}

static int run(struct call *call, struct err *err)
{
	const char *path = call->operand[0], *out = call_get(call, "--output"), *domain = call_get(call, "--domain");
	struct dname only = { 0 };
	struct plans plans = { 0 };
	bool ok;

	if (call->app.read_only && !out)
		return err_set(err, ERR_USAGE, N_("--read-only: the plan file would be written")) ? 0 : -1;
	if (domain && !meant_domain(&only, domain, err))
		return -1;
	ok = subject_plans(path, &plans, err) && approve_all(call, &plans, &only, err) &&
	     subject_write_plans(&plans, out ? out : path, err);
	if (ok)
		told(call, &plans, &only);
	plans_release(&plans);
	return ok ? 0 : -1;
}

static const struct option_row options[] = {
	{ "--note", 0, "TEXT", N_("why") },
	{ "--ticket", 0, "ID", N_("the change's number elsewhere, where the plan has none yet; the approval signs it") },
	{ "--by", 0, "NAME", N_("who approves (default: name of the [main] section, else USER@HOST)") },
	{ "--key", 0, "FILE",
		N_("sign with this SSH key (default: sign_key of the [main] section); a domain with approvals = N asks for N signed ones") },
	{ "--until", 0, "TIME", N_("when the approval ends by itself: a time, or a duration from now (default: approval_age alone)") },
	{ "--domain", 0, "NAME", N_("approve only this domain's plan, where the file holds several") },
	{ "--output", 'o', "FILE", N_("write the approved plan there instead of into the same file") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_approve = {
	.name = "approve",
	.operands = "PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("approve a plan"),
	.text = N_(
		"Adds an approval to the plan file. What is approved is what is pushed: the approval is bound to the plan's id, which is the "
		"digest of its domain, account, base and wanted set. A signature covers the plan's id and ticket, who approves, when, until when, and the note. Where "
		"the domain asks for signed approvals, one that could not count is refused at once."),
	.options = options,
	.run = run,
};
