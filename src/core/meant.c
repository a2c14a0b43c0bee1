/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/meant.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "core/facts.h"
#include "base/banned.h"

#define NOT_IN_A_NAME "/@: \t\"'<>,;()"

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= 0x09 && cp <= 0x0d) || cp == 0xa0 || cp == 0xfeff || (cp >= 0x2000 && cp <= 0x200b) || cp == 0x202f ||
	       cp == 0x3000;
}

const char *meant_trim(const char *text, char out[MEANT_TEXT_MAX])
{
	size_t len = strlen(text), from = 0, to = 0;
	uint32_t cp;

	for (size_t at = 0, n; (n = text_decode(text + at, len - at, &cp)) > 0; at += n) {
		if (!is_blank(cp))
			to = at + n;
		else if (to == 0)
			from = at + n;
	}
	len = to > from ? to - from : 0;
	len = len < MEANT_TEXT_MAX ? len : MEANT_TEXT_MAX - 1;
	memcpy(out, text + from, len);
	out[len] = '\0';
	return out;
}

static bool is_number(const char *text)
{
	text += *text == '-' || *text == '+';
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* An address, in brackets or with a port too. */
static bool is_address(const char *text)
{
	char copy[MEANT_TEXT_MAX], *inner = copy, *end;
	struct addr addr;

	if (!strpbrk(text, ":[") && text[strspn(text, ".0123456789")])
		return false;
	snprintf(copy, sizeof(copy), "%s", text);
	if (*inner == '[' && (end = strchr(inner, ']')) != NULL) {
		*end = '\0';
		inner++;
		if (strncmp(inner, "IPv6:", 5) == 0 || strncmp(inner, "ipv6:", 5) == 0)
			inner += 5;
	}
	if (addr_parse(&addr, inner))
		return true;
	end = strchr(inner, ':');
	if (!end || strchr(end + 1, ':'))
		return false;
	*end = '\0';
	return addr_parse(&addr, inner);
}

/* The first byte that no name holds; one behind a backslash belongs to the name. NULL: there is none. */
static const char *first_odd(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' && text[1])
			text++;
		else if (strchr(NOT_IN_A_NAME, *text))
			return text;
	}
	return NULL;
}

/* The name between the scheme, the user or the quote and what follows it. */
static void find_inside(const char *text, struct dname *inside)
{
	char copy[MEANT_TEXT_MAX], *at = copy, *mark;
	const struct dname none = { 0 };

	snprintf(copy, sizeof(copy), "%s", text);
	if ((mark = strstr(at, "://")) != NULL)
		at = mark + 3;
	if ((mark = strrchr(at, '@')) != NULL)
		at = mark + 1;
	at += strspn(at, NOT_IN_A_NAME);
	at[strcspn(at, NOT_IN_A_NAME "?#")] = '\0';
	if (is_address(at) || !dname_parse(inside, at, NULL) || dname_labels(inside) < 2)
		*inside = none;
}

enum meant meant_by(const char *text, struct dname *inside)
{
	char trimmed[MEANT_TEXT_MAX];
	const char *colon;

	*inside = (struct dname){ 0 };
	meant_trim(text, trimmed);
	if (!*trimmed)
		return MEANT_NOTHING;
	if (strcmp(trimmed, "@") == 0)
		return MEANT_ZONE;
	if (is_number(trimmed))
		return MEANT_NUMBER;
	if (is_address(trimmed))
		return MEANT_ADDRESS;
	if (!first_odd(trimmed))
		return MEANT_NAME;
	find_inside(trimmed, inside);
	if (strstr(trimmed, "://") || strncmp(trimmed, "mailto:", 7) == 0)
		return trimmed[0] == 'm' && trimmed[6] == ':' ? MEANT_MAIL : MEANT_URL;
	if (strchr(trimmed, '@') && !strpbrk(trimmed, "/ \t"))
		return MEANT_MAIL;
	colon = strchr(trimmed, ':');
	if (colon && colon == first_odd(trimmed) && is_number(colon + 1))
		return MEANT_PORT;
	return MEANT_PASTED;
}

/* Sets what was typed; the hint is the name in it. */
static bool refuse(enum meant meant, const char *text, const struct dname *inside, struct err *err)
{
	char name[DNAME_TEXT_MAX];

	switch (meant) {
	case MEANT_NOTHING:
		err_set(err, ERR_USAGE, N_("a domain name is missing"));
		break;
	case MEANT_ADDRESS:
		err_set(err, ERR_USAGE, N_("\"%s\" is an address, and a name belongs here"), text);
		break;
	case MEANT_URL:
		err_set(err, ERR_USAGE, N_("\"%s\" is a URL, and a name belongs here"), text);
		break;
	case MEANT_MAIL:
		err_set(err, ERR_USAGE, N_("\"%s\" is a mail address, and a name belongs here"), text);
		break;
	case MEANT_PORT:
		err_set(err, ERR_USAGE, N_("\"%s\" has a port, and a name alone belongs here"), text);
		break;
	case MEANT_ZONE:
		err_set(err, ERR_USAGE, N_("\"%s\" stands for a name in zone files only: write the name"), text);
		break;
	case MEANT_NUMBER:
		err_set(err, ERR_USAGE, N_("\"%s\" is a number, and a name belongs here"), text);
		break;
	case MEANT_NAME:
	case MEANT_PASTED:
		err_set(err, ERR_USAGE, N_("\"%s\" holds more than a name"), text);
		break;
	}
	if (inside->len)
		err_hint(err, N_("Did you mean %s?"), dname_show(inside, name));
	return false;
}

/* Is the last label a number? Then it is a mistyped address or a preference: no top-level domain is one (RFC 3696 section 2). */
static bool ends_in_number(const struct dname *name)
{
	unsigned labels = dname_labels(name);
	size_t len = 0;
	const uint8_t *label = labels ? dname_label(name, labels - 1, &len) : NULL;

	for (size_t i = 0; i < len; i++)
		if (label[i] < '0' || label[i] > '9')
			return false;
	return len > 0;
}

/* Letters, digits, hyphens and dots, and a letter among them: that is a name, and nothing else. */
static bool is_plain(const char *text)
{
	bool letter = false;

	for (; *text; text++) {
		bool is_letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');

		if (!is_letter && (*text < '0' || *text > '9') && *text != '-' && *text != '.')
			return false;
		letter |= is_letter;
	}
	return letter;
}

bool meant_domain(struct dname *domain, const char *text, struct err *err)
{
	char trimmed[MEANT_TEXT_MAX];
	struct dname inside;
	enum meant meant;

	if (is_plain(text))
		return dname_parse(domain, text, err);
	meant = meant_by(text, &inside);
	meant_trim(text, trimmed);
	if (meant != MEANT_NAME && meant != MEANT_NUMBER)
		return refuse(meant, trimmed, &inside, err);
	return dname_parse(domain, trimmed, err);
}

bool meant_host(struct dname *host, const char *text, struct err *err)
{
	char trimmed[MEANT_TEXT_MAX];
	struct dname inside, name;
	enum meant meant = meant_by(text, &inside);

	meant_trim(text, trimmed);
	if (meant == MEANT_ADDRESS) {
		err_set(err, ERR_USAGE, N_("\"%s\" is an address, and an MX record names a host"), trimmed);
		err_hint(err, N_("Name the host that has this address."));
		return false;
	}
	if (meant == MEANT_NUMBER) {
		err_set(err, ERR_USAGE, N_("\"%s\" is a number, and a host belongs here"), trimmed);
		err_hint(err, N_("A record has one preference and one host: 30 mx3.example.net."));
		return false;
	}
	if (meant != MEANT_NAME)
		return refuse(meant, trimmed, &inside, err);
	if (!dname_parse(&name, trimmed, err))
		return false;
	if (ends_in_number(&name))
		return err_set(err, ERR_USAGE, N_("\"%s\" is no host: its last label is a number"), trimmed);
	*host = name;
	return true;
}
