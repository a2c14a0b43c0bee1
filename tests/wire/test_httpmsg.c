/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
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

/* What stands in text of up to four secrets is masked so. */
struct mask_case {
	const char *secret[HTTP_SECRETS];
	const char *text, *shown;
};

static const struct mask_case mask_cases[] = {
	/* none */
	{ { NULL }, "", "" },
	{ { NULL }, "plain", "plain" },
	{ { "abcdefghij" }, "", "" },
	{ { "abcdefghij" }, "plain", "plain" },
	/* whole: at the beginning, in between, at the end, alone, twice, side by side */
	{ { "abcdefghij" }, "abcdefghij", "***" },
	{ { "abcdefghij" }, "abcdefghij!", "***!" },
	{ { "abcdefghij" }, "<abcdefghij>", "<***>" },
	{ { "abcdefghij" }, "<abcdefghij", "<***" },
	{ { "abcdefghij" }, "abcdefghij, abcdefghij.", "***, ***." },
	{ { "abcdefghij" }, "abcdefghijabcdefghij", "******" },
	{ { "abcdefghij" }, "abcdefghijk", "***k" },
	/* its beginning: from eight bytes on */
	{ { "abcdefghij" }, "abcdefghi", "***" },
	{ { "abcdefghij" }, "abcdefgh", "***" },
	{ { "abcdefghij" }, "abcdefgh...", "***..." },
	{ { "abcdefghij" }, "abcdefg", "abcdefg" },
	{ { "abcdefghij" }, "abcdefg...", "abcdefg..." },
	{ { "abcdefghij" }, "abcdefgabcdefgh", "abcdefg***" },
	{ { "abcdefghij" }, "bcdefghij", "bcdefghij" },
	{ { "abcdefghij" }, "ABCDEFGHIJ", "ABCDEFGHIJ" },
	/* a short one: only whole */
	{ { "abcdefgh" }, "abcdefgh abcdefg", "*** abcdefg" },
	{ { "abcdefg" }, "abcdefg abcdef", "*** abcdef" },
	{ { "ab" }, "a ab b", "a *** b" },
	{ { "a" }, "banb", "b***nb" },
	/* several */
	{ { "one-of-four", "two", "three", "four" }, "four three two one-of-four five", "*** *** *** *** five" },
	{ { "abcdefgh1", "abcdefgh2" }, "abcdefgh2 abcdefgh1 abcdefgh3 abcdefg", "*** *** ***3 abcdefg" },
	{ { "", "two" }, "one two", "one ***" },
	{ { NULL, "two" }, "one two", "one ***" },
	/* one within another: the longer one goes as a whole, whatever the order */
	{ { "abc", "abcdefghij" }, "abcdefghij abcd", "*** ***d" },
	{ { "abcdefghij", "abc" }, "abcdefghij abcd", "*** ***d" },
	{ { "def", "abcdefghij" }, "abcdefghij def", "*** ***" },
	{ { "hij", "abcdefghij" }, "abcdefghij hij", "*** ***" },
	{ { "hij", "abcdefghij" }, "abcdefghijk", "***k" },
	/* one reaching into another: nothing of either stays */
	{ { "key=ab", "abcdef" }, "key=abcdef!", "***!" },
	{ { "abcdef", "key=ab" }, "key=abcdef!", "***!" },
	{ { "abcd", "cdef", "efgh" }, "-abcdefgh-", "-***-" },
	{ { "aaaaaaaab" }, "aaaaaaaaab.", "***." },
	/* as JSON spells it, within a JSON text too */
	{ { "a\"b\\c/d" }, "x a\\\"b\\\\c\\/d.", "x ***." },
	{ { "a\"b\\c/d" }, "x a\"b\\c/d.", "x ***." },
	{ { "a\"b" }, "x a\\\\\\\"b.", "x ***." },
	{ { "a&b<c" }, "x \\u0061\\u0026b\\u003Cc.", "x ***." },
	{ { "two\nlines\tx\r" }, "two\\nlines\\tx\\r!", "***!" },
	{ { "l\303\266sen" }, "l\\u00f6sen l\303\266sen", "*** ***" },
	{ { "a\bb\fc" }, "a\\bb\\fc a\\\\bb\\\\fc", "*** ***" },
	{ { "a\"b\\c/d" }, "a\\\\\\\"b\\\\\\\\c\\\\/d a\\\\\\\"b\\\\\\\\c\\\\\\/d a\\\\\\\"b\\\\\\\\c\\/d", "*** *** ***" },
	{ { "two\nlines\tx\r" }, "two\\\\nlines\\\\tx\\\\r!", "***!" },
	{ { "l\303\266sen" }, "l\\\\u00f6sen", "***" },
	{ { "a\"b" }, "a\\\\\"b a\\\\\\\\\"b a\\\\\\", "*** a\\\\\\\\\"b a\\\\\\" },
	/* as a URL does, once or twice; all of it, too */
	{ { "k+y/=&" }, "?k=k%2By%2f%3D%26&x", "?k=***&x" },
	{ { "k+y/=&" }, "k%252By%252F%253D%2526", "***" },
	{ { "key" }, "%6b%65%79 %6B%65%7", "*** %6B%65%7" },
	{ { "a b c" }, "a+b%20c", "***" },
	{ { "50%25x" }, "50%25x 50%2525x", "*** ***" },
	{ { "50%x" }, "50%x 50%25x", "*** ***" },
	{ { "%zz" }, "%zz %25zz", "*** ***" },
	/* as markup does */
	{ { "a&b<c>d\"e'f" }, "a&amp;b&lt;c&gt;d&quot;e&apos;f", "***" },
	{ { "a&b" }, "a&#38;b a&#x26;b a&#X26;b a&#38b a&a38;b", "*** *** *** a&#38b a&a38;b" },
	{ { "&amp;" }, "&amp; &amp;amp;", "*** ***" },
	/* its beginning, and what only looks like it */
	{ { "ab/cd/ef/gh" }, "ab%2Fcd%2Fef%2", "***%2" },
	{ { "ab/cd/ef/gh" }, "ab%2Fcd%2Fef", "***" },
	{ { "ab/cd/ef/gh" }, "ab%2Fcd%2F", "ab%2Fcd%2F" },
	{ { "a/b" }, "a\\b a%b a%2b a\\u002 a&#;b a&", "a\\b a%b a%2b a\\u002 a&#;b a&" },
	{ { "a\\" }, "a\\\\ a\\", "*** ***" },
};

static void http_mask__hides__each_secret(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mask_cases / sizeof *mask_cases; i++) {
		const struct mask_case *c = &mask_cases[i];
		struct str out;

		str_init(&out, 0);
		str_add(&out, "before ");
		http_mask(&out, c->text, strlen(c->text), c->secret, HTTP_SECRETS);
		assert_memory_equal(out.s, "before ", 7);
		assert_string_equal(out.s + 7, c->shown);
		str_release(&out);
	}
}

static void http_mask__stays__within_the_length(void **state)
{
	static const char *const secret[] = { "abcdefghij", "abc" };
	struct str out;

	(void)state;
	str_init(&out, 0);
	http_mask(&out, "-abcdefghij", 8, secret, 1);
	assert_string_equal(out.s, "-abcdefg");
	str_clear(&out);
	http_mask(&out, "-abcdefghij", 9, secret, 1);
	assert_string_equal(out.s, "-***");
	str_clear(&out);
	http_mask(&out, "-abcdefghij", 8, secret, 2);
	assert_string_equal(out.s, "-***defg");
	str_clear(&out);
	http_mask(&out, "a\0abcdefghij\0", 13, secret, 1);
	assert_int_equal(out.len, 6);
	assert_memory_equal(out.s, "a\0***\0", 6);
	str_clear(&out);
	http_mask(&out, "abc\\u0064efghij", 8, secret, 1);
	assert_string_equal(out.s, "abc\\u006");
	str_clear(&out);
	http_mask(&out, "abc\\u0064efghij", 12, secret, 1);
	assert_string_equal(out.s, "abc\\u0064efg");
	str_clear(&out);
	http_mask(&out, "abc\\u0064efghij", 13, secret, 1);
	assert_string_equal(out.s, "***");
	str_clear(&out);
	http_mask(&out, "abcdefg\\u0068ij", 12, secret, 1);
	assert_string_equal(out.s, "abcdefg\\u006");
	str_clear(&out);
	http_mask(&out, "abc%64&#101;fghij", 16, secret, 1);
	assert_string_equal(out.s, "***");
	str_clear(&out);
	http_mask(&out, "abc%64&#101;fghij", 15, secret, 1);
	assert_string_equal(out.s, "***");
	str_clear(&out);
	http_mask(&out, "abcdefg&#104;ij", 12, secret, 1);
	assert_string_equal(out.s, "abcdefg&#104");
	str_clear(&out);
	http_mask(&out, "abcdefg%68ij", 9, secret, 1);
	assert_string_equal(out.s, "abcdefg%6");
	str_clear(&out);
	http_mask(&out, "abcdefghij", 10, secret, 0);
	assert_string_equal(out.s, "abcdefghij");
	str_release(&out);
}

static void http_request_secret__keeps__each_once(void **state)
{
	struct http_request request;
	struct str out;

	(void)state;
	http_request_init(&request);
	str_init(&out, 0);
	http_request_secret(&request, NULL);
	http_request_secret(&request, "");
	assert_int_equal(request.n_secret, 0);
	assert_false(http_request_has_secret(&request));
	for (int i = 0; i < HTTP_SECRETS + 2; i++) {
		http_request_secret(&request, "one");
		http_request_secret(&request, "two");
	}
	http_request_secret(&request, "three");
	http_request_secret(&request, "four");
	assert_int_equal(request.n_secret, 4);
	assert_string_equal(request.secret[0], "one");
	assert_string_equal(request.secret[1], "two");
	assert_string_equal(request.secret[2], "three");
	assert_string_equal(request.secret[3], "four");
	assert_true(http_request_has_secret(&request));
	http_request_mask(&request, "/four/three?two=one&on=e", &out);
	assert_string_equal(out.s, "/***/***?***=***&on=e");
	http_request_set(&request, "POST", "/%s", "one");
	assert_int_equal(request.n_secret, 0);
	assert_false(http_request_has_secret(&request));
	str_clear(&out);
	http_request_mask(&request, request.path, &out);
	assert_string_equal(out.s, "/one");
	http_request_release(&request);
	assert_int_equal(request.n_secret, 0);
	assert_null(request.path);
	str_release(&out);
}

static void http_request_has_secret__looks__at_each_header(void **state)
{
	struct http_request request;

	(void)state;
	http_request_init(&request);
	assert_false(http_request_has_secret(&request));
	http_request_header(&request, "Accept", "a", false);
	assert_false(http_request_has_secret(&request));
	http_request_header(&request, "X-Key", "k", true);
	assert_true(http_request_has_secret(&request));
	http_request_header(&request, "Accept", "a", true);
	http_request_header(&request, "x-key", "open", false);
	assert_true(http_request_has_secret(&request));
	http_request_header(&request, "accept", "a", false);
	assert_false(http_request_has_secret(&request));
	assert_int_equal(request.n_header, 2);
	http_request_header(&request, "Accept", "a", true);
	http_request_set(&request, "GET", "/");
	assert_int_equal(request.n_header, 0);
	assert_false(http_request_has_secret(&request));
	http_request_release(&request);
}

static void http_request_show__masks__path_and_body(void **state)
{
	struct http_request request;
	struct str out, encoded;

	(void)state;
	http_request_init(&request);
	str_init(&out, 0);
	str_init(&encoded, 0);
	http_encode(&encoded, "s3cret+/=");
	assert_string_equal(encoded.s, "s3cret%2B%2F%3D");
	http_request_set(&request, "POST", "/x?key=%s&raw=s3cret+/=", encoded.s);
	http_request_secret(&request, encoded.s);
	http_request_header(&request, "X-Open", "s3cret+/=", false);
	str_add(&request.body, "k=s3cret%2B%2F%3D\n");
	http_request_show(&request, &out);
	assert_string_equal(out.s, "POST /x?key=***&raw=s3cret+/=\nX-Open: s3cret+/=\n\nk=***\n");
	http_request_secret(&request, "s3cret+/=");
	str_clear(&request.body);
	str_add(&request.body, "s3cret%2 s3cret% s3cret+/=");
	str_clear(&out);
	http_request_show(&request, &out);
	assert_string_equal(out.s, "POST /x?key=***&raw=***\nX-Open: s3cret+/=\n\n*** s3cret% ***\n");
	http_request_release(&request);
	str_release(&encoded);
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
		{ "99999999999999999999", 0, UINT32_MAX },
		{ "Wed, 21 Okt 2015 07:28:00 GMT", 0, 5 },
		{ "1", 0, 1 },
		{ "9", 0, 9 },
		{ "10", 0, 10 },
		{ "007", 0, 7 },
		{ "1234567890", 0, 1234567890 },
		{ "4294967294", 0, UINT32_MAX - 1 },
		{ "4294967295", 0, UINT32_MAX },
		{ "4294967296", 0, UINT32_MAX },
		{ "18446744073709551617", 0, UINT32_MAX },
		{ "999999999", 0, 999999999 },
		{ "123456789", 0, 123456789 },
		{ "12 \t ", 0, 12 },
		{ " 12", 0, 5 },
		{ "12s", 0, 5 },
		{ "12 s", 0, 5 },
		{ "1.5", 0, 5 },
		{ "+3", 0, 5 },
		{ ":", 0, 5 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480, 0 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 - 1, 1 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 - (int64_t)UINT32_MAX, UINT32_MAX },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 - (int64_t)UINT32_MAX - 1, UINT32_MAX },
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

static void http_response_date__reads__the_preferred_form(void **state)
{
	static const struct {
		const char *value;
		int64_t at; /* -1: cannot be read */
	} cases[] = {
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Thu, 01 Jan 1970 00:00:01 GMT", 1 },
		{ "Wed, 21 Oct 2015 07:28:00 GMT", 1445412480 },
		{ "Sat, 01 Jan 2000 00:00:00 GMT", 946684800 },
		{ "Tue, 29 Feb 2000 23:59:59 GMT", 951868799 },
		{ "Fri, 15 Mar 2024 12:30:45 GMT", 1710505845 },
		{ "Mon, 15 Apr 2024 12:30:45 GMT", 1713184245 },
		{ "Wed, 15 May 2024 12:30:45 GMT", 1715776245 },
		{ "Sat, 15 Jun 2024 12:30:45 GMT", 1718454645 },
		{ "Mon, 15 Jul 2024 12:30:45 GMT", 1721046645 },
		{ "Thu, 15 Aug 2024 12:30:45 GMT", 1723725045 },
		{ "Sun, 15 Sep 2024 12:30:45 GMT", 1726403445 },
		{ "Fri, 15 Nov 2024 12:30:45 GMT", 1731673845 },
		{ "Tue, 31 Dec 2024 23:59:59 GMT", 1735689599 },
		{ "", -1 },
		{ "0", -1 },
		{ "Wed, 21 anF 2015 07:28:00 GMT", -1 },
		{ "Wed, 21 nFe 2015 07:28:00 GMT", -1 },
		{ "Wed, 21 oct 2015 07:28:00 GMT", -1 },
		{ "Wed, 21 Oc 2015 07:28:00 GMT", -1 },
		{ "Wed, 21 O 2015 07:28:00 GMT", -1 },
		{ "Wed, 32 Oct 2015 07:28:00 GMT", -1 },
		{ "Wed, 21 Oct 2015 24:00:00 GMT", -1 },
		{ "Wed, 21 Oct 2015 07:60:00 GMT", -1 },
		{ "Wed, 21 Oct 2015 07:28", -1 },
		{ "21 Oct 2015 07:28:00 GMT", -1 },
		{ "Wednesday, 21-Oct-15 07:28:00 GMT", -1 },
		{ "Wed Oct 21 07:28:00 2015", -1 },
		{ "2015-10-21T07:28:00Z", -1 },
	};
	struct http_response response;
	int64_t at = 77;

	(void)state;
	http_response_init(&response);
	assert_false(http_response_date(&response, &at));
	assert_int_equal(http_retry_after_s(&response, 0, 9), 9);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		http_response_clear(&response);
		http_response_add_header(&response, "DATE", cases[i].value);
		assert_int_equal(http_response_date(&response, &at), cases[i].at >= 0);
		if (cases[i].at >= 0)
			assert_true(at == cases[i].at);
	}
	http_response_release(&response);
}

static void http_response_clear__leaves__nothing(void **state)
{
	struct http_response response;

	(void)state;
	http_response_init(&response);
	response.status = 200;
	http_response_add_header(&response, "AZ-@[az09", "Value Az");
	str_add(&response.body, "body");
	assert_string_equal(response.header[0].name, "az-@[az09");
	assert_string_equal(response.header[0].value, "Value Az");
	http_response_clear(&response);
	assert_int_equal(response.status, 0);
	assert_int_equal(response.n_header, 0);
	assert_int_equal(response.body.len, 0);
	assert_null(http_response_header(&response, "az-@[az09"));
	http_response_release(&response);
}

static void http_encode__takes__each_byte(void **state)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	(void)state;
	for (unsigned int c = 1; c < 256; c++) {
		const char text[] = { (char)c, '\0' };
		char want[4];
		struct str out;

		snprintf(want, sizeof want, "%%%02X", c);
		str_init(&out, 0);
		http_encode(&out, text);
		assert_string_equal(out.s, strchr(unreserved, (int)c) ? text : want);
		str_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(http_request_show__masks__secrets),
		cmocka_unit_test(http_mask__hides__each_secret),
		cmocka_unit_test(http_mask__stays__within_the_length),
		cmocka_unit_test(http_request_secret__keeps__each_once),
		cmocka_unit_test(http_request_has_secret__looks__at_each_header),
		cmocka_unit_test(http_request_show__masks__path_and_body),
		cmocka_unit_test(http_request_header__replaces__the_same_name),
		cmocka_unit_test(http_response_header__finds__any_case),
		cmocka_unit_test(http_retry_after_s__reads__both_forms),
		cmocka_unit_test(http_encode__leaves__unreserved),
		cmocka_unit_test(http_response_date__reads__the_preferred_form),
		cmocka_unit_test(http_response_clear__leaves__nothing),
		cmocka_unit_test(http_encode__takes__each_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
