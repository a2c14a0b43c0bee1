/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OVHcloud from bytes: the server's clock, the list of ids and each record, the ordered calls, the last one. */
#include "drive.h"

static const char *const settings[] = { "application_key", "app-key", "consumer_key", "consumer-key-hush", NULL };

static void begin(struct drive *drive, enum provider_goal goal, const char *owner)
{
	drive->settings = settings;
	drive_begin(drive, "ovh", goal, owner);
	drive_zone(drive, "exempel.com", "exempel.com");
	drive->run.n_ns = 1;
}

static void login__asks__for_the_time(void **state)
{
	struct drive drive = { 0 };
	struct provider_login got = { 0 };
	struct reply reply = { .http = &drive.response, .now = 1795430400 };

	(void)state;
	begin(&drive, GOAL_VERIFY, "exempel.com");
	assert_int_equal(drive.account.provider->login(&drive.run, NULL, &drive.request, &got, &drive.err), STEP_REQUEST);
	drive_expect(&drive, "GET", "/auth/time");
	assert_true(drive.request.open);
	assert_true(provider_dress(&drive.run, &drive.request, drive.run.now, &drive.err));
	assert_int_equal(drive.request.http.n_header, 0);
	drive.response.status = 200;
	str_add(&drive.response.body, "1795430325");
	assert_int_equal(drive.account.provider->login(&drive.run, &reply, &drive.request, &got, &drive.err), STEP_DONE);
	assert_int_equal(got.clock_offset_s, -75);
	assert_null(got.token);
	http_response_clear(&drive.response);
	drive.response.status = 200;
	str_add(&drive.response.body, "noon");
	drive.step = drive.account.provider->login(&drive.run, &reply, &drive.request, &got, &drive.err);
	drive_expect_failed(&drive, ERR_NETWORK);
	http_response_clear(&drive.response);
	drive.response.status = 500;
	drive.step = drive.account.provider->login(&drive.run, &reply, &drive.request, &got, &drive.err);
	drive_expect_failed(&drive, ERR_NETWORK);
	drive_end(&drive);
}

static void requests__are__signed_by_the_given_clock(void **state)
{
	struct drive drive = { 0 };
	struct str shown;

	(void)state;
	begin(&drive, GOAL_VERIFY, "exempel.com");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/domain/zone/");
	str_init(&shown, 0);
	http_request_show(&drive.request.http, &shown);
	assert_string_equal(shown.s, "GET /domain/zone/\nAccept: application/json\nX-Ovh-Application: app-key\nX-Ovh-Consumer: ***\n"
				     "X-Ovh-Timestamp: 1795430400\nX-Ovh-Signature: ***\n");
	/* printf 'k3y-that-nobody-may-see+consumer-key-hush+GET+http://h:1/v2/domain/zone/++1795430400' | sha1sum */
	assert_string_equal(drive.request.http.header[4].value, "$1$8e5a06a450ca47c5d3459927b66edec6a2c6503e");
	str_release(&shown);
	drive_say(&drive, 200, "[]");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void zones__are__names(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive.settings = settings;
	drive_begin(&drive, "ovh", GOAL_ZONES, "a.post.exempel.com");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/domain/zone/");
	drive_say(&drive, 200, "[\"exempel.net\",\"exempel.com\",\"post.exempel.com\"]");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "post.exempel.com");
	drive_end(&drive);
}

static void read__asks__for_each_record(void **state)
{
	struct drive drive = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	begin(&drive, GOAL_READ, "post.exempel.com");
	drive.run.n_ns = 0;
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/domain/zone/exempel.com");
	drive_say(&drive, 200, "{\"name\":\"exempel.com\",\"nameServers\":[\"dns1.ovh.net\",\"ns1.ovh.net\"]}");
	assert_int_equal(drive.run.n_ns, 2);
	assert_string_equal(dname_text(&drive.run.ns[0], text), "dns1.ovh.net");
	assert_string_equal(dname_text(&drive.run.ns[1], text), "ns1.ovh.net");
	drive_expect(&drive, "GET", "/domain/zone/exempel.com/record?fieldType=MX&subDomain=post");
	drive_say(&drive, 200, "[9007199254740993,2,3,4]");
	drive_expect(&drive, "GET", "/domain/zone/exempel.com/record/9007199254740993");
	drive_say(&drive, 200,
		"{\"id\":9007199254740993,\"fieldType\":\"MX\",\"subDomain\":\"post\",\"target\":\"10 mx1.exempel.net.\",\"ttl\":600}");
	drive_expect(&drive, "GET", "/domain/zone/exempel.com/record/2");
	drive_say(&drive, 200, "{\"id\":2,\"fieldType\":\"MX\",\"subDomain\":\"post\",\"target\":\"20 mx2\",\"ttl\":600}");
	drive_expect(&drive, "GET", "/domain/zone/exempel.com/record/3");
	drive_say(&drive, 404, "{\"message\":\"gone\"}"); /* since the list was made */
	drive_expect(&drive, "GET", "/domain/zone/exempel.com/record/4");
	drive_say(&drive, 200, "{\"id\":4,\"fieldType\":\"MX\",\"subDomain\":\"post\",\"target\":\"30 mx3.exempel.net.\",\"ttl\":0}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.have.n, 3);
	drive_expect_have(&drive, "600 10 mx1.exempel.net 20 mx2.exempel.com 30 mx3.exempel.net");
	assert_string_equal(drive.run.have.record[0].id, "9007199254740993");
	assert_false(drive.run.have.record[0].automatic);
	assert_true(drive.run.have.record[2].automatic);
	assert_int_equal(drive.run.have.record[2].ttl_s, 3600);
	drive_end(&drive);
}

static void read__refuses__another_record(void **state)
{
	static const char *const odd[] = { "{\"id\":2,\"fieldType\":\"TXT\",\"subDomain\":\"\",\"target\":\"10 a.\",\"ttl\":60}",
		"{\"id\":2,\"fieldType\":\"MX\",\"subDomain\":\"www\",\"target\":\"10 a.\",\"ttl\":60}",
		"{\"id\":2,\"fieldType\":\"MX\",\"subDomain\":\"\",\"target\":\"a.\",\"ttl\":60}" };

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct drive drive = { 0 };

		begin(&drive, GOAL_READ, "exempel.com");
		drive_ask(&drive);
		drive_expect(&drive, "GET", "/domain/zone/exempel.com/record?fieldType=MX&subDomain=");
		drive_say(&drive, 200, "[2]");
		drive_say(&drive, 200, odd[i]);
		drive_expect_failed(&drive, ERR_NETWORK);
		drive_end(&drive);
	}
}

static void write__adds__changes_and_removes(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_WRITE, "exempel.com");
	drive_have(&drive, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	drive_set(&drive.run.want, "300 10 mx1.exempel.com 30 mx3.exempel.net");
	drive_ask(&drive);
	drive_expect(&drive, "PUT", "/domain/zone/exempel.com/record/1");
	assert_string_equal(drive.request.http.body.s, "{\"subDomain\":\"\",\"target\":\"10 mx1.exempel.com.\",\"ttl\":300}");
	drive_say(&drive, 200, "null");
	drive_expect(&drive, "POST", "/domain/zone/exempel.com/record");
	assert_string_equal(
		drive.request.http.body.s, "{\"fieldType\":\"MX\",\"subDomain\":\"\",\"target\":\"30 mx3.exempel.net.\",\"ttl\":300}");
	drive_say(&drive, 200, "{\"id\":7}");
	drive_expect(&drive, "DELETE", "/domain/zone/exempel.com/record/2");
	assert_int_equal(drive.request.http.body.len, 0);
	drive_say(&drive, 200, "null");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	begin(&drive, GOAL_COMMIT, "exempel.com");
	drive_ask(&drive);
	drive_expect(&drive, "POST", "/domain/zone/exempel.com/refresh");
	assert_true(drive.request.writes);
	drive_say(&drive, 200, "null");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void write__leaves__an_automatic_ttl_to_the_zone(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_WRITE, "www.exempel.com");
	drive.run.automatic = true;
	drive_set(&drive.run.want, "3600 10 mx1.exempel.com");
	drive_ask(&drive);
	assert_string_equal(
		drive.request.http.body.s, "{\"fieldType\":\"MX\",\"subDomain\":\"www\",\"target\":\"10 mx1.exempel.com.\",\"ttl\":0}");
	drive_end(&drive);
	begin(&drive, GOAL_WRITE, "www.exempel.com");
	drive_set(&drive.run.want, "59 10 mx1.exempel.com");
	drive_ask(&drive);
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
}

static void answers__mean__what_their_code_says(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum meaning meaning;
	} cases[] = {
		{ 400, "{\"errorCode\":\"INVALID_SIGNATURE\",\"message\":\"Invalid signature\"}", MEANING_AUTH },
		{ 400, "{\"errorCode\":\"QUERY_TIME_OUT\"}", MEANING_AUTH },
		{ 400, "{\"class\":\"Client::BadRequest\",\"message\":\"no\"}", MEANING_REFUSED },
		{ 400, "no", MEANING_REFUSED },
		{ 403, "{\"errorCode\":\"NOT_GRANTED_CALL\"}", MEANING_AUTH },
		{ 500, "{\"errorCode\":\"INVALID_SIGNATURE\"}", MEANING_FAILED },
		{ 429, "", MEANING_THROTTLED },
		{ 200, "{\"errorCode\":\"INVALID_SIGNATURE\"}", MEANING_ACCEPTED },
	};
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		drive_judge(&drive, cases[i].status, cases[i].body, cases[i].meaning);
	drive_end(&drive);
}

static void row__says__what_the_vendor_can(void **state)
{
	const struct provider *row = provider_find("ovh");

	(void)state;
	assert_int_equal(row->caps, CAP_NULL_MX | CAP_COMMIT);
	assert_int_equal(row->limits.ttl_min_s, 60);
	assert_int_equal(row->limits.ttl_max_s, 2147483647);
	assert_int_equal(row->settle_s, 10);
	assert_int_equal(row->in_flight, 4);
	assert_int_equal(row->key_lines, 0);
	assert_string_equal(row->endpoint, "https://eu.api.ovh.com/1.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row__says__what_the_vendor_can),
		cmocka_unit_test(login__asks__for_the_time),
		cmocka_unit_test(requests__are__signed_by_the_given_clock),
		cmocka_unit_test(zones__are__names),
		cmocka_unit_test(read__asks__for_each_record),
		cmocka_unit_test(read__refuses__another_record),
		cmocka_unit_test(write__adds__changes_and_removes),
		cmocka_unit_test(write__leaves__an_automatic_ttl_to_the_zone),
		cmocka_unit_test(answers__mean__what_their_code_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
