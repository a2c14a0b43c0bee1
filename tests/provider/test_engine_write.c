/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engines' writing: calls, what counts as a yes, operations that go on, the last call. */
#include "engine_room.h"

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	struct str content;
	json_t *body;

	(void)run;
	str_init(&content, 0);
	vendor_content(&content, &change->mx);
	body = json_pack("{s:i, s:s, s:i}", "verb", change->verb, "mx", content.s, "ttl", (int)change->ttl_s);
	str_release(&content);
	return body;
}

static const struct shape records_shape = {
	.sentence = (const char *const[]){ "error/message", "message", NULL },
	.read = { .path = "/r", .rows = "" },
	.row = { .id = "id", .ttl = "ttl", .target = "mx", .targets = TARGET_DOT },
	.add = { "POST", "/r", { 201, 200 }, "r" },
	.change = { "PUT", "/r/{id}", { 0 }, NULL },
	.remove = { "DELETE", "/r/{id}", { 204 }, NULL },
	.body = body_of,
};
ROW(records, records_shape, engine_records, 0);

static void write_begin(struct drive *drive, const struct provider *provider, const char *have, const char *want)
{
	begin(drive, provider, GOAL_WRITE, "w.example.com");
	drive_have(drive, have);
	drive_set(&drive->run.want, want);
	drive_ask(drive);
}

static void records__are_written__call_by_call(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	write_begin(&drive, &records, "60 10 a 20 b", "90 10 a 30 c");
	drive_expect(&drive, "PUT", "/r/1");
	expect_title(&drive, "give MX 10 a the TTL 90");
	assert_string_equal(drive.request.changed, "1");
	assert_string_equal(drive.request.removed, "");
	assert_string_equal(drive.request.http.body.s, "{\"verb\":1,\"mx\":\"10 a.\",\"ttl\":90}");
	assert_true(drive.request.writes);
	drive_say(&drive, 299, "");
	drive_expect(&drive, "POST", "/r");
	expect_title(&drive, "add MX 30 c");
	assert_string_equal(drive.request.changed, "");
	assert_true(drive.run.wrote);
	drive_say(&drive, 201, "{\"r\":{\"id\":9,\"ttl\":60,\"mx\":\"30 c.\"}}");
	drive_expect(&drive, "DELETE", "/r/2");
	expect_title(&drive, "remove MX 20 b");
	assert_string_equal(drive.request.removed, "2");
	assert_int_equal(drive.request.http.body.len, 0);
	drive_say(&drive, 204, "");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void answers__are_a_yes__only_as_documented(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code; /* ERR_NONE: taken */
		const char *said;
	} rows[] = {
		{ 201, "{\"r\":{\"id\":9,\"ttl\":1,\"mx\":\"10 a.\"}}", ERR_NONE, NULL },
		{ 200, "{\"r\":{\"id\":9,\"ttl\":1,\"mx\":\"10 A.\"}}", ERR_NONE, NULL },
		{ 202, "{\"r\":{\"id\":9,\"ttl\":1,\"mx\":\"10 a.\"}}", ERR_NETWORK, NULL },
		{ 201, "{\"r\":{\"id\":9,\"ttl\":1,\"mx\":\"11 a.\"}}", ERR_NETWORK, NULL },
		{ 201, "{\"r\":{\"id\":9,\"mx\":\"10 a.\"}}", ERR_NETWORK, NULL },
		{ 201, "{\"r\":[]}", ERR_NETWORK, NULL },
		{ 201, "{}", ERR_NETWORK, NULL },
		{ 201, "", ERR_NETWORK, NULL },
		{ 201, "<html>", ERR_NETWORK, NULL },
		{ 422, "{\"message\":\"outer\",\"error\":{\"message\":\"inner\"}}", ERR_REFUSED, "Test (account lab) refused: inner" },
		{ 422, "{\"message\":\"outer\",\"error\":{\"message\":\"\"}}", ERR_REFUSED, "Test (account lab) refused: outer" },
		{ 422, "{\"message\":7}", ERR_REFUSED, "Test (account lab) refused: 7" },
		{ 422, "", ERR_REFUSED, "Test (account lab) refused with HTTP 422 at http://h:1/v2" },
		{ 404, "{}", ERR_REFUSED, NULL },
		{ 409, "{}", ERR_CONFLICT, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		write_begin(&drive, &records, "0", "60 10 a");
		drive_expect(&drive, "POST", "/r");
		drive_say(&drive, rows[i].status, rows[i].body);
		if (!rows[i].code) {
			if (drive.step != STEP_DONE)
				fail_msg("row %zu", i);
			assert_true(drive.run.wrote);
		} else if (rows[i].said) {
			expect_said(&drive, rows[i].code, rows[i].said);
		} else {
			drive_expect_failed(&drive, rows[i].code);
			assert_false(drive.run.wrote);
		}
		drive_end(&drive);
	}
}

static void removal__of_what_is_gone__is_done(void **state)
{
	static const struct {
		int status;
		enum step step;
	} rows[] = { { 204, STEP_DONE }, { 404, STEP_DONE }, { 410, STEP_DONE }, { 200, STEP_FAILED }, { 500, STEP_FAILED },
		{ 403, STEP_FAILED } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		write_begin(&drive, &records, "60 10 a 20 b", "60 10 a");
		drive_expect(&drive, "DELETE", "/r/2");
		drive_say(&drive, rows[i].status, "");
		assert_int_equal(drive.step, rows[i].step);
		drive_end(&drive);
	}
}

static void write__refuses__before_it_asks(void **state)
{
	static const struct provider limited = {
		.name = "test", .title = "Test", .limits = { .ttl_min_s = 60 }, .step = engine_records, .shape = &records_shape
	};
	struct drive drive = { 0 };

	(void)state;
	write_begin(&drive, &limited, "60 10 a", "59 10 b");
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	/* what the zone takes counts, not the row */
	begin(&drive, &limited, GOAL_WRITE, "example.com");
	drive.run.limits.ttl_min_s = 3600;
	drive_have(&drive, "3600 10 a");
	drive_set(&drive.run.want, "60 10 a");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	begin(&drive, &records, GOAL_WRITE, "example.com");
	drive_have(&drive, "60 10 a");
	drive.run.have.record[0].locked = true;
	drive_set(&drive.run.want, "60 10 b");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	write_begin(&drive, &records, "60 10 a", "60 10 a");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

/* ---- a vendor that changes nothing in place, and wants a body for a removal ---- */

static const struct shape still_shape = {
	.read = { .path = "/r", .rows = "" },
	.row = { .id = "id", .ttl = "ttl", .target = "mx" },
	.add = { "POST", "/add", { 0 }, NULL },
	.remove = { "POST", "/remove", { 0 }, NULL },
	.body = body_of,
	.remove_has_body = true,
};
ROW(still, still_shape, engine_records, 0);

static void record__of_a_vendor_that_changes_nothing__comes_and_goes(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	write_begin(&drive, &still, "60 10 a", "60 20 a");
	drive_expect(&drive, "POST", "/add");
	drive_say(&drive, 200, "");
	drive_expect(&drive, "POST", "/remove");
	assert_string_equal(drive.request.removed, "1");
	assert_string_equal(drive.request.http.body.s, "{\"verb\":2,\"mx\":\"10 a.\",\"ttl\":60}");
	drive_say(&drive, 200, "");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	write_begin(&drive, &still, "60 10 a", "90 10 a");
	expect_said(&drive, ERR_REFUSED, "Test cannot change the TTL of a record, and MX 10 a is to stay");
	drive_end(&drive);
	/* nobody is made the anchor by a change that cannot be asked for */
	begin(&drive, &still, GOAL_WRITE, "example.com");
	drive_have(&drive, "60 10 a 20 b");
	drive_set(&drive.run.want, "60 20 b");
	drive.run.part = PART_REMOVE;
	drive.run.guard = true;
	drive_ask(&drive);
	drive_expect(&drive, "POST", "/remove");
	assert_string_equal(drive.request.removed, "1");
	drive_end(&drive);
}

/* ---- operations that go on ---- */

static const struct shape waits_shape = {
	.read = { .path = "/r", .rows = "" },
	.row = { .id = "id", .ttl = "ttl", .target = "mx" },
	.add = { "POST", "/r", { 0 }, NULL },
	.body = body_of,
	.wait = { .id = "op/id",
		.path = "/op/{operation}",
		.state = "op/s",
		.done = "ok",
		.failed = "bad",
		.reason = "op/why",
		.every_ms = 500 },
};
ROW(waits, waits_shape, engine_records, 0);

static void operation__is_waited_for__to_its_end(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	write_begin(&drive, &waits, "0", "60 10 a 20 b");
	drive_expect(&drive, "POST", "/r");
	assert_int_equal(drive.request.wait_ms, 0);
	drive_say(&drive, 200, "{\"op\":{\"id\":\"a/7\"}}");
	drive_expect(&drive, "GET", "/op/a%2F7");
	expect_title(&drive, "wait for the change");
	assert_int_equal(drive.request.wait_ms, 500);
	assert_false(drive.request.writes);
	drive_say(&drive, 200, "{\"op\":{\"s\":\"run\"}}");
	drive_expect(&drive, "GET", "/op/a%2F7");
	drive_say(&drive, 200, "{\"op\":{\"s\":\"ok\"}}");
	drive_expect(&drive, "POST", "/r");
	drive_say(&drive, 200, "{}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void operation__that_fails__says_why(void **state)
{
	static const struct {
		int status;
		int64_t later;
		const char *body;
		enum err_code code;
		const char *said;
	} rows[] = {
		{ 200, 0, "{\"op\":{\"s\":\"bad\",\"why\":\"no room\"}}", ERR_REFUSED, "Test (account lab) refused: no room" },
		{ 200, 0, "{\"op\":{\"s\":\"bad\"}}", ERR_REFUSED, "Test (account lab) refused with HTTP 200 at http://h:1/v2" },
		{ 200, 301, "{\"op\":{\"s\":\"run\"}}", ERR_NETWORK,
			"Test (account lab) took the change, but has not carried it out after 5m" },
		{ 500, 0, "{}", ERR_NETWORK, "Test (account lab) failed with HTTP 500 at http://h:1/v2" },
		{ 200, 0, "<", ERR_NETWORK, "Test (account lab) answered in a way that its API does not know" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		write_begin(&drive, &waits, "0", "60 10 a");
		drive_say(&drive, 200, "{\"op\":{\"id\":7}}");
		drive_expect(&drive, "GET", "/op/7");
		drive.run.now += rows[i].later;
		drive_say(&drive, rows[i].status, rows[i].body);
		expect_said(&drive, rows[i].code, rows[i].said);
		assert_true(drive.run.wrote);
		drive_end(&drive);
	}
}

/* ---- the set as one ---- */

static json_t *set_body(const struct provider_run *run)
{
	return json_pack("{s:i, s:i}", "n", (int)run->want.n, "ttl", (int)run->want.ttl_s);
}

static const struct shape set_shape = {
	.read = { .path = "/r", .rows = "" },
	.row = { .ttl = "ttl", .target = "mx" },
	.create = { "POST", "/set", { 201 }, NULL },
	.replace = { "PUT", "/set/{at}", { 200 }, NULL },
	.clear = { "DELETE", "/set/{at}", { 204 }, NULL },
	.set_body = set_body,
	.commit = { "POST", "/z/{zone}/refresh", { 200 }, NULL },
};
ROW(set, set_shape, engine_rrset, CAP_ATOMIC_SET | CAP_COMMIT);
static const struct shape put_shape = {
	.read = { .path = "/r", .rows = "" },
	.row = { .ttl = "ttl", .target = "mx" },
	.replace = { "PUT", "/set", { 0 }, NULL },
	.set_body = set_body,
};
ROW(put, put_shape, engine_rrset, CAP_ATOMIC_SET);

static void set__is_written__by_the_call_that_fits(void **state)
{
	static const struct {
		const struct provider *provider;
		const char *have, *want, *method, *path, *body, *title;
		int status;
	} rows[] = {
		{ &set, "0", "60 10 a", "POST", "/set", "{\"n\":1,\"ttl\":60}", "replace the MX set of w.example.com", 201 },
		{ &set, "60 10 a", "90 10 a", "PUT", "/set/w", "{\"n\":1,\"ttl\":90}", "replace the MX set of w.example.com", 200 },
		{ &set, "60 10 a", "0", "DELETE", "/set/w", "", "delete the MX set of w.example.com", 204 },
		{ &put, "0", "60 10 a", "PUT", "/set", "{\"n\":1,\"ttl\":60}", "replace the MX set of w.example.com", 299 },
		{ &put, "60 10 a", "0", "PUT", "/set", "{\"n\":0,\"ttl\":0}", "delete the MX set of w.example.com", 202 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		write_begin(&drive, rows[i].provider, rows[i].have, rows[i].want);
		drive_expect(&drive, rows[i].method, rows[i].path);
		assert_string_equal(drive.request.http.body.s, rows[i].body);
		expect_title(&drive, rows[i].title);
		assert_true(drive.request.writes);
		drive_say(&drive, rows[i].status, "");
		assert_int_equal(drive.step, STEP_DONE);
		assert_true(drive.run.wrote);
		drive_end(&drive);
		write_begin(&drive, rows[i].provider, rows[i].have, rows[i].want);
		drive_say(&drive, rows[i].provider == &set ? 203 : 302, "");
		drive_expect_failed(&drive, ERR_NETWORK);
		assert_false(drive.run.wrote);
		drive_end(&drive);
	}
}

static void set__with_records_kept_unpublished__is_not_empty(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &set, GOAL_WRITE, "w.example.com");
	drive_have(&drive, "60 10 a 20 b");
	drive.run.have.record[1].disabled = true;
	drive_ask(&drive);
	drive_expect(&drive, "PUT", "/set/w");
	drive_end(&drive);
	begin(&drive, &set, GOAL_WRITE, "w.example.com");
	drive_have(&drive, "60 10 a");
	drive_set(&drive.run.disabled, "60 10 a");
	drive_ask(&drive);
	drive_expect(&drive, "PUT", "/set/w");
	drive_end(&drive);
	/* the same set again, where its TTL is to be the vendor's own */
	begin(&drive, &set, GOAL_WRITE, "w.example.com");
	drive_have(&drive, "60 10 a");
	drive_set(&drive.run.want, "60 10 a");
	drive_ask(&drive);
	assert_int_equal(drive.step, STEP_DONE);
	drive.run.automatic = true;
	drive_ask(&drive);
	drive_expect(&drive, "PUT", "/set/w");
	drive_end(&drive);
}

static void set__of_the_vendor_s_own__is_refused(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &set, GOAL_WRITE, "w.example.com");
	drive_have(&drive, "60 10 a");
	drive.run.have.record[0].locked = true;
	drive_set(&drive.run.want, "60 10 b");
	drive_ask(&drive);
	expect_said(
		&drive, ERR_REFUSED, "Test ties the MX record of a to a service, a policy or a protection of its own: it is left alone");
	drive_end(&drive);
}

static bool next(struct provider_run *run, unsigned k, struct request *request)
{
	if (k > 1)
		return false;
	shape_request(run, request, "POST", k ? "/ttl" : "/records");
	if (k)
		msg_set(&request->title, "give it a TTL");
	return true;
}

static void touch(const struct provider_run *run, struct request *request)
{
	(void)run;
	http_request_header(&request->http, "X-More", "1", false);
}

static const struct shape many_shape = {
	.accept = "text/plain",
	.touch = touch,
	.read = { .path = "/r", .rows = "" },
	.row = { .ttl = "ttl", .target = "mx" },
	.next = next,
	.wait = { .id = "id", .path = "/op/{operation}", .state = "s", .done = "ok", .every_ms = 1 },
};
ROW(many, many_shape, engine_rrset, 0);

static void set__of_several_calls__waits_after_each(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	write_begin(&drive, &many, "60 10 a", "90 10 b");
	drive_expect(&drive, "POST", "/records");
	expect_title(&drive, "replace the MX set of w.example.com");
	assert_string_equal(drive.request.http.header[0].value, "text/plain");
	assert_string_equal(drive.request.http.header[1].name, "X-More");
	assert_true(drive.request.writes);
	drive_say(&drive, 201, "{\"id\":\"1\"}");
	drive_expect(&drive, "GET", "/op/1");
	drive_say(&drive, 200, "{\"s\":\"bad\"}");
	drive_expect(&drive, "GET", "/op/1");
	drive_say(&drive, 200, "{\"s\":\"ok\"}");
	drive_expect(&drive, "POST", "/ttl");
	expect_title(&drive, "give it a TTL");
	assert_true(drive.request.writes);
	drive_say(&drive, 200, "");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

/* ---- the last call, and the key ---- */

static void commit__is_one_call__or_none(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &set, GOAL_COMMIT, "w.example.com");
	drive_expect(&drive, "POST", "/z/z1/refresh");
	expect_title(&drive, "publish the zone example.com");
	assert_true(drive.request.writes);
	assert_int_equal(drive.request.http.body.len, 0);
	drive_say(&drive, 200, "null");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	begin(&drive, &set, GOAL_COMMIT, "w.example.com");
	drive_say(&drive, 201, "null");
	drive_expect_failed(&drive, ERR_NETWORK);
	drive_end(&drive);
	begin(&drive, &put, GOAL_COMMIT, "w.example.com");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static bool verified(struct provider_run *run, const json_t *json, struct err *err)
{
	(void)run;
	return json_is_true(json_object_get(json, "good")) || err_set(err, ERR_AUTH, "not good");
}

static const struct shape verify_shape = { .verify = { .path = "/me", .rows = "who" },
	.verify_else = { .path = "/a/{choose}", .rows = "" },
	.verify_else_with = "choose",
	.verified_who = "whose/name",
	.verified_until = "end",
	.verified_rights = "x-rights",
	.verified = verified };
ROW(verifies, verify_shape, engine_records, 0);

static void key__is_asked_for__in_one_way_or_another(void **state)
{
	static const char *const chosen[] = { "choose", "b/c", NULL };
	static const struct {
		const char *const *settings;
		int status;
		const char *body;
		bool again;
		enum err_code code;
	} rows[] = {
		{ NULL, 200, "{\"who\":{},\"good\":true}", false, ERR_NONE },
		{ NULL, 200, "{\"who\":[]}", false, ERR_AUTH },
		{ NULL, 200, "{\"good\":true}", false, ERR_NETWORK },
		{ NULL, 401, "{}", false, ERR_AUTH },
		{ chosen, 401, "{}", true, ERR_NONE },
		{ chosen, 404, "{}", true, ERR_NONE },
		{ chosen, 500, "{}", false, ERR_NETWORK },
		{ chosen, 200, "{\"who\":{},\"good\":true}", false, ERR_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { .settings = rows[i].settings };

		begin(&drive, &verifies, GOAL_VERIFY, "example.com");
		drive_expect(&drive, "GET", "/me");
		expect_title(&drive, "ask whether the key is good");
		drive_say(&drive, rows[i].status, rows[i].body);
		if (rows[i].again) {
			drive_expect(&drive, "GET", "/a/b%2Fc");
			drive_say(&drive, 200, "{\"good\":true}");
		}
		if (rows[i].code)
			drive_expect_failed(&drive, rows[i].code);
		else
			assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

static void key__is_told_of__as_far_as_the_vendor_does(void **state)
{
	struct drive drive = { 0 };
	struct reply reply = { .http = &drive.response };

	(void)state;
	begin(&drive, &verifies, GOAL_VERIFY, "example.com");
	drive.response.status = 200;
	http_response_add_header(&drive.response, "x-rights", "domains:read_write");
	str_add(&drive.response.body, "{\"who\":{},\"good\":true,\"whose\":{\"name\":\"a@example.com\"},\"end\":\"2027-01-01T00:00:00Z\"}");
	drive_step(&drive, &reply);
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.told.who, "a@example.com");
	assert_string_equal(drive.run.told.until, "2027-01-01T00:00:00Z");
	assert_string_equal(drive.run.told.rights, "domains:read_write");
	drive_end(&drive);
	begin(&drive, &verifies, GOAL_VERIFY, "example.com");
	drive_say(&drive, 200, "{\"who\":{},\"good\":true,\"whose\":null,\"end\":[]}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.told.who, "");
	assert_string_equal(drive.run.told.until, "");
	assert_string_equal(drive.run.told.rights, "");
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records__are_written__call_by_call),
		cmocka_unit_test(answers__are_a_yes__only_as_documented),
		cmocka_unit_test(removal__of_what_is_gone__is_done),
		cmocka_unit_test(write__refuses__before_it_asks),
		cmocka_unit_test(record__of_a_vendor_that_changes_nothing__comes_and_goes),
		cmocka_unit_test(operation__is_waited_for__to_its_end),
		cmocka_unit_test(operation__that_fails__says_why),
		cmocka_unit_test(set__is_written__by_the_call_that_fits),
		cmocka_unit_test(set__with_records_kept_unpublished__is_not_empty),
		cmocka_unit_test(set__of_the_vendor_s_own__is_refused),
		cmocka_unit_test(set__of_several_calls__waits_after_each),
		cmocka_unit_test(commit__is_one_call__or_none),
		cmocka_unit_test(key__is_asked_for__in_one_way_or_another),
		cmocka_unit_test(key__is_told_of__as_far_as_the_vendor_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
