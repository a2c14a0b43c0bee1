/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and pages of the screens that are read: which rows stand where, what is followed, how far a page goes, which hints there is room
 * for. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/requests.h"
#include "base/mem.h"
#include "driver.h"
#include "pictures.h"
#include "show/speech.h"

static int begin(void **state)
{
	(void)state;
	open_demo("exempel.com");
	draw();
	return 0;
}

static int end(void **state)
{
	(void)state;
	close_demo();
	return 0;
}

/* ---- requests ---- */

static void add_request(const char *path)
{
	static const struct provider pdns = { .auth = { .header = "X-API-Key" } };
	const struct provider_account of = { .name = "lab", .provider = &pdns };
	struct request request;

	request_init(&request);
	http_request_set(&request.http, "GET", "%s", path);
	requests_end(app.requests, requests_add(app.requests, &of, &request, "http://127.0.0.1:8081"), 200, NULL);
	request_release(&request);
}

static int selected(void)
{
	return ui_top(&ui)->list.selected;
}

/* One that was chosen stays so, in its new place; the first row is the last request, whichever that is. */
static void request_that_is_chosen__stays_so(void **state)
{
	(void)state;
	app.requests->n = 0; /* the demo has read its files */
	keys("I");
	add_request("/one");
	add_request("/two");
	assert_true(shows(" GET http://127.0.0.1:8081/two\n"));
	add_request("/three");
	assert_true(shows(" GET http://127.0.0.1:8081/three\n"));
	keys("j");
	assert_int_equal(selected(), 1);
	assert_true(shows(" GET http://127.0.0.1:8081/two\n"));
	add_request("/four");
	assert_true(shows(" GET http://127.0.0.1:8081/two\n"));
	assert_int_equal(selected(), 2);
	keys("G");
	add_request("/five");
	assert_true(shows(" GET http://127.0.0.1:8081/one\n"));
	assert_int_equal(selected(), 4);
	keys("g");
	add_request("/six");
	assert_true(shows(" GET http://127.0.0.1:8081/six\n"));
	assert_int_equal(selected(), 0);
	keys("/");
	answer("/t");
	draw();
	assert_int_equal(ui_top(&ui)->list.n, 2);
	keys("j");
	add_request("/seven");
	add_request("/ten");
	assert_true(shows(" GET http://127.0.0.1:8081/two\n") && !shows("seven"));
	assert_int_equal(ui_top(&ui)->list.n, 3);
	assert_int_equal(selected(), 2);
}

/* Those of earlier runs stand below those of this one, for the domain that is open. */
static void requests__of_earlier_runs__stand_below(void **state)
{
	(void)state;
	keys("t");
	answer("2h");
	keys("r A");
	answer("a test");
	keys("P");
	settle();
	assert_int_equal(session_current_push(ui.session)->state, PUSH_PUBLISHED);
	app.requests->since += 3600; /* as a later run sees it */
	app.requests->n = 0;
	keys("I");
	assert_true(shows("From the journal: of the push ") && !shows("Nothing was asked"));
	add_request("/now");
	keys("g");
	assert_true(shows(" GET http://127.0.0.1:8081/now\n") && !shows("From the journal"));
	keys("j");
	assert_true(shows("From the journal: of the push "));
	add_request("/later");
	assert_true(shows("From the journal: of the push "));
	assert_int_equal(selected(), 2);
}

/* ---- accounts ---- */

static void accounts__nobody_configured__are_said_to_be_none(void **state)
{
	(void)state;
	config_release(&app.config);
	app.config = (struct config){ 0 };
	keys("@");
	assert_true(shows(
		"\n No account is configured.\n An account is written into the configuration, which --read-only and --demo forbid.\n"));
	app.demo = false;
	assert_true(shows("\n No account is configured.\n A adds one: until then nothing can be pushed.\n"));
	app.read_only = true;
	assert_false(shows("A adds one"));
	app.read_only = false;
	app.demo = true;
	keys("t");
	assert_string_equal(ui.message.s, "there is no account here");
	assert_int_equal(ui.message_role, ROLE_ERROR);
}

/* The row that is told below is the one under the cursor, of those that are shown. */
static void account__that_is_told__is_the_selected(void **state)
{
	(void)state;
	configure("[account a1]\nprovider = powerdns\n[account b1]\nprovider = powerdns\n[account a2]\nprovider = powerdns\n");
	keys("@");
	assert_int_equal(ui_top(&ui)->list.n, 4);
	assert_true(shows("\n demo\n"));
	keys("j j");
	assert_true(shows("\n b1\n") && !shows("\n a1\n") && !shows("\n a2\n"));
	keys("/");
	answer("a");
	draw();
	assert_int_equal(ui_top(&ui)->list.n, 2);
	keys("G");
	assert_true(shows("\n a2\n") && !shows("b1"));
	keys("k");
	assert_true(shows("\n a1\n"));
}

/* ---- history ---- */

#define PUSHES 8

static void fill_history(void)
{
	char text[40];

	ui.history = (struct history){ .n = PUSHES, .cap = PUSHES, .push = mem_alloc(PUSHES * sizeof(struct past_push)) };
	for (int i = 0; i < PUSHES; i++) {
		struct past_push *push = &ui.history.push[i];

		*push = (struct past_push){ .at = 1795537800 + 60 * i, .state = mem_text(i % 2 ? "published" : "failed") };
		plan_init(&push->plan);
		snprintf(text, sizeof(text), "id-%d", i);
		push->id = mem_text(text);
		snprintf(text, sizeof(text), "note-%d", i);
		push->note = mem_text(text);
	}
}

/* The last one first, in at most half of the screen; the rest is scrolled to, and the selected one told below. */
static void history__longer_than_its_half__is_scrolled(void **state)
{
	(void)state;
	keys("H");
	fill_history();
	assert_int_equal(line_of(80, 12, "note-7"), 1);
	assert_int_equal(line_of(80, 12, "note-3"), 5);
	assert_int_equal(line_of(80, 12, "note-2"), -1);
	assert_int_equal(line_of(80, 12, "\n id-7\n"), 5);
	assert_true(shows_at(80, 12, "\n▸2026-11-24T16:37:00Z  ✔ published"));
	press("G");
	assert_int_equal(line_of(80, 12, "note-4"), 1);
	assert_int_equal(line_of(80, 12, "note-0"), 5);
	assert_true(shows_at(80, 12, "\n▸2026-11-24T16:30:00Z  ✖ failed"));
	assert_true(shows_at(80, 12, "\n id-0\n"));
	assert_int_equal(ui.canvas.cursor_x, 1);
	assert_int_equal(ui.canvas.cursor_y, 5);
	ui_click(&ui, 79, 2);
	assert_int_equal(selected(), 4);
	press("PgUp");
	assert_int_equal(selected(), 0);
	press("PgDn");
	assert_int_equal(selected(), 5);
	assert_int_equal(line_of(80, 24, "note-0"), 9); /* all are there, and a rule below */
	assert_int_equal(line_of(80, 24, "\n id-2\n"), 10);
	assert_int_equal(line_of(80, 18, "note-1"), 8);
	assert_int_equal(line_of(80, 18, "note-0"), -1);
}

static void history__is_spoken__with_what_each_changed(void **state)
{
	struct document document;
	struct scene scene;
	struct str text;

	(void)state;
	keys("H");
	for (int filled = 0; filled < 2; filled++) {
		if (filled)
			fill_history();
		scene = ui_scene(&ui);
		str_init(&text, 0);
		document_begin(&document);
		screen_history.tell(ui_top(&ui), &scene, &document);
		speech_add(&document, true, &text);
		if (!filled)
			assert_string_equal(text.s, "The journal here holds no push.\n");
		else
			assert_int_equal(strncmp(text.s, "1. 2026-11-24T16:37:00Z, published, note-7\n", 43), 0);
		assert_null(strstr(text.s, "\n1. ")); /* what each changed has no number */
		document_release(&document);
		str_release(&text);
	}
}

/* ---- pages ---- */

static void review__is_turned__by_what_is_seen(void **state)
{
	(void)state;
	keys("t");
	answer("1h");
	keys("a");
	answer("30 mejlserver3");
	settle();
	keys("r");
	settle();
	assert_true(shows_at(80, 12, " lines 1-9 of "));
	press("PgDn");
	assert_true(shows_at(80, 12, " lines 10-18 of "));
	press("PgUp");
	assert_true(shows_at(80, 12, " lines 1-9 of "));
}

static void why__tells__when_each_server_is_met(void **state)
{
	(void)state;
	session_set_sender(ui.session, sender_find("postfix"));
	keys("s M");
	answer("mejlserver1.exempel.com=timeout");
	keys("w");
	assert_int_equal(line_of(100, 30, "\n    0s  ▲ mejlserver1.exempel.com [2001:db8::10]  Nothing answers"), 2);
	assert_int_equal(line_of(100, 30, "\n   30s  ▲ mejlserver1.exempel.com [192.0.2.10]    Nothing answers"), 5);
	assert_int_equal(line_of(100, 30, "\n    1m  ✔ mejlserver2.exempel.com [192.0.2.11]    The server accepts"), 8);
}

/* The ladders take at most half of what is below the header. */
static void review__of_many_hosts__leaves_half_to_the_words(void **state)
{
	char text[40];

	(void)state;
	for (int i = 0; i < 12; i++) {
		snprintf(text, sizeof(text), "%d h%d.exempel.com", 30 + i, i);
		keys("a");
		answer(text);
	}
	keys("r");
	assert_int_equal(line_of(100, 24, "h5.exempel.com"), 11);
	assert_int_equal(line_of(100, 24, "h6.exempel.com"), 12);
	assert_int_equal(line_of(100, 24, "│    37 ─+ h7.exempel.com"), -1);
	assert_int_equal(line_of(100, 24, "Not approved yet"), 14);
	assert_int_equal(line_of(100, 40, "Not approved yet"), 19);
}

static void push__is_turned__by_what_is_seen(void **state)
{
	(void)state;
	keys("w");
	ui_show(&ui, "push", NULL);
	assert_true(shows("Nothing was pushed in this session."));
	keys("R"); /* nothing to take back */
	assert_string_equal(ui_top(&ui)->class->name, "push");
	keys("Esc t");
	answer("2h");
	keys("r A");
	answer("a test");
	keys("P");
	settle();
	assert_true(shows_at(40, 12, " lines 1-9 of "));
	press("PgDn");
	assert_true(shows_at(40, 12, " lines 10-18 of "));
	press("PgUp");
	assert_true(shows_at(40, 12, " lines 1-9 of "));
}

/* ---- hints ---- */

/* The last row of each screen, from where there is little room to where there is much, with a draft. */
static void hints__give_way__by_their_rank(void **state)
{
	static const int widths[] = { 30, 40, 50, 60, 70, 80, 90, 100, 120, 140 };
	struct str seen;

	(void)state;
	configure("[account lab]\nprovider = powerdns\n");
	keys("t");
	answer("2h");
	keys("t");
	answer("3h");
	keys("u");
	settle();
	str_init(&seen, 0);
	for (size_t i = 0; screens[i]; i++) {
		ui_show(&ui, screens[i]->name, "ttl");
		str_addf(&seen, "== %s\n", screens[i]->name);
		str_clear(&ui.message);
		for (size_t k = 0; k < sizeof(widths) / sizeof(*widths); k++) {
			struct str text;

			str_init(&text, 0);
			ui_draw(&ui, widths[k], 24, 0);
			canvas_text(&ui.canvas, &text);
			text.s[text.len - 1] = '\0';
			str_addf(&seen, "%s\n", strrchr(text.s, '\n') + 1);
			str_release(&text);
		}
	}
	picture_compare("hints", seen.s);
	str_release(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(request_that_is_chosen__stays_so, begin, end),
		cmocka_unit_test_setup_teardown(requests__of_earlier_runs__stand_below, begin, end),
		cmocka_unit_test_setup_teardown(accounts__nobody_configured__are_said_to_be_none, begin, end),
		cmocka_unit_test_setup_teardown(account__that_is_told__is_the_selected, begin, end),
		cmocka_unit_test_setup_teardown(history__longer_than_its_half__is_scrolled, begin, end),
		cmocka_unit_test_setup_teardown(history__is_spoken__with_what_each_changed, begin, end),
		cmocka_unit_test_setup_teardown(review__is_turned__by_what_is_seen, begin, end),
		cmocka_unit_test_setup_teardown(why__tells__when_each_server_is_met, begin, end),
		cmocka_unit_test_setup_teardown(review__of_many_hosts__leaves_half_to_the_words, begin, end),
		cmocka_unit_test_setup_teardown(push__is_turned__by_what_is_seen, begin, end),
		cmocka_unit_test_setup_teardown(hints__give_way__by_their_rank, begin, end),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests_name("screen_lists", tests, NULL, NULL);
}
