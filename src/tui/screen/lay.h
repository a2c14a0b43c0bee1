/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document on a canvas: rows one below the other in columns that fit the width, cells and sentences wrapped, cells of weight left out
 * where there is no room. Says nothing of its own. Borrows the document.
 */
#ifndef TUI_LAY_H
#define TUI_LAY_H

#include "show/document.h"
#include "tui/term/canvas.h"

struct spot { /* a piece of text in its place */
	int x, y, len, item;
	enum role role;
	const char *text;
};

struct lay {
	int width, height; /* cells */
	size_t n, cap;
	struct spot *spot;
};

void lay_document(struct lay *lay, const struct document *document, int width); /* overwrites */
void lay_release(struct lay *lay);
int lay_find(const struct lay *lay, int item); /* the first row of it; -1: none */
int lay_at(const struct lay *lay, int y);      /* the item of that row; -1: none */
/* From row `scroll` on, over the whole canvas. The rows of `selected` are shown as such; -1: none. */
void lay_draw(const struct lay *lay, struct canvas *canvas, int scroll, int selected);
/* The whole document over the rows top .. bottom - 1 of a screen, as lines_draw() does it. */
void lay_page(const struct document *document, struct canvas *canvas, int top, int bottom, int *scroll);
int lay_height(const struct document *document, const struct canvas *canvas); /* rows that lay_page() and lay_top() need */
/* As much of the document as there is room for; returns the first row below it. */
int lay_top(const struct document *document, struct canvas *canvas, int top, int bottom);

#endif
