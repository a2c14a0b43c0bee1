/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For how long caches hold an old answer. One rule for a push that was published and for a cut-over that is planned: the TTL of the old
 * set, or the negative TTL where there was none (RFC 2181 section 5.2, RFC 2308 section 5); a part of the resolvers holds answers longer
 * than that, and this stretch is told apart. Pure arithmetic; the caller has the clock.
 */
#ifndef CORE_DRAIN_H
#define CORE_DRAIN_H

#include "core/facts.h"

#define DRAIN_STRETCH_S 86400u  /* at most so much longer; assumed */
#define DRAIN_NEGATIVE_S 10800u /* for how long "no MX" is held where the zone does not say; assumed, RFC 2308 section 5 */

struct drain {
	bool known;      /* false: nobody told the TTL of the old set */
	bool negative;   /* the old answer was "no MX" */
	bool assumed;    /* hold_s is DRAIN_NEGATIVE_S: the zone did not tell its own */
	uint32_t hold_s; /* a cache that keeps to the TTL holds the old answer so long after it was replaced */
	int64_t until;   /* what stood before an earlier change is held until then; 0: nothing is known of one */
};

/* old: the set that is replaced. highest_s: the highest TTL among its records where they differ, else 0. negative_s: what the zone says
 * of "no MX" (SOA), 0: not known. */
struct drain drain_of(const struct mxset *old, uint32_t highest_s, uint32_t negative_s);
/* A TTL that was lowered a while ago is no comfort yet: caches hold the set by the one that it had before. */
void drain_add_past(struct drain *drain, const struct past_facts *past);
/* How many seconds from now on caches hold it, where every server has the change now. */
uint32_t drain_left(const struct drain *drain, int64_t now);
/* When caches that keep to the TTL have lost an answer that the last server gave until changed_at; 0: not known. */
int64_t drain_end(const struct drain *drain, int64_t changed_at);
/* The same of resolvers that stretch TTLs; 0: not known. */
int64_t drain_tail(const struct drain *drain, int64_t changed_at);

/* When the old answers are gone, and what else is known of that, as sentences. */
void drain_msg(const struct drain *drain, int64_t end, struct msg *msg);
void drain_tail_msg(int64_t tail, struct msg *msg);

#endif
