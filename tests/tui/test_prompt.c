/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line editor key by key: where the cursor stands, what is cut, what comes back, and what is left of a secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/prompt.h"
#include "tui/term/key.h"

static struct prompt prompt;

static int begin(void **state)
{
	(void)state;
	prompt_init(&prompt);
	return 0;
}

static int end(void **state)
{
	(void)state;
	prompt_release(&prompt);
	return 0;
}

/* "C-x" a control key, "M-x" with Alt, a name, or one character. */
static void press(const char *keys)
{
	static const struct {
		const char *name;
		uint32_t key;
	} names[] = {
		{ "Left", KEYCODE_LEFT },
		{ "Right", KEYCODE_RIGHT },
		{ "Home", KEYCODE_HOME },
		{ "End", KEYCODE_END },
		{ "Up", KEYCODE_UP },
		{ "Down", KEYCODE_DOWN },
		{ "BS", KEYCODE_BACKSPACE },
		{ "Del", KEYCODE_DELETE },
		{ "C-Left", KEYCODE_CTRL_LEFT },
		{ "C-Right", KEYCODE_CTRL_RIGHT },
		{ "M-BS", KEY_ALT | KEYCODE_BACKSPACE },
		{ "Space", ' ' },
		{ "F1", KEYCODE_F1 },
	};
	char name[20];
	int taken;

	for (; sscanf(keys, " %19s%n", name, &taken) == 1; keys += taken) {
		uint32_t key = 0;

		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (!strcmp(names[i].name, name))
				key = names[i].key;
		if (!key && !strncmp(name, "C-", 2))
			key = (uint32_t)name[2] - 64;
		else if (!key && !strncmp(name, "M-C-", 4))
			key = KEY_ALT | ((uint32_t)name[4] - 64);
		else if (!key && !strncmp(name, "M-", 2))
			key = KEY_ALT | (uint32_t)name[2];
		else if (!key)
			key = (uint32_t)name[0];
		assert_int_equal(prompt_key(&prompt, key), PROMPT_EDITING);
	}
}

/* The text with the cursor in it. */
static const char *seen(void)
{
	static char text[PROMPT_MAX + 2];

	snprintf(text, sizeof(text), "%.*s|%s", (int)prompt.cursor, prompt.text.s, prompt.text.s + prompt.cursor);
	return text;
}

static void keys__move__cut__and_bring_back(void **state)
{
	static const struct {
		const char *text, *keys, *seen;
	} rows[] = {
		{ "ab ", "Left Left", "a|b " },
		{ "ab ", "C-B C-B C-F", "ab| " },
		{ "ab ", "Home", "|ab " },
		{ "ab ", "Home Left", "|ab " },
		{ "ab ", "C-A Right", "a|b " },
		{ "ab ", "Home End", "ab |" },
		{ "ab ", "Home C-E", "ab |" },
		{ "ab ", "Right", "ab |" },
		{ "a\xc3\xa5\xe2\x82\xac ", "Left Left", "a\xc3\xa5|\xe2\x82\xac " },
		{ "a\xc3\xa5\xe2\x82\xac ", "Left Left Left", "a|\xc3\xa5\xe2\x82\xac " },
		{ "a\xc3\xa5\xe2\x82\xac ", "Home Right Right", "a\xc3\xa5|\xe2\x82\xac " },
		{ "a\xc3\xa5 ", "BS BS", "a|" },
		{ "a\xc3\xa5 ", "C-H", "a\xc3\xa5|" },
		{ "a\xc3\xa5 ", "Home Right Del", "a| " },
		{ "a\xc3\xa5 ", "Home C-D", "|\xc3\xa5 " },
		{ "ab ", "Del", "ab |" },
		{ "ab ", "Home BS", "|ab " },
		/* words of letters and digits */
		{ "add 40 mx4.a ", "M-b", "add 40 mx4.|a " },
		{ "add 40 mx4.a ", "M-b C-Left", "add 40 |mx4.a " },
		{ "add 40 mx4.a ", "M-b M-b M-b M-b M-b", "|add 40 mx4.a " },
		{ "add 40 mx4.a ", "Home M-f", "add| 40 mx4.a " },
		{ "add 40 mx4.a ", "Home C-Right M-f", "add 40| mx4.a " },
		{ "add 40 mx4.a ", "M-f", "add 40 mx4.a |" },
		{ "\xc3\xa5zZ-9 ", "M-b M-b", "|\xc3\xa5zZ-9 " },
		{ "a@Z[`{/:0 ", "M-b M-b M-b", "|a@Z[`{/:0 " },
		{ "a@Z[`{/:0 ", "M-b M-b", "a@|Z[`{/:0 " },
		{ "b9 A ", "Home M-d", "| A " },
		{ "b9 A ", "Home M-d M-d", "| " },
		{ "b9 A ", "M-BS", "b9 |" },
		{ "b9 A ", "M-C-H M-BS", "|" },
		/* words that end at a blank */
		{ "a mx.b  ", "C-W", "a |" },
		{ "a mx.b  ", "C-W C-W", "|" },
		{ "a mx.b  ", "Left Left C-W", "a |  " },
		{ "a b c ", "Left Left Left C-K", "a b|" },
		{ "a b c ", "Left Left Left C-U", "| c " },
		{ "a b c ", "Left Left Left C-K C-Y C-Y", "a b c  c |" },
		{ "a b c ", "Left Left Left C-U End C-Y", " c a b|" },
		{ "a b c ", "C-K C-Y", "a b c |" }, /* nothing was cut yet */
		{ "a b c ", "C-W C-W C-Y", "a b |" },
		/* two change places */
		{ "abc ", "Home Right C-T", "ba|c " },
		{ "abc ", "C-T", "ab c|" },
		{ "a\xc3\xa5 ", "Home Right C-T",
			"\xc3\xa5"
			"a| " },
		{ "abc ", "Home C-T", "|abc " },
		{ "a ", "BS C-T", "a|" },
		{ "abc ", "F1", "abc |" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		prompt_wipe(&prompt);
		prompt_begin(&prompt, rows[i].text);
		press(rows[i].keys);
		if (strcmp(seen(), rows[i].seen) != 0)
			fail_msg("\"%s\" %s: \"%s\", not \"%s\"", rows[i].text, rows[i].keys, seen(), rows[i].seen);
	}
}

static void undo__takes_back__an_edit_or_a_row_of_letters(void **state)
{
	static const struct {
		const char *keys, *seen;
	} rows[] = {
		{ "C-_", "ab |" },
		{ "x y C-_", "ab |" },
		{ "x y C-_ C-_", "ab |" },
		{ "BS x y C-_", "ab|" },
		{ "BS x y C-_ C-_", "ab |" },
		{ "BS BS C-_", "ab|" },
		{ "x Left y C-_", "ab x|" },
		{ "x C-W C-_", "ab x|" },
		{ "x C-_ y C-_", "ab |" },
		{ "x C-W y C-_ C-_ C-_", "ab |" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		prompt_begin(&prompt, "ab ");
		press(rows[i].keys);
		if (strcmp(seen(), rows[i].seen) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].keys, seen(), rows[i].seen);
	}
	/* the oldest of too many is forgotten */
	prompt_begin(&prompt, "");
	for (int i = 0; i < PROMPT_UNDO + 5; i++)
		press("x Left Right");
	assert_int_equal(prompt.n_undo, PROMPT_UNDO);
	for (int i = 0; i < PROMPT_UNDO; i++)
		press("C-_");
	assert_string_equal(seen(), "xxxxx|");
	assert_int_equal(prompt.n_undo, 0);
}

static void offered_text__goes__when_another_is_typed(void **state)
{
	(void)state;
	prompt_begin(&prompt, "offered");
	assert_true(prompt.offered);
	press("x");
	assert_string_equal(seen(), "x|");
	assert_false(prompt.offered);
	prompt_begin(&prompt, "offered");
	press("Left x");
	assert_string_equal(seen(), "offerex|d");
	prompt_begin(&prompt, "offered ");
	press("x");
	assert_string_equal(seen(), "offered x|");
	prompt_begin(&prompt, "offered");
	prompt_paste(&prompt,
		"a\x7f\xc2\x9f"
		"b\xc2\xa0\n\r",
		9);
	assert_string_equal(seen(), "a  b\xc2\xa0|");
	prompt_begin(&prompt, "");
	assert_false(prompt.offered);
}

static void text__has_a_limit(void **state)
{
	(void)state;
	prompt_begin(&prompt, "");
	for (int i = 0; i < PROMPT_MAX + 10; i++)
		press("x");
	assert_int_equal(prompt.text.len, PROMPT_MAX - 1);
	assert_false(prompt.text.overflow);
	press("BS y");
	assert_int_equal(prompt.text.len, PROMPT_MAX - 1);
	assert_int_equal(prompt.text.s[PROMPT_MAX - 2], 'y');
}

static void remember(const char *text)
{
	prompt_begin(&prompt, text);
	prompt_remember(&prompt);
}

static void history__is_walked__and_what_is_typed_waits(void **state)
{
	char text[20];

	(void)state;
	remember("");
	assert_int_equal(prompt.n_past, 0);
	remember("one");
	remember("one");
	assert_int_equal(prompt.n_past, 1);
	remember("two");
	prompt_begin(&prompt, "");
	press("Down");
	assert_string_equal(seen(), "|");
	press("n e w Up");
	assert_string_equal(seen(), "two|");
	press("C-P Up");
	assert_string_equal(seen(), "one|");
	press("C-N");
	assert_string_equal(seen(), "two|");
	press("Down Down");
	assert_string_equal(seen(), "new|");
	for (int i = 0; i < PROMPT_HISTORY + 3; i++) {
		snprintf(text, sizeof(text), "row %d", i);
		remember(text);
	}
	assert_int_equal(prompt.n_past, PROMPT_HISTORY);
	assert_string_equal(prompt.past[0], "row 3");
	assert_string_equal(prompt.past[PROMPT_HISTORY - 1], "row 22");
}

static void keys__end_it(void **state)
{
	static const struct {
		uint32_t key;
		enum prompt_event event;
	} rows[] = {
		{ KEYCODE_ENTER, PROMPT_DONE },
		{ 'J' - 64, PROMPT_DONE },
		{ KEYCODE_ESC, PROMPT_CANCELLED },
		{ 'C' - 64, PROMPT_CANCELLED },
		{ 'G' - 64, PROMPT_CANCELLED },
		{ 31, PROMPT_EDITING },
		{ 'x', PROMPT_EDITING },
	};

	(void)state;
	prompt_begin(&prompt, "");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(prompt_key(&prompt, rows[i].key), rows[i].event);
	assert_string_equal(seen(), "x|");
}

static void secret__is_wiped(void **state)
{
	static const char nothing[10] = { 0 };

	(void)state;
	prompt_begin(&prompt, "");
	press("g e h e i m Up BS x C-U C-Y z");
	assert_non_null(prompt.killed);
	assert_true(prompt.n_undo > 0);
	prompt_wipe(&prompt);
	assert_memory_equal(prompt.text.s, nothing, sizeof(nothing));
	assert_int_equal(prompt.text.len, 0);
	assert_int_equal(prompt.cursor, 0);
	assert_int_equal(prompt.n_undo, 0);
	assert_null(prompt.killed);
	assert_null(prompt.typed);
	assert_false(prompt.typing);
	press("C-_ C-Y");
	assert_string_equal(seen(), "|");
	press("a");
	assert_string_equal(seen(), "a|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keys__move__cut__and_bring_back, begin, end),
		cmocka_unit_test_setup_teardown(undo__takes_back__an_edit_or_a_row_of_letters, begin, end),
		cmocka_unit_test_setup_teardown(offered_text__goes__when_another_is_typed, begin, end),
		cmocka_unit_test_setup_teardown(text__has_a_limit, begin, end),
		cmocka_unit_test_setup_teardown(history__is_walked__and_what_is_typed_waits, begin, end),
		cmocka_unit_test_setup_teardown(keys__end_it, begin, end),
		cmocka_unit_test_setup_teardown(secret__is_wiped, begin, end),
	};

	return cmocka_run_group_tests_name("prompt", tests, NULL, NULL);
}
