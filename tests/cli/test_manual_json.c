/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual names every member of what commands print as JSON, and no other of the first rank: as tests/golden/cli has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/help.h"
#include "sim/sender/sender.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz_0123456789"

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
		{ "check", "check", "mxladder check brings.json $Z --json" },
		{ "simulate", "simulate", "mxladder simulate exempel.com $Z --json" },
		{ "draft", "draft", "mxladder draft exempel.com ttl 12h30m $Z" },
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
		listed += !strchr(row->member, '.');
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = members(rows[i].file, rows[i].line, rows[i].command);

		assert_true(n > 0);
		seen += n;
	}
	assert_int_equal(seen, listed);
}

/* A whole word of the text. */
static bool says(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if ((at == text || !strchr(NAME_LETTERS, at[-1])) && (!at[len] || !strchr(NAME_LETTERS, at[len])))
			return true;
	return false;
}

/* In what the manual says of the command; of show and push too, where it says "as of" these. */
static bool told(const char *command, const char *member)
{
	for (const struct json_row *row = json_rows; row->command; row++)
		if ((!strcmp(row->command, command) || !strcmp(row->command, "show") || !strcmp(row->command, "push") ||
			    !strcmp(row->command, "draft")) &&
			(says(row->member, member) || says(row->help, member)))
			return true;
	return false;
}

static size_t deep(const char *file, const char *command)
{
	const char *top = getenv("top_srcdir");
	char path[512], text[4096], member[64], called[64] = "";
	size_t n = 0;
	int end;
	FILE *golden;

	snprintf(path, sizeof(path), "%s/tests/golden/cli/%s", top ? top : ".", file);
	golden = fopen(path, "r");
	assert_non_null(golden);
	while (fgets(text, sizeof(text), golden)) {
		if (text[0] == '$' && sscanf(text, "$ mxladder %63[a-z]", called) != 1)
			called[0] = '\0';
		end = 0;
		if (text[0] != ' ' || strcmp(called, command) != 0 || sscanf(text, " \"%63[a-z_0-9]\":%n", member, &end) != 1 || !end ||
			sender_find(member))
			continue;
		if (!told(command, member))
			fail_msg("%s: %s is not in the manual", command, member);
		n++;
	}
	fclose(golden);
	return n;
}

static void manual__names__what_lies_deeper(void **state)
{
	static const struct {
		const char *command, *file;
	} rows[] = {
		{ "show", "show" },
		{ "check", "check" },
		{ "simulate", "simulate" },
		{ "simulate", "outage" },
		{ "simulate", "matrix" },
		{ "simulate", "cutover" },
		{ "simulate", "edges" },
		{ "draft", "draft" },
		{ "diff", "draft" },
		{ "push", "push" },
		{ "verify", "push" },
		{ "history", "push" },
		{ "accounts", "lists" },
		{ "zones", "lists" },
		{ "audit", "audit" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_true(deep(rows[i].file, rows[i].command) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(manual__names__every_member),
		cmocka_unit_test(manual__names__what_lies_deeper),
	};

	return cmocka_run_group_tests_name("manual_json", tests, NULL, NULL);
}
