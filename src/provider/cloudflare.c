/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cloudflare's API v4, zones and DNS records (https://developers.cloudflare.com/api/). A change is one batch: one
 * transaction in the database, but spread to the edge record by record. So old records are turned into new ones
 * in place, and only what is left over is added or else deleted, never both. An answer may be a refusal whatever its
 * HTTP status: `success` says so. A TTL of 1 is "automatic", published as 300 seconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/vendor.h"
#include "base/banned.h"

#define PAGES_MAX 500u
#define TTL_AUTOMATIC 1u
#define TTL_AUTOMATIC_S 300u

enum zones_stage { ZONES_NONE, ZONES_ONE, ZONES_TWO, ZONES_COPY }; /* of the longest suffix so far */

static const json_t *first_error(const json_t *json)
{
	return json_array_get(json_object_get(json, "errors"), 0);
}

/* The innermost link of the chain says what is wrong; the outer ones say "validation error". */
static const char *detail(const json_t *json)
{
	const json_t *error = first_error(json), *inner;

	for (int depth = 0; depth < 8 && (inner = json_array_get(json_object_get(error, "error_chain"), 0)); depth++)
		error = inner;
	return json_string_value(json_object_get(error, "message"));
}

/* Credentials that are wrong come as 400, 401 or 403, or with 200. */
static int status_of(const json_t *json, int status)
{
	static const int credentials[] = { 1000, 6003, 6103, 6111, 9106, 9107, 9109, 10000 };
	uint32_t code = 0;

	vendor_u32(first_error(json), "code", &code);
	for (size_t i = 0; i < sizeof credentials / sizeof *credentials; i++)
		if (code == (uint32_t)credentials[i])
			return 403;
	if (code == 971)
		return 429;
	return status < 400 ? 400 : status;
}

/* The reply's whole envelope, new reference; NULL with err when it is a refusal. */
static json_t *open_envelope(const struct provider_run *run, const struct reply *reply, struct err *err)
{
	json_t *json = json_loadb(reply->http->body.s, reply->http->body.len, 0, NULL);
	struct http_response seen = { .status = reply->http->status };

	if (json_is_true(json_object_get(json, "success")) && seen.status >= 200 && seen.status < 300)
		return json;
	if (seen.status >= 400 || json_is_false(json_object_get(json, "success"))) {
		seen.status = status_of(json, seen.status);
		provider_fail(run->account, &seen, detail(json), err);
	} else {
		vendor_odd(run, err);
	}
	json_decref(json);
	return NULL;
}

static void begin(struct provider_run *run, struct request *request, const char *method, const char *path)
{
	request->kind = REQUEST_HTTP;
	http_request_set(&request->http, method, "%s", path);
	vendor_bearer(&request->http, run->account);
}

static const char *account_id(const struct provider_run *run)
{
	const char *id = run->account->setting(run->account, "account_id");

	return id ? id : "";
}

/* A token is a user's, or an account's own. */
static enum step verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	struct str path;
	json_t *json;
	bool active;

	str_init(&path, 0);
	str_add(&path, "/user/tokens/verify");
	if (reply && run->stage == 0 && reply->http->status >= 400 && reply->http->status < 500 && *account_id(run)) {
		str_clear(&path);
		str_add(&path, "/accounts/");
		http_encode(&path, account_id(run));
		str_add(&path, "/tokens/verify");
		run->stage = 1;
		reply = NULL;
	}
	if (!reply) {
		begin(run, request, "GET", path.s);
		str_release(&path);
		msg_set(&request->title, N_("ask whether the key is good"));
		return STEP_REQUEST;
	}
	str_release(&path);
	json = open_envelope(run, reply, err);
	if (!json)
		return STEP_FAILED;
	active = !strcmp(vendor_text(json_object_get(json, "result"), "status"), "active");
	json_decref(json);
	if (!active)
		err_set(err, ERR_AUTH, N_("the token of account %s is not active"), run->account->name);
	return active ? STEP_DONE : STEP_FAILED;
}

static bool more_pages(const struct provider_run *run, const json_t *json)
{
	uint32_t total = 0;

	return vendor_u32(json_object_get(json, "result_info"), "total_pages", &total) && run->page < total && run->page < PAGES_MAX;
}

static enum step ask_zones(struct provider_run *run, struct request *request)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "/zones?per_page=50&page=%u", ++run->page);
	if (*account_id(run)) {
		str_add(&path, "&account.id=");
		http_encode(&path, account_id(run));
	}
	begin(run, request, "GET", path.s);
	str_release(&path);
	msg_set(&request->title, N_("list the zones"));
	return STEP_REQUEST;
}

static bool is_id(const char *id)
{
	return strlen(id) == 32 && strspn(id, "0123456789abcdef") == 32;
}

static void take_zone(struct provider_run *run, const json_t *zone)
{
	const char *id = vendor_text(zone, "id"), *type = vendor_text(zone, "type");
	const json_t *servers = json_object_get(zone, "name_servers"), *server;
	const char *account = vendor_text(json_object_get(zone, "account"), "id");
	struct dname name;
	size_t i;

	if (!is_id(id) || !strcmp(type, "internal") || (*account_id(run) && strcmp(account, account_id(run)) != 0))
		return;
	if (run->zone.len && dname_parse(&name, vendor_text(zone, "name"), NULL) && dname_equal(&name, &run->zone) &&
		strcmp(id, run->zone_id) != 0)
		run->stage = ZONES_TWO;
	if (!vendor_offer_zone(run, vendor_text(zone, "name"), id))
		return;
	run->stage = strcmp(type, "secondary") == 0 ? ZONES_COPY : ZONES_ONE;
	run->n_ns = 0;
	json_array_foreach(servers, i, server) if (json_is_string(server)) vendor_add_ns(run, json_string_value(server), &run->zone);
}

static enum step zones_done(struct provider_run *run, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	enum step step = vendor_zones_done(run, err);

	if (step == STEP_DONE && run->stage == ZONES_TWO) {
		err_set(err, ERR_REFUSED, N_("account %s sees two zones %s: which one is meant?"), run->account->name,
			dname_text(&run->zone, text));
		err_hint(err, N_("set account_id in the account's section"));
		return STEP_FAILED;
	}
	if (step == STEP_DONE && run->stage == ZONES_COPY) {
		err_set(err, ERR_REFUSED, N_("%s is a secondary zone in account %s: a change would be lost at the next transfer"),
			dname_text(&run->zone, text), run->account->name);
		return STEP_FAILED;
	}
	return step;
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *json, *result, *zone;
	bool more, ok;
	size_t i;

	if (!reply)
		return ask_zones(run, request);
	json = open_envelope(run, reply, err);
	if (!json)
		return STEP_FAILED;
	result = json_object_get(json, "result");
	ok = json_is_array(result);
	json_array_foreach(result, i, zone) take_zone(run, zone);
	more = more_pages(run, json);
	json_decref(json);
	if (!ok)
		return vendor_odd(run, err);
	return more ? ask_zones(run, request) : zones_done(run, err);
}

static enum step ask_records(struct provider_run *run, struct request *request)
{
	char text[DNAME_TEXT_MAX];
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "/zones/%s/dns_records?type=MX&name=", run->zone_id);
	http_encode(&path, dname_text(&run->owner, text));
	str_addf(&path, "&per_page=100&page=%u", ++run->page);
	begin(run, request, "GET", path.s);
	str_release(&path);
	msg_set(&request->title, N_("read the MX records of %s"), text);
	return STEP_REQUEST;
}

static bool take_record(struct provider_run *run, const json_t *json, struct err *err)
{
	const json_t *meta = json_object_get(json, "meta");
	const char *id = vendor_text(json, "id"), *modified = vendor_text(json, "modified_on");
	struct provider_record *record;
	uint32_t preference;
	struct dname name;

	if (strcmp(vendor_text(json, "type"), "MX") != 0 || !dname_parse(&name, vendor_text(json, "name"), NULL) ||
		!dname_equal(&name, &run->owner))
		return true;
	record = provider_set_add(&run->have);
	if (!*id || strlen(id) >= sizeof record->id)
		return vendor_odd_record(run, "?", "id", err);
	memcpy(record->id, id, strlen(id) + 1);
	if (!vendor_u32(json, "ttl", &record->ttl_s))
		return vendor_odd_record(run, id, "ttl", err);
	if (!vendor_u32(json, "priority", &preference) && !vendor_u32(json_object_get(json, "data"), "priority", &preference))
		return vendor_odd_record(run, id, "priority", err);
	if (!*vendor_text(json, "content"))
		return vendor_odd_record(run, id, "content", err);
	record->automatic = record->ttl_s == TTL_AUTOMATIC;
	if (record->automatic)
		record->ttl_s = TTL_AUTOMATIC_S;
	record->locked = json_is_true(json_object_get(meta, "read_only")) || json_is_true(json_object_get(meta, "email_routing"));
	vendor_set_mx(&record->mx, preference, vendor_text(json, "content"), &run->zone);
	if (strlen(modified) < sizeof run->have.mark && strcmp(modified, run->have.mark) > 0)
		memcpy(run->have.mark, modified, strlen(modified) + 1);
	return true;
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *json, *result, *record;
	bool more, ok;
	size_t i;

	if (!reply) {
		provider_set_release(&run->have);
		return ask_records(run, request);
	}
	json = open_envelope(run, reply, err);
	if (!json)
		return STEP_FAILED;
	result = json_object_get(json, "result");
	ok = json_is_array(result) || vendor_odd(run, err) != STEP_FAILED;
	json_array_foreach(result, i, record) ok = ok && take_record(run, record, err);
	more = more_pages(run, json);
	json_decref(json);
	if (!ok)
		return STEP_FAILED;
	return more ? ask_records(run, request) : STEP_DONE;
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
static json_t *batch(struct provider_run *run)
{
	static const char *const members[] = { [VENDOR_ADD] = "posts", [VENDOR_CHANGE] = "patches", [VENDOR_REMOVE] = "deletes" };
	const struct vendor_state *state = vendor_state(run);
	json_t *body = json_object();

	for (size_t i = 0; i < state->n; i++) {
		const char *member = members[state->change[i].verb];

		if (!json_object_get(body, member))
			json_object_set_new(body, member, json_array());
		json_array_append_new(json_object_get(body, member), fields_of(run, &state->change[i]));
	}
	return body;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	struct str path;
	json_t *json;

	if (reply) {
		json = open_envelope(run, reply, err);
		run->wrote = json != NULL;
		json_decref(json);
		return run->wrote ? STEP_DONE : STEP_FAILED;
	}
	if (!vendor_check_want(run, err) || !vendor_plan(run, err))
		return STEP_FAILED;
	if (!vendor_state(run)->n)
		return STEP_DONE;
	str_init(&path, 0);
	str_addf(&path, "/zones/%s/dns_records/batch", run->zone_id);
	begin(run, request, "POST", path.s);
	str_release(&path);
	vendor_body(&request->http, batch(run));
	request->writes = true;
	msg_set(&request->title, N_("change the MX records of %s in one batch"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

static enum step cloudflare_step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	switch (run->goal) {
	case GOAL_VERIFY:
		return verify(run, reply, request, err);
	case GOAL_ZONES:
		return zones(run, reply, request, err);
	case GOAL_READ:
		return read_set(run, reply, request, err);
	case GOAL_WRITE:
		return write_set(run, reply, request, err);
	case GOAL_COMMIT:
		return STEP_DONE;
	}
	return STEP_FAILED;
}

static const struct provider_setting settings[] = {
	{ "account_id", "", N_("only zones of this Cloudflare account; needed where one name is a zone in two") },
	{ NULL, NULL, NULL },
};

const struct provider provider_cloudflare = {
	.name = "cloudflare",
	.title = "Cloudflare",
	.endpoint = "https://api.cloudflare.com/client/v4",
	.caps = CAP_BATCH | CAP_NULL_MX,
	.ttl_min_s = 30, /* 60 but for the Enterprise plan: the vendor decides between */
	.ttl_max_s = 86400,
	.settle_s = 5,
	.needs_key = true,
	.key_help = N_("The key is an API token with the permissions Zone: Read and DNS: Edit."),
	.settings = settings,
	.step = cloudflare_step,
	.release_state = vendor_state_release,
};
