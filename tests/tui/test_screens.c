/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every screen on the demo's world against a golden picture: text and roles, three sizes, English and Swedish. With MXLADDER_GOLDEN=write
 * in the environment the pictures are written instead; look at the difference before it is committed.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "driver.h"
#include "pictures.h"
#include "speak.h"

static void draft_something(void)
{
	keys("G d a");
	answer("30 mejlserver3.exempel.com");
	keys("g j e");
	answer("20");
	keys("t");
	answer("1h");
	settle();
	keys("g");
}

/* Every server goes, so there is all to say. The dates are of 2026-11-24. */
static void picture_of_cutover(const char *lang)
{
	open_demo("exempel.com");
	keys("d j d j d a");
	answer("10 mejlserver3.exempel.com");
	keys("t");
	answer("1h");
	settle();
	keys("c");
	picture_at = 1795537800;
	picture("cutover", lang);
	if (!strcmp(lang, "en")) {
		keys("Tab");
		picture("cutover-chart", lang);
	}
	picture_at = 0;
	close_demo();
}

static void take_pictures(const char *lang)
{
	open_demo("exempel.com");
	if (strcmp(lang, "en") == 0)
		picture_wide("ladder");
	else
		picture("ladder", lang);
	keys("Space s");
	picture("simulate", lang);
	keys("C Enter Space");
	picture("mark", lang);
	keys("Enter j");
	picture("mark-state", lang);
	keys("Esc C Esc m");
	ui_draw(&ui, 100, 30, 0);
	settle();
	picture("matrix", lang);
	keys("Esc o + + G k");
	picture("outage", lang);
	keys("w");
	picture("why", lang);
	keys("Esc Tab");
	picture("outage-tab", lang);
	keys("Esc Esc f");
	picture("findings", lang);
	keys("Esc ?");
	picture("help", lang);
	keys("Esc");
	draft_something();
	picture("draft", lang);
	keys("t");
	picture("prompt", lang);
	keys("Esc r");
	settle();
	picture("review", lang);
	close_demo();
	picture_of_cutover(lang);
}

static void screens__look__as_drawn(void **state)
{
	(void)state;
	take_pictures("en");
}

static void screens__look__as_drawn_in_swedish(void **state)
{
	(void)state;
	speak("sv");
	take_pictures("sv");
	speak(NULL);
}

/* From own servers to a hoster, step by step: the review's end at two sizes. */
static void review__tells__the_steps_of_a_move(void **state)
{
	static const struct {
		int width, height;
		const char *scroll, *file;
	} sizes[] = { { 120, 40, "g", "review-move-120x40.en" }, { 80, 24, "PgDn", "review-move-80x24.en" } };

	(void)state;
	open_demo("exempel.com");
	keys("p");
	answer("google");
	settle();
	keys("r");
	settle();
	picture_at = 1795537800;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char file[64];
		struct str text, marks;

		str_init(&text, 0);
		str_init(&marks, 0);
		picture_draw(sizes[i].width, sizes[i].height, &text, &marks);
		keys(sizes[i].scroll);
		str_clear(&text);
		str_clear(&marks);
		picture_draw(sizes[i].width, sizes[i].height, &text, &marks);
		snprintf(file, sizeof(file), "%s.text", sizes[i].file);
		picture_compare(file, text.s);
		snprintf(file, sizeof(file), "%s.roles", sizes[i].file);
		picture_compare(file, marks.s);
		str_release(&text);
		str_release(&marks);
	}
	picture_at = 0;
	close_demo();
}

static void null_mx__is__told(void **state)
{
	struct str text, marks;

	(void)state;
	open_demo("tyst.example");
	str_init(&text, 0);
	str_init(&marks, 0);
	picture_draw(80, 24, &text, &marks);
	assert_non_null(strstr(text.s, "null MX"));
	str_release(&text);
	str_release(&marks);
	close_demo();
}

/* ---- behaviour by keys ---- */

static void draft__is__undone_and_done_again(void **state)
{
	(void)state;
	open_demo("exempel.com");
	draft_something();
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	for (int i = 0; i < 20; i++)
		keys("u");
	assert_false(session_drafting(ui.session));
	for (int i = 0; i < 20; i++)
		keys("Ctrl-R");
	assert_int_equal(session_set(ui.session)->n, 3);
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	close_demo();
}

static void prompt__keeps__what_was_refused(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("t");
	answer("soon");
	assert_int_equal(ui.ask, ASK_TTL);
	assert_string_equal(ui.prompt.text.s, "soon");
	assert_true(ui.refusal.len > 0);
	keys("Esc");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_false(session_drafting(ui.session));
	close_demo();
}

static void delete__on_a_removed_record__puts_it_back(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("G d");
	assert_int_equal(session_set(ui.session)->n, 2);
	keys("d");
	assert_false(session_drafting(ui.session));
	close_demo();
}

static void paste__outside_a_prompt__does_nothing(void **state)
{
	(void)state;
	open_demo("exempel.com");
	ui_paste(&ui, "dddq\n", 5);
	assert_false(session_drafting(ui.session));
	close_demo();
}

static void push__asks__for_approval_first(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("t");
	answer("1h");
	keys("r P");
	assert_null(session_current_push(ui.session));
	keys("A");
	answer("shorter");
	keys("P");
	assert_non_null(session_current_push(ui.session));
	settle();
	assert_int_equal(session_current_push(ui.session)->state, PUSH_PUBLISHED);
	keys("Esc Esc H");
	ui_draw(&ui, 100, 30, 0);
	assert_int_equal(ui.history.n, 1);
	keys("R");
	assert_true(session_drafting(ui.session));
	assert_int_equal(session_set(ui.session)->ttl_s, 45000);
	close_demo();
}

/* Each, on every screen that has it; there is no push to take back. */
static void every_action__is__answered(void **state)
{
	bool answered[ACTION_COUNT] = { [ACTION_QUIT] = true };
	struct str left;

	(void)state;
	str_init(&left, 0);
	open_demo("exempel.com");
	for (size_t s = 0; screens[s]; s++)
		for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
			enum ui_wish wish = UI_DRAW;

			if (i == ACTION_QUIT || !(actions[i].in & (unsigned)screens[s]->in))
				continue;
			ui_show(&ui, screens[s]->name, "ttl");
			ui_draw(&ui, 100, 30, 0);
			assert_true(ui_command(&ui, actions[i].name, &wish));
			if (wish == UI_UNANSWERED)
				str_addf(&left, "%s %s, ", screens[s]->name, actions[i].name);
			answered[i] = answered[i] || wish != UI_UNANSWERED;
			for (int k = 0; k < 3; k++) {
				ui_draw(&ui, 40 + 20 * k, 8 + 8 * k, 0);
				ui_click(&ui, 5, 3);
			}
			ui.ask = ASK_NONE;
		}
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (!answered[i])
			fail_msg("no screen answers %s", actions[i].name);
	assert_string_equal(left.s, "push revert, ");
	str_release(&left);
	settle();
	close_demo();
}

static void screens__fit__in_any_size(void **state)
{
	static const int sizes[] = { 1, 2, 3, 5, 9, 17, 33, 61, 71, 85, 99, 240 };

	(void)state;
	open_demo("exempel.com");
	draft_something();
	for (size_t s = 0; screens[s]; s++) {
		ui_show(&ui, screens[s]->name, "ttl");
		for (size_t w = 0; w < sizeof(sizes) / sizeof(*sizes); w++)
			for (size_t h = 0; h < 8; h++) {
				ui_draw(&ui, sizes[w], sizes[h], 0);
				ui_act(&ui, ACTION_PALETTE);
				ui_draw(&ui, sizes[w], sizes[h], 0);
				ui_key(&ui, KEYCODE_ESC);
			}
	}
	settle();
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens__look__as_drawn),
		cmocka_unit_test(review__tells__the_steps_of_a_move),
		cmocka_unit_test(null_mx__is__told),
		cmocka_unit_test(draft__is__undone_and_done_again),
		cmocka_unit_test(prompt__keeps__what_was_refused),
		cmocka_unit_test(delete__on_a_removed_record__puts_it_back),
		cmocka_unit_test(paste__outside_a_prompt__does_nothing),
		cmocka_unit_test(push__asks__for_approval_first),
		cmocka_unit_test(every_action__is__answered),
		cmocka_unit_test(screens__fit__in_any_size),
		cmocka_unit_test(screens__look__as_drawn_in_swedish),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
