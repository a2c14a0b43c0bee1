/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * deSEC's API v1 (https://desec.readthedocs.io/): the server finds the zone that a name lies in, and tells the least TTL of each
 * zone. A PUT of a list with one RRset makes or replaces that set, and signs once. There the zone itself is "", in paths "@".
 */
#include "provider/shape.h"
#include "base/banned.h"

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	return vendor_u32(row, "minimum_ttl", &entry->limits.ttl_min_s);
}

static json_t *set_of(const struct provider_run *run)
{
	char text[DNAME_TEXT_MAX];

	return json_pack("[{s:s, s:s, s:I, s:o}]", "subname", vendor_relative(run, "", text), "type", "MX", "ttl",
		(json_int_t)run->want.ttl_s, "records", vendor_contents(run, NULL));
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "detail", "0/detail", "0/ttl/0", "0/records/0", "0/subname/0", "0/non_field_errors/0",
		"non_field_errors/0", NULL },
	.verify = { .path = "/domains/?owns_qname=desec.invalid", .rows = "" },
	.zone_named = { .path = "/domains/?owns_qname={ask}", .rows = "" },
	.one_asks = true,
	/* More than 500 zones come only by pages, which an empty cursor asks for. */
	.zone_list = { .path = "/domains/?cursor=", .rows = "", .paging = PAGE_HEADER },
	.zone_name = "name",
	.zone = zone_of,
	.servers = { .path = "/domains/{zone}/rrsets/@/NS/", .rows = "records", .none_is_gone = true },
	.read = { .path = "/domains/{zone}/rrsets/{at}/MX/", .rows = "", .none_is_gone = true },
	.row = { .type = "type", .name = "name", .ttl = "ttl", .values = "records", .targets = TARGET_DOT },
	.replace = { "PUT", "/domains/{zone}/rrsets/", { 200 }, NULL },
	.clear = { "DELETE", "/domains/{zone}/rrsets/{at}/MX/", { 204 }, NULL },
	.set_body = set_of,
};

const struct provider provider_desec = {
	.name = "desec",
	.title = "deSEC",
	.endpoint = "https://desec.io/api/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX,
	.limits = { .ttl_max_s = 86400, .records_max = 4091 },
	.settle_s = 10,
	.key_help = N_("The key is a token; where it has policies, one of them must allow writing the domain's MX records."),
	.auth = { .header = "Authorization", .prefix = "Token " },
	.step = engine_rrset,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 2, .within_s = 1, .writes = true, .zone = true },
		{ .most = 15, .within_s = 60, .writes = true, .zone = true },
		{ .most = 100, .within_s = 3600, .writes = true, .zone = true },
		{ .most = 300, .within_s = 86400, .writes = true, .zone = true }, { .most = 10, .within_s = 1 },
		{ .most = 50, .within_s = 60 }, { .most = 2000, .within_s = 86400 }, { 0 } },
	.in_flight = 2,
};
