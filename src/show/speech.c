/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show/speech.h"

#include <string.h>

#include "base/text.h"
#include "base/banned.h"

void speech_line(const char *text, struct str *out)
{
	size_t indent = 0, next = 0;

	for (; *text; text += next) {
		size_t len = text_row(text, SPEECH_WIDTH - indent, &next);

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

/* The title of the k-th cell, or "". */
static const char *title_of(const struct document *document, const struct part *titles, const struct part *part, size_t k)
{
	return k && titles && part->kind == PART_ROW && part->n == titles->n ? document->cell[titles->first + k].text.s : "";
}

static void add_cells(const struct document *document, const struct part *titles, const struct part *part, struct str *line)
{
	for (size_t k = 0; k < part->n; k++) {
		const char *title = title_of(document, titles, part, k);
		const struct document_cell *cell = &document->cell[part->first + k];

		if (!cell->text.len || !strcmp(cell->text.s, "–"))
			continue;
		if (*title) {
			join(line, title);
			str_add_char(line, ':');
		}
		join(line, cell->text.s);
	}
}

static bool is_numbered(const struct part *part)
{
	return part->kind == PART_ROW && part->item >= 0;
}

/* The part's statement; "" for titles, which are said with the cells below them. */
static void add_statement(const struct document *document, const struct part **titles, const struct part *part, struct str *out)
{
	if (part->kind == PART_TITLES || part->kind == PART_HEADING)
		*titles = part->kind == PART_TITLES ? part : NULL;
	if (part->kind == PART_TITLES)
		return;
	add_cells(document, *titles, part, out);
	str_add(out, part->kind == PART_HEADING ? ":\n" : "\n");
}

static void add_number(const struct part *part, struct str *line)
{
	if (is_numbered(part))
		str_addf(line, "%d.", part->item + 1);
}

/* item -1: all parts. */
static void add_parts(const struct document *document, bool numbered, int item, struct str *out)
{
	const struct part *titles = NULL;

	for (size_t i = 0; i < document->n; i++) {
		const struct part *part = &document->part[i];
		struct str line;

		str_init(&line, 0);
		if (numbered)
			add_number(part, &line);
		add_statement(document, &titles, part, &line);
		if (part->kind != PART_TITLES && (item < 0 || part->item == item))
			str_add(out, line.s);
		str_release(&line);
	}
}

void speech_add(const struct document *document, bool numbered, struct str *out)
{
	add_parts(document, numbered, -1, out);
}

void speech_add_item(const struct document *document, int item, struct str *out)
{
	add_parts(document, true, item, out);
}

/* ---- only what is new ---- */

static bool was_said(const struct str *said, const char *statement)
{
	for (const char *at = said->s; (at = strstr(at, statement)); at++)
		if (at == said->s || at[-1] == '\n')
			return true;
	return false;
}

void speech_news(const struct document *document, const struct str *said, struct str *out)
{
	const struct part *titles = NULL, *row = NULL; /* the numbered row that stands last */
	bool row_is_news = false, first = false;
	struct str line, head;

	str_init(&line, 0);
	str_init(&head, 0);
	for (size_t i = 0; i < document->n; i++) {
		const struct part *part = &document->part[i];
		bool below = row && !is_numbered(part) && part->item == row->item, news;

		str_clear(&line);
		add_number(part, &line);
		add_statement(document, &titles, part, &line);
		news = !said || !was_said(said, line.s) || (below && first && row_is_news);
		first = is_numbered(part);
		if (is_numbered(part)) {
			row = part;
			row_is_news = news;
			str_clear(&head);
			str_add(&head, line.s);
		} else if (news && below && !row_is_news) {
			str_add(out, head.s);
			row_is_news = true;
		}
		if (news)
			str_add(out, line.s);
	}
	str_release(&head);
	str_release(&line);
}
