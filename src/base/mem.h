/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that never fails: out of memory ends the program, after a hook (the
 * terminal's restore) has run. Owns nothing; everything returned is the
 * caller's, released with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size);                           /* zeroed */
void *mem_room(size_t size);                            /* not zeroed: for a library that fills what it takes */
void *mem_resize(void *old, size_t count, size_t size); /* checks count * size */
void *mem_copy(const void *from, size_t size);
char *mem_text(const char *text); /* NULL gives NULL */

/* Makes room for one more element in a growing array; *cap is its capacity. */
void *mem_grow(void *array, size_t used, size_t *cap, size_t size);

/* Runs once, before the program ends for want of memory. NULL removes it. */
void mem_on_exhaustion(void (*hook)(void));
/* Runs after that, last of all: says why the program ends (an N_() text, which ends its line), and ends it. */
void mem_say_exhaustion(void (*hook)(const char *why));

/* Ends the program as an allocation that fails does: where a library found no memory, or for another reason (N_()). */
_Noreturn void mem_exhausted(void);
_Noreturn void mem_end(const char *why);

/* Overwrites a secret in a way the compiler keeps. */
void mem_wipe(void *place, size_t size);

#endif
