/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One DNS question, put to wherever this run gets its answers: the network, or a zone world. The callback comes once, from the loop.
 * What lies in none of the zones was not asked: `failed` is ANSWER_UNASKED, and the answer holds the aliases up to there. */
#ifndef APP_ASK_H
#define APP_ASK_H

#include "app/app.h"
#include "io/dns_cache.h"

struct ask;
/* at NULL: the resolver. reply is borrowed for the call. */
struct ask *ask_start(struct app *app, const struct dns_endpoint *at, const struct dns_question *question, dns_fn fn, void *data);
/* The same through a survey's cache, which is NULL in a zone world. */
struct ask *ask_cached(
	struct app *app, struct dns_cache *cache, const struct dns_endpoint *at, const struct dns_question *question, struct dns_then then);
void ask_cancel(struct ask *ask); /* NULL is accepted; dead after the callback */

#endif
