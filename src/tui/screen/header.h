/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first line of every screen: the domain, and what may be said of its set. Draws only. */
#ifndef TUI_HEADER_H
#define TUI_HEADER_H

#include "tui/screen/screen.h"

/* title NULL: the domain's own state. Where the line is narrow, words that matter are shortened and never left out; the rest is. */
/* of_set: the screen is about the domain's set, so who told that stands behind the title. */
void header_draw(struct canvas *canvas, const struct scene *scene, const char *title, bool of_set);

#endif
