/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of the requests that went out: each as it left, without its secrets, and what came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/requests.h"
#include "io/loop.h"
#include "io/scratch.h"

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

/* What sends the same, for a shell: no key, no other secret, and no quote of a text ends the word. */
static void requests_add__keeps__a_curl_command(void **state)
{
	static const struct provider plain = { .auth = { .header = "X-API-Key" } },
				     bearer = { .auth = { .header = "Authorization", .prefix = "Bearer " } }, none;
	static char word[] = "s3cret-word";
	static const struct provider_login key = { 0 }, token = { .token = word };
	static const struct {
		const struct provider *provider;
		const char *base, *curl;
		bool open;
		const struct provider_login *login;
	} rows[] = {
		{ &plain, "https://api.example",
			"curl -X PATCH -H 'Content-Type: application/json' -H 'X-API-Key: '\"$(cat KEY_FILE)\" "
			"--data-binary '{\"a\":\"it'\\''s ***\"}' 'https://api.example/z?k=***'",
			false, NULL },
		{ &bearer, "https://api.example",
			"curl -X PATCH -H 'Content-Type: application/json' -H 'Authorization: Bearer '\"$(cat KEY_FILE)\" "
			"--data-binary '{\"a\":\"it'\\''s ***\"}' 'https://api.example/z?k=***'",
			false, NULL },
		{ &bearer, "unix:/run/pdns.sock",
			"curl -X PATCH -H 'Content-Type: application/json' --data-binary '{\"a\":\"it'\\''s ***\"}' "
			"--unix-socket '/run/pdns.sock' 'http://localhost/z?k=***'",
			true, NULL },
		{ &none, "https://api.example",
			"curl -X PATCH -H 'Content-Type: application/json' --data-binary '{\"a\":\"it'\\''s ***\"}' "
			"'https://api.example/z?k=***'",
			false, NULL },
		{ &plain, "https://api.example",
			"curl -X PATCH -H 'Content-Type: application/json' -H 'X-API-Key: '\"$(cat KEY_FILE)\" "
			"--data-binary '{\"a\":\"it'\\''s ***\"}' 'https://api.example/z?k=***'",
			false, &key },
		{ &bearer, "https://api.example",
			"curl -X PATCH -H 'Content-Type: application/json' -H 'Authorization: Bearer ***' "
			"--data-binary '{\"a\":\"it'\\''s ***\"}' 'https://api.example/z?k=***'",
			false, &token },
	};
	struct requests *requests = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct provider_account of = { .name = "lab", .provider = rows[i].provider, .login = rows[i].login };
		struct request request;

		request_init(&request);
		http_request_set(&request.http, "PATCH", "/z?k=%s", "s3cret-word");
		http_request_header(&request.http, "Content-Type", "application/json", false);
		http_request_header(&request.http, "X-API-Key", "s3cret-word", true);
		http_request_secret(&request.http, "s3cret-word");
		str_add(&request.http.body, "{\"a\":\"it's s3cret-word\"}");
		request.open = rows[i].open;
		requests_add(requests, &of, &request, rows[i].base);
		assert_string_equal(requests_at(requests, 0)->curl, rows[i].curl);
		request_release(&request);
	}
}

static bool sign_nothing(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	(void)run;
	(void)request;
	(void)now;
	(void)err;
	return true;
}

static void curl__cannot__what_is_signed_or_no_http(void **state)
{
	static const struct provider signs = { .sign = sign_nothing },
				     pairs = { .auth = { .header = "Authorization", .prefix = "Basic ", .user = "user" } }, none;
	const struct provider_account signed_of = { .name = "lab", .provider = &signs }, file_of = { .name = "lab", .provider = &none };
	const struct provider_account pair_of = { .name = "lab", .provider = &pairs };
	static char path[] = "/zones/a";
	struct request file = { .kind = REQUEST_FILE_READ, .path = path }, request;
	struct requests *requests = *state;

	request_init(&request);
	http_request_set(&request.http, "GET", "/z");
	requests_add(requests, &signed_of, &request, "https://api.example");
	assert_null(requests_at(requests, 0)->curl);
	requests_add(requests, &pair_of, &request, "https://api.example");
	assert_null(requests_at(requests, 0)->curl);
	request.open = true;
	requests_add(requests, &signed_of, &request, "https://api.example");
	assert_string_equal(requests_at(requests, 0)->curl, "curl -X GET 'https://api.example/z'");
	requests_add(requests, &file_of, &file, "");
	assert_null(requests_at(requests, 0)->curl);
	request_release(&request);
}

/* The journal's, of other runs: what was answered, and what was not, is told apart. */
static void requests_past__come__from_the_journal(void **state)
{
	static const char journal[] =
		"{\"event\":\"begin\",\"push\":\"p1\",\"at\":\"2026-11-24T10:00:00Z\",\"plan\":{\"account\":\"lab\"}}\n"
		"{\"event\":\"request\",\"push\":\"p1\",\"at\":\"2026-11-24T10:00:01Z\",\"title\":\"replace the set\","
		"\"request\":\"PATCH /zones/a\\nX-API-Key: ***\",\"writes\":true}\n"
		"{\"event\":\"answer\",\"push\":\"p1\",\"at\":\"2026-11-24T10:00:02Z\",\"http\":422,\"error\":{\"message\":\"no\"}}\n"
		"{\"event\":\"request\",\"push\":\"p1\",\"at\":\"2026-11-24T10:00:03Z\",\"request\":\"/zones/a.zone\",\"writes\":false}\n"
		"{\"event\":\"resume\",\"push\":\"p1\",\"at\":\"2026-11-24T11:00:00Z\"}\n"
		"{\"event\":\"answer\",\"push\":\"p1\",\"at\":\"2026-11-24T11:00:02Z\",\"http\":204}\n"
		"{\"event\":\"request\",\"push\":\"p1\",\"at\":\"2026-11-26T10:00:00Z\",\"request\":\"PUT /late\"}\n";
	char *dir = scratch_new(NULL);
	struct requests *past;
	const struct request_row *row;
	struct app app = { 0 };
	struct dname domain;
	json_t *line;

	(void)state;
	assert_true(dname_parse(&domain, "a.example", NULL));
	app.store = store_new(dir, NULL);
	assert_non_null(app.store);
	for (const char *at = journal; *at; at = strchr(at, '\n') + 1) {
		line = json_loadb(at, (size_t)(strchr(at, '\n') - at), 0, NULL);
		assert_non_null(line);
		assert_true(store_journal_add(app.store, &domain, line, NULL));
	}
	app.requests = requests_new();
	app.requests->since = 1795644000; /* 2026-11-25T22:00:00Z */
	past = requests_past(&app, &domain, NULL);
	assert_int_equal(past->n, 3); /* that of another run meanwhile, too */
	assert_string_equal(requests_at(past, 0)->address, "/late");
	requests_free(past);
	requests_note_push(app.requests, "p0");
	requests_note_push(app.requests, "p1");
	past = requests_past(&app, &domain, NULL);
	assert_non_null(past);
	assert_int_equal(past->n, 2);
	row = requests_at(past, 1);
	assert_string_equal(row->method, "PATCH");
	assert_string_equal(row->address, "/zones/a");
	assert_string_equal(row->words, "replace the set");
	assert_string_equal(row->push, "p1");
	assert_string_equal(row->account, "lab");
	assert_string_equal(row->failed, "no");
	assert_int_equal(row->status, 422);
	assert_int_equal(row->at, 1795514401);
	assert_true(row->writes && row->ended && !row->curl);
	row = requests_at(past, 0);
	assert_string_equal(row->method, "");
	assert_string_equal(row->address, "/zones/a.zone");
	assert_true(!row->writes && !row->ended && !row->words && !row->failed);
	assert_true(row->number > requests_at(past, 1)->number);
	assert_null(requests_at(past, 2));
	requests_free(past);
	requests_free(app.requests);
	store_free(app.store);
	scratch_free(dir);
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
		TEST(requests_add__keeps__a_curl_command),
		TEST(curl__cannot__what_is_signed_or_no_http),
		TEST(requests_past__come__from_the_journal),
		TEST(requests_end__is_of_its_own__and_once),
		TEST(requests__keep__the_last),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
