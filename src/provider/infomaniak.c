/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Infomaniak's API v2, zones and their records (https://developer.infomaniak.com/): one call a record, "10 mx1.example.net" as its
 * target, and "." as the source of the zone's own, as it is read. No call lists the zones, but one tells whether a name is one. A
 * refusal has its result in the answer, whatever the HTTP status.
 */
#include <string.h>

#include "provider/shape.h"
#include "base/banned.h"

static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);
	const json_t *error = json_object_get(json, "error");
	const char *result = vendor_text(json, "result"), *code = vendor_text(error, "code");
	char scratch[24];

	if (!strcmp(code, "object_not_found"))
		verdict->meaning = MEANING_GONE;
	else if (!strcmp(code, "not_authorized") || !strcmp(code, "access_denied"))
		verdict->meaning = MEANING_AUTH;
	else if (verdict->meaning == MEANING_ACCEPTED && strcmp(result, "success") != 0)
		verdict->meaning = !strcmp(result, "error") ? MEANING_REFUSED : MEANING_FAILED;
	if (verdict->meaning != MEANING_ACCEPTED)
		vendor_sentence(verdict,
			shape_text(error, shape_at(error, "errors/0/description") ? "errors/0/description" : "description", scratch));
	json_decref(json);
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	(void)entry;
	return json_is_true(json_object_get(row, "data"));
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_t *target = json_sprintf("%u %s", (unsigned int)change->mx.preference, dname_text(&change->mx.host, host));
	json_t *body = json_pack("{s:o, s:I}", "target", target, "ttl", (json_int_t)change->ttl_s);

	if (change->verb == VENDOR_ADD) {
		json_object_set_new(body, "type", json_string("MX"));
		json_object_set_new(body, "source", json_string(vendor_relative(run, ".", name)));
	}
	return body;
}

#define RECORDS "/2/zones/{zone}/records"

static const struct shape shape = {
	.verify = { .path = "/1/product?service_name=domain", .rows = "data" },
	.zone_named = { .path = "/2/zones/{ask}/exists", .rows = "", .none_is_gone = true },
	.named_is_zone = true,
	.zone = zone_of,
	/* Comes as one page; where it does not, the second is the first again, and the list is refused. */
	.read = { .path = RECORDS, .rows = "data", .paging = PAGE_LAST, .more = "pages" },
	.rows_have_servers = true,
	.row = { .id = "id", .type = "type", .name = "source", .ttl = "ttl", .target = "target", .names = NAME_RELATIVE },
	.add = { "POST", RECORDS, { 0 }, NULL },
	.change = { "PUT", RECORDS "/{id}", { 0 }, NULL },
	.remove = { "DELETE", RECORDS "/{id}", { 0 }, NULL },
	.body = body_of,
};

const struct provider provider_infomaniak = {
	.name = "infomaniak",
	.title = "Infomaniak",
	.endpoint = "https://api.infomaniak.com",
	.caps = CAP_NULL_MX,
	.limits = { .ttl_min_s = 60, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API token with the scopes domain and dns."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 60, .within_s = 60 }, { 0 } },
	.in_flight = 2,
};
