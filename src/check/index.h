/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What several checks ask of the whole set, sorted once for a run of all of them: so that none grows faster than n log n. Borrows the set
 * and the facts; dies with their change. For check/ alone.
 */
#ifndef CHECK_INDEX_H
#define CHECK_INDEX_H

#include "check/check.h"

struct preset;

struct index_addr {
	struct addr addr;
	size_t at; /* the record that names its host, the host's first */
};

struct check_index {
	const struct mxset *set;
	size_t *by_host; /* records by host, of one host by their order in the set */
	struct index_record {
		bool is_name;                  /* target_is_name() */
		bool first;                    /* the first of its host */
		const struct host_facts *host; /* what is known of it, or NULL */
		const struct tlsa_facts *tlsa; /* its TLSA records, or NULL */
		const struct preset *of;       /* whose mail server it names, or NULL; where of_hosters */
	} * record;
	size_t n_hosts; /* different ones */
	size_t n_addr, cap_addr;
	struct index_addr *addr;     /* by address, of one address by the record */
	bool of_hosters;             /* the hosters of the set and its records were looked for */
	const struct preset *hoster; /* whose set it is, or NULL */
};

void check_index_build(struct check_index *index, const struct check_input *in); /* index is overwritten: initialise with {0} */
void check_index_hosters(struct check_index *index);                             /* of one that was built */
void check_index_release(struct check_index *index);
size_t check_index_find(const struct check_index *index, const struct dname *host); /* its first record, or the set's n */
/* The first record whose host has the address, or the set's n. */
size_t check_index_address(const struct check_index *index, const struct addr *addr);

#endif
