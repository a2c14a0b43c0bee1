/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Zone files as text (RFC 1035 section 5): records by ldns for answering, and an editor
 * that rewrites only the MX lines of one owner and the SOA serial, every other
 * byte, comment and layout kept. Knows no file.
 */
#ifndef WIRE_ZONETEXT_H
#define WIRE_ZONETEXT_H

#include "wire/dnswire.h"

/* A world of zones that answers as their servers would: aliases, wildcards (RFC 4592), delegations, empty non-terminals. */
struct zoneworld;
struct zoneworld *zoneworld_new(void);
void zoneworld_free(struct zoneworld *world);
/* origin NULL: $ORIGIN or the SOA's owner must tell. `name` is for messages (FILE:LINE). ERR_USAGE. $INCLUDE is refused. */
bool zoneworld_add(struct zoneworld *world, const char *name, const char *text, size_t len, struct err *err);
/* As a resolver that sees only these zones would answer (follows aliases and delegations between them). A name in no zone: SERVFAIL. */
void zoneworld_ask(const struct zoneworld *world, const struct dns_question *question, struct dns_answer *answer);
size_t zoneworld_zones(const struct zoneworld *world);
const struct dname *zoneworld_zone(const struct zoneworld *world, size_t i); /* apex; in the order they were added */
/* The longest zone that name is under, or NULL. */
const struct dname *zoneworld_find(const struct zoneworld *world, const struct dname *name);

/* One owner in the text of one zone; all borrowed. */
struct zonetext {
	const char *text;
	size_t len;
	const struct dname *zone, *owner;
};

/* Reads owner's MX set out of the text. TTL by the rules of $TTL and the previous record. */
bool zonetext_read_mx(const struct zonetext *in, struct mxset *set, struct err *err);
/* Appends the text with owner's MX set replaced and the serial raised (RFC 1982; date-like serials stay date-like when today_yyyymmdd is
 * given). */
bool zonetext_replace_mx(const struct zonetext *in, const struct mxset *set, uint32_t today_yyyymmdd, struct str *out, struct err *err);

#endif
