/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/attempt/memory.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

#define SILENCE_APART_S 120 /* notqmail tcpto.c:101 */

void memory_init(struct memory *memory, const struct attempt *attempt)
{
	size_t *leader = attempt_leaders(attempt, false);

	*memory = (struct memory){ .sender = attempt->sender };
	memory->slot = mem_alloc((attempt->n_endpoint + 1) * sizeof *memory->slot);
	memory->entry = mem_alloc((attempt->n_endpoint + 1) * sizeof *memory->entry);
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		memory->slot[i] = leader[i] < i ? memory->slot[leader[i]] : memory->n++;
	free(leader);
}

void memory_release(struct memory *memory)
{
	free(memory->slot);
	free(memory->entry);
	*memory = (struct memory){ 0 };
}

bool memory_dead(const struct memory *memory, size_t endpoint, double at_s)
{
	const struct memory_entry *entry = &memory->entry[memory->slot[endpoint]];

	return entry->until_s > 0 && at_s >= entry->from_s && at_s < entry->until_s;
}

static double wait_s(const struct sender *sender, const struct memory_entry *entry, double at_s)
{
	double wait = sender->memory_s;
	uint64_t age_s = (uint64_t)(at_s - entry->first_s);

	if (sender->memory_growth == GROWTH_SQUARE)
		wait = (double)sender->memory_s * entry->n * entry->n;
	else if (sender->memory_growth == GROWTH_RETRY)
		wait = (double)(sender_due_s(sender, entry->n, age_s) - age_s);
	if (sender->memory_max_s && wait > sender->memory_max_s)
		wait = sender->memory_max_s;
	return wait;
}

/* Does the sender remember this failure? It remembers those of a server, not those of one message. */
static bool is_remembered(const struct sender *sender, const struct endpoint *endpoint)
{
	if (endpoint->is_self || endpoint->out == OUT_OK || endpoint->out == OUT_CLEAR_SAME)
		return false;
	return sender->memory == MEMORY_SILENCE ? endpoint->state == SIM_TIMEOUT
						: endpoint->state > SIM_UP && endpoint->state <= SIM_CERT_INVALID;
}

bool memory_failed(struct memory *memory, const struct attempt *attempt, size_t endpoint, double at_s)
{
	const struct sender *sender = memory->sender;
	struct memory_entry *entry = &memory->entry[memory->slot[endpoint]];

	if (sender->memory == MEMORY_NONE || !is_remembered(sender, &attempt->endpoint[endpoint]))
		return false;
	if (!entry->failed || at_s < entry->first_s) /* of messages side by side, one that began later may fail earlier */
		entry->first_s = at_s;
	if (sender->memory == MEMORY_SILENCE && (!entry->failed || at_s < entry->first_s + SILENCE_APART_S)) {
		entry->failed = true;
		return !entry->until_s;
	}
	if (sender->memory_growth == GROWTH_SQUARE && entry->until_s > 0 && at_s >= entry->until_s && entry->n > 0)
		entry->n--;
	entry->failed = true;
	entry->n++;
	entry->expired = sender->memory_growth == GROWTH_RETRY && at_s - entry->first_s >= sender->life_s;
	if (entry->until_s <= at_s)
		entry->from_s = at_s;
	entry->until_s = at_s + wait_s(sender, entry, at_s);
	return true;
}

double memory_next(const struct memory *memory, double at_s)
{
	double next = 0;

	for (size_t i = 0; i < memory->n; i++) {
		const struct memory_entry *entry = &memory->entry[i];

		if (entry->until_s > at_s && (next <= 0 || entry->until_s < next))
			next = entry->until_s;
	}
	return next;
}

double memory_opens(const struct memory *memory, double at_s)
{
	for (size_t i = 0; i < memory->n; i++) {
		if (memory->entry[i].until_s <= at_s)
			return 0;
	}
	return memory_next(memory, at_s);
}

bool memory_expired(const struct memory *memory)
{
	for (size_t i = 0; i < memory->n; i++) {
		if (!memory->entry[i].expired)
			return false;
	}
	return memory->n > 0;
}
