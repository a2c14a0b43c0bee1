/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of a domain's mail comes from each kind of sender, and how many messages
 * come in an hour. Pure values; says where its numbers are from.
 */
#ifndef SIM_MIX_H
#define SIM_MIX_H

#include "sim/sender/sender.h"

#define MIX_SENDERS 64 /* senders there can be, built-in and configured */

struct mix {
	const char *source;         /* N_(): where the weights are from */
	double weight[MIX_SENDERS]; /* by the sender's index in its list; they sum to 1 */
};

/* The program's own. list ends with NULL. */
void mix_standard(struct mix *mix, const struct sender *const *list);
/* The weights as given, 0 or more, become parts; false when all are 0. */
bool mix_scale(struct mix *mix);
/* One number for all hours, or 24 with commas between; none negative, not all 0. */
bool traffic_parse(const char *text, double per_hour[24]);

#endif
