/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The push's last part: whether each name server gives what was published, and when the old answers have drained. */
#include <stdlib.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

static void date_the_end(struct push *push)
{
	int64_t last = push->served.changed_at > push->published_at ? push->served.changed_at : push->published_at;

	push->safe_at = drain_end(&push->drain, last);
	push->tail_at = drain_tail(&push->drain, last);
}

static void finish_watch(struct push_run *run)
{
	struct push *push = &run->push;
	struct err err = { 0 };
	char domain[DNAME_TEXT_MAX];

	if (push->served.everywhere) {
		date_the_end(push);
		push_end(run, PUSH_PUBLISHED, NULL);
		return;
	}
	if (push->served.by_all) {
		err_set(&err, ERR_FALSE,
			N_("published, and each name server that is known gives the new set; whether the zone has others now could not be asked"));
		err_hint(&err, N_("Look again later: mxladder verify %s."), dname_text(&push->plan.domain, domain));
	} else if (push->served.n) {
		err_set(&err, ERR_FALSE,
			N_("published, but it was not seen that every name server gives the new set, twice and some time apart"));
		err_hint(&err, N_("Look again later: mxladder verify %s."), dname_text(&push->plan.domain, domain));
	} else if (run->stopping) {
		err_set(&err, ERR_FALSE, N_("published, but stopped before any name server was asked"));
		err_hint(&err, N_("Look again later: mxladder verify %s."), dname_text(&push->plan.domain, domain));
	} else {
		err_set(&err, ERR_FALSE, N_("published, but no name server of the zone could be found to verify it on"));
		err_hint(&err, N_("Name the servers with --server."));
	}
	push_end(run, PUSH_PUBLISHED, &err);
}

static void watch_moved(void *data)
{
	struct push_run *run = data;

	if (watch_done(run->watch))
		finish_watch(run);
	else
		push_changed(run);
}

/* The name servers that the survey knows from the parent and from the zone itself; owned by the caller. */
static struct dname *delegated(const struct push_run *run, size_t *n)
{
	struct dname *names = mem_alloc((run->facts.n_server + 1) * sizeof(*names));

	for (size_t i = 0; i < run->facts.n_server; i++)
		if (dname_equal(&run->facts.zone, &run->push.plan.zone))
			names[(*n)++] = run->facts.server[i].name;
	return names;
}

/* A name's first record takes the place of what a wildcard gave, whose TTL nobody told in full; where it is not known whether one did,
 * neither is the time. */
static bool was_anothers(const struct facts *facts)
{
	return facts->synthesised == FACT_YES || (facts->wildcard == FACT_YES && facts->wildcard_mx && facts->synthesised != FACT_NO);
}

void push_know_drain(struct push_run *run)
{
	struct push *push = &run->push;
	const struct mxset *old = &push->plan.base;
	struct past_facts past;

	if (run->old_guessed || (!old->n && was_anothers(&run->facts)))
		push->drain = (struct drain){ 0 };
	else
		push->drain = drain_of(old, run->old_high_s, run->facts.negative_ttl_s);
	history_past(&run->history, push->id, loop_now(), &past);
	while (past.known != FACT_YES && run->history.part && push_know_more(run, NULL))
		history_past(&run->history, push->id, loop_now(), &past);
	if (past.known != FACT_YES)
		push->drain = (struct drain){ 0 };
	drain_add_past(&push->drain, &past);
}

void push_watch(struct push_run *run)
{
	struct push *push = &run->push;
	size_t n = 0;
	struct watch_task task = {
		.domain = &push->plan.domain,
		.zone = &push->plan.zone,
		.want = push->held_known ? &push->held : &push->plan.want, /* a provider may have rounded the TTL */
		.name = delegated(run, &n),
		.watch_s = run->watch_s,
		.apart_ms = watch_configured_apart_ms(run->app),
	};

	push->phase = PHASE_WATCHING;
	push_changed(run);
	push_gates_cancel(run);
	task.n_name = n;
	run->watch = watch_start(run->app, &task, &push->served, watch_moved, run);
	free((struct dname *)(uintptr_t)task.name);
}

void push_watch_stop(struct push_run *run)
{
	if (run->watch)
		watch_stop(run->watch);
}

void push_watch_cancel(struct push_run *run)
{
	push_gates_cancel(run);
	watch_free(run->watch);
	run->watch = NULL;
	loop_cancel(run->timer);
	run->timer = NULL;
}
