/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MTA-STS policies fetched over HTTPS from a server of the test's own, as RFC 8461 section 3.3 wants it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "dnsd.h"
#include "../io/serve.h"

#define POLICY_ADDRESS "127.0.0.80"
#define PATIENCE_MS 90000
#define SHORT_MS 2000

static struct serve policies;

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
}

static const struct {
	const char *manner; /* of MANNER.example */
	enum sts_fetch fetch;
	long status;
	const char *reason; /* is in it */
	enum sts_mode mode;
	unsigned problems;
	size_t n_mx;
} rows[] = {
	{ "good", STS_FETCH_OK, 200, "", STS_ENFORCE, 0, 2 },
	{ "two", STS_FETCH_OK, 200, "", STS_ENFORCE, 0, 2 },
	{ "crlf", STS_FETCH_OK, 200, "", STS_ENFORCE, 0, 2 },
	{ "redirect", STS_FETCH_REDIRECT, 301, "https://www.example/policy.txt", STS_MODE_UNKNOWN, 0, 0 },
	{ "missing", STS_FETCH_STATUS, 404, "", STS_MODE_UNKNOWN, 0, 0 },
	{ "html", STS_FETCH_TYPE, 200, "", STS_ENFORCE, 0, 2 },
	{ "bare", STS_FETCH_TYPE, 200, "", STS_ENFORCE, 0, 2 },
	{ "large", STS_FETCH_TOO_LARGE, 0, "longer than 65536 bytes", STS_MODE_UNKNOWN, 0, 0 },
	{ "broken", STS_FETCH_OK, 200, "", STS_MODE_UNKNOWN, STS_NO_VERSION | STS_NO_MODE | STS_NO_MAX_AGE | STS_NO_MX, 0 },
	{ "stranger", STS_FETCH_CERTIFICATE, 0, "https://mta-sts.stranger.example/.well-known/mta-sts.txt", STS_MODE_UNKNOWN, 0, 0 },
	{ "wrong", STS_FETCH_CERTIFICATE, 0, "https://mta-sts.wrong.example/", STS_MODE_UNKNOWN, 0, 0 },
	{ "expired", STS_FETCH_CERTIFICATE, 0, "https://mta-sts.expired.example/", STS_MODE_UNKNOWN, 0, 0 },
	{ "slow", STS_FETCH_UNREACHABLE, 0, "no answer from", STS_MODE_UNKNOWN, 0, 0 },
	{ "closed", STS_FETCH_UNREACHABLE, 0, "no answer from", STS_MODE_UNKNOWN, 0, 0 },
	{ "homeless", STS_FETCH_NO_ADDRESS, 0, "", STS_MODE_UNKNOWN, 0, 0 },
	{ "silent", STS_FETCH_UNASKED, 0, "", STS_MODE_UNKNOWN, 0, 0 },
};

/* All of them stand in one zone. "two" has an address where nobody listens and one without a way there beside the right one, "closed" has
 * an address where nobody listens, "homeless" none, "silent" no record. */
static void open_zone(struct dnsd_server *resolver)
{
	char text[2000] = "@ NS ns\n";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(text);
		const char *manner = rows[i].manner;

		if (!strcmp(manner, "silent"))
			continue;
		snprintf(text + len, sizeof(text) - len, "_mta-sts.%s TXT \"v=STSv1; id=1\"\nmta-sts.%s %s\n", manner, manner,
			!strcmp(manner, "homeless") ? "TXT x"
			: !strcmp(manner, "closed") ? "A 127.0.0.81\n"
			: !strcmp(manner, "two")    ? "A 127.0.0.81\nmta-sts.two A " POLICY_ADDRESS "\nmta-sts.two AAAA 2001:db8::80"
						    : "A " POLICY_ADDRESS);
	}
	dnsd_zone(resolver, "example.", text);
}

static void look(struct app *app, const char *domain, unsigned needs, struct facts *facts)
{
	struct survey *survey;
	struct dname name;

	assert_true(dname_parse(&name, domain, NULL));
	facts_init(facts, &name);
	survey = survey_start(app, &(struct survey_want){ facts, NULL, needs }, moved, NULL);
	survey_wait(app, survey, 120000);
	assert_false(survey_running(survey));
	survey_free(survey);
}

/* An app that trusts the policy server's own authority. */
static char *open_app(struct dnsd *dnsd, struct app *app)
{
	char *dir = dnsd_open_app(dnsd, app, NULL), path[300], text[600];

	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(text, sizeof(text), "[dns]\nresolver = 127.0.0.53\nanchor_file = /nowhere\nca_file = %s/ca.pem\n", policies.dir);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	config_release(&app->config);
	assert_true(config_read(&app->config, path, NULL, NULL));
	open_zone(dnsd_add(dnsd, "127.0.0.53", DNSD_RESOLVES));
	return dir;
}

static void policy__is_fetched__by_the_rules(void **state)
{
	struct dnsd dnsd;
	struct app app;
	char *dir = open_app(&dnsd, &app);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct facts facts;
		const struct sts_facts *sts = &facts.sts;
		char domain[64];

		app.timeout_ms = rows[i].fetch == STS_FETCH_UNREACHABLE ? SHORT_MS : PATIENCE_MS;
		snprintf(domain, sizeof(domain), "%s.example", rows[i].manner);
		look(&app, domain, NEEDS_STS_POLICY, &facts);
		if (sts->fetch != rows[i].fetch)
			fail_msg("%s: %d, not %d (%s)", domain, sts->fetch, rows[i].fetch, sts->reason);
		assert_int_equal(sts->status, rows[i].status);
		assert_non_null(strstr(sts->reason, rows[i].reason));
		assert_int_equal(*sts->reason != '\0', *rows[i].reason != '\0');
		assert_int_equal(sts->policy.mode, rows[i].mode);
		assert_int_equal(sts->policy.problems, rows[i].problems);
		assert_int_equal(sts->policy.n_mx, rows[i].n_mx);
		facts_release(&facts);
	}
	dnsd_close_app(&dnsd, &app, dir);
}

/* The record alone is no reason to fetch anything; a survey that is stopped ends the fetch. */
static void policy__is_not_fetched__where_nobody_needs_it(void **state)
{
	struct dnsd dnsd;
	struct app app;
	struct facts facts;
	struct survey *survey;
	struct dname name;
	char *dir = open_app(&dnsd, &app);

	(void)state;
	look(&app, "good.example", NEEDS_STS_TXT, &facts);
	assert_int_equal(facts.sts.address, ANSWER_DATA);
	assert_int_equal(facts.sts.fetch, STS_FETCH_UNASKED);
	assert_null(app.http);
	facts_release(&facts);
	app.timeout_ms = PATIENCE_MS;
	assert_true(dname_parse(&name, "slow.example", NULL));
	facts_init(&facts, &name);
	survey = survey_start(&app, &(struct survey_want){ &facts, NULL, NEEDS_STS_POLICY }, moved, NULL);
	while (facts.sts.fetch != STS_FETCH_PENDING)
		survey_wait(&app, survey, 50);
	assert_true(survey_finding(survey, NEEDS_STS_POLICY));
	assert_int_equal(facts.sts.fetch, STS_FETCH_PENDING);
	survey_free(survey);
	facts_release(&facts);
	dnsd_close_app(&dnsd, &app, dir);
}

static int start(void **state)
{
	static const char *const words[] = { "policy.py", POLICY_ADDRESS, NULL };

	(void)state;
	setenv("no_proxy", "*", 1);
	return serve_start(&policies, words) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	serve_stop(&policies);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy__is_fetched__by_the_rules),
		cmocka_unit_test(policy__is_not_fetched__where_nobody_needs_it),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, start, stop);
}
