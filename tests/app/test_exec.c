/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vendor's step machine driven over loopback: what is sent again and what never is, what waits, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "drive.h"

/* ---- again, and not again ---- */

static void request__is_sent_again__only_where_nothing_is_changed(void **state)
{
	static const struct {
		const char *name;
		bool writes;
		struct answer_of answer[4];
		unsigned requests;
		enum err_code code;
		unsigned least_ms;
	} rows[] = {
		{ "a read", false, { { .http = 0 } }, 1, ERR_NONE, 0 },
		{ "502 once", false, { { .http = 502 } }, 2, ERR_NONE, 400 },
		{ "504 twice", false, { { .http = 504 }, { .http = 504 } }, 3, ERR_NONE, 1200 },
		{ "503 without a time", false, { { .http = 503 } }, 2, ERR_NONE, 400 },
		{ "502 each time", false, { { .http = 502 }, { .http = 502 }, { .http = 502 }, { .http = 502 } }, 3, ERR_NETWORK, 1200 },
		{ "501", false, { { .http = 501 } }, 1, ERR_NETWORK, 0 },
		{ "505", false, { { .http = 505 } }, 1, ERR_NETWORK, 0 },
		{ "404", false, { { .http = 404 } }, 1, ERR_REFUSED, 0 },
		{ "no answer once", false, { { .drop = true } }, 2, ERR_NONE, 400 },
		{ "no answer at all", false, { { .drop = true }, { .drop = true }, { .drop = true }, { .drop = true } }, 3, ERR_NETWORK,
			1200 },
		{ "a write", true, { { .http = 0 } }, 1, ERR_NONE, 0 },
		{ "a write, 502", true, { { .http = 502 } }, 1, ERR_NETWORK, 0 },
		{ "a write, no answer", true, { { .drop = true } }, 1, ERR_NETWORK, 0 },
		{ "a write, 409", true, { { .http = 409 } }, 1, ERR_CONFLICT, 0 },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t begun = loop_ms();

		drive_forget(scene);
		scene->ask[0] = (struct ask){ rows[i].writes ? "POST" : "GET", "/a", .writes = rows[i].writes };
		memset(scene->answer, 0, sizeof(scene->answer));
		memcpy(scene->answer, rows[i].answer, sizeof(rows[i].answer));
		drive_one(scene, false);
		if (scene->requests != rows[i].requests || scene->err.code != rows[i].code)
			fail_msg("%s: %u requests, error %d", rows[i].name, scene->requests, (int)scene->err.code);
		assert_true(loop_ms() - begun >= rows[i].least_ms * 8 / 10);
		assert_int_equal(scene->befores, rows[i].requests);
		assert_int_equal(scene->afters, rows[i].requests);
		assert_true(scene->sent);
	}
}

/* The tries are of one request: the next has its own. */
static void tries__begin__anew_with_each_request(void **state)
{
	struct scene *scene = *state;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ .method = "GET", .path = "/b" };
	scene->answer[0].http = scene->answer[1].http = scene->answer[3].http = scene->answer[4].http = 502;
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/a /a /a /b /b /b ");
}

/* ---- put off ---- */

struct alarm {
	struct loop *loop;
	bool rang;
};

static void ring(void *data)
{
	struct alarm *alarm = data;

	alarm->rang = true;
	loop_stop(alarm->loop);
}

/* So long at the most; nothing of it is left to stop a later run. */
static void run_ms(struct scene *scene, uint64_t ms)
{
	struct alarm alarm = { scene->lab.app.loop, false };
	struct loop_handle *timer = loop_after(alarm.loop, ms, ring, &alarm);

	loop_run(alarm.loop);
	if (!alarm.rang)
		loop_cancel(timer);
}

#define NO_MORE "Own lets account lab ask no more before "

static void put_off__waits__as_told_or_gives_up(void **state)
{
	static const struct {
		int http;
		const char *header;
		int64_t wait_s; /* 0: it gives up at once */
		const char *why;
	} rows[] = {
		{ 429, "Retry-After: 10\r\n", 10, NO_MORE },
		{ 429, NULL, 5, "Own takes no more requests of account lab for now: the next leaves at " }, /* it named no time */
		{ 503, "Retry-After: -5\r\n", 5, "Own takes no more requests of account lab for now: the next leaves at " },
		{ 503, "Retry-After: 3\r\n", 3, NO_MORE },
		{ 423, NULL, 2, "Own (account lab) is still at work on another change, and is asked again at " },
		{ 423, "Retry-After: 4\r\n", 4, "Own (account lab) is still at work on another change, and is asked again at " },
		{ 429, "Retry-After: 11\r\n", 0, NULL },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct exec *exec, *other;
		bool busy = rows[i].http == 423;
		const char *told;
		int64_t until = 0;

		drive_forget(scene);
		scene->ask[0] = (struct ask){ "POST", "/a", .writes = true };
		scene->answer[0] = (struct answer_of){ .http = rows[i].http, .header = rows[i].header };
		exec = drive_start(scene, false);
		loop_run(scene->lab.app.loop);
		if (rows[i].wait_s) {
			assert_int_equal(scene->waits, 1);
			assert_int_equal(scene->wait_until, rows[i].wait_s);
			assert_memory_equal(scene->why, rows[i].why, strlen(rows[i].why));
			assert_int_equal(scene->waits_over, 0);
			assert_int_equal(scene->done, 0);
			/* whatever else is asked of the account waits as well, where it is throttled */
			other = drive_start(scene, false);
			for (int tries = 0; !tries || (busy && scene->requests < 2 && tries < 50); tries++) {
				run_ms(scene, 200);
			}
			assert_int_equal(scene->requests, busy ? 2 : 1);
			exec_free(other);
		} else {
			assert_int_equal(scene->done, 1);
			assert_int_equal(scene->err.code, ERR_NETWORK);
			told = lab_text(&scene->err.what);
			assert_memory_equal(told, NO_MORE, strlen(NO_MORE));
			assert_true(text_parse_time(told + strlen(NO_MORE), &until));
			assert_in_range(until - loop_now(), 8, 11);
			assert_string_equal(lab_text(&scene->err.hint), "Go on after that time.");
		}
		exec_free(exec);
	}
}

static void put_off__again_and_again__ends(void **state)
{
	struct scene *scene = *state;
	uint64_t begun = loop_ms();

	scene->ask[0] = (struct ask){ "POST", "/a", .writes = true };
	for (size_t i = 0; i <= ASKED; i++)
		scene->answer[i] = (struct answer_of){ .http = 423, .header = "Retry-After: 1\r\n" };
	drive_one(scene, false);
	assert_int_equal(scene->requests, 6);
	assert_int_equal(scene->waits, 5);
	assert_int_equal(scene->err.code, ERR_NETWORK);
	assert_true(loop_ms() - begun >= 4500);
	assert_int_equal(scene->meaning, MEANING_BUSY);
}

/* Minutes of our own pace are waited for, and more are not. */
static void account__blocked_for_long__is_told(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct exec *exec;
	const char *told;
	int64_t until = 0;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	account_block(account_of(&scene->lab.app, &account), loop_ms() + 301 * 1000);
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NETWORK);
	told = lab_text(&scene->err.what);
	assert_memory_equal(told, NO_MORE, strlen(NO_MORE));
	assert_true(text_parse_time(told + strlen(NO_MORE), &until));
	assert_in_range(until - loop_now(), 298, 301);
	assert_int_equal(scene->requests, 0);
	drive_forget(scene);
	account_block(account_of(&scene->lab.app, &account), loop_ms() + 299500);
	exec = drive_start(scene, false);
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->done, 0); /* it waits, and says so */
	assert_int_equal(scene->waits, 1);
	exec_free(exec);
	drive_forget(scene);
	account_block(account_of(&scene->lab.app, &account), loop_ms() + 250);
	account_block(account_of(&scene->lab.app, &account), loop_ms() + 100); /* the later one holds */
	{
		uint64_t begun = loop_ms();

		drive_one(scene, false);
		assert_int_equal(scene->err.code, ERR_NONE);
		assert_true(loop_ms() - begun >= 200);
	}
}

/* ---- refused, foreseen, stopped ---- */

static void read_only__lets__no_write_past(void **state)
{
	struct scene *scene = *state;

	scene->lab.app.read_only = true;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ "POST", "/b", .writes = true };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_USAGE);
	assert_string_equal(lab_text(&scene->err.what), "read-only: nothing is written");
	assert_string_equal(scene->log, "/a ");
	drive_forget(scene);
	drive_one(scene, true);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/a ");
	drive_forget(scene);
	scene->ask[1] = (struct ask){ .method = "POST", .path = "/b" }; /* a POST that writes nothing */
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/a /b ");
	scene->lab.app.read_only = false;
}

static void dry_run__answers__writes_itself(void **state)
{
	struct scene *scene = *state;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ "POST", "/b", .writes = true };
	scene->ask[2] = (struct ask){ "PUT", "/c", .writes = true };
	scene->ask[3] = (struct ask){ .method = "GET", .path = "/d" }; /* what would be there then cannot be read */
	scene->ask[4] = (struct ask){ "POST", "/e", .writes = true };
	drive_one(scene, true);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/a ");
	assert_int_equal(scene->befores, 3);
	assert_int_equal(scene->afters, 1);
}

static void before__that_says_no__stops_the_run(void **state)
{
	struct scene *scene = *state;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ "POST", "/b", .writes = true };
	for (int dry = 0; dry < 2; dry++) {
		drive_forget(scene);
		scene->refuse_before = 2;
		drive_one(scene, dry);
		assert_int_equal(scene->err.code, ERR_FILE);
		assert_string_equal(scene->log, "/a ");
	}
	scene->refuse_before = 0;
	drive_forget(scene);
	drive_one(scene, false); /* it gave its turn back */
	assert_int_equal(scene->err.code, ERR_NONE);
}

/* Nothing is sent before the word; without it, the turn is given back. */
static void before__that_tells_later__holds_the_request(void **state)
{
	struct scene *scene = *state;
	struct err no = { 0 };
	struct exec *exec;

	err_set(&no, ERR_FILE, "no journal");
	scene->ask[0] = (struct ask){ "POST", "/b", .writes = true };
	for (int word = 0; word < 3; word++) {
		drive_forget(scene);
		scene->later = true;
		scene->stay = word == 2;
		scene->done = scene->leaves = 0;
		exec = drive_start(scene, false);
		loop_run(scene->lab.app.loop);
		assert_int_equal(scene->done, 0);
		assert_int_equal(scene->leaves, 0);
		assert_string_equal(scene->log, "");
		exec_go(exec, word == 1 ? &no : NULL);
		if (!scene->done)
			loop_run(scene->lab.app.loop);
		assert_int_equal(scene->done, 1);
		assert_int_equal(scene->err.code, word == 1 ? ERR_FILE : word == 2 ? ERR_INTERRUPTED : ERR_NONE);
		assert_string_equal(scene->log, word ? "" : "/b ");
		assert_int_equal(scene->leaves, word != 1);
		assert_int_equal(scene->lab.app.accounts->in_flight, 0);
		assert_int_equal(scene->lab.app.accounts->writing, 0);
		exec_free(exec);
	}
	scene->later = scene->stay = false;
	scene->leaves = 0;
	drive_forget(scene);
	drive_one(scene, true); /* foreseen: it does not leave */
	assert_int_equal(scene->leaves, 0);
}

static void free_one(void *data)
{
	exec_free(data);
}

static void run__that_is_freed__tells_nothing(void **state)
{
	struct scene *scene = *state;
	struct exec *exec;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (uint64_t ms = 0; ms < 3; ms++) {
		drive_forget(scene);
		scene->answer[0] = (struct answer_of){ .http = ms == 2 ? 502 : 200, .drop = ms == 1 };
		exec = drive_start(scene, false);
		loop_after(scene->lab.app.loop, ms == 2 ? 100 : ms, free_one, exec);
		loop_after(scene->lab.app.loop, 600, (loop_fn)loop_stop, scene->lab.app.loop);
		loop_run(scene->lab.app.loop);
		assert_int_equal(scene->done, 0);
		assert_true(scene->requests <= 1);
	}
	drive_forget(scene);
	scene->answer[0] = (struct answer_of){ .http = 200 };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
}

#define CARRYING "Own (account lab) is still carrying the change out, and is asked again at "

static void request__with_a_wait__leaves_after_it(void **state)
{
	struct scene *scene = *state;
	uint64_t begun = loop_ms();

	scene->ask[0] = (struct ask){ "GET", "/a", .wait_ms = 300 };
	drive_one(scene, false);
	assert_true(loop_ms() - begun >= 250);
	assert_int_equal(scene->requests, 1);
	drive_forget(scene);
	scene->ask[0].wait_ms = 1000;
	drive_one(scene, false);
	assert_int_equal(scene->waits, 1);
	assert_memory_equal(scene->why, CARRYING, strlen(CARRYING));
	assert_int_equal(scene->waits_over, 1);
}

#define PACED "Own takes no more requests of account lab for now: the next leaves at "

/* By the pace that we keep, too; and what waits can be stopped, at once. */
static void exec_stop__ends__what_waits_and_nothing_else(void **state)
{
	static const struct provider_pace slow[] = { { 1, 30, false, false }, { 0 } };
	struct scene *scene = *state;
	struct exec *exec;

	scene->provider.pace = slow;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ .method = "GET", .path = "/b" };
	exec = drive_start(scene, false);
	assert_false(exec_stop(exec));
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->requests, 1);
	assert_int_equal(scene->waits, 1);
	assert_memory_equal(scene->why, PACED, strlen(PACED));
	assert_in_range(scene->wait_until, 29, 31);
	assert_int_equal(scene->done, 0);
	assert_true(exec_stop(exec));
	assert_int_equal(scene->waits_over, 1);
	assert_int_equal(scene->done, 0); /* from the loop */
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->done, 1);
	assert_int_equal(scene->err.code, ERR_INTERRUPTED);
	assert_string_equal(lab_text(&scene->err.what), "stopped on request");
	assert_int_equal(scene->requests, 1);
	exec_free(exec);
	drive_forget(scene);
	/* One whose request is under way is not stopped. */
	exec = drive_start(scene, false);
	while (!scene->befores)
		loop_after(scene->lab.app.loop, 0, (loop_fn)loop_stop, scene->lab.app.loop), loop_run(scene->lab.app.loop);
	assert_false(exec_stop(exec));
	exec_free(exec);
}

static void request__to_no_address__is_refused(void **state)
{
	struct scene *scene = *state;

	scene->ask[0] = (struct ask){ "GET", "/a", .base = "nosuch" };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_USAGE);
	assert_string_equal(lab_text(&scene->err.what), "Own (account lab) has no address for nosuch");
	assert_string_equal(scene->log, "");
}

/* ---- commands ---- */

static void command__is_told__by_its_status_and_words(void **state)
{
	static const struct {
		const char *command, *words;
		enum err_code code;
	} rows[] = {
		{ "true", "", ERR_NONE },
		{ "sh -c 'echo out", NULL, ERR_USAGE }, /* it cannot be read */
		{ "false", "the command of account lab ended with status 1 and said nothing", ERR_REFUSED },
		{ "sh -c 'echo out; exit 3'", "the command of account lab ended with status 3: out", ERR_REFUSED },
		{ "sh -c 'echo out; echo one >&2; echo two >&2; exit 4'", "the command of account lab ended with status 4: one; two",
			ERR_REFUSED },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		drive_forget(scene);
		scene->ask[0] = (struct ask){ .command = rows[i].command, .writes = true };
		drive_one(scene, false);
		assert_int_equal(scene->err.code, rows[i].code);
		if (rows[i].words)
			assert_string_equal(lab_text(&scene->err.what), rows[i].words);
		assert_int_equal(scene->befores, 1);
		assert_int_equal(scene->afters, 1);
	}
	drive_forget(scene);
	scene->ask[0] = (struct ask){ .command = "touch /nowhere", .writes = true };
	drive_one(scene, true);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_int_equal(scene->befores, 1);
	assert_int_equal(scene->afters, 0);
}

/* ---- files ---- */

static void file__that_is_missing__is_said_where_it_must_be_there(void **state)
{
	struct scene *scene = *state;

	for (int may = 0; may < 2; may++) {
		drive_forget(scene);
		scene->ask[0] = (struct ask){ .file = "/nowhere/at/all", .may_miss = may };
		scene->ask[1] = (struct ask){ .method = "GET", .path = "/a" };
		drive_one(scene, false);
		assert_int_equal(scene->err.code, may ? ERR_NONE : ERR_FILE);
		assert_string_equal(scene->log, may ? "/a " : "");
		assert_int_equal(scene->befores, 1 + may);
		assert_int_equal(scene->afters, 1 + may);
	}
	/* one that is there and cannot be read is not missing */
	drive_forget(scene);
	scene->ask[0] = (struct ask){ .file = "/", .may_miss = true };
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_FILE);
	assert_string_equal(scene->log, "");
}

/* ---- what the vendor tells of its limits ---- */

static void limit__that_is_told__holds_for_the_account(void **state)
{
	static const struct provider_quota quota = { .left = "x-left", .reset = "x-reset" };
	static const char *const headers[] = { "x-left", "x-reset", NULL };
	static const struct {
		const char *header;
		uint64_t wait_ms;
	} rows[] = {
		{ "X-Left: 0\r\nX-Reset: 40\r\n", 40000 },
		{ "X-Left: 1\r\nX-Reset: 40\r\n", 0 },
		{ "X-Other: 0\r\n", 0 },
	};
	struct scene *scene = *state;

	scene->provider.quota = &quota;
	scene->provider.headers = headers;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t wait_ms;

		drive_forget(scene);
		scene->answer[0] = (struct answer_of){ .http = 200, .header = rows[i].header };
		drive_one(scene, false);
		assert_int_equal(scene->err.code, ERR_NONE);
		wait_ms = account_wait_ms(
			account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "lab" }),
			&(struct turn){ .writes = false });
		assert_in_range(wait_ms, rows[i].wait_ms ? rows[i].wait_ms - 2000 : 0, rows[i].wait_ms);
	}
	scene->provider.quota = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, drive_setup, drive_teardown)

static void nothing_done(void *data, const struct provider_run *run, const struct err *err)
{
	(void)data, (void)run;
	fail_msg("it ended: %s", err ? err->what.id : "well");
}

static void tell_app(void *data, const struct msg *why)
{
	struct scene *scene = data;
	size_t len = strlen(scene->log);

	snprintf(scene->log + len, sizeof(scene->log) - len, "%s ", why ? "waits" : "on");
	if (why)
		loop_stop(scene->lab.app.loop);
}

/* Where the run's owner does not look, the app is told of a wait and of its end, also when the run is freed while it waits. */
static void wait__that_nobody_hooked__is_told_to_the_app(void **state)
{
	static const struct provider_pace slow[] = { { 1, 30, false, false }, { 0 } };
	struct scene *scene = *state;
	struct provider_account account = {
		.provider = &scene->provider, .name = "lab", .endpoint = scene->endpoint, .key = scene->key, .source = (void *)scene
	};
	struct exec_task task = { .account = &account, .goal = GOAL_VERIFY, .owner = &scene->lab.plan.domain };
	struct exec *exec;

	scene->lab.app.waits = tell_app;
	scene->lab.app.waits_data = scene;
	scene->provider.pace = slow;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ .method = "GET", .path = "/b" };
	exec = exec_start(&scene->lab.app, &task, nothing_done, scene);
	loop_run(scene->lab.app.loop);
	assert_string_equal(scene->log, "/a waits ");
	exec_free(exec);
	assert_string_equal(scene->log, "/a waits on ");
	assert_int_equal(scene->requests, 1);
	scene->lab.app.waits = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(request__is_sent_again__only_where_nothing_is_changed),
		TEST(tries__begin__anew_with_each_request),
		TEST(put_off__waits__as_told_or_gives_up),
		TEST(put_off__again_and_again__ends),
		TEST(account__blocked_for_long__is_told),
		TEST(read_only__lets__no_write_past),
		TEST(dry_run__answers__writes_itself),
		TEST(before__that_says_no__stops_the_run),
		TEST(before__that_tells_later__holds_the_request),
		TEST(run__that_is_freed__tells_nothing),
		TEST(request__with_a_wait__leaves_after_it),
		TEST(exec_stop__ends__what_waits_and_nothing_else),
		TEST(wait__that_nobody_hooked__is_told_to_the_app),
		TEST(request__to_no_address__is_refused),
		TEST(command__is_told__by_its_status_and_words),
		TEST(file__that_is_missing__is_said_where_it_must_be_there),
		TEST(limit__that_is_told__holds_for_the_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
