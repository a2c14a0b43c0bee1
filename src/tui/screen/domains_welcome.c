/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "tui/screen/domains.h"
#include "tui/screen/lines.h"
#include "base/banned.h"

/* Nothing is known yet: what can be done, each with its key. */
void domains_welcome(const struct scene *scene, struct canvas *canvas, struct area area)
{
	static const struct {
		enum action action;
		const char *text; /* N_() */
	} rows[] = {
		{ ACTION_OPEN, N_("look at a domain: where its mail goes, and what happens when a mail server fails") },
		{ ACTION_ADD_ACCOUNT, N_("add the account of whoever holds your zones, so that drafts can be pushed") },
		{ ACTION_NAMES, N_("read a list of domains from a file") },
		{ ACTION_THEME, N_("choose the colours") },
		{ ACTION_HELP, N_("every key, and short lessons") },
		{ ACTION_QUIT, N_("leave") },
	};
	struct lines lines = { .width = canvas->width - 2 };
	int scroll = 0;

	lines_add(&lines, ROLE_HEADING, 0, _("No domain is known here yet."));
	lines_gap(&lines);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str key;

		str_init(&key, 0);
		if (keymap_name(scene->keymap, rows[i].action, &key))
			lines_headed(&lines, ROLE_TEXT, 2, key.s, _(rows[i].text));
		str_release(&key);
	}
	lines_gap(&lines);
	lines_add(&lines, ROLE_DIM, 0, _("Looking changes nothing. A draft is published only by a push that you approve."));
	lines_draw(&lines, canvas, area.top, area.bottom, &scroll);
	lines_release(&lines);
}
