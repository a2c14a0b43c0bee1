/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "core/draft.h"
#include "core/edit_text.h"
#include "sets.h"

#define WORDS_MAX 8

/* Applies one edit written as words. */
static bool apply(struct draft *draft, const char *text, struct err *err)
{
	char copy[1200], *words[WORDS_MAX + 1] = { NULL }, *save = NULL;
	struct edits edits = { 0 };
	struct dname domain;
	size_t n = 0;
	bool ok;

	assert_true(dname_parse(&domain, "sub.example-x.com", NULL));
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *w = strtok_r(copy, " ", &save); w && n < WORDS_MAX; w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	ok = edit_parse(&(struct edit_grammar){ .domain = &domain }, words, &edits, NULL, err) &&
	     draft_apply(draft, edits.edit, edits.n, err);
	edits_release(&edits);
	return ok;
}

static void edit_apply__does__each_verb(void **state)
{
	static const struct {
		const char *before, *edit, *after;
	} rows[] = {
		{ "60 10 a.x", "add 20 B.x.", "60 10 a.x 20 b.x" },
		{ "60", "add 0 .", "60 0 ." },
		{ "60 10 a.x", "add 65535 b.x", "60 10 a.x 65535 b.x" },
		{ "60 10 a.x 20 b.x", "remove A.X.", "60 20 b.x" },
		{ "60 10 a.x 10 a.x", "remove a.x", "60 10 a.x" },
		{ "60 10 a.x 20 a.x", "remove a.x@20", "60 10 a.x" },
		{ "60 10 a..x", "remove a..x", "60" },
		{ "60 10 http://mail/", "remove http://mail/", "60" },
		{ "60 70000 a.x", "prefer a.x 7", "60 7 a.x" },
		{ "60 10 a.x", "prefer a.x 010", "60 10 a.x" },
		{ "60 10 a.x 20 b.x", "rename a.x c.x", "60 10 c.x 20 b.x" },
		{ "60 10 a..x", "rename a..x a.x", "60 10 a.x" },
		{ "60 10 a.x 10 b.x", "level b.x a.x", "60 10 a.x 10 b.x" },
		{ "60 10 a.x 20 b.x", "level b.x a.x", "60 10 a.x 10 b.x" },
		{ "60 3 a.x 3 b.x 7 c.x 9000 d.x", "renumber", "60 10 a.x 10 b.x 20 c.x 30 d.x" },
		{ "60 10 a.x", "ttl 12h30m", "45000 10 a.x" },
		{ "60", "ttl 5m", "300" },
		{ "60 10 a.x", "preset fastmail", "60 10 in1-smtp.messagingengine.com 20 in2-smtp.messagingengine.com" },
		{ "60 10 a.x", "preset microsoft365 tenant=sub-example-x-com", "60 0 sub-example-x-com.mail.protection.outlook.com" },
		{ "60 10 a.x", "null-mx", "60 0 ." },
		/* alone on its rung: onto the neighbour's */
		{ "60 10 a.x 20 b.x", "raise b.x", "60 10 a.x 10 b.x" },
		{ "60 10 a.x 20 b.x", "lower a.x", "60 20 a.x 20 b.x" },
		/* shared: a rung of its own, between or beyond */
		{ "60 10 a.x 20 b.x 20 c.x", "raise c.x", "60 10 a.x 15 c.x 20 b.x" },
		{ "60 10 a.x 10 b.x 20 c.x", "lower b.x", "60 10 a.x 15 b.x 20 c.x" },
		{ "60 20 a.x 20 b.x", "raise b.x", "60 10 b.x 20 a.x" },
		{ "60 10 a.x 10 b.x", "raise b.x", "60 0 b.x 10 a.x" },
		{ "60 5 a.x 5 b.x", "raise b.x", "60 2 b.x 5 a.x" },
		{ "60 10 a.x 10 b.x", "lower a.x", "60 10 b.x 20 a.x" },
		{ "60 65530 a.x 65530 b.x", "lower a.x", "60 65530 b.x 65533 a.x" },
		/* no room: all rungs in tens */
		{ "60 0 a.x 0 b.x", "raise b.x", "60 10 b.x 20 a.x" },
		{ "60 10 a.x 11 b.x 11 c.x", "raise c.x", "60 10 a.x 20 c.x 30 b.x" },
		{ "60 10 a.x 15 b.x 15 c.x", "lower b.x", "60 10 a.x 15 c.x 25 b.x" },
		{ "60 10 a.x 10 b.x 11 c.x", "lower a.x", "60 10 b.x 20 a.x 30 c.x" },
		{ "60 65535 a.x 65535 b.x", "lower a.x", "60 10 b.x 20 a.x" },
		{ "60 70000 a.x 70000 b.x", "raise b.x", "60 10 b.x 20 a.x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 };
		struct draft draft;
		struct err err;
		char out[4096];

		set_from(&base, rows[i].before);
		draft_init(&draft, &base);
		assert_true(apply(&draft, rows[i].edit, &err));
		assert_string_equal(set_text(&draft.want, out), rows[i].after);
		assert_int_equal(draft.n_undo, strcmp(rows[i].before, rows[i].after) != 0);
		draft_undo(&draft);
		assert_string_equal(set_text(&draft.want, out), rows[i].before);
		draft_release(&draft);
		mxset_release(&base);
	}
}

static void edit_apply__changes_nothing__when_it_fails(void **state)
{
	static const struct {
		const char *before, *edit;
	} rows[] = {
		{ "60 10 a.x", "" },
		{ "60 10 a.x", "frobnicate" },
		{ "60 10 a.x", "add" },
		{ "60 10 a.x", "add 10" },
		{ "60 10 a.x", "add 10 b.x c.x" },
		{ "60 10 a.x", "add x b.x" },
		{ "60 10 a.x", "add -1 b.x" },
		{ "60 10 a.x", "add 65536 b.x" },
		{ "60 10 a.x", "add 99999999999999999999 b.x" },
		{ "60 10 a.x", "add 1.5 b.x" },
		{ "60 10 a.x", "add 10 b..x" },
		{ "60 10 a.x", "add 10 A.x" },
		{ "60 10 a.x", "remove b.x" },
		{ "60", "remove b.x" },
		{ "60 10 a.x 20 a.x", "remove a.x" },
		{ "60 10 a.x 20 a.x", "remove a.x@30" },
		{ "60 10 a.x", "prefer a.x 65536" },
		{ "60 10 a.x 20 a.x", "prefer a.x@10 20" },
		{ "60 10 a.x 10 b.x", "rename a.x b.x" },
		{ "60 10 a.x", "rename a.x a..x" },
		{ "60 10 a.x 20 b.x", "raise a.x" },
		{ "60 10 a.x 20 b.x", "lower b.x" },
		{ "60 10 a.x", "raise a.x" },
		{ "60 10 a.x", "lower a.x" },
		{ "60 10 a.x 20 a.x", "raise a.x@20" },
		{ "60 10 a.x", "level a.x b.x" },
		{ "60 10 a.x", "ttl" },
		{ "60 10 a.x", "ttl soon" },
		{ "60 10 a.x", "ttl 2147483648" },
		{ "60 10 a.x", "preset nobody" },
		{ "60 10 a.x", "preset ses" },
		{ "60 10 a.x", "preset ses tenant=eu-west-1" },
		{ "60 10 a.x", "preset google smtp" },
		{ "60 10 a.x", "renumber all" },
		{ "60 10 a.x", "null-mx now" },
		{ "60 10 a.x", "import file" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 };
		struct draft draft;
		struct err err = { 0 };
		struct str text;

		set_from(&base, rows[i].before);
		draft_init(&draft, &base);
		assert_false(apply(&draft, rows[i].edit, &err));
		assert_int_equal(err.code, ERR_USAGE);
		str_init(&text, 0);
		err_format(&err, NULL, &text);
		assert_true(text.len > 10);
		assert_true(mxset_equal(&draft.want, &base));
		assert_int_equal(draft.n_undo, 0);
		assert_false(apply(&draft, rows[i].edit, NULL));
		str_release(&text);
		draft_release(&draft);
		mxset_release(&base);
	}
}

static void edit_apply__names__the_candidates(void **state)
{
	struct mxset base = { 0 };
	struct draft draft;
	struct err err = { 0 };
	struct str text;

	(void)state;
	set_from(&base, "60 10 a.x 20 b.x");
	draft_init(&draft, &base);
	assert_false(apply(&draft, "raise c.x", &err));
	str_init(&text, 0);
	msg_format(&err.hint, NULL, &text);
	assert_non_null(strstr(text.s, "a.x, b.x"));
	str_release(&text);
	draft_release(&draft);
	mxset_release(&base);
}

static void draft_undo__goes_back__without_limit(void **state)
{
	struct mxset base = { 0 };
	struct draft draft, copy = { 0 };
	char out[4096], edit[64];

	(void)state;
	set_from(&base, "60 10 a.x");
	draft_init(&draft, &base);
	assert_false(draft_dirty(&draft) || draft_undo(&draft) || draft_redo(&draft));
	for (int i = 1; i <= 300; i++) {
		snprintf(edit, sizeof(edit), "prefer a.x %d", 10 + i);
		assert_true(apply(&draft, edit, NULL));
	}
	assert_true(apply(&draft, "prefer a.x 310", NULL)); /* changes nothing: no step */
	assert_int_equal(draft.n_undo, 300);
	assert_true(draft_dirty(&draft));
	draft_copy(&copy, &draft);
	for (int i = 0; i < 300; i++)
		assert_true(draft_undo(&draft));
	assert_false(draft_undo(&draft) || draft_dirty(&draft));
	for (int i = 0; i < 5; i++)
		assert_true(draft_redo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 15 a.x");
	assert_true(apply(&draft, "ttl 30", NULL)); /* a new branch forgets the old one */
	assert_false(draft_redo(&draft));
	assert_true(draft_undo(&draft));
	assert_string_equal(set_text(&copy.want, out), "60 310 a.x");
	/* what is undone in one is redone there, whatever becomes of the other */
	assert_true(draft_undo(&copy));
	draft_copy(&draft, &copy);
	assert_int_equal(draft.cap_undo, 299);
	assert_int_equal(draft.cap_redo, 1);
	assert_true(draft_redo(&copy));
	assert_string_equal(set_text(&copy.want, out), "60 310 a.x");
	assert_true(apply(&copy, "ttl 30", NULL) && draft_undo(&copy));
	assert_string_equal(set_text(&draft.want, out), "60 309 a.x");
	assert_true(draft_redo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 310 a.x");
	assert_true(draft_undo(&copy));
	draft_rebase(&copy, &copy.want, NULL);
	assert_false(draft_dirty(&copy));
	draft_set(&copy, &base);
	assert_true(draft_dirty(&copy));
	draft_release(&draft);
	draft_release(&copy);
	mxset_release(&base);
}

/* A step that begins with a good edit and ends with a bad one does nothing at all; a good one is one step to undo. */
static void draft_apply__does__all_or_none(void **state)
{
	struct edit edits[2] = { { .verb = EDIT_PREFER }, { .verb = EDIT_RENAME } };
	struct mxset base = { 0 };
	struct draft draft;
	struct err err = { 0 };
	char out[4096];

	(void)state;
	set_from(&base, "60 10 a.x 20 b.x");
	draft_init(&draft, &base);
	mx_set(&edits[0].mx, 10, "a.x");
	edits[0].with.preference = 20;
	mx_set(&edits[1].mx, 20, "a.x");
	mx_set(&edits[1].with, 0, "b.x"); /* stands there already */
	assert_false(draft_apply(&draft, edits, 2, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 20 b.x");
	assert_int_equal(draft.n_undo, 0);
	mx_set(&edits[1].with, 0, "c.x");
	assert_true(draft_apply(&draft, edits, 2, &err));
	assert_string_equal(set_text(&draft.want, out), "60 20 b.x 20 c.x");
	assert_int_equal(draft.n_undo, 1);
	assert_true(draft_undo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 20 b.x");
	assert_true(draft_apply(&draft, NULL, 0, &err));
	assert_int_equal(draft.n_undo, 0);
	draft_release(&draft);
	mxset_release(&base);
}

/* Every step stands on the new base, so neither undo nor redo brings back what went with the old one. */
static void draft_rebase__moves__each_step(void **state)
{
	struct mxset base = { 0 }, moved = { 0 };
	struct draft draft;
	char out[4096];

	(void)state;
	set_from(&base, "60 10 a.x 20 b.x");
	set_from(&moved, "60 10 a.x 30 c.x"); /* somebody else took b away and put c in */
	draft_init(&draft, &base);
	assert_true(apply(&draft, "add 40 d.x", NULL) && apply(&draft, "add 50 e.x", NULL) && apply(&draft, "add 60 f.x", NULL));
	assert_true(draft_undo(&draft));
	draft_rebase(&draft, &moved, NULL);
	assert_string_equal(set_text(&draft.base, out), "60 10 a.x 30 c.x");
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 30 c.x 40 d.x 50 e.x");
	assert_true(draft_redo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 30 c.x 40 d.x 50 e.x 60 f.x");
	assert_true(draft_undo(&draft) && draft_undo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 30 c.x 40 d.x");
	assert_true(draft_undo(&draft));
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 30 c.x");
	assert_false(draft_undo(&draft) || draft_dirty(&draft));
	draft_release(&draft);
	mxset_release(&base);
	mxset_release(&moved);
}

static void draft_published__moves__the_base_alone(void **state)
{
	struct mxset base = { 0 }, pushed = { 0 };
	struct draft draft;
	char out[4096];

	(void)state;
	set_from(&base, "60 10 a.x");
	draft_init(&draft, &base);
	assert_true(apply(&draft, "add 20 b.x", NULL));
	mxset_copy(&pushed, &draft.want);
	assert_true(apply(&draft, "add 30 c.x", NULL));
	draft_published(&draft, &pushed);
	assert_string_equal(set_text(&draft.base, out), "60 10 a.x 20 b.x");
	assert_string_equal(set_text(&draft.want, out), "60 10 a.x 20 b.x 30 c.x");
	assert_int_equal(draft.n_undo, 2);
	assert_true(draft_dirty(&draft));
	draft_release(&draft);
	mxset_release(&base);
	mxset_release(&pushed);
}

/* The first record's TTL is the zone's until an edit says another; a set that has records has its own. */
static void draft_first_ttl__waits__for_the_first_record(void **state)
{
	static const struct {
		const char *base, *edit, *after;
	} rows[] = {
		{ "0", NULL, "7200" },
		{ "0", "add 10 a.x", "0 10 a.x" }, /* after the edit it is too late */
		{ "60 10 a.x", NULL, "60 10 a.x" },
		{ "60 10 a.x", "remove a.x", "60" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mxset base = { 0 };
		struct draft draft;
		char out[4096];

		set_from(&base, rows[i].base);
		draft_init(&draft, &base);
		assert_true(!rows[i].edit || apply(&draft, rows[i].edit, NULL));
		draft_first_ttl(&draft, 7200);
		assert_string_equal(set_text(&draft.want, out), rows[i].after);
		assert_string_equal(set_text(&draft.base, out), rows[i].base);
		draft_release(&draft);
		mxset_release(&base);
	}
}

/* What an edit is refused with, and what its hint is. */
static void edit_run__says__why_it_is_refused(void **state)
{
	static const struct {
		const char *before, *edit, *says, *hint;
	} rows[] = {
		{ "60", "remove b.x", "the draft has no record of \"b.x\": it is empty", "" },
		{ "60 10 a.x 20 b.x", "remove c.x", "the draft has no record of \"c.x\"", "It has: a.x, b.x." },
		{ "60 10 a.x 20 a.x 30 a.x", "remove a.x", "\"a.x\" stands in the draft with several preferences", "Say which: a.x@10." },
		{ "60 10 a.x", "add 10 A.x", "the draft already has a.x with preference 10", "" },
		{ "60 10 a.x 20 b.x", "prefer a.x 70000", "a preference is a number from 0 to 65535, not \"70000\"", "" },
		{ "60 10 a.x 20 b.x", "raise a.x", "it already stands alone on the first rung", "" },
		{ "60 10 a.x 20 b.x", "lower b.x", "it already stands alone on the last rung", "" },
		{ "60 10 a.x", "ttl 2147483648", "a TTL is at most 2147483647 seconds (RFC 2181 section 8)", "" },
		{ "60 10 a.x", "preset nobody", "there is no preset \"nobody\"", "mxladder list presets shows them." },
		{ "60 10 a.x", "preset ses", "the hosts of Amazon SES differ from customer to customer: write \"preset ses region=VALUE\"",
			"The name holds the region, as in inbound-smtp.eu-west-1.amazonaws.com." },
		{ "60 10 a.x", "renumber all", "\"renumber\" takes no operand", "" },
		{ "60 10 a.x", "up a.x", "there is no edit \"up\"",
			"The edits are add, remove, prefer, rename, raise, lower, level, renumber, ttl, preset, null-mx." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mxset base = { 0 };
		struct draft draft;
		struct err err = { 0 };
		struct str says, hint;

		str_init(&says, 0);
		str_init(&hint, 0);
		set_from(&base, rows[i].before);
		draft_init(&draft, &base);
		assert_false(apply(&draft, rows[i].edit, &err));
		err_format(&err, NULL, &says);
		if (err.hint.id)
			msg_format(&err.hint, NULL, &hint);
		assert_string_equal(says.s, rows[i].says);
		assert_string_equal(hint.s, rows[i].hint);
		str_release(&says);
		str_release(&hint);
		draft_release(&draft);
		mxset_release(&base);
	}
}

/* Edits as values may say what no words can. */
static void edit_run__holds__the_limits_of_what_was_typed_elsewhere(void **state)
{
	struct edit prefer = { .verb = EDIT_PREFER, .with.preference = 65536 }, ttl = { .verb = EDIT_TTL, .ttl_s = MX_TTL_MAX };
	struct mxset set = { 0 };
	struct err err = { 0 };
	struct str says;
	char out[4096];

	(void)state;
	set_from(&set, "60 10 a.x 20 b.x");
	mx_set(&prefer.mx, EDIT_ANY, "a.x");
	assert_false(edit_run(&set, &prefer, &err));
	str_init(&says, 0);
	err_format(&err, NULL, &says);
	assert_string_equal(says.s, "a preference is a number from 0 to 65535, not 65536");
	assert_string_equal(set_text(&set, out), "60 10 a.x 20 b.x"); /* and it stands where it stood */
	prefer.with.preference = 65535;
	assert_true(edit_run(&set, &prefer, &err) && edit_run(&set, &ttl, &err));
	assert_string_equal(set_text(&set, out), "2147483647 20 b.x 65535 a.x");
	ttl.ttl_s++;
	assert_false(edit_run(&set, &ttl, &err));
	str_clear(&says);
	err_format(&err, NULL, &says);
	assert_string_equal(says.s, "a TTL is at most 2147483647 seconds (RFC 2181 section 8)");
	str_release(&says);
	mxset_release(&set);
}

#define RUNGS 6552 /* as many as tens from 10 to 65520, with one more to come between */

static void edit_run__renumbers__as_long_as_there_are_tens(void **state)
{
	struct edit renumber = { .verb = EDIT_RENUMBER };
	struct mxset set = { 0 };
	struct err err = { 0 };
	struct mx mx;

	(void)state;
	for (uint32_t i = 0; i < RUNGS; i++) {
		mx_set(&mx, 0, "a.x");
		mx.preference = i;
		set.mx = mem_grow(set.mx, set.n, &set.cap, sizeof(*set.mx));
		set.mx[set.n++] = mx;
	}
	assert_true(edit_run(&set, &renumber, &err));
	assert_int_equal(set.mx[0].preference, 10);
	assert_int_equal(set.mx[RUNGS - 1].preference, 10 * RUNGS);
	mx.preference = 65535;
	mxset_add(&set, &mx);
	assert_false(edit_run(&set, &renumber, &err));
	assert_int_equal(set.mx[1].preference, 20);
	mxset_release(&set);
}

static void edit_rows__have__help(void **state)
{
	(void)state;
	for (const struct edit_row *v = edit_rows; v->name; v++) {
		assert_true(*v->name && *v->help && v->operands);
		for (const struct edit_row *w = edit_rows; w < v; w++)
			assert_string_not_equal(v->name, w->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edit_apply__does__each_verb),
		cmocka_unit_test(edit_apply__changes_nothing__when_it_fails),
		cmocka_unit_test(edit_apply__names__the_candidates),
		cmocka_unit_test(draft_undo__goes_back__without_limit),
		cmocka_unit_test(draft_apply__does__all_or_none),
		cmocka_unit_test(draft_rebase__moves__each_step),
		cmocka_unit_test(draft_published__moves__the_base_alone),
		cmocka_unit_test(draft_first_ttl__waits__for_the_first_record),
		cmocka_unit_test(edit_run__says__why_it_is_refused),
		cmocka_unit_test(edit_run__holds__the_limits_of_what_was_typed_elsewhere),
		cmocka_unit_test(edit_run__renumbers__as_long_as_there_are_tens),
		cmocka_unit_test(edit_rows__have__help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
