/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an unfinished push is taken up again, undone or given up, and how one that is over is taken back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/demand.h"
#include "app/push_run.h"
#include "lab.h"

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

static void refuse_write(struct vendor_call *call, unsigned n)
{
	if (!call->writes || call->n != n)
		return;
	call->lost = true;
	call->http = 422;
	call->text = "{\"message\":\"no\"}";
}

static void refuse_second(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	refuse_write(call, 2);
}

static void refuse_third(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	refuse_write(call, 3);
}

static void no_key(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 401;
	call->text = "{}";
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

/* ---- one that is unfinished ---- */

/* Two of three requests are made: it stands part-way. */
static void stand_part_way(struct lab *lab, const struct push_options *options)
{
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = refuse_second;
	lab_expect(lab_push(lab, options), PUSH_PARTIAL, ERR_INTERRUPTED);
	lab->vendor.hook = NULL;
	lab->vendor.log[0] = '\0';
	lab->vendor.writes = 0;
}

static void unfinished_push__lets__no_other_begin(void **state)
{
	struct lab *lab = *state;
	const struct push *push;
	char words[200], id[40];

	stand_part_way(lab, NULL);
	snprintf(id, sizeof(id), "%s", push_look(lab->run)->id);
	snprintf(words, sizeof(words), "the push %s of this domain is unfinished", id);
	push_free(lab->run);
	lab->run = NULL;
	refuse(lab, &plain, ERR_INTERRUPTED, words);
	push = lab_push(lab, &(struct push_options){ .dry_run = true });
	assert_int_equal(push->err.code, ERR_INTERRUPTED);
	assert_string_equal(lab_text(&push->err.what), words);
}

/* What the policy demands is not known where it cannot be read. */
static void push__whose_policy_cannot_be_read__neither_begins_nor_goes_on(void **state)
{
	static const char policy[] = "[domain exempel.com]\nmust = be good\n";
	struct lab *lab = *state;
	char path[300], more[400], id[40];
	struct err err = { 0 };
	struct musts musts = { 0 };

	stand_part_way(lab, NULL);
	snprintf(id, sizeof(id), "%s", push_look(lab->run)->id);
	snprintf(path, sizeof(path), "%s/policy", lab->dir);
	snprintf(more, sizeof(more), "settle = 0\n[main]\npolicy_file = %s\n", path);
	assert_true(store_write_file(path, policy, sizeof(policy) - 1, 0600, NULL));
	lab_reopen(lab, "digitalocean", more);
	assert_false(demand_read(&lab->app, NULL, &musts, &err));
	snprintf(more, sizeof(more), "%s", lab_text(&err.what));
	refuse(lab, &plain, ERR_USAGE, more);
	refuse(lab, &(struct push_options){ .no_watch = true, .resume = true, .resume_id = id }, ERR_USAGE, more);
	musts_release(&musts);
}

static void resume__finishes__what_is_left(void **state)
{
	const struct push_override why[] = { { "target-ip", "why" } };
	struct lab *lab = *state;
	const struct push *push;
	char id[40];

	stand_part_way(lab, &(struct push_options){ .no_watch = true, .n_override = 1, .override = why, .revert_of = "another" });
	snprintf(id, sizeof(id), "%s", push_look(lab->run)->id);
	lab_resume(lab, &(struct push_options){ 0 });
	push = push_look(lab->run);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_string_equal(push->id, id);
	assert_int_equal(push->written, 3);
	assert_int_equal(push->n_step, 2);
	assert_false(push->unfinished);
	lab_expect_held(lab, "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com");
	lab_expect_journal(lab,
		"begin\nrequest 1 writes held 2\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 none 422\nend partial\n"
		"resume\nrequest 1 writes held 3\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 taken 204\nend published\n");
	{
		json_t *events = store_journal_read(lab->app.store, &lab->plan.domain, NULL), *resume = json_array_get(events, 6);

		assert_int_equal(json_array_size(json_object_get(resume, "overrides")), 1);
		assert_string_equal(json_string_value(json_object_get(resume, "revert_of")), "another");
		json_decref(events);
	}
}

static void resume__with_undo__takes_it_back(void **state)
{
	struct lab *lab = *state;
	const struct push *push;
	struct msg msg;

	stand_part_way(lab, NULL);
	lab_resume(lab, &(struct push_options){ .undo = true });
	push = push_look(lab->run);
	lab_expect(push, PUSH_FAILED, ERR_NONE);
	assert_true(push->undone && !push->unfinished);
	assert_int_equal(push_exit_status(push), 0);
	assert_int_equal(push->written, 2);
	assert_true(push_state_msg(push, &msg));
	assert_string_equal(msg.id, "taken back: the old set stands again");
	lab_expect_held(lab, BASE);
	assert_int_equal(push->plan.want.n, 2);
	lab_expect_journal(lab, "begin\nrequest 1 writes held 2\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 none 422\nend partial\n"
				"resume undo\nrequest 1 writes held 3\nanswer 1 taken 204\nend failed\n");
}

/* What is held is looked at, nothing is written, and the push is over; also where the account or its key is gone. */
static void resume__with_abandon__closes_it(void **state)
{
	static const char *const gone[] = { "digitalocean", "powerdns" };
	struct lab *lab = *state;

	for (int i = 0; i < 3; i++) {
		const struct push *push;
		char words[300];

		if (i)
			lab_reopen(lab, "digitalocean", "settle = 0\n");
		lab_forget(lab);
		stand_part_way(lab, NULL);
		if (i == 1)
			unsetenv("LAB_KEY"); /* this program would have it still */
		if (i)
			lab_reopen(lab, gone[i - 1], "");
		lab_resume(lab, &(struct push_options){ .abandon = "we keep both" });
		push = push_look(lab->run);
		lab_expect(push, PUSH_ABANDONED, ERR_NONE);
		assert_false(push->unfinished);
		assert_int_equal(push->held_known, i == 0);
		assert_int_equal(push->written, 1);
		assert_int_equal(lab->vendor.writes, 0);
		snprintf(words, sizeof(words),
			"begin\nrequest 1 writes held 2\nanswer 1 taken 201\nrequest 2 writes\nanswer 2 none 422\n"
			"end partial\nresume abandon we keep both\nend abandoned reason we keep both\n");
		lab_expect_journal(lab, words);
		setenv("LAB_KEY", "geheim-geheim", 1);
	}
}

static void resume__that_cannot_go_on__stays_unfinished(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	stand_part_way(lab, NULL);
	lab->vendor.hook = no_key;
	lab_resume(lab, &(struct push_options){ 0 });
	push = push_look(lab->run);
	lab_expect(push, PUSH_UNKNOWN, ERR_INTERRUPTED);
	assert_true(push->unfinished);
	assert_int_equal(push->written, 1);
	assert_in_range(push->written_at, loop_now() - 60, loop_now()); /* of the run before */
	/* somebody else wrote meanwhile */
	lab->vendor.hook = NULL;
	vendor_add(&lab->vendor, 70, "mx9.exempel.com", 3600);
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	assert_true(push_look(lab->run)->unfinished);
	assert_int_equal(lab->vendor.writes, 0);
	vendor_hold(&lab->vendor, "3600 5 mx9.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com");
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	assert_string_equal(push_look(lab->run)->err.hint.id,
		"Look at what is held now. A resume goes on only from what this push may have left; resume --abandon REASON closes it, and a new "
		"plan begins from what is held.");
	assert_int_equal(lab->vendor.writes, 0);
	/* what is held is what was wanted: nothing is left to do */
	vendor_hold(&lab->vendor, WANT);
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(lab->vendor.writes, 0);
}

/* Another machine took back what this push had done: that is not written over by a resume that looks no further than old and new. */
static void resume__notices__that_another_took_it_back(void **state)
{
	static const struct {
		const char *held; /* after the push stood part-way, with mx3 added */
		bool undo;
		const char *then; /* NULL: refused */
	} rows[] = {
		{ BASE, false, NULL },
		{ "3600 20 mx2.exempel.com", false, NULL },
		{ "60 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com", false, NULL },
		{ "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com", false, WANT },
		{ "3600 20 mx2.exempel.com 10 mx3.exempel.com", false, WANT }, /* it came late */
		{ BASE, true, BASE },
		{ "3600 20 mx2.exempel.com 10 mx3.exempel.com", true, "3600 20 mx2.exempel.com 10 mx1.exempel.com" },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lab_forget(lab);
		stand_part_way(lab, NULL);
		lab_expect_held(lab, "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com");
		vendor_hold(&lab->vendor, rows[i].held);
		lab_resume(lab, &(struct push_options){ .undo = rows[i].undo });
		if (rows[i].then) {
			assert_int_equal(push_exit_status(push_look(lab->run)), 0);
			lab_expect_held(lab, rows[i].then);
			continue;
		}
		lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
		assert_true(push_look(lab->run)->unfinished);
		assert_int_equal(lab->vendor.writes, 0);
		assert_string_equal(lab_text(&push_look(lab->run)->err.what),
			"what this push had changed of exempel.com is as before again: somebody else took it back, or the provider shows an older "
			"state");
		lab_expect_held(lab, rows[i].held);
		/* Resumed after a look at it, it goes on from there. */
		lab_resume(lab, &(struct push_options){ 0 });
		lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	}
}

/* What had been removed is there again: another put it back. */
static void resume__notices__that_another_put_it_back(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, "3600 10 mx1.exempel.com 15 mx4.exempel.com 20 mx2.exempel.com", "3600 20 mx2.exempel.com 30 mx3.exempel.com");
	lab->vendor.hook = refuse_third;
	lab_expect(lab_push(lab, NULL), PUSH_PARTIAL, ERR_INTERRUPTED);
	lab->vendor.hook = NULL;
	lab_expect_held(lab, "3600 15 mx4.exempel.com 20 mx2.exempel.com 30 mx3.exempel.com");
	vendor_add(&lab->vendor, 10, "mx1.exempel.com", 3600);
	lab->vendor.writes = 0;
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(lab->vendor.writes, 0);
}

/* A read without an answer in between forgets nothing of what was seen last; a write does. */
static void resume__remembers__what_was_held_last(void **state)
{
	struct lab *lab = *state;

	stand_part_way(lab, NULL);
	lab->vendor.hook = no_key;
	lab_resume(lab, &(struct push_options){ 0 });
	lab->vendor.hook = NULL;
	vendor_hold(&lab->vendor, BASE);
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(lab->vendor.writes, 0);
}

static void lose_answer(struct vendor *vendor, struct vendor_call *call)
{
	if (call->writes)
		call->drop = true;
	else if (vendor->writes)
		no_key(vendor, call);
}

/* The answer never came, and nothing could be read since. Whether somebody else wrote, the zone's serial tells: our requests count as one
 * write each. */
static void resume__counts__the_writes_since(void **state)
{
	static const struct {
		const char *held; /* by another since, NULL: nobody wrote */
		unsigned serials; /* more than ours */
		const char *said; /* NULL: it goes on */
	} rows[] = {
		{ NULL, 0, NULL },
		{ BASE, 1,
			"somebody else wrote to the zone of exempel.com since this push began: what became of this push in between is not known" },
		{ WANT, 1, "the new set of exempel.com is held, but somebody else wrote to the zone since this push began" },
		{ BASE, 0, NULL }, /* ours was never carried out, as far as anybody can tell */
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		lab->vendor.hook = lose_answer;
		lab_expect(lab_push(lab, NULL), PUSH_UNKNOWN, ERR_INTERRUPTED);
		lab->vendor.hook = NULL;
		lab->vendor.writes = 0;
		if (rows[i].held)
			vendor_hold(&lab->vendor, rows[i].held);
		lab->vendor.serial += rows[i].serials;
		lab_resume(lab, &(struct push_options){ 0 });
		if (rows[i].said) {
			lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
			assert_true(push_look(lab->run)->unfinished);
			assert_int_equal(lab->vendor.writes, 0);
			assert_string_equal(lab_text(&push_look(lab->run)->err.what), rows[i].said);
			/* after a look */
			lab_resume(lab, &(struct push_options){ 0 });
		}
		lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
	}
}

/* Nothing could be read since, and the zone has a record of neither set: that is another's, and the set is not written over. */
static void resume__touches__no_set_with_anothers_record(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = lose_answer;
	lab_expect(lab_push(lab, NULL), PUSH_UNKNOWN, ERR_INTERRUPTED);
	lab->vendor.hook = NULL;
	lab->vendor.writes = 0;
	vendor_add(&lab->vendor, 70, "mx9.exempel.com", 3600);
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	assert_true(push_look(lab->run)->unfinished);
	assert_int_equal(lab->vendor.writes, 0);
}

/* ---- taking back ---- */

/* A record that was kept unpublished is kept so again by what takes the push back, and by nothing else. */
static void taking_back__restores__what_was_kept_unpublished(void **state)
{
	struct lab *lab = *state;
	struct history history = { 0 };

	lab_plan(lab, "3600 10 mx1.exempel.com", "3600 10 mx2.exempel.com");
	vendor_hold(&lab->vendor, "3600 10 mx1.exempel.com -10 mx2.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "3600 10 mx2.exempel.com");
	assert_true(history_read(&lab->app, &lab->plan.domain, &history, NULL));
	history_revert_plan(&history.push[0], &lab->plan);
	assert_true(push_approve(&lab->app, &lab->plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "3600 10 mx1.exempel.com -10 mx2.exempel.com");
	history_release(&history);
	assert_true(history_read(&lab->app, &lab->plan.domain, &history, NULL));
	assert_int_equal(history.n, 2);
	assert_string_equal(history.push[1].revert_of, history.push[0].id);
	history_release(&history);
}

/* A TTL that was the provider's own is its own again, where that was so of all records. */
static void taking_back__leaves__the_ttl_to_the_provider_where_it_was(void **state)
{
	static const struct {
		const char *held;
		bool automatic;
		size_t n_disabled;
	} rows[] = {
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':3600,'automatic':true}]", true, 0 },
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':3600,'automatic':false}]", false, 0 },
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':3600}]", false, 0 },
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':60,'automatic':true}]", false, 0 },
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':60},{'preference':20,'host':'mx2.exempel.com','ttl':3600,'automatic':true}]",
			false, 0 },
		{ "[{'preference':10,'host':'mx1.exempel.com','ttl':3600,'automatic':true},{'preference':20,'host':'mx2.exempel.com','ttl':60,"
		  "'disabled':true}]",
			true, 1 },
		{ "[]", false, 0 },
		{ "null", false, 0 },
	};
	struct lab *lab = *state;
	char path[300], text[3000];

	lab_plan(lab, "3600 10 mx1.exempel.com", "300 10 mx1.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	snprintf(path, sizeof(path), "%s/state/journal/exempel.com.ndjson", lab->dir);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct push_run run = { .app = &lab->app };

		snprintf(text, sizeof(text),
			"{'event':'begin','push':'a','at':'2026-11-25T10:00:00Z','plan':{'mxladder_plan':1,'domain':'exempel.com',"
			"'zone':'exempel.com','account':'lab','provider':'powerdns','base':{'ttl':3600,'records':[{'preference':10,"
			"'host':'mx1.exempel.com'}]},'want':{'ttl':300,'records':[{'preference':10,'host':'mx1.exempel.com'}]},'note':'',"
			"'created':{'at':'2026-11-25T09:00:00Z','by':'anna'},'approvals':[]}}\n"
			"{'event':'request','push':'a','at':'2026-11-25T10:00:01Z','step':1,'writes':true,'held':%s}\n"
			"{'event':'answer','push':'a','at':'2026-11-25T10:00:02Z','step':1,'fate':'taken'}\n"
			"{'event':'end','push':'a','at':'2026-11-25T10:00:03Z','state':'published','unfinished':false}\n",
			rows[i].held);
		for (char *at = text; *at; at++)
			if (*at == '\'')
				*at = '"';
		assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
		plan_init(&run.push.plan);
		plan_copy(&run.push.plan, &lab->plan);
		mxset_copy(&run.push.plan.base, &lab->plan.want);
		mxset_copy(&run.push.plan.want, &lab->plan.base);
		assert_true(push_look_back(&run, NULL));
		if (run.automatic != rows[i].automatic || run.disabled.n != rows[i].n_disabled)
			fail_msg("row %zu: automatic %d, %zu disabled", i, run.automatic, run.disabled.n);
		assert_string_equal(run.push.revert_of, "a");
		free(run.push.revert_of);
		history_release(&run.history);
		mxset_release(&run.disabled);
		plan_release(&run.push.plan);
	}
}

#define RECORDS(name) cmocka_unit_test_setup_teardown(name, setup_records, lab_teardown)
#define SET(name) cmocka_unit_test_setup_teardown(name, setup_set, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORDS(unfinished_push__lets__no_other_begin),
		RECORDS(push__whose_policy_cannot_be_read__neither_begins_nor_goes_on),
		RECORDS(resume__finishes__what_is_left),
		RECORDS(resume__with_undo__takes_it_back),
		RECORDS(resume__with_abandon__closes_it),
		RECORDS(resume__that_cannot_go_on__stays_unfinished),
		RECORDS(resume__notices__that_another_took_it_back),
		RECORDS(resume__notices__that_another_put_it_back),
		RECORDS(resume__remembers__what_was_held_last),
		RECORDS(resume__touches__no_set_with_anothers_record),
		SET(resume__counts__the_writes_since),
		SET(taking_back__restores__what_was_kept_unpublished),
		SET(taking_back__leaves__the_ttl_to_the_provider_where_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
