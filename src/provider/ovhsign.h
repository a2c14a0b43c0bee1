/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OVHcloud's signature of a request ("First steps with the API"): application secret, consumer key, method, whole
 * address, body and the server's time.
 */
#ifndef PROVIDER_OVHSIGN_H
#define PROVIDER_OVHSIGN_H

#include "wire/httpmsg.h"

struct ovhsign {
	const char *application_key, *application_secret, *consumer_key;
	int64_t now; /* by the server's clock */
};

/* Sets X-Ovh-Application, -Consumer, -Timestamp and -Signature; those of an earlier signature are replaced. base: the address that the
 * path is put after. */
void ovhsign(const struct ovhsign *with, const char *base, struct http_request *request);
/* The answer to GET /auth/time, a bare number: how far the server's clock is ahead of `now`. False when it is no time. */
bool ovhsign_clock(const struct http_response *response, int64_t now, int64_t *ahead_s);

#endif
