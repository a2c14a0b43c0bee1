/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Held, served and cached, as commands print them; and where a plan stands in them. */
#ifndef CLI_PRINT_TRUTH_H
#define CLI_PRINT_TRUTH_H

#include "cli/print.h"
#include "core/plan.h"
#include "core/truth.h"

/* {"account","at","ttl","records"}, or null where no account told. */
json_t *print_held_json(const struct facts *facts);
/* {"resolver","ttl_left","records","same"}, or null where no resolver told. */
json_t *print_cached_json(const struct facts *facts, int64_t now);
/* One line each for what a reader must not miss: a cache that differs, a TTL that is not known. */
void print_truth(const struct facts *facts, int64_t now);

enum plan_stand {
	STAND_BASE,   /* live is what the plan begins from */
	STAND_WANT,   /* live is already what it wants */
	STAND_OTHER,  /* neither: a push would be a conflict */
	STAND_UNKNOWN /* nobody who knows could be asked */
};
/* live NULL: not known. A resolver's answer alone makes no conflict. */
enum plan_stand plan_stand(const struct plan *plan, const struct mxset *live, enum truth_source source);
const char *plan_stand_name(enum plan_stand stand); /* for JSON: "base", "want", "other", "unknown" */
/* named: the zone files or the one server that told the live set; else "". */
void print_stand(enum plan_stand stand, enum truth_source source, const char *named);

#endif
