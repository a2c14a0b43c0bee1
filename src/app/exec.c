/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The run: its steps, and what an answer means for them. */
#include "app/exec.h"

#include <stdlib.h>
#include <string.h>

#include "app/exec_private.h"
#include "app/requests.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "provider/shape.h"
#include "wire/zonetext.h"
#include "base/banned.h"

#define READ_TRIES 3        /* a read that got no answer */
#define TOLD_MS 1000        /* a wait that is worth a word; an operation takes many */
#define LIMIT_TRIES 5       /* a request that the vendor put off */
#define LIMIT_WAIT_MAX_S 10 /* a vendor that wants more is told to the user, who can resume; nobody stares at a still screen */
#define PACE_WAIT_MAX_S 300 /* the same, where it is we who keep the pace */
#define BUSY_WAIT_S 2       /* another change is at work, and nothing tells for how long */
#define THROTTLED_WAIT_S 5  /* likewise */

static void advance(struct exec *exec, const struct reply *reply);

void exec_free(struct exec *exec)
{
	if (!exec)
		return;
	if (exec->told && !exec->hooks.waits)
		exec_goes_on(exec);
	requests_give_up(exec->app->requests, exec->asked);
	account_key_cancel(&exec->key_wait);
	http_cancel(exec->exchange);
	dnstcp_cancel(exec->dnstcp);
	child_cancel(exec->child);
	loop_cancel(exec->timer);
	turn_end(&exec->turn);
	turn_end(&exec->alone);
	if (exec->key)
		mem_wipe(exec->key, strlen(exec->key));
	free(exec->key);
	free(exec->base);
	request_release(&exec->request);
	request_release(&exec->login_request);
	http_response_release(&exec->response);
	str_release(&exec->content);
	str_release(&exec->signature);
	if (exec->login_begun)
		provider_run_release(&exec->login_run);
	provider_run_release(&exec->run);
	free(exec);
}

void exec_finish(struct exec *exec, const struct err *err)
{
	turn_end(&exec->alone);
	exec->fn(exec->data, &exec->run, err);
}

void exec_after(struct exec *exec, const struct exec_answer *answer)
{
	requests_end(exec->app->requests, exec->asked, answer->http, answer->err);
	if (exec->hooks.after)
		exec->hooks.after(exec->data, exec->out, answer);
}

enum exec_word exec_before(struct exec *exec, struct err *err)
{
	return exec->hooks.before ? exec->hooks.before(exec->data, exec->out, err) : EXEC_GO;
}

/* ---- again ---- */

/* Tells who looks on why nothing moves. */
static void tell_wait(struct exec *exec, const struct msg *why, int64_t until)
{
	exec->told = why != NULL;
	if (exec->hooks.waits)
		exec->hooks.waits(exec->data, why, until);
	else if (exec->app->waits)
		exec->app->waits(exec->app->waits_data, why);
}

void exec_waits(struct exec *exec, uint64_t ms, enum exec_wait why)
{
	int64_t until = loop_now() + (int64_t)(ms + 999) / 1000;
	struct str text;
	struct msg msg;

	exec->waiting = true;
	if (why == WAIT_AGAIN || (ms < TOLD_MS && why != WAIT_OPERATION))
		return;
	str_init(&text, 0);
	text_time(&text, until);
	msg_set(&msg,
		why == WAIT_THROTTLED ? N_("%s lets account %s ask no more before %s")
		: why == WAIT_BUSY    ? N_("%s (account %s) is still at work on another change, and is asked again at %s")
		: why == WAIT_PACE    ? N_("%s takes no more requests of account %s for now: the next leaves at %s or later")
				      : N_("%s (account %s) is still carrying the change out, and is asked again at %s"),
		exec->account.provider->title, exec->account.name, text.s);
	str_release(&text);
	tell_wait(exec, &msg, until);
}

void exec_goes_on(struct exec *exec)
{
	exec->waiting = false;
	if (exec->told)
		tell_wait(exec, NULL, 0);
}

static void retry_now(void *data)
{
	struct exec *exec = data;

	exec->timer = NULL;
	exec_goes_on(exec);
	exec_dispatch(exec);
}

static void wait_for(struct exec *exec, uint64_t ms, enum exec_wait why)
{
	exec_waits(exec, ms, why);
	exec->timer = loop_after(exec->app->loop, ms, retry_now, exec);
}

static void stopped(void *data)
{
	struct exec *exec = data;
	struct err err = { 0 };

	exec->timer = NULL;
	err_set(&err, ERR_INTERRUPTED, N_("stopped on request"));
	exec_finish(exec, &err);
}

bool exec_stop(struct exec *exec)
{
	if (!exec->waiting)
		return false;
	exec_goes_on(exec);
	loop_cancel(exec->timer);
	turn_end(&exec->turn);
	exec->timer = loop_after(exec->app->loop, 0, stopped, exec);
	return true;
}

/* Ends for now; until is 0 where nobody said when to go on. */
static void too_busy(const struct exec *exec, int64_t until, struct err *err)
{
	struct str text;

	if (!until) {
		err_set(err, ERR_NETWORK, N_("%s lets account %s ask no more for now"), exec->account.provider->title, exec->account.name);
		return;
	}
	str_init(&text, 0);
	text_time(&text, until);
	err_set(err, ERR_NETWORK, N_("%s lets account %s ask no more before %s"), exec->account.provider->title, exec->account.name,
		text.s);
	err_hint(err, N_("Go on after that time."));
	str_release(&text);
}

/* The vendor said "not now". While this run waits, all other requests of the account wait as well. */
static void put_off(struct exec *exec, const struct verdict *answer)
{
	bool busy = answer->meaning == MEANING_BUSY;
	uint32_t wait_s = answer->wait_s ? answer->wait_s : busy ? BUSY_WAIT_S : THROTTLED_WAIT_S;
	struct err err = { 0 };

	if (wait_s > LIMIT_WAIT_MAX_S || exec->limit_tries >= LIMIT_TRIES) {
		too_busy(exec, answer->wait_s ? loop_now() + wait_s : 0, &err);
		exec_finish(exec, &err);
		return;
	}
	exec->limit_tries++;
	if (!busy)
		account_block(exec->shared, loop_ms() + (uint64_t)wait_s * 1000);
	wait_for(exec, (uint64_t)wait_s * 1000, busy ? WAIT_BUSY : answer->wait_s ? WAIT_THROTTLED : WAIT_PACE);
}

bool exec_once_more(struct exec *exec)
{
	if (++exec->read_tries >= READ_TRIES)
		return false;
	wait_for(exec, 200u << exec->read_tries, WAIT_AGAIN);
	return true;
}

/* Did a gateway between us and the vendor fail at a read? A read can be sent again. */
static bool is_spoiled(const struct exec *exec, const struct reply *reply, const struct verdict *answer)
{
	return reply->http && !exec->out->writes && answer->meaning == MEANING_FAILED && reply->http->status >= 502 &&
	       reply->http->status <= 504;
}

/* ---- the run ---- */

/* Would the pace of the account make this request wait longer than a person would? */
static bool waits_too_long(struct exec *exec, struct err *err)
{
	struct turn turn = { .writes = exec->out->writes };
	uint64_t wait_ms = account_wait_ms(exec->shared, &turn);

	if (exec->out->kind != REQUEST_HTTP || wait_ms <= PACE_WAIT_MAX_S * 1000)
		return false;
	too_busy(exec, loop_now() + (int64_t)(wait_ms / 1000), err);
	return true;
}

static bool may_go(struct exec *exec, struct err *err)
{
	if (exec->out->writes && exec->app->read_only && !exec->dry)
		return err_set(err, ERR_USAGE, N_("read-only: nothing is written"));
	return !waits_too_long(exec, err);
}

void exec_dispatch(struct exec *exec)
{
	uint32_t wait_ms = exec->out->wait_ms;
	struct err err = { 0 };

	if (exec->first && !exec->logging_in) {
		exec->first = false;
		advance(exec, NULL);
		return;
	}
	exec->out->wait_ms = 0;
	if (exec->dry && exec->foreseen && !exec->out->writes)
		exec_finish(exec, NULL);
	else if (!may_go(exec, &err))
		exec_finish(exec, &err);
	else if (exec_needs_login(exec))
		exec_log_in(exec);
	else if (wait_ms)
		wait_for(exec, wait_ms, WAIT_OPERATION);
	else
		exec_send(exec);
}

void exec_answered(struct exec *exec, const struct reply *reply)
{
	struct verdict answer;
	struct reply judged = *reply;
	uint32_t told_s = reply->http ? pace_told_s(exec->account.provider->quota, reply->http, reply->now) : 0;

	if (reply->http)
		pace_tell(&exec->shared->told, exec->account.provider->quota, reply->http, reply->now);
	provider_judge(&exec->account, reply, &answer);
	judged.verdict = &answer;
	if (told_s)
		account_block(exec->shared, loop_ms() + (uint64_t)told_s * 1000);
	if ((reply->http || reply->account) && !reply->foreseen)
		exec_after(exec,
			&(struct exec_answer){ .http = reply->http ? reply->http->status : 0, .sent = true, .meaning = answer.meaning });
	if (is_spoiled(exec, reply, &answer) && exec_once_more(exec))
		return;
	if (answer.meaning == MEANING_AUTH)
		account_key_forget(exec->shared);
	if (answer.meaning == MEANING_THROTTLED || answer.meaning == MEANING_BUSY)
		put_off(exec, &answer);
	else if (answer.meaning == MEANING_AUTH && exec_renew(exec, reply))
		exec_dispatch(exec);
	else if (exec->logging_in)
		exec_login_step(exec, &judged);
	else
		advance(exec, &judged);
}

static void begin_read(struct exec *exec)
{
	exec->read_after_zones = false;
	turn_end(&exec->alone);
	exec->run.goal = GOAL_READ;
	exec->run.stage = exec->run.page = exec->run.at = 0;
	provider_run_forget(&exec->run);
	advance(exec, NULL);
}

static void advance(struct exec *exec, const struct reply *reply)
{
	struct reply with = reply ? *reply : (struct reply){ 0 };
	struct err err = { 0 };
	enum step step;

	exec->read_tries = exec->limit_tries = 0;
	exec->again = false;
	exec->run.now = loop_now();
	str_clear(&exec->signature);
	str_add_bytes(&exec->signature, exec->request.signature.s, exec->request.signature.len);
	with.signature = &exec->signature;
	request_release(&exec->request);
	request_init(&exec->request);
	exec->out = &exec->request;
	step = exec->account.provider->step(&exec->run, reply ? &with : NULL, &exec->request, &err);
	if (step == STEP_REQUEST)
		exec_dispatch(exec);
	else if (step == STEP_FAILED)
		exec_finish(exec, exec->dry && exec->foreseen ? NULL : &err);
	else if (exec->read_after_zones && !exec->run.has_read)
		begin_read(exec);
	else
		exec_finish(exec, NULL);
}

/* Logs in first where it has to: the login may tell what belongs into the first path. */
static void first_step(struct exec *exec)
{
	exec->first = exec_needs_login(exec);
	if (exec->first)
		exec_log_in(exec);
	else
		advance(exec, NULL);
}

static void zones_turn(void *data)
{
	first_step(data);
}

/* Begins the first step. Where all zones have to be listed, one run of the account lists them for the others. */
static void begin_run(struct exec *exec)
{
	const struct shape *shape = exec->account.provider->shape;

	if (!exec->read_after_zones || !shape || !shape->zone_list.path || (exec->shared->zones.whole && !exec->shared->zones_old)) {
		first_step(exec);
		return;
	}
	exec->alone.fn = zones_turn;
	exec->alone.data = exec;
	turn_alone(exec->shared, &exec->alone);
}

/* ---- the key ---- */

static bool is_sound(const struct exec *exec, struct err *err)
{
	const struct provider *provider = exec->account.provider;
	const char *key = exec->account.key;
	unsigned lines = 0;

	for (const char *at = key; at && *at; at += strcspn(at, "\r\n"), at += strspn(at, "\r\n"))
		lines++;
	if (provider->key_lines == KEY_WHOLE || (provider->key_lines && lines <= provider->key_lines))
		return true;
	if (!provider->key_lines && !strpbrk(key, " \t\r\n"))
		return true;
	if (provider->key_lines)
		return err_set(
			err, ERR_USAGE, N_("the key of account %s has more lines than %s takes"), exec->account.name, provider->title);
	return err_set(err, ERR_USAGE, N_("the key of account %s is not one word"), exec->account.name);
}

static void key_known(struct exec *exec)
{
	struct err err = { 0 };

	if (is_sound(exec, &err))
		begin_run(exec);
	else
		exec_finish(exec, &err);
}

static void key_done(void *data, const char *key, const struct err *err)
{
	struct exec *exec = data;

	if (!key) {
		exec_finish(exec, err);
		return;
	}
	exec->key = mem_text(key);
	exec->account.key = exec->key;
	key_known(exec);
}

static void begin(void *data)
{
	struct exec *exec = data;

	exec->timer = NULL;
	if (!exec->account.provider->key_help)
		begin_run(exec);
	else if (exec->account.key)
		key_known(exec);
	else
		account_key(exec->shared, exec->account.source, &exec->key_wait);
}

struct exec *exec_start(struct app *app, const struct exec_task *task, exec_fn fn, void *data)
{
	struct exec *exec = mem_alloc(sizeof(*exec));

	exec->app = app;
	exec->account = *task->account;
	exec->shared = account_of(app, task->account);
	exec->account.login = &exec->shared->login;
	exec->account.zones = &exec->shared->zones;
	provider_run_init(&exec->run, &exec->account, task->goal, task->owner);
	exec->read_after_zones = task->goal == GOAL_READ && !task->found;
	if (exec->read_after_zones)
		exec->run.goal = GOAL_ZONES;
	if (task->found)
		provider_run_know(&exec->run, task->found);
	exec->run.part = task->part;
	exec->run.guard = task->guard;
	exec->run.automatic = task->automatic;
	exec->run.marked = task->marked;
	if (task->disabled)
		mxset_copy(&exec->run.disabled, task->disabled);
	if (task->goal == GOAL_WRITE) {
		provider_set_copy(&exec->run.have, &task->found->have);
		mxset_copy(&exec->run.want, task->want);
	}
	if (task->hooks)
		exec->hooks = *task->hooks;
	exec->dry = task->dry;
	exec->fn = fn;
	exec->data = data;
	request_init(&exec->request);
	request_init(&exec->login_request);
	exec->key_wait = (struct key_wait){ .fn = key_done, .data = exec };
	exec->out = &exec->request;
	str_init(&exec->signature, 0);
	http_response_init(&exec->response);
	str_init(&exec->content, ZONETEXT_MAX);
	exec->timer = loop_after(app->loop, 0, begin, exec);
	return exec;
}
