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

#define CUT_WORDS 16 /* 1024 host-address pairs */
#define CUT_MANY 40  /* of more things than these, sets of three are already too many to name */

struct cover { /* host-address pairs */
	uint64_t bit[CUT_WORDS];
};

struct item {
	struct matrix_cut set;
	struct cover cover;
	bool apart; /* name servers that take no more than some one failure: told beside other name servers only */
};

struct cut_search {
	const struct matrix *matrix;
	struct item *item;
	size_t n_item, n_plain; /* plain ones first, then name servers */
	struct cover all, gone; /* gone: by the marks of the input alone */
	struct matrix_cut *cut;
	size_t max, stored, size;
};

/* Every pair that the marks take away; marks NULL: every one there is. */
static void fill_cover(const struct matrix *matrix, const struct marks *marks, struct cover *cover)
{
	bool whole = !marks || marks_domain(marks, matrix->in.domain) != SIM_UP;
	size_t pairs = 0;

	*cover = (struct cover){ { 0 } };
	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		const struct dname *host = matrix_host(matrix, i);
		const struct host_facts *facts = facts_host(matrix->in.facts, host);

		for (size_t j = 0; facts && j < facts->n_addr && pairs < CUT_WORDS * 64; j++, pairs++) {
			if (whole || marks_name(marks, host) != SIM_UP || marks_address(marks, host, &facts->addr[j]) != SIM_UP)
				cover->bit[pairs / 64] |= (uint64_t)1 << pairs % 64;
		}
	}
}

/* What the set takes away; beside: with the marks of the input. */
static void cover_set(const struct matrix *matrix, const struct matrix_cut *set, bool beside, struct cover *cover)
{
	struct marks marks = { 0 }, full = { 0 };

	if (beside)
		marks_copy(&marks, matrix->in.marks);
	for (size_t i = 0; i < set->n; i++)
		marks_set(&marks, &matrix->failure[set->failure[i]]);
	fill_cover(matrix, marks_servers(&marks, matrix->in.facts, &full) ? &full : &marks, cover);
	marks_release(&marks);
	marks_release(&full);
}

static bool covers_all(const struct cover *a, const struct cover *all)
{
	for (size_t i = 0; i < CUT_WORDS; i++) {
		if ((a->bit[i] & all->bit[i]) != all->bit[i])
			return false;
	}
	return true;
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

static bool same_cover(const struct item *a, const struct item *b)
{
	return memcmp(&a->cover, &b->cover, sizeof a->cover) == 0;
}

/* A failure that takes away just what an earlier one does is not named beside it: a host comes before its only address. */
static void add_failures(struct cut_search *search)
{
	for (size_t t = 0; t < search->matrix->n_failure; t++) {
		struct item *item = &search->item[search->n_item];
		bool again = search->matrix->failure[t].kind == MARK_SERVER;

		*item = (struct item){ .set = { .n = 1, .failure = { t } } };
		cover_set(search->matrix, &item->set, true, &item->cover);
		for (size_t i = 0; i < search->n_item && !again; i++)
			again = same_cover(&search->item[i], item);
		search->n_item += !again;
	}
	search->n_plain = search->n_item;
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
			set->failure[set->n++] = t;
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

	/* plain items come first in a set, so that what follows the first name server is name servers too */
	for (size_t z = 0; z < facts->n_zone; z++) {
		struct item *item = &search->item[search->n_item];
		bool again = false;

		item->apart = false;
		if (!servers_of(search->matrix, &facts->zones[z], &item->set))
			continue;
		cover_set(search->matrix, &item->set, true, &item->cover);
		for (size_t i = 0; i < search->n_item; i++) {
			const struct item *other = &search->item[i];

			again |= other->set.n == item->set.n && holds(&other->set, &item->set);
			item->apart |= i < search->n_plain && same_cover(other, item);
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
static bool join(const struct cut_search *search, const struct item *item, struct matrix_cut *made, struct cover *sum)
{
	struct cover before = *sum;

	if (item->apart && made->n > 0 && search->matrix->failure[made->failure[0]].kind != MARK_SERVER)
		return false;
	for (size_t i = 0; i < item->set.n; i++) {
		if (has_failure(made, item->set.failure[i]))
			continue;
		if (made->n == search->size)
			return false;
		made->failure[made->n++] = item->set.failure[i];
	}
	for (size_t i = 0; i < CUT_WORDS; i++)
		sum->bit[i] |= item->cover.bit[i];
	return memcmp(&before, sum, sizeof before) != 0;
}

static void extend(struct cut_search *search, const struct matrix_cut *made, const struct cover *sum, size_t from)
{
	bool full = made->n == search->size;

	if (full && covers_all(sum, &search->all)) {
		if (search->stored < search->max && !known_already(search, made))
			search->cut[search->stored++] = *made;
		return;
	}
	/* a full set may still hold the servers of one more zone */
	for (size_t t = full && from < search->n_plain ? search->n_plain : from; t < search->n_item; t++) {
		struct matrix_cut larger = *made;
		struct cover more = *sum;

		if (search->stored < search->max && join(search, &search->item[t], &larger, &more))
			extend(search, &larger, &more, t + 1);
	}
}

static size_t count_bits(const struct cover *cover)
{
	size_t n = 0;

	for (size_t i = 0; i < CUT_WORDS; i++) {
		for (uint64_t rest = cover->bit[i]; rest; rest &= rest - 1)
			n++;
	}
	return n;
}

size_t matrix_gone(const struct matrix *matrix, size_t *all)
{
	struct cover every, gone;

	fill_cover(matrix, NULL, &every);
	cover_set(matrix, &(struct matrix_cut){ 0 }, true, &gone);
	*all = count_bits(&every);
	return count_bits(&gone);
}

bool matrix_stopped(const struct matrix *matrix)
{
	size_t all, gone = matrix_gone(matrix, &all);

	return all > 0 && gone == all;
}

size_t matrix_cutsets(const struct matrix *matrix, struct matrix_cut *cut, size_t max)
{
	struct cut_search search = { .matrix = matrix, .cut = cut, .max = max };
	size_t largest, servers = 0, all, gone = matrix_gone(matrix, &all);

	if (gone == all)
		return 0;
	fill_cover(matrix, NULL, &search.all);
	cover_set(matrix, &(struct matrix_cut){ 0 }, true, &search.gone);
	for (size_t t = 0; t < matrix->n_failure; t++)
		servers += matrix->failure[t].kind == MARK_SERVER;
	largest = matrix->n_failure - servers > CUT_MANY ? 2 : MATRIX_CUT;
	search.item = mem_alloc((matrix->n_failure + matrix->in.facts->n_zone + 1) * sizeof *search.item);
	add_failures(&search);
	add_servers(&search);
	for (search.size = 1; search.size <= MATRIX_CUT; search.size++) {
		struct matrix_cut made = { 0 };

		extend(&search, &made, &search.gone, search.size > largest ? search.n_plain : 0);
	}
	free(search.item);
	return search.stored;
}

void matrix_alike(const struct matrix *matrix, size_t *same_as)
{
	struct cover *covers = mem_alloc((matrix->n_failure + 1) * sizeof *covers), none = { { 0 } };

	for (size_t t = 0; t < matrix->n_failure; t++) {
		same_as[t] = t;
		if (matrix->failure[t].kind > MARK_NET)
			continue;
		cover_set(matrix, &(struct matrix_cut){ .n = 1, .failure = { t } }, false, &covers[t]);
		for (size_t i = t; i-- > 0 && memcmp(&covers[t], &none, sizeof none) != 0;) {
			if (memcmp(&covers[i], &covers[t], sizeof *covers) == 0)
				same_as[t] = i;
		}
	}
	free(covers);
}
