/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read after a write, against what it can have made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/push_compare.h"

/* "1=10 a.example 2=20 b.example": records with their ids; "-2=..." is disabled, "~2=..." at the end was
 * there and is not counted any more. */
static size_t fill(struct provider_set *set, const char *text)
{
	char copy[512], *rest = NULL;
	size_t gone = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		struct provider_record *record = provider_set_add(set);
		char *equals = strchr(word, '=');

		*equals = '\0';
		record->disabled = *word == '-';
		gone += *word == '~';
		snprintf(record->id, sizeof(record->id), "%s", word + (record->disabled || *word == '~'));
		mx_set(&record->mx, (uint32_t)strtoul(equals + 1, NULL, 10), strtok_r(NULL, " ", &rest));
		record->ttl_s = 300;
	}
	set->n -= gone;
	return gone;
}

/* The set that a text says, with what stood behind its end. */
static void fill_set(struct mxset *want, const char *text)
{
	struct provider_set wanted = { 0 };
	size_t gone = fill(&wanted, text);

	for (size_t i = 0; i < wanted.n + gone; i++)
		mxset_add(want, &wanted.record[i].mx);
	want->n -= gone;
	for (size_t i = 0; i < wanted.n + gone; i++)
		want->mx[i] = wanted.record[i].mx; /* as written: a set keeps its records in order */
	provider_set_release(&wanted);
}

struct case_ {
	enum provider_part part;
	bool atomic;
	const char *before, *want, *changed, *removed, *now;
	enum push_seen seen;
};

static const struct case_ cases[] = {
	/* a whole set */
	{ PART_ALL, true, "=10 a =20 b", "=10 a", "", "", "=10 a", SEEN_ALL },
	{ PART_ALL, true, "=10 a =20 b", "=10 a", "", "", "=10 a =20 b", SEEN_OLD },
	{ PART_ALL, true, "=10 a =20 b", "=10 a", "", "", "=20 b", SEEN_OTHER },
	{ PART_ALL, true, "=10 a", "=10 b", "", "", "=10 a =10 b", SEEN_OTHER },
	{ PART_ALL, true, "=10 a", "", "", "", "", SEEN_ALL },
	{ PART_ALL, true, "=10 a", "=10 b", "", "", "", SEEN_OTHER },
	/* a batch that shows record by record */
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =30 c", "", "", "1=10 a 2=20 b 3=30 c", SEEN_OLD },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =30 c", "", "", "1=10 a 2=30 c", SEEN_ALL },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =30 c", "", "", "2=20 b 3=30 c", SEEN_OTHER },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =30 c", "", "", "1=10 a 4=5 x", SEEN_OTHER },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a", "", "", "", SEEN_OTHER },
	/* whichever record stands first */
	{ PART_ALL, true, "=10 a", "=10 b", "", "", "=5 x =10 a", SEEN_OTHER },
	{ PART_ALL, true, "=5 x =10 a", "=10 b", "", "", "=10 a", SEEN_OTHER },
	{ PART_ALL, true, "=10 a", "=10 b", "", "", "=5 x =10 b", SEEN_OTHER },
	{ PART_ALL, true, "=10 a", "=10 b =20 c", "", "", "=20 c", SEEN_OTHER },
	{ PART_ALL, true, "=10 a -=5 x", "=10 b", "", "", "=10 a -=6 y", SEEN_OLD },
	{ PART_ALL, false, "1=10 a", "=10 b", "", "", "4=5 x 1=10 a", SEEN_OTHER },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =30 c", "", "", "1=10 a -4=5 x", SEEN_OLD },
	{ PART_ALL, false, "1=10 a 2=20 b", "=10 a =20 b =30 c", "", "", "2=20 b 4=30 c", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "3=5 x 1=10 a 2=10 b", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a 2=20 c", "=10 b", "", "", "2=20 c 3=10 b", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b =20 c", "", "", "1=10 a 3=20 c", SEEN_OLD },
	/* what stood behind a set's end does not count: '~' */
	{ PART_ALL, true, "=10 a ~=10 b", "=10 b ~=10 a", "", "", "=10 a ~=10 b", SEEN_OLD },
	{ PART_ALL, true, "=10 a ~=10 c", "=10 b", "", "", "=10 c ~=10 a", SEEN_OTHER },
	{ PART_ALL, false, "1=10 a ~2=20 x", "=10 b ~=10 x", "", "", "1=10 a 2=10 x", SEEN_OTHER },
	{ PART_ALL, true, "=10 a", "=10 b ~=10 c", "", "", "=10 b ~=10 c", SEEN_ALL },
	{ PART_ADD, false, "1=10 a ~2=10 c", "=10 b", "", "", "1=10 a 3=10 b ~4=5 x", SEEN_ALL },
	{ PART_ADD, false, "1=10 a ~2=10 c", "=10 b", "", "", "1=10 a 2=10 c 3=10 b", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "1=10 a ~3=10 b", SEEN_OLD },
	/* adds, record by record */
	{ PART_ADD, false, "1=10 a", "=10 b =20 c", "", "", "1=10 a 2=10 b 3=20 c", SEEN_ALL },
	{ PART_ADD, false, "1=10 a", "=10 b =20 c", "", "", "1=10 a 2=10 b", SEEN_OLD },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "1=10 a", SEEN_OLD },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "2=10 b", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "1=10 a 2=10 b 3=5 x", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "1=11 a 2=10 b", SEEN_OTHER },
	{ PART_ADD, false, "1=10 a", "=10 b", "", "", "1=10 a -2=10 b", SEEN_OLD },
	/* one removal */
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "", "1", "2=10 b", SEEN_ALL },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "", "1", "1=10 a 2=10 b", SEEN_OLD },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "", "1", "", SEEN_OTHER },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "", "1", "1=10 a", SEEN_OTHER },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "", "1", "2=10 b 9=1 x", SEEN_OTHER },
	/* one record turned into a wanted one */
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "1", "", "1=10 b 2=10 b", SEEN_ALL },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "1", "", "1=10 a 2=10 b", SEEN_OLD },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "1", "", "1=10 b", SEEN_OTHER },
	{ PART_REMOVE, false, "1=10 a 2=10 b", "=10 b", "1", "", "1=10 c 2=10 b", SEEN_OTHER },
};

static void compare__tells__ours_from_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct provider_set before = { 0 }, now = { 0 };
		struct push_write write = { .before = &before,
			.part = cases[i].part,
			.atomic = cases[i].atomic,
			.changed = cases[i].changed,
			.removed = cases[i].removed };
		struct mxset want;

		mxset_init(&want);
		fill(&before, cases[i].before);
		fill(&now, cases[i].now);
		fill_set(&want, cases[i].want);
		write.want = &want;
		if (push_compare(&write, &now) != cases[i].seen)
			fail_msg("case %zu: %d, not %d", i, (int)push_compare(&write, &now), (int)cases[i].seen);
		mxset_release(&want);
		provider_set_release(&before);
		provider_set_release(&now);
	}
}

static void has__counts__repeats_once(void **state)
{
	struct provider_set now = { 0 }, wanted = { 0 };
	struct mxset want;

	(void)state;
	mxset_init(&want);
	fill(&now, "1=10 a 2=10 a -3=10 x");
	fill(&wanted, "=10 a");
	provider_set_published(&wanted, &want);
	assert_true(push_has_records(&now, &want));
	assert_true(push_has_any(&now, &want));
	provider_set_release(&now);
	assert_false(push_has_records(&now, &want));
	assert_false(push_has_any(&now, &want));
	fill(&now, "-1=10 a");
	assert_false(push_has_any(&now, &want));
	mxset_release(&want);
	provider_set_release(&now);
	provider_set_release(&wanted);
}

/* What a resumed push may find and write over. */
static void between__is__what_a_push_can_have_left(void **state)
{
	static const struct {
		const char *base, *want, *now;
		bool by_set, by_record;
	} rows[] = {
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =10 b =20 c", true, true },
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =30 d", true, true },
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =10 b =20 c =30 d", false, true },
		/* somebody else took one out */
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =10 b", false, true },
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 b =20 c =30 d", false, false },
		/* all that is new is there, and something old has gone */
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =20 c =30 d", false, true },
		{ "=10 a =10 b =20 c", "=30 d", "=20 c =30 d", false, true },
		/* one record was turned into another */
		{ "=10 a =20 b", "=20 a =30 b", "=20 a =20 b", false, true },
		{ "=10 a =10 b =20 c", "=10 a =30 d", "=10 a =5 x", false, false },
		/* or all */
		{ "=10 a =10 b =20 c", "=10 a =30 d", "", false, false },
		{ "=10 a =10 b =20 c", "=10 a =30 d", "-=10 a", false, false },
		/* a set that goes may go record by record */
		{ "=10 a =10 b", "", "=10 b", true, true },
		{ "=10 a =10 b", "", "", true, true },
		{ "", "=10 a =10 b", "", true, true },
		{ "", "=10 a =10 b", "=10 b", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct provider_set now = { 0 };
		struct plan plan;

		plan_init(&plan);
		fill_set(&plan.base, rows[i].base);
		fill_set(&plan.want, rows[i].want);
		plan.base.ttl_s = plan.want.ttl_s = 300;
		fill(&now, rows[i].now);
		if (push_is_between(&now, &plan, false, true) != rows[i].by_set ||
			push_is_between(&now, &plan, false, false) != rows[i].by_record)
			fail_msg("row %zu", i);
		plan_release(&plan);
		provider_set_release(&now);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compare__tells__ours_from_others),
		cmocka_unit_test(has__counts__repeats_once),
		cmocka_unit_test(between__is__what_a_push_can_have_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
