/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sender's rules in sentences, each with where it stands and how sure it is: why
 * a what-if gives the numbers that it gives. Follows from the sender's fields; no
 * sender is known by name. Pure values.
 */
#ifndef SIM_WHY_H
#define SIM_WHY_H

#include "sim/sender/sender.h"

#define WHY_ROWS 48

struct why_row {
	enum sender_group group;
	enum sim_state state; /* of the rows that say what a failure does; SIM_UP: of no one state */
	struct msg text;      /* sentence */
};

/* Fills at most WHY_ROWS; returns how many. In the order of enum sender_group. */
size_t why_sender(const struct sender *sender, struct why_row row[WHY_ROWS]);
extern const char why_policy_taken[];                 /* N_(): of a sender that keeps to MTA-STS */
const char *why_group_title(enum sender_group group); /* N_() */
const char *sender_sure_label(enum sender_sure sure); /* N_(): "measured", "from its source" ... */

#endif
