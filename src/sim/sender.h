/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending mail servers as mechanisms, one row each (facts: senders section 5). A row
 * makes a sender; a user may derive one from a built-in row. No code here knows a
 * sender by name.
 */
#ifndef SIM_SENDER_H
#define SIM_SENDER_H

#include "sim/state.h"

enum sender_order { ORDER_ADDRESS_SHUFFLE, ORDER_HOST_SHUFFLE, ORDER_RESOLVER, ORDER_RESOLVER_LIFO };
enum sender_family { FAMILY_MIXED, FAMILY_V6_FIRST_HOST, FAMILY_V6_BUBBLE_RUNG, FAMILY_V6_FIRST_RUNG, FAMILY_V4_ONLY, FAMILY_RESOLVER };
enum sender_dedupe { DEDUPE_NONE, DEDUPE_NAME, DEDUPE_ADDRESS };
/* what a failure does: the next server; the next, or bounce when it was the last; queue or bounce at once; the same server
 * again without TLS; nothing (goes on) */
enum sender_out { OUT_NEXT, OUT_NEXT_ELSE_BOUNCE, OUT_QUEUE, OUT_BOUNCE, OUT_CLEAR_SAME, OUT_OK, OUT_HANG };
enum sender_after { AFTER_NEXT_ADDRESS, AFTER_NEXT_HOST };
enum sender_sure { SURE_MEASURED, SURE_SOURCE, SURE_DOCUMENT, SURE_ASSUMED };

/* The rest of the row (limits, time-outs, memory, retry schedule, life time, DNS verdicts) is declared here by the
 * sim builder, with its unit in each name and enum sender_sure beside each group. */
struct sender;

extern const struct sender *const senders[];	/* built-in, ends with NULL: rfc5321 first */
const struct sender *sender_find(const char *name);	/* borrowed or NULL */

const char *sender_name(const struct sender *sender);		/* "postfix" */
const char *sender_title(const struct sender *sender);		/* "Postfix 3.7" */
enum sender_sure sender_sureness(const struct sender *sender);	/* the weakest value that decides first contact */
const char *sender_sure_name(enum sender_sure sure);		/* "measured" | "source" | "document" | "assumed" */

#endif
