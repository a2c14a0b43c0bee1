/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many domains at a glance, at a resolver of the test's own: what their rows tell, what they share, and in which order they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/roster.h"
#include "base/mem.h"
#include "core/truth.h"
#include "dnsd.h"

#define DOMAINS 6

struct scene {
	char *dir;
	struct app app;
	struct dnsd dnsd;
	struct roster *roster;
	unsigned asked; /* A of the shared host */
};

static void asked(struct dnsd_server *server, const struct dns_question *question)
{
	struct scene *scene = server->data;
	char text[DNAME_TEXT_MAX];

	if (question->type == DNS_A && !strcmp(dname_text(&question->name, text), "mx.hoster.example"))
		scene->asked++;
}

static void changed(void *data)
{
	struct scene *scene = data;

	loop_stop(scene->app.loop);
}

static struct roster_row *know(struct scene *scene, const char *name, const char *account)
{
	struct dname domain;

	assert_true(dname_parse(&domain, name, NULL));
	return roster_know(scene->roster, &domain, account);
}

static int set_up(void **state)
{
	struct scene *scene = mem_alloc(sizeof(*scene));
	struct dnsd_server *resolver;
	char zone[100], records[100];

	scene->dir = dnsd_open_app(&scene->dnsd, &scene->app, NULL);
	scene->app.timeout_ms = 60000;
	resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	resolver->hook = asked;
	resolver->data = scene;
	dnsd_zone(resolver, "hoster.example.", "@ NS ns\nmx A 192.0.2.1\n");
	for (int i = 1; i <= DOMAINS; i++) {
		snprintf(zone, sizeof(zone), "d%d.example.", i);
		snprintf(records, sizeof(records), "@ NS ns\n@ %d MX 10 mx.hoster.example.\n", 100 * (DOMAINS + 1 - i));
		dnsd_zone(resolver, zone, records);
	}
	scene->roster = roster_new(&scene->app, changed, scene);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	roster_free(scene->roster);
	assert_int_equal(scene->app.surveys, 0);
	dnsd_close_app(&scene->dnsd, &scene->app, scene->dir);
	free(scene);
	return 0;
}

static void know_all(struct scene *scene)
{
	char name[40];

	for (int i = DOMAINS; i > 0; i--) {
		snprintf(name, sizeof(name), "d%d.example", i);
		know(scene, name, i % 2 ? "odd" : NULL);
	}
	roster_sort(scene->roster, ROSTER_BY_NAME);
}

static void ask_all(struct scene *scene)
{
	roster_ask(scene->roster, 0);
	while (scene->roster->told < scene->roster->n)
		loop_run(scene->app.loop);
}

static void rows__tell__and_share_their_host(void **state)
{
	struct scene *scene = *state;

	know_all(scene);
	ask_all(scene);
	assert_int_equal(scene->asked, 1);
	assert_int_equal(scene->roster->asked, 0);
	for (size_t i = 0; i < DOMAINS; i++) {
		const struct roster_row *row = scene->roster->row[i];

		assert_int_equal(row->state, ROSTER_TOLD);
		assert_int_equal(row->mx, ANSWER_DATA);
		assert_int_equal(row->set.n, 1);
		assert_false(row->own);
		assert_null(row->hoster);
		assert_false(row->drafted);
		assert_null(row->push_is);
		assert_true(row->failure_known);
		assert_true(row->lost > 0.99); /* its one host down, for good */
		assert_true(*row->fails);
	}
}

/* What comes later is asked too; what is asked again is asked of all. */
static void rows__come_later__and_are_asked_again(void **state)
{
	struct scene *scene = *state;

	know(scene, "d1.example", NULL);
	ask_all(scene);
	know(scene, "d2.example", NULL);
	ask_all(scene);
	assert_int_equal(scene->roster->told, 2);
	assert_int_equal(scene->asked, 1);
	roster_ask_again(scene->roster, know(scene, "d1.example", NULL));
	assert_int_equal(scene->roster->told, 1);
	assert_int_equal(know(scene, "d1.example", NULL)->state, ROSTER_UNASKED);
	ask_all(scene);
	assert_int_equal(scene->asked, 2);
}

/* A domain has its time, and no more: what nobody has answered by then is told as not known. */
static void row__of_a_silent_domain__is_told_in_time(void **state)
{
	struct scene *scene = *state;
	struct roster_row *row = know(scene, "d1.example", NULL);
	uint64_t begun = loop_ms();
	struct loop_handle *guard = loop_after(scene->app.loop, 20000, changed, scene);

	scene->app.timeout_ms = 1;
	scene->dnsd.server[0].how = DNSD_SILENT;
	roster_ask(scene->roster, 0);
	scene->app.timeout_ms = 60000; /* no question ends by itself */
	while (row->state != ROSTER_TOLD && loop_ms() - begun < 20000)
		loop_run(scene->app.loop);
	assert_int_equal(row->state, ROSTER_TOLD);
	loop_cancel(guard);
	assert_true(loop_ms() - begun >= 950);
	assert_false(truth_tells(row->mx));
	assert_false(row->failure_known);
}

static void expect_order(const struct scene *scene, const char *wanted)
{
	char seen[DOMAINS + 1] = "";

	for (size_t i = 0; i < DOMAINS; i++)
		seen[i] = scene->roster->row[i]->text[1];
	assert_string_equal(seen, wanted);
}

static void rows__are_put__in_order(void **state)
{
	struct scene *scene = *state;

	know_all(scene);
	expect_order(scene, "123456");
	roster_sort(scene->roster, ROSTER_BY_ACCOUNT);
	expect_order(scene, "135246");
	ask_all(scene);
	expect_order(scene, "135246");
	roster_sort(scene->roster, ROSTER_BY_TTL);
	/* A resolver's TTL counts down and is never taken for one: by name, then. */
	expect_order(scene, "123456");
	scene->roster->row[4]->worst = NULL;
	roster_sort(scene->roster, ROSTER_BY_WORST);
	expect_order(scene, "123465");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows__tell__and_share_their_host, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rows__come_later__and_are_asked_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(row__of_a_silent_domain__is_told_in_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rows__are_put__in_order, set_up, tear_down),
	};

	if (!dnsd_enter())
		return 77;
	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
