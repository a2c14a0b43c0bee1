/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts into a zone world. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/zonegen.h"
#include "wire/zonerecord.h"
#include "wire/zoneworld.h"
#include "base/banned.h"

#define NOTES_MAX 16
#define GENERATED_MAX ((size_t)64 << 20)

struct loading {
	struct zoneworld *world;
	const struct zoneworld_text *in;
	struct zonescan scan;
	size_t since;            /* zones before this text */
	bool at_root;            /* the text calls the zone's name "@" under $ORIGIN . : the root's records are the domain's */
	bool ttl_of_1;           /* an MX record has a TTL of one second */
	struct dname last_owner; /* whose key is the zone's last one */
	uint32_t last_key;
	uint16_t last_len;
	struct str octets; /* of the record at work */
};

void zonekey_make(struct zonekey *key, const struct dname *name)
{
	uint8_t at[DNAME_WIRE_MAX] = { 0 };
	size_t n = 0;

	key->len = 0;
	for (size_t i = 0; i < name->len && name->wire[i]; i += 1u + name->wire[i])
		at[n++] = (uint8_t)i;
	while (n--) {
		const uint8_t *label = name->wire + at[n];

		for (size_t i = 1; i <= label[0]; i++) {
			if (label[i] <= 1) /* 0 ends a label */
				key->bytes[key->len++] = 1;
			key->bytes[key->len++] = (uint8_t)(label[i] + (label[i] <= 1));
		}
		key->bytes[key->len++] = 0;
	}
}

void zone_release(struct zone *zone)
{
	free(zone->row);
	str_release(&zone->names);
	*zone = (struct zone){ 0 };
}

int zonerow_compare(const struct zone *zone, const struct zonerow *row, const uint8_t *key, size_t len)
{
	size_t shorter = row->key_len < len ? row->key_len : len;
	int order = memcmp(zone->names.s + row->key, key, shorter);

	return order ? order : (row->key_len > len) - (row->key_len < len);
}

/* ---- notes ---- */

static struct msg *add_note(struct zoneworld *world)
{
	if (world->n_note == NOTES_MAX)
		return NULL;
	world->note = mem_grow(world->note, world->n_note, &world->cap_note, sizeof(*world->note));
	return &world->note[world->n_note++];
}

static void note_unknown_type(struct loading *l, const struct zonescan *scan, const struct zone_entry *entry)
{
	struct msg *note = add_note(l->world);
	char text[ZONE_ERR_TEXT];

	if (note)
		msg_set(note, N_("%s, line %zu: the record type %s is not known here; its data is not looked at"), l->in->name, entry->line,
			zone_word_text(scan, &entry->word[entry->type], text));
}

static void note_outside(struct loading *l, size_t line)
{
	struct msg *note = add_note(l->world);

	if (note)
		msg_set(note, N_("%s, line %zu: the record lies outside the zone and is left out, as a name server does"), l->in->name,
			line);
}

static void note_assumptions(struct loading *l)
{
	char text[DNAME_TEXT_MAX];
	struct msg *note;

	if (l->in->domain && (l->scan.used_late_origin || l->at_root) && (note = add_note(l->world)) != NULL)
		msg_set(note, N_("%s does not say its zone's name; it is read as the zone %s"), l->in->name,
			dname_show(l->in->domain, text));
	if (l->ttl_of_1 && (note = add_note(l->world)) != NULL)
		msg_set(note, N_("%s: MX records with a TTL of 1 second; in an export of Cloudflare's, 1 means automatic (300 seconds)"),
			l->in->name);
}

/* ---- rows ---- */

static struct zone *open_zone(struct zoneworld *world)
{
	struct zone *zone;

	world->zone = mem_grow(world->zone, world->n, &world->cap, sizeof(*world->zone));
	zone = &world->zone[world->n++];
	*zone = (struct zone){ 0 };
	str_init(&zone->names, UINT32_MAX - 1);
	str_add_char(&zone->names, 0); /* what place 0 points to: no name */
	return zone;
}

static bool take_apex(struct loading *l, const struct dns_record *record, struct zone **zone, struct err *err)
{
	struct zoneworld *world = l->world;

	for (size_t i = 0; i < world->n; i++) {
		if (dname_equal(&world->zone[i].apex, &record->owner) && &world->zone[i] != *zone)
			return err_set(err, ERR_USAGE, N_("the zone is given twice"));
	}
	if (!*zone || ((*zone)->apex.len && !dname_equal(&(*zone)->apex, &record->owner))) {
		*zone = open_zone(world);
		l->last_owner.len = 0;
	}
	(*zone)->apex = record->owner;
	return true;
}

static void add_key(struct loading *l, struct zone *zone, struct zonerow *row, const struct dname *owner)
{
	struct zonekey key;

	if (!dname_equal(&l->last_owner, owner)) {
		zonekey_make(&key, owner);
		l->last_owner = *owner;
		l->last_key = (uint32_t)zone->names.len;
		l->last_len = (uint16_t)key.len;
		str_add_bytes(&zone->names, key.bytes, key.len);
	}
	row->key = l->last_key;
	row->key_len = l->last_len;
}

static void add_target(struct zone *zone, struct zonerow *row, const struct dname *target)
{
	row->target = (uint32_t)zone->names.len;
	str_add_bytes(&zone->names, &target->len, 1);
	str_add_bytes(&zone->names, target->wire, target->len);
}

static void add_octets(struct zone *zone, struct zonerow *row, const struct str *octets, const struct dns_octets *of)
{
	row->target = (uint32_t)zone->names.len;
	row->data.octets.len = of->len;
	if (of->len)
		str_add_bytes(&zone->names, octets->s + of->at, of->len);
}

static void add_data(struct zone *zone, struct zonerow *row, const struct dns_record *record, const struct str *octets)
{
	switch ((int)record->type) {
	case DNS_A:
	case DNS_AAAA:
		memcpy(row->data.addr, record->addr.bytes, sizeof(row->data.addr));
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_PTR:
		add_target(zone, row, &record->target);
		break;
	case DNS_MX:
		row->data.preference = (uint16_t)record->mx.preference;
		add_target(zone, row, &record->mx.host);
		break;
	case DNS_SOA:
		row->data.soa.serial = record->soa.serial;
		row->data.soa.minimum_s = record->soa.minimum_s;
		add_target(zone, row, &record->soa.primary);
		break;
	case DNS_TXT:
		add_octets(zone, row, octets, &record->txt);
		break;
	case DNS_TLSA:
		add_octets(zone, row, octets, &record->tlsa.data);
		row->data.octets.usage = record->tlsa.usage;
		row->data.octets.selector = record->tlsa.selector;
		row->data.octets.matching = record->tlsa.matching;
		break;
	case DNS_DS:
		row->data.ds = record->ds;
		break;
	case DNS_DNSKEY:
		row->data.dnskey.flags = record->dnskey.flags;
		row->data.dnskey.algorithm = record->dnskey.algorithm;
		break;
	}
}

/* One record into the zone it belongs to; an SOA at another name opens a zone. */
static bool take_record(struct loading *l, const struct dns_record *record, size_t line, struct err *err)
{
	struct zone *zone = l->world->n > l->since ? &l->world->zone[l->world->n - 1] : NULL;
	struct zonerow *row;

	if (record->type == DNS_SOA && !take_apex(l, record, &zone, err))
		return false;
	if (!zone)
		zone = open_zone(l->world);
	zone->row = mem_grow(zone->row, zone->n, &zone->cap, sizeof(*zone->row));
	row = &zone->row[zone->n];
	*row = (struct zonerow){ .ttl_s = record->ttl_s, .type = (uint16_t)record->type, .seq = (uint32_t)zone->n, .line = (uint32_t)line };
	add_key(l, zone, row, &record->owner);
	add_data(zone, row, record, &l->octets);
	zone->n++;
	return !zone->names.overflow || err_set(err, ERR_USAGE, N_("the zone is too large"));
}

static bool take_entry(struct loading *l, struct zonescan *scan, const struct zone_entry *entry, struct err *err)
{
	struct dns_record record;

	str_clear(&l->octets);
	if (!zonerecord_read(scan, entry, &record, &l->octets, err))
		return false;
	if (entry->code == ZONE_TYPE_UNKNOWN)
		note_unknown_type(l, scan, entry);
	if (l->at_root && dname_is_root(&record.owner))
		record.owner = *l->in->domain;
	l->ttl_of_1 |= record.type == DNS_MX && entry->has_ttl && entry->ttl_s == 1;
	return take_record(l, &record, entry->line, err) || zonescan_at(scan, entry->line, err);
}

static bool take_generated(struct loading *l, const struct zone_entry *directive, struct err *err)
{
	struct zone_entry entry = { 0 };
	enum zone_step step = ZONE_BAD;
	struct zonescan inner;
	struct str text;

	str_init(&text, GENERATED_MAX);
	if (zonegen_expand(&l->scan, directive, &text, err)) {
		zonegen_scan(&inner, &l->scan, directive, &text);
		while ((step = zonescan_next(&inner, &entry, err)) == ZONE_ENTRY && take_entry(l, &inner, &entry, err))
			;
		zonegen_done(&l->scan, &inner);
	}
	zone_entry_release(&entry);
	str_release(&text);
	return step == ZONE_END;
}

static bool take_step(struct loading *l, enum zone_step step, const struct zone_entry *entry, struct err *err)
{
	if (step == ZONE_ENTRY)
		return take_entry(l, &l->scan, entry, err);
	if (step == ZONE_GENERATE)
		return take_generated(l, entry, err);
	return err_set(err, ERR_USAGE, N_("%s, line %zu: $INCLUDE is not followed here; put the records themselves into the file"),
		l->in->name, entry->line);
}

/* ---- a zone that is complete ---- */

static int compare_rows(const void *a, const void *b, void *of)
{
	const struct zonerow *left = a, *right = b;
	const struct zone *zone = of;
	int order = zonerow_compare(zone, left, (const uint8_t *)zone->names.s + right->key, right->key_len);

	if (order)
		return order;
	if (left->type != right->type)
		return left->type < right->type ? -1 : 1;
	return (left->seq > right->seq) - (left->seq < right->seq);
}

static void sort_rows(struct zone *zone)
{
	size_t i = 1;

	while (i < zone->n && compare_rows(&zone->row[i - 1], &zone->row[i], zone) < 0)
		i++;
	if (i < zone->n)
		qsort_r(zone->row, zone->n, sizeof(*zone->row), compare_rows, zone);
}

static void drop_outside(struct loading *l, struct zone *zone)
{
	struct zonekey apex;
	size_t kept = 0;

	zonekey_make(&apex, &zone->apex);
	for (size_t i = 0; i < zone->n; i++) {
		const struct zonerow *row = &zone->row[i];

		if (row->key_len >= apex.len && memcmp(zone->names.s + row->key, apex.bytes, apex.len) == 0)
			zone->row[kept++] = *row;
		else
			note_outside(l, row->line);
	}
	zone->n = kept;
}

static bool same_data(const struct zone *zone, const struct zonerow *a, const struct zonerow *b)
{
	const char *left = zone->names.s + a->target, *right = zone->names.s + b->target;
	size_t len = (uint8_t)*left + 1u;

	return a->type == b->type && *left == *right && memcmp(left, right, len) == 0 &&
	       (a->type != DNS_SOA || (a->data.soa.serial == b->data.soa.serial && a->data.soa.minimum_s == b->data.soa.minimum_s));
}

static bool is_single(unsigned type)
{
	return type == DNS_SOA || type == DNS_CNAME || type == DNS_DNAME;
}

/* Signatures, denials and keys stand beside an alias (RFC 4034 section 2.1, RFC 3007). */
static bool may_join_alias(unsigned type)
{
	enum { KEY = 25, SIG = 24, NSEC = 47, NSEC3 = 50 };

	return type == DNS_CNAME || type == DNS_RRSIG || type == NSEC || type == NSEC3 || type == KEY || type == SIG;
}

static bool refuse(const struct loading *l, const struct zonerow *row, struct err *err)
{
	return zonescan_at(&l->scan, row->line, err);
}

/* What a name server refuses to load: another record beside an alias, two of what there may be one of, the zone's own DS. */
static bool check_rows(const struct loading *l, const struct zone *zone, struct err *err)
{
	const struct zonerow *alias = NULL, *first = NULL; /* of the name; first: its first record that stands beside no alias */
	struct zonekey apex;

	zonekey_make(&apex, &zone->apex);
	for (size_t i = 0; i < zone->n; i++) {
		const struct zonerow *row = &zone->row[i], *above = i ? row - 1 : row;
		bool same_name = i && zonerow_compare(zone, above, (const uint8_t *)zone->names.s + row->key, row->key_len) == 0;

		if (!same_name)
			alias = first = NULL;
		if (row->type == DNS_DS && row->key_len == apex.len) {
			err_set(err, ERR_USAGE, N_("a DS record at the top of its own zone: it belongs to the zone above"));
			return refuse(l, row, err);
		}
		if (same_name && is_single(row->type) && above->type == row->type && !same_data(zone, above, row)) {
			err_set(err, ERR_USAGE, N_("a name has one SOA, CNAME or DNAME record, not two"));
			return refuse(l, row->seq > above->seq ? row : above, err);
		}
		alias = row->type == DNS_CNAME ? row : alias;
		first = may_join_alias(row->type) || first ? first : row;
		if (alias && first) {
			err_set(err, ERR_USAGE, N_("an alias (CNAME) and another record at one name"));
			return refuse(l, alias->seq > first->seq ? alias : first, err);
		}
	}
	return true;
}

static bool finish_zone(struct loading *l, struct zone *zone, struct err *err)
{
	if (!zone->apex.len)
		return err_set(err, ERR_USAGE, N_("%s holds no zone: there is no SOA record"), l->in->name);
	drop_outside(l, zone);
	sort_rows(zone);
	return check_rows(l, zone, err);
}

static bool load(struct loading *l, struct err *err)
{
	struct zone_entry entry = { 0 };
	struct zoneworld *world = l->world;
	enum zone_step step;
	bool ok;

	zonescan_init(&l->scan, l->in->name, l->in->text, l->in->len, NULL);
	l->scan.late_origin = l->in->domain;
	while ((step = zonescan_next(&l->scan, &entry, err)) < ZONE_END && take_step(l, step, &entry, err))
		;
	zone_entry_release(&entry);
	ok = step == ZONE_END;
	if (l->scan.wants_origin)
		err_hint(err, N_("Write $ORIGIN and the zone's name into the first line, or name the domain on the command line."));
	if (ok && world->n == l->since)
		ok = err_set(err, ERR_USAGE, N_("%s holds no zone: there is no SOA record"), l->in->name);
	str_release(&l->octets);
	for (size_t i = l->since; ok && i < world->n; i++)
		ok = finish_zone(l, &world->zone[i], err);
	return ok;
}

static void unload(struct loading *l)
{
	while (l->world->n > l->since)
		zone_release(&l->world->zone[--l->world->n]);
}

/* Is this one zone of the root, whose other records all belong to the domain? So Cloudflare wrote its exports. */
static bool is_domain_at_root(const struct loading *l)
{
	const struct zone *zone = &l->world->zone[l->since];
	struct zonekey domain;

	if (!l->in->domain || dname_is_root(l->in->domain) || l->world->n != l->since + 1 || !dname_is_root(&zone->apex))
		return false;
	zonekey_make(&domain, l->in->domain);
	for (size_t i = 0; i < zone->n; i++) {
		const struct zonerow *row = &zone->row[i];

		if (row->key_len && (row->key_len < domain.len || memcmp(zone->names.s + row->key, domain.bytes, domain.len) != 0))
			return false;
	}
	return true;
}

bool zoneworld_read(struct zoneworld *world, const struct zoneworld_text *text, struct err *err)
{
	struct loading l = { .world = world, .in = text, .since = world->n };
	size_t notes = world->n_note;
	bool ok = load(&l, err);

	if (ok && is_domain_at_root(&l)) {
		unload(&l);
		world->n_note = notes;
		l = (struct loading){ .world = world, .in = text, .since = world->n, .at_root = true };
		ok = load(&l, err);
	}
	if (ok)
		note_assumptions(&l);
	else
		unload(&l);
	return ok;
}

bool zoneworld_add(struct zoneworld *world, const char *name, const char *text, size_t len, struct err *err)
{
	return zoneworld_read(world, &(struct zoneworld_text){ .name = name, .text = text, .len = len }, err);
}
