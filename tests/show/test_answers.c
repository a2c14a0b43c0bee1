/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who answers what: sets by letters, silence by its kind, a cache by what is left of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/truth.h"
#include "said.h"
#include "show/answers.h"

static struct facts facts;

static void add_mx(struct mxset *set, uint32_t preference, const char *host)
{
	struct mx mx = { 0 };

	mx_set(&mx, preference, host);
	mxset_add(set, &mx);
}

static struct server_facts *add_server(const char *name, const char *address, enum answer mx)
{
	struct dname host;
	struct addr addr = { 0 };
	struct server_facts *server;

	assert_true(dname_parse(&host, name, NULL));
	assert_true(addr_parse(&addr, address));
	server = facts_server_add(&facts, &host, &addr);
	server->mx = mx;
	server->authoritative = true;
	server->set.ttl_s = 3600;
	return server;
}

static int begin(void **state)
{
	struct dname domain;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(&facts, &domain);
	facts.source = SOURCE_RESOLVER;
	snprintf(facts.source_name, sizeof(facts.source_name), "127.0.0.1");
	return 0;
}

static int end(void **state)
{
	(void)state;
	facts_release(&facts);
	return 0;
}

static const char *rows(void)
{
	struct document document;
	const char *text;

	document_begin(&document);
	answers_document(&facts, 1000, false, &document);
	assert_int_equal(document.item, -1);
	text = said(&document);
	document_release(&document);
	return text;
}

static void answers__of_nobody__are_none(void **state)
{
	(void)state;
	assert_int_equal(answers_rows(&facts), 0);
	assert_string_equal(rows(), "");
}

static void answers__that_differ__have_letters(void **state)
{
	struct server_facts *server;

	(void)state;
	facts.held.mx = ANSWER_DATA;
	facts.held.at = 880;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	facts.held.set.ttl_s = 3600;
	add_mx(&facts.held.set, 10, "a.exempel.com");
	server = add_server("ns1.exempel.com", "192.0.2.1", ANSWER_DATA);
	server->soa = ANSWER_DATA;
	server->serial = 7;
	add_mx(&server->set, 10, "a.exempel.com");
	server = add_server("ns2.exempel.com", "192.0.2.2", ANSWER_DATA);
	add_mx(&server->set, 10, "b.exempel.com");
	server = add_server("ns3.exempel.com", "192.0.2.3", ANSWER_DATA);
	add_mx(&server->set, 10, "a.exempel.com");
	server->set.ttl_s = 60;
	facts.cached.mx = ANSWER_DATA;
	facts.cached.at = 940;
	facts.cached.set.ttl_s = 3661;
	add_mx(&facts.cached.set, 10, "b.exempel.com");
	truth_settle(&facts);
	assert_int_equal(answers_rows(&facts), 5);
	assert_string_equal(rows(), "ROW 0: [text account lab] [address/1] [ok ✔ set A] [dim/2 2 min ago]\n"
				    "ROW 1: [text ns1.exempel.com] [address/1 192.0.2.1] [ok ✔ set A] [dim/2 serial 7]\n"
				    "ROW 2: [text ns2.exempel.com] [address/1 192.0.2.2] [warning ▲ set B] [dim/2]\n"
				    "ROW 3: [text ns3.exempel.com] [address/1 192.0.2.3] [warning ▲ set C] [dim/2]\n"
				    "ROW 4: [text resolver 127.0.0.1] [address/1] [warning ▲ set B] [dim/2 gone in 1h]\n");
}

static void answers__that_did_not_come__say_why(void **state)
{
	(void)state;
	add_server("ns1.exempel.com", "192.0.2.1", ANSWER_PENDING);
	add_server("ns2.exempel.com", "192.0.2.2", ANSWER_TIMEOUT);
	add_server("ns3.exempel.com", "192.0.2.3", ANSWER_REFUSED);
	add_server("ns4.exempel.com", "192.0.2.4", ANSWER_UNASKED);
	add_server("ns5.exempel.com", "192.0.2.5", ANSWER_DATA)->authoritative = false;
	add_server("ns6.exempel.com", "192.0.2.6", ANSWER_DATA)->elsewhere = true;
	facts.cached.mx = ANSWER_SERVFAIL;
	facts.source_name[0] = '\0';
	truth_settle(&facts);
	assert_string_equal(rows(),
		"ROW 0: [text ns1.exempel.com] [address/1 192.0.2.1] [pending … waiting for an answer] [dim/2]\n"
		"ROW 1: [text ns2.exempel.com] [address/1 192.0.2.2] [warning ▲ no answer] [dim/2]\n"
		"ROW 2: [text ns3.exempel.com] [address/1 192.0.2.3] [warning ▲ refuses to answer] [dim/2]\n"
		"ROW 3: [text ns4.exempel.com] [address/1 192.0.2.4] [dim · not asked] [dim/2]\n"
		"ROW 4: [text ns5.exempel.com] [address/1 192.0.2.5] [warning ▲ no authority for the zone, or it fails] [dim/2]\n"
		"ROW 5: [text ns6.exempel.com] [address/1 192.0.2.6] [warning ? an alias] [dim/2]\n"
		"ROW 6: [text the system's resolver] [address/1] [warning ▲ server failure] [dim/2]\n");
}

static void answer__in_full__stands_beside_the_live_set(void **state)
{
	struct server_facts *server;
	struct document document;

	(void)state;
	facts.held.mx = ANSWER_DATA;
	facts.held.set.ttl_s = 3600;
	add_mx(&facts.held.set, 10, "a.exempel.com");
	add_mx(&facts.held.set, 20, "b.exempel.com");
	server = add_server("ns1.exempel.com", "192.0.2.1", ANSWER_DATA);
	add_mx(&server->set, 10, "a.exempel.com");
	add_mx(&server->set, 30, "c.exempel.com");
	server->set.ttl_s = 60;
	truth_settle(&facts);
	document_begin(&document);
	answers_one(&facts, 1, 1000, false, &document);
	assert_string_equal(said(&document), "ROW [text ns1.exempel.com] [address/1 192.0.2.1] [warning ▲ set B] [dim/2]\n"
					     " [warning TTL 1m]\n"
					     "ROW [text 10] [text a.exempel.com]\n"
					     "ROW [warning + 30] [warning c.exempel.com]\n"
					     "ROW [warning - 20] [warning b.exempel.com]\n"
					     " [dim + is only in this set, - only in the one that the ladder shows.]\n");
	document_release(&document);
}

static const char *one(size_t row, int64_t now)
{
	struct document document;
	const char *text;

	document_begin(&document);
	answers_one(&facts, row, now, false, &document);
	text = said(&document);
	document_release(&document);
	return text;
}

static void source__is_named__by_its_kind(void **state)
{
	(void)state;
	facts.cached.mx = ANSWER_DATA;
	facts.cached.set.ttl_s = 60;
	add_mx(&facts.cached.set, 10, "a.exempel.com");
	snprintf(facts.source_name, sizeof(facts.source_name), "x\033y");
	facts.source = SOURCE_SERVER;
	truth_settle(&facts);
	assert_string_equal(rows(), "ROW 0: [text server x\\x1by] [address/1] [ok ✔ set A] [dim/2]\n");
	facts.source = SOURCE_ZONE;
	truth_settle(&facts);
	assert_string_equal(rows(), "ROW 0: [text zone x\\x1by] [address/1] [ok ✔ set A] [dim/2]\n");
}

/* The live set is A, whoever told it. A server without records is no failure. */
static void sets__have_the_letters__that_there_are(void **state)
{
	struct server_facts *server;
	char name[40];

	(void)state;
	facts.held.mx = ANSWER_NODATA;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	facts.held.at = 1000;
	for (uint32_t i = 0; i < 26; i++) {
		snprintf(name, sizeof(name), "ns%u.exempel.com", i);
		server = add_server(name, "192.0.2.1", ANSWER_DATA);
		add_mx(&server->set, i, "a.exempel.com");
	}
	add_server("ns26.exempel.com", "192.0.2.1", ANSWER_NODATA);
	truth_settle(&facts);
	assert_non_null(strstr(rows(), "ROW 0: [text account lab] [address/1] [ok ✔ no record] [dim/2 just now]\n"));
	assert_non_null(strstr(rows(), "ROW 1: [text ns0.exempel.com] [address/1 192.0.2.1] [warning ▲ set B] [dim/2]\n"));
	assert_non_null(strstr(rows(), "ROW 25: [text ns24.exempel.com] [address/1 192.0.2.1] [warning ▲ set Z] [dim/2]\n"));
	assert_non_null(strstr(rows(), "ROW 26: [text ns25.exempel.com] [address/1 192.0.2.1] [warning ▲ another set] [dim/2]\n"));
	assert_non_null(strstr(rows(), "ROW 27: [text ns26.exempel.com] [address/1 192.0.2.1] [ok ✔ no record] [dim/2]\n"));
}

/* Where one does not tell its TTL, the records count; where both do, the TTL too. A cache's counts down. */
static void sets__are_one__by_what_both_tell(void **state)
{
	struct server_facts *server;

	(void)state;
	facts.held.mx = ANSWER_DATA;
	facts.held.ttl_guessed = true;
	facts.held.at = 999;
	snprintf(facts.held.account, sizeof(facts.held.account), "lab");
	facts.held.set.ttl_s = 3600;
	add_mx(&facts.held.set, 10, "a.exempel.com");
	server = add_server("ns1.exempel.com", "192.0.2.1", ANSWER_DATA);
	add_mx(&server->set, 10, "a.exempel.com");
	server->set.ttl_s = 60;
	facts.cached.mx = ANSWER_DATA;
	facts.cached.at = 1000;
	facts.cached.set.ttl_s = 59;
	add_mx(&facts.cached.set, 10, "a.exempel.com");
	truth_settle(&facts);
	assert_int_equal(facts.live.ttl_s, MX_TTL_UNKNOWN);
	assert_string_equal(rows(), "ROW 0: [text account lab] [address/1] [ok ✔ set A] [dim/2 just now]\n"
				    "ROW 1: [text ns1.exempel.com] [address/1 192.0.2.1] [ok ✔ set A] [dim/2]\n"
				    "ROW 2: [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 59s]\n");
	assert_string_equal(one(1, 1000), "ROW [text ns1.exempel.com] [address/1 192.0.2.1] [ok ✔ set A] [dim/2]\n"
					  " [text TTL 1m]\nROW [text 10] [text a.exempel.com]\n");
}

/* Where no set is live, the first one told is A. A TTL that is not told agrees with any, whichever of the two sets lacks it. */
static void sets__are_compared__without_a_live_one_or_its_ttl(void **state)
{
	struct server_facts *server;

	(void)state;
	server = add_server("ns1.exempel.com", "192.0.2.1", ANSWER_DATA);
	add_mx(&server->set, 10, "a.exempel.com");
	server = add_server("ns2.exempel.com", "192.0.2.2", ANSWER_DATA);
	add_mx(&server->set, 10, "b.exempel.com");
	facts.mx = ANSWER_TIMEOUT;
	assert_string_equal(rows(), "ROW 0: [text ns1.exempel.com] [address/1 192.0.2.1] [ok ✔ set A] [dim/2]\n"
				    "ROW 1: [text ns2.exempel.com] [address/1 192.0.2.2] [warning ▲ set B] [dim/2]\n");
	facts.mx = ANSWER_DATA;
	facts.live.ttl_s = 3600;
	add_mx(&facts.live, 10, "a.exempel.com");
	facts.server[0].set.ttl_s = MX_TTL_UNKNOWN;
	assert_string_equal(rows(), "ROW 0: [text ns1.exempel.com] [address/1 192.0.2.1] [ok ✔ set A] [dim/2]\n"
				    "ROW 1: [text ns2.exempel.com] [address/1 192.0.2.2] [warning ▲ set B] [dim/2]\n");
}

/* What is only in the live set is told, the first record too; a cache whose TTL has run down differs in nothing. */
static void records__are_told__by_which_set_has_them(void **state)
{
	struct server_facts *server;

	(void)state;
	facts.held.mx = ANSWER_DATA;
	facts.held.set.ttl_s = 3600;
	add_mx(&facts.held.set, 10, "a.exempel.com");
	server = add_server("ns1.exempel.com", "192.0.2.1", ANSWER_DATA);
	add_mx(&server->set, 20, "b.exempel.com");
	facts.cached.mx = ANSWER_DATA;
	facts.cached.at = 1000;
	facts.cached.set.ttl_s = 59;
	add_mx(&facts.cached.set, 10, "a.exempel.com");
	truth_settle(&facts);
	assert_string_equal(one(1, 1000), "ROW [text ns1.exempel.com] [address/1 192.0.2.1] [warning ▲ set B] [dim/2]\n"
					  " [warning TTL 1h]\n"
					  "ROW [warning + 20] [warning b.exempel.com]\n"
					  "ROW [warning - 10] [warning a.exempel.com]\n"
					  " [dim + is only in this set, - only in the one that the ladder shows.]\n");
	assert_string_equal(one(2, 1000), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 59s]\n"
					  "ROW [text 10] [text a.exempel.com]\n");
}

static void cache__runs_out(void **state)
{
	(void)state;
	facts.cached.mx = ANSWER_DATA;
	facts.cached.at = 1000;
	facts.cached.set.ttl_s = 7325;
	add_mx(&facts.cached.set, 10, "a.exempel.com");
	truth_settle(&facts);
	assert_string_equal(one(0, 1000), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 2h2m]\n"
					  "ROW [text 10] [text a.exempel.com]\n");
	assert_string_equal(one(0, 1000 + 3725), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 1h]\n"
						 "ROW [text 10] [text a.exempel.com]\n");
	assert_string_equal(one(0, 1000 + 3726), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 59m59s]\n"
						 "ROW [text 10] [text a.exempel.com]\n");
	assert_string_equal(rows(), "ROW 0: [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 gone in 2h2m]\n");
	assert_string_equal(one(0, 1000 + 7325), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ set A] [dim/2 run out]\n"
						 "ROW [text 10] [text a.exempel.com]\n");
}

static void trouble__of_a_server__is_told_in_full(void **state)
{
	(void)state;
	add_server("ns1.exempel.com", "192.0.2.1", ANSWER_REFUSED);
	facts.cached.mx = ANSWER_NXDOMAIN;
	facts.cached.at = 1000;
	truth_settle(&facts);
	assert_string_equal(one(0, 1000), "ROW [text ns1.exempel.com] [address/1 192.0.2.1] [warning ▲ refuses to answer] [dim/2]\n"
					  " [warning ▲ ns1.exempel.com (192.0.2.1) refuses to answer]\n");
	/* a name that is not there has a set, which is empty; it has no TTL */
	assert_string_equal(one(1, 1000), "ROW [text resolver 127.0.0.1] [address/1] [ok ✔ no record] [dim/2 run out]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers__of_nobody__are_none, begin, end),
		cmocka_unit_test_setup_teardown(answers__that_differ__have_letters, begin, end),
		cmocka_unit_test_setup_teardown(answers__that_did_not_come__say_why, begin, end),
		cmocka_unit_test_setup_teardown(answer__in_full__stands_beside_the_live_set, begin, end),
		cmocka_unit_test_setup_teardown(source__is_named__by_its_kind, begin, end),
		cmocka_unit_test_setup_teardown(sets__have_the_letters__that_there_are, begin, end),
		cmocka_unit_test_setup_teardown(sets__are_one__by_what_both_tell, begin, end),
		cmocka_unit_test_setup_teardown(sets__are_compared__without_a_live_one_or_its_ttl, begin, end),
		cmocka_unit_test_setup_teardown(records__are_told__by_which_set_has_them, begin, end),
		cmocka_unit_test_setup_teardown(cache__runs_out, begin, end),
		cmocka_unit_test_setup_teardown(trouble__of_a_server__is_told_in_full, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
