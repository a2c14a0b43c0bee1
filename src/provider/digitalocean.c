/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DigitalOcean's API v2, domains and their records (https://docs.digitalocean.com/reference/api/): one call a record, no
 * batch, no etag. Names are relative ("@" the apex), but asked for in full; a target is written with a final dot and
 * comes back without, or as "@" when it is the zone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/vendor.h"
#include "base/banned.h"

#define PAGES_MAX 500u

enum read_stage { STAGE_MX, STAGE_NS };

static const char *detail(const json_t *json)
{
	return json_string_value(json_object_get(json, "message"));
}

static void authority(const char *url, const char **start, size_t *len)
{
	const char *found = strstr(url, "://");

	*start = found ? found + 3 : url;
	*len = strcspn(*start, "/?#");
}

/* Is there a page after this one? A link to another host is an error: the key must not go there. */
static bool has_next(const struct provider_run *run, const json_t *json, bool *more, struct err *err)
{
	const char *next = vendor_text(json_object_get(json_object_get(json, "links"), "pages"), "next");
	const char *host, *own;
	size_t host_len, own_len;

	*more = *next != '\0';
	if (!*more)
		return true;
	authority(next, &host, &host_len);
	authority(run->account->endpoint, &own, &own_len);
	if (host_len != own_len || strncmp(host, own, host_len) != 0)
		return err_set(err, ERR_REFUSED, N_("%s (account %s) sends its next page from another host: not followed"),
			run->account->provider->title, run->account->name);
	if (run->page >= PAGES_MAX)
		return err_set(
			err, ERR_REFUSED, N_("%s (account %s) has no end of pages"), run->account->provider->title, run->account->name);
	return true;
}

static void begin(struct provider_run *run, struct request *request, const char *method, const char *path)
{
	request->kind = REQUEST_HTTP;
	http_request_set(&request->http, method, "%s", path);
	vendor_bearer(&request->http, run->account);
}

static enum step verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *json;
	bool known;

	if (!reply) {
		begin(run, request, "GET", "/domains?per_page=1");
		msg_set(&request->title, N_("ask whether the key is good"));
		return STEP_REQUEST;
	}
	json = vendor_json(run, reply, detail, err);
	if (!json)
		return STEP_FAILED;
	known = json_is_array(json_object_get(json, "domains"));
	json_decref(json);
	return known ? STEP_DONE : vendor_odd(run, err);
}

static enum step ask_zones(struct provider_run *run, struct request *request)
{
	char path[64];

	snprintf(path, sizeof path, "/domains?per_page=200&page=%u", ++run->page);
	begin(run, request, "GET", path);
	msg_set(&request->title, N_("list the zones"));
	return STEP_REQUEST;
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *json, *domains, *domain;
	bool more = false, ok;
	size_t i;

	if (!reply)
		return ask_zones(run, request);
	json = vendor_json(run, reply, detail, err);
	if (!json)
		return STEP_FAILED;
	domains = json_object_get(json, "domains");
	json_array_foreach(domains, i, domain) vendor_offer_zone(run, vendor_text(domain, "name"), vendor_text(domain, "name"));
	ok = json_is_array(domains) ? has_next(run, json, &more, err) : vendor_odd(run, err) != STEP_FAILED;
	json_decref(json);
	if (!ok)
		return STEP_FAILED;
	return more ? ask_zones(run, request) : vendor_zones_done(run, err);
}

static void add_records_path(const struct provider_run *run, struct str *path)
{
	str_add(path, "/domains/");
	http_encode(path, run->zone_id);
	str_add(path, "/records");
}

static enum step ask_records(struct provider_run *run, struct request *request)
{
	const struct dname *name = run->stage == STAGE_MX ? &run->owner : &run->zone;
	char text[DNAME_TEXT_MAX];
	struct str path;

	str_init(&path, 0);
	add_records_path(run, &path);
	str_addf(&path, "?type=%s&name=", run->stage == STAGE_MX ? "MX" : "NS");
	http_encode(&path, dname_text(name, text));
	str_addf(&path, "&per_page=200&page=%u", ++run->page);
	begin(run, request, "GET", path.s);
	str_release(&path);
	if (run->stage == STAGE_MX)
		msg_set(&request->title, N_("read the MX records of %s"), text);
	else
		msg_set(&request->title, N_("read the name servers of %s"), text);
	return STEP_REQUEST;
}

static bool take_record(struct provider_run *run, const json_t *json, struct err *err)
{
	const struct dname *name = run->stage == STAGE_MX ? &run->owner : &run->zone;
	const json_t *id = json_object_get(json, "id");
	struct provider_record *record;
	char text[DNAME_TEXT_MAX];
	uint32_t preference;

	if (strcmp(vendor_text(json, "type"), run->stage == STAGE_MX ? "MX" : "NS") != 0 ||
		!text_equal_fold(vendor_text(json, "name"), dname_relative(name, &run->zone, text)))
		return true;
	if (run->stage == STAGE_NS) {
		vendor_add_ns(run, vendor_text(json, "data"), &run->zone);
		return true;
	}
	record = provider_set_add(&run->have);
	snprintf(record->id, sizeof record->id, "%lld", (long long)json_integer_value(id));
	if (!json_is_integer(id))
		return vendor_odd_record(run, "?", "id", err);
	if (!vendor_u32(json, "priority", &preference))
		return vendor_odd_record(run, record->id, "priority", err);
	if (!vendor_u32(json, "ttl", &record->ttl_s))
		return vendor_odd_record(run, record->id, "ttl", err);
	if (!json_is_string(json_object_get(json, "data")))
		return vendor_odd_record(run, record->id, "data", err);
	vendor_set_mx(&record->mx, preference, vendor_text(json, "data"), &run->zone);
	return true;
}

static bool take_page(struct provider_run *run, const struct reply *reply, bool *more, struct err *err)
{
	json_t *json = vendor_json(run, reply, detail, err), *records, *record;
	bool ok;
	size_t i;

	if (!json)
		return false;
	records = json_object_get(json, "domain_records");
	ok = json_is_array(records) || vendor_odd(run, err) != STEP_FAILED;
	json_array_foreach(records, i, record) ok = ok && take_record(run, record, err);
	ok = ok && has_next(run, json, more, err);
	json_decref(json);
	return ok;
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	bool more = false;

	/* The records last: what is compared is to be as fresh as can be. */
	if (!reply) {
		provider_set_release(&run->have);
		run->stage = run->n_ns ? STAGE_MX : STAGE_NS;
		return ask_records(run, request);
	}
	if (!take_page(run, reply, &more, err))
		return STEP_FAILED;
	if (more)
		return ask_records(run, request);
	if (run->stage == STAGE_MX)
		return STEP_DONE;
	run->stage = STAGE_MX;
	run->page = 0;
	return ask_records(run, request);
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char text[DNAME_TEXT_MAX];
	json_t *body = json_object();

	json_object_set_new(body, "type", json_string("MX"));
	json_object_set_new(body, "name", json_string(dname_relative(&run->owner, &run->zone, text)));
	json_object_set_new(body, "data", json_string(dname_text_dot(&change->mx.host, text)));
	json_object_set_new(body, "priority", json_integer(change->mx.preference));
	json_object_set_new(body, "ttl", json_integer(change->ttl_s));
	return body;
}

static bool is_ttl_alone(const struct provider_run *run, const struct vendor_change *change)
{
	for (size_t i = 0; i < run->have.n; i++)
		if (!strcmp(run->have.record[i].id, change->id))
			return mx_equal(&run->have.record[i].mx, &change->mx);
	return false;
}

static enum step ask_change(struct provider_run *run, struct request *request)
{
	static const char *const methods[] = { [VENDOR_ADD] = "POST", [VENDOR_CHANGE] = "PUT", [VENDOR_REMOVE] = "DELETE" };
	const struct vendor_state *state = vendor_state(run);
	const struct vendor_change *change;
	char host[DNAME_TEXT_MAX];
	struct str path;

	if (run->at >= state->n)
		return STEP_DONE;
	change = &state->change[run->at++];
	str_init(&path, 0);
	add_records_path(run, &path);
	if (change->verb != VENDOR_ADD)
		str_addf(&path, "/%s", change->id);
	if (change->verb != VENDOR_ADD)
		memcpy(change->verb == VENDOR_REMOVE ? request->removed : request->changed, change->id, sizeof change->id);
	begin(run, request, methods[change->verb], path.s);
	str_release(&path);
	request->writes = true;
	mx_host_text(&change->mx, host);
	if (change->verb != VENDOR_REMOVE)
		vendor_body(&request->http, body_of(run, change));
	if (change->verb == VENDOR_ADD)
		msg_set(&request->title, N_("add MX %u %s"), (unsigned int)change->mx.preference, host);
	else if (change->verb == VENDOR_CHANGE && is_ttl_alone(run, change))
		msg_set(&request->title, N_("give MX %u %s the TTL %u"), (unsigned int)change->mx.preference, host,
			(unsigned int)change->ttl_s);
	else if (change->verb == VENDOR_CHANGE)
		msg_set(&request->title, N_("turn record %s into MX %u %s"), change->id, (unsigned int)change->mx.preference, host);
	else
		msg_set(&request->title, N_("remove MX %u %s"), (unsigned int)change->mx.preference, host);
	return STEP_REQUEST;
}

/* The record that was made or changed, as the API says it comes back; a TTL may have been rounded. */
static bool is_record(const struct provider_run *run, const json_t *json, const struct vendor_change *change)
{
	const json_t *record = json_object_get(json, "domain_record");
	char text[DNAME_TEXT_MAX];
	uint32_t preference;
	struct mx mx;

	if (!json_is_integer(json_object_get(record, "id")) || strcmp(vendor_text(record, "type"), "MX") != 0 ||
		!text_equal_fold(vendor_text(record, "name"), dname_relative(&run->owner, &run->zone, text)) ||
		!vendor_u32(record, "priority", &preference))
		return false;
	vendor_set_mx(&mx, preference, vendor_text(record, "data"), &run->zone);
	return mx_equal(&mx, &change->mx);
}

/* 2xx alone is no yes. A record that is gone already is removed. */
static bool took(struct provider_run *run, const struct reply *reply, struct err *err)
{
	static const int documented[] = { [VENDOR_ADD] = 201, [VENDOR_CHANGE] = 200, [VENDOR_REMOVE] = 204 };
	const struct vendor_state *state = vendor_state(run);
	const struct vendor_change *change = &state->change[run->at - 1];
	json_t *json;
	bool ok;

	if (reply->foreseen || (change->verb == VENDOR_REMOVE && reply->http->status == 404))
		return true;
	if (!vendor_accepted(run, reply, detail, err))
		return false;
	json = json_loadb(reply->http->body.s, reply->http->body.len, 0, NULL);
	ok = reply->http->status == documented[change->verb] && (change->verb == VENDOR_REMOVE || is_record(run, json, change));
	json_decref(json);
	return ok || vendor_odd(run, err) != STEP_FAILED;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	if (!reply && (!vendor_check_want(run, err) || !vendor_plan(run, err)))
		return STEP_FAILED;
	if (reply && !took(run, reply, err))
		return STEP_FAILED;
	run->wrote |= reply != NULL;
	return ask_change(run, request);
}

static enum step digitalocean_step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
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

const struct provider provider_digitalocean = {
	.name = "digitalocean",
	.title = "DigitalOcean",
	.endpoint = "https://api.digitalocean.com/v2",
	.ttl_min_s = 30,
	.ttl_max_s = MX_TTL_MAX,
	.settle_s = 10,
	.needs_key = true,
	.key_help = N_("The key is a personal access token with the scopes domain:read, domain:create, domain:update and domain:delete."),
	.step = digitalocean_step,
	.release_state = vendor_state_release,
};
