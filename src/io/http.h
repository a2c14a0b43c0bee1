/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP exchanges by libcurl on the loop. HTTPS certificates are always checked; no redirect is followed; only http and
 * https. A plain http endpoint that is not loopback is refused when the request carries a secret. The library is opened
 * by http_new(); where that fails, each exchange says so. The callback comes exactly once and never from within http_send().
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "core/addr.h"
#include "io/loop.h"
#include "wire/httpmsg.h"

#define HTTP_TIMEOUT_MS 30000

struct http;
struct http_exchange;

struct http *http_new(struct loop *loop);
void http_free(struct http *http); /* cancels everything */

/* response and err are borrowed for the call; err is non-NULL when there is no complete response (ERR_NETWORK): the request may
 * or may not have taken effect, unless sent is false (nothing of it left this machine). */
typedef void (*http_fn)(void *data, const struct http_response *response, const struct err *err, bool sent);
struct http_then {
	http_fn fn;
	void *data;
};
struct http_place {
	const char *base;      /* address that the request's path is put to; or unix:/PATH, a socket of this machine */
	const char *ca_file;   /* who may vouch for the server instead of the system's authorities; or NULL */
	uint32_t timeout_ms;   /* 0: HTTP_TIMEOUT_MS */
	const struct addr *at; /* connected to, one after the other, whatever a resolver says of base's host, at port 443; or NULL */
	size_t n_at;
	size_t most; /* bytes of a body; 0: HTTP_BODY_MAX */
};
/* place and request are copied. */
struct http_exchange *http_send(
	struct http *http, const struct http_place *place, const struct http_request *request, struct http_then then);
void http_cancel(struct http_exchange *exchange);

enum http_end { HTTP_ENDED, HTTP_MISTRUSTED, HTTP_TOO_LONG }; /* mistrusted: the certificate is not the host's, or not a good one */
enum http_end http_end(const struct http_exchange *exchange); /* within the callback: why there is no response */

#endif
