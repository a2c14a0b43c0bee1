/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The demo, opened for a test with a session on exempel.com. */
#ifndef TESTS_APP_WORLD_H
#define TESTS_APP_WORLD_H

#include "typed.h"

struct world {
	struct app app;
	struct dname domain;
	struct session *session, *other; /* two interfaces on one domain */
	char path[300];                  /* of the draft */
};

/* For cmocka: *state is a world of its own, with `session` open and surveyed. */
int world_setup(void **state);
int world_teardown(void **state);
struct session *world_open(struct world *world); /* one more; surveyed */
void world_moved(void *data);                    /* what a session of it tells: stops the loop */

#endif
