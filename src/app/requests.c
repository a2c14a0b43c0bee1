/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/requests.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "io/loop.h"
#include "base/banned.h"

void request_row_free(struct request_row *row)
{
	if (!row)
		return;
	free(row->account);
	free(row->method);
	free(row->address);
	free(row->curl);
	free(row->push);
	free(row->words);
	free(row->failed);
	free(row);
}

struct requests *requests_new(void)
{
	struct requests *requests = mem_alloc(sizeof(*requests));

	*requests = (struct requests){ .since = loop_now() };
	return requests;
}

void requests_free(struct requests *requests)
{
	for (size_t i = 0; requests && i < REQUESTS_KEPT; i++)
		request_row_free(requests->row[i]);
	for (size_t i = 0; requests && i < requests->n_push; i++)
		free(requests->push[i]);
	if (requests)
		free(requests->push);
	free(requests);
}

void requests_note_push(struct requests *requests, const char *push)
{
	requests->push = mem_grow(requests->push, requests->n_push, &requests->cap_push, sizeof(*requests->push));
	requests->push[requests->n_push++] = mem_text(push);
}

static const char *method_of(const struct request *request)
{
	switch (request->kind) {
	case REQUEST_HTTP:
		return request->http.method;
	case REQUEST_DNS:
		return "DNS";
	case REQUEST_FILE_WRITE:
		return "WRITE";
	case REQUEST_RUN:
		return "RUN";
	default:
		return "READ";
	}
}

static void add_address(const struct request *request, const char *base, struct str *out)
{
	if (request->kind == REQUEST_HTTP || request->kind == REQUEST_DNS)
		str_add(out, base);
	if (request->kind == REQUEST_HTTP)
		http_request_mask(&request->http, request->http.path, out);
	else if (request->kind == REQUEST_RUN)
		str_add(out, request->command);
	else if (request->kind != REQUEST_DNS)
		str_add(out, request->path);
}

/* ---- as a command line ---- */

/* One word of the shell. */
static void add_quoted(const char *text, struct str *out)
{
	str_add(out, "'");
	for (; *text; text++)
		if (*text == '\'')
			str_add(out, "'\\''");
		else
			str_add_bytes(out, text, 1);
	str_add(out, "'");
}

static void add_masked(const struct http_request *http, const char *text, struct str *out)
{
	struct str masked;

	str_init(&masked, 0);
	http_request_mask(http, text, &masked);
	add_quoted(masked.s, out);
	str_release(&masked);
}

static void add_url(const struct http_request *http, const char *base, struct str *out)
{
	static const char local[] = "unix:";
	struct str url;

	str_init(&url, 0);
	if (strncmp(base, local, strlen(local)) == 0) {
		str_add(out, " --unix-socket ");
		add_quoted(base + strlen(local), out);
		str_add(&url, "http://localhost");
	} else {
		str_add(&url, base);
	}
	str_add(&url, http->path);
	str_add(out, " ");
	add_masked(http, url.s, out);
	str_release(&url);
}

/* The key is read from a file that whoever runs it names: it never stands in the line. A token is made of it for a while: it is left out.
 */
static void add_credentials(const struct provider_account *account, struct str *out)
{
	const struct provider *provider = account->provider;
	bool token = account->login && account->login->token;
	struct str head;

	if (!provider->auth.header)
		return;
	str_init(&head, 0);
	str_addf(&head, "%s: %s%s", provider->auth.header, provider->auth.prefix ? provider->auth.prefix : "", token ? "***" : "");
	str_add(out, " -H ");
	add_quoted(head.s, out);
	str_add(out, token ? "" : "\"$(cat KEY_FILE)\"");
	str_release(&head);
}

/* NULL: it is not HTTP, or its credentials are more than a header with the key: made of two parts, or signed afresh at each sending. */
static char *curl_of(const struct provider_account *account, const struct request *request, const char *base)
{
	const struct provider *provider = account->provider;
	const struct http_request *http = &request->http;
	struct str out;

	if (request->kind != REQUEST_HTTP || !provider || ((provider->sign || provider->auth.user) && !request->open))
		return NULL;
	str_init(&out, 0);
	str_addf(&out, "curl -X %s", http->method);
	for (size_t i = 0; i < http->n_header; i++) {
		struct str head;

		if (http->header[i].secret || (provider->auth.header && strcasecmp(http->header[i].name, provider->auth.header) == 0))
			continue;
		str_init(&head, 0);
		str_addf(&head, "%s: %s", http->header[i].name, http->header[i].value);
		str_add(&out, " -H ");
		add_masked(http, head.s, &out);
		str_release(&head);
	}
	if (!request->open)
		add_credentials(account, &out);
	if (http->body.len) {
		str_add(&out, " --data-binary ");
		add_masked(http, http->body.s, &out);
	}
	add_url(http, base, &out);
	return str_take(&out);
}

uint64_t requests_add(struct requests *requests, const struct provider_account *account, const struct request *request, const char *base)
{
	struct request_row **place = &requests->row[++requests->last % REQUESTS_KEPT], *row = mem_alloc(sizeof(*row));
	struct str address;

	request_row_free(*place);
	*place = row;
	str_init(&address, 0);
	add_address(request, base, &address);
	*row = (struct request_row){
		.number = requests->last,
		.at = loop_now(),
		.at_ms = loop_ms(),
		.account = mem_text(account->name),
		.method = mem_text(method_of(request)),
		.address = str_take(&address),
		.kind = request->kind,
		.writes = request->writes,
		.title = request->title,
		.curl = curl_of(account, request, base),
	};
	if (requests->n < REQUESTS_KEPT)
		requests->n++;
	return requests->last;
}

static struct request_row *open_row(struct requests *requests, uint64_t number)
{
	struct request_row *row = requests->row[number % REQUESTS_KEPT];

	return row && row->number == number && !row->ended ? row : NULL;
}

void requests_end(struct requests *requests, uint64_t number, int status, const struct err *err)
{
	struct request_row *row = open_row(requests, number);

	if (!row)
		return;
	row->ended = true;
	row->took_ms = loop_ms() - row->at_ms;
	row->status = status;
	if (err)
		row->why = err->what;
}

void requests_give_up(struct requests *requests, uint64_t number)
{
	struct request_row *row = open_row(requests, number);

	if (row)
		row->ended = row->given_up = true;
}

const struct request_row *requests_at(const struct requests *requests, size_t i)
{
	return i < requests->n ? requests->row[(requests->last - i) % REQUESTS_KEPT] : NULL;
}
