/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers out of a zone world. */
#include "wire/zoneworld.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/rr.h"
#include "base/banned.h"

#define LINKS_MAX (FACTS_ALIASES + 1) /* one more than a reader follows: it sees that the chain is too long */

struct zoneworld *zoneworld_new(void)
{
	return mem_alloc(sizeof(struct zoneworld));
}

void zoneworld_free(struct zoneworld *world)
{
	if (!world)
		return;
	for (size_t i = 0; i < world->n; i++)
		zone_release(&world->zone[i]);
	free(world->zone);
	free(world->note);
	free(world);
}

size_t zoneworld_zones(const struct zoneworld *world)
{
	return world->n;
}

const struct dname *zoneworld_zone(const struct zoneworld *world, size_t i)
{
	return &world->zone[i].apex;
}

size_t zoneworld_notes(const struct zoneworld *world)
{
	return world->n_note;
}

const struct msg *zoneworld_note(const struct zoneworld *world, size_t i)
{
	return &world->note[i];
}

static const struct zone *find_zone(const struct zoneworld *world, const struct dname *name, bool above)
{
	const struct zone *best = NULL;

	for (size_t i = 0; i < world->n; i++) {
		const struct zone *zone = &world->zone[i];

		if (dname_under(name, &zone->apex) && (!best || zone->apex.len > best->apex.len) &&
			!(above && dname_equal(name, &zone->apex)))
			best = zone;
	}
	return best;
}

/* ---- rows ---- */

/* Index of the first row that is not before this name and type. */
static size_t first_row(const struct zone *zone, const uint8_t *key, size_t len, unsigned type)
{
	size_t low = 0, high = zone->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = zonerow_compare(zone, &zone->row[middle], key, len);

		if (order < 0 || (order == 0 && zone->row[middle].type < type))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does it own records, or stand above some (an empty non-terminal)? */
static bool exists(const struct zone *zone, const uint8_t *key, size_t len)
{
	size_t i = first_row(zone, key, len, 0);

	return i < zone->n && zone->row[i].key_len >= len && memcmp(zone->names.s + zone->row[i].key, key, len) == 0;
}

/* Does it own records itself? */
static bool owns(const struct zone *zone, const uint8_t *key, size_t len)
{
	size_t i = first_row(zone, key, len, 0);

	return i < zone->n && zonerow_compare(zone, &zone->row[i], key, len) == 0;
}

/* The first row of this very name and type, or NULL. */
static const struct zonerow *find_row(const struct zone *zone, const uint8_t *key, size_t len, unsigned type)
{
	size_t i = first_row(zone, key, len, type);

	return i < zone->n && zone->row[i].type == type && zonerow_compare(zone, &zone->row[i], key, len) == 0 ? &zone->row[i] : NULL;
}

static void read_target(const struct zone *zone, const struct zonerow *row, struct dname *target)
{
	target->len = (uint8_t)zone->names.s[row->target];
	memcpy(target->wire, zone->names.s + row->target + 1, target->len);
}

static struct dns_octets read_octets(const struct zone *zone, const struct zonerow *row, struct str *octets)
{
	struct dns_octets read = { (uint32_t)octets->len, row->data.octets.len };

	str_add_bytes(octets, zone->names.s + row->target, read.len);
	return read;
}

static void read_data(const struct zone *zone, const struct zonerow *row, struct dns_record *record, struct str *octets)
{
	switch (row->type) {
	case DNS_A:
	case DNS_AAAA:
		record->addr.family = row->type == DNS_A ? 4 : 6;
		memcpy(record->addr.bytes, row->data.addr, sizeof(record->addr.bytes));
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_PTR:
		read_target(zone, row, &record->target);
		break;
	case DNS_MX:
		record->mx.preference = row->data.preference;
		read_target(zone, row, &record->mx.host);
		break;
	case DNS_SOA:
		record->soa.serial = row->data.soa.serial;
		record->soa.minimum_s = row->data.soa.minimum_s;
		read_target(zone, row, &record->soa.primary);
		break;
	case DNS_TXT:
		record->txt = read_octets(zone, row, octets);
		break;
	case DNS_TLSA:
		record->tlsa.usage = row->data.octets.usage;
		record->tlsa.selector = row->data.octets.selector;
		record->tlsa.matching = row->data.octets.matching;
		record->tlsa.data = read_octets(zone, row, octets);
		break;
	case DNS_DS:
		record->ds = row->data.ds;
		break;
	case DNS_DNSKEY:
		record->dnskey.flags = row->data.dnskey.flags;
		record->dnskey.algorithm = row->data.dnskey.algorithm;
		break;
	}
}

/* A record more in the answer, of this row's type and data. */
static struct dns_record *add_row(const struct zone *zone, const struct zonerow *row, struct dns_answer *answer)
{
	struct dns_record *record = dns_answer_add(answer);

	record->type = (enum dns_type)row->type;
	record->ttl_s = row->ttl_s;
	read_data(zone, row, record, &answer->octets);
	return record;
}

/* ---- one zone's answer ---- */

/* Where the way from the apex down to a name ends. */
struct way {
	const struct zone *zone;
	struct zonekey key;            /* of the name */
	size_t apex_len, encloser_len; /* of the key: the apex, the lowest name above it or itself that exists */
	bool cut;                      /* it lies at or below a delegation */
	const struct zonerow *dname;   /* it lies below this DNAME; or NULL */
	size_t dname_len;
};

static void go_down(struct way *way, const struct zone *zone, const struct dname *name, enum dns_type type)
{
	struct zonekey apex;
	const uint8_t *key;
	size_t len;

	zonekey_make(&apex, &zone->apex);
	zonekey_make(&way->key, name);
	key = way->key.bytes;
	way->zone = zone;
	way->apex_len = way->encloser_len = len = apex.len;
	way->cut = false;
	way->dname = NULL;
	while (len < way->key.len) {
		way->dname = find_row(zone, key, len, DNS_DNAME);
		way->dname_len = len;
		if (way->dname)
			return;
		while (key[len]) /* no key byte of a label is zero */
			len++;
		len++;
		way->cut = find_row(zone, key, len, DNS_NS) && !(type == DNS_DS && len == way->key.len);
		if (way->cut || !exists(zone, key, len))
			return;
		way->encloser_len = len;
	}
}

static size_t add_rows(
	const struct way *way, const struct zonekey *at, const struct dname *owner, enum dns_type type, struct dns_answer *answer)
{
	const struct zone *zone = way->zone;
	const struct zonerow *row = find_row(zone, at->bytes, at->len, type), *end = zone->row + zone->n;
	size_t n = 0;

	for (; row && row < end && row->type == type && zonerow_compare(zone, row, at->bytes, at->len) == 0; row++, n++) {
		struct dns_record *record = add_row(zone, row, answer);

		record->owner = *owner;
		record->section = type == DNS_SOA && answer->question.type != DNS_SOA ? SECTION_AUTHORITY : SECTION_ANSWER;
	}
	return n;
}

static void add_negative(const struct way *way, struct dns_answer *answer)
{
	struct zonekey apex = { .len = way->apex_len };

	memcpy(apex.bytes, way->key.bytes, apex.len);
	add_rows(way, &apex, &way->zone->apex, DNS_SOA, answer);
}

/* RFC 4592: the name below the closest encloser. */
static bool wildcard(const struct way *way, struct zonekey *star)
{
	if (way->encloser_len + 2 > ZONEKEY_MAX)
		return false;
	memcpy(star->bytes, way->key.bytes, way->encloser_len);
	star->len = way->encloser_len;
	star->bytes[star->len++] = '*';
	star->bytes[star->len++] = 0;
	return owns(way->zone, star->bytes, star->len);
}

/* RFC 6672 section 2.2: what is below the DNAME's owner moves below its target; an alias is made for it. */
static bool answer_dname(const struct way *way, struct dname *name, struct dns_answer *answer)
{
	struct dns_record *record = add_row(way->zone, way->dname, answer);
	struct dname owner = *name, target, made;
	struct zonekey key;

	do {
		dname_parent(&owner, &owner);
		zonekey_make(&key, &owner);
	} while (key.len > way->dname_len);
	record->owner = owner;
	target = record->target;
	if (name->len - owner.len + target.len > DNAME_WIRE_MAX) {
		answer->rcode = LDNS_RCODE_YXDOMAIN;
		return false;
	}
	made.len = (uint8_t)(name->len - owner.len + target.len);
	memcpy(made.wire, name->wire, name->len - owner.len);
	memcpy(made.wire + name->len - owner.len, target.wire, target.len);
	record = dns_answer_add(answer);
	*record = (struct dns_record){ .owner = *name, .type = DNS_CNAME, .ttl_s = way->dname->ttl_s, .target = made };
	*name = made;
	return answer->question.type != DNS_CNAME;
}

/* Answers for one name; true when it is an alias, whose target is then in *name. */
static bool answer_at(const struct way *way, struct dname *name, struct dns_answer *answer)
{
	enum dns_type type = answer->question.type;
	struct zonekey at = way->key;

	if (way->dname)
		return answer_dname(way, name, answer);
	if (way->encloser_len < way->key.len && !wildcard(way, &at)) {
		answer->rcode = LDNS_RCODE_NXDOMAIN;
	} else if (type != DNS_CNAME && add_rows(way, &at, name, DNS_CNAME, answer)) {
		*name = answer->record[answer->n - 1].target;
		return true;
	} else if (add_rows(way, &at, name, type, answer)) {
		return false;
	}
	add_negative(way, answer);
	return false;
}

/* ---- how a name stands ---- */

/* The name above `name` whose key has this length. */
static struct dname above_with_key(const struct dname *name, size_t key_len)
{
	struct dname above = *name;
	struct zonekey key;

	zonekey_make(&key, &above);
	while (key.len > key_len && dname_parent(&above, &above))
		zonekey_make(&key, &above);
	return above;
}

/* Do records stand at or below this key, other than at or below the name? */
static bool exists_beside(const struct zone *zone, const struct zonekey *name, size_t len)
{
	for (size_t i = first_row(zone, name->bytes, len, 0); i < zone->n; i++) {
		const struct zonerow *row = &zone->row[i];
		const char *key = zone->names.s + row->key;

		if (row->key_len < len || memcmp(key, name->bytes, len) != 0)
			return false;
		if (row->key_len < name->len || memcmp(key, name->bytes, name->len) != 0)
			return true;
	}
	return false;
}

/* The wildcard below the closest name above that exists without this one. */
static void find_wildcard(struct way *way, const struct dname *name, struct zonestand *stand)
{
	const struct zonekey *key = &way->key;
	struct dname encloser;
	struct zonekey star;
	size_t len = way->encloser_len = way->apex_len;

	for (;;) {
		while (key->bytes[len])
			len++;
		if (++len >= key->len || !exists_beside(way->zone, key, len))
			break;
		way->encloser_len = len;
	}
	encloser = above_with_key(name, way->encloser_len);
	stand->wildcard = wildcard(way, &star) && dname_star(&encloser, &stand->wildcard_name) && !dname_equal(&stand->wildcard_name, name);
}

bool zoneworld_stand(const struct zoneworld *world, const struct dname *name, struct zonestand *stand)
{
	const struct zone *zone = find_zone(world, name, false);
	struct way way;

	*stand = (struct zonestand){ 0 };
	if (!zone)
		return false;
	go_down(&way, zone, name, DNS_MX);
	if (way.cut)
		return false;
	if (way.dname) {
		stand->below_dname = true;
		stand->dname_owner = above_with_key(name, way.dname_len);
		return true;
	}
	stand->exists = way.encloser_len == way.key.len;
	if (!dname_equal(name, &zone->apex))
		find_wildcard(&way, name, stand);
	return true;
}

bool zoneworld_ask(const struct zoneworld *world, const struct dns_question *question, struct dns_answer *answer)
{
	struct dname name = question->name;

	dns_answer_release(answer);
	answer->is_response = answer->has_question = true;
	answer->question = *question;
	for (unsigned i = 0; i <= LINKS_MAX; i++) {
		const struct zone *zone = find_zone(world, &name, question->type == DNS_DS);
		struct way way;

		if (!zone)
			zone = find_zone(world, &name, false);
		if (zone)
			go_down(&way, zone, &name, question->type);
		if (!zone || way.cut) {
			answer->rcode = LDNS_RCODE_SERVFAIL;
			return false;
		}
		if (!answer_at(&way, &name, answer))
			return true;
	}
	return true;
}
