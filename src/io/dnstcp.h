/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One DNS message to a server by TCP, and the answer: bytes both ways, on a connection of its own (RFC 1035 section 4.2.2).
 * Reads nothing of them. The callback comes exactly once, from the loop, never from within dnstcp_send(), and not after a
 * cancel.
 */
#ifndef IO_DNSTCP_H
#define IO_DNSTCP_H

#include "io/dns.h"

struct dnstcp;

/* answer and err are borrowed for the call; err is non-NULL where there is no whole answer (ERR_NETWORK; ERR_USAGE for an endpoint that
 * is no address): the message may or may not have taken effect, unless sent is false (nothing of it left this machine). */
typedef void (*dnstcp_fn)(void *data, const struct str *answer, const struct err *err, bool sent);
struct dnstcp_then {
	dnstcp_fn fn;
	void *data;
};
/* endpoint as dns_endpoint_parse() takes it. message is copied. timeout_ms for the whole of it; 0: DNS_TIMEOUT_MS. */
struct dnstcp *dnstcp_send(
	struct loop *loop, const char *endpoint, const struct str *message, uint32_t timeout_ms, struct dnstcp_then then);
void dnstcp_cancel(struct dnstcp *dnstcp); /* NULL is accepted; dead after the callback */

#endif
