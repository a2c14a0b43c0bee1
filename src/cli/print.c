/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

void print_msg(FILE *to, const struct msg *msg)
{
	struct str text;

	str_init(&text, 0);
	msg_format(msg, &translate_tongue, &text);
	fprintf(to, "%s\n", text.s);
	str_release(&text);
}

void print(FILE *to, const char *id, ...)
{
	struct msg msg = { 0 };
	va_list args;

	va_start(args, id);
	msg_vset(&msg, id, args);
	va_end(args);
	print_msg(to, &msg);
}

void print_failure(const struct err *err)
{
	struct str text;

	str_init(&text, 0);
	err_format(err, &translate_tongue, &text);
	fprintf(stderr, "mxladder: %s\n", text.s);
	str_release(&text);
	if (err->hint.id)
		print_msg(stderr, &err->hint);
}

void print_text(FILE *to, const char *text)
{
	struct str out;

	str_init(&out, 0);
	text_escape(&out, text, strlen(text));
	fputs(out.s, to);
	str_release(&out);
}

void print_wrapped(FILE *to, const char *text, size_t indent, size_t width)
{
	size_t at = 0;

	while (*text) {
		size_t len = strcspn(text, " \n"), cells;
		char *word = mem_copy(text, len + 1);

		word[len] = '\0';
		cells = text_width(word);
		if (at && indent + at + 1 + cells > width) {
			fputc('\n', to);
			at = 0;
		}
		if (len) {
			fprintf(to, "%*s%s", at ? 1 : (int)indent, "", word);
			at += cells + (at != 0);
		}
		free(word);
		text += len;
		if (*text == '\n') {
			if (text[1] == '\n' || text[1] == ' ') { /* a paragraph, or a line that is meant */
				fputs(text[1] == '\n' ? "\n\n" : "\n", to);
				at = 0;
			}
			text += 1 + (text[1] == '\n');
		} else if (*text == ' ') {
			text++;
		}
	}
	fputc('\n', to);
}

void table_init(struct table *table, size_t columns, unsigned right)
{
	*table = (struct table){ .columns = columns, .right = right };
}

struct str *table_cell(struct table *table)
{
	table->cell = mem_grow(table->cell, table->n, &table->cap, sizeof(*table->cell));
	str_init(&table->cell[table->n], 0);
	return &table->cell[table->n++];
}

void table_add(struct table *table, const char *text)
{
	struct str *cell = table_cell(table);

	text_escape(cell, text, strlen(text));
}

static void print_cell(const struct table *table, size_t i, const size_t *width, FILE *to)
{
	size_t column = i % table->columns, pad = width[column] - text_width(table->cell[i].s);
	bool right = table->right >> column & 1u, last = column + 1 == table->columns;
	size_t next = i + 1;

	fprintf(to, "%*s%s", right ? (int)pad : 0, "", table->cell[i].s);
	while (next < table->n && next % table->columns && !table->cell[next].len)
		next++;
	if (last)
		fputc('\n', to);
	else if (next % table->columns) /* nothing stands behind the last text of a row */
		fprintf(to, "%*s", (int)(right ? 2 : pad + 2), "");
}

void table_print(struct table *table, FILE *to, const char *indent)
{
	size_t *width = mem_alloc(table->columns * sizeof(*width));

	for (size_t i = 0; i < table->n; i++) {
		size_t cells = text_width(table->cell[i].s);

		if (cells > width[i % table->columns])
			width[i % table->columns] = cells;
	}
	for (size_t i = 0; i < table->n; i++) {
		if (i % table->columns == 0)
			fputs(indent, to);
		print_cell(table, i, width, to);
	}
	for (size_t i = 0; i < table->n; i++)
		str_release(&table->cell[i]);
	free(table->cell);
	free(width);
}

void print_json(json_t *value)
{
	/* Not first as a whole in memory: it may be long. */
	if (json_dumpf(value, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(10)) == 0)
		putchar('\n');
	json_decref(value);
}

json_t *json_msg(const struct msg *msg)
{
	struct str text;
	json_t *value;

	if (!msg->id)
		return json_null();
	str_init(&text, 0);
	msg_format(msg, &translate_tongue, &text);
	value = json_string(text.s);
	str_release(&text);
	return value ? value : json_null();
}

json_t *json_text(const char *text)
{
	struct str out;
	json_t *value;

	if (!text)
		return json_null();
	str_init(&out, 0);
	text_escape(&out, text, strlen(text));
	value = json_string(out.s);
	str_release(&out);
	return value ? value : json_null();
}

json_t *json_name(const struct dname *name)
{
	char text[DNAME_TEXT_MAX];

	return name->len ? json_string(dname_text(name, text)) : json_null();
}

json_t *json_err(const struct err *err)
{
	struct str text;
	json_t *value;

	str_init(&text, 0);
	err_format(err, &translate_tongue, &text);
	value = json_pack("{s:s, s:s, s:o}", "code", err_code_name(err->code), "message", text.s, "hint", json_msg(&err->hint));
	str_release(&text);
	return value;
}
