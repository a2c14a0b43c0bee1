/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Name servers that do not answer: which zones fail, and where the mail ends then. */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "world.h"

/* A zone fails when none of its servers answers, and not before. */
static void marks_servers__make__zones_fail(void **state)
{
	static const struct {
		const char *marks[4];
		enum sim_state com, net, many;
	} rows[] = {
		{ { "ns:ns1.example.com" }, SIM_UP, SIM_UP, SIM_UP },
		{ { "ns:ns1.example.com", "ns:ns2.example.com" }, SIM_DNS_TIMEOUT, SIM_UP, SIM_UP },
		{ { "ns:ns1.example.com", "ns:ns2.example.com=servfail" }, SIM_SERVFAIL, SIM_UP, SIM_UP },
		{ { "ns:ns1.example.com", "ns:ns2.example.com", "zone:example.com" }, SIM_SERVFAIL, SIM_UP, SIM_UP },
		{ { "ns:ns2.example.com", "ns:ns3.example.com" }, SIM_UP, SIM_DNS_TIMEOUT, SIM_UP },
		{ { "ns:ns1.example.com", "ns:ns2.example.com", "ns:ns3.example.com" }, SIM_DNS_TIMEOUT, SIM_DNS_TIMEOUT, SIM_UP },
		/* one of which more servers are known to be than are kept never fails by them */
		{ { "ns:n0.example.com", "ns:n1.example.com" }, SIM_UP, SIM_UP, SIM_UP },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct marks full = { 0 };
		struct world world;
		struct dname com, net, many;

		world_init_records(&world, "@ MX 10 a; @ MX 20 b; a A 192.0.2.10; b A 192.0.2.11");
		world_zone(&world, "example.com", "ns1.example.com ns2.example.com");
		world_zone(&world, "example.net", "ns2.example.com ns3.example.com");
		world_zone(&world, "many.example", "n0.example.com n1.example.com");
		world.facts.zones[2].more = 1;
		dname_parse(&com, "example.com", NULL);
		dname_parse(&net, "mx.example.net", NULL);
		dname_parse(&many, "mx.many.example", NULL);
		assert_false(marks_servers(&world.marks, &world.facts, &full));
		for (size_t j = 0; j < 4 && rows[i].marks[j]; j++)
			world_mark(&world, rows[i].marks[j]);
		assert_true(marks_servers(&world.marks, &world.facts, &full));
		assert_int_equal(marks_domain(&full, &com), rows[i].com);
		assert_int_equal(marks_name(&full, &net), rows[i].net);
		assert_int_equal(marks_name(&full, &many), rows[i].many);
		marks_release(&full);
		world_release(&world);
	}
}

/* One name server that answers is enough; without any, the targets of its zone are gone, and with the domain's own zone all is. */
static void name_servers__take__their_zone_along(void **state)
{
	static const struct {
		const char *marks[4];
		double at_once, reserve;
	} rows[] = {
		{ { "ns:ns1.example.net" }, 1, 0 },
		{ { "a.example.net", "ns:ns1.example.org" }, 1, 1 },
		{ { "ns:ns1.example.net", "ns:ns2.example.net" }, 1, 1 },
		{ { "ns:ns1.example.net", "ns:ns2.example.net", "ns:ns1.example.org" }, 0, 0 },
		{ { "ns:ns1.example.com" }, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sim_result result = { 0 };
		struct world world;

		world_init_records(&world, "@ MX 10 a.example.net.; @ MX 20 b.example.org.");
		world_zone(&world, "example.com", "ns1.example.com");
		world_zone(&world, "example.net", "ns1.example.net ns2.example.net");
		world_zone(&world, "example.org", "ns1.example.org ns1.example.net");
		for (size_t k = 0; k < world.facts.n_host; k++) {
			struct host_facts *host = &world.facts.host[k];

			host->a = ANSWER_DATA;
			host->aaaa = ANSWER_NODATA;
			host->n_addr = 1;
			assert_true(addr_parse(&host->addr[0], k ? "192.0.2.20" : "192.0.2.10"));
		}
		for (size_t j = 0; j < 4 && rows[i].marks[j]; j++)
			world_mark(&world, rows[i].marks[j]);
		failover_run(&world.in, sender_find("rfc5321"), &result);
		assert_true(fabs(1 - result.first.deferred - result.first.bounced - rows[i].at_once) < 1e-9);
		assert_true(fabs(world_host(&result.first, "b.example.org") - rows[i].reserve) < 1e-9);
		sim_result_release(&result);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_servers__make__zones_fail),
		cmocka_unit_test(name_servers__take__their_zone_along),
	};

	return cmocka_run_group_tests_name("servers", tests, NULL, NULL);
}
