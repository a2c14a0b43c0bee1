/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt and the message in the last rows. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/preset.h"
#include "tui/ui.h"
#include "tui/screen/lines.h"
#include "show/translate.h"
#include "base/banned.h"

struct question {
	const char *label; /* N_() */
	const char *note;  /* N_(), or NULL */
};

static const struct question questions[ASK_COUNT] = {
	[ASK_ADD] = { N_("Add:"),
		N_("Preference and host, in either order; a host alone goes behind the last. The lowest preference is tried first.") },
	[ASK_EDIT] = { N_("Change:"), N_("Preference and host, or one of them.") },
	[ASK_TTL] = { N_("TTL:"), N_("The TTL belongs to the set: it changes for all records (RFC 2181 §5.2). 45000, 12h30m, 1d, 1w.") },
	[ASK_PRESET] = { N_("Preset:"), NULL },
	[ASK_NULL_MX] = { N_("Type 0 to replace all with the null MX:"), N_("The domain then says that it takes no mail (RFC 7505).") },
	[ASK_MARK] = { N_("Down:"),
		N_("HOST, ADDRESS, NETWORK/BITS, v4 or v6, and =STATE: mx1.example.net=timeout. States: refused, timeout, rcpt-4xx …") },
	[ASK_FILTER] = { N_("Search:"), NULL },
	[ASK_NOTE] = { N_("Approve, note:"), N_("What and why; it stays in the plan and in the journal.") },
	[ASK_TICKET] = { N_("Ticket:"),
		N_("The change's number elsewhere, such as CHG-1234; empty: none. What was approved is to be approved anew.") },
	[ASK_DISCARD] = { N_("Type yes to throw the draft away:"), NULL },
	[ASK_ACCEPT_UNTIL] = { N_("Accept until:"),
		N_("A day such as 2027-01-31, to its end in UTC, or a duration such as 90d; then the finding is back.") },
	[ASK_ACCEPT_REASON] = { N_("Because:"),
		N_("Why one lives with it. It goes with the end into the file of accepted findings, which check and audit read too.") },
	[ASK_WITHDRAW] = { N_("Type yes to take the acceptance back:"),
		N_("The finding counts again. Where it was accepted at any host, it counts again at all of them.") },
	[ASK_LENGTH] = { N_("The outage lasts:"), N_("36h, 4d, 90m …") },
	[ASK_PALETTE] = { N_(":"), NULL },
	[ASK_TYPE_DOMAIN] = { N_("Type the domain's name to push:"), N_("This domain is protected.") },
	[ASK_REASON] = { N_("Push in spite of what blocks it, because:"),
		N_("The review says what blocks. A reason overrides it and stays in the journal.") },
	[ASK_CLASH] = { N_("Type mine or theirs:"),
		N_("Another window or command changed the draft of this domain. mine is written over it; theirs is taken, and redo brings yours back.") },
	[ASK_KEPT] = { N_("Type mine or theirs:"),
		N_("An earlier run ended while another window had changed this draft: yours was kept aside, and is shown. mine is written over "
		   "theirs; theirs is taken, and redo brings yours back.") },
	[ASK_ASIDE] = { N_("Type yes to set the damaged draft aside:"), N_("It stays beside, under another name; nothing of it is lost.") },
	[ASK_EDIT_SELECTED] = { N_("Edit in all:"),
		N_("An edit as in the palette: ttl 1h, add 30 mx3.example.net, preset ses region=eu-west-1 …") },
	[ASK_PLAN_FILE] = { N_("Plan file:"), N_("A file that is not there yet; it gets the drafts of all selected domains.") },
	[ASK_NAMES] = { N_("File of names:"), N_("One domain a line; what follows # is passed over.") },
	[ASK_OPEN] = { N_("Domain:"), N_("Its mail servers are looked up and shown as a ladder; nothing is changed.") },
	[ASK_ACCOUNT_PROVIDER] = { N_("Who holds the zones?"), NULL },
	[ASK_ACCOUNT_NAME] = { N_("Name of the account:"), N_("A name of your own; domains and plans call the account by it.") },
	[ASK_ACCOUNT_ENDPOINT] = { N_("Address:"), N_("Of the API or the name server; for zone files the directory.") },
	[ASK_ACCOUNT_SETTING] = { N_("Setting:"), NULL },
	[ASK_ACCOUNT_KEY_PLACE] = { N_("Where the key is:"), NULL },
	[ASK_ACCOUNT_KEY] = { N_("Key:"), NULL },
	[ASK_ACCOUNT_DOMAINS] = { N_("Domains:"), NULL },
	[ASK_REMOVE_ACCOUNT] = { N_("Type the account's name to remove it:"), NULL },
	[ASK_TRY] = { N_("Type the domain's name to probe it intrusively:"),
		N_("Each mail server, the draft's too, is told MAIL FROM:<> and RCPT TO postmaster, a made-up name there and one of another "
		   "domain, each by itself, then RSET and QUIT. No message is sent.") },
	[ASK_QUIT] = { N_("Type yes to leave all the same:"), NULL },
};

void ui_prompt_open(struct ui *ui, enum question_kind ask, const char *filled)
{
	ui->ask = ask;
	if (ask == ASK_FILTER)
		ui->unfiltered = *ui_top(ui);
	prompt_begin(&ui->prompt, filled);
	ui_prompt_typed(ui);
	str_clear(&ui->refusal);
	str_clear(&ui->message);
}

/* The names that could stand here, as far as a row goes. */
static void candidates(const struct ui *ui, struct str *out)
{
	const char *typed = ui->prompt.text.s;

	if (ui->ask == ASK_PRESET) {
		for (size_t i = 0; presets[i].name; i++)
			if (strstr(presets[i].name, typed))
				str_addf(out, "%s  ", presets[i].name);
	}
	ui_account_note(ui, out);
	ui_accounts_note(ui, out);
	while (out->len && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
}

static void complete(struct ui *ui)
{
	const char *found = NULL;
	struct str *typed = &ui->prompt.text;

	for (size_t i = 0; ui->ask == ASK_PRESET && presets[i].name && !found; i++)
		if (!strncmp(presets[i].name, typed->s, typed->len))
			found = presets[i].name;
	if (ui->ask == ASK_ACCOUNT_PROVIDER)
		found = ui_account_completion(typed->s);
	if (found) {
		prompt_begin(&ui->prompt, found);
		ui->prompt.offered = false;
	}
}

static void blank(struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_fill(&pen, ROLE_TEXT, " ", canvas->width);
}

void ui_prompt_input(struct ui *ui, int y)
{
	struct canvas *canvas = &ui->canvas;
	struct pen pen = pen_at(canvas, 1, y);
	const char *typed = ui->prompt.text.s;
	size_t from = 0, before;
	struct str text, head;
	int room;

	blank(canvas, y);
	pen_put(&pen, ROLE_PROMPT, _(questions[ui->ask].label));
	pen_put(&pen, ROLE_TEXT, " ");
	room = pen.right - pen.x - 1;
	/* What is invisible, or turns the line about, is shown as what it is: the cursor stands where the text does. */
	str_init(&head, 0);
	text_escape(&head, typed, ui->prompt.cursor);
	str_init(&text, 0);
	text_escape(&text, typed, ui->prompt.text.len);
	if (ui->ask == ASK_ACCOUNT_KEY) {
		memset(head.s, '*', head.len);
		memset(text.s, '*', text.len);
	}
	for (before = text_width(head.s); before > (size_t)(room > 1 ? room : 1); before = text_width(head.s + from)) {
		uint32_t cp;
		from += text_decode(text.s + from, text.len - from, &cp);
	}
	canvas_cursor(canvas, pen.x + (int)before, y, true);
	pen_put(&pen, ROLE_INPUT, text.s + from);
	str_release(&head);
	str_release(&text);
}

static int draw_below(struct ui *ui, struct lines *lines)
{
	struct canvas *canvas = &ui->canvas;
	int n = (int)lines->n < canvas->height - 2 ? (int)lines->n : canvas->height - 2, top = canvas->height - n, scroll = 0;

	for (int y = top; y < canvas->height; y++)
		blank(canvas, y);
	lines_draw(lines, canvas, top, canvas->height, &scroll);
	return top;
}

/* Names what leaving would end. */
static void add_running(const struct ui *ui, struct lines *lines)
{
	const struct push *push;

	for (size_t i = 0; (push = work_running(ui->hooks.app, i)); i++) {
		struct msg msg = { 0 };
		struct str text;
		char domain[DNAME_TEXT_MAX];

		dname_show(&push->plan.domain, domain);
		if (push->phase < PHASE_WATCHING)
			msg_set(&msg, N_("The push of %s is not done: left now, it stays unfinished until it is resumed."), domain);
		else
			msg_set(&msg, N_("The push of %s is published, and its name servers are still being watched."), domain);
		str_init(&text, 0);
		translate_msg(&text, &msg);
		lines_add(lines, ROLE_WARNING, 0, text.s);
		str_release(&text);
	}
	if (ui->session && session_save_error(ui->session)) {
		struct str text;

		str_init(&text, 0);
		translate_err(&text, session_save_error(ui->session));
		lines_add(lines, ROLE_ERROR, 0, text.s);
		str_release(&text);
	}
}

void ui_prompt_draw(struct ui *ui)
{
	struct lines lines = { .width = ui->canvas.width - 2 };
	const struct question *question = &questions[ui->ask];
	struct str text, understood;

	if (ui->ask == ASK_PALETTE) {
		ui_palette_draw(ui);
		return;
	}
	str_init(&text, 0);
	str_init(&understood, 0);
	if (!ui->ask && ui->message.len)
		lines_add(&lines, ui->message_role, 0, ui->message.s);
	candidates(ui, &text);
	if (ui->ask == ASK_EDIT_SELECTED)
		ui_domains_understood(ui, ui->prompt.text.s, &understood);
	if (ui_asks_edit(ui->ask))
		ui_edit_understood(ui, ui->ask, ui->prompt.text.s, &understood);
	if (ui->ask && ui->refusal.len)
		lines_add(&lines, ROLE_ERROR, 0, ui->refusal.s);
	else if (understood.len)
		lines_add(&lines, ROLE_DRAFT, 0, understood.s);
	else if (ui->ask == ASK_QUIT)
		add_running(ui, &lines);
	else if (ui->ask && text.len)
		lines_add(&lines, ROLE_DIM, 0, text.s);
	else if (ui->ask && question->note)
		lines_add(&lines, ROLE_DIM, 0, _(question->note));
	if (ui->ask || lines.n) {
		int top = draw_below(ui, &lines);
		if (ui->ask)
			ui_prompt_input(ui, top - 1);
	}
	str_release(&text);
	str_release(&understood);
	lines_release(&lines);
}

/* ---- answers ---- */

static bool answer_clash(struct ui *ui, const char *text)
{
	bool mine = !strcmp(text, "mine") || !strcmp(text, _("mine")), theirs = !strcmp(text, "theirs") || !strcmp(text, _("theirs"));
	struct err err = { 0 };

	if (!mine && !theirs) {
		str_clear(&ui->refusal);
		str_add(&ui->refusal, _("Type mine or theirs; until then neither is written."));
		return false;
	}
	if (mine ? !session_keep_mine(ui->session, &err) : !session_take_theirs(ui->session, &err))
		ui_error(ui, &err);
	return true;
}

/* The interface's own questions. True: the prompt may close. */
static bool answer_own(struct ui *ui, const char *text, enum ui_wish *wish)
{
	struct err err = { 0 };

	switch (ui->ask) {
	case ASK_TYPE_DOMAIN:
		free(ui->typed_domain);
		ui->typed_domain = mem_text(text);
		break;
	case ASK_REASON:
		free(ui->reason);
		ui->reason = *text ? mem_text(text) : NULL;
		break;
	case ASK_QUIT:
		if (screen_says_yes(text))
			*wish = UI_QUIT;
		return true;
	case ASK_ASIDE:
		if (screen_says_yes(text) && !session_draft_set_aside(ui->session, &err))
			ui_error(ui, &err);
		return true;
	case ASK_EDIT_SELECTED:
	case ASK_PLAN_FILE:
	case ASK_NAMES:
		return ui_domains_answer(ui, ui->ask, text);
	case ASK_OPEN:
		return !*text || ui_open_typed(ui, text);
	case ASK_ACCOUNT_PROVIDER:
	case ASK_ACCOUNT_NAME:
	case ASK_ACCOUNT_ENDPOINT:
	case ASK_ACCOUNT_SETTING:
	case ASK_ACCOUNT_KEY_PLACE:
	case ASK_ACCOUNT_KEY:
	case ASK_ACCOUNT_DOMAINS:
		return ui_account_answer(ui, ui->ask, text);
	case ASK_REMOVE_ACCOUNT:
		return ui_accounts_answer(ui, text);
	case ASK_CLASH:
	case ASK_KEPT:
		return answer_clash(ui, text);
	case ASK_TRY:
		return !*text || session_try(ui->session, text, &err) || ui_refuse(ui, &err);
	default:
		return true;
	}
	return true;
}

static bool answer_screen(struct ui *ui, const char *text, enum ui_wish *wish)
{
	struct screen *top = ui_top(ui);
	struct scene scene = ui_scene(ui);
	struct reaction *reaction;
	bool ok = true;

	if (!top->class->answer)
		return true;
	reaction = mem_alloc(sizeof(*reaction));
	top->class->answer(top, &scene, ui->ask, text, reaction);
	ok = ui_react(ui, reaction, wish);
	free(reaction);
	return ok;
}

/* One approval may not be enough, or not count; and gates may block what is approved. The review itself is heard to say the rest. */
static void tell_approved(struct ui *ui)
{
	const struct gates *gates = session_gates(ui->session);

	if (!session_approved(ui->session))
		ui_message(ui, ROLE_WARNING,
			_("Approved, but that is not enough yet: the domain asks for more approvals, or for signed ones."));
	else if (ui->hooks.spoken)
		return;
	else if (gates && gates_blocking(gates) > 0)
		ui_message_way(ui, ROLE_WARNING, N_("Approved, but the push is blocked: %s asks for a reason."), ACTION_PUSH);
	else
		ui_message_way(ui, ROLE_OK, N_("Approved. %s pushes it."), ACTION_PUSH);
}

static enum ui_wish done(struct ui *ui)
{
	enum question_kind ask = ui->ask;
	enum ui_wish wish = UI_DRAW;
	char *text = mem_text(ui->prompt.text.s);
	struct err err = { 0 };
	bool ok = true;

	str_clear(&ui->refusal);
	ui->asks_on = false;
	if (ask == ASK_NOTE) {
		const struct ui_hooks *hooks = &ui->hooks;
		const char *key = hooks->sign_key ? hooks->sign_key(hooks->app, session_domain(ui->session)) : NULL;

		ok = session_approve(ui->session, text, key, &err);
		if (ok)
			tell_approved(ui);
		else
			ui_error(ui, &err);
		ok = true;
	} else if (ask == ASK_TICKET) {
		ok = session_set_ticket(ui->session, text, &err) || ui_refuse(ui, &err);
	} else if (ui_asks_edit(ask)) {
		ok = ui_edit_typed(ui, ask, text, &err) || ui_refuse(ui, &err);
	} else if (ask == ASK_DISCARD) {
		if (screen_says_yes(text) && !session_discard(ui->session, &err))
			ui_error(ui, &err);
	} else if (ask == ASK_FILTER) {
		ui_prompt_typed(ui);
	} else {
		ok = ask >= ASK_PALETTE ? answer_own(ui, text, &wish) : answer_screen(ui, text, &wish);
	}
	if (ask == ASK_ACCOUNT_KEY) {
		mem_wipe(text, strlen(text));
		prompt_wipe(&ui->prompt);
	} else if (!ui->asks_on) {
		prompt_remember(&ui->prompt);
	}
	if (ok && ui->ask == ask && !ui->asks_on)
		ui->ask = ASK_NONE;
	ui->asks_on = false;
	if (ok && (ask == ASK_TYPE_DOMAIN || ask == ASK_REASON))
		ui_push_start(ui);
	free(text);
	return wish;
}

void ui_prompt_typed(struct ui *ui)
{
	enum ui_wish wish = UI_DRAW;

	if (ui->ask == ASK_PALETTE)
		ui_palette_typed(ui);
	else if (ui->ask == ASK_FILTER && strcmp(ui_top(ui)->filter, ui->prompt.text.s) != 0)
		answer_screen(ui, ui->prompt.text.s, &wish);
}

/* A list moves while its filter is typed. */
static bool filter_key(struct ui *ui, uint32_t key)
{
	struct scene scene = ui_scene(ui);
	enum action move = ui_list_key(key);
	struct reaction *reaction;

	if (!move)
		return false;
	reaction = mem_alloc(sizeof(*reaction));
	ui_top(ui)->class->act(ui_top(ui), &scene, move, reaction);
	free(reaction);
	return true;
}

static void cancel(struct ui *ui)
{
	if (ui->ask == ASK_FILTER && ui_top(ui)->class == ui->unfiltered.class)
		*ui_top(ui) = ui->unfiltered;
	if (ui->ask == ASK_ACCOUNT_KEY)
		prompt_wipe(&ui->prompt);
	ui->ask = ASK_NONE;
	str_clear(&ui->refusal);
}

enum ui_wish ui_prompt_key(struct ui *ui, uint32_t key)
{
	enum action action = keymap_action(&ui->keymap, key, ui_top(ui)->class->in);

	if ((ui->ask == ASK_PALETTE && ui_palette_key(ui, key)) || (ui->ask == ASK_FILTER && filter_key(ui, key)))
		return UI_DRAW;
	if (key == KEYCODE_TAB) {
		complete(ui);
		return UI_DRAW;
	}
	if (key < 32 && (action == ACTION_SUSPEND || action == ACTION_REDRAW))
		return ui_act(ui, action);
	switch (prompt_key(&ui->prompt, key)) {
	case PROMPT_CANCELLED:
		cancel(ui);
		return UI_DRAW;
	case PROMPT_DONE:
		return ui->ask == ASK_PALETTE ? ui_palette_done(ui) : done(ui);
	default:
		str_clear(&ui->refusal);
		ui_prompt_typed(ui);
		return UI_DRAW;
	}
}
