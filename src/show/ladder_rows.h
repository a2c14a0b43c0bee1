/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of a ladder's drawing: the records of a set, those that a draft took out among them, each with what became of it. Made from two
 * sets, or one. Pure values; owns its array.
 */
#ifndef SHOW_LADDER_ROWS_H
#define SHOW_LADDER_ROWS_H

#include "core/mxset.h"

enum row_mark { ROW_SAME, ROW_ADDED, ROW_REMOVED, ROW_CHANGED };

struct ladder_row {
	struct mx mx;
	enum row_mark mark;
	uint32_t old_preference; /* of ROW_CHANGED */
	bool first, last;        /* of its rung */
};

struct ladder_rows {
	size_t n, cap;
	struct ladder_row *row;
};

/* from NULL: nothing is marked. rows is overwritten: initialise with {0}. */
void ladder_rows_build(struct ladder_rows *rows, const struct mxset *from, const struct mxset *to);
void ladder_rows_release(struct ladder_rows *rows);
size_t ladder_rows_find(const struct ladder_rows *rows, const struct mx *mx); /* that record, else the same host, else n */
const char *row_mark_symbol(enum row_mark mark);                              /* "+" "-" "~" " " */

#endif
