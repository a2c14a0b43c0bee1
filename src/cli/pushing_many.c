/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many plans of one file: app/pushes.h pushes them; here each is shown. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/pushes.h"
#include "base/i18n.h"
#include "cli/print.h"
#include "cli/pushing.h"
#include "base/banned.h"

struct many {
	struct call *call;
	struct pushing *pushing;
	struct pushes *pushes;
	char line[PUSHING_LINE]; /* typed */
	size_t n, ended;
	int worst;
};

/* ---- a protected domain's name ---- */

bool pushing_asks(const struct call *call, const struct plan *plan)
{
	return !call_get(call, "--confirm") && !call_has(call, "--dry-run") && push_protected(&call->app, &plan->domain) &&
	       isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

const char *pushing_confirmation(struct call *call, const struct plan *plan, char line[static PUSHING_LINE])
{
	char domain[DNAME_TEXT_MAX];

	if (!pushing_asks(call, plan))
		return call_get(call, "--confirm");
	print(stderr, N_("%s is protected. Type its name to push:"), dname_show(&plan->domain, domain));
	if (!fgets(line, PUSHING_LINE, stdin))
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

/* ---- what the pushes call ---- */

static bool would_ask(void *data, const struct plan *plan)
{
	const struct many *many = data;

	return pushing_asks(many->call, plan);
}

static const char *confirm(void *data, const struct plan *plan)
{
	struct many *many = data;

	return pushing_confirmation(many->call, plan, many->line);
}

static void moved(void *data, const struct push *push)
{
	struct many *many = data;
	char domain[DNAME_TEXT_MAX];

	many->ended += push->done;
	if (!many->pushing->progress)
		return;
	dname_show(&push->plan.domain, domain);
	if (push->done)
		print(stderr, N_("%s has ended; pushes that have ended: %zu of %zu"), domain, many->ended, many->n);
	else
		pushing_wait(domain, push);
}

static void told(void *data, const struct plan *plan, const struct push *push, const struct err *err)
{
	struct many *many = data;

	if (push) {
		pushing_tell(many->pushing, push);
	} else {
		many->ended++;
		pushing_not_begun(many->pushing, plan, err);
	}
	many->worst = pushing_worse(many->worst, push ? push_exit_status(push) : err_exit_status(err->code));
}

static void interrupted(void *data)
{
	struct many *many = data;

	pushes_stop(many->pushes);
}

int pushing_many(struct call *call, const struct plans *plans, struct pushing *pushing)
{
	struct many many = { .call = call, .pushing = pushing, .n = plans->n };
	struct pushes_hooks hooks = { would_ask, confirm, moved, told, &many };
	struct loop_handle *signal;

	pushing_begin_list(pushing);
	many.pushes = pushes_start(&call->app, plans, &pushing->options, &hooks);
	signal = loop_signal(call->app.loop, SIGINT, interrupted, &many);
	pushes_wait(many.pushes);
	loop_cancel(signal);
	pushes_free(many.pushes);
	pushing_end_list(pushing);
	return many.worst;
}
