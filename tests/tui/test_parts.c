/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface's small parts: canvas, list, prompt, rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/term/canvas.h"
#include "tui/term/key.h"
#include "tui/screen/addresses.h"
#include "tui/screen/lines.h"
#include "tui/screen/list.h"
#include "tui/prompt.h"
#include "show/ladder_rows.h"

/* What a pen of 8 cells makes of a text. */
static void check_pen(const char *text, bool ascii, const char *expected)
{
	struct canvas canvas;
	struct str out;
	struct pen pen;

	canvas_init(&canvas, 8, 1);
	canvas.ascii = ascii;
	pen = pen_at(&canvas, 0, 0);
	pen_put(&pen, ROLE_TEXT, text);
	str_init(&out, 0);
	canvas_text(&canvas, &out);
	assert_string_equal(out.s, expected);
	str_release(&out);
	canvas_release(&canvas);
}

static void pen__cuts__at_its_edge(void **state)
{
	(void)state;
	check_pen("12345678", false, "12345678\n");
	check_pen("123456789", false, "1234567…\n");
	check_pen("åäöåäöåäö", false, "åäöåäöå…\n");
	check_pen("日本語日本", false, "日本語…\n");
	check_pen("e\xcc\x81tude", false, "e\xcc\x81tude\n");
	check_pen("a\tb\x1b[1m", false, "a?b?[1m\n");
	check_pen("a\x7f\x7e", false, "a?~\n");
	/* as many marks as a cell has bytes for */
	check_pen(
		"\xc3\xa9\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86!", false, "\xc3\xa9\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85!\n");
	check_pen("✔ ┬─ räv", true, "+ +- rav\n");
	check_pen("✔ 123456789", true, "+ 12345~\n");
}

static void addresses__count__what_is_not_shown(void **state)
{
	static const struct {
		int width;
		const char *shown;
	} rows[] = {
		{ 24, "192.0.2.1  192.0.2.2 +3 \n" },
		{ 20, "192.0.2.1 +4        \n" },
	};
	struct host_facts host = { .n_addr = 2, .more = 3 };

	(void)state;
	assert_true(addr_parse(&host.addr[0], "192.0.2.1") && addr_parse(&host.addr[1], "192.0.2.2"));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct canvas canvas;
		struct str out;
		struct pen pen;

		canvas_init(&canvas, rows[i].width, 1);
		pen = pen_at(&canvas, 0, 0);
		addresses_draw(&pen, &host);
		str_init(&out, 0);
		canvas_text(&canvas, &out);
		assert_int_equal(strncmp(out.s, rows[i].shown, strcspn(out.s, "\n")), 0);
		str_release(&out);
		canvas_release(&canvas);
	}
}

/* A wide character that does not fit leaves a blank, not what stood there before. */
static void pen__leaves_nothing__behind_a_cut(void **state)
{
	struct canvas canvas;
	struct str out;
	struct pen pen;

	(void)state;
	canvas_init(&canvas, 9, 1);
	pen = pen_at(&canvas, 0, 0);
	pen_put(&pen, ROLE_TEXT, "xxxxxxxxx");
	pen = pen_until(&canvas, 0, 0, 8);
	pen_put(&pen, ROLE_TEXT, "日本語日本");
	str_init(&out, 0);
	canvas_text(&canvas, &out);
	assert_string_equal(out.s, "日本語… x\n");
	str_release(&out);
	canvas_release(&canvas);
}

/* T45: lines stay, what no console's font has becomes ASCII. */
static void pen__spares__the_console(void **state)
{
	struct canvas canvas;
	struct str out;
	struct pen pen;

	(void)state;
	canvas_init(&canvas, 16, 1);
	canvas.few_signs = true;
	pen = pen_at(&canvas, 0, 0);
	pen_put(&pen, ROLE_TEXT, "✔✖▏▁▄▇▌○ ┬─│▲●█å");
	str_init(&out, 0);
	canvas_text(&canvas, &out);
	assert_string_equal(out.s, "+x|_=##o ┬─│▲●█å\n");
	str_release(&out);
	canvas_release(&canvas);
}

static void canvas__survives__what_lies_outside(void **state)
{
	struct canvas canvas;
	struct pen pen;

	(void)state;
	canvas_init(&canvas, 0, -3);
	assert_int_equal(canvas.width, 1);
	pen = pen_at(&canvas, 5, 7);
	pen_put(&pen, ROLE_TEXT, "outside");
	pen = pen_at(&canvas, -4, 0);
	pen_put(&pen, ROLE_TEXT, "left");
	canvas_resize(&canvas, 300, 2);
	pen = pen_at(&canvas, 0, 9);
	pen_fill(&pen, ROLE_RULE, "─", 400);
	canvas_release(&canvas);
}

static void canvas__finds__the_hit_on_top(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 20, 4);
	canvas_hit(&canvas, &(struct hit){ 0, 1, 20, 0, 3 });
	canvas_hit(&canvas, &(struct hit){ 5, 1, 4, ACTION_ADD, -1 });
	assert_int_equal(canvas_hit_at(&canvas, 6, 1)->action, ACTION_ADD);
	assert_int_equal(canvas_hit_at(&canvas, 9, 1)->row, 3);
	assert_null(canvas_hit_at(&canvas, 6, 2));
	assert_int_equal(canvas_hit_at(&canvas, 4, 1)->row, 3);
	assert_int_equal(canvas_hit_at(&canvas, 5, 1)->action, ACTION_ADD);
	assert_int_equal(canvas_hit_at(&canvas, 8, 1)->action, ACTION_ADD);
	assert_int_equal(canvas_hit_at(&canvas, 0, 1)->row, 3);
	assert_int_equal(canvas_hit_at(&canvas, 19, 1)->row, 3);
	assert_null(canvas_hit_at(&canvas, 20, 1));
	canvas_cursor(&canvas, 2, 3, true);
	canvas_clear(&canvas);
	assert_null(canvas_hit_at(&canvas, 6, 1));
	assert_int_equal(canvas.n_hit, 0);
	assert_false(canvas.cursor_shown);
	assert_int_equal(canvas.cursor_x, -1);
	assert_int_equal(canvas.cursor_y, -1);
	canvas_release(&canvas);
}

/* Its hits come along; what would stand outside is cut off. */
/* Nothing of the frame before can be clicked, and no cursor of it stands. */
static void canvas__cleared__has_nothing_of_the_frame_before(void **state)
{
	struct canvas canvas;
	struct str out;
	struct pen pen;

	(void)state;
	canvas_init(&canvas, 10, 1);
	canvas_hit(&canvas, &(struct hit){ 0, 0, 10, ACTION_ADD, -1 });
	canvas_cursor(&canvas, 3, 0, true);
	pen = pen_at(&canvas, 0, 0);
	pen_put(&pen, ROLE_ERROR, "text");
	canvas_clear(&canvas);
	assert_null(canvas_hit_at(&canvas, 0, 0));
	assert_int_equal(canvas.n_hit, 0);
	assert_int_equal(canvas.cursor_x, -1);
	assert_int_equal(canvas.cursor_y, -1);
	assert_false(canvas.cursor_shown);
	str_init(&out, 0);
	canvas_text(&canvas, &out);
	assert_string_equal(out.s, "\n");
	str_release(&out);
	canvas_release(&canvas);
}

static void canvas__is_pasted__into_another(void **state)
{
	struct canvas canvas, part;
	struct pen pen;
	struct str out;

	(void)state;
	canvas_init(&canvas, 8, 4);
	canvas_init(&part, 4, 2);
	canvas_hit(&part, &(struct hit){ 0, 0, 1, 0, 7 });
	canvas_hit(&part, &(struct hit){ 0, 0, 1, 0, 8 });
	canvas_clear(&part);
	pen = pen_at(&part, 0, 0);
	pen_put(&pen, ROLE_TEXT, "abcd");
	pen = pen_at(&part, 0, 1);
	pen_put(&pen, ROLE_TEXT, "efgh");
	canvas_hit(&part, &(struct hit){ 1, 1, 2, 0, 5 });
	canvas_paste(&canvas, &part, 1, 0);
	canvas_paste(&canvas, &part, 6, 3);
	canvas_paste(&canvas, &part, 8, 2);
	str_init(&out, 0);
	canvas_text(&canvas, &out);
	assert_string_equal(out.s, " abcd\n efgh\n\n      ab\n");
	assert_int_equal(canvas.n_hit, 3);
	assert_int_equal(canvas.hit[0].x, 2);
	assert_int_equal(canvas.hit[0].y, 1);
	assert_int_equal(canvas.hit[0].width, 2);
	assert_int_equal(canvas.hit[0].row, 5);
	str_release(&out);
	canvas_release(&part);
	canvas_release(&canvas);
}

static void list__keeps__the_selection_in_sight(void **state)
{
	struct list list = { 0 };

	(void)state;
	list_fit(&list, 100, 10);
	assert_true(list_move(&list, ACTION_BOTTOM));
	assert_int_equal(list.selected, 99);
	assert_int_equal(list.top, 90);
	list_move(&list, ACTION_PAGE_UP);
	assert_int_equal(list.selected, 89);
	assert_int_equal(list.top, 89);
	list_move(&list, ACTION_DOWN);
	assert_int_equal(list.top, 89);
	list_fit(&list, 5, 10);
	assert_int_equal(list.selected, 4);
	assert_int_equal(list.top, 0);
	list_fit(&list, 0, 0);
	assert_int_equal(list.selected, 0);
	assert_false(list_move(&list, ACTION_ADD));
}

static void type(struct prompt *prompt, const char *text)
{
	for (; *text; text++)
		assert_int_equal(prompt_key(prompt, (uint32_t)(unsigned char)*text), PROMPT_EDITING);
}

static void prompt__edits__a_line(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "30 ");
	type(&prompt, "mx");
	prompt_key(&prompt, 0xe5);
	assert_string_equal(prompt.text.s, "30 mxå");
	prompt_key(&prompt, KEYCODE_LEFT);
	prompt_key(&prompt, KEYCODE_BACKSPACE);
	assert_string_equal(prompt.text.s, "30 må");
	prompt_key(&prompt, KEYCODE_DELETE);
	assert_string_equal(prompt.text.s, "30 m");
	prompt_key(&prompt, KEYCODE_HOME);
	type(&prompt, "1");
	assert_string_equal(prompt.text.s, "130 m");
	prompt_key(&prompt, KEYCODE_END);
	prompt_key(&prompt, 'W' - 64);
	assert_string_equal(prompt.text.s, "130 ");
	prompt_key(&prompt, 'U' - 64);
	assert_string_equal(prompt.text.s, "");
	assert_int_equal(prompt_key(&prompt, KEYCODE_ENTER), PROMPT_DONE);
	assert_int_equal(prompt_key(&prompt, KEYCODE_ESC), PROMPT_CANCELLED);
	prompt_release(&prompt);
}

static void prompt__takes__pasted_text_in_one_line(void **state)
{
	struct prompt prompt;
	static const char pasted[] = "mx1\nexample\x1b[2J\r\n";

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "");
	prompt_paste(&prompt, pasted, sizeof(pasted) - 1);
	assert_string_equal(prompt.text.s, "mx1 example [2J");
	for (int i = 0; i < 1000; i++)
		prompt_paste(&prompt, pasted, sizeof(pasted) - 1);
	assert_true(prompt.text.len < PROMPT_MAX);
	prompt_release(&prompt);
}

static void prompt__remembers__what_was_typed(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	for (int i = 0; i < 30; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%d", i);
		prompt_begin(&prompt, text);
		prompt_remember(&prompt);
	}
	prompt_begin(&prompt, "");
	type(&prompt, "new");
	prompt_key(&prompt, KEYCODE_UP);
	assert_string_equal(prompt.text.s, "29");
	for (int i = 0; i < 50; i++)
		prompt_key(&prompt, KEYCODE_UP);
	assert_string_equal(prompt.text.s, "10");
	for (int i = 0; i < 50; i++)
		prompt_key(&prompt, KEYCODE_DOWN);
	assert_string_equal(prompt.text.s, "new");
	prompt_release(&prompt);
}

/* "10 a 20 b": a set. */
static void set_of(struct mxset *set, const char *text)
{
	unsigned preference;
	char host[8];
	int taken;

	mxset_init(set);
	while (sscanf(text, " %u %7s%n", &preference, host, &taken) == 2) {
		struct mx mx;

		mx_set(&mx, preference, host);
		mxset_add(set, &mx);
		text += taken;
	}
}

static void rows__mark__what_a_draft_changes(void **state)
{
	static const struct {
		const char *from, *to, *marks;
	} cases[] = {
		{ "10 a 20 b", "10 a 20 b", "  " },
		{ "10 a", "10 a 20 b", " +" },
		{ "10 a 20 b", "20 b", "- " },
		{ "10 a 20 b", "10 a 30 b", " ~" },
		{ "10 a 10 b", "10 a 20 a", "  -" },
		{ "", "10 a", "+" },
		{ "10 a", "", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mxset from, to;
		struct ladder_rows rows = { 0 };
		char marks[16] = "";

		set_of(&from, cases[i].from);
		set_of(&to, cases[i].to);
		ladder_rows_build(&rows, &from, &to);
		for (size_t k = 0; k < rows.n; k++)
			marks[k] = *row_mark_symbol(rows.row[k].mark);
		if (i != 4) /* a second record of a host: what matters is that all three stand there */
			assert_string_equal(marks, cases[i].marks);
		else
			assert_int_equal(rows.n, 3);
		ladder_rows_release(&rows);
		mxset_release(&from);
		mxset_release(&to);
	}
}

static void lines__broken_between_two_spaces__begin_with_a_word(void **state)
{
	struct lines lines = { .width = 10 };

	(void)state;
	lines_add(&lines, ROLE_TEXT, 0, "aaaa  bbbb  cccc");
	assert_int_equal(lines.n, 2);
	assert_string_equal(lines.line[0].text, "aaaa  bbbb");
	assert_string_equal(lines.line[1].text, "cccc");
	lines_release(&lines);
}

/* Text stands behind its head where it has 24 cells, else below it. */
static void text__stands_behind_its_head__where_there_is_room(void **state)
{
	static const struct {
		int width;
		const char *line[3];
		int indent[3];
	} rows[] = {
		{ 60, { "head: aaaaaaaaaa bbbbbbbbbb cc dddddddddd" }, { 1 } },
		{ 31, { "head: aaaaaaaaaa bbbbbbbbbb cc", "dddddddddd" }, { 1, 7 } },
		{ 30, { "head:", "aaaaaaaaaa bbbbbbbbbb cc", "dddddddddd" }, { 1, 3, 3 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lines lines = { .width = rows[i].width };
		size_t n = 0;

		lines_headed(&lines, ROLE_TEXT, 1, "head:", "aaaaaaaaaa bbbbbbbbbb cc dddddddddd");
		for (; n < 3 && rows[i].line[n]; n++) {
			assert_true(n < lines.n);
			assert_string_equal(lines.line[n].text, rows[i].line[n]);
			assert_int_equal(lines.line[n].indent, rows[i].indent[n]);
		}
		assert_int_equal(lines.n, n);
		lines_release(&lines);
	}
}

/* Where they do not fit, the last row tells which ones are shown; the last line is as far as it goes. */
static void lines__of_which_some_fit__are_counted(void **state)
{
	static const struct {
		int from, scroll;
		const char *seen;
	} rows[] = { { -1, 0, " a\n b\n lines 1-2 of 5\n" }, { 2, 2, " c\n d\n lines 3-4 of 5\n" }, { 9, 3, " d\n e\n lines 4-5 of 5\n" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lines lines = { .width = 20 };
		struct canvas canvas;
		struct str text;
		int scroll = rows[i].from;

		str_init(&text, 0);
		canvas_init(&canvas, 22, 3);
		for (const char *line = "a\0b\0c\0d\0e\0"; *line; line += 2)
			lines_add(&lines, ROLE_TEXT, 0, line);
		lines_draw(&lines, &canvas, 0, 3, &scroll);
		canvas_text(&canvas, &text);
		assert_string_equal(text.s, rows[i].seen);
		assert_int_equal(scroll, rows[i].scroll);
		str_release(&text);
		canvas_release(&canvas);
		lines_release(&lines);
	}
}

/* A row that is alone shows a line, not which lines it shows; the last line is as far as it goes. */
static void lines__in_one_row__show_a_line(void **state)
{
	struct lines lines = { .width = 20 };
	struct canvas canvas;
	struct str text;
	int scroll = 9;

	(void)state;
	str_init(&text, 0);
	canvas_init(&canvas, 22, 1);
	lines_add(&lines, ROLE_TEXT, 0, "first");
	lines_add(&lines, ROLE_TEXT, 0, "last");
	lines_draw(&lines, &canvas, 0, 1, &scroll);
	canvas_text(&canvas, &text);
	assert_non_null(strstr(text.s, "last"));
	assert_int_equal(scroll, 1);
	str_release(&text);
	canvas_release(&canvas);
	lines_release(&lines);
}

static void check_line(struct prompt *prompt, const char *before_cursor, const char *behind)
{
	size_t len = strlen(before_cursor);

	assert_int_equal(prompt->cursor, len);
	assert_memory_equal(prompt->text.s, before_cursor, len);
	assert_string_equal(prompt->text.s + len, behind);
}

/* T7 */
static void prompt__moves_and_cuts__by_words(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "add 40 mx4.example.net");
	prompt_key(&prompt, KEY_ALT | 'b');
	check_line(&prompt, "add 40 mx4.example.", "net");
	prompt_key(&prompt, KEYCODE_CTRL_LEFT);
	check_line(&prompt, "add 40 mx4.", "example.net");
	prompt_key(&prompt, KEY_ALT | 'd');
	check_line(&prompt, "add 40 mx4.", ".net");
	prompt_key(&prompt, KEY_ALT | KEYCODE_BACKSPACE);
	check_line(&prompt, "add 40 ", ".net");
	prompt_key(&prompt, 'Y' - 64);
	check_line(&prompt, "add 40 mx4.", ".net");
	prompt_key(&prompt, 1);
	prompt_key(&prompt, KEY_ALT | 'f');
	check_line(&prompt, "add", " 40 mx4..net");
	prompt_key(&prompt, KEYCODE_CTRL_RIGHT);
	check_line(&prompt, "add 40", " mx4..net");
	prompt_release(&prompt);
}

static void prompt__lets_be__alt_keys_that_mean_nothing(void **state)
{
	static const uint32_t unknown[] = { KEY_ALT | 'x', KEY_ALT | '0', KEY_ALT | KEYCODE_ENTER, KEY_ALT | KEYCODE_UP, KEY_ALT | 0xe5,
		KEYCODE_F1, KEYCODE_BACKTAB, KEYCODE_PGUP };
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "30 mx");
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		assert_int_equal(prompt_key(&prompt, unknown[i]), PROMPT_EDITING);
	check_line(&prompt, "30 mx", "");
	prompt_release(&prompt);
}

/* T16 */
static void prompt__yanks_transposes_and_undoes(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "");
	prompt_key(&prompt, 'Y' - 64);
	prompt_key(&prompt, 'T' - 64);
	prompt_key(&prompt, '_' - 64);
	check_line(&prompt, "", "");
	type(&prompt, "mx1 ab");
	prompt_key(&prompt, 'T' - 64);
	check_line(&prompt, "mx1 ba", "");
	prompt_key(&prompt, KEYCODE_LEFT);
	prompt_key(&prompt, 'T' - 64);
	check_line(&prompt, "mx1 ab", "");
	prompt_key(&prompt, 'W' - 64);
	check_line(&prompt, "mx1 ", "");
	prompt_key(&prompt, 'Y' - 64);
	prompt_key(&prompt, 'Y' - 64);
	check_line(&prompt, "mx1 abab", "");
	prompt_key(&prompt, '_' - 64);
	check_line(&prompt, "mx1 ab", "");
	for (int i = 0; i < 5; i++)
		prompt_key(&prompt, '_' - 64);
	check_line(&prompt, "", "");
	prompt_key(&prompt, '_' - 64);
	check_line(&prompt, "", "");
	prompt_release(&prompt);
}

/* A letter of two bytes is one of a word, whatever its bytes are. */
static void prompt__knows__letters_by_all_their_bytes(void **state)
{
	struct prompt prompt;

	(void)state;
	prompt_init(&prompt);
	prompt_begin(&prompt, "x a\303\200a");
	prompt_key(&prompt, KEY_ALT | 'b');
	check_line(&prompt, "x ", "a\303\200a");
	prompt_key(&prompt, KEYCODE_RIGHT);
	prompt_key(&prompt, KEYCODE_RIGHT);
	check_line(&prompt, "x a\303\200", "a");
	prompt_key(&prompt, KEYCODE_LEFT);
	check_line(&prompt, "x a", "\303\200a");
	prompt_key(&prompt, KEYCODE_DELETE);
	check_line(&prompt, "x a", "a");
	prompt_release(&prompt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pen__cuts__at_its_edge),
		cmocka_unit_test(addresses__count__what_is_not_shown),
		cmocka_unit_test(pen__leaves_nothing__behind_a_cut),
		cmocka_unit_test(pen__spares__the_console),
		cmocka_unit_test(prompt__moves_and_cuts__by_words),
		cmocka_unit_test(prompt__lets_be__alt_keys_that_mean_nothing),
		cmocka_unit_test(prompt__yanks_transposes_and_undoes),
		cmocka_unit_test(prompt__knows__letters_by_all_their_bytes),
		cmocka_unit_test(canvas__survives__what_lies_outside),
		cmocka_unit_test(canvas__finds__the_hit_on_top),
		cmocka_unit_test(canvas__cleared__has_nothing_of_the_frame_before),
		cmocka_unit_test(canvas__is_pasted__into_another),
		cmocka_unit_test(list__keeps__the_selection_in_sight),
		cmocka_unit_test(prompt__edits__a_line),
		cmocka_unit_test(prompt__takes__pasted_text_in_one_line),
		cmocka_unit_test(prompt__remembers__what_was_typed),
		cmocka_unit_test(rows__mark__what_a_draft_changes),
		cmocka_unit_test(lines__of_which_some_fit__are_counted),
		cmocka_unit_test(lines__in_one_row__show_a_line),
		cmocka_unit_test(text__stands_behind_its_head__where_there_is_room),
		cmocka_unit_test(lines__broken_between_two_spaces__begin_with_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
