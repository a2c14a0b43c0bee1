/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mxset.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

void mxset_init(struct mxset *set)
{
	*set = (struct mxset){ 0 };
}

void mxset_release(struct mxset *set)
{
	free(set->mx);
	*set = (struct mxset){ 0 };
}

void mxset_copy(struct mxset *to, const struct mxset *from)
{
	struct mx *mx = to->mx;

	if (to->cap < from->n) {
		free(to->mx);
		mx = mem_resize(NULL, from->n, sizeof(*mx));
		to->cap = from->n;
	}
	if (from->n)
		memmove(mx, from->mx, from->n * sizeof(*mx));
	*to = (struct mxset){ .ttl_s = from->ttl_s, .listed = from->listed, .n = from->n, .cap = to->cap, .mx = mx };
}

static int mx_cmp(const struct mx *a, const struct mx *b)
{
	int order;

	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	order = dname_cmp(&a->host, &b->host);
	return order ? order : strcmp(a->odd, b->odd);
}

static int cmp_for_qsort(const void *a, const void *b)
{
	return mx_cmp(a, b);
}

/* Most sets come in their order. */
void mxset_sort(struct mxset *set)
{
	for (size_t i = 1; i < set->n; i++)
		if (mx_cmp(&set->mx[i - 1], &set->mx[i]) > 0) {
			qsort(set->mx, set->n, sizeof(*set->mx), cmp_for_qsort);
			return;
		}
}

void mxset_append(struct mxset *set, const struct mx *mx)
{
	struct mx *added;

	if (set->n == set->cap) { /* it may stand in the array that moves now */
		struct mx moved = *mx;

		set->mx = mem_grow(set->mx, set->n, &set->cap, sizeof(*set->mx));
		set->mx[set->n] = moved;
	} else {
		set->mx[set->n] = *mx;
	}
	added = &set->mx[set->n++];
	if (!added->listed)
		added->listed = set->listed + 1;
	if (added->listed > set->listed)
		set->listed = added->listed;
}

/* Where the record belongs among the first n: behind all that are not greater. */
static size_t place_for(const struct mxset *set, size_t n, const struct mx *mx)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (mx_cmp(mx, &set->mx[middle]) < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void mxset_add(struct mxset *set, const struct mx *mx)
{
	struct mx added;
	size_t at;

	mxset_append(set, mx);
	at = set->n - 1;
	added = set->mx[at];
	if (at > 0 && mx_cmp(&added, &set->mx[at - 1]) < 0)
		at = place_for(set, at, &added);
	memmove(set->mx + at + 1, set->mx + at, (set->n - 1 - at) * sizeof(*set->mx));
	set->mx[at] = added;
}

void mxset_remove(struct mxset *set, size_t i)
{
	if (--set->n == 0)
		set->listed = 0;
	memmove(set->mx + i, set->mx + i + 1, (set->n - i) * sizeof(*set->mx));
}

size_t mxset_find(const struct mxset *set, const struct dname *host)
{
	size_t i = 0;

	while (i < set->n && !dname_equal(&set->mx[i].host, host))
		i++;
	return i;
}

bool mxset_has(const struct mxset *set, const struct mx *mx)
{
	return set->n && bsearch(mx, set->mx, set->n, sizeof(*set->mx), cmp_for_qsort) != NULL;
}

bool mx_equal(const struct mx *a, const struct mx *b)
{
	return a->preference == b->preference && dname_equal(&a->host, &b->host) && strcmp(a->odd, b->odd) == 0;
}

void mx_set(struct mx *mx, uint32_t preference, const char *host)
{
	struct mx made = { .preference = preference };

	/* What is cut ends in "...", which can be read as a name as little as the whole. */
	if (!dname_parse(&made.host, host, NULL))
		text_shorten(made.odd, MX_ODD_MAX, host);
	*mx = made;
}

static const char *odd_text(const struct mx *mx, char out[DNAME_TEXT_MAX])
{
	memcpy(out, mx->odd, sizeof(mx->odd));
	return out;
}

const char *mx_host_text(const struct mx *mx, char out[DNAME_TEXT_MAX])
{
	return mx->host.len ? dname_text(&mx->host, out) : odd_text(mx, out);
}

const char *mx_host_show(const struct mx *mx, char out[DNAME_TEXT_MAX])
{
	return mx->host.len ? dname_show(&mx->host, out) : odd_text(mx, out);
}

static bool holds_all(const struct mxset *set, const struct mxset *of)
{
	for (size_t i = 0; i < of->n; i++) {
		if (!mxset_has(set, &of->mx[i]))
			return false;
	}
	return true;
}

bool mxset_same_records(const struct mxset *a, const struct mxset *b)
{
	return holds_all(a, b) && holds_all(b, a);
}

static bool same_list(const struct mxset *a, const struct mxset *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!mx_equal(&a->mx[i], &b->mx[i]))
			return false;
	}
	return true;
}

bool mxset_equal(const struct mxset *a, const struct mxset *b)
{
	return same_list(a, b) && (!a->n || a->ttl_s == b->ttl_s);
}

bool mxset_matches(const struct mxset *base, const struct mxset *have)
{
	return same_list(base, have) && (!base->n || base->ttl_s == MX_TTL_UNKNOWN || base->ttl_s == have->ttl_s);
}

bool mxset_is_null(const struct mxset *set)
{
	return set->n == 1 && dname_is_root(&set->mx[0].host);
}
