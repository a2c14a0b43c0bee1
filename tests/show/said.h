/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as text to compare: a line a part, cells with their signs, roles and weights. */
#ifndef TESTS_SHOW_SAID_H
#define TESTS_SHOW_SAID_H

#include "show/document.h"

/* "HEAD words", "ROW 0: [ok ✔ set A] [dim/1 serial 7]", "[warning ▲ words]"; ">" before what belongs to the row above. Static. */
const char *said(const struct document *document);

#endif
