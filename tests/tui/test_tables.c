/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface's tables test themselves: actions, keys, roles, themes, screens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "tui/keymap.h"
#include "tui/screen/screen.h"
#include "tui/term/theme.h"

static void actions__are__named_once_and_helped(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		assert_non_null(actions[i].name);
		assert_non_null(actions[i].help);
		assert_true(*actions[i].help != '\0');
		assert_true(actions[i].in != 0);
		assert_int_equal(actions[i].hinted & ~actions[i].in, 0);
		assert_true(!actions[i].hinted || actions[i].hint);
		assert_int_equal(action_find(actions[i].name), i);
	}
}

static bool has_key(enum action action, uint32_t wanted)
{
	char copy[64], *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", actions[action].keys);
	for (char *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		uint32_t key;

		if (key_parse(&key, name + strspn(name, " "), NULL) && key == wanted)
			return true;
	}
	return false;
}

/* Says which two clash: keymap_init() asserts that none do, and names none. */
static void actions__clash__nowhere(void **state)
{
	(void)state;
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		char copy[64], *rest = NULL;

		snprintf(copy, sizeof(copy), "%s", actions[i].keys);
		for (char *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
			uint32_t key;

			assert_true(key_parse(&key, name + strspn(name, " "), NULL));
			for (int k = ACTION_NONE + 1; k < i; k++)
				if ((actions[i].in & actions[k].in) && has_key((enum action)k, key))
					fail_msg("the key %s is both %s and %s", name, actions[k].name, actions[i].name);
		}
	}
}

static void actions__have__a_key_each(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		struct str name;

		str_init(&name, 0);
		assert_true(keymap_name(&keymap, (enum action)i, &name));
		str_release(&name);
	}
	keymap_release(&keymap);
}

/* Every key of every action, on every screen that it is for. */
static void keys__act__where_they_are_meant_to(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		char copy[64], *rest = NULL;

		snprintf(copy, sizeof(copy), "%s", actions[i].keys);
		for (char *name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
			uint32_t key;

			assert_true(key_parse(&key, name + strspn(name, " "), NULL));
			for (size_t k = 0; screens[k]; k++)
				if (actions[i].in & (unsigned)screens[k]->in)
					assert_int_equal(keymap_action(&keymap, key, screens[k]->in), i);
		}
	}
	keymap_release(&keymap);
}

/* The first binding there is can be taken as any. */
static void keymap__takes__the_first_key_of_all(void **state)
{
	struct keymap keymap;
	struct err err = { 0 };
	enum action first;
	struct str name;
	uint32_t key;

	(void)state;
	keymap_init(&keymap);
	first = keymap.binding[0].action;
	key = keymap.binding[0].key;
	str_init(&name, 0);
	key_format(&name, key);
	assert_true(keymap_set(&keymap, "quit", name.s, &err));
	assert_int_equal(keymap_action(&keymap, key, IN_LADDER), ACTION_QUIT);
	assert_int_equal(keymap_action(&keymap, 'q', IN_LADDER), ACTION_NONE);
	assert_true(keymap_set(&keymap, actions[first].name, "none", &err));
	for (size_t i = 0; i < keymap.n; i++)
		assert_int_not_equal(keymap.binding[i].action, first);
	str_release(&name);
	keymap_release(&keymap);
	keymap_init(&keymap);
	assert_true(keymap_set(&keymap, actions[first].name, "none", &err));
	assert_int_equal(keymap.binding[0].action, ACTION_NONE);
	keymap_release(&keymap);
}

static void slash__filters__and_means_nothing_else(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap);
	for (size_t i = 0; screens[i]; i++)
		assert_int_equal(keymap_action(&keymap, '/', screens[i]->in),
			actions[ACTION_FILTER].in & (unsigned)screens[i]->in ? ACTION_FILTER : ACTION_NONE);
	keymap_release(&keymap);
}

static void keymap__takes__the_key_from_the_default(void **state)
{
	struct keymap keymap;
	struct err err = { 0 };

	(void)state;
	keymap_init(&keymap);
	assert_true(keymap_set(&keymap, "undo", "u, Ctrl-Z", &err));
	assert_int_equal(keymap_action(&keymap, 26, IN_LADDER), ACTION_UNDO);
	assert_int_equal(keymap_action(&keymap, 'u', IN_LADDER), ACTION_UNDO);
	assert_int_equal(keymap_action(&keymap, 'a', IN_LADDER), ACTION_ADD);
	assert_int_equal(keymap_action(&keymap, 'a', IN_HELP), ACTION_NONE);
	keymap_release(&keymap);
}

static void keymap__refuses__what_clashes_or_is_unknown(void **state)
{
	static const char *const wrong[][2] = { { "nonsense", "x" }, { "undo", "Ctrl-" }, { "undo", "F13" }, { "undo", "Meta-x" } };
	struct keymap keymap;
	struct err err = { 0 };

	(void)state;
	keymap_init(&keymap);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		err.code = ERR_NONE;
		assert_false(keymap_set(&keymap, wrong[i][0], wrong[i][1], &err));
		assert_int_equal(err.code, ERR_USAGE);
	}
	assert_true(keymap_set(&keymap, "undo", "z", &err));
	assert_false(keymap_set(&keymap, "add", "z", &err));
	assert_true(keymap_set(&keymap, "add", "none", &err));
	assert_int_equal(keymap_action(&keymap, 'a', IN_LADDER), ACTION_NONE);
	keymap_release(&keymap);
}

static void key__reads__what_it_writes(void **state)
{
	static const char *const names[] = { "u", "Ctrl-R", "PgUp", "Esc", "Tab", "Shift-Tab", "Space", "F1", "F12", "Enter", "å", ",",
		"Del" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str text;
		uint32_t key;

		str_init(&text, 0);
		assert_true(key_parse(&key, names[i], NULL));
		key_format(&text, key);
		assert_string_equal(text.s, names[i]);
		str_release(&text);
	}
}

static void roles__are__named_once(void **state)
{
	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_non_null(roles[i].name);
		assert_non_null(roles[i].help);
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(roles[i].name, roles[k].name);
		}
	}
}

static void themes__are__complete(void **state)
{
	const char *name;
	size_t found = 0;

	(void)state;
	for (size_t i = 0; (name = embedded_name(i)); i++) {
		struct err err = { 0 };
		struct theme theme;
		char own[64];

		if (strncmp(name, "themes/", 7) != 0)
			continue;
		snprintf(own, sizeof(own), "%.*s", (int)strcspn(name + 7, "."), name + 7);
		assert_true(theme_load(&theme, own, &err));
		for (int role = 0; role < ROLE_COUNT; role++)
			if (!theme.named[role])
				fail_msg("%s says nothing of %s", name, roles[role].name);
		found++;
	}
	assert_true(found >= 5);
}

static void theme_load__tells__what_there_is(void **state)
{
	struct err err = { 0 };
	struct theme theme;

	(void)state;
	assert_false(theme_load(&theme, "plaid", &err));
	assert_ptr_equal(strstr(err.hint.arg[0], "default, light, "), err.hint.arg[0]);
}

static void theme_mono__has__no_colour(void **state)
{
	struct theme theme;

	(void)state;
	assert_true(theme_load(&theme, "mono", NULL));
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme.look[i].fg, COLOUR_DEFAULT);
		assert_int_equal(theme.look[i].bg, COLOUR_DEFAULT);
	}
}

static void theme__reads__colours_and_attributes(void **state)
{
	static const char text[] =
		"# a comment\n\nerror = bright-red on #102030 bold underline\ndim = 241\nok = red default plain\nwarning = 255 on 0 italic dim reverse\n";
	struct theme theme;

	(void)state;
	assert_true(theme_parse(&theme, "t", text, strlen(text), NULL));
	assert_int_equal(theme.look[ROLE_ERROR].fg, 9);
	assert_int_equal(theme.look[ROLE_ERROR].bg, COLOUR_RGB | 0x102030);
	assert_int_equal(theme.look[ROLE_ERROR].attributes, LOOK_BOLD | LOOK_UNDERLINE);
	assert_int_equal(theme.look[ROLE_DIM].fg, 241);
	assert_int_equal(theme.look[ROLE_OK].fg, COLOUR_DEFAULT);
	assert_int_equal(theme.look[ROLE_WARNING].fg, 255);
	assert_int_equal(theme.look[ROLE_WARNING].bg, 0);
	assert_int_equal(theme.look[ROLE_WARNING].attributes, LOOK_ITALIC | LOOK_DIM | LOOK_REVERSE);
	assert_int_equal(theme.named[ROLE_TEXT], 0);
	assert_int_equal(theme.look[ROLE_ACCEPTED].fg, 241); /* where it is not named, as the dim */
	assert_int_equal(theme.look[ROLE_ACCEPTED].attributes, LOOK_STRIKE);
}

static void theme__refuses__with_the_line(void **state)
{
	static const struct {
		const char *text;
		const char *line;
	} wrong[] = {
		{ "errors = red\n", "1" },
		{ "\nerror = rad\n", "2" },
		{ "error red\n", "1" },
		{ "ok = 256", "1" },
		{ "ok = 1a", "1" },
		{ "ok = #10203g", "1" },
		{ "ok = 4294967297\n", "1" },
		{ "ground = grey\n", "1" },
		{ "ok = #12345\n", "1" },
		{ "# x\n#\nok = red on on blue\n", "3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct err err = { 0 };
		struct theme theme;

		assert_false(theme_parse(&theme, "t", wrong[i].text, strlen(wrong[i].text), &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.context[0].arg[1], wrong[i].line);
	}
}

static void screens__have__names_and_places_of_their_own(void **state)
{
	unsigned places = 0;

	(void)state;
	for (size_t i = 0; screens[i]; i++) {
		assert_ptr_equal(screen_find(screens[i]->name), screens[i]);
		assert_non_null(screens[i]->draw);
		assert_non_null(screens[i]->act);
		assert_int_equal(places & (unsigned)screens[i]->in, 0);
		places |= (unsigned)screens[i]->in;
	}
	assert_int_equal(places, IN_ANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(actions__are__named_once_and_helped),
		cmocka_unit_test(actions__clash__nowhere),
		cmocka_unit_test(actions__have__a_key_each),
		cmocka_unit_test(keys__act__where_they_are_meant_to),
		cmocka_unit_test(keymap__takes__the_first_key_of_all),
		cmocka_unit_test(slash__filters__and_means_nothing_else),
		cmocka_unit_test(keymap__takes__the_key_from_the_default),
		cmocka_unit_test(keymap__refuses__what_clashes_or_is_unknown),
		cmocka_unit_test(key__reads__what_it_writes),
		cmocka_unit_test(roles__are__named_once),
		cmocka_unit_test(themes__are__complete),
		cmocka_unit_test(theme_load__tells__what_there_is),
		cmocka_unit_test(theme_mono__has__no_colour),
		cmocka_unit_test(theme__reads__colours_and_attributes),
		cmocka_unit_test(theme__refuses__with_the_line),
		cmocka_unit_test(screens__have__names_and_places_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
