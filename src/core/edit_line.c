/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits in one typed line, and the two prompts that take a preference and a host in either order. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/edit_text.h"
#include "core/meant.h"
#include "base/banned.h"

#define BLANKS " \t\n"

struct line {
	char *copy; /* its words, each ended */
	size_t n, cap;
	char **word; /* NULL parts two edits */
};

static void line_add(struct line *line, char *word)
{
	line->word = mem_grow(line->word, line->n, &line->cap, sizeof(*line->word));
	line->word[line->n++] = word;
}

/* parts: a comma parts edits; else it belongs to its word. */
static void line_split(struct line *line, const char *text, bool parts)
{
	char *at = line->copy = mem_text(text);

	while (*(at += strspn(at, BLANKS))) {
		size_t len = strcspn(at, parts ? BLANKS "," : BLANKS);
		char end = at[len];

		if (len)
			line_add(line, at);
		at += len;
		*at = '\0';
		if (end == ',')
			line_add(line, NULL);
		at += end != '\0';
	}
}

static void line_release(struct line *line)
{
	free(line->word);
	free(line->copy);
}

/* Where a word begins, counted in characters from 1. Always false. */
static bool at_word(const struct line *line, const char *text, size_t word, struct err *err)
{
	size_t end = word < line->n && line->word[word] ? (size_t)(line->word[word] - line->copy) : strlen(text), n = 1, len;
	uint32_t cp;

	for (size_t at = 0; at < end && (len = text_decode(text + at, strlen(text) - at, &cp)) > 0; at += len)
		n++;
	return err_context(err, N_("at character %zu"), n);
}

bool edit_parse_line(const struct edit_grammar *grammar, const char *text, struct edits *edits, struct err *err)
{
	struct line line = { 0 };
	size_t before = edits->n, from = 0, bad;
	bool ok = true;

	line_split(&line, text, true);
	line_add(&line, NULL);
	for (size_t i = 0; ok && i < line.n; i++) {
		if (line.word[i])
			continue;
		if (i > from || line.n == 1)
			ok = edit_parse(grammar, line.word + from, edits, &bad, err) || at_word(&line, text, from + bad, err);
		from = i + 1;
	}
	if (!ok)
		edits->n = before;
	line_release(&line);
	return ok;
}

/* ---- a record's preference and host, in either order ---- */

struct typed {
	const char *preference, *host; /* NULL: not typed */
	size_t at_preference, at_host;
};

/* Digits, perhaps with a sign or a point: a number, right or wrong, and no address. */
static bool looks_like_number(const char *word)
{
	struct dname inside;

	return strspn(word, "+-.0123456789") == strlen(word) && strcmp(word, ".") != 0 && meant_by(word, &inside) != MEANT_ADDRESS;
}

static bool split_record(const struct line *line, struct typed *typed, size_t *bad, struct err *err)
{
	*typed = (struct typed){ 0 };
	for (*bad = 0; *bad < line->n; ++*bad) {
		const char *word = line->word[*bad];

		if (*bad == 2)
			return err_set(err, ERR_USAGE, N_("\"%s\" is too much: one preference and one host make a record"), word);
		if (looks_like_number(word)) {
			if (typed->preference)
				return err_set(err, ERR_USAGE, N_("\"%s\" is a second number, and a host belongs here"), word);
			typed->preference = word;
			typed->at_preference = *bad;
		} else {
			if (typed->host)
				return err_set(err, ERR_USAGE, N_("\"%s\" is a second host, and a preference belongs here"), word);
			typed->host = word;
			typed->at_host = *bad;
		}
	}
	return true;
}

static bool read_typed(const struct edit_grammar *grammar, const struct typed *typed, struct mx *mx, size_t *bad, struct err *err)
{
	*bad = typed->at_preference;
	if (typed->preference && !edit_parse_preference(typed->preference, &mx->preference, err))
		return false;
	*bad = typed->at_host;
	if (!typed->host)
		return true;
	*mx = (struct mx){ .preference = mx->preference };
	return edit_parse_host(grammar, typed->host, &mx->host, err);
}

bool edit_parse_new(const struct edit_grammar *grammar, const char *text, uint32_t preference, struct edits *edits, struct err *err)
{
	struct mx mx = { .preference = preference };
	struct line line = { 0 };
	struct typed typed;
	size_t bad;
	bool ok;

	line_split(&line, text, false);
	ok = split_record(&line, &typed, &bad, err);
	if (ok && !typed.host) {
		bad = line.n;
		ok = err_set(err, ERR_USAGE, N_("the host is missing: 30 mx3.example.net"));
	}
	ok = ok && read_typed(grammar, &typed, &mx, &bad, err);
	if (ok)
		edits_add(edits, EDIT_ADD)->mx = mx;
	else
		at_word(&line, text, bad, err);
	line_release(&line);
	return ok;
}

static void add_change(const struct mx *old, const struct mx *mx, struct edits *edits)
{
	struct mx now = *old;
	struct edit *edit;

	if (mx->preference != old->preference) {
		edit = edits_add(edits, EDIT_PREFER);
		edit->mx = now;
		edit->with.preference = now.preference = mx->preference;
	}
	if (!mx_equal(&now, mx)) {
		edit = edits_add(edits, EDIT_RENAME);
		edit->mx = now;
		edit->with.host = mx->host;
	}
}

bool edit_parse_change(const struct edit_grammar *grammar, const char *text, const struct mx *old, struct edits *edits, struct err *err)
{
	char shown[DNAME_TEXT_MAX];
	struct mx mx = *old;
	struct line line = { 0 };
	struct typed typed;
	size_t bad;
	bool ok;

	line_split(&line, text, false);
	ok = split_record(&line, &typed, &bad, err);
	/* The old host may be one that could not be typed anew. */
	if (ok && typed.host && (!strcmp(typed.host, mx_host_show(old, shown)) || !strcmp(typed.host, mx_host_text(old, shown))))
		typed.host = NULL;
	ok = ok && read_typed(grammar, &typed, &mx, &bad, err);
	if (ok)
		add_change(old, &mx, edits);
	else
		at_word(&line, text, bad, err);
	line_release(&line);
	return ok;
}
