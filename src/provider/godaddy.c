/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GoDaddy's Domains API v1 (https://developer.godaddy.com/doc/endpoint/domains): the records of a name and type are written by one PUT;
 * a PUT of none is ignored, so the last ones are taken away by DELETE. A domain is looked for by its name server records: what the API
 * tells of the domain itself holds its owner's contacts and its transfer code.
 */
#include "provider/shape.h"
#include "base/banned.h"

static json_t *set_of(const struct provider_run *run)
{
	char at[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];
	json_t *set = json_array();

	dname_relative(&run->owner, &run->zone, at);
	for (size_t i = 0; i < run->want.n; i++)
		json_array_append_new(set,
			json_pack("{s:s, s:s, s:s, s:I, s:I}", "type", "MX", "name", at, "data", dname_text(&run->want.mx[i].host, host),
				"priority", (json_int_t)run->want.mx[i].preference, "ttl", (json_int_t)run->want.ttl_s));
	return set;
}

#define SET "/v1/domains/{zone}/records/MX/{at}"

static const struct shape shape = {
	.sentence = (const char *const[]){ "fields/0/message", "message", "code", NULL },
	.verify = { .path = "/v1/domains?limit=1", .rows = "" },
	.zone_named = { .path = "/v1/domains/{ask}/records/NS/@", .rows = "", .none_is_gone = true },
	.named_is_zone = true,
	.rows_have_servers = true,
	.read = { .path = SET, .rows = "" },
	.row = { .type = "type", .name = "name", .ttl = "ttl", .preference = "priority", .target = "data", .names = NAME_RELATIVE },
	.replace = { "PUT", SET, { 200 }, NULL },
	.clear = { "DELETE", SET, { 204 }, NULL },
	.set_body = set_of,
};

static const struct provider_setting settings[] = {
	{ "api_key", NULL, N_("the API key that the secret belongs to") },
	{ NULL, NULL, NULL },
};

const struct provider provider_godaddy = {
	.name = "godaddy",
	.title = "GoDaddy",
	.endpoint = "https://api.godaddy.com",
	.caps = CAP_ATOMIC_SET,
	.limits = { .ttl_min_s = 600, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is the secret of a production API key; GoDaddy gives DNS rights only to accounts with several domains."),
	.settings = settings,
	.auth = { .header = "Authorization", .prefix = "sso-key ", .user = "api_key" },
	.step = engine_rrset,
	.shape = &shape,
	.pace = (const struct provider_pace[]){ { .most = 60, .within_s = 60 }, { 0 } },
	.in_flight = 2,
};
