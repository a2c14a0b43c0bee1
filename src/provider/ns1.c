/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IBM NS1 Connect's API v1 (https://ns1.com/api): PUT makes a record set, POST changes one. An answer is a list of fields, numbers among
 * them as texts or not. A set with filters, regions or metadata is a traffic policy, and one with a link another's set: both are left
 * alone. So is a zone with a link.
 */
#include <stdio.h>

#include "provider/shape.h"
#include "base/banned.h"

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = json_is_true(shape_at(row, "secondary/enabled"));
	entry->linked = *vendor_text(row, "link");
	return true;
}

static bool is_empty(const json_t *json)
{
	return !json_array_size(json) && !json_object_size(json) && !json_is_string(json);
}

static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	(void)run;
	(void)err;
	record->locked = !is_empty(json_object_get(row, "filters")) || !is_empty(json_object_get(row, "meta")) ||
			 !is_empty(json_object_get(row, "regions")) || !is_empty(json_object_get(row, "link")) ||
			 !is_empty(json_object_get(value, "meta")) || !is_empty(json_object_get(value, "feeds"));
	return true;
}

static json_t *set_of(const struct provider_run *run)
{
	char zone[DNAME_TEXT_MAX], owner[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX], preference[16];
	json_t *answers = json_array(), *set;

	for (size_t i = 0; i < run->want.n; i++) {
		snprintf(preference, sizeof preference, "%u", (unsigned int)run->want.mx[i].preference);
		json_array_append_new(answers, json_pack("{s:[s, s]}", "answer", preference, dname_text_dot(&run->want.mx[i].host, host)));
	}
	set = json_pack("{s:s, s:s, s:s, s:I, s:o}", "zone", dname_text(&run->zone, zone), "domain", dname_text(&run->owner, owner), "type",
		"MX", "ttl", (json_int_t)run->want.ttl_s, "answers", answers);
	if (!run->have.n)
		json_object_set_new(set, "filters", json_array());
	return set;
}

#define SET "/zones/{zone}/{owner}/MX"

static const struct shape shape = {
	.sentence = (const char *const[]){ "message", NULL },
	.verify = { .path = "/zones", .rows = "" },
	.zone_named = { .path = "/zones/{ask}?records=false", .rows = "", .none_is_gone = true },
	.zone_list = { .path = "/zones", .rows = "", .paging = PAGE_HEADER },
	.zone_name = "zone",
	.zone_ttl = "ttl",
	.zone_servers = "dns_servers",
	.zone = zone_of,
	.read = { .path = SET, .rows = "", .none_is_gone = true },
	.row = { .type = "type", .name = "domain", .ttl = "ttl", .values = "answers", .preference = "answer/0", .target = "answer/1" },
	.record = record_of,
	.create = { "PUT", SET, { 200 }, NULL },
	.replace = { "POST", SET, { 200 }, NULL },
	.clear = { "DELETE", SET, { 200 }, NULL },
	.set_body = set_of,
};

const struct provider provider_ns1 = {
	.name = "ns1",
	.title = "IBM NS1 Connect",
	.endpoint = "https://api.nsone.net/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API key that may view and manage zones and records."),
	.auth = { .header = "X-NSONE-Key" },
	.step = engine_rrset,
	.shape = &shape,
	.in_flight = 4,
};
