/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outcome of one failure, or of two. Of states with one sum one is run. What lies behind the servers that any order comes to
 * changes nothing, and is not looked at.
 */
#include "sim/matrix/matrix_known.h"

#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

/* ---- how it ends ---- */

static void mark_met(const struct attempt *attempt, struct end *end)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		size_t row = attempt->endpoint[i].row;

		if (!attempt->met[i])
			continue;
		end->reached = true;
		if (attempt->row[row].preference > end->highest)
			end->highest = attempt->row[row].preference;
		if (end->met)
			end->met[row / 64] |= (uint64_t)1 << row % 64;
	}
}

static void run(const struct matrix *matrix, const struct matrix_row *row, struct end *end)
{
	struct matrix_known *known = matrix->known;
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	struct attempt attempt;

	known_set_marks(matrix, row->failure, row->n);
	in.marks = &known->marks;
	attempt_init(&attempt, &in, matrix->sender, false);
	attempt_age(&attempt, 0);
	attempt.met = mem_alloc(attempt.n_endpoint + 1);
	attempt_run(&attempt, in.seed);
	end->now = 1 - attempt.deferred - attempt.bounced - attempt.unknown;
	outcome_rows(&result.final, &attempt);
	retry_run(&attempt, &result);
	end->unknown = result.final.unknown;
	end->late = 1 - result.final.deferred - result.final.bounced - end->unknown - end->now;
	end->bounced = result.final.bounced;
	end->lost = result.final.deferred + result.final.bounced;
	if (known->listed && row->n == 1)
		end->met = mem_alloc((known->n_row / 64 + 1) * sizeof *end->met);
	mark_met(&attempt, end);
	sim_result_release(&result);
	attempt_release(&attempt);
}

static void widen(struct matrix_known *known)
{
	free(known->slot);
	known->n_slot = known->n_slot ? known->n_slot * 2 : 64;
	known->slot = mem_alloc(known->n_slot * sizeof *known->slot);
	for (size_t i = 0; i < known->n_end; i++) {
		size_t at = known->end[i].sum.part[0] & (known->n_slot - 1);

		while (known->slot[at])
			at = (at + 1) & (known->n_slot - 1);
		known->slot[at] = (uint32_t)i + 1;
	}
}

static uint32_t end_of(struct matrix *matrix, const struct matrix_row *row, struct sum sum)
{
	struct matrix_known *known = matrix->known;
	struct end made = { .sum = sum };
	size_t at;

	if (known->n_end * 2 >= known->n_slot)
		widen(known);
	at = sum.part[0] & (known->n_slot - 1);
	for (; known->slot[at]; at = (at + 1) & (known->n_slot - 1)) {
		if (sum_same(known->end[known->slot[at] - 1].sum, sum))
			return known->slot[at] - 1;
	}
	run(matrix, row, &made);
	matrix->n_run++;
	known->end = mem_grow(known->end, known->n_end, &known->cap_end, sizeof *known->end);
	known->end[known->n_end++] = made;
	known->slot[at] = (uint32_t)known->n_end;
	return (uint32_t)known->n_end - 1;
}

/* Does the failure change nothing but what is met or not met, record by record? */
static bool is_local(const struct matrix *matrix, const struct effect *effect)
{
	const struct sender *sender = matrix->sender;

	if (effect->domain != matrix->known->domain)
		return false;
	if (!effect->names)
		return true;
	return !sender->balances && !sender->bare_spoils && !matrix->known->is_self && !(effect->slow && sender->slow_dns == SLOW_STALL);
}

/* Does the failure touch anything that the attempt comes to, in any order? */
static bool meets(const struct matrix_known *known, const struct end *end, const struct effect *effect)
{
	if (!end->met)
		return effect->lowest <= end->highest;
	for (size_t i = effect->first; i < effect->first + effect->n; i++) {
		size_t row = known->touched[i].row;

		if (end->met[row / 64] & (uint64_t)1 << row % 64)
			return true;
	}
	return false;
}

/* With the one failure, is the other beside it nothing more? Then the pair ends as the one does. */
static bool ends_as(const struct matrix *matrix, uint32_t one, uint32_t other, uint32_t *end)
{
	const struct matrix_known *known = matrix->known;
	const struct end *alone = &known->end[matrix->row[one].end];

	if (!alone->reached || (known->listed && !alone->met) || !is_local(matrix, &known->effect[other]) ||
		meets(known, alone, &known->effect[other]))
		return false;
	*end = matrix->row[one].end;
	return true;
}

void matrix_run(struct matrix *matrix, struct matrix_row *row)
{
	const uint32_t *failure = row->failure;
	const struct end *end;

	if (row->n == 1 || known_together(matrix, row) ||
		!(ends_as(matrix, failure[0], failure[1], &row->end) || ends_as(matrix, failure[1], failure[0], &row->end)))
		row->end = end_of(matrix, row, known_sum(matrix, row));
	end = &matrix->known->end[row->end];
	row->now = end->now;
	row->late = end->late;
	row->bounced = end->bounced;
	row->lost = end->lost;
	row->unknown = end->unknown;
	if (row->unknown > matrix->unknown)
		matrix->unknown = row->unknown;
}

/* ---- the worst first ---- */

struct ranked {
	double lost, now;
	uint32_t end;
};

static bool differ(double a, double b)
{
	return a < b - 1e-9 || a > b + 1e-9;
}

static int worse(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (differ(x->lost, y->lost))
		return x->lost < y->lost ? 1 : -1;
	if (differ(x->now, y->now))
		return x->now > y->now ? 1 : -1;
	return x->end < y->end ? -1 : x->end > y->end;
}

uint32_t *matrix_ranks(const struct matrix *matrix, size_t *n)
{
	const struct matrix_known *known = matrix->known;
	struct ranked *ranked = mem_alloc((known->n_end + 1) * sizeof *ranked);
	uint32_t *rank = mem_alloc((known->n_end + 1) * sizeof *rank);

	for (size_t i = 0; i < known->n_end; i++)
		ranked[i] = (struct ranked){ known->end[i].lost, known->end[i].now, (uint32_t)i };
	if (known->n_end > 1)
		qsort(ranked, known->n_end, sizeof *ranked, worse);
	*n = 0;
	for (size_t i = 0; i < known->n_end; i++) {
		*n += i == 0 || differ(ranked[i].lost, ranked[i - 1].lost) || differ(ranked[i].now, ranked[i - 1].now);
		rank[ranked[i].end] = (uint32_t)*n - 1;
	}
	free(ranked);
	return rank;
}
