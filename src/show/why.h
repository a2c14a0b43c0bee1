/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the numbers of a sender are what they are: the way of one message with the rule of each step, then all its rules, with sources. */
#ifndef SHOW_WHY_H
#define SHOW_WHY_H

#include "show/document.h"
#include "sim/attempt/failover.h"

void why_document(const struct sim_result *result, bool ascii, struct document *document);

#endif
