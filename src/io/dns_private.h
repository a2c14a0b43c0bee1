/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside io/dns: what asking (dns.c, dns_socket.c), the cache (dns_cache.c), the validator (dns_validate.c) and its forwarder
 * (dns_forward.c) share. */
#ifndef IO_DNS_PRIVATE_H
#define IO_DNS_PRIVATE_H

#include "io/dns_cache.h"

#define DNS_CACHE_BUCKETS 1024

struct entry;
struct validator;
struct forward;

struct dns_cache {
	struct dns *dns;
	uint32_t timeout_ms;
	struct validator *validator; /* NULL until something is validated */
	bool is_shared;
	size_t n;                 /* entries */
	struct dns_cache *shared; /* behind this one, or NULL */
	struct dname own;
	struct entry *bucket[DNS_CACHE_BUCKETS];
};

void dns_use_sockets(void *ares); /* dns_socket.c; an ares_channel */
struct loop *dns_loop(const struct dns *dns);
const char *dns_anchor_file(const struct dns *dns); /* NULL: the system's */

/* Ends every validation of the cache without a callback. */
void dns_validator_free(struct dns_cache *cache);

/* dns_forward.c: a UDP server on 127.0.0.1 for the validator alone. It answers each question out of the cache, which asks
 * the resolver where it must. NULL: no socket could be opened. */
struct forward *forward_new(struct dns_cache *cache);
void forward_free(struct forward *forward);            /* NULL is accepted */
void forward_listen(struct forward *forward, bool on); /* off at first: a socket that is listened on keeps the loop awake */
unsigned forward_port(const struct forward *forward);
bool forward_was_asked(const struct forward *forward, const struct dns_question *question);
/* A question that the resolver did not answer, or answered with a failure; NULL: none. */
const struct dns_question *forward_failed(const struct forward *forward);

#endif
