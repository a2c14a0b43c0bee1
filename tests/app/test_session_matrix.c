/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's game-day matrix: whole for a small set, in portions for a large one, stopped when asked, gone with a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"

#define CUTS_ALL 40
#define LARGE 250 /* hosts of two addresses: some half a million failures */

struct world {
	struct app app;
	struct session *session;
	unsigned told, ticks;
};

static void moved(void *data)
{
	struct world *world = data;

	world->told++;
	if (world->session && !session_surveying(world->session) && !session_matrix_running(world->session))
		loop_stop(world->app.loop);
}

static void open_domain(struct world *world, const char *name)
{
	struct dname domain;

	session_close(world->session);
	world->session = NULL;
	assert_true(dname_parse(&domain, name, NULL));
	world->session = session_open(&world->app, &domain, moved, world);
	assert_non_null(world->session);
	session_survey(world->session);
	loop_run(world->app.loop);
	assert_false(session_surveying(world->session));
}

static void add_large(struct app *app)
{
	struct str text;

	str_init(&text, 0);
	str_add(&text, "$ORIGIN stor.example.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n");
	for (int i = 1; i <= LARGE; i++)
		str_addf(&text, "@ MX %d mx%d\nmx%d A 198.51.100.%d\nmx%d AAAA 2001:db8:%x::1\n", 10 * i, i, i, i, i, i);
	assert_true(zoneworld_add(app->world, "stor", text.s, text.len, NULL));
	str_release(&text);
}

/* Three hosts in two networks: each has an address in both. */
static void add_three(struct app *app)
{
	struct str text;

	str_init(&text, 0);
	str_add(&text, "$ORIGIN tre.example.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n");
	for (int i = 1; i <= 3; i++)
		str_addf(&text, "@ MX 10 mx%d\nmx%d A 198.51.100.%d\nmx%d A 203.0.113.%d\n", i, i, i, i, i);
	assert_true(zoneworld_add(app->world, "tre", text.s, text.len, NULL));
	str_release(&text);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct app_options options = { .demo = true };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&world->app, &options, NULL));
	add_large(&world->app);
	add_three(&world->app);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	session_close(world->session);
	app_close(&world->app);
	free(world);
	return 0;
}

static void assert_sorted(const struct session *session)
{
	const struct matrix *matrix = session_matrix(session);

	for (size_t i = 1; i < matrix->n_row; i++)
		assert_true(matrix_at(matrix, i - 1)->lost > matrix_at(matrix, i)->lost - 1e-9);
}

/* How much the first portion does is the machine's affair: what it left is waited for. */
static void assert_done(struct world *world)
{
	const struct matrix *matrix = session_matrix(world->session);

	assert_non_null(matrix);
	while (session_matrix_running(world->session))
		loop_run(world->app.loop);
	assert_ptr_equal(session_matrix(world->session), matrix);
	assert_int_equal(matrix->n_row, matrix_total(matrix));
	assert_sorted(world->session);
}

static void matrix__of_a_small_set__comes_whole(void **state)
{
	struct world *world = *state;
	const struct matrix *first;
	const struct cut_words *words;

	open_domain(world, "exempel.com");
	assert_null(session_matrix(world->session));
	assert_int_equal(session_matrix_cutsets(world->session, &words), 0);
	assert_null(words);
	session_matrix_start(world->session, 1);
	assert_done(world);
	first = session_matrix(world->session);
	assert_int_equal(first->n_row, first->n_failure);
	assert_true(session_matrix_cutsets(world->session, &words) > 0);
	assert_non_null(words[0].why.id);
	session_matrix_start(world->session, 1);
	assert_ptr_equal(session_matrix(world->session), first);
	session_matrix_start(world->session, 2);
	assert_done(world);
	assert_true(session_matrix(world->session)->n_row > session_matrix(world->session)->n_failure);
	session_set_sender(world->session, sender_find("postfix"));
	session_matrix_start(world->session, 2);
	assert_ptr_equal(session_matrix(world->session)->sender, sender_find("postfix"));
}

static void tick(void *data)
{
	struct world *world = data;

	world->ticks++;
	if (session_matrix_running(world->session))
		loop_after(world->app.loop, 0, tick, world);
}

static void matrix__of_a_large_set__lets_others_in(void **state)
{
	struct world *world = *state;
	const struct matrix *matrix;
	unsigned long revision;
	size_t before;

	open_domain(world, "stor.example");
	world->told = 0;
	session_matrix_start(world->session, 2);
	assert_true(session_matrix_running(world->session));
	matrix = session_matrix(world->session);
	before = matrix->n_row;
	assert_true(before < matrix_total(matrix));
	assert_sorted(world->session);
	revision = session_revision(world->session);
	loop_after(world->app.loop, 0, tick, world);
	loop_run(world->app.loop);
	assert_done(world);
	assert_ptr_equal(session_matrix(world->session), matrix);
	assert_true(world->told > 0);
	assert_int_equal(session_revision(world->session), revision + world->told);
	assert_true(world->ticks > 1);
}

/* No portion keeps a key waiting for 20 ms: the best of three starts, for the machine may be busy. */
static void matrix__stops__when_asked(void **state)
{
	struct world *world = *state;
	size_t rows;

	open_domain(world, "stor.example");
	session_matrix_stop(world->session);
	session_matrix_start(world->session, 2);
	session_matrix_stop(world->session);
	assert_false(session_matrix_running(world->session));
	assert_sorted(world->session);
	rows = session_matrix(world->session)->n_row;
	assert_true(rows < matrix_total(session_matrix(world->session)));
	loop_run(world->app.loop); /* nothing is left to wait for */
	session_matrix_start(world->session, 2);
	assert_int_equal(session_matrix(world->session)->n_row, rows);
	session_matrix_drop(world->session);
	assert_null(session_matrix(world->session));
}

static void matrix__is_dropped__by_a_change(void **state)
{
	struct world *world = *state;
	struct edit edit = { .verb = EDIT_REMOVE };
	struct mark mark;

	open_domain(world, "stor.example");
	session_matrix_start(world->session, 2);
	mark = (struct mark){ .kind = MARK_FAMILY, .family = 6, .state = SIM_REFUSED };
	session_mark(world->session, &mark);
	assert_null(session_matrix(world->session));
	assert_false(session_matrix_running(world->session));
	session_matrix_start(world->session, 2);
	mx_set(&edit.mx, EDIT_ANY, "mx1.stor.example");
	assert_true(session_edit(world->session, &edit, 1, NULL));
	assert_null(session_matrix(world->session));
	session_matrix_start(world->session, 2); /* left running when the session is closed */
	assert_true(session_matrix_running(world->session));
	session_close(world->session);
	world->session = NULL;
	open_domain(world, "stor.example");
	session_matrix_start(world->session, 1); /* of the draft */
	assert_int_equal(matrix_hosts(session_matrix(world->session)), LARGE - 1);
	assert_true(session_discard(world->session, NULL));
}

/* Of very many the smallest twelve are told, and they are those of the whole set under the session's own sender. */
static void cuts__are_told__twelve_at_most(void **state)
{
	struct world *world = *state;
	struct matrix_cut direct[CUTS_ALL];
	const struct cut_words *words;
	struct matrix matrix = { 0 };
	struct sim_input in;
	size_t n;

	open_domain(world, "tre.example");
	in = (struct sim_input){ .domain = session_domain(world->session),
		.set = session_set(world->session),
		.facts = session_facts(world->session),
		.marks = session_marks(world->session),
		.seed = 1 };
	matrix_init(&matrix, &in, session_sender(world->session), 1);
	while (matrix_step(&matrix, 16))
		;
	n = matrix_cutsets(&matrix, direct, CUTS_ALL);
	assert_true(n > 12);
	session_matrix_start(world->session, 1);
	assert_done(world);
	assert_int_equal(session_matrix_cutsets(world->session, &words), 12);
	for (size_t i = 0; i < 12; i++) {
		struct cut_words expected = { 0 };

		matrix_cutset_words(&matrix, &direct[i], &expected);
		assert_memory_equal(&words[i], &expected, sizeof(expected));
	}
	matrix_release(&matrix);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(matrix__of_a_small_set__comes_whole),
		TEST(cuts__are_told__twelve_at_most),
		TEST(matrix__of_a_large_set__lets_others_in),
		TEST(matrix__stops__when_asked),
		TEST(matrix__is_dropped__by_a_change),
	};

	return cmocka_run_group_tests_name("session_matrix", tests, NULL, NULL);
}
