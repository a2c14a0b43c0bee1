/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "said.h"

#include <stdio.h>
#include <string.h>

static void add_cell(struct str *out, const struct document_cell *cell)
{
	str_addf(out, " [%s", roles[cell->role].name);
	if (cell->weight)
		str_addf(out, "/%u", cell->weight);
	str_addf(out, "%s%s", *cell->symbol ? " " : "", cell->symbol);
	str_addf(out, "%s%s]", cell->text.len ? " " : "", cell->text.s);
}

const char *said(const struct document *document)
{
	static char text[8192];
	struct str out;

	str_init(&out, 0);
	for (size_t i = 0; i < document->n; i++) {
		const struct part *part = &document->part[i];

		str_add(&out, part->depth ? ">" : "");
		str_add(&out, part->kind == PART_HEADING  ? "HEAD"
			      : part->kind == PART_ROW    ? "ROW"
			      : part->kind == PART_TITLES ? "TITLES"
							  : "");
		if (part->item >= 0)
			str_addf(&out, " %d:", part->item);
		for (size_t k = 0; k < part->n; k++)
			add_cell(&out, &document->cell[part->first + k]);
		str_add(&out, "\n");
	}
	snprintf(text, sizeof(text), "%s", out.s);
	str_release(&out);
	return text;
}
