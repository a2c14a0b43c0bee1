/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/pace.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/banned.h"

#define TOLD_MAX_S 3600u

void pace_release(struct pace *pace)
{
	free(pace->time);
	*pace = (struct pace){ 0 };
}

uint32_t pace_zone(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

static bool counts(const struct provider_pace *rule, const struct pace_time *noted, const struct pace_time *request)
{
	return (!rule->writes || noted->writes) && (!rule->zone || noted->zone == request->zone);
}

/* The time of the `most`th last request that the rule counts; false where there were fewer in its window. */
static uint64_t rule_wait_ms(const struct pace *pace, const struct provider_pace *rule, const struct pace_time *request)
{
	uint64_t window = (uint64_t)rule->within_s * 1000;
	unsigned n = 0;

	if (rule->writes && !request->writes)
		return 0;
	for (size_t i = pace->n; i-- > 0;) {
		const struct pace_time *noted = &pace->time[i];

		if (noted->at_ms + window <= request->at_ms)
			break;
		if (counts(rule, noted, request) && ++n == rule->most)
			return noted->at_ms + window - request->at_ms;
	}
	return 0;
}

unsigned pace_used(const struct pace *pace, const struct provider_pace *rule, uint64_t now_ms)
{
	unsigned n = 0;

	for (size_t i = pace->n; i-- > 0 && pace->time[i].at_ms + (uint64_t)rule->within_s * 1000 > now_ms;)
		n += !rule->writes || pace->time[i].writes;
	return n;
}

uint64_t pace_wait_ms(const struct pace *pace, const struct provider_pace *rules, const struct pace_time *request)
{
	uint64_t longest = 0;

	for (; rules && rules->most; rules++) {
		uint64_t wait = rule_wait_ms(pace, rules, request);

		if (wait > longest)
			longest = wait;
	}
	return longest;
}

void pace_note(struct pace *pace, const struct provider_pace *rules, const struct pace_time *request)
{
	uint64_t window = 0;
	size_t old = 0;

	if (!rules)
		return;
	for (; rules->most; rules++)
		if ((uint64_t)rules->within_s * 1000 > window)
			window = (uint64_t)rules->within_s * 1000;
	while (old < pace->n && pace->time[old].at_ms + window <= request->at_ms)
		old++;
	/* Not each time: moving is what costs. */
	if (old > pace->n / 2) {
		memmove(pace->time, pace->time + old, (pace->n - old) * sizeof *pace->time);
		pace->n -= old;
	}
	pace->time = mem_grow(pace->time, pace->n, &pace->cap, sizeof *pace->time);
	pace->time[pace->n++] = *request;
}

/* A number, or in a structured field (draft-ietf-httpapi-ratelimit-headers) the value of its parameter. */
static bool number_of(const char *text, const char *parameter, int64_t *value)
{
	const char *at = text ? strstr(text, parameter) : NULL;
	size_t digits;

	if (!text)
		return false;
	at = at ? at + strlen(parameter) : text;
	digits = strspn(at, "0123456789");
	if (!digits || digits > 12)
		return false;
	*value = strtoll(at, NULL, 10);
	return true;
}

void pace_tell(struct pace_told *told, const struct provider_quota *quota, const struct http_response *response, int64_t now)
{
	struct pace_told said = { .at = now };

	if (!quota || !number_of(http_response_header(response, quota->left), "r=", &said.left))
		return;
	if (number_of(http_response_header(response, quota->reset), "t=", &said.reset) && !quota->reset_unix)
		said.reset += now;
	*told = said;
}

uint32_t pace_told_s(const struct provider_quota *quota, const struct http_response *response, int64_t now)
{
	int64_t left, reset;

	if (!quota || !number_of(http_response_header(response, quota->left), "r=", &left) || left > 0 ||
		!number_of(http_response_header(response, quota->reset), "t=", &reset))
		return 0;
	if (quota->reset_unix)
		reset -= now;
	return reset <= 0 ? 0 : reset > TOLD_MAX_S ? TOLD_MAX_S : (uint32_t)reset;
}
