/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"

static const char zone[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 2026112201 1 1 1 1\n@ MX 10 a\n";
static const char changed[] = "$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 2026112301 1 1 1 1\n@ MX 10 b\n";

static void expect_file(const struct drive *drive, enum request_kind kind, const char *path)
{
	assert_int_equal(drive->step, STEP_REQUEST);
	assert_int_equal(drive->request.kind, kind);
	assert_string_equal(drive->request.path, path);
}

static void zones__try__name_after_name(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "a.mail.example.com");
	drive.account.endpoint = "/zones";
	drive_ask(&drive);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/a.mail.example.com.zone");
	assert_true(drive.request.may_miss);
	drive_reply(&drive, 0, NULL, 0);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/mail.example.com.zone");
	drive_reply(&drive, 0, NULL, 0);
	expect_file(&drive, REQUEST_FILE_READ, "/zones/example.com.zone");
	drive_say(&drive, 0, zone);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(dname_text(&drive.run.zone, (char[DNAME_TEXT_MAX]){ 0 }), "example.com");
	drive_end(&drive);
}

static void zones__end__when_none_is_there(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "example.com");
	drive_ask(&drive);
	drive_reply(&drive, 0, NULL, 0);
	assert_int_equal(drive.step, STEP_REQUEST);
	drive_reply(&drive, 0, NULL, 0);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void zones__stay__in_the_directory(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "\\.\\./\\.\\./etc/x");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void zones__are_told__by_a_single_file(void **state)
{
	static const char *const file[] = { "file", "/etc/one", NULL };
	struct drive drive = { .settings = file };

	(void)state;
	drive_begin(&drive, "zonefile", GOAL_ZONES, "sub.example.com");
	drive_ask(&drive);
	expect_file(&drive, REQUEST_FILE_READ, "/etc/one");
	assert_false(drive.request.may_miss);
	drive_say(&drive, 0, zone);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(dname_text(&drive.run.zone, (char[DNAME_TEXT_MAX]){ 0 }), "example.com");
	drive_end(&drive);
	drive_begin(&drive, "zonefile", GOAL_ZONES, "example.net");
	drive_ask(&drive);
	drive_say(&drive, 0, zone);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void begin_write(struct drive *drive, const char *want)
{
	static const char *const settings[] = { "file", "/z/{zone}/db.{zone}", "reload_command", "rndc reload {zone}", NULL };

	drive->settings = settings;
	drive_begin(drive, "zonefile", GOAL_WRITE, "example.com");
	drive_zone(drive, "example.com", "");
	drive_have(drive, "60 10 a.example.com");
	drive_set(&drive->run.want, want);
	drive_ask(drive);
	expect_file(drive, REQUEST_FILE_READ, "/z/example.com/db.example.com");
	assert_false(drive->request.writes);
}

static void write__edits__then_reloads(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "60 10 b.example.com");
	drive_say(&drive, 0, zone);
	expect_file(&drive, REQUEST_FILE_WRITE, "/z/example.com/db.example.com");
	assert_true(drive.request.writes);
	assert_string_equal(drive.request.expect.s, zone);
	assert_string_equal(drive.request.content.s, changed);
	drive_reply(&drive, 0, NULL, 0);
	assert_int_equal(drive.request.kind, REQUEST_RUN);
	assert_string_equal(drive.request.command, "rndc reload example.com");
	drive_reply(&drive, 0, NULL, 0);
	assert_int_equal(drive.step, STEP_DONE);
	assert_true(drive.run.wrote);
	drive_end(&drive);
}

static void write__reloads__when_the_file_is_done(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "60 10 b.example.com");
	drive_say(&drive, 0, changed);
	assert_int_equal(drive.request.kind, REQUEST_RUN);
	drive_end(&drive);
}

static void write__stops__when_somebody_else_wrote(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin_write(&drive, "60 10 c.example.com");
	drive_say(&drive, 0, changed);
	drive_expect_failed(&drive, ERR_CONFLICT);
	drive_end(&drive);
}

static void read__fails__on_bad_text(void **state)
{
	static const char *const rows[] = { "@ MX 10", "$INCLUDE x\n", "(\n", "@ 60 MX x y\n" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "zonefile", GOAL_READ, "example.com");
		drive_zone(&drive, "example.com", "");
		drive_ask(&drive);
		drive_say(&drive, 0, rows[i]);
		drive_expect_failed(&drive, ERR_USAGE);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones__try__name_after_name),
		cmocka_unit_test(zones__end__when_none_is_there),
		cmocka_unit_test(zones__stay__in_the_directory),
		cmocka_unit_test(zones__are_told__by_a_single_file),
		cmocka_unit_test(write__edits__then_reloads),
		cmocka_unit_test(write__reloads__when_the_file_is_done),
		cmocka_unit_test(write__stops__when_somebody_else_wrote),
		cmocka_unit_test(read__fails__on_bad_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
