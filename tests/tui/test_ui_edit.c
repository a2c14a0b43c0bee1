/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits as they are typed: what is understood is shown before Enter, what cannot be is refused in the prompt, and no half of it stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "driver.h"

/* Types the text without Enter. */
static void type(const char *text)
{
	for (; *text; text++)
		ui_key(&ui, (uint32_t)(unsigned char)*text);
}

static bool wants(uint32_t preference, const char *host)
{
	struct mx mx;

	mx_set(&mx, preference, host);
	return mxset_has(session_set(ui.session), &mx);
}

static void add__shows_what_it_understood__before_enter(void **state)
{
	static const struct {
		const char *typed, *shown, *host;
		uint32_t preference;
	} rows[] = {
		{ "30 mx3", "Add mx3.exempel.com with preference 30.", "mx3.exempel.com", 30 },
		{ "mx3 35", "Add mx3.exempel.com with preference 35.", "mx3.exempel.com", 35 },
		{ "mx3.exempel.net", "Add mx3.exempel.net with preference 30.", "mx3.exempel.net", 30 },
	};

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		keys("a");
		type(rows[i].typed);
		draw();
		assert_true(shows(rows[i].shown));
		assert_false(session_drafting(ui.session));
		keys("Enter");
		assert_int_equal(ui.ask, ASK_NONE);
		assert_int_equal(session_set(ui.session)->n, 4);
		assert_true(wants(rows[i].preference, rows[i].host));
		keys("u");
		assert_false(session_drafting(ui.session));
	}
	close_demo();
}

static void add__refuses__in_the_prompt_with_the_place(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("a");
	type("30 https://mx3.exempel.net/");
	keys("Enter");
	assert_int_equal(ui.ask, ASK_ADD);
	assert_string_equal(ui.prompt.text.s, "30 https://mx3.exempel.net/");
	assert_string_equal(ui.refusal.s,
		"at character 4: \"https://mx3.exempel.net/\" is a URL, and a name belongs here. Did you mean mx3.exempel.net?");
	keys("Ctrl-U");
	type("70000 mx3");
	keys("Enter");
	assert_string_equal(ui.refusal.s, "at character 1: a preference is a number from 0 to 65535, not \"70000\"");
	assert_false(session_drafting(ui.session));
	close_demo();
}

/* The new preference would do, the new host stands there already: neither is taken. */
static void change__refused__leaves_no_half_of_it(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("g e");
	assert_string_equal(ui.prompt.text.s, "10 mejlserver1.exempel.com");
	answer("20 reserv.exempel.net");
	assert_int_equal(ui.ask, ASK_EDIT);
	assert_string_equal(ui.refusal.s, "the draft already has reserv.exempel.net with preference 20");
	assert_false(session_drafting(ui.session));
	assert_true(wants(10, "mejlserver1.exempel.com"));
	answer("20 mx9");
	assert_true(wants(20, "mx9.exempel.com"));
	assert_int_equal(session_draft(ui.session)->n_undo, 1);
	keys("u");
	assert_false(session_drafting(ui.session));
	close_demo();
}

/* A host alone goes ten behind the last, and where there is no room for that, as far behind as can be. */
static void add__of_a_host_alone__goes_behind_the_last(void **state)
{
	static const uint32_t rows[][2] = { { 65524, 65534 }, { 65525, 65535 }, { 65526, 65535 }, { 65534, 65535 } };
	char text[80];

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(text, sizeof(text), "add %u mx8.exempel.com", (unsigned)rows[i][0]);
		keys(":");
		answer(text);
		keys("a");
		type("mx9");
		snprintf(text, sizeof(text), "Add mx9.exempel.com with preference %u.", (unsigned)rows[i][1]);
		assert_true(shows(text));
		keys("Enter");
		assert_int_equal(ui.ask, ASK_NONE);
		assert_true(wants(rows[i][1], "mx9.exempel.com"));
		keys("u u");
		assert_false(session_drafting(ui.session));
	}
	close_demo();
}

/* Before Enter three changes are told, and that there are more. */
static void row__that_is_gone__leaves_the_cursor_where_it_was(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("a");
	answer("5 mx0");
	keys("g");
	draw();
	assert_string_equal(ui_top(&ui)->class->name, "ladder");
	keys("u");
	draw();
	assert_int_equal(session_set(ui.session)->n, 3);
	assert_int_equal(ui_top(&ui)->list.selected, 0);
	close_demo();
}

static void told__are__three_changes(void **state)
{
	static const struct {
		const char *edits, *end;
	} rows[] = {
		{ "add 31 a.example, add 32 b.example, add 33 c.example",
			"Add b.example with preference 32. Add c.example with preference 33." },
		{ "add 31 a.example, add 32 b.example, add 33 c.example, add 34 d.example", "Add c.example with preference 33. …" },
	};
	struct mxset before = { 0 };

	(void)state;
	open_demo("exempel.com");
	mxset_copy(&before, session_set(ui.session));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text;

		str_init(&text, 0);
		keys(":");
		answer(rows[i].edits);
		ui_add_changes(&before, session_set(ui.session), &text);
		assert_true(text.len > strlen(rows[i].end));
		assert_string_equal(text.s + text.len - strlen(rows[i].end), rows[i].end);
		keys("u");
		str_release(&text);
	}
	mxset_release(&before);
	close_demo();
}

/* What is longer than its row is seen from its end, a character at a time, with the cursor behind it. */
static void typed_text__too_long_for_its_row__shows_its_end(void **state)
{
	static const struct {
		const char *unit, *row;
		int cells;
	} rows[] = {
		{ "a日本ö", " Add: 本öa日本öa日本öa日本öa日本öa日本ö", 33 },
		{ "日本", " Add: 日本日本日本日本日本日本日本日本", 32 },
	};

	(void)state;
	open_demo("exempel.com");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text, shown;
		char *row;

		str_init(&text, 0);
		str_init(&shown, 0);
		for (int k = 0; k < 12; k++)
			str_add(&text, rows[i].unit);
		keys("a");
		ui_key(&ui, 'U' - 64);
		ui_paste(&ui, text.s, text.len);
		ui_draw(&ui, 40, 12, 0); /* " Add: " and 33 cells, and one for the cursor */
		canvas_text(&ui.canvas, &shown);
		row = strstr(shown.s, " Add: ");
		assert_non_null(row);
		row[strcspn(row, "\n")] = '\0';
		assert_string_equal(row, rows[i].row);
		assert_int_equal(ui.canvas.cursor_x, 6 + rows[i].cells);
		assert_true(ui.canvas.cursor_shown);
		keys("Esc");
		str_release(&text);
		str_release(&shown);
	}
	close_demo();
}

static void palette__takes__several_edits_as_one_step(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys(":");
	answer("add 30 mx3.exempel.net, remove nobody.exempel.net");
	assert_int_equal(ui.ask, ASK_PALETTE);
	assert_false(session_drafting(ui.session));
	answer("add 30 mx3.exempel.net, ttl 1w");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(wants(30, "mx3.exempel.net"));
	assert_int_equal(session_set(ui.session)->ttl_s, 604800);
	assert_int_equal(session_draft(ui.session)->n_undo, 1);
	close_demo();
}

/* What stands behind the verb that the prompt has said, and no more. */
static void operand__is_one__and_the_rest_is_refused(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("t");
	answer("1h x");
	assert_int_equal(ui.ask, ASK_TTL);
	assert_string_equal(ui.refusal.s, "\"x\" is too much: write \"ttl DURATION\"");
	answer("1h x y");
	assert_string_equal(ui.refusal.s, "\"y\" is too much");
	answer("1h");
	assert_int_equal(session_set(ui.session)->ttl_s, 3600);
	keys("p");
	answer("ses region=eu-west-1 x");
	assert_string_equal(ui.refusal.s, "\"x\" is too much");
	answer("ses region=eu-west-1");
	assert_true(wants(10, "inbound-smtp.eu-west-1.amazonaws.com"));
	keys("u u");
	assert_false(session_drafting(ui.session));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add__shows_what_it_understood__before_enter),
		cmocka_unit_test(add__refuses__in_the_prompt_with_the_place),
		cmocka_unit_test(change__refused__leaves_no_half_of_it),
		cmocka_unit_test(add__of_a_host_alone__goes_behind_the_last),
		cmocka_unit_test(row__that_is_gone__leaves_the_cursor_where_it_was),
		cmocka_unit_test(told__are__three_changes),
		cmocka_unit_test(typed_text__too_long_for_its_row__shows_its_end),
		cmocka_unit_test(palette__takes__several_edits_as_one_step),
		cmocka_unit_test(operand__is_one__and_the_rest_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
