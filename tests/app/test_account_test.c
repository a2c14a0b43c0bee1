/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts that are tried: what a row says before, meanwhile and after, and that a row is one account's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"
#include "app/account.h"
#include "app/account_test.h"

struct scene {
	struct lab lab;
	struct account_tests *tests;
	unsigned told, refuse; /* of the requests, from 1 */
	int http;
	unsigned asked;
};

static void changed(void *data)
{
	struct scene *scene = data;

	scene->told++;
	loop_stop(scene->lab.app.loop);
}

static void spoil(struct vendor *vendor, struct vendor_call *call)
{
	struct scene *scene = vendor->data;

	if (!strcmp(call->path, "/api/v1/servers/localhost"))
		call->text = "{\"type\":\"Server\",\"id\":\"localhost\",\"version\":\"4.8.3\"}";
	if (++scene->asked == scene->refuse)
		call->http = scene->http;
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	static const char more[] = "[account two]\nprovider = powerdns\nendpoint = http://127.0.0.1:9\nkey_env = LAB_KEY\n"
				   "[account three]\nprovider = powerdns\nendpoint = http://127.0.0.1:9\nkey_env = LAB_KEY\n";

	lab_open(&scene->lab, "powerdns", more);
	scene->lab.vendor.hook = spoil;
	scene->lab.vendor.data = scene;
	scene->tests = account_tests_new(&scene->lab.app, changed, scene);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	account_tests_free(scene->tests);
	lab_close(&scene->lab);
	free(scene);
	return 0;
}

static const struct account_test *try(struct scene *scene, const char *name)
{
	const struct account_test *row;

	scene->told = scene->asked = 0;
	account_test_begin(scene->tests, name);
	row = account_test_of(scene->tests, name);
	assert_string_equal(row->name, name);
	while (row->running)
		loop_run(scene->lab.app.loop);
	assert_int_equal(scene->told, 1);
	return row;
}

static void account__that_is_accepted__tells_its_zones(void **state)
{
	struct scene *scene = *state;
	int64_t before = loop_now();
	const struct account_test *row = try(scene, "lab");

	assert_int_equal(row->err.code, ERR_NONE);
	assert_true(row->zones_known);
	assert_int_equal(row->zones, 1);
	assert_int_equal(row->why_no_zones.code, ERR_NONE);
	assert_in_range(row->at, before, loop_now());
	assert_null(row->who);
	assert_int_equal(row->until, 0);
}

static void account__whose_login_tells_who_it_is__says_so(void **state)
{
	struct scene *scene = *state;
	struct account *shared =
		account_of(&scene->lab.app, &(struct provider_account){ .provider = provider_find("powerdns"), .name = "lab" });
	const struct account_test *row;

	shared->login.who = strdup("customer-7");
	shared->login.until = 1234;
	row = try(scene, "lab");
	assert_string_equal(row->who, "customer-7");
	assert_int_equal(row->until, 1234);
}

/* Refused, or not reached: no zone is asked for. */
static void account__that_is_refused__has_no_zones(void **state)
{
	struct scene *scene = *state;
	const struct account_test *row;

	scene->refuse = 1;
	scene->http = 401;
	row = try(scene, "lab");
	assert_int_equal(scene->asked, 1);
	assert_int_equal(row->err.code, ERR_AUTH);
	assert_false(row->zones_known);
	assert_int_equal(row->zones, 0);
	assert_int_not_equal(row->at, 0);
}

static void account__whose_list_cannot_be_read__is_accepted_all_the_same(void **state)
{
	struct scene *scene = *state;
	const struct account_test *row;
	unsigned asked;

	try(scene, "lab");
	asked = scene->asked;
	account_test_forget(scene->tests, "lab");
	accounts_release(&scene->lab.app);
	scene->refuse = asked;
	scene->http = 403;
	row = try(scene, "lab");
	assert_int_equal(scene->asked, asked);
	assert_int_equal(row->err.code, ERR_NONE);
	assert_false(row->zones_known);
	assert_int_equal(row->zones, 0);
	assert_int_equal(row->why_no_zones.code, ERR_AUTH);
}

static void account__that_there_is_none_of__is_told_at_once(void **state)
{
	struct scene *scene = *state;
	const struct account_test *row;

	account_test_begin(scene->tests, "nobody");
	assert_int_equal(scene->told, 1);
	row = account_test_of(scene->tests, "nobody");
	assert_false(row->running);
	assert_int_equal(row->err.code, ERR_USAGE);
	assert_int_equal(scene->asked, 0);
}

/* While it runs it is not begun anew; after that it is, in the same row. */
static void account__has__one_row(void **state)
{
	struct scene *scene = *state;
	const struct account_test *row;

	assert_null(account_test_of(scene->tests, "lab"));
	assert_null(account_test_of(NULL, "lab"));
	account_test_begin(scene->tests, "two");
	account_test_begin(scene->tests, "lab");
	account_test_begin(scene->tests, "three");
	row = account_test_of(scene->tests, "lab");
	assert_true(row->running);
	account_test_begin(scene->tests, "lab");
	assert_ptr_equal(account_test_of(scene->tests, "lab"), row);
	account_test_forget(scene->tests, "lab");
	account_test_forget(scene->tests, "lab");
	assert_null(account_test_of(scene->tests, "lab"));
	assert_string_equal(account_test_of(scene->tests, "two")->name, "two");
	assert_string_equal(account_test_of(scene->tests, "three")->name, "three");
	try(scene, "lab");
	assert_int_equal(account_test_of(scene->tests, "lab")->zones, 1);
	try(scene, "lab");
	assert_int_equal(account_test_of(scene->tests, "lab")->zones, 1);
	account_test_forget(scene->tests, "lab");
	assert_null(account_test_of(scene->tests, "lab"));
}

static void tests__that_nobody_follows__run(void **state)
{
	struct scene *scene = *state;
	struct account_tests *tests = account_tests_new(&scene->lab.app, NULL, NULL);

	account_test_begin(tests, "nobody");
	assert_false(account_test_of(tests, "nobody")->running);
	account_test_begin(tests, "lab");
	account_tests_free(tests);
	account_tests_free(NULL);
}

static void provider__is__the_one_that_is_named(void **state)
{
	struct config_pair pair[] = {
		{ .name = (char[]){ "endpoint" }, .value = (char[]){ "bunny" } },
		{ .name = (char[]){ "provider" }, .value = (char[]){ "powerdns" } },
	};
	struct config_section section = { .name = (char[]){ "lab" }, .n = 2, .pair = pair };

	(void)state;
	assert_ptr_equal(account_provider(&section), provider_find("powerdns"));
	section.n = 1;
	assert_null(account_provider(&section));
	section.pair = pair + 1;
	assert_ptr_equal(account_provider(&section), provider_find("powerdns"));
	section.n = 0;
	assert_null(account_provider(&section));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(account__that_is_accepted__tells_its_zones),
		TEST(account__whose_login_tells_who_it_is__says_so),
		TEST(account__that_is_refused__has_no_zones),
		TEST(account__whose_list_cannot_be_read__is_accepted_all_the_same),
		TEST(account__that_there_is_none_of__is_told_at_once),
		TEST(account__has__one_row),
		TEST(tests__that_nobody_follows__run),
		cmocka_unit_test(provider__is__the_one_that_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
