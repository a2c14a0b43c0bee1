/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line editor: text, cursor, history. Typed text stays when an answer is refused. Knows no screen; control bytes never get in. Owns its
 * text and history.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdint.h>

#include "base/str.h"

#define PROMPT_MAX 2000
#define PROMPT_HISTORY 20
#define PROMPT_UNDO 50

struct prompt {
	struct str text;
	size_t cursor;     /* byte offset, at a character */
	bool offered;      /* the text was filled in and not touched: typing replaces it, moving keeps it */
	size_t n_past, at; /* at == n_past: the line being typed */
	char *past[PROMPT_HISTORY];
	char *typed;  /* kept while history is shown */
	char *killed; /* the last text that a key cut, for Ctrl-Y */
	size_t n_undo;
	char *undo[PROMPT_UNDO]; /* the texts before the last edits */
	bool typing;             /* the last edit was typing: one undo takes all of it back */
};

enum prompt_event { PROMPT_EDITING, PROMPT_DONE, PROMPT_CANCELLED };

void prompt_init(struct prompt *prompt);
void prompt_release(struct prompt *prompt);
void prompt_begin(struct prompt *prompt, const char *text); /* cursor behind it */
enum prompt_event prompt_key(struct prompt *prompt, uint32_t key);
void prompt_paste(struct prompt *prompt, const char *text, size_t len); /* line breaks become spaces */
void prompt_wipe(struct prompt *prompt);                                /* of a secret nothing stays */
void prompt_remember(struct prompt *prompt);                            /* the text goes into history */

#endif
