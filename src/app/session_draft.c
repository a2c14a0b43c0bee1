/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's draft: edits, and how they come to disk. */
#include <stdlib.h>

#include "app/session_private.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

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

static void set_text(char **to, const char *text)
{
	free(*to);
	*to = mem_text(text);
}

void session_fill_plan(const struct session *session, struct plan *plan)
{
	const struct held_facts *held = &session->facts.held;
	struct provider_account account;

	plan_release(plan);
	plan_init(plan);
	plan->domain = session->domain;
	plan->zone = held->zone.len ? held->zone : session->facts.zone.len ? session->facts.zone : session->domain;
	mxset_copy(&plan->base, &session->draft.base);
	mxset_copy(&plan->want, &session->draft.want);
	if (app_account(session->app, &session->domain, NULL, &account, NULL)) {
		set_text(&plan->account, account.name);
		set_text(&plan->provider, account.provider->name);
	}
	if (session->ticket)
		set_text(&plan->ticket, session->ticket);
	plan_seal(plan);
}

void session_edited(struct session *session)
{
	session->kept_unseen = false;
	session_save_soon(session);
	if (session->survey)
		survey_more(session->survey, &session->draft.want);
	session->planned = session->approved = false;
	session_redraft(session);
}

static bool may_edit(struct session *session, struct err *err)
{
	if (session->damage.code) {
		if (err)
			*err = session->damage;
		return false;
	}
	if (session->has_base)
		return true;
	err_set(err, ERR_NETWORK, N_("the live set is not known yet, so there is nothing to draft from"));
	err_hint(err, N_("Wait for the answer, or ask again."));
	return false;
}

bool session_edit(struct session *session, const struct edit *edits, size_t n, struct err *err)
{
	return may_edit(session, err) && draft_apply(&session->draft, edits, n, err) && (session_edited(session), true);
}

bool session_set_ticket(struct session *session, const char *ticket, struct err *err)
{
	struct plan plan;
	bool ok;

	plan_init(&plan);
	ok = !*ticket || plan_set_ticket(&plan, ticket, err);
	plan_release(&plan);
	if (!ok)
		return false;
	set_text(&session->ticket, *ticket ? ticket : NULL);
	session_edited(session);
	return true;
}

const char *session_ticket(const struct session *session)
{
	return session->ticket ? session->ticket : "";
}

bool session_undo(struct session *session)
{
	return draft_undo(&session->draft) && (session_edited(session), true);
}

bool session_redo(struct session *session)
{
	return draft_redo(&session->draft) && (session_edited(session), true);
}

bool session_replace(struct session *session, const struct mxset *want, struct err *err)
{
	if (!may_edit(session, err))
		return false;
	draft_set(&session->draft, want);
	session_edited(session);
	return true;
}

bool session_discard(struct session *session, struct err *err)
{
	enum truth_source source;
	const struct mxset *live = truth_base(&session->facts, &source);
	struct mxset base;

	mxset_init(&base);
	mxset_copy(&base, live ? live : &session->draft.base);
	session_begin_draft(session, &base, live ? source : session->base_source);
	mxset_release(&base);
	set_text(&session->ticket, NULL);
	session_edited(session);
	return session_save(session, err);
}
