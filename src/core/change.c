/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/change.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

static struct change *add(struct changes *changes, enum change_kind kind)
{
	struct change *row;

	changes->change = mem_grow(changes->change, changes->n, &changes->cap, sizeof(*changes->change));
	row = &changes->change[changes->n++];
	*row = (struct change){ .kind = kind };
	return row;
}

/* What `from` holds beyond `other`, repeats counted. Both are sorted, but the order of equals is not: so each row of
 * other answers for one row of from. */
static void beyond(struct mxset *left, const struct mxset *from, const struct mxset *other)
{
	struct mxset rest = { 0 };

	mxset_copy(&rest, other);
	for (size_t i = 0; i < from->n; i++) {
		size_t k = 0;

		while (k < rest.n && !mx_equal(&rest.mx[k], &from->mx[i]))
			k++;
		if (k < rest.n)
			mxset_remove(&rest, k);
		else
			mxset_add(left, &from->mx[i]);
	}
	mxset_release(&rest);
}

/* Rows of the same host on both sides are one change of preference. */
static void pair(struct changes *prefers, struct mxset *gone, struct mxset *come)
{
	for (size_t i = 0; i < come->n;) {
		struct change *row;
		size_t k = 0;

		while (k < gone->n && !(dname_equal(&gone->mx[k].host, &come->mx[i].host) && gone->mx[k].host.len))
			k++;
		if (k == gone->n) {
			i++;
			continue;
		}
		row = add(prefers, CHANGE_PREFER);
		row->before = gone->mx[k];
		row->after = come->mx[i];
		mxset_remove(gone, k);
		mxset_remove(come, i);
	}
}

void changes_between(struct changes *changes, const struct mxset *from, const struct mxset *to)
{
	struct mxset gone = { 0 }, come = { 0 };
	struct changes prefers = { 0 };

	changes_release(changes);
	beyond(&gone, from, to);
	beyond(&come, to, from);
	pair(&prefers, &gone, &come);
	if (to->n && (!from->n || from->ttl_s != to->ttl_s)) {
		struct change *row = add(changes, CHANGE_TTL);

		row->ttl_before_s = from->n ? from->ttl_s : MX_TTL_UNKNOWN;
		row->first = !from->n;
		row->ttl_after_s = to->ttl_s;
	}
	for (size_t i = 0; i < come.n; i++)
		add(changes, CHANGE_ADD)->after = come.mx[i];
	for (size_t i = 0; i < prefers.n; i++)
		*add(changes, CHANGE_PREFER) = prefers.change[i];
	for (size_t i = 0; i < gone.n; i++)
		add(changes, CHANGE_REMOVE)->before = gone.mx[i];
	changes_release(&prefers);
	mxset_release(&gone);
	mxset_release(&come);
}

void changes_release(struct changes *changes)
{
	free(changes->change);
	*changes = (struct changes){ 0 };
}

static void ttl_msg(const struct change *change, struct msg *msg)
{
	char before[TEXT_SPAN_MAX], after[TEXT_SPAN_MAX];

	text_span(change->ttl_before_s, before);
	text_span(change->ttl_after_s, after);
	if (change->first)
		msg_set(msg, N_("Give the new set the TTL %s."), after);
	else if (change->ttl_after_s == MX_TTL_UNKNOWN)
		msg_set(msg, N_("Keep the TTL, which is not known."));
	else if (change->ttl_before_s == MX_TTL_UNKNOWN)
		msg_set(msg, N_("Set the TTL to %s; what it is now is not known."), after);
	else
		msg_set(msg, N_("Change the TTL from %s to %s."), before, after);
}

void change_msg(const struct change *change, struct msg *msg)
{
	const struct mx *mx = change->kind == CHANGE_REMOVE ? &change->before : &change->after;
	char host[DNAME_TEXT_MAX];
	bool null = dname_is_root(&mx->host);

	mx_host_show(mx, host);
	if (change->kind == CHANGE_TTL)
		ttl_msg(change, msg);
	else if (change->kind == CHANGE_PREFER)
		msg_set(msg, N_("Change the preference of %s from %u to %u."), host, (unsigned int)change->before.preference,
			(unsigned int)mx->preference);
	else if (change->kind == CHANGE_ADD && null)
		msg_set(msg, N_("Add a null MX record with preference %u: the domain takes no mail."), (unsigned int)mx->preference);
	else if (change->kind == CHANGE_ADD)
		msg_set(msg, N_("Add %s with preference %u."), host, (unsigned int)mx->preference);
	else if (null)
		msg_set(msg, N_("Remove the null MX record with preference %u."), (unsigned int)mx->preference);
	else
		msg_set(msg, N_("Remove %s with preference %u."), host, (unsigned int)mx->preference);
}

void threeway_build(struct threeway *three, const struct mxset *base, const struct mxset *live, const struct mxset *want)
{
	const struct mxset *sets[] = { base, live, want };
	struct mxset all = { 0 };

	threeway_release(three);
	for (size_t s = 0; s < 3; s++) {
		for (size_t i = 0; i < sets[s]->n; i++) {
			if (!mxset_has(&all, &sets[s]->mx[i]))
				mxset_add(&all, &sets[s]->mx[i]);
		}
	}
	for (size_t i = 0; i < all.n; i++) {
		three->row = mem_grow(three->row, three->n, &three->cap, sizeof(*three->row));
		three->row[three->n++] = (struct threeway_row){ all.mx[i], mxset_has(base, &all.mx[i]), mxset_has(live, &all.mx[i]),
			mxset_has(want, &all.mx[i]) };
	}
	three->n_base = base->n;
	three->n_live = live->n;
	three->n_want = want->n;
	three->ttl_base_s = base->ttl_s;
	three->ttl_live_s = live->ttl_s;
	three->ttl_want_s = want->ttl_s;
	mxset_release(&all);
}

void threeway_release(struct threeway *three)
{
	free(three->row);
	*three = (struct threeway){ 0 };
}
