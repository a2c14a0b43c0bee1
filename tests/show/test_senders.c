/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of the mail something happens to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "show/outcome.h"

static void part__is_told__neither_as_nothing_nor_as_all(void **state)
{
	static const struct {
		double share;
		const char *words;
	} rows[] = {
		{ 0, "0 %" },
		{ 0.0004, "0 %" },
		{ 0.0006, "1 %" },
		{ 0.004, "1 %" },
		{ 0.0149, "1 %" },
		{ 0.0151, "2 %" },
		{ 0.5, "50 %" },
		{ 0.9849, "98 %" },
		{ 0.991, "99 %" },
		{ 0.9994, "99 %" },
		{ 0.9996, "100 %" },
		{ 1, "100 %" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text;

		str_init(&text, 0);
		outcome_part(&text, rows[i].share);
		assert_string_equal(text.s, rows[i].words);
		str_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(part__is_told__neither_as_nothing_nor_as_all),
	};

	return cmocka_run_group_tests_name("senders", tests, NULL, NULL);
}
