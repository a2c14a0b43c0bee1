/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/suffix.h"

static void registered__is_one_label_below_a_suffix(void **state)
{
	static const struct {
		const char *name, *registered; /* NULL: none */
	} rows[] = {
		{ "mail.example.com", "example.com" }, { "example.com", "example.com" }, { "a.b.example.co.uk", "example.co.uk" },
		{ "co.uk", NULL }, { "com", NULL }, { "a\\.b.example.com", NULL }, /* what is no host name is not looked up */
	};
	struct suffixes *suffixes = suffixes_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname name, found = { 0 }, wanted;

		assert_true(dname_parse(&name, rows[i].name, NULL));
		assert_int_equal(suffixes_registered(suffixes, &name, &found), rows[i].registered != NULL);
		if (rows[i].registered) {
			assert_true(dname_parse(&wanted, rows[i].registered, NULL));
			assert_true(dname_equal(&found, &wanted));
		}
	}
	suffixes_free(suffixes);
	suffixes_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(registered__is_one_label_below_a_suffix) };

	return cmocka_run_group_tests_name("suffix", tests, NULL, NULL);
}
