/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static bool same_thing(const struct mark *a, const struct mark *b)
{
	return a->kind == b->kind && a->bits == b->bits && a->family == b->family && addr_equal(&a->addr, &b->addr) &&
	       dname_equal(&a->name, &b->name);
}

static void add_thing(struct matrix *matrix, const struct mark *mark)
{
	for (size_t i = 0; i < matrix->n_thing; i++) {
		if (same_thing(&matrix->thing[i], mark))
			return;
	}
	matrix->thing = mem_grow(matrix->thing, matrix->n_thing, &matrix->cap_thing, sizeof *matrix->thing);
	matrix->thing[matrix->n_thing++] = *mark;
}

static const struct dname *host_at(const struct matrix *matrix, size_t i)
{
	return matrix->in.set->n ? &matrix->in.set->mx[i].host : matrix->in.domain;
}

static size_t host_count(const struct matrix *matrix)
{
	return matrix->in.set->n ? matrix->in.set->n : 1;
}

static void add_hosts(struct matrix *matrix)
{
	for (size_t i = 0; i < host_count(matrix); i++) {
		struct mark mark = { .kind = MARK_HOST, .name = *host_at(matrix, i), .state = SIM_REFUSED };

		if (mark.name.len > 0 && !dname_is_root(&mark.name))
			add_thing(matrix, &mark);
	}
}

static void clear_bits(struct addr *addr, unsigned bits)
{
	memset(addr->bytes + bits / 8, 0, sizeof addr->bytes - bits / 8);
}

static struct mark address_mark(enum mark_kind kind, const struct addr *addr)
{
	struct mark mark = { .kind = kind, .state = SIM_REFUSED };

	if (kind == MARK_FAMILY) {
		mark.family = addr->family;
		return mark;
	}
	mark.addr = *addr;
	if (kind == MARK_NET) {
		mark.bits = addr->family == 6 ? 48 : 24;
		clear_bits(&mark.addr, mark.bits);
	}
	return mark;
}

static void add_addresses(struct matrix *matrix, enum mark_kind kind)
{
	for (size_t i = 0; i < host_count(matrix); i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, host_at(matrix, i));

		for (size_t j = 0; facts && j < facts->n_addr; j++) {
			struct mark mark = address_mark(kind, &facts->addr[j]);

			add_thing(matrix, &mark);
		}
	}
}

/* The zone of a host's name: the domain's own where the host lies in it, else the name above the host. */
static void add_zones(struct matrix *matrix)
{
	for (size_t i = 0; i < host_count(matrix); i++) {
		struct mark mark = { .kind = MARK_ZONE, .state = SIM_SERVFAIL };
		const struct dname *host = host_at(matrix, i);
		const struct dname *own = matrix->in.facts->zone.len ? &matrix->in.facts->zone : matrix->in.domain;

		if (host->len == 0 || dname_is_root(host))
			continue;
		if (dname_under(host, own))
			mark.name = *own;
		else if (!dname_parent(host, &mark.name) || dname_is_root(&mark.name))
			continue;
		add_thing(matrix, &mark);
	}
}

void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth)
{
	*matrix = (struct matrix){ .sender = sender, .in = *in, .depth = depth };
	matrix->in.no_trace = true;
	add_hosts(matrix);
	add_addresses(matrix, MARK_ADDRESS);
	add_addresses(matrix, MARK_NET);
	add_addresses(matrix, MARK_FAMILY);
	add_zones(matrix);
}

void matrix_release(struct matrix *matrix)
{
	free(matrix->thing);
	free(matrix->row);
	*matrix = (struct matrix){ 0 };
}

size_t matrix_total(const struct matrix *matrix)
{
	size_t n = matrix->n_thing;

	return matrix->depth > 1 && n > 0 ? n + n * (n - 1) / 2 : n;
}

static void run_row(struct matrix *matrix, struct matrix_row *row)
{
	struct marks marks = { 0 };
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	double in_the_end;

	marks_copy(&marks, matrix->in.marks);
	for (size_t i = 0; i < row->n; i++)
		marks_set(&marks, &matrix->thing[row->thing[i]]);
	in.marks = &marks;
	failover_run(&in, matrix->sender, &result);
	row->now = 1 - result.first.deferred - result.first.bounced;
	in_the_end = 1 - result.final.deferred - result.final.bounced;
	row->late = in_the_end - row->now;
	row->bounced = result.final.bounced;
	row->lost = result.final.deferred + result.final.bounced;
	sim_result_release(&result);
	marks_release(&marks);
}

/* Worst first; of equals the single failure, then the order of things. */
static int worse(const void *a, const void *b)
{
	const struct matrix_row *x = a, *y = b;

	if (x->lost < y->lost - 1e-9 || x->lost > y->lost + 1e-9)
		return x->lost < y->lost ? 1 : -1;
	if (x->now < y->now - 1e-9 || x->now > y->now + 1e-9)
		return x->now > y->now ? 1 : -1;
	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	if (x->thing[0] != y->thing[0])
		return x->thing[0] < y->thing[0] ? -1 : 1;
	return x->thing[1] < y->thing[1] ? -1 : x->thing[1] > y->thing[1];
}

/* Whether a pair does more than either of its things. */
static void compare_pairs(struct matrix *matrix)
{
	const struct matrix_row **single = mem_alloc((matrix->n_thing + 1) * sizeof *single);

	for (size_t i = 0; i < matrix->n_row; i++) {
		if (matrix->row[i].n == 1)
			single[matrix->row[i].thing[0]] = &matrix->row[i];
	}
	for (size_t i = 0; i < matrix->n_row; i++) {
		struct matrix_row *row = &matrix->row[i];

		for (size_t k = 0; row->n == 2 && k < 2; k++) {
			const struct matrix_row *one = single[row->thing[k]];

			row->no_worse |= one->lost >= row->lost - 1e-9 && one->now <= row->now + 1e-9;
		}
	}
	free(single);
}

/* next[] runs over (i, i) for the single failure i, then (i, j) for the pairs with j > i. */
bool matrix_step(struct matrix *matrix, size_t count)
{
	for (; count > 0 && matrix->next[0] < matrix->n_thing; count--) {
		size_t i = matrix->next[0], j = matrix->next[1];
		struct matrix_row *row;

		matrix->row = mem_grow(matrix->row, matrix->n_row, &matrix->cap_row, sizeof *matrix->row);
		row = &matrix->row[matrix->n_row++];
		*row = (struct matrix_row){ .n = i == j ? 1 : 2, .thing = { i, j } };
		run_row(matrix, row);
		if (matrix->depth > 1 && j + 1 < matrix->n_thing) {
			matrix->next[1]++;
		} else {
			matrix->next[0]++;
			matrix->next[1] = matrix->next[0];
		}
	}
	if (matrix->next[0] < matrix->n_thing)
		return true;
	compare_pairs(matrix);
	if (matrix->n_row > 1)
		qsort(matrix->row, matrix->n_row, sizeof *matrix->row, worse);
	return false;
}

void matrix_text(const struct matrix *matrix, const size_t *thing, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_add(out, " + ");
		mark_text(&matrix->thing[thing[i]], out);
	}
}

#define CUT_WORDS 16		/* 1024 host-address pairs */

struct cover {			/* which host-address pairs a thing takes away */
	uint64_t bit[CUT_WORDS];
};

/* The zone that holds the mail domain itself: without it there is no MX answer either. */
static bool is_own_zone(const struct matrix *matrix, size_t thing)
{
	return matrix->thing[thing].kind == MARK_ZONE && dname_under(matrix->in.domain, &matrix->thing[thing].name);
}

bool matrix_counts(const struct matrix *matrix, const struct matrix_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (matrix->thing[row->thing[i]].kind == MARK_FAMILY || is_own_zone(matrix, row->thing[i]))
			return false;
	}
	return true;
}

static bool takes(const struct matrix *matrix, size_t thing, const struct dname *host, const struct addr *addr)
{
	struct mark copy = matrix->thing[thing];
	struct marks one = { .n = 1, .cap = 1, .mark = &copy };

	return is_own_zone(matrix, thing) || marks_address(&one, host, addr) != SIM_UP ||
	       marks_name(&one, host) != SIM_UP;
}

/* covers[]: one a thing, and one more with all pairs there are. */
static size_t fill_covers(const struct matrix *matrix, struct cover *covers)
{
	size_t pairs = 0;

	for (size_t i = 0; i < host_count(matrix); i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, host_at(matrix, i));

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
