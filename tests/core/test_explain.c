/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/explain.h"

static void topics__are__whole(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct topic *topic = topics; topic->name; topic++, n++) {
		assert_ptr_equal(topic_find(topic->name), topic);
		assert_int_equal(strspn(topic->name, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(topic->name));
		assert_true(*topic->title && *topic->reference && strlen(topic->text) > 200);
	}
	assert_true(n >= 8);
	assert_null(topic_find("love"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topics__are__whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
