/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of one set on its way to another, and who approved that, a sentence each. */
#ifndef SHOW_CHANGES_H
#define SHOW_CHANGES_H

#include "core/plan.h"
#include "show/document.h"

size_t changes_document(const struct mxset *from, const struct mxset *to, struct document *document); /* returns how many */
void approvals_document(const struct plan *plan, struct document *document);

#endif
