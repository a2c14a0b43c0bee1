/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/document.h"

#include <stdlib.h>

#include "base/mem.h"
#include "show/translate.h"
#include "base/banned.h"

void document_begin(struct document *document)
{
	*document = (struct document){ .item = -1 };
}

void document_release(struct document *document)
{
	for (size_t i = 0; i < document->n_cell; i++)
		str_release(&document->cell[i].text);
	free(document->cell);
	free(document->part);
	document_begin(document);
}

static void add_part(struct document *document, enum part_kind kind)
{
	document->part = mem_grow(document->part, document->n, &document->cap, sizeof(*document->part));
	document->part[document->n++] =
		(struct part){ .kind = kind, .item = document->item, .depth = document->depth, .first = document->n_cell };
}

void document_row(struct document *document)
{
	add_part(document, PART_ROW);
}

void document_titles(struct document *document)
{
	add_part(document, PART_TITLES);
}

struct str *document_cell(struct document *document, enum role role, unsigned weight, const char *symbol)
{
	struct document_cell *cell;

	document->cell = mem_grow(document->cell, document->n_cell, &document->cap_cell, sizeof(*document->cell));
	cell = &document->cell[document->n_cell++];
	*cell = (struct document_cell){ .role = role, .weight = (unsigned char)weight, .symbol = symbol };
	str_init(&cell->text, 0);
	document->part[document->n - 1].n++;
	return &cell->text;
}

struct str *document_number(struct document *document, enum role role, unsigned weight)
{
	struct str *text = document_cell(document, role, weight, "");

	document->cell[document->n_cell - 1].number = true;
	return text;
}

struct str *document_sign(struct document *document, struct sign sign, unsigned weight)
{
	return document_cell(document, sign.role, weight, sign.symbol);
}

void document_put(struct document *document, enum role role, unsigned weight, const char *text)
{
	str_add(document_cell(document, role, weight, ""), text);
}

struct str *document_heading(struct document *document)
{
	add_part(document, PART_HEADING);
	return document_cell(document, ROLE_HEADING, 0, "");
}

struct str *document_sentence(struct document *document, enum role role, const char *symbol)
{
	add_part(document, PART_SENTENCE);
	return document_cell(document, role, 0, symbol);
}

void document_msg(struct document *document, enum role role, const char *symbol, const struct msg *msg)
{
	translate_msg(document_sentence(document, role, symbol), msg);
}
