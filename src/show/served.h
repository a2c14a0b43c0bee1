/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the name servers give after a push, and when caches have lost the old answer, in words. */
#ifndef SHOW_SERVED_H
#define SHOW_SERVED_H

#include "app/watch.h"
#include "show/document.h"

/* A row each. now 0: nor since when the set was seen. */
void served_document(const struct served *served, int64_t now, bool ascii, struct document *document);
/* safe_at 0: nothing is said. now 0: nor how long it is until then. */
void drain_document(const struct drain *drain, int64_t safe_at, int64_t tail_at, int64_t now, struct document *document);

#endif
