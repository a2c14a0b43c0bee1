/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A queue over time: mail arrives at a sender while the marked state lasts for a
 * while, and after it everything works again. Who is served at once, late, warned,
 * returned; how long until the queue is empty. Every message is followed on the
 * sender's own schedule, by expectation, without chance; what the sender remembers
 * from one message to the next (sim/stream) says who gets new mail meanwhile, and
 * from when on anything is tried again. The result owns the stream's rows.
 */
#ifndef SIM_OUTAGE_H
#define SIM_OUTAGE_H

#include "sim/attempt/stream.h"

#define OUTAGE_POINTS 240
#define OUTAGE_LONGEST_S 31536000u
#define OUTAGE_PHASES 8u /* of a queue that is looked at by the sender's own clock */

struct outage_input {
	const struct sim_input *in; /* its marks are what is down */
	uint32_t length_s;
	uint32_t starts_s;   /* time of day, for the curve */
	double per_hour[24]; /* messages an hour by hour of the day; all 0: one a second */
	double horizon_s;    /* the last point; 0: as the sender's schedule has it */
};

struct outage_point { /* messages, from the beginning to t_s */
	double t_s;
	double arrived, delivered, returned; /* sums; the queue is arrived - delivered - returned */
	double late;                         /* of those delivered: not by the first attempt */
	double warned;
};

struct outage_phase {
	double look_s; /* from the beginning until the queue is looked at first */
	double late_median_s, empty_after_s;
};

struct outage_result {
	const struct sender *sender;
	double length_s;                              /* of the outage */
	bool unknown;                                 /* mail would come to what nobody knows: nothing else is told */
	double messages;                              /* that arrived during it */
	double at_once, late, warned;                 /* parts of them, 0..1; at once: by the first attempt, whatever it takes */
	double returned_at_once;                      /* refused for good */
	double returned_late;                         /* too old */
	double queued_at_end;                         /* still waiting when the outage ends */
	double late_median_s, late_p95_s, late_max_s; /* delay of those delivered late */
	double empty_after_s;                         /* from the end of the outage until the last is gone; 0: nothing waits */
	/* Queues are looked at by the sender's own clock: what is told is the middle of its phases, and here the least and the most */
	double late_median_range_s[2], empty_after_range_s[2];
	size_t n_phase; /* 1 where the clock of the queue does not matter */
	struct outage_phase phase[OUTAGE_PHASES];
	double first_return_s;       /* from the beginning until the first message is returned; < 0: none is */
	double first_warning_s;      /* until the first author is told of a delay; < 0: none is */
	unsigned long events;        /* attempts that were followed */
	struct stream_result stream; /* new mail while it lasts */
	size_t n_point;
	struct outage_point point[OUTAGE_POINTS];
};

/* length_s from 1; a longer one is taken as OUTAGE_LONGEST_S. result is overwritten: initialise with {0}. */
void outage_run(const struct outage_input *input, const struct sender *sender, struct outage_result *result);
void outage_result_release(struct outage_result *result);
/* Adds one to sum (begin with {0}), weighed; both over the same input with a horizon. The stream is left out; the first
 * return is the earliest, the longest waits the longest of those that weigh anything. */
void outage_add(struct outage_result *sum, const struct outage_result *one, double weight);

/* A horizon that shows the outage and what follows, for every sender. */
double outage_horizon_s(uint32_t length_s);

/* Must the range be told rather than the middle of it? */
bool outage_range_matters(double told_s, const double range_s[2]);

struct outage_event { /* what an administrator would want to know the hour of */
	double at_s;  /* from the beginning */
	struct msg text;
};

#define OUTAGE_EVENTS 4 /* at most, of one result */
/* Of n results of one input: when warnings and returns begin, when queues are empty, who stays away after the end; in the
 * order of time; returns how many, at most max. */
size_t outage_events(const struct outage_result *const results[], size_t n, struct outage_event *event, size_t max);

#endif
