/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/term/key.h"
#include "tui/term/term.h"
#include "base/banned.h"

#define PASTE_MAX 65536
#define COPY_MAX 70000
#define CODE_PASTE_BEGIN (KEY_MAX + 1)
#define CODE_PASTE_END (KEY_MAX + 2)
#define ESCAPE_MS 25

static struct {
	bool open, mouse, pasting;
	SCREEN *screen;
	struct termios before;
	struct canvas shown; /* what the terminal has */
	bool stale;
	attr_t attribute[ROLE_COUNT];
	short pair[ROLE_COUNT];
	struct str paste;
} term;

static void say(const char *bytes)
{
	ssize_t n = write(STDOUT_FILENO, bytes, strlen(bytes));

	(void)n;
}

static void modes(bool on)
{
	say(on ? "\033[?2004h" : "\033[?2004l");
}

/* Only what may be called in a signal's handler. */
static void restore_raw(void)
{
	if (!term.open)
		return;
	say("\033[?2004l\033[?1000l\033[?1006l\033[0m\033[?25h\033[?1049l");
	tcsetattr(STDIN_FILENO, TCSANOW, &term.before);
}

static void on_fault(int signo)
{
	restore_raw();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void watch_faults(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	struct sigaction action = { .sa_handler = on_fault };

	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &action, NULL);
}

bool term_open(const struct term_options *options, struct err *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, N_("the interface needs a terminal"));
	tcgetattr(STDIN_FILENO, &term.before);
	signal(SIGTSTP, SIG_DFL);
	term.screen = newterm(NULL, stdout, stdin);
	if (!term.screen) {
		err_set(err, ERR_USAGE, N_("the terminal type \"%s\" is not known here"), getenv("TERM") ? getenv("TERM") : "");
		err_hint(err, N_("Set TERM, or use --plain."));
		return false;
	}
	signal(SIGINT, SIG_IGN);
	set_escdelay(ESCAPE_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	idlok(stdscr, FALSE);
	leaveok(stdscr, FALSE);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	term.mouse = options->mouse;
	if (term.mouse) {
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
	define_key("\033[200~", CODE_PASTE_BEGIN);
	define_key("\033[201~", CODE_PASTE_END);
	str_init(&term.paste, PASTE_MAX);
	canvas_init(&term.shown, 1, 1);
	term.stale = term.open = true;
	modes(true);
	watch_faults();
	mem_on_exhaustion(restore_raw);
	return true;
}

void term_close(void)
{
	if (!term.open)
		return;
	modes(false);
	endwin();
	delscreen(term.screen);
	term.open = false;
	mem_on_exhaustion(NULL);
	canvas_release(&term.shown);
	str_release(&term.paste);
}

bool term_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* ---- colours: what the theme wants, as near as the terminal has it ---- */

static int nearest_256(int rgb)
{
	static const int level[] = { 0, 95, 135, 175, 215, 255 };
	int index = 16, part[3] = { rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255 }, factor[3] = { 36, 6, 1 };

	for (int i = 0; i < 3; i++) {
		int best = 0;
		for (int k = 1; k < 6; k++)
			if (abs(level[k] - part[i]) < abs(level[best] - part[i]))
				best = k;
		index += best * factor[i];
	}
	return index;
}

static int nearest_16(int index)
{
	int part[3], number = 0, most = 0;

	if (index < 16)
		return index;
	if (index >= 232)
		return index < 238 ? 0 : index < 246 ? 8 : 7;
	index -= 16;
	part[0] = index / 36, part[1] = index / 6 % 6, part[2] = index % 6;
	for (int i = 0; i < 3; i++)
		most = part[i] > most ? part[i] : most;
	for (int i = 0; i < 3; i++)
		if (part[i] && part[i] * 2 > most)
			number |= 1 << i;
	return most > 3 && number ? number + 8 : number;
}

static short shown_colour(int colour, unsigned *attributes)
{
	if (colour & COLOUR_RGB && colour >= 0)
		colour = nearest_256(colour & 0xffffff);
	if (colour >= COLORS && COLORS < 256)
		colour = nearest_16(colour);
	if (colour >= 8 && COLORS < 16) {
		*attributes |= LOOK_BOLD;
		colour -= 8;
	}
	return (short)colour;
}

void term_set_theme(const struct theme *theme)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		unsigned attributes = theme->look[i].attributes;
		attr_t a = A_NORMAL;

		term.pair[i] = 0;
		if (has_colors() && (theme->look[i].fg != COLOUR_DEFAULT || theme->look[i].bg != COLOUR_DEFAULT) && i + 1 < COLOR_PAIRS) {
			short fg = shown_colour(theme->look[i].fg, &attributes), bg = shown_colour(theme->look[i].bg, &(unsigned){ 0 });
			term.pair[i] = init_pair((short)(i + 1), fg, bg) == OK ? (short)(i + 1) : 0;
		}
		a |= attributes & LOOK_BOLD ? A_BOLD : 0;
		a |= attributes & LOOK_DIM ? A_DIM : 0;
		a |= attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0;
		a |= attributes & LOOK_REVERSE ? A_REVERSE : 0;
		a |= attributes & LOOK_ITALIC ? A_ITALIC : 0;
		term.attribute[i] = a;
	}
	term.stale = true;
}

/* ---- painting ---- */

void term_size(int *width, int *height)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		if (size.ws_row != LINES || size.ws_col != COLS)
			resizeterm(size.ws_row, size.ws_col);
	}
	*width = COLS;
	*height = LINES;
}

static void paint_cell(const struct cell *cell, int x, int y)
{
	wchar_t wide[CELL_BYTES];
	size_t n = 0, len = strlen(cell->s), taken;
	uint32_t cp;
	cchar_t out;

	for (size_t i = 0; i < len && n + 1 < CCHARW_MAX && (taken = text_decode(cell->s + i, len - i, &cp)); i += taken)
		wide[n++] = (wchar_t)cp;
	if (!n)
		return;
	wide[n] = L'\0';
	if (setcchar(&out, wide, term.attribute[cell->role], term.pair[cell->role], NULL) == OK)
		mvadd_wch(y, x, &out);
}

/* The bytes behind a cell's text may differ too: then it is painted for nothing. */
static bool differs(const struct cell *cells, const struct cell *shown, int n)
{
	return memcmp(cells, shown, (size_t)n * sizeof(*cells)) != 0;
}

static void paint_row(const struct cell *row, struct cell *shown, int width, int y)
{
	if (!term.stale && !differs(row, shown, width))
		return;
	for (int x = 0; x < width; x++)
		if (term.stale || differs(&row[x], &shown[x], 1)) {
			paint_cell(&row[x], x, y);
			shown[x] = row[x];
		}
}

/* Erased cells are those of a cleared canvas, unless the theme colours plain text. */
static void start_blank(void)
{
	erase();
	if (term.attribute[ROLE_TEXT] != A_NORMAL || term.pair[ROLE_TEXT])
		return;
	canvas_clear(&term.shown);
	term.stale = false;
}

void term_draw(const struct canvas *canvas)
{
	if (canvas->width != term.shown.width || canvas->height != term.shown.height) {
		canvas_resize(&term.shown, canvas->width, canvas->height);
		term.stale = true;
	}
	if (term.stale)
		start_blank();
	for (int y = 0; y < canvas->height; y++)
		paint_row(&canvas->cell[y * canvas->width], &term.shown.cell[y * canvas->width], canvas->width, y);
	term.stale = false;
	curs_set(canvas->cursor_shown ? 1 : 0);
	if (canvas->cursor_x >= 0)
		move(canvas->cursor_y, canvas->cursor_x);
	refresh();
}

void term_repaint(void)
{
	term.stale = true;
	clearok(stdscr, TRUE);
}

/* ---- reading ---- */

static uint32_t from_curses(wint_t code)
{
	static const struct {
		wint_t code;
		uint32_t key;
	} table[] = {
		{ KEY_UP, KEYCODE_UP },
		{ KEY_DOWN, KEYCODE_DOWN },
		{ KEY_LEFT, KEYCODE_LEFT },
		{ KEY_RIGHT, KEYCODE_RIGHT },
		{ KEY_PPAGE, KEYCODE_PGUP },
		{ KEY_NPAGE, KEYCODE_PGDN },
		{ KEY_HOME, KEYCODE_HOME },
		{ KEY_END, KEYCODE_END },
		{ KEY_IC, KEYCODE_INSERT },
		{ KEY_DC, KEYCODE_DELETE },
		{ KEY_BACKSPACE, KEYCODE_BACKSPACE },
		{ KEY_BTAB, KEYCODE_BACKTAB },
		{ KEY_ENTER, KEYCODE_ENTER },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].code == code)
			return table[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEYCODE_F1 + (uint32_t)(code - KEY_F(1));
	return KEYCODE_NONE;
}

static struct term_event mouse_event(void)
{
	struct term_event event = { TERM_NOTHING, 0, 0, 0, NULL };
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return event;
	event.x = mouse.x;
	event.y = mouse.y;
	if (mouse.bstate & BUTTON1_PRESSED)
		event.kind = TERM_CLICK;
	else if (mouse.bstate & BUTTON4_PRESSED)
		event.kind = TERM_WHEEL_UP;
	else if (mouse.bstate & BUTTON5_PRESSED)
		event.kind = TERM_WHEEL_DOWN;
	return event;
}

static void paste_char(wint_t c)
{
	char bytes[4];

	str_add_bytes(&term.paste, bytes, text_encode(c == '\r' ? '\n' : (uint32_t)c, bytes));
}

/* One code of curses; *event stays TERM_NOTHING for what has no meaning. */
static void take(int kind, wint_t code, struct term_event *event)
{
	if (kind == KEY_CODE_YES && code == CODE_PASTE_BEGIN) {
		term.pasting = true;
		str_clear(&term.paste);
	} else if (kind == KEY_CODE_YES && code == CODE_PASTE_END) {
		term.pasting = false;
		*event = (struct term_event){ TERM_PASTE, 0, 0, 0, &term.paste };
	} else if (term.pasting) {
		if (kind == OK)
			paste_char(code);
	} else if (kind == KEY_CODE_YES && code == KEY_MOUSE) {
		*event = mouse_event();
	} else {
		event->key = kind == KEY_CODE_YES ? from_curses(code) : code == 127 ? KEYCODE_BACKSPACE : (uint32_t)code;
		event->kind = event->key ? TERM_KEY : TERM_NOTHING;
	}
}

struct term_event term_read(void)
{
	struct term_event event = { TERM_NOTHING, 0, 0, 0, NULL };
	wint_t code;
	int kind;

	while (event.kind == TERM_NOTHING && (kind = get_wch(&code)) != ERR)
		take(kind, code, &event);
	return event;
}

void term_suspend(void)
{
	modes(false);
	endwin();
	raise(SIGTSTP);
	modes(true);
	term_repaint();
	refresh();
}

void term_copy(const char *text, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct str out;

	str_init(&out, (size_t)2 * COPY_MAX);
	str_add(&out, "\033]52;c;");
	for (size_t i = 0; i < len && i < COPY_MAX; i += 3) {
		size_t left = len - i;
		unsigned bits = (unsigned)(unsigned char)text[i] << 16;

		if (left > 1)
			bits |= (unsigned)(unsigned char)text[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned)(unsigned char)text[i + 2];
		str_add_char(&out, digits[bits >> 18]);
		str_add_char(&out, digits[bits >> 12 & 63]);
		str_add_char(&out, left > 1 ? digits[bits >> 6 & 63] : '=');
		str_add_char(&out, left > 2 ? digits[bits & 63] : '=');
	}
	str_add_char(&out, '\a');
	say(out.s);
	str_release(&out);
}
