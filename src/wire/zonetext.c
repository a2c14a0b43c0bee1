/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/zonetext.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/zonescan.h"
#include "base/banned.h"

#define NO_ENTRY SIZE_MAX

struct mx_line {    /* one of the owner's MX records in the text */
	size_t seq; /* place among the entries */
	struct mx mx;
	bool settled, drop; /* settled: mx is what the new set wants here */
};

struct editor {
	const char *text, *newline;
	const struct dname *zone, *owner;
	const struct mxset *set;
	uint32_t serial;
	size_t n_entry, n, cap;
	struct mx_line *line;
	size_t anchor; /* new records come behind this entry */
	size_t n_extra;
	struct mx *extra; /* of the set, those that no line takes */
	/* while writing: */
	struct str *out;
	size_t copied; /* bytes of the text done */
	bool has_last; /* the state that a reader of the new text would have here */
	uint32_t last_s;
	struct dname last_owner;
};

static const char zone_name[] = N_("the zone file");

static bool is_mx_of(const struct zonescan *scan, const struct zone_entry *entry, const struct dname *owner)
{
	return zone_word_is(scan, &entry->word[entry->type], "MX") && dname_equal(&entry->owner, owner);
}

static bool read_record(const struct zonescan *scan, const struct zone_entry *entry, struct dns_record *record, struct err *err)
{
	ldns_rr *rr = zone_entry_rr(scan, entry, err);
	bool ok = rr && rr_read(record, rr);

	ldns_rr_free(rr);
	return ok;
}

bool zonetext_read_mx(const struct zonetext *in, struct mxset *set, struct err *err)
{
	struct zone_entry entry = { 0 };
	struct zonescan scan;
	enum zone_step step;

	while (set->n)
		mxset_remove(set, set->n - 1);
	set->ttl_s = 0;
	zonescan_init(&scan, zone_name, in->text, in->len, in->zone);
	while ((step = zonescan_next(&scan, &entry, err)) == ZONE_ENTRY) {
		struct dns_record record = { 0 };

		if (!is_mx_of(&scan, &entry, in->owner))
			continue;
		if (!read_record(&scan, &entry, &record, err))
			break;
		if (!set->n || record.ttl_s < set->ttl_s)
			set->ttl_s = record.ttl_s;
		mxset_add(set, &(struct mx){ .preference = record.preference, .host = record.target });
	}
	zone_entry_release(&entry);
	return step == ZONE_END;
}

static bool check_wanted(const struct editor *ed, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	if (!dname_under(ed->owner, ed->zone))
		return err_set(err, ERR_USAGE, N_("%s lies outside the zone"), dname_text(ed->owner, text));
	if (ed->set->n && ed->set->ttl_s > MX_TTL_MAX)
		return err_set(err, ERR_USAGE, N_("the TTL %u is too large"), (unsigned int)ed->set->ttl_s);
	for (size_t i = 0; i < ed->set->n; i++)
		if (!ed->set->mx[i].host.len || ed->set->mx[i].preference > 65535)
			return err_set(err, ERR_USAGE, N_("%s cannot stand in an MX record"), mx_host_text(&ed->set->mx[i], text));
	return true;
}

/* What else the zone says of the owner: an MX set may not stand there. */
static bool check_entry(const struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	const struct zone_word *type = &entry->word[entry->type];
	char text[DNAME_TEXT_MAX];

	if (!dname_under(&entry->owner, ed->zone))
		return err_set(err, ERR_USAGE, N_("%s, line %zu: the record lies outside the zone"), scan->name, entry->line);
	if (ed->set->n && zone_word_is(scan, type, "CNAME") && dname_equal(&entry->owner, ed->owner))
		return err_set(err, ERR_USAGE, N_("%s is an alias (line %zu): it cannot have MX records"), dname_text(ed->owner, text),
			entry->line);
	if (zone_word_is(scan, type, "NS") && !dname_equal(&entry->owner, ed->zone) && dname_under(ed->owner, &entry->owner))
		return err_set(err, ERR_USAGE, N_("%s is delegated to another zone (line %zu)"), dname_text(ed->owner, text), entry->line);
	return true;
}

/* Notes the owner's lines, the serial, and where new lines go. */
static bool survey(struct editor *ed, size_t len, struct err *err)
{
	struct zone_entry entry = { 0 };
	bool soa = false, ok = true;
	size_t of_owner = NO_ENTRY;
	enum zone_step step = ZONE_BAD;
	struct zonescan scan;

	zonescan_init(&scan, zone_name, ed->text, len, ed->zone);
	for (; ok && (step = zonescan_next(&scan, &entry, err)) == ZONE_ENTRY; ed->n_entry++) {
		bool mx = is_mx_of(&scan, &entry, ed->owner), is_soa = zone_word_is(&scan, &entry.word[entry.type], "SOA");
		struct dns_record record = { 0 };

		if (dname_equal(&entry.owner, ed->owner))
			of_owner = ed->n_entry;
		ok = check_entry(ed, &scan, &entry, err) && (!(mx || is_soa) || read_record(&scan, &entry, &record, err));
		if (ok && is_soa && (soa || !dname_equal(&record.owner, ed->zone)))
			ok = err_set(
				err, ERR_USAGE, N_("%s, line %zu: a second SOA record, or that of another zone"), scan.name, entry.line);
		if (ok && is_soa) {
			ed->serial = record.serial;
			soa = true;
		}
		if (ok && mx) {
			ed->line = mem_grow(ed->line, ed->n, &ed->cap, sizeof *ed->line);
			ed->line[ed->n++] =
				(struct mx_line){ ed->n_entry, { .preference = record.preference, .host = record.target }, false, false };
		}
	}
	zone_entry_release(&entry);
	if (!ok || step == ZONE_BAD)
		return false;
	if (!soa)
		return err_set(err, ERR_USAGE, N_("the zone file has no SOA record"));
	ed->anchor = ed->n ? ed->line[ed->n - 1].seq : of_owner != NO_ENTRY ? of_owner : ed->n_entry - 1;
	return true;
}

/* A line for the wanted record: the same one, else (pass 1) one of that host, else (pass 2) any. */
static struct mx_line *line_for(struct editor *ed, const struct mx *mx, int pass)
{
	for (size_t i = 0; i < ed->n; i++) {
		struct mx_line *line = &ed->line[i];

		if (!line->settled && (pass == 2 || (pass == 1 && dname_equal(&line->mx.host, &mx->host)) || mx_equal(&line->mx, mx)))
			return line;
	}
	return NULL;
}

static void match(struct editor *ed)
{
	bool *placed = mem_alloc(ed->set->n + 1);

	ed->extra = mem_alloc((ed->set->n + 1) * sizeof *ed->extra);
	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0; i < ed->set->n; i++) {
			struct mx_line *line = placed[i] ? NULL : line_for(ed, &ed->set->mx[i], pass);

			if (!line)
				continue;
			line->mx = ed->set->mx[i];
			line->settled = placed[i] = true;
		}
	for (size_t i = 0; i < ed->set->n; i++)
		if (!placed[i])
			ed->extra[ed->n_extra++] = ed->set->mx[i];
	for (size_t i = 0; i < ed->n; i++)
		ed->line[i].drop = !ed->line[i].settled;
	free(placed);
}

static void copy_to(struct editor *ed, size_t at)
{
	str_add_bytes(ed->out, ed->text + ed->copied, at - ed->copied);
	ed->copied = at;
}

/* Replaces a word; blanks behind it give or take, so that the next column stays. */
static void put_word(struct editor *ed, const struct zone_word *word, const char *text, size_t end)
{
	size_t len = strlen(text), gap = 0;

	copy_to(ed, word->at);
	str_add(ed->out, text);
	ed->copied += word->len;
	while (ed->copied + gap < end && ed->text[ed->copied + gap] == ' ')
		gap++;
	if (!gap || ed->copied + gap >= end || strchr("\r\n\t", ed->text[ed->copied + gap]))
		return;
	for (; len < word->len; len++)
		str_add_char(ed->out, ' ');
	for (; len > word->len && gap > 1; len--, gap--)
		ed->copied++;
}

/* A blank owner means the record above, which may be another one now. */
static void put_owner(struct editor *ed, const struct zone_entry *entry)
{
	char text[DNAME_TEXT_MAX];
	size_t len;

	if (!entry->blank_owner || dname_equal(&ed->last_owner, &entry->owner))
		return;
	len = strlen(dname_relative(&entry->owner, &entry->origin, text));
	str_add(ed->out, text);
	if (ed->text[entry->start] != ' ')
		return;
	while (len-- && ed->text[ed->copied] == ' ' && ed->text[ed->copied + 1] == ' ')
		ed->copied++;
}

static void put_ttl(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, uint32_t ttl_s)
{
	uint32_t implied_s = scan->has_standard ? scan->standard_s : ed->last_s;
	char text[16];

	snprintf(text, sizeof text, "%u", (unsigned int)ttl_s);
	if (entry->has_ttl && entry->ttl_s != ttl_s) {
		put_word(ed, &entry->word[entry->ttl], text, entry->end);
	} else if (!entry->has_ttl && (implied_s != ttl_s || !(scan->has_standard || ed->has_last))) {
		copy_to(ed, entry->word[entry->first].at);
		str_addf(ed->out, "%s ", text);
	}
}

static void note_state(struct editor *ed, const struct dname *owner, uint32_t ttl_s)
{
	ed->last_owner = *owner;
	ed->last_s = ttl_s;
	ed->has_last = true;
}

/* The entry's own bytes, with the record that it is to hold. */
static void put_mx(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, const struct mx *mx)
{
	const struct zone_word *host = &entry->word[entry->type + 2];
	char text[DNAME_TEXT_MAX], number[16];
	struct dns_record now = { 0 };
	bool relative = ed->text[host->at + host->len - 1] != '.';

	put_owner(ed, entry);
	put_ttl(ed, scan, entry, ed->set->ttl_s);
	read_record(scan, entry, &now, NULL);
	snprintf(number, sizeof number, "%u", (unsigned int)mx->preference);
	if (now.preference != mx->preference)
		put_word(ed, &entry->word[entry->type + 1], number, entry->end);
	if (!dname_equal(&now.target, &mx->host))
		put_word(ed, host,
			relative && dname_under(&mx->host, &entry->origin) && !dname_is_root(&entry->origin)
				? dname_relative(&mx->host, &entry->origin, text)
				: dname_text_dot(&mx->host, text),
			entry->end);
	note_state(ed, &entry->owner, ed->set->ttl_s);
}

/* Can a new line be made in the shape of this one? */
static bool is_model(const struct editor *ed, const struct zone_entry *entry)
{
	const struct zone_word *last = &entry->word[entry->n - 1];

	for (size_t i = entry->start; i < last->at + last->len; i++)
		if (strchr("\n();", ed->text[i]))
			return false;
	return true;
}

static void put_extra(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry)
{
	bool model = ed->n && is_model(ed, entry);
	const struct zone_word *last = &entry->word[entry->n - 1];
	char text[DNAME_TEXT_MAX];

	if (ed->n_extra && ed->out->len && ed->out->s[ed->out->len - 1] != '\n')
		str_add(ed->out, ed->newline);
	for (size_t i = 0; i < ed->n_extra; i++) {
		if (model) {
			ed->copied = entry->start;
			put_mx(ed, scan, entry, &ed->extra[i]);
			copy_to(ed, last->at + last->len);
			ed->copied = entry->end;
		} else {
			str_add(ed->out, dname_relative(ed->owner, &entry->origin, text));
			if (!scan->has_standard || scan->standard_s != ed->set->ttl_s)
				str_addf(ed->out, "\t%u", (unsigned int)ed->set->ttl_s);
			str_addf(ed->out, "\tIN\tMX\t%u %s", (unsigned int)ed->extra[i].preference,
				dname_text_dot(&ed->extra[i].host, text));
			note_state(ed, ed->owner, ed->set->ttl_s);
		}
		str_add(ed->out, ed->newline);
	}
}

static void put_other(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry)
{
	bool soa = zone_word_is(scan, &entry->word[entry->type], "SOA");
	char serial[16];

	put_owner(ed, entry);
	if (!soa || ed->has_last)
		put_ttl(ed, scan, entry, entry->ttl_s);
	snprintf(serial, sizeof serial, "%u", (unsigned int)ed->serial);
	if (soa)
		put_word(ed, &entry->word[entry->type + 3], serial, entry->end);
	note_state(ed, &entry->owner, entry->ttl_s);
}

static void rewrite(struct editor *ed, size_t len)
{
	struct zone_entry entry = { 0 };
	struct zonescan scan;
	size_t at = 0;

	zonescan_init(&scan, zone_name, ed->text, len, ed->zone);
	for (size_t seq = 0; zonescan_next(&scan, &entry, NULL) == ZONE_ENTRY; seq++) {
		const struct mx_line *line = at < ed->n && ed->line[at].seq == seq ? &ed->line[at++] : NULL;

		copy_to(ed, entry.start);
		if (line && line->drop)
			ed->copied = entry.end;
		else if (line)
			put_mx(ed, &scan, &entry, &line->mx);
		else
			put_other(ed, &scan, &entry);
		copy_to(ed, entry.end);
		if (seq == ed->anchor)
			put_extra(ed, &scan, &entry);
	}
	copy_to(ed, len);
	zone_entry_release(&entry);
}

/* The next record that the editor had to leave alone; NULL at the end. */
static ldns_rr *next_other(struct zonescan *scan, struct zone_entry *entry, const struct dname *owner)
{
	while (zonescan_next(scan, entry, NULL) == ZONE_ENTRY)
		if (!is_mx_of(scan, entry, owner))
			return zone_entry_rr(scan, entry, NULL);
	return NULL;
}

static bool same_record(const ldns_rr *a, ldns_rr *b)
{
	if (ldns_rr_get_type(a) == LDNS_RR_TYPE_SOA && ldns_rr_get_type(b) == LDNS_RR_TYPE_SOA)
		ldns_rdf_deep_free(ldns_rr_set_rdf(b, ldns_rdf_clone(ldns_rr_rdf(a, 2)), 2));
	return ldns_rr_ttl(a) == ldns_rr_ttl(b) && ldns_rr_compare(a, b) == 0;
}

static bool same_others(const struct editor *ed, size_t len, const char *now, size_t now_len)
{
	struct zone_entry was_entry = { 0 }, now_entry = { 0 };
	struct zonescan was_scan, now_scan;
	bool same = true, more = true;

	zonescan_init(&was_scan, zone_name, ed->text, len, ed->zone);
	zonescan_init(&now_scan, zone_name, now, now_len, ed->zone);
	while (same && more) {
		ldns_rr *a = next_other(&was_scan, &was_entry, ed->owner);
		ldns_rr *b = next_other(&now_scan, &now_entry, ed->owner);

		more = a && b;
		same = more ? same_record(a, b) : !a && !b;
		ldns_rr_free(a);
		ldns_rr_free(b);
	}
	zone_entry_release(&was_entry);
	zone_entry_release(&now_entry);
	return same && was_scan.at == len && now_scan.at == now_len;
}

/* RFC 1982; a serial that looks like a date follows the calendar. */
static uint32_t next_serial(uint32_t serial, uint32_t today)
{
	bool dated = today && serial / 1000000 >= 1970 && serial / 1000000 <= 2200 && serial / 10000 % 100 >= 1 &&
		     serial / 10000 % 100 <= 12 && serial / 100 % 100 >= 1 && serial / 100 % 100 <= 31;

	if (dated && today <= UINT32_MAX / 100 - 1 && today * 100 > serial)
		return today * 100 + 1;
	return serial == UINT32_MAX ? 1 : serial + 1;
}

bool zonetext_replace_mx(const struct zonetext *in, const struct mxset *set, uint32_t today_yyyymmdd, struct str *out, struct err *err)
{
	struct editor ed = { .text = in->text, .zone = in->zone, .owner = in->owner, .set = set };
	const char *newline = memchr(in->text, '\n', in->len);
	struct zonetext made = *in;
	size_t start = out->len;
	struct mxset check;
	bool ok = false;

	mxset_init(&check);
	ed.newline = newline && newline > in->text && newline[-1] == '\r' ? "\r\n" : "\n";
	ed.out = out;
	if (!check_wanted(&ed, err) || !survey(&ed, in->len, err))
		goto out;
	ed.serial = next_serial(ed.serial, today_yyyymmdd);
	match(&ed);
	rewrite(&ed, in->len);
	made.text = out->s + start;
	made.len = out->len - start;
	ok = !out->overflow && same_others(&ed, in->len, made.text, made.len) && zonetext_read_mx(&made, &check, NULL) &&
	     mxset_equal(&check, set);
	if (!ok)
		err_set(err, ERR_USAGE,
			N_("the zone file is laid out in a way that its MX records cannot be changed safely; nothing was written"));
out:
	free(ed.line);
	free(ed.extra);
	mxset_release(&check);
	return ok;
}
