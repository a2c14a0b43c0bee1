/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simply.com's API 2 (https://www.simply.com/en/docs/api/): one call a record, with the account and the key as user and password. A
 * domain's records are asked for at once: the answer says that it is one, and holds the set too. Answers have a status of their own,
 * which counts beside HTTP's; a wrong key may come as 400.
 */
#include <string.h>

#include "provider/shape.h"
#include "base/banned.h"

static enum meaning meaning_of(uint32_t status)
{
	if (status == 401 || status == 403)
		return MEANING_AUTH;
	if (status == 404)
		return MEANING_GONE;
	if (status == 429)
		return MEANING_THROTTLED;
	return status >= 400 && status < 500 ? MEANING_REFUSED : MEANING_FAILED;
}

static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);
	uint32_t status;

	if (verdict->meaning == MEANING_ACCEPTED && vendor_u32(json, "status", &status) && status != 200)
		verdict->meaning = meaning_of(status);
	if (verdict->meaning == MEANING_REFUSED && !strcmp(vendor_text(json, "message"), "Invalid account authorization"))
		verdict->meaning = MEANING_AUTH;
	json_decref(json);
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	return json_pack("{s:s, s:s, s:s, s:I, s:I}", "type", "MX", "name", vendor_relative(run, "@", name), "data",
		dname_text(&change->mx.host, host), "priority", (json_int_t)change->mx.preference, "ttl", (json_int_t)change->ttl_s);
}

#define RECORDS "/my/products/{zone}/dns/records/"

static const struct shape shape = {
	.sentence = (const char *const[]){ "error", "message", NULL },
	.verify = { .path = "/my/products/", .rows = "products" },
	.zone_named = { .path = "/my/products/{ask}/dns/records/", .rows = "records", .none_is_gone = true },
	.named_is_zone = true,
	.zone_holds_set = true,
	.read = { .path = RECORDS, .rows = "records" },
	.rows_have_servers = true,
	.row = { .id = "record_id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.target = "data",
		.names = NAME_RELATIVE },
	.add = { "POST", RECORDS, { 200 }, NULL },
	.change = { "PUT", RECORDS "{id}", { 200 }, NULL },
	.remove = { "DELETE", RECORDS "{id}", { 200 }, NULL },
	.body = body_of,
};

static const struct provider_setting settings[] = {
	{ "account", NULL, N_("the account's number (S123456)") },
	{ NULL, NULL, NULL },
};

const struct provider provider_simply = {
	.name = "simply",
	.title = "Simply.com",
	.endpoint = "https://api.simply.com/2",
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is the account's API key."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Basic ", .user = "account" },
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.in_flight = 2,
};
