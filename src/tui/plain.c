/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/edit_text.h"
#include "show/speech.h"
#include "show/whatif.h"
#include "base/banned.h"

#define WIDE 500   /* columns in which every part of a header has room */
#define LOW 4      /* rows in which a screen has its header */
#define ROWS 10000 /* that a number can mean */

/* ---- what a canvas says ---- */

static bool is_drawing(uint32_t cp)
{
	return (cp >= 0x2500 && cp <= 0x259f) || cp == 0x25b8 || cp == 0x2714 || cp == 0x2716 || cp == 0x25b2 || cp == 0x25cf ||
	       cp == 0x00b7;
}

/* Adds a row of a screen without its columns, as a list. A bar ends a statement. */
static void add_row(const char *row, size_t len, struct str *out)
{
	size_t from = out->len, blanks = 0;
	uint32_t cp;

	for (size_t i = 0, n; i < len && (n = text_decode(row + i, len - i, &cp)); i += n) {
		if (cp == 0x258f && out->len > from) {
			str_add(out, "\n");
			from = out->len;
			blanks = 0;
		} else if (cp == ' ' || is_drawing(cp)) {
			blanks++;
		} else {
			if (out->len > from && blanks)
				str_add(out, blanks > 1 ? ", " : " ");
			str_add_bytes(out, row + i, n);
			blanks = 0;
		}
	}
	if (out->len > from)
		str_add(out, "\n");
}

static void add_canvas(const struct canvas *canvas, int rows, struct str *out)
{
	struct str text;
	int y = 0;

	str_init(&text, 0);
	canvas_text(canvas, &text);
	for (const char *row = text.s, *next; y < rows && (next = strchr(row, '\n')); row = next + 1, y++)
		add_row(row, (size_t)(next - row), out);
	str_release(&text);
}

/* ---- what a screen says ---- */

static void add_document(struct document *document, bool numbered, struct str *out)
{
	speech_add(document, numbered, out);
	document_release(document);
}

static bool was_said(const struct str *said, const char *line, size_t len)
{
	for (const char *at = said->s, *next; (next = strchr(at, '\n')); at = next + 1)
		if ((size_t)(next - at) == len && !memcmp(at, line, len))
			return true;
	return false;
}

static void speak(const struct str *statements, const struct str *said, struct str *out)
{
	for (const char *at = statements->s, *next; (next = strchr(at, '\n')); at = next + 1) {
		char *line;

		if (said && was_said(said, at, (size_t)(next - at)))
			continue;
		line = mem_copy(at, (size_t)(next - at) + 1);
		line[next - at] = '\0';
		speech_line(line, out);
		free(line);
	}
}

static void add_news(const struct document *document, const struct str *said, struct str *out)
{
	struct str news;

	str_init(&news, 0);
	speech_news(document, said, &news);
	speak(&news, NULL, out);
	str_release(&news);
}

/* What a screen is, in statements: its header, and its document. said NULL: nothing was; news: what of it is not in said. */
static void add_screen(struct ui *ui, const struct str *said, struct str *out, struct str *news)
{
	struct screen *top = ui_top(ui);
	struct scene scene = ui_scene(ui);
	struct document document;
	struct canvas canvas;

	canvas_init(&canvas, WIDE, LOW);
	top->class->draw(top, &scene, &canvas);
	add_canvas(&canvas, 1, out);
	canvas_release(&canvas);
	speak(out, said, news);
	document_begin(&document);
	top->class->tell(top, &scene, &document);
	add_news(&document, said, news);
	add_document(&document, true, out);
}

/* The question that is open, or the message. One that was told is told again only where it is a question behind news. */
static void add_prompt(struct ui *ui, bool news, struct str *out)
{
	struct str text;

	str_init(&text, 0);
	canvas_resize(&ui->canvas, SPEECH_WIDTH - 1, 12);
	ui_prompt_draw(ui);
	add_canvas(&ui->canvas, 12, &text);
	if (strcmp(text.s, ui->plain.told.s) != 0 || (ui->ask && news))
		speak(&text, NULL, out);
	str_release(&ui->plain.told);
	ui->plain.told = text;
}

/* What the screen says of the selected row, and what is known of it beyond that. */
static void add_selected(struct ui *ui, struct str *out)
{
	struct screen *top = ui_top(ui);
	struct scene scene = ui_scene(ui);
	struct document document;

	if (!ui->plain.tell_row)
		return;
	document_begin(&document);
	top->class->tell(top, &scene, &document);
	speech_add_item(&document, top->list.selected, out);
	document_release(&document);
	if (!top->class->tell_row)
		return;
	document_begin(&document);
	top->class->tell_row(top, &scene, &document);
	add_document(&document, false, out);
}

static bool helps(const struct screen *top, int i)
{
	const struct action_row *row = &actions[i];

	return row->name && row->in & (unsigned)top->class->in && row->group != TOPIC_MOVE && i != ACTION_PALETTE && i != ACTION_REDRAW &&
	       i != ACTION_SUSPEND && i != ACTION_COPY && i != ACTION_HELP && i != ACTION_ADD && i != ACTION_EDIT && i != ACTION_LEVEL &&
	       i != ACTION_RAISE && i != ACTION_LOWER && i != ACTION_TTL && i != ACTION_PRESET && i != ACTION_NULL_MX &&
	       i != ACTION_RENUMBER && i != ACTION_CANCEL && i != ACTION_THEME;
}

static void help(const struct ui *ui, struct str *out)
{
	static const struct {
		const char *words, *help;
	} own[] = {
		{ "look", N_("say all of it again") },
		{ "NUMBER", N_("go to that row, and say what is known of it") },
		{ "down HOST [STATE]", N_("what if this host were down: refused, silent, or as mxladder list states names it") },
		{ "up HOST", N_("take that mark away") },
		{ "sender NAME", N_("see it with that kind of sending server") },
		{ "open DOMAIN", N_("go to another domain") },
		{ "cancel", N_("leave a question without an answer") },
		{ "back", N_("go back") },
	};

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		str_addf(out, "%s: %s\n", own[i].words, _(own[i].help));
	for (const struct edit_row *row = edit_rows; ui->session && row->name; row++)
		str_addf(out, "%s%s%s: %s\n", row->name, *row->operands ? " " : "", row->operands, _(row->help));
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (helps(&ui->stack[ui->depth - 1], i))
			str_addf(out, "%s: %s\n", actions[i].name, _(actions[i].help));
}

/* Nothing is new: why not, where an action was typed. */
static void add_nothing(struct ui *ui, struct str *out)
{
	const struct action_row *row = &actions[ui->plain.asked];
	unsigned here = (unsigned)ui_top(ui)->class->in;
	struct str text, where;

	str_init(&text, 0);
	str_init(&where, 0);
	for (size_t i = 0; screens[i]; i++)
		if (row->in & (unsigned)screens[i]->in)
			str_add_listed(&where, screens[i]->name);
	if (!ui->plain.asked)
		str_add(&text, _("Nothing is new. look says all of it, help what can be typed."));
	else if (row->in & here)
		str_addf(&text, _("%s changes nothing now. look says all of it, help what can be typed."), row->name);
	else
		str_addf(&text, _("%s does nothing on this screen; it is for: %s. help says what can be typed here."), row->name, where.s);
	speech_line(text.s, out);
	str_release(&text);
	str_release(&where);
}

bool plain_screen(struct ui *ui, int64_t now, struct str *out)
{
	size_t from = out->len;
	struct str now_said, beside;
	bool same, news;

	ui->now = now;
	ui_settle(ui);
	ui_domains_look(ui);
	str_init(&now_said, 0);
	str_init(&beside, 0);
	same = ui->plain.class == ui_top(ui)->class;
	add_screen(ui, same ? &ui->plain.said : NULL, &now_said, out);
	add_selected(ui, &beside);
	if (ui->plain.tell_help)
		help(ui, &beside);
	speak(&beside, NULL, out);
	add_prompt(ui, out->len > from, out);
	news = out->len > from;
	if (!news)
		add_nothing(ui, out);
	str_add(out, "> ");
	str_release(&ui->plain.said);
	ui->plain.said = now_said;
	ui->plain.class = ui_top(ui)->class;
	ui->plain.tell_row = ui->plain.tell_help = false;
	str_release(&beside);
	return news;
}

static enum ui_wish give(struct ui *ui, const char *text)
{
	size_t len = strlen(text);
	char *bare = mem_text(text);
	enum ui_wish wish;

	if (len > 1 && bare[0] == '"' && bare[len - 1] == '"') {
		bare[len - 1] = '\0';
		prompt_begin(&ui->prompt, bare + 1);
	} else if (len || ui->refusal.len) { /* an empty line takes what is offered */
		prompt_begin(&ui->prompt, bare);
	}
	wish = ui_key(ui, KEYCODE_ENTER);
	mem_wipe(bare, len); /* it may be a secret */
	free(bare);
	return wish;
}

static void refuse(struct ui *ui, const struct err *err)
{
	ui_refuse(ui, err);
	ui_message(ui, ROLE_ERROR, ui->refusal.s);
}

/* "timeout", or the word that is shown: "silent". */
static const char *state_name(const char *word)
{
	for (size_t i = 0; i < SIM_STATES; i++)
		if (!strcmp(word, sim_states[i].label) || !strcmp(word, _(sim_states[i].label)))
			return sim_states[i].name;
	return word;
}

/* Where the screen itself has no word for it. */
static void tell_marks(struct ui *ui)
{
	struct str text;

	if (ui_top(ui)->class->in & (IN_LADDER | IN_SIMULATE | IN_MARK | IN_MATRIX))
		return;
	str_init(&text, 0);
	whatif_text(ui->session, &text);
	ui_message(ui, ROLE_WHATIF, text.s);
	str_release(&text);
}

/* "down mx1 silent", "up mx1": a host by one label is one under the domain. */
static void mark(struct ui *ui, bool down, const char *operands)
{
	const struct session *session = ui->session;
	size_t host = strcspn(operands, " ");
	const char *state = operands + host + strspn(operands + host, " ");
	char domain[DNAME_TEXT_MAX];
	struct err err = { 0 };
	struct mark mark;
	struct str text;

	str_init(&text, 0);
	str_add_bytes(&text, operands, host);
	dname_text(session_domain(session), domain);
	if (!strpbrk(text.s, ".:/") && strcmp(text.s, "v4") != 0 && strcmp(text.s, "v6") != 0)
		str_addf(&text, ".%s", domain);
	str_addf(&text, "=%s", !down ? "up" : *state ? state_name(state) : sim_states[SIM_REFUSED].name);
	if (mark_parse(&mark, text.s, session_facts(session), session_set(session), &err)) {
		session_mark(ui->session, &mark);
		tell_marks(ui);
	} else {
		refuse(ui, &err);
	}
	str_release(&text);
}

static void choose_sender(struct ui *ui, const char *name)
{
	const struct sender *const *list = session_senders(ui->session);
	struct err err = { 0 };

	for (size_t i = 0; list[i]; i++)
		if (!strcmp(sender_name(list[i]), name)) {
			session_set_sender(ui->session, list[i]);
			return;
		}
	err_set(&err, ERR_USAGE, N_("there is no sender \"%s\""), name);
	err_hint(&err, N_("mxladder list senders names them."));
	refuse(ui, &err);
}

static void go_to_row(struct ui *ui, long row)
{
	struct screen *top = ui_top(ui);

	ui_key(ui, KEYCODE_HOME);
	for (long i = 1; i < row && i < ROWS && top->list.selected == (int)i - 1; i++)
		ui_key(ui, KEYCODE_DOWN);
	ui->plain.tell_row = row <= top->list.n && top->list.selected == row - 1;
	if (!ui->plain.tell_row)
		ui_message(ui, ROLE_ERROR, _("There is no such row."));
}

/* ---- a line ---- */

/* May the action's answer stand behind its name? */
static bool takes_operand(enum action action)
{
	return action == ACTION_APPROVE || action == ACTION_TICKET || action == ACTION_PUSH || action == ACTION_FILTER ||
	       action == ACTION_LENGTH || action == ACTION_MARK_TYPE;
}

static bool own_word(struct ui *ui, const char *word, const char *operands)
{
	if (!strcmp(word, "look"))
		ui->plain.class = NULL;
	else if (!strcmp(word, "help"))
		ui->plain.tell_help = true;
	else if (ui->session && *operands && (!strcmp(word, "down") || !strcmp(word, "up")))
		mark(ui, *word == 'd', operands);
	else if (ui->session && *operands && !strcmp(word, "sender"))
		choose_sender(ui, operands);
	else
		return false;
	return true;
}

static bool moves_in_list(enum action action)
{
	return action >= ACTION_UP && action <= ACTION_BOTTOM;
}

static bool is_edit(const char *word)
{
	for (const struct edit_row *row = edit_rows; row->name; row++)
		if (!strcmp(row->name, word))
			return true;
	return false;
}

static void tell_refused(struct ui *ui, enum action action, const char *word)
{
	struct str text, shown;

	str_init(&text, 0);
	str_init(&shown, 0);
	text_escape(&shown, word, strlen(word));
	if (action || !*word || is_edit(word))
		str_add(&text, ui->refusal.s);
	else
		str_addf(&text, _("There is no \"%s\" here. help says what can be typed."), shown.s);
	ui_message(ui, ROLE_ERROR, text.s);
	str_release(&text);
	str_release(&shown);
}

static enum ui_wish do_line(struct ui *ui, const char *line)
{
	size_t len = strcspn(line, " ");
	const char *operands = line + len + strspn(line + len, " ");
	char *word = mem_copy(line, len + 1);
	enum ui_wish wish = UI_DRAW;
	enum action action;

	word[len] = '\0';
	action = action_find(word);
	ui->plain.asked = *operands ? ACTION_NONE : action;
	if (own_word(ui, word, operands))
		;
	else if (action && *operands && takes_operand(action)) {
		if (ui_command(ui, word, &wish) && ui->ask && ui->ask != ASK_PALETTE)
			wish = give(ui, operands);
	} else if (!ui_command(ui, line, &wish)) {
		tell_refused(ui, action, word);
	}
	ui->plain.tell_row |= moves_in_list(ui->plain.asked);
	free(word);
	return wish;
}

bool plain_line(struct ui *ui, const char *line)
{
	char *end;
	long row;

	line += strspn(line, " \t");
	row = strtol(line, &end, 10);
	str_clear(&ui->message);
	str_clear(&ui->plain.told);
	ui->plain.asked = ACTION_NONE;
	if (ui->ask == ASK_PALETTE) /* a line is a command anyway */
		ui->ask = ASK_NONE;
	if (ui->ask)
		return (strcmp(line, "cancel") == 0 ? ui_key(ui, KEYCODE_ESC) : give(ui, line)) != UI_QUIT;
	if (end != line && !*end && row > 0) {
		go_to_row(ui, row);
		return true;
	}
	return do_line(ui, line) != UI_QUIT;
}

bool plain_busy(const struct ui *ui)
{
	const struct push *push = ui->session ? session_current_push(ui->session) : NULL;
	const struct push *preview = ui->session ? session_preview_push(ui->session) : NULL;

	return ui->session && (session_surveying(ui->session) || session_down_running(ui->session) || session_matrix_running(ui->session) ||
				      session_probing(ui->session) || (push && !push->done && push->phase < PHASE_WATCHING) ||
				      (preview && !preview->done && preview->phase < PHASE_PREVIEWED));
}
