/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/spf.h"

#include <string.h>

#include "wire/policytag.h"
#include "base/banned.h"

bool spf_is_record(struct text text)
{
	return text.len >= 6 && text_is_nocase((struct text){ text.s, 6 }, "v=spf1") && (text.len == 6 || text.s[6] == ' ');
}

bool spf_is_nearly(struct text text)
{
	return (text_means(text, "v=spf") || text_means(text, "spf1")) && !spf_is_record(text);
}

/* ---- what stands behind a mechanism's name ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A number up to max, of digits alone. */
static bool is_number(struct text text, unsigned max)
{
	unsigned value = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.s[i]))
			return false;
		value = value * 10 + (unsigned)(text.s[i] - '0');
	}
	return text.len >= 1 && text.len <= 3 && value <= max && (text.len == 1 || text.s[0] != '0');
}

/* "/24", "//64", "/24//64" off the end. */
static bool cut_lengths(struct text *value)
{
	const char *slash = value->len ? memchr(value->s, '/', value->len) : NULL;
	struct text rest, four = { NULL, 0 }, six = { NULL, 0 };
	const char *twice;

	if (!slash)
		return true;
	rest = (struct text){ slash, value->len - (size_t)(slash - value->s) };
	value->len -= rest.len;
	twice = rest.len > 1 ? memmem(rest.s, rest.len, "//", 2) : NULL;
	if (twice) {
		six = (struct text){ twice + 2, rest.len - (size_t)(twice - rest.s) - 2 };
		rest.len = (size_t)(twice - rest.s);
	}
	if (rest.len)
		four = (struct text){ rest.s + 1, rest.len - 1 };
	return (!four.s || is_number(four, 32)) && (!six.s || is_number(six, 128));
}

/* "%{i}", "%{d2r}", "%{l-}", "%%", "%_" or "%-" at the beginning: how long it is, or 0. */
static size_t macro_len(struct text text)
{
	size_t at = 3, from;

	if (text.len >= 2 && strchr("%_-", text.s[1]) && text.s[1])
		return 2;
	if (text.len < 4 || text.s[1] != '{' || !is_letter(text.s[2]) || !strchr("slodiphcrtv", text.s[2] | 0x20))
		return 0;
	for (from = at; at < text.len && is_digit(text.s[at]);)
		at++;
	if (at > from && text.s[from] == '0')
		return 0;
	if (at < text.len && (text.s[at] | 0x20) == 'r')
		at++;
	while (at < text.len && text.s[at] && strchr(".-+,/_=", text.s[at]))
		at++;
	return at < text.len && text.s[at] == '}' ? at + 1 : 0;
}

/* Visible ASCII, with macros in it that can be read; *end: it ends in one. */
static bool is_macro_string(struct text text, bool *end)
{
	*end = false;
	for (size_t at = 0; at < text.len;) {
		size_t len = text.s[at] == '%' ? macro_len((struct text){ text.s + at, text.len - at }) : 1;

		if (!len || text.s[at] <= ' ' || text.s[at] > '~')
			return false;
		*end = len > 1;
		at += len;
	}
	return true;
}

/* Behind a dot, letters, digits and hyphens, and no number: what a name that is written out ends in (section 7.1). */
static bool ends_in_top_label(struct text text)
{
	bool digits = true;
	size_t at;

	if (text.len && text.s[text.len - 1] == '.')
		text.len--;
	for (at = text.len; at && text.s[at - 1] != '.'; at--) {
		char c = text.s[at - 1];

		if (!is_digit(c) && !is_letter(c) && c != '-')
			return false;
		digits = digits && is_digit(c);
	}
	return at && at < text.len && !digits && text.s[at] != '-' && text.s[text.len - 1] != '-';
}

static bool is_domain_spec(struct text text)
{
	bool end;

	return is_macro_string(text, &end) && (end || ends_in_top_label(text));
}

static bool read_domain(struct text value, struct spf_term *term)
{
	char name[DNAME_TEXT_MAX];

	term->has_domain = true;
	term->has_macro = memchr(value.s, '%', value.len) != NULL;
	if (value.len >= sizeof(name) || !is_domain_spec(value))
		return false;
	if (term->has_macro)
		return true;
	text_keep(value, name, sizeof(name));
	return !strpbrk(name, "\\/@:;,") && dname_parse(&term->domain, name, NULL);
}

static bool is_network(struct text value, uint8_t family)
{
	char text[ADDR_TEXT_MAX + 8];
	const char *slash = value.len ? memchr(value.s, '/', value.len) : NULL;
	struct addr addr;

	if (slash && !is_number((struct text){ slash + 1, value.len - (size_t)(slash - value.s) - 1 }, family == 4 ? 32 : 128))
		return false;
	if (slash)
		value.len = (size_t)(slash - value.s);
	if (value.len >= sizeof(text))
		return false;
	text_keep(value, text, sizeof(text));
	return addr_parse(&addr, text) && addr.family == family;
}

static bool read_value(struct spf_term *term, struct text value, char mark)
{
	bool end;

	switch (term->kind) {
	case SPF_ALL:
		return !mark;
	case SPF_INCLUDE:
	case SPF_EXISTS:
		return mark == ':' && read_domain(value, term);
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
		if (term->kind != SPF_PTR && !cut_lengths(&value))
			return false;
		return mark == ':' ? read_domain(value, term) : !value.len;
	case SPF_IP4:
		return mark == ':' && is_network(value, 4);
	case SPF_IP6:
		return mark == ':' && is_network(value, 6);
	case SPF_REDIRECT:
		return read_domain(value, term);
	case SPF_EXP:
		return is_domain_spec(value);
	case SPF_MODIFIER:
		return is_macro_string(value, &end);
	case SPF_BAD:
		break;
	}
	return true;
}

/* ---- terms ---- */

static enum spf_kind mechanism_of(struct text name)
{
	static const struct {
		const char *name;
		enum spf_kind kind;
	} names[] = { { "all", SPF_ALL }, { "include", SPF_INCLUDE }, { "a", SPF_A }, { "mx", SPF_MX }, { "ptr", SPF_PTR },
		{ "ip4", SPF_IP4 }, { "ip6", SPF_IP6 }, { "exists", SPF_EXISTS } };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (text_is_nocase(name, names[i].name))
			return names[i].kind;
	return SPF_BAD;
}

static bool is_name_byte(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

static enum spf_kind modifier_of(struct text name)
{
	if (!name.len || !is_letter(name.s[0]))
		return SPF_BAD;
	if (text_is_nocase(name, "redirect"))
		return SPF_REDIRECT;
	return text_is_nocase(name, "exp") ? SPF_EXP : SPF_MODIFIER;
}

static void read_term(struct spf_term *term)
{
	struct text rest = term->text, name;
	size_t n = 0;
	char mark;

	if (strchr("+-~?", rest.s[0])) {
		term->qualifier = rest.s[0];
		rest = (struct text){ rest.s + 1, rest.len - 1 };
	}
	while (n < rest.len && is_name_byte(rest.s[n]))
		n++;
	name = (struct text){ rest.s, n };
	mark = n < rest.len ? rest.s[n] : '\0';
	rest = (struct text){ rest.s + n, rest.len - n };
	if (mark == ':' || mark == '=')
		rest = (struct text){ rest.s + 1, rest.len - 1 };
	if (mark == '=') {
		term->kind = term->qualifier ? SPF_BAD : modifier_of(name);
	} else {
		term->kind = mechanism_of(name);
		term->qualifier = term->qualifier ? term->qualifier : '+';
	}
	if (!read_value(term, rest, mark))
		term->kind = SPF_BAD;
}

bool spf_next(struct text *rest, struct spf_term *term)
{
	size_t n = 0;

	if (spf_is_record(*rest))
		*rest = (struct text){ rest->s + 6, rest->len - 6 };
	while (rest->len && rest->s[0] == ' ')
		*rest = (struct text){ rest->s + 1, rest->len - 1 };
	while (n < rest->len && rest->s[n] != ' ')
		n++;
	if (!n)
		return false;
	*term = (struct spf_term){ .text = { rest->s, n } };
	*rest = (struct text){ rest->s + n, rest->len - n };
	read_term(term);
	return true;
}

bool spf_asks(const struct spf_term *term)
{
	return term->kind == SPF_INCLUDE || term->kind == SPF_A || term->kind == SPF_MX || term->kind == SPF_PTR ||
	       term->kind == SPF_EXISTS || term->kind == SPF_REDIRECT;
}
