/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "wire/zonetext.h"

static const char first[] =
	"$ORIGIN example.com.\n$TTL 60\n@ SOA ns1 root 5 1 1 1 30\n@ NS ns1\n@ MX 10 mx\n@ MX 20 b\nmx A 192.0.2.1\nmx AAAA 2001:db8::1\n"
	"al CNAME mx\nfar CNAME x.example.net.\nout CNAME y.example.org.\nloop CNAME pool\npool CNAME loop\n"
	"*.wild A 192.0.2.9\nthere.wild TXT t\nd.e.f A 192.0.2.2\ncut NS ns.elsewhere.example.\ngiven NS ns.given\n"
	"\\042odd TYPE65534 \\# 2 ABCD\n";
static const char second[] = "$TTL 60\nexample.net. SOA ns1 root 5 1 1 1 30\nx A 192.0.2.3\n";
static const char third[] = "$TTL 60\ngiven.example.com. SOA ns1.example.com. root 5 1 1 1 30\nh A 192.0.2.4\n";

static struct zoneworld *world_of(void)
{
	struct zoneworld *world = zoneworld_new();

	assert_true(zoneworld_add(world, "first", first, strlen(first), NULL));
	assert_false(zoneworld_add(world, "first again", first, strlen(first), NULL));
	assert_true(zoneworld_add(world, "second", second, strlen(second), NULL));
	assert_true(zoneworld_add(world, "third", third, strlen(third), NULL));
	return world;
}

static void zoneworld_ask__answers__as_a_resolver(void **state)
{
	static const struct {
		const char *name;
		enum dns_type type;
		enum answer answer;
		size_t n_alias, n;
	} rows[] = {
		{ "example.com", DNS_MX, ANSWER_DATA, 0, 2 },
		{ "EXAMPLE.com", DNS_TXT, ANSWER_NODATA, 0, 1 },
		{ "mx.example.com", DNS_AAAA, ANSWER_DATA, 0, 1 },
		{ "no.example.com", DNS_A, ANSWER_NXDOMAIN, 0, 1 },
		{ "al.example.com", DNS_A, ANSWER_DATA, 1, 2 },
		{ "al.example.com", DNS_CNAME, ANSWER_DATA, 0, 1 },
		{ "far.example.com", DNS_A, ANSWER_DATA, 1, 2 },
		{ "out.example.com", DNS_A, ANSWER_SERVFAIL, 1, 1 },
		{ "loop.example.com", DNS_A, ANSWER_BROKEN, 1, 10 },
		{ "any.wild.example.com", DNS_A, ANSWER_DATA, 0, 1 },
		{ "any.there.wild.example.com", DNS_A, ANSWER_NXDOMAIN, 0, 1 },
		{ "there.wild.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "e.f.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "cut.example.com", DNS_A, ANSWER_SERVFAIL, 0, 0 },
		{ "a.cut.example.com", DNS_A, ANSWER_SERVFAIL, 0, 0 },
		{ "h.given.example.com", DNS_A, ANSWER_DATA, 0, 1 },
		{ "given.example.com", DNS_DS, ANSWER_NODATA, 0, 1 },
		{ "\\042odd.example.com", DNS_A, ANSWER_NODATA, 0, 1 },
		{ "example.org", DNS_A, ANSWER_SERVFAIL, 0, 0 },
	};
	struct zoneworld *world = world_of();
	struct dns_answer answer = { 0 };

	(void)state;
	assert_int_equal(zoneworld_zones(world), 3);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct dname alias[FACTS_ALIASES], final;
		struct dns_question question = { .type = rows[i].type };
		enum answer got;
		size_t n_alias;

		assert_true(dname_parse(&question.name, rows[i].name, NULL));
		zoneworld_ask(world, &question, &answer);
		got = dns_answer_read(&answer, &question, alias, &n_alias, &final);
		if (got != rows[i].answer || n_alias != rows[i].n_alias || answer.n != rows[i].n)
			fail_msg("%s: answer %d, %zu aliases, %zu records", rows[i].name, (int)got, n_alias, answer.n);
	}
	dns_answer_release(&answer);
	zoneworld_free(world);
}

static void zoneworld_add__names__the_line(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "$ORIGIN a.\n$TTL 60\n@ SOA a b 1 1 1 1 1\nx A 192.0.2.999\n",
			"z, line 4: the record cannot be read: Syntax error, could not parse the RR's rdata" },
		{ "$TTL 60\nx A 192.0.2.1\n", "z, line 2: no $ORIGIN says what this name is relative to" },
		{ "$ORIGIN a.\n$TTL 60\nx A 192.0.2.1\n", "z, line 3: the zone does not begin with its SOA record" },
		{ "$ORIGIN a.\n$TTL 60\n@ SOA a b (\n1 1 1 1 1 )\nb. A 192.0.2.1\n", "z, line 5: the record lies outside the zone" },
		{ "; nothing\n", "z holds no zone: there is no SOA record" },
		{ "$ORIGIN a..b.\n", NULL },
		{ "$TTL x\n", "z, line 1: this directive is not understood" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct zoneworld *world = zoneworld_new();
		struct err err = { 0 };
		struct str said;

		str_init(&said, 0);
		assert_false(zoneworld_add(world, "z", rows[i].text, strlen(rows[i].text), &err));
		assert_int_equal(err.code, ERR_USAGE);
		err_format(&err, NULL, &said);
		if (rows[i].said)
			assert_string_equal(said.s, rows[i].said);
		assert_int_equal(zoneworld_zones(world), 0);
		str_release(&said);
		zoneworld_free(world);
	}
}

static void zoneworld_find__chooses__the_longest(void **state)
{
	static const char two[] = "$TTL 60\nexample.com. SOA a. b. 1 1 1 1 1\nsub.example.com. SOA a. b. 1 1 1 1 1\n";
	struct zoneworld *world = zoneworld_new();
	struct dname name;

	(void)state;
	assert_true(zoneworld_add(world, "two", two, strlen(two), NULL));
	assert_int_equal(zoneworld_zones(world), 2);
	assert_true(dname_parse(&name, "a.sub.example.com", NULL));
	assert_ptr_equal(zoneworld_find(world, &name), zoneworld_zone(world, 1));
	assert_true(dname_parse(&name, "asub.example.com", NULL));
	assert_ptr_equal(zoneworld_find(world, &name), zoneworld_zone(world, 0));
	assert_true(dname_parse(&name, "example.net", NULL));
	assert_null(zoneworld_find(world, &name));
	zoneworld_free(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zoneworld_ask__answers__as_a_resolver),
		cmocka_unit_test(zoneworld_add__names__the_line),
		cmocka_unit_test(zoneworld_find__chooses__the_longest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
