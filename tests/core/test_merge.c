/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/merge.h"
#include "sets.h"

#define UNKNOWN "4294967295"

static const char how_letter[] = { [MERGE_SAME] = '=', [MERGE_MINE] = 'm', [MERGE_THEIRS] = 't', [MERGE_BOTH] = 'b', [MERGE_CLASH] = '!' };

/* The rows' verdicts in the order of hosts, then the TTL's. */
static void verdicts(const struct merge *merge, char out[64])
{
	size_t n = 0;

	for (size_t i = 0; i < merge->n; i++)
		out[n++] = how_letter[merge->row[i].how];
	out[n++] = ' ';
	out[n++] = how_letter[merge->ttl];
	out[n] = '\0';
}

static void merge__run__puts_my_edits_on_their_set(void **state)
{
	static const struct {
		const char *base, *theirs, *mine, *how, *result;
	} rows[] = {
		{ "60 10 a 20 b", "60 10 a 20 b", "60 10 a 20 b", "== =", "60 10 a 20 b" },
		{ "60 10 a 20 b", "60 10 a 20 b", "60 10 a 30 c", "=mm =", "60 10 a 30 c" },
		/* a colleague's record stays, and mine comes */
		{ "60 10 a", "60 10 a 20 b", "60 10 a 30 c", "=tm =", "60 10 a 20 b 30 c" },
		{ "60 10 a 20 b", "60 10 a", "60 10 a 20 b 30 c", "=tm =", "60 10 a 30 c" },
		{ "60 10 a 20 b", "60 5 a 20 b", "60 10 a", "tm =", "60 5 a" },
		/* a rename is a removal and an addition */
		{ "60 10 a 20 b", "60 10 a 25 b", "60 10 x 20 b", "mtm =", "60 10 x 25 b" },
		/* both did the same */
		{ "60 10 a 20 b", "60 10 a", "60 10 a", "=b =", "60 10 a" },
		{ "60 10 a", "60 10 a 20 b", "60 10 a 20 b", "=b =", "60 10 a 20 b" },
		/* clashes take mine until somebody decides */
		{ "60 10 a 20 b", "60 15 a 20 b", "60 5 a 20 b", "!= =", "60 5 a 20 b" },
		{ "60 10 a 20 b", "60 20 b", "60 5 a 20 b", "!= =", "60 5 a 20 b" },
		{ "60 10 a 20 b", "60 15 a 20 b", "60 20 b", "!= =", "60 20 b" },
		{ "60 10 a", "60 10 a 20 b", "60 10 a 30 b", "=! =", "60 10 a 30 b" },
		/* two preferences of one host are one record of the merge */
		{ "60 10 a 20 a", "60 10 a 20 a 30 b", "60 10 a 40 a", "mt =", "60 10 a 30 b 40 a" },
		/* the TTL is a record */
		{ "60 10 a", "90 10 a", "60 10 a 20 b", "=m t", "90 10 a 20 b" },
		{ "60 10 a", "60 10 a", "90 10 a", "= m", "90 10 a" },
		{ "60 10 a", "90 10 a", "90 10 a", "= b", "90 10 a" },
		{ "60 10 a", "90 10 a", "120 10 a", "= !", "120 10 a" },
		/* one that was not known is learnt */
		{ UNKNOWN " 10 a", "90 10 a", UNKNOWN " 10 a 20 b", "=m =", "90 10 a 20 b" },
		{ UNKNOWN " 10 a", "90 10 a", "120 10 a 20 b", "=m m", "120 10 a 20 b" },
		{ "60 10 a", UNKNOWN " 10 a", "90 10 a", "= m", "90 10 a" },
		{ UNKNOWN " 10 a", UNKNOWN " 10 a", UNKNOWN " 20 b", "mm =", UNKNOWN " 20 b" },
		/* of an empty set there is none */
		{ "0", "60 10 a", "3600 20 b", "tm !", "3600 10 a 20 b" },
		{ "0", "0", "3600 20 b", "m =", "3600 20 b" },
		{ "60 10 a", "0", "60 10 a 20 b", "tm =", "60 20 b" },
		{ "60 10 a", "90 10 a 20 b", "60", "mt t", "90 20 b" },
		/* what neither side wanted: no record left, or a null MX beside others */
		{ "60 10 a 20 b", "60 10 a", "60 20 b", "!! =", "60 20 b" },
		{ "60 10 a", "60 10 a 20 b", "60 0 .", "!!! =", "60 0 ." },
		{ "60 10 a", "60 0 .", "60 10 a 20 b", "!!! =", "60 10 a 20 b" },
		/* but emptying on purpose is mine to want */
		{ "60 10 a 20 b", "60 10 a", "60", "mb t", "60" },
		{ "60 10 a 20 -", "60 10 a 30 b", "60 10 a", "b=t =", "60 10 a 30 b" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset base = { 0 }, theirs = { 0 }, mine = { 0 }, result = { 0 };
		struct merge merge = { 0 };
		char how[64], text[4096];

		set_from(&base, rows[i].base);
		set_from(&theirs, rows[i].theirs);
		set_from(&mine, rows[i].mine);
		merge_run(&merge, &(struct merge_sets){ &base, &theirs, &mine }, NULL, &result);
		verdicts(&merge, how);
		assert_string_equal(how, rows[i].how);
		assert_string_equal(set_text(&result, text), rows[i].result);
		merge_release(&merge);
		mxset_release(&base);
		mxset_release(&theirs);
		mxset_release(&mine);
		mxset_release(&result);
	}
}

static void merge__run__takes_the_side_that_was_chosen(void **state)
{
	struct mxset base = { 0 }, theirs = { 0 }, mine = { 0 }, result = { 0 };
	struct merge merge = { 0 }, again = { 0 };
	char text[4096];

	(void)state;
	set_from(&base, "60 10 a 20 b 30 c");
	set_from(&theirs, "90 15 a 25 b 30 c");
	set_from(&mine, "120 5 a 5 b 35 c");
	merge_run(&merge, &(struct merge_sets){ &base, &theirs, &mine }, NULL, &result);
	assert_int_equal(merge_undecided(&merge), 3);
	merge.row[0].side = SIDE_THEIRS;
	merge.row[1].side = SIDE_MINE;
	merge.row[2].side = SIDE_THEIRS; /* no clash: says nothing */
	assert_int_equal(merge_undecided(&merge), 1);
	merge.ttl_side = SIDE_THEIRS;
	assert_int_equal(merge_undecided(&merge), 0);
	merge_run(&again, &(struct merge_sets){ &base, &theirs, &mine }, &merge, &result);
	assert_int_equal(merge_undecided(&again), 0);
	assert_string_equal(set_text(&result, text), "90 5 b 15 a 35 c");
	assert_int_equal(again.row[0].base.n, 1);
	assert_int_equal(again.row[0].base.preference, 10);
	assert_int_equal(again.row[0].theirs.preference, 15);
	assert_int_equal(again.row[0].mine.preference, 5);
	merge_release(&merge);
	merge_release(&again);
	mxset_release(&base);
	mxset_release(&theirs);
	mxset_release(&mine);
	mxset_release(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merge__run__puts_my_edits_on_their_set),
		cmocka_unit_test(merge__run__takes_the_side_that_was_chosen),
	};

	return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
