/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How each role looks: parsed from a theme's text ("role = colour [on colour] [bold] ... [/ the same where colours are few]"), a role
 * not named looks like plain text. "ground = dark" or "light" says which terminals it is for; any, where it says nothing. Knows no
 * terminal; paint.c turns colours into what the terminal has. Values only.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stddef.h>

#include "base/err.h"
#include "show/role.h"

enum { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4, LOOK_REVERSE = 8, LOOK_ITALIC = 16, LOOK_STRIKE = 32 };

#define COLOUR_DEFAULT (-1)
#define COLOURS_MANY 256     /* below, people choose what a colour's number looks like, and a theme cannot know */
#define COLOUR_RGB 0x1000000 /* | 0xrrggbb; below 256: the terminal's own number */

#define THEME_NAME 4096 /* a name of ours, or a path */

struct look {
	int fg, bg;
	unsigned attributes;
};

enum ground { GROUND_ANY, GROUND_DARK, GROUND_LIGHT };

struct theme {
	enum ground ground;
	struct look look[ROLE_COUNT];
	struct look few[ROLE_COUNT]; /* where there are fewer than COLOURS_MANY; the same as look where the text does not tell them apart */
	unsigned char named[ROLE_COUNT]; /* the text names it */
};

/* ERR_USAGE with the line; `name` is for the message. */
bool theme_parse(struct theme *theme, const char *name, const char *text, size_t len, struct err *err);
bool theme_load(struct theme *theme, const char *name, struct err *err); /* a built-in one: every file of themes/ */
bool theme_at(size_t i, char name[THEME_NAME]);                          /* the built-in ones in turn; false: there are no more */
void theme_uncolour(struct theme *theme);                                /* attributes stay: NO_COLOR, --no-color */

#endif
