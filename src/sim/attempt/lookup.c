/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of an attempt, what the lookups make of them, and the verdict when they end it. */
#include "sim/attempt/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static bool wants(const struct attempt *attempt, unsigned family)
{
	unsigned families = attempt->in->families ? attempt->in->families : SIM_IPV4 | SIM_IPV6;

	if (family == 6)
		return attempt->sender->family != FAMILY_V4_ONLY && (families & SIM_IPV6);
	return (families & SIM_IPV4) != 0;
}

static void add_endpoint(struct attempt *attempt, size_t row, const struct addr *addr)
{
	struct endpoint *endpoint = &attempt->endpoint[attempt->n_endpoint++];

	*endpoint = (struct endpoint){ .row = row, .addr = *addr };
	endpoint->is_self = address_is_loopback(addr) || address_is_any(addr);
	endpoint->nowhere = address_is_nowhere(addr);
	if (attempt->sender->loop6_refuses && addr->family == 6 && address_is_loopback(addr)) {
		endpoint->is_self = false;
		endpoint->nowhere = true;
	}
	endpoint->self = address_is_any(addr) ? attempt->sender->self_any : attempt->sender->self;
}

static int by_bytes(const void *a, const void *b)
{
	const struct addr *x = a, *y = b;

	return memcmp(x->bytes, y->bytes, sizeof x->bytes);
}

/* Takes a host's addresses in the order of the answer. Where a resolver turns its answers, the order tells nothing. */
static const struct addr *in_order(const struct attempt *attempt, const struct host_facts *facts, struct addr sorted[FACTS_ADDRESSES])
{
	if (attempt->in->facts->source != SOURCE_RESOLVER || facts->n_addr < 2)
		return facts->addr;
	memcpy(sorted, facts->addr, facts->n_addr * sizeof *sorted);
	qsort(sorted, facts->n_addr, sizeof *sorted, by_bytes);
	return sorted;
}

/* Addresses of one row, IPv6 first, as a resolver's library orders them (RFC 6724). */
static size_t add_endpoints(struct attempt *attempt, size_t i)
{
	static const unsigned families[] = { 6, 4 };
	const struct attempt_row *row = &attempt->row[i];
	size_t before = attempt->n_endpoint;
	struct addr unknown = { 0 }, sorted[FACTS_ADDRESSES];
	const struct addr *addr;

	if (row->literal.family) {
		add_endpoint(attempt, i, &row->literal);
		return 1;
	}
	if (row->name == NAME_UNKNOWN) {
		add_endpoint(attempt, i, &unknown);
		return 1;
	}
	addr = in_order(attempt, row->facts, sorted);
	for (size_t f = 0; f < 2; f++) {
		for (size_t j = 0; wants(attempt, families[f]) && j < row->facts->n_addr; j++) {
			if (addr[j].family == families[f] && !address_ignored(attempt->sender, &addr[j]))
				add_endpoint(attempt, i, &addr[j]);
		}
	}
	return attempt->n_endpoint - before;
}

/* Has the host an address of a family that the sender uses? */
static bool has_address(const struct attempt *attempt, const struct host_facts *facts)
{
	for (size_t i = 0; i < facts->n_addr; i++) {
		if (wants(attempt, facts->addr[i].family))
			return true;
	}
	return false;
}

static enum name_state name_by_answers(const struct attempt *attempt, const struct host_facts *facts)
{
	enum answer kinds[2];
	size_t n = 0;
	bool open = false;

	if (!facts)
		return NAME_UNKNOWN;
	if (has_address(attempt, facts))
		return NAME_FOUND;
	if (wants(attempt, 4))
		kinds[n++] = facts->a;
	if (wants(attempt, 6))
		kinds[n++] = facts->aaaa;
	/* what our own lookup failed at is unknown: a sender's may well have an answer */
	for (size_t i = 0; i < n; i++)
		open |= !answer_is_final(kinds[i]) || answer_is_soft(kinds[i]);
	return open ? NAME_UNKNOWN : NAME_MISSING;
}

/* What the marks make of a host's lookup: of its own name and of those that it is an alias of. */
static enum sim_state lookup_mark(const struct attempt *attempt, const struct attempt_row *row)
{
	enum sim_state mark = marks_name(attempt_marks(attempt), &row->host);

	for (size_t i = 0; mark == SIM_UP && row->facts && i < row->facts->n_alias; i++)
		mark = marks_name(attempt_marks(attempt), &row->facts->alias[i]);
	return mark;
}

static void resolve(struct attempt *attempt, struct attempt_row *row)
{
	char text[DNAME_TEXT_MAX];

	row->mark = lookup_mark(attempt, row);
	if (row->host.len == 0 || dname_is_root(&row->host))
		row->name = NAME_MISSING;
	else if (row->mark == SIM_NXDOMAIN)
		row->name = NAME_MISSING;
	else if (row->mark == SIM_SERVFAIL)
		row->name = NAME_SOFT;
	else if (row->mark == SIM_DNS_TIMEOUT)
		row->name = NAME_SLOW;
	else if (dname_labels(&row->host) == 4 && addr_parse(&row->literal, dname_text(&row->host, text)))
		row->name = attempt->sender->takes_literal ? NAME_FOUND : NAME_MISSING;
	else
		row->name = name_by_answers(attempt, row->facts);
	if (row->name != NAME_FOUND)
		row->literal.family = 0;
}

static size_t addresses(const struct attempt *attempt)
{
	size_t n = 0;

	for (size_t i = 0; i < attempt->n_row; i++)
		n += attempt->row[i].facts && attempt->row[i].facts->n_addr > 0 ? attempt->row[i].facts->n_addr : 1;
	return n;
}

static void make_rows(struct attempt *attempt, bool implicit)
{
	const struct mxset *set = attempt->in->set;

	attempt->n_row = implicit ? 1 : set->n;
	attempt->row = mem_alloc(attempt->n_row * sizeof *attempt->row);
	if (implicit) {
		attempt->row[0].host = *attempt->in->domain;
	} else {
		for (size_t i = 0; i < set->n; i++) {
			attempt->row[i].host = set->mx[i].host;
			attempt->row[i].preference = set->mx[i].preference;
		}
	}
	for (size_t i = 0; i < attempt->n_row; i++)
		attempt->row[i].facts = facts_host(attempt->in->facts, &attempt->row[i].host);
	for (size_t i = 0; attempt->sender->sts && i < attempt->n_row; i++)
		attempt->row[i].allowed = sts_allows(&attempt->in->facts->sts, &attempt->row[i].host);
	attempt->endpoint = mem_resize(NULL, addresses(attempt) + 1, sizeof *attempt->endpoint);
}

static void ends(struct attempt *attempt, enum sender_out out, const char *code)
{
	attempt->no_lookup = true;
	attempt->ends = out;
	attempt->ends_code = code;
}

static bool has_null(const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++) {
		if (dname_is_root(&set->mx[i].host))
			return true;
	}
	return false;
}

/* A failure that the marks make of the domain's own lookup; false: they make none. */
static bool lookup_fails(struct attempt *attempt)
{
	switch (marks_domain(attempt_marks(attempt), attempt->in->domain)) {
	case SIM_NXDOMAIN:
		ends(attempt, attempt->sender->domain_nx, "nxdomain");
		return true;
	case SIM_DNS_TIMEOUT:
		ends(attempt, attempt->sender->domain_soft, "dns-timeout");
		return true;
	case SIM_SERVFAIL:
		ends(attempt, attempt->sender->domain_soft, "servfail");
		return true;
	default:
		return false;
	}
}

/* The domain's own lookup: does the message get past it? What our own lookup failed at is unknown: others may well have an answer. */
static bool domain_answers(struct attempt *attempt)
{
	const struct sim_input *in = attempt->in;
	enum answer answer = in->is_draft ? ANSWER_DATA : in->facts->mx;

	if (lookup_fails(attempt))
		return false;
	if (answer == ANSWER_NXDOMAIN)
		ends(attempt, attempt->sender->domain_nx, "nxdomain");
	else if (in->set->n > SIM_RECORDS_MAX)
		ends(attempt, attempt->sender->domain_soft, "too-many");
	else if (mxset_is_null(in->set))
		ends(attempt, attempt->sender->null_mx, "null-mx");
	else if (attempt->sender->null_spoils && has_null(in->set))
		ends(attempt, attempt->sender->null_mx, "null-mx-beside");
	else if (in->set->n == 0 && (!answer_is_final(answer) || answer_is_soft(answer)))
		ends(attempt, OUT_UNKNOWN, "unknown");
	else if (in->facts->dnssec == DNSSEC_BOGUS && attempt->sender->dane)
		ends(attempt, OUT_UNKNOWN, "bogus");
	return !attempt->no_lookup;
}

/* Postfix: a better server that could not be looked up may be the one to send to, so the message waits. */
static bool best_is_missing(const struct attempt *attempt)
{
	uint32_t best = UINT32_MAX, found = UINT32_MAX;

	for (size_t i = 0; i < attempt->n_row; i++) {
		if (attempt->row[i].preference < best)
			best = attempt->row[i].preference;
	}
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		uint32_t preference = attempt->row[attempt->endpoint[i].row].preference;

		if (preference < found)
			found = preference;
	}
	return best != found;
}

/* A sender that finds itself drops its own preference and all higher (RFC 5321 section 5.1). */
static bool cut_self(struct attempt *attempt)
{
	uint32_t own = 0;
	bool found = false;
	size_t kept = 0;

	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		uint32_t preference = attempt->row[attempt->endpoint[i].row].preference;

		if (attempt->endpoint[i].is_self && attempt->endpoint[i].self == SELF_CUT && (!found || preference < own)) {
			own = preference;
			found = true;
		}
	}
	if (!found)
		return false;
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		if (attempt->row[attempt->endpoint[i].row].preference < own)
			attempt->endpoint[kept++] = attempt->endpoint[i];
	}
	attempt->n_endpoint = kept;
	for (size_t i = 0; i < attempt->n_row; i++) {
		if (attempt->row[i].preference >= own)
			attempt->row[i].name = NAME_CUT;
	}
	return true;
}

/* The outcome where no address is left to try. */
static void verdict_of_none(struct attempt *attempt, bool soft, bool slow, bool self)
{
	if (soft || slow)
		ends(attempt, attempt->sender->none_soft, slow ? "dns-timeout" : "servfail");
	else if (self)
		ends(attempt, OUT_BOUNCE, "own-address");
	else
		ends(attempt, attempt->sender->none_exists, "nxdomain");
}

/* Where a record stands in the answer. A draft keeps the positions that its records have there now; new ones follow. */
static uint64_t position_of(const struct sim_input *in, size_t i)
{
	const struct mxset *live = &in->facts->live;
	const struct mx *mx = &in->set->mx[i];
	size_t same;

	if (in->set == live)
		return mx->listed;
	same = mxset_find(live, &mx->host);
	return same < live->n ? live->mx[same].listed : ((uint64_t)1 << 32) + mx->listed;
}

struct listed_row {
	uint32_t preference;
	uint64_t position;
	size_t row;
};

static int by_position(const void *a, const void *b)
{
	const struct listed_row *x = a, *y = b;

	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Looked up in parallel, the answers pile up: of the whole answer the first record stays first, and the others follow from the last. */
static void pile_up(struct listed_row *listed, size_t n)
{
	size_t first = 0;

	for (size_t i = 1; i < n; i++)
		first = listed[i].position < listed[first].position ? i : first;
	for (size_t i = 0; i < n; i++)
		listed[i].position = i == first ? 0 : UINT64_MAX - listed[i].position;
}

/* The rows of each preference as a sender meets them that takes the order of the answer; else as the set has them. */
static struct listed_row *row_order(const struct attempt *attempt)
{
	struct listed_row *listed = mem_alloc((attempt->n_row + 1) * sizeof *listed);
	bool by_answer = !attempt_draws(attempt) && attempt->in->set->n > 1;

	for (size_t i = 0; i < attempt->n_row; i++)
		listed[i] = (struct listed_row){ attempt->row[i].preference, by_answer ? position_of(attempt->in, i) : i, i };
	if (by_answer && attempt->sender->order == ORDER_RESOLVER_LIFO)
		pile_up(listed, attempt->n_row);
	if (by_answer)
		qsort(listed, attempt->n_row, sizeof *listed, by_position);
	return listed;
}

/* The same record again is dropped before anything is drawn: the host counts once. Equal records stand together in a set. */
static bool is_repeat(const struct attempt *attempt, size_t i)
{
	const struct attempt_row *row = &attempt->row[i];

	return i > 0 && row[-1].preference == row->preference && dname_equal(&row[-1].host, &row->host);
}

/* The addresses to try, in that order. What kind of failure left a row without any? */
static void add_rows(struct attempt *attempt, bool *soft, bool *slow)
{
	struct listed_row *order = row_order(attempt);

	for (size_t k = 0; k < attempt->n_row; k++) {
		struct attempt_row *row = &attempt->row[order[k].row];

		if (attempt->sender->dedupe != DEDUPE_NONE && is_repeat(attempt, order[k].row))
			continue;
		if ((row->name == NAME_FOUND || row->name == NAME_UNKNOWN) && add_endpoints(attempt, order[k].row) == 0)
			row->name = NAME_MISSING;
		*soft |= row->name == NAME_SOFT;
		if (row->name == NAME_SLOW) {
			*slow = true;
			attempt->start_s += attempt->sender->slow_dns_s;
		}
	}
	free(order);
}

bool host_is_bare(const struct host_facts *facts)
{
	return facts->a == ANSWER_NODATA && facts->aaaa == ANSWER_NODATA;
}

static bool one_is_bare(const struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->n_row; i++) {
		const struct host_facts *facts = attempt->row[i].facts;

		if (attempt->row[i].mark == SIM_UP && facts && host_is_bare(facts))
			return true;
	}
	return false;
}

static void count_families(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		if (attempt->endpoint[i].addr.family == 6)
			attempt->v6++;
		else
			attempt->v4++;
	}
}

void attempt_look(struct attempt *attempt, size_t i)
{
	struct attempt_row *row = &attempt->row[i];

	attempt->n_endpoint = 0;
	resolve(attempt, row);
	if ((row->name == NAME_FOUND || row->name == NAME_UNKNOWN) && add_endpoints(attempt, i) == 0)
		row->name = NAME_MISSING;
	for (size_t k = 0; k < attempt->n_endpoint; k++)
		attempt_state(attempt, &attempt->endpoint[k]);
}

void attempt_probe(struct attempt *attempt, const struct sim_input *in, const struct sender *sender)
{
	*attempt = (struct attempt){ .in = in, .sender = sender };
	make_rows(attempt, in->set->n == 0);
}

void attempt_sources(struct attempt *attempt)
{
	bool soft = false, slow = false, self, missing, implicit = attempt->in->set->n == 0;

	if (!domain_answers(attempt))
		return;
	make_rows(attempt, implicit);
	for (size_t i = 0; i < attempt->n_row; i++)
		resolve(attempt, &attempt->row[i]);
	add_rows(attempt, &soft, &slow);
	missing = best_is_missing(attempt);
	self = cut_self(attempt);
	count_families(attempt);
	if (slow && attempt->sender->slow_dns == SLOW_STALL)
		ends(attempt, OUT_QUEUE, "dns-timeout");
	else if (attempt->sender->bare_spoils && one_is_bare(attempt))
		ends(attempt, OUT_BOUNCE, "no-address");
	else if (attempt->n_endpoint == 0 && self && attempt->sender->cut_waits)
		ends(attempt, missing ? OUT_QUEUE : OUT_BOUNCE, missing ? "servfail" : "own-address");
	else if (attempt->n_endpoint == 0)
		verdict_of_none(attempt, soft, slow, self);
}
