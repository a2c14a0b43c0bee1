/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/speech.h"

#include <string.h>

#include "base/text.h"
#include "base/banned.h"

/* Bytes of the next line, and where the one behind it begins. */
static size_t one_line(const char *text, size_t cells, size_t *next)
{
	size_t fit = text_fit(text, cells), len = strlen(text);

	*next = fit ? fit : 1;
	if (fit >= len)
		return len;
	for (size_t i = fit + 1; i-- > 1;)
		if (text[i] == ' ') {
			*next = i + strspn(text + i, " ");
			return i;
		}
	return *next;
}

void speech_line(const char *text, struct str *out)
{
	size_t indent = 0, next = 0;

	for (; *text; text += next) {
		size_t len = one_line(text, SPEECH_WIDTH - indent, &next);

		str_addf(out, "%*s", (int)indent, "");
		str_add_bytes(out, text, len);
		str_add(out, "\n");
		indent = 2;
	}
}

/* What ends in a colon leads on; other cells are listed. */
static void join(struct str *line, const char *text)
{
	if (line->len)
		str_add(line, line->s[line->len - 1] == ':' || line->s[line->len - 1] == '.' ? " " : ", ");
	str_add(line, text);
}

void speech_add(const struct document *document, bool numbered, struct str *out)
{
	for (size_t i = 0; i < document->n; i++) {
		const struct part *part = &document->part[i];
		struct str line;

		str_init(&line, 0);
		if (numbered && part->kind == PART_ROW && part->item >= 0)
			str_addf(&line, "%d.", part->item + 1);
		for (size_t k = 0; k < part->n; k++) {
			const struct document_cell *cell = &document->cell[part->first + k];

			if (cell->text.len)
				join(&line, cell->text.s);
		}
		str_add(&line, part->kind == PART_HEADING ? ":\n" : "\n");
		str_add(out, line.s);
		str_release(&line);
	}
}
