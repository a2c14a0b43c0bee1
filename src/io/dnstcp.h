/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One DNS message to a server by TCP, and the answer: bytes both ways (RFC 1035 section 4.2.2). Reads nothing of them. One message at
 * a time has a connection; where the whole answer came, the next message may have it for a while (RFC 7766 section 6.2.1).
 * The callback comes exactly once, from the loop, never from within dnstcp_send(), and not after a cancel.
 */
#ifndef IO_DNSTCP_H
#define IO_DNSTCP_H

#include "io/dns.h"

#define DNSTCP_IDLE_MS 1000 /* a connection is kept for so long */

struct dnstcp_pool; /* the kept connections; it outlives the messages */
struct dnstcp_pool *dnstcp_pool_new(struct loop *loop, uint32_t idle_ms);
void dnstcp_pool_free(struct dnstcp_pool *pool); /* NULL is accepted */

struct dnstcp;

/* answer and err are borrowed for the call; err is non-NULL where there is no whole answer (ERR_NETWORK; ERR_USAGE for an endpoint that
 * is no address): the message may or may not have taken effect, unless sent is false (nothing of it left this machine). */
typedef void (*dnstcp_fn)(void *data, const struct str *answer, const struct err *err, bool sent);
struct dnstcp_then {
	dnstcp_fn fn;
	void *data;
};
struct dnstcp_message {
	const char *endpoint;    /* as dns_endpoint_parse() takes it */
	const struct str *bytes; /* copied */
	uint32_t timeout_ms;     /* for the whole of it; 0: DNS_TIMEOUT_MS */
	bool changes;            /* it is sent once, on a new connection: a server may close a kept one as it comes */
};
struct dnstcp *dnstcp_send(struct dnstcp_pool *pool, const struct dnstcp_message *message, struct dnstcp_then then);
void dnstcp_cancel(struct dnstcp *dnstcp); /* NULL is accepted; dead after the callback */

#endif
