/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pushing an approved plan. How a push goes:
 *   start     lock, gates that ask DNS (push_gate.c), the key (once), the turn at a server that takes no two writes
 *   compare   one read right before the write: what is held is the plan's base, or the push ends (conflict)
 *   write     whole sets and batches in one request. Record by record: all adds, then a read in which every wanted
 *             record must be seen, then one removal at a time with a read after each
 *   read back with growing waits for as long as the provider may lag (settle); what is there is compared with what
 *             must be there if nobody else wrote (push_compare.h)
 *   commit    the provider's last call, where it has one; published only after it
 *   watch     the name servers (push_watch.c)
 *   tell      the hook command, after the journal's last line; the push ends whatever becomes of it
 * The journal is written before and after every request: on disk before a request leaves and at the end, an answer with the next of
 * these. A writing request without a clear answer is neither done nor
 * failed: the push ends as unknown and stays unfinished until it is resumed, undone or abandoned. The MX set is at
 * each moment the old, the new or a union of both. A struct push is a value to look at while it runs; owned by who
 * started it.
 */
#ifndef APP_PUSH_H
#define APP_PUSH_H

#include "app/app.h"
#include "app/approval.h"
#include "app/gate.h"
#include "app/watch.h"
#include "check/check.h"
#include "check/companion.h"
#include "core/plan.h"

enum push_phase {
	PHASE_STARTING,  /* lock, secret */
	PHASE_READING,   /* zone, set */
	PHASE_PREVIEWED, /* dry run ends here */
	PHASE_WRITING,
	PHASE_READING_BACK,
	PHASE_WATCHING, /* published at the provider; name servers are asked */
	PHASE_ENDED
};

enum push_state {
	PUSH_RUNNING,
	PUSH_PUBLISHED,
	PUSH_UNCHANGED, /* it was held already: nothing was written */
	PUSH_UNKNOWN,   /* something was sent, and whether it took effect, or still will, is not known */
	PUSH_PARTIAL,   /* some of it is held, or it is not committed */
	PUSH_FAILED,    /* no writing request took effect or still can */
	PUSH_CONFLICT,  /* somebody else changed the set; `written` tells whether this push wrote too */
	PUSH_ABANDONED, /* given up knowingly: resume --abandon */
	PUSH_STATES
};

/* What may have become of a writing request, from harmless to certain. */
enum push_fate { FATE_NONE, FATE_FAILED, FATE_OPEN, FATE_TAKEN };

struct push_step {
	struct msg title;
	char *request; /* as shown: method, path, body; secrets masked. Owned */
	enum { PUSHED_WAITING, PUSHED_SENT, PUSHED_OK, PUSHED_BAD, PUSHED_SKIPPED } state;
	int http; /* status, 0: none */
	bool writes, commit;
	enum push_fate fate;
	char *words; /* what the command said, or NULL. Owned */
};

#define PUSH_OVERRIDES 16 /* of one push; the commands refuse more */

struct push_override {
	const char *id, *reason;
};

struct push_options {
	bool dry_run, no_watch;
	bool probe;          /* the mail servers of both sets are probed before the gates judge; else where the domain's section says so */
	bool preview;        /* a dry run of what is still to be approved */
	const char *confirm; /* the domain's name as it was typed, for a protected one; NULL: it was not */
	size_t n_server;
	const struct dns_endpoint *server; /* verify on these instead of the delegated ones */
	uint32_t watch_s;                  /* 0: as configured */
	size_t n_override;
	const struct push_override *override;
	bool resume;               /* finish or undo what the journal says is unfinished */
	bool undo;                 /* with resume: back to the base */
	const char *resume_id;     /* the interrupted push */
	const char *abandon;       /* with resume: write nothing, close it for this reason */
	const char *revert_of;     /* journal: this push reverts that one */
	const char *note, *ticket; /* what it is for; NULL: as the plan says */
};

enum push_hook { HOOK_NONE, HOOK_RUNS, HOOK_TOLD, HOOK_FAILED };
enum push_commit { COMMIT_NONE, COMMIT_FAILED, COMMIT_DONE };

struct push {
	char id[40];                     /* "2026-11-23T10:11:12Z-3f9a" */
	struct plan plan;                /* own copy */
	char *note, *ticket, *revert_of; /* "", "", NULL where there is none. Owned */
	enum push_phase phase;
	enum push_state state;
	bool done;              /* nothing more will happen */
	bool undone;            /* an interrupted push was taken back: the state is PUSH_FAILED, as the old set stands again */
	bool unfinished;        /* mxladder resume is needed */
	bool provider_verified; /* read back equals what was wanted */
	bool blind;             /* resumed: nothing tells whether somebody else took back what it sent before; it is sent again */
	bool unguarded;         /* nothing tells whether somebody else changed the set in the moment of the write */
	bool uncounted;         /* likewise: some request of this push may be one of the zone's writes, or none */
	enum push_commit committed;
	unsigned written;   /* writing requests that took effect or may have, in all runs of this push */
	int64_t written_at; /* of the last of them; 0: none */
	struct msg wait;    /* what it waits for, until when; id NULL: nothing that takes a while */
	int64_t wait_until;
	size_t n_step, cap_step;
	struct push_step *step;
	struct served served;         /* what the name servers give */
	int64_t published_at;         /* of the last write's answer, once it was read back; else 0 */
	struct drain drain;           /* of the set that was replaced */
	int64_t safe_at;              /* old answers have drained: last server's change + what drain says; 0: not known yet */
	int64_t tail_at;              /* the same of resolvers that stretch TTLs */
	struct threeway conflict;     /* state PUSH_CONFLICT: what differs */
	bool held_known;              /* held was read after the last writing request */
	struct mxset held;            /* what the provider held when read last */
	struct companions companions; /* what has to change together with the set, as the gates' survey found it */
	struct gates gates;           /* answers that are not yes, overridden ones too */
	enum push_hook hook;          /* the command that is told of the end */
	struct err hook_err;          /* HOOK_FAILED: why */
	struct err err;               /* code ERR_NONE: fine; of a dry run, how the push would end */
};

struct push_run;
typedef void (*push_fn)(void *data); /* after every change of the push; push->done tells the end */
struct push_then {
	push_fn changed;
	void *data;
	push_fn ending; /* it asks its account nothing more; its end goes to the disk before it is done. Or NULL */
};

/* Checks approvals, read-only and the typed name of a protected domain. Copies plan. NULL with err: nothing was started. */
struct push_run *push_start(
	struct app *app, const struct plan *plan, const struct push_options *options, struct push_then then, struct err *err);
const struct push *push_look(const struct push_run *run);
void push_stop(struct push_run *run);                  /* no further write; ends soon, with the truth in the journal */
void push_free(struct push_run *run);                  /* as killed: journal stays as it is */
void push_wait(struct app *app, struct push_run *run); /* for commands */

/* What the hook command is told that happened: "published", "undone", "failed", "unfinished", "abandoned"; NULL: it is not told. */
const char *push_event(const struct push *push);
/* Does the push wait for something that was not told yet, or for much longer than was told? For a caller that prints each wait once. seen
 * begins as {0}. */
struct push_wait_seen {
	const char *id;
	int64_t until;
};
bool push_wait_is_new(const struct push *push, struct push_wait_seen *seen);
/* What --json prints; the journal holds the same. New reference. */
json_t *push_to_json(const struct push *push);
int push_exit_status(const struct push *push);
/* What a published push could not have noticed; false where there is nothing to say. */
bool push_unguarded_msg(const struct push *push, struct msg *msg);
/* That nothing will tell of other writers, for a push that is blind; true from before it writes. */
bool push_blind_msg(const struct push *push, struct msg *msg);
/* How it stands, as one sentence; false while it runs. */
bool push_state_msg(const struct push *push, struct msg *msg);
/* What the push wrote and when; false where that need not be said. */
bool push_written_msg(const struct push *push, struct msg *msg);

#endif
