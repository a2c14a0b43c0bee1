/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each host alone silent, by every sender: which are tried at once, which from the loop, and what each comes to. And what an undo finds of
 * that and of the findings. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/session.h"
#include "io/scratch.h"

static struct app app;
static struct session *session;
static char *dir;
static unsigned told;

static void moved(void *data)
{
	(void)data;
	told++;
	if (session && !session_surveying(session) && !session_down_running(session))
		loop_stop(app.loop);
}

static int begin_with(const char *text)
{
	char config[300], store[300];
	struct app_options options = { .config = config, .state_dir = store };

	dir = scratch_new(NULL);
	snprintf(config, sizeof(config), "%s/config", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(scratch_write(dir, "config", text, strlen(text), NULL));
	app = (struct app){ 0 };
	assert_true(app_open(&app, &options, NULL));
	app.world = zoneworld_new();
	return 0;
}

static int begin(void **state)
{
	(void)state;
	return begin_with("");
}

/* The mail comes from the first sender of the list, and from one that returns it where nobody answers. */
static int begin_strict(void **state)
{
	char text[200];

	(void)state;
	snprintf(text, sizeof(text),
		"[sender strict]\nbase = postfix\ntimeout = bounce\n[mix two]\n%s = 1\nstrict = 3\n[simulate]\nmix = two\n",
		senders[0]->name);
	return begin_with(text);
}

static int end(void **state)
{
	(void)state;
	session_close(session);
	session = NULL;
	app_close(&app);
	scratch_free(dir);
	return 0;
}

/* n hosts h0, h1, ... under preferences 10, 11, ...; more: records. */
static void open_set(unsigned n, const char *more)
{
	char text[16384], *at = text;
	struct dname domain;

	at += sprintf(at, "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n%s", more);
	for (unsigned i = 0; i < n; i++)
		at += sprintf(at, "@ MX %u h%u\nh%u A 198.51.%u.1\n", 10 + i, i, i, i);
	assert_true(zoneworld_add(app.world, "exempel.com", text, strlen(text), NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	session = session_open(&app, &domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
}

static size_t senders_of(void)
{
	size_t n = 0;

	while (session_senders(session)[n])
		n++;
	return n;
}

static const struct dname *host_name(unsigned host)
{
	static struct dname name;
	char text[40];

	snprintf(text, sizeof(text), "h%u.exempel.com", host);
	assert_true(dname_parse(&name, text, NULL));
	return &name;
}

static const struct session_down *down(unsigned host, const struct sender *sender)
{
	return session_down(session, host_name(host), sender);
}

static size_t known(unsigned hosts)
{
	size_t n = 0;

	for (unsigned i = 0; i < hosts; i++)
		for (size_t k = 0; session_senders(session)[k]; k++)
			n += down(i, session_senders(session)[k])->known;
	return n;
}

static void expect_known(unsigned hosts, const struct sender *chosen, unsigned shown)
{
	for (unsigned i = 0; i < hosts; i++)
		for (size_t k = 0; session_senders(session)[k]; k++)
			assert_int_equal(down(i, session_senders(session)[k])->known, i == shown || session_senders(session)[k] == chosen);
}

static void small_set__is_known_before_it_is_drawn__as_far_as_it_is_shown(void **state)
{
	const struct sender *chosen;

	(void)state;
	open_set(16, "");
	chosen = session_senders(session)[2];
	session_set_sender(session, chosen);
	assert_null(down(0, chosen));
	session_down_begin(session, host_name(1));
	assert_true(session_down_running(session));
	expect_known(16, chosen, 1);
	told = 0;
	loop_run(app.loop);
	assert_int_equal(told, 1);
	assert_false(session_down_running(session));
	assert_int_equal(known(16), 16 * senders_of());
}

static void host__that_is_shown_next__does_not_wait_for_the_others(void **state)
{
	const struct dname none = { 0 };

	(void)state;
	open_set(12, "");
	session_down_begin(session, &none); /* the first */
	expect_known(12, session_senders(session)[0], 0);
	session_down_begin(session, host_name(7));
	assert_int_equal(known(12), 12 + 2 * (senders_of() - 1));
	session_down_begin(session, host_name(7));
	session_down_begin(session, session_domain(session)); /* none of them */
	assert_int_equal(known(12), 12 + 2 * (senders_of() - 1));
	loop_run(app.loop);
	assert_int_equal(known(12), 12 * senders_of());
}

static void one_host__is_done__before_the_loop_runs(void **state)
{
	(void)state;
	open_set(1, "");
	session_down_begin(session, host_name(0));
	assert_false(session_down_running(session));
	assert_int_equal(known(1), senders_of());
	for (size_t i = 0; i < senders_of(); i++) { /* some give up and some still try: it is lost for now either way */
		assert_true(fabs(down(0, session_senders(session)[i])->lost - 1) < 1e-9);
		assert_int_equal(down(0, session_senders(session)[i])->taker.len, 0);
	}
}

static void large_set__keeps_no_frame_waiting(void **state)
{
	(void)state;
	open_set(17, "");
	session_down_begin(session, host_name(0));
	assert_true(session_down_running(session));
	assert_int_equal(known(17), 0);
	session_down_begin(session, host_name(1)); /* it runs already */
	assert_int_equal(known(17), 0);
	loop_run(app.loop);
	assert_int_equal(known(17), 17 * senders_of());
}

static void hosts__beyond_the_first__are_not_tried(void **state)
{
	const struct sender *sender;
	struct dname name;

	(void)state;
	open_set(SESSION_DOWN_HOSTS + 1, "");
	sender = session_senders(session)[0];
	assert_int_equal(session_failures(session, sender)->n, 0);
	session_down_begin(session, host_name(0));
	assert_non_null(down(SESSION_DOWN_HOSTS - 1, sender));
	assert_null(down(SESSION_DOWN_HOSTS, sender));
	dname_root(&name);
	assert_null(session_down(session, &name, sender));
	name.len = 0;
	assert_null(session_down(session, &name, sender));
}

static void delay__is_that_of_the_ladder__and_names_who_takes_it(void **state)
{
	const struct session_down *row;
	char text[DNAME_TEXT_MAX];

	(void)state;
	open_set(2, "");
	session_down_begin(session, host_name(0));
	loop_run(app.loop);
	row = down(0, sender_find("postfix"));
	assert_true(row->known);
	assert_true(row->lost < 1e-9 && row->unknown < 1e-9);
	assert_true(row->delay_min_s > 29.5 && row->delay_min_s < 30.5 && row->delay_max_s > 29.5 && row->delay_max_s < 30.5);
	assert_string_equal(dname_text(&row->taker, text), "h1.exempel.com");
	assert_true(row->taker_share > 1 - 1e-9);
	row = down(1, sender_find("postfix"));
	assert_true(row->delay_max_s < 0.5);
	assert_string_equal(dname_text(&row->taker, text), "h0.exempel.com");
	assert_ptr_equal(down(1, NULL), down(1, session_senders(session)[0])); /* a sender that is none of these */
}

static void unknown__is_neither_lost_nor_saved(void **state)
{
	(void)state;
	open_set(1, "@ MX 20 x.nowhere.example.\n");
	session_down_begin(session, host_name(0));
	assert_true(down(0, session_senders(session)[0])->unknown > 1 - 1e-9);
	assert_true(down(0, session_senders(session)[0])->lost < 1e-9);
}

/* Each sender by what it weighs; not before all that weigh something are tried. */
static void mix__is_what_all_come_to(void **state)
{
	struct session_down mix, want = { .delay_min_s = 1e9 };
	struct dname host, none;
	struct mix parts;

	(void)state;
	open_set(5, "");
	assert_true(dname_parse(&host, "h0.exempel.com", NULL) && dname_parse(&none, "nobody.exempel.com", NULL));
	assert_false(session_down_mix(session, &host, &mix));
	session_down_begin(session, host_name(1));
	assert_true(session_down_running(session));
	assert_true(session_down_mix(session, &host, &mix));
	assert_false(mix.known);
	loop_run(app.loop);
	assert_false(session_down_mix(session, &none, &mix));
	assert_true(session_down_mix(session, &host, &mix));
	assert_true(profiles_mix(&app.profiles, NULL, &parts, NULL));
	for (size_t i = 0; session_senders(session)[i]; i++) {
		const struct session_down *row = down(0, session_senders(session)[i]);

		if (!(parts.weight[i] > 0))
			continue;
		want.lost += parts.weight[i] * row->lost;
		want.delay_min_s = row->delay_min_s < want.delay_min_s ? row->delay_min_s : want.delay_min_s;
		want.delay_max_s = row->delay_max_s > want.delay_max_s ? row->delay_max_s : want.delay_max_s;
	}
	assert_true(mix.known && mix.lost < 1e-9 && mix.unknown < 1e-9 && want.lost < 1e-9);
	assert_true(want.delay_max_s > 1 && mix.delay_max_s > want.delay_max_s - 1e-9 && mix.delay_max_s < want.delay_max_s + 1e-9);
	assert_true(mix.delay_min_s > want.delay_min_s - 1e-9 && mix.delay_min_s < want.delay_min_s + 1e-9);
	session_set_sender(session, sender_find("postfix"));
	assert_true(session_down_mix(session, &host, &mix) && mix.known);
}

/* Where nobody delivers, no delay is told. */
static void mix__of_a_host_alone__is_all_lost(void **state)
{
	struct session_down mix;
	struct dname host;

	(void)state;
	open_set(1, "");
	assert_true(dname_parse(&host, "h0.exempel.com", NULL));
	session_down_begin(session, &host);
	loop_run(app.loop);
	assert_true(session_down_mix(session, &host, &mix));
	assert_true(mix.known && mix.lost > 1 - 1e-9 && mix.lost < 1 + 1e-9 && mix.unknown < 1e-9);
	assert_true(mix.delay_min_s < 1e-9 && mix.delay_max_s < 1e-9 && mix.taker_share < 1e-9);
}

/* Mail that is returned is lost as well, and each sender of the mix counts, the first too. */
static void returned__is_lost(void **state)
{
	struct session_down mix;
	const struct sender *strict;

	(void)state;
	open_set(2, "");
	strict = profiles_find(&app.profiles, "strict");
	session_down_begin(session, host_name(0));
	loop_run(app.loop);
	assert_true(fabs(down(0, strict)->lost - 1) < 1e-9);
	assert_true(down(0, senders[0])->lost < 1e-9);
	assert_true(session_down_mix(session, host_name(0), &mix) && mix.known);
	assert_true(fabs(mix.lost - 0.75) < 1e-9);
	assert_true(fabs(mix.delay_max_s - down(0, senders[0])->delay_max_s) < 1e-9 && mix.delay_max_s > 1);
}

/* Live beside draft, host by host, by one sender; made anew after a change, and by another sender. */
static void failures__stand__beside_each_other(void **state)
{
	struct edit edits[2] = { { .verb = EDIT_REMOVE }, { .verb = EDIT_ADD } };
	const struct session_failures *all;
	const struct sender *postfix = sender_find("postfix"), *other;
	char name[DNAME_TEXT_MAX];

	(void)state;
	open_set(2, "h9 A 198.51.9.1\n");
	other = session_senders(session)[0] == postfix ? session_senders(session)[1] : session_senders(session)[0];
	all = session_failures(session, postfix);
	assert_int_equal(all->n, 2);
	assert_true(all->failure[0].in_live && all->failure[0].in_draft && all->failure[1].in_live && all->failure[1].in_draft);
	edits[0].mx = session_set(session)->mx[1];
	edits[1].mx.preference = 10;
	assert_true(dname_parse(&edits[1].mx.host, "h9.exempel.com", NULL));
	assert_true(session_edit(session, edits, 2, NULL));
	loop_run(app.loop);
	all = session_failures(session, postfix);
	assert_int_equal(all->n, 3);
	assert_string_equal(dname_text(&all->failure[0].host, name), "h0.exempel.com");
	assert_true(all->failure[0].before.known && all->failure[0].before.delay_min_s > 29.5);
	assert_true(all->failure[0].after.known && all->failure[0].after.delay_min_s < 0.5 && all->failure[0].after.lost < 1e-9);
	assert_string_equal(dname_text(&all->failure[1].host, name), "h1.exempel.com");
	assert_true(all->failure[1].in_live && !all->failure[1].in_draft && all->failure[1].before.known && !all->failure[1].after.known);
	assert_string_equal(dname_text(&all->failure[2].host, name), "h9.exempel.com");
	assert_true(!all->failure[2].in_live && all->failure[2].in_draft && !all->failure[2].before.known && all->failure[2].after.known);
	assert_ptr_equal(session_failures(session, postfix)->failure, all->failure);
	assert_int_equal(session_failures(session, other)->n, 3);
	assert_true(session_undo(session));
	assert_int_equal(session_failures(session, other)->n, 2);
}

/* What was there before is not known then, and "not in the set" would be untrue. */
static void failures__are_none__where_nobody_tells_the_live_set(void **state)
{
	struct edit edit = { .verb = EDIT_REMOVE };

	(void)state;
	open_set(2, "");
	edit.mx = session_set(session)->mx[1];
	assert_true(session_edit(session, &edit, 1, NULL));
	assert_int_equal(session_failures(session, sender_find("postfix"))->n, 2);
	zoneworld_free(app.world);
	app.world = zoneworld_new();
	session_survey(session);
	loop_run(app.loop);
	assert_true(session_drafting(session));
	assert_int_equal(session_failures(session, sender_find("postfix"))->n, 0);
}

static void marks__do_not_count__and_a_change_drops_it(void **state)
{
	struct mark mark = { .kind = MARK_HOST, .state = SIM_REFUSED };
	unsigned long revision;

	(void)state;
	open_set(2, "");
	assert_true(dname_parse(&mark.name, "h1.exempel.com", NULL));
	session_mark(session, &mark);
	session_down_begin(session, host_name(0));
	assert_true(down(0, sender_find("postfix"))->lost < 1e-9);
	loop_run(app.loop);
	/* nor do later ones: what is known stays, and nothing is tried again */
	revision = session_revision(session);
	session_mark_clear(session);
	session_mark(session, &mark);
	assert_true(session_revision(session) > revision);
	assert_int_equal(known(2), 2 * senders_of());
	session_down_begin(session, host_name(0));
	assert_false(session_down_running(session));
	session_survey(session);
	assert_false(session_down_running(session));
	loop_run(app.loop);
	assert_null(down(0, sender_find("postfix")));
}

static void prefer(unsigned host, uint16_t preference)
{
	struct edit edits[2] = { { .verb = EDIT_REMOVE }, { .verb = EDIT_ADD } };

	edits[0].mx = session_set(session)->mx[mxset_find(session_set(session), host_name(host))];
	edits[1].mx = edits[0].mx;
	edits[1].mx.preference = preference;
	assert_true(session_edit(session, edits, 2, NULL));
}

/* All of a set of 3 by all senders, or nothing. */
static void expect_kept(bool kept)
{
	assert_null(down(0, session_senders(session)[0]));
	session_down_begin(session, host_name(0));
	assert_int_equal(session_down_running(session), !kept);
	if (kept)
		assert_int_equal(known(3), 3 * senders_of());
	else
		loop_run(app.loop);
}

static void edit__undone__finds_what_was_tried(void **state)
{
	const struct sender *postfix = sender_find("postfix");
	struct session_down before, after;

	(void)state;
	open_set(3, "");
	expect_kept(false);
	before = *down(0, postfix);
	prefer(0, 11); /* beside h1 */
	expect_kept(false);
	after = *down(0, postfix);
	assert_true(before.delay_min_s > 29.5 && after.delay_min_s < 0.5);
	assert_true(session_undo(session));
	expect_kept(true);
	assert_memory_equal(down(0, postfix), &before, sizeof(before));
	assert_true(session_redo(session));
	expect_kept(true);
	assert_memory_equal(down(0, postfix), &after, sizeof(after));
	/* three sets are kept, however often one goes back and forth; of four the oldest is not */
	prefer(0, 12);
	expect_kept(false);
	for (unsigned i = 0; i < 8; i++) {
		assert_true(i / 2 % 2 == 0 ? session_undo(session) : session_redo(session));
		expect_kept(true);
	}
	prefer(0, 13);
	expect_kept(false);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(session_undo(session));
		expect_kept(i < 2);
	}
	/* what is known changes */
	session_survey(session);
	loop_run(app.loop);
	expect_kept(false);
	prefer(0, 11);
	expect_kept(false);
}

/* A run that was left is taken up again, by the sender that is chosen then. */
static void edit__undone_at_once__goes_on_with_what_was_tried(void **state)
{
	(void)state;
	open_set(3, "");
	session_down_begin(session, host_name(0));
	assert_true(session_down_running(session));
	prefer(0, 11);
	assert_false(session_down_running(session));
	session_set_sender(session, session_senders(session)[3]);
	assert_true(session_undo(session));
	session_down_begin(session, host_name(0));
	assert_true(session_down_running(session));
	assert_int_equal(known(3), senders_of() + 2 + 2); /* h0 by all, the others by the first sender and by this one */
	loop_run(app.loop);
	assert_int_equal(known(3), 3 * senders_of());
}

/* The same rows, not rows that say the same. */
static void edit__undone__is_not_checked_again(void **state)
{
	const struct finding *with[5], *live;

	(void)state;
	open_set(3, "");
	live = session_findings(session)->finding;
	assert_non_null(live);
	for (unsigned i = 0; i < 5; i++) {
		prefer(0, (uint16_t)(i + 11));
		with[i] = session_findings(session)->finding;
		assert_true(with[i] && with[i] != live);
		for (unsigned k = 0; i < 4 && k < i; k++)
			assert_true(with[i] != with[k]);
	}
	for (unsigned i = 4; i > 1; i--) { /* four are kept */
		assert_true(session_undo(session));
		assert_ptr_equal(session_findings(session)->finding, with[i - 1]);
	}
	for (unsigned i = 2; i < 5; i++) {
		assert_true(session_redo(session));
		assert_ptr_equal(session_findings(session)->finding, with[i]);
	}
	while (session_undo(session))
		;
	assert_ptr_equal(session_findings(session)->finding, live);
}

/* What was found is not kept where what is known has changed. */
static void draft__is_checked_again__when_a_host_is_gone(void **state)
{
	static const char gone[] = "$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n"
				   "@ MX 10 h0\n@ MX 11 h1\nh1 A 198.51.1.1\n";
	struct mxset want = { 0 };
	size_t before;

	(void)state;
	open_set(2, "");
	prefer(0, 20);
	mxset_copy(&want, session_set(session));
	before = session_findings(session)->n;
	zoneworld_free(app.world);
	app.world = zoneworld_new();
	assert_true(zoneworld_add(app.world, "exempel.com", gone, sizeof(gone) - 1, NULL));
	session_survey(session);
	loop_run(app.loop);
	assert_true(session_drafting(session) && mxset_equal(session_set(session), &want));
	assert_true(session_findings(session)->n > before);
	mxset_release(&want);
}

static void set__without_records__has_nothing_to_try(void **state)
{
	(void)state;
	open_set(0, "@ A 192.0.2.9\n");
	session_down_begin(session, host_name(0));
	assert_false(session_down_running(session));
	assert_null(session_down(session, session_domain(session), session_sender(session)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(small_set__is_known_before_it_is_drawn__as_far_as_it_is_shown, begin, end),
		cmocka_unit_test_setup_teardown(host__that_is_shown_next__does_not_wait_for_the_others, begin, end),
		cmocka_unit_test_setup_teardown(one_host__is_done__before_the_loop_runs, begin, end),
		cmocka_unit_test_setup_teardown(large_set__keeps_no_frame_waiting, begin, end),
		cmocka_unit_test_setup_teardown(hosts__beyond_the_first__are_not_tried, begin, end),
		cmocka_unit_test_setup_teardown(delay__is_that_of_the_ladder__and_names_who_takes_it, begin, end),
		cmocka_unit_test_setup_teardown(unknown__is_neither_lost_nor_saved, begin, end),
		cmocka_unit_test_setup_teardown(mix__is_what_all_come_to, begin, end),
		cmocka_unit_test_setup_teardown(mix__of_a_host_alone__is_all_lost, begin, end),
		cmocka_unit_test_setup_teardown(returned__is_lost, begin_strict, end),
		cmocka_unit_test_setup_teardown(failures__stand__beside_each_other, begin, end),
		cmocka_unit_test_setup_teardown(failures__are_none__where_nobody_tells_the_live_set, begin, end),
		cmocka_unit_test_setup_teardown(marks__do_not_count__and_a_change_drops_it, begin, end),
		cmocka_unit_test_setup_teardown(edit__undone__finds_what_was_tried, begin, end),
		cmocka_unit_test_setup_teardown(edit__undone_at_once__goes_on_with_what_was_tried, begin, end),
		cmocka_unit_test_setup_teardown(edit__undone__is_not_checked_again, begin, end),
		cmocka_unit_test_setup_teardown(draft__is_checked_again__when_a_host_is_gone, begin, end),
		cmocka_unit_test_setup_teardown(set__without_records__has_nothing_to_try, begin, end),
	};

	return cmocka_run_group_tests_name("session_down", tests, NULL, NULL);
}
