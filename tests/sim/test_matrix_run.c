/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is taken from a failure that was run before is what a run would say. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "made.h"
#include "sim/matrix/matrix.h"
#include "world.h"

static void check_row(const struct matrix *matrix, const struct matrix_row *row)
{
	struct sim_input in = matrix->in;
	struct sim_result result = { 0 };
	struct marks marks = { 0 };

	matrix_marks(matrix, row->failure, row->n, &marks);
	in.marks = &marks;
	failover_run(&in, matrix->sender, &result);
	assert_true(fabs(row->now - (1 - result.first.deferred - result.first.bounced - result.first.unknown)) < 1e-12);
	assert_true(fabs(row->lost - (result.final.deferred + result.final.bounced)) < 1e-12);
	assert_true(fabs(row->bounced - result.final.bounced) < 1e-12);
	assert_true(fabs(row->now + row->late + row->lost + row->unknown - 1) < 1e-12);
	sim_result_release(&result);
	marks_release(&marks);
}

/* Each row says what a run of that failure says, run or taken from one like it. */
static void check_rows(const struct sim_input *in, size_t *rows, size_t *run)
{
	for (size_t s = 0; senders[s]; s++) {
		struct matrix matrix;

		matrix_init(&matrix, in, senders[s], 2);
		while (matrix_step(&matrix, 50))
			;
		for (size_t k = 0; k < matrix.n_row; k++)
			check_row(&matrix, matrix_at(&matrix, k));
		*rows += matrix.n_row;
		*run += matrix.n_run;
		matrix_release(&matrix);
	}
}

static void matrix_run__tells__what_a_run_would(void **state)
{
	uint64_t seed = 5;
	size_t rows = 0, run = 0;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		struct made made;

		made_init(&made, &seed);
		if (i % 3 == 0)
			made_guard(&made, &seed);
		check_rows(&made.in, &rows, &run);
		made_release(&made);
	}
	assert_true(run > 0 && run < rows / 4);
}

/* Hosts that the MTA-STS policy does not list, or may not list, are not like those beside them. */
static void matrix_run__tells__them_with_a_policy(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct world world;
		struct sts_facts *sts = &world.facts.sts;
		size_t rows = 0, run = 0;

		world_init_records(&world, "@ MX 10 a; @ MX 10 b; @ MX 20 c; @ MX 20 d; a A 192.0.2.1; b A 198.51.100.2; c A 203.0.113.3; "
					   "d A 192.0.2.4; d AAAA 2001:db8::4");
		*sts = (struct sts_facts){ .txt = ANSWER_DATA, .n_record = 1, .txt_valid = true, .fetch = STS_FETCH_OK };
		sts->policy = (struct sts_policy){ .mode = STS_ENFORCE, .n_mx = 2, .more = more };
		assert_true(dname_parse(&sts->policy.mx[0].name, "b.example.com", NULL));
		assert_true(dname_parse(&sts->policy.mx[1].name, "d.example.com", NULL));
		world.facts.dnssec = DNSSEC_INSECURE;
		check_rows(&world.in, &rows, &run);
		world_mark(&world, "b.example.com=no-starttls");
		check_rows(&world.in, &rows, &run);
		world_release(&world);
	}
}

/* Three targets, each in a zone of its own that may fail. */
static void init_zones(struct world *world)
{
	static const char *const addrs[] = { "192.0.2.10", "198.51.100.20", "203.0.113.30" };

	world_init_records(world, "@ MX 10 mx.example.net.; @ MX 10 mx.example.org.; @ MX 20 mx.example.info.");
	for (size_t i = 0; i < world->facts.n_host; i++) {
		world->facts.host[i].a = ANSWER_DATA;
		world->facts.host[i].aaaa = ANSWER_NODATA;
		world->facts.host[i].n_addr = 1;
		assert_true(addr_parse(&world->facts.host[i].addr[0], addrs[i]));
	}
}

/* Alike at first only: broken TLS and no TLS later on; servers by twos on one rung, or one behind the other. */
static void matrix_run__tells_apart__what_seems_alike(void **state)
{
	struct world world;
	size_t rows = 0, run = 0;

	(void)state;
	init_zones(&world);
	world_mark(&world, "mx.example.net=tls-fail");
	world_mark(&world, "mx.example.org=greeting-4xx");
	world_mark(&world, "mx.example.info=refused");
	check_rows(&world.in, &rows, &run);
	world_release(&world);
	init_zones(&world);
	world_mark(&world, "mx.example.net=rcpt-5xx");
	check_rows(&world.in, &rows, &run);
	world_release(&world);
}

/* Equals of which two share an address, or are one name: a sender that drops what it met before ends otherwise where these fail. */
static void matrix_run__tells_apart__what_shares(void **state)
{
	static const char *const records[] = {
		"@ MX 10 a; @ MX 10 b; @ MX 10 c; a A 192.0.2.1; b A 192.0.2.1; c A 192.0.2.3",
		"@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 20 a; a A 192.0.2.1; b A 192.0.2.2; c A 192.0.2.3",
		"@ MX 10 a; @ MX 20 a; @ MX 20 b; @ MX 20 c; a A 192.0.2.1; b A 192.0.2.2; c A 192.0.2.3",
		"@ MX 10 a; @ MX 10 b; @ MX 10 c; a A 192.0.2.1; b A 192.0.2.1; b A 192.0.2.2; c A 192.0.2.2; c A 192.0.2.3",
	};
	size_t rows = 0, run = 0;

	(void)state;
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct world world;

		world_init_records(&world, records[i]);
		check_rows(&world.in, &rows, &run);
		world_release(&world);
	}
}

/* Which of six hosts alike fails makes no difference, nor does a name server beside others. */
static void matrix_run__takes__each_kind_of_failure_once(void **state)
{
	struct world world;

	(void)state;
	world_init_records(&world, "@ MX 10 a; @ MX 10 b; @ MX 10 c; @ MX 10 d; @ MX 10 e; @ MX 10 f; a A 192.0.2.1; b A 192.0.2.2; "
				   "c A 192.0.2.3; d A 192.0.2.4; e A 192.0.2.5; f A 192.0.2.6");
	world_zone(&world, "example.com", "ns1.example.net ns2.example.net ns3.example.net");
	for (size_t s = 0; senders[s]; s++) {
		struct matrix matrix;

		if (senders[s]->order == ORDER_RESOLVER || senders[s]->order == ORDER_RESOLVER_LIFO)
			continue;
		matrix_init(&matrix, &world.in, senders[s], 2);
		while (matrix_step(&matrix, 10))
			;
		/* none, one, or two hosts, the first of them or not; all; no answer */
		assert_true(matrix.n_run <= 8);
		assert_true(matrix.n_row > 100);
		matrix_release(&matrix);
	}
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix_run__tells__what_a_run_would),
		cmocka_unit_test(matrix_run__tells__them_with_a_policy),
		cmocka_unit_test(matrix_run__tells_apart__what_seems_alike),
		cmocka_unit_test(matrix_run__tells_apart__what_shares),
		cmocka_unit_test(matrix_run__takes__each_kind_of_failure_once),
	};

	return cmocka_run_group_tests_name("matrix_run", tests, NULL, NULL);
}
