/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Netlify's API v1, DNS zones (https://open-api.netlify.com/): a record can be made and deleted, not changed. Records that Netlify
 * manages are left alone. A zone is asked for by its name with low lines for dots. Any list may come in pages of 100.
 */
#include <string.h>

#include "provider/shape.h"
#include "base/banned.h"

/* {ask_low}. The answer tells the name itself. */
static bool word(const struct provider_run *run, const char *name, struct str *out)
{
	char text[DNAME_TEXT_MAX];

	if (strcmp(name, "ask_low") != 0)
		return false;
	for (const char *c = dname_text(&run->state->ask, text); *c; c++)
		str_add_char(out, *c == '.' ? '_' : *c);
	return true;
}

static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	(void)run;
	(void)value;
	(void)err;
	record->locked = json_is_true(json_object_get(row, "managed"));
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char owner[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	return json_pack("{s:s, s:s, s:s, s:I, s:I}", "type", "MX", "hostname", dname_text(&run->owner, owner), "value",
		dname_text(&change->mx.host, host), "ttl", (json_int_t)change->ttl_s, "priority", (json_int_t)change->mx.preference);
}

static const struct shape shape = {
	.word = word,
	.sentence = (const char *const[]){ "errors/value/0", "errors/ttl/0", "message", NULL },
	.verify = { .path = "/dns_zones?per_page=1", .rows = "" },
	.zone_named = { .path = "/dns_zones/{ask_low}", .rows = "", .none_is_gone = true },
	.zone_list = { .path = "/dns_zones?page={page}&per_page=100", .rows = "", .paging = PAGE_FULL, .size = 100 },
	.zone_name = "name",
	.zone_id = "id",
	.zone_servers = "dns_servers",
	.read = { .path = "/dns_zones/{zone}/dns_records", .rows = "", .paging = PAGE_HEADER },
	.row = { .id = "id", .type = "type", .name = "hostname", .ttl = "ttl", .preference = "priority", .target = "value" },
	.record = record_of,
	.add = { "POST", "/dns_zones/{zone}/dns_records", { 201 }, "" },
	.remove = { "DELETE", "/dns_zones/{zone}/dns_records/{id}", { 204 }, NULL },
	.body = body_of,
};

const struct provider provider_netlify = {
	.name = "netlify",
	.title = "Netlify",
	.endpoint = "https://api.netlify.com/api/v1",
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is a personal access token."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_records,
	.shape = &shape,
	.in_flight = 2,
};
