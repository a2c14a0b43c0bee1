/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the domains screen as it shows them now: those that its filter leaves. */
#ifndef TUI_DOMAINS_H
#define TUI_DOMAINS_H

#include "app/roster.h"
#include "show/document.h"
#include "tui/screen/screen.h"

bool domains_shows(const struct screen *screen, const struct roster_row *row);
/* The selected ones, whatever the filter leaves; else the one in focus. out has room for all; how many. */
size_t domains_meant(const struct screen *screen, const struct roster *roster, struct roster_row **out);
/* In place of the rows: none holds the word that is looked for, or nothing is known yet. */
void domains_none(const struct scene *scene, struct document *document);

#endif
