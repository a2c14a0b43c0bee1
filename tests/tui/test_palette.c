/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a terminal of few, many or all colours is told for a theme's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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
	check(202, 16, 9, 0);
	check(208, 16, 11, 0);
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
	check(246, 8, 7, 0);
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
	static const char *const light[] = { "0;15", "0;default;15", "0;7", "12;11", "0;9" },
				 *const dark[] = { "15;0", "12;8", "7;4", "15;default;0", "0;6" },
				 *const neither[] = { "0;16", "0;-1", "15;default", "0;15x", "0;", "15", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(light) / sizeof(*light); i++)
		assert_int_equal(palette_colorfgbg(light[i]), GROUND_LIGHT);
	for (size_t i = 0; i < sizeof(dark) / sizeof(*dark); i++)
		assert_int_equal(palette_colorfgbg(dark[i]), GROUND_DARK);
	for (size_t i = 0; i < sizeof(neither) / sizeof(*neither); i++)
		assert_int_equal(palette_colorfgbg(neither[i]), GROUND_ANY);
	assert_int_equal(palette_colorfgbg(NULL), GROUND_ANY);
}

/* What terminals answer to OSC 11, their own grounds and what is none. */
static void palette__reads__a_report(void **state)
{
	static const struct {
		const char *text;
		enum ground ground;
	} rows[] = {
		{ "11;rgb:ffff/ffff/ffff", GROUND_LIGHT },
		{ "11;rgb:0000/0000/0000", GROUND_DARK },
		{ "11;rgb:00/2b/36", GROUND_DARK }, /* Solarized */
		{ "11;rgb:fdfd/f6f6/e3e3", GROUND_LIGHT },
		{ "11;rgb:f/f/f", GROUND_LIGHT },
		{ "11;rgb:fff/000/000", GROUND_LIGHT },
		{ "11;rgb:000/000/fff", GROUND_DARK },
		{ "11;rgba:FFFF/FFFF/FFFF/8000", GROUND_LIGHT },
		{ "11;#ffffff", GROUND_LIGHT },
		{ "11;#101010", GROUND_DARK },
		{ "11;#ffffffffffff", GROUND_LIGHT },
		{ "11;#fff", GROUND_LIGHT },
		{ "11;rgb:6c6c/6c6c/6c6c", GROUND_DARK },
		{ "11;rgb:6d6d/6d6d/6d6d", GROUND_LIGHT },
		{ "11;rgb:af/3e/b8", GROUND_LIGHT }, /* just over the border, and just under it */
		{ "11;rgb:a3/41/cd", GROUND_DARK },
		{ "10;rgb:ffff/ffff/ffff", GROUND_ANY },
		{ "11;rgb:ffff/ffff", GROUND_ANY },
		{ "11;rgb:fffff/ffff/ffff", GROUND_ANY },
		{ "11;rgb:ffff/gggg/ffff", GROUND_ANY },
		{ "11;#fffff", GROUND_ANY },
		{ "11;#", GROUND_ANY },
		{ "11;?", GROUND_ANY },
		{ "11;", GROUND_ANY },
		{ "", GROUND_ANY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (palette_report(rows[i].text, strlen(rows[i].text)) != rows[i].ground)
			fail_msg("%s is %d", rows[i].text, palette_report(rows[i].text, strlen(rows[i].text)));
	assert_int_equal(palette_report("11;rgb:ff/ff/ff", 14), GROUND_LIGHT);
	assert_int_equal(palette_report("11;rgb:ff/ff/ff", 13), GROUND_ANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(palette__keeps__what_the_terminal_has),
		cmocka_unit_test(palette__dims__the_bright_black_of_8_colours),
		cmocka_unit_test(palette__sends__rgb_to_direct_colours),
		cmocka_unit_test(palette__uses__the_cube_of_88_colours),
		cmocka_unit_test(palette__reads__colorfgbg),
		cmocka_unit_test(palette__reads__a_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
