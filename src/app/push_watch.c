/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name servers of a push: who they are by delegation, and whether each already answers with what was published. */
#include <string.h>

#include "app/push_run.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

#define WATCH_FIRST_MS 300
#define WATCH_MOST_MS 10000

typedef void (*answered_fn)(struct push_ask *ask, const struct dns_reply *reply);

static void ask_ready(void *data, const struct dns_reply *reply)
{
	struct push_ask *ask = data;

	ask->ask = NULL;
	ask->run->asking--;
	ask->done(ask, reply);
}

/* NULL when too many are in flight. */
static struct push_ask *put(struct push_run *run, const struct dns_question *question, const struct dns_endpoint *at, answered_fn done)
{
	for (size_t i = 0; i < PUSH_QUESTIONS; i++) {
		struct push_ask *ask = &run->ask[i];
		if (ask->ask)
			continue;
		*ask = (struct push_ask){ .run = run, .question = *question, .done = done };
		ask->ask = ask_start(run->app, at, question, ask_ready, ask);
		run->asking++;
		return ask;
	}
	return NULL;
}

void push_watch_cancel(struct push_run *run)
{
	for (size_t i = 0; i < PUSH_QUESTIONS; i++) {
		ask_cancel(run->ask[i].ask);
		run->ask[i].ask = NULL;
	}
	run->asking = 0;
	loop_cancel(run->timer);
	run->timer = NULL;
}

/* ---- the delegation ---- */

static void delegation_answered(struct push_ask *ask, const struct dns_reply *reply)
{
	struct push_run *run = ask->run;

	for (size_t i = 0; reply->failed == ANSWER_DATA && i < reply->answer->n; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		if (record->section == DNS_ANSWER && record->type == DNS_NS && run->n_delegated < PUSH_SERVERS &&
			dname_equal(&record->owner, &ask->question.name))
			run->delegated[run->n_delegated++] = record->target;
	}
	run->delegation_known = true;
	run->delegated_fn(run);
}

void push_find_delegation(struct push_run *run, void (*then)(struct push_run *run))
{
	run->delegated_fn = then;
	if (run->delegation_known)
		then(run);
	else
		put(run, &(struct dns_question){ run->push.plan.zone, DNS_NS }, NULL, delegation_answered);
}

/* ---- the watch ---- */

static void ask_round(struct push_run *run);

static bool all_match(const struct push *push)
{
	for (size_t i = 0; i < push->n_server; i++)
		if (!push->server[i].matches)
			return false;
	return push->n_server > 0;
}

/* Old answers live in caches for the old TTL from the moment when the last server changed. */
static int64_t drained_at(const struct push *push)
{
	int64_t last = push->published_at;

	for (size_t i = 0; i < push->n_server; i++)
		if (push->server[i].changed_at > last)
			last = push->server[i].changed_at;
	return last + push->plan.base.ttl_s;
}

static void finish_watch(struct push_run *run)
{
	struct err err = { 0 };

	if (all_match(&run->push)) {
		run->push.safe_at = drained_at(&run->push);
		push_end(run, PUSH_PUBLISHED, NULL);
		return;
	}
	if (run->push.n_server) {
		err_set(&err, ERR_FALSE, N_("published, but not every name server answers with the new set yet"));
		err_hint(&err, N_("Ask again later: mxladder check compares the servers."));
	} else {
		err_set(&err, ERR_FALSE, N_("published, but no name server of the zone could be found to verify it on"));
		err_hint(&err, N_("Name the servers with --server."));
	}
	push_end(run, PUSH_PUBLISHED, &err);
}

static void next_round(void *data)
{
	struct push_run *run = data;

	run->timer = NULL;
	ask_round(run);
}

static void round_done(struct push_run *run)
{
	if (run->asking)
		return;
	if (all_match(&run->push) || run->stopping || loop_ms() >= run->watch_until_ms) {
		finish_watch(run);
		return;
	}
	run->timer = loop_after(run->app->loop, run->watch_wait_ms, next_round, run);
	run->watch_wait_ms = run->watch_wait_ms * 2 < WATCH_MOST_MS ? run->watch_wait_ms * 2 : WATCH_MOST_MS;
	push_changed(run);
}

static void server_serial(struct push_ask *ask, const struct dns_reply *reply)
{
	struct push_server *server = &ask->run->push.server[ask->server];

	for (size_t i = 0; reply->failed == ANSWER_DATA && i < reply->answer->n; i++)
		if (reply->answer->record[i].type == DNS_SOA)
			server->serial = reply->answer->record[i].serial;
	round_done(ask->run);
}

static void server_answered(struct push_ask *ask, const struct dns_reply *reply)
{
	struct push_run *run = ask->run;
	struct push_server *server = &run->push.server[ask->server];
	struct dname alias[FACTS_ALIASES], final;
	struct mxset set;
	size_t n_alias;
	uint32_t ttl_max_s = 0;

	mxset_init(&set);
	server->answer = reply->failed;
	if (reply->failed == ANSWER_DATA)
		server->answer = dns_answer_read(reply->answer, &ask->question, alias, &n_alias, &final);
	if (server->answer == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &set, &ttl_max_s);
	server->matches = (server->answer == ANSWER_DATA || server->answer == ANSWER_NODATA) && mxset_equal(&set, &run->push.plan.want);
	if (server->matches && !server->changed_at)
		server->changed_at = loop_now();
	mxset_release(&set);
	round_done(run);
}

static void ask_round(struct push_run *run)
{
	struct dns_question mx = { run->push.plan.domain, DNS_MX }, soa = { run->push.plan.zone, DNS_SOA };

	for (size_t i = 0; i < run->push.n_server; i++) {
		struct push_server *server = &run->push.server[i];
		struct push_ask *ask;
		if (server->matches || !server->at.addr.family)
			continue;
		ask = put(run, &mx, &server->at, server_answered);
		if (ask)
			ask->server = i;
		ask = put(run, &soa, &server->at, server_serial);
		if (ask)
			ask->server = i;
	}
	round_done(run);
}

static void begin_rounds(struct push_run *run)
{
	run->watch_until_ms = loop_ms() + (uint64_t)run->watch_s * 1000;
	run->watch_wait_ms = WATCH_FIRST_MS;
	ask_round(run);
}

static void add_server(struct push_run *run, const struct dname *name, const struct dns_endpoint *at)
{
	struct push *push = &run->push;

	if (push->n_server == PUSH_SERVERS)
		return;
	push->server = mem_grow(push->server, push->n_server, &push->cap_server, sizeof(*push->server));
	push->server[push->n_server] = (struct push_server){ .at = *at, .answer = ANSWER_PENDING };
	if (name)
		push->server[push->n_server].name = *name;
	push->n_server++;
}

static void address_answered(struct push_ask *ask, const struct dns_reply *reply)
{
	struct push_run *run = ask->run;

	for (size_t i = 0; reply->failed == ANSWER_DATA && i < reply->answer->n; i++) {
		const struct dns_record *record = &reply->answer->record[i];
		if (record->section == DNS_ANSWER && record->type == ask->question.type)
			add_server(run, &ask->question.name, &(struct dns_endpoint){ record->addr, 0 });
	}
	if (!run->asking)
		begin_rounds(run);
}

static void ask_addresses(struct push_run *run)
{
	for (size_t i = 0; i < run->n_delegated; i++) {
		put(run, &(struct dns_question){ run->delegated[i], DNS_A }, NULL, address_answered);
		put(run, &(struct dns_question){ run->delegated[i], DNS_AAAA }, NULL, address_answered);
	}
	if (!run->asking)
		begin_rounds(run);
}

void push_watch(struct push_run *run)
{
	run->push.phase = PUSH_WATCHING;
	push_changed(run);
	if (run->push.n_server)
		begin_rounds(run);
	else
		push_find_delegation(run, ask_addresses);
}
