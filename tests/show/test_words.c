/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that need no session: times, names, errors, speech, levels, and the rows of a ladder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/sets.h"
#include "base/i18n.h"
#include "base/text.h"
#include "said.h"
#include "show/findings.h"
#include "show/ladder_rows.h"
#include "show/outcome.h"
#include "show/speech.h"
#include "show/translate.h"

static struct str out;

static int begin(void **state)
{
	(void)state;
	str_init(&out, 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	str_release(&out);
	return 0;
}

static void expect(const char *text)
{
	assert_string_equal(out.s, text);
	str_clear(&out);
}

/* ---- times and names ---- */

static void ago__changes_its_unit__where_a_whole_one_is_over(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{ -5, "just now" },
		{ 0, "just now" },
		{ 59, "just now" },
		{ 60, "1 min ago" },
		{ 119, "1 min ago" },
		{ 3599, "59 min ago" },
		{ 3600, "1 h ago" },
		{ 7199, "1 h ago" },
		{ 86399, "23 h ago" },
		{ 86400, "1 day ago" },
		{ 172799, "1 day ago" },
		{ 172800, "2 days ago" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		translate_ago(&out, rows[i].seconds);
		expect(rows[i].text);
	}
}

static void ttl__that_nobody_tells__is_not_known(void **state)
{
	(void)state;
	translate_ttl(&out, MX_TTL_UNKNOWN);
	expect("not known");
	translate_ttl(&out, 0);
	expect("0s");
	translate_ttl(&out, 45000);
	expect("12h30m");
}

static void names__are_for_people__where_the_terminal_can(void **state)
{
	struct dname none = { 0 };
	struct mx mx = { 0 };

	(void)state;
	translate_name(&out, &none, false);
	translate_name(&out, &none, true);
	expect("");
	mx_set(&mx, 10, "r\xc3\xa4ka.se");
	translate_mx(&out, &mx, false);
	expect("r\xc3\xa4ka.se");
	translate_mx(&out, &mx, true);
	expect("xn--rka-qla.se");
	mx_set(&mx, 0, ".");
	translate_mx(&out, &mx, false);
	expect(". (no mail)");
	mx_set(&mx, 0, "a..\033");
	assert_int_equal(mx.host.len, 0);
	translate_mx(&out, &mx, false);
	expect("a..\\x1b");
}

static void errors__end__in_their_hint(void **state)
{
	struct err err = { 0 };
	struct msg none = { 0 };

	(void)state;
	translate_msg(&out, &none);
	expect("");
	err_set(&err, ERR_USAGE, N_("no account is named %s"), "x");
	translate_err(&out, &err);
	expect("no account is named x");
	err_hint(&err, N_("mxladder list providers shows them."));
	translate_err(&out, &err);
	expect("no account is named x. mxladder list providers shows them.");
	err_context(&err, "%s", "a file");
	translate_err(&out, &err);
	expect("a file: no account is named x. mxladder list providers shows them.");
}

static void delay__is_told__from_and_to(void **state)
{
	(void)state;
	outcome_delay(&out, 29.6, 30.1);
	expect("30s");
	outcome_delay(&out, 29.4, 30);
	expect("29s\xe2\x80\x93"
	       "30s");
	outcome_delay(&out, 0, 3600);
	expect("0s\xe2\x80\x93"
	       "1h");
}

/* A little is not nothing, nearly all is not all; what sums of shares miss is neither. */
static void share__is_told__as_it_is(void **state)
{
	static const struct {
		double share;
		const char *wanted;
	} rows[] = { { 0, "0 %" }, { 1e-12, "0 %" }, { -1e-12, "0 %" }, { 0.0005, "<0.1 %" }, { 0.001, "0.1 %" }, { 0.015, "1.5 %" },
		{ 0.02, "2 %" }, { 0.099, "9.9 %" }, { 0.105, "10 %" }, { 1.0 / 3, "33 %" }, { 0.5, "50 %" }, { 0.994, "99 %" },
		{ 0.995, ">99 %" }, { 0.996, ">99 %" }, { 0.999999, ">99 %" }, { 1 - 1e-12, "100 %" }, { 1, "100 %" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text_share(&out, rows[i].share);
		expect(rows[i].wanted);
	}
}

static void outcome__is_worse__by_what_is_lost_then_unknown_then_late(void **state)
{
	static const struct session_down rows[] = {
		{ .known = true, .lost = 0.9 },
		{ .known = true, .lost = 0.8, .unknown = 0.9, .delay_max_s = 9 },
		{ .known = true, .lost = 0.7997, .unknown = 0.8, .delay_max_s = 99 },
		{ .known = true, .lost = 0.7999, .unknown = 0.7997, .delay_max_s = 80 },
		{ .known = true, .delay_max_s = 30 },
		{ .known = true, .delay_max_s = 29 },
		{ .known = true, .lost = 0.0004, .unknown = 0.0004 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++)
			assert_int_equal(outcome_worse(&rows[i], &rows[k]), i < k);
}

/* Parts that differ by no more than what is told as none are one: then the slower is worse. */
static void outcome__of_equal_parts__is_worse_by_its_delay(void **state)
{
	static const struct session_down none = { .known = true, .delay_max_s = 30 }, rows[] = { { .known = true, .lost = 0.0005 },
		{ .known = true, .unknown = 0.0005 }, { .known = true, .lost = 0.0005, .unknown = 0.0005 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(outcome_worse(&none, &rows[i]));
		assert_false(outcome_worse(&rows[i], &none));
		assert_false(outcome_worse(&rows[i], &rows[i]));
	}
}

static void levels__have_a_sign_and_a_word(void **state)
{
	static const struct {
		enum check_level level;
		const char *role, *symbol, *word;
	} rows[] = {
		{ LEVEL_ERROR, "error", "\xe2\x9c\x96", "error" },
		{ LEVEL_WARNING, "warning", "\xe2\x96\xb2", "warning" },
		{ LEVEL_NOTICE, "notice", "\xe2\x97\x8f", "notice" },
		{ LEVEL_INFO, "info", "\xc2\xb7", "info" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(roles[level_sign(rows[i].level).role].name, rows[i].role);
		assert_string_equal(level_sign(rows[i].level).symbol, rows[i].symbol);
		assert_string_equal(level_word(rows[i].level), rows[i].word);
	}
}

static void counts__name__each_level_that_is_there(void **state)
{
	static const struct {
		size_t error, warning, notice, info;
		const char *text;
	} rows[] = {
		{ 0, 0, 0, 0, "" },
		{ 0, 0, 0, 2, "" },
		{ 1, 0, 0, 0, "1 error" },
		{ 2, 0, 0, 1, "2 errors" },
		{ 0, 1, 0, 0, "1 warning" },
		{ 0, 2, 1, 0, "2 warnings, 1 notice" },
		{ 3, 0, 2, 0, "3 errors, 2 notices" },
		{ 1, 1, 1, 1, "1 error, 1 warning, 1 notice" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const size_t n[LEVEL_COUNT] = { rows[i].error, rows[i].warning, rows[i].notice, rows[i].info };
		struct finding finding[8] = { { 0 } };
		struct findings findings = { .finding = finding };

		for (int level = LEVEL_ERROR; level < LEVEL_COUNT; level++)
			for (size_t k = 0; k < n[level]; k++)
				finding[findings.n++].level = (enum check_level)level;
		findings_count_text(&findings, &out);
		expect(rows[i].text);
	}
}

/* ---- speech ---- */

static void lines__are_broken__at_blanks_where_they_can_be(void **state)
{
	char exact[SPEECH_WIDTH + 1], text[300], wanted[300];

	(void)state;
	speech_line("", &out);
	expect("");
	memset(exact, 'x', SPEECH_WIDTH);
	exact[SPEECH_WIDTH] = '\0';
	speech_line(exact, &out);
	snprintf(wanted, sizeof(wanted), "%s\n", exact);
	expect(wanted);
	/* a word too long for a line is cut; what follows stands in by two */
	snprintf(text, sizeof(text), "%sy", exact);
	snprintf(wanted, sizeof(wanted), "%s\n  y\n", exact);
	speech_line(text, &out);
	expect(wanted);
	/* the last blank that fits, and one just past the end */
	snprintf(text, sizeof(text), "a b%.*s c", SPEECH_WIDTH - 4, exact);
	snprintf(wanted, sizeof(wanted), "a b%.*s\n  c\n", SPEECH_WIDTH - 4, exact);
	speech_line(text, &out);
	expect(wanted);
	snprintf(text, sizeof(text), "a b%.*s", SPEECH_WIDTH - 3, exact);
	snprintf(wanted, sizeof(wanted), "a b%.*s\n", SPEECH_WIDTH - 3, exact);
	speech_line(text, &out);
	expect(wanted);
	snprintf(text, sizeof(text), "%s   c", exact);
	snprintf(wanted, sizeof(wanted), "%s\n  c\n", exact);
	speech_line(text, &out);
	expect(wanted);
	snprintf(text, sizeof(text), "a %s%s", exact, exact);
	snprintf(wanted, sizeof(wanted), "a\n  %.*s\n  %.*s\n  xxxx\n", SPEECH_WIDTH - 2, exact, SPEECH_WIDTH - 2, exact);
	speech_line(text, &out);
	expect(wanted);
}

static void document__is_spoken__without_signs_and_columns(void **state)
{
	struct document document;

	(void)state;
	document_begin(&document);
	str_add(document_heading(&document), "Hosts");
	document.item = 1;
	document_row(&document);
	document_put(&document, ROLE_TEXT, 0, "");
	str_add(document_sign(&document, (struct sign){ ROLE_ERROR, "x" }, 2), "label:");
	document_put(&document, ROLE_TEXT, 0, "one");
	document_put(&document, ROLE_TEXT, 1, "two.");
	document_put(&document, ROLE_TEXT, 1, "three");
	str_add(document_sentence(&document, ROLE_DIM, "+"), "Of it.");
	document.item = -1;
	document_row(&document);
	document_put(&document, ROLE_TEXT, 0, "none");
	speech_add(&document, false, &out);
	expect("Hosts:\nlabel: one, two. three\nOf it.\nnone\n");
	speech_add(&document, true, &out);
	expect("Hosts:\n2. label: one, two. three\nOf it.\nnone\n");
	assert_string_equal(said(&document),
		"HEAD [heading Hosts]\nROW 1: [text] [error/2 x label:] [text one] [text/1 two.] [text/1 three]\n"
		" 1: [dim + Of it.]\nROW [text none]\n");
	document_release(&document);
	assert_int_equal(document.n, 0);
	assert_int_equal(document.item, -1);
	document_release(&document);
}

static void add_item(struct document *document, int item, const char *row, const char *below, const char *more)
{
	document->item = item;
	document_row(document);
	document_put(document, ROLE_TEXT, 0, row);
	str_add(document_sentence(document, ROLE_TEXT, ""), below);
	str_add(document_sentence(document, ROLE_TEXT, ""), more);
}

/* A row is named before what is new below it; under another number it is told with its sentence. */
static void news__are_told__with_their_row(void **state)
{
	static const struct {
		const char *said, *news;
	} rows[] = {
		{ "", "Rows:\n1. a\nof a\nwhy\n2. b\nof b\nwhy\nend\n" },
		{ "Rows:\n1. a\nof a\nwhy\n2. b\nof b\nwhy\nend\n", "" },
		{ "Rows:\n1. a\nof a\nwhy\n2. b\nof c\nwhy\nend\n", "2. b\nof b\n" },
		{ "Rows:\n1. b\nof b\nwhy\nend\n", "1. a\nof a\n2. b\nof b\n" },
		{ "Rows:\n1. a\nof a\n2. b\nof b\n", "1. a\nwhy\n2. b\nwhy\nend\n" },
		{ "1. aa\nXRows:\nof a\nwhy\n2. b\nof b\nend", "Rows:\n1. a\nof a\nend\n" },
	};
	struct document document;
	struct str before;

	(void)state;
	document_begin(&document);
	str_add(document_heading(&document), "Rows");
	add_item(&document, 0, "a", "of a", "why");
	add_item(&document, 1, "b", "of b", "why");
	document.item = -1;
	str_add(document_sentence(&document, ROLE_TEXT, ""), "end");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_init(&before, 0);
		str_add(&before, rows[i].said);
		speech_news(&document, &before, &out);
		expect(rows[i].news);
		str_release(&before);
	}
	document_release(&document);
}

static void add_words(struct document *document, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		document_put(document, ROLE_TEXT, 0, words[i]);
}

/* Until the next heading, before the cells of rows that are of their shape. */
static void titles__are_spoken__before_each_cell(void **state)
{
	static const char *const titles[] = { "host", "base", "mine" }, *const one[] = { "mx1", "10", "" },
				 *const two[] = { "mx2", "", "20" };
	struct document document;

	(void)state;
	document_begin(&document);
	document_titles(&document);
	add_words(&document, titles, 3);
	document.item = 0;
	document_row(&document);
	add_words(&document, one, 3);
	document.item = 1;
	document_row(&document);
	add_words(&document, two, 3);
	document_row(&document);
	add_words(&document, two, 1);
	str_add(document_heading(&document), "Else");
	document_row(&document);
	add_words(&document, one, 3);
	speech_add(&document, true, &out);
	expect("1. mx1, base: 10\n2. mx2, mine: 20\n2. mx2\nElse:\n2. mx1, 10\n");
	document_release(&document);
}

/* ---- rows of a ladder ---- */

static const char *rungs(const struct ladder_rows *rows)
{
	static char text[500];
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < rows->n; i++) {
		const struct ladder_row *row = &rows->row[i];
		char host[DNAME_TEXT_MAX];

		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s%u %s", i ? ", " : "", row_mark_symbol(row->mark),
			row->mx.preference, mx_host_text(&row->mx, host));
		if (row->mark == ROW_CHANGED)
			at += (size_t)snprintf(text + at, sizeof(text) - at, " was %u", row->old_preference);
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s", row->first ? "" : " <", row->last ? "" : " >");
	}
	return text;
}

static void rows__are_marked__by_what_a_draft_does(void **state)
{
	static const struct {
		const char *from, *to, *rows;
	} cases[] = {
		{ NULL, "60", "" },
		{ NULL, "60 20 b 10 a", " 10 a,  20 b" },
		{ NULL, "60 10 c 10 a 10 b", " 10 a >,  10 b < >,  10 c <" },
		{ "60 10 a", "60 10 a", " 10 a" },
		{ "60 10 a", "60 10 a 20 b", " 10 a, +20 b" },
		{ "60 10 a 20 b", "60 20 b", "-10 a,  20 b" },
		{ "60 10 a 20 b", "60 30 a 20 b", " 20 b, ~30 a was 10" },
		{ "60 10 a 20 a", "60 10 a 30 a", " 10 a, ~30 a was 20" },
		{ "60 10 a 20 b", "60 10 a 10 b", " 10 a >, ~10 b was 20 <" },
		{ "60 10 a", "60", "-10 a" },
		{ "60 10 a..x 20 a..y", "60 30 a..y", "-10 a..x, ~30 a..y was 20" },
		{ "60 10 a..x", "60 10 b", "-10 a..x >, +10 b <" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct ladder_rows rows = { 0 };
		struct mxset from, to;

		mxset_init(&from);
		mxset_init(&to);
		if (cases[i].from)
			set_from(&from, cases[i].from);
		set_from(&to, cases[i].to);
		ladder_rows_build(&rows, cases[i].from ? &from : NULL, &to);
		assert_string_equal(rungs(&rows), cases[i].rows);
		ladder_rows_release(&rows);
		assert_int_equal(rows.n, 0);
		mxset_release(&from);
		mxset_release(&to);
	}
}

static void row__is_found__by_the_record_then_by_the_host(void **state)
{
	static const struct {
		uint32_t preference;
		const char *host;
		size_t at;
	} cases[] = { { 10, "a", 0 }, { 20, "b", 1 }, { 30, "a", 2 }, { 40, "a", 2 }, { 10, "b", 1 }, { 10, "c", 3 } };
	struct ladder_rows rows = { 0 };
	struct mxset set;
	struct mx mx = { 0 };

	(void)state;
	mxset_init(&set);
	set_from(&set, "60 10 a 20 b 30 a");
	ladder_rows_build(&rows, NULL, &set);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		mx_set(&mx, cases[i].preference, cases[i].host);
		assert_int_equal(ladder_rows_find(&rows, &mx), cases[i].at);
	}
	ladder_rows_build(&rows, NULL, &set); /* again: not twice as many */
	assert_int_equal(rows.n, 3);
	ladder_rows_release(&rows);
	mxset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ago__changes_its_unit__where_a_whole_one_is_over, begin, end),
		cmocka_unit_test_setup_teardown(ttl__that_nobody_tells__is_not_known, begin, end),
		cmocka_unit_test_setup_teardown(names__are_for_people__where_the_terminal_can, begin, end),
		cmocka_unit_test_setup_teardown(errors__end__in_their_hint, begin, end),
		cmocka_unit_test_setup_teardown(delay__is_told__from_and_to, begin, end),
		cmocka_unit_test_setup_teardown(share__is_told__as_it_is, begin, end),
		cmocka_unit_test_setup_teardown(outcome__is_worse__by_what_is_lost_then_unknown_then_late, begin, end),
		cmocka_unit_test(outcome__of_equal_parts__is_worse_by_its_delay),
		cmocka_unit_test_setup_teardown(levels__have_a_sign_and_a_word, begin, end),
		cmocka_unit_test_setup_teardown(counts__name__each_level_that_is_there, begin, end),
		cmocka_unit_test_setup_teardown(lines__are_broken__at_blanks_where_they_can_be, begin, end),
		cmocka_unit_test_setup_teardown(document__is_spoken__without_signs_and_columns, begin, end),
		cmocka_unit_test_setup_teardown(news__are_told__with_their_row, begin, end),
		cmocka_unit_test_setup_teardown(titles__are_spoken__before_each_cell, begin, end),
		cmocka_unit_test_setup_teardown(rows__are_marked__by_what_a_draft_does, begin, end),
		cmocka_unit_test_setup_teardown(row__is_found__by_the_record_then_by_the_host, begin, end),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
