/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which bytes a frame takes: of what has changed alone, in terminals that can more and less. What they show, test_terminal.c looks at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tui/term/paint.h"

enum { WIDTH = 40, HEIGHT = 4 };

static struct {
	struct painter painter;
	struct canvas canvas;
	struct str bytes;
} t;

static void begin(const char *type, const char *theme_text)
{
	struct theme theme;
	struct err err = { 0 };

	setenv("TERM", type, 1);
	assert_true(terminfo_open());
	assert_true(theme_parse(&theme, "test", theme_text, strlen(theme_text), &err));
	paint_init(&t.painter);
	paint_theme(&t.painter, &theme);
	canvas_init(&t.canvas, WIDTH, HEIGHT);
	str_init(&t.bytes, 0);
}

static void end(void)
{
	str_release(&t.bytes);
	canvas_release(&t.canvas);
	paint_release(&t.painter);
	terminfo_close();
}

static void draw(int x, int y, enum role role, const char *text)
{
	struct pen pen = pen_at(&t.canvas, x, y);

	pen_put(&pen, role, text);
}

static void assert_paints(const char *bytes)
{
	str_clear(&t.bytes);
	paint_canvas(&t.painter, &t.canvas, &t.bytes);
	assert_string_equal(t.bytes.s, bytes);
}

#define WIDE "\xe6\x97\xa5"
#define THEME "error = 1 bold\ntitle = 1 bold\nhint = underline\n"

static void frame__has__what_changed_alone(void **state)
{
	(void)state;
	begin("xterm-256color", THEME);
	draw(2, 1, ROLE_TEXT, "abcdefghijklmnop");
	draw(0, 3, ROLE_ERROR, "\xe6\x97\xa5");
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[2;3Habcdefghijklmnop\033[4;1H\033[1m\033[31m\xe6\x97\xa5\033[m");
	assert_paints("");
	draw(2, 1, ROLE_TEXT, "A");
	draw(7, 1, ROLE_TEXT, "F"); /* near: what lies between is written again */
	assert_paints("\033[2;3HAbcdeF");
	draw(2, 1, ROLE_TEXT, "a");
	draw(8, 1, ROLE_TEXT, "G"); /* too far */
	assert_paints("\033[3Ga\033[9GG");
	draw(9, 1, ROLE_ERROR, "H");
	draw(10, 1, ROLE_TITLE, "I"); /* it looks the same */
	draw(12, 1, ROLE_HINT, "K");  /* near, but another look lies between */
	assert_paints("\033[1m\033[31mHI\033[13G\033[m\033[4mK\033[m");
	draw(0, 2, ROLE_TEXT, "next");
	draw(0, 3, ROLE_TEXT, "xy");
	assert_paints("\r\nnext\r\nxy");
	canvas_cursor(&t.canvas, 5, 3, false);
	assert_paints("\033[6G");
	assert_paints("");
	canvas_cursor(&t.canvas, 0, 3, false);
	assert_paints("\033[1G");
	draw(20, 3, ROLE_TEXT, "\xe2\x94\x80x"); /* as wide as it says, in all terminals: no move behind it */
	assert_paints("\033[21G\xe2\x94\x80x\033[1G");
	end();
}

static void blanks__are_erased(void **state)
{
	(void)state;
	begin("xterm-256color", THEME);
	draw(0, 0, ROLE_TEXT, "0123456789012345678901234567890123456789");
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[1;1H0123456789012345678901234567890123456789");
	draw(3, 0, ROLE_TEXT, "       "); /* one less than it takes */
	draw(20, 0, ROLE_TEXT, "        ");
	draw(38, 0, ROLE_TEXT, "  ");
	assert_paints("\033[1;4H       \033[21G\033[8X\033[39G\033[K");
	draw(3, 0, ROLE_HINT, "         "); /* underlined blanks are seen */
	assert_paints("\033[4G\033[4m         \033[m");
	end();
	begin("xterm-256color", "text = 7 on 4\n"); /* erased with the theme's background */
	draw(0, 0, ROLE_TEXT, "ab");
	assert_paints("\033(B\033[m\033[m\033[37m\033[44m\033[H\033[2J\033[1;1Hab\033[m");
	end();
	begin("screen-256color", "text = 7 on 4\n"); /* this one would erase without it */
	assert_paints("\033[m\017\033[m\017\033[H\033[J\033[1;1H\033[37m\033[44m                                        "
		      "\033[2;1H                                        \033[3;1H                                        "
		      "\033[4;1H                                        \033[m\017");
	end();
}

static void wide__characters__keep_both_halves_or_none(void **state)
{
	struct canvas box;
	struct pen pen;

	(void)state;
	begin("xterm-256color", THEME);
	draw(0, 0, ROLE_TEXT, WIDE WIDE WIDE "|");
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[1;1H" WIDE WIDE WIDE "|");
	draw(1, 0, ROLE_TEXT, "a"); /* the second half */
	assert_paints("\033[1G a");
	draw(2, 0, ROLE_TEXT, "b"); /* the first one */
	assert_paints("b ");
	draw(3, 0, ROLE_TEXT, WIDE); /* the half of another one, too */
	assert_paints("\033[4G" WIDE " ");
	draw(0, 1, ROLE_TEXT, WIDE WIDE WIDE "|");
	assert_paints("\r\n" WIDE WIDE WIDE "|");
	pen = pen_at(&t.canvas, 1, 1);
	pen_fill(&pen, ROLE_TEXT, "-", 2);
	assert_paints("\033[1G -- ");
	canvas_init(&box, 3, 1);
	pen = pen_at(&box, 0, 0);
	pen_put(&pen, ROLE_TEXT, "x" WIDE);
	draw(0, 2, ROLE_TEXT, WIDE WIDE WIDE "|");
	assert_paints("\r\n" WIDE WIDE WIDE "|");
	canvas_paste(&t.canvas, &box, 1, 2);
	assert_paints("\033[1G x");
	canvas_paste(&t.canvas, &box, WIDTH - 2, 2); /* cut at the edge */
	assert_paints("\033[39Gx\033[K");
	canvas_release(&box);
	end();
}

static void cells__that_terminals_draw_as_they_like__are_moved_behind(void **state)
{
	static const char *const unsure[] = { "\xf0\x9f\x99\x82", "e\xcc\x81", "\xe2\x9a\xa1", "\xe2\x9c\x94\xef\xb8\x8f",
		WIDE "\xcc\x81" };

	(void)state;
	for (size_t i = 0; i < sizeof(unsure) / sizeof(*unsure); i++) {
		char bytes[64];

		begin("xterm-256color", THEME);
		draw(0, 0, ROLE_TEXT, unsure[i]);
		draw((int)text_width(unsure[i]), 0, ROLE_TEXT, "b");
		snprintf(bytes, sizeof(bytes), "\033(B\033[m\033[m\033[H\033[2J\033[1;1H%s\033[1;%dHb", unsure[i],
			(int)text_width(unsure[i]) + 1);
		assert_paints(bytes);
		end();
	}
}

static void terminals__that_can_less__are_spared(void **state)
{
	(void)state;
	begin("vt52", THEME); /* moves its own way, and has no looks */
	draw(1, 2, ROLE_ERROR, "ab");
	assert_paints("\033H\033J\033Y\"!ab");
	end();
	begin("cit101e", THEME); /* a look has no end there, and LF no meaning */
	draw(0, 1, ROLE_HINT, "a");
	draw(0, 2, ROLE_TEXT, "b");
	assert_paints("\033[H\033[J\033[ 2; 1Ha\033[ 3; 1Hb");
	end();
	begin("hpterm", THEME); /* a look stays where it was begun, whatever is written over it */
	draw(0, 1, ROLE_HINT, "a");
	draw(0, 2, ROLE_TEXT, "b");
	assert_paints("\033&d@\017\033&d@\017\033&a0y0C\033J\033&a1y0Ca\r\nb");
	end();
	begin("vt61", THEME); /* LF is padded there, and means the same */
	draw(0, 1, ROLE_TEXT, "a");
	draw(0, 2, ROLE_TEXT, "b");
	assert_paints("\033H\033J\033Y! a\r\nb");
	end();
	begin("vt100", THEME); /* goes to a row and a column, never to a column alone */
	draw(1, 2, ROLE_TEXT, "a");
	draw(20, 2, ROLE_TEXT, "b");
	assert_paints("\033[m\017\033[m\017\033[H\033[J\033[3;2Ha\033[3;21Hb");
	end();
	begin("mgterm", "error = 9\n"); /* its colours are none of ours, so none is made bright */
	draw(0, 0, ROLE_ERROR, "a");
	assert_paints("\033[m\033[m\033[H\033[J\033[1;1Ha");
	end();
	begin("qvt119+", THEME); /* a look takes a place of its own, if no cell */
	draw(0, 1, ROLE_HINT, "a");
	assert_paints("\033G0\033G0\033*1\033=! a");
	end();
	begin("ansi", THEME); /* scrolls when its last cell is written */
	draw(WIDTH - 2, HEIGHT - 1, ROLE_TEXT, "ab");
	draw(WIDTH - 1, 0, ROLE_TEXT, "c");
	draw(0, 1, ROLE_TEXT, "d");
	assert_paints("\033[0;10m\033[0;10m\033[H\033[J\033[1;40Hc\033[2;1Hd\033[4;39Ha");
	end();
	begin("linux", "hint = 8\nerror = 1 bold underline\n"); /* no underline where there is colour */
	draw(0, 0, ROLE_ERROR, "a");
	assert_paints("\033[m\017\033[m\017\033[H\033[J\033[1;1H\033[1m\033[31ma\033[m\017");
	end();
}

/* Where that can be. Elsewhere it looks as the theme has it otherwise. */
static void accepted__is_struck_through(void **state)
{
	static const struct {
		const char *type, *bytes;
	} rows[] = {
		{ "xterm-256color", "\033[9m\033[38;5;247mabc\033[m" },
		{ "tmux-256color", "\033[9m\033[38;5;247mabc\033[m" },
		{ "screen-256color", "\033[38;5;247mabc\033[m" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(rows[i].type, "accepted = 247 strike\n");
		paint_canvas(&t.painter, &t.canvas, &t.bytes);
		draw(0, 0, ROLE_ACCEPTED, "abc");
		str_clear(&t.bytes);
		paint_canvas(&t.painter, &t.canvas, &t.bytes);
		if (!strstr(t.bytes.s, rows[i].bytes))
			fail_msg("%s: %s", rows[i].type, t.bytes.s);
		end();
	}
}

static void stale__frame__is_whole(void **state)
{
	(void)state;
	begin("xterm-256color", THEME);
	draw(0, 0, ROLE_TEXT, "a");
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[1;1Ha");
	t.painter.stale = true;
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[1;1Ha");
	canvas_resize(&t.canvas, WIDTH + 1, HEIGHT);
	draw(WIDTH, 0, ROLE_TEXT, "b");
	assert_paints("\033(B\033[m\033[m\033[H\033[2J\033[1;41Hb");
	draw(WIDTH - 1, 0, ROLE_TEXT, "c"); /* behind the last column nobody knows where it is */
	assert_paints("\033[1;40Hc");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame__has__what_changed_alone),
		cmocka_unit_test(blanks__are_erased),
		cmocka_unit_test(wide__characters__keep_both_halves_or_none),
		cmocka_unit_test(cells__that_terminals_draw_as_they_like__are_moved_behind),
		cmocka_unit_test(terminals__that_can_less__are_spared),
		cmocka_unit_test(accepted__is_struck_through),
		cmocka_unit_test(stale__frame__is_whole),
	};

	return cmocka_run_group_tests_name("paint", tests, NULL, NULL);
}
