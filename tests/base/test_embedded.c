/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "base/embedded.h"

static void embedded_find__answers__every_name(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; embedded_name(i); i++) {
		size_t len = 0;
		const char *text = embedded_find(embedded_name(i), &len);
		assert_non_null(text);
		assert_int_equal(len, strlen(text));
		assert_true(len > 0);
		assert_int_equal(text[len - 1], '\n');
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(embedded_name(k), embedded_name(i));
	}
	assert_true(i >= 3); /* themes */
	assert_null(embedded_name(i + 1));
}

static void embedded_find__is_null__for_a_stranger(void **state)
{
	(void)state;
	assert_null(embedded_find("themes/no such.theme", NULL));
}

static void embedded_find__tells__the_length_where_it_is_asked(void **state)
{
	size_t len = 0;
	const char *first = embedded_name(0);

	(void)state;
	assert_non_null(first);
	assert_ptr_equal(embedded_find(first, NULL), embedded_find(first, &len));
	assert_non_null(embedded_find("themes/default.theme", &len));
	assert_int_equal(len, strlen(embedded_find("themes/default.theme", NULL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(embedded_find__answers__every_name),
		cmocka_unit_test(embedded_find__tells__the_length_where_it_is_asked),
		cmocka_unit_test(embedded_find__is_null__for_a_stranger),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
