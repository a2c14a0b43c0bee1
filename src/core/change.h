/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The difference of two MX sets: as rows for people, and as ordered
 * provider-neutral steps in which the name never stands without mail (adds and
 * changes before removals). Also the three-way picture of a conflict. Pure values.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/mxset.h"

enum change_kind { CHANGE_TTL, CHANGE_ADD, CHANGE_PREFER, CHANGE_REMOVE };

struct change {
	enum change_kind kind;
	struct mx before, after;            /* of PREFER both; ADD only after; REMOVE only before */
	uint32_t ttl_before_s, ttl_after_s; /* of TTL; MX_TTL_UNKNOWN where it is not known */
	bool first;                         /* of TTL: there was no record before, so no TTL */
};

struct changes {
	size_t n, cap;
	struct change *change;
};

/* Ordered TTL, adds, preference changes, removals. changes is overwritten: initialise with {0}. */
void changes_between(struct changes *changes, const struct mxset *from, const struct mxset *to);
void changes_release(struct changes *changes);
void change_msg(const struct change *change, struct msg *msg); /* one whole sentence */

/* Three-way: each record of any of the sets once, with where it stands. */
struct threeway_row {
	struct mx mx;
	bool in_base, in_live, in_want;
};
struct threeway {
	size_t n, cap;
	struct threeway_row *row;
	size_t n_base, n_live, n_want;               /* records of each */
	uint32_t ttl_base_s, ttl_live_s, ttl_want_s; /* of one with records */
};
void threeway_build(struct threeway *three, const struct mxset *base, const struct mxset *live, const struct mxset *want);
void threeway_release(struct threeway *three);

#endif
