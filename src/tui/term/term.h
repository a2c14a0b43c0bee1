/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal, and the only file that knows curses: paints a canvas, reads keys, clicks and pastes without ever waiting. One terminal a
 * program: its state is the file's. It is given back as it was when the program ends, is suspended, fails or runs out of memory.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdint.h>

#include "tui/term/canvas.h"
#include "tui/term/theme.h"

struct term_options {
	bool mouse;
};

enum term_kind { TERM_NOTHING, TERM_KEY, TERM_CLICK, TERM_WHEEL_UP, TERM_WHEEL_DOWN, TERM_PASTE };

struct term_event {
	enum term_kind kind;
	uint32_t key;
	int x, y;
	struct str *paste; /* borrowed until the next read */
};

bool term_open(const struct term_options *options, struct err *err);
void term_close(void);
bool term_is_ascii(void); /* the locale or the terminal cannot show UTF-8 */
void term_set_theme(const struct theme *theme);
void term_size(int *width, int *height); /* asks the kernel: after SIGWINCH */
void term_draw(const struct canvas *canvas);
void term_repaint(void);                      /* the next draw paints every cell */
struct term_event term_read(void);            /* TERM_NOTHING: no more input now */
void term_suspend(void);                      /* returns when the program is continued */
void term_copy(const char *text, size_t len); /* OSC 52; no more than 70 kB */

#endif
