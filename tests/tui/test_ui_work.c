/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push belongs to the program: it goes on when another domain is opened, is seen on every screen, and no leaving ends it unasked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "driver.h"
#include "io/loop.h"
#include "tui/screen/badge.h"

static unsigned changes;

static void count_change(void *data)
{
	(void)data;
	changes++;
}

static void start_push(void)
{
	open_demo("exempel.com");
	keys("a");
	answer("30 mejlserver3");
	keys("r A");
	answer("a test");
	keys("P");
	assert_non_null(work_running(&app, 0));
}

static void run_to_its_end(void)
{
	for (int i = 0; i < 2000 && work_running(&app, 0); i++)
		loop_run(app.loop);
	assert_null(work_running(&app, 0));
}

static bool has_draft(const char *name)
{
	struct draft draft = { 0 };
	struct dname domain;
	struct plan plan;
	bool has;

	plan_init(&plan);
	assert_true(dname_parse(&domain, name, NULL));
	has = store_draft_load(app.store, &domain, &plan, &draft, NULL);
	plan_release(&plan);
	draft_release(&draft);
	return has;
}

static void push__goes_on__when_another_domain_is_opened(void **state)
{
	const struct push *push;
	struct mx mx;

	(void)state;
	start_push();
	keys(":");
	answer("open exempel.net");
	draw();
	assert_true(shows("push of exempel.com"));
	keys("f");
	draw();
	assert_true(shows("push of exempel.com"));
	run_to_its_end();
	draw();
	assert_false(shows("push of exempel.com"));
	assert_false(has_draft("exempel.com")); /* it has done its work */
	keys(":");
	answer("open exempel.com");
	push = session_current_push(ui.session);
	assert_non_null(push);
	assert_int_equal(push->state, PUSH_PUBLISHED);
	settle();
	mx_set(&mx, 30, "mejlserver3.exempel.com");
	assert_true(mxset_has(session_set(ui.session), &mx));
	assert_false(session_drafting(ui.session));
	close_demo();
}

static void coming_back__while_it_runs__shows_the_push(void **state)
{
	(void)state;
	start_push();
	keys(":");
	answer("open exempel.net");
	keys(":");
	answer("open exempel.com");
	assert_string_equal(ui_top(&ui)->class->name, "push");
	assert_null(session_interrupted(ui.session, NULL));
	run_to_its_end();
	assert_int_equal(session_current_push(ui.session)->state, PUSH_PUBLISHED);
	settle();
	assert_false(session_drafting(ui.session));
	assert_false(has_draft("exempel.com"));
	close_demo();
}

/* What a provider makes it wait for stands on the push screen, its end in the badge of every screen. */
static void wait__is_shown__with_its_time(void **state)
{
	struct push *push;
	struct msg read;

	(void)state;
	start_push();
	push = (struct push *)(uintptr_t)work_running(&app, 0);
	msg_set(&push->wait, "%s lets account %s ask no more before %s", "Own", "lab", "2026-11-25T10:01:02Z");
	push->wait_until = 1795600862;
	assert_true(shows("Own lets account lab ask no more before 2026-11-25T10:01:02Z"));
	assert_true(shows("push waits, 10:01:02 UTC"));
	push->wait_until = 0; /* nobody knows */
	assert_false(shows("waits, "));
	assert_true(shows("push waits"));
	push->wait.id = NULL;
	assert_false(shows("push waits"));
	assert_false(shows("ask no more"));
	/* a read that no push is about */
	msg_set(&read, "%s waits", "Own");
	ui.hooks.changed = count_change;
	changes = 0;
	app.waits(app.waits_data, &read);
	assert_int_equal(changes, 1); /* so it is drawn */
	ui.hooks.changed = driver_changed;
	assert_string_equal(ui.message.s, "Own waits");
	app.waits(app.waits_data, NULL);
	assert_string_equal(ui.message.s, "");
	ui_message(&ui, ROLE_MESSAGE, "another");
	app.waits(app.waits_data, NULL);
	assert_string_equal(ui.message.s, "another");
	run_to_its_end();
	close_demo();
}

/* The header's line keeps clear of it. */
static void badge__takes__its_words_and_a_space(void **state)
{
	struct canvas canvas;
	struct scene scene;

	(void)state;
	start_push();
	canvas_init(&canvas, 40, 1);
	scene = ui_scene(&ui);
	assert_int_equal(badge_draw(&canvas, &scene), sizeof("? push runs ") - 1);
	run_to_its_end();
	scene = ui_scene(&ui);
	assert_int_equal(badge_draw(&canvas, &scene), 0);
	canvas_release(&canvas);
	close_demo();
}

static void account__at_work__is_not_removed(void **state)
{
	(void)state;
	start_push();
	app.demo = false;
	configure("[account other]\nprovider = powerdns\nkey_file = /nowhere\n");
	keys(":");
	answer("accounts");
	keys("g d");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_true(shows("a push through the account demo is still running"));
	keys("G d");
	assert_int_equal(ui.ask, ASK_REMOVE_ACCOUNT);
	answer("");
	app.demo = true;
	run_to_its_end();
	close_demo();
}

static void cancel__stops__before_the_next_write(void **state)
{
	const struct push *push;

	(void)state;
	start_push();
	keys("Ctrl-C");
	assert_string_equal(ui.message.s, "The push stops before its next write.");
	run_to_its_end();
	push = session_current_push(ui.session);
	assert_true(push->done);
	assert_int_equal(push->err.code, ERR_INTERRUPTED);
	keys("Ctrl-C");
	assert_string_equal(ui.message.s, "Nothing is running. q leaves.");
	close_demo();
}

/* What was read of past pushes is read again when one of them has gone on. */
static void history__that_is_open__follows_the_push(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("a");
	answer("30 mejlserver3");
	keys("r A");
	answer("a test");
	keys("P H");
	assert_string_equal(ui_top(&ui)->class->name, "history");
	assert_int_equal(ui.history.n, 1);
	assert_string_equal(ui.history.push[0].state, "interrupted");
	assert_true(shows("  … running  ") && !shows("unfinished"));
	run_to_its_end();
	draw();
	assert_int_equal(ui.history.n, 1);
	assert_string_equal(ui.history.push[0].state, "published");
	assert_true(shows("  ✔ published  ") && !shows("running"));
	close_demo();
}

/* Nothing is left to review: back leads to the ladder. While it runs, or where a draft is left, to the review. */
static void back__from_a_push__passes_an_empty_review(void **state)
{
	(void)state;
	start_push();
	assert_string_equal(ui_top(&ui)->class->name, "push");
	keys("Esc");
	assert_string_equal(ui_top(&ui)->class->name, "review");
	keys("P");
	assert_string_equal(ui_top(&ui)->class->name, "push");
	run_to_its_end();
	keys("Esc");
	assert_string_equal(ui_top(&ui)->class->name, "ladder");
	close_demo();
}

/* Its push goes on to its end all the same. */
static void interface__that_is_gone__is_told_nothing(void **state)
{
	(void)state;
	start_push();
	ui_release(&ui);
	assert_null(app.work_changed);
	assert_null(app.waits);
	run_to_its_end();
	app_close(&app);
}

static void quit__says_what_runs__and_asks(void **state)
{
	(void)state;
	start_push();
	assert_int_equal(ui_key(&ui, 'q'), UI_DRAW);
	assert_int_equal(ui.ask, ASK_QUIT);
	draw();
	assert_true(shows("\n The push of exempel.com is not done: left now, it stays unfinished until it is resumed.\n"));
	answer("no");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_non_null(work_running(&app, 0));
	keys(":");
	answer("open exempel.net"); /* another domain's screen asks all the same */
	assert_int_equal(ui_key(&ui, 'q'), UI_DRAW);
	assert_int_equal(ui.ask, ASK_QUIT);
	keys("Esc");
	run_to_its_end();
	assert_int_equal(ui_key(&ui, 'q'), UI_QUIT);
	close_demo();
}

/* An edit that was made while the push ran is no part of it, and stays. */
static void edit__made_while_it_runs__stays(void **state)
{
	struct mx mx;

	(void)state;
	start_push();
	keys("Esc");
	keys(":");
	answer("add 40 mejlserver4.exempel.com");
	run_to_its_end();
	settle();
	mx_set(&mx, 40, "mejlserver4.exempel.com");
	assert_true(session_drafting(ui.session));
	assert_true(mxset_has(session_set(ui.session), &mx));
	assert_false(mxset_has(&session_draft(ui.session)->base, &mx));
	mx_set(&mx, 30, "mejlserver3.exempel.com");
	assert_true(mxset_has(&session_draft(ui.session)->base, &mx));
	close_demo();
}

/* The demo's servers are taken at their first word; others are not. */
static void look_twice_apart(const char *time)
{
	for (size_t i = 0; i < app.config.n; i++) {
		struct config_section *section = &app.config.section[i];

		if (!strcmp(section->kind, "push")) {
			free(section->pair[0].value);
			section->pair[0].value = mem_text(time);
		}
	}
}

/* A published push whose name servers are still watched is asked about, too, and goes on when another domain is opened. */
static void watch__is_told_and_asked_about(void **state)
{
	const struct push *push;

	(void)state;
	open_demo("exempel.com");
	look_twice_apart("10m");
	keys("a");
	answer("30 mejlserver3");
	keys("r A");
	answer("a test");
	keys("P");
	push = session_current_push(ui.session);
	for (int i = 0; i < 2000 && push->phase != PHASE_WATCHING; i++)
		loop_run(app.loop);
	assert_int_equal(push->phase, PHASE_WATCHING);
	draw();
	assert_true(shows("… published; asking the name servers"));
	keys("Esc Esc"); /* leaving the screen ends nothing */
	assert_true(shows("push watched"));
	assert_int_equal(ui_key(&ui, 'q'), UI_DRAW);
	assert_int_equal(ui.ask, ASK_QUIT);
	assert_true(shows("is published, and its name servers are still being watched"));
	answer("no");
	keys(":");
	answer("open exempel.net");
	draw();
	assert_true(shows("push of exempel.com"));
	assert_false(work_running(&app, 0)->done);
	ui_key(&ui, 'q');
	assert_int_equal(ui.ask, ASK_QUIT);
	ui_paste(&ui, "yes", 3);
	assert_int_equal(ui_key(&ui, KEYCODE_ENTER), UI_QUIT);
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(push__goes_on__when_another_domain_is_opened),
		cmocka_unit_test(coming_back__while_it_runs__shows_the_push),
		cmocka_unit_test(wait__is_shown__with_its_time),
		cmocka_unit_test(badge__takes__its_words_and_a_space),
		cmocka_unit_test(account__at_work__is_not_removed),
		cmocka_unit_test(cancel__stops__before_the_next_write),
		cmocka_unit_test(history__that_is_open__follows_the_push),
		cmocka_unit_test(back__from_a_push__passes_an_empty_review),
		cmocka_unit_test(interface__that_is_gone__is_told_nothing),
		cmocka_unit_test(quit__says_what_runs__and_asks),
		cmocka_unit_test(edit__made_while_it_runs__stays),
		cmocka_unit_test(watch__is_told_and_asked_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
