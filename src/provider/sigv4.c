/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "provider/sigv4.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/digest.h"
#include "provider/url.h"
#include "base/banned.h"

#define DATE_LEN 8

static void hash(struct str *out, struct bytes text)
{
	uint8_t sum[DIGEST_MAX];

	digest_hex(out, (struct bytes){ sum, digest_of(DIGEST_SHA256, text, sum) });
}

/* "2015-08-30T12:36:00Z" without what parts it: 20150830T123600Z */
static void add_time(struct str *out, int64_t now)
{
	struct str text;

	str_init(&text, 0);
	text_time(&text, now);
	for (const char *c = text.s; *c; c++)
		if (!strchr("-:", *c))
			str_add_char(out, *c);
	str_release(&text);
}

/* ---- the canonical request ---- */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted by name, then by value; a name alone gets its "=". '=' sorts behind digits, so names are compared as names: as
 * "name\1value". */
static void add_query(struct str *out, const char *query)
{
	char **parameter = NULL;
	size_t n = 0, cap = 0;

	while (*query) {
		size_t len = strcspn(query, "&"), name = strcspn(query, "=&");
		struct str one;

		str_init(&one, 0);
		str_add_bytes(&one, query, name);
		str_add_char(&one, '\1');
		if (name < len)
			str_add_bytes(&one, query + name + 1, len - name - 1);
		parameter = mem_grow(parameter, n, &cap, sizeof parameter[0]);
		parameter[n++] = str_take(&one);
		query += len + (query[len] == '&');
	}
	if (n)
		qsort(parameter, n, sizeof parameter[0], compare_texts);
	for (size_t i = 0; i < n; i++) {
		*strchr(parameter[i], '\1') = '=';
		str_addf(out, "%s%s", i ? "&" : "", parameter[i]);
		free(parameter[i]);
	}
	free(parameter);
}

/* Each segment as it is sent, encoded once more: every service but S3 wants that. */
static void add_path(struct str *out, const char *path, size_t len)
{
	struct str part;

	str_init(&part, 0);
	for (size_t i = 0; i < len; i++) {
		str_clear(&part);
		str_add_char(&part, path[i]);
		if (path[i] == '/')
			str_add_char(out, '/');
		else
			http_encode(out, part.s);
	}
	if (!len)
		str_add_char(out, '/');
	str_release(&part);
}

/* "name:value\n", sorted by name, and the names with ';' between. The value's blanks at the ends do not count. */
static void add_headers(const struct http_request *request, const char *host, struct str *lines, struct str *names)
{
	char *line[HTTP_HEADERS + 1];
	size_t n = 0;

	for (size_t i = 0; i <= request->n_header; i++) {
		const char *name = i < request->n_header ? request->header[i].name : "host";
		const char *value = i < request->n_header ? request->header[i].value : host;
		size_t len;
		struct str one;

		if (text_equal_fold(name, "authorization"))
			continue;
		value += strspn(value, " ");
		for (len = strlen(value); len && value[len - 1] == ' '; len--)
			;
		str_init(&one, 0);
		str_addf(&one, "%s:", name);
		for (char *c = one.s; *c; c++)
			*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
		str_add_bytes(&one, value, len);
		line[n++] = str_take(&one);
	}
	qsort(line, n, sizeof line[0], compare_texts);
	for (size_t i = 0; i < n; i++) {
		str_addf(lines, "%s\n", line[i]);
		str_add(names, i ? ";" : "");
		str_add_bytes(names, line[i], strcspn(line[i], ":"));
		mem_wipe(line[i], strlen(line[i]));
		free(line[i]);
	}
}

static void add_canonical(const struct http_request *request, const char *base, struct str *out, struct str *names)
{
	struct str url, host, lines;
	const char *path;

	str_init(&url, 0);
	str_init(&host, 0);
	str_init(&lines, 0);
	str_addf(&url, "%s%s", base, request->path);
	url_host(&host, url.s);
	path = url_path(url.s);
	str_addf(out, "%s\n", request->method);
	add_path(out, path, strcspn(path, "?"));
	str_add_char(out, '\n');
	path += strcspn(path, "?");
	add_query(out, *path ? path + 1 : path);
	add_headers(request, host.s, &lines, names);
	str_addf(out, "\n%s\n%s\n", lines.s, names->s);
	hash(out, (struct bytes){ request->body.s, request->body.len });
	mem_wipe(lines.s, lines.len);
	str_release(&lines);
	str_release(&host);
	str_release(&url);
}

/* ---- the signature ---- */

/* HMAC over HMAC: secret, day, region, service, end. */
static void derive(const struct sigv4 *sigv4, struct bytes day, uint8_t key[DIGEST_MAX], size_t *len)
{
	const struct bytes part[] = { day, bytes_of(sigv4->region), bytes_of(sigv4->service), bytes_of("aws4_request") };
	struct str first;
	uint8_t next[DIGEST_MAX];

	str_init(&first, 0);
	str_addf(&first, "AWS4%s", sigv4->secret);
	*len = digest_hmac(DIGEST_SHA256, (struct bytes){ first.s, first.len }, part[0], key);
	for (size_t i = 1; i < sizeof part / sizeof part[0]; i++) {
		*len = digest_hmac(DIGEST_SHA256, (struct bytes){ key, *len }, part[i], next);
		memcpy(key, next, *len);
	}
	mem_wipe(next, sizeof next);
	mem_wipe(first.s, first.len);
	str_release(&first);
}

static void add_signature(
	const struct sigv4 *sigv4, const struct str *time, const struct str *scope, const struct str *canonical, struct str *out)
{
	uint8_t key[DIGEST_MAX], sum[DIGEST_MAX];
	size_t len;
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n", time->s, scope->s);
	hash(&text, (struct bytes){ canonical->s, canonical->len });
	derive(sigv4, (struct bytes){ time->s, DATE_LEN }, key, &len);
	digest_hex(out,
		(struct bytes){ sum, digest_hmac(DIGEST_SHA256, (struct bytes){ key, len }, (struct bytes){ text.s, text.len }, sum) });
	mem_wipe(key, sizeof key);
	str_release(&text);
}

void sigv4_sign(const struct sigv4 *sigv4, const char *base, struct http_request *request)
{
	struct str time, scope, canonical, names, value;

	str_init(&time, 0);
	str_init(&scope, 0);
	str_init(&canonical, 0);
	str_init(&names, 0);
	str_init(&value, 0);
	add_time(&time, sigv4->now);
	http_request_header(request, "X-Amz-Date", time.s, false);
	if (sigv4->session)
		http_request_header(request, "X-Amz-Security-Token", sigv4->session, true);
	str_add_bytes(&scope, time.s, DATE_LEN);
	str_addf(&scope, "/%s/%s/aws4_request", sigv4->region, sigv4->service);
	add_canonical(request, base, &canonical, &names);
	str_addf(&value, "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=", sigv4->key_id, scope.s, names.s);
	add_signature(sigv4, &time, &scope, &canonical, &value);
	http_request_header(request, "Authorization", value.s, true);
	mem_wipe(canonical.s, canonical.len);
	str_release(&value);
	str_release(&names);
	str_release(&canonical);
	str_release(&scope);
	str_release(&time);
}
