/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push's beginning and end as a value: what must hold before it starts, and what it owns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "app/account.h"
#include "io/lock.h"
#include "base/banned.h"

#define TURN_WAIT_MS 50
#define TURN_TOLD 20   /* a second */
#define TURN_TRIES 600 /* half a minute for another push to read, write and read back */

static void make_id(char id[40])
{
	struct str text;

	str_init(&text, 0);
	text_time(&text, loop_now());
	str_addf(&text, "-%04x", (unsigned)(loop_random() & 0xffff));
	snprintf(id, 40, "%s", text.s);
	str_release(&text);
}

/* Does the domain's section allow it? */
static bool is_probed(const struct push_run *run)
{
	const char *configured = config_domain_get(&run->app->config, &run->push.plan.domain, "probe");

	return configured && !strcmp(configured, "yes") && !run->app->world;
}

static void take_options(struct push_run *run, const struct push_options *options)
{
	run->dry = options->dry_run;
	run->no_watch = options->no_watch;
	run->probe = options->probe || is_probed(run);
	run->resume = options->resume;
	run->undo = options->undo;
	run->watch_s = options->watch_s ? options->watch_s : watch_configured_s(run->app);
	run->abandon = mem_text(options->abandon);
	run->push.revert_of = mem_text(options->revert_of);
	run->push.note = mem_text(options->note ? options->note : run->push.plan.note);
	run->push.ticket = mem_text(options->ticket ? options->ticket : run->push.plan.ticket);
	for (size_t i = 0; i < options->n_override; i++)
		push_add_override(run, options->override[i].id, options->override[i].reason);
	for (size_t i = 0; i < options->n_server; i++)
		served_add(&run->push.served, NULL, &options->server[i]);
}

static void turn_round(struct plan *plan)
{
	struct mxset base = plan->base;

	plan->base = plan->want;
	plan->want = base;
}

/* Reads the policy. A push that is abandoned or undone has no demands to meet. */
static bool read_policy(struct push_run *run, struct err *err)
{
	return run->abandon || run->undo || demand_read(run->app, NULL, &run->musts, err);
}

/* Tells a preview what a push would be refused for before it asks or reads anything. */
static void foresee_start(struct push_run *run, const struct push_options *options)
{
	const struct plan *plan = &run->push.plan;
	bool asked = !run->resume && !options->preview;
	struct err err = { 0 };

	if (!read_policy(run, &err))
		push_foresee(run, &err);
	if (asked && !push_approved(run->app, plan, &err))
		push_foresee(run, &err);
	if (asked && !push_confirmed(run->app, &plan->domain, options->confirm, &err))
		push_foresee(run, &err);
	if (!push_look_back(run, &err))
		push_foresee(run, &err);
}

/* Without a provider where it is not there any more. */
static bool take_account(struct push_run *run, struct err *err)
{
	const struct plan *plan = &run->push.plan;
	struct provider_account account;

	if (!app_account(run->app, &plan->domain, plan->account, &account, err))
		return false;
	if (strcmp(account.provider->name, plan->provider ? plan->provider : "") != 0)
		return err_set(err, ERR_CONFLICT, N_("the plan is for provider %s, but account %s is at %s"), plan->provider, account.name,
			account.provider->name);
	run->account = account;
	return true;
}

/* The hint where the plan's account has another name now, or is gone. */
static void hint_abandon(const struct plan *plan, struct err *err)
{
	char domain[DNAME_TEXT_MAX];

	err_hint(err,
		N_("The push stays unfinished. Give the account its name %s again and resume, or close the push as it stands: mxladder resume %s "
		   "--abandon REASON."),
		plan->account, dname_text(&plan->domain, domain));
}

static bool may_start(struct push_run *run, const struct push_options *options, struct err *err)
{
	struct plan *plan = &run->push.plan;

	if (options->ticket && !plan_takes_ticket(plan, options->ticket, err))
		return false;
	/* To give up, nothing is asked of the account: it may be gone. */
	if (!take_account(run, run->abandon ? NULL : err) && !run->abandon) {
		if (run->resume)
			hint_abandon(plan, err);
		return false;
	}
	if (run->dry) {
		foresee_start(run, options);
		return true;
	}
	if (run->app->read_only) {
		err_set(err, ERR_USAGE, N_("read-only: nothing is written"));
		err_hint(err, N_("Leave out --read-only, or set read_only = no in the configuration."));
		return false;
	}
	if (!read_policy(run, err))
		return false;
	/* What is resumed was approved and confirmed when it began. */
	if (!run->resume && (!push_approved(run->app, plan, err) || !push_confirmed(run->app, &plan->domain, options->confirm, err)))
		return false;
	run->lock = store_lock(run->app->store, &plan->domain, err);
	return run->lock >= 0 && push_look_back(run, err) && push_journal_begin(run, err);
}

/* ---- by turns: at a server that fails when it is written to from two sides, and in a zone whose writes are counted. From before
 * the set is read, so that what was compared is still there when it is written, until it is read back. ---- */

static bool needs_server(const struct push_run *run)
{
	return run->account.provider->caps & CAP_SERIAL_WRITES;
}

static bool needs_turn(const struct push_run *run)
{
	return !run->dry && (needs_server(run) || run->account.provider->writes_between);
}

/* False: not yet, or with err never. */
static bool take_server(struct push_run *run, struct account *account, struct err *err)
{
	char *path = lock_server_path(store_directory(run->app->store), run->account.endpoint);
	bool ok = account_take_server(account, path, err);

	free(path);
	if (!ok && err->code == ERR_NONE && ++run->turn_tries >= TURN_TRIES) {
		err_set(err, ERR_FILE, N_("another push is writing to %s"), run->account.endpoint);
		err_hint(err, N_("Wait until it has ended."));
	}
	return ok;
}

/* Likewise. */
static bool take_turn(struct push_run *run, struct err *err)
{
	struct account *account = account_of(run->app, &run->account);

	run->zone_turn.zone = &run->push.plan.zone;
	run->for_zone = !account_take_zone(account, &run->zone_turn);
	run->zone_tries += run->for_zone;
	if (run->for_zone)
		return false;
	if (!needs_server(run) || take_server(run, account, err))
		run->turn = account;
	else
		account_leave_zone(account, &run->zone_turn);
	return run->turn;
}

/* How long another push of this process takes, nobody can say; it ends, as each does. */
static int64_t zone_msg(const struct push_run *run, struct msg *msg)
{
	char zone[DNAME_TEXT_MAX];

	msg_set(msg, N_("another push of this program is at work in the zone %s, and is waited for"),
		dname_show(&run->push.plan.zone, zone));
	return 0;
}

static int64_t server_msg(const struct push_run *run, struct msg *msg)
{
	int64_t until = loop_now() + (TURN_TRIES - (int64_t)run->turn_tries) * TURN_WAIT_MS / 1000;
	struct str text;

	str_init(&text, 0);
	text_time(&text, until);
	msg_set(msg, N_("another push is writing to %s: it is waited for until %s"), run->account.endpoint, text.s);
	str_release(&text);
	return until;
}

/* Once a second has gone by, and once for each thing that is waited for. */
static void tell_turn(struct push_run *run)
{
	struct msg msg;
	int64_t until = run->for_zone ? zone_msg(run, &msg) : server_msg(run, &msg);

	if (run->turn_tries + run->zone_tries >= TURN_TOLD && run->push.wait.id != msg.id)
		push_waits(run, &msg, until);
}

static void first_read(void *data)
{
	struct push_run *run = data;
	struct exec_task task = { .account = &run->account,
		.goal = GOAL_READ,
		.owner = &run->push.plan.domain,
		.marked = run->resume && *run->left_mark && !run->left_known,
		.hooks = &push_read_hooks };
	struct err err = { 0 };

	run->timer = NULL;
	if (!needs_turn(run) || take_turn(run, &err)) {
		run->push.wait.id = NULL;
		run->exec = exec_start(run->app, &task, push_first_read_done, run);
	} else if (err.code == ERR_NONE) {
		run->timer = loop_after(run->app->loop, TURN_WAIT_MS, first_read, run);
		tell_turn(run);
	} else {
		push_give_up(run, &err);
	}
}

static void take_place(struct push_run *run)
{
	run->place.fn = first_read;
	run->place.data = run;
	turn_to_push(account_of(run->app, &run->account), &run->place);
}

/* ---- the key: fetched once, before anything is compared ---- */

static void drop_key(struct push_run *run)
{
	if (run->key)
		mem_wipe(run->key, strlen(run->key));
	free(run->key);
	run->key = NULL;
}

static void key_done(void *data, const char *key, const struct err *err)
{
	struct push_run *run = data;

	if (key) {
		run->account.key = run->key = mem_text(key);
		take_place(run);
	} else if (run->abandon) {
		push_end(run, PUSH_ABANDONED, NULL);
	} else {
		push_give_up(run, err);
	}
}

static void gates_asked(struct push_run *run)
{
	run->key_wait = (struct key_wait){ .fn = key_done, .data = run };
	if (run->account.provider->key_help && !run->account.key)
		account_key(account_of(run->app, &run->account), run->account.source, &run->key_wait);
	else
		take_place(run);
}

static void begin(void *data)
{
	struct push_run *run = data;

	run->timer = NULL;
	if (run->abandon && !run->account.provider)
		push_end(run, PUSH_ABANDONED, NULL);
	else if (run->abandon)
		gates_asked(run);
	else
		push_gates_ask(run, gates_asked);
}

void push_end_turn(struct push_run *run)
{
	turn_end(&run->place);
	if (!run->turn)
		return;
	account_leave_zone(run->turn, &run->zone_turn);
	if (needs_server(run))
		account_leave_server(run->turn);
	run->turn = NULL;
}

struct push_run *push_start(
	struct app *app, const struct plan *plan, const struct push_options *options, struct push_then then, struct err *err)
{
	struct push_run *run = mem_alloc(sizeof(*run));

	run->app = app;
	run->then = then;
	run->lock = -1;
	plan_init(&run->push.plan);
	mxset_init(&run->push.held);
	mxset_init(&run->disabled);
	mxset_init(&run->left);
	facts_init(&run->facts, &plan->domain);
	plan_copy(&run->push.plan, plan);
	provider_run_init(&run->found, &run->account, GOAL_READ, &run->push.plan.domain);
	take_options(run, options);
	if (run->undo)
		turn_round(&run->push.plan);
	if (options->resume_id)
		snprintf(run->push.id, sizeof(run->push.id), "%s", options->resume_id);
	else
		make_id(run->push.id);
	if (!may_start(run, options, err)) {
		push_free(run);
		return NULL;
	}
	run->push.phase = PHASE_READING;
	run->timer = loop_after(app->loop, 0, begin, run);
	return run;
}

void push_free(struct push_run *run)
{
	if (!run)
		return;
	push_drop_exec(run);
	store_keeping_cancel(run->keeping);
	hook_cancel(run->hook);
	account_key_cancel(&run->key_wait);
	drop_key(run);
	push_watch_cancel(run);
	push_end_turn(run);
	store_unlock(run->lock);
	provider_run_release(&run->found);
	provider_set_release(&run->before);
	mxset_release(&run->disabled);
	mxset_release(&run->left);
	for (size_t i = 0; i < run->push.n_step; i++) {
		free(run->push.step[i].request);
		free(run->push.step[i].words);
	}
	free(run->push.step);
	served_release(&run->push.served);
	gates_release(&run->push.gates);
	companions_release(&run->push.companions);
	musts_release(&run->musts);
	facts_release(&run->facts);
	threeway_release(&run->push.conflict);
	history_release(&run->history);
	mxset_release(&run->push.held);
	plan_release(&run->push.plan);
	for (size_t i = 0; i < run->n_override; i++) {
		free((char *)(uintptr_t)run->override[i].id);
		free((char *)(uintptr_t)run->override[i].reason);
	}
	free(run->abandon);
	free(run->push.note);
	free(run->push.ticket);
	free(run->push.revert_of);
	free(run);
}
