/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "tui/screen/domains.h"
#include "base/banned.h"

void domains_none(const struct scene *scene, struct document *document)
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

	if (scene->roster->n) {
		str_add(document_sentence(document, ROLE_TEXT, ""), _("No domain holds that word."));
		return;
	}
	str_add(document_sentence(document, ROLE_HEADING, ""), _("No domain is known here yet."));
	document->depth++;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].action == ACTION_ADD_ACCOUNT && !scene_adds_accounts(scene))
			continue;
		document_row(document);
		scene_way(scene, rows[i].action, document_cell(document, ROLE_KEY, 0, ""));
		document_put(document, ROLE_TEXT, 0, _(rows[i].text));
	}
	document->depth--;
	str_add(document_sentence(document, ROLE_DIM, ""),
		_("Looking changes nothing. A draft is published only by a push that you approve."));
}
