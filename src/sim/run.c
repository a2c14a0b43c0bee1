/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sum over all orders: a front of points, each with its probability; points
 * that only differ in the way they were reached are one. Past a bound, sampled.
 */
#include "sim/pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define RUN_NODES 20000u	/* points until sampling begins: some milliseconds */
#define RUN_SAMPLES 20000u

struct front {
	size_t stride, n, cap, slots;
	unsigned char *nodes;
	uint32_t *slot;		/* 1 + index; 0: free */
};

static struct node *front_at(const struct front *front, size_t i)
{
	return (struct node *)(void *)(front->nodes + i * front->stride);
}

static void front_init(struct front *front, size_t stride)
{
	*front = (struct front){ .stride = stride, .cap = 16, .slots = 32 };
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

uint64_t pass_hash(const void *key, size_t len)
{
	const unsigned char *at = key;
	uint64_t hash = 14695981039346656037u, word;

	for (size_t i = 0; i + sizeof word <= len; i += sizeof word) {
		memcpy(&word, at + i, sizeof word);
		hash = (hash ^ word) * 1099511628211u;
		hash ^= hash >> 29;
	}
	return hash;
}

/* The slot of an equal node, or the free one where it belongs. */
static uint32_t *front_slot(const struct front *front, const struct node *node)
{
	size_t from = offsetof(struct node, t_s), len = front->stride - from;
	const unsigned char *key = (const unsigned char *)node + from;
	size_t at = pass_hash(key, len) & (front->slots - 1);

	for (; front->slot[at]; at = (at + 1) & (front->slots - 1)) {
		if (memcmp((unsigned char *)front_at(front, front->slot[at] - 1) + from, key, len) == 0)
			break;
	}
	return &front->slot[at];
}

static void front_widen(struct front *front)
{
	front->cap *= 2;
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

static void add_lag(struct pass *pass, double t_s, double p)
{
	for (size_t i = 0; i < pass->n_lag; i++) {
		if (pass->lag[i].t_s <= t_s && pass->lag[i].t_s >= t_s) {
			pass->lag[i].p += p;
			return;
		}
	}
	pass->lag = mem_grow(pass->lag, pass->n_lag, &pass->cap_lag, sizeof *pass->lag);
	pass->lag[pass->n_lag++] = (struct lag){ t_s, p };
}

void pass_end(struct pass *pass, const struct node *node, enum pass_end end, double p)
{
	if (node->connections > pass->connections_max)
		pass->connections_max = node->connections;
	switch (end) {
	case PASS_DELIVERED:
		pass->share[pass->place[node->place].alike] += p;
		add_lag(pass, node->t_s, p);
		break;
	case PASS_DEFERRED:
		pass->deferred += p;
		break;
	case PASS_BOUNCED:
		pass->bounced += p;
		break;
	case PASS_GOES_ON:
		break;
	}
}

static double weight_of(const struct choice *choice, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += choice[i].weight;
	return sum;
}

struct work {			/* room for one point and its choices */
	struct node *node;
	struct choice *choice;
};

/* One point: each choice either ends the attempt or is a point of the next front. */
static void spread(struct pass *pass, const struct node *from, struct front *next, const struct work *work)
{
	size_t n = pass_choices(pass, from, work->choice);
	double sum = weight_of(work->choice, n);

	for (size_t i = 0; i < n; i++) {
		double p = from->p * work->choice[i].weight / sum;
		enum pass_end end;

		memcpy(work->node, from, next->stride);
		work->node->p = p;
		end = pass_apply(pass, work->node, work->choice[i].what);
		pass->connections_mean += p * (work->node->connections - from->connections);
		if (end == PASS_GOES_ON) {
			node_thin(pass, work->node);
			front_add(next, work->node);
		} else {
			pass_end(pass, work->node, end, p);
		}
	}
}

static bool run_exact(struct pass *pass, const struct work *work)
{
	struct front a, b, swap;
	size_t points = 0;

	front_init(&a, node_size(pass));
	front_init(&b, node_size(pass));
	node_start(pass, work->node);
	front_add(&a, work->node);
	while (a.n > 0 && points <= RUN_NODES) {
		points += a.n;
		front_clear(&b);
		for (size_t i = 0; i < a.n; i++)
			spread(pass, front_at(&a, i), &b, work);
		swap = a;
		a = b;
		b = swap;
	}
	front_release(&a);
	front_release(&b);
	return points <= RUN_NODES;
}

/* splitmix64, by Sebastiano Vigna, public domain. */
static uint64_t chance(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

size_t pass_pick(const struct choice *choice, size_t n, uint64_t *seed)
{
	double at = (double)(chance(seed) >> 11) * 0x1p-53 * weight_of(choice, n);
	size_t i = 0;

	while (i + 1 < n && at >= choice[i].weight)
		at -= choice[i++].weight;
	return i;
}

static void run_sampled(struct pass *pass, uint64_t seed, const struct work *work)
{
	const double p = 1.0 / RUN_SAMPLES;

	pass->exact = false;
	pass->samples = RUN_SAMPLES;
	for (unsigned i = 0; i < RUN_SAMPLES; i++) {
		enum pass_end end = PASS_GOES_ON;

		node_start(pass, work->node);
		while (end == PASS_GOES_ON) {
			size_t n = pass_choices(pass, work->node, work->choice);

			end = pass_apply(pass, work->node, work->choice[n == 1 ? 0 : pass_pick(work->choice, n, &seed)].what);
		}
		pass->connections_mean += p * work->node->connections;
		pass_end(pass, work->node, end, p);
	}
}

static void forget(struct pass *pass)
{
	memset(pass->share, 0, (pass->n_alike + 1) * sizeof *pass->share);
	pass->deferred = pass->bounced = pass->connections_mean = 0;
	pass->connections_max = 0;
	pass->n_lag = 0;
}

void pass_run(struct pass *pass, uint64_t seed)
{
	struct work work = { 0 };

	if (pass->no_lookup) {
		pass->bounced = pass->ends == OUT_BOUNCE;
		pass->deferred = 1 - pass->bounced;
		return;
	}
	work.node = mem_alloc(node_size(pass));
	work.choice = mem_alloc((pass->kinds_max + FACTS_ADDRESSES) * sizeof *work.choice);
	if (!run_exact(pass, &work)) {
		forget(pass);
		run_sampled(pass, seed, &work);
	}
	free(work.node);
	free(work.choice);
}
