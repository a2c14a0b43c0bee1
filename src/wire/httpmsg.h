/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP messages as values: what a provider asks for and what came back. Knows no
 * socket. A value marked secret is masked wherever a message is shown or logged.
 * Each struct owns its texts.
 */
#ifndef WIRE_HTTPMSG_H
#define WIRE_HTTPMSG_H

#include <stdint.h>

#include "base/err.h"

#define HTTP_BODY_MAX ((size_t)64 << 20) /* a longer reply fails the exchange; a zone of half a million records fits */
#define HTTP_HEADERS 12
#define HTTP_SECRETS 4

struct http_header {
	char *name, *value;
	bool secret;
};

struct http_request {
	const char *method; /* string constant: "GET", "PATCH" ... */
	char *path;         /* begins with '/', after the account's endpoint; query included, encoded */
	size_t n_header;
	struct http_header header[HTTP_HEADERS];
	struct str body;         /* empty: none */
	const char *const *keep; /* response headers that are read beside the usual ones, lower case; ends with NULL; or NULL. Borrowed */
	size_t n_secret;
	char *secret[HTTP_SECRETS]; /* parts of path or body that are secret, as they stand there */
};

struct http_response {
	int status; /* 0: no response */
	size_t n_header;
	struct http_header header[HTTP_HEADERS]; /* those of interest: content-type, retry-after, location, ratelimit..., lower case */
	struct str body;
};

void http_request_init(struct http_request *request);
void http_request_release(struct http_request *request);
void http_request_set(struct http_request *request, const char *method, const char *path_format, ...)
	__attribute__((format(printf, 3, 4))); /* clears headers and body */
/* In place of a header of the same name, if there is one. */
void http_request_header(struct http_request *request, const char *name, const char *value, bool secret);
/* This text, wherever it stands in path or body, is secret. */
void http_request_secret(struct http_request *request, const char *text);
bool http_request_has_secret(const struct http_request *request);
/* "PATCH /zones/x HTTP" lines with secrets as "***": for review, request log, journal. */
void http_request_show(const struct http_request *request, struct str *out);
/* Appends text with "***" for each secret in it: whole, or its first HTTP_QUOTED bytes or more, also where JSON, a URL or markup spell it
 * in their own way. */
#define HTTP_QUOTED 8
void http_mask(struct str *out, const char *text, size_t len, const char *const *secret, size_t n);
/* The same with the request's own. */
void http_request_mask(const struct http_request *request, const char *text, struct str *out);

void http_response_init(struct http_response *response);
void http_response_release(struct http_response *response);
void http_response_clear(struct http_response *response);
const char *http_response_header(const struct http_response *response, const char *name); /* borrowed or NULL */
void http_response_add_header(struct http_response *response, const char *name, const char *value);
/* The header Date; false where there is none that can be read. */
bool http_response_date(const struct http_response *response, int64_t *at);
/* Seconds of Retry-After (delta form; a date needs `now`), or `otherwise`. More than UINT32_MAX are as good as these. */
uint32_t http_retry_after_s(const struct http_response *response, int64_t now, uint32_t otherwise);

/* Appends text percent-encoded for one path segment or query value (RFC 3986 unreserved stay). */
void http_encode(struct str *out, const char *text);

#endif
