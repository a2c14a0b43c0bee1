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

/* n items alone, over the whole area. The list is brought inside; a click on an item selects it. */
void split_items(const struct document *rows, int n, struct canvas *canvas, struct area area, struct list *list);

void split_begin(struct split *split); /* overwrites */
/* The list is brought inside; a click on a row selects it. */
void split_draw(const struct split *split, struct canvas *canvas, struct area area, struct screen *screen);
void split_release(struct split *split);

/* ---- what is said of the selected one, for lists that are drawn otherwise too ---- */

int split_rows(const struct split *split, const struct canvas *canvas);
bool split_fits(const struct document *below, const struct canvas *canvas, int rows); /* below so many rows of a list */
/* Draws row `row` of the list at y. */
typedef void (*split_row_fn)(const struct screen *screen, const struct scene *scene, struct canvas *canvas, int row, int y);
/* The rows in view, at most in the upper half, and `below` below them; or that alone, where it was asked for and does not fit. */
void split_list(
	struct screen *screen, const struct scene *scene, struct canvas *canvas, const struct document *below, split_row_fn draw_row);
/* Moves in the list, or in what stands alone; goes from one to the other, where they are not told anyway. False: the action is no such
 * thing. */
bool split_act(struct screen *screen, const struct scene *scene, enum action action);

#endif
