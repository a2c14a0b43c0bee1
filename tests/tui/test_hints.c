/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the last row offers is not refused when it is pressed, on any screen, at many moments. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/requests.h"
#include "driver.h"

struct moment {
	const char *keys, *answer, *more; /* what is pressed, typed to the question that opens, and pressed then */
};

static void go_to(const struct moment *moment)
{
	open_demo("exempel.com");
	keys(moment->keys);
	if (moment->answer)
		answer(moment->answer);
	settle();
	draw();
	keys(moment->more);
	settle();
	draw();
}

/* The actions of the last row; returns how many. */
static size_t hinted(struct hit *hits)
{
	size_t n = 0;

	for (size_t i = 0; i < ui.canvas.n_hit; i++)
		if (ui.canvas.hit[i].action && ui.canvas.hit[i].y == ui.canvas.height - 1)
			hits[n++] = ui.canvas.hit[i];
	return n;
}

static void press_all(const struct moment *moment)
{
	struct hit hits[CANVAS_HITS];
	size_t n;

	go_to(moment);
	n = hinted(hits);
	close_demo();
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		go_to(moment);
		ui_click(&ui, hits[i].x, hits[i].y);
		if (ui.message.len && ui.message_role == ROLE_ERROR)
			fail_msg("\"%s\" \"%s\" \"%s\", then %s: %s", moment->keys, moment->answer ? moment->answer : "", moment->more,
				actions[hits[i].action].name, ui.message.s);
		close_demo();
	}
}

static void hints__of_every_moment__are_not_refused(void **state)
{
	static const struct moment moments[] = {
		{ "", NULL, "" },
		{ "Tab", NULL, "" },
		{ "Tab Tab", NULL, "" },
		{ "Tab Tab Tab", NULL, "" },
		{ "Tab Tab Tab Enter", NULL, "" },
		{ "d", NULL, "" },
		{ "t", "2h", "" },
		{ "t", "2h", "r" },
		{ "t", "2h", "c" },
		{ "r", NULL, "" },
		{ "f", NULL, "" },
		{ "f j", NULL, "" },
		{ "f /", "nowhere", "" },
		{ "s", NULL, "" },
		{ "Space s", NULL, "" },
		{ "s Enter", NULL, "" },
		{ "s w", NULL, "" },
		{ "m", NULL, "" },
		{ "m /", "nowhere", "" },
		{ "o", NULL, "" },
		{ "H", NULL, "" },
		{ "w", NULL, "" },
		{ "I", NULL, "" },
		{ "I /", "nowhere", "" },
		{ "@", NULL, "" },
		{ "@ /", "nowhere", "" },
		{ "D", NULL, "" },
		{ "D /", "nowhere", "" },
		{ "?", NULL, "" },
		{ "Ctrl-T", NULL, "" },
		{ "b", NULL, "" },
		{ "d c", NULL, "" },
		{ "d B", NULL, "" },
		{ "d r", NULL, "Enter" },
		{ "d r A", "note", "P" },
		{ "d r A", "note", "P H" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		press_all(&moments[i]);
}

/* Each action has a key of its own that no text of the demo holds: a letter of Cyrillic or Armenian. */
static uint32_t letter_of(enum action action)
{
	return 0x400 + (uint32_t)action;
}

static void bind_letters(void)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		uint32_t letter = letter_of((enum action)i);

		assert_true(keymap_set(
			&ui.keymap, actions[i].name, (char[]){ (char)(0xc0 | letter >> 6), (char)(0x80 | (letter & 0x3f)), '\0' }, NULL));
	}
}

/* The actions whose keys stand anywhere on the screen. */
static void find_named(bool named[ACTION_COUNT])
{
	memset(named, 0, ACTION_COUNT * sizeof(*named));
	bind_letters();
	ui_draw(&ui, 160, 60, 0);
	for (int i = 0; i < ui.canvas.width * ui.canvas.height; i++) {
		const unsigned char *s = (const unsigned char *)ui.canvas.cell[i].s;
		uint32_t letter = ((uint32_t)(s[0] & 0x1f) << 6) | (s[1] & 0x3f);

		if ((s[0] & 0xe0) == 0xc0 && letter > letter_of(ACTION_NONE) && letter < letter_of(ACTION_COUNT))
			named[letter - letter_of(ACTION_NONE)] = true;
	}
}

static void press_named(const struct moment *moment)
{
	bool named[ACTION_COUNT];

	go_to(moment);
	find_named(named);
	close_demo();
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		if (!named[i])
			continue;
		go_to(moment);
		bind_letters();
		draw();
		ui_key(&ui, letter_of((enum action)i));
		if (ui.message.len && (ui.message_role == ROLE_ERROR || strstr(ui.message.s, "does nothing here")))
			fail_msg("\"%s\" \"%s\" \"%s\", then %s: %s", moment->keys, moment->answer ? moment->answer : "", moment->more,
				actions[i].name, ui.message.s);
		close_demo();
	}
}

/* The demo names no key that it refuses: not in the last row, and not in a sentence. Help alone names them all. */
static void keys__that_are_named__are_not_refused(void **state)
{
	static const struct moment moments[] = {
		{ "", NULL, "" },
		{ "d", NULL, "" },
		{ "d r", NULL, "" },
		{ "d r A", "note", "P" },
		{ "d B", NULL, "" },
		{ "d c", NULL, "" },
		{ "f", NULL, "" },
		{ "s", NULL, "" },
		{ "Space m", NULL, "" },
		{ "Space o", NULL, "" },
		{ "s w", NULL, "" },
		{ "H", NULL, "" },
		{ "I", NULL, "" },
		{ "b", NULL, "" },
		{ "@", NULL, "" },
		{ "@ /", "nowhere", "" },
		{ "D", NULL, "" },
		{ "Ctrl-T", NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		press_named(&moments[i]);
}

static bool offers(enum action action)
{
	struct hit hits[CANVAS_HITS];
	size_t n = hinted(hits);

	for (size_t i = 0; i < n; i++)
		if (hits[i].action == (int)action)
			return true;
	return false;
}

static void assert_row_actions(bool offered)
{
	static const enum action of_rows[] = { ACTION_DELETE, ACTION_LOWER, ACTION_MARK };

	for (size_t i = 0; i < sizeof(of_rows) / sizeof(*of_rows); i++)
		assert_int_equal(offers(of_rows[i]), offered);
}

/* What acts on a row of the ladder is offered while the cursor is on the ladder. */
static void hints__of_a_row__stand_beside_the_ladder_alone(void **state)
{
	(void)state;
	open_demo("exempel.com");
	draw();
	assert_row_actions(true);
	assert_true(shows("e edit"));
	keys("Tab Tab"); /* the findings */
	assert_row_actions(false);
	assert_true(shows("e open"));
	keys("Tab"); /* who answers */
	assert_row_actions(false);
	assert_true(shows("e open"));
	keys("Enter"); /* one answer */
	assert_row_actions(false);
	assert_false(offers(ACTION_EDIT));
	close_demo();
}

static bool shows_small(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	ui_draw(&ui, 40, 12, 0);
	canvas_text(&ui.canvas, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}

/* What is said of the selected row and has no room below the list stands alone by Tab, and scrolls; where all is seen, nothing offers that.
 */
static void detail__that_does_not_fit__is_read_by_tab(void **state)
{
	static const struct {
		const char *keys, *first, *last;
	} rows[] = {
		{ "f", "A target must not be an alias", "mx.exempel.one\n lines" },
		{ "@", "It needs no key.", "z.example" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		open_demo("exempel.com");
		configure("[domain aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example]\naccount = demo\n[domain bbbbbbbbbbbbbbbbbbbbbbbbbbb.example]\n"
			  "account = demo\n[domain cccccccccccccccccccccccccccccc.example]\naccount = demo\n"
			  "[domain dddddddddddddddddddddddddddddddd.example]\naccount = demo\n[domain z.example]\naccount = demo\n");
		keys(rows[i].keys);
		assert_false(shows("Tab pane"));
		keys("Tab");
		assert_int_equal(ui_top(&ui)->pane, 0);
		assert_true(shows_small("Tab pane"));
		ui_key(&ui, KEYCODE_TAB);
		assert_true(shows_small(rows[i].first));
		ui_key(&ui, 'G');
		if (!shows_small(rows[i].last))
			fail_msg("%s: its end is not seen", rows[i].keys);
		ui_key(&ui, KEYCODE_ESC);
		assert_true(shows_small("lines 1-"));
		assert_int_equal(ui_top(&ui)->pane, 0);
		close_demo();
	}
}

/* Nothing leads back from the first screen, and an empty list has nothing to be searched. */
static void hints__that_lead_nowhere__are_left_out(void **state)
{
	static const char *const empty[] = { "H", "I" };

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < 2; i++) {
		keys(empty[i]);
		app.requests->n = 0; /* the demo has read its files */
		draw();
		assert_true(offers(ACTION_BACK));
		assert_false(offers(ACTION_FILTER));
		keys("Esc");
	}
	assert_true(ui_open(&ui, NULL, NULL));
	draw();
	assert_true(shows("No domain is known here yet."));
	assert_false(offers(ACTION_BACK));
	assert_false(offers(ACTION_FILTER));
	assert_true(offers(ACTION_OPEN));
	close_demo();
}

static void bind_key(const char *action, const char *key)
{
	assert_true(keymap_set(&ui.keymap, action, key, NULL));
}

/* Sentences that tell a key tell the one that it is bound to. */
static void sentences__name_keys__as_they_are_bound(void **state)
{
	(void)state;
	open_demo("exempel.com");
	bind_key("quit", "F9");
	bind_key("help", "F8");
	bind_key("fix", "F7");
	keys("Ctrl-C");
	assert_string_equal(ui.message.s, "Nothing is running. F9 leaves.");
	keys("F12");
	assert_string_equal(ui.message.s, "F12 does nothing here; F8 shows the keys.");
	keys("f");
	assert_true(shows("F7 mends it in the draft: rename reserv.exempel.net mx.exempel.one"));
	ui.hooks.spoken = true; /* no keys are pressed there */
	ui_tell_idle(&ui, "longer");
	assert_string_equal(ui.message.s, "longer does nothing here; \"help\" shows the keys.");
	close_demo();
}

/* Where several accounts are configured, and none for this domain, none is missing: one is to be chosen. */
static void review__with_an_account_to_choose__says_so(void **state)
{
	struct dname name;

	(void)state;
	open_demo("exempel.com");
	configure("[account other]\nprovider = zonefile\nendpoint = /tmp\n");
	assert_true(dname_parse(&name, "exempel.com", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	assert_null(ui.account);
	ui_survey(&ui);
	settle();
	keys(":");
	answer("add 30 mejlserver3.exempel.com");
	settle();
	app.demo = false;
	keys("r");
	settle();
	assert_true(shows("several accounts are configured, and none is chosen"));
	assert_false(shows("one is added there"));
	app.demo = true;
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints__of_every_moment__are_not_refused),
		cmocka_unit_test(keys__that_are_named__are_not_refused),
		cmocka_unit_test(hints__of_a_row__stand_beside_the_ladder_alone),
		cmocka_unit_test(detail__that_does_not_fit__is_read_by_tab),
		cmocka_unit_test(hints__that_lead_nowhere__are_left_out),
		cmocka_unit_test(sentences__name_keys__as_they_are_bound),
		cmocka_unit_test(review__with_an_account_to_choose__says_so),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
