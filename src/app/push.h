/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushing an approved plan: read again, compare with the base, write, read back, watch the name servers; the journal is written before and
 * after every request. One executor for every vendor (provider/provider.h). The MX set is at each moment the old, the new or a union of
 * both. A struct push is a value to look at while it runs; owned by who started it.
 */
#ifndef APP_PUSH_H
#define APP_PUSH_H

#include "app/app.h"
#include "app/approval.h"
#include "check/check.h"
#include "core/plan.h"

enum push_phase {
	PUSH_STARTING,  /* lock, secret */
	PUSH_READING,   /* zone, set */
	PUSH_PREVIEWED, /* dry run ends here */
	PUSH_WRITING,
	PUSH_READING_BACK,
	PUSH_WATCHING, /* published at the provider; name servers are asked */
	PUSH_ENDED
};

enum push_state { PUSH_RUNNING, PUSH_PUBLISHED, PUSH_PARTIAL, PUSH_FAILED, PUSH_CONFLICT };

struct push_step {
	struct msg title;
	char *request; /* as shown: method, path, body; secrets masked. Owned */
	enum { PUSH_STEP_WAITING, PUSH_STEP_SENT, PUSH_STEP_OK, PUSH_STEP_BAD, PUSH_STEP_SKIPPED } state;
	int http; /* status, 0: none */
};

struct push_server {
	struct dname name;
	struct dns_endpoint at;
	enum answer answer; /* PENDING until the first answer */
	bool matches;
	uint32_t serial;
	int64_t changed_at; /* when it first matched; 0: not yet */
};

struct push_override {
	const char *id, *reason;
};

struct push_options {
	bool dry_run, no_watch;
	size_t n_server;
	const struct dns_endpoint *server; /* verify on these instead of the delegated ones */
	uint32_t watch_s;                  /* 0: 120 */
	size_t n_override;
	const struct push_override *override;
	bool resume;           /* finish or undo what the journal says is unfinished */
	bool undo;             /* with resume: back to the base */
	const char *resume_id; /* the interrupted push */
	const char *revert_of; /* journal: this push reverts that one */
};

struct push {
	char id[40];      /* "2026-11-23T10:11:12Z-3f9a" */
	struct plan plan; /* own copy */
	enum push_phase phase;
	enum push_state state;
	bool done;              /* nothing more will happen */
	bool undone;            /* an interrupted push was taken back: the state is PUSH_FAILED, as the old set stands again */
	bool provider_verified; /* read back equals what was wanted */
	size_t n_step, cap_step;
	struct push_step *step;
	size_t n_server, cap_server;
	struct push_server *server;
	int64_t started_at, published_at; /* of the last write's answer */
	int64_t safe_at;                  /* old answers have drained: last server's change + old TTL; 0: not known yet */
	struct threeway conflict;         /* state PUSH_CONFLICT: what differs */
	struct mxset live;                /* what the provider held when read */
	struct err err;                   /* code ERR_NONE: fine */
};

struct push_run;
typedef void (*push_fn)(void *data); /* after every change of the push; push->done tells the end */
struct push_then {
	push_fn changed;
	void *data;
};

/* Checks approvals, read-only, protected domains are the caller's (typed name). Copies plan. NULL with err: nothing was started. */
struct push_run *push_start(
	struct app *app, const struct plan *plan, const struct push_options *options, struct push_then then, struct err *err);
const struct push *push_look(const struct push_run *run);
void push_stop(struct push_run *run);                  /* no further write; ends soon, with the truth in the journal */
void push_free(struct push_run *run);                  /* as killed: journal stays as it is */
void push_wait(struct app *app, struct push_run *run); /* for commands */

/* Findings that block: errors that the plan introduces and no override names. ERR_FALSE naming them. */
bool push_blocked(const struct plan *plan, const struct findings *findings, const struct push_options *options, struct err *err);
/* What was printed is also what the journal holds (design: formats "push"). New reference. */
json_t *push_to_json(const struct push *push);
int push_exit_status(const struct push *push);

#endif
