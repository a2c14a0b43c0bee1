/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/loop.h"
#include "room.h"

static char *got(const struct room *room, const char *name)
{
	char *path = path_in(room, name);
	struct str text;

	str_init(&text, 0);
	assert_true(store_read_file(path, 1 << 20, &text, NULL));
	free(path);
	return str_take(&text);
}

static void assert_holds(const struct room *room, const char *name, const char *text)
{
	char *now = got(room, name);

	assert_string_equal(now, text);
	free(now);
}

static unsigned mode_of(const struct room *room, const char *name)
{
	char *path = path_in(room, name);
	struct stat at;

	assert_int_equal(stat(path, &at), 0);
	free(path);
	return at.st_mode & 07777;
}

static size_t count_files(const char *dir)
{
	char command[600];
	size_t n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "ls -A '%s'", dir);
	f = popen(command, "r");
	for (int c; (c = fgetc(f)) != EOF;)
		n += c == '\n';
	pclose(f);
	return n;
}

/* ---- files ---- */

static void store_read_file__reads__up_to_its_limit(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "f"), *none = path_in(room, "none");
	struct str out;
	struct err err = { 0 };

	put(room, "f", "12345");
	str_init(&out, 0);
	assert_true(store_read_file(path, 5, &out, &err));
	assert_string_equal(out.s, "12345");
	assert_int_equal(err.code, ERR_NONE);
	str_clear(&out);
	assert_false(store_read_file(path, 4, &out, &err));
	assert_int_equal(err.code, ERR_FILE);
	err.code = ERR_NONE;
	str_clear(&out);
	assert_false(store_read_file(none, 4, &out, &err));
	assert_int_equal(err.code, ERR_FILE);
	err.code = ERR_NONE;
	assert_false(store_read_file(room->dir, 4, &out, &err));
	assert_int_equal(err.code, ERR_FILE);
	str_release(&out);
	free(path);
	free(none);
}

static void store_write_file__replaces__keeping_mode_and_link(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "f"), *link = path_in(room, "link");

	assert_true(store_write_file(path, "new", 3, 0640, NULL));
	assert_int_equal(mode_of(room, "f"), 0640);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(symlink("f", link), 0);
	assert_true(store_write_file(link, "newer", 5, 0600, NULL));
	assert_holds(room, "f", "newer");
	assert_int_equal(mode_of(room, "f"), 0604);
	assert_int_equal(readlink(link, (char[8]){ 0 }, 7), 1);
	assert_int_equal(count_files(room->dir), 2); /* no leavings */
	free(path);
	free(link);
}

static void store_write_file__leaves_what_is_no_file__what_it_is(void **state)
{
	const struct room *room = *state;
	char *fifo = path_in(room, "fifo"), byte[4] = "";
	int end;

	assert_int_equal(mkfifo(fifo, 0600), 0);
	end = open(fifo, O_RDONLY | O_NONBLOCK);
	assert_true(store_write_file(fifo, "abc", 3, 0600, NULL));
	assert_int_equal(read(end, byte, 3), 3);
	assert_string_equal(byte, "abc");
	close(end);
	assert_true(store_write_file("/dev/null", "abc", 3, 0600, NULL));
	assert_int_equal(access("/dev/null", R_OK | W_OK), 0);
	free(fifo);
}

static void store_write_file__fails__where_it_cannot(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "no/such/directory");
	struct err err = { 0 };

	assert_false(store_write_file(path, "x", 1, 0600, &err));
	assert_int_equal(err.code, ERR_FILE);
	free(path);
}

static void store_replace_file__is_a_conflict__when_the_file_moved(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "zone");
	struct str expect, content;
	struct err err = { 0 };

	str_init(&expect, 0);
	str_init(&content, 0);
	str_add(&content, "after");
	assert_true(store_replace_file(path, &expect, &content, &err)); /* nothing expected, nothing there */
	put(room, "zone", "before");
	assert_false(store_replace_file(path, &expect, &content, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	str_add(&expect, "befor");
	assert_false(store_replace_file(path, &expect, &content, &err));
	str_add_char(&expect, 'e');
	assert_true(store_replace_file(path, &expect, &content, &err));
	assert_holds(room, "zone", "after");
	assert_int_equal(unlink(path), 0);
	assert_false(store_replace_file(path, &expect, &content, &err));
	assert_int_equal(count_files(room->dir), 0);
	str_release(&expect);
	str_release(&content);
	free(path);
}

/* Another program is between its look at the file and its own replacement of it. */
static void store_replace_file__is_a_conflict__while_another_replaces_it(void **state)
{
	const struct room *room = *state;
	char *path = path_in(room, "zone");
	struct str expect, content;
	struct err err = { 0 };
	int other;

	str_init(&expect, 0);
	str_init(&content, 0);
	str_add(&expect, "before");
	str_add(&content, "after");
	put(room, "zone", "before");
	other = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_false(store_replace_file(path, &expect, &content, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.what.id, "%s is being written by somebody else at this moment");
	assert_holds(room, "zone", "before");
	assert_int_equal(count_files(room->dir), 1);
	/* What expects nothing asks nobody. Then the name stands for another file than the locked one. */
	assert_true(store_write_file(path, "before", 6, 0600, &err));
	assert_true(store_replace_file(path, &expect, &content, &err));
	assert_holds(room, "zone", "after");
	close(other);
	assert_int_equal(unlink(path), 0);
	str_release(&expect);
	str_release(&content);
	free(path);
}

/* ---- drafts ---- */

static void store_draft_load__gives_back__every_step(void **state)
{
	const struct room *room = *state;
	struct plan plan, again;
	struct draft draft, loaded = { 0 };
	struct err err = { 0 };

	make_draft(room, &plan, &draft);
	assert_true(store_draft_save(room->store, &plan, &draft, NULL, &err));
	assert_int_equal(mode_of(room, "state/drafts"), 0700);
	assert_int_equal(mode_of(room, "state/drafts/exempel.com.json"), 0600);
	plan_init(&again);
	draft_init(&loaded, &draft.base);
	assert_true(store_draft_load(room->store, &room->domain, &again, &loaded, &err));
	assert_string_equal(again.account, "lab");
	assert_true(mxset_equal(&loaded.base, &draft.base));
	assert_true(mxset_equal(&loaded.want, &draft.want));
	assert_int_equal(loaded.n_undo, draft.n_undo);
	assert_int_equal(loaded.n_redo, draft.n_redo);
	for (size_t i = 0; i < draft.n_undo; i++)
		assert_true(mxset_equal(&loaded.undo[i], &draft.undo[i]));
	assert_true(mxset_equal(&loaded.redo[0], &draft.redo[0]));
	assert_true(draft_redo(&loaded));
	assert_int_equal(loaded.want.n, 3);
	assert_true(store_draft_drop(room->store, &room->domain, NULL, &err));
	assert_true(store_draft_drop(room->store, &room->domain, NULL, &err));
	assert_false(store_draft_load(room->store, &room->domain, &again, &loaded, &err));
	assert_int_equal(err.code, ERR_NONE);
	draft_release(&draft);
	draft_release(&loaded);
	plan_release(&plan);
	plan_release(&again);
}

static void store_draft_load__fails__on_a_damaged_one__and_changes_nothing(void **state)
{
	static const char *const damaged[] = { "", "{", "[]", "{\"mxladder_plan\":1}", "{\"mxladder_plans\":1,\"plans\":[]}" };
	const struct room *room = *state;
	struct plan plan;
	struct draft draft;

	make_draft(room, &plan, &draft);
	assert_true(store_draft_save(room->store, &plan, &draft, NULL, NULL));
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		struct err err = { 0 };

		put(room, "state/drafts/exempel.com.json", damaged[i]);
		assert_false(store_draft_load(room->store, &room->domain, &plan, &draft, &err));
		assert_true(err.code != ERR_NONE);
		assert_int_equal(draft.want.n, 2);
		assert_int_equal(draft.n_undo, 2);
	}
	draft_release(&draft);
	plan_release(&plan);
}

/* ---- the journal ---- */

static void store_journal__keeps_order__and_leaves_out_a_torn_line(void **state)
{
	const struct room *room = *state;
	json_t *events;

	events = store_journal_read(room->store, &room->domain, NULL);
	assert_int_equal(json_array_size(events), 0);
	json_decref(events);
	for (int i = 0; i < 3; i++)
		assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", i), NULL));
	assert_int_equal(mode_of(room, "state/journal/exempel.com.ndjson"), 0600);
	put(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":3");
	events = store_journal_read(room->store, &room->domain, NULL);
	assert_int_equal(json_array_size(events), 3);
	json_decref(events);
	assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:s}", "n", "a\nb\x1b"), NULL));
	assert_holds(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":\"a\\nb\\u001B\"}\n");
	events = store_journal_read(room->store, &room->domain, NULL);
	assert_int_equal(json_array_size(events), 4);
	json_decref(events);
}

static void store_journal_read__fails__on_a_damaged_line(void **state)
{
	const struct room *room = *state;
	struct err err = { 0 };

	assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 1), NULL));
	put(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":\n{\"n\":2}\n");
	assert_null(store_journal_read(room->store, &room->domain, &err));
	assert_int_equal(err.code, ERR_FILE);
}

/* Written at once, in one order with what is added, and by the same rules. */
static void store_journal_note__is_read__as_what_is_added(void **state)
{
	const struct room *room = *state;

	assert_true(store_journal_note(room->store, &room->domain, json_pack("{s:i}", "n", 0), NULL));
	assert_int_equal(mode_of(room, "state/journal"), 0700);
	assert_int_equal(mode_of(room, "state/journal/exempel.com.ndjson"), 0600);
	assert_holds(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n");
	assert_true(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 1), NULL));
	put(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":1}\n{\"n\":2");
	assert_true(store_journal_note(room->store, &room->domain, json_pack("{s:i}", "n", 3), NULL));
	assert_holds(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":1}\n{\"n\":3}\n");
}

static void store_journal_add__fails__where_it_cannot_write(void **state)
{
	const struct room *room = *state;
	struct err err = { 0 };

	put(room, "state", "in the way");
	assert_false(store_journal_add(room->store, &room->domain, json_pack("{s:i}", "n", 1), &err));
	assert_int_equal(err.code, ERR_FILE);
	err.code = ERR_NONE;
	assert_false(store_journal_note(room->store, &room->domain, json_pack("{s:i}", "n", 1), &err));
	assert_int_equal(err.code, ERR_FILE);
}

struct kept {
	struct loop *loop;
	int calls;
	enum err_code code;
};

static void on_kept(void *data, const struct err *err)
{
	struct kept *kept = data;

	kept->calls++;
	kept->code = err ? err->code : ERR_NONE;
	loop_stop(kept->loop);
}

/* Written when it comes back, on disk when it is told, from the loop. */
static void store_journal_keep__writes_at_once__and_tells_of_the_disk(void **state)
{
	const struct room *room = *state;
	struct kept kept = { .loop = loop_new() };
	struct store_kept then = { .fn = on_kept, .data = &kept };

	store_journal_keep(room->store, kept.loop, &room->domain, json_pack("{s:i}", "n", 0), then);
	assert_int_equal(kept.calls, 0);
	assert_holds(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n");
	loop_run(kept.loop);
	assert_int_equal(kept.calls, 1);
	assert_int_equal(kept.code, ERR_NONE);
	/* nobody is told, and what follows is not held up */
	store_keeping_cancel(store_journal_keep(room->store, kept.loop, &room->domain, json_pack("{s:i}", "n", 1), then));
	store_journal_keep(room->store, kept.loop, &room->domain, json_pack("{s:i}", "n", 2), then);
	assert_true(store_journal_note(room->store, &room->domain, json_pack("{s:i}", "n", 3), NULL));
	loop_run(kept.loop);
	assert_int_equal(kept.calls, 2);
	assert_holds(room, "state/journal/exempel.com.ndjson", "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
	loop_free(kept.loop);
}

static void store_journal_keep__tells__where_it_cannot_write(void **state)
{
	const struct room *room = *state;
	struct kept kept = { .loop = loop_new() };
	struct store_kept then = { .fn = on_kept, .data = &kept };

	put(room, "state", "in the way");
	store_keeping_cancel(store_journal_keep(room->store, kept.loop, &room->domain, json_pack("{s:i}", "n", 0), then));
	store_journal_keep(room->store, kept.loop, &room->domain, json_pack("{s:i}", "n", 1), then);
	assert_int_equal(kept.calls, 0);
	loop_run(kept.loop);
	assert_int_equal(kept.calls, 1);
	assert_int_equal(kept.code, ERR_FILE);
	loop_free(kept.loop);
}

/* ---- locks and names ---- */

static void store_lock__is_one_holders__until_it_ends(void **state)
{
	const struct room *room = *state;
	struct dname other;
	struct err err = { 0 };
	int lock, second, status;
	pid_t child;

	assert_true(dname_parse(&other, "exempel.net", NULL));
	lock = store_lock(room->store, &room->domain, NULL);
	assert_true(lock >= 0);
	assert_int_equal(store_lock(room->store, &room->domain, &err), -1);
	assert_int_equal(err.code, ERR_FILE);
	second = store_lock(room->store, &other, NULL);
	assert_true(second >= 0);
	child = fork();
	if (child == 0) /* another process */
		_exit(store_lock(room->store, &room->domain, NULL) == -1 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_unlock(lock);
	store_unlock(second);
	store_unlock(-1);
	lock = store_lock(room->store, &room->domain, NULL);
	assert_true(lock >= 0);
	store_unlock(lock);
}

static void store_domains__lists_each__once_and_sorted(void **state)
{
	static const char *const names[] = { "b.exempel.com", "exempel.com", "xn--exmpel-bua.com" };
	const struct room *room = *state;
	struct dname name;
	char **list = store_domains(room->store);

	assert_null(list[0]);
	free(list);
	for (size_t i = 3; i > 0; i--) {
		assert_true(dname_parse(&name, names[i - 1], NULL));
		assert_true(store_journal_add(room->store, &name, json_object(), NULL));
	}
	struct plan plan;
	struct draft draft;
	make_draft(room, &plan, &draft);
	assert_true(store_draft_save(room->store, &plan, &draft, NULL, NULL));
	list = store_domains(room->store);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(list[i], names[i]);
		free(list[i]);
	}
	assert_null(list[3]);
	free(list);
	draft_release(&draft);
	plan_release(&plan);
}

static void store_files__stay_in_their_directory__whatever_the_name(void **state)
{
	static const char *const names[] = { "..\\047", "a/b", "\\.\\.", ".", "\\000", "*.exempel.com" };
	const struct room *room = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct dname name;

		if (!dname_parse(&name, names[i], NULL))
			continue;
		assert_true(store_journal_add(room->store, &name, json_object(), NULL));
	}
	char long_name[256] = "";
	for (int i = 0; i < 3; i++)
		snprintf(long_name + strlen(long_name), 65, "%063d.", i);
	snprintf(long_name + strlen(long_name), 62, "%061d", 3);
	struct dname name;
	assert_true(dname_parse(&name, long_name, NULL));
	assert_true(store_journal_add(room->store, &name, json_object(), NULL));
	assert_int_equal(count_files(room->dir), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(store_read_file__reads__up_to_its_limit),
		TEST(store_write_file__replaces__keeping_mode_and_link),
		TEST(store_write_file__leaves_what_is_no_file__what_it_is),
		TEST(store_write_file__fails__where_it_cannot),
		TEST(store_replace_file__is_a_conflict__when_the_file_moved),
		TEST(store_replace_file__is_a_conflict__while_another_replaces_it),
		TEST(store_draft_load__gives_back__every_step),
		TEST(store_draft_load__fails__on_a_damaged_one__and_changes_nothing),
		TEST(store_journal__keeps_order__and_leaves_out_a_torn_line),
		TEST(store_journal_read__fails__on_a_damaged_line),
		TEST(store_journal_note__is_read__as_what_is_added),
		TEST(store_journal_add__fails__where_it_cannot_write),
		TEST(store_journal_keep__writes_at_once__and_tells_of_the_disk),
		TEST(store_journal_keep__tells__where_it_cannot_write),
		TEST(store_lock__is_one_holders__until_it_ends),
		TEST(store_domains__lists_each__once_and_sorted),
		TEST(store_files__stay_in_their_directory__whatever_the_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
