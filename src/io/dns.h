/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS questions on the network. c-ares asks (a server by address, or the system's resolvers), ldns through wire/
 * reads. Each question has its own deadline and can be
 * cancelled; the callback comes exactly once, from the loop, never from within the asking call, and not after a cancel.
 */
#ifndef IO_DNS_H
#define IO_DNS_H

#include "io/loop.h"
#include "wire/dnswire.h"

#define DNS_TIMEOUT_MS 5000

struct dns;
struct dns_query;

struct dns_endpoint {
	struct addr addr; /* family 0: the resolvers of the system */
	uint16_t port;    /* 0: 53 */
};
/* "127.0.0.1", "127.0.0.1:5300", "[::1]:5300", "::1". ERR_USAGE. */
bool dns_endpoint_parse(struct dns_endpoint *endpoint, const char *text, struct err *err);
void dns_endpoint_text(const struct dns_endpoint *endpoint, struct str *out);
/* Has this machine a route there? Sends nothing and does not wait. Family 0: true. */
bool dns_has_route(const struct addr *addr);

/* resolver: where recursive questions go; anchor_file: root or other trust anchors for validation (io/dns_cache.h), NULL: the
 * system's (dns-root-data), if any. */
struct dns *dns_new(struct loop *loop, const struct dns_endpoint *resolver, const char *anchor_file);
void dns_free(struct dns *dns); /* cancels everything */
/* The next questions go out from fresh ports, and to the system's resolvers as they are now. Nothing under way is touched. */
void dns_refresh(struct dns *dns);

struct dns_told;
struct dns_reply {
	enum answer failed; /* ANSWER_DATA: there is an answer; else TIMEOUT, UNREACHABLE or BROKEN (also where it was cut off, and TCP
			       fails); of a zone world UNASKED too */
	const struct dns_answer *answer; /* with `bytes` borrowed for the call */
	const uint8_t *bytes;            /* as it came; NULL: it did not come from the network */
	size_t len;
	struct dns_told *told; /* what they are parts of; NULL: it did not come from the network */
};
/* How a question ended, kept by many: each holds it once more, and lets go of it; the last frees it. */
struct dns_told *dns_told_hold(struct dns_told *told);
void dns_told_release(struct dns_told *told); /* NULL is accepted */
struct dns_reply dns_told_reply(struct dns_told *told);
typedef void (*dns_fn)(void *data, const struct dns_reply *reply);

extern const struct dns_endpoint dns_unchecked; /* its address, given as `to`, is the resolver told not to validate (CD set) */

/* to NULL: the resolver (RD set); else that authoritative server (RD clear). What is truncated is asked again over TCP, with timeout_ms
 * once more. An address without a route is UNREACHABLE at once. */
struct dns_then {
	dns_fn fn;
	void *data;
};
struct dns_query *dns_ask(
	struct dns *dns, const struct dns_endpoint *to, const struct dns_question *question, uint32_t timeout_ms, struct dns_then then);

void dns_cancel(struct dns_query *query); /* NULL is accepted; dead after the callback */

#endif
