/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What typed letters find, and in which order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "tui/choices.h"

static void fuzzy__costs__rows_of_letters_and_where_they_begin(void **state)
{
	static const struct {
		const char *text, *typed;
		unsigned cost; /* 64 a point, and the letters left over */
	} rows[] = {
		{ "undo", "undo", 0 },
		{ "undo", "u", 3 },
		{ "undo", "UN", 2 },
		{ "UNDO", "un", 2 },
		{ "undo", "n", 3 * 64 + 3 },
		{ "undo", "uo", 3 * 64 + 2 },
		{ "as-probed", "p", 64 + 8 },
		{ "add PREF", "p", 64 + 7 },
		{ "as-probed", "ap", 64 + 7 },
		{ "as-probed", "s-p", 3 * 64 + 6 },
		{ "page-up", "pu", 64 + 5 },
		{ "xa-ab", "ab", 64 + 3 },  /* not the first a */
		{ "xab-ab", "ab", 64 + 4 }, /* the second ab, at a head */
		{ "ab-xb", "ab", 3 },
		{ "cutover", "cut over", 0 },
		{ "undo", "", 0 },
		{ "", "", 0 },
		{ "undo", "  ", 0 },
		{ "undo", "ou", FUZZY_NONE },
		{ "undo", "undoo", FUZZY_NONE },
		{ "undo", "x", FUZZY_NONE },
		{ "", "x", FUZZY_NONE },
		{ "abc", "ac", 3 * 64 + 1 },
		{ "aab", "ab", 3 * 64 + 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (fuzzy_cost(rows[i].text, rows[i].typed, NULL) != rows[i].cost)
			fail_msg("%s in %s: %u", rows[i].typed, rows[i].text, fuzzy_cost(rows[i].text, rows[i].typed, NULL));
}

static void fuzzy__tells__the_letters_of_the_best_way(void **state)
{
	static const struct {
		const char *text, *typed, *hits;
	} rows[] = {
		{ "xab-ab", "ab", "....xx" },
		{ "page-up", "pu", "x....x." },
		{ "sender-next", "sn", "x......x..." },
		{ "undo", "uo", "x..x" },
		{ "q-x-x-z", "xz", "..x...x" }, /* of two as good the first */
		{ "undo", "", "...." },
		{ "undo", "q", "...." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool hit[FUZZY_TEXT];
		struct str text;

		fuzzy_cost(rows[i].text, rows[i].typed, hit);
		str_init(&text, 0);
		for (size_t k = 0; k < strlen(rows[i].text); k++)
			str_add_char(&text, hit[k] ? 'x' : '.');
		assert_string_equal(text.s, rows[i].hits);
		str_release(&text);
	}
}

/* What is longer than is looked at is neither read behind that nor found there. */
static void fuzzy__looks__at_the_first_bytes_alone(void **state)
{
	char text[80], typed[80];
	bool hit[FUZZY_TEXT];

	(void)state;
	memset(text, 'a', 79);
	memset(typed, 'a', 79);
	text[79] = typed[79] = '\0';
	text[FUZZY_TEXT] = 'z';
	assert_int_equal(fuzzy_cost(text, "z", hit), FUZZY_NONE);
	assert_int_equal(fuzzy_cost(text, typed, hit), FUZZY_NONE);
	typed[FUZZY_TEXT] = '\0';
	assert_int_equal(fuzzy_cost(text, typed, hit), 0);
	assert_true(hit[0] && hit[FUZZY_TEXT - 1]);
	typed[FUZZY_TEXT - 1] = '\0';
	assert_int_equal(fuzzy_cost(text, typed, hit), 1);
}

static void fuzzy_holds__finds__the_word_as_it_is(void **state)
{
	(void)state;
	assert_true(fuzzy_holds("Undo the last edit", "THE LAST"));
	assert_true(fuzzy_holds("Undo", ""));
	assert_true(fuzzy_holds("", ""));
	assert_false(fuzzy_holds("", "u"));
	assert_false(fuzzy_holds("Undo", "uo"));
	assert_false(fuzzy_holds("Undo", "undoo"));
}

/* The first names found, with "+" where operands are waited for and "?" where it is a lesson. */
static void expect(const struct choices_from *from, const char *typed, size_t most, const char *names)
{
	struct choices choices;
	struct str text;

	choices_find(&choices, from, typed);
	str_init(&text, 0);
	for (size_t i = 0; i < choices.n && i < most; i++)
		str_addf(&text, "%s%s%s%s", i ? " " : "", choices.choice[i].name, choices.choice[i].operands ? "+" : "",
			choices.choice[i].topic ? "?" : "");
	assert_string_equal(text.s, names);
	str_release(&text);
	choices_release(&choices);
}

static void choices__are__in_the_order_of_what_is_near(void **state)
{
	const struct choices_from ladder = { .in = IN_LADDER, .session = true }, help = { .in = IN_HELP };

	(void)state;
	expect(&ladder, "", 5, "add edit delete lower raise");
	expect(&ladder, "undo", 1, "undo");
	expect(&ladder, "add", 2, "add add+");
	expect(&ladder, "ttl", 3, "ttl ttl+ ttl?");
	expect(&ladder, "nlmx", 2, "null-mx null-mx?");
	expect(&ladder, "clipb", 9, "copy");
	expect(&ladder, "add 3", 9, "add+");
	expect(&ladder, "add ", 9, "add+");
	expect(&ladder, "open x", 9, "open+");
	expect(&ladder, "addx 3", 9, "");
	expect(&ladder, "zzzz", 9, "");
	expect(&help, "", 2, "survey probe");
	expect(&help, "add", 9, "probe"); /* an address */
	expect(&help, "open", 1, "open+");
	expect(&help, "rename x", 9, "");
}

static void choices__without_a_word__hold_everything(void **state)
{
	const struct choices_from ladder = { .in = IN_LADDER, .session = true };
	bool seen[ACTION_COUNT] = { [ACTION_PALETTE] = true };
	struct choices choices;

	(void)state;
	choices_find(&choices, &ladder, "");
	for (size_t i = 0; i < choices.n; i++) {
		assert_false(seen[choices.choice[i].action] && choices.choice[i].action);
		seen[choices.choice[i].action] = true;
	}
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
		if (i != ACTION_PALETTE)
			assert_int_equal(seen[i], (actions[i].in & IN_LADDER) != 0);
	assert_int_equal(choices.choice[choices.n - 1].action, ACTION_PREVIOUS);
	choices_release(&choices);
}

static void choices__of_this_run__come_first_and_once(void **state)
{
	char add[] = "add 30 mx3.example.net", undo[] = "undo", ttl[] = "ttl";
	const struct past_command past[] = { { add, false }, { undo, false }, { ttl, true } };
	const struct choices_from from = { .in = IN_LADDER, .session = true, .n_past = 3, .past = past };

	(void)state;
	expect(&from, "", 4, "add 30 mx3.example.net undo ttl? add");
	expect(&from, "undo", 9, "undo redo");
	expect(&from, "ttl", 3, "ttl? ttl ttl+");
	expect(&from, "add", 3, "add add+ add 30 mx3.example.net");
	expect(&from, "add 30", 9, "add+ add 30 mx3.example.net");
	expect(&from, "add 40", 9, "add+");
}

static const char *meant(const char *typed, int selected, bool moved)
{
	const struct choices_from from = { .in = IN_FINDINGS, .session = true };
	struct choices choices;
	const struct choice *choice;
	const char *name;

	choices_find(&choices, &from, typed);
	choice = choices_meant(&choices, selected, moved, typed);
	name = choice ? choice->name : "(the line)";
	choices_release(&choices);
	return name;
}

static void enter__means__the_row_or_the_line(void **state)
{
	(void)state;
	assert_string_equal(meant("rev", 0, false), "review");
	assert_string_equal(meant("und", 0, false), "undo");
	assert_string_equal(meant("add", 0, false), "add"); /* the edit: there is no such action here */
	assert_string_equal(meant("add 30 mx3", 0, false), "(the line)");
	assert_string_equal(meant("add 30 mx3", 0, true), "add");
	assert_string_equal(meant("domains", 0, false), "(the line)"); /* an action of another screen */
	assert_string_equal(meant("no such thing", 0, false), "(the line)");
	assert_string_equal(meant("no such thing", 0, true), "(the line)");
	assert_string_equal(meant("ttl", 1, true), "ttl");
	assert_string_equal(meant("", 1, true), "redo");
	assert_string_equal(meant("", 0, false), "undo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fuzzy__costs__rows_of_letters_and_where_they_begin),
		cmocka_unit_test(fuzzy__tells__the_letters_of_the_best_way),
		cmocka_unit_test(fuzzy__looks__at_the_first_bytes_alone),
		cmocka_unit_test(fuzzy_holds__finds__the_word_as_it_is),
		cmocka_unit_test(choices__are__in_the_order_of_what_is_near),
		cmocka_unit_test(choices__without_a_word__hold_everything),
		cmocka_unit_test(choices__of_this_run__come_first_and_once),
		cmocka_unit_test(enter__means__the_row_or_the_line),
	};

	return cmocka_run_group_tests_name("choices", tests, NULL, NULL);
}
