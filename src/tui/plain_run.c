/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/plain_run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "tui/plain.h"
#include "base/banned.h"

#define SOON_MS 300 /* a screen reader cannot skip: one answer at a time */
#define INPUT (1 << 20)
#define LINE 4096 /* that a terminal gives */

/* asked: something is said, though nothing is new. */
static void print_screen(struct plain_run *run, bool asked)
{
	struct str text;
	bool ended = asked && isatty(STDIN_FILENO); /* the prompt's line: by what was typed, which the terminal shows */

	str_init(&text, 0);
	asked = plain_screen(run->ui, loop_now(), &text) || asked;
	plain_echo(&run->echo, run->ui->ask != ASK_ACCOUNT_KEY); /* before the question is read */
	if (asked) {
		if (run->prompted && !ended)
			putchar('\n');
		fputs(text.s, stdout);
		fflush(stdout);
		run->prompted = true;
	}
	str_release(&text);
}

/* False: the interface is left. */
static bool take_line(struct plain_run *run, const char *line)
{
	plain_echo(&run->echo, true);
	if (!plain_line(run->ui, line)) {
		loop_stop(run->app->loop);
		return false;
	}
	print_screen(run, true);
	return true;
}

/* A script's line waits for the answers to the lines before it, so that its result does not depend on speed. */
static bool waits(const struct plain_run *run)
{
	bool asking = run->soon || plain_busy(run->ui);

	return asking && !isatty(STDIN_FILENO);
}

static void forget(struct plain_run *run, size_t len)
{
	run->typed.len -= len;
	memmove(run->typed.s, run->typed.s + len, run->typed.len + 1);
	mem_wipe(run->typed.s + run->typed.len + 1, len);
}

static void take_lines(struct plain_run *run)
{
	char *eol;

	while (!waits(run) && (eol = strchr(run->typed.s, '\n'))) {
		*eol = '\0';
		if (!take_line(run, run->typed.s))
			return;
		forget(run, (size_t)(eol + 1 - run->typed.s));
	}
	if (!run->ended || waits(run))
		return;
	if (run->typed.len && !take_line(run, run->typed.s)) /* a last line may have no end */
		return;
	forget(run, run->typed.len);
	if (!run->soon)
		loop_stop(run->app->loop);
}

static void on_input(void *data)
{
	struct plain_run *run = data;
	char bytes[4096];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n > 0 && plain_echo_interrupts(&run->echo, bytes[n - 1])) {
		forget(run, run->typed.len);
		str_add(&run->typed, "cancel\n");
	} else if (n > 0) {
		str_add_bytes(&run->typed, bytes, (size_t)n);
	} else {
		loop_cancel(run->input);
		run->input = NULL;
		run->ended = true;
	}
	mem_wipe(bytes, sizeof(bytes));
	take_lines(run);
}

static void on_soon(void *data)
{
	struct plain_run *run = data;

	run->soon = NULL;
	if (run->ui->session && session_surveying(run->ui->session)) {
		run->soon = loop_after(run->app->loop, SOON_MS, on_soon, run);
		return;
	}
	print_screen(run, false);
	take_lines(run);
}

void plain_changed(void *data)
{
	struct plain_run *run = data;

	if (!run->soon)
		run->soon = loop_after(run->app->loop, SOON_MS, on_soon, run);
}

void plain_run(struct plain_run *run)
{
	run->echo = (struct plain_echo){ .loop = run->app->loop };
	str_init(&run->typed, INPUT);
	str_addf(&run->typed, "%*s", LINE, ""); /* a secret's line does not grow: no copy of it is left behind */
	str_clear(&run->typed);
	ui_survey(run->ui);
	if (!run->soon)
		run->soon = loop_after(run->app->loop, run->ui->session ? SOON_MS : 0, on_soon, run);
	run->input = loop_readable(run->app->loop, STDIN_FILENO, on_input, run);
	loop_run(run->app->loop);
	plain_echo(&run->echo, true);
	loop_cancel(run->input);
	loop_cancel(run->soon);
	forget(run, run->typed.len);
	str_release(&run->typed);
}
