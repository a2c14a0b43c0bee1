/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest sets of things whose loss takes every address away that the marks have left. A host, an address, a network, a family
 * or a zone is an item by itself; the name servers of a zone are one together.
 */
#include "sim/matrix/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define CUT_MANY 40 /* of more things than these, sets of three are already too many to name */

struct item {
	struct matrix_cut set;
	const uint64_t *cover;
	size_t bits;
	bool apart; /* name servers that take no more than some one failure: told beside other name servers only */
};

struct cut_search {
	const struct matrix *matrix;
	const struct matrix_cover *cover;
	struct item *item;
	size_t n_item, n_plain;      /* plain ones first, then name servers */
	uint64_t *own;               /* covers of name servers together */
	size_t most[MATRIX_CUT + 1]; /* addresses that so many things take away at the most */
	struct matrix_cut *cut;
	size_t max, stored, size;
};

static bool covers_all(const struct matrix_cover *cover, const uint64_t *a)
{
	return memcmp(a, cover->all, cover->words * sizeof *a) == 0;
}

static bool has_failure(const struct matrix_cut *set, size_t failure)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->failure[i] == failure)
			return true;
	}
	return false;
}

static bool holds(const struct matrix_cut *set, const struct matrix_cut *inner)
{
	for (size_t i = 0; i < inner->n; i++) {
		if (!has_failure(set, inner->failure[i]))
			return false;
	}
	return true;
}

static bool same_cover(const struct matrix_cover *cover, const uint64_t *a, const uint64_t *b)
{
	return memcmp(a, b, cover->words * sizeof *a) == 0;
}

/* A failure that takes away just what an earlier one does is not named beside it: a host comes before its only address. */
static void add_items(struct cut_search *search)
{
	const struct matrix_cover *cover = search->cover;
	size_t *first = matrix_first_covers(search->matrix, cover->beside);

	for (size_t t = 0; t < search->matrix->n_failure; t++) {
		struct item *item = &search->item[search->n_item];

		if (first[t] != t || search->matrix->failure[t].kind == MARK_SERVER)
			continue;
		*item = (struct item){ .set = { .n = 1, .failure = { (uint32_t)t } }, .cover = &cover->beside[t * cover->words] };
		item->bits = matrix_count_bits(cover, item->cover);
		search->n_item++;
	}
	search->n_plain = search->n_item;
	free(first);
}

static bool is_marked(const struct matrix *matrix, const struct dname *server)
{
	const struct marks *marks = matrix->in.marks;

	for (size_t i = 0; marks && i < marks->n; i++) {
		if (marks->mark[i].kind == MARK_SERVER && dname_equal(&marks->mark[i].name, server))
			return true;
	}
	return false;
}

static void add_server(const struct matrix *matrix, const struct dname *server, struct matrix_cut *set)
{
	for (size_t t = 0; set->n < MATRIX_CUT && t < matrix->n_failure; t++) {
		if (matrix->failure[t].kind == MARK_SERVER && dname_equal(&matrix->failure[t].name, server))
			set->failure[set->n++] = (uint32_t)t;
	}
}

/* The things that are the zone's name servers, without those that are marked; false: none is left, they are not all known, or too
 * many for a small set. */
static bool servers_of(const struct matrix *matrix, const struct zone_facts *zone, struct matrix_cut *set)
{
	size_t left = 0;

	*set = (struct matrix_cut){ 0 };
	for (size_t i = 0; i < zone->n_ns; i++) {
		if (is_marked(matrix, &zone->name_server[i]))
			continue;
		left++;
		add_server(matrix, &zone->name_server[i], set);
	}
	return zone->more == 0 && left > 0 && set->n == left;
}

static void add_servers(struct cut_search *search)
{
	const struct facts *facts = search->matrix->in.facts;
	const struct matrix_cover *cover = search->cover;

	/* plain items come first in a set, so that what follows the first name server is name servers too */
	for (size_t z = 0; z < facts->n_zone; z++) {
		struct item *item = &search->item[search->n_item];
		uint64_t *own = &search->own[z * cover->words];
		bool again = false;

		*item = (struct item){ .cover = own };
		if (!servers_of(search->matrix, &facts->zones[z], &item->set))
			continue;
		matrix_cover_set(search->matrix, item->set.failure, item->set.n, own);
		item->bits = matrix_count_bits(cover, own);
		for (size_t i = 0; i < search->n_item; i++) {
			const struct item *other = &search->item[i];

			again |= other->set.n == item->set.n && holds(&other->set, &item->set);
			item->apart |= i < search->n_plain && same_cover(cover, other->cover, item->cover);
		}
		search->n_item += !again;
	}
}

static bool known_already(const struct cut_search *search, const struct matrix_cut *made)
{
	for (size_t i = 0; i < search->stored; i++) {
		if (holds(made, &search->cut[i]))
			return true;
	}
	return false;
}

/* Puts the item beside what is there; false: too many things, or nothing more is taken away. */
static bool join(const struct cut_search *search, const struct item *item, struct matrix_cut *made, uint64_t *sum)
{
	bool more = false;

	if (item->apart && made->n > 0 && search->matrix->failure[made->failure[0]].kind != MARK_SERVER)
		return false;
	for (size_t i = 0; i < item->set.n; i++) {
		if (has_failure(made, item->set.failure[i]))
			continue;
		if (made->n == search->size)
			return false;
		made->failure[made->n++] = item->set.failure[i];
	}
	for (size_t i = 0; i < search->cover->words; i++) {
		more |= (item->cover[i] & ~sum[i]) != 0;
		sum[i] |= item->cover[i];
	}
	return more;
}

/* Can what is still there be taken away by so many more things? Name servers that are there already may fail more for nothing. */
static bool in_reach(const struct cut_search *search, const struct matrix_cut *made, const uint64_t *sum)
{
	for (size_t i = 0; i < made->n; i++) {
		if (search->matrix->failure[made->failure[i]].kind == MARK_SERVER)
			return true;
	}
	return search->cover->n_pair - matrix_count_bits(search->cover, sum) <= search->most[search->size - made->n];
}

static void extend(struct cut_search *search, const struct matrix_cut *made, const uint64_t *sum, size_t from)
{
	bool full = made->n == search->size;
	size_t bytes = search->cover->words * sizeof *sum;
	uint64_t *more;

	if (full && covers_all(search->cover, sum)) {
		if (search->stored < search->max && !known_already(search, made))
			search->cut[search->stored++] = *made;
		return;
	}
	if (!full && !in_reach(search, made, sum))
		return;
	more = mem_alloc(bytes);
	/* a full set may still hold the servers of one more zone */
	for (size_t t = full && from < search->n_plain ? search->n_plain : from; t < search->n_item; t++) {
		struct matrix_cut larger = *made;

		if (search->stored >= search->max)
			break;
		if (search->item[t].set.n < search->size && covers_all(search->cover, search->item[t].cover))
			continue; /* a smaller set than this one */
		memcpy(more, sum, bytes);
		if (join(search, &search->item[t], &larger, more))
			extend(search, &larger, more, t + 1);
	}
	free(more);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void set_most(struct cut_search *search)
{
	size_t one[MATRIX_CUT + 1] = { 0 };

	for (size_t t = 0; t < search->n_item; t++) {
		const struct item *item = &search->item[t];

		if (item->set.n >= search->size || !covers_all(search->cover, item->cover))
			one[item->set.n] = larger(one[item->set.n], item->bits);
	}
	for (size_t n = 1; n <= MATRIX_CUT; n++) {
		search->most[n] = one[n];
		for (size_t part = 1; part < n; part++)
			search->most[n] = larger(search->most[n], one[part] + search->most[n - part]);
	}
}

size_t matrix_gone(const struct matrix *matrix, size_t *all)
{
	*all = matrix->cover->n_pair;
	return matrix_count_bits(matrix->cover, matrix->cover->gone);
}

bool matrix_stopped(const struct matrix *matrix)
{
	size_t all, gone = matrix_gone(matrix, &all);

	return all > 0 && gone == all;
}

size_t matrix_cutsets(const struct matrix *matrix, struct matrix_cut *cut, size_t max)
{
	struct cut_search search = { .matrix = matrix, .cover = matrix->cover, .cut = cut, .max = max };
	size_t largest, servers = 0, all, gone = matrix_gone(matrix, &all);

	if (gone == all)
		return 0;
	for (size_t t = 0; t < matrix->n_failure; t++)
		servers += matrix->failure[t].kind == MARK_SERVER;
	largest = matrix->n_failure - servers > CUT_MANY ? 2 : MATRIX_CUT;
	search.item = mem_alloc((matrix->n_failure + matrix->in.facts->n_zone + 1) * sizeof *search.item);
	search.own = mem_alloc((matrix->in.facts->n_zone + 1) * matrix->cover->words * sizeof *search.own);
	add_items(&search);
	add_servers(&search);
	for (search.size = 1; search.size <= MATRIX_CUT; search.size++) {
		struct matrix_cut made = { 0 };

		set_most(&search);
		extend(&search, &made, matrix->cover->gone, search.size > largest ? search.n_plain : 0);
	}
	free(search.item);
	free(search.own);
	return search.stored;
}
