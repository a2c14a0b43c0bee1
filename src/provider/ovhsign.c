/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/ovhsign.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/digest.h"
#include "base/banned.h"

void ovhsign(const struct ovhsign *with, const char *base, struct http_request *request)
{
	uint8_t sum[DIGEST_MAX];
	struct str text, time, value;

	str_init(&text, 0);
	str_init(&time, 0);
	str_init(&value, 0);
	str_addf(&time, "%lld", (long long)with->now);
	str_addf(&text, "%s+%s+%s+%s%s+", with->application_secret, with->consumer_key, request->method, base, request->path);
	str_add_bytes(&text, request->body.s, request->body.len);
	str_addf(&text, "+%s", time.s);
	str_add(&value, "$1$");
	digest_hex(&value, (struct bytes){ sum, digest_of(DIGEST_SHA1, (struct bytes){ text.s, text.len }, sum) });
	http_request_header(request, "X-Ovh-Application", with->application_key, false);
	http_request_header(request, "X-Ovh-Consumer", with->consumer_key, true);
	http_request_header(request, "X-Ovh-Timestamp", time.s, false);
	http_request_header(request, "X-Ovh-Signature", value.s, true);
	mem_wipe(text.s, text.len);
	str_release(&value);
	str_release(&time);
	str_release(&text);
}

bool ovhsign_clock(const struct http_response *response, int64_t now, int64_t *ahead_s)
{
	const char *text = response->body.s + strspn(response->body.s, " \t\r\n");
	size_t digits = strspn(text, "0123456789");

	if (response->status != 200 || digits == 0 || digits > 12 || text[digits + strspn(text + digits, " \t\r\n")])
		return false;
	*ahead_s = strtoll(text, NULL, 10) - now;
	return true;
}
