/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration and the environment say to the interface: theme, keys, domains, locale. Owns nothing. */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include "tui/term/copy.h"
#include "tui/term/theme.h"
#include "tui/tui.h"
#include "tui/ui.h"

const char *settings_sign_key(struct app *app, const struct dname *domain); /* NULL: approvals are not signed */
bool settings_keys(const struct app *app, struct keymap *keymap, struct err *err);
const char *settings_first_theme(const struct app *app, const struct tui_options *options); /* the chosen one, else what COLORFGBG tells */
const char *settings_theme_for(enum ground ground);
/* Is the theme settled, whatever the terminal may tell of its ground? */
bool settings_theme_is_known(const struct app *app, const struct tui_options *options);
/* Reads a theme by its name, or from a file; without its colours where none are wanted. */
bool settings_theme(const struct tui_options *options, const char *name, struct theme *theme, struct err *err);
enum clipboard settings_clipboard(void);
void settings_domains(struct ui *ui, const struct app *app, const struct dname *open); /* open may be NULL */
void settings_tell_locale(struct ui *ui); /* where the locale asked for is UTF-8 and not installed */
/* Where the cursor stands behind a line character at the left edge; true where all is to be drawn anew. Anything else than behind one cell:
 * too wide, or no UTF-8. */
bool settings_column(struct ui *ui, uint32_t column);

#endif
