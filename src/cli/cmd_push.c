/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/pushing.h"
#include "base/banned.h"

static int push_one(struct call *call, const struct plan *plan, struct pushing *pushing, struct err *err)
{
	char line[PUSHING_LINE];

	if (pushing_asks(call, plan) && !push_approved(&call->app, plan, err))
		return -1;
	pushing->options.confirm = pushing_confirmation(call, plan, line);
	return pushing_run(call, plan, pushing, err);
}

static int run(struct call *call, struct err *err)
{
	struct pushing pushing = { 0 };
	struct plans plans = { 0 };
	int status = -1;

	if (pushing_options(&pushing, call, err) && subject_plans(call->operand[0], &plans, err))
		status = plans.many ? pushing_many(call, &plans, &pushing) : push_one(call, &plans.plan[0], &pushing, err);
	plans_release(&plans);
	pushing_release(&pushing);
	return status;
}

static const struct option_row options[] = {
	{ "--dry-run", 0, NULL, N_("run every gate, show the provider's exact requests, and write nothing") },
	{ "--probe", 0, NULL, N_("connect to port 25 of the mail servers first, for what a policy demands of them") },
	{ "--server", 0, "ADDRESS[:PORT]", N_("verify on this server instead of the delegated ones (may be repeated)") },
	{ "--watch", 0, "DURATION", N_("how long to wait for the name servers (default: watch of the [push] section, 2m)") },
	{ "--no-watch", 0, NULL, N_("do not wait for the name servers") },
	{ "--override", 0, "ID=REASON",
		N_("push in spite of this gate (list gates) or finding (list checks); the journal keeps the reason (may be repeated)") },
	{ "--note", 0, "TEXT", N_("what this push is for, instead of the plan's note") },
	{ "--ticket", 0, "ID", N_("the change's number elsewhere, where the plan has none") },
	{ "--confirm", 0, "DOMAIN", N_("the name of a protected domain, given again") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_push = {
	.name = "push",
	.operands = "PLAN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("publish an approved plan, and verify"),
	.text = N_(
		"Reads what the provider holds and goes on only if that is what the plan begins from; writes; reads back; then asks the name "
		"servers until all of them gave the set twice, or the time for that is up. Each request is in the journal before it is sent.\n\n"
		"Exit status 1: a gate blocks it, or it was not seen that every name server has the new set. 6: what is there is not "
		"what the plan began from, or somebody else wrote since. 7: interrupted part-way, or what was sent may have taken effect; mxladder resume finishes it or takes it back."),
	.options = options,
	.run = run,
};
