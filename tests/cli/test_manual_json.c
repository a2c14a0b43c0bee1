/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual names every member of what commands print as JSON, and no other: as tests/golden/cli has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/help.h"

static bool named(const char *command, const char *member)
{
	for (const struct json_row *row = json_rows; row->command; row++)
		if (!strcmp(row->command, command) && !strcmp(row->member, member))
			return true;
	return false;
}

/* Members of the first object below that line. */
static size_t members(const char *file, const char *line, const char *command)
{
	const char *top = getenv("top_srcdir");
	bool below = false;
	char path[512], text[4096], member[64];
	size_t n = 0;
	FILE *golden;

	snprintf(path, sizeof(path), "%s/tests/golden/cli/%s", top ? top : ".", file);
	golden = fopen(path, "r");
	assert_non_null(golden);
	while (fgets(text, sizeof(text), golden)) {
		if (text[0] == '$') {
			if (below)
				break;
			below = !strncmp(text + 2, line, strlen(line));
		}
		if (below && sscanf(text, "  \"%63[a-z_]\":", member) == 1 && text[2] == '"') {
			if (!named(command, member))
				fail_msg("%s: %s is not in the manual", command, member);
			n++;
		}
	}
	fclose(golden);
	return n;
}

static void manual__names__every_member(void **state)
{
	static const struct {
		const char *command, *file, *line;
	} rows[] = {
		{ "show", "show", "mxladder show exempel.com $Z --json" },
		{ "check", "check", "mxladder check exempel.com $Z --json" },
		{ "simulate", "simulate", "mxladder simulate exempel.com $Z --json" },
		{ "diff", "draft", "mxladder diff plan.json $Z --json" },
		{ "push", "push", "mxladder push plan.json $Z --dry-run --read-only --json" },
		{ "verify", "push", "mxladder verify exempel.com $Z --watch 1s --json" },
		{ "history", "push", "mxladder history exempel.com --json" },
		{ "accounts", "lists", "mxladder accounts --json" },
		{ "init", "lists",
			"mxladder init --provider zonefile --account new --endpoint . --domain one.example --domain two.example --domain ONE.example. --json | sed \"s|$PWD|HERE|g\"" },
		{ "zones", "lists", "mxladder zones one --config one.config --json" },
		{ "approve", "approve", "mxladder approve plan.json --by Nils" },
		{ "audit", "audit", "mxladder audit --ordered $Z names | head -n 1 | python3 -m json.tool --indent 2" },
		{ "explain", "lists", "mxladder explain ttl --json" },
	};
	size_t listed = 0, seen = 0;

	(void)state;
	for (const struct json_row *row = json_rows; row->command; row++)
		listed++;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = members(rows[i].file, rows[i].line, rows[i].command);

		assert_true(n > 0);
		seen += n;
	}
	assert_int_equal(seen, listed);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(manual__names__every_member) };

	return cmocka_run_group_tests_name("manual_json", tests, NULL, NULL);
}
