/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A canvas as bytes for the terminal: what has changed since the last one, in the looks of a theme. Each look is made once a theme, and
 * begins with the end of all others, so nothing is undone piece by piece. Keeps what the terminal has; owns that. Writes nothing: term.c
 * sends what it adds.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/term/canvas.h"
#include "tui/term/terminfo.h"
#include "tui/term/theme.h"

struct painter {
	struct canvas shown;                  /* what the terminal has */
	bool stale;                           /* the next canvas is painted whole */
	char look[ROLE_COUNT][TERMINFO_WORD]; /* behind `plain` */
	unsigned char as[ROLE_COUNT];         /* the first role that looks the same; ROLE_COUNT: plain */
	unsigned char ground;                 /* in which what is erased looks like a cleared canvas; ROLE_COUNT + 1: in none */
	char plain[TERMINFO_WORD];            /* ends every look */
	char clear[TERMINFO_WORD];            /* the screen */
	char erase[TERMINFO_WORD];            /* the rest of a row */
	bool ansi, columns;                   /* it moves as ECMA-48 says, also within a row */
	bool wipes;                           /* ... and erases so many cells */
	bool feeds;                           /* ... and takes CR and LF for the next row */
	bool keeps_look;                      /* ... while it moves */
	bool corner;                          /* its last cell can be written, and it does not scroll */
	int x, y;                             /* where it writes next; -1: nobody knows */
	unsigned char now;                    /* ... and in which look */
};

void paint_init(struct painter *painter); /* of the terminal whose description is open */
void paint_release(struct painter *painter);
void paint_theme(struct painter *painter, const struct theme *theme);
void paint_canvas(struct painter *painter, const struct canvas *canvas, struct str *out);

#endif
