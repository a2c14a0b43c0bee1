/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/explain.h"

static void topic_find__knows__all_eight(void **state)
{
	static const char *const names[] = { "mx-record", "preference", "equal-preference", "lookup", "backup-mx",
		"alias-target", "null-mx", "ttl" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct topic *topic = topic_find(names[i]);

		assert_non_null(topic);
		assert_true(*topic->title && strlen(topic->text) > 200);
	}
	assert_null(topic_find("love"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topic_find__knows__all_eight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
