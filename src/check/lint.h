/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs every check over a set; marks what a draft introduces. The order: introduced first, then by level, then by ladder. */
#ifndef CHECK_LINT_H
#define CHECK_LINT_H

#include "check/check.h"

extern const struct check *const checks[]; /* every check; ends with NULL */
const struct check *check_find(const char *id);
unsigned lint_needs(void);                      /* enum need: what all checks need together */
unsigned lint_needs_at(enum check_level level); /* what those at this level, or above it, need */

/* One check of a set that is known. out is overwritten: initialise with {0}. */
void lint_one(const struct check *check, const struct check_input *in, struct findings *out);
/* out is overwritten: initialise with {0}. */
void lint_run(const struct check_input *in, struct findings *out);
/* The draft's findings, introduced set for those that the live set lacks. */
void lint_draft(const struct check_input *live, const struct check_input *draft, struct findings *out);
/* Those of them that are errors and introduced, and maybe others; for who wants no more. */
void lint_errors(const struct check_input *live, const struct check_input *draft, struct findings *out);
/* The same, where the live set's findings are there already. */
void lint_against(const struct findings *before, const struct check_input *draft, struct findings *out);
/* What the live set has and its draft has not, where the draft was looked at for it. out is overwritten: initialise with {0}. */
void lint_cured(const struct check_input *live, const struct findings *draft, struct findings *out);
/* Number of findings at or above level that nobody accepted; only_introduced counts those alone. */
size_t findings_count(const struct findings *findings, enum check_level level, bool only_introduced);

#endif
