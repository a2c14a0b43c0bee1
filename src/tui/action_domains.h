/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of actions that are about many domains, accounts, what is accepted, probes, colours; for action.c alone. */
#ifndef TUI_ACTION_DOMAINS_H
#define TUI_ACTION_DOMAINS_H

#define ACTIONS_OF_PROBES                                                                                                                      \
	[ACTION_PROBE] = { .name = "probe",                                                                                                    \
		.keys = "V",                                                                                                                   \
		.in = IN_ANY,                                                                                                                  \
		.hinted = IN_PROBES,                                                                                                           \
		.group = TOPIC_REST,                                                                                                           \
		.hint = N_("probe"),                                                                                                           \
		.help = N_(                                                                                                                    \
			"Probe the mail servers: connect to port 25 of each address, and look at greeting, EHLO, STARTTLS and certificate") }, \
	[ACTION_TRY] = { .name = "intrusive-probe",                                                                                            \
		.keys = "O",                                                                                                                   \
		.in = IN_ANY,                                                                                                                  \
		.group = TOPIC_REST,                                                                                                           \
		.help = N_("Probe who is taken as a recipient, once the domain's name is typed; no message is sent") },                        \
	[ACTION_PROBES] = { .name = "probes",                                                                                                  \
		.keys = "b",                                                                                                                   \
		.in = IN_LADDER | IN_SIMULATE | IN_FINDINGS | IN_DEMANDS,                                                                      \
		.hinted = IN_DEMANDS,                                                                                                          \
		.rank = 1,                                                                                                                     \
		.group = TOPIC_REST,                                                                                                           \
		.hint = N_("probes"),                                                                                                          \
		.help = N_("See what the probes met at each address: greeting, TLS, certificate, recipients") },                               \
	[ACTION_DEMANDS] = { .name = "demands",                                                                                                \
		.keys = "F",                                                                                                                   \
		.in = IN_LADDER | IN_FINDINGS | IN_REVIEW | IN_PROBES,                                                                         \
		.hinted = IN_REVIEW | IN_FINDINGS,                                                                                             \
		.rank = 2,                                                                                                                     \
		.group = TOPIC_REST,                                                                                                           \
		.hint = N_("demands"),                                                                                                         \
		.help = N_("See what the policy demands of the domain, and whether it is met") }

#define ACTIONS_OF_DOMAINS                                                                                                                              \
	[ACTION_SELECT] = { .name = "select",                                                                                                           \
		.keys = "Space",                                                                                                                        \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 0,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("select"),                                                                                                                   \
		.help = N_("Select the domain: what is done then is done with all that are selected") },                                                \
	[ACTION_SELECT_ALL] = { .name = "select-all",                                                                                                   \
		.keys = "*",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.group = TOPIC_REST,                                                                                                                    \
		.help = N_("Select all domains that are shown, or none of them") },                                                                     \
	[ACTION_ORDER] = { .name = "order",                                                                                                             \
		.keys = "o",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 1,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("order"),                                                                                                                    \
		.help = N_("Put the domains in another order: by name, worst first, by TTL, by account") },                                             \
	[ACTION_EDIT_SELECTED] = { .name = "edit-selected",                                                                                             \
		.keys = "e",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 1,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("edit all"),                                                                                                                 \
		.help = N_("Make one edit in the drafts of all selected domains; what it changes in each is shown first") },                            \
	[ACTION_PLAN_FILE] = { .name = "plan-file",                                                                                                     \
		.keys = "W",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 2,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("plan file"),                                                                                                                \
		.help = N_("Write the drafts of all selected domains into one plan file") },                                                            \
	[ACTION_NEW_DOMAIN] = { .name = "new-domain",                                                                                                   \
		.keys = "a",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 1,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("new"),                                                                                                                      \
		.help = N_("Type the name of a domain that is not listed, and see its ladder") },                                                       \
	[ACTION_NAMES] = { .name = "names",                                                                                                             \
		.keys = "L",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.group = TOPIC_REST,                                                                                                                    \
		.help = N_("Read names of domains from a file, one a line") },                                                                          \
	[ACTION_ZONES] = { .name = "zones",                                                                                                             \
		.keys = "Z",                                                                                                                            \
		.in = IN_DOMAINS,                                                                                                                       \
		.hinted = IN_DOMAINS,                                                                                                                   \
		.rank = 2,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("zones"),                                                                                                                    \
		.help = N_("Ask the accounts for their zones, all pages, and list them too") },                                                         \
	[ACTION_ACCEPT] = { .name = "accept",                                                                                                           \
		.keys = "a",                                                                                                                            \
		.in = IN_FINDINGS,                                                                                                                      \
		.hinted = IN_FINDINGS,                                                                                                                  \
		.rank = 1,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("accept"),                                                                                                                   \
		.help = N_("Accept the finding, with a reason and an end; or take its acceptance back") },                                              \
	[ACTION_THEME] = { .name = "theme",                                                                                                             \
		.keys = "Ctrl-T",                                                                                                                       \
		.in = IN_ANY & ~IN_THEMES,                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.help = N_("Choose the colours: each theme is shown as one goes through the list") },                                                   \
	[ACTION_ADD_ACCOUNT] = { .name = "account",                                                                                                     \
		.keys = "A",                                                                                                                            \
		.in = IN_DOMAINS | IN_LADDER | IN_ACCOUNTS,                                                                                             \
		.hinted = IN_DOMAINS | IN_ACCOUNTS,                                                                                                     \
		.rank = 2,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("account"),                                                                                                                  \
		.help = N_("Add the account of whoever holds the zones: it is tried, and written into the configuration") },                            \
	[ACTION_ACCOUNTS] = { .name = "accounts",                                                                                                       \
		.keys = "@",                                                                                                                            \
		.in = IN_DOMAINS | IN_LADDER | IN_REQUESTS | IN_REVIEW,                                                                                 \
		.hinted = IN_REVIEW,                                                                                                                    \
		.hint = N_("accounts"),                                                                                                                 \
		.group = TOPIC_REST,                                                                                                                    \
		.help = N_("See the accounts: where their keys are, whether they are accepted, which domains name them") },                             \
	[ACTION_TEST] = { .name = "test",                                                                                                               \
		.keys = "t",                                                                                                                            \
		.in = IN_ACCOUNTS,                                                                                                                      \
		.hinted = IN_ACCOUNTS,                                                                                                                  \
		.rank = 0,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("try"),                                                                                                                      \
		.help = N_("Ask the provider whether it accepts the account, and for its zones; nothing is changed") },                                 \
	[ACTION_REMOVE_ACCOUNT] = { .name = "remove-account",                                                                                           \
		.keys = "d, Del",                                                                                                                       \
		.in = IN_ACCOUNTS,                                                                                                                      \
		.hinted = IN_ACCOUNTS,                                                                                                                  \
		.rank = 1,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("remove"),                                                                                                                   \
		.help = N_("Take the account out of the configuration; its key and what the provider has stay as they are") },                          \
	[ACTION_REQUESTS] = {                                                                                                                           \
		.name = "requests",                                                                                                                     \
		.keys = "I",                                                                                                                            \
		.in = IN_DOMAINS | IN_LADDER | IN_ACCOUNTS | IN_REVIEW | IN_PUSH | IN_HISTORY,                                                          \
		.hinted = IN_ACCOUNTS | IN_PUSH,                                                                                                        \
		.rank = 2,                                                                                                                              \
		.group = TOPIC_REST,                                                                                                                    \
		.hint = N_("requests"),                                                                                                                 \
		.help = N_(                                                                                                                             \
			"See what was asked of the accounts in this run, and for the open domain in earlier ones, and what came; secrets are left out") \
	}

#endif
