/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

struct dns_wait {
	struct entry *entry;
	struct dns_wait *next;
	struct loop_handle *delivery; /* set once the answer is there */
	struct dns_then then;
};

struct entry {
	struct dns_cache *cache;
	struct entry *next;
	struct dns_endpoint to; /* family 0: the resolver */
	bool unchecked;
	struct dns_question question;
	struct dns_query *query; /* under way; NULL: answered */
	enum answer failed;
	struct dns_answer answer;
	struct str bytes;
	struct dns_wait *waits;
};

struct dns_cache *dns_cache_new(struct dns *dns, uint32_t timeout_ms)
{
	struct dns_cache *cache = mem_alloc(sizeof(*cache));

	cache->dns = dns;
	cache->timeout_ms = timeout_ms;
	return cache;
}

static void free_entry(struct entry *entry)
{
	dns_cancel(entry->query);
	while (entry->waits)
		dns_cache_cancel(entry->waits);
	dns_answer_release(&entry->answer);
	str_release(&entry->bytes);
	free(entry);
}

void dns_cache_free(struct dns_cache *cache)
{
	if (!cache)
		return;
	dns_validator_free(cache);
	for (size_t i = 0; i < DNS_CACHE_BUCKETS; i++)
		while (cache->bucket[i]) {
			struct entry *entry = cache->bucket[i];

			cache->bucket[i] = entry->next;
			free_entry(entry);
		}
	free(cache);
}

/* ---- answers ---- */

static void deliver(void *data)
{
	struct dns_wait *wait = data;
	struct entry *entry = wait->entry;
	struct dns_reply reply = { .failed = entry->failed };
	struct dns_then then = wait->then;

	if (entry->failed == ANSWER_DATA)
		reply = (struct dns_reply){ ANSWER_DATA, &entry->answer, (const uint8_t *)entry->bytes.s, entry->bytes.len };
	wait->delivery = NULL;
	dns_cache_cancel(wait);
	then.fn(then.data, &reply); /* may free the cache */
}

static void deliver_soon(struct dns_wait *wait)
{
	wait->delivery = loop_after(dns_loop(wait->entry->cache->dns), 0, deliver, wait);
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct entry *entry = data;

	entry->query = NULL;
	entry->failed = reply->failed;
	if (reply->answer) {
		str_add_bytes(&entry->bytes, reply->bytes, reply->len);
		dnswire_parse((const uint8_t *)entry->bytes.s, entry->bytes.len, &entry->answer);
	}
	for (struct dns_wait *wait = entry->waits; wait; wait = wait->next)
		deliver_soon(wait);
}

/* ---- questions ---- */

static size_t bucket_of(const struct dns_question *question)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < question->name.len; i++)
		hash = (hash ^ question->name.wire[i]) * 16777619u;
	return (hash ^ (uint32_t)question->type) % DNS_CACHE_BUCKETS;
}

static struct entry *find(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	const struct dns_endpoint at = to ? *to : (struct dns_endpoint){ 0 };

	for (struct entry *entry = cache->bucket[bucket_of(question)]; entry; entry = entry->next)
		if (entry->question.type == question->type && entry->unchecked == (to == &dns_unchecked) && entry->to.port == at.port &&
			addr_equal(&entry->to.addr, &at.addr) && dname_equal(&entry->question.name, &question->name))
			return entry;
	return NULL;
}

static struct entry *add(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	struct entry *entry = mem_alloc(sizeof(*entry)), **bucket = &cache->bucket[bucket_of(question)];

	*entry = (struct entry){ .cache = cache, .next = *bucket, .question = *question };
	entry->unchecked = to == &dns_unchecked;
	if (to)
		entry->to = *to;
	str_init(&entry->bytes, 0);
	*bucket = entry;
	entry->query = dns_ask(cache->dns, to, question, cache->timeout_ms, (struct dns_then){ answered, entry });
	return entry;
}

struct dns_wait *dns_cache_ask(
	struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question, struct dns_then then)
{
	struct entry *entry = find(cache, to, question);
	struct dns_wait *wait = mem_alloc(sizeof(*wait)), **last;

	if (!entry)
		entry = add(cache, to, question);
	*wait = (struct dns_wait){ .entry = entry, .then = then };
	for (last = &entry->waits; *last; last = &(*last)->next)
		;
	*last = wait;
	if (!entry->query)
		deliver_soon(wait);
	return wait;
}

void dns_cache_fetch(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	if (!find(cache, to, question))
		add(cache, to, question);
}

void dns_cache_cancel(struct dns_wait *wait)
{
	struct dns_wait **at;

	if (!wait)
		return;
	for (at = &wait->entry->waits; *at != wait; at = &(*at)->next)
		;
	*at = wait->next;
	loop_cancel(wait->delivery);
	free(wait);
}

bool dns_cache_knows(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	return find(cache, to, question) != NULL;
}
