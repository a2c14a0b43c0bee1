/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "tui/term/key.h"
#include "tui/term/kind.h"
#include "tui/term/paint.h"
#include "tui/term/term.h"
#include "tui/term/tty.h"
#include "base/banned.h"

#define ANSWER_MS 50    /* terminals answer at once, or never */
#define ANSWER_READS 8  /* an answer comes in one piece, mostly */
#define ESCAPE_MS 25    /* Esc goes back at once */
#define PATIENCE_MS 100 /* in a line that is typed, an arrow of a slow line must not throw it away */

enum cursor { CURSOR_UNKNOWN, CURSOR_HIDDEN, CURSOR_SHOWN };

static struct {
	bool open;
	char hide[TERMINFO_WORD], show[TERMINFO_WORD], begin_frame[TERMINFO_WORD], end_frame[TERMINFO_WORD];
	enum cursor cursor;
	struct painter painter;
	struct keyparse parse;
	bool own_delay; /* ESCDELAY is set */
	bool knows_osc; /* its description has what only terminals have that can be asked */
	unsigned asked; /* so many questions that it has not answered */
	char input[4096];
	size_t at, n; /* of input: read so far, and how much there is */
} term;

static void await_answers(void);
static void ask(const char *question);

static void get_word(char word[TERMINFO_WORD], const char *name, int which)
{
	*word = '\0';
	terminfo_add(word, name, which, 0);
}

/* Keys of two bytes, which no sequence's form tells: vt52's, HP's. */
static void learn_keys(void)
{
	static const struct {
		const char *name;
		uint32_t key;
	} keys[] = {
		{ "kcuu1", KEYCODE_UP },
		{ "kcud1", KEYCODE_DOWN },
		{ "kcub1", KEYCODE_LEFT },
		{ "kcuf1", KEYCODE_RIGHT },
		{ "khome", KEYCODE_HOME },
		{ "kend", KEYCODE_END },
		{ "kpp", KEYCODE_PGUP },
		{ "knp", KEYCODE_PGDN },
		{ "kdch1", KEYCODE_DELETE },
		{ "kich1", KEYCODE_INSERT },
		{ "kcbt", KEYCODE_BACKTAB },
		{ "kf1", KEYCODE_F1 },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *bytes = terminfo_text(keys[i].name);

		if (bytes && bytes[0] == '\033' && strlen(bytes) == 2 && (unsigned char)bytes[1] < 128)
			term.parse.after_esc[(unsigned char)bytes[1]] = keys[i].key;
	}
}

/* Always false. */
static bool cannot_draw(bool described, struct err *err)
{
	const char *type = getenv("TERM");

	if (!type)
		type = "";
	if (described || !strncmp(type, "dumb", 4)) {
		err_set(err, ERR_USAGE, N_("a terminal of the type \"%s\" cannot show the interface"), type);
	} else {
		err_set(err, ERR_USAGE, N_("the terminal type \"%s\" is not known here"), type);
	}
	err_hint(err, N_("--plain works line by line; else set TERM to what the terminal is."));
	if (described)
		terminfo_close();
	return false;
}

bool term_open(const struct term_options *options, struct err *err)
{
	struct modes modes;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, N_("the interface needs a terminal"));
	if (!terminfo_open())
		return cannot_draw(false, err);
	if (!terminfo_text("cup"))
		return cannot_draw(true, err);
	get_word(term.hide, "civis", 0);
	get_word(term.show, "cnorm", 0);
	get_word(term.begin_frame, "Sync", 1);
	get_word(term.end_frame, "Sync", 2);
	keyparse_init(&term.parse, kind_escape_ms(ESCAPE_MS, &term.own_delay));
	learn_keys();
	paint_init(&term.painter);
	term.cursor = CURSOR_UNKNOWN;
	term.open = true;
	term.knows_osc = terminfo_text("kmous") && !term_has_few_signs();
	term.asked = 0;
	modes_build(&modes, terminfo_text, options->mouse);
	tty_open(&modes);
	/* Before the first frame, which clears the screen. Read as Latin-1 the sign's bytes are more than one cell, too. */
	if (options->lines && term.knows_osc)
		ask("\033[H\xe2\x94\xac\033[?6n\r\033[K");
	return true;
}

void term_close(void)
{
	if (!term.open)
		return;
	await_answers();
	tty_close();
	terminfo_close();
	term.open = false;
	paint_release(&term.painter);
	keyparse_release(&term.parse);
}

/* ---- colours ---- */

void term_set_theme(const struct theme *theme)
{
	paint_theme(&term.painter, theme);
}

/* ---- painting ---- */

void term_size(int *width, int *height)
{
	kind_size(width, height);
}

void term_draw(const struct canvas *canvas)
{
	enum cursor cursor = canvas->cursor_shown ? CURSOR_SHOWN : CURSOR_HIDDEN;
	struct str frame;

	str_init(&frame, 0);
	str_add(&frame, term.begin_frame);
	paint_canvas(&term.painter, canvas, &frame);
	if (cursor != term.cursor)
		str_add(&frame, canvas->cursor_shown ? term.show : term.hide);
	str_add(&frame, term.end_frame);
	if (frame.len > strlen(term.begin_frame) + strlen(term.end_frame))
		tty_write(frame.s, frame.len);
	term.cursor = cursor;
	str_release(&frame);
}

static void forget_screen(void)
{
	term.cursor = CURSOR_UNKNOWN;
	term.painter.stale = true;
}

void term_repaint(void)
{
	tty_again();
	forget_screen();
}

/* ---- reading ---- */

struct input_event term_read(int64_t now_ms)
{
	struct input_event event = { INPUT_NONE, 0, 0, 0 };

	do {
		if (term.at == term.n) {
			term.at = 0;
			term.n = tty_read(term.input, sizeof(term.input));
		}
		if (!term.n)
			keyparse_time(&term.parse, now_ms, &event);
		else
			term.at += keyparse_bytes(&term.parse, term.input + term.at, term.n - term.at, now_ms, &event);
	} while (event.kind == INPUT_NONE && term.n);
	if (term.asked && (event.kind == INPUT_GROUND || event.kind == INPUT_COLUMN))
		term.asked--;
	return event;
}

int64_t term_deadline(void)
{
	return keyparse_deadline(&term.parse);
}

const struct str *term_paste(void)
{
	return &term.parse.paste;
}

void term_expect_text(bool text)
{
	term.parse.patience_ms = text && !term.own_delay ? PATIENCE_MS : 0;
}

void term_suspend(void)
{
	await_answers();
	tty_suspend();
	forget_screen();
}

void term_continue(void)
{
	tty_continue();
	forget_screen();
}

void term_copy(const char *text, size_t len, enum clipboard clipboard)
{
	struct str out;

	str_init(&out, 0);
	copy_add(&out, text, len, clipboard);
	tty_write(out.s, out.len);
	str_release(&out);
}

/* ---- what it is asked ---- */

static void ask(const char *question)
{
	tty_write(question, strlen(question));
	term.asked++;
}

bool term_ask_ground(void)
{
	if (term.knows_osc)
		ask("\033]11;?\a");
	return term.knows_osc;
}

bool term_is_asked(void)
{
	return term.asked;
}

void term_answer_overdue(void)
{
	term.asked = 0;
}

/* Reads answers that are still on their way: otherwise the shell would get them. */
static void await_answers(void)
{
	for (int i = 0; i < ANSWER_READS && term.asked && tty_wait(ANSWER_MS); i++)
		while (term_read(0).kind != INPUT_NONE && term.asked)
			;
	term.asked = 0;
}
