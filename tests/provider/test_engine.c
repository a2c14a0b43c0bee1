/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engines by vendors that exist here alone: every way of a shape, request by request. */
#include "engine_room.h"

/* ---- pages ---- */

static const struct shape follow_shape = { .zone_list = { .path = "/z?n=1", .rows = "", .paging = PAGE_HEADER }, .zone_name = "name" };
ROW(follow, follow_shape, engine_records, 0);

static void drive_link(struct drive *drive, const char *link, const char *body)
{
	struct reply reply = { .http = &drive->response, .now = drive->run.now };

	request_release(&drive->request);
	request_init(&drive->request);
	http_response_clear(&drive->response);
	drive->response.status = 200;
	if (link)
		http_response_add_header(&drive->response, "link", link);
	str_add(&drive->response.body, body);
	drive_step(drive, &reply);
}

static void pages__are_followed__by_the_header(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &follow, GOAL_ZONES, "example.com");
	drive_expect(&drive, "GET", "/z?n=1");
	expect_title(&drive, "list the zones");
	drive_link(&drive, "<http://h:1/v2/z?c=a>; rel=\"prev\", <http://H:1/v2/z?c=b>; rel=\"next\"", "[{\"name\":\"x.example\"}]");
	drive_expect(&drive, "GET", "/z?c=b");
	drive_link(&drive, "</v2/z?c=c>; rel=\"next\"", "[]");
	drive_expect(&drive, "GET", "/z?c=c");
	drive_link(&drive, "<http://h:1/v2/z?c=d>; rel=\"last\"", "[{\"name\":\"example.com.\"}]");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "example.com.");
	drive_end(&drive);
}

static void pages__are_not_followed__elsewhere(void **state)
{
	static const char *const links[] = { "<https://h:1/v2/z?c=b>; rel=\"next\"", "<http://h:1/v3/z?c=b>; rel=\"next\"",
		"<http://h:1/v22/z>; rel=\"next\"", "<//h:1/v2/z>; rel=\"next\"", "<http://h:11/v2/z>; rel=\"next\"",
		"<z?c=b>; rel=\"next\"", "<http://h:1@evil/v2/z>; rel=\"next\"" };

	(void)state;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		struct drive drive = { 0 };

		begin(&drive, &follow, GOAL_ZONES, "example.com");
		drive_link(&drive, links[i], "[{\"name\":\"example.com\"}]");
		expect_said(&drive, ERR_REFUSED, "Test (account lab) sends its next page from another host: not followed");
		drive_end(&drive);
	}
}

static const struct shape again_shape = { .read = { .path = "/r/{page}[/{cursor}]", .rows = "r", .paging = PAGE_CURSOR, .more = "c" } };
ROW(again, again_shape, engine_records, 0);

/* After a login made anew. */
static void read__that_begins_anew__begins_at_its_first_page(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &again, GOAL_READ, "example.com");
	drive_expect(&drive, "GET", "/r/1");
	drive_say(&drive, 200, "{\"r\":[],\"c\":\"x\"}");
	drive_expect(&drive, "GET", "/r/2/x");
	request_release(&drive.request);
	request_init(&drive.request);
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/r/1");
	drive_end(&drive);
}

static const struct shape last_shape = { .zone_list = { .path = "/z/{page}/{start}", .rows = "z", .paging = PAGE_LAST, .more = "m/last" },
	.zone_name = "name",
	.zone_id = "id" };
ROW(last, last_shape, engine_records, 0);
static const struct shape cursor_shape = { .zone_list = { .path = "/z[?c={cursor}]", .rows = "z", .paging = PAGE_CURSOR, .more = "m/next" },
	.zone_name = "name" };
ROW(cursor, cursor_shape, engine_records, 0);
static const struct shape more_shape = { .zone_list = { .path = "/z/{page}", .rows = "z", .paging = PAGE_MORE, .more = "m" },
	.zone_name = "name" };
ROW(more, more_shape, engine_records, 0);
static const struct shape total_shape = { .zone_list = { .path = "/z/{page}", .rows = "z", .paging = PAGE_TOTAL, .more = "m" },
	.zone_name = "name" };
ROW(total, total_shape, engine_records, 0);
static const struct shape full_shape = {
	.zone_list = { .path = "/z", .body = "{\"start\":\"{start}\",\"x\":[\"{owner}\"]}", .rows = "z", .paging = PAGE_FULL, .size = 2 },
	.zone_name = "name"
};
ROW(full, full_shape, engine_records, 0);

static void pages__end__as_each_vendor_says(void **state)
{
	static const struct {
		const struct provider *provider;
		const char *first, *reply, *second, *end;
	} rows[] = {
		{ &last, "/z/1/0", "{\"z\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"m\":{\"last\":2}}", "/z/2/2",
			"{\"z\":[],\"m\":{\"last\":\"2\"}}" },
		{ &cursor, "/z", "{\"z\":[],\"m\":{\"next\":\"a/b\"}}", "/z?c=a%2Fb", "{\"z\":[],\"m\":{\"next\":\"\"}}" },
		{ &cursor, "/z", "{\"z\":[],\"m\":{\"next\":7}}", "/z?c=7", "{\"z\":[]}" },
		{ &more, "/z/1", "{\"z\":[{\"name\":\"a\"}],\"m\":true}", "/z/2", "{\"z\":[],\"m\":false}" },
		{ &last, "/z/1/0", "{\"z\":[{\"name\":\"a\"}],\"m\":{\"last\":9}}", "/z/2/1", "{\"z\":[],\"m\":{\"last\":1}}" },
		{ &full, "/z", "{\"z\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", "/z", "{\"z\":[{\"name\":\"a\"}]}" },
		{ &last, "/z/1/0", "{\"z\":[],\"m\":{\"last\":1}}", NULL, NULL },
		{ &last, "/z/1/0", "{\"z\":[]}", NULL, NULL },
		{ &more, "/z/1", "{\"z\":[],\"m\":1}", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *method = rows[i].provider == &full ? "POST" : "GET";
		struct drive drive = { 0 };

		begin(&drive, rows[i].provider, GOAL_ZONES, "a.example");
		drive_expect(&drive, method, rows[i].first);
		if (rows[i].provider == &full)
			assert_string_equal(drive.request.http.body.s, "{\"start\":\"0\",\"x\":[\"a.example\"]}");
		assert_false(drive.request.writes);
		drive_say(&drive, 200, rows[i].reply);
		if (rows[i].second) {
			drive_expect(&drive, method, rows[i].second);
			if (rows[i].provider == &full)
				assert_string_equal(drive.request.http.body.s, "{\"start\":\"2\",\"x\":[\"a.example\"]}");
			drive_say(&drive, 200, rows[i].end);
		}
		drive_expect_failed(&drive, ERR_REFUSED);
		drive_end(&drive);
	}
}

/* The same page again, an empty one where more is said to come, more rows than are counted. */
static void pages__that_contradict__are_not_believed(void **state)
{
	static const struct {
		const struct provider *provider;
		const char *first, *second;
	} rows[] = {
		{ &more, "{\"z\":[{\"name\":\"a\"}],\"m\":true}", "{\"z\":[],\"m\":true}" },
		{ &more, "{\"z\":[{\"name\":\"a\"}],\"m\":true}", "{\"z\":[{\"name\":\"a\"}],\"m\":true}" },
		{ &more, "{\"z\":[{\"name\":\"a\"},{},{\"name\":\"b\"}],\"m\":true}",
			"{\"z\":[{\"name\":\"a\"},7,{\"name\":\"b\"}],\"m\":false}" },
		{ &last, "{\"z\":[{\"name\":\"a\"}],\"m\":{\"last\":9}}", "{\"z\":[],\"m\":{\"last\":9}}" },
		{ &last, "{\"z\":[],\"m\":{\"last\":2}}", NULL },
		{ &total, "{\"z\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"m\":1}", NULL },
		{ &total, "{\"z\":[{\"name\":\"a\"}],\"m\":\"3\"}", "{\"z\":[{\"name\":\"a\"}],\"m\":3}" },
		{ &total, "{\"z\":[{\"name\":\"a\"}],\"m\":3}", "{\"z\":[],\"m\":3}" },
		{ &full, "{\"z\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", "{\"z\":[{\"name\":\"a\"},{\"name\":\"b\"}]}" },
		{ &cursor, "{\"z\":[{\"name\":\"a\"}],\"m\":{\"next\":\"1\"}}", "{\"z\":[{\"name\":\"a\"}],\"m\":{\"next\":\"2\"}}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		begin(&drive, rows[i].provider, GOAL_ZONES, "a.example");
		drive_say(&drive, 200, rows[i].first);
		if (rows[i].second && drive.step == STEP_REQUEST)
			drive_say(&drive, 200, rows[i].second);
		expect_said(&drive, ERR_NETWORK, "Test (account lab) sent pages of a list that contradict each other");
		drive_end(&drive);
	}
}

static void pages__without_end__are_refused(void **state)
{
	struct drive drive = { 0 };
	char page[80];

	(void)state;
	begin(&drive, &more, GOAL_ZONES, "a.example");
	for (unsigned n = 0; n < 2000; n++) {
		snprintf(page, sizeof page, "{\"z\":[{\"name\":\"x%u\"}],\"m\":true}", n);
		assert_int_equal(drive.step, STEP_REQUEST);
		if (n == 1999)
			drive_expect(&drive, "GET", "/z/2000");
		drive_say(&drive, 200, page);
	}
	expect_said(&drive, ERR_REFUSED, "Test (account lab) has no end of pages");
	drive_end(&drive);
}

static void page__that_is_its_own_next_one__is_the_last_asked_for(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &cursor, GOAL_ZONES, "a.example");
	drive_say(&drive, 200, "{\"z\":[],\"m\":{\"next\":\"b\"}}");
	drive_expect(&drive, "GET", "/z?c=b");
	drive_say(&drive, 200, "{\"z\":[],\"m\":{\"next\":\"c\"}}");
	drive_expect(&drive, "GET", "/z?c=c");
	drive_say(&drive, 200, "{\"z\":[{\"name\":\"a.example\"}],\"m\":{\"next\":\"c\"}}");
	expect_said(&drive, ERR_REFUSED, "Test (account lab) has no end of pages");
	drive_end(&drive);
	begin(&drive, &follow, GOAL_ZONES, "a.example");
	drive_link(&drive, "</v2/z?c=b>; rel=\"next\"", "[]");
	drive_expect(&drive, "GET", "/z?c=b");
	drive_link(&drive, "<http://h:1/v2/z?c=b>; rel=\"next\"", "[]");
	expect_said(&drive, ERR_REFUSED, "Test (account lab) has no end of pages");
	drive_end(&drive);
}

/* ---- reading ---- */

static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	(void)value;
	record->locked = json_is_true(json_object_get(row, "locked"));
	return !json_is_true(json_object_get(row, "bad")) || vendor_odd_record(run, record->id, "bad", err);
}

static const struct shape read_shape = {
	.read = { .path = "/z/{zone}/r?n={owner}", .rows = "r", .none_is_gone = true },
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "d/p",
		.preference_else = "p",
		.target = "d/t",
		.disabled = "off",
		.names = NAME_RELATIVE },
	.record = record_of,
	.has_automatic = true,
	.ttl_automatic = 1,
	.ttl_automatic_s = 300,
};
ROW(reads, read_shape, engine_records, 0);

static void read__takes__what_is_plain_and_names_what_is_not(void **state)
{
#define ONE(more) "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":10,\"t\":\"a.example\"}" more "}"
	static const struct {
		const char *rows, *have, *said;
	} rows[] = {
		{ ONE(""), "60 10 a.example", NULL },
		{ "{\"id\":\"x\",\"type\":\"MX\",\"name\":\"@\",\"ttl\":\"60\",\"d\":{\"p\":\"10\",\"t\":\"a.example.\"}}",
			"60 10 a.example", NULL },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"EXAMPLE.com.\",\"ttl\":60.0,\"d\":{\"t\":\"@\"},\"p\":10.0}", "60 10 example.com",
			NULL },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":0,\"t\":\"\"}}", NULL,
			"Test (account lab): record 7 has no t that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":0,\"t\":\".\"}}", "60 0 .", NULL },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":1,\"d\":{\"p\":1,\"t\":\"a\"}}", "300 1 a", NULL },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":null,\"d\":{\"p\":1,\"t\":\"a\"}}", "300 1 a", NULL },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"d\":{\"p\":1,\"t\":\"a\"}}", "300 1 a", NULL },
		{ ONE("") ",{\"id\":8,\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":10,\"t\":\"a.example\"},\"off\":true}",
			"60 10 a.example", NULL },
		/* one record that is told twice; two with one id */
		{ ONE("") "," ONE(""), "60 10 a.example", NULL },
		{ ONE("") ",{\"id\":8,\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":20,\"t\":\"b\"}},"
			  "{\"id\":\"7\",\"type\":\"MX\",\"name\":\"\",\"ttl\":60,\"d\":{\"p\":30,\"t\":\"c\"}}",
			NULL, "Test (account lab) sent two different records with the id 7" },
		{ ONE("") ",{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":61,\"d\":{\"p\":10,\"t\":\"a.example\"}}", NULL,
			"Test (account lab) sent two different records with the id 7" },
		/* another's are not looked at */
		{ ONE("") ",{\"type\":\"MX\",\"name\":\"w\",\"ttl\":\"x\"},{\"type\":\"A\",\"name\":\"\"},{},7,null,[]", "60 10 a.example",
			NULL },
		{ "{\"type\":\"MX\",\"name\":\"\"}", NULL, "Test (account lab): record ? has no id that can be read" },
		{ "{\"id\":[],\"type\":\"MX\",\"name\":\"\"}", NULL, "Test (account lab): record ? has no id that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":-1}", NULL, "Test (account lab): record 7 has no ttl that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":1.5}", NULL,
			"Test (account lab): record 7 has no ttl that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":2147483648}", NULL,
			"Test (account lab): record 7 has no ttl that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":\"\"}", NULL,
			"Test (account lab): record 7 has no ttl that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":9,\"p\":null,\"d\":{\"t\":\"a\"}}", NULL,
			"Test (account lab): record 7 has no p that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":9,\"p\":4294967296,\"d\":{\"t\":\"a\"}}", NULL,
			"Test (account lab): record 7 has no p that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":9,\"p\":1,\"d\":{\"t\":7}}", NULL,
			"Test (account lab): record 7 has no t that can be read" },
		{ "{\"id\":7,\"type\":\"MX\",\"name\":\"\",\"ttl\":9,\"p\":1}", NULL,
			"Test (account lab): record 7 has no t that can be read" },
		{ ONE(",\"bad\":true"), NULL, "Test (account lab): record 7 has no bad that can be read" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		char body[1000];

		begin(&drive, &reads, GOAL_READ, "example.com");
		drive_expect(&drive, "GET", "/z/z1/r?n=example.com");
		expect_title(&drive, "read the MX records of example.com");
		snprintf(body, sizeof body, "{\"r\":[%s]}", rows[i].rows);
		drive_say(&drive, 200, body);
		if (rows[i].have) {
			if (drive.step != STEP_DONE)
				fail_msg("row %zu", i);
			drive_expect_have(&drive, rows[i].have);
		} else {
			expect_said(&drive, ERR_NETWORK, rows[i].said);
		}
		drive_end(&drive);
	}
}

static const struct shape emptied_shape = { .read = { .path = "/z", .rows = "" },
	.row = { .id = "id", .ttl = "ttl", .preference = "p", .target = "t", .empty_is_null = true } };
ROW(emptied, emptied_shape, engine_records, 0);

static void read__of_an_empty_target__is_a_null_mx_where_the_vendor_writes_it_so(void **state)
{
	static const char *const odd[] = { "[{\"id\":7,\"ttl\":60,\"p\":10,\"t\":\"\"}]", "[{\"id\":7,\"ttl\":60,\"p\":0,\"t\":null}]" };
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &emptied, GOAL_READ, "example.com");
	drive_say(&drive, 200, "[{\"id\":7,\"ttl\":60,\"p\":0,\"t\":\"\"}]");
	drive_expect_have(&drive, "60 0 .");
	drive_end(&drive);
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		begin(&drive, &emptied, GOAL_READ, "example.com");
		drive_say(&drive, 200, odd[i]);
		expect_said(&drive, ERR_NETWORK, "Test (account lab): record 7 has no t that can be read");
		drive_end(&drive);
	}
}

/* Of a read 200 alone is an answer: a part (206) would be taken for the whole. */
static void read__answered_with_another_2xx__is_odd(void **state)
{
	static const int odd[] = { 201, 202, 203, 204, 206 };

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct drive drive = { 0 };

		begin(&drive, &emptied, GOAL_READ, "example.com");
		drive_say(&drive, odd[i], "[{\"id\":7,\"ttl\":60,\"p\":10,\"t\":\"a.example\"}]");
		expect_said(&drive, ERR_NETWORK, "Test (account lab) answered in a way that its API does not know");
		drive_end(&drive);
	}
}

static const struct shape named_shape = { .zone_name = "zone",
	.read = { .path = "/z", .rows = "r" },
	.read_names_zone = true,
	.row = { .name = "name", .ttl = "ttl", .preference = "p", .target = "t", .names = NAME_RELATIVE } };
ROW(named, named_shape, engine_records, 0);

static void read__of_another_zone__is_not_ours(void **state)
{
	static const char *const same[] = { "", ",\"zone\":null", ",\"zone\":\"example.com\"", ",\"zone\":\"EXAMPLE.com.\"" };
	static const char *const other[] = { ",\"zone\":\"example.net\"", ",\"zone\":\"www.example.com\"", ",\"zone\":7" };
	char body[200];

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same + sizeof other / sizeof *other; i++) {
		bool is_same = i < sizeof same / sizeof *same;
		struct drive drive = { 0 };

		begin(&drive, &named, GOAL_READ, "example.com");
		snprintf(body, sizeof body, "{\"r\":[{\"name\":\"\",\"ttl\":60,\"p\":10,\"t\":\"a\"}]%s}",
			is_same ? same[i] : other[i - sizeof same / sizeof *same]);
		drive_say(&drive, 200, body);
		if (is_same)
			drive_expect_have(&drive, "60 10 a");
		else
			drive_expect_failed(&drive, ERR_NETWORK);
		drive_end(&drive);
	}
}

static void read__of_nothing__is_an_empty_set(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &reads, GOAL_READ, "w.example.com");
	drive_have(&drive, "60 10 a");
	drive_ask(&drive);
	drive_say(&drive, 404, "{}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.have.n, 0);
	drive_end(&drive);
}

static const struct shape sets_shape = {
	.read = { .path = "/{at}/{relative}", .rows = "", .none_is_gone = true },
	.row = { .type = "t", .mx = "4", .ttl = "ttl", .values = "v", .targets = TARGET_DOT },
	.has_automatic = true,
};
ROW(sets, sets_shape, engine_rrset, 0);

static void read__takes__a_set_of_texts(void **state)
{
	static const struct {
		const char *row, *have, *said;
	} rows[] = {
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"10 a.example.\",\"20  b\",\"0\\t.\"]}", "60 10 a.example 20 b.example.com 0 .", NULL },
		{ "{\"t\":4,\"ttl\":60,\"v\":\"x\"}", NULL, "Test (account lab): record MX has no v that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":{}}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"a.example.\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"-1 a.example.\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"+1 a.example.\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"10\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"10 \"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"10a b.\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":60,\"v\":[\"4294967296 b.\"]}", NULL, "Test (account lab): record  has no value that can be read" },
		{ "{\"t\":4,\"ttl\":null,\"v\":[\"1 b.\"]}", "99 1 b", NULL },
		{ "[{\"t\":5,\"ttl\":60,\"v\":7}]", "0", NULL },
		/* in the place of the one set: something else */
		{ "{\"t\":5,\"ttl\":60,\"v\":7}", NULL, "Test (account lab) answered in a way that its API does not know" },
		{ "[{\"t\":4,\"ttl\":60,\"v\":[\"1 a.\"],\"v\":[]}]", NULL,
			"Test (account lab) answered in a way that its API does not know" },
		{ "{}", NULL, "Test (account lab) answered in a way that its API does not know" },
		{ "{\"code\":401,\"message\":\"log in\"}", NULL, "Test (account lab) answered in a way that its API does not know" },
		{ "[]", "0", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		begin(&drive, &sets, GOAL_READ, "example.com");
		drive_expect(&drive, "GET", "/%40/");
		drive.run.first_ttl_s = 99;
		drive_say(&drive, 200, rows[i].row);
		if (rows[i].have) {
			if (drive.step != STEP_DONE)
				fail_msg("row %zu", i);
			drive_expect_have(&drive, rows[i].have);
			assert_string_equal(drive.run.have.n == 3 ? drive.run.have.record[1].stored : "20  b", "20  b");
		} else {
			expect_said(&drive, ERR_NETWORK, rows[i].said);
		}
		drive_end(&drive);
	}
}

static const struct shape each_shape = {
	.read = { .path = "/ids", .rows = "" },
	.read_each = "/r/{id}",
	.each = "",
	.row = { .id = "id", .ttl = "ttl", .targets = TARGET_DOT, .target = "t" },
	.servers = { .path = "/ns/{page}", .rows = "", .paging = PAGE_FULL, .size = 2 },
	.server = "n",
};
ROW(each, each_shape, engine_records, 0);

static void read__asks_for_each__where_only_ids_come(void **state)
{
	struct drive drive = { 0 };

	(void)state;
	begin(&drive, &each, GOAL_READ, "example.com");
	drive_expect(&drive, "GET", "/ns/1");
	expect_title(&drive, "read the name servers of example.com");
	drive_say(&drive, 200, "[{\"n\":\"ns1.example\"},{\"n\":\"ns2.example\"}]");
	drive_expect(&drive, "GET", "/ns/2");
	drive_say(&drive, 200, "[{\"n\":\"ns3.example\"}]");
	assert_int_equal(drive.run.n_ns, 3);
	drive_expect(&drive, "GET", "/ids");
	drive_say(&drive, 200, "[12345678901234,\"b/c\",3]");
	drive_expect(&drive, "GET", "/r/12345678901234");
	expect_title(&drive, "read the MX records of example.com");
	drive_say(&drive, 200, "{\"id\":12345678901234,\"ttl\":60,\"t\":\"10 a.\"}");
	drive_expect(&drive, "GET", "/r/b%2Fc");
	drive_say(&drive, 404, "{}");
	drive_expect(&drive, "GET", "/r/3");
	drive_say(&drive, 200, "{\"id\":3,\"ttl\":60,\"t\":\"20 b.\"}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_expect_have(&drive, "60 10 a 20 b");
	drive_end(&drive);
	begin(&drive, &each, GOAL_READ, "example.com");
	drive.run.n_ns = 1;
	drive_ask(&drive);
	drive_expect(&drive, "GET", "/ids");
	drive_say(&drive, 200, "[null]");
	expect_said(&drive, ERR_NETWORK, "Test (account lab): record ? has no id that can be read");
	drive_end(&drive);
	begin(&drive, &each, GOAL_READ, "example.com");
	drive.run.n_ns = 1;
	drive_ask(&drive);
	drive_say(&drive, 200, "[]");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages__are_followed__by_the_header),
		cmocka_unit_test(pages__are_not_followed__elsewhere),
		cmocka_unit_test(pages__end__as_each_vendor_says),
		cmocka_unit_test(pages__that_contradict__are_not_believed),
		cmocka_unit_test(pages__without_end__are_refused),
		cmocka_unit_test(read__that_begins_anew__begins_at_its_first_page),
		cmocka_unit_test(page__that_is_its_own_next_one__is_the_last_asked_for),
		cmocka_unit_test(read__takes__what_is_plain_and_names_what_is_not),
		cmocka_unit_test(read__of_an_empty_target__is_a_null_mx_where_the_vendor_writes_it_so),
		cmocka_unit_test(read__answered_with_another_2xx__is_odd),
		cmocka_unit_test(read__of_another_zone__is_not_ours),
		cmocka_unit_test(read__of_nothing__is_an_empty_set),
		cmocka_unit_test(read__takes__a_set_of_texts),
		cmocka_unit_test(read__asks_for_each__where_only_ids_come),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
