/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the lists: "/" leaves the rows that hold the word, and what is opened is the row that is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"

static void know(const char *name)
{
	struct known_domain domain = { .configured = true };

	assert_true(dname_parse(&domain.name, name, NULL));
	ui_know(&ui, &domain);
}

static void domains__are__searched(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_demo("exempel.com");
	know("exempel.com");
	know("exempel.net");
	know("tyst.example");
	keys("D");
	assert_true(shows("tyst.example") && shows("exempel.net"));
	keys("/");
	answer("net");
	assert_true(shows("exempel.net") && !shows("tyst.example"));
	keys("/");
	answer("nobody");
	assert_true(shows("No domain holds that word."));
	keys("Enter");
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.com");
	keys("/");
	answer("net");
	keys("Enter");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	close_demo();
}

static void push_with_note(const char *ttl, const char *note)
{
	keys("t");
	answer(ttl);
	keys("r");
	settle();
	keys("A");
	answer(note);
	keys("P");
	if (ui.ask)
		answer("a test");
	settle();
	keys("Esc Esc Esc");
}

static void history__is__searched(void **state)
{
	(void)state;
	open_demo("exempel.com");
	push_with_note("2h", "shorter for the move");
	push_with_note("3h", "moved and done");
	keys("H");
	assert_true(shows("shorter for the move") && shows("moved and done"));
	keys("/");
	answer("shorter");
	assert_true(shows("shorter for the move") && !shows("moved and done"));
	assert_true(shows("2h"));
	keys("/");
	answer("nothing of the kind");
	assert_true(shows("No push holds that word."));
	keys("R");
	assert_ptr_equal(ui_top(&ui)->class, &screen_history);
	keys("Esc");
	assert_true(shows("moved and done"));
	close_demo();
}

static void press(const char *text)
{
	for (; *text; text++)
		ui_key(&ui, (unsigned char)*text);
	draw();
}

/* Each letter counts at once, small or capital; Enter keeps, Esc gives the list back as it was, with its row. */
static void filter__follows__what_is_typed(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_demo("exempel.com");
	know("exempel.com");
	know("exempel.net");
	know("tyst.example");
	keys("D j /");
	press("EXAMP");
	assert_int_equal(ui.ask, ASK_FILTER);
	assert_true(shows("tyst.example") && !shows("exempel.net"));
	keys("Esc");
	assert_string_equal(ui_top(&ui)->filter, "");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("/");
	press("empel");
	assert_int_equal(ui_top(&ui)->list.selected, 0);
	keys("Down Down Up Down");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("Enter");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_string_equal(ui_top(&ui)->filter, "empel");
	assert_int_equal(ui_top(&ui)->list.selected, 1);
	keys("/ Ctrl-U");
	assert_true(shows("tyst.example"));
	keys("Esc");
	assert_string_equal(ui_top(&ui)->filter, "empel");
	keys("/");
	ui_paste(&ui, "net", 3);
	assert_true(shows("exempel.net") && !shows("tyst.example"));
	assert_int_equal(ui_top(&ui)->list.n, 1);
	keys("Enter Enter");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	close_demo();
}

static void findings__are_searched__as_one_types(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("f /");
	press("TARGET-c");
	assert_true(shows("is an alias") && !shows("has no IPv6 address"));
	press("x");
	assert_true(shows("No finding holds that word."));
	keys("Backspace");
	assert_true(shows("is an alias"));
	keys("Esc");
	assert_true(shows("has no IPv6 address"));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains__are__searched),
		cmocka_unit_test(history__is__searched),
		cmocka_unit_test(filter__follows__what_is_typed),
		cmocka_unit_test(findings__are_searched__as_one_types),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
