/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rungs of an MX set: one for each preference, lowest first. A view: borrows
 * nothing, indexes into the set that it was made from, and dies with its change.
 */
#ifndef CORE_LADDER_H
#define CORE_LADDER_H

#include "core/mxset.h"

struct rung {
	uint32_t preference;
	size_t first, n; /* records first .. first + n - 1 of the set */
};

struct ladder {
	size_t n;
	struct rung *rung;
};

void ladder_build(struct ladder *ladder, const struct mxset *set); /* ladder is overwritten: initialise with {0} */
void ladder_release(struct ladder *ladder);
size_t ladder_rung_of(const struct ladder *ladder, size_t record); /* index of its rung */

#endif
