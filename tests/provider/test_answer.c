/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an answer means, what is masked, what an account says. */
#include "drive.h"

#include "provider/shape.h"

static const struct provider_setting settings[] = { { "region", "eu", "x" }, { "login_at", "", "x" }, { NULL, NULL, NULL } };
static const struct provider_base bases[] = { { "login", "https://login.example/", "login_at" }, { "fixed", "https://fixed.example", NULL },
	{ NULL, NULL, NULL } };

static const char *setting(const struct provider_account *account, const char *name)
{
	const char *const *pairs = account->source;

	for (; pairs && *pairs; pairs += 2)
		if (!strcmp(*pairs, name))
			return pairs[1];
	return NULL;
}

static enum meaning judged(const struct provider *provider, int status, const char *header, const char *value, uint32_t *wait_s)
{
	struct provider_account account = { .provider = provider, .name = "lab", .endpoint = "" };
	struct http_response response;
	struct verdict verdict;

	http_response_init(&response);
	response.status = status;
	if (header)
		http_response_add_header(&response, header, value);
	provider_judge(&account, &(struct reply){ .http = &response, .now = 1000 }, &verdict);
	http_response_release(&response);
	*wait_s = verdict.wait_s;
	assert_string_equal(verdict.sentence, "");
	return verdict.meaning;
}

static void provider_judge__goes_by__the_status(void **state)
{
	static const struct provider plain = { .name = "x" };
	static const struct {
		int status;
		enum meaning meaning;
	} rows[] = {
		{ 199, MEANING_FAILED },
		{ 200, MEANING_ACCEPTED },
		{ 204, MEANING_ACCEPTED },
		{ 299, MEANING_ACCEPTED },
		{ 300, MEANING_FAILED },
		{ 302, MEANING_FAILED },
		{ 399, MEANING_FAILED },
		{ 400, MEANING_REFUSED },
		{ 401, MEANING_AUTH },
		{ 402, MEANING_REFUSED },
		{ 403, MEANING_AUTH },
		{ 404, MEANING_GONE },
		{ 409, MEANING_STALE },
		{ 410, MEANING_GONE },
		{ 412, MEANING_STALE },
		{ 422, MEANING_REFUSED },
		{ 423, MEANING_BUSY },
		{ 429, MEANING_THROTTLED },
		{ 499, MEANING_REFUSED },
		{ 500, MEANING_FAILED },
		{ 503, MEANING_FAILED },
	};
	uint32_t wait_s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (judged(&plain, rows[i].status, NULL, NULL, &wait_s) != rows[i].meaning)
			fail_msg("%d", rows[i].status);
		assert_int_equal(wait_s, 0);
	}
	assert_int_equal(judged(&plain, 503, "retry-after", "7", &wait_s), MEANING_THROTTLED);
	assert_int_equal(wait_s, 7);
	assert_int_equal(judged(&plain, 429, "retry-after", "9", &wait_s), MEANING_THROTTLED);
	assert_int_equal(wait_s, 9);
	assert_int_equal(judged(&plain, 500, "retry-after", "9", &wait_s), MEANING_FAILED);
	/* it tells it on good answers too, where nothing is to be waited for */
	assert_int_equal(judged(&plain, 200, "retry-after", "9", &wait_s), MEANING_ACCEPTED);
}

/* What a vendor says in its own way of "not now". */
static void provider_judge__knows__a_vendors_not_now(void **state)
{
	static const struct {
		int status;
		enum meaning meaning;
	} rows[] = { { 429, MEANING_THROTTLED }, { 503, MEANING_THROTTLED }, { 502, MEANING_FAILED }, { 504, MEANING_FAILED },
		{ 428, MEANING_REFUSED }, { 430, MEANING_REFUSED }, { 200, MEANING_FAILED } };
	uint32_t wait_s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (judged(provider_find("porkbun"), rows[i].status, NULL, NULL, &wait_s) != rows[i].meaning)
			fail_msg("%d", rows[i].status);
}

static void provider_judge__takes__what_was_foreseen(void **state)
{
	struct provider_account account = { .provider = provider_find("cloudflare"), .name = "lab", .endpoint = "" };
	struct http_response response = { .status = 500 };
	struct verdict verdict;

	(void)state;
	provider_judge(&account, &(struct reply){ .http = &response, .foreseen = true }, &verdict);
	assert_int_equal(verdict.meaning, MEANING_ACCEPTED);
	account.provider = provider_find("zonefile");
	provider_judge(&account, &(struct reply){ .now = 1 }, &verdict);
	assert_int_equal(verdict.meaning, MEANING_ACCEPTED);
}

static void provider_fail__says__each_meaning(void **state)
{
	static const struct {
		enum meaning meaning;
		const char *sentence;
		enum err_code code;
		const char *said, *hint;
	} rows[] = {
		{ MEANING_AUTH, "no", ERR_AUTH, "DigitalOcean refused the credentials of account lab: no", "The key is" },
		{ MEANING_AUTH, "", ERR_AUTH, "DigitalOcean refused the credentials of account lab (HTTP 418)", "The key is" },
		{ MEANING_THROTTLED, "no", ERR_NETWORK, "DigitalOcean lets account lab ask no more for now", NULL },
		{ MEANING_BUSY, "no", ERR_NETWORK, "DigitalOcean (account lab) is still at work on another change: no", NULL },
		{ MEANING_BUSY, "", ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 418 at http://h:1/v2", NULL },
		{ MEANING_GONE, "no", ERR_REFUSED, "DigitalOcean (account lab) finds nothing at http://h:1/v2: no", "check the endpoint" },
		{ MEANING_GONE, "", ERR_REFUSED, "DigitalOcean (account lab) refused with HTTP 418 at http://h:1/v2",
			"check the endpoint" },
		{ MEANING_STALE, "no", ERR_CONFLICT, "DigitalOcean (account lab) refused: no", NULL },
		{ MEANING_REFUSED, "no", ERR_REFUSED, "DigitalOcean (account lab) refused: no", NULL },
		{ MEANING_REFUSED, "", ERR_REFUSED, "DigitalOcean (account lab) refused with HTTP 418 at http://h:1/v2", NULL },
		{ MEANING_FAILED, "no", ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 418: no", NULL },
		{ MEANING_FAILED, "", ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 418 at http://h:1/v2", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct http_response response = { .status = 418 };
		struct verdict verdict = { .meaning = rows[i].meaning };
		struct drive drive = { 0 };
		struct str said;

		str_init(&said, 0);
		drive_begin(&drive, "digitalocean", GOAL_VERIFY, "example.com");
		snprintf(verdict.sentence, sizeof verdict.sentence, "%s", rows[i].sentence);
		assert_false(provider_fail(&drive.account, &response, &verdict, &drive.err));
		assert_int_equal(drive.err.code, rows[i].code);
		err_format(&drive.err, NULL, &said);
		assert_string_equal(said.s, rows[i].said);
		assert_int_equal(drive.err.hint.id != NULL, rows[i].hint != NULL);
		if (rows[i].hint)
			assert_ptr_equal(strstr(drive.err.hint.id, rows[i].hint), drive.err.hint.id);
		str_release(&said);
		drive_end(&drive);
	}
}

static void provider_fail__cuts__a_long_sentence(void **state)
{
	struct http_response response = { .status = 400 };
	struct verdict verdict = { .meaning = MEANING_REFUSED };
	struct drive drive = { 0 };
	struct str said;

	(void)state;
	str_init(&said, 0);
	drive_begin(&drive, "digitalocean", GOAL_VERIFY, "example.com");
	memset(verdict.sentence, 'x', sizeof verdict.sentence - 1);
	provider_fail(&drive.account, &response, &verdict, &drive.err);
	err_format(&drive.err, NULL, &said);
	assert_int_equal(strspn(strchr(said.s, 'x'), "x"), 200);
	str_release(&said);
	drive_end(&drive);
}

static void expect_masked(struct provider_account *account, const char *text, const char *expected)
{
	struct str out;

	str_init(&out, 0);
	provider_mask(account, text, &out);
	assert_string_equal(out.s, expected);
	str_release(&out);
}

static void provider_mask__hides__every_secret(void **state)
{
	static const struct provider one = { .name = "x" }, two = { .name = "x", .key_lines = 2 },
				     whole = { .name = "x", .key_lines = KEY_WHOLE };
	struct provider_login login = { .token = (char *)(uintptr_t) "token-of-the-login" };
	struct provider_account account = { .provider = &two, .key = "first-line-key\nsecond-line-key", .login = &login };

	(void)state;
	expect_masked(&account, "a first-line-key b second-line-key c", "a *** b *** c");
	expect_masked(&account, "first-li", "***");
	expect_masked(&account, "first-l", "first-l");
	expect_masked(&account, "first-linX second-lX token-of", "***X ***X ***");
	expect_masked(&account, "first-line-key\nsecond-line-key!", "***!");
	expect_masked(&account, "xfirst-line-keyfirst-line-key", "x******");
	expect_masked(&account, "", "");
	account.key = "{\n \"private\": 7\n}";
	account.provider = &whole;
	account.login = NULL;
	expect_masked(&account, "{ } token-of-the-login", "{ } token-of-the-login");
	expect_masked(&account, "said {\n \"private\": 7\n}", "said ***");
	account.provider = &one;
	account.key = "abc";
	expect_masked(&account, "abcab", "***ab");
	account.key = NULL;
	expect_masked(&account, "abc", "abc");
}

static void expect_line(const char *key, unsigned line, const char *expected)
{
	struct provider_account account = { .key = key };
	char *text = provider_key_line(&account, line);

	assert_string_equal(text, expected);
	free(text);
}

static void provider_key_line__counts__lines(void **state)
{
	(void)state;
	expect_line("one\ntwo\nthree", 0, "one");
	expect_line("one\ntwo\nthree", 1, "two");
	expect_line("one\r\ntwo\r\n", 1, "two");
	expect_line("one\n\ntwo", 1, "two");
	expect_line("one", 1, "");
	expect_line("one\n", 5, "");
	expect_line(NULL, 0, "");
}

static void expect_base(const struct provider *provider, const char *endpoint, const char *base, const char *expected)
{
	struct provider_account account = { .provider = provider, .endpoint = endpoint, .setting = setting };
	static const char *const pairs[] = { "login_at", "https://other.example/x//", NULL };
	char *text;

	if (base && *base == '+') {
		account.source = pairs;
		base++;
	}
	text = provider_base(&account, base);
	if (expected)
		assert_string_equal(text, expected);
	else
		assert_null(text);
	free(text);
}

static char *own_base(const struct provider_account *account, const char *base)
{
	(void)account;
	return strcmp(base, "login") == 0 ? strdup("https://own.example") : NULL;
}

static void provider_base__is__one_of_the_row(void **state)
{
	static const struct provider plain = { .name = "x", .bases = bases, .settings = settings };
	static const struct provider path = { .name = "x", .api_path = "/api/v1" };
	static const struct provider own = { .name = "x", .bases = bases, .own_base = own_base };

	(void)state;
	expect_base(&plain, "https://h/v2", NULL, "https://h/v2");
	expect_base(&plain, "https://h/v2///", "api", "https://h/v2");
	expect_base(&plain, "https://h", "login", "https://login.example");
	expect_base(&plain, "https://h", "+login", "https://other.example/x");
	expect_base(&plain, "https://h", "fixed", "https://fixed.example");
	expect_base(&plain, "https://h", "nowhere", NULL);
	expect_base(&path, "http://h:1/api/v1", NULL, "http://h:1");
	expect_base(&path, "http://h:1/api/v1/", NULL, "http://h:1");
	expect_base(&path, "http://h:1/x/api/v1/servers/localhost", NULL, "http://h:1/x");
	expect_base(&path, "http://h:1/api/v10", NULL, "http://h:1/api/v10");
	expect_base(&own, "https://h", "login", "https://own.example");
	expect_base(&own, "https://h", NULL, "https://h");
}

static bool refuse(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	(void)run;
	http_request_header(&request->http, "X-Time", now == 77 ? "77" : "?", false);
	return err_set(err, ERR_USAGE, "no");
}

static const char *dressed(const struct provider *provider, struct provider_account *account, struct request *request)
{
	struct provider_run run;
	struct err err = { 0 };

	account->provider = provider;
	provider_run_init(&run, account, GOAL_VERIFY, NULL);
	assert_int_equal(provider_dress(&run, request, 77, &err), !provider->sign || request->open);
	provider_run_release(&run);
	for (size_t i = 0; i < request->http.n_header; i++)
		if (!strcmp(request->http.header[i].name, "Key")) {
			assert_true(request->http.header[i].secret);
			return request->http.header[i].value;
		}
	return NULL;
}

static void provider_dress__gives__the_credentials_anew(void **state)
{
	static const struct provider row = { .name = "x", .auth = { .header = "Key", .prefix = "is " } },
				     bare = { .name = "x", .auth = { .header = "Key" } };
	static const struct provider signs = { .name = "x", .auth = { .header = "Key", .prefix = "is " }, .sign = refuse },
				     none = { .name = "x" };
	struct provider_login login = { 0 };
	struct provider_account account = { .key = "k", .login = &login };
	struct request request;

	(void)state;
	request_init(&request);
	assert_string_equal(dressed(&row, &account, &request), "is k");
	assert_string_equal(dressed(&bare, &account, &request), "k");
	login.token = (char *)(uintptr_t) "t";
	assert_string_equal(dressed(&row, &account, &request), "is t");
	assert_int_equal(request.http.n_header, 1);
	account.login = NULL;
	account.key = NULL;
	assert_string_equal(dressed(&row, &account, &request), "is ");
	assert_string_equal(dressed(&signs, &account, &request), "is ");
	assert_string_equal(request.http.header[1].value, "77");
	request_release(&request);
	request_init(&request);
	assert_null(dressed(&none, &account, &request));
	request.open = true;
	assert_null(dressed(&signs, &account, &request));
	request.open = false;
	request.kind = REQUEST_DNS;
	assert_null(dressed(&row, &account, &request));
	request_release(&request);
}

/* ---- limits ---- */

static void expect_takes(const struct provider_limits *limits, const char *set, const char *said)
{
	static const struct provider row = { .name = "x", .title = "X", .caps = CAP_NULL_MX };
	struct err err = { 0 };
	struct mxset want;
	struct str text;
	bool takes;

	str_init(&text, 0);
	mxset_init(&want);
	drive_set(&want, set);
	takes = provider_limits_take(&row, limits, &want, &err);
	if (!takes)
		err_format(&err, NULL, &text);
	assert_string_equal(text.s, said);
	assert_int_equal(takes, !*said);
	mxset_release(&want);
	str_release(&text);
}

static void provider_limits_take__knows__ranges_and_lists(void **state)
{
	static const uint32_t ttls[] = { 300, 3600, 0 };
	static const struct provider_limits range = { .ttl_min_s = 60, .ttl_max_s = 600, .records_max = 2 }, list = { .ttls = ttls };
	static const struct provider_limits least = { .ttl_min_s = 60 };

	(void)state;
	expect_takes(&range, "60 1 a", "");
	expect_takes(&range, "600 1 a 2 b", "");
	expect_takes(&range, "59 1 a", "X takes a TTL from 1m to 10m, not 59s");
	expect_takes(&range, "601 1 a", "X takes a TTL from 1m to 10m, not 10m1s");
	expect_takes(&range, "60 1 a 2 b 3 c", "X takes 2 records of a name, not 3");
	expect_takes(&range, "1", "");
	expect_takes(&list, "3600 1 a", "");
	expect_takes(&list, "300 0 .", "");
	expect_takes(&list, "301 1 a", "X takes no TTL of 5m1s, only one of these: 5m, 1h");
	expect_takes(&least, "59 1 a", "X takes a TTL from 1m on, not 59s");
	expect_takes(&least, "2147483647 1 a", "");
	expect_takes(&(struct provider_limits){ 0 }, "0 1 a", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(provider_judge__goes_by__the_status),
		cmocka_unit_test(provider_judge__knows__a_vendors_not_now),
		cmocka_unit_test(provider_judge__takes__what_was_foreseen),
		cmocka_unit_test(provider_fail__says__each_meaning),
		cmocka_unit_test(provider_fail__cuts__a_long_sentence),
		cmocka_unit_test(provider_mask__hides__every_secret),
		cmocka_unit_test(provider_key_line__counts__lines),
		cmocka_unit_test(provider_base__is__one_of_the_row),
		cmocka_unit_test(provider_dress__gives__the_credentials_anew),
		cmocka_unit_test(provider_limits_take__knows__ranges_and_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
