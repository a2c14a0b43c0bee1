/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a push says: the events of the journal, and the JSON that is printed and kept. */
#include <stdlib.h>
#include <string.h>

#include "app/push_run.h"
#include "app/app.h"
#include "app/requests.h"
#include "base/text.h"
#include "base/banned.h"

static json_t *text_json(const char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	return value ? value : json_null();
}

static json_t *msg_json(const struct msg *msg)
{
	struct str text;
	json_t *value;

	if (!msg->id)
		return json_null();
	str_init(&text, 0);
	msg_format(msg, NULL, &text);
	value = text_json(text.s);
	str_release(&text);
	return value;
}

static json_t *err_json(const struct err *err)
{
	struct str text;
	json_t *value;

	if (!err || err->code == ERR_NONE)
		return json_null();
	str_init(&text, 0);
	err_format(err, NULL, &text);
	value = json_pack("{s:s, s:o, s:o}", "code", err_code_name(err->code), "message", text_json(text.s), "hint", msg_json(&err->hint));
	str_release(&text);
	return value;
}

static const char *const state_names[] = {
	[PUSH_RUNNING] = "running",
	[PUSH_PUBLISHED] = "published",
	[PUSH_UNCHANGED] = "unchanged",
	[PUSH_UNKNOWN] = "unknown",
	[PUSH_PARTIAL] = "partial",
	[PUSH_FAILED] = "failed",
	[PUSH_CONFLICT] = "conflict",
	[PUSH_ABANDONED] = "abandoned",
};
static const char *const fate_names[] = {
	[FATE_NONE] = "none",
	[FATE_FAILED] = "failed",
	[FATE_OPEN] = "open",
	[FATE_TAKEN] = "taken",
};
static const char *const step_names[] = {
	[PUSHED_WAITING] = "planned",
	[PUSHED_SENT] = "sent",
	[PUSHED_OK] = "done",
	[PUSHED_BAD] = "failed",
	[PUSHED_SKIPPED] = "skipped",
};

static json_t *steps_json(const struct push *push)
{
	json_t *steps = json_array();

	for (size_t i = 0; i < push->n_step; i++) {
		const struct push_step *step = &push->step[i];
		json_array_append_new(steps, json_pack("{s:o, s:s, s:o}", "step", msg_json(&step->title), "state", step_names[step->state],
						     "http", step->http ? json_integer(step->http) : json_null()));
	}
	return steps;
}

/* What stands against each other, and how the held set differs. */
static json_t *conflict_json(const struct push *push)
{
	if (push->state != PUSH_CONFLICT)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "base", mxset_to_json(&push->plan.base), "live",
		push->held_known ? mxset_to_json(&push->held) : json_null(), "want", mxset_to_json(&push->plan.want));
}

/* What was written in part waits for its last call too. */
static json_t *committed_json(const struct push *push)
{
	bool owed = push_has_last_step(push) && push->written;

	return push->committed == COMMIT_NONE && !owed ? json_null() : json_boolean(push->committed == COMMIT_DONE);
}

/* blocking: without those that a reason overrides. */
static json_t *gates_json(const struct gates *gates, bool blocking)
{
	json_t *list = json_array();

	for (size_t i = 0; i < gates->n; i++) {
		const struct gate *gate = &gates->gate[i];

		if (blocking && gate->overridden)
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:b}", "id", gate->id, "answer", gate_answer_name(gate->answer),
						    "reason", msg_json(&gate->reason), "override",
						    gate_is_firm(gate->id) ? json_null() : json_sprintf("%s=REASON", gate->id),
						    "overridden", (int)gate->overridden));
	}
	return list;
}

static json_t *ticket_json(const struct push *push)
{
	return push->ticket && *push->ticket ? text_json(push->ticket) : json_null();
}

static json_t *hook_json(const struct push *push)
{
	if (push->hook != HOOK_TOLD && push->hook != HOOK_FAILED)
		return json_null();
	return json_pack("{s:s, s:o}", "state", push->hook == HOOK_TOLD ? "told" : "failed", "error", err_json(&push->hook_err));
}

json_t *push_to_json(const struct push *push)
{
	char domain[DNAME_TEXT_MAX];
	json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:{s:b, s:o, s:s?}, s:o, s:b, s:o}", "push", push->id, "plan",
		push->plan.id, "domain", dname_text(&push->plan.domain, domain), "account", push->plan.account ? push->plan.account : "",
		"provider", push->plan.provider ? push->plan.provider : "", "state", state_names[push->state], "steps", steps_json(push),
		"verified", "provider", push->provider_verified, "servers", served_to_json(&push->served), "others",
		served_others_name(&push->served), "safe_to_retire_old_hosts_at", app_time_json(push->safe_at), "undone", push->undone,
		"error", err_json(&push->err));

	if (push->phase == PHASE_PREVIEWED && push->state == PUSH_RUNNING)
		json_object_set_new(value, "state", json_string("planned"));
	if (push->err.code == ERR_BLOCKED)
		json_object_set_new(json_object_get(value, "error"), "gates", gates_json(&push->gates, true));
	json_object_set_new(value, "gates", gates_json(&push->gates, false));
	json_object_set_new(value, "published_at", app_time_json(push->published_at));
	json_object_set_new(value, "blind", json_boolean(push->blind));
	json_object_set_new(value, "unguarded", json_boolean(push->unguarded || push->uncounted));
	json_object_set_new(value, "old_answers", push->state == PUSH_PUBLISHED ? drain_to_json(&push->drain) : json_null());
	json_object_set_new(value, "stretched_until", app_time_json(push->tail_at));
	json_object_set_new(value, "unfinished", json_boolean(push->unfinished));
	json_object_set_new(value, "committed", committed_json(push));
	json_object_set_new(value, "written", json_integer(push->written));
	json_object_set_new(value, "written_at", app_time_json(push->written_at));
	json_object_set_new(value, "held", push->held_known ? mxset_to_json(&push->held) : json_null());
	json_object_set_new(value, "conflict", conflict_json(push));
	json_object_set_new(value, "note", text_json(push->note));
	json_object_set_new(value, "ticket", ticket_json(push));
	json_object_set_new(value, "revert_of", text_json(push->revert_of));
	json_object_set_new(value, "hook", hook_json(push));
	return value;
}

static json_t *event(const struct push_run *run, const char *what)
{
	return json_pack("{s:s, s:s, s:o}", "event", what, "push", run->push.id, "at", app_time_json(loop_now()));
}

bool push_journal_begin(struct push_run *run, struct err *err)
{
	json_t *begin = event(run, run->resume ? "resume" : "begin"), *overrides = json_array();

	for (size_t i = 0; i < run->n_override; i++)
		json_array_append_new(overrides, json_pack("{s:s, s:s}", "id", run->override[i].id, "reason", run->override[i].reason));
	json_object_set_new(begin, "plan", plan_to_json(&run->push.plan));
	json_object_set_new(begin, "overrides", overrides);
	json_object_set_new(begin, "undo", json_boolean(run->undo));
	json_object_set_new(begin, "revert_of", text_json(run->push.revert_of));
	json_object_set_new(begin, "note", text_json(run->push.note));
	json_object_set_new(begin, "ticket", ticket_json(&run->push));
	if (run->abandon)
		json_object_set_new(begin, "abandon", json_string(run->abandon));
	requests_note_push(run->app->requests, run->push.id);
	return store_journal_note(run->app->store, &run->push.plan.domain, begin, err);
}

/* The records as the provider kept them before the first request: what a rollback can put back. */
static json_t *held_json(const struct push_run *run)
{
	json_t *records = json_array();

	for (size_t i = 0; i < run->found.have.n; i++) {
		const struct provider_record *record = &run->found.have.record[i];
		char host[DNAME_TEXT_MAX];
		json_array_append_new(records, json_pack("{s:i, s:s, s:I, s:b, s:b}", "preference", (int)record->mx.preference, "host",
						       mx_host_text(&record->mx, host), "ttl", (json_int_t)record->ttl_s, "disabled",
						       record->disabled, "automatic", record->automatic));
	}
	return records;
}

/* Writes a line to the journal; `kept` is called when it is on disk. late: it may go to the disk together with others. */
static void keep(struct push_run *run, json_t *line, bool late, void (*kept)(void *data, const struct err *err))
{
	run->keeping =
		store_journal_keep(run->app->store, run->app->loop, &run->push.plan.domain, line, (struct store_kept){ kept, run, late });
}

void push_journal_request(struct push_run *run, size_t step, void (*kept)(void *data, const struct err *err))
{
	json_t *request = event(run, "request");

	json_object_set_new(request, "step", json_integer((json_int_t)step + 1));
	json_object_set_new(request, "title", msg_json(&run->push.step[step].title));
	json_object_set_new(request, "request", text_json(run->push.step[step].request));
	json_object_set_new(request, "writes", json_boolean(run->push.step[step].writes && !run->push.step[step].commit));
	if (run->push.step[step].commit)
		json_object_set_new(request, "commit", json_true());
	if (step == 0)
		json_object_set_new(request, "held", held_json(run));
	if (*run->mark && run->account.provider->writes_between)
		json_object_set_new(request, "mark", json_string(run->mark));
	keep(run, request, false, kept);
}

/* The answer's event can fail to be written only after the request has done what it did: the run goes on to read back. */
void push_journal_answer(struct push_run *run, size_t step, const struct err *failed)
{
	json_t *answer = event(run, "answer");
	struct err err = { 0 };

	json_object_set_new(answer, "step", json_integer((json_int_t)step + 1));
	json_object_set_new(answer, "http", run->push.step[step].http ? json_integer(run->push.step[step].http) : json_null());
	json_object_set_new(answer, "error", err_json(failed));
	json_object_set_new(answer, "fate", json_string(fate_names[run->push.step[step].fate]));
	if (!store_journal_note(run->app->store, &run->push.plan.domain, answer, &err))
		run->push.err = err;
}

void push_journal_end(struct push_run *run, void (*kept)(void *data, const struct err *err))
{
	json_t *end = event(run, "end"), *said = push_to_json(&run->push);

	json_object_update_missing(end, said);
	json_decref(said);
	if (run->abandon)
		json_object_set_new(end, "reason", json_string(run->abandon));
	keep(run, end, true, kept);
}

/* The push has its end in the journal already; where this line cannot be written, nothing that matters is lost. */
void push_journal_hook(struct push_run *run)
{
	json_t *told = event(run, "hook");

	json_object_set_new(told, "hook", hook_json(&run->push));
	store_journal_add(run->app->store, &run->push.plan.domain, told, NULL);
}
