/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drains and who is hit. The plans and the words: cutover_plan.c. */
#include "sim/cutover/cutover.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/drain.h"
#include "base/banned.h"

#define NOTHING 1e-6        /* less mail than this is none */
#define HALF 24             /* points of the honest part, and of the tail */
#define UNKNOWN_TTL_S 86400 /* assumed where nobody told the TTL of the old set */
_Static_assert(CUTOVER_POINTS == 2 * HALF + 1, "and one where they meet");

const struct cutover_assume cutover_assumed = {
	.stretch_share = 0.0874, .stretch_s = DRAIN_STRETCH_S, .short_ttl_s = 300, .negative_s = DRAIN_NEGATIVE_S
};

struct cutover_work {
	const struct cutover_input *input;
	const struct mxset *live;
	bool published;   /* the live set is taken as published: the facts' MX answer is of another */
	size_t n_unknown; /* names that go, whose addresses are not known */
	struct marks off, nameless;
};

double cutover_old(const struct cutover_assume *assume, uint32_t hold_s, double t_s)
{
	double honest = hold_s > 0 ? fmax(0, 1 - fmax(t_s, 0) / hold_s) : 0, longer = (double)hold_s + assume->stretch_s;
	double stretched = assume->stretch_s && longer > 0 ? fmax(0, 1 - fmax(t_s, 0) / longer) : honest;

	return (1 - assume->stretch_share) * honest + assume->stretch_share * stretched;
}

/* ---- which servers go ---- */

static bool is_host(const struct dname *host)
{
	return host->len && !dname_is_root(host);
}

static bool has_addr(const struct facts *facts, const struct dname *host, const struct addr *addr)
{
	const struct host_facts *row = facts_host(facts, host);

	for (size_t i = 0; row && i < row->n_addr; i++)
		if (addr_equal(&row->addr[i], addr))
			return true;
	return false;
}

bool cutover_lacks(const struct facts *facts, const struct dname *host)
{
	const struct host_facts *row = facts_host(facts, host);
	char text[DNAME_TEXT_MAX];
	struct addr literal;

	if (!is_host(host) || (row && row->n_addr) || addr_parse(&literal, dname_text(host, text)))
		return false;
	return !row || !answer_is_final(row->a) || answer_is_soft(row->a) || !answer_is_final(row->aaaa) || answer_is_soft(row->aaaa);
}

bool cutover_lacks_any(const struct cutover_input *input, const struct mxset *set)
{
	for (size_t i = 0; i < set->n; i++)
		if (cutover_lacks(input->facts, &set->mx[i].host))
			return true;
	return !set->n && cutover_lacks(input->facts, input->domain);
}

/* Does the draft lead to this name? Without any record it leads to the domain itself (RFC 5321 section 5.1). */
static bool keeps_name(const struct cutover_input *input, const struct dname *host)
{
	return input->draft->n ? mxset_find(input->draft, host) < input->draft->n : dname_equal(host, input->domain);
}

static bool keeps_addr(const struct cutover_input *input, const struct addr *addr)
{
	if (!input->draft->n)
		return has_addr(input->facts, input->domain, addr);
	for (size_t i = 0; i < input->draft->n; i++)
		if (has_addr(input->facts, &input->draft->mx[i].host, addr))
			return true;
	return false;
}

/* Adds the host's addresses that go to the marks; the same address may stand under several names. Returns how many. */
static size_t mark_off(struct cutover_work *work, const struct host_facts *row)
{
	size_t n = 0;

	for (size_t i = 0; row && i < row->n_addr; i++) {
		struct mark mark = { .kind = MARK_ADDRESS, .addr = row->addr[i], .state = SIM_TIMEOUT };

		if (keeps_addr(work->input, &row->addr[i]))
			continue;
		marks_set(&work->off, &mark);
		n++;
	}
	return n;
}

static void drop(struct cutover_work *work, const struct dname *host, struct cutover *result)
{
	const struct host_facts *row = facts_host(work->input->facts, host);
	struct mark mark = { .kind = MARK_HOST, .name = *host, .state = SIM_TIMEOUT };
	struct cutover_host made = { .host = *host };

	if (!is_host(host) || keeps_name(work->input, host))
		return;
	for (size_t i = 0; i < result->n_host; i++)
		if (dname_equal(&result->host[i].host, host))
			return;
	if (cutover_lacks(work->input->facts, host)) {
		made.off = OFF_UNKNOWN;
		work->n_unknown++;
	} else if (!row || !row->n_addr) {
		marks_set(&work->off, &mark);
	} else if (!mark_off(work, row)) {
		made.off = OFF_NAME;
	}
	mark.state = SIM_NXDOMAIN;
	if (!dname_equal(host, work->input->domain))
		marks_set(&work->nameless, &mark);
	result->host = mem_grow(result->host, result->n_host, &result->cap_host, sizeof(*result->host));
	result->host[result->n_host++] = made;
}

/* Without MX records the domain itself takes the mail: where it has an address. */
static void find_hosts(struct cutover_work *work, struct cutover *result)
{
	const struct facts *facts = work->input->facts;
	const struct dname *domain = work->input->domain;
	const struct host_facts *own = facts_host(facts, domain);

	for (size_t i = 0; i < work->live->n; i++)
		drop(work, &work->live->mx[i].host, result);
	if (!work->live->n && ((own && own->n_addr) || cutover_lacks(facts, domain)))
		drop(work, domain, result);
}

/* ---- who is hit ---- */

static void run(const struct cutover_work *work, const struct sender *sender, const struct marks *marks, struct sim_result *result)
{
	struct sim_input in = {
		.domain = work->input->domain,
		.set = work->live,
		.facts = work->input->facts,
		.is_draft = work->published,
		.marks = marks,
		.seed = work->input->seed,
		.no_trace = true,
	};

	failover_run(&in, sender, result);
}

/* The part of a row's mail that goes to addresses which go. */
static double to_old(const struct cutover_input *input, const struct sim_share *row)
{
	double share = 0;

	if (!row->n_addr)
		return row->share;
	for (size_t i = 0; i < row->n_addr; i++)
		if (!keeps_addr(input, &row->addr[i].addr))
			share += row->addr[i].share;
	return share;
}

static void add_sender(const struct cutover_work *work, struct cutover_sender *row, struct cutover *result)
{
	static const struct marks none = { 0 };
	struct sim_result calm = { 0 }, off = { 0 }, nameless = { 0 };

	run(work, row->sender, &none, &calm);
	run(work, row->sender, &work->off, &off);
	run(work, row->sender, &work->nameless, &nameless);
	for (size_t i = 0; i < calm.first.n; i++)
		for (size_t k = 0; k < result->n_host; k++)
			if (dname_equal(&calm.first.share[i].host, &result->host[k].host)) {
				double share = to_old(work->input, &calm.first.share[i]);
				row->to_old += share;
				result->host[k].share += row->weight * share;
			}
	row->bounced = fmax(0, off.first.bounced - calm.first.bounced);
	row->waits = fmax(0, off.first.deferred - calm.first.deferred);
	row->for_ever = fmin(row->waits, fmax(0, off.final.deferred - calm.final.deferred));
	row->nameless = fmax(0, nameless.first.bounced - calm.first.bounced);
	row->unknown = fmax(calm.first.unknown, calm.final.unknown);
	row->unknown_off = fmax(fmax(off.first.unknown, off.final.unknown), fmax(nameless.first.unknown, nameless.final.unknown));
	result->unknown += row->weight * row->unknown;
	result->unknown_off += row->weight * row->unknown_off;
	result->fails += row->weight * (calm.final.bounced + calm.final.deferred);
	sim_result_release(&calm);
	sim_result_release(&off);
	sim_result_release(&nameless);
}

static void add_senders(const struct cutover_work *work, struct cutover *result)
{
	const struct cutover_input *input = work->input;
	size_t n = input->n_part;
	double sum = 0;

	while (!input->n_part && senders[n])
		n++;
	for (size_t i = 0; i < n; i++)
		sum += input->n_part ? input->part[i].weight : 1;
	result->sender = mem_alloc(n * sizeof(*result->sender));
	for (size_t i = 0; i < n; i++) {
		struct cutover_sender *row = &result->sender[result->n_sender];
		double weight = input->n_part ? input->part[i].weight : 1;

		if (weight <= 0)
			continue;
		row->sender = input->n_part ? input->part[i].sender : senders[i];
		row->weight = weight / sum;
		add_sender(work, row, result);
		result->n_sender++;
	}
}

/* ---- what may be told ---- */

bool cutover_sender_tells(const struct cutover_sender *sender)
{
	return sender->unknown < NOTHING;
}

bool cutover_sender_tells_off(const struct cutover_sender *sender)
{
	return cutover_sender_tells(sender) && sender->unknown_off < NOTHING;
}

bool cutover_tells(const struct cutover *result)
{
	return result->kind != CUTOVER_UNKNOWN && result->unknown < NOTHING;
}

bool cutover_tells_off(const struct cutover *result)
{
	return cutover_tells(result) && result->unknown_off < NOTHING;
}

/* ---- over time ---- */

bool cutover_returns(const struct cutover *result, const struct cutover_sender *sender)
{
	uint32_t life_s = sender->sender->life_s;

	return sender->bounced > NOTHING ||
	       (sender->for_ever > NOTHING && life_s && cutover_old(&result->assume, result->hold_s, life_s) > NOTHING);
}

static struct cutover_point point_at(const struct cutover *result, double t_s)
{
	struct cutover_point point = { .t_s = t_s, .old = cutover_old(&result->assume, result->hold_s, t_s) };

	for (size_t i = 0; i < result->n_sender; i++) {
		const struct cutover_sender *s = &result->sender[i];
		/* What waits is tried with the new answer as soon as the cache has it, unless the sender gave up before. */
		double late = s->for_ever * (s->sender->life_s ? cutover_old(&result->assume, result->hold_s, t_s + s->sender->life_s) : 0);

		point.to_old += s->weight * s->to_old * point.old;
		point.lost += s->weight * (s->bounced * point.old + late);
		point.waits += s->weight * (s->waits * point.old - late);
	}
	return point;
}

static void add_points(struct cutover *result)
{
	double hold = result->hold_s, tail = result->assume.stretch_share > 0 ? result->assume.stretch_s : 0;

	for (int i = 0; i < CUTOVER_POINTS; i++) {
		double t = i <= HALF ? hold * i / HALF : hold + tail * (i - HALF) / HALF;

		if (result->n_point && t <= result->point[result->n_point - 1].t_s)
			continue;
		result->point[result->n_point++] = point_at(result, t);
	}
	result->to_old = result->point[0].to_old;
	result->lost = result->point[0].lost;
	result->waits = result->point[0].waits;
	for (size_t i = 0; i < result->n_sender; i++)
		result->nameless += result->sender[i].weight * result->sender[i].nameless * result->point[0].old;
}

/* When a server may go. others: without what goes every message is delivered, as far as is known. */
static enum cutover_off judge(const struct cutover *result, double share, bool others)
{
	if (share < NOTHING)
		return cutover_tells(result) ? OFF_UNUSED : OFF_UNKNOWN;
	if (!others)
		return OFF_DRAINED;
	return cutover_tells_off(result) ? OFF_OTHERS : OFF_UNKNOWN;
}

static void judge_hosts(const struct cutover_input *input, struct cutover *result)
{
	bool open = cutover_lacks_any(input, input->draft); /* any server may be one that the draft leads to */
	bool others = result->kind == CUTOVER_DROPS;

	for (size_t i = 0; i < result->n_sender; i++)
		others = others && result->sender[i].bounced + result->sender[i].waits < NOTHING;
	for (size_t i = 0; i < result->n_host; i++) {
		struct cutover_host *host = &result->host[i];

		if (host->off != OFF_NAME && host->off != OFF_UNKNOWN)
			host->off = open ? OFF_UNKNOWN : judge(result, host->share, others);
		host->off_at = host->off == OFF_UNUSED || host->off == OFF_OTHERS ? result->at : result->tail_at;
		if (host->off_at > result->off_at)
			result->off_at = host->off_at;
	}
}

/* ---- all of it ---- */

static bool is_known(const struct facts *facts)
{
	return facts->mx == ANSWER_DATA || facts->mx == ANSWER_NODATA || facts->mx == ANSWER_NXDOMAIN;
}

const struct mxset *cutover_from(const struct facts *facts, const struct mxset *base)
{
	return is_known(facts) && !mxset_same_records(&facts->live, base) ? NULL : base;
}

static void set_hold(const struct cutover_work *work, struct cutover *result)
{
	const struct facts *facts = work->input->facts;
	/* TTLs that differ: some caches keep the highest. */
	struct drain now = drain_of(work->live, work->published ? 0 : facts->ttl_max_s, facts->negative_ttl_s), drain = now;

	drain_add_past(&drain, &facts->past);
	result->earlier = drain.known && drain_left(&drain, result->at) > now.hold_s;
	result->negative = drain.negative;
	result->hold_assumed = drain.assumed || !drain.known;
	result->hold_s = drain.assumed ? result->assume.negative_s : drain.known ? drain_left(&drain, result->at) : UNKNOWN_TTL_S;
}

static enum cutover_kind kind_of(const struct mxset *live, const struct mxset *draft, size_t gone)
{
	if (mxset_equal(live, draft))
		return CUTOVER_NOTHING;
	if (mxset_same_records(live, draft))
		return CUTOVER_TTL;
	return gone ? CUTOVER_DROPS : CUTOVER_KEEPS;
}

void cutover_run(const struct cutover_input *input, struct cutover *result)
{
	const struct mxset *own = &input->facts->live;
	struct cutover_work work = { .input = input, .live = input->live ? input->live : own };

	cutover_release(result);
	result->assume = input->assume ? *input->assume : cutover_assumed;
	result->now = input->now;
	result->at = input->at ? input->at : input->now;
	if (!input->live && !is_known(input->facts))
		return; /* CUTOVER_UNKNOWN */
	work.published = input->live && !(is_known(input->facts) && mxset_same_records(input->live, own));
	result->presumed = !is_known(input->facts);
	set_hold(&work, result);
	find_hosts(&work, result);
	result->kind = kind_of(work.live, input->draft, work.off.n + work.n_unknown);
	if (result->kind != CUTOVER_NOTHING) {
		result->drained_at = result->at + result->hold_s;
		result->tail_at = result->drained_at + (result->assume.stretch_share > 0 ? result->assume.stretch_s : 0);
		add_senders(&work, result);
		add_points(result);
		judge_hosts(input, result);
		cutover_plans(input, result);
		cutover_describe(input, result);
	}
	marks_release(&work.off);
	marks_release(&work.nameless);
}

void cutover_release(struct cutover *result)
{
	free(result->host);
	free(result->sender);
	*result = (struct cutover){ 0 };
}
