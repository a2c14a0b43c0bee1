/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut-over to a draft in words: what has to be kept and until when, dated steps, and how caches drain. */
#ifndef SHOW_CUTOVER_H
#define SHOW_CUTOVER_H

#include "show/document.h"
#include "sim/cutover/cutover.h"

const char *cutover_nothing(const struct cutover *cutover); /* why there is nothing to tell, translated; NULL: there is */
/* The cut-over in words, where cutover_nothing() is NULL. */
void cutover_document(const struct cutover *cutover, bool ascii, struct document *document);
void cutover_curve(const struct cutover *cutover, struct document *document); /* some points of each part, as a table */

#endif
