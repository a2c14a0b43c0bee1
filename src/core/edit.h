/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The edits of the draft command as text: "add 30 mx3.example.net", "ttl 1h",
 * "raise HOST" ... (design: formats "Edits for draft"). Parses one and applies
 * it; knows no file ("import" text is given by the caller).
 */
#ifndef CORE_EDIT_H
#define CORE_EDIT_H

#include "core/draft.h"

/* A row for help, completion and the palette. */
struct edit_verb {
	const char *name;     /* "add" */
	const char *operands; /* "PREF HOST" */
	const char *help;     /* N_() */
};
extern const struct edit_verb edit_verbs[]; /* ends with name NULL; without "import", which needs a file */

/* words: verb and operands. Fails with ERR_USAGE naming what and where; a failing edit changes nothing. */
bool edit_apply(struct draft *draft, const struct dname *domain, size_t n, char *const words[], struct err *err);

#endif
