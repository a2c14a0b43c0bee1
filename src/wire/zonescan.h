/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone text (RFC 1035 section 5, RFC 2308 $TTL, RFC 3597 unknown types) cut into entries, each with the bytes of every word, so that
 * an editor can change one and leave the rest. Reads what BIND reads. Class IN only. Private to wire. Borrows the text; an entry
 * owns its array of words.
 */
#ifndef WIRE_ZONESCAN_H
#define WIRE_ZONESCAN_H

#include "wire/dnswire.h"

#define ZONE_TYPE_UNKNOWN 0 /* a type name that no list has: a coming one; its data is not looked at */
#define ZONE_ERR_TEXT 48    /* bytes of a word that a message repeats */

struct zone_word {
	size_t at, len; /* bytes of the text, quotes included */
};

struct zonescan {         /* initialise with zonescan_init() */
	const char *name; /* for messages */
	const char *text;
	size_t len, at, line;
	size_t first_line;                   /* of the entry at work */
	const struct dname *late_origin;     /* what names are relative to where no $ORIGIN and no SOA said so; or NULL */
	bool used_late_origin, wants_origin; /* wants_origin: failed because nothing said it */
	bool one_line;                       /* the text stands for one line of another */
	bool has_origin, has_standard, has_last, has_owner;
	struct dname origin; /* of the next entry */
	struct dname owner;  /* of the last entry */
	uint32_t standard_s; /* $TTL, or the minimum of an SOA that has no TTL */
	uint32_t last_s;     /* TTL of the last entry */
};

struct zone_entry {        /* initialise with {0}, release at the end; used again and again */
	size_t start, end; /* bytes, the final newline included */
	size_t line;
	bool blank_owner, has_ttl; /* has_ttl: of a $GENERATE too */
	bool ended;                /* by a line end, not by the end of the text */
	struct dname owner, origin;
	uint32_t ttl_s;
	unsigned code; /* number of the type, or ZONE_TYPE_UNKNOWN */
	size_t ttl;    /* index of the word, where has_ttl */
	size_t type;   /* index of the type's word; what it says comes after */
	size_t first;  /* index of the first word behind the owner */
	size_t n, cap;
	struct zone_word *word;
};

enum zone_step { ZONE_ENTRY, ZONE_INCLUDE, ZONE_GENERATE, ZONE_END, ZONE_BAD };

void zonescan_init(struct zonescan *scan, const char *name, const char *text, size_t len, const struct dname *origin);
/* The next record. $ORIGIN and $TTL are followed on the way; of $INCLUDE and $GENERATE entry has the words, and the line.
 * ZONE_BAD with err (ERR_USAGE, name and line). */
enum zone_step zonescan_next(struct zonescan *scan, struct zone_entry *entry, struct err *err);
void zone_entry_release(struct zone_entry *entry);

/* Adds name and line to what err says already. Always false. */
bool zonescan_at(const struct zonescan *scan, size_t line, struct err *err);
const char *zone_word_text(const struct zonescan *scan, const struct zone_word *word, char out[ZONE_ERR_TEXT]); /* cut, for messages */
bool zone_word_is(const struct zonescan *scan, const struct zone_word *word, const char *text); /* text in capitals; ASCII case apart */
/* A name: relative to the origin unless it ends in a dot. Bytes are taken as they are (no IDNA), as a server takes them. */
bool zone_word_name(struct zonescan *scan, const struct zone_word *word, struct dname *name, struct err *err);
/* "3600", "1h30m", "2W". Beyond 2^31-1 it is 0 (RFC 2181 section 8); false: no TTL, or 2^32 and more. */
bool zone_word_ttl(const struct zonescan *scan, const struct zone_word *word, uint32_t *ttl_s);
/* Digits alone, up to max; false for anything else. */
bool zone_word_number(const struct zonescan *scan, const struct zone_word *word, uint32_t max, uint32_t *value);
/* Number of the type that the word names (RFC 3597 TYPEnnn too), ZONE_TYPE_UNKNOWN; false: it can be no type. */
bool zone_type_is_data(unsigned code); /* a known type that the library cannot read */
bool zone_word_is_class(const struct zonescan *scan, const struct zone_word *word);
bool zone_word_type(const struct zonescan *scan, const struct zone_word *word, unsigned *code);

#endif
