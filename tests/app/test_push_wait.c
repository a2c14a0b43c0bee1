/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a push says while it waits for its provider, and that it can be stopped there and gone on with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "app/account.h"
#include "lab.h"

#define BASE "3600 10 mx1.exempel.com 20 mx2.exempel.com"
#define WANT "3600 20 mx2.exempel.com 10 mx3.exempel.com"

static const struct push_options plain = { .no_watch = true };

/* Every wait that was said, up to its time; "-" where it was over. */
struct waits {
	char said[1000];
	unsigned stops; /* the push, at so many of them */
	uint64_t stopped_ms;
	int64_t stale_at; /* when the first write was kept, but not shown */
};
static struct waits *waits_of(struct lab *lab)
{
	return lab->vendor.data;
}

static int setup(void **state)
{
	struct lab *lab = calloc(1, sizeof(*lab));

	lab_open(lab, "digitalocean", "settle = 2\n");
	lab->vendor.data = calloc(1, sizeof(struct waits));
	*state = lab;
	return 0;
}

static int teardown(void **state)
{
	struct lab *lab = *state;

	free(lab->vendor.data);
	lab_close(lab);
	free(lab);
	return 0;
}

static void note(struct lab *lab)
{
	const struct push *push = push_look(lab->run);
	struct waits *waits = waits_of(lab);
	size_t len = strlen(waits->said);
	const char *text = lab_text(&push->wait), *time = strstr(text, " 20");

	if (!push->wait.id) {
		if (len && waits->said[len - 1] != '-')
			snprintf(waits->said + len, sizeof(waits->said) - len, "-");
		return;
	}
	assert_non_null(time);
	assert_in_range(push->wait_until, loop_now(), loop_now() + 60);
	if (!len || waits->said[len - 1] == '-')
		snprintf(waits->said + len, sizeof(waits->said) - len, "%.*s", (int)(time - text), text);
	if (waits->stops) {
		waits->stops--;
		waits->stopped_ms = loop_ms();
		push_stop(lab->run);
	}
}

static void throttle_once(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (!call->writes || call->n != 1)
		return;
	call->lost = true;
	call->http = 429;
	call->header = "Retry-After: 1\r\n";
	call->text = "{}";
}

static void throttle_long(struct vendor *vendor, struct vendor_call *call)
{
	throttle_once(vendor, call);
	if (call->http)
		call->header = "Retry-After: 9\r\n";
}

static void throttle_second(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	if (!call->writes || call->n != 2)
		return;
	call->lost = true;
	call->http = 429;
	call->header = "Retry-After: 9\r\n";
	call->text = "{}";
}

#define PUT_OFF "DigitalOcean lets account lab ask no more before"

static void wait__is_said__until_it_is_over(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, BASE, WANT);
	lab->moved = note;
	lab->vendor.hook = throttle_once;
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	assert_string_equal(waits_of(lab)->said, PUT_OFF "-");
	assert_null(push_look(lab->run)->wait.id);
}

/* Nothing was written: it stays as it is, and says so; a resume goes on. */
static void wait__stopped_before_anything_is_written__can_be_gone_on_with(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->moved = note;
	waits_of(lab)->stops = 1;
	lab->vendor.hook = throttle_long;
	push = lab_push(lab, NULL);
	assert_true(loop_ms() - waits_of(lab)->stopped_ms < 6000);
	lab_expect(push, PUSH_FAILED, ERR_INTERRUPTED);
	assert_int_equal(push->written, 0);
	assert_true(push->unfinished);
	assert_null(push->wait.id);
	lab_expect_held(lab, BASE);
	lab->vendor.hook = NULL;
	lab_reopen(lab, "digitalocean", "settle = 2\n"); /* another run has no account that is put off */
	lab_resume(lab, &plain);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
}

/* The read that looks what is there is put off, too: it is stopped likewise. */
static void wait__stopped_part_way__is_unfinished_and_can_be_gone_on_with(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_plan(lab, BASE, WANT);
	lab->moved = note;
	waits_of(lab)->stops = 2;
	lab->vendor.hook = throttle_second;
	push = lab_push(lab, NULL);
	assert_int_equal(waits_of(lab)->stops, 0);
	assert_true(loop_ms() - waits_of(lab)->stopped_ms < 6000);
	assert_true(push->unfinished);
	assert_int_equal(push->err.code, ERR_INTERRUPTED);
	assert_int_equal(push->written, 1);
	lab->vendor.hook = NULL;
	lab_reopen(lab, "digitalocean", "settle = 2\n");
	lab_resume(lab, &plain);
	lab_expect(push_look(lab->run), PUSH_PUBLISHED, ERR_NONE);
}

static void stale_once(struct vendor *vendor, struct vendor_call *call)
{
	struct waits *waits = vendor->data;

	if (!call->writes || call->n != 1)
		return;
	call->stale = 1;
	waits->stale_at = loop_now();
}

/* The vendor has two seconds, and never is less told. */
static void note_whole(struct lab *lab)
{
	if (push_look(lab->run)->wait.id && !waits_of(lab)->said[0])
		assert_true(push_look(lab->run)->wait_until >= waits_of(lab)->stale_at + 2);
	note(lab);
}

static void lag__is_said__as_a_wait(void **state)
{
	struct lab *lab = *state;

	lab_plan(lab, BASE, WANT);
	lab->moved = note_whole;
	lab->vendor.hook = stale_once;
	lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
	assert_string_equal(waits_of(lab)->said, "DigitalOcean may still show what was there before: it is read again until-");
}

/* ---- a write that had to wait: what it was compared with may be another's by now ---- */

struct waits_for_turn {
	struct waits waits; /* as waits_of() wants it */
	unsigned n;         /* the write that waits */
	const char *meanwhile;
};

static void wait_for_turn(struct lab *lab)
{
	struct waits_for_turn *turn = lab->vendor.data;
	const struct push *push = push_look(lab->run);
	const struct push_step *step = push->n_step ? &push->step[push->n_step - 1] : NULL;
	const struct timespec long_enough = { 1, 520000000 };

	if (!step || step->state != PUSHED_WAITING || push->n_step != turn->n)
		return;
	turn->n = 0;
	nanosleep(&long_enough, NULL);
	if (turn->meanwhile)
		vendor_hold(&lab->vendor, turn->meanwhile);
}

static const struct push *push_that_waits(struct lab *lab, unsigned n, const char *meanwhile)
{
	free(lab->vendor.data);
	lab->vendor.data = calloc(1, sizeof(struct waits_for_turn));
	*(struct waits_for_turn *)lab->vendor.data = (struct waits_for_turn){ .n = n, .meanwhile = meanwhile };
	lab_plan(lab, BASE, WANT);
	lab->moved = wait_for_turn;
	return lab_push(lab, NULL);
}

static void write__that_had_to_wait__never_goes_over_what_another_wrote_meanwhile(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	lab_reopen(lab, "powerdns", "");
	push = push_that_waits(lab, 1, "3600 10 mx1.exempel.com 20 mx2.exempel.com 30 another.exempel.com");
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 0);
	assert_int_equal(lab->vendor.writes, 0);
	assert_int_equal(lab->vendor.reads, 2);
	assert_int_equal(push->n_step, 1);
	assert_int_equal(push->step[0].state, PUSHED_SKIPPED);
	lab_expect_held(lab, "3600 10 mx1.exempel.com 20 mx2.exempel.com 30 another.exempel.com");
}

/* A vendor that said "not now", and then showed another's set, has been written nothing: there is nothing to go on with. */
static void write__put_off__that_then_finds_anothers_set_is_no_unfinished_push(void **state)
{
	struct lab *lab = *state;
	const struct push *push;

	free(lab->vendor.data);
	lab_plan(lab, BASE, WANT);
	push = lab_push_spoilt(
		lab, &(struct lab_fault){
			     .at = 1, .http = 429, .header = "Retry-After: 2\r\n", .text = "{}", .other = "3600 10 another.exempel.com" });
	lab->vendor.data = NULL;
	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 0);
	assert_false(push->unfinished);
	lab_expect_held(lab, "3600 10 another.exempel.com");
}

/* The others have left this one record alone. */
static void removal__that_had_to_wait__does_not_take_what_is_left(void **state)
{
	struct lab *lab = *state;
	const struct push *push = push_that_waits(lab, 2, "3600 10 mx1.exempel.com");

	lab_expect(push, PUSH_CONFLICT, ERR_CONFLICT);
	assert_int_equal(push->written, 1);
	assert_true(push->unfinished);
	assert_int_equal(lab->vendor.writes, 1);
	lab_expect_held(lab, "3600 10 mx1.exempel.com");
}

static void write__that_had_to_wait__goes_on_where_nobody_wrote(void **state)
{
	struct lab *lab = *state;
	const struct push *push = push_that_waits(lab, 2, NULL);

	lab_expect(push, PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(push->n_step, 3);
	assert_int_equal(push->step[1].state, PUSHED_SKIPPED);
	assert_int_equal(push->step[2].state, PUSHED_OK);
	assert_int_equal(push->written, 2);
	assert_int_equal(lab->vendor.writes, 2);
	lab_expect_held(lab, WANT);
}

/* ---- another push of this process in the same zone ---- */

struct neighbour {
	struct lab *lab;
	struct account *account;
	struct zone_turn turn;
	unsigned reads; /* of the lab's push, until the neighbour leaves */
	unsigned said;
	bool stops;
};

static void leaves(void *data)
{
	struct neighbour *neighbour = data;

	neighbour->reads = neighbour->lab->vendor.reads;
	account_leave_zone(neighbour->account, &neighbour->turn);
	account_leave_zone(neighbour->account, &neighbour->turn); /* nothing more */
}

/* It would be taken for a stranger's, where writes to the zone are counted. */
static void push__beside_another_in_its_zone__waits_until_that_is_read_back(void **state)
{
	static const struct {
		const char *provider, *zone;
		bool waits;
	} rows[] = { { "powerdns", "EXEMPEL.com", true }, { "powerdns", "exempel.net", false }, { "digitalocean", "exempel.com", false } };
	struct lab *lab = *state;
	struct dname zone;

	for (size_t i = 0; i < 3; i++) {
		struct provider_account account = { .provider = provider_find(rows[i].provider), .name = "lab" };
		struct neighbour neighbour = { .lab = lab, .turn = { .zone = &zone } };
		struct zone_turn third = { .zone = &zone };

		lab_forget(lab);
		lab_reopen(lab, rows[i].provider, "");
		assert_true(dname_parse(&zone, rows[i].zone, NULL));
		neighbour.account = account_of(&lab->app, &account);
		assert_true(account_take_zone(neighbour.account, &neighbour.turn));
		assert_false(account_take_zone(neighbour.account, &third));
		lab_plan(lab, BASE, WANT);
		loop_after(lab->app.loop, 400, leaves, &neighbour);
		lab_expect(lab_push(lab, NULL), PUSH_PUBLISHED, ERR_NONE);
		assert_int_equal(neighbour.reads, 0);
		assert_int_equal(neighbour.turn.has, !rows[i].waits);
		account_leave_zone(neighbour.account, &neighbour.turn);
		assert_true(account_take_zone(neighbour.account, &third));
	}
}

/* The first wait that is said is all that is looked for; then the push is stopped, or the neighbour leaves. */
static void leave_or_stop(struct lab *lab)
{
	struct neighbour *neighbour = lab->vendor.data;
	const struct push *push = push_look(lab->run);

	if (!push->wait.id || push->done || neighbour->said++)
		return;
	assert_string_equal(lab_text(&push->wait), "another push of this program is at work in the zone exempel.com, and is waited for");
	assert_int_equal(push->wait_until, 0);
	assert_int_equal(push->phase, PHASE_READING);
	if (neighbour->stops)
		push_stop(lab->run);
	else
		leaves(neighbour);
}

static void wait_for_another__is_said__and_can_be_stopped_with_nothing_written(void **state)
{
	struct lab *lab = *state;
	struct provider_account account = { .provider = provider_find("powerdns"), .name = "lab" };

	free(lab->vendor.data);
	lab_reopen(lab, "powerdns", "settle = 0\n");
	for (int stops = 1; stops >= 0; stops--) {
		struct neighbour neighbour = { .lab = lab, .account = account_of(&lab->app, &account), .stops = stops };
		const struct push *push;

		lab_forget(lab);
		lab_plan(lab, BASE, WANT);
		neighbour.turn.zone = &lab->plan.zone;
		assert_true(account_take_zone(neighbour.account, &neighbour.turn));
		lab->vendor.data = &neighbour;
		lab->moved = leave_or_stop;
		push = lab_push(lab, NULL);
		lab_expect(push, stops ? PUSH_FAILED : PUSH_PUBLISHED, stops ? ERR_INTERRUPTED : ERR_NONE);
		assert_true(neighbour.said > 0);
		assert_null(push->wait.id);
		assert_false(push->unfinished);
		assert_int_equal(lab->vendor.writes, !stops);
		assert_int_equal(neighbour.turn.has, stops);
		account_leave_zone(neighbour.account, &neighbour.turn);
	}
	lab->vendor.data = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wait__is_said__until_it_is_over, setup, teardown),
		cmocka_unit_test_setup_teardown(wait__stopped_before_anything_is_written__can_be_gone_on_with, setup, teardown),
		cmocka_unit_test_setup_teardown(wait__stopped_part_way__is_unfinished_and_can_be_gone_on_with, setup, teardown),
		cmocka_unit_test_setup_teardown(lag__is_said__as_a_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(write__that_had_to_wait__never_goes_over_what_another_wrote_meanwhile, setup, teardown),
		cmocka_unit_test_setup_teardown(write__put_off__that_then_finds_anothers_set_is_no_unfinished_push, setup, teardown),
		cmocka_unit_test_setup_teardown(removal__that_had_to_wait__does_not_take_what_is_left, setup, teardown),
		cmocka_unit_test_setup_teardown(write__that_had_to_wait__goes_on_where_nobody_wrote, setup, teardown),
		cmocka_unit_test_setup_teardown(push__beside_another_in_its_zone__waits_until_that_is_read_back, setup, teardown),
		cmocka_unit_test_setup_teardown(wait_for_another__is_said__and_can_be_stopped_with_nothing_written, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
