/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "app/reading.h"
#include "base/mem.h"
#include "io/dns_cache.h"
#include "base/banned.h"

#define KEPT_MAX 8192 /* hosts; also how many places the table has */

struct exchange {
	struct exchanges *all;
	struct exchange *next; /* in its place of the table */
	uint32_t hash;         /* of the name */
	unsigned holders;      /* who wanted it and did not leave, and the table */
	bool listed;           /* in the table */
	unsigned open;         /* questions under way */
	uint64_t ends_ms;      /* the first of its answers */
	struct inquiry {
		struct exchange *exchange;
		enum dns_type type;
		struct dns_wait *wait;
		uint64_t answered_ms;
	} a, aaaa;
	struct exchange_wait *waits;
	struct host_facts *row; /* once all is known, only as much of it as says something */
};

struct exchanges {
	struct app *app;
	size_t n;
	struct exchange *place[KEPT_MAX];
};

static void let_go(struct exchange *exchange)
{
	if (--exchange->holders)
		return;
	dns_cache_cancel(exchange->a.wait);
	dns_cache_cancel(exchange->aaaa.wait);
	free(exchange->row);
	free(exchange);
}

/* ---- the table ---- */

static uint32_t hash_of(const struct dname *host)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < host->len; i++)
		hash = (hash ^ host->wire[i]) * 16777619u;
	return hash ^ hash >> 16;
}

static void unlist(struct exchange *exchange)
{
	struct exchange **at = &exchange->all->place[exchange->hash % KEPT_MAX];

	if (!exchange->listed)
		return;
	while (*at != exchange)
		at = &(*at)->next;
	*at = exchange->next;
	exchange->listed = false;
	exchange->all->n--;
	let_go(exchange);
}

static struct exchange *find(struct exchanges *all, const struct dname *host, uint32_t hash)
{
	struct exchange *exchange = all->place[hash % KEPT_MAX];

	while (exchange && (exchange->hash != hash || !dname_equal(&exchange->row->host, host)))
		exchange = exchange->next;
	if (!exchange || exchange->open || loop_coarse_ms() < exchange->ends_ms)
		return exchange;
	unlist(exchange);
	return NULL;
}

void exchanges_forget(struct exchanges *all)
{
	for (size_t i = 0; i < KEPT_MAX; i++)
		for (struct exchange *exchange = all->place[i], *next; exchange; exchange = next) {
			next = exchange->next;
			if (!exchange->open)
				unlist(exchange);
		}
}

struct exchanges *exchanges_new(struct app *app)
{
	struct exchanges *all = mem_alloc(sizeof(*all));

	all->app = app;
	return all;
}

void exchanges_free(struct exchanges *all)
{
	if (!all)
		return;
	exchanges_forget(all);
	free(all);
}

/* ---- asking ---- */

static void tell(struct exchange *exchange)
{
	exchange->holders++; /* who is told may leave */
	exchange->row = mem_resize(exchange->row, 1, host_facts_size(exchange->row));
	while (exchange->waits) {
		struct exchange_wait *wait = exchange->waits;

		exchange->waits = wait->next;
		wait->at = NULL;
		if (exchange->waits)
			exchange->waits->at = &exchange->waits;
		wait->fn(wait->data);
	}
	let_go(exchange);
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct inquiry *inquiry = data;
	struct exchange *exchange = inquiry->exchange;
	const struct dns_question question = { exchange->row->host, inquiry->type };
	uint64_t ends_ms = dns_cache_ends_ms(app_answers(exchange->all->app), &question);
	struct dname final;

	inquiry->wait = NULL;
	inquiry->answered_ms = loop_coarse_ms();
	exchange->ends_ms = ends_ms < exchange->ends_ms ? ends_ms : exchange->ends_ms;
	reading_host(exchange->row, &question, reply, &final);
	if (!--exchange->open)
		tell(exchange);
}

static void ask(struct inquiry *inquiry, struct exchange *exchange, enum dns_type type)
{
	const struct dns_question question = { exchange->row->host, type };

	inquiry->exchange = exchange;
	inquiry->type = type;
	exchange->open++;
	inquiry->wait = dns_cache_ask(app_answers(exchange->all->app), NULL, &question, (struct dns_then){ answered, inquiry });
}

static struct exchange *add(struct exchanges *all, const struct dname *host, uint32_t hash)
{
	struct exchange *exchange = mem_alloc(sizeof(*exchange)), **place = &all->place[hash % KEPT_MAX];

	if (all->n >= KEPT_MAX)
		exchanges_forget(all);
	*exchange = (struct exchange){ .all = all, .next = *place, .hash = hash, .holders = 1, .listed = true, .ends_ms = UINT64_MAX };
	*place = exchange;
	all->n++;
	exchange->row = mem_alloc(sizeof(*exchange->row));
	exchange->row->host = *host;
	ask(&exchange->a, exchange, DNS_A);
	ask(&exchange->aaaa, exchange, DNS_AAAA);
	return exchange;
}

bool exchange_want(struct exchanges *all, const struct dname *host, struct exchange_wait *wait)
{
	uint32_t hash = hash_of(host);
	struct exchange *exchange = find(all, host, hash);

	if (!exchange)
		exchange = add(all, host, hash);
	exchange->holders++;
	wait->exchange = exchange;
	if (!exchange->open)
		return true;
	wait->next = exchange->waits;
	wait->at = &exchange->waits;
	if (wait->next)
		wait->next->at = &wait->next;
	exchange->waits = wait;
	return false;
}

void exchange_leave(struct exchange_wait *wait)
{
	struct exchange *exchange = wait->exchange;

	if (!exchange)
		return;
	wait->exchange = NULL;
	if (wait->at) {
		*wait->at = wait->next;
		if (wait->next)
			wait->next->at = wait->at;
		wait->at = NULL;
		if (!exchange->waits)
			unlist(exchange);
	}
	let_go(exchange);
}

/* ---- reading ---- */

static void count_down(uint32_t *ttl_s, const struct inquiry *inquiry, uint64_t now_ms)
{
	uint64_t age_s = inquiry->wait ? 0 : (now_ms - inquiry->answered_ms) / 1000;

	*ttl_s = *ttl_s > age_s ? *ttl_s - (uint32_t)age_s : 0;
}

void exchange_read(const struct exchange_wait *wait, struct facts *facts)
{
	const struct exchange *exchange = wait->exchange;
	struct host_facts *row = facts_host_add(facts, &exchange->row->host);
	uint64_t now_ms = loop_coarse_ms();

	if (row->a != ANSWER_UNASKED || row->aaaa != ANSWER_UNASKED)
		return;
	memcpy(row, exchange->row, host_facts_size(exchange->row));
	count_down(&row->a_ttl_s, &exchange->a, now_ms);
	count_down(&row->aaaa_ttl_s, &exchange->aaaa, now_ms);
}
