/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runs, whatever screen is on: a push that reads, writes, waits or is watched. */
#ifndef TUI_BADGE_H
#define TUI_BADGE_H

#include "tui/screen/screen.h"

int badge_draw(struct canvas *canvas, const struct scene *scene); /* at the right end of the first line; the columns that it takes */

#endif
