/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Linode's (Akamai's) API v4, domains and their records (https://techdocs.akamai.com/linode-api/): one call a record. A TTL is one of a
 * list, anything else would be rounded silently; 0 is the domain's. A null MX has an empty target; it may be made only when all other MX
 * records are gone, so it would leave the name without any for a moment: it is not written.
 */
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

#define TTL_STANDARD_S 86400u /* of a domain that names none */

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = !strcmp(vendor_text(row, "type"), "slave");
	entry->note = mem_text(vendor_text(row, "status"));
	if (!entry->first_ttl_s)
		entry->first_ttl_s = TTL_STANDARD_S;
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_t *body =
		json_pack("{s:s, s:s, s:I, s:I}", "name", vendor_relative(run, "", name), "target", dname_text(&change->mx.host, host),
			"priority", (json_int_t)change->mx.preference, "ttl_sec", (json_int_t)(change->automatic ? 0 : change->ttl_s));

	if (change->verb == VENDOR_ADD)
		json_object_set_new(body, "type", json_string("MX"));
	return body;
}

static const uint32_t ttls[] = { 300, 3600, 7200, 14400, 28800, 57600, 86400, 172800, 345600, 604800, 1209600, 2419200, 0 };

static const struct shape shape = {
	.sentence = (const char *const[]){ "errors/0/reason", NULL },
	.verify = { .path = "/domains?page_size=25", .rows = "data" },
	.verified_rights = "x-oauth-scopes",
	.zone_named = { .path = "/domains?page_size=25", .rows = "data", .header = "X-Filter", .value = "{\"domain\":\"{ask}\"}" },
	.zone_list = { .path = "/domains?page_size=500&page={page}", .rows = "data", .paging = PAGE_LAST, .more = "pages" },
	.zone_name = "domain",
	.zone_id = "id",
	.zone_ttl = "ttl_sec",
	.zone = zone_of,
	.read = { .path = "/domains/{zone}/records?page_size=500&page={page}", .rows = "data", .paging = PAGE_LAST, .more = "pages" },
	.usual_servers = "ns1.linode.com ns2.linode.com ns3.linode.com ns4.linode.com ns5.linode.com",
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl_sec",
		.preference = "priority",
		.target = "target",
		.names = NAME_RELATIVE,
		.empty_is_null = true },
	.has_automatic = true,
	.add = { "POST", "/domains/{zone}/records", { 200 }, "" },
	.change = { "PUT", "/domains/{zone}/records/{id}", { 200 }, "" },
	.remove = { "DELETE", "/domains/{zone}/records/{id}", { 200 }, NULL },
	.body = body_of,
};

const struct provider provider_linode = {
	.name = "linode",
	.title = "Linode (Akamai)",
	.endpoint = "https://api.linode.com/v4",
	.limits = { .ttl_min_s = 300, .ttl_max_s = 2419200, .ttls = ttls, .preference_max = 255 },
	.settle_s = 10,
	.key_help = N_("The key is a personal access token with the scope domains:read_write."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.quota = &(const struct provider_quota){ "x-ratelimit-remaining", "x-ratelimit-reset", true },
	.in_flight = 4,
	.headers = (const char *const[]){ "x-oauth-scopes", NULL },
};
