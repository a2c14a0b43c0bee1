/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"

#include "provider/pace.h"
#include "provider/vendor.h"
#include "provider/zones.h"

static void add(struct zone_index *index, const char *name, const char *id, bool none)
{
	zone_index_add(index, &(struct zone_entry){ .name = (char *)(uintptr_t)name, .id = (char *)(uintptr_t)id, .none = none });
}

static void zone_index_find__gives__all_of_a_name(void **state)
{
	struct zone_index index = { 0 };
	const struct zone_entry *entry;
	size_t n = 7;

	(void)state;
	assert_null(zone_index_find(&index, "b.example", &n));
	assert_int_equal(n, 0);
	add(&index, "c.example", "1", false);
	add(&index, "b.example", "3", false);
	add(&index, "a.example", "4", false);
	add(&index, "b.example", "2", false);
	add(&index, "b.example", "3", false);
	entry = zone_index_find(&index, "b.example", &n);
	assert_int_equal(n, 2);
	assert_string_equal(entry[0].id, "2");
	assert_string_equal(entry[1].id, "3");
	assert_int_equal(index.n, 4);
	entry = zone_index_find(&index, "a.example", &n);
	assert_int_equal(n, 1);
	assert_string_equal(entry->id, "4");
	entry = zone_index_find(&index, "c.example", &n);
	assert_int_equal(n, 1);
	assert_string_equal(entry->name, "c.example");
	assert_null(zone_index_find(&index, "d.example", &n));
	assert_null(zone_index_find(&index, "B.example", &n));
	zone_index_release(&index);
	assert_int_equal(index.n, 0);
	assert_null(zone_index_find(&index, "b.example", &n));
}

static void zone_index_find__forgets__that_there_was_none(void **state)
{
	struct zone_index index = { 0 };
	const struct zone_entry *entry;
	size_t n;

	(void)state;
	add(&index, "a.example", NULL, true);
	entry = zone_index_find(&index, "a.example", &n);
	assert_int_equal(n, 1);
	assert_true(entry->none);
	add(&index, "a.example", "7", false);
	entry = zone_index_find(&index, "a.example", &n);
	assert_int_equal(n, 1);
	assert_false(entry->none);
	assert_string_equal(entry->id, "7");
	zone_index_release(&index);
}

static void zone_index__keeps__copies(void **state)
{
	struct zone_index index = { 0 };
	char name[] = "a.example", id[] = "x", group[] = "g", note[] = "n", servers[] = "ns1 ";
	const struct zone_entry *entry;
	size_t n;

	(void)state;
	zone_index_add(
		&index, &(struct zone_entry){ .name = name, .id = id, .group = group, .note = note, .servers = servers, .copy = true });
	name[0] = id[0] = group[0] = note[0] = servers[0] = '!';
	entry = zone_index_find(&index, "a.example", &n);
	assert_non_null(entry);
	assert_string_equal(entry->id, "x");
	assert_string_equal(entry->group, "g");
	assert_string_equal(entry->note, "n");
	assert_string_equal(entry->servers, "ns1 ");
	assert_true(entry->copy);
	zone_index_release(&index);
}

/* ---- how soon the next may leave ---- */

struct sent {
	uint64_t at_ms;
	const char *zone;
	bool writes;
};

static uint64_t wait_after(const struct provider_pace *rules, const struct sent *sent, size_t n, struct sent next)
{
	struct pace_time time = { next.at_ms, pace_zone(next.zone), next.writes };
	struct pace pace = { 0 };
	uint64_t wait;

	for (size_t i = 0; i < n; i++) {
		struct pace_time before = { sent[i].at_ms, pace_zone(sent[i].zone), sent[i].writes };

		pace_note(&pace, rules, &before);
	}
	wait = pace_wait_ms(&pace, rules, &time);
	pace_release(&pace);
	return wait;
}

static void pace__waits__for_the_oldest_that_counts(void **state)
{
	static const struct provider_pace two_a_second[] = { { .most = 2, .within_s = 1 }, { 0 } };
	static const struct provider_pace writes[] = { { .most = 1, .within_s = 10, .writes = true }, { 0 } };
	static const struct provider_pace zones[] = { { .most = 1, .within_s = 10, .zone = true }, { 0 } };
	static const struct provider_pace both[] = { { .most = 1, .within_s = 1 }, { .most = 2, .within_s = 60 }, { 0 } };
	static const struct sent sent[] = { { 1000, "a", false }, { 1400, "b", true } };

	(void)state;
	assert_int_equal(wait_after(two_a_second, sent, 0, (struct sent){ 1500, "a", false }), 0);
	assert_int_equal(wait_after(two_a_second, sent, 1, (struct sent){ 1500, "a", false }), 0);
	assert_int_equal(wait_after(two_a_second, sent, 2, (struct sent){ 1500, "a", false }), 500);
	assert_int_equal(wait_after(two_a_second, sent, 2, (struct sent){ 1999, "a", false }), 1);
	assert_int_equal(wait_after(two_a_second, sent, 2, (struct sent){ 2000, "a", false }), 0);
	assert_int_equal(wait_after(writes, sent, 2, (struct sent){ 1500, "a", false }), 0);
	assert_int_equal(wait_after(writes, sent, 2, (struct sent){ 1500, "a", true }), 9900);
	assert_int_equal(wait_after(writes, sent, 1, (struct sent){ 1500, "a", true }), 0);
	assert_int_equal(wait_after(zones, sent, 2, (struct sent){ 1500, "a", true }), 9500);
	assert_int_equal(wait_after(zones, sent, 2, (struct sent){ 1500, "b", false }), 9900);
	assert_int_equal(wait_after(zones, sent, 2, (struct sent){ 1500, "c", false }), 0);
	assert_int_equal(wait_after(both, sent, 1, (struct sent){ 1500, "a", false }), 500);
	assert_int_equal(wait_after(both, sent, 2, (struct sent){ 1500, "a", false }), 59500);
	assert_int_equal(wait_after(NULL, sent, 2, (struct sent){ 1500, "a", false }), 0);
}

static void pace_note__drops__what_is_over(void **state)
{
	static const struct provider_pace rules[] = { { .most = 3, .within_s = 1 }, { .most = 100, .within_s = 2 }, { 0 } };
	struct pace pace = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		pace_note(&pace, rules, &(struct pace_time){ i * 100, 1, false });
	assert_in_range(pace.n, 20, 60);
	assert_int_equal(pace.time[pace.n - 1].at_ms, 99900);
	pace_note(&pace, NULL, &(struct pace_time){ 0, 1, false });
	assert_in_range(pace.n, 20, 60);
	pace_release(&pace);
	assert_int_equal(pace.n, 0);
	assert_int_not_equal(pace_zone("a.example"), pace_zone("b.example"));
	assert_int_equal(pace_zone("a.example"), pace_zone("a.example"));
}

/* What lies a whole window back is over. */
static void pace_note__drops__what_a_window_ago_was(void **state)
{
	static const struct provider_pace rules[] = { { .most = 3, .within_s = 1 }, { 0 } };

	(void)state;
	for (uint64_t at_ms = 999; at_ms <= 1001; at_ms++) {
		struct pace pace = { 0 };

		pace_note(&pace, rules, &(struct pace_time){ 0, 1, false });
		pace_note(&pace, rules, &(struct pace_time){ at_ms, 1, false });
		assert_int_equal(pace.n, at_ms < 1000 ? 2 : 1);
		pace_release(&pace);
	}
}

/* A number of 32 bits, as a number or in digits alone. */
static void vendor_number__takes__digits_alone(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint32_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "3600", true, 3600 },
		{ "0000003600", true, 3600 },
		{ "4294967295", true, UINT32_MAX },
		{ "4294967296", false, 0 },
		{ "9999999999", false, 0 },
		{ "00000000001", false, 0 },
		{ "", false, 0 },
		{ "60x", false, 0 },
		{ "x60", false, 0 },
		{ " 60", false, 0 },
		{ "-60", false, 0 },
		{ "60.0", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *text = json_string(rows[i].text);
		uint32_t value = 0;

		if (vendor_number(text, &value) != rows[i].good || value != rows[i].value)
			fail_msg("\"%s\": %u", rows[i].text, (unsigned)value);
		json_decref(text);
	}
}

static void pace_tell__keeps__what_the_last_answer_said(void **state)
{
	static const struct provider_quota at = { "x-left", "x-reset", true }, in = { "x-left", "x-reset", false };
	static const struct provider_quota field = { "ratelimit", "ratelimit", false };
	static const struct {
		const struct provider_quota *quota;
		const char *left, *reset;
		int64_t told_left, told_reset; /* -1: nothing was told */
	} rows[] = {
		{ &at, "4999", "1060", 4999, 1060 },
		{ &in, "7", "60", 7, 1060 },
		{ &in, "0", "60", 0, 1060 },
		{ &in, "7", NULL, 7, 0 },
		{ &in, "7", "soon", 7, 0 },
		{ &field, "\"default\";r=5;t=30", NULL, 5, 1030 },
		{ &in, "x", "60", -1, 0 },
		{ &in, NULL, "60", -1, 0 },
		{ NULL, "7", "60", -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pace_told told = { .at = 1, .left = 2, .reset = 3 };
		struct http_response response;

		http_response_init(&response);
		if (rows[i].left)
			http_response_add_header(&response, rows[i].quota ? rows[i].quota->left : "x-left", rows[i].left);
		if (rows[i].reset)
			http_response_add_header(&response, "x-reset", rows[i].reset);
		pace_tell(&told, rows[i].quota, &response, 1000);
		assert_int_equal(told.at, rows[i].told_left < 0 ? 1 : 1000);
		assert_int_equal(told.left, rows[i].told_left < 0 ? 2 : rows[i].told_left);
		assert_int_equal(told.reset, rows[i].told_left < 0 ? 3 : rows[i].told_reset);
		http_response_release(&response);
	}
}

static void pace_told_s__reads__what_is_left(void **state)
{
	static const struct provider_quota at = { "x-left", "x-reset", true }, in = { "x-left", "x-reset", false };
	static const struct provider_quota field = { "ratelimit", "ratelimit", false };
	static const struct {
		const struct provider_quota *quota;
		const char *left, *reset;
		uint32_t told;
	} rows[] = {
		{ &at, "0", "1060", 60 },
		{ &at, "0", "1000", 0 },
		{ &at, "0", "900", 0 },
		{ &at, "1", "1060", 0 },
		{ &at, "0", "99999", 3600 },
		{ &at, "0", "4600", 3600 },
		{ &in, "0", "60", 60 },
		{ &in, "0", "3601", 3600 },
		{ &in, "00", "1", 1 },
		{ &in, "", "60", 0 },
		{ &in, "x", "60", 0 },
		{ &in, NULL, "60", 0 },
		{ &in, "0", NULL, 0 },
		{ &in, "0", "soon", 0 },
		{ &in, "0", "1234567890123", 0 },
		{ &field, "\"default\";r=0;t=30", NULL, 30 },
		{ &field, "\"default\";r=5;t=30", NULL, 0 },
		{ NULL, "0", "60", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_response response;

		http_response_init(&response);
		if (rows[i].left)
			http_response_add_header(&response, rows[i].quota ? rows[i].quota->left : "x-left", rows[i].left);
		if (rows[i].reset)
			http_response_add_header(&response, "x-reset", rows[i].reset);
		if (pace_told_s(rows[i].quota, &response, 1000) != rows[i].told)
			fail_msg("row %zu: %u, not %u", i, (unsigned)pace_told_s(rows[i].quota, &response, 1000), (unsigned)rows[i].told);
		http_response_release(&response);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zone_index_find__gives__all_of_a_name),
		cmocka_unit_test(zone_index_find__forgets__that_there_was_none),
		cmocka_unit_test(zone_index__keeps__copies),
		cmocka_unit_test(pace__waits__for_the_oldest_that_counts),
		cmocka_unit_test(pace_note__drops__what_is_over),
		cmocka_unit_test(pace_note__drops__what_a_window_ago_was),
		cmocka_unit_test(pace_tell__keeps__what_the_last_answer_said),
		cmocka_unit_test(pace_told_s__reads__what_is_left),
		cmocka_unit_test(vendor_number__takes__digits_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
