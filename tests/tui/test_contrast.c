/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether each theme can be read: on the grounds that it is for, with the sixteen colours that people have, in terminals of few, many and
 * all colours, whether bold is made bright or not. By WCAG: 4.5 for text, 3 for what is drawn. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "tui/term/palette.h"
#include "tui/term/theme.h"

/* A terminal's ground, its text, and its sixteen colours. */
struct colours {
	const char *name;
	enum ground ground;
	int bg, fg;
	const int *sixteen;
};

static const int xterm[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
	0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff };
static const int vga[16] = { 0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa, 0x555555, 0xff5555, 0x55ff55,
	0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff };
static const int solarized[16] = { 0x073642, 0xdc322f, 0x859900, 0xb58900, 0x268bd2, 0xd33682, 0x2aa198, 0xeee8d5, 0x002b36, 0xcb4b16,
	0x586e75, 0x657b83, 0x839496, 0x6c71c4, 0x93a1a1, 0xfdf6e3 };

static const struct colours colours[] = {
	{ "xterm on black", GROUND_DARK, 0x000000, 0xe5e5e5, xterm },
	{ "xterm on white", GROUND_LIGHT, 0xffffff, 0x000000, xterm },
	{ "VGA on black", GROUND_DARK, 0x000000, 0xaaaaaa, vga },
	{ "VGA on white", GROUND_LIGHT, 0xffffff, 0x000000, vga },
	{ "Solarized dark", GROUND_DARK, 0x002b36, 0x839496, solarized },
	{ "Solarized light", GROUND_LIGHT, 0xfdf6e3, 0x657b83, solarized },
};

static double part(int value)
{
	double x = value / 255.0;

	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static double luminance(int rgb)
{
	return 0.2126 * part(rgb >> 16 & 255) + 0.7152 * part(rgb >> 8 & 255) + 0.0722 * part(rgb & 255);
}

static double contrast(int a, int b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* xterm's 256; what a terminal shows for a number that is not one of the sixteen. */
static int shown_256(int number)
{
	int k = number - 16, grey = 8 + (number - 232) * 10;

	if (number >= 232)
		return grey << 16 | grey << 8 | grey;
	return (k / 36 ? 55 + k / 36 * 40 : 0) << 16 | (k / 6 % 6 ? 55 + k / 6 % 6 * 40 : 0) << 8 | (k % 6 ? 55 + k % 6 * 40 : 0);
}

static int shown(const struct colours *on, int number, int n_colours, bool bright)
{
	if (number < 8 && bright && n_colours <= 256)
		number += 8;
	if (n_colours > 256)
		return number;
	return number < 16 ? on->sixteen[number] : shown_256(number);
}

static double least(enum role role)
{
	return role == ROLE_RULE || role == ROLE_TREE || role == ROLE_BAR ? 3 : 4.5;
}

struct view {
	const char *theme;
	const struct colours *on;
	int n_colours;
	bool bold_is_bright;
};

static void check_role(const struct view *view, enum role role, const struct look *look)
{
	unsigned attributes = look->attributes;
	int fg = palette_number(look->fg, view->n_colours, &attributes), bg = palette_number(look->bg, view->n_colours, &(unsigned){ 0 });
	bool bright = view->bold_is_bright && attributes & LOOK_BOLD;
	double found;

	if (attributes & LOOK_DIM)
		fail_msg("%s: %s is dim, and nobody knows how dim that is", view->theme, roles[role].name);
	/* A console makes the ground's colour, which reverse has put in front, the bright one. */
	if (view->n_colours < COLOURS_MANY && attributes & LOOK_REVERSE && attributes & LOOK_BOLD)
		fail_msg("%s: %s is bold and reverse, of %d colours", view->theme, roles[role].name, view->n_colours);
	if (look->fg == COLOUR_DEFAULT && look->bg == COLOUR_DEFAULT)
		return; /* the terminal's own, or the two reversed */
	if (view->n_colours <= 256 && ((fg >= 8 && fg < 16) || (bg >= 8 && bg < 16)))
		fail_msg("%s: %s hangs on colour %d", view->theme, roles[role].name, fg >= 8 && fg < 16 ? fg : bg);
	found = contrast(fg == COLOUR_DEFAULT ? view->on->fg : shown(view->on, fg, view->n_colours, bright),
		bg == COLOUR_DEFAULT ? view->on->bg : shown(view->on, bg, view->n_colours, false));
	if (found < least(role))
		fail_msg("%s, %s, %d colours%s: %s has %.2f", view->theme, view->on->name, view->n_colours, bright ? ", bright" : "",
			roles[role].name, found);
}

static void check_theme(const struct theme *theme, struct view view)
{
	static const int counts[] = { 8, 16, 88, 256, 1 << 24 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		view.n_colours = counts[i];
		/* What is drawn in blocks stands out from the ground of the text around it. */
		assert_int_equal(theme->look[ROLE_BAR].bg, theme->look[ROLE_TEXT].bg);
		assert_int_equal(theme->look[ROLE_PENDING].bg, theme->look[ROLE_TEXT].bg);
		assert_int_equal(theme->look[ROLE_OK].bg, theme->look[ROLE_TEXT].bg);
		for (int role = 0; role < ROLE_COUNT; role++)
			check_role(&view, (enum role)role, counts[i] < COLOURS_MANY ? &theme->few[role] : &theme->look[role]);
	}
}

static void themes__can_be_read__on_their_grounds(void **state)
{
	size_t checked = 0;
	const char *path;

	(void)state;
	for (size_t i = 0; (path = embedded_name(i)); i++) {
		struct theme theme;
		char name[64];

		if (strncmp(path, "themes/", 7) != 0)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(path + 7, "."), path + 7);
		assert_true(theme_load(&theme, name, NULL));
		for (size_t k = 0; k < 2 * sizeof(colours) / sizeof(*colours); k++) {
			if (theme.ground && theme.ground != colours[k / 2].ground)
				continue;
			check_theme(&theme, (struct view){ name, &colours[k / 2], 0, k % 2 });
			checked++;
		}
	}
	assert_int_equal(checked, 4 * 6 + 2 * 12);
}

/* Each ground has a theme of each manner: as it comes, and for eyes that take red and green for one. */
static void themes__are_there__for_both_grounds(void **state)
{
	static const struct {
		const char *name;
		enum ground ground;
	} rows[] = { { "default", GROUND_DARK }, { "light", GROUND_LIGHT }, { "safe", GROUND_DARK }, { "safe-light", GROUND_LIGHT },
		{ "mono", GROUND_ANY }, { "high-contrast", GROUND_ANY } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct theme theme;

		assert_true(theme_load(&theme, rows[i].name, NULL));
		assert_int_equal(theme.ground, rows[i].ground);
	}
}

/* The measure itself: black on white is 21, and what the reports named. */
static void contrast__is__wcags(void **state)
{
	(void)state;
	assert_true(fabs(contrast(0, 0xffffff) - 21) < 1e-9);
	assert_true(fabs(contrast(0xffffff, 0x767676) - 4.54) < 0.005);
	assert_true(fabs(contrast(0xaa0000, 0) - 2.71) < 0.005);
	assert_int_equal(shown_256(16), 0);
	assert_int_equal(shown_256(24), 0x005f87);
	assert_int_equal(shown_256(231), 0xffffff);
	assert_int_equal(shown_256(255), 0xeeeeee);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contrast__is__wcags),
		cmocka_unit_test(themes__can_be_read__on_their_grounds),
		cmocka_unit_test(themes__are_there__for_both_grounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
