/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MTA-STS policy over HTTPS (RFC 8461 section 3.3): from the addresses that the survey's own resolver gave, without a redirect, within
 * bounds of time and size, and under a certificate for the policy's host. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/survey_job.h"
#include "base/banned.h"

#define POLICY_MAX 65536 /* bytes */

static bool is_plain_text(const struct http_response *response)
{
	const char *type = http_response_header(response, "content-type");

	return type && !strncasecmp(type, "text/plain", 10) && strchr("; \t", type[10]);
}

static void read_response(struct sts_facts *sts, const struct http_response *response)
{
	const char *to = http_response_header(response, "location");

	sts->status = response->status;
	if (response->status >= 300 && response->status < 400) {
		sts->fetch = STS_FETCH_REDIRECT;
		snprintf(sts->reason, sizeof(sts->reason), "%s", to ? to : "");
	} else if (response->status != 200) {
		sts->fetch = STS_FETCH_STATUS;
	} else {
		sts->fetch = is_plain_text(response) ? STS_FETCH_OK : STS_FETCH_TYPE;
		sts_read_policy((struct text){ response->body.s ? response->body.s : "", response->body.len }, &sts->policy);
	}
}

static void read_failure(struct sts_facts *sts, enum http_end end, const struct err *err)
{
	struct str text;

	sts->fetch = end == HTTP_MISTRUSTED ? STS_FETCH_CERTIFICATE : end == HTTP_TOO_LONG ? STS_FETCH_TOO_LARGE : STS_FETCH_UNREACHABLE;
	str_init(&text, 0);
	msg_format(&err->what, NULL, &text);
	snprintf(sts->reason, sizeof(sts->reason), "%s", text.s);
	str_release(&text);
}

static void fetched(void *data, const struct http_response *response, const struct err *err, bool sent)
{
	struct survey *survey = data;
	enum http_end end = http_end(survey->fetch);

	(void)sent;
	survey->fetch = NULL;
	if (response)
		read_response(&survey->facts->sts, response);
	else
		read_failure(&survey->facts->sts, end, err);
	survey_tell(survey);
}

void survey_fetch_policy(struct survey *survey)
{
	struct app *app = survey->app;
	char name[DNAME_TEXT_MAX], base[DNAME_TEXT_MAX + 32];
	struct http_request request;

	snprintf(base, sizeof(base), "https://mta-sts.%s", dname_text(&survey->facts->domain, name));
	http_request_init(&request);
	http_request_set(&request, "GET", "/.well-known/mta-sts.txt");
	survey->fetch = http_send(app_http(app),
		&(struct http_place){ .base = base,
			.ca_file = config_get(&app->config, "dns", "", "ca_file"),
			.timeout_ms = app->timeout_ms,
			.at = survey->policy_addr,
			.n_at = survey->n_policy_addr,
			.most = POLICY_MAX },
		&request, (struct http_then){ fetched, survey });
	http_request_release(&request);
}
