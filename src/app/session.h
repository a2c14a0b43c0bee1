/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One domain at work: facts, draft, findings, what-if, plan, push. The only thing that an interface changes; it sees change by
 * session_revision(). Getters lend until the next change. An edit of the draft is on disk within a second, or when session_save() returns.
 * Owns everything.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/push.h"
#include "app/survey.h"
#include "check/companion.h"
#include "check/lint.h"
#include "core/draft.h"
#include "sim/cutover/cutover.h"
#include "sim/matrix/matrix.h"
#include "sim/outage/outage.h"

struct session;
struct musts;
struct demands;

/* Loads a kept draft (offers it: session_draft_kept()), starts no survey. changed is called from the loop after any change by itself. */
struct session *session_open(struct app *app, const struct dname *domain, void (*changed)(void *data), void *data);
void session_close(struct session *session);
unsigned long session_revision(const struct session *session);

void session_survey(struct session *session);          /* start, or start again */
bool session_surveying(const struct session *session); /* an answer may still come, of the provider too */
/* Why the account could not be read, or NULL. */
const struct err *session_held_error(const struct session *session);

const struct dname *session_domain(const struct session *session);
const struct facts *session_facts(const struct session *session);
const struct draft *session_draft(const struct session *session);
bool session_drafting(const struct session *session); /* a draft with changes exists */
/* Has the held set (or, without an account, the served one) changed since the draft began? Then a push would be a conflict. */
bool session_moved(const struct session *session);
const char *session_unmoved_text(const struct session *session); /* marked for translation: why there is nothing to rebase */
/* Is the draft from an earlier run, without an edit since? */
bool session_draft_kept(const struct session *session);
/* What a ladder shows: the draft when there is one, else live. */
const struct mxset *session_set(const struct session *session);
const struct findings *session_findings(const struct session *session); /* of session_set(), introduced marked */
/* Findings of the live set that the draft cures, where that is known. Kept until something changes. */
const struct findings *session_cured(struct session *session);
/* Accepts the finding at its host, if it has one, in the file (app/accepting.h). Findings that were got before are gone. */
bool session_accept(struct session *session, const struct finding *finding, int64_t until, const char *reason, struct err *err);
bool session_withdraw(struct session *session, const struct accepted *accepted, struct err *err);
void session_tick(struct session *session); /* time went by: what was accepted until then is back */

/* The draft on disk. A save goes on in the loop; session_save() ends it, and is true when the file holds the draft. ERR_CONFLICT: another
 * interface changed the file since it was read; then it stays as it is until one of the two is chosen. */
bool session_save(struct session *session, struct err *err);
bool session_draft_current(struct session *session, struct err *err); /* saved, and nobody else has changed it */
bool session_save_failed(struct session *session, struct err *err);   /* true once for each failure */
const struct err *session_save_error(const struct session *session);  /* of the last save; NULL: it did */
bool session_draft_clash(const struct session *session);
bool session_draft_aside(const struct session *session);                /* mine was kept aside when an earlier run ended in a clash */
bool session_keep_mine(struct session *session, struct err *err);       /* over the other's */
bool session_take_theirs(struct session *session, struct err *err);     /* redo brings mine back */
const struct err *session_draft_damage(const struct session *session);  /* why the kept draft cannot be read; NULL: it could be */
bool session_draft_set_aside(struct session *session, struct err *err); /* the damaged one, which stays beside */

/* All of the edits or none, as one step. */
bool session_edit(struct session *session, const struct edit *edits, size_t n, struct err *err);
/* One undoable step to this set. */
bool session_replace(struct session *session, const struct mxset *want, struct err *err);
/* What a rebase would do: the edits merged on the set that is there now. Kept until something changes; the sides that were chosen stay. */
struct session_rebase {
	bool possible; /* else err says why not */
	struct err err;
	struct merge merge;
	struct mxset theirs, result;
};
const struct session_rebase *session_rebase_look(struct session *session);
/* Chooses the other side of a clash; row merge.n is the TTL. */
void session_rebase_turn(struct session *session, size_t row);
/* Rebases the draft. A clash without a chosen side is an error. What others changed stays. */
bool session_rebase(struct session *session, struct err *err);
bool session_undo(struct session *session);
bool session_redo(struct session *session);
bool session_discard(struct session *session, struct err *err);

/* What the policy demands, judged of session_set(). demands: {0} first. */
void session_judge(const struct session *session, const struct musts *musts, struct demands *demands);

/* What-if. */
const struct marks *session_marks(const struct session *session);
void session_mark(struct session *session, const struct mark *mark);
void session_mark_clear(struct session *session);
/* Probes port 25 of the exchanges' addresses, the draft's too; what they meet comes into the facts. Only where a person asks for it. */
bool session_probe(struct session *session, struct err *err);
/* The same with an intrusive probe (core/facts/smtp.h), where typed is the domain's own name. ERR_USAGE. Hosts that a draft brings later
 * are probed without it. */
bool session_try(struct session *session, const char *typed, struct err *err);
bool session_probing(const struct session *session);
/* The marks become what the probes met. ERR_USAGE where nothing was probed, or not all is answered yet. */
bool session_mark_probed(struct session *session, struct err *err);
/* Built-in and configured; ends with NULL. */
const struct sender *const *session_senders(const struct session *session);
const struct sender *session_sender(const struct session *session);
void session_set_sender(struct session *session, const struct sender *sender);
/* The simulation of session_set() under the marks; computed when asked for, and kept until something changes. */
const struct sim_result *session_result(struct session *session, const struct sender *sender);
/* The same without marks, of the live set (live true) or of session_set(): the shares that a ladder shows before and after. */
const struct sim_result *session_calm(struct session *session, const struct sender *sender, bool live);
/* The worst single host failure of the live set or of session_set(), in one sentence. */
void session_worst(struct session *session, const struct sender *sender, bool live, struct msg *msg);

/* What becomes of the mail when one host alone is silent, whatever is marked: of session_set(), by every sender, tried from the loop until
 * all is known. The first hosts only. */
#define SESSION_DOWN_HOSTS 64
struct session_down {
	bool known;                      /* else it is still to be tried */
	double lost, unknown;            /* parts of the mail */
	double delay_min_s, delay_max_s; /* of what is delivered */
	double taker_share;              /* of the host that gets most of it in the end; 0: none */
	struct dname taker;
};
/* Begins to try, where that is not done or running already. Of a small set the chosen sender's row is known then, and the shown host's by
 * every sender (a name without a byte: the first host's). */
void session_down_begin(struct session *session, const struct dname *shown);
bool session_down_running(const struct session *session);
/* NULL where this host is not tried. Borrowed until something changes. */
const struct session_down *session_down(const struct session *session, const struct dname *host, const struct sender *sender);

/* The same by what all senders together come to, as the mix weighs them; known where all that weigh something are tried. */
bool session_down_mix(const struct session *session, const struct dname *host, struct session_down *mix);

/* One host alone is silent, before and after the draft: a row for each host of either set; none where nobody tells the live
 * one, or where one of them has more than SESSION_DOWN_HOSTS. Kept until something changes. */
struct session_failure {
	struct dname host;
	bool in_live, in_draft;
	struct session_down before, after; /* where it is in that set */
};
struct session_failures {
	size_t n, cap;
	struct session_failure *failure;
};
const struct session_failures *session_failures(struct session *session, const struct sender *sender);

/* The cut-over to the draft, made now; NULL when there is no draft. Kept until something changes, or the minute. */
const struct cutover *session_cutover(struct session *session, int64_t now);
/* What has to change together with the draft's set; empty when there is no draft. Kept as the cut-over is. */
const struct companions *session_companions(struct session *session, int64_t now);
/* An outage over time of session_set() under the marks, or with everything down where there is none; as [simulate] of the configuration
 * has the length at first, the traffic and the mix. */
struct session_outage {
	uint32_t length_s;
	bool all_down;
	size_t n;
	const struct outage_result *result; /* one a sender, as session_senders() has them */
	struct outage_result mix;
	const char *mix_source; /* N_() */
};
/* now: the hour that it begins with. Made now, and kept until something changes, or the hour. */
const struct session_outage *session_outage(struct session *session, int64_t now);
uint32_t session_outage_length(const struct session *session);
void session_set_outage(struct session *session, uint32_t length_s);
/* The game-day matrix of session_set() under the marks, with the session's sender; depth 1 or 2. Nothing happens when it stands already.
 * A small one is done when this returns, a larger one goes on from the loop, a portion at a time, and `changed` is called now and then. Any
 * change of the session drops it. */
void session_matrix_start(struct session *session, unsigned depth);
void session_matrix_stop(struct session *session); /* what was found stays */
void session_matrix_drop(struct session *session);
bool session_matrix_running(const struct session *session);
const struct matrix *session_matrix(const struct session *session); /* NULL: none; the rows so far, worst first */
size_t session_matrix_cutsets(
	const struct session *session, const struct cut_words **words); /* how many; what stops the mail, smallest sets first */

/* The plan of the draft: made on demand, sealed; NULL with err when there is no account or no change. */
const struct plan *session_plan(struct session *session, struct err *err);
/* The vendor's exact requests, found by a dry run (reads only); shown when push_preview's callback came. */
void session_preview(struct session *session);
const struct push *session_preview_push(const struct session *session); /* NULL: none asked for */
bool session_approve(struct session *session, const char *note, const char *sign_key, struct err *err);
/* The draft's ticket, as plan_set_ticket() takes it: the plan is to be approved anew. */
bool session_set_ticket(struct session *session, const char *ticket, struct err *err);
const char *session_ticket(const struct session *session); /* "": none */
bool session_approved(const struct session *session);
/* What blocks the plan, as its preview or its last push found; NULL: not known yet. */
const struct gates *session_gates(const struct session *session);
/* overrides: n pairs id, reason. After success the draft is dropped and a survey starts. */
bool session_push(struct session *session, const struct push_options *options, struct err *err);
bool session_resume(struct session *session, struct err *err);
const struct push *session_current_push(const struct session *session); /* NULL: none in this session */
void session_push_cancel(struct session *session);                      /* stops before the next write; the journal tells */
/* The revert plan of a past push becomes the draft. id NULL: the last. */
bool session_rollback(struct session *session, const char *id, struct err *err);
/* An unfinished push in the journal? Its id, or NULL. */
const char *session_interrupted(struct session *session, struct err *err);
bool session_is_interrupted(const struct session *session); /* as it was last looked at: no file is read */

#endif
