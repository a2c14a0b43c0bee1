/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/ladder_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

static bool same_host(const struct mx *a, const struct mx *b)
{
	return a->host.len ? dname_equal(&a->host, &b->host) : !b->host.len && !strcmp(a->odd, b->odd);
}

static void add(struct ladder_rows *rows, const struct mx *mx, enum row_mark mark, uint32_t old_preference)
{
	rows->row = mem_grow(rows->row, rows->n, &rows->cap, sizeof(*rows->row));
	rows->row[rows->n++] = (struct ladder_row){ *mx, mark, old_preference, true, true };
}

/* The record of `from` that became mx: the same host under a number that `to` has no longer. */
static const struct mx *origin(const struct mxset *from, const struct mxset *to, const struct mx *mx)
{
	for (size_t i = 0; i < from->n; i++)
		if (same_host(&from->mx[i], mx) && !mxset_has(to, &from->mx[i]))
			return &from->mx[i];
	return NULL;
}

static void add_wanted(struct ladder_rows *rows, const struct mxset *from, const struct mxset *to, const struct mx *mx)
{
	const struct mx *old;

	if (!from || mxset_has(from, mx)) {
		add(rows, mx, ROW_SAME, 0);
		return;
	}
	old = origin(from, to, mx);
	add(rows, mx, old ? ROW_CHANGED : ROW_ADDED, old ? old->preference : 0);
}

static bool became_another(const struct mxset *from, const struct mxset *to, const struct mx *mx)
{
	for (size_t i = 0; i < to->n; i++)
		if (same_host(&to->mx[i], mx) && !mxset_has(from, &to->mx[i]))
			return true;
	return false;
}

static int by_preference(const void *a, const void *b)
{
	const struct ladder_row *x = a, *y = b;
	char tx[DNAME_TEXT_MAX], ty[DNAME_TEXT_MAX];
	int way = (x->mx.preference > y->mx.preference) - (x->mx.preference < y->mx.preference);

	return way ? way : strcmp(mx_host_text(&x->mx, tx), mx_host_text(&y->mx, ty));
}

void ladder_rows_build(struct ladder_rows *rows, const struct mxset *from, const struct mxset *to)
{
	rows->n = 0;
	for (size_t i = 0; i < to->n; i++)
		add_wanted(rows, from, to, &to->mx[i]);
	for (size_t i = 0; from && i < from->n; i++)
		if (!mxset_has(to, &from->mx[i]) && !became_another(from, to, &from->mx[i]))
			add(rows, &from->mx[i], ROW_REMOVED, 0);
	if (rows->n > 1)
		qsort(rows->row, rows->n, sizeof(*rows->row), by_preference);
	for (size_t i = 1; i < rows->n; i++)
		if (rows->row[i].mx.preference == rows->row[i - 1].mx.preference)
			rows->row[i].first = rows->row[i - 1].last = false;
}

void ladder_rows_release(struct ladder_rows *rows)
{
	free(rows->row);
	*rows = (struct ladder_rows){ 0 };
}

size_t ladder_rows_find(const struct ladder_rows *rows, const struct mx *mx)
{
	size_t near = rows->n;

	for (size_t i = 0; i < rows->n; i++) {
		if (mx_equal(&rows->row[i].mx, mx))
			return i;
		if (same_host(&rows->row[i].mx, mx))
			near = i;
	}
	return near;
}

const char *row_mark_symbol(enum row_mark mark)
{
	static const char *const symbols[] = { " ", "+", "-", "~" };

	return symbols[mark];
}
