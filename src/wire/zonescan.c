/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/zonescan.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

void zonescan_init(struct zonescan *scan, const char *name, const char *text, size_t len, const struct dname *origin)
{
	*scan = (struct zonescan){ .name = name, .text = text, .len = len, .line = 1 };
	if (origin) {
		scan->origin = *origin;
		scan->has_origin = true;
	}
}

void zone_entry_release(struct zone_entry *entry)
{
	free(entry->word);
	*entry = (struct zone_entry){ 0 };
}

bool zonescan_at(const struct zonescan *scan, size_t line, struct err *err)
{
	return err_context(err, N_("%s, line %zu"), scan->name, line);
}

/* ---- words ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A carriage return ends a line too, with or without a newline behind it. */
static bool ends_line(char c)
{
	return c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
	if ((unsigned char)c > ';')
		return false;
	return is_blank(c) || ends_line(c) || c == '\0' || c == ';' || c == '(' || c == ')' || c == '"';
}

/* One word from scan->at on, a quoted one with its quotes; false when a quote never ends. */
static bool take_word(struct zonescan *scan, struct zone_entry *entry)
{
	size_t start = scan->at, at = start;
	bool quoted = scan->text[at] == '"';

	for (at += quoted; at < scan->len; at++) {
		char c = scan->text[at];

		if (c == '\\' && at + 1 < scan->len && (quoted || !ends_line(scan->text[at + 1])))
			scan->line += scan->text[++at] == '\n' && !scan->one_line;
		else if (quoted ? c == '"' || c == '\n' || c == '\0' : ends_word(c))
			break;
	}
	if (quoted && (at == scan->len || scan->text[at] != '"'))
		return false;
	scan->at = at + quoted;
	if (entry->n == entry->cap)
		entry->word = mem_grow(entry->word, entry->n, &entry->cap, sizeof(*entry->word));
	entry->word[entry->n++] = (struct zone_word){ start, scan->at - start };
	return true;
}

static void skip_comment(struct zonescan *scan)
{
	const char *end = memchr(scan->text + scan->at, '\n', scan->len - scan->at);

	scan->at = end ? (size_t)(end - scan->text) : scan->len;
}

/* Lines are counted by their newlines, as editors do. */
static void skip_line_end(struct zonescan *scan)
{
	if (scan->text[scan->at] == '\r' && scan->at + 1 < scan->len && scan->text[scan->at + 1] == '\n')
		scan->at++;
	scan->line += scan->text[scan->at] == '\n' && !scan->one_line;
	scan->at++;
}

/* Words of one logical line; parentheses join lines. */
static bool take_words(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	unsigned depth = 0;

	entry->n = 0;
	entry->ended = false;
	entry->start = scan->at;
	entry->line = scan->first_line = scan->line;
	entry->blank_owner = scan->at < scan->len && is_blank(scan->text[scan->at]);
	while (scan->at < scan->len && !entry->ended) {
		char c = scan->text[scan->at];

		if (c == '\0')
			return err_set(err, ERR_USAGE, N_("%s, line %zu: a zero byte is no zone text"), scan->name, scan->line);
		if (c == ';') {
			skip_comment(scan);
		} else if (ends_line(c)) {
			entry->ended = !depth;
			skip_line_end(scan);
		} else if (c == '(' || c == ')') {
			if (c == ')' && !depth)
				return err_set(err, ERR_USAGE, N_("%s, line %zu: a parenthesis too many"), scan->name, scan->line);
			depth += c == '(' ? 1 : -1u;
			scan->at++;
		} else if (is_blank(c)) {
			scan->at++;
		} else if (!take_word(scan, entry)) {
			return err_set(err, ERR_USAGE, N_("%s, line %zu: a quotation mark is missing"), scan->name, scan->line);
		}
	}
	entry->end = scan->at;
	if (depth)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the parenthesis is never closed"), scan->name, entry->line);
	return true;
}

/* ---- entries ---- */

static bool read_origin(struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	struct dname origin;

	if (!zone_word_name(scan, &entry->word[1], &origin, err))
		return false;
	scan->origin = origin;
	scan->has_origin = true;
	return true;
}

/* A TTL of its own is inherited by what follows, as a record's would be. */
static void note_generated_ttl(struct zonescan *scan, struct zone_entry *entry)
{
	entry->has_ttl = false;
	for (size_t i = 3; i + 2 < entry->n && i < 5; i++) {
		if (zone_word_ttl(scan, &entry->word[i], &scan->last_s))
			entry->has_ttl = scan->has_last = true;
	}
}

/* What old BIND wrote into its dumps: the time of the dump; it says nothing of the zone. */
static bool is_date(const struct zonescan *scan, const struct zone_entry *entry)
{
	const struct zone_word *word = entry->word;
	uint32_t half;

	return zone_word_is(scan, word, "$DATE") && entry->n == 2 && word[1].len == 14 &&
	       zone_word_number(scan, &(struct zone_word){ word[1].at, 7 }, UINT32_MAX, &half) &&
	       zone_word_number(scan, &(struct zone_word){ word[1].at + 7, 7 }, UINT32_MAX, &half);
}

/* ZONE_ENTRY: followed, go on. */
static enum zone_step take_directive(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	const struct zone_word *word = entry->word;

	if (zone_word_is(scan, word, "$INCLUDE") && (entry->n == 2 || entry->n == 3))
		return ZONE_INCLUDE;
	if (!entry->ended) {
		err_set(err, ERR_USAGE, N_("%s, line %zu: the file ends in a directive without a line end"), scan->name, entry->line);
		err_hint(err, N_("End the last line with a newline; BIND refuses the file without it."));
		return ZONE_BAD;
	}
	if (zone_word_is(scan, word, "$GENERATE") && entry->n >= 5) {
		note_generated_ttl(scan, entry);
		return ZONE_GENERATE;
	}
	if (zone_word_is(scan, word, "$ORIGIN") && entry->n == 2)
		return read_origin(scan, entry, err) ? ZONE_ENTRY : ZONE_BAD;
	if (is_date(scan, entry))
		return ZONE_ENTRY;
	if (zone_word_is(scan, word, "$TTL") && entry->n == 2 && zone_word_ttl(scan, &word[1], &scan->standard_s)) {
		scan->has_standard = true;
		return ZONE_ENTRY;
	}
	err_set(err, ERR_USAGE, N_("%s, line %zu: this directive is not understood"), scan->name, entry->line);
	return ZONE_BAD;
}

/* RFC 3597 section 5: "CLASS1"; up to five digits. */
static bool class_number(const struct zonescan *scan, const struct zone_word *word, uint32_t *number)
{
	return word->len > 5 && word->len <= 10 && zone_word_is(scan, &(struct zone_word){ word->at, 5 }, "CLASS") &&
	       zone_word_number(scan, &(struct zone_word){ word->at + 5, word->len - 5 }, 65535, number);
}

bool zone_word_is_class(const struct zonescan *scan, const struct zone_word *word)
{
	static const char *const classes[] = { "IN", "CH", "HS", "CS", "NONE", "ANY", "CHAOS", "HESIOD" };
	uint32_t number;

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (zone_word_is(scan, word, classes[i]))
			return true;
	}
	return class_number(scan, word, &number);
}

/* CLASS0 stands for the zone's own class in BIND. */
static bool is_internet(const struct zonescan *scan, const struct zone_word *word)
{
	uint32_t number;

	return zone_word_is(scan, word, "IN") || (class_number(scan, word, &number) && number <= 1);
}

/* Without $TTL and without a record before it, the SOA's own minimum stands for $TTL (as BIND does). */
static bool soa_minimum(const struct zonescan *scan, const struct zone_entry *entry, uint32_t *ttl_s)
{
	return entry->code == DNS_SOA && entry->n - entry->type == 8 && zone_word_ttl(scan, &entry->word[entry->n - 1], ttl_s);
}

static bool read_owner(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	entry->first = entry->blank_owner ? 0 : 1;
	entry->origin = scan->origin;
	if (!entry->blank_owner) {
		struct zone_word owner = entry->word[0];
		bool quoted = owner.len > 2 && scan->text[owner.at] == '"';

		return zone_word_name(scan, &(struct zone_word){ owner.at + quoted, owner.len - 2 * quoted }, &entry->owner, err);
	}
	if (!scan->has_owner)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the first record has no owner"), scan->name, entry->line);
	entry->owner = scan->owner;
	return true;
}

/* TTL and class, in either order, and the type. */
static bool read_type(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	char text[ZONE_ERR_TEXT];
	bool has_class = false;
	size_t i;

	entry->has_ttl = false;
	for (i = entry->first; i < entry->n; i++) {
		const struct zone_word *word = &entry->word[i];

		if (!entry->has_ttl && zone_word_ttl(scan, word, &entry->ttl_s)) {
			entry->has_ttl = true;
			entry->ttl = i;
		} else if (!has_class && zone_word_is_class(scan, word)) {
			has_class = true;
			if (!is_internet(scan, word))
				return err_set(err, ERR_USAGE, N_("%s, line %zu: only class IN is understood"), scan->name, entry->line);
		} else {
			break;
		}
	}
	if (i == entry->n)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the record has no type"), scan->name, entry->line);
	entry->type = i;
	if (zone_word_is_class(scan, &entry->word[i]) || !zone_word_type(scan, &entry->word[i], &entry->code)) {
		err_set(err, ERR_USAGE, N_("%s is no record type"), zone_word_text(scan, &entry->word[i], text));
		return zonescan_at(scan, entry->line, err);
	}
	return true;
}

static bool read_head(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	if (!read_owner(scan, entry, err) || !read_type(scan, entry, err))
		return false;
	if (!scan->has_origin && entry->code == DNS_SOA) {
		scan->origin = entry->origin = entry->owner;
		scan->has_origin = true;
	}
	if (entry->has_ttl)
		return true;
	entry->ttl_s = scan->has_standard ? scan->standard_s : scan->last_s;
	if (scan->has_standard || scan->has_last)
		return true;
	if (!soa_minimum(scan, entry, &scan->standard_s))
		return err_set(err, ERR_USAGE, N_("%s, line %zu: no TTL, and no $TTL before"), scan->name, entry->line);
	entry->ttl_s = scan->standard_s;
	scan->has_standard = true;
	return true;
}

/* Refuses a byte order mark: a name server would take it for a part of the first name. */
static bool starts_well(const struct zonescan *scan, struct err *err)
{
	static const char *const marks[] = { "\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF" };

	for (size_t i = 0; scan->at == 0 && i < sizeof(marks) / sizeof(*marks); i++) {
		size_t len = strlen(marks[i]);

		if (scan->len < len || memcmp(scan->text, marks[i], len) != 0)
			continue;
		err_set(err, ERR_USAGE, N_("%s, line 1: the file begins with a byte order mark"), scan->name);
		err_hint(err, N_("Save it as UTF-8 without one; name servers refuse it too."));
		return false;
	}
	return true;
}

enum zone_step zonescan_next(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	if (!starts_well(scan, err))
		return ZONE_BAD;
	while (scan->at < scan->len) {
		if (!take_words(scan, entry, err))
			return ZONE_BAD;
		if (!entry->n)
			continue;
		if (!entry->blank_owner && scan->text[entry->word[0].at] == '$') {
			enum zone_step step = take_directive(scan, entry, err);

			if (step == ZONE_ENTRY)
				continue;
			return step;
		}
		if (!read_head(scan, entry, err))
			return ZONE_BAD;
		scan->owner = entry->owner;
		scan->last_s = entry->ttl_s;
		scan->has_owner = scan->has_last = true;
		return ZONE_ENTRY;
	}
	return ZONE_END;
}
