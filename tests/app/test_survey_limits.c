/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a survey asks for and keeps, in worlds of zone text: as many as it says, and what is beyond is counted or left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "base/mem.h"
#include "../core/names.h"

#define SOA "@ SOA ns hostmaster 1 3600 900 604800 300\n"

struct scene {
	struct app app;
	struct facts facts;
};

static int setup(void **state)
{
	struct app_options options = { .demo = true };
	struct scene *scene = mem_alloc(sizeof(*scene));

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&scene->app, &options, NULL));
	zoneworld_free(scene->app.world);
	scene->app.world = zoneworld_new();
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	facts_release(&scene->facts);
	app_close(&scene->app);
	free(scene);
	return 0;
}

static void add_zone(struct scene *scene, const char *origin, const char *records)
{
	struct str text;

	str_init(&text, 0);
	str_addf(&text, "$ORIGIN %s.\n$TTL 3600\n" SOA "%s", origin, records);
	assert_true(zoneworld_add(scene->app.world, origin, text.s, text.len, NULL));
	str_release(&text);
}

/* The template n times, %u being 1 to n. */
static void add_numbered(struct str *out, const char *before, unsigned n, const char *after)
{
	for (unsigned i = 1; i <= n; i++)
		str_addf(out, "%s%u%s", before, i, after);
}

static void moved(void *data, bool finished)
{
	(void)data;
	(void)finished;
}

static void look(struct scene *scene, const char *domain, unsigned needs)
{
	struct survey *survey;
	struct dname name;

	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&scene->facts, &name);
	survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, needs }, moved, NULL);
	survey_wait(&scene->app, survey, 15000);
	assert_false(survey_running(survey));
	survey_free(survey);
}

/* Sixteen name servers of a zone, and four addresses of each. */
static void servers__of_a_zone__are_sixteen(void **state)
{
	struct scene *scene = *state;
	size_t rows[18] = { 0 };
	struct str records;

	str_init(&records, 0);
	add_numbered(&records, "@ NS ns", 17, "\n");
	add_numbered(&records, "ns1 A 192.0.2.", 3, "\n");
	add_numbered(&records, "ns1 AAAA 2001:db8::", 2, "\n");
	str_add(&records, "ns2 A 192.0.2.9\n");
	add_zone(scene, "exempel.com", records.s);
	look(scene, "exempel.com", NEEDS_SERVERS);
	for (size_t i = 0; i < scene->facts.n_server; i++) {
		const struct server_facts *row = &scene->facts.server[i];
		char text[DNAME_TEXT_MAX];
		unsigned number = 0;

		assert_int_equal(sscanf(dname_text(&row->name, text), "ns%u.exempel.com", &number), 1);
		rows[number]++;
		assert_int_equal(row->address, number <= 2 ? ANSWER_DATA : ANSWER_NXDOMAIN);
		assert_int_equal(row->addr.family != 0, number <= 2);
		assert_true(row->at_child && !row->at_parent);
	}
	assert_int_equal(rows[1], 4);
	assert_int_equal(rows[2], 1);
	assert_int_equal(scene->facts.n_server, 4 + 15);
	assert_int_equal(scene->facts.zones[0].n_ns, FACTS_NS);
	assert_int_equal(scene->facts.zones[0].more, 1);
	str_release(&records);
}

/* Sixty-four addresses, whichever hosts have them. */
static void names__of_addresses__are_sixty_four(void **state)
{
	struct scene *scene = *state;
	struct str records;

	str_init(&records, 0);
	add_numbered(&records, "@ MX 10 mx", 3, "\n");
	add_numbered(&records, "mx1 A 192.0.2.", 30, "\n");
	add_numbered(&records, "mx2 A 198.51.100.", 30, "\n");
	add_numbered(&records, "mx3 A 203.0.113.", 30, "\n");
	add_zone(scene, "exempel.com", records.s);
	look(scene, "exempel.com", NEEDS_PTR);
	assert_int_equal(scene->facts.n_ptr, 64);
	str_release(&records);
}

/* What a host has beyond the thirty-two addresses that are kept is counted, and no name of it is asked for. */
static void names__are_asked_for__of_kept_addresses_alone(void **state)
{
	struct scene *scene = *state;
	struct dname host = name_of("mx.exempel.com");
	const struct host_facts *row;
	struct str records;

	str_init(&records, 0);
	str_add(&records, "@ MX 10 mx\n");
	add_numbered(&records, "mx A 192.0.2.", 20, "\n");
	add_numbered(&records, "mx AAAA 2001:db8::", 20, "\n");
	add_zone(scene, "exempel.com", records.s);
	look(scene, "exempel.com", NEEDS_PTR);
	row = facts_host(&scene->facts, &host);
	assert_int_equal(row->n_addr, FACTS_ADDRESSES);
	assert_int_equal(row->more, 8);
	assert_int_equal(scene->facts.n_ptr, FACTS_ADDRESSES);
	for (size_t i = 0; i < row->n_addr; i++)
		assert_non_null(facts_ptr(&scene->facts, &row->addr[i]));
	str_release(&records);
}

/* What is asked of block lists is a hundred and twenty-eight questions. */
static void listings__are_a_hundred_and_twenty_eight(void **state)
{
	static const char config[] = "[dns]\ndnsbl = one.example, two.example, three.example\n";
	struct scene *scene = *state;
	struct str records;
	char path[300];

	snprintf(path, sizeof(path), "%s/lists", scene->app.demo_dir);
	assert_true(store_write_file(path, config, sizeof(config) - 1, 0600, NULL));
	config_release(&scene->app.config);
	assert_true(config_read(&scene->app.config, path, NULL, NULL));
	str_init(&records, 0);
	add_numbered(&records, "@ MX 10 mx", 2, "\n");
	add_numbered(&records, "mx1 A 192.0.2.", 30, "\n");
	add_numbered(&records, "mx2 A 198.51.100.", 30, "\n");
	add_zone(scene, "exempel.com", records.s);
	look(scene, "exempel.com", NEEDS_DNSBL);
	assert_int_equal(scene->facts.n_listed, 128);
	str_release(&records);
}

static void ds_and_tlsa__are_kept__up_to_sixteen(void **state)
{
	struct scene *scene = *state;
	struct dname host = name_of("mx.exempel.com");
	const struct tlsa_facts *tlsa;
	struct str records;

	str_init(&records, 0);
	str_add(&records, "@ MX 10 mx\nmx A 192.0.2.1\n_25._tcp.mx TLSA 3 0 0 ");
	for (int i = 0; i < TLSA_DATA_MAX + 1; i++)
		str_add(&records, "5a");
	str_add(&records, "\n");
	for (unsigned i = 1; i <= 17; i++)
		str_addf(&records, "_25._tcp.mx TLSA 3 1 1 %064x\n", i);
	add_zone(scene, "exempel.com", records.s);
	str_clear(&records);
	str_add(&records, "exempel NS ns.exempel\n");
	for (unsigned i = 1; i <= 18; i++)
		str_addf(&records, "exempel DS %u 13 2 %064x\n", i, i);
	add_zone(scene, "com", records.s);
	look(scene, "exempel.com", NEEDS_TLSA | NEEDS_DS);
	assert_int_equal(scene->facts.ds.ds, ANSWER_DATA);
	assert_int_equal(scene->facts.ds.n, FACTS_DS);
	assert_int_equal(scene->facts.ds.more, 2);
	tlsa = facts_tlsa(&scene->facts, &host);
	assert_int_equal(tlsa->n, FACTS_TLSA);
	assert_int_equal(tlsa->more, 2);
	/* of one that is longer than what is kept, the length is told */
	for (size_t i = 0; i < tlsa->n; i++)
		if (tlsa->tlsa[i].matching == 0)
			assert_int_equal(tlsa->tlsa[i].len, TLSA_DATA_MAX + 1);
	str_release(&records);
}

/* Thirty-two registered domains, and sixteen zones. */
static void targets__lie__in_as_many_domains_as_are_kept(void **state)
{
	struct scene *scene = *state;
	struct str records;

	str_init(&records, 0);
	str_add(&records, "@ NS ns\n");
	add_numbered(&records, "@ MX 10 mx.d", 40, ".net.\n");
	add_zone(scene, "exempel.com", records.s);
	for (unsigned i = 1; i <= 40; i++) {
		char origin[40];

		snprintf(origin, sizeof(origin), "d%u.net", i);
		add_zone(scene, origin, "@ NS ns\nmx A 192.0.2.1\n");
	}
	look(scene, "exempel.com", NEEDS_TARGET_ZONES);
	assert_int_equal(scene->facts.n_registered, FACTS_REGISTERED);
	for (size_t i = 0; i < scene->facts.n_registered; i++) {
		assert_int_equal(scene->facts.registered[i].ns, ANSWER_DATA);
		assert_int_equal(scene->facts.registered[i].exists, FACT_YES);
	}
	assert_int_equal(scene->facts.n_zone, FACTS_ZONES);
	for (size_t i = 0; i < scene->facts.n_zone; i++)
		assert_int_equal(scene->facts.zones[i].ns, ANSWER_DATA);
	str_release(&records);
}

/* An alias is answered for by its target's zone, so the names above it tell, up to three of them. */
static void zone__of_a_target__is_looked_for_three_names_up(void **state)
{
	static const struct {
		const char *domain, *host, *apex; /* apex NULL: not found */
	} rows[] = {
		{ "one.example", "u.lab.example", "lab.example" },
		{ "two.example", "v.u.lab.example", "lab.example" },
		{ "three.example", "w.v.u.lab.example", "lab.example" },
		{ "four.example", "x.w.v.u.lab.example", NULL },
	};
	struct scene *scene = *state;

	add_zone(scene, "lab.example",
		"@ NS ns\nu CNAME out.example.net.\nv.u CNAME out.example.net.\nw.v.u CNAME out.example.net.\n"
		"x.w.v.u CNAME out.example.net.\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname host = name_of(rows[i].host), apex = name_of("lab.example");
		const struct zone_facts *zone;
		char records[80];

		snprintf(records, sizeof(records), "@ MX 1 %s.\n", rows[i].host);
		add_zone(scene, rows[i].domain, records);
		look(scene, rows[i].domain, NEEDS_TARGET_ZONES);
		zone = facts_zone_of(&scene->facts, &host);
		assert_int_equal(zone != NULL, rows[i].apex != NULL);
		if (zone)
			assert_true(dname_equal(&zone->apex, &apex));
		facts_release(&scene->facts);
	}
}

/* Of sixteen names above targets the zone is looked for; a target below one of these is asked for no more, one below another neither. */
static void targets__lie__below_sixteen_names(void **state)
{
	static const struct {
		const char *host;
		bool found;
	} rows[] = { { "mx.a16.lab.example", true }, { "mx.sixteenth.example", true }, { "mx.seventeenth.example", false } };
	struct scene *scene = *state;
	struct str records;

	add_zone(scene, "lab.example", "@ NS ns\n");
	add_zone(scene, "sixteenth.example", "@ NS ns\n");
	add_zone(scene, "seventeenth.example", "@ NS ns\n");
	str_init(&records, 0);
	add_numbered(&records, "@ MX 10 mx.a", 15, ".lab.example.\n");
	str_add(&records, "@ MX 11 mx2.a1.lab.example.\n@ MX 20 mx.sixteenth.example.\n@ MX 30 mx.seventeenth.example.\n");
	add_zone(scene, "exempel.com", records.s);
	look(scene, "exempel.com", NEEDS_TARGET_ZONES);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct dname host = name_of(rows[i].host);

		assert_int_equal(facts_zone_of(&scene->facts, &host) != NULL, rows[i].found);
	}
	str_release(&records);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(servers__of_a_zone__are_sixteen),
		TEST(names__of_addresses__are_sixty_four),
		TEST(names__are_asked_for__of_kept_addresses_alone),
		TEST(listings__are_a_hundred_and_twenty_eight),
		TEST(ds_and_tlsa__are_kept__up_to_sixteen),
		TEST(targets__lie__in_as_many_domains_as_are_kept),
		TEST(zone__of_a_target__is_looked_for_three_names_up),
		TEST(targets__lie__below_sixteen_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
