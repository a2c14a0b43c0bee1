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
	const char *accounts;       /* how the accounts are shown, one of which is to be added; NULL: the domain has one */
	const char *unfold;         /* ... that the requests are to be shown as they would be sent; NULL: they are */
	bool ascii;
};

#define REVIEW_REQUESTS 0 /* item of the heading of the requests */

bool review_folds(const struct session *session); /* there are requests that can be shown whole */

void review_document(const struct review_view *view, struct document *document);

#endif
