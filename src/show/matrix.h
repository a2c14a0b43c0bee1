/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The game-day matrix in words: a row each failure, and what stops the mail. */
#ifndef SHOW_MATRIX_H
#define SHOW_MATRIX_H

#include "show/document.h"
#include "sim/matrix/matrix.h"

enum matrix_cell { /* of a row, in order */
	MATRIX_WHAT,
	MATRIX_STATE,
	MATRIX_NOW,
	MATRIX_LATE,
	MATRIX_UNKNOWN, /* empty where nothing is unknown in the whole matrix */
	MATRIX_LOST,
	MATRIX_CELLS
};

/* Pairs that do no more than one of the two, and what only repeats another row, are not. */
bool matrix_row_shown(const struct matrix_row *row);
void matrix_what(const struct matrix *matrix, const struct matrix_row *row, bool ascii, struct str *out); /* what fails */
void matrix_titles(struct document *document);
void matrix_row_document(const struct matrix *matrix, const struct matrix_row *row, bool ascii, struct document *document);
/* How far it has come, or how many were left out as they add nothing; shown: rows that are listed. Nothing where all are. */
void matrix_rest(const struct matrix *matrix, size_t shown, bool running, struct document *document);
/* What stops the mail, beside the marks of the input; nothing where nothing does. */
void matrix_cuts(const struct matrix *matrix, const struct cut_words *words, size_t n, struct document *document);

#endif
