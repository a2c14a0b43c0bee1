/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An MX RRset: one TTL (RFC 2181 section 5.2) and its records, sorted by
 * preference, then by name. Exact duplicates are kept, so that the checks can
 * name them. The set owns its array; a record is copied with =.
 */
#ifndef CORE_MXSET_H
#define CORE_MXSET_H

#include "core/dname.h"

#define MX_ODD_MAX 264
#define MX_TTL_MAX 2147483647u    /* RFC 2181 section 8 */
#define MX_TTL_UNKNOWN UINT32_MAX /* only a cache told the set, and a cache counts down: never shown as a number */

struct mx {
	uint32_t preference;  /* 0..65535 on the wire; a draft or file may hold more, which a check refuses */
	struct dname host;    /* exchange; the root makes a null MX; len 0 when `odd` says why */
	char odd[MX_ODD_MAX]; /* what was given where it is no domain name (empty or too long label), else ""; a longer text is cut and ends
				 in "..." */
	uint32_t listed;      /* place in the answer or file, from 1; 0: not known. No part of what the record says: never compared */
};

struct mxset {
	uint32_t ttl_s;
	uint32_t listed; /* the last place given */
	size_t n, cap;
	struct mx *mx;
};

void mxset_init(struct mxset *set);
void mxset_release(struct mxset *set);
void mxset_copy(struct mxset *to, const struct mxset *from); /* to must be initialised; is overwritten */
void mxset_add(struct mxset *set, const struct mx *mx);      /* keeps the order; lists it last where mx does not say */
/* Many at once: behind the last, without the order, which mxset_sort() then makes. */
void mxset_append(struct mxset *set, const struct mx *mx);
void mxset_remove(struct mxset *set, size_t i);
void mxset_sort(struct mxset *set); /* after records were appended or changed in place */
/* Index of the first record of host, or set->n. */
size_t mxset_find(const struct mxset *set, const struct dname *host);
bool mxset_has(const struct mxset *set, const struct mx *mx);

bool mx_equal(const struct mx *a, const struct mx *b);
/* `host` as given by a person: a name, or kept in `odd` when it is none. Never fails. */
void mx_set(struct mx *mx, uint32_t preference, const char *host);
const char *mx_host_text(const struct mx *mx, char out[DNAME_TEXT_MAX]); /* A-labels, "." for null, or odd */
const char *mx_host_show(const struct mx *mx, char out[DNAME_TEXT_MAX]); /* for people */

bool mxset_same_records(const struct mxset *a, const struct mxset *b); /* as sets: order and repeats apart */
bool mxset_equal(const struct mxset *a, const struct mxset *b);        /* records and TTL; of empty sets the TTL does not count */
/* Is `have` the set that something began from? As mxset_equal(); a TTL that was not known then fits any. */
bool mxset_matches(const struct mxset *base, const struct mxset *have);
bool mxset_is_null(const struct mxset *set); /* RFC 7505: exactly one record, exchange "." */

#endif
