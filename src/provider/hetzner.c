/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hetzner's Cloud API v1, zones and RRsets (https://docs.hetzner.cloud/): the records of a set and its TTL are changed by two calls.
 * Each starts an action, which is waited for before the next. A TTL of null is the zone's. Records keep their comments.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

static void judge(const struct reply *reply, struct verdict *verdict)
{
	json_t *json = vendor_tree(reply);
	const char *code = vendor_text(json_object_get(json, "error"), "code");

	if (!strcmp(code, "conflict") || !strcmp(code, "locked"))
		verdict->meaning = MEANING_BUSY;
	else if (!strcmp(code, "rate_limit_exceeded"))
		verdict->meaning = MEANING_THROTTLED;
	else if (!strcmp(code, "uniqueness_error"))
		verdict->meaning = MEANING_STALE;
	else if (!strcmp(code, "protected") || !strcmp(code, "incorrect_zone_mode") || !strcmp(code, "resource_locked"))
		verdict->meaning = MEANING_REFUSED;
	json_decref(json);
}

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = !strcmp(vendor_text(row, "mode"), "secondary");
	entry->note = mem_text(vendor_text(row, "status"));
	return true;
}

/* `stored` keeps the comment, which has to be given back. */
static bool record_of(struct provider_run *run, const json_t *row, const json_t *value, struct provider_record *record, struct err *err)
{
	record->locked = json_is_true(shape_at(row, "protection/change"));
	return vendor_store(run, value, "comment", record, err);
}

static json_t *records_of(const struct provider_run *run)
{
	json_t *records = vendor_contents(run, "value");

	for (size_t i = 0; i < run->want.n; i++) {
		const char *comment = vendor_stored(run, &run->want.mx[i]);

		if (*comment)
			json_object_set_new(json_array_get(records, i), "comment", json_string(comment));
	}
	return records;
}

static json_t *ttl_of(const struct provider_run *run)
{
	return run->automatic ? json_null() : json_integer(run->want.ttl_s);
}

static bool has_records(const struct provider_run *run)
{
	struct mxset now;
	bool same;

	mxset_init(&now);
	provider_set_published(&run->have, &now);
	same = mxset_same_records(&now, &run->want);
	mxset_release(&now);
	return same;
}

static bool has_ttl(const struct provider_run *run)
{
	const struct provider_record *first = run->have.record;

	return run->automatic ? first->automatic : !first->automatic && first->ttl_s == run->want.ttl_s;
}

#define SETS "/zones/{zone}/rrsets"
#define SET SETS "/{at}/MX"

static void call(const struct provider_run *run, struct request *request, const char *pattern, json_t *body)
{
	char *path = shape_fill(run, pattern, false);

	shape_request(run, request, body ? "POST" : "DELETE", path);
	free(path);
	if (body)
		shape_body(run, request, body);
}

static void change_ttl(const struct provider_run *run, struct request *request)
{
	char owner[DNAME_TEXT_MAX];

	call(run, request, SET "/actions/change_ttl", json_pack("{s:o}", "ttl", ttl_of(run)));
	msg_set(&request->title, N_("give the MX set of %s the TTL %u"), dname_text(&run->owner, owner), (unsigned int)run->want.ttl_s);
}

static bool next(struct provider_run *run, unsigned k, struct request *request)
{
	char at[DNAME_TEXT_MAX];
	bool records = !has_records(run);

	if (!run->have.n) {
		call(run, request, SETS,
			json_pack("{s:s, s:s, s:o, s:o}", "name", dname_relative(&run->owner, &run->zone, at), "type", "MX", "ttl",
				ttl_of(run), "records", records_of(run)));
		return k == 0;
	}
	if (!run->want.n) {
		call(run, request, SET, NULL);
		return k == 0;
	}
	if (records && k == 0)
		call(run, request, SET "/actions/set_records", json_pack("{s:o}", "records", records_of(run)));
	else
		change_ttl(run, request);
	return k < (unsigned)records + (unsigned)!has_ttl(run);
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "error/message", NULL },
	.verify = { .path = "/zones?per_page=1", .rows = "zones" },
	.zone_named = { .path = "/zones/{ask}", .rows = "zone", .none_is_gone = true },
	.zone_list = { .path = "/zones?per_page=50&page={page}",
		.rows = "zones",
		.paging = PAGE_LAST,
		.more = "meta/pagination/last_page" },
	.zone_name = "name",
	.zone_id = "id",
	.zone_ttl = "ttl",
	.zone_servers = "authoritative_nameservers/assigned",
	.zone = zone_of,
	.read = { .path = SET, .rows = "rrset", .none_is_gone = true },
	.row = { .type = "type",
		.name = "name",
		.ttl = "ttl",
		.values = "records",
		.target = "value",
		.names = NAME_RELATIVE,
		.targets = TARGET_DOT },
	.record = record_of,
	.has_automatic = true,
	.next = next,
	.wait = { .id = "action/id",
		.path = "/zones/actions/{operation}",
		.state = "action/status",
		.done = "success",
		.failed = "error",
		.reason = "action/error/message",
		.every_ms = 1000 },
};

const struct provider provider_hetzner = {
	.name = "hetzner",
	.title = "Hetzner DNS",
	.endpoint = "https://api.hetzner.cloud/v1",
	.caps = CAP_ATOMIC_SET | CAP_NULL_MX,
	.limits = { .ttl_min_s = 60, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API token of the project, with Read & Write."),
	.auth = { .header = "Authorization", .prefix = "Bearer " },
	.step = engine_rrset,
	.shape = &shape,
	.judge = judge,
	.pace = (const struct provider_pace[]){ { .most = 3600, .within_s = 3600 }, { 0 } },
	.quota = &(const struct provider_quota){ "ratelimit-remaining", "ratelimit-reset", true },
	.in_flight = 4,
};
