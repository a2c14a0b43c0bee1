/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well typed letters name a text. Capitals and small letters are the same. Pure. */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

#include <limits.h>
#include <stdbool.h>

#define FUZZY_TEXT 64 /* bytes of a text that are looked at */
#define FUZZY_NONE UINT_MAX

/*
 * What the best way costs to find the letters of typed in text, in their order; blanks do not count. Letters in a row cost nothing. A row
 * that begins at the head of the text costs least, then one at the head of a word; of equal ones the shorter text is cheaper. hit, or
 * NULL: the bytes of text that were found. FUZZY_NONE: a letter is missing.
 */
unsigned fuzzy_cost(const char *text, const char *typed, bool hit[FUZZY_TEXT]);
bool fuzzy_holds(const char *text, const char *word); /* as it is written, anywhere; the empty word is everywhere */

#endif
