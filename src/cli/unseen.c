/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/unseen.h"

#include <signal.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "app/app.h"
#include "base/mem.h"
#include "base/banned.h"

/* Those whose default action ends a program, and which somebody may send. */
static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPIPE, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
	SIGIO };

struct typing {
	struct loop *loop;
	struct caught {
		struct typing *typing;
		int signo;
	} caught[sizeof ending / sizeof *ending];
	struct loop_handle *handle[sizeof ending / sizeof *ending], *line;
	int signo; /* that ended it; 0: none */
};

static void on_typed(void *data)
{
	loop_stop(data);
}

static void on_signal(void *data)
{
	struct caught *caught = data;

	caught->typing->signo = caught->signo;
	loop_stop(caught->typing->loop);
}

/* A signal that ends the program is raised again when the terminal is as it was. */
static void catch_signals(struct loop *loop, struct typing *typing)
{
	*typing = (struct typing){ .loop = loop };
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
		typing->caught[i] = (struct caught){ typing, ending[i] };
		typing->handle[i] = loop_signal(loop, ending[i], on_signal, &typing->caught[i]);
	}
	typing->line = loop_readable(loop, STDIN_FILENO, on_typed, loop);
}

static void let_signals(struct typing *typing)
{
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		loop_cancel(typing->handle[i]);
	loop_cancel(typing->line);
}

/* Any other signal, such as one that suspends, waits until the terminal is as it was. */
static void hold_signals(sigset_t *before)
{
	sigset_t held;

	sigfillset(&held);
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		sigdelset(&held, ending[i]);
	sigprocmask(SIG_BLOCK, &held, before);
}

/* Reads the line. Ctrl-C ends the line first, so that the terminal is put back before the program ends. */
bool unseen_read(struct loop *loop, char *line, size_t size)
{
	struct termios shown, unseen;
	sigset_t before;
	cc_t interrupt;
	ssize_t len = 0;
	struct typing typing;
	int signo;

	tcgetattr(STDIN_FILENO, &shown);
	unseen = shown;
	interrupt = shown.c_cc[VINTR];
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	unseen.c_cc[VEOL] = interrupt;
	hold_signals(&before);
	catch_signals(loop, &typing);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	fputs("> ", stderr);
	loop_run(loop);
	if (!typing.signo)
		len = read(STDIN_FILENO, line, size - 1);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	let_signals(&typing);
	signo = typing.signo;
	sigprocmask(SIG_SETMASK, &before, NULL);
	fputc('\n', stderr);
	if (len > 0 && interrupt != _POSIX_VDISABLE && (cc_t)line[len - 1] == interrupt)
		signo = SIGINT;
	if (signo) {
		mem_wipe(line, size);
		raise(signo);
		return false;
	}
	if (len <= 0)
		return false;
	line[len] = '\0';
	return line[len - 1] == '\n';
}
