/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has to change together with a set, in words: each step, whether it stands there already, its text to copy, and its wait. */
#ifndef SHOW_COMPANIONS_H
#define SHOW_COMPANIONS_H

#include "check/companion.h"
#include "show/document.h"

void companions_document(const struct companions *companions, struct document *document); /* nothing where there is none */

#endif
