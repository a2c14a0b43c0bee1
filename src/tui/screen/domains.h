/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the domains screen as it shows them now: those that its filter leaves. */
#ifndef TUI_DOMAINS_H
#define TUI_DOMAINS_H

#include "app/roster.h"
#include "tui/screen/frame.h"

bool domains_shows(const struct screen *screen, const struct roster_row *row);
/* The selected ones, whatever the filter leaves; else the one in focus. out has room for all; how many. */
size_t domains_meant(const struct screen *screen, const struct roster *roster, struct roster_row **out);
/* What a row is about at a glance, in few words. */
void domains_state(const struct roster_row *row, struct str *out);

/* In place of the rows, where nothing is known yet. */
void domains_welcome(const struct scene *scene, struct canvas *canvas, struct area area);

#endif
