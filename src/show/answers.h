/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who answers what: the provider, each name server's address and the resolver's cache, with the set that each of them has. Sets are told
 * apart by letters: A is the live one.
 */
#ifndef SHOW_ANSWERS_H
#define SHOW_ANSWERS_H

#include "core/facts.h"
#include "show/document.h"

/* A row each: who, which set, and what else is known of the answer. Items count the rows. */
void answers_document(const struct facts *facts, int64_t now, bool ascii, struct document *document);
size_t answers_rows(const struct facts *facts);
/* One of these rows in full: its set beside the live one. */
void answers_one(const struct facts *facts, size_t row, int64_t now, bool ascii, struct document *document);

#endif
