/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/zonetext.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/zonegen.h"
#include "wire/zonelines.h"
#include "base/banned.h"

#define GENERATED_MAX ((size_t)64 << 20)

enum { TYPE_NSEC = 47, TYPE_NSEC3 = 50, TYPE_NSEC3PARAM = 51 };

struct viewing {
	const struct zonetext *in;
	struct zonetext_view *view;
	struct zonescan scan;
	size_t n_entry, of_owner; /* of_owner: the owner's last entry, counted from 1 */
	bool generated;           /* the entry at work comes out of a $GENERATE */
	struct str soa;           /* the words of the first SOA record */
};

const char *zonelines_name(const struct zonetext *in)
{
	return in->name ? in->name : N_("the zone file");
}

bool zonelines_is_mx(const struct zone_entry *entry, const struct dname *owner)
{
	return entry->code == DNS_MX && dname_equal(&entry->owner, owner);
}

void zonetext_view_release(struct zonetext_view *view)
{
	for (size_t i = 0; i < view->n_include; i++)
		free(view->include[i].path);
	free(view->include);
	free(view->line);
	mxset_release(&view->set);
	free(view->ttl_s);
	*view = (struct zonetext_view){ 0 };
}

/* ---- what bears on the owner ---- */

/* Why no MX record may stand at the owner, said by another entry. */
static void note_taken(struct viewing *v, const struct zone_entry *entry)
{
	const struct dname *owner = v->in->owner;
	struct err *taken = &v->view->taken;
	char text[DNAME_TEXT_MAX];

	if (taken->code != ERR_NONE)
		return;
	if (entry->code == DNS_CNAME && dname_equal(&entry->owner, owner))
		err_set(taken, ERR_USAGE, N_("%s is an alias (line %zu): it cannot have MX records"), dname_text(owner, text), entry->line);
	else if (entry->code == DNS_NS && !dname_equal(&entry->owner, v->in->zone) && dname_under(owner, &entry->owner))
		err_set(taken, ERR_USAGE, N_("%s is delegated to another zone (line %zu)"), dname_text(owner, text), entry->line);
	else if (entry->code == DNS_DNAME && !dname_equal(&entry->owner, owner) && dname_under(owner, &entry->owner))
		err_set(taken, ERR_USAGE, N_("%s lies below a DNAME (line %zu): what stands there is never served (RFC 6672)"),
			dname_text(owner, text), entry->line);
}

/* Where to say why the text is not edited: the first reason counts. */
static struct err *unsafe(struct viewing *v)
{
	return v->view->unsafe.code == ERR_NONE ? &v->view->unsafe : NULL;
}

static void add_line(struct viewing *v, const struct zone_entry *entry, const struct dns_record *record)
{
	struct zonetext_view *view = v->view;
	struct zonetext_line *line;

	view->line = mem_grow(view->line, view->n_line, &view->cap_line, sizeof(*view->line));
	line = &view->line[view->n_line++];
	*line = (struct zonetext_line){ .seq = v->n_entry,
		.generic = zonerecord_is_generic(&v->scan, entry),
		.mx = { .preference = record->mx.preference, .host = record->mx.host } };
}

static bool note_mx(struct viewing *v, struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	struct mxset *set = &v->view->set;
	struct dns_record record;

	if (!zonerecord_read(scan, entry, &record, NULL, err))
		return false;
	if (!set->n || record.ttl_s < set->ttl_s)
		set->ttl_s = record.ttl_s;
	v->view->ttl_s = mem_grow(v->view->ttl_s, set->n, &v->view->cap_ttl, sizeof(*v->view->ttl_s));
	v->view->ttl_s[set->n] = record.ttl_s;
	mxset_append(set, &(struct mx){ .preference = record.mx.preference, .host = record.mx.host });
	if (v->generated)
		err_set(unsafe(v), ERR_USAGE, N_("%s, line %zu: this $GENERATE makes MX records of the name; change it there"),
			zonelines_name(v->in), entry->line);
	else
		add_line(v, entry, &record);
	return true;
}

static void words_of(const struct zonescan *scan, const struct zone_entry *entry, struct str *out)
{
	for (size_t i = entry->type; i < entry->n; i++) {
		str_add_bytes(out, scan->text + entry->word[i].at, entry->word[i].len);
		str_add_char(out, ' ');
	}
}

/* A dump of a transfer ends with the SOA record that it began with. */
static bool same_soa(struct viewing *v, const struct zone_entry *entry)
{
	struct str now;
	bool same;

	str_init(&now, 0);
	words_of(&v->scan, entry, &now);
	same = strcmp(now.s, v->soa.s) == 0;
	str_release(&now);
	return same;
}

static bool note_soa(struct viewing *v, const struct zone_entry *entry, struct err *err)
{
	struct dns_record record;

	if (!zonerecord_read(&v->scan, entry, &record, NULL, err))
		return false;
	if (!dname_equal(&entry->owner, v->in->zone) || (v->soa.len && !same_soa(v, entry)))
		err_set(unsafe(v), ERR_USAGE, N_("%s, line %zu: a second SOA record, or that of another zone"), zonelines_name(v->in),
			entry->line);
	if (zonerecord_is_generic(&v->scan, entry))
		err_set(unsafe(v), ERR_USAGE, N_("%s, line %zu: an SOA record written as bytes is not edited"), zonelines_name(v->in),
			entry->line);
	if (!v->soa.len)
		words_of(&v->scan, entry, &v->soa);
	v->view->serial = record.soa.serial;
	v->view->n_soa++;
	return true;
}

static bool note_ns(struct viewing *v, struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	struct zonetext_view *view = v->view;
	struct dns_record record;

	if (!zonerecord_read(scan, entry, &record, NULL, err))
		return false;
	if (!dname_equal(&entry->owner, v->in->zone))
		return true;
	if (view->n_ns < ZONETEXT_NS)
		view->ns[view->n_ns++] = record.target;
	return true;
}

static bool is_signing(unsigned code)
{
	return code == DNS_RRSIG || code == DNS_DNSKEY || code == TYPE_NSEC || code == TYPE_NSEC3 || code == TYPE_NSEC3PARAM;
}

/* Plain data that cannot be read is refused: no name server would load the file. */
static bool note_entry(struct viewing *v, struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	struct dns_record record;

	if (is_signing(entry->code) && !v->view->signed_line)
		v->view->signed_line = entry->line;
	note_taken(v, entry);
	if (dname_equal(&entry->owner, v->in->owner) && !v->generated)
		v->of_owner = v->n_entry + 1;
	if (zonelines_is_mx(entry, v->in->owner))
		return note_mx(v, scan, entry, err);
	if (entry->code == DNS_SOA)
		return note_soa(v, entry, err);
	if (entry->code == DNS_NS)
		return note_ns(v, scan, entry, err);
	return !zonerecord_is_plain(entry->code) || zonerecord_read(scan, entry, &record, NULL, err);
}

/* ---- directives ---- */

static bool note_include(struct viewing *v, const struct zone_entry *entry, struct err *err)
{
	struct zonetext_view *view = v->view;
	struct zone_word word = entry->word[1];
	struct zonetext_include *include;
	struct dname origin = v->scan.origin;

	v->scan.has_last = false; /* without a $TTL nobody knows here what the next record inherits */
	if (!v->scan.has_standard)
		err_set(unsafe(v), ERR_USAGE,
			N_("%s, line %zu: no $TTL stands before this directive: what its records inherit cannot be told"),
			zonelines_name(v->in), entry->line);
	if (entry->n == 3 && !zone_word_name(&v->scan, &entry->word[2], &origin, err))
		return false;
	if (word.len >= 2 && v->scan.text[word.at] == '"') {
		word.at++;
		word.len -= 2;
	}
	view->include = mem_grow(view->include, view->n_include, &view->cap_include, sizeof(*view->include));
	include = &view->include[view->n_include++];
	*include = (struct zonetext_include){ .line = entry->line, .path = mem_alloc(word.len + 1), .origin = origin };
	memcpy(include->path, v->scan.text + word.at, word.len);
	return true;
}

static bool note_generated(struct viewing *v, const struct zone_entry *directive, struct err *err)
{
	struct zone_entry entry = { 0 };
	enum zone_step step = ZONE_BAD;
	struct zonescan inner;
	struct str text;

	str_init(&text, GENERATED_MAX);
	if (zonegen_expand(&v->scan, directive, &text, err)) {
		zonegen_scan(&inner, &v->scan, directive, &text);
		v->generated = true;
		while ((step = zonescan_next(&inner, &entry, err)) == ZONE_ENTRY && note_entry(v, &inner, &entry, err))
			;
		v->generated = false;
		zonegen_done(&v->scan, &inner);
	}
	zone_entry_release(&entry);
	str_release(&text);
	return step == ZONE_END;
}

static bool note_step(struct viewing *v, enum zone_step step, const struct zone_entry *entry, struct err *err)
{
	bool ok;

	if (step == ZONE_INCLUDE)
		return note_include(v, entry, err);
	if (step == ZONE_GENERATE)
		return note_generated(v, entry, err);
	ok = note_entry(v, &v->scan, entry, err);
	v->n_entry++;
	return ok;
}

/* ---- the whole text ---- */

static bool view_text(const struct zonetext *in, bool included, struct zonetext_view *view, struct err *err)
{
	struct viewing v = { .in = in, .view = view };
	struct zone_entry entry = { 0 };
	enum zone_step step;

	zonescan_init(&v.scan, zonelines_name(in), in->text, in->len, in->zone);
	v.scan.has_last = included; /* it inherits some TTL, and which one does not matter */
	str_init(&v.soa, 0);
	while ((step = zonescan_next(&v.scan, &entry, err)) < ZONE_END) {
		if (!note_step(&v, step, &entry, err)) {
			step = ZONE_BAD;
			break;
		}
	}
	if (!v.soa.len && view->unsafe.code == ERR_NONE)
		err_set(&view->unsafe, ERR_USAGE, N_("%s has no SOA record"), zonelines_name(in));
	view->has_default = v.scan.has_standard;
	view->default_s = v.scan.standard_s;
	view->anchor = view->n_line ? view->line[view->n_line - 1].seq : v.of_owner ? v.of_owner - 1 : v.n_entry ? v.n_entry - 1 : 0;
	mxset_sort(&view->set);
	str_release(&v.soa);
	zone_entry_release(&entry);
	return step == ZONE_END;
}

bool zonetext_view(const struct zonetext *in, struct zonetext_view *view, struct err *err)
{
	return view_text(in, false, view, err);
}

bool zonetext_read_mx(const struct zonetext *in, struct mxset *set, struct err *err)
{
	struct zonetext_view view = { 0 };
	bool ok = zonetext_view(in, &view, err);

	if (ok && view.n_include)
		ok = err_set(err, ERR_USAGE, N_("%s, line %zu: $INCLUDE is not followed here; put the records themselves into the file"),
			zonelines_name(in), view.include[0].line);
	if (ok)
		mxset_copy(set, &view.set);
	zonetext_view_release(&view);
	return ok;
}

bool zonetext_included(const struct zonetext *in, struct err *err)
{
	struct zonetext_view view = { 0 };
	char text[DNAME_TEXT_MAX];
	bool ok = view_text(in, true, &view, err);

	if (ok && view.taken.code != ERR_NONE) {
		*err = view.taken;
		ok = err_context(err, "%s", zonelines_name(in));
	} else if (ok && view.set.n) {
		ok = err_set(err, ERR_USAGE, N_("MX records of %s stand in %s, an included file: change them there"),
			dname_text(in->owner, text), zonelines_name(in));
	} else if (ok && view.n_include) {
		ok = err_set(err, ERR_USAGE, N_("%s, line %zu: an included file that includes another is not followed"), zonelines_name(in),
			view.include[0].line);
	} else if (ok && view.has_default) {
		ok = err_set(err, ERR_USAGE, N_("%s, an included file, has a $TTL: what the records behind it inherit cannot be told"),
			zonelines_name(in));
	}
	zonetext_view_release(&view);
	return ok;
}

bool zonetext_zones(const struct zonetext *in, struct zonetext_zones *zones, struct err *err)
{
	struct zone_entry entry = { 0 };
	struct zonescan scan;
	enum zone_step step;

	zones->n = 0;
	zonescan_init(&scan, zonelines_name(in), in->text, in->len, NULL);
	while ((step = zonescan_next(&scan, &entry, err)) < ZONE_END) {
		size_t at = zones->n < ZONETEXT_NS ? zones->n : ZONETEXT_NS - 1;

		if (step != ZONE_ENTRY || entry.code != DNS_SOA || (at < zones->n && !dname_under(in->owner, &entry.owner)))
			continue;
		zones->apex[at] = entry.owner;
		zones->n = at + 1;
	}
	if (scan.wants_origin)
		err_hint(err, N_("Write $ORIGIN and the zone's name into the first line, or let {zone} stand in the account's `file`."));
	zone_entry_release(&entry);
	return step == ZONE_END;
}
