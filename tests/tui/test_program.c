/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole program on a pseudo-terminal: keys, paste, mouse, signals, colours. */
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/command.h"
#include "io/scratch.h"
#include "io/store.h"
#include "pictures.h"
#include "pty.h"

static const char *const *arguments;

static int play_program(void)
{
	char *argv[12] = { (char *)(uintptr_t) "mxladder" };
	int argc = 1;

	for (; arguments[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
	return cli_run(argc, argv);
}

static void begin(const char *const *args)
{
	arguments = args;
	start("xterm-256color", play_program);
	until_shown("mejlserver1.exempel.com");
	until_shown("✔ found");
	until_shown("? help");
}

static void finish(int status)
{
	until(NULL);
	assert_true(WIFEXITED(t.status));
	assert_int_equal(WEXITSTATUS(t.status), status);
	assert_true(is_as_before());
	assert_non_null(strstr(t.bytes.s, RESET));
	assert_null(strstr(strstr(t.bytes.s, RESET), "mxladder:")); /* an error of nothing */
	stop();
}

static void program__plays_by_keys(void **state)
{
	(void)state;
	begin((const char *const[]){ "--demo", NULL });
	send("a");
	until_shown("Add:");
	send("\033[200~30 mejl\nserver3\033[201~");
	until_shown("mejl server3");
	send("\025"
	     "30 mejlserver3\r");
	until_shown("+ added");
	send("\033[<0;10;3M\033[<0;10;3m");
	send("\033[<65;10;3M");
	send("\033[<64;10;3M");
	send("r");
	until_shown("REVIEW");
	send("\033");
	until_shown("e edit");
	send("y");
	until_shown("Sent to the terminal's clipboard");
	kill(t.child, SIGINT); /* no key is on its way, which would take the message away */
	until_shown("Nothing is running");
	send("\302\302");
	until_shown("is not UTF-8");
	send("\014");
	kill(t.child, SIGWINCH);
	send("?");
	until_shown("HELP");
	send("\033");
	until_shown("e edit");
	send("q");
	finish(0);
}

#define WHERE "\033[?6n"

/* T46: a terminal that draws them two cells wide, or takes their bytes for Latin-1, breaks every row. */
static void line_characters__give_way__where_they_take_no_single_cell(void **state)
{
	static const struct {
		const char *answer; /* NULL: none */
		bool ascii;
	} rows[] = { { "\033[?1;3R", true }, { "\033[?1;4;1R", true }, { "\033[?1;1R", true }, { "\033[?1;2R", false }, { NULL, false } };

	size_t before;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin((const char *const[]){ "--demo", NULL });
		assert_non_null(strstr(t.bytes.s, "\342\224\254" WHERE)); /* before the first frame: the screen has nothing of it */
		assert_true(strstr(t.bytes.s, WHERE) < strstr(t.bytes.s, "mejlserver1"));
		assert_true(on_screen("─"));
		before = t.bytes.len;
		if (rows[i].answer)
			send(rows[i].answer);
		if (rows[i].ascii) {
			until_shown("Here a line character does not take one cell: ASCII stands in.");
			/* what was too wide has moved the rest of its line: all is drawn anew */
			assert_non_null(strstr(t.bytes.s + before, "\033[2J"));
		}
		send("?");
		until_shown("Esc back");
		send("\033");
		until_shown("e edit");
		assert_int_equal(on_screen("─"), !rows[i].ascii);
		send("q");
		finish(0);
	}
	arguments = (const char *const[]){ "--demo", "--ascii", NULL };
	start("xterm-256color", play_program);
	until_shown("? help");
	assert_null(strstr(t.bytes.s, WHERE));
	send("q");
	finish(0);
}

static void program__ends__by_signals(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		begin((const char *const[]){ "--demo", "--no-color", NULL });
		kill(t.child, signals[i]);
		finish(0);
	}
}

static void program__suspends(void **state)
{
	(void)state;
	for (int how = 0; how < 2; how++) {
		begin((const char *const[]){ "--demo", "--theme", "light", NULL });
		if (how)
			kill(t.child, SIGTSTP);
		else
			send("\032");
		until(RESET);
		until_stopped();
		assert_true(is_as_before());
		emu_init(&t.emu);
		kill(t.child, SIGCONT);
		until_shown("✔ found");
		send("q");
		finish(0);
	}
}

static void looks_of_program(const char *name, const char *const *args)
{
	struct str looks;
	char *end;

	begin(args);
	str_init(&looks, 0);
	emu_looks(&t.emu, &looks);
	end = looks.s;
	for (int row = 0; row < 6; row++) /* header and ladder: what is below may still be on its way */
		end = strchr(end, '\n') + 1;
	*end = '\0';
	picture_compare(name, looks.s);
	str_release(&looks);
	send("q");
	finish(0);
}

/* What the environment and the options choose. */
static void program__takes_its_colours(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	setenv("COLORFGBG", "0;15", 1);
	looks_of_program("program-colorfgbg-light.looks", (const char *const[]){ "--demo", NULL });
	setenv("COLORFGBG", "15;0", 1);
	looks_of_program("program-colorfgbg-dark.looks", (const char *const[]){ "--demo", NULL });
	looks_of_program("program-theme-light.looks", (const char *const[]){ "--demo", "--theme", "light", NULL });
	setenv("NO_COLOR", "1", 1);
	looks_of_program("program-no-color.looks", (const char *const[]){ "--demo", NULL });
	setenv("NO_COLOR", "", 1);
	looks_of_program("program-no-color-empty.looks", (const char *const[]){ "--demo", NULL });
	unsetenv("NO_COLOR");
	unsetenv("COLORFGBG");
}

/* What [ui] says of signs and of the mouse, in a locale and on a terminal that have both. */
static void program__takes_its_signs__from_the_configuration(void **state)
{
	static const struct {
		const char *config;
		bool ascii, mouse;
	} rows[] = { { "", false, true }, { "[ui]\nascii = yes\n", true, true }, { "[ui]\nmouse = no\n", false, false },
		{ "[ui]\nascii = no\nmouse = yes\n", false, true } };
	char *dir = scratch_new(NULL), path[300];

	(void)state;
	setenv("XDG_CONFIG_HOME", dir, 1);
	setenv("XDG_STATE_HOME", dir, 1);
	snprintf(path, sizeof(path), "%s/mxladder", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/mxladder/config", dir);
	arguments = (const char *const[]){ NULL };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(store_write_file(path, rows[i].config, strlen(rows[i].config), 0600, NULL));
		start("xterm-256color", play_program);
		until_shown("? help");
		assert_int_equal(on_screen("─"), !rows[i].ascii);
		assert_int_equal(on_screen("-----"), rows[i].ascii);
		assert_int_equal(strstr(t.bytes.s, "\033[?1000h") != NULL, rows[i].mouse);
		send("q");
		finish(0);
	}
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	scratch_free(dir);
}

/* A second stop is as good as the first: the signal is still the program's. */
static void program__suspends__again_and_again(void **state)
{
	(void)state;
	begin((const char *const[]){ "--demo", NULL });
	for (int i = 0; i < 3; i++) {
		kill(t.child, SIGTSTP);
		until(RESET);
		until_stopped();
		assert_true(is_as_before());
		emu_init(&t.emu);
		kill(t.child, SIGCONT);
		until_shown("✔ found");
		until_shown("? help");
	}
	send("q");
	finish(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(program__plays_by_keys),
		cmocka_unit_test(line_characters__give_way__where_they_take_no_single_cell),
		cmocka_unit_test(program__ends__by_signals),
		cmocka_unit_test(program__suspends),
		cmocka_unit_test(program__suspends__again_and_again),
		cmocka_unit_test(program__takes_its_signs__from_the_configuration),
		cmocka_unit_test(program__takes_its_colours),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
