/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a domain as past pushes; the revert plan of one. */
#ifndef APP_HISTORY_H
#define APP_HISTORY_H

#include "app/app.h"
#include "core/plan.h"

struct past_push {
	char *id, *state, *by, *note, *revert_of; /* state: "published", "partial", "failed", "conflict", "interrupted" */
	int64_t at;
	struct plan plan;
	size_t n_override;
	json_t *record; /* the journal's last word about it, as push_to_json() gives; or NULL */
};

struct history {
	size_t n, cap;
	struct past_push *push; /* oldest first */
};

bool history_read(struct app *app, const struct dname *domain, struct history *history, struct err *err); /* {0} first */
void history_release(struct history *history);
const struct past_push *history_find(const struct history *history, const char *id); /* NULL: the last that changed something */
const struct past_push *history_unfinished(const struct history *history);           /* or NULL */
/* Base and want exchanged; sealed; not approved. */
void history_revert_plan(const struct past_push *push, struct plan *plan);

#endif
