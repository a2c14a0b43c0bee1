/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/outage/outage.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"
#include "sim/outage/outage_schedule.h"

#include "base/banned.h"

#define OUTAGE_SLOTS 4096u /* arrivals are told apart to 1/4096 of the outage */
#define OUTAGE_REST 1e-7   /* less of a slot than this is not followed on */

struct chances { /* of one attempt during the outage */
	double delivered, bounced;
};

struct run {
	const struct outage_input *input;
	const struct sender *sender;
	struct outage_result *result;
	double length_s, horizon_s;
	double opens_s;            /* nothing is delivered by a retry before */
	bool never;                /* with everything up nothing is delivered either: it goes on after the end */
	bool by_host;              /* all waits for the servers, on their schedule */
	struct chances young, old; /* before and after a sender's clear_after_s */
	unsigned phases;
	double phase_s; /* when the queue is looked at first */
	double part;    /* of one phase */
	struct schedules schedules;
	size_t phase;
	size_t n_lag, cap_lag, n_all, cap_all;
	struct lag *lag, *all; /* delays of this phase, and of all */
};

static struct chances chances_of(struct attempt *attempt)
{
	struct chances chances = { .bounced = attempt->bounced };

	chances.delivered = 1 - attempt->bounced - attempt->deferred - attempt->unknown;
	if (chances.delivered < 0)
		chances.delivered = 0;
	return chances;
}

static void set_chances(struct run *run, const struct sim_input *in)
{
	struct attempt attempt;

	attempt_init(&attempt, in, run->sender, false);
	attempt_age(&attempt, 0);
	attempt_run(&attempt, in->seed);
	run->young = run->old = chances_of(&attempt);
	run->result->unknown = attempt.unknown > 0;
	if (run->sender->clear_after_s && !attempt.no_lookup) {
		attempt_age(&attempt, run->sender->clear_after_s);
		attempt_run(&attempt, in->seed);
		run->old = chances_of(&attempt);
	}
	attempt_release(&attempt);
}

/* Would mail never be delivered? There is no server, a null MX, or a lookup that fails by itself. */
static bool never_delivers(const struct run *run, const struct sim_input *in)
{
	struct marks none = { 0 };
	struct sim_input up = *in;
	struct attempt attempt;
	bool never;

	if (run->young.delivered > 0 || run->old.delivered > 0 || (!in->is_draft && !answer_is_final(in->facts->mx)))
		return false;
	up.marks = &none;
	attempt_init(&attempt, &up, run->sender, false);
	attempt_age(&attempt, 0);
	attempt_run(&attempt, in->seed);
	never = chances_of(&attempt).delivered <= 0;
	attempt_release(&attempt);
	return never;
}

static void set_schedules(struct run *run)
{
	run->phases = run->sender->retry_grid_s ? OUTAGE_PHASES : 1;
	run->part = 1.0 / run->phases;
	schedules_init(&run->schedules, run->sender);
}

static void add_lag(struct run *run, double delay_s, double messages)
{
	run->lag = mem_grow(run->lag, run->n_lag, &run->cap_lag, sizeof *run->lag);
	run->lag[run->n_lag++] = (struct lag){ delay_s, messages };
	if (delay_s > run->result->late_max_s)
		run->result->late_max_s = delay_s;
}

static struct outage_point *point_at(const struct run *run, double t_s)
{
	size_t i = (size_t)(t_s / run->horizon_s * OUTAGE_POINTS);

	return &run->result->point[i < OUTAGE_POINTS ? i : OUTAGE_POINTS - 1];
}

static void earliest(double *first_s, double at_s)
{
	if (*first_s < 0 || at_s < *first_s)
		*first_s = at_s;
}

static void warn(struct run *run, double at_s, double messages)
{
	run->result->warned += messages;
	point_at(run, at_s)->warned += messages;
	earliest(&run->result->first_warning_s, at_s);
}

static void leaves(struct run *run, double t_s)
{
	double *empty_after_s = &run->result->phase[run->phase].empty_after_s;

	if (t_s - run->length_s > *empty_after_s)
		*empty_after_s = t_s - run->length_s;
}

static void deliver(struct run *run, double arrived_s, double delay_s, double messages)
{
	point_at(run, arrived_s + delay_s)->delivered += messages;
	if (delay_s > 0) {
		run->result->late += messages;
		point_at(run, arrived_s + delay_s)->late += messages;
		leaves(run, arrived_s + delay_s);
	} else {
		run->result->at_once += messages;
	}
}

static void give_back(struct run *run, double arrived_s, double delay_s, double messages)
{
	double at_s = arrived_s + delay_s;
	struct outage_result *result = run->result;

	point_at(run, at_s)->returned += messages;
	if (delay_s > 0)
		result->returned_late += messages;
	else
		result->returned_at_once += messages;
	earliest(&result->first_return_s, at_s);
	if (delay_s > 0)
		leaves(run, at_s);
}

static double rate(const struct outage_input *input, double t_s)
{
	double any = 0;

	for (size_t i = 0; i < 24; i++)
		any += input->per_hour[i];
	if (any <= 0)
		return 1;
	return input->per_hour[(size_t)((uint64_t)(input->starts_s + t_s) / 3600 % 24)] / 3600;
}

/* The first look at the queue from t_s on, in this phase. */
static double look_from(const struct run *run, double t_s)
{
	double grid_s = run->sender->retry_grid_s;

	return grid_s > 0 ? run->phase_s + ceil((t_s - run->phase_s) / grid_s) * grid_s : t_s;
}

/* When the servers are tried again: by the next message that comes, or the next look at the queue. */
static double tried_again(const struct run *run)
{
	double per_s = rate(run->input, run->opens_s), look_s = look_from(run, run->opens_s);

	return per_s > 0 ? fmin(run->opens_s + 0.5 / per_s, look_s) : look_s;
}

/* A sender whose servers have a schedule, not its messages: all that waits goes down the first connection that is made when they are
 * tried again, or comes back when they have failed for too long. */
static void follow_hosts(struct run *run, double arrived_s, double messages)
{
	const struct sender *sender = run->sender;
	double expires_s = run->result->stream.expires_s, delay_s, warned_s;

	point_at(run, arrived_s)->arrived += messages;
	run->result->events++;
	if (expires_s >= 0) {
		delay_s = expires_s > arrived_s ? expires_s - arrived_s : 0;
		give_back(run, arrived_s, delay_s, messages);
	} else {
		delay_s = tried_again(run) - arrived_s;
		run->result->queued_at_end += messages;
		deliver(run, arrived_s, delay_s, messages);
		add_lag(run, delay_s, messages);
	}
	warned_s = look_from(run, arrived_s + sender->warn_s);
	if (sender->warn_s && arrived_s + delay_s > warned_s)
		warn(run, warned_s, messages);
}

/* Messages that arrived together, through their attempts. */
static void follow(struct run *run, double arrived_s, double messages)
{
	const struct sender *sender = run->sender;
	double rest = messages, age_s = 0, early_s;
	struct schedule *schedule = schedule_at(&run->schedules, run->phase_s - arrived_s, &early_s);
	bool warned = false;

	point_at(run, arrived_s)->arrived += messages;
	for (size_t n = 0; n < schedule->n && rest > messages * OUTAGE_REST; n++) {
		const struct chances *chances;

		age_s = n > 0 ? (double)schedule->attempt_s[n] - early_s : 0;
		run->result->events++;
		if (!run->never && arrived_s + age_s >= run->opens_s) {
			run->result->queued_at_end += rest;
			deliver(run, arrived_s, age_s, rest);
			schedule_late(schedule, n, age_s, rest);
			return;
		}
		chances = sender->clear_after_s && age_s >= sender->clear_after_s ? &run->old : &run->young;
		if (chances->delivered > 0) {
			deliver(run, arrived_s, age_s, rest * chances->delivered);
			schedule_late(schedule, n, age_s, rest * chances->delivered);
		}
		if (chances->bounced > 0)
			give_back(run, arrived_s, age_s, rest * chances->bounced);
		rest *= 1 - chances->delivered - chances->bounced;
		if (!warned && sender->warn_s && age_s >= sender->warn_s) {
			warned = true;
			warn(run, arrived_s + age_s, rest);
		}
	}
	if (rest > messages * OUTAGE_REST) {
		if (arrived_s + sender->life_s > run->length_s)
			run->result->queued_at_end += rest;
		give_back(run, arrived_s, sender->life_s, rest);
	}
}

/* Adds the delays of the phase that ends to those of the others. */
static void end_phase(struct run *run)
{
	for (unsigned k = 0; k < run->schedules.n; k++) {
		struct schedule *schedule = &run->schedules.schedule[k];

		for (size_t n = 1; n < schedule->n; n++) {
			if (schedule->late[n] > 0)
				add_lag(run, schedule->late_s[n] / schedule->late[n], schedule->late[n]);
			schedule->late[n] = schedule->late_s[n] = 0;
		}
	}
	lags_sort(run->lag, run->n_lag);
	run->result->phase[run->phase].look_s = run->phase_s;
	run->result->phase[run->phase].late_median_s = lags_quantile(run->lag, run->n_lag, 0.5);
	for (size_t i = 0; i < run->n_lag; i++) {
		run->all = mem_grow(run->all, run->n_all, &run->cap_all, sizeof *run->all);
		run->all[run->n_all++] = run->lag[i];
	}
	run->n_lag = 0;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Over the phases: what is told is the middle one, and how far they lie apart. */
static void finish_phases(struct run *run)
{
	struct outage_result *result = run->result;
	double median_s[OUTAGE_PHASES] = { 0 }, empty_s[OUTAGE_PHASES] = { 0 };

	lags_sort(run->all, run->n_all);
	result->late_median_s = lags_quantile(run->all, run->n_all, 0.5);
	result->late_p95_s = lags_quantile(run->all, run->n_all, 0.95);
	for (size_t i = 0; i < run->phases; i++) {
		median_s[i] = result->phase[i].late_median_s;
		empty_s[i] = result->phase[i].empty_after_s;
	}
	qsort(median_s, run->phases, sizeof *median_s, by_size);
	qsort(empty_s, run->phases, sizeof *empty_s, by_size);
	result->late_median_range_s[0] = median_s[0];
	result->late_median_range_s[1] = median_s[run->phases - 1];
	result->empty_after_s = empty_s[run->phases / 2];
	result->empty_after_range_s[0] = empty_s[0];
	result->empty_after_range_s[1] = empty_s[run->phases - 1];
	result->n_phase = run->phases;
}

/* Points become sums, counts become parts. */
static void finish(struct run *run)
{
	struct outage_result *result = run->result;

	result->n_point = OUTAGE_POINTS;
	for (size_t i = 0; i < OUTAGE_POINTS; i++) {
		struct outage_point *point = &result->point[i];

		point->t_s = run->horizon_s * (double)(i + 1) / OUTAGE_POINTS;
		if (i > 0) {
			point->arrived += point[-1].arrived;
			point->delivered += point[-1].delivered;
			point->late += point[-1].late;
			point->returned += point[-1].returned;
			point->warned += point[-1].warned;
		}
	}
	finish_phases(run);
	if (result->messages <= 0)
		return;
	result->at_once /= result->messages;
	result->late /= result->messages;
	result->warned /= result->messages;
	result->returned_at_once /= result->messages;
	result->returned_late /= result->messages;
	result->queued_at_end /= result->messages;
}

static double mean_rate(const struct outage_input *input)
{
	double sum = 0;

	for (size_t i = 0; i < 24; i++)
		sum += input->per_hour[i];
	return sum > 0 ? sum / 24 / 3600 : 1;
}

/* What the sender remembers while the outage lasts, and when it ends. */
static void set_memory(struct run *run, const struct outage_input *input)
{
	struct stream_result *stream = &run->result->stream;

	stream_run(input->in, run->sender, (uint32_t)run->length_s, mean_rate(input), stream);
	run->opens_s = stream->opens_s;
	run->by_host = !run->never && run->sender->memory_growth == GROWTH_RETRY && run->sender->memory != MEMORY_NONE &&
		       run->young.delivered <= 0 && run->young.bounced <= 0 && (run->opens_s > run->length_s || stream->expires_s >= 0);
	if (stream->remembered && !run->by_host) {
		run->young.bounced = stream->first.bounced;
		run->young.delivered = 1 - stream->first.bounced - stream->first.deferred;
		if (run->young.delivered < 1e-9) /* a sum of many parts */
			run->young.delivered = 0;
	}
}

static double horizon(const struct run *run, const struct outage_input *input)
{
	return input->horizon_s > run->length_s ? input->horizon_s : run->opens_s + schedules_longest_s(&run->schedules);
}

/* How long after its beginning the outage meets the first look at the queue. The phases run over the whole range. */
static double first_look(const struct run *run)
{
	return run->phases > 1 ? (double)(run->sender->retry_grid_s - 1) * (double)run->phase / (run->phases - 1) : 0;
}

/* Follows all messages that arrive during the outage, in this phase. */
static void follow_all(struct run *run)
{
	unsigned slots = run->phases > 1 ? OUTAGE_SLOTS / run->phases : OUTAGE_SLOTS;

	for (unsigned i = 0; i < slots; i++) {
		double t_s = run->length_s * (i + ((double)run->phase + 0.5) / run->phases) / slots;
		double messages = rate(run->input, t_s) * run->length_s / slots * run->part;

		run->result->messages += messages;
		if (messages > 0 && run->by_host)
			follow_hosts(run, t_s, messages);
		else if (messages > 0)
			follow(run, t_s, messages);
	}
}

void outage_run(const struct outage_input *input, const struct sender *sender, struct outage_result *result)
{
	struct run run = { .sender = sender, .input = input, .result = result };
	uint32_t length_s = input->length_s < OUTAGE_LONGEST_S ? input->length_s : OUTAGE_LONGEST_S;

	outage_result_release(result);
	*result = (struct outage_result){ .sender = sender, .first_return_s = -1, .first_warning_s = -1 };
	result->length_s = run.length_s = length_s > 0 ? length_s : 1;
	set_chances(&run, input->in);
	if (result->unknown)
		return;
	run.never = never_delivers(&run, input->in);
	set_memory(&run, input);
	set_schedules(&run);
	run.horizon_s = horizon(&run, input);
	for (run.phase = 0; run.phase < run.phases; run.phase++) {
		run.phase_s = first_look(&run);
		follow_all(&run);
		end_phase(&run);
	}
	finish(&run);
	schedules_release(&run.schedules);
	free(run.lag);
	free(run.all);
}
