/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which zone holds a name, by vendors that exist here alone. */
#include "engine_room.h"

static const uint32_t zone_ttls[] = { 77, 770, 0 };

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = json_is_true(json_object_get(row, "copy"));
	if (*vendor_text(row, "group"))
		entry->group = strdup(vendor_text(row, "group"));
	if (*vendor_text(row, "note"))
		entry->note = strdup(vendor_text(row, "note"));
	entry->servers = strdup("ns1.example.net. ns2 ");
	entry->limits = (struct provider_limits){ .ttl_min_s = 77, .ttl_max_s = 7700, .records_max = 7, .ttls = zone_ttls };
	entry->first_ttl_s = 88;
	return !json_is_true(json_object_get(row, "private"));
}

static const struct shape listed_shape = {
	.zone_list = { .path = "/z", .rows = "" }, .zone_name = "name", .zone_id = "id", .zone_setting = "choose", .zone = zone_of
};
ROW(listed, listed_shape, engine_records, 0);

static void zone__is_the_longest__that_fits(void **state)
{
	static const char *const chosen[] = { "choose", "7", NULL }, *const group[] = { "choose", "G", NULL },
				 *const bad[] = { "choose", "x", NULL };
	static const struct {
		const char *const *settings;
		const char *owner, *zones, *id, *said, *hint;
	} rows[] = {
		{ NULL, "a.b.example", "{\"name\":\"b.example\",\"id\":1},{\"name\":\"example\",\"id\":2}", "1", NULL, NULL },
		{ NULL, "a.b.example", "{\"name\":\"B.Example.\",\"id\":\"1\"},{\"name\":\"xa.b.example\",\"id\":2}", "1", NULL, NULL },
		{ NULL, "a.b.example", "{\"name\":\"example\",\"id\":2},{\"name\":\"b.example\",\"id\":1,\"private\":true}", "2", NULL,
			NULL },
		{ NULL, "b.example", "{\"name\":\"b.example\",\"id\":1},{\"name\":\"b.example\",\"id\":1}", "1", NULL, NULL },
		/* label by label, not letter by letter */
		{ NULL, "mx.b.example",
			"{\"name\":\"ample\",\"id\":3},{\"name\":\"b.example\",\"id\":1},{\"name\":\"notb.example\",\"id\":2}", "1", NULL,
			NULL },
		{ NULL, "notb.example", "{\"name\":\"ample\",\"id\":3},{\"name\":\"b.example\",\"id\":1}", NULL,
			"no zone for notb.example in account lab", "it has: ample, b.example" },
		{ NULL, "b.example", "{\"name\":\"b.example\",\"id\":1,\"note\":\"old\"},{\"name\":\"b.example\",\"id\":7}", NULL,
			"account lab sees more than one zone b.example: 1 (old); 7",
			"Set choose in the account's section to the one that is meant." },
		{ chosen, "b.example", "{\"name\":\"b.example\",\"id\":1},{\"name\":\"b.example\",\"id\":7}", "7", NULL, NULL },
		{ group, "b.example", "{\"name\":\"b.example\",\"id\":1,\"group\":\"g\"},{\"name\":\"b.example\",\"id\":7,\"group\":\"h\"}",
			"1", NULL, NULL },
		{ bad, "b.example", "{\"name\":\"b.example\",\"id\":1}", NULL,
			"no zone b.example in account lab is the one that choose names", "" },
		{ NULL, "b.example", "{\"name\":\"b.example\",\"id\":1,\"copy\":true}", NULL,
			"b.example is a secondary zone in account lab: a change would be lost at the next transfer",
			"use an account of the primary server" },
		{ NULL, "b.example",
			"{\"name\":\"b.example\",\"id\":\"..\"},{\"name\":\"b.example\",\"id\":\".\"},{\"name\":\"b.example\"},{\"id\":1},{\"name\":\".\",\"id\":1}",
			NULL, "no zone for b.example in account lab", "the account has no zone that this key may see" },
		{ NULL, "b.example", "{\"name\":\"d.example\",\"id\":1},{\"name\":\"c.example\",\"id\":2}", NULL,
			"no zone for b.example in account lab", "it has: c.example, d.example" },
		{ NULL, "b.example",
			"{\"name\":\"1.x\",\"id\":1},{\"name\":\"2.x\",\"id\":1},{\"name\":\"3.x\",\"id\":1},{\"name\":\"4.x\",\"id\":1},{\"name\":\"5.x\",\"id\":1},{\"name\":\"6.x\",\"id\":1}",
			NULL, "no zone for b.example in account lab", "it has 6 zones, among them: 1.x, 2.x, 3.x, 4.x, 5.x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { .settings = rows[i].settings };
		char body[1000];

		begin(&drive, &listed, GOAL_ZONES, rows[i].owner);
		drive_expect(&drive, "GET", "/z");
		snprintf(body, sizeof body, "[%s]", rows[i].zones);
		drive_say(&drive, 200, body);
		if (rows[i].id) {
			if (drive.step == STEP_FAILED)
				fail_msg("row %zu", i);
			assert_int_equal(drive.step, STEP_DONE);
			assert_string_equal(drive.run.zone_id, rows[i].id);
			assert_int_equal(drive.run.n_ns, 2);
			assert_int_equal(drive.run.limits.ttl_min_s, 77);
			assert_int_equal(drive.run.limits.ttl_max_s, 7700);
			assert_int_equal(drive.run.limits.records_max, 7);
			assert_ptr_equal(drive.run.limits.ttls, zone_ttls);
			assert_int_equal(drive.run.first_ttl_s, 88);
			assert_false(drive.run.has_read);
		} else {
			expect_said(&drive, ERR_REFUSED, rows[i].said);
			expect_msg(&drive.err.hint, rows[i].hint);
		}
		drive_end(&drive);
	}
}

static const struct shape plain_shape = {
	.zone_list = { .path = "/z", .rows = "" }, .zone_name = "name", .zone_id = "id", .zone_ttl = "ttl", .zone_servers = "ns"
};
static const struct provider plain = { .name = "test",
	.title = "Test",
	.limits = { .ttl_min_s = 30, .ttl_max_s = 3000, .records_max = 3, .ttls = zone_ttls },
	.step = engine_records,
	.shape = &plain_shape };

/* What a row of the zone does not say stays as the vendor's own row has it. */
static void zone__has__what_its_row_says(void **state)
{
	static const struct {
		const char *more;
		uint32_t ttl_s;
		unsigned n_ns;
	} rows[] = {
		{ ",\"ttl\":7", 7, 0 },
		{ ",\"ttl\":\"8\",\"ns\":[\"a.example\",7,\"b.example.\",\"A.Example\",null,\"\"]", 8, 2 },
		{ ",\"ns\":\"a.example\"", 0, 0 },
		{ ",\"ttl\":-1,\"ns\":[]", 0, 0 },
		{ ",\"ttl\":\"4294967296\"", 0, 0 },
		{ ",\"ttl\":null", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		char body[300];

		begin(&drive, &plain, GOAL_ZONES, "b.example");
		snprintf(body, sizeof body, "[{\"name\":\"b.example\",\"id\":\"1\"%s}]", rows[i].more);
		drive_say(&drive, 200, body);
		assert_int_equal(drive.step, STEP_DONE);
		assert_int_equal(drive.run.first_ttl_s, rows[i].ttl_s);
		assert_int_equal(drive.run.n_ns, rows[i].n_ns);
		assert_int_equal(drive.run.limits.ttl_min_s, 30);
		assert_int_equal(drive.run.limits.ttl_max_s, 3000);
		assert_int_equal(drive.run.limits.records_max, 3);
		assert_ptr_equal(drive.run.limits.ttls, zone_ttls);
		drive_end(&drive);
	}
}

static const struct shape whole_shape = {
	.zone_named = { .path = "/n/{ask}", .rows = "", .none_is_gone = true },
	.zone_name = "name",
	.zone_holds_set = true,
	.read = { .path = "/n/{zone}", .rows = "r" },
	.row = { .ttl = "ttl", .preference = "p", .target = "t" },
};
ROW(whole, whole_shape, engine_rrset, 0);

static void zone__that_holds_the_set__is_read_at_once(void **state)
{
	static const struct {
		const char *more, *have, *said;
	} rows[] = {
		{ ",\"r\":[{\"ttl\":60,\"p\":10,\"t\":\"a\"}]", "60 10 a", NULL },
		{ ",\"r\":[]", "0", NULL },
		{ "", NULL, "Test (account lab) answered in a way that its API does not know" },
		{ ",\"r\":[{\"ttl\":60,\"p\":-1,\"t\":\"a\"}]", NULL, "Test (account lab): record  has no p that can be read" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		char body[300];

		begin(&drive, &whole, GOAL_ZONES, "b.example");
		drive_have(&drive, "70 20 old");
		snprintf(body, sizeof body, "{\"name\":\"b.example\"%s}", rows[i].more);
		drive_say(&drive, 200, body);
		if (rows[i].have) {
			assert_int_equal(drive.step, STEP_DONE);
			drive_expect_have(&drive, rows[i].have);
		} else {
			expect_said(&drive, ERR_NETWORK, rows[i].said);
		}
		assert_int_equal(drive.run.has_read, rows[i].have != NULL);
		drive_end(&drive);
	}
}

static void zones__are_listed__once_an_account(void **state)
{
	struct zone_index zones = { 0 };
	struct drive drive = { .account = { .zones = &zones } };

	(void)state;
	begin(&drive, &listed, GOAL_ZONES, "b.example");
	drive_say(&drive, 200, "[{\"name\":\"b.example\",\"id\":1},{\"name\":\"c.example\",\"id\":2}]");
	assert_int_equal(drive.step, STEP_DONE);
	assert_true(zones.whole);
	drive_end(&drive);
	begin(&drive, &listed, GOAL_ZONES, "x.c.example");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "2");
	drive_end(&drive);
	begin(&drive, &listed, GOAL_ZONES, "d.example");
	drive_expect_failed(&drive, ERR_REFUSED);
	drive_end(&drive);
	zone_index_release(&zones);
}

static const struct shape shown_shape = {
	.zone_named = { .path = "/n/{ask}", .rows = "", .none_is_gone = true },
	.zone_all = { .path = "/all?page={page}", .rows = "z", .paging = PAGE_FULL, .size = 2 },
	.zone_name = "name",
	.zone_id = "id",
};
ROW(shown, shown_shape, engine_records, 0);
static const struct shape unlisted_shape = { .zone_named = { .path = "/n/{ask}", .rows = "" }, .zone_name = "name" };
ROW(unlisted, unlisted_shape, engine_records, 0);

/* The root asks for them all; the list that only shows them is not what a name is looked up in. */
static void zones_of_the_root__are_all__page_by_page(void **state)
{
	struct zone_index zones = { 0 };
	struct drive drive = { .account = { .zones = &zones } };

	(void)state;
	begin(&drive, &shown, GOAL_ZONES, "b.example");
	drive_expect(&drive, "GET", "/n/b.example");
	drive_end(&drive);
	begin(&drive, &shown, GOAL_ZONES, ".");
	drive_expect(&drive, "GET", "/all?page=1");
	expect_title(&drive, "list the zones");
	drive_say(&drive, 200, "{\"z\":[{\"name\":\"c.example\",\"id\":3},{\"name\":\"b.example\",\"id\":2}]}");
	assert_false(zones.whole);
	drive_expect(&drive, "GET", "/all?page=2");
	drive_say(&drive, 200, "{\"z\":[{\"name\":\"a.example\",\"id\":1}]}");
	assert_int_equal(drive.step, STEP_DONE);
	assert_int_equal(drive.run.zone.len, 0);
	assert_true(zones.whole);
	zone_index_sort(&zones);
	assert_int_equal(zones.n, 3);
	assert_string_equal(zones.entry[0].name, "a.example");
	assert_string_equal(zones.entry[2].id, "3");
	drive_end(&drive);
	begin(&drive, &shown, GOAL_ZONES, "."); /* known by now */
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	zone_index_release(&zones);
	begin(&drive, &unlisted, GOAL_ZONES, ".");
	expect_said(&drive, ERR_REFUSED, "no list of the zones of account lab can be had from provider test");
	expect_msg(&drive.err.hint, "Name the domain instead: its zone is found.");
	drive_end(&drive);
	begin(&drive, &listed, GOAL_ZONES, ".");
	drive_say(&drive, 403, "{}");
	drive_expect_failed(&drive, ERR_AUTH);
	drive_end(&drive);
}

static void zone__is_found__among_ten_thousand(void **state)
{
	struct drive drive = { 0 };
	struct str body;

	(void)state;
	str_init(&body, 0);
	str_add(&body, "[");
	for (unsigned n = 0; n < 10000; n++)
		str_addf(&body, "{\"name\":\"z%u.example\",\"id\":%u},", n * 7919 % 10000, n * 7919 % 10000);
	str_add(&body, "{\"name\":\"example\",\"id\":10000}]");
	for (unsigned n = 0; n <= 10000; n += 5000) {
		char owner[64], id[16];

		snprintf(owner, sizeof owner, n < 10000 ? "a.z%u.example" : "a.z%u.x.example", n);
		snprintf(id, sizeof id, "%u", n);
		begin(&drive, &listed, GOAL_ZONES, owner);
		drive_say(&drive, 200, body.s);
		assert_int_equal(drive.step, STEP_DONE);
		assert_string_equal(drive.run.zone_id, id);
		drive_end(&drive);
	}
	str_release(&body);
}

static const struct shape named_shape = { .zone_named = { .path = "/n/{ask}", .rows = "z", .none_is_gone = true },
	.zone_list = { .path = "/z", .rows = "z" },
	.zone_name = "name" };
ROW(named, named_shape, engine_records, 0);

static void zones__are_asked_for_by_name__as_long_as_they_are_few(void **state)
{
	struct zone_index zones = { 0 };
	struct drive drive = { .account = { .zones = &zones } };
	char path[64], owner[64], body[64];

	(void)state;
	/* what is no zone is not asked for twice */
	begin(&drive, &named, GOAL_ZONES, "a.b.example");
	drive_expect(&drive, "GET", "/n/a.b.example");
	expect_title(&drive, "look for the zone a.b.example");
	drive_say(&drive, 404, "");
	drive_expect(&drive, "GET", "/n/b.example");
	drive_say(&drive, 200, "{\"z\":[{\"name\":\"b.example\"}]}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	begin(&drive, &named, GOAL_ZONES, "a.b.example");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	for (unsigned n = 0; n < 6; n++) {
		snprintf(owner, sizeof owner, "z%u.example", n);
		snprintf(path, sizeof path, "/n/z%u.example", n);
		snprintf(body, sizeof body, "{\"z\":{\"name\":\"z%u.example\"}}", n);
		begin(&drive, &named, GOAL_ZONES, owner);
		drive_expect(&drive, "GET", path);
		drive_say(&drive, 200, body);
		assert_int_equal(drive.step, STEP_DONE);
		drive_end(&drive);
	}
	begin(&drive, &named, GOAL_ZONES, "z9.example");
	drive_expect(&drive, "GET", "/z");
	drive_say(&drive, 200, "{\"z\":[{\"name\":\"z9.example\"}]}");
	assert_int_equal(drive.step, STEP_DONE);
	drive_end(&drive);
	zone_index_release(&zones);
}

static void zones__by_name__fail_as_the_vendor_does(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum err_code code;
	} rows[] = { { 401, "{}", ERR_AUTH }, { 500, "{}", ERR_NETWORK }, { 200, "{}", ERR_NETWORK }, { 200, "{\"z\":7}", ERR_NETWORK },
		{ 200, "x", ERR_NETWORK }, { 200, "{\"z\":{}}", ERR_NETWORK }, { 200, "{\"z\":{\"error\":\"log in\"}}", ERR_NETWORK } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };

		begin(&drive, &named, GOAL_ZONES, "b.example");
		drive_say(&drive, rows[i].status, rows[i].body);
		drive_expect_failed(&drive, rows[i].code);
		drive_end(&drive);
	}
}

static const struct shape suffix_shape = {
	.zone_named = { .path = "/n?owns={ask_dot}", .rows = "" }, .one_asks = true, .zone_name = "name"
};
ROW(suffix, suffix_shape, engine_records, 0);

static void zone__of_a_vendor_that_looks_itself__is_one_question(void **state)
{
	struct zone_index zones = { 0 };
	struct drive drive = { .account = { .zones = &zones } };

	(void)state;
	begin(&drive, &suffix, GOAL_ZONES, "a.b.c.example");
	drive_expect(&drive, "GET", "/n?owns=a.b.c.example.");
	drive_say(&drive, 200, "[{\"name\":\"c.example\"}]");
	assert_int_equal(drive.step, STEP_DONE);
	assert_string_equal(drive.run.zone_id, "c.example");
	drive_end(&drive);
	begin(&drive, &suffix, GOAL_ZONES, "a.b.d.example");
	drive_say(&drive, 200, "[]");
	expect_said(&drive, ERR_REFUSED, "no zone for a.b.d.example in account lab");
	expect_msg(&drive.err.hint, "neither it nor a name above it is a zone at http://h:1/v2");
	drive_end(&drive);
	zone_index_release(&zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone__is_the_longest__that_fits),
		cmocka_unit_test(zone__has__what_its_row_says),
		cmocka_unit_test(zone__that_holds_the_set__is_read_at_once),
		cmocka_unit_test(zones__are_listed__once_an_account),
		cmocka_unit_test(zones_of_the_root__are_all__page_by_page),
		cmocka_unit_test(zone__is_found__among_ten_thousand),
		cmocka_unit_test(zones__are_asked_for_by_name__as_long_as_they_are_few),
		cmocka_unit_test(zones__by_name__fail_as_the_vendor_does),
		cmocka_unit_test(zone__of_a_vendor_that_looks_itself__is_one_question),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
