/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/matrix/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static void add_failure(struct matrix *matrix, const struct mark *mark)
{
	for (size_t i = 0; i < matrix->n_failure; i++) {
		if (mark_same_subject(&matrix->failure[i], mark))
			return;
	}
	matrix->failure = mem_grow(matrix->failure, matrix->n_failure, &matrix->cap_failure, sizeof *matrix->failure);
	matrix->failure[matrix->n_failure++] = *mark;
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
			add_failure(matrix, &mark);
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

			add_failure(matrix, &mark);
		}
	}
}

/* The zone of a host's name as far as it is known; else the domain's own where the host lies in it, or the name above the host. */
static bool zone_of(const struct matrix *matrix, const struct dname *host, struct dname *zone)
{
	const struct zone_facts *known = facts_zone_of(matrix->in.facts, host);
	const struct dname *own = matrix->in.facts->zone.len ? &matrix->in.facts->zone : matrix->in.domain;

	if (host->len == 0 || dname_is_root(host))
		return false;
	if (known)
		*zone = known->apex;
	else if (dname_under(host, own))
		*zone = *own;
	else if (!dname_parent(host, zone))
		return false;
	return !dname_is_root(zone);
}

static void add_zones(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		struct mark mark = { .kind = MARK_ZONE, .state = SIM_SERVFAIL };

		if (zone_of(matrix, matrix_host(matrix, i), &mark.name))
			add_failure(matrix, &mark);
	}
}

static void add_servers_of(struct matrix *matrix, const struct zone_facts *zone)
{
	for (size_t i = 0; zone && i < zone->n_ns; i++) {
		struct mark mark = { .kind = MARK_SERVER, .name = zone->name_server[i], .state = SIM_DNS_TIMEOUT };

		add_failure(matrix, &mark);
	}
}

/* The domain's own zone too, where no host lies in it: its servers give the MX answer. */
static void add_servers(struct matrix *matrix)
{
	add_servers_of(matrix, facts_zone_of(matrix->in.facts, matrix->in.domain));
	for (size_t i = 0; i < matrix_hosts(matrix); i++)
		add_servers_of(matrix, facts_zone_of(matrix->in.facts, matrix_host(matrix, i)));
}

void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth)
{
	*matrix = (struct matrix){ .sender = sender, .in = *in, .depth = depth, .next = { 0, 1 } };
	matrix->in.no_trace = true;
	add_hosts(matrix);
	add_addresses(matrix, MARK_ADDRESS);
	add_addresses(matrix, MARK_NET);
	add_addresses(matrix, MARK_FAMILY);
	add_zones(matrix);
	add_servers(matrix);
	matrix->alone = mem_alloc((matrix->n_failure + 1) * sizeof *matrix->alone);
	matrix->same_as = mem_alloc((matrix->n_failure + 1) * sizeof *matrix->same_as);
	matrix_alike(matrix, matrix->same_as);
}

void matrix_release(struct matrix *matrix)
{
	free(matrix->failure);
	free(matrix->alone);
	free(matrix->same_as);
	free(matrix->row);
	matrix_forget(matrix);
	*matrix = (struct matrix){ 0 };
}

size_t matrix_total(const struct matrix *matrix)
{
	size_t n = matrix->n_failure;

	return matrix->depth > 1 && n > 0 ? n + n * (n - 1) / 2 : n;
}

void matrix_marks(const struct matrix *matrix, const size_t *failure, size_t n, struct marks *marks)
{
	marks_copy(marks, matrix->in.marks);
	for (size_t i = 0; i < n; i++)
		marks_set(marks, &matrix->failure[failure[i]]);
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
	if (x->failure[0] != y->failure[0])
		return x->failure[0] < y->failure[0] ? -1 : 1;
	return x->failure[1] < y->failure[1] ? -1 : x->failure[1] > y->failure[1];
}

void matrix_sort(struct matrix *matrix)
{
	if (matrix->n_row > 1)
		qsort(matrix->row, matrix->n_row, sizeof *matrix->row, worse);
}

static void add_row(struct matrix *matrix, const struct matrix_row *made)
{
	struct matrix_row *row;

	matrix->row = mem_grow(matrix->row, matrix->n_row, &matrix->cap_row, sizeof *matrix->row);
	row = &matrix->row[matrix->n_row++];
	*row = *made;
	matrix_run(matrix, row);
	for (size_t i = 0; i < row->n; i++) {
		const struct matrix_row *one = &matrix->alone[row->failure[i]];

		row->repeats |= matrix->same_as[row->failure[i]] != row->failure[i];
		row->no_worse |= row->n > 1 && one->lost >= row->lost - 1e-9 && one->now <= row->now + 1e-9;
	}
	if (row->n == 1)
		matrix->alone[row->failure[0]] = *row;
}

/* Each single failure, then the pairs: next[] runs over (i, j) with j > i. */
bool matrix_step(struct matrix *matrix, size_t count)
{
	for (; count > 0 && matrix->n_row < matrix_total(matrix); count--) {
		if (matrix->n_row < matrix->n_failure) {
			add_row(matrix, &(struct matrix_row){ .n = 1, .failure = { matrix->n_row, matrix->n_row } });
			continue;
		}
		add_row(matrix, &(struct matrix_row){ .n = 2, .failure = { matrix->next[0], matrix->next[1] } });
		if (++matrix->next[1] == matrix->n_failure) {
			matrix->next[0]++;
			matrix->next[1] = matrix->next[0] + 1;
		}
	}
	if (matrix->n_row < matrix_total(matrix))
		return true;
	matrix_sort(matrix);
	return false;
}

void matrix_text(const struct matrix *matrix, const size_t *failure, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_add(out, " + ");
		mark_text(&matrix->failure[failure[i]], out);
	}
}

static bool domain_fails(const struct matrix *matrix, const size_t *failure, size_t n)
{
	struct marks marks = { 0 }, full = { 0 };
	bool fails;

	matrix_marks(matrix, failure, n, &marks);
	fails = marks_domain(marks_servers(&marks, matrix->in.facts, &full) ? &full : &marks, matrix->in.domain) != SIM_UP;
	marks_release(&marks);
	marks_release(&full);
	return fails;
}

bool matrix_counts(const struct matrix *matrix, const struct matrix_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (matrix->failure[row->failure[i]].kind == MARK_FAMILY)
			return false;
	}
	return !domain_fails(matrix, row->failure, row->n) || domain_fails(matrix, NULL, 0);
}
