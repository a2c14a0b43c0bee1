/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the palette offers: the commands of this run, the actions of the screen, edits, lessons, the best match first. Knows no prompt and
 * no canvas. Borrows all texts.
 */
#ifndef TUI_CHOICES_H
#define TUI_CHOICES_H

#include <stddef.h>

#include "tui/action.h"
#include "tui/fuzzy.h"

#define PAST_COMMANDS 20

struct past_command {
	char *line;
	bool topic; /* a lesson was opened, not an action of that name */
};

struct choice {
	const char *name;     /* of an action, edit or lesson; or a line that was run before */
	const char *operands; /* it waits for them; NULL: it takes none */
	const char *help;     /* N_(), or NULL */
	enum action action;   /* ACTION_NONE: none */
	bool topic;
	unsigned cost;
	size_t order;
};

struct choices {
	size_t n, cap;
	struct choice *choice;
};

struct choices_from {
	unsigned in;  /* the screen */
	bool session; /* edits have a draft */
	size_t n_past;
	const struct past_command *past; /* the last one first */
};

void choices_find(struct choices *choices, const struct choices_from *from, const char *typed);
void choices_release(struct choices *choices);
/* What Enter runs: the row that was moved to, what is named in full, else the first. NULL: the line as it was typed. */
const struct choice *choices_meant(const struct choices *choices, int selected, bool moved, const char *typed);

#endif
