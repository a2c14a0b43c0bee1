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
		assert_true(!provider->needs_key == !provider->key_help);
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

static void vendors__hide__the_key(void **state)
{
	(void)state;
	for (size_t p = 0; providers[p]; p++) {
		struct drive drive = { 0 };
		struct str shown;

		if (!providers[p]->needs_key || !speaks_http(providers[p]))
			continue;
		str_init(&shown, 0);
		drive_begin(&drive, providers[p]->name, GOAL_ZONES, "example.com");
		drive_ask(&drive);
		http_request_show(&drive.request.http, &shown);
		assert_null(strstr(shown.s, KEY));
		assert_non_null(strstr(shown.s, "***"));
		str_release(&shown);
		drive_end(&drive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(providers__describe__themselves),
		cmocka_unit_test(provider_set_published__leaves_out__disabled),
		cmocka_unit_test(provider_fail__tells__what_a_status_means),
		cmocka_unit_test(vendors__survive__any_reply),
		cmocka_unit_test(vendors__hide__the_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
