/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What configuration and environment say to the interface: keys, themes, the clipboard, the domains that are known, the locale. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "driver.h"
#include "io/scratch.h"
#include "tui/settings.h"
#include "tui/term/palette.h"

static char *dir;

static bool known_setting(const char *provider, const char *name)
{
	(void)name;
	return provider;
}

/* The app on this configuration; closed at the end. */
static void configured(const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/config", dir);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	config_release(&app.config);
	app.config = (struct config){ 0 };
	assert_true(config_read(&app.config, path, known_setting, NULL));
}

static int begin(void **state)
{
	static const char *const names[] = { "NO_COLOR", "COLORFGBG", "STY", "TMUX", "TERM", "LC_ALL", "LC_CTYPE", "LANG" };

	(void)state;
	dir = scratch_new(NULL);
	open_demo("exempel.com");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	return 0;
}

static int end(void **state)
{
	(void)state;
	setlocale(LC_ALL, "");
	close_demo();
	scratch_free(dir);
	return 0;
}

static void sign_key__is_a_file__or_none(void **state)
{
	(void)state;
	configured("");
	assert_null(settings_sign_key(&app, NULL));
	configured("[main]\nsign_key = /x/key\n");
	assert_string_equal(settings_sign_key(&app, NULL), "/x/key");
}

static void keys__are_taken__or_named_with_their_line(void **state)
{
	struct keymap keymap;
	struct err err = { 0 };
	struct str text;
	char words[400];

	(void)state;
	str_init(&text, 0);
	configured("");
	keymap_init(&keymap);
	assert_true(settings_keys(&app, &keymap, &err));
	assert_int_equal(keymap_action(&keymap, 'u', IN_LADDER), ACTION_UNDO);
	configured("[keys]\nundo = none\nredo = F5 ,\tu\n");
	assert_true(settings_keys(&app, &keymap, &err));
	assert_int_equal(keymap_action(&keymap, 'u', IN_LADDER), ACTION_REDO);
	assert_false(keymap_name(&keymap, ACTION_UNDO, &text));
	keymap_names(&keymap, ACTION_REDO, &text);
	assert_string_equal(text.s, "F5, u");
	configured("[keys]\n\nundo = no-such-key\n");
	assert_false(settings_keys(&app, &keymap, &err));
	str_clear(&text);
	err_format(&err, NULL, &text);
	snprintf(words, sizeof(words), "%s:3: ", app.config.path);
	assert_int_equal(strncmp(text.s, words, strlen(words)), 0);
	assert_int_equal(err.code, ERR_USAGE);
	keymap_release(&keymap);
	str_release(&text);
}

static void theme__is_the_chosen_one__else_what_the_ground_asks_for(void **state)
{
	static const struct {
		const char *option, *config, *ground, *theme;
		bool known;
	} rows[] = {
		{ NULL, "", NULL, "default", false },
		{ NULL, "", "0;15", "light", true },
		{ NULL, "", "15;0", "default", true },
		{ NULL, "[ui]\ntheme = safe\n", "0;15", "safe", true },
		{ "mono", "[ui]\ntheme = safe\n", NULL, "mono", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct tui_options options = { .theme = rows[i].option };

		if (rows[i].ground)
			setenv("COLORFGBG", rows[i].ground, 1);
		else
			unsetenv("COLORFGBG");
		configured(rows[i].config);
		assert_string_equal(settings_first_theme(&app, &options), rows[i].theme);
		assert_int_equal(settings_theme_is_known(&app, &options), rows[i].known);
	}
	unsetenv("COLORFGBG");
	configured("");
	assert_true(settings_theme_is_known(&app, &(struct tui_options){ .no_color = true }));
	setenv("TERM", "linux", 1);
	assert_true(settings_theme_is_known(&app, &(struct tui_options){ 0 }));
	assert_string_equal(settings_theme_for(GROUND_LIGHT), "light");
	assert_string_equal(settings_theme_for(GROUND_DARK), "default");
}

static bool has_colour(const struct theme *theme)
{
	struct theme plain = *theme;

	theme_uncolour(&plain);
	return memcmp(&plain, theme, sizeof(plain)) != 0;
}

static void theme__is_one_of_ours__or_a_file(void **state)
{
	static const char text[] = "title = red\n";
	struct theme theme;
	struct err err = { 0 };
	char path[300];

	(void)state;
	assert_true(settings_theme(&(struct tui_options){ 0 }, "default", &theme, &err));
	assert_true(has_colour(&theme));
	assert_false(settings_theme(&(struct tui_options){ 0 }, "no-such-theme", &theme, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(settings_theme(&(struct tui_options){ .no_color = true }, "default", &theme, &err));
	assert_false(has_colour(&theme));
	setenv("NO_COLOR", "", 1);
	assert_true(settings_theme(&(struct tui_options){ 0 }, "default", &theme, &err) && has_colour(&theme));
	setenv("NO_COLOR", "1", 1);
	assert_true(settings_theme(&(struct tui_options){ 0 }, "default", &theme, &err) && !has_colour(&theme));
	assert_true(settings_theme_is_known(&app, &(struct tui_options){ 0 }));
	unsetenv("NO_COLOR");
	assert_true(scratch_write(dir, "mine", text, sizeof(text) - 1, NULL));
	snprintf(path, sizeof(path), "%s/mine", dir);
	assert_true(settings_theme(&(struct tui_options){ 0 }, path, &theme, &err) && has_colour(&theme));
	snprintf(path, sizeof(path), "%s/none", dir);
	assert_false(settings_theme(&(struct tui_options){ 0 }, path, &theme, &err));
}

/* A file of 16384 bytes is the longest. */
static void theme_file__has_a_limit(void **state)
{
	char text[16385], path[300];
	struct theme theme;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? '\n' : '#';
	memcpy(text, "title = red\n", 12);
	snprintf(path, sizeof(path), "%s/mine", dir);
	assert_true(store_write_file(path, text, 16384, 0600, NULL));
	assert_true(settings_theme(&(struct tui_options){ 0 }, path, &theme, NULL));
	assert_true(store_write_file(path, text, 16385, 0600, NULL));
	assert_false(settings_theme(&(struct tui_options){ 0 }, path, &theme, NULL));
}

static void clipboard__is_whose__the_terminal_is(void **state)
{
	(void)state;
	assert_int_equal(settings_clipboard(), CLIPBOARD_TERMINAL);
	setenv("TERM", "linux", 1);
	assert_int_equal(settings_clipboard(), CLIPBOARD_NONE);
	setenv("TERM", "linux-16color", 1);
	assert_int_equal(settings_clipboard(), CLIPBOARD_NONE);
	setenv("TERM", "linuxish", 1);
	assert_int_equal(settings_clipboard(), CLIPBOARD_TERMINAL);
	setenv("TERM", "linux", 1);
	setenv("TMUX", "x", 1);
	assert_int_equal(settings_clipboard(), CLIPBOARD_TMUX);
	setenv("STY", "x", 1);
	assert_int_equal(settings_clipboard(), CLIPBOARD_SCREEN);
}

static const struct roster_row *row_of(const char *name)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	return roster_find(ui.roster, &domain);
}

static void domains__come__from_all_that_knows_one(void **state)
{
	struct plan plan;
	struct draft draft = { 0 };
	struct dname open, kept;

	(void)state;
	assert_true(dname_parse(&open, "zz.example", NULL));
	assert_true(dname_parse(&kept, "kept.example", NULL));
	plan_init(&plan);
	plan.domain = kept;
	draft_init(&draft, &plan.base);
	assert_true(store_draft_save(app.store, &plan, &draft, NULL, NULL));
	configured("[account lab]\nprovider = powerdns\n[domain b.example]\naccount = lab\n[domain a.example]\nprotected = yes\n");
	settings_domains(&ui, &app, &open);
	assert_string_equal(row_of("b.example")->account, "lab");
	assert_true(row_of("b.example")->configured);
	assert_string_equal(row_of("a.example")->account, "");
	assert_true(row_of("a.example")->configured);
	assert_true(row_of("zz.example")->configured && !row_of("zz.example")->drafted);
	assert_string_equal(row_of("zz.example")->account, "");
	assert_true(row_of("kept.example")->drafted);
	assert_false(row_of("kept.example")->configured);
	assert_non_null(row_of("exempel.com")); /* of the demo's zones */
	for (size_t i = 1; i < ui.roster->n; i++)
		assert_true(strcmp(ui.roster->row[i - 1]->text, ui.roster->row[i]->text) < 0);
	draft_release(&draft);
	plan_release(&plan);
}

/* Also where it is the first word of the file, and where an account is the last. */
static void domain__is_known__wherever_its_section_stands(void **state)
{
	(void)state;
	configured("[domain first.example]\naccount = lab\n[domain last.example]\n[account lab]\nprovider = powerdns\n");
	settings_domains(&ui, &app, NULL);
	assert_string_equal(row_of("first.example")->account, "lab");
	assert_true(row_of("first.example")->configured);
	assert_string_equal(row_of("last.example")->account, "");
	assert_true(row_of("last.example")->configured);
	assert_null(row_of("lab"));
}

static void locale__that_is_not_installed__is_said(void **state)
{
	static const struct {
		const char *all, *ctype, *lang, *named;
	} rows[] = {
		{ NULL, NULL, NULL, NULL },
		{ "sv_SE.UTF-8", NULL, NULL, "sv_SE.UTF-8" },
		{ "sv_SE.utf8", NULL, NULL, "sv_SE.utf8" },
		{ "sv_SE.UTF8", NULL, NULL, "sv_SE.UTF8" },
		{ "sv_SE", "de_DE.UTF-8", NULL, NULL },
		{ "", "de_DE.UTF-8", "C", "de_DE.UTF-8" },
		{ NULL, NULL, "fr_FR.UTF-8", "fr_FR.UTF-8" },
		{ NULL, "C", "fr_FR.UTF-8", NULL },
	};

	(void)state;
	setlocale(LC_ALL, "C");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char words[200] = "";

		unsetenv("LC_ALL");
		unsetenv("LC_CTYPE");
		unsetenv("LANG");
		if (rows[i].all)
			setenv("LC_ALL", rows[i].all, 1);
		if (rows[i].ctype)
			setenv("LC_CTYPE", rows[i].ctype, 1);
		if (rows[i].lang)
			setenv("LANG", rows[i].lang, 1);
		str_clear(&ui.message);
		ui.message_role = ROLE_TEXT;
		settings_tell_locale(&ui);
		assert_int_equal(ui.message_role, rows[i].named ? ROLE_WARNING : ROLE_TEXT);
		if (rows[i].named)
			snprintf(words, sizeof(words),
				"The locale %s is not installed here: ASCII stands in for its signs. LC_ALL=C.UTF-8 shows them.",
				rows[i].named);
		assert_string_equal(ui.message.s, words);
	}
	ui_message(&ui, ROLE_OK, "said before");
	setenv("LC_ALL", "sv_SE.UTF-8", 1);
	settings_tell_locale(&ui);
	assert_string_equal(ui.message.s, "said before");
	str_clear(&ui.message);
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_non_null(setlocale(LC_ALL, ""));
	settings_tell_locale(&ui);
	assert_string_equal(ui.message.s, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sign_key__is_a_file__or_none, begin, end),
		cmocka_unit_test_setup_teardown(keys__are_taken__or_named_with_their_line, begin, end),
		cmocka_unit_test_setup_teardown(theme__is_the_chosen_one__else_what_the_ground_asks_for, begin, end),
		cmocka_unit_test_setup_teardown(theme__is_one_of_ours__or_a_file, begin, end),
		cmocka_unit_test_setup_teardown(theme_file__has_a_limit, begin, end),
		cmocka_unit_test_setup_teardown(clipboard__is_whose__the_terminal_is, begin, end),
		cmocka_unit_test_setup_teardown(domains__come__from_all_that_knows_one, begin, end),
		cmocka_unit_test_setup_teardown(domain__is_known__wherever_its_section_stands, begin, end),
		cmocka_unit_test_setup_teardown(locale__that_is_not_installed__is_said, begin, end),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
