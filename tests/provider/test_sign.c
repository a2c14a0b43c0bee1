/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests, base64 and the signatures of AWS and OVHcloud, against published vectors. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "provider/digest.h"
#include "provider/ovhsign.h"
#include "provider/sigv4.h"
#include "provider/url.h"

/* FIPS 180-4 and RFC 1321 "abc"; RFC 2202 and RFC 4231, test case 2. */
static const struct {
	enum digest digest;
	const char *plain, *keyed;
} digests[] = {
	{ DIGEST_MD5, "900150983cd24fb0d6963f7d28e17f72", "750c783e6ab0b503eaa86e310a5db738" },
	{ DIGEST_SHA1, "a9993e364706816aba3e25717850c26c9cd0d89d", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ DIGEST_SHA224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
		"a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44" },
	{ DIGEST_SHA256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ DIGEST_SHA384, "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649" },
	{ DIGEST_SHA512,
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737" },
};

static void digest__gives__published_sums(void **state)
{
	uint8_t sum[DIGEST_MAX];
	struct str text;

	(void)state;
	str_init(&text, 0);
	for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++) {
		str_clear(&text);
		digest_hex(&text, (struct bytes){ sum, digest_of(digests[i].digest, bytes_of("abc"), sum) });
		assert_string_equal(text.s, digests[i].plain);
		str_clear(&text);
		digest_hex(&text, (struct bytes){ sum, digest_hmac(digests[i].digest, bytes_of("Jefe"),
							       bytes_of("what do ya want for nothing?"), sum) });
		assert_string_equal(text.s, digests[i].keyed);
	}
	str_release(&text);
}

static void base64url__writes__no_padding(void **state)
{
	/* RFC 4648 section 10, without padding; then the two letters that differ. */
	static const char *const cases[][2] = { { "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbe", "-_--" }, { "\xff\xfe", "__4" } };
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		str_clear(&out);
		str_add(&out, "a+b/"); /* what stood there stays */
		base64url_add(&out, bytes_of(cases[i][0]));
		assert_int_equal(strncmp(out.s, "a+b/", 4), 0);
		assert_string_equal(out.s + 4, cases[i][1]);
		assert_int_equal(out.len, strlen(out.s));
	}
	str_release(&out);
}

static void base64__writes__padding(void **state)
{
	/* RFC 4648 section 10; then the two letters that differ. */
	static const char *const cases[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbe", "+/++" } };
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		str_clear(&out);
		base64_add(&out, bytes_of(cases[i][0]));
		assert_string_equal(out.s, cases[i][1]);
	}
	str_release(&out);
}

static void base64_decode__takes__padded_text_alone(void **state)
{
	static const struct {
		const char *text, *bytes;
		size_t len;
	} good[] = { { "", "", 0 }, { "Zg==", "f", 1 }, { "Zm8=", "fo", 2 }, { "Zm9v", "foo", 3 }, { "Zm9vYg==", "foob", 4 },
		{ "Zm9vYmFy", "foobar", 6 }, { " Zm9v\r\n\tYg= =\n", "foob", 4 }, { "+/+/", "\xfb\xff\xbf", 3 }, { "AAAA", "\0\0\0", 3 },
		{ "AA==", "\0", 1 } };
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zm9", "====", "Z===", "Zg==Zg==", "=Zg=", "Zm9v=", "Zm-v", "Zm_v", "Zm9v!",
		"Zm9v\xc3\xa5" };
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		str_clear(&out);
		assert_true(base64_decode(&out, good[i].text));
		assert_int_equal(out.len, good[i].len);
		assert_memory_equal(out.s, good[i].bytes, good[i].len);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (base64_decode(&out, bad[i]))
			fail_msg("\"%s\" was taken", bad[i]);
	str_release(&out);
	str_init(&out, 2);
	assert_true(base64_decode(&out, "Zm8="));
	assert_false(base64_decode(&out, "Zm8=")); /* more than the ceiling lets in */
	str_release(&out);
}

/* ---- AWS ---- */

#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define IN_2015 1440938160 /* 20150830T123600Z */

/* From the AWS Signature Version 4 test suite, but for the last three. */
static const struct {
	const char *what, *method, *base, *path, *type, *body, *session, *region, *service;
	int64_t now;
	const char *scope, *names, *signature;
} signatures[] = {
	{ "get-vanilla", "GET", "https://example.amazonaws.com", "/", NULL, "", NULL, "us-east-1", "service", IN_2015,
		"20150830/us-east-1/service", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
	{ "post-vanilla", "POST", "https://example.amazonaws.com", "/", NULL, "", NULL, "us-east-1", "service", IN_2015,
		"20150830/us-east-1/service", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
	{ "get-vanilla-query-order-key-case", "GET", "https://example.amazonaws.com", "/?Param2=value2&Param1=value1", NULL, "", NULL,
		"us-east-1", "service", IN_2015, "20150830/us-east-1/service", "host;x-amz-date",
		"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
	{ "get-vanilla-query-order-value", "GET", "https://example.amazonaws.com", "/?Param1=value2&Param1=Value1", NULL, "", NULL,
		"us-east-1", "service", IN_2015, "20150830/us-east-1/service", "host;x-amz-date",
		"eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1" },
	{ "post-x-www-form-urlencoded", "POST", "https://example.amazonaws.com", "/", "application/x-www-form-urlencoded", "Param1=value1",
		NULL, "us-east-1", "service", IN_2015, "20150830/us-east-1/service", "content-type;host;x-amz-date",
		"ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a" },
	{ "ListUsers of the General Reference", "GET", "https://iam.amazonaws.com", "/?Version=2010-05-08&Action=ListUsers",
		"application/x-www-form-urlencoded; charset=utf-8", "", NULL, "us-east-1", "iam", IN_2015, "20150830/us-east-1/iam",
		"content-type;host;x-amz-date", "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7" },
	{ "a name that begins another, and one without a value", "GET", "https://example.amazonaws.com:443", "?a1=1&a=2&b&a=1&", NULL, "",
		NULL, "us-east-1", "service", IN_2015, "20150830/us-east-1/service", "host;x-amz-date",
		"c74ef3bfbfe1e81000066cf7fa1eef7154b3599733660947eb47a8f782bec2f2" },
	{ "a port, a session token, another region", "GET", "http://127.0.0.1:8443/2013-04-01",
		"/hostedzone/Z1/rrset?type=MX&name=%5C052.example.com.&maxitems=1", NULL, "", "TOK/EN==", "eu-north-1", "route53",
		1795666500, "20261126/eu-north-1/route53", "host;x-amz-date;x-amz-security-token",
		"022e9aa9b8d57004469956b819409d0b96c4b8c5de13ea0fb977ab6950938a4d" },
	{ "a path with something to encode, a blank around a value", "POST", "https://route53.amazonaws.com/2013-04-01",
		"/hostedzone/Z%201/rrset/", "  application/xml ", "<a/>", "TOK/EN==", "us-east-1", "route53", 1795666500,
		"20261126/us-east-1/route53", "content-type;host;x-amz-date;x-amz-security-token",
		"ddf1a964113122facae9bf967e216e893e31be16f01cbff8ad20832b99feb37f" },
};

static struct http_header header_of(const struct http_request *request, const char *name)
{
	struct http_header found = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < request->n_header; i++)
		if (!strcmp(request->header[i].name, name)) {
			found = request->header[i];
			n++;
		}
	assert_true(n <= 1);
	return found;
}

static void sigv4_sign__gives__the_suites_signatures(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
		struct sigv4 with = { "AKIDEXAMPLE", SECRET, signatures[i].session, signatures[i].region, signatures[i].service,
			signatures[i].now };
		struct http_request request;
		char want[600];

		http_request_init(&request);
		http_request_set(&request, signatures[i].method, "%s", signatures[i].path);
		if (signatures[i].type)
			http_request_header(&request, "Content-Type", signatures[i].type, false);
		str_add(&request.body, signatures[i].body);
		sigv4_sign(&with, signatures[i].base, &request);
		snprintf(want, sizeof want, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%s/aws4_request, SignedHeaders=%s, Signature=%s",
			signatures[i].scope, signatures[i].names, signatures[i].signature);
		print_message("# %s\n", signatures[i].what);
		assert_string_equal(header_of(&request, "Authorization").value, want);
		assert_true(header_of(&request, "Authorization").secret);
		assert_int_equal(header_of(&request, "X-Amz-Security-Token").name != NULL, signatures[i].session != NULL);
		http_request_release(&request);
	}
}

static void sigv4_sign__signs__anew(void **state)
{
	struct sigv4 with = { "AKIDEXAMPLE", SECRET, "TOKEN", "us-east-1", "service", IN_2015 };
	struct http_request request;
	char *first;

	(void)state;
	http_request_init(&request);
	http_request_set(&request, "GET", "/");
	sigv4_sign(&with, "https://example.amazonaws.com", &request);
	first = strdup(header_of(&request, "Authorization").value);
	assert_string_equal(header_of(&request, "X-Amz-Date").value, "20150830T123600Z");
	assert_false(header_of(&request, "X-Amz-Date").secret);
	assert_string_equal(header_of(&request, "X-Amz-Security-Token").value, "TOKEN");
	assert_true(header_of(&request, "X-Amz-Security-Token").secret);
	with.now++;
	sigv4_sign(&with, "https://example.amazonaws.com", &request);
	assert_string_equal(header_of(&request, "X-Amz-Date").value, "20150830T123601Z");
	assert_string_not_equal(header_of(&request, "Authorization").value, first);
	assert_int_equal(request.n_header, 3);
	with.now--;
	sigv4_sign(&with, "https://example.amazonaws.com", &request);
	assert_string_equal(header_of(&request, "Authorization").value, first);
	free(first);
	http_request_release(&request);
}

/* ---- OVHcloud ---- */

static void ovhsign__gives__the_published_signature(void **state)
{
	struct ovhsign with = { "7kbG7Bk7S9Nt7ZSV", "9ufkBmLaTQ9nz5yMUlg79taH0GNnzDjk", "5mBuy6SUQcRw2ZUxg0cG68BoDKpED4KY", 1457018875 };
	struct http_request request;

	(void)state;
	http_request_init(&request);
	http_request_set(&request, "GET", "/auth");
	ovhsign(&with, "https://eu.api.ovh.com/1.0", &request);
	assert_string_equal(header_of(&request, "X-Ovh-Signature").value, "$1$e9556054b6309771395efa467c22e627407461ad");
	assert_true(header_of(&request, "X-Ovh-Signature").secret);
	assert_string_equal(header_of(&request, "X-Ovh-Timestamp").value, "1457018875");
	assert_string_equal(header_of(&request, "X-Ovh-Application").value, "7kbG7Bk7S9Nt7ZSV");
	assert_string_equal(header_of(&request, "X-Ovh-Consumer").value, "5mBuy6SUQcRw2ZUxg0cG68BoDKpED4KY");
	assert_true(header_of(&request, "X-Ovh-Consumer").secret);
	assert_int_equal(request.n_header, 4);

	/* The body and the query are signed too. */
	http_request_set(&request, "POST", "/domain/zone/exempel.com/record?a=b");
	str_add(&request.body, "{\"ttl\":300}");
	ovhsign(&with, "https://eu.api.ovh.com/1.0", &request);
	assert_string_equal(header_of(&request, "X-Ovh-Signature").value, "$1$157d7a1d746ea42ba6babbc2cba7d33fbaddc803");
	with.now++;
	ovhsign(&with, "https://eu.api.ovh.com/1.0", &request);
	assert_int_equal(request.n_header, 4);
	assert_string_equal(header_of(&request, "X-Ovh-Timestamp").value, "1457018876");
	http_request_release(&request);
}

static void ovhsign_clock__reads__a_bare_number(void **state)
{
	static const struct {
		int status;
		const char *body;
		bool ok;
		int64_t ahead_s;
	} cases[] = { { 200, "1457018875", true, 75 }, { 200, " 1457018875\n", true, 75 }, { 200, "1457018700", true, -100 },
		{ 200, "0", true, -1457018800 }, { 200, "", false, 0 }, { 200, "\"1457018875\"", false, 0 },
		{ 200, "1457018875.5", false, 0 }, { 200, "1457018875 1", false, 0 }, { 200, "-1", false, 0 },
		{ 200, "145701887500", true, 144244868700 }, { 200, "1457018875000", false, 0 }, { 500, "1457018875", false, 0 },
		{ 201, "1457018875", false, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct http_response response;
		int64_t ahead_s = 7;

		http_response_init(&response);
		response.status = cases[i].status;
		str_add(&response.body, cases[i].body);
		assert_int_equal(ovhsign_clock(&response, 1457018800, &ahead_s), cases[i].ok);
		assert_int_equal(ahead_s, cases[i].ok ? cases[i].ahead_s : 7);
		http_response_release(&response);
	}
}

/* ---- addresses ---- */

static void url_host__is__what_is_sent(void **state)
{
	static const char *const cases[][3] = { { "https://a.example/x", "a.example", "/x" },
		{ "https://a.example:443/", "a.example", "/" }, { "https://a.example:8443/x?y", "a.example:8443", "/x?y" },
		{ "http://127.0.0.1:80?q", "127.0.0.1", "?q" }, { "http://127.0.0.1:443", "127.0.0.1:443", "" },
		{ "https://a:80/", "a:80", "/" }, { "https://[::1]:443/", "[::1]", "/" }, { "https://[::1]/", "[::1]", "/" },
		{ "HTTPS://A.example:443#f", "A.example", "#f" }, { "a.example:443/x", "a.example:443", "/x" },
		{ "https://a1443/", "a1443", "/" } };
	struct str out;

	(void)state;
	str_init(&out, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		str_clear(&out);
		url_host(&out, cases[i][0]);
		assert_string_equal(out.s, cases[i][1]);
		assert_string_equal(url_path(cases[i][0]), cases[i][2]);
	}
	str_release(&out);
}

static void url_keeps_secret__refuses__plain_http_elsewhere(void **state)
{
	static const char *const good[] = { "https://oauth2.googleapis.com/token", "https://a", "HTTPS://a/", "http://127.0.0.1:8080/token",
		"http://127.9.9.9/", "http://localhost/x", "http://LOCALHOST:1", "http://[::1]:8080/", "http://[::1]" };
	static const char *const bad[] = { "http://oauth2.googleapis.com/token", "http://127.0.0.1.example/", "http://128.0.0.1/",
		"http://126.0.0.1/", "http://[::2]/", "http://[::ffff:127.0.0.1]/", "http://localhost.example/",
		"http://localhost@a.example/", "ftp://127.0.0.1/", "file:///etc/passwd", "", "oauth2.googleapis.com", "https://",
		"https:///x", "https://:443/", "https:/a", "http://", "http:///", "//127.0.0.1/" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!url_keeps_secret(good[i]))
			fail_msg("%s was refused", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (url_keeps_secret(bad[i]))
			fail_msg("%s was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest__gives__published_sums),
		cmocka_unit_test(base64url__writes__no_padding),
		cmocka_unit_test(base64__writes__padding),
		cmocka_unit_test(base64_decode__takes__padded_text_alone),
		cmocka_unit_test(sigv4_sign__gives__the_suites_signatures),
		cmocka_unit_test(sigv4_sign__signs__anew),
		cmocka_unit_test(ovhsign__gives__the_published_signature),
		cmocka_unit_test(ovhsign_clock__reads__a_bare_number),
		cmocka_unit_test(url_host__is__what_is_sent),
		cmocka_unit_test(url_keeps_secret__refuses__plain_http_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
