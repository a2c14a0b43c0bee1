/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is switched on in a terminal and must be switched off again, in one table: start, continue, exit, suspend and every fatal signal
 * send what is built of it. A mode is sent only to a terminal whose description knows it. Pure: the description is a function of the
 * caller's.
 */
#ifndef TUI_TERM_MODES_H
#define TUI_TERM_MODES_H

#include <stdbool.h>
#include <stddef.h>

#define MODES_MAX 400

enum mode_need {
	MODE_ALWAYS = 0,
	MODE_KNOWN_PASTE = 1,  /* the terminal knows bracketed paste */
	MODE_KNOWN_MOUSE = 2,  /* it has a mouse */
	MODE_KNOWN_REGION = 4, /* it scrolls in regions, as ANSI's do */
	MODE_WANTED_MOUSE = 8
};

struct mode {
	const char *name;
	const char *set, *reset; /* bytes, or a terminfo capability's name; NULL: nothing is sent */
	unsigned needs;          /* of enum mode_need, all of them */
};

extern const struct mode mode_table[]; /* ends with a NULL name */

struct modes {
	char set[MODES_MAX], reset[MODES_MAX];
	size_t again; /* behind the other screen in `set`: from here on it may be sent at any time */
};

/* The description's string of a capability; NULL where it has none. */
typedef const char *(*mode_capability_fn)(const char *name);

/* set in the table's order, reset in the other. */
void modes_build(struct modes *modes, mode_capability_fn capability, bool mouse);

/* Appends a capability's bytes to out[size], without the waits that it names; what does not fit whole is left out. */
void modes_add(char *out, size_t size, const char *bytes);

#endif
