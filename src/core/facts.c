/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "core/facts/smtp.h"
#include "base/banned.h"

void facts_init(struct facts *facts, const struct dname *domain)
{
	*facts = (struct facts){ .domain = *domain };
}

void facts_release(struct facts *facts)
{
	for (size_t i = 0; i < facts->n_server; i++)
		mxset_release(&facts->server[i].set);
	free(facts->server);
	free(facts->zones);
	free(facts->smtp);
	free(facts->host);
	free(facts->host_slot);
	mxset_release(&facts->live);
	mxset_release(&facts->held.set);
	mxset_release(&facts->cached.set);
	mxset_release(&facts->wildcard_set);
	*facts = (struct facts){ 0 };
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
	made.cap_host = from->n_host;
	made.host = from->n_host ? mem_copy(from->host, from->n_host * sizeof(*from->host)) : NULL;
	made.host_slot = from->n_slot ? mem_copy(from->host_slot, from->n_slot * sizeof(*from->host_slot)) : NULL;
	made.cap_server = from->n_server;
	made.server = from->n_server ? mem_copy(from->server, from->n_server * sizeof(*from->server)) : NULL;
	made.cap_zone = from->n_zone;
	made.zones = from->n_zone ? mem_copy(from->zones, from->n_zone * sizeof(*from->zones)) : NULL;
	made.cap_smtp = from->n_smtp;
	made.smtp = from->n_smtp ? mem_copy(from->smtp, from->n_smtp * sizeof(*from->smtp)) : NULL;
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

static void make_slots(struct facts *facts)
{
	if (2 * (facts->n_host + 1) <= facts->n_slot)
		return;
	free(facts->host_slot);
	facts->n_slot = 4 * (facts->n_host + 8);
	facts->host_slot = mem_alloc(facts->n_slot * sizeof(*facts->host_slot));
	for (size_t i = 0; i < facts->n_host; i++)
		*slot_of(facts, &facts->host[i].host) = i + 1;
}

struct host_facts *facts_host(const struct facts *facts, const struct dname *host)
{
	size_t row = facts->n_slot ? *slot_of(facts, host) : 0;

	return row ? &facts->host[row - 1] : NULL;
}

struct host_facts *facts_host_add(struct facts *facts, const struct dname *host)
{
	struct host_facts *row = facts_host(facts, host);

	if (row)
		return row;
	make_slots(facts);
	facts->host = mem_grow(facts->host, facts->n_host, &facts->cap_host, sizeof(*facts->host));
	row = &facts->host[facts->n_host];
	*row = (struct host_facts){ .host = *host };
	*slot_of(facts, host) = ++facts->n_host;
	return row;
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

bool answer_is_final(enum answer answer)
{
	return answer != ANSWER_UNASKED && answer != ANSWER_PENDING;
}

bool answer_is_soft(enum answer answer)
{
	return answer_is_final(answer) && answer != ANSWER_DATA && answer != ANSWER_NODATA && answer != ANSWER_NXDOMAIN;
}

const char *answer_name(enum answer answer)
{
	static const char *const names[ANSWER_KINDS] = {
		[ANSWER_UNASKED] = N_("not asked"),
		[ANSWER_PENDING] = N_("waiting for an answer"),
		[ANSWER_DATA] = N_("answered"),
		[ANSWER_NODATA] = N_("no such record"),
		[ANSWER_NXDOMAIN] = N_("no such name"),
		[ANSWER_SERVFAIL] = N_("server failure"),
		[ANSWER_REFUSED] = N_("refused"),
		[ANSWER_TIMEOUT] = N_("no answer in time"),
		[ANSWER_UNREACHABLE] = N_("unreachable"),
		[ANSWER_BROKEN] = N_("broken answer"),
	};

	return names[answer];
}

const char *dnssec_name(enum dnssec dnssec)
{
	switch (dnssec) {
	case DNSSEC_SECURE:
		return "secure";
	case DNSSEC_INSECURE:
		return "insecure";
	case DNSSEC_BOGUS:
		return "bogus";
	case DNSSEC_PENDING:
	case DNSSEC_UNCHECKED:
		break;
	}
	return "unchecked";
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
