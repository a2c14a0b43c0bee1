/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rebase before it is done, in words: who has what, host by host and the TTL, and what comes of it. */
#ifndef SHOW_REBASE_H
#define SHOW_REBASE_H

#include "app/session.h"
#include "show/document.h"

struct rebase_view {
	struct session *session;
	const char *side, *rebase; /* how these two actions are had here */
	bool ascii;
};

enum rebase_cell { REBASE_NAME, REBASE_BASE, REBASE_THEIRS, REBASE_MINE, REBASE_RESULT, REBASE_VERDICT, REBASE_CELLS };

/* Why it cannot be done, what has to be chosen, or how it is done. */
void rebase_sentence(const struct rebase_view *view, struct document *document);
/* Titles, and a row for each host and the TTL; items count them. Nothing where it is not possible. */
void rebase_table(const struct rebase_view *view, struct document *document);

#endif
