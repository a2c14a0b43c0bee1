/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which checks are run (--only, --skip), and which findings somebody accepted (--accepted, --accept). For check and audit. */
#ifndef CLI_CHOICE_H
#define CLI_CHOICE_H

#include "check/accept.h"
#include "cli/command.h"

struct choice {
	const struct call *call;
	struct accepts accepts;
};

/* Reads the options and the file; --accept adds a line to it first, for domain (NULL: a plan, for which nothing is accepted). ERR_USAGE
 * for a check that is not there; ERR_FILE. choice_release() in any case. */
bool choice_read(struct choice *choice, const struct call *call, const struct dname *domain, struct err *err);
/* --fail-on, without it error. ERR_USAGE. */
bool choice_level(const struct call *call, enum check_level *level, struct err *err);
void choice_release(struct choice *choice);
bool choice_has(const struct choice *choice, const char *id); /* of a check, or "servers", "dnssec" */
unsigned choice_needs(const struct choice *choice);           /* enum need: what the chosen ones need */
/* Takes out what was not chosen, and marks what is accepted now. */
void choice_apply(const struct choice *choice, struct findings *findings, const struct dname *domain);

#endif
