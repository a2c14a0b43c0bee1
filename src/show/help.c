/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/help.h"

#include "base/i18n.h"
#include "base/banned.h"

void help_document(const struct help_line *line, size_t n, struct document *document)
{
	for (size_t i = 0; i < n; i++) {
		document->item = -1;
		if (line[i].heading)
			str_add(document_heading(document), _(line[i].heading));
		document->item = (int)i;
		document_row(document);
		document_put(document, ROLE_KEY, 0, line[i].keys ? line[i].keys : line[i].name);
		document_put(document, ROLE_TEXT, 0, _(line[i].text));
		document_put(document, ROLE_DIM, 1, line[i].keys ? line[i].name : "");
	}
	document->item = -1;
	if (!n)
		str_add(document_sentence(document, ROLE_TEXT, ""), _("Nothing holds that word."));
}
