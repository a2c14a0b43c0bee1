/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mxladder-config(5): the configuration and the files that it names, from the tables of settings and providers. English. */
#include <string.h>

#include "check/must.h"
#include "cli/help.h"
#include "show/role.h"
#include "base/banned.h"

const char manual_config_example[] = "[main]\n"
				     "name = Hostmaster of exempel.com          # stands in approvals\n"
				     "approval_age = 2d\n"
				     "policy_file = ~/.config/mxladder/policy\n"
				     "accepted_file = ~/.config/mxladder/accepted\n"
				     "\n"
				     "[account lab]                             # a PowerDNS of one's own\n"
				     "provider = powerdns\n"
				     "endpoint = http://127.0.0.1:8081\n"
				     "key_file = ~/.config/mxladder/lab.key     # mode 0600\n"
				     "\n"
				     "[account cf]                              # a hosted zone\n"
				     "provider = cloudflare\n"
				     "key_command = pass show dns/cloudflare\n"
				     "\n"
				     "[domain exempel.com]\n"
				     "account = lab\n"
				     "protected = yes                           # a push asks for the name\n"
				     "approvals = 2\n"
				     "[domain exempel.net]\n"
				     "account = cf\n"
				     "probe = yes\n"
				     "\n"
				     "[dns]\n"
				     "resolver = 192.0.2.53\n"
				     "timeout = 3s\n"
				     "\n"
				     "[push]\n"
				     "watch = 10m\n"
				     "hook_command = /usr/local/bin/tell-the-team\n"
				     "\n"
				     "[sender partner]                          # a mail server that writes to us\n"
				     "base = postfix\n"
				     "life = 1d\n"
				     "[mix ours]\n"
				     "partner = 3\n"
				     "gmail = 1\n"
				     "[traffic office]                          # messages an hour, from 00 UTC on\n"
				     "per_hour = 0,0,0,0,0,0,5,20,60,90,90,80,60,80,90,90,70,40,20,10,5,0,0,0\n"
				     "[simulate]\n"
				     "mix = ours\n"
				     "traffic = office\n"
				     "\n"
				     "[ui]\n"
				     "theme = light\n"
				     "[keys]\n"
				     "undo = u, Ctrl-Z\n";

static void manual_settings(FILE *to)
{
	const char *section = "";

	fputs(".SH SETTINGS\n", to);
	for (const struct setting *s = settings; s->section; s++) {
		if (strcmp(section, s->section) != 0)
			fprintf(to, ".SS [%s]\n", s->section);
		section = s->section;
		fputs(".TP\n", to);
		fprintf(to, "\\fB%s\\fR%s%s%s\n", s->name, s->standard ? " (" : "", s->standard ? s->standard : "", s->standard ? ")" : "");
		help_roff(to, s->help);
	}
}

static void manual_providers(FILE *to)
{
	fputs(".SH PROVIDERS\nFor\n.B provider\nof an [account] section, with the settings of its own.\n", to);
	for (size_t i = 0; providers[i]; i++) {
		help_manual_row(to, providers[i]->name, NULL, providers[i]->title);
		if (providers[i]->key_help) {
			fputs(".br\n", to);
			help_roff(to, providers[i]->key_help);
		}
		for (const struct provider_setting *s = providers[i]->settings; s && s->name; s++) {
			fprintf(to, ".br\n\\fB%s\\fR%s%s%s:\n", s->name, s->standard && *s->standard ? " (" : "",
				s->standard ? s->standard : "", s->standard && *s->standard ? ")" : "");
			help_roff(to, s->help);
		}
	}
}

/* A policy, accepted findings, a theme. */
static void files(FILE *to)
{
	fputs(".SH POLICY FILE\nWhat must hold of a domain, or of each domain of a group:\n.PP\n.nf\n"
	      "[group shops]\ndomains = exempel.com, exempel.net\nmust = survives any one of hosts\nmust = ttl <= 1h\n"
	      "[domain exempel.org]\nmust = mta\\-sts enforce\n.fi\n.PP\nThe demands:\n",
		to);
	for (const struct must_row *must = must_rows; must->form; must++)
		help_manual_row(to, must->form, NULL, must->help);
	fputs(".SH ACCEPTED FINDINGS\nA line each: the domain, the check (at one host or at any), the last day in UTC, and the reason.\n"
	      ".B mxladder check \\-\\-accept\nwrites such lines, and so does the interface (action accept).\n.PP\n.nf\n"
	      "exempel.com target\\-cname@reserv.exempel.net 2027\\-01\\-31 moves with the next contract\n.fi\n"
	      ".SH THEME FILE\nA line each:\n.B ROLE = COLOUR\n[\n.B on\nCOLOUR ] and any of bold, dim, underline, reverse, italic, strike. A colour is\n"
	      ".BR default ,\na number from 0 to 255, or #rrggbb. A role that is not named looks like plain text. The roles:\n",
		to);
	for (int i = 0; i < ROLE_COUNT; i++)
		help_manual_row(to, roles[i].name, NULL, roles[i].help);
}

void help_manual_config(FILE *to)
{
	fputs(".TH MXLADDER\\-CONFIG 5 \"\" \"mxladder " PACKAGE_VERSION "\" \"File Formats\"\n.SH NAME\n"
	      "mxladder\\-config \\- the configuration of mxladder, and the files that it names\n.SH DESCRIPTION\n"
	      "The configuration is the file\n.I $XDG_CONFIG_HOME/mxladder/config\n(without that variable\n.IR ~/.config/mxladder/config ),\n"
	      "or what\n.B \\-\\-config\nnames. It is optional: without it mxladder shows, drafts, checks and simulates, and pushes nothing. It has "
	      "sections in brackets and lines NAME = VALUE; a # begins a comment at the beginning of a line or after a blank. What is not known is an "
	      "error with its line. A section stands once. A file that it names lies beside it, unless its path begins with / or ~/.\n"
	      ".PP\nNo key stands in it. An account names where its key is:\n.BR key_file ,\na file that only its owner may read;\n"
	      ".BR key_command ,\na command that prints it, run without a shell; or\n.BR key_env ,\na variable of the environment.\n"
	      ".B mxladder init\nwrites accounts and domains into the file, and leaves the rest of it as it was.\n",
		to);
	manual_settings(to);
	manual_providers(to);
	files(to);
	fputs(".SH EXAMPLE\n.nf\n", to);
	help_roff_lines(to, manual_config_example);
	fputs(".fi\n.SH SEE ALSO\n.BR mxladder (1),\n.BR mxladder\\-senders (7)\n", to);
}
