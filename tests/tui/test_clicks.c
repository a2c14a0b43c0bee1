/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a pointer meets on each screen, from its first column to its last; how far a page goes on those that are read. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "tui/settings.h"

static int begin(void **state)
{
	(void)state;
	open_demo("exempel.com");
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_demo();
	return 0;
}

static void add_hit(struct str *out, int y)
{
	const struct hit *left = canvas_hit_at(&ui.canvas, 0, y), *right = canvas_hit_at(&ui.canvas, ui.canvas.width - 1, y);

	if (!left && !right)
		return;
	str_addf(out, "%s%d:", out->len ? " " : "", y);
	if (left)
		str_addf(out, left->action ? "%s" : "%.0s%d", actions[left->action].name, left->row);
	if (!left || !right || left->row != right->row || left->action != right->action)
		str_addf(out, right ? "|%d" : "|", right ? right->row : 0);
}

/* "2:0 3:1": the row of the list in each line that has one, "2:0|": not at its right end. */
static void pointer__meets__the_rows(void **state)
{
	static const struct {
		const char *keys;
		int width, height;
		int page;
		const char *lines;
	} rows[] = {
		{ "f", 100, 30, 4, "2:0 3:1 4:2 5:3" },
		{ "f G", 40, 8, 3, "1:1 2:2 3:3" },
		{ "s", 100, 30, 3, "2:0 3:1 5:2" },
		{ "s G", 40, 8, 2, "1:1 2:2" },
		{ "s C Enter", 100, 30, 26, "2:0 3:1 4:2 5:3 6:4 7:5 8:6 9:7 10:8 11:9 12:10 13:11 14:12 15:13 16:14 17:15 18:16" },
		{ "s C Enter G", 40, 10, 8, "1:9 2:10 3:11 4:12 5:13 6:14 7:15 8:16" },
		{ "s C Enter Enter", 100, 30, 25,
			"3:0 4:1 5:2 6:3 7:4 8:5 9:6 10:7 11:8 12:9 13:10 14:11 15:12 16:13 17:14 18:15 19:16 20:17 21:18 22:19 23:20 24:21 25:22 26:23 27:24" },
		{ "s C Enter Enter G", 40, 10, 7, "2:19 3:20 4:21 5:22 6:23 7:24 8:25" },
		{ "Space o", 100, 30, 11, "17:0 18:1 19:2 20:3 21:4 22:5 23:6 24:7 25:8 26:9 27:10" },
		{ "Space o G", 60, 10, 7, "2:4 3:5 4:6 5:7 6:8 7:9 8:10" },
		{ "m 1", 100, 30, 13, "3:0 4:1 5:2 6:3 7:4 8:5 9:6 10:7 11:8 12:9 13:10 14:11" },
		{ "m 1 G", 60, 12, 3, "2:9 3:10 4:11" },
		{ "D", 100, 30, 25, "3:0 4:1 5:2 6:3 7:4 8:5 9:6" },
		{ "D G", 60, 8, 5, "2:2 3:3 4:4 5:5 6:6 7:|-1" },
		{ "?", 40, 12, 6, "2:0 3:1 4:2 5:3 6:3 7:4 8:5 9:5 10:6" },
		{ "@", 100, 30, 1, "2:0" },
		{ "Ctrl-T G", 40, 7, 5, "1:1 2:2 3:3 4:4 5:5" },
		{ "I G", 40, 8, 2, "1:0 2:1 3:1" },
		{ "I", 100, 30, 2, "3:0 4:1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str lines;

		str_init(&lines, 0);
		settings_domains(&ui, &app, NULL);
		keys(rows[i].keys);
		settle();
		ui_draw(&ui, rows[i].width, rows[i].height, 0);
		for (int y = 0; y < rows[i].height; y++)
			add_hit(&lines, y);
		assert_string_equal(lines.s, rows[i].lines);
		assert_int_equal(ui_top(&ui)->list.page, rows[i].page);
		str_release(&lines);
		end(state);
		begin(state);
	}
}

/* Where it stands after a page down and one up again. */
static void page__is__what_is_seen_but_a_line(void **state)
{
	static const struct {
		const char *keys;
		int height, down;
	} rows[] = {
		{ "s w", 12, 9 },
		{ "s w", 11, 8 },
		{ "J r", 12, 9 },
		{ "J c", 12, 9 },
		{ "J c Tab", 18, 10 },
		{ "? j Enter", 6, 3 },
		{ "Space o Tab", 8, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t down, up;

		assert_true(key_parse(&down, "PgDn", NULL));
		assert_true(key_parse(&up, "PgUp", NULL));
		keys(rows[i].keys);
		settle();
		ui_draw(&ui, 40, rows[i].height, 0);
		ui_key(&ui, down);
		ui_draw(&ui, 40, rows[i].height, 0);
		assert_int_equal(ui_top(&ui)->scroll, rows[i].down);
		ui_key(&ui, up);
		assert_int_equal(ui_top(&ui)->scroll, 0);
		end(state);
		begin(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pointer__meets__the_rows, begin, end),
		cmocka_unit_test_setup_teardown(page__is__what_is_seen_but_a_line, begin, end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("clicks", tests, NULL, NULL);
}
