/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for reading, in wrapped lines that scroll. Knows roles and widths, not what it says. Owns its lines. */
#ifndef TUI_LINES_H
#define TUI_LINES_H

#include "tui/term/canvas.h"
#include "tui/screen/list.h"

struct line {
	enum role role;
	int indent;
	char *text;
};

struct lines {
	int width; /* cells of a line: set before the first is added */
	size_t n, cap;
	struct line *line;
};

void lines_release(struct lines *lines);
/* Wraps; "\n" breaks. text is trusted or escaped. */
void lines_add(struct lines *lines, enum role role, int indent, const char *text);
void lines_addf(struct lines *lines, enum role role, int indent, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* head, and text hanging behind it; below it where the lines are short. */
void lines_headed(struct lines *lines, enum role role, int indent, const char *head, const char *text);
void lines_gap(struct lines *lines);
/* Rows top .. bottom - 1 of canvas; *scroll is brought inside. Says how much is hidden. */
void lines_draw(const struct lines *lines, struct canvas *canvas, int top, int bottom, int *scroll);
/* How many of n lines are shown there, from *scroll on, which is brought inside; what is hidden is told in the last row. */
int lines_window(struct canvas *canvas, int n, int top, int bottom, int *scroll);
bool lines_scroll(int *scroll, int page, enum action action); /* true: it was a moving action */

#endif
