/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn and how it is grouped. */
#include "sim/attempt/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

void attempt_release(struct attempt *attempt)
{
	marks_release(&attempt->full);
	free(attempt->row);
	free(attempt->endpoint);
	free(attempt->group);
	free(attempt->kind);
	free(attempt->rung);
	free(attempt->alike_count);
	free(attempt->share);
	free(attempt->lag);
	free(attempt->met);
	*attempt = (struct attempt){ 0 };
}

bool attempt_draws(const struct attempt *attempt)
{
	enum sender_order order = attempt->sender->order;

	return attempt->turns || order == ORDER_ADDRESS_SHUFFLE || order == ORDER_HOST_SHUFFLE;
}

/* Does the sender order single addresses, and not hosts? */
static bool by_address(const struct sender *sender)
{
	return sender->order == ORDER_ADDRESS_SHUFFLE && sender->family == FAMILY_MIXED;
}

/* The whole rung with IPv6 before IPv4, each in its order: stable, by host afterwards. Where the order is drawn, a host's
 * addresses of one family stay together. */
static void rung_families(struct attempt *attempt)
{
	struct endpoint *sorted = mem_alloc(attempt->n_endpoint * sizeof *sorted);
	size_t n = 0;

	for (size_t from = 0, to; from < attempt->n_endpoint; from = to) {
		uint32_t preference = attempt->row[attempt->endpoint[from].row].preference;

		for (to = from; to < attempt->n_endpoint && attempt->row[attempt->endpoint[to].row].preference == preference; to++)
			;
		for (unsigned want6 = 2; want6-- > 0;) {
			for (size_t i = from; i < to; i++) {
				if ((attempt->endpoint[i].addr.family == 6) == (want6 == 1))
					sorted[n++] = attempt->endpoint[i];
			}
		}
	}
	free(attempt->endpoint);
	attempt->endpoint = sorted;
}

static void make_groups(struct attempt *attempt)
{
	bool by_rung = attempt->sender->family == FAMILY_V6_FIRST_RUNG;
	bool single = by_address(attempt->sender) || (by_rung && !attempt->turns);

	attempt->group = mem_alloc((attempt->n_endpoint + 1) * sizeof *attempt->group);
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		struct group *last = attempt->n_group ? &attempt->group[attempt->n_group - 1] : NULL;

		if (last && !single && attempt->endpoint[last->first].row == attempt->endpoint[i].row &&
			!(by_rung && attempt->endpoint[last->first].addr.family != attempt->endpoint[i].addr.family))
			last->n++;
		else
			attempt->group[attempt->n_group++] = (struct group){ .first = i, .n = 1 };
	}
}

const struct marks *attempt_marks(const struct attempt *attempt)
{
	return attempt->full.n ? &attempt->full : attempt->in->marks;
}

void attempt_init(struct attempt *attempt, const struct sim_input *in, const struct sender *sender, bool apart)
{
	bool resolver = in->facts->source == SOURCE_RESOLVER;

	*attempt = (struct attempt){ .in = in, .sender = sender, .apart = apart };
	attempt->turns = resolver && (sender->order == ORDER_RESOLVER || sender->order == ORDER_RESOLVER_LIFO);
	attempt->shuffles_inside = resolver || sender->shuffles_inside;
	marks_servers(in->marks, in->facts, &attempt->full);
	attempt_sources(attempt);
	if (attempt->no_lookup)
		return;
	if (sender->family == FAMILY_V6_FIRST_RUNG)
		rung_families(attempt);
	make_groups(attempt);
	attempt_repeats(attempt);
}

static void clear_result(struct attempt *attempt)
{
	free(attempt->share);
	free(attempt->lag);
	attempt->share = NULL;
	attempt->lag = NULL;
	attempt->n_lag = attempt->cap_lag = 0;
	attempt->deferred = attempt->bounced = attempt->unknown = attempt->connections_mean = 0;
	attempt->connections_max = 0;
	attempt->exact = true;
	attempt->samples = 0;
}

static unsigned cost(const struct sender *sender, enum sim_state state)
{
	return state == SIM_TIMEOUT ? sender->connect_timeout_s : state == SIM_MUTE ? sender->greeting_timeout_s : 0;
}

void attempt_state(const struct attempt *attempt, struct endpoint *endpoint)
{
	const struct dname *host = &attempt->row[endpoint->row].host;

	endpoint->state = endpoint->nowhere ? SIM_REFUSED : marks_address(attempt_marks(attempt), host, &endpoint->addr);
	refuse_look(attempt, endpoint);
}

/* A failed handshake may be repeated in the clear, and what goes on in the clear may be kept back. */
static enum sender_out out_of(const struct attempt *attempt, const struct endpoint *endpoint, double age_s)
{
	const struct sender *sender = attempt->sender;
	enum sender_out out = endpoint->state == SIM_UNKNOWN ? OUT_UNKNOWN : sender->out[endpoint->state];

	if (endpoint->state == SIM_TLS_FAIL && sender->clear_after_s && age_s >= sender->clear_after_s)
		out = OUT_CLEAR_SAME;
	out = refuse_out(attempt, endpoint, out);
	if (endpoint->addr.family == 0 && (out == OUT_OK || out == OUT_CLEAR_SAME))
		out = OUT_UNKNOWN;
	return out;
}

void attempt_age(struct attempt *attempt, double age_s)
{
	const struct sender *sender = attempt->sender;

	clear_result(attempt);
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		struct endpoint *endpoint = &attempt->endpoint[i];

		attempt_state(attempt, endpoint);
		endpoint->out = out_of(attempt, endpoint, age_s);
		endpoint->connections = endpoint->out == OUT_CLEAR_SAME ? 2 : 1;
		endpoint->cost_s = cost(sender, endpoint->state);
		if (endpoint->nowhere || endpoint->unlisted)
			endpoint->connections = 0;
		if (endpoint->is_self) {
			endpoint->out = endpoint->self == SELF_LOOP               ? OUT_HANG
					: endpoint->self == SELF_NEXT_ELSE_BOUNCE ? OUT_NEXT_ELSE_BOUNCE
										  : OUT_NEXT;
			endpoint->connections = 0;
			endpoint->cost_s = 0;
		}
	}
	refuse_all(attempt);
	attempt_classify(attempt);
}

/* All of an endpoint that an attempt heeds, but for the addresses that it shares. */
static uint64_t trait(const struct endpoint *endpoint)
{
	return (uint64_t)endpoint->cost_s << 32 | (uint64_t)endpoint->connections << 16 | (uint64_t)endpoint->out << 8 |
	       (uint64_t)endpoint->is_self << 3 | (uint64_t)(endpoint->addr.family == 6) << 2 |
	       (uint64_t)(endpoint->state >= SIM_MAIL_4XX) << 1 | (uint64_t)(endpoint->state >= SIM_DROP);
}

static bool endpoints_alike(const struct attempt *attempt, const struct endpoint *a, const struct endpoint *b)
{
	return !attempt->apart && !a->same_addr && !b->same_addr && trait(a) == trait(b);
}

static bool groups_alike(const struct attempt *attempt, const struct group *a, const struct group *b)
{
	if (attempt->apart || a->n != b->n || a->same_name || b->same_name)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!endpoints_alike(attempt, &attempt->endpoint[a->first + i], &attempt->endpoint[b->first + i]))
			return false;
	}
	return true;
}

/* The kind of a group within its rung's kinds, made when new. */
static size_t kind_of(struct attempt *attempt, size_t group, bool shuffles)
{
	size_t first = attempt->rung[attempt->n_rung - 1].first;

	for (size_t k = first; shuffles && !attempt->apart && k < attempt->n_kind; k++) {
		if (groups_alike(attempt, &attempt->group[attempt->kind[k].group], &attempt->group[group])) {
			attempt->kind[k].count++;
			return k;
		}
	}
	attempt->kind[attempt->n_kind] = (struct group_kind){ .group = group, .count = 1, .weight = 1 };
	if (attempt->sender->order == ORDER_ADDRESS_SHUFFLE)
		attempt->kind[attempt->n_kind].weight = attempt->group[group].n;
	return attempt->n_kind++;
}

/* Which share an endpoint counts to: that of its counterpart in the kind's first group; inside a group that shuffles, that of
 * the first address alike. */
static void number_endpoints(struct attempt *attempt, const struct group *group)
{
	const struct group *model = &attempt->group[attempt->kind[group->kind].group];

	for (size_t i = 0; i < group->n; i++) {
		struct endpoint *endpoint = &attempt->endpoint[group->first + i];
		const struct endpoint *found = NULL;

		if (model != group)
			found = &attempt->endpoint[model->first + i];
		for (size_t j = 0; !found && attempt->shuffles_inside && j < i; j++) {
			if (endpoints_alike(attempt, &attempt->endpoint[group->first + j], endpoint))
				found = &attempt->endpoint[group->first + j];
		}
		endpoint->alike = found ? found->alike : attempt->n_alike++;
		attempt->alike_count[endpoint->alike]++;
	}
}

void attempt_classify(struct attempt *attempt)
{
	bool shuffles = attempt_draws(attempt);

	free(attempt->kind);
	free(attempt->rung);
	free(attempt->alike_count);
	attempt->kind = mem_alloc((attempt->n_group + 1) * sizeof *attempt->kind);
	attempt->rung = mem_alloc((attempt->n_group + 1) * sizeof *attempt->rung);
	attempt->alike_count = mem_alloc((attempt->n_endpoint + 1) * sizeof *attempt->alike_count);
	attempt->n_kind = attempt->n_rung = attempt->n_alike = attempt->kinds_max = 0;
	for (size_t i = 0; i < attempt->n_group; i++) {
		const struct endpoint *endpoint = &attempt->endpoint[attempt->group[i].first];
		uint32_t preference = attempt->row[endpoint->row].preference;
		struct attempt_rung *rung;

		if (i == 0 || preference != attempt->row[attempt->endpoint[attempt->group[i - 1].first].row].preference)
			attempt->rung[attempt->n_rung++].first = attempt->n_kind;
		attempt->group[i].kind = kind_of(attempt, i, shuffles);
		rung = &attempt->rung[attempt->n_rung - 1];
		rung->n = attempt->n_kind - rung->first;
		if (rung->n > attempt->kinds_max)
			attempt->kinds_max = rung->n;
		number_endpoints(attempt, &attempt->group[i]);
	}
	attempt->share = mem_alloc((attempt->n_alike + 1) * sizeof *attempt->share);
}

double attempt_share(const struct attempt *attempt, size_t endpoint)
{
	size_t alike = attempt->endpoint[endpoint].alike;

	return attempt->no_lookup ? 0 : attempt->share[alike] / (double)attempt->alike_count[alike];
}
