/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents of pushes as values: how one stands, what blocks it, its requests, its servers, what is held, and past ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/sets.h"
#include "base/mem.h"
#include "said.h"
#include "show/changes.h"
#include "show/companions.h"
#include "show/history.h"
#include "show/push.h"
#include "show/served.h"
#include "show/speech.h"

#define AT 1795600800 /* 2026-11-25T10:00:00Z */

static struct document document;

static int begin(void **state)
{
	(void)state;
	document_begin(&document);
	return 0;
}

static void is(const char *wanted)
{
	assert_string_equal(said(&document), wanted);
	assert_int_equal(document.depth, 0);
	assert_int_equal(document.item, -1);
	document_release(&document);
}

static void state__is_told__with_the_way_on(void **state)
{
	struct push push = { .state = PUSH_RUNNING, .phase = PHASE_READING };
	struct push_view view = { &push, AT, false, "U" };

	(void)state;
	push_document(&view, &document);
	is(" [pending … reading what the provider holds]\n");
	push.phase = PHASE_WATCHING;
	msg_set(&push.wait, "until %s", "then");
	push_document(&view, &document);
	is(" [pending … published; asking the name servers]\n> [pending until then]\n");
	push = (struct push){ .state = PUSH_PUBLISHED, .done = true };
	push_document(&view, &document);
	is(" [ok ✔ published]\n");
	push = (struct push){ .state = PUSH_FAILED, .done = true, .undone = true };
	push_document(&view, &document);
	is(" [ok ✔ taken back: the old set stands again]\n");
	push = (struct push){ .state = PUSH_UNCHANGED, .done = true };
	push_document(&view, &document);
	is(" [ok ✔ already so: nothing was written]\n");
	push = (struct push){ .state = PUSH_FAILED, .done = true };
	err_set(&push.err, ERR_NETWORK, "no way");
	err_hint(&push.err, "Find one.");
	push_document(&view, &document);
	is(" [error ✖ failed: nothing was changed]\n> [error no way. Find one.]\n");
}

/* What stands half-way says how it is finished, and what is held. */
static void unfinished__says_how_it_goes_on(void **state)
{
	struct push push = { .state = PUSH_UNKNOWN, .done = true };
	struct push_view view = { &push, AT, false, "\"resume\"" };

	(void)state;
	push_document(&view, &document);
	is(" [error ✖ unknown: what was sent may have taken effect, or still may]\n"
	   "> [text \"resume\" reads again what is held, and finishes the push.]\n"
	   " [warning ? What the provider holds now could not be read.]\n");
	push.state = PUSH_PARTIAL;
	push.held_known = true;
	push.written = 2;
	push.written_at = AT;
	set_from(&push.held, "3600 10 mx1.example 0 .");
	view.resume = NULL;
	push_document(&view, &document);
	is(" [error ✖ published in part]\n"
	   "> [text 2 requests of this push were carried out, or may have been, the last at 2026-11-25T10:00:00Z.]\n"
	   " [warning ▲ What the provider held when it was read last, with a TTL of 1h:]\n"
	   "> [host 0 . (no mail)]\n"
	   "> [host 10 mx1.example]\n");
	mxset_release(&push.held);
	push.held = (struct mxset){ .ttl_s = MX_TTL_UNKNOWN };
	push.state = PUSH_ABANDONED;
	push_held_document(&push, false, &document);
	is(" [warning ▲ What the provider held when it was read last, with a TTL of not known:]\n> [host no MX record]\n");
	push.state = PUSH_FAILED;
	push_held_document(&push, false, &document);
	is("");
}

static void requests__are_told__by_state(void **state)
{
	static char request[] = "PUT /zone\nX: \033y\n\n{}";
	static struct push_step step[] = {
		{ .state = PUSHED_WAITING },
		{ .state = PUSHED_SENT },
		{ .state = PUSHED_OK, .http = 204, .request = request },
		{ .state = PUSHED_BAD },
		{ .state = PUSHED_SKIPPED },
	};
	struct push push = { .state = PUSH_PUBLISHED, .done = true, .n_step = 5, .step = step, .provider_verified = true };
	struct push_view view = { &push, AT, false, NULL };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		msg_set(&step[i].title, "step %zu", i);
	push_document(&view, &document);
	is(" [ok ✔ published]\n"
	   "HEAD [heading The requests]\n"
	   "> [dim · waiting: step 0]\n"
	   "> [pending … sent: step 1]\n"
	   "> [ok ✔ done: step 2 (HTTP 204)]\n"
	   "> [error ✖ failed: step 3]\n"
	   "> [dim · skipped: step 4]\n"
	   "> [ok ✔ done: read back, and it is what was wanted]\n");
	push.n_step = 1;
	push.step = &step[2];
	push_steps_document(&push, PUSH_STEPS_WHOLE, &document);
	is(" [text · would be sent: step 2 (HTTP 204)]\n"
	   "> [dim PUT /zone]\n"
	   "> [dim X: \\x1by]\n"
	   "> [dim]\n"
	   "> [dim {}]\n");
}

static void gates__say_what_blocks_and_what_was_overridden(void **state)
{
	struct gate gate[] = {
		{ .id = "a", .answer = GATE_NO },
		{ .id = "b", .answer = GATE_UNKNOWN },
		{ .id = "c", .answer = GATE_UNKNOWN, .overridden = true },
	};
	struct gates gates = { .n = 3, .gate = gate };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		msg_set(&gate[i].reason, "reason %zu", i);
	gates_document(&gates, &document);
	is(" [error ✖ blocks: reason 0 (a)]\n"
	   " [error ✖ blocks, as nobody can tell: reason 1 (b)]\n"
	   " [warning ▲ overridden: reason 2 (c)]\n");
}

static void conflict__shows_who_has_what(void **state)
{
	struct push push = { .state = PUSH_CONFLICT, .done = true, .held_known = true };
	struct push_view view = { &push, AT, false, NULL };
	struct mxset base = { 0 }, live = { 0 }, want = { 0 };

	(void)state;
	set_from(&base, "3600 10 a.example");
	set_from(&live, "300 10 a.example 20 b.example");
	set_from(&want, "3600 10 c.example");
	threeway_build(&push.conflict, &base, &live, &want);
	push.conflict.ttl_want_s = MX_TTL_UNKNOWN;
	push_document(&view, &document);
	is(" [error ✖ conflict: what is there is not what the plan began from; nothing was written]\n"
	   "HEAD [heading Who has what: in the plan's base, live now, wanted]\n"
	   ">TITLES [heading Record] [heading Base] [heading Live] [heading Wanted]\n"
	   ">ROW [text 10 a.example] [text yes] [text yes] [text no]\n"
	   ">ROW [text 10 c.example] [text no] [text no] [text yes]\n"
	   ">ROW [error 20 b.example] [error no] [error yes] [error no]\n"
	   ">ROW [error TTL] [error 3600] [error 300] [error not known]\n");
	push.held_known = false; /* then nobody knows what is live */
	push_document(&view, &document);
	is(" [error ✖ conflict: what is there is not what the plan began from; nothing was written]\n");
	push.held_known = true; /* a set without a record has no TTL */
	mxset_release(&base);
	base.ttl_s = 300;
	threeway_build(&push.conflict, &base, &live, &base);
	push_document(&view, &document);
	is(" [error ✖ conflict: what is there is not what the plan began from; nothing was written]\n"
	   "HEAD [heading Who has what: in the plan's base, live now, wanted]\n"
	   ">TITLES [heading Record] [heading Base] [heading Live] [heading Wanted]\n"
	   ">ROW [error 10 a.example] [error no] [error yes] [error no]\n"
	   ">ROW [error 20 b.example] [error no] [error yes] [error no]\n"
	   ">ROW [error TTL] [error no] [error 300] [error no]\n");
	threeway_build(&push.conflict, &base, &base, &want);
	push_document(&view, &document);
	is(" [error ✖ conflict: what is there is not what the plan began from; nothing was written]\n"
	   "HEAD [heading Who has what: in the plan's base, live now, wanted]\n"
	   ">TITLES [heading Record] [heading Base] [heading Live] [heading Wanted]\n"
	   ">ROW [text 10 c.example] [text no] [text no] [text yes]\n"
	   ">ROW [text TTL] [text no] [text no] [text 3600]\n");
	threeway_release(&push.conflict);
	mxset_release(&base);
	mxset_release(&live);
	mxset_release(&want);
}

static void servers__are_told__one_by_one(void **state)
{
	struct served served = { 0 };
	struct dns_endpoint at = { .port = 53 };
	struct dname name;
	struct served_row *row;

	(void)state;
	assert_true(addr_parse(&at.addr, "192.0.2.53"));
	assert_true(dname_parse(&name, "ns.example", NULL));
	row = served_add(&served, &name, &at);
	row->state = SERVER_ANSWERS;
	row->seen = (struct seen){ .times = 2, .matches = true, .since = AT - 120 };
	row->has_serial = true;
	row->serial = 4294967295u;
	row = served_add(&served, &name, &at);
	row->state = SERVER_ANSWERS;
	row->seen = (struct seen){ .times = 1, .matches = true, .since = AT };
	row = served_add(&served, &name, &at);
	row->state = SERVER_ANSWERS;
	row->seen = (struct seen){ .times = 3, .since = AT - 120 }; /* no longer */
	served_add(&served, NULL, &at)->state = SERVER_PENDING;
	served_add(&served, &name, &(struct dns_endpoint){ 0 })->state = SERVER_NO_ADDRESS;
	served_document(&served, AT, false, &document);
	is("ROW [ok ✔ ns.example] [address/2 192.0.2.53:53] [ok has the new set] [dim/1 serial 4294967295] [dim/3 seen 2 times, first 2 min ago]\n"
	   "ROW [pending … ns.example] [address/2 192.0.2.53:53] [pending has the new set, seen once so far] [dim/1]"
	   " [dim/3 seen 1 time, first just now]\n"
	   "ROW [warning ▲ ns.example] [address/2 192.0.2.53:53] [warning has another set] [dim/1] [dim/3]\n"
	   "ROW [pending …] [address/2 192.0.2.53:53] [pending asking] [dim/1] [dim/3]\n"
	   "ROW [warning ▲ ns.example] [address/2] [warning its name has no address] [dim/1] [dim/3]\n");
	served_document(&served, 0, false, &document);
	assert_null(strstr(said(&document), "seen 2 times"));
	document_release(&document);
	served_release(&served);
}

#define DRAINED "Caches that keep to the TTL have lost the old set at 2026-11-25T11:00:00Z: hosts that it alone names may be retired then."
#define TAIL " [dim Resolvers that hold answers longer than their TTL may have the old one until 2026-11-26T11:00:00Z (assumed).]\n"

/* Of a minute that has begun, the whole is told. */
static void drain__says_how_long_it_still_is(void **state)
{
	struct drain drain = { .known = true, .hold_s = 3600 };

	(void)state;
	drain_document(&drain, AT + 3600, AT + 90000, AT + 59, &document);
	is(" [notice " DRAINED "]\n [notice That is 1h from now: until then keep the servers that only the old set names.]\n" TAIL);
	drain_document(&drain, AT + 3600, AT + 90000, AT + 60, &document);
	is(" [notice " DRAINED "]\n [notice That is 59m from now: until then keep the servers that only the old set names.]\n" TAIL);
	drain_document(&drain, AT + 3600, AT + 90000, AT + 3600, &document);
	is(" [ok " DRAINED "]\n" TAIL);
	drain_document(&drain, AT + 3600, AT + 90000, 0, &document);
	is(" [notice " DRAINED "]\n" TAIL);
	drain_document(&drain, 0, 0, AT, &document);
	is("");
}

static void hook__that_failed__is_told(void **state)
{
	struct push push = { .state = PUSH_PUBLISHED, .done = true, .hook = HOOK_FAILED, .unguarded = true };
	struct push_view view = { &push, AT, false, NULL };

	(void)state;
	err_set(&push.hook_err, ERR_FILE, "it ended with 1");
	push_document(&view, &document);
	assert_non_null(strstr(said(&document), " [warning ▲ it ended with 1]\n"));
	assert_int_equal(document.n, 3);
	assert_int_equal(document.cell[1].role, ROLE_DIM);
	document_release(&document);
}

/* How it stands, what blocks it, what cannot be told, when the old set is gone; then the servers, and the requests. */
static void push__is_told__whole_and_in_order(void **state)
{
	struct gate gate = { .id = "a", .answer = GATE_NO };
	struct push_step step = { .state = PUSHED_OK };
	struct push push = { .state = PUSH_PUBLISHED, .done = true, .blind = true, .unguarded = true, .n_step = 1, .step = &step };
	struct push_view view = { &push, AT + 59, false, NULL };
	struct dns_endpoint at = { .port = 53 };

	(void)state;
	push.gates = (struct gates){ .n = 1, .gate = &gate };
	push.hook = HOOK_FAILED;
	push.drain = (struct drain){ .known = true, .hold_s = 3600 };
	push.safe_at = AT + 3600;
	push.tail_at = AT + 90000;
	msg_set(&gate.reason, "not %s", "so");
	msg_set(&step.title, "write %s", "it");
	err_set(&push.hook_err, ERR_FILE, "it ended with 1");
	assert_true(addr_parse(&at.addr, "192.0.2.53"));
	served_add(&push.served, NULL, &at)->state = SERVER_PENDING;
	push_document(&view, &document);
	is(" [ok ✔ published]\n"
	   " [error ✖ blocks: not so (a)]\n"
	   " [warning Whether what this push sent before took effect, and somebody else took it back since, cannot be told: nothing shows it. "
	   "To resume is to write it again.]\n"
	   " [dim Whether somebody else changed the set in the moment of this write cannot be told: the provider gives no mark that shows it. "
	   "That change would be lost.]\n"
	   " [warning ▲ it ended with 1]\n"
	   " [notice " DRAINED "]\n [notice That is 1h from now: until then keep the servers that only the old set names.]\n" TAIL
	   "HEAD [heading Name servers]\n"
	   ">ROW [pending …] [address/2 192.0.2.53:53] [pending asking] [dim/1] [dim/3]\n"
	   "HEAD [heading The requests]\n"
	   "> [ok ✔ done: write it]\n");
	served_release(&push.served);
}

/* ---- changes, approvals, past pushes ---- */

static void plan_of(struct plan *plan)
{
	static char eva[] = "Eva", at[] = "2026-11-25T10:00:00Z", note[] = "CHG-1", none[] = "";
	static struct approval approval[] = { { .by = eva, .at = at, .note = note }, { .by = eva, .at = at, .note = none } };

	*plan = (struct plan){ .n_approval = 2, .approval = approval };
	set_from(&plan->base, "3600 10 a.example 20 b.example");
	set_from(&plan->want, "300 10 b.example 30 c.example");
}

#define CHANGED                                                                                                                            \
	" [changed ~ Change the TTL from 1h to 5m.]\n"                                                                                     \
	" [added + Add c.example with preference 30.]\n"                                                                                   \
	" [changed ~ Change the preference of b.example from 20 to 10.]\n"                                                                 \
	" [removed - Remove a.example with preference 10.]\n"
#define APPROVED                                                                                                                           \
	" [dim approved by Eva at 2026-11-25T10:00:00Z: CHG-1]\n"                                                                          \
	" [dim approved by Eva at 2026-11-25T10:00:00Z]\n"

static void changes__have_a_sign_each(void **state)
{
	struct plan plan;

	(void)state;
	plan_of(&plan);
	assert_int_equal(changes_document(&plan.base, &plan.want, &document), 4);
	approvals_document(&plan, &document);
	is(CHANGED APPROVED);
	assert_int_equal(changes_document(&plan.base, &plan.base, &document), 0);
	is("");
	mxset_release(&plan.base);
	mxset_release(&plan.want);
}

static void kind__is_told__where_something_would_be_written(void **state)
{
	static char provider[] = "zonefile";
	struct plan plan;

	(void)state;
	plan_of(&plan);
	push_kind_document(&plan, NULL, &document); /* nobody knows where it goes */
	is("");
	plan.provider = provider;
	push_kind_document(&plan, NULL, &document);
	is(" [text The records change as a whole, never one by one.]\n"
	   " [text Another editor is noticed before anything is written: the file is replaced only while it still is what was read.]\n");
	push_kind_document(&plan, &(struct push){ .state = PUSH_UNCHANGED, .done = true }, &document);
	is("");
	mxset_release(&plan.base);
	mxset_release(&plan.want);
}

static void past_push__is_a_row_and_what_it_changed(void **state)
{
	static char id[] = "2026-11-25T10:00:00Z-00ff", by[] = "Eva", ticket[] = "T-7", note[] = "by\033night";
	struct past_push past = { .id = id, .by = by, .ticket = ticket, .note = note, .at = AT };
	static char published[] = "published", unchanged[] = "unchanged", failed[] = "failed", of[] = "x";

	(void)state;
	plan_of(&past.plan);
	past.state = published;
	past_push_row(&past, true, false, &document);
	is("ROW [text 2026-11-25T10:00:00Z] [ok ✔ published] [error] [text Eva] [text T-7] [text by\\x1bnight; CHG-1] [text]\n");
	past_push_row(&past, true, true, &document);
	is("ROW [text 2026-11-25T10:00:00Z] [pending … running] [error] [text Eva] [text T-7] [text by\\x1bnight; CHG-1] [text]\n");
	past.state = NULL;
	past.unfinished = true;
	past.revert_of = of;
	past_push_row(&past, false, false, &document);
	is("ROW [text 2026-11-25T10:00:00Z-00ff] [error ✖ interrupted] [error unfinished] [text Eva] [text T-7] [text by\\x1bnight]"
	   " [text (a revert)]\n");
	past.state = unchanged;
	past_push_row(&past, false, true, &document); /* at work, so nothing is left to be taken up */
	is("ROW [text 2026-11-25T10:00:00Z-00ff] [pending … running] [error] [text Eva] [text T-7] [text by\\x1bnight]"
	   " [text (a revert)]\n");
	past = (struct past_push){ .id = id, .plan = past.plan, .state = unchanged };
	past_push_row(&past, false, false, &document);
	is("ROW [text 2026-11-25T10:00:00Z-00ff] [ok ✔ unchanged] [error] [text] [text] [text] [text]\n");
	past.state = failed;
	past_push_row(&past, false, false, &document);
	is("ROW [text 2026-11-25T10:00:00Z-00ff] [error ✖ failed] [error] [text] [text] [text] [text]\n");
	past.undone = true;
	past_push_row(&past, false, false, &document);
	is("ROW [text 2026-11-25T10:00:00Z-00ff] [ok ✔ undone] [error] [text] [text] [text] [text]\n");
	past_push_document(&past, false, &document);
	is(CHANGED APPROVED);
	past_push_document(&past, true, &document);
	assert_int_equal(strncmp(said(&document), "HEAD [heading 2026-11-25T10:00:00Z-00ff]\n> [changed ~ ", 54), 0);
	assert_int_equal(document.depth, 0);
	document_release(&document);
	past_push_sets(&past, false, &document);
	is("TITLES [dim host] [dim before] [dim after]\n"
	   "ROW [removed - a.example] [text 10] [text]\n"
	   "ROW [changed ~ b.example] [text 20] [text 10]\n"
	   "ROW [added + c.example] [text] [text 30]\n"
	   "ROW [changed ~ TTL] [text 1h] [text 5m]\n");
	mxset_release(&past.plan.base);
	mxset_release(&past.plan.want);
}

static void companions__say_whether_each_is_done(void **state)
{
	static char text[] = "one\ntwo\n";
	struct companion companion[] = {
		{ .when = COMPANION_BEFORE, .seen = FACT_UNKNOWN, .text = text },
		{ .when = COMPANION_CHANGE, .seen = FACT_NO },
		{ .when = COMPANION_AFTER, .seen = FACT_NO },
		{ .when = COMPANION_AFTER, .seen = FACT_YES },
	};
	struct companions companions = { .n = 4, .companion = companion };

	(void)state;
	for (size_t i = 0; i < 4; i++)
		msg_set(&companion[i].what, "Do %zu.", i);
	msg_set(&companion[0].why, "So.");
	msg_set(&companion[0].missing, "Lacks.");
	msg_set(&companion[0].wait, "Wait.");
	companion[0].not_before = companion[2].not_before = AT;
	companion[1].not_before = AT + 60;
	companions_document(&companions, &document);
	is("HEAD [heading What has to change together with the set, in this order]\n"
	   "> [warning ? 1. whether it is done is not known: Do 0.]\n"
	   "> [dim So.]\n"
	   "> [warning Lacks.]\n"
	   "> [text one]\n"
	   "> [text two]\n"
	   "> [text Wait.]\n"
	   "> [text ─ 2. to do: Do 1.]\n"
	   "> [text Not before 2026-11-25T10:01:00Z, if each step before it is done at once.]\n"
	   "> [warning ▲ 3. to do: Do 2.]\n"
	   "> [ok ✔ 4. seen: Do 3.]\n");
	companions.n = 0;
	companions_document(&companions, &document);
	is("");
}

/* How it is spoken: no sign is needed to know how a thing stands. */
static void conflict__is_spoken__without_columns(void **state)
{
	struct plan plan;
	struct threeway three = { 0 };
	struct str text;

	(void)state;
	plan_of(&plan);
	threeway_build(&three, &plan.base, &plan.base, &plan.want);
	conflict_document(&three, false, &document);
	str_init(&text, 0);
	speech_add(&document, false, &text);
	assert_non_null(strstr(text.s, "10 a.example, Base: yes, Live: yes, Wanted: no\n"));
	str_release(&text);
	document_release(&document);
	threeway_release(&three);
	mxset_release(&plan.base);
	mxset_release(&plan.want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(state__is_told__with_the_way_on, begin),
		cmocka_unit_test_setup(unfinished__says_how_it_goes_on, begin),
		cmocka_unit_test_setup(requests__are_told__by_state, begin),
		cmocka_unit_test_setup(gates__say_what_blocks_and_what_was_overridden, begin),
		cmocka_unit_test_setup(conflict__shows_who_has_what, begin),
		cmocka_unit_test_setup(servers__are_told__one_by_one, begin),
		cmocka_unit_test_setup(drain__says_how_long_it_still_is, begin),
		cmocka_unit_test_setup(hook__that_failed__is_told, begin),
		cmocka_unit_test_setup(push__is_told__whole_and_in_order, begin),
		cmocka_unit_test_setup(changes__have_a_sign_each, begin),
		cmocka_unit_test_setup(kind__is_told__where_something_would_be_written, begin),
		cmocka_unit_test_setup(past_push__is_a_row_and_what_it_changed, begin),
		cmocka_unit_test_setup(companions__say_whether_each_is_done, begin),
		cmocka_unit_test_setup(conflict__is_spoken__without_columns, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
