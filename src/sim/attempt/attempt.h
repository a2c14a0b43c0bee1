/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One delivery attempt of one message, for use inside sim/. How an attempt goes:
 *
 * 1. The domain is looked up (lookup.c). The message may end there: the domain does not exist, its lookup fails, it has a null MX,
 *    or its records are not known. Without MX records the domain itself is the one target.
 * 2. Each target's name is looked up. A name that does not exist, has no address that the sender can use, or cannot be looked up
 *    is left out; some senders wait or give the message back for it. Each address that is left is an endpoint. An endpoint may be
 *    the sender's own machine: the row of the sender says what then. When no endpoint is left, the attempt ends here.
 * 3. What is shuffled is a group: one address, or all addresses of a host, as the sender has it. Groups of one preference are a
 *    rung. Groups that behave alike are one kind with a count, so that the sum over all orders is a sum over few (attempt.c).
 * 4. The rungs are gone through from the lowest preference on (order.c). On a rung the sender draws a group, or takes the first
 *    of the answer; then the addresses of that group one by one. The point reached, with all that decides what follows, is a node:
 *    attempt_choices() tells what may come next, attempt_apply() goes there.
 * 5. An endpoint that was met already is skipped where the sender drops repeats. Else it is connected to, and the state that the
 *    marks give it says what happens: delivered; the next server; wait in the queue; return to the author; the same server again
 *    without TLS. After a failure the limits of the sender are looked at: addresses, hosts, conversations, time.
 * 6. When nothing is left the message waits, or is returned where the last failure was for good.
 * 7. The result is the sum over all orders (sum.c): exact as long as the nodes fit a bound, else sampled, and then it says so.
 *
 * failover.h adds the attempts that follow (retry.c) and one order told step by step (trace.c). stream.h follows message after
 * message with what the sender remembers (memory.h). struct attempt owns its arrays.
 */
#ifndef SIM_ATTEMPT_H
#define SIM_ATTEMPT_H

#include "sim/attempt/failover.h"
#include "sim/attempt/memory.h"

#define ATTEMPT_NONE SIZE_MAX

/* How a target's name was resolved. */
enum name_state { NAME_FOUND, NAME_UNKNOWN, NAME_MISSING, NAME_SOFT, NAME_SLOW, NAME_CUT };

struct attempt_row { /* one record, or the domain of an implicit MX */
	struct dname host;
	uint32_t preference;
	const struct host_facts *facts; /* borrowed; NULL: never looked up */
	enum name_state name;
	enum sim_state mark; /* why the name fails, when a mark does it */
	enum fact allowed;   /* by the MTA-STS policy, for a sender that keeps to it */
	struct addr literal; /* the exchange is an IPv4 address; family 0: no */
};

struct endpoint { /* one address of one record */
	size_t row;
	struct addr addr; /* family 0: not known yet */
	enum sim_state state;
	enum sender_out out;
	enum fact refuses; /* does the sender keep away, for TLSA records or the MTA-STS policy? NO: also where it does not look at any */
	bool by_policy;    /* refuses: for the policy */
	bool unlisted;     /* the policy does not list the host: whatever the server does is not met */
	bool nowhere;      /* no connection can be made to it */
	bool is_self;      /* the sender's own machine: not a connection over the net */
	enum sender_self self; /* what then */
	unsigned cost_s;
	unsigned connections;
	size_t same_addr; /* number of those that share one address, from 1, where the sender drops repeats; 0: none does */
	size_t alike;     /* endpoints with the same value are interchangeable: share[] is kept for all of them */
};

struct group {            /* what is shuffled: a host's addresses, or one address */
	size_t first, n;  /* of endpoint[] */
	size_t same_name; /* the same, of those of one name */
	size_t kind;
};

struct group_kind {   /* groups of one rung that are interchangeable */
	size_t group; /* the first of them */
	size_t count;
	size_t weight; /* chance of one of them against others of the rung */
};

struct attempt_rung {
	size_t first, n; /* of kind[] */
};

struct lag { /* delivered after t_s with probability p */
	double t_s, p;
};

struct attempt {
	const struct sim_input *in;
	const struct sender *sender;
	struct marks full;    /* with the zones that marked name servers make fail; n 0: as in->marks */
	bool apart;           /* no classes: every group for itself (trace) */
	bool turns;           /* the resolver turns its answers: a sender that takes their order spreads evenly */
	bool shuffles_inside; /* a host's addresses of one family come in any order */
	bool no_lookup;       /* the message ends at the lookup: `ends` says how */
	enum sender_out ends;
	const char *ends_code;
	size_t n_same; /* numbers of same_addr and same_name */
	size_t n_row, n_endpoint, n_group, n_kind, n_rung, n_alike;
	struct attempt_row *row;
	struct endpoint *endpoint;
	struct group *group;
	struct group_kind *kind;
	struct attempt_rung *rung;
	size_t *alike_count;
	size_t kinds_max;            /* of any rung */
	unsigned v4, v6;             /* addresses in all */
	double start_s;              /* spent in lookups before the first server */
	const struct memory *memory; /* what the sender leaves alone; NULL: nothing */
	double now_s;                /* when the message comes, on the memory's clock */

	/* result */
	double *share; /* by endpoint.alike, for all of them together */
	double deferred, bounced, unknown, connections_mean;
	unsigned connections_max;
	size_t n_lag, cap_lag;
	struct lag *lag;
	bool exact;
	unsigned long samples;
	bool *met; /* by endpoint: some order comes to it; NULL: not asked for */
};

enum attempt_end { ATTEMPT_GOES_ON, ATTEMPT_DELIVERED, ATTEMPT_DEFERRED, ATTEMPT_BOUNCED, ATTEMPT_UNKNOWN };

struct node { /* a point of the attempt where something is drawn; compared bytewise from t_s on */
	double p;
	unsigned connections;
	size_t endpoint; /* last one met */
	double t_s;
	double open_s;         /* until when a connection is waited for that was not answered while others were tried */
	size_t current;        /* group being walked */
	size_t held;           /* endpoint kept back by the neighbour swap */
	uint32_t current_left; /* its addresses not drawn yet */
	uint32_t tried, sessions, v4, v6;
	uint32_t met, hosts; /* counted for the hard limits alone */
	uint16_t rung;
	uint8_t first_family, last_out;
	uint64_t tail[]; /* node_left(), then the bits of what was seen of same_addr and same_name */
};

struct choice {
	size_t what; /* kind of the rung, or endpoint of the current group; ATTEMPT_NONE: nothing is left here */
	double weight;
};

void attempt_init(struct attempt *attempt, const struct sim_input *in, const struct sender *sender, bool apart);
void attempt_release(struct attempt *attempt);
const struct marks *attempt_marks(const struct attempt *attempt);
/* Effects of the marks for a message of this age; clears the result. */
void attempt_age(struct attempt *attempt, double age_s);
void attempt_state(const struct attempt *attempt, struct endpoint *endpoint); /* what the marks make of it */
void attempt_classify(struct attempt *attempt);                               /* groups what is alike; after attempt_age */
/* The first endpoint of the same address, by endpoint; within its preference where the sender drops repeats only there. */
size_t *attempt_leaders(const struct attempt *attempt, bool by_rung);
void attempt_repeats(struct attempt *attempt); /* same_addr, same_name */
void attempt_sources(struct attempt *attempt); /* rows, from the set and the facts */

bool address_is_loopback(const struct addr *addr);
bool address_is_any(const struct addr *addr);     /* 0.0.0.0 and ::, which mean this machine too */
bool address_is_nowhere(const struct addr *addr); /* no mail server can be reached there */
bool address_ignored(const struct sender *sender, const struct addr *addr);

bool host_is_bare(const struct host_facts *facts); /* it exists, but without any address */
/* Only the rows, for attempt_look(); release it as any. */
void attempt_probe(struct attempt *attempt, const struct sim_input *in, const struct sender *sender);
/* One row by itself under the marks as they are now: its name, and its endpoints alone in endpoint[]. */
void attempt_look(struct attempt *attempt, size_t row);

/* refuse.c: what DANE and MTA-STS keep a sender from, at an endpoint whose state is set; what the attempt comes to then, and the words. */
void refuse_look(const struct attempt *attempt, struct endpoint *endpoint);
enum sender_out refuse_out(const struct attempt *attempt, const struct endpoint *endpoint, enum sender_out out);
void refuse_all(struct attempt *attempt); /* when all have their outcome: where the policy lists none of them */
const char *refuse_rule(const struct attempt *attempt, const struct endpoint *endpoint); /* or NULL */
void refuse_tell(const struct endpoint *endpoint, const char **code, const char **text); /* leaves them where another word is needed */

/* Does it draw the order, or take the listed one? */
bool attempt_draws(const struct attempt *attempt);
size_t node_size(const struct attempt *attempt);
uint32_t *node_left(struct node *node); /* by kind of the rung: groups not drawn yet */
void node_start(const struct attempt *attempt, struct node *node);
/* What may come next: at least one. choice has room for every kind and address. Weights sum to anything. */
size_t attempt_choices(const struct attempt *attempt, const struct node *node, struct choice *choice);
enum attempt_end attempt_apply(const struct attempt *attempt, struct node *node, size_t what);
/* Takes out what is left on the rung and will be passed over whenever it is drawn: the rest is drawn as likely without it. */
void node_thin(const struct attempt *attempt, struct node *node);

uint64_t attempt_hash(const void *key, size_t len); /* of whole 64-bit words */

void attempt_run(struct attempt *attempt, uint64_t seed);
double attempt_chance(uint64_t *seed); /* from 0 up to 1, without it */
size_t attempt_pick(const struct choice *choice, size_t n, uint64_t *seed);
/* Rows and addresses of an outcome, without shares. */
void outcome_rows(struct sim_outcome *outcome, const struct attempt *attempt);
void outcome_add(struct sim_outcome *outcome, const struct endpoint *endpoint, double part);
void attempt_end(struct attempt *attempt, const struct node *node, enum attempt_end end, double p);
double attempt_share(const struct attempt *attempt, size_t endpoint);
void lags_sort(struct lag *lag, size_t n);
/* Sorts, and joins neighbours until at most `keep` are left. */
size_t lags_thin(struct lag *lag, size_t n, size_t keep);
/* The time by which `part` of the sorted lags has come; 0 where there are none. */
double lags_quantile(const struct lag *lag, size_t n, double part);

void trace_run(const struct sim_input *in, const struct sender *sender, struct sim_result *result);
void retry_run(struct attempt *attempt, struct sim_result *result);

#endif
