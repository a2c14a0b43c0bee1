/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session says of findings that somebody accepted, and what changes together with its draft. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session_private.h"
#include "io/scratch.h"
#include "typed.h"

#define UNTIL INT64_C(4041964800) /* 2098-01-31 */

struct world {
	char *dir;
	struct app app;
	struct session *session;
	unsigned told;
};

static void moved(void *data)
{
	struct world *world = data;

	world->told++;
	if (world->session && !session_surveying(world->session))
		loop_stop(world->app.loop);
}

static int setup(void **state)
{
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n"
				   "@ MX 10 a\n@ MX 20 b\n@ MX 30 gone\na A 198.51.100.1\nb A 198.51.100.2\nc A 198.51.100.3\n";
	struct world *world = calloc(1, sizeof(*world));
	char path[200], file[200], store[200], *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = path, .state_dir = store };
	struct dname domain;

	world->dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", world->dir);
	snprintf(file, sizeof(file), "%s/zone", world->dir);
	snprintf(store, sizeof(store), "%s/state", world->dir);
	assert_true(store_write_file(path, "", 0, 0600, NULL));
	assert_true(store_write_file(file, zone, sizeof(zone) - 1, 0600, NULL));
	assert_true(app_open(&world->app, &options, NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	world->session = session_open(&world->app, &domain, moved, world);
	session_survey(world->session);
	loop_run(world->app.loop);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;

	session_close(world->session);
	app_close(&world->app);
	scratch_free(world->dir);
	free(world);
	return 0;
}

static void edit(struct world *world, const char *text)
{
	assert_true(session_type(world->session, text, NULL));
}

static const struct finding *finding_at(struct world *world, const char *host)
{
	const struct findings *findings = session_findings(world->session);
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	for (size_t i = 0; i < findings->n; i++)
		if (dname_equal(&findings->finding[i].mx.host, &name))
			return &findings->finding[i];
	fail_msg("nothing is found at %s", host);
	return NULL;
}

static void expect_file(struct world *world, const char *wanted)
{
	char path[300];
	struct str text;

	snprintf(path, sizeof(path), "%s/accepted", world->dir);
	str_init(&text, 0);
	if (*wanted)
		assert_true(store_read_file(path, 1 << 16, &text, NULL));
	else
		assert_false(store_read_file(path, 1 << 16, &text, NULL) && text.len > 0);
	assert_string_equal(text.s, wanted);
	str_release(&text);
}

/* What each attempt moves: the callback once and the revision, or neither. */
static void expect_told(struct world *world, unsigned long revision, unsigned told)
{
	assert_int_equal(session_revision(world->session), revision + told);
	assert_int_equal(world->told, told);
	world->told = 0;
}

static void finding__is_accepted__at_its_host(void **state)
{
	struct world *world = *state;
	struct session *session = world->session;
	const struct finding *finding = finding_at(world, "gone.exempel.com");
	char line[100];
	unsigned long revision = session_revision(session);
	const struct accepted *row;

	assert_null(finding->accepted);
	snprintf(line, sizeof(line), "exempel.com %s@gone.exempel.com 2098-01-30T00:00:00Z known\n", finding->check->id);
	world->told = 0;
	assert_true(session_accept(session, finding, UNTIL - 86400, "known", NULL));
	expect_told(world, revision, 1);
	expect_file(world, line);
	assert_int_equal(session->accepted_until, UNTIL - 86400);
	finding = finding_at(world, "gone.exempel.com");
	row = finding->accepted;
	assert_non_null(row);
	assert_string_equal(row->reason, "known");
	/* the draft's findings know it too */
	edit(world, "prefer b.exempel.com 15");
	assert_non_null(finding_at(world, "gone.exempel.com")->accepted);
	assert_true(session_undo(session));
	revision = session_revision(session);
	world->told = 0;
	assert_true(session_withdraw(session, finding_at(world, "gone.exempel.com")->accepted, NULL));
	expect_told(world, revision, 1);
	expect_file(world, "");
	assert_int_equal(session->accepted_until, 0);
	assert_null(finding_at(world, "gone.exempel.com")->accepted);
}

static void finding__of_no_host__is_accepted_without_one(void **state)
{
	struct world *world = *state;
	struct finding finding = *finding_at(world, "gone.exempel.com");
	char lines[200];

	dname_root(&finding.mx.host);
	assert_true(session_accept(world->session, &finding, UNTIL - 86400, "one", NULL));
	finding.mx.host.len = 0;
	assert_true(session_accept(world->session, &finding, UNTIL - 86400, "two", NULL));
	snprintf(lines, sizeof(lines), "exempel.com %s 2098-01-30T00:00:00Z one\nexempel.com %s 2098-01-30T00:00:00Z two\n",
		finding.check->id, finding.check->id);
	expect_file(world, lines);
}

static void reason__has__one_line(void **state)
{
	struct world *world = *state;
	const struct finding *finding = finding_at(world, "gone.exempel.com");
	unsigned long revision = session_revision(world->session);
	char longest[ACCEPT_REASON_MAX + 1];
	const char *refused[] = { "", "a\nb", "a\rb", longest };
	struct err err = { 0 };

	memset(longest, 'x', ACCEPT_REASON_MAX);
	longest[ACCEPT_REASON_MAX] = '\0';
	world->told = 0;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		err = (struct err){ 0 };
		assert_false(session_accept(world->session, finding, UNTIL, refused[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.what.id, "a reason has one line of 1 to %d bytes");
		assert_string_equal(err.what.arg[0], "199");
	}
	world->app.read_only = true;
	assert_false(session_accept(world->session, finding, UNTIL, "known", &err));
	expect_told(world, revision, 0);
	expect_file(world, "");
	world->app.read_only = false;
	longest[ACCEPT_REASON_MAX - 1] = '\0';
	assert_true(session_accept(world->session, finding, UNTIL, longest, NULL));
	assert_string_equal(finding_at(world, "gone.exempel.com")->accepted->reason, longest);
}

/* Its last second counts. */
static void finding__is_back__when_its_time_is_over(void **state)
{
	struct world *world = *state;
	struct session *session = world->session;
	unsigned long revision = session_revision(session);
	int64_t now;

	session_tick(session);
	assert_int_equal(session_revision(session), revision); /* none is accepted */
	assert_true(session_accept(session, finding_at(world, "gone.exempel.com"), UNTIL, "known", NULL));
	do { /* within one second */
		now = loop_now();
		session->accepted_until = now;
		revision = session_revision(session);
		session_tick(session);
	} while (loop_now() != now);
	assert_int_equal(session_revision(session), revision);
	assert_int_equal(session->accepted_until, now);
	session->accepted_until = now - 1;
	world->told = 0;
	session_tick(session);
	assert_int_equal(session_revision(session), revision + 1);
	assert_int_equal(session->accepted_until, UNTIL);
	assert_int_equal(world->told, 0); /* who ticks draws */
}

static void expect_companions(struct world *world, int64_t now, int64_t minute)
{
	const struct companion_input in = { .base = &session_draft(world->session)->base,
		.want = &session_draft(world->session)->want,
		.facts = session_facts(world->session),
		.at = minute };
	struct companions expected = { 0 };
	const struct companions *got = session_companions(world->session, now);

	companions_find(&expected, &in);
	assert_int_equal(got->n, expected.n);
	for (size_t i = 0; i < got->n; i++) {
		assert_string_equal(got->companion[i].id, expected.companion[i].id);
		assert_int_equal(got->companion[i].not_before, expected.companion[i].not_before);
	}
	companions_release(&expected);
}

/* By the minute, as the cut-over. */
static void companions__are_of_the_draft__and_of_the_minute(void **state)
{
	struct world *world = *state;
	const struct companions *companions;
	const struct companion *first;

	assert_int_equal(session_companions(world->session, 1795608030)->n, 0);
	edit(world, "remove a.exempel.com");
	companions = session_companions(world->session, 1795608030);
	assert_true(companions->n > 0);
	assert_true(companions->companion[companions->n - 1].not_before > 1795608000);
	expect_companions(world, 1795608030, 1795608000);
	first = companions->companion;
	msg_set((struct msg *)(uintptr_t)&first->why, "kept");
	assert_string_equal(session_companions(world->session, 1795608059)->companion->why.id, "kept");
	expect_companions(world, 1795608060, 1795608060);
	edit(world, "remove b.exempel.com");
	expect_companions(world, 1795608060, 1795608060);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(finding__is_accepted__at_its_host),
		TEST(finding__of_no_host__is_accepted_without_one),
		TEST(reason__has__one_line),
		TEST(finding__is_back__when_its_time_is_over),
		TEST(companions__are_of_the_draft__and_of_the_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
