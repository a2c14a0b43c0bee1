/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain mode on stdin and stdout: lines come in as they are typed, or as a script has them, and each is answered. */
#ifndef TUI_PLAIN_RUN_H
#define TUI_PLAIN_RUN_H

#include "tui/plain_echo.h"
#include "tui/ui.h"

struct plain_run { /* {.app, .ui} */
	struct app *app;
	struct ui *ui;
	struct plain_echo echo;
	struct str typed; /* what has come of a line; what was taken of it is wiped */
	bool prompted;    /* the sign that a line may be typed stands on the last line */
	bool ended;       /* no more input comes, and the last answer is still to be printed */
	struct loop_handle *input, *soon;
};

void plain_run(struct plain_run *run); /* returns when the user leaves */
void plain_changed(void *run);         /* something changed by itself: it is said soon */

#endif
