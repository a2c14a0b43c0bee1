/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pushes of this run, whatever the interface looks at: a push belongs to the app, goes on when its domain's session closes, and is
 * found again when the domain is opened. What follows from its end (the draft has done its work) follows here, once. Owns the runs.
 */
#ifndef APP_WORK_H
#define APP_WORK_H

#include "app/push.h"

struct work; /* one push */

/* Starts a push of the plan's domain. NULL with err: nothing was started; one that runs already is ERR_USAGE. */
struct work *work_push(struct app *app, const struct plan *plan, const struct push_options *options, struct err *err);
/* The last push of the domain in this run, running or ended; or NULL. Borrowed. */
struct work *work_find(const struct app *app, const struct dname *domain);
const struct push *work_look(const struct work *work);
void work_stop(struct work *work); /* no further write; ends soon, with the truth in the journal */

/* `changed` is called after each change of the push, until work_unwatch() with the same data. */
void work_watch(struct work *work, push_fn changed, void *data);
void work_unwatch(struct work *work, const void *data);

/* What still runs: a push that writes, or watches the name servers. Borrowed, or NULL past the last. */
const struct push *work_running(const struct app *app, size_t i);
/* Called after each change of any push: for a badge. */
void work_on_change(struct app *app, push_fn changed, void *data);
void work_release(struct app *app); /* as killed: the journal stays as it is */

#endif
