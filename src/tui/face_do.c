/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reaction or an action does: the only place of the interface that changes a session. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/edit.h"
#include "core/explain.h"
#include "tui/face.h"
#include "tui/voice.h"
#include "base/banned.h"

static bool refuse(struct face *face, const struct err *err)
{
	str_clear(&face->refusal);
	voice_err(&face->refusal, err);
	return false;
}

/* ---- edits ---- */

/* One edit as text: words at spaces. */
static bool edit_line(struct face *face, const char *line, struct err *err)
{
	char *copy = mem_text(line), *word[REACTION_WORDS], *at = copy;
	size_t n = 0;
	bool ok;

	while (n < REACTION_WORDS && *(at += strspn(at, " "))) {
		word[n++] = at;
		at += strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	ok = session_edit(face->session, n, word, err);
	free(copy);
	return ok;
}

/* The reaction's edits, one behind another; an empty word stands between. */
static bool edit(struct face *face, const struct reaction *reaction, struct err *err)
{
	char *word[REACTION_WORDS], *copy[REACTION_WORDS] = { NULL };
	size_t n = 0;
	bool ok = true;

	if (reaction->n == 1 && strchr(reaction->word[0], ' '))
		return edit_line(face, reaction->word[0], err);
	for (size_t i = 0; ok && i <= reaction->n; i++) {
		if (i < reaction->n && reaction->word[i][0]) {
			word[n++] = copy[i] = mem_text(reaction->word[i]);
			continue;
		}
		ok = n == 0 || session_edit(face->session, n, word, err);
		n = 0;
	}
	for (size_t i = 0; i < REACTION_WORDS; i++)
		free(copy[i]);
	return ok;
}

static bool open_domain(struct face *face, const struct dname *domain, struct err *err)
{
	if (!face_open(face, domain, err))
		return false;
	face_survey(face);
	return true;
}

static bool roll_back(struct face *face, const char *id, struct err *err)
{
	const struct push *push = session_current_push(face->session);

	/* What is published needs no more watching before it is taken back; face_settle() goes on when it has ended. */
	if (push && !push->done && push->phase == PUSH_WATCHING) {
		free(face->revert_next);
		face->revert_next = mem_text(id);
		session_push_cancel(face->session);
		face_say(face, ROLE_MESSAGE, _("Ending the watch of the last push first …"));
		return true;
	}
	if (push && !push->done)
		return err_set(err, ERR_USAGE, N_("a push is still running; wait for its end"));
	if (!session_rollback(face->session, id, err))
		return false;
	face_show(face, "ladder", NULL);
	face_say(face, ROLE_DRAFT, _("The draft takes that push back: r reviews it."));
	return true;
}

/* The matrix is tried while its screen is open, and no longer. */
static void settle_matrix(struct face *face)
{
	const struct screen *top = face_top(face);

	if (face->session && top->class == &screen_matrix)
		session_matrix_start(face->session, top->depth == 1 ? 1 : 2);
	else if (face->session)
		session_matrix_drop(face->session);
}

/* What waited for a change of the session. */
void face_settle(struct face *face)
{
	const struct push *push = face->session ? session_current_push(face->session) : NULL;
	struct err err = { 0 };

	if (face->session && face_top(face)->class == &screen_history && face->history_revision != session_revision(face->session))
		face_read_history(face);
	if (face->revert_next && push && push->done) {
		char *id = face->revert_next;

		face->revert_next = NULL;
		if (!roll_back(face, id, &err))
			face_say_err(face, &err);
		free(id);
	}
	settle_matrix(face);
}

bool face_do(struct face *face, const struct reaction *reaction, enum face_wish *wish)
{
	struct err err = { 0 };
	bool ok = true;

	switch (reaction->kind) {
	case REACT_PASS: case REACT_DONE:
		break;
	case REACT_OPEN:
		face_show(face, reaction->name, reaction->topic);
		break;
	case REACT_BACK:
		face_back(face);
		break;
	case REACT_ACT:
		face_back(face);
		*wish = face_act(face, reaction->action);
		break;
	case REACT_ASK:
		face_ask_open(face, reaction->ask, reaction->n ? reaction->word[0] : "");
		break;
	case REACT_EDIT:
		ok = edit(face, reaction, &err);
		break;
	case REACT_MARK:
		session_mark(face->session, &reaction->mark);
		break;
	case REACT_MARKS:
		for (size_t i = 0; i < reaction->n_mark; i++)
			session_mark(face->session, &reaction->marks[i]);
		face_show(face, reaction->name, NULL);
		break;
	case REACT_MATRIX:
		session_matrix_drop(face->session);
		break;
	case REACT_OUTAGE:
		session_set_outage(face->session, reaction->length_s);
		break;
	case REACT_SENDER:
		session_set_sender(face->session, reaction->sender);
		break;
	case REACT_ROLLBACK:
		ok = roll_back(face, reaction->name, &err);
		break;
	case REACT_DOMAIN:
		ok = open_domain(face, &reaction->domain, &err);
		break;
	case REACT_REFUSE:
		str_clear(&face->refusal);
		voice_msg(&face->refusal, &reaction->text);
		return false;
	}
	return ok || refuse(face, &err);
}

/* ---- pushing ---- */

static size_t blocking(const struct findings *findings, struct push_override *override, const char *reason)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->finding[i].introduced && findings->finding[i].level == LEVEL_ERROR) {
			if (override)
				override[n] = (struct push_override){ findings->finding[i].check->id, reason };
			n++;
		}
	return n;
}

static bool named_right(const struct face *face)
{
	struct dname typed;

	return face->typed_domain && dname_parse(&typed, face->typed_domain, NULL) && dname_equal(&typed, session_domain(face->session));
}

/* Asks what is still to be asked, a question at a time, then starts. */
void face_push_start(struct face *face)
{
	const struct push *running = session_current_push(face->session);
	const struct findings *findings = session_findings(face->session);
	size_t n = blocking(findings, NULL, NULL);
	struct push_override *override;
	struct err err = { 0 };

	if (running && !running->done) {
		face_show(face, "push", NULL);
	} else if (!session_drafting(face->session)) {
		face_say(face, ROLE_MESSAGE, _("There is nothing to push: the draft changes nothing."));
	} else if (!session_approved(face->session)) {
		face_say(face, ROLE_ERROR, _("The plan is not approved yet: A approves it."));
	} else if (face->means.is_protected && face->means.is_protected(face->means.app, session_domain(face->session)) && !named_right(face)) {
		bool wrong = face->typed_domain != NULL;
		face_ask_open(face, ASK_TYPE_DOMAIN, wrong ? face->typed_domain : "");
		if (wrong)
			str_add(&face->refusal, _("That is not the domain's name."));
	} else if (n && !face->reason) {
		face_ask_open(face, ASK_REASON, "");
	} else {
		override = mem_alloc((n + 1) * sizeof(*override));
		blocking(findings, override, face->reason);
		const struct app *app = face->means.app;
		struct push_options options = {
			.n_override = n, .override = override, .n_server = app->has_server, .server = app->has_server ? &app->server : NULL,
		};
		if (session_push(face->session, &options, &err))
			face_show(face, "push", NULL);
		else
			face_say_err(face, &err);
		free(override);
		free(face->typed_domain);
		free(face->reason);
		face->typed_domain = face->reason = NULL;
	}
}

/* ---- actions that no screen took ---- */

static enum face_wish quit(struct face *face)
{
	const struct push *push = face->session ? session_current_push(face->session) : NULL;

	if (push && !push->done && push->phase < PUSH_WATCHING) {
		face_ask_open(face, ASK_QUIT, "");
		return FACE_DRAW;
	}
	return FACE_QUIT;
}

static enum face_wish copy_set(struct face *face)
{
	const struct mxset *set = session_set(face->session);
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	str_clear(&face->copied);
	dname_text_dot(session_domain(face->session), name);
	for (size_t i = 0; i < set->n; i++) {
		mx_host_text(&set->mx[i], host);
		str_addf(&face->copied, "%s\t%u\tIN\tMX\t%u %s%s\n", name, set->ttl_s, set->mx[i].preference, host,
			 dname_is_root(&set->mx[i].host) ? "" : ".");
	}
	face_say(face, ROLE_MESSAGE, _("Copied as zone file lines."));
	return FACE_COPY;
}

static void cancel(struct face *face)
{
	const struct push *push = session_current_push(face->session);

	if (session_matrix_running(face->session)) {
		session_matrix_stop(face->session);
	} else if (push && !push->done) {
		session_push_cancel(face->session);
		face_say(face, ROLE_MESSAGE, _("The push stops before its next write."));
	} else {
		face_say(face, ROLE_MESSAGE, _("Nothing is running. q leaves."));
	}
}

static enum face_wish act_on_session(struct face *face, enum action action)
{
	struct err err = { 0 };

	switch (action) {
	case ACTION_UNDO:
		if (!session_undo(face->session))
			face_say(face, ROLE_MESSAGE, _("There is nothing to undo."));
		break;
	case ACTION_REDO:
		if (!session_redo(face->session))
			face_say(face, ROLE_MESSAGE, _("There is nothing to redo."));
		break;
	case ACTION_DISCARD:
		if (session_drafting(face->session))
			face_ask_open(face, ASK_DISCARD, "");
		break;
	case ACTION_REBASE:
		if (!session_rebase(face->session, &err))
			face_say_err(face, &err);
		else
			face_say(face, ROLE_MESSAGE, _("The draft is based on what is live now."));
		break;
	case ACTION_UNMARK:
		session_mark_clear(face->session);
		break;
	case ACTION_SURVEY:
		session_survey(face->session);
		break;
	case ACTION_APPROVE:
		if (session_plan(face->session, &err))
			face_ask_open(face, ASK_NOTE, "");
		else
			face_say_err(face, &err);
		break;
	case ACTION_PUSH:
		face_push_start(face);
		break;
	case ACTION_RESUME:
		if (session_resume(face->session, &err))
			face_show(face, "push", NULL);
		else
			face_say_err(face, &err);
		break;
	case ACTION_STOP: case ACTION_CANCEL:
		cancel(face);
		break;
	default:
		return FACE_UNANSWERED;
	}
	return FACE_DRAW;
}

static const char *screen_for(enum action action)
{
	switch (action) {
	case ACTION_SIMULATE: return "simulate";
	case ACTION_MARK_CHOOSE: return "mark";
	case ACTION_REVIEW: return "review";
	case ACTION_CUTOVER: return "cutover";
	case ACTION_HISTORY: return "history";
	case ACTION_FINDINGS: return "findings";
	case ACTION_DOMAINS: return "domains";
	case ACTION_HELP: return "help";
	case ACTION_MATRIX: return "matrix";
	case ACTION_OUTAGE: return "outage";
	case ACTION_WHY: return "why";
	case ACTION_WATCH: return "push";
	default: return NULL;
	}
}

enum face_wish face_act(struct face *face, enum action action)
{
	const char *screen = screen_for(action);

	if (screen) {
		face_show(face, screen, NULL);
		return FACE_DRAW;
	}
	switch (action) {
	case ACTION_BACK:
		face_back(face);
		return FACE_DRAW;
	case ACTION_QUIT:
		return quit(face);
	case ACTION_SUSPEND:
		return FACE_SUSPEND;
	case ACTION_REDRAW:
		return FACE_REPAINT;
	case ACTION_PALETTE:
		face_ask_open(face, ASK_PALETTE, "");
		return FACE_DRAW;
	case ACTION_FILTER:
		face_ask_open(face, ASK_FILTER, face_top(face)->filter);
		return FACE_DRAW;
	case ACTION_COPY:
		return face->session ? copy_set(face) : FACE_DRAW;
	case ACTION_MARK_TYPE:
		face_ask_open(face, ASK_MARK, "");
		return FACE_DRAW;
	default:
		return face->session ? act_on_session(face, action) : FACE_DRAW;
	}
}

/* ---- the palette ---- */

bool face_command(struct face *face, const char *line, enum face_wish *wish)
{
	enum action action = action_find(line);
	struct reaction *reaction;
	struct err err = { 0 };
	struct dname domain;

	if (action) {
		struct screen *top = face_top(face);
		struct scene scene = face_scene(face);

		face->ask = ASK_NONE;
		reaction = mem_alloc(sizeof(*reaction));
		top->class->act(top, &scene, action, reaction);
		if (reaction->kind == REACT_PASS)
			*wish = face_act(face, action);
		else if (!face_do(face, reaction, wish))
			face_say(face, ROLE_ERROR, face->refusal.s);
		free(reaction);
		return true;
	}
	if (topic_find(line)) {
		face_show(face, "text", topic_find(line)->name);
		return true;
	}
	if (!strncmp(line, "open ", 5))
		return (dname_parse(&domain, line + 5, &err) && open_domain(face, &domain, &err)) || refuse(face, &err);
	if (!*line || !face->session)
		return true;
	return edit_line(face, line, &err) || refuse(face, &err);
}
