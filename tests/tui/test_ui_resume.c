/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an earlier run left: the offer to finish its push, and a journal that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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
		cmocka_unit_test(ticket__is__asked_kept_shown_and_pushed),
		cmocka_unit_test(ticket__goes__with_the_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
