/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "wire/httpmsg.h"

static void http_request_show__masks__secrets(void **state)
{
	struct http_request request;
	struct str out;

	(void)state;
	http_request_init(&request);
	str_init(&out, 0);
	http_request_set(&request, "PATCH", "/zones/%s", "a");
	http_request_header(&request, "X-API-Key", "hush", true);
	http_request_header(&request, "Accept", "application/json", false);
	str_add(&request.body, "{}");
	http_request_show(&request, &out);
	assert_string_equal(out.s, "PATCH /zones/a\nX-API-Key: ***\nAccept: application/json\n\n{}\n");
	http_request_set(&request, "GET", "/");
	str_clear(&out);
	http_request_show(&request, &out);
	assert_string_equal(out.s, "GET /\n");
	http_request_release(&request);
	str_release(&out);
}

static void http_request_header__replaces__the_same_name(void **state)
{
	struct http_request request;
	struct str out;

	(void)state;
	http_request_init(&request);
	str_init(&out, 0);
	for (int i = 0; i < HTTP_HEADERS + 3; i++) {
		http_request_header(&request, "X-Date", i ? "new" : "old", true);
		http_request_header(&request, i ? "x-mark" : "X-Mark", "m", false);
	}
	assert_int_equal(request.n_header, 2);
	assert_string_equal(request.header[0].value, "new");
	http_request_header(&request, "X-Date", "open", false);
	http_request_show(&request, &out);
	assert_string_equal(out.s, "GET /\nX-Date: open\nx-mark: m\n");
	http_request_release(&request);
	str_release(&out);
}

static void http_response_header__finds__any_case(void **state)
{
	struct http_response response;

	(void)state;
	http_response_init(&response);
	for (int i = 0; i < HTTP_HEADERS + 3; i++)
		http_response_add_header(&response, i ? "X-Other" : "Retry-After", "7");
	assert_int_equal(response.n_header, HTTP_HEADERS);
	assert_string_equal(response.header[0].name, "retry-after");
	assert_string_equal(http_response_header(&response, "RETRY-AFTER"), "7");
	assert_null(http_response_header(&response, "none"));
	http_response_clear(&response);
	assert_null(http_response_header(&response, "retry-after"));
	http_response_release(&response);
}

static void http_retry_after_s__reads__both_forms(void **state)
{
	static const struct {
		const char *value;
		int64_t now;
		uint32_t seconds;
	} cases[] = {
		{ "120", 0, 120 },
		{ "0", 0, 0 },
		{ "12 ", 0, 12 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 - 90, 90 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 + 1, 0 },
		{ "", 0, 5 },
		{ "-3", 0, 5 },
		{ "soon", 0, 5 },
		{ "99999999999999999999", 0, 5 },
		{ "Wed, 21 Okt 2015 07:28:00 GMT", 0, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct http_response response;

		http_response_init(&response);
		http_response_add_header(&response, "Retry-After", cases[i].value);
		assert_int_equal(http_retry_after_s(&response, cases[i].now, 5), cases[i].seconds);
		http_response_release(&response);
	}
}

static void http_encode__leaves__unreserved(void **state)
{
	struct str out;

	(void)state;
	str_init(&out, 0);
	http_encode(&out, "aZ0-._~ /?&%\xc3\xa5");
	assert_string_equal(out.s, "aZ0-._~%20%2F%3F%26%25%C3%A5");
	str_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_request_show__masks__secrets),
		cmocka_unit_test(http_request_header__replaces__the_same_name),
		cmocka_unit_test(http_response_header__finds__any_case),
		cmocka_unit_test(http_retry_after_s__reads__both_forms),
		cmocka_unit_test(http_encode__leaves__unreserved),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
