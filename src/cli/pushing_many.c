/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many plans of one file: begun in its order, several at the same time, told in its order. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "cli/print.h"
#include "cli/pushing.h"
#include "base/banned.h"

#define MOST 8 /* pushes at the same time, whatever the accounts take */

struct many;
struct one {
	struct many *many;
	const struct plan *plan;
	struct push_run *run; /* NULL: not begun, or told */
	struct err why;       /* not begun */
	bool done;
};
struct many {
	struct call *call;
	struct pushing *pushing;
	size_t n, next, told;
	struct one *one;
	struct loop_handle *signal, *soon;
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

/* ---- how many ---- */

static bool is_running(const struct one *one)
{
	return one->run && !one->done;
}

static size_t running(const struct many *many, const char *account)
{
	size_t n = 0;

	for (size_t i = many->told; i < many->next; i++)
		n += is_running(&many->one[i]) && (!account || !strcmp(many->one[i].plan->account, account));
	return n;
}

/* As many as the account takes requests; the window between its read and its write is to stay short. */
static bool may_begin(struct many *many, const struct plan *plan)
{
	struct provider_account account;
	bool known = plan->account && app_account(&many->call->app, &plan->domain, plan->account, &account, NULL);
	size_t most = known && account.provider->in_flight ? account.provider->in_flight : 1, all = running(many, NULL);

	if (all == 0)
		return true;
	return known && all < MOST && !pushing_asks(many->call, plan) && running(many, plan->account) < most;
}

/* ---- from the first to the last ---- */

static void pump(void *data);

static void changed(void *data)
{
	struct one *one = data;
	struct many *many = one->many;

	if (!one->run || one->done || !push_look(one->run)->done)
		return;
	one->done = true;
	if (!many->soon)
		many->soon = loop_after(many->call->app.loop, 0, pump, many);
}

static void begin(struct many *many, struct one *one)
{
	struct pushing *pushing = many->pushing;
	char line[PUSHING_LINE];

	if (pushing->stopped) {
		err_set(&one->why, ERR_INTERRUPTED, N_("stopped on request"));
	} else if (pushing->options.dry_run || push_approved(&many->call->app, one->plan, &one->why)) {
		pushing->options.confirm = pushing_confirmation(many->call, one->plan, line);
		one->run = push_start(&many->call->app, one->plan, &pushing->options, (struct push_then){ changed, one }, &one->why);
	}
	one->done = !one->run || push_look(one->run)->done;
}

static void tell(struct many *many, struct one *one)
{
	int status;

	if (one->run) {
		status = push_exit_status(push_look(one->run));
		pushing_tell(many->pushing, push_look(one->run));
		push_free(one->run);
		one->run = NULL;
	} else {
		status = err_exit_status(one->why.code);
		pushing_not_begun(many->pushing, one->plan, &one->why);
	}
	many->worst = pushing_worse(many->worst, status);
}

static void pump(void *data)
{
	struct many *many = data;

	many->soon = NULL;
	while (many->next < many->n && (many->pushing->stopped || may_begin(many, many->one[many->next].plan)))
		begin(many, &many->one[many->next++]);
	while (many->told < many->next && many->one[many->told].done)
		tell(many, &many->one[many->told++]);
	if (many->told == many->n)
		loop_stop(many->call->app.loop);
}

static void interrupted(void *data)
{
	struct many *many = data;

	many->pushing->stopped = true;
	for (size_t i = many->told; i < many->next; i++)
		if (is_running(&many->one[i]))
			push_stop(many->one[i].run);
}

int pushing_many(struct call *call, const struct plans *plans, struct pushing *pushing)
{
	struct many many = { .call = call, .pushing = pushing, .n = plans->n };

	many.one = mem_resize(NULL, plans->n + 1, sizeof *many.one);
	for (size_t i = 0; i < plans->n; i++)
		many.one[i] = (struct one){ .many = &many, .plan = &plans->plan[i] };
	many.signal = loop_signal(call->app.loop, SIGINT, interrupted, &many);
	many.soon = loop_after(call->app.loop, 0, pump, &many);
	loop_run(call->app.loop);
	loop_cancel(many.signal);
	loop_cancel(many.soon);
	free(many.one);
	return many.worst;
}
