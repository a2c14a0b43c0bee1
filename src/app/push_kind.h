/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which kind a push is, before it begins: whether its change is one step, and when another editor would be noticed. From the provider's
 * row and the plan; the number of requests from a dry run, where one has been made. Knows no account and asks nothing.
 */
#ifndef APP_PUSH_KIND_H
#define APP_PUSH_KIND_H

#include "app/push.h"

enum push_notice {
	NOTICE_BEFORE, /* the write itself fails where the records are not those that were read */
	NOTICE_FILE,   /* likewise the file, looked at right before */
	NOTICE_READ,   /* each record is by itself: what else is there shows when the set is read again */
	NOTICE_SERIAL, /* by the read before the write, and by the zone's serial behind it */
	NOTICE_NONE,   /* by the read before the write alone */
	NOTICE_RECORDS /* as NOTICE_BEFORE, but for the TTL */
};

struct push_kind {
	unsigned requests; /* that change the set; 0: not known */
	bool whole;        /* the records change as one */
	bool commit;       /* a last step follows; false also where that is not known */
	bool empties;      /* no record is left */
	enum push_notice notice;
};

/* False where nothing would be written, or the plan names no provider that is known. preview: a dry run of the plan, or NULL. */
bool push_kind(const struct plan *plan, const struct push *preview, struct push_kind *kind);
/* In sentences, up to three: how it is done, what ends it, who is noticed. Returns how many. */
#define PUSH_KIND_MSGS 3
size_t push_kind_msgs(const struct push_kind *kind, struct msg msg[PUSH_KIND_MSGS]);
json_t *push_kind_json(const struct push_kind *kind); /* new reference; null for NULL */

#endif
