/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "app/history.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "base/banned.h"

static bool revert(struct call *call, const struct past_push *past, struct err *err)
{
	struct plan plan;
	struct plans plans = { .n = 1, .plan = &plan };
	bool ok;

	plan_init(&plan);
	history_revert_plan(past, &plan);
	free(plan.created_at);
	free(plan.created_by);
	plan.created_at = subject_now();
	plan.created_by = subject_user_name(call);
	if (call_get(call, "--note")) {
		free(plan.note);
		plan.note = mem_text(call_get(call, "--note"));
	}
	ok = (!call_get(call, "--ticket") || plan_set_ticket(&plan, call_get(call, "--ticket"), err)) &&
	     subject_write_plans(&plans, call_get(call, "--output"), err);
	plan_release(&plan);
	return ok;
}

static int run(struct call *call, struct err *err)
{
	const char *id = call->n > 1 ? call->operand[1] : NULL;
	struct history history = { 0 };
	const struct past_push *past;
	struct dname domain;
	char text[DNAME_TEXT_MAX];
	bool ok;

	ok = subject_domain(call, 0, &domain, err) && history_read(&call->app, &domain, &history, err);
	if (ok) {
		past = history_find(&history, id);
		if (past)
			ok = history_can_revert(past, err) && revert(call, past, err);
		else if (id)
			ok = err_set(err, ERR_USAGE, N_("%s has no push %s from here"), dname_show(&domain, text), id);
		else
			ok = err_set(err, ERR_FALSE, N_("%s has no push from here that could be taken back"), dname_show(&domain, text));
	}
	history_release(&history);
	return ok ? 0 : -1;
}

static const struct option_row options[] = {
	{ "--output", 'o', "FILE", N_("write the plan there instead of to stdout") },
	{ "--note", 0, "TEXT", N_("what the change is for") },
	{ "--ticket", 0, "ID", N_("the change's number elsewhere; approvals sign it") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_rollback = {
	.name = "rollback",
	.operands = "DOMAIN [PUSH]",
	.min = 1,
	.max = 2,
	.flags = NEEDS_APP,
	.help = N_("make the plan that takes a push back"),
	.text = N_(
		"Writes the plan that takes a past push back: the last one from here that changed something and was not taken back from here, or the one whose id is given (mxladder "
		"history lists them). The plan is approved and pushed like any other."),
	.options = options,
	.run = run,
};
