/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole program in plain mode, with a script on its standard input. */
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

#include "base/str.h"
#include "cli/command.h"

static void read_all(FILE *file, struct str *out)
{
	char bytes[4096];
	size_t n;

	rewind(file);
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		str_add_bytes(out, bytes, n);
}

static void be_program(FILE *in, FILE *out)
{
	char *argv[] = { (char *)(uintptr_t) "mxladder", (char *)(uintptr_t) "--demo", (char *)(uintptr_t) "--plain", NULL };

	rewind(in);
	dup2(fileno(in), STDIN_FILENO);
	dup2(fileno(out), STDOUT_FILENO);
	exit(cli_run(3, argv));
}

/* Of each screen that came: what the set is, and how many rows the ladder has. */
static void sum_up(const char *text, struct str *sum)
{
	const char *at = text, *end;

	for (; (at = strstr(at, "exempel.com \u258f")); at = end) {
		const char *word = at + strlen("exempel.com \u258f"), *row;
		size_t rows = 0;

		end = strstr(word, "\n> ");
		assert_non_null(end);
		for (row = word; (row = strstr(row, "0 \xe2\x94\x80")) && row < end; row++) /* one host on its rung */
			rows++;
		str_addf(sum, "%s%.*s %zu", sum->len ? "; " : "", (int)strcspn(word, " ,"), word, rows);
	}
}

static void expect(const char *script, size_t len, const char *screens, const char *last)
{
	FILE *in = tmpfile(), *out = tmpfile();
	struct str text, sum;
	int status = 0;
	pid_t pid;

	assert_int_equal(fwrite(script, 1, len, in), len);
	fflush(in);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		be_program(in, out);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	str_init(&text, 0);
	str_init(&sum, 0);
	read_all(out, &text);
	assert_non_null(text.s);
	sum_up(text.s, &sum);
	assert_string_equal(sum.s, screens);
	if (last)
		assert_non_null(strstr(text.s, last));
	assert_string_equal(text.s + text.len - 3, "\n> ");
	str_release(&sum);
	str_release(&text);
	fclose(in);
	fclose(out);
}

/* Each line waits for the answers to the one before it: a survey shows its beginning and its end. */
static void script__is_taken__line_by_line(void **state)
{
	static const struct {
		const char *script, *screens, *last;
	} rows[] = {
		{ "", "HELD 1", NULL },
		{ "quit\n", "HELD 1", NULL },
		{ "quit", "HELD 1", NULL },
		{ "add 30 mejlserver3\nundo\nquit\nundo\n", "HELD 1; DRAFT 2; DRAFT 2; HELD 1", NULL },
		{ "add 30 mejlserver3\nfrobnicate", "HELD 1; DRAFT 2; DRAFT 2; DRAFT 2", "there is no edit \"frobnicate\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(rows[i].script, strlen(rows[i].script), rows[i].screens, rows[i].last);
}

/* More than one read brings. */
static void script__of_any_length__is_read(void **state)
{
	char script[6000];

	(void)state;
	memset(script, ' ', sizeof(script));
	memcpy(script, "frob", 4);
	memcpy(script + 5000, "\nundo\n", 6);
	memcpy(script + 5990, "\nquit\nundo", 10);
	expect(script, sizeof(script), "HELD 1; HELD 1; HELD 1; HELD 1", "There is nothing to undo");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(script__is_taken__line_by_line),
		cmocka_unit_test(script__of_any_length__is_read),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("plain_run", tests, NULL, NULL);
}
