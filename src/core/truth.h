/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Three truths of a domain's MX set, and which of them is meant by "live". Held: the set in the provider's zone. Served: the set that
 * each authoritative server gives when it is asked directly. Cached: the set in a resolver's answer, whose TTL counts down. Live is held
 * where an account could read it, else served where all servers that answered agree, else cached; a TTL that only a cache told is not
 * known. Pure: reads facts, and writes only the fields of struct facts that follow from the others.
 */
#ifndef CORE_TRUTH_H
#define CORE_TRUTH_H

#include "core/facts.h"

enum truth_source {
	TRUTH_UNKNOWN, /* nobody told, or the servers contradict each other and nobody else told */
	TRUTH_HELD,    /* the provider's zone, or the zone file that was named */
	TRUTH_SERVED,
	TRUTH_CACHED
};

enum truth_cache {
	CACHE_UNKNOWN, /* no resolver was asked, it did not answer, or its answer has run out */
	CACHE_SAME,
	CACHE_DIFFERS
};

struct truth {
	enum truth_source live;
	bool ttl_known;  /* of a live set with records */
	size_t servers;  /* rows of authoritative servers */
	size_t answered; /* of them, those that told a set */
	size_t agree;    /* of those, the ones that gave the live set, with its TTL where it is known */
	size_t pending;  /* of the rows, those whose answer may still come */
	bool disagree;   /* the servers that answered do not all give one set */
	enum truth_cache cache;
	uint32_t cache_left_s; /* until the resolver's answer runs out, at `now` */
};

/* Sets mx, live, live_source, ttl_max_s, observed_at, implicit and null_mx of facts, and synthesised where what is held tells; called
 * after each answer. */
void truth_settle(struct facts *facts);
/* What settled facts allow to be said at `now`, in seconds since 1970. */
void truth_look(struct truth *truth, const struct facts *facts, int64_t now);

/* Is this answer one that tells the set, be it empty? */
bool truth_tells(enum answer mx);
/* Does this server, which told a set, give the live one? */
bool truth_agrees(const struct facts *facts, const struct server_facts *server);
/* Did only a resolver tell the set, without proof by DNSSEC? */
bool truth_by_resolver(const struct facts *facts);
/* What a draft begins from, and who told it: the live set, or NULL where it is not known. An alias is followed for reading only: what is
 * held counts. */
const struct mxset *truth_base(const struct facts *facts, enum truth_source *source);
/* Is base what is there now? Only what is held can tell, or, where no account was asked, the servers that agree. A resolver's answer
 * alone never does. */
enum fact truth_stands(const struct facts *facts, const struct mxset *base);
bool truth_moved(const struct facts *facts, const struct mxset *base); /* surely not */

#endif
