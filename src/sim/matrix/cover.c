/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses of hosts each failure takes away: a bit for each address of each host. */
#include "sim/matrix/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

static void add_pairs(struct matrix *matrix)
{
	struct matrix_cover *cover = matrix->cover;
	size_t cap = 0;

	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		const struct dname *host = matrix_host(matrix, i);
		const struct host_facts *facts = facts_host(matrix->in.facts, host);

		for (size_t j = 0; facts && j < facts->n_addr; j++) {
			cover->pair = mem_grow(cover->pair, cover->n_pair, &cap, sizeof *cover->pair);
			cover->pair[cover->n_pair++] = (struct cover_pair){ host, &facts->addr[j] };
		}
	}
}

/* Every pair that the marks take away; marks NULL: every one there is. */
static void fill(const struct matrix *matrix, const struct marks *marks, uint64_t *bits)
{
	const struct matrix_cover *cover = matrix->cover;
	bool whole = !marks || marks_domain(marks, matrix->in.domain) != SIM_UP, name = false;

	for (size_t i = 0; i < cover->n_pair; i++) {
		const struct cover_pair *pair = &cover->pair[i];

		if (marks && (i == 0 || pair->host != pair[-1].host))
			name = marks_name(marks, pair->host) != SIM_UP;
		if (whole || name || marks_address(marks, pair->host, pair->addr) != SIM_UP)
			bits[i / 64] |= (uint64_t)1 << i % 64;
	}
}

static void fill_full(const struct matrix *matrix, const struct marks *marks, uint64_t *bits)
{
	struct marks full = { 0 };

	fill(matrix, marks_servers(marks, matrix->in.facts, &full) ? &full : marks, bits);
	marks_release(&full);
}

void matrix_cover_set(const struct matrix *matrix, const uint32_t *failure, size_t n, uint64_t *bits)
{
	struct marks marks = { 0 };

	matrix_marks(matrix, failure, n, &marks);
	fill_full(matrix, &marks, bits);
	marks_release(&marks);
}

size_t matrix_count_bits(const struct matrix_cover *cover, const uint64_t *bits)
{
	size_t n = 0;

	for (size_t i = 0; i < cover->words; i++) {
		for (uint64_t rest = bits[i]; rest; rest &= rest - 1)
			n++;
	}
	return n;
}

size_t *matrix_first_covers(const struct matrix *matrix, const uint64_t *bits)
{
	size_t words = matrix->cover->words, n = matrix->n_failure, n_slot = 64, *first = mem_alloc((n + 1) * sizeof *first);
	uint32_t *slot;

	while (n_slot < 2 * n)
		n_slot *= 2;
	slot = mem_alloc(n_slot * sizeof *slot);
	for (size_t t = 0; t < n; t++) {
		size_t at = attempt_hash(&bits[t * words], words * sizeof *bits) & (n_slot - 1);

		first[t] = t;
		if (matrix->failure[t].kind == MARK_SERVER)
			continue;
		while (slot[at] && memcmp(&bits[(slot[at] - 1) * words], &bits[t * words], words * sizeof *bits) != 0)
			at = (at + 1) & (n_slot - 1);
		if (slot[at])
			first[t] = slot[at] - 1;
		else
			slot[at] = (uint32_t)t + 1;
	}
	free(slot);
	return first;
}

void matrix_alike(struct matrix *matrix)
{
	const struct matrix_cover *cover = matrix->cover;

	matrix->same_as = matrix_first_covers(matrix, cover->alone);
	for (size_t t = 0; t < matrix->n_failure; t++) {
		if (matrix->failure[t].kind > MARK_NET || matrix_count_bits(cover, &cover->alone[t * cover->words]) == 0)
			matrix->same_as[t] = t;
	}
}

void matrix_cover(struct matrix *matrix)
{
	struct matrix_cover *cover = matrix->cover = mem_alloc(sizeof *cover);
	size_t n = matrix->n_failure;

	add_pairs(matrix);
	cover->words = cover->n_pair / 64 + 1;
	cover->all = mem_alloc(cover->words * sizeof *cover->all);
	cover->gone = mem_alloc(cover->words * sizeof *cover->gone);
	cover->alone = mem_alloc((n + 1) * cover->words * sizeof *cover->alone);
	fill(matrix, NULL, cover->all);
	matrix_cover_set(matrix, NULL, 0, cover->gone);
	cover->beside = cover->alone;
	if (matrix->in.marks->n)
		cover->beside = mem_alloc((n + 1) * cover->words * sizeof *cover->beside);
}

void matrix_cover_failure(struct matrix *matrix, uint32_t failure)
{
	struct matrix_cover *cover = matrix->cover;
	struct marks one = { .n = 1, .mark = &matrix->failure[failure] };

	fill_full(matrix, &one, &cover->alone[failure * cover->words]);
	if (cover->beside != cover->alone)
		matrix_cover_set(matrix, &failure, 1, &cover->beside[failure * cover->words]);
}

void matrix_uncover(struct matrix *matrix)
{
	struct matrix_cover *cover = matrix->cover;

	if (!cover)
		return;
	if (cover->beside != cover->alone)
		free(cover->beside);
	free(cover->alone);
	free(cover->all);
	free(cover->gone);
	free(cover->pair);
	free(cover);
}
