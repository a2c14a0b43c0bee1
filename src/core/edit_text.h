/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one grammar of typed edits ("mxladder draft --help" lists them), for the command line and for the interface's prompts. Makes edits as
 * values; what cannot be is refused with what was meant. Knows no file ("import" is the command's own) and no draft.
 */
#ifndef CORE_EDIT_TEXT_H
#define CORE_EDIT_TEXT_H

#include "core/edit.h"

/* A row for help, completion and the palette. */
struct edit_row {
	const char *name;     /* "add" */
	const char *operands; /* "PREF HOST" */
	const char *help;     /* N_() */
};
extern const struct edit_row edit_rows[]; /* ends with name NULL; without "import", which needs a file */

struct edit_grammar {
	const struct dname *domain; /* whose set it is */
	/* A host of one label is one under the domain. Only where the person sees what was understood before it counts. */
	bool completes;
	bool imports; /* the caller reads "import" itself: the hint for an unknown edit names it too */
};

/* One edit: the verb and its operands, ended by NULL. Appends to edits; on failure nothing is appended, and *bad, where given, is the word
 * at fault. */
bool edit_parse(const struct edit_grammar *grammar, char *const words[], struct edits *edits, size_t *bad, struct err *err);
bool edit_parse_preference(const char *word, uint32_t *preference, struct err *err);
bool edit_parse_host(const struct edit_grammar *grammar, const char *word, struct dname *host, struct err *err); /* one to be named anew */
/* Edits in one line, separated by commas: "add 30 mx3.example.net, ttl 1h". An error names the place in the line. */
bool edit_parse_line(const struct edit_grammar *grammar, const char *line, struct edits *edits, struct err *err);
/* A new record: "30 mx3.example.net", "mx3.example.net 30", or the host alone, which gets the preference that is given. */
bool edit_parse_new(const struct edit_grammar *grammar, const char *line, uint32_t preference, struct edits *edits, struct err *err);
/* The record old as it is to be: preference and host in either order, or one of them. No edit where nothing changes. */
bool edit_parse_change(const struct edit_grammar *grammar, const char *line, const struct mx *old, struct edits *edits, struct err *err);

#endif
