/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do on a screen: mend a finding, complete a name, hold Alt; and what is told of an accepted finding and of a clash. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/preset.h"
#include "driver.h"
#include "io/loop.h"
#include "show/ladder_rows.h"
#include "tui/screen/draw_ladder.h"

#define DOUBLED "mejlserver3.exempel.com.exempel.com"

static bool wants(uint32_t preference, const char *host)
{
	struct mx mx;

	mx_set(&mx, preference, host);
	return mxset_has(session_set(ui.session), &mx);
}

static void type_edit(const char *line)
{
	keys(":");
	answer(line);
	settle();
}

/* From its own screen the selected finding, from the ladder the first that can be. */
static void fix__mends__the_finding_in_the_draft(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("f G x");
	assert_string_equal(ui.message.s, "this finding has no mechanical fix");
	assert_false(session_drafting(ui.session));
	keys("Esc");
	type_edit("add 30 " DOUBLED);
	assert_true(wants(30, DOUBLED));
	keys("f g");
	for (int i = 0; i < 20 && !shows("x mends it in the draft: rename " DOUBLED " mejlserver3.exempel.com"); i++)
		keys("j");
	assert_true(keymap_set(&ui.keymap, "fix", "Alt-x", NULL));
	assert_true(shows("Alt-x mends it in the draft: rename " DOUBLED " mejlserver3.exempel.com"));
	assert_true(keymap_set(&ui.keymap, "fix", "x", NULL));
	keys("x");
	assert_true(wants(30, "mejlserver3.exempel.com"));
	assert_false(wants(30, DOUBLED));
	assert_int_equal(session_set(ui.session)->n, 4);
	keys("Esc u"); /* one step */
	assert_true(wants(30, DOUBLED));
	settle();
	keys("x");
	assert_true(wants(30, "mejlserver3.exempel.com"));
	assert_false(wants(30, DOUBLED));
	close_demo();
}

static void accepted_finding__is_told__with_its_reason_and_end(void **state)
{
	char path[300], line[400];
	FILE *file;

	(void)state;
	open_demo("exempel.com");
	snprintf(path, sizeof(path), "%s/accepted", app.demo_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("exempel.com target-cname@reserv.exempel.net 2098-01-31 moves with the \xe2\x80\xaenext contract\n", file);
	fclose(file);
	snprintf(line, sizeof(line), "accepted_file = %s\n", path);
	configure(line);
	ui_release(&ui);
	ui_init(&ui, &(struct ui_hooks){ .app = &app, .changed = driver_changed });
	struct dname name;
	assert_true(dname_parse(&name, "exempel.com", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
	settle();
	keys("f g");
	for (int i = 0; i < 20 && !shows("Accepted until 2098-01-31"); i++)
		keys("j");
	assert_true(shows("Accepted until 2098-01-31"));
	assert_true(shows("moves with the "));
	assert_false(shows("\xe2\x80\xae"));
	close_demo();
}

static char *accepted_text(void)
{
	char path[300], text[1000];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/accepted", app.demo_dir);
	file = fopen(path, "r");
	n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	text[n] = '\0';
	if (file)
		fclose(file);
	return mem_text(text);
}

static void write_accepted(const char *text)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/accepted", app.demo_dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Its words are there, in whole or cut, at any size; below the selected row they are struck through. */
static void assert_struck(int width, int height, const char *words)
{
	size_t n = 0;

	assert_true(shows_at(width, height, words));
	for (int i = 0; i < width * height; i++)
		n += ui.canvas.cell[i].role == ROLE_ACCEPTED;
	assert_true(n > 8);
}

/* The first row is the alias; it is told behind the others from then on, and counts again when it is taken back. Other lines stay. */
static void finding__is_accepted__and_taken_back(void **state)
{
	static const char others[] =
		"# ours\nexempel.net spof 2098-01-31 paid for\n\nexempel.com target-cname@x.exempel.net 2098-01-31 another";
	char *text;

	(void)state;
	open_demo("exempel.com");
	write_accepted(others);
	assert_true(shows("1 error"));
	keys("f g a");
	assert_int_equal(ui.ask, ASK_ACCEPT_UNTIL);
	answer("0");
	assert_true(shows("is over already"));
	answer("2098-02-28");
	assert_int_equal(ui.ask, ASK_ACCEPT_REASON);
	answer("");
	assert_int_equal(ui.ask, ASK_ACCEPT_REASON);
	answer("moves with the next contract");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("Accepted, in "));
	assert_non_null(strstr(ui.message.s, ": the finding is back when that ends, or at once by a."));
	text = accepted_text();
	assert_non_null(
		strstr(text, "another\nexempel.com target-cname@reserv.exempel.net 2098-02-28T23:59:59Z moves with the next contract\n"));
	free(text);
	assert_true(shows("FINDINGS ▏1 accepted"));
	assert_int_equal(findings_count(session_findings(ui.session), LEVEL_ERROR, false), 0);
	keys("g");
	assert_struck(120, 40, "accepted: reserv.exempel.net is an alias");
	assert_struck(40, 12, "accepted: ");
	keys("G");
	assert_true(shows("accepted: ") && shows("Accepted until 2098-02-28T23:59:59Z: moves with the next contract"));
	keys("Esc");
	assert_struck(120, 40, "accepted:");
	assert_true(shows("1 accepted") && !shows("1 error"));
	keys("f G a");
	assert_int_equal(ui.ask, ASK_WITHDRAW);
	answer("no");
	assert_true(shows("FINDINGS ▏1 accepted"));
	keys("a");
	answer("yes");
	assert_true(shows("is taken out of"));
	text = accepted_text();
	assert_memory_equal(text, others, strlen(others));
	assert_null(strstr(text, "moves"));
	free(text);
	assert_int_equal(findings_count(session_findings(ui.session), LEVEL_ERROR, false), 1);
	close_demo();
}

/* A file that somebody spoiled is not written, and says where. Nor is one in a read-only run. */
static void finding__is_not_accepted__where_the_file_is_not_sound(void **state)
{
	char *text;

	(void)state;
	open_demo("exempel.com");
	write_accepted("exempel.com nonsense\n");
	keys("f g a");
	answer("90d");
	answer("why");
	assert_int_equal(ui.ask, ASK_ACCEPT_REASON);
	assert_true(shows("line 1"));
	text = accepted_text();
	assert_string_equal(text, "exempel.com nonsense\n");
	free(text);
	write_accepted("");
	app.read_only = true;
	answer("why");
	assert_true(shows("--read-only"));
	text = accepted_text();
	assert_string_equal(text, "");
	free(text);
	close_demo();
}

static void tab__completes__the_name_of_a_preset(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("p m i Tab");
	assert_string_equal(ui.prompt.text.s, "microsoft365");
	keys("Ctrl-U Tab");
	assert_string_equal(ui.prompt.text.s, presets[0].name);
	keys("x"); /* typed on, not over */
	assert_int_equal(ui.prompt.text.len, strlen(presets[0].name) + 1);
	keys("Ctrl-U z z Tab");
	assert_string_equal(ui.prompt.text.s, "zz");
	keys("Esc t Ctrl-U m i Tab"); /* not where something else is asked */
	assert_string_equal(ui.prompt.text.s, "mi");
	keys("Esc");
	close_demo();
}

static void alt(uint32_t key)
{
	ui_key(&ui, KEY_ALT | key);
	draw();
}

/* Alt and a letter are Esc and that letter to a terminal, but never an edit or a push. */
static void alt__acts__as_both_keys_where_nothing_changes(void **state)
{
	(void)state;
	open_demo("exempel.com");
	alt('J');
	alt('d');
	assert_false(session_drafting(ui.session));
	keys("f");
	alt('d'); /* nothing there, an edit on the screen below */
	alt('x');
	assert_string_equal(ui_top(&ui)->class->name, "findings");
	assert_false(session_drafting(ui.session));
	alt('s');
	assert_string_equal(ui_top(&ui)->class->name, "simulate");
	keys("Esc r");
	alt('P');
	alt('A');
	alt('T');
	alt(KEYCODE_ENTER);
	assert_string_equal(ui_top(&ui)->class->name, "review");
	assert_int_equal(ui.ask, ASK_NONE);
	alt('f');
	assert_string_equal(ui_top(&ui)->class->name, "findings");
	close_demo();
}

/* The zone moved while the plan was approved: who has what, line by line. */
static void conflict__is_told__by_whose_each_record_is(void **state)
{
	char path[300], zone[2000];
	size_t len;
	FILE *file;

	(void)state;
	open_demo("exempel.com");
	type_edit("add 30 mejlserver3");
	keys("r A");
	answer("a test");
	snprintf(path, sizeof(path), "%s/exempel.com.zone", app.demo_dir);
	file = fopen(path, "r+");
	if (!file) {
		snprintf(path, sizeof(path), "%s/zones/exempel.com.zone", app.demo_dir);
		file = fopen(path, "r+");
	}
	assert_non_null(file);
	len = fread(zone, 1, sizeof(zone) - 1, file);
	zone[len] = '\0';
	assert_non_null(strstr(zone, "MX	10 mejlserver2"));
	memcpy(strstr(zone, "MX	10 mejlserver2"), "MX	11", 5);
	rewind(file);
	assert_int_equal(fwrite(zone, 1, len, file), len);
	fclose(file);
	keys("P");
	for (int i = 0; i < 2000 && work_running(&app, 0); i++)
		loop_run(app.loop);
	assert_int_equal(session_current_push(ui.session)->state, PUSH_CONFLICT);
	assert_true(shows("Who has what: in the plan's base, live now, wanted"));
	assert_true(shows("   Record                      Base   Live   Wanted"));
	assert_true(shows("   10 mejlserver1.exempel.com  yes    yes    yes"));
	assert_true(shows("   10 mejlserver2.exempel.com  yes    no     yes"));
	assert_true(shows("   11 mejlserver2.exempel.com  no     yes    no"));
	assert_true(shows("   20 reserv.exempel.net       yes    yes    yes"));
	assert_true(shows("   30 mejlserver3.exempel.com  no     no     yes"));
	close_demo();
}

/* The ladder rounds no share of something to nothing, and none to all. */
static void share__of_little__is_not_nothing(void **state)
{
	static const double shares[] = { 0.996, 0.004, 0 };
	const struct mxset *set;
	struct sim_share share[3] = { 0 };
	struct sim_result result = { .first = { .n = 3, .share = share } };
	struct ladder_rows rows = { 0 };
	struct list list = { 0 };
	struct canvas canvas;
	struct scene scene;
	struct str text;

	(void)state;
	open_demo("exempel.com");
	scene = ui_scene(&ui);
	set = session_set(ui.session);
	assert_int_equal(set->n, 3);
	for (size_t i = 0; i < 3; i++) {
		share[i].preference = set->mx[i].preference;
		share[i].host = set->mx[i].host;
		share[i].share = shares[i];
	}
	ladder_rows_build(&rows, NULL, set);
	canvas_init(&canvas, 60, 6);
	ladder_draw(&canvas, (struct area){ 0, 6 }, &scene,
		&(struct ladder_view){ .rows = &rows, .result = &result, .facts = session_facts(ui.session), .list = &list });
	str_init(&text, 0);
	canvas_text(&canvas, &text);
	assert_non_null(strstr(text.s, "mejlserver1.exempel.com  99 % "));
	assert_non_null(strstr(text.s, "mejlserver2.exempel.com   1 % "));
	assert_non_null(strstr(text.s, "reserv.exempel.net        0 % "));
	str_release(&text);
	canvas_release(&canvas);
	ladder_rows_release(&rows);
	close_demo();
}

/* Every state has its word, and every sender its whole name, where names or shares have to give way. */
static void state__has_a_word__at_every_width(void **state)
{
	static const struct {
		int width, height;
		const char *words;
	} rows[] = {
		{ 40, 12, " 10 ┬ mejlserver1 ✔ found\n" },
		{ 40, 12, " 20 ─ reserv.exempel.net ▲ alias\n" },
		{ 40, 12, "▸40 ─+nowhere ✖ no such name\n" },
		{ 100, 30, "▸40 ─+nowhere 0 % ✖ no such name " },
	};

	(void)state;
	open_demo("exempel.com");
	type_edit("add 40 nowhere.exempel.com");
	settle();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str text, one;

		str_init(&text, 0);
		str_init(&one, 0);
		ui.ask = ASK_NONE;
		ui_draw(&ui, rows[i].width, rows[i].height, 0);
		canvas_text(&ui.canvas, &text);
		for (const char *c = text.s; *c; c++) /* whatever stands between */
			if (*c != ' ' || (c[1] != ' ' && c[1] != '\n'))
				str_add_bytes(&one, c, 1);
		if (!strstr(one.s, rows[i].words))
			print_message("%s\n%s", rows[i].words, one.s);
		assert_non_null(strstr(one.s, rows[i].words));
		str_release(&text);
		str_release(&one);
	}
	keys("s");
	assert_true(shows("  Sendmail 8.17 (Debian)  "));
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fix__mends__the_finding_in_the_draft),
		cmocka_unit_test(accepted_finding__is_told__with_its_reason_and_end),
		cmocka_unit_test(finding__is_accepted__and_taken_back),
		cmocka_unit_test(finding__is_not_accepted__where_the_file_is_not_sound),
		cmocka_unit_test(tab__completes__the_name_of_a_preset),
		cmocka_unit_test(alt__acts__as_both_keys_where_nothing_changes),
		cmocka_unit_test(conflict__is_told__by_whose_each_record_is),
		cmocka_unit_test(share__of_little__is_not_nothing),
		cmocka_unit_test(state__has_a_word__at_every_width),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("deeds", tests, NULL, NULL);
}
