/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/facts.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/facts/smtp.h"
#include "base/banned.h"

#define FEW 8 /* hosts: they are found sooner by looking at each than by a slot */

void facts_init(struct facts *facts, const struct dname *domain)
{
	*facts = (struct facts){ .domain = *domain };
}

/* Releases everything that facts_reset() does not keep for reuse. */
static void release_rest(struct facts *facts)
{
	for (size_t i = 0; i < facts->n_server; i++)
		mxset_release(&facts->server[i].set);
	free(facts->server);
	free(facts->zones);
	free(facts->smtp);
	free(facts->registered);
	free(facts->star);
	free(facts->ptr);
	free(facts->ptr_slot);
	free(facts->listed);
	free(facts->tlsa);
	mxset_release(&facts->held.set);
	mxset_release(&facts->wildcard_set);
}

void facts_release(struct facts *facts)
{
	release_rest(facts);
	free(facts->host);
	free(facts->host_slot);
	mxset_release(&facts->live);
	mxset_release(&facts->cached.set);
	*facts = (struct facts){ 0 };
}

void facts_reset(struct facts *facts, const struct dname *domain)
{
	struct host_facts *host = facts->host;
	size_t cap_host = facts->cap_host, *slot = facts->host_slot, n_slot = facts->n_slot;
	bool slots_used = facts->n_host > FEW;
	struct mxset live = { .mx = facts->live.mx, .cap = facts->live.cap };
	struct mxset cached = { .mx = facts->cached.set.mx, .cap = facts->cached.set.cap };

	if (facts->asked & ~(unsigned)(NEEDS_MX | NEEDS_HOSTS)) {
		release_rest(facts);
		memset(&facts->held, 0, sizeof(*facts) - offsetof(struct facts, held));
	}
	memset(facts, 0, offsetof(struct facts, alias));
	facts->domain = *domain;
	facts->host = host;
	facts->cap_host = cap_host;
	facts->host_slot = slot;
	facts->n_slot = n_slot;
	if (slots_used)
		memset(slot, 0, n_slot * sizeof(*slot));
	facts->live = live;
	facts->cached.set = cached;
}

static void *copy_rows(const void *rows, size_t n, size_t size)
{
	return n ? mem_copy(rows, n * size) : NULL;
}

/* Copies the members that own no memory. */
static void copy_plain(struct facts *made, const struct facts *from)
{
	made->cap_host = from->n_host;
	made->host = copy_rows(from->host, from->n_host, sizeof(*from->host));
	made->host_slot = copy_rows(from->host_slot, from->n_slot, sizeof(*from->host_slot));
	made->cap_zone = from->n_zone;
	made->zones = copy_rows(from->zones, from->n_zone, sizeof(*from->zones));
	made->cap_registered = from->n_registered;
	made->registered = copy_rows(from->registered, from->n_registered, sizeof(*from->registered));
	made->cap_star = from->n_star;
	made->star = copy_rows(from->star, from->n_star, sizeof(*from->star));
	made->cap_ptr = from->n_ptr;
	made->ptr = copy_rows(from->ptr, from->n_ptr, sizeof(*from->ptr));
	made->ptr_slot = copy_rows(from->ptr_slot, from->n_ptr_slot, sizeof(*from->ptr_slot));
	made->cap_listed = from->n_listed;
	made->listed = copy_rows(from->listed, from->n_listed, sizeof(*from->listed));
	made->cap_tlsa = from->n_tlsa;
	made->tlsa = copy_rows(from->tlsa, from->n_tlsa, sizeof(*from->tlsa));
	made->cap_smtp = from->n_smtp;
	made->smtp = copy_rows(from->smtp, from->n_smtp, sizeof(*from->smtp));
}

void facts_copy(struct facts *to, const struct facts *from)
{
	struct facts made = *from;

	made.live = (struct mxset){ 0 };
	mxset_copy(&made.live, &from->live);
	made.held.set = made.cached.set = made.wildcard_set = (struct mxset){ 0 };
	mxset_copy(&made.wildcard_set, &from->wildcard_set);
	mxset_copy(&made.held.set, &from->held.set);
	mxset_copy(&made.cached.set, &from->cached.set);
	copy_plain(&made, from);
	made.cap_server = from->n_server;
	made.server = copy_rows(from->server, from->n_server, sizeof(*from->server));
	for (size_t i = 0; i < made.n_server; i++) {
		made.server[i].set = (struct mxset){ 0 };
		mxset_copy(&made.server[i].set, &from->server[i].set);
	}
	facts_release(to);
	*to = made;
}

/* The slot of host: its own, or the empty one where it belongs. There always is one: half of them stay empty. */
static size_t *slot_of(const struct facts *facts, const struct dname *host)
{
	size_t at = 5381;

	for (size_t i = 0; i < host->len; i++)
		at = at * 33 + host->wire[i];
	for (at %= facts->n_slot; facts->host_slot[at]; at = (at + 1) % facts->n_slot)
		if (dname_equal(&facts->host[facts->host_slot[at] - 1].host, host))
			break;
	return &facts->host_slot[at];
}

/* For one more host, the first that is not among few, or a later one. */
static void make_slots(struct facts *facts)
{
	bool have = 2 * (facts->n_host + 1) <= facts->n_slot;

	if (have && facts->n_host > FEW)
		return;
	if (!have) {
		free(facts->host_slot);
		facts->n_slot = 4 * (facts->n_host + 8);
		facts->host_slot = mem_alloc(facts->n_slot * sizeof(*facts->host_slot));
	}
	for (size_t i = 0; i < facts->n_host; i++)
		*slot_of(facts, &facts->host[i].host) = i + 1;
}

struct host_facts *facts_host(const struct facts *facts, const struct dname *host)
{
	size_t row = 0;

	for (size_t i = 0; facts->n_host <= FEW && i < facts->n_host; i++)
		if (dname_equal(&facts->host[i].host, host))
			return &facts->host[i];
	if (facts->n_host > FEW)
		row = *slot_of(facts, host);
	return row ? &facts->host[row - 1] : NULL;
}

struct host_facts *facts_host_add(struct facts *facts, const struct dname *host)
{
	struct host_facts *row = facts_host(facts, host);

	if (row)
		return row;
	if (facts->n_host >= FEW)
		make_slots(facts);
	facts->host = mem_grow(facts->host, facts->n_host, &facts->cap_host, sizeof(*facts->host));
	row = &facts->host[facts->n_host];
	memset(row, 0, offsetof(struct host_facts, addr));
	row->host = *host;
	if (facts->n_host >= FEW)
		*slot_of(facts, host) = facts->n_host + 1;
	facts->n_host++;
	return row;
}

size_t host_facts_size(const struct host_facts *row)
{
	if (row->n_alias)
		return offsetof(struct host_facts, alias) + row->n_alias * sizeof(*row->alias);
	return offsetof(struct host_facts, addr) + row->n_addr * sizeof(*row->addr);
}

struct server_facts *facts_server_add(struct facts *facts, const struct dname *name, const struct addr *addr)
{
	struct server_facts *row;

	facts->server = mem_grow(facts->server, facts->n_server, &facts->cap_server, sizeof(*facts->server));
	row = &facts->server[facts->n_server++];
	*row = (struct server_facts){ .name = *name, .addr = *addr };
	return row;
}

const struct zone_facts *facts_zone_of(const struct facts *facts, const struct dname *name)
{
	const struct zone_facts *inner = NULL;

	for (size_t i = 0; i < facts->n_zone; i++) {
		const struct zone_facts *zone = &facts->zones[i];

		if (dname_under(name, &zone->apex) && (!inner || zone->apex.len > inner->apex.len))
			inner = zone;
	}
	return inner;
}

bool facts_undotted(const struct facts *facts, const struct dname *host, struct dname *meant)
{
	return ((facts->zone.len && dname_before(host, &facts->zone, meant)) || dname_before(host, &facts->domain, meant)) &&
	       dname_labels(meant) >= 2;
}

enum fact facts_takes_itself(const struct facts *facts)
{
	const struct host_facts *own = facts_host(facts, &facts->domain);

	if (!facts->implicit)
		return FACT_NO;
	if (own && own->n_addr)
		return FACT_YES;
	return own && own->a == ANSWER_NODATA && own->aaaa == ANSWER_NODATA ? FACT_NO : FACT_UNKNOWN;
}

enum fact facts_below_cut(const struct facts *facts)
{
	const struct dname *seen = &facts->zone, *held = &facts->held.zone;

	if (!seen->len || !held->len)
		return FACT_UNKNOWN;
	return dname_under(seen, held) && !dname_equal(seen, held) ? FACT_YES : FACT_NO;
}

struct zone_facts *facts_zone_add(struct facts *facts, const struct dname *apex)
{
	struct zone_facts *row;

	for (size_t i = 0; i < facts->n_zone; i++) {
		if (dname_equal(&facts->zones[i].apex, apex))
			return &facts->zones[i];
	}
	if (facts->n_zone == FACTS_ZONES)
		return NULL;
	facts->zones = mem_grow(facts->zones, facts->n_zone, &facts->cap_zone, sizeof(*facts->zones));
	row = &facts->zones[facts->n_zone++];
	*row = (struct zone_facts){ .apex = *apex };
	return row;
}

void zone_facts_add_ns(struct zone_facts *zone, const struct dname *name)
{
	size_t at = 0;

	while (at < zone->n_ns && dname_cmp(&zone->name_server[at], name) < 0)
		at++;
	if (at < zone->n_ns && dname_equal(&zone->name_server[at], name))
		return;
	if (zone->n_ns == FACTS_NS) {
		zone->more++;
		return;
	}
	memmove(&zone->name_server[at + 1], &zone->name_server[at], (zone->n_ns - at) * sizeof(*name));
	zone->name_server[at] = *name;
	zone->n_ns++;
}

static size_t *ptr_slot_of(const struct facts *facts, const struct addr *addr)
{
	size_t at = addr->family;

	for (size_t i = 0; i < (addr->family == 4 ? 4 : 16); i++)
		at = at * 33 + addr->bytes[i];
	for (at %= facts->n_ptr_slot; facts->ptr_slot[at]; at = (at + 1) % facts->n_ptr_slot)
		if (addr_equal(&facts->ptr[facts->ptr_slot[at] - 1].addr, addr))
			break;
	return &facts->ptr_slot[at];
}

static void make_ptr_slots(struct facts *facts)
{
	if (2 * (facts->n_ptr + 1) <= facts->n_ptr_slot)
		return;
	free(facts->ptr_slot);
	facts->n_ptr_slot = 4 * (facts->n_ptr + 8);
	facts->ptr_slot = mem_alloc(facts->n_ptr_slot * sizeof(*facts->ptr_slot));
	for (size_t i = 0; i < facts->n_ptr; i++)
		*ptr_slot_of(facts, &facts->ptr[i].addr) = i + 1;
}

struct ptr_facts *facts_ptr(const struct facts *facts, const struct addr *addr)
{
	size_t row = facts->n_ptr_slot ? *ptr_slot_of(facts, addr) : 0;

	return row ? &facts->ptr[row - 1] : NULL;
}

/* By the host's row, where that was there first, as it is in a survey. */
struct tlsa_facts *facts_tlsa(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *known = facts->n_tlsa ? facts_host(facts, host) : NULL;

	if (known && known->tlsa)
		return &facts->tlsa[known->tlsa - 1];
	for (size_t i = 0; i < facts->n_tlsa; i++)
		if (dname_equal(&facts->tlsa[i].host, host))
			return &facts->tlsa[i];
	return NULL;
}

struct registered_facts *facts_registered(const struct facts *facts, const struct dname *name)
{
	for (size_t i = 0; i < facts->n_registered; i++)
		if (dname_under(name, &facts->registered[i].name))
			return &facts->registered[i];
	return NULL;
}

struct ptr_facts *facts_ptr_add(struct facts *facts, const struct addr *addr)
{
	struct ptr_facts *row = facts_ptr(facts, addr);

	if (row)
		return row;
	make_ptr_slots(facts);
	facts->ptr = mem_grow(facts->ptr, facts->n_ptr, &facts->cap_ptr, sizeof(*facts->ptr));
	row = &facts->ptr[facts->n_ptr];
	*row = (struct ptr_facts){ .addr = *addr };
	*ptr_slot_of(facts, addr) = ++facts->n_ptr;
	return row;
}

struct listed_facts *facts_listed_add(struct facts *facts, const struct addr *addr, const char *list)
{
	struct listed_facts *row;

	for (size_t i = 0; i < facts->n_listed; i++)
		if (addr_equal(&facts->listed[i].addr, addr) && !strcmp(facts->listed[i].list, list))
			return &facts->listed[i];
	facts->listed = mem_grow(facts->listed, facts->n_listed, &facts->cap_listed, sizeof(*facts->listed));
	row = &facts->listed[facts->n_listed++];
	*row = (struct listed_facts){ .addr = *addr };
	snprintf(row->list, sizeof(row->list), "%s", list);
	return row;
}

struct tlsa_facts *facts_tlsa_add(struct facts *facts, const struct dname *host)
{
	struct tlsa_facts *row = facts_tlsa(facts, host);
	struct host_facts *known = facts_host(facts, host);

	if (row)
		return row;
	facts->tlsa = mem_grow(facts->tlsa, facts->n_tlsa, &facts->cap_tlsa, sizeof(*facts->tlsa));
	row = &facts->tlsa[facts->n_tlsa++];
	*row = (struct tlsa_facts){ .host = *host };
	if (known)
		known->tlsa = facts->n_tlsa;
	return row;
}

struct star_facts *facts_star(const struct facts *facts, const struct dname *above)
{
	for (size_t i = 0; i < facts->n_star; i++)
		if (dname_equal(&facts->star[i].above, above))
			return &facts->star[i];
	return NULL;
}

struct star_facts *facts_star_add(struct facts *facts, const struct dname *above)
{
	struct star_facts *row = facts_star(facts, above);

	if (row || facts->n_star == FACTS_STARS)
		return row;
	facts->star = mem_grow(facts->star, facts->n_star, &facts->cap_star, sizeof(*facts->star));
	row = &facts->star[facts->n_star++];
	*row = (struct star_facts){ .above = *above };
	return row;
}

struct registered_facts *facts_registered_add(struct facts *facts, const struct dname *name)
{
	for (size_t i = 0; i < facts->n_registered; i++)
		if (dname_equal(&facts->registered[i].name, name))
			return &facts->registered[i];
	facts->registered = mem_grow(facts->registered, facts->n_registered, &facts->cap_registered, sizeof(*facts->registered));
	facts->registered[facts->n_registered] = (struct registered_facts){ .name = *name };
	return &facts->registered[facts->n_registered++];
}

const char *facts_dnssec_reason(const struct facts *facts)
{
	if (facts->dnssec == DNSSEC_BOGUS && facts->bogus_reason[0])
		return facts->bogus_reason;
	return facts->dnssec == DNSSEC_UNCHECKED ? facts->unchecked_reason : NULL;
}

const char *fact_source_name(enum fact_source source)
{
	static const char *const names[] = {
		[SOURCE_RESOLVER] = "resolver",
		[SOURCE_SERVER] = "server",
		[SOURCE_ZONE] = "zone",
		[SOURCE_PROVIDER] = "provider",
	};

	return names[source];
}
