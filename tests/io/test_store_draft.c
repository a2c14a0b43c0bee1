/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drafts that two windows have open, and the loser of a clash that waits for the next run. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "room.h"

#define DRAFT "state/drafts/exempel.com.json"

static bool is_there(const struct room *room, const char *name)
{
	char *path = path_in(room, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

/* The same draft, with another TTL. */
static void set_ttl(struct draft *draft, uint32_t ttl_s)
{
	struct edit edit = { .verb = EDIT_TTL, .ttl_s = ttl_s };

	assert_true(draft_apply(draft, &edit, 1, NULL));
}

static uint32_t kept_ttl(const struct room *room)
{
	struct mxset none = { 0 };
	struct plan plan;
	struct draft draft = { 0 };
	uint32_t ttl_s = 0;

	plan_init(&plan);
	draft_init(&draft, &none);
	if (store_draft_load(room->store, &room->domain, &plan, &draft, NULL))
		ttl_s = draft.want.ttl_s;
	draft_release(&draft);
	plan_release(&plan);
	return ttl_s;
}

static void save__writes_over__what_it_knows_alone(void **state)
{
	const struct room *room = *state;
	struct draft_mark mine = { 0 }, other = { 0 }, now = { 0 };
	struct err err = { 0 };
	struct plan plan;
	struct draft draft;

	make_draft(room, &plan, &draft);
	assert_false(store_draft_exists(room->store, &room->domain));
	assert_true(store_draft_mark(room->store, &room->domain, &now, &err)); /* before there is a folder */
	assert_true(now.len == 0 && now.hash == 0);
	assert_true(store_draft_save(room->store, &plan, &draft, &mine, &err));
	assert_true(mine.len > 0 && mine.hash != 0);
	assert_true(store_draft_exists(room->store, &room->domain));
	assert_true(store_draft_mark(room->store, &room->domain, &other, &err));
	assert_true(other.len == mine.len && other.hash == mine.hash);
	set_ttl(&draft, 61);
	assert_true(store_draft_save(room->store, &plan, &draft, &other, &err));
	assert_int_equal(kept_ttl(room), 61);
	set_ttl(&draft, 62); /* as many bytes */
	assert_false(store_draft_save(room->store, &plan, &draft, &mine, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.what.id, "the draft was changed meanwhile by another window or command");
	assert_int_equal(kept_ttl(room), 61);
	assert_false(store_draft_drop(room->store, &room->domain, &mine, NULL));
	assert_true(is_there(room, DRAFT));
	mine = other;
	mine.hash++;
	assert_false(store_draft_drop(room->store, &room->domain, &mine, NULL));
	mine = other;
	mine.len++;
	assert_false(store_draft_drop(room->store, &room->domain, &mine, NULL));
	assert_true(store_draft_drop(room->store, &room->domain, &other, NULL));
	assert_true(other.len == 0 && other.hash == 0);
	assert_false(is_there(room, DRAFT));
	assert_false(store_draft_save(room->store, &plan, &draft, &mine, NULL)); /* it has gone meanwhile */
	assert_false(is_there(room, DRAFT));
	assert_true(store_draft_save(room->store, &plan, &draft, &other, NULL));
	draft_release(&draft);
	plan_release(&plan);
}

/* One bit of the file in one place is another file, whatever the place. */
static void mark__sees__each_byte(void **state)
{
	const struct room *room = *state;
	struct draft_mark mark[4];
	static const char *const texts[] = { "{}a", "{}b", "}{a", "{}a " };

	put(room, "f", "");
	for (size_t i = 0; i < 4; i++) {
		struct plan plan;
		struct draft draft;

		make_draft(room, &plan, &draft);
		assert_true(store_draft_save(room->store, &plan, &draft, NULL, NULL));
		put(room, DRAFT, texts[i]);
		assert_true(store_draft_mark(room->store, &room->domain, &mark[i], NULL));
		assert_int_equal(mark[i].len, strlen(texts[i]));
		for (size_t k = 0; k < i; k++)
			assert_true(mark[k].hash != mark[i].hash);
		draft_release(&draft);
		plan_release(&plan);
	}
	put(room, DRAFT, "");
	assert_true(store_draft_mark(room->store, &room->domain, &mark[0], NULL));
	assert_true(mark[0].len == 0 && mark[0].hash == 0); /* as if there were none */
}

static void set_aside__finds__a_name_that_is_free(void **state)
{
	const struct room *room = *state;
	struct plan plan;
	struct draft draft;

	make_draft(room, &plan, &draft);
	assert_true(store_draft_set_aside(room->store, &room->domain, NULL)); /* there is none */
	for (int i = 0; i < 3; i++) {
		assert_true(store_draft_save(room->store, &plan, &draft, NULL, NULL));
		assert_true(store_draft_set_aside(room->store, &room->domain, NULL));
		assert_false(is_there(room, DRAFT));
		assert_true(is_there(room, DRAFT ".damaged"));
		assert_int_equal(is_there(room, DRAFT ".damaged-2"), i >= 1);
		assert_int_equal(is_there(room, DRAFT ".damaged-3"), i >= 2);
	}
	assert_false(is_there(room, DRAFT ".damaged-1"));
	draft_release(&draft);
	plan_release(&plan);
}

/* What an earlier run left: its TTL, 0: nothing. Forgets it. */
static uint32_t left_ttl(struct room *room, const char *ending)
{
	struct mxset none = { 0 };
	struct plan plan;
	struct draft draft = { 0 };
	uint32_t ttl_s = 0;
	char *path;

	plan_init(&plan);
	draft_init(&draft, &none);
	path = store_draft_kept(room->store, &room->domain, &plan, &draft);
	if (path) {
		ttl_s = draft.want.ttl_s;
		assert_string_equal(path + strlen(path) - strlen(ending), ending);
		assert_string_equal(plan.account, "lab");
	}
	free(path);
	draft_release(&draft);
	plan_release(&plan);
	return ttl_s;
}

static void loser__is_kept__for_the_next_run(void **state)
{
	struct room *room = *state;
	struct draft_kept kept[3] = { { 0 } };
	struct plan plan;
	struct draft draft;
	char *path;

	make_draft(room, &plan, &draft);
	assert_int_equal(left_ttl(room, ""), 0); /* before there is a folder */
	for (uint32_t i = 0; i < 3; i++) {
		set_ttl(&draft, 61 + i);
		assert_true(store_draft_keep(room->store, &plan, &draft, &kept[i], NULL));
		assert_true(kept[i].lock >= 0);
	}
	assert_true(is_there(room, DRAFT ".mine") && is_there(room, DRAFT ".mine-2") && is_there(room, DRAFT ".mine-3"));
	assert_false(is_there(room, DRAFT ".mine-1"));
	assert_int_equal(left_ttl(room, ""), 0); /* all are held */
	set_ttl(&draft, 70);
	assert_true(store_draft_keep(room->store, &plan, &draft, &kept[1], NULL)); /* in its place */
	assert_false(is_there(room, DRAFT ".mine-4"));
	assert_int_equal(left_ttl(room, ""), 0);
	store_draft_leave(&kept[1]);
	assert_null(kept[1].path);
	assert_int_equal(left_ttl(room, ".json.mine-2"), 70);
	store_draft_leave(&kept[0]);
	assert_int_equal(left_ttl(room, ".json.mine"), 61);
	store_draft_forget(&kept[2]);
	assert_null(kept[2].path);
	assert_false(is_there(room, DRAFT ".mine-3"));
	store_draft_forget(&kept[2]);  /* of none */
	put(room, DRAFT ".mine", "{"); /* damaged: the next one is taken */
	assert_int_equal(left_ttl(room, ".json.mine-2"), 70);
	path = path_in(room, DRAFT ".mine");
	assert_int_equal(unlink(path), 0);
	free(path);
	draft_release(&draft);
	plan_release(&plan);
}

/* The ninth place is the last: who comes later takes it. */
static void losers__have__nine_places(void **state)
{
	struct room *room = *state;
	struct draft_kept kept[10] = { { 0 } };
	struct plan plan;
	struct draft draft;

	make_draft(room, &plan, &draft);
	for (uint32_t i = 0; i < 10; i++) {
		set_ttl(&draft, 61 + i);
		assert_true(store_draft_keep(room->store, &plan, &draft, &kept[i], NULL));
	}
	assert_true(is_there(room, DRAFT ".mine-9"));
	assert_false(is_there(room, DRAFT ".mine-10"));
	for (uint32_t i = 0; i < 8; i++)
		store_draft_forget(&kept[i]);
	assert_int_equal(left_ttl(room, ""), 0);
	store_draft_leave(&kept[8]);
	store_draft_leave(&kept[9]);
	assert_int_equal(left_ttl(room, ".json.mine-9"), 70);
	draft_release(&draft);
	plan_release(&plan);
}

static void keep__fails__where_it_cannot_write(void **state)
{
	struct room *room = *state;
	struct draft_kept kept = { 0 };
	struct err err = { 0 };
	struct plan plan;
	struct draft draft;

	make_draft(room, &plan, &draft);
	put(room, "state", "in the way");
	assert_false(store_draft_keep(room->store, &plan, &draft, &kept, &err));
	assert_int_equal(err.code, ERR_FILE);
	store_draft_leave(&kept);
	assert_false(store_draft_save(room->store, &plan, &draft, NULL, &err));
	assert_true(store_draft_drop(room->store, &room->domain, NULL, &err)); /* there is none */
	assert_false(store_draft_exists(room->store, &room->domain));
	draft_release(&draft);
	plan_release(&plan);
}

/* Whose state cannot be told is not written over, nor taken away. */
static void unreadable__is_left__as_it_is(void **state)
{
	struct room *room = *state;
	struct draft_mark mark = { 0 };
	struct err err = { 0 };
	struct plan plan;
	struct draft draft;
	char *path = path_in(room, DRAFT);
	struct stat seen;

	make_draft(room, &plan, &draft);
	assert_true(store_draft_save(room->store, &plan, &draft, &mark, NULL));
	put(room, DRAFT, "");
	assert_int_equal(truncate(path, 3), 0); /* zero bytes */
	assert_false(store_draft_save(room->store, &plan, &draft, &mark, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_string_equal(err.what.id, "%s, line %lu: it is damaged: it holds a zero byte");
	assert_false(store_draft_drop(room->store, &room->domain, &mark, NULL));
	assert_int_equal(stat(path, &seen), 0);
	assert_int_equal(seen.st_size, 3);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	err = (struct err){ 0 };
	assert_false(store_draft_drop(room->store, &room->domain, NULL, &err));
	assert_string_equal(err.what.id, "the draft %s could not be removed: %s");
	free(path);
	draft_release(&draft);
	plan_release(&plan);
}

static void user__is_a_name_at_a_machine(void **state)
{
	char machine[256] = "";
	struct str text;

	(void)state;
	assert_int_equal(gethostname(machine, sizeof(machine) - 1), 0);
	str_init(&text, 0);
	store_user(&text);
	assert_true(text.len > strlen(machine) + 1);
	assert_string_equal(text.s + text.len - strlen(machine), machine);
	assert_int_equal(text.s[text.len - strlen(machine) - 1], '@');
	str_release(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(save__writes_over__what_it_knows_alone),
		TEST(mark__sees__each_byte),
		TEST(set_aside__finds__a_name_that_is_free),
		TEST(loser__is_kept__for_the_next_run),
		TEST(losers__have__nine_places),
		TEST(keep__fails__where_it_cannot_write),
		TEST(unreadable__is_left__as_it_is),
		cmocka_unit_test(user__is_a_name_at_a_machine),
	};

	return cmocka_run_group_tests_name("store_draft", tests, NULL, NULL);
}
