/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/attempt/failover.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/attempt/attempt.h"

#include "base/banned.h"

void outcome_rows(struct sim_outcome *outcome, const struct attempt *attempt)
{
	const struct sim_input *in = attempt->in;
	bool implicit = in->set->n == 0;

	outcome->n = implicit ? 1 : in->set->n;
	outcome->share = mem_alloc(outcome->n * sizeof *outcome->share);
	for (size_t i = 0; i < outcome->n; i++) {
		outcome->share[i].host = implicit ? *in->domain : in->set->mx[i].host;
		outcome->share[i].preference = implicit ? 0 : in->set->mx[i].preference;
	}
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		outcome->share[attempt->endpoint[i].row].n_addr += attempt->endpoint[i].addr.family != 0;
	outcome->addr = mem_alloc((attempt->n_endpoint + 1) * sizeof *outcome->addr);
	for (size_t i = 0, at = 0; i < outcome->n; at += outcome->share[i++].n_addr)
		outcome->share[i].addr = &outcome->addr[at];
	for (size_t i = 0; i < outcome->n; i++)
		outcome->share[i].n_addr = 0;
	for (size_t i = 0; i < attempt->n_endpoint; i++) {
		struct sim_share *share = &outcome->share[attempt->endpoint[i].row];

		if (attempt->endpoint[i].addr.family)
			share->addr[share->n_addr++].addr = attempt->endpoint[i].addr;
	}
}

void outcome_add(struct sim_outcome *outcome, const struct endpoint *endpoint, double part)
{
	struct sim_share *share = &outcome->share[endpoint->row];

	share->share += part;
	for (size_t j = 0; j < share->n_addr; j++) {
		if (addr_equal(&share->addr[j].addr, &endpoint->addr)) {
			share->addr[j].share += part;
			return;
		}
	}
}

static void fill_first(struct sim_outcome *first, const struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->n_endpoint; i++)
		outcome_add(first, &attempt->endpoint[i], attempt_share(attempt, i));
	first->deferred = attempt->deferred;
	first->bounced = attempt->bounced;
	first->unknown = attempt->unknown;
}

/* The standard error of a share; never below one sample's share. */
static double error_of(double part, unsigned long samples)
{
	return fmax(sqrt(part * (1 - part) / (double)samples), 1.0 / (double)samples);
}

static double standard_error(const struct sim_outcome *outcome, unsigned long samples)
{
	double worst = fmax(error_of(outcome->deferred, samples), error_of(outcome->bounced, samples));

	for (size_t i = 0; i < outcome->n; i++)
		worst = fmax(worst, error_of(outcome->share[i].share, samples));
	return worst;
}

void failover_run(const struct sim_input *in, const struct sender *sender, struct sim_result *result)
{
	struct attempt attempt;

	sim_result_release(result);
	*result = (struct sim_result){ .sender = sender };
	attempt_init(&attempt, in, sender, false);
	attempt_age(&attempt, 0);
	attempt_run(&attempt, in->seed);
	outcome_rows(&result->first, &attempt);
	outcome_rows(&result->final, &attempt);
	fill_first(&result->first, &attempt);
	result->connections_mean = attempt.connections_mean;
	result->connections_max = attempt.connections_max;
	result->gives_up_after_s = sender->life_s;
	result->exact = attempt.exact;
	result->samples = attempt.samples;
	if (!attempt.exact)
		result->stderr_share = standard_error(&result->first, attempt.samples);
	retry_run(&attempt, result);
	if (!in->no_trace)
		trace_run(in, sender, result);
	attempt_release(&attempt);
}

void sim_outcome_release(struct sim_outcome *outcome)
{
	free(outcome->share);
	free(outcome->addr);
	*outcome = (struct sim_outcome){ 0 };
}

void sim_result_release(struct sim_result *result)
{
	sim_outcome_release(&result->first);
	sim_outcome_release(&result->final);
	free(result->step);
	*result = (struct sim_result){ 0 };
}
