/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Cloud DNS from bytes: the login by a JWT, zones, exact deletions, changes that are waited for. */
#include "drive.h"

#include "service_account.h"

#define FILE_LOOPBACK FILE_OF(RSA_KEY, "http://127.0.0.1:8080/token?a=b")
#define ZONES "/projects/exempel-dns/managedZones"

static const char *const other[] = { "project", "other project", "managed_zone", "42", NULL };

static void begin(struct drive *drive, enum provider_goal goal, const char *owner, const char *const *settings)
{
	drive->settings = settings;
	drive_begin(drive, "google", goal, owner);
	drive->account.key = FILE_LOOPBACK;
	drive_zone(drive, "exempel.com", "zone-one");
	if (goal == GOAL_ZONES)
		drive->run.zone.len = 0;
	drive->run.n_ns = 1;
}

static enum step log_in(struct drive *drive, int status, const char *body, struct provider_login *got)
{
	struct reply reply = { .http = &drive->response, .now = drive->run.now };

	http_response_clear(&drive->response);
	drive->response.status = status;
	str_add(&drive->response.body, body);
	return drive->step = drive->account.provider->login(&drive->run, &reply, &drive->request, got, &drive->err);
}

static void login__sends__an_assertion(void **state)
{
	struct drive drive = { 0 };
	struct provider_login got = { 0 };
	struct str shown;
	char *base;

	(void)state;
	begin(&drive, GOAL_VERIFY, "exempel.com", NULL);
	assert_int_equal(drive.account.provider->login(&drive.run, NULL, &drive.request, &got, &drive.err), STEP_REQUEST);
	drive_expect(&drive, "POST", "/token?a=b");
	assert_string_equal(drive.request.base, "login");
	assert_true(drive.request.open);
	assert_false(drive.request.writes);
	base = provider_base(&drive.account, "login");
	assert_string_equal(base, "http://127.0.0.1:8080");
	free(base);
	base = provider_base(&drive.account, NULL);
	assert_string_equal(base, "http://h:1/v2");
	free(base);
	assert_int_equal(strncmp(drive.request.http.body.s,
				 "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
				 "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.",
				 75 + 37),
		0);
	str_init(&shown, 0);
	http_request_show(&drive.request.http, &shown);
	assert_string_equal(shown.s, "POST /token?a=b\nContent-Type: application/x-www-form-urlencoded\n\n"
				     "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=***\n");
	str_release(&shown);
	assert_int_equal(log_in(&drive, 200, "{\"access_token\":\"ya29.T\",\"expires_in\":3599}", &got), STEP_DONE);
	assert_string_equal(got.token, "ya29.T");
	assert_int_equal(got.until, drive.run.now + 3599);
	provider_login_release(&got);
	drive_end(&drive);
}

static void login__says__why_not(void **state)
{
	struct drive drive = { 0 };
	struct provider_login got = { 0 };

	(void)state;
	begin(&drive, GOAL_VERIFY, "exempel.com", NULL);
	log_in(&drive, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}", &got);
	drive_expect_failed(&drive, ERR_AUTH);
	assert_string_equal(drive.err.what.arg[2], "Invalid JWT Signature.");
	assert_string_equal(drive.err.hint.arg[0], "2026-11-23T10:40:00Z");
	log_in(&drive, 503, "", &got);
	drive_expect_failed(&drive, ERR_NETWORK);
	log_in(&drive, 200, "{}", &got);
	drive_expect_failed(&drive, ERR_NETWORK);
	assert_null(got.token);
	drive.account.key = "{}";
	drive.step = drive.account.provider->login(&drive.run, NULL, &drive.request, &got, &drive.err);
	drive_expect_failed(&drive, ERR_USAGE);
	drive.account.key = FILE_OF("hush", "https://a/");
	drive.step = drive.account.provider->login(&drive.run, NULL, &drive.request, &got, &drive.err);
	drive_expect_failed(&drive, ERR_USAGE);
	drive_end(&drive);
}

static void requests__name__the_project(void **state)
{
	struct drive drive = { 0 };
	struct provider_login login = { .token = (char[]){ "ya29.T" } };

	(void)state;
	begin(&drive, GOAL_VERIFY, "exempel.com", NULL);
	drive.account.login = &login;
	drive_ask(&drive);
	drive_expect(&drive, "GET", ZONES "?maxResults=1");
	assert_string_equal(drive.request.http.header[1].value, "Bearer ya29.T");
	assert_true(drive.request.http.header[1].secret);
	drive_say(&drive, 200, "{\"kind\":\"dns#managedZonesListResponse\"}"); /* none, and the key is good */
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	begin(&drive, GOAL_VERIFY, "exempel.com", other);
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/projects/other%20project/managedZones?maxResults=1");
	drive_say(&drive, 200, "{\"kind\":\"dns#somethingElse\"}");
	drive_expect_failed(&drive, ERR_NETWORK);
	drive_end(&drive);
}

#define ZONE(id, name, more) "{\"id\":\"" id "\",\"name\":\"" name "\",\"dnsName\":\"exempel.com.\"" more "}"

static void zones__are__the_public_ones(void **state)
{
	struct drive drive = { 0 };
	char text[DNAME_TEXT_MAX];

	(void)state;
	begin(&drive, GOAL_ZONES, "exempel.com", NULL);
	drive_ask(&drive);
	drive_expect(&drive, "GET", ZONES "?dnsName=exempel.com.");
	drive_say(&drive, 200,
		"{\"kind\":\"dns#managedZonesListResponse\",\"managedZones\":[" ZONE(
			"41", "inside", ",\"visibility\":\"private\"") "," ZONE("42", "zone-one",
			",\"visibility\":\"public\",\"nameServers\":[\"ns1.a.\",\"ns2.a.\",7]") "]}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "zone-one");
	assert_int_equal(drive.run.n_ns, 2);
	assert_string_equal(dname_text(&drive.run.ns[1], text), "ns2.a");
	drive_end(&drive);
}

static void zones__are__chosen_by_name_or_id(void **state)
{
	static const char *const by_name[] = { "managed_zone", "zone-two", NULL }, *const by_id[] = { "managed_zone", "42", NULL };
	static const char two[] = "{\"managedZones\":[" ZONE("41", "zone-one", "") "," ZONE("42", "zone-two", "") "]}";
	static const char *const *const settings[] = { by_name, by_id, NULL };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct drive drive = { 0 };

		begin(&drive, GOAL_ZONES, "exempel.com", settings[i]);
		drive_ask(&drive);
		drive_say(&drive, 200, two);
		if (settings[i]) {
			assert_int_equal(drive.step, STEP_DONE);
			assert_string_equal(drive.run.zone_id, "zone-two");
		} else {
			drive_expect_failed(&drive, ERR_REFUSED);
		}
		drive_end(&drive);
	}
}

static void read__takes__all_pages(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_ask(&drive);
	drive_expect(&drive, "GET", ZONES "/zone-one/rrsets?name=exempel.com.&type=MX");
	drive_say(&drive, 200, "{\"kind\":\"dns#resourceRecordSetsListResponse\",\"nextPageToken\":\"a b\"}");
	drive_expect(&drive, "GET", ZONES "/zone-one/rrsets?name=exempel.com.&type=MX&pageToken=a%20b");
	drive_say(&drive, 200,
		"{\"kind\":\"dns#resourceRecordSetsListResponse\",\"rrsets\":[{\"name\":\"exempel.com.\",\"type\":\"MX\",\"ttl\":300,\"rrdatas\":[\"10 Mx1.exempel.com.\",\"20 mx2.exempel.net.\"]},"
		"{\"name\":\"post.exempel.com.\",\"type\":\"MX\",\"ttl\":1,\"rrdatas\":[],\"routingPolicy\":{}},"
		"{\"name\":\"exempel.com.\",\"type\":\"TXT\",\"ttl\":1,\"rrdatas\":[],\"routingPolicy\":{}}]}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "300 10 mx1.exempel.com 20 mx2.exempel.net");
	drive_end(&drive);
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	drive_ask(&drive);
	drive_say(&drive, 200,
		"{\"rrsets\":[{\"name\":\"exempel.com.\",\"type\":\"MX\",\"ttl\":300,\"rrdatas\":[],\"routingPolicy\":{\"geo\":{}}}]}");
	drive_expect_failed(&drive, ERR_REFUSED);
	assert_string_equal(drive.err.what.id, "the MX set of %s follows a routing policy at %s: change it there");
	drive_end(&drive);
}

#define SET(ttl, values) "[{\"name\":\"exempel.com.\",\"type\":\"MX\",\"ttl\":" ttl ",\"rrdatas\":[" values "]}]"

static void write__names__both_sets(void **state)
{
	static const struct {
		const char *have, *want, *body;
	} cases[] = {
		{ "60 10 a.example 20 b.example", "300 5 mx3.exempel.com",
			"{\"deletions\":" SET("60", "\"10 Old0.\",\"20 Old1.\"") ",\"additions\":" SET(
				"300", "\"5 mx3.exempel.com.\"") "}" },
		{ NULL, "300 0 .", "{\"additions\":" SET("300", "\"0 .\"") "}" },
		{ "60 10 a.example", NULL, "{\"deletions\":" SET("60", "\"10 Old0.\"") "}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct drive drive = { 0 };

		begin(&drive, GOAL_WRITE, "exempel.com", NULL);
		if (cases[i].have)
			drive_have(&drive, cases[i].have);
		for (size_t k = 0; k < drive.run.have.n; k++)
			snprintf(drive.run.have.record[k].stored, 64, "%u Old%zu.", (unsigned)drive.run.have.record[k].mx.preference, k);
		if (cases[i].want)
			drive_set(&drive.run.want, cases[i].want);
		drive_ask(&drive);
		drive_expect(&drive, "POST", ZONES "/zone-one/changes");
		assert_true(drive.request.writes);
		assert_string_equal(drive.request.http.body.s, cases[i].body);
		drive_say(&drive, 200, "{\"id\":\"218\",\"status\":\"pending\"}");
		drive_expect(&drive, "GET", ZONES "/zone-one/changes/218");
		assert_int_equal(drive.request.wait_ms, 500);
		drive_say(&drive, 200, "{\"id\":\"218\",\"status\":\"pending\"}");
		drive_expect(&drive, "GET", ZONES "/zone-one/changes/218");
		drive_say(&drive, 200, "{\"id\":\"218\",\"status\":\"done\"}");
		assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

#define ERROR(reason, message)                                                                                                             \
	"{\"error\":{\"code\":0,\"message\":\"" message "\",\"errors\":[{\"domain\":\"global\",\"reason\":\"" reason "\"}]}}"

static void answers__mean__what_their_reason_says(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum meaning meaning;
	} cases[] = {
		{ 403, ERROR("rateLimitExceeded", "x"), MEANING_THROTTLED },
		{ 403, ERROR("userRateLimitExceeded", "x"), MEANING_THROTTLED },
		{ 403, ERROR("quotaExceeded", "x"), MEANING_THROTTLED },
		{ 403, ERROR("forbidden", "x"), MEANING_AUTH },
		{ 401, "", MEANING_AUTH },
		{ 404, ERROR("notFound", "The 'entity.change.deletions[0]' resource named 'x. (MX)' does not exist."), MEANING_STALE },
		{ 404, ERROR("notFound", "The 'parameters.managedZone' resource named 'x' does not exist."), MEANING_GONE },
		{ 409, ERROR("alreadyExists", "x"), MEANING_STALE },
		{ 412, ERROR("conditionNotMet", "Precondition not met for 'entity.change.deletions[0]'"), MEANING_STALE },
		{ 400, ERROR("quotaExceeded", "entity.change.deletions"), MEANING_REFUSED },
		{ 200, ERROR("quotaExceeded", "x"), MEANING_ACCEPTED },
	};
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, GOAL_READ, "exempel.com", NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		drive_judge(&drive, cases[i].status, cases[i].body, cases[i].meaning);
	drive_end(&drive);
}

static void row__says__what_the_vendor_can(void **state)
{
	const struct provider *row = provider_find("google");

	(void)state;
	assert_int_equal(row->caps, CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE);
	assert_int_equal(row->limits.ttl_min_s, 0);
	assert_int_equal(row->limits.ttl_max_s, 2147483647);
	assert_int_equal(row->settle_s, 10);
	assert_int_equal(row->in_flight, 4);
	assert_true(row->key_lines == KEY_WHOLE);
	assert_string_equal(row->endpoint, "https://dns.googleapis.com/dns/v1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(row__says__what_the_vendor_can),
		cmocka_unit_test(login__sends__an_assertion),
		cmocka_unit_test(login__says__why_not),
		cmocka_unit_test(requests__name__the_project),
		cmocka_unit_test(zones__are__the_public_ones),
		cmocka_unit_test(zones__are__chosen_by_name_or_id),
		cmocka_unit_test(read__takes__all_pages),
		cmocka_unit_test(write__names__both_sets),
		cmocka_unit_test(answers__mean__what_their_reason_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
