/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that a command prints passes here: sentences translated, text from outside escaped, tables aligned, JSON written. Writes to
 * stdout and stderr and nothing else.
 */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdio.h>

#include "base/err.h"
#include "core/plan.h"
#include "show/translate.h"

/* One translated line; arguments are escaped. id is marked with N_() by the caller. */
void print(FILE *to, const char *id, ...) __attribute__((format(printf, 2, 3)));
void print_msg(FILE *to, const struct msg *msg);
void print_failure(const struct err *err); /* message and hint on stderr */
/* Paragraphs broken at `width` cells, each line after `indent` blanks. text is ours, translated by the caller. */
void print_wrapped(FILE *to, const char *text, size_t indent, size_t width);
void print_text(FILE *to, const char *text); /* escaped, no line end */

/* Rows of cells, columns padded to the widest; two blanks between. */
struct table {
	size_t columns, n, cap;
	struct str *cell;
	unsigned right; /* bit i: column i is flush right */
};
void table_init(struct table *table, size_t columns, unsigned right);
struct str *table_cell(struct table *table);                         /* the next cell, empty; dies with the next call */
void table_add(struct table *table, const char *text);               /* the next cell, escaped */
void table_print(struct table *table, FILE *to, const char *indent); /* and releases it */

/* JSON */
void print_json(json_t *value);              /* steals; prints with a line end */
json_t *json_msg(const struct msg *msg);     /* translated sentence; null when there is none */
json_t *json_text(const char *text);         /* text from outside, escaped; null for NULL */
json_t *json_name(const struct dname *name); /* A-labels; null for no name */
json_t *json_err(const struct err *err);     /* {"code":...} */

#endif
