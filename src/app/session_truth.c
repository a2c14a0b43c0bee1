/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the session's draft begins from: held, served or cached; and how it comes onto a set that moved. */
#include "app/session_private.h"
#include "base/i18n.h"
#include "base/banned.h"

const struct err *session_held_error(const struct session *session)
{
	bool failed = answer_is_final(session->facts.held.mx) && !truth_tells(session->facts.held.mx);

	return failed && session->held ? held_error(session->held) : NULL;
}

bool session_moved(const struct session *session)
{
	return session_drafting(session) && !held_running(session->held) && truth_moved(&session->facts, &session->draft.base);
}

const char *session_unmoved_text(const struct session *session)
{
	return truth_stands(&session->facts, &session->draft.base) == FACT_YES
		       ? N_("The draft begins from what is there: nothing is to be rebased.")
		       : N_("Whether the draft begins from what is there now is not known: nothing can be rebased.");
}

void session_begin_draft(struct session *session, const struct mxset *base, enum truth_source source)
{
	struct draft made;

	draft_init(&made, base);
	draft_release(&session->draft);
	session->draft = made;
	session->has_base = true;
	session->base_source = source;
	draft_first_ttl(&session->draft, session->facts.held.first_ttl_s ? session->facts.held.first_ttl_s : DRAFT_FIRST_TTL_S);
}

/* ---- a better base ---- */

static bool is_better(enum truth_source source, enum truth_source than)
{
	return than != TRUTH_UNKNOWN && source < than;
}

static size_t clashes(const struct session *session, const struct mxset *base)
{
	struct merge merge = { 0 };
	struct mxset made = { 0 };
	size_t n;

	merge_run(&merge, &(struct merge_sets){ &session->draft.base, base, &session->draft.want }, NULL, &made);
	n = merge_undecided(&merge);
	merge_release(&merge);
	mxset_release(&made);
	return n;
}

void session_follow(struct session *session)
{
	enum truth_source source;
	const struct mxset *base = truth_base(&session->facts, &source);
	bool untouched = !session_drafting(session) && !session->draft.n_undo && !session->draft.n_redo;
	bool asking = session_surveying(session); /* one server has answered, and the next may not agree; a better answer may be to come */

	if (!base)
		return;
	if (!session->has_base || (untouched && !(asking && is_better(session->base_source, source)))) {
		session_begin_draft(session, base, source);
	} else if (is_better(source, session->base_source) && !clashes(session, base)) {
		bool same = mxset_equal(base, &session->draft.base);

		session->base_source = source;
		if (same)
			return;
		draft_rebase(&session->draft, base, NULL);
		session_edited(session);
	}
}

/* ---- rebase ---- */

static const struct mxset *rebase_to(const struct session *session, struct err *err)
{
	enum truth_source source;
	const struct mxset *base = truth_base(&session->facts, &source);

	if (base && source != TRUTH_CACHED)
		return base;
	if (base) {
		err_set(err, ERR_NETWORK, N_("only a resolver's cache is known, and a cache is nothing to base a draft on again"));
		err_hint(err, N_("Ask again when the provider or a name server can be reached."));
	} else {
		err_set(err, ERR_NETWORK, N_("the live set is not known, so the draft cannot be based on it"));
	}
	return NULL;
}

/* Merges anew, with the sides chosen before. */
static void merge_again(struct session *session, const struct mxset *base)
{
	struct session_rebase *rebase = &session->rebase;
	struct merge made = { 0 };

	mxset_copy(&rebase->theirs, base);
	merge_run(&made, &(struct merge_sets){ &session->draft.base, base, &session->draft.want }, &rebase->merge, &rebase->result);
	merge_release(&rebase->merge);
	rebase->merge = made;
}

const struct session_rebase *session_rebase_look(struct session *session)
{
	struct session_rebase *rebase = &session->rebase;
	const struct mxset *base;

	if (session->rebase_looked)
		return rebase;
	rebase->err = (struct err){ 0 };
	base = rebase_to(session, &rebase->err);
	rebase->possible = base != NULL;
	if (base)
		merge_again(session, base);
	session->rebase_looked = true;
	return rebase;
}

static enum merge_side other_side(enum merge_side side)
{
	return side == SIDE_MINE ? SIDE_THEIRS : SIDE_MINE;
}

void session_rebase_turn(struct session *session, size_t row)
{
	struct merge *merge = &session->rebase.merge;

	session_rebase_look(session);
	if (row < merge->n)
		merge->row[row].side = other_side(merge->row[row].side);
	else
		merge->ttl_side = other_side(merge->ttl_side);
	session->rebase_looked = false;
	session->revision++;
}

bool session_rebase(struct session *session, struct err *err)
{
	const struct session_rebase *rebase = session_rebase_look(session);

	if (!rebase->possible) {
		*err = rebase->err;
		return false;
	}
	if (merge_undecided(&rebase->merge))
		return err_set(err, ERR_CONFLICT, N_("a row was changed on both sides; choose a side for each"));
	draft_rebase(&session->draft, &rebase->theirs, &rebase->merge);
	session->base_source = truth_tells(session->facts.held.mx) ? TRUTH_HELD : TRUTH_SERVED;
	merge_release(&session->rebase.merge);
	session_edited(session);
	return true;
}

void session_rebase_drop(struct session *session)
{
	merge_release(&session->rebase.merge);
	mxset_release(&session->rebase.theirs);
	mxset_release(&session->rebase.result);
}
