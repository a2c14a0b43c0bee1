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

bool zone_word_is(const struct zonescan *scan, const struct zone_word *word, const char *text)
{
	const char *s = scan->text + word->at;

	if (strlen(text) != word->len)
		return false;
	for (size_t i = 0; i < word->len; i++) {
		char c = s[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c != text[i])
			return false;
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* One word from scan->at on; false when a quote never ends. */
static bool take_word(struct zonescan *scan, struct zone_entry *entry)
{
	size_t start = scan->at;
	bool quoted = false;

	for (; scan->at < scan->len; scan->at++) {
		char c = scan->text[scan->at];

		if (c == '\n')
			break;
		if (c == '\\' && scan->at + 1 < scan->len && scan->text[scan->at + 1] != '\n') {
			scan->at++;
			continue;
		}
		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (!quoted && (is_blank(c) || c == ';' || c == '(' || c == ')'))
			break;
	}
	entry->word = mem_grow(entry->word, entry->n, &entry->cap, sizeof *entry->word);
	entry->word[entry->n++] = (struct zone_word){ start, scan->at - start };
	return !quoted;
}

static void skip_comment(struct zonescan *scan)
{
	while (scan->at < scan->len && scan->text[scan->at] != '\n')
		scan->at++;
}

/* Words of one logical line; parentheses join lines. */
static bool take_words(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	bool open = false;

	entry->n = 0;
	entry->start = scan->at;
	entry->line = scan->first_line = scan->line;
	entry->blank_owner = scan->at < scan->len && is_blank(scan->text[scan->at]);
	while (scan->at < scan->len) {
		char c = scan->text[scan->at];

		if (c == '\0')
			return err_set(err, ERR_USAGE, N_("%s, line %zu: a zero byte is no zone text"), scan->name, scan->line);
		if (c == ';') {
			skip_comment(scan);
		} else if (c == '\n') {
			scan->at++;
			scan->line++;
			if (!open)
				break;
		} else if (c == '(' || c == ')') {
			if (open == (c == '('))
				return err_set(err, ERR_USAGE, N_("%s, line %zu: a parenthesis too many"), scan->name, scan->line);
			open = c == '(';
			scan->at++;
		} else if (is_blank(c)) {
			scan->at++;
		} else if (!take_word(scan, entry)) {
			return err_set(err, ERR_USAGE, N_("%s, line %zu: a quotation mark is missing"), scan->name, scan->line);
		}
	}
	entry->end = scan->at;
	if (open)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the parenthesis is never closed"), scan->name, entry->line);
	return true;
}

/* "3600", "1h30m", "2W". */
static bool parse_ttl(const char *s, size_t len, uint32_t *ttl_s)
{
	static const char units[] = "smhdw";
	static const uint32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	uint64_t total = 0, value = 0;
	bool digits = false;

	for (size_t i = 0; i < len; i++) {
		const char *unit;

		if (s[i] >= '0' && s[i] <= '9') {
			value = value * 10 + (uint64_t)(s[i] - '0');
			digits = true;
		} else {
			unit = strchr(units, s[i] | 0x20);
			if (!digits || !unit || !*unit)
				return false;
			total += value * seconds[unit - units];
			value = 0;
			digits = false;
		}
		if (total + value > UINT32_MAX)
			return false;
	}
	total += value;
	*ttl_s = (uint32_t)total;
	return len > 0 && s[0] >= '0' && s[0] <= '9' && total <= MX_TTL_MAX;
}

/* A name as zone text has it: relative to the origin unless it ends in a dot. */
static bool parse_name(const struct zonescan *scan, const struct zone_word *word, struct dname *name, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	const char *s = scan->text + word->at;
	struct str full = { 0 };
	size_t slashes = 0;
	bool ok = true;

	str_init(&full, 0);
	if (word->len != 1 || *s != '@')
		str_add_bytes(&full, s, word->len);
	while (word->len > slashes + 1 && s[word->len - 2 - slashes] == '\\')
		slashes++;
	if (!full.len || s[word->len - 1] != '.' || slashes % 2) {
		if (!scan->has_origin)
			ok = err_set(err, ERR_USAGE, N_("%s, line %zu: no $ORIGIN says what this name is relative to"), scan->name,
				scan->first_line);
		else if (full.len && dname_is_root(&scan->origin))
			str_add_char(&full, '.');
		else
			str_addf(&full, "%s%s", full.len ? "." : "", dname_text_dot(&scan->origin, text));
	}
	if (ok && !dname_parse(name, full.s, err)) {
		err_context(err, N_("%s, line %zu"), scan->name, scan->first_line);
		ok = false;
	}
	str_release(&full);
	return ok;
}

static bool follow_directive(struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	const struct zone_word *word = entry->word;

	if (zone_word_is(scan, word, "$INCLUDE") || zone_word_is(scan, word, "$GENERATE"))
		return err_set(err, ERR_USAGE,
			N_("%s, line %zu: $INCLUDE and $GENERATE cannot be followed; put the records themselves into the file"), scan->name,
			entry->line);
	if (zone_word_is(scan, word, "$ORIGIN") && entry->n == 2) {
		struct dname origin;

		if (!parse_name(scan, &word[1], &origin, err))
			return false;
		scan->origin = origin;
		scan->has_origin = true;
		return true;
	}
	if (zone_word_is(scan, word, "$TTL") && entry->n == 2 && parse_ttl(scan->text + word[1].at, word[1].len, &scan->standard_s)) {
		scan->has_standard = true;
		return true;
	}
	return err_set(err, ERR_USAGE, N_("%s, line %zu: this directive is not understood"), scan->name, entry->line);
}

static bool is_class(const struct zonescan *scan, const struct zone_word *word)
{
	static const char *const classes[] = { "IN", "CH", "HS", "CS", "CLASS1", "NONE", "ANY" };

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (zone_word_is(scan, word, classes[i]))
			return true;
	return false;
}

/* Without $TTL and without a record before it, the SOA's own minimum is its TTL (as BIND does). */
static bool soa_minimum(const struct zonescan *scan, const struct zone_entry *entry, uint32_t *ttl_s)
{
	const struct zone_word *last = &entry->word[entry->n - 1];

	return zone_word_is(scan, &entry->word[entry->type], "SOA") && entry->n - entry->type == 8 &&
	       parse_ttl(scan->text + last->at, last->len, ttl_s);
}

/* Owner, TTL, class and type. */
static bool read_head(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	size_t i = entry->blank_owner ? 0 : 1;
	bool has_class = false;

	entry->first = i;
	entry->has_ttl = false;
	entry->origin = scan->origin;
	if (entry->blank_owner && !scan->has_owner)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the first record has no owner"), scan->name, entry->line);
	if (entry->blank_owner)
		entry->owner = scan->owner;
	else if (!parse_name(scan, &entry->word[0], &entry->owner, err))
		return false;
	for (; i < entry->n; i++) {
		const struct zone_word *word = &entry->word[i];

		if (!entry->has_ttl && parse_ttl(scan->text + word->at, word->len, &entry->ttl_s)) {
			entry->has_ttl = true;
			entry->ttl = i;
		} else if (!has_class && is_class(scan, word)) {
			has_class = true;
			if (!zone_word_is(scan, word, "IN") && !zone_word_is(scan, word, "CLASS1"))
				return err_set(err, ERR_USAGE, N_("%s, line %zu: only class IN is understood"), scan->name, entry->line);
		} else {
			break;
		}
	}
	if (i == entry->n)
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the record has no type"), scan->name, entry->line);
	entry->type = i;
	if (!scan->has_origin && zone_word_is(scan, &entry->word[i], "SOA")) {
		scan->origin = entry->origin = entry->owner;
		scan->has_origin = true;
	}
	if (entry->has_ttl)
		return true;
	entry->ttl_s = scan->has_standard ? scan->standard_s : scan->last_s;
	if (!scan->has_standard && !scan->has_last && !soa_minimum(scan, entry, &entry->ttl_s))
		return err_set(err, ERR_USAGE, N_("%s, line %zu: no TTL, and no $TTL before"), scan->name, entry->line);
	return true;
}

enum zone_step zonescan_next(struct zonescan *scan, struct zone_entry *entry, struct err *err)
{
	while (scan->at < scan->len) {
		if (!take_words(scan, entry, err))
			return ZONE_BAD;
		if (!entry->n)
			continue;
		if (!entry->blank_owner && scan->text[entry->word[0].at] == '$') {
			if (!follow_directive(scan, entry, err))
				return ZONE_BAD;
			continue;
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

ldns_rr *zone_entry_rr(const struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct str line = { 0 };
	ldns_rdf *origin = NULL;
	ldns_rr *rr = NULL;
	ldns_status status;

	str_init(&line, 0);
	str_addf(&line, "%s %u IN", dname_text_dot(&entry->owner, text), (unsigned int)entry->ttl_s);
	for (size_t i = entry->type; i < entry->n; i++) {
		str_add_char(&line, ' ');
		str_add_bytes(&line, scan->text + entry->word[i].at, entry->word[i].len);
	}
	if (entry->origin.len)
		origin = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, entry->origin.len, entry->origin.wire);
	status = ldns_rr_new_frm_str(&rr, line.s, entry->ttl_s, origin, NULL);
	ldns_rdf_deep_free(origin);
	str_release(&line);
	if (status == LDNS_STATUS_OK)
		return rr;
	err_set(err, ERR_USAGE, N_("%s, line %zu: the record cannot be read: %s"), scan->name, entry->line,
		ldns_get_errorstr_by_id(status));
	return NULL;
}
