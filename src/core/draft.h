/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft: the set it began from, the set that is wanted, and every step between
 * for undo and redo without limit. Knows no file. Owns its sets. An edit that
 * changes nothing leaves no undo step; each edit returns whether it was possible.
 */
#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include "core/mxset.h"

struct draft {
	struct mxset base, want;
	size_t n_undo, cap_undo, n_redo, cap_redo;
	struct mxset *undo, *redo;
};

void draft_init(struct draft *draft, const struct mxset *base); /* copies base */
void draft_release(struct draft *draft);
void draft_copy(struct draft *to, const struct draft *from); /* to must be initialised */
bool draft_dirty(const struct draft *draft);                 /* want differs from base */

bool draft_undo(struct draft *draft);
bool draft_redo(struct draft *draft);
void draft_set(struct draft *draft, const struct mxset *want); /* one undoable step */
/* The live set moved: new base, wanted set kept. Not undoable. */
void draft_rebase(struct draft *draft, const struct mxset *base);

/* i is a record's index in want. They return the record's new index through *i where given. */
bool draft_add(struct draft *draft, const struct mx *mx, struct err *err);
bool draft_remove(struct draft *draft, size_t i, struct err *err);
bool draft_prefer(struct draft *draft, size_t *i, uint32_t preference, struct err *err);
bool draft_rename(struct draft *draft, size_t *i, const char *host, struct err *err);
/* Moves one record a rung up (tried earlier) or down; the numbers follow: onto its own new rung between or
 * beyond the neighbours when it shared its rung, else onto the neighbour rung. */
bool draft_raise(struct draft *draft, size_t *i, struct err *err);
bool draft_lower(struct draft *draft, size_t *i, struct err *err);
bool draft_level(struct draft *draft, size_t *i, size_t with, struct err *err); /* takes the other's preference */
bool draft_renumber(struct draft *draft, struct err *err);                      /* rungs become 10, 20, 30 ... */
bool draft_ttl(struct draft *draft, uint32_t ttl_s, struct err *err);
bool draft_null_mx(struct draft *draft, struct err *err); /* the one record "0 ." */

#endif
