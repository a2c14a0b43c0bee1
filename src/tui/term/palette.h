/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a theme wants, as near as a terminal of 8, 16, 88, 256 or 2^24 colours has it. Pure. */
#ifndef TUI_TERM_PALETTE_H
#define TUI_TERM_PALETTE_H

#include <stdbool.h>

/*
 * The terminal's number for a theme's colour. *attributes gains what stands in for the rest of it: bold for a bright colour where there are
 * 8 only, dim for the bright black, which is black there.
 */
int palette_number(int colour, int n_colours, unsigned *attributes);

/* COLORFGBG ("15;0", "0;default;15"), as rxvt and Konsole set it: whether it tells of a light background. NULL is accepted. */
bool palette_is_light(const char *colorfgbg);

#endif
