/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define WORDS 16

struct line {
	char *copy, *argv[WORDS];
	int argc;
};

/* Words parted by blanks; "mxladder" is put in front. */
static void line_open(struct line *line, const char *text)
{
	char *save = NULL, *word;

	line->copy = strdup(text);
	assert_non_null(line->copy);
	line->argv[0] = line->copy;
	line->argc = 1;
	for (word = strtok_r(line->copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		line->argv[line->argc++] = word;
}

static const struct {
	const char *line, *command, *operands; /* operands joined by blanks */
	const char *option, *value;            /* one that must be there, or NULL */
} good[] = {
	{ "show exempel.com", "show", "exempel.com", NULL, NULL },
	{ "--json show exempel.com", "show", "exempel.com", "--json", "" },
	{ "show exempel.com --json", "show", "exempel.com", "--json", "" },
	{ "--resolver 127.0.0.1 show exempel.com", "show", "exempel.com", "--resolver", "127.0.0.1" },
	{ "show --resolver=127.0.0.1:53 exempel.com", "show", "exempel.com", "--resolver", "127.0.0.1:53" },
	{ "draft exempel.com add 30 mx, ttl 1h -o p.json", "draft", "exempel.com add 30 mx, ttl 1h", "--output", "p.json" },
	{ "draft exempel.com remove . --output p.json", "draft", "exempel.com remove .", "--output", "p.json" },
	{ "exempel.com", "mxladder", "exempel.com", NULL, NULL },
	{ "", "mxladder", "", NULL, NULL },
	{ "--demo", "mxladder", "", "--demo", "" },
	{ "show --demo", "show", "", "--demo", "" },
	{ "--help", "mxladder", "", "--help", "" },
	{ "show --help", "show", "", "--help", "" },
	{ "push plan.json --server 127.0.0.1 --server ::1", "push", "plan.json", "--server", "::1" },
	{ "push plan.json --override target-cname=so", "push", "plan.json", "--override", "target-cname=so" },
	{ "show -- exempel.com", "show", "exempel.com", NULL, NULL },
	{ "check - --fail-on warning", "check", "-", "--fail-on", "warning" },
	{ "rollback exempel.com 2026", "rollback", "exempel.com 2026", NULL, NULL },
	{ "-- exempel.com", "mxladder", "exempel.com", NULL, NULL },
	{ "-- show", "mxladder", "show", NULL, NULL },
	{ "show -- -x", "show", "-x", NULL, NULL },
	{ "show exempel.com --zone=a=b", "show", "exempel.com", "--zone", "a=b" },
	{ "show exempel.com --zone=", "show", "exempel.com", "--zone", "" },
	{ "show exempel.com --zone --json", "show", "exempel.com", "--zone", "--json" },
	{ "-V show", "show", "", "--version", "" },
	{ "-h", "mxladder", "", "--help", "" },
	{ "--zone a --json show exempel.com", "show", "exempel.com", "--zone", "a" },
	{ "draft exempel.com -o p.json", "draft", "exempel.com", "--output", "p.json" },
	{ "::1", "mxladder", "::1", NULL, NULL },
};

static void joined(const struct call *call, char *out, size_t max)
{
	out[0] = '\0';
	for (size_t i = 0; i < call->n; i++) {
		size_t len = strlen(out);

		assert_true(len + strlen(call->operand[i]) + 2 < max);
		if (i)
			out[len++] = ' ';
		memcpy(out + len, call->operand[i], strlen(call->operand[i]) + 1);
	}
}

static void call_parse__good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct line line;
		struct call call;
		struct err err = { 0 };
		char operands[200];

		line_open(&line, good[i].line);
		if (!call_parse(&call, line.argc, line.argv, &err))
			fail_msg("\"%s\" is refused", good[i].line);
		assert_string_equal(call.command->name, good[i].command);
		joined(&call, operands, sizeof(operands));
		assert_string_equal(operands, good[i].operands);
		if (good[i].option) {
			assert_non_null(call_get(&call, good[i].option));
			assert_string_equal(call_get(&call, good[i].option), good[i].value);
		}
		call_release(&call);
		free(line.copy);
	}
}

static const struct {
	const char *line, *message, *hint; /* ids */
} bad[] = {
	{ "shwo exempel.com", "there is no command \"%s\"", "Did you mean %s?" },
	{ "chek exempel.com", "there is no command \"%s\"", "Did you mean %s?" },
	{ "approvexx x", "there is no command \"%s\"", "Did you mean %s?" },
	{ "approvexxx x", "there is no command \"%s\"", "mxladder --help shows the commands." },
	{ "--nonsense", "there is no option %s here", "mxladder --help shows the options." },
	{ "-", "there is no command \"%s\"", "mxladder --help shows the commands." },
	{ "draft exempel.com add -o", "%s needs a value: %s", NULL },
	{ "show exempel.com --zones a", "there is no option %s here", "mxladder %s --help shows the options." },
	{ "show exempel.com --zon a", "there is no option %s here", "mxladder %s --help shows the options." },
	{ "frobnicate", "there is no command \"%s\"", "mxladder --help shows the commands." },
	{ "exempel.com exempel.net", "there is no command \"%s\"", "mxladder --help shows the commands." },
	{ "show", "%s needs more: %s", "mxladder %s --help shows how." },
	{ "show a.se b.se", "%s is too much for %s", "mxladder %s --help shows how." },
	{ "show exempel.com --colour", "there is no option %s here", "mxladder %s --help shows the options." },
	{ "show exempel.com -x", "there is no option %s here", "mxladder %s --help shows the options." },
	{ "show exempel.com --resolver", "%s needs a value: %s", NULL },
	{ "show exempel.com --json=1", "%s takes no value", NULL },
	{ "show exempel.com --dry-run", "there is no option %s here", "mxladder %s --help shows the options." },
};

static void call_parse__bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct line line;
		struct call call;
		struct err err = { 0 };

		line_open(&line, bad[i].line);
		if (call_parse(&call, line.argc, line.argv, &err))
			fail_msg("\"%s\" is taken", bad[i].line);
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.what.id, bad[i].message);
		assert_true((err.hint.id == NULL) == (bad[i].hint == NULL));
		if (bad[i].hint)
			assert_string_equal(err.hint.id, bad[i].hint);
		call_release(&call);
		free(line.copy);
	}
}

static void call_get_at__repeated(void **state)
{
	struct line line;
	struct call call;

	(void)state;
	line_open(&line, "show exempel.com --zone a --json --zone b");
	assert_true(call_parse(&call, line.argc, line.argv, NULL));
	assert_string_equal(call_get_at(&call, "--zone", 0), "a");
	assert_string_equal(call_get_at(&call, "--zone", 1), "b");
	assert_null(call_get_at(&call, "--zone", 2));
	assert_string_equal(call_get(&call, "--zone"), "b");
	assert_false(call_has(&call, "--ascii"));
	call_release(&call);
	free(line.copy);
}

/* The letters of those options that have one. */
static char letter_of(const char *name)
{
	return !strcmp(name, "--help") ? 'h' : !strcmp(name, "--version") ? 'V' : !strcmp(name, "--output") ? 'o' : '\0';
}

static void check_options(const struct option_row *rows)
{
	for (; rows && rows->name; rows++) {
		assert_memory_equal(rows->name, "--", 2);
		assert_true(rows->help[0] != '\0');
		assert_int_equal(rows->letter, letter_of(rows->name));
		for (const struct option_row *other = rows + 1; other->name; other++)
			assert_string_not_equal(rows->name, other->name);
	}
	if (rows)
		assert_true(!rows->letter && !rows->operand && !rows->help);
}

/* By what is done with them: a domain or a plan and no more, unless it says otherwise here. */
static void commands__take__as_many_operands_as_they_read(void **state)
{
	static const struct {
		const char *name;
		size_t min, max;
	} rows[] = { { "mxladder", 0, 1 }, { "accounts", 0, 0 }, { "audit", 0, 100000 }, { "init", 0, 0 }, { "explain", 0, 1 },
		{ "list", 0, 1 }, { "draft", 1, 100000 }, { "rollback", 1, 2 } };

	(void)state;
	for (size_t i = 0; commands[i]; i++) {
		size_t min = 1, max = 0;

		for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++)
			if (!strcmp(commands[i]->name, rows[k].name)) {
				min = rows[k].min;
				max = rows[k].max;
			}
		assert_int_equal(commands[i]->min, min);
		assert_int_equal(commands[i]->max, max);
	}
}

static void commands__table__is_whole(void **state)
{
	(void)state;
	check_options(global_options);
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		assert_true(c->name[0] && c->help[0] && c->text[0] && c->run);
		assert_true(c->max == 0 || c->max >= c->min);
		assert_true(strlen(c->name) < COMMAND_NAME);
		check_options(c->options);
		for (size_t k = i + 1; commands[k]; k++)
			assert_string_not_equal(c->name, commands[k]->name);
		if (i)
			assert_ptr_equal(command_find(c->name), c);
	}
	assert_null(command_find("mxladder")); /* the interface has no name */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(call_parse__good),
		cmocka_unit_test(call_parse__bad),
		cmocka_unit_test(call_get_at__repeated),
		cmocka_unit_test(commands__table__is_whole),
		cmocka_unit_test(commands__take__as_many_operands_as_they_read),
	};

	return cmocka_run_group_tests_name("args", tests, NULL, NULL);
}
