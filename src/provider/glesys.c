/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GleSYS' API (https://github.com/glesys/API/wiki): every call is a POST of JSON with the project and the key as user and password. The
 * answer has its own status.
 */
#include <stdlib.h>

#include "provider/shape.h"
#include "base/banned.h"

static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);
	const json_t *status = shape_at(json, "response/status");
	uint32_t code = 0;

	if (!vendor_u32(status, "code", &code) && verdict->meaning == MEANING_ACCEPTED)
		verdict->meaning = MEANING_FAILED;
	else if (code >= 300 && verdict->meaning == MEANING_ACCEPTED)
		verdict->meaning = code == 401 || code == 403 ? MEANING_AUTH : code == 404 ? MEANING_GONE : MEANING_REFUSED;
	if (verdict->meaning != MEANING_ACCEPTED)
		vendor_sentence(verdict, vendor_text(status, "text"));
	json_decref(json);
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char zone[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	struct str data;
	json_t *body = json_object();

	if (change->verb != VENDOR_ADD)
		json_object_set_new(body, "recordid", json_integer(strtoll(change->id, NULL, 10)));
	if (change->verb == VENDOR_REMOVE)
		return body;
	if (change->verb == VENDOR_ADD)
		json_object_set_new(body, "domainname", json_string(dname_text(&run->zone, zone)));
	str_init(&data, 0);
	vendor_content(&data, &change->mx);
	json_object_set_new(body, "host", json_string(vendor_relative(run, "@", host)));
	json_object_set_new(body, "type", json_string("MX"));
	json_object_set_new(body, "data", json_string(data.s));
	json_object_set_new(body, "ttl", json_integer(change->ttl_s));
	str_release(&data);
	return body;
}

static const struct shape shape = {
	.verify = { .path = "/domain/list?format=json", .body = "{}", .rows = "response/domains" },
	.zone_list = { .path = "/domain/list?format=json", .body = "{}", .rows = "response/domains" },
	.zone_name = "domainname",
	.read = { .path = "/domain/listrecords?format=json", .body = "{\"domainname\":\"{zone}\"}", .rows = "response/records" },
	.rows_have_servers = true,
	.row = { .id = "recordid",
		.type = "type",
		.name = "host",
		.ttl = "ttl",
		.target = "data",
		.names = NAME_RELATIVE,
		.targets = TARGET_DOT },
	.add = { "POST", "/domain/addrecord?format=json", { 200 }, "response/record" },
	.change = { "POST", "/domain/updaterecord?format=json", { 200 }, "response/record" },
	.remove = { "POST", "/domain/deleterecord?format=json", { 200 }, NULL },
	.body = body_of,
	.remove_has_body = true,
};

static const struct provider_setting settings[] = {
	{ "project", NULL, N_("the project's number (CL12345)") },
	{ NULL, NULL, NULL },
};

const struct provider provider_glesys = {
	.name = "glesys",
	.title = "GleSYS",
	.endpoint = "https://api.glesys.com",
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API key with the domain rights list, listrecords, addrecord, updaterecord and deleterecord."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Basic ", .user = "project" },
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.in_flight = 2,
};
