/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What holds in every world, by many made ones (made.h). Steps of a fixed generator, so each run is the same.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"

#define NEAR 1e-9

static bool near(double a, double b)
{
	return fabs(a - b) < NEAR;
}

static double sum_of(const struct sim_outcome *outcome)
{
	double sum = outcome->deferred + outcome->bounced + outcome->unknown;

	for (size_t i = 0; i < outcome->n; i++)
		sum += outcome->share[i].share;
	return sum;
}

/* Does each sender fail here, in every attempt? */
static bool is_down(const struct made *made, const struct dname *host, const struct addr *addr)
{
	enum sim_state state = marks_address(&made->full, host, addr);

	return marks_name(&made->full, host) != SIM_UP || (state != SIM_UP && (state < SIM_NO_STARTTLS || state > SIM_CERT_INVALID));
}

/* No mail where all fail, none past a domain that is not found, and the addresses add up. */
static void check_shares(const struct made *made, const struct sim_outcome *outcome)
{
	bool lost = marks_domain(&made->full, &made->facts.domain) != SIM_UP;

	assert_true(fabs(sum_of(outcome) - 1) < 1e-6);
	assert_true(outcome->deferred > -NEAR && outcome->bounced > -NEAR);
	for (size_t i = 0; i < outcome->n; i++) {
		const struct sim_share *share = &outcome->share[i];
		double sum = 0;

		assert_true(share->share > -NEAR && (!lost || share->share < NEAR));
		for (size_t j = 0; j < share->n_addr; j++) {
			sum += share->addr[j].share;
			assert_true(share->addr[j].share < NEAR || !is_down(made, &share->host, &share->addr[j].addr));
		}
		assert_true(near(sum, share->share));
	}
}

static void check_result(const struct made *made, const struct sim_result *result)
{
	check_shares(made, &result->first);
	check_shares(made, &result->final);
	assert_true(result->exact);
	assert_true(result->final.deferred <= result->first.deferred + NEAR);
	assert_true(result->final.bounced >= result->first.bounced - NEAR);
	for (size_t i = 0; i < result->first.n; i++)
		assert_true(result->final.share[i].share >= result->first.share[i].share - NEAR);
	assert_true(result->delay_min_s >= 0 && result->delay_min_s <= result->delay_median_s);
	assert_true(result->delay_median_s <= result->delay_p95_s && result->delay_p95_s <= result->delay_max_s);
	assert_true(result->connections_mean <= result->connections_max + NEAR);
	assert_true(result->n_step > 0 && result->step[0].at_s >= 0);
	for (size_t i = 1; i < result->n_step; i++)
		assert_true(result->step[i].at_s >= result->step[i - 1].at_s - NEAR);
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

static void check_same(const struct sim_result *a, const struct sim_result *b)
{
	assert_int_equal(a->n_step, b->n_step);
	assert_true(same_bits(a->first.deferred, b->first.deferred) && same_bits(a->final.bounced, b->final.bounced));
	assert_true(same_bits(a->connections_mean, b->connections_mean) && same_bits(a->delay_p95_s, b->delay_p95_s));
	for (size_t i = 0; i < a->first.n; i++)
		assert_true(same_bits(a->first.share[i].share, b->first.share[i].share));
	for (size_t i = 0; i < a->n_step; i++)
		assert_string_equal(a->step[i].code, b->step[i].code);
}

static void failover__holds__in_every_world(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct made made;

		made_init(&made, &seed);
		if (i % 3 == 0)
			made_guard(&made, &seed);
		for (size_t s = 0; senders[s]; s++) {
			struct sim_result one = { 0 }, two = { 0 };

			failover_run(&made.in, senders[s], &one);
			failover_run(&made.in, senders[s], &two);
			check_result(&made, &one);
			check_same(&one, &two);
			sim_result_release(&one);
			sim_result_release(&two);
		}
		made_release(&made);
	}
}

/* The same records in another order; behind a resolver that turns its answers, the addresses of each host too. */
static void turn(struct facts *facts, uint64_t *seed)
{
	struct mxset *set = &facts->live;

	for (size_t i = 0; i < set->n; i++)
		set->mx[i].listed = 1 + (uint32_t)((i * 5 + 3) % set->n) + chance(seed, 2) * 100;
	for (size_t i = 0; facts->source == SOURCE_RESOLVER && i < facts->n_host; i++) {
		struct host_facts *host = &facts->host[i];

		for (size_t j = 0; j + 1 < host->n_addr; j++) {
			size_t k = j + chance(seed, (uint32_t)(host->n_addr - j));
			struct addr addr = host->addr[j];

			host->addr[j] = host->addr[k];
			host->addr[k] = addr;
		}
	}
}

static double share_of(const struct sim_share *share, const struct addr *addr)
{
	double sum = 0;

	for (size_t i = 0; i < share->n_addr; i++) {
		if (addr_equal(&share->addr[i].addr, addr))
			sum += share->addr[i].share;
	}
	return sum;
}

static void check_alike(const struct sim_outcome *a, const struct sim_outcome *b)
{
	assert_true(near(a->deferred, b->deferred) && near(a->bounced, b->bounced));
	for (size_t i = 0; i < a->n; i++) {
		assert_true(near(a->share[i].share, b->share[i].share));
		for (size_t j = 0; j < a->share[i].n_addr; j++) {
			const struct addr *addr = &a->share[i].addr[j].addr;

			assert_true(near(share_of(&a->share[i], addr), share_of(&b->share[i], addr)));
		}
	}
}

static bool takes_the_order(const struct sender *sender)
{
	return sender->order == ORDER_RESOLVER || sender->order == ORDER_RESOLVER_LIFO;
}

static void failover__does_not_care__for_the_order(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (int i = 0; i < 150; i++) {
		struct made one, two;
		uint64_t twin = seed;

		made_init(&one, &seed);
		made_init(&two, &twin);
		turn(&two.facts, &seed);
		for (size_t s = 0; senders[s]; s++) {
			struct sim_result a = { 0 }, b = { 0 };

			if (one.facts.source != SOURCE_RESOLVER && takes_the_order(senders[s]))
				continue;
			failover_run(&one.in, senders[s], &a);
			failover_run(&two.in, senders[s], &b);
			check_alike(&a.first, &b.first);
			check_alike(&a.final, &b.final);
			assert_true(near(a.connections_mean, b.connections_mean));
			sim_result_release(&a);
			sim_result_release(&b);
		}
		made_release(&one);
		made_release(&two);
	}
}

/* --- one more failure --- */

static double delivered(const struct made *made, const struct sender *sender)
{
	struct sim_result result = { 0 };
	double sum;

	failover_run(&made->in, sender, &result);
	sum = 1 - result.first.deferred - result.first.bounced;
	sim_result_release(&result);
	return sum;
}

/* Another host may share the address, and fail in a way that to refuse it would mend. */
static bool is_up_anywhere(const struct made *made, const struct addr *addr)
{
	for (size_t i = 0; i < made->facts.n_host; i++) {
		if (marks_address(&made->marks, &made->facts.host[i].host, addr) != SIM_UP)
			return false;
	}
	return true;
}

/* Marks one failure that is up, and is reached by that mark alone; false when there is none. */
static bool fail_one(struct made *made, bool by_name, struct mark *mark, uint64_t *seed)
{
	const struct host_facts *host = &made->facts.host[chance(seed, (uint32_t)made->facts.n_host)];
	size_t at;

	if (host->n_addr == 0 || marks_name(&made->full, &host->host) != SIM_UP)
		return false;
	at = chance(seed, (uint32_t)host->n_addr);
	*mark = (struct mark){ .kind = by_name ? MARK_HOST : MARK_ADDRESS,
		.name = host->host,
		.addr = host->addr[at],
		.state = by_name ? SIM_NXDOMAIN : SIM_REFUSED };
	for (size_t i = 0; i < host->n_addr; i++) {
		if ((by_name || i == at) && marks_address(&made->marks, &host->host, &host->addr[i]) != SIM_UP)
			return false;
	}
	if (!by_name)
		return is_up_anywhere(made, &mark->addr);
	return marks_host(&made->marks, &host->host) == SIM_UP;
}

/* An address that refuses: every order ends where it did, or later, or not at all. */
static void failover__never_gains__by_an_address(void **state)
{
	uint64_t seed = 3;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct made made;
		struct mark mark;

		made_init(&made, &seed);
		if (fail_one(&made, false, &mark, &seed)) {
			double before[32];

			for (size_t s = 0; senders[s] && s < 32; s++)
				before[s] = delivered(&made, senders[s]);
			marks_set(&made.marks, &mark);
			for (size_t s = 0; senders[s] && s < 32; s++)
				assert_true(delivered(&made, senders[s]) <= before[s] + NEAR);
			n++;
		}
		made_release(&made);
	}
	assert_true(n > 100);
}

/* A name that is gone is another matter: it takes its addresses out of the way. Found by running, with the reason. */
static const struct {
	const char *sender, *why;
} gains[] = {
	{ "rfc5321", "it drops its own preference and all higher: they count again once its own name is gone" },
	{ "postfix", "as RFC 5321" },
	{ "qmail", "as RFC 5321" },
	{ "courier", "as RFC 5321" },
	{ "opensmtpd", "it takes the message itself at its own address, and goes on once that name is gone" },
};

static bool may_gain(const char *sender)
{
	for (size_t i = 0; i < sizeof gains / sizeof *gains; i++) {
		if (strcmp(gains[i].sender, sender) == 0)
			return true;
	}
	return false;
}

static void failover__rarely_gains__by_a_name(void **state)
{
	uint64_t seed = 4;
	size_t n = 0, gained[32] = { 0 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct made made;
		struct mark mark;

		made_init(&made, &seed);
		made.in.no_trace = true;
		if (fail_one(&made, true, &mark, &seed)) {
			double before[32];

			for (size_t s = 0; senders[s] && s < 32; s++)
				before[s] = delivered(&made, senders[s]);
			marks_set(&made.marks, &mark);
			for (size_t s = 0; senders[s] && s < 32; s++)
				gained[s] += delivered(&made, senders[s]) > before[s] + NEAR;
			n++;
		}
		made_release(&made);
	}
	assert_true(n > 200);
	for (size_t s = 0; senders[s] && s < 32; s++) {
		if ((gained[s] > 0) != may_gain(senders[s]->name))
			print_message("# %s gained %zu times of %zu\n", senders[s]->name, gained[s], n);
	}
	for (size_t s = 0; senders[s] && s < 32; s++)
		assert_true((gained[s] > 0) == may_gain(senders[s]->name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failover__holds__in_every_world),
		cmocka_unit_test(failover__does_not_care__for_the_order),
		cmocka_unit_test(failover__never_gains__by_an_address),
		cmocka_unit_test(failover__rarely_gains__by_a_name),
	};

	return cmocka_run_group_tests_name("properties", tests, NULL, NULL);
}
