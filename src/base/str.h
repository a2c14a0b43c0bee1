/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing byte string with a mandatory ceiling: past it nothing more is
 * added and `overflow` tells so. s is never NULL and always ends in a zero
 * byte, which len does not count. The struct owns s.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define STR_MAX_DEFAULT ((size_t)16 << 20)

struct str {
	char *s;
	size_t len, cap, max;
	bool overflow;
};

void str_init(struct str *str, size_t max); /* max in bytes; 0: STR_MAX_DEFAULT */
void str_release(struct str *str);          /* accepts a zeroed or released one */
void str_clear(struct str *str);
char *str_take(struct str *str); /* hands s over; str is as released: no need to, and more may be added */

void str_add_bytes(struct str *str, const void *bytes, size_t len);
/* Here, so that nothing counts the letters of what stands in the source. */
static inline void str_add(struct str *str, const char *text)
{
	str_add_bytes(str, text, strlen(text));
}
void str_add_char(struct str *str, char c);
void str_add_listed(struct str *str, const char *text); /* behind ", " where something stands already */
/* Adds len bytes that the caller writes there at once; NULL: they do not fit under the ceiling. */
char *str_room(struct str *str, size_t len);
/* Room for up to len bytes more, of which str_end() takes in those that were written: end is behind them. */
char *str_reserve(struct str *str, size_t len);
void str_end(struct str *str, char *end);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vaddf(struct str *str, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
