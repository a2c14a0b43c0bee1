/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which theme is taken: what the terminal answers, what it does not, and what is chosen from the list. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/command.h"
#include "driver.h"
#include "pty.h"

#define QUESTION "\033]11;?\a"
#define LIGHT_KEY "38;5;24m" /* what only the light theme sends */

static const char *theme_option;

static int play_demo(void)
{
	static char name[] = "mxladder", demo[] = "--demo", option[] = "--theme";
	char theme[32], *argv[] = { name, demo, theme_option ? option : NULL, theme, NULL };

	snprintf(theme, sizeof(theme), "%s", theme_option ? theme_option : "");
	return cli_run(theme_option ? 4 : 2, argv);
}

static void finish(bool asked)
{
	until(NULL);
	assert_int_equal(strstr(t.bytes.s, QUESTION) != NULL, asked);
	assert_true(WIFEXITED(t.status) && WEXITSTATUS(t.status) == 0);
	assert_true(is_as_before());
	stop();
}

static void begin(const char *type, const char *option)
{
	theme_option = option;
	setenv("MXLADDER_ASKS_GROUND", "1", 1);
	unsetenv("COLORFGBG");
	start(type, play_demo);
	unsetenv("MXLADDER_ASKS_GROUND");
	until_shown("? help");
}

static void light_terminal__tells_and_gets__its_theme(void **state)
{
	size_t at;

	(void)state;
	begin("xterm-256color", NULL);
	if (!strstr(t.bytes.s, QUESTION))
		until(QUESTION);
	assert_null(strstr(t.bytes.s, LIGHT_KEY));
	send("\033]11;rgb:fdfd/f6f6/e3e3\033\\");
	until(LIGHT_KEY);
	at = t.bytes.len;
	send("\033]11;rgb:0000/0000/0000\033\\?"); /* nobody asked again */
	until_shown("HELP");
	assert_null(strstr(t.bytes.s + at, "38;5;80m"));
	send("q");
	finish(true);
}

static void terminal__that_does_not_tell__gets_a_hint(void **state)
{
	(void)state;
	begin("xterm-256color", NULL);
	until_shown("does not tell whether it is dark or light");
	assert_null(strstr(t.bytes.s, LIGHT_KEY));
	send("q");
	finish(true);
}

/* Nobody is asked for what is chosen, told by a variable, or known; a terminal that would not know the question gets none. */
static void nobody__is_asked__in_vain(void **state)
{
	static const struct {
		const char *type, *option;
	} rows[] = { { "xterm-256color", "default" }, { "linux", NULL }, { "vt220", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(rows[i].type, rows[i].option);
		send("q");
		finish(false);
	}
	theme_option = NULL;
	start("xterm-256color", play_demo); /* COLORFGBG is set */
	until_shown("? help");
	send("q");
	finish(false);
}

/* ---- the list ---- */

static void list__shows_a_theme__before_it_is_chosen(void **state)
{
	char name[THEME_NAME];

	(void)state;
	open_demo("exempel.com");
	snprintf(ui.theme, sizeof(ui.theme), "light");
	ui_theme(&ui, name);
	assert_string_equal(name, "light");
	keys(":");
	answer("theme");
	assert_true(shows("THEMES") && shows("▸ light"));
	ui_theme(&ui, name);
	assert_string_equal(name, "light");
	keys("j");
	ui_theme(&ui, name);
	assert_string_equal(name, "high-contrast");
	keys("Esc");
	ui_theme(&ui, name);
	assert_string_equal(name, "light");
	keys("Ctrl-T g Enter");
	ui_theme(&ui, name);
	assert_string_equal(name, "default");
	assert_true(shows("\"theme = default\" under [ui]"));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(light_terminal__tells_and_gets__its_theme),
		cmocka_unit_test(terminal__that_does_not_tell__gets_a_hint),
		cmocka_unit_test(nobody__is_asked__in_vain),
		cmocka_unit_test(list__shows_a_theme__before_it_is_chosen),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
