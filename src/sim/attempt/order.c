/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over the servers: what may be drawn next, and what follows from it. */
#include "sim/attempt/attempt.h"

#include <string.h>

#include "base/banned.h"

static size_t left_words(const struct attempt *attempt)
{
	return (attempt->kinds_max + 1) / 2;
}

size_t node_size(const struct attempt *attempt)
{
	return sizeof(struct node) + (left_words(attempt) + (attempt->n_same + 63) / 64) * sizeof(uint64_t);
}

uint32_t *node_left(struct node *node)
{
	return (uint32_t *)(void *)node->tail;
}

static const uint32_t *left_of(const struct node *node)
{
	return (const uint32_t *)(const void *)node->tail;
}

/* Notes the number as met; tells whether it was met before. */
static bool seen_before(const struct attempt *attempt, struct node *node, size_t number)
{
	uint64_t *word, bit;

	if (number == 0)
		return false;
	word = &node->tail[left_words(attempt) + (number - 1) / 64];
	bit = (uint64_t)1 << (number - 1) % 64;
	if (*word & bit)
		return true;
	*word |= bit;
	return false;
}

static void enter_rung(const struct attempt *attempt, struct node *node)
{
	const struct attempt_rung *rung = &attempt->rung[node->rung];

	memset(node_left(node), 0, attempt->kinds_max * sizeof(uint32_t));
	for (size_t i = 0; i < rung->n; i++)
		node_left(node)[i] = (uint32_t)attempt->kind[rung->first + i].count;
}

void node_start(const struct attempt *attempt, struct node *node)
{
	memset(node, 0, node_size(attempt));
	node->p = 1;
	node->endpoint = ATTEMPT_NONE;
	node->current = ATTEMPT_NONE;
	node->held = ATTEMPT_NONE;
	node->t_s = attempt->start_s;
	enter_rung(attempt, node);
}

/* The next address of the group being tried: the first, or any of the first family; of those alike the first stands for all. */
static size_t current_choices(const struct attempt *attempt, const struct node *node, struct choice *choice)
{
	const struct group *group = &attempt->group[node->current];
	size_t n = 0;
	unsigned family = 0;

	for (size_t i = 0; i < group->n; i++) {
		const struct endpoint *endpoint = &attempt->endpoint[group->first + i];
		size_t k = 0;

		if (!(node->current_left & (uint32_t)1 << i))
			continue;
		if (n > 0 && (!attempt->shuffles_inside || endpoint->addr.family != family))
			break;
		family = endpoint->addr.family;
		while (k < n && attempt->endpoint[choice[k].what].alike != endpoint->alike)
			k++;
		if (k == n)
			choice[n++] = (struct choice){ .what = group->first + i };
		choice[k].weight += 1;
	}
	return n;
}

/* Without a draw there is one candidate: the first that is left. */
static size_t listed_choice(const struct attempt *attempt, const struct node *node, struct choice *choice)
{
	const struct attempt_rung *rung = &attempt->rung[node->rung];
	size_t found = rung->n;

	for (size_t i = rung->n; i-- > 0;) {
		if (left_of(node)[i])
			found = i;
	}
	*choice = (struct choice){ .what = found < rung->n ? found : ATTEMPT_NONE, .weight = 1 };
	return 1;
}

static bool is_v6_kind(const struct attempt *attempt, const struct attempt_rung *rung, size_t kind)
{
	return attempt->endpoint[attempt->group[attempt->kind[rung->first + kind].group].first].addr.family == 6;
}

size_t attempt_choices(const struct attempt *attempt, const struct node *node, struct choice *choice)
{
	const struct attempt_rung *rung = &attempt->rung[node->rung];
	bool by_family = attempt->sender->family == FAMILY_V6_FIRST_RUNG;
	size_t n = 0;

	if (node->current_left)
		return current_choices(attempt, node, choice);
	if (!attempt_draws(attempt))
		return listed_choice(attempt, node, choice);
	for (size_t i = 0; i < rung->n; i++) {
		if (left_of(node)[i]) {
			if (n > 0 && by_family && is_v6_kind(attempt, rung, i) != is_v6_kind(attempt, rung, choice[0].what))
				break;
			choice[n].what = i;
			choice[n++].weight = (double)left_of(node)[i] * (double)attempt->kind[rung->first + i].weight;
		}
	}
	if (n == 0)
		choice[n++] = (struct choice){ .what = ATTEMPT_NONE, .weight = 1 };
	return n;
}

/* Postfix keeps IPv4 and IPv6 both when there are more addresses than it tries: smtp_balance_inet_proto(). */
static bool balances(const struct attempt *attempt)
{
	return attempt->sender->balances && attempt->v4 > 0 && attempt->v6 > 0 && attempt->v4 + attempt->v6 > attempt->sender->address_max;
}

static unsigned v4_kept(const struct attempt *attempt, const struct node *node)
{
	unsigned max = attempt->sender->address_max;

	if (attempt->v6 <= max / 2)
		return max - attempt->v6;
	if (attempt->v4 <= max / 2)
		return attempt->v4;
	return (max + (node->first_family == 4)) / 2;
}

static bool balanced_out(const struct attempt *attempt, struct node *node, const struct endpoint *endpoint)
{
	bool is_v6 = endpoint->addr.family == 6;

	if (!balances(attempt))
		return false;
	if (node->first_family == 0)
		node->first_family = is_v6 ? 6 : 4;
	if (is_v6)
		return node->v6++ >= attempt->sender->address_max - v4_kept(attempt, node);
	return node->v4++ >= v4_kept(attempt, node);
}

void node_thin(const struct attempt *attempt, struct node *node)
{
	const struct attempt_rung *rung = &attempt->rung[node->rung];
	bool v4_full, v6_full;

	if (!balances(attempt) || node->first_family == 0)
		return;
	v4_full = node->v4 >= v4_kept(attempt, node);
	v6_full = node->v6 >= attempt->sender->address_max - v4_kept(attempt, node);
	for (size_t i = 0; i < rung->n && (v4_full || v6_full); i++) {
		if (attempt->group[attempt->kind[rung->first + i].group].n == 1 && (is_v6_kind(attempt, rung, i) ? v6_full : v4_full))
			node_left(node)[i] = 0;
	}
}

static void drop_current(struct node *node)
{
	node->current = ATTEMPT_NONE;
	node->current_left = 0;
}

static enum attempt_end last_word(const struct node *node)
{
	return node->last_out == OUT_NEXT_ELSE_BOUNCE ? ATTEMPT_BOUNCED : ATTEMPT_DEFERRED;
}

/* After a failure: is the attempt over by one of its limits? */
static enum attempt_end limits(const struct attempt *attempt, struct node *node)
{
	const struct sender *sender = attempt->sender;

	if (sender->address_hard_max && ++node->met >= sender->address_hard_max)
		return last_word(node);
	if (sender->session_max && node->sessions >= sender->session_max)
		return last_word(node);
	if (sender->route_penalty_s && node->tried * sender->step_delay_s >= sender->route_penalty_s)
		return last_word(node);
	if (!sender->address_max || node->tried < sender->address_max)
		return ATTEMPT_GOES_ON;
	if (!sender->rung_exempt)
		return last_word(node);
	node->tried--;
	drop_current(node);
	node->held = ATTEMPT_NONE;
	memset(node_left(node), 0, attempt->kinds_max * sizeof(uint32_t));
	return ATTEMPT_GOES_ON;
}

/* A sender whose connections overlap is held up by a silent server only until the next of the rung is tried. */
static void spend(const struct attempt *attempt, struct node *node, unsigned cost_s)
{
	if (!attempt->sender->overlaps)
		node->t_s += cost_s;
	else if (cost_s && node->t_s + cost_s > node->open_s)
		node->open_s = node->t_s + cost_s;
}

static enum attempt_end meet(const struct attempt *attempt, struct node *node, size_t at)
{
	const struct endpoint *endpoint = &attempt->endpoint[at];

	if (seen_before(attempt, node, endpoint->same_addr) || balanced_out(attempt, node, endpoint))
		return ATTEMPT_GOES_ON;
	if (attempt->memory && memory_dead(attempt->memory, at, attempt->now_s + node->t_s))
		return ATTEMPT_GOES_ON;
	node->endpoint = at;
	if (node->tried > 0)
		node->t_s += attempt->sender->step_delay_s;
	node->tried++;
	node->connections += endpoint->connections;
	spend(attempt, node, endpoint->cost_s);
	switch (endpoint->out) {
	case OUT_OK:
	case OUT_CLEAR_SAME:
		return ATTEMPT_DELIVERED;
	case OUT_QUEUE:
	case OUT_HANG:
		return ATTEMPT_DEFERRED;
	case OUT_BOUNCE:
		return ATTEMPT_BOUNCED;
	case OUT_UNKNOWN:
		return ATTEMPT_UNKNOWN;
	case OUT_NEXT:
	case OUT_NEXT_ELSE_BOUNCE:
		break;
	}
	node->last_out = (uint8_t)endpoint->out;
	if (endpoint->state >= SIM_MAIL_4XX)
		node->sessions++;
	if (attempt->sender->after_session == AFTER_NEXT_HOST && (endpoint->is_self || endpoint->state >= SIM_DROP))
		drop_current(node);
	return limits(attempt, node);
}

/* Exim's single attempt of neighbour swaps over a rung: an IPv4 address lets each IPv6 address right behind it pass. */
static enum attempt_end bubble(const struct attempt *attempt, struct node *node, size_t at)
{
	size_t out = node->held;

	if (out == ATTEMPT_NONE) {
		node->held = at;
		return ATTEMPT_GOES_ON;
	}
	if (attempt->endpoint[out].addr.family != 6 && attempt->endpoint[at].addr.family == 6)
		return meet(attempt, node, at);
	node->held = at;
	return meet(attempt, node, out);
}

static enum attempt_end drawn(const struct attempt *attempt, struct node *node, size_t at)
{
	node->current_left &= ~((uint32_t)1 << (at - attempt->group[node->current].first));
	if (!node->current_left)
		node->current = ATTEMPT_NONE;
	if (attempt->sender->family == FAMILY_V6_BUBBLE_RUNG)
		return bubble(attempt, node, at);
	return meet(attempt, node, at);
}

static enum attempt_end rung_over(const struct attempt *attempt, struct node *node)
{
	size_t held = node->held;

	if (held != ATTEMPT_NONE) {
		enum attempt_end end;

		node->held = ATTEMPT_NONE;
		end = meet(attempt, node, held);
		if (end != ATTEMPT_GOES_ON)
			return end;
	}
	if (node->open_s > node->t_s)
		node->t_s = node->open_s;
	node->open_s = 0;
	if (node->rung + 1u >= attempt->n_rung)
		return last_word(node);
	node->rung++;
	enter_rung(attempt, node);
	return ATTEMPT_GOES_ON;
}

enum attempt_end attempt_apply(const struct attempt *attempt, struct node *node, size_t what)
{
	const struct group *group;

	node->endpoint = ATTEMPT_NONE;
	if (node->current_left)
		return drawn(attempt, node, what);
	if (what == ATTEMPT_NONE)
		return rung_over(attempt, node);
	node_left(node)[what]--;
	node->current = attempt->kind[attempt->rung[node->rung].first + what].group;
	group = &attempt->group[node->current];
	if (seen_before(attempt, node, group->same_name)) {
		node->current = ATTEMPT_NONE;
		return ATTEMPT_GOES_ON;
	}
	if (attempt->sender->host_max && ++node->hosts > attempt->sender->host_max)
		return last_word(node);
	node->current_left = group->n >= 32 ? UINT32_MAX : ((uint32_t)1 << group->n) - 1;
	if (group->n == 1)
		return drawn(attempt, node, group->first);
	return ATTEMPT_GOES_ON;
}
