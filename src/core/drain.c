/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/drain.h"

#include "base/banned.h"

struct drain drain_of(const struct mxset *old, uint32_t highest_s, uint32_t negative_s)
{
	struct drain drain = { .known = true };

	if (old->n == 0) {
		drain.negative = true;
		drain.assumed = negative_s == 0;
		drain.hold_s = negative_s ? negative_s : DRAIN_NEGATIVE_S;
		return drain;
	}
	drain.known = old->ttl_s <= MX_TTL_MAX;
	if (drain.known)
		drain.hold_s = highest_s > old->ttl_s && highest_s <= MX_TTL_MAX ? highest_s : old->ttl_s;
	return drain;
}

int64_t drain_end(const struct drain *drain, int64_t changed_at)
{
	return drain->known && changed_at ? changed_at + drain->hold_s : 0;
}

int64_t drain_tail(const struct drain *drain, int64_t changed_at)
{
	int64_t end = drain_end(drain, changed_at);

	return end ? end + DRAIN_STRETCH_S : 0;
}
