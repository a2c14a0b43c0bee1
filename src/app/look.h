/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that can be asked of a domain: its MX set and the addresses of its exchanges, from the resolver. Where a survey fills facts as
 * the answers come, a look holds the answers, and facts are read from them once, at the end: thousands may be under way in little memory.
 * Knows no zone, no server and no zone file.
 */
#ifndef APP_LOOK_H
#define APP_LOOK_H

#include "app/exchange.h"

struct look;
typedef void (*look_fn)(void *data);

/* done comes once, from the loop, when all is answered; it may free the look. all outlives that. */
struct look *look_start(struct app *app, struct exchanges *all, const struct dname *domain, look_fn done, void *data);
/* What is known now, of all of it or not. facts must be initialised with the domain. */
void look_read(const struct look *look, struct facts *facts);
void look_free(struct look *look); /* cancels what runs; NULL is accepted */

#endif
