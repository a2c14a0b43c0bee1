/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One way to fail: a function returns false or NULL and fills the struct err
 * that its caller owns; on success it is untouched. Context is added on the
 * way up ("what was tried, on what"); it is shown once, by a front end. Secrets
 * never go in.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/msg.h"

enum err_code {
	ERR_NONE,
	ERR_FALSE,       /* exit 1: it ran, and what was asked does not hold */
	ERR_USAGE,       /* exit 2: wrong usage, unreadable input */
	ERR_NETWORK,     /* exit 3: no answer */
	ERR_FILE,        /* exit 4: a file or lock could not be used */
	ERR_AUTH,        /* exit 5: the provider refused the credentials */
	ERR_CONFLICT,    /* exit 6: live is not what was approved */
	ERR_INTERRUPTED, /* exit 7: part-way; resume is needed */
	ERR_REFUSED,     /* exit 8: the provider refused the change */
	ERR_APPROVAL,    /* exit 9: not approved, or not validly */
	ERR_BLOCKED,     /* exit 1: a gate of a push says no, or cannot tell */
	ERR_CODES
};

#define ERR_CONTEXTS 3

struct err {
	enum err_code code;
	struct msg what;                  /* what went wrong, on what */
	struct msg hint;                  /* what to do; id NULL when there is nothing to say */
	struct msg context[ERR_CONTEXTS]; /* innermost first: what was being done */
};

/* Always false, so that a failing function can return it. err may be NULL. */
bool err_set(struct err *err, enum err_code code, const char *id, ...) __attribute__((format(printf, 3, 4)));
void err_hint(struct err *err, const char *id, ...) __attribute__((format(printf, 2, 3)));
/* Adds what was being done; past ERR_CONTEXTS the outermost is replaced. Always false. */
bool err_context(struct err *err, const char *id, ...) __attribute__((format(printf, 2, 3)));

int err_exit_status(enum err_code code);       /* 0..9, as the manual lists them */
const char *err_code_name(enum err_code code); /* "conflict": the code in JSON errors */
/* "CONTEXT: WHAT" in one line, without the hint, translated and escaped. */
void err_format(const struct err *err, const struct msg_tongue *tongue, struct str *out);

#endif
