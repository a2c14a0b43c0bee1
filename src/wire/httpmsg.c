/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/httpmsg.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

static void headers_clear(struct http_header *header, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		if (header[i].secret && header[i].value)
			mem_wipe(header[i].value, strlen(header[i].value));
		free(header[i].name);
		free(header[i].value);
		header[i] = (struct http_header){ 0 };
	}
	*n = 0;
}

void http_request_init(struct http_request *request)
{
	*request = (struct http_request){ .method = "GET", .path = mem_text("/") };
	str_init(&request->body, HTTP_BODY_MAX);
}

/* Path and body may hold what is secret. */
static void wipe_parts(struct http_request *request)
{
	if (request->n_secret && request->path)
		mem_wipe(request->path, strlen(request->path));
	if (request->n_secret)
		mem_wipe(request->body.s, request->body.len);
	for (size_t i = 0; i < request->n_secret; i++) {
		mem_wipe(request->secret[i], strlen(request->secret[i]));
		free(request->secret[i]);
	}
	request->n_secret = 0;
}

void http_request_release(struct http_request *request)
{
	wipe_parts(request);
	headers_clear(request->header, &request->n_header);
	free(request->path);
	request->path = NULL;
	str_release(&request->body);
}

void http_request_set(struct http_request *request, const char *method, const char *path_format, ...)
{
	struct str path;
	va_list args;

	wipe_parts(request);
	headers_clear(request->header, &request->n_header);
	str_clear(&request->body);
	str_init(&path, 0);
	va_start(args, path_format);
	str_vaddf(&path, path_format, args);
	va_end(args);
	free(request->path);
	request->path = str_take(&path);
	str_release(&path);
	request->method = method;
}

void http_request_header(struct http_request *request, const char *name, const char *value, bool secret)
{
	struct http_header *header = request->header, *end = header + request->n_header;

	while (header < end && !text_equal_fold(header->name, name))
		header++;
	if (header < end) {
		mem_wipe(header->value, strlen(header->value));
		free(header->value);
		free(header->name);
	} else {
		assert(request->n_header < HTTP_HEADERS);
		request->n_header++;
	}
	*header = (struct http_header){ mem_text(name), mem_text(value), secret };
}

void http_request_secret(struct http_request *request, const char *text)
{
	if (!text || !*text)
		return;
	for (size_t i = 0; i < request->n_secret; i++)
		if (!strcmp(request->secret[i], text))
			return;
	assert(request->n_secret < HTTP_SECRETS);
	request->secret[request->n_secret++] = mem_text(text);
}

bool http_request_has_secret(const struct http_request *request)
{
	for (size_t i = 0; i < request->n_header; i++)
		if (request->header[i].secret)
			return true;
	return request->n_secret > 0;
}

void http_request_mask(const struct http_request *request, const char *text, struct str *out)
{
	http_mask(out, text, strlen(text), (const char *const *)request->secret, request->n_secret);
}

void http_request_show(const struct http_request *request, struct str *out)
{
	str_addf(out, "%s ", request->method);
	http_request_mask(request, request->path, out);
	str_add_char(out, '\n');
	for (size_t i = 0; i < request->n_header; i++)
		str_addf(out, "%s: %s\n", request->header[i].name, request->header[i].secret ? "***" : request->header[i].value);
	if (request->body.len) {
		str_add_char(out, '\n');
		http_mask(out, request->body.s, request->body.len, (const char *const *)request->secret, request->n_secret);
		if (request->body.s[request->body.len - 1] != '\n')
			str_add_char(out, '\n');
	}
}

void http_response_init(struct http_response *response)
{
	*response = (struct http_response){ 0 };
	str_init(&response->body, HTTP_BODY_MAX);
}

void http_response_release(struct http_response *response)
{
	headers_clear(response->header, &response->n_header);
	str_release(&response->body);
}

void http_response_clear(struct http_response *response)
{
	headers_clear(response->header, &response->n_header);
	str_clear(&response->body);
	response->status = 0;
}

const char *http_response_header(const struct http_response *response, const char *name)
{
	for (size_t i = 0; i < response->n_header; i++)
		if (text_equal_fold(response->header[i].name, name))
			return response->header[i].value;
	return NULL;
}

void http_response_add_header(struct http_response *response, const char *name, const char *value)
{
	struct http_header *header;

	if (response->n_header == HTTP_HEADERS)
		return;
	header = &response->header[response->n_header++];
	*header = (struct http_header){ mem_text(name), mem_text(value), false };
	for (char *c = header->name; *c; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
}

/* "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110 section 5.6.7, the preferred form). */
static bool parse_http_date(const char *text, int64_t *at)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4], iso[32];
	unsigned int day, year, hour, minute, second;
	const char *found;

	/* Widths bound each number: NOLINTNEXTLINE(cert-err34-c) */
	if (sscanf(text, "%*3s, %2u %3s %4u %2u:%2u:%2u GMT", &day, month, &year, &hour, &minute, &second) != 6)
		return false;
	found = strlen(month) == 3 ? strstr(months, month) : NULL;
	if (!found || (found - months) % 3)
		return false;
	snprintf(
		iso, sizeof iso, "%04u-%02u-%02uT%02u:%02u:%02uZ", year, (unsigned int)(found - months) / 3 + 1, day, hour, minute, second);
	return text_parse_time(iso, at);
}

bool http_response_date(const struct http_response *response, int64_t *at)
{
	const char *value = http_response_header(response, "date");

	return value && parse_http_date(value, at);
}

uint32_t http_retry_after_s(const struct http_response *response, int64_t now, uint32_t otherwise)
{
	const char *value = http_response_header(response, "retry-after");
	uint64_t seconds = 0;
	size_t digits;
	int64_t at;

	if (!value)
		return otherwise;
	digits = strspn(value, "0123456789");
	if (digits && !value[digits + strspn(value + digits, " \t")]) {
		for (size_t i = 0; i < digits && seconds < UINT32_MAX; i++)
			seconds = seconds * 10 + (uint64_t)(value[i] - '0');
		return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
	}
	if (!parse_http_date(value, &at))
		return otherwise;
	if (at <= now)
		return 0;
	return at - now < UINT32_MAX ? (uint32_t)(at - now) : UINT32_MAX;
}

void http_encode(struct str *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;

		if (plain)
			str_add_char(out, (char)c);
		else
			str_addf(out, "%%%02X", (unsigned int)c);
	}
}
