/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/seen.h"

#include "base/banned.h"

void seen_answer(struct seen *seen, bool matches, const struct seen_clock *now, uint32_t apart_ms)
{
	seen->matches = matches;
	if (!matches) {
		seen->times = 0;
		seen->since = 0;
		return;
	}
	if (seen->times == 0)
		seen->since = now->at;
	else if (now->ms - seen->counted_ms < apart_ms)
		return;
	seen->times++;
	seen->counted_ms = now->ms;
}

bool seen_is_enough(const struct seen *seen)
{
	return seen->matches && seen->times >= SEEN_ENOUGH;
}
