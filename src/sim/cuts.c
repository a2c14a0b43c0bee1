/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest sets of things whose loss takes every address away. */
#include "sim/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define CUT_WORDS 16		/* 1024 host-address pairs */

struct cover {			/* which host-address pairs a thing takes away */
	uint64_t bit[CUT_WORDS];
};

static bool takes(const struct matrix *matrix, size_t thing, const struct dname *host, const struct addr *addr)
{
	struct mark copy = matrix->thing[thing];
	struct marks one = { .n = 1, .cap = 1, .mark = &copy };

	return matrix_own_zone(matrix, thing) || marks_address(&one, host, addr) != SIM_UP ||
	       marks_name(&one, host) != SIM_UP;
}

/* covers[]: one a thing, and one more with all pairs there are. */
static size_t fill_covers(const struct matrix *matrix, struct cover *covers)
{
	size_t pairs = 0;

	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, matrix_host(matrix, i));

		for (size_t j = 0; facts && j < facts->n_addr && pairs < CUT_WORDS * 64; j++, pairs++) {
			uint64_t bit = (uint64_t)1 << pairs % 64;

			covers[matrix->n_thing].bit[pairs / 64] |= bit;
			for (size_t t = 0; t < matrix->n_thing; t++) {
				if (takes(matrix, t, &facts->host, &facts->addr[j]))
					covers[t].bit[pairs / 64] |= bit;
			}
		}
	}
	return pairs;
}

static bool covers_all(const struct cover *a, const struct cover *all)
{
	for (size_t i = 0; i < CUT_WORDS; i++) {
		if ((a->bit[i] & all->bit[i]) != all->bit[i])
			return false;
	}
	return true;
}

struct cut_search {
	const struct matrix *matrix;
	const struct cover *covers;
	struct matrix_cut *cut;
	size_t max, stored, size;
};

static bool holds_smaller(const struct cut_search *search, const struct matrix_cut *made)
{
	for (size_t i = 0; i < search->stored; i++) {
		const struct matrix_cut *cut = &search->cut[i];
		size_t inside = 0;

		for (size_t j = 0; cut->n < made->n && j < cut->n; j++) {
			for (size_t k = 0; k < made->n; k++)
				inside += cut->thing[j] == made->thing[k];
		}
		if (inside == cut->n)
			return true;
	}
	return false;
}

/* A thing that takes away just what an earlier one does is not named beside it: a host comes before its only address. */
static bool repeats(const struct cut_search *search, size_t thing)
{
	for (size_t t = 0; t < thing; t++) {
		if (memcmp(&search->covers[t], &search->covers[thing], sizeof *search->covers) == 0)
			return true;
	}
	return false;
}

static void extend(struct cut_search *search, struct matrix_cut *made, const struct cover *sum, size_t from)
{
	const struct cover *all = &search->covers[search->matrix->n_thing];

	if (made->n == search->size) {
		if (search->stored < search->max && covers_all(sum, all) && !holds_smaller(search, made)) {
			search->cut[search->stored++] = *made;
		}
		return;
	}
	for (size_t t = from; t < search->matrix->n_thing; t++) {
		struct cover more = *sum;

		if (search->stored == search->max || repeats(search, t))
			continue;
		for (size_t i = 0; i < CUT_WORDS; i++)
			more.bit[i] |= search->covers[t].bit[i];
		if (memcmp(&more, sum, sizeof more) == 0)
			continue;
		made->thing[made->n++] = t;
		extend(search, made, &more, t + 1);
		made->n--;
	}
}

size_t matrix_cuts(const struct matrix *matrix, struct matrix_cut *cut, size_t max)
{
	struct cover *covers = mem_alloc((matrix->n_thing + 1) * sizeof *covers);
	struct cut_search search = { .matrix = matrix, .covers = covers, .cut = cut, .max = max };

	if (fill_covers(matrix, covers) > 0) {
		/* three of many things are already too many to name */
		size_t largest = matrix->n_thing > 40 ? 2 : MATRIX_CUT;

		for (search.size = 1; search.size <= largest; search.size++) {
			struct matrix_cut made = { 0 };
			struct cover none = { { 0 } };

			extend(&search, &made, &none, 0);
		}
	}
	free(covers);
	return search.stored;
}
