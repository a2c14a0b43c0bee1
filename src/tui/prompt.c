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

void prompt_release(struct prompt *prompt)
{
	str_release(&prompt->text);
	for (size_t i = 0; i < prompt->n_past; i++)
		free(prompt->past[i]);
	free(prompt->typed);
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
	free(rest);
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
		free(prompt->typed);
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

/* The keys that every line editor has; true when it was one. */
static bool edit_key(struct prompt *prompt, uint32_t key)
{
	prompt->offered &= key >= 0x20 && key < KEYCODE_FIRST;
	switch (key) {
	case KEYCODE_LEFT:
	case CTRL('B'):
		prompt->cursor = before(prompt);
		return true;
	case KEYCODE_RIGHT:
	case CTRL('F'):
		prompt->cursor = after(prompt);
		return true;
	case KEYCODE_HOME:
	case CTRL('A'):
		prompt->cursor = 0;
		return true;
	case KEYCODE_END:
	case CTRL('E'):
		prompt->cursor = prompt->text.len;
		return true;
	case KEYCODE_BACKSPACE:
	case CTRL('H'):
		cut(prompt, before(prompt), prompt->cursor);
		return true;
	case KEYCODE_DELETE:
	case CTRL('D'):
		cut(prompt, prompt->cursor, after(prompt));
		return true;
	case CTRL('U'):
		cut(prompt, 0, prompt->cursor);
		return true;
	case CTRL('K'):
		cut(prompt, prompt->cursor, prompt->text.len);
		return true;
	case CTRL('W'):
		cut(prompt, word_before(prompt), prompt->cursor);
		return true;
	case KEYCODE_UP:
	case CTRL('P'):
		past(prompt, -1);
		return true;
	case KEYCODE_DOWN:
	case CTRL('N'):
		past(prompt, 1);
		return true;
	default:
		return false;
	}
}

enum prompt_event prompt_key(struct prompt *prompt, uint32_t key)
{
	char bytes[4];

	if (key == KEYCODE_ENTER || key == CTRL('J'))
		return PROMPT_DONE;
	if (key == KEYCODE_ESC || key == CTRL('C') || key == CTRL('G'))
		return PROMPT_CANCELLED;
	/* Deleting a suffix keeps the cursor where it stands: cut() puts it at `from`. */
	if (!edit_key(prompt, key) && key >= 32 && key < KEYCODE_FIRST)
		insert(prompt, bytes, text_encode(key, bytes));
	return PROMPT_EDITING;
}
