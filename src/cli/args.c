/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/banned.h"

const struct option_row global_options[] = {
	{ "--json", 0, NULL, N_("print JSON") },
	{ "--zone", 0, "FILE", N_("take DNS answers from this zone file alone, of up to 1 GiB (may be repeated)") },
	{ "--resolver", 0, "ADDRESS[:PORT]", N_("ask this resolver") },
	{ "--server", 0, "ADDRESS[:PORT]", N_("ask this authoritative server") },
	{ "--config", 0, "FILE", N_("read this configuration") },
	{ "--account", 0, "NAME", N_("use this account of the configuration") },
	{ "--read-only", 0, NULL, N_("change no zone and keep no draft or journal; only a file named with -o is written") },
	{ "--demo", 0, NULL, N_("work on the demo world, which is thrown away afterwards") },
	{ "--no-color", 0, NULL, N_("no colours (also: NO_COLOR in the environment)") },
	{ "--theme", 0, "NAME",
		N_("the interface's colours: a built-in theme (an unknown name lists them), or a file with a / in its name") },
	{ "--ascii", 0, NULL,
		N_("draw with ASCII characters only, as where lines are broken because a terminal draws them two cells wide") },
	{ "--plain", 0, NULL, N_("the interface line by line, for screen readers and plain terminals") },
	{ "--lang", 0, "LANGUAGE", N_("speak this language, such as sv") },
	{ "--timeout", 0, "DURATION", N_("how long to wait for an answer") },
	{ "--help", 'h', NULL, N_("show help") },
	{ "--version", 'V', NULL, N_("show the version") },
	{ NULL, 0, NULL, NULL },
};

const struct command *command_find(const char *name)
{
	for (size_t i = 1; commands[i]; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

const struct command *command_interface(void)
{
	return commands[0];
}

static const struct option_row *find_in(const struct option_row *rows, const char *word, size_t len)
{
	for (; rows && rows->name; rows++)
		if ((strlen(rows->name) == len && strncmp(rows->name, word, len) == 0) ||
			(len == 2 && rows->letter && word[1] == rows->letter))
			return rows;
	return NULL;
}

/* A command's own option stands before the global one of that name. */
static const struct option_row *find_option(const struct command *command, const char *word, size_t len)
{
	const struct option_row *row = find_in(command->options, word, len);

	return row ? row : find_in(global_options, word, len);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

/* The first word that is no option, nor a global option's value, names the command. Its index, or argc. */
static int find_command(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++) {
		const struct option_row *row;

		if (!is_option(argv[i]))
			return i;
		if (strcmp(argv[i], "--") == 0)
			return argc;
		row = find_in(global_options, argv[i], strlen(argv[i]));
		if (row && row->operand)
			i++;
	}
	return argc;
}

/* The edit distance of two words; b is a command's name. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[COMMAND_NAME], corner, up;
	size_t n = strlen(b);

	for (size_t k = 0; k <= n; k++)
		row[k] = (unsigned)k;
	for (size_t i = 0; a[i]; i++) {
		corner = row[0]++;
		for (size_t k = 1; k <= n; k++) {
			up = row[k];
			row[k] = corner + (a[i] != b[k - 1]);
			row[k] = row[k] < up + 1 ? row[k] : up + 1;
			row[k] = row[k] < row[k - 1] + 1 ? row[k] : row[k - 1] + 1;
			corner = up;
		}
	}
	return row[n];
}

static bool unknown_command(const char *word, struct err *err)
{
	const struct command *best = NULL;

	err_set(err, ERR_USAGE, N_("there is no command \"%s\""), word);
	for (size_t i = 1; commands[i]; i++)
		if (distance(word, commands[i]->name) <= 2 && (!best || distance(word, commands[i]->name) < distance(word, best->name)))
			best = commands[i];
	if (best)
		err_hint(err, N_("Did you mean %s?"), best->name);
	else
		err_hint(err, N_("mxladder --help shows the commands."));
	return false;
}

static void add_value(struct call *call, const struct option_row *row, const char *value)
{
	call->value = mem_grow(call->value, call->n_value, &call->cap_value, sizeof(*call->value));
	call->value[call->n_value++] = (struct option_value){ row, value };
	call->json = call->json || strcmp(row->name, "--json") == 0;
	call->help = call->help || strcmp(row->name, "--help") == 0;
	call->version = call->version || strcmp(row->name, "--version") == 0;
}

/* argv[*i] is an option; *i moves past its value. */
static bool take_option(struct call *call, int argc, char *argv[], int *i, struct err *err)
{
	const char *word = argv[*i], *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
	const struct option_row *row = find_option(call->command, word, equals ? (size_t)(equals - word) : strlen(word));

	if (!row) {
		err_set(err, ERR_USAGE, N_("there is no option %s here"), word);
		if (call->command == command_interface())
			err_hint(err, N_("mxladder --help shows the options."));
		else
			err_hint(err, N_("mxladder %s --help shows the options."), call->command->name);
		return false;
	}
	if (!row->operand && equals)
		return err_set(err, ERR_USAGE, N_("%s takes no value"), row->name);
	if (row->operand && !equals && *i + 1 >= argc)
		return err_set(err, ERR_USAGE, N_("%s needs a value: %s"), row->name, row->operand);
	add_value(call, row, !row->operand ? "" : equals ? equals + 1 : argv[++*i]);
	return true;
}

static bool count_operands(const struct call *call, struct err *err)
{
	const struct command *command = call->command;
	size_t max = command->max ? command->max : command->min;

	if (call->help || call->version || (call->n >= command->min && call->n <= max))
		return true;
	if (call->n < command->min)
		err_set(err, ERR_USAGE, N_("%s needs more: %s"), command->name, command->operands);
	else if (command == command_interface())
		return unknown_command(call->operand[0], err);
	else
		err_set(err, ERR_USAGE, N_("%s is too much for %s"), call->operand[max], command->name);
	err_hint(err, N_("mxladder %s --help shows how."), command->name);
	return false;
}

bool call_parse(struct call *call, int argc, char *argv[], struct err *err)
{
	int at = find_command(argc, argv);
	bool options = true;

	memset(call, 0, sizeof(*call));
	call->command = at < argc ? command_find(argv[at]) : NULL;
	if (!call->command) {
		call->command = command_interface();
		if (at < argc && !strpbrk(argv[at], ".:"))
			return unknown_command(argv[at], err);
		at = argc;
	}
	for (int i = 1; i < argc; i++) {
		if (i == at)
			continue;
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && is_option(argv[i])) {
			if (!take_option(call, argc, argv, &i, err))
				return false;
		} else {
			call->operand = mem_grow(call->operand, call->n, &call->cap, sizeof(*call->operand));
			call->operand[call->n++] = argv[i];
		}
	}
	if (call->n == 0 && call->command->min == 1 && call_has(call, "--demo"))
		return true; /* the demo has a domain of its own */
	return count_operands(call, err);
}

void call_release(struct call *call)
{
	free(call->operand);
	free(call->value);
	call->operand = NULL;
	call->value = NULL;
	call->n = call->n_value = call->cap = call->cap_value = 0;
}

const char *call_get_at(const struct call *call, const char *option, size_t i)
{
	for (size_t k = 0; k < call->n_value; k++)
		if (strcmp(call->value[k].row->name, option) == 0 && i-- == 0)
			return call->value[k].value;
	return NULL;
}

const char *call_get(const struct call *call, const char *option)
{
	const char *value = NULL;

	for (size_t k = 0; k < call->n_value; k++)
		if (strcmp(call->value[k].row->name, option) == 0)
			value = call->value[k].value;
	return value;
}

bool call_has(const struct call *call, const char *option)
{
	return call_get(call, option) != NULL;
}
