/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interface on a terminal: ui.c's canvas painted by term.c, in the program's one loop. The first frame is drawn before anything is
 * asked. Plain mode is the same actions line by line, for screen readers and dumb terminals.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "app/app.h"

struct tui_options {
	const char *theme; /* NULL: the configuration's, else "default" */
	bool no_color, ascii, plain;
};

/* Returns when the user leaves. domain NULL: the list of known domains. ERR_USAGE: no terminal, unknown theme, wrong [keys]. */
bool tui_run(struct app *app, const struct dname *domain, const struct tui_options *options, struct err *err);

#endif
