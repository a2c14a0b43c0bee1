/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A push to a zone file whose server is told by a command: published when the command succeeded, and not before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/history.h"
#include "app/push.h"
#include "io/scratch.h"
#include "../core/sets.h"

static const char zone_text[] = "$ORIGIN exempel.com.\n$TTL 3600\n"
				"@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\nns1 A 192.0.2.1\nmx1 A 9.9.9.1\nmx2 A 9.9.9.2\n"
				"@ MX 10 mx1\n";

struct desk {
	char *dir, zone[200], script[200], ran[200];
	struct app app;
	struct plan plan;
	struct push_run *run;
	bool kill; /* when the file is written */
};

static void put(const char *path, const char *text, unsigned mode)
{
	assert_true(store_write_file(path, text, strlen(text), mode, NULL));
	assert_int_equal(chmod(path, mode), 0);
}

static bool holds(const char *path, const char *words)
{
	struct str text;
	bool found;

	str_init(&text, 0);
	found = store_read_file(path, 10000, &text, NULL) && strstr(text.s, words);
	str_release(&text);
	return found;
}

/* The server's command: notes that it ran, says its words on standard error, and ends so. */
static void set_command(struct desk *desk, const char *words, int status)
{
	char text[600];

	snprintf(text, sizeof(text), "#!/bin/sh\necho \"$1\" >>%s\necho '%s' >&2\nexit %d\n", desk->ran, words, status);
	put(desk->script, text, 0700);
}

static int setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	char config[300], store[300], text[900];
	char *zones[] = { desk->zone };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = config, .state_dir = store };

	desk->dir = scratch_new(NULL);
	snprintf(desk->zone, sizeof(desk->zone), "%s/exempel.com.zone", desk->dir);
	snprintf(desk->script, sizeof(desk->script), "%s/reload", desk->dir);
	snprintf(desk->ran, sizeof(desk->ran), "%s/ran", desk->dir);
	snprintf(config, sizeof(config), "%s/config", desk->dir);
	snprintf(store, sizeof(store), "%s/state", desk->dir);
	put(desk->zone, zone_text, 0600);
	set_command(desk, "", 0);
	snprintf(text, sizeof(text), "[account lab]\nprovider = zonefile\nendpoint = %s\nreload_command = %s {zone}\n", desk->dir,
		desk->script);
	put(config, text, 0600);
	assert_true(app_open(&desk->app, &options, NULL));
	plan_init(&desk->plan);
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	struct desk *desk = *state;

	push_free(desk->run);
	plan_release(&desk->plan);
	app_close(&desk->app);
	scratch_free(desk->dir);
	free(desk);
	return 0;
}

static void changed(void *data)
{
	struct desk *desk = data;
	const struct push *look = desk->kill ? push_look(desk->run) : NULL;

	if (look && look->n_step == 2 && look->step[1].state == PUSHED_OK)
		loop_stop(desk->app.loop);
}

static const struct push *push(struct desk *desk, const struct push_options *options)
{
	push_free(desk->run);
	desk->run = push_start(&desk->app, &desk->plan, options, (struct push_then){ .changed = changed, .data = desk }, NULL);
	assert_non_null(desk->run);
	push_wait(&desk->app, desk->run);
	return push_look(desk->run);
}

static void make_plan(struct desk *desk, const char *base, const char *want)
{
	plan_release(&desk->plan);
	plan_init(&desk->plan);
	assert_true(dname_parse(&desk->plan.domain, "exempel.com", NULL));
	assert_true(dname_parse(&desk->plan.zone, "exempel.com", NULL));
	free(desk->plan.account);
	free(desk->plan.provider);
	desk->plan.account = strdup("lab");
	desk->plan.provider = strdup("zonefile");
	set_from(&desk->plan.base, base);
	set_from(&desk->plan.want, want);
	plan_seal(&desk->plan);
	assert_true(push_approve(&desk->app, &desk->plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
}

#define OLD "3600 10 mx1.exempel.com"
#define NEW "3600 10 mx2.exempel.com"

static const struct push *resume(struct desk *desk, const struct push_options *options)
{
	struct push_options with = *options;
	struct history history = { 0 };
	const struct push *look;

	assert_true(history_read(&desk->app, &desk->plan.domain, &history, NULL));
	assert_non_null(history_unfinished(&history));
	with.resume = with.no_watch = true;
	with.resume_id = history_unfinished(&history)->id;
	look = push(desk, &with);
	history_release(&history);
	return look;
}

static void push__is_published__after_the_command(void **state)
{
	struct desk *desk = *state;
	const struct push *look;

	make_plan(desk, OLD, NEW);
	look = push(desk, &(struct push_options){ .no_watch = true });
	assert_int_equal(look->state, PUSH_PUBLISHED);
	assert_int_equal(look->err.code, ERR_NONE);
	assert_int_equal(look->committed, COMMIT_DONE);
	assert_int_equal(look->n_step, 3); /* read, written, told */
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(look->step[i].state, PUSHED_OK);
		assert_int_equal(look->step[i].commit, i == 2);
		assert_int_equal(look->step[i].writes, i > 0);
		assert_int_equal(look->step[i].fate, i ? FATE_TAKEN : FATE_NONE);
	}
	assert_int_equal(look->written, 1); /* the command writes no record */
	assert_non_null(strstr(look->step[2].request, "reload exempel.com"));
	assert_string_equal(look->step[0].request, desk->zone);
	assert_true(holds(desk->ran, "exempel.com\n"));
	assert_true(holds(desk->zone, "MX 10 mx2"));
	assert_true(look->held_known);
	assert_int_equal(look->held.n, 1);
}

static void command__that_fails__is_not_published(void **state)
{
	struct desk *desk = *state;
	const struct push *look;
	struct msg msg;

	set_command(desk, "zone is broken", 3);
	make_plan(desk, OLD, NEW);
	look = push(desk, &(struct push_options){ .no_watch = true });
	assert_int_equal(look->state, PUSH_PARTIAL);
	assert_int_equal(look->err.code, ERR_INTERRUPTED);
	assert_int_equal(push_exit_status(look), 7);
	assert_int_equal(look->committed, COMMIT_FAILED);
	assert_true(look->unfinished);
	assert_int_equal(look->written, 1);
	assert_true(push_state_msg(look, &msg));
	assert_string_equal(msg.id, "written, but not known to be published: the last step failed");
	assert_string_equal(look->err.what.id, "written, but the last step failed: that it is published is not known");
	assert_non_null(strstr(look->err.context[0].arg[2], "zone is broken"));
	assert_int_equal(look->step[2].state, PUSHED_SENT); /* what it did before it failed is not known */
	assert_int_equal(look->step[2].fate, FATE_OPEN);
	assert_true(look->held_known);
	assert_false(look->provider_verified);
	assert_true(holds(desk->zone, "MX 10 mx2"));
	/* a resume repeats the command, and writes nothing */
	look = resume(desk, &(struct push_options){ 0 });
	assert_int_equal(look->state, PUSH_PARTIAL);
	set_command(desk, "", 0);
	look = resume(desk, &(struct push_options){ 0 });
	assert_int_equal(look->state, PUSH_PUBLISHED);
	assert_int_equal(look->n_step, 1);
	assert_true(look->step[0].commit);
	assert_int_equal(look->written, 1);
	assert_false(look->unfinished);
	assert_true(holds(desk->ran, "exempel.com\nexempel.com\nexempel.com\n"));
}

static void command__that_fails__can_be_undone(void **state)
{
	struct desk *desk = *state;
	const struct push *look;

	set_command(desk, "zone is broken", 3);
	make_plan(desk, OLD, NEW);
	push(desk, &(struct push_options){ .no_watch = true });
	set_command(desk, "", 0);
	look = resume(desk, &(struct push_options){ .undo = true });
	assert_int_equal(look->state, PUSH_FAILED);
	assert_true(look->undone);
	assert_int_equal(look->committed, COMMIT_DONE);
	assert_int_equal(look->written, 2);
	assert_true(holds(desk->zone, "MX 10 mx1"));
}

/* Between the file and the command the program was killed; what another did to the file since, its serial tells. */
static void resume__of_what_was_killed__looks_at_the_serial(void **state)
{
#define BACK(serial) "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 hostmaster " serial " 3600 900 604800 300\n@ NS ns1\n@ MX 10 mx1\n"
	static const struct {
		const char *file; /* as another left it; NULL: nobody touched it */
		bool goes_on, blind;
	} rows[] = { { NULL, true, false }, { BACK("3"), false, false }, { BACK("1"), true, true } };
	struct desk *desk = *state;
	const struct push *look;
	char journal[300];
	struct msg msg;

	snprintf(journal, sizeof(journal), "%s/state/journal/exempel.com.ndjson", desk->dir);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		remove(journal);
		put(desk->zone, zone_text, 0600);
		make_plan(desk, OLD, NEW);
		desk->kill = true;
		push(desk, &(struct push_options){ .no_watch = true });
		desk->kill = false;
		push_free(desk->run);
		desk->run = NULL;
		assert_true(holds(desk->zone, "MX 10 mx2") && holds(desk->zone, "hostmaster 2 "));
		if (rows[i].file)
			put(desk->zone, rows[i].file, 0600);
		look = resume(desk, &(struct push_options){ 0 });
		if (!rows[i].goes_on) {
			assert_int_equal(look->state, PUSH_CONFLICT);
			assert_true(look->unfinished);
			assert_true(holds(desk->zone, "MX 10 mx1"));
			look = resume(desk, &(struct push_options){ 0 }); /* after a look at it */
		}
		assert_int_equal(look->state, PUSH_PUBLISHED);
		assert_true(holds(desk->zone, "MX 10 mx2"));
		/* an older file that was put back has its serial, too */
		assert_int_equal(look->blind, rows[i].blind);
		assert_int_equal(push_blind_msg(look, &msg), rows[i].blind);
		assert_string_equal(msg.id,
			"Whether what this push sent before took effect, and somebody else took it back since, cannot be told: "
			"nothing shows it. To resume is to write it again.");
	}
}

/* Which of two sets the server loaded, when the file was replaced while its command ran, nobody knows. */
static void file__changed_while_the_command_runs__is_a_conflict(void **state)
{
	static const struct {
		const char *change; /* by sed */
		enum push_state state;
		enum err_code code;
	} rows[] = {
		{ "s/MX 10 mx2/MX 30 mx1/", PUSH_CONFLICT, ERR_CONFLICT },
		{ "s/192.0.2.1/192.0.2.9/", PUSH_PUBLISHED, ERR_NONE },
	};
	struct desk *desk = *state;
	const struct push *look;
	char text[600];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		put(desk->zone, zone_text, 0600);
		snprintf(text, sizeof(text), "#!/bin/sh\nsed -i '%s' %s\n", rows[i].change, desk->zone);
		put(desk->script, text, 0700);
		make_plan(desk, OLD, NEW);
		look = push(desk, &(struct push_options){ .no_watch = true });
		assert_int_equal(look->state, rows[i].state);
		assert_int_equal(look->err.code, rows[i].code);
		assert_int_equal(look->committed, COMMIT_DONE);
		assert_int_equal(look->written, 1);
		assert_int_equal(look->unfinished, rows[i].state == PUSH_CONFLICT);
		assert_int_equal(look->held.mx[0].preference, rows[i].state == PUSH_CONFLICT ? 30 : 10);
		if (look->unfinished)
			resume(desk, &(struct push_options){ .abandon = "theirs" });
	}
}

static void dry_run__runs__no_command(void **state)
{
	struct desk *desk = *state;
	const struct push *look;

	make_plan(desk, OLD, NEW);
	look = push(desk, &(struct push_options){ .dry_run = true });
	assert_int_equal(look->state, PUSH_RUNNING);
	assert_int_equal(look->phase, PHASE_PREVIEWED);
	assert_int_equal(access(desk->ran, F_OK), -1);
	assert_true(holds(desk->zone, "MX 10 mx1"));
}

static void push__of_what_is_held__runs_no_command(void **state)
{
	struct desk *desk = *state;
	const struct push *look;

	make_plan(desk, NEW, OLD);
	look = push(desk, &(struct push_options){ .no_watch = true });
	assert_int_equal(look->state, PUSH_UNCHANGED);
	assert_int_equal(access(desk->ran, F_OK), -1);
}

#define SERVERS "10 mejlserver1.exempel.com 10 mejlserver2.exempel.com 20 reserv.exempel.net"

/* The demo's own servers are its files: what is published stays published where one of them cannot be read again, and that is said. */
static void push__of_the_demo__ends_where_its_zones_cannot_be_read_again(void **state)
{
	struct app_options options = { .demo = true };
	struct desk demo = { .dir = NULL };
	struct loop_handle *guard;
	const struct push *look;
	char file[300];

	(void)state;
	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&demo.app, &options, NULL));
	plan_init(&demo.plan);
	make_plan(&demo, "45000 " SERVERS, "300 " SERVERS);
	free(demo.plan.account);
	demo.plan.account = strdup("demo");
	plan_seal(&demo.plan);
	assert_true(push_approve(&demo.app, &demo.plan, &(struct approver){ .by = "anna", .note = "" }, NULL));
	snprintf(file, sizeof(file), "%s/exempel.nu.zone", demo.app.demo_dir);
	assert_int_equal(unlink(file), 0);
	guard = loop_after(demo.app.loop, 15000, (loop_fn)loop_stop, demo.app.loop);
	look = push(&demo, &(struct push_options){ .no_watch = true });
	assert_true(look->done);
	loop_cancel(guard);
	assert_int_equal(look->state, PUSH_PUBLISHED);
	assert_int_equal(look->err.code, ERR_FILE);
	assert_true(look->provider_verified);
	assert_int_equal(look->held.ttl_s, 300);
	push_free(demo.run);
	plan_release(&demo.plan);
	app_close(&demo.app);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(push__is_published__after_the_command),
		TEST(command__that_fails__is_not_published),
		TEST(command__that_fails__can_be_undone),
		TEST(resume__of_what_was_killed__looks_at_the_serial),
		TEST(file__changed_while_the_command_runs__is_a_conflict),
		TEST(dry_run__runs__no_command),
		TEST(push__of_what_is_held__runs_no_command),
		cmocka_unit_test(push__of_the_demo__ends_where_its_zones_cannot_be_read_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
