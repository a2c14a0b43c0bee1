/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface as lines, append-only: each line in is an action's name, an edit, a row's number or an answer; out comes the screen as
 * text. */
#ifndef TUI_PLAIN_H
#define TUI_PLAIN_H

#include "tui/ui.h"

/* False: the user leaves. */
bool plain_line(struct ui *ui, const char *line);
void plain_screen(struct ui *ui, int64_t now, struct str *out); /* the screen, without its frame, and the question */

#endif
