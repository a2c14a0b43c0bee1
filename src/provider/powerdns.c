/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PowerDNS Authoritative Server's HTTP API v1 (https://doc.powerdns.com/authoritative/http-api/): one RRset, one
 * PATCH, one transaction. A zone is asked for by name and comes whole: the filtered read of 4.7 leaves out disabled records, so that a
 * REPLACE made from it would delete them, and shows comments of other RRsets as empty ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "provider/shape.h"
#include "base/banned.h"

#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"

/* {ask_id}: a name as the server makes a zone's id of it. */
static bool word(const struct provider_run *run, const char *name, struct str *out)
{
	char text[DNAME_TEXT_MAX];

	if (strcmp(name, "ask_id") != 0)
		return false;
	for (const char *c = dname_text_dot(&run->state->ask, text); *c; c++)
		if (strchr(PLAIN, *c))
			str_add_char(out, *c);
		else
			str_addf(out, "=%02X", (unsigned int)(unsigned char)*c);
	return true;
}

/* The id goes into the path as the server spelled it: nothing in it may lead elsewhere. A secondary takes a write (204) and loses it at
 * the next transfer. */
static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	const char *kind = vendor_text(row, "kind");

	(void)run;
	entry->copy = text_equal_fold(kind, "Slave") || text_equal_fold(kind, "Secondary") || text_equal_fold(kind, "Consumer");
	return strspn(entry->id, PLAIN "_=%~*+,!") == strlen(entry->id);
}

static bool verified(struct provider_run *run, const json_t *json, struct err *err)
{
	return !strcmp(vendor_text(json, "type"), "Server") || vendor_odd(run, err) != STEP_FAILED;
}

static void take_ns(struct provider_run *run, const json_t *rrset)
{
	const json_t *records = json_object_get(rrset, "records");
	const json_t *record;
	size_t i;

	run->n_ns = 0;
	json_array_foreach(records, i, record) if (!json_is_true(json_object_get(record, "disabled")))
		vendor_add_ns(run, vendor_text(record, "content"), &run->zone);
}

static bool page(struct provider_run *run, const json_t *json, struct err *err)
{
	const json_t *rrsets = json_object_get(json, "rrsets"), *rrset;
	uint32_t serial;
	size_t i;

	(void)err;
	if (vendor_u32(json, "serial", &serial))
		snprintf(run->have.mark, sizeof run->have.mark, "%u%s%.32s", (unsigned int)serial,
			*vendor_text(json, "soa_edit_api") ? " " : "", vendor_text(json, "soa_edit_api"));
	json_array_foreach(rrsets, i, rrset)
	{
		const char *type = vendor_text(rrset, "type");

		if (!strcmp(type, "NS") && vendor_is_name(vendor_text(rrset, "name"), &run->zone))
			take_ns(run, rrset);
		if (!strcmp(type, "SOA"))
			vendor_u32(rrset, "ttl", &run->first_ttl_s);
	}
	return true;
}

/* As the server spelled it, where it holds that record already: some of what it holds could not be written anew. */
static void add_record(const struct provider_run *run, json_t *records, const struct mx *mx, bool disabled)
{
	const char *kept = vendor_stored(run, mx);
	struct str content;
	json_t *record = json_object();

	str_init(&content, 0);
	vendor_content(&content, mx);
	json_object_set_new(record, "content", json_string(*kept && !text_equal_fold(kept, content.s) ? kept : content.s));
	json_object_set_new(record, "disabled", json_boolean(disabled));
	json_array_append_new(records, record);
	str_release(&content);
}

/* Without a "comments" member the server keeps the set's comments. */
static json_t *replacement(const struct provider_run *run)
{
	json_t *rrset = json_object(), *records = json_array();
	uint32_t ttl_s = run->want.ttl_s;
	char owner[DNAME_TEXT_MAX];

	for (size_t i = 0; i < run->want.n; i++)
		add_record(run, records, &run->want.mx[i], false);
	for (size_t i = 0; i < run->have.n; i++) {
		const struct provider_record *record = &run->have.record[i];

		if (mxset_has(&run->want, &record->mx) || (!record->disabled && !mxset_has(&run->disabled, &record->mx)))
			continue;
		add_record(run, records, &record->mx, true);
		if (!run->want.n)
			ttl_s = record->ttl_s;
	}
	json_object_set_new(rrset, "name", json_string(dname_text_dot(&run->owner, owner)));
	json_object_set_new(rrset, "type", json_string("MX"));
	if (json_array_size(records))
		json_object_set_new(rrset, "ttl", json_integer(ttl_s));
	json_object_set_new(rrset, "changetype", json_string(json_array_size(records) ? "REPLACE" : "DELETE"));
	if (json_array_size(records))
		json_object_set(rrset, "records", records);
	json_decref(records);
	return json_pack("{s:[o]}", "rrsets", rrset);
}

/* soa_edit_api (https://doc.powerdns.com/authoritative/dnsupdate.html#soa-serial-updates): DEFAULT makes the day's first
 * serial, or adds one; INCREASE adds one. The others tell no number of writes. */
static unsigned writes_between(const char *before, const char *after)
{
	const char *kind = strchr(before, ' ');
	bool dated = kind && text_equal_fold(kind + 1, "DEFAULT");

	if (!*after || (!dated && (!kind || !text_equal_fold(kind + 1, "INCREASE"))))
		return WRITES_UNKNOWN;
	return vendor_serial_writes((uint32_t)strtoul(before, NULL, 10), (uint32_t)strtoul(after, NULL, 10), dated);
}

#define SERVER "/api/v1/servers/{server}"

static const struct shape shape = {
	.word = word,
	.sentence = (const char *const[]){ "error", NULL },
	.verify = { .path = SERVER, .rows = "" },
	.verified = verified,
	.zone_named = { .path = SERVER "/zones/{raw:ask_id}", .rows = "", .none_is_gone = true },
	.zone_all = { .path = SERVER "/zones?dnssec=false", .rows = "" },
	.zone_holds_set = true,
	.zone_name = "name",
	.zone_id = "id",
	.zone = zone_of,
	.read = { .path = SERVER "/zones/{raw:zone}", .rows = "rrsets" },
	.read_names_zone = true,
	.row = { .type = "type", .name = "name", .ttl = "ttl", .values = "records", .target = "content", .disabled = "disabled" },
	.page = page,
	.replace = { "PATCH", SERVER "/zones/{raw:zone}", { 200, 204 }, NULL },
	.set_body = replacement,
};

static const struct provider_setting settings[] = {
	{ "server", "localhost", N_("the server's id in the API") },
	{ NULL, NULL, NULL },
};

const struct provider provider_powerdns = {
	.name = "powerdns",
	.title = "PowerDNS Authoritative Server",
	.endpoint = "http://127.0.0.1:8081",
	.api_path = "/api/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX | CAP_SERIAL_WRITES,
	.limits = { .ttl_max_s = MX_TTL_MAX },
	.settle_s = 2,
	.key_help = N_("The key is api-key of the server's pdns.conf; it may do everything."),
	.settings = settings,
	.auth = { .header = "X-API-Key" },
	.step = engine_rrset,
	.shape = &shape,
	.writes_between = writes_between,
	.in_flight = 8,
};
