/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vultr's API v2, domains and their records (https://www.vultr.com/api/): one call a record. Names are relative, "" the domain itself;
 * targets have no final dot, and come back in Unicode where they hold other letters.
 */
#include "provider/shape.h"
#include "base/banned.h"

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_t *body = json_pack("{s:s, s:s, s:I, s:I}", "name", vendor_relative(run, "", name), "data", dname_text(&change->mx.host, host),
		"priority", (json_int_t)change->mx.preference, "ttl", (json_int_t)change->ttl_s);

	if (change->verb == VENDOR_ADD)
		json_object_set_new(body, "type", json_string("MX"));
	return body;
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "error", NULL },
	.verify = { .path = "/domains?per_page=1", .rows = "domains" },
	.zone_named = { .path = "/domains/{ask}", .rows = "domain", .none_is_gone = true },
	.zone_list = { .path = "/domains?per_page=100&cursor={cursor}",
		.rows = "domains",
		.paging = PAGE_CURSOR,
		.more = "meta/links/next" },
	.zone_name = "domain",
	.read = { .path = "/domains/{zone}/records?per_page=500&cursor={cursor}",
		.rows = "records",
		.paging = PAGE_CURSOR,
		.more = "meta/links/next" },
	.rows_have_servers = true,
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.target = "data",
		.names = NAME_RELATIVE },
	.add = { "POST", "/domains/{zone}/records", { 201 }, "record" },
	.change = { "PATCH", "/domains/{zone}/records/{id}", { 204 }, NULL },
	.remove = { "DELETE", "/domains/{zone}/records/{id}", { 204 }, NULL },
	.body = body_of,
};

const struct provider provider_vultr = {
	.name = "vultr",
	.title = "Vultr",
	.endpoint = "https://api.vultr.com/v2",
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API key of a user with DNS rights; this machine's address must be on its access list."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 2, .within_s = 1 }, { 0 } },
	.in_flight = 2,
};
