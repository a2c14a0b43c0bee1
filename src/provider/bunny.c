/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bunny's DNS API (https://docs.bunny.net/reference/): PUT makes a record, POST changes one, and an MX record is of type 4. Records that
 * answer differently by place, load or a monitor are left alone.
 */
#include "provider/shape.h"
#include "base/banned.h"

#define TYPE_MX 4

static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	uint32_t smart = 0, monitor = 0;

	(void)run;
	(void)value;
	(void)err;
	vendor_u32(row, "SmartRoutingType", &smart);
	vendor_u32(row, "MonitorType", &monitor);
	record->locked = smart || monitor || json_is_true(json_object_get(row, "Accelerated"));
	return true;
}

static json_t *body_of(const struct provider_run *run, const struct vendor_change *change)
{
	char name[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	return json_pack("{s:i, s:s, s:s, s:I, s:I}", "Type", TYPE_MX, "Name", vendor_relative(run, "", name), "Value",
		dname_text(&change->mx.host, host), "Ttl", (json_int_t)change->ttl_s, "Priority", (json_int_t)change->mx.preference);
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	struct str names;

	(void)run;
	str_init(&names, 0);
	str_addf(&names, "%s %s", vendor_text(row, "Nameserver1"), vendor_text(row, "Nameserver2"));
	entry->servers = str_take(&names);
	return true;
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "Message", NULL },
	.verify = { .path = "/dnszone?page=1&perPage=5", .rows = "Items" },
	.zone_list = { .path = "/dnszone?page={page}&perPage=1000", .rows = "Items", .paging = PAGE_MORE, .more = "HasMoreItems" },
	.zone_name = "Domain",
	.zone_id = "Id",
	.zone = zone_of,
	.read = { .path = "/dnszone/{zone}", .rows = "Records" },
	.read_names_zone = true,
	.row = { .id = "Id",
		.type = "Type",
		.mx = "4",
		.name = "Name",
		.ttl = "Ttl",
		.preference = "Priority",
		.target = "Value",
		.disabled = "Disabled",
		.names = NAME_RELATIVE },
	.record = record_of,
	.add = { "PUT", "/dnszone/{zone}/records", { 201 }, "" },
	.change = { "POST", "/dnszone/{zone}/records/{id}", { 204 }, NULL },
	.remove = { "DELETE", "/dnszone/{zone}/records/{id}", { 204 }, NULL },
	.body = body_of,
};

const struct provider provider_bunny = {
	.name = "bunny",
	.title = "Bunny DNS",
	.endpoint = "https://api.bunny.net",
	.caps = CAP_NULL_MX,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is the account's API key."),
	.auth = { .header = "AccessKey" },
	.step = engine_records,
	.shape = &shape,
	.in_flight = 2,
};
