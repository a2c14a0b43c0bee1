/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What locale, environment and kernel tell of the terminal; term.h has the rest of it. */
#ifndef TUI_KIND_H
#define TUI_KIND_H

#include <stdbool.h>
#include <sys/ioctl.h>

bool kind_size(struct winsize *size);
/* Sets LINES and COLUMNS to the terminal's size. False: nothing was set, for the user has, or nobody knows the size. */
bool kind_tell_size(void);
void kind_untell_size(void);
/* How long after an Esc more may come: ESCDELAY, or `standard`. */
unsigned kind_escape_ms(unsigned standard, bool *own);

#endif
