/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

void world_moved(void *data)
{
	struct world *world = data;

	loop_stop(world->app.loop);
}

struct session *world_open(struct world *world)
{
	struct session *session = session_open(&world->app, &world->domain, world_moved, world);

	session_survey(session);
	while (session_surveying(session))
		loop_run(world->app.loop);
	return session;
}

int world_setup(void **state)
{
	struct world *world = mem_alloc(sizeof(*world));
	struct app_options options = { .demo = true };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&world->app, &options, NULL));
	assert_true(dname_parse(&world->domain, "exempel.com", NULL));
	snprintf(world->path, sizeof(world->path), "%s/drafts/exempel.com.json", store_directory(world->app.store));
	world->session = world_open(world);
	*state = world;
	return 0;
}

int world_teardown(void **state)
{
	struct world *world = *state;

	session_close(world->session);
	session_close(world->other);
	app_close(&world->app);
	free(world);
	return 0;
}
