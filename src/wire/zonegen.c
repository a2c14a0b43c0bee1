/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/zonegen.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

#define NIBBLES_MAX 64u

struct range {
	uint32_t start, stop, step;
};

/* "START-STOP" or "START-STOP/STEP" */
static bool read_range(const struct zonescan *scan, const struct zone_word *word, struct range *range)
{
	const char *s = scan->text + word->at, *dash = memchr(s, '-', word->len), *slash = memchr(s, '/', word->len);
	size_t end = slash ? (size_t)(slash - s) : word->len, middle;

	range->step = 1;
	if (!dash || (slash && slash < dash))
		return false;
	middle = (size_t)(dash - s);
	return zone_word_number(scan, &(struct zone_word){ word->at, middle }, INT32_MAX, &range->start) &&
	       zone_word_number(scan, &(struct zone_word){ word->at + middle + 1, end - middle - 1 }, INT32_MAX, &range->stop) &&
	       (!slash ||
		       zone_word_number(scan, &(struct zone_word){ word->at + end + 1, word->len - end - 1 }, INT32_MAX, &range->step)) &&
	       range->step && range->start <= range->stop;
}

static void add_nibbles(struct str *out, uint32_t value, unsigned width, bool upper)
{
	do {
		str_add_char(out, (upper ? "0123456789ABCDEF" : "0123456789abcdef")[value & 15]);
		value >>= 4;
		width -= width > 0;
		if (value || width) {
			str_add_char(out, '.');
			width -= width > 0;
		}
	} while (value || width);
}

static bool add_number(struct str *out, long value, unsigned width, char base)
{
	char text[NIBBLES_MAX + 16];
	int w = (int)width;

	if (value < 0 || value > INT32_MAX || width > NIBBLES_MAX)
		return false;
	if (base == 'n' || base == 'N') {
		add_nibbles(out, (uint32_t)value, width, base == 'N');
		return true;
	}
	switch (base) {
	case 'd':
		snprintf(text, sizeof(text), "%0*ld", w, value);
		break;
	case 'o':
		snprintf(text, sizeof(text), "%0*lo", w, (unsigned long)value);
		break;
	case 'x':
		snprintf(text, sizeof(text), "%0*lx", w, (unsigned long)value);
		break;
	case 'X':
		snprintf(text, sizeof(text), "%0*lX", w, (unsigned long)value);
		break;
	default:
		return false;
	}
	str_add(out, text);
	return true;
}

/* "{OFFSET,WIDTH,BASE}" behind a $, the last two may be missing. Returns its bytes; 0: it is none. */
static size_t add_modified(struct str *out, const char *s, size_t len, uint32_t at)
{
	const char *end = memchr(s, '}', len);
	char text[32], base[2] = "d";
	unsigned width = 0;
	long offset = 0;
	int read = 0;

	if (!end || (size_t)(end - s) + 1 >= sizeof(text))
		return 0;
	len = (size_t)(end - s) + 1;
	memcpy(text, s, len);
	text[len] = '\0';
	/* Widths bound each number: NOLINTBEGIN(cert-err34-c) */
	if ((sscanf(text, "{%9ld}%n", &offset, &read) == 1 && read) ||
		(sscanf(text, "{%9ld,%5u}%n", &offset, &width, &read) == 2 && read) ||
		(sscanf(text, "{%9ld,%5u,%1[doxXnN]}%n", &offset, &width, base, &read) == 3 && read))
		return (size_t)read == len && add_number(out, (long)at + offset, width, base[0]) ? len : 0;
	/* NOLINTEND(cert-err34-c) */
	return 0;
}

static bool fill(struct str *out, const char *s, size_t len, uint32_t at)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\' && i + 1 < len) {
			str_add_bytes(out, s + i++, 2);
		} else if (s[i] != '$') {
			str_add_char(out, s[i]);
		} else if (i + 1 < len && s[i + 1] == '$') {
			str_add(out, "\\$");
			i++;
		} else if (i + 1 < len && s[i + 1] == '{') {
			size_t read = add_modified(out, s + i + 1, len - i - 1, at);

			if (!read)
				return false;
			i += read;
		} else {
			str_addf(out, "%u", (unsigned)at);
		}
	}
	return true;
}

static bool add_line(const struct zonescan *scan, const struct zone_entry *entry, uint32_t at, struct str *out)
{
	struct zone_word last = entry->word[entry->n - 1];

	if (last.len >= 2 && scan->text[last.at] == '"') {
		last.at++;
		last.len -= 2;
	}
	if (!fill(out, scan->text + entry->word[2].at, entry->word[2].len, at))
		return false;
	for (size_t i = 3; i + 1 < entry->n; i++) {
		str_add_char(out, ' ');
		str_add_bytes(out, scan->text + entry->word[i].at, entry->word[i].len);
	}
	str_add_char(out, ' ');
	if (!fill(out, scan->text + last.at, last.len, at))
		return false;
	str_add_char(out, '\n');
	return true;
}

/* The type is the first that follows a TTL and a class; what it makes is a single word, as name servers take it. */
static bool is_one_word(const struct zonescan *scan, const struct zone_entry *entry)
{
	size_t type = 3;
	uint32_t ttl_s;

	while (type < 5 && (zone_word_ttl(scan, &entry->word[type], &ttl_s) || zone_word_is_class(scan, &entry->word[type])))
		type++;
	return type + 2 == entry->n;
}

bool zonegen_expand(const struct zonescan *scan, const struct zone_entry *entry, struct str *out, struct err *err)
{
	struct range range;

	if (!is_one_word(scan, entry))
		return err_set(err, ERR_USAGE,
			N_("%s, line %zu: what this $GENERATE makes of each record must be one word, or stand in quotation marks"),
			scan->name, entry->line);
	if (!read_range(scan, &entry->word[1], &range))
		return err_set(err, ERR_USAGE, N_("%s, line %zu: this $GENERATE is not understood"), scan->name, entry->line);
	if ((range.stop - range.start) / range.step >= ZONEGEN_MAX)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: this $GENERATE makes more than %u records"), scan->name, entry->line,
			ZONEGEN_MAX);
	for (uint64_t at = range.start; at <= range.stop; at += range.step) {
		if (!add_line(scan, entry, (uint32_t)at, out))
			return err_set(err, ERR_USAGE, N_("%s, line %zu: this $GENERATE is not understood"), scan->name, entry->line);
	}
	return true;
}

void zonegen_scan(struct zonescan *inner, const struct zonescan *scan, const struct zone_entry *entry, const struct str *text)
{
	*inner = *scan;
	inner->text = text->s;
	inner->len = text->len;
	inner->at = 0;
	inner->line = entry->line;
	inner->one_line = true;
}

void zonegen_done(struct zonescan *scan, const struct zonescan *inner)
{
	scan->used_late_origin |= inner->used_late_origin;
	scan->wants_origin |= inner->wants_origin;
}
