/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mxladder-senders(7): what sending mail servers do, from the table that the simulator follows. English. */
#include "cli/help.h"
#include "base/banned.h"

/* What holds for all of them, and in which words the table says where they differ. */
static void mechanisms(FILE *to)
{
	fputs(".SH HOW MAIL FINDS A SERVER\n"
	      "The sending server asks the DNS for the MX records of the recipient's domain, puts the lowest preference first, looks up the addresses of "
	      "the hosts, and connects to one address after another until one takes the message (RFC 5321 section 5.1). Without MX records the domain's "
	      "own address counts as its server; a null MX says that there is none (RFC 7505).\n"
	      ".PP\nWhat the standard leaves open differs from program to program: how equal preferences are shared, whether IPv6 or IPv4 comes first, "
	      "how many servers one attempt tries, which failure leads to the next server and which one makes the message wait or returns it, when a "
	      "message that waits is tried again, and for how long. These are the fields of a sender. A\n.B [sender]\nsection of the configuration takes "
	      "a sender as its base and sets some of them; see\n.BR mxladder\\-config (5).\n"
	      ".SH FIELDS\n",
		to);
	for (size_t i = 0; i < sender_field_count(); i++) {
		struct sender_field field = sender_field_at(i);

		help_manual_row(to, field.name, field.values, field.help);
	}
}

/* A paragraph for each group of values that has a source of its own. */
static void values(FILE *to, const struct sender *sender)
{
	enum sender_group group = SENDER_GROUPS;

	for (size_t i = 0; i < sender_field_count(); i++) {
		struct sender_field field = sender_field_at(i);
		const struct sender_source *source = &sender->source[field.group];
		struct str line;

		str_init(&line, 0);
		if (field.group != group)
			str_addf(&line, "%s (%s): ", source->text, sender_sure_name(source->sure));
		fputs(field.group == group ? "\\(bu\n" : ".PP\n", to);
		group = field.group;
		str_addf(&line, "%s = ", field.name);
		sender_field_text(sender, i, &line);
		help_roff(to, line.s);
		str_release(&line);
	}
}

void help_manual_senders(FILE *to)
{
	fputs(".TH MXLADDER\\-SENDERS 7 \"\" \"mxladder " PACKAGE_VERSION "\" \"Miscellaneous\"\n.SH NAME\n"
	      "mxladder\\-senders \\- what mail servers do that deliver to a domain\n.SH DESCRIPTION\n"
	      "mxladder simulates these senders. A value is\n.BR measured ,\nread in the program's\n.BR source ,\nor in a\n.BR document ,\nor\n"
	      ".BR assumed ;\nthe interface marks what is assumed with a question mark.\n",
		to);
	mechanisms(to);
	fputs(".SH SENDERS\nThe values of each, with where they are from. Durations of 0 and numbers of 0 mean what the field says.\n", to);
	for (size_t i = 0; senders[i]; i++) {
		fprintf(to, ".SS %s \\(en %s\n", sender_name(senders[i]), sender_title(senders[i]));
		values(to, senders[i]);
	}
	fputs(".SH SEE ALSO\n.BR mxladder (1),\n.BR mxladder\\-config (5)\n", to);
}
