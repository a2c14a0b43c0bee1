/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix and the table of all senders in words, of rows that are put there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "said.h"
#include "show/matrix.h"
#include "show/speech.h"
#include "show/sums.h"

#define SOME 0.0005 /* what is no more than that is none */

static struct mark marks[3];
static uint64_t gone;
static struct matrix_cover cover;
static struct matrix matrix;
static struct marks none;
static struct document document;

static int begin(void **state)
{
	(void)state;
	marks[0] = (struct mark){ .kind = MARK_HOST };
	marks[1] = (struct mark){ .kind = MARK_ZONE };
	marks[2] = (struct mark){ .kind = MARK_FAMILY, .family = 4 };
	assert_true(dname_parse(&marks[0].name, "r\xc3\xa4ka.example", NULL));
	assert_true(dname_parse(&marks[1].name, "exempel.com", NULL));
	gone = 0;
	cover = (struct matrix_cover){ .words = 1, .gone = &gone };
	none = (struct marks){ 0 };
	matrix = (struct matrix){ .in = { .marks = &none }, .depth = 2, .n_failure = 3, .failure = marks, .cover = &cover };
	document_begin(&document);
	return 0;
}

static int end(void **state)
{
	(void)state;
	document_release(&document);
	return 0;
}

static void is(const char *wanted)
{
	assert_string_equal(said(&document), wanted);
	assert_int_equal(document.depth, 0);
	document_release(&document);
}

static void row__has_a_sign_and_a_word__of_its_worst(void **state)
{
	static const struct {
		struct matrix_row row;
		const char *wanted;
	} rows[] = {
		{ { .n = 1, .now = 1 }, "ROW [text r\xc3\xa4ka.example] [ok ✔ delivered] [text 100 %] [text 0 %] [text] [text 0 %]\n" },
		{ { .n = 1, .now = 0.996, .late = 0.004 },
			"ROW [text r\xc3\xa4ka.example] [warning ▲ late] [text >99 %] [text 0.4 %] [text] [text 0 %]\n" },
		{ { .n = 2, .failure = { 1, 2 }, .now = 0.5, .late = 0.25, .lost = 0.25 },
			"ROW [text zone exempel.com + IPv4] [error ✖ lost] [text 50 %] [text 25 %] [text] [error 25 %]\n" },
		{ { .n = 1, .failure = { 2 }, .lost = 1, .bounced = 0.5 },
			"ROW [text IPv4] [error ✖ bounced] [text 0 %] [text 0 %] [text] [error 100 %]\n" },
		{ { .n = 1, .now = 1, .late = SOME, .lost = SOME, .unknown = SOME, .bounced = SOME },
			"ROW [text r\xc3\xa4ka.example] [ok ✔ delivered] [text 100 %] [text <0.1 %] [text] [text <0.1 %]\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		matrix_row_document(&matrix, &rows[i].row, false, &document);
		is(rows[i].wanted);
	}
	matrix.unknown = SOME;
	matrix_row_document(&matrix, &(struct matrix_row){ .n = 1, .now = 1, .unknown = SOME }, true, &document);
	is("ROW [text xn--rka-qla.example] [ok ✔ delivered] [text 100 %] [text 0 %] [text] [text 0 %]\n");
	matrix.unknown = 1;
	matrix_row_document(&matrix, &(struct matrix_row){ .n = 1, .unknown = 1 }, true, &document);
	is("ROW [text xn--rka-qla.example] [warning ? unknown] [text 0 %] [text 0 %] [warning 100 %] [text 0 %]\n");
	matrix_row_document(&matrix, &(struct matrix_row){ .n = 1, .now = 1 }, true, &document);
	is("ROW [text xn--rka-qla.example] [ok ✔ delivered] [text 100 %] [text 0 %] [text 0 %] [text 0 %]\n");
}

static void row__that_adds_nothing__is_not_shown(void **state)
{
	(void)state;
	assert_true(matrix_row_shown(&(struct matrix_row){ .n = 1 }));
	assert_false(matrix_row_shown(&(struct matrix_row){ .no_worse = true }));
	assert_false(matrix_row_shown(&(struct matrix_row){ .repeats = true }));
}

static void row__is_spoken__with_its_titles(void **state)
{
	struct str text;

	(void)state;
	str_init(&text, 0);
	matrix_titles(&document);
	document.item = 0;
	matrix_row_document(&matrix, &(struct matrix_row){ .n = 1, .failure = { 2 }, .now = 1 }, false, &document);
	assert_int_equal(document.n_cell, 2 * MATRIX_CELLS);
	speech_add(&document, true, &text);
	assert_string_equal(text.s, "1. IPv4, delivered, at once: 100 %, late: 0 %, lost: 0 %\n");
	str_release(&text);
}

static void rest__is_what_is_still_tried_or_adds_nothing(void **state)
{
	(void)state;
	matrix.n_row = 4;
	matrix_rest(&matrix, 2, true, &document);
	is(" [pending … 4 of 6 failures tried]\n");
	matrix_rest(&matrix, 2, false, &document);
	is(" [warning ▲ stopped: 4 of 6 failures tried]\n");
	matrix.n_row = 6;
	matrix_rest(&matrix, 5, false, &document);
	is(" [dim 1 more failure adds nothing new]\n");
	matrix_rest(&matrix, 4, false, &document);
	is(" [dim 2 more failures add nothing new]\n");
	matrix_rest(&matrix, 6, false, &document);
	is("");
}

static void cuts__say_what_stops_the_mail(void **state)
{
	struct cut_words words[2] = { { .unknown = 0 }, { .unknown = 0.5 } };
	struct marks one = { .n = 1, .mark = marks };

	(void)state;
	msg_set(&words[0].why, "a and b share %s", "c");
	msg_set(&words[1].why, "d");
	msg_set(&words[1].rest, "the rest may go");
	matrix_cuts(&matrix, words, 0, &document);
	is("");
	matrix_cuts(&matrix, words, 1, &document);
	is("HEAD [heading What stops the mail]\n> [text ● a and b share c]\n");
	matrix_cuts(&matrix, words, 2, &document);
	assert_int_equal(document.part[3].depth, 2);
	is("HEAD [heading What stops the mail to the servers that are known]\n"
	   "> [text ● a and b share c]\n> [text ● d]\n> [warning the rest may go]\n");
	matrix.in.marks = &one;
	matrix_cuts(&matrix, words, 1, &document);
	is("HEAD [heading What stops the mail, beside what is marked]\n> [text ● a and b share c]\n");
	matrix_cuts(&matrix, words, 2, &document);
	assert_non_null(
		strstr(said(&document), "HEAD [heading What stops the mail to the servers that are known, beside what is marked]\n"));
	document_release(&document);
	cover.n_pair = 1;
	gone = 1;
	matrix_cuts(&matrix, words, 0, &document);
	is(" [error What is marked stops the mail already.]\n");
}

/* ---- every sender ---- */

static void sender__is_a_row__of_first_attempt_and_end(void **state)
{
	struct sim_share first[2] = { { .share = 0.25 }, { .share = 0.25 } }, final[1] = { { .share = 0.75 } };
	struct sim_result result = { .sender = sender_find("postfix"),
		.first = { .n = 2, .share = first, .deferred = 0.375, .bounced = 0.125 },
		.final = { .n = 1, .share = final, .deferred = 0.0625, .bounced = 0.125, .unknown = 0.0625 },
		.connections_mean = 1.255 };

	(void)state;
	sums_titles(&document);
	sums_row(&result, &document);
	assert_false(document.cell[8].number);
	for (size_t i = 9; i < 16; i++)
		assert_true(document.cell[i].number && document.cell[i - 8].number);
	is("TITLES [dim sender] [dim first attempt] [dim waits] [dim returned] [dim late] [dim lost in the end] [dim unknown] [dim connections]\n"
	   "ROW [text Postfix 3.7] [text 50 %] [text 38 %] [text 12 %] [text 25 %] [text 19 %] [text 6.2 %] [text 1.25]\n");
	final[0].share = 0.25; /* less than at first: nothing comes late */
	result.sender = sender_find("gmail");
	sums_row(&result, &document);
	assert_non_null(strstr(said(&document), "ROW [text Gmail ?] [text 50 %] [text 38 %] [text 12 %] [text 0 %] "));
	result.first.unknown = 0.001; /* then nobody knows how often it connects */
	sums_row(&result, &document);
	assert_non_null(strstr(said(&document), " [text 6.2 %] [text unknown]\n"));
}

/* Who takes its mail at first and in the end, and how one message goes; what there is none of has no row. */
static void sender__in_full__has_its_rows(void **state)
{
	struct sim_share share[1] = { { .share = 0.5 } };
	struct sim_step step[21] = { { .at_s = 0.4 } };
	struct sim_result result = { .sender = sender_find("postfix"),
		.first = { .n = 1, .share = share, .deferred = 0.25, .unknown = 0.125, .bounced = 0.125 },
		.exact = true,
		.n_step = 1,
		.step = step };

	(void)state;
	share[0].host = marks[0].name;
	for (size_t i = 0; i < sizeof(step) / sizeof(*step); i++)
		step[i].code = i ? "refused" : "accepted";
	step[0].host = marks[1].name;
	assert_true(addr_parse(&step[0].addr, "192.0.2.1"));
	msg_set(&step[0].result, "taken");
	sender_document(&result, &document);
	assert_int_equal(document.part[2].depth, 2);
	is(" [heading Postfix 3.7 (measured)]\n"
	   "> [heading first delivery attempt:]\n"
	   ">ROW [host r\xc3\xa4ka.example] [text 50 %]\n"
	   ">ROW [text waits in the sender's queue] [text 25 %]\n"
	   ">ROW [text unknown: too little is known] [text 12 %]\n"
	   ">ROW [text returned to the sender] [text 12 %]\n"
	   "> [heading in the end, if it stays so:]\n"
	   "> [heading one message:]\n"
	   ">ROW [text 0s] [ok ✔ exempel.com [192.0.2.1]] [text taken]\n");
	result = (struct sim_result){ .sender = result.sender, .final = { .deferred = 1 }, .n_step = 21, .step = step, .samples = 1000 };
	sender_document(&result, &document);
	assert_int_equal(document.n, 4 + 1 + 20 + 1);
	assert_non_null(strstr(said(&document), "> [heading in the end, if it stays so:]\n>ROW [text not delivered] [text 100 %]\n"));
	assert_non_null(strstr(said(&document), "\n> [dim sampled: 1000 messages]\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(row__has_a_sign_and_a_word__of_its_worst, begin, end),
		cmocka_unit_test_setup_teardown(row__that_adds_nothing__is_not_shown, begin, end),
		cmocka_unit_test_setup_teardown(row__is_spoken__with_its_titles, begin, end),
		cmocka_unit_test_setup_teardown(rest__is_what_is_still_tried_or_adds_nothing, begin, end),
		cmocka_unit_test_setup_teardown(cuts__say_what_stops_the_mail, begin, end),
		cmocka_unit_test_setup_teardown(sender__is_a_row__of_first_attempt_and_end, begin, end),
		cmocka_unit_test_setup_teardown(sender__in_full__has_its_rows, begin, end),
	};

	return cmocka_run_group_tests_name("matrices", tests, NULL, NULL);
}
