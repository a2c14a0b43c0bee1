/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static void str_add__keeps__what_fits(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 8);
	str_add(&s, "abc");
	str_add_char(&s, 'd');
	str_addf(&s, "%d", 42);
	assert_string_equal(s.s, "abcd42");
	assert_false(s.overflow);
	str_add(&s, "xyz"); /* one too many: nothing of it */
	assert_true(s.overflow);
	assert_string_equal(s.s, "abcd42");
	str_add(&s, "x"); /* and nothing after it */
	assert_int_equal(s.len, 6);
	str_clear(&s);
	str_add(&s, "12345678");
	assert_false(s.overflow);
	str_addf(&s, "%s", "9");
	assert_true(s.overflow);
	assert_string_equal(s.s, "12345678");
	str_release(&s);
	str_release(&s);
}

static void str_add_listed__parts__by_commas(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 0);
	str_add_listed(&s, "a");
	assert_string_equal(s.s, "a");
	str_add_listed(&s, "b");
	str_add_listed(&s, "c d");
	assert_string_equal(s.s, "a, b, c d");
	str_release(&s);
}

static void str_add_bytes__keeps__zero_bytes(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, 0);
	str_add_bytes(&s, "a\0b", 3);
	str_add_bytes(&s, "", 0);
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.s, "a\0b\0", 4);
	str_release(&s);
}

static void str_room__is__counted_and_ended(void **state)
{
	struct str s;
	char *room;

	(void)state;
	str_init(&s, 70);
	str_add(&s, "ab");
	room = str_room(&s, 66);
	assert_ptr_equal(room, s.s + 2);
	memset(room, 'x', 66);
	assert_int_equal(s.len, 68);
	assert_int_equal(s.s[68], 0);
	assert_null(str_room(&s, 3));
	assert_true(s.overflow);
	assert_int_equal(s.len, 68);
	str_release(&s);
}

static void str_reserve__takes_in__what_was_written(void **state)
{
	struct str s;
	char *room;

	(void)state;
	str_init(&s, 200);
	str_add(&s, "ab");
	room = str_reserve(&s, 150);
	assert_int_equal(s.len, 2);
	memset(room, 'x', 150);
	str_end(&s, room + 3);
	assert_string_equal(s.s, "abxxx");
	assert_int_equal(s.len, 5);
	assert_null(str_reserve(&s, 196));
	assert_true(s.overflow);
	str_release(&s);
}

static void str_add__grows__a_zeroed_one(void **state)
{
	struct str s = { 0 };

	(void)state;
	for (int i = 0; i < 10000; i++)
		str_add(&s, "0123456789");
	assert_int_equal(s.len, 100000);
	assert_int_equal(strlen(s.s), 100000);
	str_release(&s);
}

/* At each length around that of the first room, into one that is fresh, filled and zeroed. */
static void str_addf__writes__the_same_wherever_its_room_ends(void **state)
{
	char text[200], expected[2 * sizeof(text) + 8];

	(void)state;
	for (size_t len = 0; len < 140; len++) {
		struct str s, none = { 0 };

		memset(text, 'x', len);
		text[len] = '\0';
		str_init(&s, 300);
		str_addf(&s, "%s-%d", text, 42);
		str_addf(&s, "%s", text);
		snprintf(expected, sizeof(expected), "%s-42%s", text, text);
		assert_string_equal(s.s, expected);
		assert_int_equal(s.len, 2 * len + 3);
		str_addf(&none, "%s", text);
		assert_string_equal(none.s, text);
		str_addf(&s, "%298s", "too much");
		assert_true(s.overflow);
		assert_string_equal(s.s, expected);
		str_release(&s);
		str_release(&none);
	}
}

static void str_take__hands_over__and_begins_anew(void **state)
{
	struct str s;
	char *text;

	(void)state;
	str_init(&s, 0);
	str_add(&s, "one");
	text = str_take(&s);
	assert_string_equal(text, "one");
	assert_int_equal(s.len, 0);
	str_add(&s, "two");
	assert_string_equal(s.s, "two");
	free(text);
	str_release(&s);
	str_clear(&s); /* one without bytes */
	assert_null(s.s);
	text = str_take(&s);
	assert_string_equal(text, "");
	free(text);
}

/* Where nothing else was asked for. */
static void str__ends__at_its_usual_ceiling(void **state)
{
	char *bytes = mem_alloc(STR_MAX_DEFAULT + 1);
	struct str s = { 0 };

	(void)state;
	str_add_bytes(&s, bytes, STR_MAX_DEFAULT + 1);
	assert_true(s.overflow);
	str_clear(&s);
	str_add_bytes(&s, bytes, STR_MAX_DEFAULT);
	assert_false(s.overflow);
	assert_int_equal(s.len, STR_MAX_DEFAULT);
	str_release(&s);
	free(bytes);
}

static void mem_grow__doubles__and_keeps(void **state)
{
	int *numbers = NULL;
	size_t cap = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		numbers = mem_grow(numbers, (size_t)i, &cap, sizeof(*numbers));
		assert_int_equal(cap, i < 8     ? 8
				      : i < 16  ? 16
				      : i < 32  ? 32
				      : i < 64  ? 64
				      : i < 128 ? 128
				      : i < 256 ? 256
				      : i < 512 ? 512
						: 1024);
		numbers[i] = i;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	free(numbers);
}

static void mem_text__copies__and_knows_null(void **state)
{
	char *copy = mem_text("abc");

	(void)state;
	assert_string_equal(copy, "abc");
	mem_wipe(copy, 3);
	assert_memory_equal(copy, "\0\0\0", 3);
	mem_wipe(NULL, 5);
	free(copy);
	assert_null(mem_text(NULL));
	copy = mem_copy("", 0);
	assert_non_null(copy);
	free(copy);
}

/* Each length to its ceiling, by each way to add. */
static void str_add__holds__its_ceiling_exactly(void **state)
{
	(void)state;
	for (size_t max = 1; max < 300; max++) {
		struct str by_char, by_format;

		str_init(&by_char, max);
		str_init(&by_format, max);
		for (size_t i = 0; i < max; i++) {
			str_add_char(&by_char, 'x');
			str_addf(&by_format, "%c", 'x');
			assert_int_equal(by_char.s[i + 1], 0);
			assert_int_equal(by_format.s[i + 1], 0);
			assert_true(by_char.cap > by_char.len && by_format.cap > by_format.len);
		}
		str_addf(&by_format, "%s", "");
		assert_false(by_char.overflow || by_format.overflow);
		assert_int_equal(by_char.len, max);
		assert_int_equal(by_format.len, max);
		str_add_char(&by_char, 'x');
		str_addf(&by_format, "%c", 'x');
		assert_true(by_char.overflow && by_format.overflow);
		assert_int_equal(by_char.len, max);
		assert_int_equal(by_format.len, max);
		str_release(&by_char);
		str_release(&by_format);
	}
}

/* ---- the end of memory ---- */

static jmp_buf ended;
static unsigned hooks;
static const char *said;

static void give_back(void)
{
	hooks++;
	if (hooks == 1)
		mem_exhausted(); /* it may run out of memory too: it is not called again */
}

static void say(const char *why)
{
	said = why;
	longjmp(ended, 1);
}

static void mem__ends__with_one_word_and_the_terminal_given_back(void **state)
{
	(void)state;
	mem_say_exhaustion(say);
	for (int i = 0; i < 3; i++) {
		said = NULL;
		hooks = 0;
		mem_on_exhaustion(i == 2 ? NULL : give_back);
		if (!setjmp(ended)) {
			if (i == 0)
				mem_resize(NULL, SIZE_MAX / 2, 3); /* more than can be counted */
			else
				mem_exhausted();
			fail();
		}
		assert_string_equal(said, "mxladder: there is no memory left, and the program ends\n");
		assert_int_equal(hooks, i == 2 ? 0 : 1);
	}
	if (!setjmp(ended))
		mem_end("why");
	assert_string_equal(said, "why");
	mem_say_exhaustion(NULL);
}

static void mem_alloc__is__zeroed_and_never_null(void **state)
{
	unsigned char *some = mem_alloc(100), *none = mem_alloc(0), *more = mem_resize(NULL, 0, 5);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(some[i], 0);
	assert_non_null(none);
	assert_non_null(more);
	more = mem_resize(more, 3, 4);
	memcpy(more, "twelve bytes", 12);
	more = mem_resize(more, 1000, 1);
	assert_memory_equal(more, "twelve bytes", 12);
	free(some);
	free(none);
	free(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str_add__keeps__what_fits),
		cmocka_unit_test(str_add_listed__parts__by_commas),
		cmocka_unit_test(str_add_bytes__keeps__zero_bytes),
		cmocka_unit_test(str_room__is__counted_and_ended),
		cmocka_unit_test(str_reserve__takes_in__what_was_written),
		cmocka_unit_test(str_add__grows__a_zeroed_one),
		cmocka_unit_test(str_addf__writes__the_same_wherever_its_room_ends),
		cmocka_unit_test(str_take__hands_over__and_begins_anew),
		cmocka_unit_test(str__ends__at_its_usual_ceiling),
		cmocka_unit_test(mem_grow__doubles__and_keeps),
		cmocka_unit_test(str_add__holds__its_ceiling_exactly),
		cmocka_unit_test(mem__ends__with_one_word_and_the_terminal_given_back),
		cmocka_unit_test(mem_alloc__is__zeroed_and_never_null),
		cmocka_unit_test(mem_text__copies__and_knows_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
