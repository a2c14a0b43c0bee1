/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/draft.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/banned.h"

void draft_init(struct draft *draft, const struct mxset *base)
{
	*draft = (struct draft){ 0 };
	mxset_copy(&draft->base, base);
	mxset_copy(&draft->want, base);
}

static void drop_steps(struct mxset *steps, size_t *n)
{
	while (*n > 0)
		mxset_release(&steps[--*n]);
}

void draft_release(struct draft *draft)
{
	drop_steps(draft->undo, &draft->n_undo);
	drop_steps(draft->redo, &draft->n_redo);
	free(draft->undo);
	free(draft->redo);
	mxset_release(&draft->base);
	mxset_release(&draft->want);
	*draft = (struct draft){ 0 };
}

static struct mxset *copy_steps(const struct mxset *from, size_t n)
{
	struct mxset *steps = n ? mem_alloc(n * sizeof(*steps)) : NULL;

	for (size_t i = 0; i < n; i++)
		mxset_copy(&steps[i], &from[i]);
	return steps;
}

void draft_copy(struct draft *to, const struct draft *from)
{
	struct draft made = { .n_undo = from->n_undo, .cap_undo = from->n_undo, .n_redo = from->n_redo, .cap_redo = from->n_redo };

	mxset_copy(&made.base, &from->base);
	mxset_copy(&made.want, &from->want);
	made.undo = copy_steps(from->undo, from->n_undo);
	made.redo = copy_steps(from->redo, from->n_redo);
	draft_release(to);
	*to = made;
}

bool draft_dirty(const struct draft *draft)
{
	return !mxset_equal(&draft->base, &draft->want);
}

static void push(struct mxset **steps, size_t *n, size_t *cap, const struct mxset *set)
{
	*steps = mem_grow(*steps, *n, cap, sizeof(**steps));
	(*steps)[(*n)++] = *set;
}

bool draft_undo(struct draft *draft)
{
	if (draft->n_undo == 0)
		return false;
	push(&draft->redo, &draft->n_redo, &draft->cap_redo, &draft->want);
	draft->want = draft->undo[--draft->n_undo];
	return true;
}

bool draft_redo(struct draft *draft)
{
	if (draft->n_redo == 0)
		return false;
	push(&draft->undo, &draft->n_undo, &draft->cap_undo, &draft->want);
	draft->want = draft->redo[--draft->n_redo];
	return true;
}

/* Takes `next` over as the wanted set, as one undo step; none where nothing changed. */
static void commit(struct draft *draft, struct mxset *next)
{
	/* Of an empty set the TTL counts here: it waits for the first record. */
	if (mxset_equal(next, &draft->want) && next->ttl_s == draft->want.ttl_s) {
		mxset_release(next);
		return;
	}
	drop_steps(draft->redo, &draft->n_redo);
	push(&draft->undo, &draft->n_undo, &draft->cap_undo, &draft->want);
	draft->want = *next;
}

void draft_set(struct draft *draft, const struct mxset *want)
{
	struct mxset next = { 0 };

	mxset_copy(&next, want);
	commit(draft, &next);
}

static void rebase_sets(struct mxset *sets, size_t n, const struct merge_sets *bases, const struct merge *choices)
{
	struct merge merge = { 0 };

	for (size_t i = 0; i < n; i++) {
		struct merge_sets three = { bases->base, bases->theirs, &sets[i] };
		struct mxset made = { 0 };

		merge_run(&merge, &three, choices, &made);
		mxset_release(&sets[i]);
		sets[i] = made;
	}
	merge_release(&merge);
}

void draft_rebase(struct draft *draft, const struct mxset *base, const struct merge *choices)
{
	struct mxset next = { 0 };
	struct merge_sets bases = { &draft->base, &next, NULL };

	mxset_copy(&next, base);
	rebase_sets(draft->undo, draft->n_undo, &bases, choices);
	rebase_sets(draft->redo, draft->n_redo, &bases, choices);
	rebase_sets(&draft->want, 1, &bases, choices);
	mxset_release(&draft->base);
	draft->base = next;
}

void draft_published(struct draft *draft, const struct mxset *base)
{
	mxset_copy(&draft->base, base);
}

void draft_first_ttl(struct draft *draft, uint32_t ttl_s)
{
	if (!draft->base.n && !draft->want.n)
		draft->want.ttl_s = ttl_s;
}

bool draft_apply(struct draft *draft, const struct edit *edits, size_t n, struct err *err)
{
	struct mxset next = { 0 };

	mxset_copy(&next, &draft->want);
	for (size_t i = 0; i < n; i++) {
		if (edit_run(&next, &edits[i], err))
			continue;
		mxset_release(&next);
		return false;
	}
	commit(draft, &next);
	return true;
}
