/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks for translation. Pure floors use N_() only and keep the English id; a
 * front end (tui, cli, main) translates with _() and ngettext() at the moment of
 * showing.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#ifdef ENABLE_NLS
#include <libintl.h>
#else
#define gettext(text) (text)
#define ngettext(one, many, n) ((n) == 1 ? (one) : (many))
#endif

#define N_(text) text
/* Both forms of a counted sentence, two arguments in one mark: NP_("%zu host", "%zu hosts"). */
#define NP_(one, many) one, many
#define _(text) gettext(text)

#endif
