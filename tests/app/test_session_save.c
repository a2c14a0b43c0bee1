/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a draft comes to disk: soon, together, never over what another interface wrote; and one that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/session.h"
#include "base/mem.h"

struct world {
	struct app app;
	struct dname domain;
	struct session *session, *other; /* two interfaces on one domain */
};

static void moved(void *data)
{
	struct world *world = data;

	loop_stop(world->app.loop);
}

static struct session *open_one(struct world *world)
{
	struct session *session = session_open(&world->app, &world->domain, moved, world);

	session_survey(session);
	while (session_surveying(session))
		loop_run(world->app.loop);
	return session;
}

static int setup(void **state)
{
	struct world *world = mem_alloc(sizeof(*world));
	struct app_options options = { .demo = true };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&world->app, &options, NULL));
	assert_true(dname_parse(&world->domain, "exempel.com", NULL));
	world->session = open_one(world);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	session_close(world->session);
	session_close(world->other);
	app_close(&world->app);
	free(world);
	return 0;
}

static void set_ttl(struct session *session, uint32_t ttl_s)
{
	const struct edit edit = { .verb = EDIT_TTL, .ttl_s = ttl_s };

	assert_true(session_edit(session, &edit, 1, NULL));
}

/* The TTL of the draft on disk; 0: there is none. */
static uint32_t kept(struct world *world)
{
	struct draft draft = { 0 };
	struct plan plan;
	uint32_t ttl_s;

	plan_init(&plan);
	ttl_s = store_draft_load(world->app.store, &world->domain, &plan, &draft, NULL) ? draft.want.ttl_s : 0;
	plan_release(&plan);
	draft_release(&draft);
	return ttl_s;
}

static void on_late(void *data)
{
	loop_stop(data);
}

static void run_for(struct world *world, uint64_t ms)
{
	uint64_t end = loop_ms() + ms;

	while (loop_ms() < end) {
		loop_after(world->app.loop, end - loop_ms(), on_late, world->app.loop);
		loop_run(world->app.loop);
	}
}

static char *draft_path(const struct world *world, const char *ending)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/drafts/exempel.com.json%s", store_directory(world->app.store), ending);
	return str_take(&path);
}

static void edit__is_on_disk__within_a_second(void **state)
{
	struct world *world = *state;

	set_ttl(world->session, 60);
	set_ttl(world->session, 61);
	assert_int_equal(kept(world), 0); /* the key did not wait for the disk */
	run_for(world, 1000);
	assert_int_equal(kept(world), 61);
	assert_true(session_undo(world->session) && session_undo(world->session));
	run_for(world, 1000);
	assert_int_equal(kept(world), 45000); /* two steps to do again are worth a file */
	assert_null(session_save_error(world->session));
}

static void session_save__ends__what_is_not_saved_yet(void **state)
{
	struct world *world = *state;

	set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	assert_int_equal(kept(world), 60);
	set_ttl(world->session, 61);
	session_close(world->session);
	assert_int_equal(kept(world), 61);
	world->session = open_one(world);
	assert_int_equal(session_set(world->session)->ttl_s, 61);
	assert_int_equal(session_draft(world->session)->n_undo, 2);
	assert_true(session_discard(world->session, NULL));
	assert_int_equal(kept(world), 0);
}

static void failure__to_save__is_said_once_and_mended_by_the_next(void **state)
{
	struct world *world = *state;
	char *room = draft_path(world, "");
	struct err err = { 0 };
	FILE *file;

	*strrchr(room, '/') = '\0';
	assert_int_equal(mkdir(store_directory(world->app.store), 0700), 0);
	file = fopen(room, "w"); /* where the folder should be */
	assert_non_null(file);
	fclose(file);
	set_ttl(world->session, 60);
	run_for(world, 700);
	assert_non_null(session_save_error(world->session));
	assert_true(session_save_failed(world->session, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_false(session_save_failed(world->session, &err));
	assert_false(session_draft_clash(world->session));
	assert_int_equal(unlink(room), 0);
	assert_true(session_save(world->session, NULL));
	assert_int_equal(kept(world), 60);
	free(room);
}

static void two__on_one_draft__notice_each_other(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	world->other = open_one(world);
	set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	set_ttl(world->other, 90);
	assert_false(session_save(world->other, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(session_draft_clash(world->other));
	assert_int_equal(kept(world), 60);
	assert_true(session_keep_mine(world->other, NULL));
	assert_false(session_draft_clash(world->other));
	assert_int_equal(kept(world), 90);

	set_ttl(world->session, 61);
	run_for(world, 700); /* from the loop, too */
	assert_true(session_draft_clash(world->session));
	assert_int_equal(kept(world), 90);
	assert_true(session_take_theirs(world->session, NULL));
	assert_int_equal(session_set(world->session)->ttl_s, 90);
	assert_true(session_redo(world->session));
	assert_int_equal(session_set(world->session)->ttl_s, 61);
	assert_true(session_save(world->session, NULL));
	assert_int_equal(kept(world), 61);
}

/* The other threw its draft away, which is a change too. */
static void draft__thrown_away_elsewhere__is_noticed(void **state)
{
	struct world *world = *state;

	set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	world->other = open_one(world);
	assert_true(session_discard(world->other, NULL));
	assert_int_equal(kept(world), 0);
	assert_false(session_draft_current(world->session, NULL)); /* what is pushed was looked at by nobody else */
	assert_true(session_draft_clash(world->session));
	assert_true(session_keep_mine(world->session, NULL));
	assert_int_equal(kept(world), 60);
	assert_true(session_draft_current(world->session, NULL));
}

/* Read-only keeps nothing of its own: the draft lives as long as the interface. */
static void read_only__keeps__no_draft(void **state)
{
	struct world *world = *state;

	world->app.read_only = true;
	set_ttl(world->session, 60);
	assert_int_equal(session_set(world->session)->ttl_s, 60);
	run_for(world, 700);
	assert_true(session_save(world->session, NULL));
	session_close(world->session);
	assert_int_equal(kept(world), 0);
	assert_int_equal(access(store_directory(world->app.store), F_OK), -1);
	world->session = open_one(world);
	assert_false(session_drafting(world->session));
	world->app.read_only = false;
}

static void damaged__draft__is_offered_aside(void **state)
{
	static const char *const texts[] = { "{", "{}", "\0{}", "[]" };
	static const size_t lens[] = { 1, 2, 3, 2 };
	static const char *const endings[] = { ".damaged", ".damaged-2", ".damaged-3", ".damaged-4" };
	struct world *world = *state;
	const struct edit edit = { .verb = EDIT_TTL, .ttl_s = 60 };
	char *path = draft_path(world, "");

	set_ttl(world->session, 60);
	session_close(world->session);
	for (size_t i = 0; i < 4; i++) {
		struct err err = { 0 };
		char *aside = draft_path(world, endings[i]);

		assert_true(store_write_file(path, texts[i], lens[i], 0600, NULL));
		world->session = open_one(world);
		assert_non_null(session_draft_damage(world->session));
		assert_false(session_edit(world->session, &edit, 1, &err));
		assert_int_equal(err.code, session_draft_damage(world->session)->code);
		assert_true(session_draft_set_aside(world->session, NULL));
		assert_null(session_draft_damage(world->session));
		assert_int_equal(access(aside, F_OK), 0);
		assert_true(session_edit(world->session, &edit, 1, NULL));
		assert_true(session_discard(world->session, NULL));
		session_close(world->session);
		free(aside);
	}
	world->session = NULL;
	free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(edit__is_on_disk__within_a_second),
		TEST(session_save__ends__what_is_not_saved_yet),
		TEST(failure__to_save__is_said_once_and_mended_by_the_next),
		TEST(two__on_one_draft__notice_each_other),
		TEST(draft__thrown_away_elsewhere__is_noticed),
		TEST(read_only__keeps__no_draft),
		TEST(damaged__draft__is_offered_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
