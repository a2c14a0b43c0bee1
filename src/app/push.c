/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The compare and the write. */
#include "app/push.h"

#include <stdio.h>
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

void push_changed(struct push_run *run)
{
	run->then.changed(run->then.data);
}

void push_drop_exec(struct push_run *run)
{
	exec_free(run->exec);
	run->exec = NULL;
	run->push.wait.id = NULL;
}

/* ---- what the provider holds ---- */

void push_take_found(struct push_run *run, const struct provider_run *found)
{
	provider_run_release(&run->found);
	provider_run_init(&run->found, &run->account, GOAL_READ, &run->push.plan.domain);
	provider_run_know(&run->found, found);
	provider_set_copy(&run->found.have, &found->have);
	provider_set_published(&run->found.have, &run->push.held);
	run->push.held_known = true;
	run->read_ms = loop_ms();
}

bool push_holds(const struct push_run *run, const struct mxset *set)
{
	return mxset_equal(&run->push.held, set) && !provider_set_ttl_mixed(&run->found.have);
}

/* ---- the write ---- */

static bool is_stopped(const struct push_run *run, struct err *err)
{
	if (run->stopping)
		err_set(err, ERR_INTERRUPTED, N_("stopped on request"));
	return run->stopping;
}

static struct push_step *last_step(struct push_run *run)
{
	return &run->push.step[run->push.n_step - 1];
}

static void request_kept(void *data, const struct err *err)
{
	struct push_run *run = data;

	run->keeping = NULL;
	if (err)
		last_step(run)->state = PUSHED_SKIPPED;
	exec_go(run->exec, err);
}

static enum exec_word before_request(void *data, const struct request *request, struct err *err)
{
	struct push_run *run = data;
	struct push *push = &run->push;
	struct push_step *step;
	struct str shown;

	if (is_stopped(run, err))
		return EXEC_STOP;
	push->step = mem_grow(push->step, push->n_step, &push->cap_step, sizeof(*push->step));
	step = &push->step[push->n_step++];
	*step = (struct push_step){
		.title = request->title, .state = PUSHED_WAITING, .writes = request->writes, .commit = run->committing
	};
	str_init(&shown, 0);
	if (request->kind == REQUEST_HTTP)
		http_request_show(&request->http, &shown);
	else
		str_add(&shown, request->kind == REQUEST_RUN ? request->command : request->path);
	step->request = str_take(&shown);
	if (!run->dry)
		push_journal_request(run, push->n_step - 1, request_kept);
	push_changed(run);
	return run->dry ? EXEC_GO : EXEC_LATER;
}

/* Called when the request's line is on disk. A push that was stopped meanwhile sends nothing, and notes that. */
static bool request_leaves(void *data, const struct request *request, struct err *err)
{
	struct push_run *run = data;
	struct push *push = &run->push;

	if (is_stopped(run, err) || push_is_stale(run, request, err)) {
		last_step(run)->state = PUSHED_SKIPPED;
		push_journal_answer(run, push->n_step - 1, err);
		return false;
	}
	last_step(run)->state = PUSHED_SENT;
	if (request->writes) {
		run->part_requests++;
		push->held_known = false;
		memcpy(run->changed, request->changed, sizeof(run->changed));
		memcpy(run->removed, request->removed, sizeof(run->removed));
	}
	push_changed(run);
	return true;
}

/* A gateway in between gave up waiting, or lost the server behind it: what was sent on may still be done. */
static bool gateway_lost(int http)
{
	return http == 408 || http == 502 || http == 504 || http == 520 || http == 524;
}

/* A clear no, whatever its HTTP status. */
static bool is_refusal(enum meaning meaning)
{
	return meaning != MEANING_ACCEPTED && meaning != MEANING_FAILED;
}

/* What an answer over DNS tells of the write. An answer that the key did not sign tells nothing. */
static enum push_fate dns_fate(const struct exec_answer *answer)
{
	if (answer->err || answer->meaning == MEANING_FAILED)
		return FATE_OPEN;
	return answer->meaning == MEANING_ACCEPTED ? FATE_TAKEN : FATE_NONE;
}

/* What an answer tells of the write: a clear refusal, that nothing was changed; a gateway's timeout, nothing. */
static enum push_fate fate_of(const struct request *request, const struct exec_answer *answer)
{
	if (!request->writes || !answer->sent)
		return FATE_NONE;
	if (request->kind == REQUEST_DNS)
		return dns_fate(answer);
	if (request->kind != REQUEST_HTTP)
		return !answer->err ? FATE_TAKEN : request->kind == REQUEST_RUN ? FATE_OPEN : FATE_NONE;
	if (answer->err || gateway_lost(answer->http))
		return FATE_OPEN;
	if (is_refusal(answer->meaning))
		return FATE_NONE;
	return answer->http >= 500 ? FATE_FAILED : FATE_TAKEN;
}

static void after_request(void *data, const struct request *request, const struct exec_answer *answer)
{
	struct push_run *run = data;
	struct push_step *step = last_step(run);

	step->http = answer->http;
	step->fate = fate_of(request, answer);
	/* Without a clear answer it is sent, neither done nor failed. */
	step->state = step->fate == FATE_OPEN ? PUSHED_SENT : answer->err || answer->meaning != MEANING_ACCEPTED ? PUSHED_BAD : PUSHED_OK;
	run->busy = answer->meaning == MEANING_THROTTLED || answer->meaning == MEANING_BUSY || answer->http == 503;
	if (step->fate != FATE_NONE && !step->commit) {
		run->rereads = 0;
		run->push.written++;
		run->push.written_at = loop_now();
		run->removed_any |= *request->removed != '\0';
	}
	if (step->fate > run->part_fate)
		run->part_fate = step->fate;
	if (!run->dry)
		push_journal_answer(run, run->push.n_step - 1, answer->err);
	if (step->state == PUSHED_OK && step->writes)
		run->accepted_at = loop_now();
	push_changed(run);
}

void push_waits(void *data, const struct msg *why, int64_t until)
{
	struct push_run *run = data;

	run->push.wait = why ? *why : (struct msg){ 0 };
	run->push.wait_until = until;
	push_changed(run);
}

const struct exec_hooks push_hooks = { .before = before_request, .leaves = request_leaves, .after = after_request, .waits = push_waits };
const struct exec_hooks push_read_hooks = { .waits = push_waits };

static void write_done(void *data, const struct provider_run *done, const struct err *err)
{
	struct push_run *run = data;
	struct push_step *last = run->push.n_step ? &run->push.step[run->push.n_step - 1] : NULL;

	(void)done;
	run->write_err = err ? *err : (struct err){ 0 };
	push_drop_exec(run);
	if (run->stale) {
		push_read_afresh(run);
		return;
	}
	if (run->dry) {
		if (err || !push_commit(run))
			push_end(run, err ? PUSH_FAILED : PUSH_RUNNING, &run->write_err);
		return;
	}
	/* 2xx, but not what the API documents. */
	run->odd = err && run->part_requests && last && last->fate == FATE_TAKEN && last->http;
	if (run->odd)
		last->state = PUSHED_SENT;
	if (!run->part_requests) {
		if (err)
			push_give_up(run, &run->write_err);
		else
			push_part_done(run);
	} else if (run->busy && err && !run->push.written) {
		push_give_up(run, &run->write_err);
	} else {
		push_read_back(run);
	}
}

/* Is nothing wanted new? Then what is kept may be what another client removes at this moment. */
static bool nothing_new(const struct plan *plan)
{
	for (size_t i = 0; i < plan->want.n; i++)
		if (!mxset_has(&plan->base, &plan->want.mx[i]))
			return false;
	return true;
}

void push_write_part(struct push_run *run)
{
	struct exec_task task = { .account = &run->account,
		.goal = GOAL_WRITE,
		.owner = &run->push.plan.domain,
		.found = &run->found,
		.want = &run->push.plan.want,
		.part = run->part,
		.guard = !run->no_guard && nothing_new(&run->push.plan),
		.automatic = run->automatic,
		.disabled = &run->disabled,
		.hooks = &push_hooks,
		.dry = run->dry };

	provider_set_copy(&run->before, &run->found.have);
	run->part_fate = FATE_NONE;
	run->part_requests = 0;
	run->settle_until_ms = 0;
	run->push.phase = PHASE_WRITING;
	push_changed(run);
	run->exec = exec_start(run->app, &task, write_done, run);
}

/* ---- before the write ---- */

/* Has something that this push had written gone again? Somebody else must have done it: a write may come late, but does not vanish. */
static bool went_back(const struct push_run *run)
{
	const struct mxset *want = &run->push.plan.want, *held = &run->push.held, *left = &run->left;

	if (!run->left_known || run->undo)
		return false;
	for (size_t i = 0; i < want->n; i++)
		if (mxset_has(left, &want->mx[i]) && !mxset_has(held, &want->mx[i]))
			return true;
	for (size_t i = 0; i < held->n; i++)
		if (!mxset_has(want, &held->mx[i]) && !mxset_has(left, &held->mx[i]))
			return true;
	return want->n && left->n && left->ttl_s == want->ttl_s && held->ttl_s != want->ttl_s;
}

/* How many writes the zone had since before this push's first request, or WRITES_UNKNOWN. */
static unsigned writes_since(const struct push_run *run)
{
	const struct provider *provider = run->account.provider;

	if (!*run->left_mark || !*run->found.have.mark || !provider->writes_between)
		return WRITES_UNKNOWN;
	return provider->writes_between(run->left_mark, run->found.have.mark);
}

/* More writes since the zone had the mark than this push can have made: what is held may be another's, and not what ours came to. Where the
 * old set is held, that is so from two on: one that made it new, and one that took it back. */
static bool others_between(const struct push_run *run)
{
	bool old = !run->undo && mxset_matches(&run->push.plan.base, &run->push.held);
	unsigned n = writes_since(run), ours = old && run->since_mark ? 1 : run->since_mark;

	if (!run->resume || run->left_known || n == WRITES_UNKNOWN || (run->account.provider->writes_most && !old))
		return false;
	return n > ours;
}

/* May this resumed push undo what somebody else did after its first request? Nothing tells how many writes there were since. */
static bool is_blind(const struct push_run *run)
{
	return run->resume && !run->undo && run->prior && !run->left_known && writes_since(run) == WRITES_UNKNOWN;
}

/* May the held set be written over? A resumed push may find anything between its old and its new set, but nothing that it had done undone.
 */
static bool base_holds(struct push_run *run)
{
	const struct plan *plan = &run->push.plan;
	bool known;

	if (!run->resume)
		return mxset_matches(&plan->base, &run->push.held);
	known = push_is_between(&run->found.have, plan, run->undo, run->account.provider->caps & CAP_ATOMIC_SET);
	run->went_back = known && went_back(run);
	return known && !run->went_back;
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

static void begin_write(struct push_run *run)
{
	unsigned whole = CAP_ATOMIC_SET | CAP_BATCH;

	memcpy(run->mark, run->found.have.mark, sizeof(run->mark));
	run->part = run->dry || run->account.provider->caps & whole ? PART_ALL : PART_ADD;
	push_write_part(run);
}

/* A plan that was made from a cache's answer does not know the TTL: it is the one that is held. */
static void know_ttl(const struct push_run *run, struct mxset *set)
{
	if (set->ttl_s == MX_TTL_UNKNOWN && run->push.held.n)
		set->ttl_s = run->push.held.ttl_s;
}

static void know_highest(struct push_run *run)
{
	run->old_guessed |= provider_set_ttl_guessed(run->account.provider, &run->found.have);
	for (size_t i = 0; i < run->found.have.n; i++) {
		const struct provider_record *record = &run->found.have.record[i];

		if (!record->disabled && record->ttl_s > run->old_high_s)
			run->old_high_s = record->ttl_s;
	}
}

void push_compare_base(struct push_run *run)
{
	struct err err = { 0 };

	know_highest(run);

	know_ttl(run, &run->push.plan.base);
	know_ttl(run, &run->push.plan.want);

	if (!zone_agrees(run, &err)) {
		push_give_up(run, &err);
	} else if (others_between(run)) {
		run->others = true;
		push_conflict(run);
	} else if (push_holds(run, &run->push.plan.want)) {
		push_count(run, writes_since(run), run->since_taken);
		if (run->resume && !run->dry)
			push_wanted(run);
		else
			push_end(run, PUSH_UNCHANGED, NULL);
	} else if (!base_holds(run)) {
		push_conflict(run);
	} else if (!push_gates_hold(run, &err)) {
		push_give_up(run, &err);
	} else {
		run->push.blind = is_blind(run);
		begin_write(run);
	}
}

void push_first_read_done(void *data, const struct provider_run *found, const struct err *err)
{
	struct push_run *run = data;
	struct err why = err ? *err : (struct err){ 0 };

	if (!err)
		push_take_found(run, found);
	push_drop_exec(run);
	if (run->abandon)
		push_end(run, PUSH_ABANDONED, NULL);
	else if (why.code != ERR_NONE)
		push_give_up(run, &why);
	else
		push_compare_base(run);
}

/* ---- for its owner ---- */

const struct push *push_look(const struct push_run *run)
{
	return &run->push;
}

/* Nothing is being written: it can end here. What was sent before stays as it was told. */
static void stop_at_once(struct push_run *run)
{
	struct err err = { 0 };

	account_key_cancel(&run->key_wait);
	push_watch_cancel(run);
	push_drop_exec(run);
	err_set(&err, ERR_INTERRUPTED, N_("stopped on request"));
	push_give_up(run, &err);
}

void push_stop(struct push_run *run)
{
	run->stopping = true;
	if (run->push.done)
		return;
	if (run->hook) {
		push_hook_stop(run);
	} else if (run->push.phase == PHASE_WATCHING) {
		push_watch_stop(run);
	} else if (run->push.phase <= PHASE_READING || push_settling(run)) {
		stop_at_once(run);
	} else if (run->exec) {
		exec_stop(run->exec);
	}
}

void push_wait(struct app *app, struct push_run *run)
{
	if (run->push.done)
		return;
	run->waiting = app->loop;
	loop_run(app->loop);
	run->waiting = NULL;
}
