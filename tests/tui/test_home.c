/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home's panes: where the cursor goes, what the pane of the selected tells of, what is seen where there is little room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "tui/screen/home.h"

static int begin(void **state)
{
	(void)state;
	open_demo("exempel.com");
	draw();
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_demo();
	return 0;
}

static const struct findings *findings(void)
{
	return session_findings(ui.session);
}

static void tab__goes_round__and_the_selected_stays_what_it_was(void **state)
{
	static const struct {
		enum home_pane pane, about;
		const char *title;
	} rows[] = {
		{ HOME_ONE, HOME_LADDER, "▸mejlserver1.exempel.com ──" },
		{ HOME_FINDINGS, HOME_FINDINGS, "▸Findings 1 error, 2 notices ──" },
		{ HOME_ANSWERS, HOME_ANSWERS, "▸Who answers what ──" },
		{ HOME_LADDER, HOME_LADDER, "▸Ladder " },
		{ HOME_ONE, HOME_LADDER, "▸mejlserver1.exempel.com ──" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys("Tab");
		assert_int_equal(ui_top(&ui)->pane, rows[i].pane);
		assert_int_equal(home_about(ui_top(&ui)), rows[i].about);
		assert_true(shows(rows[i].title));
	}
	keys("Tab Tab Tab Tab Tab Tab"); /* by the findings to the pane of the selected: it tells of the answers */
	assert_int_equal(ui_top(&ui)->pane, HOME_ANSWERS);
	keys("Tab Tab");
	assert_int_equal(home_about(ui_top(&ui)), HOME_LADDER);
}

/* Each finding in turn: it is seen, and told in full beside the list. */
static void finding__that_is_selected__is_seen_and_told(void **state)
{
	char words[200];

	(void)state;
	keys("Tab Tab");
	assert_true(findings()->n > 3);
	for (size_t i = 0; i < findings()->n; i++) {
		const struct finding *finding = &findings()->finding[i];

		assert_int_equal(ui_top(&ui)->beside[0].selected, (int)i);
		snprintf(words, sizeof(words), "─ %s ─", finding->check->id);
		assert_true(shows_at(100, 30, words));
		assert_true(shows_at(110, 18, words));
		assert_int_equal(ui.canvas.cell[ui.canvas.cursor_y * 110 + ui.canvas.cursor_x].role, ROLE_SELECTED);
		press("j");
	}
	assert_int_equal(ui_top(&ui)->beside[0].selected, (int)findings()->n - 1);
	press("Home");
	assert_int_equal(ui_top(&ui)->beside[0].selected, 0);
	assert_true(shows_at(100, 30, "is an alias"));
}

static void findings__stand_alone__where_there_is_little(void **state)
{
	(void)state;
	keys("Tab Tab");
	for (size_t i = 0; i < findings()->n; i++) {
		ui_draw(&ui, 40, 8, 0);
		assert_int_equal(ui.canvas.cell[ui.canvas.cursor_y * 40 + ui.canvas.cursor_x].role, ROLE_SELECTED);
		press("j");
	}
	press("Home");
	assert_true(shows_at(40, 12, "✖ error"));
	assert_false(shows_at(40, 12, "Who answers what"));
}

static void answer__that_is_selected__is_told_in_full(void **state)
{
	(void)state;
	keys("Tab Tab Tab");
	assert_true(shows_at(120, 40, "TTL 12h30m"));
	keys("j");
	assert_int_equal(ui_top(&ui)->beside[1].selected, 1);
	keys("G");
	assert_int_equal(ui_top(&ui)->beside[1].selected, 3);
	keys("j");
	assert_int_equal(ui_top(&ui)->beside[1].selected, 3);
	assert_true(shows("zone demo"));
}

static void pane__alone__fills_the_screen(void **state)
{
	char words[20];

	(void)state;
	keys("+");
	assert_true(ui_top(&ui)->zoomed);
	assert_true(shows("Ladder") && !shows("Who answers what") && !shows("Findings"));
	keys("Tab Tab");
	assert_true(shows("▸Findings") && !shows("Ladder"));
	snprintf(words, sizeof(words), "%.15s", findings()->finding[0].check->why);
	assert_true(shows(words)); /* in full: there is room */
	keys("_");
	assert_false(ui_top(&ui)->zoomed);
	assert_true(shows("Ladder") && shows("Who answers what"));
}

static void panes__are_four_two_or_one__by_the_room(void **state)
{
	static const struct {
		int width, height, panes;
	} rows[] = { { 96, 18, 4 }, { 95, 18, 2 }, { 96, 17, 2 }, { 200, 17, 2 }, { 120, 40, 4 }, { 40, 12, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(shows_at(rows[i].width, rows[i].height, "Who answers what"), rows[i].panes == 4);
		assert_int_equal(shows_at(rows[i].width, rows[i].height, "Findings"), rows[i].panes > 1);
	}
	keys("Tab Tab Tab"); /* below the ladder stands the pane in focus */
	assert_true(shows_at(95, 24, "▸Who answers what") && shows_at(95, 24, "Ladder") && !shows_at(95, 24, "Findings"));
}

/* What acts on a row of the ladder does not, while the cursor is elsewhere. */
static void row__is_not_acted_on__from_another_pane(void **state)
{
	(void)state;
	keys("Tab Tab d");
	assert_true(shows("That acts on a row of the ladder: Tab goes there."));
	assert_false(session_drafting(ui.session));
	keys("e");
	assert_ptr_equal(ui_top(&ui)->class, &screen_findings);
	keys("Esc G x");
	assert_true(shows("this finding has no mechanical fix"));
	keys("Tab d");
	assert_true(shows("That acts on a row of the ladder: Tab goes there."));
	keys("Tab d");
	assert_true(session_drafting(ui.session));
}

static void one__is_scrolled__as_far_as_it_goes(void **state)
{
	int scroll;

	(void)state;
	keys("Tab");
	assert_true(shows_at(100, 18, "↓"));
	for (int i = 0; i < 60; i++)
		press("j");
	ui_draw(&ui, 100, 18, 0);
	scroll = ui_top(&ui)->scroll;
	assert_true(scroll > 3 && scroll < 60);
	assert_true(shows_at(100, 18, "Courier 1.0, Gmail") && !shows_at(100, 18, "↓"));
	press("k");
	ui_draw(&ui, 100, 18, 0);
	assert_int_equal(ui_top(&ui)->scroll, scroll - 1);
	press("Home");
	ui_draw(&ui, 100, 18, 0);
	assert_int_equal(ui_top(&ui)->scroll, 0);
	press("k");
	ui_draw(&ui, 100, 18, 0);
	assert_int_equal(ui_top(&ui)->scroll, 0);
}

/* Enter on a row of who answers opens that answer; Enter and Esc go back to the row, Tab goes on. */
static void answer__is_opened__from_its_row(void **state)
{
	(void)state;
	keys("Tab Tab Tab Down Enter");
	assert_int_equal(ui_top(&ui)->pane, HOME_ONE);
	assert_int_equal(home_about(ui_top(&ui)), HOME_ANSWERS);
	assert_int_equal(ui_top(&ui)->beside[1].selected, 1);
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows_at(80, 24, "TTL "));
	keys("Esc");
	assert_int_equal(ui_top(&ui)->pane, HOME_ANSWERS);
	assert_int_equal(ui_top(&ui)->beside[1].selected, 1);
	keys("Enter Enter");
	assert_int_equal(ui_top(&ui)->pane, HOME_ANSWERS);
	keys("Enter Tab Enter");
	assert_string_equal(ui_top(&ui)->class->name, "findings");
	keys("Esc Tab Tab");
	assert_int_equal(ui_top(&ui)->pane, HOME_LADDER);
	keys("Enter");
	assert_int_equal(ui.ask, ASK_EDIT);
	keys("Esc Tab Enter Esc");
	assert_int_equal(ui_top(&ui)->pane, HOME_ONE); /* it was not opened from a row */
}

/* Left and right go through the senders, and behind the last stands the mix of all; the column and the worst case follow. */
static void senders__are_turned__and_the_mix_is_one(void **state)
{
	const struct sender *const *list = session_senders(ui.session);
	size_t last = 0;

	(void)state;
	while (list[last + 1])
		last++;
	assert_ptr_equal(session_sender(ui.session), list[0]);
	keys("Right");
	assert_ptr_equal(session_sender(ui.session), list[1]);
	assert_true(shows_at(120, 40, sender_title(list[1])) && !ui_top(&ui)->mix);
	keys("Left Left");
	settle();
	assert_true(ui_top(&ui)->mix);
	assert_true(shows_at(120, 40, "worst if one is down: ✔ 0s–4m20s (all senders)"));
	assert_true(shows_at(120, 40, "✔ found ✔ 0s–4m20s"));
	assert_true(shows_at(100, 30, "worst if one is down: ✔ 0s–4m20s ") && !shows_at(100, 30, "(all senders)"));
	keys("Left");
	assert_true(!ui_top(&ui)->mix);
	assert_ptr_equal(session_sender(ui.session), list[last]);
	keys("Right");
	assert_true(ui_top(&ui)->mix);
	keys("Right");
	assert_true(!ui_top(&ui)->mix);
	assert_ptr_equal(session_sender(ui.session), list[0]);
}

/* A host without an address is missed by nobody: the worst is that the one behind it fails. */
static void worst__is__that_of_any_host(void **state)
{
	(void)state;
	keys(":");
	answer("add 5 ingen, remove mejlserver2.exempel.com, remove reserv.exempel.net");
	settle();
	assert_int_equal(session_set(ui.session)->n, 2);
	assert_true(shows_at(120, 40, "worst if one is down: ✖"));
}

/* ---- where panes stand ---- */

static bool is_at(int x, int y, const char *symbol)
{
	return !strcmp(ui.canvas.cell[y * ui.canvas.width + x].s, symbol);
}

static void four_panes__stand__where_they_should(void **state)
{
	static const struct {
		int width, height, left, answers; /* the rule between left and right, the one above who answers */
	} rows[] = { { 96, 18, 59, 11 }, { 96, 19, 59, 12 }, { 99, 22, 61, 15 }, { 100, 30, 61, 23 }, { 140, 40, 85, 33 },
		{ 200, 20, 121, 13 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const int left = rows[i].left;

		ui_draw(&ui, rows[i].width, rows[i].height, 0);
		assert_true(is_at(left, 1, "┬") && is_at(left, rows[i].height - 2, "┴"));
		for (int y = 2; y < rows[i].height - 2; y++)
			assert_true(is_at(left, y, y == 6 ? "┤" : y == rows[i].answers ? "├" : "│"));
		assert_true(is_at(0, 6, "─") && is_at(left - 1, 6, "─") && !is_at(left + 1, 6, "─"));
		assert_true(is_at(left + 1, rows[i].answers, "─") && is_at(rows[i].width - 1, rows[i].answers, "─"));
		assert_false(is_at(left - 1, rows[i].answers, "─"));
	}
}

static void add_hosts(int n)
{
	char text[40];

	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "%d h%d.exempel.com", 30 + i, i);
		ui_key(&ui, 'a');
		answer(text);
	}
	ui_top(&ui)->list.selected = 0;
}

/* The ladder takes the rows that it needs, without the gaps between its rungs where these do not fit, and leaves three to what is below. */
static void ladder__leaves__three_rows(void **state)
{
	static const struct {
		int hosts, height, rule;
	} rows[] = { { 3, 17, 8 }, { 3, 18, 12 }, { 12, 24, 17 }, { 13, 24, 18 }, { 14, 24, 18 }, { 20, 24, 18 }, { 20, 16, 10 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int y = 2;

		add_hosts(rows[i].hosts);
		ui_draw(&ui, 80, rows[i].height, 0);
		while (y < rows[i].height && !is_at(0, y, "─"))
			y++;
		assert_int_equal(y, rows[i].rule);
		for (int k = 0; k < rows[i].hosts; k++)
			press("u");
	}
	add_hosts(18); /* where the two rules of four panes meet */
	ui_draw(&ui, 100, 30, 0);
	assert_true(is_at(61, 23, "┼"));
}

/* Before anybody answered there is no row to be opened; the pane keeps its three rows. */
static void answers__nobody_gave__are_said_to_be_none(void **state)
{
	struct dname name = *session_domain(ui.session);

	(void)state;
	assert_true(ui_open(&ui, &name, NULL)); /* and nothing asked */
	assert_true(shows("· nobody was asked yet"));
	assert_true(is_at(61, 24, "├"));
	keys("Tab Tab Tab Enter");
	assert_int_equal(ui_top(&ui)->pane, HOME_ANSWERS);
	assert_false(ui_top(&ui)->opened);
}

/* The cursor of the terminal, which a screen reader and a magnifier follow. */
static void cursor__stands__on_what_has_the_focus(void **state)
{
	static const struct {
		const char *key;
		int x, y;
	} rows[] = { { "Tab", 63, 2 }, { "Tab", 1, 7 }, { "j", 1, 9 }, { "Tab", 63, 24 }, { "j", 63, 25 }, { "Enter", 63, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys(rows[i].key);
		assert_int_equal(ui.canvas.cursor_x, rows[i].x);
		assert_int_equal(ui.canvas.cursor_y, rows[i].y);
	}
}

/* All of the pane of findings, and nothing beside it, opens them. */
static void click__on_findings__opens_them(void **state)
{
	static const struct {
		int x, y;
		bool opens;
	} rows[] = { { 0, 7, true }, { 60, 7, true }, { 61, 7, false }, { 30, 6, false }, { 0, 27, true }, { 60, 27, true },
		{ 30, 28, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		draw();
		ui_click(&ui, rows[i].x, rows[i].y);
		assert_int_equal(ui_top(&ui)->class == &screen_findings, rows[i].opens);
		if (rows[i].opens)
			ui_back(&ui);
	}
}

/* n and N, to the records that a finding is about, and no further. */
static void finding__of_a_record__is_gone_to(void **state)
{
	static const struct {
		const char *key;
		int row;
	} rows[] = { { "n", 1 }, { "n", 2 }, { "n", 3 }, { "n", 3 }, { "N", 2 }, { "N", 1 }, { "N", 0 }, { "N", 0 } };

	(void)state;
	keys("a");
	answer("30 nowhere.exempel.com");
	settle();
	keys("g");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys(rows[i].key);
		assert_int_equal(ui_top(&ui)->list.selected, rows[i].row);
		assert_true(mx_equal(&ui_top(&ui)->focus, &session_set(ui.session)->mx[rows[i].row]));
	}
}

static void row__that_goes__leaves_the_cursor_on_the_last(void **state)
{
	(void)state;
	keys("a");
	answer("30 mejlserver3");
	settle();
	keys("G");
	assert_int_equal(ui_top(&ui)->list.selected, 3);
	keys("u");
	assert_int_equal(ui_top(&ui)->list.n, 3);
	assert_int_equal(ui_top(&ui)->list.selected, 2);
}

/* A page of a list is what its pane has, but for a row; of the pane of the selected, five. Whatever is selected anew is told from its top.
 */
static void pages__are_turned__in_a_pane(void **state)
{
	static const int rows[][2] = { { 4, 1 }, { 5, 1 }, { 6, 2 }, { 7, 3 } }; /* height of the screen, where the second page begins */

	(void)state;
	keys("Tab");
	ui_draw(&ui, 100, 18, 0);
	press("PgDn");
	ui_draw(&ui, 100, 18, 0);
	assert_int_equal(ui_top(&ui)->scroll, 5);
	press("Tab");
	press("j");
	assert_int_equal(ui_top(&ui)->scroll, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ui_draw(&ui, 40, rows[i][0], 0);
		press("Home");
		press("PgDn");
		assert_int_equal(ui_top(&ui)->beside[0].selected, rows[i][1]);
		press("PgUp");
		assert_int_equal(ui_top(&ui)->beside[0].selected, 0);
	}
}

/* The system's resolver has no name: "resolver, just now". */
static void header__leaves_no_gap__for_a_name_that_is_none(void **state)
{
	struct facts *facts;

	(void)state;
	facts = (struct facts *)(uintptr_t)session_facts(ui.session);
	facts->source = SOURCE_RESOLVER;
	facts->source_name[0] = '\0';
	assert_true(shows_at(140, 20, "▏resolver, "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(header__leaves_no_gap__for_a_name_that_is_none, begin, end),
		cmocka_unit_test_setup_teardown(tab__goes_round__and_the_selected_stays_what_it_was, begin, end),
		cmocka_unit_test_setup_teardown(answer__is_opened__from_its_row, begin, end),
		cmocka_unit_test_setup_teardown(senders__are_turned__and_the_mix_is_one, begin, end),
		cmocka_unit_test_setup_teardown(worst__is__that_of_any_host, begin, end),
		cmocka_unit_test_setup_teardown(finding__that_is_selected__is_seen_and_told, begin, end),
		cmocka_unit_test_setup_teardown(findings__stand_alone__where_there_is_little, begin, end),
		cmocka_unit_test_setup_teardown(answer__that_is_selected__is_told_in_full, begin, end),
		cmocka_unit_test_setup_teardown(pane__alone__fills_the_screen, begin, end),
		cmocka_unit_test_setup_teardown(panes__are_four_two_or_one__by_the_room, begin, end),
		cmocka_unit_test_setup_teardown(row__is_not_acted_on__from_another_pane, begin, end),
		cmocka_unit_test_setup_teardown(one__is_scrolled__as_far_as_it_goes, begin, end),
		cmocka_unit_test_setup_teardown(four_panes__stand__where_they_should, begin, end),
		cmocka_unit_test_setup_teardown(ladder__leaves__three_rows, begin, end),
		cmocka_unit_test_setup_teardown(answers__nobody_gave__are_said_to_be_none, begin, end),
		cmocka_unit_test_setup_teardown(cursor__stands__on_what_has_the_focus, begin, end),
		cmocka_unit_test_setup_teardown(click__on_findings__opens_them, begin, end),
		cmocka_unit_test_setup_teardown(finding__of_a_record__is_gone_to, begin, end),
		cmocka_unit_test_setup_teardown(row__that_goes__leaves_the_cursor_on_the_last, begin, end),
		cmocka_unit_test_setup_teardown(pages__are_turned__in_a_pane, begin, end),
	};

	return cmocka_run_group_tests_name("home", tests, NULL, NULL);
}
