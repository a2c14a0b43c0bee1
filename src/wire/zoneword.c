/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of zone text as values: zonescan.h declares them. */
#include <stdbool.h>
#include <ldns/ldns.h>
#include <string.h>

#include "base/i18n.h"
#include "wire/zonescan.h"
#include "base/banned.h"

#define LABEL_MAX 63

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool zone_word_is(const struct zonescan *scan, const struct zone_word *word, const char *text)
{
	const char *s = scan->text + word->at;

	for (size_t i = 0; i < word->len; i++) {
		if (upper(s[i]) != text[i]) /* the end of text too */
			return false;
	}
	return text[word->len] == '\0';
}

const char *zone_word_text(const struct zonescan *scan, const struct zone_word *word, char out[ZONE_ERR_TEXT])
{
	size_t len = word->len < ZONE_ERR_TEXT - 4 ? word->len : ZONE_ERR_TEXT - 4;

	memcpy(out, scan->text + word->at, len);
	memcpy(out + len, len < word->len ? "..." : "", len < word->len ? 4 : 1);
	return out;
}

/* ---- numbers ---- */

bool zone_word_number(const struct zonescan *scan, const struct zone_word *word, uint32_t max, uint32_t *value)
{
	const char *s = scan->text + word->at;
	uint64_t number = 0;

	for (size_t i = 0; i < word->len; i++) {
		if (!is_digit(s[i]))
			return false;
		number = number * 10 + (uint64_t)(s[i] - '0');
		if (number > max)
			return false;
	}
	*value = (uint32_t)number;
	return word->len > 0;
}

bool zone_word_ttl(const struct zonescan *scan, const struct zone_word *word, uint32_t *ttl_s)
{
	static const char units[] = "smhdw";
	static const uint32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	const char *s = scan->text + word->at;
	uint64_t total = 0, value = 0;
	bool digits = false;

	if (!word->len || !is_digit(*s))
		return false;
	for (size_t i = 0; i < word->len; i++) {
		const char *unit;

		if (is_digit(s[i])) {
			value = value * 10 + (uint64_t)(s[i] - '0');
			digits = true;
		} else {
			unit = s[i] ? strchr(units, s[i] | 0x20) : NULL;
			if (!digits || !unit || !*unit)
				return false;
			total += value * seconds[unit - units];
			value = 0;
			digits = false;
		}
		if (total + value > UINT32_MAX)
			return false;
	}
	if (digits && total) /* "1h30": of which unit? */
		return false;
	total += value;
	*ttl_s = total > MX_TTL_MAX ? 0 : (uint32_t)total;
	return true;
}

/* ---- names ---- */

/* RFC 1035 section 5.1: \DDD is an octet, \X stands for itself. Returns the bytes read; 0: neither. */
static size_t read_escape(const char *s, size_t len, uint8_t *byte)
{
	unsigned value;

	if (len < 2)
		return 0;
	*byte = (uint8_t)s[1];
	if (!is_digit(s[1]))
		return 2;
	if (len < 4 || !is_digit(s[2]) || !is_digit(s[3]))
		return 0;
	value = (unsigned)(s[1] - '0') * 100 + (unsigned)(s[2] - '0') * 10 + (unsigned)(s[3] - '0');
	*byte = (uint8_t)value;
	return value <= 255 ? 4 : 0;
}

struct labels { /* a name being made */
	uint8_t wire[DNAME_WIRE_MAX + 1];
	size_t at, n;  /* place of the label's length, bytes so far */
	bool absolute; /* the text ended in a dot */
};

static bool add_byte(struct labels *made, uint8_t byte, struct err *err)
{
	if (made->n - made->at > LABEL_MAX)
		return err_set(err, ERR_USAGE, N_("a label is longer than 63 octets"));
	if (made->n >= DNAME_WIRE_MAX)
		return err_set(err, ERR_USAGE, N_("the name is longer than 255 octets"));
	made->wire[made->n++] = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
	return true;
}

static bool end_label(struct labels *made, struct err *err)
{
	if (made->n == made->at + 1)
		return err_set(err, ERR_USAGE, N_("an empty label: a dot too many"));
	made->wire[made->at] = (uint8_t)(made->n - made->at - 1);
	made->at = made->n++;
	return true;
}

static bool read_labels(const char *s, size_t len, struct labels *made, struct err *err)
{
	size_t i = 0;

	made->at = 0;
	made->n = 1;
	made->absolute = false;
	while (i < len) {
		uint8_t byte = (uint8_t)s[i];
		size_t taken = 1;

		if (len - i >= 2 && s[i] == '\\' && s[i + 1] == '[' && made->n == made->at + 1)
			return err_set(err, ERR_USAGE, N_("a label that begins with \\[ was a string of bits, which no name server reads"));
		made->absolute = byte == '.';
		if (made->absolute && !end_label(made, err))
			return false;
		if (byte == '\\' && !(taken = read_escape(s + i, len - i, &byte)))
			return err_set(err, ERR_USAGE, N_("a backslash must be followed by a character or by three digits up to 255"));
		if (!made->absolute && !add_byte(made, byte, err))
			return false;
		i += taken;
	}
	return made->absolute || end_label(made, err);
}

/* What a relative name ends in; NULL with err: nothing says it. */
static const struct dname *origin_of(struct zonescan *scan, struct err *err)
{
	if (scan->has_origin)
		return &scan->origin;
	scan->used_late_origin |= scan->late_origin != NULL;
	if (scan->late_origin)
		return scan->late_origin;
	scan->wants_origin = true;
	err_set(err, ERR_USAGE, N_("%s, line %zu: no $ORIGIN says what this name is relative to"), scan->name, scan->first_line);
	return NULL;
}

static bool join(struct labels *made, const struct dname *origin, struct dname *name, struct err *err)
{
	static const struct dname root = { .len = 1 };
	const struct dname *tail = origin ? origin : &root;

	if (made->at + tail->len > DNAME_WIRE_MAX)
		return err_set(err, ERR_USAGE, N_("the name is longer than 255 octets"));
	memcpy(name->wire, made->wire, made->at);
	memcpy(name->wire + made->at, tail->wire, tail->len);
	name->len = (uint8_t)(made->at + tail->len);
	return true;
}

bool zone_word_name(struct zonescan *scan, const struct zone_word *word, struct dname *name, struct err *err)
{
	const char *s = scan->text + word->at;
	const struct dname *origin = NULL;
	struct labels made;

	if (word->len == 1 && *s == '.') {
		dname_root(name);
		return true;
	}
	if (word->len == 1 && *s == '@') {
		origin = origin_of(scan, err);
		if (origin)
			*name = *origin;
		return origin != NULL;
	}
	if (*s == '"' ? !err_set(err, ERR_USAGE, N_("a name in quotation marks")) : !read_labels(s, word->len, &made, err))
		return zonescan_at(scan, scan->first_line, err);
	if (!made.absolute && !(origin = origin_of(scan, err)))
		return false;
	return join(&made, origin, name, err) || zonescan_at(scan, scan->first_line, err);
}

/* ---- types ---- */

/* Types that the library does not know and servers load; all carry data that nothing of MX depends on. */
static const struct {
	const char *name;
	unsigned code;
} more_types[] = {
	{ "A6", 38 },
	{ "AMTRELAY", 260 },
	{ "ATMA", 34 },
	{ "AVC", 258 },
	{ "DOA", 259 },
	{ "DSYNC", 66 },
	{ "NINFO", 56 },
	{ "NXT", 30 },
	{ "RESINFO", 261 },
	{ "RKEY", 57 },
	{ "SINK", 40 },
	{ "TA", 32768 },
	{ "WALLET", 262 },
};

bool zone_type_is_data(unsigned code)
{
	for (size_t i = 0; i < sizeof(more_types) / sizeof(*more_types); i++) {
		if (more_types[i].code == code)
			return true;
	}
	return false;
}

static bool usual_type(const struct zonescan *scan, const struct zone_word *word, unsigned *code)
{
	static const struct {
		const char *name;
		unsigned code;
	} usual[] = { { "A", DNS_A }, { "AAAA", DNS_AAAA }, { "MX", DNS_MX }, { "CNAME", DNS_CNAME }, { "TXT", DNS_TXT }, { "NS", DNS_NS },
		{ "SOA", DNS_SOA }, { "RRSIG", DNS_RRSIG } };

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++) {
		if (zone_word_is(scan, word, usual[i].name)) {
			*code = usual[i].code;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof(more_types) / sizeof(*more_types); i++) {
		if (zone_word_is(scan, word, more_types[i].name)) {
			*code = more_types[i].code;
			return true;
		}
	}
	return false;
}

/* What no zone holds: types of questions (RFC 6895 section 3.1), OPT, and MD and MF, which MX replaced. */
static bool is_meta(uint32_t code)
{
	enum { MD = 3, MF = 4, OPT = 41 };

	return code == MD || code == MF || code == OPT || (code >= 128 && code <= 255);
}

static bool begins(const struct zonescan *scan, const struct zone_word *word, const char *text)
{
	size_t len = strlen(text);

	return word->len >= len && zone_word_is(scan, &(struct zone_word){ word->at, len }, text);
}

/* A coming type has a name like those before it: letters, digits and hyphens. "MX10" is a blank forgotten, "CLASS01x" a slip. */
static bool can_be_type(const struct zonescan *scan, const struct zone_word *word)
{
	const char *s = scan->text + word->at;

	for (size_t i = 0; i < word->len; i++) {
		if (!is_digit(s[i]) && s[i] != '-' && !(upper(s[i]) >= 'A' && upper(s[i]) <= 'Z'))
			return false;
	}
	return word->len >= 2 && !is_digit(*s) && *s != '-' && !begins(scan, word, "MX") && !begins(scan, word, "CLASS");
}

bool zone_word_type(const struct zonescan *scan, const struct zone_word *word, unsigned *code)
{
	char name[32];
	uint32_t number = 0;

	if (usual_type(scan, word, code))
		return true;
	if (word->len > 4 && begins(scan, word, "TYPE")) {
		bool ok = word->len <= 9 && zone_word_number(scan, &(struct zone_word){ word->at + 4, word->len - 4 }, 65535, &number);

		*code = number;
		return ok && number && !is_meta(number);
	}
	if (!can_be_type(scan, word))
		return false;
	*code = ZONE_TYPE_UNKNOWN;
	if (word->len < sizeof(name)) {
		memcpy(name, scan->text + word->at, word->len);
		name[word->len] = '\0';
		*code = (unsigned)ldns_get_rr_type_by_name(name);
	}
	return !is_meta(*code);
}
