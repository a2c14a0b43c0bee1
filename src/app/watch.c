/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of questions: the name servers' names, their addresses, then each of them until all give the set for good. */
#include "app/watch.h"

#include <stdlib.h>

#include "app/ask.h"
#include "base/mem.h"
#include "base/banned.h"

#define ROUND_FIRST_MS 300
#define ROUND_MOST_MS 10000

struct watch_question {
	struct watch *watch;
	struct watch_question *next;
	struct ask *ask;
	struct dns_question question;
	size_t row;
	void (*done)(struct watch_question *question, const struct dns_reply *reply);
};

struct watch {
	struct app *app;
	struct dname domain, zone;
	const struct mxset *want;
	struct served *served;
	uint32_t apart_ms;
	uint64_t until_ms, wait_ms;
	struct watch_question *questions;
	struct loop_handle *timer;
	size_t n_name, cap_name;
	struct dname *name;
	bool done, stopping;
	watch_fn changed;
	void *data;
};

static void unlink_question(struct watch_question *question)
{
	struct watch_question **at = &question->watch->questions;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct watch_question *question = data;

	question->ask = NULL;
	unlink_question(question);
	question->done(question, reply);
	free(question);
}

static struct watch_question *put(struct watch *watch, const struct dname *name, enum dns_type type, const struct dns_endpoint *at,
	void (*done)(struct watch_question *question, const struct dns_reply *reply))
{
	struct watch_question *question = mem_alloc(sizeof(*question));

	*question = (struct watch_question){ .watch = watch, .next = watch->questions, .question = { *name, type }, .done = done };
	watch->questions = question;
	question->ask = ask_start(watch->app, at, &question->question, answered, question);
	return question;
}

/* ---- rounds ---- */

static void begin_round(void *data);
static void names_again(struct watch_question *question, const struct dns_reply *reply);

static void end(struct watch *watch)
{
	watch->done = true;
	served_judge(watch->served);
	watch->changed(watch->data);
}

/* How long a server that gives the set must still be left alone before its next answer counts. */
static uint64_t rest_ms(const struct watch *watch, uint64_t now_ms)
{
	uint64_t most = 0;

	for (size_t i = 0; i < watch->served->n; i++) {
		const struct seen *seen = &watch->served->row[i].seen;
		uint64_t due = seen->counted_ms + watch->apart_ms;

		if (seen->times && !seen_is_enough(seen) && due > now_ms && due - now_ms > most)
			most = due - now_ms;
	}
	return most;
}

static bool all_match(const struct watch *watch)
{
	for (size_t i = 0; i < watch->served->n; i++)
		if (served_can_be_asked(&watch->served->row[i]) && !watch->served->row[i].seen.matches)
			return false;
	return true;
}

static void rest(struct watch *watch, uint64_t wait_ms)
{
	uint64_t now_ms = loop_ms();

	if (now_ms + wait_ms > watch->until_ms)
		wait_ms = now_ms < watch->until_ms ? watch->until_ms - now_ms : 0;
	watch->timer = loop_after(watch->app->loop, wait_ms, begin_round, watch);
	watch->wait_ms = watch->wait_ms * 2 < ROUND_MOST_MS ? watch->wait_ms * 2 : ROUND_MOST_MS;
	watch->changed(watch->data);
}

static void round_done(struct watch *watch)
{
	uint64_t now_ms = loop_ms(), wait_ms = watch->wait_ms;

	if (watch->questions || watch->done)
		return;
	served_judge(watch->served);
	if (watch->served->by_all && watch->n_name && !watch->stopping) {
		watch->served->others = OTHERS_UNKNOWN;
		put(watch, &watch->zone, DNS_NS, NULL, names_again);
		return;
	}
	if (served_is_settled(watch->served) || watch->stopping || now_ms >= watch->until_ms) {
		end(watch);
		return;
	}
	if (all_match(watch))
		wait_ms = rest_ms(watch, now_ms);
	rest(watch, wait_ms);
}

static void serial_answered(struct watch_question *question, const struct dns_reply *reply)
{
	struct served_row *row = &question->watch->served->row[question->row];
	const struct dns_record *soa =
		reply->failed == ANSWER_DATA ? dns_answer_next(reply->answer, &question->question.name, DNS_SOA, NULL) : NULL;

	if (soa) {
		row->serial = soa->soa.serial;
		row->has_serial = true;
	}
	round_done(question->watch);
}

/* A provider may keep a record more than once; a server gives it once. */
static bool is_wanted(const struct watch *watch, const struct mxset *set)
{
	const struct mxset *want = watch->want;

	return mxset_same_records(want, set) && (!want->n || want->ttl_s == MX_TTL_UNKNOWN || want->ttl_s == set->ttl_s);
}

static void set_answered(struct watch_question *question, const struct dns_reply *reply)
{
	struct watch *watch = question->watch;
	struct served_row *row = &watch->served->row[question->row];
	struct seen_clock now = { loop_ms(), loop_now() };
	struct dname alias[FACTS_ALIASES], final;
	enum answer answer = reply->failed;
	struct mxset set;
	size_t n_alias;
	uint32_t ttl_max_s = 0;

	mxset_init(&set);
	if (answer == ANSWER_DATA)
		answer = dns_answer_read(reply->answer, &question->question, alias, &n_alias, &final);
	if (answer == ANSWER_DATA)
		dns_answer_mx(reply->answer, &final, &set, &ttl_max_s);
	row->state =
		server_state_of(answer, watch->app->world || (reply->answer && reply->answer->aa)); /* a zone file is its own authority */
	seen_answer(&row->seen, row->state == SERVER_ANSWERS && is_wanted(watch, &set), &now, watch->apart_ms);
	mxset_release(&set);
	round_done(watch);
}

static void ask_row(struct watch *watch, size_t i)
{
	struct served_row *row = &watch->served->row[i];

	if (!row->at.addr.family)
		return;
	if (!watch->app->world && !dns_has_route(&row->at.addr)) {
		row->state = SERVER_UNREACHABLE;
		row->no_route = true;
		return;
	}
	if (row->state == SERVER_NOT_ASKED)
		row->state = SERVER_PENDING;
	put(watch, &watch->domain, DNS_MX, &row->at, set_answered)->row = i;
	put(watch, &watch->zone, DNS_SOA, &row->at, serial_answered)->row = i;
}

static void begin_round(void *data)
{
	struct watch *watch = data;

	watch->timer = NULL;
	/* Zone files that were named are no server's answer; the demo's are its servers. */
	if (watch->app->world && !watch->app->demo)
		watch->stopping = true;
	for (size_t i = 0; i < watch->served->n && !watch->stopping; i++)
		ask_row(watch, i);
	round_done(watch);
}

/* ---- who is asked ---- */

static void address_answered(struct watch_question *question, const struct dns_reply *reply)
{
	struct watch *watch = question->watch;
	struct served *served = watch->served;
	const struct dns_record *record = NULL;
	struct dname alias[FACTS_ALIASES], final;
	size_t n_alias;
	enum answer answer =
		reply->failed == ANSWER_DATA ? dns_answer_read(reply->answer, &question->question, alias, &n_alias, &final) : reply->failed;
	bool known = answer == ANSWER_DATA || answer == ANSWER_NODATA || answer == ANSWER_NXDOMAIN;

	while (answer == ANSWER_DATA && (record = dns_answer_next(reply->answer, &final, question->question.type, record)) != NULL) {
		struct dns_endpoint at = { record->addr, 0 };

		if (served->row[question->row].at.addr.family) {
			served_add(served, &question->question.name, &at);
			continue;
		}
		served->row[question->row].at = at;
		served->row[question->row].state = SERVER_NOT_ASKED;
	}
	if (!known && !served->row[question->row].at.addr.family)
		served->row[question->row].state = SERVER_NOT_ASKED; /* whether it has an address is not known */
	if (!watch->questions)
		begin_round(watch);
}

static void find_addresses(struct watch *watch, size_t from)
{
	for (size_t i = from; i < watch->n_name; i++) {
		size_t at = watch->served->n;

		served_add(watch->served, &watch->name[i], &(struct dns_endpoint){ 0 })->state = SERVER_NO_ADDRESS;
		put(watch, &watch->name[i], DNS_A, NULL, address_answered)->row = at;
		put(watch, &watch->name[i], DNS_AAAA, NULL, address_answered)->row = at;
	}
	if (!watch->questions)
		begin_round(watch);
}

static void add_name(struct watch *watch, const struct dname *name)
{
	for (size_t i = 0; i < watch->n_name; i++)
		if (dname_equal(&watch->name[i], name))
			return;
	watch->name = mem_grow(watch->name, watch->n_name, &watch->cap_name, sizeof(*watch->name));
	watch->name[watch->n_name++] = *name;
}

static void add_names(struct watch *watch, const struct watch_question *question, const struct dns_reply *reply)
{
	const struct dns_record *record = NULL;

	while (reply->failed == ANSWER_DATA && (record = dns_answer_next(reply->answer, &question->question.name, DNS_NS, record)) != NULL)
		add_name(watch, &record->target);
}

/* Also that there is none is an answer. */
static bool is_answered(const struct watch_question *question, const struct dns_reply *reply)
{
	struct dname alias[FACTS_ALIASES], final;
	enum answer answer = reply->failed;
	size_t n_alias;

	if (answer == ANSWER_DATA)
		answer = dns_answer_read(reply->answer, &question->question, alias, &n_alias, &final);
	return answer_is_final(answer) && !answer_is_soft(answer);
}

static void names_answered(struct watch_question *question, const struct dns_reply *reply)
{
	struct watch *watch = question->watch;

	add_names(watch, question, reply);
	find_addresses(watch, 0);
}

/* Without an answer it is asked again, until the time is up: what came in between nobody knows. */
static void names_again(struct watch_question *question, const struct dns_reply *reply)
{
	struct watch *watch = question->watch;
	size_t before = watch->n_name;

	add_names(watch, question, reply);
	if (watch->n_name > before) {
		watch->served->others = OTHERS_UNASKED;
		find_addresses(watch, before);
		return;
	}
	if (is_answered(question, reply))
		watch->served->others = OTHERS_NONE;
	if (watch->served->others == OTHERS_NONE || loop_ms() >= watch->until_ms)
		end(watch);
	else
		rest(watch, watch->wait_ms);
}

/* ---- for its owner ---- */

struct watch *watch_start(struct app *app, const struct watch_task *task, struct served *served, watch_fn changed, void *data)
{
	struct watch *watch = mem_alloc(sizeof(*watch));

	*watch = (struct watch){
		.app = app,
		.domain = *task->domain,
		.zone = *task->zone,
		.want = task->want,
		.served = served,
		.apart_ms = task->apart_ms,
		.until_ms = loop_ms() + (uint64_t)task->watch_s * 1000,
		.wait_ms = ROUND_FIRST_MS,
		.changed = changed,
		.data = data,
	};
	for (size_t i = 0; i < task->n_name && !served->n; i++)
		add_name(watch, &task->name[i]);
	if (served->n)
		watch->timer = loop_after(app->loop, 0, begin_round, watch);
	else
		put(watch, &watch->zone, DNS_NS, NULL, names_answered);
	return watch;
}

bool watch_done(const struct watch *watch)
{
	return watch->done;
}

static void cancel(struct watch *watch)
{
	while (watch->questions) {
		struct watch_question *question = watch->questions;

		watch->questions = question->next;
		ask_cancel(question->ask);
		free(question);
	}
	loop_cancel(watch->timer);
	watch->timer = NULL;
}

static void stopped(void *data)
{
	struct watch *watch = data;

	watch->timer = NULL;
	end(watch);
}

/* What was asked and not waited for is unasked: only what was answered is known. */
void watch_stop(struct watch *watch)
{
	if (watch->done || watch->stopping)
		return;
	watch->stopping = true;
	cancel(watch);
	for (size_t i = 0; i < watch->served->n; i++)
		if (watch->served->row[i].state == SERVER_PENDING)
			watch->served->row[i].state = SERVER_NOT_ASKED;
	watch->timer = loop_after(watch->app->loop, 0, stopped, watch);
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	cancel(watch);
	free(watch->name);
	free(watch);
}

uint32_t watch_configured_s(const struct app *app)
{
	return (uint32_t)config_number(&app->config, "push", "", "watch");
}

uint32_t watch_configured_apart_ms(const struct app *app)
{
	return (uint32_t)config_number(&app->config, "push", "", "seen_apart") * 1000;
}
