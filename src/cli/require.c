/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --require and --ignore: what is judged, and whether it holds. One count for the text, the JSON and the exit status. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "cli/print.h"
#include "cli/whatif.h"
#include "sim/matrix/matrix.h"
#include "base/banned.h"

static const struct {
	const char *name;
	enum matrix_ignore bit;
} ignores[] = {
	{ "v4", IGNORE_V4 },
	{ "v6", IGNORE_V6 },
	{ "own-zone", IGNORE_OWN_ZONE },
	{ "own-servers", IGNORE_OWN_SERVERS },
};

#define N_IGNORES (sizeof ignores / sizeof *ignores)

bool requirement_judge(struct requirement *requirement, double bounced, double lost, double unknown)
{
	bool holds = bounced <= MATRIX_NOTHING && unknown <= MATRIX_NOTHING &&
		     (requirement->what != REQUIRE_DELIVERED || lost <= MATRIX_NOTHING);

	requirement->judged++;
	requirement->failed += !holds;
	requirement->unknown += !holds && bounced <= MATRIX_NOTHING && (requirement->what != REQUIRE_DELIVERED || lost <= MATRIX_NOTHING);
	return holds;
}

/* "v4" or "v4,own-zone" */
static bool parse_ignore(struct requirement *requirement, const char *text, struct err *err)
{
	while (true) {
		size_t len = strcspn(text, ","), i = 0;

		while (i < N_IGNORES && !(strlen(ignores[i].name) == len && memcmp(ignores[i].name, text, len) == 0))
			i++;
		if (i == N_IGNORES)
			return err_set(err, ERR_USAGE, N_("--ignore takes v4, v6, own-zone or own-servers, not \"%s\""), text);
		requirement->ignore |= ignores[i].bit;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

bool requirement_parse(struct requirement *requirement, const struct call *call, struct err *err)
{
	const char *require = call_get(call, "--require"), *text;

	if (require && strcmp(require, "all-delivered") == 0)
		requirement->what = REQUIRE_DELIVERED;
	else if (require && strcmp(require, "no-bounce") == 0)
		requirement->what = REQUIRE_NO_BOUNCE;
	else if (require)
		return err_set(err, ERR_USAGE, N_("--require takes all-delivered or no-bounce, not \"%s\""), require);
	for (size_t i = 0; (text = call_get_at(call, "--ignore", i)) != NULL; i++) {
		if (!require || !call_has(call, "--matrix"))
			return err_set(err, ERR_USAGE, N_("--ignore belongs to --require with --matrix"));
		if (!parse_ignore(requirement, text, err))
			return false;
	}
	return true;
}

static const char *what_name(const struct requirement *requirement)
{
	return requirement->what == REQUIRE_DELIVERED ? "all-delivered" : "no-bounce";
}

json_t *requirement_json(const struct requirement *requirement)
{
	json_t *ignored = json_array();

	for (size_t i = 0; i < N_IGNORES; i++)
		if (requirement->ignore & ignores[i].bit)
			json_array_append_new(ignored, json_string(ignores[i].name));
	if (requirement->what == REQUIRE_NOTHING) {
		json_decref(ignored);
		return json_null();
	}
	return json_pack("{s:s, s:o, s:b, s:I, s:I, s:I, s:I}", "what", what_name(requirement), "ignore", ignored, "holds",
		requirement->failed == 0, "judged", (json_int_t)requirement->judged, "failed", (json_int_t)requirement->failed, "unknown",
		(json_int_t)requirement->unknown, "left_out", (json_int_t)requirement->ignored);
}

void requirement_print(const struct requirement *requirement)
{
	if (requirement->what == REQUIRE_NOTHING)
		return;
	print(stdout, N_(" --require %s judged %lu states and failures, of each sender by itself; --ignore left out %lu."),
		what_name(requirement), (unsigned long)requirement->judged, (unsigned long)requirement->ignored);
	if (requirement->failed == 0)
		print(stdout, N_(" It holds."));
	else
		print(stdout, N_(" It does not hold for %lu of them; %lu of these are unknown."), (unsigned long)requirement->failed,
			(unsigned long)requirement->unknown);
}
