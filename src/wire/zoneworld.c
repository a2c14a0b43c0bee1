/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/zonescan.h"
#include "wire/zonetext.h"
#include "base/banned.h"

#define LINKS_MAX (FACTS_ALIASES + 1) /* one more than a reader follows: it sees that the chain is too long */

struct world_row {
	struct dns_record record;
	size_t seq; /* place in the text: records of a set keep their order */
};

struct zone {
	struct dname apex;
	size_t n, cap;
	struct world_row *row; /* in canonical order: what is below a name follows it */
};

struct zoneworld {
	size_t n, cap;
	struct zone *zone;
};

struct zoneworld *zoneworld_new(void)
{
	return mem_alloc(sizeof(struct zoneworld));
}

void zoneworld_free(struct zoneworld *world)
{
	if (!world)
		return;
	for (size_t i = 0; i < world->n; i++)
		free(world->zone[i].row);
	free(world->zone);
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

const struct dname *zoneworld_find(const struct zoneworld *world, const struct dname *name)
{
	const struct zone *zone = find_zone(world, name, false);

	return zone ? &zone->apex : NULL;
}

static int cmp_rows(const void *a, const void *b)
{
	const struct world_row *left = a, *right = b;
	int order = dname_cmp(&left->record.owner, &right->record.owner);

	if (order)
		return order;
	return (left->seq > right->seq) - (left->seq < right->seq);
}

/* One record into the zone it belongs to; an SOA opens a zone. */
static bool take_record(struct zoneworld *world, const struct dns_record *record, size_t since, struct err *err)
{
	struct zone *zone = world->n > since ? &world->zone[world->n - 1] : NULL;

	if (record->type == DNS_SOA && !(zone && dname_equal(&zone->apex, &record->owner))) {
		for (size_t i = 0; i < world->n; i++)
			if (dname_equal(&world->zone[i].apex, &record->owner))
				return err_set(err, ERR_USAGE, N_("the zone is given twice"));
		world->zone = mem_grow(world->zone, world->n, &world->cap, sizeof *world->zone);
		zone = &world->zone[world->n++];
		*zone = (struct zone){ .apex = record->owner };
	}
	if (!zone)
		return err_set(err, ERR_USAGE, N_("the zone does not begin with its SOA record"));
	if (!dname_under(&record->owner, &zone->apex))
		return err_set(err, ERR_USAGE, N_("the record lies outside the zone"));
	zone->row = mem_grow(zone->row, zone->n, &zone->cap, sizeof *zone->row);
	zone->row[zone->n] = (struct world_row){ *record, zone->n };
	zone->n++;
	return true;
}

bool zoneworld_add(struct zoneworld *world, const char *name, const char *text, size_t len, struct err *err)
{
	struct zone_entry entry = { 0 };
	size_t since = world->n;
	struct zonescan scan;
	enum zone_step step;

	zonescan_init(&scan, name, text, len, NULL);
	while ((step = zonescan_next(&scan, &entry, err)) == ZONE_ENTRY) {
		ldns_rr *rr = zone_entry_rr(&scan, &entry, err);
		struct dns_record record = { 0 };

		if (!rr)
			break;
		rr_read(&record, rr); /* of a type unknown here the owner counts: the name exists */
		record.owner = entry.owner;
		record.ttl_s = entry.ttl_s;
		record.type = (enum dns_type)ldns_rr_get_type(rr);
		ldns_rr_free(rr);
		if (!take_record(world, &record, since, err)) {
			err_context(err, N_("%s, line %zu"), name, entry.line);
			break;
		}
	}
	zone_entry_release(&entry);
	if (step == ZONE_END && world->n == since)
		err_set(err, ERR_USAGE, N_("%s holds no zone: there is no SOA record"), name);
	if (step == ZONE_END && world->n > since) {
		for (size_t i = since; i < world->n; i++)
			qsort(world->zone[i].row, world->zone[i].n, sizeof *world->zone[i].row, cmp_rows);
		return true;
	}
	while (world->n > since)
		free(world->zone[--world->n].row);
	return false;
}

/* Index of the first row whose owner is not before name. */
static size_t first_row(const struct zone *zone, const struct dname *name)
{
	size_t low = 0, high = zone->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (dname_cmp(&zone->row[middle].record.owner, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does it own records, or stand above some (an empty non-terminal)? */
static bool exists(const struct zone *zone, const struct dname *name)
{
	size_t i = first_row(zone, name);

	return i < zone->n && dname_under(&zone->row[i].record.owner, name);
}

static bool has_type(const struct zone *zone, const struct dname *name, enum dns_type type)
{
	for (size_t i = first_row(zone, name); i < zone->n && dname_equal(&zone->row[i].record.owner, name); i++)
		if (zone->row[i].record.type == type)
			return true;
	return false;
}

/* Is name at or below a zone cut? Its zone then is elsewhere, in no zone of the world. */
static bool delegated(const struct zone *zone, const struct dname *name, enum dns_type type)
{
	struct dname at = *name;

	if (type == DNS_DS && !dname_equal(name, &zone->apex) && !dname_parent(name, &at))
		return false;
	for (; !dname_equal(&at, &zone->apex);)
		if (has_type(zone, &at, DNS_NS) || !dname_parent(&at, &at))
			return true;
	return false;
}

/* RFC 4592: the name below the closest encloser. */
static bool wildcard(const struct zone *zone, const struct dname *name, struct dname *star)
{
	struct dname encloser = *name;
	uint8_t wire[DNAME_WIRE_MAX + 2] = { 1, '*' };

	while (!exists(zone, &encloser))
		if (dname_equal(&encloser, &zone->apex) || !dname_parent(&encloser, &encloser))
			return false;
	memcpy(wire + 2, encloser.wire, encloser.len);
	return encloser.len + 2u <= DNAME_WIRE_MAX && dname_from_wire(star, wire, encloser.len + 2u) && first_row(zone, star) < zone->n &&
	       dname_equal(&zone->row[first_row(zone, star)].record.owner, star);
}

static size_t add_type(
	const struct zone *zone, const struct dname *from, const struct dname *owner, enum dns_type type, struct dns_answer *answer)
{
	size_t n = 0;

	for (size_t i = first_row(zone, from); i < zone->n && dname_equal(&zone->row[i].record.owner, from); i++) {
		struct dns_record *record;

		if (zone->row[i].record.type != type)
			continue;
		record = dns_answer_add(answer);
		*record = zone->row[i].record;
		record->owner = *owner;
		record->section = type == DNS_SOA && answer->question.type != DNS_SOA ? DNS_AUTHORITY : DNS_ANSWER;
		n++;
	}
	return n;
}

/* Answers for one name; true when it is an alias, whose target is then in *name. */
static bool answer_at(const struct zone *zone, struct dname *name, struct dns_answer *answer)
{
	enum dns_type type = answer->question.type;
	struct dname from = *name;

	if (!exists(zone, name) && !wildcard(zone, name, &from)) {
		answer->rcode = LDNS_RCODE_NXDOMAIN;
	} else if (type != DNS_CNAME && has_type(zone, &from, DNS_CNAME)) {
		add_type(zone, &from, name, DNS_CNAME, answer);
		*name = answer->record[answer->n - 1].target;
		return true;
	} else if (add_type(zone, &from, name, type, answer)) {
		return false;
	}
	add_type(zone, &zone->apex, &zone->apex, DNS_SOA, answer);
	return false;
}

void zoneworld_ask(const struct zoneworld *world, const struct dns_question *question, struct dns_answer *answer)
{
	struct dname name = question->name;

	dns_answer_release(answer);
	answer->is_response = answer->has_question = true;
	answer->question = *question;
	for (unsigned i = 0; i <= LINKS_MAX; i++) {
		const struct zone *zone = find_zone(world, &name, question->type == DNS_DS);

		if (!zone)
			zone = find_zone(world, &name, false);
		if (!zone || delegated(zone, &name, question->type)) {
			answer->rcode = LDNS_RCODE_SERVFAIL;
			return;
		}
		if (!answer_at(zone, &name, answer))
			return;
	}
}
