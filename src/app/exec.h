/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drives one run of a vendor's step machine to its end: fetches the secret, logs in, sends each request in its turn, waits out what
 * the vendor puts off, and is the one gate for read-only: no request that writes gets past it. Reads are tried again after a transport
 * failure, writes never.
 */
#ifndef APP_EXEC_H
#define APP_EXEC_H

#include "app/app.h"

struct exec_answer {
	int http;              /* status; 0: none, or a local request */
	bool sent;             /* some of it may have left this machine */
	enum meaning meaning;  /* of an HTTP answer */
	const struct err *err; /* NULL: there was an answer */
};

/* LATER: exec_go() is called when it is known. STOP with err: the run ends. */
enum exec_word { EXEC_STOP, EXEC_GO, EXEC_LATER };

struct exec_hooks {
	/* May the request, as it will be sent, take its turn to leave? LATER not of a dry run. May be NULL. */
	enum exec_word (*before)(void *data, const struct request *request, struct err *err);
	/* Called when the request leaves; not in a dry run. False with err ends the run. May be NULL. */
	bool (*leaves)(void *data, const struct request *request, struct err *err);
	/* After its answer. May be NULL. */
	void (*after)(void *data, const struct request *request, const struct exec_answer *answer);
	/* Nothing moves before `until`, and `why` says so in a sentence; why NULL: it goes on. May be NULL: then struct app's is told. */
	void (*waits)(void *data, const struct msg *why, int64_t until);
};

struct exec;
/* run is borrowed for the call, with what it found. err NULL: the goal was reached. */
typedef void (*exec_fn)(void *data, const struct provider_run *run, const struct err *err);

struct exec_task {
	const struct provider_account *account;
	enum provider_goal goal; /* READ finds the zone first, unless found names it; WRITE and COMMIT take what a READ found */
	const struct dname *owner;
	const struct provider_run *found; /* of WRITE, COMMIT, and of a READ that reads back; or NULL */
	const struct mxset *want;         /* of WRITE */
	const struct exec_hooks *hooks;   /* or NULL */
	enum provider_part part;          /* of WRITE */
	bool guard, automatic;            /* of WRITE: as in struct provider_run */
	bool marked;                      /* of READ: likewise */
	const struct mxset *disabled;     /* of WRITE: as in struct provider_run; or NULL */
	bool dry;                         /* of WRITE: nothing is sent; `before` sees the requests as far as they can be foreseen */
};

/* Copies what the task points to. The key is fetched when the account holds none, and kept here only. fn comes once, from the
 * loop, never from within; it may free the exec. */
struct exec *exec_start(struct app *app, const struct exec_task *task, exec_fn fn, void *data);
/* Ends one that waits to send its next request, soon, with ERR_INTERRUPTED. False: it does not wait, and its answer comes. */
bool exec_stop(struct exec *exec);
void exec_go(struct exec *exec, const struct err *err); /* after EXEC_LATER; err: the run ends with it. The caller may free exec within */
void exec_free(struct exec *exec);                      /* cancels what runs; NULL is accepted */

#endif
