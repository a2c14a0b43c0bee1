/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the session's draft comes to disk: from the loop, in a child process, and never over what another interface wrote. */
#include <stdlib.h>
#include <unistd.h>

#include "app/session_private.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define SAVE_MS 300 /* edits within this time are saved together */

struct save_result {
	bool ok;
	struct draft_mark mark;
	struct err err; /* its pointers are to constants: they mean the same in the parent */
};

static bool nothing_to_keep(const struct session *session)
{
	return !session_drafting(session) && !session->draft.n_undo && !session->draft.n_redo;
}

/* Writes the draft, in a child process or in this one. */
static void write_draft(const void *what, void *to)
{
	const struct session *session = what;
	struct save_result *result = to;
	struct plan plan;

	result->mark = session->mark;
	if (nothing_to_keep(session)) {
		result->ok = store_draft_drop(session->app->store, &session->domain, &result->mark, &result->err);
		return;
	}
	plan_init(&plan);
	session_fill_plan(session, &plan);
	result->ok = store_draft_save(session->app->store, &plan, &session->draft, &result->mark, &result->err);
	if (!result->ok && result->err.code == ERR_FILE && !result->err.hint.id)
		err_hint(&result->err, N_("Make room, or the folder writable: the next edit saves it."));
	plan_release(&plan);
}

/* Keeps my draft in a file of its own while the clash is open, so that nothing is lost however the program ends. */
static void keep_aside(struct session *session)
{
	struct plan plan;

	if (!session_draft_clash(session))
		return;
	if (nothing_to_keep(session)) {
		store_draft_forget(&session->kept);
		return;
	}
	if (session->kept_aside && !session->kept.path) /* that one goes on */
		session->kept = (struct draft_kept){ mem_text(session->kept_aside), -1 };
	plan_init(&plan);
	session_fill_plan(session, &plan);
	store_draft_keep(session->app->store, &plan, &session->draft, &session->kept, NULL);
	plan_release(&plan);
}

static void take(struct session *session, const struct save_result *result)
{
	session->save_err = result->err;
	session->save_told = false;
	if (result->ok) {
		session->mark = result->mark;
		store_draft_forget(&session->kept);
	} else {
		if (session->save_err.code != ERR_CONFLICT)
			err_context(&session->save_err, N_("the draft is not saved"));
		session->unsaved = true;
		keep_aside(session);
	}
}

static void on_saved(void *data, const void *result)
{
	struct session *session = data;
	struct save_result lost = { 0 };

	session->saving = NULL;
	if (!result)
		err_set(&lost.err, ERR_FILE, N_("the process that writes it was ended"));
	take(session, result ? result : &lost);
	if (session->save_err.code && session->changed)
		session->changed(session->data);
	else if (session->unsaved)
		session_save_soon(session);
}

static void on_save_soon(void *data)
{
	struct session *session = data;
	struct aside_work work = { write_draft, session, sizeof(struct save_result), on_saved, session };

	session->save_soon = NULL;
	session->unsaved = false;
	session->saving = aside_start(session->app->loop, &work);
	if (session->saving)
		return;
	session->unsaved = true;
	session_save(session, NULL);
}

void session_save_soon(struct session *session)
{
	if (session->app->read_only)
		return; /* nothing is kept: the draft lives as long as the interface */
	session->unsaved = true;
	if (!session->save_soon && !session->saving)
		session->save_soon = loop_after(session->app->loop, SAVE_MS, on_save_soon, session);
}

bool session_save(struct session *session, struct err *err)
{
	struct save_result result = { 0 };

	aside_wait(session->saving);
	loop_cancel(session->save_soon);
	session->save_soon = NULL;
	if (session->unsaved) {
		session->unsaved = false;
		write_draft(session, &result);
		take(session, &result);
	}
	if (session->save_err.code && err)
		*err = session->save_err;
	return !session->save_err.code;
}

bool session_draft_current(struct session *session, struct err *err)
{
	struct draft_mark now = { 0 };

	if (!session_save(session, err) || !store_draft_mark(session->app->store, &session->domain, &now, err))
		return false;
	if (now.hash == session->mark.hash && now.len == session->mark.len)
		return true;
	err_set(&session->save_err, ERR_CONFLICT, N_("the draft was changed meanwhile by another window or command"));
	session->unsaved = true;
	keep_aside(session);
	if (err)
		*err = session->save_err;
	return false;
}

bool session_save_failed(struct session *session, struct err *err)
{
	if (!session->save_err.code || session->save_told)
		return false;
	session->save_told = true;
	*err = session->save_err;
	return true;
}

const struct err *session_save_error(const struct session *session)
{
	return session->save_err.code ? &session->save_err : NULL;
}

/* Removes the file that was kept aside, once the draft is stored elsewhere. */
static bool decided(struct session *session, bool ok)
{
	if (ok && session->kept_aside)
		unlink(session->kept_aside);
	if (ok) {
		store_draft_forget(&session->kept);
		free(session->kept_aside);
		session->kept_aside = NULL;
	}
	return ok;
}

void session_load_aside(struct session *session)
{
	struct draft mine = { 0 };
	struct plan plan;

	if (session->app->read_only)
		return; /* it waits for a run that may write */
	plan_init(&plan);
	draft_init(&mine, &session->draft.base);
	session->kept_aside = store_draft_kept(session->app->store, &session->domain, &plan, &mine);
	if (session->kept_aside && mxset_equal(&mine.want, &session->draft.want)) {
		decided(session, true);
	} else if (session->kept_aside) {
		draft_copy(&session->draft, &mine);
		session->has_base = true;
		session->unsaved = true;
		session->mark = (struct draft_mark){ 0 }; /* theirs, if there is any, was not chosen */
		decided(session, session_save(session, NULL));
	}
	draft_release(&mine);
	plan_release(&plan);
}

bool session_draft_aside(const struct session *session)
{
	return session->kept_aside != NULL;
}

bool session_draft_clash(const struct session *session)
{
	return session->save_err.code == ERR_CONFLICT;
}

bool session_keep_mine(struct session *session, struct err *err)
{
	return store_draft_mark(session->app->store, &session->domain, &session->mark, err) && decided(session, session_save(session, err));
}

bool session_take_theirs(struct session *session, struct err *err)
{
	struct mxset want = { 0 };
	bool ok;

	mxset_copy(&want, &session->draft.want);
	ok = session_load_draft(session, err);
	if (ok && session->has_base) {
		/* Mine is one step that redo brings back. */
		draft_set(&session->draft, &want);
		draft_undo(&session->draft);
	}
	mxset_release(&want);
	if (ok && session->kept_aside) {
		session->unsaved = true; /* so that redo has mine in the next run, too */
		ok = session_save(session, err);
	}
	return decided(session, ok);
}

bool session_load_draft(struct session *session, struct err *err)
{
	struct err why = { 0 };
	struct mxset base = { 0 };
	struct plan kept;
	bool ok;

	plan_init(&kept);
	store_draft_mark(session->app->store, &session->domain, &session->mark, NULL);
	ok = store_draft_load(session->app->store, &session->domain, &kept, &session->draft, &why);
	if (ok) {
		free(session->ticket);
		session->ticket = *kept.ticket ? mem_text(kept.ticket) : NULL;
		session->kept_unseen = draft_dirty(&session->draft);
		session->has_base = session->has_base || session->kept_unseen;
		session->base_source = session->draft.base.ttl_s == MX_TTL_UNKNOWN ? TRUTH_CACHED : TRUTH_HELD;
	} else if (why.code == ERR_NONE) {
		mxset_copy(&base, &session->draft.base);
		draft_release(&session->draft);
		draft_init(&session->draft, &base);
		mxset_release(&base);
	}
	plan_release(&kept);
	session->save_err.code = ERR_NONE;
	session->unsaved = false;
	session_touch(session);
	if (why.code && err)
		*err = why;
	return why.code == ERR_NONE;
}

const struct err *session_draft_damage(const struct session *session)
{
	return session->damage.code ? &session->damage : NULL;
}

bool session_draft_set_aside(struct session *session, struct err *err)
{
	if (!store_draft_set_aside(session->app->store, &session->domain, err))
		return false;
	session->damage.code = ERR_NONE;
	session->mark = (struct draft_mark){ 0 };
	session->revision++;
	return true;
}
