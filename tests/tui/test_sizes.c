/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From which width, or height, on a screen shows what it leaves out where there is no room. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"

#define MOST 140

/* The least width of a screen so high, or the least height of one so wide; it stays from there on. */
static int least(int width, int height, const char *words)
{
	int from = width ? 8 : 24, least = 0;

	for (int size = from; size <= MOST; size++) {
		bool shown = shows_at(width ? width : size, width ? size : height, words);

		if (shown && !least)
			least = size;
		else if (!shown && least)
			least = 0;
	}
	return least;
}

static const struct {
	const char *keys, *words;
	int width, height; /* 0: the one that is looked for */
	int least;
} rows[] = {
	{ "", "if down", 0, 12, 50 },
	{ "", "\u25b8   10 \u252c  mejl", 0, 12, 80 },
	{ "m", "late     lost", 0, 30, 60 },
	{ "m", " \u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588  ", 0, 30, 90 },
	{ "J r", "\u2502 Draft", 0, 30, 72 },
	{ "J r", "\u2502 Draft", 100, 0, 18 },
	{ "s", "\u2502  All senders", 0, 30, 86 },
	{ "s o", "waits in queues", 0, 30, 60 },
	{ "s o", "first return", 0, 30, 60 },
	{ "s o", "warned", 0, 30, 96 },
	{ "s o", "100 %\u2524", 100, 0, 21 },
	{ "J c", "caches with the old set", 0, 30, 60 },
	{ "J c", "100 %\u2524", 100, 0, 21 },
	{ ": s", "Suspend the", 0, 30, 60 },
	{ ": s", " survey                      F5", 0, 30, 100 },
};

/* A chart has its share of the rows, and no more than it needs. */
static void charts__end__where_they_should(void **state)
{
	static const struct {
		const char *keys, *words;
		int height, line;
	} places[] = {
		{ "s o", "\u2514\u2534", 24, 9 },
		{ "s o", "\u2514\u2534", 33, 13 },
		{ "s o", "\u2514\u2534", 35, 14 },
		{ "s o", "\u2514\u2534", 60, 15 },
		{ "J c", "\u2514", 29, 12 },
		{ "J c", "\u2514", 36, 16 },
		{ "J c", "\u2514", 38, 17 },
		{ "J c", "\u2514", 60, 17 },
	};
	bool wrong = false;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int found;

		open_demo("exempel.com");
		keys(places[i].keys);
		draw();
		settle();
		found = line_of(100, places[i].height, places[i].words);
		if (found != places[i].line) {
			print_error("# %s, %d rows: \"%s\" in %d\n", places[i].keys, places[i].height, places[i].words, found);
			wrong = true;
		}
		close_demo();
	}
	assert_false(wrong);
}

static void screens__show__what_there_is_room_for(void **state)
{
	bool wrong = false;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int found;

		open_demo("exempel.com");
		keys(rows[i].keys);
		draw();
		settle();
		found = least(rows[i].width, rows[i].height, rows[i].words);
		if (found != rows[i].least) {
			print_error("# %s: \"%s\" from %d on\n", rows[i].keys, rows[i].words, found);
			wrong = true;
		}
		close_demo();
	}
	assert_false(wrong);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens__show__what_there_is_room_for),
		cmocka_unit_test(charts__end__where_they_should),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("sizes", tests, NULL, NULL);
}
