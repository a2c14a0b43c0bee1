/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the program behaves in a terminal, on a pseudo-terminal: control keys, sizes, idleness, bytes, what is reset, what is sent. */
#include <glob.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "cli/command.h"
#include "pty.h"
#include "tui/term/term.h"

static int play_demo(void)
{
	static char name[] = "mxladder", demo[] = "--demo";
	char *argv[] = { name, demo, NULL };

	return cli_run(2, argv);
}

static void begin(void)
{
	start("xterm-256color", play_demo);
	until_shown("✔ found");
	until_shown("? help");
}

static void finish(void)
{
	until(NULL);
	assert_true(WIFEXITED(t.status) && WEXITSTATUS(t.status) == 0);
	assert_true(is_as_before());
	stop();
}

static void send_byte(char byte)
{
	assert_int_equal(write(t.master, &byte, 1), 1);
}

/* None of them stops the output, ends the program or dumps it: each has its word, and NUL has none. */
static void control_keys__neither_freeze_nor_kill(void **state)
{
	static const struct {
		char byte;
		const char *word;
	} rows[] = { { 'S' - 64, "Ctrl-S does nothing here" }, { 'Q' - 64, "Ctrl-Q does nothing here" },
		{ '\\' - 64, "Ctrl-\\ does nothing here" }, { 'D' - 64, "Ctrl-D does nothing here" }, { 'C' - 64, "Nothing is running" } };

	(void)state;
	begin();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		send_byte(rows[i].byte);
		until_shown(rows[i].word);
		send_byte(0);
	}
	send("a");
	until_shown("Add:");
	send("30 mx\021\023\034");
	send_byte(0);
	send("9");
	until_shown("30 mx9");
	send("\003");
	until_shown("e edit");
	send("q");
	finish();
}

static void idle__takes_no_time(void **state)
{
	char path[64], line[256];
	long switches[2] = { 0, 0 };

	(void)state;
	begin();
	snprintf(path, sizeof(path), "/proc/%d/status", (int)t.child);
	for (int i = 0; i < 2; i++) {
		FILE *file;

		usleep(200000); /* what was begun ends; then nothing wakes it */
		file = fopen(path, "r");
		assert_non_null(file);
		while (fgets(line, sizeof(line), file))
			sscanf(line, "voluntary_ctxt_switches: %ld", &switches[i]);
		fclose(file);
	}
	assert_true(switches[0] > 0);
	assert_true(switches[1] - switches[0] <= 1);
	close(t.master); /* the terminal is gone: it ends */
	assert_int_equal(waitpid(t.shell, &t.status, 0), t.shell);
	t.master = -1;
	stop();
}

static void resize(unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	assert_int_equal(ioctl(t.master, TIOCSWINSZ, &size), 0);
}

static void any_size__and_back__is_the_same_screen(void **state)
{
	static const unsigned short sizes[][2] = { { 1, 1 }, { 2, 2 }, { 24, 1 }, { 1, 80 }, { 200, 500 }, { 0, 0 }, { 3, 7 } };
	struct str before, behind;

	(void)state;
	setenv("COLUMNS", "200", 1); /* the kernel's size counts */
	setenv("LINES", "5", 1);
	begin();
	str_init(&before, 0);
	emu_text(&t.emu, &before);
	for (int asking = 0; asking < 2; asking++) {
		send(asking ? "a" : "");
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			resize(sizes[i][0], sizes[i][1]);
			send("\014");
		}
		resize(EMU_HEIGHT, EMU_WIDTH);
		if (asking) { /* the key that comes with an Esc is another key */
			until_shown("Add:");
			send("\033");
			until_shown("e edit");
		}
		send("?");
		until_shown("Esc back");
		send("\033");
		until_shown("e edit");
		str_init(&behind, 0);
		emu_text(&t.emu, &behind);
		assert_string_equal(behind.s, before.s);
		str_release(&behind);
	}
	str_release(&before);
	unsetenv("COLUMNS");
	unsetenv("LINES");
	send("q");
	finish();
}

static void frames__take_few_bytes(void **state)
{
	size_t at;

	(void)state;
	begin();
	assert_true(t.bytes.len < 3000); /* the first frame, 80x24 */
	at = t.bytes.len;
	send("j");
	until_shown("▸      └");
	assert_true(t.bytes.len - at <= 320);
	at = t.bytes.len;
	for (int i = 0; i < 500; i++)
		send("jk");
	send("?");
	until_shown("Esc back");
	assert_true(t.bytes.len - at < 60000);
	send("\033");
	until_shown("e edit");
	send("q");
	finish();
}

/* ---- what is sent ---- */

static int play_lines(void)
{
	struct term_options options = { .mouse = true };
	struct theme theme;
	struct canvas canvas;
	struct pen pen;
	struct err err = { 0 };

	if (!term_open(&options, &err) || !theme_load(&theme, "default", &err))
		return 90;
	term_set_theme(&theme);
	canvas_init(&canvas, EMU_WIDTH, EMU_HEIGHT);
	canvas_clear(&canvas);
	pen = pen_at(&canvas, 0, 3);
	pen_put(&pen, ROLE_TREE, "┬─└│ ✔▲✖");
	term_draw(&canvas);
	mark("frame");
	canvas_release(&canvas);
	term_close();
	return 0;
}

static bool sent(const char *bytes)
{
	return strstr(t.bytes.s, bytes) != NULL;
}

/* As UTF-8, whatever a terminal's own line drawing is; and all that was switched on is switched off at the end, but the cursor and the
 * right edge, which are on at rest. */
static void terminals__get_utf8_lines_and_their_modes_back(void **state)
{
	static const char *const types[] = { "xterm", "xterm-256color", "screen", "screen-256color", "tmux", "tmux-256color", "linux",
		"rxvt", "vt100", "vt220" };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(types) / sizeof(*types); i++) {
		if (i % 2)
			setenv("NCURSES_NO_UTF8_ACS", "1", 1);
		run(types[i / 2], play_lines);
		unsetenv("NCURSES_NO_UTF8_ACS");
		assert_int_equal(t.status, 0);
		assert_true(is_as_before());
		assert_true(sent("┬─└│"));
		assert_false(sent("\016") || sent("\033(0") || sent("\033(B\033(0"));
		assert_false(sent("\xef\xb8\x8f")); /* VS16 */
		for (const char *at = t.bytes.s; (at = strstr(at, "\033[?"));) {
			char off[24];
			int mode, taken = 0;

			at += 3;
			if (sscanf(at, "%d%n", &mode, &taken) == 1 && at[taken] == 'h' && mode != 25 && mode != 7) {
				snprintf(off, sizeof(off), "\033[?%dl", mode);
				if (!strstr(at, off))
					fail_msg("%s: %s", types[i / 2], off);
			}
		}
		if (sent("\033="))
			assert_non_null(strstr(strstr(t.bytes.s, "\033="), "\033>"));
		if (sent("\033[?25l"))
			assert_true(sent("\033[?25h") || sent("\033[34h\033[?25h"));
		stop();
	}
}

/* Every sign of the pictures. */
static void signs__take_one_cell(void **state)
{
	const char *top = getenv("top_srcdir");
	char pattern[256];
	glob_t found;

	(void)state;
	snprintf(pattern, sizeof(pattern), "%s/tests/golden/*.text", top ? top : ".");
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_true(found.gl_pathc > 50);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *file = fopen(found.gl_pathv[i], "r");
		char line[2000];

		assert_non_null(file);
		while (fgets(line, sizeof(line), file))
			for (const char *at = line; *at;) {
				uint32_t cp;
				size_t n = text_decode(at, strlen(at), &cp);
				char one[8] = "";

				memcpy(one, at, n);
				if (cp >= 0x80 && text_width(one) != 1)
					fail_msg("%s: U+%04X", found.gl_pathv[i], (unsigned)cp);
				at += n;
			}
		fclose(file);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(control_keys__neither_freeze_nor_kill),
		cmocka_unit_test(idle__takes_no_time),
		cmocka_unit_test(any_size__and_back__is_the_same_screen),
		cmocka_unit_test(frames__take_few_bytes),
		cmocka_unit_test(terminals__get_utf8_lines_and_their_modes_back),
		cmocka_unit_test(signs__take_one_cell),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
