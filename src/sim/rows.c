/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of an attempt, what the lookups make of them, and the verdict when they end it. */
#include "sim/pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

static bool wants(const struct pass *pass, unsigned family)
{
	unsigned families = pass->in->families ? pass->in->families : SIM_IPV4 | SIM_IPV6;

	if (family == 6)
		return pass->sender->family != FAMILY_V4_ONLY && (families & SIM_IPV6);
	return (families & SIM_IPV4) != 0;
}

static bool is_loopback(const struct addr *addr)
{
	static const struct addr loop4 = { 4, { 127 } }, loop6 = { 6, { [15] = 1 } };

	return addr_in(addr, &loop4, 8) || addr_equal(addr, &loop6);
}

/* 0.0.0.0 and :: mean this machine, too. */
static bool is_any(const struct addr *addr)
{
	static const struct addr any4 = { 4, { 0 } }, any6 = { 6, { 0 } };

	return addr_equal(addr, &any4) || addr_equal(addr, &any6);
}

static bool is_private(const struct addr *addr)
{
	static const struct addr ten = { 4, { 10 } }, b172 = { 4, { 172, 16 } }, c192 = { 4, { 192, 168 } };
	static const struct addr local = { 4, { 169, 254 } };

	return addr_in(addr, &ten, 8) || addr_in(addr, &b172, 12) || addr_in(addr, &c192, 16) ||
	       addr_in(addr, &local, 16);
}

static bool ignored(const struct sender *sender, const struct addr *addr)
{
	return (sender->self == SELF_IGNORE && is_loopback(addr)) || (sender->self_any == SELF_IGNORE && is_any(addr)) ||
	       (sender->ignores_private && is_private(addr));
}

static void add_place(struct pass *pass, size_t row, const struct addr *addr)
{
	struct place *place = &pass->place[pass->n_place++];

	*place = (struct place){ .row = row, .addr = *addr };
	place->own = is_loopback(addr) || is_any(addr);
	place->self = is_any(addr) ? pass->sender->self_any : pass->sender->self;
}

static int by_bytes(const void *a, const void *b)
{
	const struct addr *x = a, *y = b;

	return memcmp(x->bytes, y->bytes, sizeof x->bytes);
}

/* A host's addresses as they were answered; where a resolver turns its answers, in an order that says nothing of this one. */
static const struct addr *in_order(const struct pass *pass, const struct host_facts *facts, struct addr sorted[FACTS_ADDRESSES])
{
	if (pass->in->facts->source != SOURCE_RESOLVER || facts->n_addr < 2)
		return facts->addr;
	memcpy(sorted, facts->addr, facts->n_addr * sizeof *sorted);
	qsort(sorted, facts->n_addr, sizeof *sorted, by_bytes);
	return sorted;
}

/* Addresses of one row, IPv6 first, as a resolver's library orders them (RFC 6724). */
static size_t add_places(struct pass *pass, size_t i)
{
	static const unsigned families[] = { 6, 4 };
	const struct pass_row *row = &pass->row[i];
	size_t before = pass->n_place;
	struct addr unknown = { 0 }, sorted[FACTS_ADDRESSES];
	const struct addr *addr;

	if (row->literal.family) {
		add_place(pass, i, &row->literal);
		return 1;
	}
	if (row->name == NAME_UNKNOWN) {
		add_place(pass, i, &unknown);
		return 1;
	}
	addr = in_order(pass, row->facts, sorted);
	for (size_t f = 0; f < 2; f++) {
		for (size_t j = 0; wants(pass, families[f]) && j < row->facts->n_addr; j++) {
			if (addr[j].family == families[f] && !ignored(pass->sender, &addr[j]))
				add_place(pass, i, &addr[j]);
		}
	}
	return pass->n_place - before;
}

/* Of the families that the sender has. */
static bool has_address(const struct pass *pass, const struct host_facts *facts)
{
	for (size_t i = 0; i < facts->n_addr; i++) {
		if (wants(pass, facts->addr[i].family))
			return true;
	}
	return false;
}

static enum pass_name name_by_answers(const struct pass *pass, const struct host_facts *facts)
{
	enum answer kinds[2];
	size_t n = 0;
	bool open = false;

	if (!facts)
		return NAME_UNKNOWN;
	if (has_address(pass, facts))
		return NAME_FOUND;
	if (wants(pass, 4))
		kinds[n++] = facts->a;
	if (wants(pass, 6))
		kinds[n++] = facts->aaaa;
	for (size_t i = 0; i < n; i++) {
		if (kinds[i] == ANSWER_TIMEOUT)
			return NAME_SLOW;
		if (answer_is_soft(kinds[i]))
			return NAME_SOFT;
		open |= !answer_is_final(kinds[i]);
	}
	return open ? NAME_UNKNOWN : NAME_MISSING;
}

/* What the marks make of a host's lookup: of its own name and of those that it is an alias of. */
static enum sim_state lookup_mark(const struct pass *pass, const struct pass_row *row)
{
	enum sim_state mark = marks_name(pass_marks(pass), &row->host);

	for (size_t i = 0; mark == SIM_UP && row->facts && i < row->facts->n_alias; i++)
		mark = marks_name(pass_marks(pass), &row->facts->alias[i]);
	return mark;
}

static void resolve(struct pass *pass, struct pass_row *row)
{
	char text[DNAME_TEXT_MAX];

	row->facts = facts_host(pass->in->facts, &row->host);
	row->mark = lookup_mark(pass, row);
	if (row->host.len == 0 || dname_is_root(&row->host))
		row->name = NAME_MISSING;
	else if (row->mark == SIM_NXDOMAIN)
		row->name = NAME_MISSING;
	else if (row->mark == SIM_SERVFAIL)
		row->name = NAME_SOFT;
	else if (row->mark == SIM_DNS_TIMEOUT)
		row->name = NAME_SLOW;
	else if (dname_labels(&row->host) == 4 && addr_parse(&row->literal, dname_text(&row->host, text)))
		row->name = pass->sender->takes_literal ? NAME_FOUND : NAME_MISSING;
	else
		row->name = name_by_answers(pass, row->facts);
	if (row->name != NAME_FOUND)
		row->literal.family = 0;
}

static void make_rows(struct pass *pass, bool implicit)
{
	const struct mxset *set = pass->in->set;

	pass->n_row = implicit ? 1 : set->n;
	pass->row = mem_alloc(pass->n_row * sizeof *pass->row);
	if (implicit) {
		pass->row[0].host = *pass->in->domain;
	} else {
		for (size_t i = 0; i < set->n; i++) {
			pass->row[i].host = set->mx[i].host;
			pass->row[i].preference = set->mx[i].preference;
		}
	}
	for (size_t i = 0; i < pass->n_row; i++)
		resolve(pass, &pass->row[i]);
}

static void ends(struct pass *pass, enum sender_out out, const char *code)
{
	pass->no_lookup = true;
	pass->ends = out;
	pass->ends_code = code;
}

/* The domain's own lookup: does the message get past it? */
static bool domain_answers(struct pass *pass)
{
	const struct sim_input *in = pass->in;
	enum sim_state mark = marks_domain(pass_marks(pass), in->domain);
	enum answer answer = in->is_draft ? ANSWER_DATA : in->facts->mx;

	if (mark == SIM_NXDOMAIN || (mark == SIM_UP && answer == ANSWER_NXDOMAIN))
		ends(pass, pass->sender->domain_nx, "nxdomain");
	else if (mark == SIM_DNS_TIMEOUT || (mark == SIM_UP && answer == ANSWER_TIMEOUT))
		ends(pass, pass->sender->domain_soft, "dns-timeout");
	else if (mark == SIM_SERVFAIL || answer_is_soft(answer))
		ends(pass, pass->sender->domain_soft, "servfail");
	else if (mxset_is_null(in->set))
		ends(pass, pass->sender->null_mx, "null-mx");
	else if (in->set->n == 0 && !answer_is_final(answer))
		ends(pass, OUT_QUEUE, "unknown");
	return !pass->no_lookup;
}

/* Postfix: a better server that could not be looked up may be the one to send to, so the message waits. */
static bool best_is_missing(const struct pass *pass)
{
	uint32_t best = UINT32_MAX, found = UINT32_MAX;

	for (size_t i = 0; i < pass->n_row; i++) {
		if (pass->row[i].preference < best)
			best = pass->row[i].preference;
	}
	for (size_t i = 0; i < pass->n_place; i++) {
		uint32_t preference = pass->row[pass->place[i].row].preference;

		if (preference < found)
			found = preference;
	}
	return best != found;
}

/* A sender that finds itself drops its own preference and all higher (RFC 5321 section 5.1). */
static bool cut_self(struct pass *pass)
{
	uint32_t own = 0;
	bool found = false;
	size_t kept = 0;

	for (size_t i = 0; i < pass->n_place; i++) {
		uint32_t preference = pass->row[pass->place[i].row].preference;

		if (pass->place[i].own && pass->place[i].self == SELF_CUT && (!found || preference < own)) {
			own = preference;
			found = true;
		}
	}
	if (!found)
		return false;
	for (size_t i = 0; i < pass->n_place; i++) {
		if (pass->row[pass->place[i].row].preference < own)
			pass->place[kept++] = pass->place[i];
	}
	pass->n_place = kept;
	for (size_t i = 0; i < pass->n_row; i++) {
		if (pass->row[i].preference >= own)
			pass->row[i].name = NAME_CUT;
	}
	return true;
}

/* No address is left to try: what then? */
static void verdict_of_none(struct pass *pass, bool soft, bool slow, bool self)
{
	if (soft || slow)
		ends(pass, pass->sender->none_soft, slow ? "dns-timeout" : "servfail");
	else if (self)
		ends(pass, OUT_BOUNCE, "own-address");
	else
		ends(pass, pass->sender->none_exists, "nxdomain");
}

/* Where a record stands in the answer. A draft keeps the places that its records have there now; new ones follow. */
static uint64_t place_of(const struct sim_input *in, size_t i)
{
	const struct mxset *live = &in->facts->live;
	const struct mx *mx = &in->set->mx[i];
	size_t same;

	if (in->set == live)
		return mx->listed;
	same = mxset_find(live, &mx->host);
	return same < live->n ? live->mx[same].listed : ((uint64_t)1 << 32) + mx->listed;
}

/* The rows of each preference as a sender meets them that takes the order of the answer; else as the set has them. */
static size_t *row_order(const struct pass *pass)
{
	size_t *order = mem_alloc((pass->n_row + 1) * sizeof *order);
	uint64_t *place = mem_alloc((pass->n_row + 1) * sizeof *place);
	bool listed = !pass_draws(pass) && pass->in->set->n > 1;

	for (size_t i = 0; i < pass->n_row; i++) {
		size_t at = i;

		place[i] = listed ? place_of(pass->in, i) : i;
		while (at > 0 && pass->row[order[at - 1]].preference == pass->row[i].preference && place[order[at - 1]] > place[i]) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
	free(place);
	return order;
}

/* The same record again is dropped before anything is drawn: the host counts once. Equal records stand together in a set. */
static bool is_repeat(const struct pass *pass, size_t i)
{
	const struct pass_row *row = &pass->row[i];

	return i > 0 && row[-1].preference == row->preference && dname_equal(&row[-1].host, &row->host);
}

/* The addresses to try, in that order. What kind of failure left a row without any? */
static void add_rows(struct pass *pass, bool *soft, bool *slow)
{
	size_t *order = row_order(pass);

	for (size_t k = 0; k < pass->n_row; k++) {
		struct pass_row *row = &pass->row[order[k]];

		if (pass->sender->dedupe != DEDUPE_NONE && is_repeat(pass, order[k]))
			continue;
		if ((row->name == NAME_FOUND || row->name == NAME_UNKNOWN) && add_places(pass, order[k]) == 0)
			row->name = NAME_MISSING;
		*soft |= row->name == NAME_SOFT;
		if (row->name == NAME_SLOW) {
			*slow = true;
			pass->start_s += pass->sender->slow_dns_s;
		}
	}
	free(order);
}

static void count_families(struct pass *pass)
{
	for (size_t i = 0; i < pass->n_place; i++) {
		if (pass->place[i].addr.family == 6)
			pass->v6++;
		else
			pass->v4++;
	}
}

void pass_sources(struct pass *pass)
{
	bool soft = false, slow = false, self, missing, implicit = pass->in->set->n == 0;

	if (!domain_answers(pass))
		return;
	make_rows(pass, implicit);
	pass->place = mem_resize(NULL, pass->n_row * FACTS_ADDRESSES, sizeof *pass->place);
	add_rows(pass, &soft, &slow);
	missing = best_is_missing(pass);
	self = cut_self(pass);
	count_families(pass);
	if (slow && pass->sender->slow_dns == SLOW_STALL)
		ends(pass, OUT_QUEUE, "dns-timeout");
	else if (pass->n_place == 0 && self && pass->sender->cut_waits)
		ends(pass, missing ? OUT_QUEUE : OUT_BOUNCE, missing ? "servfail" : "own-address");
	else if (pass->n_place == 0)
		verdict_of_none(pass, soft, slow, self);
}
