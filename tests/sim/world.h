/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A domain in zone text, looked up as a survey would, with marks on it; for the tests of sim/. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "sim/attempt/failover.h"

struct world {
	struct facts facts;
	struct marks marks;
	struct sim_input in;
};

void world_init(struct world *world, const char *domain, const char *zone);
/* The same, from records alone: "@ MX 10 a; a A 192.0.2.1", of example.com. */
void world_init_records(struct world *world, const char *records);
void world_release(struct world *world);
/* A zone that the survey found: "example.net", "ns1.example.net ns2.example.net" */
void world_zone(struct world *world, const char *apex, const char *servers);
void world_mark(struct world *world, const char *text);
const struct sim_share *world_share(const struct sim_outcome *outcome, const char *host);
double world_host(const struct sim_outcome *outcome, const char *host);    /* sum of the host's records */
double world_address(const struct sim_outcome *outcome, const char *addr); /* sum over records */

#endif
