/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cut-over from a world's MX set to a draft; for the tests of sim/cutover. */
#ifndef TESTS_SIM_MOVE_H
#define TESTS_SIM_MOVE_H

#include "sim/cutover/cutover.h"
#include "world.h"

#define NOW 1700000000
#define HOUR 3600
#define DAY 86400

struct move {
	struct world world;
	struct mxset draft;
	struct cutover_input in;
	struct cutover result;
};

/* live: records of example.com; draft: "10 new, 20 c" with this TTL. new.example.com has the address 203.0.113.1. */
void move_begin(struct move *move, const char *live, const char *draft, uint32_t ttl_s);
void move_know(struct move *move, const char *host, const char *addr); /* an address of a host that only the draft has */
void move_run(struct move *move);
void move_end(struct move *move);
const struct cutover_host *move_host(const struct move *move, const char *name);
const struct cutover_sender *move_sender(const struct move *move, const char *name);
bool move_near(double a, double b);

#endif
