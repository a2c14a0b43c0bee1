/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A draft: the set it began from, the set that is wanted, and every step between
 * for undo and redo without limit. Knows no file. Owns its sets. What changes
 * nothing leaves no undo step.
 */
#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include "core/edit.h"
#include "core/merge.h"

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
/* The set moved: each step, and what is wanted, is merged on the new base, so undoing brings nothing of the old one back. choices: the
 * sides of clashes (core/merge), or NULL: mine. Not undoable. */
void draft_rebase(struct draft *draft, const struct mxset *base, const struct merge *choices);
/* The set was published: it is the base now. Edits that were made since, and the undo steps, stay. */
void draft_published(struct draft *draft, const struct mxset *base);
/* Of a draft that begins from no record: the TTL of the first, until an edit says another. */
#define DRAFT_FIRST_TTL_S 3600 /* of a set without records, where the provider does not tell the zone's own */
void draft_first_ttl(struct draft *draft, uint32_t ttl_s);

/* All of the edits or none, as one undoable step. ERR_USAGE. */
bool draft_apply(struct draft *draft, const struct edit *edits, size_t n, struct err *err);

#endif
