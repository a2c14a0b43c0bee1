/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * AWS Signature Version 4 (AWS General Reference, "Signing AWS API requests"): puts X-Amz-Date, X-Amz-Security-Token
 * and Authorization into a finished request. What is signed is what is sent: method, path and query, host with its
 * port, every header, body. A request may be signed again, later: the headers are replaced.
 */
#ifndef PROVIDER_SIGV4_H
#define PROVIDER_SIGV4_H

#include "wire/httpmsg.h"

struct sigv4 {
	const char *key_id;
	const char *secret;
	const char *session; /* token of temporary keys, or NULL */
	const char *region, *service;
	int64_t now; /* seconds since 1970: the server allows a quarter of an hour */
};

/* The path's query must be encoded as RFC 3986 wants it; its order does not matter. base: the address that the path is put after. */
void sigv4_sign(const struct sigv4 *sigv4, const char *base, struct http_request *request);

#endif
