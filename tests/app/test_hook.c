/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command that is told how each push ended: of what, of what not, and that it changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lab.h"

#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.com"
#define WANT "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com"

static const struct push_options plain = { .no_watch = true };

/* body: of the script that is the hook; $D is the test's directory. */
static void hook_is(struct lab *lab, const char *provider, const char *body, const char *more)
{
	char path[300], text[1000], config[1000];

	snprintf(path, sizeof(path), "%s/hook", lab->dir);
	snprintf(text, sizeof(text), "D='%s'\n%s", lab->dir, body);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	snprintf(config, sizeof(config), "settle = 0\n[push]\nhook_command = sh '%s' \"two words\"\n%s", path, more);
	lab_reopen(lab, provider, config);
}

static int setup(void **state)
{
	return lab_setup(state, "digitalocean", "settle = 0\n");
}

static bool read_file(struct lab *lab, const char *name, struct str *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/%s", lab->dir, name);
	str_init(text, 0);
	return store_read_file(path, 1 << 20, text, NULL);
}

/* What the hook was told since the last look: one object; NULL: nothing. */
static json_t *take_told(struct lab *lab)
{
	char path[300];
	struct str text;
	json_t *told = NULL;

	if (read_file(lab, "told", &text)) {
		told = json_loads(text.s, 0, NULL);
		if (!told)
			fail_msg("not one JSON object: %s", text.s);
	}
	str_release(&text);
	snprintf(path, sizeof(path), "%s/told", lab->dir);
	remove(path);
	return told;
}

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "-";
}

/* event NULL: it was not told. */
static void expect_told(struct lab *lab, const char *event, const char *state)
{
	json_t *told = take_told(lab);

	if (!event) {
		assert_null(told);
		return;
	}
	assert_non_null(told);
	assert_string_equal(member(told, "event"), event);
	assert_string_equal(member(told, "state"), state);
	assert_string_equal(member(told, "push"), push_look(lab->run)->id);
	json_decref(told);
}

static void refuse_first(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (call->writes && call->n == 1)
		call->lost = true, call->http = 422, call->text = "{\"message\":\"no\"}";
}

static void refuse_second(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (call->writes && call->n == 2)
		call->lost = true, call->http = 422, call->text = "{\"message\":\"no\"}";
}

static void hook__is_told__of_each_end_that_matters(void **state)
{
	struct lab *lab = *state;

	hook_is(lab, "digitalocean", "cat >> $D/told\n", "");
	lab_plan(lab, BASE, WANT);
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	expect_told(lab, "published", "published");
	lab_push(lab, NULL);
	lab_expect(push_look(lab->run), PUSH_UNCHANGED, ERR_NONE);
	expect_told(lab, NULL, NULL);

	lab_plan(lab, BASE, WANT);
	lab_push(lab, &(struct push_options){ .no_watch = true, .dry_run = true });
	expect_told(lab, NULL, NULL);
	vendor_add(&lab->vendor, 5, "mx9.exempel.com", 3600);
	lab_expect(lab_push(lab, NULL), PUSH_CONFLICT, ERR_CONFLICT);
	expect_told(lab, "failed", "conflict");

	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = refuse_first;
	lab_expect(lab_push(lab, NULL), PUSH_FAILED, ERR_REFUSED);
	expect_told(lab, "failed", "failed");

	lab_forget(lab);
	lab->vendor.hook = refuse_second;
	lab_expect(lab_push(lab, NULL), PUSH_PARTIAL, ERR_INTERRUPTED);
	expect_told(lab, "unfinished", "partial");
	lab->vendor.hook = NULL;
	lab_resume(lab, &(struct push_options){ .dry_run = true });
	expect_told(lab, NULL, NULL);
	lab_resume(lab, &plain);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	expect_told(lab, "published", "published");
}

static void part_way(struct lab *lab)
{
	json_t *told;

	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = refuse_second;
	lab_push(lab, NULL);
	told = take_told(lab);
	assert_string_equal(member(told, "event"), "unfinished");
	json_decref(told);
	lab->vendor.hook = NULL;
}

static void hook__is_told__of_what_is_undone_or_given_up(void **state)
{
	struct lab *lab = *state;

	hook_is(lab, "digitalocean", "cat >> $D/told\n", "");
	part_way(lab);
	lab_resume(lab, &(struct push_options){ .undo = true });
	assert_true(push_look(lab->run)->undone);
	expect_told(lab, "undone", "failed");
	part_way(lab);
	lab_resume(lab, &(struct push_options){ .abandon = "given to others" });
	expect_told(lab, "abandoned", "abandoned");
}

static void expect_words(struct lab *lab, const struct push_options *options, const char *note, const char *ticket, const char *revert)
{
	json_t *told;

	lab_push(lab, options);
	told = take_told(lab);
	assert_string_equal(member(told, "note"), note);
	assert_string_equal(member(told, "ticket"), ticket);
	assert_string_equal(member(told, "revert_of"), revert);
	json_decref(told);
}

static void hook__is_told__note_and_ticket_of_plan_or_push(void **state)
{
	struct lab *lab = *state;
	struct push_options both = { .no_watch = true, .note = "at night", .ticket = "CHG-2" };
	struct err err = { 0 };
	char id[40];

	hook_is(lab, "digitalocean", "cat >> $D/told\n", "");
	lab_plan(lab, BASE, WANT);
	expect_words(lab, NULL, "", "-", "-");
	snprintf(id, sizeof(id), "%s", push_look(lab->run)->id);
	lab_plan(lab, WANT, BASE);
	expect_words(lab, &both, "at night", "CHG-2", id);
	lab_plan(lab, BASE, WANT);
	assert_true(plan_set_ticket(&lab->plan, "CHG-1", NULL));
	free(lab->plan.note);
	lab->plan.note = mem_text("by day");
	assert_null(push_start(&lab->app, &lab->plan, &both, (struct push_then){ .changed = NULL, .data = NULL }, &err));
	assert_string_equal(lab_text(&err.what), "the plan is for the ticket CHG-1, not for CHG-2");
	both.ticket = "CHG-1";
	both.note = NULL;
	lab->vendor.writes = 0;
	lab->vendor.hook = refuse_second;
	expect_words(lab, &both, "by day", "CHG-1", "-");
	lab->vendor.hook = NULL;
	lab_resume(lab, &plain);
	expect_told(lab, "published", "published");
}

static void hook__keeps__what_a_resume_is_for(void **state)
{
	struct lab *lab = *state;
	json_t *told;

	hook_is(lab, "digitalocean", "cat >> $D/told\n", "");
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = refuse_second;
	expect_words(lab, &(struct push_options){ .no_watch = true, .note = "at night", .ticket = "CHG-2" }, "at night", "CHG-2", "-");
	lab->vendor.hook = NULL;
	lab_resume(lab, &plain);
	told = take_told(lab);
	assert_string_equal(member(told, "event"), "published");
	assert_string_equal(member(told, "note"), "at night");
	assert_string_equal(member(told, "ticket"), "CHG-2");
	json_decref(told);
}

/* The last line of the journal. */
static void expect_journal(struct lab *lab, const char *state, const char *message)
{
	json_t *events = store_journal_read(lab->app.store, &lab->plan.domain, NULL);
	json_t *last = json_array_get(events, json_array_size(events) - 1), *before;
	json_t *hook = json_object_get(last, "hook");
	struct history history = { 0 };

	before = json_array_get(events, json_array_size(events) - 2);
	assert_string_equal(member(before, "event"), "end");
	assert_true(json_is_null(json_object_get(before, "hook")));
	assert_string_equal(member(last, "event"), "hook");
	assert_string_equal(member(last, "push"), push_look(lab->run)->id);
	assert_string_equal(member(hook, "state"), state);
	assert_string_equal(member(json_object_get(hook, "error"), "message"), message);
	assert_true(history_read(&lab->app, &lab->plan.domain, &history, NULL));
	assert_true(json_equal(json_object_get(history.push[history.n - 1].record, "hook"), hook));
	assert_false(history.push[history.n - 1].unfinished);
	history_release(&history);
	json_decref(events);
}

#define FIFTY "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static void hook__changes__nothing_when_it_fails(void **state)
{
	static const struct {
		const char *body, *more, *words;
	} rows[] = {
		{ "exit 3\n", "", "the hook command ended with status 3 and said nothing" },
		{ "echo; echo ' no pager '; echo more; exit 1\n", "", "the hook command ended with status 1: no pager " },
		{ "echo out; echo diag >&2; exit 1\n", "", "the hook command ended with status 1: diag" },
		{ "kill -9 $$\n", "", "the hook command ended with status 137 and said nothing" },
		/* of a long line, two hundred columns */
		{ "printf '%s%s%s%s%s\\n' " FIFTY " " FIFTY " " FIFTY " " FIFTY " more; exit 1\n", "",
			"the hook command ended with status 1: " FIFTY FIFTY FIFTY FIFTY },
		{ "exec sleep 30\n", "hook_timeout = 1\n", "the hook command: the command did not end in time" },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct push *push;
		struct str words;
		json_t *said;

		hook_is(lab, "digitalocean", rows[i].body, rows[i].more);
		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		push = lab_push(lab, NULL);
		lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
		assert_int_equal(push_exit_status(push), 0);
		assert_int_equal(push->hook, HOOK_FAILED);
		str_init(&words, 0);
		err_format(&push->hook_err, NULL, &words);
		assert_string_equal(words.s, rows[i].words);
		expect_journal(lab, "failed", rows[i].words);
		str_release(&words);
		said = push_to_json(push);
		assert_string_equal(member(json_object_get(said, "hook"), "state"), "failed");
		json_decref(said);
		lab_expect_held(lab, WANT);
	}
}

static void hook__is_said__to_be_told(void **state)
{
	struct lab *lab = *state;
	json_t *said;

	hook_is(lab, "digitalocean", "cat > /dev/null\n", "");
	lab_plan(lab, BASE, WANT);
	lab_push(lab, NULL);
	assert_int_equal(push_look(lab->run)->hook, HOOK_TOLD);
	expect_journal(lab, "told", "-");
	said = push_to_json(push_look(lab->run));
	assert_string_equal(member(json_object_get(said, "hook"), "state"), "told");
	json_decref(said);
	/* One that cannot be started, or is no command. */
	lab_reopen(lab, "digitalocean", "settle = 0\n[push]\nhook_command = /nowhere/hook\n");
	lab_plan(lab, WANT, BASE);
	lab_push(lab, NULL);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	expect_journal(lab, "failed", "the hook command: /nowhere/hook could not be started: No such file or directory");
	lab_reopen(lab, "digitalocean", "settle = 0\n[push]\nhook_command = sh 'open\n");
	lab_plan(lab, BASE, WANT);
	lab_push(lab, NULL);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	expect_journal(lab, "failed", "the hook command: a command has a quote that is not closed");
}

/* Neither in what it is told, nor in its words, nor in its environment. */
static void hook__gets__no_secret(void **state)
{
	struct lab *lab = *state;
	struct str text;

	setenv("OTHER_KEY", "other-geheim", 1);
	setenv("LAB_KEY_2", "no secret at all", 1);
	hook_is(lab, "digitalocean", "cat > $D/told; env > $D/env; echo \"$1\" > $D/word; tr '\\0' ' ' < /proc/$$/cmdline > $D/words\n",
		"[account other]\nprovider = vultr\nkey_env = OTHER_KEY\n");
	lab_plan(lab, BASE, WANT);
	lab_push(lab, NULL);
	assert_int_equal(push_look(lab->run)->hook, HOOK_TOLD);
	assert_true(read_file(lab, "env", &text));
	assert_null(strstr(text.s, "geheim"));
	assert_null(strstr(text.s, "LAB_KEY="));
	assert_null(strstr(text.s, "OTHER_KEY"));
	assert_non_null(strstr(text.s, "LAB_KEY_2=no secret at all"));
	assert_non_null(strstr(text.s, "PATH="));
	str_release(&text);
	assert_true(read_file(lab, "word", &text));
	assert_string_equal(text.s, "two words\n");
	str_release(&text);
	assert_true(read_file(lab, "words", &text));
	assert_null(strstr(text.s, "geheim"));
	str_release(&text);
	assert_true(read_file(lab, "told", &text));
	assert_non_null(strstr(text.s, "\"event\":\"published\""));
	assert_null(strstr(text.s, "geheim"));
	str_release(&text);
	unsetenv("OTHER_KEY");
	unsetenv("LAB_KEY_2");
}

/* It runs when the journal has its end and the lock is free, so that it may start mxladder itself; a second stop ends it. */
static void stop_it(struct lab *lab)
{
	const struct push *push = push_look(lab->run);
	int lock;

	if (push->hook != HOOK_RUNS)
		return;
	assert_int_equal(push->phase, PHASE_ENDED);
	assert_false(push->done);
	lock = store_lock(lab->app.store, &lab->plan.domain, NULL);
	assert_true(lock >= 0);
	store_unlock(lock);
	lab->moved = NULL;
	push_stop(lab->run);
}

static void look_away(struct lab *lab)
{
	if (push_look(lab->run)->hook == HOOK_RUNS)
		loop_stop(lab->app.loop);
}

static void hook__runs__after_the_end_and_can_be_stopped(void **state)
{
	struct lab *lab = *state;

	hook_is(lab, "digitalocean", "exec sleep 30\n", "hook_timeout = 600\n");
	lab_plan(lab, BASE, WANT);
	lab->moved = stop_it;
	lab_push(lab, NULL);
	assert_null(lab->moved);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	expect_journal(lab, "failed", "the hook command: stopped on request");
	/* Freed while it runs, as when the program ends. */
	lab_forget(lab);
	lab_plan(lab, WANT, BASE);
	vendor_hold(&lab->vendor, WANT);
	lab->moved = look_away;
	lab_start(lab, NULL);
	loop_run(lab->app.loop);
	assert_int_equal(push_look(lab->run)->hook, HOOK_RUNS);
	push_free(lab->run);
	lab->run = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hook__is_told__of_each_end_that_matters, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__is_told__of_what_is_undone_or_given_up, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__is_told__note_and_ticket_of_plan_or_push, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__keeps__what_a_resume_is_for, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__changes__nothing_when_it_fails, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__is_said__to_be_told, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__gets__no_secret, setup, lab_teardown),
		cmocka_unit_test_setup_teardown(hook__runs__after_the_end_and_can_be_stopped, setup, lab_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
