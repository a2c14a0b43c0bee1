/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worlds made by steps of a fixed generator, for what holds in each; for the tests of sim/. */
#ifndef TESTS_SIM_MADE_H
#define TESTS_SIM_MADE_H

#include "sim/attempt/failover.h"

struct made {
	struct facts facts;
	struct marks marks;
	struct marks full; /* and the zones that fail for want of name servers */
	struct sim_input in;
};

uint32_t chance(uint64_t *seed, uint32_t below);
/* Hosts of one or both families, several addresses, shared ones, repeated records, names that do not resolve, marks of every
 * kind and state. Asserts. */
void made_init(struct made *made, uint64_t *seed);
/* And what senders with DANE and MTA-STS go by: a policy that lists some of the hosts, TLSA records of some, and marks that matter to
 * them; signed, unsigned, or not known. */
void made_guard(struct made *made, uint64_t *seed);
void made_release(struct made *made);

#endif
