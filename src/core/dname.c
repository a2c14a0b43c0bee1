/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/dname.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "base/banned.h"

#define LABEL_MAX 63
#define LABELS_MAX (DNAME_WIRE_MAX / 2) /* of one byte each */
#define ULABEL_MAX 256                  /* bytes of one label as a person writes it; an A-label of 63 never needs more */
#define IDN_FLAGS (IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL)

/* One label as it is read, escapes already undone. */
struct label {
	size_t len;
	bool foreign; /* holds a byte over 0x7F that was not escaped */
	char text[ULABEL_MAX + 1];
};

static uint8_t fold(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 1035 section 5.1: after the backslash at *at, three digits are an octet, anything else stands for itself. */
static bool read_escape(const char **at, char *byte)
{
	const char *s = *at + 1;

	if (is_digit(*s)) {
		int value;

		if (!is_digit(s[1]) || !is_digit(s[2]))
			return false;
		value = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
		if (value > 255)
			return false;
		*byte = (char)value;
		*at = s + 3;
		return true;
	}
	if (!*s)
		return false;
	*byte = *s;
	*at = s + 1;
	return true;
}

/* Reads up to a dot or the end. */
static bool read_label(const char **at, struct label *label, struct err *err)
{
	label->len = 0;
	label->foreign = false;
	while (**at && **at != '.') {
		char byte = **at;

		if (byte != '\\') {
			label->foreign |= (unsigned char)byte > 0x7F;
			++*at;
		} else if (!read_escape(at, &byte)) {
			return err_set(err, ERR_USAGE, N_("a backslash must be followed by a character or by three digits up to 255"));
		}
		if (label->len == ULABEL_MAX)
			return err_set(err, ERR_USAGE, N_("a label is longer than 63 octets"));
		label->text[label->len++] = byte;
	}
	label->text[label->len] = '\0';
	return true;
}

/* A U-label becomes its A-label. */
static bool to_ascii(struct label *label, struct err *err)
{
	char *ascii = NULL;
	int rc = IDN2_DISALLOWED; /* as an escaped zero byte is */

	if (strlen(label->text) == label->len)
		rc = idn2_to_ascii_8z(label->text, &ascii, IDN_FLAGS);
	/* Some foreign full stops are mapped to a dot: then it is no longer one label. */
	if (rc == IDN2_OK && strchr(ascii, '.'))
		rc = IDN2_DISALLOWED;
	if (rc == IDN2_OK) {
		label->len = strlen(ascii);
		memcpy(label->text, ascii, label->len + 1);
	}
	free(ascii);
	if (rc == IDN2_TOO_BIG_LABEL || rc == IDN2_PUNYCODE_BIG_OUTPUT)
		return err_set(err, ERR_USAGE, N_("\"%s\" is longer than 63 octets as an A-label"), label->text);
	if (rc != IDN2_OK)
		return err_set(err, ERR_USAGE, N_("\"%s\" is not allowed as an internationalised label (IDNA2008)"), label->text);
	return true;
}

static bool append(struct dname *name, const struct label *label, const char *text, struct err *err)
{
	if (label->len == 0)
		return err_set(err, ERR_USAGE, N_("\"%s\" has an empty label: a dot too many"), text);
	if (label->len > LABEL_MAX)
		return err_set(err, ERR_USAGE, N_("a label is longer than 63 octets"));
	if (name->len + 1 + label->len + 1 > DNAME_WIRE_MAX)
		return err_set(err, ERR_USAGE, N_("the name is longer than 255 octets"));
	name->wire[name->len++] = (uint8_t)label->len;
	for (size_t i = 0; i < label->len; i++)
		name->wire[name->len++] = fold((uint8_t)label->text[i]);
	return true;
}

bool dname_parse(struct dname *name, const char *text, struct err *err)
{
	struct dname made = { 0 };
	const char *at = text;

	if (!*text)
		return err_set(err, ERR_USAGE, N_("the name is empty"));
	if (strcmp(text, ".") == 0) {
		dname_root(name);
		return true;
	}
	do {
		struct label label;

		if (!read_label(&at, &label, err))
			return false;
		if (label.foreign && !to_ascii(&label, err))
			return false;
		if (!append(&made, &label, text, err))
			return false;
		at += *at == '.';
	} while (*at);
	made.len++; /* the root, already zero */
	*name = made;
	return true;
}

bool dname_from_wire(struct dname *name, const uint8_t *wire, size_t len)
{
	size_t at = 0;

	if (len == 0 || len > DNAME_WIRE_MAX)
		return false;
	while (wire[at]) {
		if (wire[at] > LABEL_MAX || at + 1 + wire[at] >= len)
			return false;
		at += 1u + wire[at];
	}
	if (at + 1 != len)
		return false;
	for (size_t i = 0; i < len; i++)
		name->wire[i] = fold(wire[i]); /* the length of a label is less than any letter */
	memset(name->wire + len, 0, sizeof(name->wire) - len);
	name->len = (uint8_t)len;
	return true;
}

void dname_root(struct dname *name)
{
	*name = (struct dname){ .len = 1 };
}

/* What has a meaning of its own in names or zone files gets a backslash, what cannot be seen its number. */
static char *write_label(char *out, const uint8_t *label, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t c = label[i];

		if ((c >= 'a' && c <= 'z') || is_digit((char)c) || c == '-') {
			*out++ = (char)c;
			continue;
		}
		if (c <= ' ' || c >= 0x7F) {
			*out++ = '\\';
			*out++ = (char)('0' + c / 100);
			*out++ = (char)('0' + c / 10 % 10);
			*out++ = (char)('0' + c % 10);
			continue;
		}
		if (strchr(".\\\"();@$", c))
			*out++ = '\\';
		*out++ = (char)c;
	}
	return out;
}

/* Its end. */
static char *write_dot(const struct dname *name, char out[DNAME_TEXT_MAX])
{
	char *to = out;

	for (size_t at = 0; at < name->len && name->wire[at]; at += 1u + name->wire[at]) {
		to = write_label(to, name->wire + at + 1, name->wire[at]);
		*to++ = '.';
	}
	if (to == out && name->len)
		*to++ = '.';
	*to = '\0';
	return to;
}

const char *dname_text_dot(const struct dname *name, char out[DNAME_TEXT_MAX])
{
	write_dot(name, out);
	return out;
}

char *dname_write(const struct dname *name, char out[DNAME_TEXT_MAX])
{
	char *end = write_dot(name, out);

	if (end - out > 1)
		*--end = '\0';
	return end;
}

const char *dname_text(const struct dname *name, char out[DNAME_TEXT_MAX])
{
	dname_write(name, out);
	return out;
}

/* Nothing hidden, and of ASCII only what host names hold. */
static bool is_showable(const char *label)
{
	struct str seen;
	bool same;

	for (const char *c = label; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || is_digit(*c) || *c == '-' || *c == '_';

		if ((unsigned char)*c < 0x80 && !plain)
			return false;
	}
	str_init(&seen, 0);
	text_escape(&seen, label, strlen(label));
	same = strcmp(seen.s, label) == 0;
	str_release(&seen);
	return same;
}

/* Writes the U-label of one that has one, and only if it is the way back too; else NULL. */
static char *write_ulabel(char *out, const uint8_t *label, size_t len)
{
	char ascii[LABEL_MAX + 1], *unicode = NULL, *back = NULL;

	if (len < 5 || memcmp(label, "xn--", 4) != 0 || memchr(label, 0, len))
		return NULL;
	memcpy(ascii, label, len);
	ascii[len] = '\0';
	if (idn2_to_unicode_8z8z(ascii, &unicode, IDN_FLAGS) == IDN2_OK && strlen(unicode) <= 4 * len && is_showable(unicode) &&
		idn2_to_ascii_8z(unicode, &back, IDN_FLAGS) == IDN2_OK && strcmp(back, ascii) == 0) {
		memcpy(out, unicode, strlen(unicode));
		out += strlen(unicode);
	} else {
		out = NULL;
	}
	free(unicode);
	free(back);
	return out;
}

const char *dname_show(const struct dname *name, char out[DNAME_TEXT_MAX])
{
	char *to = out;

	if (name->len <= 1)
		return dname_text(name, out);
	for (size_t at = 0; name->wire[at]; at += 1u + name->wire[at]) {
		char *end;

		if (at)
			*to++ = '.';
		end = write_ulabel(to, name->wire + at + 1, name->wire[at]);
		to = end ? end : write_label(to, name->wire + at + 1, name->wire[at]);
	}
	*to = '\0';
	return out;
}

bool dname_is_root(const struct dname *name)
{
	return name->len == 1;
}

bool dname_equal(const struct dname *a, const struct dname *b)
{
	return a->len == b->len && memcmp(a->wire, b->wire, a->len) == 0;
}

/* Where each label begins, from the left; returns how many. */
static unsigned offsets(const struct dname *name, uint8_t at[LABELS_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < name->len && name->wire[i]; i += 1u + name->wire[i])
		at[n++] = (uint8_t)i;
	return n;
}

int dname_cmp(const struct dname *a, const struct dname *b)
{
	uint8_t at_a[LABELS_MAX], at_b[LABELS_MAX];
	unsigned n_a = offsets(a, at_a), n_b = offsets(b, at_b);

	while (n_a && n_b) {
		const uint8_t *label_a = a->wire + at_a[--n_a], *label_b = b->wire + at_b[--n_b];
		uint8_t shorter = *label_a < *label_b ? *label_a : *label_b;
		int order = memcmp(label_a + 1, label_b + 1, shorter);

		if (order == 0)
			order = *label_a - *label_b;
		if (order)
			return order;
	}
	if (n_a != n_b)
		return n_a ? 1 : -1;
	return a->len - b->len; /* no name at all stands before the root */
}

bool dname_under(const struct dname *name, const struct dname *zone)
{
	size_t at = 0;

	if (zone->len == 0 || name->len < zone->len)
		return false;
	while (name->len - at > zone->len)
		at += 1u + name->wire[at];
	return name->len - at == zone->len && memcmp(name->wire + at, zone->wire, zone->len) == 0;
}

unsigned dname_labels(const struct dname *name)
{
	uint8_t at[LABELS_MAX];

	return offsets(name, at);
}

bool dname_parent(const struct dname *name, struct dname *parent)
{
	struct dname made = { 0 };
	size_t skip;

	if (name->len <= 1)
		return false;
	skip = 1u + name->wire[0];
	made.len = (uint8_t)(name->len - skip);
	memcpy(made.wire, name->wire + skip, made.len);
	*parent = made;
	return true;
}

bool dname_before(const struct dname *name, const struct dname *zone, struct dname *before)
{
	if (!dname_under(name, zone))
		return false;
	*before = *name;
	before->len = (uint8_t)(name->len - zone->len + 1);
	before->wire[before->len - 1] = 0;
	return true;
}

bool dname_star(const struct dname *name, struct dname *star)
{
	uint8_t wire[DNAME_WIRE_MAX + 2] = { 1, '*' };

	memcpy(wire + 2, name->wire, name->len);
	return dname_from_wire(star, wire, name->len + 2u);
}

const uint8_t *dname_label(const struct dname *name, unsigned i, size_t *len)
{
	uint8_t at[LABELS_MAX];

	if (i >= offsets(name, at))
		return NULL;
	*len = name->wire[at[i]];
	return name->wire + at[i] + 1;
}

const char *dname_relative(const struct dname *name, const struct dname *zone, char out[DNAME_TEXT_MAX])
{
	char *to = out;
	size_t end;

	if (!dname_under(name, zone))
		return dname_text_dot(name, out);
	end = (size_t)(name->len - zone->len);
	if (end == 0)
		*to++ = '@';
	for (size_t at = 0; at < end; at += 1u + name->wire[at]) {
		if (at)
			*to++ = '.';
		to = write_label(to, name->wire + at + 1, name->wire[at]);
	}
	*to = '\0';
	return out;
}
