/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The attempts after the first, if the marked state lasts for ever: each draws anew, until the sender gives up. */
#include "sim/pass.h"

#include <stdlib.h>

#include "base/mem.h"

#include "base/banned.h"

#define RETRY_REST 1e-9		/* less mail than this is not followed on */
#define RETRY_LONGEST 0.9999	/* the longest delay that is told: of all but one message in ten thousand */

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
static void add_shares(const struct pass *pass, struct sim_outcome *final, double sum)
{
	for (size_t i = 0; i < pass->n_place; i++)
		outcome_add(final, &pass->place[i], sum * pass_share(pass, i));
}

static void add_attempt(const struct pass *pass, struct sim_outcome *final, struct lags *lags, double at_s, double rest)
{
	final->bounced += rest * pass->bounced;
	for (size_t i = 0; i < pass->n_lag; i++) {
		lags->lag = mem_grow(lags->lag, lags->n, &lags->cap, sizeof *lags->lag);
		lags->lag[lags->n++] = (struct lag){ at_s + pass->lag[i].t_s, rest * pass->lag[i].p };
	}
}

void lags_sort(struct lag *lag, size_t n)
{
	if (n > 1)
		qsort(lag, n, sizeof *lag, earlier);
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
	return n ? lag[n - 1].t_s : 0;
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

bool pass_changes(const struct pass *pass)
{
	for (size_t i = 0; i < pass->n_place; i++) {
		if (pass->place[i].state == SIM_TLS_FAIL && pass->sender->clear_after_s)
			return true;
	}
	return false;
}

void retry_run(struct pass *pass, struct sim_result *result)
{
	const struct sender *sender = pass->sender;
	struct lags lags = { 0 };
	bool changes = pass_changes(pass), changed = false;
	uint64_t at_s = 0;
	double rest = 1, sum = 0;

	for (unsigned n = 0; at_s <= sender->life_s && rest > RETRY_REST; n++) {
		if (changes && !changed && at_s >= sender->clear_after_s && n > 0) {
			add_shares(pass, &result->final, sum);
			sum = 0;
			pass_age(pass, (double)at_s);
			pass_run(pass, pass->in->seed);
			changed = true;
		}
		add_attempt(pass, &result->final, &lags, (double)at_s, rest);
		sum += rest;
		rest *= pass->deferred;
		if (pass->deferred >= 1 - 1e-12 && (!changes || changed))
			break;
		at_s = sender_attempt_s(sender, n + 1, at_s);
	}
	add_shares(pass, &result->final, sum);
	result->final.deferred = rest > RETRY_REST ? rest : 0;
	set_delays(&lags, result);
	free(lags.lag);
}
