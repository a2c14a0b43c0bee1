/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many domains at a glance: rows fill in, keep their place, and are acted on together. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/bulk.h"
#include "driver.h"
#include "io/loop.h"
#include "tui/settings.h"

static void know(const char *name)
{
	struct known_domain domain = { .configured = true };

	assert_true(dname_parse(&domain.name, name, NULL));
	ui_know(&ui, &domain);
}

static struct roster_row *row_of(const char *name)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	return roster_find(ui.roster, &domain);
}

static void until_told(void)
{
	while (ui.roster->told < ui.roster->n || bulk_running(ui.bulk) || ui.zones) {
		loop_run(app.loop);
		draw();
	}
}

static void open_list(void)
{
	open_demo("exempel.com");
	know("exempel.com");
	know("exempel.net");
	know("tyst.example");
	know("exempel.one");
	roster_sort(ui.roster, ROSTER_BY_NAME);
	keys("D");
	draw();
}

static void type(const char *text)
{
	ui_paste(&ui, text, strlen(text));
	draw();
}

static void rows__are_there_at_once__and_fill_in(void **state)
{
	(void)state;
	open_list();
	assert_int_equal(ui.roster->told, 0);
	assert_true(shows("▸   exempel.com") && shows("tyst.example"));
	assert_true(shows("DOMAINS 4 ▏by name ▏4 still asked"));
	until_told();
	assert_true(shows("DOMAINS 4 ▏by name"));
	assert_false(shows("still asked"));
	assert_true(shows("▸ ✖ exempel.com          10── 20─"));
	assert_true(shows("target-cname res"));
	assert_true(shows("null MX"));
	assert_true(shows("all lost"));
	assert_false(shows("account")); /* nobody has one: no column of it */
	close_demo();
}

/* The domain stays in focus, whatever order it comes in; Esc from its ladder leads back to it. */
static void focus__stays__with_its_domain(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_list();
	keys("j");
	assert_true(shows("▸   exempel.net"));
	until_told();
	keys("o");
	assert_true(shows("worst first") && shows("▸ ● exempel.net"));
	assert_string_equal(ui.roster->row[0]->text, "exempel.com");
	assert_string_equal(ui.roster->row[1]->text, "exempel.net");
	keys("o");
	assert_true(shows("shortest TTL first"));
	assert_string_equal(ui.roster->row[0]->text, "exempel.one");
	keys("Enter");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "exempel.net");
	keys("Esc");
	assert_true(shows("▸ ● exempel.net") && shows("shortest TTL first"));
	close_demo();
}

static uint32_t drafted_ttl(const char *name)
{
	struct roster_row *row = row_of(name);

	return row->drafted ? row->want.ttl_s : 0;
}

static void edit__is_shown__and_made_in_all_that_it_fits(void **state)
{
	(void)state;
	open_list();
	until_told();
	keys("Space Space Space");
	assert_true(shows("3 selected"));
	keys("e");
	type("ttl 2h");
	assert_true(shows("exempel.com: Change the TTL from 12h30m to 2h."));
	assert_true(shows("exempel.net: Change the TTL from 1h to 2h."));
	assert_true(shows("exempel.one: Change the TTL from 5m to 2h."));
	keys("Enter");
	until_told();
	assert_true(shows("3 drafts changed."));
	assert_int_equal(drafted_ttl("exempel.com"), 7200);
	assert_int_equal(drafted_ttl("exempel.net"), 7200);
	assert_int_equal(drafted_ttl("exempel.one"), 7200);
	assert_int_equal(drafted_ttl("tyst.example"), 0);
	keys("e");
	type("remove mx3.exempel.net");
	assert_true(shows("exempel.net: "));
	keys("Esc");
	keys("* e"); /* what is not shown is not left out, what is there already is no change */
	type("ttl 2h");
	assert_true(shows("exempel.com: nothing changes"));
	keys("Enter");
	until_told();
	assert_true(shows("1 draft changed. 3 stay as they are."));
	assert_int_equal(drafted_ttl("tyst.example"), 7200);
	close_demo();
}

static void edit__that_does_not_fit__is_named(void **state)
{
	(void)state;
	open_list();
	until_told();
	keys("j Space Space e"); /* not the open one */
	type("remove mx3.exempel.net");
	assert_true(shows("exempel.net: Remove mx3.exempel.net"));
	assert_true(shows("exempel.one: "));
	assert_false(shows("exempel.one: Remove"));
	keys("Enter");
	until_told();
	assert_true(shows("1 draft changed."));
	assert_true(shows("exempel.one: "));
	assert_true(row_of("exempel.net")->drafted);
	assert_false(row_of("exempel.one")->drafted);
	close_demo();
}

/* With nothing selected it is of the row under the cursor, of those that are shown; the open domain alone is told of at once. */
static void edit__without_a_selection__is_of_the_row(void **state)
{
	(void)state;
	open_list();
	until_told();
	keys("j e");
	type("ttl 2h");
	assert_true(shows("exempel.net: Change the TTL from 1h to 2h.") && !shows("exempel.com: "));
	keys("Enter");
	until_told();
	assert_true(shows("1 draft changed."));
	assert_int_equal(drafted_ttl("exempel.net"), 7200);
	assert_int_equal(drafted_ttl("exempel.com"), 0);
	keys("/");
	answer("tyst");
	keys("e");
	type("ttl 3h");
	keys("Enter");
	until_told();
	assert_int_equal(drafted_ttl("tyst.example"), 10800);
	assert_int_equal(drafted_ttl("exempel.net"), 7200);
	keys("/");
	answer("");
	keys("g e");
	type("ttl 4h");
	ui_key(&ui, KEYCODE_ENTER);
	assert_string_equal(ui.message.s, "1 draft changed.");
	assert_int_equal(ui.message_role, ROLE_DRAFT);
	assert_int_equal(drafted_ttl("exempel.com"), 14400);
	keys("e");
	type("ttl 4h");
	ui_key(&ui, KEYCODE_ENTER);
	assert_string_equal(ui.message.s, "0 drafts changed. 1 stays as it is.");
	close_demo();
}

/* As many lines as half the screen takes, and then how many more there are. */
static void preview__of_many__says_how_many_more(void **state)
{
	static const struct {
		int height;
		size_t selected, lines;
		const char *more; /* NULL: all are there */
	} rows[] = { { 30, 12, 12, NULL }, { 30, 13, 12, "\nand 1 more" }, { 14, 4, 4, NULL }, { 14, 13, 4, "\nand 9 more" },
		{ 13, 4, 3, "\nand 1 more" }, { 12, 3, 3, NULL }, { 5, 4, 3, "\nand 1 more" } };
	char name[40];

	(void)state;
	open_demo("exempel.com");
	for (int i = 0; i < 13; i++) {
		snprintf(name, sizeof(name), "kund%02d.example", i);
		know(name);
	}
	roster_sort(ui.roster, ROSTER_BY_NAME);
	keys("D");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text;
		size_t lines = 1;

		for (size_t k = 0; k < ui.roster->n; k++)
			ui.roster->row[k]->selected = k < rows[i].selected;
		ui_draw(&ui, 100, rows[i].height, 0);
		str_init(&text, 0);
		ui_domains_understood(&ui, "ttl 2h", &text);
		for (const char *at = text.s; *at; at++)
			lines += *at == '\n';
		assert_int_equal(lines, rows[i].lines + (rows[i].more != NULL));
		if (rows[i].more)
			assert_string_equal(text.s + text.len - strlen(rows[i].more), rows[i].more);
		else
			assert_null(strstr(text.s, "more"));
		str_clear(&text);
		ui_domains_understood(&ui, "", &text);
		assert_string_equal(text.s, "");
		str_release(&text);
	}
	close_demo();
}

static void drafts__go_into__one_plan_file(void **state)
{
	struct plans plans = { 0 };
	struct str text;
	char path[300];

	(void)state;
	open_list();
	until_told();
	snprintf(path, sizeof(path), "%s/plans", app.demo_dir);
	keys("Space W");
	answer(path);
	assert_true(shows("none of the domains has a draft"));
	keys("Esc k Space j Space Space e");
	answer("ttl 2h");
	until_told();
	keys("W");
	answer(path);
	assert_true(shows("2 plans written to"));
	str_init(&text, 1 << 20);
	assert_true(store_read_file(path, 1 << 20, &text, NULL));
	assert_true(plans_parse(&plans, text.s, text.len, NULL));
	assert_int_equal(plans.n, 2);
	assert_true(plans.many);
	for (size_t i = 0; i < plans.n; i++)
		assert_int_equal(plans.plan[i].want.ttl_s, 7200);
	keys("W");
	answer(path);
	assert_true(shows("there is a file"));
	plans_release(&plans);
	str_release(&text);
	close_demo();
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void names__come__from_a_file(void **state)
{
	char path[300];

	(void)state;
	open_list();
	snprintf(path, sizeof(path), "%s/names", app.demo_dir);
	write_file(path, "# mine\n\n a.example # the first\nb.example\r\na..b\n");
	keys("L");
	answer(path);
	assert_true(shows("line 5"));
	assert_int_equal(ui.roster->n, 4);
	write_file(path, "# mine\n\n a.example # the first\nb.example\r\nexempel.com");
	answer(path);
	assert_true(shows("3 names read from"));
	assert_int_equal(ui.roster->n, 6);
	assert_string_equal(ui.roster->row[0]->text, "a.example");
	close_demo();
}

/* The provider of the demo is one that gives no list: that is said, not that there is none. */
static void zones__are_asked_for__and_what_comes_is_said(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("D Z");
	until_told();
	assert_true(shows("no list of the zones of account demo can be had"));
	assert_null(ui.zones);
	close_demo();
}

static void nothing_known__is_a_welcome(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_demo("exempel.com");
	keys("D");
	assert_true(shows("\n No domain is known here yet.\n   Enter   look at a domain: where its mail goes, "));
	assert_true(shows("\n   q       leave\n Looking changes nothing. "));
	keys("Enter");
	answer("a..b");
	assert_int_equal(ui.ask, ASK_OPEN);
	answer("tyst.example");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "tyst.example");
	keys("A");
	assert_true(shows("which --read-only and --demo forbid"));
	assert_int_equal(ui.ask, ASK_NONE);
	close_demo();
}

/* A domain that no list holds is typed; it is listed from then on, and Esc leads back to it. */
static void new_domain__is_typed__where_rows_are(void **state)
{
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_list();
	until_told();
	assert_true(shows("a new"));
	keys("a");
	answer("neu.example");
	settle();
	assert_string_equal(dname_text(session_domain(ui.session), name), "neu.example");
	keys("Esc");
	until_told();
	assert_true(shows("DOMAINS 5") && row_of("neu.example")->state == ROSTER_TOLD);
	assert_true(dname_equal(&ui_top(&ui)->focus.host, &row_of("neu.example")->name));
	assert_non_null(row_of("exempel.com"));
	keys("a");
	answer("");
	assert_int_equal(ui.ask, ASK_NONE);
	close_demo();
}

/* What the ladder did while the list was not seen is there when it is again. */
static void list__knows_of_a_draft__made_meanwhile(void **state)
{
	(void)state;
	open_list();
	until_told();
	assert_false(row_of("exempel.com")->drafted);
	keys("Enter");
	settle();
	keys("t");
	answer("2h");
	keys("Esc");
	assert_true(row_of("exempel.com")->drafted);
	assert_true(shows("1 change"));
	close_demo();
	open_demo("exempel.com"); /* where it was not seen before, too */
	know("exempel.com");
	keys("t");
	answer("2h");
	ui_show(&ui, "domains", NULL);
	assert_true(row_of("exempel.com")->drafted);
	assert_int_equal(drafted_ttl("exempel.com"), 7200);
	close_demo();
}

/* An acceptance counts in the list as it does on the domain's own screens. */
static void list__leaves_out__what_was_accepted(void **state)
{
	(void)state;
	open_list();
	until_told();
	assert_string_equal(row_of("exempel.com")->worst->id, "target-cname");
	keys("Esc f g a");
	answer("2098-02-28");
	answer("moves with the next contract");
	assert_int_equal(ui.ask, ASK_NONE);
	keys("Esc D");
	until_told();
	assert_non_null(row_of("exempel.com")->worst);
	assert_string_not_equal(row_of("exempel.com")->worst->id, "target-cname");
	close_demo();
}

/* What the demo has to show: names, and of each what makes it worth a look. */
static void demo__has__a_domain_of_each_kind(void **state)
{
	static const struct {
		const char *name, *hoster;
		size_t agree, servers;
		bool null_mx, drafted;
	} rows[] = {
		{ "exempel.com", NULL, 2, 2, false, false },
		{ "exempel.net", NULL, 2, 2, false, true },
		{ "exempel.nu", "Google Workspace", 2, 2, false, false },
		{ "exempel.one", NULL, 1, 1, false, false },
		{ "exempel.org", NULL, 1, 2, false, false },
		{ "exempel.se", NULL, 2, 2, false, false },
		{ "tyst.example", "Null MX (RFC 7505)", 1, 1, true, false },
	};

	(void)state;
	open_demo("exempel.com");
	settings_domains(&ui, &app, NULL);
	assert_int_equal(ui.roster->n, sizeof(rows) / sizeof(*rows));
	keys("D");
	until_told();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct roster_row *row = ui.roster->row[i];

		assert_string_equal(row->text, rows[i].name);
		assert_int_equal(row->truth.agree, rows[i].agree);
		assert_int_equal(row->truth.servers, rows[i].servers);
		assert_int_equal(row->null_mx, rows[i].null_mx);
		assert_int_equal(row->drafted, rows[i].drafted);
		assert_string_equal(row->hoster ? row->hoster : "", rows[i].hoster ? rows[i].hoster : "");
	}
	close_demo();
}

/* The draft that waits brings nothing bad, and nothing but an approval stands before its push. Nor does the alias' cure. */
static void demo__has__drafts_that_are_good(void **state)
{
	(void)state;
	open_demo("exempel.net");
	assert_true(session_drafting(ui.session));
	assert_int_equal(findings_count(session_findings(ui.session), LEVEL_WARNING, true), 0);
	keys("r");
	settle();
	assert_int_equal(gates_blocking(session_gates(ui.session)), 0);
	close_demo();
	open_demo("exempel.com");
	keys("f g x Esc r");
	settle();
	assert_true(session_drafting(ui.session));
	assert_int_equal(findings_count(session_findings(ui.session), LEVEL_WARNING, true), 0);
	assert_int_equal(gates_blocking(session_gates(ui.session)), 0);
	close_demo();
}

/* Each with a set and hosts of its own, asked and walked through. */
static void thousand_rows__are_shown_at_once__and_stay_small(void **state)
{
	struct mallinfo2 before, behind;
	char name[40], zone[400];

	(void)state;
	open_demo("exempel.com");
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "kund%04d.example", i);
		snprintf(zone, sizeof(zone),
			"$ORIGIN %s.\n$TTL 3600\n@ SOA ns a 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n@ MX 10 a\n@ MX 20 b\n"
			"a A 198.51.100.1\nb A 203.0.113.1\nb AAAA 2001:db8::%x\n",
			name, i + 1);
		assert_true(zoneworld_add(app.world, name, zone, strlen(zone), NULL));
	}
	before = mallinfo2();
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "kund%04d.example", i);
		know(name);
	}
	roster_sort(ui.roster, ROSTER_BY_NAME);
	keys("D");
	draw();
	assert_true(shows("kund0000.example") && shows("DOMAINS 1000 ▏by name ▏1000 still asked"));
	keys("G");
	assert_true(shows("▸   kund0999.example"));
	until_told();
	for (int i = 0; i < 1000; i++)
		assert_true(ui.roster->row[i]->state == ROSTER_TOLD && ui.roster->row[i]->set.n == 2);
	keys("g");
	for (int i = 0; i < 60; i++)
		keys("j");
	assert_true(shows("▸ ✖ kund0060.example"));
	behind = mallinfo2();
	assert_true(behind.uordblks < before.uordblks + ((size_t)12 << 20));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows__are_there_at_once__and_fill_in),
		cmocka_unit_test(focus__stays__with_its_domain),
		cmocka_unit_test(edit__is_shown__and_made_in_all_that_it_fits),
		cmocka_unit_test(edit__that_does_not_fit__is_named),
		cmocka_unit_test(edit__without_a_selection__is_of_the_row),
		cmocka_unit_test(preview__of_many__says_how_many_more),
		cmocka_unit_test(drafts__go_into__one_plan_file),
		cmocka_unit_test(names__come__from_a_file),
		cmocka_unit_test(zones__are_asked_for__and_what_comes_is_said),
		cmocka_unit_test(nothing_known__is_a_welcome),
		cmocka_unit_test(new_domain__is_typed__where_rows_are),
		cmocka_unit_test(list__knows_of_a_draft__made_meanwhile),
		cmocka_unit_test(list__leaves_out__what_was_accepted),
		cmocka_unit_test(demo__has__a_domain_of_each_kind),
		cmocka_unit_test(demo__has__drafts_that_are_good),
		cmocka_unit_test(thousand_rows__are_shown_at_once__and_stay_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
