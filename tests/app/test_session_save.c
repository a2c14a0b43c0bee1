/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a draft comes to disk: soon, together, never over what another interface wrote; and one that cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "world.h"

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

static void run_until_kept(struct world *world, uint32_t ttl_s)
{
	for (int tries = 0; tries < 100 && kept(world) != ttl_s; tries++)
		run_for(world, 100);
	assert_int_equal(kept(world), ttl_s);
}

static char *draft_path(const struct world *world, const char *ending)
{
	struct str path;

	str_init(&path, 0);
	str_addf(&path, "%s/drafts/exempel.com.json%s", store_directory(world->app.store), ending);
	return str_take(&path);
}

static ino_t inode_of(const struct world *world)
{
	char *path = draft_path(world, "");
	struct stat look;

	assert_int_equal(stat(path, &look), 0);
	free(path);
	return look.st_ino;
}

static void edit__is_on_disk__within_a_second(void **state)
{
	struct world *world = *state;
	ino_t inode;

	session_set_ttl(world->session, 60);
	session_set_ttl(world->session, 61);
	assert_int_equal(kept(world), 0); /* the key did not wait for the disk */
	run_until_kept(world, 61);
	inode = inode_of(world);
	run_for(world, 700);
	assert_true(inode_of(world) == inode); /* once */
	assert_true(session_undo(world->session) && session_undo(world->session));
	run_until_kept(world, 45000); /* two steps to do again are worth a file */
	assert_null(session_save_error(world->session));
}

static void session_save__ends__what_is_not_saved_yet(void **state)
{
	struct world *world = *state;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	assert_int_equal(kept(world), 60);
	session_set_ttl(world->session, 61);
	session_close(world->session);
	assert_int_equal(kept(world), 61);
	world->session = world_open(world);
	assert_int_equal(session_set(world->session)->ttl_s, 61);
	assert_int_equal(session_draft(world->session)->n_undo, 2);
	assert_true(session_discard(world->session, NULL));
	assert_int_equal(kept(world), 0);
}

static void failure__to_save__is_said_once_and_mended_by_the_next(void **state)
{
	struct world *world = *state;
	char *room = draft_path(world, ""), aside[400];
	struct err err = { 0 };
	FILE *file;

	*strrchr(room, '/') = '\0';
	snprintf(aside, sizeof(aside), "%s.aside", room); /* with the demo's own draft */
	assert_int_equal(rename(room, aside), 0);
	file = fopen(room, "w"); /* where the folder should be */
	assert_non_null(file);
	fclose(file);
	session_set_ttl(world->session, 60);
	run_for(world, 700);
	assert_non_null(session_save_error(world->session));
	assert_true(session_save_failed(world->session, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_string_equal(err.context[0].id, "the draft is not saved");
	assert_string_equal(err.hint.id, "Make room, or the folder writable: the next edit saves it.");
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

	world->other = world_open(world);
	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	session_set_ttl(world->other, 90);
	assert_false(session_save(world->other, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(session_draft_clash(world->other));
	assert_int_equal(kept(world), 60);
	assert_true(session_keep_mine(world->other, NULL));
	assert_false(session_draft_clash(world->other));
	assert_int_equal(kept(world), 90);
	session_set_ttl(world->session, 61); /* from the loop, too */
	for (int tries = 0; tries < 100 && !session_draft_clash(world->session); tries++)
		run_for(world, 100);
	assert_true(session_draft_clash(world->session));
	assert_int_equal(kept(world), 90);
	assert_true(session_take_theirs(world->session, NULL));
	assert_int_equal(session_set(world->session)->ttl_s, 90);
	assert_true(session_redo(world->session));
	assert_int_equal(session_set(world->session)->ttl_s, 61);
	assert_true(session_save(world->session, NULL));
	assert_int_equal(kept(world), 61);
}

/* What is saved is saved: another may go on from there, and it is no clash that the first is closed. */
static void draft__that_was_saved__is_anybodys(void **state)
{
	struct world *world = *state;
	char *path = draft_path(world, ".mine");

	session_set_ttl(world->session, 60);
	assert_true(session_set_ticket(world->session, "CHG-1", NULL));
	assert_true(session_save(world->session, NULL));
	world->other = world_open(world);
	assert_int_equal(session_set(world->other)->ttl_s, 60);
	assert_string_equal(session_ticket(world->other), "CHG-1");
	assert_true(session_draft_kept(world->other));
	session_set_ttl(world->other, 61);
	assert_false(session_draft_kept(world->other));
	assert_true(session_save(world->other, NULL));
	assert_true(session_save(world->session, NULL)); /* nothing to save */
	session_close(world->session);
	world->session = NULL;
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(kept(world), 61);
	free(path);
}

/* The other threw its draft away, which is a change too. */
static void draft__thrown_away_elsewhere__is_noticed(void **state)
{
	struct world *world = *state;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	world->other = world_open(world);
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
	session_set_ttl(world->session, 60);
	assert_int_equal(session_set(world->session)->ttl_s, 60);
	run_for(world, 700);
	assert_true(session_save(world->session, NULL));
	session_close(world->session);
	assert_int_equal(kept(world), 0);
	world->session = world_open(world);
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

	session_set_ttl(world->session, 60);
	session_close(world->session);
	for (size_t i = 0; i < 4; i++) {
		struct err err = { 0 };
		char *aside = draft_path(world, endings[i]);
		unsigned long before;

		assert_true(store_write_file(path, texts[i], lens[i], 0600, NULL));
		world->session = world_open(world);
		assert_non_null(session_draft_damage(world->session));
		assert_false(session_edit(world->session, &edit, 1, &err));
		assert_int_equal(err.code, session_draft_damage(world->session)->code);
		before = session_revision(world->session);
		assert_true(session_draft_set_aside(world->session, NULL));
		assert_int_equal(session_revision(world->session), before + 1);
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

/* ---- the child that writes ---- */

/* Whoever saves waits until this is closed. */
static int hold_drafts(struct world *world)
{
	char *room = draft_path(world, "");
	int fd;

	*strrchr(room, '/') = '\0';
	fd = open(room, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	free(room);
	return fd;
}

/* A child that was made meanwhile has a copy of fd. */
static void let_drafts_go(int fd)
{
	assert_int_equal(flock(fd, LOCK_UN), 0);
	close(fd);
}

static void edits__while_a_save_runs__are_saved_after_it(void **state)
{
	struct world *world = *state;
	int fd;

	session_set_ttl(world->session, 59);
	assert_true(session_save(world->session, NULL));
	fd = hold_drafts(world);
	session_set_ttl(world->session, 60);
	run_for(world, 400);
	session_set_ttl(world->session, 61);
	run_for(world, 400); /* one at a time */
	assert_int_equal(kept(world), 59);
	let_drafts_go(fd);
	run_until_kept(world, 61);
	assert_null(session_save_error(world->session));
}

static pid_t only_child(void)
{
	char path[60];
	FILE *file;
	int pid = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "r");
	if (file && fscanf(file, "%d", &pid) != 1)
		pid = 0;
	if (file)
		fclose(file);
	return (pid_t)pid;
}

static void child__that_was_killed__is_said_and_saves_nothing(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	pid_t child;
	int fd;

	session_set_ttl(world->session, 59);
	assert_true(session_save(world->session, NULL));
	fd = hold_drafts(world);
	session_set_ttl(world->session, 60);
	run_for(world, 400);
	child = only_child();
	if (child) { /* this system tells */
		assert_int_equal(kill(child, SIGKILL), 0);
		loop_run(world->app.loop); /* whoever shows the session is told */
		assert_true(session_save_failed(world->session, &err));
		assert_int_equal(err.code, ERR_FILE);
		assert_string_equal(err.what.id, "the process that writes it was ended");
		assert_string_equal(err.context[0].id, "the draft is not saved");
		assert_null(err.hint.id); /* no folder's fault */
	}
	let_drafts_go(fd);
	assert_true(session_save(world->session, &err));
	assert_int_equal(kept(world), 60);
}

static void draft__is_saved_here__where_no_child_can_be_made(void **state)
{
	struct world *world = *state;
	struct rlimit before, few;
	int next;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	session_set_ttl(world->session, 61);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	next = dup(0);
	close(next);
	few = before;
	few.rlim_cur = (rlim_t)next + 1; /* a pipe has two ends */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	run_for(world, 400);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(session_save_error(world->session)->code, ERR_FILE); /* nor here, with so few; and nobody else is to blame */
	assert_int_equal(kept(world), 60);
	assert_true(session_save(world->session, NULL)); /* and it is not lost */
	assert_int_equal(kept(world), 61);
}

/* ---- mine, kept aside ---- */

static bool is_there(const struct world *world, const char *ending)
{
	char *path = draft_path(world, ending);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

/* On disk 60 of the one; the other, of 90, is closed in the clash. */
static void clash(struct world *world)
{
	world->other = world_open(world);
	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	session_set_ttl(world->other, 90);
	assert_false(session_save(world->other, NULL));
	assert_false(session_draft_aside(world->other));
	session_close(world->other);
	assert_true(is_there(world, ".mine"));
	assert_int_equal(kept(world), 60);
	world->other = session_open(&world->app, &world->domain, world_moved, world);
}

static void clash__outlives__the_run(void **state)
{
	struct world *world = *state;

	clash(world);
	assert_true(session_draft_aside(world->other));
	assert_true(session_draft_clash(world->other));
	assert_true(session_drafting(world->other)); /* before any answer */
	assert_int_equal(session_set(world->other)->ttl_s, 90);
	assert_int_equal(kept(world), 60);
	/* not answered in this run either */
	session_close(world->other);
	assert_true(is_there(world, ".mine"));
	assert_false(is_there(world, ".mine-2"));
	world->other = session_open(&world->app, &world->domain, world_moved, world);
	assert_int_equal(session_set(world->other)->ttl_s, 90);
	assert_true(session_keep_mine(world->other, NULL));
	assert_false(session_draft_aside(world->other));
	assert_false(is_there(world, ".mine"));
	assert_int_equal(kept(world), 90);
	session_close(world->other);
	world->other = NULL;
	assert_false(is_there(world, ".mine"));
}

static void theirs__taken__leaves_mine_to_redo_in_the_next_run(void **state)
{
	struct world *world = *state;

	clash(world);
	assert_true(session_take_theirs(world->other, NULL));
	assert_int_equal(session_set(world->other)->ttl_s, 60);
	assert_false(session_draft_aside(world->other));
	assert_false(is_there(world, ".mine"));
	assert_false(session_draft_clash(world->other));
	session_close(world->other);
	assert_int_equal(kept(world), 60);
	world->other = world_open(world);
	assert_int_equal(session_set(world->other)->ttl_s, 60);
	assert_true(session_redo(world->other));
	assert_int_equal(session_set(world->other)->ttl_s, 90);
}

static void mine__kept_aside__is_the_draft_where_theirs_has_gone(void **state)
{
	struct world *world = *state;

	clash(world);
	session_close(world->other);
	assert_true(session_discard(world->session, NULL));
	assert_int_equal(kept(world), 0);
	world->other = session_open(&world->app, &world->domain, world_moved, world);
	assert_false(session_draft_aside(world->other));
	assert_false(session_draft_clash(world->other));
	assert_int_equal(session_set(world->other)->ttl_s, 90);
	assert_int_equal(kept(world), 90);
	assert_false(is_there(world, ".mine") || is_there(world, ".mine-2"));
}

static void mine__that_theirs_is_too__asks_nothing(void **state)
{
	struct world *world = *state;

	clash(world);
	session_close(world->other);
	session_set_ttl(world->session, 90);
	assert_true(session_save(world->session, NULL));
	world->other = session_open(&world->app, &world->domain, world_moved, world);
	assert_false(session_draft_aside(world->other));
	assert_false(session_draft_clash(world->other));
	assert_false(is_there(world, ".mine") || is_there(world, ".mine-2"));
	assert_int_equal(session_draft(world->other)->n_undo, 2);
}

static void mine__kept_aside__waits_for_a_run_that_may_write(void **state)
{
	struct world *world = *state;

	clash(world);
	session_close(world->other);
	world->app.read_only = true;
	world->other = session_open(&world->app, &world->domain, world_moved, world);
	assert_false(session_draft_aside(world->other));
	assert_int_equal(session_draft(world->other)->want.ttl_s, 60);
	session_close(world->other);
	world->app.read_only = false;
	assert_true(is_there(world, ".mine"));
	world->other = session_open(&world->app, &world->domain, world_moved, world);
	assert_true(session_draft_aside(world->other));
}

/* A clash in which nothing is mine keeps nothing. */
static void nothing__is_kept_aside__of_a_draft_without_steps(void **state)
{
	struct world *world = *state;

	session_set_ttl(world->session, 60);
	assert_true(session_save(world->session, NULL));
	world->other = world_open(world);
	session_set_ttl(world->session, 61);
	assert_true(session_save(world->session, NULL));
	assert_false(session_discard(world->other, NULL));
	assert_true(session_draft_clash(world->other));
	session_close(world->other);
	world->other = NULL;
	assert_false(is_there(world, ".mine"));
	assert_int_equal(kept(world), 61);
}

/* Neither choice is made where the other's file cannot be read. */
static void choice__is_refused__of_a_draft_that_cannot_be_read(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	char *path;

	clash(world);
	path = draft_path(world, "");
	assert_true(store_write_file(path, "{", 1, 0600, NULL));
	assert_false(session_take_theirs(world->other, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_true(session_draft_aside(world->other));
	assert_true(is_there(world, ".mine"));
	assert_int_equal(session_set(world->other)->ttl_s, 90);
	assert_true(unlink(path) == 0 && mkdir(path, 0700) == 0);
	err = (struct err){ 0 };
	assert_false(session_keep_mine(world->other, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_true(is_there(world, ".mine"));
	free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(edit__is_on_disk__within_a_second),
		TEST(session_save__ends__what_is_not_saved_yet),
		TEST(failure__to_save__is_said_once_and_mended_by_the_next),
		TEST(two__on_one_draft__notice_each_other),
		TEST(draft__that_was_saved__is_anybodys),
		TEST(draft__thrown_away_elsewhere__is_noticed),
		TEST(read_only__keeps__no_draft),
		TEST(damaged__draft__is_offered_aside),
		TEST(edits__while_a_save_runs__are_saved_after_it),
		TEST(child__that_was_killed__is_said_and_saves_nothing),
		TEST(draft__is_saved_here__where_no_child_can_be_made),
		TEST(clash__outlives__the_run),
		TEST(theirs__taken__leaves_mine_to_redo_in_the_next_run),
		TEST(mine__kept_aside__is_the_draft_where_theirs_has_gone),
		TEST(mine__that_theirs_is_too__asks_nothing),
		TEST(mine__kept_aside__waits_for_a_run_that_may_write),
		TEST(nothing__is_kept_aside__of_a_draft_without_steps),
		TEST(choice__is_refused__of_a_draft_that_cannot_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
