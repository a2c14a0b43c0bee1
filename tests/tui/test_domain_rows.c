/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of domains cell by cell, of rows that are put there as they could be told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/sets.h"
#include "driver.h"
#include "tui/screen/domains.h"

static const struct check check = { .id = "target-cname" };

static int begin(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("D");
	ui.asks = false; /* nobody asks: the rows are what is put there */
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_demo();
	return 0;
}

static struct roster_row *row_of(const char *name)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	return roster_know(ui.roster, &domain, NULL);
}

/* One that was told, with nothing found. */
static struct roster_row *told(const char *name, const char *set)
{
	struct roster_row *row = row_of(name);

	ui.roster->told += row->state != ROSTER_TOLD;
	row->state = ROSTER_TOLD;
	row->mx = ANSWER_DATA;
	row->failure_known = true;
	set_from(&row->set, set);
	return row;
}

static void expect(int width, const char *row)
{
	struct str text;

	str_init(&text, 0);
	roster_sort(ui.roster, ui.roster->order);
	ui_draw(&ui, width, 24, 0);
	canvas_text(&ui.canvas, &text);
	if (!strstr(text.s, row))
		fail_msg("%s\nis not in\n%s", row, text.s);
	str_release(&text);
}

static void ladder__is_strokes__as_far_as_it_goes(void **state)
{
	static const struct {
		const char *set, *cell;
	} rows[] = {
		{ "60 10 a 20 b", "10─ 20─      b" },
		{ "60 10 a 10 b 10 c", "10───        b" },
		{ "60 10 a 10 b 10 c 10 d 20 e", "10───4 20─   b" },
		{ "60 1 a 2 b 3 c", "1─ 2─ 3─     b" },
		{ "60 1 a 2 b 3 c 4 d", "1─ 2─ 3─ …   b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		told("a.se", rows[i].set)->hoster = "b";
		expect(120, rows[i].cell);
	}
	told("a.se", "60 0 .")->null_mx = true;
	expect(120, "null MX                        1m");
}

static void mail_at__is_the_hoster__or_whose_servers(void **state)
{
	struct roster_row *row = told("a.se", "3600 10 r\xc3\xa4ka.b.se");

	(void)state;
	expect(120, "10─          r\xc3\xa4ka.b.se         1h");
	row->own = true;
	expect(120, "10─          own servers       1h");
	row->hoster = "Some Hoster";
	expect(120, "10─          Some Hoster       1h");
}

static void failure__is_told__by_its_share_and_delay(void **state)
{
	static const struct {
		bool known;
		double lost, late_s;
		const char *cell;
	} rows[] = {
		{ false, 1, 0, " unknown" },
		{ true, 1, 0, " all lost" },
		{ true, 0.9996, 9, " all lost" },
		{ true, 0.9994, 9, " 99 % lost" },
		{ true, 0.5, 0, " 50 % lost" },
		{ true, 0.001, 0, " 1 % lost" },
		{ true, 0, 90, " late 1m30s" },
		{ true, 0, 7300, " late 2h2m" },
		{ true, 0, 0, " no loss" },
	};
	struct roster_row *row = told("a.se", "60 10 a");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row->failure_known = rows[i].known;
		row->lost = rows[i].lost;
		row->late_s = rows[i].late_s;
		expect(120, rows[i].cell);
	}
}

static void state__is_told__in_few_words(void **state)
{
	static const struct {
		enum roster_state is;
		enum answer mx;
		bool found;
		const char *about, *words, *symbol;
	} rows[] = {
		{ ROSTER_UNASKED, ANSWER_DATA, true, "", "not asked", "▸   a.se" },
		{ ROSTER_ASKED, ANSWER_DATA, true, "", "asking", "▸ … a.se" },
		{ ROSTER_TOLD, ANSWER_DATA, true, "", "target-cname", "▲ a.se" },
		{ ROSTER_TOLD, ANSWER_DATA, true, "mx", "target-cname mx", "▲ a.se" },
		{ ROSTER_TOLD, ANSWER_NXDOMAIN, false, "", "no such domain", "✔ a.se" },
		{ ROSTER_TOLD, ANSWER_TIMEOUT, false, "", "no answer", "? a.se" },
		{ ROSTER_TOLD, ANSWER_NODATA, false, "", "nothing found", "✔ a.se" },
		{ ROSTER_TOLD, ANSWER_DATA, false, "", "nothing found", "✔ a.se" },
	};
	struct roster_row *row = told("a.se", "60 10 a");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		row->state = rows[i].is;
		row->mx = rows[i].mx;
		row->worst = rows[i].found ? &check : NULL;
		row->level = LEVEL_WARNING;
		snprintf(row->about, sizeof(row->about), "%s", rows[i].about);
		expect(120, rows[i].symbol);
		expect(120, rows[i].words);
	}
}

/* The rows of the list alone, from their titles on. */
static void expect_rows(int width, const char *wanted)
{
	struct str text;
	const char *from;

	str_init(&text, 0);
	ui_draw(&ui, width, 24, 0);
	canvas_text(&ui.canvas, &text);
	from = strstr(text.s, "    domain");
	assert_non_null(from);
	if (strncmp(from, wanted, strlen(wanted)) != 0)
		fail_msg("%s\nis not\n%.*s", wanted, (int)strlen(wanted) + 40, from);
	str_release(&text);
}

static void columns__that_nobody_fills__are_not_there(void **state)
{
	struct roster_row *row = told("a.se", "60 10 a");

	(void)state;
	told("b.se", "3600 10 a")->own = true;
	row->worst = &check;
	row->level = LEVEL_ERROR;
	roster_sort(ui.roster, ROSTER_BY_NAME);
	expect_rows(110, "    domain               ladder       mail at           TTL     worst finding                  worst failure\n"
			 "▸ ✖ a.se                 10─          a                 1m      target-cname                   no loss\n"
			 "  ✔ b.se                 10─          own servers       1h      nothing found                  no loss\n");
	row->drafted = true;
	row->changes = 1;
	row->push_is = "published";
	row->truth.answered = 2;
	row->truth.agree = 1;
	row->truth.servers = 3;
	free(row->account);
	row->account = strdup("lab");
	expect_rows(140,
		"    domain               ladder       mail at           account    TTL     served worst finding                   worst failure  draft\n"
		"▸ ✖ a.se                 10─          a                 lab        1m      1/3    target-cname                    no loss        1 change\n"
		"  ✔ b.se                 10─          own servers                  1h             nothing found                   no loss\n");
	expect_rows(110, "    domain               ladder       TTL     served worst finding                  worst failure  draft\n"
			 "▸ ✖ a.se                 10─          1m      1/3    target-cname                   no loss        1 change\n"
			 "  ✔ b.se                 10─          1h             nothing found                  no loss\n");
	expect_rows(80, "    domain               ladder       worst finding              worst failure\n"
			"▸ ✖ a.se                 10─          target-cname               no loss\n"
			"  ✔ b.se                 10─          nothing found              no loss\n");
	expect_rows(60, "    domain              worst finding        worst failure\n"
			"▸ ✖ a.se                target-cname         no loss\n"
			"  ✔ b.se                nothing found        no loss\n");
	expect_rows(40, "    domain              worst finding\n"
			"▸ ✖ a.se                target-cname\n"
			"  ✔ b.se                nothing found\n");
}

static void title__counts__what_is_open_and_selected(void **state)
{
	struct roster_row *row = told("a.se", "60 10 a");

	(void)state;
	expect(120, "DOMAINS 1 ▏by name\n");
	row_of("b.se");
	row_of("c.se");
	expect(120, "DOMAINS 3 ▏by name ▏2 still asked\n");
	row->selected = true;
	ui.roster->order = ROSTER_BY_WORST;
	expect(120, "DOMAINS 3 ▏worst first ▏2 still asked ▏1 selected\n");
	ui.roster->order = ROSTER_BY_TTL;
	expect(120, "▏shortest TTL first ▏");
	ui.roster->order = ROSTER_BY_ACCOUNT;
	expect(120, "▏by account ▏");
	expect(120, "▸*✔ a.se");
}

static void filter__holds__name_account_and_finding(void **state)
{
	static const struct {
		const char *word;
		bool shown;
	} rows[] = { { "", true }, { "rka-qla", true }, { "r\xc3\xa4ka", true }, { "lab", true }, { "cname", true }, { "nothing", false } };
	struct roster_row *row = told("r\xc3\xa4ka.se", "60 10 a");
	struct roster_row *meant[2];
	struct screen *screen = &ui.stack[ui.depth - 1];

	(void)state;
	row->worst = &check;
	free(row->account);
	row->account = strdup("lab");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(screen->filter, sizeof(screen->filter), "%s", rows[i].word);
		assert_int_equal(domains_shows(screen, row), rows[i].shown);
		assert_int_equal(domains_meant(screen, ui.roster, meant), rows[i].shown);
		row->selected = true; /* is meant, whatever the filter leaves */
		assert_int_equal(domains_meant(screen, ui.roster, meant), 1);
		row->selected = false;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ladder__is_strokes__as_far_as_it_goes, begin, end),
		cmocka_unit_test_setup_teardown(mail_at__is_the_hoster__or_whose_servers, begin, end),
		cmocka_unit_test_setup_teardown(failure__is_told__by_its_share_and_delay, begin, end),
		cmocka_unit_test_setup_teardown(state__is_told__in_few_words, begin, end),
		cmocka_unit_test_setup_teardown(columns__that_nobody_fills__are_not_there, begin, end),
		cmocka_unit_test_setup_teardown(title__counts__what_is_open_and_selected, begin, end),
		cmocka_unit_test_setup_teardown(filter__holds__name_account_and_finding, begin, end),
	};

	return cmocka_run_group_tests_name("domain_rows", tests, NULL, NULL);
}
