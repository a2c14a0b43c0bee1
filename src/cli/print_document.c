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

/* Below a title, a number that there is not is a dash. */
static void add_cell(struct table *table, const struct document_cell *cell, bool titled)
{
	str_add(table_cell(table), titled && cell->number && !cell->text.len ? "-" : cell->text.s);
}

static void print_rows(const struct document *document, const struct part *rows, size_t n, const char *indent, FILE *to)
{
	struct table table;
	size_t columns = 0;
	unsigned right = 0;

	for (size_t k = 0; k < rows->n; k++)
		if (!is_empty(document, rows, n, k)) {
			right |= (unsigned)document->cell[rows[n - 1].first + k].number << columns;
			columns++;
		}
	table_init(&table, columns, right);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rows->n; k++)
			if (!is_empty(document, rows, n, k))
				add_cell(&table, &document->cell[rows[i].first + k], rows->kind == PART_TITLES);
	table_print(&table, to, indent);
}

static void print_text_part(const struct document *document, const struct part *part, size_t indent, size_t width, FILE *to)
{
	const char *text = document->cell[part->first].text.s;

	if (width && part->kind == PART_SENTENCE)
		print_wrapped(to, text, indent, width);
	else
		fprintf(to, "%*s%s%s\n", (int)indent, "", text, part->kind == PART_HEADING ? ":" : "");
}

void print_document_as(struct document *document, FILE *to, const struct print_form *form)
{
	for (size_t i = 0, n; i < document->n; i += n) {
		const struct part *part = &document->part[i];
		size_t depth = part->depth < PRINT_DEPTHS ? part->depth : PRINT_DEPTHS - 1;
		char indent[16];

		snprintf(indent, sizeof(indent), "%*s", form->indent[depth], "");
		n = part->kind == PART_ROW || part->kind == PART_TITLES ? group(document, i) : 1;
		if (part->kind == PART_ROW || part->kind == PART_TITLES)
			print_rows(document, part, n, indent, to);
		else
			print_text_part(document, part, form->indent[depth], form->width, to);
	}
	document_release(document);
}

void print_document(struct document *document, FILE *to)
{
	print_document_as(document, to, &(struct print_form){ .indent = { 0, 2, 4, 6, 8 } });
}
