/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/requests.h"

#include <stdlib.h>

#include "base/mem.h"
#include "io/loop.h"
#include "base/banned.h"

static void row_free(struct request_row *row)
{
	if (!row)
		return;
	free(row->account);
	free(row->method);
	free(row->address);
	free(row);
}

struct requests *requests_new(void)
{
	struct requests *requests = mem_alloc(sizeof(*requests));

	*requests = (struct requests){ 0 };
	return requests;
}

void requests_free(struct requests *requests)
{
	for (size_t i = 0; requests && i < REQUESTS_KEPT; i++)
		row_free(requests->row[i]);
	free(requests);
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

uint64_t requests_add(struct requests *requests, const struct provider_account *account, const struct request *request, const char *base)
{
	struct request_row **place = &requests->row[++requests->last % REQUESTS_KEPT], *row = mem_alloc(sizeof(*row));
	struct str address;

	row_free(*place);
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
