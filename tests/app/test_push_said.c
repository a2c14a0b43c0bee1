/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a push, as a value: its sentence, what it wrote, its exit status, its JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push.h"
#include "base/mem.h"
#include "../core/sets.h"

#define AT 1795600800 /* 2026-11-25T10:00:00Z */

static void push__is_said__in_one_sentence(void **state)
{
	static char ovh[] = "ovh", powerdns[] = "powerdns";
	static struct push_step open[] = { { .writes = true, .fate = FATE_OPEN }, { .fate = FATE_TAKEN },
		{ .writes = true, .fate = FATE_TAKEN } };
	static struct push_step taken = { .writes = true, .fate = FATE_TAKEN };
	static struct push_step last = { .commit = true, .state = PUSHED_BAD }, held_back = { .commit = true, .state = PUSHED_SKIPPED };
	static const struct {
		struct push push;
		const char *words;
	} rows[] = {
		{ { .state = PUSH_PUBLISHED, .done = true }, "published" },
		{ { .state = PUSH_PUBLISHED }, NULL },
		{ { .state = PUSH_RUNNING, .done = true }, NULL }, /* a dry run */
		{ { .state = PUSH_UNCHANGED, .done = true }, "already so: nothing was written" },
		{ { .state = PUSH_UNCHANGED, .done = true, .plan.provider = powerdns }, "already so: nothing was written" },
		{ { .state = PUSH_UNCHANGED, .done = true, .plan.provider = ovh },
			"already so: nothing was written; whether it is published, too, is not known" },
		{ { .state = PUSH_UNKNOWN, .done = true }, "unknown: what was sent may have taken effect, or still may" },
		{ { .state = PUSH_PARTIAL, .done = true }, "published in part" },
		{ { .state = PUSH_PARTIAL, .done = true, .committed = COMMIT_DONE }, "published in part" },
		{ { .state = PUSH_PARTIAL, .done = true, .plan.provider = ovh, .committed = COMMIT_FAILED, .n_step = 1, .step = &last },
			"written, but not known to be published: the last step failed" },
		{ { .state = PUSH_PARTIAL,
			  .done = true,
			  .plan.provider = ovh,
			  .committed = COMMIT_FAILED,
			  .n_step = 1,
			  .step = &held_back },
			"written, but not known to be published: the last step was not taken" },
		{ { .state = PUSH_PARTIAL, .done = true, .plan.provider = ovh, .committed = COMMIT_FAILED },
			"written, but not known to be published: the last step was not taken" },
		{ { .state = PUSH_PARTIAL, .done = true, .plan.provider = ovh, .n_step = 1, .step = &taken },
			"written in part, and not known to be published: the last step is still to come" },
		{ { .state = PUSH_UNKNOWN, .done = true, .committed = COMMIT_FAILED },
			"unknown: what was sent may have taken effect, or still may" },
		{ { .state = PUSH_FAILED, .done = true }, "failed: nothing was changed" },
		{ { .state = PUSH_FAILED, .done = true, .undone = true }, "taken back: the old set stands again" },
		{ { .state = PUSH_FAILED, .done = true, .undone = true, .written = 2 }, "taken back: the old set stands again" },
		{ { .state = PUSH_CONFLICT, .done = true },
			"conflict: what is there is not what the plan began from; nothing was written" },
		{ { .state = PUSH_CONFLICT, .done = true, .written = 1 },
			"conflict: the zone is not as this push alone would have left it, and this push may have written to it" },
		{ { .state = PUSH_CONFLICT, .done = true, .written = 1, .n_step = 2, .step = open },
			"conflict: the zone is not as this push alone would have left it, and this push may have written to it" },
		{ { .state = PUSH_CONFLICT, .done = true, .written = 1, .n_step = 3, .step = open },
			"conflict: the zone is not as this push alone would have left it, and this push wrote to it" },
		{ { .state = PUSH_CONFLICT, .done = true, .written = 1, .n_step = 1, .step = &taken },
			"conflict: the zone is not as this push alone would have left it, and this push wrote to it" },
		{ { .state = PUSH_ABANDONED, .done = true, .written = 1 }, "given up: what is held now stays" },
		{ { .state = PUSH_ABANDONED, .done = true, .plan.provider = ovh }, "given up: what is held now stays" },
		{ { .state = PUSH_ABANDONED, .done = true, .plan.provider = ovh, .written = 1 },
			"given up: what is held now stays; whether it is published is not known" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct msg msg = { 0 };

		assert_int_equal(push_state_msg(&rows[i].push, &msg), rows[i].words != NULL);
		if (rows[i].words)
			assert_string_equal(msg.id, rows[i].words);
	}
}

#define ONE "1 request of this push was carried out, or may have been, at 2026-11-25T10:00:00Z."
#define TWO "2 requests of this push were carried out, or may have been, the last at 2026-11-25T10:00:00Z."

static void push__says__what_it_wrote_where_it_matters(void **state)
{
	static const struct {
		enum push_state state;
		unsigned written;
		int64_t at;
		const char *words;
	} rows[] = {
		{ PUSH_UNKNOWN, 1, AT, ONE },
		{ PUSH_PARTIAL, 2, AT, TWO },
		{ PUSH_CONFLICT, 1, AT, ONE },
		{ PUSH_ABANDONED, 2, AT, TWO },
		{ PUSH_UNKNOWN, 0, AT, NULL },
		{ PUSH_UNKNOWN, 1, 0, NULL },
		{ PUSH_PUBLISHED, 2, AT, NULL },
		{ PUSH_FAILED, 2, AT, NULL },
		{ PUSH_UNCHANGED, 2, AT, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct push push = { .state = rows[i].state, .written = rows[i].written, .written_at = rows[i].at };
		struct msg msg;
		struct str text;

		assert_int_equal(push_written_msg(&push, &msg), rows[i].words != NULL);
		if (!rows[i].words)
			continue;
		str_init(&text, 0);
		msg_format(&msg, NULL, &text);
		assert_string_equal(text.s, rows[i].words);
		str_release(&text);
	}
}

static void push__ends__with_the_status_of_its_state(void **state)
{
	static const struct {
		struct push push;
		int status;
	} rows[] = {
		{ { .state = PUSH_PUBLISHED, .phase = PHASE_ENDED }, 0 },
		{ { .state = PUSH_UNCHANGED, .phase = PHASE_ENDED }, 0 },
		{ { .state = PUSH_ABANDONED, .phase = PHASE_ENDED }, 0 },
		{ { .state = PUSH_FAILED, .phase = PHASE_ENDED, .undone = true }, 0 },
		{ { .state = PUSH_RUNNING, .phase = PHASE_PREVIEWED }, 0 },
		{ { .state = PUSH_FAILED, .phase = PHASE_ENDED }, 1 },
		{ { .state = PUSH_RUNNING, .phase = PHASE_ENDED }, 1 },
		{ { .state = PUSH_CONFLICT, .phase = PHASE_ENDED }, 1 },
		{ { .state = PUSH_CONFLICT, .phase = PHASE_ENDED, .err = { .code = ERR_CONFLICT } }, 6 },
		{ { .state = PUSH_PUBLISHED, .phase = PHASE_ENDED, .err = { .code = ERR_FALSE } }, 1 },
		{ { .state = PUSH_RUNNING, .phase = PHASE_PREVIEWED, .err = { .code = ERR_APPROVAL } }, 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(push_exit_status(&rows[i].push), rows[i].status);
}

/* Each wait once, and again when it goes on for long. */
static void push_wait_is_new__tells__each_once(void **state)
{
	static const char one[] = "one", two[] = "two";
	static const struct {
		const char *id;
		int64_t until;
		bool is_new;
	} rows[] = { { NULL, 5, false }, { one, 5, true }, { one, 5, false }, { one, 14, false }, { one, 15, true }, { one, 16, false },
		{ two, 16, true }, { NULL, 40, false }, { two, 20, false }, { one, 20, true } };
	struct push_wait_seen seen = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct push push = { .wait = { .id = rows[i].id }, .wait_until = rows[i].until };

		if (push_wait_is_new(&push, &seen) != rows[i].is_new)
			fail_msg("%zu", i);
	}
}

/* What the hook command is told. */
static void push_event__follows__how_it_ended(void **state)
{
	static const struct {
		struct push push;
		const char *event;
	} rows[] = {
		{ { .state = PUSH_PUBLISHED, .phase = PHASE_ENDED }, "published" },
		{ { .state = PUSH_PUBLISHED, .phase = PHASE_PREVIEWED }, NULL },
		{ { .state = PUSH_UNCHANGED, .phase = PHASE_ENDED }, NULL },
		{ { .state = PUSH_FAILED, .phase = PHASE_ENDED }, "failed" },
		{ { .state = PUSH_CONFLICT, .phase = PHASE_ENDED }, "failed" },
		{ { .state = PUSH_FAILED, .phase = PHASE_ENDED, .unfinished = true }, "unfinished" },
		{ { .state = PUSH_CONFLICT, .phase = PHASE_ENDED, .unfinished = true }, "unfinished" },
		{ { .state = PUSH_UNKNOWN, .phase = PHASE_ENDED, .unfinished = true }, "unfinished" },
		{ { .state = PUSH_FAILED, .phase = PHASE_ENDED, .undone = true }, "undone" },
		{ { .state = PUSH_ABANDONED, .phase = PHASE_ENDED }, "abandoned" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *event = push_event(&rows[i].push);

		assert_string_equal(event ? event : "-", rows[i].event ? rows[i].event : "-");
	}
}

/* ---- JSON ---- */

static void begin(struct push *push)
{
	*push = (struct push){ .id = "2026-11-25T10:00:00Z-0001" };
	plan_init(&push->plan);
	mxset_init(&push->held);
	assert_true(dname_parse(&push->plan.domain, "exempel.com", NULL));
	snprintf(push->plan.id, sizeof(push->plan.id), "plan-1");
	set_from(&push->plan.base, "3600 10 mx1.exempel.com");
	set_from(&push->plan.want, "7200 10 mx1.exempel.com");
}

static void end(struct push *push)
{
	plan_release(&push->plan);
	mxset_release(&push->held);
	free(push->note);
	free(push->ticket);
	free(push->revert_of);
}

/* " is written as '. */
static void expect_json(json_t *value, const char *expected)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	for (char *at = text; *at; at++)
		if (*at == '"')
			*at = '\'';
	assert_string_equal(text, expected);
	free(text);
	json_decref(value);
}

static void expect_member(const struct push *push, const char *name, const char *expected)
{
	json_t *json = push_to_json(push);

	expect_json(json_incref(json_object_get(json, name)), expected);
	json_decref(json);
}

#define HEAD "{'push':'2026-11-25T10:00:00Z-0001','plan':'plan-1','domain':'exempel.com',"
#define BASE "{'ttl':3600,'records':[{'preference':10,'host':'mx1.exempel.com'}]}"
#define WANT "{'ttl':7200,'records':[{'preference':10,'host':'mx1.exempel.com'}]}"

static void push_to_json__of_one_that_waits__has_nulls(void **state)
{
	struct push push;

	(void)state;
	begin(&push);
	expect_json(push_to_json(&push), HEAD
		"'account':'','provider':'','state':'running','steps':[],'verified':{'provider':false,'servers':[],'others':null},"
		"'safe_to_retire_old_hosts_at':null,'undone':false,'error':null,'gates':[],'published_at':null,'blind':false,'unguarded':false,'old_answers':null,'stretched_until':null,"
		"'unfinished':false,'committed':null,'written':0,'written_at':null,'held':null,'conflict':null,'note':null,'ticket':null,'revert_of':null,'hook':null}");
	end(&push);
}

static void push_to_json__tells__all_that_is_known(void **state)
{
	struct push_step steps[] = {
		{ .title = { .id = "one" }, .state = PUSHED_OK, .http = 204 },
		{ .title = { .id = "two" }, .state = PUSHED_SENT },
		{ .title = { .id = "three" }, .state = PUSHED_BAD, .http = 404 },
		{ .title = { .id = "four" }, .state = PUSHED_WAITING },
		{ .state = PUSHED_SKIPPED },
	};
	struct push push;

	(void)state;
	begin(&push);
	free(push.plan.account);
	free(push.plan.provider);
	push.plan.account = mem_text("lab");
	push.plan.provider = mem_text("powerdns");
	push.state = PUSH_CONFLICT;
	push.phase = PHASE_ENDED;
	push.done = push.unfinished = push.provider_verified = push.undone = push.held_known = true;
	push.step = steps;
	push.n_step = 5;
	push.committed = COMMIT_DONE;
	push.written = 3;
	push.written_at = AT + 1;
	push.blind = true;
	push.published_at = AT + 2;
	push.safe_at = AT + 3;
	push.tail_at = AT + 4;
	set_from(&push.held, "60 20 mx2.exempel.com");
	push.note = mem_text("at night");
	push.ticket = mem_text("CHG-1");
	push.revert_of = mem_text("R");
	push.hook = HOOK_FAILED;
	err_set(&push.hook_err, ERR_FILE, "no");
	err_set(&push.err, ERR_CONFLICT, "what %s", "happened");
	err_hint(&push.err, "do %s", "this");
	expect_json(push_to_json(&push), HEAD
		"'account':'lab','provider':'powerdns','state':'conflict','steps':[{'step':'one','state':'done','http':204},"
		"{'step':'two','state':'sent','http':null},{'step':'three','state':'failed','http':404},"
		"{'step':'four','state':'planned','http':null},{'step':null,'state':'skipped','http':null}],"
		"'verified':{'provider':true,'servers':[],'others':null},'safe_to_retire_old_hosts_at':'2026-11-25T10:00:03Z','undone':true,"
		"'error':{'code':'conflict','message':'what happened','hint':'do this'},'gates':[],"
		"'published_at':'2026-11-25T10:00:02Z','blind':true,'unguarded':false,'old_answers':null,'stretched_until':'2026-11-25T10:00:04Z','unfinished':true,'committed':true,"
		"'written':3,'written_at':'2026-11-25T10:00:01Z',"
		"'held':{'ttl':60,'records':[{'preference':20,'host':'mx2.exempel.com'}]},'conflict':{'base':" BASE ",'live':"
		"{'ttl':60,'records':[{'preference':20,'host':'mx2.exempel.com'}]},'want':" WANT "},"
		"'note':'at night','ticket':'CHG-1','revert_of':'R','hook':{'state':'failed','error':{'code':'file','message':'no','hint':null}}}");
	push.hook_err = (struct err){ 0 };
	push.hook = HOOK_TOLD;
	expect_member(&push, "hook", "{'state':'told','error':null}");
	push.hook = HOOK_RUNS;
	expect_member(&push, "hook", "null");
	free(push.ticket);
	push.ticket = mem_text("");
	expect_member(&push, "ticket", "null");
	push.n_step = 0;
	push.err = (struct err){ 0 };
	push.held_known = false;
	push.committed = COMMIT_FAILED;
	expect_member(&push, "conflict", "{'base':" BASE ",'live':null,'want':" WANT "}");
	end(&push);
}

static void push_to_json__names__each_state(void **state)
{
	static const char *const names[] = { "running", "published", "unchanged", "unknown", "partial", "failed", "conflict", "abandoned" };
	static const char *const committed[] = { "null", "false", "true" };
	struct push push;

	(void)state;
	begin(&push);
	for (int i = 0; i < PUSH_STATES; i++) {
		char quoted[20];

		snprintf(quoted, sizeof(quoted), "'%s'", names[i]);
		push.state = (enum push_state)i;
		push.phase = i ? PHASE_PREVIEWED : PHASE_WRITING;
		push.committed = (enum push_commit)(i % 3);
		expect_member(&push, "state", quoted);
		expect_member(&push, "committed", committed[i % 3]);
	}
	push.state = PUSH_RUNNING;
	push.phase = PHASE_PREVIEWED;
	expect_member(&push, "state", "'planned'");
	end(&push);
}

/* A blocked push names what blocks it in its error, and what was overridden too in its own list. */
static void push_to_json__tells__the_gates(void **state)
{
	struct gate two[] = {
		{ .id = "wrong-zone", .answer = GATE_UNKNOWN, .reason = { .id = "why" }, .overridden = true },
		{ .id = "target-ip", .answer = GATE_NO, .reason = { .id = "so" } },
	};
	struct push push;
	json_t *json;

	(void)state;
	begin(&push);
	push.gates = (struct gates){ .n = 2, .gate = two };
	err_set(&push.err, ERR_BLOCKED, "blocked");
	json = push_to_json(&push);
	expect_json(json_incref(json_object_get(json, "gates")),
		"[{'id':'wrong-zone','answer':'unknown','reason':'why','override':'wrong-zone=REASON','overridden':true},"
		"{'id':'target-ip','answer':'no','reason':'so','override':'target-ip=REASON','overridden':false}]");
	expect_json(json_incref(json_object_get(json_object_get(json, "error"), "gates")),
		"[{'id':'target-ip','answer':'no','reason':'so','override':'target-ip=REASON','overridden':false}]");
	json_decref(json);
	push.err.code = ERR_CONFLICT;
	json = push_to_json(&push);
	assert_null(json_object_get(json_object_get(json, "error"), "gates"));
	json_decref(json);
	end(&push);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(push__is_said__in_one_sentence),
		cmocka_unit_test(push__says__what_it_wrote_where_it_matters),
		cmocka_unit_test(push__ends__with_the_status_of_its_state),
		cmocka_unit_test(push_event__follows__how_it_ended),
		cmocka_unit_test(push_wait_is_new__tells__each_once),
		cmocka_unit_test(push_to_json__of_one_that_waits__has_nulls),
		cmocka_unit_test(push_to_json__tells__all_that_is_known),
		cmocka_unit_test(push_to_json__names__each_state),
		cmocka_unit_test(push_to_json__tells__the_gates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
