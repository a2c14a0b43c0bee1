/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pty.h"

#include <pty.h>
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
#include <utmp.h>

#include <cmocka.h>

struct terminal t;
struct shot shots[SHOTS];
size_t n_shots;

static void take(struct emulator *emu, const char *name)
{
	struct shot *shot = &shots[n_shots++];

	assert_true(n_shots <= SHOTS);
	snprintf(shot->name, sizeof(shot->name), "%s", name);
	str_init(&shot->text, 0);
	str_init(&shot->looks, 0);
	emu_text(emu, &shot->text);
	emu_looks(emu, &shot->looks);
	shot->x = emu->x;
	shot->y = emu->y;
	shot->hidden = emu->hidden;
}

/* In the child: the parent takes a picture here. */
void mark(const char *name)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "\033]777;%s\a", name);

	if (write(STDOUT_FILENO, text, (size_t)n) != n)
		exit(95);
}

/* Runs the child in front, tells when it stops, and ends as it does. */
static void be_shell(int (*play)(void), int told)
{
	pid_t child;
	int status;

	signal(SIGTTOU, SIG_IGN);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
		close(told);
		status = play();
		fflush(NULL);
		_exit(status); /* without the parent's ends: what it holds is no leak of the child's */
	}
	setpgid(child, child);
	tcsetpgrp(STDIN_FILENO, child);
	if (child < 0 || write(told, &child, sizeof(child)) != sizeof(child))
		_exit(96);
	while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status))
		if (write(told, "S", 1) != 1)
			_exit(97);
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	_exit(98);
}

void start(const char *type, int (*play)(void))
{
	struct winsize size = { .ws_row = EMU_HEIGHT, .ws_col = EMU_WIDTH };
	int slave, told[2];

	for (size_t i = 0; i < n_shots; i++) {
		str_release(&shots[i].text);
		str_release(&shots[i].looks);
	}
	n_shots = 0;
	t.emu.mark = take;
	emu_init(&t.emu);
	str_init(&t.bytes, 0);
	assert_int_equal(openpty(&t.master, &slave, NULL, NULL, &size), 0);
	tcgetattr(slave, &t.before);
	fflush(NULL);
	assert_int_equal(pipe(told), 0);
	t.shell = fork();
	assert_true(t.shell >= 0);
	if (t.shell == 0) {
		close(t.master);
		for (int signo = 1; signo < SIGRTMIN; signo++) /* cmocka catches some, to go on with the next test */
			signal(signo, SIG_DFL);
		login_tty(slave);
		setenv("TERM", type, 1);
		unsetenv("TMUX");
		unsetenv("STY");
		if (!getenv("MXLADDER_ASKS_GROUND"))
			setenv("COLORFGBG", "15;0", 0);
		be_shell(play, told[1]);
	}
	close(slave);
	close(told[1]);
	t.told = told[0];
	assert_int_equal(read(t.told, &t.child, sizeof(t.child)), sizeof(t.child));
}

void until_stopped(void)
{
	char c;

	assert_int_equal(read(t.told, &c, 1), 1);
	assert_int_equal(c, 'S');
}

void stop(void)
{
	close(t.master);
	close(t.told);
	str_release(&t.bytes);
}

/* Reads until these bytes have come, or, where NULL, until the child is gone. */
void until(const char *wanted)
{
	char some[4096];
	size_t from = t.bytes.len;
	ssize_t n;

	while ((!wanted || !strstr(t.bytes.s + from, wanted)) && (n = read(t.master, some, sizeof(some))) > 0) {
		str_add_bytes(&t.bytes, some, (size_t)n);
		emu_write(&t.emu, some, (size_t)n);
	}
	if (!wanted)
		assert_int_equal(waitpid(t.shell, &t.status, 0), t.shell);
	else
		assert_non_null(strstr(t.bytes.s + from, wanted));
}

void send(const char *bytes)
{
	assert_int_equal(write(t.master, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

void run(const char *type, int (*play)(void))
{
	start(type, play);
	until(NULL);
}

bool is_as_before(void)
{
	struct termios now;

	tcgetattr(t.master, &now);
	return now.c_lflag == t.before.c_lflag && now.c_iflag == t.before.c_iflag && now.c_oflag == t.before.c_oflag;
}

bool on_screen(const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	emu_text(&t.emu, &text);
	found = strstr(text.s, words) != NULL;
	str_release(&text);
	return found;
}

void until_shown(const char *words)
{
	char some[4096];
	ssize_t n;

	while (!on_screen(words) && (n = read(t.master, some, sizeof(some))) > 0) {
		str_add_bytes(&t.bytes, some, (size_t)n);
		emu_write(&t.emu, some, (size_t)n);
	}
	assert_true(on_screen(words));
}
