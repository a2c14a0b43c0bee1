/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of an account's zones: kept by the account for all runs of the process, so that many domains cost one listing.
 * Names that are no zone are kept too. Owns its texts; knows no vendor.
 */
#ifndef PROVIDER_ZONES_H
#define PROVIDER_ZONES_H

#include "core/dname.h"
#include "provider/provider.h"

struct zone_entry {
	char *name;                    /* as dname_text() writes it */
	char *id;                      /* the vendor's */
	char *group;                   /* what the setting that chooses among zones of one name is compared with; NULL: id or name */
	char *note;                    /* what tells it from another of that name, beside the id: "status pending"; or NULL */
	char *servers;                 /* its name servers, each followed by a blank */
	struct provider_limits limits; /* of this zone; all 0: the row's */
	uint32_t first_ttl_s;          /* as in struct provider_run */
	bool none;                     /* asked for, and no zone of the account */
	bool copy;                     /* secondary: a change would be lost */
	bool linked;                   /* it has the records of another zone, and none of its own */
};

struct zone_index {
	size_t n, cap;
	struct zone_entry *entry;
	bool whole, sorted; /* whole: all zones of the account are in it */
	unsigned named;     /* zones that were asked for by name */
	int64_t since;      /* of the first entry */
};
void zone_index_release(struct zone_index *index);
/* A copy of entry goes in. A second of the same name and id is none. */
void zone_index_add(struct zone_index *index, const struct zone_entry *entry);
/* By name, then id; each once. */
void zone_index_sort(struct zone_index *index);
/* All entries of the name; *n of them. Sorts. NULL: nothing is known of the name. */
const struct zone_entry *zone_index_find(struct zone_index *index, const char *name, size_t *n);

#endif
