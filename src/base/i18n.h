/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marks for translation. Pure floors use N_() only and keep the English id; a
 * face (tui, cli, main) translates with _() at the moment of showing.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#define N_(text) text

#endif
