/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static void str_add__keeps__what_fits(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 8);
	str_add(&s, "abc");
	str_add_char(&s, 'd');
	str_addf(&s, "%d", 42);
	assert_string_equal(s.s, "abcd42");
	assert_false(s.overflow);
	str_add(&s, "xyz"); /* one too many: nothing of it */
	assert_true(s.overflow);
	assert_string_equal(s.s, "abcd42");
	str_add(&s, "x"); /* and nothing after it */
	assert_int_equal(s.len, 6);
	str_clear(&s);
	str_add(&s, "12345678");
	assert_false(s.overflow);
	str_addf(&s, "%s", "9");
	assert_true(s.overflow);
	assert_string_equal(s.s, "12345678");
	str_release(&s);
	str_release(&s);
}

static void str_add_bytes__keeps__zero_bytes(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 0);
	str_add_bytes(&s, "a\0b", 3);
	str_add_bytes(&s, "", 0);
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.s, "a\0b\0", 4);
	str_release(&s);
}

static void str_add__grows__a_zeroed_one(void **state)
{
	struct str s = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		str_add(&s, "0123456789");
	assert_int_equal(s.len, 100000);
	assert_int_equal(strlen(s.s), 100000);
	str_release(&s);
}

static void str_take__hands_over__and_begins_anew(void **state)
{
	struct str s;
	char *text;

	(void)state;
	str_init(&s, 0);
	str_add(&s, "one");
	text = str_take(&s);
	assert_string_equal(text, "one");
	assert_int_equal(s.len, 0);
	str_add(&s, "two");
	assert_string_equal(s.s, "two");
	free(text);
	str_release(&s);
}

static void mem_grow__doubles__and_keeps(void **state)
{
	int *numbers = NULL;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		numbers = mem_grow(numbers, (size_t)i, &cap, sizeof(*numbers));
		numbers[i] = i;
	}
	assert_true(cap >= 1000 && cap < 4000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
}

static void mem_text__copies__and_knows_null(void **state)
{
	char *copy = mem_text("abc");

	(void)state;
	assert_string_equal(copy, "abc");
	mem_wipe(copy, 3);
	assert_memory_equal(copy, "\0\0\0", 3);
	mem_wipe(NULL, 5);
	free(copy);
	assert_null(mem_text(NULL));
	copy = mem_copy("", 0);
	assert_non_null(copy);
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_add__keeps__what_fits),
		cmocka_unit_test(str_add_bytes__keeps__zero_bytes),
		cmocka_unit_test(str_add__grows__a_zeroed_one),
		cmocka_unit_test(str_take__hands_over__and_begins_anew),
		cmocka_unit_test(mem_grow__doubles__and_keeps),
		cmocka_unit_test(mem_text__copies__and_knows_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
