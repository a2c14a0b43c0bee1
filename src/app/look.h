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

/* One looks at one domain after the other. all outlives it. */
struct look *look_new(struct app *app, struct exchanges *all);
/* done comes once, from the loop, when all is answered; it may stop or free the look. */
void look_start(struct look *look, const struct dname *domain, look_fn done, void *data);
/* What is known now, of all of it or not. facts must be initialised with the domain. */
void look_read(const struct look *look, struct facts *facts);
void look_stop(struct look *look); /* cancels what runs, and forgets the rest */
void look_free(struct look *look); /* NULL is accepted */

#endif
