/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/work.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

struct work {
	struct app *app;
	struct push_run *run;
	struct dname domain;
	bool settled; /* what follows from its end was done */
	push_fn changed;
	void *data;
	struct work *next;
};

/* Removes the draft from the disk where it still is what was pushed. */
static void drop_draft(struct work *work, const struct push *push)
{
	struct store *store = work->app->store;
	struct draft_mark mark = { 0 };
	struct draft draft = { 0 };
	struct plan plan;

	plan_init(&plan);
	if (store_draft_mark(store, &work->domain, &mark, NULL) && store_draft_load(store, &work->domain, &plan, &draft, NULL) &&
		mxset_equal(&draft.want, &push->plan.want))
		store_draft_drop(store, &work->domain, &mark, NULL);
	draft_release(&draft);
	plan_release(&plan);
}

static void on_push(void *data)
{
	struct work *work = data;
	const struct push *push = push_look(work->run);

	if (push->done && !work->settled) {
		work->settled = true;
		if ((push->state == PUSH_PUBLISHED || push->state == PUSH_UNCHANGED) && !work->changed)
			drop_draft(work, push);
	}
	if (work->changed)
		work->changed(work->data);
	if (work->app->work_changed)
		work->app->work_changed(work->app->work_data);
}

struct work *work_find(const struct app *app, const struct dname *domain)
{
	for (struct work *work = app->work; work; work = work->next)
		if (dname_equal(&work->domain, domain))
			return work;
	return NULL;
}

static void unlink_work(struct work *work)
{
	struct work **at = &work->app->work;

	while (*at != work)
		at = &(*at)->next;
	*at = work->next;
	push_free(work->run);
	free(work);
}

struct work *work_push(struct app *app, const struct plan *plan, const struct push_options *options, struct err *err)
{
	struct work *work = work_find(app, &plan->domain);

	if (work && !push_look(work->run)->done) {
		err_set(err, ERR_USAGE, N_("a push is still running; wait for its end"));
		return NULL;
	}
	if (work)
		unlink_work(work);
	work = mem_alloc(sizeof(*work));
	work->app = app;
	work->domain = plan->domain;
	work->run = push_start(app, plan, options, (struct push_then){ .changed = on_push, .data = work }, err);
	if (!work->run) {
		free(work);
		return NULL;
	}
	work->next = app->work;
	app->work = work;
	return work;
}

const struct push *work_look(const struct work *work)
{
	return push_look(work->run);
}

void work_stop(struct work *work)
{
	push_stop(work->run);
}

void work_watch(struct work *work, push_fn changed, void *data)
{
	work->changed = changed;
	work->data = data;
}

void work_unwatch(struct work *work, const void *data)
{
	if (work->data != data)
		return; /* another looks at it now */
	work->changed = NULL;
	work->data = NULL;
}

const struct push *work_running(const struct app *app, size_t i)
{
	for (const struct work *work = app->work; work; work = work->next)
		if (!push_look(work->run)->done && i-- == 0)
			return push_look(work->run);
	return NULL;
}

void work_on_change(struct app *app, push_fn changed, void *data)
{
	app->work_changed = changed;
	app->work_data = data;
}

void work_release(struct app *app)
{
	while (app->work)
		unlink_work(app->work);
}
