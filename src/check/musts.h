/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy: demands on domains, and on groups of them, as a file of sections says it:
 *
 *     [domain exempel.com]
 *     must = survives any pair of hosts
 *
 *     [group shops]
 *     domains = shop.exempel.com, exempel.net      # or * for every domain
 *     must = ttl <= 1h
 *     must = two networks
 *
 * A domain has the lines of its own section and of each group that names it; none takes another back. Knows no file; who reads one hands
 * over its sections and settings. Pure; struct musts owns its rows.
 */
#ifndef CHECK_MUSTS_H
#define CHECK_MUSTS_H

#include "check/must.h"

struct must_section {
	char *kind, *name; /* "domain", or "group" */
	int line;
	bool every; /* * */
	size_t n, cap;
	struct dname *domain;
};

struct must_line {
	struct must must;
	size_t section; /* of musts.section */
	int line;
};

struct musts {
	size_t n_section, cap_section;
	struct must_section *section;
	size_t n, cap;
	struct must_line *line;
};

void musts_release(struct musts *musts);
/* The next section, the next setting of it: ERR_USAGE, without the place. musts: {0} first. */
bool musts_add_section(struct musts *musts, const char *kind, const char *name, int line, struct err *err);
bool musts_add_pair(struct musts *musts, const char *name, const char *value, int line, struct err *err);
/* The first group that no domain is in, whose demands nobody would hear of; or NULL. */
const struct must_section *musts_idle(const struct musts *musts);

/* The domain's lines in the file's order: the one after `line`, or the first for NULL; NULL: no more. */
const struct must_line *musts_next(const struct musts *musts, const struct dname *domain, const struct must_line *line);
/* enum need: what judging the domain's lines needs. */
unsigned musts_needs(const struct musts *musts, const struct dname *domain);
/* The domain's demands, sorted, each once, a line each; nothing where it has none. Comments, order and groups are no part of it. */
void musts_canonical(const struct musts *musts, const struct dname *domain, struct str *out);

#endif
