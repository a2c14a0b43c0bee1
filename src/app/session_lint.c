/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session's findings. Those of drafts are kept for the sets before the last edits, as long as what is known stays: what an undo brings
 * back is not checked again.
 */
#include <string.h>

#include "app/demand.h"
#include "app/session_private.h"
#include "app/stored.h"
#include "base/banned.h"

void session_lint_drop(struct session *session)
{
	for (size_t i = 0; i < SESSION_LINTED; i++) {
		mxset_release(&session->linted_draft[i].set);
		findings_release(&session->linted_draft[i].findings);
		session->linted_draft[i] = (struct linted){ 0 };
	}
}

static void to_front(struct linted *kept, size_t i)
{
	struct linted front = kept[i];

	memmove(&kept[1], kept, i * sizeof(*kept));
	kept[0] = front;
}

static bool is_of(const struct linted *kept, const struct check_input *draft)
{
	return kept->known && kept->stored_by == (draft->store ? draft->store->title : NULL) && kept->set.ttl_s == draft->set->ttl_s &&
	       mxset_equal(&kept->set, draft->set);
}

static void lint_draft_set(struct session *session, const struct check_input *draft)
{
	struct linted *kept = session->linted_draft;

	for (size_t i = 0; i < SESSION_LINTED; i++)
		if (is_of(&kept[i], draft)) {
			to_front(kept, i);
			return;
		}
	to_front(kept, SESSION_LINTED - 1);
	kept->known = true;
	kept->stored_by = draft->store ? draft->store->title : NULL;
	mxset_copy(&kept->set, draft->set);
	lint_against(&session->live_findings, draft, &kept->findings);
	findings_accept(&kept->findings, &session->accepts, &session->domain, loop_now());
}

void session_lint(struct session *session)
{
	struct check_input live = {
		.domain = &session->domain, .zone = &session->facts.zone, .set = &session->facts.live, .facts = &session->facts
	};
	struct check_input draft = live;
	struct check_store store;

	if (!session->linted_live) {
		session_lint_drop(session);
		lint_run(&live, &session->live_findings);
		findings_accept(&session->live_findings, &session->accepts, &session->domain, loop_now());
	}
	session->linted_live = true;
	if (session->linted)
		return;
	draft.set = &session->draft.want;
	draft.is_draft = true;
	if (session_drafting(session)) {
		if (stored_for(session->app, &session->domain, &store))
			draft.store = &store;
		lint_draft_set(session, &draft);
	}
	session->linted = true;
}

void session_judge(const struct session *session, const struct musts *musts, struct demands *demands)
{
	const struct check_input in = {
		.domain = &session->domain,
		.zone = session->facts.zone.len ? &session->facts.zone : NULL,
		.set = session_set(session),
		.facts = &session->facts,
		.is_draft = session_drafting(session),
	};

	demands_judge(musts, &in, demands);
}
