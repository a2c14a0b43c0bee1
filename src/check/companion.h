/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What has to change together with an MX set: what goes before the change and what after it, in order, ready to copy, with the waits in
 * between. Made of the old set, the new one and what a survey found; what is not known is said and never filled in. Empty where nothing
 * but the set has to change and no server goes. A move between mail hosters is such a list too. Pure values: asks nothing, and has the time
 * from the caller. An id of MTA-STS is made from that.
 */
#ifndef CHECK_COMPANION_H
#define CHECK_COMPANION_H

#include "core/facts.h"
#include "core/plan.h"

#define COMPANION_NEEDS                                                                                                                    \
	(NEEDS_STS_POLICY | NEEDS_TLSA | NEEDS_SPF | NEEDS_TLSRPT | NEEDS_DMARC | NEEDS_PAST) /* enum need: what a survey should find      \
											       */

enum companion_when { COMPANION_BEFORE, COMPANION_CHANGE, COMPANION_AFTER };

struct companion {
	const char *id; /* "sts-policy" */
	enum companion_when when;
	enum fact seen;       /* does it stand there already, where everybody sees it? */
	struct msg what, why; /* whole sentences; why: id NULL where there is none */
	char *text;           /* to be copied: lines, each with its end; NULL: there is none. Owned */
	struct msg missing;   /* why there is no text, or what it lacks; id NULL: nothing */
	struct msg wait;      /* for how long afterwards, before the next step; id NULL: no wait */
	bool wait_known;      /* wait_s says it */
	uint32_t wait_s;
	bool apart;         /* what follows need not wait for that */
	int64_t not_before; /* where each step before it is done at its time; 0: not known, for a wait before it is not */
};

struct companions { /* begins as {0} */
	size_t n, cap;
	struct companion *companion;
};

struct companion_input {
	const struct mxset *base, *want;
	const struct facts *facts; /* with the hosts of both */
	int64_t at;                /* seconds since 1970 */
};

void companions_find(struct companions *companions, const struct companion_input *in);
/* Of a plan, as of when it was made, so that it says the same whenever it is looked at; now: where it does not tell. */
void companions_of_plan(struct companions *companions, const struct plan *plan, const struct facts *facts, int64_t now);
void companions_release(struct companions *companions);
/* When step i can be done at the earliest, as a sentence; none (id NULL) where that is at once, or not known. */
void companion_date_msg(const struct companions *companions, size_t i, struct msg *msg);
const char *companion_when_name(enum companion_when when); /* "before" | "change" | "after" */

#endif
