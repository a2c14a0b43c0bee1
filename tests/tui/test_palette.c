/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal of few, many or all colours is told for a theme's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tui/term/palette.h"
#include "tui/term/theme.h"

static void check(int colour, int n_colours, int expected, unsigned attributes)
{
	unsigned found = 0;
	int number = palette_number(colour, n_colours, &found);

	if (number != expected || found != attributes)
		fail_msg("%x of %d: %x with %u, expected %x with %u", (unsigned)colour, n_colours, (unsigned)number, found,
			(unsigned)expected, attributes);
}

static void palette__keeps__what_the_terminal_has(void **state)
{
	(void)state;
	for (int n = 8; n <= 1 << 24; n *= 2) {
		check(COLOUR_DEFAULT, n, COLOUR_DEFAULT, 0);
		check(1, n, 1, 0);
	}
	check(8, 16, 8, 0);
	check(9, 88, 9, 0);
	check(241, 256, 241, 0);
	check(24, 256, 24, 0);
	check(COLOUR_RGB | 0x0087ff, 256, 33, 0);
	check(COLOUR_RGB | 0x808080, 256, 244, 0);
}

/* T37: bold black on black is nothing at all. */
static void palette__dims__the_bright_black_of_8_colours(void **state)
{
	(void)state;
	check(8, 8, COLOUR_DEFAULT, LOOK_DIM);
	check(241, 8, COLOUR_DEFAULT, LOOK_DIM);
	check(9, 8, 1, LOOK_BOLD);
	check(124, 8, 1, 0);
	check(124, 16, 1, 0);
	check(196, 16, 9, 0);
	check(COLOUR_RGB | 0xe69f00, 16, 11, 0);
	check(160, 16, 9, 0);
	check(28, 16, 2, 0);
	check(16, 16, 0, 0);
	check(231, 16, 15, 0);
	check(232, 16, 0, 0);
	check(237, 16, 0, 0);
	check(238, 16, 8, 0);
	check(245, 16, 8, 0);
	check(246, 16, 7, 0);
	check(255, 16, 7, 0);
}

/* T38: such a terminal takes 8 to 255 for blues that are nearly black. */
static void palette__sends__rgb_to_direct_colours(void **state)
{
	(void)state;
	check(8, 1 << 24, 0x7f7f7f, 0);
	check(15, 1 << 24, 0xffffff, 0);
	check(24, 1 << 24, 0x005f87, 0);
	check(16, 1 << 24, 0, 0);
	check(232, 1 << 24, 0x080808, 0);
	check(241, 1 << 24, 0x626262, 0);
	check(255, 1 << 24, 0xeeeeee, 0);
	check(COLOUR_RGB | 0x56b4e9, 1 << 24, 0x56b4e9, 0);
}

/* T42 */
static void palette__uses__the_cube_of_88_colours(void **state)
{
	(void)state;
	check(24, 88, 16 + 0 * 16 + 1 * 4 + 1, 0); /* 00 5f 87: 00 8b 8b */
	check(124, 88, 16 + 2 * 16, 0);            /* af 00 00: cd 00 00 */
	check(COLOUR_RGB | 0xffffff, 88, 79, 0);
	check(241, 88, 81, 0); /* 62 62 62: 5c 5c 5c */
}

/* T39 */
static void palette__reads__colorfgbg(void **state)
{
	(void)state;
	assert_true(palette_is_light("0;15"));
	assert_true(palette_is_light("0;default;15"));
	assert_true(palette_is_light("0;7"));
	assert_true(palette_is_light("12;11"));
	assert_true(palette_is_light("0;9"));
	assert_false(palette_is_light("0;16"));
	assert_false(palette_is_light("15;0"));
	assert_false(palette_is_light("12;8"));
	assert_false(palette_is_light("15;default"));
	assert_false(palette_is_light("0;15x"));
	assert_false(palette_is_light("0;"));
	assert_false(palette_is_light("15"));
	assert_false(palette_is_light(""));
	assert_false(palette_is_light(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(palette__keeps__what_the_terminal_has),
		cmocka_unit_test(palette__dims__the_bright_black_of_8_colours),
		cmocka_unit_test(palette__sends__rgb_to_direct_colours),
		cmocka_unit_test(palette__uses__the_cube_of_88_colours),
		cmocka_unit_test(palette__reads__colorfgbg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
