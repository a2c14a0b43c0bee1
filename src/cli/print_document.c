/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_document.h"

#include "cli/print.h"
#include "base/banned.h"

struct document print_begin(unsigned depth)
{
	struct document document;

	document_begin(&document);
	document.depth = (unsigned char)depth;
	return document;
}

/* The rows from part i on that are of one shape, with their titles. */
static size_t group(const struct document *document, size_t i)
{
	const struct part *first = &document->part[i];
	size_t n = 1;

	while (i + n < document->n && first[n].kind == PART_ROW && first[n].n == first->n && first[n].depth == first->depth)
		n++;
	return n;
}

static bool is_empty(const struct document *document, const struct part *rows, size_t n, size_t column)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].kind == PART_ROW && document->cell[rows[i].first + column].text.len)
			return false;
	return true;
}

static void print_rows(const struct document *document, const struct part *rows, size_t n, FILE *to)
{
	struct table table;
	char indent[16];
	size_t columns = 0;

	for (size_t k = 0; k < rows->n; k++)
		columns += !is_empty(document, rows, n, k);
	table_init(&table, columns, 0);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rows->n; k++)
			if (!is_empty(document, rows, n, k))
				str_add(table_cell(&table), document->cell[rows[i].first + k].text.s);
	snprintf(indent, sizeof(indent), "%*s", 2 * rows->depth, "");
	table_print(&table, to, indent);
}

void print_document(struct document *document, FILE *to)
{
	for (size_t i = 0; i < document->n;) {
		const struct part *part = &document->part[i];

		if (part->kind == PART_ROW || part->kind == PART_TITLES) {
			size_t n = group(document, i);

			print_rows(document, part, n, to);
			i += n;
			continue;
		}
		fprintf(to, "%*s%s%s\n", 2 * part->depth, "", document->cell[part->first].text.s, part->kind == PART_HEADING ? ":" : "");
		i++;
	}
	document_release(document);
}
