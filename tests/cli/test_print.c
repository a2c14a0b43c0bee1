/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/paint.h"
#include "cli/print.h"

struct paper {
	FILE *file;
	char *text;
	size_t len;
};

static void paper_open(struct paper *paper)
{
	paper->file = open_memstream(&paper->text, &paper->len);
	assert_non_null(paper->file);
}

static void paper_equals(struct paper *paper, const char *wanted)
{
	fclose(paper->file);
	assert_string_equal(paper->text, wanted);
	free(paper->text);
}

static void print__escapes_what_comes_from_outside(void **state)
{
	struct paper paper;

	(void)state;
	paper_open(&paper);
	print(paper.file, "host %s, %lu", "a\x1b[31mb", 7ul);
	print_text(paper.file, "\x07");
	paper_equals(&paper, "host a\\x1b[31mb, 7\n\\x07");
}

static void print_wrapped__rows(void **state)
{
	static const struct {
		const char *text;
		size_t indent, width;
		const char *wanted;
	} rows[] = {
		{ "one two three", 0, 80, "one two three\n" },
		{ "one two three", 0, 8, "one two\nthree\n" },
		{ "one two three", 2, 9, "  one two\n  three\n" },
		{ "one\n\ntwo", 0, 80, "one\n\ntwo\n" },
		{ "one\ntwo", 0, 80, "one two\n" },
		{ "anoverlongword two", 0, 5, "anoverlongword\ntwo\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct paper paper;

		paper_open(&paper);
		print_wrapped(paper.file, rows[i].text, rows[i].indent, rows[i].width);
		paper_equals(&paper, rows[i].wanted);
	}
}

static void table__aligns_by_cells(void **state)
{
	struct paper paper;
	struct table table;

	(void)state;
	paper_open(&paper);
	table_init(&table, 3, 1u << 1);
	table_add(&table, "å");
	table_add(&table, "1");
	table_add(&table, "x");
	table_add(&table, "bcd");
	table_add(&table, "100");
	table_add(&table, "y");
	table_print(&table, paper.file, " ");
	paper_equals(&paper, " å      1  x\n bcd  100  y\n");
}

static void json_err__has_code_message_hint(void **state)
{
	struct err err = { 0 };
	json_t *value;

	(void)state;
	err_set(&err, ERR_CONFLICT, "the set of %s moved", "exempel.com");
	value = json_err(&err);
	assert_string_equal(json_string_value(json_object_get(value, "code")), "conflict");
	assert_string_equal(json_string_value(json_object_get(value, "message")), "the set of exempel.com moved");
	assert_true(json_is_null(json_object_get(value, "hint")));
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(print__escapes_what_comes_from_outside),
		cmocka_unit_test(print_wrapped__rows),
		cmocka_unit_test(table__aligns_by_cells),
		cmocka_unit_test(json_err__has_code_message_hint),
	};

	return cmocka_run_group_tests_name("say", tests, NULL, NULL);
}
