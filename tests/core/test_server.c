/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/server.h"

static void state__tells_each_kind_apart(void **state)
{
	static const struct {
		const char *address; /* NULL: none */
		enum answer looked_up, mx;
		bool authoritative;
		enum server_state state;
		const char *name, *text;
	} rows[] = {
		{ "192.0.2.1", ANSWER_DATA, ANSWER_DATA, true, SERVER_ANSWERS, "answers", "answers" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_NODATA, true, SERVER_ANSWERS, "answers", "answers" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_NXDOMAIN, true, SERVER_ANSWERS, "answers", "answers" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_DATA, false, SERVER_LAME, "lame", "no authority for the zone, or it fails" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_NODATA, false, SERVER_LAME, "lame", "no authority for the zone, or it fails" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_SERVFAIL, false, SERVER_LAME, "lame", "no authority for the zone, or it fails" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_BROKEN, true, SERVER_LAME, "lame", "no authority for the zone, or it fails" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_REFUSED, false, SERVER_REFUSES, "refuses", "refuses to answer" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_TIMEOUT, false, SERVER_SILENT, "silent", "no answer" },
		{ "2001:db8::1", ANSWER_DATA, ANSWER_UNREACHABLE, false, SERVER_UNREACHABLE, "unreachable", "not reachable from here" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_UNASKED, false, SERVER_NOT_ASKED, "not-asked", "not asked" },
		{ "192.0.2.1", ANSWER_DATA, ANSWER_PENDING, false, SERVER_PENDING, "not-asked", "waiting for an answer" },
		{ NULL, ANSWER_NODATA, ANSWER_UNASKED, false, SERVER_NO_ADDRESS, "no-address", "its name has no address" },
		{ NULL, ANSWER_NXDOMAIN, ANSWER_UNASKED, false, SERVER_NO_ADDRESS, "no-address", "its name has no address" },
		{ NULL, ANSWER_PENDING, ANSWER_UNASKED, false, SERVER_PENDING, "not-asked", "waiting for an answer" },
		/* the address could not be looked up: whether it has one is not known */
		{ NULL, ANSWER_SERVFAIL, ANSWER_UNASKED, false, SERVER_NOT_ASKED, "not-asked", "not asked" },
		{ NULL, ANSWER_TIMEOUT, ANSWER_UNASKED, false, SERVER_NOT_ASKED, "not-asked", "not asked" },
		{ NULL, ANSWER_UNASKED, ANSWER_UNASKED, false, SERVER_NOT_ASKED, "not-asked", "not asked" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct server_facts server = { .address = rows[i].looked_up, .mx = rows[i].mx, .authoritative = rows[i].authoritative };

		if (rows[i].address)
			assert_true(addr_parse(&server.addr, rows[i].address));
		assert_int_equal(server_state(&server), rows[i].state);
		assert_string_equal(server_state_name(server_state(&server)), rows[i].name);
		assert_string_equal(server_state_text(server_state(&server)), rows[i].text);
	}
}

/* ---- several servers: "ns1 192.0.2.1 answers 10 mx1" a row ---- */

struct row {
	const char *name, *address;
	enum answer mx;
	const char *host; /* of its only record; NULL: an empty set */
};

static void set_to(struct mxset *set, const char *host)
{
	struct mx mx;

	mxset_init(set);
	set->ttl_s = 300;
	if (!host)
		return;
	memset(&mx, 0, sizeof(mx));
	mx_set(&mx, 10, host);
	mxset_add(set, &mx);
}

static void build(struct facts *facts, const struct row *rows)
{
	struct dname domain;

	assert_true(dname_parse(&domain, "exempel.com", NULL));
	facts_init(facts, &domain);
	for (size_t i = 0; rows[i].name; i++) {
		struct addr addr = { 0 };
		struct dname name;
		struct server_facts *server;

		assert_true(dname_parse(&name, rows[i].name, NULL));
		if (rows[i].address)
			assert_true(addr_parse(&addr, rows[i].address));
		server = facts_server_add(facts, &name, &addr);
		server->address = rows[i].address ? ANSWER_DATA : ANSWER_NODATA;
		server->mx = rows[i].mx;
		server->authoritative = true;
		set_to(&server->set, rows[i].host);
	}
}

static const struct scene {
	struct row rows[6];
	size_t servers, asked, answer, agree, differ, half;
	const char *agree_text, *trouble; /* NULL: no message */
} scenes[] = {
	{ { { 0 } }, 0, 0, 0, 0, 0, 0, NULL, NULL },
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" } }, 1, 1, 1, 1, 0, 0, "1 of 1 name server agrees", NULL },
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns2", "192.0.2.2", ANSWER_DATA, "mx2" } }, 2, 2, 2, 1, 1, 0,
		"1 of 2 name servers agree", NULL },
	/* one server at two addresses is one */
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns1", "2001:db8::1", ANSWER_DATA, "mx1" } }, 1, 1, 1, 1, 0, 0,
		"1 of 1 name server agrees", NULL },
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns1", "2001:db8::1", ANSWER_DATA, "mx2" } }, 1, 1, 1, 0, 1, 0,
		"0 of 1 name server agrees", NULL },
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns1", "2001:db8::1", ANSWER_TIMEOUT, NULL } }, 1, 1, 1, 1, 0, 1,
		"1 of 1 name server agrees", "no answer from ns1 (2001:db8::1)" },
	/* a family that this machine lacks is nothing that was asked */
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns1", "2001:db8::1", ANSWER_UNREACHABLE, NULL } }, 1, 1, 1, 1, 0, 0,
		"1 of 1 name server agrees", "ns1 (2001:db8::1) cannot be reached from here" },
	{ { { "ns1", "2001:db8::1", ANSWER_UNREACHABLE, NULL } }, 1, 0, 0, 0, 0, 0, "ns1 (2001:db8::1) cannot be reached from here",
		"ns1 (2001:db8::1) cannot be reached from here" },
	/* nobody answered: nobody disagrees */
	{ { { "ns1", "192.0.2.1", ANSWER_TIMEOUT, NULL } }, 1, 1, 0, 0, 0, 0, "no answer from ns1 (192.0.2.1)",
		"no answer from ns1 (192.0.2.1)" },
	{ { { "ns1", "192.0.2.1", ANSWER_REFUSED, NULL } }, 1, 1, 0, 0, 0, 0, "ns1 (192.0.2.1) refuses to answer",
		"ns1 (192.0.2.1) refuses to answer" },
	{ { { "ns1", "192.0.2.1", ANSWER_SERVFAIL, NULL } }, 1, 1, 0, 0, 0, 0, "ns1 (192.0.2.1) is no authority for the zone, or fails",
		"ns1 (192.0.2.1) is no authority for the zone, or fails" },
	{ { { "ns1", NULL, ANSWER_UNASKED, NULL } }, 1, 0, 0, 0, 0, 0, "the name server ns1 has no address",
		"the name server ns1 has no address" },
	{ { { "ns1", "192.0.2.1", ANSWER_UNASKED, NULL }, { "ns2", "192.0.2.2", ANSWER_UNASKED, NULL } }, 2, 0, 0, 0, 0, 0,
		"no name server was asked", NULL },
	{ { { "ns1", "192.0.2.1", ANSWER_PENDING, NULL } }, 1, 1, 0, 0, 0, 0, "no name server has answered yet", NULL },
	/* two of four answer */
	{ { { "ns1", "192.0.2.1", ANSWER_DATA, "mx1" }, { "ns2", "192.0.2.2", ANSWER_DATA, "mx1" }, { "ns3", NULL, ANSWER_UNASKED, NULL },
		  { "ns4", "192.0.2.4", ANSWER_TIMEOUT, NULL } },
		4, 3, 2, 2, 0, 0, "2 of 2 name servers that answered agree, of 4 in all", "the name server ns3 has no address" },
	{ { { "ns1", "192.0.2.1", ANSWER_NODATA, NULL }, { "ns2", "192.0.2.2", ANSWER_TIMEOUT, NULL } }, 2, 2, 1, 0, 1, 0,
		"0 of 1 name server that answered agrees, of 2 in all", "no answer from ns2 (192.0.2.2)" },
};

static void says(const struct msg *msg, const char *wanted)
{
	struct str text;

	if (!wanted) {
		assert_null(msg->id);
		return;
	}
	assert_non_null(msg->id);
	str_init(&text, 0);
	msg_format(msg, NULL, &text);
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

static void count__counts_names_and_what_they_did(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		const struct scene *scene = &scenes[i];
		struct server_count count;
		struct facts facts;
		struct mxset set;
		struct msg msg;
		size_t sum = 0;

		build(&facts, scene->rows);
		set_to(&set, "mx1");
		servers_count(&facts, &set, &count);
		assert_int_equal(count.servers, scene->servers);
		assert_int_equal(count.asked, scene->asked);
		assert_int_equal(count.by_state[SERVER_ANSWERS], scene->answer);
		assert_int_equal(count.agree, scene->agree);
		assert_int_equal(count.differ, scene->differ);
		assert_int_equal(count.half, scene->half);
		for (size_t k = 0; k < SERVER_STATES; k++)
			sum += count.by_state[k];
		assert_int_equal(sum, scene->servers);
		servers_agree_text(&facts, &set, &msg);
		says(&msg, scene->agree_text);
		servers_trouble_text(&facts, 0, &msg);
		says(&msg, scene->trouble);
		servers_count(&facts, NULL, &count);
		assert_int_equal(count.agree + count.differ, 0);
		mxset_release(&set);
		facts_release(&facts);
	}
}

/* Of two addresses of one server, the state that says more of it, in whichever order they stand. */
static void count__takes__the_state_that_says_more(void **state)
{
	static const enum server_state order[] = { SERVER_NO_ADDRESS, SERVER_NOT_ASKED, SERVER_UNREACHABLE, SERVER_SILENT, SERVER_REFUSES,
		SERVER_LAME, SERVER_PENDING, SERVER_ANSWERS };
	static const enum answer answers[] = { ANSWER_UNASKED, ANSWER_UNASKED, ANSWER_UNREACHABLE, ANSWER_TIMEOUT, ANSWER_REFUSED,
		ANSWER_SERVFAIL, ANSWER_PENDING, ANSWER_DATA };
	size_t n = sizeof(order) / sizeof(*order);

	(void)state;
	assert_int_equal(n, SERVER_STATES);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			struct row rows[3] = { { "ns1", i ? "192.0.2.1" : NULL, answers[i], "mx1" },
				{ "ns1", k ? "192.0.2.2" : NULL, answers[k], "mx1" } };
			struct server_count count;
			struct facts facts;

			build(&facts, rows);
			servers_count(&facts, NULL, &count);
			assert_int_equal(count.servers, 1);
			assert_int_equal(count.by_state[order[i > k ? i : k]], 1);
			facts_release(&facts);
		}
	}
}

/* What a server gives of a name that lies elsewhere is no set of this one. */
static void count__leaves_out__what_lies_elsewhere(void **state)
{
	static const struct row rows[] = { { "ns1", "192.0.2.1", ANSWER_DATA, "mx2" }, { NULL, NULL, ANSWER_UNASKED, NULL } };
	struct server_count count;
	struct facts facts;
	struct mxset set;

	(void)state;
	build(&facts, rows);
	set_to(&set, "mx1");
	servers_count(&facts, &set, &count);
	assert_int_equal(count.differ, 1);
	facts.server[0].elsewhere = true;
	servers_count(&facts, &set, &count);
	assert_int_equal(count.by_state[SERVER_ANSWERS], 1);
	assert_int_equal(count.agree, 0);
	assert_int_equal(count.differ, 0);
	mxset_release(&set);
	facts_release(&facts);
}

/* Who named the one server to ask did ask a name server. */
static void agree__tells__of_the_other_servers(void **state)
{
	static const struct row rows[] = { { "ns1", "192.0.2.1", ANSWER_UNASKED, NULL }, { NULL, NULL, ANSWER_UNASKED, NULL } };
	struct facts facts;
	struct msg msg;

	(void)state;
	build(&facts, rows);
	facts.source = SOURCE_SERVER;
	servers_agree_text(&facts, &facts.live, &msg);
	says(&msg, "no other name server was asked");
	facts_release(&facts);
}

static void trouble__tells_one_after_the_other(void **state)
{
	static const struct row rows[] = {
		{ "ns1", "192.0.2.1", ANSWER_DATA, "mx1" },
		{ "ns2", "192.0.2.2", ANSWER_TIMEOUT, NULL },
		{ "ns3", "192.0.2.3", ANSWER_UNASKED, NULL },
		{ "ns4", "192.0.2.4", ANSWER_REFUSED, NULL },
		{ NULL, NULL, ANSWER_UNASKED, NULL },
	};
	struct facts facts;
	struct msg msg;

	(void)state;
	build(&facts, rows);
	servers_trouble_text(&facts, 0, &msg);
	says(&msg, "no answer from ns2 (192.0.2.2)");
	servers_trouble_text(&facts, 1, &msg);
	says(&msg, "ns4 (192.0.2.4) refuses to answer");
	servers_trouble_text(&facts, 2, &msg);
	says(&msg, NULL);
	facts_release(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(state__tells_each_kind_apart),
		cmocka_unit_test(count__counts_names_and_what_they_did),
		cmocka_unit_test(count__takes__the_state_that_says_more),
		cmocka_unit_test(count__leaves_out__what_lies_elsewhere),
		cmocka_unit_test(agree__tells__of_the_other_servers),
		cmocka_unit_test(trouble__tells_one_after_the_other),
	};

	return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
