/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

#define STR_FIRST 64

/* Room for `more` bytes and the zero byte, or false and the ceiling noted. */
static bool make_room(struct str *str, size_t more)
{
	size_t max = str->max ? str->max : STR_MAX_DEFAULT;
	size_t want;

	if (str->overflow || more > max - str->len) {
		str->overflow = true;
		return false;
	}
	want = str->len + more + 1;
	if (want <= str->cap)
		return true;
	if (want < str->cap * 2)
		want = str->cap * 2;
	str->s = mem_resize(str->s, want, 1);
	str->cap = want;
	return true;
}

void str_init(struct str *str, size_t max)
{
	*str = (struct str){ .s = mem_alloc(STR_FIRST), .cap = STR_FIRST, .max = max };
}

void str_release(struct str *str)
{
	free(str->s);
	*str = (struct str){ .max = str->max };
}

void str_clear(struct str *str)
{
	str->len = 0;
	str->overflow = false;
	if (str->s)
		str->s[0] = '\0';
}

char *str_take(struct str *str)
{
	char *s = str->s ? str->s : mem_alloc(1);

	*str = (struct str){ .max = str->max };
	return s;
}

char *str_room(struct str *str, size_t len)
{
	char *room;

	if (!make_room(str, len))
		return NULL;
	room = str->s + str->len;
	str->len += len;
	room[len] = '\0';
	return room;
}

char *str_reserve(struct str *str, size_t len)
{
	return make_room(str, len) ? str->s + str->len : NULL;
}

void str_end(struct str *str, char *end)
{
	*end = '\0';
	str->len = (size_t)(end - str->s);
}

void str_add_bytes(struct str *str, const void *bytes, size_t len)
{
	char *room = str_room(str, len);

	if (room && len)
		memcpy(room, bytes, len);
}

void str_add_char(struct str *str, char c)
{
	char *room = str_room(str, 1);

	if (room)
		*room = c;
}

void str_add_listed(struct str *str, const char *text)
{
	str_add(str, str->len ? ", " : "");
	str_add(str, text);
}

void str_vaddf(struct str *str, const char *format, va_list args)
{
	size_t room = str->s ? str->cap - str->len : 0;
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(str->s ? str->s + str->len : NULL, room, format, again);
	va_end(again);
	if (len >= 0 && make_room(str, (size_t)len)) {
		if ((size_t)len >= room)
			vsnprintf(str->s + str->len, (size_t)len + 1, format, args);
		str->len += (size_t)len;
	} else if (room) {
		str->s[str->len] = '\0';
	}
}

void str_addf(struct str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	str_vaddf(str, format, args);
	va_end(args);
}
