/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a push ends, and the sentences that say so. */
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define WAIT_AGAIN_S 10 /* an operation is asked for each second */

/* Must the push be resumed, undone or abandoned? Not where it surely left nothing behind, or ended as it should. */
static bool is_unfinished(const struct push_run *run)
{
	const struct push *push = &run->push;

	if (run->dry || push->undone)
		return false;
	if (push->state == PUSH_PARTIAL || push->state == PUSH_UNKNOWN)
		return true;
	return (push->state == PUSH_FAILED || push->state == PUSH_CONFLICT) && (push->written || run->resume || run->busy);
}

static void finish(struct push_run *run)
{
	struct loop *waiting = run->waiting;

	run->push.done = true;
	push_changed(run);
	if (waiting)
		loop_stop(waiting);
}

/* ---- the hook command ---- */

const char *push_event(const struct push *push)
{
	if (push->phase == PHASE_PREVIEWED || push->state == PUSH_UNCHANGED)
		return NULL;
	if (push->undone)
		return "undone";
	if (push->unfinished)
		return "unfinished";
	return push->state == PUSH_PUBLISHED ? "published" : push->state == PUSH_ABANDONED ? "abandoned" : "failed";
}

static void told(void *data, const struct err *err)
{
	struct push_run *run = data;

	run->hook = NULL;
	run->push.hook = err ? HOOK_FAILED : HOOK_TOLD;
	if (err)
		run->push.hook_err = *err;
	push_journal_hook(run);
	finish(run);
}

void push_hook_stop(struct push_run *run)
{
	struct err err = { 0 };

	hook_cancel(run->hook);
	err_set(&err, ERR_INTERRUPTED, N_("stopped on request"));
	err_context(&err, N_("the hook command"));
	told(run, &err);
}

/* False where nobody is told. */
static bool tell(struct push_run *run)
{
	const char *event = push_event(&run->push);
	json_t *said;

	if (!event || !hook_configured(run->app))
		return false;
	said = push_to_json(&run->push);
	json_object_set_new(said, "event", json_string(event));
	run->push.hook = HOOK_RUNS;
	run->hook = hook_start(run->app, said, told, run);
	push_changed(run);
	return true;
}

static void close_up(struct push_run *run)
{
	store_unlock(run->lock);
	run->lock = -1;
	push_end_turn(run);
	if (!tell(run))
		finish(run);
}

static void end_kept(void *data, const struct err *err)
{
	struct push_run *run = data;

	run->keeping = NULL;
	if (err)
		run->push.err = *err;
	close_up(run);
}

void push_end(struct push_run *run, enum push_state state, const struct err *err)
{
	run->push.undone = run->undo && state == PUSH_PUBLISHED;
	run->push.state = run->push.undone ? PUSH_FAILED : state;
	run->push.phase = run->dry ? PHASE_PREVIEWED : PHASE_ENDED;
	if (run->dry && run->foreseen.code != ERR_NONE)
		run->push.err = run->foreseen;
	else if (err)
		run->push.err = *err;
	else if (state == PUSH_PUBLISHED && run->push.err.code == ERR_NONE)
		run->push.err = run->remark;
	run->push.wait.id = NULL;
	run->push.unfinished = is_unfinished(run);
	turn_end(&run->place);
	if (run->dry || run->lock < 0) {
		close_up(run);
		return;
	}
	push_journal_end(run, end_kept);
	if (run->then.ending)
		run->then.ending(run->then.data);
}

bool push_has_last_step(const struct push *push)
{
	const struct provider *provider = push->plan.provider ? provider_find(push->plan.provider) : NULL;

	return provider && provider->caps & CAP_COMMIT;
}

static bool tried_last_step(const struct push *push)
{
	for (size_t i = 0; i < push->n_step; i++)
		if (push->step[i].commit && push->step[i].state != PUSHED_WAITING && push->step[i].state != PUSHED_SKIPPED)
			return true;
	return false;
}

void push_unfinished(struct push_run *run, const struct err *why)
{
	const struct push *push = &run->push;
	bool partial = run->push.committed == COMMIT_FAILED || (push->held_known && !mxset_equal(&push->held, &push->plan.base));
	struct err err = { 0 };

	if (run->push.committed == COMMIT_FAILED && tried_last_step(push))
		err_set(&err, ERR_INTERRUPTED, N_("written, but the last step failed: that it is published is not known"));
	else if (run->push.committed == COMMIT_FAILED)
		err_set(&err, ERR_INTERRUPTED, N_("written, but the last step, which publishes it, was not taken"));
	else if (partial)
		err_set(&err, ERR_INTERRUPTED, N_("the push stopped part-way"));
	else
		err_set(&err, ERR_INTERRUPTED, N_("whether the change has taken effect is not known"));
	if (why && why->code != ERR_NONE)
		err.context[0] = why->what;
	err_hint(&err, N_("mxladder resume finishes it; with --undo it takes it back, with --abandon REASON it leaves it as it is."));
	push_end(run, partial ? PUSH_PARTIAL : PUSH_UNKNOWN, &err);
}

static void build_conflict(struct push_run *run)
{
	const struct plan *plan = &run->push.plan;

	threeway_release(&run->push.conflict);
	if (run->push.held_known)
		threeway_build(&run->push.conflict, &plan->base, &run->push.held, &plan->want);
}

void push_give_up(struct push_run *run, const struct err *err)
{
	struct err busy = *err;

	if (run->push.written) {
		push_unfinished(run, err);
	} else if (err->code == ERR_CONFLICT) {
		build_conflict(run);
		push_end(run, PUSH_CONFLICT, err);
	} else if (run->busy && err->code == ERR_NETWORK) {
		busy.code = ERR_INTERRUPTED; /* it waits to be resumed */
		err_hint(&busy, N_("After that time, mxladder resume goes on."));
		push_end(run, PUSH_FAILED, &busy);
	} else {
		push_end(run, PUSH_FAILED, err);
	}
}

void push_conflict(struct push_run *run)
{
	const struct plan *plan = &run->push.plan;
	struct err err = { 0 };
	char domain[DNAME_TEXT_MAX];

	build_conflict(run);
	dname_text(&plan->domain, domain);
	if (run->push.written && push_holds(run, &plan->want)) {
		err_set(&err, ERR_CONFLICT, N_("the new set of %s is held, but somebody else wrote to the zone since this push began"),
			domain);
		err_hint(&err, N_("If that was the MX set, the other change is lost: ask who else works on it, then mxladder resume."));
	} else if (run->others && run->account.provider->writes_most) {
		err_set(&err, ERR_CONFLICT,
			N_("the old set of %s is held, but its zone has changed since this push began: whether the push took effect and was taken back cannot be told"),
			domain);
		err_hint(&err, N_("Look at what is held now, then mxladder resume, or resume --abandon REASON."));
	} else if (run->others) {
		err_set(&err, ERR_CONFLICT,
			N_("somebody else wrote to the zone of %s since this push began: what became of this push in between is not known"),
			domain);
		err_hint(&err, N_("Look at what is held now, then mxladder resume, or resume --abandon REASON."));
	} else if (run->went_back) {
		err_set(&err, ERR_CONFLICT,
			N_("what this push had changed of %s is as before again: somebody else took it back, or the provider shows an older state"),
			domain);
		err_hint(&err, N_("Look at what is held now, then mxladder resume, or resume --abandon REASON."));
	} else if (run->push.written) {
		err_set(&err, ERR_CONFLICT,
			N_("the MX set of %s is not as this push left it: somebody else changed it since this push began, or the provider does not show what it holds"),
			domain);
		err_hint(&err,
			run->resume
				? N_("Look at what is held now. A resume goes on only from what this push may have left; resume --abandon REASON closes it, and a new plan begins from what is held.")
				: N_("Look at what is held now, then mxladder resume, or resume --abandon REASON."));
	} else if (run->push.held_known && mxset_matches(&plan->base, &run->push.held)) {
		err_set(&err, ERR_CONFLICT,
			N_("other records that say the same have taken the place of those of %s since this push began, or their ids do not stay"),
			domain);
		err_hint(&err, N_("Find out which other program keeps them, then push again."));
	} else {
		err_set(&err, ERR_CONFLICT, N_("the MX set of %s is not what the plan was made from"), domain);
		err_hint(&err,
			N_("It was changed in between, the provider shows an older state, or the plan was made from another answer. Look at mxladder diff, and make the plan again."));
	}
	push_end(run, PUSH_CONFLICT, &err);
}

/* ---- in words ---- */

/* Did the provider surely carry out one of the writes? */
static bool was_taken(const struct push *push)
{
	for (size_t i = 0; i < push->n_step; i++)
		if (push->step[i].writes && push->step[i].fate == FATE_TAKEN)
			return true;
	return false;
}

/* Where a last step publishes what was written, and was not seen done. */
static const char *unpublished(const struct push *push)
{
	if (push->state == PUSH_UNCHANGED)
		return N_("already so: nothing was written; whether it is published, too, is not known");
	if (push->state == PUSH_ABANDONED && push->written)
		return N_("given up: what is held now stays; whether it is published is not known");
	if (push->state != PUSH_PARTIAL)
		return NULL;
	if (push->committed != COMMIT_FAILED)
		return N_("written in part, and not known to be published: the last step is still to come");
	return tried_last_step(push) ? N_("written, but not known to be published: the last step failed")
				     : N_("written, but not known to be published: the last step was not taken");
}

bool push_state_msg(const struct push *push, struct msg *msg)
{
	static const char *const states[PUSH_STATES] = {
		[PUSH_PUBLISHED] = N_("published"),
		[PUSH_UNCHANGED] = N_("already so: nothing was written"),
		[PUSH_UNKNOWN] = N_("unknown: what was sent may have taken effect, or still may"),
		[PUSH_PARTIAL] = N_("published in part"),
		[PUSH_FAILED] = N_("failed: nothing was changed"),
		[PUSH_CONFLICT] = N_("conflict: what is there is not what the plan began from; nothing was written"),
		[PUSH_ABANDONED] = N_("given up: what is held now stays"),
	};
	const char *id = states[push->state];

	if (!push->done || !id)
		return false;
	if (push->undone)
		id = N_("taken back: the old set stands again");
	else if (push->state == PUSH_CONFLICT && push->written)
		id = was_taken(push)
			     ? N_("conflict: the zone is not as this push alone would have left it, and this push wrote to it")
			     : N_("conflict: the zone is not as this push alone would have left it, and this push may have written to it");
	else if (push_has_last_step(push) && unpublished(push))
		id = unpublished(push);
	*msg = (struct msg){ .id = id };
	return true;
}

bool push_unguarded_msg(const struct push *push, struct msg *msg)
{
	*msg = (struct msg){
		.id = push->uncounted
			      ? N_("Whether somebody else changed the set in the moment of this write cannot be told: the zone was written to more than "
				   "once, and a request without a clear answer may be one of these writes, or none. That change would be lost.")
			      : N_("Whether somebody else changed the set in the moment of this write cannot be told: the provider gives no mark "
				   "that shows it. That change would be lost.")
	};
	return push->done && push->state == PUSH_PUBLISHED && (push->unguarded || push->uncounted);
}

bool push_blind_msg(const struct push *push, struct msg *msg)
{
	*msg = (struct msg){
		.id = N_("Whether what this push sent before took effect, and somebody else took it back since, cannot be told: "
			 "nothing shows it. To resume is to write it again.")
	};
	return push->blind;
}

bool push_wait_is_new(const struct push *push, struct push_wait_seen *seen)
{
	if (!push->wait.id || (push->wait.id == seen->id && push->wait_until < seen->until + WAIT_AGAIN_S))
		return false;
	*seen = (struct push_wait_seen){ push->wait.id, push->wait_until };
	return true;
}

bool push_written_msg(const struct push *push, struct msg *msg)
{
	struct str text;
	bool said =
		push->state == PUSH_UNKNOWN || push->state == PUSH_PARTIAL || push->state == PUSH_CONFLICT || push->state == PUSH_ABANDONED;

	if (!said || !push->written || !push->written_at)
		return false;
	str_init(&text, 0);
	text_time(&text, push->written_at);
	msg_set_n(msg, push->written,
		NP_("%u request of this push was carried out, or may have been, at %s.",
			"%u requests of this push were carried out, or may have been, the last at %s."),
		push->written, text.s);
	str_release(&text);
	return true;
}

int push_exit_status(const struct push *push)
{
	if (push->err.code != ERR_NONE)
		return err_exit_status(push->err.code);
	return push->state == PUSH_PUBLISHED || push->state == PUSH_UNCHANGED || push->state == PUSH_ABANDONED || push->undone ||
			       push->phase == PHASE_PREVIEWED
		       ? 0
		       : 1;
}
