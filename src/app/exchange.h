/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exchanges of many domains, for looks: each host is asked for its addresses once, and kept in little room for as long as both answers
 * last. They are asked for through what all of the run share (app_answers()), which keeps whole messages. Who wants a host waits for it
 * where it is under way, and holds what is known of it until he leaves; a host that nobody waits for any more is given up.
 */
#ifndef APP_EXCHANGE_H
#define APP_EXCHANGE_H

#include "app/app.h"
#include "core/facts.h"

struct exchanges;
struct exchange;
typedef void (*exchange_fn)(void *data);

struct exchange_wait { /* in the room of who waits; zeroed before the first use */
	exchange_fn fn;
	void *data;
	struct exchange *exchange;
	struct exchange_wait *next, **at; /* *at is this one; NULL: it does not wait */
};

struct exchanges *exchanges_new(struct app *app);
void exchanges_forget(struct exchanges *all); /* what is known; who holds one keeps it */
void exchanges_free(struct exchanges *all);   /* after all have left; NULL is accepted */

/* True: all is known at once. False: fn comes once, from the loop, unless he leaves before. */
bool exchange_want(struct exchanges *all, const struct dname *host, struct exchange_wait *wait);
void exchange_leave(struct exchange_wait *wait);
/* What is known now, as a row of facts; the TTLs have counted down. */
void exchange_read(const struct exchange_wait *wait, struct facts *facts);

#endif
