/* SPDX-License-Identifier: GPL-3.0-or-later */
/* httpmsg.h's http_mask(): secrets in a text, as they are or as JSON, a URL or markup spell them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/httpmsg.h"
#include "base/banned.h"

/* One byte, or one character as UTF-8, that was spelled in another way. */
struct spelled {
	size_t len; /* of its spelling; 0: it is none */
	char byte[4];
	size_t n;
};

static bool hex(const char *text, size_t len, size_t digits, uint32_t *value)
{
	char copy[9], *end;

	if (len < digits)
		return false;
	memcpy(copy, text, digits);
	copy[digits] = '\0';
	*value = (uint32_t)strtoul(copy, &end, 16);
	return strspn(copy, "0123456789abcdefABCDEF") == digits;
}

static struct spelled character(size_t len, uint32_t cp)
{
	struct spelled one = { .len = len };

	one.n = text_encode(cp, one.byte);
	return one;
}

/* "%2F", and "%252F" where it was spelled twice. */
static struct spelled in_url(const char *text, size_t len, bool twice)
{
	size_t at = 1;
	uint32_t value;

	while (twice && len - at >= 2 && !memcmp(text + at, "25", 2) && hex(text + at + 2, len - at - 2, 2, &value))
		at += 2;
	if (!hex(text + at, len - at, 2, &value))
		return (struct spelled){ 0 };
	return (struct spelled){ .len = at + 2, .byte = { (char)value }, .n = 1 };
}

/* \" of a JSON text, and \\\" of one that stands in another as a text. A zero byte is found too, but no secret has it. */
static struct spelled in_json(const char *text, size_t len, bool twice)
{
	static const char letters[] = "\\\"/'nrtbf", bytes[] = "\\\"/'\n\r\t\b\f";
	const char *letter;
	uint32_t value;
	size_t at = 1;

	if (twice && len > 3 && !memcmp(text, "\\\\\\", 3) && strchr("\\\"/'", text[3]))
		return (struct spelled){ .len = 4, .byte = { text[3] }, .n = 1 };
	if (twice && len > 2 && text[1] == '\\' && strchr("\"/'nrtbfu", text[2]))
		at = 2;
	if (len == 1)
		return (struct spelled){ 0 };
	if (text[at] == 'u' && hex(text + at + 1, len - at - 1, 4, &value))
		return character(at + 5, value);
	letter = strchr(letters, text[at]);
	return letter ? (struct spelled){ .len = at + 1, .byte = { bytes[letter - letters] }, .n = 1 } : (struct spelled){ 0 };
}

/* "&amp;", "&#38;", "&#x26;" */
static struct spelled in_markup(const char *text, size_t len)
{
	static const struct {
		const char *name;
		char byte;
	} names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	size_t digits, at;
	uint32_t value;
	char copy[9];
	bool x;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (len >= strlen(names[i].name) && !memcmp(text, names[i].name, strlen(names[i].name)))
			return (struct spelled){ .len = strlen(names[i].name), .byte = { names[i].byte }, .n = 1 };
	x = len > 2 && (text[2] == 'x' || text[2] == 'X');
	at = x ? 3 : 2;
	if (len <= at || text[1] != '#')
		return (struct spelled){ 0 };
	snprintf(copy, sizeof copy, "%.*s", (int)(len - at), text + at);
	digits = strspn(copy, x ? "0123456789abcdefABCDEF" : "0123456789");
	value = (uint32_t)strtoul(copy, NULL, x ? 16 : 10);
	return digits && copy[digits] == ';' && value < 0x110000 ? character(at + digits + 1, value) : (struct spelled){ 0 };
}

enum spelling { PLAIN, SPELLED, SPELLED_TWICE, SPELLINGS };

static struct spelled spelled(const char *text, size_t len, enum spelling how)
{
	switch (*text) {
	case '%':
		return in_url(text, len, how == SPELLED_TWICE);
	case '\\':
		return in_json(text, len, how == SPELLED_TWICE);
	case '&':
		return in_markup(text, len);
	case '+':
		return (struct spelled){ .len = 1, .byte = { ' ' }, .n = 1 };
	default:
		return (struct spelled){ 0 };
	}
}

/* How many bytes at the start of text are this secret, or enough of its beginning. */
static size_t quoted(const char *text, size_t len, const char *secret, enum spelling how)
{
	size_t at = 0, same = 0;

	while (at < len && secret[same]) {
		struct spelled one = how ? spelled(text + at, len - at, how) : (struct spelled){ 0 };

		if (one.len && !strncmp(secret + same, one.byte, one.n)) {
			at += one.len;
			same += one.n;
		} else if (secret[same] == text[at]) {
			at++;
			same++;
		} else {
			break;
		}
	}
	return same && (same >= HTTP_QUOTED || !secret[same]) ? at : 0;
}

/* The longest match of any secret in any of its spellings. */
static size_t longest_of(const char *text, size_t len, const char *const *secret, size_t n)
{
	size_t longest = 0;

	for (size_t i = 0; i < n; i++)
		for (enum spelling how = PLAIN; secret[i] && how < SPELLINGS; how++) {
			size_t same = quoted(text, len, secret[i], how);

			if (same > longest)
				longest = same;
		}
	return longest;
}

void http_mask(struct str *out, const char *text, size_t len, const char *const *secret, size_t n)
{
	size_t end = 0; /* of what is masked so far: secrets may overlap */

	for (size_t i = 0; i < len; i++) {
		size_t same = longest_of(text + i, len - i, secret, n);

		if (same && i >= end)
			str_add(out, "***");
		if (i + same > end)
			end = i + same;
		if (i >= end)
			str_add_char(out, text[i]);
	}
}
