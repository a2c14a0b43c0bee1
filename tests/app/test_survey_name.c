/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a name stands in its zone, asked of the DNS: by itself, or under a wildcard; and the addresses of hosts as they are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey.h"
#include "dnsd.h"
#include "io/dns_cache.h"

#define ZONE "@ NS ns1\nns1 A 127.0.0.10\nmx1 A 9.9.9.1\nmx2 A 9.9.9.2\n"
#define NEEDS (NEEDS_HOSTS | NEEDS_PARENT)

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver;
	struct facts facts;
};

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->app.timeout_ms = 15000; /* nobody is silent here, and the machine may be busy */
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	facts_release(&scene->facts);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

static void moved(void *data, bool finished)
{
	(void)data, (void)finished;
}

static void look(struct scene *scene, const char *domain, const char *records)
{
	struct survey *survey;
	struct dname name;
	char zone[2000];

	snprintf(zone, sizeof(zone), ZONE "%s", records);
	dnsd_clear(scene->resolver);
	dnsd_zone(scene->resolver, "exempel.com.", zone);
	scene->dnsd.log[0] = '\0';
	facts_release(&scene->facts);
	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&scene->facts, &name);
	dns_cache_forget(scene->app.answers); /* the zone is another one now */
	survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS }, moved, NULL);
	survey_wait(&scene->app, survey, 15000);
	assert_false(survey_running(survey));
	survey_free(survey);
}

static unsigned stars_asked(const struct scene *scene)
{
	unsigned n = 0;

	for (const char *at = scene->dnsd.log; (at = strstr(at, " *.")) != NULL; at++)
		n++;
	return n;
}

struct row {
	const char *domain, *records;
	unsigned labels; /* of the signature; 0: not signed */
	enum fact wildcard, synthesised;
	bool wildcard_mx;
	const char *star; /* the wildcard's name, where it is known; or "" */
	unsigned stars;   /* asked for */
};

static const struct row rows[] = {
	/* the same set: whose it is, nothing tells */
	{ "a.exempel.com", "* MX 10 mx1\n", 0, FACT_YES, FACT_UNKNOWN, true, "*.exempel.com", 1 },
	{ "a.exempel.com", "* MX 10 mx1\na MX 10 mx1\n", 0, FACT_YES, FACT_UNKNOWN, true, "*.exempel.com", 1 },
	/* another set, or another sort of answer: it is the name's own */
	{ "a.exempel.com", "* MX 10 mx1\na MX 10 mx2\n", 0, FACT_YES, FACT_NO, true, "*.exempel.com", 1 },
	{ "a.exempel.com", "* MX 10 mx1\na MX 20 mx1\n", 0, FACT_YES, FACT_NO, true, "*.exempel.com", 1 },
	{ "a.exempel.com", "* A 9.9.9.9\na MX 10 mx1\n", 0, FACT_YES, FACT_NO, false, "*.exempel.com", 1 },
	{ "a.exempel.com", "* MX 10 mx1\na A 9.9.9.9\n", 0, FACT_YES, FACT_NO, true, "*.exempel.com", 1 },
	{ "a.exempel.com", "* A 9.9.9.9\n", 0, FACT_YES, FACT_UNKNOWN, false, "*.exempel.com", 1 },
	/* there is none */
	{ "a.exempel.com", "a MX 10 mx1\n", 0, FACT_NO, FACT_NO, false, "", 1 },
	{ "a.exempel.com", "", 0, FACT_NO, FACT_NO, false, "", 1 },
	/* further up */
	{ "a.b.exempel.com", "* MX 10 mx1\n", 0, FACT_YES, FACT_UNKNOWN, true, "", 1 },
	{ "a.b.exempel.com", "a.b MX 10 mx1\n* MX 10 mx2\n", 0, FACT_UNKNOWN, FACT_NO, false, "", 2 },
	{ "a.b.c.exempel.com", "a.b.c MX 10 mx1\n", 0, FACT_NO, FACT_NO, false, "", 3 },
	{ "a.b.c.exempel.com", "", 0, FACT_NO, FACT_NO, false, "", 1 },
	/* as far as is asked */
	{ "a.b.c.d.e.f.g.h.i.exempel.com", "a.b.c.d.e.f.g.h.i MX 10 mx1\n", 0, FACT_NO, FACT_NO, false, "", 9 },
	{ "a.b.c.d.e.f.g.h.i.j.exempel.com", "a.b.c.d.e.f.g.h.i.j MX 10 mx1\n", 0, FACT_UNKNOWN, FACT_NO, false, "", 9 },
	/* an alias is no proof that nothing is there */
	{ "a.exempel.com", "* CNAME gone.ns1\na MX 10 mx1\n", 0, FACT_YES, FACT_NO, false, "*.exempel.com", 1 },
	/* the apex, and the wildcard itself */
	{ "exempel.com", "@ MX 10 mx1\n* MX 10 mx1\n", 0, FACT_NO, FACT_NO, false, "", 0 },
	{ "*.exempel.com", "* MX 10 mx1\n", 0, FACT_NO, FACT_NO, false, "", 2 },
	/* a signature tells */
	{ "a.exempel.com", "* MX 10 mx1\n", 2, FACT_YES, FACT_YES, true, "*.exempel.com", 1 },
	{ "a.exempel.com", "* MX 10 mx1\na MX 10 mx1\n", 3, FACT_YES, FACT_NO, true, "*.exempel.com", 1 },
	{ "a.b.c.exempel.com", "* MX 10 mx1\n", 2, FACT_YES, FACT_YES, true, "*.exempel.com", 1 },
	{ "a.b.c.exempel.com", "*.c MX 10 mx1\n", 3, FACT_YES, FACT_YES, true, "*.c.exempel.com", 1 },
	{ "*.exempel.com", "* MX 10 mx1\n", 2, FACT_NO, FACT_NO, false, "", 2 },
};

static void name__stands__under_a_wildcard_or_by_itself(void **state)
{
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];
		const struct facts *facts = &scene->facts;
		char star[DNAME_TEXT_MAX] = "";

		scene->resolver->labels = row->labels;
		look(scene, row->domain, row->records);
		if (facts->wildcard_name.len)
			dname_text(&facts->wildcard_name, star);
		if (facts->wildcard != row->wildcard || facts->synthesised != row->synthesised || facts->wildcard_mx != row->wildcard_mx ||
			strcmp(star, row->star) != 0 || stars_asked(scene) != row->stars)
			fail_msg("row %zu: wildcard %d, synthesised %d, MX %d, \"%s\", %u asked:\n%s", i, facts->wildcard,
				facts->synthesised, facts->wildcard_mx, star, stars_asked(scene), scene->dnsd.log);
	}
}

/* What fails tells nothing of a wildcard. */
static void fail_star(struct dnsd_server *server, const struct dns_question *question)
{
	server->how = question->name.wire[0] == 1 && question->name.wire[1] == '*' ? DNSD_FAILS : DNSD_RESOLVES;
}

static void star__that_fails__tells_nothing(void **state)
{
	struct scene *scene = *state;

	scene->resolver->hook = fail_star;
	look(scene, "a.exempel.com", "* MX 10 mx1\na MX 10 mx2\n");
	assert_int_equal(scene->facts.wildcard, FACT_UNKNOWN);
	assert_int_equal(scene->facts.synthesised, FACT_UNKNOWN);
	scene->resolver->how = DNSD_RESOLVES;
}

static void name__below_a_dname__is_said(void **state)
{
	struct scene *scene = *state;
	char text[DNAME_TEXT_MAX];

	look(scene, "a.old.exempel.com", "old DNAME new\na.new MX 10 mx1\n");
	assert_int_equal(scene->facts.below_dname, FACT_YES);
	assert_string_equal(dname_text(&scene->facts.dname_owner, text), "old.exempel.com");
	look(scene, "a.exempel.com", "a MX 10 mx1\n");
	assert_int_equal(scene->facts.below_dname, FACT_NO);
	scene->resolver->how = DNSD_FAILS;
	look(scene, "a.exempel.com", "a MX 10 mx1\n");
	assert_int_equal(scene->facts.below_dname, FACT_UNKNOWN);
	scene->resolver->how = DNSD_RESOLVES;
}

/* ---- how long it is waited for ---- */

static void survey__is_waited_for__until_a_deadline(void **state)
{
	struct scene *scene = *state;
	struct survey *survey;
	struct dname name;
	uint64_t begun = loop_ms();

	scene->app.timeout_ms = 20000;
	scene->resolver->how = DNSD_SILENT;
	assert_true(dname_parse(&name, "a.exempel.com", NULL));
	facts_init(&scene->facts, &name);
	survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS }, moved, NULL);
	survey_wait(&scene->app, survey, 60);
	assert_true(survey_running(survey));
	assert_true(loop_ms() - begun >= 40 && loop_ms() - begun < 15000);
	assert_int_equal(scene->facts.mx, ANSWER_PENDING);
	/* it can be waited for again, and once it has ended nothing is waited for */
	scene->resolver->how = DNSD_RESOLVES;
	survey_wait(&scene->app, survey, 60);
	assert_true(survey_running(survey));
	survey_free(survey);
	begun = loop_ms();
	look(scene, "a.exempel.com", "a MX 10 mx1\n");
	assert_true(loop_ms() - begun < 15000);
	scene->app.timeout_ms = 15000;
}

static void waiting__for_what_has_ended__returns(void **state)
{
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 h 1 3600 900 604800 300\n@ MX 10 mx1\n";
	struct scene *scene = *state;
	struct survey *survey;
	struct dname name;
	uint64_t begun;

	scene->app.world = zoneworld_new();
	assert_true(zoneworld_add(scene->app.world, "zone", zone, sizeof(zone) - 1, NULL));
	assert_true(dname_parse(&name, "exempel.com", NULL));
	facts_init(&scene->facts, &name);
	survey = survey_start(&scene->app, &(struct survey_want){ &scene->facts, NULL, NEEDS }, moved, NULL);
	survey_wait(&scene->app, survey, 100);
	assert_false(survey_running(survey));
	survey_wait(&scene->app, survey, 60000); /* at once */
	survey_free(survey);
	/* its deadline ends nothing any more */
	begun = loop_ms();
	loop_after(scene->app.loop, 160, (loop_fn)loop_stop, scene->app.loop);
	loop_run(scene->app.loop);
	assert_true(loop_ms() - begun >= 145);
}

/* ---- addresses ---- */

static void addresses__stand__in_one_order(void **state)
{
	struct scene *scene = *state;
	const struct host_facts *row;
	char text[ADDR_TEXT_MAX];
	struct str all;

	look(scene, "a.exempel.com",
		"a MX 10 h\nh AAAA 2001:db8::2\nh A 198.51.100.7\nh A 198.51.100.10\nh AAAA 2001:db8::1\nh A 192.0.2.9\n");
	row = facts_host(&scene->facts, &scene->facts.live.mx[0].host);
	str_init(&all, 0);
	for (size_t i = 0; i < row->n_addr; i++)
		str_addf(&all, "%s ", addr_text(&row->addr[i], text));
	assert_string_equal(all.s, "192.0.2.9 198.51.100.7 198.51.100.10 2001:db8::1 2001:db8::2 ");
	assert_int_equal(row->more, 0);
	assert_int_equal(row->a, ANSWER_DATA);
	assert_int_equal(row->aaaa, ANSWER_DATA);
	assert_int_equal(row->a_ttl_s, 3600);
	assert_int_equal(row->n_alias, 0);
	str_release(&all);
}

static void addresses__of_a_host__are_kept_up_to_a_number(void **state)
{
	struct scene *scene = *state;
	const struct host_facts *row;
	struct str records;

	for (int n = FACTS_ADDRESSES; n <= FACTS_ADDRESSES + 2; n += 2) {
		str_init(&records, 0);
		str_add(&records, "a MX 10 h\n");
		for (int i = 1; i <= n; i++)
			str_addf(&records, "h A 198.51.100.%d\n", i);
		look(scene, "a.exempel.com", records.s);
		row = facts_host(&scene->facts, &scene->facts.live.mx[0].host);
		assert_int_equal(row->n_addr, FACTS_ADDRESSES);
		assert_int_equal(row->more, n - FACTS_ADDRESSES);
		str_release(&records);
	}
}

static void ttl__of_addresses__is_the_lowest_of_the_way(void **state)
{
	struct scene *scene = *state;
	const struct host_facts *row;
	char text[DNAME_TEXT_MAX];

	look(scene, "a.exempel.com", "a MX 10 h\nh 900 CNAME g\ng 300 A 198.51.100.7\n");
	row = facts_host(&scene->facts, &scene->facts.live.mx[0].host);
	assert_int_equal(row->n_alias, 1);
	assert_string_equal(dname_text(&row->alias[0], text), "g.exempel.com");
	assert_int_equal(row->a_ttl_s, 300);
	assert_int_equal(row->n_addr, 1);
	assert_int_equal(row->aaaa, ANSWER_NODATA);
	look(scene, "a.exempel.com", "a MX 10 h\nh 200 CNAME g\ng 300 A 198.51.100.7\n");
	row = facts_host(&scene->facts, &scene->facts.live.mx[0].host);
	assert_int_equal(row->a_ttl_s, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(name__stands__under_a_wildcard_or_by_itself),
		TEST(star__that_fails__tells_nothing),
		TEST(name__below_a_dname__is_said),
		TEST(survey__is_waited_for__until_a_deadline),
		TEST(waiting__for_what_has_ended__returns),
		TEST(addresses__stand__in_one_order),
		TEST(addresses__of_a_host__are_kept_up_to_a_number),
		TEST(ttl__of_addresses__is_the_lowest_of_the_way),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
