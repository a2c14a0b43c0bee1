/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mxladder(1): the tables, written for man(1). English, as it is made at build time. */
#include <string.h>

#include "app/gate.h"
#include "check/lint.h"
#include "cli/help.h"
#include "core/edit_text.h"
#include "base/banned.h"

/* Hyphens as typed, no line that begins with a request. */
void help_roff(FILE *to, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", to);
		if (*text == '\n' && text[1] == '\n') {
			fputs("\n.PP\n", to);
			text++;
			start = true;
			continue;
		}
		if (*text == '\n' && text[1] == ' ')
			fputs("\n.br", to);
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			fputc(*text, to);
		start = *text == '\n';
	}
	fputc('\n', to);
}

/* A backslash, a hyphen and a request's sign are themselves; an empty line stays one. */
void help_roff_lines(FILE *to, const char *text)
{
	for (bool start = true; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", to);
		if (start && *text == '\n')
			fputs(".sp", to);
		fputs(*text == '-' ? "\\-" : *text == '\\' ? "\\e" : (const char[]){ *text, '\0' }, to);
		start = *text == '\n';
	}
}

void help_manual_row(FILE *to, const char *name, const char *more, const char *help)
{
	fprintf(to, ".TP\n\\fB%s\\fR", name);
	if (more && *more) {
		fputs("  ", to);
		help_roff(to, more);
	} else {
		fputc('\n', to);
	}
	help_roff(to, help);
}

static void options(FILE *to, const struct option_row *rows)
{
	for (; rows && rows->name; rows++) {
		fputs(".TP\n", to);
		if (rows->letter)
			fprintf(to, "\\fB\\-%c\\fR, ", rows->letter);
		fputs("\\fB", to);
		for (const char *c = rows->name; *c; c++)
			fprintf(to, "%s%c", *c == '-' ? "\\" : "", *c);
		fprintf(to, "\\fR%s\\fI%s\\fR\n", rows->operand ? " " : "", rows->operand ? rows->operand : "");
		help_roff(to, rows->help);
	}
}

static void edit_row(FILE *to, const char *name, const char *operands, const char *help)
{
	fprintf(to, ".TP\n\\fB%s\\fR%s\\fI%s\\fR\n", name, *operands ? " " : "", operands);
	help_roff(to, help);
}

static void manual_commands(FILE *to)
{
	fputs(".SH COMMANDS\n", to);
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		fprintf(to, ".SS mxladder%s%s%s%s\n", i ? " " : "", i ? c->name : "", *c->operands ? " " : "", c->operands);
		help_roff(to, c->text);
		options(to, c->options);
	}
	fputs(".SH EDITS\nFor\n.B mxladder draft\nand the command line of the interface; one after another, separated by commas.\n", to);
	for (const struct edit_row *verb = edit_rows; verb->name; verb++)
		edit_row(to, verb->name, verb->operands, verb->help);
	edit_row(to, "import", "FILE", "take the set of a zone file or a plan file");
}

static void manual_checks(FILE *to)
{
	fputs(".SH CHECKS\n", to);
	for (size_t i = 0; checks[i]; i++) {
		help_manual_row(to, checks[i]->id, check_level_name(checks[i]->level), checks[i]->title);
		fputs(".br\n", to);
		help_roff(to, checks[i]->why);
		help_roff(to, checks[i]->reference);
	}
}

static void manual_gates(FILE *to)
{
	fputs(".SH GATES\nWhat must hold before a push writes; one of which nobody can tell blocks too.\n.B \\-\\-override ID=REASON\ngoes past the "
	      "one that it names. What\n.B introduced\nblocks bears the id of its check, and is overridden by that.\n",
		to);
	for (const struct gate_row *gate = gate_rows; gate->id; gate++)
		help_manual_row(to, gate->id, NULL, gate->title);
}

static void manual_json(FILE *to)
{
	const char *command = "";

	fputs(".SH JSON\nWith\n.B \\-\\-json\na command prints one object. Names are A-labels, times RFC 3339 in UTC, durations seconds, shares 0 to 1; what is "
	      "not known is null. More members may come; none changes its meaning. An error is an object with the member error: code, message, hint. "
	      "Several plans in a file give one object with pushes, or subjects, in the file's order.\n",
		to);
	for (const struct json_row *row = json_rows; row->command; row++) {
		if (strcmp(command, row->command) != 0)
			fprintf(to, ".SS mxladder %s\n", row->command);
		command = row->command;
		help_manual_row(to, row->member, NULL, row->help);
	}
}

void help_manual(FILE *to, void (*keys)(FILE *to))
{
	static const char *const statuses[] = {
		"done, and what was asked holds",
		"it ran, and what was asked does not hold: findings, mail lost in a what\\-if, a gate that blocks, a server without the set",
		"wrong usage, unreadable input",
		"no answer from the network",
		"a file or lock could not be used",
		"the provider refused the credentials",
		"conflict: what is there is not what the plan began from",
		"a push is unfinished: it was interrupted part\\-way, or what was sent may have taken effect; mxladder resume is needed",
		"the provider refused the change",
		"not approved, or the approval is not valid",
		"there is no memory left, or no file descriptor; a push that was under way is unfinished",
	};

	fputs(".TH MXLADDER 1 \"\" \"mxladder " PACKAGE_VERSION "\" \"User Commands\"\n.SH NAME\n"
	      "mxladder \\- show, draft, check, simulate and push a domain's MX records\n.SH SYNOPSIS\n.B mxladder\n"
	      "[\\fICOMMAND\\fR] [\\fIOPTION\\fR...] [\\fIOPERAND\\fR...]\n.SH DESCRIPTION\n"
	      "mxladder shows a domain's MX records as a ladder of preferences, drafts changes, checks and simulates them, pushes "
	      "approved plans to the DNS provider, verifies them on the name servers and takes them back.\n",
		to);
	manual_commands(to);
	fputs(".SH OPTIONS\nEverywhere:\n", to);
	options(to, global_options);
	fputs(".PP\nDurations are written 90, 90s, 15m, 12h30m or 4d.\n", to);
	fputs(".SH KEYS\nIn the interface; a\n.B [keys]\nsection of the configuration binds others.\n", to);
	keys(to);
	manual_checks(to);
	manual_gates(to);
	manual_json(to);
	fputs(".SH EXIT STATUS\n", to);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		fprintf(to, ".TP\n.B %zu\n%s\n", i, statuses[i]);
	fputs(".SH HOOK\nThe\n.I hook_command\nof the\n.B [push]\nsection is started when a push has ended, without a shell, and gets one JSON object "
	      "on its standard input: what push \\-\\-json prints, and\n.BR event :\npublished, failed (a conflict too), unfinished (mxladder resume is "
	      "needed), undone or abandoned. It is not told of a dry run, of a push that had nothing to do, and of one that never began. What becomes of it "
	      "is said and stands in the journal, and changes neither the push nor the exit status. The variables that key_env names are not in its "
	      "environment.\n",
		to);
	fputs(".SH FILES\n.TP\n.I $XDG_CONFIG_HOME/mxladder/config\nconfiguration (default: ~/.config); see\n.BR mxladder\\-config (5)\n"
	      ".TP\n.I $XDG_STATE_HOME/mxladder/\ndrafts, journal and locks (default: ~/.local/state)\n"
	      ".SH EXAMPLES\n.nf\nmxladder show exempel.com\n"
	      "mxladder draft exempel.com add 30 mx3.exempel.net, ttl 1h \\-o plan.json\nmxladder check plan.json\n"
	      "mxladder approve plan.json \\-\\-note \\(dqchange 17\\(dq\nmxladder push plan.json\nmxladder rollback exempel.com \\-o back.json\n.fi\n"
	      ".SH SEE ALSO\n.BR mxladder\\-config (5),\n.BR mxladder\\-senders (7)\n",
		to);
}
