/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mark picker by keys, on the demo's world. What it looks like is held by test_screens. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"

static enum sim_state state_of(enum mark_kind kind)
{
	const struct marks *marks = session_marks(ui.session);

	for (size_t i = 0; i < marks->n; i++)
		if (marks->mark[i].kind == kind)
			return marks->mark[i].state;
	return SIM_UP;
}

static void screen_text_of(struct str *text)
{
	ui_draw(&ui, 80, 24, 0);
	str_clear(text);
	canvas_text(&ui.canvas, text);
}

static void mark_picker__marks__what_is_selected(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("j s Enter");
	assert_ptr_equal(ui_top(&ui)->class, &screen_mark);
	keys("Space"); /* the selected host comes first */
	assert_int_equal(state_of(MARK_HOST), SIM_REFUSED);
	keys("j Space Space"); /* its address */
	assert_int_equal(state_of(MARK_ADDRESS), SIM_TIMEOUT);
	keys("j Enter j j j Enter"); /* its network, by name */
	assert_int_equal(state_of(MARK_NET), SIM_DROP);
	assert_int_equal(ui_top(&ui)->list.selected, 2);
	keys("j Enter Esc"); /* looked at only */
	assert_int_equal(state_of(MARK_FAMILY), SIM_UP);
	assert_ptr_equal(ui_top(&ui)->class, &screen_mark);
	keys("k Enter g Enter"); /* taken back */
	assert_int_equal(state_of(MARK_NET), SIM_UP);
	keys("j j j Space");
	assert_int_equal(state_of(MARK_ZONE), SIM_SERVFAIL);
	keys("j j j j Enter G Enter"); /* a lookup has states of its own */
	assert_int_equal(state_of(MARK_DOMAIN), SIM_DNS_TIMEOUT);
	keys("C");
	assert_int_equal(session_marks(ui.session)->n, 0);
	keys("Esc Esc");
	assert_ptr_equal(ui_top(&ui)->class, &screen_ladder);
	close_demo();
}

/* Nobody says that it is up. */
static void host_without_an_address__says__so_alone(void **state)
{
	struct str text;
	const char *line;

	(void)state;
	open_demo("exempel.com");
	keys("a");
	answer("5 ingen.exempel.com");
	settle();
	keys("g s Enter");
	str_init(&text, 0);
	screen_text_of(&text);
	line = strstr(text.s, "▸ ingen.exempel.com ");
	assert_non_null(line);
	assert_null(memmem(line, strcspn(line, "\n"), "up", 2));
	str_release(&text);
	close_demo();
}

static void mark_picker__shows__what_was_typed(void **state)
{
	struct str text;

	(void)state;
	open_demo("exempel.com");
	keys("s Enter M");
	ui_paste(&ui, "192.0.0.0/16=timeout", 20);
	keys("Enter");
	str_init(&text, 0);
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "192.0.0.0/16"));
	keys("G Enter g Enter"); /* the last row: taken back, it is gone */
	assert_int_equal(session_marks(ui.session)->n, 0);
	screen_text_of(&text);
	assert_null(strstr(text.s, "192.0.0.0/16"));
	str_release(&text);
	close_demo();
}

/* Both name servers of a zone take it and its names along; one of them does nothing. */
static void mark_picker__tells__what_name_servers_do(void **state)
{
	struct str text;

	(void)state;
	open_demo("exempel.com");
	str_init(&text, 0);
	keys("j s Enter g j j j j j j j Space");
	assert_int_equal(state_of(MARK_SERVER), SIM_DNS_TIMEOUT);
	screen_text_of(&text);
	assert_null(strstr(text.s, "▲"));
	keys("j Space");
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "▲ DNS silent"));
	keys("Enter j j G Enter"); /* name servers have states of their own */
	assert_int_equal(session_marks(ui.session)->mark[1].state, SIM_DNS_TIMEOUT);
	keys("Esc");
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "✖ DNS silent")); /* the hosts of that zone */
	str_release(&text);
	close_demo();
}

static void simulation__tells__what_a_wider_mark_does(void **state)
{
	struct str text;

	(void)state;
	open_demo("exempel.com");
	str_init(&text, 0);
	keys("s M");
	ui_paste(&ui, "v6", 2);
	keys("Enter");
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "partly refused")); /* it has IPv4 as well */
	keys("M");
	ui_paste(&ui, "192.0.2.0/24=timeout", 20);
	keys("Enter");
	screen_text_of(&text);
	assert_null(strstr(text.s, "partly"));
	assert_non_null(strstr(text.s, "✖ silent"));
	str_release(&text);
	close_demo();
}

/* "up" of a name that does not exist would contradict the trace below it. */
static void simulation__tells__which_host_has_no_address(void **state)
{
	struct str text;

	(void)state;
	open_demo("exempel.com");
	str_init(&text, 0);
	keys("a");
	answer("10 nymejl.exempel.com");
	keys("s");
	settle();
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "✖ no such name"));
	str_release(&text);
	close_demo();
}

/* Nothing is known to be wrong of a set that is not known, nor that nothing is. */
static void findings__are_of_a_known_set(void **state)
{
	struct str text;

	(void)state;
	open_demo("nowhere.example");
	settle();
	str_init(&text, 0);
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "its MX set is not known"));
	assert_null(strstr(text.s, "nothing found wrong"));
	keys("f");
	screen_text_of(&text);
	assert_non_null(strstr(text.s, "so it was not checked"));
	str_release(&text);
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mark_picker__marks__what_is_selected),
		cmocka_unit_test(host_without_an_address__says__so_alone),
		cmocka_unit_test(mark_picker__shows__what_was_typed),
		cmocka_unit_test(mark_picker__tells__what_name_servers_do),
		cmocka_unit_test(simulation__tells__what_a_wider_mark_does),
		cmocka_unit_test(simulation__tells__which_host_has_no_address),
		cmocka_unit_test(findings__are_of_a_known_set),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("mark", tests, NULL, NULL);
}
