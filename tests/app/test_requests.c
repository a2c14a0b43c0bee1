/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of the requests that went out: each as it left, without its secrets, and what came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/requests.h"

static const struct provider_account account = { .name = "lab" };

static int setup(void **state)
{
	*state = requests_new();
	return 0;
}

static int teardown(void **state)
{
	requests_free(*state);
	requests_free(NULL);
	return 0;
}

static uint64_t add(struct requests *requests, const struct request *request)
{
	return requests_add(requests, &account, request, "https://api.example/v1");
}

static void requests_add__leaves_out__what_is_secret(void **state)
{
	struct requests *requests = *state;
	const struct request_row *row;
	struct request request;

	request_init(&request);
	http_request_set(&request.http, "POST", "/send?key=%s&name=a", "s3cret-word");
	http_request_secret(&request.http, "s3cret-word");
	http_request_header(&request.http, "X-Key", "s3cret-word", true);
	request.writes = true;
	msg_set(&request.title, "replace %s", "a");
	assert_int_equal(add(requests, &request), 1);
	row = requests_at(requests, 0);
	assert_string_equal(row->method, "POST");
	assert_string_equal(row->address, "https://api.example/v1/send?key=***&name=a");
	assert_string_equal(row->account, "lab");
	assert_string_equal(row->title.id, "replace %s");
	assert_true(row->writes && row->at > 0 && !row->ended && !row->given_up);
	assert_int_equal(row->kind, REQUEST_HTTP);
	request_release(&request);
}

static void requests_add__names__what_is_no_http(void **state)
{
	static const struct {
		enum request_kind kind;
		const char *method, *address;
	} cases[] = {
		{ REQUEST_DNS, "DNS", "https://api.example/v1" },
		{ REQUEST_FILE_READ, "READ", "/zones/a" },
		{ REQUEST_FILE_WRITE, "WRITE", "/zones/a" },
		{ REQUEST_RUN, "RUN", "rndc reload" },
	};
	static char path[] = "/zones/a", command[] = "rndc reload";
	struct requests *requests = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct request request = { .kind = cases[i].kind, .path = path, .command = command };

		add(requests, &request);
		assert_string_equal(requests_at(requests, 0)->method, cases[i].method);
		assert_string_equal(requests_at(requests, 0)->address, cases[i].address);
		assert_false(requests_at(requests, 0)->writes);
	}
}

static void requests_end__is_of_its_own__and_once(void **state)
{
	static char path[] = "/a";
	struct requests *requests = *state;
	const struct request request = { .kind = REQUEST_FILE_READ, .path = path };
	struct err err = { 0 };

	err_set(&err, ERR_NETWORK, "no answer");
	for (uint64_t number = 1; number <= 4; number++)
		assert_int_equal(add(requests, &request), number);
	((struct request_row *)(uintptr_t)requests_at(requests, 3))->at_ms -= 500;
	requests_end(requests, 1, 204, NULL);
	requests_end(requests, 1, 500, &err); /* it has ended */
	requests_end(requests, 2, 0, &err);
	requests_give_up(requests, 3);
	requests_give_up(requests, 1);
	requests_end(requests, 3, 200, NULL);
	requests_end(requests, 0, 200, NULL);
	requests_give_up(requests, 0);
	assert_true(requests_at(requests, 3)->ended && !requests_at(requests, 3)->given_up);
	assert_int_equal(requests_at(requests, 3)->status, 204);
	assert_in_range(requests_at(requests, 3)->took_ms, 500, 60000);
	assert_null(requests_at(requests, 3)->why.id);
	assert_true(requests_at(requests, 2)->ended);
	assert_string_equal(requests_at(requests, 2)->why.id, "no answer");
	assert_true(requests_at(requests, 1)->ended && requests_at(requests, 1)->given_up);
	assert_int_equal(requests_at(requests, 1)->status, 0);
	assert_false(requests_at(requests, 0)->ended);
	assert_null(requests_at(requests, 4));
}

static void requests__keep__the_last(void **state)
{
	static char path[] = "/a";
	struct requests *requests = *state;
	const struct request request = { .kind = REQUEST_FILE_READ, .path = path };

	assert_null(requests_at(requests, 0));
	for (int i = 0; i < REQUESTS_KEPT + 3; i++)
		add(requests, &request);
	assert_int_equal(requests_at(requests, 0)->number, REQUESTS_KEPT + 3);
	assert_int_equal(requests_at(requests, REQUESTS_KEPT - 1)->number, 4);
	assert_null(requests_at(requests, REQUESTS_KEPT));
	requests_end(requests, 3, 200, NULL); /* it is not kept any more: the one in its place goes on */
	assert_false(requests_at(requests, 0)->ended);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(requests_add__leaves_out__what_is_secret),
		TEST(requests_add__names__what_is_no_http),
		TEST(requests_end__is_of_its_own__and_once),
		TEST(requests__keep__the_last),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
