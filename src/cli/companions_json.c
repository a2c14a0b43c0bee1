/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/companions_json.h"

#include "app/app.h"
#include "cli/print.h"
#include "base/banned.h"

static json_t *step_json(const struct companion *step)
{
	json_t *seen = step->seen == FACT_UNKNOWN ? json_null() : json_boolean(step->seen == FACT_YES);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", step->id, "when", companion_when_name(step->when),
		"seen", seen, "what", json_msg(&step->what), "why", json_msg(&step->why), "text",
		step->text ? json_string(step->text) : json_null(), "missing", json_msg(&step->missing), "wait",
		step->wait_known ? json_integer(step->wait_s) : json_null(), "wait_for", json_msg(&step->wait), "not_before",
		app_time_json(step->not_before));
}

json_t *companions_json(const struct companions *companions)
{
	json_t *list = json_array();

	for (size_t i = 0; i < companions->n; i++)
		json_array_append_new(list, step_json(&companions->companion[i]));
	return list;
}
