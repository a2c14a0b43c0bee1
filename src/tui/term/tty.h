/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal as a device: raw input, the modes of modes.h, bytes out and in, and every way out of it. What was changed is changed back
 * when the program ends, is suspended or dies of a signal; a signal's handler does only what such a handler may. Knows no curses. One a
 * program: its state is the file's.
 */
#ifndef TUI_TERM_TTY_H
#define TUI_TERM_TTY_H

#include "tui/term/modes.h"

void tty_open(const struct modes *modes);
void tty_close(void);    /* accepts one that is not open */
void tty_suspend(void);  /* gives the terminal back and stops the program; returns when it goes on and has the terminal again */
void tty_continue(void); /* after a stop that nobody announced: raw and with its modes again */
void tty_again(void);    /* raw and in its modes, however another program left it */
void tty_write(const char *bytes, size_t len);
size_t tty_read(char *bytes, size_t size); /* never waits; 0: nothing is there */
bool tty_wait(int ms);                     /* true: there is something to read */

#endif
