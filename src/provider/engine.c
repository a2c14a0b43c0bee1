/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two engines: what each does with a goal, and the writing calls. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/engine.h"
#include "base/banned.h"

#define WAIT_MOST_S 300

enum write_stage { WRITE_CALLS, WRITE_WAITS };

/* ---- verify ---- */

static enum step ask_key(struct provider_run *run, const struct shape_list *list, struct request *request)
{
	engine_first(run);
	engine_ask(run, list, request);
	msg_set(&request->title, N_("ask whether the key is good"));
	return STEP_REQUEST;
}

static void take_told(struct provider_run *run, const struct reply *reply, const json_t *json)
{
	const struct shape *shape = engine_shape(run);
	const char *rights = shape->verified_rights ? http_response_header(reply->http, shape->verified_rights) : NULL;
	char scratch[24];

	if (shape->verified_who)
		text_copy(run->told.who, sizeof run->told.who, shape_text(json, shape->verified_who, scratch));
	if (shape->verified_until)
		text_copy(run->told.until, sizeof run->told.until, shape_text(json, shape->verified_until, scratch));
	text_copy(run->told.rights, sizeof run->told.rights, rights ? rights : "");
}

static bool may_ask_else(const struct provider_run *run, const struct reply *reply)
{
	const struct shape *shape = engine_shape(run);
	struct verdict answer;

	if (run->stage || !shape->verify_else.path || !*provider_setting(run->account, shape->verify_else_with))
		return false;
	provider_judge(run->account, reply, &answer);
	return answer.meaning != MEANING_ACCEPTED && reply->http->status < 500;
}

static enum step verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct shape *shape = engine_shape(run);
	const struct shape_list *list = run->stage ? &shape->verify_else : &shape->verify;
	const json_t *rows;
	json_t *json;
	bool ok;

	if (!reply)
		return ask_key(run, list, request);
	if (may_ask_else(run, reply)) {
		run->stage = 1;
		return ask_key(run, &shape->verify_else, request);
	}
	json = engine_open(run, list, reply, &rows, err);
	ok = json && (!shape->verified || shape->verified(run, json, err));
	if (ok)
		take_told(run, reply, json);
	json_decref(json);
	return ok ? STEP_DONE : STEP_FAILED;
}

/* ---- one call ---- */

static void begin_call(struct provider_run *run, const struct shape_call *call, json_t *body, struct request *request)
{
	char *path = shape_fill(run, call->path, false);

	shape_request(run, request, call->method, path);
	free(path);
	if (body)
		shape_body(run, request, body);
	request->writes = true;
}

static bool is_documented(const struct shape_call *call, int status)
{
	if (!call->status[0])
		return status >= 200 && status < 300;
	for (size_t i = 0; i < sizeof call->status / sizeof *call->status; i++)
		if (call->status[i] && call->status[i] == status)
			return true;
	return false;
}

/* Did the vendor take the call? Only its documented status counts, with a body that can be read, if there is one. */
static bool took(struct provider_run *run, const struct shape_call *call, const struct reply *reply, struct err *err)
{
	struct verdict answer;
	bool readable = true;
	json_t *json;

	provider_judge(run->account, reply, &answer);
	if (answer.meaning != MEANING_ACCEPTED)
		return vendor_refused(run, reply, &answer, err);
	if (is_documented(call, reply->http->status) && reply->http->body.len) {
		json = vendor_load(run, reply);
		readable = json != NULL;
		json_decref(json);
	}
	return (readable && is_documented(call, reply->http->status)) || vendor_odd(run, err) != STEP_FAILED;
}

/* ---- an operation that goes on ---- */

static enum step ask_operation(struct provider_run *run, struct request *request)
{
	const struct shape_wait *wait = &engine_shape(run)->wait;
	char *path = shape_fill(run, wait->path, false);

	run->stage = WRITE_WAITS;
	shape_request(run, request, "GET", path);
	free(path);
	request->wait_ms = wait->every_ms;
	msg_set(&request->title, N_("wait for the change"));
	return STEP_REQUEST;
}

/* Does the accepted call's answer name an operation? Then it is asked for. */
static bool must_wait(struct provider_run *run, const struct reply *reply)
{
	const struct shape_wait *wait = &engine_shape(run)->wait;
	struct vendor_state *state = vendor_state(run);
	char scratch[24];
	json_t *json;

	if (!wait->path || reply->foreseen)
		return false;
	json = vendor_load(run, reply);
	free(state->operation);
	state->operation = mem_text(shape_text(json, wait->id, scratch));
	json_decref(json);
	state->waiting = run->now;
	return *state->operation;
}

enum waited { WAITED, WAITED_FAILED, WAIT_MORE };

static enum waited take_operation(struct provider_run *run, const struct reply *reply, struct err *err)
{
	const struct shape_wait *wait = &engine_shape(run)->wait;
	json_t *json = vendor_json(run, reply, err);
	struct verdict answer = { .meaning = MEANING_REFUSED };
	enum waited waited = WAIT_MORE;
	char scratch[24], span[TEXT_SPAN_MAX];
	const char *state = shape_text(json, wait->state, scratch);

	if (!json) {
		waited = WAITED_FAILED;
	} else if (!strcmp(state, wait->done)) {
		waited = WAITED;
	} else if (wait->failed && !strcmp(state, wait->failed)) {
		vendor_sentence(&answer, wait->reason ? shape_text(json, wait->reason, scratch) : "");
		provider_fail(run->account, reply->http, &answer, err);
		waited = WAITED_FAILED;
	} else if (run->now - vendor_state(run)->waiting > WAIT_MOST_S) {
		err_set(err, ERR_NETWORK, N_("%s (account %s) took the change, but has not carried it out after %s"),
			run->account->provider->title, run->account->name, text_span(WAIT_MOST_S, span));
		waited = WAITED_FAILED;
	}
	json_decref(json);
	return waited;
}

/* ---- record by record ---- */

static const struct shape_call *call_of(const struct shape *shape, enum vendor_verb verb)
{
	return verb == VENDOR_ADD ? &shape->add : verb == VENDOR_CHANGE ? &shape->change : &shape->remove;
}

static bool is_ttl_alone(const struct provider_run *run, const struct vendor_change *change)
{
	for (size_t i = 0; i < run->have.n; i++)
		if (!strcmp(run->have.record[i].id, change->id))
			return mx_equal(&run->have.record[i].mx, &change->mx);
	return false;
}

static void title_of(const struct provider_run *run, const struct vendor_change *change, struct msg *title)
{
	unsigned preference = (unsigned)change->mx.preference;
	char host[DNAME_TEXT_MAX];

	mx_host_text(&change->mx, host);
	if (change->verb == VENDOR_ADD)
		msg_set(title, N_("add MX %u %s"), preference, host);
	else if (change->verb == VENDOR_CHANGE && is_ttl_alone(run, change))
		msg_set(title, N_("give MX %u %s the TTL %u"), preference, host, (unsigned)change->ttl_s);
	else if (change->verb == VENDOR_CHANGE)
		msg_set(title, N_("turn record %s into MX %u %s"), change->id, preference, host);
	else
		msg_set(title, N_("remove MX %u %s"), preference, host);
}

static enum step ask_change(struct provider_run *run, struct request *request)
{
	const struct shape *shape = engine_shape(run);
	struct vendor_state *state = vendor_state(run);
	const struct vendor_change *change;

	run->stage = WRITE_CALLS;
	if (run->at >= state->n)
		return STEP_DONE;
	change = &state->change[run->at++];
	free(state->id);
	state->id = mem_text(change->id);
	begin_call(run, call_of(shape, change->verb),
		change->verb != VENDOR_REMOVE || shape->remove_has_body ? shape->body(run, change) : NULL, request);
	if (change->verb != VENDOR_ADD)
		memcpy(change->verb == VENDOR_REMOVE ? request->removed : request->changed, change->id, sizeof change->id);
	title_of(run, change, &request->title);
	return STEP_REQUEST;
}

/* A record that is gone already is removed. What was made or changed must be what the answer shows. */
static bool took_change(struct provider_run *run, const struct reply *reply, struct err *err)
{
	const struct vendor_change *change = &vendor_state(run)->change[run->at - 1];
	const struct shape_call *call = call_of(engine_shape(run), change->verb);
	struct verdict answer;
	json_t *json;
	bool ok;

	provider_judge(run->account, reply, &answer);
	if (reply->foreseen || (change->verb == VENDOR_REMOVE && answer.meaning == MEANING_GONE))
		return true;
	if (!took(run, call, reply, err))
		return false;
	if (!call->record)
		return true;
	json = vendor_load(run, reply);
	ok = engine_row_is(run, shape_at(json, call->record), change);
	json_decref(json);
	return ok || vendor_odd(run, err) != STEP_FAILED;
}

static enum step ask_batch(struct provider_run *run, struct request *request)
{
	const struct shape *shape = engine_shape(run);
	const struct vendor_state *state = vendor_state(run);
	char text[DNAME_TEXT_MAX];

	if (!state->n)
		return STEP_DONE;
	run->stage = WRITE_CALLS;
	run->at = (unsigned)state->n;
	begin_call(run, &shape->batch, shape->batch_body(run, state->change, state->n), request);
	msg_set(&request->title, N_("change the MX records of %s in one batch"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

static enum step write_records(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	bool batch = run->account->provider->caps & CAP_BATCH;
	enum waited waited;

	if (!reply) {
		if (!vendor_check_want(run, err) || !vendor_changes(run, err))
			return STEP_FAILED;
		return batch ? ask_batch(run, request) : ask_change(run, request);
	}
	if (run->stage == WRITE_WAITS) {
		waited = take_operation(run, reply, err);
		return waited == WAITED ? ask_change(run, request) : waited == WAIT_MORE ? ask_operation(run, request) : STEP_FAILED;
	}
	if (!(batch ? reply->foreseen || took(run, &engine_shape(run)->batch, reply, err) : took_change(run, reply, err)))
		return STEP_FAILED;
	run->wrote = true;
	return must_wait(run, reply) ? ask_operation(run, request) : ask_change(run, request);
}

/* ---- the set as one ---- */

/* Would the set be empty? Records that stay unpublished count. */
static bool is_empty(const struct provider_run *run)
{
	size_t kept = run->disabled.n;

	for (size_t i = 0; i < run->have.n; i++)
		kept += run->have.record[i].disabled;
	return !run->want.n && !kept;
}

static const struct shape_call *set_call(const struct provider_run *run)
{
	const struct shape *shape = engine_shape(run);

	if (is_empty(run) && shape->clear.path)
		return &shape->clear;
	return !run->have.n && shape->create.path ? &shape->create : &shape->replace;
}

static enum step ask_set(struct provider_run *run, struct request *request)
{
	const struct shape *shape = engine_shape(run);
	const struct shape_call *call = set_call(run);
	char text[DNAME_TEXT_MAX];

	run->stage = WRITE_CALLS;
	if (shape->next) {
		if (!shape->next(run, run->at++, request))
			return STEP_DONE;
		request->writes = true;
	} else {
		if (run->at++)
			return STEP_DONE;
		begin_call(run, call, call == &shape->clear ? NULL : shape->set_body(run), request);
	}
	if (request->title.id)
		return STEP_REQUEST;
	if (run->want.n)
		msg_set(&request->title, N_("replace the MX set of %s"), dname_text(&run->owner, text));
	else
		msg_set(&request->title, N_("delete the MX set of %s"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	static const struct shape_call any = { .method = NULL };
	const struct shape *shape = engine_shape(run);
	enum waited waited;

	if (!reply) {
		if (vendor_is_wanted(run) && !run->automatic)
			return STEP_DONE;
		run->at = 0;
		return vendor_check_want(run, err) && vendor_check_locked(run, err) ? ask_set(run, request) : STEP_FAILED;
	}
	if (run->stage == WRITE_WAITS) {
		waited = take_operation(run, reply, err);
		return waited == WAITED ? ask_set(run, request) : waited == WAIT_MORE ? ask_operation(run, request) : STEP_FAILED;
	}
	if (!reply->foreseen && !took(run, shape->next ? &any : set_call(run), reply, err))
		return STEP_FAILED;
	run->wrote = true;
	return must_wait(run, reply) ? ask_operation(run, request) : ask_set(run, request);
}

/* ---- the last call ---- */

static enum step commit(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct shape_call *call = &engine_shape(run)->commit;
	char text[DNAME_TEXT_MAX];

	if (reply)
		return reply->foreseen || took(run, call, reply, err) ? STEP_DONE : STEP_FAILED;
	if (!call->path)
		return STEP_DONE;
	begin_call(run, call, NULL, request);
	msg_set(&request->title, N_("publish the zone %s"), dname_text(&run->zone, text));
	return STEP_REQUEST;
}

typedef enum step (*write_fn)(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err);

static enum step drive(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err, write_fn write)
{
	switch (run->goal) {
	case GOAL_VERIFY:
		return verify(run, reply, request, err);
	case GOAL_ZONES:
		return engine_zones(run, reply, request, err);
	case GOAL_READ:
		return engine_read(run, reply, request, err);
	case GOAL_WRITE:
		return write(run, reply, request, err);
	case GOAL_COMMIT:
		break;
	}
	return commit(run, reply, request, err);
}

enum step engine_records(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	return drive(run, reply, request, err, write_records);
}

enum step engine_rrset(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	return drive(run, reply, request, err, write_set);
}
