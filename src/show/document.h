/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is to be said, before anybody knows where: headings, rows of cells, and sentences, in order. Texts are whole, translated and
 * escaped; a state has a symbol and a word. The canvas, the commands and the plain mode lay it out, each in its way; none of them adds a
 * word. Knows no width. Owns its texts.
 */
#ifndef SHOW_DOCUMENT_H
#define SHOW_DOCUMENT_H

#include "base/msg.h"
#include "show/role.h"

struct sign { /* of a state, beside its word */
	enum role role;
	const char *symbol;
};

enum part_kind { PART_HEADING, PART_TITLES, PART_ROW, PART_SENTENCE };

struct document_cell {
	enum role role;
	bool number;          /* stands at the right of its column */
	unsigned char weight; /* 0: seen at every width; of others the highest gives way first */
	const char *symbol;   /* "✔", before the text; or "" */
	struct str text;
};

struct part {
	enum part_kind kind;
	unsigned char depth; /* 1: it belongs to the row above it */
	int item;            /* which thing of those that can be selected it is about; -1: none */
	size_t first, n;     /* cells; a heading and a sentence have one */
};

struct document {
	int item; /* of the parts that come; -1 at first */
	unsigned char depth;
	size_t n, cap, n_cell, cap_cell;
	struct part *part;
	struct document_cell *cell;
};

void document_begin(struct document *document); /* overwrites */
void document_release(struct document *document);
void document_row(struct document *document); /* begins one; document_cell() adds to it */
/* Begins a row that says what stands in each column of the rows behind it; an empty title: its cells tell it themselves. */
void document_titles(struct document *document);
/* The text to be filled, good until the next cell. */
struct str *document_cell(struct document *document, enum role role, unsigned weight, const char *symbol);
struct str *document_number(struct document *document, enum role role, unsigned weight); /* a cell at the right of its column */
/* The same with a sign. */
struct str *document_sign(struct document *document, struct sign sign, unsigned weight);
void document_put(struct document *document, enum role role, unsigned weight, const char *text);
struct str *document_heading(struct document *document);
struct str *document_sentence(struct document *document, enum role role, const char *symbol);
void document_msg(struct document *document, enum role role, const char *symbol, const struct msg *msg); /* a sentence */

#endif
