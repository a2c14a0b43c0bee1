/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "world.h"

#define RECORDS "@ MX 10 a; @ MX 20 b; a A 192.0.2.10; a AAAA 2001:db8::10; b A 192.0.2.11"

static void states__name__themselves(void **state)
{
	enum sim_state found;

	(void)state;
	for (size_t i = 0; i < SIM_STATES; i++) {
		assert_true(sim_state_parse(sim_states[i].name, &found));
		assert_int_equal(found, i);
		assert_true(sim_states[i].label[0] != '\0');
	}
	assert_false(sim_state_parse("asleep", &found));
}

static void mark__parses__what_people_write(void **state)
{
	static const struct {
		const char *text, *shown;
		enum mark_kind kind;
		enum sim_state state;
	} rows[] = {
		{ "a.example.com", "a.example.com", MARK_HOST, SIM_REFUSED },
		{ "A.Example.COM.=mute", "a.example.com", MARK_HOST, SIM_MUTE },
		{ "b.example.com=nxdomain", "b.example.com", MARK_HOST, SIM_NXDOMAIN },
		{ "b.example.com=up", "b.example.com", MARK_HOST, SIM_UP },
		{ "192.0.2.10=timeout", "192.0.2.10", MARK_ADDRESS, SIM_TIMEOUT },
		{ "2001:DB8::10", "2001:db8::10", MARK_ADDRESS, SIM_REFUSED },
		{ "192.0.2.0/24", "192.0.2.0/24", MARK_NET, SIM_REFUSED },
		{ "2001:db8::/48=drop", "2001:db8::/48", MARK_NET, SIM_DROP },
		{ "v6", "IPv6", MARK_FAMILY, SIM_REFUSED },
		{ "IPv4=timeout", "IPv4", MARK_FAMILY, SIM_TIMEOUT },
		{ "v4", "IPv4", MARK_FAMILY, SIM_REFUSED },
		{ "ipv4", "IPv4", MARK_FAMILY, SIM_REFUSED },
		{ "ipv6", "IPv6", MARK_FAMILY, SIM_REFUSED },
		{ "IPv6", "IPv6", MARK_FAMILY, SIM_REFUSED },
		{ "192.0.2.10/32", "192.0.2.10/32", MARK_NET, SIM_REFUSED },
		{ "0.0.0.0/0", "0.0.0.0/0", MARK_NET, SIM_REFUSED },
		{ "2001:db8::10/128", "2001:db8::10/128", MARK_NET, SIM_REFUSED },
		{ "zone:example.org=up", "zone example.org", MARK_ZONE, SIM_UP },
		{ "example.com=up", "example.com", MARK_DOMAIN, SIM_UP },
		{ "ns:ns1.example.net=up", "ns:ns1.example.net", MARK_SERVER, SIM_UP },
		{ "zone:example.net", "zone example.net", MARK_ZONE, SIM_SERVFAIL },
		{ "zone:example.com=dns-timeout", "zone example.com", MARK_ZONE, SIM_DNS_TIMEOUT },
		{ "ns:NS1.example.net", "ns:ns1.example.net", MARK_SERVER, SIM_DNS_TIMEOUT },
		{ "ns:ns1.example.net=servfail", "ns:ns1.example.net", MARK_SERVER, SIM_SERVFAIL },
		{ "example.com", "example.com", MARK_DOMAIN, SIM_SERVFAIL },
		{ "example.com=nxdomain", "example.com", MARK_DOMAIN, SIM_NXDOMAIN },
	};
	struct world world;

	(void)state;
	world_init_records(&world, RECORDS "; @ MX 30 d; d CNAME mx.example.org.");
	world_zone(&world, "example.net", "ns2.example.net ns1.example.net");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mark mark, again;
		struct str text;

		assert_true(mark_parse(&mark, rows[i].text, &world.facts, &world.facts.live, NULL));
		assert_int_equal(mark.kind, rows[i].kind);
		assert_int_equal(mark.state, rows[i].state);
		if (mark.kind == MARK_FAMILY)
			assert_int_equal(mark.family, rows[i].shown[3] - '0');
		str_init(&text, 0);
		mark_text(&mark, &text);
		assert_string_equal(text.s, rows[i].shown);
		/* what is typed for it means the same again */
		str_clear(&text);
		mark_argument(&mark, &text);
		str_addf(&text, "=%s", sim_states[mark.state].name);
		assert_true(mark_parse(&again, text.s, &world.facts, &world.facts.live, NULL));
		assert_true(mark_same_subject(&mark, &again) && again.state == mark.state);
		str_release(&text);
	}
	world_release(&world);
}

static void mark__refuses__and_names_candidates(void **state)
{
	static const struct {
		const char *text, *said, *hint;
	} rows[] = {
		{ "c.example.com", "c.example.com is not a host of the MX set", "The hosts are: a.example.com, b.example.com" },
		{ "a.example.com=asleep", "asleep is not a state",
			"The states are: up, refused, timeout, drop, mute, greeting-4xx, greeting-5xx, ehlo-4xx, ehlo-5xx, no-starttls, starttls-4xx, tls-fail, tlsa-mismatch, cert-invalid, mail-4xx, mail-5xx, rcpt-4xx, rcpt-5xx, data-4xx, data-5xx, dot-4xx, dot-5xx, nxdomain, servfail, dns-timeout, unknown" },
		{ "192.0.2.99", "No host of the MX set has the address 192.0.2.99",
			"The addresses are: 192.0.2.10, 2001:db8::10, 192.0.2.11" },
		{ "198.51.100.0/24", "No host of the MX set has the address 198.51.100.0/24",
			"The addresses are: 192.0.2.10, 2001:db8::10, 192.0.2.11" },
		{ "192.0.2.0/33", "192.0.2.0/33 is not a network", "Write it like 192.0.2.0/24 or 2001:db8::/48." },
		{ "2001:db8::/129", "2001:db8::/129 is not a network", "Write it like 192.0.2.0/24 or 2001:db8::/48." },
		{ "192.0.2.0/", "192.0.2.0/ is not a network", "Write it like 192.0.2.0/24 or 2001:db8::/48." },
		{ "192.0.2.0/0024", "192.0.2.0/0024 is not a network", "Write it like 192.0.2.0/24 or 2001:db8::/48." },
		{ "192.0.2.0/x", "192.0.2.0/x is not a network", "Write it like 192.0.2.0/24 or 2001:db8::/48." },
		{ "v6=nxdomain", "v6 is an address: the state nxdomain fits names only", "" },
		{ "192.0.2.10=servfail", "192.0.2.10 is an address: the state servfail fits names only", "" },
		{ "example.com=refused", "example.com is not a mail server here: only nxdomain, servfail and dns-timeout fit it", "" },
		{ "ns:a.example.com", "a.example.com is not a name server of a zone that the mail depends on",
			"The name servers are: ns1.example.net, ns2.example.net" },
		{ "ns:ns1.example.net=refused", "ns:ns1.example.net is a name server: only servfail and dns-timeout fit it", "" },
		{ "ns:ns1.example.net=nxdomain", "ns:ns1.example.net is a name server: only servfail and dns-timeout fit it", "" },
		{ "ns:", "the name is empty", "" },
		{ "zone:example.org", "example.org is not a zone that the mail depends on",
			"These names are looked up: example.com, a.example.com, b.example.com" },
		{ "", "the name is empty", "" },
		{ "..", "\"..\" has an empty label: a dot too many", "" },
	};
	struct world world;

	(void)state;
	world_init_records(&world, RECORDS);
	world_zone(&world, "example.net", "ns2.example.net ns1.example.net");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct mark mark;
		struct err err = { 0 };
		struct str text;

		assert_false(mark_parse(&mark, rows[i].text, &world.facts, &world.facts.live, &err));
		assert_int_equal(err.code, ERR_USAGE);
		str_init(&text, 0);
		err_format(&err, NULL, &text);
		assert_string_equal(text.s, rows[i].said);
		str_clear(&text);
		if (err.hint.id)
			msg_format(&err.hint, NULL, &text);
		assert_string_equal(text.s, rows[i].hint);
		str_release(&text);
	}
	world_release(&world);
}

/* Each once, and only those that the mail goes to. */
static void mark__refused__names_what_there_is(void **state)
{
	static const struct {
		const char *records, *text, *hint;
	} rows[] = {
		{ "@ MX 10 a; @ MX 20 a; @ MX 30 b", "c.example.com", "The hosts are: a.example.com, b.example.com" },
		{ "@ MX 10 a; @ MX 20 a; @ MX 30 b", "zone:example.org",
			"These names are looked up: example.com, a.example.com, b.example.com" },
		{ "@ MX 10 a; @ MX 20 b; @ MX 20 c", "zone:example.org",
			"These names are looked up: example.com, a.example.com, b.example.com, c.example.com" },
		{ "@ MX 0 .; @ MX 10 a", "c.example.com", "The hosts are: ., a.example.com" },
		{ "@ A 192.0.2.1", "c.example.com", "The hosts are: example.com" },
		{ "@ MX 10 a; a A 192.0.2.1", "203.0.113.9", "The addresses are: 192.0.2.1" },
		{ "@ MX 10 a", "203.0.113.9", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct host_facts *other;
		struct world world;
		struct mark mark;
		struct err err = { 0 };
		struct dname name;
		struct str text;

		world_init_records(&world, rows[i].records);
		dname_parse(&name, "other.example.com", NULL);
		other = facts_host_add(&world.facts, &name);
		other->n_addr = 1;
		addr_parse(&other->addr[0], "203.0.113.9");
		assert_false(mark_parse(&mark, rows[i].text, &world.facts, &world.facts.live, &err));
		str_init(&text, 0);
		if (err.hint.id)
			msg_format(&err.hint, NULL, &text);
		assert_string_equal(text.s, rows[i].hint);
		str_release(&text);
		world_release(&world);
	}
}

static void marks__replace__and_remove(void **state)
{
	struct world world;
	struct marks copy = { 0 };
	struct dname host;

	(void)state;
	world_init_records(&world, RECORDS);
	dname_parse(&host, "a.example.com", NULL);
	world_mark(&world, "a.example.com");
	world_mark(&world, "v6=timeout");
	world_mark(&world, "a.example.com=mute");
	assert_int_equal(world.marks.n, 2);
	assert_int_equal(marks_host(&world.marks, &host), SIM_MUTE);
	marks_copy(&copy, &world.marks);
	world_mark(&world, "a.example.com=up");
	assert_int_equal(world.marks.n, 1);
	assert_int_equal(marks_host(&world.marks, &host), SIM_UP);
	assert_int_equal(marks_host(&copy, &host), SIM_MUTE);
	marks_release(&copy);
	world_release(&world);
}

/* Of several marks the failure that is met first counts. */
static void marks__give__the_earliest_failure(void **state)
{
	struct world world;
	struct dname host;
	struct addr addr;

	(void)state;
	world_init_records(&world, RECORDS);
	dname_parse(&host, "a.example.com", NULL);
	addr_parse(&addr, "192.0.2.10");
	world_mark(&world, "a.example.com=rcpt-4xx");
	assert_int_equal(marks_address(&world.marks, &host, &addr), SIM_RCPT_4XX);
	world_mark(&world, "192.0.2.0/24=timeout");
	assert_int_equal(marks_address(&world.marks, &host, &addr), SIM_TIMEOUT);
	world_mark(&world, "zone:example.com");
	assert_int_equal(marks_address(&world.marks, &host, &addr), SIM_TIMEOUT);
	assert_int_equal(marks_name(&world.marks, &host), SIM_SERVFAIL);
	world_release(&world);
}

static void mark__of_a_name_server__without_a_known_one(void **state)
{
	struct world world;
	struct mark mark;
	struct err err = { 0 };

	(void)state;
	world_init_records(&world, RECORDS);
	assert_false(mark_parse(&mark, "ns:ns1.example.net", &world.facts, &world.facts.live, &err));
	assert_non_null(err.hint.id);
	assert_int_equal(err.hint.arg[0][0], 0);
	world_release(&world);
}

/* The longest that is looked at as a name at all. */
static void mark__that_is_too_long__is_refused_as_such(void **state)
{
	struct world world;
	struct mark mark;
	char text[1101];

	(void)state;
	world_init_records(&world, RECORDS);
	memset(text, 'a', 1100);
	for (size_t len = 1099; len <= 1100; len++) {
		struct err err = { 0 };
		struct str said;

		text[len] = '\0';
		str_init(&said, 0);
		assert_false(mark_parse(&mark, text, &world.facts, &world.facts.live, &err));
		err_format(&err, NULL, &said);
		assert_int_equal(strstr(said.s, " is too long") != NULL, len == 1100);
		str_release(&said);
		text[len] = 'a';
	}
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states__name__themselves),
		cmocka_unit_test(mark__parses__what_people_write),
		cmocka_unit_test(mark__refuses__and_names_candidates),
		cmocka_unit_test(mark__refused__names_what_there_is),
		cmocka_unit_test(mark__of_a_name_server__without_a_known_one),
		cmocka_unit_test(marks__replace__and_remove),
		cmocka_unit_test(marks__give__the_earliest_failure),
		cmocka_unit_test(mark__that_is_too_long__is_refused_as_such),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
