/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OAuth 2 logins that need nobody at a browser: Google's service account (RFC 7523, a JWT signed by RS256) and client
 * credentials (RFC 6749 section 4.4, Azure's v2.0). Writes the request for a token and reads its answer; keeps nothing.
 */
#ifndef PROVIDER_OAUTH_H
#define PROVIDER_OAUTH_H

#include "base/err.h"
#include "wire/httpmsg.h"

/* The JSON file of a service account, whole. Copies what it needs; the private key stays in it until oauth_service_release(). */
struct oauth_service {
	char *email, *project, *token_url, *private_key;
};
/* ERR_USAGE names the member that is missing, or a token_uri that a secret may not be sent to; the key is never shown. */
bool oauth_service_read(struct oauth_service *service, const char *json, struct err *err);
void oauth_service_release(struct oauth_service *service); /* wipes */

/* The assertion: three parts, base64url without padding, valid for an hour from now. ERR_USAGE where private_key is no key. */
bool oauth_assertion(const struct oauth_service *service, const char *scope, int64_t now, struct str *out, struct err *err);

/* Bodies of application/x-www-form-urlencoded; `out` is to be wiped. */
void oauth_body_assertion(struct str *out, const char *assertion);
struct oauth_client {
	const char *id, *secret, *scope;
};
void oauth_body_client(struct str *out, const struct oauth_client *client);

struct oauth_token {
	char *token;   /* owned; wiped by oauth_token_release() */
	int64_t until; /* by the clock that `now` came from */
};
void oauth_token_release(struct oauth_token *token);

enum oauth_answer {
	OAUTH_GOOD,
	OAUTH_REFUSED, /* the credentials, or our clock: invalid_grant, invalid_client, unauthorized_client ... */
	OAUTH_FAILED,  /* something else with an HTTP status: busy, throttled */
	OAUTH_ODD      /* not what RFC 6749 section 5 says */
};
/* expires_in may be a number or a text; where it is missing, an hour is taken (RFC 6749 section 5.1 leaves it out only where it is
 * documented elsewhere). detail is what the server says of a refusal, cut to fit, outside text; "" where it says nothing. */
enum oauth_answer oauth_read(const struct http_response *response, int64_t now, struct oauth_token *token, char detail[256]);

#endif
