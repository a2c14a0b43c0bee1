/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IONOS' hosting DNS API v1 (https://developer.hosting.ionos.com/docs/dns): a PATCH of the zone replaces all records of the names and
 * types that it holds. It cannot say "none", so an emptied set is taken away record by record.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "provider/shape.h"
#include "base/banned.h"

static bool zone_of(const struct provider_run *run, const json_t *row, struct zone_entry *entry)
{
	(void)run;
	entry->copy = strcmp(vendor_text(row, "type"), "NATIVE") != 0;
	return true;
}

static json_t *record_json(const struct provider_run *run, const struct mx *mx, bool disabled)
{
	char owner[DNAME_TEXT_MAX], host[DNAME_TEXT_MAX];

	return json_pack("{s:s, s:s, s:s, s:I, s:I, s:b}", "name", dname_text(&run->owner, owner), "type", "MX", "content",
		dname_text(&mx->host, host), "ttl", (json_int_t)run->want.ttl_s, "prio", (json_int_t)mx->preference, "disabled", disabled);
}

static json_t *set_of(const struct provider_run *run)
{
	json_t *set = json_array();

	for (size_t i = 0; i < run->want.n; i++)
		json_array_append_new(set, record_json(run, &run->want.mx[i], false));
	for (size_t i = 0; i < run->have.n; i++)
		if (run->have.record[i].disabled && !mxset_has(&run->want, &run->have.record[i].mx))
			json_array_append_new(set, record_json(run, &run->have.record[i].mx, true));
	return set;
}

/* The k-th record that is published. */
static const struct provider_record *published(const struct provider_run *run, unsigned k)
{
	for (size_t i = 0; i < run->have.n; i++)
		if (!run->have.record[i].disabled && !k--)
			return &run->have.record[i];
	return NULL;
}

static bool next(struct provider_run *run, unsigned k, struct request *request)
{
	const struct provider_record *record = published(run, k);
	struct vendor_state *state = vendor_state(run);
	char *path;

	if (run->want.n ? k > 0 : !record)
		return false;
	free(state->id);
	state->id = mem_text(run->want.n ? "" : record->id);
	path = shape_fill(run, run->want.n ? "/zones/{zone}" : "/zones/{zone}/records/{id}", false);
	shape_request(run, request, run->want.n ? "PATCH" : "DELETE", path);
	free(path);
	if (run->want.n)
		shape_body(run, request, set_of(run));
	return true;
}

static const struct shape shape = {
	.sentence = (const char *const[]){ "0/message", "0/code", NULL },
	.verify = { .path = "/zones", .rows = "" },
	.zone_list = { .path = "/zones", .rows = "" },
	.zone_name = "name",
	.zone_id = "id",
	.zone = zone_of,
	.servers = { .path = "/zones/{zone}?recordType=NS&recordName={zone_name}", .rows = "records" },
	.server = "content",
	.read = { .path = "/zones/{zone}?recordType=MX&recordName={owner}", .rows = "records" },
	.read_names_zone = true,
	.row = { .id = "id",
		.type = "type",
		.name = "name",
		.ttl = "ttl",
		.preference = "prio",
		.target = "content",
		.disabled = "disabled" },
	.next = next,
};

const struct provider provider_ionos = {
	.name = "ionos",
	.title = "IONOS",
	.endpoint = "https://api.hosting.ionos.com/dns/v1",
	.caps = CAP_ATOMIC_SET,
	.limits = { .ttl_min_s = 60, .ttl_max_s = MX_TTL_MAX },
	.settle_s = 10,
	.key_help = N_("The key is an API key as prefix.secret, one word."),
	.auth = { .header = "X-API-Key" },
	.step = engine_rrset,
	.shape = &shape,
	.in_flight = 2,
};
