/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme wants, as near as a terminal of 8, 16, 88, 256 or 2^24 colours has it. Pure. */
#ifndef TUI_TERM_PALETTE_H
#define TUI_TERM_PALETTE_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/term/theme.h"

/*
 * The terminal's number for a theme's colour. *attributes gains what stands in for the rest of it: bold for a bright colour where there are
 * 8 only, dim for the bright black, which is black there.
 */
int palette_number(int colour, int n_colours, unsigned *attributes);

/* What COLORFGBG ("15;0", "0;default;15") tells, as rxvt and Konsole set it; GROUND_ANY: nothing. NULL is accepted. */
enum ground palette_colorfgbg(const char *colorfgbg);
/* What a terminal answers to OSC 11: "11;rgb:ffff/ffff/ffff", "11;rgba:...", "11;#ffffff"; GROUND_ANY: it is something else. */
enum ground palette_report(const char *text, size_t len);

#endif
