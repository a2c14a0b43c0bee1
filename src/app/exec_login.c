/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The login that all runs of an account share, and what is tried once where credentials are refused. */
#include "app/exec_private.h"
#include "base/banned.h"

#define TOKEN_SPARE_S 60 /* a token that ends so soon is asked for anew */
#define CLOCK_OFF_S 60   /* a signature may be refused for a clock that is off by so much */

/* The vendor's clock, by the Date of its answer; 0: none was told. */
static int64_t clock_offset(const struct reply *reply)
{
	int64_t at;

	return http_response_date(reply->http, &at) ? at - reply->now : 0;
}

/* Refused credentials may be a token that has ended, or a signature by a clock that is off: once more with new ones. */
bool exec_renew(struct exec *exec, const struct reply *reply)
{
	const struct provider *provider = exec->account.provider;
	struct account *shared = exec->shared;
	int64_t offset = provider->sign && reply->http ? clock_offset(reply) - shared->login.clock_offset_s : 0;

	if (exec->again || exec->logging_in || exec->out->open)
		return false;
	exec->again = true;
	if (provider->login) { /* another run may be logging in anew already */
		if (exec->login == shared->logins)
			shared->logged_in = false;
		return true;
	}
	if (offset > -CLOCK_OFF_S && offset < CLOCK_OFF_S)
		return false;
	shared->login.clock_offset_s += offset;
	return true;
}

bool exec_needs_login(const struct exec *exec)
{
	const struct account *shared = exec->shared;
	int64_t now = loop_now() + shared->login.clock_offset_s;

	if (!exec->account.provider->login || exec->logging_in || exec->out->open)
		return false;
	return !shared->logged_in || shared->login_of != exec->account.source ||
	       (shared->login.until && shared->login.until - TOKEN_SPARE_S <= now);
}

static void end_login(struct exec *exec)
{
	exec->logging_in = false;
	exec->out = &exec->request;
	if (!exec->read_after_zones)
		turn_end(&exec->alone);
}

void exec_login_step(struct exec *exec, const struct reply *reply)
{
	struct provider_login got = { 0 };
	struct err err = { 0 };
	enum step step;

	exec->login_run.now = loop_now() + exec->shared->login.clock_offset_s;
	request_release(&exec->login_request);
	request_init(&exec->login_request);
	step = exec->account.provider->login(&exec->login_run, reply, &exec->login_request, &got, &err);
	if (step == STEP_REQUEST) {
		exec->out = &exec->login_request;
		exec_dispatch(exec);
		return;
	}
	end_login(exec);
	if (step == STEP_FAILED) {
		provider_login_release(&got);
		exec_finish(exec, &err);
		return;
	}
	provider_login_release(&exec->shared->login);
	exec->shared->login = got;
	exec->shared->logged_in = true;
	exec->shared->login_of = exec->account.source;
	exec->shared->logins++;
	exec_dispatch(exec);
}

/* This run alone may log in now. Another run may have done so while this one waited. */
static void login_turn(void *data)
{
	struct exec *exec = data;

	if (!exec_needs_login(exec)) {
		end_login(exec);
		exec_dispatch(exec);
		return;
	}
	if (exec->login_begun)
		provider_run_release(&exec->login_run);
	provider_run_init(&exec->login_run, &exec->account, GOAL_VERIFY, &exec->run.owner);
	exec->login_begun = exec->logging_in = true;
	exec_login_step(exec, NULL);
}

void exec_log_in(struct exec *exec)
{
	if (exec->alone.account && exec->alone.has) { /* it lists the zones: it is alone already */
		login_turn(exec);
		return;
	}
	exec->alone.fn = login_turn;
	exec->alone.data = exec;
	turn_alone(exec->shared, &exec->alone);
}
