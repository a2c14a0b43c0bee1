/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside the session: its parts. Only session*.c include this. */
#ifndef APP_SESSION_PRIVATE_H
#define APP_SESSION_PRIVATE_H

#include "check/accept.h"
#include "app/held.h"
#include "app/session.h"
#include "app/work.h"
#include "core/truth.h"
#include "io/aside.h"

#define SESSION_RESULTS MIX_SENDERS /* one a sender */
#define SESSION_LINTED 4            /* drafts whose findings are kept */
#define SESSION_DOWNS 4             /* an edit undone, or two of them, finds what was tried */
#define SESSION_SEED 1              /* the same what-if gives the same answer on every machine */

struct session_result {
	bool valid;
	struct sim_result result;
};

struct linted { /* the findings of one draft */
	bool known;
	struct mxset set;
	const char *stored_by; /* the title of whose limits were looked at, or NULL; compared as a pointer */
	struct findings findings;
};

struct session {
	struct app *app;
	struct dname domain;
	void (*changed)(void *data);
	void *data;
	unsigned long revision;
	struct facts facts;
	struct survey *survey;
	struct held *held; /* NULL: no account is asked */
	struct draft draft;
	struct session_rebase rebase;
	bool rebase_looked;            /* rebase is of this revision */
	bool has_base;                 /* the draft's base is known: live was read, or a draft was kept */
	enum truth_source base_source; /* ... and who told it; a draft that was kept began from what was held, or served */
	bool kept_unseen;
	struct draft_mark mark; /* what the draft's file held when it was last read or written */
	bool unsaved;
	struct loop_handle *save_soon;
	struct aside *saving;
	struct draft_kept kept; /* mine, while a clash is not answered */
	char *kept_aside;       /* the file of mine, where an earlier run ended in a clash that is not answered yet; or NULL */
	struct err save_err;    /* of the last save; code ERR_NONE: it did */
	bool save_told;
	struct err damage; /* why the kept draft cannot be read */
	bool linted;       /* the draft's findings are of now */
	bool linted_live;  /* the live set's, which an edit leaves as they are */
	bool cure_known;   /* cured is of now */
	struct findings live_findings, cured;
	struct linted linted_draft[SESSION_LINTED]; /* of now, where there is a draft; then of those checked before, the last one first */
	struct accepts accepts;                     /* of the file of accepted findings; the findings borrow its rows */
	int64_t accepted_until;                     /* when the first of those of this domain ends; 0: none does */
	struct marks marks;
	const struct sender *sender;
	struct session_result result[SESSION_RESULTS], calm[2][SESSION_RESULTS];
	bool cut; /* cutover is of this revision */
	struct cutover cutover;
	bool companions_known; /* companions are of now ... */
	int64_t companions_at; /* ... and of this minute */
	struct companions companions;
	uint32_t outage_s;                    /* 0: as configured */
	struct outage_run *outage;            /* NULL: none since the last change */
	struct down_run *down[SESSION_DOWNS]; /* of now, or NULL; then of the sets before the last edits, the last one first */
	struct matrix_run *matrix;            /* NULL: none since the last change */
	struct failures_kept {                /* of a sender; NULL: of none since the last change */
		const struct sender *sender;
		struct session_failures all;
	} failures;
	bool planned;
	bool approved; /* the plan, as the domain's configuration asks: looked at when the plan or its approvals change */
	struct plan plan;
	struct work *work; /* the domain's push in this run, or NULL; the app owns it */
	struct push_run *preview;
	bool settled; /* the end of that push was acted on */
	char *interrupted, *revert_of;
	struct mxset revert_want; /* what taking that push back comes to: a draft of another set takes nothing back */
	char *ticket;             /* of the draft; NULL: none */
};

void session_push_attach(struct session *session); /* finds the push that runs, or ran */
void session_push_detach(struct session *session); /* it goes on */
/* A base that is known better than the draft's becomes its base, where nothing clashes. Called after each answer. */
void session_follow(struct session *session);
/* A draft without a change, from this set. */
void session_begin_draft(struct session *session, const struct mxset *base, enum truth_source source);
void session_rebase_drop(struct session *session); /* at the end */
void session_outage_drop(struct session *session);
void session_down_aside(struct session *session); /* the set changes: what is known of it is the same when it comes back */
void session_down_drop(struct session *session);  /* what is known changes */
void session_failures_drop(struct session *session);
/* The host alone is silent: in the live set, or where live is false in that of the session. */
void session_try_down(struct session *session, bool live, const struct sender *sender, const struct dname *host, struct session_down *row);
/* Of the live set, or where there is a draft, and live is false, of that. */
void session_sim_input(const struct session *session, const struct marks *marks, bool live, struct sim_input *in);
size_t session_sender_index(const struct session *session, const struct sender *sender); /* in the list; 0 where it is not there */
void session_read_accepts(struct session *session);
void session_lint(struct session *session);      /* findings of now */
void session_lint_drop(struct session *session); /* those of drafts */
void session_redraft(struct session *session);   /* what is derived of the draft is stale */
void session_touch(struct session *session);     /* everything derived is */
void session_tell(struct session *session);      /* the same, and whoever shows the session hears of it */
void session_edited(struct session *session);    /* the draft changed: everything follows, disk too */
void session_save_soon(struct session *session);
void session_load_aside(struct session *session);                  /* mine, where an earlier run ended in a clash */
bool session_load_draft(struct session *session, struct err *err); /* as it is on disk; false: it cannot be read */
/* The draft as a plan, sealed; account and provider stay "" where none is configured. plan must be initialised. */
void session_fill_plan(const struct session *session, struct plan *plan);

#endif
