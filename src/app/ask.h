/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One DNS question, put to wherever this run gets its answers: the network, or a zone world. The callback comes once, from the loop. */
#ifndef APP_ASK_H
#define APP_ASK_H

#include "app/app.h"

struct ask;
/* at NULL: the resolver. reply is borrowed for the call. */
struct ask *ask_start(struct app *app, const struct dns_endpoint *at, const struct dns_question *question, dns_fn fn, void *data);
void ask_cancel(struct ask *ask); /* NULL is accepted; dead after the callback */

#endif
