/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminals that people have, by the entries of terminfo that describe them: each key is understood, the program is drawn and acts,
 * and what was switched on is switched off. */
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
#include "pty.h"
#include "tui/term/key.h"
#include "tui/term/keyparse.h"
#include "tui/term/modes.h"
#include "tui/term/term.h"

#define CAPABILITIES 400

static const char *const types[] = { "xterm", "xterm-256color", "tmux", "tmux-256color", "screen", "screen-256color", "linux", "vt220",
	"putty", "putty-256color", "foot", "kitty" };

#define TYPES (sizeof(types) / sizeof(*types))

static struct {
	size_t n;
	struct {
		char name[16], bytes[200];
	} row[CAPABILITIES];
} entry;

/* ---- an entry, as infocmp tells it ---- */

static char unescaped(const char **text)
{
	const char *s = *text;
	char digits[4] = { 0 };

	*text = s + 2;
	if (*s == '^')
		return s[1] == '?' ? 0x7f : (char)(s[1] & 31);
	if (s[1] >= '0' && s[1] <= '7') {
		memcpy(digits, s + 1, 3);
		*text = s + 4;
		return (char)strtol(digits, NULL, 8);
	}
	return (char)(s[1] == 'E' || s[1] == 'e' ? 033
		      : s[1] == 's'              ? ' '
		      : s[1] == 'n'              ? '\n'
		      : s[1] == 'r'              ? '\r'
		      : s[1] == 'b'              ? '\b'
						 : s[1]);
}

/* "kcuu1=\EOA," */
static void take_line(const char *line)
{
	size_t len = strcspn(line, "=,#"), n = 0;
	const char *s = line + len + 1;

	if (line[len] != '=' || len >= sizeof(entry.row->name) || entry.n == CAPABILITIES)
		return;
	memcpy(entry.row[entry.n].name, line, len);
	entry.row[entry.n].name[len] = '\0';
	while (*s && *s != ',' && n + 1 < sizeof(entry.row->bytes))
		entry.row[entry.n].bytes[n++] = *s == '\\' || (*s == '^' && s[1]) ? unescaped(&s) : *s++;
	entry.row[entry.n++].bytes[n] = '\0';
}

static void read_entry(const char *type)
{
	char command[100], line[600];
	FILE *told;

	entry.n = 0;
	snprintf(command, sizeof(command), "infocmp -1 -x %s", type);
	told = popen(command, "r");
	assert_non_null(told);
	while (fgets(line, sizeof(line), told))
		take_line(line + strspn(line, " \t"));
	if (pclose(told) != 0 || entry.n < 20)
		fail_msg("there is no entry %s", type);
}

static const char *bytes_of(const char *name)
{
	for (size_t i = 0; i < entry.n; i++)
		if (!strcmp(entry.row[i].name, name))
			return entry.row[i].bytes;
	return NULL;
}

/* ---- keys ---- */

static uint32_t read_key(const char *bytes)
{
	struct input_event event = { INPUT_NONE, 0, 0, 0 };
	struct keyparse parse;
	size_t used;

	keyparse_init(&parse, 25);
	used = keyparse_bytes(&parse, bytes, strlen(bytes), 1000, &event);
	assert_int_equal(used, strlen(bytes));
	if (event.kind == INPUT_NONE)
		keyparse_time(&parse, 100000, &event);
	keyparse_release(&parse);
	return event.kind == INPUT_KEY ? event.key : KEYCODE_NONE;
}

static void keys__are_understood__as_their_entry_has_them(void **state)
{
	static const struct {
		const char *name;
		uint32_t key;
	} keys[] = { { "kcuu1", KEYCODE_UP }, { "kcud1", KEYCODE_DOWN }, { "kcub1", KEYCODE_LEFT }, { "kcuf1", KEYCODE_RIGHT },
		{ "khome", KEYCODE_HOME }, { "kend", KEYCODE_END }, { "kpp", KEYCODE_PGUP }, { "knp", KEYCODE_PGDN },
		{ "kdch1", KEYCODE_DELETE }, { "kich1", KEYCODE_INSERT }, { "kcbt", KEYCODE_BACKTAB }, { "kent", KEYCODE_ENTER },
		{ "kf1", KEYCODE_F1 }, { "kf2", KEYCODE_F1 + 1 }, { "kf3", KEYCODE_F1 + 2 }, { "kf4", KEYCODE_F1 + 3 },
		{ "kf5", KEYCODE_F1 + 4 }, { "kf6", KEYCODE_F1 + 5 }, { "kf10", KEYCODE_F1 + 9 }, { "kf12", KEYCODE_F12 } };
	size_t checked;

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		read_entry(types[i]);
		checked = 0;
		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
			const char *bytes = bytes_of(keys[k].name);

			if (!bytes)
				continue;
			if (read_key(bytes) != keys[k].key)
				fail_msg("%s: %s is taken for %x", types[i], keys[k].name, (unsigned)read_key(bytes));
			checked++;
		}
		if (checked < 11)
			fail_msg("%s: only %zu keys", types[i], checked);
	}
}

/* ---- modes ---- */

static void modes__of_each__are_switched_off(void **state)
{
	static const char *const pairs[][2] = { { "smcup", "rmcup" }, { "smkx", "rmkx" } };

	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		struct modes modes;

		read_entry(types[i]);
		assert_non_null(bytes_of("cup"));
		modes_build(&modes, bytes_of, true);
		for (size_t k = 0; k < 2; k++) {
			char set[200] = "", reset[200] = "";

			if (!bytes_of(pairs[k][0]))
				continue;
			modes_add(set, sizeof(set), bytes_of(pairs[k][0]));
			modes_add(reset, sizeof(reset), bytes_of(pairs[k][1]));
			if (!strstr(modes.set, set) || !strstr(modes.reset, reset))
				fail_msg("%s: %s", types[i], pairs[k][0]);
		}
		assert_int_equal(strstr(modes.set, "\033[?1000h") != NULL, bytes_of("kmous") != NULL);
		assert_int_equal(strstr(modes.set, "\033[?2004h") != NULL, bytes_of("kmous") != NULL || bytes_of("BE") != NULL);
	}
}

/* ---- the program ---- */

static int play_demo(void)
{
	static char name[] = "mxladder", demo[] = "--demo";
	char *argv[] = { name, demo, NULL };

	return cli_run(2, argv);
}

static void program__acts__on_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < TYPES; i++) {
		if (!strncmp(types[i], "putty", 5)) /* our emulator does not speak as it does */
			continue;
		read_entry(types[i]);
		start(types[i], play_demo);
		until_shown("mejlserver1.exempel.com");
		until_shown("? help");
		send(bytes_of("kf1") ? bytes_of("kf1") : "?");
		until_shown("HELP");
		send("\033");
		until_shown("e edit");
		send("q");
		until(NULL);
		if (!WIFEXITED(t.status) || WEXITSTATUS(t.status) != 0 || !is_as_before())
			fail_msg("%s: it does not end well", types[i]);
		stop();
	}
}

static int play_frames(void)
{
	struct term_options options = { .mouse = false };
	struct err err = { 0 };
	struct canvas canvas;
	struct pen pen;

	if (!term_open(&options, &err))
		return 90;
	canvas_init(&canvas, EMU_WIDTH, EMU_HEIGHT);
	canvas_clear(&canvas);
	pen = pen_at(&canvas, 0, 0);
	pen_put(&pen, ROLE_TEXT, "text");
	mark("before");
	term_draw(&canvas);
	mark("frame");
	term_draw(&canvas); /* nothing changed */
	mark("same");
	canvas_release(&canvas);
	term_close();
	return 0;
}

/* Where the terminal can hold a frame back until it is whole, it is told so; a frame that changes nothing sends nothing. */
static void frame__is_shown_at_once__where_that_can_be(void **state)
{
	const char *begin, *end;

	(void)state;
	run("foot", play_frames);
	assert_int_equal(t.status, 0);
	begin = strstr(t.bytes.s, "\033]777;before\a\033[?2026h");
	end = strstr(t.bytes.s, "\033[?2026l\033]777;frame\a\033]777;same\a");
	assert_true(begin && end && begin < strstr(t.bytes.s, "text") && strstr(t.bytes.s, "text") < end);
	stop();
}

/* foot's own entry comes with foot: where that is not installed, what matters of it here. */
static int know_foot(void **state)
{
	static char dir[] = "/tmp/mxladder-terminfo-XXXXXX";
	char command[300];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(command, sizeof(command), "tic -x -o %s %s/tests/data/foot.ti", dir, getenv("top_srcdir") ? getenv("top_srcdir") : ".");
	if (system(command) != 0)
		return -1;
	snprintf(command, sizeof(command), "%s:", dir);
	setenv("TERMINFO_DIRS", command, 1);
	*state = dir;
	return 0;
}

static int forget_foot(void **state)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -r %s", (char *)*state);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys__are_understood__as_their_entry_has_them),
		cmocka_unit_test(modes__of_each__are_switched_off),
		cmocka_unit_test(program__acts__on_each),
		cmocka_unit_test(frame__is_shown_at_once__where_that_can_be),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, know_foot, forget_foot);
}
