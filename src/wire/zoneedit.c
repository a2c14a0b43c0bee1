/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writing half of zonetext.h: the text again, with other MX lines of one owner; then both texts are read side by side. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/zonelines.h"
#include "base/banned.h"

struct line { /* of the view, and what becomes of it */
	size_t seq;
	bool settled; /* it holds `mx` afterwards; else it goes */
	bool generic;
	struct mx was, mx;
};

struct editor {
	const struct zonetext *in;
	const struct mxset *set;
	const char *text, *newline;
	uint32_t serial;
	size_t anchor, n_soa;
	size_t n;
	struct line *line;
	size_t n_extra;
	struct mx *extra; /* of the set, those that no line takes */
	/* while writing: */
	struct str *out;
	size_t start;  /* of what is made, in out */
	size_t copied; /* bytes of the text done */
	bool has_last; /* the state that a reader of the new text would have here */
	uint32_t last_s;
	struct dname last_owner;
};

static bool check_wanted(const struct zonetext *in, const struct mxset *set, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	if (!dname_under(in->owner, in->zone))
		return err_set(err, ERR_USAGE, N_("%s lies outside the zone"), dname_text(in->owner, text));
	if (set->n && set->ttl_s > MX_TTL_MAX)
		return err_set(err, ERR_USAGE, N_("the TTL %u is too large"), (unsigned)set->ttl_s);
	for (size_t i = 0; i < set->n; i++) {
		if (!set->mx[i].host.len || set->mx[i].preference > 65535)
			return err_set(err, ERR_USAGE, N_("%s cannot stand in an MX record"), mx_host_text(&set->mx[i], text));
	}
	return true;
}

/* ---- which line takes which record ---- */

struct key {
	const struct mx *mx;
	size_t i;
};

static int by_index(const struct key *a, const struct key *b)
{
	return (a->i > b->i) - (a->i < b->i);
}

static int compare_hosts(const struct key *a, const struct key *b)
{
	return dname_cmp(&a->mx->host, &b->mx->host);
}

static int compare_records(const struct key *a, const struct key *b)
{
	if (a->mx->preference != b->mx->preference)
		return a->mx->preference < b->mx->preference ? -1 : 1;
	return compare_hosts(a, b);
}

static int compare_nothing(const struct key *a, const struct key *b)
{
	(void)a;
	(void)b;
	return 0;
}

static int sort_hosts(const void *a, const void *b)
{
	int order = compare_hosts(a, b);

	return order ? order : by_index(a, b);
}

static int sort_records(const void *a, const void *b)
{
	int order = compare_records(a, b);

	return order ? order : by_index(a, b);
}

struct round { /* of the search for a line: the same record, then one of that host, then any */
	int (*compare)(const struct key *a, const struct key *b);
	int (*sort)(const void *a, const void *b);
	bool generic; /* lines written as bytes too */
};

/* Gives lines to the records that have none yet, in the order of both. */
static void match_round(struct editor *ed, bool *placed, struct key *lines, struct key *wanted, const struct round *round)
{
	size_t n = 0, m = 0, i = 0, k = 0;

	for (i = 0; i < ed->n; i++) {
		if (!ed->line[i].settled && (round->generic || !ed->line[i].generic))
			lines[n++] = (struct key){ &ed->line[i].was, i };
	}
	for (i = 0; i < ed->set->n; i++) {
		if (!placed[i])
			wanted[m++] = (struct key){ &ed->set->mx[i], i };
	}
	if (round->sort) {
		qsort(lines, n, sizeof(*lines), round->sort);
		qsort(wanted, m, sizeof(*wanted), round->sort);
	}
	for (i = 0; i < n && k < m;) {
		int order = round->compare(&lines[i], &wanted[k]);

		if (order == 0) {
			struct line *line = &ed->line[lines[i].i];

			line->mx = *wanted[k].mx;
			line->settled = placed[wanted[k].i] = true;
		}
		i += order <= 0;
		k += order >= 0;
	}
}

static void match(struct editor *ed)
{
	static const struct round rounds[] = {
		{ compare_records, sort_records, true },
		{ compare_hosts, sort_hosts, false },
		{ compare_nothing, NULL, false },
	};
	bool *placed = mem_alloc(ed->set->n + 1);
	struct key *lines = mem_alloc((ed->n + 1) * sizeof(*lines)), *wanted = mem_alloc((ed->set->n + 1) * sizeof(*wanted));

	for (size_t i = 0; i < sizeof(rounds) / sizeof(*rounds); i++)
		match_round(ed, placed, lines, wanted, &rounds[i]);
	ed->extra = mem_alloc((ed->set->n + 1) * sizeof(*ed->extra));
	for (size_t i = 0; i < ed->set->n; i++) {
		if (!placed[i])
			ed->extra[ed->n_extra++] = ed->set->mx[i];
	}
	free(placed);
	free(lines);
	free(wanted);
}

/* ---- the new text ---- */

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

/* Writes the owner. A blank one would mean the record above, which may be another one now. */
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

	snprintf(text, sizeof(text), "%u", (unsigned)ttl_s);
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
static void put_mx(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, const struct line *line)
{
	char text[DNAME_TEXT_MAX], number[16];
	const struct mx *mx = &line->mx;

	put_owner(ed, entry);
	put_ttl(ed, scan, entry, ed->set->ttl_s);
	snprintf(number, sizeof(number), "%u", (unsigned)mx->preference);
	if (line->was.preference != mx->preference)
		put_word(ed, &entry->word[entry->type + 1], number, entry->end);
	if (!dname_equal(&line->was.host, &mx->host)) {
		const struct zone_word *host = &entry->word[entry->type + 2];
		bool relative = ed->text[host->at + host->len - 1] != '.' && dname_under(&mx->host, &entry->origin) &&
				!dname_is_root(&entry->origin);

		put_word(
			ed, host, relative ? dname_relative(&mx->host, &entry->origin, text) : dname_text_dot(&mx->host, text), entry->end);
	}
	note_state(ed, &entry->owner, ed->set->ttl_s);
}

/* Can a new line be made in the shape of this one? */
static bool is_model(const struct editor *ed, const struct zone_entry *entry)
{
	const struct zone_word *last = &entry->word[entry->n - 1];

	for (size_t i = entry->start; i < last->at + last->len; i++) {
		if (strchr("\r\n();", ed->text[i]))
			return false;
	}
	return true;
}

static void put_plain(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, const struct mx *mx)
{
	char text[DNAME_TEXT_MAX];

	str_add(ed->out, dname_relative(ed->in->owner, &entry->origin, text));
	if (!scan->has_standard || scan->standard_s != ed->set->ttl_s)
		str_addf(ed->out, "\t%u", (unsigned)ed->set->ttl_s);
	str_addf(ed->out, "\tIN\tMX\t%u %s", (unsigned)mx->preference, dname_text_dot(&mx->host, text));
	note_state(ed, ed->in->owner, ed->set->ttl_s);
}

/* New records behind the entry; line is the one that stands there, or NULL. */
static void put_extra(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry, const struct line *line)
{
	bool model = line && !line->generic && is_model(ed, entry);
	const struct zone_word *last = &entry->word[entry->n - 1];

	if (ed->n_extra && !entry->ended && ed->out->len && ed->out->s[ed->out->len - 1] != '\n')
		str_add(ed->out, ed->newline);
	for (size_t i = 0; i < ed->n_extra; i++) {
		if (model) {
			struct line made = *line;

			made.mx = ed->extra[i];
			ed->copied = entry->start;
			put_mx(ed, scan, entry, &made);
			copy_to(ed, last->at + last->len);
			ed->copied = entry->end;
		} else {
			put_plain(ed, scan, entry, &ed->extra[i]);
		}
		str_add(ed->out, ed->newline);
	}
}

static void put_other(struct editor *ed, const struct zonescan *scan, const struct zone_entry *entry)
{
	bool soa = entry->code == DNS_SOA;
	char serial[16];

	put_owner(ed, entry);
	if (!soa || ed->has_last)
		put_ttl(ed, scan, entry, entry->ttl_s);
	snprintf(serial, sizeof(serial), "%u", (unsigned)ed->serial);
	if (soa)
		put_word(ed, &entry->word[entry->type + 3], serial, entry->end);
	note_state(ed, &entry->owner, entry->ttl_s);
}

/* Is what follows as it was, and read in the same state? */
static bool is_done(const struct editor *ed, const struct zonescan *scan, size_t seq)
{
	return seq > ed->anchor && (!ed->n || seq > ed->line[ed->n - 1].seq) && ed->last_s == scan->last_s &&
	       dname_equal(&ed->last_owner, &scan->owner);
}

static void rewrite(struct editor *ed)
{
	struct zone_entry entry = { 0 };
	struct zonescan scan;
	enum zone_step step;
	size_t at = 0, seq = 0, n_soa = 0;

	zonescan_init(&scan, zonelines_name(ed->in), ed->text, ed->in->len, ed->in->zone);
	while ((step = zonescan_next(&scan, &entry, NULL)) < ZONE_END) {
		const struct line *line = at < ed->n && ed->line[at].seq == seq ? &ed->line[at] : NULL;

		if (step == ZONE_GENERATE && entry.has_ttl)
			ed->last_s = scan.last_s;
		if (step != ZONE_ENTRY)
			continue;
		at += line != NULL;
		copy_to(ed, entry.start);
		if (line && !line->settled)
			ed->copied = entry.end;
		else if (line)
			put_mx(ed, &scan, &entry, line);
		else
			put_other(ed, &scan, &entry);
		copy_to(ed, entry.end);
		if (seq == ed->anchor)
			put_extra(ed, &scan, &entry, line);
		n_soa += entry.code == DNS_SOA;
		if (is_done(ed, &scan, seq++) && n_soa == ed->n_soa)
			break;
	}
	copy_to(ed, ed->in->len);
	zone_entry_release(&entry);
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

static void take_lines(struct editor *ed, const struct zonetext_view *view)
{
	ed->line = mem_alloc((view->n_line + 1) * sizeof(*ed->line));
	ed->n = view->n_line;
	for (size_t i = 0; i < ed->n; i++)
		ed->line[i] = (struct line){ .seq = view->line[i].seq, .generic = view->line[i].generic, .was = view->line[i].mx };
}

/* How the text's first line ends. */
static const char *line_end(const struct zonetext *in)
{
	size_t at = 0;

	while (at < in->len && in->text[at] != '\r' && in->text[at] != '\n')
		at++;
	if (at == in->len || in->text[at] == '\n')
		return "\n";
	return at + 1 < in->len && in->text[at + 1] == '\n' ? "\r\n" : "\r";
}

bool zonetext_replace_mx(
	const struct zonetext *in, const struct zonetext_view *view, const struct zonetext_edit *edit, struct str *out, struct err *err)
{
	struct editor ed = {
		.in = in, .set = edit->set, .text = in->text, .anchor = view->anchor, .n_soa = view->n_soa, .out = out, .start = out->len
	};
	bool ok;

	if (!check_wanted(in, edit->set, err))
		return false;
	if (view->unsafe.code != ERR_NONE || (edit->set->n && view->taken.code != ERR_NONE)) {
		*err = view->unsafe.code != ERR_NONE ? view->unsafe : view->taken;
		return false;
	}
	ed.newline = line_end(in);
	ed.serial = next_serial(view->serial, edit->today_yyyymmdd);
	take_lines(&ed, view);
	match(&ed);
	rewrite(&ed);
	ok = !out->overflow && zoneproof_holds(in, &(struct zoneproof){ out->s + ed.start, out->len - ed.start, edit->set, ed.serial,
							   view->anchor, view->n_soa });
	if (!ok)
		err_set(err, ERR_USAGE, N_("%s is laid out in a way that its MX records cannot be changed safely; nothing was written"),
			zonelines_name(in));
	free(ed.line);
	free(ed.extra);
	return ok;
}
