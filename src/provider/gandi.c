/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gandi's LiveDNS API v5 (https://api.gandi.net/docs/livedns/): an RRset is written by one PUT. A target without final dot is
 * relative to the zone. A set written without a TTL silently gets 10800 seconds, so the TTL is always sent.
 */
#include "provider/shape.h"
#include "base/banned.h"

static json_t *set_of(const struct provider_run *run)
{
	return json_pack("{s:o, s:I}", "rrset_values", vendor_contents(run, NULL), "rrset_ttl", (json_int_t)run->want.ttl_s);
}

#define SET "/domains/{zone}/records/{at}/MX"

static const struct shape shape = {
	.sentence = (const char *const[]){ "errors/0/description", "message", "cause", NULL },
	.verify = { .path = "/domains?per_page=1[&sharing_id={sharing_id}]", .rows = "" },
	.zone_named = { .path = "/domains/{ask}[?sharing_id={sharing_id}]", .rows = "", .none_is_gone = true },
	.zone_list = { .path = "/domains?page={page}&per_page=100[&sharing_id={sharing_id}]",
		.rows = "",
		.paging = PAGE_FULL,
		.size = 100 },
	.zone_name = "fqdn",
	.servers = { .path = "/domains/{zone}/records/@/NS", .rows = "rrset_values", .none_is_gone = true },
	.read = { .path = SET, .rows = "", .none_is_gone = true },
	.row = { .type = "rrset_type",
		.name = "rrset_name",
		.ttl = "rrset_ttl",
		.values = "rrset_values",
		.names = NAME_RELATIVE,
		.targets = TARGET_DOT },
	.replace = { "PUT", SET, { 201 }, NULL },
	.clear = { "DELETE", SET, { 204 }, NULL },
	.set_body = set_of,
};

static const struct provider_setting settings[] = {
	{ "sharing_id", "", N_("only domains of this organisation") },
	{ NULL, NULL, NULL },
};

const struct provider provider_gandi = {
	.name = "gandi",
	.title = "Gandi LiveDNS",
	.endpoint = "https://api.gandi.net/v5/livedns",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX,
	.limits = { .ttl_min_s = 300, .ttl_max_s = 2592000 },
	.settle_s = 10,
	.key_help = N_("The key is a personal access token that may manage the technical configuration of the domains."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_rrset,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 1000, .within_s = 60 }, { 0 } },
	.in_flight = 4,
};
