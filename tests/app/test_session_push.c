/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session whose zone lies in a file and whose account is a vendor on loopback: limits, plans, the rebase, previews, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "app/session.h"
#include "base/mem.h"
#include "core/merge.h"
#include "lab.h"
#include "../core/sets.h"
#include "typed.h"

struct scene {
	struct lab lab;
	struct session *session;
	struct dname domain;
	unsigned told;
};

static int open_scene(void **state, const char *provider)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	lab_open(&scene->lab, provider, "settle = 0\n[main]\nname = eva\n");
	vendor_hold(&scene->lab.vendor, LAB_BASE);
	assert_true(dname_parse(&scene->domain, "exempel.com", NULL));
	*state = scene;
	return 0;
}

static int setup(void **state)
{
	return open_scene(state, "powerdns");
}

static int setup_records(void **state)
{
	return open_scene(state, "digitalocean");
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	session_close(scene->session);
	lab_close(&scene->lab);
	free(scene);
	return 0;
}

static void moved(void *data)
{
	struct scene *scene = data;

	scene->told++;
	loop_stop(scene->lab.app.loop);
}

static void survey(struct scene *scene)
{
	session_survey(scene->session);
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
}

/* At the vendor, and in the zone text. */
static void hold(struct scene *scene, const char *held)
{
	static const char zone[] =
		"$ORIGIN exempel.com.\n@ 3600 SOA ns1 hostmaster 1 3600 900 604800 300\n@ 3600 NS ns1\nns1 3600 A 192.0.2.1\n"
		"mx1 3600 A 9.9.9.1\nmx2 3600 A 9.9.9.2\n";
	struct mxset set = { 0 };
	char host[DNAME_TEXT_MAX];
	struct str text;

	vendor_hold(&scene->lab.vendor, held);
	set_from(&set, held);
	str_init(&text, 0);
	str_add(&text, zone);
	for (size_t i = 0; i < set.n; i++)
		str_addf(&text, "@ %u MX %u %s.\n", (unsigned)set.ttl_s, (unsigned)set.mx[i].preference, mx_host_text(&set.mx[i], host));
	zoneworld_free(scene->lab.app.world);
	scene->lab.app.world = zoneworld_new();
	assert_true(zoneworld_add(scene->lab.app.world, "zone", text.s, text.len, NULL));
	str_release(&text);
	mxset_release(&set);
}

static void open_session(struct scene *scene, const char *held)
{
	hold(scene, held);
	scene->session = session_open(&scene->lab.app, &scene->domain, moved, scene);
	survey(scene);
}

static void edit(struct scene *scene, const char *text)
{
	assert_true(session_type(scene->session, text, NULL));
}

/* ---- what the provider stores ---- */

static const struct finding *limits(struct scene *scene)
{
	const struct findings *findings = session_findings(scene->session);

	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->finding[i].check->id, "ttl-floor"))
			return &findings->finding[i];
	return NULL;
}

static void limits__of_the_provider__are_found_in_the_draft(void **state)
{
	static const struct {
		const char *held, *edit;
		bool found, introduced;
	} rows[] = {
		{ LAB_BASE, "ttl 29", true, true },
		{ LAB_BASE, "ttl 30", false, false },
		{ "29 10 mx1.exempel.com", "add 20 mx2.exempel.com", false, false }, /* it was so before */
		{ "29 10 mx1.exempel.com", "ttl 30", false, false },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct finding *finding;

		open_session(scene, rows[i].held);
		assert_null(limits(scene)); /* of a draft alone */
		edit(scene, rows[i].edit);
		finding = limits(scene);
		if (!finding != !rows[i].found || (finding && finding->introduced != rows[i].introduced))
			fail_msg("row %zu", i);
		if (finding)
			assert_string_equal(lab_text(&finding->text), "DigitalOcean stores no TTL below 30s, and the set has 29s");
		assert_true(session_discard(scene->session, NULL));
		assert_null(limits(scene));
		session_close(scene->session);
		scene->session = NULL;
	}
}

/* ---- rebase ---- */

static void rebase__asks__for_the_ttl_as_for_a_record(void **state)
{
	struct scene *scene = *state;
	const struct session_rebase *rebase;
	unsigned long before;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	edit(scene, "ttl 60");
	hold(scene, "900 10 mx1.exempel.com");
	survey(scene);
	assert_true(session_moved(scene->session));
	rebase = session_rebase_look(scene->session);
	assert_true(rebase->possible);
	assert_int_equal(merge_undecided(&rebase->merge), 1);
	assert_false(session_rebase(scene->session, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(lab_text(&err.what), "a row was changed on both sides; choose a side for each");
	before = session_revision(scene->session);
	session_rebase_turn(scene->session, rebase->merge.n);
	assert_int_equal(session_revision(scene->session), before + 1);
	assert_int_equal(session_rebase_look(scene->session)->result.ttl_s, 60); /* mine */
	session_rebase_turn(scene->session, rebase->merge.n);
	assert_int_equal(session_rebase_look(scene->session)->result.ttl_s, 900);
	session_rebase_turn(scene->session, rebase->merge.n);
	assert_int_equal(session_rebase_look(scene->session)->theirs.ttl_s, 900);
	assert_true(session_rebase(scene->session, &err));
	assert_int_equal(session_set(scene->session)->ttl_s, 60);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 900);
	assert_false(session_moved(scene->session));
	/* a new one begins without the sides of the last */
	hold(scene, "700 10 mx1.exempel.com");
	survey(scene);
	assert_int_equal(merge_undecided(&session_rebase_look(scene->session)->merge), 1);
}

static void discard__begins_anew__from_what_is_held_now(void **state)
{
	struct scene *scene = *state;

	open_session(scene, LAB_BASE);
	edit(scene, "ttl 60");
	hold(scene, "900 20 mx2.exempel.com");
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	assert_true(session_discard(scene->session, NULL));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 900);
	assert_false(session_drafting(scene->session));
	assert_false(session_undo(scene->session));
}

/* ---- plans ---- */

static void plan__is_made__anew_after_each_change(void **state)
{
	struct scene *scene = *state;
	const struct plan *plan;
	char id[PLAN_ID_MAX];

	open_session(scene, LAB_BASE);
	assert_false(session_approved(scene->session));
	edit(scene, "ttl 60");
	plan = session_plan(scene->session, NULL);
	assert_string_equal(plan->created_by, "eva");
	snprintf(id, sizeof(id), "%s", plan->id);
	assert_true(session_approve(scene->session, "good", NULL, NULL));
	assert_true(session_approved(scene->session));
	edit(scene, "ttl 61");
	assert_false(session_approved(scene->session));
	assert_string_not_equal(session_plan(scene->session, NULL)->id, id);
	assert_false(session_approved(scene->session));
	assert_int_equal(session_plan(scene->session, NULL)->n_approval, 0);
	assert_true(session_undo(scene->session));
	assert_string_equal(session_plan(scene->session, NULL)->id, id);
}

static void approve__moves__the_revision_where_it_was_taken(void **state)
{
	struct scene *scene = *state;
	unsigned long before;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	assert_false(session_approve(scene->session, "", NULL, &err));
	assert_string_equal(lab_text(&err.what), "the draft changes nothing");
	edit(scene, "ttl 60");
	before = session_revision(scene->session);
	assert_false(session_approve(scene->session, "", "/nowhere/key", &err)); /* it cannot be signed */
	assert_int_equal(session_revision(scene->session), before);
	assert_false(session_approved(scene->session));
	assert_true(session_approve(scene->session, "", NULL, &err));
	assert_int_equal(session_revision(scene->session), before + 1);
}

static void preview__is_of__the_plan_that_is_there(void **state)
{
	struct scene *scene = *state;
	const struct push *push;
	unsigned long before;

	open_session(scene, LAB_BASE);
	session_preview(scene->session); /* of nothing */
	assert_null(session_preview_push(scene->session));
	assert_null(session_gates(scene->session));
	edit(scene, "add 20 mx.localhost");
	session_preview(scene->session);
	push = session_preview_push(scene->session);
	assert_non_null(push);
	assert_null(session_gates(scene->session)); /* not known yet */
	before = session_revision(scene->session);
	scene->told = 0;
	while (!push->done)
		loop_run(scene->lab.app.loop);
	assert_int_equal(session_revision(scene->session), before + scene->told);
	assert_int_equal(push->phase, PHASE_PREVIEWED);
	assert_int_equal(push->n_step, 1);
	assert_int_equal(scene->lab.vendor.writes, 0);
	assert_int_equal(session_gates(scene->session)->n, 2);
	assert_string_equal(session_gates(scene->session)->gate[0].id, "reserved-tld");
	assert_true(session_discard(scene->session, NULL));
	session_preview(scene->session);
	assert_null(session_preview_push(scene->session));
}

/* A ticket is part of the plan, and of its approval. */
static void ticket__of_the_session__is_in_the_plan(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	assert_string_equal(session_ticket(scene->session), "");
	edit(scene, "ttl 60");
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_set_ticket(scene->session, "CHG-1", NULL));
	assert_string_equal(session_ticket(scene->session), "CHG-1");
	assert_string_equal(session_plan(scene->session, NULL)->ticket, "CHG-1");
	assert_false(session_approved(scene->session));
	assert_false(session_set_ticket(scene->session, "a\x1b[31m", &err));
	assert_true(err.code != ERR_NONE);
	assert_string_equal(session_ticket(scene->session), "CHG-1");
	assert_true(session_discard(scene->session, NULL));
	assert_string_equal(session_ticket(scene->session), "");
	edit(scene, "ttl 60");
	assert_true(session_set_ticket(scene->session, "CHG-2", NULL));
	assert_true(session_set_ticket(scene->session, "", NULL));
	assert_string_equal(session_ticket(scene->session), "");
	assert_true(!session_plan(scene->session, NULL)->ticket || !*session_plan(scene->session, NULL)->ticket);
}

static size_t tld(struct scene *scene)
{
	const struct findings *findings = session_findings(scene->session);
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += !strcmp(findings->finding[i].check->id, "reserved-tld");
	return n;
}

static void findings__are_kept__until_something_changes(void **state)
{
	struct scene *scene = *state;
	size_t n, live;

	open_session(scene, LAB_BASE);
	live = session_findings(scene->session)->n;
	assert_int_equal(session_findings(scene->session)->n, live);
	edit(scene, "add 20 mx.localhost");
	n = session_findings(scene->session)->n;
	assert_int_equal(tld(scene), 1);
	assert_int_equal(tld(scene), 1);
	assert_int_equal(session_findings(scene->session)->n, n);
	assert_true(session_undo(scene->session));
	assert_int_equal(session_findings(scene->session)->n, live);
}

/* ---- what is refused ---- */

static void plan__of_an_account_that_is_not_there__is_refused(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	edit(scene, "ttl 60");
	scene->lab.app.account = "nosuch";
	assert_null(session_plan(scene->session, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(lab_text(&err.what), "no account is named nosuch");
	assert_false(session_approved(scene->session));
	assert_null(limits(scene));
	err = (struct err){ 0 };
	assert_false(session_push(scene->session, &(struct push_options){ .no_watch = true }, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void push__of_a_draft_that_another_changed__is_refused(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct scene *scene = *state;
	struct session *other;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	edit(scene, "ttl 60");
	assert_true(session_save(scene->session, NULL));
	assert_true(session_approve(scene->session, "", NULL, NULL));
	other = scene->session;
	open_session(scene, LAB_BASE);
	edit(scene, "ttl 61");
	assert_true(session_save(scene->session, NULL));
	assert_false(session_push(other, &options, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_null(session_current_push(other));
	assert_int_equal(scene->lab.vendor.writes, 0);
	session_close(other);
}

static void journal__that_cannot_be_read__stops_what_needs_it(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };
	char path[300];

	open_session(scene, LAB_BASE);
	assert_null(session_interrupted(scene->session, &err));
	assert_int_equal(err.code, ERR_NONE);
	snprintf(path, sizeof(path), "%s/state", scene->lab.dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/state/journal", scene->lab.dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/state/journal/exempel.com.ndjson", scene->lab.dir);
	assert_true(store_write_file(path, "{}\n", 3, 0600, NULL));
	assert_null(session_interrupted(scene->session, &err));
	assert_int_equal(err.code, ERR_FILE);
	err = (struct err){ 0 };
	assert_false(session_resume(scene->session, &err));
	assert_int_equal(err.code, ERR_FILE);
	err = (struct err){ 0 };
	assert_false(session_rollback(scene->session, NULL, &err));
	assert_int_equal(err.code, ERR_FILE);
	assert_false(session_drafting(scene->session));
}

static void wait_push(struct scene *scene)
{
	while (!session_current_push(scene->session)->done)
		loop_run(scene->lab.app.loop);
}

static void push_now(struct scene *scene, const char *text)
{
	static const struct push_override why[] = { { "undeliverable", "a test" }, { "no-mx", "a test" }, { "empties", "a test" } };
	const struct push_options options = { .no_watch = true, .n_override = 3, .override = why };

	edit(scene, text);
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_push(scene->session, &options, NULL));
	wait_push(scene);
}

static void rollback__turns_round__what_was_pushed(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct scene *scene = *state;
	struct err err = { 0 };
	char id[40];

	open_session(scene, LAB_BASE);
	push_now(scene, "ttl 60");
	lab_expect(session_current_push(scene->session), PUSH_PUBLISHED, ERR_NONE);
	snprintf(id, sizeof(id), "%s", session_current_push(scene->session)->id);
	assert_null(session_current_push(scene->session)->revert_of);
	assert_true(session_rollback(scene->session, id, &err));
	assert_int_equal(session_set(scene->session)->ttl_s, 3600);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 60);
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_push(scene->session, &options, NULL));
	assert_string_equal(session_current_push(scene->session)->revert_of, id);
	wait_push(scene);
	lab_expect_held(&scene->lab, LAB_BASE);
	assert_false(session_drafting(scene->session));
	/* what comes next takes nothing back */
	push_now(scene, "ttl 61");
	assert_null(session_current_push(scene->session)->revert_of);
	assert_true(session_rollback(scene->session, NULL, NULL));
	push_now(scene, "ttl 62"); /* nor what such a draft was edited into */
	assert_null(session_current_push(scene->session)->revert_of);
}

/* What was read back is held, at once; and the draft on disk has done its work. */
static void push__that_ended__tells_what_is_held(void **state)
{
	struct scene *scene = *state;
	const struct held_facts *held;

	open_session(scene, LAB_BASE);
	assert_int_equal(session_facts(scene->session)->held.mx, ANSWER_UNASKED);
	push_now(scene, "ttl 60");
	lab_expect(session_current_push(scene->session), PUSH_PUBLISHED, ERR_NONE);
	held = &session_facts(scene->session)->held;
	assert_int_equal(held->mx, ANSWER_DATA);
	assert_int_equal(held->set.ttl_s, 60);
	assert_int_equal(held->ttl_max_s, 60);
	assert_int_equal(held->at, session_current_push(scene->session)->published_at);
	assert_string_equal(held->account, "lab");
	assert_true(session_surveying(scene->session)); /* it asks what is served now */
	assert_false(store_draft_exists(scene->lab.app.store, &scene->domain));
	assert_false(session_drafting(scene->session));
	/* what is held as wanted already is settled as well */
	vendor_hold(&scene->lab.vendor, "61 10 mx1.exempel.com");
	push_now(scene, "ttl 61");
	lab_expect(session_current_push(scene->session), PUSH_UNCHANGED, ERR_NONE);
	assert_false(session_drafting(scene->session));
	assert_int_equal(session_facts(scene->session)->held.set.ttl_s, 61);
	/* and an empty set is one that is known */
	push_now(scene, "remove mx1.exempel.com");
	lab_expect(session_current_push(scene->session), PUSH_PUBLISHED, ERR_NONE);
	assert_int_equal(session_facts(scene->session)->held.mx, ANSWER_NODATA);
	assert_int_equal(session_facts(scene->session)->held.set.n, 0);
}

static void push__while_another_runs__is_refused(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct scene *scene = *state;
	unsigned long before;
	struct err err = { 0 };

	open_session(scene, LAB_BASE);
	edit(scene, "ttl 60");
	assert_true(session_approve(scene->session, "", NULL, NULL));
	before = session_revision(scene->session);
	assert_true(session_push(scene->session, &options, NULL));
	assert_int_equal(session_revision(scene->session), before + 1);
	assert_false(session_push(scene->session, &options, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(lab_text(&err.what), "a push is still running; wait for its end");
	assert_non_null(session_current_push(scene->session));
	wait_push(scene);
	lab_expect(session_current_push(scene->session), PUSH_PUBLISHED, ERR_NONE);
}

static void gates__of_a_blocked_push__are_of_its_plan_alone(void **state)
{
	struct scene *scene = *state;

	open_session(scene, LAB_BASE);
	push_now(scene, "add 20 mx.localhost");
	lab_expect(session_current_push(scene->session), PUSH_FAILED, ERR_BLOCKED);
	assert_int_equal(session_gates(scene->session)->n, 2);
	assert_true(session_drafting(scene->session)); /* it settled nothing */
	edit(scene, "ttl 60");
	assert_null(session_gates(scene->session));
	session_plan(scene->session, NULL);
	assert_null(session_gates(scene->session));
	assert_true(session_undo(scene->session));
	assert_null(session_gates(scene->session)); /* not planned again yet */
	session_plan(scene->session, NULL);
	assert_int_equal(session_gates(scene->session)->n, 2);
}

static void rollback__of_what_changed_nothing__is_refused(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };
	char failed[40], published[40];

	open_session(scene, LAB_BASE);
	push_now(scene, "add 20 mx.localhost");
	snprintf(failed, sizeof(failed), "%s", session_current_push(scene->session)->id);
	assert_true(session_discard(scene->session, NULL));
	push_now(scene, "ttl 60");
	snprintf(published, sizeof(published), "%s", session_current_push(scene->session)->id);
	assert_false(session_rollback(scene->session, failed, &err));
	assert_int_equal(err.code, ERR_FALSE);
	assert_false(session_drafting(scene->session));
	/* before anything was asked: what was pushed is held */
	session_close(scene->session);
	scene->session = session_open(&scene->lab.app, &scene->domain, moved, scene);
	assert_true(session_rollback(scene->session, published, &err));
	assert_true(session_drafting(scene->session));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 60);
	assert_int_equal(session_set(scene->session)->ttl_s, 3600);
}

/* A push that ended while nobody looked is what the next session of the domain finds; one that runs is followed. */
static void push__that_runs__is_found_by_the_next_session(void **state)
{
	static const struct push_options options = { .no_watch = true };
	struct scene *scene = *state;

	open_session(scene, LAB_BASE);
	assert_null(session_current_push(scene->session));
	session_push_cancel(scene->session); /* there is none */
	edit(scene, "ttl 60");
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_push(scene->session, &options, NULL));
	session_close(scene->session);
	scene->session = session_open(&scene->lab.app, &scene->domain, moved, scene);
	assert_non_null(session_current_push(scene->session));
	assert_true(session_drafting(scene->session));
	scene->told = 0;
	while (!session_current_push(scene->session)->done || session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_true(scene->told > 0);
	lab_expect(session_current_push(scene->session), PUSH_PUBLISHED, ERR_NONE);
	assert_false(session_drafting(scene->session)); /* it settled there */
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 60);
	/* it is over: the next one does not settle it again */
	edit(scene, "ttl 61");
	session_close(scene->session);
	scene->session = session_open(&scene->lab.app, &scene->domain, moved, scene);
	assert_true(session_current_push(scene->session)->done);
	assert_true(session_drafting(scene->session));
	assert_int_equal(session_set(scene->session)->ttl_s, 61);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(limits__of_the_provider__are_found_in_the_draft, setup_records, teardown),
		TEST(rebase__asks__for_the_ttl_as_for_a_record),
		TEST(discard__begins_anew__from_what_is_held_now),
		TEST(plan__is_made__anew_after_each_change),
		TEST(approve__moves__the_revision_where_it_was_taken),
		TEST(preview__is_of__the_plan_that_is_there),
		TEST(ticket__of_the_session__is_in_the_plan),
		TEST(findings__are_kept__until_something_changes),
		TEST(plan__of_an_account_that_is_not_there__is_refused),
		TEST(push__of_a_draft_that_another_changed__is_refused),
		TEST(journal__that_cannot_be_read__stops_what_needs_it),
		TEST(rollback__turns_round__what_was_pushed),
		TEST(push__that_ended__tells_what_is_held),
		TEST(push__while_another_runs__is_refused),
		TEST(gates__of_a_blocked_push__are_of_its_plan_alone),
		TEST(rollback__of_what_changed_nothing__is_refused),
		TEST(push__that_runs__is_found_by_the_next_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
