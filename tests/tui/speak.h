/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The languages of po/, without installing them. */
#ifndef TESTS_TUI_SPEAK_H
#define TESTS_TUI_SPEAK_H

#include <stddef.h>

#define SPEAK_MOST 16

size_t speak_languages(char (*out)[8]); /* those of po/LINGUAS, at most SPEAK_MOST */
void speak(const char *language);       /* its catalogue from here on; NULL: English again */

#endif
