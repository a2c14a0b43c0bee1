/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two documents below each other: rows to select from, at most in the upper half, and what is said of the one that is. Knows no subject.
 * Owns the documents.
 */
#ifndef TUI_SPLIT_H
#define TUI_SPLIT_H

#include "tui/screen/frame.h"
#include "tui/screen/lay.h"

struct split {
	int n; /* items of rows */
	struct document rows, below;
};

void split_begin(struct split *split); /* overwrites */
/* list is brought inside; a click on a row selects it. */
void split_draw(const struct split *split, struct canvas *canvas, struct area area, struct list *list);
void split_release(struct split *split);

#endif
