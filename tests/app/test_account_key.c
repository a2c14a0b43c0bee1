/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of an account: as its vendor takes it, fetched once, forgotten when it is refused. And what its runs leave to the next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "drive.h"
#include "app/account_key.h"
#include "app/requests.h"
#include "io/config.h"

static void settle(struct scene *scene)
{
	loop_after(scene->lab.app.loop, 5, (loop_fn)loop_stop, scene->lab.app.loop);
	loop_run(scene->lab.app.loop);
}

static void key__must_be__as_the_vendor_takes_it(void **state)
{
	static const struct {
		const char *key;
		unsigned lines;
		const char *words; /* NULL: it is sound */
	} rows[] = {
		{ "geheim", 0, NULL },
		{ "ge heim", 0, "the key of account lab is not one word" },
		{ "ge\nheim", 0, "the key of account lab is not one word" },
		{ "ge\nheim", 2, NULL },
		{ "ge heim", 1, NULL },
		{ "ge\nheim", 1, "the key of account lab has more lines than Own takes" },
		{ "a\nb\r\n\r\nc", 2, "the key of account lab has more lines than Own takes" },
		{ "a\nb\nc\nd", KEY_WHOLE, NULL },
	};
	struct scene *scene = *state;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		drive_forget(scene);
		scene->key = rows[i].key;
		scene->provider.key_lines = rows[i].lines;
		drive_one(scene, false);
		assert_int_equal(scene->err.code, rows[i].words ? ERR_USAGE : ERR_NONE);
		assert_string_equal(lab_text(&scene->err.what), rows[i].words ? rows[i].words : "");
		assert_int_equal(scene->requests, !rows[i].words);
	}
	drive_forget(scene);
	scene->provider.key_help = NULL;
	scene->key = NULL;
	drive_one(scene, false);
	assert_int_equal(scene->err.code, ERR_NONE);
}

struct asking {
	struct key_wait wait;
	unsigned told;
	char key[40];
	enum err_code code;
	struct asking *cancels; /* when it is told */
	struct asking *asks;    /* likewise */
	struct account *of;
	const struct config_section *source;
};

static void key_told(void *data, const char *key, const struct err *err)
{
	struct asking *asking = data;

	asking->told++;
	asking->code = err ? err->code : ERR_NONE;
	snprintf(asking->key, sizeof(asking->key), "%s", key ? key : "");
	if (asking->cancels)
		account_key_cancel(&asking->cancels->wait);
	if (asking->asks)
		account_key(asking->of, asking->source, &asking->asks->wait);
}

static void ask_key(struct account *account, const struct config_section *source, struct asking *asking)
{
	*asking = (struct asking){ .wait = { .fn = key_told, .data = asking },
		.cancels = asking->cancels,
		.asks = asking->asks,
		.of = account,
		.source = source };
	account_key(account, source, &asking->wait);
	assert_int_equal(asking->told, 0);
}

static void expect_key(const struct asking *asking, const char *key)
{
	assert_int_equal(asking->told, 1);
	assert_string_equal(asking->key, key);
	assert_int_equal(asking->code, *key ? ERR_NONE : ERR_AUTH);
	assert_null(asking->wait.account);
}

/* Who asks while it is fetched joins; who asks later is given what is kept. */
static void key__is_fetched__once(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared = account_of(&scene->lab.app, &account);
	struct config_pair pair = { .name = (char[]){ "key_env" }, .value = (char[]){ "KEY_OF_TEST" } };
	struct config_section source = { .name = (char[]){ "lab" }, .n = 1, .pair = &pair };
	struct asking a = { .told = 0 }, b = { .told = 0 }, c = { .told = 0 };

	unsetenv("KEY_OF_TEST");
	a.cancels = &c;
	ask_key(shared, &source, &c);
	ask_key(shared, &source, &b);
	ask_key(shared, &source, &a);
	settle(scene);
	expect_key(&a, "");
	expect_key(&b, "");
	assert_int_equal(c.told, 0); /* one that was told had no use for it any more */
	assert_null(shared->key);
	/* a failure is not kept */
	setenv("KEY_OF_TEST", "first", 1);
	a.cancels = NULL;
	ask_key(shared, &source, &a);
	ask_key(shared, &source, &b);
	account_key_cancel(&a.wait);
	account_key_cancel(&a.wait);
	settle(scene);
	expect_key(&b, "first");
	assert_int_equal(a.told, 0);
	setenv("KEY_OF_TEST", "second", 1);
	ask_key(shared, &source, &a);
	settle(scene);
	expect_key(&a, "first");
	/* forgotten, also while it is on its way to somebody */
	ask_key(shared, &source, &a);
	account_key_forget(shared);
	ask_key(shared, &source, &b);
	settle(scene);
	expect_key(&a, "second");
	expect_key(&b, "second");
	/* also where nobody else asks for it */
	setenv("KEY_OF_TEST", "third", 1);
	ask_key(shared, &source, &a);
	account_key_forget(shared);
	settle(scene);
	expect_key(&a, "third");
	/* nobody waits any more: nothing is fetched */
	account_key_forget(shared);
	ask_key(shared, &source, &a);
	assert_non_null(shared->fetching);
	account_key_cancel(&a.wait);
	assert_null(shared->fetching);
	settle(scene);
	assert_null(shared->key);
	assert_int_equal(a.told, 0);
}

/* Who asks when it is told is no part of that fetch, and holds up nobody. */
static void key__asked_for_again__is_fetched_again(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared = account_of(&scene->lab.app, &account);
	struct config_pair pair = { .name = (char[]){ "key_env" }, .value = (char[]){ "KEY_OF_TEST" } };
	struct config_section source = { .name = (char[]){ "lab" }, .n = 1, .pair = &pair };
	struct asking a = { .told = 0 }, b = { .told = 0 }, c = { .told = 0 };

	unsetenv("KEY_OF_TEST");
	b = (struct asking){ .wait = { .fn = key_told, .data = &b } };
	a.asks = &b;
	ask_key(shared, &source, &c);
	ask_key(shared, &source, &a);
	settle(scene);
	settle(scene);
	expect_key(&a, "");
	expect_key(&b, "");
	expect_key(&c, "");
}

/* One configuration names another key than the one after it: each asker is told its own, whichever is on its way or kept. */
static void key__of_another_section__is_not_taken(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared = account_of(&scene->lab.app, &account);
	struct config_pair pair = { .name = (char[]){ "key_env" }, .value = (char[]){ "KEY_OF_TEST" } };
	struct config_pair new_pair = { .name = (char[]){ "key_env" }, .value = (char[]){ "NEW_KEY_OF_TEST" } };
	struct config_section old = { .name = (char[]){ "lab" }, .n = 1, .pair = &pair };
	struct config_section new = { .name = (char[]){ "lab" }, .n = 1, .pair = &new_pair };
	struct asking a = { .told = 0 }, b = { .told = 0 }, c = { .told = 0 };

	setenv("KEY_OF_TEST", "old", 1);
	setenv("NEW_KEY_OF_TEST", "new", 1);
	ask_key(shared, &old, &a);
	assert_non_null(shared->fetching);
	ask_key(shared, &new, &b);
	ask_key(shared, &old, &c);
	settle(scene);
	expect_key(&a, "old");
	expect_key(&b, "new");
	expect_key(&c, "old");
	/* what is kept is the new one's */
	ask_key(shared, &old, &a);
	ask_key(shared, &new, &b);
	settle(scene);
	expect_key(&a, "old");
	expect_key(&b, "new");
	/* who waited for the old one has gone: the other is not forgotten */
	account_key_forget(shared);
	ask_key(shared, &old, &a);
	ask_key(shared, &new, &b);
	account_key_cancel(&a.wait);
	settle(scene);
	expect_key(&b, "new");
	assert_int_equal(a.told, 0);
	unsetenv("KEY_OF_TEST");
	unsetenv("NEW_KEY_OF_TEST");
}

/* What the vendor refused may have been changed meanwhile. */
static void key__is_forgotten__when_it_is_refused(void **state)
{
	struct scene *scene = *state;
	struct provider_account account = { .provider = &scene->provider, .name = "lab" };
	struct account *shared;

	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	for (int http = 401; http <= 404; http++) {
		drive_forget(scene);
		shared = account_of(&scene->lab.app, &account);
		shared->key = strdup("kept");
		scene->answer[0].http = http;
		drive_one(scene, false);
		assert_int_equal(shared->key == NULL, http == 401 || http == 403);
	}
}

/* ---- the configuration is read again ---- */

static struct account *shared_by(struct scene *scene, const char *lines)
{
	struct app *app = &scene->lab.app;
	struct provider_account account;
	struct dname domain;
	char text[400];
	int len = snprintf(text, sizeof(text), "[account lab]\nkey_env = LAB_KEY\nprovider = %s", lines);

	assert_true(store_write_file(app->config.path, text, (size_t)len, 0600, NULL));
	assert_true(app_read_again(app, NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_true(app_account(app, &domain, NULL, &account, NULL));
	return account_of(app, &account);
}

static void was_used(struct account *shared)
{
	zone_index_add(&shared->zones, &(struct zone_entry){ .name = (char *)(uintptr_t) "exempel.com" });
	shared->key = strdup("kept");
	shared->logged_in = true;
}

/* An account of the same name may have been made anew: nothing of the old one, its key least of all, is used for it. */
static void account__read_again__keeps_no_key_and_no_zone(void **state)
{
	struct scene *scene = *state;
	struct account *first = shared_by(scene, "digitalocean\nendpoint = http://127.0.0.1:1\n"), *other;
	struct provider_account account;
	struct dname domain;

	was_used(first);
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	assert_true(app_account(&scene->lab.app, &domain, NULL, &account, NULL));
	assert_ptr_equal(account_of(&scene->lab.app, &account), first);
	assert_string_equal(first->key, "kept");
	assert_int_equal(first->zones.n, 1);
	assert_true(first->logged_in);

	assert_ptr_equal(shared_by(scene, "digitalocean\nendpoint = http://127.0.0.1:1\n"), first);
	assert_null(first->key);
	assert_int_equal(first->zones.n, 0);
	assert_false(first->logged_in);

	was_used(first);
	other = shared_by(scene, "digitalocean\nendpoint = http://127.0.0.1:2\n");
	assert_ptr_not_equal(other, first);
	assert_null(other->key);
	assert_int_equal(other->zones.n, 0);
	assert_ptr_equal(shared_by(scene, "digitalocean\nendpoint = http://127.0.0.1:2\nsettle = 1\n"), other);
	other = shared_by(scene, "powerdns\nserver = a\n");
	assert_ptr_equal(shared_by(scene, "powerdns\nserver = a\n"), other);
	assert_ptr_not_equal(shared_by(scene, "powerdns\nserver = b\n"), other);
	assert_ptr_equal(account_of(&scene->lab.app, &account), first); /* of a push that runs on */
}

static void has_turn(void *data)
{
	++*(unsigned *)data;
}

/* A list that is being made when the configuration is read again is the old key's: who comes after it makes a new one. */
static void zones__listed_while_it_is_read_again__are_nobody_elses(void **state)
{
	const char *lines = "digitalocean\nendpoint = http://127.0.0.1:1\n";
	struct scene *scene = *state;
	struct account *first = shared_by(scene, lines);
	unsigned got = 0, then = 0;
	struct turn lists = { .fn = has_turn, .data = &got }, next = { .fn = has_turn, .data = &then };

	turn_alone(first, &lists);
	settle(scene);
	assert_int_equal(got, 1);
	was_used(first);
	assert_ptr_equal(shared_by(scene, lines), first);
	assert_null(first->key);
	assert_int_equal(first->zones.n, 1); /* it goes on with what it has so far */
	assert_true(first->zones_old);
	turn_alone(first, &next);
	turn_end(&lists);
	settle(scene);
	assert_int_equal(then, 1);
	assert_int_equal(first->zones.n, 0);
	assert_false(first->zones_old);
	turn_end(&next);
	/* where nobody waits, the next that asks for the account */
	turn_alone(first, &lists);
	settle(scene);
	was_used(first);
	shared_by(scene, lines);
	turn_end(&lists);
	assert_int_equal(first->zones.n, 1);
	account_of(&scene->lab.app, &(struct provider_account){ .provider = first->provider, .name = "lab" });
	assert_int_equal(first->zones.n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, drive_setup, drive_teardown)

/* ---- what is left to other runs ---- */

static void (*serve)(struct vendor *vendor, struct vendor_call *call); /* the scene's own */

static void stop_once(struct vendor *vendor, struct vendor_call *call)
{
	vendor->hook = serve;
	loop_stop(vendor->loop);
	call->drop = true;
}

/* Who logs in is alone at it; one that is given up gives that up too. */
static void login__of_a_run_that_is_given_up__is_left_to_the_next(void **state)
{
	struct scene *scene = *state;
	const struct request_row *row;
	struct loop_handle *late;
	struct exec *one, *two;

	serve = scene->lab.vendor.hook;
	scene->lab.vendor.hook = stop_once;
	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	one = drive_start(scene, false);
	two = drive_start(scene, false);
	loop_run(scene->lab.app.loop);
	assert_int_equal(scene->done, 0);
	row = requests_at(scene->lab.app.requests, 0);
	assert_false(row->ended || row->given_up);
	exec_free(one);
	assert_true(row->ended && row->given_up);
	late = loop_after(scene->lab.app.loop, 10000, (loop_fn)loop_stop, scene->lab.app.loop);
	loop_run(scene->lab.app.loop);
	loop_cancel(late);
	assert_int_equal(scene->done, 1);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_string_equal(scene->log, "/login /a ");
	exec_free(two);
}

static void ended(void *data, const struct provider_run *run, const struct err *err)
{
	struct scene *scene = data;

	(void)run;
	scene->done++;
	if (err)
		scene->err = *err;
	loop_stop(scene->lab.app.loop);
}

/* A login under way when the configuration is read again is made with the old key: the next run makes its own. */
static void login__of_another_section__is_not_taken(void **state)
{
	struct scene *scene = *state, other;
	struct provider_account account = { .provider = &scene->provider, .name = "lab", .endpoint = scene->endpoint, .key = "new" };
	struct exec_task task = { .account = &account, .goal = GOAL_VERIFY, .owner = &scene->lab.plan.domain };
	struct exec *one, *two;

	scene->provider.login = drive_login;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	other = *scene;
	account.source = &other;
	one = drive_start(scene, false);
	two = exec_start(&scene->lab.app, &task, ended, scene);
	while (scene->done < 2)
		loop_run(scene->lab.app.loop);
	assert_int_equal(scene->err.code, ERR_NONE);
	assert_int_equal(scene->logins, 1);
	assert_int_equal(other.logins, 1);
	exec_free(one);
	exec_free(two);
}

/* Rules of a zone are no rules of the account. */
static void use__is_told__rule_by_rule(void **state)
{
	static const struct provider_pace pace[] = { { .most = 9, .within_s = 60 }, { .most = 8, .within_s = 50, .zone = true },
		{ .most = 7, .within_s = 40, .writes = true }, { 0 } };
	struct scene *scene = *state;
	struct account_use use;

	assert_false(account_use(&scene->lab.app, "lab", 0, &use)); /* nothing was asked of it yet */
	scene->provider.pace = pace;
	scene->ask[0] = (struct ask){ .method = "GET", .path = "/a" };
	scene->ask[1] = (struct ask){ .method = "PUT", .path = "/b", .writes = true };
	drive_one(scene, false);
	account_of(&scene->lab.app, &(struct provider_account){ .provider = &scene->provider, .name = "other" });
	assert_true(account_use(&scene->lab.app, "lab", 0, &use));
	assert_true(use.used == 2 && use.most == 9 && use.within_s == 60 && !use.writes);
	assert_true(account_use(&scene->lab.app, "lab", 1, &use));
	assert_true(use.used == 1 && use.most == 7 && use.within_s == 40 && use.writes);
	assert_false(account_use(&scene->lab.app, "lab", 2, &use));
	assert_true(account_use(&scene->lab.app, "other", 0, &use) && use.used == 0);
	assert_false(account_use(&scene->lab.app, "third", 0, &use));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(key__must_be__as_the_vendor_takes_it),
		TEST(key__is_fetched__once),
		TEST(key__asked_for_again__is_fetched_again),
		TEST(key__of_another_section__is_not_taken),
		TEST(key__is_forgotten__when_it_is_refused),
		TEST(login__of_a_run_that_is_given_up__is_left_to_the_next),
		TEST(login__of_another_section__is_not_taken),
		TEST(use__is_told__rule_by_rule),
		TEST(account__read_again__keeps_no_key_and_no_zone),
		TEST(zones__listed_while_it_is_read_again__are_nobody_elses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
