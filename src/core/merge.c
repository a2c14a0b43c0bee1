/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

enum side { BASE, THEIRS, MINE, SIDES };

struct item {
	const struct mx *mx;
	enum side side;
};

/* The items of one host: each side's records of it stand together. */
struct group {
	const struct item *item[SIDES];
	size_t n[SIDES];
};

struct work {
	size_t n;
	struct item *item;
	size_t n_group;
	struct group *group;
};

static int by_host(const struct mx *a, const struct mx *b)
{
	int order = dname_cmp(&a->host, &b->host);

	return order ? order : strcmp(a->odd, b->odd);
}

static int by_host_and_side(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = by_host(a->mx, b->mx);

	if (order)
		return order;
	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	return a->mx->preference < b->mx->preference ? -1 : a->mx->preference > b->mx->preference;
}

static void gather(struct work *work, const struct mxset *set, enum side side)
{
	for (size_t i = 0; i < set->n; i++)
		work->item[work->n++] = (struct item){ &set->mx[i], side };
}

static void part(struct work *work)
{
	work->group = mem_alloc((work->n + 1) * sizeof(*work->group));
	for (size_t i = 0; i < work->n; i++) {
		const struct item *item = &work->item[i];
		struct group *group;

		if (i == 0 || by_host(work->item[i - 1].mx, item->mx) != 0)
			work->group[work->n_group++] = (struct group){ 0 };
		group = &work->group[work->n_group - 1];
		if (!group->n[item->side]++)
			group->item[item->side] = item;
	}
}

static bool alike(const struct group *group, enum side a, enum side b)
{
	if (group->n[a] != group->n[b])
		return false;
	for (size_t i = 0; i < group->n[a]; i++)
		if (group->item[a][i].mx->preference != group->item[b][i].mx->preference)
			return false;
	return true;
}

static enum merge_how judge(bool mine_moved, bool theirs_moved, bool same)
{
	if (!mine_moved && !theirs_moved)
		return MERGE_SAME;
	if (mine_moved && theirs_moved)
		return same ? MERGE_BOTH : MERGE_CLASH;
	return mine_moved ? MERGE_MINE : MERGE_THEIRS;
}

static struct merge_cell cell(const struct group *group, enum side side)
{
	return (struct merge_cell){ group->n[side], group->n[side] ? group->item[side]->mx->preference : 0 };
}

static void add_row(struct merge *merge, const struct group *group)
{
	const struct item *any = group->item[BASE] ? group->item[BASE] : group->item[THEIRS] ? group->item[THEIRS] : group->item[MINE];

	merge->row = mem_grow(merge->row, merge->n, &merge->cap, sizeof(*merge->row));
	merge->row[merge->n++] = (struct merge_row){
		.mx = *any->mx,
		.base = cell(group, BASE),
		.theirs = cell(group, THEIRS),
		.mine = cell(group, MINE),
		.how = judge(!alike(group, BASE, MINE), !alike(group, BASE, THEIRS), alike(group, MINE, THEIRS)),
	};
}

static bool takes_theirs(enum merge_how how, enum merge_side side)
{
	return how == MERGE_THEIRS || (how == MERGE_CLASH && side == SIDE_THEIRS);
}

/* ---- what two sound changes say together, and neither side said ---- */

static bool has_null(const struct merge *merge, bool *others)
{
	bool null = false;

	*others = false;
	for (size_t i = 0; i < merge->n; i++) {
		const struct merge_row *row = &merge->row[i];

		if (!(takes_theirs(row->how, row->side) ? row->theirs.n : row->mine.n))
			continue;
		if (dname_is_root(&row->mx.host))
			null = true;
		else
			*others = true;
	}
	return null;
}

static bool mixes_null(const struct mxset *set)
{
	bool null = false;

	for (size_t i = 0; i < set->n; i++)
		null = null || dname_is_root(&set->mx[i].host);
	return null && !mxset_is_null(set);
}

/* A null MX beside records, or no record at all, that neither side wanted. */
static void clash_of_meaning(struct merge *merge, const struct merge_sets *sets)
{
	bool others, null = has_null(merge, &others);
	bool mixed = null && others && !mixes_null(sets->mine) && !mixes_null(sets->theirs);
	bool empty = !null && !others && sets->mine->n && sets->theirs->n;

	for (size_t i = 0; (mixed || empty) && i < merge->n; i++)
		if (merge->row[i].how == MERGE_MINE || merge->row[i].how == MERGE_THEIRS)
			merge->row[i].how = MERGE_CLASH;
}

/* ---- the result ---- */

static int by_row(const void *key, const void *row)
{
	return by_host(key, &((const struct merge_row *)row)->mx);
}

static void take_choices(struct merge *merge, const struct merge *choices)
{
	for (size_t i = 0; choices && choices->n && i < merge->n; i++) {
		const struct merge_row *row = bsearch(&merge->row[i].mx, choices->row, choices->n, sizeof(*choices->row), by_row);

		if (row)
			merge->row[i].side = row->side;
	}
	if (choices)
		merge->ttl_side = choices->ttl_side;
}

static void add_records(struct mxset *set, const struct group *group, enum side side)
{
	for (size_t i = 0; i < group->n[side]; i++) {
		set->mx = mem_grow(set->mx, set->n, &set->cap, sizeof(*set->mx));
		set->mx[set->n] = *group->item[side][i].mx;
		if (set->mx[set->n].listed > set->listed)
			set->listed = set->mx[set->n].listed;
		set->n++;
	}
}

static void merge_ttl(struct merge *merge, const struct merge_sets *sets, struct mxset *result)
{
	uint32_t mine = sets->mine->ttl_s, theirs = sets->theirs->ttl_s, base = sets->base->ttl_s;

	/* A TTL that was not known is learnt, not changed. */
	if (base == MX_TTL_UNKNOWN)
		base = theirs;
	if (theirs == MX_TTL_UNKNOWN)
		theirs = base;
	if (mine == MX_TTL_UNKNOWN)
		mine = base;
	if (!sets->theirs->n)
		merge->ttl = sets->base->n && mine != base ? MERGE_MINE : MERGE_SAME;
	else if (!sets->mine->n)
		merge->ttl = MERGE_THEIRS;
	else
		merge->ttl = judge(!sets->base->n || mine != base, !sets->base->n || theirs != base, mine == theirs);
	result->ttl_s = takes_theirs(merge->ttl, merge->ttl_side) ? theirs : mine;
}

void merge_run(struct merge *merge, const struct merge_sets *sets, const struct merge *choices, struct mxset *result)
{
	struct work work = { .n = 0 };
	struct mxset made = { 0 };

	merge->n = 0;
	work.item = mem_alloc((sets->base->n + sets->theirs->n + sets->mine->n + 1) * sizeof(*work.item));
	gather(&work, sets->base, BASE);
	gather(&work, sets->theirs, THEIRS);
	gather(&work, sets->mine, MINE);
	qsort(work.item, work.n, sizeof(*work.item), by_host_and_side);
	part(&work);
	for (size_t i = 0; i < work.n_group; i++)
		add_row(merge, &work.group[i]);
	clash_of_meaning(merge, sets);
	take_choices(merge, choices);
	for (size_t i = 0; i < work.n_group; i++)
		add_records(&made, &work.group[i], takes_theirs(merge->row[i].how, merge->row[i].side) ? THEIRS : MINE);
	mxset_sort(&made);
	merge_ttl(merge, sets, &made);
	mxset_release(result);
	*result = made;
	free(work.item);
	free(work.group);
}

void merge_release(struct merge *merge)
{
	free(merge->row);
	*merge = (struct merge){ 0 };
}

size_t merge_undecided(const struct merge *merge)
{
	size_t n = merge->ttl == MERGE_CLASH && merge->ttl_side == SIDE_OPEN;

	for (size_t i = 0; i < merge->n; i++)
		n += merge->row[i].how == MERGE_CLASH && merge->row[i].side == SIDE_OPEN;
	return n;
}
