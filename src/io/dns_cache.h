/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answers of one survey: each question (server, name, type) is sent once; who asks again while it is under way joins,
 * and later the kept answer is given. Validation asks through it too, so that the keys of the chain are asked for side by
 * side. Behind the caches of many surveys may stand one that they share: it keeps what the resolver said for as long as its
 * TTL lets it, so that one host of a thousand domains is asked for once. What a survey is about (the names at and below its
 * own) and what a name server says by itself are never looked up there. Freed before its struct dns.
 */
#ifndef IO_DNS_CACHE_H
#define IO_DNS_CACHE_H

#include "io/dns.h"

#define DNS_SHARED_S 600 /* a resolver may have been told to forget */

struct dns_cache;
struct dns_wait;
struct dns_validator;
struct dns_validation;

struct dns_cache *dns_cache_new(struct dns *dns, uint32_t timeout_ms); /* of each question */
/* To stand behind others. A failure is not kept, nor is anything longer than DNS_SHARED_S; TTLs count down. */
struct dns_cache *dns_cache_new_shared(struct dns *dns, uint32_t timeout_ms);
/* Before the first question. own: the names at and below it are asked for by this cache itself. shared outlives it. */
void dns_cache_share(struct dns_cache *cache, struct dns_cache *shared, const struct dname *own);
void dns_cache_forget(struct dns_cache *shared); /* all that is answered; NULL is accepted */
void dns_cache_free(struct dns_cache *cache);    /* cancels everything; NULL is accepted */

/* As dns_ask(): the callback comes once, from the loop, and not after a cancel. */
struct dns_wait *dns_cache_ask(
	struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question, struct dns_then then);
/* Asks ahead: whoever asks the same later joins. */
void dns_cache_fetch(struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question);
void dns_cache_cancel(struct dns_wait *wait); /* NULL is accepted; dead after the callback */
/* Until when (loop_ms()) the resolver's answer is kept; 0: it is not. */
uint64_t dns_cache_ends_ms(const struct dns_cache *shared, const struct dns_question *question);
/* Was this asked already (answered or not)? */
bool dns_cache_knows(const struct dns_cache *cache, const struct dns_endpoint *to, const struct dns_question *question);

/* One for the caches of many surveys, side by side and one after the other: what it has validated it knows until the TTL ends, and
 * DNS_SHARED_S at most. What lies beside the names that a survey is about it asks for through this cache, which outlives it. */
struct dns_validator *dns_validator_new(struct dns_cache *shared);
void dns_validator_free(struct dns_validator *validator); /* ends its validations without a callback; NULL is accepted */
/* After dns_cache_share(), before the first validation. The validator outlives the cache. One that is lent none makes its own. */
void dns_cache_lend(struct dns_cache *cache, struct dns_validator *validator);

/* reason: of bogus the validator's words, borrowed; of unchecked a N_() constant; else NULL. */
typedef void (*dns_validated_fn)(void *data, enum dnssec dnssec, const char *reason);
/* Validates locally, with the resolver's answers. A resolver that strips signatures, one that fails for a part of the
 * chain, and a name that the validator would answer for by itself give UNCHECKED with the reason. */
struct dns_validation *dns_validate(
	struct dns_cache *cache, const struct dns_question *question, uint32_t timeout_ms, dns_validated_fn fn, void *data);
void dns_validation_cancel(struct dns_validation *validation); /* NULL is accepted; dead after the callback */

#endif
