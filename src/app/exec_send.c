/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a request needs, kind by kind. */
#include <stdlib.h>
#include <string.h>

#include "app/exec_private.h"
#include "app/requests.h"
#include "base/i18n.h"
#include "base/banned.h"

#define RUN_TIMEOUT_MS 60000

/* Goes on after a file or a command of this machine; such a request counts as sent. */
static void after_local(struct exec *exec, const struct err *err)
{
	exec_after(exec, &(struct exec_answer){ .sent = true, .err = err });
}

/* What an exchange over HTTP or DNS ended with: an answer, or err. */
static void ended(struct exec *exec, const struct reply *reply, const struct err *err, bool sent)
{
	turn_end(&exec->turn);
	if (!err) {
		exec_answered(exec, reply);
		return;
	}
	exec_after(exec, &(struct exec_answer){ .sent = sent, .err = err });
	/* Nothing left this machine, or nothing was asked to change: once more is safe. */
	if ((sent && exec->out->writes) || !exec_once_more(exec))
		exec_finish(exec, err);
}

/* ---- HTTP ---- */

static void http_done(void *data, const struct http_response *response, const struct err *err, bool sent)
{
	struct exec *exec = data;
	struct reply reply = { .http = response, .now = loop_now() };

	exec->exchange = NULL;
	ended(exec, &reply, err, sent);
}

static void send_http(struct exec *exec)
{
	const char *ca_file = provider_setting(&exec->account, "ca_file");
	struct http_place place = { .base = exec->base, .ca_file = *ca_file ? ca_file : NULL, .timeout_ms = exec->app->http_timeout_ms };

	exec->out->http.keep = exec->account.provider->headers;
	exec->exchange = http_send(app_http(exec->app), &place, &exec->out->http, (struct http_then){ http_done, exec });
}

/* ---- DNS ---- */

static void dns_done(void *data, const struct str *answer, const struct err *err, bool sent)
{
	struct exec *exec = data;
	struct reply reply = { .content = answer ? answer->s : NULL,
		.content_len = answer ? answer->len : 0,
		.signature = &exec->out->signature,
		.account = &exec->account,
		.now = loop_now() };

	exec->dnstcp = NULL;
	ended(exec, &reply, err, sent);
}

static void send_dns(struct exec *exec)
{
	const struct dnstcp_message message = { exec->base, &exec->out->dns, exec->app->http_timeout_ms, exec->out->writes };

	exec->dnstcp = dnstcp_send(app_dnstcp(exec->app), &message, (struct dnstcp_then){ dns_done, exec });
}

/* ---- files and commands ---- */

static void file_answered(void *data)
{
	struct exec *exec = data;
	struct store_look seen;
	struct file_look look;
	struct reply reply = {
		.content = exec->missed ? NULL : exec->content.s, .content_len = exec->content.len, .look = &look, .now = loop_now()
	};

	store_look(exec->out->path, &seen);
	look = (struct file_look){ seen.exists, seen.directory, seen.readable, seen.links, seen.head, seen.n_head };
	exec->timer = NULL;
	exec_answered(exec, &reply);
}

static void send_file(struct exec *exec)
{
	struct request *request = exec->out;
	struct store_look look;
	struct err err = { 0 };
	bool ok;

	if (request->kind != REQUEST_FILE_WRITE)
		str_clear(&exec->content);
	if (request->kind == REQUEST_FILE_LOOK) {
		exec->timer = loop_after(exec->app->loop, 0, file_answered, exec);
		return;
	}
	if (request->kind == REQUEST_FILE_READ)
		ok = store_read_zone(request->path, &exec->content, &err);
	else
		ok = store_replace_file(request->path, &exec->content, &request->content, &err);
	if (request->kind == REQUEST_FILE_WRITE)
		str_clear(&exec->content);
	store_look(request->path, &look);
	exec->missed = !ok && request->may_miss && !look.exists;
	ok |= exec->missed;
	after_local(exec, ok ? NULL : &err);
	if (ok)
		exec->timer = loop_after(exec->app->loop, 0, file_answered, exec);
	else
		exec_finish(exec, &err);
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
		exec_finish(exec, err);
	else
		exec_answered(exec, &reply);
}

static void send_command(struct exec *exec)
{
	struct err err = { 0 };
	char **words = child_argv(exec->out->command, &err);

	if (words)
		exec->child =
			child_run(exec->app->loop, &(struct child_job){ .words = words, .timeout_ms = RUN_TIMEOUT_MS }, run_done, exec);
	if (!words) {
		after_local(exec, &err);
		exec_finish(exec, &err);
	}
	child_argv_free(words);
}

/* ---- their turn ---- */

static void stop(struct exec *exec, const struct err *err)
{
	turn_end(&exec->turn);
	exec_finish(exec, err);
}

static void leave(void *data)
{
	struct exec *exec = data;
	struct err err = { 0 };

	if (!exec->dry && exec->hooks.leaves && !exec->hooks.leaves(exec->data, exec->out, &err)) {
		stop(exec, &err);
		return;
	}
	exec->asked = requests_add(exec->app->requests, &exec->account, exec->out, exec->base);
	if (exec->out->kind == REQUEST_HTTP)
		send_http(exec);
	else if (exec->out->kind == REQUEST_DNS)
		send_dns(exec);
	else if (exec->out->kind == REQUEST_RUN)
		send_command(exec);
	else
		send_file(exec);
}

/* Sends the request that `before` has seen. A write waits for its turn only now, after its line is in the journal. */
void exec_go(struct exec *exec, const struct err *err)
{
	if (err) {
		stop(exec, err);
	} else if (exec->turn.account && exec->out->writes) {
		exec->turn.fn = leave;
		turn_to_write(&exec->turn);
	} else {
		leave(exec);
	}
}

static void ask_before(struct exec *exec)
{
	struct err err = { 0 };
	enum exec_word word = exec_before(exec, &err);

	if (word != EXEC_LATER)
		exec_go(exec, word == EXEC_STOP ? &err : NULL);
}

static bool has_base(struct exec *exec, struct err *err)
{
	free(exec->base);
	exec->base = provider_base(&exec->account, exec->out->base);
	return exec->base || err_set(err, ERR_USAGE, N_("%s (account %s) has no address for %s"), exec->account.provider->title,
				     exec->account.name, exec->out->base);
}

/* Sends the request. Its credentials are put in only now: they may have been renewed while it waited. */
static void its_turn(void *data)
{
	struct exec *exec = data;
	struct err err = { 0 };
	int64_t now = loop_now() + exec->shared->login.clock_offset_s;

	exec_goes_on(exec);
	exec->login = exec->shared->logins;
	if (has_base(exec, &err) && provider_dress(exec->logging_in ? &exec->login_run : &exec->run, exec->out, now, &err))
		ask_before(exec);
	else
		stop(exec, &err);
}

static void take_turn(struct exec *exec)
{
	char zone[DNAME_TEXT_MAX];

	exec->turn.writes = exec->out->writes;
	exec->turn.zone = pace_zone(dname_text(&exec->run.zone, zone));
	exec->turn.fn = its_turn;
	exec->turn.data = exec;
	turn_to_send(exec->shared, &exec->turn);
	if (!exec->turn.has)
		exec_waits(exec, account_wait_ms(exec->shared, &exec->turn), WAIT_PACE);
}

/* ---- all ---- */

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
	exec_answered(exec, &reply);
}

void exec_send(struct exec *exec)
{
	enum request_kind kind = exec->out->kind;
	bool remote = kind == REQUEST_HTTP || kind == REQUEST_DNS, foreseen = exec->dry && exec->out->writes;
	struct err err = { 0 };

	if (remote && !foreseen) {
		take_turn(exec);
		return;
	}
	if (kind == REQUEST_FILE_LOOK) {
		send_file(exec);
		return;
	}
	if (!foreseen) {
		ask_before(exec);
		return;
	}
	/* Shown as it would leave. */
	if ((remote && !provider_dress(&exec->run, exec->out, loop_now() + exec->shared->login.clock_offset_s, &err)) ||
		exec_before(exec, &err) == EXEC_STOP)
		exec_finish(exec, &err);
	else
		exec->timer = loop_after(exec->app->loop, 0, foresee, exec);
}
