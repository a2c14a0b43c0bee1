/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What terminals send, as bytes at times, and the keys that come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/term/key.h"
#include "tui/term/keyparse.h"

#define ESCAPE_MS 25

struct read {
	int at_ms;
	const char *bytes;
};

struct row {
	const char *name;
	struct read read[5];
	const char *expected; /* events, " " between them */
};

static void add_event(struct str *out, const struct keyparse *parse, const struct input_event *event)
{
	if (event->kind == INPUT_NONE)
		return;
	str_add(out, out->len ? " " : "");
	switch (event->kind) {
	case INPUT_KEY:
		key_format(out, event->key);
		break;
	case INPUT_CLICK:
		str_addf(out, "click:%d,%d", event->x, event->y);
		break;
	case INPUT_WHEEL_UP:
		str_addf(out, "up:%d,%d", event->x, event->y);
		break;
	case INPUT_WHEEL_DOWN:
		str_addf(out, "down:%d,%d", event->x, event->y);
		break;
	case INPUT_PASTE:
		str_addf(out, "paste:%s", parse->paste.s);
		break;
	case INPUT_COLUMN:
		str_addf(out, "column:%u", (unsigned)event->key);
		break;
	case INPUT_GROUND:
		str_addf(out, "ground:%u", (unsigned)event->key);
		break;
	default:
		str_addf(out, "unreadable:%02X", (unsigned)event->key);
		break;
	}
}

static void pass_time(struct keyparse *parse, int64_t until, struct str *out)
{
	struct input_event event;
	int64_t deadline;

	while ((deadline = keyparse_deadline(parse)) >= 0 && deadline <= until) {
		keyparse_time(parse, deadline, &event);
		add_event(out, parse, &event);
	}
}

static void feed(struct keyparse *parse, int64_t now, const char *bytes, size_t len, struct str *out)
{
	struct input_event event;

	for (size_t used = 0; used < len;) {
		used += keyparse_bytes(parse, bytes + used, len - used, now, &event);
		add_event(out, parse, &event);
	}
}

static void check_row(const struct row *row)
{
	struct keyparse parse;
	struct str out;

	keyparse_init(&parse, ESCAPE_MS);
	str_init(&out, 0);
	for (int i = 0; i < 5 && row->read[i].bytes; i++) {
		pass_time(&parse, row->read[i].at_ms, &out);
		feed(&parse, row->read[i].at_ms, row->read[i].bytes, strlen(row->read[i].bytes), &out);
	}
	pass_time(&parse, 100000, &out);
	if (strcmp(out.s, row->expected) != 0)
		fail_msg("%s: \"%s\", expected \"%s\"", row->name, out.s, row->expected);
	assert_int_equal(keyparse_deadline(&parse), -1);
	str_release(&out);
	keyparse_release(&parse);
}

/* In one read, and each byte in a read of its own, 20 ms apart: the same. */
static void check_bytes(const char *name, const char *bytes, const char *expected)
{
	const struct row row = { name, { { 0, bytes } }, expected };
	struct keyparse parse;
	struct str out;

	check_row(&row);
	keyparse_init(&parse, ESCAPE_MS);
	str_init(&out, 0);
	for (int i = 0; bytes[i]; i++) {
		pass_time(&parse, 20 * i, &out);
		feed(&parse, 20 * i, bytes + i, 1, &out);
	}
	pass_time(&parse, 100000, &out);
	if (strcmp(out.s, expected) != 0)
		fail_msg("%s, byte by byte: \"%s\", expected \"%s\"", name, out.s, expected);
	str_release(&out);
	keyparse_release(&parse);
}

static void check_all(const char *const (*rows)[3], size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_bytes(rows[i][0], rows[i][1], rows[i][2]);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void keyparse__knows__each_terminals_keys(void **state)
{
	static const char *const rows[][3] = {
		{ "xterm: arrows", "\033OA\033OB\033OC\033OD", "Up Down Right Left" },
		{ "without the keypad's mode: arrows", "\033[A\033[B\033[C\033[D", "Up Down Right Left" },
		{ "xterm: Home, End", "\033OH\033OF", "Home End" },
		{ "without the keypad's mode: Home, End", "\033[H\033[F", "Home End" },
		{ "PuTTY, screen, linux: Home, End", "\033[1~\033[4~", "Home End" },
		{ "rxvt: Home, End", "\033[7~\033[8~", "Home End" },
		{ "sun: Home, End, PgUp, PgDn", "\033[214z\033[220z\033[216z\033[222z", "Home End PgUp PgDn" },
		{ "Ins, Del, PgUp, PgDn", "\033[2~\033[3~\033[5~\033[6~", "Ins Del PgUp PgDn" },
		{ "Shift-Tab", "\033[Z\033[1;2Z", "Shift-Tab Shift-Tab" },
		{ "linux: Shift-Tab", "\033\t", "Shift-Tab" },
		{ "xterm: F1 to F4", "\033OP\033OQ\033OR\033OS", "F1 F2 F3 F4" },
		{ "kitty: F1 to F4", "\033[P\033[Q\033[R\033[S", "F1 F2 F3 F4" },
		{ "linux: F1 to F5", "\033[[A\033[[B\033[[C\033[[D\033[[E", "F1 F2 F3 F4 F5" },
		{ "PuTTY, rxvt: F1 to F5", "\033[11~\033[12~\033[13~\033[14~\033[15~", "F1 F2 F3 F4 F5" },
		{ "F6 to F12", "\033[17~\033[18~\033[19~\033[20~\033[21~\033[23~\033[24~", "F6 F7 F8 F9 F10 F11 F12" },
		{ "sun: F1, F10", "\033[224z\033[233z", "F1 F10" },
		{ "the keypad's Enter and digits", "\033OM\033Op\033Oy\033Ok\033OX", "Enter 0 9 + =" },
		{ "xterm: Ctrl-arrows", "\033[1;5D\033[1;5C", "Ctrl-Left Ctrl-Right" },
		{ "Alt-arrows", "\033[1;3D\033[1;3C", "Ctrl-Left Ctrl-Right" },
		{ "old xterm: Ctrl-arrows", "\033O5D\033O5C\033O1;5D", "Ctrl-Left Ctrl-Right Ctrl-Left" },
		{ "rxvt: Ctrl-arrows", "\033Od\033Oc", "Ctrl-Left Ctrl-Right" },
		{ "NumLock is no modifier", "\033[1;129A", "Up" },
		{ "letters and controls", "aZ ~\001\003\032\r\n\t\b\177",
			"a Z Space ~ Ctrl-A Ctrl-C Ctrl-Z Enter Ctrl-J Tab Ctrl-H Backspace" },
	};

	(void)state;
	check_all(rows, COUNT(rows));
}

/* What is not known is read to its end; the key behind it is a key again. */
static void keyparse__drops__what_means_nothing(void **state)
{
	static const char *const rows[][3] = {
		{ "T3 rxvt: Shift-Down", "\033[bq", "q" },
		{ "T3 xterm: Shift-Down", "\033[1;2Bq", "q" },
		{ "T3 gnome: Ctrl-Del", "\033[3;5~q", "q" },
		{ "T3 rxvt: Shift-Del, Ctrl-Del", "\033[3$\033[3^\033[3@q", "q" },
		{ "T5 Ctrl-Up", "\033[1;5Aq", "q" },
		{ "T6 kitty's Esc", "\033[27uq", "q" },
		{ "T6 kitty's key with an event", "\033[97;1:3uq", "q" },
		{ "T6 a key as modifyOtherKeys sends it", "\033[27;5;105~q", "q" },
		{ "T6 focus in, focus out", "\033[I\033[Oq", "q" },
		{ "T6 a cursor report", "\033[12;40Rq", "q" },
		{ "T6 a cursor report of column 2", "\033[1;2Rq", "q" },
		{ "T6 DA", "\033[?62;22cq", "q" },
		{ "T6 DA 2", "\033[>0;115;0cq", "q" },
		{ "T6 DECRPM", "\033[?2026;2$yq", "q" },
		{ "T6 ANSI's mode report", "\033[4;1$yq", "q" },
		{ "T6 OSC 11, BEL", "\033]11;rgb:0000/0000/0000\aq", "ground:1 q" },
		{ "T46 where the cursor stands", "\033[?1;2Rq", "column:2 q" },
		{ "T46 with its page", "\033[?24;3;1Rq", "column:3 q" },
		{ "T46 without a column", "\033[?1Rq", "q" },
		{ "T46 that is too long", "\033[?1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16R!", "!" },
		{ "T46 without ?, a key", "\033[1;2Rq", "q" },
		{ "T6 OSC 11, ST", "\033]11;rgb:ffff/ffff/ffff\033\\q", "ground:2 q" },
		{ "OSC 10 and 52", "\033]10;rgb:ffff/ffff/ffff\a\033]52;c;Zm9v\aq", "q" },
		{ "a DCS that looks like one", "\033P11;rgb:ffff/ffff/ffff\033\\q", "q" },
		{ "an OSC that is too long", "\033]11;rgba:ffff/ffff/ffff/ffff/ffff/ffff\aq", "q" },
		{ "T6 DCS: XTVERSION", "\033P>|XTerm(379)\033\\q", "q" },
		{ "T6 APC: kitty's graphics", "\033_Gi=31;OK\033\\q", "q" },
		{ "T6 a string that another sequence cuts", "\033]11;rgb\033[Aq", "Up q" },
		{ "T6 Menu", "\033[29~q", "q" },
		{ "T6 Shift-F1, F13", "\033[1;2P\033[25~q", "q" },
		{ "a stray end of a paste", "\033[201~q", "q" },
		{ "size report", "\033[8;24;80tq", "q" },
		{ "too many parameters", "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17~q", "q" },
		{ "a large number", "\033[99999999999999999999~q", "q" },
		{ "linux: an unknown function key", "\033[[Zq", "q" },
		{ "a control within a sequence", "\033[1\003q", "Ctrl-C q" },
		{ "Esc within a sequence", "\033[1\033[Aq", "Up q" },
		{ "DEL within a sequence", "\033[1\177q", "Backspace q" },
		{ "DEL behind Esc O", "\033O\177q", "Backspace q" },
		{ "a control behind Esc O", "\033O\003q", "Ctrl-C q" },
		{ "sun: no key", "\033[234z\033[223zq", "q" },
		{ "three parameters", "\033[1;5;1Dq", "q" },
		{ "a control within a string", "\033]11;\003q", "Ctrl-C q" },
	};

	(void)state;
	check_all(rows, COUNT(rows));
}

static void keyparse__tells__alt_from_esc(void **state)
{
	static const char *const together[][3] = {
		{ "T7 Alt-B", "\033b", "Alt-b" },
		{ "T7 Alt-F", "\033f", "Alt-f" },
		{ "T7 Alt-D", "\033d", "Alt-d" },
		{ "T7 Alt-Backspace", "\033\177", "Alt-Backspace" },
		{ "Alt-Ctrl-H", "\033\b", "Alt-Ctrl-H" },
		{ "Alt-0", "\0330", "Alt-0" },
		{ "Alt and a character of two bytes", "\033\303\245q", "Alt-\303\245 q" },
		{ "Ctrl-C is itself behind Esc", "\033\003", "Ctrl-C" },
		{ "T11 Esc Esc", "\033\033", "Esc Esc" },
		{ "T11 Esc Up", "\033\033[A", "Esc Up" },
	};
	static const struct row apart[] = {
		{ "T11 Esc alone", { { 0, "\033" } }, "Esc" },
		{ "T11 Esc, then j", { { 0, "\033" }, { 26, "j" } }, "Esc j" },
		{ "Esc, a byte later than it waits, both read late", { { 0, "\033" }, { 30, "[A" } }, "Esc" },
		{ "T9 Esc, 60 ms, O D", { { 0, "\033" }, { 60, "OD" }, { 200, "q" } }, "Esc q" },
		{ "T9 Esc, 60 ms, Del", { { 0, "\033" }, { 60, "[3~" }, { 200, "q" } }, "Esc q" },
		{ "Esc, 60 ms, two keys", { { 0, "\033" }, { 60, "dd" } }, "Esc d d" },
		{ "Esc, 60 ms, O and another key", { { 0, "\033" }, { 60, "Od" } }, "Esc O d" },
		{ "Esc, a second, O and D", { { 0, "\033" }, { 1000, "OD" } }, "Esc O D" },
		{ "T9 Esc [, 60 ms, the rest", { { 0, "\033[" }, { 60, "1;5" }, { 120, "D" } }, "Ctrl-Left" },
		{ "Esc [ and no more", { { 0, "\033[" }, { 600, "d" } }, "d" },
		{ "Esc ] and no more", { { 0, "\033]" }, { 600, "d" } }, "d" },
		{ "a string without an end", { { 0, "\033]11;" }, { 300, "x" }, { 900, "d" } }, "d" },
		{ "a string that goes on for long", { { 0, "\033]11;" }, { 400, "x" }, { 3500, "d" } }, "d" },
	};

	(void)state;
	check_all(together, COUNT(together));
	for (size_t i = 0; i < COUNT(apart); i++)
		check_row(&apart[i]);
}

static void keyparse__keeps__the_users_delay(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, 1000); /* T10: ESCDELAY=1000 */
	feed(&parse, 0, "\033", 1, &out);
	pass_time(&parse, 60, &out);
	feed(&parse, 60, "OD", 2, &out);
	assert_string_equal(out.s, "Left");
	feed(&parse, 100, "\033", 1, &out);
	assert_int_equal(keyparse_deadline(&parse), 1100);
	pass_time(&parse, 1099, &out);
	assert_string_equal(out.s, "Left");
	pass_time(&parse, 1100, &out);
	assert_string_equal(out.s, "Left Esc");
	keyparse_release(&parse);
	keyparse_init(&parse, 0);
	str_clear(&out);
	feed(&parse, 0, "\033", 1, &out);
	pass_time(&parse, 0, &out);
	assert_string_equal(out.s, "Esc");
	keyparse_release(&parse);
	str_release(&out);
}

/* In a line that is typed, a sequence may come later than a character may that Esc is the Alt of. */
static void keyparse__waits__longer_for_a_sequence(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	parse.patience_ms = 100;
	feed(&parse, 0, "\033", 1, &out);
	pass_time(&parse, 60, &out);
	feed(&parse, 60, "OD", 2, &out); /* T9 */
	feed(&parse, 200, "\033", 1, &out);
	feed(&parse, 220, "d", 1, &out);
	feed(&parse, 300, "\033", 1, &out);
	feed(&parse, 360, "d", 1, &out);
	feed(&parse, 500, "\033", 1, &out);
	pass_time(&parse, 599, &out);
	assert_string_equal(out.s, "Left Alt-d Esc d");
	pass_time(&parse, 600, &out);
	assert_string_equal(out.s, "Left Alt-d Esc d Esc");
	keyparse_release(&parse);
	str_release(&out);
}

/* A string may go on for three seconds, whatever comes. */
static void keyparse__ends__an_endless_string(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	feed(&parse, 0, "\033]11;", 5, &out);
	for (int at = 400; at < 2900; at += 400)
		feed(&parse, at, "x", 1, &out);
	assert_int_equal(keyparse_deadline(&parse), 3000);
	feed(&parse, 2999, "x", 1, &out);
	assert_string_equal(out.s, "");
	feed(&parse, 3000, "x", 1, &out);
	assert_string_equal(out.s, "x");
	keyparse_release(&parse);
	str_release(&out);
}

/* A program that was busy reads the key behind Esc late: the two are told apart all the same. */
static void keyparse__ends__what_is_overdue_before_new_bytes(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	feed(&parse, 0, "\033", 1, &out);
	feed(&parse, 90, "j", 1, &out);
	assert_string_equal(out.s, "Esc j");
	keyparse_release(&parse);
	str_release(&out);
}

static void keyparse__reads__utf8(void **state)
{
	static const char *const rows[][3] = {
		{ "two, three and four bytes", "\303\245\346\227\245\360\237\230\200", "\303\245 \346\227\245 \360\237\230\200" },
		{ "T18 Latin-1 in a UTF-8 locale", "\345q", "unreadable:E5 q" },
		{ "T18 Latin-1 in words", "m\345l", "m unreadable:E5 l" },
		{ "T18 0x80", "\200q", "unreadable:80 q" },
		{ "overlong", "\300\200q", "unreadable:C0 unreadable:80 q" },
		{ "a surrogate", "\355\240\200q", "unreadable:ED q" },
		{ "Ctrl-Left of a terminal with 8-bit controls", "\2331;5Dq", "Ctrl-Left q" },
		{ "the same as UTF-8", "\302\2331;5Dq", "Ctrl-Left q" },
		{ "F1 and Up in 8 bits", "\217Pq\302\217Aq", "F1 q Up q" },
		{ "a report in 8 bits", "\233?62;22cq", "q" },
		{ "other C1 as UTF-8", "\302\234q", "unreadable:C2 q" },
		{ "the first and the last of C1", "\302\200\302\237q", "unreadable:C2 unreadable:C2 q" },
		{ "the first of three bytes, and U+00A0", "\340\240\200\302\240", "\340\240\200 \302\240" },
		{ "beyond Unicode", "\365q", "unreadable:F5 q" },
		{ "U+FFFD itself", "\357\277\275", "\357\277\275" },
		{ "a lead, then a sequence", "\303\033[A", "unreadable:C3 Up" },
	};
	static const struct row apart[] = {
		{ "T18 split, 200 ms", { { 0, "\303" }, { 200, "\245" } }, "\303\245" },
		{ "T18 a lead and no more", { { 0, "\303" }, { 1000, "q" } }, "unreadable:C3 q" },
	};

	(void)state;
	check_all(rows, COUNT(rows));
	for (size_t i = 0; i < COUNT(apart); i++)
		check_row(&apart[i]);
}

static void keyparse__takes__a_paste(void **state)
{
	static const char *const rows[][3] = {
		{ "T20 two lines", "\033[200~a\r\nb\033[201~q", "paste:a\n\nb q" },
		{ "T20 Esc, Ctrl-C and C1 within", "\033[200~a\033[Ab\003c\302\233\033[201~q", "paste:a\033[Ab\003c\302\233 q" },
		{ "an end that begins anew", "\033[200~a\033[20\033[201~q", "paste:a\033[20 q" },
		{ "two starts", "\033[200~a\033[200~b\033[201~q", "paste:a\033[200~b q" },
		{ "empty", "\033[200~\033[201~q", "paste: q" },
		{ "Esc before the start is no Alt behind the end", "\033\033[200~a\033[201~q", "Esc paste:a q" },
		{ "the same, with 8-bit controls", "\033\233200~a\033[201~q", "paste:a q" },
	};
	static const struct row apart[] = {
		{ "T21 no end: ends by time", { { 0, "\033[200~abc" }, { 1100, "q" } }, "paste:abc q" },
		{ "T21 no end: Ctrl-C gets out", { { 0, "\033[200~abc" }, { 300, "\003" }, { 320, "q" } }, "Ctrl-C q" },
		{ "T21 no end: Esc, q, Enter, then time",
			{ { 0, "\033[200~abc" }, { 300, "\033" }, { 600, "q" }, { 900, "\r" }, { 2000, "j" } }, "paste:abc\033q\n j" },
		{ "Ctrl-C in the stream of a paste is text", { { 0, "\033[200~abc" }, { 5, "\003" }, { 10, "d\033[201~" } },
			"paste:abc\003d" },
		{ "slow, with an end", { { 0, "\033[200~ab" }, { 900, "c" }, { 1800, "\033[201~" } }, "paste:abc" },
		{ "T1 no other key begins a paste", { { 0, "\033[Z" }, { 100, "d" }, { 200, "\003" }, { 300, "\033" }, { 400, "q" } },
			"Shift-Tab d Ctrl-C Esc q" },
	};

	(void)state;
	check_all(rows, COUNT(rows));
	for (size_t i = 0; i < COUNT(apart); i++)
		check_row(&apart[i]);
}

static void keyparse__bounds__a_paste(void **state)
{
	static char much[100000];
	struct keyparse parse;
	struct input_event event;
	struct str out;

	(void)state;
	memset(much, 'x', sizeof(much));
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	feed(&parse, 0, "\033[200~", 6, &out);
	feed(&parse, 0, much, sizeof(much), &out);
	assert_int_equal(keyparse_bytes(&parse, "\033[201~q", 7, 0, &event), 6);
	assert_int_equal(event.kind, INPUT_PASTE);
	assert_in_range(parse.paste.len, KEYPARSE_PASTE_MAX - 1, KEYPARSE_PASTE_MAX);
	feed(&parse, 0, "\033[200~a\0b\033[201~", 15, &out);
	assert_string_equal(out.s, "paste:ab");
	keyparse_release(&parse);
	str_release(&out);
}

static void keyparse__reads__the_mouse(void **state)
{
	static const char *const rows[][3] = {
		{ "SGR: press, release", "\033[<0;5;3M\033[<0;5;3mq", "click:4,2 q" },
		{ "SGR: far to the right", "\033[<0;300;3M", "click:299,2" },
		{ "SGR: the wheel", "\033[<64;5;3M\033[<65;5;3M", "up:4,2 down:4,2" },
		{ "SGR: motion, another button, column 0", "\033[<32;5;3M\033[<2;5;3M\033[<0;0;3Mq", "q" },
		{ "X10: press, release", "\033[M %#\033[M#%#q", "click:4,2 q" },
		{ "X10: the wheel", "\033[M`%#\033[Ma%#", "up:4,2 down:4,2" },
		{ "X10: a control is no coordinate", "\033[M \003q", "Ctrl-C q" },
		{ "rxvt's own form is not asked for", "\033[32;5;3Mq", "q" },
	};

	(void)state;
	check_all(rows, COUNT(rows));
}

static void keyparse__learns__keys_of_two_bytes(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	parse.after_esc['A'] = KEYCODE_UP; /* vt52, hp */
	feed(&parse, 0, "\033Aj\033[B", 6, &out);
	assert_string_equal(out.s, "Up j Down");
	keyparse_release(&parse);
	str_release(&out);
}

static void keyparse__ignores__nul(void **state)
{
	struct keyparse parse;
	struct str out;

	(void)state;
	str_init(&out, 0);
	keyparse_init(&parse, ESCAPE_MS);
	feed(&parse, 0, "\0a\033\0b", 5, &out);
	assert_string_equal(out.s, "a b");
	keyparse_release(&parse);
	str_release(&out);
}

/* A key's name and its number. */
static void key__names__what_alt_and_ctrl_make_of_it(void **state)
{
	static const struct {
		const char *name;
		uint32_t key;
	} rows[] = { { "Alt-x", KEY_ALT | 'x' }, { "Alt-Backspace", KEY_ALT | KEYCODE_BACKSPACE }, { "Ctrl-Left", KEYCODE_CTRL_LEFT },
		{ "Alt-Ctrl-H", KEY_ALT | 8 }, { "!", '!' }, { "~", '~' }, { "Ctrl-A", 1 }, { "Ctrl-Z", 26 }, { "Ctrl-_", 31 } };
	static const char *const none[] = { "", " ", "\x7f", "\xef\xbf\xbd", "\xc3", "xy", "Ctrl-", "Ctrl-1", "Ctrl-?", "Ctrl-`", "Ctrl-{",
		"Ctrl-ab", "F0", "F13", "Fx", "F1x", "F/", "F:", "F01x", "F100", "F999999999999" };
	uint32_t key;
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(key_parse(&key, rows[i].name, NULL));
		assert_int_equal(key, rows[i].key);
		str_clear(&out);
		key_format(&out, key);
		assert_string_equal(out.s, rows[i].name);
	}
	for (char c = 'a'; c <= 'z'; c++) {
		char name[8];

		snprintf(name, sizeof(name), "ctrl-%c", c);
		assert_true(key_parse(&key, name, NULL));
		assert_int_equal(key, c - 'a' + 1);
	}
	for (size_t i = 0; i < 12; i++) {
		char name[8];

		snprintf(name, sizeof(name), "%c%zu", i % 2 ? 'f' : 'F', i + 1);
		assert_true(key_parse(&key, name, NULL));
		assert_int_equal(key, KEYCODE_F1 + i);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(key_parse(&key, none[i], NULL));
	assert_false(key_parse(&key, "Alt-", NULL));
	assert_false(key_parse(&key, "Alt-xy", NULL));
	str_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keyparse__knows__each_terminals_keys),
		cmocka_unit_test(keyparse__drops__what_means_nothing),
		cmocka_unit_test(keyparse__tells__alt_from_esc),
		cmocka_unit_test(keyparse__keeps__the_users_delay),
		cmocka_unit_test(keyparse__waits__longer_for_a_sequence),
		cmocka_unit_test(keyparse__ends__an_endless_string),
		cmocka_unit_test(keyparse__ends__what_is_overdue_before_new_bytes),
		cmocka_unit_test(keyparse__reads__utf8),
		cmocka_unit_test(keyparse__takes__a_paste),
		cmocka_unit_test(keyparse__bounds__a_paste),
		cmocka_unit_test(keyparse__reads__the_mouse),
		cmocka_unit_test(keyparse__learns__keys_of_two_bytes),
		cmocka_unit_test(keyparse__ignores__nul),
		cmocka_unit_test(key__names__what_alt_and_ctrl_make_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
