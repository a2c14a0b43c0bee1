/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"
#include "base/mem.h"
#include "provider/shape.h"

#include "base/text.h"

static void providers__describe__themselves(void **state)
{
	(void)state;
	for (size_t i = 0; providers[i]; i++) {
		const struct provider *provider = providers[i];

		assert_ptr_equal(provider_find(provider->name), provider);
		assert_true(*provider->title && provider->endpoint && provider->step);
		assert_true(!provider->limits.ttl_max_s || provider->limits.ttl_min_s <= provider->limits.ttl_max_s);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(providers[k]->name, provider->name);
		for (const struct provider_setting *s = provider->settings; s && s->name; s++)
			assert_true(*s->name && s->help && *s->help);
	}
	assert_null(provider_find("none"));
	assert_null(provider_find(""));
}

static void provider_set_published__leaves_out__disabled(void **state)
{
	struct provider_set set = { 0 };
	struct mxset out;

	(void)state;
	mxset_init(&out);
	for (unsigned i = 0; i < 3; i++) {
		struct provider_record *record = provider_set_add(&set);

		mx_set(&record->mx, 10 * i, "a.example");
		record->ttl_s = i == 2 ? 5 : 60;
		record->disabled = i == 2;
	}
	provider_set_published(&set, &out);
	assert_int_equal(out.n, 2);
	assert_int_equal(out.ttl_s, 60);
	assert_false(provider_set_ttl_mixed(&set));
	set.record[1].ttl_s = 30;
	assert_true(provider_set_ttl_mixed(&set));
	provider_set_published(&set, &out);
	assert_int_equal(out.ttl_s, 30);
	/* automatic, where every record that counts is */
	assert_false(provider_set_ttl_automatic(&set));
	set.record[0].automatic = true;
	assert_false(provider_set_ttl_automatic(&set));
	set.record[1].automatic = true;
	assert_true(provider_set_ttl_automatic(&set));
	set.record[0].disabled = set.record[1].disabled = true;
	assert_false(provider_set_ttl_automatic(&set));
	mxset_release(&out);
	provider_set_release(&set);
}

static void provider_fail__tells__what_a_status_means(void **state)
{
	static const struct {
		int status;
		const char *detail;
		enum err_code code;
		const char *said;
	} rows[] = {
		{ 401, "bad token", ERR_AUTH, "DigitalOcean refused the credentials of account lab: bad token" },
		{ 403, NULL, ERR_AUTH, "DigitalOcean refused the credentials of account lab (HTTP 403)" },
		{ 404, "no such", ERR_REFUSED, "DigitalOcean (account lab) finds nothing at http://h:1/v2: no such" },
		{ 409, "", ERR_CONFLICT, "DigitalOcean (account lab) refused with HTTP 409 at http://h:1/v2" },
		{ 412, NULL, ERR_CONFLICT, NULL },
		{ 422, "TTL \x1b[31m", ERR_REFUSED, "DigitalOcean (account lab) refused: TTL \\x1b[31m" },
		{ 429, "x", ERR_NETWORK, NULL },
		{ 500, NULL, ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 500 at http://h:1/v2" },
		{ 502, "", ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 502 at http://h:1/v2" },
		{ 503, "later", ERR_NETWORK, "DigitalOcean (account lab) failed with HTTP 503: later" },
		{ 302, NULL, ERR_NETWORK, NULL },
		{ 400, "k3y-that... is no key", ERR_REFUSED, "DigitalOcean (account lab) refused: ***... is no key" },
		{ 400, "k3y-tha is no key", ERR_REFUSED, "DigitalOcean (account lab) refused: k3y-tha is no key" },
		{ 400, "you sent " KEY ", again " KEY, ERR_REFUSED, "DigitalOcean (account lab) refused: you sent ***, again ***" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct drive drive = { 0 };
		struct verdict verdict;
		struct str said;

		str_init(&said, 0);
		drive_begin(&drive, "digitalocean", GOAL_VERIFY, "example.com");
		drive.response.status = rows[i].status;
		provider_judge(&drive.account, &(struct reply){ .http = &drive.response }, &verdict);
		if (rows[i].detail)
			snprintf(verdict.sentence, sizeof verdict.sentence, "%s", rows[i].detail);
		assert_false(provider_fail(&drive.account, &drive.response, &verdict, &drive.err));
		assert_int_equal(drive.err.code, rows[i].code);
		err_format(&drive.err, NULL, &said);
		if (rows[i].said)
			assert_string_equal(said.s, rows[i].said);
		str_release(&said);
		drive_end(&drive);
	}
}

static const char *const spoiled[] = {
	"",
	" ",
	"null",
	"1",
	"\"text\"",
	"[]",
	"{}",
	"[[]]",
	"[1,2]",
	"{\"",
	"<html>bad gateway</html>",
	"\xff\xfe\x00",
	"{\"success\":true}",
	"{\"success\":true,\"result\":1}",
	"{\"success\":true,\"result\":[1,null,{}]}",
	"{\"success\":false,\"errors\":[{\"code\":\"x\",\"error_chain\":{}}]}",
	"{\"success\":false,\"errors\":7}",
	"{\"success\":true,\"result\":[{\"type\":\"MX\",\"name\":\"example.com\"}]}",
	"{\"success\":true,\"result\":[{\"type\":\"MX\",\"name\":\"example.com\",\"id\":\"1\",\"ttl\":-1,\"priority\":1,\"content\":\"a\"}]}",
	"{\"domains\":[1,{\"name\":7}],\"links\":[]}",
	"{\"domain_records\":[{\"type\":\"MX\",\"name\":\"@\",\"id\":\"7\"}]}",
	"{\"domain_records\":{}}",
	"{\"rrsets\":7}",
	"{\"rrsets\":[7,{}]}",
	"{\"rrsets\":[{\"name\":\"example.com.\",\"type\":\"MX\",\"records\":7}]}",
	"{\"rrsets\":[{\"name\":\"example.com.\",\"type\":\"MX\",\"ttl\":1,\"records\":[7]}]}",
	"{\"rrsets\":[{\"name\":\"example.com.\",\"type\":\"MX\",\"ttl\":1,\"records\":[{\"content\":\"mx\"}]}]}",
	"{\"rrsets\":[{\"name\":\"example.com.\",\"type\":\"MX\",\"ttl\":\"1\",\"records\":[{\"content\":\"1 mx.\"}]}]}",
	"{\"message\":\"" KEY "\",\"error\":\"" KEY "\",\"errors\":[{\"message\":\"" KEY "\"}]}",
};

static enum err_code code_of(int status)
{
	if (status == 401 || status == 403)
		return ERR_AUTH;
	return status == 409 ? ERR_CONFLICT : status == 429 || status >= 500 ? ERR_NETWORK : ERR_REFUSED;
}

static const struct shape *shape_of(const char *provider)
{
	return provider_find(provider)->shape;
}

static void spoil(const char *provider, enum provider_goal goal, int status, const char *body, size_t len)
{
	struct drive drive = { 0 };

	drive_begin(&drive, provider, goal, "example.com");
	drive_zone(&drive, goal == GOAL_ZONES ? "." : "example.com", "0123456789abcdef0123456789abcdef");
	if (goal == GOAL_ZONES)
		drive.run.zone.len = 0;
	drive_have(&drive, "3600 10 a.example.com");
	drive.run.have.kept = mem_text("[]");
	drive_set(&drive.run.want, "3600 10 b.example.com");
	drive_ask(&drive);
	assert_int_equal(drive.step, STEP_REQUEST);
	drive_reply(&drive, status, body, len);
	/* Name after name, and then the list. */
	for (int more = 0; more < 4 && goal == GOAL_ZONES && drive.step == STEP_REQUEST; more++)
		drive_reply(&drive, status, body, len);
	if (status == 404 && goal == GOAL_READ && shape_of(provider)->read.none_is_gone)
		assert_int_not_equal(drive.step, STEP_FAILED); /* there is no such set */
	else if (status >= 400)
		drive_expect_failed(&drive, code_of(status));
	else if (drive.step == STEP_FAILED)
		assert_int_not_equal(drive.err.code, ERR_NONE);
	drive_end(&drive);
}

/* Those that speak HTTP; the others have tests of their own. */
static bool speaks_http(const struct provider *provider)
{
	return !(provider->caps & CAP_LOCAL) && strcmp(provider->name, "rfc2136") != 0;
}

static void vendors__survive__any_reply(void **state)
{
	static const int statuses[] = { 200, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 503 };
	size_t size = (size_t)1 << 20;
	char *large = malloc(size);

	(void)state;
	memset(large, '{', size);
	for (size_t p = 0; providers[p]; p++) {
		if (!speaks_http(providers[p]))
			continue;
		for (int goal = GOAL_VERIFY; goal <= GOAL_WRITE; goal++)
			for (size_t s = 0; s < sizeof statuses / sizeof *statuses; s++) {
				if (!strcmp(providers[p]->name, "cloudflare") && statuses[s] == 204)
					continue; /* that vendor's own rules are in its own test */
				for (size_t b = 0; b < sizeof spoiled / sizeof *spoiled; b++)
					spoil(providers[p]->name, (enum provider_goal)goal, statuses[s], spoiled[b], strlen(spoiled[b]));
				spoil(providers[p]->name, (enum provider_goal)goal, statuses[s], large, size);
			}
	}
	free(large);
}

/* Whatever its letters become on the way. */
static void vendors__hide__the_key(void **state)
{
	static const char *const keys[] = { KEY, "k3y\"" KEY, "k3y\\" KEY, "k3y/+=%" KEY, "<k3y&>'" KEY, "\xc3\xa9" KEY };

	(void)state;
	for (size_t p = 0; providers[p]; p++)
		for (size_t k = 0; providers[p]->key_help && speaks_http(providers[p]) && k < sizeof keys / sizeof *keys; k++) {
			struct drive drive = { 0 };
			struct str shown;

			str_init(&shown, 0);
			drive_begin(&drive, providers[p]->name, GOAL_ZONES, "example.com");
			drive.account.key = keys[k];
			drive_ask(&drive);
			http_request_show(&drive.request.http, &shown);
			assert_null(strstr(shown.s, KEY));
			assert_non_null(strstr(shown.s, "***"));
			str_release(&shown);
			drive_end(&drive);
		}
}

static void provider_key_line__takes__one_line(void **state)
{
	static const struct {
		const char *key;
		unsigned line;
		const char *text;
	} rows[] = {
		{ NULL, 0, "" },
		{ NULL, 1, "" },
		{ "", 0, "" },
		{ "", 1, "" },
		{ "one", 0, "one" },
		{ "one", 1, "" },
		{ "one", 2, "" },
		{ "one\n", 0, "one" },
		{ "one\n", 1, "" },
		{ "one\ntwo", 0, "one" },
		{ "one\ntwo", 1, "two" },
		{ "one\ntwo", 2, "" },
		{ "one\r\ntwo\r\n", 0, "one" },
		{ "one\r\ntwo\r\n", 1, "two" },
		{ "one\r\ntwo\r\n", 2, "" },
		{ "one\n\ntwo\nthree four\n", 1, "two" },
		{ "one\n\ntwo\nthree four\n", 2, "three four" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct provider_account account = { .key = rows[i].key };
		char *line = provider_key_line(&account, rows[i].line);

		assert_string_equal(line, rows[i].text);
		free(line);
	}
}

static char *own_login(const struct provider_account *account, const char *base)
{
	(void)account;
	return !strcmp(base, "own") ? mem_text("http://own/") : NULL;
}

static void provider_base__is__tidy(void **state)
{
	static const struct provider_base bases[] = { { "login", "https://login.example//", "login_url" },
		{ "files", "https://files.example", NULL }, { NULL, NULL, NULL } };
	static const struct provider row = { .bases = bases, .api_path = "/api/v1", .own_base = own_login };
	static const struct provider bare = { .name = "bare" };
	static const struct {
		const struct provider *provider;
		const char *login, *endpoint, *base, *address;
	} rows[] = {
		{ &row, "", "http://h:1", NULL, "http://h:1" },
		{ &row, "", "http://h:1/", NULL, "http://h:1" },
		{ &row, "", "http://h:1///", "api", "http://h:1" },
		{ &row, "", "http://h:1/api/v1", NULL, "http://h:1" },
		{ &row, "", "http://h:1/api/v1/", NULL, "http://h:1" },
		{ &row, "", "http://h:1//api/v1/servers/localhost", NULL, "http://h:1" },
		{ &row, "", "http://h:1/x/api/v1", NULL, "http://h:1/x" },
		{ &row, "", "http://h:1/api/v11", NULL, "http://h:1/api/v11" },
		{ &row, "", "http://h:1/api/v", NULL, "http://h:1/api/v" },
		{ &row, "", "", NULL, "" },
		{ &row, "", "/", NULL, "" },
		{ &bare, "", "http://h:1/api/v1/", NULL, "http://h:1/api/v1" },
		{ &row, "", "http://h:1", "login", "https://login.example" },
		{ &row, "http://l:2/", "http://h:1", "login", "http://l:2" },
		{ &row, "http://l:2/", "http://h:1", "files", "https://files.example" },
		{ &row, "", "http://h:1", "own", "http://own/" },
		{ &row, "", "http://h:1", "other", NULL },
		{ &bare, "", "http://h:1", "login", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *const settings[] = { "login_url", rows[i].login, NULL };
		struct drive drive = { .settings = settings };
		struct provider_account account = {
			.provider = rows[i].provider, .endpoint = rows[i].endpoint, .setting = drive_setting, .source = &drive
		};
		char *address = provider_base(&account, rows[i].base);

		assert_int_equal(!address, !rows[i].address);
		if (address)
			assert_string_equal(address, rows[i].address);
		free(address);
		assert_string_equal(provider_setting(&account, "none"), "");
		account.setting = NULL;
		assert_string_equal(provider_setting(&account, "login_url"), "");
	}
}

static void provider_mask__knows__key_and_token(void **state)
{
	static const struct {
		const char *key, *token;
		unsigned lines;
		const char *text, *shown;
	} rows[] = {
		{ NULL, NULL, 0, "a key", "a key" },
		{ "", NULL, 0, "a key", "a key" },
		{ "abcdefghij", NULL, 0, "is abcdefghij, abcdefgh, abcdefg", "is ***, ***, abcdefg" },
		{ "abcdefghij", "token-1234", 0, "abcdefghij token-1234 token-12 token-1", "*** *** *** token-1" },
		{ NULL, "token-1234", 0, "abcdefghij token-1234", "abcdefghij ***" },
		{ "first\nsecond", NULL, 2, "first second firs secon", "*** *** firs secon" },
		{ "first\nsecond", "tok", 2, "second tok first\nsecond first", "*** *** *** ***" },
		{ "first\nsecond", NULL, KEY_WHOLE, "first second firs", "first second firs" },
		{ "first\nsecond", NULL, KEY_WHOLE, "first\nsecond first\nsecon first\ns first\n", "*** *** first\ns first\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char token[32];
		struct provider provider = { .key_lines = rows[i].lines };
		struct provider_login login = { .token = rows[i].token ? strcpy(token, rows[i].token) : NULL };
		struct provider_account account = { .provider = &provider, .key = rows[i].key, .login = i ? &login : NULL };
		struct str out;

		str_init(&out, 0);
		provider_mask(&account, rows[i].text, &out);
		assert_string_equal(out.s, rows[i].shown);
		str_release(&out);
	}
}

static bool sign_at(struct provider_run *run, struct request *request, int64_t now, struct err *err)
{
	(void)run;
	http_request_header(&request->http, "X-Now", now == 7 ? "7" : "?", false);
	return now == 7 || err_set(err, ERR_AUTH, "%s", "no");
}

static const char *aladdin(const struct provider_account *account, const char *name)
{
	(void)account;
	return strcmp(name, "who") != 0 ? NULL : "Aladdin";
}

static void provider_dress__gives__the_credentials(void **state)
{
	struct provider provider = { .auth = { .header = "X-Key", .prefix = "Bearer " } };
	struct provider_login login = { .token = NULL };
	struct provider_account account = { .provider = &provider, .key = "key" };
	struct provider_run run = { .account = &account };
	struct request request;

	(void)state;
	request_init(&request);
	request.open = true;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_int_equal(request.http.n_header, 0);
	request.open = false;
	request.kind = REQUEST_DNS;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_int_equal(request.http.n_header, 0);
	request.kind = REQUEST_HTTP;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_int_equal(request.http.n_header, 1);
	assert_string_equal(request.http.header[0].name, "X-Key");
	assert_string_equal(request.http.header[0].value, "Bearer key");
	assert_true(request.http.header[0].secret);
	account.login = &login;
	provider.auth.prefix = NULL;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_string_equal(request.http.header[0].value, "key");
	login.token = (char[]){ "token" };
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_string_equal(request.http.header[0].value, "token");
	account.login = NULL;
	account.key = NULL;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_string_equal(request.http.header[0].value, "");
	account.key = "open sesame";
	account.setting = aladdin;
	provider.auth.user = "who";
	provider.auth.prefix = "Basic ";
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_string_equal(request.http.header[0].value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); /* RFC 7617 section 2 */
	assert_true(request.http.header[0].secret);
	provider.auth.prefix = "sso-key ";
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_string_equal(request.http.header[0].value, "sso-key Aladdin:open sesame");
	assert_int_equal(request.http.n_header, 1);
	provider.sign = sign_at;
	assert_true(provider_dress(&run, &request, 7, NULL));
	assert_int_equal(request.http.n_header, 2);
	assert_string_equal(request.http.header[1].value, "7");
	assert_false(provider_dress(&run, &request, 8, NULL));
	request_release(&request);
}

static void provider_limits_take__refuses__beyond_each(void **state)
{
	static const uint32_t ttls[] = { 60, 300, 3600, 0 };
	static const struct {
		struct provider_limits limits;
		unsigned caps, n;
		uint32_t ttl_s;
		const char *said; /* "": is taken */
	} rows[] = {
		{ { 0 }, 0, 1, 0, "" },
		{ { 0 }, 0, 1, MX_TTL_MAX, "" },
		{ { 0 }, 0, 1, MX_TTL_UNKNOWN, "the TTL of the set that is wanted is not known: set one" },
		{ { 0 }, 0, 0, MX_TTL_UNKNOWN, "" },
		{ { .ttl_min_s = 60 }, 0, 1, 60, "" },
		{ { .ttl_min_s = 60 }, 0, 1, 59, "Lab takes a TTL from 1m on, not 59s" },
		{ { .ttl_min_s = 60 }, 0, 0, 59, "" },
		{ { .ttl_min_s = 60 }, 0, 1, MX_TTL_MAX, "" },
		{ { .ttl_max_s = 600 }, 0, 1, 600, "" },
		{ { .ttl_max_s = 600 }, 0, 1, 601, "Lab takes a TTL from 0s to 10m, not 10m1s" },
		{ { .ttls = ttls }, 0, 1, 60, "" },
		{ { .ttls = ttls }, 0, 1, 300, "" },
		{ { .ttls = ttls }, 0, 1, 3600, "" },
		{ { .ttls = ttls }, 0, 1, 61, "Lab takes no TTL of 1m1s, only one of these: 1m, 5m, 1h" },
		{ { .ttls = ttls }, 0, 1, 0, "Lab takes no TTL of 0s, only one of these: 1m, 5m, 1h" },
		{ { .ttl_min_s = 300, .ttls = ttls }, 0, 1, 60, "Lab takes a TTL from 5m on, not 1m" },
		{ { .records_max = 2 }, 0, 2, 60, "" },
		{ { .records_max = 2 }, 0, 3, 60, "Lab takes 2 records of a name, not 3" },
		{ { .records_max = 2 }, CAP_NULL_MX, 2, 60, "" },
		{ { .preference_max = 10 }, 0, 2, 60, "" },
		{ { .preference_max = 10 }, 0, 3, 60, "Lab takes a preference up to 10, not 20" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct provider provider = { .title = "Lab", .caps = rows[i].caps, .limits = rows[i].limits };
		struct err err = { 0 };
		struct mxset want;
		struct str said;

		mxset_init(&want);
		str_init(&said, 0);
		want.ttl_s = rows[i].ttl_s;
		for (unsigned k = 0; k < rows[i].n; k++) {
			struct mx mx;

			mx_set(&mx, 10 * k, "a.example");
			mxset_add(&want, &mx);
		}
		assert_int_equal(provider_takes(&provider, &want, &err), !*rows[i].said);
		if (*rows[i].said)
			err_format(&err, NULL, &said);
		assert_string_equal(said.s, rows[i].said);
		assert_int_equal(err.code, !*rows[i].said ? ERR_NONE : rows[i].ttl_s == MX_TTL_UNKNOWN ? ERR_USAGE : ERR_REFUSED);
		str_release(&said);
		mxset_release(&want);
	}
}

static void provider_takes__a_null_mx__where_known(void **state)
{
	struct provider provider = { .title = "Lab" };
	struct err err = { 0 };
	struct mxset want;
	struct mx mx;

	(void)state;
	mxset_init(&want);
	mx_set(&mx, 10, "a.example");
	mxset_add(&want, &mx);
	assert_true(provider_takes(&provider, &want, NULL));
	mx_set(&mx, 0, ".");
	mxset_add(&want, &mx);
	assert_false(provider_takes(&provider, &want, &err));
	assert_int_equal(err.code, ERR_REFUSED);
	provider.caps = CAP_NULL_MX;
	assert_true(provider_takes(&provider, &want, NULL));
	mxset_release(&want);
}

static void provider_judge__reads__each_status(void **state)
{
	static const struct {
		int status;
		const char *retry_after;
		enum meaning meaning;
		uint32_t wait_s;
	} rows[] = {
		{ 0, NULL, MEANING_FAILED, 0 },
		{ 199, NULL, MEANING_FAILED, 0 },
		{ 200, NULL, MEANING_ACCEPTED, 0 },
		{ 204, NULL, MEANING_ACCEPTED, 0 },
		{ 299, NULL, MEANING_ACCEPTED, 0 },
		{ 300, NULL, MEANING_FAILED, 0 },
		{ 399, NULL, MEANING_FAILED, 0 },
		{ 400, NULL, MEANING_REFUSED, 0 },
		{ 401, NULL, MEANING_AUTH, 0 },
		{ 402, NULL, MEANING_REFUSED, 0 },
		{ 403, NULL, MEANING_AUTH, 0 },
		{ 404, NULL, MEANING_GONE, 0 },
		{ 405, NULL, MEANING_REFUSED, 0 },
		{ 409, NULL, MEANING_STALE, 0 },
		{ 410, NULL, MEANING_GONE, 0 },
		{ 411, NULL, MEANING_REFUSED, 0 },
		{ 412, NULL, MEANING_STALE, 0 },
		{ 422, NULL, MEANING_REFUSED, 0 },
		{ 423, "3", MEANING_BUSY, 3 },
		{ 429, NULL, MEANING_THROTTLED, 0 },
		{ 429, "30", MEANING_THROTTLED, 30 },
		{ 499, NULL, MEANING_REFUSED, 0 },
		{ 500, "30", MEANING_FAILED, 30 },
		{ 502, NULL, MEANING_FAILED, 0 },
		{ 503, NULL, MEANING_FAILED, 0 },
		{ 503, "30", MEANING_THROTTLED, 30 },
	};
	struct provider provider = { .title = "Lab" };
	struct provider_account account = { .provider = &provider };
	struct http_response response;
	struct verdict verdict;

	(void)state;
	http_response_init(&response);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		http_response_clear(&response);
		response.status = rows[i].status;
		if (rows[i].retry_after)
			http_response_add_header(&response, "Retry-After", rows[i].retry_after);
		provider_judge(&account, &(struct reply){ .http = &response }, &verdict);
		assert_int_equal(verdict.meaning, rows[i].meaning);
		assert_int_equal(verdict.wait_s, rows[i].wait_s);
		assert_string_equal(verdict.sentence, "");
	}
	provider_judge(&account, &(struct reply){ .http = &response, .foreseen = true }, &verdict);
	assert_int_equal(verdict.meaning, MEANING_ACCEPTED);
	assert_int_equal(verdict.wait_s, 0);
	provider_judge(&account, &(struct reply){ .content = "" }, &verdict);
	assert_int_equal(verdict.meaning, MEANING_ACCEPTED);
	http_response_release(&response);
}

static void provider_judge__judges__once(void **state)
{
	struct http_response response = { .status = 200 };
	const struct verdict made = { .meaning = MEANING_BUSY, .wait_s = 7, .sentence = "later" };
	struct drive drive = { 0 };
	struct verdict verdict;

	(void)state;
	drive_begin(&drive, "digitalocean", GOAL_VERIFY, "example.com");
	provider_judge(&drive.account, &(struct reply){ .http = &response, .verdict = &made }, &verdict);
	assert_int_equal(verdict.meaning, MEANING_BUSY);
	assert_int_equal(verdict.wait_s, 7);
	assert_string_equal(verdict.sentence, "later");
	drive_end(&drive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(providers__describe__themselves),
		cmocka_unit_test(provider_set_published__leaves_out__disabled),
		cmocka_unit_test(provider_fail__tells__what_a_status_means),
		cmocka_unit_test(vendors__survive__any_reply),
		cmocka_unit_test(vendors__hide__the_key),
		cmocka_unit_test(provider_key_line__takes__one_line),
		cmocka_unit_test(provider_base__is__tidy),
		cmocka_unit_test(provider_mask__knows__key_and_token),
		cmocka_unit_test(provider_dress__gives__the_credentials),
		cmocka_unit_test(provider_limits_take__refuses__beyond_each),
		cmocka_unit_test(provider_takes__a_null_mx__where_known),
		cmocka_unit_test(provider_judge__reads__each_status),
		cmocka_unit_test(provider_judge__judges__once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
