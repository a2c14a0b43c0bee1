/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/print.h"
#include "core/edit_text.h"
#include "base/banned.h"

#define WIDTH 80

/* "  --out FILE, -o   help", the help broken at the width with a hanging indent. */
static void item(FILE *to, const char *head, const char *help, size_t column)
{
	size_t used = 2 + text_width(head), at = 0;
	struct str text;

	fprintf(to, "  %s", head);
	if (used + 2 > column) {
		fputc('\n', to);
		used = 0;
	}
	fprintf(to, "%*s", (int)(column - used), "");
	str_init(&text, 0);
	for (const char *word = help; *word;) {
		size_t len = strcspn(word, " ");

		str_clear(&text);
		str_add_bytes(&text, word, len);
		if (at && column + at + 1 + text_width(text.s) > WIDTH) {
			fprintf(to, "\n%*s", (int)column, "");
			at = 0;
		}
		fprintf(to, "%s%s", at ? " " : "", text.s);
		at += text_width(text.s) + (at != 0);
		word += len + strspn(word + len, " ");
	}
	str_release(&text);
	fputc('\n', to);
}

static void option_head(const struct option_row *row, struct str *out)
{
	str_clear(out);
	if (row->letter)
		str_addf(out, "-%c, ", row->letter);
	str_add(out, row->name);
	if (row->operand)
		str_addf(out, " %s", row->operand);
}

static void options(FILE *to, const struct option_row *rows, const struct option_row *hidden_by)
{
	struct str head;

	str_init(&head, 0);
	for (; rows->name; rows++) {
		bool hidden = false;

		for (const struct option_row *other = hidden_by; other && other->name; other++)
			hidden = hidden || strcmp(other->name, rows->name) == 0;
		if (hidden)
			continue;
		option_head(rows, &head);
		item(to, head.s, _(rows->help), 28);
	}
	str_release(&head);
}

void help_program(FILE *to)
{
	struct str head;

	str_init(&head, 0);
	fprintf(to, "%s\n\n",
		_("mxladder shows a domain's MX records as a ladder of preferences, drafts changes,\n"
		  "checks and simulates them, pushes approved plans to the DNS provider, verifies\n"
		  "them on the name servers and takes them back."));
	fprintf(to, "%s\n", _("Commands:"));
	for (size_t i = 0; commands[i]; i++) {
		const struct command *c = commands[i];

		str_clear(&head);
		str_addf(&head, "mxladder%s%s%s%s", i ? " " : "", i ? c->name : "", *c->operands ? " " : "", c->operands);
		item(to, head.s, _(c->help), 40);
	}
	fprintf(to, "\n%s\n", _("Options, everywhere:"));
	options(to, global_options, NULL);
	fprintf(to, "\n%s\n", _("mxladder COMMAND --help tells more. mxladder explain TOPIC explains MX records."));
	str_release(&head);
}

void help_command(FILE *to, const struct command *command)
{
	struct str head;
	bool interface = command == command_interface();

	str_init(&head, 0);
	fprintf(to, _("Usage: mxladder%s%s [OPTION...]%s%s"), interface ? "" : " ", interface ? "" : command->name,
		*command->operands ? " " : "", command->operands);
	fputs("\n\n", to);
	print_wrapped(to, _(command->text), 0, WIDTH);
	if (strcmp(command->name, "draft") == 0) {
		fprintf(to, "\n%s\n", _("Edits, separated by commas:"));
		for (const struct edit_row *verb = edit_rows; verb->name; verb++) {
			str_clear(&head);
			str_addf(&head, "%s %s", verb->name, verb->operands);
			item(to, head.s, _(verb->help), 28);
		}
		item(to, "import FILE", _("take the set of a zone file or a plan file"), 28);
	}
	if (command->options) {
		fprintf(to, "\n%s\n", _("Options:"));
		options(to, command->options, NULL);
	}
	fprintf(to, "\n%s\n", _("Options, everywhere:"));
	options(to, global_options, command->options);
	str_release(&head);
}
