/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term/tty.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/banned.h"

#define HANDLER_STACK 32768

static struct {
	volatile sig_atomic_t taken; /* the terminal is as we want it: a way out has something to change back */
	struct termios before, raw;
	struct modes modes;
	_Alignas(16) char stack[HANDLER_STACK]; /* a handler's own: a stack overflow has none left */
} tty;

/* Those whose default action ends a program. SIGTERM, SIGHUP, SIGINT come through the event loop, SIGKILL through nobody. */
static const int fatal[] = {
	SIGQUIT,
	SIGILL,
	SIGTRAP,
	SIGABRT,
	SIGBUS,
	SIGFPE,
	SIGUSR1,
	SIGSEGV,
	SIGUSR2,
	SIGPIPE,
	SIGALRM,
	SIGXCPU,
	SIGXFSZ,
	SIGVTALRM,
	SIGPROF,
	SIGSYS,
#ifdef SIGIO
	SIGIO,
#endif
#ifdef SIGPWR
	SIGPWR,
#endif
#ifdef SIGSTKFLT
	SIGSTKFLT,
#endif
};

void tty_write(const char *bytes, size_t len)
{
	struct pollfd ready = { .fd = STDOUT_FILENO, .events = POLLOUT };

	while (len) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			poll(&ready, 1, -1);
		} else if (errno != EINTR) {
			return;
		}
	}
}

size_t tty_read(char *bytes, size_t size)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n = poll(&ready, 1, 0) == 1 ? read(STDIN_FILENO, bytes, size) : 0;

	return n > 0 ? (size_t)n : 0;
}

bool tty_wait(int ms)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&ready, 1, ms) == 1 && ready.revents & POLLIN;
}

/* Only what may be called in a signal's handler. In the background, input is set up for the program in front already. */
static void give_back(void)
{
	if (!tty.taken)
		return;
	tty.taken = 0;
	tty_write(tty.modes.reset, strlen(tty.modes.reset));
	if (tcgetpgrp(STDIN_FILENO) == getpgrp())
		tcsetattr(STDIN_FILENO, TCSANOW, &tty.before);
}

/* Takes the terminal. A process in the background stops here until it is in front. */
static void take(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &tty.raw);
	tty_write(tty.modes.set, strlen(tty.modes.set));
	tty.taken = 1;
}

/* SA_RESETHAND has put the default action back; the signal is blocked until this returns, and then ends the program. */
static void on_fatal(int signo)
{
	give_back();
	raise(signo);
}

static void watch(int signo)
{
	struct sigaction action = { .sa_handler = on_fatal, .sa_flags = (int)SA_RESETHAND | SA_ONSTACK }, before;

	sigemptyset(&action.sa_mask);
	if (sigaction(signo, NULL, &before) == 0 && before.sa_handler == SIG_DFL)
		sigaction(signo, &action, NULL);
}

static void watch_all(void)
{
	stack_t stack = { .ss_sp = tty.stack, .ss_size = sizeof(tty.stack) };

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		watch(fatal[i]);
	for (int signo = SIGRTMIN; signo <= SIGRTMAX; signo++)
		watch(signo);
}

void tty_open(const struct modes *modes)
{
	tty.modes = *modes;
	tcgetattr(STDIN_FILENO, &tty.before);
	tty.raw = tty.before;
	tty.raw.c_iflag &= ~(tcflag_t)(BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	tty.raw.c_oflag &= ~(tcflag_t)OPOST;
	tty.raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	tty.raw.c_cc[VMIN] = 1; /* with 0, the shell that gets the terminal by a stop from outside would read an end of file */
	tty.raw.c_cc[VTIME] = 0;
	watch_all();
	mem_on_exhaustion(give_back);
	take();
}

void tty_close(void)
{
	give_back();
	mem_on_exhaustion(NULL);
}

/*
 * While the shell has the terminal, the default actions are right for all of these: the loop, which does not run, would keep a
 * SIGTERM to itself.
 */
void tty_suspend(void)
{
	static const int signals[] = { SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT };
	struct sigaction before[sizeof(signals) / sizeof(*signals)], plain = { .sa_handler = SIG_DFL };

	give_back();
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &plain, NULL);
	}
	raise(SIGTSTP);
	take();
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &before[i], NULL);
}

void tty_continue(void)
{
	take();
}

void tty_again(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &tty.raw);
	tty_write(tty.modes.set + tty.modes.again, strlen(tty.modes.set + tty.modes.again));
}
