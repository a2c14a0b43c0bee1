/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a provider holds after a write, against what it must hold if nobody else wrote. Knows values only:
 * no clock, no request.
 */
#ifndef APP_PUSH_COMPARE_H
#define APP_PUSH_COMPARE_H

#include "core/plan.h"
#include "provider/provider.h"

enum push_seen {
	SEEN_ALL,   /* what was written is there, and nothing else changed */
	SEEN_OLD,   /* some of it is not there yet: not done, or the provider lags */
	SEEN_OTHER, /* a difference that this write cannot have made: somebody else wrote */
};

struct push_write {
	const struct provider_set *before; /* what was read right before the write */
	const struct mxset *want;
	enum provider_part part;
	bool atomic;         /* one request replaces the set as one: it is the old or the new, nothing between */
	const char *changed; /* id of the record that the request changed in place, or "" */
	const char *removed; /* id of the record that it removed, or "" */
	bool accepted;       /* the provider said that it carried the request out: a TTL of its own making is this write's */
};

/* A TTL that the provider rounds is no difference; another one of the old records is. */
enum push_seen push_compare(const struct push_write *write, const struct provider_set *now);
/* Every wanted record is published, and nothing but them; repeats of one record count once. */
bool push_has_records(const struct provider_set *now, const struct mxset *want);
/* May an interrupted push of the plan have left this set, with the old TTL or the wanted one? What is undone may have a TTL that was
 * rounded. Atomic: as in struct push_write. */
bool push_is_between(const struct provider_set *now, const struct plan *plan, bool undo, bool atomic);
/* Is any wanted record published? */
bool push_has_any(const struct provider_set *now, const struct mxset *want);

#endif
