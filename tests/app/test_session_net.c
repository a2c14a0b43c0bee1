/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on a network: what its draft begins from, held, served or cached; what moves under it; pushes that were interrupted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "core/truth.h"
#include "dnsd.h"
#include "lab.h"
#include "typed.h"

#define COMMON "@ NS ns1\n@ NS ns2\nns1 A 127.0.0.10\nns2 A 127.0.0.11\nmx1 A 9.9.9.1\nmx2 A 9.9.9.2\nmx3 A 9.9.9.3\n"
#define PATIENT_MS 8000 /* where nobody is silent: the machine may be busy */
#define MX1 "@ MX 10 mx1\n"
#define MX2 "@ MX 10 mx2\n"

struct scene {
	struct lab lab;
	struct dnsd dnsd;
	struct dnsd_server *resolver, *one, *two;
	struct session *session;
	struct dname domain;
	unsigned told;
};

static void serve(struct dnsd_server *server, const char *mx)
{
	char zone[600];

	snprintf(zone, sizeof(zone), COMMON "%s", mx);
	dnsd_clear(server);
	dnsd_zone(server, "exempel.com.", zone);
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	lab_open_network(&scene->lab, "powerdns", "settle = 0\n[main]\nname = eva\n");
	scene->dnsd = (struct dnsd){ .loop = scene->lab.app.loop };
	scene->resolver = dnsd_add(&scene->dnsd, "127.0.0.53", DNSD_RESOLVES);
	scene->one = dnsd_add(&scene->dnsd, "127.0.0.10", DNSD_ANSWERS);
	scene->two = dnsd_add(&scene->dnsd, "127.0.0.11", DNSD_ANSWERS);
	serve(scene->resolver, MX1);
	serve(scene->one, MX1);
	serve(scene->two, MX1);
	vendor_hold(&scene->lab.vendor, LAB_BASE);
	assert_true(dname_parse(&scene->domain, "exempel.com", NULL));
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	session_close(scene->session);
	dnsd_close(&scene->dnsd);
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

static void open_session(struct scene *scene)
{
	session_close(scene->session);
	scene->session = NULL;
	scene->session = session_open(&scene->lab.app, &scene->domain, moved, scene);
	survey(scene);
}

/* No account holds the zone: the vendor has none. */
static void no_zone(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 200;
	call->text = "[]";
}

static void no_key(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->http = 401;
	call->text = "{}";
}

static bool edit(struct scene *scene, const char *text, struct err *err)
{
	return session_type(scene->session, text, err);
}

static bool has_host(const struct mxset *set, const char *host)
{
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	return mxset_find(set, &name) < set->n;
}

/* ---- what a draft begins from ---- */

static void draft__begins__from_what_is_held(void **state)
{
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = PATIENT_MS;
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_PROVIDER);
	assert_true(edit(scene, "ttl 60", NULL));
	assert_true(has_host(&session_draft(scene->session)->base, "mx3.exempel.com"));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 900);
	assert_false(session_moved(scene->session)); /* what caches and servers say moves nothing */
	assert_null(session_held_error(scene->session));
	vendor_hold(&scene->lab.vendor, "901 10 mx3.exempel.com");
	survey(scene);
	assert_true(session_moved(scene->session));
	session_survey(scene->session);
	assert_false(session_moved(scene->session)); /* it is being read */
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_true(session_moved(scene->session));
	/* without an edit the draft just begins anew */
	assert_true(session_discard(scene->session, NULL));
	vendor_hold(&scene->lab.vendor, "902 10 mx3.exempel.com");
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 902);
	assert_int_equal(session_draft(scene->session)->n_undo, 0);
	assert_false(session_drafting(scene->session));
}

static enum answer address(struct scene *scene, const char *host)
{
	const struct host_facts *row;
	struct dname name;

	assert_true(dname_parse(&name, host, NULL));
	row = facts_host(session_facts(scene->session), &name);
	return row ? row->a : ANSWER_UNASKED;
}

/* The hosts of what is held are asked for, though it is served nowhere; and those of an edit. */
static void hosts__are_asked_for__wherever_they_stand(void **state)
{
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = PATIENT_MS;
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	assert_int_equal(address(scene, "mx1.exempel.com"), ANSWER_DATA);
	assert_int_equal(address(scene, "mx3.exempel.com"), ANSWER_DATA);
	assert_int_equal(address(scene, "mx2.exempel.com"), ANSWER_UNASKED);
	assert_true(edit(scene, "add 20 mx2.exempel.com", NULL));
	assert_int_equal(address(scene, "mx2.exempel.com"), ANSWER_PENDING);
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_int_equal(address(scene, "mx2.exempel.com"), ANSWER_DATA);
	/* a new survey asks for the draft's at once, and after it for what is no longer there no more */
	survey(scene);
	assert_int_equal(address(scene, "mx2.exempel.com"), ANSWER_DATA);
	assert_true(session_discard(scene->session, NULL));
	survey(scene);
	assert_int_equal(address(scene, "mx2.exempel.com"), ANSWER_UNASKED);
}

/* A step that was taken back can be taken anew, whatever was asked for it and is answered now. */
static void step__taken_back__outlives_its_answers(void **state)
{
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = PATIENT_MS;
	open_session(scene);
	assert_true(edit(scene, "add 20 mx2.exempel.com", NULL));
	assert_true(session_surveying(scene->session));
	assert_true(session_undo(scene->session));
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_false(session_drafting(scene->session));
	assert_true(session_redo(scene->session));
	assert_int_equal(session_set(scene->session)->n, 2);
}

/* What is held stands until it is read again: it can be edited meanwhile. What only was served cannot. */
static void survey__again__keeps_what_is_held(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	scene->lab.app.timeout_ms = PATIENT_MS;
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	session_survey(scene->session);
	assert_int_equal(session_facts(scene->session)->held.mx, ANSWER_DATA);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_PROVIDER);
	assert_int_equal(session_facts(scene->session)->live.ttl_s, 900);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 900);
	assert_true(edit(scene, "ttl 60", NULL));
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_true(session_discard(scene->session, NULL));
	session_close(scene->session);
	scene->session = NULL;
	scene->lab.vendor.hook = no_zone;
	open_session(scene);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_SERVER);
	session_survey(scene->session);
	assert_false(edit(scene, "ttl 60", &err));
	assert_int_equal(err.code, ERR_NETWORK);
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
	assert_true(edit(scene, "ttl 60", NULL));
	session_survey(scene->session); /* a draft has its base */
	assert_true(edit(scene, "ttl 61", NULL));
}

static void draft__begins__from_what_is_served_without_an_account(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	scene->lab.app.timeout_ms = PATIENT_MS;
	scene->lab.vendor.hook = no_zone;
	serve(scene->resolver, MX2);
	open_session(scene);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_SERVER);
	assert_true(edit(scene, "ttl 60", NULL));
	assert_true(has_host(&session_draft(scene->session)->base, "mx1.exempel.com"));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	/* the servers move */
	serve(scene->one, MX1 "@ MX 20 mx3\n");
	serve(scene->two, MX1 "@ MX 20 mx3\n");
	survey(scene);
	assert_true(session_moved(scene->session));
	assert_true(session_rebase_look(scene->session)->possible);
	assert_true(session_rebase(scene->session, &err));
	assert_int_equal(session_set(scene->session)->n, 2);
	assert_int_equal(session_set(scene->session)->ttl_s, 60);
	assert_false(session_moved(scene->session));
}

static void draft__begins__from_a_cache_alone_without_its_ttl(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	scene->lab.vendor.hook = no_key;
	scene->one->how = scene->two->how = DNSD_SILENT;
	open_session(scene);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_RESOLVER);
	assert_true(edit(scene, "add 20 mx2.exempel.com", &err));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, MX_TTL_UNKNOWN);
	/* another cached answer is nothing to come onto */
	assert_false(session_rebase_look(scene->session)->possible);
	assert_false(session_rebase(scene->session, &err));
	assert_int_equal(err.code, ERR_NETWORK);
	assert_string_equal(lab_text(&err.what), "only a resolver's cache is known, and a cache is nothing to base a draft on again");
	assert_string_equal(lab_text(&err.hint), "Ask again when the provider or a name server can be reached.");
	/* the servers answer: what they tell is better, and my edit comes onto it by itself */
	scene->one->how = scene->two->how = DNSD_ANSWERS;
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	assert_int_equal(session_set(scene->session)->n, 2);
	assert_int_equal(session_set(scene->session)->ttl_s, 3600);
	/* and what is held is better still */
	scene->lab.vendor.hook = NULL;
	vendor_hold(&scene->lab.vendor, "777 10 mx1.exempel.com 30 mx3.exempel.com");
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 777);
	assert_int_equal(session_set(scene->session)->n, 3);
	assert_false(session_moved(scene->session));
}

/* Both sides changed one record: nothing is taken by itself. */
static void draft__of_a_cache__stays_where_it_clashes(void **state)
{
	struct scene *scene = *state;

	scene->lab.vendor.hook = no_key;
	scene->one->how = scene->two->how = DNSD_SILENT;
	open_session(scene);
	assert_true(edit(scene, "prefer mx1.exempel.com 50", NULL));
	scene->lab.vendor.hook = NULL;
	vendor_hold(&scene->lab.vendor, "3600 77 mx1.exempel.com");
	survey(scene);
	assert_int_equal(session_set(scene->session)->mx[0].preference, 50);
	assert_int_equal(session_draft(scene->session)->base.mx[0].preference, 10);
	assert_true(session_moved(scene->session));
	assert_int_equal(merge_undecided(&session_rebase_look(scene->session)->merge), 1);
}

/* Without a change the draft is what is told now, also where that is told by a worse source than before. */
static void draft__without_a_change__follows_what_is_told_now(void **state)
{
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = PATIENT_MS;
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 900);
	scene->lab.vendor.hook = no_key;
	survey(scene);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_SERVER);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	assert_true(has_host(&session_draft(scene->session)->base, "mx1.exempel.com"));
	assert_false(session_drafting(scene->session));
}

/* By itself it comes onto a better source alone: another set of the same source is a rebase, and that is asked. */
static void draft__that_has_its_source__stays_where_that_moves(void **state)
{
	struct scene *scene = *state;

	scene->lab.vendor.hook = no_zone;
	scene->one->how = scene->two->how = DNSD_SILENT;
	open_session(scene);
	assert_true(edit(scene, "add 20 mx2.exempel.com", NULL));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, MX_TTL_UNKNOWN);
	scene->one->how = scene->two->how = DNSD_ANSWERS;
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	serve(scene->one, MX1 "@ MX 30 mx3\n");
	serve(scene->two, MX1 "@ MX 30 mx3\n");
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.n, 1);
	assert_int_equal(session_set(scene->session)->n, 2);
	assert_true(session_moved(scene->session));
}

/* After a rebase likewise. */
static void draft__that_was_rebased__stays_where_that_moves(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	scene->lab.vendor.hook = no_key;
	scene->one->how = scene->two->how = DNSD_SILENT;
	open_session(scene);
	assert_true(edit(scene, "prefer mx1.exempel.com 50", NULL));
	scene->lab.vendor.hook = NULL;
	vendor_hold(&scene->lab.vendor, "3600 77 mx1.exempel.com");
	survey(scene);
	assert_int_equal(session_rebase_look(scene->session)->merge.row[0].how, MERGE_CLASH);
	session_rebase_turn(scene->session, 0);
	assert_int_equal(session_rebase_look(scene->session)->merge.row[0].side, SIDE_MINE);
	assert_true(session_rebase(scene->session, &err));
	assert_int_equal(session_draft(scene->session)->base.mx[0].preference, 77);
	assert_int_equal(session_set(scene->session)->mx[0].preference, 50);
	vendor_hold(&scene->lab.vendor, "3600 77 mx1.exempel.com 80 mx3.exempel.com");
	survey(scene);
	assert_int_equal(session_draft(scene->session)->base.n, 1);
	assert_int_equal(session_set(scene->session)->n, 1);
	assert_true(session_moved(scene->session));
}

/* A draft that was kept began from what was held, unless it knows no TTL: then it was a cache's. */
static void draft__that_was_kept__knows_what_it_began_from(void **state)
{
	struct scene *scene = *state;

	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	assert_true(edit(scene, "ttl 60", NULL));
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com 20 mx2.exempel.com");
	open_session(scene);
	assert_true(session_draft_kept(scene->session));
	assert_int_equal(session_draft(scene->session)->base.n, 1);
	assert_true(session_moved(scene->session));
	assert_true(session_discard(scene->session, NULL));
	session_close(scene->session);
	scene->session = NULL;
	scene->lab.vendor.hook = no_zone;
	scene->one->how = scene->two->how = DNSD_SILENT;
	open_session(scene);
	assert_true(edit(scene, "add 20 mx2.exempel.com", NULL));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, MX_TTL_UNKNOWN);
	scene->one->how = scene->two->how = DNSD_ANSWERS;
	open_session(scene);
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 3600);
	assert_int_equal(session_set(scene->session)->n, 2);
}

static void draft__of_nothing_known__is_refused(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	scene->lab.vendor.hook = no_zone;
	scene->resolver->how = DNSD_FAILS;
	open_session(scene);
	assert_int_equal(session_facts(scene->session)->mx, ANSWER_SERVFAIL);
	assert_false(edit(scene, "add 20 mx2.exempel.com", &err));
	assert_int_equal(err.code, ERR_NETWORK);
	assert_string_equal(lab_text(&err.what), "the live set is not known yet, so there is nothing to draft from");
	assert_false(session_replace(scene->session, session_set(scene->session), NULL));
	assert_false(session_rebase(scene->session, &err));
	assert_string_equal(lab_text(&err.what), "the live set is not known, so the draft cannot be based on it");
	assert_false(session_drafting(scene->session));
	assert_null(session_plan(scene->session, &err));
}

/* The configuration names another account, or none: what the old one held is nobody's word. */
static void held__of_an_account_that_is_gone__is_forgotten(void **state)
{
	static const char *const configs[] = { "[account two]\nprovider = powerdns\nendpoint = http://127.0.0.1:1\nkey_env = LAB_KEY\n",
		"[main]\nname = eva\n" };
	static const enum answer mx[] = { ANSWER_PENDING, ANSWER_UNASKED };
	struct scene *scene = *state;

	scene->lab.app.timeout_ms = PATIENT_MS;
	vendor_hold(&scene->lab.vendor, "900 10 mx3.exempel.com");
	open_session(scene);
	for (size_t i = 0; i < 2; i++) {
		assert_true(store_write_file(scene->lab.app.config.path, configs[i], strlen(configs[i]), 0600, NULL));
		assert_true(app_read_again(&scene->lab.app, NULL));
		session_survey(scene->session);
		assert_int_equal(session_facts(scene->session)->held.mx, mx[i]);
		assert_int_equal(session_facts(scene->session)->held.set.n, 0);
		survey(scene);
		assert_int_equal(session_facts(scene->session)->live_source, SOURCE_SERVER);
	}
}

static void held__that_cannot_be_read__is_said(void **state)
{
	struct scene *scene = *state;

	scene->lab.vendor.hook = no_key;
	open_session(scene);
	assert_non_null(session_held_error(scene->session));
	assert_int_equal(session_held_error(scene->session)->code, ERR_AUTH);
	assert_int_equal(session_facts(scene->session)->live_source, SOURCE_SERVER);
	/* an empty set is one that was read */
	scene->lab.vendor.hook = NULL;
	vendor_hold(&scene->lab.vendor, "3600");
	survey(scene);
	assert_null(session_held_error(scene->session));
	assert_true(edit(scene, "add 10 mx2.exempel.com", NULL));
	assert_int_equal(session_set(scene->session)->ttl_s, 3600);
}

/* ---- plans and pushes ---- */

static void plan__is_made__of_what_the_account_holds(void **state)
{
	struct scene *scene = *state;
	const struct plan *plan;
	struct err err = { 0 };
	char text[DNAME_TEXT_MAX];

	open_session(scene);
	assert_null(session_plan(scene->session, &err));
	assert_string_equal(lab_text(&err.what), "the draft changes nothing");
	assert_true(edit(scene, "ttl 60", NULL));
	plan = session_plan(scene->session, &err);
	assert_string_equal(plan->account, "lab");
	assert_string_equal(plan->provider, "powerdns");
	assert_string_equal(plan->created_by, "eva");
	assert_string_equal(dname_text(&plan->zone, text), "exempel.com");
	assert_non_null(plan->created_at);
	assert_ptr_equal(session_plan(scene->session, NULL), plan);
	assert_true(session_approve(scene->session, "good", NULL, NULL));
	assert_true(session_approved(scene->session));
	assert_string_equal(session_plan(scene->session, NULL)->approval[0].by, "eva");
	assert_string_equal(session_plan(scene->session, NULL)->approval[0].note, "good");
}

static void wait_push(struct scene *scene)
{
	while (!session_current_push(scene->session)->done)
		loop_run(scene->lab.app.loop);
	while (session_surveying(scene->session))
		loop_run(scene->lab.app.loop);
}

/* What was pushed is held: the base of the next draft, whatever caches still say. */
static void push__settles__what_is_held(void **state)
{
	static const struct push_override why[] = { { "wrong-zone", "no parent here" } };
	const struct push_options options = { .no_watch = true, .n_override = 1, .override = why };
	struct scene *scene = *state;

	open_session(scene);
	assert_true(edit(scene, "ttl 60", NULL));
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_push(scene->session, &options, NULL));
	assert_true(edit(scene, "add 20 mx2.exempel.com", NULL)); /* meanwhile */
	wait_push(scene);
	assert_int_equal(session_current_push(scene->session)->state, PUSH_PUBLISHED);
	assert_true(session_drafting(scene->session));
	assert_int_equal(session_draft(scene->session)->base.ttl_s, 60);
	assert_int_equal(session_draft(scene->session)->base.n, 1);
	assert_int_equal(session_set(scene->session)->n, 2);
	assert_int_equal(session_facts(scene->session)->held.set.ttl_s, 60);
	assert_int_equal(session_facts(scene->session)->held.ttl_max_s, 60);
	assert_string_equal(session_facts(scene->session)->held.account, "lab");
	assert_false(session_moved(scene->session));
	assert_true(session_approve(scene->session, "", NULL, NULL));
	assert_true(session_push(scene->session, &options, NULL));
	wait_push(scene);
	assert_int_equal(session_current_push(scene->session)->state, PUSH_PUBLISHED);
	assert_false(session_drafting(scene->session));
	lab_expect_held(&scene->lab, "60 10 mx1.exempel.com 20 mx2.exempel.com");
}

static void lose(struct vendor *vendor, struct vendor_call *call)
{
	(void)vendor;
	call->lost = call->writes;
}

static void interrupted_push__is_offered__and_resumed(void **state)
{
	static const struct push_override why[] = { { "wrong-zone", "no parent here" } };
	const struct push_options options = { .no_watch = true, .n_override = 1, .override = why };
	struct scene *scene = *state;
	struct err err = { 0 };
	char id[40];

	open_session(scene);
	assert_null(session_interrupted(scene->session, &err));
	assert_false(session_resume(scene->session, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(lab_text(&err.what), "no push of this domain from here is unfinished");
	assert_true(edit(scene, "ttl 60", NULL));
	assert_true(session_approve(scene->session, "", NULL, NULL));
	scene->lab.vendor.hook = lose;
	assert_true(session_push(scene->session, &options, NULL));
	assert_null(session_interrupted(scene->session, &err)); /* it runs */
	wait_push(scene);
	assert_int_equal(session_current_push(scene->session)->state, PUSH_UNKNOWN);
	snprintf(id, sizeof(id), "%s", session_current_push(scene->session)->id);
	assert_string_equal(session_interrupted(scene->session, &err), id);
	/* the plan is not lost with it */
	assert_true(session_drafting(scene->session));
	/* another interface finds it, too */
	open_session(scene);
	assert_string_equal(session_interrupted(scene->session, &err), id);
	scene->lab.vendor.hook = NULL;
	assert_true(session_resume(scene->session, &err));
	assert_string_equal(session_current_push(scene->session)->id, id);
	while (session_current_push(scene->session)->phase < PHASE_WATCHING)
		loop_run(scene->lab.app.loop);
	session_push_cancel(scene->session);
	wait_push(scene);
	assert_int_equal(session_current_push(scene->session)->state, PUSH_PUBLISHED);
	assert_null(session_interrupted(scene->session, &err));
	lab_expect_held(&scene->lab, "60 10 mx1.exempel.com");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(draft__begins__from_what_is_held),
		TEST(hosts__are_asked_for__wherever_they_stand),
		TEST(step__taken_back__outlives_its_answers),
		TEST(survey__again__keeps_what_is_held),
		TEST(draft__begins__from_what_is_served_without_an_account),
		TEST(draft__begins__from_a_cache_alone_without_its_ttl),
		TEST(draft__of_a_cache__stays_where_it_clashes),
		TEST(draft__without_a_change__follows_what_is_told_now),
		TEST(draft__that_has_its_source__stays_where_that_moves),
		TEST(draft__that_was_rebased__stays_where_that_moves),
		TEST(draft__that_was_kept__knows_what_it_began_from),
		TEST(draft__of_nothing_known__is_refused),
		TEST(held__of_an_account_that_is_gone__is_forgotten),
		TEST(held__that_cannot_be_read__is_said),
		TEST(plan__is_made__of_what_the_account_holds),
		TEST(push__settles__what_is_held),
		TEST(interrupted_push__is_offered__and_resumed),
	};

	if (!dnsd_enter())
		return puts("1..0 # SKIP this machine lets no network namespace be made") < 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
