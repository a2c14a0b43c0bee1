/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left out of a frame's bytes, and what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/term/thin.h"

static void frame__says__nothing_twice(void **state)
{
	static const struct {
		const char *bytes, *left;
	} rows[] = {
		{ "", "" },
		{ "text", "text" },
		/* a colour that ends, before all does */
		{ "a\033[39m\033[mb", "a\033[mb" },
		{ "a\033[49m\033[0mb", "a\033[0mb" },
		{ "a\033[39;49m\033[0;1mb", "a\033[0;1mb" },
		{ "\033[39m\033(B\033[m", "\033[m" },
		{ "\033[49m\033(B\033[0m", "\033[0m" },
		{ "\033[39;49m\033(B\033[0;1;7m\033[38;5;80m", "\033[0;1;7m\033[38;5;80m" },
		{ "\033[39m\033(B\033[m \033[39m\033(B\033[m", "\033[m \033[m" },
		/* the set of characters */
		{ "\033(B\033[m\033(Btext\033(B", "\033[mtext" },
		{ "\033(0q\033)B", "\033(0q\033)B" },
		/* a colour that ends by itself, and what only looks like the rest */
		{ "a\033[39mb\033[m", "a\033[39mb\033[m" },
		{ "\033[39m\033[1m", "\033[39m\033[1m" },
		{ "\033[39m\033[38;5;80m", "\033[39m\033[38;5;80m" },
		{ "\033[39m\033[40d", "\033[39m\033[40d" },
		{ "\033[39m\033[0", "\033[39m\033[0" },
		{ "\033[39m\033[01m", "\033[39m\033[01m" },
		{ "\033[39m", "\033[39m" },
		{ "\033[39m\033(B", "\033[39m" },
		{ "\033[38;5;39m\033[m", "\033[38;5;39m\033[m" },
		{ "\033(", "\033(" },
		{ "[39m[m(B\033", "[39m[m(B\033" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str frame;

		str_init(&frame, 0);
		str_add(&frame, rows[i].bytes);
		thin_frame(&frame);
		assert_string_equal(frame.s, rows[i].left);
		assert_int_equal(frame.len, strlen(rows[i].left));
		str_release(&frame);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame__says__nothing_twice),
	};

	return cmocka_run_group_tests_name("thin", tests, NULL, NULL);
}
