/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "sim/matrix/matrix.h"
#include "world.h"

static void matrix__counts__its_rows(void **state)
{
	struct world world;
	struct matrix matrix;

	(void)state;
	world_init_records(&world, "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2");
	/* 2 hosts, 2 addresses, 2 networks, IPv4, the zone */
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 2);
	assert_int_equal(matrix.n_failure, 8);
	assert_int_equal(matrix_total(&matrix), 8 + 28);
	assert_true(matrix_step(&matrix, 10));
	assert_int_equal(matrix.n_row, 10);
	assert_false(matrix_step(&matrix, 1000));
	assert_int_equal(matrix.n_row, 36);
	for (size_t i = 0; i < matrix.n_row; i++) {
		const struct matrix_row *row = matrix_at(&matrix, i);

		/* both hosts do what neither does alone; with IPv4 down nothing gets worse */
		if (row->n == 2 && row->failure[0] == 0 && row->failure[1] == 1)
			assert_false(row->no_worse);
		if (row->n == 2 && matrix.failure[row->failure[1]].kind == MARK_FAMILY)
			assert_true(row->no_worse);
	}
	matrix_release(&matrix);
	world_release(&world);
}

/* A null MX has nothing to lose; a host directly below the root lies in no zone that could. */
static void matrix__of_little__has_few_rows(void **state)
{
	static const char *const records[] = { "@ MX 0 .", "@ MX 10 mx." };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world world;
		struct matrix matrix;

		world_init_records(&world, records[i]);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 2);
		assert_int_equal(matrix.n_failure, i);
		assert_false(matrix_step(&matrix, 10));
		assert_int_equal(matrix.n_row, i);
		assert_false(i && (matrix_at(&matrix, 0)->repeats || matrix.failure[0].kind != MARK_HOST));
		matrix_release(&matrix);
		world_release(&world);
	}
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
		const struct matrix_row *row = matrix_at(&matrix, i);

		if (i > 0)
			assert_true(row->lost <= matrix_at(&matrix, i - 1)->lost + 1e-9);
		/* the common network, the family and the zone stop everything; a host or its address nothing */
		assert_int_equal(row->lost > 0.5, matrix.failure[row->failure[0]].kind >= MARK_NET);
		/* but against family and own zone no other server helps */
		assert_int_equal(matrix_ignored(&matrix, row, IGNORE_V4 | IGNORE_V6 | IGNORE_OWN_ZONE | IGNORE_OWN_SERVERS),
			matrix.failure[row->failure[0]].kind > MARK_NET);
		assert_false(matrix_ignored(&matrix, row, 0));
	}
	matrix_release(&matrix);
	world_release(&world);
}

static void matrix__names__the_smallest_cuts(void **state)
{
	static const struct {
		const char *records;
		const char *cuts[6];
		const char *zones[4];
	} rows[] = {
		/* a host stands for its only address; an own network likewise */
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2", { "IPv4", "a.example.com + b.example.com" }, { NULL } },
		/* the domain's own zone holds everything, its MX records first */
		{ "@ MX 10 a; @ MX 20 mx.example.org.; a A 192.0.2.1; a AAAA 2001:db8::1", { "a.example.com", "192.0.2.1 + 2001:db8::1" },
			{ NULL } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", { "192.0.2.1", "a.example.com + b.example.com" }, { NULL } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", { "192.0.2.0/24", "a.example.com + b.example.com" }, { NULL } },
		{ "@ MX 10 a; a A 192.0.2.1; a AAAA 2001:db8::1", { "a.example.com", "192.0.2.1 + 2001:db8::1" }, { NULL } },
		/* the name servers of the domain's own zone, all of them together */
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2",
			{ "IPv4", "a.example.com + b.example.com", "ns:ns1.example.net + ns:ns2.example.net" },
			{ "example.com", "ns1.example.net ns2.example.net" } },
		{ "@ MX 10 a; a A 192.0.2.1", { "a.example.com", "ns:ns1.example.com" }, { "example.com", "ns1.example.com" } },
		/* two zones that share a server; more than four servers are no small set */
		{ "@ MX 10 mx.example.net.; @ MX 20 mx.example.org.; @ MX 30 a; a A 192.0.2.1; a AAAA 2001:db8::1",
			{ "a.example.com", "192.0.2.1 + 2001:db8::1" },
			{ "example.com", "n1.example.net n2.example.net n3.example.net n4.example.net n5.example.net" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		struct matrix_cut cuts[20];
		size_t n, want = 0;

		world_init_records(&world, rows[i].records);
		for (size_t z = 0; z < 4 && rows[i].zones[z]; z += 2)
			world_zone(&world, rows[i].zones[z], rows[i].zones[z + 1]);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		n = matrix_cutsets(&matrix, cuts, 20);
		for (; rows[i].cuts[want]; want++) {
			struct str text;

			assert_true(want < n);
			str_init(&text, 0);
			matrix_text(&matrix, cuts[want].failure, cuts[want].n, &text);
			assert_string_equal(text.s, rows[i].cuts[want]);
			str_release(&text);
		}
		assert_int_equal(n, want);
		matrix_release(&matrix);
		world_release(&world);
	}
}

static struct addr parsed(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(&addr, text));
	return addr;
}

/* Three targets elsewhere, two of them in zones that share a name server. */
static void init_elsewhere(struct world *world)
{
	static const char *const addrs[] = { "192.0.2.10", "198.51.100.20", "203.0.113.30" };

	world_init_records(world, "@ MX 10 mx.example.net.; @ MX 10 mx.example.org.; @ MX 20 mx.example.info.");
	for (size_t i = 0; i < world->facts.n_host; i++) {
		world->facts.host[i].a = ANSWER_DATA;
		world->facts.host[i].aaaa = ANSWER_NODATA;
		world->facts.host[i].n_addr = 1;
		world->facts.host[i].addr[0] = parsed(addrs[i]);
	}
	world_zone(world, "example.com", "ns1.example.com ns2.example.com ns3.example.com");
	world_zone(world, "example.net", "s1.example.net s2.example.net");
	world_zone(world, "example.org", "s2.example.net s3.example.net");
	world_zone(world, "example.info", "s1.example.net s3.example.net");
}

static size_t thing_at(const struct matrix *matrix, const char *name)
{
	struct str text;
	size_t found = SIZE_MAX;

	str_init(&text, 0);
	for (uint32_t i = 0; i < matrix->n_failure; i++) {
		str_clear(&text);
		matrix_text(matrix, &i, 1, &text);
		if (strcmp(text.s, name) == 0)
			found = i;
	}
	str_release(&text);
	assert_true(found != SIZE_MAX);
	return found;
}

static const struct matrix_row *row_of(const struct matrix *matrix, const char *a, const char *b)
{
	size_t x = thing_at(matrix, a), y = b ? thing_at(matrix, b) : x;

	for (size_t i = 0; i < matrix->n_row; i++) {
		if (matrix_at(matrix, i)->failure[0] == x && matrix_at(matrix, i)->failure[1] == y)
			return matrix_at(matrix, i);
	}
	fail_msg("no row of %s", a);
	return NULL;
}

static void matrix__tries__name_servers(void **state)
{
	struct world world;
	struct matrix matrix;
	const struct matrix_row *row;

	(void)state;
	init_elsewhere(&world);
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 2);
	while (matrix_step(&matrix, 7))
		;
	assert_int_equal(matrix.n_row, matrix_total(&matrix));
	assert_true(row_of(&matrix, "ns:s1.example.net", NULL)->now > 1 - 1e-9);
	row = row_of(&matrix, "ns:s1.example.net", "ns:s2.example.net");
	assert_true(row->now > 1 - 1e-9 && row->no_worse); /* the other two targets still take it */
	row = row_of(&matrix, "mx.example.org", "zone example.net");
	assert_true(row->now > 1 - 1e-9);
	/* with two of the three there is a third: but of the domain's own three all must go */
	row = row_of(&matrix, "ns:ns1.example.com", "ns:ns2.example.com");
	assert_true(row->now > 1 - 1e-9 && !matrix_ignored(&matrix, row, IGNORE_OWN_SERVERS));
	matrix_release(&matrix);
	world_mark(&world, "ns:ns3.example.com");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 2);
	while (matrix_step(&matrix, 7))
		;
	row = row_of(&matrix, "ns:ns1.example.com", "ns:ns2.example.com");
	assert_true(row->lost > 1 - 1e-9 && !row->no_worse && matrix_ignored(&matrix, row, IGNORE_OWN_SERVERS) &&
		    !matrix_ignored(&matrix, row, IGNORE_OWN_ZONE));
	matrix_release(&matrix);
	world_release(&world);
}

/* Three servers serve three zones by twos: without the three no name of a target is found. */
static void matrix__cuts__of_name_servers_shared(void **state)
{
	static const char *const wanted[] = { "IPv4", "ns:ns1.example.com + ns:ns2.example.com + ns:ns3.example.com",
		"ns:s1.example.net + ns:s2.example.net + ns:s3.example.net" };
	struct world world;
	struct matrix matrix;
	struct matrix_cut cuts[50];
	size_t n, found = 0;

	(void)state;
	init_elsewhere(&world);
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	n = matrix_cutsets(&matrix, cuts, 50);
	for (size_t i = 0; i < n; i++) {
		struct str text;

		str_init(&text, 0);
		matrix_text(&matrix, cuts[i].failure, cuts[i].n, &text);
		for (size_t w = 0; w < 3; w++)
			found += strcmp(text.s, wanted[w]) == 0;
		str_release(&text);
	}
	assert_int_equal(found, 3);
	matrix_release(&matrix);
	world_release(&world);
}

/* A host and its only address are one failure, told once; two hosts on one address are three. */
static void matrix__repeats__what_takes_the_same(void **state)
{
	static const struct {
		const char *records;
		size_t told;
	} rows[] = {
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2", 4 }, /* a, b, IPv4, the zone */
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", 5 },    /* a, b, the address, IPv4, the zone */
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", 5 },    /* a, b, the network, IPv4, the zone */
		{ "@ MX 10 a; @ MX 20 b", 3 },                                  /* of hosts without addresses nothing is the same */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		size_t told = 0;

		world_init_records(&world, rows[i].records);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		assert_false(matrix_step(&matrix, 1000));
		for (size_t k = 0; k < matrix.n_row; k++)
			told += !matrix_at(&matrix, k)->repeats;
		assert_int_equal(told, rows[i].told);
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
	world_zone(&world, "example.com", "ns1.example.com ns2.example.com");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	n = matrix_cutsets(&matrix, cuts, 100);
	assert_true(n > 0 && n < 100);
	for (size_t i = 0; i < n; i++) {
		struct sim_result result = { 0 };

		for (size_t j = 0; j < cuts[i].n; j++)
			marks_set(&world.marks, &matrix.failure[cuts[i].failure[j]]);
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

/* Every kind of cut set in a sentence, the smallest first. */
static void matrix__words__say_why(void **state)
{
	static const struct {
		const char *records, *zone, *servers;
		const char *words[6];
	} rows[] = {
		{ "@ MX 10 a; a A 192.0.2.1", "example.com", "ns1.example.net",
			{ "a.example.com is the only mail server", "ns1.example.net is the only name server of example.com" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; a AAAA 2001:db8::1", "example.com", "ns1.example.net ns2.example.net",
			{ "a.example.com is the only mail server that has an address",
				"both addresses must fail: 192.0.2.1 and 2001:db8::1",
				"both name servers of example.com must fail: ns1.example.net and ns2.example.net" } },
		{ "@ MX 10 a; @ MX 20 mx.elsewhere.test.; a A 192.0.2.1", NULL, NULL,
			{ "a.example.com is the only mail server whose address is known" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.1", "example.com", "n1.example.net n2.example.net n3.example.net",
			{ "a.example.com and b.example.com share 192.0.2.1", "both mail servers must fail: a.example.com and b.example.com",
				"all 3 name servers of example.com must fail: n1.example.net, n2.example.net, n3.example.net" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 192.0.2.2", NULL, NULL,
			{ "a.example.com and b.example.com lie in 192.0.2.0/24",
				"both mail servers must fail: a.example.com and b.example.com" } },
		{ "@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 192.0.2.1; b A 192.0.2.2; c A 192.0.2.3", NULL, NULL,
			{ "all mail servers lie in 192.0.2.0/24",
				"all 3 mail servers must fail: a.example.com, b.example.com, c.example.com" } },
		{ "@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 192.0.2.1; b A 192.0.2.1; c A 198.51.100.3", NULL, NULL,
			{ "every address of the mail servers is IPv4", "both must fail: c.example.com and 192.0.2.1",
				"all 3 mail servers must fail: a.example.com, b.example.com, c.example.com" } },
		{ "@ MX 10 a; @ MX 20 b; a A 192.0.2.1; b A 198.51.100.2; b AAAA 2001:db8::2", NULL, NULL,
			{ "the domain itself is in the zone example.com: without it no MX record is found",
				"both mail servers must fail: a.example.com and b.example.com", "both must fail: b.example.com and IPv4",
				"both must fail: 2001:db8::2 and IPv4",
				"all of these must fail: a.example.com, 198.51.100.2, 2001:db8::2" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		struct matrix_cut cuts[20];
		size_t n, want = 0;

		world_init_records(&world, rows[i].records);
		if (rows[i].zone)
			world_zone(&world, rows[i].zone, rows[i].servers);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		n = matrix_cutsets(&matrix, cuts, 20);
		for (; rows[i].words[want]; want++) {
			struct str text;
			struct cut_words words;

			assert_true(want < n);
			str_init(&text, 0);
			matrix_cutset_words(&matrix, &cuts[want], &words);
			msg_format(&words.why, NULL, &text);
			assert_string_equal(text.s, rows[i].words[want]);
			str_release(&text);
		}
		assert_int_equal(n, want);
		matrix_release(&matrix);
		world_release(&world);
	}
}

/* The name servers of a zone that holds one host alone take no more than that host: told beside other name servers only, of the first
 * host's zone too. */
static void matrix__cuts__beside_name_servers_of_one_host(void **state)
{
	struct world world;
	struct matrix matrix;
	struct matrix_cut cuts[20];
	struct str text;
	size_t n;

	(void)state;
	world_init_records(&world, "@ MX 10 a.x; @ MX 20 b.y; a.x A 192.0.2.1; b.y AAAA 2001:db8::2");
	world_zone(&world, "x.example.com", "n1.example.net");
	world_zone(&world, "y.example.com", "n2.example.net");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	n = matrix_cutsets(&matrix, cuts, 20);
	str_init(&text, 0);
	for (size_t i = 0; i < n; i++) {
		struct cut_words words;

		matrix_cutset_words(&matrix, &cuts[i], &words);
		msg_format(&words.why, NULL, &text);
		str_add_char(&text, '\n');
	}
	assert_string_equal(text.s, "both mail servers must fail: a.x.example.com and b.y.example.com\n"
				    "both must fail: ns:n1.example.net and ns:n2.example.net\n");
	str_release(&text);
	matrix_release(&matrix);
	world_release(&world);
}

/* Where some addresses are not known, the words are of those that are, and of what the others may take. */
static void matrix__words__of_what_is_not_known(void **state)
{
	static const struct {
		const char *records, *mark;
		const char *why[4], *rest[4];
		double unknown[4];
	} rows[] = {
		{ "@ MX 10 a; @ MX 10 b.elsewhere.test.; @ MX 10 d.elsewhere.test.; @ MX 20 c; a A 192.0.2.1; c A 198.51.100.3", NULL,
			{ "every address that is known is IPv4", "both must fail: a.example.com and c.example.com" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there",
				"then all mail comes to servers whose addresses are not known, and may be taken there" },
			{ 1, 1 } },
		{ "@ MX 10 a; @ MX 20 b.elsewhere.test.; a A 192.0.2.1; a AAAA 2001:db8::1", NULL,
			{ "a.example.com is the only mail server whose address is known", "both must fail: 192.0.2.1 and 2001:db8::1" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there",
				"then all mail comes to servers whose addresses are not known, and may be taken there" },
			{ 1, 1 } },
		{ "@ MX 10 a; @ MX 20 c; @ MX 30 b.elsewhere.test.; a A 192.0.2.1; c A 192.0.2.3", "a.example.com",
			{ "c.example.com is the only mail server that is left whose address is known" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there" }, { 1 } },
		{ "@ MX 10 a.elsewhere.test.; @ MX 20 b.elsewhere.test.; @ MX 30 c; c A 192.0.2.3", NULL,
			{ "c.example.com is the only mail server whose address is known" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there" }, { 1 } },
		{ "@ MX 10 a; @ MX 20 c; @ MX 30 b.elsewhere.test.; a A 192.0.2.1; c A 192.0.2.1", NULL,
			{ "every address that is known is 192.0.2.1", "both must fail: a.example.com and c.example.com" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there",
				"then all mail comes to servers whose addresses are not known, and may be taken there" },
			{ 1, 1 } },
		{ "@ MX 10 a; @ MX 20 c; @ MX 30 b.elsewhere.test.; a A 192.0.2.1; c A 192.0.2.3", NULL,
			{ "every address that is known lies in 192.0.2.0/24", "both must fail: a.example.com and c.example.com" },
			{ "then all mail comes to servers whose addresses are not known, and may be taken there",
				"then all mail comes to servers whose addresses are not known, and may be taken there" },
			{ 1, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		struct matrix_cut cuts[20];
		size_t n, want = 0;

		print_message("# %zu\n", i);
		world_init_records(&world, rows[i].records);
		if (rows[i].mark)
			world_mark(&world, rows[i].mark);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		n = matrix_cutsets(&matrix, cuts, 20);
		for (; want < 4 && rows[i].why[want]; want++) {
			struct str text;
			struct cut_words words;

			assert_true(want < n);
			str_init(&text, 0);
			matrix_cutset_words(&matrix, &cuts[want], &words);
			msg_format(&words.why, NULL, &text);
			assert_string_equal(text.s, rows[i].why[want]);
			str_clear(&text);
			msg_format(&words.rest, NULL, &text);
			assert_string_equal(text.s, rows[i].rest[want]);
			assert_true(words.unknown >= rows[i].unknown[want] - 1e-9 && words.unknown <= rows[i].unknown[want] + 1e-9);
			str_release(&text);
		}
		assert_int_equal(n, want);
		matrix_release(&matrix);
		world_release(&world);
	}
}

static bool says(const struct matrix *matrix, const struct matrix_cut *cuts, size_t n, const char *wanted)
{
	bool found = false;

	for (size_t i = 0; i < n && !found; i++) {
		struct str text;
		struct cut_words words;

		str_init(&text, 0);
		matrix_cutset_words(matrix, &cuts[i], &words);
		msg_format(&words.why, NULL, &text);
		found = strcmp(text.s, wanted) == 0;
		str_release(&text);
	}
	return found;
}

static void matrix__words__of_zones_elsewhere(void **state)
{
	static const char *const wanted[] = {
		"every mail server's name is in the zone example.net",
		"both name servers of example.net must fail: s1.example.net and s2.example.net",
		"both name servers of example.com must fail: ns1.example.com and ns2.example.com",
	};
	struct world world;
	struct matrix matrix;
	struct matrix_cut cuts[20];
	size_t n;

	(void)state;
	world_init_records(&world, "@ MX 10 a.example.net.; @ MX 20 b.example.net.");
	for (size_t i = 0; i < 2; i++) {
		world.facts.host[i].a = ANSWER_DATA;
		world.facts.host[i].n_addr = 1;
		world.facts.host[i].addr[0] = parsed(i ? "2001:db8::1" : "192.0.2.1");
	}
	world_zone(&world, "example.com", "ns1.example.com ns2.example.com");
	world_zone(&world, "example.net", "s1.example.net s2.example.net");
	matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
	n = matrix_cutsets(&matrix, cuts, 20);
	for (size_t w = 0; w < 3; w++)
		assert_true(says(&matrix, cuts, n, wanted[w]));
	matrix_release(&matrix);
	world_release(&world);
}

/* What is marked is gone already: the sets are of what is left. */
static void matrix__cuts__beside_marks(void **state)
{
	static const char *const records =
		"@ MX 10 a; @ MX 20 b; @ MX 30 c; a A 192.0.2.1; a AAAA 2001:db8::1; b A 192.0.2.2; c A 198.51.100.3";
	static const struct {
		const char *marks[4];
		size_t gone;
		const char *words[4];
	} rows[] = {
		{ { "a.example.com" }, 2,
			{ "every address that is left is IPv4", "both must fail: b.example.com and c.example.com",
				"all 3 name servers of example.com must fail: n1.example.net, n2.example.net, n3.example.net" } },
		{ { "c.example.com", "ns:n2.example.net" }, 1,
			{ "both must fail: a.example.com and b.example.com", "both must fail: 2001:db8::1 and 192.0.2.0/24",
				"both name servers of example.com that are left must fail: n1.example.net and n3.example.net" } },
		{ { "a.example.com", "192.0.2.2", "ns:n1.example.net" }, 3,
			{ "c.example.com is the only mail server that is left",
				"both name servers of example.com that are left must fail: n2.example.net and n3.example.net" } },
		{ { "ns:n1.example.net", "ns:n3.example.net", "c.example.com", "2001:db8::1" }, 2,
			{ "all mail servers that are left lie in 192.0.2.0/24",
				"n2.example.net is the only name server of example.com that is left" } },
		{ { "zone:example.com" }, 4, { NULL } },
		{ { "ns:n1.example.net", "ns:n2.example.net", "ns:n3.example.net" }, 4, { NULL } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world world;
		struct matrix matrix;
		struct matrix_cut cuts[20];
		size_t n, all, gone, want = 0;

		world_init_records(&world, records);
		world_zone(&world, "example.com", "n1.example.net n2.example.net n3.example.net");
		for (size_t k = 0; k < 4 && rows[i].marks[k]; k++)
			world_mark(&world, rows[i].marks[k]);
		matrix_init(&matrix, &world.in, sender_find("rfc5321"), 1);
		n = matrix_cutsets(&matrix, cuts, 20);
		gone = matrix_gone(&matrix, &all);
		assert_int_equal(gone, rows[i].gone);
		assert_int_equal(all, 4);
		assert_int_equal(matrix_stopped(&matrix), !rows[i].words[0]);
		for (; rows[i].words[want]; want++)
			assert_true(says(&matrix, cuts, n, rows[i].words[want]));
		assert_int_equal(n > 0, want > 0);
		matrix_release(&matrix);
		world_release(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix__counts__its_rows),
		cmocka_unit_test(matrix__of_little__has_few_rows),
		cmocka_unit_test(matrix__sorts__the_worst_first),
		cmocka_unit_test(matrix__names__the_smallest_cuts),
		cmocka_unit_test(matrix__tries__name_servers),
		cmocka_unit_test(matrix__cuts__of_name_servers_shared),
		cmocka_unit_test(matrix__repeats__what_takes_the_same),
		cmocka_unit_test(matrix__cuts__stop_all_mail),
		cmocka_unit_test(matrix__cuts__beside_name_servers_of_one_host),
		cmocka_unit_test(matrix__words__say_why),
		cmocka_unit_test(matrix__words__of_what_is_not_known),
		cmocka_unit_test(matrix__words__of_zones_elsewhere),
		cmocka_unit_test(matrix__cuts__beside_marks),
	};

	return cmocka_run_group_tests_name("matrix", tests, NULL, NULL);
}
