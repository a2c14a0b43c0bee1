/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push's ends on the embedded world: what was done, and what is said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/history.h"
#include "app/session.h"
#include "typed.h"

struct world {
	struct app app;
	struct session *session;
	struct dname domain;
	struct plan plan;
	struct push_run *run;
};

static void surveyed(void *data)
{
	struct world *world = data;

	if (world->session && !session_surveying(world->session))
		loop_stop(world->app.loop);
}

static void edit(struct world *world, const char *text)
{
	assert_true(session_type(world->session, text, NULL));
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct app_options options = { .demo = true };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&world->app, &options, NULL));
	assert_true(dname_parse(&world->domain, "exempel.com", NULL));
	world->session = session_open(&world->app, &world->domain, surveyed, world);
	session_survey(world->session);
	loop_run(world->app.loop);
	plan_init(&world->plan);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	push_free(world->run);
	plan_release(&world->plan);
	session_close(world->session);
	app_close(&world->app);
	free(world);
	return 0;
}

/* An approved plan of the session's draft. */
static void make_plan(struct world *world, const char *text)
{
	edit(world, text);
	assert_true(session_approve(world->session, "looked at", NULL, NULL));
	plan_copy(&world->plan, session_plan(world->session, NULL));
}

static void changed(void *data)
{
	(void)data;
}

static const struct push *start(struct world *world, const struct push_options *options)
{
	push_free(world->run);
	world->run = push_start(&world->app, &world->plan, options, (struct push_then){ .changed = changed, .data = world }, NULL);
	assert_non_null(world->run);
	return push_look(world->run);
}

static const struct push *push(struct world *world, const struct push_options *options)
{
	const struct push *look = start(world, options);

	push_wait(&world->app, world->run);
	assert_true(look->done);
	return look;
}

static void expect_said(const struct push *push, const char *words)
{
	struct msg msg;

	assert_true(push_state_msg(push, &msg));
	assert_string_equal(msg.id, words);
}

static void plan__after_a_further_edit__is_another(void **state)
{
	struct world *world = *state;
	const struct plan *plan;
	struct err err = { 0 };

	make_plan(world, "ttl 1h");
	assert_true(session_approved(world->session));
	edit(world, "ttl 2h");
	assert_false(session_approved(world->session));
	plan = session_plan(world->session, NULL);
	assert_string_not_equal(plan->id, world->plan.id);
	assert_int_equal(plan->n_approval, 0);
	assert_int_equal(plan->want.ttl_s, 7200);
	assert_false(session_push(world->session, &(struct push_options){ .no_watch = true }, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
	assert_int_equal(world->plan.want.ttl_s, 3600);
}

static void push__of_what_is_held__changes_nothing(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct history history = { 0 };
	struct world *world = *state;
	const struct push *look;

	make_plan(world, "ttl 1h");
	look = push(world, &options);
	assert_int_equal(look->state, PUSH_PUBLISHED);
	assert_int_equal(look->written, 1);
	assert_int_equal(look->held.ttl_s, 3600);
	assert_int_equal(push_exit_status(look), 0);
	expect_said(look, "published");
	look = push(world, &options);
	assert_int_equal(look->state, PUSH_UNCHANGED);
	assert_int_equal(look->n_step, 0);
	assert_int_equal(look->written, 0);
	assert_false(look->unfinished);
	assert_int_equal(push_exit_status(look), 0);
	expect_said(look, "already so: nothing was written; whether it is published, too, is not known");
	assert_true(history_read(&world->app, &world->domain, &history, NULL));
	assert_int_equal(history.n, 2);
	assert_string_equal(history.push[1].state, "unchanged");
	assert_ptr_equal(history_find(&history, NULL), &history.push[0]);
	assert_true(history_can_revert(&history.push[0], NULL));
	assert_false(history_can_revert(&history.push[1], NULL));
	assert_null(history_unfinished(&history));
	history_release(&history);
}

static void push__stopped_before_its_write__failed(void **state)
{
	struct world *world = *state;
	const struct push *look;

	make_plan(world, "ttl 1h");
	look = start(world, &(struct push_options){ .no_watch = true });
	push_stop(world->run);
	push_wait(&world->app, world->run);
	assert_true(look->done);
	assert_int_equal(look->state, PUSH_FAILED);
	assert_int_equal(look->written, 0);
	assert_false(look->unfinished);
	assert_int_equal(push_exit_status(look), 7);
	expect_said(look, "failed: nothing was changed");
	assert_int_equal(push(world, &(struct push_options){ .no_watch = true })->state, PUSH_PUBLISHED);
}

static void push__against_another_base__is_a_conflict(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct world *world = *state;
	const struct push *look;
	struct msg msg;

	make_plan(world, "ttl 1h");
	push(world, &options);
	edit(world, "ttl 2h");
	assert_true(session_approve(world->session, "", NULL, NULL));
	plan_copy(&world->plan, session_plan(world->session, NULL));
	look = push(world, &options);
	assert_int_equal(look->state, PUSH_CONFLICT);
	assert_int_equal(look->conflict.ttl_live_s, 3600);
	assert_int_equal(look->conflict.ttl_base_s, 45000);
	assert_int_equal(look->conflict.ttl_want_s, 7200);
	assert_int_equal(push_exit_status(look), 6);
	assert_false(look->unfinished);
	assert_false(push_written_msg(look, &msg));
	expect_said(look, "conflict: what is there is not what the plan began from; nothing was written");
}

static void push__read_only__is_refused(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	make_plan(world, "ttl 1h");
	world->app.read_only = true;
	assert_null(push_start(&world->app, &world->plan, &(struct push_options){ .no_watch = true },
		(struct push_then){ .changed = changed, .data = world }, &err));
	assert_int_equal(err.code, ERR_USAGE);
	world->app.read_only = false;
}

static void push__beside_another__is_refused(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	make_plan(world, "ttl 1h");
	start(world, &(struct push_options){ .no_watch = true });
	assert_null(push_start(&world->app, &world->plan, &(struct push_options){ .no_watch = true },
		(struct push_then){ .changed = changed, .data = world }, &err));
	assert_int_equal(err.code, ERR_FILE);
	push_wait(&world->app, world->run);
	assert_int_equal(push_look(world->run)->state, PUSH_PUBLISHED);
}

static void stop_in_read_back(void *data)
{
	struct world *world = data;

	if (world->run && push_look(world->run)->phase == PHASE_READING_BACK)
		push_stop(world->run);
}

static void push__stopped_while_it_reads_back__does_not_watch(void **state)
{
	struct dns_endpoint server;
	struct world *world = *state;
	const struct push *look;
	uint64_t begun = loop_ms();

	make_plan(world, "ttl 1h");
	assert_true(dns_endpoint_parse(&server, "127.0.0.1:1", NULL));
	world->run = push_start(&world->app, &world->plan, &(struct push_options){ .n_server = 1, .server = &server, .watch_s = 20 },
		(struct push_then){ .changed = stop_in_read_back, .data = world }, NULL);
	assert_non_null(world->run);
	look = push_look(world->run);
	push_wait(&world->app, world->run);
	assert_int_equal(look->state, PUSH_PUBLISHED);
	assert_int_equal(look->err.code, ERR_FALSE);
	assert_true(loop_ms() - begun < 10000);
}

/* The demo's own configuration, and more. */
static void configure(struct world *world, const char *more)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/config", world->app.demo_dir);
	file = fopen(path, "a");
	assert_non_null(file);
	fputs(more, file);
	fclose(file);
	config_release(&world->app.config);
	assert_true(config_read(&world->app.config, path, NULL, NULL));
}

static void protect(struct world *world)
{
	configure(world, "\n[domain exempel.com]\nprotected = yes\n");
}

/* Whoever starts it: a protected domain's name has to be given, and a dry run says so. */
static void push__of_a_protected_domain__wants_its_name(void **state)
{
	static const struct {
		const char *typed;
		enum err_code code;
	} rows[] = { { NULL, ERR_APPROVAL }, { "", ERR_APPROVAL }, { "exempel.net", ERR_APPROVAL }, { "EXEMPEL.com.", ERR_NONE } };
	struct world *world = *state;

	make_plan(world, "ttl 1h");
	protect(world);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct push_options options = { .no_watch = true, .confirm = rows[i].typed, .dry_run = true };
		struct err err = { 0 };

		assert_int_equal(push(world, &options)->err.code, rows[i].code);
		options.dry_run = false;
		push_free(world->run);
		world->run = push_start(&world->app, &world->plan, &options, (struct push_then){ .changed = changed, .data = world }, &err);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(world->run == NULL, rows[i].code != ERR_NONE);
	}
	push_wait(&world->app, world->run);
	assert_int_equal(push_look(world->run)->state, PUSH_PUBLISHED);
}

/* What is still to be approved is looked at without the name. */
static void preview__of_a_protected_domain__wants_no_name(void **state)
{
	struct world *world = *state;

	make_plan(world, "ttl 1h");
	protect(world);
	assert_int_equal(push(world, &(struct push_options){ .dry_run = true, .preview = true })->err.code, ERR_NONE);
}

static void resume__of_an_account_that_is_gone__says_the_way_on(void **state)
{
	struct world *world = *state;
	struct push_options options = { .resume = true, .resume_id = "2026-11-25T00:00:00Z-0001" };
	struct err err = { 0 };

	make_plan(world, "ttl 1h");
	free(world->plan.account);
	world->plan.account = strdup("renamed");
	assert_null(push_start(&world->app, &world->plan, &options, (struct push_then){ .changed = changed, .data = world }, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(err.hint.id);
	assert_non_null(strstr(err.hint.id, "--abandon REASON"));
}

/* A picture asks whether the plan is approved each time it is drawn: nothing is verified then. */
static void session_approved__is_looked_at__when_the_plan_changes(void **state)
{
	struct world *world = *state;

	make_plan(world, "ttl 1h");
	assert_true(session_approved(world->session));
	configure(world, "\n[domain exempel.com]\napprovals = 2\n");
	assert_true(session_approved(world->session));
	assert_true(session_approve(world->session, "once more", NULL, NULL));
	assert_false(session_approved(world->session)); /* the same person twice */
	assert_false(session_push(world->session, &(struct push_options){ .no_watch = true }, NULL));
	edit(world, "ttl 2h");
	assert_false(session_approved(world->session));
}

static bool is_limit(const struct finding *finding)
{
	return !strcmp(finding->check->id, "ttl-floor") || !strcmp(finding->check->id, "cap-null");
}

static bool has_limits(const struct session *session)
{
	const struct findings *findings = session_findings(session);
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++) {
		n += is_limit(&findings->finding[i]);
		if (is_limit(&findings->finding[i])) {
			assert_int_equal(findings->finding[i].level, LEVEL_ERROR);
			assert_true(findings->finding[i].introduced);
		}
	}
	assert_true(n <= 1);
	return n;
}

/* What the provider cannot store is said of the draft, before anything is approved. */
static void session__draft__meets_the_limits_of_the_provider(void **state)
{
	static const struct {
		const char *edit;
		bool limits;
	} rows[] = { { "ttl 1h", false }, { "ttl 10", true }, { "add 40 mx4.exempel.net", true }, { "ttl 30", false },
		{ "null-mx", true } };
	struct world *world = *state;

	configure(world, "\n[account do]\nprovider = digitalocean\nkey_file = /dev/null\n[domain exempel.com]\naccount = do\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		edit(world, rows[i].edit);
		assert_int_equal(has_limits(world->session), rows[i].limits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(plan__after_a_further_edit__is_another, setup, teardown),
		cmocka_unit_test_setup_teardown(push__of_what_is_held__changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(push__stopped_before_its_write__failed, setup, teardown),
		cmocka_unit_test_setup_teardown(push__against_another_base__is_a_conflict, setup, teardown),
		cmocka_unit_test_setup_teardown(push__read_only__is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(push__beside_another__is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(push__stopped_while_it_reads_back__does_not_watch, setup, teardown),
		cmocka_unit_test_setup_teardown(push__of_a_protected_domain__wants_its_name, setup, teardown),
		cmocka_unit_test_setup_teardown(preview__of_a_protected_domain__wants_no_name, setup, teardown),
		cmocka_unit_test_setup_teardown(resume__of_an_account_that_is_gone__says_the_way_on, setup, teardown),
		cmocka_unit_test_setup_teardown(session_approved__is_looked_at__when_the_plan_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(session__draft__meets_the_limits_of_the_provider, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
