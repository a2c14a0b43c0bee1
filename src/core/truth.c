/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/truth.h"

#include "core/server.h"
#include "base/banned.h"

bool truth_tells(enum answer mx)
{
	return mx == ANSWER_DATA || mx == ANSWER_NODATA || mx == ANSWER_NXDOMAIN;
}

/* ---- served ---- */

static bool told(const struct server_facts *server)
{
	return server_state(server) == SERVER_ANSWERS && !server->elsewhere;
}

static bool one_set(const struct server_facts *a, const struct server_facts *b)
{
	return a->mx == b->mx && mxset_equal(&a->set, &b->set);
}

/* The first server that told a set, if all others that told one agree with it. */
static const struct server_facts *served(const struct facts *facts, bool *disagree)
{
	const struct server_facts *first = NULL;

	*disagree = false;
	for (size_t i = 0; i < facts->n_server; i++) {
		const struct server_facts *server = &facts->server[i];

		if (!told(server))
			continue;
		if (!first)
			first = server;
		else if (!one_set(first, server))
			*disagree = true;
	}
	return *disagree ? NULL : first;
}

/* ---- live ---- */

struct live {
	enum answer mx;
	const struct mxset *set;
	uint32_t ttl_max_s;
	bool exact;
	enum fact_source source;
	int64_t at;
};

/* A zone file, or the one server that was named, is asked in place of everybody else. */
static bool named_source(const struct facts *facts)
{
	return facts->source != SOURCE_RESOLVER;
}

static struct live from_dns(const struct facts *facts)
{
	const struct cached_facts *cached = &facts->cached;
	bool disagree;
	const struct server_facts *server = named_source(facts) ? NULL : served(facts, &disagree);

	if (server)
		return (struct live){ server->mx, &server->set, server->ttl_max_s, true, SOURCE_SERVER, cached->at };
	return (struct live){ cached->mx, &cached->set, cached->ttl_max_s, cached->exact, facts->source, cached->at };
}

/* Where the account's zone is the one that answers for the name: its own records are no wildcard's, whatever a cache still has; and where
 * it has none, yet the DNS gives what the wildcard has, that is what answers. */
static enum fact is_synthesised(const struct facts *facts)
{
	const struct cached_facts *cached = &facts->cached;

	if (!truth_tells(facts->held.mx) || !facts->zone.len || !dname_equal(&facts->held.zone, &facts->zone))
		return facts->synthesised;
	if (facts->held.set.n)
		return FACT_NO;
	if (facts->synthesised != FACT_UNKNOWN)
		return facts->synthesised;
	return facts->wildcard == FACT_YES && facts->wildcard_mx && cached->mx == ANSWER_DATA && !facts->n_alias &&
			       mxset_same_records(&cached->set, &facts->wildcard_set)
		       ? FACT_YES
		       : FACT_UNKNOWN;
}

/* An alias holds no records of its own, nor does a name that a wildcard answers for: what is read at the name is another name's. And who
 * names one server wants to see its set. */
static bool held_tells(const struct facts *facts)
{
	bool named = facts->source == SOURCE_SERVER && truth_tells(facts->cached.mx);
	bool anothers = facts->n_alias || facts->synthesised == FACT_YES;

	return truth_tells(facts->held.mx) && !named && !(anothers && !facts->held.set.n);
}

void truth_settle(struct facts *facts)
{
	struct live live = from_dns(facts);

	facts->synthesised = is_synthesised(facts);
	if (held_tells(facts)) {
		const struct held_facts *held = &facts->held;
		/* The provider does not tell a name without records from a name that does not exist. */
		enum answer mx = held->set.n ? ANSWER_DATA : live.mx == ANSWER_NXDOMAIN ? ANSWER_NXDOMAIN : ANSWER_NODATA;

		live = (struct live){ mx, &held->set, held->ttl_max_s, !held->ttl_guessed, SOURCE_PROVIDER, held->at };
	}
	facts->mx = live.mx;
	facts->live_source = live.source;
	facts->observed_at = live.at;
	mxset_copy(&facts->live, live.set);
	facts->ttl_max_s = live.ttl_max_s;
	if (!live.exact && facts->live.n)
		facts->live.ttl_s = MX_TTL_UNKNOWN;
	facts->null_mx = mxset_is_null(&facts->live);
	facts->implicit = facts->mx == ANSWER_NODATA;
}

/* ---- what may be said ---- */

bool truth_agrees(const struct facts *facts, const struct server_facts *server)
{
	if (!truth_tells(facts->mx))
		return false;
	if (!facts->live.n)
		return !server->set.n;
	return mxset_matches(&facts->live, &server->set);
}

static enum truth_source source_of(const struct facts *facts)
{
	if (!truth_tells(facts->mx))
		return TRUTH_UNKNOWN;
	switch (facts->live_source) {
	case SOURCE_PROVIDER:
	case SOURCE_ZONE:
		return TRUTH_HELD;
	case SOURCE_SERVER:
		return TRUTH_SERVED;
	default:
		return TRUTH_CACHED;
	}
}

/* How long a resolver still gives its answer; what it said of a name without records lives by the negative TTL. */
static uint32_t left(const struct facts *facts, int64_t now)
{
	const struct cached_facts *cached = &facts->cached;
	int64_t ttl_s = cached->mx == ANSWER_DATA ? cached->set.ttl_s : cached->negative_s, passed = now - cached->at;

	return passed < 0 ? (uint32_t)ttl_s : passed < ttl_s ? (uint32_t)(ttl_s - passed) : 0;
}

static void look_at_cache(struct truth *truth, const struct facts *facts, int64_t now)
{
	const struct cached_facts *cached = &facts->cached;

	if (named_source(facts) || !truth_tells(cached->mx) || truth->live == TRUTH_UNKNOWN)
		return;
	truth->cache_left_s = left(facts, now);
	if (mxset_same_records(&cached->set, &facts->live))
		truth->cache = CACHE_SAME;
	else if (truth->cache_left_s || cached->at == now)
		truth->cache = CACHE_DIFFERS;
}

void truth_look(struct truth *truth, const struct facts *facts, int64_t now)
{
	*truth = (struct truth){ .live = source_of(facts), .servers = facts->n_server };
	truth->ttl_known = truth->live != TRUTH_UNKNOWN && facts->live.n && facts->live.ttl_s != MX_TTL_UNKNOWN;
	for (size_t i = 0; i < facts->n_server; i++) {
		const struct server_facts *server = &facts->server[i];

		truth->pending += server->mx == ANSWER_PENDING;
		truth->answered += told(server);
		truth->agree += told(server) && truth_agrees(facts, server);
	}
	served(facts, &truth->disagree);
	look_at_cache(truth, facts, now);
}

bool truth_by_resolver(const struct facts *facts)
{
	return from_dns(facts).source == SOURCE_RESOLVER && facts->dnssec != DNSSEC_SECURE;
}

/* ---- what a draft begins from ---- */

const struct mxset *truth_base(const struct facts *facts, enum truth_source *source)
{
	*source = truth_tells(facts->held.mx) ? TRUTH_HELD : source_of(facts);
	if (*source == TRUTH_UNKNOWN)
		return NULL;
	return truth_tells(facts->held.mx) ? &facts->held.set : &facts->live;
}

enum fact truth_stands(const struct facts *facts, const struct mxset *base)
{
	bool disagree;
	const struct server_facts *server;
	const struct mxset *set = NULL;

	if (truth_tells(facts->held.mx)) {
		set = &facts->held.set;
	} else if (facts->held.mx == ANSWER_UNASKED && named_source(facts)) {
		set = truth_tells(facts->cached.mx) ? &facts->cached.set : NULL;
	} else if (facts->held.mx == ANSWER_UNASKED) {
		server = served(facts, &disagree);
		set = server ? &server->set : NULL;
	}
	return !set ? FACT_UNKNOWN : mxset_matches(base, set) ? FACT_YES : FACT_NO;
}

bool truth_moved(const struct facts *facts, const struct mxset *base)
{
	return truth_stands(facts, base) == FACT_NO;
}
