/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone files as text (RFC 1035 section 5): worlds of zones that answer, and an editor that rewrites only the MX lines of one owner and
 * the SOA serial, every other byte, comment and layout kept. Reads what a name server reads, and refuses with the line what
 * it would refuse. Knows no file.
 */
#ifndef WIRE_ZONETEXT_H
#define WIRE_ZONETEXT_H

#include "wire/dnswire.h"

#define ZONETEXT_MAX ((size_t)1 << 30) /* bytes; a file of a million records of 250 bytes, with its edit, fits well */

/* ---- worlds ---- */

/* A world of zones that answers as their servers would: aliases, DNAME (RFC 6672), wildcards (RFC 4592), delegations, empty
 * non-terminals. */
struct zoneworld;
struct zoneworld *zoneworld_new(void);
void zoneworld_free(struct zoneworld *world);
struct zoneworld_text {   /* borrowed for the call */
	const char *name; /* for messages (NAME, line N) */
	const char *text;
	size_t len;
	const struct dname *domain; /* the zone's name where the text does not say it; NULL: not known */
};
/* ERR_USAGE. $GENERATE is followed, $INCLUDE refused. */
bool zoneworld_read(struct zoneworld *world, const struct zoneworld_text *text, struct err *err);
/* The same of a text that says its zone's name. */
bool zoneworld_add(struct zoneworld *world, const char *name, const char *text, size_t len, struct err *err);
/* As a resolver that sees only these zones would answer (follows aliases and delegations between them). false: nobody could be
 * asked, because the name, or what it is an alias of, lies in none of the zones; answer then holds the chain up to there (SERVFAIL). */
bool zoneworld_ask(const struct zoneworld *world, const struct dns_question *question, struct dns_answer *answer);
size_t zoneworld_zones(const struct zoneworld *world);
const struct dname *zoneworld_zone(const struct zoneworld *world, size_t i); /* apex; in the order they were added */
struct zonestand {                                                           /* how a name stands in the zone that answers for it */
	bool below_dname;
	struct dname dname_owner; /* where that is so */
	bool exists;              /* it owns records, or stands above some */
	bool wildcard;            /* a wildcard would answer for it, if nothing stood at it or below it (RFC 4592) */
	struct dname wildcard_name;
};
/* false: not known, because the name lies in none of the zones, or below a delegation. */
bool zoneworld_stand(const struct zoneworld *world, const struct dname *name, struct zonestand *stand);
/* What a person should know about the texts: a type that is not known, a name that was assumed. Borrowed. */
size_t zoneworld_notes(const struct zoneworld *world);
const struct msg *zoneworld_note(const struct zoneworld *world, size_t i);

/* ---- one owner in the text of one zone ---- */

struct zonetext { /* all borrowed */
	const char *text;
	size_t len;
	const struct dname *zone, *owner;
	const char *name; /* for messages (NAME, line N); NULL: "the zone file" */
};

#define ZONETEXT_NS 16

struct zonetext_include { /* an $INCLUDE: text that stands elsewhere */
	size_t line;
	char *path;          /* as written */
	struct dname origin; /* what its names are relative to */
};

/* What the text says of the owner. Initialise with {0}. */
struct zonetext_view {
	struct mxset set; /* TTL: the lowest, by the rules of $TTL and the previous record */
	size_t cap_ttl;
	uint32_t *ttl_s; /* of each record of the set, by the place where it is listed */
	bool has_default;
	uint32_t default_s; /* $TTL, the last one */
	size_t n_ns;
	struct dname ns[ZONETEXT_NS]; /* the zone's own NS records, the first ones */
	size_t signed_line;           /* first line with a signature, a key or a denial (RFC 4034, 5155); 0: none */
	size_t n_include, cap_include;
	struct zonetext_include *include;
	/* the editor's: */
	size_t n_line, cap_line;
	struct zonetext_line *line; /* the owner's MX records in the text */
	size_t anchor;              /* new records come behind this entry */
	uint32_t serial;
	size_t n_soa;
	struct err taken;  /* why no MX record may stand at the owner */
	struct err unsafe; /* why the text is not edited */
};
/* One reading of the text. ERR_USAGE. The records of $GENERATE count, those of $INCLUDE are not looked at: see zonetext_included(). */
bool zonetext_view(const struct zonetext *in, struct zonetext_view *view, struct err *err);
void zonetext_view_release(struct zonetext_view *view);
/* Is there nothing in an included text that bears on the owner? in->zone is the $INCLUDE's origin. ERR_USAGE. */
bool zonetext_included(const struct zonetext *in, struct err *err);
/* The set alone, of a text that is whole: $INCLUDE is refused. */
bool zonetext_read_mx(const struct zonetext *in, struct mxset *set, struct err *err);

/* The zones whose SOA records stand in a text, those that the owner lies in first of all. in->zone is not looked at. ERR_USAGE. */
struct zonetext_zones {
	size_t n;
	struct dname apex[ZONETEXT_NS];
};
bool zonetext_zones(const struct zonetext *in, struct zonetext_zones *zones, struct err *err);

struct zonetext_edit {
	const struct mxset *set;
	uint32_t today_yyyymmdd; /* date-like serials stay date-like; 0: not known */
};
/* Appends the text with the owner's MX set replaced and the serial raised (RFC 1982). view is of this very text. */
bool zonetext_replace_mx(
	const struct zonetext *in, const struct zonetext_view *view, const struct zonetext_edit *edit, struct str *out, struct err *err);

#endif
