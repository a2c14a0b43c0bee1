/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A draft's review in words: whether it is approved, what blocks it, what it changes and brings, what comes with it, how it is pushed. */
#ifndef SHOW_REVIEW_H
#define SHOW_REVIEW_H

#include "app/session.h"
#include "show/document.h"

struct review_view {
	struct session *session;
	int64_t now;
	const char *approve, *push; /* how the reader says so */
};

void review_document(const struct review_view *view, struct document *document);

#endif
