/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cloudflare's API v4, zones and DNS records (https://developers.cloudflare.com/api/). A change is one batch: one
 * transaction in the database, but spread to the edge record by record. So old records are turned into new ones
 * in place, and only what is left over is added or else deleted, never both. An answer may be a refusal whatever its
 * HTTP status: `success` says so. A TTL of 1 is "automatic", published as 300 seconds.
 */
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

#define TTL_AUTOMATIC 1u
#define TTL_AUTOMATIC_S 300u

/* The innermost link of the chain says what is wrong; the outer ones say "validation error". */
static const char *innermost(const json_t *error)
{
	const json_t *inner;

	for (int depth = 0; depth < 8 && (inner = shape_at(error, "error_chain/0")); depth++)
		error = inner;
	return json_string_value(json_object_get(error, "message"));
}

/* Credentials that are wrong come as 400, 401 or 403, or with 200. */
static enum meaning meaning_of(const json_t *error, enum meaning meaning)
{
	static const uint32_t credentials[] = { 1000, 6003, 6103, 6111, 9106, 9107, 9109, 10000 };
	uint32_t code = 0;

	vendor_u32(error, "code", &code);
	for (size_t i = 0; i < sizeof credentials / sizeof *credentials; i++)
		if (code == credentials[i])
			return MEANING_AUTH;
	if (code == 971)
		return MEANING_THROTTLED;
	return meaning == MEANING_ACCEPTED ? MEANING_REFUSED : meaning;
}

static void judge(const struct reply *reply, struct verdict *answer)
{
	json_t *json = vendor_tree(reply);
	const json_t *error = shape_at(json, "errors/0"), *success = json_object_get(json, "success");

	if (answer->meaning != MEANING_ACCEPTED || json_is_false(success)) {
		answer->meaning = meaning_of(error, answer->meaning);
		vendor_sentence(answer, innermost(error));
	} else if (!json_is_true(success)) {
		answer->meaning = MEANING_FAILED;
	}
	json_decref(json);
}

static bool verified(struct provider_run *run, const json_t *json, struct err *err)
{
	return !strcmp(vendor_text(json_object_get(json, "result"), "status"), "active") ||
	       err_set(err, ERR_AUTH, N_("the token of account %s is not active"), run->account->name);
}

static bool is_id(const char *id)
{
	return strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32;
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const char *type = vendor_text(row, "type");

	(void)run;
	if (!is_id(entry->id) || !strcmp(type, "internal"))
		return false;
	entry->copy = !strcmp(type, "secondary");
	entry->group = mem_text(vendor_text(json_object_get(row, "account"), "id"));
	entry->note = mem_text(vendor_text(row, "status"));
	return true;
}

static bool record(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	const char *modified = vendor_text(row, "modified_on");
	const json_t *meta = json_object_get(row, "meta");

	(void)value;
	(void)err;
	record->locked = json_is_true(json_object_get(meta, "read_only")) || json_is_true(json_object_get(meta, "email_routing"));
	if (strlen(modified) < sizeof run->have.mark && strcmp(modified, run->have.mark) > 0)
		memcpy(run->have.mark, modified, strlen(modified) + 1);
	return true;
}

static json_t *fields_of(const struct provider_run *run, const struct vendor_change *change)
{
	char text[DNAME_TEXT_MAX];
	json_t *fields = json_object();

	if (change->verb != VENDOR_ADD)
		json_object_set_new(fields, "id", json_string(change->id));
	if (change->verb == VENDOR_REMOVE)
		return fields;
	if (change->verb == VENDOR_ADD) {
		json_object_set_new(fields, "type", json_string("MX"));
		json_object_set_new(fields, "name", json_string(dname_text(&run->owner, text)));
	}
	json_object_set_new(fields, "content", json_string(dname_text(&change->mx.host, text)));
	json_object_set_new(fields, "priority", json_integer(change->mx.preference));
	json_object_set_new(fields, "ttl", json_integer(change->automatic ? TTL_AUTOMATIC : change->ttl_s));
	return fields;
}

/* A patch keeps the record's comment and tags, a put would drop them. */
static json_t *batch(const struct provider_run *run, const struct vendor_change *change, size_t n)
{
	static const char *const members[] = { [VENDOR_ADD] = "posts", [VENDOR_CHANGE] = "patches", [VENDOR_REMOVE] = "deletes" };
	json_t *body = json_object();

	for (size_t i = 0; i < n; i++) {
		const char *member = members[change[i].verb];

		if (!json_object_get(body, member))
			json_object_set_new(body, member, json_array());
		json_array_append_new(json_object_get(body, member), fields_of(run, &change[i]));
	}
	return body;
}

#define PAGED .rows = "result", .paging = PAGE_LAST, .more = "result_info/total_pages"

static const struct shape shape = {
	/* A token is a user's, or an account's own. */
	.verify = { .path = "/user/tokens/verify", .rows = "result" },
	.verify_else = { .path = "/accounts/{account_id}/tokens/verify", .rows = "result" },
	.verify_else_with = "account_id",
	.verified_until = "result/expires_on",
	.verified = verified,
	.zone_named = { .path = "/zones?name={ask}&per_page=50&page={page}[&account.id={account_id}]", PAGED },
	.zone_list = { .path = "/zones?per_page=50&page={page}[&account.id={account_id}]", PAGED },
	.zone_name = "name",
	.zone_id = "id",
	.zone_servers = "name_servers",
	.zone_setting = "account_id",
	.zone = zone_of,
	.read = { .path = "/zones/{zone}/dns_records?type=MX&name={owner}&per_page=100&page={page}", PAGED },
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.preference_else = "data/priority",
		.target = "content" },
	.record = record,
	.has_automatic = true,
	.ttl_automatic = TTL_AUTOMATIC,
	.ttl_automatic_s = TTL_AUTOMATIC_S,
	.batch = { "POST", "/zones/{zone}/dns_records/batch", { 200 }, NULL },
	.batch_body = batch,
};

static const struct provider_setting settings[] = {
	{ "account_id", "", N_("only zones of this Cloudflare account; needed where one name is a zone in two") },
	{ NULL, NULL, NULL },
};

const struct provider provider_cloudflare = {
	.name = "cloudflare",
	.title = "Cloudflare",
	.endpoint = "https://api.cloudflare.com/client/v4",
	.caps = CAP_BATCH | CAP_NULL_MX,
	.limits = { .ttl_min_s = 30, .ttl_max_s = 86400 }, /* 60 but for the Enterprise plan: the vendor decides between */
	.settle_s = 5,
	.key_help = N_("The key is an API token with the permissions Zone: Read and DNS: Edit."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 1200, .within_s = 300 }, { 0 } },
	.in_flight = 8,
};
