/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outcome of one failure. Many leave servers of the same kinds on each rung: of those one is run. */
#include "sim/matrix/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

#define KNOWN_LISTS 1024

struct known_outcomes {
	size_t key, n; /* words of the key */
	size_t next;   /* 1 + index of the next one in its list; 0: none */
	struct matrix_row row;
};

struct matrix_known {
	struct attempt_key words; /* all keys, one behind the other */
	size_t n, cap;
	struct known_outcomes *known;
	size_t list[KNOWN_LISTS]; /* by hash; 1 + index; 0: none */
};

static void run(const struct matrix *matrix, const struct marks *marks, struct matrix_row *row)
{
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	double in_the_end;

	in.marks = marks;
	failover_run(&in, matrix->sender, &result);
	row->now = 1 - result.first.deferred - result.first.bounced;
	in_the_end = 1 - result.final.deferred - result.final.bounced;
	row->late = in_the_end - row->now;
	row->bounced = result.final.bounced;
	row->lost = result.final.deferred + result.final.bounced;
	sim_result_release(&result);
}

/* The first attempt and, where later ones differ, those too. */
static void add_key(const struct matrix *matrix, const struct marks *marks, struct attempt_key *words)
{
	struct sim_input in = matrix->in;
	struct attempt attempt;

	in.marks = marks;
	attempt_init(&attempt, &in, matrix->sender, false);
	attempt_age(&attempt, 0);
	attempt_key(&attempt, words);
	if (attempt_changes(&attempt)) {
		attempt_age(&attempt, matrix->sender->clear_after_s);
		attempt_key(&attempt, words);
	}
	attempt_release(&attempt);
}

static const struct known_outcomes *find(const struct matrix_known *all, size_t list, size_t key)
{
	size_t n = all->words.n - key;

	for (size_t at = all->list[list]; at; at = all->known[at - 1].next) {
		const struct known_outcomes *known = &all->known[at - 1];

		if (known->n == n && memcmp(&all->words.word[known->key], &all->words.word[key], n * sizeof *all->words.word) == 0)
			return known;
	}
	return NULL;
}

static void remember(struct matrix_known *all, size_t list, size_t key, const struct matrix_row *row)
{
	all->known = mem_grow(all->known, all->n, &all->cap, sizeof *all->known);
	all->known[all->n++] = (struct known_outcomes){ .key = key, .n = all->words.n - key, .next = all->list[list], .row = *row };
	all->list[list] = all->n;
}

void matrix_run(struct matrix *matrix, struct matrix_row *row)
{
	struct matrix_known *all = matrix->known;
	struct marks marks = { 0 };
	const struct known_outcomes *same;
	size_t key, list;

	if (!all)
		all = matrix->known = mem_alloc(sizeof *all);
	key = all->words.n;
	matrix_marks(matrix, row->failure, row->n, &marks);
	add_key(matrix, &marks, &all->words);
	list = attempt_hash(&all->words.word[key], (all->words.n - key) * sizeof *all->words.word) % KNOWN_LISTS;
	same = find(all, list, key);
	if (same) {
		row->now = same->row.now;
		row->late = same->row.late;
		row->bounced = same->row.bounced;
		row->lost = same->row.lost;
		all->words.n = key;
	} else {
		run(matrix, &marks, row);
		remember(all, list, key, row);
		matrix->n_run++;
	}
	marks_release(&marks);
}

void matrix_forget(struct matrix *matrix)
{
	if (!matrix->known)
		return;
	free(matrix->known->words.word);
	free(matrix->known->known);
	free(matrix->known);
}
