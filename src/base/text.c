/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <string.h>
#include <unictype.h>
#include <uniwidth.h>

#include "base/banned.h"

#define BAD 0xFFFDu
#define NOISE 1e-9 /* of sums of shares */

/* How many bytes the first byte promises, and its own bits of the code point. */
static size_t lead(unsigned char byte, uint32_t *bits)
{
	if (byte < 0x80) {
		*bits = byte;
		return 1;
	}
	if (byte >= 0xC2 && byte <= 0xDF) {
		*bits = byte & 0x1Fu;
		return 2;
	}
	if ((byte & 0xF0) == 0xE0) {
		*bits = byte & 0x0Fu;
		return 3;
	}
	if (byte >= 0xF0 && byte <= 0xF4) {
		*bits = byte & 0x07u;
		return 4;
	}
	return 0;
}

size_t text_decode(const char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t value = 0;
	size_t n;

	*cp = BAD;
	if (len == 0) {
		*cp = 0;
		return 0;
	}
	n = lead((unsigned char)s[0], &value);
	if (n == 0 || n > len)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xC0) != 0x80)
			return 1;
		value = value << 6 | ((unsigned char)s[i] & 0x3Fu);
	}
	if (value < least[n] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 1;
	*cp = value;
	return n;
}

size_t text_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = BAD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

int text_cp_width(uint32_t cp)
{
	if (cp < 0x300) /* the common case; of these only the soft hyphen would differ, and terminals show it */
		return 1;
	return uc_width(cp, "UTF-8"); /* never below zero past the control characters */
}

size_t text_width(const char *s)
{
	size_t left, width = 0, n;
	uint32_t cp;

	while (*s > 0 && *s < 0x7F) { /* mostly to the end */
		s++;
		width++;
	}
	left = strlen(s);
	while ((n = text_decode(s, left, &cp)) > 0) {
		width += (size_t)text_cp_width(cp);
		s += n;
		left -= n;
	}
	return width;
}

size_t text_fit(const char *s, size_t cells)
{
	size_t at = 0, left, used, n;
	uint32_t cp;

	while (at < cells && s[at] > 0 && s[at] < 0x7F) /* mostly to the end */
		at++;
	left = strlen(s + at);
	for (used = at; (n = text_decode(s + at, left, &cp)) > 0; left -= n) {
		used += (size_t)text_cp_width(cp);
		if (used > cells)
			break;
		at += n;
	}
	return at;
}

size_t text_row(const char *text, size_t cells, size_t *next)
{
	size_t fit = text_fit(text, cells);
	const char *end = memchr(text, '\n', fit + 1);

	if (end || !text[fit]) {
		*next = end ? (size_t)(end - text) + 1 : fit;
		return end ? (size_t)(end - text) : fit;
	}
	for (size_t i = fit + 1; i-- > 1;)
		if (text[i] == ' ' && text[i + 1] != '%') { /* a number keeps it */
			*next = i + strspn(text + i, " ");
			return i;
		}
	*next = fit ? fit : 1;
	return *next;
}

void text_copy(char *out, size_t size, const char *s)
{
	size_t len = strlen(s);

	if (len >= size)
		for (len = size - 1; len && ((unsigned char)s[len] & 0xC0) == 0x80; len--)
			;
	memcpy(out, s, len);
	out[len] = '\0';
}

void text_shorten(char *out, size_t size, const char *s)
{
	bool whole = strlen(s) < size;

	text_copy(out, whole ? size : size - 3, s);
	if (!whole)
		memcpy(out + strlen(out), "...", 4);
}

/* Would it act on the terminal, or hide, or reorder its neighbours? */
static bool is_unseen(uint32_t cp)
{
	static const uint32_t mask =
		UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp | UC_CATEGORY_MASK_Cs;

	return uc_is_general_category_withtable(cp, mask) || uc_is_property_default_ignorable_code_point(cp) ||
	       uc_is_property_not_a_character(cp);
}

static size_t plain_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= 0x20 && s[n] < 0x7F)
		n++;
	return n;
}

void text_escape(struct str *out, const char *s, size_t len)
{
	size_t n;
	uint32_t cp;

	for (; len; s += n, len -= n) {
		n = plain_length(s, len);
		if (n) {
			str_add_bytes(out, s, n);
			continue;
		}
		n = text_decode(s, len, &cp);
		if (n == 1) /* a control character, or what is no UTF-8 */
			str_addf(out, "\\x%02x", (unsigned char)s[0]);
		else if (is_unseen(cp))
			str_addf(out, "\\u{%x}", (unsigned int)cp);
		else
			str_add_bytes(out, s, n);
	}
}

static unsigned char fold(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool text_equal_fold(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return fold(*a) == fold(*b);
}

void text_share(struct str *out, double share)
{
	double percent = share > NOISE ? share * 100 : 0;

	if (share > NOISE && percent < 0.1)
		str_add(out, "<0.1 %");
	else if (percent >= 99.5 && share < 1 - NOISE)
		str_add(out, ">99 %");
	else if (percent < 10 && percent - (int)percent > 0.05)
		str_addf(out, "%.1f %%", percent);
	else
		str_addf(out, "%.0f %%", percent);
}
