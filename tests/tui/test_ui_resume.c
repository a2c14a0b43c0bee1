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
	assert_string_equal(ui.message.s, "A push was interrupted part-way: U finishes it.");
	assert_int_equal(ui.message_role, ROLE_ERROR);
	draw();
	assert_true(shows("A push was interrupted part-way"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupted_push__is__offered_and_finished),
		cmocka_unit_test(damaged_journal__is__said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
