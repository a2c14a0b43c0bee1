/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A canvas handed to curses: what has changed since the last one, in the looks of a theme. Keeps what the terminal has; owns that. Writes
 * nothing: term.c lets curses do so.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>

#include "tui/term/canvas.h"
#include "tui/term/theme.h"

struct painter {
	struct canvas shown; /* what the terminal has */
	bool stale;          /* the next canvas is painted whole */
	attr_t attribute[ROLE_COUNT];
	short pair[ROLE_COUNT];
	cchar_t space[ROLE_COUNT]; /* in its look */
};

void paint_init(struct painter *painter);
void paint_release(struct painter *painter);
void paint_theme(struct painter *painter, const struct theme *theme);
bool paint_canvas(struct painter *painter, const struct canvas *canvas); /* true: painted whole */

#endif
