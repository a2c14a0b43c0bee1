/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/exec.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/child.h"
#include "io/secret.h"
#include "base/banned.h"

#define READ_TRIES 3        /* a read that got no answer */
#define LIMIT_TRIES 5       /* a request that the vendor put off with 429 */
#define LIMIT_WAIT_MAX_S 10 /* a vendor that wants more is told to the user, who can resume; nobody stares at a still screen */
#define RUN_TIMEOUT_MS 60000
#define FILE_MAX ((size_t)64 << 20)

struct exec {
	struct app *app;
	struct provider_account account;
	struct provider_run run;
	struct exec_hooks hooks;
	exec_fn fn;
	void *data;
	char *key;
	char *base; /* the account's endpoint, as requests begin from it */
	struct request request;
	struct http_response response;
	struct str content; /* of a file that was read */
	struct http_exchange *exchange;
	struct child *child;
	struct loop_handle *timer;
	unsigned read_tries, limit_tries;
	bool dry, foreseen; /* dry: some writing request was answered by ourselves */
	bool missed;        /* the file that may be missing is */
	bool read_after_zones;
	struct secret *secret;
};

static void advance(struct exec *exec, const struct reply *reply);
static void dispatch(struct exec *exec);

void exec_free(struct exec *exec)
{
	if (!exec)
		return;
	secret_cancel(exec->secret);
	http_cancel(exec->exchange);
	child_cancel(exec->child);
	loop_cancel(exec->timer);
	if (exec->key)
		mem_wipe(exec->key, strlen(exec->key));
	free(exec->key);
	free(exec->base);
	request_release(&exec->request);
	http_response_release(&exec->response);
	str_release(&exec->content);
	provider_run_release(&exec->run);
	free(exec);
}

/* The caller may free exec in its callback. */
static void finish(struct exec *exec, const struct err *err)
{
	exec->fn(exec->data, &exec->run, err);
}

static void after(struct exec *exec, const struct exec_answer *answer)
{
	if (exec->hooks.after)
		exec->hooks.after(exec->data, &exec->request, answer);
}

/* Of what was done on this machine. */
static void after_local(struct exec *exec, const struct err *err)
{
	after(exec, &(struct exec_answer){ .sent = true, .err = err });
}

/* ---- what a request needs, kind by kind ---- */

static void retry_now(void *data)
{
	struct exec *exec = data;

	exec->timer = NULL;
	dispatch(exec);
}

static void too_busy(const struct exec *exec, int64_t until, struct err *err)
{
	struct str text;

	str_init(&text, 0);
	text_time(&text, until);
	err_set(err, ERR_NETWORK, N_("%s lets account %s ask no more before %s"), exec->account.provider->title, exec->account.name,
		text.s);
	err_hint(err, N_("Go on after that time."));
	str_release(&text);
}

enum wait { WAIT_NONE, WAIT_BEGUN, WAIT_TOO_LONG };

/* "Not now": 429, or a 503 that says when. */
static enum wait put_off(struct exec *exec, const struct http_response *response, struct err *err)
{
	uint32_t wait_s;

	if (response->status != 429 && !(response->status == 503 && http_response_header(response, "retry-after")))
		return WAIT_NONE;
	wait_s = http_retry_after_s(response, loop_now(), 5);
	if (wait_s <= LIMIT_WAIT_MAX_S && exec->limit_tries < LIMIT_TRIES) {
		exec->limit_tries++;
		exec->timer = loop_after(exec->app->loop, (uint64_t)wait_s * 1000, retry_now, exec);
		return WAIT_BEGUN;
	}
	too_busy(exec, loop_now() + wait_s, err);
	return WAIT_TOO_LONG;
}

/* A gateway in between failed, which asked for nothing to be changed. */
static bool read_spoiled(const struct exec *exec, const struct http_response *response)
{
	return !exec->request.writes && response->status >= 502 && response->status <= 504 &&
	       !http_response_header(response, "retry-after");
}

static bool once_more(struct exec *exec)
{
	if (++exec->read_tries >= READ_TRIES)
		return false;
	exec->timer = loop_after(exec->app->loop, 200u << exec->read_tries, retry_now, exec);
	return true;
}

static void http_done(void *data, const struct http_response *response, const struct err *err, bool sent)
{
	struct exec *exec = data;
	struct reply reply = { .http = response, .now = loop_now() };
	struct err busy = { 0 };
	enum wait wait;

	exec->exchange = NULL;
	after(exec, &(struct exec_answer){ response ? response->status : 0, sent, err });
	if (err) {
		/* Nothing left this machine, or nothing was asked to change: once more is safe. */
		if ((sent && exec->request.writes) || !once_more(exec))
			finish(exec, err);
		return;
	}
	if (read_spoiled(exec, response) && once_more(exec))
		return;
	wait = put_off(exec, response, &busy);
	if (wait == WAIT_TOO_LONG)
		finish(exec, &busy);
	else if (wait == WAIT_NONE)
		advance(exec, &reply);
}

static void file_answered(void *data)
{
	struct exec *exec = data;
	struct store_look seen;
	struct file_look look;
	struct reply reply = {
		.content = exec->missed ? NULL : exec->content.s, .content_len = exec->content.len, .look = &look, .now = loop_now()
	};

	store_look(exec->request.path, &seen);
	look = (struct file_look){ seen.exists, seen.directory, seen.readable, seen.links, seen.head, seen.n_head };

	exec->timer = NULL;
	advance(exec, &reply);
}

static void file_request(struct exec *exec)
{
	struct store_look look;
	struct err err = { 0 };
	bool ok;

	str_clear(&exec->content);
	if (exec->request.kind == REQUEST_FILE_LOOK) {
		exec->timer = loop_after(exec->app->loop, 0, file_answered, exec);
		return;
	}
	if (exec->request.kind == REQUEST_FILE_READ)
		ok = store_read_file(exec->request.path, FILE_MAX, &exec->content, &err);
	else
		ok = store_replace_file(exec->request.path, &exec->request.expect, &exec->request.content, &err);
	store_look(exec->request.path, &look);
	exec->missed = !ok && exec->request.may_miss && !look.exists;
	ok |= exec->missed;
	after_local(exec, ok ? NULL : &err);
	if (ok)
		exec->timer = loop_after(exec->app->loop, 0, file_answered, exec);
	else
		finish(exec, &err);
}

/* What the command said, its lines joined. */
static void add_said(struct str *out, const char *text)
{
	while (text && *(text += strspn(text, "\r\n"))) {
		size_t len = strcspn(text, "\r\n");

		str_add(out, out->len ? "; " : "");
		str_add_bytes(out, text, len);
		text += len;
	}
}

static void command_failed(const struct exec *exec, const struct child_result *result, struct err *err)
{
	struct str said;

	str_init(&said, CHILD_OUTPUT_MAX * 2);
	add_said(&said, result->diag);
	if (!said.len)
		add_said(&said, result->out);
	if (said.len)
		err_set(err, ERR_REFUSED, N_("the command of account %s ended with status %d: %s"), exec->account.name, result->status,
			said.s);
	else
		err_set(err, ERR_REFUSED, N_("the command of account %s ended with status %d and said nothing"), exec->account.name,
			result->status);
	str_release(&said);
}

static void run_done(void *data, const struct child_result *result, const struct err *err)
{
	struct exec *exec = data;
	struct reply reply = { .now = loop_now() };
	struct err failed = { 0 };

	exec->child = NULL;
	if (!err && result->status != 0) {
		command_failed(exec, result, &failed);
		err = &failed;
	}
	after_local(exec, err);
	if (err)
		finish(exec, err);
	else
		advance(exec, &reply);
}

static void run_request(struct exec *exec)
{
	struct err err = { 0 };
	char **words = child_argv(exec->request.command, &err);

	if (words)
		exec->child =
			child_run(exec->app->loop, &(struct child_job){ .words = words, .timeout_ms = RUN_TIMEOUT_MS }, run_done, exec);
	if (!words) {
		after_local(exec, &err);
		finish(exec, &err);
	}
	child_argv_free(words);
}

/* A dry run answers a writing request itself, as a vendor that agrees would, to see the next one. */
static void foresee(void *data)
{
	struct exec *exec = data;
	struct reply reply = { .http = &exec->response, .now = loop_now(), .foreseen = true };

	exec->timer = NULL;
	exec->foreseen = true;
	http_response_clear(&exec->response);
	exec->response.status = 200;
	str_add(&exec->response.body, "{}");
	advance(exec, &reply);
}

static bool changes_something(const struct request *request)
{
	if (request->writes)
		return true;
	if (request->kind == REQUEST_HTTP)
		return strcmp(request->http.method, "GET") != 0 && strcmp(request->http.method, "HEAD") != 0;
	return request->kind != REQUEST_FILE_READ && request->kind != REQUEST_FILE_LOOK;
}

static void dispatch(struct exec *exec)
{
	struct err err = { 0 };
	bool writes = changes_something(&exec->request);

	if (exec->dry && exec->foreseen && !writes) {
		finish(exec, NULL);
		return;
	}
	if (writes && exec->app->read_only && !exec->dry) {
		err_set(&err, ERR_USAGE, N_("read-only: nothing is written"));
		finish(exec, &err);
		return;
	}
	if (exec->request.kind != REQUEST_FILE_LOOK && exec->hooks.before && !exec->hooks.before(exec->data, &exec->request, &err)) {
		finish(exec, &err);
		return;
	}
	if (exec->dry && writes)
		exec->timer = loop_after(exec->app->loop, 0, foresee, exec);
	else if (exec->request.kind == REQUEST_HTTP)
		exec->exchange = http_send(app_http(exec->app), exec->base, &exec->request.http, exec->app->http_timeout_ms,
			(struct http_then){ http_done, exec });
	else if (exec->request.kind == REQUEST_RUN)
		run_request(exec);
	else
		file_request(exec);
}

/* ---- the run ---- */

static void begin_read(struct exec *exec)
{
	exec->read_after_zones = false;
	exec->run.goal = GOAL_READ;
	exec->run.stage = exec->run.page = exec->run.at = 0;
	if (exec->run.state && exec->account.provider->release_state)
		exec->account.provider->release_state(exec->run.state);
	exec->run.state = NULL;
	advance(exec, NULL);
}

static void advance(struct exec *exec, const struct reply *reply)
{
	struct err err = { 0 };
	enum step step;

	exec->read_tries = exec->limit_tries = 0;
	exec->run.now = loop_now();
	request_release(&exec->request);
	request_init(&exec->request);
	step = exec->account.provider->step(&exec->run, reply, &exec->request, &err);
	if (step == STEP_REQUEST)
		dispatch(exec);
	else if (step == STEP_FAILED)
		finish(exec, exec->dry && exec->foreseen ? NULL : &err);
	else if (exec->read_after_zones)
		begin_read(exec);
	else
		finish(exec, NULL);
}

static void key_done(void *data, const char *key, const struct err *err)
{
	struct exec *exec = data;

	exec->secret = NULL;
	if (!key) {
		finish(exec, err);
		return;
	}
	exec->key = mem_text(key);
	exec->account.key = exec->key;
	advance(exec, NULL);
}

static void begin(void *data)
{
	struct exec *exec = data;

	exec->timer = NULL;
	if (!exec->account.provider->needs_key || exec->account.key) {
		advance(exec, NULL);
		return;
	}
	exec->secret = secret_fetch(exec->app->loop, exec->account.source, key_done, exec);
}

static void know_zone(struct provider_run *run, const struct provider_run *found)
{
	run->zone = found->zone;
	memcpy(run->zone_id, found->zone_id, sizeof(run->zone_id));
	run->n_ns = found->n_ns;
	memcpy(run->ns, found->ns, sizeof(run->ns));
}

/* Without final slashes, and without the path of the API that people copy from its documentation. */
static char *base_of(const struct provider_account *account)
{
	const char *path = account->provider->api_path, *at;
	char *base = mem_text(account->endpoint);
	size_t len;

	at = path ? strstr(base, path) : NULL;
	if (at && (at[strlen(path)] == '/' || !at[strlen(path)]))
		base[at - base] = '\0';
	for (len = strlen(base); len && base[len - 1] == '/'; len--)
		base[len - 1] = '\0';
	return base;
}

struct exec *exec_start(struct app *app, const struct exec_task *task, exec_fn fn, void *data)
{
	struct exec *exec = mem_alloc(sizeof(*exec));

	exec->app = app;
	exec->account = *task->account;
	exec->base = base_of(task->account);
	provider_run_init(&exec->run, &exec->account, task->goal, task->owner);
	exec->read_after_zones = task->goal == GOAL_READ && !task->found;
	if (exec->read_after_zones)
		exec->run.goal = GOAL_ZONES;
	if (task->found)
		know_zone(&exec->run, task->found);
	exec->run.part = task->part;
	exec->run.guard = task->guard;
	exec->run.automatic = task->automatic;
	if (task->disabled)
		mxset_copy(&exec->run.disabled, task->disabled);
	if (task->goal == GOAL_WRITE) {
		for (size_t i = 0; i < task->found->have.n; i++)
			*provider_set_add(&exec->run.have) = task->found->have.record[i];
		memcpy(exec->run.have.mark, task->found->have.mark, sizeof(exec->run.have.mark));
		mxset_copy(&exec->run.want, task->want);
	}
	if (task->hooks)
		exec->hooks = *task->hooks;
	exec->dry = task->dry;
	exec->fn = fn;
	exec->data = data;
	request_init(&exec->request);
	http_response_init(&exec->response);
	str_init(&exec->content, FILE_MAX);
	exec->timer = loop_after(app->loop, 0, begin, exec);
	return exec;
}
