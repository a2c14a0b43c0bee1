/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the push: the run behind a struct push. Only push*.c include this. */
#ifndef APP_PUSH_RUN_H
#define APP_PUSH_RUN_H

#include "app/account.h"
#include "app/account_key.h"
#include "app/ask.h"
#include "app/exec.h"
#include "app/history.h"
#include "app/hook.h"
#include "app/push.h"
#include "app/survey.h"
#include "app/push_compare.h"

struct push_run {
	struct app *app;
	struct push push;
	struct provider_account account;
	struct push_then then;
	int lock;             /* -1: not held */
	struct turn place;    /* among the pushes of its account */
	struct account *turn; /* where it is this push's turn; NULL: it is not */
	struct zone_turn zone_turn;
	unsigned turn_tries, zone_tries; /* to have a turn: at the server, in the zone */
	bool for_zone;                   /* the last of them */
	bool stopping, dry, no_watch, resume, undo, probe, left_known, went_back, others;
	bool takes_back; /* what a push of the journal left held */
	char *abandon;
	struct push_override override[PUSH_OVERRIDES]; /* own copies of the texts */
	size_t n_override;
	struct key_wait key_wait;
	char *key; /* fetched once, wiped at the end */
	struct exec *exec;
	struct store_keeping *keeping; /* a line of the journal that is on its way to the disk */
	struct provider_run found;     /* of the last read: zone, records */
	/* the write */
	enum provider_part part;
	struct provider_set before;      /* what the part was made from */
	char changed[128], removed[128]; /* by the part's request */
	char mark[160];                  /* of the read right before the first write */
	enum push_fate part_fate;        /* the worst of the part's requests */
	unsigned prior;                  /* of push.written: by earlier runs */
	char left_mark[160];             /* resume: of the zone before earlier runs' requests, "" where not known */
	unsigned since_mark;             /* so many they were */
	unsigned since_taken;            /* of them surely carried out */
	struct mxset left;               /* resume: what was held after their last request, where left_known */
	struct mxset disabled;           /* records that are to be kept unpublished again */
	bool automatic;                  /* the TTL is to be the provider's own again */
	unsigned rounds, part_requests;
	bool no_guard;    /* the provider takes no second record like one that it has */
	uint64_t read_ms; /* when what is compared with was read */
	unsigned rereads; /* since a write was answered: so often the next one had waited too long */
	bool stale;       /* likewise, now */
	bool removed_any, restoring, committing, odd, busy;
	struct err write_err; /* of the last write, when it failed */
	int64_t accepted_at;  /* when the last write was; 0: none was */
	struct err remark;    /* published, but not exactly as wanted */
	uint64_t settle_until_ms, settle_wait_ms;
	/* the watch */
	struct watch *watch;
	struct history history; /* of the domain, as the journal had it at the beginning; the last push may be all of it */
	/* the gates */
	struct musts musts; /* the policy, as it was when the push began */
	struct survey *survey;
	struct facts facts;
	struct loop_handle *survey_end;
	void (*gates_fn)(struct push_run *run); /* after the survey */
	bool old_guessed;                       /* nobody knows how long it is kept: the provider does not tell its TTL */
	uint32_t old_high_s;                    /* the highest TTL among the records that were held before */
	struct err foreseen;                    /* of a dry run: why the push would not get so far */
	struct hook *hook;                      /* that is being told of the end */
	struct loop_handle *timer;
	uint32_t watch_s;
	struct loop *waiting; /* set while push_wait() runs the loop */
};

void push_changed(struct push_run *run);
void push_end_turn(struct push_run *run); /* push_start.c: the next push may read and write */
/* push_past.c. ERR_FILE where the journal cannot be read, ERR_INTERRUPTED where another push is unfinished. */
bool push_look_back(struct push_run *run, struct err *err);
bool push_know_more(struct push_run *run, struct err *err); /* reads more pushes of it than are known */
void push_add_override(struct push_run *run, const char *id, const char *reason);

/* push.c: the compare and the write. */
void push_first_read_done(void *data, const struct provider_run *found, const struct err *err);
void push_take_found(struct push_run *run, const struct provider_run *found);
void push_drop_exec(struct push_run *run);
void push_write_part(struct push_run *run);
void push_compare_base(struct push_run *run); /* with what was read; then it writes, or ends */
/* The provider holds exactly this, every record once and with the set's one TTL. */
bool push_holds(const struct push_run *run, const struct mxset *set);

/* push_back.c: after the write. */
void push_read_back(struct push_run *run);
/* Before a request leaves: has it waited since the read, so that what is held has to be read again? */
bool push_is_stale(struct push_run *run, const struct request *request, struct err *err);
void push_read_afresh(struct push_run *run); /* and goes on */
void push_part_done(struct push_run *run);
void push_count(struct push_run *run, unsigned n, unsigned taken);
bool push_commit(struct push_run *run);         /* the provider's last call; false: it has none */
void push_wanted(struct push_run *run);         /* the wanted set is held: commit, publish */
bool push_settling(const struct push_run *run); /* waits for the provider, nothing is in flight */
extern const struct exec_hooks push_hooks;      /* push.c */
extern const struct exec_hooks push_read_hooks; /* likewise, of a read */
/* NULL: it waits no longer. */
void push_waits(void *data, const struct msg *why, int64_t until);

/* push_end.c: the ends. */
void push_end(struct push_run *run, enum push_state state, const struct err *err);
void push_give_up(struct push_run *run, const struct err *err); /* as far as was written: failed, or unfinished */
void push_unfinished(struct push_run *run, const struct err *why);
void push_conflict(struct push_run *run);
/* What is held may still wait for a last call, or a command, that another push or person owes it. */
bool push_has_last_step(const struct push *push);
void push_hook_stop(struct push_run *run); /* it is told no longer; the push is done */

/* push_gate.c. Asks what the gates need to know, then calls then(); push_gates_hold() judges, without asking, right before the write:
 * false with err when nothing may be written. */
void push_gates_ask(struct push_run *run, void (*then)(struct push_run *run));
bool push_gates_hold(struct push_run *run, struct err *err);

void push_gates_cancel(struct push_run *run);
void push_foresee(struct push_run *run, const struct err *err); /* of a dry run: the first thing that would end the push */

/* push_watch.c */
void push_know_drain(struct push_run *run); /* for how long caches hold what was replaced */
void push_watch(struct push_run *run);      /* ends the push */
void push_watch_stop(struct push_run *run); /* ends the watch soon, with what was seen */
void push_watch_cancel(struct push_run *run);

/* push_journal.c: false with err when the journal could not be written. What is kept is on disk when kept() is called, with err where not.
 */
bool push_journal_begin(struct push_run *run, struct err *err);
void push_journal_request(struct push_run *run, size_t step, void (*kept)(void *data, const struct err *err));
void push_journal_answer(struct push_run *run, size_t step, const struct err *failed);
void push_journal_end(struct push_run *run, void (*kept)(void *data, const struct err *err));
void push_journal_hook(struct push_run *run);

#endif
