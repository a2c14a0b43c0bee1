/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/push.h"

#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define WRITE_ROUNDS 3 /* a write that the vendor or the network spoiled is read back, and what remains is written again */

static void write_set(struct push_run *run);

void push_changed(struct push_run *run)
{
	run->then.changed(run->then.data);
}

void push_drop_exec(struct push_run *run)
{
	exec_free(run->exec);
	run->exec = NULL;
}

void push_end(struct push_run *run, enum push_state state, const struct err *err)
{
	struct err journal = { 0 };
	struct loop *waiting = run->waiting;

	run->push.undone = run->undo && state == PUSH_PUBLISHED;
	run->push.state = run->push.undone ? PUSH_FAILED : state;
	run->push.phase = run->dry ? PUSH_PREVIEWED : PUSH_ENDED;
	if (err)
		run->push.err = *err;
	if (!run->dry && run->lock >= 0 && !push_journal_end(run, &journal))
		run->push.err = journal;
	store_unlock(run->lock);
	run->lock = -1;
	push_end_turn(run);
	run->push.done = true;
	push_changed(run);
	if (waiting)
		loop_stop(waiting);
}

static void fail(struct push_run *run, const struct err *err)
{
	push_end(run, err->code == ERR_CONFLICT ? PUSH_CONFLICT : PUSH_FAILED, err);
}

/* ---- what the provider holds ---- */

static bool known_record(const struct plan *plan, const struct mx *mx)
{
	return mxset_has(&plan->base, mx) || mxset_has(&plan->want, mx);
}

/* Between the old and the new set: every record is of one of them, and nothing is empty that was not. */
static bool between(const struct plan *plan, const struct mxset *live)
{
	for (size_t i = 0; i < live->n; i++)
		if (!known_record(plan, &live->mx[i]))
			return false;
	return true;
}

static void take_found(struct push_run *run, const struct provider_run *found)
{
	provider_run_release(&run->found);
	provider_run_init(&run->found, &run->account, GOAL_READ, &run->push.plan.domain);
	run->found.zone = found->zone;
	memcpy(run->found.zone_id, found->zone_id, sizeof(run->found.zone_id));
	run->found.n_ns = found->n_ns;
	memcpy(run->found.ns, found->ns, sizeof(run->found.ns));
	memcpy(run->found.have.mark, found->have.mark, sizeof(run->found.have.mark));
	for (size_t i = 0; i < found->have.n; i++)
		*provider_set_add(&run->found.have) = found->have.record[i];
	provider_set_published(&run->found.have, &run->push.live);
}

/* The provider holds exactly this, every record with the set's one TTL. */
static bool holds(const struct push_run *run, const struct mxset *set)
{
	return mxset_equal(&run->push.live, set) && !provider_set_ttl_mixed(&run->found.have);
}

static void conflict(struct push_run *run)
{
	const struct plan *plan = &run->push.plan;
	struct err err = { 0 };
	char domain[DNAME_TEXT_MAX];

	threeway_release(&run->push.conflict);
	threeway_build(&run->push.conflict, &plan->base, &run->push.live, &plan->want);
	err_set(&err, ERR_CONFLICT, N_("the MX set of %s is not what the plan was made from"), dname_text(&plan->domain, domain));
	err_hint(&err, N_("Somebody changed it in between. Look at mxladder diff, and make the plan again."));
	push_end(run, PUSH_CONFLICT, &err);
}

/* ---- after the write ---- */

static void published(struct push_run *run)
{
	push_end_turn(run);
	run->push.provider_verified = true;
	if (!run->push.published_at)
		run->push.published_at = loop_now();
	if (run->app->demo) {
		struct err err = { 0 };
		if (!app_reload_world(run->app, &err)) {
			push_end(run, PUSH_PUBLISHED, &err);
			return;
		}
	}
	if (run->no_watch)
		push_end(run, PUSH_PUBLISHED, NULL);
	else
		push_watch(run);
}

static void unfinished(struct push_run *run, const struct err *why)
{
	struct err err = { 0 };

	err_set(&err, ERR_INTERRUPTED, N_("the push stopped part-way"));
	if (why && why->code != ERR_NONE)
		err.context[0] = why->what;
	err_hint(&err, N_("mxladder resume finishes it; with --undo it takes it back."));
	push_end(run, PUSH_PARTIAL, &err);
}

static void judge(struct push_run *run)
{
	struct plan *plan = &run->push.plan;

	if (holds(run, &plan->want)) {
		published(run);
		return;
	}
	if (!between(plan, &run->push.live)) {
		conflict(run);
		return;
	}
	if (run->write_err.code == ERR_NETWORK && !run->stopping && ++run->rounds < WRITE_ROUNDS) {
		write_set(run);
		return;
	}
	if (run->write_err.code == ERR_NONE)
		err_set(&run->write_err, ERR_REFUSED, N_("the provider accepted the change, but does not hold it"));
	if (holds(run, &plan->base))
		push_end(run, PUSH_FAILED, &run->write_err);
	else
		unfinished(run, &run->write_err);
}

static void read_back_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;

	if (err) {
		struct err why = *err;
		push_drop_exec(run);
		unfinished(run, &why);
		return;
	}
	take_found(run, found);
	push_drop_exec(run);
	judge(run);
}

/* The zone that was written to: it was found before. */
static void read_again(struct push_run *run)
{
	struct exec_task task = { .account = &run->account, .goal = GOAL_READ, .owner = &run->push.plan.domain, .found = &run->found };

	run->push.phase = PUSH_READING_BACK;
	push_changed(run);
	run->exec = exec_start(run->app, &task, read_back_done, run);
}

/* ---- the write ---- */

static bool before_request(void *data, const struct request *request, struct err *err)
{
	struct push_run *run = data;
	struct push *push = &run->push;
	struct push_step *step;
	struct str shown;

	if (run->stopping)
		return err_set(err, ERR_INTERRUPTED, N_("stopped on request"));
	push->step = mem_grow(push->step, push->n_step, &push->cap_step, sizeof(*push->step));
	step = &push->step[push->n_step];
	*step = (struct push_step){ .title = request->title, .state = run->dry ? PUSH_STEP_WAITING : PUSH_STEP_SENT };
	str_init(&shown, 0);
	if (request->kind == REQUEST_HTTP)
		http_request_show(&request->http, &shown);
	else
		str_add(&shown, request->kind == REQUEST_RUN ? request->command : request->path);
	step->request = str_take(&shown);
	if (!run->dry && !push_journal_request(run, push->n_step, err)) {
		step->state = PUSH_STEP_SKIPPED;
		push->n_step++;
		return false;
	}
	push->n_step++;
	run->wrote |= request->writes && !run->dry;
	push_changed(run);
	return true;
}

static void after_request(void *data, const struct request *request, int http, const struct err *err)
{
	struct push_run *run = data;
	struct push_step *step = &run->push.step[run->push.n_step - 1];

	(void)request;
	step->http = http;
	step->state = err || http >= 400 ? PUSH_STEP_BAD : PUSH_STEP_OK;
	push_journal_answer(run, run->push.n_step - 1, err);
	if (step->state == PUSH_STEP_OK)
		run->push.published_at = loop_now();
	push_changed(run);
}

static void write_done(void *data, const struct provider_run *done, const struct err *err)
{
	struct push_run *run = data;
	bool wrote = run->wrote;

	(void)done;
	run->write_err = err ? *err : (struct err){ 0 };
	push_drop_exec(run);
	if (run->dry) {
		if (run->write_err.code == ERR_NONE)
			push_end(run, PUSH_RUNNING, NULL);
		else
			fail(run, &run->write_err);
	} else if (!wrote && run->write_err.code != ERR_NONE) {
		fail(run, &run->write_err);
	} else {
		read_again(run);
	}
}

static void write_set(struct push_run *run)
{
	static const struct exec_hooks hooks = { before_request, after_request };
	struct exec_task task = { .account = &run->account,
		.goal = GOAL_WRITE,
		.owner = &run->push.plan.domain,
		.found = &run->found,
		.want = &run->push.plan.want,
		.hooks = &hooks,
		.dry = run->dry };

	run->push.phase = PUSH_WRITING;
	push_changed(run);
	run->exec = exec_start(run->app, &task, write_done, run);
}

/* ---- before the write ---- */

static bool override_named(const struct push_run *run, const char *id)
{
	for (size_t i = 0; i < run->n_override; i++)
		if (!strcmp(run->override[i].id, id))
			return true;
	return false;
}

/* The zone that the account holds must be one that somebody asks: its name servers are among the delegated ones. Where either is
 * unknown, nothing is claimed. */
static bool wrong_zone(const struct push_run *run)
{
	if (!run->n_delegated || !run->found.n_ns || override_named(run, "wrong-zone"))
		return false;
	for (size_t i = 0; i < run->n_delegated; i++)
		for (size_t k = 0; k < run->found.n_ns; k++)
			if (dname_equal(&run->delegated[i], &run->found.ns[k]))
				return false;
	return true;
}

static void delegation_known(struct push_run *run)
{
	struct err err = { 0 };
	char zone[DNAME_TEXT_MAX];

	if (wrong_zone(run)) {
		err_set(&err, ERR_REFUSED, N_("the zone %s of account %s is not the one that is delegated: its name servers differ"),
			dname_text(&run->push.plan.zone, zone), run->account.name);
		err_hint(&err, N_("Nobody would see the change. If that is wanted: --override wrong-zone=REASON."));
		fail(run, &err);
		return;
	}
	write_set(run);
}

/* May the live set be written over? A resumed push may find anything between its old and its new set. */
static bool base_holds(const struct push_run *run)
{
	const struct plan *plan = &run->push.plan;

	return run->resume ? between(plan, &run->push.live) : mxset_equal(&run->push.live, &plan->base);
}

static bool zone_agrees(struct push_run *run, struct err *err)
{
	char planned[DNAME_TEXT_MAX], found[DNAME_TEXT_MAX];
	struct plan *plan = &run->push.plan;

	if (dname_equal(&plan->zone, &run->found.zone))
		return true;
	return err_set(err, ERR_CONFLICT, N_("the plan names the zone %s, but account %s holds the name in %s"),
		dname_text(&plan->zone, planned), run->account.name, dname_text(&run->found.zone, found));
}

void push_first_read_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;
	struct err why = { 0 };

	if (err)
		why = *err;
	else
		take_found(run, found);
	push_drop_exec(run);
	if (why.code == ERR_NONE && zone_agrees(run, &why)) {
		if (run->stopping)
			err_set(&why, ERR_INTERRUPTED, N_("stopped on request"));
	}
	if (why.code != ERR_NONE)
		fail(run, &why);
	else if (!base_holds(run))
		conflict(run);
	else if (run->resume && holds(run, &run->push.plan.want))
		published(run);
	else if (run->dry)
		write_set(run);
	else
		push_find_delegation(run, delegation_known);
}

/* ---- for its owner ---- */

const struct push *push_look(const struct push_run *run)
{
	return &run->push;
}

void push_stop(struct push_run *run)
{
	run->stopping = true;
	if (run->push.phase != PUSH_WATCHING || run->push.done)
		return;
	push_watch_cancel(run);
	run->watch_until_ms = 0;
	push_watch(run);
}

void push_wait(struct app *app, struct push_run *run)
{
	if (run->push.done)
		return;
	run->waiting = app->loop;
	loop_run(app->loop);
	run->waiting = NULL;
}

int push_exit_status(const struct push *push)
{
	if (push->err.code != ERR_NONE)
		return err_exit_status(push->err.code);
	return push->state == PUSH_PUBLISHED || push->undone || push->phase == PUSH_PREVIEWED ? 0 : 1;
}
