/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/plain_echo.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "base/banned.h"

static void on_signal(void *data)
{
	const struct echo_signal *came = data;
	int signo = came->signo;

	plain_echo(came->echo, true);
	raise(signo);
}

static void hide(struct plain_echo *echo)
{
	static const int ending[ECHO_SIGNALS] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct termios unseen;

	if (tcgetattr(STDIN_FILENO, &echo->shown) != 0)
		return;
	unseen = echo->shown;
	unseen.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	unseen.c_cc[VEOL] = echo->shown.c_cc[VINTR];
	echo->off = true;
	for (size_t i = 0; i < ECHO_SIGNALS; i++) {
		echo->signal[i] = (struct echo_signal){ echo, ending[i] };
		echo->handle[i] = loop_signal(echo->loop, ending[i], on_signal, &echo->signal[i]);
	}
	tcsetattr(STDIN_FILENO, TCSADRAIN, &unseen);
}

void plain_echo(struct plain_echo *echo, bool shown)
{
	if (shown == !echo->off)
		return;
	if (!shown) {
		hide(echo);
		return;
	}
	tcsetattr(STDIN_FILENO, TCSADRAIN, &echo->shown);
	for (size_t i = 0; i < ECHO_SIGNALS; i++)
		loop_cancel(echo->handle[i]);
	echo->off = false;
	putchar('\n'); /* the line's own end was not shown either */
}

bool plain_echo_interrupts(const struct plain_echo *echo, char byte)
{
	cc_t key = echo->shown.c_cc[VINTR];

	return echo->off && key != _POSIX_VDISABLE && (cc_t)byte == key;
}
