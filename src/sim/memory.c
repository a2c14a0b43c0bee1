/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/memory.h"

#include <stdlib.h>

#include "base/mem.h"
#include "sim/pass.h"

#include "base/banned.h"

#define SILENCE_APART_S 120	/* notqmail tcpto.c:101 */

void memory_init(struct memory *memory, const struct pass *pass)
{
	*memory = (struct memory){ .sender = pass->sender };
	memory->slot = mem_alloc((pass->n_place + 1) * sizeof *memory->slot);
	memory->entry = mem_alloc((pass->n_place + 1) * sizeof *memory->entry);
	for (size_t i = 0; i < pass->n_place; i++) {
		size_t k = 0;

		while (k < i && !addr_equal(&pass->place[k].addr, &pass->place[i].addr))
			k++;
		memory->slot[i] = k < i ? memory->slot[k] : memory->n++;
	}
}

void memory_release(struct memory *memory)
{
	free(memory->slot);
	free(memory->entry);
	*memory = (struct memory){ 0 };
}

bool memory_dead(const struct memory *memory, size_t place, double at_s)
{
	const struct memory_entry *entry = &memory->entry[memory->slot[place]];

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

/* Failures of a server as such, not of one message. */
static bool is_remembered(const struct sender *sender, const struct place *place)
{
	if (place->own || place->out == OUT_OK || place->out == OUT_CLEAR_SAME)
		return false;
	return sender->memory == MEMORY_SILENCE ? place->state == SIM_TIMEOUT :
						  place->state > SIM_UP && place->state <= SIM_TLS_FAIL;
}

bool memory_failed(struct memory *memory, const struct pass *pass, size_t place, double at_s)
{
	const struct sender *sender = memory->sender;
	struct memory_entry *entry = &memory->entry[memory->slot[place]];

	if (sender->memory == MEMORY_NONE || !is_remembered(sender, &pass->place[place]))
		return false;
	if (!entry->failed)
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
