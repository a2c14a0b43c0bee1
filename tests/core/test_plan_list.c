/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the plans of a file stand. A file whose list is not found is read as a whole, to the same end: so the finding is looked at here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan_list.h"

static bool find(struct plan_list *list, const char *text)
{
	return plan_list_find(list, text, strlen(text));
}

static void list__is_found__in_each_sound_object(void **state)
{
	static const struct {
		const char *text;
		const char *inside; /* between the brackets; NULL: not found */
		const char *rest;
	} rows[] = {
		{ "{\"plans\":[1]}", "1", "{\"plans\":[]}" },
		{ " {\t\"plans\"\r\n: [ 1 , 2 ] }", " 1 , 2 ", "{\"plans\":[]}" },
		{ "{\"a\":1,\"plans\":[{\"b\":[1,2]},[3]],\"c\":2}", "{\"b\":[1,2]},[3]", "{\"a\":1,\"plans\":[],\"c\":2}" },
		{ "{\"a\":[{},[\"]\"]],\"plans\":[1]}", "1", "{\"a\":[{},[\"]\"]],\"plans\":[]}" },
		{ "{\"a\":\"\\\"plans\\\":[\",\"plans\":[1]}", "1", "{\"a\":\"\\\"plans\\\":[\",\"plans\":[]}" },
		{ "{\"a\":\"\\\\\",\"plans\":[1]}", "1", "{\"a\":\"\\\\\",\"plans\":[]}" },
		{ "{\"a\":{\"plans\":[7]},\"plans\":[1]}", "1", "{\"a\":{\"plans\":[7]},\"plans\":[]}" },
		{ "{\"plan\":[2],\"plans\":[1]}", "1", "{\"plan\":[2],\"plans\":[]}" },
		{ "{\"plans2\":[2],\"plans\":[1]}", "1", "{\"plans2\":[2],\"plans\":[]}" },
		{ "{\"plant\":{},\"plans\":[1]}", "1", "{\"plant\":{},\"plans\":[]}" },
		{ "{\"plans\":[\"a]\",2]}", "\"a]\",2", "{\"plans\":[]}" },
		/* No list, or one that has to be read as a whole. */
		{ "", NULL, NULL },
		{ "[1]", NULL, NULL },
		{ "{}", NULL, NULL },
		{ "{\"plans\":1}", NULL, NULL },
		{ "{\"plans\":[]}", NULL, NULL },
		{ "{\"plans\" [1]}", NULL, NULL },
		{ "{\"plans\"", NULL, NULL },
		{ "{\"plans\":[1", NULL, NULL },
		{ "{\"plans\":[1,", NULL, NULL },
		{ "{\"plans\":[1}", NULL, NULL },
		{ "{\"plans\":[1,]}", NULL, NULL },
		{ "{\"plans\":[[1]}", NULL, NULL },
		{ "{\"plans\":[\"1]}", NULL, NULL },
		{ "{\"plans\":[\"1\\", NULL, NULL },
		{ "{\"a\":,\"plans\":[1]}", NULL, NULL },
		{ "{\"a\":\"x,\"plans\":[1]}", NULL, NULL },
		{ "{a:1,\"plans\":[1]}", NULL, NULL },
		{ "{\"a\":1 \"plans\":[1]}", NULL, NULL },
		{ "{\"a\":1,", NULL, NULL },
		{ "{\"a\":1", NULL, NULL },
		{ "{\"a", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plan_list list = { 0 };
		json_error_t wrong;
		json_t *rest;
		char *text;

		if (find(&list, rows[i].text) != (rows[i].inside != NULL))
			fail_msg("%s", rows[i].text);
		if (!rows[i].inside)
			continue;
		assert_int_equal(list.to - list.from, strlen(rows[i].inside));
		assert_memory_equal(list.from, rows[i].inside, strlen(rows[i].inside));
		assert_ptr_equal(list.at, list.from);
		rest = plan_list_rest(&list, &wrong);
		text = json_dumps(rest, JSON_COMPACT);
		assert_string_equal(text, rows[i].rest);
		assert_ptr_equal(list.at, list.from);
		free(text);
		json_decref(rest);
	}
}

/* A zero byte ends nothing: the file has a length. */
static void list__ends__where_the_file_does(void **state)
{
	static const char text[] = "{\"plans\":[1]}";
	struct plan_list list;

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++)
		assert_int_equal(plan_list_find(&list, text, len), len >= sizeof(text) - 2);
	assert_true(plan_list_find(&list, "\n\n{\"plans\":\n[1]}", 16));
	assert_int_equal(list.line, 4);
	assert_false(plan_list_find(&list, "\0{\"plans\":[1]}", 14));
}

static void expect_next(struct plan_list *list, const char *value, int line)
{
	json_error_t wrong;
	json_t *json = plan_list_next(list, &wrong);
	char *text = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	if (value)
		assert_string_equal(text, value);
	else
		assert_null(text);
	assert_int_equal(list->line, line);
	free(text);
	json_decref(json);
}

static void next__gives__each_with_the_line_it_ends_on(void **state)
{
	struct plan_list list;
	json_error_t wrong;

	(void)state;
	assert_true(find(&list, "{\n\"plans\":[\n{\"a\":1},\n\"x,y\" , 7,[1,\n2]\n]}"));
	assert_int_equal(list.line, 2);
	expect_next(&list, "{\"a\":1}", 3);
	expect_next(&list, "\"x,y\"", 4);
	expect_next(&list, "7", 4);
	expect_next(&list, "[1,2]", 6);
	assert_null(plan_list_next(&list, &wrong));
	assert_int_equal(wrong.line, 0);
}

/* The line is the file's. */
static void next__says__which_line_is_wrong(void **state)
{
	struct plan_list list;
	json_error_t wrong;

	(void)state;
	assert_true(find(&list, "{\n\"plans\":[1,\n2,\n{\"a\":1,\n\"a\":2}]}"));
	expect_next(&list, "1", 2);
	expect_next(&list, "2", 3);
	assert_null(plan_list_next(&list, &wrong));
	assert_int_equal(wrong.line, 5);
	assert_string_equal(wrong.text, "duplicate object key near '\"a\"'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list__is_found__in_each_sound_object),
		cmocka_unit_test(list__ends__where_the_file_does),
		cmocka_unit_test(next__gives__each_with_the_line_it_ends_on),
		cmocka_unit_test(next__says__which_line_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
