/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside an exec. Only exec*.c include this. */
#ifndef APP_EXEC_PRIVATE_H
#define APP_EXEC_PRIVATE_H

#include "app/account_key.h"
#include "app/exec.h"
#include "io/child.h"
#include "io/dnstcp.h"

struct exec {
	struct app *app;
	struct provider_account account;
	struct account *shared; /* what all runs of the account have together */
	struct provider_run run;
	struct exec_hooks hooks;
	exec_fn fn;
	void *data;
	char *key;
	char *base; /* of the request that leaves */
	struct request request, login_request;
	struct request *out;  /* the one of the two that is at work */
	struct str signature; /* of the request that was answered */
	struct http_response response;
	struct str content; /* of a file that was read */
	struct http_exchange *exchange;
	struct dnstcp *dnstcp;
	struct child *child;
	struct loop_handle *timer;
	struct turn turn, alone;
	unsigned read_tries, limit_tries;
	bool waiting, told; /* to send; and somebody was told so */
	bool dry, foreseen; /* dry: some writing request was answered by ourselves */
	bool missed;        /* the file that may be missing is */
	bool read_after_zones;
	struct key_wait key_wait;
	uint64_t asked; /* number of the request that is waited for (app/requests.h); 0: none */
	/* the login */
	struct provider_run login_run;
	bool logging_in, login_begun, first, again; /* first: no step was made yet; again: the credentials were refused once */
	uint64_t login;                             /* that the request was sent with */
};

/* exec.c */
void exec_answered(struct exec *exec, const struct reply *reply); /* to be judged: the step goes on, or it is sent again */
void exec_finish(struct exec *exec, const struct err *err);       /* the caller may free exec in its callback */
void exec_after(struct exec *exec, const struct exec_answer *answer);
enum exec_word exec_before(struct exec *exec, struct err *err);
bool exec_once_more(struct exec *exec); /* of a read, or of what never left */

/* Tells that the run waits for `ms`, or longer, before it sends. */
enum exec_wait { WAIT_AGAIN, WAIT_THROTTLED, WAIT_BUSY, WAIT_OPERATION, WAIT_PACE };
void exec_waits(struct exec *exec, uint64_t ms, enum exec_wait why);
void exec_goes_on(struct exec *exec);

void exec_dispatch(struct exec *exec); /* exec->out, when everything that has to come before it was done */

/* exec_login.c */
bool exec_needs_login(const struct exec *exec);
void exec_log_in(struct exec *exec); /* then exec_dispatch() */
void exec_login_step(struct exec *exec, const struct reply *reply);
/* Refused credentials: was something renewed, so that the request may be sent once more? */
bool exec_renew(struct exec *exec, const struct reply *reply);

/* exec_send.c: exec->out leaves, by its kind. */
void exec_send(struct exec *exec);

#endif
