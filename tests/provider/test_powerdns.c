/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"
#include "base/text.h"
#include "provider/vendor.h"

#define ZONE "/api/v1/servers/localhost/zones/example.org."

static void verify__asks__for_the_server(void **state)
{
	static const char *const other[] = { "server", "a/b", NULL };
	struct drive drive = { .settings = other };

	(void)state;
	drive_begin(&drive, "powerdns", GOAL_VERIFY, "example.org");
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/api/v1/servers/a%2Fb");
	drive_say(&drive, 200, "{\"type\":\"Server\",\"version\":\"4.7.3\"}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

static void zones__are__asked_for_by_name(void **state)
{
	static const struct {
		const char *owner, *zone, *kind;
		const char *asked; /* the ids, longest name first */
		const char *id;    /* as the server gives it; NULL: refused */
	} rows[] = {
		{ "example.org", "example.org.", "Native", "example.org.", "example.org." },
		{ "mail.example.org", "example.org.", "Native", "mail.example.org. example.org.", "example.org." },
		{ "a.b.SUB.example.org", "sub.example.org.", "Master", "a.b.sub.example.org. b.sub.example.org. sub.example.org.",
			"sub.example.org." },
		{ "a/b.example", "a/b.example.", "Native", "a=2Fb.example.", "a=2Fb.example." },
		{ "x.evil.example", "evil.example.", "Native", "x.evil.example. evil.example. example.", "../x" },
		{ "copy.example", "copy.example.", "Slave", "copy.example.", "copy.example." },
		{ "copy.example", "copy.example.", "consumer", "copy.example.", "copy.example." },
		{ "example.com", NULL, NULL, "example.com. com.", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		char asked[100], *rest = NULL;

		snprintf(asked, sizeof asked, "%s", rows[i].asked);
		drive_begin(&drive, "powerdns", GOAL_ZONES, rows[i].owner);
		drive_ask(&drive);
		for (char *id = strtok_r(asked, " ", &rest), *next; id; id = next) {
			char path[200], body[400];

			next = strtok_r(NULL, " ", &rest);
			snprintf(path, sizeof path, "/api/v1/servers/localhost/zones/%s", id);
			drive_expect(&drive, "GET", path);
			snprintf(body, sizeof body,
				"{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"%s\",\"rrsets\":[{\"name\":\"%s.\",\"type\":\"MX\",\"ttl\":7,\"records\":[{\"content\":\"5 h.\"}]}]}",
				rows[i].id, rows[i].zone, rows[i].kind, rows[i].owner);
			if (rows[i].zone && !strcmp(rows[i].id, "../x") ? strstr(id, "evil") == id : !next && rows[i].zone)
				drive_say(&drive, 200, body);
			else
				drive_say(&drive, 404, "{\"error\":\"Not Found\"}");
		}
		if (rows[i].id && rows[i].id[0] != '.' && rows[i].kind[0] != 'S' && rows[i].kind[0] != 'c') {
			assert_int_equal(drive.step, STEP_DONE);
			assert_string_equal(drive.run.zone_id, rows[i].id);
			assert_true(drive.run.has_read);
			drive_expect_have(&drive, "7 5 h");
		} else {
			drive_expect_failed(&drive, ERR_REFUSED);
		}
		drive_end(&drive);
	}
}

static const char traps[] =
	"{\"serial\":7,\"rrsets\":["
	"{\"name\":\"example.org.\",\"type\":\"NS\",\"ttl\":60,\"records\":[{\"content\":\"ns1.example.org.\",\"disabled\":false},{\"content\":\"ns2.example.org.\",\"disabled\":true}]},"
	"{\"name\":\"other.example.org.\",\"type\":\"MX\",\"ttl\":60,\"records\":[{\"content\":\"10 no.example.org.\",\"disabled\":false}]},"
	"{\"name\":\"example.org.\",\"type\":\"MX\",\"ttl\":3600,\"comments\":[{\"content\":\"c\"}],\"records\":["
	"{\"content\":\"10 Mx1.example.net.\",\"disabled\":false},{\"content\":\"30 off.example.net.\",\"disabled\":true}]},"
	"{\"name\":\"leak.example.org.\",\"type\":\"MX\",\"ttl\":0,\"records\":[]}]}";

static void read__keeps__disabled_records_apart(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "powerdns", GOAL_READ, "example.org");
	drive_zone(&drive, "example.org", "example.org.");
	drive_ask(&drive);
	drive_expect(&drive, "GET", ZONE);
	drive_say(&drive, 200, traps);
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.have.n, 2);
	assert_string_equal(drive.run.have.mark, "7");
	assert_int_equal(drive.run.n_ns, 1);
	drive_expect_have(&drive, "3600 10 mx1.example.net");
	drive_end(&drive);
}

static void read__tells__the_zones_own_ttl_and_mark(void **state)
{
	static const struct {
		const char *head, *soa_ttl;
		uint32_t ttl_s;
		const char *mark;
	} rows[] = {
		{ "\"serial\":7", "7200", 7200, "7" },
		{ "\"serial\":7,\"soa_edit_api\":\"DEFAULT\"", "\"60\"", 60, "7 DEFAULT" },
		{ "\"serial\":\"7\",\"soa_edit_api\":\"\"", "-1", 0, "7" },
		{ "\"serial\":null,\"soa_edit_api\":\"INCREASE\"", "null", 0, "" },
		{ "\"serial\":8,\"soa_edit_api\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"", "1", 1, "8 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		char body[900];

		drive_begin(&drive, "powerdns", GOAL_READ, "example.org");
		drive_zone(&drive, "example.org", "example.org.");
		drive_ask(&drive);
		snprintf(body, sizeof body,
			"{%s,\"rrsets\":[{\"name\":\"a.example.org.\",\"type\":\"A\",\"ttl\":5},{\"name\":\"example.org.\",\"type\":\"SOA\",\"ttl\":%s},"
			"{\"name\":\"b.example.org.\",\"type\":\"NS\",\"ttl\":6,\"records\":[{\"content\":\"ns9.example.org.\"}]},"
			"{\"name\":\"example.org.\",\"type\":\"NS\",\"ttl\":6,\"records\":[{\"content\":\"ns1.example.org.\"},{\"content\":\"ns2.example.org.\"}]}]}",
			rows[i].head, rows[i].soa_ttl);
		drive_say(&drive, 200, body);
		assert_int_equal(drive.step, STEP_DONE);
		assert_int_equal(drive.run.first_ttl_s, rows[i].ttl_s);
		assert_string_equal(drive.run.have.mark, rows[i].mark);
		assert_int_equal(drive.run.n_ns, 2);
		drive_end(&drive);
	}
}

static void writes_between__counts__by_the_serial(void **state)
{
	static const struct {
		const char *before, *after;
		unsigned writes;
	} rows[] = {
		{ "7", "8", WRITES_UNKNOWN },
		{ "7 EPOCH", "8 EPOCH", WRITES_UNKNOWN },
		{ "7 INCREASE", "", WRITES_UNKNOWN },
		{ "7 INCREASE", "7 INCREASE", 0 },
		{ "7 INCREASE", "8 INCREASE", 1 },
		{ "7 increase", "9", 2 },
		{ "7 INCREASE", "14", 7 },
		{ "7 INCREASE", "15", 8 },
		{ "7 INCREASE", "16", 8 },
		{ "7 INCREASE", "6", 8 },
		{ "4294967295 INCREASE", "0", 1 },
		{ "2026112305 DEFAULT", "2026112305 DEFAULT", 0 },
		{ "2026112205 DEFAULT", "2026112301 DEFAULT", 1 },
		{ "2026112205 default", "2026112302", 2 },
		{ "2026112301 DEFAULT", "2026112303", 2 },
		{ "2026112209 DEFAULT", "2026112210", 1 }, /* the server's day is another than ours */
		{ "2026112105 DEFAULT", "2026112201", 1 },
		{ "2026112305 DEFAULT", "2026112401", 1 },
		{ "2026112305 DEFAULT", "2026112501", 1 }, /* whatever the clock here shows */
		{ "2026112305 DEFAULT", "2026112503", 3 },
		{ "2026112005 DEFAULT", "2026112101", 1 },
		{ "2026112005 DEFAULT", "2025112101", 8 },
		{ "2026112205 INCREASE", "2026112301", 8 },
		{ "2026112399 DEFAULT", "2026112400", 1 },
	};
	const struct provider *powerdns = provider_find("powerdns");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (powerdns->writes_between(rows[i].before, rows[i].after) != rows[i].writes)
			fail_msg("%s to %s: not %u", rows[i].before, rows[i].after, rows[i].writes);
}

static void write__is__one_patch(void **state)
{
	static const struct {
		const char *want, *body;
	} rows[] = {
		{ "300 10 mx1.example.net 20 mx2.example.net",
			"{\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"MX\",\"ttl\":300,\"changetype\":\"REPLACE\",\"records\":["
			"{\"content\":\"10 mx1.example.net.\",\"disabled\":false},{\"content\":\"20 mx2.example.net.\",\"disabled\":false},"
			"{\"content\":\"30 off.example.net.\",\"disabled\":true}]}]}" },
		{ "300 0 .", "{\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"MX\",\"ttl\":300,\"changetype\":\"REPLACE\",\"records\":["
			     "{\"content\":\"0 .\",\"disabled\":false},{\"content\":\"30 off.example.net.\",\"disabled\":true}]}]}" },
		{ "300 30 off.example.net",
			"{\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"MX\",\"ttl\":300,\"changetype\":\"REPLACE\",\"records\":["
			"{\"content\":\"30 off.example.net.\",\"disabled\":false}]}]}" },
		{ "0", "{\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"MX\",\"ttl\":3600,\"changetype\":\"REPLACE\",\"records\":["
		       "{\"content\":\"30 off.example.net.\",\"disabled\":true}]}]}" },
		{ "3600 10 mx1.example.net", NULL },
	};

	(void)state;
	assert_int_equal(provider_find("powerdns")->in_flight, 8);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		drive_begin(&drive, "powerdns", GOAL_READ, "example.org");
		drive_zone(&drive, "example.org", "example.org.");
		drive_ask(&drive);
		drive_say(&drive, 200, traps);
		drive.run.goal = GOAL_WRITE;
		drive_set(&drive.run.want, rows[i].want);
		drive_ask(&drive);
		if (rows[i].body) {
			drive_expect(&drive, "PATCH", ZONE);
			assert_true(drive.request.writes);
			assert_string_equal(drive.request.http.body.s, rows[i].body);
			drive_say(&drive, i ? 204 : 200, "");
			assert_true(drive.run.wrote);
		}
		assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
}

static void write__where_an_alias_stands__is_refused(void **state)
{
	struct drive drive = { 0 };
	struct str said;

	(void)state;
	str_init(&said, 0);
	drive_begin(&drive, "powerdns", GOAL_WRITE, "www.example.org");
	drive_zone(&drive, "example.org", "example.org.");
	drive_set(&drive.run.want, "60 10 a.example");
	drive_ask(&drive);
	drive_expect(&drive, "PATCH", ZONE);
	drive_say(&drive, 422, "{\"error\":\"RRset www.example.org. IN MX: Conflicts with pre-existing RRset\"}");
	drive_expect_failed(&drive, ERR_REFUSED);
	err_format(&drive.err, NULL, &said);
	assert_string_equal(said.s,
		"PowerDNS Authoritative Server (account lab) refused: RRset www.example.org. IN MX: Conflicts with pre-existing RRset");
	assert_false(drive.run.wrote);
	str_release(&said);
	drive_end(&drive);
}

/* A path before the API, where a proxy lets the zones alone through: nothing else is asked for. */
static void everything__is_asked_for__below_the_zones(void **state)
{
	static const enum provider_goal goals[] = { GOAL_ZONES, GOAL_READ, GOAL_WRITE };

	(void)state;
	for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
		struct drive drive = { 0 };
		char *base;

		drive_begin(&drive, "powerdns", goals[i], "example.org");
		drive.account.endpoint = "http://h:1/dns/pd/api/v1/";
		drive_zone(&drive, "example.org", "example.org.");
		drive_set(&drive.run.want, "60 10 a.example");
		drive_ask(&drive);
		drive_expect(&drive, goals[i] == GOAL_WRITE ? "PATCH" : "GET", ZONE);
		base = provider_base(&drive.account, drive.request.base);
		assert_string_equal(base, "http://h:1/dns/pd");
		free(base);
		drive_end(&drive);
	}
}

static void write__deletes__an_empty_set(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "powerdns", GOAL_WRITE, "example.org");
	drive_zone(&drive, "example.org", "example.org.");
	drive_have(&drive, "60 10 a.example.org");
	drive_ask(&drive);
	drive_expect(&drive, "PATCH", ZONE);
	assert_string_equal(
		drive.request.http.body.s, "{\"rrsets\":[{\"name\":\"example.org.\",\"type\":\"MX\",\"changetype\":\"DELETE\"}]}");
	drive_say(&drive, 422, "{\"error\":\"Conflicts with pre-existing RRset\"}");
	drive_expect_failed(&drive, ERR_REFUSED);
	assert_false(drive.run.wrote);
	drive_end(&drive);
}

/* The set of that RRset, read from the zone it stands in. 4.7 takes a TTL that no RRset can have: it is not read. */
static void reads__the_set(const char *body, const json_t *zone, const json_t *rrset)
{
	const json_t *records = json_object_get(rrset, "records"), *ttl = json_object_get(rrset, "ttl");
	struct drive drive = { 0 };

	drive_begin(&drive, "powerdns", GOAL_READ, vendor_text(rrset, "name"));
	drive_zone(&drive, vendor_text(zone, "name"), vendor_text(zone, "id"));
	drive_ask(&drive);
	drive_say(&drive, 200, body);
	if (json_integer_value(ttl) > MX_TTL_MAX)
		drive_expect_failed(&drive, ERR_NETWORK);
	else if (drive.step != STEP_DONE)
		fail_msg("%s: %s", vendor_text(rrset, "name"), drive.err.what.id);
	else
		assert_int_equal(drive.run.have.n, json_array_size(records));
	assert_int_equal(strtoul(drive.run.have.mark, NULL, 10), json_integer_value(json_object_get(zone, "serial")));
	for (size_t i = 0; i < drive.run.have.n && drive.step == STEP_DONE; i++) {
		const struct provider_record *record = &drive.run.have.record[i];
		const json_t *one = json_array_get(records, i);
		char host[DNAME_TEXT_MAX], text[DNAME_TEXT_MAX + 8];

		snprintf(text, sizeof text, "%u %s", (unsigned)record->mx.preference, dname_text_dot(&record->mx.host, host));
		assert_true(text_equal_fold(text, vendor_text(one, "content")));
		assert_int_equal(record->disabled, json_is_true(json_object_get(one, "disabled")));
		assert_int_equal(record->ttl_s, json_integer_value(ttl));
	}
	drive_end(&drive);
}

/* How many sets were read. */
static size_t reads__its_sets(const char *body)
{
	json_t *zone = json_loads(body, 0, NULL), *rrset;
	size_t i, n = 0;

	json_array_foreach(json_object_get(zone, "rrsets"), i, rrset) if (!strcmp(vendor_text(rrset, "type"), "MX"))
	{
		reads__the_set(body, zone, rrset);
		n++;
	}
	json_decref(zone);
	return n;
}

/* A name that is looked for is found there, unless the zone is a copy of another server's. */
static void finds__the_zone(const char *note, const char *body)
{
	json_t *zone = json_loads(body, 0, NULL);
	const char *kind = vendor_text(zone, "kind");
	struct drive drive = { 0 };

	drive_begin(&drive, "powerdns", GOAL_ZONES, vendor_text(zone, "name"));
	drive_ask(&drive);
	drive_say(&drive, 200, body);
	if (!strcmp(kind, "Slave") || !strcmp(kind, "Consumer"))
		drive_expect_failed(&drive, ERR_REFUSED);
	else if (drive.step != STEP_DONE)
		fail_msg("%s: %s", note, drive.err.what.id);
	else
		assert_string_equal(drive.run.zone_id, vendor_text(zone, "id"));
	drive_end(&drive);
	json_decref(zone);
}

/* What a real server said, answer by answer: how many sets were read in it. */
static size_t replay(const json_t *item)
{
	const json_t *request = json_object_get(item, "request"), *response = json_object_get(item, "response");
	const char *note = vendor_text(item, "note"), *path = vendor_text(request, "path"), *body = vendor_text(response, "body");
	bool patch = !strcmp(vendor_text(request, "method"), "PATCH"), zone = strstr(path, "/zones/") != NULL;
	int status = (int)json_integer_value(json_object_get(response, "status"));
	struct drive drive = { 0 };

	if ((strstr(path, "/zones") && !zone) || (!patch && strcmp(vendor_text(request, "method"), "GET") != 0) ||
		!strcmp(path, "/api/v1/servers"))
		return 0;
	if (!patch && zone && status == 200) {
		if (!strchr(path, '?'))
			finds__the_zone(note, body);
		return reads__its_sets(body);
	}
	drive_begin(&drive, "powerdns", patch ? GOAL_WRITE : zone ? GOAL_READ : GOAL_VERIFY, "example.org");
	drive_zone(&drive, "example.org", "example.org.");
	drive_set(&drive.run.want, "60 10 a.example.org");
	drive_ask(&drive);
	assert_int_equal(drive.step, STEP_REQUEST);
	drive_say(&drive, status, body);
	if (status >= 400)
		drive_expect_failed(&drive, status == 401 ? ERR_AUTH : ERR_REFUSED);
	else if (drive.step != STEP_DONE)
		fail_msg("%s: %s", note, drive.err.what.id);
	drive_end(&drive);
	return 0;
}

/* tests/servers/pdns_record.py made them. */
static void recordings__are__understood(void **state)
{
	static const struct {
		const char *file;
		size_t n_sets;
	} rows[] = { { "pdns-4.7.3.json", 61 }, { "pdns-4.9.18.json", 59 } };
	const char *root = getenv("top_srcdir");

	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		size_t i, n = 0;
		json_t *json, *item;
		char path[4096];

		snprintf(path, sizeof path, "%s/tests/data/%s", root ? root : ".", rows[r].file);
		json = json_load_file(path, 0, NULL);
		assert_non_null(json);
		assert_int_equal(json_array_size(json_object_get(json, "items")), 99);
		json_array_foreach(json_object_get(json, "items"), i, item) n += replay(item);
		assert_int_equal(n, rows[r].n_sets);
		json_decref(json);
	}
}

/* What 5.0 says besides, by its documentation (no recording): a time for each record, other words for the kinds; and a TTL as text. */
static void a_reply_of_5_0__is_understood(void **state)
{
	static const char zone[] =
		"{\"account\":\"\",\"catalog\":\"\",\"edited_serial\":2026112502,\"id\":\"example.org.\",\"kind\":\"Primary\","
		"\"name\":\"example.org.\",\"serial\":2026112502,\"soa_edit_api\":\"DEFAULT\",\"primary_tsig_key_ids\":[],\"rrsets\":["
		"{\"comments\":[{\"account\":\"\",\"content\":\"c\",\"modified_at\":1700000000}],\"name\":\"example.org.\",\"type\":\"MX\","
		"\"ttl\":\"3600\",\"records\":[{\"content\":\"10 mx1.example.net.\",\"disabled\":false,\"modified_at\":1700000000}]}]}";
	struct drive drive = { 0 };

	(void)state;
	drive_begin(&drive, "powerdns", GOAL_READ, "example.org");
	drive_zone(&drive, "example.org", "example.org.");
	drive_ask(&drive);
	drive_say(&drive, 200, zone);
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "3600 10 mx1.example.net");
	assert_string_equal(drive.run.have.mark, "2026112502 DEFAULT");
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verify__asks__for_the_server),
		cmocka_unit_test(zones__are__asked_for_by_name),
		cmocka_unit_test(read__keeps__disabled_records_apart),
		cmocka_unit_test(read__tells__the_zones_own_ttl_and_mark),
		cmocka_unit_test(writes_between__counts__by_the_serial),
		cmocka_unit_test(write__is__one_patch),
		cmocka_unit_test(write__where_an_alias_stands__is_refused),
		cmocka_unit_test(everything__is_asked_for__below_the_zones),
		cmocka_unit_test(write__deletes__an_empty_set),
		cmocka_unit_test(a_reply_of_5_0__is_understood),
		cmocka_unit_test(recordings__are__understood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
