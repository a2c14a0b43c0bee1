/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands twice in a set: addresses, and names. Found by sorting. */
#include "sim/attempt/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

struct seen_addr {
	struct addr addr;
	uint32_t preference; /* 0 where repeats are dropped over the whole set */
	size_t at;
};

struct seen_name {
	const struct dname *name;
	size_t at;
};

static int by_addr(const void *a, const void *b)
{
	const struct seen_addr *x = a, *y = b;
	int order = memcmp(x->addr.bytes, y->addr.bytes, sizeof x->addr.bytes);

	if (x->addr.family != y->addr.family)
		return x->addr.family < y->addr.family ? -1 : 1;
	if (order != 0)
		return order;
	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_name(const void *a, const void *b)
{
	const struct seen_name *x = a, *y = b;
	int order = dname_cmp(x->name, y->name);

	return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

size_t *attempt_leaders(const struct attempt *attempt, bool by_rung)
{
	size_t n = attempt->n_endpoint, *leader = mem_alloc((n + 1) * sizeof *leader);
	struct seen_addr *seen = mem_alloc((n + 1) * sizeof *seen);

	for (size_t i = 0; i < n; i++) {
		const struct endpoint *endpoint = &attempt->endpoint[i];

		seen[i] = (struct seen_addr){ .preference = by_rung ? attempt->row[endpoint->row].preference : 0, .at = i };
		seen[i].addr.family = endpoint->addr.family;
		memcpy(seen[i].addr.bytes, endpoint->addr.bytes, endpoint->addr.family == 4 ? 4 : sizeof endpoint->addr.bytes);
	}
	qsort(seen, n, sizeof *seen, by_addr);
	for (size_t i = 0; i < n; i++) {
		bool again = i > 0 && seen[i].addr.family && seen[i].preference == seen[i - 1].preference &&
			     addr_equal(&seen[i].addr, &seen[i - 1].addr);

		leader[seen[i].at] = again ? leader[seen[i - 1].at] : seen[i].at;
	}
	free(seen);
	return leader;
}

/* Numbers those that have a leader besides themselves, and the leader, in the order of the set. */
static size_t number(const size_t *leader, size_t n, size_t *same)
{
	size_t last = 0;

	for (size_t i = 0; i < n; i++) {
		if (leader[i] == i)
			continue;
		if (!same[leader[i]])
			same[leader[i]] = ++last;
		same[i] = same[leader[i]];
	}
	return last;
}

static void repeat_addresses(struct attempt *attempt)
{
	size_t *leader = attempt_leaders(attempt, attempt->sender->dedupe == DEDUPE_ADDRESS_RUNG);
	size_t *same = mem_alloc((attempt->n_endpoint + 1) * sizeof *same);

	attempt->n_same = number(leader, attempt->n_endpoint, same);
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		attempt->endpoint[i].same_addr = same[i];
	free(same);
	free(leader);
}

static void repeat_names(struct attempt *attempt)
{
	size_t n = attempt->n_group, *leader = mem_alloc((n + 1) * sizeof *leader), *same = mem_alloc((n + 1) * sizeof *same);
	struct seen_name *seen = mem_alloc((n + 1) * sizeof *seen);

	for (size_t i = 0; i < n; i++)
		seen[i] = (struct seen_name){ &attempt->row[attempt->endpoint[attempt->group[i].first].row].host, i };
	qsort(seen, n, sizeof *seen, by_name);
	for (size_t i = 0; i < n; i++)
		leader[seen[i].at] = i > 0 && dname_equal(seen[i].name, seen[i - 1].name) ? leader[seen[i - 1].at] : seen[i].at;
	attempt->n_same = number(leader, n, same);
	for (size_t i = 0; i < n; i++)
		attempt->group[i].same_name = same[i];
	free(seen);
	free(same);
	free(leader);
}

void attempt_repeats(struct attempt *attempt)
{
	switch (attempt->sender->dedupe) {
	case DEDUPE_NONE:
		break;
	case DEDUPE_NAME:
		repeat_names(attempt);
		break;
	case DEDUPE_ADDRESS:
	case DEDUPE_ADDRESS_RUNG:
		repeat_addresses(attempt);
		break;
	}
}
