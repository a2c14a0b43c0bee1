/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scaleway's Domains and DNS API v2beta1 (https://www.scaleway.com/en/developers/api/domains-and-dns/): one PATCH sets all records of
 * a name and type. A zone is a domain with a subdomain before it, if any. Records keep their comments; those that answer differently by
 * place, weight, service or view are left alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

/* "domain not found", with a status that elsewhere means the key. */
static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);

	if (reply->http->status == 403 && !strcmp(vendor_text(json, "message"), "domain not found"))
		verdict->meaning = MEANING_GONE;
	json_decref(json);
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const char *below = vendor_text(row, "subdomain");
	struct str text;

	(void)run;
	if (!*below)
		return true;
	str_init(&text, 0);
	str_addf(&text, "%s.%s", below, entry->name);
	free(entry->name);
	free(entry->id);
	entry->name = mem_text(text.s);
	entry->id = str_take(&text);
	return true;
}

/* `stored` keeps the comment, which has to be given back. */
static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	static const char *const policies[] = { "geo_ip_config", "http_service_config", "weighted_config", "view_config" };

	(void)value;
	for (size_t i = 0; i < sizeof policies / sizeof *policies; i++)
		record->locked |= json_is_object(json_object_get(row, policies[i]));
	return vendor_store(run, row, "comment", record, err);
}

static json_t *record_json(const struct provider_run *run, const struct mx *mx, const char *name)
{
	const char *comment = vendor_stored(run, mx);
	char host[DNAME_TEXT_MAX];
	json_t *json = json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", name, "type", "MX", "data", dname_text_dot(&mx->host, host),
		"priority", (json_int_t)mx->preference, "ttl", (json_int_t)run->want.ttl_s);

	if (*comment)
		json_object_set_new(json, "comment", json_string(comment));
	return json;
}

static json_t *set_of(const struct provider_run *run)
{
	char text[DNAME_TEXT_MAX];
	const char *name = vendor_relative(run, "", text);
	json_t *change = json_pack("{s:{s:s, s:s}}", "id_fields", "name", name, "type", "MX"), *records = json_array();

	for (size_t i = 0; i < run->want.n; i++)
		json_array_append_new(records, record_json(run, &run->want.mx[i], name));
	if (run->want.n)
		json_object_set(change, "records", records);
	json_decref(records);
	return json_pack("{s:b, s:b, s:[{s:o}]}", "return_all_records", 0, "disallow_new_zone_creation", 1, "changes",
		run->want.n ? "set" : "delete", change);
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "fields/records/0", "message", NULL },
	.verify = { .path = "/dns-zones?page_size=1", .rows = "dns_zones" },
	.zone_list = { .path = "/dns-zones?page={page}&page_size=100[&project_id={project_id}]",
		.rows = "dns_zones",
		.paging = PAGE_TOTAL,
		.more = "total_count" },
	.zone_name = "domain",
	.zone_servers = "ns",
	.zone = zone_of,
	.read = { .path = "/dns-zones/{zone}/records?name={relative}&type=MX&page={page}&page_size=100",
		.rows = "records",
		.paging = PAGE_TOTAL,
		.more = "total_count" },
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "priority",
		.target = "data",
		.names = NAME_RELATIVE,
		.targets = TARGET_DOT },
	.record = record_of,
	.replace = { "PATCH", "/dns-zones/{zone}/records", { 200 }, NULL },
	.set_body = set_of,
};

static const struct provider_setting settings[] = {
	{ "project_id", "", N_("only zones of this project") },
	{ NULL, NULL, NULL },
};

const struct provider provider_scaleway = {
	.name = "scaleway",
	.title = "Scaleway",
	.endpoint = "https://api.scaleway.com/domain/v2beta1",
	.caps = CAP_ATOMIC_SET,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is the secret key of an API key with the permission set DomainsDNSFullAccess."),
	.settings = settings,
	.auth = { .header = "X-Auth-Token" },
	.step = engine_rrset,
	.shape = &shape,
	.judge = judge,
	.in_flight = 2,
};
