/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the terminal's description says, by the names of terminfo(5). It alone knows curses' library, and of that only the part that reads
 * descriptions. Writes nothing. One terminal a program: its state is the library's.
 */
#ifndef TUI_TERM_TERMINFO_H
#define TUI_TERM_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

#define TERMINFO_WORD 96

bool terminfo_open(void); /* of TERM; false: it has no description here */
void terminfo_close(void);
const char *terminfo_text(const char *name); /* as it is written there; NULL: nothing */
int terminfo_number(const char *name);       /* -1: none */
bool terminfo_flag(const char *name);
/* Adds what to send, filled in with a and b and without the times to wait; nothing where it is not described, or too long. */
void terminfo_add(char word[TERMINFO_WORD], const char *name, int a, int b);

#endif
