/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"

/* ---- the vendor's side of the run ---- */

static enum step step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	const struct scene *scene = run->account->source;
	const struct ask *ask;
	struct verdict answer;

	if (reply) {
		provider_judge(run->account, reply, &answer);
		if (answer.meaning != MEANING_ACCEPTED) {
			provider_fail(run->account, reply->http, &answer, err);
			return STEP_FAILED;
		}
	}
	ask = &scene->ask[run->stage++];
	if (!ask->path && !ask->command && !ask->file)
		return STEP_DONE;
	request->writes = ask->writes;
	request->wait_ms = ask->wait_ms;
	request->base = ask->base;
	msg_set(&request->title, "ask");
	if (ask->command) {
		request->kind = REQUEST_RUN;
		request->command = mem_text(ask->command);
		return STEP_REQUEST;
	}
	if (ask->file) {
		request->kind = REQUEST_FILE_READ;
		request->path = mem_text(ask->file);
		request->may_miss = ask->may_miss;
		return STEP_REQUEST;
	}
	request->kind = REQUEST_HTTP;
	http_request_set(&request->http, ask->method, "%s", ask->path);
	return STEP_REQUEST;
}

enum step drive_login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err)
{
	struct scene *scene = (struct scene *)(uintptr_t)run->account->source;
	struct verdict answer;
	char token[20];

	scene->login_off_s = run->now - loop_now();
	if (!reply) {
		request->kind = REQUEST_HTTP;
		http_request_set(&request->http, "GET", "%s", "/login");
		msg_set(&request->title, "log in");
		return STEP_REQUEST;
	}
	provider_judge(run->account, reply, &answer);
	if (answer.meaning != MEANING_ACCEPTED) {
		provider_fail(run->account, reply->http, &answer, err);
		return STEP_FAILED;
	}
	snprintf(token, sizeof(token), "token-%u", ++scene->logins);
	got->token = mem_text(token);
	got->until = scene->token_s ? loop_now() + scene->token_s : 0;
	return STEP_DONE;
}

bool drive_sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	struct scene *scene = (struct scene *)(uintptr_t)run->account->source;
	size_t len = strlen(scene->log);

	(void)request, (void)err;
	snprintf(scene->log + len, sizeof(scene->log) - len, "signed%+lld ", (long long)(now - loop_now()));
	return true;
}

/* ---- the server's ---- */

static void serve(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;
	const struct answer_of *answer;
	size_t len = strlen(scene->log);

	snprintf(scene->log + len, sizeof(scene->log) - len, "%s ", call->path);
	call->lost = true;
	call->text = "{}";
	if (!strcmp(call->path, "/login")) {
		call->http = scene->login_http;
		return;
	}
	answer = &scene->answer[scene->requests < ASKED ? scene->requests : ASKED];
	scene->requests++;
	call->http = answer->http ? answer->http : 200;
	call->drop = answer->drop;
	call->header = answer->header;
}

/* ---- the run's owner ---- */

static enum exec_word before(void *data, const struct request *request, struct err *err)
{
	struct scene *scene = data;

	(void)request;
	if (++scene->befores == scene->refuse_before) {
		err_set(err, ERR_FILE, "no journal");
		return EXEC_STOP;
	}
	if (scene->later)
		loop_stop(scene->lab.app.loop);
	return scene->later ? EXEC_LATER : EXEC_GO;
}

static bool leaves(void *data, const struct request *request, struct err *err)
{
	struct scene *scene = data;

	(void)request;
	scene->leaves++;
	return !scene->stay || err_set(err, ERR_INTERRUPTED, "it stays");
}

static void after(void *data, const struct request *request, const struct exec_answer *answer)
{
	struct scene *scene = data;

	(void)request;
	scene->afters++;
	scene->meaning = answer->meaning;
	scene->sent = answer->sent;
}

static void waits(void *data, const struct msg *why, int64_t until)
{
	struct scene *scene = data;

	if (!why) {
		scene->waits_over++;
		return;
	}
	scene->waits++;
	scene->wait_until = until - loop_now();
	snprintf(scene->why, sizeof(scene->why), "%s", lab_text(why));
	if (scene->wait_until > 1)
		loop_stop(scene->lab.app.loop);
}

static void done(void *data, const struct provider_run *run, const struct err *err)
{
	struct scene *scene = data;

	(void)run;
	scene->done++;
	scene->err = err ? *err : (struct err){ 0 };
	loop_stop(scene->lab.app.loop);
}

static const struct exec_hooks hooks = { before, leaves, after, waits };

int drive_setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	lab_open(&scene->lab, "powerdns", "");
	scene->lab.app.http_timeout_ms = 3000;
	scene->lab.vendor.hook = serve;
	scene->lab.vendor.data = scene;
	scene->provider = (struct provider){ .name = "own", .title = "Own", .step = step, .key_help = "the key of a test" };
	scene->key = "geheim";
	snprintf(scene->endpoint, sizeof(scene->endpoint), "http://127.0.0.1:%d", scene->lab.vendor.port);
	*state = scene;
	return 0;
}

int drive_teardown(void **state)
{
	struct scene *scene = *state;

	lab_close(&scene->lab);
	free(scene);
	return 0;
}

struct exec *drive_start(struct scene *scene, bool dry)
{
	struct provider_account account = {
		.provider = &scene->provider, .name = "lab", .endpoint = scene->endpoint, .key = scene->key, .source = scene
	};
	struct exec_task task = { .account = &account,
		.goal = scene->reads ? GOAL_READ : GOAL_VERIFY,
		.owner = &scene->lab.plan.domain,
		.hooks = &hooks,
		.dry = dry };

	return exec_start(&scene->lab.app, &task, done, scene);
}

void drive_forget(struct scene *scene)
{
	scene->requests = scene->befores = scene->afters = scene->waits = scene->waits_over = scene->done = 0;
	scene->log[0] = '\0';
	scene->err = (struct err){ 0 };
	accounts_release(&scene->lab.app);
}

void drive_one(struct scene *scene, bool dry)
{
	struct exec *exec;

	scene->done = 0;
	exec = drive_start(scene, dry);
	assert_int_equal(scene->done, 0);
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->done, 1);
	exec_free(exec);
}
