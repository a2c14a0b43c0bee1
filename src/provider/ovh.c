/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OVHcloud's API 1.0, /domain/zone (https://eu.api.ovh.com/console/): records by id, each asked for by itself; names are
 * relative to the zone, the preference stands before the target. A change is in the zone only after the last call, refresh,
 * which publishes what everybody has changed till then. Requests are signed, by the server's clock.
 */
#include <stdlib.h>
#include <string.h>

#include "provider/ovhsign.h"
#include "provider/shape.h"
#include "base/banned.h"

static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	const struct provider_account *account = run->account;
	struct ovhsign with = { provider_setting(account, "application_key"), account->key, provider_setting(account, "consumer_key"),
		now };
	char *base = provider_base(account, request->base);

	(void)err;
	ovhsign(&with, base, &request->http);
	free(base);
	return true;
}

static enum step login(
	struct provider_run *run, const struct reply *reply, struct request *request, struct provider_login *got, struct err *err)
{
	if (!reply) {
		request->open = true;
		http_request_set(&request->http, "GET", "/auth/time");
		msg_set(&request->title, N_("ask for the server's time"));
		return STEP_REQUEST;
	}
	if (!vendor_accepted(run, reply, err))
		return STEP_FAILED;
	return ovhsign_clock(reply->http, reply->now, &got->clock_offset_s) ? STEP_DONE : vendor_odd(run, err);
}

/* A wrong application secret and a wrong time are told as HTTP 400. */
static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = reply->http && reply->http->status == 400 ? vendor_tree(reply) : NULL;
	const char *code = vendor_text(json, "errorCode");

	if (!strcmp(code, "INVALID_SIGNATURE") || !strcmp(code, "QUERY_TIME_OUT"))
		verdict->meaning = MEANING_AUTH;
	json_decref(json);
}

/* The question was for MX records of this name: another record is no answer to it. */
static bool record(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	(void)value;
	if (strcmp(vendor_text(row, "fieldType"), "MX") != 0)
		return vendor_odd_record(run, record->id, "fieldType", err);
	return vendor_is_relative(vendor_text(row, "subDomain"), &run->owner, &run->zone) ||
	       vendor_odd_record(run, record->id, "subDomain", err);
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char text[DNAME_TEXT_MAX];
	json_t *body = json_object();
	struct str target;

	str_init(&target, 0);
	vendor_content(&target, &change->mx);
	if (change->verb == VENDOR_ADD)
		json_object_set_new(body, "fieldType", json_string("MX"));
	json_object_set_new(body, "subDomain", json_string(vendor_relative(run, "", text)));
	json_object_set_new(body, "target", json_string(target.s));
	json_object_set_new(body, "ttl", json_integer(change->automatic ? 0 : change->ttl_s));
	str_release(&target);
	return body;
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "message", NULL },
	.verify = { .path = "/domain/zone/", .rows = "" },
	.zone_list = { .path = "/domain/zone/", .rows = "" },
	.zone_name = "",
	.servers = { .path = "/domain/zone/{zone}", .rows = "nameServers" },
	.server = "",
	.read = { .path = "/domain/zone/{zone}/record?fieldType=MX&subDomain={relative}", .rows = "" },
	.read_each = "/domain/zone/{zone}/record/{id}",
	.each = "",
	.row = { .id = "id", .ttl = "ttl", .target = "target", .targets = TARGET_DOT },
	.record = record,
	.has_automatic = true,
	.ttl_automatic_s = 3600, /* what a zone begins with; its owner may have changed it */
	.ttl_guessed = true,
	.add = { "POST", "/domain/zone/{zone}/record", { 200 }, NULL },
	.change = { "PUT", "/domain/zone/{zone}/record/{id}", { 200 }, NULL },
	.remove = { "DELETE", "/domain/zone/{zone}/record/{id}", { 200 }, NULL },
	.body = body_of,
	.commit = { "POST", "/domain/zone/{zone}/refresh", { 200 }, NULL },
};

static const struct provider_setting settings[] = {
	{ "application_key", NULL, N_("the application's key, as the API's createToken page shows it") },
	{ "consumer_key", NULL, N_("the consumer key of the same page; of no use without the application's secret") },
	{ NULL, NULL, NULL },
};

const struct provider provider_ovh = {
	.name = "ovh",
	.title = "OVHcloud",
	.endpoint = "https://eu.api.ovh.com/1.0",
	.caps = CAP_NULL_MX | CAP_COMMIT,
	.limits = { .ttl_min_s = 60, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help =
		N_("The key is the application secret. The consumer key needs GET, POST, PUT and DELETE on /domain/zone/*; createToken at "
		   "the API's address makes both."),
	.settings = settings,
	.sign = sign,
	.login = login,
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.in_flight = 4,
};
