/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface as lines, append-only, for a screen reader, a serial line or a log: each line in is an action's name with its operands, an
 * edit, a row's number or an answer; out comes what is new of the screen, a statement a line. */
#ifndef TUI_PLAIN_H
#define TUI_PLAIN_H

#include "tui/ui.h"

/* False: the user leaves. */
bool plain_line(struct ui *ui, const char *line);
/* What was not said of this screen yet, the message or the question, and the sign that a line may be typed. False: nothing of it is new. */
bool plain_screen(struct ui *ui, int64_t now, struct str *out);
bool plain_busy(const struct ui *ui); /* what a script's next line waits for is still asked, tried or written */

#endif
