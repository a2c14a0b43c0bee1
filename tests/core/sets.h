/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MX sets in one line of text, for rows of cases: "3600 10 a.example 20 b.example". */
#ifndef TESTS_CORE_SETS_H
#define TESTS_CORE_SETS_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mxset.h"

/* set must be initialised. A host is a word; "" is written as "-". */
static inline void set_from(struct mxset *set, const char *text)
{
	char *end;

	mxset_release(set);
	set->ttl_s = (uint32_t)strtoul(text, &end, 10);
	while (*end) {
		char host[600];
		int used = 0;
		unsigned int preference;
		struct mx mx;

		if (sscanf(end, " %u %599s%n", &preference, host, &used) != 2)
			break;
		end += used;
		mx_set(&mx, preference, strcmp(host, "-") == 0 ? "" : host);
		mxset_add(set, &mx);
	}
}

static inline const char *set_text(const struct mxset *set, char out[4096])
{
	int at = snprintf(out, 4096, "%u", (unsigned int)set->ttl_s);

	for (size_t i = 0; i < set->n; i++) {
		char host[DNAME_TEXT_MAX];

		mx_host_text(&set->mx[i], host);
		at += snprintf(out + at, 4096 - (size_t)at, " %u %s", (unsigned int)set->mx[i].preference, *host ? host : "-");
	}
	return out;
}

#endif
