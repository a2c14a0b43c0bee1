/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/push_compare.h"

#include <string.h>

#include "base/banned.h"

static const struct provider_record *with_id(const struct provider_set *set, const char *id)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->record[i].id, id))
			return &set->record[i];
	return NULL;
}

static bool publishes(const struct provider_set *set, const struct mx *mx)
{
	for (size_t i = 0; i < set->n; i++)
		if (!set->record[i].disabled && mx_equal(&set->record[i].mx, mx))
			return true;
	return false;
}

static bool publishes_all(const struct provider_set *set, const struct mxset *want)
{
	for (size_t i = 0; i < want->n; i++)
		if (!publishes(set, &want->mx[i]))
			return false;
	return true;
}

bool push_has_any(const struct provider_set *now, const struct mxset *want)
{
	for (size_t i = 0; i < want->n; i++)
		if (publishes(now, &want->mx[i]))
			return true;
	return false;
}

bool push_has_records(const struct provider_set *now, const struct mxset *want)
{
	for (size_t i = 0; i < now->n; i++)
		if (!now->record[i].disabled && !mxset_has(want, &now->record[i].mx))
			return false;
	return publishes_all(now, want);
}

static bool same_records(const struct provider_set *a, const struct provider_set *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!a->record[i].disabled && !publishes(b, &a->record[i].mx))
			return false;
	for (size_t i = 0; i < b->n; i++)
		if (!b->record[i].disabled && !publishes(a, &b->record[i].mx))
			return false;
	return true;
}

/* Do the old records have a TTL that was neither theirs nor is the wanted one? A write that brings other records, or that
 * nobody said was carried out, has not made it. */
static bool has_other_ttl(const struct push_write *write, const struct provider_set *now)
{
	struct mxset before, held;
	bool other;

	mxset_init(&before);
	mxset_init(&held);
	provider_set_published(write->before, &before);
	provider_set_published(now, &held);
	other = held.n && held.ttl_s != before.ttl_s && held.ttl_s != write->want->ttl_s && !provider_set_ttl_mixed(write->before) &&
		!provider_set_ttl_mixed(now);
	mxset_release(&before);
	mxset_release(&held);
	return other;
}

/* Compares the whole set: the old one, the new one, or (where records appear one by one) one in between. */
static enum push_seen compare_whole(const struct push_write *write, const struct provider_set *now)
{
	bool all = push_has_records(now, write->want), old = same_records(write->before, now);

	if (old && !(all && write->accepted) && has_other_ttl(write, now))
		return SEEN_OTHER;
	if (all)
		return SEEN_ALL;
	if (old)
		return SEEN_OLD;
	if (write->atomic)
		return SEEN_OTHER;
	for (size_t i = 0; i < now->n; i++) {
		const struct provider_record *record = &now->record[i];

		if (!record->disabled && !mxset_has(write->want, &record->mx) && !publishes(write->before, &record->mx))
			return SEEN_OTHER;
	}
	for (size_t i = 0; i < write->want->n; i++)
		if (publishes(write->before, &write->want->mx[i]) && !publishes(now, &write->want->mx[i]))
			return SEEN_OTHER;
	return SEEN_OLD;
}

/* Compares record by record: old ones by their ids, new ones by their values. */
static enum push_seen compare_records(const struct push_write *write, const struct provider_set *now)
{
	bool all = write->part != PART_ADD || publishes_all(now, write->want);

	for (size_t i = 0; i < write->before->n; i++) {
		const struct provider_record *old = &write->before->record[i], *same = with_id(now, old->id);
		bool removed = !strcmp(old->id, write->removed), changed = !strcmp(old->id, write->changed);

		if (!same && !removed)
			return SEEN_OTHER;
		if (same && !mx_equal(&same->mx, &old->mx) && !(changed && mxset_has(write->want, &same->mx)))
			return SEEN_OTHER;
		if (same && (removed || (changed && !mxset_has(write->want, &same->mx))))
			all = false;
	}
	for (size_t i = 0; i < now->n; i++)
		if (!with_id(write->before, now->record[i].id) && !mxset_has(write->want, &now->record[i].mx))
			return SEEN_OTHER;
	return all ? SEEN_ALL : SEEN_OLD;
}

enum push_seen push_compare(const struct push_write *write, const struct provider_set *now)
{
	return write->part == PART_ALL ? compare_whole(write, now) : compare_records(write, now);
}

/* May a push have left this? One that writes in one request leaves the old set or the new one, and takes all records out by single
 * requests at the most. One that writes record by record keeps what is old and wanted, and never empties the set. */
static bool may_have_left(const struct mxset *held, const struct plan *plan, bool atomic)
{
	const struct mxset *base = &plan->base, *want = &plan->want;

	if (mxset_same_records(held, base) || mxset_same_records(held, want))
		return true;
	for (size_t i = 0; i < held->n; i++)
		if (!mxset_has(base, &held->mx[i]) && !mxset_has(want, &held->mx[i]))
			return false;
	for (size_t i = 0; i < want->n; i++)
		if (mxset_has(base, &want->mx[i]) && !mxset_has(held, &want->mx[i]))
			return false;
	return held->n && (!atomic || !base->n || !want->n);
}

bool push_is_between(const struct provider_set *now, const struct plan *plan, bool undo, bool atomic)
{
	const struct mxset *base = &plan->base, *want = &plan->want;
	struct mxset held;
	bool known;

	mxset_init(&held);
	provider_set_published(now, &held);
	known = may_have_left(&held, plan, atomic);
	if (!undo && held.n && mxset_same_records(&held, base) && !mxset_same_records(&held, want) && !provider_set_ttl_mixed(now))
		known &= held.ttl_s == base->ttl_s || held.ttl_s == want->ttl_s;
	mxset_release(&held);
	return known;
}
