/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/outage/outage_schedule.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

static void make(struct schedule *made, const struct sender *sender, uint64_t look_s)
{
	uint64_t at_s = 0;

	for (unsigned n = 0; at_s <= sender->life_s; n++) {
		made->attempt_s = mem_grow(made->attempt_s, made->n, &made->cap, sizeof *made->attempt_s);
		made->attempt_s[made->n++] = at_s;
		at_s = sender_attempt_after(sender, n + 1, at_s, look_s);
	}
	made->late = mem_alloc(made->n * sizeof *made->late);
	made->late_s = mem_alloc(made->n * sizeof *made->late_s);
}

void schedules_init(struct schedules *schedules, const struct sender *sender)
{
	*schedules = (struct schedules){ .grid_s = sender->retry_grid_s, .n = sender->retry_grid_s ? SCHEDULE_OFFSETS : 1 };
	for (unsigned k = 0; k < schedules->n; k++)
		make(&schedules->schedule[k], sender, ((uint64_t)sender->retry_grid_s * (k + 1) + schedules->n - 1) / schedules->n);
}

void schedules_release(struct schedules *schedules)
{
	for (unsigned k = 0; k < schedules->n; k++) {
		free(schedules->schedule[k].attempt_s);
		free(schedules->schedule[k].late);
		free(schedules->schedule[k].late_s);
	}
	*schedules = (struct schedules){ 0 };
}

struct schedule *schedule_at(struct schedules *schedules, double look_s, double *early_s)
{
	unsigned k;

	*early_s = 0;
	if (schedules->n == 1)
		return &schedules->schedule[0];
	look_s = fmod(look_s, schedules->grid_s);
	look_s = look_s <= 0 ? look_s + schedules->grid_s : look_s;
	k = (unsigned)ceil(look_s / schedules->grid_s * schedules->n) - 1;
	*early_s = schedules->grid_s * (k + 1) / schedules->n - look_s;
	return &schedules->schedule[k];
}

void schedule_late(struct schedule *schedule, size_t n, double age_s, double messages)
{
	schedule->late[n] += messages;
	schedule->late_s[n] += messages * age_s;
}

double schedules_longest_s(const struct schedules *schedules)
{
	const struct schedule *schedule = &schedules->schedule[0];
	uint64_t longest = 1;

	for (size_t i = 1; i < schedule->n; i++) {
		uint64_t wait_s = schedule->attempt_s[i] - schedule->attempt_s[i - 1];

		longest = wait_s > longest ? wait_s : longest;
	}
	return (double)longest;
}
