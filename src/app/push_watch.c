/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The push's last part: whether each name server gives what was published, and when the old answers have drained. */
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/banned.h"

/* ---- the delegation ---- */

static void delegation_answered(void *data, const struct dns_reply *reply)
{
	struct push_run *run = data;

	run->delegation_ask = NULL;
	for (size_t i = 0; reply->failed == ANSWER_DATA && i < reply->answer->n; i++) {
		const struct dns_record *record = &reply->answer->record[i];

		if (record->section == DNS_ANSWER && record->type == DNS_NS && run->n_delegated < PUSH_SERVERS &&
			dname_equal(&record->owner, &run->push.plan.zone))
			run->delegated[run->n_delegated++] = record->target;
	}
	run->delegation_known = true;
	run->delegated_fn(run);
}

void push_find_delegation(struct push_run *run, void (*then)(struct push_run *run))
{
	struct dns_question question = { run->push.plan.zone, DNS_NS };

	run->delegated_fn = then;
	if (run->delegation_known)
		then(run);
	else
		run->delegation_ask = ask_start(run->app, NULL, &question, delegation_answered, run);
}

/* ---- the watch ---- */

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
	if (push->served.n) {
		err_set(&err, ERR_FALSE,
			N_("published, but it was not seen that every name server gives the new set, twice and some time apart"));
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

void push_watch(struct push_run *run)
{
	struct push *push = &run->push;
	struct watch_task task = {
		.domain = &push->plan.domain,
		.zone = &push->plan.zone,
		.want = push->held_known ? &push->held : &push->plan.want, /* a provider may have rounded the TTL */
		.n_name = run->n_delegated,
		.name = run->delegated,
		.watch_s = run->watch_s,
		.apart_ms = watch_configured_apart_ms(run->app),
	};

	push->phase = PUSH_WATCHING;
	push->drain = drain_of(&push->plan.base, 0, 0);
	push_changed(run);
	run->watch = watch_start(run->app, &task, &push->served, watch_moved, run);
}

void push_watch_stop(struct push_run *run)
{
	if (run->watch)
		watch_stop(run->watch);
}

void push_watch_cancel(struct push_run *run)
{
	ask_cancel(run->delegation_ask);
	run->delegation_ask = NULL;
	watch_free(run->watch);
	run->watch = NULL;
	loop_cancel(run->timer);
	run->timer = NULL;
}
