/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed while a secret is asked for is not shown, in the mode without a screen. The key that interrupts then gives no signal: it
 * ends the line, so that the terminal is put back first; so is it before a signal from elsewhere ends the program. Not a terminal: nothing
 * is done.
 */
#ifndef TUI_PLAIN_ECHO_H
#define TUI_PLAIN_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#define ECHO_SIGNALS 4

struct loop;
struct loop_handle;

struct echo_signal {
	struct plain_echo *echo;
	int signo;
};

struct plain_echo { /* {.loop = loop} */
	struct loop *loop;
	bool off;
	struct termios shown; /* the terminal as it was */
	struct echo_signal signal[ECHO_SIGNALS];
	struct loop_handle *handle[ECHO_SIGNALS];
};

void plain_echo(struct plain_echo *echo, bool shown);
/* Is that byte the key that interrupts, while nothing is shown? */
bool plain_echo_interrupts(const struct plain_echo *echo, char byte);

#endif
