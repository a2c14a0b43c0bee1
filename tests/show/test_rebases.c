/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rebase in words: a kept draft of a set that looked otherwise, on the demo's world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/sets.h"
#include "base/mem.h"
#include "io/store.h"
#include "said.h"
#include "show/rebase.h"
#include "show/speech.h"

static struct app app;
static struct session *session;

static void moved(void *data)
{
	(void)data;
	if (session && !session_surveying(session))
		loop_stop(app.loop);
}

static int begin(void **state)
{
	struct app_options options = { .demo = true };

	(void)state;
	app = (struct app){ 0 };
	assert_true(app_open(&app, &options, NULL));
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

/* Live has 12h30m, 10 mejlserver1, 10 mejlserver2 and 20 reserv.exempel.net. */
static void open_with(const char *base_set, const char *want_set)
{
	struct mxset base = { 0 }, want = { 0 };
	struct draft draft = { 0 };
	struct plan plan;

	set_from(&base, base_set);
	set_from(&want, want_set);
	plan_init(&plan);
	assert_true(dname_parse(&plan.domain, "exempel.com", NULL));
	plan.zone = plan.domain;
	free(plan.account);
	free(plan.provider);
	plan.account = mem_text("demo");
	plan.provider = mem_text("zonefile");
	draft_init(&draft, &base);
	draft_set(&draft, &want);
	assert_true(store_draft_save(app.store, &plan, &draft, NULL, NULL));
	session = session_open(&app, &plan.domain, moved, NULL);
	session_survey(session);
	loop_run(app.loop);
	draft_release(&draft);
	mxset_release(&base);
	mxset_release(&want);
	plan_release(&plan);
}

static void begin_document(struct document *document)
{
	const struct rebase_view view = { session, "S", "B", false };

	document_begin(document);
	rebase_sentence(&view, document);
	rebase_table(&view, document);
	assert_int_equal(document->item, -1);
}

static void is(const char *wanted)
{
	struct document document;

	begin_document(&document);
	assert_string_equal(said(&document), wanted);
	document_release(&document);
}

#define TITLES "TITLES [heading] [heading base] [heading theirs] [heading mine] [heading result] [heading]\n"

static void clash__is_asked__and_then_decided(void **state)
{
	(void)state;
	open_with("3600 10 mejlserver1.exempel.com 15 mejlserver2.exempel.com 50 old.exempel.com 60 old.exempel.com",
		"7200 10 mejlserver1.exempel.com 20 mejlserver2.exempel.com 30 mejlserver3.exempel.com");
	is(" [error Both sides changed 2 rows, and not alike: S takes a side.]\n" TITLES
	   "ROW 0: [text mejlserver1.exempel.com] [text 10] [text 10] [text 10] [text 10] [text]\n"
	   "ROW 1: [text ✖ mejlserver2.exempel.com] [text 15] [text 10] [text 20] [error ?] [error ✖ choose]\n"
	   "ROW 2: [text mejlserver3.exempel.com] [text no] [text no] [text 30] [changed 30] [changed mine]\n"
	   "ROW 3: [text old.exempel.com] [text 50 +1] [text no] [text no] [text no] [text both]\n"
	   "ROW 4: [text reserv.exempel.net] [text no] [text 20] [text no] [notice 20] [notice theirs]\n"
	   "ROW 5: [text ✖ TTL] [text 1h] [text 12h30m] [text 2h] [error ?] [error ✖ choose]\n");
	session_rebase_turn(session, 1);
	session_rebase_turn(session, 5);
	session_rebase_turn(session, 5);
	is(" [notice B does it: what others changed stays, your edits come on top.]\n" TITLES
	   "ROW 0: [text mejlserver1.exempel.com] [text 10] [text 10] [text 10] [text 10] [text]\n"
	   "ROW 1: [text mejlserver2.exempel.com] [text 15] [text 10] [text 20] [warning 20] [warning ● mine]\n"
	   "ROW 2: [text mejlserver3.exempel.com] [text no] [text no] [text 30] [changed 30] [changed mine]\n"
	   "ROW 3: [text old.exempel.com] [text 50 +1] [text no] [text no] [text no] [text both]\n"
	   "ROW 4: [text reserv.exempel.net] [text no] [text 20] [text no] [notice 20] [notice theirs]\n"
	   "ROW 5: [text TTL] [text 1h] [text 12h30m] [text 2h] [warning 12h30m] [warning ● theirs]\n");
}

static void rebase__is_spoken__with_who_has_what(void **state)
{
	struct document document;
	struct str text;

	(void)state;
	open_with("45000 15 mejlserver2.exempel.com 20 reserv.exempel.net", "45000 20 mejlserver2.exempel.com");
	begin_document(&document);
	str_init(&text, 0);
	speech_add(&document, true, &text);
	assert_string_equal(text.s, "Both sides changed 1 row, and not alike: S takes a side.\n"
				    "1. mejlserver1.exempel.com, base: no, theirs: 10, mine: no, result: 10, theirs\n"
				    "2. mejlserver2.exempel.com, base: 15, theirs: 10, mine: 20, choose\n"
				    "3. reserv.exempel.net, base: 20, theirs: 20, mine: no, result: no, mine\n"
				    "4. TTL, base: 12h30m, theirs: 12h30m, mine: 12h30m, result: 12h30m\n");
	str_release(&text);
	document_release(&document);
}

/* A side that has no record has no TTL. */
static void ttl__of_no_set__is_none(void **state)
{
	struct document document;

	(void)state;
	open_with("3600", "7200 30 mejlserver3.exempel.com");
	begin_document(&document);
	if (!strstr(said(&document), ": [text ✖ TTL] [text no] [text 12h30m] [text 2h] [error ?] [error ✖ choose]\n"))
		fail_msg("%s", said(&document));
	document_release(&document);
}

static void what_cannot_be_done__says_why(void **state)
{
	struct dname domain;
	struct document document;

	(void)state;
	assert_true(dname_parse(&domain, "exempel.com", NULL));
	session = session_open(&app, &domain, moved, NULL);
	begin_document(&document); /* nothing was asked yet */
	assert_int_equal(document.n, 1);
	assert_int_equal(document.cell[0].role, ROLE_ERROR);
	assert_true(document.cell[0].text.len > 0);
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(clash__is_asked__and_then_decided, begin, end),
		cmocka_unit_test_setup_teardown(rebase__is_spoken__with_who_has_what, begin, end),
		cmocka_unit_test_setup_teardown(ttl__of_no_set__is_none, begin, end),
		cmocka_unit_test_setup_teardown(what_cannot_be_done__says_why, begin, end),
	};

	return cmocka_run_group_tests_name("rebases", tests, NULL, NULL);
}
