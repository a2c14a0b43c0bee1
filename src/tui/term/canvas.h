/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A screen as cells of text and role, with the places that a click can act on. Knows no terminal: term.c paints it, tests dump it. Takes
 * trusted or escaped text; a control byte that comes through all the same is shown as "?". With ascii set, every symbol is
 * one ASCII character. A pen writes in one row up to its right edge and ends cut text in an ellipsis. Owns its cells.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "base/msg.h"
#include "show/role.h"

#define CELL_BYTES 14
#define CANVAS_HITS 128

struct cell {
	char s[CELL_BYTES]; /* one character with its combining marks; "" behind a wide one */
	unsigned char role;
};

struct hit { /* a click here is an action, or selects a row */
	int x, y, width;
	int action; /* enum action, or 0 */
	int row;    /* index to select, or -1 */
};

struct canvas {
	int width, height;
	struct cell *cell;
	bool ascii;
	bool few_signs;         /* lines as they are, ASCII for the signs that no console's font has */
	int cursor_x, cursor_y; /* where the eye (and a screen reader) should be; -1: nowhere */
	bool cursor_shown;
	size_t n_hit;
	struct hit hit[CANVAS_HITS];
};

void canvas_init(struct canvas *canvas, int width, int height);
void canvas_release(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int width, int height); /* clears */
void canvas_clear(struct canvas *canvas);
void canvas_hit(struct canvas *canvas, const struct hit *hit); /* dropped when the table is full */
const struct hit *canvas_hit_at(const struct canvas *canvas, int x, int y);
void canvas_cursor(struct canvas *canvas, int x, int y, bool shown);

/* The whole row is the cursor's: its signs and words stay. */
void canvas_mark(struct canvas *canvas, int y);
/* What was drawn on a canvas of its own, with its clicks, comes to x, y. Not the cursor. */
void canvas_paste(struct canvas *canvas, const struct canvas *from, int x, int y);

struct pen {
	struct canvas *canvas;
	int x, y, right; /* right: the first column that is not ours */
};

struct pen pen_at(struct canvas *canvas, int x, int y); /* right: the canvas' edge */
struct pen pen_until(struct canvas *canvas, int x, int y, int right);
void pen_put(struct pen *pen, enum role role, const char *text);
void pen_putf(struct pen *pen, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
void pen_msg(struct pen *pen, enum role role, const struct msg *msg); /* translated, escaped */
void pen_to(struct pen *pen, int x);                                  /* onward only */
void pen_fill(struct pen *pen, enum role role, const char *symbol, int n);
/* text against the right edge, if it fits there whole. */
void pen_right(struct pen *pen, enum role role, const char *text);

/* Rows ended by newlines, spaces at the end of rows cut. */
void canvas_text(const struct canvas *canvas, struct str *out);

#endif
