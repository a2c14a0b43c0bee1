/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `simulate --cutover` adds: the move from what is live to a plan, or to the domain's kept draft. Owns the draft and the result. */
#ifndef CLI_WHATIF_CUTOVER_H
#define CLI_WHATIF_CUTOVER_H

#include <jansson.h>

#include "cli/command.h"
#include "core/draft.h"
#include "sim/cutover/cutover.h"

struct moving {
	bool asked;
	int64_t now, at;
	struct draft draft; /* what the draft began from, and what is wanted */
	struct cutover result;
};

bool moving_parse(const struct call *call, struct moving *moving, struct err *err); /* moving: {0} first */
/* The draft: plan's, or the one that is kept of domain where plan is NULL. ERR_USAGE, ERR_FALSE where there is nothing to cut over. */
bool moving_load(struct call *call, const struct dname *domain, const struct plan *plan, struct moving *moving, struct err *err);
void moving_run(
	struct moving *moving, const struct facts *facts, const struct cutover_part *part, size_t n_part); /* sender NULL: all, evenly */
json_t *moving_json(const struct moving *moving); /* new reference; null where it was not asked for */
void moving_print(const struct moving *moving);
void moving_release(struct moving *moving);

#endif
