/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * More messages for one domain than its sender delivers at the same time: they
 * wait for each other, and go over connections that the sender keeps open.
 *
 * A message takes a place in the window, or waits for one in the order of arrival.
 * The window begins with sender->parallel; a delivery opens it by one, up to
 * parallel_max, and a failed attempt closes it by one. Once messages come in a row,
 * a connection that has delivered is kept for the next message, which then meets no
 * other server; without one it walks through the set as any message does, and at
 * the server that takes it again looks for a kept connection.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/stream_walk.h"

#include "base/banned.h"

#define CROWD_MESSAGES 40000u /* that are followed */
#define CROWD_SAMPLE 6000u    /* so many at least: a short stream is followed several times */
#define CROWD_LEAST_S 600.0   /* a part of a stream that is so long stands for all of it */
#define CROWD_WINDOW 1000u    /* wider than this is no limit that anything waits for */
/* To hand a message over, and to deliver it over an open connection, in the mean. It decides how many connections there are when
 * others become free; with 5 to 10 ms delays and connections come out as measured with Postfix. */
#define CROWD_STEP_S 0.005

enum step { STEP_BEGINS, STEP_ARRIVES, STEP_ENDS };

struct job { /* a message that has a place in the window */
	enum step step;
	double at_s; /* when its step is done */
	double came_s, opened_s;
	size_t endpoint;
	unsigned connections;
	enum attempt_end end;
	bool keeps; /* its connection, and takes one that was kept */
};

struct kept {
	size_t endpoint;
	double since_s, opened_s;
};

struct crowd {
	struct stream *stream;
	const struct sender *sender;
	double now_s, done_s; /* done: when the last one ended; < 0: none did since the window was empty */
	bool keeps;
	size_t window, busy, n_kept;
	struct job job[CROWD_WINDOW];
	struct kept kept[CROWD_WINDOW];
	double connections, untried;
};

static double step_s(struct crowd *crowd)
{
	return -CROWD_STEP_S * log(1 - attempt_chance(&crowd->stream->seed));
}

/* Is no message under way? Then the sender forgets the domain. */
static void is_empty(struct crowd *crowd)
{
	crowd->window = crowd->sender->parallel < CROWD_WINDOW ? crowd->sender->parallel : CROWD_WINDOW;
	crowd->keeps = false;
	crowd->done_s = -1;
}

static size_t widest(const struct sender *sender)
{
	unsigned most = sender->parallel_max > sender->parallel ? sender->parallel_max : sender->parallel;

	return most < CROWD_WINDOW ? most : CROWD_WINDOW;
}

/* The connection kept last, to this endpoint or (ATTEMPT_NONE) to any. */
static bool take_kept(struct crowd *crowd, size_t endpoint, struct kept *taken)
{
	for (size_t i = crowd->n_kept; i-- > 0;) {
		struct kept *kept = &crowd->kept[i];

		if (crowd->now_s - kept->since_s > crowd->sender->keep_idle_s || (endpoint != ATTEMPT_NONE && endpoint != kept->endpoint))
			continue;
		*taken = *kept;
		crowd->n_kept--;
		for (; i < crowd->n_kept; i++)
			crowd->kept[i] = crowd->kept[i + 1];
		return true;
	}
	return false;
}

static void keep(struct crowd *crowd, const struct job *job)
{
	size_t n = 0;

	for (size_t i = 0; i < crowd->n_kept; i++) {
		if (crowd->now_s - crowd->kept[i].since_s <= crowd->sender->keep_idle_s)
			crowd->kept[n++] = crowd->kept[i];
	}
	crowd->n_kept = n;
	if (n < CROWD_WINDOW && crowd->now_s - job->opened_s < crowd->sender->keep_age_s)
		crowd->kept[crowd->n_kept++] = (struct kept){ job->endpoint, crowd->now_s, job->opened_s };
}

static void begins(struct crowd *crowd, struct job *job)
{
	const struct node *node = crowd->stream->node;
	struct kept kept;

	if (job->keeps && take_kept(crowd, ATTEMPT_NONE, &kept)) {
		job->end = ATTEMPT_DELIVERED;
		job->endpoint = kept.endpoint;
		job->opened_s = kept.opened_s;
		job->step = STEP_ENDS;
		job->at_s = crowd->now_s + step_s(crowd);
		return;
	}
	job->end = stream_walk(crowd->stream, crowd->now_s);
	job->endpoint = node->endpoint;
	job->connections = node->connections;
	job->step = job->end == ATTEMPT_DELIVERED ? STEP_ARRIVES : STEP_ENDS;
	job->at_s = crowd->now_s + node->t_s;
}

static void arrives(struct crowd *crowd, struct job *job)
{
	struct kept kept = { .opened_s = crowd->now_s };

	if (job->keeps && take_kept(crowd, job->endpoint, &kept))
		job->connections--;
	job->opened_s = kept.opened_s;
	job->step = STEP_ENDS;
	job->at_s = crowd->now_s + step_s(crowd);
}

static void ends(struct crowd *crowd, const struct job *job)
{
	struct attempt *attempt = &crowd->stream->attempt;
	bool delivered = job->end == ATTEMPT_DELIVERED;

	attempt->deferred += job->end == ATTEMPT_DEFERRED;
	attempt->bounced += job->end == ATTEMPT_BOUNCED;
	if (delivered) {
		attempt->share[attempt->endpoint[job->endpoint].alike]++;
		attempt->lag = mem_grow(attempt->lag, attempt->n_lag, &attempt->cap_lag, sizeof *attempt->lag);
		attempt->lag[attempt->n_lag++] = (struct lag){ crowd->now_s - job->came_s, 1 };
	}
	crowd->connections += job->connections;
	crowd->untried += job->end == ATTEMPT_DEFERRED && job->connections == 0;
	if (delivered && job->keeps)
		keep(crowd, job);
	if (delivered && crowd->window < widest(crowd->sender) && crowd->window < crowd->busy + crowd->sender->parallel)
		crowd->window++;
	else if (!delivered && crowd->window > 1)
		crowd->window--;
	crowd->done_s = crowd->now_s;
}

/* The next message takes a place. */
static void starts(struct crowd *crowd, double came_s)
{
	if (crowd->done_s >= 0 && crowd->now_s - crowd->done_s <= STREAM_ROW_S)
		crowd->keeps = crowd->sender->keep_idle_s > 0;
	else if (crowd->busy == 0)
		crowd->keeps = false;
	crowd->job[crowd->busy++] =
		(struct job){ .step = STEP_BEGINS, .at_s = crowd->now_s + step_s(crowd), .came_s = came_s, .keeps = crowd->keeps };
}

static size_t first_done(const struct crowd *crowd)
{
	size_t first = 0;

	for (size_t i = 1; i < crowd->busy; i++) {
		if (crowd->job[i].at_s < crowd->job[first].at_s)
			first = i;
	}
	return first;
}

static void go_on(struct crowd *crowd)
{
	size_t first = first_done(crowd);
	struct job *job = &crowd->job[first];

	crowd->now_s = job->at_s;
	switch (job->step) {
	case STEP_BEGINS:
		begins(crowd, job);
		break;
	case STEP_ARRIVES:
		arrives(crowd, job);
		break;
	case STEP_ENDS:
		ends(crowd, job);
		crowd->job[first] = crowd->job[--crowd->busy];
		break;
	}
}

/* n messages from an empty window on; returns how many waited for a place when the last one came. */
static size_t follow(struct crowd *crowd, size_t n)
{
	double rate = crowd->stream->rate, last_s = (double)(n - 1) / rate;
	size_t next = 0, waited = 0;

	stream_forget(crowd->stream);
	crowd->now_s = 0;
	crowd->n_kept = crowd->busy = 0;
	is_empty(crowd);
	while (next < n || crowd->busy > 0) {
		double came_s = (double)next / rate;

		if (next < n && crowd->busy < crowd->window && (crowd->busy == 0 || came_s <= crowd->job[first_done(crowd)].at_s)) {
			if (crowd->busy == 0 && came_s > crowd->now_s)
				is_empty(crowd);
			crowd->now_s = fmax(crowd->now_s, came_s);
			starts(crowd, came_s);
			next++;
		} else {
			go_on(crowd);
		}
		if (crowd->now_s <= last_s)
			waited = n - next;
	}
	return waited;
}

bool stream_crowd(struct stream *stream)
{
	double all = stream->rate * stream->length_s;
	size_t n = all < CROWD_MESSAGES ? (size_t)ceil(all) : CROWD_MESSAGES, runs = CROWD_SAMPLE / n + 1, waited = 0;
	struct crowd *crowd = mem_alloc(sizeof *crowd);

	*crowd = (struct crowd){ .stream = stream, .sender = stream->attempt.sender };
	attempt_age(&stream->attempt, 0);
	for (size_t i = 0; i < runs; i++)
		waited = follow(crowd, n);
	stream->messages = (double)(n * runs);
	stream->connections = crowd->connections;
	stream->untried = crowd->untried;
	free(crowd);
	/* a part stands for the rest where it is long enough, and no backlog grows on */
	return (double)n >= all || ((double)n / stream->rate >= CROWD_LEAST_S && waited < n / 10);
}
