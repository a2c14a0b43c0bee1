/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulate says beyond one state: the game-day matrix, and an outage over time. For each sender asked for. */
#ifndef CLI_WHATIF_H
#define CLI_WHATIF_H

#include <jansson.h>

#include "sim/attempt/failover.h"
#include "sim/sender/mix.h"

struct whatif {
	const struct sim_input *in;
	const struct sender *const *senders; /* all there are; ends with NULL */
	const struct sender *sender;         /* NULL: all */
	unsigned depth;                      /* of the matrix: 0 none, 1, 2 */
	uint32_t outage_s;                   /* 0: none */
	uint32_t starts_s;                   /* of the outage: time of day, UTC */
	double per_hour[24];
	struct mix mix;      /* of the senders, for the sum of an outage */
	bool loses, bounces; /* found out with the matrix: some failure loses mail, or returns some */
};

bool whatif_wants(const struct whatif *whatif, const struct sender *sender);

/* New references; null where nothing was asked for. */
json_t *whatif_matrix_json(struct whatif *whatif);
json_t *whatif_outage_json(const struct whatif *whatif);
void whatif_print(struct whatif *whatif); /* the matrix */
void whatif_outage_print(const struct whatif *whatif);

#endif
