/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn and how it is grouped. */
#include "sim/pass.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#include "base/banned.h"

#define PASS_GROUPS 64		/* bits of node.seen_*; repeats past them are tried again */

void pass_release(struct pass *pass)
{
	marks_release(&pass->full);
	free(pass->row);
	free(pass->place);
	free(pass->unit);
	free(pass->kind);
	free(pass->rung);
	free(pass->alike_count);
	free(pass->share);
	free(pass->lag);
	*pass = (struct pass){ 0 };
}

static void mark_repeats(struct pass *pass)
{
	unsigned group = 0;

	for (size_t i = 0; i < pass->n_place && group < PASS_GROUPS; i++) {
		struct place *place = &pass->place[i];
		bool repeated = false;

		if (place->same_addr || place->addr.family == 0)
			continue;
		for (size_t j = i + 1; j < pass->n_place; j++) {
			if (addr_equal(&place->addr, &pass->place[j].addr)) {
				pass->place[j].same_addr = (uint64_t)1 << group;
				repeated = true;
			}
		}
		if (repeated)
			place->same_addr = (uint64_t)1 << group++;
	}
}

static const struct dname *unit_host(const struct pass *pass, const struct unit *unit)
{
	return &pass->row[pass->place[unit->first].row].host;
}

static void mark_names(struct pass *pass)
{
	unsigned group = 0;

	for (size_t i = 0; i < pass->n_unit && group < PASS_GROUPS; i++) {
		struct unit *unit = &pass->unit[i];
		bool repeated = false;

		if (unit->same_name)
			continue;
		for (size_t j = i + 1; j < pass->n_unit; j++) {
			if (dname_equal(unit_host(pass, unit), unit_host(pass, &pass->unit[j]))) {
				pass->unit[j].same_name = (uint64_t)1 << group;
				repeated = true;
			}
		}
		if (repeated)
			unit->same_name = (uint64_t)1 << group++;
	}
}

bool pass_draws(const struct pass *pass)
{
	enum sender_order order = pass->sender->order;

	return pass->turns || order == ORDER_ADDRESS_SHUFFLE || order == ORDER_HOST_SHUFFLE;
}

/* Addresses one by one, or host by host. */
static bool by_address(const struct sender *sender)
{
	return sender->order == ORDER_ADDRESS_SHUFFLE && sender->family == FAMILY_MIXED;
}

/* The whole rung with IPv6 before IPv4, each in its order: stable, by host afterwards. Where the order is drawn, a host's
 * addresses of one family stay together. */
static void rung_families(struct pass *pass)
{
	struct place *sorted = mem_alloc(pass->n_place * sizeof *sorted);
	size_t n = 0;

	for (size_t from = 0, to; from < pass->n_place; from = to) {
		uint32_t preference = pass->row[pass->place[from].row].preference;

		for (to = from; to < pass->n_place && pass->row[pass->place[to].row].preference == preference; to++)
			;
		for (unsigned want6 = 2; want6-- > 0;) {
			for (size_t i = from; i < to; i++) {
				if ((pass->place[i].addr.family == 6) == (want6 == 1))
					sorted[n++] = pass->place[i];
			}
		}
	}
	free(pass->place);
	pass->place = sorted;
}

static void make_units(struct pass *pass)
{
	bool by_rung = pass->sender->family == FAMILY_V6_FIRST_RUNG;
	bool single = by_address(pass->sender) || (by_rung && !pass->turns);

	pass->unit = mem_alloc((pass->n_place + 1) * sizeof *pass->unit);
	for (size_t i = 0; i < pass->n_place; i++) {
		struct unit *last = pass->n_unit ? &pass->unit[pass->n_unit - 1] : NULL;

		if (last && !single && pass->place[last->first].row == pass->place[i].row &&
		    !(by_rung && pass->place[last->first].addr.family != pass->place[i].addr.family))
			last->n++;
		else
			pass->unit[pass->n_unit++] = (struct unit){ .first = i, .n = 1 };
	}
	if (pass->sender->dedupe == DEDUPE_NAME)
		mark_names(pass);
}

const struct marks *pass_marks(const struct pass *pass)
{
	return pass->full.n ? &pass->full : pass->in->marks;
}

void pass_init(struct pass *pass, const struct sim_input *in, const struct sender *sender, bool apart)
{
	bool resolver = in->facts->source == SOURCE_RESOLVER;

	*pass = (struct pass){ .in = in, .sender = sender, .apart = apart };
	pass->turns = resolver && (sender->order == ORDER_RESOLVER || sender->order == ORDER_RESOLVER_LIFO);
	pass->shuffles_inside = resolver || sender->shuffles_inside;
	marks_servers(in->marks, in->facts, &pass->full);
	pass_sources(pass);
	if (pass->no_lookup)
		return;
	if (sender->family == FAMILY_V6_FIRST_RUNG)
		rung_families(pass);
	if (sender->dedupe == DEDUPE_ADDRESS)
		mark_repeats(pass);
	make_units(pass);
}

static void clear_result(struct pass *pass)
{
	free(pass->share);
	free(pass->lag);
	pass->share = NULL;
	pass->lag = NULL;
	pass->n_lag = pass->cap_lag = 0;
	pass->deferred = pass->bounced = pass->connections_mean = 0;
	pass->connections_max = 0;
	pass->exact = true;
	pass->samples = 0;
}

static unsigned cost(const struct sender *sender, enum sim_state state)
{
	return state == SIM_TIMEOUT ? sender->connect_timeout_s : state == SIM_MUTE ? sender->greeting_timeout_s : 0;
}

void pass_age(struct pass *pass, double age_s)
{
	const struct sender *sender = pass->sender;

	clear_result(pass);
	pass->age_s = age_s;
	for (size_t i = 0; i < pass->n_place; i++) {
		struct place *place = &pass->place[i];

		place->state = marks_address(pass_marks(pass), &pass->row[place->row].host, &place->addr);
		place->out = sender->out[place->state];
		if (place->state == SIM_TLS_FAIL && sender->clear_after_s && age_s >= sender->clear_after_s)
			place->out = OUT_CLEAR_SAME;
		place->connections = place->out == OUT_CLEAR_SAME ? 2 : 1;
		place->cost_s = cost(sender, place->state);
		if (place->own) {
			place->out = place->self == SELF_LOOP		  ? OUT_HANG :
				     place->self == SELF_NEXT_ELSE_BOUNCE ? OUT_NEXT_ELSE_BOUNCE :
									    OUT_NEXT;
			place->connections = 0;
			place->cost_s = 0;
		}
	}
	pass_classify(pass);
}

/* All of a place that an attempt heeds, but for the addresses that it shares. */
static uint64_t trait(const struct place *place)
{
	return (uint64_t)place->cost_s << 32 | (uint64_t)place->connections << 16 | (uint64_t)place->out << 8 |
	       (uint64_t)place->own << 3 | (uint64_t)(place->addr.family == 6) << 2 |
	       (uint64_t)(place->state >= SIM_MAIL_4XX) << 1 | (uint64_t)(place->state >= SIM_DROP);
}

static bool places_alike(const struct pass *pass, const struct place *a, const struct place *b)
{
	return !pass->apart && !a->same_addr && !b->same_addr && trait(a) == trait(b);
}

static bool units_alike(const struct pass *pass, const struct unit *a, const struct unit *b)
{
	if (pass->apart || a->n != b->n || a->same_name || b->same_name)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		if (!places_alike(pass, &pass->place[a->first + i], &pass->place[b->first + i]))
			return false;
	}
	return true;
}

/* The kind of a unit within its rung's kinds, made when new. */
static size_t kind_of(struct pass *pass, size_t unit, bool shuffles)
{
	size_t first = pass->rung[pass->n_rung - 1].first;

	for (size_t k = first; shuffles && k < pass->n_kind; k++) {
		if (units_alike(pass, &pass->unit[pass->kind[k].unit], &pass->unit[unit])) {
			pass->kind[k].count++;
			return k;
		}
	}
	pass->kind[pass->n_kind] = (struct unit_kind){ .unit = unit, .count = 1, .weight = 1 };
	if (pass->sender->order == ORDER_ADDRESS_SHUFFLE)
		pass->kind[pass->n_kind].weight = pass->unit[unit].n;
	return pass->n_kind++;
}

/* Which share a place counts to: that of its counterpart in the kind's first unit; inside a unit that shuffles, that of
 * the first address alike. */
static void number_places(struct pass *pass, const struct unit *unit)
{
	const struct unit *model = &pass->unit[pass->kind[unit->kind].unit];

	for (size_t i = 0; i < unit->n; i++) {
		struct place *place = &pass->place[unit->first + i];
		const struct place *found = NULL;

		if (model != unit)
			found = &pass->place[model->first + i];
		for (size_t j = 0; !found && pass->shuffles_inside && j < i; j++) {
			if (places_alike(pass, &pass->place[unit->first + j], place))
				found = &pass->place[unit->first + j];
		}
		place->alike = found ? found->alike : pass->n_alike++;
		pass->alike_count[place->alike]++;
	}
}

void pass_classify(struct pass *pass)
{
	bool shuffles = pass_draws(pass);

	free(pass->kind);
	free(pass->rung);
	free(pass->alike_count);
	pass->kind = mem_alloc((pass->n_unit + 1) * sizeof *pass->kind);
	pass->rung = mem_alloc((pass->n_unit + 1) * sizeof *pass->rung);
	pass->alike_count = mem_alloc((pass->n_place + 1) * sizeof *pass->alike_count);
	pass->n_kind = pass->n_rung = pass->n_alike = pass->kinds_max = 0;
	for (size_t i = 0; i < pass->n_unit; i++) {
		const struct place *place = &pass->place[pass->unit[i].first];
		uint32_t preference = pass->row[place->row].preference;
		struct pass_rung *rung;

		if (i == 0 || preference != pass->row[pass->place[pass->unit[i - 1].first].row].preference)
			pass->rung[pass->n_rung++].first = pass->n_kind;
		pass->unit[i].kind = kind_of(pass, i, shuffles);
		rung = &pass->rung[pass->n_rung - 1];
		rung->n = pass->n_kind - rung->first;
		if (rung->n > pass->kinds_max)
			pass->kinds_max = rung->n;
		number_places(pass, &pass->unit[i]);
	}
	pass->share = mem_alloc((pass->n_alike + 1) * sizeof *pass->share);
}

double pass_share(const struct pass *pass, size_t place)
{
	size_t alike = pass->place[place].alike;

	return pass->no_lookup ? 0 : pass->share[alike] / (double)pass->alike_count[alike];
}

static void add_word(struct pass_key *key, uint64_t word)
{
	key->word = mem_grow(key->word, key->n, &key->cap, sizeof *key->word);
	key->word[key->n++] = word;
}

void pass_key(const struct pass *pass, struct pass_key *key)
{
	if (pass->no_lookup) {
		add_word(key, UINT64_MAX - pass->ends);
		return;
	}
	for (size_t r = 0; r < pass->n_rung; r++) {
		const struct pass_rung *rung = &pass->rung[r];

		add_word(key, (uint64_t)(pass->n_rung - r) << 32 | rung->n);
		for (size_t k = rung->first; k < rung->first + rung->n; k++) {
			const struct unit *unit = &pass->unit[pass->kind[k].unit];

			add_word(key, (uint64_t)pass->kind[k].count << 32 | unit->n);
			add_word(key, unit->same_name);
			for (size_t i = unit->first; i < unit->first + unit->n; i++) {
				add_word(key, trait(&pass->place[i]));
				add_word(key, pass->place[i].same_addr);
			}
		}
	}
}
