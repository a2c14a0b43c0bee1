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

const struct dname *matrix_host(const struct matrix *matrix, size_t i)
{
	return matrix->in.set->n ? &matrix->in.set->mx[i].host : matrix->in.domain;
}

size_t matrix_hosts(const struct matrix *matrix)
{
	return matrix->in.set->n ? matrix->in.set->n : 1;
}

static void add_hosts(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		struct mark mark = { .kind = MARK_HOST, .name = *matrix_host(matrix, i), .state = SIM_REFUSED };

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
	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, matrix_host(matrix, i));

		for (size_t j = 0; facts && j < facts->n_addr; j++) {
			struct mark mark = address_mark(kind, &facts->addr[j]);

			add_thing(matrix, &mark);
		}
	}
}

/* The zone of a host's name: the domain's own where the host lies in it, else the name above the host. */
static void add_zones(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		struct mark mark = { .kind = MARK_ZONE, .state = SIM_SERVFAIL };
		const struct dname *host = matrix_host(matrix, i);
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

bool matrix_own_zone(const struct matrix *matrix, size_t thing)
{
	return matrix->thing[thing].kind == MARK_ZONE && dname_under(matrix->in.domain, &matrix->thing[thing].name);
}

bool matrix_counts(const struct matrix *matrix, const struct matrix_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (matrix->thing[row->thing[i]].kind == MARK_FAMILY || matrix_own_zone(matrix, row->thing[i]))
			return false;
	}
	return true;
}
