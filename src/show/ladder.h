/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder in words: its rows, and what the domain's own answer means where it is no set. */
#ifndef SHOW_LADDER_H
#define SHOW_LADDER_H

#include "app/session.h"
#include "show/document.h"
#include "show/ladder_rows.h"

/* The rows of what a session shows: a draft beside its base, the live set, or where there is none the domain itself. To be released. */
void ladder_gather(const struct session *session, struct ladder_rows *rows);
/* Why what is held is not known; what it means that there is no MX record, or that nobody knows. Nothing where a set is there. */
void ladder_answer(const struct session *session, struct document *document);
void ladder_answer_of(const struct facts *facts, struct document *document); /* the same, of facts alone */
/* A row each: preference, host, share of first attempts, addresses' state, what is supposed of it, what the draft does to it, and what
 * becomes of the mail when it is silent. Items count the rows. */
void ladder_document(struct session *session, const struct ladder_rows *rows, bool ascii, struct document *document);
/* The same rows under the marks: where a message is tried first then. */
void ladder_whatif_document(struct session *session, bool ascii, struct document *document);

#endif
