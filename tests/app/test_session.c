/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole loop on the embedded world: live, draft, check, simulate, approve, push, verify, revert. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/history.h"
#include "app/session.h"
#include "check/accept.h"
#include "check/lint.h"
#include "core/server.h"
#include "core/truth.h"
#include "io/scratch.h"
#include "typed.h"

struct world {
	struct app app;
	struct session *session;
	struct dname domain;
	bool wait_push;
};

static void moved(void *data)
{
	struct world *world = data;
	const struct push *push = world->session ? session_current_push(world->session) : NULL;

	if (world->wait_push ? push && push->done : world->session && !session_surveying(world->session))
		loop_stop(world->app.loop);
}

static void survey(struct world *world)
{
	session_survey(world->session);
	loop_run(world->app.loop);
}

static void open_session(struct world *world)
{

	world->session = NULL;
	world->session = session_open(&world->app, &world->domain, moved, world);
	assert_non_null(world->session);
	survey(world);
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	struct app_options options = { .demo = true };
	struct err err = { 0 };

	unsetenv("XDG_CONFIG_HOME");
	assert_true(app_open(&world->app, &options, &err));
	assert_true(dname_parse(&world->domain, "exempel.com", NULL));
	open_session(world);
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

static bool edit(struct world *world, const char *text, struct err *err)
{
	return session_type(world->session, text, err);
}

static const struct push *push(struct world *world, const struct push_options *options)
{
	struct err err = { 0 };

	assert_true(session_push(world->session, options, &err));
	world->wait_push = true;
	loop_run(world->app.loop);
	world->wait_push = false;
	return session_current_push(world->session);
}

static void session__survey__fills_the_facts(void **state)
{
	struct world *world = *state;
	const struct facts *facts = session_facts(world->session);

	assert_int_equal(facts->mx, ANSWER_DATA);
	assert_int_equal(facts->live.n, 3);
	assert_int_equal(facts->live.ttl_s, 45000);
	assert_int_equal(facts->dnssec, DNSSEC_UNCHECKED);
	assert_int_equal(facts->n_server, 2);
	for (size_t i = 0; i < facts->n_server; i++) {
		assert_int_equal(server_state(&facts->server[i]), SERVER_ANSWERS);
		assert_true(mxset_equal(&facts->server[i].set, &facts->live));
	}
	assert_int_equal(facts_host(facts, &facts->live.mx[0].host)->a, ANSWER_DATA);
}

static void session__edit__survives_another_session(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	assert_true(edit(world, "ttl 1h", &err));
	assert_true(session_drafting(world->session));
	session_close(world->session);
	open_session(world);
	assert_true(session_draft_kept(world->session));
	assert_int_equal(session_set(world->session)->ttl_s, 3600);
	assert_true(session_undo(world->session));
	assert_false(session_drafting(world->session));
}

static void session__edit__refuses_and_keeps(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	assert_false(edit(world, "remove nowhere.example.net", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_false(session_drafting(world->session));
}

/* Somebody else edits the zone behind our back. */
static void another_edits(struct world *world)
{
	struct str path, text, changed;
	struct err err = { 0 };
	char *at;

	str_init(&path, 0);
	str_init(&text, 0);
	str_init(&changed, 0);
	str_addf(&path, "%s/exempel.com.zone", world->app.demo_dir);
	assert_true(store_read_file(path.s, 1 << 20, &text, &err));
	at = strstr(text.s, "mejlserver2\n");
	assert_non_null(at);
	str_add_bytes(&changed, text.s, (size_t)(at - text.s));
	str_addf(&changed, "mejlserver3%s", at + strlen("mejlserver2"));
	assert_true(store_write_file(path.s, changed.s, changed.len, 0600, &err));
	assert_true(app_reload_world(&world->app, &err));
	str_release(&path);
	str_release(&text);
	str_release(&changed);
}

static bool has_host(const struct world *world, const char *host)
{
	const struct mxset *set = session_set(world->session);
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	return mxset_find(set, &name) < set->n;
}

static void session__rebase__follows_a_moved_live_set(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	assert_true(edit(world, "ttl 1h", &err));
	assert_false(session_moved(world->session));
	assert_non_null(strstr(session_unmoved_text(world->session), "The draft begins from what is there"));
	another_edits(world);
	survey(world);
	assert_true(session_moved(world->session));
	assert_true(session_rebase(world->session, &err));
	assert_false(session_moved(world->session));
	assert_true(session_drafting(world->session));
	assert_int_equal(session_set(world->session)->ttl_s, 3600);
	assert_true(has_host(world, "mejlserver3.exempel.com") && !has_host(world, "mejlserver2.exempel.com"));
	/* a step back is a step of mine, and brings nothing of theirs back */
	assert_true(session_undo(world->session));
	assert_false(session_drafting(world->session));
	assert_int_equal(session_set(world->session)->ttl_s, 45000);
	assert_true(has_host(world, "mejlserver3.exempel.com") && !has_host(world, "mejlserver2.exempel.com"));
}

static void session__rebase__asks_where_both_changed_a_record(void **state)
{
	struct world *world = *state;
	const struct session_rebase *rebase;
	struct err err = { 0 };

	assert_true(edit(world, "prefer mejlserver2.exempel.com 30", &err));
	another_edits(world);
	survey(world);
	assert_true(session_moved(world->session));
	assert_false(session_rebase(world->session, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	rebase = session_rebase_look(world->session);
	assert_true(rebase->possible);
	assert_int_equal(merge_undecided(&rebase->merge), 1);
	assert_int_equal(rebase->result.n, 4);
	for (size_t i = 0; i < rebase->merge.n; i++)
		if (rebase->merge.row[i].how == MERGE_CLASH) {
			session_rebase_turn(world->session, i); /* mine */
			assert_int_equal(session_rebase_look(world->session)->result.n, 4);
			session_rebase_turn(world->session, i); /* theirs */
		}
	assert_int_equal(merge_undecided(&session_rebase_look(world->session)->merge), 0);
	assert_int_equal(session_rebase_look(world->session)->result.n, 3);
	assert_true(session_rebase(world->session, &err));
	assert_false(session_drafting(world->session));
	assert_true(has_host(world, "mejlserver3.exempel.com") && !has_host(world, "mejlserver2.exempel.com"));
}

/* The account tells what is held, and that is what a draft begins from. */
static void session__survey__reads_what_is_held(void **state)
{
	struct world *world = *state;
	const struct facts *facts = session_facts(world->session);
	struct truth truth;

	assert_int_equal(facts->held.mx, ANSWER_DATA);
	assert_string_equal(facts->held.account, "demo");
	assert_int_equal(facts->live_source, SOURCE_PROVIDER);
	assert_int_equal(facts->source, SOURCE_ZONE);
	assert_true(mxset_equal(&facts->held.set, &session_draft(world->session)->base));
	assert_null(session_held_error(world->session));
	truth_look(&truth, facts, facts->held.at);
	assert_int_equal(truth.live, TRUTH_HELD);
	assert_true(truth.ttl_known);
}

static void session__push__stops_at_a_moved_live_set(void **state)
{
	struct world *world = *state;
	struct push_options options = { 0 };
	const struct push *done;
	struct err err = { 0 };

	assert_true(edit(world, "ttl 1h", &err));
	assert_true(session_approve(world->session, "", NULL, &err));
	another_edits(world);
	done = push(world, &options);
	assert_int_equal(done->state, PUSH_CONFLICT);
	assert_int_equal(push_exit_status(done), 6);
	assert_int_equal(done->n_step, 0);
	assert_int_equal(done->conflict.n, 4);
}

static void session__cutover__follows_the_draft(void **state)
{
	struct world *world = *state;
	const struct cutover *cutover;
	struct cutover_part part[MIX_SENDERS];
	struct mix mix;
	struct err err = { 0 };

	assert_null(session_cutover(world->session, 1700000000));
	assert_true(edit(world, "ttl 1h", &err));
	assert_int_equal(session_cutover(world->session, 1700000000)->kind, CUTOVER_TTL);
	assert_true(edit(world, "remove mejlserver1.exempel.com", &err));
	cutover = session_cutover(world->session, 1700000000);
	assert_int_equal(cutover->kind, CUTOVER_DROPS);
	assert_int_equal(cutover->n_host, 1);
	assert_true(profiles_mix(&world->app.profiles, NULL, &mix, NULL));
	assert_int_equal(cutover->n_sender, profiles_parts(&world->app.profiles, &mix, part));
	assert_ptr_equal(cutover->sender[0].sender, part[0].sender);
	assert_int_equal(cutover->at, 1699999980);
	assert_int_equal(cutover->drained_at, 1699999980 + 45000);
	assert_int_equal(session_cutover(world->session, 1700000060)->at, 1700000040);
	/* live moves: the way is from there */
	another_edits(world);
	survey(world);
	assert_true(session_moved(world->session));
	assert_int_equal(session_cutover(world->session, 1700000060)->n_host, 2);
	assert_true(session_undo(world->session));
	assert_true(session_undo(world->session));
	assert_null(session_cutover(world->session, 1700000060));
}

static void session__mark__moves_the_shares(void **state)
{
	struct world *world = *state;
	struct mark mark;
	const struct sim_result *result;
	const struct mxset *set = session_set(world->session);

	mark = (struct mark){ .kind = MARK_HOST, .name = set->mx[0].host, .state = SIM_REFUSED };
	session_mark(world->session, &mark);
	result = session_result(world->session, sender_find("postfix"));
	assert_true(result->exact);
	assert_true(result->first.share[0].share == 0.0);
	assert_true(result->first.share[1].share > 0.99);
}

static void session__push__needs_approval(void **state)
{
	struct world *world = *state;
	struct push_options options = { 0 };
	struct err err = { 0 };

	assert_true(edit(world, "ttl 2h", &err));
	assert_false(session_approved(world->session));
	assert_false(session_push(world->session, &options, &err));
	assert_int_equal(err.code, ERR_APPROVAL);
}

static void session__push__publishes_verifies_and_reverts(void **state)
{
	struct world *world = *state;
	struct push_options options = { 0 };
	const struct push *done;
	struct history history = { 0 };
	struct err err = { 0 };

	assert_true(edit(world, "ttl 2h", &err));
	assert_true(session_approve(world->session, "slower", NULL, &err));
	done = push(world, &options);
	assert_int_equal(done->err.code, ERR_NONE);
	assert_int_equal(done->state, PUSH_PUBLISHED);
	assert_true(done->provider_verified);
	assert_true(done->served.n > 0);
	assert_int_equal(push_exit_status(done), 0);
	assert_true(done->safe_at >= done->published_at + 45000);
	loop_run(world->app.loop);
	assert_false(session_drafting(world->session));
	assert_int_equal(session_facts(world->session)->live.ttl_s, 7200);

	assert_true(history_read(&world->app, &world->domain, &history, &err));
	assert_int_equal(history.n, 1);
	assert_string_equal(history.push[0].state, "published");
	assert_null(history_unfinished(&history));
	history_release(&history);

	assert_true(session_rollback(world->session, NULL, &err));
	assert_int_equal(session_set(world->session)->ttl_s, 45000);
	assert_true(session_approve(world->session, "", NULL, &err));
	done = push(world, &options);
	assert_int_equal(done->state, PUSH_PUBLISHED);
}

static void session__push__is_refused_read_only(void **state)
{
	struct world *world = *state;
	struct push_options options = { 0 };
	struct err err = { 0 };

	world->app.read_only = true;
	assert_true(edit(world, "ttl 2h", &err));
	assert_true(session_approve(world->session, "", NULL, &err));
	assert_false(session_push(world->session, &options, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void session__push__blocks_an_introduced_error(void **state)
{
	struct world *world = *state;
	const struct push_override why[] = { { "reserved-tld", "a test" }, { "unknown-host", "a test" } };
	struct push_options options = { 0 };
	const struct gates *gates;
	const struct push *done;
	struct err err = { 0 };

	assert_true(edit(world, "add 40 mx.localhost", &err));
	assert_true(session_approve(world->session, "", NULL, &err));
	done = push(world, &options);
	assert_int_equal(done->err.code, ERR_BLOCKED);
	assert_int_equal(push_exit_status(done), 1);
	assert_int_equal(done->state, PUSH_FAILED);
	assert_int_equal(done->n_step, 0);
	assert_int_equal(done->written, 0);
	gates = session_gates(world->session);
	assert_int_equal(gates->n, 2);
	assert_string_equal(gates->gate[0].id, "reserved-tld");
	assert_int_equal(gates->gate[0].answer, GATE_NO);
	assert_string_equal(gates->gate[1].id, "unknown-host"); /* it lies in none of the zone files */
	assert_int_equal(gates->gate[1].answer, GATE_UNKNOWN);
	options.override = why;
	options.n_override = 1;
	assert_int_equal(push(world, &options)->err.code, ERR_BLOCKED);
	options.n_override = 2;
	assert_int_equal(push(world, &options)->state, PUSH_PUBLISHED);
}

static void session__preview__shows_requests_and_writes_nothing(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	assert_true(edit(world, "ttl 2h", &err));
	session_preview(world->session);
	world->wait_push = false;
	for (int i = 0; i < 50 && !session_preview_push(world->session)->done; i++)
		loop_run(world->app.loop);
	assert_true(session_preview_push(world->session)->done);
	assert_true(session_preview_push(world->session)->n_step > 0);
	survey(world);
	assert_int_equal(session_facts(world->session)->live.ttl_s, 45000);
}

/* A zone whose second record names an alias, and a configuration that names a file of accepted findings. */
static void open_accepting(struct world *world, const char *dir, const char *accepted)
{
	static const char zone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns1 post 1 3600 600 86400 300\n@ NS ns1\nns1 A 5.9.0.1\n"
				   "@ MX 10 mx1\n@ MX 20 alias\nmx1 A 5.9.0.2\nalias CNAME mx1\n";
	char config[300], file[300], text[400];
	char *zones[] = { file };
	struct app_options options = { .n_zone = 1, .zone = zones, .config = config, .state_dir = dir };

	snprintf(config, sizeof(config), "%s/config", dir);
	snprintf(file, sizeof(file), "%s/zone", dir);
	snprintf(text, sizeof(text), "[main]\naccepted_file = %s/accepted\n", dir);
	assert_true(scratch_write(dir, "config", text, strlen(text), NULL));
	assert_true(scratch_write(dir, "zone", zone, sizeof(zone) - 1, NULL));
	assert_true(scratch_write(dir, "accepted", accepted, strlen(accepted), NULL));
	assert_true(app_open(&world->app, &options, NULL));
	assert_true(dname_parse(&world->domain, "exempel.com", NULL));
	open_session(world);
}

static void session__findings__stand_apart_where_accepted(void **state)
{
	static const struct {
		const char *accepted;
		bool counts;
	} cases[] = {
		{ "exempel.com target-cname@alias.exempel.com 2999-12-31 why\n", false },
		{ "exempel.com target-cname 1999-12-31 why\n", true }, /* it has run out */
		{ "exempel.com target-cname 2999-12-31\n", true },     /* no reason: the file cannot be read */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *dir = scratch_new(NULL);
		struct world world = { 0 };
		const struct findings *findings;

		assert_non_null(dir);
		open_accepting(&world, dir, cases[i].accepted);
		for (int draft = 0; draft < 2; draft++) {
			if (draft)
				assert_true(edit(&world, "ttl 2h", NULL));
			findings = session_findings(world.session);
			assert_int_equal(findings_count(findings, LEVEL_ERROR, false), cases[i].counts);
			assert_string_equal(findings->finding[cases[i].counts ? 0 : findings->n - 1].check->id, "target-cname");
			if (!cases[i].counts)
				assert_string_equal(findings->finding[findings->n - 1].accepted->reason, "why");
		}
		session_close(world.session);
		app_close(&world.app);
		scratch_free(dir);
	}
}

static void rollback__of_no_such_push__is_refused(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };

	assert_false(session_rollback(world->session, "nosuch", &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(err.what.id, "no such push is in the history of this domain");
	assert_false(session_drafting(world->session));
}

static void session__cured__is_what_the_draft_mends(void **state)
{
	char *dir = scratch_new(NULL);
	struct world world = { 0 };
	const struct findings *cured;

	(void)state;
	assert_non_null(dir);
	open_accepting(&world, dir, "");
	assert_int_equal(session_cured(world.session)->n, 0);
	assert_true(edit(&world, "ttl 2h", NULL));
	assert_int_equal(findings_count(session_cured(world.session), LEVEL_ERROR, false), 0);
	assert_true(edit(&world, "remove alias.exempel.com", NULL));
	cured = session_cured(world.session);
	assert_int_equal(findings_count(cured, LEVEL_ERROR, false), 1);
	assert_string_equal(cured->finding[0].check->id, "target-cname");
	session_close(world.session);
	app_close(&world.app);
	scratch_free(dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(session__survey__fills_the_facts),
		cmocka_unit_test(session__findings__stand_apart_where_accepted),
		cmocka_unit_test(session__cured__is_what_the_draft_mends),
		TEST(session__edit__survives_another_session),
		TEST(session__edit__refuses_and_keeps),
		TEST(session__rebase__follows_a_moved_live_set),
		TEST(session__rebase__asks_where_both_changed_a_record),
		TEST(session__survey__reads_what_is_held),
		TEST(session__push__stops_at_a_moved_live_set),
		TEST(session__cutover__follows_the_draft),
		TEST(session__mark__moves_the_shares),
		TEST(session__push__needs_approval),
		TEST(session__push__publishes_verifies_and_reverts),
		TEST(session__push__is_refused_read_only),
		TEST(session__push__blocks_an_introduced_error),
		TEST(session__preview__shows_requests_and_writes_nothing),
		TEST(rollback__of_no_such_push__is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
