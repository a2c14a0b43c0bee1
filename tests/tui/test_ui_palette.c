/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The palette by keys, and its pictures. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "pictures.h"

static void type(const char *text)
{
	for (; *text; text++)
		ui_key(&ui, (unsigned char)*text);
	draw();
}

static void palette__runs__the_best_match(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(":");
	type("fndgs");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_ptr_equal(ui_top(&ui)->class, &screen_findings);
	close_demo();
}

static void palette__runs__the_row_that_is_moved_to(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(": Down Down Up Down Down Up Enter"); /* add, edit, delete */
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(session_set(ui.session)->n, 2);
	keys("u :");
	type("ttl");
	keys("Ctrl-N Ctrl-N Enter"); /* the action, the edit, the lesson */
	assert_ptr_equal(ui_top(&ui)->class, &screen_text);
	assert_string_equal(ui_top(&ui)->topic, "ttl");
	keys("Esc : Enter"); /* again, by the run's own commands */
	assert_ptr_equal(ui_top(&ui)->class, &screen_text);
	close_demo();
}

static void palette__fills_in__what_waits_for_operands(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("f :");
	type("preset");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_PALETTE);
	assert_string_equal(ui.prompt.text.s, "preset ");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_PALETTE);
	assert_true(ui.refusal.len > 0);
	keys("Ctrl-U");
	assert_int_equal(ui.refusal.len, 0);
	type("rena");
	keys("Tab");
	assert_string_equal(ui.prompt.text.s, "rename ");
	type("mejlserver1.exempel.com mx9.exempel.com");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(session_drafting(ui.session));
	keys("u");
	assert_false(session_drafting(ui.session));
	close_demo();
}

static void palette__typed_on__selects_the_best_again(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(": PgDn");
	assert_true(ui.palette.list.selected > 0 && ui.palette.moved);
	type("u");
	assert_int_equal(ui.palette.list.selected, 0);
	assert_false(ui.palette.moved);
	keys("PgDn PgUp");
	assert_int_equal(ui.palette.list.selected, 0);
	assert_true(ui.palette.moved);
	ui_paste(&ui, "ndo", 3);
	assert_false(ui.palette.moved);
	keys("Esc");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_int_equal(ui.palette.n_past, 0);
	keys(":");
	assert_string_equal(ui.prompt.text.s, "");
	close_demo();
}

static void palette__remembers__the_last_commands_once_each(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(":");
	answer("ttl 1h");
	keys(":");
	answer("undo");
	keys(":");
	answer("ttl 1h");
	assert_int_equal(ui.palette.n_past, 2);
	assert_string_equal(ui.palette.past[0].line, "ttl 1h");
	assert_string_equal(ui.palette.past[1].line, "undo");
	keys(":");
	answer("ttl soon"); /* refused: it did not run */
	keys("Esc");
	assert_int_equal(ui.palette.n_past, 2);
	for (int i = 0; i < PAST_COMMANDS + 3; i++) {
		char line[24];

		snprintf(line, sizeof(line), "ttl %d", 1000 + i);
		keys(":");
		answer(line);
	}
	assert_int_equal(ui.palette.n_past, PAST_COMMANDS);
	assert_string_equal(ui.palette.past[0].line, "ttl 1022");
	assert_string_equal(ui.palette.past[PAST_COMMANDS - 1].line, "ttl 1003");
	close_demo();
}

static void palette__says__what_does_nothing_here(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("f :");
	answer("raise");
	assert_int_equal(ui.ask, ASK_PALETTE); /* the edit of that name waits for its host */
	keys("Esc :");
	answer("longer");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("longer does nothing here"));
	keys(":");
	answer("zzzz");
	assert_int_equal(ui.ask, ASK_PALETTE);
	assert_true(shows("\"zzzz\""));
	close_demo();
}

static void palette__looks__as_drawn(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(":");
	type("s");
	picture("palette-found", "en");
	keys("Ctrl-U");
	type("add 30 mejlserver3.exempel.com");
	picture("palette-edit", "en");
	keys("Enter : Down Down");
	picture("palette-past", "en");
	type("zzzz");
	picture("palette-none", "en");
	close_demo();
}

/* What was pasted into a line never reaches the terminal as it is, nor later from the list. */
static void palette__shows__odd_text_escaped(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(":");
	answer("ttl 1h");
	free(ui.palette.past[0].line);
	ui.palette.past[0].line = strdup("ttl \xe2\x80\xae"
					 "1h");
	keys(":");
	assert_false(shows("\xe2\x80\xae"));
	assert_true(shows("ttl "));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(palette__runs__the_best_match),
		cmocka_unit_test(palette__runs__the_row_that_is_moved_to),
		cmocka_unit_test(palette__fills_in__what_waits_for_operands),
		cmocka_unit_test(palette__typed_on__selects_the_best_again),
		cmocka_unit_test(palette__remembers__the_last_commands_once_each),
		cmocka_unit_test(palette__says__what_does_nothing_here),
		cmocka_unit_test(palette__looks__as_drawn),
		cmocka_unit_test(palette__shows__odd_text_escaped),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("palette", tests, NULL, NULL);
}
