/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a zone world holds: rows of 44 bytes, their names in one string, in canonical order (RFC 4034 section 6.1). A name is kept
 * as a key whose bytes compare as the names do; the key of a name above is how it begins. Private to wire.
 */
#ifndef WIRE_ZONEWORLD_H
#define WIRE_ZONEWORLD_H

#include "wire/zonetext.h"

#define ZONEKEY_MAX (2 * DNAME_WIRE_MAX)

struct zonekey {
	size_t len;
	uint8_t bytes[ZONEKEY_MAX];
};
void zonekey_make(struct zonekey *key, const struct dname *name);

struct zonerow {
	uint32_t key, target; /* places in the zone's names; target: length and wire form, or bytes */
	uint32_t ttl_s;
	uint32_t seq; /* place in the text: records of a set keep their order */
	uint32_t line;
	uint16_t key_len, type; /* type 0: one that nobody knows; the name exists */
	union {
		uint8_t addr[16];
		uint16_t preference;
		struct {
			uint32_t serial, minimum_s;
		} soa;
		struct { /* bytes at target: a text, or what TLSA has */
			uint32_t len;
			uint8_t usage, selector, matching;
		} octets;
		struct ds ds;
		struct {
			uint16_t flags;
			uint8_t algorithm;
		} dnskey;
	} data;
};

struct zone {
	struct dname apex; /* len 0: no SOA record yet */
	size_t n, cap;
	struct zonerow *row; /* by name, type, place */
	struct str names;
};

struct zoneworld {
	size_t n, cap;
	struct zone *zone;
	size_t n_note, cap_note;
	struct msg *note;
};

void zone_release(struct zone *zone);
/* How the row's key stands to these bytes: <0, 0, >0. */
int zonerow_compare(const struct zone *zone, const struct zonerow *row, const uint8_t *key, size_t len);

#endif
