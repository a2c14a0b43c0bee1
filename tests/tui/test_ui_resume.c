/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an earlier run left: the offer to finish its push, and a journal that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "driver.h"
#include "io/loop.h"

/* As in start_push, and then killed: the journal has its beginning and no end. */
static void leave_push(void)
{
	open_demo("exempel.com");
	keys("a");
	answer("30 mejlserver3");
	keys("r A");
	answer("a test");
	keys("P");
	assert_non_null(work_running(&app, 0));
	ui_release(&ui);
	work_release(&app);
}

static void come_back(void)
{
	struct ui_hooks hooks = { .app = &app };
	struct dname name;

	ui_init(&ui, &hooks);
	assert_true(dname_parse(&name, "exempel.com", NULL));
	assert_true(ui_open(&ui, &name, NULL));
	ui_survey(&ui);
}

static void interrupted_push__is__offered_and_finished(void **state)
{
	struct mx mx;

	(void)state;
	leave_push();
	come_back();
	assert_string_equal(ui.message.s, "A push is unfinished: U finishes it.");
	assert_int_equal(ui.message_role, ROLE_ERROR);
	draw();
	assert_true(shows("A push is unfinished"));
	keys("U");
	assert_string_equal(ui_top(&ui)->class->name, "push");
	for (int i = 0; i < 2000 && work_running(&app, 0); i++)
		loop_run(app.loop);
	assert_int_equal(session_current_push(ui.session)->state, PUSH_PUBLISHED);
	assert_int_equal(session_current_push(ui.session)->written, 1);
	assert_false(session_current_push(ui.session)->unfinished);
	assert_null(session_interrupted(ui.session, NULL));
	mx_set(&mx, 30, "mejlserver3.exempel.com");
	assert_true(mxset_has(&session_current_push(ui.session)->held, &mx));
	close_demo();
}

static void damaged_journal__is__said(void **state)
{
	struct err err = { 0 };
	char path[512];
	FILE *file;

	(void)state;
	leave_push();
	snprintf(path, sizeof(path), "%s/journal/exempel.com.ndjson", store_directory(app.store));
	file = fopen(path, "a");
	assert_non_null(file);
	assert_int_equal(fwrite("\0\0\0\0", 1, 4, file), 4);
	fclose(file);
	come_back();
	assert_null(session_interrupted(ui.session, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_non_null(strstr(ui.message.s, "it is damaged"));
	assert_false(session_resume(ui.session, &err));
	ui_message(&ui, ROLE_OK, "");
	keys("H"); /* an empty list would be a lie */
	assert_non_null(strstr(ui.message.s, "it is damaged"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	close_demo();
}

/* The demo, and more of a configuration. */
static void open_with(const char *more)
{
	char path[512];
	FILE *file;

	open_demo("exempel.com");
	snprintf(path, sizeof(path), "%s/config", app.demo_dir);
	file = fopen(path, "a");
	assert_non_null(file);
	assert_true(fputs(more, file) >= 0);
	fclose(file);
	config_release(&app.config);
	assert_true(config_read(&app.config, path, NULL, NULL));
	keys("a");
	answer("30 mejlserver3");
	keys("r A");
	answer("a test");
}

static void one_approval_of_two__is__not_enough(void **state)
{
	(void)state;
	open_with("\n[domain exempel.com]\napprovals = 2\n");
	assert_string_equal(ui.message.s, "Approved, but that is not enough yet: the domain asks for more approvals, or for signed ones.");
	assert_int_equal(ui.message_role, ROLE_WARNING);
	close_demo();
	open_with("");
	assert_string_equal(ui.message.s, "Approved. P pushes it.");
	close_demo();
}

static void protected_domain__wants__its_name(void **state)
{
	(void)state;
	open_with("\n[domain exempel.com]\nprotected = yes\n");
	keys("P");
	assert_int_equal(ui.ask, ASK_TYPE_DOMAIN);
	answer("exempel.net");
	assert_int_equal(ui.ask, ASK_TYPE_DOMAIN);
	assert_string_equal(ui.refusal.s, "That is not the domain's name.");
	assert_null(work_running(&app, 0));
	answer("exempel.com");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_non_null(work_running(&app, 0));
	close_demo();
}

/* What blocks is overridden by a reason alone, and the journal has it, once for each that blocked. */
static void blocked_push__asks__for_a_reason(void **state)
{
	const struct push *push;
	size_t n;

	(void)state;
	open_demo("exempel.com");
	keys(":");
	answer("add 40 nowhere.exempel.com, add 41 nobody.exempel.com");
	settle();
	keys("r");
	settle();
	n = gates_blocking(session_gates(ui.session));
	assert_true(n > 0);
	keys("A");
	answer("a test");
	assert_string_equal(ui.message.s, "Approved, but the push is blocked: P asks for a reason.");
	keys("P");
	assert_int_equal(ui.ask, ASK_REASON);
	answer("");
	assert_int_equal(ui.ask, ASK_REASON);
	assert_null(work_running(&app, 0));
	answer("they come tomorrow");
	assert_int_equal(ui.ask, ASK_NONE);
	push = session_current_push(ui.session);
	assert_non_null(push);
	settle();
	assert_int_equal(push->state, PUSH_PUBLISHED);
	assert_null(ui.reason);
	keys("H");
	assert_int_equal(ui.history.n, 1);
	assert_int_equal(ui.history.push[0].n_override, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(ui.history.push[0].override[i].reason, "they come tomorrow");
	close_demo();
}

/* What cannot begin says why, where it was asked for. */
static void push_that_cannot_begin__is__said(void **state)
{
	(void)state;
	open_with("");
	app.read_only = true;
	keys("P");
	assert_string_equal(ui_top(&ui)->class->name, "review");
	assert_non_null(strstr(ui.message.s, "read-only: nothing is written"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	assert_null(session_current_push(ui.session));
	app.read_only = false;
	keys("P");
	assert_string_equal(ui_top(&ui)->class->name, "push");
	assert_string_equal(ui.message.s, "");
	close_demo();
}

/* Without an account there is no plan: the review says so, and so does an approval. */
static void review_without_an_account__is__said(void **state)
{
	(void)state;
	open_demo("exempel.com");
	keys("t");
	answer("2h");
	config_release(&app.config);
	app.config = (struct config){ 0 };
	keys("r");
	assert_string_equal(ui_top(&ui)->class->name, "review");
	assert_non_null(strstr(ui.message.s, "account"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	ui_message(&ui, ROLE_OK, "");
	keys("A");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_non_null(strstr(ui.message.s, "account"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	close_demo();
}

static void write_at(const char *place, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", store_directory(app.store), place);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool is_there(const char *place)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", store_directory(app.store), place);
	return access(path, F_OK) == 0;
}

/* A draft that cannot be read is moved away by a yes alone; where it cannot be moved, that is said. */
static void damaged_draft__is_set_aside__by_yes_alone(void **state)
{
	char command[600];

	(void)state;
	open_demo("exempel.com");
	keys("t");
	answer("2h");
	assert_true(session_save(ui.session, NULL));
	ui_release(&ui);
	write_at("drafts/exempel.com.json", "{");
	come_back();
	assert_non_null(session_draft_damage(ui.session));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	assert_true(ui.message.len > 0);
	keys("X");
	assert_int_equal(ui.ask, ASK_ASIDE);
	answer("no");
	assert_non_null(session_draft_damage(ui.session));
	assert_true(is_there("drafts/exempel.com.json"));
	snprintf(command, sizeof(command), "cd '%s' && mv drafts away && : >drafts", store_directory(app.store));
	assert_int_equal(system(command), 0);
	keys("X");
	answer("yes");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_non_null(strstr(ui.message.s, "could not be moved"));
	assert_int_equal(ui.message_role, ROLE_ERROR);
	assert_non_null(session_draft_damage(ui.session));
	snprintf(command, sizeof(command), "cd '%s' && rm drafts && mv away drafts", store_directory(app.store));
	assert_int_equal(system(command), 0);
	keys("X");
	answer("yes");
	assert_string_equal(ui.message.s, "");
	assert_null(session_draft_damage(ui.session));
	assert_true(is_there("drafts/exempel.com.json.damaged") && !is_there("drafts/exempel.com.json"));
	close_demo();
}

/* From the key to the draft on disk, the plan and the push; what was approved is approved anew. */
static void ticket__is__asked_kept_shown_and_pushed(void **state)
{
	(void)state;
	open_with("");
	keys("T");
	assert_int_equal(ui.ask, ASK_TICKET);
	answer(" ");
	assert_int_equal(ui.ask, ASK_TICKET);
	assert_string_equal(ui.refusal.s, "a ticket is one line of up to 200 bytes, such as CHG-1234");
	answer("CHG-17");
	assert_int_equal(ui.ask, ASK_NONE);
	assert_false(session_approved(ui.session));
	assert_string_equal(session_plan(ui.session, NULL)->ticket, "CHG-17");
	assert_true(shows("Ticket: CHG-17"));
	assert_true(session_save(ui.session, NULL));
	ui_release(&ui);
	come_back();
	assert_string_equal(session_ticket(ui.session), "CHG-17");
	keys("r T");
	assert_string_equal(ui.prompt.text.s, "CHG-17");
	keys("Esc");
	keys("A");
	answer("looked at");
	keys("P");
	for (int i = 0; i < 2000 && work_running(&app, 0); i++)
		loop_run(app.loop);
	assert_string_equal(session_current_push(ui.session)->ticket, "CHG-17");
	assert_int_equal(session_current_push(ui.session)->state, PUSH_PUBLISHED);
	assert_string_equal(session_ticket(ui.session), ""); /* the draft has done its work */
	keys("H");
	assert_true(shows("CHG-17  looked at"));
	close_demo();
}

static void ticket__goes__with_the_draft(void **state)
{
	(void)state;
	open_with("");
	keys("T");
	answer("CHG-17");
	keys("T");
	answer("");
	assert_string_equal(session_plan(ui.session, NULL)->ticket, "");
	keys("T");
	answer("CHG-18");
	assert_true(session_discard(ui.session, NULL));
	assert_string_equal(session_ticket(ui.session), "");
	keys("T");
	assert_int_equal(ui.ask, ASK_NONE); /* there is no draft */
	close_demo();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupted_push__is__offered_and_finished),
		cmocka_unit_test(damaged_journal__is__said),
		cmocka_unit_test(one_approval_of_two__is__not_enough),
		cmocka_unit_test(protected_domain__wants__its_name),
		cmocka_unit_test(blocked_push__asks__for_a_reason),
		cmocka_unit_test(push_that_cannot_begin__is__said),
		cmocka_unit_test(review_without_an_account__is__said),
		cmocka_unit_test(damaged_draft__is_set_aside__by_yes_alone),
		cmocka_unit_test(ticket__is__asked_kept_shown_and_pushed),
		cmocka_unit_test(ticket__goes__with_the_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
