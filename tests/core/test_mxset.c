/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/ladder.h"
#include "sets.h"

static void mxset_add__keeps__the_order(void **state)
{
	static const struct {
		const char *given, *kept;
	} rows[] = {
		{ "60", "60" },
		{ "60 20 b.x 10 a.x", "60 10 a.x 20 b.x" },
		{ "60 10 MX2.x. 10 mx1.X", "60 10 mx1.x 10 mx2.x" },
		{ "60 10 a.x 10 a.x 10 a.x", "60 10 a.x 10 a.x 10 a.x" },
		{ "60 70000 a.x 65535 b.x 0 c.x", "60 0 c.x 65535 b.x 70000 a.x" },
		{ "60 10 a..x 10 b.x 10 - 10 .", "60 10 - 10 a..x 10 . 10 b.x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset set = { 0 };
		char out[4096];

		set_from(&set, rows[i].given);
		assert_string_equal(set_text(&set, out), rows[i].kept);
		mxset_sort(&set);
		assert_string_equal(set_text(&set, out), rows[i].kept);
		mxset_release(&set);
	}
}

static void mxset_add__notes__the_place_in_the_answer(void **state)
{
	static const uint32_t places[] = { 2, 4, 1, 3 };
	struct mxset set = { 0 }, other = { 0 };
	struct mx mx;

	(void)state;
	set_from(&set, "60 20 b.x 10 c.x 20 c.x 10 d.x"); /* 10 c, 10 d, 20 b, 20 c */
	for (size_t i = 0; i < set.n; i++)
		assert_int_equal(set.mx[i].listed, places[i]);
	mx = set.mx[0];
	mxset_remove(&set, 0);
	mxset_add(&set, &mx);
	assert_int_equal(set.mx[0].listed, 2); /* put back where it stood */
	mx_set(&mx, 5, "e.x");
	mxset_add(&set, &mx);
	assert_int_equal(set.mx[0].listed, 5);
	set_from(&set, "60 10 a.x 10 b.x");
	set_from(&other, "60 10 b.x 10 a.x");
	assert_true(mxset_equal(&set, &other)); /* no part of the record */
	mxset_release(&set);
	mxset_release(&other);
}

static void mxset_equal__compares__records_and_ttl(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal, same_records;
	} rows[] = {
		{ "60", "60", true, true },
		{ "60", "90", true, true },
		{ "60 10 a.x", "90 10 a.x", false, true },
		{ "60 10 a.x 20 b.x", "60 20 B.x. 10 a.x", true, true },
		{ "60 10 a.x 10 a.x", "60 10 a.x", false, true },
		{ "60 10 a.x", "60 20 a.x", false, false },
		{ "60 10 a.x", "60 10 a.x 20 b.x", false, false },
		{ "60 10 a..x", "60 10 b..x", false, false },
		{ "60 10 a..x", "60 10 a..x", true, true },
		{ "60 0 .", "60 0 -", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mxset a = { 0 }, b = { 0 };

		set_from(&a, rows[i].a);
		set_from(&b, rows[i].b);
		assert_int_equal(mxset_equal(&a, &b), rows[i].equal);
		assert_int_equal(mxset_equal(&b, &a), rows[i].equal);
		assert_int_equal(mxset_same_records(&a, &b), rows[i].same_records);
		assert_int_equal(mxset_same_records(&b, &a), rows[i].same_records);
		mxset_copy(&b, &a);
		assert_true(mxset_equal(&a, &b));
		mxset_release(&a);
		mxset_release(&b);
	}
}

static void mx_set__keeps__what_is_no_name(void **state)
{
	char text[400], out[DNAME_TEXT_MAX];
	struct mx mx;

	(void)state;
	mx_set(&mx, 10, "a..b");
	assert_int_equal(mx.host.len, 0);
	assert_string_equal(mx_host_text(&mx, out), "a..b");
	assert_string_equal(mx_host_show(&mx, out), "a..b");
	mx_set(&mx, 10, "");
	assert_int_equal(mx.host.len, 0);
	assert_string_equal(mx_host_text(&mx, out), "");
	for (size_t i = 0; i < 398; i += 2)
		memcpy(text + i, "\xc3\xa5", 2);
	text[398] = '\0';
	mx_set(&mx, 10, text);
	assert_int_equal(strlen(mx.odd), MX_ODD_MAX - 1);
	assert_string_equal(mx.odd + MX_ODD_MAX - 6, "\xc3\xa5..."); /* cut between characters */
	memset(text, 'a', 399);
	for (size_t i = 40; i < 300; i += 40)
		text[i] = '.';
	text[399] = '\0';
	mx_set(&mx, 10, text); /* its beginning alone would be a name */
	assert_int_equal(mx.host.len, 0);
	mx_set(&mx, 10, mx_host_text(&mx, out));
	assert_int_equal(mx.host.len, 0);
	assert_string_equal(mx.odd, out);
	mx_set(&mx, 10, "\xc3\xa5.se");
	assert_string_equal(mx_host_text(&mx, out), "xn--5ca.se");
	assert_string_equal(mx_host_show(&mx, out), "\xc3\xa5.se");
	assert_string_equal(mx.odd, "");
}

static void mxset_is_null__wants__one_root(void **state)
{
	static const struct {
		const char *set;
		bool null;
	} rows[] = { { "60", false }, { "60 0 .", true }, { "60 10 .", true }, { "60 0 . 10 a.x", false }, { "60 0 a.x", false },
		{ "60 0 -", false } };
	struct mxset set = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set_from(&set, rows[i].set);
		assert_int_equal(mxset_is_null(&set), rows[i].null);
	}
	mxset_release(&set);
}

static void mxset_find__names__the_first_of_a_host(void **state)
{
	struct mxset set = { 0 };
	struct dname host;

	(void)state;
	set_from(&set, "60 10 a.x 20 b.x 30 b.x");
	assert_true(dname_parse(&host, "B.x", NULL));
	assert_int_equal(mxset_find(&set, &host), 1);
	assert_true(dname_parse(&host, "c.x", NULL));
	assert_int_equal(mxset_find(&set, &host), 3);
	mxset_remove(&set, 0);
	mxset_remove(&set, 1);
	assert_int_equal(set.n, 1);
	assert_int_equal(set.mx[0].preference, 20);
	mxset_release(&set);
}

static void ladder_build__makes__a_rung_of_each_preference(void **state)
{
	struct mxset set = { 0 };
	struct ladder ladder = { 0 };

	(void)state;
	ladder_build(&ladder, &set);
	assert_int_equal(ladder.n, 0);
	set_from(&set, "60 10 a.x 10 b.x 20 c.x 70000 d.x 70000 e.x");
	ladder_build(&ladder, &set);
	assert_int_equal(ladder.n, 3);
	assert_int_equal(ladder.rung[0].n, 2);
	assert_int_equal(ladder.rung[1].first, 2);
	assert_int_equal(ladder.rung[2].preference, 70000);
	assert_int_equal(ladder_rung_of(&ladder, 1), 0);
	assert_int_equal(ladder_rung_of(&ladder, 2), 1);
	assert_int_equal(ladder_rung_of(&ladder, 4), 2);
	ladder_release(&ladder);
	mxset_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mxset_add__keeps__the_order),
		cmocka_unit_test(mxset_add__notes__the_place_in_the_answer),
		cmocka_unit_test(mxset_equal__compares__records_and_ttl),
		cmocka_unit_test(mx_set__keeps__what_is_no_name),
		cmocka_unit_test(mxset_is_null__wants__one_root),
		cmocka_unit_test(mxset_find__names__the_first_of_a_host),
		cmocka_unit_test(ladder_build__makes__a_rung_of_each_preference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
