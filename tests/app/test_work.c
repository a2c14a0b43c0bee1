/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pushes of this run, looked at or not: what follows from their end, who hears of it, and which still run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "app/work.h"
#include "lab.h"

#define WANT "60 10 mx1.exempel.com"

static const struct push_options plain = { .no_watch = true };

static int setup(void **state)
{
	return lab_setup(state, "powerdns", "settle = 0\n");
}

static struct work *start(struct lab *lab)
{
	struct err err = { 0 };
	struct work *work = work_push(&lab->app, &lab->plan, &plain, &err);

	if (!work)
		fail_msg("%s", lab_text(&err.what));
	return work;
}

static void wait_end(struct lab *lab, struct work *work)
{
	work_on_change(&lab->app, (push_fn)loop_stop, lab->app.loop);
	while (!work_look(work)->done)
		loop_run(lab->app.loop);
	work_on_change(&lab->app, NULL, NULL);
}

static void keep_draft(struct lab *lab, uint32_t ttl_s)
{
	struct draft draft;

	draft_init(&draft, &lab->plan.base);
	mxset_copy(&draft.want, &lab->plan.want);
	draft.want.ttl_s = ttl_s;
	assert_true(store_draft_save(lab->app.store, &lab->plan, &draft, NULL, NULL));
	draft_release(&draft);
}

/* ---- the draft on disk ---- */

static void draft__that_was_pushed_unwatched__has_done_its_work(void **state)
{
	static const struct {
		const char *held; /* when it is pushed; the plan is from LAB_BASE */
		uint32_t draft_ttl_s;
		enum push_state state;
		bool stays;
	} rows[] = {
		{ LAB_BASE, 60, PUSH_PUBLISHED, false },
		{ LAB_BASE, 61, PUSH_PUBLISHED, true }, /* another's, or edited since */
		{ WANT, 60, PUSH_UNCHANGED, false },
		{ WANT, 61, PUSH_UNCHANGED, true },
		{ "900 10 mx1.exempel.com", 60, PUSH_CONFLICT, true },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct work *work;

		lab_plan(lab, LAB_BASE, WANT);
		vendor_hold(&lab->vendor, rows[i].held);
		keep_draft(lab, rows[i].draft_ttl_s);
		work = start(lab);
		wait_end(lab, work);
		if (work_look(work)->state != rows[i].state || store_draft_exists(lab->app.store, &lab->plan.domain) != rows[i].stays)
			fail_msg("row %zu: state %d", i, work_look(work)->state);
	}
}

static void count(void *data)
{
	++*(unsigned *)data;
}

/* Who looks at it settles it: the file is his. */
static void draft__of_a_push_that_is_watched__is_left_alone(void **state)
{
	struct lab *lab = *state;
	unsigned heard = 0, other = 0;
	struct work *work;

	lab_plan(lab, LAB_BASE, WANT);
	keep_draft(lab, 60);
	work = start(lab);
	work_watch(work, count, &heard);
	work_unwatch(work, &other); /* not his to end */
	wait_end(lab, work);
	assert_int_equal(work_look(work)->state, PUSH_PUBLISHED);
	assert_true(heard > 0);
	assert_true(store_draft_exists(lab->app.store, &lab->plan.domain));
}

static void unwatched__push__is_heard_no_more(void **state)
{
	struct lab *lab = *state;
	unsigned heard = 0;
	struct work *work;

	lab_plan(lab, LAB_BASE, WANT);
	work = start(lab);
	work_watch(work, count, &heard);
	work_unwatch(work, &heard);
	wait_end(lab, work);
	assert_int_equal(heard, 0);
}

/* ---- what runs ---- */

static void work__of_a_domain__is_found_and_runs_once(void **state)
{
	struct lab *lab = *state;
	unsigned heard = 0;
	struct err err = { 0 };
	struct dname other;
	struct work *work;

	assert_true(dname_parse(&other, "other.example", NULL));
	lab_plan(lab, LAB_BASE, WANT);
	assert_null(work_find(&lab->app, &lab->plan.domain));
	assert_null(work_running(&lab->app, 0));
	work = start(lab);
	assert_ptr_equal(work_find(&lab->app, &lab->plan.domain), work);
	assert_null(work_find(&lab->app, &other));
	assert_ptr_equal(work_running(&lab->app, 0), work_look(work));
	assert_null(work_running(&lab->app, 1));
	assert_null(work_push(&lab->app, &lab->plan, &plain, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(lab_text(&err.what), "a push is still running; wait for its end");
	work_on_change(&lab->app, count, &heard);
	loop_after(lab->app.loop, 0, (loop_fn)loop_stop, lab->app.loop);
	wait_end(lab, work);
	assert_null(work_running(&lab->app, 0));
	assert_ptr_equal(work_find(&lab->app, &lab->plan.domain), work); /* it is told of until the next */
	/* what ended makes room */
	lab_plan(lab, WANT, LAB_BASE);
	work = start(lab);
	assert_ptr_equal(work_find(&lab->app, &lab->plan.domain), work);
	assert_ptr_equal(work_running(&lab->app, 0), work_look(work));
	assert_null(work_running(&lab->app, 1));
	wait_end(lab, work);
	assert_int_equal(work_look(work)->state, PUSH_PUBLISHED);
}

static void works__of_several_domains__are_told_in_turn(void **state)
{
	struct lab *lab = *state;
	struct work *one, *two;
	struct plan plan;
	struct err err = { 0 };

	lab_plan(lab, LAB_BASE, WANT);
	plan_init(&plan);
	plan_copy(&plan, &lab->plan);
	assert_true(dname_parse(&plan.domain, "sub.exempel.com", NULL));
	plan_seal(&plan);
	assert_true(push_approve(&lab->app, &plan, &(struct approver){ .by = "anna" }, NULL));
	one = start(lab);
	two = work_push(&lab->app, &plan, &plain, &err);
	assert_non_null(two);
	assert_ptr_equal(work_running(&lab->app, 0), work_look(two));
	assert_ptr_equal(work_running(&lab->app, 1), work_look(one));
	assert_null(work_running(&lab->app, 2));
	work_stop(two);
	wait_end(lab, two);
	wait_end(lab, one);
	assert_int_equal(work_look(two)->err.code, ERR_INTERRUPTED);
	assert_int_equal(work_look(one)->state, PUSH_PUBLISHED);
	/* the later one is taken out of the middle */
	lab_plan(lab, WANT, LAB_BASE);
	one = start(lab);
	assert_ptr_equal(work_find(&lab->app, &plan.domain), two);
	assert_ptr_equal(work_running(&lab->app, 0), work_look(one));
	wait_end(lab, one);
	plan_release(&plan);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(draft__that_was_pushed_unwatched__has_done_its_work),
		TEST(draft__of_a_push_that_is_watched__is_left_alone),
		TEST(unwatched__push__is_heard_no_more),
		TEST(work__of_a_domain__is_found_and_runs_once),
		TEST(works__of_several_domains__are_told_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
