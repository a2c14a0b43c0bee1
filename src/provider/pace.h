/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How soon the next request may leave, by the limits of a vendor's row and by what its answers tell. Owns the times it has noted. */
#ifndef PROVIDER_PACE_H
#define PROVIDER_PACE_H

#include "provider/provider.h"

struct pace_time {
	uint64_t at_ms;
	uint32_t zone; /* a hash: two zones of one only wait for each other */
	bool writes;
};
struct pace {
	size_t n, cap;
	struct pace_time *time;
};
void pace_release(struct pace *pace);
/* Milliseconds until such a request may leave; 0: now. rules as in the row, or NULL. */
uint64_t pace_wait_ms(const struct pace *pace, const struct provider_pace *rules, const struct pace_time *request);
/* How many of those noted the rule counts at now_ms, whatever their zone. */
unsigned pace_used(const struct pace *pace, const struct provider_pace *rule, uint64_t now_ms);
/* Notes a request that leaves. Times that no rule counts any more are dropped. */
void pace_note(struct pace *pace, const struct provider_pace *rules, const struct pace_time *request);
uint32_t pace_zone(const char *name);
struct pace_told {           /* what the last answer that told anything said of the requests that are left */
	int64_t at;          /* when it came; 0: none did */
	int64_t left, reset; /* reset: when they are counted anew; 0: it did not say */
};
/* An answer without such a header leaves what was told. */
void pace_tell(struct pace_told *told, const struct provider_quota *quota, const struct http_response *response, int64_t now);
/* Seconds that the answer's headers ask for before the next request; 0: none. */
uint32_t pace_told_s(const struct provider_quota *quota, const struct http_response *response, int64_t now);

#endif
