/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a domain as past pushes; the revert plan of one. */
#ifndef APP_HISTORY_H
#define APP_HISTORY_H

#include "app/app.h"
#include "core/facts/mx.h"
#include "core/plan.h"

struct past_override {
	char *id, *reason;
};

struct past_push {
	/* state as in push_to_json(), or "interrupted": it has no end */
	char *id, *state, *by, *note, *ticket, *revert_of;
	int64_t at;
	struct plan plan;
	size_t n_override, cap_override;
	struct past_override *override;
	bool unfinished;      /* it is to be resumed, undone or abandoned */
	bool undone;          /* a resume took it back */
	unsigned written;     /* writing requests that took effect or may have */
	int64_t written_at;   /* of the last of them; 0: none */
	json_t *left;         /* the set that was held after the last of them, where a run saw it; or NULL */
	char *mark;           /* of the zone before the first of them since `left` was seen; or NULL */
	unsigned since;       /* requests since then */
	unsigned since_taken; /* of them surely carried out */
	json_t *held;         /* the records before its first request, as the journal has them; or NULL */
	json_t *record;       /* the journal's last word about it, as push_to_json() gives; or NULL */
	/* while the journal is read: */
	bool asked, run_wrote;
	int64_t asked_at;
};

struct history {
	size_t n, cap;
	struct past_push *push; /* oldest first */
	bool part;              /* there may be more before: history_read_back() */
};

/* {0} first. ERR_FILE for a journal that cannot be read as a whole: then nothing is known, also not that all is finished. */
bool history_read(struct app *app, const struct dname *domain, struct history *history, struct err *err);
/* Adds the last pushes before those that are there, no more than `most`, where each ended, and its end says that nothing was left
 * unfinished: the first of them began only where nothing before it was. Where one does not, all of the journal is read. */
bool history_read_back(struct app *app, const struct dname *domain, size_t most, struct history *history, struct err *err);
void history_release(struct history *history);
/* The push of that id. id NULL: the last one that changed something, took nothing back, and was not taken back. */
const struct past_push *history_find(const struct history *history, const char *id);
const struct past_push *history_unfinished(const struct history *history); /* or NULL */
/* Can it be taken back? ERR_FALSE where it changed nothing. */
bool history_can_revert(const struct past_push *push, struct err *err);
/* The state of a push in a word, marked for translation: "published", "failed" ... */
const char *history_state_text(const struct past_push *push);
/* What earlier pushes, but the one of this id (NULL: all), mean for caches now; not known where only a part was read, and its end does not
 * tell. */
void history_past(const struct history *history, const char *but, int64_t now, struct past_facts *past);
/* Base and want exchanged; sealed; not approved. */
void history_revert_plan(const struct past_push *push, struct plan *plan);

#endif
