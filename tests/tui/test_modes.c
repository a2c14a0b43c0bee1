/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is sent to switch a terminal's modes on and off, from its description; and what the environment says of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/term/kind.h"
#include "tui/term/modes.h"

struct word {
	const char *name, *bytes;
};

static const char *find(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words->bytes;
	return NULL;
}

/* As terminfo has them. */
static const char *xterm(const char *name)
{
	static const struct word words[] = { { "smcup", "\033[?1049h\033[22;0;0t" }, { "rmcup", "\033[?1049l\033[23;0;0t" },
		{ "rmir", "\033[4l" }, { "smam", "\033[?7h" }, { "csr", "\033[%i%p1%d;%p2%dr" }, { "op", "\033[39;49m" },
		{ "sgr0", "\033(B\033[m" }, { "smkx", "\033[?1h\033=" }, { "rmkx", "\033[?1l\033>" }, { "cnorm", "\033[?12l\033[?25h" },
		{ "kmous", "\033[<" }, { "BE", "\033[?2004h" }, { NULL, NULL } };

	return find(words, name);
}

static const char *vt100(const char *name)
{
	static const struct word words[] = { { "csr", "\033[%i%p1%d;%p2%dr" }, { "smam", "\033[?7h" }, { "enacs", "\033(B\033)0" },
		{ "sgr0", "\033[m\017$<2>" }, { "smkx", "\033[?1h\033=" }, { "rmkx", "\033[?1l\033>" }, { NULL, NULL } };

	return find(words, name);
}

static const char *vt52(const char *name)
{
	static const struct word words[] = { { "smkx", "\033=" }, { "rmkx", "\033>" }, { NULL, NULL } };

	return find(words, name);
}

/* One of the two is enough to know that pastes can be told from keys; a mouse needs its own. */
static const char *rxvt(const char *name)
{
	return !strcmp(name, "kmous") ? "\033[M" : NULL;
}

static const char *paster(const char *name)
{
	return !strcmp(name, "BE") ? "\033[?2004h" : NULL;
}

static void modes__are_reset__in_the_other_order(void **state)
{
	struct modes modes;

	(void)state;
	modes_build(&modes, xterm, true);
	assert_string_equal(modes.set,
		"\033[?1049h\033[22;0;0t\033[4l\033[?7h\033[r\017\033[39;49m\033(B\033[m\033[?1h\033=\033[?2004h\033[?1000h\033[?1006h");
	assert_string_equal(modes.reset,
		"\033[?1006l\033[?1000l\033[?2004l\033[?12l\033[?25h\033[?1l\033>\033(B\033[m\033[39;49m\033[r\033[?1049l\033[23;0;0t");
	modes_build(&modes, xterm, false);
	assert_int_equal(modes.again, strlen("\033[?1049h\033[22;0;0t"));
	assert_null(strstr(modes.set, "1000"));
	assert_null(strstr(modes.reset, "1000"));
}

/* T58: what a terminal does not know would stand on it as rubbish. */
static void modes__are_sent__to_who_knows_them(void **state)
{
	struct modes modes;

	(void)state;
	modes_build(&modes, vt52, true);
	assert_string_equal(modes.set, "\033=");
	assert_int_equal(modes.again, 0);
	assert_string_equal(modes.reset, "\033>");
	modes_build(&modes, vt100, true);
	assert_string_equal(modes.set, "\033[?7h\033[r\033(B\033)0\017\033[m\017\033[?1h\033=");
	assert_string_equal(modes.reset, "\033[?1l\033>\033[m\017\033[r");
}

static void modes__take__either_sign_of_a_paste(void **state)
{
	struct modes modes;

	(void)state;
	modes_build(&modes, rxvt, true);
	assert_string_equal(modes.set, "\033[?2004h\033[?1000h\033[?1006h");
	modes_build(&modes, paster, true);
	assert_string_equal(modes.set, "\033[?2004h");
	assert_string_equal(modes.reset, "\033[?2004l");
}

/* T30: all that is switched on has a way to be switched off, or is how every terminal is at rest. */
static void mode_table__resets__what_it_sets(void **state)
{
	static const char *const rests[] = { "rmir", "smam", "enacs", "\017" };

	(void)state;
	for (const struct mode *mode = mode_table; mode->name; mode++) {
		bool at_rest = false;

		for (size_t i = 0; mode->set && i < sizeof(rests) / sizeof(*rests); i++)
			at_rest |= !strcmp(mode->set, rests[i]);

		if (!mode->reset && !at_rest)
			fail_msg("%s is never reset", mode->name);
	}
}

static void modes_add__leaves_out__waits_and_what_does_not_fit(void **state)
{
	char out[8] = "ab";

	(void)state;
	modes_add(out, sizeof(out), "$<5/>cd$<2*>");
	assert_string_equal(out, "abcd");
	modes_add(out, sizeof(out), "$$<");
	assert_string_equal(out, "abcd$$<");
	modes_add(out, sizeof(out), "x");
	assert_string_equal(out, "abcd$$<");
	out[3] = '\0';
	modes_add(out, sizeof(out), "12345");
	assert_string_equal(out, "abc");
}

/* Nobody else's children get them, and what the user set stands. */
static void kind_size__is_the_kernels__else_what_is_said(void **state)
{
	static const struct {
		unsigned short rows, columns;
		const char *said_rows, *said_columns;
		int height, width;
	} rows[] = { { 37, 101, NULL, NULL, 37, 101 }, { 37, 101, "5", "200", 37, 101 }, { 0, 0, "20", "50", 20, 50 },
		{ 37, 0, NULL, "50", 37, 50 }, { 0, 0, NULL, NULL, 24, 80 }, { 0, 0, "-3", "0", 24, 80 }, { 0, 0, "x", "99999", 24, 80 } };
	int before = dup(STDOUT_FILENO), terminal = posix_openpt(O_RDWR | O_NOCTTY);
	int height[sizeof(rows) / sizeof(*rows)], width[sizeof(rows) / sizeof(*rows)];

	(void)state;
	fflush(stdout);
	dup2(terminal, STDOUT_FILENO);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		unsetenv("LINES");
		unsetenv("COLUMNS");
		if (rows[i].said_rows)
			setenv("LINES", rows[i].said_rows, 1);
		if (rows[i].said_columns)
			setenv("COLUMNS", rows[i].said_columns, 1);
		ioctl(terminal, TIOCSWINSZ, &(struct winsize){ .ws_row = rows[i].rows, .ws_col = rows[i].columns });
		kind_size(&width[i], &height[i]);
	}
	dup2(before, STDOUT_FILENO);
	close(before);
	close(terminal);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(height[i], rows[i].height);
		assert_int_equal(width[i], rows[i].width);
	}
}

static void kind_escape_ms__takes__what_is_a_number(void **state)
{
	static const struct {
		const char *text;
		unsigned ms;
		bool own;
	} rows[] = { { NULL, 25, false }, { "", 25, false }, { "0", 0, true }, { "700", 700, true }, { "9999", 9999, true },
		{ "10000", 10000, true }, { "99999", 10000, true }, { "-1", 25, false }, { "7s", 25, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool own;

		unsetenv("ESCDELAY");
		if (rows[i].text)
			setenv("ESCDELAY", rows[i].text, 1);
		assert_int_equal(kind_escape_ms(25, &own), rows[i].ms);
		assert_int_equal(own, rows[i].own);
	}
	unsetenv("ESCDELAY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes__are_reset__in_the_other_order),
		cmocka_unit_test(modes__are_sent__to_who_knows_them),
		cmocka_unit_test(modes__take__either_sign_of_a_paste),
		cmocka_unit_test(mode_table__resets__what_it_sets),
		cmocka_unit_test(modes_add__leaves_out__waits_and_what_does_not_fit),
		cmocka_unit_test(kind_size__is_the_kernels__else_what_is_said),
		cmocka_unit_test(kind_escape_ms__takes__what_is_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
