/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts and requests as documents: each state with its sign, its word and its sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/account.h"
#include "base/i18n.h"
#include "io/scratch.h"
#include "io/store.h"
#include "said.h"
#include "show/accounts.h"
#include "show/requests.h"

static struct config config;
static struct document document;
static struct str out;
static char *dir;

static bool known_setting(const char *provider, const char *name)
{
	(void)name;
	return provider;
}

static void configured(const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/config", dir);
	assert_true(store_write_file(path, text, strlen(text), 0600, NULL));
	config_release(&config);
	config = (struct config){ 0 };
	assert_true(config_read(&config, path, known_setting, NULL));
}

static int begin(void **state)
{
	(void)state;
	dir = scratch_new(NULL);
	document_begin(&document);
	str_init(&out, 0);
	configured("[account lab]\nprovider = powerdns\nendpoint = http://127.0.0.1:1\nkey_file = /k\n"
		   "[domain a.se]\naccount = lab\n[account files]\nprovider = zonefile\nendpoint = /zones\n"
		   "[domain b.se]\nprotected = yes\n[domain c.se]\naccount = lab\n[domain d.se]\naccount = files\n");
	return 0;
}

static int end(void **state)
{
	(void)state;
	config_release(&config);
	config = (struct config){ 0 };
	document_release(&document);
	str_release(&out);
	scratch_free(dir);
	return 0;
}

static const char *row(const struct config_section *section, const struct account_test *test)
{
	document_release(&document);
	account_add_row(&config, section, test, &document);
	return said(&document);
}

static const char *full(const struct config_section *section, const struct account_test *test)
{
	document_release(&document);
	account_document(&config, section, test, &document);
	return said(&document);
}

static void expect_in(const char *words, const char *part)
{
	if (!strstr(words, part))
		fail_msg("%s\nis not in\n%s", part, words);
}

static void accounts__are_found__in_their_order(void **state)
{
	(void)state;
	assert_string_equal(accounts_at(&config, 0)->name, "lab");
	assert_string_equal(accounts_at(&config, 1)->name, "files");
	assert_null(accounts_at(&config, 2));
}

static void account__is_a_row__by_how_its_trial_went(void **state)
{
	struct account_test test = { .running = true };

	(void)state;
	assert_string_equal(row(accounts_at(&config, 0), NULL),
		"ROW [host lab] [text/1 PowerDNS Authoritative Server] [dim · not tried] [text/2] [dim/3 2 domains]\n");
	assert_string_equal(
		row(accounts_at(&config, 1), NULL), "ROW [host files] [text/1 zone file] [dim · not tried] [text/2] [dim/3 1 domain]\n");
	expect_in(row(accounts_at(&config, 0), &test), "[pending … trying] [text/2] ");
	test.running = false;
	expect_in(row(accounts_at(&config, 0), &test), "[ok ✔ can be used] [text/2] ");
	test.zones_known = true;
	test.zones = 1;
	expect_in(row(accounts_at(&config, 0), &test), "[ok ✔ can be used] [text/2 1 zone] ");
	test.zones = 3;
	test.err.code = ERR_AUTH;
	expect_in(row(accounts_at(&config, 0), &test), "[error ✖ failed] [text/2 3 zones] ");
}

static void account__in_full__says_where_its_key_is(void **state)
{
	static const struct {
		const char *lines, *says;
	} rows[] = {
		{ "provider = powerdns\nkey_file = /k\nkey_command = x\n", " [text The key is in the file /k.]\n" },
		{ "provider = powerdns\nkey_command = pass show x\nkey_env = E\n",
			" [text The key is what a command prints: pass show x]\n" },
		{ "provider = powerdns\nkey_env = E\n", " [text The key is in the variable E of the environment.]\n" },
		{ "provider = powerdns\n", " [text Nothing says where its key is.]\n" },
		{ "provider = zonefile\nendpoint = /z\n", " [text It needs no key.]\n" },
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(text, sizeof(text), "[account a]\n%s", rows[i].lines);
		configured(text);
		expect_in(full(accounts_at(&config, 0), NULL), rows[i].says);
	}
}

static void account__in_full__says_all_that_is_known(void **state)
{
	struct account_test test = { .running = true };

	(void)state;
	assert_string_equal(full(accounts_at(&config, 1), NULL), "HEAD [heading files]\n [text zone file]\n [address Address: /zones]\n"
								 " [text It needs no key.]\n [dim It was not tried in this run.]\n"
								 " [text Domains: d.se]\n");
	expect_in(
		full(accounts_at(&config, 0), NULL), " [address Address: http://127.0.0.1:1]\n [text The key is in the file /k.]\n [dim ");
	expect_in(full(accounts_at(&config, 0), NULL), " [text Domains: a.se  c.se]\n");
	expect_in(full(accounts_at(&config, 0), &test),
		" [pending … The provider is asked whether it accepts the account …]\n [text Domains");
	test.running = false;
	test.at = 0;
	expect_in(full(accounts_at(&config, 0), &test),
		" [ok ✔ Tried 1970-01-01T00:00:00Z: it can be used. Whether it may write, only a push tells: the trial changed nothing.]\n"
		" [text Domains");
	test.who = (char *)(uintptr_t) "a\033b";
	test.until = 3600;
	test.zones_known = true;
	test.zones = 1;
	expect_in(full(accounts_at(&config, 0), &test), " [text The provider knows it as a\\x1bb.]\n"
							" [text Its login ends 1970-01-01T01:00:00Z, and is renewed before.]\n"
							" [text It lists 1 zone.]\n [text Domains");
	test.zones_known = false;
	err_set(&test.why_no_zones, ERR_REFUSED, N_("no list of zones"));
	expect_in(full(accounts_at(&config, 0), &test), "before.]\n [warning ▲ no list of zones]\n [text Domains");
	test = (struct account_test){ .at = 60 };
	err_set(&test.err, ERR_AUTH, N_("the key was refused"));
	expect_in(
		full(accounts_at(&config, 0), &test), " [dim Tried 1970-01-01T00:01:00Z:]\n [error ✖ the key was refused]\n [text Domains");
	configured("[account a]\nprovider = powerdns\n");
	expect_in(full(accounts_at(&config, 0), NULL), " [address Address: http://127.0.0.1:8081]\n");
	expect_in(full(accounts_at(&config, 0), NULL), " [text No domain of the configuration names it.]\n");
}

/* Thirty names, and whether there are more. */
static void domains__are_named__as_far_as_it_goes(void **state)
{
	struct str text;

	(void)state;
	for (unsigned n = 30; n <= 31; n++) {
		str_init(&text, 0);
		str_add(&text, "[account a]\nprovider = powerdns\n");
		for (unsigned i = 0; i < n; i++)
			str_addf(&text, "[domain d%u.se]\naccount = a\n", i);
		configured(text.s);
		str_release(&text);
		expect_in(full(accounts_at(&config, 0), NULL), n == 30 ? "  d28.se  d29.se]\n" : "  d28.se  d29.se  …]\n");
		expect_in(row(accounts_at(&config, 0), NULL), n == 30 ? "[dim/3 30 domains]" : "[dim/3 31 domains]");
	}
}

static void removal__says__what_stays(void **state)
{
#define GOES "Its section goes out of the configuration; the rest of the file stays as it is. Nothing is changed at the provider. "
	(void)state;
	account_removal_text(&config, accounts_at(&config, 0), &out);
	assert_string_equal(out.s, GOES "2 domains that name it have no account then. The file of its key stays.");
	str_clear(&out);
	account_removal_text(&config, accounts_at(&config, 1), &out);
	assert_string_equal(out.s, GOES "1 domain that names it has no account then. ");
	configured("[account a]\nprovider = powerdns\n");
	str_clear(&out);
	account_removal_text(&config, accounts_at(&config, 0), &out);
	assert_string_equal(out.s, GOES);
}

/* ---- requests ---- */

static struct request_row made(int status, bool ended, bool given_up, uint64_t took_ms)
{
	return (struct request_row){
		.at = 3661,
		.account = (char *)(uintptr_t) "lab",
		.method = (char *)(uintptr_t) "GET",
		.address = (char *)(uintptr_t) "http://x/\033y",
		.ended = ended,
		.given_up = given_up,
		.status = status,
		.took_ms = took_ms,
	};
}

static void request__is_a_row__by_what_came(void **state)
{
	static const struct {
		int status;
		bool ended, given_up, why;
		enum request_kind kind;
		uint64_t took_ms;
		const char *says, *words;
	} rows[] = {
		{ 0, false, false, false, REQUEST_HTTP, 5, "[pending … waiting] [dim/1]", "waiting" },
		{ 0, true, true, false, REQUEST_HTTP, 5, "[warning ? not waited for] [dim/1]", "not waited for" },
		{ 200, true, false, false, REQUEST_HTTP, 9999, "[ok ✔ 200] [dim/1 9999 ms]", "200" },
		{ 399, true, false, false, REQUEST_HTTP, 10000, "[ok ✔ 399] [dim/1 10s]", "399" },
		{ 400, true, false, false, REQUEST_HTTP, 10999, "[warning ▲ 400] [dim/1 10s]", "400" },
		{ 499, true, false, false, REQUEST_HTTP, 75000, "[warning ▲ 499] [dim/1 1m15s]", "499" },
		{ 500, true, false, false, REQUEST_HTTP, 0, "[error ✖ 500] [dim/1 0 ms]", "500" },
		{ 0, true, false, true, REQUEST_HTTP, 1, "[error ✖ failed] [dim/1 1 ms]", "failed" },
		{ 200, true, false, true, REQUEST_HTTP, 1, "[error ✖ 200] [dim/1 1 ms]", "200" },
		{ 0, true, false, false, REQUEST_DNS, 1, "[ok ✔ answered] [dim/1 1 ms]", "answered" },
		{ 0, true, false, false, REQUEST_RUN, 1, "[ok ✔ done] [dim/1 1 ms]", "done" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct request_row request = made(rows[i].status, rows[i].ended, rows[i].given_up, rows[i].took_ms);
		char words[300];

		request.kind = rows[i].kind;
		if (rows[i].why)
			msg_set(&request.why, N_("no answer"));
		document_release(&document);
		request_add_row(&request, &document);
		snprintf(words, sizeof(words), "ROW [dim/2 01:01:01] [text/3 lab] %s [text GET] [address http://x/\\x1by]\n", rows[i].says);
		assert_string_equal(said(&document), words);
		str_clear(&out);
		request_text(&request, &out);
		snprintf(words, sizeof(words), "lab GET http://x/\\x1by %s", rows[i].words);
		assert_string_equal(out.s, words);
	}
}

static void request__in_full__says_what_it_is_for(void **state)
{
	struct request_row request = made(200, true, false, 1);

	(void)state;
	request_document(&request, &document);
	assert_string_equal(
		said(&document), "HEAD [heading GET http://x/\\x1by]\n [dim Begun at 1970-01-01T01:01:01Z.]\n [dim It only asks.]\n");
	document_release(&document);
	request.writes = request.given_up = true;
	msg_set(&request.title, N_("replace it"));
	msg_set(&request.why, N_("no answer"));
	request_document(&request, &document);
	assert_string_equal(said(&document),
		"HEAD [heading GET http://x/\\x1by]\n [text replace it]\n [dim Begun at 1970-01-01T01:01:01Z.]\n"
		" [changed It may change what is held.]\n [error ✖ no answer]\n"
		" [warning ? Nobody waits for its answer any more: what came of it is not known.]\n");
	document_release(&document);
	request_add_row(&request, &document);
	expect_in(said(&document), " [changed GET] ");
}

/* What the journal does not tell is not made up: neither a time that it took, nor an answer. */
static void past_request__is_told__as_far_as_the_journal_goes(void **state)
{
	static char method[] = "PATCH", address[] = "/z", account[] = "lab", push[] = "p1", words[] = "replace the set", failed[] = "no";
	struct request_row row = { .number = 1,
		.at = 1795514401,
		.account = account,
		.method = method,
		.address = address,
		.push = push,
		.words = words,
		.writes = true };

	(void)state;
	document_release(&document);
	document_begin(&document);
	request_add_row(&row, &document);
	request_document(&row, &document);
	assert_string_equal(said(&document),
		"ROW [dim/2 2026-11-24] [text/3 lab] [warning ? no answer kept] [dim/1] [changed PATCH] [address /z]\n"
		"HEAD [heading PATCH /z]\n [text replace the set]\n [dim From the journal: of the push p1, in another run.]\n"
		" [dim Begun at 2026-11-24T10:00:01Z.]\n [changed It may change what is held.]\n"
		" [warning ? The journal has no answer to it: whether it was sent, and what came of it, is not known from here.]\n");
	document_release(&document);
	document_begin(&document);
	row.ended = true;
	row.status = 422;
	row.failed = failed;
	request_add_row(&row, &document);
	request_document(&row, &document);
	assert_string_equal(said(&document),
		"ROW [dim/2 2026-11-24] [text/3 lab] [error ✖ 422] [dim/1] [changed PATCH] [address /z]\n"
		"HEAD [heading PATCH /z]\n [text replace the set]\n"
		" [dim From the journal: of the push p1, in another run.]\n"
		" [dim Begun at 2026-11-24T10:00:01Z.]\n [changed It may change what is held.]\n [error ✖ no]\n");
}

/* By the limits of the whole account; a request that is older than the limit's time counts no more. */
static void pace__is_told__as_far_as_it_is_used(void **state)
{
	static const struct provider_pace rules[] = { { .most = 250, .within_s = 60 },
		{ .most = 2, .within_s = 1, .writes = true, .zone = true }, { .most = 20, .within_s = 3600, .writes = true }, { 0 } };
	static const struct provider vendor = { .pace = rules }, bare = { 0 };
	struct pace_time times[] = { { .at_ms = loop_ms() + 10000 }, { .at_ms = loop_ms() + 10000, .writes = true } };
	struct account other = { .name = (char *)(uintptr_t) "other", .provider = &vendor },
		       lab = { .name = (char *)(uintptr_t) "lab", .provider = &vendor, .pace = { 2, 2, times }, .next = &other };
	const struct app app = { .accounts = &lab };

	(void)state;
	account_pace_document(&app, "lab", &document);
	assert_string_equal(said(&document), " [dim Of at most 250 requests in 1m, this run has used 2.]\n"
					     " [dim Of at most 20 writing requests in 1h, this run has used 1.]\n");
	document_release(&document);
	document_begin(&document);
	account_pace_document(&app, "nobody", &document);
	assert_string_equal(said(&document), "");
	account_pace_document(&app, "other", &document);
	assert_string_equal(said(&document), " [dim Of at most 250 requests in 1m, this run has used 0.]\n"
					     " [dim Of at most 20 writing requests in 1h, this run has used 0.]\n");
	document_release(&document);
	document_begin(&document);
	other.provider = &bare;
	other.told = (struct pace_told){ .at = 1795537800, .left = 1 };
	account_pace_document(&app, "other", &document);
	assert_string_equal(said(&document), " [dim Its answer of 2026-11-24T16:30:00Z: 1 more request is taken.]\n");
	document_release(&document);
	document_begin(&document);
	other.told = (struct pace_told){ .at = 1795537800, .left = 4999, .reset = 1795537860 };
	account_pace_document(&app, "other", &document);
	assert_string_equal(
		said(&document), " [dim Its answer of 2026-11-24T16:30:00Z: 4999 more requests are taken until 2026-11-24T16:31:00Z.]\n");
	assert_int_equal(pace_used(&lab.pace, &rules[0], times[0].at_ms + 59999), 2);
	assert_int_equal(pace_used(&lab.pace, &rules[0], times[0].at_ms + 60000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(accounts__are_found__in_their_order, begin, end),
		cmocka_unit_test_setup_teardown(account__is_a_row__by_how_its_trial_went, begin, end),
		cmocka_unit_test_setup_teardown(account__in_full__says_where_its_key_is, begin, end),
		cmocka_unit_test_setup_teardown(account__in_full__says_all_that_is_known, begin, end),
		cmocka_unit_test_setup_teardown(domains__are_named__as_far_as_it_goes, begin, end),
		cmocka_unit_test_setup_teardown(removal__says__what_stays, begin, end),
		cmocka_unit_test_setup_teardown(request__is_a_row__by_what_came, begin, end),
		cmocka_unit_test_setup_teardown(request__in_full__says_what_it_is_for, begin, end),
		cmocka_unit_test_setup_teardown(past_request__is_told__as_far_as_the_journal_goes, begin, end),
		cmocka_unit_test_setup_teardown(pace__is_told__as_far_as_it_is_used, begin, end),
	};

	return cmocka_run_group_tests_name("accounts", tests, NULL, NULL);
}
