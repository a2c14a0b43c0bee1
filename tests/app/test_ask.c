/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question of a survey or a watch: out of the zone text, from the network, through a survey's cache; and one that is given up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/ask.h"
#include "dnsd.h"

struct scene {
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver;
	struct dns_cache *cache;
	char *dir;
};

struct told {
	struct app *app;
	unsigned n;
	enum answer failed;
	size_t n_record;
};

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->app.timeout_ms = 15000; /* nobody is silent here, and the machine may be busy */
	dnsd_zone(scene->resolver, "exempel.com.", "@ NS ns1\n@ MX 10 mx1\n@ MX 20 mx2\n");
	scene->cache = dns_cache_new(app_dns(&scene->app), 15000);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	dns_cache_free(scene->cache);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

static void on_reply(void *data, const struct dns_reply *reply)
{
	struct told *told = data;

	told->n++;
	told->failed = reply->failed;
	told->n_record = reply->answer ? reply->answer->n : 0;
	loop_stop(told->app->loop);
}

static struct dns_question question_of(const char *name)
{
	struct dns_question question = { .type = DNS_MX };

	assert_true(dname_parse(&question.name, name, NULL));
	return question;
}

static void run_for(struct scene *scene, uint64_t ms)
{
	loop_after(scene->app.loop, ms, (loop_fn)loop_stop, scene->app.loop);
	loop_run(scene->app.loop);
}

static void ask__is_answered__once(void **state)
{
	struct scene *scene = *state;
	struct dns_question question = question_of("exempel.com");
	struct told direct = { .app = &scene->app }, cached = direct, again = direct;

	ask_start(&scene->app, NULL, &question, on_reply, &direct);
	loop_run(scene->app.loop);
	assert_int_equal(direct.n, 1);
	assert_true(direct.n_record >= 2);
	assert_int_equal(scene->resolver->asked, 1);
	ask_cached(&scene->app, scene->cache, NULL, &question, (struct dns_then){ on_reply, &cached });
	loop_run(scene->app.loop);
	assert_int_equal(cached.n, 1);
	assert_int_equal(cached.n_record, direct.n_record);
	assert_int_equal(scene->resolver->asked, 2);
	/* from then on out of the cache */
	ask_cached(&scene->app, scene->cache, NULL, &question, (struct dns_then){ on_reply, &again });
	loop_run(scene->app.loop);
	assert_int_equal(again.n, 1);
	assert_int_equal(again.n_record, direct.n_record);
	assert_int_equal(scene->resolver->asked, 2);
}

/* Whoever asked may be gone when the answer comes. */
static void ask__that_is_cancelled__tells_nothing(void **state)
{
	struct scene *scene = *state;
	struct dns_question question = question_of("exempel.com");
	struct told told = { .app = &scene->app }, other = told;
	struct ask *ask;

	ask_cancel(NULL);
	ask = ask_start(&scene->app, NULL, &question, on_reply, &told);
	ask_cancel(ask);
	run_for(scene, 30);
	ask = ask_cached(&scene->app, scene->cache, NULL, &question, (struct dns_then){ on_reply, &told });
	ask_cached(&scene->app, scene->cache, NULL, &question, (struct dns_then){ on_reply, &other });
	ask_cancel(ask);
	run_for(scene, 30);
	assert_int_equal(told.n, 0);
	while (!other.n)
		run_for(scene, 30);
	assert_int_equal(told.n, 0);
	assert_int_equal(other.n, 1);
}

static void ask__of_zone_text__asks_nobody(void **state)
{
	static const char zone[] =
		"$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 h 1 3600 900 604800 300\n@ NS ns1\n@ MX 10 mx1\nalias CNAME far.example.\n";
	static const struct {
		const char *name;
		enum answer failed;
		bool records;
	} rows[] = {
		{ "exempel.com", ANSWER_DATA, true }, { "far.example", ANSWER_UNASKED, false },
		{ "alias.exempel.com", ANSWER_UNASKED, true }, /* the way to it is known */
	};
	struct scene *scene = *state;

	scene->app.world = zoneworld_new();
	assert_true(zoneworld_add(scene->app.world, "zone", zone, sizeof(zone) - 1, NULL));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int cached = 0; cached < 2; cached++) {
			struct dns_question question = question_of(rows[i].name);
			struct told told = { .app = &scene->app };

			if (cached)
				ask_cached(&scene->app, NULL, NULL, &question, (struct dns_then){ on_reply, &told });
			else
				ask_start(&scene->app, NULL, &question, on_reply, &told);
			assert_int_equal(told.n, 0); /* from the loop, as the network's */
			loop_run(scene->app.loop);
			assert_int_equal(told.n, 1);
			if (told.failed != rows[i].failed || !told.n_record != !rows[i].records)
				fail_msg("%s: %d, %zu records", rows[i].name, told.failed, told.n_record);
		}
	{
		struct dns_question question = question_of("exempel.com");
		struct told told = { .app = &scene->app };

		ask_cancel(ask_start(&scene->app, NULL, &question, on_reply, &told));
		run_for(scene, 5);
		assert_int_equal(told.n, 0);
	}
	assert_int_equal(scene->resolver->asked, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ask__is_answered__once),
		TEST(ask__that_is_cancelled__tells_nothing),
		TEST(ask__of_zone_text__asks_nobody),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
