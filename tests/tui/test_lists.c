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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(domains__are__searched),
		cmocka_unit_test(history__is__searched),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
