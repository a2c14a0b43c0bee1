/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/companion_print.h"

#include <string.h>

#include "app/app.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/print.h"
#include "base/banned.h"

static void print_more(const struct msg *msg)
{
	if (!msg->id)
		return;
	fputs("     ", stdout);
	print_msg(stdout, msg);
}

static void print_step(const struct companions *companions, size_t i)
{
	const struct companion *step = &companions->companion[i];
	struct msg date;
	struct str what;

	str_init(&what, 0);
	msg_format(&step->what, &translate_tongue, &what);
	print(stdout,
		step->seen == FACT_YES  ? N_("  %zu. seen: %s")
		: step->seen == FACT_NO ? N_("  %zu. to do: %s")
					: N_("  %zu. whether it is done is not known: %s"),
		i + 1, what.s);
	str_release(&what);
	companion_date_msg(companions, i, &date);
	print_more(&date);
	print_more(&step->why);
	print_more(&step->missing);
	for (const char *line = step->text ? step->text : ""; *line;) {
		size_t len = strcspn(line, "\n");

		printf("         %.*s\n", (int)len, line);
		line += len + (line[len] != '\0');
	}
	print_more(&step->wait);
}

void companions_print(const struct companions *companions)
{
	if (companions->n)
		print(stdout, N_("  What has to change together with the set, in this order:"));
	for (size_t i = 0; i < companions->n; i++)
		print_step(companions, i);
}

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
