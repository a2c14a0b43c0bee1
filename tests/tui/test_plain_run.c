/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole program in plain mode, with a script on its standard input. */
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
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
#include "pty.h"

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

/* What is said first, and first after each line that was read: on a line of its own. */
static void sum_up(const char *text, struct str *sum)
{
	const char *at = text, *end;

	for (; *at; at = end + 3) {
		assert_true(at == text || *at == '\n');
		at += at != text;
		end = strstr(at, "\n> ");
		assert_non_null(end);
		str_addf(sum, "%s%.*s", sum->len ? "; " : "", (int)strcspn(at, "\n"), at);
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
		{ "", "exempel.com", NULL },
		{ "quit\n", "exempel.com", NULL },
		{ "quit", "exempel.com", NULL },
		{ "add 30 mejlserver3\nundo\nquit\nundo\n",
			"exempel.com; DRAFT, 1 change; 4. preference 30, mejlserver3.exempel.com, added in the draft, 0 % of; HELD", NULL },
		{ "add 30 mejlserver3\nfrobnicate",
			"exempel.com; DRAFT, 1 change; 4. preference 30, mejlserver3.exempel.com, added in the draft, 0 % of; There is no \"frobnicate\" here. help says what can be typed.",
			NULL },
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
	expect(script, sizeof(script),
		"exempel.com; There is no \"frob\" here. help says what can be typed.; There is nothing to undo.; Nothing is new. look says all of it, help what can be typed.",
		NULL);
}

/* ---- a secret ---- */

static char home[] = "/tmp/mxladder-XXXXXX";

static int play_plain(void)
{
	char *argv[] = { (char *)(uintptr_t) "mxladder", (char *)(uintptr_t) "--plain", NULL };

	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	return cli_run(2, argv);
}

static bool is_echoing(void)
{
	struct termios now;

	assert_int_equal(tcgetattr(t.master, &now), 0);
	return now.c_lflag & ECHO && now.c_lflag & ISIG;
}

/* Up to the question for the key of an account at a port where nobody answers. */
static void ask_for_key(void)
{
	static const char *const lines[][2] = {
		{ "account\n", "Who holds" },
		{ "powerdns\n", "Name of the account" },
		{ "lab\n", "Address:" },
		{ "http://127.0.0.1:1\n", "the key is typed next." },
		{ "\n", "It is not shown" },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		assert_true(is_echoing());
		str_clear(&t.bytes);
		send(lines[i][0]);
		until("\n> ");
		assert_non_null(strstr(t.bytes.s, lines[i][1]));
	}
	assert_false(is_echoing());
}

static void leave(void)
{
	send("quit\n");
	until(NULL);
	assert_true(WIFEXITED(t.status) && WEXITSTATUS(t.status) == 0);
	assert_true(is_as_before());
	stop();
	rmdir(home);
}

static void begin_plain(void)
{
	memcpy(home + strlen(home) - 6, "XXXXXX", 6);
	assert_non_null(mkdtemp(home));
	start("dumb", play_plain);
	until("> ");
}

/* What is typed for a key is not shown; what is typed before and after is. */
static void secret__is_not_echoed(void **state)
{
	(void)state;
	begin_plain();
	ask_for_key();
	str_clear(&t.bytes);
	send("opensesame\n");
	until("\n> ");
	assert_null(strstr(t.bytes.s, "sesame"));
	assert_true(is_echoing());
	assert_null(strstr(t.bytes.s, "sesame"));
	leave();
}

/* The key that interrupts takes the question back; a signal finds the terminal as it was. */
static void interrupt__puts_the_terminal_back(void **state)
{
	(void)state;
	begin_plain();
	ask_for_key();
	send("open\003");
	until("\n> ");
	assert_true(is_echoing());
	ask_for_key();
	kill(t.child, SIGTERM);
	until(NULL);
	assert_true(WIFSIGNALED(t.status) && WTERMSIG(t.status) == SIGTERM);
	assert_true(is_as_before());
	stop();
	rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(script__is_taken__line_by_line),
		cmocka_unit_test(script__of_any_length__is_read),
		cmocka_unit_test(secret__is_not_echoed),
		cmocka_unit_test(interrupt__puts_the_terminal_back),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("plain_run", tests, NULL, NULL);
}
