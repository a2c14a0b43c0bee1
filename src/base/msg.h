/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sentence for a person, kept as the English id and its rendered arguments,
 * so that pure code can make it and a front end can translate it later. Ids are
 * marked with N_(). The formats may hold %s %d %i %u %ld %lu %zu %lld %llu %c %%
 * only (no widths, no floats, no *); translators may reorder with %1$s.
 * Arguments are kept as they came: the front end escapes them. Holds no pointers but
 * to string constants: a struct msg is copied with =.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define MSG_ARGS 4
#define MSG_ARG_MAX 272 /* bytes; a longer argument is cut at a UTF-8 boundary, ending in "..." */

struct msg {
	const char *id;     /* NULL: no message */
	const char *plural; /* NULL: no count in it */
	unsigned long n;    /* the count that chooses the plural form */
	char arg[MSG_ARGS][MSG_ARG_MAX];
};

void msg_set(struct msg *msg, const char *id, ...) __attribute__((format(printf, 2, 3)));
void msg_vset(struct msg *msg, const char *id, va_list args) __attribute__((format(printf, 2, 0)));
/* n chooses the form; both forms take the same arguments (n itself included where shown). */
void msg_set_n(struct msg *msg, unsigned long n, const char *id, const char *plural, ...) __attribute__((format(printf, 4, 5)));

/* A translator: gettext/ngettext of a front end; NULL means English as written. */
struct msg_tongue {
	const char *(*one)(const char *id);
	const char *(*many)(const char *id, const char *plural, unsigned long n);
};

/* Appends the sentence, translated, its arguments escaped for a terminal (base/text.h). */
void msg_format(const struct msg *msg, const struct msg_tongue *tongue, struct str *out);

#endif
