/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/attempt/stream.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/stream_walk.h"

#include "base/banned.h"

#define STREAM_WALKS 2000   /* of one run, as far as nothing changes */
#define STREAM_RUNS 200     /* of a stream of few messages */
#define STREAM_EVENTS 50000 /* turns of memory that are looked at one by one; then in steps */

enum attempt_end stream_walk(struct stream *stream, double t_s)
{
	struct attempt *attempt = &stream->attempt;
	struct node *node = stream->node;
	enum attempt_end end = ATTEMPT_GOES_ON;

	attempt->now_s = t_s;
	stream->learnt = false;
	node_start(attempt, node);
	while (end == ATTEMPT_GOES_ON) {
		size_t n = attempt_choices(attempt, node, stream->choice);

		end = attempt_apply(attempt, node, stream->choice[n == 1 ? 0 : attempt_pick(stream->choice, n, &stream->seed)].what);
		if (node->endpoint != ATTEMPT_NONE && end != ATTEMPT_DELIVERED)
			stream->learnt |= memory_failed(&stream->memory, attempt, node->endpoint, t_s + node->t_s);
	}
	stream->result->remembered |= stream->learnt;
	return end;
}

static double at_most(double value, double most)
{
	return value < most ? value : most;
}

/* Messages that fare as the one just walked. */
static double alike(struct stream *stream, double t_s)
{
	double step_s = stream->step_s, next_s = memory_next(&stream->memory, t_s);

	if (stream->singly) {
		stream->events++;
		return 1;
	}
	if (stream->learnt && (next_s > t_s || stream->events < STREAM_EVENTS)) { /* until it is known */
		stream->events++;
		return stream->rate * stream->node->t_s + 1;
	}
	if (next_s > 0 && stream->events < STREAM_EVENTS) {
		stream->events++;
		step_s = at_most(step_s, next_s - t_s);
	}
	return stream->rate * step_s < 1 ? 1 : stream->rate * step_s;
}

/* Failed attempts at the same time make the sender leave the domain alone; one that succeeds among them prevents it. */
static bool throttles(const struct stream *stream)
{
	const struct sender *sender = stream->attempt.sender;
	unsigned passes = sender->throttle_passes;

	return sender->throttle_s && (passes <= 1 || (stream->fails > 0.99 && stream->rate * stream->node->t_s >= passes));
}

/* The passes that fail before the domain is left alone, and until when it is; many such turns at once when there were too many. */
static double throttle(struct stream *stream, double t_s)
{
	const struct sender *sender = stream->attempt.sender;
	double turn_s = stream->node->t_s + sender->throttle_s, turns = 1;

	stream->result->remembered = true;
	if (stream->events < STREAM_EVENTS)
		stream->events++;
	else if (turn_s < stream->step_s)
		turns = at_most(stream->step_s, stream->length_s - t_s) / turn_s;
	stream->throttled_s = t_s + turns * turn_s;
	return turns * sender->throttle_passes;
}

/* n messages over connections that carry several each. */
static void deliver(struct stream *stream, double n)
{
	const struct sender *sender = stream->attempt.sender;
	double opened = n;

	if (sender->session_mails > 1 && stream->rate * sender->session_idle_s >= 1)
		opened = n / at_most(sender->session_mails, n > 1 ? n : 1);
	stream->connections += opened * stream->node->connections;
	stream->under_way_s += opened * at_most(stream->node->t_s, stream->length_s);
	attempt_end(&stream->attempt, stream->node, ATTEMPT_DELIVERED, opened);
	stream->node->t_s = stream->attempt.start_s;
	attempt_end(&stream->attempt, stream->node, ATTEMPT_DELIVERED, n - opened);
}

static void fail(struct stream *stream, enum attempt_end end, double t_s, double n)
{
	if (stream->node->connections == 0 && end == ATTEMPT_DEFERRED) {
		stream->untried += n;
		if (memory_expired(&stream->memory)) {
			end = ATTEMPT_BOUNCED;
			if (stream->result->expires_s < 0)
				stream->result->expires_s = t_s;
		}
	}
	stream->connections += n * stream->node->connections;
	stream->under_way_s += n * at_most(stream->node->t_s, stream->length_s);
	attempt_end(&stream->attempt, stream->node, end, n);
}

/* Nothing is tried while the domain is throttled. Returns when that is over. */
static double rest(struct stream *stream, double t_s)
{
	double until_s = at_most(stream->throttled_s, stream->length_s);

	node_start(&stream->attempt, stream->node);
	fail(stream, ATTEMPT_DEFERRED, t_s, stream->rate * (until_s - t_s));
	return until_s;
}

static double go_on(struct stream *stream, double t_s)
{
	enum attempt_end end = stream_walk(stream, t_s);
	double left = stream->rate * (stream->length_s - t_s), n;

	if (end == ATTEMPT_DELIVERED) {
		const struct sender *sender = stream->attempt.sender;

		n = alike(stream, t_s);
		if (sender->session_mails > 1 && stream->rate * sender->session_idle_s >= 1 && n < sender->session_mails)
			n = sender->session_mails;
		n = at_most(n, left);
		deliver(stream, n);
	} else {
		n = alike(stream, t_s);
		if (end == ATTEMPT_DEFERRED && stream->node->connections > 0 && throttles(stream))
			n = throttle(stream, t_s);
		n = at_most(n, left);
		fail(stream, end, t_s, n);
	}
	return t_s + n / stream->rate;
}

/* Have so many messages been walked one by one that they tell how the others fare? */
static bool enough(const struct stream *stream, double t_s)
{
	return stream->singly && stream->events >= STREAM_EVENTS && t_s >= stream->throttled_s;
}

void stream_forget(struct stream *stream)
{
	memory_release(&stream->memory);
	memory_init(&stream->memory, &stream->attempt);
}

static void run_once(struct stream *stream)
{
	struct stream_result *result = stream->result;
	double t_s = 0, until_s, opens_s;

	stream_forget(stream);
	stream->throttled_s = 0;
	while (stream->length_s - t_s > 1e-6 && !enough(stream, t_s))
		t_s = t_s < stream->throttled_s ? rest(stream, t_s) : go_on(stream, t_s);
	stream->messages += stream->rate * t_s;
	if (stream->throttled_s > 0)
		stream->throttled_s += stream->length_s - t_s;
	opens_s = memory_opens(&stream->memory, stream->length_s);
	if (stream->throttled_s > opens_s)
		opens_s = stream->throttled_s;
	if (opens_s > result->opens_s)
		result->opens_s = opens_s;
	for (size_t i = 0; i < stream->memory.n; i++) {
		until_s = stream->memory.entry[i].until_s - stream->length_s;
		if (until_s > result->used_again_s)
			result->used_again_s = until_s;
	}
	if (result->opens_s - stream->length_s > result->used_again_s)
		result->used_again_s = result->opens_s - stream->length_s;
}

static void run_all(struct stream *stream)
{
	double expected = stream->rate * stream->length_s;
	unsigned runs = expected >= STREAM_WALKS                ? 1
			: expected * STREAM_RUNS < STREAM_WALKS ? STREAM_RUNS
								: (unsigned)(STREAM_WALKS / expected) + 1;

	stream->node = mem_alloc(node_size(&stream->attempt));
	stream->choice = mem_alloc((stream->attempt.kinds_max + FACTS_ADDRESSES) * sizeof *stream->choice);
	stream->attempt.memory = &stream->memory;
	stream->step_s = stream->length_s / STREAM_WALKS;
	for (unsigned i = 0; i < runs; i++)
		run_once(stream);
}

/* A message is under way so long: by the rate, so many are at the same time. */
static bool crowds(const struct stream *stream)
{
	unsigned parallel = stream->attempt.sender->parallel;

	return parallel && stream->under_way_s / stream->messages * stream->rate > parallel + 1e-6;
}

/* Do several hosts share mail that comes in a row, by a sender that then keeps connections? */
static bool by_speed(const struct stream *stream)
{
	const struct sim_outcome *first = &stream->result->first;
	size_t n = 0;

	for (size_t i = 0; i < first->n; i++)
		n += first->share[i].share > 0;
	return n > 1 && stream->attempt.sender->keep_idle_s && stream->rate * STREAM_ROW_S >= 1;
}

static void fill(const struct stream *stream)
{
	const struct attempt *attempt = &stream->attempt;
	struct stream_result *result = stream->result;

	for (size_t i = 0; i < attempt->n_endpoint; i++)
		outcome_add(&result->first, &attempt->endpoint[i], attempt_share(attempt, i) / stream->messages);
	result->first.deferred = attempt->deferred / stream->messages;
	result->first.bounced = attempt->bounced / stream->messages;
	result->untried = stream->untried / stream->messages;
	result->connections_mean = stream->connections / stream->messages;
	lags_sort(attempt->lag, attempt->n_lag);
	result->delay_median_s = lags_quantile(attempt->lag, attempt->n_lag, 0.5);
	result->delay_p95_s = lags_quantile(attempt->lag, attempt->n_lag, 0.95);
	result->delay_max_s = lags_quantile(attempt->lag, attempt->n_lag, 1);
}

static void set_fails(struct stream *stream)
{
	const struct sender *sender = stream->attempt.sender;

	if (!sender->throttle_s || stream->attempt.no_lookup)
		return;
	attempt_run(&stream->attempt, stream->seed);
	stream->fails = stream->attempt.deferred;
	stream->singly = sender->memory == MEMORY_NONE && sender->throttle_passes <= 1 && stream->fails > 1e-9 && stream->fails < 1 - 1e-9;
	attempt_age(&stream->attempt, 0);
}

void stream_run(const struct sim_input *in, const struct sender *sender, uint32_t length_s, double rate, struct stream_result *result)
{
	struct stream stream = { .result = result, .seed = in->seed, .rate = rate, .length_s = length_s };

	stream_result_release(result);
	*result = (struct stream_result){ .sender = sender, .expires_s = -1, .opens_s = length_s };
	attempt_init(&stream.attempt, in, sender, true);
	attempt_age(&stream.attempt, 0);
	outcome_rows(&result->first, &stream.attempt);
	set_fails(&stream);
	if (stream.attempt.no_lookup) {
		result->first.bounced = stream.attempt.ends == OUT_BOUNCE;
		result->first.deferred = 1 - result->first.bounced;
	} else {
		run_all(&stream);
		result->crowded = crowds(&stream);
		result->crowd_known = result->crowded && stream_crowd(&stream);
		fill(&stream);
		result->by_speed = by_speed(&stream);
	}
	memory_release(&stream.memory);
	free(stream.node);
	free(stream.choice);
	attempt_release(&stream.attempt);
}

void stream_result_release(struct stream_result *result)
{
	sim_outcome_release(&result->first);
	*result = (struct stream_result){ 0 };
}

bool stream_shares_known(const struct stream_result *result)
{
	size_t n = 0;

	for (size_t i = 0; i < result->first.n; i++)
		n += result->first.share[i].share > 0;
	return !result->crowded || n < 2;
}

bool stream_is_open(const struct stream_result *result)
{
	return result->crowded && !result->crowd_known;
}
