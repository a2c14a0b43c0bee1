/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface, or what to do where there is no terminal for it. */
#include <unistd.h>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/subject.h"
#include "cli/paint.h"
#include "tui/tui.h"
#include "base/banned.h"

static int run(struct call *call, struct err *err)
{
	struct tui_options options = { .theme = call_get(call, "--theme"),
		.ascii = paint_ascii(call),
		.no_color = call_has(call, "--no-color"),
		.plain = call_has(call, "--plain") };
	bool named = call->n || call->app.world, terminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1;
	struct dname domain;

	if (!named && !terminal && !options.plain) {
		help_program(stdout);
		return 0;
	}
	if (call->json) {
		err_set(err, ERR_USAGE, N_("the interface prints no JSON"));
		err_hint(err, N_("mxladder show, check and the other commands do."));
		return -1;
	}
	if (!terminal && !options.plain) {
		err_set(err, ERR_USAGE, N_("the interface needs a terminal"));
		err_hint(err, N_("mxladder show DOMAIN prints the ladder; --plain works line by line."));
		return -1;
	}
	if (named && !subject_domain(call, 0, &domain, err))
		return -1;
	return tui_run(&call->app, named ? &domain : NULL, &options, err) ? 0 : -1;
}

const struct command cmd_tui = {
	.name = "mxladder",
	.operands = "[DOMAIN]",
	.max = 1,
	.flags = NEEDS_APP,
	.help = N_("open the interface"),
	.text = N_("Opens the interface on the domain's ladder. Keys and actions: ? there, and mxladder list actions."),
	.run = run,
};
