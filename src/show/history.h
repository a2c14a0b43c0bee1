/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A past push in words: a row, and what it changed. */
#ifndef SHOW_HISTORY_H
#define SHOW_HISTORY_H

#include "app/history.h"
#include "show/document.h"

/* Brief: its time, and what it was for in all notes; else its id and its own note. running: it is the one at work. */
void past_push_row(const struct past_push *push, bool brief, bool running, struct document *document);
/* Its changes, and who approved them; whole: below its id. */
void past_push_document(const struct past_push *push, bool whole, struct document *document);

/* What was held before it and after it: a row each host, and the TTL. */
void past_push_sets(const struct past_push *push, bool ascii, struct document *document);

#endif
