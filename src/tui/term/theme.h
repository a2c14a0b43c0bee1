/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How each role looks: parsed from a theme's text ("role = colour [on colour] [bold] ..."), a role not named looks like
 * plain text. Knows no terminal; term.c turns colours into what the terminal has. Values only.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stddef.h>

#include "base/err.h"
#include "show/role.h"

enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8, LOOK_ITALIC = 16 };

#define COLOUR_DEFAULT (-1)
#define COLOUR_RGB 0x1000000 /* | 0xrrggbb; below 256: the terminal's own number */

struct look {
	int fg, bg;
	unsigned attributes;
};

struct theme {
	struct look look[ROLE_COUNT];
	unsigned char named[ROLE_COUNT]; /* the text names it */
};

/* ERR_USAGE with the line; `name` is for the message. */
bool theme_parse(struct theme *theme, const char *name, const char *text, size_t len, struct err *err);
bool theme_load(struct theme *theme, const char *name, struct err *err); /* a built-in one: every file of themes/ */
void theme_uncolour(struct theme *theme);                                /* attributes stay: NO_COLOR, --no-color */

#endif
