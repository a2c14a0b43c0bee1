/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document in so many columns: what stands beside each other, what is wrapped, what gives way, and what a cursor finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/lay.h"

static struct document document;
static struct str text;

static int begin(void **state)
{
	(void)state;
	document_begin(&document);
	str_init(&text, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	document_release(&document);
	str_release(&text);
	return 0;
}

/* Cells parted by "|"; one that begins with a digit has that weight, one with "+" a sign. */
static void add_cells(const char *cells)
{
	char words[300], *at = words, *cell;

	snprintf(words, sizeof(words), "%s", cells);
	while ((cell = strsep(&at, "|"))) {
		unsigned weight = *cell >= '1' && *cell <= '9' ? (unsigned)(*cell++ - '0') : 0;
		const char *sign = *cell == '+' ? "+" : "";

		str_add(document_cell(&document, ROLE_TEXT, weight, sign), cell + (*cell == '+'));
	}
}

static void row(const char *cells)
{
	document_row(&document);
	add_cells(cells);
}

static const char *laid(int width)
{
	struct canvas canvas;
	struct lay lay;

	lay_document(&lay, &document, width);
	canvas_init(&canvas, width + 4, lay.height + 1);
	lay_draw(&lay, &canvas, 0, -1);
	str_clear(&text);
	canvas_text(&canvas, &text);
	assert_int_equal(text.len > 0 && text.s[text.len - 1] == '\n', 1);
	text.s[--text.len] = '\0'; /* the row below it */
	canvas_release(&canvas);
	lay_release(&lay);
	assert_int_equal(lay.n, 0);
	return text.s;
}

static void rows__share__their_columns(void **state)
{
	(void)state;
	row("a|bb|ccc");
	row("aaaa|b|c");
	row("aa||ccccc");
	assert_string_equal(laid(40), "a     bb  ccc\naaaa  b   c\naa        ccccc\n");
}

/* A column that no row fills has none, and one that gives way takes its title with it. */
static void titles__stand__above_their_columns(void **state)
{
	(void)state;
	document_titles(&document);
	add_cells("h|wide|none|1more");
	row("aaaa|b||1ccc");
	row("a|||1c");
	row("last");
	assert_string_equal(laid(40), "h     wide  more\naaaa  b     ccc\na           c\nlast\n");
	assert_string_equal(laid(12), "h     wide\naaaa  b\na\nlast\n");
}

/* But not where the cells of a row stand below each other. */
static void numbers__stand__at_the_right_of_their_column(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		document_row(&document);
		document_put(&document, ROLE_TEXT, 0, i ? "b" : "aaaa");
		str_add(document_number(&document, ROLE_TEXT, 0), i ? "5 %" : "100 %");
		document_put(&document, ROLE_TEXT, 0, "of it");
	}
	assert_string_equal(laid(40), "aaaa  100 %  of it\nb       5 %  of it\n");
	assert_string_equal(laid(12), "aaaa\n  100 %\n  of it\nb\n  5 %\n  of it\n");
}

static void short_first_column__has__the_others_beside_it(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		document_row(&document);
		str_add(document_number(&document, ROLE_TEXT, 0), i ? "1m" : "30s");
		document_put(&document, ROLE_TEXT, 0, i ? "" : "a host of so many letters");
		document_put(&document, ROLE_TEXT, 0, "it takes the message");
	}
	assert_string_equal(laid(34), "30s  a host of so many letters\n     it takes the message\n 1m\n     it takes the message\n");
	assert_string_equal(laid(28), "30s\n  a host of so many letters\n  it takes the message\n1m\n  it takes the message\n");
}

static void rows__of_another_shape__have_columns_of_their_own(void **state)
{
	(void)state;
	row("a|b");
	row("aaaa|b");
	row("aaaaaaaa|b|c");
	row("a|b|c");
	assert_string_equal(laid(40), "a     b\naaaa  b\naaaaaaaa  b  c\na         b  c\n");
}

static void column__that_is_empty__takes_no_room(void **state)
{
	(void)state;
	row("a||c");
	row("aa||cc");
	assert_string_equal(laid(40), "a   c\naa  cc\n");
}

static void signs__stand_before__their_text(void **state)
{
	(void)state;
	row("+found|x");
	row("+|x");
	row("no|x");
	assert_string_equal(laid(40), "+ found  x\n+        x\nno       x\n");
}

/* Which of them: the highest weight, of two the first; what has none stays. */
static void cells__give_way__by_their_weight(void **state)
{
	static const struct {
		int width;
		const char *text;
	} rows[] = {
		{ 22, "aaaa  bbbb  cccc  dddd\n" },
		{ 21, "aaaa  bbbb  dddd\n" },
		{ 16, "aaaa  bbbb  dddd\n" },
		{ 15, "aaaa  dddd\n" },
		{ 10, "aaaa  dddd\n" },
	};

	(void)state;
	row("aaaa|1bbbb|2cccc|dddd");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(laid(rows[i].width), rows[i].text);
	document_release(&document);
	row("aaaa|1bbbb|1cccc|dddd");
	assert_string_equal(laid(21), "aaaa  cccc  dddd\n");
}

static void last_column__is_wrapped__where_it_has_room_enough(void **state)
{
	(void)state;
	row("label|one two three four");
	row("x|y");
	assert_string_equal(laid(25), "label  one two three four\nx      y\n");
	assert_string_equal(laid(24), "label  one two three\n       four\nx      y\n");
	assert_string_equal(laid(19), "label  one two\n       three four\nx      y\n");
	/* eleven cells are too few: they stand below each other */
	assert_string_equal(laid(18), "label\n  one two three\n  four\nx\n  y\n");
	assert_string_equal(laid(7), "label\n  one\n  two\n  three\n  four\nx\n  y\n");
}

static void stacked_cells__stand__one_below_the_other(void **state)
{
	(void)state;
	row("first|second one|third");
	assert_string_equal(laid(14), "first\n  second one\n  third\n");
}

static void sentences__are_wrapped__and_those_of_a_row_stand_in(void **state)
{
	(void)state;
	document.item = 0;
	row("a|b");
	document.depth = 1;
	str_add(document_sentence(&document, ROLE_TEXT, ""), "of the row");
	document.depth = 0;
	document.item = 1;
	row("aaaa|b");
	document.item = -1;
	str_add(document_heading(&document), "Heading of it");
	row("aaaaaa|b");
	str_add(document_sentence(&document, ROLE_TEXT, "+"), "one two three");
	row("aaaaaaaa|b");
	assert_string_equal(laid(13), "a     b\n  of the row\naaaa  b\nHeading of it\naaaaaa  b\n+ one two\n  three\naaaaaaaa  b\n");
}

static void more_cells__than_columns__are_left_out(void **state)
{
	(void)state;
	row("a|b|c|d|e|f|g|h|i");
	assert_string_equal(laid(60), "a  b  c  d  e  f  g  h\n");
}

static void narrowest__is_four_cells(void **state)
{
	(void)state;
	str_add(document_sentence(&document, ROLE_TEXT, ""), "abcdef");
	assert_string_equal(laid(3), "abcd\nef\n");
	assert_string_equal(laid(4), "abcd\nef\n");
	assert_string_equal(laid(5), "abcde\nf\n");
}

static void items__are_found__and_marked(void **state)
{
	struct canvas canvas;
	struct lay lay;

	(void)state;
	str_add(document_heading(&document), "Heading");
	for (document.item = 0; document.item < 3; document.item++) {
		row("a|b");
		document.depth = 1;
		str_add(document_sentence(&document, ROLE_DIM, ""), "more");
		document.depth = 0;
	}
	lay_document(&lay, &document, 20);
	assert_int_equal(lay.height, 7);
	assert_int_equal(lay_find(&lay, -1), 0);
	assert_int_equal(lay_find(&lay, 0), 1);
	assert_int_equal(lay_find(&lay, 2), 5);
	assert_int_equal(lay_find(&lay, 3), -1);
	canvas_init(&canvas, 20, 4);
	lay_draw(&lay, &canvas, 2, 1);
	canvas_text(&canvas, &text);
	assert_string_equal(text.s, "  more\na  b\n  more\na  b\n");
	for (int y = 0; y < 4; y++)
		assert_int_equal(canvas.cell[y * 20].role == ROLE_SELECTED, y == 1 || y == 2);
	lay_draw(&lay, &canvas, 2, -1);
	lay_draw(&lay, &canvas, 2, 0); /* it began above; what is left of it */
	assert_int_equal(canvas.cell[0].role, ROLE_SELECTED);
	canvas_release(&canvas);
	lay_release(&lay);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows__share__their_columns, begin, end),
		cmocka_unit_test_setup_teardown(titles__stand__above_their_columns, begin, end),
		cmocka_unit_test_setup_teardown(numbers__stand__at_the_right_of_their_column, begin, end),
		cmocka_unit_test_setup_teardown(short_first_column__has__the_others_beside_it, begin, end),
		cmocka_unit_test_setup_teardown(rows__of_another_shape__have_columns_of_their_own, begin, end),
		cmocka_unit_test_setup_teardown(column__that_is_empty__takes_no_room, begin, end),
		cmocka_unit_test_setup_teardown(signs__stand_before__their_text, begin, end),
		cmocka_unit_test_setup_teardown(cells__give_way__by_their_weight, begin, end),
		cmocka_unit_test_setup_teardown(last_column__is_wrapped__where_it_has_room_enough, begin, end),
		cmocka_unit_test_setup_teardown(stacked_cells__stand__one_below_the_other, begin, end),
		cmocka_unit_test_setup_teardown(sentences__are_wrapped__and_those_of_a_row_stand_in, begin, end),
		cmocka_unit_test_setup_teardown(more_cells__than_columns__are_left_out, begin, end),
		cmocka_unit_test_setup_teardown(narrowest__is_four_cells, begin, end),
		cmocka_unit_test_setup_teardown(items__are_found__and_marked, begin, end),
	};

	return cmocka_run_group_tests_name("lay", tests, NULL, NULL);
}
