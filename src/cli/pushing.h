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
	char **id;     /* of override, owned */
	bool json;     /* else text */
	bool progress; /* shown on stderr, a terminal */
	bool many;     /* JSON: within a list */
	size_t told;   /* of it */
};

/* --dry-run, --no-watch, --server, --override where the command has them. {0} first; release in any case. */
bool pushing_options(struct pushing *pushing, struct call *call, struct err *err);
void pushing_release(struct pushing *pushing);
/* Pushes, waits, prints; Ctrl-C stops before the next write. Exit status, or -1 with err when nothing was started. */
int pushing_run(struct call *call, const struct plan *plan, struct pushing *pushing, struct err *err);
/* The same for all plans of a file, whatever becomes of one, told in the file's order. The exit status of the worst. */
int pushing_many(struct call *call, const struct plans *plans, struct pushing *pushing);
/* Is somebody asked for a protected domain's name? */
bool pushing_asks(const struct call *call, const struct plan *plan);
/* A protected domain's name is given by --confirm, or asked for on the terminal into line. NULL: it was not given. */
#define PUSHING_LINE 1024
const char *pushing_confirmation(struct call *call, const struct plan *plan, char line[static PUSHING_LINE]);
void pushing_wait(const char *domain, const struct push *push); /* what it does or waits for; domain NULL: the only one */
/* What is told between the two stands in one list; each is printed at once. */
void pushing_begin_list(struct pushing *pushing);
void pushing_end_list(struct pushing *pushing);
void pushing_tell(struct pushing *pushing, const struct push *push); /* that has ended */
/* Tells of a plan of several that was refused before its push began. */
void pushing_not_begun(struct pushing *pushing, const struct plan *plan, const struct err *why);
int pushing_worse(int status, int other); /* of two exit statuses */

#endif
