/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push in words: how it stands, what blocks it, its requests, what is held, and who has what where others changed the set too. */
#ifndef SHOW_PUSH_H
#define SHOW_PUSH_H

#include "app/push_kind.h"
#include "core/change.h"
#include "show/document.h"

struct push_view {
	const struct push *push;
	int64_t now;
	bool ascii;
	const char *resume; /* how the reader says that an unfinished push is to be taken up */
};

void push_document(const struct push_view *view, struct document *document);

/* Its parts, each of which may be nothing. */
const char *push_phase_text(enum push_phase phase); /* what it does; N_() */
enum push_steps { PUSH_STEPS_RUN, PUSH_STEPS_TITLES /* of what would be sent */, PUSH_STEPS_WHOLE /* the same as it would be sent */ };
void push_steps_document(const struct push *push, enum push_steps how, struct document *document);
void push_held_document(
	const struct push *push, bool ascii, struct document *document); /* where it may be neither the old nor the new set */
/* Of which kind it would be. preview: a dry run, or NULL. */
void push_kind_document(const struct plan *plan, const struct push *preview, struct document *document);
void gates_document(const struct gates *gates, struct document *document);
void conflict_document(const struct threeway *three, bool ascii, struct document *document);

#endif
