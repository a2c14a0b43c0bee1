/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over the servers: what may be drawn next, and what follows from it. */
#include "sim/pass.h"

#include <string.h>

#include "base/banned.h"

size_t node_size(const struct pass *pass)
{
	size_t size = sizeof(struct node) + pass->kinds_max * sizeof(uint16_t);

	return (size + 7) / 8 * 8;
}

static void enter_rung(const struct pass *pass, struct node *node)
{
	const struct pass_rung *rung = &pass->rung[node->rung];

	memset(node->left, 0, pass->kinds_max * sizeof *node->left);
	for (size_t i = 0; i < rung->n; i++)
		node->left[i] = (uint16_t)pass->kind[rung->first + i].count;
}

void node_start(const struct pass *pass, struct node *node)
{
	memset(node, 0, node_size(pass));
	node->p = 1;
	node->place = PASS_NONE;
	node->hand = PASS_NONE;
	node->held = PASS_NONE;
	node->t_s = pass->start_s;
	enter_rung(pass, node);
}

/* The next address of the unit in hand: the first, or any of the first family; of those alike the first stands for all. */
static size_t hand_choices(const struct pass *pass, const struct node *node, struct choice *choice)
{
	const struct unit *unit = &pass->unit[node->hand];
	size_t n = 0;
	unsigned family = 0;

	for (size_t i = 0; i < unit->n; i++) {
		const struct place *place = &pass->place[unit->first + i];
		size_t k = 0;

		if (!(node->hand_left & (uint32_t)1 << i))
			continue;
		if (n > 0 && (!pass->shuffles_inside || place->addr.family != family))
			break;
		family = place->addr.family;
		while (k < n && pass->place[choice[k].what].alike != place->alike)
			k++;
		if (k == n)
			choice[n++] = (struct choice){ .what = unit->first + i };
		choice[k].weight += 1;
	}
	return n;
}

/* In the resolver's order there is one candidate: the first, or after the first the last (looked up in parallel, the answers
 * pile up). */
static size_t listed_choice(const struct pass *pass, const struct node *node, struct choice *choice)
{
	const struct pass_rung *rung = &pass->rung[node->rung];
	size_t found = rung->n;

	if (pass->sender->order == ORDER_RESOLVER_LIFO && !node->left[0]) {
		for (size_t i = 0; i < rung->n; i++) {
			if (node->left[i])
				found = i;
		}
	} else {
		for (size_t i = rung->n; i-- > 0;) {
			if (node->left[i])
				found = i;
		}
	}
	*choice = (struct choice){ .what = found < rung->n ? found : PASS_NONE, .weight = 1 };
	return 1;
}

static bool is_v6_kind(const struct pass *pass, const struct pass_rung *rung, size_t kind)
{
	return pass->place[pass->unit[pass->kind[rung->first + kind].unit].first].addr.family == 6;
}

size_t pass_choices(const struct pass *pass, const struct node *node, struct choice *choice)
{
	const struct pass_rung *rung = &pass->rung[node->rung];
	bool by_family = pass->sender->family == FAMILY_V6_FIRST_RUNG;
	size_t n = 0;

	if (node->hand_left)
		return hand_choices(pass, node, choice);
	if (!pass_draws(pass))
		return listed_choice(pass, node, choice);
	for (size_t i = 0; i < rung->n; i++) {
		if (node->left[i]) {
			if (n > 0 && by_family && is_v6_kind(pass, rung, i) != is_v6_kind(pass, rung, choice[0].what))
				break;
			choice[n].what = i;
			choice[n++].weight = (double)node->left[i] * (double)pass->kind[rung->first + i].weight;
		}
	}
	if (n == 0)
		choice[n++] = (struct choice){ .what = PASS_NONE, .weight = 1 };
	return n;
}

/* Postfix keeps IPv4 and IPv6 both when there are more addresses than it tries: smtp_balance_inet_proto(). */
static bool balances(const struct pass *pass)
{
	return pass->sender->balances && pass->v4 > 0 && pass->v6 > 0 && pass->v4 + pass->v6 > pass->sender->address_max;
}

static unsigned v4_kept(const struct pass *pass, const struct node *node)
{
	unsigned max = pass->sender->address_max;

	if (pass->v6 <= max / 2)
		return max - pass->v6;
	if (pass->v4 <= max / 2)
		return pass->v4;
	return (max + (node->first_family == 4)) / 2;
}

static bool balanced_out(const struct pass *pass, struct node *node, const struct place *place)
{
	bool is_v6 = place->addr.family == 6;

	if (!balances(pass))
		return false;
	if (node->first_family == 0)
		node->first_family = is_v6 ? 6 : 4;
	if (is_v6)
		return node->v6++ >= pass->sender->address_max - v4_kept(pass, node);
	return node->v4++ >= v4_kept(pass, node);
}

void node_thin(const struct pass *pass, struct node *node)
{
	const struct pass_rung *rung = &pass->rung[node->rung];
	bool v4_full, v6_full;

	if (!balances(pass) || node->first_family == 0)
		return;
	v4_full = node->v4 >= v4_kept(pass, node);
	v6_full = node->v6 >= pass->sender->address_max - v4_kept(pass, node);
	for (size_t i = 0; i < rung->n && (v4_full || v6_full); i++) {
		if (pass->unit[pass->kind[rung->first + i].unit].n == 1 && (is_v6_kind(pass, rung, i) ? v6_full : v4_full))
			node->left[i] = 0;
	}
}

static void drop_hand(struct node *node)
{
	node->hand = PASS_NONE;
	node->hand_left = 0;
}

static enum pass_end last_word(const struct node *node)
{
	return node->last_out == OUT_NEXT_ELSE_BOUNCE ? PASS_BOUNCED : PASS_DEFERRED;
}

/* After a failure: is the attempt over by one of its limits? */
static enum pass_end limits(const struct pass *pass, struct node *node)
{
	const struct sender *sender = pass->sender;

	if (sender->address_hard_max && ++node->met >= sender->address_hard_max)
		return last_word(node);
	if (sender->session_max && node->sessions >= sender->session_max)
		return last_word(node);
	if (sender->route_penalty_s && node->tried * sender->step_delay_s >= sender->route_penalty_s)
		return last_word(node);
	if (!sender->address_max || node->tried < sender->address_max)
		return PASS_GOES_ON;
	if (!sender->rung_exempt || node->rung + 1u >= pass->n_rung)
		return last_word(node);
	node->tried--;
	drop_hand(node);
	node->held = PASS_NONE;
	memset(node->left, 0, pass->kinds_max * sizeof *node->left);
	return PASS_GOES_ON;
}

static bool repeated(struct node *node, const struct place *place)
{
	if (node->seen_addr & place->same_addr)
		return true;
	node->seen_addr |= place->same_addr;
	return false;
}

static enum pass_end meet(const struct pass *pass, struct node *node, size_t at)
{
	const struct place *place = &pass->place[at];

	if (repeated(node, place) || balanced_out(pass, node, place))
		return PASS_GOES_ON;
	if (pass->memory && memory_dead(pass->memory, at, pass->now_s + node->t_s))
		return PASS_GOES_ON;
	node->place = at;
	if (node->tried > 0)
		node->t_s += pass->sender->step_delay_s;
	node->tried++;
	node->connections += place->connections;
	node->t_s += place->cost_s;
	switch (place->out) {
	case OUT_OK:
	case OUT_CLEAR_SAME:
		return PASS_DELIVERED;
	case OUT_QUEUE:
	case OUT_HANG:
		return PASS_DEFERRED;
	case OUT_BOUNCE:
		return PASS_BOUNCED;
	case OUT_NEXT:
	case OUT_NEXT_ELSE_BOUNCE:
		break;
	}
	node->last_out = (uint8_t)place->out;
	if (place->state >= SIM_MAIL_4XX)
		node->sessions++;
	if (pass->sender->after_session == AFTER_NEXT_HOST && (place->own || place->state >= SIM_DROP))
		drop_hand(node);
	return limits(pass, node);
}

/* Exim's single pass of neighbour swaps over a rung: an IPv4 address lets each IPv6 address right behind it pass. */
static enum pass_end bubble(const struct pass *pass, struct node *node, size_t at)
{
	size_t out = node->held;

	if (out == PASS_NONE) {
		node->held = at;
		return PASS_GOES_ON;
	}
	if (pass->place[out].addr.family != 6 && pass->place[at].addr.family == 6)
		return meet(pass, node, at);
	node->held = at;
	return meet(pass, node, out);
}

static enum pass_end drawn(const struct pass *pass, struct node *node, size_t at)
{
	node->hand_left &= ~((uint32_t)1 << (at - pass->unit[node->hand].first));
	if (!node->hand_left)
		node->hand = PASS_NONE;
	if (pass->sender->family == FAMILY_V6_BUBBLE_RUNG)
		return bubble(pass, node, at);
	return meet(pass, node, at);
}

static enum pass_end rung_over(const struct pass *pass, struct node *node)
{
	size_t held = node->held;

	if (held != PASS_NONE) {
		enum pass_end end;

		node->held = PASS_NONE;
		end = meet(pass, node, held);
		if (end != PASS_GOES_ON)
			return end;
	}
	if (node->rung + 1u >= pass->n_rung)
		return last_word(node);
	node->rung++;
	enter_rung(pass, node);
	return PASS_GOES_ON;
}

enum pass_end pass_apply(const struct pass *pass, struct node *node, size_t what)
{
	const struct unit *unit;

	node->place = PASS_NONE;
	if (node->hand_left)
		return drawn(pass, node, what);
	if (what == PASS_NONE)
		return rung_over(pass, node);
	node->left[what]--;
	node->hand = pass->kind[pass->rung[node->rung].first + what].unit;
	unit = &pass->unit[node->hand];
	if (node->seen_name & unit->same_name) {
		node->hand = PASS_NONE;
		return PASS_GOES_ON;
	}
	node->seen_name |= unit->same_name;
	if (pass->sender->host_max && ++node->hosts > pass->sender->host_max)
		return last_word(node);
	node->hand_left = unit->n >= 32 ? UINT32_MAX : ((uint32_t)1 << unit->n) - 1;
	if (unit->n == 1)
		return drawn(pass, node, unit->first);
	return PASS_GOES_ON;
}
