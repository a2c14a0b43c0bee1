/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outage and the reasons behind numbers, by keys; their pictures are in test_screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"

/* On one of the pages. */
static bool tells(const char *words)
{
	keys("g");
	for (int page = 0; page < 10; page++) {
		if (shows(words))
			return true;
		keys("PgDn");
	}
	print_message("# not told: %s\n", words);
	return false;
}

static void outage__follows__length_and_marks(void **state)
{
	const struct session_outage *outage;

	(void)state;
	open_demo("exempel.com");
	keys("s o");
	assert_ptr_equal(ui_top(&ui)->class, &screen_outage);
	assert_true(shows("every server refuses"));
	outage = session_outage(ui.session, 0);
	assert_int_equal(outage->length_s, 86400);
	assert_true(outage->all_down && outage->mix.late > 0.9);
	assert_ptr_equal(session_outage(ui.session, 60), outage);
	keys("+ +");
	assert_int_equal(session_outage(ui.session, 0)->length_s, 172800);
	assert_true(shows("returns begin"));
	keys("- - - -");
	assert_int_equal(session_outage(ui.session, 0)->length_s, 28800);
	keys("e");
	answer("90m");
	assert_int_equal(session_outage(ui.session, 0)->length_s, 5400);
	keys("e");
	answer("2y");
	assert_int_equal(ui.ask, ASK_LENGTH);
	assert_true(ui.refusal.len > 0);
	keys("Esc");
	assert_int_equal(session_outage(ui.session, 0)->length_s, 5400);
	keys("Esc Space o");
	assert_true(shows("what is marked is down"));
	assert_true(session_outage(ui.session, 0)->mix.at_once > 0.99);
	close_demo();
}

/* In no role that a theme may give a ground of its own: a block is then a hole in it. */
static void blocks__are_drawn__in_roles_without_a_ground(void **state)
{
	size_t n = 0, shaded = 0;

	(void)state;
	open_demo("exempel.com");
	keys("s o");
	draw();
	for (int i = 0; i < ui.canvas.width * ui.canvas.height; i++) {
		const struct cell *cell = &ui.canvas.cell[i];

		if (!strncmp(cell->s, "▁", 2) && strcmp(cell->s, "▁") >= 0 && strcmp(cell->s, "█") <= 0) {
			assert_true(cell->role == ROLE_PENDING || cell->role == ROLE_BAR || cell->role == ROLE_OK);
			n++;
		}
		shaded += !strcmp(cell->s, "▒");
	}
	assert_true(n > 200 && shaded > 50);
	close_demo();
}

static uint32_t other_length(uint32_t length_s, enum action action)
{
	struct reaction reaction = { .kind = REACT_PASS };
	struct scene scene = ui_scene(&ui);

	session_set_outage(ui.session, length_s);
	screen_outage.act(ui_top(&ui), &scene, action, &reaction);
	assert_int_equal(reaction.kind, REACT_OUTAGE);
	return reaction.length_s;
}

static void length__is_longer_or_shorter__in_round_steps(void **state)
{
	static const uint32_t lengths[] = { 600, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 129600, 172800, 259200, 345600, 432000,
		604800, 864000, 1209600 };
	size_t n = sizeof(lengths) / sizeof(*lengths);

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(other_length(lengths[i], ACTION_LONGER), lengths[i + 1 < n ? i + 1 : i]);
		assert_int_equal(other_length(lengths[i], ACTION_SHORTER), lengths[i ? i - 1 : i]);
		assert_int_equal(other_length(lengths[i] + 1, ACTION_SHORTER), lengths[i]);
	}
	assert_int_equal(other_length(1209601, ACTION_LONGER), 1209601);
	assert_int_equal(other_length(1, ACTION_SHORTER), 1);
	close_demo();
}

static void outage__tells__when_what_happens(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("s o + Tab");
	assert_true(tells("After 1d Exchange Online begins to return mail."));
	assert_true(tells("uses the servers again that were down"));
	assert_true(tells("SecuritySpace"));
	close_demo();
}

/* The selected sender is the one whose rules "why" tells, each with its source. */
static void why__tells__rules_with_sources(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("s Space o j j w");
	assert_ptr_equal(ui_top(&ui)->class, &screen_why);
	assert_true(shows("Postfix 3.7"));
	assert_true(tells("The server refuses the connection (RST)."));
	assert_true(tells("After this failure the next address is tried."));
	assert_true(tells("An attempt ends after 5 addresses, whatever servers are left."));
	assert_true(tells("smtp_connect.c:987 (measured)"));
	assert_true(tells("it leaves the whole domain alone for 5m."));
	keys("Right");
	assert_ptr_equal(session_sender(ui.session), sender_find("exim"));
	keys("Esc Esc Left w");
	assert_true(shows("Postfix 3.7"));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outage__follows__length_and_marks),
		cmocka_unit_test(blocks__are_drawn__in_roles_without_a_ground),
		cmocka_unit_test(length__is_longer_or_shorter__in_round_steps),
		cmocka_unit_test(outage__tells__when_what_happens),
		cmocka_unit_test(why__tells__rules_with_sources),
	};

	return cmocka_run_group_tests_name("screen_outage", tests, NULL, NULL);
}
