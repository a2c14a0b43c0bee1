/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The attempts after the first, if the marked state lasts for ever: each draws anew, until the sender gives up. */
#include "sim/attempt/attempt.h"

#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define RETRY_REST 1e-9      /* less mail than this is not followed on */
#define RETRY_LAGS 256       /* delays of one attempt that are told apart */
#define RETRY_LONGEST 0.9999 /* the longest delay that is told: of all but one message in ten thousand */

struct lags {
	size_t n, cap;
	struct lag *lag;
};

static int earlier(const void *a, const void *b)
{
	double x = ((const struct lag *)a)->t_s, y = ((const struct lag *)b)->t_s;

	return x < y ? -1 : x > y;
}

/* Attempts alike, by how much mail came to them between them. */
static void add_shares(const struct attempt *attempt, struct sim_outcome *final, double sum)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		outcome_add(final, &attempt->endpoint[i], sum * attempt_share(attempt, i));
}

static void add_attempt(struct attempt *attempt, struct sim_outcome *final, struct lags *lags, double at_s, double rest)
{
	final->bounced += rest * attempt->bounced;
	final->unknown += rest * attempt->unknown;
	if (attempt->n_lag > RETRY_LAGS)
		attempt->n_lag = lags_thin(attempt->lag, attempt->n_lag, RETRY_LAGS);
	for (size_t i = 0; i < attempt->n_lag; i++) {
		lags->lag = mem_grow(lags->lag, lags->n, &lags->cap, sizeof *lags->lag);
		lags->lag[lags->n++] = (struct lag){ at_s + attempt->lag[i].t_s, rest * attempt->lag[i].p };
	}
}

void lags_sort(struct lag *lag, size_t n)
{
	if (n > 1)
		qsort(lag, n, sizeof *lag, earlier);
}

/* Joins neighbours two by two; the likelier of them stands for both. */
static size_t join(struct lag *lag, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i += 2, kept++) {
		struct lag one = lag[i], other = i + 1 < n ? lag[i + 1] : (struct lag){ one.t_s, 0 };

		lag[kept] = (struct lag){ other.p > one.p ? other.t_s : one.t_s, one.p + other.p };
	}
	return kept;
}

size_t lags_thin(struct lag *lag, size_t n, size_t keep)
{
	lags_sort(lag, n);
	while (n > keep)
		n = join(lag, n);
	return n;
}

double lags_quantile(const struct lag *lag, size_t n, double part)
{
	double sum = 0, seen = 0;

	for (size_t i = 0; i < n; i++)
		sum += lag[i].p;
	for (size_t i = 0; i < n; i++) {
		seen += lag[i].p;
		if (seen >= part * sum - 1e-12)
			return lag[i].t_s;
	}
	return 0; /* of none */
}

static void set_delays(struct lags *lags, struct sim_result *result)
{
	if (lags->n == 0)
		return;
	lags_sort(lags->lag, lags->n);
	result->delay_min_s = lags->lag[0].t_s;
	result->delay_median_s = lags_quantile(lags->lag, lags->n, 0.5);
	result->delay_p95_s = lags_quantile(lags->lag, lags->n, 0.95);
	result->delay_max_s = lags_quantile(lags->lag, lags->n, RETRY_LONGEST);
}

/* Does an attempt later on, from sender->clear_after_s, differ from the first? */
static bool changes_later(const struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		if (attempt->endpoint[i].state == SIM_TLS_FAIL && attempt->sender->clear_after_s)
			return true;
	}
	return false;
}

void retry_run(struct attempt *attempt, struct sim_result *result)
{
	const struct sender *sender = attempt->sender;
	struct lags lags = { 0 };
	bool changes = changes_later(attempt), changed = false;
	uint64_t at_s = 0;
	double rest = 1, sum = 0;

	for (unsigned n = 0; at_s <= sender->life_s && rest > RETRY_REST; n++) {
		if (changes && !changed && at_s >= sender->clear_after_s && n > 0) {
			add_shares(attempt, &result->final, sum);
			sum = 0;
			attempt_age(attempt, (double)at_s);
			attempt_run(attempt, attempt->in->seed);
			changed = true;
		}
		add_attempt(attempt, &result->final, &lags, (double)at_s, rest);
		sum += rest;
		rest *= attempt->deferred;
		if (attempt->deferred >= 1 - 1e-12 && (!changes || changed))
			break;
		at_s = sender_attempt_s(sender, n + 1, at_s);
	}
	add_shares(attempt, &result->final, sum);
	result->final.deferred = rest > RETRY_REST ? rest : 0;
	set_delays(&lags, result);
	free(lags.lag);
}
