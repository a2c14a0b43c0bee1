/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the answer to one request makes of the push: the step's state, what may have become of the write, and when a write was accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push_run.h"

static void changed(void *data)
{
	++*(unsigned *)data;
}

static const struct row {
	const char *name;
	bool writes, commit, failed, unsent;
	int http;
	enum meaning meaning;
	/* then: */
	int step;
	enum push_fate fate;
	bool accepted, busy;
	unsigned written;
} rows[] = {
	{ .name = "a read", .http = 200, .step = PUSHED_OK },
	{ .name = "a read that fails", .failed = true, .step = PUSHED_BAD },
	{ .name = "a write", .writes = true, .http = 200, .step = PUSHED_OK, .fate = FATE_TAKEN, .accepted = true, .written = 1 },
	{ .name = "the last call", .writes = true, .commit = true, .http = 200, .step = PUSHED_OK, .fate = FATE_TAKEN, .accepted = true },
	{ .name = "a clear no", .writes = true, .http = 422, .meaning = MEANING_REFUSED, .step = PUSHED_BAD },
	{ .name = "a clear no with 500", .writes = true, .http = 500, .meaning = MEANING_REFUSED, .step = PUSHED_BAD },
	{ .name = "a lost compare", .writes = true, .http = 412, .meaning = MEANING_STALE, .step = PUSHED_BAD },
	{ .name = "no answer", .writes = true, .failed = true, .step = PUSHED_SENT, .fate = FATE_OPEN, .written = 1 },
	{ .name = "not sent", .writes = true, .failed = true, .unsent = true, .step = PUSHED_BAD },
	{ .name = "a gateway gave up",
		.writes = true,
		.http = 504,
		.meaning = MEANING_FAILED,
		.step = PUSHED_SENT,
		.fate = FATE_OPEN,
		.written = 1 },
	{ .name = "trouble without 5xx",
		.writes = true,
		.http = 499,
		.meaning = MEANING_FAILED,
		.step = PUSHED_BAD,
		.fate = FATE_TAKEN,
		.written = 1 },
	{ .name = "trouble",
		.writes = true,
		.http = 500,
		.meaning = MEANING_FAILED,
		.step = PUSHED_BAD,
		.fate = FATE_FAILED,
		.written = 1 },
	{ .name = "throttled", .writes = true, .http = 429, .meaning = MEANING_THROTTLED, .step = PUSHED_BAD, .busy = true },
	{ .name = "busy", .writes = true, .http = 423, .meaning = MEANING_BUSY, .step = PUSHED_BAD, .busy = true },
	{ .name = "503",
		.writes = true,
		.http = 503,
		.meaning = MEANING_FAILED,
		.step = PUSHED_BAD,
		.fate = FATE_FAILED,
		.busy = true,
		.written = 1 },
};

static void answer__makes__of_its_request(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		struct push_step step = { .state = PUSHED_SENT, .writes = row->writes, .commit = row->commit };
		struct err err = { .code = ERR_NETWORK };
		struct exec_answer answer = { row->http, !row->unsent, row->meaning, row->failed ? &err : NULL };
		unsigned changes = 0;
		struct push_run run = {
			.dry = true, .push = { .n_step = 1, .step = &step }, .then = { .changed = changed, .data = &changes }
		};
		int64_t begun = loop_now();
		struct request request;

		request_init(&request);
		request.writes = row->writes;
		push_hooks.after(&run, &request, &answer);
		if ((int)step.state != row->step || step.fate != row->fate)
			fail_msg("%s: state %d, fate %d", row->name, (int)step.state, (int)step.fate);
		if ((run.accepted_at != 0) != row->accepted || run.busy != row->busy || run.push.written != row->written)
			fail_msg("%s: accepted %d, busy %d, written %u", row->name, run.accepted_at != 0, run.busy, run.push.written);
		if (row->accepted)
			assert_in_range(run.accepted_at, begun, loop_now());
		assert_int_equal(run.push.written_at != 0, row->written != 0);
		assert_int_equal(run.part_fate, row->fate);
		assert_int_equal(step.http, row->http);
		assert_int_equal(changes, 1);
		request_release(&request);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer__makes__of_its_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
