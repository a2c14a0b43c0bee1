/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reaction or an action does: the only place of the interface that changes a session. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "tui/ui.h"
#include "show/translate.h"
#include "base/banned.h"

bool ui_refuse(struct ui *ui, const struct err *err)
{
	str_clear(&ui->refusal);
	translate_err(&ui->refusal, err);
	return false;
}

static bool open_domain(struct ui *ui, const struct dname *domain, struct err *err)
{
	if (!ui_open(ui, domain, err))
		return false;
	ui_survey(ui);
	return true;
}

static bool roll_back(struct ui *ui, const char *id, struct err *err)
{
	const struct push *push = session_current_push(ui->session);

	/* What is published needs no more watching before it is taken back; ui_settle() goes on when it has ended. */
	if (push && !push->done && push->phase == PHASE_WATCHING) {
		free(ui->revert_next);
		ui->revert_next = mem_text(id);
		session_push_cancel(ui->session);
		ui_message(ui, ROLE_MESSAGE, _("Ending the watch of the last push first …"));
		return true;
	}
	if (push && !push->done)
		return err_set(err, ERR_USAGE, N_("a push is still running; wait for its end"));
	if (!session_rollback(ui->session, id, err))
		return false;
	ui_show(ui, "ladder", NULL);
	ui_message_way(ui, ROLE_DRAFT, N_("The draft takes that push back: %s reviews it."), ACTION_REVIEW);
	return true;
}

/* The matrix is tried while its screen is open, and no longer; what becomes of the mail when a host is silent, for home. */
static void settle_matrix(struct ui *ui)
{
	const struct screen *top = ui_top(ui);

	if (ui->session && top->class == &screen_matrix)
		session_matrix_start(ui->session, top->depth == 1 ? 1 : 2);
	else if (ui->session)
		session_matrix_drop(ui->session);
	if (ui->session && top->class == &screen_ladder)
		session_down_begin(ui->session, &top->focus.host);
}

static enum question_kind clash_question(const struct ui *ui)
{
	return session_draft_aside(ui->session) ? ASK_KEPT : ASK_CLASH;
}

/* Says once what the last save met; where two wrote, asks which one stays. */
static void settle_save(struct ui *ui)
{
	struct err err = { 0 };

	if (!ui->session || ui->ask || !session_save_failed(ui->session, &err))
		return;
	if (session_draft_clash(ui->session))
		ui_prompt_open(ui, clash_question(ui), "");
	else
		ui_error(ui, &err);
}

/* Carries out what waited for a change of the session. */
void ui_settle(struct ui *ui)
{
	const struct push *push = ui->session ? session_current_push(ui->session) : NULL;
	struct err err = { 0 };

	if (ui->session && ui_top(ui)->class == &screen_history && ui->history_revision != session_revision(ui->session))
		ui_read_history(ui);
	ui_demands_settle(ui);
	if (ui->revert_next && push && push->done) {
		char *id = ui->revert_next;

		ui->revert_next = NULL;
		if (!roll_back(ui, id, &err))
			ui_error(ui, &err);
		free(id);
	}
	if (ui->session)
		session_tick(ui->session);
	settle_matrix(ui);
	settle_save(ui);
}

static bool rebase(struct ui *ui, struct err *err)
{
	if (!session_rebase(ui->session, err))
		return false;
	ui_leave(ui);
	ui_message(ui, ROLE_MESSAGE, _("The draft stands on what is there now."));
	return true;
}

/* Reactions that write files and leave the session as it is. */
static bool write_file(struct ui *ui, const struct reaction *reaction, struct err *err)
{
	if (reaction->kind == REACT_ACCOUNT)
		return ui_accounts_react(ui, reaction, err);
	return reaction->kind == REACT_ACCEPT ? ui_accept(ui, reaction, err) : ui_withdraw(ui, reaction, err);
}

bool ui_react(struct ui *ui, const struct reaction *reaction, enum ui_wish *wish)
{
	struct err err = { 0 };
	bool ok = true;

	switch (reaction->kind) {
	case REACT_PASS:
	case REACT_DONE:
		break;
	case REACT_OPEN:
		ui_show(ui, reaction->name, reaction->topic);
		break;
	case REACT_BACK:
		ui_leave(ui);
		break;
	case REACT_ACT:
		ui_leave(ui);
		*wish = ui_act(ui, reaction->action);
		break;
	case REACT_ASK:
		ui_prompt_open(ui, reaction->ask, reaction->filled);
		break;
	case REACT_EDIT:
		ok = session_edit(ui->session, reaction->edit, reaction->n_edit, &err);
		break;
	case REACT_MARK:
		session_mark(ui->session, &reaction->mark);
		break;
	case REACT_MARKS:
		for (size_t i = 0; i < reaction->n_mark; i++)
			session_mark(ui->session, &reaction->marks[i]);
		ui_show(ui, reaction->name, NULL);
		break;
	case REACT_MATRIX:
		session_matrix_drop(ui->session);
		break;
	case REACT_OUTAGE:
		session_set_outage(ui->session, reaction->length_s);
		break;
	case REACT_SENDER:
		session_set_sender(ui->session, reaction->sender);
		break;
	case REACT_REBASE:
		ok = rebase(ui, &err);
		break;
	case REACT_SIDE:
		session_rebase_turn(ui->session, reaction->row);
		break;
	case REACT_ROLLBACK:
		ok = roll_back(ui, reaction->name, &err);
		break;
	case REACT_DOMAIN:
		ok = open_domain(ui, &reaction->domain, &err);
		break;
	case REACT_ROSTER:
		ui_domains_react(ui, reaction->action);
		break;
	case REACT_ACCEPT:
	case REACT_WITHDRAW:
	case REACT_ACCOUNT:
		ok = write_file(ui, reaction, &err);
		break;
	case REACT_THEME:
		ui_keep_theme(ui);
		break;
	case REACT_REFUSE:
		return ui_refuse(ui, &(struct err){ .what = reaction->text });
	}
	return ok || ui_refuse(ui, &err);
}

/* ---- pushing ---- */

static size_t blocking(const struct gates *gates, struct push_override *override, const char *reason)
{
	size_t n = 0;

	for (size_t i = 0; gates && i < gates->n; i++) {
		if (gate_is_firm(gates->gate[i].id))
			continue;
		if (override)
			override[n] = (struct push_override){ gates->gate[i].id, reason };
		n++;
	}
	return n;
}

/* Asks what is still to be asked, a question at a time, then starts. */
void ui_push_start(struct ui *ui)
{
	const struct push *running = session_current_push(ui->session);
	const struct gates *gates = session_gates(ui->session);
	size_t n = blocking(gates, NULL, NULL);
	struct push_override *override;
	struct err err = { 0 };

	if (running && !running->done) {
		ui_show(ui, "push", NULL);
	} else if (!session_drafting(ui->session)) {
		ui_message(ui, ROLE_MESSAGE, _("There is nothing to push: the draft changes nothing."));
	} else if (!session_plan(ui->session, &err)) {
		ui_error(ui, &err);
	} else if (!session_approved(ui->session)) {
		ui_message_way(ui, ROLE_ERROR, N_("The plan is not approved yet: %s approves it."), ACTION_APPROVE);
	} else if (!push_confirmed(ui->hooks.app, session_domain(ui->session), ui->typed_domain, NULL)) {
		bool wrong = ui->typed_domain != NULL;
		ui_prompt_open(ui, ASK_TYPE_DOMAIN, wrong ? ui->typed_domain : "");
		if (wrong)
			str_add(&ui->refusal, _("That is not the domain's name."));
	} else if (n && !ui->reason) {
		ui_prompt_open(ui, ASK_REASON, "");
	} else {
		override = mem_alloc((n + 1) * sizeof(*override));
		blocking(gates, override, ui->reason);
		const struct app *app = ui->hooks.app;
		struct push_options options = {
			.n_override = n,
			.override = override,
			.confirm = ui->typed_domain,
			.n_server = app->has_server,
			.server = app->has_server ? &app->server : NULL,
		};
		if (session_push(ui->session, &options, &err))
			ui_show(ui, "push", NULL);
		else
			ui_error(ui, &err);
		free(override);
		free(ui->typed_domain);
		free(ui->reason);
		ui->typed_domain = ui->reason = NULL;
	}
}

/* ---- actions that no screen took ---- */

static enum ui_wish quit(struct ui *ui)
{
	if (ui->session && !session_save(ui->session, NULL) && session_draft_clash(ui->session)) {
		ui_prompt_open(ui, clash_question(ui), "");
	} else if (work_running(ui->hooks.app, 0) || (ui->session && !session_save(ui->session, NULL))) {
		ui_prompt_open(ui, ASK_QUIT, "");
	} else {
		return UI_QUIT;
	}
	return UI_DRAW;
}

static void cancel(struct ui *ui)
{
	const struct push *push = session_current_push(ui->session);

	if (session_matrix_running(ui->session)) {
		session_matrix_stop(ui->session);
	} else if (push && !push->done) {
		session_push_cancel(ui->session);
		ui_message(ui, ROLE_MESSAGE, _("The push stops before its next write."));
	} else {
		ui_message_way(ui, ROLE_MESSAGE, N_("Nothing is running. %s leaves."), ACTION_QUIT);
	}
}

static void probe(struct ui *ui)
{
	struct err err = { 0 };

	if (!session_probe(ui->session, &err))
		ui_error(ui, &err);
	else if (!session_probing(ui->session))
		ui_message(ui, ROLE_MESSAGE, _("There is no address to be probed."));
}

static void ask_to_try(struct ui *ui)
{
	struct err err = { 0 };

	if (app_prober(ui->hooks.app, &err))
		ui_prompt_open(ui, ASK_TRY, "");
	else
		ui_error(ui, &err);
}

static enum ui_wish act_on_session(struct ui *ui, enum action action)
{
	struct err err = { 0 };

	switch (action) {
	case ACTION_UNDO:
		if (!session_undo(ui->session))
			ui_message(ui, ROLE_MESSAGE, _("There is nothing to undo."));
		break;
	case ACTION_REDO:
		if (!session_redo(ui->session))
			ui_message(ui, ROLE_MESSAGE, _("There is nothing to redo."));
		break;
	case ACTION_DISCARD:
		if (session_draft_damage(ui->session))
			ui_prompt_open(ui, ASK_ASIDE, "");
		else if (session_drafting(ui->session))
			ui_prompt_open(ui, ASK_DISCARD, "");
		break;
	case ACTION_REBASE:
		if (session_moved(ui->session))
			ui_show(ui, "rebase", NULL);
		else
			ui_message(ui, ROLE_MESSAGE, _(session_unmoved_text(ui->session)));
		break;
	case ACTION_UNMARK:
		session_mark_clear(ui->session);
		break;
	case ACTION_SURVEY:
		session_survey(ui->session);
		break;
	case ACTION_PROBE:
		probe(ui);
		break;
	case ACTION_TRY:
		ask_to_try(ui);
		break;
	case ACTION_AS_PROBED:
		if (!session_mark_probed(ui->session, &err))
			ui_error(ui, &err);
		break;
	case ACTION_APPROVE:
		if (session_plan(ui->session, &err))
			ui_prompt_open(ui, ASK_NOTE, "");
		else
			ui_error(ui, &err);
		break;
	case ACTION_TICKET:
		if (session_drafting(ui->session))
			ui_prompt_open(ui, ASK_TICKET, session_ticket(ui->session));
		break;
	case ACTION_PUSH:
		ui_push_start(ui);
		break;
	case ACTION_RESUME:
		if (session_resume(ui->session, &err))
			ui_show(ui, "push", NULL);
		else
			ui_error(ui, &err);
		break;
	case ACTION_STOP:
	case ACTION_CANCEL:
		cancel(ui);
		break;
	default:
		return UI_UNANSWERED;
	}
	return UI_DRAW;
}

static const char *screen_for(enum action action)
{
	switch (action) {
	case ACTION_SIMULATE:
		return "simulate";
	case ACTION_MARK_CHOOSE:
		return "mark";
	case ACTION_REVIEW:
		return "review";
	case ACTION_CUTOVER:
		return "cutover";
	case ACTION_HISTORY:
		return "history";
	case ACTION_FINDINGS:
		return "findings";
	case ACTION_DOMAINS:
		return "domains";
	case ACTION_HELP:
		return "help";
	case ACTION_MATRIX:
		return "matrix";
	case ACTION_OUTAGE:
		return "outage";
	case ACTION_WHY:
		return "why";
	case ACTION_WATCH:
		return "push";
	case ACTION_THEME:
		return "themes";
	case ACTION_ACCOUNTS:
		return "accounts";
	case ACTION_REQUESTS:
		return "requests";
	case ACTION_DEMANDS:
		return "demands";
	case ACTION_PROBES:
		return "probes";
	default:
		return NULL;
	}
}

enum ui_wish ui_act(struct ui *ui, enum action action)
{
	const char *screen = screen_for(action);

	if (screen) {
		ui_show(ui, screen, NULL);
		return UI_DRAW;
	}
	switch (action) {
	case ACTION_BACK:
		ui_back(ui);
		return UI_DRAW;
	case ACTION_QUIT:
		return quit(ui);
	case ACTION_SUSPEND:
		if (ui->session)
			session_save(ui->session, NULL);
		return UI_SUSPEND;
	case ACTION_REDRAW:
		return UI_REPAINT;
	case ACTION_PALETTE:
		ui_prompt_open(ui, ASK_PALETTE, "");
		return UI_DRAW;
	case ACTION_FILTER:
		ui_prompt_open(ui, ASK_FILTER, ui_top(ui)->filter);
		return UI_DRAW;
	case ACTION_COPY:
		return ui_copy(ui);
	case ACTION_ADD_ACCOUNT:
		ui_account_begin(ui);
		return UI_DRAW;
	case ACTION_MARK_TYPE:
		ui_prompt_open(ui, ASK_MARK, "");
		return UI_DRAW;
	default:
		return ui->session ? act_on_session(ui, action) : UI_DRAW;
	}
}
