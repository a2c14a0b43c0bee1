/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/drain.h"

#include "base/i18n.h"
#include "base/text.h"
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

void drain_add_past(struct drain *drain, const struct past_facts *past)
{
	if (!drain->known || drain->negative || past->known != FACT_YES)
		return;
	if (past->hold_s > drain->hold_s)
		drain->hold_s = past->hold_s;
	drain->until = past->gone_at;
}

uint32_t drain_left(const struct drain *drain, int64_t now)
{
	return drain->until - now > (int64_t)drain->hold_s ? (uint32_t)(drain->until - now) : drain->hold_s;
}

int64_t drain_end(const struct drain *drain, int64_t changed_at)
{
	return drain->known && changed_at ? changed_at + drain_left(drain, changed_at) : 0;
}

int64_t drain_tail(const struct drain *drain, int64_t changed_at)
{
	int64_t end = drain_end(drain, changed_at);

	return end ? end + DRAIN_STRETCH_S : 0;
}

void drain_msg(const struct drain *drain, int64_t end, struct msg *msg)
{
	struct str at;

	str_init(&at, 0);
	text_time(&at, end);
	msg_set(msg,
		!drain->negative
			? N_("Caches that keep to the TTL have lost the old set at %s: hosts that it alone names may be retired then.")
		: drain->assumed
			? N_("Caches have forgotten that there was no MX record at %s, if they hold that for 3 hours: for how long they do "
			     "is not known.")
			: N_("Caches that keep to the negative TTL have forgotten that there was no MX record at %s."),
		at.s);
	str_release(&at);
}

void drain_tail_msg(int64_t tail, struct msg *msg)
{
	struct str at;

	str_init(&at, 0);
	text_time(&at, tail);
	msg_set(msg, N_("Resolvers that hold answers longer than their TTL may have the old one until %s (assumed)."), at.s);
	str_release(&at);
}
