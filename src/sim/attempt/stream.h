/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New mail while the marked state lasts, one message after another, by a sender
 * that remembers what it met: who gets it, after what delay, what waits, what is
 * not even tried; and when, after the end, the servers are used again. First
 * attempts only; what waits is followed by sim/outage. Sampled with the given seed:
 * a walk stands for the messages until something changes. The result is a value
 * but for its rows, which it owns.
 */
#ifndef SIM_STREAM_H
#define SIM_STREAM_H

#include "sim/attempt/failover.h"

struct stream_result {
	const struct sender *sender;
	struct sim_outcome first; /* of the first attempts: shares, waiting, returned */
	bool remembered;          /* a memory or a throttle had its say; else each message fares as the first */
	bool crowded;             /* more messages are under way at the same time than the sender delivers: they wait for each other, and go
				   * over connections that are kept, so that the first to answer takes what others would by chance */
	bool crowd_known;         /* and what comes of it; else delays and connections are not known */
	bool by_speed;            /* messages come in a row: a server that answers late gets less, and how fast they are is not known */
	double untried;           /* part of what waits (or is returned) without any attempt */
	double connections_mean;  /* of a message */
	double delay_median_s, delay_p95_s, delay_max_s; /* of what the first attempt delivers */
	double opens_s;                                  /* from the beginning: when, after the end, a first attempt can succeed again */
	double expires_s;    /* from when on new mail is returned untried, for want of a server for so long; < 0: never */
	double used_again_s; /* from the end until the last server that was down is used again */
};

/* length_s from 1; rate: messages a second, above 0. result is overwritten: initialise with {0}. */
void stream_run(const struct sim_input *in, const struct sender *sender, uint32_t length_s, double rate, struct stream_result *result);
void stream_result_release(struct stream_result *result);
bool stream_shares_known(const struct stream_result *result); /* how several hosts share the mail; of one alone it is */
bool stream_is_open(const struct stream_result *result);      /* how messages fare that wait for each other is not known */

#endif
