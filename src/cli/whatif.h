/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulate says beyond one state: the game-day matrix, and an outage over time. For each sender asked for. */
#ifndef CLI_WHATIF_H
#define CLI_WHATIF_H

#include <jansson.h>

#include "cli/command.h"
#include "cli/json_out.h"
#include "sim/attempt/failover.h"
#include "sim/sender/mix.h"

enum require { REQUIRE_NOTHING, REQUIRE_DELIVERED, REQUIRE_NO_BOUNCE };

/* What --require judges: the state that is marked, and each failure of the matrix but those to be ignored. */
struct requirement {
	enum require what;
	unsigned ignore;                /* enum matrix_ignore */
	size_t judged, ignored, failed; /* states and failures, by sender */
	size_t unknown;                 /* of those that failed: it could not be told */
};

/* Does this hold? Counts it. What is unknown does not. */
bool requirement_judge(struct requirement *requirement, double bounced, double lost, double unknown);
bool requirement_parse(struct requirement *requirement, const struct call *call, struct err *err);
json_t *requirement_json(const struct requirement *requirement); /* a new reference; null where nothing is required */
void requirement_print(const struct requirement *requirement);

struct whatif {
	const struct sim_input *in;
	const struct sender *const *senders; /* all there are; ends with NULL */
	const struct sender *sender;         /* NULL: all */
	unsigned depth;                      /* of the matrix: 0 none, 1, 2 */
	uint32_t outage_s;                   /* 0: none */
	uint32_t starts_s;                   /* of the outage: time of day, UTC */
	double per_hour[24];
	struct mix mix;                  /* of the senders, for the sum of an outage */
	struct requirement *requirement; /* borrowed */
};

bool whatif_wants(const struct whatif *whatif, const struct sender *sender);

/* Put as members "matrix" and "outage"; null where nothing was asked for. */
void whatif_matrix_json(struct whatif *whatif, struct json_out *out);
void whatif_outage_json(const struct whatif *whatif, struct json_out *out);
void whatif_print(struct whatif *whatif); /* the matrix */
void whatif_outage_print(const struct whatif *whatif);
/* The MTA-STS policy that the senders are taken to go by; null, and nothing, where none of them keeps to any, or none is served. */
json_t *whatif_policy_json(const struct whatif *whatif); /* a new reference */
void whatif_policy_print(const struct whatif *whatif);

#endif
