/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The row of a domain in words, of rows that are as they could be told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/sets.h"
#include "said.h"
#include "show/domains.h"
#include "show/speech.h"

static const struct check check = { .id = "target-cname" };
static char account[] = "lab", nobody[] = "";
static struct roster_row row;

static int begin(void **state)
{
	(void)state;
	row = (struct roster_row){ .account = nobody, .state = ROSTER_TOLD, .mx = ANSWER_DATA, .failure_known = true };
	assert_true(dname_parse(&row.name, "a.se", NULL));
	set_from(&row.set, "3600 10 mx.b.se 10 c.b.se 20 d.se");
	return 0;
}

static int end(void **state)
{
	(void)state;
	mxset_release(&row.set);
	return 0;
}

/* As a list of one speaks it. */
static void speaks(const char *wanted)
{
	struct document document;
	struct str text;

	str_init(&text, 0);
	document_begin(&document);
	domains_titles(&document);
	document.item = 0;
	domain_row(&row, false, &document);
	assert_int_equal(document.n_cell, 2 * DOMAIN_CELLS);
	speech_add(&document, true, &text);
	assert_string_equal(text.s, wanted);
	document_release(&document);
	str_release(&text);
}

static void row__is_spoken__with_its_titles(void **state)
{
	(void)state;
	speaks("1. a.se, worst finding: nothing found, worst failure: no loss, ladder: 10 10 20, mail at: c.b.se, TTL: 1h\n");
	row.selected = true;
	row.worst = &check;
	row.level = LEVEL_ERROR;
	snprintf(row.about, sizeof(row.about), "mx.b.se");
	row.account = account;
	row.truth = (struct truth){ .answered = 2, .agree = 1, .servers = 3 };
	snprintf(row.fails, sizeof(row.fails), "c.b.se");
	row.own = row.drafted = true;
	row.changes = 2;
	row.push_is = "published";
	speaks("1. a.se, selected, error, worst finding: target-cname mx.b.se, worst failure: no loss, what fails: c.b.se, ladder: 10 10 20, mail at: own servers, "
	       "account: lab, TTL: 1h, served: 1/3, draft: 2 changes, last push: published\n");
	row.state = ROSTER_ASKED; /* what was told is of before */
	speaks("1. a.se, selected, worst finding: asking, account: lab, draft: 2 changes, last push: published\n");
	row.changes = 1;
	row.state = ROSTER_UNASKED;
	speaks("1. a.se, selected, worst finding: not asked, account: lab, draft: 1 change, last push: published\n");
}

static void set__is_its_preferences__as_far_as_they_go(void **state)
{
	static const struct {
		const char *set, *words;
	} rows[] = {
		{ "60 1 a 2 a 3 a 4 a 5 a 6 a 7 a 8 a", ", ladder: 1 2 3 4 5 6 7 8, mail at: a, TTL: 1m" },
		{ "60 1 a 2 a 3 a 4 a 5 a 6 a 7 a 8 a 9 a", ", ladder: 1 2 3 4 5 6 7 8 …, mail at: a, TTL: 1m" },
		{ "60", "" },
	};
	char wanted[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		set_from(&row.set, rows[i].set);
		snprintf(wanted, sizeof(wanted), "1. a.se, worst finding: nothing found, worst failure: no loss%s\n", rows[i].words);
		speaks(wanted);
	}
	set_from(&row.set, "60 0 .");
	row.null_mx = true;
	row.hoster = "Nobody";
	speaks("1. a.se, worst finding: nothing found, ladder: null MX, TTL: 1m\n");
}

static void failure__is_told__by_its_share_and_delay(void **state)
{
	static const struct {
		bool known;
		double lost, late_s;
		const char *words;
	} rows[] = {
		{ false, 1, 0, "unknown" },
		{ true, 0.9996, 9, "all lost" },
		{ true, 0.9994, 9, "99 % lost" },
		{ true, 0.29, 0, "29 % lost" },
		{ true, 0.0006, 0, "1 % lost" },
		{ true, 0.0005, 0, "no loss" },
		{ true, 0, 90, "late 1m30s" },
		{ true, 0, 0, "no loss" },
	};
	char wanted[200];

	(void)state;
	row.hoster = "Hoster";
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row.failure_known = rows[i].known;
		row.lost = rows[i].lost;
		row.late_s = rows[i].late_s;
		snprintf(wanted, sizeof(wanted),
			"1. a.se, worst finding: nothing found, worst failure: %s, ladder: 10 10 20, mail at: Hoster, TTL: 1h\n",
			rows[i].words);
		speaks(wanted);
	}
}

static void row__has_its_sign__beside_its_state(void **state)
{
	static const struct {
		enum roster_state is;
		enum answer mx;
		bool found;
		const char *cells;
	} rows[] = {
		{ ROSTER_UNASKED, ANSWER_DATA, true, "[text] [pending] [pending not asked] " },
		{ ROSTER_ASKED, ANSWER_DATA, true, "[text] [pending …] [pending asking] " },
		{ ROSTER_TOLD, ANSWER_DATA, true, "[text] [warning ▲ warning] [warning target-cname] " },
		{ ROSTER_TOLD, ANSWER_NXDOMAIN, false, "[text] [ok ✔] [ok no such domain] " },
		{ ROSTER_TOLD, ANSWER_TIMEOUT, false, "[text] [warning ?] [warning no answer] " },
		{ ROSTER_TOLD, ANSWER_NODATA, false, "[text] [ok ✔] [ok nothing found] " },
	};

	(void)state;
	row.level = LEVEL_WARNING;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct document document;
		const char *text;

		row.state = rows[i].is;
		row.mx = rows[i].mx;
		row.worst = rows[i].found ? &check : NULL;
		document_begin(&document);
		domain_row(&row, false, &document);
		text = said(&document);
		assert_int_equal(strncmp(text, "ROW [host a.se] ", 16), 0);
		if (strncmp(text + 16, rows[i].cells, strlen(rows[i].cells)) != 0)
			fail_msg("not %s: %s", rows[i].cells, text);
		document_release(&document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(row__is_spoken__with_its_titles, begin, end),
		cmocka_unit_test_setup_teardown(set__is_its_preferences__as_far_as_they_go, begin, end),
		cmocka_unit_test_setup_teardown(failure__is_told__by_its_share_and_delay, begin, end),
		cmocka_unit_test_setup_teardown(row__has_its_sign__beside_its_state, begin, end),
	};

	return cmocka_run_group_tests_name("domain_words", tests, NULL, NULL);
}
