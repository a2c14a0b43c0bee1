/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"

#include <stdlib.h>
#include <string.h>

#include "app/session_private.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/edit.h"
#include "base/banned.h"

/* ---- what follows from a change ---- */

void session_touch(struct session *session)
{
	session->revision++;
	session->linted = session->cut = false;
	session_matrix_drop(session);
	session_outage_drop(session);
	for (size_t i = 0; i < SESSION_RESULTS; i++)
		session->result[i].valid = session->calm[0][i].valid = session->calm[1][i].valid = false;
}

void session_tell(struct session *session)
{
	session_touch(session);
	if (session->changed)
		session->changed(session->data);
}

static void lint(struct session *session)
{
	struct check_input live = { &session->domain, &session->facts.zone, &session->facts.live, &session->facts, false };
	struct check_input draft = { &session->domain, &session->facts.zone, &session->draft.want, &session->facts, true };

	if (session->linted)
		return;
	lint_run(&live, &session->live_findings);
	if (session_drafting(session))
		lint_draft(&live, &draft, &session->draft_findings);
	session->linted = true;
}

/* ---- life ---- */

static void drop_push(struct push_run **run)
{
	push_free(*run);
	*run = NULL;
}

struct session *session_open(struct app *app, const struct dname *domain, void (*changed)(void *data), void *data, struct err *err)
{
	struct session *session = mem_alloc(sizeof(*session));
	struct mxset none;
	struct err why = { 0 };
	struct plan kept;

	session->app = app;
	session->domain = *domain;
	session->changed = changed;
	session->data = data;
	session->sender = senders[0];
	mxset_init(&none);
	facts_init(&session->facts, domain);
	draft_init(&session->draft, &none);
	plan_init(&session->plan);
	plan_init(&kept);
	if (store_draft_load(app->store, domain, &kept, &session->draft, &why)) {
		session->kept_unseen = session->has_base = draft_dirty(&session->draft);
	} else if (why.code != ERR_NONE) {
		*err = why;
		session_close(session);
		session = NULL;
	}
	plan_release(&kept);
	return session;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	session_matrix_drop(session);
	session_outage_drop(session);
	survey_free(session->survey);
	drop_push(&session->push);
	drop_push(&session->preview);
	facts_release(&session->facts);
	draft_release(&session->draft);
	findings_release(&session->live_findings);
	findings_release(&session->draft_findings);
	marks_release(&session->marks);
	plan_release(&session->plan);
	cutover_release(&session->cutover);
	for (size_t i = 0; i < SESSION_RESULTS; i++) {
		sim_result_release(&session->result[i].result);
		sim_result_release(&session->calm[0][i].result);
		sim_result_release(&session->calm[1][i].result);
	}
	free(session->interrupted);
	free(session->revert_of);
	free(session);
}

unsigned long session_revision(const struct session *session)
{
	return session->revision;
}

/* ---- survey ---- */

/* A failed lookup tells nothing: a draft that began from it would begin from an empty set that nobody saw. */
static bool live_is_known(const struct session *session)
{
	enum answer mx = session->facts.mx;

	return mx == ANSWER_DATA || mx == ANSWER_NODATA || mx == ANSWER_NXDOMAIN;
}

/* The draft began from a resolver's answer, and now the set's whole TTL is known. */
static void adopt_ttl(struct session *session)
{
	struct draft *draft = &session->draft;
	const struct mxset *live = &session->facts.live;

	if (!session->fresh_base || draft->base.ttl_s == live->ttl_s || !mxset_same_records(&draft->base, live))
		return;
	if (draft->want.ttl_s == draft->base.ttl_s)
		draft->want.ttl_s = live->ttl_s;
	draft->base.ttl_s = live->ttl_s;
}

bool session_moved(const struct session *session)
{
	return session_drafting(session) && live_is_known(session) && !session_surveying(session) &&
	       !mxset_equal(&session->draft.base, &session->facts.live);
}

static void surveyed(void *data, bool finished)
{
	struct session *session = data;

	(void)finished;
	if (!session->has_base && live_is_known(session)) {
		session->has_base = session->fresh_base = true;
		draft_release(&session->draft);
		draft_init(&session->draft, &session->facts.live);
	}
	adopt_ttl(session);
	session_tell(session);
}

void session_survey(struct session *session)
{
	survey_free(session->survey);
	facts_release(&session->facts);
	facts_init(&session->facts, &session->domain);
	if (!session_drafting(session))
		session->has_base = session->fresh_base = false;
	session->survey = survey_start(session->app, &session->facts, &session->draft.want, surveyed, session);
	session_touch(session);
}

bool session_surveying(const struct session *session)
{
	return session->survey && survey_running(session->survey);
}

const struct dname *session_domain(const struct session *session)
{
	return &session->domain;
}

const struct facts *session_facts(const struct session *session)
{
	return &session->facts;
}

/* ---- draft ---- */

const struct draft *session_draft(const struct session *session)
{
	return &session->draft;
}

bool session_drafting(const struct session *session)
{
	return session->has_base && draft_dirty(&session->draft);
}

bool session_draft_kept(const struct session *session)
{
	return session->kept_unseen;
}

void session_draft_seen(struct session *session)
{
	session->kept_unseen = false;
	session->revision++;
}

const struct mxset *session_set(const struct session *session)
{
	return session_drafting(session) ? &session->draft.want : &session->facts.live;
}

const struct findings *session_findings(const struct session *session)
{
	/* Computed when looked at: a cache, not a change that anybody sees. */
	lint((struct session *)(uintptr_t)session);
	return session_drafting(session) ? &session->draft_findings : &session->live_findings;
}

const struct findings *session_live_findings(const struct session *session)
{
	lint((struct session *)(uintptr_t)session);
	return &session->live_findings;
}

static void set_text(char **to, const char *text)
{
	free(*to);
	*to = mem_text(text);
}

void session_fill_plan(const struct session *session, struct plan *plan)
{
	struct provider_account account;

	plan_release(plan);
	plan_init(plan);
	plan->domain = session->domain;
	plan->zone = session->facts.zone.len ? session->facts.zone : session->domain;
	mxset_copy(&plan->base, &session->draft.base);
	mxset_copy(&plan->want, &session->draft.want);
	if (app_account(session->app, &session->domain, NULL, &account, NULL)) {
		set_text(&plan->account, account.name);
		set_text(&plan->provider, account.provider->name);
	}
	plan_seal(plan);
}

/* Every edit is on disk before the caller hears of it. */
static bool keep(struct session *session, struct err *err)
{
	struct plan plan;
	bool ok;

	session->kept_unseen = false;
	if (!session_drafting(session) && !session->draft.n_undo && !session->draft.n_redo)
		ok = store_draft_drop(session->app->store, &session->domain, err);
	else {
		plan_init(&plan);
		session_fill_plan(session, &plan);
		ok = store_draft_save(session->app->store, &plan, &session->draft, err);
		plan_release(&plan);
	}
	return ok;
}

static bool edited(struct session *session, struct err *err)
{
	bool ok = keep(session, err);

	if (session->survey)
		survey_more(session->survey, &session->draft.want);
	plan_release(&session->plan);
	plan_init(&session->plan);
	session->planned = false;
	session_touch(session);
	return ok;
}

static bool may_edit(struct session *session, struct err *err)
{
	if (session->has_base)
		return true;
	err_set(err, ERR_NETWORK, N_("the live set is not known yet, so there is nothing to draft from"));
	err_hint(err, N_("Wait for the answer, or ask again."));
	return false;
}

bool session_edit(struct session *session, size_t n, char *const words[], struct err *err)
{
	return may_edit(session, err) && edit_apply(&session->draft, &session->domain, n, words, err) && edited(session, err);
}

bool session_rebase(struct session *session, struct err *err)
{
	if (!live_is_known(session)) {
		err_set(err, ERR_NETWORK, N_("the live set is not known, so the draft cannot be based on it"));
		return false;
	}
	draft_rebase(&session->draft, &session->facts.live);
	return edited(session, err);
}

bool session_undo(struct session *session)
{
	return draft_undo(&session->draft) && (edited(session, NULL), true);
}

bool session_redo(struct session *session)
{
	return draft_redo(&session->draft) && (edited(session, NULL), true);
}

bool session_replace(struct session *session, const struct mxset *want, struct err *err)
{
	if (!may_edit(session, err))
		return false;
	draft_set(&session->draft, want);
	return edited(session, err);
}

bool session_discard(struct session *session, struct err *err)
{
	struct mxset base;

	mxset_init(&base);
	mxset_copy(&base, answer_is_final(session->facts.mx) ? &session->facts.live : &session->draft.base);
	draft_release(&session->draft);
	draft_init(&session->draft, &base);
	mxset_release(&base);
	return edited(session, err);
}
