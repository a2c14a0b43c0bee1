/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/outage/outage.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

#define OUTAGE_SLOTS 4096u /* arrivals are told apart to 1/4096 of the outage */
#define OUTAGE_REST 1e-7   /* less of a slot than this is not followed on */
#define LATE_BINS 4096

struct chances { /* of one attempt during the outage */
	double delivered, bounced;
};

struct run {
	const struct sender *sender;
	struct outage_result *result;
	double length_s, horizon_s;
	double opens_s;            /* nothing is delivered by a retry before */
	bool never;                /* with everything up nothing is delivered either: it goes on after the end */
	bool by_host;              /* all waits for the servers, on their schedule */
	struct chances young, old; /* before and after a sender's clear_after_s */
	size_t n_attempt, cap_attempt;
	uint64_t *attempt_s;
	double *late; /* messages by delay, LATE_BINS up to the life time and one length of wait */
	double late_bin_s;
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

/* No server, a null MX, or a lookup that fails by itself. */
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

/* The schedule once for all messages: it depends on the age alone. */
static void set_attempts(struct run *run)
{
	uint64_t at_s = 0;

	for (unsigned n = 0; at_s <= run->sender->life_s; n++) {
		run->attempt_s = mem_grow(run->attempt_s, run->n_attempt, &run->cap_attempt, sizeof *run->attempt_s);
		run->attempt_s[run->n_attempt++] = at_s;
		at_s = sender_attempt_s(run->sender, n + 1, at_s);
	}
}

static struct outage_point *point_at(const struct run *run, double t_s)
{
	double at = t_s / run->horizon_s * OUTAGE_POINTS;
	size_t i = at < 0 ? 0 : (size_t)at;

	return &run->result->point[i < OUTAGE_POINTS ? i : OUTAGE_POINTS - 1];
}

static void count_late(struct run *run, double delay_s, double messages)
{
	size_t bin = (size_t)(delay_s / run->late_bin_s);

	run->late[bin < LATE_BINS ? bin : LATE_BINS - 1] += messages;
	if (delay_s > run->result->late_max_s)
		run->result->late_max_s = delay_s;
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
	if (t_s - run->length_s > run->result->empty_after_s)
		run->result->empty_after_s = t_s - run->length_s;
}

static void deliver(struct run *run, double arrived_s, double delay_s, double messages)
{
	point_at(run, arrived_s + delay_s)->delivered += messages;
	if (delay_s > 0) {
		run->result->late += messages;
		count_late(run, delay_s, messages);
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

/* A sender whose servers have a schedule, not its messages: all that waits goes when they are tried again, or comes back
 * when they have failed for too long. */
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
		delay_s = (double)sender_queue_run_s(sender, (uint64_t)ceil(run->opens_s)) - arrived_s;
		run->result->queued_at_end += messages;
		deliver(run, arrived_s, delay_s, messages);
	}
	warned_s = (double)sender_queue_run_s(sender, (uint64_t)ceil(arrived_s) + sender->warn_s);
	if (sender->warn_s && arrived_s + delay_s > warned_s)
		warn(run, warned_s, messages);
}

/* Messages that arrived together, through their attempts. */
static void follow(struct run *run, double arrived_s, double messages)
{
	const struct sender *sender = run->sender;
	double rest = messages, age_s = 0;
	bool warned = false;

	point_at(run, arrived_s)->arrived += messages;
	for (size_t n = 0; n < run->n_attempt && rest > messages * OUTAGE_REST; n++) {
		const struct chances *chances;

		age_s = (double)run->attempt_s[n];
		run->result->events++;
		if (!run->never && arrived_s + age_s >= run->opens_s) {
			run->result->queued_at_end += rest;
			deliver(run, arrived_s, age_s, rest);
			return;
		}
		chances = sender->clear_after_s && age_s >= sender->clear_after_s ? &run->old : &run->young;
		if (chances->delivered > 0)
			deliver(run, arrived_s, age_s, rest * chances->delivered);
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

static double rate(const struct outage_input *input, double t_s)
{
	double any = 0;

	for (size_t i = 0; i < 24; i++)
		any += input->per_hour[i];
	if (any <= 0)
		return 1;
	return input->per_hour[(size_t)((uint64_t)(input->starts_s + t_s) / 3600 % 24)] / 3600;
}

static double late_quantile(const struct run *run, double part)
{
	double seen = 0;

	for (size_t i = 0; i < LATE_BINS; i++) {
		seen += run->late[i];
		if (seen >= part * run->result->late)
			return (double)i * run->late_bin_s;
	}
	return run->result->late_max_s;
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
			point->returned += point[-1].returned;
			point->warned += point[-1].warned;
		}
	}
	if (result->late > 0) {
		result->late_median_s = late_quantile(run, 0.5);
		result->late_p95_s = late_quantile(run, 0.95);
	}
	if (result->messages <= 0)
		return;
	result->at_once /= result->messages;
	result->late /= result->messages;
	result->warned /= result->messages;
	result->returned_at_once /= result->messages;
	result->returned_late /= result->messages;
	result->queued_at_end /= result->messages;
}

/* The longest wait between two attempts: the queue is empty so long after the end. */
static double longest_wait(const struct run *run)
{
	uint64_t longest = 1;

	for (size_t i = 1; i < run->n_attempt; i++) {
		uint64_t wait_s = run->attempt_s[i] - run->attempt_s[i - 1];

		longest = wait_s > longest ? wait_s : longest;
	}
	return (double)longest;
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
	return input->horizon_s > run->length_s ? input->horizon_s : run->opens_s + longest_wait(run);
}

void outage_run(const struct outage_input *input, const struct sender *sender, struct outage_result *result)
{
	struct run run = { .sender = sender, .result = result };
	uint32_t length_s = input->length_s < OUTAGE_LONGEST_S ? input->length_s : OUTAGE_LONGEST_S;

	outage_result_release(result);
	*result = (struct outage_result){ .sender = sender, .first_return_s = -1, .first_warning_s = -1 };
	result->length_s = run.length_s = length_s > 0 ? length_s : 1;
	set_chances(&run, input->in);
	if (result->unknown)
		return;
	run.never = never_delivers(&run, input->in);
	set_memory(&run, input);
	set_attempts(&run);
	run.horizon_s = horizon(&run, input);
	run.late_bin_s = (double)sender->life_s / (LATE_BINS - 1);
	run.late = mem_alloc(LATE_BINS * sizeof *run.late);
	for (unsigned i = 0; i < OUTAGE_SLOTS; i++) {
		double t_s = run.length_s * (i + 0.5) / OUTAGE_SLOTS;
		double messages = rate(input, t_s) * run.length_s / OUTAGE_SLOTS;

		result->messages += messages;
		if (messages > 0 && run.by_host)
			follow_hosts(&run, t_s, messages);
		else if (messages > 0)
			follow(&run, t_s, messages);
	}
	finish(&run);
	free(run.late);
	free(run.attempt_s);
}

void outage_result_release(struct outage_result *result)
{
	stream_result_release(&result->stream);
	*result = (struct outage_result){ 0 };
}

static void keep_longest(double *sum, double one)
{
	*sum = one > *sum ? one : *sum;
}

void outage_add(struct outage_result *sum, const struct outage_result *one, double weight)
{
	bool first = sum->n_point == 0;

	if (weight <= 0)
		return;
	sum->unknown |= one->unknown;
	if (one->unknown)
		return;
	if (first)
		sum->first_return_s = sum->first_warning_s = -1;
	sum->n_point = one->n_point;
	sum->length_s = one->length_s;
	sum->messages += weight * one->messages;
	sum->at_once += weight * one->at_once;
	sum->late += weight * one->late;
	sum->warned += weight * one->warned;
	sum->returned_at_once += weight * one->returned_at_once;
	sum->returned_late += weight * one->returned_late;
	sum->queued_at_end += weight * one->queued_at_end;
	keep_longest(&sum->late_max_s, one->late_max_s);
	keep_longest(&sum->empty_after_s, one->empty_after_s);
	if (one->first_return_s >= 0)
		earliest(&sum->first_return_s, one->first_return_s);
	if (one->first_warning_s >= 0)
		earliest(&sum->first_warning_s, one->first_warning_s);
	for (size_t i = 0; i < OUTAGE_POINTS; i++) {
		sum->point[i].t_s = one->point[i].t_s;
		sum->point[i].arrived += weight * one->point[i].arrived;
		sum->point[i].delivered += weight * one->point[i].delivered;
		sum->point[i].returned += weight * one->point[i].returned;
		sum->point[i].warned += weight * one->point[i].warned;
	}
}
