/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: shows a canvas, a frame a write, and reads keys, clicks and pastes without ever waiting. What to send is paint.c's, what
 * the terminal is terminfo.c's; input, modes and signals are tty.c's and keyparse.c's. One terminal a program: its state is the file's.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdint.h>

#include "tui/term/canvas.h"
#include "tui/term/copy.h"
#include "tui/term/keyparse.h"
#include "tui/term/theme.h"

struct term_options {
	bool mouse;
	bool lines; /* they are to be drawn: the terminal is asked how wide they are, and answers by INPUT_COLUMN */
};

bool term_open(const struct term_options *options, struct err *err);
void term_close(void);
bool term_is_ascii(void);      /* the locale or the terminal cannot show UTF-8 */
bool term_has_few_signs(void); /* a Linux console, whose fonts lack ticks and eighths */
void term_set_theme(const struct theme *theme);
void term_size(int *width, int *height); /* asks the kernel: after SIGWINCH */
void term_draw(const struct canvas *canvas);
void term_repaint(void);                      /* the next draw paints every cell, whatever is there and however it was left */
struct input_event term_read(int64_t now_ms); /* INPUT_NONE: no more input now; the clock is loop_ms() */
int64_t term_deadline(void);                  /* when to read again though nothing came; -1: never */
const struct str *term_paste(void);           /* of the last INPUT_PASTE, until the next read */
void term_expect_text(bool text);             /* a line is being typed: Esc may wait longer to begin a sequence */
void term_continue(void);                     /* the program was stopped from outside, and goes on */
void term_suspend(void);                      /* returns when the program is continued */
void term_copy(const char *text, size_t len, enum clipboard clipboard);
/* Where the cursor stood (INPUT_COLUMN) when a line character took one cell. */
#define TERM_COLUMN_NARROW 2
/* Asks for the background (OSC 11); the answer comes as INPUT_GROUND. False: this terminal would not know the question. */
bool term_ask_ground(void);
bool term_is_asked(void);       /* an answer is still to come */
void term_answer_overdue(void); /* none is waited for any more, at the end neither */

#endif
