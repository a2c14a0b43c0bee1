/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The review of a draft of the demo's world, from nothing to approved and blocked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/scratch.h"
#include "said.h"
#include "show/review.h"

static struct app app;
static struct session *session;
static char *dir;

static void moved(void *data)
{
	const struct push *preview = session ? session_preview_push(session) : NULL;

	(void)data;
	if (session && !session_surveying(session) && (!preview || preview->done))
		loop_stop(app.loop);
}

static void open_world(const struct app_options *options)
{
	struct dname domain;

	app = (struct app){ 0 };
	assert_true(app_open(&app, options, NULL));
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	session = session_open(&app, &domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
	session_set_sender(session, sender_find("postfix"));
}

static int begin(void **state)
{
	(void)state;
	open_world(&(struct app_options){ .demo = true });
	return 0;
}

static int end(void **state)
{
	(void)state;
	session_close(session);
	session = NULL;
	app_close(&app);
	return 0;
}

/* A zone file that no account keeps. */
static void open_file(const char *records)
{
	char path[300], file[300], store[300], zone[400], *zones[] = { file };

	snprintf(zone, sizeof(zone),
		"$ORIGIN exempel.com.\n$TTL 3600\n@ SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\nns A 192.0.2.1\n%s", records);
	dir = scratch_new(NULL);
	snprintf(path, sizeof(path), "%s/config", dir);
	snprintf(file, sizeof(file), "%s/zone", dir);
	snprintf(store, sizeof(store), "%s/state", dir);
	assert_true(scratch_write(dir, "config", "", 0, NULL));
	assert_true(scratch_write(dir, "zone", zone, strlen(zone), NULL));
	open_world(&(struct app_options){ .n_zone = 1, .zone = zones, .config = path, .state_dir = store });
}

static int begin_alone(void **state)
{
	(void)state;
	open_file("@ MX 10 a\n@ MX 10 b\na A 198.51.100.1\nb A 198.51.100.2\n");
	return 0;
}

/* Of its backup nothing is known. */
static int begin_unknown(void **state)
{
	(void)state;
	open_file("@ MX 10 a\n@ MX 20 x.nowhere.example.\na A 198.51.100.1\n");
	return 0;
}

static int end_alone(void **state)
{
	end(state);
	scratch_free(dir);
	return 0;
}

static const char *reviewed_with(const char *unfold)
{
	static char text[8192];
	struct document document;

	document_begin(&document);
	review_document(
		&(struct review_view){
			.session = session, .now = session_facts(session)->observed_at, .approve = "A", .push = "P", .unfold = unfold },
		&document);
	assert_int_equal(document.depth, 0);
	assert_int_equal(document.item, -1);
	snprintf(text, sizeof(text), "%s", said(&document));
	document_release(&document);
	return text;
}

static const char *reviewed(void)
{
	return reviewed_with(NULL);
}

static void edit(enum edit_verb verb, size_t at)
{
	struct edit edit = { .verb = verb, .mx = session_set(session)->mx[at] };

	assert_true(session_edit(session, &edit, 1, NULL));
}

static void holds(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("\"%s\" is not in: %s", wanted, text);
}

static void nothing__is_to_be_reviewed__without_a_draft(void **state)
{
	(void)state;
	assert_string_equal(reviewed(), " [text There is nothing to review: the draft changes nothing.]\n");
}

static void draft__is_told__from_its_approval_to_its_requests(void **state)
{
	static const char *const order[] = { " [warning ▲ Not approved yet: A approves.]\n",
		"HEAD [heading 1 change]\n> [removed - Remove ",
		"HEAD [heading The draft cures 1 finding]\n>ROW [error ✖ error] [dim/1 target-cname] [text reserv.exempel.net is an alias (of "
		"mx.exempel.one)]\nHEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n"
		">ROW [host reserv.exempel.net] [dim before:] [ok ✔ no delay] [dim after:] [dim · not in the set]\nHEAD ",
		"HEAD [heading What has to change together with the set, in this order]\n> [",
		"HEAD [heading How it is pushed]\n> [text " };
	const char *text, *at;

	(void)state;
	edit(EDIT_REMOVE, 2);
	text = at = reviewed();
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		holds(at, order[i]);
		at = strstr(at, order[i]);
	}
	assert_ptr_equal(strstr(text, order[0]), text);
	assert_null(strstr(text, "The requests"));
	assert_null(strstr(text, "The worst single failure"));
	assert_false(review_folds(session));
	session_preview(session);
	holds(reviewed(), "HEAD 0: [heading The requests]\n> [pending … reading from the provider]\n");
	loop_run(app.loop);
	holds(reviewed(), "HEAD 0: [heading The requests]\n> [text · would be sent: read ");
	assert_true(session_set_ticket(session, "T-7", NULL));
	assert_true(session_approve(session, "CHG-1", NULL, NULL));
	text = reviewed();
	holds(text, " [ok ✔ Approved: P pushes.]\n [text Ticket: T-7]\n> [dim approved by ");
	holds(text, ": CHG-1]\n");
}

/* Only what differs: another record changes nothing of what a failure comes to, and cures nothing. */
static void failures__that_come_to_the_same__are_one_sentence(void **state)
{
	struct edit edit = { .verb = EDIT_ADD, .mx = session_set(session)->mx[2] };
	const char *text;

	(void)state;
	edit.mx.preference = 30;
	assert_true(session_edit(session, &edit, 1, NULL));
	text = reviewed();
	holds(text, "HEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n"
		    "> [text = Nothing: for each of its servers it comes to the same as before.]\nHEAD ");
	assert_null(strstr(text, "cures"));
	assert_null(strstr(text, "The worst single failure"));
}

/* Two that are not known need not come to the same. */
static void failures__that_are_not_known__are_told(void **state)
{
	struct edit edit = { .verb = EDIT_ADD, .mx = session_set(session)->mx[0] };

	(void)state;
	edit.mx.preference = 30;
	assert_true(session_edit(session, &edit, 1, NULL));
	holds(reviewed(), "HEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n"
			  ">ROW [host a.exempel.com] [dim before:] [warning ? not known] [dim after:] [warning ? not known]\n");
}

static void worst__is_told__where_the_draft_changes_it(void **state)
{
	const char *text;

	(void)state;
	for (size_t n = session_set(session)->n; n-- > 1;)
		edit(EDIT_REMOVE, n);
	text = strstr(reviewed(), "HEAD [heading What changes when");
	assert_non_null(text);
	holds(text, ">ROW [host mejlserver1.exempel.com] [dim before:] [ok ✔ 0s–1m] [dim after:] [error ✖ all lost]\n");
	holds(text, "HEAD [heading The worst single failure (Postfix 3.7)]\n"
		    ">ROW [text before:] [text any one server may fail: all mail is still delivered]\n"
		    ">ROW [text after:] [text when mejlserver1.exempel.com fails, 100 % of the mail is not delivered]\n");
}

/* A line each, until they are asked for. */
static void requests__are_folded__to_a_line_each(void **state)
{
	const char *text;

	(void)state;
	edit(EDIT_REMOVE, 2);
	session_preview(session);
	loop_run(app.loop);
	assert_true(review_folds(session));
	text = reviewed_with("Enter");
	text = strstr(text, "HEAD 0: [heading The requests]\n");
	assert_non_null(text);
	holds(text, "> [text · would be sent: ");
	holds(text, "\n> [dim Enter shows each as it would be sent.]\n");
	assert_null(strstr(text, "> [dim /"));
	text = strstr(reviewed(), "HEAD 0: [heading The requests]\n");
	holds(text, "> [text · would be sent: ");
	holds(text, "\n> [dim /");
	assert_null(strstr(text, "shows each"));
}

/* Without an account it can be looked at, and nothing says how it would be pushed. */
static void draft__that_no_account_takes__says_so(void **state)
{
	static const char first[] =
		" [error ✖ no account is configured. Add an [account NAME] section to the configuration; the manual shows "
		"one.]\nHEAD [heading 1 change]\n> [changed ~ ";
	struct edit edit = { .verb = EDIT_TTL, .ttl_s = 600 };
	const char *text;

	(void)state;
	assert_true(session_edit(session, &edit, 1, NULL));
	text = reviewed();
	assert_int_equal(strncmp(text, first, sizeof(first) - 1), 0);
	holds(text, " [ok ✔ The draft brings no new finding.]\n");
	assert_null(strstr(text, "How it is pushed"));
	assert_null(strstr(text, "The requests"));
}

/* The findings that the draft brings, each, and none of those that were there. */
static void findings__that_the_draft_brings__are_told_each(void **state)
{
	static const struct check check = { .id = "target-x", .title = "t", .why = "Because.", .reference = "RFC 1" };
	struct finding finding[3] = { { .check = &check, .level = LEVEL_ERROR, .introduced = true },
		{ .check = &check, .level = LEVEL_ERROR }, { .check = &check, .level = LEVEL_NOTICE, .introduced = true } };
	struct edit add = { .verb = EDIT_ADD, .mx = session_set(session)->mx[2] };
	struct findings *findings, were;

	(void)state;
	add.mx.preference = 30;
	assert_true(session_edit(session, &add, 1, NULL));
	holds(reviewed(), "HEAD [heading 1 change]\n"); /* what is cured is known then */
	for (size_t i = 0; i < 3; i++)
		msg_set(&finding[i].text, "It is %zu.", i);
	findings = (struct findings *)(uintptr_t)session_findings(session);
	were = *findings;
	findings->n = 3;
	findings->finding = finding;
	holds(reviewed(), "HEAD [heading The draft brings 2 findings]\n"
			  ">ROW [error ✖ error] [dim/1 target-x] [text It is 0.]\n"
			  ">ROW [notice ● notice] [dim/1 target-x] [text It is 2.]\n"
			  "HEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n");
	findings->n = 2;
	holds(reviewed(), "HEAD [heading The draft brings 1 finding]\n"
			  ">ROW [error ✖ error] [dim/1 target-x] [text It is 0.]\n"
			  "HEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n");
	findings->n = 0;
	holds(reviewed(), "> [added + Add reserv.exempel.net with preference 30.]\n"
			  " [ok ✔ The draft brings no new finding.]\n"
			  "HEAD [heading What changes when one server alone is silent (Postfix 3.7)]\n");
	*findings = were;
}

/* A preview that reads, one that is ready, and one that failed: with why, and it no longer reads. */
static void preview__is_told__by_how_far_it_came(void **state)
{
	static const struct {
		enum push_phase phase;
		bool done, failed;
		const char *says;
	} rows[] = {
		{ PHASE_STARTING, false, false, "> [pending … reading from the provider]\n" },
		{ PHASE_READING, false, false, "> [pending … reading from the provider]\n" },
		{ PHASE_PREVIEWED, false, false, "" },
		{ PHASE_PREVIEWED, true, false, "" },
		{ PHASE_READING, true, true, "> [error ✖ no way]\n" },
	};
	struct push *preview, was;

	(void)state;
	edit(EDIT_REMOVE, 2);
	session_preview(session);
	loop_run(app.loop);
	preview = (struct push *)(uintptr_t)session_preview_push(session);
	assert_non_null(preview);
	was = *preview;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *text;

		preview->n_step = 0;
		preview->phase = rows[i].phase;
		preview->done = rows[i].done;
		preview->err = (struct err){ 0 };
		if (rows[i].failed)
			err_set(&preview->err, ERR_NETWORK, "no way");
		text = strstr(reviewed(), "HEAD 0: [heading The requests]\n");
		assert_non_null(text);
		assert_string_equal(text + strlen("HEAD 0: [heading The requests]\n"), rows[i].says);
	}
	*preview = was;
}

/* Nothing is left to take the mail: it can be approved, and is blocked. */
static void draft__that_leaves_no_server__is_blocked(void **state)
{
	const char *text;

	(void)state;
	while (session_set(session)->n)
		edit(EDIT_REMOVE, 0);
	session_preview(session);
	loop_run(app.loop);
	assert_true(session_approve(session, "", NULL, NULL));
	text = reviewed();
	assert_int_equal(strncmp(text, " [warning ▲ Approved, but blocked by a gate: P asks for a reason.]\n> [dim approved by ", 88), 0);
	holds(text,
		"]\n [error ✖ blocks: without MX records nothing takes the mail of exempel.com: the name has no address (undeliverable)]\n"
		"HEAD [heading 3 changes]\n");
	assert_null(strstr(reviewed(), "--override")); /* no command line is typed here, and what blocks is told once */
}

/* Who sits at a screen is told where an account is added, not how a file is written. */
static void review__without_an_account__tells_the_way_on(void **state)
{
	struct document document;

	(void)state;
	edit(EDIT_REMOVE, 0);
	document_begin(&document);
	review_document(&(struct review_view){ .session = session, .approve = "A", .push = "P", .accounts = "@" }, &document);
	holds(said(&document),
		"[warning ▲ No account holds this domain yet, so it cannot be pushed: @ shows the accounts, and one is added "
		"there. The draft is kept.]\n");
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing__is_to_be_reviewed__without_a_draft, begin, end),
		cmocka_unit_test_setup_teardown(draft__is_told__from_its_approval_to_its_requests, begin, end),
		cmocka_unit_test_setup_teardown(failures__that_come_to_the_same__are_one_sentence, begin, end),
		cmocka_unit_test_setup_teardown(failures__that_are_not_known__are_told, begin_unknown, end_alone),
		cmocka_unit_test_setup_teardown(worst__is_told__where_the_draft_changes_it, begin, end),
		cmocka_unit_test_setup_teardown(requests__are_folded__to_a_line_each, begin, end),
		cmocka_unit_test_setup_teardown(draft__that_no_account_takes__says_so, begin_alone, end_alone),
		cmocka_unit_test_setup_teardown(findings__that_the_draft_brings__are_told_each, begin, end),
		cmocka_unit_test_setup_teardown(preview__is_told__by_how_far_it_came, begin, end),
		cmocka_unit_test_setup_teardown(draft__that_leaves_no_server__is_blocked, begin, end),
		cmocka_unit_test_setup_teardown(review__without_an_account__tells_the_way_on, begin_alone, end_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
