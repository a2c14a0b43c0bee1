/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface as it is drawn, against a golden picture: text and roles. With MXLADDER_GOLDEN in the environment it is written instead. */
#ifndef TESTS_TUI_PICTURES_H
#define TESTS_TUI_PICTURES_H

#include <stdint.h>

#include "base/str.h"

extern int64_t picture_at; /* of pictures with dates on them; 0: by the clock */

void picture_compare(const char *name, const char *text); /* with tests/golden/NAME */
void picture_draw(int width, int height, struct str *text, struct str *marks);
void picture(const char *name, const char *lang); /* in three sizes; in other languages than "en" mostly in one */
void picture_wide(const char *name);              /* in English, in 120x40 too: where columns stand that the others leave out */

#endif
