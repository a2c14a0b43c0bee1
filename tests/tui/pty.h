/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pseudo-terminal with a shell of its own: a child plays the program on it, the test is the terminal. One at a time. */
#ifndef TESTS_TUI_PTY_H
#define TESTS_TUI_PTY_H

#include <sys/types.h>
#include <termios.h>

#include "base/str.h"
#include "emulator.h"

#define SHOTS 16
#define SET "\033[?1049h"
#define RESET "\033[?1049l"

extern struct terminal {
	int master;
	pid_t shell, child; /* the shell is its parent, and has the session */
	int told;           /* the shell says 'S' when the child was stopped */
	struct termios before;
	struct str bytes; /* all that came */
	struct emulator emu;
	int status;
} t;

extern struct shot { /* the screen at a mark */
	char name[64];
	struct str text, looks;
	int x, y;
	bool hidden;
} shots[SHOTS];
extern size_t n_shots;

void mark(const char *name); /* in the child: a shot is taken here */
void start(const char *type, int (*play)(void));
void run(const char *type, int (*play)(void)); /* to its end */
void stop(void);                               /* after its end */
void until(const char *wanted);                /* these bytes have come; NULL: the child is gone */
void until_stopped(void);
bool on_screen(const char *words);
void until_shown(const char *words); /* or the child is gone, which fails */
void send(const char *bytes);
bool is_as_before(void); /* the terminal's settings */

#endif
