/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a write that goes wrong, at a vendor that keeps a set at once: told by what is read back, never guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

#define BASE LAB_BASE
#define WANT "3600 10 mx2.exempel.com"

static int setup(void **state)
{
	return lab_setup(state, "powerdns", "settle = 0\n");
}

struct row {
	const char *name;
	struct lab_fault fault;
	enum push_state state;
	enum err_code code;
	unsigned written, requests; /* writes that the vendor saw */
	bool unfinished;
	const char *held, *words;
	enum push_fate fate; /* of the first step that wrote */
	int step;            /* its state */
};

static const struct push_step *first_write(const struct push *push)
{
	size_t i = 0;

	while (i < push->n_step && !push->step[i].writes)
		i++;
	assert_true(i < push->n_step);
	return &push->step[i];
}

static const struct row rows[] = {
	{ "a clear yes", { 0 }, PUSH_PUBLISHED, ERR_NONE, 1, 1, false, WANT, "", FATE_TAKEN, PUSHED_OK },
	{ "a clear no", { 1, .lost = true, .http = 422, .text = "{\"error\":\"never\"}" }, PUSH_FAILED, ERR_REFUSED, 0, 1, false, BASE,
		"PowerDNS Authoritative Server (account lab) refused: never", FATE_NONE, PUSHED_BAD },
	{ "400", { 1, .lost = true, .http = 400 }, PUSH_FAILED, ERR_REFUSED, 0, 1, false, BASE, NULL, FATE_NONE, PUSHED_BAD },
	{ "499", { 1, .lost = true, .http = 499 }, PUSH_FAILED, ERR_REFUSED, 0, 1, false, BASE, NULL, FATE_NONE, PUSHED_BAD },
	{ "501", { 1, 9, .lost = true, .http = 501 }, PUSH_FAILED, ERR_NETWORK, 0, 3, false, BASE, NULL, FATE_FAILED, PUSHED_BAD },
	{ "the key is refused", { 1, .lost = true, .http = 401 }, PUSH_FAILED, ERR_AUTH, 0, 1, false, BASE, NULL, FATE_NONE, PUSHED_BAD },
	/* the server failed, and did nothing: a whole set can be asked for again */
	{ "500 once", { 1, .lost = true, .http = 500 }, PUSH_PUBLISHED, ERR_NONE, 2, 2, false, WANT, "", FATE_FAILED, PUSHED_BAD },
	{ "500 twice", { 1, 2, .lost = true, .http = 500 }, PUSH_PUBLISHED, ERR_NONE, 3, 3, false, WANT, "", FATE_FAILED, PUSHED_BAD },
	{ "500 each time", { 1, 9, .lost = true, .http = 500 }, PUSH_FAILED, ERR_NETWORK, 0, 3, false, BASE, NULL, FATE_FAILED,
		PUSHED_BAD },
	{ "500, but done", { 1, .http = 500 }, PUSH_PUBLISHED, ERR_NONE, 1, 1, false, WANT, "", FATE_FAILED, PUSHED_BAD },
	/* a gateway's word is no answer */
	{ "502, done", { 1, .http = 502 }, PUSH_PUBLISHED, ERR_NONE, 1, 1, false, WANT, "", FATE_OPEN, PUSHED_SENT },
	{ "408 once", { 1, .lost = true, .http = 408 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, true, BASE,
		"whether the change has taken effect is not known", FATE_OPEN, PUSHED_SENT },
	{ "504 each time", { 1, 9, .lost = true, .http = 504 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, true, BASE,
		"whether the change has taken effect is not known", FATE_OPEN, PUSHED_SENT },
	{ "520 each time", { 1, 9, .lost = true, .http = 520 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, true, BASE, NULL, FATE_OPEN,
		PUSHED_SENT },
	{ "524 each time", { 1, 9, .lost = true, .http = 524 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, true, BASE, NULL, FATE_OPEN,
		PUSHED_SENT },
	{ "503 each time", { 1, 9, .lost = true, .http = 503 }, PUSH_FAILED, ERR_INTERRUPTED, 0, 1, true, BASE, NULL, FATE_FAILED,
		PUSHED_BAD },
	{ "no answer, done", { 1, .drop = true }, PUSH_PUBLISHED, ERR_NONE, 1, 1, false, WANT, "", FATE_OPEN, PUSHED_SENT },
	{ "no answer once", { 1, .drop = true, .lost = true }, PUSH_PUBLISHED, ERR_NONE, 2, 2, false, WANT, "", FATE_OPEN, PUSHED_SENT },
	{ "no answer at all", { 1, 9, .drop = true, .lost = true }, PUSH_UNKNOWN, ERR_INTERRUPTED, 3, 3, true, BASE,
		"whether the change has taken effect is not known", FATE_OPEN, PUSHED_SENT },
	/* a yes without effect, or not the documented one */
	{ "204 without effect", { 1, .lost = true }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, true, BASE,
		"whether the change has taken effect is not known", FATE_TAKEN, PUSHED_OK },
	{ "200 of something else, done", { 1, .http = 200, .text = "<html>" }, PUSH_PUBLISHED, ERR_NONE, 1, 1, false, WANT, "", FATE_TAKEN,
		PUSHED_SENT },
	{ "200 of something else", { 1, .lost = true, .http = 200, .text = "<html>" }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, true, BASE,
		NULL, FATE_TAKEN, PUSHED_SENT },
	/* reads that lag */
	{ "reads lag for longer than it may", { 1, .stale = 99 }, PUSH_UNKNOWN, ERR_INTERRUPTED, 1, 1, true, WANT,
		"whether the change has taken effect is not known", FATE_TAKEN, PUSHED_OK },
	/* somebody else */
	{ "another's set at the same moment", { 1, .other = "3600 10 mx3.exempel.com" }, PUSH_CONFLICT, ERR_CONFLICT, 1, 1, true,
		"3600 10 mx3.exempel.com",
		"the MX set of exempel.com is not as this push left it: somebody else changed it since this push began, or the provider does not show what it holds",
		FATE_TAKEN, PUSHED_OK },
	{ "another's set between the old and the new", { 1, .other = "3600 10 mx1.exempel.com 10 mx2.exempel.com" }, PUSH_CONFLICT,
		ERR_CONFLICT, 1, 1, true, "3600 10 mx1.exempel.com 10 mx2.exempel.com", NULL, FATE_TAKEN, PUSHED_OK },
};

static void write__that_goes_wrong__is_told_by_what_is_held(void **state)
{
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const struct push *push;
		const struct push_step *step;

		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		push = lab_push_spoilt(lab, &row->fault);
		if (push->state != row->state)
			print_message("# %s\n", row->name);
		lab_expect(push, row->state, row->code);
		assert_int_equal(push->written, row->written);
		assert_int_equal(!push->written_at, !row->written && row->fate == FATE_NONE);
		assert_int_equal(lab->vendor.writes, row->requests);
		assert_int_equal(push->unfinished, row->unfinished);
		lab_expect_held(lab, row->held);
		if (row->words)
			assert_string_equal(lab_text(&push->err.what), row->words);
		step = first_write(push);
		assert_int_equal(step->fate, row->fate);
		assert_int_equal(step->state, row->step);
		assert_int_equal(push->provider_verified, row->state == PUSH_PUBLISHED);
		assert_int_equal(push->published_at != 0, row->state == PUSH_PUBLISHED);
	}
}

/* ---- settle ---- */

/* Reads at once, then after 250 ms, 500 ms and so on, the last one at the end of the time that the provider may need. */
static void read_back__waits__as_long_as_the_provider_may_lag(void **state)
{
	static const struct {
		const char *settle;
		unsigned stale, reads;
		enum push_state state;
		unsigned least_ms, most_ms;
	} cases[] = {
		{ "settle = 0\n", 1, 2, PUSH_UNKNOWN, 0, 5000 }, { "settle = 1\n", 2, 4, PUSH_PUBLISHED, 650, 6000 },
		{ "settle = 1\n", 99, 5, PUSH_UNKNOWN, 900, 6000 },
		{ "", 3, 5, PUSH_PUBLISHED, 1600, 9000 }, /* the vendor's own two seconds */
	};
	struct lab *lab = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lab_fault fault = { 1, .stale = cases[i].stale };
		const struct push *push;
		uint64_t begun;

		lab_reopen(lab, "powerdns", cases[i].settle);
		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		begun = loop_ms();
		push = lab_push_spoilt(lab, &fault);
		begun = loop_ms() - begun;
		assert_int_equal(push->state, cases[i].state);
		assert_int_equal(lab->vendor.reads, cases[i].reads);
		assert_true(begun >= cases[i].least_ms && begun <= cases[i].most_ms);
		assert_int_equal(lab->vendor.writes, 1);
	}
}

static void provider__that_keeps_something_else__is_told(void **state)
{
	struct lab *lab = *state;
	struct lab_fault fault = { 1, .other = "300 10 mx2.exempel.com" };
	const struct push *push;

	lab_plan(lab, BASE, "60 10 mx2.exempel.com");
	push = lab_push_spoilt(lab, &fault);
	lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
	assert_string_equal(lab_text(&push->err.what), "published, but PowerDNS Authoritative Server holds a TTL of 5m, not 1m");
	assert_true(push->provider_verified);
	assert_int_equal(push->held.ttl_s, 300);
	assert_int_equal(push_exit_status(push), 1);
	/* a record that is there twice */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	fault = (struct lab_fault){ 1, .other = "3600 10 mx2.exempel.com 10 mx2.exempel.com" };
	push = lab_push_spoilt(lab, &fault);
	lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
	assert_string_equal(
		lab_text(&push->err.what), "published, but PowerDNS Authoritative Server keeps a record of exempel.com more than once");
	/* the old TTL may still change */
	lab_forget(lab);
	lab_plan(lab, BASE, "60 10 mx2.exempel.com");
	fault = (struct lab_fault){ 1, .other = "3600 10 mx2.exempel.com" };
	lab_expect(lab_push_spoilt(lab, &fault), PUSH_PUBLISHED, ERR_FALSE);
	/* of the TTL alone nothing is seen to have changed */
	lab_forget(lab);
	lab_plan(lab, BASE, "60 10 mx1.exempel.com");
	fault = (struct lab_fault){ 1, .lost = true };
	push = lab_push_spoilt(lab, &fault);
	lab_expect(push, PUSH_UNKNOWN, ERR_INTERRUPTED);
}

static void one_more_write(struct vendor *vendor, struct vendor_call *call)
{
	vendor->serial += call->writes;
}

static void push__beside_another_write__is_a_conflict(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = one_more_write;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 1);
	assert_true(push->unfinished);
	lab_expect_held(lab, WANT);
	assert_string_equal(
		lab_text(&push->err.what), "the new set of exempel.com is held, but somebody else wrote to the zone since this push began");
	assert_string_equal(lab_text(&push->err.hint),
		"If that was the MX set, the other change is lost: ask who else works on it, then mxladder resume.");
	/* a server that tells no number of writes: nobody knows */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.soa_edit_api = "EPOCH";
	lab->vendor.hook = one_more_write;
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	assert_true(push_look(lab->run)->unguarded);
}

/* The first write is lost without an answer; the second comes after another's, whose set it takes the place of. */
static void lost_then_beside_another(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes)
		return;
	call->lost = call->drop = call->n == 1;
	if (call->n == 2)
		vendor->serial++;
}

static void lost_once(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->lost = call->drop = call->writes && call->n == 1;
}

/* A request without an answer may be one of the zone's writes: then another's may hide behind it, and that is told. */
static void push__with_an_open_request__tells_that_it_cannot_count(void **state)
{
	struct lab *lab = *state;
	const struct push *push;
	struct msg msg;

	for (int other = 0; other < 2; other++) {
		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		lab->vendor.soa_edit_api = "INCREASE";
		lab->vendor.hook = other ? lost_then_beside_another : lost_once;
		push = lab_push(lab, NULL);
		lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
		assert_int_equal(push->written, 2);
		assert_int_equal(push->uncounted, other);
		assert_int_equal(push_unguarded_msg(push, &msg), other);
		if (other)
			assert_non_null(strstr(lab_text(&msg), "a request without a clear answer may be one of these writes, or none"));
	}
}

static void lost_under_another_ttl(struct vendor *vendor, struct vendor_call *call)
{
	if (!call->writes)
		return;
	vendor_hold(vendor, "60 10 mx1.exempel.com");
	vendor->serial++;
	call->lost = call->drop = true;
}

/* The old records with a TTL that is neither the old nor the new one are another's doing: nothing is written over them, by a resume
 * neither. */
static void push__that_finds_anothers_ttl__is_a_conflict(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	/* also where the TTL is all that the plan changes: the provider has not rounded what it did not take */
	lab_plan(lab, "3600 10 mx1.exempel.com", "300 10 mx1.exempel.com");
	lab->vendor.hook = lost_under_another_ttl;
	lab_expect(lab_push(lab, NULL), PUSH_CONFLICT, ERR_CONFLICT);
	lab_expect_held(lab, "60 10 mx1.exempel.com");
	lab_forget(lab);
	lab_plan(lab, "3600 10 mx1.exempel.com", "3600 10 mx2.exempel.com");
	lab->vendor.hook = lost_under_another_ttl;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_true(push->unfinished);
	lab->vendor.hook = NULL;
	lab_resume(lab, &(struct push_options){ 0 });
	lab_expect(push_look(lab->run), PUSH_CONFLICT, ERR_CONFLICT);
	lab_expect_held(lab, "60 10 mx1.exempel.com");
	assert_int_equal(lab->vendor.writes, 1);
}

/* Writes of an earlier run are no part of what lies between this run's reads. */
static void resume__counts__its_own_writes_alone(void **state)
{
	struct lab *lab = *state;
	struct lab_fault fault = { 1, .lost = true };

	for (int other = 0; other < 2; other++) {
		lab_forget(lab);
		lab->vendor.soa_edit_api = "INCREASE";
		lab_plan(lab, BASE, WANT);
		lab_expect(lab_push_spoilt(lab, &fault), PUSH_UNKNOWN, ERR_INTERRUPTED);
		lab->vendor.hook = other ? one_more_write : NULL;
		lab_resume(lab, &(struct push_options){ 0 });
		lab_expect(push_look(lab->run), other ? PUSH_CONFLICT : PUSH_PUBLISHED, other ? ERR_CONFLICT : ERR_NONE);
		assert_false(push_look(lab->run)->unguarded);
		assert_int_equal(push_look(lab->run)->written, 2);
	}
}

/* Who overrides a gate has not seen what another has published since: that is no gate. */
static void override__does_not_reach__anothers_change(void **state)
{
	static const struct push_override why[] = { { "target-ip", "a test" }, { "undeliverable", "a test" } };
	static const struct push_options over = { .no_watch = true, .n_override = 2, .override = why };
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, "3600 10 192.0.2.1");
	vendor_hold(&lab->vendor, "3600 30 mx3.exempel.com");
	push = lab_push(lab, &over);
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 0);
	assert_int_equal(lab->vendor.writes, 0);
	assert_false(push->unfinished);
	assert_string_equal(lab_text(&push->err.what), "the MX set of exempel.com is not what the plan was made from");
	lab_expect_held(lab, "3600 30 mx3.exempel.com");
	/* a plan from theirs is blocked again, until it is overridden for itself */
	lab_plan(lab, "3600 30 mx3.exempel.com", "3600 10 192.0.2.1");
	lab_expect(lab_push(lab, NULL), PUSH_FAILED, ERR_BLOCKED);
	assert_int_equal(lab->vendor.writes, 0);
	lab_expect(lab_push(lab, &over), PUSH_PUBLISHED, ERR_NONE);
	lab_expect_held(lab, "3600 10 192.0.2.1");
}

/* ---- stopping ---- */

static void stop_in_read_back(struct lab *lab)
{
	if (push_look(lab->run)->phase == PHASE_READING_BACK && !push_look(lab->run)->done)
		push_stop(lab->run);
}

static void later(void *data)
{
	struct lab *lab = data;

	push_stop(lab->run);
}

static void stop_while_it_settles(struct lab *lab)
{
	if (!push_look(lab->run)->wait.id)
		return;
	lab->moved = NULL;
	loop_after(lab->app.loop, 0, later, lab);
}

static void see_sent(struct lab *lab)
{
	const struct push *push = push_look(lab->run);
	unsigned *seen = lab->vendor.data;

	*seen += push->n_step && push->step[push->n_step - 1].state == PUSHED_SENT;
}

static void request__on_its_way__is_told(void **state)
{
	struct lab *lab = *state;
	unsigned seen = 0;

	lab_plan(lab, BASE, WANT);
	lab->vendor.data = &seen;
	lab->moved = see_sent;
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	assert_true(seen > 0);
}

static void push__stopped_while_it_settles__is_unknown(void **state)
{
	struct lab *lab = *state;
	struct lab_fault fault = { 1, .stale = 99 };
	const struct push *push;
	uint64_t begun = loop_ms();

	lab_reopen(lab, "powerdns", "settle = 9\n");
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = lab_spoil;
	lab->vendor.data = &fault;
	lab->moved = stop_while_it_settles;
	push = lab_start(lab, NULL);
	push_wait(&lab->app, lab->run);
	lab_expect(push, PUSH_UNKNOWN, ERR_INTERRUPTED);
	assert_true(push->unfinished);
	assert_int_equal(push->written, 1);
	assert_string_equal(lab_text(&push->err.what), "whether the change has taken effect is not known");
	assert_string_equal(lab_text(&push->err.context[0]), "stopped on request");
	assert_true(loop_ms() - begun < 5000);
	/* while a read is under way: it is waited for, and no other follows */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = lab_spoil;
	lab->moved = stop_in_read_back;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_UNKNOWN, ERR_INTERRUPTED);
	assert_int_equal(lab->vendor.reads, 2);
}

static void stop_in_write(struct lab *lab)
{
	if (push_look(lab->run)->n_step && push_look(lab->run)->step[0].state == PUSHED_SENT)
		push_stop(lab->run);
}

static void stop_before_the_request(struct lab *lab)
{
	if (push_look(lab->run)->phase == PHASE_WRITING)
		push_stop(lab->run);
}

/* It is in the journal, and has not left. */
static void stop_with_the_journal(struct lab *lab)
{
	const struct push *push = push_look(lab->run);

	if (push->n_step && push->step[0].state == PUSHED_WAITING)
		push_stop(lab->run);
}

static void push__stopped_with_its_journal__has_sent_nothing(void **state)
{
	struct lab *lab = *state;
	const struct past_push *past;
	struct history history = { 0 };
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->moved = stop_with_the_journal;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_int_equal(push->n_step, 1);
	assert_int_equal(push->step[0].state, PUSHED_SKIPPED);
	assert_int_equal(push->written, 0);
	assert_false(push->unfinished);
	assert_int_equal(lab->vendor.writes, 0);
	assert_true(history_read(&lab->app, &lab->plan.domain, &history, NULL));
	past = history_find(&history, push->id);
	assert_string_equal(past->state, "failed");
	assert_int_equal(past->written, 0);
	assert_false(past->unfinished);
	history_release(&history);
}

static void stop_in_read(struct vendor *vendor, struct vendor_call *call)
{
	struct lab *lab = vendor->data;

	if (call->n == 1 && !call->writes)
		push_stop(lab->run);
}

static void push__stopped__writes_no_more(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	/* what is sent is read back: it is held */
	lab_plan(lab, BASE, WANT);
	lab->moved = stop_in_write;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(lab->vendor.writes, 1);
	lab->moved = NULL;
	/* before anything is sent */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->moved = stop_before_the_request;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_string_equal(lab_text(&push->err.what), "stopped on request");
	assert_int_equal(lab->vendor.writes, 0);
	assert_int_equal(push->n_step, 0);
	assert_false(push->unfinished);
	lab->moved = NULL;
	/* while the set is read */
	lab_forget(lab);
	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = stop_in_read;
	lab->vendor.data = lab;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_int_equal(lab->vendor.writes, 0);
	/* when it is over */
	push_stop(lab->run);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
}

static void no_read_after_the_write(struct vendor *vendor, struct vendor_call *call)
{
	if (call->writes || !vendor->writes)
		return;
	call->http = 401;
	call->text = "{}";
}

/* What was written cannot be read back: whether it holds is not known. */
static void read_back__that_is_refused__leaves_it_unknown(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->vendor.hook = no_read_after_the_write;
	push = lab_push(lab, NULL);
	lab_expect(push, PUSH_UNKNOWN, ERR_INTERRUPTED);
	assert_true(push->unfinished);
	assert_false(push->held_known);
	assert_int_equal(push->written, 1);
	assert_string_equal(lab_text(&push->err.what), "whether the change has taken effect is not known");
	assert_string_equal(
		lab_text(&push->err.context[0]), "PowerDNS Authoritative Server refused the credentials of account lab (HTTP 401)");
}

/* Zone files that were named are no server's answer: nobody is asked, and that is said. */
static void watch__of_zone_files__asks_no_server(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	push = lab_push(lab, &(struct push_options){ .watch_s = 1 });
	lab_expect(push, PUSH_PUBLISHED, ERR_FALSE);
	assert_int_equal(push->served.n, 1);
	assert_int_equal(push->served.row[0].state, SERVER_NOT_ASKED);
	assert_false(push->served.everywhere);
	assert_int_equal(push->safe_at, 0);
	lab_expect_held(lab, WANT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write__that_goes_wrong__is_told_by_what_is_held),
		TEST(read_back__waits__as_long_as_the_provider_may_lag),
		TEST(provider__that_keeps_something_else__is_told),
		TEST(push__beside_another_write__is_a_conflict),
		TEST(push__with_an_open_request__tells_that_it_cannot_count),
		TEST(push__that_finds_anothers_ttl__is_a_conflict),
		TEST(override__does_not_reach__anothers_change),
		TEST(resume__counts__its_own_writes_alone),
		TEST(request__on_its_way__is_told),
		TEST(push__stopped_while_it_settles__is_unknown),
		TEST(push__stopped__writes_no_more),
		TEST(push__stopped_with_its_journal__has_sent_nothing),
		TEST(read_back__that_is_refused__leaves_it_unknown),
		TEST(watch__of_zone_files__asks_no_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
