/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The demo world: a private copy of the embedded zones, with a configuration, a state and a draft of its own. Its name servers answer from
 * the same zones, but for some that are late: they have an older copy until a while after a push. Owned by struct app.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "app/app.h"

/* Writes the copy; the user's own colours and keys go with it. */
bool demo_write(struct app *app, const char *user_config, struct err *err);
bool demo_load(struct app *app, struct err *err); /* into app->world, anew */
/* The zones to ask about a name: app->world, or the older copy of a server that is late. at NULL: a resolver. now_ms as loop_ms(). */
const struct zoneworld *demo_world(const struct app *app, const struct dns_endpoint *at, const struct dname *name, uint64_t now_ms);
bool demo_lists(const struct app *app, const struct dname *zone); /* is it shown in the list? it has mail, or a null MX */
char *demo_path(const struct app *app, const char *name);         /* in its folder; owned by the caller */
void demo_close(struct app *app);

#endif
