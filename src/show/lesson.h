/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short lesson, or why a check exists: its title, a sentence for each paragraph, where it stands. */
#ifndef SHOW_LESSON_H
#define SHOW_LESSON_H

#include "show/document.h"

/* title and text: N_(); paragraphs are parted by an empty line. reference: or "". A front end leaves an empty line between the parts. */
void lesson_document(const char *title, const char *text, const char *reference, struct document *document);

#endif
