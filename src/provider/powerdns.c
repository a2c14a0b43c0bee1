/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PowerDNS Authoritative Server's HTTP API v1 (https://doc.powerdns.com/authoritative/http-api/): one RRset, one
 * PATCH, one transaction. Zones are read whole: the filtered read of 4.7 leaves out disabled records, so that a
 * REPLACE made from it would delete them, and shows comments of other RRsets as empty ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "provider/vendor.h"
#include "base/banned.h"

#define WRITES_COUNTED 8 /* more than these are as good as these: somebody else wrote */

static const char *detail(const json_t *json)
{
	return json_string_value(json_object_get(json, "error"));
}

static void begin(struct provider_run *run, const char *method, const char *path, struct request *request)
{
	struct str full;

	str_init(&full, 0);
	str_add(&full, "/api/v1/servers/");
	http_encode(&full, run->account->setting(run->account, "server"));
	str_add(&full, path);
	request->kind = REQUEST_HTTP;
	http_request_set(&request->http, method, "%s", full.s);
	http_request_header(&request->http, "X-API-Key", run->account->key ? run->account->key : "", true);
	http_request_header(&request->http, "Accept", "application/json", false);
	str_release(&full);
}

static void begin_zone(struct provider_run *run, const char *method, struct request *request)
{
	char path[sizeof run->zone_id + 16];

	snprintf(path, sizeof path, "/zones/%s", run->zone_id);
	begin(run, method, path, request);
}

static enum step verify(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	json_t *json;
	bool known;

	if (!reply) {
		begin(run, "GET", "", request);
		msg_set(&request->title, N_("ask the server who it is"));
		return STEP_REQUEST;
	}
	json = vendor_json(run, reply, detail, err);
	if (!json)
		return STEP_FAILED;
	known = !strcmp(vendor_text(json, "type"), "Server");
	json_decref(json);
	return known ? STEP_DONE : vendor_odd(run, err);
}

/* A secondary takes a write (204) and loses it at the next transfer. */
static bool is_copy(const char *kind)
{
	return text_equal_fold(kind, "Slave") || text_equal_fold(kind, "Secondary") || text_equal_fold(kind, "Consumer");
}

/* The id goes into the path as the server spelled it: nothing in it may lead elsewhere. */
static bool is_safe(const char *id)
{
	return *id && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._=-%~*+,!") == strlen(id) &&
	       strcmp(id, "..") != 0;
}

static enum step zones(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	enum step step = STEP_FAILED;
	bool copy = false;
	json_t *json, *zone;
	size_t i;

	if (!reply) {
		begin(run, "GET", "/zones?dnssec=false", request);
		msg_set(&request->title, N_("list the zones"));
		return STEP_REQUEST;
	}
	json = vendor_json(run, reply, detail, err);
	if (!json)
		return STEP_FAILED;
	if (!json_is_array(json)) {
		vendor_odd(run, err);
		goto out;
	}
	json_array_foreach(json, i,
		zone) if (is_safe(vendor_text(zone, "id")) && vendor_offer_zone(run, vendor_text(zone, "name"), vendor_text(zone, "id")))
		copy = is_copy(vendor_text(zone, "kind"));
	step = vendor_zones_done(run, err);
	if (step == STEP_DONE && copy) {
		step = STEP_FAILED;
		err_set(err, ERR_REFUSED, N_("%s is a secondary zone in account %s: a change would be lost at the next transfer"),
			dname_text(&run->zone, text), run->account->name);
		err_hint(err, N_("use an account of the primary server"));
	}
out:
	json_decref(json);
	return step;
}

/* "10 mx1.example.net." */
static bool set_content(struct mx *mx, const char *content, const struct dname *zone)
{
	char *end;
	unsigned long preference = strtoul(content, &end, 10);

	if (end == content || *end != ' ' || preference > UINT32_MAX || *content == '-')
		return false;
	vendor_set_mx(mx, (uint32_t)preference, end + strspn(end, " "), zone);
	return true;
}

static bool take_rrset(struct provider_run *run, const json_t *rrset)
{
	const json_t *records = json_object_get(rrset, "records");
	const json_t *record;
	uint32_t ttl_s = 0;
	size_t i;

	if (!json_is_array(records))
		return false;
	if (!json_array_size(records)) /* only comments */
		return true;
	if (!vendor_u32(rrset, "ttl", &ttl_s))
		return false;
	json_array_foreach(records, i, record)
	{
		struct provider_record *row = provider_set_add(&run->have);

		row->ttl_s = ttl_s;
		row->disabled = json_is_true(json_object_get(record, "disabled"));
		snprintf(row->stored, sizeof row->stored, "%s", vendor_text(record, "content"));
		if (!set_content(&row->mx, vendor_text(record, "content"), &run->zone))
			return false;
	}
	return true;
}

static void take_ns(struct provider_run *run, const json_t *rrset)
{
	const json_t *records = json_object_get(rrset, "records");
	const json_t *record;
	size_t i;

	run->n_ns = 0;
	json_array_foreach(records, i, record) if (!json_is_true(json_object_get(record, "disabled")))
		vendor_add_ns(run, vendor_text(record, "content"), &run->zone);
}

static bool take_zone(struct provider_run *run, const json_t *json)
{
	const json_t *rrsets = json_object_get(json, "rrsets"), *rrset;
	uint32_t serial;
	size_t i;

	if (!json_is_array(rrsets))
		return false;
	provider_set_release(&run->have);
	if (vendor_u32(json, "serial", &serial))
		snprintf(run->have.mark, sizeof run->have.mark, "%u%s%.32s", (unsigned int)serial,
			*vendor_text(json, "soa_edit_api") ? " " : "", vendor_text(json, "soa_edit_api"));
	json_array_foreach(rrsets, i, rrset)
	{
		const char *type = vendor_text(rrset, "type");
		struct dname name;

		if (!dname_parse(&name, vendor_text(rrset, "name"), NULL))
			continue;
		if (!strcmp(type, "MX") && dname_equal(&name, &run->owner) && !take_rrset(run, rrset))
			return false;
		if (!strcmp(type, "NS") && dname_equal(&name, &run->zone))
			take_ns(run, rrset);
		if (!strcmp(type, "SOA") && !vendor_u32(rrset, "ttl", &run->first_ttl_s))
			run->first_ttl_s = 0;
	}
	return true;
}

static enum step read_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];
	json_t *json;
	bool taken;

	if (!reply) {
		begin_zone(run, "GET", request);
		msg_set(&request->title, N_("read the zone %s"), dname_text(&run->zone, text));
		return STEP_REQUEST;
	}
	json = vendor_json(run, reply, detail, err);
	if (!json)
		return STEP_FAILED;
	taken = take_zone(run, json);
	json_decref(json);
	return taken ? STEP_DONE : vendor_odd(run, err);
}

/* As the server spelled it, where it holds that record already: some of what it holds could not be written anew. */
static const char *stored(const struct provider_run *run, const struct mx *mx)
{
	for (size_t i = 0; i < run->have.n; i++) {
		const struct provider_record *record = &run->have.record[i];

		if (mx_equal(&record->mx, mx) && strlen(record->stored) < sizeof record->stored - 1)
			return record->stored;
	}
	return "";
}

static void add_record(const struct provider_run *run, json_t *records, const struct mx *mx, bool disabled)
{
	char host[DNAME_TEXT_MAX];
	const char *kept;
	struct str content;
	json_t *record = json_object();

	str_init(&content, 0);
	str_addf(&content, "%u %s", (unsigned int)mx->preference, mx->host.len ? dname_text_dot(&mx->host, host) : mx->odd);
	kept = stored(run, mx);
	json_object_set_new(record, "content", json_string(*kept && !text_equal_fold(kept, content.s) ? kept : content.s));
	json_object_set_new(record, "disabled", json_boolean(disabled));
	json_array_append_new(records, record);
	str_release(&content);
}

/* Without a "comments" member the server keeps the set's comments. */
static json_t *replacement(const struct provider_run *run)
{
	char owner[DNAME_TEXT_MAX];
	json_t *rrset = json_object(), *records = json_array(), *body = json_object(), *rrsets = json_array();
	uint32_t ttl_s = run->want.ttl_s;

	for (size_t i = 0; i < run->want.n; i++)
		add_record(run, records, &run->want.mx[i], false);
	for (size_t i = 0; i < run->have.n; i++) {
		const struct provider_record *record = &run->have.record[i];

		if (mxset_has(&run->want, &record->mx) || (!record->disabled && !mxset_has(&run->disabled, &record->mx)))
			continue;
		add_record(run, records, &record->mx, true);
		if (!run->want.n)
			ttl_s = record->ttl_s;
	}
	json_object_set_new(rrset, "name", json_string(dname_text_dot(&run->owner, owner)));
	json_object_set_new(rrset, "type", json_string("MX"));
	if (json_array_size(records)) {
		json_object_set_new(rrset, "ttl", json_integer(ttl_s));
		json_object_set_new(rrset, "changetype", json_string("REPLACE"));
		json_object_set_new(rrset, "records", records);
	} else {
		json_object_set_new(rrset, "changetype", json_string("DELETE"));
		json_decref(records);
	}
	json_array_append_new(rrsets, rrset);
	json_object_set_new(body, "rrsets", rrsets);
	return body;
}

/* 204, or as old servers do 200 with the zone. */
static bool took(const struct provider_run *run, const struct reply *reply, struct err *err)
{
	json_t *json;
	bool ok;

	if (!vendor_accepted(run, reply, detail, err))
		return false;
	json = json_loadb(reply->http->body.s, reply->http->body.len, 0, NULL);
	ok = reply->http->status == 204 || (reply->http->status == 200 && json_is_object(json));
	json_decref(json);
	return ok || vendor_odd(run, err) != STEP_FAILED;
}

/* soa_edit_api (https://doc.powerdns.com/authoritative/dnsupdate.html#soa-serial-updates): DEFAULT makes the day's first
 * serial, or adds one; INCREASE adds one. The others tell no number of writes. */
static uint32_t next_serial(uint32_t serial, const char *kind, int64_t now)
{
	uint32_t first = vendor_day(now) * 100 + 1;

	return text_equal_fold(kind, "DEFAULT") && serial < first ? first : serial + 1;
}

static unsigned writes_between(const char *before, const char *after, int64_t now)
{
	uint32_t from = (uint32_t)strtoul(before, NULL, 10), to = (uint32_t)strtoul(after, NULL, 10);
	const char *kind = strchr(before, ' ');
	unsigned least = 0;

	if (!kind || !*after || (!text_equal_fold(kind + 1, "DEFAULT") && !text_equal_fold(kind + 1, "INCREASE")))
		return 0;
	/* The server's day may be another than ours. */
	for (int64_t at = now - 86400; at <= now + 86400; at += 86400) {
		uint32_t serial = from;

		for (unsigned n = 1; n <= WRITES_COUNTED; n++) {
			serial = next_serial(serial, kind + 1, at);
			if (serial == to && (!least || n < least))
				least = n;
		}
	}
	return least ? least : from == to ? 0 : WRITES_COUNTED;
}

static enum step write_set(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
{
	char text[DNAME_TEXT_MAX];

	if (reply) {
		run->wrote = reply->foreseen || took(run, reply, err);
		return run->wrote ? STEP_DONE : STEP_FAILED;
	}
	if (vendor_is_wanted(run))
		return STEP_DONE;
	if (!vendor_check_want(run, err))
		return STEP_FAILED;
	begin_zone(run, "PATCH", request);
	vendor_body(&request->http, replacement(run));
	request->writes = true;
	if (run->want.n)
		msg_set(&request->title, N_("replace the MX set of %s"), dname_text(&run->owner, text));
	else
		msg_set(&request->title, N_("delete the MX set of %s"), dname_text(&run->owner, text));
	return STEP_REQUEST;
}

static enum step powerdns_step(struct provider_run *run, const struct reply *reply, struct request *request, struct err *err)
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
	{ "server", "localhost", N_("the server's id in the API") },
	{ NULL, NULL, NULL },
};

const struct provider provider_powerdns = {
	.name = "powerdns",
	.title = "PowerDNS Authoritative Server",
	.endpoint = "http://127.0.0.1:8081",
	.api_path = "/api/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_SERIAL_WRITES,
	.ttl_max_s = MX_TTL_MAX,
	.settle_s = 2,
	.needs_key = true,
	.key_help = N_("The key is api-key of the server's pdns.conf; it may do everything."),
	.settings = settings,
	.step = powerdns_step,
	.release_state = vendor_state_release,
	.writes_between = writes_between,
};
