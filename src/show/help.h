/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be done and read, in words. Which actions there are and which keys have them, the caller knows: it hands them in line by line.
 * Borrows what it is given.
 */
#ifndef SHOW_HELP_H
#define SHOW_HELP_H

#include "show/document.h"

struct help_line {
	const char *heading; /* N_(), above this one; NULL: none */
	const char *name;    /* as it is typed */
	const char *text;    /* N_(): what it does; of a lesson its title */
	char *keys;          /* that have the action, or ""; NULL: it is a lesson */
};

/* A row each, to be selected; where there are none, a sentence. */
void help_document(const struct help_line *line, size_t n, struct document *document);

#endif
