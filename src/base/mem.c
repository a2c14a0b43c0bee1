/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/banned.h"

#define AT_HAND 1024

static void (*exhaustion_hook)(void);
static void (*last_hook)(const char *why);

void mem_end(const char *why)
{
	void (*hook)(void) = exhaustion_hook;

	exhaustion_hook = NULL; /* it may run out of memory too */
	if (hook)
		hook();
	if (last_hook)
		last_hook(why);
	abort();
}

void mem_exhausted(void)
{
	mem_end(N_("mxladder: there is no memory left, and the program ends\n"));
}

void mem_on_exhaustion(void (*hook)(void))
{
	exhaustion_hook = hook;
}

void mem_say_exhaustion(void (*hook)(const char *why))
{
	last_hook = hook;
}

void *mem_room(size_t size)
{
	return mem_resize(NULL, size, 1);
}

/* The GNU library's calloc() passes by the small places that malloc() keeps at hand. */
void *mem_alloc(size_t size)
{
	void *place = size <= AT_HAND ? malloc(size ? size : 1) : calloc(1, size);

	if (!place)
		mem_exhausted();
	return size <= AT_HAND ? memset(place, 0, size) : place;
}

void *mem_resize(void *old, size_t count, size_t size)
{
	void *place;
	size_t total;

	if (size && count > SIZE_MAX / size)
		mem_exhausted();
	total = count * size;
	place = realloc(old, total ? total : 1);
	if (!place)
		mem_exhausted();
	return place;
}

void *mem_copy(const void *from, size_t size)
{
	void *place = mem_resize(NULL, size, 1);

	if (size)
		memcpy(place, from, size);
	return place;
}

char *mem_text(const char *text)
{
	return text ? mem_copy(text, strlen(text) + 1) : NULL;
}

void *mem_grow(void *array, size_t used, size_t *cap, size_t size)
{
	if (used < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 8;
	return mem_resize(array, *cap, size);
}

void mem_wipe(void *place, size_t size)
{
	if (place)
		explicit_bzero(place, size);
}
