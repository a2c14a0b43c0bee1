/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several plans of a file: how many are pushed at the same time, what is told, and a stop. The vendor refuses what is not exempel.com. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/account.h"
#include "app/pushes.h"
#include "lab.h"
#include "../core/sets.h"

#define MANY 140
#define TOLD 6000

struct file {
	struct lab lab;
	struct plans plans;
	struct pushes *pushes;
	struct push_options options;
	char told[TOLD];          /* "a.exempel.com:STATE/ERROR " */
	char moved[TOLD];         /* "a.exempel.com:PHASE " */
	unsigned running, begun;  /* begun and not done; the most at a time */
	unsigned most;            /* the most at a time whose end was not in the journal yet */
	unsigned pushing;         /* the most at a time that had their turn at the account */
	unsigned alone;           /* moves while no survey counted: the next one would look for its servers anew */
	const char *asks, *typed; /* for this domain a person is asked */
	unsigned asked, stop_after;
	bool leave; /* the loop, when something has moved */
};

static bool asks(void *data, const struct plan *plan)
{
	const struct file *file = data;
	char domain[DNAME_TEXT_MAX];

	return file->asks && !strcmp(dname_text(&plan->domain, domain), file->asks);
}

static bool has_ended(const struct file *file, const struct plan *plan)
{
	json_t *events = store_journal_read(file->lab.app.store, &plan->domain, NULL);
	const char *last = json_string_value(json_object_get(json_array_get(events, json_array_size(events) - 1), "event"));
	bool ended = last && !strcmp(last, "end");

	json_decref(events);
	return ended;
}

static const char *confirm(void *data, const struct plan *plan)
{
	struct file *file = data;

	unsigned busy = 0;

	file->asked += asks(data, plan);
	if (++file->running > file->begun)
		file->begun = file->running;
	for (const struct plan *one = file->plans.plan; one <= plan; one++)
		busy += !has_ended(file, one);
	if (busy > file->most)
		file->most = busy;
	return asks(data, plan) ? file->typed : NULL;
}

static void moved(void *data, const struct push *push)
{
	struct file *file = data;
	size_t len = strlen(file->moved);
	char domain[DNAME_TEXT_MAX];

	snprintf(file->moved + len, sizeof(file->moved) - len, "%s:%d ", dname_text(&push->plan.domain, domain), push->phase);
	file->running -= push->done;
	file->alone += !file->lab.app.surveys;
	if (file->lab.app.accounts && file->lab.app.accounts->pushing > file->pushing)
		file->pushing = file->lab.app.accounts->pushing;
	if (file->leave)
		loop_stop(file->lab.app.loop);
	if (push->phase == PHASE_WRITING && file->stop_after && !--file->stop_after)
		pushes_stop(file->pushes);
}

static void told(void *data, const struct plan *plan, const struct push *push, const struct err *err)
{
	struct file *file = data;
	size_t len = strlen(file->told);
	char domain[DNAME_TEXT_MAX];

	dname_text(&plan->domain, domain);
	if (push)
		snprintf(file->told + len, sizeof(file->told) - len, "%s:%d/%d ", domain, (int)push->state, (int)push->err.code);
	else
		snprintf(file->told + len, sizeof(file->told) - len, "%s:-/%d ", domain, (int)err->code);
}

static void add(struct file *file, const char *domain, const char *account, bool approved)
{
	struct plans *plans = &file->plans;
	struct plan *plan;

	plans->plan = realloc(plans->plan, (plans->n + 1) * sizeof(*plan));
	plan = &plans->plan[plans->n++];
	plan_init(plan);
	plan_copy(plan, &file->lab.plan);
	assert_true(dname_parse(&plan->domain, domain, NULL));
	assert_true(dname_parse(&plan->zone, strstr(domain, "exempel"), NULL));
	free(plan->account);
	plan->account = strdup(account);
	plan_seal(plan);
	while (plan->n_approval)
		plan_unapprove(plan);
	if (approved)
		assert_true(push_approve(&file->lab.app, plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
}

static void push_all(struct file *file)
{
	struct pushes_hooks face = { asks, confirm, moved, told, file };

	file->told[0] = file->moved[0] = '\0';
	file->pushes = pushes_start(&file->lab.app, &file->plans, &file->options, &face);
	assert_string_equal(file->told, "");
	pushes_wait(file->pushes);
	pushes_free(file->pushes);
	file->pushes = NULL;
}

static void open_with(struct file *file, const char *provider, const char *more)
{
	lab_open(&file->lab, provider, more);
	lab_plan(&file->lab, LAB_BASE, "3600 10 mx2.exempel.com");
	file->options.no_watch = true;
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct file));
	return 0;
}

static int teardown(void **state)
{
	struct file *file = *state;

	plans_release(&file->plans);
	lab_close(&file->lab);
	free(file);
	return 0;
}

/* ---- what is told ---- */

static void expect(const struct file *file, const char *words)
{
	assert_string_equal(file->told, words);
}

static void each__is_told__in_the_files_order(void **state)
{
	struct file *file = *state;
	char words[200];

	open_with(file, "powerdns", "");
	add(file, "a.exempel.org", "lab", true);     /* the account has no such zone */
	add(file, "exempel.com", "lab", true);       /* pushed */
	add(file, "b.exempel.com", "lab", false);    /* not approved */
	add(file, "exempel.com", "lab", true);       /* the same again, when the first has ended: it is so already */
	add(file, "c.exempel.com", "nowhere", true); /* no such account */
	push_all(file);
	snprintf(words, sizeof(words), "a.exempel.org:%d/%d exempel.com:%d/0 b.exempel.com:-/%d exempel.com:%d/0 c.exempel.com:-/%d ",
		PUSH_FAILED, ERR_REFUSED, PUSH_PUBLISHED, ERR_APPROVAL, PUSH_UNCHANGED, ERR_USAGE);
	expect(file, words);
	lab_expect_held(&file->lab, "3600 10 mx2.exempel.com");
	assert_int_equal(file->lab.vendor.writes, 1);
}

static void nothing__is_told__of_no_plan(void **state)
{
	struct file *file = *state;

	open_with(file, "powerdns", "");
	push_all(file);
	expect(file, "");
}

/* Looked at one after the other, a dry run of what is not approved tells so, and asks nobody for a name. */
static void dry_run__tells__how_each_would_end(void **state)
{
	struct file *file = *state;
	char words[200];

	open_with(file, "powerdns", "");
	file->options.dry_run = true;
	add(file, "exempel.com", "lab", false);
	add(file, "exempel.com", "lab", true);
	push_all(file);
	snprintf(words, sizeof(words), "exempel.com:%d/%d exempel.com:%d/0 ", PUSH_RUNNING, ERR_APPROVAL, PUSH_RUNNING);
	expect(file, words);
	assert_int_equal(file->lab.vendor.writes, 0);
}

/* ---- a name that is typed ---- */

static void name__is_typed__while_nothing_runs(void **state)
{
	struct file *file = *state;
	char words[200];

	open_with(file, "powerdns", "[domain exempel.com]\nprotected = yes\n");
	file->asks = "exempel.com";
	file->typed = "exempel.com";
	add(file, "a.exempel.org", "lab", true);
	add(file, "exempel.com", "lab", true);
	push_all(file);
	snprintf(words, sizeof(words), "a.exempel.org:%d/%d exempel.com:%d/0 ", PUSH_FAILED, ERR_REFUSED, PUSH_PUBLISHED);
	expect(file, words);
	assert_int_equal(file->asked, 1);
	/* the first had ended before the second began */
	assert_true(strstr(file->moved, "a.exempel.org:6 ") < strstr(file->moved, "exempel.com:3 "));
	assert_non_null(strstr(file->moved, "exempel.com:3 exempel.com:4 exempel.com:6 "));
	assert_null(strstr(file->moved, "exempel.com:3 exempel.com:3 ")); /* each phase once */
	file->typed = "exempel.org";
	push_all(file);
	snprintf(words, sizeof(words), "a.exempel.org:%d/%d exempel.com:-/%d ", PUSH_FAILED, ERR_REFUSED, ERR_APPROVAL);
	expect(file, words);
}

/* ---- how many ---- */

static void add_names(struct file *file, unsigned n, bool approved)
{
	char domain[40];

	for (unsigned i = 0; i < n; i++) {
		snprintf(domain, sizeof(domain), "a%u.exempel.com", i);
		add(file, domain, "lab", approved);
	}
}

/* And as many again ask the DNS before. */
static void as_many_push__as_the_account_takes(void **state)
{
	static const struct {
		const char *provider;
		unsigned most;
	} rows[] = { { "powerdns", 8 }, { "digitalocean", 4 } };
	struct file *file = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (i) {
			plans_release(&file->plans);
			lab_close(&file->lab);
		}
		memset(file, 0, sizeof(*file));
		open_with(file, rows[i].provider, "");
		add_names(file, 30, true);
		push_all(file);
		assert_int_equal(file->pushing, rows[i].most);
		assert_int_equal(file->most, 2 * rows[i].most);
		assert_true(file->begun > 2 * rows[i].most); /* an end on its way to the disk keeps nobody from its account */
		assert_int_equal(file->running, 0);
		assert_int_equal(file->alone, 0);
		assert_int_equal(file->lab.app.surveys, 0);
		assert_int_equal(file->lab.app.accounts->pushing, 0);
		assert_null(file->lab.app.accounts->pushes);
	}
}

static void no_more_than_sixteen_run__whatever_the_accounts_take(void **state)
{
	struct file *file = *state;
	char domain[40], more[200];

	open_with(file, "powerdns", "");
	snprintf(more, sizeof(more), "[account two]\nprovider = powerdns\nendpoint = http://127.0.0.1:%d\nkey_env = LAB_KEY\n",
		file->lab.vendor.port);
	lab_reopen(&file->lab, "powerdns", more);
	for (unsigned i = 0; i < 40; i++) {
		snprintf(domain, sizeof(domain), "a%u.exempel.com", i);
		add(file, domain, i % 2 ? "two" : "lab", true);
	}
	push_all(file);
	assert_int_equal(file->most, 16);
}

static void turn_over(struct file *file)
{
	for (int i = 0; i < 5; i++) {
		loop_after(file->lab.app.loop, 1, (loop_fn)loop_stop, file->lab.app.loop);
		loop_run(file->lab.app.loop);
	}
}

/* Of those behind one that is not told yet, so many are kept. When it ends, all of them are told, and the others too. */
static void one_that_takes_long__holds_back__what_is_far_behind(void **state)
{
	struct file *file = *state;
	struct pushes_hooks face = { asks, confirm, moved, told, file };
	struct loop_handle *too_late;
	struct vendor silent;
	char more[200], domain[40];

	assert_true(vendor_open(&silent)); /* and nobody answers there */
	snprintf(
		more, sizeof(more), "[account two]\nprovider = powerdns\nendpoint = http://127.0.0.1:%d\nkey_env = LAB_KEY\n", silent.port);
	open_with(file, "powerdns", more);
	add(file, "exempel.com", "two", true);
	for (unsigned i = 1; i < MANY; i++) {
		snprintf(domain, sizeof(domain), "a%u.exempel.com", i);
		add(file, domain, "lab", false);
	}
	file->pushes = pushes_start(&file->lab.app, &file->plans, &file->options, &face);
	turn_over(file);
	assert_int_equal(file->running, 128);
	assert_string_equal(file->told, "");
	pushes_stop(file->pushes);
	too_late = loop_after(file->lab.app.loop, 20000, (loop_fn)loop_stop, file->lab.app.loop);
	pushes_wait(file->pushes);
	assert_non_null(strstr(file->told, domain)); /* the last one */
	loop_cancel(too_late);
	pushes_free(file->pushes);
	vendor_close(&silent);
}

static void more__than_are_kept__are_all_told(void **state)
{
	struct file *file = *state;
	char words[TOLD];
	size_t len = 0;

	open_with(file, "powerdns", "");
	add_names(file, MANY, false);
	push_all(file);
	for (unsigned i = 0; i < MANY; i++)
		len += (size_t)snprintf(words + len, sizeof(words) - len, "a%u.exempel.com:-/%d ", i, ERR_APPROVAL);
	expect(file, words);
}

/* ---- a stop ---- */

static void stop__begins_no_more__and_tells_the_rest(void **state)
{
	struct file *file = *state;
	char words[200];

	open_with(file, "powerdns", "");
	add(file, "exempel.com", "lab", true);
	add(file, "exempel.com", "lab", true);
	add(file, "b.exempel.com", "lab", false);
	file->stop_after = 1;
	push_all(file);
	snprintf(words, sizeof(words), "exempel.com:%d/%d exempel.com:-/%d b.exempel.com:-/%d ", PUSH_FAILED, ERR_INTERRUPTED,
		ERR_INTERRUPTED, ERR_INTERRUPTED);
	expect(file, words);
	assert_int_equal(file->lab.vendor.writes, 0);
	lab_expect_held(&file->lab, LAB_BASE);
}

/* Freed while pushes run, as when the program ends: nothing more is told or moved, and those that wait are not begun. */
static void pushes__that_are_freed__tell_nothing(void **state)
{
	struct file *file = *state;
	struct pushes_hooks face = { asks, confirm, moved, told, file };

	open_with(file, "powerdns", "");
	add_names(file, 20, true);
	file->leave = true;
	file->pushes = pushes_start(&file->lab.app, &file->plans, &file->options, &face);
	loop_run(file->lab.app.loop);
	assert_int_equal(file->most, 16);
	assert_string_not_equal(file->moved, "");
	pushes_free(file->pushes);
	file->pushes = NULL;
	file->moved[0] = '\0';
	loop_after(file->lab.app.loop, 50, (loop_fn)loop_stop, file->lab.app.loop);
	loop_run(file->lab.app.loop);
	assert_string_equal(file->moved, "");
	assert_string_equal(file->told, "");
	assert_int_equal(file->most, 16);
	/* likewise before the first has begun, and of none */
	pushes_free(pushes_start(&file->lab.app, &file->plans, &file->options, &face));
	pushes_free(NULL);
	loop_after(file->lab.app.loop, 20, (loop_fn)loop_stop, file->lab.app.loop);
	loop_run(file->lab.app.loop);
	assert_string_equal(file->moved, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each__is_told__in_the_files_order),
		TEST(nothing__is_told__of_no_plan),
		TEST(dry_run__tells__how_each_would_end),
		TEST(name__is_typed__while_nothing_runs),
		TEST(as_many_push__as_the_account_takes),
		TEST(no_more_than_sixteen_run__whatever_the_accounts_take),
		TEST(one_that_takes_long__holds_back__what_is_far_behind),
		TEST(more__than_are_kept__are_all_told),
		TEST(stop__begins_no_more__and_tells_the_rest),
		TEST(pushes__that_are_freed__tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
