/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/matrix/matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

/* Failures by hash while they are gathered. */
struct gather {
	struct matrix *matrix;
	size_t n_slot;
	uint32_t *slot; /* 1 + index; 0: free */
};

static uint64_t mark_hash(const struct mark *mark)
{
	uint64_t word[(sizeof(struct dname) + sizeof(struct addr)) / 8 + 2] = { 0 };
	unsigned char *at = (unsigned char *)word;

	at[0] = (unsigned char)mark->kind;
	at[1] = mark->bits;
	at[2] = mark->kind == MARK_FAMILY ? mark->family : 0;
	if (mark->kind == MARK_ADDRESS || mark->kind == MARK_NET)
		memcpy(at + 8, mark->addr.bytes, mark->addr.family == 4 ? 4 : sizeof mark->addr.bytes);
	else
		memcpy(at + 8, mark->name.wire, mark->name.len);
	return attempt_hash(word, sizeof word);
}

static void widen(struct gather *gather)
{
	free(gather->slot);
	gather->n_slot = gather->n_slot ? gather->n_slot * 2 : 64;
	gather->slot = mem_alloc(gather->n_slot * sizeof *gather->slot);
	for (size_t i = 0; i < gather->matrix->n_failure; i++) {
		size_t at = mark_hash(&gather->matrix->failure[i]) & (gather->n_slot - 1);

		while (gather->slot[at])
			at = (at + 1) & (gather->n_slot - 1);
		gather->slot[at] = (uint32_t)i + 1;
	}
}

static void add_failure(struct gather *gather, const struct mark *mark)
{
	struct matrix *matrix = gather->matrix;
	size_t at;

	if (matrix->n_failure * 2 >= gather->n_slot)
		widen(gather);
	at = mark_hash(mark) & (gather->n_slot - 1);
	for (; gather->slot[at]; at = (at + 1) & (gather->n_slot - 1)) {
		if (mark_same_subject(&matrix->failure[gather->slot[at] - 1], mark))
			return;
	}
	matrix->failure = mem_grow(matrix->failure, matrix->n_failure, &matrix->cap_failure, sizeof *matrix->failure);
	matrix->failure[matrix->n_failure++] = *mark;
	gather->slot[at] = (uint32_t)matrix->n_failure;
}

const struct dname *matrix_host(const struct matrix *matrix, size_t i)
{
	return matrix->in.set->n ? &matrix->in.set->mx[i].host : matrix->in.domain;
}

size_t matrix_hosts(const struct matrix *matrix)
{
	return matrix->in.set->n ? matrix->in.set->n : 1;
}

static void add_hosts(struct gather *gather)
{
	const struct matrix *matrix = gather->matrix;

	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		struct mark mark = { .kind = MARK_HOST, .name = *matrix_host(matrix, i), .state = SIM_REFUSED };

		if (mark.name.len > 0 && !dname_is_root(&mark.name))
			add_failure(gather, &mark);
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

static void add_addresses(struct gather *gather, enum mark_kind kind)
{
	const struct matrix *matrix = gather->matrix;

	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		const struct host_facts *facts = facts_host(matrix->in.facts, matrix_host(matrix, i));

		for (size_t j = 0; facts && j < facts->n_addr; j++) {
			struct mark mark = address_mark(kind, &facts->addr[j]);

			add_failure(gather, &mark);
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

static void add_zones(struct gather *gather)
{
	const struct matrix *matrix = gather->matrix;

	for (size_t i = 0; i < matrix_hosts(matrix); i++) {
		struct mark mark = { .kind = MARK_ZONE, .state = SIM_SERVFAIL };

		if (zone_of(matrix, matrix_host(matrix, i), &mark.name))
			add_failure(gather, &mark);
	}
}

static void add_servers_of(struct gather *gather, const struct zone_facts *zone)
{
	for (size_t i = 0; zone && i < zone->n_ns; i++) {
		struct mark mark = { .kind = MARK_SERVER, .name = zone->name_server[i], .state = SIM_DNS_TIMEOUT };

		add_failure(gather, &mark);
	}
}

/* The domain's own zone too, where no host lies in it: its servers give the MX answer. */
static void add_servers(struct gather *gather)
{
	const struct matrix *matrix = gather->matrix;

	add_servers_of(gather, facts_zone_of(matrix->in.facts, matrix->in.domain));
	for (size_t i = 0; i < matrix_hosts(matrix); i++)
		add_servers_of(gather, facts_zone_of(matrix->in.facts, matrix_host(matrix, i)));
}

static void add_failures(struct matrix *matrix)
{
	struct gather gather = { .matrix = matrix };

	add_hosts(&gather);
	add_addresses(&gather, MARK_ADDRESS);
	add_addresses(&gather, MARK_NET);
	add_addresses(&gather, MARK_FAMILY);
	add_zones(&gather);
	add_servers(&gather);
	free(gather.slot);
}

void matrix_begin(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth)
{
	*matrix = (struct matrix){ .sender = sender, .in = *in, .depth = depth, .next = { 0, 1 } };
	matrix->in.no_trace = true;
	add_failures(matrix);
	matrix->pairs_left_out = matrix_total(matrix) > MATRIX_ROWS;
	if (matrix->pairs_left_out)
		matrix->depth = 1;
	matrix->row = mem_alloc((matrix_total(matrix) + 1) * sizeof *matrix->row);
	matrix->sorted = mem_alloc((matrix_total(matrix) + 1) * sizeof *matrix->sorted);
	matrix_cover(matrix);
	matrix_know(matrix);
}

bool matrix_ready(const struct matrix *matrix)
{
	return matrix->n_ready == matrix->n_failure;
}

static void prepare(struct matrix *matrix)
{
	matrix_cover_failure(matrix, (uint32_t)matrix->n_ready);
	matrix_know_failure(matrix, (uint32_t)matrix->n_ready);
	matrix->n_ready++;
	if (matrix_ready(matrix))
		matrix_alike(matrix);
}

void matrix_init(struct matrix *matrix, const struct sim_input *in, const struct sender *sender, unsigned depth)
{
	matrix_begin(matrix, in, sender, depth);
	while (!matrix_ready(matrix))
		prepare(matrix);
}

void matrix_release(struct matrix *matrix)
{
	free(matrix->failure);
	free(matrix->same_as);
	free(matrix->row);
	free(matrix->sorted);
	matrix_uncover(matrix);
	matrix_forget(matrix);
	*matrix = (struct matrix){ 0 };
}

size_t matrix_total(const struct matrix *matrix)
{
	size_t n = matrix->n_failure;

	return matrix->depth > 1 && n > 0 ? n + n * (n - 1) / 2 : n;
}

void matrix_marks(const struct matrix *matrix, const uint32_t *failure, size_t n, struct marks *marks)
{
	marks_copy(marks, matrix->in.marks);
	for (size_t i = 0; i < n; i++)
		marks_set(marks, &matrix->failure[failure[i]]);
}

/* Of equals the order in which they were tried: the single failure first. Counted, not compared: there may be a million. */
void matrix_sort(struct matrix *matrix)
{
	size_t n = 0, *from;
	uint32_t *rank = matrix_ranks(matrix, &n);

	from = mem_alloc((n + 1) * sizeof *from);
	for (size_t i = 0; i < matrix->n_row; i++)
		from[rank[matrix->row[i].end] + 1]++;
	for (size_t i = 0; i < n; i++)
		from[i + 1] += from[i];
	for (size_t i = 0; i < matrix->n_row; i++)
		matrix->sorted[from[rank[matrix->row[i].end]]++] = (uint32_t)i;
	free(from);
	free(rank);
}

const struct matrix_row *matrix_at(const struct matrix *matrix, size_t i)
{
	return &matrix->row[matrix->sorted[i]];
}

static void add_row(struct matrix *matrix, const struct matrix_row *made)
{
	struct matrix_row *row = &matrix->row[matrix->n_row];

	*row = *made;
	matrix_run(matrix, row);
	for (size_t i = 0; i < row->n; i++) {
		const struct matrix_row *one = &matrix->row[row->failure[i]];

		row->repeats |= matrix->same_as[row->failure[i]] != row->failure[i];
		row->no_worse |= row->n > 1 && one->lost >= row->lost - 1e-9 && one->now <= row->now + 1e-9;
	}
	matrix->sorted[matrix->n_row] = (uint32_t)matrix->n_row;
	matrix->n_row++;
}

/* Each single failure, then the pairs: next[] runs over (i, j) with j > i. */
bool matrix_step(struct matrix *matrix, size_t count)
{
	for (; count > 0 && matrix->n_row < matrix_total(matrix); count--) {
		uint32_t n = (uint32_t)matrix->n_row, *next = matrix->next;

		if (!matrix_ready(matrix)) {
			prepare(matrix);
			continue;
		}

		if (n < matrix->n_failure) {
			add_row(matrix, &(struct matrix_row){ .n = 1, .failure = { n, n } });
			continue;
		}
		add_row(matrix, &(struct matrix_row){ .n = 2, .failure = { next[0], next[1] } });
		if (++next[1] == matrix->n_failure) {
			next[0]++;
			next[1] = next[0] + 1;
		}
	}
	if (matrix->n_row < matrix_total(matrix))
		return true;
	matrix_sort(matrix);
	return false;
}

void matrix_text(const struct matrix *matrix, const uint32_t *failure, size_t n, struct str *out)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_add(out, " + ");
		mark_text(&matrix->failure[failure[i]], out);
	}
}

static bool domain_fails(const struct matrix *matrix, const uint32_t *failure, size_t n)
{
	struct marks marks = { 0 }, full = { 0 };
	bool fails;

	matrix_marks(matrix, failure, n, &marks);
	fails = marks_domain(marks_servers(&marks, matrix->in.facts, &full) ? &full : &marks, matrix->in.domain) != SIM_UP;
	marks_release(&marks);
	marks_release(&full);
	return fails;
}

bool matrix_ignored(const struct matrix *matrix, const struct matrix_row *row, unsigned ignore)
{
	bool servers = false;

	for (size_t i = 0; i < row->n; i++) {
		const struct mark *mark = &matrix->failure[row->failure[i]];

		if (mark->kind == MARK_FAMILY && (ignore & (mark->family == 6 ? IGNORE_V6 : IGNORE_V4)))
			return true;
		if (mark->kind == MARK_ZONE && (ignore & IGNORE_OWN_ZONE) && dname_under(matrix->in.domain, &mark->name))
			return true;
		servers |= mark->kind == MARK_SERVER;
	}
	return servers && (ignore & IGNORE_OWN_SERVERS) && domain_fails(matrix, row->failure, row->n) && !domain_fails(matrix, NULL, 0);
}
