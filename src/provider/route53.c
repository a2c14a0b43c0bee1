/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Amazon Route 53, API 2013-04-01 (https://docs.aws.amazon.com/Route53/latest/APIReference/): XML, signed by Signature
 * Version 4. A change deletes the old set, exactly as it was read, and creates the new one, as one batch: it fails as a
 * whole where the old one is no longer that. A list of sets begins at a name and goes on behind it.
 *
 * Over 200 lines: XML both ways, a signature of its own, names as the service escapes them, and a change that is waited for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "provider/sigv4.h"
#include "provider/xml.h"
#include "base/banned.h"

#define SETS "ResourceRecordSets/ResourceRecordSet"

static bool sign(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	const struct provider_account *account = run->account;
	char *secret = provider_key_line(account, 0), *session = provider_key_line(account, 1);
	struct sigv4 with = { .key_id = provider_setting(account, "key_id"),
		.secret = secret,
		.session = *session ? session : NULL,
		.region = provider_setting(account, "region"),
		.service = "route53",
		.now = now };
	char *base = provider_base(account, request->base);

	(void)err;
	sigv4_sign(&with, base, &request->http);
	mem_wipe(secret, strlen(secret));
	mem_wipe(session, strlen(session));
	free(secret);
	free(session);
	free(base);
	return true;
}

/* ---- reading ---- */

/* "\052.exempel.com.": octal there, decimal in zone text. */
static json_t *name_of(const char *name)
{
	struct str out;
	json_t *json;

	str_init(&out, 0);
	for (; *name; name++) {
		if (*name == '\\' && strspn(name + 1, "01234567") >= 3) {
			str_addf(&out, "\\%03u", (unsigned)((name[1] - '0') * 64 + (name[2] - '0') * 8 + (name[3] - '0')));
			name += 3;
		} else {
			str_add_char(&out, *name);
		}
	}
	json = json_string(out.s);
	str_release(&out);
	return json;
}

static bool has_policy(const json_t *set)
{
	static const char *const members[] = { "SetIdentifier", "Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer",
		"AliasTarget", "TrafficPolicyInstanceId" };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (json_object_get(set, members[i]))
			return true;
	return false;
}

/* A row for each value of a set, and one at least. */
static void add_rows(json_t *rows, const json_t *set)
{
	const json_t *values = shape_at(set, "ResourceRecords/ResourceRecord");
	size_t n = json_is_array(values) ? json_array_size(values) : values ? 1 : 0;

	for (size_t i = 0; i < n || i == 0; i++) {
		json_t *row = json_object();
		const json_t *value = json_is_array(values) ? json_array_get(values, i) : values;

		json_object_set_new(row, "Name", name_of(vendor_text(set, "Name")));
		json_object_set_new(row, "Type", json_string(vendor_text(set, "Type")));
		json_object_set_new(row, "TTL", json_string(vendor_text(set, "TTL")));
		if (has_policy(set))
			json_object_set_new(row, "Policy", json_true());
		json_object_set_new(row, "Value", json_string(vendor_text(value, "Value")));
		json_array_append_new(rows, row);
	}
}

/* The tree of the XML, with the sets as "rows", zones as "zones", and a change's id without its path. */
static json_t *load(const struct str *body)
{
	json_t *json = xml_tree(body), *rows = json_array(), *zones = json_array();
	const json_t *sets = shape_at(json, SETS), *zone = shape_at(json, "HostedZones/HostedZone");
	json_t *info = json_object_get(json, "ChangeInfo");
	const char *id = vendor_text(info, "Id");

	for (size_t i = 0; i < json_array_size(sets); i++)
		add_rows(rows, json_array_get(sets, i));
	if (json_is_object(sets))
		add_rows(rows, sets);
	if (json_is_array(zone))
		json_array_extend(zones, json_object_get(json_object_get(json, "HostedZones"), "HostedZone"));
	else if (json_is_object(zone))
		json_array_append(zones, json_object_get(json_object_get(json, "HostedZones"), "HostedZone"));
	if (json_object_get(json, "ResourceRecordSets"))
		json_object_set(json, "rows", rows);
	if (json_object_get(json, "HostedZones"))
		json_object_set(json, "zones", zones);
	if (!strncmp(id, "/change/", 8))
		json_object_set_new(info, "Id", json_string(id + 8));
	json_decref(rows);
	json_decref(zones);
	return json;
}

/* Too many requests, and a batch whose old set is no longer there, both come as HTTP 400: the code tells. */
static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = reply->http && reply->http->status == 400 ? xml_tree(&reply->http->body) : NULL;
	char scratch[24];
	const char *code = shape_text(json, "Error/Code", scratch);

	if (!strcmp(code, "Throttling") || !strcmp(code, "ThrottlingException"))
		verdict->meaning = MEANING_THROTTLED;
	else if (!strcmp(code, "PriorRequestNotComplete"))
		verdict->meaning = MEANING_BUSY;
	else if (json && (!strcmp(code, "InvalidChangeBatch") || json_object_get(json, "Messages")) &&
		 (strstr(reply->http->body.s, "not found") || strstr(reply->http->body.s, "do not match") ||
			 strstr(reply->http->body.s, "already exists")))
		verdict->meaning = MEANING_STALE;
	json_decref(json);
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	static const char path[] = "/hostedzone/";
	char scratch[24], *id;

	(void)run;
	if (strncmp(entry->id, path, strlen(path)) != 0 || !strcmp(shape_text(row, "Config/PrivateZone", scratch), "true"))
		return false;
	id = mem_text(entry->id + strlen(path));
	free(entry->id);
	entry->id = id;
	entry->note = mem_text(shape_text(row, "Config/Comment", scratch));
	return *id && strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") == strlen(id);
}

/* ---- writing ---- */

static void begin_set(const struct provider_run *run, const char *action, uint32_t ttl_s, struct str *out)
{
	char owner[DNAME_TEXT_MAX];

	str_addf(out, "<Change><Action>%s</Action><ResourceRecordSet><Name>", action);
	xml_add_text(out, dname_text_dot(&run->owner, owner));
	str_addf(out, "</Name><Type>MX</Type><TTL>%u</TTL><ResourceRecords>", (unsigned)ttl_s);
}

static void add_value(struct str *out, const char *value)
{
	str_add(out, "<ResourceRecord><Value>");
	xml_add_text(out, value);
	str_add(out, "</Value></ResourceRecord>");
}

static void end_set(struct str *out)
{
	str_add(out, "</ResourceRecords></ResourceRecordSet></Change>");
}

static json_t *batch(const struct provider_run *run)
{
	struct str out, value;
	json_t *body;

	str_init(&out, 0);
	str_init(&value, 0);
	if (run->have.n)
		begin_set(run, "DELETE", run->have.record[0].ttl_s, &out);
	for (size_t i = 0; i < run->have.n; i++)
		add_value(&out, run->have.record[i].stored);
	if (run->have.n)
		end_set(&out);
	if (run->want.n)
		begin_set(run, "CREATE", run->want.ttl_s, &out);
	for (size_t i = 0; i < run->want.n; i++) {
		str_clear(&value);
		vendor_content(&value, &run->want.mx[i]);
		add_value(&out, value.s);
	}
	if (run->want.n)
		end_set(&out);
	body = json_string(out.s);
	str_release(&value);
	str_release(&out);
	return body;
}

static void dump(const json_t *changes, struct http_request *http)
{
	str_addf(&http->body,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ChangeResourceRecordSetsRequest "
		"xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><ChangeBatch><Changes>%s</Changes></ChangeBatch>"
		"</ChangeResourceRecordSetsRequest>\n",
		json_string_value(changes));
	http_request_header(http, "Content-Type", "application/xml", false);
}

static const struct shape shape = {
	.load = load,
	.dump = dump,
	.accept = "application/xml",
	.sentence = (const char *const[]){ "Error/Message", "Messages/Message", "Messages/Message/0", NULL },
	.verify = { .path = "/hostedzone?maxitems=1", .rows = "zones" },
	.zone_list = { .path = "/hostedzone?maxitems=100[&marker={cursor}]", .rows = "zones", .paging = PAGE_CURSOR, .more = "NextMarker" },
	.zone_name = "Name",
	.zone_id = "Id",
	.zone_setting = "hosted_zone_id",
	.zone = zone_of,
	.servers = { .path = "/hostedzone/{zone}/rrset?maxitems=1&name={zone_dot}&type=NS", .rows = "rows" },
	.server = "Value",
	.read = { .path = "/hostedzone/{zone}/rrset?maxitems=1&name={owner_dot}&type=MX", .rows = "rows" },
	.row = { .type = "Type", .name = "Name", .ttl = "TTL", .policy = "Policy", .target = "Value" },
	.replace = { "POST", "/hostedzone/{zone}/rrset/", { 200 }, NULL },
	.set_body = batch,
	.wait = { .id = "ChangeInfo/Id", .path = "/change/{operation}", .state = "ChangeInfo/Status", .done = "INSYNC", .every_ms = 2000 },
};

static const struct provider_setting settings[] = {
	{ "key_id", NULL, N_("the access key's id, AKIA... or ASIA...") },
	{ "region", "us-east-1", N_("the region of the signature; cn-northwest-1 in China") },
	{ "hosted_zone_id", "", N_("the id of the zone, where one name is a zone twice") },
	{ NULL, NULL, NULL },
};

const struct provider provider_route53 = {
	.name = "route53",
	.title = "Amazon Route 53",
	.endpoint = "https://route53.amazonaws.com/2013-04-01",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_COMPARE,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 5,
	.key_lines = 2,
	.key_help = N_("The key is the secret access key, and with temporary keys the session token in a second line. It needs "
		       "route53:ListHostedZones, ListResourceRecordSets, ChangeResourceRecordSets and GetChange."),
	.settings = settings,
	.sign = sign,
	.step = engine_rrset,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 5, .within_s = 1 }, { 0 } },
	.in_flight = 4,
};
