/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that surveys of one run share, and what a survey asks on the network where it is needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey.h"
#include "dnsd.h"
#include "io/dns_cache.h"

#define DOMAINS 3

struct one {
	struct facts facts;
	struct survey *survey;
	bool finished;
};

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct dnsd_server *resolver, *parent;
	struct one one[DOMAINS];
	unsigned asked; /* A of the hoster's host */
	char host[64];
};

static void asked(struct dnsd_server *server, const struct dns_question *question)
{
	struct scene *scene = server->data;
	char text[DNAME_TEXT_MAX];

	if (question->type == DNS_A && !strcmp(dname_text(&question->name, text), scene->host))
		scene->asked++;
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->app.timeout_ms = 60000; /* so long that no question is asked again, however slow the machine */
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->resolver->hook = asked;
	scene->resolver->data = scene;
	snprintf(scene->host, sizeof(scene->host), "mx.hoster.example");
	dnsd_zone(scene->resolver, "hoster.example.", "@ NS ns\nmx 60 A 192.0.2.1\nbrief 1 A 192.0.2.2\nlong 3 A 192.0.2.3\n");
	dnsd_zone(scene->resolver, "one.example.", "@ NS ns\n@ MX 10 mx.hoster.example.\n@ MX 20 own\nown A 192.0.2.9\n");
	dnsd_zone(scene->resolver, "two.example.", "@ NS ns\n@ MX 10 mx.hoster.example.\n");
	dnsd_zone(scene->resolver, "three.example.", "@ NS ns\n@ MX 10 mx.hoster.example.\n@ MX 20 gone.hoster.example.\n");
	*state = scene;
	return 0;
}

static void end(struct one *one)
{
	survey_free(one->survey);
	facts_release(&one->facts);
	*one = (struct one){ 0 };
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	for (size_t i = 0; i < DOMAINS; i++)
		end(&scene->one[i]);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

static void moved(void *data, bool finished)
{
	struct one *one = data;

	one->finished |= finished;
}

static void begin(struct scene *scene, size_t i, const char *domain, unsigned needs)
{
	struct dname name;

	end(&scene->one[i]);
	assert_true(dname_parse(&name, domain, NULL));
	facts_init(&scene->one[i].facts, &name);
	scene->one[i].survey = survey_start(&scene->app, &(struct survey_want){ &scene->one[i].facts, NULL, needs }, moved, &scene->one[i]);
}

static void look(struct scene *scene, size_t i, const char *domain, unsigned needs)
{
	begin(scene, i, domain, needs);
	survey_wait(&scene->app, scene->one[i].survey, 60000);
	assert_false(survey_running(scene->one[i].survey));
}

static const struct host_facts *host_of(const struct one *one, const char *text)
{
	struct dname name;

	assert_true(dname_parse(&name, text, NULL));
	return facts_host(&one->facts, &name);
}

/* Side by side or one after the other: the host that they share is asked for once. */
static void survey__shares__the_hosts_of_others(void **state)
{
	struct scene *scene = *state;

	begin(scene, 0, "one.example", NEEDS_HOSTS);
	begin(scene, 1, "two.example", NEEDS_HOSTS);
	assert_int_equal(scene->app.surveys, 2);
	while (!scene->one[0].finished || !scene->one[1].finished)
		survey_wait(&scene->app, scene->one[scene->one[0].finished].survey, 60000);
	assert_int_equal(scene->asked, 1);
	end(&scene->one[0]);
	end(&scene->one[1]);
	assert_int_equal(scene->app.surveys, 0);
	look(scene, 0, "three.example", NEEDS_HOSTS);
	assert_int_equal(host_of(&scene->one[0], "mx.hoster.example")->n_addr, 1);
	assert_int_equal(host_of(&scene->one[0], "gone.hoster.example")->a, ANSWER_NXDOMAIN);
	assert_int_equal(scene->asked, 1);
	dns_cache_forget(scene->app.answers);
	look(scene, 0, "three.example", NEEDS_HOSTS);
	assert_int_equal(scene->asked, 2);
}

/* The domain's own set, and names in it, are asked for by each survey: what was just changed is seen. */
static void survey__asks_itself__about_its_own_names(void **state)
{
	struct scene *scene = *state;

	snprintf(scene->host, sizeof(scene->host), "own.one.example");
	for (unsigned i = 1; i <= 2; i++) {
		scene->dnsd.log[0] = '\0';
		look(scene, 0, "one.example", NEEDS_HOSTS);
		assert_int_equal(scene->asked, i);
		assert_non_null(strstr(scene->dnsd.log, "one.example MX\n"));
		assert_non_null(strstr(scene->dnsd.log, "one.example NS\n"));
	}
}

struct told {
	struct loop *loop;
	enum answer failed;
	uint32_t ttl_s;
};

static void came(void *data, const struct dns_reply *reply)
{
	struct told *told = data;

	told->failed = reply->failed;
	loop_stop(told->loop);
	told->ttl_s = reply->answer && reply->answer->n ? reply->answer->record[0].ttl_s : 0;
}

static uint32_t ttl_of(struct scene *scene, const char *name)
{
	struct dns_question question = { .type = DNS_A };
	struct told told = { .loop = scene->app.loop, .failed = ANSWER_PENDING };
	struct dns_cache *cache = dns_cache_new(app_dns(&scene->app), 60000);
	struct dname other = { .len = 0 };

	assert_true(dname_parse(&question.name, name, NULL));
	assert_true(dname_parse(&other, "other.example", NULL));
	dns_cache_share(cache, app_answers(&scene->app), &other);
	dns_cache_ask(cache, NULL, &question, (struct dns_then){ came, &told });
	while (told.failed == ANSWER_PENDING)
		loop_run(scene->app.loop);
	dns_cache_free(cache);
	return told.ttl_s;
}

/* An answer counts down, and is asked for again when it is over; a failure is asked for again at once. */
static void answers__last__as_their_ttl_says(void **state)
{
	struct scene *scene = *state;

	assert_int_equal(ttl_of(scene, "long.hoster.example"), 3);
	assert_int_equal(ttl_of(scene, "brief.hoster.example"), 1);
	snprintf(scene->host, sizeof(scene->host), "brief.hoster.example");
	assert_int_equal(ttl_of(scene, "brief.hoster.example"), 1);
	assert_int_equal(scene->asked, 0);
	usleep(1050000);
	assert_int_equal(ttl_of(scene, "brief.hoster.example"), 1);
	assert_int_equal(scene->asked, 1);
	snprintf(scene->host, sizeof(scene->host), "long.hoster.example");
	assert_int_equal(ttl_of(scene, "long.hoster.example"), 2);
	assert_int_equal(scene->asked, 1);
	snprintf(scene->host, sizeof(scene->host), "mx.hoster.example");
	scene->resolver->how = DNSD_FAILS;
	ttl_of(scene, "mx.hoster.example");
	scene->resolver->how = DNSD_RESOLVES;
	assert_int_equal(ttl_of(scene, "mx.hoster.example"), 60);
	assert_int_equal(scene->asked, 3);
}

/* A survey that is stopped leaves nothing under way, and nobody else without an answer. */
static void survey__that_is_stopped__leaves_the_others(void **state)
{
	struct scene *scene = *state;

	begin(scene, 0, "one.example", NEEDS_HOSTS);
	begin(scene, 1, "two.example", NEEDS_HOSTS);
	end(&scene->one[0]);
	survey_wait(&scene->app, scene->one[1].survey, 60000);
	assert_int_equal(host_of(&scene->one[1], "mx.hoster.example")->n_addr, 1);
	scene->resolver->how = DNSD_SILENT;
	begin(scene, 0, "three.example", NEEDS_HOSTS);
	end(&scene->one[0]);
}

/* DS is asked of the parent's own servers, where somebody needs it; another server's word is none. */
#define D20 "0123456789ABCDEF0123456789ABCDEF01234567"

static void ds__from_the_parents_servers(void **state)
{
	static const struct {
		const char *zone;
		enum dnsd_how how;
		unsigned needs;
		enum answer ds;
		size_t n;
		const char *log;
	} rows[] = {
		{ "@ NS a.gtld\none DS 7 13 2 " D20 "0123456789ABCDEF01234567\none DS 8 5 1 " D20 "\n", DNSD_ANSWERS, NEEDS_DS, ANSWER_DATA,
			2, "127.0.0.20 one.example DS\n" },
		{ "@ NS a.gtld\none TXT x\n", DNSD_ANSWERS, NEEDS_DS, ANSWER_NODATA, 0, "127.0.0.20 one.example DS\n" },
		{ "@ NS a.gtld\none TXT x\n", DNSD_ANSWERS, NEEDS_PARENT, ANSWER_UNASKED, 0, NULL },
		{ "@ NS a.gtld\n", DNSD_REFUSES, NEEDS_DS, ANSWER_REFUSED, 0, "127.0.0.20 one.example DS\n" },
		{ "@ NS a.gtld\n", DNSD_LAME, NEEDS_DS, ANSWER_BROKEN, 0, "127.0.0.20 one.example DS\n" },
		{ "@ NS a.gtld\n", DNSD_SILENT, NEEDS_DS, ANSWER_TIMEOUT, 0, "127.0.0.20 one.example DS\n" },
	};
	struct scene *scene = *state;

	scene->parent = dnsd_add(&scene->dnsd, "127.0.0.20", DNSD_ANSWERS);
	dnsd_zone(scene->resolver, "example.", "@ NS a.gtld\na.gtld A 127.0.0.20\n");
	dnsd_refer(scene->parent, "one.example", "ns.one.example");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		dnsd_clear(scene->parent);
		dnsd_zone(scene->parent, "example.", rows[i].zone);
		scene->parent->how = rows[i].how;
		scene->app.timeout_ms = rows[i].how == DNSD_SILENT ? 150 : 60000;
		scene->dnsd.log[0] = '\0';
		look(scene, 0, "one.example", rows[i].needs);
		assert_int_equal(scene->one[0].facts.ds.ds, rows[i].ds);
		assert_int_equal(scene->one[0].facts.ds.n, rows[i].n);
		assert_int_equal(strstr(scene->dnsd.log, "one.example DS\n") != NULL, rows[i].log != NULL);
	}
}

/* Without the need of servers their names are known, and nobody asks them. */
static void servers__are_named__where_nobody_needs_them(void **state)
{
	struct scene *scene = *state;
	char text[DNAME_TEXT_MAX];

	look(scene, 0, "one.example", NEEDS_HOSTS);
	assert_int_equal(scene->one[0].facts.n_server, 1);
	assert_string_equal(dname_text(&scene->one[0].facts.server[0].name, text), "ns.one.example");
	assert_true(scene->one[0].facts.server[0].at_child);
	assert_int_equal(scene->one[0].facts.server[0].address, ANSWER_UNASKED);
	assert_int_equal(scene->one[0].facts.server[0].mx, ANSWER_UNASKED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(survey__shares__the_hosts_of_others),
		TEST(survey__asks_itself__about_its_own_names),
		TEST(answers__last__as_their_ttl_says),
		TEST(survey__that_is_stopped__leaves_the_others),
		TEST(ds__from_the_parents_servers),
		TEST(servers__are_named__where_nobody_needs_them),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
