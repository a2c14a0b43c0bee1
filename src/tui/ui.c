/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/ui.h"

#include <stdlib.h>
#include <string.h>

#include "app/enroll.h"
#include "app/requests.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "show/translate.h"
#include "base/banned.h"

/* An account is read, and its provider is waited for. */
static void on_wait(void *data, const struct msg *why)
{
	struct ui *ui = data;
	struct str text;

	str_init(&text, 0);
	if (why) {
		translate_msg(&text, why);
		ui_message(ui, ROLE_PENDING, text.s);
	} else if (ui->message_role == ROLE_PENDING) {
		str_clear(&ui->message);
	}
	str_release(&text);
	if (ui->hooks.changed)
		ui->hooks.changed(ui->hooks.data);
}

void ui_init(struct ui *ui, const struct ui_hooks *hooks)
{
	*ui = (struct ui){ .hooks = *hooks };
	canvas_init(&ui->canvas, 1, 1);
	ui->canvas.ascii = hooks->ascii;
	ui->canvas.few_signs = hooks->few_signs;
	keymap_init(&ui->keymap);
	prompt_init(&ui->prompt);
	str_init(&ui->refusal, 0);
	str_init(&ui->message, 0);
	str_init(&ui->plain.told, 0);
	str_init(&ui->copied, 0);
	ui->tests = account_tests_new(hooks->app, hooks->changed, hooks->data);
	ui->roster = roster_new(hooks->app, hooks->changed, hooks->data);
	work_on_change(ui->hooks.app, ui->hooks.changed, ui->hooks.data);
	ui->hooks.app->waits = on_wait;
	ui->hooks.app->waits_data = ui;
}

static void forget(struct ui *ui)
{
	free(ui->typed_domain);
	free(ui->reason);
	free(ui->account);
	free(ui->revert_next);
	ui->typed_domain = ui->reason = ui->account = ui->revert_next = NULL;
	history_release(&ui->history);
	ui->history = (struct history){ 0 };
	requests_free(ui->past);
	ui->past = NULL;
}

void ui_release(struct ui *ui)
{
	work_on_change(ui->hooks.app, NULL, NULL);
	ui->hooks.app->waits = NULL;
	session_close(ui->session);
	forget(ui);
	canvas_release(&ui->canvas);
	keymap_release(&ui->keymap);
	prompt_release(&ui->prompt);
	ui_palette_release(ui);
	str_release(&ui->refusal);
	str_release(&ui->message);
	str_release(&ui->copied);
	str_release(&ui->plain.said);
	str_release(&ui->plain.told);
	ui_domains_release(ui);
	enroll_free(ui->enroll);
	ui_accounts_release(ui);
	ui_demands_release(ui);
}

/* The list of domains that one came from stays below the ladder, where it was. */
static void start_stack(struct ui *ui, bool domain)
{
	struct screen below = { 0 };

	for (int i = 0; i < ui->depth; i++)
		if (ui->stack[i].class == &screen_domains)
			below = ui->stack[i];
	ui->depth = 0;
	if (below.class && domain)
		ui->stack[ui->depth++] = below;
	ui_show(ui, domain ? "ladder" : "domains", NULL);
}

static void tell_kept(struct ui *ui)
{
	const struct scene scene = ui_scene(ui);
	struct str undo, discard, text;

	str_init(&undo, 0);
	str_init(&discard, 0);
	str_init(&text, 0);
	scene_way(&scene, ACTION_UNDO, &undo);
	scene_way(&scene, ACTION_DISCARD, &discard);
	str_addf(&text, _("A draft from an earlier run is open: %s undoes its edits, %s throws it away."), undo.s, discard.s);
	ui_message(ui, ROLE_DRAFT, text.s);
	str_release(&undo);
	str_release(&discard);
	str_release(&text);
}

bool ui_open(struct ui *ui, const struct dname *domain, struct err *err)
{
	struct session *session = NULL;
	struct provider_account account;

	if (ui->session && !session_save(ui->session, err))
		return false;
	if (domain)
		session = session_open(ui->hooks.app, domain, ui->hooks.changed, ui->hooks.data);
	session_close(ui->session);
	forget(ui);
	ui->session = session;
	if (domain && app_account(ui->hooks.app, domain, NULL, &account, NULL))
		ui->account = mem_text(account.name);
	start_stack(ui, domain != NULL);
	if (session && session_current_push(session) && !session_current_push(session)->done)
		ui_show(ui, "push", NULL);
	else if (session && session_draft_damage(session))
		ui_error(ui, session_draft_damage(session));
	else if (session && session_draft_kept(session))
		tell_kept(ui);
	return true;
}

void ui_survey(struct ui *ui)
{
	struct err err = { 0 };

	ui->asks = true;
	ui_domains_settle(ui);
	if (!ui->session)
		return;
	session_survey(ui->session);
	if (session_interrupted(ui->session, &err))
		ui_message_way(ui, ROLE_ERROR, N_("A push is unfinished: %s finishes it."), ACTION_RESUME);
	else if (err.code != ERR_NONE) /* the journal cannot be read: nothing is known */
		ui_error(ui, &err);
}

/* ---- the stack ---- */

struct screen *ui_top(struct ui *ui)
{
	return &ui->stack[ui->depth - 1];
}

struct scene ui_scene(const struct ui *ui)
{
	return (struct scene){
		.app = ui->hooks.app,
		.session = ui->session,
		.history = &ui->history,
		.demands = &ui->demands,
		.keymap = &ui->keymap,
		.account = ui->account,
		.roster = ui->roster,
		.tests = ui->tests,
		.past = ui->past,
		.now = ui->now,
		.ascii = ui->hooks.ascii,
		.spoken = ui->hooks.spoken,
		.first = ui->depth <= 1,
		.filter = ui->depth ? ui->stack[ui->depth - 1].filter : "",
	};
}

void ui_read_history(struct ui *ui)
{
	struct err err = { 0 };

	history_release(&ui->history);
	ui->history = (struct history){ 0 };
	ui->history_revision = session_revision(ui->session);
	if (!history_read(ui->hooks.app, session_domain(ui->session), &ui->history, &err))
		ui_error(ui, &err);
}

/* Computes what a screen shows and only a change can alter, before it is drawn. */
static void prepare(struct ui *ui, const char *name)
{
	struct err err = { 0 };

	if (!strcmp(name, "history")) {
		ui_read_history(ui);
	} else if (!strcmp(name, "demands")) {
		ui_demands_judge(ui);
	} else if (!strcmp(name, "requests") && ui->session) {
		requests_free(ui->past);
		ui->past = requests_past(ui->hooks.app, session_domain(ui->session), &err);
		if (!ui->past)
			ui_error(ui, &err);
	} else if (!strcmp(name, "review") && session_drafting(ui->session)) {
		if (session_plan(ui->session, &err))
			session_preview(ui->session);
		else if (ui->account)
			ui_error(ui, &err);
	}
}

/* Shows a screen. One that is open already is gone back to. */
void ui_show(struct ui *ui, const char *name, const char *topic)
{
	const struct screen_class *class = screen_find(name);
	struct mx focus = { 0 };

	if (!class || (!ui->session && !(class->in & IN_NO_SESSION)))
		return;
	for (int i = 0; i < ui->depth; i++)
		if (ui->stack[i].class == class)
			ui->depth = class == &screen_domains ? i + 1 : i;
	if (ui->depth && ui_top(ui)->class == class) {
		ui_domains_return(ui);
		return; /* where it was */
	}
	if (ui->depth == UI_DEPTH)
		ui->depth--;
	if (ui->depth)
		focus = ui->stack[ui->depth - 1].focus;
	if (class == &screen_domains)
		focus.host = ui->session ? *session_domain(ui->session) : (struct dname){ 0 };
	ui->stack[ui->depth++] = (struct screen){ .class = class, .topic = topic, .focus = focus };
	ui_domains_return(ui);
	if (class == &screen_themes)
		ui_top(ui)->list.selected = ui_theme_row(ui);
	prepare(ui, name);
}

void ui_back(struct ui *ui)
{
	struct screen *top = ui_top(ui);

	if (top->filter[0]) {
		top->filter[0] = '\0';
		return;
	}
	if (ui->depth > 1) {
		if (top->class->in & (IN_SIMULATE | IN_REVIEW) && top->focus.host.len)
			ui->stack[ui->depth - 2].focus = top->focus;
		ui->depth--;
		/* From a push that left nothing to review, past the review. */
		if (top->class->in == IN_PUSH && ui_top(ui)->class->in == IN_REVIEW && ui->depth > 1 && !session_drafting(ui->session))
			ui->depth--;
		ui_domains_return(ui);
	}
}

void ui_leave(struct ui *ui)
{
	ui_top(ui)->filter[0] = '\0';
	ui_back(ui);
}

void ui_message(struct ui *ui, enum role role, const char *text)
{
	str_clear(&ui->message);
	str_add(&ui->message, text);
	ui->message_role = role;
}

void ui_message_way(struct ui *ui, enum role role, const char *id, enum action action)
{
	const struct scene scene = ui_scene(ui);
	struct msg msg = { .id = id };
	struct str text;

	str_init(&text, 0);
	scene_way(&scene, action, &text);
	snprintf(msg.arg[0], sizeof(msg.arg[0]), "%s", text.s);
	str_clear(&text);
	translate_msg(&text, &msg);
	ui_message(ui, role, text.s);
	str_release(&text);
}

void ui_tell_idle(struct ui *ui, const char *what)
{
	const struct scene scene = ui_scene(ui);
	struct str text, help;

	str_init(&text, 0);
	str_init(&help, 0);
	scene_way(&scene, ACTION_HELP, &help);
	str_addf(&text, _("%s does nothing here; %s shows the keys."), what, help.s);
	ui_message(ui, ROLE_MESSAGE, text.s);
	str_release(&text);
	str_release(&help);
}

void ui_error(struct ui *ui, const struct err *err)
{
	str_clear(&ui->message);
	translate_err(&ui->message, err);
	ui->message_role = ROLE_ERROR;
}

/* ---- in ---- */

static enum ui_wish act_on_top(struct ui *ui, enum action action)
{
	struct screen *top = ui_top(ui);
	struct scene scene = ui_scene(ui);
	struct reaction *reaction = mem_alloc(sizeof(*reaction));
	enum ui_wish wish = UI_DRAW;

	top->class->act(top, &scene, action, reaction);
	if (reaction->kind == REACT_PASS)
		wish = ui_act(ui, action);
	else if (!ui_react(ui, reaction, &wish))
		ui_message(ui, ROLE_ERROR, ui->refusal.s);
	free(reaction);
	return wish;
}

/* Whether a key edits the draft or has to do with a push, on one screen. */
static bool key_changes(const struct ui *ui, uint32_t key, int depth)
{
	enum action action = depth > 0 ? keymap_action(&ui->keymap, key, ui->stack[depth - 1].class->in) : ACTION_NONE;

	return action &&
	       (actions[action].group == TOPIC_DRAFT || action == ACTION_OPEN || action == ACTION_APPROVE || action == ACTION_TICKET ||
		       action == ACTION_PUSH || action == ACTION_STOP || action == ACTION_RESUME || action == ACTION_REVERT);
}

/* A terminal sends Alt-J and Esc J as the same bytes. Where Alt means nothing, both keys act; what changes something never comes of it. */
static bool acts_as_two(const struct ui *ui, uint32_t key)
{
	uint32_t plain = key & ~KEY_ALT;

	return key & KEY_ALT && !key_changes(ui, plain, ui->depth) && !key_changes(ui, plain, ui->depth - 1);
}

enum ui_wish ui_key(struct ui *ui, uint32_t key)
{
	enum action action;

	if (ui->ask)
		return ui_prompt_key(ui, key);
	action = keymap_action(&ui->keymap, key, ui_top(ui)->class->in);
	if (!action && acts_as_two(ui, key)) {
		ui_key(ui, KEYCODE_ESC);
		return ui_key(ui, key & ~KEY_ALT);
	}
	str_clear(&ui->message);
	if (!action) {
		struct str name;

		str_init(&name, 0);
		key_format(&name, key);
		ui_tell_idle(ui, name.s);
		str_release(&name);
		return UI_DRAW;
	}
	return act_on_top(ui, action);
}

enum ui_wish ui_click(struct ui *ui, int x, int y)
{
	const struct hit *hit = canvas_hit_at(&ui->canvas, x, y);
	struct screen *top = ui_top(ui);

	if (!hit || ui->ask)
		return UI_DRAW;
	str_clear(&ui->message);
	if (hit->action)
		return act_on_top(ui, (enum action)hit->action);
	for (int n = top->list.selected; n != hit->row && hit->row < top->list.n;) {
		act_on_top(ui, n < hit->row ? ACTION_DOWN : ACTION_UP);
		if (top->list.selected == n)
			break;
		n = top->list.selected;
	}
	return UI_DRAW;
}

enum ui_wish ui_wheel(struct ui *ui, int rows)
{
	for (int i = 0; i < (rows < 0 ? -rows : rows) && !ui->ask; i++)
		act_on_top(ui, rows < 0 ? ACTION_UP : ACTION_DOWN);
	return UI_DRAW;
}

void ui_paste(struct ui *ui, const char *text, size_t len)
{
	if (!ui->ask) {
		ui_message(ui, ROLE_MESSAGE, _("Pasted text is taken only where something is asked for."));
		return;
	}
	prompt_paste(&ui->prompt, text, len);
	ui_prompt_typed(ui);
}

void ui_unreadable(struct ui *ui, uint32_t byte)
{
	struct str text;

	str_init(&text, 0);
	str_addf(&text, _("The terminal sent a byte that is not UTF-8 (\\x%02x): it was left out."), (unsigned)byte);
	if (ui->ask) {
		str_clear(&ui->refusal);
		str_add(&ui->refusal, text.s);
	} else {
		ui_message(ui, ROLE_MESSAGE, text.s);
	}
	str_release(&text);
}

/* ---- out ---- */

void ui_draw(struct ui *ui, int width, int height, int64_t now)
{
	struct scene scene;
	struct screen *top;

	ui->now = now;
	ui_settle(ui);
	ui_domains_look(ui);
	ui_domains_settle(ui);
	top = ui_top(ui);
	scene = ui_scene(ui);
	if (width != ui->canvas.width || height != ui->canvas.height)
		canvas_resize(&ui->canvas, width, height);
	canvas_clear(&ui->canvas);
	top->class->draw(top, &scene, &ui->canvas);
	ui_prompt_draw(ui);
}
