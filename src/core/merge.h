/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The three-way merge of MX sets, as git does it: my edits of a base on top of their set. Record by record: a record is a host with its
 * preferences, and the TTL is one more. What one side alone changed is taken; what both changed differently is a clash, and is asked.
 * Pure; owns its rows.
 */
#ifndef CORE_MERGE_H
#define CORE_MERGE_H

#include "core/mxset.h"

enum merge_how {
	MERGE_SAME,   /* all three are alike */
	MERGE_MINE,   /* only I changed it */
	MERGE_THEIRS, /* only they changed it */
	MERGE_BOTH,   /* both changed it, and alike */
	MERGE_CLASH   /* both changed it, and not alike; or the two changes together say what neither side said */
};

enum merge_side { SIDE_OPEN, SIDE_MINE, SIDE_THEIRS };

struct merge_sets {
	const struct mxset *base, *theirs, *mine;
};

struct merge_cell {          /* a host in one set */
	size_t n;            /* records of it; 0: not there */
	uint32_t preference; /* of the first */
};

struct merge_row {
	struct mx mx; /* the host */
	struct merge_cell base, theirs, mine;
	enum merge_how how;
	enum merge_side side; /* of a clash */
};

struct merge {
	size_t n, cap;
	struct merge_row *row; /* by host, in canonical order */
	enum merge_how ttl;
	enum merge_side ttl_side;
};

/* choices: an earlier merge, whose sides of clashes count here too; or NULL. An undecided clash takes mine. merge: {0} first; result must
 * be initialised, and is overwritten. A set without records has no TTL. */
void merge_run(struct merge *merge, const struct merge_sets *sets, const struct merge *choices, struct mxset *result);
void merge_release(struct merge *merge);
/* Clashes that nobody decided, the TTL's too. */
size_t merge_undecided(const struct merge *merge);

#endif
