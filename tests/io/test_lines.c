/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of files and of pipes, whole, broken and too long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "io/lines.h"
#include "io/scratch.h"

struct desk {
	struct loop *loop;
	char *dir;
	unsigned ready;
};

static int set_up(void **state)
{
	struct desk *desk = mem_alloc(sizeof(*desk));

	desk->loop = loop_new();
	desk->dir = scratch_new(NULL);
	assert_non_null(desk->dir);
	*state = desk;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;

	loop_free(desk->loop);
	scratch_free(desk->dir);
	free(desk);
	return 0;
}

static void ready(void *data)
{
	struct desk *desk = data;

	desk->ready++;
	loop_stop(desk->loop);
}

static void in(const struct desk *desk, const char *name, char path[300])
{
	snprintf(path, 300, "%s/%s", desk->dir, name);
}

static void expect(struct lines *lines, const char *wanted)
{
	const char *text;
	size_t len;

	errno = EINTR; /* of something else, before */
	assert_int_equal(lines_next(lines, &text, &len, NULL), LINES_LINE);
	assert_int_equal(len, strlen(wanted));
	assert_string_equal(text, wanted);
}

static void expect_state(struct lines *lines, enum lines_state wanted)
{
	const char *text;
	size_t len;

	errno = EINTR;
	assert_int_equal(lines_next(lines, &text, &len, NULL), wanted);
}

static void file__gives__its_lines(void **state)
{
	struct desk *desk = *state;
	struct lines *lines;
	char path[300];

	in(desk, "names", path);
	assert_true(scratch_write(desk->dir, "names", "a\n\nb\r\nlast", 10, NULL));
	lines = lines_open(desk->loop, path, ready, desk, NULL);
	expect(lines, "a");
	expect(lines, "");
	expect(lines, "b\r");
	expect(lines, "last");
	expect_state(lines, LINES_END);
	expect_state(lines, LINES_END);
	lines_close(lines);
	in(desk, "none", path);
	assert_true(scratch_write(desk->dir, "none", "", 0, NULL));
	lines = lines_open(desk->loop, path, ready, desk, NULL);
	expect_state(lines, LINES_END);
	lines_close(lines);
	assert_int_equal(desk->ready, 0);
}

/* Across several reads, and cut where it is longer than a line may be. */
static void long_line__is_cut__and_the_next_is_whole(void **state)
{
	struct desk *desk = *state;
	size_t len = LINES_MAX + 70000;
	char *text = mem_alloc(len + 4), path[300];
	const char *line;
	struct lines *lines;

	memset(text, 'x', len);
	memcpy(text + 100000, "\n", 1);
	memcpy(text + len, "\ny\n", 3);
	in(desk, "long", path);
	assert_true(scratch_write(desk->dir, "long", text, len + 3, NULL));
	lines = lines_open(desk->loop, path, ready, desk, NULL);
	assert_int_equal(lines_next(lines, &line, &len, NULL), LINES_LINE);
	assert_int_equal(len, 100000);
	assert_int_equal(lines_next(lines, &line, &len, NULL), LINES_LINE);
	assert_int_equal(len, LINES_MAX + 70000 - 100001);
	expect(lines, "y");
	expect_state(lines, LINES_END);
	lines_close(lines);
	memset(text, 'x', LINES_MAX + 70000);
	in(desk, "longer", path);
	assert_true(scratch_write(desk->dir, "longer", text, LINES_MAX + 70003, NULL));
	lines = lines_open(desk->loop, path, ready, desk, NULL);
	assert_int_equal(lines_next(lines, &line, &len, NULL), LINES_LINE);
	assert_int_equal(len, LINES_MAX - 1);
	expect(lines, "y");
	lines_close(lines);
	free(text);
}

static void pipe__is_not_waited_for(void **state)
{
	struct desk *desk = *state;
	struct lines *lines;
	char path[300];
	FILE *writer;

	in(desk, "pipe", path);
	assert_int_equal(mkfifo(path, 0600), 0);
	writer = fopen(path, "r+"); /* both ends: opening to read does not wait */
	assert_non_null(writer);
	lines = lines_open(desk->loop, path, ready, desk, NULL);
	expect_state(lines, LINES_LATER);
	expect_state(lines, LINES_LATER);
	fputs("one\ntw", writer);
	fflush(writer);
	loop_run(desk->loop);
	assert_int_equal(desk->ready, 1);
	expect(lines, "one");
	expect_state(lines, LINES_LATER);
	fputs("o\n", writer);
	fflush(writer);
	loop_run(desk->loop);
	assert_int_equal(desk->ready, 2);
	expect(lines, "two");
	expect_state(lines, LINES_LATER);
	fputs("three", writer);
	fclose(writer);
	loop_run(desk->loop);
	expect_state(lines, LINES_LATER);
	loop_run(desk->loop);
	expect(lines, "three");
	expect_state(lines, LINES_END);
	lines_close(lines);
}

static void what_cannot_be_read__is_said(void **state)
{
	struct desk *desk = *state;
	struct err err = { 0 };
	struct lines *lines;
	const char *line;
	struct str text;
	size_t len;
	char path[300], wanted[400];
	int lowest = dup(STDIN_FILENO); /* the first that is free */

	close(lowest);
	str_init(&text, 0);
	in(desk, "nowhere", path);
	assert_null(lines_open(desk->loop, path, ready, desk, &err));
	assert_int_equal(err.code, ERR_FILE);
	err_format(&err, NULL, &text);
	snprintf(wanted, sizeof(wanted), "%s could not be read: No such file or directory", path);
	assert_string_equal(text.s, wanted);
	err = (struct err){ 0 };
	str_clear(&text);
	assert_null(lines_open(desk->loop, desk->dir, ready, desk, &err));
	err_format(&err, NULL, &text);
	snprintf(wanted, sizeof(wanted), "%s could not be read: Is a directory", desk->dir);
	assert_string_equal(text.s, wanted);
	err = (struct err){ 0 };
	str_clear(&text);
	lines = lines_open(desk->loop, "/proc/self/mem", ready, desk, NULL); /* of its first byte there is nothing */
	assert_int_equal(lines_next(lines, &line, &len, &err), LINES_FAILED);
	err_format(&err, NULL, &text);
	assert_string_equal(text.s, "/proc/self/mem could not be read: Input/output error");
	lines_close(lines);
	assert_int_equal(dup(STDIN_FILENO), lowest); /* nothing was left open */
	close(lowest);
	str_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(file__gives__its_lines, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_line__is_cut__and_the_next_is_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(pipe__is_not_waited_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_cannot_be_read__is_said, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
