/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command of the configuration that is told how each push ended: one JSON object on its stdin, no shell, a bounded time. What becomes
 * of it never changes the push. It gets no secret: not in the object, and not in its environment.
 */
#ifndef APP_HOOK_H
#define APP_HOOK_H

#include "app/app.h"

struct hook;
/* Comes once from the loop. err NULL: the command ended with status 0. */
typedef void (*hook_fn)(void *data, const struct err *err);

bool hook_configured(const struct app *app); /* what --demo pushes is nobody's business */
/* Steals said. */
struct hook *hook_start(struct app *app, json_t *said, hook_fn fn, void *data);
void hook_cancel(struct hook *hook); /* ends the command; NULL is accepted; dead after the callback */

#endif
