/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Screens above each other, what the mouse does on them, and what is said where a key finds nothing to do. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "tui/screen/screen.h"

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

static const char *top(void)
{
	return ui_top(&ui)->class->name;
}

static int selected(void)
{
	return ui_top(&ui)->list.selected;
}

static void wheel__moves__a_row_a_notch(void **state)
{
	(void)state;
	assert_int_equal(selected(), 0);
	assert_int_equal(ui_wheel(&ui, 2), UI_DRAW);
	assert_int_equal(selected(), 2);
	ui_wheel(&ui, -1);
	assert_int_equal(selected(), 1);
	ui_wheel(&ui, 0);
	assert_int_equal(selected(), 1);
	keys(":");
	ui_wheel(&ui, 1); /* what is asked goes on */
	assert_int_equal(selected(), 1);
}

/* Where the last of them stands: of a key by its action, of a row by its number. */
static struct hit hit_of(int action, int row)
{
	size_t i = ui.canvas.n_hit;

	while (i && !(ui.canvas.hit[i - 1].action == action && (action || ui.canvas.hit[i - 1].row == row)))
		i--;
	assert_true(i > 0);
	return ui.canvas.hit[i - 1];
}

/* The row or the key under the pointer, and nothing beside it. */
static void click__is_of_what_stands_there(void **state)
{
	struct hit hit = hit_of(0, 2);
	int x = hit.x, y = hit.y;

	(void)state;
	ui_message(&ui, ROLE_MESSAGE, "before");
	assert_int_equal(ui_click(&ui, x, y), UI_DRAW);
	assert_int_equal(selected(), 2);
	assert_string_equal(ui.message.s, "");
	ui_click(&ui, x, y);
	assert_int_equal(selected(), 2);
	ui_wheel(&ui, -2);
	ui_message(&ui, ROLE_MESSAGE, "before");
	ui_click(&ui, 99, 0);
	assert_int_equal(selected(), 0);
	assert_string_equal(ui.message.s, "before");
	hit = hit_of(ACTION_FINDINGS, 0);
	ui_click(&ui, hit.x, hit.y);
	assert_string_equal(top(), "findings");
	keys(":");
	ui_click(&ui, x, y);
	assert_string_equal(top(), "findings");
}

/* One that is open already is gone back to; the list of domains stands where it stood. */
static void screens__are_gone_back_to(void **state)
{
	(void)state;
	assert_int_equal(ui.depth, 1);
	assert_string_equal(top(), "ladder");
	keys("j s");
	assert_string_equal(top(), "simulate");
	assert_int_equal(ui.depth, 2);
	keys("f ?");
	assert_string_equal(top(), "help");
	assert_int_equal(ui.depth, 4);
	keys("Esc Esc Esc");
	assert_string_equal(top(), "ladder");
	assert_int_equal(ui.depth, 1);
	assert_int_equal(selected(), 1);
	keys("Esc");
	assert_int_equal(ui.depth, 1);
	keys("f");
	ui_show(&ui, "domains", NULL);
	assert_string_equal(top(), "domains");
	assert_int_equal(ui.depth, 3);
	ui_top(&ui)->list.selected = 4;
	ui_show(&ui, "domains", NULL);
	assert_int_equal(ui.depth, 3);
	assert_int_equal(selected(), 4);
	ui_show(&ui, "findings", NULL); /* anew, without what stood on it */
	assert_string_equal(top(), "findings");
	assert_int_equal(ui.depth, 2);
	ui_show(&ui, "domains", NULL);
	ui_show(&ui, "nowhere", NULL);
	assert_string_equal(top(), "domains");
	assert_int_equal(ui.depth, 3);
	assert_int_equal(selected(), 0);
}

static void nothing_to_do__is_said(void **state)
{
	static const struct {
		const char *key, *words;
	} rows[] = {
		{ "u", "There is nothing to undo." },
		{ "Ctrl-R", "There is nothing to redo." },
		{ "Ctrl-C", "Nothing is running. q leaves." },
		{ "F12", "F12 does nothing here; ? shows the keys." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys(rows[i].key);
		assert_string_equal(ui.message.s, rows[i].words);
		assert_int_equal(ui.message_role, ROLE_MESSAGE);
	}
	for (const char *key = "VO"; *key; key++) {
		keys((const char[]){ *key, '\0' });
		assert_string_equal(ui.message.s, "the demo probes no mail server");
		assert_int_equal(ui.message_role, ROLE_ERROR);
		assert_int_equal(ui.ask, ASK_NONE);
	}
	ui_paste(&ui, "x", 1);
	assert_string_equal(ui.message.s, "Pasted text is taken only where something is asked for.");
	ui_unreadable(&ui, 0xe5);
	assert_string_equal(ui.message.s, "The terminal sent a byte that is not UTF-8 (\\xe5): it was left out.");
	keys("j");
	assert_string_equal(ui.message.s, "");
	keys(":");
	ui_unreadable(&ui, 0xe5);
	assert_string_equal(ui.message.s, "");
	assert_string_equal(ui.refusal.s, "The terminal sent a byte that is not UTF-8 (\\xe5): it was left out.");
}

/* What was kept of a domain goes with it. */
static void theme__in_use__is_the_row_that_is_chosen(void **state)
{
	char name[THEME_NAME];
	int rows = 0;

	(void)state;
	for (; theme_at((size_t)rows, name); rows++) {
		snprintf(ui.theme, sizeof(ui.theme), "%s", name);
		assert_int_equal(ui_theme_row(&ui), rows);
	}
	assert_true(rows > 2);
	snprintf(ui.theme, sizeof(ui.theme), "none of them");
	assert_int_equal(ui_theme_row(&ui), 0);
}

static void domain__is_left__with_all_of_it(void **state)
{
	(void)state;
	assert_string_equal(ui.account, "demo");
	assert_true(ui_open(&ui, NULL, NULL));
	assert_null(ui.session);
	assert_null(ui.account);
	assert_null(ui.reason);
	assert_null(ui.typed_domain);
	assert_string_equal(top(), "domains");
	assert_int_equal(ui.depth, 1);
	ui_survey(&ui); /* of no domain */
	assert_true(ui.asks);
	ui_show(&ui, "review", NULL); /* none without one */
	assert_string_equal(top(), "domains");
	assert_true(ui_open(&ui, NULL, NULL));
	assert_int_equal(ui.depth, 1);
}

/* The TTL of the draft on disk; 0: there is none. */
static uint32_t ttl_on_disk(void)
{
	struct draft draft = { 0 };
	struct plan plan;
	uint32_t ttl_s = 0;

	plan_init(&plan);
	if (store_draft_load(app.store, session_domain(ui.session), &plan, &draft, NULL))
		ttl_s = draft.want.ttl_s;
	draft_release(&draft);
	plan_release(&plan);
	return ttl_s;
}

/* Whoever ends a stopped program takes nothing of the draft with it. */
static void suspended__keeps_the_draft(void **state)
{
	uint32_t key;

	(void)state;
	keys("t");
	answer("2h");
	assert_int_equal(ttl_on_disk(), 0);
	assert_true(key_parse(&key, "Ctrl-Z", NULL));
	assert_int_equal(ui_key(&ui, key), UI_SUSPEND);
	assert_int_equal(ttl_on_disk(), 7200);
	assert_true(key_parse(&key, "Ctrl-L", NULL));
	assert_int_equal(ui_key(&ui, key), UI_REPAINT);
	assert_null(session_save_error(ui.session));
	keys("t");
	answer("3h");
	keys("a"); /* also from a question, which goes on */
	assert_true(key_parse(&key, "Ctrl-Z", NULL));
	assert_int_equal(ui_key(&ui, key), UI_SUSPEND);
	assert_int_equal(ui.ask, ASK_ADD);
	assert_int_equal(ttl_on_disk(), 10800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wheel__moves__a_row_a_notch, begin, end),
		cmocka_unit_test_setup_teardown(click__is_of_what_stands_there, begin, end),
		cmocka_unit_test_setup_teardown(screens__are_gone_back_to, begin, end),
		cmocka_unit_test_setup_teardown(nothing_to_do__is_said, begin, end),
		cmocka_unit_test_setup_teardown(theme__in_use__is_the_row_that_is_chosen, begin, end),
		cmocka_unit_test_setup_teardown(domain__is_left__with_all_of_it, begin, end),
		cmocka_unit_test_setup_teardown(suspended__keeps_the_draft, begin, end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
