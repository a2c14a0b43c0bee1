/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document on stdout or stderr: two blanks a depth, rows in columns, signs left out, for words say the same. */
#ifndef CLI_PRINT_DOCUMENT_H
#define CLI_PRINT_DOCUMENT_H

#include <stdio.h>

#include "show/document.h"

struct document print_begin(unsigned depth);              /* an empty one, whose parts stand that deep */
void print_document(struct document *document, FILE *to); /* and releases it */

#endif
