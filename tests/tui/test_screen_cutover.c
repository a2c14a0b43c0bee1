/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cut-over's screen by keys; its pictures are in test_screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "show/document.h"

static bool tells(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	ui_draw(&ui, 80, 24, 1795537800);
	canvas_text(&ui.canvas, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}

static void cutover__follows__the_draft(void **state)
{
	struct document document;
	struct scene scene;

	(void)state;
	open_demo("exempel.com");
	keys("c");
	assert_true(tells("There is nothing to cut over"));
	assert_false(tells("Tab pane"));
	scene = ui_scene(&ui);
	document_begin(&document);
	screen_cutover.tell(ui_top(&ui), &scene, &document);
	assert_int_equal(document.n, 1);
	assert_non_null(strstr(document.cell[0].text.s, "There is nothing to cut over"));
	document_release(&document);
	keys("Esc t");
	answer("1h");
	keys("c");
	assert_true(tells("No server goes"));
	keys("Esc g d c");
	assert_true(tells("may be switched off as soon as"));
	keys("Esc g j d j d a");
	answer("10 mejlserver3.exempel.com");
	settle();
	keys("c");
	assert_true(tells("Keep the old servers until"));
	assert_true(tells("100 %┤"));
	close_demo();
}

/* Whether the new name leads to an old server nobody can say. */
static void cutover__tells__unknown_addresses(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("a");
	answer("10 mx.nowhere.invalid");
	settle();
	keys("g d");
	keys("c");
	assert_true(tells("Keep the old servers until"));
	assert_true(tells("The addresses of mx.nowhere.invalid are not known"));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cutover__follows__the_draft),
		cmocka_unit_test(cutover__tells__unknown_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
