/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/failover.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "sim/pass.h"

#include "base/banned.h"

void outcome_rows(struct sim_outcome *outcome, const struct pass *pass)
{
	const struct sim_input *in = pass->in;
	bool implicit = in->set->n == 0;

	outcome->n = implicit ? 1 : in->set->n;
	outcome->share = mem_alloc(outcome->n * sizeof *outcome->share);
	for (size_t i = 0; i < outcome->n; i++) {
		outcome->share[i].host = implicit ? *in->domain : in->set->mx[i].host;
		outcome->share[i].preference = implicit ? 0 : in->set->mx[i].preference;
	}
	for (size_t i = 0; i < pass->n_place; i++) {
		struct sim_share *share = &outcome->share[pass->place[i].row];

		if (pass->place[i].addr.family && share->n_addr < FACTS_ADDRESSES)
			share->addr[share->n_addr++].addr = pass->place[i].addr;
	}
}

void outcome_add(struct sim_outcome *outcome, const struct place *place, double part)
{
	struct sim_share *share = &outcome->share[place->row];

	share->share += part;
	for (size_t j = 0; j < share->n_addr; j++) {
		if (addr_equal(&share->addr[j].addr, &place->addr)) {
			share->addr[j].share += part;
			return;
		}
	}
}

static void fill_first(struct sim_outcome *first, const struct pass *pass)
{
	for (size_t i = 0; i < pass->n_place; i++)
		outcome_add(first, &pass->place[i], pass_share(pass, i));
	first->deferred = pass->deferred;
	first->bounced = pass->bounced;
}

static double standard_error(const struct sim_outcome *outcome, unsigned long samples)
{
	double worst = 0;

	for (size_t i = 0; i < outcome->n; i++) {
		double p = outcome->share[i].share, error = sqrt(p * (1 - p) / (double)samples);

		if (error > worst)
			worst = error;
	}
	return worst;
}

void failover_run(const struct sim_input *in, const struct sender *sender, struct sim_result *result)
{
	struct pass pass;

	sim_result_release(result);
	*result = (struct sim_result){ .sender = sender };
	pass_init(&pass, in, sender, false);
	pass_age(&pass, 0);
	pass_run(&pass, in->seed);
	outcome_rows(&result->first, &pass);
	outcome_rows(&result->final, &pass);
	fill_first(&result->first, &pass);
	result->connections_mean = pass.connections_mean;
	result->connections_max = pass.connections_max;
	result->gives_up_after_s = sender->life_s;
	result->exact = pass.exact;
	result->samples = pass.samples;
	if (!pass.exact)
		result->stderr_share = standard_error(&result->first, pass.samples);
	retry_run(&pass, result);
	if (!in->no_trace)
		trace_run(in, sender, result);
	pass_release(&pass);
}

void sim_result_release(struct sim_result *result)
{
	free(result->first.share);
	free(result->final.share);
	free(result->step);
	*result = (struct sim_result){ 0 };
}
