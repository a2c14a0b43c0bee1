/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replies of a vendor's API as any server may send them, to each vendor and each goal. The first byte chooses both; then
 * each reply is three digits of status and a body that ends in a zero byte. A run must end. */
#include <stdlib.h>
#include <string.h>

#include "provider/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 500

static const char *setting(const struct provider_account *account, const char *name)
{
	const struct provider_setting *row = account->provider->settings;

	for (; row && row->name; row++) {
		if (strcmp(row->name, name) == 0)
			return row->standard ? row->standard : "x";
	}
	return NULL;
}

/* Takes the next reply off *data. */
static void next_reply(const uint8_t **data, size_t *size, struct http_response *http)
{
	const uint8_t *end;
	size_t len;

	http_response_clear(http);
	http->status = 200;
	if (*size >= 3) {
		http->status = ((*data)[0] % 10) * 100 + ((*data)[1] % 10) * 10 + (*data)[2] % 10;
		*data += 3;
		*size -= 3;
	}
	end = *size ? memchr(*data, 0, *size) : NULL;
	len = end ? (size_t)(end - *data) : *size;
	if (len)
		str_add_bytes(&http->body, *data, len);
	*data += len + (end ? 1 : 0);
	*size -= len + (end ? 1 : 0);
}

static void run(struct provider_run *run, const uint8_t *data, size_t size)
{
	struct http_response http;
	struct request request;
	struct reply reply = { .now = 1795428672 };
	struct file_look look = { 0 };
	struct str none = { 0 };
	struct err err = { 0 };
	enum step step;
	int steps = 0;

	http_response_init(&http);
	request_init(&request);
	step = run->account->provider->step(run, NULL, &request, &err);
	while (step == STEP_REQUEST && size > 0 && steps++ < STEPS_MAX) {
		next_reply(&data, &size, &http);
		look.exists = http.status % 2;
		reply.look = request.kind == REQUEST_FILE_LOOK || request.kind == REQUEST_FILE_READ ? &look : NULL;
		reply.http = request.kind == REQUEST_HTTP ? &http : NULL;
		reply.content = request.kind == REQUEST_FILE_READ || request.kind == REQUEST_DNS ? http.body.s : NULL;
		reply.account = request.kind == REQUEST_DNS ? run->account : NULL;
		reply.signature = &none;
		reply.content_len = http.body.len;
		request_release(&request);
		request_init(&request);
		step = run->account->provider->step(run, &reply, &request, &err);
	}
	if (step == STEP_FAILED && err.code == ERR_NONE)
		abort();
	request_release(&request);
	http_response_release(&http);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct provider_account account = { .name = "lab", .endpoint = "http://127.0.0.1", .key = "c2VjcmV0", .setting = setting };
	struct provider_run it;
	struct dname owner = { 0 };
	struct mx mx;
	size_t n = 0;

	while (providers[n])
		n++;
	if (size < 1 || n == 0)
		return 0;
	account.provider = providers[data[0] / 4 % n];
	dname_parse(&owner, "example.com", NULL);
	provider_run_init(&it, &account, (enum provider_goal)(data[0] % 4), &owner);
	if (it.goal == GOAL_READ || it.goal == GOAL_WRITE) {
		it.zone = owner;
		provider_run_set_zone_id(&it, "example.com");
	}
	mx_set(&mx, 10, "mx1.example.com");
	mxset_add(&it.want, &mx);
	it.want.ttl_s = 3600;
	run(&it, data + 1, size - 1);
	provider_run_release(&it);
	return 0;
}
