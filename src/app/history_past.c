/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pushes of a journal mean for what caches hold now. */
#include "app/history.h"

#include <string.h>

#include "app/watch.h"
#include "base/text.h"
#include "core/drain.h"
#include "base/banned.h"

/* By how much the clock was ahead, at least, of a push that the journal dates later than now. */
static int64_t ahead(const struct past_push *push, int64_t now)
{
	int64_t at = push->written_at ? push->written_at : push->at;

	return at > now ? at - now : 0;
}

/* How long caches hold the set that a push replaced: until the watch's time, or at least its TTL after the last write. */
static void hold_base(const struct past_push *push, int64_t now, struct past_facts *past)
{
	const struct mxset *base = &push->plan.base;
	const char *safe = json_string_value(json_object_get(push->record, "safe_to_retire_old_hosts_at"));
	int64_t at = push->written_at ? push->written_at : push->at, end = at + base->ttl_s;
	bool seen = safe && text_parse_time(safe, &end);

	if (!base->n)
		return;
	if (base->ttl_s > MX_TTL_MAX && !seen) {
		past->known = FACT_NO;
		return;
	}
	end -= ahead(push, now);
	if (!seen && end + DRAIN_STRETCH_S > now && base->ttl_s > past->hold_s)
		past->hold_s = base->ttl_s;
	if (end > past->gone_at)
		past->gone_at = end;
}

static void note_ttl(const struct past_push *push, int64_t now, struct past_facts *past)
{
	const struct mxset *base = &push->plan.base, *want = &push->plan.want;

	if (!base->n || !want->n || base->ttl_s > MX_TTL_MAX || base->ttl_s == want->ttl_s)
		return;
	past->lowered_from_s = past->lowered_to_s = 0;
	past->lowered_at = 0;
	if (want->ttl_s > base->ttl_s)
		return;
	past->lowered_from_s = base->ttl_s;
	past->lowered_to_s = want->ttl_s;
	past->lowered_at = (push->written_at ? push->written_at : push->at) - ahead(push, now);
}

/* Adds what the end of the one push that was read tells of pushes before it. False where it counted none in. */
static bool add_before(const struct past_push *push, int64_t now, struct past_facts *past)
{
	const json_t *value = json_object_get(push->record, "old_answers");
	struct drain drain;

	if (!json_object_get(value, "earlier_until") || !drain_from_json(&drain, value) || !drain.known || drain.negative)
		return false;
	past->gone_at = drain.until ? drain.until - ahead(push, now) : 0;
	past->hold_s = past->gone_at && past->gone_at + DRAIN_STRETCH_S > now ? drain.hold_s : 0;
	return true;
}

void history_past(const struct history *history, const char *but, int64_t now, struct past_facts *past)
{
	*past = (struct past_facts){ .known = FACT_YES };
	if (history->part && !add_before(history->push, now, past))
		past->known = FACT_NO;
	for (size_t i = 0; i < history->n; i++) {
		const struct past_push *push = &history->push[i];

		if (!push->written || (but && !strcmp(push->id, but)))
			continue;
		hold_base(push, now, past);
		note_ttl(push, now, past);
	}
}
