/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push at a vendor that keeps each record by itself: adds, a look, one removal at a time; whatever goes wrong in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.com"
#define WANT "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com"
#define UNION "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com"

static int setup(void **state)
{
	return lab_setup(state, "digitalocean", "settle = 0\n");
}

#define PATH "/domains/exempel.com/records"
#define READ "GET " PATH "?type=MX&name=exempel.com&per_page=200&page=1\n"
#define KNOWN "GET " PATH "?type=NS&name=exempel.com&per_page=200&page=1\n" READ
#define FIRST "GET /domains/exempel.com\n" KNOWN /* later the zone is known */

static void push__adds_looks_and_removes__one_by_one(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com");
	assert_string_equal(lab->vendor.log, FIRST "POST " PATH "\nPOST " PATH "\n" READ "DELETE " PATH "/1\n" READ);
	assert_int_equal(push->n_step, 3);
	assert_int_equal(push->written, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(push->step[i].state, PUSHED_OK);
		assert_int_equal(push->step[i].fate, FATE_TAKEN);
		assert_int_equal(push->step[i].http, i == 2 ? 204 : 201);
		assert_true(push->step[i].writes);
		assert_false(push->step[i].commit);
	}
	assert_string_equal(lab_text(&push->step[0].title), "add MX 10 mx3.exempel.com");
	assert_string_equal(lab_text(&push->step[2].title), "remove MX 10 mx1.exempel.com");
	assert_non_null(strstr(push->step[0].request, "POST " PATH));
	assert_null(strstr(push->step[0].request, "geheim"));
	assert_true(push->held_known);
	assert_int_equal(push->held.n, 3);
}

static void push__of_several_removals__looks_after_each(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, UNION, "3600 10 mx4.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	/* what is kept may be what another removes: the first record is turned into it, and its own goes last */
	lab_expect_held(lab, "3600 10 mx4.exempel.com");
	assert_string_equal(lab->vendor.log,
		FIRST "PUT " PATH "/1\n" READ "DELETE " PATH "/2\n" READ "DELETE " PATH "/3\n" READ "DELETE " PATH "/4\n" READ);
	lab_forget(lab);
	lab_plan(lab, BASE, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	assert_string_equal(lab->vendor.log, KNOWN "PUT " PATH "/1\nPUT " PATH "/2\n" READ);
	/* one that is new, wherever it stands, is nobody's to remove: what goes just goes */
	lab_forget(lab);
	lab_plan(lab, BASE, "3600 5 mx3.exempel.com 20 mx2.exempel.com");
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	assert_string_equal(lab->vendor.log, KNOWN "POST " PATH "\n" READ "DELETE " PATH "/1\n" READ);
}

struct row {
	const char *name;
	struct lab_fault fault;
	enum push_state state;
	enum err_code code;
	unsigned written, requests;
	bool unfinished;
	const char *held, *words;
};

static const struct row rows[] = {
	/* the first add */
	{ "refused", { 1, .lost = true, .http = 422, .text = "{\"message\":\"no\"}" }, PUSH_FAILED, ERR_REFUSED, 0, 1, false, BASE,
		"DigitalOcean (account lab) refused: no" },
	{ "500 once", { 1, .lost = true, .http = 500 }, PUSH_PUBLISHED, ERR_NONE, 4, 4, false, WANT, "" },
	{ "500 each time", { 1, 9, .lost = true, .http = 500 }, PUSH_FAILED, ERR_NETWORK, 0, 3, false, BASE, NULL },
	{ "no answer, not done: asked for again it might be there twice", { 1, .lost = true, .drop = true }, PUSH_UNKNOWN, ERR_INTERRUPTED,
		1, 1, true, BASE, "whether the change has taken effect is not known" },
	{ "no answer, done: the read shows it", { 1, .drop = true }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "" },
	{ "502, done", { 1, .http = 502 }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "" },
	{ "201 of nothing, done", { 1, .http = 201, .text = "{}" }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "" },
	{ "201 of nothing", { 1, .lost = true, .http = 201, .text = "{}" }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, true, BASE,
		"whether the change has taken effect is not known" },
	{ "201 without effect: nothing is removed", { 1, .lost = true }, PUSH_PARTIAL, ERR_INTERRUPTED, 2, 2, true,
		"3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx4.exempel.com", "the push stopped part-way" },
	{ "another adds", { 1, .adds = "mx9.exempel.com" }, PUSH_CONFLICT, ERR_CONFLICT, 2, 2, true,
		"3600 10 mx1.exempel.com 20 mx2.exempel.com 50 mx9.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com",
		"the MX set of exempel.com is not as this push left it: somebody else changed it since this push began, or the provider does not show what it holds" },
	{ "another removes", { 1, .removes = "mx2.exempel.com" }, PUSH_CONFLICT, ERR_CONFLICT, 2, 2, true,
		"3600 10 mx1.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com", NULL },
	/* the second */
	{ "the second is refused", { 2, .lost = true, .http = 422, .text = "{\"message\":\"no\"}" }, PUSH_PARTIAL, ERR_INTERRUPTED, 1, 2,
		true, "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com", "the push stopped part-way" },
	{ "the second gets no answer", { 2, .lost = true, .drop = true }, PUSH_PARTIAL, ERR_INTERRUPTED, 2, 2, true,
		"3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com", "the push stopped part-way" },
	{ "the second is done without an answer", { 2, .drop = true }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "" },
	/* the removal */
	{ "the removal is refused", { 3, .lost = true, .http = 403 }, PUSH_PARTIAL, ERR_INTERRUPTED, 2, 3, true, UNION,
		"the push stopped part-way" },
	{ "the removal fails once", { 3, .lost = true, .http = 500 }, PUSH_PUBLISHED, ERR_NONE, 4, 4, false, WANT, "" },
	{ "the removal gets no answer", { 3, .lost = true, .drop = true }, PUSH_PARTIAL, ERR_INTERRUPTED, 3, 3, true, UNION,
		"the push stopped part-way" },
	{ "the removal is done without an answer", { 3, .drop = true }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "" },
	{ "another has removed it", { 3, .removes = "mx1.exempel.com" }, PUSH_PUBLISHED, ERR_NONE, 2, 3, false, WANT, "" },
	{ "another removes one that is wanted", { 3, .removes = "mx3.exempel.com" }, PUSH_CONFLICT, ERR_CONFLICT, 3, 3, true,
		"3600 20 mx2.exempel.com 10 mx4.exempel.com", NULL },
	{ "another removes all: what is wanted goes in again", { 3, .removes = "*" }, PUSH_CONFLICT, ERR_CONFLICT, 6, 6, true,
		"3600 10 mx3.exempel.com 10 mx4.exempel.com 20 mx2.exempel.com",
		"the new set of exempel.com is held, but somebody else wrote to the zone since this push began" },
};

static void write__that_goes_wrong__is_told_by_what_is_held(void **state)
{
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const struct push *push;

		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		push = lab_push_spoilt(lab, &row->fault);
		if (push->state != row->state)
			print_message("# %s\n", row->name);
		lab_expect(push, row->state, row->code);
		assert_int_equal(push->written, row->written);
		assert_int_equal(lab->vendor.writes, row->requests);
		assert_int_equal(push->unfinished, row->unfinished);
		if (row->words)
			assert_string_equal(lab_text(&push->err.what), row->words);
		lab_expect_held(lab, row->held);
	}
}

static void put_others_in_place(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes)
		return;
	call->lost = true;
	call->http = 404;
	vendor_remove(vendor, "mx1.exempel.com");
	vendor_remove(vendor, "mx2.exempel.com");
	vendor_add(vendor, 10, "mx1.exempel.com", 3600);
	vendor_add(vendor, 20, "mx2.exempel.com", 3600);
}

static void records__replaced_by_others_that_say_the_same__are_no_other_set(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	lab->vendor.hook = put_others_in_place;
	push = lab_push(lab, NULL);
	lab->vendor.hook = NULL;
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 0);
	lab_expect_held(lab, BASE);
	assert_string_equal(lab_text(&push->err.what),
		"other records that say the same have taken the place of those of exempel.com since this push began, or their ids do not stay");
}

/* A change in place that was done without an answer shows, whichever record it was; what remains goes on. */
static void ttl__changed_without_an_answer__goes_on(void **state)
{
	struct lab *lab = *state;

	for (unsigned at = 1; at <= 2; at++) {
		struct lab_fault fault = { at, .drop = true };
		const struct push *push;

		lab_forget(lab);
		lab_plan(lab, BASE, "600 10 mx1.exempel.com 20 mx2.exempel.com");
		push = lab_push_spoilt(lab, &fault);
		lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
		assert_int_equal(lab->vendor.writes, 2);
		lab_expect_held(lab, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	}
	/* the first is not done: the set keeps two TTLs, and nobody calls that published */
	struct lab_fault fault = { 1, .lost = true };

	lab_forget(lab);
	lab_plan(lab, BASE, "600 10 mx1.exempel.com 20 mx2.exempel.com");
	lab_expect(lab_push_spoilt(lab, &fault), PUSH_PARTIAL, ERR_INTERRUPTED);
}

static void add_again_and_keep(struct vendor *vendor, struct vendor_call *call)
{
	if (call->writes && call->n == 1)
		vendor_add(vendor, 10, "mx3.exempel.com", 3600);
	call->lost = call->writes && call->n == 4;
}

/* A repeat that the provider does not remove is the same set all the same. */
static void repeat__that_stays__is_told(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = add_again_and_keep;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
	assert_string_equal(lab_text(&push->err.what), "published, but DigitalOcean keeps a record of exempel.com more than once");
	assert_int_equal(lab->vendor.writes, 4);
}

/* ---- what is held is what was wanted, but not to the letter ---- */

static void add_again(struct vendor *vendor, struct vendor_call *call)
{
	if (call->writes && call->n == 1)
		vendor_add(vendor, 10, "mx3.exempel.com", 3600);
}

static void round_first(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes && call->n == 2)
		vendor->record[1].ttl_s = 1800;
}

static void round_all(struct vendor *vendor, struct vendor_call *call)
{
	for (size_t i = 0; i < VENDOR_RECORDS && !call->writes && call->n > 1; i++)
		vendor->record[i].ttl_s = 1800;
}

static void published__not_to_the_letter__is_told(void **state)
{
	static const struct {
		void (*hook)(struct vendor *vendor, struct vendor_call *call);
		const char *want, *words, *held;
	} cases[] = {
		{ round_first, WANT, "published, but DigitalOcean holds a TTL of 30m, not 1h",
			"1800 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com" },
		{ round_all, WANT, "published, but DigitalOcean holds a TTL of 30m, not 1h",
			"1800 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com" },
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct push *push;

		lab_forget(lab);
		lab_plan(lab, BASE, cases[i].want);
		lab->vendor.hook = cases[i].hook;
		push = lab_push(lab, NULL);
		lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
		assert_string_equal(lab_text(&push->err.what), cases[i].words);
		assert_false(push->unfinished);
		lab_expect_held(lab, cases[i].held);
	}
	/* the same record twice: one of them goes */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = add_again;
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "3600 20 mx2.exempel.com 10 mx3.exempel.com 10 mx4.exempel.com");
}

static void higher_ttl(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes && call->n > 1)
		vendor->record[2].ttl_s = 7200;
}

static void published__with_two_ttls__is_told(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = higher_ttl;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
	assert_string_equal(lab_text(&push->err.what), "published, but DigitalOcean keeps records of exempel.com with different TTLs");
	assert_int_equal(push->held.ttl_s, 3600);
}

/* Caches hold the record with the longest TTL for longest, whichever of the old ones it was. */
static void drain__is_of__the_highest_ttl_that_was_held(void **state)
{
	struct lab *lab = *state;

	for (size_t high = 0; high < 3; high++) {
		const struct push *push;

		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		if (high < 2)
			lab->vendor.record[high].ttl_s = 7200;
		push = lab_push(lab, NULL);
		assert_int_equal(push->state, PUSH_PUBLISHED);
		assert_true(push->drain.known);
		assert_int_equal(push->drain.hold_s, high < 2 ? 7200 : 3600);
	}
}

/* A change in place that keeps another client from emptying the set is refused: then without it, which is told. */
static void guard__that_is_refused__is_left_out_and_told(void **state)
{
	static const struct lab_fault refused = { 1, .lost = true, .http = 422, .text = "{\"message\":\"no\"}" };
	struct lab *lab = *state;
	const struct push *push;
	struct msg msg;

	lab_plan(lab, BASE, "3600 20 mx2.exempel.com");
	push = lab_push_spoilt(lab, &refused);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_string_equal(lab->vendor.log, FIRST "PUT " PATH "/1\n" READ "DELETE " PATH "/1\n" READ);
	assert_true(push->unguarded);
	assert_true(push_unguarded_msg(push, &msg));
	assert_string_equal(lab_text(&msg),
		"Whether somebody else changed the set in the moment of this write cannot be told: the provider gives no mark that shows it. "
		"That change would be lost.");
	lab_expect_held(lab, "3600 20 mx2.exempel.com");
	/* the removal itself refused is no guard: nothing is written around it */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	push = lab_push_spoilt(lab, &(struct lab_fault){ 3, .lost = true, .http = 422, .text = "{\"message\":\"no\"}" });
	lab_expect(push, PUSH_PARTIAL, ERR_INTERRUPTED);
	assert_int_equal(lab->vendor.writes, 3);
	assert_false(push_unguarded_msg(push, &msg));
}

static void stop_first(struct vendor *vendor, struct vendor_call *call)
{
	struct lab *lab = vendor->data;

	if (call->writes && call->n == 1)
		push_stop(lab->run);
}

/* What is being written is read back, and told; nothing more goes. */
static void stop__between_the_parts__leaves_no_more_to_be_written(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, "3600 20 mx2.exempel.com 10 mx3.exempel.com");
	lab->vendor.hook = stop_first;
	lab->vendor.data = lab;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PARTIAL, ERR_INTERRUPTED);
	assert_string_equal(lab_text(&push->err.context[0]), "stopped on request");
	assert_int_equal(push->written, 1);
	assert_true(push->unfinished);
	assert_string_equal(lab->vendor.log, FIRST "POST " PATH "\n" READ);
	lab_expect_held(lab, "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com");
	/* where that was all, it is published */
	lab_forget(lab);
	lab_plan(lab, BASE, "3600 10 mx1.exempel.com 20 mx2.exempel.com 10 mx3.exempel.com");
	lab->vendor.hook = stop_first;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(lab->vendor.writes, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(push__adds_looks_and_removes__one_by_one),
		TEST(push__of_several_removals__looks_after_each),
		TEST(write__that_goes_wrong__is_told_by_what_is_held),
		TEST(records__replaced_by_others_that_say_the_same__are_no_other_set),
		TEST(ttl__changed_without_an_answer__goes_on),
		TEST(repeat__that_stays__is_told),
		TEST(published__not_to_the_letter__is_told),
		TEST(published__with_two_ttls__is_told),
		TEST(drain__is_of__the_highest_ttl_that_was_held),
		TEST(guard__that_is_refused__is_left_out_and_told),
		TEST(stop__between_the_parts__leaves_no_more_to_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
