/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DigitalOcean's API v2, domains and their records (https://docs.digitalocean.com/reference/api/): one call a record, no
 * batch, no etag. Names are relative ("@" the apex), but asked for in full; a target is written with a final dot and
 * comes back without, or as "@" when it is the zone.
 */
#include "provider/shape.h"
#include "base/banned.h"

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

static const struct shape shape = {
	.sentence = (const char *const[]){ "message", NULL },
	.verify = { .path = "/domains?per_page=1", .rows = "domains" },
	.zone_named = { .path = "/domains/{ask}", .rows = "domain", .none_is_gone = true },
	.zone_list = { .path = "/domains?per_page=200&page={page}", .rows = "domains", .paging = PAGE_LINK, .more = "links/pages/next" },
	.zone_name = "name",
	.servers = { .path = "/domains/{zone}/records?type=NS&name={zone_name}&per_page=200&page={page}",
		.rows = "domain_records",
		.paging = PAGE_LINK,
		.more = "links/pages/next" },
	.server = "data",
	.read = { .path = "/domains/{zone}/records?type=MX&name={owner}&per_page=200&page={page}",
		.rows = "domain_records",
		.paging = PAGE_LINK,
		.more = "links/pages/next" },
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.target = "data",
		.names = NAME_RELATIVE },
	.add = { "POST", "/domains/{zone}/records", { 201 }, "domain_record" },
	.change = { "PUT", "/domains/{zone}/records/{id}", { 200 }, "domain_record" },
	.remove = { "DELETE", "/domains/{zone}/records/{id}", { 204 }, NULL },
	.body = body_of,
};

const struct provider provider_digitalocean = {
	.name = "digitalocean",
	.title = "DigitalOcean",
	.endpoint = "https://api.digitalocean.com/v2",
	.limits = { .ttl_min_s = 30, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is a personal access token with the scopes domain:read, domain:create, domain:update and domain:delete."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 250, .within_s = 60 }, { .most = 5000, .within_s = 3600 }, { 0 } },
	.quota = &(const struct provider_quota){ "ratelimit-remaining", "ratelimit-reset", true },
	.in_flight = 4,
};
