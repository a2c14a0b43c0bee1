/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one sender remembers from message to message, inside sim/: which addresses
 * it leaves alone until when, and a domain that it throttles. Times are seconds
 * from the beginning of the failure. Owns its arrays; an address that stands twice
 * is remembered once.
 */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include "sim/sender/sender.h"

struct attempt;

struct memory_entry {
	bool failed;            /* at least once */
	bool expired;           /* for longer than the sender keeps a message (GROWTH_RETRY) */
	double from_s, until_s; /* left alone; until 0: not */
	double first_s;         /* end of the first failure; of MEMORY_SILENCE, of the one that waits for its second */
	unsigned n;             /* failures, as GROWTH_SQUARE forgives them */
};

struct memory {
	const struct sender *sender;
	size_t n;
	size_t *slot; /* by endpoint: its entry */
	struct memory_entry *entry;
};

void memory_init(struct memory *memory, const struct attempt *attempt);
void memory_release(struct memory *memory);
bool memory_dead(const struct memory *memory, size_t endpoint, double at_s);
/* The endpoint failed, known at_s; true when the sender learnt something from it. */
bool memory_failed(struct memory *memory, const struct attempt *attempt, size_t endpoint, double at_s);
/* The first moment after at_s when an address is no longer left alone; at least after it; 0: none is. */
double memory_next(const struct memory *memory, double at_s);
/* The moment when the first of them is tried again, where all are left alone at_s; else 0. */
double memory_opens(const struct memory *memory, double at_s);
bool memory_expired(const struct memory *memory); /* all of them */

#endif
