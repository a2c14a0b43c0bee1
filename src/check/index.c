/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "check/rules.h"
#include "core/preset.h"
#include "base/banned.h"

/* A record on its way into by_host. */
struct entry {
	const struct mx *mx;
	size_t at;
};

/* Any order will do; this one is quick. */
static int cmp_name(const struct dname *a, const struct dname *b)
{
	return a->len != b->len ? a->len - b->len : memcmp(a->wire, b->wire, a->len);
}

static int cmp_host(const struct mx *a, const struct mx *b)
{
	int order = cmp_name(&a->host, &b->host);

	return order || a->host.len ? order : strcmp(a->odd, b->odd);
}

static int by_host(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = cmp_host(a->mx, b->mx);

	return order ? order : a->at < b->at ? -1 : a->at > b->at;
}

static int cmp_addr(const struct addr *a, const struct addr *b)
{
	return a->family != b->family ? a->family - b->family : memcmp(a->bytes, b->bytes, a->family == 4 ? 4 : 16);
}

static int by_addr(const void *left, const void *right)
{
	const struct index_addr *a = left, *b = right;
	int order = cmp_addr(&a->addr, &b->addr);

	return order ? order : a->at < b->at ? -1 : a->at > b->at;
}

static void add_hosts(struct check_index *index)
{
	const struct mxset *set = index->set;
	struct entry *entry = mem_alloc((set->n + 1) * sizeof(*entry));

	for (size_t i = 0; i < set->n; i++)
		entry[i] = (struct entry){ &set->mx[i], i };
	qsort(entry, set->n, sizeof(*entry), by_host);
	for (size_t i = 0; i < set->n; i++) {
		index->by_host[i] = entry[i].at;
		index->record[entry[i].at].first = i == 0 || cmp_host(entry[i - 1].mx, entry[i].mx) != 0;
		index->n_hosts += index->record[entry[i].at].first;
	}
	free(entry);
}

static void add_addresses(struct check_index *index)
{
	for (size_t i = 0; i < index->set->n; i++) {
		const struct host_facts *host = index->record[i].first && index->record[i].is_name ? index->record[i].host : NULL;

		for (size_t k = 0; host && k < host->n_addr; k++) {
			index->addr = mem_grow(index->addr, index->n_addr, &index->cap_addr, sizeof(*index->addr));
			index->addr[index->n_addr++] = (struct index_addr){ host->addr[k], i };
		}
	}
	if (index->n_addr)
		qsort(index->addr, index->n_addr, sizeof(*index->addr), by_addr);
}

static void add_records(struct check_index *index, const struct facts *facts)
{
	for (size_t k = 0; k < index->set->n; k++) {
		size_t i = index->by_host[k];
		const struct mx *mx = &index->set->mx[i];
		struct index_record *record = &index->record[i];

		if (record->first) {
			record->is_name = target_is_name(mx);
			record->host = facts_host(facts, &mx->host);
			record->tlsa = facts_tlsa(facts, &mx->host);
		} else { /* of one host, the first comes before it here */
			const struct index_record *same = &index->record[index->by_host[k - 1]];

			record->is_name = same->is_name;
			record->host = same->host;
			record->tlsa = same->tlsa;
		}
	}
}

void check_index_build(struct check_index *index, const struct check_input *in)
{
	check_index_release(index);
	index->set = in->set;
	index->by_host = mem_alloc((in->set->n + 1) * sizeof(*index->by_host));
	index->record = mem_alloc((in->set->n + 1) * sizeof(*index->record));
	add_hosts(index);
	add_records(index, in->facts);
	add_addresses(index);
}

void check_index_hosters(struct check_index *index)
{
	struct preset_sieve sieve;

	preset_sieve_build(&sieve);
	index->of_hosters = true;
	index->hoster = preset_recognise_sieved(&sieve, index->set);
	for (size_t k = 0; k < index->set->n; k++) {
		size_t i = index->by_host[k];

		index->record[i].of = index->record[i].first ? preset_of_sieved(&sieve, &index->set->mx[i].host)
							     : index->record[index->by_host[k - 1]].of;
	}
}

void check_index_release(struct check_index *index)
{
	free(index->by_host);
	free(index->record);
	free(index->addr);
	*index = (struct check_index){ 0 };
}

size_t check_index_find(const struct check_index *index, const struct dname *host)
{
	size_t low = 0, high = index->set->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cmp_name(&index->set->mx[index->by_host[middle]].host, host) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < index->set->n && dname_equal(&index->set->mx[index->by_host[low]].host, host))
		return index->by_host[low];
	return index->set->n;
}

size_t check_index_address(const struct check_index *index, const struct addr *addr)
{
	size_t low = 0, high = index->n_addr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cmp_addr(&index->addr[middle].addr, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->n_addr && cmp_addr(&index->addr[low].addr, addr) == 0 ? index->addr[low].at : index->set->n;
}
