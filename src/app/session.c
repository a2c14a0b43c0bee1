/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"

#include <stdlib.h>
#include <string.h>

#include "app/session_private.h"
#include "base/mem.h"
#include "core/truth.h"
#include "io/dns_cache.h"
#include "base/banned.h"

/* ---- what follows from a change ---- */

void session_redraft(struct session *session)
{
	session->revision++;
	session->linted = session->cure_known = session->rebase_looked = false;
	session->cut = session->companions_known = false;
	session_matrix_drop(session);
	session_outage_drop(session);
	session_down_aside(session);
	session_failures_drop(session);
	for (size_t i = 0; i < SESSION_RESULTS; i++)
		session->result[i].valid = session->calm[0][i].valid = false;
}

void session_touch(struct session *session)
{
	session_redraft(session);
	session->linted_live = false;
	session_down_drop(session);
	for (size_t i = 0; i < SESSION_RESULTS; i++)
		session->calm[1][i].valid = false;
}

void session_tell(struct session *session)
{
	session_touch(session);
	if (session->changed)
		session->changed(session->data);
}

/* ---- life ---- */

struct session *session_open(struct app *app, const struct dname *domain, void (*changed)(void *data), void *data)
{
	struct session *session = mem_alloc(sizeof(*session));
	struct mxset none;

	session->app = app;
	session->domain = *domain;
	session->changed = changed;
	session->data = data;
	session->sender = senders[0];
	mxset_init(&none);
	facts_init(&session->facts, domain);
	draft_init(&session->draft, &none);
	plan_init(&session->plan);
	session_read_accepts(session);
	if (session_load_draft(session, &session->damage))
		session_load_aside(session);
	session_push_attach(session);
	return session;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	session_save(session, NULL);
	store_draft_leave(&session->kept);
	session_matrix_drop(session);
	session_outage_drop(session);
	session_down_drop(session);
	session_failures_drop(session);
	survey_free(session->survey);
	held_free(session->held);
	session_push_detach(session);
	push_free(session->preview);
	facts_release(&session->facts);
	session_rebase_drop(session);
	draft_release(&session->draft);
	findings_release(&session->live_findings);
	session_lint_drop(session);
	findings_release(&session->cured);
	accepts_release(&session->accepts);
	marks_release(&session->marks);
	plan_release(&session->plan);
	cutover_release(&session->cutover);
	companions_release(&session->companions);
	for (size_t i = 0; i < SESSION_RESULTS; i++) {
		sim_result_release(&session->result[i].result);
		sim_result_release(&session->calm[0][i].result);
		sim_result_release(&session->calm[1][i].result);
	}
	free(session->kept_aside);
	free(session->interrupted);
	free(session->revert_of);
	mxset_release(&session->revert_want);
	free(session->ticket);
	free(session);
}

unsigned long session_revision(const struct session *session)
{
	return session->revision;
}

/* ---- survey ---- */

static void surveyed(void *data, bool finished)
{
	struct session *session = data;

	(void)finished;
	session_follow(session);
	session_tell(session);
}

/* The account was read: the hosts of the held set are surveyed too, as they may be others. */
static void held_read(void *data)
{
	struct session *session = data;

	survey_more(session->survey, &session->facts.live);
	session_follow(session);
	session_tell(session);
}

/* What the screens and the simulator show; checks add theirs. */
#define SCREEN_NEEDS (NEEDS_HOSTS | NEEDS_SERVERS | NEEDS_PARENT | NEEDS_TARGET_ZONES | NEEDS_DNSSEC)

/* What was read stands until it is read again; where the account is no longer the domain's, nothing tells that it is held. */
static struct held_facts take_held(struct session *session)
{
	struct held_facts *old = &session->facts.held, held = *old;
	struct provider_account account;

	if (!held_account(session->app, &session->domain, NULL, &account, NULL) || !account.provider ||
		strcmp(account.name, old->account) != 0) {
		mxset_release(&held.set);
		held = (struct held_facts){ 0 };
	}
	*old = (struct held_facts){ 0 };
	return held;
}

void session_survey(struct session *session)
{
	struct held_facts held = take_held(session);
	struct survey_want want = { .facts = &session->facts, .needs = SCREEN_NEEDS | lint_needs() };

	if (session->survey)
		dns_cache_forget(session->app->answers); /* asked again on purpose */
	survey_free(session->survey);
	held_free(session->held);
	facts_release(&session->facts);
	facts_init(&session->facts, &session->domain);
	session->facts.held = held; /* stands until it is read again */
	if (!session_drafting(session))
		session->has_base = false;
	want.also = session_drafting(session) ? &session->draft.want : NULL;
	session->survey = survey_start(session->app, &want, surveyed, session);
	session->held = held_start(session->app, &session->facts, NULL, held_read, session);
	truth_settle(&session->facts);
	session_follow(session);
	session_touch(session);
}

bool session_surveying(const struct session *session)
{
	return (session->survey && survey_running(session->survey)) || held_running(session->held);
}

const struct dname *session_domain(const struct session *session)
{
	return &session->domain;
}

const struct facts *session_facts(const struct session *session)
{
	return &session->facts;
}

/* ---- what is looked at ---- */

const struct mxset *session_set(const struct session *session)
{
	return session_drafting(session) ? &session->draft.want : &session->facts.live;
}

const struct findings *session_findings(const struct session *session)
{
	/* Computed when looked at: a cache, not a change that anybody sees. */
	session_lint((struct session *)(uintptr_t)session);
	return session_drafting(session) ? &session->linted_draft[0].findings : &session->live_findings;
}

const struct findings *session_cured(struct session *session)
{
	struct check_input live = {
		.domain = &session->domain, .zone = &session->facts.zone, .set = &session->facts.live, .facts = &session->facts
	};

	if (session->cure_known)
		return &session->cured;
	findings_release(&session->cured);
	session->cured = (struct findings){ 0 };
	if (session_drafting(session) && truth_tells(session->facts.mx))
		lint_cured(&live, session_findings(session), &session->cured);
	session->cure_known = true;
	return &session->cured;
}
