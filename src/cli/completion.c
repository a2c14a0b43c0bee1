/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Completions, written from the commands' rows. Accounts and domains are asked of the program when they are completed. */
#include <string.h>

#include "base/i18n.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "core/edit_text.h"
#include "core/explain.h"
#include "base/banned.h"

#define LISTS "checks demands gates senders mechanisms states providers presets actions roles settings commands domains themes"
#define ACCOUNTS "(mxladder accounts 2> /dev/null | cut -d' ' -f1)"
#define CHECKS "(mxladder list checks | cut -d' ' -f1)"
#define DOMAINS "(mxladder list domains 2> /dev/null)"
#define SENDERS "(mxladder list senders 2> /dev/null | cut -d' ' -f1)"
#define PROVIDERS "(mxladder list providers | cut -d' ' -f1)"
#define THEMES "(mxladder list themes)"

/* What an option may be given, as fish writes it; NULL: nothing is known. */
static const char *values_of(const struct option_row *option)
{
	static const struct {
		const char *option, *operand, *values;
	} rows[] = {
		{ "--account", NULL, ACCOUNTS },
		{ "--provider", NULL, PROVIDERS },
		{ "--domain", NULL, DOMAINS },
		{ "--confirm", NULL, DOMAINS },
		{ "--intrusive", NULL, DOMAINS },
		{ "--sender", NULL, SENDERS " all" },
		{ "--theme", NULL, THEMES },
		{ "--only", NULL, CHECKS },
		{ "--skip", NULL, CHECKS },
		{ "--fail-on", NULL, "error warning notice info" },
		{ "--format", NULL, "text json sarif junit" },
		{ "--family", NULL, "4 6 46" },
		{ "--matrix", NULL, "1 2" },
		{ "--require", "WHAT", "all-delivered no-bounce" },
		{ "--ignore", NULL, "v4 v6 own-zone own-servers" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].option, option->name) && (!rows[i].operand || !strcmp(rows[i].operand, option->operand)))
			return rows[i].values;
	return NULL;
}

static bool is_file(const struct option_row *option)
{
	return !strcmp(option->operand, "FILE") || !strcmp(option->operand, "PLAN") || !strcmp(option->operand, "POLICY");
}

/* ---- bash ---- */

static void words(FILE *to, const struct option_row *rows)
{
	for (; rows && rows->name; rows++)
		fprintf(to, " %s", rows->name);
}

static void command_words(FILE *to)
{
	for (size_t i = 1; commands[i]; i++) {
		fprintf(to, "\t\t%s) [ -n \"$command\" ] || { command=%s; words=\"$globals", commands[i]->name, commands[i]->name);
		words(to, commands[i]->options);
		fputs("\"; } ;;\n", to);
	}
	fputs("\t\tesac\n\tdone\n\tif [ -z \"$command\" ]; then\n\t\twords=$globals\n\t\t[[ $cur == -* ]] || words=\"$" DOMAINS, to);
	for (size_t i = 1; commands[i]; i++)
		fprintf(to, " %s", commands[i]->name);
	fputs("\"\n\tfi\n", to);
}

/* What may stand behind an option: where nothing is known, nothing is offered. */
static void value_words(FILE *to, const struct option_row *rows, const char *command)
{
	for (; rows && rows->name; rows++) {
		const char *values = rows->operand ? values_of(rows) : NULL;

		if (!rows->operand)
			continue;
		fprintf(to, "\t%s:%s", command, rows->name);
		if (rows->letter)
			fprintf(to, "|%s:-%c", command, rows->letter);
		if (values)
			fprintf(to, ") words=\"%s%s\" ;;\n", *values == '(' ? "$" : "", values);
		else
			fprintf(to, ") words=%s ;;\n", is_file(rows) ? " files=yes" : "");
	}
}

/* What operands may be. */
static void operand_words(FILE *to)
{
	fputs("\t*) case $command:$cur in\n\t*:-*|:*) ;;\n\texplain:*) words='", to);
	for (const struct topic *topic = topics; topic->name; topic++)
		fprintf(to, " %s", topic->name);
	fputs("' ;;\n\tlist:*) words='" LISTS "' ;;\n\tzones:*) words=$" ACCOUNTS " ;;\n\tdraft:*) words=\"$" DOMAINS, to);
	for (const struct edit_row *verb = edit_rows; verb->name; verb++)
		fprintf(to, " %s", verb->name);
	fputs(" import\" ;;\n", to);
	for (size_t i = 1; commands[i]; i++)
		if (strcmp(commands[i]->name, "draft") != 0 && strstr(commands[i]->operands, "DOMAIN"))
			fprintf(to, "\t%s:*) words=$" DOMAINS "%s ;;\n", commands[i]->name,
				strstr(commands[i]->operands, "PLAN") ? " files=yes" : "");
	fputs("\t*) words= files=yes ;;\n\tesac ;;\n\tesac\n", to);
}

static void bash(FILE *to)
{
	fputs("# bash completion for mxladder\n_mxladder()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= files= i\n\tlocal globals='",
		to);
	words(to, global_options);
	fputs("'\n\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t-*) ;;\n", to);
	command_words(to);
	fputs("\tcase $command:$prev in\n", to);
	for (size_t i = 1; commands[i]; i++)
		value_words(to, commands[i]->options, commands[i]->name);
	value_words(to, global_options, "*");
	operand_words(to);
	fputs("\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\t[ -z \"$files\" ] || COMPREPLY+=($(compgen -f -- \"$cur\"))\n}\ncomplete -F _mxladder mxladder\n",
		to);
}

/* ---- zsh: as bash ---- */

static void zsh(FILE *to)
{
	fputs("#compdef mxladder\n# zsh completion for mxladder: that of bash, by bashcompinit\n"
	      "autoload -U +X bashcompinit && bashcompinit\neval \"$(mxladder list --completion bash)\"\n_bash_complete -F _mxladder\n",
		to);
}

/* ---- fish ---- */

/* Between single quotes. */
static void quoted(FILE *to, const char *text)
{
	fputc('\'', to);
	for (; *text; text++) {
		if (strchr("'\\", *text))
			fputc('\\', to);
		fputc(*text, to);
	}
	fputc('\'', to);
}

static void fish_options(FILE *to, const struct option_row *rows, const char *command)
{
	for (; rows && rows->name; rows++) {
		fputs("complete -c mxladder", to);
		if (command)
			fprintf(to, " -n '__fish_seen_subcommand_from %s'", command);
		if (rows->letter)
			fprintf(to, " -s %c", rows->letter);
		fprintf(to, " -l %s -d ", rows->name + 2);
		quoted(to, gettext(rows->help));
		if (rows->operand && values_of(rows)) {
			fputs(" -x -a ", to);
			quoted(to, values_of(rows));
		} else if (rows->operand) {
			fputs(is_file(rows) ? " -r -F" : " -x", to);
		}
		fputc('\n', to);
	}
}

static void fish_operands(FILE *to, const struct command *command)
{
	const char *values = NULL;

	if (!strcmp(command->name, "list"))
		values = LISTS;
	else if (!strcmp(command->name, "zones"))
		values = ACCOUNTS;
	else if (strstr(command->operands, "DOMAIN"))
		values = DOMAINS;
	else if (!strcmp(command->name, "explain"))
		values = "";
	if (!values)
		return;
	fprintf(to, "complete -c mxladder -n '__fish_seen_subcommand_from %s'%s -a \"", command->name,
		strstr(command->operands, "PLAN") ? "" : " -f");
	fputs(values, to);
	for (const struct topic *topic = topics; topic->name && !*values; topic++)
		fprintf(to, " %s", topic->name);
	for (const struct edit_row *verb = edit_rows; verb->name && !strcmp(command->name, "draft"); verb++)
		fprintf(to, " %s", verb->name);
	fputs("\"\n", to);
}

static void fish(FILE *to)
{
	fputs("# fish completion for mxladder\n", to);
	fish_options(to, global_options, NULL);
	fputs("complete -c mxladder -n __fish_use_subcommand -f -a '" DOMAINS "'\n", to);
	for (size_t i = 1; commands[i]; i++) {
		fprintf(to, "complete -c mxladder -n __fish_use_subcommand -f -a %s -d ", commands[i]->name);
		quoted(to, gettext(commands[i]->help));
		fputc('\n', to);
		fish_options(to, commands[i]->options, commands[i]->name);
		fish_operands(to, commands[i]);
	}
}

bool help_completion(FILE *to, const char *shell)
{
	static const struct {
		const char *name;
		void (*print)(FILE *to);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (!strcmp(shells[i].name, shell)) {
			shells[i].print(to);
			return true;
		}
	return false;
}
