/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's way to the provider: plan, approval, push, resume, rollback. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/history.h"
#include "app/session_private.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

static char *now_text(void)
{
	struct str text;

	str_init(&text, 0);
	text_time(&text, loop_now());
	return str_take(&text);
}

/* Who approves: the configured name, else the system's. */
static char *user_name(const struct session *session)
{
	const char *name = config_get(&session->app->config, "main", "", "name");
	struct str text;

	str_init(&text, 0);
	if (name && *name)
		str_add(&text, name);
	else
		store_user(&text);
	return str_take(&text);
}

const struct plan *session_plan(struct session *session, struct err *err)
{
	struct provider_account account;
	struct plan *plan = &session->plan;

	if (session->planned)
		return plan;
	if (!session_drafting(session)) {
		err_set(err, ERR_USAGE, N_("the draft changes nothing"));
		return NULL;
	}
	if (!app_account(session->app, &session->domain, NULL, &account, err))
		return NULL;
	session_fill_plan(session, plan);
	free(plan->created_at);
	free(plan->created_by);
	plan->created_at = now_text();
	plan->created_by = user_name(session);
	session->planned = true;
	session->approved = push_approved(session->app, plan, NULL);
	return plan;
}

static void preview_changed(void *data)
{
	struct session *session = data;

	session->revision++;
	if (session->changed)
		session->changed(session->data);
}

void session_preview(struct session *session)
{
	struct push_options options = { .dry_run = true, .preview = true };
	const struct plan *plan = session_plan(session, NULL);

	push_free(session->preview);
	session->preview =
		plan ? push_start(session->app, plan, &options, (struct push_then){ .changed = preview_changed, .data = session }, NULL)
		     : NULL;
}

const struct push *session_preview_push(const struct session *session)
{
	return session->preview ? push_look(session->preview) : NULL;
}

bool session_approve(struct session *session, const char *note, const char *sign_key, struct err *err)
{
	char *by;
	bool ok;

	if (!session_plan(session, err))
		return false;
	by = user_name(session);
	ok = push_approve(session->app, &session->plan, &(struct approver){ .by = by, .note = note, .key_file = sign_key }, err);
	free(by);
	session->approved = push_approved(session->app, &session->plan, NULL);
	session->revision += ok;
	return ok;
}

bool session_approved(const struct session *session)
{
	return session->planned && session->approved;
}

/* ---- pushing ---- */

/* The push has read the set back: the session takes it as held. */
static void held_now(struct session *session, const struct push *push)
{
	struct held_facts *held = &session->facts.held;

	mxset_copy(&held->set, push->held_known ? &push->held : &push->plan.want);
	held->mx = held->set.n ? ANSWER_DATA : ANSWER_NODATA;
	held->ttl_max_s = held->set.ttl_s;
	held->at = push->published_at;
	snprintf(held->account, sizeof held->account, "%s", push->plan.account);
}

/* Makes the published set the base. Edits that were made meanwhile stay; else the draft is empty again. */
static void settle(struct session *session, const struct push *push)
{
	session->settled = true;
	held_now(session, push);
	if (mxset_equal(&session->draft.want, &push->plan.want)) {
		session_begin_draft(session, &session->facts.held.set, TRUTH_HELD);
		free(session->ticket);
		session->ticket = NULL;
	} else {
		draft_published(&session->draft, &session->facts.held.set);
		session->base_source = TRUTH_HELD;
	}
	session_edited(session);
	session_save(session, NULL);
	free(session->revert_of);
	session->revert_of = NULL;
	session_survey(session);
}

static void push_moved(void *data)
{
	struct session *session = data;
	const struct push *push = session_current_push(session);

	if (push && push->done && (push->state == PUSH_PUBLISHED || push->state == PUSH_UNCHANGED) && !session->settled)
		settle(session, push);
	if (push && push->done)
		session_interrupted(session, NULL);
	session_tell(session);
}

void session_push_attach(struct session *session)
{
	session->work = work_find(session->app, &session->domain);
	if (!session->work)
		return;
	session->settled = work_look(session->work)->done;
	work_watch(session->work, push_moved, session);
}

void session_push_detach(struct session *session)
{
	if (session->work)
		work_unwatch(session->work, session);
	session->work = NULL;
}

static bool start(struct session *session, const struct plan *plan, const struct push_options *options, struct err *err)
{
	struct work *work = work_push(session->app, plan, options, err);

	session->revision++;
	session->work = work_find(session->app, &session->domain);
	if (!work)
		return false;
	session->settled = false;
	work_watch(work, push_moved, session);
	return true;
}

const struct gates *session_gates(const struct session *session)
{
	const struct push *push = session_current_push(session), *preview = session_preview_push(session);

	if (push && push->done && push->err.code == ERR_BLOCKED && session->planned && !strcmp(push->plan.id, session->plan.id))
		return &push->gates;
	return preview && preview->done ? &preview->gates : NULL;
}

bool session_push(struct session *session, const struct push_options *options, struct err *err)
{
	struct push_options with = *options;
	const struct plan *plan = session_plan(session, err);

	if (!plan || !session_draft_current(session, err))
		return false;
	if (session->revert_of && mxset_equal(&plan->want, &session->revert_want))
		with.revert_of = session->revert_of;
	return start(session, plan, &with, err);
}

bool session_resume(struct session *session, struct err *err)
{
	struct history history = { 0 };
	const struct past_push *past;
	struct push_options options = { .resume = true };
	bool ok = false;

	if (!history_read(session->app, &session->domain, &history, err))
		return false;
	past = history_unfinished(&history);
	options.resume_id = past ? past->id : NULL;
	if (past)
		ok = start(session, &past->plan, &options, err);
	else
		err_set(err, ERR_USAGE, N_("no push of this domain from here is unfinished"));
	history_release(&history);
	return ok;
}

const struct push *session_current_push(const struct session *session)
{
	return session->work ? work_look(session->work) : NULL;
}

void session_push_cancel(struct session *session)
{
	if (session->work)
		work_stop(session->work);
}

bool session_rollback(struct session *session, const char *id, struct err *err)
{
	struct history history = { 0 };
	const struct past_push *past;
	struct plan plan;
	bool ok = false;

	if (!history_read(session->app, &session->domain, &history, err))
		return false;
	past = history_find(&history, id);
	plan_init(&plan);
	if (past && history_can_revert(past, err)) {
		history_revert_plan(past, &plan);
		/* What was pushed stands at the provider, whatever a resolver's cache still says. */
		draft_rebase(&session->draft, &plan.base, NULL);
		session->base_source = TRUTH_HELD;
		session->has_base = true;
		ok = session_replace(session, &plan.want, err);
		free(session->revert_of);
		session->revert_of = mem_text(past->id);
		mxset_copy(&session->revert_want, &plan.want);
	} else if (!past) {
		err_set(err, ERR_USAGE, N_("no such push is in the history of this domain"));
	}
	plan_release(&plan);
	history_release(&history);
	return ok;
}

bool session_is_interrupted(const struct session *session)
{
	return session->interrupted && (!session->work || work_look(session->work)->done);
}

const char *session_interrupted(struct session *session, struct err *err)
{
	struct history history = { 0 };
	const struct past_push *past;

	free(session->interrupted);
	session->interrupted = NULL;
	if (session->work && !work_look(session->work)->done)
		return NULL; /* it runs */
	if (!history_read(session->app, &session->domain, &history, err))
		return NULL;
	past = history_unfinished(&history);
	session->interrupted = past ? mem_text(past->id) : NULL;
	history_release(&history);
	return session->interrupted;
}
