/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One edit of many domains' drafts, on zone files: which it fits, which stay as they are, and what is kept afterwards. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "app/bulk.h"
#include "io/scratch.h"
#include "../core/sets.h"

#define DOMAINS 11

struct scene {
	char *dir;
	struct app app;
	struct dname domain[DOMAINS];
	struct bulk *bulk;
	unsigned changes;
};

static void add_zone(struct scene *scene, size_t i, const char *records)
{
	char text[500], name[40];

	snprintf(name, sizeof(name), "d%zu.example", i);
	snprintf(text, sizeof(text), "$ORIGIN %s.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n%s", name,
		records);
	assert_true(dname_parse(&scene->domain[i], name, NULL));
	if (*records)
		assert_true(zoneworld_add(scene->app.world, name, text, strlen(text), NULL));
}

/* d0 has that TTL already; d1 lies in no zone file; the others take it. */
static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char config[300], store[300];
	struct app_options options = { .config = config, .state_dir = store };

	scene->dir = scratch_new(NULL);
	snprintf(config, sizeof(config), "%s/config", scene->dir);
	snprintf(store, sizeof(store), "%s/state", scene->dir);
	assert_true(scratch_write(scene->dir, "config", "", 0, NULL));
	assert_true(app_open(&scene->app, &options, NULL));
	scene->app.world = zoneworld_new();
	add_zone(scene, 0, "@ 300 MX 10 a\na A 198.51.100.1\n");
	add_zone(scene, 1, "");
	for (size_t i = 2; i < DOMAINS; i++)
		add_zone(scene, i, "@ MX 10 a\na A 198.51.100.1\n");
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	bulk_free(scene->bulk);
	app_close(&scene->app);
	scratch_free(scene->dir);
	free(scene);
	return 0;
}

static void changed(void *data)
{
	struct scene *scene = data;

	scene->changes++;
	if (!bulk_running(scene->bulk))
		loop_stop(scene->app.loop);
}

static void start(struct scene *scene, size_t n, const char *edit)
{
	bulk_free(scene->bulk);
	scene->changes = 0;
	scene->bulk = bulk_start(&scene->app, n, scene->domain, edit);
	bulk_on_change(scene->bulk, changed, scene);
}

static void run_all(struct scene *scene, const char *edit)
{
	start(scene, DOMAINS, edit);
	loop_run(scene->app.loop);
	assert_int_equal(scene->changes, DOMAINS);
	assert_int_equal(scene->bulk->done, DOMAINS);
	assert_int_equal(scene->bulk->running, 0);
}

/* What a draft would publish; "" where there is none. */
static const char *kept(const struct scene *scene, size_t i)
{
	static char text[4096];
	struct draft draft = { 0 };
	struct plan plan;

	text[0] = '\0';
	plan_init(&plan);
	if (store_draft_exists(scene->app.store, &scene->domain[i])) {
		assert_true(store_draft_load(scene->app.store, &scene->domain[i], &plan, &draft, NULL));
		set_text(&draft.want, text);
	}
	draft_release(&draft);
	plan_release(&plan);
	return text;
}

static const char *refusal(const struct bulk_row *row)
{
	static char text[500];
	struct str words;

	str_init(&words, 0);
	err_format(&row->err, NULL, &words);
	snprintf(text, sizeof(text), "%s", words.s);
	str_release(&words);
	return text;
}

static void edit__is_made__a_few_at_a_time(void **state)
{
	struct scene *scene = *state;

	start(scene, DOMAINS, "ttl 300");
	assert_int_equal(scene->bulk->running, 8);
	assert_int_equal(bulk_count(scene->bulk, BULK_READS), 8);
	assert_int_equal(bulk_count(scene->bulk, BULK_WAITS), DOMAINS - 8);
	assert_true(bulk_running(scene->bulk));
	loop_run(scene->app.loop);
	assert_false(bulk_running(scene->bulk));
	assert_int_equal(scene->changes, DOMAINS);
	assert_int_equal(scene->bulk->running, 0);
	assert_int_equal(bulk_count(scene->bulk, BULK_DRAFTED), DOMAINS - 2);
	assert_int_equal(scene->bulk->row[0].end, BULK_SAME);
	assert_int_equal(scene->bulk->row[1].end, BULK_REFUSED);
	assert_string_equal(refusal(&scene->bulk->row[1]), "the live set is not known yet, so there is nothing to draft from");
	assert_string_equal(kept(scene, 0), "");
	assert_string_equal(kept(scene, 1), "");
	assert_string_equal(kept(scene, 2), "300 10 a.d2.example");
	assert_string_equal(kept(scene, DOMAINS - 1), "300 10 a.d10.example");
}

/* It begins from the draft that there is; of one line all is made, or nothing. */
static void edit__is_tried__on_the_draft(void **state)
{
	struct scene *scene = *state;

	run_all(scene, "ttl 300");
	run_all(scene, "add 20 b, ttl 60");
	assert_int_equal(bulk_count(scene->bulk, BULK_DRAFTED), DOMAINS - 1);
	assert_string_equal(kept(scene, 0), "60 10 a.d0.example 20 b.d0.example");
	assert_string_equal(kept(scene, 2), "60 10 a.d2.example 20 b.d2.example");
	run_all(scene, "ttl 90, remove b.d2.example");
	assert_int_equal(bulk_count(scene->bulk, BULK_DRAFTED), 1);
	assert_int_equal(bulk_count(scene->bulk, BULK_REFUSED), DOMAINS - 1);
	assert_string_equal(kept(scene, 0), "60 10 a.d0.example 20 b.d0.example");
	assert_string_equal(kept(scene, 2), "90 10 a.d2.example");
	assert_string_equal(refusal(&scene->bulk->row[3]), "the draft has no record of \"b.d2.example\"");
	run_all(scene, "nonsense");
	assert_int_equal(bulk_count(scene->bulk, BULK_REFUSED), DOMAINS);
	assert_int_equal(scene->bulk->row[2].err.code, ERR_USAGE);
	assert_string_equal(kept(scene, 2), "90 10 a.d2.example");
}

static void stop(void *data)
{
	struct scene *scene = data;

	loop_stop(scene->app.loop);
}

static void what_was_not_done__stays_undone(void **state)
{
	struct scene *scene = *state;

	assert_false(bulk_running(NULL));
	bulk_free(NULL);
	start(scene, DOMAINS, "ttl 300");
	bulk_free(scene->bulk);
	scene->bulk = NULL;
	loop_after(scene->app.loop, 20, stop, scene);
	loop_run(scene->app.loop);
	assert_int_equal(scene->changes, 0);
	for (size_t i = 0; i < DOMAINS; i++)
		assert_string_equal(kept(scene, i), "");
	start(scene, 0, "ttl 300");
	assert_false(bulk_running(scene->bulk));
	assert_int_equal(bulk_count(scene->bulk, BULK_WAITS), 0);
}

/* A draft that cannot be written is none. */
static void draft__that_cannot_be_saved__is_refused(void **state)
{
	struct scene *scene = *state;
	struct rlimit was, none;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = was.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	run_all(scene, "ttl 300");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(bulk_count(scene->bulk, BULK_SAME), 1);
	assert_int_equal(bulk_count(scene->bulk, BULK_REFUSED), DOMAINS - 1);
	assert_int_equal(scene->bulk->row[2].err.code, ERR_FILE);
}

/* Nobody need listen. */
static void edit__is_made__without_a_listener(void **state)
{
	struct scene *scene = *state;

	scene->bulk = bulk_start(&scene->app, 3, scene->domain, "ttl 300");
	while (bulk_running(scene->bulk)) {
		loop_after(scene->app.loop, 5, stop, scene);
		loop_run(scene->app.loop);
	}
	assert_int_equal(bulk_count(scene->bulk, BULK_DRAFTED), 1);
	assert_string_equal(kept(scene, 2), "300 10 a.d2.example");
	assert_string_equal(kept(scene, 3), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(edit__is_made__a_few_at_a_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(edit__is_tried__on_the_draft, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_not_done__stays_undone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(draft__that_cannot_be_saved__is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(edit__is_made__without_a_listener, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("bulk", tests, NULL, NULL);
}
