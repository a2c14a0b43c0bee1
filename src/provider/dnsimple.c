/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNSimple's API v2 (https://developer.dnsimple.com/v2/): one call a record. Paths begin with the account, which is asked for once where
 * the section does not name it. Records of the vendor's own, and those that only some regions answer, are left alone.
 */
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

static enum step login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err)
{
	const char *account = provider_setting(run->account, "account_id");
	char scratch[24];
	json_t *json;

	if (*account) {
		got->who = mem_text(account);
		return STEP_DONE;
	}
	if (!reply) {
		shape_request(run, request, "GET", "/whoami");
		msg_set(&request->title, N_("ask which account the key is of"));
		return STEP_REQUEST;
	}
	json = vendor_json(run, reply, err);
	if (!json)
		return STEP_FAILED;
	account = shape_text(json, "data/account/id", scratch);
	if (*account)
		got->who = mem_text(account);
	json_decref(json);
	if (got->who)
		return STEP_DONE;
	err_set(err, ERR_USAGE, N_("the token of account %s is a user's, who may have several accounts at DNSimple"), run->account->name);
	err_hint(err, N_("Set %s in the account's section to the one that is meant."), "account_id");
	return STEP_FAILED;
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = json_is_true(json_object_get(row, "secondary"));
	return true;
}

static bool is_global(const json_t *regions)
{
	const char *first = json_string_value(json_array_get(regions, 0));

	return !json_is_array(regions) || (json_array_size(regions) == 1 && first && !strcmp(first, "global"));
}

static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	(void)run;
	(void)value;
	(void)err;
	record->locked = json_is_true(json_object_get(row, "system_record")) || !is_global(json_object_get(row, "regions"));
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_t *body = json_pack("{s:s, s:s, s:I, s:I}", "name", vendor_relative(run, "", name), "content",
		dname_text(&change->mx.host, host), "ttl", (json_int_t)change->ttl_s, "priority", (json_int_t)change->mx.preference);

	if (change->verb == VENDOR_ADD)
		json_object_set_new(body, "type", json_string("MX"));
	return body;
}

#define RECORDS "/{who}/zones/{zone}/records"
#define PAGED .rows = "data", .paging = PAGE_LAST, .more = "pagination/total_pages"

static const struct shape shape = {
	.sentence = (const char *const[]){ "errors/content/0", "errors/ttl/0", "errors/priority/0", "errors/name/0", "errors/base/0",
		"message", NULL },
	.verify = { .path = "/whoami", .rows = "data" },
	.verified_who = "data/account/email",
	.zone_named = { .path = "/{who}/zones/{ask}", .rows = "data", .none_is_gone = true },
	.zone_list = { .path = "/{who}/zones?per_page=100&page={page}", PAGED },
	.zone_name = "name",
	.zone = zone_of,
	.servers = { .path = RECORDS "?name=&type=NS&per_page=100&page={page}", PAGED },
	.server = "content",
	.read = { .path = RECORDS "?name={relative}&type=MX&per_page=100&page={page}", PAGED },
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.target = "content",
		.names = NAME_RELATIVE },
	.record = record_of,
	.add = { "POST", RECORDS, { 201 }, "data" },
	.change = { "PATCH", RECORDS "/{id}", { 200 }, "data" },
	.remove = { "DELETE", RECORDS "/{id}", { 204 }, NULL },
	.body = body_of,
};

static const struct provider_setting settings[] = {
	{ "account_id", "", N_("the account at DNSimple; asked for where the token is an account's") },
	{ NULL, NULL, NULL },
};

const struct provider provider_dnsimple = {
	.name = "dnsimple",
	.title = "DNSimple",
	.endpoint = "https://api.dnsimple.com/v2",
	.caps = CAP_NULL_MX,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an account access token that may change the zone."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.login = login,
	.step = engine_records,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 2400, .within_s = 3600 }, { 0 } },
	.quota = &(const struct provider_quota){ "x-ratelimit-remaining", "x-ratelimit-reset", true },
	.in_flight = 4,
};
