/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A configuration's senders, mixes and traffic, on to an attempt and an outage: whatever passes as a profile can be simulated. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/profiles.h"
#include "io/scratch.h"
#include "io/store.h"
#include "sim/outage/outage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void a_domain(struct facts *facts)
{
	static const char *const hosts[] = { "h0.exempel.com", "h1.exempel.com", "h2.exempel.com" };
	struct dname domain;

	dname_parse(&domain, "exempel.com", NULL);
	facts_init(facts, &domain);
	facts->mx = ANSWER_DATA;
	for (unsigned i = 0; i < 3; i++) {
		struct host_facts *host;
		struct mx mx;

		mx_set(&mx, i / 2 * 10, hosts[i]);
		mxset_add(&facts->live, &mx);
		host = facts_host_add(facts, &mx.host);
		host->a = host->aaaa = ANSWER_DATA;
		host->n_addr = 2;
		host->addr[0] = (struct addr){ .family = 4, .bytes = { 192, 0, 2, (uint8_t)i } };
		host->addr[1] = (struct addr){ .family = 6, .bytes = { 0x20, 1, 0xd, 0xb8, (uint8_t)i } };
	}
}

static void part(double value)
{
	if (!(value >= -1e-6 && value <= 1 + 1e-6))
		abort();
}

static void simulate(const struct sim_input *in, const struct sender *sender, const double per_hour[24])
{
	struct outage_input input = { .in = in, .length_s = 7200 };
	struct outage_result outage = { 0 };
	struct sim_result result = { 0 };
	double sum;

	failover_run(in, sender, &result);
	sum = result.first.deferred + result.first.bounced + result.first.unknown;
	for (size_t i = 0; i < result.first.n; i++)
		sum += result.first.share[i].share;
	if (!(fabs(sum - 1) < 1e-6))
		abort();
	memcpy(input.per_hour, per_hour, sizeof(input.per_hour));
	outage_run(&input, sender, &outage);
	part(outage.at_once);
	part(outage.late);
	part(outage.warned);
	part(outage.returned_at_once);
	outage_result_release(&outage);
	sim_result_release(&result);
}

/* The configured senders, and one of the program's own under the configured traffic. */
static void simulate_all(const struct profiles *profiles)
{
	struct marks marks = { 0 };
	struct mark down = { .kind = MARK_HOST, .state = SIM_REFUSED };
	double per_hour[24];
	struct facts facts;
	size_t own = 0; /* the first of the configured ones */
	struct sim_input in;
	struct mix mix;

	a_domain(&facts);
	down.name = facts.live.mx[0].host;
	marks_set(&marks, &down);
	down.name = facts.live.mx[1].host;
	marks_set(&marks, &down);
	in = (struct sim_input){ .domain = &facts.domain, .set = &facts.live, .facts = &facts, .marks = &marks, .families = 3 };
	if (!profiles_traffic(profiles, NULL, per_hour, NULL) || !profiles_mix(profiles, NULL, &mix, NULL))
		abort(); /* what [simulate] names has passed already */
	while (senders[own])
		own++;
	for (size_t i = 0; profiles->list[i]; i++)
		if (i == 0 || i >= own)
			simulate(&in, profiles->list[i], per_hour);
	marks_release(&marks);
	facts_release(&facts);
}

static bool any(const char *provider, const char *name)
{
	(void)provider, (void)name;
	return true;
}

static void read_one(const char *folder, const uint8_t *data, size_t size)
{
	struct config config = { 0 };
	struct profiles profiles = { 0 };
	struct err err = { 0 };
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/config", folder);
	if (!store_write_file(path.s, data, size, 0600, NULL))
		abort();
	if (config_read(&config, path.s, any, &err)) {
		if (profiles_read(&profiles, &config, &err))
			simulate_all(&profiles);
		else if (err.code == ERR_NONE)
			abort();
		profiles_release(&profiles);
	}
	config_release(&config);
	str_release(&path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *folder = scratch_new(NULL);

	if (folder)
		read_one(folder, data, size);
	scratch_free(folder);
	return 0;
}
