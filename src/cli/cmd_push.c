/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check/lint.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/pushing.h"
#include "cli/print.h"
#include "base/banned.h"

/* A protected domain's name has to be given again: on the terminal, or by --confirm. */
static bool confirmed(struct call *call, const struct plan *plan, struct err *err)
{
	const char *asked = config_domain_get(&call->app.config, &plan->domain, "protected"), *given = call_get(call, "--confirm");
	char domain[DNAME_TEXT_MAX], line[1024] = "";
	struct dname typed;

	if (!asked || strcmp(asked, "yes") != 0 || call_has(call, "--dry-run"))
		return true;
	dname_show(&plan->domain, domain);
	if (!given && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1) {
		print(stderr, N_("%s is protected. Type its name to push:"), domain);
		if (fgets(line, sizeof(line), stdin))
			line[strcspn(line, "\r\n")] = '\0';
		given = line;
	}
	if (given && dname_parse(&typed, given, NULL) && dname_equal(&typed, &plan->domain))
		return true;
	err_set(err, ERR_APPROVAL, N_("%s is protected, and its name was not given"), domain);
	err_hint(err, N_("Push with --confirm %s."), domain);
	return false;
}

/* Errors that the plan brings; what could not be looked up is no finding. */
static bool blocked(struct call *call, const struct plan *plan, const struct push_options *options, struct err *err)
{
	struct findings findings = { 0 };
	struct check_input live, draft;
	struct facts facts;
	bool is;

	subject_survey(call, &plan->domain, &plan->want, SUBJECT_HOSTS, &facts);
	subject_check_input(&live, &facts, NULL);
	subject_check_input(&draft, &facts, &plan->want);
	live.set = &plan->base; /* what the plan changes, whatever stands there now: the push compares that itself */
	live.is_draft = true;
	lint_draft(&live, &draft, &findings);
	is = push_blocked(plan, &findings, options, err);
	findings_release(&findings);
	facts_release(&facts);
	return is;
}

static int push_one(struct call *call, const struct plan *plan, const struct pushing *pushing, struct err *err)
{
	const struct push_options *options = &pushing->options;

	if (!options->dry_run && !push_approved(&call->app, plan, err))
		return -1;
	if (!confirmed(call, plan, err) || (!options->dry_run && blocked(call, plan, options, err)))
		return -1;
	return pushing_run(call, plan, pushing, err);
}

static int run(struct call *call, struct err *err)
{
	struct pushing pushing = { 0 };
	struct plans plans = { 0 };
	int status = -1;

	if (pushing_options(&pushing, call, err) && subject_plans(call->operand[0], &plans, err)) {
		status = plans.n ? 0 : err_exit_status(ERR_USAGE);
		for (size_t i = 0; status == 0 && i < plans.n; i++)
			status = push_one(call, &plans.plan[i], &pushing, err);
		pushing_print(&pushing, err);
		if (status < 0 && json_array_size(pushing.said))
			status = err_exit_status(err->code); /* said already */
	}
	plans_release(&plans);
	pushing_release(&pushing);
	return status;
}

static const struct option_row options[] = {
	{ "--dry-run", 0, NULL, N_("show the provider's exact requests and write nothing") },
	{ "--server", 0, "ADDRESS[:PORT]", N_("verify on this server instead of the delegated ones (may be repeated)") },
	{ "--watch", 0, "DURATION", N_("how long to wait for the name servers (default: watch of the [push] section, 2m)") },
	{ "--no-watch", 0, NULL, N_("do not wait for the name servers") },
	{ "--override", 0, "ID=REASON", N_("push in spite of this finding; the journal keeps the reason (may be repeated)") },
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
		"servers until all of them agree. Each request is in the journal before it is sent.\n\n"
		"Exit status 6: somebody changed the set meanwhile, and nothing was written. 7: interrupted part-way; mxladder resume "
		"finishes it or takes it back."),
	.options = options,
	.run = run,
};
