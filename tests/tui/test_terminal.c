/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal's side, on a pseudo-terminal: what a screen shows of the bytes that were sent, which bytes go out when it is left, and how.
 * A child plays the program; the parent is the terminal.
 */
#include <locale.h>
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

#include <cmocka.h>

#include "pictures.h"
#include "pty.h"
#include "tui/term/key.h"
#include "tui/term/term.h"
#include "tui/term/tty.h"

#define NEVER 94 /* it was told at once */

/* ---- drawing ---- */

static void draw_canvas(struct canvas *canvas, int which)
{
	struct pen pen;

	canvas_resize(canvas, EMU_WIDTH, EMU_HEIGHT);
	canvas_clear(canvas);
	for (int i = 0; i < ROLE_COUNT && i < EMU_HEIGHT - 1; i++) {
		pen = pen_at(canvas, i % 7, i);
		pen_put(&pen, (enum role)i, roles[i].name);
		pen_put(&pen, ROLE_TEXT, which && i % 3 == 0 ? "  日本 ✔ é" : "  plain");
		if (i + EMU_HEIGHT - 1 < ROLE_COUNT) {
			pen_to(&pen, 40);
			pen_put(&pen, (enum role)(i + EMU_HEIGHT - 1), roles[i + EMU_HEIGHT - 1].name);
		}
	}
	pen = pen_at(canvas, 0, EMU_HEIGHT - 1);
	pen_fill(&pen, ROLE_RULE, "─", which ? EMU_WIDTH : EMU_WIDTH / 2);
	canvas_cursor(canvas, 5 + which, 3, which == 1);
}

static void open_term(const char *name, bool mouse)
{
	struct term_options options = { .mouse = mouse };
	struct err err = { 0 };
	struct theme theme;

	if (!term_open(&options, &err) || !theme_load(&theme, name, &err))
		exit(90);
	term_set_theme(&theme);
}

static const char *theme_name = "default";

static int play_frames(void)
{
	struct canvas canvas;
	struct termios tty;
	int width, height;

	open_term(theme_name, true);
	mark("open");
	term_size(&width, &height);
	if (width != EMU_WIDTH || height != EMU_HEIGHT)
		return 91;
	canvas_init(&canvas, 1, 1);
	for (int i = 0; i < 4; i++) {
		draw_canvas(&canvas, i == 3 ? 2 : i % 2);
		term_draw(&canvas);
		mark("frame");
		term_draw(&canvas); /* nothing changed */
		mark("same");
	}
	if (write(STDOUT_FILENO, "\033[H\033[31mdirt\033[0m", 16) != 16)
		return 92;
	tcgetattr(STDIN_FILENO, &tty);
	tty.c_lflag |= (tcflag_t)(ECHO | ICANON);
	tcsetattr(STDIN_FILENO, TCSANOW, &tty);
	term_repaint();
	tcgetattr(STDIN_FILENO, &tty);
	if (tty.c_lflag & (tcflag_t)(ECHO | ICANON))
		return 93;
	term_draw(&canvas);
	mark("repainted");
	canvas_release(&canvas);
	term_close();
	term_close();
	return 0;
}

static void canvas__stands_on_the_screen(void **state)
{
	static const char *const types[] = { "xterm-256color", "xterm", "screen", "linux", "xterm-direct", "vt100", "rxvt-88color" };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct canvas canvas;
		char name[64];

		run(types[i], play_frames);
		assert_int_equal(t.status, 0);
		assert_int_equal(n_shots, 10);
		canvas_init(&canvas, 1, 1);
		for (size_t k = 1; k < n_shots; k++) {
			struct str wanted;

			str_init(&wanted, 0);
			draw_canvas(&canvas, k >= 7 ? 2 : (int)((k - 1) / 2 % 2));
			canvas_text(&canvas, &wanted);
			assert_string_equal(shots[k].text.s, wanted.s);
			assert_int_equal(shots[k].x, canvas.cursor_x);
			assert_int_equal(shots[k].y, canvas.cursor_y);
			if (strcmp(types[i], "vt100") != 0)
				assert_int_equal(shots[k].hidden, !canvas.cursor_shown);
			str_release(&wanted);
		}
		canvas_release(&canvas);
		snprintf(name, sizeof(name), "terminal-%s.looks", types[i]);
		picture_compare(name, shots[1].looks.s);
		assert_non_null(strstr(t.bytes.s, "\033]777;frame\a\033]777;same\a")); /* a frame without change sends nothing */
		if (i == 0)
			assert_non_null(strstr(strstr(t.bytes.s, "dirt"), "\033[4l")); /* its modes too are set anew */
		stop();
	}
}

static void themes__have_their_colours(void **state)
{
	static const char *const names[] = { "light", "mono", "high-contrast", "safe" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char name[64];

		theme_name = names[i];
		run("xterm-256color", play_frames);
		assert_int_equal(t.status, 0);
		snprintf(name, sizeof(name), "terminal-theme-%s.looks", names[i]);
		picture_compare(name, shots[1].looks.s);
		stop();
	}
	theme_name = "default";
}

static int size_frame(struct canvas *canvas, unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	int width, height;

	if (ioctl(STDOUT_FILENO, TIOCSWINSZ, &size) != 0)
		return 92;
	term_size(&width, &height);
	if (width != columns || height != rows)
		return 91;
	canvas_resize(canvas, width, height);
	canvas_clear(canvas);
	return 0;
}

static int play_grow(void)
{
	struct canvas canvas;
	struct pen pen;
	int status;

	open_term(theme_name, false);
	canvas_init(&canvas, 1, 1);
	if ((status = size_frame(&canvas, 20, 60)) != 0)
		return status;
	pen = pen_at(&canvas, 3, 4);
	pen_put(&pen, ROLE_TEXT, "before");
	term_draw(&canvas);
	if ((status = size_frame(&canvas, EMU_HEIGHT, EMU_WIDTH)) != 0)
		return status;
	pen = pen_at(&canvas, 70, 22);
	pen_put(&pen, ROLE_TEXT, "behind");
	term_draw(&canvas);
	mark("grown");
	term_repaint();
	term_draw(&canvas);
	mark("anew");
	canvas_release(&canvas);
	term_close();
	return 0;
}

/* A frame of another size is drawn whole, before any signal has told of it: also where the theme colours what is blank. */
static void frame__of_another_size__is_drawn_whole(void **state)
{
	static const char *const names[] = { "default", "high-contrast" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		theme_name = names[i];
		run("xterm-256color", play_grow);
		assert_int_equal(t.status, 0);
		assert_int_equal(n_shots, 2);
		assert_string_equal(shots[0].text.s, shots[1].text.s);
		assert_string_equal(shots[0].looks.s, shots[1].looks.s);
		assert_true(strstr(shots[0].text.s, "behind") && !strstr(shots[0].text.s, "before"));
		stop();
	}
	theme_name = "default";
}

/* ---- in and out ---- */

static int play_wait(void)
{
	open_term("default", true);
	mark("open");
	pause();
	return 0;
}

static void signals__give_the_terminal_back(void **state)
{
	static const int signals[] = { SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGUSR1, SIGUSR2, SIGALRM, SIGSYS, SIGTRAP,
		SIGXCPU, SIGVTALRM, SIGPROF, SIGIO };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		struct termios raw;

		start("xterm-256color", play_wait);
		until("777;open\a");
		tcgetattr(t.master, &raw);
		assert_int_equal(raw.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG), 0);
		assert_non_null(strstr(t.bytes.s, SET));
		assert_null(strstr(t.bytes.s, RESET));
		kill(t.child, signals[i]);
		until(NULL);
		assert_true(WIFSIGNALED(t.status));
		assert_int_equal(WTERMSIG(t.status), signals[i]);
		for (const char *const *word = (const char *const[]){ RESET, "\033[?2004l", "\033[?1000l", "\033[?25h", "\033[?1l", NULL };
			*word; word++)
			assert_non_null(strstr(t.bytes.s, *word));
		stop();
	}
}

static int play_suspend(void)
{
	struct canvas canvas;

	open_term("default", false);
	canvas_init(&canvas, 1, 1);
	draw_canvas(&canvas, 0);
	term_draw(&canvas);
	mark("first");
	term_suspend();
	term_draw(&canvas);
	mark("second");
	raise(SIGSTOP);
	term_continue();
	term_draw(&canvas);
	mark("third");
	while (term_read(0).kind == INPUT_NONE)
		usleep(500);
	canvas_release(&canvas);
	term_close();
	return 0;
}

static void stopped__and_continued__is_drawn_anew(void **state)
{
	struct termios raw;

	(void)state;
	start("xterm-256color", play_suspend);
	until("777;first\a");
	assert_null(strstr(t.bytes.s, "\033[?1000h"));
	until_stopped();
	assert_true(is_as_before());
	emu_init(&t.emu);
	emu_write(&t.emu, "shell$ ", 7);
	kill(t.child, SIGCONT);
	until("777;second\a");
	assert_non_null(strstr(t.bytes.s, RESET));
	assert_string_equal(shots[1].text.s, shots[0].text.s);
	assert_string_equal(shots[1].looks.s, shots[0].looks.s);
	until_stopped();
	emu_write(&t.emu, "\033[2J\033[Hshell$ ", 14);
	tcsetattr(t.master, TCSANOW, &t.before);
	kill(t.child, SIGCONT);
	until("777;third\a");
	tcgetattr(t.master, &raw);
	assert_int_equal(raw.c_lflag & (tcflag_t)(ICANON | ECHO), 0);
	assert_string_equal(shots[2].text.s, shots[0].text.s);
	send("x");
	until(NULL);
	assert_int_equal(t.status, 0);
	stop();
}

static void on_signal(int signo)
{
	(void)signo;
}

static const int handled[] = { SIGTSTP, SIGCONT, SIGTERM, SIGHUP };

static int play_handled(void)
{
	struct sigaction action = { .sa_handler = on_signal }, now;

	open_term("default", false);
	for (size_t i = 0; i < sizeof(handled) / sizeof(*handled); i++)
		sigaction(handled[i], &action, NULL);
	signal(SIGINT, SIG_IGN);
	term_suspend();
	for (size_t i = 0; i < sizeof(handled) / sizeof(*handled); i++)
		if (sigaction(handled[i], NULL, &now) != 0 || now.sa_handler != on_signal)
			return handled[i];
	if (sigaction(SIGINT, NULL, &now) != 0 || now.sa_handler != SIG_IGN)
		return SIGINT;
	term_close();
	return 0;
}

/* While it is stopped they end it, as they would any program; afterwards they are the program's again. */
static void signals__are_the_programs_again__behind_a_stop(void **state)
{
	(void)state;
	start("xterm-256color", play_handled);
	until(RESET);
	until_stopped();
	kill(t.child, SIGCONT);
	until(NULL);
	assert_int_equal(t.status, 0);
	stop();
	start("xterm-256color", play_handled);
	until(RESET);
	until_stopped();
	kill(t.child, SIGTERM);
	kill(t.child, SIGCONT);
	until(NULL);
	assert_true(WIFSIGNALED(t.status) && WTERMSIG(t.status) == SIGTERM);
	stop();
}

#define COLUMN "\033[?1;2R"
#define GROUND "\033]11;rgb:0000/0000/0000\a"

static enum input_kind next_kind(void)
{
	struct input_event event;

	while ((event = term_read(0)).kind == INPUT_NONE)
		usleep(500);
	return event.kind;
}

static int play_asked(void)
{
	struct term_options options = { .lines = true };
	struct err err = { 0 };

	if (!term_open(&options, &err))
		return 90;
	if (!term_is_asked() || !term_ask_ground())
		return 1;
	mark("both");
	if (next_kind() != INPUT_COLUMN || !term_is_asked())
		return 2;
	if (next_kind() != INPUT_GROUND || term_is_asked())
		return 3;
	mark("unasked"); /* an answer too many changes nothing */
	if (next_kind() != INPUT_GROUND || term_is_asked())
		return 4;
	term_ask_ground();
	term_answer_overdue();
	if (term_is_asked())
		return 5;
	term_ask_ground();
	mark("late");
	if (!tty_wait(5000))
		return 6;
	term_suspend(); /* what the shell would have read */
	if (term_is_asked() || term_read(0).kind != INPUT_NONE)
		return 7;
	term_ask_ground();
	term_suspend(); /* no answer comes */
	if (term_is_asked())
		return 8;
	term_close();
	return 0;
}

static void answers__are_counted__and_not_left_for_the_shell(void **state)
{
	(void)state;
	start("xterm-256color", play_asked);
	until("777;both\a");
	send(COLUMN GROUND);
	until("777;unasked\a");
	send(GROUND);
	until("777;late\a");
	send(GROUND);
	for (int i = 0; i < 2; i++) {
		until(RESET);
		until_stopped();
		kill(t.child, SIGCONT);
	}
	until(NULL);
	assert_int_equal(t.status, 0);
	stop();
}

static int play_copy(void)
{
	open_term("default", false);
	for (const char *const *text = (const char *const[]){ "f", "fo", "foo", "foob", "\xff\xfe\xfd", NULL }; *text; text++)
		term_copy(*text, strlen(*text), CLIPBOARD_TERMINAL);
	term_copy("foobar", 6, CLIPBOARD_SCREEN);
	term_close();
	return 0;
}

static void copied__text__is_base64(void **state)
{
	(void)state;
	run("xterm", play_copy);
	assert_non_null(strstr(t.bytes.s, "\033]52;c;Zg==\a\033]52;c;Zm8=\a\033]52;c;Zm9v\a\033]52;c;Zm9vYg==\a\033]52;c;//79\a"
					  "\033P\033]52;c;Zm9vYmFy\a\033\\"));
	stop();
}

static int play_refused(void)
{
	struct term_options options = { .mouse = false };
	struct err err = { 0 };
	struct str text;

	if (term_open(&options, &err))
		return 93;
	str_init(&text, 0);
	err_format(&err, NULL, &text);
	mark(text.s);
	str_release(&text);
	return (int)err.code;
}

static void terminals__that_cannot_draw__are_refused(void **state)
{
	static const char *const types[] = { "dumb", "no-such-type", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		run(types[i], play_refused);
		assert_int_equal(WEXITSTATUS(t.status), ERR_USAGE);
		assert_null(strstr(t.bytes.s, SET));
		assert_int_equal(n_shots, 1);
		assert_non_null(strstr(shots[0].name, i == 0 ? "cannot show the interface" : "is not known here"));
		stop();
	}
}

/* ---- keys ---- */

static const char *esc_delay;
static bool typing;

static int play_escape(void)
{
	struct input_event event;

	if (esc_delay)
		setenv("ESCDELAY", esc_delay, 1);
	else
		unsetenv("ESCDELAY");
	open_term("default", false);
	term_expect_text(typing);
	mark("open");
	while ((event = term_read(1000)).kind == INPUT_NONE && term_deadline() < 0)
		usleep(500);
	return term_deadline() < 1000 ? NEVER : (int)(term_deadline() - 1000) / 5;
}

static void escape__waits__as_asked(void **state)
{
	static const struct {
		const char *delay;
		bool typing;
		int fifth_ms;
	} rows[] = { { NULL, false, 5 }, { "100", false, 20 }, { "100", true, 20 }, { "0", false, NEVER }, { "x", false, 5 },
		{ "-1", false, 5 }, { "10x", false, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		esc_delay = rows[i].delay;
		typing = rows[i].typing;
		start("xterm", play_escape);
		until("777;open\a");
		send("\033");
		until(NULL);
		assert_int_equal(WEXITSTATUS(t.status), rows[i].fifth_ms);
		stop();
	}
}

static int play_long_escape(void)
{
	setenv("ESCDELAY", esc_delay, 1);
	open_term("default", false);
	mark("open");
	while (term_read(1000).kind == INPUT_NONE && term_deadline() < 0)
		usleep(500);
	return term_deadline() == 11000 ? 0 : 1;
}

static void escape__waits__ten_seconds_at_most(void **state)
{
	(void)state;
	for (const char *const *delay = (const char *const[]){ "10000", "10001", "99999", NULL }; *delay; delay++) {
		esc_delay = *delay;
		start("xterm", play_long_escape);
		until("777;open\a");
		send("\033");
		until(NULL);
		assert_int_equal(t.status, 0);
		stop();
	}
}

static int play_short_keys(void)
{
	struct input_event event;
	struct str text;

	open_term("default", false);
	mark("open");
	str_init(&text, 0);
	do {
		while ((event = term_read(0)).kind == INPUT_NONE)
			usleep(500);
		str_add(&text, text.len ? " " : "");
		if (event.kind == INPUT_KEY)
			key_format(&text, event.key);
	} while (event.kind != INPUT_KEY || event.key != 'q');
	mark(text.s);
	str_release(&text);
	return 0;
}

/* Keys of two bytes, which only the terminal's description tells. */
static void keys__of_two_bytes__are_learnt(void **state)
{
	(void)state;
	start("vt52", play_short_keys);
	until("777;open\a");
	send("\033A\033B\033C\033Dq");
	until(NULL);
	assert_int_equal(t.status, 0);
	assert_string_equal(shots[n_shots - 1].name, "Up Down Right Left q");
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canvas__stands_on_the_screen),
		cmocka_unit_test(frame__of_another_size__is_drawn_whole),
		cmocka_unit_test(signals__are_the_programs_again__behind_a_stop),
		cmocka_unit_test(answers__are_counted__and_not_left_for_the_shell),
		cmocka_unit_test(escape__waits__ten_seconds_at_most),
		cmocka_unit_test(keys__of_two_bytes__are_learnt),
		cmocka_unit_test(themes__have_their_colours),
		cmocka_unit_test(signals__give_the_terminal_back),
		cmocka_unit_test(stopped__and_continued__is_drawn_anew),
		cmocka_unit_test(copied__text__is_base64),
		cmocka_unit_test(terminals__that_cannot_draw__are_refused),
		cmocka_unit_test(escape__waits__as_asked),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
