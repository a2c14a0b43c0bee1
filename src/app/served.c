/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of app/watch.h as values. */
#include "app/watch.h"

#include <stdlib.h>

#include "app/app.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/banned.h"

void served_release(struct served *served)
{
	free(served->row);
	*served = (struct served){ 0 };
}

struct served_row *served_add(struct served *served, const struct dname *name, const struct dns_endpoint *at)
{
	struct served_row *row;

	served->row = mem_grow(served->row, served->n, &served->cap, sizeof(*served->row));
	row = &served->row[served->n++];
	*row = (struct served_row){ .at = *at };
	if (name)
		row->name = *name;
	return row;
}

bool served_can_be_asked(const struct served_row *row)
{
	return row->at.addr.family && !row->no_route;
}

bool served_is_settled(const struct served *served)
{
	for (size_t i = 0; i < served->n; i++)
		if (served_can_be_asked(&served->row[i]) && !seen_is_enough(&served->row[i].seen))
			return false;
	return true;
}

/* Does an address of row i's server give the set for good? */
static bool is_served_by(const struct served *served, size_t i)
{
	for (size_t k = 0; k < served->n; k++)
		if ((k == i || (served->row[i].name.len && dname_equal(&served->row[k].name, &served->row[i].name))) &&
			seen_is_enough(&served->row[k].seen))
			return true;
	return false;
}

void served_judge(struct served *served)
{
	served->by_all = served->n > 0 && served_is_settled(served);
	served->changed_at = 0;
	for (size_t i = 0; i < served->n && served->by_all; i++)
		served->by_all = is_served_by(served, i);
	for (size_t i = 0; i < served->n && served->by_all; i++)
		if (served->row[i].seen.since > served->changed_at)
			served->changed_at = served->row[i].seen.since;
	served->everywhere = served->by_all && served->others != OTHERS_UNKNOWN;
}

const char *served_row_text(const struct served_row *row)
{
	if (row->state == SERVER_ANSWERS && !row->seen.matches)
		return N_("has another set");
	if (row->state == SERVER_ANSWERS)
		return seen_is_enough(&row->seen) ? N_("has the new set") : N_("has the new set, seen once so far");
	if (row->state == SERVER_PENDING)
		return N_("asking");
	if (row->state == SERVER_NOT_ASKED && row->name.len && !row->at.addr.family)
		return N_("not asked: its address could not be looked up");
	return server_state_text(row->state);
}

const char *served_others_name(const struct served *served)
{
	return served->others == OTHERS_UNASKED ? NULL : served->others == OTHERS_NONE ? "none" : "unknown";
}

static const char *state_name(enum server_state state)
{
	return state == SERVER_NOT_ASKED || state == SERVER_PENDING ? "not_asked" : server_state_name(state);
}

json_t *served_to_json(const struct served *served)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < served->n; i++) {
		const struct served_row *row = &served->row[i];
		char name[DNAME_TEXT_MAX], addr[ADDR_TEXT_MAX];

		json_array_append_new(rows, json_pack("{s:o, s:o, s:i, s:s, s:o, s:o, s:i, s:o}", "server",
						    row->name.len ? json_string(dname_text(&row->name, name)) : json_null(), "address",
						    row->at.addr.family ? json_string(addr_text(&row->at.addr, addr)) : json_null(), "port",
						    row->at.port ? (int)row->at.port : 53, "state", state_name(row->state), "matches",
						    row->state == SERVER_ANSWERS ? json_boolean(row->seen.matches) : json_null(), "serial",
						    row->has_serial ? json_integer(row->serial) : json_null(), "seen", (int)row->seen.times,
						    "since", app_time_json(row->seen.since)));
	}
	return rows;
}

json_t *drain_to_json(const struct drain *drain)
{
	return json_pack("{s:o, s:b, s:b, s:o}", "hold_s", drain->known ? json_integer(drain->hold_s) : json_null(), "negative",
		(int)drain->negative, "assumed", (int)drain->assumed, "earlier_until", app_time_json(drain->until));
}

bool drain_from_json(struct drain *drain, const json_t *value)
{
	const json_t *hold = json_object_get(value, "hold_s");
	json_int_t seconds = json_integer_value(hold);
	const char *until = json_string_value(json_object_get(value, "earlier_until"));
	int64_t at;

	if (!hold || seconds < 0 || seconds > MX_TTL_MAX)
		return false;
	*drain = (struct drain){ .known = json_is_integer(hold),
		.negative = json_is_true(json_object_get(value, "negative")),
		.assumed = json_is_true(json_object_get(value, "assumed")),
		.hold_s = (uint32_t)seconds,
		.until = until && text_parse_time(until, &at) ? at : 0 };
	return true;
}
