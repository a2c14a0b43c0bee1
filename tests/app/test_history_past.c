/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What earlier pushes mean for what caches hold now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/history.h"
#include "base/mem.h"

static void plan_ttls(struct past_push *push, uint32_t old_s, uint32_t new_s)
{
	struct mx mx;

	mx_set(&mx, 10, "mx.exempel.com");
	plan_init(&push->plan);
	if (old_s)
		mxset_add(&push->plan.base, &mx);
	mxset_add(&push->plan.want, &mx);
	push->plan.base.ttl_s = old_s;
	push->plan.want.ttl_s = new_s;
}

/* Of pushes that wrote: until when what they replaced is held, and whether the TTL was lowered last. */
static void history_past__tells__what_caches_may_hold(void **state)
{
	static const struct {
		uint32_t old_s[2], new_s[2];
		unsigned written[2];
		int64_t at[2];
		const char *safe[2]; /* NULL: its watch did not see the end */
		const char *but;
		int64_t gone_at;
		uint32_t hold_s, from_s, to_s;
		int64_t lowered_at;
	} rows[] = {
		{ { 3600, 3600 }, { 300, 300 }, { 0, 0 }, { 100, 200 }, { NULL }, NULL, 0, 0, 0, 0, 0 },
		{ { 86400, 300 }, { 300, 300 }, { 1, 0 }, { 1000, 2000 }, { NULL }, NULL, 87400, 86400, 86400, 300, 1000 },
		{ { 86400, 300 }, { 300, 300 }, { 1, 1 }, { 1000, 2000 }, { "1970-01-02T00:20:00Z" }, NULL, 87600, 300, 86400, 300, 1000 },
		{ { 86400, 300 }, { 300, 86400 }, { 1, 1 }, { 1000, 2000 }, { "1970-01-02T00:20:00Z", "1970-01-01T00:40:00Z" }, NULL, 87600,
			0, 0, 0, 0 },
		{ { 3600, 600 }, { 600, 60 }, { 1, 1 }, { 1000, 2000 }, { NULL }, NULL, 4600, 3600, 600, 60, 2000 },
		{ { 3600, 600 }, { 600, 60 }, { 1, 1 }, { 1000, 2000 }, { NULL }, "1", 4600, 3600, 3600, 600, 1000 },
		{ { 3600, 600 }, { 600, 60 }, { 1, 1 }, { 1000, 2000 }, { NULL }, "0", 2600, 600, 600, 60, 2000 },
		{ { 60, 60 }, { 60, 60 }, { 1, 1 }, { -88000, -84441 }, { NULL }, NULL, 0, 60, 0, 0, 0 }, /* the stretch is not over */
		{ { 60, 60 }, { 60, 60 }, { 1, 1 }, { -88000, -84460 }, { NULL }, NULL, 0, 0, 0, 0, 0 },
		/* dated later than now: by a clock that was ahead, by so much at least */
		{ { 3600, 600 }, { 600, 60 }, { 1, 1 }, { 1000, 5000 }, { NULL }, NULL, 4600, 3600, 600, 60, 2000 },
		{ { 3600, 3600 }, { 300, 300 }, { 1, 0 }, { 5000, 2000 }, { "1970-01-01T02:30:00Z" }, NULL, 6000, 0, 3600, 300, 2000 },
		{ { 0, MX_TTL_UNKNOWN }, { 60, 60 }, { 1, 1 }, { 1000, 2000 }, { NULL, "1970-01-01T00:40:00Z" }, NULL, 2400, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct past_push push[2] = { { .id = mem_text("0") }, { .id = mem_text("1") } };
		struct history history = { .n = 2, .push = push };
		struct past_facts past;

		for (size_t k = 0; k < 2; k++) {
			push[k].written = rows[i].written[k];
			push[k].written_at = rows[i].at[k];
			plan_ttls(&push[k], rows[i].old_s[k], rows[i].new_s[k]);
			if (rows[i].safe[k])
				push[k].record = json_pack("{s:s}", "safe_to_retire_old_hosts_at", rows[i].safe[k]);
		}
		history_past(&history, rows[i].but, 2000, &past);
		assert_int_equal(past.known, FACT_YES);
		assert_int_equal(past.gone_at, rows[i].gone_at);
		assert_int_equal(past.hold_s, rows[i].hold_s);
		assert_int_equal(past.lowered_from_s, rows[i].from_s);
		assert_int_equal(past.lowered_to_s, rows[i].to_s);
		assert_int_equal(past.lowered_at, rows[i].lowered_at);
		for (size_t k = 0; k < 2; k++) {
			free(push[k].id);
			plan_release(&push[k].plan);
			json_decref(push[k].record);
		}
	}
}

/* Nobody knows until when a set is held whose TTL nobody told, unless its watch saw the end. */
static void history_past__of_a_base_without_ttl__is_not_known(void **state)
{
	struct past_push push = { .id = mem_text("0"), .written = 1, .written_at = 1000 };
	struct history history = { .n = 1, .push = &push };
	struct past_facts past;

	(void)state;
	plan_ttls(&push, MX_TTL_UNKNOWN, 60);
	history_past(&history, NULL, 2000, &past);
	assert_int_equal(past.known, FACT_NO);
	assert_int_equal(past.gone_at, 0);
	assert_int_equal(past.hold_s, 0);
	plan_release(&push.plan);
	free(push.id);
}

/* Where the last push alone was read, its end tells what came before it, or nobody does. */
static void history_past__of_a_part__asks_its_end(void **state)
{
	static const struct {
		const char *record;
		int64_t now;
		enum fact known;
		int64_t gone_at;
		uint32_t hold_s;
	} rows[] = {
#define OLD(more) "{\"old_answers\":{\"hold_s\":43200,\"negative\":false,\"assumed\":false" more "}}"
		{ OLD(",\"earlier_until\":\"1970-01-12T13:46:40Z\""), 2000, FACT_YES, 1000000, 43200 },
		{ OLD(",\"earlier_until\":\"1970-01-12T13:46:40Z\""), 1000000 + 86400, FACT_YES, 1000000, 0 },
		{ OLD(",\"earlier_until\":\"1970-01-01T00:33:30Z\""), 2000, FACT_YES, 2300, 43200 },
		{ OLD(",\"earlier_until\":\"1970-01-12T13:46:40Z\""), 1500, FACT_YES, 999500, 43200 },
		{ OLD(",\"earlier_until\":null"), 2000, FACT_YES, 2300, 300 },
		{ OLD(""), 2000, FACT_NO, 2300, 300 },
		{ "{\"old_answers\":{\"hold_s\":60,\"negative\":true,\"assumed\":false,\"earlier_until\":null}}", 2000, FACT_NO, 2300,
			300 },
		{ "{\"old_answers\":{\"hold_s\":null,\"negative\":false,\"assumed\":false,\"earlier_until\":null}}", 2000, FACT_NO, 2300,
			300 },
		{ "{\"old_answers\":null}", 2000, FACT_NO, 2300, 300 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct past_push push = { .id = mem_text("1"), .written = 1, .written_at = 2000 };
		struct history history = { .n = 1, .push = &push, .part = true };
		struct past_facts past;

		plan_ttls(&push, 300, 300);
		push.record = json_loads(rows[i].record, 0, NULL);
		history_past(&history, NULL, rows[i].now, &past);
		assert_int_equal(past.known, rows[i].known);
		assert_int_equal(past.gone_at, rows[i].gone_at);
		if (past.hold_s != rows[i].hold_s)
			fail_msg("row %zu: %u", i, past.hold_s);
		free(push.id);
		plan_release(&push.plan);
		json_decref(push.record);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(history_past__tells__what_caches_may_hold),
		cmocka_unit_test(history_past__of_a_base_without_ttl__is_not_known),
		cmocka_unit_test(history_past__of_a_part__asks_its_end),
	};

	return cmocka_run_group_tests_name("history_past", tests, NULL, NULL);
}
