/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text files that travel inside the program: themes/<name>.theme and demo/<name>. Knows names and bytes, not what
 * they mean. The table is made at build time from the lists in themes/Makefile.inc and demo/Makefile.inc and lives as
 * long as the program; nobody owns it. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name; /* path in the source tree, "themes/mono.theme"; NULL ends the table */
	const char *text; /* NUL-terminated */
	size_t len;       /* without the NUL */
};

extern const struct embedded embedded_table[];

/* The text of NAME, its length in *LEN (which may be NULL), or NULL. */
const char *embedded_find(const char *name, size_t *len);

/* The I-th name in the order of the lists, or NULL past the end. */
const char *embedded_name(size_t i);

#endif
