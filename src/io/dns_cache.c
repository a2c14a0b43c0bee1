/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dns_cache.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/dns_private.h"
#include "wire/dnsupdate.h"
#include "base/banned.h"

#define SHARED_MAX 8192 /* answers: some 12 MB */

struct dns_wait {
	struct entry *entry;
	struct dns_wait *next, **at;  /* *at is this one */
	struct loop_handle *delivery; /* set once the answer is there */
	struct dns_then then;
};

struct entry {
	struct dns_cache *cache;
	struct entry *next;
	struct dns_endpoint to; /* family 0: the resolver */
	bool unchecked;
	struct dns_question question;
	uint32_t hash;                 /* of the question */
	struct dns_query *query;       /* under way */
	struct dns_wait *behind;       /* under way, of the shared cache; neither: answered */
	uint64_t answered_ms, ends_ms; /* of a shared one */
	uint32_t aged_s;               /* taken off its TTLs */
	struct dns_told *told;
	struct dns_wait *waits, **last_wait;
};

struct dns_cache *dns_cache_new(struct dns *dns, uint32_t timeout_ms)
{
	struct dns_cache *cache = mem_alloc(sizeof(*cache));

	cache->dns = dns;
	cache->timeout_ms = timeout_ms;
	cache->n_bucket = DNS_CACHE_BUCKETS;
	cache->bucket = mem_alloc(cache->n_bucket * sizeof(*cache->bucket));
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
	dns_told_release(entry->told);
	free(entry);
}

static void take_out(struct dns_cache *cache, struct entry **at)
{
	struct entry *entry = *at;

	*at = entry->next;
	cache->n--;
	free_entry(entry);
}

/* Takes out what no one waits for; all: also what is under way and waited for. */
static void clear(struct dns_cache *cache, bool all)
{
	for (size_t i = 0; i < cache->n_bucket; i++)
		for (struct entry **at = &cache->bucket[i]; *at;) {
			if (all || (is_answered(*at) && !(*at)->waits))
				take_out(cache, at);
			else
				at = &(*at)->next;
		}
}

void dns_cache_free(struct dns_cache *cache)
{
	if (!cache)
		return;
	dns_validations_end(cache);
	clear(cache, true);
	free(cache->bucket);
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

	for (size_t i = 0; more_s && i < entry->told->answer.n; i++) {
		struct dns_record *record = &entry->told->answer.record[i];

		record->ttl_s = record->ttl_s > more_s ? record->ttl_s - more_s : 0;
	}
	entry->aged_s = age_s;
}

static void deliver(void *data)
{
	struct dns_wait *wait = data;
	struct entry *entry = wait->entry;
	struct dns_told *told = dns_told_hold(entry->told);
	struct dns_reply reply = dns_told_reply(told);
	struct dns_then then = wait->then;

	if (entry->cache->is_shared)
		count_down(entry);
	wait->delivery = NULL;
	dns_cache_cancel(wait);
	then.fn(then.data, &reply); /* may free the cache */
	dns_told_release(told);
}

static void deliver_soon(struct dns_wait *wait)
{
	wait->delivery = loop_after(dns_loop(wait->entry->cache->dns), 0, deliver, wait);
}

/* For how long others may have the answer: not at all where it tells nothing. */
static uint32_t keeps_s(const struct entry *entry)
{
	const struct dns_answer *answer = &entry->told->answer;
	uint32_t least_s = DNS_SHARED_S;

	if (entry->told->failed != ANSWER_DATA || !answer->n || (answer->rcode != RCODE_NOERROR && answer->rcode != RCODE_NXDOMAIN))
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
	entry->told = dns_told_hold(reply->told);
	entry->answered_ms = loop_ms();
	entry->ends_ms = entry->answered_ms + 1000u * (uint64_t)keeps_s(entry);
	for (struct dns_wait *wait = entry->waits; wait; wait = wait->next)
		deliver_soon(wait);
}

/* ---- questions ---- */

uint32_t dns_question_hash(const struct dns_question *question)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < question->name.len; i++)
		hash = (hash ^ question->name.wire[i]) * 16777619u;
	return hash ^ (uint32_t)question->type * 2654435769u;
}

static struct entry **bucket_of(const struct dns_cache *cache, uint32_t hash)
{
	return &cache->bucket[(hash ^ hash >> 16) & (cache->n_bucket - 1)];
}

static void make_buckets(struct dns_cache *cache)
{
	struct entry **old = cache->bucket;
	size_t n_old = cache->n_bucket;

	if (cache->n < cache->n_bucket)
		return;
	cache->n_bucket *= 4;
	cache->bucket = mem_alloc(cache->n_bucket * sizeof(*cache->bucket));
	for (size_t i = 0; i < n_old; i++)
		for (struct entry *entry = old[i], *next; entry; entry = next) {
			struct entry **bucket = bucket_of(cache, entry->hash);

			next = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	free(old);
}

static bool is_over(const struct entry *entry)
{
	return entry->cache->is_shared && is_answered(entry) && !entry->waits && loop_ms() >= entry->ends_ms;
}

static struct entry *find(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	const struct dns_endpoint at = to ? *to : (struct dns_endpoint){ 0 };
	uint32_t hash = dns_question_hash(question);

	for (struct entry *entry = *bucket_of(cache, hash); entry; entry = entry->next)
		if (entry->hash == hash && entry->question.type == question->type && entry->unchecked == (to == &dns_unchecked) &&
			entry->to.port == at.port && addr_equal(&entry->to.addr, &at.addr) &&
			dname_equal(&entry->question.name, &question->name))
			return is_over(entry) ? NULL : entry;
	return NULL;
}

/* Takes out answers that are over where a new one comes, and all that nobody waits for where there are too many. */
static void make_room(struct dns_cache *cache, struct entry **bucket)
{
	for (struct entry **at = bucket; *at;) {
		if (is_over(*at))
			take_out(cache, at);
		else
			at = &(*at)->next;
	}
	if (cache->n >= SHARED_MAX)
		clear(cache, false);
}

static struct entry *add(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	struct entry *entry = mem_alloc(sizeof(*entry)), **bucket;
	uint32_t hash = dns_question_hash(question);

	if (cache->is_shared)
		make_room(cache, bucket_of(cache, hash));
	make_buckets(cache);
	bucket = bucket_of(cache, hash);
	cache->n++;
	*entry = (struct entry){ .cache = cache, .next = *bucket, .question = *question, .hash = hash };
	entry->last_wait = &entry->waits;
	entry->unchecked = to == &dns_unchecked;
	if (to)
		entry->to = *to;
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
	struct dns_wait *wait = mem_alloc(sizeof(*wait));

	if (!entry)
		entry = add(cache, to, question);
	*wait = (struct dns_wait){ .entry = entry, .then = then, .at = entry->last_wait };
	*wait->at = wait;
	entry->last_wait = &wait->next;
	if (is_answered(entry))
		deliver_soon(wait);
	return wait;
}

void dns_cache_fetch(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	if (!find(cache, to, question))
		add(cache, to, question);
}

/* Forgets a question that nobody waits for any more. */
static void drop(struct entry *entry)
{
	struct entry **at = bucket_of(entry->cache, entry->hash);

	while (*at != entry)
		at = &(*at)->next;
	*at = entry->next;
	entry->cache->n--;
	free_entry(entry);
}

void dns_cache_cancel(struct dns_wait *wait)
{
	struct entry *entry;

	if (!wait)
		return;
	entry = wait->entry;
	*wait->at = wait->next;
	if (wait->next)
		wait->next->at = wait->at;
	else
		entry->last_wait = wait->at;
	loop_cancel(wait->delivery);
	free(wait);
	if (entry->cache->is_shared && !entry->waits && !is_answered(entry))
		drop(entry);
}

uint64_t dns_cache_ends_ms(const struct dns_cache *shared, const struct dns_question *question)
{
	const struct entry *entry = find(shared, NULL, question);

	return entry && is_answered(entry) ? entry->ends_ms : 0;
}

bool dns_cache_knows(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question)
{
	return find(cache, to, question) != NULL;
}
