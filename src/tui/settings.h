/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration and the environment say to the interface: theme, keys, domains, locale. Owns nothing. */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include "tui/term/theme.h"
#include "tui/tui.h"
#include "tui/ui.h"

const char *settings_sign_key(struct app *app, const struct dname *domain); /* NULL: approvals are not signed */
bool settings_keys(const struct app *app, struct keymap *keymap, struct err *err);
bool settings_theme(const struct app *app, const struct tui_options *options, struct theme *theme, struct err *err);
void settings_domains(struct ui *ui, const struct app *app, const struct dname *open); /* open may be NULL */
bool settings_lack_locale(struct str *text); /* the locale asked for is UTF-8 and not installed: text says so */

#endif
