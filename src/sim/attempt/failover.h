/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One message and an MX set: where it ends after the first delivery attempt of a
 * sender without memory, and where if the marked state lasts for ever. Exact by
 * enumeration of orders as far as some megabytes allow, else sampled
 * with the given seed and a stated error. Pure; owns the result's arrays.
 */
#ifndef SIM_FAILOVER_H
#define SIM_FAILOVER_H

#include "sim/sender/sender.h"

#define SIM_IPV4 1u
#define SIM_IPV6 2u
#define SIM_RECORDS_MAX 4096 /* more MX records than these do not fit a DNS message of 65535 octets: no server can answer with them */

struct sim_input {
	const struct dname *domain;
	const struct mxset *set;   /* live or draft */
	const struct facts *facts; /* for hosts' addresses and lookups, and the domain's own MX answer */
	bool is_draft;             /* the set is taken as published, whatever facts->mx says */
	const struct marks *marks;
	unsigned families; /* what the sender has: SIM_IPV4, SIM_IPV6 or both; 0: both */
	uint64_t seed;     /* of sampling */
	bool no_trace;     /* leave out the steps: for runs by the thousand */
};

struct sim_share { /* of one record of the set (implicit MX: one row, the domain) */
	struct dname host;
	uint32_t preference;
	double share;
	size_t n_addr;
	struct sim_address *addr; /* into the outcome's own array */
};

struct sim_address {
	struct addr addr;
	double share;
};

struct sim_step { /* trace of one message */
	double at_s;
	struct dname host;  /* len 0: about the whole lookup */
	struct addr addr;   /* family 0: no address */
	struct msg result;  /* sentence */
	const char *code;   /* "refused", "accepted", "queued", "nxdomain" ...: for JSON */
	const char *rule;   /* N_(): the rule of the sender that made this */
	const char *source; /* where the rule stands; not translated */
	enum sender_sure sure;
};

struct sim_outcome {
	size_t n;
	struct sim_share *share;
	struct sim_address *addr;
	double deferred, bounced; /* of first: deferred; of final: undelivered */
	double unknown;           /* it comes to what nobody knows: the set, or an address; no part of this is told as delivered */
};

struct sim_result {
	const struct sender *sender;
	struct sim_outcome first, final;
	double connections_mean;
	unsigned connections_max;
	/* until delivery, of what is delivered in the end; all 0 when nothing is; max leaves out one message in ten thousand */
	double delay_min_s, delay_median_s, delay_p95_s, delay_max_s;
	uint64_t gives_up_after_s; /* 0: not within what is known */
	bool exact;
	unsigned long samples; /* when not exact */
	double stderr_share;   /* largest standard error of a share */
	size_t n_step, cap_step;
	struct sim_step *step; /* trace of the likeliest order; first delivery attempt, and retries until the end */
};

/* result is overwritten: initialise with {0}. Always gives an answer. */
void failover_run(const struct sim_input *in, const struct sender *sender, struct sim_result *result);
void sim_outcome_release(struct sim_outcome *outcome);
void sim_result_release(struct sim_result *result);

#endif
