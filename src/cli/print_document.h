/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document on stdout or stderr: two blanks a depth, rows in columns, signs left out, for words say the same. */
#ifndef CLI_PRINT_DOCUMENT_H
#define CLI_PRINT_DOCUMENT_H

#include <stdio.h>

#include "show/document.h"

struct document print_begin(unsigned depth); /* an empty one, whose parts stand that deep */

#define PRINT_DEPTHS 5

struct print_form {
	unsigned char indent[PRINT_DEPTHS]; /* blanks, by depth */
	size_t width;                       /* at which sentences are broken; 0: never */
};
void print_document_as(struct document *document, FILE *to, const struct print_form *form);
void print_document(struct document *document, FILE *to); /* and releases it */

#endif
