/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "base/banned.h"

#define RCODE_NOERROR 0
#define RCODE_NXDOMAIN 3
#define SHARED_MAX 8192 /* answers: some 12 MB */

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
	struct dns_query *query;       /* under way */
	struct dns_wait *behind;       /* under way, of the shared cache; neither: answered */
	uint64_t answered_ms, ends_ms; /* of a shared one */
	uint32_t aged_s;               /* taken off its TTLs */
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

struct dns_cache *dns_cache_new_shared(struct dns *dns, uint32_t timeout_ms)
{
	struct dns_cache *cache = dns_cache_new(dns, timeout_ms);

	cache->is_shared = true;
	return cache;
}

void dns_cache_share(struct dns_cache *cache, struct dns_cache *shared, const struct dname *own)
{
	cache->shared = shared;
	cache->own = *own;
}

static bool is_answered(const struct entry *entry)
{
	return !entry->query && !entry->behind;
}

static void free_entry(struct entry *entry)
{
	dns_cancel(entry->query);
	dns_cache_cancel(entry->behind);
	entry->query = NULL;
	entry->behind = NULL;
	while (entry->waits)
		dns_cache_cancel(entry->waits);
	dns_answer_release(&entry->answer);
	str_release(&entry->bytes);
	free(entry);
}

/* Takes out what no one waits for; all: also what is under way and waited for. */
static void clear(struct dns_cache *cache, bool all)
{
	for (size_t i = 0; i < DNS_CACHE_BUCKETS; i++)
		for (struct entry **at = &cache->bucket[i]; *at;) {
			struct entry *entry = *at;

			if (!all && (!is_answered(entry) || entry->waits)) {
				at = &entry->next;
				continue;
			}
			*at = entry->next;
			cache->n--;
			free_entry(entry);
		}
}

void dns_cache_free(struct dns_cache *cache)
{
	if (!cache)
		return;
	dns_validator_free(cache);
	clear(cache, true);
	free(cache);
}

void dns_cache_forget(struct dns_cache *shared)
{
	if (shared)
		clear(shared, false);
}

/* ---- answers ---- */

static void count_down(struct entry *entry)
{
	uint32_t age_s = (uint32_t)((loop_ms() - entry->answered_ms) / 1000), more_s = age_s - entry->aged_s;

	for (size_t i = 0; i < entry->answer.n; i++) {
		struct dns_record *record = &entry->answer.record[i];

		record->ttl_s = record->ttl_s > more_s ? record->ttl_s - more_s : 0;
	}
	entry->aged_s = age_s;
}

static void deliver(void *data)
{
	struct dns_wait *wait = data;
	struct entry *entry = wait->entry;
	struct dns_reply reply = { .failed = entry->failed };
	struct dns_then then = wait->then;

	if (entry->cache->is_shared)
		count_down(entry);
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

/* For how long others may have the answer: not at all where it tells nothing. */
static uint32_t keeps_s(const struct entry *entry)
{
	const struct dns_answer *answer = &entry->answer;
	uint32_t least_s = DNS_SHARED_S;

	if (entry->failed != ANSWER_DATA || !answer->n || (answer->rcode != RCODE_NOERROR && answer->rcode != RCODE_NXDOMAIN))
		return 0;
	for (size_t i = 0; i < answer->n; i++) {
		const struct dns_record *record = &answer->record[i];
		uint32_t ttl_s = record->ttl_s;

		if (record->type == DNS_SOA && record->section == SECTION_AUTHORITY && record->soa.minimum_s < ttl_s)
			ttl_s = record->soa.minimum_s;
		if (ttl_s < least_s)
			least_s = ttl_s;
	}
	return least_s;
}

static void answered(void *data, const struct dns_reply *reply)
{
	struct entry *entry = data;

	entry->query = NULL;
	entry->behind = NULL;
	entry->failed = reply->failed;
	if (reply->answer) {
		str_add_bytes(&entry->bytes, reply->bytes, reply->len);
		dnswire_parse((const uint8_t *)entry->bytes.s, entry->bytes.len, &entry->answer);
		for (size_t i = 0; i < entry->answer.n && i < reply->answer->n; i++)
			entry->answer.record[i].ttl_s = reply->answer->record[i].ttl_s;
	}
	entry->answered_ms = loop_ms();
	entry->ends_ms = entry->answered_ms + 1000u * (uint64_t)keeps_s(entry);
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

static bool is_over(const struct entry *entry)
{
	return entry->cache->is_shared && is_answered(entry) && !entry->waits && loop_ms() >= entry->ends_ms;
}

static struct entry *find(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	const struct dns_endpoint at = to ? *to : (struct dns_endpoint){ 0 };

	for (struct entry *entry = cache->bucket[bucket_of(question)]; entry; entry = entry->next)
		if (entry->question.type == question->type && entry->unchecked == (to == &dns_unchecked) && entry->to.port == at.port &&
			addr_equal(&entry->to.addr, &at.addr) && dname_equal(&entry->question.name, &question->name))
			return is_over(entry) ? NULL : entry;
	return NULL;
}

/* What is over goes where a new one comes; all that nobody waits for, where there are too many. */
static void make_room(struct dns_cache *cache, struct entry **bucket)
{
	for (struct entry **at = bucket; *at;) {
		struct entry *entry = *at;

		if (!is_over(entry)) {
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		cache->n--;
		free_entry(entry);
	}
	if (cache->n >= SHARED_MAX)
		clear(cache, false);
}

static struct entry *add(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	struct entry *entry = mem_alloc(sizeof(*entry)), **bucket = &cache->bucket[bucket_of(question)];

	if (cache->is_shared)
		make_room(cache, bucket);
	cache->n++;
	*entry = (struct entry){ .cache = cache, .next = *bucket, .question = *question };
	entry->unchecked = to == &dns_unchecked;
	if (to)
		entry->to = *to;
	str_init(&entry->bytes, 0);
	*bucket = entry;
	if (cache->shared && (!to || entry->unchecked) && !dname_under(&question->name, &cache->own))
		entry->behind = dns_cache_ask(cache->shared, to, question, (struct dns_then){ answered, entry });
	else
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
	if (is_answered(entry))
		deliver_soon(wait);
	return wait;
}

void dns_cache_fetch(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	if (!find(cache, to, question))
		add(cache, to, question);
}

/* A question that nobody waits for any more. */
static void drop(struct entry *entry)
{
	struct entry **at = &entry->cache->bucket[bucket_of(&entry->question)];

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	entry->cache->n--;
	free_entry(entry);
}

void dns_cache_cancel(struct dns_wait *wait)
{
	struct dns_wait **at;
	struct entry *entry;

	if (!wait)
		return;
	entry = wait->entry;
	for (at = &wait->entry->waits; *at != wait; at = &(*at)->next)
		;
	*at = wait->next;
	loop_cancel(wait->delivery);
	free(wait);
	if (entry->cache->is_shared && !entry->waits && !is_answered(entry))
		drop(entry);
}

bool dns_cache_knows(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	return find(cache, to, question) != NULL;
}
