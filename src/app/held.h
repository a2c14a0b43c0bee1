/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what the account of a domain holds into facts->held, beside a survey: a read of the provider, or of the zone file where the
 * provider is one. Where zone files stand for the network (--zone), only a provider that is local is asked. Owns the run; facts are the
 * caller's.
 */
#ifndef APP_HELD_H
#define APP_HELD_H

#include "app/app.h"
#include "core/facts.h"

struct held;
typedef void (*held_fn)(void *data);

/* The account of this domain; name: the one that was asked for, or NULL. One that was asked for, by name or by the configuration, and
 * cannot be used is an error; none at all is not: its provider is NULL. */
bool held_account(struct app *app, const struct dname *domain, const char *name, struct provider_account *account, struct err *err);

/* changed comes once, from the loop, when facts->held was filled and the live set settled; it may free the held. What facts->held told
 * before stays until then, else it is PENDING. NULL: there is no account to ask. */
struct held *held_start(struct app *app, struct facts *facts, const char *name, held_fn changed, void *data);
bool held_running(const struct held *held);            /* NULL is accepted */
const struct err *held_error(const struct held *held); /* why it could not be read; code ERR_NONE: it could */
void held_free(struct held *held);                     /* cancels; NULL is accepted */

#endif
