/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of the mail of a sender in full, and of every sender in a table: the first attempt, and the rest. */
#ifndef SHOW_SUMS_H
#define SHOW_SUMS_H

#include "show/document.h"
#include "sim/attempt/failover.h"

void sender_document(const struct sim_result *result, struct document *document);
/* The way of one message, a row a step. */
void trace_document(const struct sim_result *result, bool ascii, struct document *document);
void trace_step(const struct sim_step *step, bool ascii, struct document *document);
void sums_titles(struct document *document);
void sums_row(const struct sim_result *result, struct document *document);

#endif
