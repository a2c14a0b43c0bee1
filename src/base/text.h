/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as cells of a terminal: UTF-8, display width (Unicode's, whatever the
 * locale), escaping of what came from outside. Knows no terminal.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Decodes one code point; returns the bytes taken (at least 1), *cp = 0xFFFD for a bad byte. 0 at the end. */
size_t text_decode(const char *s, size_t len, uint32_t *cp);
size_t text_encode(uint32_t cp, char out[4]);
int text_cp_width(uint32_t cp);   /* cells: 0, 1 or 2; controls count as 1 */
size_t text_width(const char *s); /* cells of a whole UTF-8 string */
/* Bytes of s that fit in `cells`, never splitting a character or a combining pair. */
size_t text_fit(const char *s, size_t cells);
/* As much of s as has room in size bytes, cut between two characters. */
void text_copy(char *out, size_t size, const char *s);
/* The same; what was cut ends in "...". size is at least 4. */
void text_shorten(char *out, size_t size, const char *s);

/* Of text that is broken at `cells`, or at a line's end: bytes of the next row; *next: where the one behind it begins. */
size_t text_row(const char *text, size_t cells, size_t *next);

/* Appends s with every control byte (C0, DEL, C1), bad UTF-8 byte, bidi control, line
 * separator and other invisible formatting character written as \x1b or \u{202e}. */
void text_escape(struct str *out, const char *s, size_t len);

bool text_equal_fold(const char *a, const char *b); /* ASCII case only */
/* "12h30m", "45000", "90s", "4d", "1w", as zone files write them: "1H", "1W" -> seconds; a bare number is seconds. False on anything else,
 * overflow past 2^32-1 included. */
bool text_parse_duration(const char *s, uint32_t *seconds);
/* 45000 -> "12h30m", 0 -> "0s", 90061 -> "1d1h1m1s": exact, so parse(format(x)) == x. */
void text_duration(struct str *out, uint64_t seconds);
#define TEXT_SPAN_MAX 32
const char *text_span(uint64_t seconds, char out[TEXT_SPAN_MAX]); /* the same, for a sentence. Returns out */
/* For reading: to the minute from an hour on, to the hour from two days on. */
void text_duration_about(struct str *out, double seconds);
/* "50 %", "1.5 %": a little is not nothing, and nearly all is not all. */
void text_share(struct str *out, double share);
/* Time in seconds since 1970 -> RFC 3339 UTC "2026-11-23T10:11:12Z". */
void text_time(struct str *out, int64_t at);
bool text_parse_time(const char *s, int64_t *at); /* only the form text_time() writes, or with fraction/offset */

#endif
