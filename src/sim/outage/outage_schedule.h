/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a message is tried again, inside sim/outage: once for all messages that wait
 * about as long for the next look at the queue. Owns its arrays.
 */
#ifndef SIM_OUTAGE_SCHEDULE_H
#define SIM_OUTAGE_SCHEDULE_H

#include "sim/sender/sender.h"

#define SCHEDULE_OFFSETS 32u /* from a message to the next look, told apart */

struct schedule {
	size_t n, cap;
	uint64_t *attempt_s;
	double *late, *late_s; /* messages that were delivered by each, and the sum of their delays */
};

struct schedules {
	double grid_s;
	unsigned n; /* 1 where the queue is always looked at */
	struct schedule schedule[SCHEDULE_OFFSETS];
};

void schedules_init(struct schedules *schedules, const struct sender *sender);
void schedules_release(struct schedules *schedules);
/* The schedule of a message that came look_s before a look at the queue (negative: after it). Its attempts after the first come *early_s
 * sooner than the schedule says. */
struct schedule *schedule_at(struct schedules *schedules, double look_s, double *early_s);
void schedule_late(struct schedule *schedule, size_t n, double age_s, double messages);
double schedules_longest_s(const struct schedules *schedules); /* wait between two attempts: the queue is empty so long after the end */

#endif
