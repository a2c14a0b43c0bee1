/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "app/history.h"
#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/subject.h"
#include "cli/pushing.h"
#include "cli/print.h"
#include "base/banned.h"

static int resume(struct call *call, const struct past_push *past, struct pushing *pushing, struct err *err)
{
	pushing->options.resume = true;
	pushing->options.undo = call_has(call, "--undo");
	pushing->options.abandon = call_get(call, "--abandon");
	pushing->options.resume_id = past->id;
	return pushing_run(call, &past->plan, pushing, err);
}

static bool is_sound(const struct call *call, struct err *err)
{
	const char *reason = call_get(call, "--abandon");

	if (reason && !reason[strspn(reason, " \t\r\n")])
		return err_set(err, ERR_USAGE, N_("--abandon takes a reason"));
	if (reason && call_has(call, "--undo"))
		return err_set(err, ERR_USAGE, N_("--undo takes the push back, --abandon leaves it as it is: give one of them"));
	return true;
}

static int run(struct call *call, struct err *err)
{
	struct pushing pushing = { 0 };
	struct history history = { 0 };
	const struct past_push *past;
	struct dname domain;
	char text[DNAME_TEXT_MAX];
	int status = -1;

	if (is_sound(call, err) && subject_domain(call, 0, &domain, err) && pushing_options(&pushing, call, err) &&
		history_read(&call->app, &domain, &history, err)) {
		past = history_unfinished(&history);
		if (past) {
			status = resume(call, past, &pushing, err);
		} else if (call->json) {
			print_json(json_pack("{s:o, s:n}", "domain", json_name(&domain), "push"));
			status = 0;
		} else {
			print(stdout, N_("%s: no push from here was interrupted"), dname_show(&domain, text));
			status = 0;
		}
	}
	history_release(&history);
	pushing_release(&pushing);
	return status;
}

static const struct option_row options[] = {
	{ "--undo", 0, NULL, N_("take the push back instead of finishing it") },
	{ "--abandon", 0, "REASON", N_("write nothing: leave what is held as it is, and close the push for this reason") },
	{ "--dry-run", 0, NULL, N_("show the provider's exact requests and write nothing") },
	{ "--override", 0, "ID=REASON",
		N_("go on in spite of this gate (list gates) or finding (list checks); the journal keeps the reason (may be repeated)") },
	{ "--probe", 0, NULL, N_("connect to port 25 of the mail servers first, for what a policy demands of them") },
	{ "--server", 0, "ADDRESS[:PORT]", N_("verify on this server instead of the delegated ones (may be repeated)") },
	{ "--watch", 0, "DURATION", N_("how long to wait for the name servers (default: watch of the [push] section, 2m)") },
	{ "--no-watch", 0, NULL, N_("do not wait for the name servers") },
	{ NULL, 0, NULL, NULL },
};

const struct command cmd_resume = {
	.name = "resume",
	.operands = "DOMAIN",
	.min = 1,
	.flags = NEEDS_APP,
	.help = N_("finish or undo an interrupted push"),
	.text = N_("Reads the journal and what the provider holds, and finishes the push that was cut off; with --undo it puts the old set "
		   "back, with --abandon REASON it leaves what is held as it is and closes the push.\n\n"
		   "A push whose outcome is not known stays unfinished, whatever ends a resume, until one of the three is done."),
	.options = options,
	.run = run,
};
