/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went out to those who hold the zones, in words: a row each, and one of them in full. */
#ifndef SHOW_REQUESTS_H
#define SHOW_REQUESTS_H

#include "app/requests.h"
#include "show/document.h"

/* When, for whom, what, where to, what came, after how long. */
void request_add_row(const struct request_row *row, struct document *document);
void request_document(const struct request_row *row, struct document *document);
void request_text(const struct request_row *row, struct str *out); /* what is searched */

#endif
