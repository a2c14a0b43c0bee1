/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MX set as the provider holds it, and as a cache has it. What servers tell is in server.h; what is live, core/truth.h decides. */
#ifndef CORE_FACTS_MX_H
#define CORE_FACTS_MX_H

#include "core/answer.h"
#include "core/mxset.h"

struct held_facts {     /* the set in the provider's zone, as its account read it */
	enum answer mx; /* UNASKED: no account was asked; DATA or NODATA; else it could not be read, and reason says why */
	char account[64];
	int64_t at;
	struct mxset set;
	uint32_t ttl_max_s;
	bool ttl_automatic;   /* the provider chooses the TTL of each record; the set's is what that comes to */
	bool ttl_guessed;     /* the provider does not tell the TTL: the set's is what it mostly comes to */
	struct dname zone;    /* that the provider holds the name in; len 0: not known */
	uint32_t first_ttl_s; /* what the zone gives a new record; 0: the provider does not tell */
	char reason[FACTS_REASON];
};

struct cached_facts { /* the answer of the resolver, of the one server or of the zone files that are asked */
	enum answer mx;
	bool exact; /* the TTL is the set's own: it came with authority, or out of a zone file */
	int64_t at;
	struct mxset set; /* its TTL as it was when the answer came */
	uint32_t ttl_max_s;
	uint32_t negative_s; /* of an answer without records: for how long it was still kept when it came; 0 unknown */
};

struct past_facts {      /* earlier pushes of the domain, as the journal has them */
	enum fact known; /* YES: it was read; NO: it could not be */
	int64_t gone_at; /* caches that keep to the TTL hold what stood before them until then, as far as is known; 0: there was none */
	uint32_t hold_s; /* the longest TTL that one of them replaced of which nobody saw the end, and that may still be held */
	uint32_t lowered_from_s,
		lowered_to_s; /* the last change of the TTL alone, or with the set, was this one; 0: none, or it was raised */
	int64_t lowered_at;
};

#endif
