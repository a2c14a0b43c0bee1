/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cut-over from one MX set to another: for how long caches hold the old set, how much mail still goes to servers that the draft
 * drops, what becomes of it if they are switched off early, when they may be, and the dated steps that make the time short. Time is
 * a parameter. Caches are of an even age, so that of those that keep to the TTL the old set drains in a straight line (RFC 1034
 * section 3.6, RFC 2181 section 5.2; no MX at all: RFC 2308). What nobody measured is in struct cutover_assume and is told as such.
 */
#ifndef SIM_CUTOVER_H
#define SIM_CUTOVER_H

#include "sim/attempt/failover.h"

/* Of 8,524 resolvers seen from five endpoints or more, 8.74 % held answers longer than their TTL. Each counts alike for the mail here, and
 * by how much they stretch it is assumed. */
#define CUTOVER_SOURCE "P. Bhowmick, M. I. Ashiq, C. Deccio, T. Chung: TTL Violation of DNS Resolvers in the Wild, PAM 2023"

struct cutover_assume {
	double stretch_share; /* of resolvers, that hold an answer longer than its TTL: CUTOVER_SOURCE */
	uint32_t stretch_s;   /* at most so much longer; assumed */
	uint32_t short_ttl_s; /* what the TTL is lowered to before a change; a habit */
	uint32_t negative_s;  /* for how long "no MX" is held where the zone does not say; assumed, RFC 2308 section 5 */
};
extern const struct cutover_assume cutover_assumed;

struct cutover_part {
	const struct sender *sender;
	double weight;
}; /* weights may sum to anything */

struct cutover_input {
	const struct dname *domain;
	const struct facts *facts;
	const struct mxset *live; /* NULL: the facts' own; else taken as published, whatever the facts say */
	const struct mxset *draft;
	int64_t now, at; /* at: when the last name server has the draft; 0: now */
	size_t n_part;   /* 0: every built-in sender, evenly */
	const struct cutover_part *part;
	const struct cutover_assume *assume; /* NULL: cutover_assumed */
	uint64_t seed;
};

enum cutover_kind {
	CUTOVER_UNKNOWN, /* the live set is not known */
	CUTOVER_NOTHING, /* the draft changes nothing */
	CUTOVER_TTL,     /* only the TTL */
	CUTOVER_KEEPS,   /* every server stays */
	CUTOVER_DROPS
};

enum cutover_off {
	OFF_DRAINED, /* wait: while old answers live, mail goes there and nowhere else */
	OFF_OTHERS,  /* at once: the servers that stay take the mail, after a failed attempt */
	OFF_UNUSED,  /* at once: no sender tries it first */
	OFF_NAME,    /* its addresses stay under another name: not the server, only the old name's address records go */
	OFF_UNKNOWN  /* wait: what becomes of mail without it rests on addresses that are not known */
};

struct cutover_host { /* a name that the draft drops */
	struct dname host;
	enum cutover_off off;
	double share;   /* of the mail of old answers */
	int64_t off_at; /* earliest safe moment of the change at once */
};

struct cutover_sender { /* of its mail that follows old answers */
	const struct sender *sender;
	double weight; /* 0..1 */
	double to_old; /* goes first to what the draft drops */
	/* if that were switched off: returned at once; waits in the queue; of that, returned if the answer is never renewed; returned at
	 * once if the names had no addresses any more */
	double bounced, waits, for_ever, nameless;
	/* comes to an address that is not known, as things are; if the old servers, or their names, were gone. No part of it is in the
	 * figures above */
	double unknown, unknown_off;
};

struct cutover_point { /* t_s after the change; shares of all mail */
	double t_s;
	double old;         /* caches with the old set */
	double to_old;      /* mail that goes first to what the draft drops */
	double lost, waits; /* if that were switched off now: returned, at once or as too old; waits and arrives later */
	double planned;     /* to_old, t_s after the change of the staged plan */
};

enum cutover_step_kind { MOVE_LOWER, MOVE_WAIT, MOVE_CHANGE, MOVE_OFF, MOVE_RAISE };

struct cutover_step {
	enum cutover_step_kind kind;
	int64_t at;      /* when it is done; of a wait, when it begins */
	uint32_t ttl_s;  /* of LOWER, CHANGE, RAISE: the TTL from then on; of WAIT: how long */
	struct msg text; /* sentence */
};

#define CUTOVER_STEPS 11
#define CUTOVER_POINTS 49
#define CUTOVER_WARNINGS 7
#define CUTOVER_BASIS 5

struct cutover_plan {
	size_t n; /* 0: no such plan */
	struct cutover_step step[CUTOVER_STEPS];
	int64_t change_at, drained_at, tail_at;
};

struct cutover {
	enum cutover_kind kind;
	struct cutover_assume assume;
	uint32_t hold_s;                      /* how long a cache that keeps to the TTL holds the old answer */
	bool earlier;                         /* and that is an answer from before an earlier push, held longer than the one of now */
	bool negative, hold_assumed;          /* the old answer is "no MX"; for how long it is held is assumed */
	int64_t now, at, drained_at, tail_at; /* of the change at once; tail: of resolvers that stretch TTLs */
	int64_t off_at;                       /* everything that goes may be switched off; 0: nothing goes */
	double to_old, lost, waits, nameless; /* at the moment of the change */
	double fails;                         /* with the old answers mail is not delivered, whatever is switched off */
	double unknown, unknown_off;          /* of mail that follows old answers: as in struct cutover_sender */
	bool presumed;                        /* what is live is not known: the old set is the one that the draft began from */
	size_t n_point;
	struct cutover_point point[CUTOVER_POINTS];
	size_t n_host, cap_host;
	struct cutover_host *host;
	size_t n_sender;
	struct cutover_sender *sender;
	struct cutover_plan direct, staged;
	struct msg no_stages, gain; /* why there is no staged plan, or what it gains */
	size_t n_warning;
	struct msg warning[CUTOVER_WARNINGS]; /* what is not known; what goes wrong if the old servers are switched off at the change */
	size_t n_basis;
	struct msg basis[CUTOVER_BASIS]; /* where the numbers are from: sentences */
};

/* result is overwritten: initialise with {0}. Always gives an answer. */
void cutover_run(const struct cutover_input *input, struct cutover *result);
void cutover_release(struct cutover *result);

const char *cutover_kind_name(enum cutover_kind kind); /* "drops" ...: for JSON */
const char *cutover_off_name(enum cutover_off off);
const char *cutover_off_text(enum cutover_off off); /* N_(): a sentence */
const char *cutover_step_name(enum cutover_step_kind kind);
/* Part of the caches that hold an answer of hold_s so long after it was replaced. */
double cutover_old(const struct cutover_assume *assume, uint32_t hold_s, double t_s);

/* For cutover_input.live: what a draft began from, or NULL where another set is known to be live. */
const struct mxset *cutover_from(const struct facts *facts, const struct mxset *base);
/* Would this sender return some of the mail that follows old answers, if the old servers were switched off at the change? */
bool cutover_returns(const struct cutover *result, const struct cutover_sender *sender);

/* May its figures be told: of mail as it goes with old answers, and of what would be switched off? */
bool cutover_tells(const struct cutover *result);
bool cutover_tells_off(const struct cutover *result);
bool cutover_sender_tells(const struct cutover_sender *sender);
bool cutover_sender_tells_off(const struct cutover_sender *sender);

/* Within sim/: is it unknown which addresses a host has? */
bool cutover_lacks(const struct facts *facts, const struct dname *host);
/* ... any host of the set; of the domain, where it has no record. */
bool cutover_lacks_any(const struct cutover_input *input, const struct mxset *set);
/* The two plans, the words. */
void cutover_plans(const struct cutover_input *input, struct cutover *result);
void cutover_describe(const struct cutover_input *input, struct cutover *result);

#endif
