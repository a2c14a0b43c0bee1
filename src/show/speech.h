/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as it is spoken: one statement after the other, each ended by a newline, without signs, boxes or columns. */
#ifndef SHOW_SPEECH_H
#define SHOW_SPEECH_H

#include "show/document.h"

#define SPEECH_WIDTH 72

/* numbered: rows of items begin with their number, from 1. A cell of a column that has a title is said behind it,
 * but for the first, which is what the row is about. */
void speech_add(const struct document *document, bool numbered, struct str *out);
/* What it says of that item alone, as numbered. */
void speech_add_item(const struct document *document, int item, struct str *out);
/* What of it, as numbered, is not among the statements that were said; NULL: all of it. A row is named before what is new below it; one
 * that has another number is told with the sentence that says what it is about. */
void speech_news(const struct document *document, const struct str *said, struct str *out);
/* One statement as lines that do not go beyond the width; those behind the first stand in by two. */
void speech_line(const char *text, struct str *out);

#endif
