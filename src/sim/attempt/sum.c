/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sum over all orders: a front of points, each with its probability; points
 * that only differ in the way they were reached are one. Past a bound, sampled.
 */
#include "sim/attempt/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define RUN_NODES 20000u     /* nodes until sampling begins: some milliseconds */
#define RUN_BYTES (8u << 20) /* what they take at most */
#define RUN_SAMPLES 20000u
#define RUN_SAMPLES_MIN 100u
#define RUN_WORK 20000000u /* choices looked at while sampling, at most; RUN_SAMPLES_MIN are drawn in any case */
#define RUN_LAGS 1024u     /* delays told apart */

struct front {
	size_t stride, n, cap, max, slots;
	unsigned char *nodes;
	uint32_t *slot; /* 1 + index; 0: free */
};

static struct node *front_at(const struct front *front, size_t i)
{
	return (struct node *)(void *)(front->nodes + i * front->stride);
}

/* Room for max nodes and the one that is too much. */
static void front_init(struct front *front, size_t stride, size_t max)
{
	*front = (struct front){ .stride = stride, .cap = max < 16 ? max + 1 : 16, .max = max, .slots = 32 };
	front->nodes = mem_resize(NULL, front->cap, stride);
	front->slot = mem_alloc(front->slots * sizeof *front->slot);
}

static void front_release(struct front *front)
{
	free(front->nodes);
	free(front->slot);
}

static void front_clear(struct front *front)
{
	front->n = 0;
	memset(front->slot, 0, front->slots * sizeof *front->slot);
}

/* The end of splitmix64, by Sebastiano Vigna, public domain: every bit of z has its say in each of the result. */
static uint64_t scatter(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t attempt_hash(const void *key, size_t len)
{
	const unsigned char *at = key;
	uint64_t hash = 14695981039346656037u, word;

	for (size_t i = 0; i + sizeof word <= len; i += sizeof word) {
		memcpy(&word, at + i, sizeof word);
		hash = (hash ^ word) * 1099511628211u;
		hash ^= hash >> 29;
	}
	return scatter(hash);
}

/* The slot of an equal node, or the free one where it belongs. */
static uint32_t *front_slot(const struct front *front, const struct node *node)
{
	size_t from = offsetof(struct node, t_s), len = front->stride - from;
	const unsigned char *key = (const unsigned char *)node + from;
	size_t at = attempt_hash(key, len) & (front->slots - 1);

	for (; front->slot[at]; at = (at + 1) & (front->slots - 1)) {
		if (memcmp((unsigned char *)front_at(front, front->slot[at] - 1) + from, key, len) == 0)
			break;
	}
	return &front->slot[at];
}

static void front_widen(struct front *front)
{
	front->cap = front->cap > front->max / 2 ? front->max + 1 : front->cap * 2;
	front->slots *= 2;
	front->nodes = mem_resize(front->nodes, front->cap, front->stride);
	free(front->slot);
	front->slot = mem_alloc(front->slots * sizeof *front->slot);
	for (size_t i = 0; i < front->n; i++)
		*front_slot(front, front_at(front, i)) = (uint32_t)i + 1;
}

static void front_add(struct front *front, const struct node *node)
{
	uint32_t *slot = front_slot(front, node);
	struct node *same;

	if (*slot) {
		same = front_at(front, *slot - 1);
		same->p += node->p;
		if (node->connections > same->connections)
			same->connections = node->connections;
		return;
	}
	if (front->n == front->cap) {
		front_widen(front);
		slot = front_slot(front, node);
	}
	memcpy(front_at(front, front->n), node, front->stride);
	*slot = (uint32_t)++front->n;
}

static void add_lag(struct attempt *attempt, double t_s, double p)
{
	for (size_t i = 0; i < attempt->n_lag; i++) {
		if (attempt->lag[i].t_s <= t_s && attempt->lag[i].t_s >= t_s) {
			attempt->lag[i].p += p;
			return;
		}
	}
	if (attempt->n_lag == RUN_LAGS)
		attempt->n_lag = lags_thin(attempt->lag, attempt->n_lag, RUN_LAGS / 2);
	attempt->lag = mem_grow(attempt->lag, attempt->n_lag, &attempt->cap_lag, sizeof *attempt->lag);
	attempt->lag[attempt->n_lag++] = (struct lag){ t_s, p };
}

void attempt_end(struct attempt *attempt, const struct node *node, enum attempt_end end, double p)
{
	if (node->connections > attempt->connections_max)
		attempt->connections_max = node->connections;
	switch (end) {
	case ATTEMPT_DELIVERED:
		attempt->share[attempt->endpoint[node->endpoint].alike] += p;
		add_lag(attempt, node->t_s, p);
		break;
	case ATTEMPT_DEFERRED:
		attempt->deferred += p;
		break;
	case ATTEMPT_BOUNCED:
		attempt->bounced += p;
		break;
	case ATTEMPT_UNKNOWN:
		attempt->unknown += p;
		break;
	case ATTEMPT_GOES_ON:
		break;
	}
}

static void mark_met(struct attempt *attempt, const struct node *node)
{
	if (attempt->met && node->endpoint != ATTEMPT_NONE)
		attempt->met[node->endpoint] = true;
}

static double weight_of(const struct choice *choice, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += choice[i].weight;
	return sum;
}

struct sum_room { /* room for one point and its choices */
	struct node *node;
	struct choice *choice;
};

/* One point: each choice either ends the attempt or is a point of the next front. A point may have thousands; false: they are too many. */
static bool spread(struct attempt *attempt, const struct node *from, struct front *next, size_t max, const struct sum_room *work)
{
	size_t n = attempt_choices(attempt, from, work->choice);
	double sum = weight_of(work->choice, n);

	for (size_t i = 0; i < n; i++) {
		double p = from->p * work->choice[i].weight / sum;
		enum attempt_end end;

		memcpy(work->node, from, next->stride);
		work->node->p = p;
		end = attempt_apply(attempt, work->node, work->choice[i].what);
		mark_met(attempt, work->node);
		attempt->connections_mean += p * (work->node->connections - from->connections);
		if (end == ATTEMPT_GOES_ON) {
			node_thin(attempt, work->node);
			front_add(next, work->node);
			if (next->n > max)
				return false;
		} else {
			attempt_end(attempt, work->node, end, p);
		}
	}
	return true;
}

/* The most nodes that are looked at, of this size. */
static size_t nodes_max(const struct attempt *attempt)
{
	size_t fit = RUN_BYTES / node_size(attempt);

	return fit < RUN_NODES ? fit : RUN_NODES;
}

/* All nodes of the front `from`, into the next; false: there are too many. */
static bool spread_all(struct attempt *attempt, const struct front *from, struct front *next, size_t max, const struct sum_room *work)
{
	front_clear(next);
	for (size_t i = 0; i < from->n; i++)
		if (!spread(attempt, front_at(from, i), next, max, work))
			return false;
	return true;
}

static bool run_exact(struct attempt *attempt, const struct sum_room *work)
{
	struct front a, b, swap;
	size_t left = nodes_max(attempt);
	bool fits = true;

	front_init(&a, node_size(attempt), left);
	front_init(&b, node_size(attempt), left);
	node_start(attempt, work->node);
	front_add(&a, work->node);
	while (fits && a.n > 0) {
		fits = a.n <= left && spread_all(attempt, &a, &b, left - a.n, work);
		left -= fits ? a.n : 0;
		swap = a;
		a = b;
		b = swap;
	}
	front_release(&a);
	front_release(&b);
	return fits;
}

double attempt_chance(uint64_t *seed)
{
	return (double)(scatter(*seed += 0x9e3779b97f4a7c15u) >> 11) * 0x1p-53;
}

size_t attempt_pick(const struct choice *choice, size_t n, uint64_t *seed)
{
	double at = attempt_chance(seed) * weight_of(choice, n);
	size_t i = 0;

	while (i + 1 < n && at >= choice[i].weight)
		at -= choice[i++].weight;
	return i;
}

/* What was summed over samples becomes parts. */
static void scale(struct attempt *attempt, double part)
{
	for (size_t i = 0; i < attempt->n_alike; i++)
		attempt->share[i] *= part;
	for (size_t i = 0; i < attempt->n_lag; i++)
		attempt->lag[i].p *= part;
	attempt->deferred *= part;
	attempt->unknown *= part;
	attempt->bounced *= part;
	attempt->connections_mean *= part;
}

static void run_sampled(struct attempt *attempt, uint64_t seed, const struct sum_room *work)
{
	unsigned long looked_at = 0;

	attempt->exact = false;
	for (unsigned i = 0; i < RUN_SAMPLES && (i < RUN_SAMPLES_MIN || looked_at < RUN_WORK); i++) {
		enum attempt_end end = ATTEMPT_GOES_ON;

		node_start(attempt, work->node);
		while (end == ATTEMPT_GOES_ON) {
			size_t n = attempt_choices(attempt, work->node, work->choice);

			end = attempt_apply(attempt, work->node, work->choice[n == 1 ? 0 : attempt_pick(work->choice, n, &seed)].what);
			mark_met(attempt, work->node);
			looked_at += 1 + attempt->kinds_max;
		}
		attempt->connections_mean += work->node->connections;
		attempt_end(attempt, work->node, end, 1);
		attempt->samples++;
	}
	scale(attempt, 1.0 / (double)attempt->samples);
}

static void forget(struct attempt *attempt)
{
	memset(attempt->share, 0, (attempt->n_alike + 1) * sizeof *attempt->share);
	attempt->deferred = attempt->bounced = attempt->unknown = attempt->connections_mean = 0;
	attempt->connections_max = 0;
	attempt->n_lag = 0;
}

void attempt_run(struct attempt *attempt, uint64_t seed)
{
	struct sum_room work = { 0 };

	if (attempt->no_lookup) {
		attempt->bounced = attempt->ends == OUT_BOUNCE;
		attempt->unknown = attempt->ends == OUT_UNKNOWN;
		attempt->deferred = 1 - attempt->bounced - attempt->unknown;
		return;
	}
	work.node = mem_alloc(node_size(attempt));
	work.choice = mem_alloc((attempt->kinds_max + FACTS_ADDRESSES) * sizeof *work.choice);
	if (!run_exact(attempt, &work)) {
		forget(attempt);
		run_sampled(attempt, seed, &work);
	}
	free(work.node);
	free(work.choice);
}
