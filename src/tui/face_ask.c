/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt and the message in the last rows. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/edit.h"
#include "core/preset.h"
#include "tui/face.h"
#include "tui/lines.h"
#include "base/banned.h"

struct question {
	const char *label;	/* N_() */
	const char *note;	/* N_(), or NULL */
};

static const struct question questions[ASK_COUNT] = {
	[ASK_ADD] = { N_("Add:"), N_("Preference and host. The lowest preference is tried first.") },
	[ASK_EDIT] = { N_("Change:"), N_("Preference and host, or one of them.") },
	[ASK_TTL] = { N_("TTL:"), N_("The TTL belongs to the set: it changes for all records (RFC 2181 §5.2). 45000, 12h30m, 1d.") },
	[ASK_PRESET] = { N_("Preset:"), NULL },
	[ASK_NULL_MX] = { N_("Type 0 to replace all with the null MX:"), N_("The domain then says that it takes no mail (RFC 7505).") },
	[ASK_MARK] = { N_("Down:"), N_("HOST, ADDRESS, NETWORK/BITS, v4 or v6, and =STATE: mx1.example.net=timeout. States: refused, timeout, rcpt-4xx …") },
	[ASK_FILTER] = { N_("Search:"), NULL },
	[ASK_NOTE] = { N_("Approve, note:"), N_("What and why; it stays in the plan and in the journal.") },
	[ASK_DISCARD] = { N_("Type yes to throw the draft away:"), NULL },
	[ASK_LENGTH] = { N_("The outage lasts:"), N_("36h, 4d, 90m …") },
	[ASK_PALETTE] = { N_(":"), NULL },
	[ASK_TYPE_DOMAIN] = { N_("Type the domain's name to push:"), N_("This domain is protected.") },
	[ASK_REASON] = { N_("Push in spite of the errors, because:"), N_("The draft brings errors. A reason overrides them and stays in the journal.") },
	[ASK_QUIT] = { N_("A push is running. Type yes to leave it part-way:"), NULL },
};

void face_ask_open(struct face *face, enum ask ask, const char *filled)
{
	face->ask = ask;
	prompt_begin(&face->prompt, filled);
	str_clear(&face->refusal);
	str_clear(&face->message);
}

/* The names that could stand here, as far as a row goes. */
static void candidates(const struct face *face, struct str *out)
{
	const char *typed = face->prompt.text.s;

	if (face->ask == ASK_PRESET) {
		for (size_t i = 0; presets[i].name; i++)
			if (strstr(presets[i].name, typed))
				str_addf(out, "%s  ", presets[i].name);
	} else if (face->ask == ASK_PALETTE) {
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
			if (strstr(actions[i].name, typed) && (actions[i].in & (unsigned)face->stack[face->depth - 1].class->place))
				str_addf(out, "%s  ", actions[i].name);
		for (size_t i = 0; edit_verbs[i].name && !*typed; i++)
			str_addf(out, "%s %s  ", edit_verbs[i].name, edit_verbs[i].operands);
	}
}

static void complete(struct face *face)
{
	const char *found = NULL;
	struct str *typed = &face->prompt.text;

	for (size_t i = 0; face->ask == ASK_PRESET && presets[i].name && !found; i++)
		if (!strncmp(presets[i].name, typed->s, typed->len))
			found = presets[i].name;
	for (int i = ACTION_NONE + 1; face->ask == ASK_PALETTE && i < ACTION_COUNT && !found; i++)
		if (!strncmp(actions[i].name, typed->s, typed->len))
			found = actions[i].name;
	if (found) {
		prompt_begin(&face->prompt, found);
		face->prompt.offered = false;
	}
}

static void blank(struct canvas *canvas, int y)
{
	struct pen pen = pen_at(canvas, 0, y);

	pen_fill(&pen, ROLE_TEXT, " ", canvas->width);
}

static void draw_input(struct face *face, int y)
{
	struct canvas *canvas = &face->canvas;
	struct pen pen = pen_at(canvas, 1, y);
	const struct str *text = &face->prompt.text;
	size_t from = 0, before;
	char *head;
	int room;

	blank(canvas, y);
	pen_put(&pen, ROLE_PROMPT, _(questions[face->ask].label));
	pen_put(&pen, ROLE_TEXT, " ");
	room = pen.right - pen.x - 1;
	head = mem_text(text->s);
	head[face->prompt.cursor] = '\0';
	for (before = text_width(head); before > (size_t)(room > 1 ? room : 1); before = text_width(head + from)) {
		uint32_t cp;
		from += text_decode(text->s + from, text->len - from, &cp);
	}
	canvas_cursor(canvas, pen.x + (int)before, y, true);
	pen_put(&pen, ROLE_INPUT, text->s + from);
	free(head);
}

static int draw_below(struct face *face, struct lines *lines)
{
	struct canvas *canvas = &face->canvas;
	int n = (int)lines->n < canvas->height - 2 ? (int)lines->n : canvas->height - 2, top = canvas->height - n, scroll = 0;

	for (int y = top; y < canvas->height; y++)
		blank(canvas, y);
	lines_draw(lines, canvas, top, canvas->height, &scroll);
	return top;
}

void face_ask_draw(struct face *face)
{
	struct lines lines = { .width = face->canvas.width - 2 };
	const struct question *question = &questions[face->ask];
	struct str text;

	str_init(&text, 0);
	if (!face->ask && face->message.len)
		lines_add(&lines, face->message_role, 0, face->message.s);
	candidates(face, &text);
	if (face->ask && face->refusal.len)
		lines_add(&lines, ROLE_ERROR, 0, face->refusal.s);
	else if (face->ask && text.len)
		lines_add(&lines, ROLE_DIM, 0, text.s);
	else if (face->ask && question->note)
		lines_add(&lines, ROLE_DIM, 0, _(question->note));
	if (face->ask || lines.n) {
		int top = draw_below(face, &lines);
		if (face->ask)
			draw_input(face, top - 1);
	}
	str_release(&text);
	lines_release(&lines);
}

/* ---- answers ---- */

/* The face's own questions. True: the prompt may close. */
static bool answer_own(struct face *face, const char *text, enum face_wish *wish)
{
	switch (face->ask) {
	case ASK_PALETTE:
		return face_command(face, text, wish);
	case ASK_TYPE_DOMAIN:
		free(face->typed_domain);
		face->typed_domain = mem_text(text);
		break;
	case ASK_REASON:
		free(face->reason);
		face->reason = *text ? mem_text(text) : NULL;
		break;
	case ASK_QUIT:
		if (!strcmp(text, "yes") || !strcmp(text, _("yes")))
			*wish = FACE_QUIT;
		return true;
	default:
		return true;
	}
	return true;
}

static bool answer_screen(struct face *face, const char *text, enum face_wish *wish)
{
	struct screen *top = face_top(face);
	struct scene scene = face_scene(face);
	struct reaction *reaction;
	bool ok = true;

	if (!top->class->answer)
		return true;
	reaction = mem_alloc(sizeof(*reaction));
	top->class->answer(top, &scene, face->ask, text, reaction);
	ok = face_do(face, reaction, wish);
	free(reaction);
	return ok;
}

static enum face_wish done(struct face *face)
{
	enum ask ask = face->ask;
	enum face_wish wish = FACE_DRAW;
	char *text = mem_text(face->prompt.text.s);
	struct err err = { 0 };
	bool ok = true;

	str_clear(&face->refusal);
	if (ask == ASK_NOTE) {
		const struct face_means *means = &face->means;
		const char *key = means->sign_key ? means->sign_key(means->app, session_domain(face->session)) : NULL;

		ok = session_approve(face->session, text, key, &err);
		if (ok)
			face_say(face, ROLE_OK, _("Approved. P pushes it."));
		else
			face_say_err(face, &err);
		ok = true;
	} else if (ask == ASK_DISCARD) {
		if ((!strcmp(text, "yes") || !strcmp(text, _("yes"))) && !session_discard(face->session, &err))
			face_say_err(face, &err);
	} else {
		ok = ask >= ASK_PALETTE ? answer_own(face, text, &wish) : answer_screen(face, text, &wish);
	}
	prompt_remember(&face->prompt);
	if (ok && face->ask == ask)
		face->ask = ASK_NONE;
	if (ok && (ask == ASK_TYPE_DOMAIN || ask == ASK_REASON))
		face_push_start(face);
	free(text);
	return wish;
}

enum face_wish face_ask_key(struct face *face, uint32_t key)
{
	if (key == KEYCODE_TAB) {
		complete(face);
		return FACE_DRAW;
	}
	switch (prompt_key(&face->prompt, key)) {
	case PROMPT_CANCELLED:
		face->ask = ASK_NONE;
		str_clear(&face->refusal);
		return FACE_DRAW;
	case PROMPT_DONE:
		return done(face);
	default:
		str_clear(&face->refusal);
		return FACE_DRAW;
	}
}
