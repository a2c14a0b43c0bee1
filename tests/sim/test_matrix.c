/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "sim/matrix.h"
#include "world.h"

static void matrix__counts__its_rows(void **state)
{
	struct world world;
	struct matrix matrix;

	(void)state;
	world_init_records(&world, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2");
	/* 2 hosts, 2 addresses, 2 networks, IPv4, the zone */
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 2);
	assert_int_equal(matrix.n_thing, 8);
	assert_int_equal(matrix_total(&matrix), 8 + 28);
	assert_true(matrix_step(&matrix, 10));
	assert_int_equal(matrix.n_row, 10);
	assert_false(matrix_step(&matrix, 1000));
	assert_int_equal(matrix.n_row, 36);
	for (size_t i = 0; i < matrix.n_row; i++) {
		const struct matrix_row *row = &matrix.row[i];

		/* both hosts do what neither does alone; with IPv4 down nothing gets worse */
		if (row->n == 2 && row->thing[0] == 0 && row->thing[1] == 1)
			assert_false(row->no_worse);
		if (row->n == 2 && matrix.thing[row->thing[1]].kind == MARK_FAMILY)
			assert_true(row->no_worse);
	}
	matrix_release(&matrix);
	world_release(&world);
}

static void matrix__sorts__the_worst_first(void **state)
{
	struct world world;
	struct matrix matrix;

	(void)state;
	world_init_records(&world, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	assert_false(matrix_step(&matrix, 1000));
	for (size_t i = 0; i < matrix.n_row; i++) {
		const struct matrix_row *row = &matrix.row[i];

		if (i > 0)
			assert_true(row->lost <= matrix.row[i - 1].lost + 1e-9);
		/* the common network, the family and the zone stop everything; a host or its address nothing */
		assert_int_equal(row->lost > 0.5, matrix.thing[row->thing[0]].kind >= MARK_NET);
		/* but against family and own zone no other server helps */
		assert_int_equal(matrix_counts(&matrix, row), matrix.thing[row->thing[0]].kind <= MARK_NET);
	}
	matrix_release(&matrix);
	world_release(&world);
}

static void matrix__names__the_smallest_cuts(void **state)
{
	static const struct { const char *records; const char *cuts[6]; } rows[] = {
		/* a host stands for its only address; an own network likewise */
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2",
		  { "IPv4", "a.example.com + b.example.com" } },
		/* the domain's own zone holds everything, its MX records first */
		{ "@ MX 10 a; @ MX 20 mx.example.org.; a A 192.0.2.1; a AAAA 2001:db8::1",
		  { "a.example.com", "192.0.2.1 + 2001:db8::1" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1",
		  { "192.0.2.1", "a.example.com + b.example.com" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2",
		  { "192.0.2.0/24", "a.example.com + b.example.com" } },
		{ "@ MX 10 a; a A 192.0.2.1; a AAAA 2001:db8::1", { "a.example.com", "192.0.2.1 + 2001:db8::1" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		struct matrix_cut cuts[20];
		size_t n, want = 0;

		world_init_records(&world, rows[i].records);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		n = matrix_cuts(&matrix, cuts, 20);
		for (; rows[i].cuts[want]; want++) {
			struct str text;

			assert_true(want < n);
			str_init(&text, 0);
			matrix_text(&matrix, cuts[want].thing, cuts[want].n, &text);
			assert_string_equal(text.s, rows[i].cuts[want]);
			str_release(&text);
		}
		assert_int_equal(n, want);
		matrix_release(&matrix);
		world_release(&world);
	}
}

/* What is called a cut stops every sender; what is no superset of a cut leaves something to the standard's sender. */
static void matrix__cuts__stop_all_mail(void **state)
{
	struct world world;
	struct matrix matrix;
	struct matrix_cut cuts[100];
	size_t n;

	(void)state;
	world_init_records(&world, "@ MX 10 a; @ MX 10 b; @ MX 20 c; a A 192.0.2.1; a AAAA 2001:db8::1; b A 192.0.2.2; c A 198.51.100.3");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	n = matrix_cuts(&matrix, cuts, 100);
	assert_true(n > 0 && n < 100);
	for (size_t i = 0; i < n; i++) {
		struct sim_result result = { 0 };

		for (size_t j = 0; j < cuts[i].n; j++)
			marks_set(&world.marks, &matrix.thing[cuts[i].thing[j]]);
		for (size_t s = 0; senders[s]; s++) {
			failover_run(&world.in, senders[s], &result);
			assert_true(result.final.deferred + result.final.bounced > 1 - 1e-9);
		}
		sim_result_release(&result);
		marks_release(&world.marks);
	}
	matrix_release(&matrix);
	world_release(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix__counts__its_rows),
		cmocka_unit_test(matrix__sorts__the_worst_first),
		cmocka_unit_test(matrix__names__the_smallest_cuts),
		cmocka_unit_test(matrix__cuts__stop_all_mail),
	};

	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
