/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside sim/attempt: one message of a stream after the other (stream.c), or many under way at the same time (crowd.c). */
#ifndef SIM_STREAM_WALK_H
#define SIM_STREAM_WALK_H

#include "sim/attempt/attempt.h"
#include "sim/attempt/stream.h"

#define STREAM_ROW_S 1.0 /* messages this close together come in a row */

struct stream {
	struct attempt attempt;
	struct memory memory;
	struct node *node;
	struct choice *choice;
	struct stream_result *result;
	uint64_t seed;
	double rate, length_s, step_s;
	double throttled_s; /* the domain is left alone until then */
	double messages, untried, connections;
	double under_way_s; /* of all messages together, each within the length of the stream */
	unsigned events;
	bool learnt;  /* by the last walk */
	double fails; /* part of the passes that leave the message waiting, but for memory */
	bool singly;  /* any failed attempt is followed by a pause: one walk cannot stand for many messages */
};

/* One message that comes at t_s, to the end of its attempt: stream->node says where it came to. What is met is remembered. */
enum attempt_end stream_walk(struct stream *stream, double t_s);
void stream_forget(struct stream *stream); /* what is remembered */

/* Follows every message by itself, with those that are under way at the same time: the sums of attempt and stream are then of
 * these. False: so many come that these few do not say how all fare. */
bool stream_crowd(struct stream *stream);

#endif
