/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a what-if came to, in a few words: a state with its symbol, a share, a delay. */
#ifndef SHOW_OUTCOME_H
#define SHOW_OUTCOME_H

#include "app/session.h"
#include "show/document.h"

double outcome_delivered(const struct sim_outcome *outcome); /* the share that some host takes */
/* What the record takes of it; below 0: it is not in it. None is not known as none where a part of the whole is not known: below 0 too. */
double outcome_share(const struct sim_outcome *outcome, const struct mx *mx);
double outcome_known(const struct sim_outcome *outcome, double share); /* that rule */
void outcome_delay(struct str *out, double min_s, double max_s);       /* "30s", "0s–30s" */

/* What becomes of the mail when one host is silent: "no delay", "0s–30s", "50 % lost", "not known". NULL: nobody tried it. */
struct sign outcome_down(const struct session_down *down, struct str *out);
/* "50 % lost", "all lost"; false, and nothing is added: none is. */
bool outcome_lost(struct str *out, double lost);
/* Is a worse than b? */
bool outcome_worse(const struct session_down *a, const struct session_down *b);
/* In whole percent; a part that is there is never told as nothing, nor as all. */
void outcome_part(struct str *out, double share);

#endif
