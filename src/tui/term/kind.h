/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What locale, environment and kernel tell of the terminal; term.h has the rest of it. */
#ifndef TUI_KIND_H
#define TUI_KIND_H

#include <stdbool.h>

/* As the kernel has it; else as LINES and COLUMNS say, or the terminal's description, which must be open. */
void kind_size(int *width, int *height);
/* How long after an Esc more may come: ESCDELAY, or `standard`. */
unsigned kind_escape_ms(unsigned standard, bool *own);

#endif
