/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/draft.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/ladder.h"
#include "base/banned.h"

#define PREFERENCE_MAX 65535u
#define GAP 10u

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

/* Takes `next` over as the wanted set; what changes nothing leaves no step. Always true. */
static bool commit(struct draft *draft, struct mxset *next)
{
	/* Of an empty set the TTL counts here: it waits for the first record. */
	if (mxset_equal(next, &draft->want) && next->ttl_s == draft->want.ttl_s) {
		mxset_release(next);
		return true;
	}
	drop_steps(draft->redo, &draft->n_redo);
	push(&draft->undo, &draft->n_undo, &draft->cap_undo, &draft->want);
	draft->want = *next;
	return true;
}

void draft_set(struct draft *draft, const struct mxset *want)
{
	struct mxset next = { 0 };

	mxset_copy(&next, want);
	commit(draft, &next);
}

void draft_rebase(struct draft *draft, const struct mxset *base)
{
	mxset_copy(&draft->base, base);
}

static size_t index_of(const struct mxset *set, const struct mx *mx)
{
	size_t i = 0;

	while (i < set->n && !mx_equal(&set->mx[i], mx))
		i++;
	return i;
}

static bool is_new(const struct mxset *set, const struct mx *mx, struct err *err)
{
	char host[DNAME_TEXT_MAX];

	if (!mxset_has(set, mx))
		return true;
	return err_set(
		err, ERR_USAGE, N_("the draft already has %s with preference %u"), mx_host_show(mx, host), (unsigned int)mx->preference);
}

static bool in_range(uint32_t preference, struct err *err)
{
	if (preference <= PREFERENCE_MAX)
		return true;
	return err_set(err, ERR_USAGE, N_("a preference is a number from 0 to 65535, not %u"), (unsigned int)preference);
}

bool draft_add(struct draft *draft, const struct mx *mx, struct err *err)
{
	struct mxset next = { 0 };

	if (!in_range(mx->preference, err) || !is_new(&draft->want, mx, err))
		return false;
	mxset_copy(&next, &draft->want);
	mxset_add(&next, mx);
	return commit(draft, &next);
}

bool draft_remove(struct draft *draft, size_t i, struct err *err)
{
	struct mxset next = { 0 };

	if (i >= draft->want.n)
		return err_set(err, ERR_USAGE, N_("there is no such record in the draft"));
	mxset_copy(&next, &draft->want);
	mxset_remove(&next, i);
	return commit(draft, &next);
}

/* Puts mx in the place of record *i, which follows it. */
static bool replace(struct draft *draft, size_t *i, const struct mx *mx, struct err *err)
{
	struct mxset next = { 0 };

	if (mx_equal(&draft->want.mx[*i], mx))
		return true;
	if (!is_new(&draft->want, mx, err))
		return false;
	mxset_copy(&next, &draft->want);
	mxset_remove(&next, *i);
	mxset_add(&next, mx);
	*i = index_of(&next, mx);
	return commit(draft, &next);
}

bool draft_prefer(struct draft *draft, size_t *i, uint32_t preference, struct err *err)
{
	struct mx mx;

	if (*i >= draft->want.n)
		return err_set(err, ERR_USAGE, N_("there is no such record in the draft"));
	if (!in_range(preference, err))
		return false;
	mx = draft->want.mx[*i];
	mx.preference = preference;
	return replace(draft, i, &mx, err);
}

bool draft_rename(struct draft *draft, size_t *i, const char *host, struct err *err)
{
	struct mx mx = { 0 };

	if (*i >= draft->want.n)
		return err_set(err, ERR_USAGE, N_("there is no such record in the draft"));
	if (!dname_parse(&mx.host, host, err))
		return false;
	mx.preference = draft->want.mx[*i].preference;
	return replace(draft, i, &mx, err);
}

/* A preference for a new rung before rung `at` of the ladder (at == n: after the last). False when there is no room. */
static bool find_room(const struct ladder *ladder, size_t at, uint32_t *preference)
{
	uint32_t low = at > 0 ? ladder->rung[at - 1].preference : 0;
	uint32_t high = at < ladder->n ? ladder->rung[at].preference : PREFERENCE_MAX + 1;

	if (at == 0)
		*preference = high >= GAP ? high - GAP : high / 2;
	else if (at == ladder->n && low <= PREFERENCE_MAX - GAP)
		*preference = low + GAP;
	else
		*preference = low + (high > low ? (high - low) / 2 : 0);
	return *preference <= PREFERENCE_MAX && *preference < high && (at == 0 || *preference > low);
}

/* All rungs become 10, 20, 30 ...; record i stands alone before what was rung `at`. i == set->n: nothing moves. */
static bool spread(struct mxset *set, const struct ladder *ladder, size_t at, size_t i, struct err *err)
{
	if ((ladder->n + 1) * GAP > PREFERENCE_MAX)
		return err_set(err, ERR_USAGE, N_("there are too many rungs to number them in tens"));
	for (size_t r = 0; r < ladder->n; r++) {
		for (size_t k = 0; k < ladder->rung[r].n; k++)
			set->mx[ladder->rung[r].first + k].preference = (uint32_t)(r + 1 + (r >= at)) * GAP;
	}
	if (i < set->n)
		set->mx[i].preference = (uint32_t)(at + 1) * GAP;
	return true;
}

/* Leaves a shared rung for a new one of its own, before what is now rung `at`. */
static bool leave_rung(struct draft *draft, size_t *i, const struct ladder *ladder, size_t at, struct err *err)
{
	struct mxset next = { 0 };
	struct mx mx = draft->want.mx[*i];

	if (find_room(ladder, at, &mx.preference))
		return replace(draft, i, &mx, err);
	mxset_copy(&next, &draft->want);
	if (!spread(&next, ladder, at, *i, err)) {
		mxset_release(&next);
		return false;
	}
	mx = next.mx[*i];
	mxset_sort(&next);
	*i = index_of(&next, &mx);
	return commit(draft, &next);
}

static bool step(struct draft *draft, size_t *i, bool up, struct err *err)
{
	struct ladder ladder = { 0 };
	size_t rung;
	bool ok;

	if (*i >= draft->want.n)
		return err_set(err, ERR_USAGE, N_("there is no such record in the draft"));
	ladder_build(&ladder, &draft->want);
	rung = ladder_rung_of(&ladder, *i);
	if (ladder.rung[rung].n > 1) {
		ok = leave_rung(draft, i, &ladder, up ? rung : rung + 1, err);
	} else if (up && rung == 0) {
		ok = err_set(err, ERR_USAGE, N_("it already stands alone on the first rung"));
	} else if (!up && rung + 1 == ladder.n) {
		ok = err_set(err, ERR_USAGE, N_("it already stands alone on the last rung"));
	} else {
		struct mx mx = draft->want.mx[*i];

		mx.preference = ladder.rung[up ? rung - 1 : rung + 1].preference;
		ok = replace(draft, i, &mx, err);
	}
	ladder_release(&ladder);
	return ok;
}

bool draft_raise(struct draft *draft, size_t *i, struct err *err)
{
	return step(draft, i, true, err);
}

bool draft_lower(struct draft *draft, size_t *i, struct err *err)
{
	return step(draft, i, false, err);
}

bool draft_level(struct draft *draft, size_t *i, size_t with, struct err *err)
{
	struct mx mx;

	if (*i >= draft->want.n || with >= draft->want.n)
		return err_set(err, ERR_USAGE, N_("there is no such record in the draft"));
	mx = draft->want.mx[*i];
	mx.preference = draft->want.mx[with].preference;
	return replace(draft, i, &mx, err);
}

bool draft_renumber(struct draft *draft, struct err *err)
{
	struct mxset next = { 0 };
	struct ladder ladder = { 0 };
	bool ok;

	mxset_copy(&next, &draft->want);
	ladder_build(&ladder, &next);
	ok = spread(&next, &ladder, ladder.n, next.n, err);
	ladder_release(&ladder);
	if (ok)
		return commit(draft, &next);
	mxset_release(&next);
	return false;
}

bool draft_ttl(struct draft *draft, uint32_t ttl_s, struct err *err)
{
	struct mxset next = { 0 };

	if (ttl_s > MX_TTL_MAX)
		return err_set(err, ERR_USAGE, N_("a TTL is at most %u seconds (RFC 2181 section 8)"), MX_TTL_MAX);
	mxset_copy(&next, &draft->want);
	next.ttl_s = ttl_s;
	return commit(draft, &next);
}

bool draft_null_mx(struct draft *draft, struct err *err)
{
	struct mxset next = { .ttl_s = draft->want.ttl_s };
	struct mx mx;

	(void)err;
	mx_set(&mx, 0, ".");
	mxset_add(&next, &mx);
	return commit(draft, &next);
}
