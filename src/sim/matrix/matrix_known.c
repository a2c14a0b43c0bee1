/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each failure does to each record is known beforehand, as a number; the sum of all records' numbers tells a state of the set.
 * States that are equal but for the order of alike records have equal sums.
 */
#include "sim/matrix/matrix_known.h"

#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

static struct sum add(struct sum a, struct sum b)
{
	return (struct sum){ { a.part[0] + b.part[0], a.part[1] + b.part[1] } };
}

static struct sum take(struct sum a, struct sum b)
{
	return (struct sum){ { a.part[0] - b.part[0], a.part[1] - b.part[1] } };
}

bool sum_same(struct sum a, struct sum b)
{
	return a.part[0] == b.part[0] && a.part[1] == b.part[1];
}

void known_set_marks(const struct matrix *matrix, const uint32_t *failure, size_t n)
{
	struct matrix_known *known = matrix->known;

	matrix_marks(matrix, failure, n, &known->marks);
	marks_release(&known->probe.full);
	marks_servers(&known->marks, matrix->in.facts, &known->probe.full);
}

/* A record under the marks as they are set: all that decides how an attempt fares with it. */
static struct sum look(struct matrix_known *known, size_t i)
{
	uint64_t word[FACTS_ADDRESSES + 3] = { 0 };
	const struct attempt_row *row = &known->probe.row[i];
	size_t n = 3;

	attempt_look(&known->probe, i);
	word[1] = (uint64_t)row->preference << 16 | (uint64_t)row->mark << 8 | (uint64_t)row->allowed << 4 | (uint64_t)row->name;
	word[2] = (known->listed || known->linked[i] ? i + 1 : 0) << 1 | (row->facts && host_is_bare(row->facts));
	for (size_t k = 0; k < known->probe.n_endpoint && n < sizeof word / sizeof *word; k++) {
		const struct endpoint *at = &known->probe.endpoint[k];

		word[n++] = (uint64_t)at->state << 16 | (uint64_t)at->self << 12 | (uint64_t)at->refuses << 10 |
			    (uint64_t)at->is_self << 9 | (uint64_t)at->nowhere << 8 | at->addr.family;
	}
	word[0] = 1;
	return (struct sum){ { attempt_hash(word, n * sizeof *word), attempt_hash(word + 1, (n - 1) * sizeof *word) } };
}

/* May the failure change this record at all? */
static bool may_touch(const struct mark *mark, const struct attempt_row *row, bool literal)
{
	const struct host_facts *facts = row->facts;

	switch (mark->kind) {
	case MARK_HOST:
		return dname_equal(&mark->name, &row->host);
	case MARK_ADDRESS:
	case MARK_NET:
		for (size_t i = 0; facts && i < facts->n_addr; i++) {
			if (addr_in(&facts->addr[i], &mark->addr, mark->kind == MARK_NET ? mark->bits : mark->addr.family == 6 ? 128 : 32))
				return true;
		}
		return literal;
	default:
		return true;
	}
}

static bool replaces_name(const struct matrix *matrix, const struct mark *failure)
{
	const struct marks *marks = matrix->in.marks;

	for (size_t i = 0; i < marks->n; i++) {
		if (sim_states[marks->mark[i].state].of_name && mark_same_subject(&marks->mark[i], failure))
			return true;
	}
	return false;
}

void matrix_know_failure(struct matrix *matrix, uint32_t failure)
{
	struct matrix_known *known = matrix->known;
	struct effect *effect = &known->effect[failure];

	*effect = (struct effect){ .first = known->n_touched, .lowest = UINT32_MAX };
	effect->together = replaces_name(matrix, &matrix->failure[failure]);
	known_set_marks(matrix, &failure, 1);
	effect->domain = marks_domain(attempt_marks(&known->probe), matrix->in.domain);
	for (size_t i = 0; i < known->n_row; i++) {
		struct touched made = { .row = (uint32_t)i };
		const struct attempt_row *row = &known->probe.row[i];

		if (!may_touch(&matrix->failure[failure], row, known->literal[i]))
			continue;
		made.sum = look(known, i);
		if (sum_same(made.sum, known->base[i]))
			continue;
		effect->change = add(effect->change, take(made.sum, known->base[i]));
		effect->names |= row->name != known->name[i];
		effect->slow |= row->name == NAME_SLOW;
		effect->lowest = row->preference < effect->lowest ? row->preference : effect->lowest;
		known->touched = mem_grow(known->touched, known->n_touched, &known->cap_touched, sizeof *known->touched);
		known->touched[known->n_touched++] = made;
		effect->n++;
	}
}

static bool has_self(const struct attempt *probe)
{
	for (size_t i = 0; i < probe->n_row; i++) {
		const struct host_facts *facts = probe->row[i].facts;

		for (size_t k = 0; facts && k < facts->n_addr; k++) {
			if (address_is_loopback(&facts->addr[k]) || address_is_any(&facts->addr[k]))
				return true;
		}
	}
	return false;
}

/* Which records share an address or a name, whatever is marked. Where a target is the sender itself, each stands for itself. */
static void know_links(struct matrix *matrix)
{
	struct matrix_known *known = matrix->known;
	struct marks none = { 0 };
	struct sim_input in = matrix->in;
	struct attempt all;

	in.marks = &none;
	attempt_init(&all, &in, matrix->sender, true);
	known->is_self = has_self(&known->probe);
	for (size_t i = 0; i < known->n_row; i++)
		known->linked[i] = known->is_self;
	for (size_t i = 0; i < all.n_group; i++) {
		const struct group *group = &all.group[i];

		for (size_t k = group->first; k < group->first + group->n; k++) {
			known->linked[all.endpoint[k].row] |= group->same_name || all.endpoint[k].same_addr;
		}
	}
	known->listed = !attempt_draws(&all);
	attempt_release(&all);
}

void matrix_know(struct matrix *matrix)
{
	struct matrix_known *known = matrix->known = mem_alloc(sizeof *known);
	size_t n = matrix_hosts(matrix);

	known->in = matrix->in;
	known->in.marks = &known->marks;
	known->n_row = n;
	known->linked = mem_alloc(n * sizeof *known->linked);
	known->literal = mem_alloc(n * sizeof *known->literal);
	known->base = mem_alloc(n * sizeof *known->base);
	known->name = mem_alloc(n * sizeof *known->name);
	known->effect = mem_alloc((matrix->n_failure + 1) * sizeof *known->effect);
	attempt_probe(&known->probe, &known->in, matrix->sender);
	know_links(matrix);
	known_set_marks(matrix, NULL, 0);
	known->domain = marks_domain(attempt_marks(&known->probe), matrix->in.domain);
	for (size_t i = 0; i < n; i++) {
		known->literal[i] = dname_labels(&known->probe.row[i].host) == 4;
		known->base[i] = look(known, i);
		known->name[i] = known->probe.row[i].name;
		known->whole = add(known->whole, known->base[i]);
	}
}

void matrix_forget(struct matrix *matrix)
{
	struct matrix_known *known = matrix->known;

	if (!known)
		return;
	for (size_t i = 0; i < known->n_end; i++)
		free(known->end[i].met);
	marks_release(&known->marks);
	attempt_release(&known->probe);
	free(known->linked);
	free(known->literal);
	free(known->base);
	free(known->name);
	free(known->effect);
	free(known->touched);
	free(known->end);
	free(known->slot);
	free(known);
}

/* ---- the state that two failures leave ---- */

static bool is_server(const struct matrix *matrix, uint32_t failure)
{
	return matrix->failure[failure].kind == MARK_SERVER;
}

bool known_together(const struct matrix *matrix, const struct matrix_row *row)
{
	const struct effect *effect = matrix->known->effect;

	return row->n == 2 && ((is_server(matrix, row->failure[0]) && is_server(matrix, row->failure[1])) ||
				      effect[row->failure[0]].together || effect[row->failure[1]].together);
}

static struct sum sum_of_all(struct matrix_known *known)
{
	struct sum sum = { { 0 } };

	for (size_t i = 0; i < known->n_row; i++)
		sum = add(sum, look(known, i));
	return sum;
}

/* Adds up two failures. Records that both change are looked at anew. */
static struct sum sum_of_two(const struct matrix *matrix, const struct matrix_row *row)
{
	struct matrix_known *known = matrix->known;
	const struct effect *a = &known->effect[row->failure[0]], *b = &known->effect[row->failure[1]];
	struct sum sum = add(known->whole, add(a->change, b->change));
	bool set = false;

	for (size_t i = a->first, k = b->first; i < a->first + a->n && k < b->first + b->n;) {
		const struct touched *x = &known->touched[i], *y = &known->touched[k];

		if (x->row != y->row) {
			i += x->row < y->row;
			k += y->row < x->row;
			continue;
		}
		if (!set)
			known_set_marks(matrix, row->failure, 2);
		set = true;
		sum = add(sum, add(look(known, x->row), known->base[x->row]));
		sum = take(sum, add(x->sum, y->sum));
		i++;
		k++;
	}
	return sum;
}

struct sum known_sum(const struct matrix *matrix, const struct matrix_row *row)
{
	struct matrix_known *known = matrix->known;
	const struct effect *a = &known->effect[row->failure[0]], *b = &known->effect[row->failure[1]];
	enum sim_state domain = a->domain;
	struct sum sum = add(known->whole, a->change);

	if (known_together(matrix, row) || (row->n == 2 && (a->domain != known->domain || b->domain != known->domain))) {
		known_set_marks(matrix, row->failure, 2);
		domain = marks_domain(attempt_marks(&known->probe), matrix->in.domain);
	}
	if (domain != SIM_UP) /* nothing else counts */
		return (struct sum){ { UINT64_MAX, domain } };
	if (known_together(matrix, row))
		sum = sum_of_all(known);
	else if (row->n == 2)
		sum = sum_of_two(matrix, row);
	return sum;
}
