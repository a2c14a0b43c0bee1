/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a push begins, what it is refused for before its first write, and what the journal keeps of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "io/lock.h"
#include "app/push_run.h"
#include "lab.h"
#include "../core/sets.h"

#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.com"
#define WANT "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com"

static const struct push_options plain = { .no_watch = true };

static int setup_records(void **state)
{
	return lab_setup(state, "digitalocean", "settle = 0\n");
}

static int setup_set(void **state)
{
	return lab_setup(state, "powerdns", "settle = 0\n");
}

static void refuse(struct lab *lab, const struct push_options *options, enum err_code code, const char *words)
{
	struct err err = { 0 };
	struct push_run *run = push_start(&lab->app, &lab->plan, options, (struct push_then){ .changed = NULL, .data = NULL }, &err);

	assert_null(run);
	assert_int_equal(err.code, code);
	assert_string_equal(lab_text(&err.what), words);
	assert_string_equal(lab->vendor.log, "");
}

/* ---- before anything is read ---- */

static void start__is_refused__where_the_plan_and_the_account_differ(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, BASE, WANT);
	plan_unapprove(&lab->plan);
	refuse(lab, &plain, ERR_APPROVAL, "the plan is not approved");
	free(lab->plan.provider);
	lab->plan.provider = strdup("powerdns");
	refuse(lab, &plain, ERR_CONFLICT, "the plan is for provider powerdns, but account lab is at digitalocean");
	free(lab->plan.account);
	lab->plan.account = strdup("annan");
	refuse(lab, &plain, ERR_USAGE, "no account is named annan");
	lab->app.read_only = true;
	lab_plan(lab, BASE, WANT);
	refuse(lab, &plain, ERR_USAGE, "read-only: nothing is written");
	lab->app.read_only = false;
}

static void failure__before_the_first_write__changes_nothing(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	unsetenv("LAB_KEY");
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_AUTH);
	assert_string_equal(lab_text(&push->err.what), "the environment has no LAB_KEY, which account lab names as its key");
	assert_string_equal(lab->vendor.log, "");
	assert_int_equal(push->n_step, 0);
	assert_int_equal(push->written, 0);
	assert_int_equal(push->phase, PHASE_ENDED);
	assert_false(push->unfinished);
	lab_expect_journal(lab, "begin\nend failed\n");
	setenv("LAB_KEY", "geheim-geheim", 1);
	lab_forget(lab);
	/* the account has the name in another zone than the plan says */
	assert_true(dname_parse(&lab->plan.zone, "www.exempel.com", NULL));
	plan_seal(&lab->plan);
	assert_true(push_approve(&lab->app, &lab->plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_string_equal(
		lab_text(&push->err.what), "the plan names the zone www.exempel.com, but account lab holds the name in exempel.com");
	assert_int_equal(lab->vendor.writes, 0);
	assert_int_equal(push->conflict.n, 4);
}

static void no_key(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 401;
	call->text = "{}";
}

static void read__that_is_refused__fails(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = no_key;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_AUTH);
	assert_false(push->held_known);
	assert_false(push->unfinished);
	assert_int_equal(push_exit_status(push), 5);
}

/* ---- the journal ---- */

static void journal__tells__each_request_and_its_fate(void **state)
{
	struct lab *lab = *state;
	json_t *events, *begin, *request;

	lab_plan(lab, BASE, WANT);
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_journal(lab, "begin\nrequest 1 writes held 2\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 taken 201\n"
				"request 3 writes\nanswer 3 taken 204\nend published\n");
	events = store_journal_read(lab->app.store, &lab->plan.domain, NULL);
	begin = json_array_get(events, 0);
	assert_string_equal(json_string_value(json_object_get(begin, "push")), push_look(lab->run)->id);
	assert_int_equal(json_array_size(json_object_get(json_object_get(begin, "plan"), "approvals")), 1);
	assert_true(json_is_null(json_object_get(begin, "revert_of")));
	assert_true(json_is_false(json_object_get(begin, "undo")));
	assert_null(json_object_get(begin, "abandon"));
	request = json_array_get(events, 1);
	assert_string_equal(json_string_value(json_object_get(request, "title")), "add MX 10 mx3.exempel.com");
	assert_non_null(strstr(json_string_value(json_object_get(request, "request")), "POST /domains/exempel.com/records"));
	request = json_array_get(json_object_get(request, "held"), 1);
	assert_int_equal(json_integer_value(json_object_get(request, "preference")), 20);
	assert_string_equal(json_string_value(json_object_get(request, "host")), "mx2.exempel.com");
	assert_int_equal(json_integer_value(json_object_get(request, "ttl")), 3600);
	assert_true(json_is_false(json_object_get(request, "disabled")) && json_is_false(json_object_get(request, "automatic")));
	assert_true(json_is_true(json_object_get(json_object_get(json_array_get(events, 7), "verified"), "provider")));
	json_decref(events);
}

static void refuse_second(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (!call->writes || call->n != 2)
		return;
	call->lost = true;
	call->http = 422;
	call->text = "{\"message\":\"no\"}";
}

static void journal__tells__what_was_refused(void **state)
{
	struct lab *lab = *state;
	json_t *events, *answer;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = refuse_second;
	lab_expect(lab_push(lab,
			   &(struct push_options){
				   .no_watch = true, .n_override = 1, .override = &(struct push_override){ "target-ip", "why" } }),
		PUSH_PARTIAL, ERR_INTERRUPTED);
	lab_expect_journal(lab, "begin\nrequest 1 writes held 2\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 none 422\nend partial\n");
	events = store_journal_read(lab->app.store, &lab->plan.domain, NULL);
	answer = json_array_get(json_object_get(json_array_get(events, 0), "overrides"), 0);
	assert_string_equal(json_string_value(json_object_get(answer, "id")), "target-ip");
	assert_string_equal(json_string_value(json_object_get(answer, "reason")), "why");
	json_decref(events);
}

/* Where the journal was, nothing can be kept any more. */
static void spoil_journal(struct lab *lab)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/journal/exempel.com.ndjson", store_directory(lab->app.store));
	assert_int_equal(remove(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void spoil_at_read(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes && call->n == 1)
		spoil_journal(vendor->data);
}

static void spoil_at_write(struct vendor *vendor, struct vendor_call *call)
{
	if (call->writes)
		spoil_journal(vendor->data);
}

/* A request that the journal cannot keep is not sent; an answer that it cannot keep is told, and what was written is read back. */
static void journal__that_cannot_be_written__stops_the_push(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab->vendor.hook = spoil_at_read;
	lab->vendor.data = lab;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_FILE);
	assert_int_equal(lab->vendor.writes, 0);
	assert_int_equal(push->n_step, 1);
	assert_int_equal(push->step[0].state, PUSHED_SKIPPED);
	assert_int_equal(push->written, 0);
	lab_forget(lab);
	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab->vendor.hook = spoil_at_write;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_FILE);
	assert_int_equal(push->step[0].state, PUSHED_OK);
	lab_expect_held(lab, "3600 10 mx2.exempel.com");
	lab_forget(lab);
}

/* The journal cannot be written while the answer comes, and can again when the set is read back. */
static void spoil_for_a_while(struct vendor *vendor, struct vendor_call *call)
{
	const struct lab *lab = vendor->data;
	char path[300], aside[310];

	snprintf(path, sizeof(path), "%s/journal/exempel.com.ndjson", store_directory(lab->app.store));
	snprintf(aside, sizeof(aside), "%s.aside", path);
	if (call->writes) {
		assert_int_equal(rename(path, aside), 0);
		assert_int_equal(mkdir(path, 0700), 0);
	} else if (vendor->writes) {
		rmdir(path);
		rename(aside, path);
	}
}

/* An answer that the journal has lost is told, also where the end could be written. */
static void answer__that_the_journal_lost__is_told(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab->vendor.hook = spoil_for_a_while;
	lab->vendor.data = lab;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_FILE);
	lab_expect_journal(lab, "begin\nrequest 1 writes held 1\nend published\n");
}

/* ---- dry runs ---- */

static void dry_run__shows__the_requests_and_sends_none(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	push = lab_push(lab, &(struct push_options){ .dry_run = true });
	assert_int_equal(push->state, PUSH_RUNNING);
	assert_int_equal(push->phase, PHASE_PREVIEWED);
	assert_int_equal(push->err.code, ERR_NONE);
	assert_int_equal(push->n_step, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(push->step[i].state, PUSHED_WAITING);
		assert_non_null(push->step[i].request);
	}
	assert_int_equal(push->written, 0);
	assert_int_equal(lab->vendor.writes, 0);
	lab_expect_journal(lab, "");
	/* what the push would be refused for */
	plan_unapprove(&lab->plan);
	push = lab_push(lab, &(struct push_options){ .dry_run = true });
	assert_int_equal(push->err.code, ERR_APPROVAL);
	assert_int_equal(push_exit_status(push), 9);
	assert_int_equal(push->n_step, 3);
	push = lab_push(lab, &(struct push_options){ .dry_run = true, .preview = true });
	assert_int_equal(push->err.code, ERR_NONE);
	vendor_add(&lab->vendor, 70, "mx9.exempel.com", 3600);
	push = lab_push(lab, &(struct push_options){ .dry_run = true, .preview = true });
	assert_int_equal(push->state, PUSH_CONFLICT);
	assert_int_equal(push->conflict.n, 5);
	assert_false(push->unfinished);
}

static void dry_run__foresees__the_first_thing_that_stops_it(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, "3600 20 mx2.exempel.com 30 192.0.2.1");
	push = lab_push(lab, &(struct push_options){ .dry_run = true });
	assert_int_equal(push->err.code, ERR_BLOCKED);
	assert_int_equal(push->gates.n, 1);
	assert_string_equal(push->gates.gate[0].id, "target-ip");
	assert_int_equal(push->n_step, 2);
	plan_unapprove(&lab->plan);
	push = lab_push(lab, &(struct push_options){ .dry_run = true });
	assert_int_equal(push->err.code, ERR_APPROVAL);
}

/* ---- a server that takes no two writes at once ---- */

struct held_turn {
	struct lab *lab;
	int lock;
};

static void give_turn(void *data)
{
	struct held_turn *turn = data;

	lock_release(turn->lock);
}

static void stop(void *data)
{
	struct lab *lab = data;

	push_stop(lab->run);
}

static int take_turn(struct lab *lab)
{
	char endpoint[100], *path;
	int lock;

	snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", lab->vendor.port);
	path = lock_server_path(store_directory(lab->app.store), endpoint);
	lock = lock_take(path, NULL);
	free(path);
	assert_true(lock >= 0);
	return lock;
}

static void push__waits__for_its_turn(void **state)
{
	struct lab *lab = *state;
	struct held_turn turn = { lab, -1 };
	const struct push *push;
	uint64_t begun = loop_ms();

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	push = lab_start(lab, NULL);
	turn.lock = take_turn(lab);
	loop_after(lab->app.loop, 120, give_turn, &turn);
	push_wait(&lab->app, lab->run);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_true(loop_ms() - begun >= 100);
	lock_release(take_turn(lab)); /* it gave it back */
	lab_forget(lab);
	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	push = lab_start(lab, NULL);
	turn.lock = take_turn(lab);
	loop_after(lab->app.loop, 120, stop, lab);
	push_wait(&lab->app, lab->run);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_string_equal(lab->vendor.log, "");
	lock_release(turn.lock);
	/* a dry run waits for nobody */
	lab_forget(lab);
	turn.lock = take_turn(lab);
	lab_expect(lab_push(lab, &(struct push_options){ .dry_run = true }), PUSH_RUNNING, ERR_NONE);
	lock_release(turn.lock);
}

static void stop_where_it_waits(struct lab *lab)
{
	if (push_look(lab->run)->wait.id)
		loop_stop(lab->app.loop);
}

/* Half a minute is enough to wait for another push. */
static void push__that_gets_no_turn__gives_up(void **state)
{
	struct lab *lab = *state;
	const struct push *push;
	int lock;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	push = lab_start(lab, NULL);
	assert_int_equal(lab->run->turn_tries, 0);
	lab->run->turn_tries = 18;
	lock = take_turn(lab);
	lab->moved = stop_where_it_waits;
	loop_run(lab->app.loop);
	lab->moved = NULL;
	assert_int_equal(lab->run->turn_tries, 20); /* after a second */
	assert_int_equal(strncmp(lab_text(&push->wait), "another push is writing to http://127.0.0.1:", 44), 0);
	assert_in_range(push->wait_until - loop_now(), 28, 29);
	lab->run->turn_tries = 598;
	push_wait(&lab->app, lab->run);
	lock_release(lock);
	assert_int_equal(lab->run->turn_tries, 600);
	lab_expect(push, PUSH_FAILED, ERR_FILE);
	assert_int_equal(strncmp(lab_text(&push->err.what), "another push is writing to http://127.0.0.1:", 44), 0);
	assert_string_equal(lab_text(&push->err.hint), "Wait until it has ended.");
	assert_string_equal(lab->vendor.log, "");
	push_stop(lab->run); /* it has ended: nothing happens any more */
	push_wait(&lab->app, lab->run);
	lab_expect(push, PUSH_FAILED, ERR_FILE);
}

/* A push whose standard input is closed takes the first descriptor for its lock. */
static void push__without_a_standard_input__is_as_any(void **state)
{
	struct lab *lab = *state;
	int in = dup(0);

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	close(0);
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	close(0);
	if (in >= 0) {
		assert_int_equal(dup2(in, 0), 0);
		close(in);
	}
}

static void push__without_its_key__fails(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	unsetenv("LAB_KEY");
	lab_expect(lab_push(lab, NULL), PUSH_FAILED, ERR_AUTH);
	assert_false(push_look(lab->run)->unfinished);
	assert_string_equal(lab->vendor.log, "");
	setenv("LAB_KEY", "geheim-geheim", 1);
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
}

static void push__whose_journal_cannot_be_read__does_not_begin(void **state)
{
	struct lab *lab = *state;
	char path[300];

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab->vendor.log[0] = '\0';
	snprintf(path, sizeof(path), "%s/state/journal/exempel.com.ndjson", lab->dir);
	assert_true(store_write_file(path, "{}\n", 3, 0600, NULL));
	refuse(lab, &plain, ERR_FILE, "line 1 of the journal tells of no push");
}

/* As many as the journal keeps. */
static void overrides__are_kept__up_to_a_number(void **state)
{
	struct lab *lab = *state;
	struct push_override why[PUSH_OVERRIDES + 1];

	for (size_t i = 0; i <= PUSH_OVERRIDES; i++)
		why[i] = (struct push_override){ "target-ip", i < PUSH_OVERRIDES ? "one" : "more" };
	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab_start(lab, &(struct push_options){ .no_watch = true, .n_override = PUSH_OVERRIDES + 1, .override = why });
	assert_int_equal(lab->run->n_override, PUSH_OVERRIDES);
	assert_string_equal(lab->run->override[0].id, "target-ip");
	assert_string_equal(lab->run->override[PUSH_OVERRIDES - 1].reason, "one");
	push_wait(&lab->app, lab->run);
}

static void later(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (!call->writes)
		return;
	call->lost = true;
	call->http = 429;
	call->header = "Retry-After: 3600\r\n";
}

static void push__put_off_for_long__waits_to_be_resumed(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, LAB_BASE, "3600 10 mx2.exempel.com");
	lab->vendor.hook = later;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_true(push->unfinished);
	assert_int_equal(push->written, 0);
	assert_int_equal(push_exit_status(push), 7);
	assert_string_equal(lab_text(&push->err.hint), "After that time, mxladder resume goes on.");
	lab->vendor.hook = NULL;
	lab_resume(lab, &plain);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
}

static void base_ttl__unknown_to_the_plan__is_the_held_one(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, LAB_BASE, "60 10 mx2.exempel.com");
	lab->plan.base.ttl_s = MX_TTL_UNKNOWN;
	plan_seal(&lab->plan);
	assert_true(push_approve(&lab->app, &lab->plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(push->plan.base.ttl_s, 3600);
	assert_int_equal(push->plan.want.ttl_s, 60);
	lab_expect_held(lab, "60 10 mx2.exempel.com");
	/* nor is the wanted one, which nobody can approve: a preview shows what it would be */
	lab_forget(lab);
	lab_plan(lab, LAB_BASE, "60 10 mx2.exempel.com");
	lab->plan.base.ttl_s = lab->plan.want.ttl_s = MX_TTL_UNKNOWN;
	plan_seal(&lab->plan);
	push = lab_push(lab, &(struct push_options){ .dry_run = true, .preview = true });
	lab_expect(push, PUSH_RUNNING, ERR_NONE);
	assert_int_equal(push->plan.want.ttl_s, 3600);
	assert_int_equal(push->n_step, 1);
}

#define RECORDS(name) cmocka_unit_test_setup_teardown(name, setup_records, lab_teardown)
#define SET(name) cmocka_unit_test_setup_teardown(name, setup_set, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORDS(start__is_refused__where_the_plan_and_the_account_differ),
		RECORDS(failure__before_the_first_write__changes_nothing),
		RECORDS(read__that_is_refused__fails),
		RECORDS(journal__tells__each_request_and_its_fate),
		RECORDS(journal__tells__what_was_refused),
		SET(journal__that_cannot_be_written__stops_the_push),
		SET(answer__that_the_journal_lost__is_told),
		RECORDS(dry_run__shows__the_requests_and_sends_none),
		RECORDS(dry_run__foresees__the_first_thing_that_stops_it),
		SET(push__waits__for_its_turn),
		SET(push__that_gets_no_turn__gives_up),
		SET(push__without_a_standard_input__is_as_any),
		SET(push__without_its_key__fails),
		SET(push__whose_journal_cannot_be_read__does_not_begin),
		SET(overrides__are_kept__up_to_a_number),
		SET(push__put_off_for_long__waits_to_be_resumed),
		SET(base_ttl__unknown_to_the_plan__is_the_held_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
