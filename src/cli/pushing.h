/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push run from a command: its options read, progress told on stderr (on a terminal), its end printed. */
#ifndef CLI_PUSHING_H
#define CLI_PUSHING_H

#include "app/push.h"
#include "cli/command.h"

struct pushing {
	struct push_options options;
	struct dns_endpoint *server;
	struct push_override *override;
	char **id;    /* of override, owned */
	json_t *said; /* --json: an array that gets what would be printed; owned. NULL: text */
	bool many;    /* the file holds several plans: each is told, in a list */
	bool stopped; /* by Ctrl-C: nothing more is begun */
};

/* --dry-run, --no-watch, --server, --override where the command has them. {0} first; release in any case. */
bool pushing_options(struct pushing *pushing, const struct call *call, struct err *err);
void pushing_release(struct pushing *pushing);
/* Pushes, waits, prints or keeps what is said; Ctrl-C stops before the next write. Exit status, or -1 with err when nothing was started. */
int pushing_run(struct call *call, const struct plan *plan, struct pushing *pushing, struct err *err);
/* Tells of a plan of several that was refused before its push began. */
void pushing_not_begun(struct pushing *pushing, const struct plan *plan, const struct err *why);
int pushing_worse(int status, int other); /* of two exit statuses */
/* Prints the JSON of one push, or of several. */
void pushing_print(const struct pushing *pushing);

#endif
