/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone text (RFC 1035 section 5, RFC 2308 $TTL) cut into entries, each with the
 * place of every word, so that an editor can change one and leave the rest.
 * Private to wire. Borrows the text; an entry owns its words. Class IN only;
 * $INCLUDE and $GENERATE are refused: what they stand for is not in the text.
 */
#ifndef WIRE_ZONESCAN_H
#define WIRE_ZONESCAN_H

#include "wire/rr.h"

struct zone_word {
	size_t at, len; /* bytes of the text, quotes included */
};

struct zonescan {         /* initialise with zonescan_init() */
	const char *name; /* for messages */
	const char *text;
	size_t len, at, line;
	size_t first_line; /* of the entry at work */
	bool has_origin, has_standard, has_last, has_owner;
	struct dname origin; /* of the next entry */
	struct dname owner;  /* of the last entry */
	uint32_t standard_s; /* $TTL */
	uint32_t last_s;     /* TTL of the last entry */
};

struct zone_entry {        /* initialise with {0}, release at the end; used again and again */
	size_t start, end; /* bytes, the final newline included */
	size_t line;
	bool blank_owner, has_ttl;
	struct dname owner, origin;
	uint32_t ttl_s;
	size_t ttl;   /* index of the word, where has_ttl */
	size_t type;  /* index of the type's word; what it says comes after */
	size_t first; /* index of the first word behind the owner */
	size_t n, cap;
	struct zone_word *word;
};

enum zone_step { ZONE_ENTRY, ZONE_END, ZONE_BAD };

void zonescan_init(struct zonescan *scan, const char *name, const char *text, size_t len, const struct dname *origin);
/* The next record; directives are followed on the way. ZONE_BAD with err (ERR_USAGE, name and line). */
enum zone_step zonescan_next(struct zonescan *scan, struct zone_entry *entry, struct err *err);
void zone_entry_release(struct zone_entry *entry);
bool zone_word_is(const struct zonescan *scan, const struct zone_word *word, const char *text); /* ASCII case apart */
/* The entry as ldns reads it; the caller frees. NULL with err. */
ldns_rr *zone_entry_rr(const struct zonescan *scan, const struct zone_entry *entry, struct err *err);

#endif
