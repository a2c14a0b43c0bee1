/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts of shares over time, as the text that they make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/chart.h"

static const struct chart_point falling[] = { { 0, 1 }, { 3600, 0 }, { 7200, 0 } };
static const struct chart_point stepping[] = { { 0, 0.5 }, { 1800, 0.5 }, { 1800, 0.1 }, { 7200, 0.1 } };

static struct chart simple(void)
{
	return (struct chart){
		.to_s = 7200,
		.n_series = 2,
		.series = { { "old", ROLE_BAR, true, 3, falling }, { "lost", ROLE_ERROR, false, 4, stepping } },
		.n_marker = 1,
		.marker = { { 3600, "drained", ROLE_OK } },
	};
}

/* The whole canvas; returns what chart_draw() returned. */
static int draw(const struct chart *chart, int width, int height, bool ascii, struct str *out)
{
	struct canvas canvas;
	int end;

	canvas_init(&canvas, width, height);
	canvas.ascii = ascii;
	end = chart_draw(chart, &canvas, &(struct chart_box){ 0, 0, width, height });
	str_init(out, 0);
	canvas_text(&canvas, out);
	canvas_release(&canvas);
	return end;
}

static void check(const struct chart *chart, int width, int height, bool ascii, const char *expected)
{
	struct str out;

	assert_int_equal(draw(chart, width, height, ascii, &out), height);
	assert_string_equal(out.s, expected);
	str_release(&out);
}

static void chart__is_drawn__in_text(void **state)
{
	struct chart chart = simple();

	(void)state;
	check(&chart, 40, 9, false,
		"                       drained\n"
		"100 %┤█▆▃▁             │\n"
		"     │████▆▄▁          │\n"
		" 50 %┤○○○○○○○○○▂       │\n"
		"     │█████████○█▅▃    │\n"
		"  0 %┤█████████○○○○○○○○○○○○○○○○○○○○○○○○○\n"
		"     └┴───────┴────────┴───────┴───────┴\n"
		"      0       30m      1h      1h30m  2h\n"
		"█ old  ○ lost\n");
	check(&chart, 40, 9, true,
		"                       drained\n"
		"100 %+##__             |\n"
		"     |#####=_          |\n"
		" 50 %+ooooooooo_       |\n"
		"     |#########o#=_    |\n"
		"  0 %+#########ooooooooooooooooooooooooo\n"
		"     ++-------+--------+-------+-------+\n"
		"      0       30m      1h      1h30m  2h\n"
		"# old  o lost\n");
}

/* 2026-11-24 21:00 UTC: whole hours by the clock, and the date at midnight. */
static void axis__shows__dates(void **state)
{
	static const struct chart_point flat[] = { { 0, 0.01 }, { 6 * 3600, 0.01 } };
	struct chart chart = { .to_s = 6 * 3600, .zero_at = 1795554000, .n_series = 1, .series = { { "x", ROLE_BAR, false, 2, flat } } };

	(void)state;
	check(&chart, 40, 6, false,
		"100 %┤\n"
		"     │\n"
		"  0 %┤●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●\n"
		"     └──────┴──────────┴──────────┴─────\n"
		"UTC         22:00      11-25      02:00\n"
		"● x\n");
	chart.zero_at += 3600;
	check(&chart, 40, 6, false,
		"100 %┤\n"
		"     │\n"
		"  0 %┤●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●\n"
		"     └┴──────────┴──────────┴──────────┴\n"
		"UTC   22:00      11-25      02:00  04:00\n"
		"● x\n");
}

static void axis__counts__before_zero(void **state)
{
	static const struct chart_point flat[] = { { -7200, 1 }, { 7200, 1 } };
	struct chart chart = { .from_s = -7200, .to_s = 7200, .n_series = 1, .series = { { "x", ROLE_BAR, false, 2, flat } } };
	struct str out;

	(void)state;
	draw(&chart, 50, 6, false, &out);
	assert_non_null(strstr(out.s, "      -2h        -1h        0         1h        2h\n"));
	str_release(&out);
}

/* Eight cells a tick: the next round number that leaves them. */
static void ticks__are_round_numbers(void **state)
{
	static const struct {
		double least_s; /* that eight cells stand for */
		const char *first;
	} rows[] = {
		{ 1, "1s" }, { 2, "2s" }, { 5, "5s" }, { 10, "10s" }, { 15, "15s" }, { 30, "30s" }, { 60, "1m" }, { 120, "2m" },
		{ 300, "5m" }, { 600, "10m" }, { 900, "15m" }, { 1800, "30m" }, { 3600, "1h" }, { 7200, "2h" }, { 10800, "3h" },
		{ 21600, "6h" }, { 43200, "12h" }, { 86400, "1d" }, { 172800, "2d" }, { 604800, "7d" }, { 1209600, "14d" },
		{ 2419200, "28d" }, { 7862400, "91d" }, { 31449600, "364d" },
		{ 31449601, "        728d" }, /* beyond them, as often as it takes */
	};
	static const struct chart_point flat[] = { { 0, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct chart chart = {
			.to_s = rows[i].least_s * 10 - 0.001, .n_series = 1, .series = { { "x", ROLE_BAR, false, 1, flat } }
		};
		char words[60];
		struct str out;

		draw(&chart, 86, 6, false, &out);
		snprintf(words, sizeof(words), "\n      0       %-8s", rows[i].first);
		if (!strstr(out.s, words))
			fail_msg("%s: %s", words, out.s);
		str_release(&out);
	}
}

/* Equal curves take turns, so that none hides another. */
static void curves__take_turns__where_they_meet(void **state)
{
	static const struct chart_point flat[] = { { 0, 0.01 }, { 60, 0.01 } };
	struct chart chart = { .to_s = 60,
		.n_series = 3,
		.series = { { "a", ROLE_BAR, false, 2, flat }, { "b", ROLE_BAR, false, 2, flat }, { "c", ROLE_BAR, false, 2, flat } } };
	struct str out;

	(void)state;
	draw(&chart, 30, 6, false, &out);
	assert_non_null(strstr(out.s, "  0 %┤●○▲●○▲●○▲●○▲●○▲●○▲●○▲●○▲\n"));
	str_release(&out);
}

/* Nothing is not a line on the ground; what comes out of it is drawn from above it on. */
static void curves__of_nothing__are_not_drawn(void **state)
{
	static const struct chart_point jump[] = { { 0, 0 }, { 30, 0 }, { 30, 1 }, { 60, 1 } }, flat[] = { { 0, 0 }, { 60, 0 } };
	struct chart chart = {
		.to_s = 60, .n_series = 2, .series = { { "a", ROLE_BAR, false, 4, jump }, { "b", ROLE_BAR, false, 2, flat } }
	};

	(void)state;
	check(&chart, 30, 6, false,
		"100 %┤            ●●●●●●●●●●●●\n"
		"     │            ●\n"
		"  0 %┤\n"
		"     └┴───────────┴──────────┴\n"
		"      0           30s       1m\n"
		"● a  ○ b\n");
}

static void labels__that_do_not_fit__go_to_the_legend(void **state)
{
	static const struct chart_point flat[] = { { 0, 0.01 }, { 100, 0.01 } };
	struct chart chart = {
		.to_s = 100,
		.n_series = 1,
		.series = { { "share", ROLE_BAR, false, 2, flat } },
		.n_marker = 4,
		.marker = { { 10, "first", ROLE_OK }, { 12, "second", ROLE_OK }, { 14, "third", ROLE_OK }, { 101, "never", ROLE_OK } },
	};

	(void)state;
	check(&chart, 40, 10, false,
		"         first\n"
		"         │second\n"
		"100 %┤   │││\n"
		"     │   │││\n"
		" 50 %┤   │││\n"
		"     │   │││\n"
		"  0 %┤●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●\n"
		"     └┴─────────┴─────────┴─────────┴───\n"
		"      0         30s       1m       1m30s\n"
		"● share  │ third\n");
}

static void values__are_read__between_points(void **state)
{
	struct chart chart = simple();

	(void)state;
	assert_float_equal(chart_value(&chart.series[0], 900), 0.75, 1e-12);
	assert_float_equal(chart_value(&chart.series[1], 1799), 0.5, 1e-12);
	assert_float_equal(chart_value(&chart.series[1], 1800), 0.1, 1e-12);
	assert_float_equal(chart_value(&chart.series[1], 7200), 0.1, 1e-12);
	assert_float_equal(chart_value(&chart.series[1], 7201), -1, 1e-12);
	assert_float_equal(chart_value(&chart.series[1], -1), -1, 1e-12);
	assert_float_equal(chart_value(&(struct chart_series){ .n = 0 }, 0), -1, 1e-12);
}

/* Only the topmost ends within a cell; one below it is seen once it fills half a cell, as the second is at the end. */
static void layers__stand_on_each_other(void **state)
{
	static const struct chart_point done[] = { { 0, 0 }, { 100, 0.5 } }, few[] = { { 0, 0 }, { 100, 0.1 } },
					back[] = { { 0, 0 }, { 100, 0.25 } }, waits[] = { { 0, 0 }, { 50, 0.3 }, { 100, 0 } };
	const struct chart chart = {
		.to_s = 100,
		.n_series = 4,
		.series = { { "done", ROLE_OK, true, 2, done }, { "delayed", ROLE_OK, true, 2, few }, { "back", ROLE_ERROR, true, 2, back },
			{ "open", ROLE_PENDING, true, 3, waits } },
	};

	(void)state;
	check(&chart, 30, 11, false,
		"100 %┤\n"
		"     │            ▁▂▂▃▃▄▅▅▆▓▓▓\n"
		"     │          ▃▇█████▓▓▓▓▓▓▒\n"
		" 50 %┤       ▁▄█████▓▓▓▒▒▒▒▒▒░\n"
		"     │     ▂▅███▓▓▓▓▓▒▒░░░░░░░\n"
		"     │   ▃▆█▓▓▓▓░░░░░░░░░░░░░░\n"
		"  0 %┤ ▄▇░░░░░░░░░░░░░░░░░░░░░\n"
		"     └┴─────────────┴─────────\n"
		"      0             1m\n"
		"░ done  ▒ delayed  ▓ back\n"
		"█ open\n");
	check(&chart, 30, 11, true,
		"100 %+\n"
		"     |            _____===#bbb\n"
		"     |          _#ooooobbbbbbe\n"
		" 50 %+       _=ooooobbbeeeeeed\n"
		"     |     _=ooobbbbbeeddddddd\n"
		"     |   _#obbbbdddddddddddddd\n"
		"  0 %+ =#ddddddddddddddddddddd\n"
		"     ++-------------+---------\n"
		"      0             1m\n"
		"d done  e delayed  b back\n"
		"o open\n");
}

/* In no size anything is written outside the box, and what does not fit is not begun. */
static void chart__stays__in_its_box(void **state)
{
	struct chart chart = simple();

	(void)state;
	for (int width = 0; width < 90; width++)
		for (int height = 0; height < 20; height++) {
			struct chart_box box = { 3, 2, 3 + width, 2 + height };
			struct canvas canvas;
			bool drawn = false;
			int end;

			canvas_init(&canvas, 100, 30);
			end = chart_draw(&chart, &canvas, &box);
			for (int y = 0; y < 30; y++)
				for (int x = 0; x < 100; x++) {
					if (!strcmp(canvas.cell[y * 100 + x].s, " "))
						continue;
					drawn = true;
					assert_true(x >= box.left && x < box.right && y >= box.top && y < box.bottom);
				}
			assert_int_equal(end, drawn ? box.bottom : box.top);
			canvas_release(&canvas);
		}
	chart.to_s = 0;
	struct str out;
	assert_int_equal(draw(&chart, 80, 20, false, &out), 0);
	str_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chart__is_drawn__in_text),
		cmocka_unit_test(axis__shows__dates),
		cmocka_unit_test(axis__counts__before_zero),
		cmocka_unit_test(curves__take_turns__where_they_meet),
		cmocka_unit_test(curves__of_nothing__are_not_drawn),
		cmocka_unit_test(labels__that_do_not_fit__go_to_the_legend),
		cmocka_unit_test(values__are_read__between_points),
		cmocka_unit_test(layers__stand_on_each_other),
		cmocka_unit_test(chart__stays__in_its_box),
		cmocka_unit_test(ticks__are_round_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
