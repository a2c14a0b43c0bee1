/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tui/term/key.h"
#include "base/banned.h"

#define CTRL(letter) ((uint32_t)(letter)-64)

void prompt_init(struct prompt *prompt)
{
	*prompt = (struct prompt){ 0 };
	str_init(&prompt->text, PROMPT_MAX);
}

/* Wipes the typed text, which may be a secret. */
static void forget(char *text)
{
	if (text)
		mem_wipe(text, strlen(text));
	free(text);
}

static void forget_edits(struct prompt *prompt)
{
	while (prompt->n_undo)
		forget(prompt->undo[--prompt->n_undo]);
	prompt->typing = false;
}

void prompt_wipe(struct prompt *prompt)
{
	forget(prompt->typed);
	forget(prompt->killed);
	prompt->typed = prompt->killed = NULL;
	mem_wipe(prompt->text.s, prompt->text.len);
	str_clear(&prompt->text);
	prompt->cursor = 0;
	forget_edits(prompt);
}

void prompt_release(struct prompt *prompt)
{
	str_release(&prompt->text);
	for (size_t i = 0; i < prompt->n_past; i++)
		free(prompt->past[i]);
	forget_edits(prompt);
	forget(prompt->typed);
	forget(prompt->killed);
	*prompt = (struct prompt){ 0 };
}

static void set_text(struct prompt *prompt, const char *text)
{
	str_clear(&prompt->text);
	str_add(&prompt->text, text);
	prompt->cursor = prompt->text.len;
}

void prompt_begin(struct prompt *prompt, const char *text)
{
	forget_edits(prompt);
	set_text(prompt, text);
	/* A text that ends in a space waits to be gone on with. */
	prompt->offered = *text && text[strlen(text) - 1] != ' ';
	prompt->at = prompt->n_past;
}

static void cut(struct prompt *prompt, size_t from, size_t to)
{
	struct str *text = &prompt->text;

	memmove(text->s + from, text->s + to, text->len - to + 1);
	text->len -= to - from;
	text->overflow = false;
	prompt->cursor = from;
}

static void insert(struct prompt *prompt, const char *bytes, size_t len)
{
	char *rest;

	if (prompt->offered)
		cut(prompt, 0, prompt->text.len);
	prompt->offered = false;
	if (prompt->text.len + len >= PROMPT_MAX)
		return;
	rest = mem_text(prompt->text.s + prompt->cursor);
	cut(prompt, prompt->cursor, prompt->text.len);
	str_add_bytes(&prompt->text, bytes, len);
	prompt->cursor = prompt->text.len;
	str_add(&prompt->text, rest);
	forget(rest);
}

static size_t before(const struct prompt *prompt)
{
	size_t i = prompt->cursor;

	while (i > 0 && ((unsigned char)prompt->text.s[--i] & 0xc0) == 0x80)
		;
	return i;
}

static size_t after(const struct prompt *prompt)
{
	uint32_t cp;

	return prompt->cursor + text_decode(prompt->text.s + prompt->cursor, prompt->text.len - prompt->cursor, &cp);
}

static size_t word_before(const struct prompt *prompt)
{
	size_t i = prompt->cursor;

	while (i > 0 && prompt->text.s[i - 1] == ' ')
		i--;
	while (i > 0 && prompt->text.s[i - 1] != ' ')
		i--;
	return i;
}

static void past(struct prompt *prompt, int step)
{
	if (step < 0 ? prompt->at == 0 : prompt->at >= prompt->n_past)
		return;
	if (prompt->at == prompt->n_past) {
		forget(prompt->typed);
		prompt->typed = mem_text(prompt->text.s);
	}
	prompt->at = step < 0 ? prompt->at - 1 : prompt->at + 1;
	set_text(prompt, prompt->at < prompt->n_past ? prompt->past[prompt->at] : prompt->typed);
}

void prompt_remember(struct prompt *prompt)
{
	if (!prompt->text.len || (prompt->n_past && !strcmp(prompt->past[prompt->n_past - 1], prompt->text.s)))
		return;
	if (prompt->n_past == PROMPT_HISTORY) {
		free(prompt->past[0]);
		memmove(prompt->past, prompt->past + 1, (PROMPT_HISTORY - 1) * sizeof(*prompt->past));
		prompt->n_past--;
	}
	prompt->past[prompt->n_past++] = mem_text(prompt->text.s);
}

void prompt_paste(struct prompt *prompt, const char *text, size_t len)
{
	char bytes[4];
	uint32_t cp;

	while (len && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	for (size_t i = 0, n; i < len && (n = text_decode(text + i, len - i, &cp)); i += n) {
		if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			cp = ' ';
		insert(prompt, bytes, text_encode(cp, bytes));
	}
}

static bool is_word(const struct prompt *prompt, size_t i)
{
	unsigned char c = (unsigned char)prompt->text.s[i];

	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Alt-B's words are letters and digits; Ctrl-W's end at a space. */
static size_t name_before(const struct prompt *prompt)
{
	size_t i = prompt->cursor;

	while (i > 0 && !is_word(prompt, i - 1))
		i--;
	while (i > 0 && is_word(prompt, i - 1))
		i--;
	return i;
}

static size_t name_after(const struct prompt *prompt)
{
	size_t i = prompt->cursor;

	while (i < prompt->text.len && !is_word(prompt, i))
		i++;
	while (i < prompt->text.len && is_word(prompt, i))
		i++;
	return i;
}

static void kill_text(struct prompt *prompt, size_t from, size_t to)
{
	if (from == to)
		return;
	forget(prompt->killed);
	prompt->killed = mem_text(prompt->text.s + from);
	prompt->killed[to - from] = '\0';
	cut(prompt, from, to);
}

/* The character before the cursor goes behind the one at it; at the end, the last two change places. */
static void transpose(struct prompt *prompt)
{
	char moved[5] = "";
	size_t from, to, stood = prompt->cursor;

	if (prompt->cursor == prompt->text.len)
		prompt->cursor = before(prompt);
	from = before(prompt);
	to = after(prompt);
	if (from == prompt->cursor || to == prompt->cursor) {
		prompt->cursor = stood;
		return;
	}
	memcpy(moved, prompt->text.s + from, prompt->cursor - from);
	to -= prompt->cursor - from;
	cut(prompt, from, prompt->cursor);
	prompt->cursor = to;
	insert(prompt, moved, strlen(moved));
}

static void undo(struct prompt *prompt)
{
	if (!prompt->n_undo)
		return;
	set_text(prompt, prompt->undo[--prompt->n_undo]);
	forget(prompt->undo[prompt->n_undo]);
	prompt->typing = false;
}

/* `text` is what stood here before an edit. */
static void keep_for_undo(struct prompt *prompt, char *text, bool typing)
{
	if (!strcmp(text, prompt->text.s) || (typing && prompt->typing)) {
		forget(text);
		prompt->typing &= typing;
		return;
	}
	if (prompt->n_undo == PROMPT_UNDO) {
		forget(prompt->undo[0]);
		memmove(prompt->undo, prompt->undo + 1, (PROMPT_UNDO - 1) * sizeof(*prompt->undo));
		prompt->n_undo--;
	}
	prompt->undo[prompt->n_undo++] = text;
	prompt->typing = typing;
}

static void move_key(struct prompt *prompt, uint32_t key)
{
	switch (key) {
	case KEYCODE_LEFT:
	case CTRL('B'):
		prompt->cursor = before(prompt);
		break;
	case KEYCODE_RIGHT:
	case CTRL('F'):
		prompt->cursor = after(prompt);
		break;
	case KEYCODE_HOME:
	case CTRL('A'):
		prompt->cursor = 0;
		break;
	case KEYCODE_END:
	case CTRL('E'):
		prompt->cursor = prompt->text.len;
		break;
	case KEYCODE_CTRL_LEFT:
	case KEY_ALT | 'b':
		prompt->cursor = name_before(prompt);
		break;
	case KEYCODE_CTRL_RIGHT:
	case KEY_ALT | 'f':
		prompt->cursor = name_after(prompt);
		break;
	case KEYCODE_UP:
	case CTRL('P'):
		past(prompt, -1);
		break;
	case KEYCODE_DOWN:
	case CTRL('N'):
		past(prompt, 1);
		break;
	default:
		break;
	}
}

/* Deleting a suffix keeps the cursor where it stands: cut() puts it at `from`. */
static void cut_key(struct prompt *prompt, uint32_t key)
{
	switch (key) {
	case KEYCODE_BACKSPACE:
	case CTRL('H'):
		cut(prompt, before(prompt), prompt->cursor);
		break;
	case KEYCODE_DELETE:
	case CTRL('D'):
		cut(prompt, prompt->cursor, after(prompt));
		break;
	case CTRL('U'):
		kill_text(prompt, 0, prompt->cursor);
		break;
	case CTRL('K'):
		kill_text(prompt, prompt->cursor, prompt->text.len);
		break;
	case CTRL('W'):
		kill_text(prompt, word_before(prompt), prompt->cursor);
		break;
	case KEY_ALT | KEYCODE_BACKSPACE:
	case KEY_ALT | CTRL('H'):
		kill_text(prompt, name_before(prompt), prompt->cursor);
		break;
	case KEY_ALT | 'd':
		kill_text(prompt, prompt->cursor, name_after(prompt));
		break;
	case CTRL('Y'):
		if (prompt->killed)
			insert(prompt, prompt->killed, strlen(prompt->killed));
		break;
	case CTRL('T'):
		transpose(prompt);
		break;
	default:
		break;
	}
}

enum prompt_event prompt_key(struct prompt *prompt, uint32_t key)
{
	bool typing = key >= 32 && key < KEYCODE_FIRST;
	char bytes[4], *text;

	if (key == KEYCODE_ENTER || key == CTRL('J'))
		return PROMPT_DONE;
	if (key == KEYCODE_ESC || key == CTRL('C') || key == CTRL('G'))
		return PROMPT_CANCELLED;
	if (key == CTRL('_')) {
		undo(prompt);
		return PROMPT_EDITING;
	}
	text = mem_text(prompt->text.s);
	prompt->offered &= typing;
	if (typing)
		insert(prompt, bytes, text_encode(key, bytes));
	move_key(prompt, key);
	cut_key(prompt, key);
	keep_for_undo(prompt, text, typing);
	return PROMPT_EDITING;
}
