/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/pushes.h"

#include <stdlib.h>
#include <string.h>

#include "app/survey.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define BUSY_MOST 16  /* that ask the DNS and their accounts, whatever these take */
#define KEPT_MOST 128 /* that have begun and are not told: those that watch name servers, or wait for one before them */

struct one {
	struct pushes *pushes;
	const struct plan *plan;
	struct push_run *run; /* NULL: not begun */
	struct err why;       /* not begun */
	enum push_phase phase;
	struct push_wait_seen wait;
	bool done;
};
struct pushes {
	struct app *app;
	const struct plans *plans;
	struct push_options options;
	struct pushes_hooks hooks;
	bool stopped;
	size_t next, told;
	struct one one[KEPT_MOST]; /* plan i's is one[i % KEPT_MOST] */
	struct loop_handle *soon;
};

static struct one *one_of(struct pushes *pushes, size_t i)
{
	return &pushes->one[i % KEPT_MOST];
}

/* ---- how many ---- */

/* May this push still send requests to its account? A push that watches asks name servers alone; one whose end is being written asks
 * nobody. */
static bool is_busy(const struct one *one)
{
	const struct push *push = one->done ? NULL : push_look(one->run);

	return push && push->phase < PHASE_WATCHING;
}

static size_t count_busy(struct pushes *pushes, const char *account)
{
	size_t n = 0;

	for (size_t i = pushes->told; i < pushes->next; i++)
		n += is_busy(one_of(pushes, i)) && (!account || !strcmp(one_of(pushes, i)->plan->account, account));
	return n;
}

static bool all_done(struct pushes *pushes)
{
	for (size_t i = pushes->told; i < pushes->next; i++)
		if (!one_of(pushes, i)->done)
			return false;
	return true;
}

/* A domain that stands twice in the file is pushed once more when its first push has ended. */
static bool is_at_work(struct pushes *pushes, const struct dname *domain)
{
	for (size_t i = pushes->told; i < pushes->next; i++)
		if (!one_of(pushes, i)->done && dname_equal(&one_of(pushes, i)->plan->domain, domain))
			return true;
	return false;
}

/* While as many pushes as the account takes requests read and write (turn_to_push()), as many may ask the DNS what their gates want to
 * know. */
static bool may_begin(struct pushes *pushes, const struct plan *plan)
{
	struct provider_account account;
	size_t most = 1, busy = count_busy(pushes, NULL);

	if (pushes->stopped || all_done(pushes))
		return true;
	if (pushes->hooks.asks(pushes->hooks.data, plan) || is_at_work(pushes, &plan->domain))
		return false;
	if (app_account(pushes->app, &plan->domain, plan->account, &account, NULL) && account.provider->in_flight)
		most = account.provider->in_flight;
	return busy < BUSY_MOST && count_busy(pushes, plan->account) < 2 * most;
}

/* ---- from the first to the last ---- */

static void pump(void *data);

static void pump_soon(struct pushes *pushes)
{
	if (!pushes->soon)
		pushes->soon = loop_after(pushes->app->loop, 0, pump, pushes);
}

static void changed(void *data)
{
	struct one *one = data;
	struct pushes *pushes = one->pushes;
	const struct push *push = one->run ? push_look(one->run) : NULL;

	if (!push || one->done || (push->phase == one->phase && !push->done && !push_wait_is_new(push, &one->wait)))
		return;
	one->phase = push->phase;
	one->done = push->done;
	pushes->hooks.moved(pushes->hooks.data, push);
	if (one->done || one->phase == PHASE_WATCHING)
		pump_soon(pushes);
}

static void ending(void *data)
{
	struct one *one = data;

	pump_soon(one->pushes);
}

/* Begins one push. The domain's name is asked for only where the push could start; push_start() looks at the approvals again. */
static void begin(struct pushes *pushes, struct one *one, const struct plan *plan)
{
	struct push_options *options = &pushes->options;

	*one = (struct one){ .pushes = pushes, .plan = plan };
	if (pushes->stopped) {
		err_set(&one->why, ERR_INTERRUPTED, N_("stopped on request"));
	} else if (!pushes->hooks.asks(pushes->hooks.data, plan) || push_approved(pushes->app, plan, &one->why)) {
		options->confirm = pushes->hooks.confirm(pushes->hooks.data, plan);
		one->run = push_start(pushes->app, plan, options, (struct push_then){ changed, one, ending }, &one->why);
	}
	one->done = !one->run;
}

static void tell(struct pushes *pushes, struct one *one)
{
	pushes->hooks.told(pushes->hooks.data, one->plan, one->run ? push_look(one->run) : NULL, &one->why);
	push_free(one->run);
	one->run = NULL;
}

static void pump(void *data)
{
	struct pushes *pushes = data;
	const struct plans *plans = pushes->plans;
	size_t before;

	pushes->soon = NULL;
	do {
		before = pushes->next + pushes->told; /* what is told makes room for the next ones */
		while (pushes->next < plans->n && pushes->next - pushes->told < KEPT_MOST &&
			may_begin(pushes, &plans->plan[pushes->next])) {
			begin(pushes, one_of(pushes, pushes->next), &plans->plan[pushes->next]);
			pushes->next++;
		}
		for (; pushes->told < pushes->next && one_of(pushes, pushes->told)->done; pushes->told++)
			tell(pushes, one_of(pushes, pushes->told));
	} while (pushes->next + pushes->told != before);
	if (pushes->told == plans->n)
		loop_stop(pushes->app->loop);
}

void pushes_stop(struct pushes *pushes)
{
	pushes->stopped = true;
	for (size_t i = pushes->told; i < pushes->next; i++)
		if (!one_of(pushes, i)->done)
			push_stop(one_of(pushes, i)->run);
	pump_soon(pushes);
}

struct pushes *pushes_start(
	struct app *app, const struct plans *plans, const struct push_options *options, const struct pushes_hooks *hooks)
{
	struct pushes *pushes = mem_alloc(sizeof *pushes);

	pushes->app = app;
	pushes->plans = plans;
	pushes->options = *options;
	pushes->hooks = *hooks;
	surveys_begin(app);
	pump_soon(pushes);
	return pushes;
}

void pushes_wait(struct pushes *pushes)
{
	if (pushes->soon || pushes->told < pushes->plans->n)
		loop_run(pushes->app->loop);
}

void pushes_free(struct pushes *pushes)
{
	if (!pushes)
		return;
	loop_cancel(pushes->soon);
	for (size_t i = pushes->told; i < pushes->next; i++)
		push_free(one_of(pushes, i)->run);
	surveys_end(pushes->app);
	free(pushes);
}
