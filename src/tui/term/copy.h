/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What puts text on the clipboard of a terminal: OSC 52. Nobody tells whether it was taken. Pure. */
#ifndef TUI_TERM_COPY_H
#define TUI_TERM_COPY_H

#include "base/str.h"

#define COPY_MAX 56000 /* bytes; terminals take some 75,000 in base64, and drop more without a word */

enum clipboard {
	CLIPBOARD_TERMINAL,
	CLIPBOARD_TMUX,   /* between us and the terminal; it takes the same bytes, where it is told to */
	CLIPBOARD_SCREEN, /* it hands on what stands in short DCS strings */
	CLIPBOARD_NONE    /* a console */
};

/* Appends the bytes. text is no longer than COPY_MAX. */
void copy_add(struct str *out, const char *text, size_t len, enum clipboard clipboard);

#endif
