/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Porkbun's API v3 (https://porkbun.com/api/json/v3/documentation): every call is a POST, and the keys travel in its body. Numbers are
 * texts; names are whole on read and relative on write. A refusal has a status of its own in the answer, whatever the HTTP status. A TTL
 * below 600 is raised silently. Who asks too much is told so by 503, 429, or a challenge for browsers, which has the status 202.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);
	const char *status = vendor_text(json, "status"), *message = vendor_text(json, "message");

	if (reply->http->status == 503 || reply->http->status == 429 || reply->http->status == 202) {
		verdict->meaning = MEANING_THROTTLED;
	} else if (!strcmp(status, "ERROR")) {
		verdict->meaning = !strncmp(message, "Invalid domain", 14)    ? MEANING_GONE
				   : !strncmp(message, "Invalid API key", 15) ? MEANING_AUTH
									      : MEANING_REFUSED;
		vendor_sentence(verdict, message);
	} else if (verdict->meaning == MEANING_ACCEPTED && strcmp(status, "SUCCESS") != 0) {
		verdict->meaning = MEANING_FAILED;
	}
	json_decref(json);
}

/* Marks the key as a secret in the spelling that JSON gives it in the body. */
static void hide(struct http_request *http, const char *key)
{
	json_t *value = json_string(key);
	char *text = json_dumps(value, JSON_ENCODE_ANY);

	if (text) {
		text[strlen(text) - 1] = '\0';
		http_request_secret(http, text + 1);
		mem_wipe(text, strlen(text));
	}
	free(text);
	json_decref(value);
}

static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	json_t *body = json_loadb(request->http.body.s, request->http.body.len, 0, NULL);

	(void)now;
	(void)err;
	if (!body)
		body = json_object();
	json_object_set_new(body, "apikey", json_string(provider_setting(run->account, "api_key")));
	json_object_set_new(body, "secretapikey", json_string(run->account->key));
	str_clear(&request->http.body);
	vendor_body(&request->http, body);
	hide(&request->http, run->account->key);
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX], ttl[16], preference[16];

	if (change->verb == VENDOR_REMOVE)
		return json_object();
	snprintf(ttl, sizeof ttl, "%u", (unsigned int)change->ttl_s);
	snprintf(preference, sizeof preference, "%u", (unsigned int)change->mx.preference);
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", vendor_relative(run, "", name), "type", "MX", "content",
		dname_text(&change->mx.host, host), "ttl", ttl, "prio", preference);
}

static const struct shape shape = {
	.verify = { .path = "/ping", .body = "{}", .rows = "" },
	.zone_named = { .path = "/dns/retrieveByNameType/{ask}/NS", .body = "{}", .rows = "records", .none_is_gone = true },
	.named_is_zone = true,
	.rows_have_servers = true,
	.read = { .path = "/dns/retrieveByNameType/{zone}/MX[/{relative}]", .body = "{}", .rows = "records" },
	.row = { .id = "id", .type = "type", .name = "name", .ttl = "ttl", .preference = "prio", .target = "content" },
	.add = { "POST", "/dns/create/{zone}", { 200 }, NULL },
	.change = { "POST", "/dns/edit/{zone}/{id}", { 200 }, NULL },
	.remove = { "POST", "/dns/delete/{zone}/{id}", { 200 }, NULL },
	.body = body_of,
	.remove_has_body = true,
};

static const struct provider_setting settings[] = {
	{ "api_key", NULL, N_("the API key (pk1_...) that the secret key belongs to") },
	{ NULL, NULL, NULL },
};

const struct provider provider_porkbun = {
	.name = "porkbun",
	.title = "Porkbun",
	.endpoint = "https://api.porkbun.com/api/json/v3",
	.caps = CAP_NULL_MX,
	.limits = { .ttl_min_s = 600, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is the secret API key (sk1_...); API access has to be switched on for the domain."),
	.settings = settings,
	.sign = sign,
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 1, .within_s = 1 }, { 0 } },
};
