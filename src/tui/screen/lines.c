/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/screen/lines.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

#define LEAST_BEHIND 24 /* cells that text behind a head needs */

void lines_release(struct lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->line[i].text);
	free(lines->line);
	*lines = (struct lines){ 0 };
}

static void add_one(struct lines *lines, enum role role, int indent, const char *text, size_t len)
{
	struct str copy;

	str_init(&copy, 0);
	str_add_bytes(&copy, text, len);
	lines->line = mem_grow(lines->line, lines->n, &lines->cap, sizeof(*lines->line));
	lines->line[lines->n++] = (struct line){ role, indent, str_take(&copy) };
}

void lines_add(struct lines *lines, enum role role, int indent, const char *text)
{
	int cells = lines->width - indent > 4 ? lines->width - indent : 4;
	size_t next = 0;

	if (!*text)
		add_one(lines, role, indent, "", 0);
	for (; *text; text += next) {
		size_t len = text_row(text, (size_t)cells, &next);

		add_one(lines, role, indent, text, len);
	}
}

void lines_addf(struct lines *lines, enum role role, int indent, const char *format, ...)
{
	struct str text;
	va_list args;

	str_init(&text, 0);
	va_start(args, format);
	str_vaddf(&text, format, args);
	va_end(args);
	lines_add(lines, role, indent, text.s);
	str_release(&text);
}

void lines_headed(struct lines *lines, enum role role, int indent, const char *head, const char *text)
{
	int width = (int)text_width(head) + 1;
	struct str first;
	struct line *line;

	if (lines->width - indent - width < LEAST_BEHIND) {
		lines_add(lines, role, indent, head);
		lines_add(lines, role, indent + 2, text);
		return;
	}
	size_t at = lines->n;
	lines_add(lines, role, indent + width, text);
	line = &lines->line[at];
	str_init(&first, 0);
	str_addf(&first, "%s %s", head, line->text);
	free(line->text);
	line->text = str_take(&first);
	line->indent = indent;
}

void lines_gap(struct lines *lines)
{
	if (lines->n && lines->line[lines->n - 1].text[0])
		add_one(lines, ROLE_TEXT, 0, "", 0);
}

int lines_window(struct canvas *canvas, int n, int top, int bottom, int *scroll)
{
	int rows = bottom - top, most;
	bool counted = n > rows && rows > 1; /* the last row tells which ones are shown */

	if (rows < 1)
		return 0;
	rows -= counted;
	most = n > rows ? n - rows : 0;
	if (*scroll > most)
		*scroll = most;
	if (*scroll < 0)
		*scroll = 0;
	if (counted) {
		struct pen pen = pen_at(canvas, 1, bottom - 1);

		pen_putf(&pen, ROLE_DIM, _("lines %d-%d of %d"), *scroll + 1, *scroll + rows < n ? *scroll + rows : n, n);
	}
	return rows;
}

void lines_draw(const struct lines *lines, struct canvas *canvas, int top, int bottom, int *scroll)
{
	int n = (int)lines->n, rows = lines_window(canvas, n, top, bottom, scroll);

	for (int i = 0; i < rows && *scroll + i < n; i++) {
		const struct line *line = &lines->line[*scroll + i];
		struct pen pen = pen_at(canvas, 1 + line->indent, top + i);

		pen_put(&pen, line->role, line->text);
	}
}

bool lines_scroll(int *scroll, int page, enum action action)
{
	struct list list = { .n = INT_MAX / 2, .selected = *scroll, .page = page };

	if (!list_move(&list, action))
		return false;
	*scroll = list.selected;
	return true;
}
