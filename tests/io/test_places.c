/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the store keeps what, under which names, and how one window notices that another changed the draft. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/lock.h"
#include "io/scratch.h"
#include "io/store.h"

struct room {
	char *dir;
	struct store *store;
	struct dname domain;
	struct plan plan;
	struct draft draft;
};

static bool there(const struct room *room, const char *name)
{
	char path[700];

	snprintf(path, sizeof(path), "%s/%s", room->dir, name);
	return access(path, F_OK) == 0;
}

static void put(const struct room *room, const char *name, const char *text)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", room->dir, name);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
}

/* What was said, its hint behind " / "; the room's directory in it as "D". */
static void assert_said(const struct room *room, const struct err *err, enum err_code code, const char *wanted)
{
	struct str said;
	char *at;

	str_init(&said, 0);
	err_format(err, NULL, &said);
	if (err->hint.id) {
		str_add(&said, " / ");
		msg_format(&err->hint, NULL, &said);
	}
	while ((at = strstr(said.s, room->dir))) {
		*at = 'D';
		memmove(at + 1, at + strlen(room->dir), strlen(at + strlen(room->dir)) + 1);
	}
	assert_string_equal(said.s, wanted);
	assert_int_equal(err->code, code);
	str_release(&said);
}

static void save(struct room *room, uint32_t ttl_s, struct draft_mark *mark)
{
	room->draft.want.ttl_s = ttl_s;
	assert_true(store_draft_save(room->store, &room->plan, &room->draft, mark, NULL));
}

static void store_draft_save__notices__that_another_saved(void **state)
{
	struct room *room = *state;
	struct draft_mark mine = { 0 }, theirs = { 0 }, now = { 1, 1 };
	struct err err = { 0 };

	assert_true(store_draft_mark(room->store, &room->domain, &now, NULL));
	assert_true(now.hash == 0 && now.len == 0); /* no file */
	save(room, 60, &mine);
	assert_true(mine.len > 100 && mine.hash);
	assert_true(store_draft_mark(room->store, &room->domain, &theirs, NULL));
	assert_true(mine.hash == theirs.hash && mine.len == theirs.len);
	save(room, 90, &theirs); /* the same length */
	assert_true(mine.hash != theirs.hash && mine.len == theirs.len);
	room->draft.want.ttl_s = 30;
	now = mine;
	assert_false(store_draft_save(room->store, &room->plan, &room->draft, &mine, &err));
	assert_said(
		room, &err, ERR_CONFLICT, "the draft was changed meanwhile by another window or command / Nothing was written over it.");
	assert_true(mine.hash == now.hash && mine.len == now.len);
	assert_false(store_draft_drop(room->store, &room->domain, &mine, &err));
	assert_true(there(room, "state/drafts/exempel.com.json"));
	assert_true(store_draft_mark(room->store, &room->domain, &now, NULL));
	assert_true(now.hash == theirs.hash);
	assert_true(store_draft_drop(room->store, &room->domain, &theirs, &err));
	assert_true(theirs.hash == 0 && theirs.len == 0);
	assert_false(there(room, "state/drafts/exempel.com.json"));
	save(room, 60, &theirs); /* nothing was there, and nothing is */
	mine = (struct draft_mark){ 0 };
	assert_false(store_draft_save(room->store, &room->plan, &room->draft, &mine, &err));
	save(room, 45, NULL); /* who does not look, writes */
}

static void store_draft_load__says__what_stands_in_the_way(void **state)
{
	struct room *room = *state;
	struct err err = { 0 };

	assert_false(store_draft_load(room->store, &room->domain, &room->plan, &room->draft, &err));
	assert_int_equal(err.code, ERR_NONE);
	save(room, 60, NULL);
	put(room, "state/drafts/exempel.com.json", "{}");
	assert_false(store_draft_load(room->store, &room->domain, &room->plan, &room->draft, &err));
	assert_said(room, &err, ERR_USAGE,
		"the kept draft D/state/drafts/exempel.com.json: this is no plan: it has no member \"mxladder_plan\" / Set it aside to start a new draft.");
	put(room, "state/drafts/exempel.com.json",
		"{\"mxladder_plan\":1,\"domain\":\"exempel.net\",\"zone\":\"\",\"base\":{\"ttl\":1,\"records\":[]},\"want\":{\"ttl\":1,\"records\":[]}}");
	assert_false(store_draft_load(room->store, &room->domain, &room->plan, &room->draft, &err));
	assert_said(room, &err, ERR_FILE,
		"the kept draft D/state/drafts/exempel.com.json: it is not the draft of this domain / Set it aside to start a new draft.");
	put(room, "state/drafts/exempel.com.json",
		"{\"mxladder_plan\":1,\"domain\":\"exempel.com\",\"zone\":\"\",\"base\":{\"ttl\":1,\"records\":[]},\"want\":{\"ttl\":1,\"records\":[]},\"redo\":[7]}");
	assert_false(store_draft_load(room->store, &room->domain, &room->plan, &room->draft, &err));
	assert_said(room, &err, ERR_USAGE,
		"the kept draft D/state/drafts/exempel.com.json: undo must be an object / Set it aside to start a new draft.");
}

/* Draft and journal are obeyed: nobody else may write them, and a pipe in their place is not waited for. */
static void store_files__are_the_users_own__or_not_read(void **state)
{
	static const char *const names[] = { "state/drafts/exempel.com.json", "state/journal/exempel.com.ndjson" };
	struct room *room = *state;
	char path[700];

	for (size_t i = 0; i < 2; i++) {
		struct draft_mark mark;
		struct err err = { 0 };

		snprintf(path, sizeof(path), "%s/%s", room->dir, names[i]);
		assert_true(store_make_directory_of(path, NULL));
		put(room, names[i], "{}\n");
		assert_int_equal(chmod(path, 0666), 0);
		for (int pipe = 0; pipe < 2; pipe++) {
			if (pipe) {
				assert_int_equal(unlink(path), 0);
				assert_int_equal(mkfifo(path, 0600), 0);
			}
			err = (struct err){ 0 };
			assert_false(i ? store_journal_read(room->store, &room->domain, &err) != NULL
				       : store_draft_load(room->store, &room->domain, &room->plan, &room->draft, &err));
			assert_int_equal(err.code, ERR_FILE);
			assert_string_equal(err.what.id, pipe ? "%s is no regular file" : "%s can be written by others");
			assert_true(i || !store_draft_mark(room->store, &room->domain, &mark, NULL));
		}
	}
}

static void store_draft_set_aside__keeps__every_damaged_one(void **state)
{
	struct room *room = *state;
	struct err err = { 0 };

	assert_true(store_draft_set_aside(room->store, &room->domain, &err)); /* there is none */
	for (int i = 0; i < 3; i++) {
		save(room, 60, NULL);
		assert_true(store_draft_set_aside(room->store, &room->domain, &err));
		assert_false(there(room, "state/drafts/exempel.com.json"));
	}
	assert_true(there(room, "state/drafts/exempel.com.json.damaged"));
	assert_true(there(room, "state/drafts/exempel.com.json.damaged-2"));
	assert_true(there(room, "state/drafts/exempel.com.json.damaged-3"));
	assert_false(there(room, "state/drafts/exempel.com.json.damaged-4"));
}

/* Each name has one file, which is one element of a path. */
static void store_files__have__these_names(void **state)
{
	static const struct {
		const char *name, *file;
	} rows[] = {
		{ "exempel.com", "exempel.com" },
		{ "az-_.09", "az-_.09" },
		{ "*.exempel.com", "%2a.exempel.com" },
		{ "a/b", "a%2fb" },
		{ "\\.a", "%5c.a" },
		{ ".", "%2e" },
		{ "`{@[/:", "%60%7b%5c%40%5b%2f%3a" },
	};
	struct room *room = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char path[300];
		struct dname name;

		assert_true(dname_parse(&name, rows[i].name, NULL));
		assert_true(store_journal_add(room->store, &name, json_object(), NULL));
		snprintf(path, sizeof(path), "state/journal/%s.ndjson", rows[i].file);
		if (!there(room, path))
			fail_msg("%s", path);
	}
}

static void store_new__finds__its_folder_by_the_environment(void **state)
{
	static const struct {
		const char *state, *home, *folder;
	} rows[] = {
		{ "/x/state", "/home/eva", "/x/state/mxladder" },
		{ "relative", "/home/eva", "/home/eva/.local/state/mxladder" },
		{ "", "/home/eva", "/home/eva/.local/state/mxladder" },
		{ NULL, "/home/eva", "/home/eva/.local/state/mxladder" },
		{ NULL, "", NULL },
		{ NULL, NULL, NULL },
	};
	struct room *room = *state;
	char *home = getenv("HOME") ? strdup(getenv("HOME")) : NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct store *store;
		struct err err = { 0 };

		unsetenv("XDG_STATE_HOME");
		unsetenv("HOME");
		if (rows[i].state)
			setenv("XDG_STATE_HOME", rows[i].state, 1);
		if (rows[i].home)
			setenv("HOME", rows[i].home, 1);
		store = store_new(NULL, NULL);
		if (rows[i].folder) {
			assert_string_equal(store_directory(store), rows[i].folder);
		} else {
			assert_false(store_draft_save(store, &room->plan, &room->draft, NULL, &err));
			assert_said(room, &err, ERR_FILE,
				"there is no folder for drafts, journals and locks: neither HOME nor XDG_STATE_HOME is set / Set one of them.");
			assert_int_equal(store_lock(store, &room->domain, &err), -1);
		}
		store_free(store);
	}
	unsetenv("XDG_STATE_HOME");
	if (home)
		setenv("HOME", home, 1);
	free(home);
}

static void locks__are_named__after_what_they_keep(void **state)
{
	static const struct {
		const char *endpoint, *name;
	} rows[] = {
		{ "http://127.0.0.1:8081", "/s/lock/@http:__127.0.0.1:8081" },
		{ "https://[::1]:8081/a-b?C", "/s/lock/@https:__[::1]:8081_a-b__" },
		{ "azAZ09`{/", "/s/lock/@az__09___" },
		{ "", "/s/lock/@" },
	};
	struct room *room = *state;
	char long_text[300], *path;
	struct err err = { 0 };
	int lock;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		path = lock_server_path("/s", rows[i].endpoint);
		assert_string_equal(path, rows[i].name);
		free(path);
	}
	memset(long_text, 'x', sizeof(long_text));
	long_text[sizeof(long_text) - 1] = '\0';
	path = lock_server_path("/s", long_text);
	assert_int_equal(strlen(path), strlen("/s/lock/@") + 200);
	free(path);
	lock = store_lock(room->store, &room->domain, NULL);
	assert_true(lock >= 0 && there(room, "state/lock/exempel.com"));
	assert_int_equal(store_lock(room->store, &room->domain, &err), -1);
	assert_said(room, &err, ERR_FILE, "another push of exempel.com is running / Wait until it has ended.");
	store_unlock(lock);
}

static int set_up(void **state)
{
	struct room *room = calloc(1, sizeof(*room));
	struct mxset none = { 0 };
	char path[300];

	room->dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/state", room->dir);
	room->store = store_new(path, NULL);
	plan_init(&room->plan);
	draft_init(&room->draft, &none);
	*state = room;
	if (!dname_parse(&room->domain, "exempel.com", NULL))
		return -1;
	room->plan.domain = room->domain;
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;

	draft_release(&room->draft);
	plan_release(&room->plan);
	store_free(room->store);
	scratch_free(room->dir);
	free(room);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(store_draft_save__notices__that_another_saved),
		TEST(store_draft_load__says__what_stands_in_the_way),
		TEST(store_files__are_the_users_own__or_not_read),
		TEST(store_draft_set_aside__keeps__every_damaged_one),
		TEST(store_files__have__these_names),
		TEST(store_new__finds__its_folder_by_the_environment),
		TEST(locks__are_named__after_what_they_keep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
